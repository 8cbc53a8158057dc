/** Whether to send a request again, and when. Pure but for the one loop at the end, which is handed its clock. */
import type { Clock } from '../clock.ts';
import { StepError } from '../step-error.ts';
import { duration } from '../text/words.ts';
import type { FailureKind, RequestError } from './errors.ts';
import { COST, payableInMs, type BucketState } from './bucket.ts';

/** A failed attempt, and what its answer says about the next. */
export interface Failure {
  readonly error: RequestError;
  /** The server's word: not before this many ms from now. null: it gave none. */
  readonly hintMs: number | null;
  /** All that is known of the bucket by then. */
  readonly bucketState: BucketState;
  /** Tokens that the call costs. */
  readonly cost: number;
  /** A secret was replaced in the answer. */
  readonly redacted: boolean;
}

/** Could the API have made a run although the launch failed so? */
export function mayHaveStarted({ kind }: Pick<RequestError, 'kind'>): boolean {
  return !['refused', 'unreached', 'dns_not_found', 'limited'].includes(kind);
}

/** What each attempt under one key came to, in order, and how long it took with the pause behind it. */
export type Attempts = readonly { readonly kind: FailureKind; readonly ms: number }[];

function times(attempts: Attempts, ...kinds: readonly FailureKind[]): number {
  return attempts.filter(({ kind }) => kinds.includes(kind)).length;
}

/** A gateway's answers do not count. */
const COUNTED: readonly FailureKind[] = ['ambiguous', 'unreadable'];

export const LAUNCH = {
  /** Longer than the API's 60 s lock, so that the answer of a slow launch still counts. */
  attemptMs: 75_000,
  /**
   * The API may have accepted a counted attempt, and it keeps only 2xx answers for replay: each may be another run. The
   * pauses behind all but the last one outlive a load balancer that drains for half a minute.
   */
  countedPausesMs: [2_000, 5_000, 15_000, 30_000],
  maxUnreadable: 3,
  /** A typo in `api_url` must not cost fifteen minutes. */
  dnsNotFoundMs: 60_000,
  /** From the first attempt to the last under one key: the API forgets keys after 24 hours. */
  forMs: 20 * 60 * 60_000,
} as const;

/** The share by which a counted attempt's pause varies in both directions, so that siblings do not come back together. */
const PAUSE_JITTER = 0.25;

/** So long before the deadline the last attempt may leave. */
const LAST_ATTEMPT_MS = 1_000;

/** How much longer a request that failed is sent again: for so long, or so many times. */
export type RetriesLeft = { readonly ms: number } | { readonly sends: number };

/** The pause before the next attempt, and how many more there may be. */
export interface Retry {
  readonly delayMs: number;
  readonly left: RetriesLeft;
}

/** `end`: why there is no other attempt. */
export type Next =
  (Retry & { readonly attempts: Attempts }) | { readonly end: 'final' | 'used_up' | 'deadline' };

/** Longest wait that a timer and every deadline of ours can hold; a hint beyond it is as good as never. */
const LONGEST_HINT_MS = 2 ** 31 - 1;

/** After a failed launch (or list of workflows), which took `attemptMs`: send the same again? `remainingMs`: until the deadline; `random` in [0, 1). */
export function nextAttempt(
  failure: Failure,
  before: Attempts,
  attemptMs: number,
  remainingMs: number,
  random: number,
): Next {
  const { kind } = failure.error;
  const attempts = [...before, { kind, ms: attemptMs }];
  if (kind === 'refused' || kind === 'ambiguous_final' || kind === 'of_the_run') return { end: 'final' };
  if (remainingMs <= 0) return { end: 'deadline' };
  const notFound = attempts.slice(attempts.findLastIndex((one) => one.kind !== 'dns_not_found') + 1);
  const dnsNotFoundMs = LAUNCH.dnsNotFoundMs - notFound.reduce((sum, { ms }) => sum + ms, 0);
  const unreadableLeft = LAUNCH.maxUnreadable - times(attempts, 'unreadable');
  const countedLeft = LAUNCH.countedPausesMs.length + 1 - times(attempts, ...COUNTED);
  if (unreadableLeft <= 0 || dnsNotFoundMs <= 0) return { end: 'final' };
  if (countedLeft <= 0) return { end: 'used_up' };
  const askedMs = failure.hintMs ?? 0;
  // Our own pauses are cut so that the last attempt leaves before the time is over; the server's are not.
  const latestMs = remainingMs - LAST_ATTEMPT_MS;
  if (latestMs <= askedMs) return { end: 'deadline' };
  const mostMs = kind === 'dns_not_found' ? Math.min(latestMs, dnsNotFoundMs) : latestMs;
  const delayMs = Math.ceil(Math.max(askedMs, Math.min(backoffMs(failure, attempts, random), mostMs)));
  const sends = kind === 'unreadable' ? Math.min(countedLeft, unreadableLeft) : countedLeft;
  const retryMs = kind === 'dns_not_found' ? Math.min(remainingMs, dnsNotFoundMs) : remainingMs;
  return {
    attempts: [...before, { kind, ms: attemptMs + delayMs }],
    delayMs,
    left: COUNTED.includes(kind) ? { sends } : { ms: retryMs },
  };
}

