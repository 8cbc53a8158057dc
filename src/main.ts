/** The flow of a step: plan → run → judge → publish. */
import { withGrace, withTimeLimit } from './clock.ts';
import { readSecrets } from './inputs/secrets.ts';
import { Ended } from './outcome.ts';
import { plan } from './plan.ts';
import { logStack, publish } from './publish.ts';
import { formatStack } from './report/log.ts';
import { startProgress } from './report/progress.ts';
import { createReport } from './report/report.ts';
import { outcomeOf, runAll } from './run/run.ts';
import type { EntryResult } from './run/run-state.ts';
import type { Deps, Step } from './step.ts';

const PUBLISH_MS = 60_000;
const PUBLISH_AFTER_SIGNAL_MS = 5_000;

/** Runs the action from its inputs to its exit code. Never throws. */
export async function run(deps: Deps): Promise<0 | 1> {
  const { runner, clock, signal, redact } = deps;
  for (const secret of readSecrets(runner.environment)) runner.mask(secret);
  const step: Step = {
    startedAt: clock.now(),
    startDate: clock.date(),
    context: null,
    inputs: null,
    github: null,
    client: null,
    pendingStatusId: null,
    saved: null,
    changesGate: false,
    outcome: null,
  };
  let results: readonly EntryResult[] = [];
  try {
    const ready = await plan(step, deps);
    results = await runAll(ready, deps, startProgress(ready, deps));
  } catch (error) {
    // Once the step is stopped, whatever failed has this reason.
    step.outcome = outcomeOf(signal.aborted ? signal.reason : error, redact);
  }
  try {
    const report = createReport(step, results);
    const exitCode = await withGrace(clock, signal, PUBLISH_AFTER_SIGNAL_MS, (late) =>
      withTimeLimit(clock, late, PUBLISH_MS, (limited) => publish(report, { ...deps, signal: limited })),
    );
    // A crash during the reports fails the step too.
    if (exitCode === 0 && signal.aborted && !(signal.reason instanceof Ended)) throw signal.reason;
    return exitCode;
  } catch (error) {
    const outcome = outcomeOf(error, redact);
    if ('stack' in outcome)
      logStack(runner, formatStack(outcome.stack ?? '', step.inputs?.jobSummary === false));
    runner.error(
      `The action had an internal error: ${redact(String(error))}. Open an issue with the stack in this log.`,
    );
    return 1;
  }
}
