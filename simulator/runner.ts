/**
 * A stand-in for GitHub's runner: starts the bundle with a step's environment and files, sends signals, and reads what the step wrote
 * as the runner does.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { contextEnvironment, declaredInputs, defaultEvent, inputEnvironment } from './runner-context.ts';
import { createLog, type Annotation, type Stream } from './runner-log.ts';
import { parseOutputFile, splitLines } from './workflow-commands.ts';

export { OUTPUT_NAMES, declaredInputs, defaultEvent, SHA } from './runner-context.ts';
export type { Annotation, Stream } from './runner-log.ts';
export { findCommands, parseOutputFile } from './workflow-commands.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
/** A longer summary is dropped as a whole, without making the step red. */
const MAX_SUMMARY_BYTES = 1024 * 1024;
/** SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
const SIGTERM_AFTER_MS = 7_500;
const SIGKILL_AFTER_MS = 10_000;

export interface RunOptions {
  /** As under `with:`; undeclared names are set too, as the runner does. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Applied last; undefined removes a variable, GITHUB_OUTPUT for instance. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `push`. */
  readonly eventName?: string;
  /** The event's payload; default: a plausible one for the event. */
  readonly event?: unknown;
  /** The exact text of the payload file; null: no such file. */
  readonly eventPayload?: string | null;
  /** For so long from the step's start the payload file is truncated, because a parallel step of the job rewrites it. */
  readonly eventTruncatedMs?: number;
  readonly attempt?: number;
  readonly runId?: number;
  /** The `matrix` context. */
  readonly matrix?: unknown;
  /** `github.token`. */
  readonly token?: string;
  /** Secrets of the job besides its token: masked from the first line on. */
  readonly secrets?: readonly string[];
  /** Each is sent once, at the first of its moments. `cancel` sends the signals of a cancelled job. */
  readonly signals?: readonly SignalPlan[];
  readonly nodeArgs?: readonly string[];
  /** Modules for `--import`. */
  readonly preload?: readonly string[];
  /** Default `dist/index.js`. */
  readonly bundle?: string;
  /** RUNNER_TEMP; steps with the same folder are of one job. Default: a new one. */
  readonly temp?: string;
  /** `closed`: writing fails with EPIPE; `full`: /dev/full. */
  readonly stdout?: 'closed' | 'full';
  /** SIGKILL after this long. */
  readonly timeoutMs?: number;
  readonly onLine?: (line: string, stream: Stream) => void;
}

export interface SignalPlan {
  readonly afterMs?: number;
  readonly whenStdout?: RegExp;
  readonly whenDone?: Promise<unknown>;
  readonly signal: NodeJS.Signals | 'cancel';
}

export interface RunResult {
  /** null: a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The value of `steps.x.outcome`. */
  readonly outcome: 'success' | 'failure' | 'cancelled';
  /** Whether `timeoutMs` ended it. */
  readonly hasTimedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** From the last output to the end. */
  readonly exitDelayMs: number;
  /** From the first signal to the end; null without one. */
  readonly afterSignalMs: number | null;
  /** Peak memory; null where the system does not report it. */
  readonly peakMiB: number | null;
  /** The values of `steps.x.outputs`. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly outputPairs: readonly (readonly [name: string, value: string])[];
  /** The errors for which the runner would fail the step. */
  readonly outputErrors: readonly string[];
  /** The files' texts; '' where there is none. */
  readonly files: Readonly<Record<'output' | 'env' | 'path' | 'state', string>>;
  /** As written. */
  readonly summary: string;
  /** As GitHub shows it: masked; '' where it is dropped. */
  readonly shownSummary: string;
  readonly annotations: readonly Annotation[];
  /** The log as GitHub's page shows it. */
  readonly shownLog: string;
  /** RUNNER_TEMP; removed when this process ends. */
  readonly temp: string;
}

/** Secrets that the steps of a job have masked, by its RUNNER_TEMP. */
const masksOfJobs = new Map<string, Set<string>>();

