/** Launches a run under one key: the API starts one run for it, however often the launch is sent. */
import type { Answer } from '../api/client.ts';
import { connectionError, mayHaveStarted, RequestError, type RequestFailure } from '../api/errors.ts';
import { withGrace } from '../clock.ts';
import { outOfTime } from '../outcome.ts';
import { createLaunchBody } from './keys.ts';
import type { RunDeps } from './run-deps.ts';
import { addNotice, type RunState } from './run-state.ts';

const ATTEMPT_MS = 30_000;
/** More time for an attempt that is under way at the deadline, or at a signal, to learn the run's ID. */
const LAUNCH_GRACE_MS = 2_000;
/** The last attempt is sent so long before the deadline. */
const LAST_ATTEMPT_MS = 1_000;
/** The last one is longer than the half minute in which a load balancer may close its connections. */
const PAUSES_MS = [2_000, 6_000, 18_000, 30_000];
/** Attempts that may have started a run, since the API keeps only 2xx answers; and in a row at a name that DNS does not know. */
const MAX_SENDS = PAUSES_MS.length + 1;

/**
 * Gives the record the run of the key: `joined` if an earlier job started it.
 * @returns the earliest time of the next request, on `clock.now()`
 * @throws RequestError, Ended, or the signal's reason
 */
export async function launch(runState: RunState, key: string, deps: RunDeps) {
  const { clock, signal, deadline, turns, listener } = deps;
  return turns.takeLaunch(async () => {
    const failures: RequestFailure[] = [];
    runState.key = key;
    for (;;) {
      signal.throwIfAborted();
      if (clock.now() >= deadline) throw outOfTime('launch');
      try {
        const { isReplay, retryAfterMs } = await sendLaunch(runState, key, deps);
        // The API keeps no 5xx, and marks the answer that it kept.
        if (failures.some((one) => one.kind === 'maybe' && (one.code === 'server_error' || !isReplay)))
          addNotice(runState, { code: 'maybe_another_run', key });
        // The answer to an attempt before may have been lost, and this is its replay.
        runState.origin = isReplay && !failures.some(mayHaveStarted) ? 'picked_up' : 'started';
        return { notBefore: clock.now() + (retryAfterMs ?? 0) };
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        signal.throwIfAborted();
        const { failure } = error;
        failures.push(failure);
        if (!isSentAgain(failure, failures)) throw error;
        const pauseMs = pauseBeforeRetry(failure, failures.length, deps);
        listener.waiting(runState, pauseMs, failure);
        await (failure.code === 'rate_limited' ? clock.sleep(pauseMs, signal) : turns.pauseLaunch(pauseMs));
      }
    }
  });
}

/** Makes one attempt. The record says beforehand that it may leave a run, so that it is true at any moment. */
async function sendLaunch(runState: RunState, key: string, deps: RunDeps): Promise<Answer> {
  const { client, clock, deadline, signal, keyOfRun } = deps;
  const { runPlan } = runState;
  const openBefore = runState.openRun;
  runState.openRun = 'perhaps';
  try {
    const timeoutMs = Math.min(ATTEMPT_MS, deadline + LAUNCH_GRACE_MS - clock.now());
    const body = createLaunchBody(runPlan);
    const answer = await withGrace(clock, signal, LAUNCH_GRACE_MS, (late) =>
      client.startRun(runPlan.workflowId, key, body, timeoutMs, late),
    );
    const { runId, status, hasSecret } = answer;
    if ((keyOfRun.get(runId) ?? key) !== key) throw connectionError('run_of_other_key', { detail: runId });
    keyOfRun.set(runId, key);
    runState.runId = runId;
    runState.status = status;
    runState.openRun = 'run';
    if (hasSecret) addNotice(runState, { code: 'secret_in_answer' });
    return answer;
  } catch (error) {
    // A 401 to another order is the signal's reason, and says nothing about this launch.
    const isOver = error instanceof RequestError && error !== signal.reason;
    if (isOver && !mayHaveStarted(error.failure)) runState.openRun = openBefore;
    throw error;
  }
}

function isSentAgain({ kind }: RequestFailure, failures: readonly RequestFailure[]): boolean {
  const maybe = failures.filter((one) => one.kind === 'maybe').length;
  const unknown = failures.slice(-MAX_SENDS).filter(({ code }) => code === 'unknown_host').length;
  return (kind === 'unreached' || kind === 'maybe') && maybe < MAX_SENDS && unknown < MAX_SENDS;
}

/** @returns the pause after the n-th failure. @throws Ended there is no further attempt before the deadline */
function pauseBeforeRetry(last: RequestFailure, nth: number, { clock, deadline, random }: RunDeps): number {
  const askedMs = last.retryAfterMs ?? 0;
  const isLimited = last.code === 'rate_limited';
  const lastMs = deadline - clock.now() - LAST_ATTEMPT_MS;
  if (lastMs <= askedMs)
    throw outOfTime('launch', {
      waitedFor: isLimited ? 'tokens' : null,
      askedMs: askedMs === 0 ? null : askedMs,
      last,
    });
  const ownMs = (PAUSES_MS[Math.min(nth, PAUSES_MS.length) - 1] ?? 0) * (0.75 + 0.5 * random());
  // The API knows when it has tokens; jobs that wait for the same moment spread a little.
  const pauseMs = isLimited && askedMs > 0 ? askedMs * (1 + 0.1 * random()) + 1_000 * random() : ownMs;
  return Math.max(askedMs, Math.min(pauseMs, lastMs));
}