function backoffMs(failure: Failure, attempts: Attempts, random: number): number {
  const { kind } = failure.error;
  const nth = times(attempts, kind);
  if (kind === 'limited') return rateLimitDelayMs(failure, nth, random);
  // The first hint is taken at its word; a short one said again and again does not mean what it says.
  if (kind === 'locked')
    return nth === 1 && failure.hintMs !== null ? 0 : Math.min(60_000, 5_000 * 2 ** (nth - 1));
  if (COUNTED.includes(kind)) {
    const pauseMs = LAUNCH.countedPausesMs[times(attempts, ...COUNTED) - 1] ?? 0;
    return pauseMs * (1 - PAUSE_JITTER + 2 * PAUSE_JITTER * random);
  }
  // Full jitter, 1 → 30 s.
  return (
    random * Math.min(30_000, 1_000 * 2 ** (times(attempts, 'unreached', 'dns_not_found', 'gateway') - 1))
  );
}

const SPREAD = {
  /** Of the hint. */
  share: 0.25,
  ms: 1_000,
  /** From this refusal of a launch on, other jobs probably wait too. */
  from: 3,
  /** They then spread over the time in which this share of the bucket comes in, less one launch: only a large bucket gives a longer one. */
  ofBucket: 0.2,
  maxMs: 30_000,
} as const;

/**
 * After a 429: never before the hint, and so soon behind it that few tokens lie idle.
 * @param nth which 429, from 1
 */
export function rateLimitDelayMs(
  { hintMs, bucketState, cost }: Failure,
  nth: number,
  random: number,
): number {
  const refillMs = payableInMs(bucketState, cost, bucketState.last?.at ?? 0);
  const minMs = hintMs ?? (refillMs || Math.min(60_000, 2_000 * 2 ** (nth - 1)));
  return minMs + random * Math.max(minMs * SPREAD.share + SPREAD.ms, laterSpreadMs(bucketState, cost, nth));
}

function laterSpreadMs({ last, refill }: BucketState, cost: number, nth: number): number {
  if (nth < SPREAD.from || cost < COST.launch || last === null || refill === 0) return 0;
  return Math.min(SPREAD.maxMs, (SPREAD.ofBucket * last.limit - cost) / refill);
}

const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const HH_MM_SS = String.raw`\d\d:\d\d:\d\d`;
/** IMF-fixdate and RFC 850. The third form, asctime, names no zone. */
const ZONED = `(?:, \\d\\d ${MONTH} \\d{4}|[a-z]*, \\d\\d-${MONTH}-\\d\\d) ${HH_MM_SS} GMT`;
const HTTP_DATE = new RegExp(`^${WEEKDAY}(?:${ZONED}| ${MONTH} [ \\d]\\d ${HH_MM_SS} \\d{4})$`);
/** A doubled header arrives as `5, 60`. Most dates have a comma of their own. */
const HINTS = new RegExp(`\\s*(?:${WEEKDAY}[a-z]*, )?[^,]+`, 'g');
const SECONDS = /^\d+(\.\d+)?(e\d{1,3})?$/i;

