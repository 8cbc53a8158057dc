/** The loop round the pace: polls a run until it ends, the time is out, or polling has no more sense. */
import type { Client } from './client.ts';
import { ApiError, ConnectionError, ResponseShapeError, type RequestError } from './errors.ts';
import type { Exchanged } from './exchange.ts';
import { OutOfTime, rateLimitDelayMs, type Failure, type RetriesLeft, type RetryContext } from './retry.ts';
import { isTerminal } from './statuses.ts';
import type { Run } from './wire.ts';

export type Polled = Exchanged<{ readonly run: Run }>;

/** A poll, and how much longer the run is polled if polls go on failing so; null: it did not fail, or was the last. */
export type PolledOnce = Polled & { readonly left: RetriesLeft | null };

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
/** A poll that took so much longer than its timeout was suspended meanwhile. */
const LATE_TIMEOUT_MS = 1_000;
const MAX_FAILED_MS = 5 * 60_000;
/** Where a run is long, its pauses are too: five minutes must hold more than one poll. */
const MAX_FAILED_PAUSE_MS = 30_000;
const CONFIRM_MS = 2_000;

/** How many polls in a row must bring the same until another would bring nothing else. */
const MAX_IN_A_ROW = { final: 1, denied: 2, no_run: 2, misrouted: 3, failed: Infinity };

type FailureKind = keyof typeof MAX_IN_A_ROW;

/** What the polls of a run brought so far. */
export interface PollState {
  /** A poll has shown the run. */
  readonly isSeen: boolean;
  /** Why the last poll failed; null: it did not, or there was none. */
  readonly lastError: RequestError | null;
  /** How the last failed poll failed, and how many in a row did so. */
  readonly kind: FailureKind;
  readonly inARow: number;
  /** Time of the failed polls since the last good one, with the pauses behind them. A 429 is no failed poll. */
  readonly failedMs: number;
  /** How many polls were answered 429 since the last good one. */
  readonly limited: number;
}

const NOTHING_FAILED = { lastError: null, kind: 'failed', inARow: 0, failedMs: 0, limited: 0 } as const;

/** What the pause before the next poll depends on. */
type PauseKind =
  /** The pacer. */
  | 'pace'
  /** The same, up to `MAX_FAILED_PAUSE_MS`. */
  | 'capped_pace'
  /** A failure that a second poll confirms. */
  | 'confirm'
  /** A 429. */
  | 'rate_limit';

/** A poll that is over. Moments are on `clock.now()`. */
export interface PollFacts extends Pick<Polling, 'deadline' | 'missingUntil'> {
  readonly polled: Polled;
  readonly now: number;
  /** A suspended machine is no failed poll: without the time beyond the timeout. */
  readonly tookMs: number;
  /** It was sent at the deadline. */
  readonly isLast: boolean;
}

export type NextPoll =
  | {
      readonly kind: 'wait';
      readonly state: PollState;
      readonly pause: PauseKind;
      /** How much longer the run is polled if the polls go on failing so; null: this one did not. */
      readonly left: RetriesLeft | null;
    }
  | { readonly kind: 'end' }
  | { readonly kind: 'fail'; readonly error: Error };

/** What follows on a poll. The pause is not yet in `failedMs`. */
export function nextPoll(state: PollState, facts: PollFacts): NextPoll {
  const { polled, isLast } = facts;
  if ('run' in polled && isTerminal(polled.run.status)) return { kind: 'end' };
  const error = 'run' in polled ? null : polled.failure.error;
  if (isLast) return { kind: 'fail', error: new OutOfTime(error, null) };
  if (error === null)
    return { kind: 'wait', state: { ...NOTHING_FAILED, isSeen: true }, pause: 'pace', left: null };
  if (error.kind !== 'limited') return afterFailure(state, error, facts);
  const limited = { ...state, lastError: error, limited: state.limited + 1 };
  return { kind: 'wait', state: limited, pause: 'rate_limit', left: { ms: facts.deadline - facts.now } };
}

function afterFailure(state: PollState, error: RequestError, facts: PollFacts): NextPoll {
  const { kind, status } = failureKindOf(error);
  const inARow = state.kind === kind ? state.inARow + 1 : 1;
  const failedMs = state.failedMs + facts.tookMs;
  const isAwaited = status === 404 && facts.now < facts.missingUntil;
  const maxInARow = kind === 'no_run' && !state.isSeen ? 1 : MAX_IN_A_ROW[kind];
  if ((!isAwaited && inARow >= maxInARow) || failedMs > MAX_FAILED_MS) return { kind: 'fail', error };
  const patienceMs = isAwaited ? facts.missingUntil - facts.now : MAX_FAILED_MS - failedMs;
  const isByTime = isAwaited || maxInARow === Infinity;
  return {
    kind: 'wait',
    state: { ...state, lastError: error, kind, inARow, failedMs },
    pause: isAwaited ? 'pace' : PAUSE_AFTER[kind],
    left: isByTime ? { ms: Math.min(facts.deadline - facts.now, patienceMs) } : { sends: maxInARow - inARow },
  };
}