/** Runs the action once and waits for its end. Rejects only where the simulation itself fails. */
export async function runAction(options: RunOptions = {}): Promise<RunResult> {
  const temp = options.temp ?? (await newTemp());
  const masks = masksOfJobs.get(temp) ?? new Set();
  masksOfJobs.set(temp, masks);
  const token = options.token ?? 'ghs_standInTokenOfTheRunner0123456789abcd';
  for (const secret of [...(options.secrets ?? []), token]) masks.add(secret);
  const { files, env } = await prepareStep(options, temp, token);
  const log = createLog(masks);
  const declared = declaredInputs(options, token).map(([name]) => name);
  const unexpected = Object.keys(options.inputs ?? {}).filter((name) => !declared.includes(name.toLowerCase()));
  if (unexpected.length > 0) log.warn(`Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${declared.join("', '")}']`);
  const { isCancelled, ...ended } = await playStep(options, files.workspace, env, log.addLine);
  const texts = Object.fromEntries(Object.entries(files.commands).map(([name, path]) => [name, readOrEmpty(path)]));
  const { output = '', env: environment = '', path = '', state = '', step_summary: summary = '' } = texts;
  const { outputs, pairs, errors } = parseOutputFile(output);
  const isRed = ended.exitCode !== 0 || errors.length > 0;
  return {
    ...ended,
    outcome: isCancelled ? 'cancelled' : isRed ? 'failure' : 'success',
    outputs,
    outputPairs: pairs,
    outputErrors: errors,
    files: { output, env: environment, path, state },
    summary,
    shownSummary: Buffer.byteLength(summary) <= MAX_SUMMARY_BYTES ? log.mask(summary) : '',
    annotations: log.annotations,
    shownLog: log.shown(),
    temp,
  };
}

let steps = 0;

/** Creates the step's files, and builds its environment. A later step of the job rewrites the event's file. */
async function prepareStep(options: RunOptions, temp: string, token: string) {
  const eventName = options.eventName ?? 'push';
  const event = options.event ?? defaultEvent(eventName);
  const payload = options.eventPayload === undefined ? JSON.stringify(event, null, 2) : options.eventPayload;
  const folders = ['_runner_file_commands', '_workspace', '_github_workflow'].map((name) => join(temp, name));
  const [commandFolder = '', workspace = '', workflow = ''] = folders;
  for (const folder of folders) await mkdir(folder, { recursive: true });
  steps++;
  const fileOf = (name: string): string => join(commandFolder, `${name}_${Date.now()}_${steps}`);
  const names = ['output', 'env', 'path', 'state', 'step_summary'];
  const commands = Object.fromEntries(names.map((name) => [name, fileOf(name)]));
  for (const path of Object.values(commands)) await writeFile(path, '');
  const eventPath = join(workflow, 'event.json');
  if (payload === null) await rm(eventPath, { force: true });
  else await writeFile(eventPath, payload);
  if (options.eventTruncatedMs !== undefined && payload !== null) {
    writeFileSync(eventPath, payload.slice(0, payload.length / 2));
    setTimeout(() => writeFileSync(eventPath, payload), options.eventTruncatedMs);
  }
  const env: Record<string, string> = {
    ...contextEnvironment(options, eventName, event, { workspace, temp, eventPath }),
    ...Object.fromEntries(Object.entries(commands).map(([name, path]) => [`GITHUB_${name.toUpperCase()}`, path])),
    GITHUB_ACTION_PATH: resolve(ROOT),
    ...inputEnvironment(options.inputs ?? {}, declaredInputs(options, token)),
  };
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) Reflect.deleteProperty(env, name);
    else env[name] = value;
  }
  return { files: { workspace, commands }, env };
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Runs the step's process to its end. */
async function playStep(options: RunOptions, cwd: string, env: Readonly<Record<string, string>>, addLine: (line: string) => void) {
  const startedAt = performance.now();
  const child = spawnStep(options, cwd, env);
  const memory = watchMemory(child);
  const signals = planSignals(child, options.signals ?? []);
  const texts: Record<Stream, string> = { stdout: '', stderr: '' };
  let lastOutputAt = startedAt;
  for (const stream of ['stdout', 'stderr'] as const) {
    let incomplete = '';
    const process = (text: string): void => {
      for (const line of splitLines(text)) {
        addLine(line);
        options.onLine?.(line, stream);
      }
    };
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      lastOutputAt = performance.now();
      texts[stream] += chunk;
      const end = (incomplete + chunk).lastIndexOf('\n') + 1;
      process((incomplete + chunk).slice(0, end));
      incomplete = (incomplete + chunk).slice(end);
      memory.poll();
      if (stream === 'stdout') signals.onStdout(texts.stdout);
    });
    child[stream]?.on('close', () => process(incomplete));
  }
  let hasTimedOut = false;
  const kill = (): void => {
    hasTimedOut = true;
    child.kill('SIGKILL');
  };
  const timeout = options.timeoutMs === undefined ? undefined : setTimeout(kill, options.timeoutMs);
  const { exitCode, signal, endedAt } = await waitForExit(child);
  clearTimeout(timeout);
  signals.stop();
  memory.stop();
  const signalledAt = signals.firstSentAt();
  return {
    exitCode,
    signal,
    hasTimedOut,
    isCancelled: signals.isCancelled(),
    ...texts,
    durationMs: endedAt - startedAt,
    exitDelayMs: endedAt - lastOutputAt,
    afterSignalMs: signalledAt === null ? null : endedAt - signalledAt,
    peakMiB: memory.peakMiB(),
  };
}

