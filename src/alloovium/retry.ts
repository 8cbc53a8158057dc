/** Whether to send a request again, and when. Pure but for the one loop at the end, which is handed its clock. */
import type { Clock } from '../clock.ts';
import { ApiError, ConnectionError, ResponseShapeError } from './errors.ts';
import type { StepError } from '../step-error.ts';
import { COST, payableInMs, type BucketState } from './bucket.ts';
import type { Bucket } from './wire.ts';

/** What a failed attempt tells about when to come back. */
export interface Failure {
  readonly error: StepError;
  /** The server's word: not before this many ms from now. null: it gave none. */
  readonly hintMs: number | null;
  readonly bucket: Bucket | null;
  /** All that is known of the bucket by then. */
  readonly bucketState: BucketState;
  /** Tokens that the call costs. */
  readonly cost: number;
  /** A secret was replaced in the answer. */
  readonly redacted: boolean;
}

/** What has happened under one key so far. */
export interface Attempts {
  /** Attempts that count: all but those answered 429. */
  readonly count: number;
  readonly unreadable: number;
  readonly conflicts: number;
  readonly rateLimited: number;
  /** Time that counts: attempts and pauses, but for those of a 429. */
  readonly spentMs: number;
}

export const noAttempts: Attempts = { count: 0, unreadable: 0, conflicts: 0, rateLimited: 0, spentMs: 0 };

export const LAUNCH = {
  /** Longer than the API's 60 s lock, so that the answer of a slow launch is still heard. */
  attemptMs: 75_000,
  attempts: 5,
  budgetMs: 180_000,
  unreadable: 3,
} as const;

/** So long before the deadline the last send may leave. */
const LAST_ATTEMPT_MS = 1_000;

export type Next =
  | { readonly again: true; readonly delayMs: number; readonly attempts: Attempts }
  | { readonly again: false; readonly why: 'final' | 'used_up' | 'deadline' };

/** Longest wait that a timer and every deadline of ours can hold; a hint beyond it is as good as never. */
const LONGEST_HINT_MS = 2 ** 31 - 1;

const RETRIED_STATUS = new Set([408, 425, 429, 502, 503, 504]);

function mayRetry(error: StepError): boolean {
  if (error instanceof ConnectionError) {
    if (error.fault === 'proxy') return /^50[234]$/.test(error.code);
    return error.fault === 'broken' || error.fault === 'timeout' || error.fault === 'encoding';
  }
  if (error instanceof ResponseShapeError) return !error.overCap;
  if (error instanceof ApiError) return RETRIED_STATUS.has(error.problem.status) || isInProgress(error);
  return false;
}

/**
 * After a failed launch (or list of workflows): send the same again?
 * 500 is not: the API keeps no 5xx for replay, so a second run could not be excluded.
 * @param attemptMs how long the attempt took
 * @param remainingMs until the deadline
 * @param random in [0, 1)
 */
export function nextAttempt(
  failure: Failure,
  before: Attempts,
  attemptMs: number,
  remainingMs: number,
  random: number,
): Next {
  const { error, hintMs } = failure;
  if (!mayRetry(error)) return { again: false, why: 'final' };
  const limited = isRateLimited(error);
  let attempts: Attempts = limited
    ? { ...before, rateLimited: before.rateLimited + 1 }
    : {
        count: before.count + 1,
        unreadable: before.unreadable + (error instanceof ResponseShapeError ? 1 : 0),
        conflicts: before.conflicts + (isInProgress(error) ? 1 : 0),
        rateLimited: 0,
        spentMs: before.spentMs + attemptMs,
      };
  if (remainingMs <= 0) return { again: false, why: 'deadline' };
  if (attempts.count >= LAUNCH.attempts || attempts.unreadable >= LAUNCH.unreadable)
    return { again: false, why: 'used_up' };
  const askedMs = hintMs ?? 0;
  // Our own pauses are cut so that the last send leaves before the deadline; the server's are not.
  const latestMs = remainingMs - LAST_ATTEMPT_MS;
  const delayMs = Math.ceil(Math.max(askedMs, Math.min(ownDelayMs(failure, attempts, random), latestMs)));
  if (!limited) attempts = { ...attempts, spentMs: attempts.spentMs + delayMs };
  if (attempts.spentMs > LAUNCH.budgetMs) return { again: false, why: 'used_up' };
  if (latestMs <= askedMs) return { again: false, why: 'deadline' };
  return { again: true, delayMs, attempts };
}

