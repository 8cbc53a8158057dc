/**
 * A stand-in for GitHub's runner. It starts the bundle with a step's environment and files, sends signals, and reads the step's output
 * as the runner does.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { contextEnvironment, declaredInputs, defaultEvent, inputEnvironment, type StepContext } from './runner-context.ts';
import { commandOf, parseOutputFile, splitLines } from './workflow-commands.ts';

export { defaultEvent, SHA } from './runner-context.ts';
export { parseOutputFile } from './workflow-commands.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** GitHub drops a longer summary entirely, and the step does not fail. */
const MAX_SUMMARY_BYTES = 1024 * 1024;
/** The runner sends SIGINT, 7.5 s later SIGTERM, and 2.5 s later SIGKILL. */
const SIGTERM_AFTER_MS = 7_500;
const SIGKILL_AFTER_MS = 10_000;

const MAX_ANNOTATIONS_PER_LEVEL = 10;
const LEVELS = { error: 'Error', warning: 'Warning', notice: 'Notice' } as const;

export interface RunOptions extends StepContext {
  /** The values under `with:`. The runner sets undeclared names too. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Applied last. undefined removes a variable, such as GITHUB_OUTPUT. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `push`. */
  readonly eventName?: string;
  /** The event's payload; default: a plausible one for the event. */
  readonly event?: unknown;
  /** There is no payload file. */
  readonly eventPayload?: null;
  /** How long the payload file stays truncated after the step's start, because a parallel step of the job rewrites it. */
  readonly eventTruncatedMs?: number;
  /** `github.token`. */
  readonly token?: string;
  /** Secrets of the job besides its GitHub token, masked from the first line on. */
  readonly secrets?: readonly string[];
  /** Each signal is sent once, at its first moment. `cancel` sends the signals of a cancelled job. */
  readonly signals?: readonly SignalPlan[];
  /** Modules for `--import`. */
  readonly preload?: readonly string[];
  /** Default `dist/index.js`. */
  readonly bundle?: string;
  /** RUNNER_TEMP, which the steps of a job share. Default: a new folder. */
  readonly temp?: string;
  /** Writing fails with EPIPE. */
  readonly stdout?: 'closed';
  /** The time until SIGKILL. */
  readonly timeoutMs?: number;
}

interface SignalPlan {
  readonly whenStdout?: RegExp;
  readonly whenDone?: Promise<unknown>;
  readonly signal: NodeJS.Signals | 'cancel';
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** Masked. */
  readonly message: string;
}

export type RunResult = Awaited<ReturnType<typeof runAction>>;

/** The result of a step, played in a process or in virtual time. */
export type StepResult = Pick<
  RunResult,
  'exitCode' | 'stdout' | 'stderr' | 'outputs' | 'outputPairs' | 'outputErrors' | 'summary' | 'otherCommands' | 'temp'
>;

/** Secrets that the steps of a job have masked, by its RUNNER_TEMP. */
const masksOfJobs = new Map<string, Set<string>>();

/** Runs the action once and waits for its end. Rejects only if the simulation itself fails. */
export async function runAction(options: RunOptions = {}) {
  const { temp = await newTemp(), token = 'ghs_standInTokenOfTheRunner0123456789abcd', secrets = [], inputs = {} } = options;
  const masks = masksOfJobs.get(temp) ?? new Set();
  masksOfJobs.set(temp, masks);
  for (const secret of [...secrets, token]) masks.add(secret);
  const declared = declaredInputs(options, token);
  const { files, env } = prepareStep(options, temp, declared);
  const log = createLog(masks, env.RUNNER_DEBUG === '1');
  const names = declared.map(([name]) => name);
  const unexpected = Object.keys(inputs).filter((name) => !names.includes(name.toLowerCase()));
  if (unexpected.length > 0) log.warn(`Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${names.join("', '")}']`);
  const { isCancelled, ...ended } = await playStep(options, join(temp, '_workspace'), env, log.addLine);
  const { outputs, pairs, errors } = parseOutputFile(readOrEmpty(files.output));
  const summary = readOrEmpty(files.step_summary);
  const isFailing = ended.exitCode !== 0 || errors.length > 0;
  return {
    ...ended,
    /** The value of `steps.x.outcome`. */
    outcome: isCancelled ? ('cancelled' as const) : isFailing ? ('failure' as const) : ('success' as const),
    /** The values of `steps.x.outputs`. */
    outputs,
    outputPairs: pairs,
    /** The errors for which the runner would fail the step. */
    outputErrors: errors,
    /** The contents of the environment, path and state files. */
    otherCommands: [files.env, files.path, files.state].map(readOrEmpty).join(''),
    summary,
    /** The summary as GitHub shows it, masked, or '' if GitHub drops it. */
    shownSummary: Buffer.byteLength(summary) <= MAX_SUMMARY_BYTES ? log.mask(summary) : '',
    annotations: log.annotations as readonly Annotation[],
    /** The log as GitHub's page shows it. */
    shownLog: log.shown(),
    /** RUNNER_TEMP; removed when this process ends. */
    temp,
  };
}

