/** Runs the action from its inputs to its exit code: prepare → run the orders → verdict → report → sinks. */
import { createClient } from './alloovium/client.ts';
import type { Transport } from './alloovium/transport.ts';
import type { Clock } from './clock.ts';
import type { Result } from './endings.ts';
import { shouldKeepBaseline } from './gate/baseline.ts';
import { fetchBaseline } from './github/artifact.ts';
import type { Runner } from './github/runner.ts';
import { readSecrets } from './inputs/secrets.ts';
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
  const secrets = readSecrets(runner.environment);
  for (const secret of secrets) runner.mask(secret);
  const redact = createRedactor(secrets);

  const step = await prepare(parts, redact);
  const ran = await runStep(parts, step, redact, startedAt);
  const evaluated = ran.results.map((result) => result.evaluated);
  const { context, inputs } = step;
  const report = createReport({
    ...step,
    ...ran,
    keep: context && inputs && step.failure === null ? shouldKeepBaseline(context, inputs, evaluated) : null,
    notices: [],
  });

  const sinks = limitSinks(clock, signal);
  const target = { runner, clock, github: step.github && { ...step.github, signal: sinks.signal } };
  logResult(target, report);
  const isWritten = writeOutputs(target, report, ran.files);
  writeSummary(target, report);
  await writeFinalStatus(target, report, signal.aborted);
  await writeComment(target, report);
  await keepFindings(target, report);
  logEnd(target, report, clock.now() - startedAt);
  sinks.end();
  // A crash since the verdict; the runner's signal changes nothing any more.
  const isCrash = signal.aborted && !(signal.reason instanceof Interrupted) && report.verdict.exitCode === 0;
  if (isCrash) runner.error(`The action had an internal error: ${redact(String(signal.reason))}`);
  return isWritten && !isCrash ? report.verdict.exitCode : 1;
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
      for (const line of await listWorkflowLines(client, signal)) runner.line(line);
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
    const results = entries.map((entry): Result => {
      const record = records.find(({ order }) => order.entries.includes(entry));
      if (record === undefined) throw new Error('an entry has no run');
      const evaluated = record.evaluated[record.order.entries.indexOf(entry)] ?? null;
      return {
        entry,
        record,
        evaluated,
        ending: record.ending ?? { kind: 'crashed', message: 'it did not end' },
      };
    });
    return { results, tokensSpent: tokensSpent(), files: writeStepFiles(records, runParts) };
  } catch (error) {
    step.failure = toStepFailure(error, redact);
    return { ...NOTHING, tokensSpent: client.tokensSpent() };
  }
}
