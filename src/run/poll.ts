/** Follows a run to its end by status checks. */
import { RequestError } from '../api/errors.ts';
import { checkWorkflow, isEnded, type Run } from '../api/wire.ts';
import { Ended, outOfTime } from '../outcome.ts';
import type { RunDeps } from './run-deps.ts';
import { addNotice, updateRunState, type RunState } from './run-state.ts';

const CHECK_MS = 15_000;
/** More time for a check at the deadline: it may still show the end. */
const CHECK_GRACE_MS = 3_000;
const MAX_FAILING_MS = 5 * 60_000;
const MAX_REJECTED_MS = 30_000;

const MIN_PAUSE_MS = 2_000;
const MAX_PAUSE_MS = 15_000;
/** While the bucket cannot pay a launch, which other jobs may wait for. */
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
 * Checks the run until an answer is usable, and notes it.
 * @param since when the order got the run, on `clock.now()`
 * @throws Ended out of sight, out of time; RequestError no further check would be usable; or the signal's reason
 */
export async function checkRun(
  runState: RunState,
  since: number,
  deps: RunDeps,
): Promise<Seen & { run: Run }> {
  const { client, clock, random, signal, deadline, turns, listener } = deps;
  let failingSince: number | null = null;
  let rejectedSince: number | null = null;
  for (let failures = 1; ; failures++) {
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
      listener.checked(runState, clock.now() - since);
      return { run, at: clock.now(), notBefore: clock.now() + (run.retryAfterMs ?? 0) };
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      const { failure } = error;
      const { kind, code, retryAfterMs } = failure;
      if (kind === 'unauthorised' || kind === 'unusable') throw error;
      const now = clock.now();
      // Who has no tokens is neither rejected nor out of sight.
      if (code !== 'rate_limited') failingSince ??= now;
      rejectedSince = kind === 'rejected' ? (rejectedSince ?? now) : null;
      const forMs = now - (rejectedSince ?? failingSince ?? now);
      if (forMs >= (rejectedSince === null ? MAX_FAILING_MS : MAX_REJECTED_MS))
        throw new Ended({ kind: 'lost_sight', failure, forMs });
      const askedMs = retryAfterMs ?? 0;
      if (now >= deadline || now + askedMs > deadline)
        throw outOfTime('run', { askedMs: askedMs === 0 ? null : askedMs, last: failure });
      const ownMs = Math.min(MAX_PAUSE_MS, failures * MIN_PAUSE_MS) * (0.75 + 0.5 * random());
      const pauseMs = Math.min(Math.max(askedMs, ownMs), deadline - now);
      listener.waiting(runState, pauseMs, failure);
      await clock.sleep(pauseMs, signal);
    }
  }
}

/**
 * Checks the run until it has ended; the last check is at the deadline.
 * @returns the ended run. @throws as `checkRun`
 */
export async function followRun(runState: RunState, found: Seen, deps: RunDeps) {
  const { client, clock, deadline } = deps;
  const since = clock.now();
  let seen = found;
  let forecast = NO_FORECAST;
  for (;;) {
    const { run, notBefore } = seen;
    if (run !== null && isEnded(run)) return run;
    const now = clock.now();
    if (run !== null && now >= deadline) throw outOfTime('run');
    forecast = foresee(forecast, seen);
    // A run that was not started just now may have ended.
    const isDue = run === null && runState.origin !== 'started';
    const pauseMs =
      pauseBeforeCheck(now - since, forecast.endsAt - now) * (client.isShort() ? SHORT_FACTOR : 1);
    await waitUntil(isDue ? now : Math.min(now + pauseMs, deadline), notBefore, deps);
    seen = await checkRun(runState, since, deps);
  }
}

/** @throws Ended `notBefore` is after the deadline; or the signal's reason */
export async function waitUntil(
  at: number,
  notBefore: number,
  { clock, deadline, signal }: RunDeps,
): Promise<void> {
  const now = clock.now();
  if (notBefore > deadline && notBefore > now) throw outOfTime('run', { askedMs: notBefore - now });
  await clock.sleep(Math.max(0, at - now, notBefore - now), signal);
}

/** Where a run's progress leads. Times are on `clock.now()`. */
interface Forecast {
  /** null: it has not begun. */
  readonly from: { readonly at: number; readonly progress: number } | null;
  readonly progress: number;
  /** Infinity: not known. */
  readonly endsAt: number;
}

const NO_FORECAST: Forecast = { from: null, progress: 0, endsAt: Infinity };

/** Draws a line from where the progress began to where it moved last. */
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

/** A quarter of the run's age, less the nearer its foreseen end is, be it to come or overdue. */
function pauseBeforeCheck(ageMs: number, toEndMs: number): number {
  return Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, Math.min(ageMs / 4, Math.abs(toEndMs) / 3)));
}
