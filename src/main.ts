/** Runs the action from its inputs to its exit code: prepare → run the orders → verdict → report → sinks. */
import type { Transport } from './alloovium/transport.ts';
import { withGrace, withTimeLimit, type Clock } from './clock.ts';
import type { Result } from './endings.ts';
import { fetchBaseline } from './github/artifact.ts';
import type { Runner } from './github/runner.ts';
import { readCredentials, readSecrets } from './inputs/secrets.ts';
import { prepare, type Ready, type Step } from './prepare.ts';
import { createListener } from './progress.ts';
import { createReport } from './report/report.ts';
import { writeStepFiles } from './runs/evaluate.ts';
import { endingOf, Interrupted, type Ending } from './runs/outcome.ts';
import { runOrders } from './runs/run.ts';
import {
  keepFindings,
  logEnd,
  logResult,
  writeComment,
  writeFinalStatus,
  writeOutputs,
  writeSummary,
} from './sinks.ts';
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
  /** Aborted when the runner stops the step (reason: Interrupted), or when something crashed (reason: the error). */
  readonly signal: AbortSignal;
  /** GITHUB_EVENT_PATH */
  readonly eventPath: string;
}

const SINKS_MS = 60_000;
const SINKS_AFTER_STOP_MS = 5_000;

/** What came of the step. */
interface Outcome {
  /** In the order of the input; empty: the step ended before. */
  results: readonly Result[];
  files: ReturnType<typeof writeStepFiles>;
  /** What ended the step before its runs, or for all of them. */
  failure: Ending | null;
}

/** Runs the action and reports the result. Never throws. @returns the exit code */
export async function run(parts: Parts): Promise<0 | 1> {
  const { runner, clock, signal } = parts;
  for (const secret of readSecrets(runner.environment)) runner.mask(secret);
  // Not a proxy's password, which may be an ordinary word of the run: the gate sees what is left.
  const redact = createRedactor(readCredentials(runner.environment));
  const step: Step = {
    startedAt: clock.now(),
    redact,
    context: null,
    inputs: null,
    github: null,
    client: null,
  };
  const outcome: Outcome = { results: [], files: { outputsFile: '', gateFile: '' }, failure: null };
  try {
    const ready = await prepare(step, parts);
    await runAll(outcome, ready, step, parts);
  } catch (error) {
    // Once the step is stopped, whatever failed has this reason.
    outcome.failure = endingOf(signal.aborted ? signal.reason : error, redact);
  }
  try {
    return await withGrace(clock, signal, SINKS_AFTER_STOP_MS, (late) =>
      withTimeLimit(clock, late, SINKS_MS, (limited) => reportStep(step, outcome, parts, limited)),
    );
  } catch (error) {
    runner.error(`The action had an internal error: ${redact(String(error))}`);
    return 1;
  }
}

/** Launches the orders, waits for their ends and evaluates them. @param outcome is filled */
async function runAll(
  outcome: Outcome,
  ready: Ready,
  { startedAt, redact }: Step,
  parts: Parts,
): Promise<void> {
  const { context, inputs, github } = ready;
  const runParts = {
    ...parts,
    ...inputs,
    ...ready,
    redact,
    today: () => new Date(parts.clock.date()).toISOString().slice(0, 10),
    deadline: startedAt + inputs.timeoutMs,
    baseline: fetchBaseline(github, context, inputs),
    listener: createListener({ ...parts, ...ready }),
  };
  const records = await runOrders(inputs.orders, runParts);
  outcome.results = records.flatMap((record) =>
    record.order.entries.map((entry, at) => {
      const ending = record.ending ?? { kind: 'crashed', message: '' };
      return { entry, record, evaluated: record.evaluated[at] ?? null, ending };
    }),
  );
  outcome.files = writeStepFiles(records, runParts);
}

/** Makes the report, and writes it to every sink. @param signal ends what is sent to GitHub */
async function reportStep(step: Step, outcome: Outcome, parts: Parts, signal: AbortSignal): Promise<0 | 1> {
  const { runner, clock } = parts;
  const known = { ...step, ...outcome, tokensSpent: step.client?.tokensSpent() ?? 0 };
  const report = createReport(known);
  const target = { runner, github: step.github && { ...step.github, signal } };
  logResult(target, report);
  const isWritten = writeOutputs(target, report, outcome.files);
  // Without its outputs a step is red everywhere.
  const final = isWritten ? report : createReport({ ...known, failure: { kind: 'no_outputs', message: '' } });
  writeSummary(target, final);
  await writeFinalStatus(target, final);
  await writeComment(target, final);
  await keepFindings(target, final);
  logEnd(target, final, clock.now() - step.startedAt);
  const { exitCode } = final.verdict;
  const isCrash = parts.signal.aborted && !(parts.signal.reason instanceof Interrupted);
  // One while the report was written is red too.
  if (exitCode === 0 && isCrash) throw parts.signal.reason;
  return exitCode;
}