function ownDelayMs(failure: Failure, attempts: Attempts, random: number): number {
  if (isRateLimited(failure.error)) return rateLimitDelayMs(failure, attempts.rateLimited, random);
  if (!isInProgress(failure.error)) return backoffMs(attempts.count, random);
  // The first hint is taken at its word. A short one said again and again must not use up the attempts while the
  // lock is held.
  return attempts.conflicts === 1 && failure.hintMs !== null
    ? 0
    : Math.min(60_000, 5_000 * 2 ** (attempts.conflicts - 1));
}

/** Full jitter, 1 → 16 s. */
export function backoffMs(failures: number, random: number): number {
  return random * Math.min(16_000, 1_000 * 2 ** (failures - 1));
}

/**
 * After a 429: never before the hint. The first adds at most 25 % + 1 s; later ones spread further, so that
 * siblings that were told the same moment do not meet there again.
 * @param nth which 429 in a row, from 1
 */
export function rateLimitDelayMs(
  { hintMs, bucketState, cost }: Failure,
  nth: number,
  random: number,
): number {
  const floorMs = hintMs ?? (refillMs(bucketState, cost) || Math.min(60_000, 2_000 * 2 ** (nth - 1)));
  return floorMs + random * (nth === 1 ? floorMs * 0.25 + 1_000 : turnsMs(bucketState, floorMs, cost, nth));
}

/** By `npm run bench -- fleet`. */
const TURNS = { bucket: 0.35, taken: 1, longestMs: 100_000 } as const;

/**
 * How many siblings queue for their launches no header says. That one was told to wait twice says that they do, so from then
 * on they take turns within the time in which what they need probably comes in: a part of what the bucket holds at first, as
 * many as went by later. Any shorter and most come in vain; any longer and tokens lie idle when few are left.
 */
function turnsMs({ last, refill, taken }: BucketState, floorMs: number, cost: number, nth: number): number {
  if (cost < COST.launch || last === null || refill === 0) return floorMs * 0.5 + 2_000 * nth;
  return Math.min(TURNS.longestMs, Math.max(TURNS.bucket * last.limit, TURNS.taken * taken) / refill);
}

/** Milliseconds from the answer until the bucket can pay; 0 where it does not say, or said that it could. */
function refillMs(bucketState: BucketState, cost: number): number {
  return payableInMs(bucketState, cost, bucketState.last?.at ?? 0);
}

export function isRateLimited(error: StepError): boolean {
  return error instanceof ApiError && error.problem.status === 429;
}

export function isInProgress(error: StepError): boolean {
  return (
    error instanceof ApiError &&
    error.problem.status === 409 &&
    error.problem.code === 'idempotency_in_progress'
  );
}

/**
 * The server's word on when to come back, in ms from now: the latest of `Retry-After` (RFC 9110: seconds or one
 * of three date formats) and the body's `retry_after_seconds`; null where neither makes sense.
 * @param serverNowMs what the server's clock says, ms since 1970: dates are its own
 */
export function hintMs(
  retryAfter: string | undefined,
  bodySeconds: number | null,
  serverNowMs: number,
): number | null {
  const hints = [
    retryAfterMs(retryAfter ?? '', serverNowMs),
    bodySeconds === null ? null : secondsMs(bodySeconds),
  ];
  const valid = hints.filter((hint) => hint !== null);
  return valid.length === 0 ? null : Math.max(...valid);
}

export function retryAfterMs(text: string, serverNowMs: number): number | null {
  // A doubled header arrives as `5, 60`: the later one is the safe one. Most dates have a comma of their own.
  const parts = text.split(',');
  let latest: number | null = null;
  for (const [at, part] of parts.entries()) {
    const ms = /^\d+(\.\d+)?(e\d{1,3})?$/i.test(part.trim())
      ? secondsMs(Number(part))
      : (untilDateMs(part, serverNowMs) ?? untilDateMs(`${part},${parts[at + 1] ?? ''}`, serverNowMs));
    if (ms !== null) latest = Math.max(latest ?? 0, ms);
  }
  return latest;
}

function untilDateMs(text: string, serverNowMs: number): number | null {
  const date = httpDateMs(text.trim());
  return date === null ? null : Math.min(LONGEST_HINT_MS, Math.max(0, date - serverNowMs));
}

