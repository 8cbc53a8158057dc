/** The loop round the pace: polls a run until it ends, the time is out, or polling has no more sense. */
import type { Clock } from '../clock.ts';
import type { Client, Meta } from './client.ts';
import { ApiError, ConnectionError, isOfTheRun, ResponseShapeError, type RequestError } from './errors.ts';
import { OutOfTime, rateLimitDelayMs, type Failure } from './retry.ts';
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
  /** The server wants no poll before; on `clock.now()`. */
  readonly notBefore: number;
  /** Until then a 404 only means that the run has not come through yet. On `clock.now()`. */
  readonly missingUntil: number;
  readonly takeTurn: TakePoll;
  readonly pacer: Pacer;
}

/** Waits until a poll is due and may be sent, at the deadline at the latest; `dueAt` is asked anew whenever something happened. */
export type TakePoll = (
  notBefore?: number,
  dueAt?: () => number,
) => Promise<(failure: Failure | null) => void>;

export interface Pacer {
  /** Hears what each poll brought; null: it failed. */
  readonly see: (run: Run | null) => void;
  /** From the last poll, or the start, to the next, by what is known now. */
  readonly pauseMs: () => number;
}

const POLL_TIMEOUT_MS = 15_000;
/** A poll that is under way at the deadline may still bring the end. */
export const LAST_POLL_MS = 3_000;
const FAILED_POLLS_MS = 5 * 60_000;
const CONFIRM_MS = 2_000;
const IN_A_ROW = 3;

/**
 * Every poll as it comes; the last one shows the run as it ended.
 * @throws StepError where polling on has no sense, OutOfTime at the deadline, or the signal's reason
 */
export async function* pollRun(polling: Polling): AsyncGenerator<Polled, void, void> {
  const { client, clock, random, signal, deadline, runId, pacer } = polling;
  /** Of failures in a row; a usable answer starts anew. */
  let failed = noFailures;
  let limited = 0;
  let lastError: RequestError | null = null;
  let { notBefore } = polling;
  let pauseMs = pacer.pauseMs;
  /** When the poll before was over, or should have been. */
  let since = clock.now();
  for (;;) {
    const dueAt = () => since + pauseMs();
    const endTurn = await polling.takeTurn(notBefore, dueAt).catch((error: unknown) => {
      throw error instanceof OutOfTime ? new OutOfTime(lastError, error.waitMs) : error;
    });
    const startedAt = clock.now();
    const isLast = startedAt >= deadline;
    // Where the machine was suspended beyond the deadline, there is still one poll, and time for its answer.
    const leastMs = startedAt > deadline + LAST_POLL_MS ? LAST_POLL_MS : 1;
    const timeoutMs = Math.max(leastMs, Math.min(POLL_TIMEOUT_MS, deadline - startedAt + LAST_POLL_MS));
    let polled: Polled | null = null;
    try {
      polled = await client.getRun(runId, timeoutMs, signal);
      since = Math.min(clock.now(), startedAt + timeoutMs);
      signal.throwIfAborted();
      yield polled;
    } finally {
      endTurn(polled !== null && 'failure' in polled ? polled.failure : null);
    }
    lastError = 'failure' in polled ? polled.failure.error : null;
    if ('run' in polled && isTerminal(polled.run.status)) return;
    if (isLast) throw new OutOfTime(lastError, null);
    pacer.see('run' in polled ? polled.run : null);
    pauseMs = pacer.pauseMs;
    const hintMs = 'run' in polled ? polled.meta.hintMs : (polled.failure.hintMs ?? 0);
    notBefore = clock.now() + hintMs;
    if ('run' in polled) {
      failed = { ...noFailures, isAfterGood: true };
      limited = 0;
      continue;
    }
    const { failure } = polled;
    if (failure.error.fate === 'limited') {
      const delayMs = rateLimitDelayMs(failure, ++limited, random());
      pauseMs = () => delayMs;
      continue;
    }
    failed = count(failed, failure.error);
    const isAwaited = statusOf(failure.error) === 404 && clock.now() < polling.missingUntil;
    if (isFinal(failure.error, failed, isAwaited)) throw failure.error;
    if (failed.refused > 0 && !isAwaited) pauseMs = () => CONFIRM_MS;
    // A suspended machine, or a pause that the server asked for, is not a failed poll.
    failed = { ...failed, ms: failed.ms + Math.min(clock.now() - startedAt, timeoutMs + 1_000) + pauseMs() };
    if (failed.ms > FAILED_POLLS_MS) throw failure.error;
  }
}

interface Failures {
  /** A good poll came before. */
  readonly isAfterGood: boolean;
  readonly ms: number;
  readonly refused: number;
  readonly astray: number;
}

const noFailures: Failures = { isAfterGood: false, ms: 0, refused: 0, astray: 0 };

function statusOf(error: RequestError): number {
  return error instanceof ApiError ? error.problem.status : 0;
}

const CREDENTIAL: readonly number[] = [401, 403];
/** The run, or the request for it, is none. */
const NO_RUN: readonly number[] = [400, 404, 410, 422];

function count(failed: Failures, error: RequestError): Failures {
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
function isFinal(error: RequestError, failed: Failures, isAwaited: boolean): boolean {
  if (isOfTheRun(error) || (error instanceof ConnectionError && error.fault === 'tls')) return true;
  if (isAwaited) return false;
  const isFirst = NO_RUN.includes(statusOf(error)) && !failed.isAfterGood;
  return isFirst || failed.refused > 1 || failed.astray >= IN_A_ROW;
}