function spawnStep(options: RunOptions, cwd: string, env: Readonly<Record<string, string>>): ChildProcess {
  const stdout = options.stdout === 'full' ? openSync('/dev/full', 'w') : 'pipe';
  const preloads = (options.preload ?? []).flatMap((path) => ['--import', pathToFileURL(resolve(ROOT, path)).href]);
  const bundle = resolve(ROOT, options.bundle ?? 'dist/index.js');
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), ...preloads, bundle], {
    cwd,
    env,
    stdio: ['ignore', stdout, 'pipe'],
  });
  if (typeof stdout === 'number') closeSync(stdout);
  if (options.stdout === 'closed') child.stdout?.destroy();
  return child;
}

function waitForExit(child: ChildProcess): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; endedAt: number }> {
  return new Promise((resolve, reject) => {
    let endedAt = 0;
    child.on('error', reject);
    child.on('exit', () => (endedAt = performance.now()));
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, endedAt }));
  });
}

/** The system records the peak (VmHWM); poll it before the process ends. */
function watchMemory(child: ChildProcess) {
  let peak: number | null = null;
  const status = `/proc/${child.pid ?? 0}/status`;
  const poll = (): void => {
    const found = /VmHWM:\s+(\d+) kB/.exec(readOrEmpty(status));
    if (found !== null) peak = Math.max(peak ?? 0, Number(found[1]) / 1024);
  };
  const timer = existsSync('/proc/self/status') ? setInterval(poll, 50) : undefined;
  return { poll, stop: (): void => clearInterval(timer), peakMiB: (): number | null => peak };
}

/** Sends each signal at the first of its moments. */
function planSignals(child: ChildProcess, plans: readonly SignalPlan[]) {
  let firstSentAt: number | null = null;
  let isCancelled = false;
  const timers: NodeJS.Timeout[] = [];
  const after = (ms: number, then: () => void): void => void timers.push(setTimeout(then, ms));
  const send = (signal: NodeJS.Signals): void => {
    firstSentAt ??= performance.now();
    child.kill(signal);
  };
  const planned = plans.map(({ signal, afterMs, whenDone, whenStdout }) => {
    let isSent = false;
    const fire = (): void => {
      if (isSent || child.exitCode !== null || child.signalCode !== null) return;
      isSent = true;
      send(signal === 'cancel' ? 'SIGINT' : signal);
      if (signal !== 'cancel') return;
      isCancelled = true;
      after(SIGTERM_AFTER_MS, () => send('SIGTERM'));
      after(SIGKILL_AFTER_MS, () => send('SIGKILL'));
    };
    if (afterMs !== undefined) after(afterMs, fire);
    void whenDone?.then(fire, fire);
    return { whenStdout, fire };
  });
  return {
    /** Sends the signals that wait for this text. @param stdout all that the step has written */
    onStdout: (stdout: string): void => {
      for (const { whenStdout, fire } of planned) if (whenStdout?.test(stdout) === true) fire();
    },
    isCancelled: (): boolean => isCancelled,
    /** When the first was sent; null: none was. */
    firstSentAt: (): number | null => firstSentAt,
    stop: (): void => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

const temps: string[] = [];

/** A RUNNER_TEMP; removed when this process ends. */
export async function newTemp(): Promise<string> {
  const temp = await mkdtemp(join(tmpdir(), 'runner-'));
  if (temps.length === 0) {
    process.once('exit', () => {
      for (const one of temps) rmSync(one, { recursive: true, force: true });
    });
  }
  temps.push(temp);
  return temp;
}