function secondsMs(seconds: number): number | null {
  return seconds >= 0 ? Math.min(LONGEST_HINT_MS, Math.ceil(seconds * 1000)) : null;
}

const DAYS = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(${MONTHS.join('|')})`;
const TIME = String.raw`(\d\d):(\d\d):(\d\d)`;
/** IMF-fixdate, RFC 850, asctime. `Date.parse` reads the last as local time, so all are read here. */
const HTTP_DATES: readonly (readonly [
  pattern: RegExp,
  order: readonly [day: number, month: number, year: number, time: number],
])[] = [
  [new RegExp(`^${DAYS}, (\\d\\d) ${MONTH} (\\d{4}) ${TIME} GMT$`), [1, 2, 3, 4]],
  [new RegExp(`^${DAYS}[a-z]*, (\\d\\d)-${MONTH}-(\\d\\d) ${TIME} GMT$`), [1, 2, 3, 4]],
  [new RegExp(`^${DAYS} ${MONTH} ([ \\d]\\d) ${TIME} (\\d{4})$`), [2, 1, 6, 3]],
];

/** ms since 1970 of an HTTP date (RFC 9110, 5.6.7), or null. */
export function httpDateMs(text: string): number | null {
  if (text.length > 40) return null;
  for (const [pattern, [day, month, year, time]] of HTTP_DATES) {
    const found = pattern.exec(text);
    if (!found) continue;
    const part = (index: number) => Number(found[index]);
    const century = found[year]?.length === 4 ? 0 : part(year) < 70 ? 2000 : 1900;
    return Date.UTC(
      century + part(year),
      MONTHS.indexOf(found[month] ?? ''),
      part(day),
      part(time),
      part(time + 1),
      part(time + 2),
    );
  }
  return null;
}

/** The deadline came first. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
  readonly last: StepError | null;
  /** The server's wait that would have gone beyond the deadline, or null. */
  readonly waitMs: number | null;
  /** A launch was sent whose outcome is not known. */
  readonly mayHaveStarted: boolean;
  /** It was waiting for tokens. */
  readonly isQueueing: boolean;
  constructor(last: StepError | null, waitMs: number | null, mayHaveStarted = false, isQueueing = false) {
    super('the time ran out');
    this.last = last;
    this.waitMs = waitMs;
    this.mayHaveStarted = mayHaveStarted;
    this.isQueueing = isQueueing || (last !== null && isRateLimited(last));
  }
}

export interface RetryContext {
  readonly clock: Clock;
  readonly random: () => number;
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  /** Hears of every failed attempt, and how long the pause before the next is; null: there is none. For the log. */
  readonly onFailure: (failure: Failure, delayMs: number | null) => void;
  /** Waits until the request may be sent, where others share the bucket; what it gives hears of the answer. */
  readonly takeTurn?: TakeTurn;
}

/** Waits for the turn of a request; what it gives ends the turn, and hears why the attempt failed, if it did. */
export type TakeTurn = () => Promise<(failure: Failure | null) => void>;

/**
 * The one loop: sends until an answer is usable, or no further attempt is allowed.
 * @param send one attempt; gives a Failure for what may be worth another
 * @throws the last failure's StepError, OutOfTime, or the signal's reason
 */
export async function untilAnswered<T extends object>(
  send: () => Promise<T | { readonly failure: Failure }>,
  { clock, random, signal, deadline, onFailure, takeTurn }: RetryContext,
): Promise<T> {
  let attempts = noAttempts;
  for (;;) {
    const endTurn = await takeTurn?.();
    const startedAt = clock.now();
    let failed: Failure | null = null;
    let answer: T | { readonly failure: Failure };
    try {
      answer = await send();
      if ('failure' in answer) failed = answer.failure;
    } finally {
      endTurn?.(failed);
    }
    if (!('failure' in answer)) return answer;
    signal.throwIfAborted();
    const { failure } = answer;
    const next = nextAttempt(failure, attempts, clock.now() - startedAt, deadline - clock.now(), random());
    onFailure(failure, next.again ? next.delayMs : null);
    if (!next.again) {
      if (next.why === 'deadline') throw new OutOfTime(failure.error, failure.hintMs);
      throw failure.error;
    }
    attempts = next.attempts;
    await clock.sleep(next.delayMs, signal);
  }
}
