/** Decides whether and when to send a request again. Pure, except for the loop at the end, whose clock is an argument. */
import type { Clock } from '../clock.ts';
import { StepError } from '../step-error.ts';
import { formatDuration } from '../text/format.ts';
import type { FailureKind, RequestError } from './errors.ts';
import { TOKEN_COST, affordableInMs, type BucketState } from './bucket.ts';

/** A failed attempt, with what its answer says about the next attempt. */
export interface Failure {
  readonly error: RequestError;
  /** The server asks for no request for this many ms; null: it does not ask. */
  readonly hintMs: number | null;
  /** The estimate of the bucket after this answer. */
  readonly bucketState: BucketState;
  /** Cost of the call, in tokens. */
  readonly cost: number;
  /** A secret was replaced in the answer's texts. */
  readonly redacted: boolean;
}

/** May the API have created a run although the launch failed with this error? */
export function mayHaveStarted({ kind }: Pick<RequestError, 'kind'>): boolean {
  return !['rejected', 'unreached', 'dns_not_found', 'limited'].includes(kind);
}

/** The failed attempts under one key, in order; `ms` includes the pause after the attempt. */
export type Attempts = readonly { readonly kind: FailureKind; readonly ms: number }[];

/** Counts the attempts that failed in one of these ways. */
function countAttempts(attempts: Attempts, ...kinds: readonly FailureKind[]): number {
  return attempts.filter(({ kind }) => kinds.includes(kind)).length;
}

/** Attempts that the API may have accepted; their number is limited. A gateway's answers do not count. */
const COUNTED: readonly FailureKind[] = ['ambiguous', 'unreadable'];

export const LAUNCH = {
  /** Longer than the API's 60 s lock, so that a slow launch is still answered within it. */
  attemptMs: 75_000,
  /**
   * Pauses after the counted attempts. The API may have accepted each of them, and it replays only 2xx answers, so each may have
   * started another run. The pauses last longer than the half minute in which a load balancer may close its connections.
   */
  countedPausesMs: [2_000, 5_000, 15_000, 30_000],
  maxUnreadable: 3,
  /** Short, so that a typo in `api_url` fails within a minute. */
  maxDnsNotFoundMs: 60_000,
  /** From the first attempt to the last under one key: the API forgets keys after 24 hours. */
  maxTotalMs: 20 * 60 * 60_000,
} as const;

/** A counted attempt's pause varies by this share in both directions, so that parallel jobs do not retry at the same moment. */
const PAUSE_JITTER = 0.25;

/** The last attempt is sent at least this long before the deadline. */
const LAST_ATTEMPT_MS = 1_000;

/** For how long, or how many times, a failed request is retried. */
export type RetriesLeft = { readonly ms: number } | { readonly sends: number };

/** The pause before the next attempt, and how many more attempts there may be. */
export interface Retry {
  readonly delayMs: number;
  readonly left: RetriesLeft;
}

/** The next attempt, or in `end` why there is none. */
export type Next =
  (Retry & { readonly attempts: Attempts }) | { readonly end: 'final' | 'used_up' | 'deadline' };

/** The longest delay of a timer; it is beyond every deadline of this action. */
const MAX_HINT_MS = 2 ** 31 - 1;

/**
 * Decides whether and when a failed launch or list of workflows is retried.
 * @param attemptMs duration of the failed attempt
 * @param remainingMs time until the deadline
 * @param random in [0, 1)
 */
