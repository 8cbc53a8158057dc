/**
 * A stand-in for GitHub's runner: runs a step's bundle with the environment, files, streams and signals that the runner gives it,
 * and reads what the step wrote as the runner reads it. It follows actions/runner 2.336.0; what differs is in docs/reliability.md.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findCommands, splitLines, type FoundCommand } from './commands.ts';
import { ACTION, contextEnvironment, declaredInputs, defaultEvent, JOB } from './runner/context.ts';
import { makeFiles, readFiles, readOr } from './runner/files.ts';
import { createMasks } from './runner/masks.ts';
import {
  createOutput,
  groupsBalanced,
  show,
  type Annotation,
  type Job,
  type Stream,
} from './runner/output.ts';

export { findCommands, parseOutputFile } from './commands.ts';
export type { FoundCommand, ParsedOutputs } from './commands.ts';
export { declaredInputs, defaultEvent } from './runner/context.ts';
export type { Annotation, Stream } from './runner/output.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runner.Sdk/ProcessInvoker.cs: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
const SIGTERM_AFTER_MS = 7_500;
const SIGKILL_AFTER_MS = 10_000;

export interface RunOptions {
  /** As under `with:`; names the action does not declare are set too, as the runner does. */
  readonly inputs?: Readonly<Record<string, string>>;
  /** Applied last; undefined takes a variable away, GITHUB_OUTPUT for instance. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default `push`. */
  readonly eventName?: string;
  /** The event's payload; default: a plausible one for the event. */
  readonly event?: unknown;
  /** The payload file's text, whatever it is; null: no such file. */
  readonly eventPayload?: string | null;
  /** For so long from the step's start on the payload's file is cut: another step of the job, that runs beside it, begins. */
  readonly eventTornMs?: number;
  readonly attempt?: number;
  readonly runId?: number;
  /** The `matrix` context. */
  readonly matrix?: unknown;
  /** `github.token`. */
  readonly token?: string;
  /** Values that the job knows as secrets besides its token: shown as `***` from the first line on. */
  readonly secrets?: readonly string[];
  /** Sent once each, when the first of the given moments comes. `cancel` is what the runner does to a cancelled job. */
  readonly signals?: readonly {
    readonly afterMs?: number;
    readonly whenStdout?: RegExp;
    readonly whenDone?: Promise<unknown>;
    readonly signal: NodeJS.Signals | 'cancel';
  }[];
  readonly nodeArgs?: readonly string[];
  /** Modules for `--import`. */
  readonly preload?: readonly string[];
  /** Default `dist/index.js`. */
  readonly bundle?: string;
  /** Default `action.yml`. */
  readonly actionYml?: string;
  /** Where RUNNER_TEMP is; steps that have it in common are of one job. Default: a new one. */
  readonly temp?: string;
  /** `closed`: nobody reads it (EPIPE); `full`: /dev/full. */
  readonly stdout?: 'closed' | 'full';
  readonly stderr?: 'closed' | 'full';
  readonly uid?: number;
  /** SIGKILL after this long. */
  readonly timeoutMs?: number;
  readonly onLine?: (line: string, stream: Stream) => void;
}

export interface RunResult {
  /** null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** As `steps.x.outcome` would have it: red for more than its exit code. */
  readonly outcome: 'success' | 'failure' | 'cancelled';
  /** Whether `timeoutMs` had to end it. */
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
  /** From its start to the first output: how slow the machine is just now. */
  readonly startMs: number;
  /** From the last output to the end. */
  readonly lingerMs: number;
  /** From the first signal to the end; null without one. */
  readonly afterSignalMs: number | null;
  /** The most memory it had, in MiB; null where the system does not tell. */
  readonly peakMiB: number | null;
  /** As `steps.x.outputs` would have them. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly outputPairs: readonly (readonly [string, string])[];
  /** What the runner would fail the step for. */
  readonly outputErrors: readonly string[];
  /** The files' texts; '' where there is none. */
  readonly files: {
    readonly output: string;
    readonly env: string;
    readonly path: string;
    readonly state: string;
  };
  /** As written. */
  readonly summary: string;
  /** As GitHub shows it: without the job's secrets; '' where it is dropped. */
  readonly summaryShown: string;
  /** Every command in the streams, whether the runner acted on it or not. */
  readonly commands: readonly (FoundCommand & { readonly stream: Stream })[];
  readonly annotations: readonly Annotation[];
  /** What `add-mask` had masked. */
  readonly masks: readonly string[];
  /** Every group opened is closed, none inside another. */
  readonly groupsBalanced: boolean;
  /** The raw log, without its times. */
  readonly log: string;
  /** The log as GitHub's page shows it. */
  readonly shown: string;
  /** RUNNER_TEMP; removed when this process ends. */
  readonly temp: string;
}