/** A step's log and annotations, as GitHub shows them. @param masks the job's secrets, to which `add-mask` adds */
function createLog(masks: Set<string>, isDebug: boolean) {
  const lines: string[] = [];
  const annotations: Annotation[] = [];
  let indent = '';
  const mask = (text: string): string => [...masks].reduce((result, secret) => result.replaceAll(secret, '***'), text);
  const write = (text: string): void => {
    for (const line of mask(text).split('\n')) lines.push(`${indent}${line}\n`);
  };
  const annotate = (level: Annotation['level'], text: string): void => {
    const isShown = annotations.filter((other) => other.level === level).length < MAX_ANNOTATIONS_PER_LEVEL;
    if (isShown) annotations.push({ level, message: mask(text) });
    write(`${LEVELS[level]}: ${text}`);
  };
  return {
    annotations,
    mask,
    warn: (message: string): void => annotate('warning', message),
    /** Executes the line's command, or shows the line. */
    addLine: (line: string): void => {
      const { name = '', data = '' } = commandOf(line) ?? {};
      const command = name.toLowerCase();
      if (command === 'add-mask') {
        for (const secret of [data, ...data.split(/[\r\n]/)]) if (secret.trim() !== '') masks.add(secret.trim());
      } else if (command === 'group') {
        indent = '';
        write(`▾ ${data}`);
        indent = '  ';
      } else if (command === 'endgroup') indent = '';
      else if (command in LEVELS) annotate(command as Annotation['level'], data);
      else if (command !== 'debug') write(line);
      else if (isDebug) write(`##[debug]${data}`);
    },
    shown: (): string => lines.join(''),
  };
}

let steps = 0;

