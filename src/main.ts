/** Runs the action from its inputs to its exit code: prepare → run the orders → report with its verdict → sinks. */
import type { Transport } from './api/transport.ts';
import { withGrace, withTimeLimit, type Clock } from './clock.ts';
import { Ended } from './outcome.ts';
import { fetchBaseline } from './github/artifact.ts';
import type { Runner } from './github/runner.ts';
import { readCredentials, readSecrets } from './inputs/secrets.ts';
import { prepare, type ReadyStep, type Step } from './plan.ts';
import { startProgress } from './report/progress.ts';
import { createReport } from './report/report.ts';
import { writeStepFiles } from './run/results.ts';
import { outcomeOf, runAllPlans } from './run/run.ts';
import {
  writeBaseline,
  logEnd,
  logResult,
  writeComment,
  writeFinalStatus,
  writeOutputs,
  writeSummary,
} from './publish.ts';
import { createRedactor } from './text/redact.ts';

/** What the action uses of the outside world; tests pass fakes. */
export interface Parts {
  readonly runner: Runner;
  readonly transport: Transport;
  /** To GitHub. */
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted when the runner stops the step (reason: Ended), or when something crashed (reason: the error). */
  readonly signal: AbortSignal;
  /** GITHUB_EVENT_PATH */
  readonly eventPath: string;
}

const SINKS_MS = 60_000;
const SINKS_AFTER_STOP_MS = 5_000;

/** Runs the action and reports the result. Never throws. @returns the exit code */
export async function run(parts: Parts): Promise<0 | 1> {
  const { runner, clock, signal } = parts;
  for (const secret of readSecrets(runner.environment)) runner.mask(secret);
  const step: Step = {
    startedAt: clock.now(),
    // Not a proxy's password, which may be an ordinary word: the gate compares what is left.
    redact: createRedactor(readCredentials(runner.environment)),
    context: null,
    inputs: null,
    github: null,
    client: null,
    results: [],
    files: { outputsFile: '', gateFile: '' },
    stepOutcome: null,
  };
  try {
    await runAll(await prepare(step, parts), parts);
  } catch (error) {
    // Once the step is stopped, whatever failed has this reason.
    step.stepOutcome = outcomeOf(signal.aborted ? signal.reason : error, step.redact);
  }
  try {
    return await withGrace(clock, signal, SINKS_AFTER_STOP_MS, (late) =>
      withTimeLimit(clock, late, SINKS_MS, (limited) => reportStep(step, parts, limited)),
    );
  } catch (error) {
    runner.error(`The action had an internal error: ${step.redact(String(error))}`);
    return 1;
  }
}

/** Launches the orders, waits for their ends and evaluates them. @param step is filled */
async function runAll(step: ReadyStep, { runner, clock, random, signal }: Parts): Promise<void> {
  const { startedAt, redact, context, inputs, github, client } = step;
  const { onRerun, wait, failOn, hasRuns, runPlans, timeoutMs } = inputs;
  const baseline = fetchBaseline(github, context, inputs);
  const listener = startProgress({ runner, clock, context, inputs, client });
  const runStates = await runAllPlans(runPlans, {
    runner,
    clock,
    random,
    signal,
    redact,
    context,
    client,
    onRerun,
    wait,
    failOn,
    hasRuns,
    deadline: startedAt + timeoutMs,
    today: () => new Date(clock.date()).toISOString().slice(0, 10),
    baseline,
    listener,
  });
  step.results = runStates.flatMap((runState) =>
    runState.runPlan.entries.map((entry, at) => ({ entry, runState, review: runState.reviews[at] ?? null })),
  );
  step.files = writeStepFiles(runStates, { runner, clock, context, hasRuns });
}

/** Makes the report, and writes it to every sink. @param limited ends what is sent to GitHub */
async function reportStep(step: Step, { runner, clock, signal }: Parts, limited: AbortSignal) {
  const report = createReport(step);
  const target = { runner, github: step.github && { ...step.github, signal: limited } };
  logResult(target, report);
  const isWritten = writeOutputs(target, report, step.files);
  // Without its outputs a step is red everywhere.
  const noOutputs = { kind: 'no_outputs', message: '' } as const;
  const final = isWritten ? report : createReport({ ...step, stepOutcome: noOutputs });
  writeSummary(target, final);
  await writeFinalStatus(target, final);
  await writeComment(target, final);
  await writeBaseline(target, final);
  logEnd(target, final, clock.now() - step.startedAt);
  const { exitCode } = final.verdict;
  // A crash while the report was written is red too.
  if (exitCode === 0 && signal.aborted && !(signal.reason instanceof Ended)) throw signal.reason;
  return exitCode;
}
