/** The loop round the pace: polls a run until it ends, the time is out, or polling has no more sense. */
import type { Clock } from '../clock.ts';
import type { Client, Meta } from './client.ts';
import { ApiError, ConnectionError, isOfTheRun, ResponseShapeError } from './errors.ts';
import type { StepError } from '../step-error.ts';
import { isRateLimited, OutOfTime, rateLimitDelayMs, type Failure, type TakeTurn } from './retry.ts';
import { isTerminal, type Run } from './wire.ts';

/** A usable answer, or why there is none. */
export type Polled = { readonly run: Run; readonly meta: Meta } | { readonly failure: Failure };

export interface Polling {
  readonly client: Client;
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly runId: string;
  readonly firstPollMs: number;
  /** The server wants no poll before; on `clock.now()`. */
  readonly notBefore: number;
  /** Until then a 404 only means that the run has not come through yet. On `clock.now()`. */
  readonly missingUntil: number;
  /** Waits until the poll may be sent, where others share the bucket; at the deadline at the latest. */
  readonly takeTurn?: TakeTurn;
  /** The pause to the next poll, in ms, by what the last one brought; null: it failed. */
  readonly nextPauseMs: (run: Run | null) => number;
}

const POLL_TIMEOUT_MS = 15_000;
/** A poll that is under way at the deadline may still bring the end. */
const LAST_POLL_MS = 3_000;
const FAILED_POLLS_MS = 5 * 60_000;
const CONFIRM_MS = 2_000;
const IN_A_ROW = 3;

/**
 * Every poll as it comes; the last one shows the run as it ended.
 * @throws StepError where polling on has no sense, OutOfTime at the deadline, or the signal's reason
 */
export async function* pollRun(polling: Polling): AsyncGenerator<Polled, void, void> {
  const { client, clock, random, signal, deadline, runId, nextPauseMs } = polling;
  /** Of failures in a row; a usable answer starts anew. */
  let failed = noFailures;
  let limited = 0;
  let pauseMs = polling.firstPollMs;
  /** When the poll before was over, or should have been. */
  let since = clock.now();
  const askedMs = polling.notBefore - since;
  if (askedMs > 0) {
    if (since + askedMs > deadline) throw await hintBeyond(polling, null, askedMs);
    pauseMs = Math.max(pauseMs, askedMs);
  }
  for (;;) {
    const sleepMs = Math.max(0, Math.min(pauseMs, deadline - clock.now()));
    const dueAt = since + sleepMs;
    await clock.sleep(sleepMs, signal);
    const endTurn = await polling.takeTurn?.();
    const startedAt = clock.now();
    const isLast = startedAt >= deadline;
    // Where the machine was suspended beyond the deadline, there is still one poll, and time for its answer.
    const leastMs = startedAt - dueAt > LAST_POLL_MS ? LAST_POLL_MS : 1;
    const timeoutMs = Math.max(leastMs, Math.min(POLL_TIMEOUT_MS, deadline - startedAt + LAST_POLL_MS));
    let polled: Polled | null = null;
    try {
      polled = await client.getRun(runId, timeoutMs, signal);
    } finally {
      endTurn?.(polled !== null && 'failure' in polled ? polled.failure : null);
    }
    since = Math.min(clock.now(), startedAt + timeoutMs);
    signal.throwIfAborted();
    yield polled;
    if ('run' in polled) {
      failed = { ...noFailures, isAfterGood: true };
      limited = 0;
      if (isTerminal(polled.run.status)) return;
      if (isLast) throw new OutOfTime(null, null);
      const at = clock.now();
      const ownMs = nextPauseMs(polled.run);
      const { hintMs } = polled.meta;
      if (at + hintMs > deadline && hintMs > 0) throw await hintBeyond(polling, null, hintMs);
      pauseMs = Math.max(hintMs, ownMs);
      continue;
    }
    const { failure } = polled;
    if (isLast) throw new OutOfTime(failure.error, null);
    const { error, hintMs } = failure;
    if (isRateLimited(error)) {
      limited++;
      pauseMs = rateLimitDelayMs(failure, limited, random());
    } else {
      failed = count(failed, error);
      const isAwaited = statusOf(error) === 404 && clock.now() < polling.missingUntil;
      if (isFinal(error, failed, isAwaited)) throw error;
      const ownMs = failed.refused > 0 && !isAwaited ? CONFIRM_MS : nextPauseMs(null);
      pauseMs = Math.max(hintMs ?? 0, ownMs);
      // A suspended machine, or a pause that the server asked for, is not a failed poll.
      failed = {
        ...failed,
        ms: failed.ms + Math.min(clock.now() - startedAt, timeoutMs + 1_000) + Math.min(pauseMs, ownMs),
      };
      if (failed.ms > FAILED_POLLS_MS) throw error;
    }
    if (hintMs !== null && clock.now() + hintMs > deadline) throw await hintBeyond(polling, error, hintMs);
    if (hintMs !== null) pauseMs = Math.max(pauseMs, hintMs);
  }
}

/** Nothing is sent before the server's hint has passed, so there will be no poll at the deadline either. */
async function hintBeyond(
  { clock, deadline, signal }: Polling,
  last: StepError | null,
  hintMs: number,
): Promise<OutOfTime> {
  await clock.sleep(Math.max(0, deadline - clock.now()), signal);
  return new OutOfTime(last, hintMs);
}
interface Failures {
  /** A good poll came before. */
  readonly isAfterGood: boolean;
  readonly ms: number;
  readonly refused: number;
  readonly astray: number;
}

const noFailures: Failures = { isAfterGood: false, ms: 0, refused: 0, astray: 0 };

function statusOf(error: StepError): number {
  return error instanceof ApiError ? error.problem.status : 0;
}

const CREDENTIAL: readonly number[] = [401, 403];
/** The run, or the request for it, is none. */
const NO_RUN: readonly number[] = [400, 404, 410, 422];

function count(failed: Failures, error: StepError): Failures {
  const status = statusOf(error);
  const isAstray =
    (status >= 300 && status < 400) || (error instanceof ResponseShapeError && error.fault === 'other_run');
  return {
    ...failed,
    refused: CREDENTIAL.includes(status) || NO_RUN.includes(status) ? failed.refused + 1 : 0,
    astray: isAstray ? failed.astray + 1 : 0,
  };
}

/**
 * Would another poll bring anything else?
 * @param isAwaited the run may not have come through yet
 */
function isFinal(error: StepError, failed: Failures, isAwaited: boolean): boolean {
  if (isOfTheRun(error) || (error instanceof ConnectionError && error.fault === 'tls')) return true;
  if (isAwaited) return false;
  const isFirst = NO_RUN.includes(statusOf(error)) && !failed.isAfterGood;
  return isFirst || failed.refused > 1 || failed.astray >= IN_A_ROW;
}
