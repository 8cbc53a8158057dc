/** Waits for a run to end, by status checks. */
import { RequestError } from '../api/errors.ts';
import { checkWorkflow, isEnded, type Run } from '../api/wire.ts';
import { Ended, outOfTime } from '../outcome.ts';
import { capRetryAfter, decideRetry, type Decision, type FailedAttempt } from './retry-policy.ts';
import { addNotice, updateRunState, type RunDeps, type RunState } from './run-state.ts';

const CHECK_MS = 15_000;
/** A check at the deadline gets this long, since it may still show that the run has ended. */
const CHECK_GRACE_MS = 3_000;

const MIN_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 15_000;
/** While the rate limit cannot pay for a start, for which other jobs may be waiting. */
const SHORT_FACTOR = 4;

/** A run as the last answer showed it. Times are on `clock.now()`. */
export interface Seen {
  /** null: there was no check yet. */
  readonly run: Run | null;
  readonly at: number;
  /** The earliest time of the next request. */
  readonly notBefore: number;
}

/**
 * Checks the run until an answer can be used, and fills the run state.
 * @throws Ended, RequestError, or the signal's reason
 */
export async function checkRun(runState: RunState, deps: RunDeps): Promise<Seen & { run: Run }> {
  const { client, clock, random, signal, deadline, turns, listener } = deps;
  const attempts: FailedAttempt[] = [];
  for (;;) {
    await turns.waitForCheck();
    try {
      const timeoutMs = Math.min(CHECK_MS, Math.max(0, deadline - clock.now()) + CHECK_GRACE_MS);
      const run = await client.getRun(runState.runId, timeoutMs, signal);
      checkWorkflow(run.workflowId, runState.runPlan.workflowId, run.runId);
      updateRunState(runState, run);
      if (run.hasSecret) addNotice(runState, { code: 'secret_in_answer' });
      if (isEnded(run) && deps.wait) {
        runState.openRun = 'nothing';
        runState.outputs = run.outputs;
      }
      if (!isEnded(run) && run.status !== 'pending' && run.status !== 'running')
        addNotice(runState, { code: 'unknown_status', status: run.status });
      return { run, at: clock.now(), notBefore: clock.now() + capRetryAfter(run.retryAfterMs) };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const { failure } = error;
      const now = clock.now();
      const last = { failure, at: now };
      attempts.push(last);
      const decision = decideRetry('check', last, attempts, deadline - now, random);
      listener.decided(runState, failure, decision);
      if (decision.retry) await clock.sleep(decision.afterMs, signal);
      else throw endOfChecks(error, decision.reason, now - (attempts[0]?.at ?? now), runState);
    }
  }
}

/** Returns what ends the checks. @param forMs since the first failure */
function endOfChecks(
  error: RequestError,
  reason: Decision['reason'],
  forMs: number,
  runState: RunState,
): Error {
  const { failure } = error;
  switch (reason) {
    case 'too_large':
      // Only a run that has ended has outputs.
      runState.openRun = 'nothing';
      return new Ended({ kind: 'outputs_too_large' });
    case 'rejected_30_s':
    case 'failed_5_min':
      return new Ended({ kind: 'lost_sight', failure, forMs });
    case 'deadline':
      return outOfTime('run', { last: failure });
    default:
      return error;
  }
}

/**
 * Checks the run until it has ended; the last check is at the deadline.
 * @returns the ended run. @throws as `checkRun`
 */
export async function followRun(runState: RunState, found: Seen, deps: RunDeps) {
  const { client, clock, deadline, listener } = deps;
  const since = clock.now();
  let seen = found;
  let forecast = NO_FORECAST;
  for (;;) {
    const { run, notBefore } = seen;
    if (run !== null) listener.checked(runState, Math.max(0, seen.at - since));
    if (run !== null && isEnded(run)) return run;
    const now = clock.now();
    if (run !== null && now >= deadline) throw outOfTime('run');
    forecast = foresee(forecast, seen);
    // A run that was not started just now may have ended.
    const isDue = run === null && runState.origin !== 'started';
    const pauseMs =
      pauseBeforeCheck(now - since, forecast.endsAt - now) * (client.isShort() ? SHORT_FACTOR : 1);
    await waitForNextCheck(Math.max(isDue ? now : now + pauseMs, notBefore), deps);
    seen = await checkRun(runState, deps);
  }
}

/** Waits until then, or until the deadline, at which the last check is made. @throws the signal's reason */
export async function waitForNextCheck(at: number, { clock, deadline, signal }: RunDeps): Promise<void> {
  await clock.sleep(Math.max(0, Math.min(at, deadline) - clock.now()), signal);
}

/** The end that a run's progress predicts. Times are on `clock.now()`. */
interface Forecast {
  /** Where the progress began; null: it has not. */
  readonly from: { readonly at: number; readonly progress: number } | null;
  readonly progress: number;
  /** Infinity: not known. */
  readonly endsAt: number;
}

const NO_FORECAST: Forecast = { from: null, progress: 0, endsAt: Infinity };

/** Extends the line from the start of the progress to its last move. */
function foresee(before: Forecast, { run, at }: Seen): Forecast {
  const { from } = before;
  if (run?.progress == null) return NO_FORECAST;
  const { status, progress } = run;
  if (from === null || status === 'pending' || progress < before.progress)
    return { from: { at, progress }, progress, endsAt: Infinity };
  if (progress === before.progress) return before;
  const endsAt = at + ((100 - progress) * (at - from.at)) / (progress - from.progress);
  return { from, progress, endsAt };
}

/** Returns a quarter of the run's age, and less near the predicted end, before or after it. */
function pauseBeforeCheck(ageMs: number, toEndMs: number): number {
  return Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, Math.min(ageMs / 4, Math.abs(toEndMs) / 3)));
}