/** Runs the action once and waits for its end. Rejects only where the stand-in itself cannot do its part. */
export async function runAction(options: RunOptions = {}): Promise<RunResult> {
  const temp = options.temp ?? (await newTemp());
  const eventName = options.eventName ?? 'push';
  const event = options.event ?? defaultEvent(eventName);
  const payload = options.eventPayload === undefined ? JSON.stringify(event, null, 2) : options.eventPayload;
  const files = await makeFiles(temp, payload, options.uid);
  const token = options.token ?? 'ghs_standInTokenOfTheRunner0123456789abcd';
  const job = jobIn(temp);
  // Runner.Worker/ExecutionContext.cs: the token as git sends it is one too.
  for (const secret of [...(options.secrets ?? []), token]) job.masks.add(secret.trim());
  job.masks.addWhole(Buffer.from(`x-access-token:${token}`).toString('base64'));

  const actionYml = resolve(ROOT, options.actionYml ?? 'action.yml');
  const declared = declaredInputs(await readFile(actionYml, 'utf8'), {
    token,
    matrix: options.matrix ?? null,
    job: options.env?.GITHUB_JOB ?? JOB,
    action: options.env?.GITHUB_ACTION ?? ACTION,
  });
  const given = Object.entries(options.inputs ?? {});
  const inputs = [
    ...given,
    ...declared.filter(([name]) => !given.some(([other]) => other.toLowerCase() === name.toLowerCase())),
  ];
  const { workspace } = files;
  const env: Record<string, string> = {
    ...contextEnvironment(options, eventName, event, { workspace, temp, eventPath: files.event }),
    ...Object.fromEntries(
      Object.entries(files.commands).map(([name, path]) => [`GITHUB_${name.toUpperCase()}`, path]),
    ),
    GITHUB_ACTION_PATH: resolve(actionYml, '..'),
    ...Object.fromEntries(
      inputs.map(([name, value]) => [`INPUT_${name.replaceAll(' ', '_').toUpperCase()}`, value]),
    ),
  };
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) Reflect.deleteProperty(env, name);
    else env[name] = value;
  }

  const opened: number[] = [];
  const streamFor = (kind: 'closed' | 'full' | undefined): 'pipe' | number => {
    if (kind !== 'full') return 'pipe';
    const descriptor = openSync('/dev/full', 'w');
    opened.push(descriptor);
    return descriptor;
  };
  if (options.eventTornMs !== undefined && payload !== null) {
    writeFileSync(files.event, payload.slice(0, payload.length / 2));
    setTimeout(() => writeFileSync(files.event, payload), options.eventTornMs);
  }
  const startedAt = performance.now();
  const child = spawn(
    process.execPath,
    [
      ...(options.nodeArgs ?? []),
      ...(options.preload ?? []).flatMap((path) => ['--import', pathToFileURL(resolve(ROOT, path)).href]),
      resolve(ROOT, options.bundle ?? 'dist/index.js'),
    ],
    {
      cwd: workspace,
      env,
      stdio: ['ignore', streamFor(options.stdout), streamFor(options.stderr)],
      ...(options.uid === undefined ? {} : { uid: options.uid }),
    },
  );
  for (const descriptor of opened) closeSync(descriptor);
  if (options.stdout === 'closed') child.stdout?.destroy();
  if (options.stderr === 'closed') child.stderr?.destroy();

  const memory = watchMemory(child);
  const texts: Record<Stream, string> = { stdout: '', stderr: '' };
  const step = createOutput(job, { workspace, debug: env.RUNNER_DEBUG === '1' });
  const names = declared.map(([name]) => name);
  const unexpected = given
    .map(([name]) => name)
    .filter((name) => !names.some((other) => other.toLowerCase() === name.toLowerCase()));
  if (unexpected.length > 0) {
    const quoted = (all: readonly string[]) => `'${all.join("', '")}'`;
    step.warning(`Unexpected input(s) ${quoted(unexpected)}, valid inputs are [${quoted(names)}]`);
  }
  let firstOutputAt = null as number | null;
  let lastOutputAt = startedAt;
  const signalledAt: number[] = [];
  const send = (signal: NodeJS.Signals): void => {
    signalledAt.push(performance.now());
    child.kill(signal);
  };
  let cancelled = false as boolean;
  const timers: NodeJS.Timeout[] = [];
  const later = (ms: number, then: () => void): void => void timers.push(setTimeout(then, ms));
  const pending = (options.signals ?? []).map((plan) => {
    let sent = false;
    const fire = (): void => {
      if (sent || child.exitCode !== null || child.signalCode !== null) return;
      sent = true;
      if (plan.signal !== 'cancel') {
        send(plan.signal);
        return;
      }
      cancelled = true;
      send('SIGINT');
      later(SIGTERM_AFTER_MS, () => send('SIGTERM'));
      later(SIGKILL_AFTER_MS, () => send('SIGKILL'));
    };
    if (plan.afterMs !== undefined) later(plan.afterMs, fire);
    void plan.whenDone?.then(fire, fire);
    return { ...plan, fire };
  });

  // ProcessInvoker.cs, ProcessOutput: of what has come meanwhile, stderr's lines before stdout's.
  const waiting: Record<Stream, string[]> = { stderr: [], stdout: [] };
  let batch: NodeJS.Immediate | undefined;
  const take = (): void => {
    batch = undefined;
    for (const stream of ['stderr', 'stdout'] as const) {
      for (const line of waiting[stream].splice(0)) {
        step.line(line, stream);
        options.onLine?.(line, stream);
      }
    }
  };
  const read = (stream: Stream): void => {
    let rest = '';
    const add = (text: string): void => {
      waiting[stream].push(...splitLines(text));
      batch ??= setImmediate(take);
    };
    child[stream]?.setEncoding('utf8').on('data', (chunk: string) => {
      lastOutputAt = performance.now();
      firstOutputAt ??= lastOutputAt;
      memory.poll();
      texts[stream] += chunk;
      rest += chunk;
      const complete = rest.lastIndexOf('\n') + 1;
      add(rest.slice(0, complete));
      rest = rest.slice(complete);
      if (stream === 'stdout') {
        for (const plan of pending) if (plan.whenStdout?.test(texts.stdout) === true) plan.fire();
      }
    });
    child[stream]?.on('close', () => add(rest));
  };
  read('stdout');
  read('stderr');

  let killed = false;
  if (options.timeoutMs !== undefined) {
    later(options.timeoutMs, () => {
      killed = true;
      child.kill('SIGKILL');
    });
  }
  const { exitCode, signal, endedAt } = await ended(child);
  for (const timer of timers) clearTimeout(timer);
  memory.stop();

  clearImmediate(batch);
  take();

  const { stdout, stderr } = texts;
  const written = readFiles(files, step, job.masks);
  const isRed = exitCode !== 0 || step.failed();
  return {
    exitCode,
    signal,
    outcome: cancelled ? 'cancelled' : isRed ? 'failure' : 'success',
    killed,
    stdout,
    stderr,
    durationMs: endedAt - startedAt,
    startMs: (firstOutputAt ?? endedAt) - startedAt,
    lingerMs: endedAt - lastOutputAt,
    afterSignalMs: signalledAt[0] === undefined ? null : endedAt - signalledAt[0],
    peakMiB: memory.peakMiB(),
    ...written,
    commands: (['stdout', 'stderr'] as const).flatMap((stream) =>
      findCommands(texts[stream]).map((command) => ({ ...command, stream })),
    ),
    annotations: step.annotations,
    masks: step.masks,
    groupsBalanced: groupsBalanced(step.log),
    log: step.log.map((entry) => `${entry}\n`).join(''),
    shown: show(step.log),
    temp,
  };
}

const jobs = new Map<string, Job>();

function jobIn(temp: string): Job {
  const job = jobs.get(temp) ?? { masks: createMasks(), matchers: [] };
  jobs.set(temp, job);
  return job;
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

function ended(
  child: ChildProcess,
): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; endedAt: number }> {
  return new Promise((resolve, reject) => {
    let endedAt = 0;
    child.on('error', reject);
    child.on('exit', () => (endedAt = performance.now()));
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, endedAt }));
  });
}

/** The system keeps the highest mark itself; it only has to be read before the process is gone. */
function watchMemory(child: ChildProcess): { poll(): void; stop(): void; peakMiB(): number | null } {
  let peak: number | null = null;
  const status = `/proc/${child.pid ?? 0}/status`;
  const poll = (): void => {
    const found = /VmHWM:\s+(\d+) kB/.exec(readOr(status));
    if (found !== null) peak = Math.max(peak ?? 0, Number(found[1]) / 1024);
  };
  const timer = existsSync('/proc/self/status') ? setInterval(poll, 50) : undefined;
  return { poll, stop: () => clearInterval(timer), peakMiB: () => peak };
}