const PAUSE_AFTER = {
  final: 'pace',
  denied: 'confirm',
  no_run: 'confirm',
  misrouted: 'capped_pace',
  failed: 'capped_pace',
} as const satisfies Record<FailureKind, PauseKind>;

/** The pause before the next poll, by what is known whenever it is asked. */
function pauseOf(pause: PauseKind, { limited }: PollState, polled: Polled, polling: Polling): () => number {
  const { pauseMs } = polling.pacer;
  switch (pause) {
    case 'pace':
      return pauseMs;
    case 'capped_pace':
      return () => Math.min(pauseMs(), MAX_FAILED_PAUSE_MS);
    case 'confirm':
      return () => CONFIRM_MS;
    case 'rate_limit': {
      const ms = 'failure' in polled ? rateLimitDelayMs(polled.failure, limited, polling.random()) : 0;
      return () => ms;
    }
  }
}

/** The pause behind a failed poll counts as one. */
function afterPause({ state, pause }: Extract<NextPoll, { kind: 'wait' }>, pauseMs: number): PollState {
  const isFailed = state.lastError !== null && pause !== 'rate_limit';
  return isFailed ? { ...state, failedMs: state.failedMs + pauseMs } : state;
}

/** The run, or the request for it, is none. */
const NO_RUN: readonly number[] = [400, 404, 410, 422];

/** `status` is 0 where there is none. */
function failureKindOf(error: RequestError): { readonly kind: FailureKind; readonly status: number } {
  const status = error instanceof ApiError ? error.problem.status : 0;
  const isFinal =
    error.kind === 'of_the_run' ||
    (error instanceof ConnectionError && ['tls', 'no_tls'].includes(error.fault));
  const isMisrouted =
    (status >= 300 && status < 400) || (error instanceof ResponseShapeError && error.fault === 'other_run');
  const refused = NO_RUN.includes(status) ? 'no_run' : status === 401 || status === 403 ? 'denied' : 'failed';
  return { kind: isFinal ? 'final' : isMisrouted ? 'misrouted' : refused, status };
}

/**
 * Every poll as it comes; the last one shows the run as it ended.
 * @throws StepError where polling on has no sense, OutOfTime at the deadline, or the signal's reason
 */
export async function* pollRun(polling: Polling): AsyncGenerator<PolledOnce, void, void> {
  const { client, clock, signal, deadline, runId, missingUntil, pacer } = polling;
  let state: PollState = { ...NOTHING_FAILED, isSeen: polling.isSeen };
  let { notBefore } = polling;
  let pauseMs = pacer.pauseMs;
  /** When the poll before was over, or should have been. */
  let since = clock.now();
  for (;;) {
    const { lastError } = state;
    const endTurn = await polling.takeTurn(notBefore, () => since + pauseMs()).catch(rethrowWith(lastError));
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
      since = Math.min(now, startedAt + timeoutMs);
      const tookMs = Math.min(now - startedAt, timeoutMs + LATE_TIMEOUT_MS);
      const isLast = startedAt >= deadline;
      next = nextPoll(state, { polled, now, tookMs, deadline, missingUntil, isLast });
      yield { ...polled, left: next.kind === 'wait' ? next.left : null };
    } finally {
      endTurn(failure);
    }
    if (next.kind === 'end') return;
    if (next.kind === 'fail') throw next.error;
    pacer.see(polled);
    pauseMs = pauseOf(next.pause, next.state, polled, polling);
    state = afterPause(next, pauseMs());
    notBefore = 'run' in polled ? polled.meta.retryAfterAt : clock.now() + (polled.failure.hintMs ?? 0);
  }
}

/** Whoever waits for a turn does not know why the polls before it failed. */
function rethrowWith(lastError: RequestError | null): (error: unknown) => never {
  return (error) => {
    throw error instanceof OutOfTime ? new OutOfTime(lastError, error.waitMs) : error;
  };
}

/** Where the machine was suspended beyond the deadline, there is still one poll, and time for its answer. */
function pollTimeoutMs(startedAt: number, deadline: number): number {
  const leastMs = startedAt > deadline + SUSPENDED_MS ? LAST_POLL_MS : 1;
  return Math.max(leastMs, Math.min(POLL_TIMEOUT_MS, deadline - startedAt + LAST_POLL_MS));
}