/** Creates the step's files, and builds its environment. A later step of the job rewrites the event's file. */
function prepareStep(options: RunOptions, temp: string, declared: ReturnType<typeof declaredInputs>) {
  const { eventName = 'push', event = defaultEvent(eventName), eventTruncatedMs } = options;
  const [commands, workspace, workflow] = ['_runner_file_commands', '_workspace', '_github_workflow'].map((name) => join(temp, name));
  for (const folder of [commands, workspace, workflow]) mkdirSync(folder!, { recursive: true });
  steps++;
  const fileOf = (name: string): string => join(commands!, `${name}_${steps}`);
  const names = ['output', 'env', 'path', 'state', 'step_summary'] as const;
  const files = Object.fromEntries(names.map((name) => [name, fileOf(name)])) as Record<(typeof names)[number], string>;
  for (const path of Object.values(files)) writeFileSync(path, '');
  const eventPath = join(workflow!, 'event.json');
  const payload = JSON.stringify(event, null, 2);
  if (options.eventPayload === null) rmSync(eventPath, { force: true });
  else writeFileSync(eventPath, eventTruncatedMs === undefined ? payload : payload.slice(0, payload.length / 2));
  if (eventTruncatedMs !== undefined) setTimeout(() => writeFileSync(eventPath, payload), eventTruncatedMs);
  const env = {
    ...contextEnvironment(options, eventName, { workspace: workspace!, temp, eventPath }),
    ...Object.fromEntries(Object.entries(files).map(([name, path]) => [`GITHUB_${name.toUpperCase()}`, path])),
    ...inputEnvironment(options.inputs ?? {}, declared),
    ...options.env,
  };
  return { files, env };
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Runs the step's process to its end. */
async function playStep(options: RunOptions, cwd: string, env: NodeJS.ProcessEnv, addLine: (line: string) => void) {
  const startedAt = performance.now();
  const preloads = (options.preload ?? []).flatMap((path) => [
    '--import',
    path.startsWith('data:') ? path : pathToFileURL(resolve(ROOT, path)).href,
  ]);
  const bundle = resolve(ROOT, options.bundle ?? 'dist/index.js');
  const child = spawn(process.execPath, [...preloads, bundle], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  if (options.stdout === 'closed') child.stdout.destroy();
  const memory = watchMemory(child);
  const signals = planSignals(child, options.signals ?? []);
  const texts = { stdout: '', stderr: '' };
  let lastOutputAt = startedAt;
  for (const stream of ['stdout', 'stderr'] as const) {
    let incomplete = '';
    child[stream].setEncoding('utf8').on('data', (chunk: string) => {
      lastOutputAt = performance.now();
      texts[stream] += chunk;
      const lines = (incomplete + chunk).split('\n');
      incomplete = lines.pop()!;
      splitLines(lines.map((line) => `${line}\n`).join('')).forEach(addLine);
      memory.poll();
      signals.onOutput(texts.stdout);
    });
    child[stream].on('close', () => splitLines(incomplete).forEach(addLine));
  }
  let hasTimedOut = false;
  const timeout = setTimeout(() => (hasTimedOut = child.kill('SIGKILL')), options.timeoutMs ?? 2 ** 31 - 1);
  let endedAt = 0;
  child.on('exit', () => (endedAt = performance.now()));
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((settle, reject) => {
    child.on('error', reject).on('close', (...ended) => settle(ended));
  });
  clearTimeout(timeout);
  const { firstSentAt, isCancelled } = signals.stop();
  return {
    /** null if a signal ended it. */
    exitCode,
    signal,
    /** Whether `timeoutMs` ended it. */
    hasTimedOut,
    isCancelled,
    ...texts,
    durationMs: endedAt - startedAt,
    /** Time from the last output to the end. */
    exitDelayMs: endedAt - lastOutputAt,
    /** Time from the first signal to the end; null without one. */
    afterSignalMs: firstSentAt === null ? null : endedAt - firstSentAt,
    /** Peak memory; null if the system does not report it. */
    peakMiB: memory.stop(),
  };
}

/** Reads the peak that the system records (VmHWM) until the process ends. */
function watchMemory(child: ChildProcess) {
  let peak: number | null = null;
  const poll = (): void => {
    const found = /VmHWM:\s+(\d+) kB/.exec(readOrEmpty(`/proc/${child.pid ?? 0}/status`));
    if (found !== null) peak = Math.max(peak ?? 0, Number(found[1]) / 1024);
  };
  const timer = setInterval(poll, 50);
  const stop = (): number | null => {
    clearInterval(timer);
    return peak;
  };
  return { poll, stop };
}

/** Sends each signal at its first moment. */
function planSignals(child: ChildProcess, plans: readonly SignalPlan[]) {
  let firstSentAt: number | null = null;
  let isCancelled = false;
  const timers: NodeJS.Timeout[] = [];
  const planned = plans.map(({ signal, whenDone, whenStdout }) => {
    let isSent = false;
    const fire = (): void => {
      if (isSent || child.exitCode !== null || child.signalCode !== null) return;
      isSent = true;
      firstSentAt ??= performance.now();
      child.kill(signal === 'cancel' ? 'SIGINT' : signal);
      if (signal !== 'cancel') return;
      isCancelled = true;
      timers.push(
        setTimeout(() => child.kill('SIGTERM'), SIGTERM_AFTER_MS),
        setTimeout(() => child.kill('SIGKILL'), SIGKILL_AFTER_MS),
      );
    };
    void whenDone?.then(fire, fire);
    return { whenStdout, fire };
  });
  return {
    /** Sends the signals that wait for this text. @param stdout the step's whole output so far */
    onOutput: (stdout: string): void => {
      for (const { whenStdout, fire } of planned) if (whenStdout?.test(stdout) === true) fire();
    },
    stop: () => {
      for (const timer of timers) clearTimeout(timer);
      return { firstSentAt, isCancelled };
    },
  };
}

const temps: string[] = [];

/** Creates a RUNNER_TEMP, which is removed when this process ends. */
export async function newTemp(): Promise<string> {
  const temp = mkdtempSync(join(tmpdir(), 'runner-'));
  if (temps.push(temp) === 1)
    process.once('exit', () => {
      for (const one of temps) rmSync(one, { recursive: true, force: true });
    });
  return temp;
}
