/**
 * A simulation of GitHub's runner: runs a step's bundle with the environment, files, streams and signals of the runner, and reads
 * the step's output as the runner does. It follows actions/runner 2.336.0; __tests__/faults/README.md lists the differences.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findCommands } from './workflow-commands.ts';
import {
  ACTION,
  contextEnvironment,
  declaredInputs,
  defaultEvent,
  inputEnvironment,
  JOB,
  type DeclaredInput,
} from './runner/context.ts';
import { createFiles, fileEnvironment, readFiles } from './runner/files.ts';
import { hasBalancedGroups, renderLog } from './runner/log.ts';
import { createMasks } from './runner/masks.ts';
import { createOutput, type Job, type Output } from './runner/output.ts';
import { ROOT, spawnStep, waitForExit, watchMemory } from './runner/process.ts';
import { planSignals } from './runner/signals.ts';
import type { RunOptions, RunResult } from './runner/step.ts';
import { readStreams } from './runner/streams.ts';

export { findCommands, parseOutputFile } from './workflow-commands.ts';
export type { FoundCommand, ParsedOutputs } from './workflow-commands.ts';
export { declaredInputs, defaultEvent, SHA } from './runner/context.ts';
export type { Annotation } from './runner/log.ts';
export type { Stream } from './runner/output.ts';
export type { RunOptions, RunResult } from './runner/step.ts';

/** Runs the action once and waits for its end. Rejects only where the simulation itself fails. */
export async function runAction(options: RunOptions = {}): Promise<RunResult> {
  const temp = options.temp ?? (await newTemp());
  const job = jobOf(temp);
  const { files, env, declared } = await prepareStep(options, temp, job);
  const { workspace } = files;
  const step = createOutput(job, { workspace, debug: env.RUNNER_DEBUG === '1' });
  warnOfUnexpectedInputs(step, Object.keys(options.inputs ?? {}), declared);
  const { texts, isCancelled, ...ended } = await playStep(options, workspace, env, step);
  const written = readFiles(files, step, job.masks);
  const isRed = ended.exitCode !== 0 || step.failed();
  return {
    ...ended,
    outcome: isCancelled ? 'cancelled' : isRed ? 'failure' : 'success',
    ...texts,
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

/** Adds the job's secrets to its masks, writes the step's files, and builds its environment. */
async function prepareStep(options: RunOptions, temp: string, { masks }: Job) {
  const eventName = options.eventName ?? 'push';
  const event = options.event ?? defaultEvent(eventName);
  const payload = options.eventPayload === undefined ? JSON.stringify(event, null, 2) : options.eventPayload;
  const files = await createFiles(temp, payload, options.uid);
  const token = options.token ?? 'ghs_standInTokenOfTheRunner0123456789abcd';
  // Runner.Worker/ExecutionContext.cs: the token in the form that git sends is a secret too.
  for (const secret of [...(options.secrets ?? []), token]) masks.add(secret.trim());
  masks.addWhole(Buffer.from(`x-access-token:${token}`).toString('base64'));

  const actionYml = resolve(ROOT, options.actionYml ?? 'action.yml');
  const declared = declaredInputs(await readFile(actionYml, 'utf8'), {
    token,
    matrix: options.matrix ?? null,
    job: options.env?.GITHUB_JOB ?? JOB,
    action: options.env?.GITHUB_ACTION ?? ACTION,
  });
  const paths = { workspace: files.workspace, temp, eventPath: files.event };
  const env: Record<string, string> = {
    ...contextEnvironment(options, eventName, event, paths),
    ...fileEnvironment(files),
    GITHUB_ACTION_PATH: resolve(actionYml, '..'),
    ...inputEnvironment(options.inputs ?? {}, declared),
  };
  for (const [name, value] of Object.entries(options.env ?? {})) {
    if (value === undefined) Reflect.deleteProperty(env, name);
    else env[name] = value;
  }
  if (options.eventTruncatedMs !== undefined && payload !== null) {
    writeFileSync(files.event, payload.slice(0, payload.length / 2));
    setTimeout(() => writeFileSync(files.event, payload), options.eventTruncatedMs);
  }
  return { files, env, declared };
}

function warnOfUnexpectedInputs(
  step: Output,
  inputs: readonly string[],
  declared: readonly DeclaredInput[],
): void {
  const names = declared.map(([name]) => name);
  const unexpected = inputs.filter(
    (name) => !names.some((other) => other.toLowerCase() === name.toLowerCase()),
  );
  if (unexpected.length === 0) return;
  const quoted = (all: readonly string[]) => `'${all.join("', '")}'`;
  step.warning(`Unexpected input(s) ${quoted(unexpected)}, valid inputs are [${quoted(names)}]`);
}

/** Runs the step's process to its end; `step` processes its lines. */
async function playStep(
  options: RunOptions,
  workspace: string,
  env: Readonly<Record<string, string>>,
  step: Output,
) {
  const startedAt = performance.now();
  const child = spawnStep(options, workspace, env);
  const memory = watchMemory(child);
  const signals = planSignals(child, options.signals ?? []);
  const streams = readStreams(child, {
    onLine: (line, stream) => {
      step.line(line, stream);
      options.onLine?.(line, stream);
    },
    onChunk: (text, stream) => {
      memory.poll();
      if (stream === 'stdout') signals.onStdout(text);
    },
  });
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
  streams.finish();

  const signalledAt = signals.firstSentAt();
  return {
    exitCode,
    signal,
    hasTimedOut,
    isCancelled: signals.isCancelled(),
    texts: streams.texts,
    durationMs: endedAt - startedAt,
    startMs: (streams.firstOutputAt() ?? endedAt) - startedAt,
    exitDelayMs: endedAt - (streams.lastOutputAt() ?? startedAt),
    afterSignalMs: signalledAt === null ? null : endedAt - signalledAt,
    peakMiB: memory.peakMiB(),
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