/**
 * The server's word on when to come back, in ms from now: the latest of `Retry-After` (RFC 9110: seconds or one
 * of three date formats) and the body's `retry_after_seconds`; null where neither makes sense.
 * @param serverNowMs what the server's clock says, ms since 1970: dates are its own
 */
export function hintMs(retryAfter: string, bodySeconds: number | null, serverNowMs: number): number | null {
  const inBody = bodySeconds !== null && bodySeconds >= 0 ? [bodySeconds * 1000] : [];
  const inHeader = [...retryAfter.matchAll(HINTS)].flatMap(([hint]) => {
    const text = hint.trim();
    if (SECONDS.test(text)) return Number(text) * 1000;
    const date = httpDateMs(text);
    return date === null ? [] : date - serverNowMs;
  });
  const hints = [...inBody, ...inHeader];
  return hints.length === 0 ? null : Math.ceil(Math.min(LONGEST_HINT_MS, Math.max(0, ...hints)));
}

/** ms since 1970 of an HTTP date (RFC 9110, 5.6.7), or null. */
export function httpDateMs(text: string): number | null {
  const ms = HTTP_DATE.test(text) ? Date.parse(text.replace(/(?<! GMT)$/, ' GMT')) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** The deadline came first. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
  readonly last: RequestError | null;
  /** The server's wait that would have gone beyond the deadline, or null. */
  readonly waitMs: number | null;
  /** It was waiting for tokens. */
  readonly isQueueing: boolean;
  constructor(last: RequestError | null, waitMs: number | null, isQueueing = false) {
    super('the time ran out');
    this.last = last;
    this.waitMs = waitMs;
    this.isQueueing = isQueueing || last?.kind === 'limited';
  }
}

export interface RetryContext {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted when the runner stops the step or something crashed. */
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  /** Called after every failed attempt, with what is known of the next; null: there is none. */
  readonly onFailure: (failure: Failure, next: Retry | null) => void;
  readonly takeTurn: TakeTurn;
}

/**
 * Waits for the turn of a request, a poll at the deadline at the latest; `dueAt` is asked again whenever something happened.
 * The function that it gives ends the turn, and takes why the attempt failed, if it did.
 */
export type TakeTurn = (
  notBefore?: number,
  dueAt?: () => number,
) => Promise<(failure: Failure | null) => void>;

/**
 * The one loop: sends until an answer is usable, or no further attempt is allowed.
 * @param send one attempt, told of those before; gives a Failure for what may be worth another
 * @throws the last failure's StepError, OutOfTime, or the signal's reason
 */
export async function untilAnswered<T extends object>(
  send: (before: Attempts) => Promise<T | { readonly failure: Failure }>,
  { clock, random, signal, deadline, onFailure, takeTurn }: RetryContext,
): Promise<T> {
  let attempts: Attempts = [];
  let last: RequestError | null = null;
  const beganAt = clock.now();
  let notBefore = beganAt;
  for (;;) {
    const endTurn = await takeTurn(notBefore).catch((error: unknown) => {
      throw error instanceof OutOfTime && last !== null
        ? new OutOfTime(last, error.waitMs, error.isQueueing)
        : error;
    });
    const startedAt = clock.now();
    let failure: Failure | null = null;
    try {
      signal.throwIfAborted();
      if (startedAt > deadline) throw new OutOfTime(last, null);
      const answer = await send(attempts);
      if (!('failure' in answer)) return answer;
      ({ failure } = answer);
    } finally {
      endTurn(failure);
    }
    last = failure.error;
    signal.throwIfAborted();
    const next = nextAttempt(failure, attempts, clock.now() - startedAt, deadline - clock.now(), random());
    onFailure(failure, 'end' in next ? null : next);
    if ('end' in next) {
      if (next.end === 'deadline') throw new OutOfTime(last, failure.hintMs === 0 ? null : failure.hintMs);
      if (next.end === 'final') throw last;
      const time = duration(clock.now() - beganAt);
      throw new StepError(
        `Alloovium gave no usable answer for ${time} (last: ${last.word})`,
        '',
        last.detail,
      );
    }
    attempts = next.attempts;
    notBefore = clock.now() + next.delayMs;
  }
}
