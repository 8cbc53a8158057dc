/** The invariants of what the API received: launches per key, pauses, requests in flight, and what is reported of the runs. */
import type { Api } from './api.ts';
import type { ReportedRun } from './invariants-of-runs.ts';
import {
  attemptsPerKey,
  bindsAcrossRuns,
  maxInFlight,
  runsPerKey,
  sentBeforeHint,
  type JournalEntry,
} from './journal.ts';
import type { RunResult } from './runner.ts';
import { createViolations } from './violations.ts';

const HOUR_MS = 3_600_000;
const LAST_POLLS_MS = 30_000;

export interface RequestsEvidence {
  readonly api: Api;
  readonly result: RunResult;
  /** What a step with `runs` reports of each; null: it has no `runs`, or ended before it could report. */
  readonly runRows: readonly ReportedRun[] | null;
  /** As in `Evidence`. */
  readonly earlierRequests: number | undefined;
  readonly mayLackOutputs: boolean;
  readonly toleranceMs: number;
  readonly timeoutMs: number;
}

/** Describes each invariant that is violated. */
export function findRequestViolations(evidence: RequestsEvidence): string[] {
  /** The requests of this process, or of all where several ran at once. */
  const requests = evidence.api.journal.slice(evidence.earlierRequests ?? 0);
  return [
    ...findLaunchViolations(evidence, requests),
    ...findInFlightViolations(evidence, requests),
    ...findLearntRunViolations(evidence, requests),
  ];
}

/** I1, I8: runs and launches under each key, and the server's hints. */
function findLaunchViolations(
  { api, runRows, toleranceMs }: RequestsEvidence,
  requests: readonly JournalEntry[],
): string[] {
  const { found, must } = createViolations();
  for (const [key, { stored }] of runsPerKey(api.runs)) must(stored <= 1, `I1: ${stored} runs under ${key}`);
  const binds = runRows === null ? () => true : bindsAcrossRuns;
  for (const { entry, earlyMs } of sentBeforeHint(requests, toleranceMs, binds)) {
    must(false, `I8: ${entry.call} sent ${Math.round(earlyMs)} ms before the hint had passed`);
  }
  for (const [key, { accepted, spanMs }] of attemptsPerKey(requests)) {
    must(accepted <= 5, `I8: ${accepted} launches under ${key} that may have been taken`);
    must(spanMs <= 20 * HOUR_MS, `I8: a launch under ${key} ${spanMs} ms after the first`);
  }
  return found;
}

/** I8: one request in flight; with `runs`, one launch and one poll. */
function findInFlightViolations(
  { api, runRows, timeoutMs }: RequestsEvidence,
  requests: readonly JournalEntry[],
): string[] {
  const { found, must } = createViolations();
  if (runRows === null) {
    must(maxInFlight(api.journal) <= 1, 'I8: more than one request in flight');
    return found;
  }
  // The last polls are sent together, at a deadline that the journal does not record exactly.
  const lastPollsAt = (requests[0]?.at ?? 0) + timeoutMs - LAST_POLLS_MS;
  const isLast = ({ call, at }: JournalEntry) => call === 'poll' && at >= lastPollsAt;
  for (const kind of ['launch', 'poll'] as const) {
    const max = maxInFlight(requests.filter((entry) => entry.call === kind && !isLast(entry)));
    must(max <= 1, `I8: more than one ${kind} in flight`);
  }
  return found;
}

/** I5: a run ID that the process learnt is printed, and is an output. */
function findLearntRunViolations(
  { api, result, runRows, earlierRequests, mayLackOutputs }: RequestsEvidence,
  requests: readonly JournalEntry[],
): string[] {
  const { found, must } = createViolations();
  /** What is reported of each run; a step without `runs` reports it in its own outputs. */
  const runs = runRows ?? [result.outputs];
  // A process that was killed may not have read the launch's answer; it has if it went on to poll.
  const wasKilled = result.signal === 'SIGKILL';
  const learntFrom = requests
    .filter(({ call }) => (wasKilled ? call !== 'launch' : call === 'launch'))
    .filter(
      ({ call, status, hasFault, runId, isReplay }) =>
        (wasKilled && call === 'poll') ||
        (status !== null && status < 300 && !hasFault && !isReplay && runId !== null),
    );
  if (learntFrom.length === 0) return found;
  must(mayLackOutputs || runs.some((run) => run.run_id !== ''), 'I5: the run ID was learnt and is no output');
  must(
    api.runs.some(({ id }) => result.stdout.includes(id)),
    'I5: the run ID was learnt and not printed',
  );
  for (const { number, runId } of runRows === null ? [] : learntFrom) {
    if (number <= (earlierRequests ?? Infinity) || runId === null) continue;
    must(
      runs.some((run) => run.run_id === runId),
      `I5: ${runId} was learnt and is not in runs_json`,
    );
    must(result.stdout.includes(runId), `I5: ${runId} was learnt and not printed`);
  }
  return found;
}
