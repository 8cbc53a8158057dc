/** Polls a run until it ends, the deadline passes, or further polls are useless. */
import type { Client } from './client.ts';
import { ApiError, ConnectionError, ResponseShapeError, type RequestError } from './errors.ts';
import type { Exchanged } from './exchange.ts';
import { OutOfTime, rateLimitDelayMs, type Failure, type RetriesLeft, type RetryOptions } from './retry.ts';
import { isTerminal } from './statuses.ts';
import type { Run } from './wire.ts';

export type Polled = Exchanged<{ readonly run: Run }>;

/** A poll, and for how much longer the run is polled while polls fail like this; null: it did not fail, or was the last. */
export type PolledOnce = Polled & { readonly left: RetriesLeft | null };

export interface PollOptions extends Omit<RetryOptions, 'onFailure'> {
  readonly client: Client;
  readonly runId: string;
  /** The earliest moment for the first poll, as the server asked; on `clock.now()`. */
  readonly notBefore: number;
  /** Before this moment, a 404 means that the run is not visible yet. On `clock.now()`. */
  readonly missingUntil: number;
  /** An earlier poll has shown the run. */
  readonly isSeen: boolean;
  readonly pacer: Pacer;
}

export interface Pacer {
  /** Learns from the result of a poll. */
  readonly observe: (polled: Polled) => void;
  /** Pause between the last poll (or the start) and the next, by what is known now. */
  readonly pauseMs: () => number;
}

const POLL_TIMEOUT_MS = 15_000;
/** Extra time for a poll that is in flight at the deadline: it may still show the end. */
export const LAST_POLL_MS = 3_000;
/** Later than this after the deadline, the machine must have been suspended: an unanswered last poll ends earlier. */
export const MACHINE_SUSPENDED_MS = LAST_POLL_MS + 1_000;
/** A poll that exceeds its timeout by more than this was suspended with the machine. */
const TIMEOUT_TOLERANCE_MS = 1_000;
const MAX_FAILED_MS = 5 * 60_000;
/** Caps the long pauses of a long run, so that `MAX_FAILED_MS` allows more than one failed poll. */
const MAX_FAILED_PAUSE_MS = 30_000;
const CONFIRM_FAILURE_MS = 2_000;

/** After this many equal failures in a row, polling ends. */
const MAX_CONSECUTIVE = { final: 1, denied: 2, no_run: 2, misrouted: 3, failed: Infinity };

type PollFailureKind = keyof typeof MAX_CONSECUTIVE;

/** The state of the loop after the polls so far. */
export interface PollState {
  /** A poll has shown the run. */
  readonly isSeen: boolean;
  /** Error of the last poll; null: it succeeded, or there was no poll yet. */
  readonly lastError: RequestError | null;
  /** How the last failed poll failed. */
  readonly kind: PollFailureKind;
  /** Number of failures of this kind in a row. */
  readonly inARow: number;
  /** Duration of the failed polls since the last good one, with the pauses after them. A 429 does not count as failed. */
  readonly failedMs: number;
  /** Number of polls answered with 429 since the last good one. */
  readonly limited: number;
}

const NO_FAILURES = { lastError: null, kind: 'failed', inARow: 0, failedMs: 0, limited: 0 } as const;

/** What decides the pause before the next poll. */
type PauseKind =
  /** The pacer. */
  | 'pace'
  /** The pacer, up to `MAX_FAILED_PAUSE_MS`. */
  | 'capped_pace'
  /** A fixed short pause: a second poll confirms the failure. */
  | 'confirm'
  /** The hint of a 429. */
  | 'rate_limit';

/** A finished poll. Moments are on `clock.now()`. */
export interface FinishedPoll extends Pick<PollOptions, 'deadline' | 'missingUntil'> {
  readonly polled: Polled;
  readonly now: number;
  /** Excludes time beyond the timeout, in which the machine was suspended. */
  readonly tookMs: number;
  /** The poll was sent at the deadline. */
  readonly isLast: boolean;
}

export type NextPoll =
  | {
      readonly kind: 'wait';
      readonly state: PollState;
      readonly pause: PauseKind;
      /** For how much longer the run is polled while polls fail like this; null: this poll succeeded. */
      readonly left: RetriesLeft | null;
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'fail'; readonly error: Error };

/** Decides what follows a poll. `addPause` adds the pause to `failedMs` later. */
export function decideNextPoll(state: PollState, facts: FinishedPoll): NextPoll {
  const { polled, isLast } = facts;
  if ('run' in polled && isTerminal(polled.run.status)) return { kind: 'end' };
  const error = 'run' in polled ? null : polled.failure.error;
  if (isLast) return { kind: 'fail', error: new OutOfTime(error, null) };
  if (error === null)
    return { kind: 'wait', state: { ...NO_FAILURES, isSeen: true }, pause: 'pace', left: null };
  if (error.kind !== 'limited') return decideAfterFailure(state, error, facts);
  const limited = { ...state, lastError: error, limited: state.limited + 1 };
  return { kind: 'wait', state: limited, pause: 'rate_limit', left: { ms: facts.deadline - facts.now } };
}

