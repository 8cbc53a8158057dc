/**
 * A simulation of GitHub's runner: runs a step's bundle with the environment, files, streams and signals of the runner, and reads
 * the step's output as the runner does. It follows actions/runner 2.336.0; __tests__/faults/README.md lists the differences.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findCommands, splitLines } from './workflow-commands.ts';
import { ACTION, contextEnvironment, declaredInputs, defaultEvent, JOB } from './runner/context.ts';
import { createFiles, readFiles, readOrEmpty } from './runner/files.ts';
import { createMasks } from './runner/masks.ts';
import { createOutput, hasBalancedGroups, renderLog, type Job, type Stream } from './runner/output.ts';
import type { RunOptions, RunResult } from './runner/step.ts';

export { findCommands, parseOutputFile } from './workflow-commands.ts';
export type { FoundCommand, ParsedOutputs } from './workflow-commands.ts';
export { declaredInputs, defaultEvent, SHA } from './runner/context.ts';
export type { Annotation, Stream } from './runner/output.ts';
export type { RunOptions, RunResult } from './runner/step.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runner.Sdk/ProcessInvoker.cs: SIGINT, 7.5 s later SIGTERM, 2.5 s later SIGKILL. */
const SIGTERM_AFTER_MS = 7_500;
const SIGKILL_AFTER_MS = 10_000;

/** Runs the action once and waits for its end. Rejects only where the simulation itself fails. */
export async function runAction(options: RunOptions = {}): Promise<RunResult> {
  const temp = options.temp ?? (await newTemp());
  const eventName = options.eventName ?? 'push';
  const event = options.event ?? defaultEvent(eventName);
  const payload = options.eventPayload === undefined ? JSON.stringify(event, null, 2) : options.eventPayload;
  const files = await createFiles(temp, payload, options.uid);
  const token = options.token ?? 'ghs_standInTokenOfTheRunner0123456789abcd';
  const job = jobOf(temp);
  // Runner.Worker/ExecutionContext.cs: the token in the form that git sends is a secret too.
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
  if (options.eventTruncatedMs !== undefined && payload !== null) {
    writeFileSync(files.event, payload.slice(0, payload.length / 2));
    setTimeout(() => writeFileSync(files.event, payload), options.eventTruncatedMs);
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
  const after = (ms: number, then: () => void): void => void timers.push(setTimeout(then, ms));
  const plannedSignals = (options.signals ?? []).map((plan) => {
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
      after(SIGTERM_AFTER_MS, () => send('SIGTERM'));
      after(SIGKILL_AFTER_MS, () => send('SIGKILL'));
    };
    if (plan.afterMs !== undefined) after(plan.afterMs, fire);
    void plan.whenDone?.then(fire, fire);
    return { ...plan, fire };
  });

  // ProcessInvoker.cs, ProcessOutput: of the lines that wait, stderr's come before stdout's.
  const waiting: Record<Stream, string[]> = { stderr: [], stdout: [] };
  let batch: NodeJS.Immediate | undefined;
  const processWaiting = (): void => {
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
      batch ??= setImmediate(processWaiting);
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
        for (const plan of plannedSignals) if (plan.whenStdout?.test(texts.stdout) === true) plan.fire();
      }
    });
    child[stream]?.on('close', () => add(rest));
  };
  read('stdout');
  read('stderr');

  let hasTimedOut = false;
  if (options.timeoutMs !== undefined) {
    after(options.timeoutMs, () => {
      hasTimedOut = true;
      child.kill('SIGKILL');
    });
  }
  const { exitCode, signal, endedAt } = await waitForExit(child);
  for (const timer of timers) clearTimeout(timer);
  memory.stop();

  clearImmediate(batch);
  processWaiting();

  const { stdout, stderr } = texts;
  const written = readFiles(files, step, job.masks);
  const isRed = exitCode !== 0 || step.failed();
  return {
    exitCode,
    signal,
    outcome: cancelled ? 'cancelled' : isRed ? 'failure' : 'success',
    hasTimedOut,
    stdout,
    stderr,
    durationMs: endedAt - startedAt,
    startMs: (firstOutputAt ?? endedAt) - startedAt,
    exitDelayMs: endedAt - lastOutputAt,
    afterSignalMs: signalledAt[0] === undefined ? null : endedAt - signalledAt[0],
    peakMiB: memory.peakMiB(),
    ...written,
    commands: (['stdout', 'stderr'] as const).flatMap((stream) =>
      findCommands(texts[stream]).map((command) => ({ ...command, stream })),
    ),
    annotations: step.annotations,
    masks: step.masks,
    hasBalancedGroups: hasBalancedGroups(step.log),
    log: step.log.map((entry) => `${entry}\n`).join(''),
    shownLog: renderLog(step.log),
    temp,
  };
}

const jobs = new Map<string, Job>();

function jobOf(temp: string): Job {
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

function waitForExit(
  child: ChildProcess,
): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; endedAt: number }> {
  return new Promise((resolve, reject) => {
    let endedAt = 0;
    child.on('error', reject);
    child.on('exit', () => (endedAt = performance.now()));
    child.on('close', (exitCode, signal) => resolve({ exitCode, signal, endedAt }));
  });
}

/** The system records the peak (VmHWM); poll it before the process ends. */
function watchMemory(child: ChildProcess): { poll(): void; stop(): void; peakMiB(): number | null } {
  let peak: number | null = null;
  const status = `/proc/${child.pid ?? 0}/status`;
  const poll = (): void => {
    const found = /VmHWM:\s+(\d+) kB/.exec(readOrEmpty(status));
    if (found !== null) peak = Math.max(peak ?? 0, Number(found[1]) / 1024);
  };
  const timer = existsSync('/proc/self/status') ? setInterval(poll, 50) : undefined;
  return { poll, stop: () => clearInterval(timer), peakMiB: () => peak };
}
