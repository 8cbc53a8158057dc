/** Runs the action from its inputs to its exit code: prepare → run the orders → verdict → report → sinks. */
import { createClient } from './alloovium/client.ts';
import type { Transport } from './alloovium/transport.ts';
import type { Clock } from './clock.ts';
import type { Result } from './endings.ts';
import { shouldKeepBaseline, type KeepDecision } from './gate/baseline.ts';
import { fetchBaseline } from './github/artifact.ts';
import type { Runner } from './github/runner.ts';
import { readCredentials, readSecrets } from './inputs/secrets.ts';
import { prepare, toStepFailure, type Step } from './prepare.ts';
import { createListener, listWorkflowLines } from './progress.ts';
import { createReport } from './report/report.ts';
import { writeStepFiles } from './runs/evaluate.ts';
import { Interrupted } from './runs/outcome.ts';
import { runOrders } from './runs/run.ts';
import {
  keepFindings,
  limitSinks,
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

/** Runs the action and reports the result. Never throws. @returns the exit code */
export async function run(parts: Parts): Promise<0 | 1> {
  const { runner, clock, signal } = parts;
  const startedAt = clock.now();
  for (const secret of readSecrets(runner.environment)) runner.mask(secret);
  // Not a proxy's password, which may be an ordinary word of the run: the gate sees what is left.
  const redact = createRedactor(readCredentials(runner.environment));

  const step = await prepare(parts, redact, startedAt);
  const ran = await runStep(parts, step, redact, startedAt);
  const sinks = limitSinks(clock, signal);
  try {
    const report = createReport({ ...step, ...ran, keep: decideToKeep(step, ran.results) });
    const target = { runner, clock, github: step.github && { ...step.github, signal: sinks.signal } };
    logResult(target, report);
    const isWritten = writeOutputs(target, report, ran.files);
    // Without its outputs a step is red everywhere.
    const failure = { kind: 'no_outputs', message: '' } as const;
    const final = isWritten ? report : createReport({ ...step, ...ran, failure, keep: null });
    writeSummary(target, final);
    await writeFinalStatus(target, final, signal.aborted);
    await writeComment(target, final);
    await keepFindings(target, final);
    logEnd(target, final, clock.now() - startedAt);
    if (final.verdict.exitCode === 1 || !signal.aborted || signal.reason instanceof Interrupted)
      return final.verdict.exitCode;
    throw signal.reason;
  } catch (error) {
    runner.error(`The action had an internal error: ${redact(String(error))}`);
    return 1;
  } finally {
    sinks.end();
  }
}

function decideToKeep({ context, inputs, failure }: Step, results: readonly Result[]): KeepDecision | null {
  if (context === null || inputs === null || failure !== null) return null;
  return shouldKeepBaseline(
    context,
    inputs,
    results.map(({ evaluated }) => evaluated),
  );
}

const NOTHING = { results: [], tokensSpent: 0, files: { outputsFile: '', gateFile: '' } };

/** Launches the orders and waits for their ends, unless the step has failed already. Never throws. */
async function runStep(parts: Parts, step: Step, redact: (text: string) => string, startedAt: number) {
  const { runner, clock, signal } = parts;
  const { context, inputs, github, failure } = step;
  if (context === null || inputs === null || github === null) return NOTHING;
  const { apiUrl, apiKey, orders, entries } = inputs;
  const client = createClient({ ...parts, apiUrl, apiKey, redact });
  try {
    if (failure !== null) {
      const lacksWorkflow =
        failure.kind === 'invalid_inputs' && failure.faults.some(({ code }) => code === 'missing');
      if (!lacksWorkflow || !context.isPrivate || apiKey === '') return NOTHING;
      for (const line of await listWorkflowLines(client, startedAt + inputs.timeoutMs - clock.now(), signal))
        runner.line(line);
      return { ...NOTHING, tokensSpent: client.tokensSpent() };
    }
    const { tokensSpent } = client;
    const today = () => new Date(clock.date()).toISOString().slice(0, 10);
    const runParts = {
      ...parts,
      ...inputs,
      client,
      context,
      redact,
      today,
      deadline: startedAt + inputs.timeoutMs,
      baseline: fetchBaseline(github, context, inputs),
      listener: createListener({ runner, clock, inputs, context, tokensSpent }),
    };
    const records = await runOrders(orders, runParts);
    const results = records.flatMap((record) =>
      record.order.entries.map((entry, at): Result => {
        const ending = record.ending ?? { kind: 'crashed', message: '' };
        return { entry, record, evaluated: record.evaluated[at] ?? null, ending };
      }),
    );
    // Entries of one intent share a record; this is the order of the input.
    results.sort((one, other) => entries.indexOf(one.entry) - entries.indexOf(other.entry));
    return { results, tokensSpent: tokensSpent(), files: writeStepFiles(records, runParts) };
  } catch (error) {
    step.failure = toStepFailure(error, redact);
    return { ...NOTHING, tokensSpent: client.tokensSpent() };
  }
}
