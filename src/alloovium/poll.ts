/** The loop round the pace: polls a run until it ends, the time is out, or polling has no more sense. */
import type { Client } from './client.ts';
import { ApiError, ConnectionError, ResponseShapeError, type RequestError } from './errors.ts';
import type { Exchanged } from './exchange.ts';
import { OutOfTime, rateLimitDelayMs, type Failure, type RetryContext } from './retry.ts';
import { isTerminal, type Run } from './wire.ts';

export type Polled = Exchanged<{ readonly run: Run }>;

export interface Polling extends Omit<RetryContext, 'onFailure'> {
  readonly client: Client;
  readonly runId: string;
  /** The server wants no poll before; on `clock.now()`. */
  readonly notBefore: number;
  /** Until then a 404 only means that the run has not come through yet. On `clock.now()`. */
  readonly missingUntil: number;
  /** A poll has shown it before. */
  readonly isSeen: boolean;
  readonly pacer: Pacer;
}

export interface Pacer {
  /** Hears what each poll brought. */
  readonly see: (polled: Polled) => void;
  /** From the last poll, or the start, to the next, by what is known now. */
  readonly pauseMs: () => number;
}

const POLL_TIMEOUT_MS = 15_000;
/** A poll that is under way at the deadline may still bring the end. */
export const LAST_POLL_MS = 3_000;
/** Who comes so long after the deadline was suspended; a last poll that nobody answered ends before. */
export const SUSPENDED_MS = LAST_POLL_MS + 1_000;
const FAILED_POLLS_MS = 5 * 60_000;
/** Where a run is long, its pauses are too: five minutes must hold more than one poll. */
const FAILED_PAUSE_MS = 30_000;
const CONFIRM_MS = 2_000;

/**
 * Every poll as it comes; the last one shows the run as it ended.
 * @throws StepError where polling on has no sense, OutOfTime at the deadline, or the signal's reason
 */
export async function* pollRun(polling: Polling): AsyncGenerator<Polled, void, void> {
  const { client, clock, random, signal, deadline, runId, pacer } = polling;
  /** Of failed polls since the last good one. */
  let failed = noFailures;
  let lastError: RequestError | null = null;
  let { notBefore, isSeen } = polling;
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
    const leastMs = startedAt > deadline + SUSPENDED_MS ? LAST_POLL_MS : 1;
    const timeoutMs = Math.max(leastMs, Math.min(POLL_TIMEOUT_MS, deadline - startedAt + LAST_POLL_MS));
    let polled: Polled;
    let failure: Failure | null = null;
    try {
      polled = await client.getRun(runId, timeoutMs, signal);
      if ('failure' in polled) ({ failure } = polled);
      since = Math.min(clock.now(), startedAt + timeoutMs);
      signal.throwIfAborted();
      yield polled;
    } finally {
      endTurn(failure);
    }
    if ('run' in polled && isTerminal(polled.run.status)) return;
    lastError = failure?.error ?? null;
    if (isLast) throw new OutOfTime(lastError, null);
    pacer.see(polled);
    pauseMs = pacer.pauseMs;
    notBefore = 'run' in polled ? polled.meta.freeAt : clock.now() + (polled.failure.hintMs ?? 0);
    if (failure === null) {
      isSeen = true;
      failed = noFailures;
      continue;
    }
    const { error } = failure;
    if (error.fate === 'limited') {
      failed = { ...failed, limited: failed.limited + 1 };
      const delayMs = rateLimitDelayMs(failure, failed.limited, random());
      pauseMs = () => delayMs;
      continue;
    }
    const { kind, status } = failureKindOf(error);
    const inARow = failed.kind === kind ? failed.inARow + 1 : 1;
    const isAwaited = status === 404 && clock.now() < polling.missingUntil;
    const most = kind === 'no_run' && !isSeen ? 1 : MOST_IN_A_ROW[kind];
    if (!isAwaited && inARow >= most) throw error;
    if ((kind === 'denied' || kind === 'no_run') && !isAwaited) pauseMs = () => CONFIRM_MS;
    else if (kind === 'failed' || kind === 'astray')
      pauseMs = () => Math.min(pacer.pauseMs(), FAILED_PAUSE_MS);
    // A suspended machine, or a pause that the server asked for, is not a failed poll.
    const ms = failed.ms + Math.min(clock.now() - startedAt, timeoutMs + 1_000);
    if (ms > FAILED_POLLS_MS) throw error;
    failed = { ...failed, kind, inARow, ms: ms + pauseMs() };
  }
}

/** How often the same must come before another poll would bring nothing else. */
const MOST_IN_A_ROW = { final: 1, denied: 2, no_run: 2, astray: 3, failed: Infinity };

type FailureKind = keyof typeof MOST_IN_A_ROW;

const noFailures = { kind: 'failed' as FailureKind, inARow: 0, ms: 0, limited: 0 };

/** The run, or the request for it, is none. */
const NO_RUN: readonly number[] = [400, 404, 410, 422];

/** `status` is 0 where there is none. */
function failureKindOf(error: RequestError): { readonly kind: FailureKind; readonly status: number } {
  const status = error instanceof ApiError ? error.problem.status : 0;
  const isFinal =
    error.fate === 'of_the_run' ||
    (error instanceof ConnectionError && ['tls', 'no_tls'].includes(error.fault));
  const isAstray =
    (status >= 300 && status < 400) || (error instanceof ResponseShapeError && error.fault === 'other_run');
  const refused = NO_RUN.includes(status) ? 'no_run' : status === 401 || status === 403 ? 'denied' : 'failed';
  return { kind: isFinal ? 'final' : isAstray ? 'astray' : refused, status };
}