export function decideNextAttempt(
  failure: Failure,
  before: Attempts,
  attemptMs: number,
  remainingMs: number,
  random: number,
): Next {
  const { kind } = failure.error;
  const attempts = [...before, { kind, ms: attemptMs }];
  if (kind === 'rejected' || kind === 'ambiguous_final' || kind === 'of_the_run') return { end: 'final' };
  if (remainingMs <= 0) return { end: 'deadline' };
  const dnsFailures = attempts.slice(attempts.findLastIndex((one) => one.kind !== 'dns_not_found') + 1);
  const dnsNotFoundMs = LAUNCH.maxDnsNotFoundMs - dnsFailures.reduce((sum, { ms }) => sum + ms, 0);
  const unreadableLeft = LAUNCH.maxUnreadable - countAttempts(attempts, 'unreadable');
  const countedLeft = LAUNCH.countedPausesMs.length + 1 - countAttempts(attempts, ...COUNTED);
  if (unreadableLeft <= 0 || dnsNotFoundMs <= 0) return { end: 'final' };
  if (countedLeft <= 0) return { end: 'used_up' };
  const minDelayMs = failure.hintMs ?? 0;
  // The action's pauses are shortened so that the last attempt is sent before the deadline; the server's hints are not.
  const latestMs = remainingMs - LAST_ATTEMPT_MS;
  if (latestMs <= minDelayMs) return { end: 'deadline' };
  const maxDelayMs = kind === 'dns_not_found' ? Math.min(latestMs, dnsNotFoundMs) : latestMs;
  const delayMs = Math.ceil(Math.max(minDelayMs, Math.min(backoffMs(failure, attempts, random), maxDelayMs)));
  const sends = kind === 'unreadable' ? Math.min(countedLeft, unreadableLeft) : countedLeft;
  const retryMs = kind === 'dns_not_found' ? Math.min(remainingMs, dnsNotFoundMs) : remainingMs;
  return {
    attempts: [...before, { kind, ms: attemptMs + delayMs }],
    delayMs,
    left: COUNTED.includes(kind) ? { sends } : { ms: retryMs },
  };
}

/** Returns the action's pause before the next attempt; the server's hint is its minimum. After a 429 it includes the hint. */
function backoffMs(failure: Failure, attempts: Attempts, random: number): number {
  const { kind } = failure.error;
  const nth = countAttempts(attempts, kind);
  if (kind === 'limited') return rateLimitDelayMs(failure, nth, random);
  // The first hint is trusted. A short hint that repeats is not, so the pause grows.
  if (kind === 'locked')
    return nth === 1 && failure.hintMs !== null ? 0 : Math.min(60_000, 5_000 * 2 ** (nth - 1));
  if (COUNTED.includes(kind)) {
    const pauseMs = LAUNCH.countedPausesMs[countAttempts(attempts, ...COUNTED) - 1] ?? 0;
    return pauseMs * (1 - PAUSE_JITTER + 2 * PAUSE_JITTER * random);
  }
  // Full jitter, up to 1 s at first and 30 s later.
  return (
    random *
    Math.min(30_000, 1_000 * 2 ** (countAttempts(attempts, 'unreached', 'dns_not_found', 'gateway') - 1))
  );
}

const SPREAD = {
  /** Share of the hint by which the delay varies. */
  share: 0.25,
  ms: 1_000,
  /** From this 429 to a launch on, other jobs probably wait too. */
  from: 3,
  /** They then spread over the time in which this share of the bucket refills, less one launch; it matters for large buckets only. */
  ofBucket: 0.2,
  maxMs: 30_000,
} as const;

/**
 * Returns the delay after a 429: never shorter than the hint, and only slightly longer, so that few tokens stay unused.
 * @param nth number of this 429, from 1
 */
export function rateLimitDelayMs(
  { hintMs, bucketState, cost }: Failure,
  nth: number,
  random: number,
): number {
  const refillMs = affordableInMs(bucketState, cost, bucketState.last?.at ?? 0);
  const minMs = hintMs ?? (refillMs || Math.min(60_000, 2_000 * 2 ** (nth - 1)));
  return minMs + random * Math.max(minMs * SPREAD.share + SPREAD.ms, laterSpreadMs(bucketState, cost, nth));
}

/** Returns the range over which launches of several jobs spread after repeated 429s; 0: not needed. */
function laterSpreadMs({ last, refill }: BucketState, cost: number, nth: number): number {
  if (nth < SPREAD.from || cost < TOKEN_COST.launch || last === null || refill === 0) return 0;
  return Math.min(SPREAD.maxMs, (SPREAD.ofBucket * last.limit - cost) / refill);
}

const WEEKDAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTH = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
const HH_MM_SS = String.raw`\d\d:\d\d:\d\d`;
/** The IMF-fixdate and RFC 850 forms of RFC 9110, which name a zone. The third form, asctime, does not. */
const ZONED = `(?:, \\d\\d ${MONTH} \\d{4}|[a-z]*, \\d\\d-${MONTH}-\\d\\d) ${HH_MM_SS} GMT`;
const HTTP_DATE = new RegExp(`^${WEEKDAY}(?:${ZONED}| ${MONTH} [ \\d]\\d ${HH_MM_SS} \\d{4})$`);
/** Splits a header that was sent twice, `5, 60`, but not at the comma within a date. */
const HINTS = new RegExp(`\\s*(?:${WEEKDAY}[a-z]*, )?[^,]+`, 'g');
const SECONDS = /^\d+(\.\d+)?(e\d{1,3})?$/i;

/**
 * Parses how long the server asks to wait, in ms from now: the longest of `Retry-After` (RFC 9110: seconds, or one of three
 * date formats) and the body's `retry_after_seconds`; null if neither is valid.
 * @param serverNowMs the server's clock, ms since 1970, by which its dates are meant
 */
export function parseRetryAfterMs(
  retryAfter: string,
  bodySeconds: number | null,
  serverNowMs: number,
): number | null {
  const inBody = bodySeconds !== null && bodySeconds >= 0 ? [bodySeconds * 1000] : [];
  const inHeader = [...retryAfter.matchAll(HINTS)].flatMap(([hint]) => {
    const text = hint.trim();
    if (SECONDS.test(text)) return Number(text) * 1000;
    const date = parseHttpDateMs(text);
    return date === null ? [] : date - serverNowMs;
  });
  const hints = [...inBody, ...inHeader];
  return hints.length === 0 ? null : Math.ceil(Math.min(MAX_HINT_MS, Math.max(0, ...hints)));
}

/** Parses an HTTP date (RFC 9110, 5.6.7) into ms since 1970; null if it is not one. */
export function parseHttpDateMs(text: string): number | null {
  const ms = HTTP_DATE.test(text) ? Date.parse(text.replace(/(?<! GMT)$/, ' GMT')) : NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** The deadline passed, or the next attempt would be after it. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
  readonly last: RequestError | null;
  /** The wait that the server asked for and that would have exceeded the deadline; null: it asked for none. */
  readonly waitMs: number | null;
  /** The request was waiting for tokens. */
  readonly isQueueing: boolean;
  constructor(last: RequestError | null, waitMs: number | null, isQueueing = false) {
    super('the time ran out');
    this.last = last;
    this.waitMs = waitMs;
    this.isQueueing = isQueueing || last?.kind === 'limited';
  }
}

export interface RetryOptions {
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted when the runner stops the step, or after a crash. */
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  /** Called after every failed attempt; `next` is null if no attempt follows. */
  readonly onFailure: (failure: Failure, next: Retry | null) => void;
  readonly takeTurn: TakeTurn;
}

/**
 * Waits for the turn of a request; a poll's turn comes at the deadline at the latest. The queue calls `dueAt` after every event.
 * The returned function ends the turn; its argument is the attempt's failure, or null.
 */
export type TakeTurn = (
  notBefore?: number,
  dueAt?: () => number,
) => Promise<(failure: Failure | null) => void>;

/**
 * Sends a request until an answer is usable or no further attempt is allowed.
 * @param send makes one attempt, with the earlier ones as argument; returns a Failure if another attempt may help
 * @throws the last failure's StepError, OutOfTime, or the signal's reason
 */
export async function sendUntilAnswered<T extends object>(
  send: (before: Attempts) => Promise<T | { readonly failure: Failure }>,
  { clock, random, signal, deadline, onFailure, takeTurn }: RetryOptions,
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
    const next = decideNextAttempt(
      failure,
      attempts,
      clock.now() - startedAt,
      deadline - clock.now(),
      random(),
    );
    onFailure(failure, 'end' in next ? null : next);
    if ('end' in next) {
      if (next.end === 'deadline') throw new OutOfTime(last, failure.hintMs === 0 ? null : failure.hintMs);
      if (next.end === 'final') throw last;
      const time = formatDuration(clock.now() - beganAt);
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
