/** Estimates the key's token bucket from the rate headers of the answers. Pure. */
import type { Bucket } from './wire.ts';

/** Documented token costs. */
export const TOKEN_COST = { launch: 25, poll: 1 } as const;

export interface BucketState {
  /** From the latest answer that had rate headers; null: there was no such answer. `at` is on `clock.now()`. */
  readonly last: { readonly at: number; readonly limit: number; readonly remaining: number } | null;
  /** Lower bound of the refill, in tokens per millisecond; 0: unknown. */
  readonly refill: number;
  /** `reported.refill` comes from a bucket that was at most half full, where rounding changes little. */
  readonly isExact: boolean;
  /** Refill by the headers, and the bounds that all headers so far allow. `minRefill` above `maxRefill`: the headers are wrong. */
  readonly reported: { readonly refill: number; readonly minRefill: number; readonly maxRefill: number };
  /** Tokens that came in since the bucket was last full: too few where other jobs spend, never too many. */
  readonly observed: { readonly refill: number; readonly since: number; readonly tokens: number };
}

export const unknownBucket: BucketState = {
  last: null,
  refill: 0,
  isExact: false,
  reported: { refill: 0, minRefill: 0, maxRefill: Infinity },
  observed: { refill: 0, since: 0, tokens: 0 },
};

/** Tokens per millisecond. Every documented bucket fills faster; headers that show less are wrong. */
const MIN_REFILL_PER_MS = 1 / 10_000;

/**
 * Updates the estimate with one answer.
 * @param at when the answer came, on `clock.now()`
 * @param bucket null: the answer has no rate headers
 * @param cost tokens that the call took: 0 for a 429
 * @param overlaps another request was in flight at the same time, so the answers may have overtaken each other
 */
export function observeBucket(
  before: BucketState,
  answer: { at: number; bucket: Bucket | null; cost: number; overlaps?: boolean },
): BucketState {
  const { at, bucket, cost, overlaps = false } = answer;
  if (bucket === null) return before;
  const { limit, remaining } = bucket;
  const last = { at, limit, remaining };
  const state = before.last?.limit === limit ? before : unknownBucket;
  const { reported, isExact } = updateReported(state, bucket);
  const observed = updateObserved(state, last, cost, overlaps);
  // Too early costs one 429, which names the right moment; too late wastes time.
  const averageRefill = at - observed.since >= 10_000 ? observed.tokens / (at - observed.since) : 0;
  const rate = Math.max(
    reported.minRefill > reported.maxRefill ? averageRefill : reported.refill,
    observed.refill,
  );
  const refill = rate > 0 ? Math.max(MIN_REFILL_PER_MS, rate) : 0;
  return { last, refill, isExact, reported, observed };
}

/** Updates the refill by the rate headers, and the bounds that they allow. */
function updateReported(
  { reported, isExact: wasExact }: BucketState,
  { limit, remaining, fullInMs: ms }: Bucket,
): Pick<BucketState, 'reported' | 'isExact'> {
  // The headers round tokens down and seconds up, so this rate is never too high.
  const missing = limit - remaining;
  const rate = ms > 0 ? Math.max(0, missing - 1) / ms : 0;
  const minRefill = Math.max(reported.minRefill, rate);
  const maxRefill = Math.min(
    reported.maxRefill,
    ms > CLOCK_TOLERANCE_MS ? (missing + 1) / (ms - CLOCK_TOLERANCE_MS) : Infinity,
  );
  const isExact = 2 * remaining <= limit;
  if (wasExact && !isExact) return { isExact: true, reported: { ...reported, minRefill, maxRefill } };
  const refill = isExact === wasExact ? Math.max(reported.refill, rate) : rate;
  return { isExact, reported: { refill, minRefill, maxRefill } };
}

/** `Date` and `X-RateLimit-Reset` may each be off by one second. */
const CLOCK_TOLERANCE_MS = 2_000;

/** Updates the refill by how the tokens changed between answers. */
function updateObserved(
  { last, observed }: BucketState,
  { at, limit, remaining }: NonNullable<BucketState['last']>,
  cost: number,
  overlaps: boolean,
): BucketState['observed'] {
  // A full bucket gains nothing, so counting starts again.
  if (last === null || last.remaining >= limit - 1 || remaining >= limit - 1)
    return { refill: observed.refill, since: at, tokens: 0 };
  const tokens = observed.tokens + remaining - last.remaining + cost;
  // Rounding hides up to one token. Overlapping answers show no rate; the next answer includes their tokens.
  const rate = at > observed.since && !overlaps ? (tokens - 1) / (at - observed.since) : 0;
  return { refill: Math.max(observed.refill, rate), since: observed.since, tokens };
}

/** Returns the expected milliseconds until the bucket can pay `cost`; 0 if unknown. */
export function affordableInMs({ last, refill }: BucketState, cost: number, at: number): number {
  if (last === null || refill === 0) return 0;
  return Math.max(0, (Math.min(cost, last.limit) - last.remaining) / refill - (at - last.at));
}