/** Decides what follows a failed poll, except for a 429: ends polling after too many equal failures, or after too long. */
function decideAfterFailure(state: PollState, error: RequestError, facts: FinishedPoll): NextPoll {
  const { kind, status } = classifyPollError(error);
  const inARow = state.kind === kind ? state.inARow + 1 : 1;
  const failedMs = state.failedMs + facts.tookMs;
  const isAwaited = status === 404 && facts.now < facts.missingUntil;
  const maxInARow = kind === 'no_run' && !state.isSeen ? 1 : MAX_CONSECUTIVE[kind];
  if ((!isAwaited && inARow >= maxInARow) || failedMs > MAX_FAILED_MS) return { kind: 'fail', error };
  const failureTimeLeftMs = isAwaited ? facts.missingUntil - facts.now : MAX_FAILED_MS - failedMs;
  const isByTime = isAwaited || maxInARow === Infinity;
  return {
    kind: 'wait',
    state: { ...state, lastError: error, kind, inARow, failedMs },
    pause: isAwaited ? 'pace' : PAUSE_AFTER[kind],
    left: isByTime
      ? { ms: Math.min(facts.deadline - facts.now, failureTimeLeftMs) }
      : { sends: maxInARow - inARow },
  };
}

const PAUSE_AFTER = {
  final: 'pace',
  denied: 'confirm',
  no_run: 'confirm',
  misrouted: 'capped_pace',
  failed: 'capped_pace',
} as const satisfies Record<PollFailureKind, PauseKind>;

/** Returns a function that computes the pause before the next poll, since the pacer's answer changes with time. */
function choosePause(
  pause: PauseKind,
  { limited }: PollState,
  polled: Polled,
  polling: PollOptions,
): () => number {
  const { pauseMs } = polling.pacer;
  switch (pause) {
    case 'pace':
      return pauseMs;
    case 'capped_pace':
      return () => Math.min(pauseMs(), MAX_FAILED_PAUSE_MS);
    case 'confirm':
      return () => CONFIRM_FAILURE_MS;
    case 'rate_limit': {
      const ms = 'failure' in polled ? rateLimitDelayMs(polled.failure, limited, polling.random()) : 0;
      return () => ms;
    }
  }
}

/** Adds the pause after a failed poll to `failedMs`. */
function addPause({ state, pause }: Extract<NextPoll, { kind: 'wait' }>, pauseMs: number): PollState {
  const isFailed = state.lastError !== null && pause !== 'rate_limit';
  return isFailed ? { ...state, failedMs: state.failedMs + pauseMs } : state;
}

/** Statuses which say that the run does not exist or that its ID is invalid. */
const NO_RUN_STATUSES: readonly number[] = [400, 404, 410, 422];

/** Returns how a poll failed. `status` is 0 for an error without an HTTP status. */
function classifyPollError(error: RequestError): { readonly kind: PollFailureKind; readonly status: number } {
  const status = error instanceof ApiError ? error.problem.status : 0;
  const isFinal =
    error.kind === 'of_the_run' ||
    (error instanceof ConnectionError && ['tls', 'no_tls'].includes(error.fault));
  const isMisrouted =
    (status >= 300 && status < 400) || (error instanceof ResponseShapeError && error.fault === 'other_run');
  const byStatus = NO_RUN_STATUSES.includes(status)
    ? 'no_run'
    : status === 401 || status === 403
      ? 'denied'
      : 'failed';
  return { kind: isFinal ? 'final' : isMisrouted ? 'misrouted' : byStatus, status };
}

/**
 * Yields every poll as it finishes; the last one shows the ended run. The turn ends only when the consumer requests the next
 * poll, so that it can react to a poll before another request of the step is sent.
 * @throws StepError if further polls are useless, OutOfTime at the deadline, or the signal's reason
 */
export async function* pollRun(polling: PollOptions): AsyncGenerator<PolledOnce, void, void> {
  const { client, clock, signal, deadline, runId, missingUntil, pacer } = polling;
  let state: PollState = { ...NO_FAILURES, isSeen: polling.isSeen };
  let { notBefore } = polling;
  let pauseMs = pacer.pauseMs;
  /** When the previous poll ended, or should have ended. */
  let previousEndedAt = clock.now();
  for (;;) {
    const { lastError } = state;
    const endTurn = await polling
      .takeTurn(notBefore, () => previousEndedAt + pauseMs())
      .catch(rethrowWith(lastError));
    const startedAt = clock.now();
    const timeoutMs = pollTimeoutMs(startedAt, deadline);
    let failure: Failure | null = null;
    let polled: Polled;
    let next: NextPoll;
    try {
      polled = await client.getRun(runId, timeoutMs, signal);
      if ('failure' in polled) ({ failure } = polled);
      signal.throwIfAborted();
      const now = clock.now();
      previousEndedAt = Math.min(now, startedAt + timeoutMs);
      const tookMs = Math.min(now - startedAt, timeoutMs + TIMEOUT_TOLERANCE_MS);
      const isLast = startedAt >= deadline;
      next = decideNextPoll(state, { polled, now, tookMs, deadline, missingUntil, isLast });
      yield { ...polled, left: next.kind === 'wait' ? next.left : null };
    } finally {
      endTurn(failure);
    }
    if (next.kind === 'end') return;
    if (next.kind === 'fail') throw next.error;
    pacer.observe(polled);
    pauseMs = choosePause(next.pause, next.state, polled, polling);
    state = addPause(next, pauseMs());
    notBefore = 'run' in polled ? polled.meta.retryAfterAt : clock.now() + (polled.failure.hintMs ?? 0);
  }
}

/** Returns a handler that adds the last poll's error to an OutOfTime from the queue, which does not know it. */
function rethrowWith(lastError: RequestError | null): (error: unknown) => never {
  return (error) => {
    throw error instanceof OutOfTime ? new OutOfTime(lastError, error.waitMs) : error;
  };
}

/** Returns the time limit of a poll. After a suspension beyond the deadline, one last poll still gets time for its answer. */
function pollTimeoutMs(startedAt: number, deadline: number): number {
  const minMs = startedAt > deadline + MACHINE_SUSPENDED_MS ? LAST_POLL_MS : 1;
  return Math.max(minMs, Math.min(POLL_TIMEOUT_MS, deadline - startedAt + LAST_POLL_MS));
}
