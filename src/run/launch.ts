/** Starts a run under one idempotency key: the API starts one run for it, however often the request is sent. */
import type { Answer } from '../api/client.ts';
import { connectionError, isUnkept, mayHaveStarted, RequestError } from '../api/errors.ts';
import { withGrace } from '../clock.ts';
import { outOfTime } from '../outcome.ts';
import { createLaunchBody } from './keys.ts';
import { capRetryAfter, decideRetry, type FailedAttempt } from './retry-policy.ts';
import { addNotice, type RunDeps, type RunState } from './run-state.ts';

const ATTEMPT_MS = 30_000;
/** An attempt under way at the deadline, or at a signal, gets this long to learn the run's ID. */
const LAUNCH_GRACE_MS = 2_000;

/**
 * Gives the run state the run of the key: `picked_up` if the answer was a replay.
 * @returns the earliest time of the next request, on `clock.now()`
 * @throws RequestError, Ended, or the signal's reason
 */
export async function launch(runState: RunState, key: string, deps: RunDeps) {
  const { clock, signal, deadline, turns, listener, random } = deps;
  return turns.takeLaunch(async () => {
    const attempts: FailedAttempt[] = [];
    runState.key = key;
    for (;;) {
      signal.throwIfAborted();
      if (clock.now() >= deadline) throw outOfTime('launch');
      try {
        const { isReplay, retryAfterMs } = await sendLaunch(runState, key, deps);
        if (attempts.some(({ failure }) => failure.kind === 'maybe' && (isUnkept(failure) || !isReplay)))
          addNotice(runState, { code: 'maybe_another_run', key });
        runState.origin = isReplay ? 'picked_up' : 'started';
        return { notBefore: clock.now() + capRetryAfter(retryAfterMs) };
      } catch (error) {
        if (!(error instanceof RequestError)) throw error;
        signal.throwIfAborted();
        const { failure } = error;
        const last = { failure, at: clock.now() };
        attempts.push(last);
        const leftMs = deadline - clock.now();
        const decision = decideRetry('start', last, attempts, leftMs, random);
        listener.decided(runState, failure, decision);
        const { reason } = decision;
        if (reason === 'deadline') throw outOfTime('launch', { last: failure, leftMs });
        if (!decision.retry) throw error;
        const { afterMs } = decision;
        await (reason === 'no_tokens' ? clock.sleep(afterMs, signal) : turns.pauseLaunch(afterMs));
      }
    }
  });
}

/** Makes one attempt. The run state says beforehand that it may leave a run, so that it is true at any moment. */
async function sendLaunch(runState: RunState, key: string, deps: RunDeps): Promise<Answer> {
  const { client, clock, deadline, signal, keyOfRun } = deps;
  const { runPlan } = runState;
  const openBefore = runState.openRun;
  if (openBefore === 'nothing') runState.openRun = 'perhaps';
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
    // A 401 to another run is the signal's reason, and says nothing about this request.
    const isOver = error instanceof RequestError && error !== signal.reason;
    if (isOver && !mayHaveStarted(error.failure)) runState.openRun = openBefore;
    if (isOver && isUnkept(error.failure)) runState.openRun = 'unkept';
    throw error;
  }
}
