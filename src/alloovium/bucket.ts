/** What every answer tells of the key's token bucket. Pure. */
import type { Bucket } from './wire.ts';

/** Documented token costs. */
export const COST = { launch: 25, poll: 1 } as const;

export interface BucketState {
  /** The latest answer with the headers; null: none had them. `at` is on `clock.now()`. */
  readonly last: { readonly at: number; readonly limit: number; readonly remaining: number } | null;
  /** Tokens that come in a millisecond, at least; 0: not known. */
  readonly refill: number;
  /** From an answer of a bucket at most half full: there rounding counts for little. */
  readonly isExact: boolean;
  /** The rate by the headers, and the bounds that all headers so far set to it. `least` above `most`: the headers are wrong. */
  readonly reported: { readonly refill: number; readonly least: number; readonly most: number };
  /** What came in since the bucket was last full: too little where others spend, never too much. */
  readonly observed: { readonly refill: number; readonly since: number; readonly tokens: number };
}

export const unknownBucket: BucketState = {
  last: null,
  refill: 0,
  isExact: false,
  reported: { refill: 0, least: 0, most: Infinity },
  observed: { refill: 0, since: 0, tokens: 0 },
};

/** Tokens in a millisecond. No documented bucket fills as slowly: the headers of one that seems to are wrong. */
const SLOWEST = 1 / 10_000;

/**
 * @param at when the answer came, on `clock.now()`
 * @param bucket null: the answer has no headers for it
 * @param cost tokens that the call took: 0 for a 429
 * @param overlaps another request was in flight meanwhile, so that the answers may have overtaken each other
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
  const { reported, isExact } = reportedAfter(state, bucket);
  const observed = observedAfter(state, last, cost, overlaps);
  // A moment too early costs a 429, which tells when to come; a moment too late is lost.
  const likely = at - observed.since >= 10_000 ? observed.tokens / (at - observed.since) : 0;
  const rate = Math.max(reported.least > reported.most ? likely : reported.refill, observed.refill);
  const refill = rate > 0 ? Math.max(SLOWEST, rate) : 0;
  return { last, refill, isExact, reported, observed };
}

function reportedAfter(
  { reported, isExact: wasExact }: BucketState,
  { limit, remaining, fullInMs: ms }: Bucket,
): Pick<BucketState, 'reported' | 'isExact'> {
  // The headers have whole tokens, and whole seconds, rounded up: the rate is never too much.
  const missing = limit - remaining;
  const rate = ms > 0 ? Math.max(0, missing - 1) / ms : 0;
  const least = Math.max(reported.least, rate);
  const most = Math.min(reported.most, ms > SECOND_MS ? (missing + 1) / (ms - SECOND_MS) : Infinity);
  const isExact = 2 * remaining <= limit;
  if (wasExact && !isExact) return { isExact: true, reported: { ...reported, least, most } };
  const refill = isExact === wasExact ? Math.max(reported.refill, rate) : rate;
  return { isExact, reported: { refill, least, most } };
}

/** A date and a moment may each be off by one. */
const SECOND_MS = 2_000;

function observedAfter(
  { last, observed }: BucketState,
  { at, limit, remaining }: NonNullable<BucketState['last']>,
  cost: number,
  overlaps: boolean,
): BucketState['observed'] {
  // Nothing more comes into a full bucket.
  if (last === null || last.remaining >= limit - 1 || remaining >= limit - 1)
    return { refill: observed.refill, since: at, tokens: 0 };
  const tokens = observed.tokens + remaining - last.remaining + cost;
  // Between two whole numbers up to one may be missing. The next answer has what came between two that overtake each other.
  const rate = at > observed.since && !overlaps ? (tokens - 1) / (at - observed.since) : 0;
  return { refill: Math.max(observed.refill, rate), since: observed.since, tokens };
}

/** Milliseconds until the bucket can be expected to pay `cost`; 0 where that is not known. */
export function payableInMs({ last, refill }: BucketState, cost: number, at: number): number {
  if (last === null || refill === 0) return 0;
  return Math.max(0, (Math.min(cost, last.limit) - last.remaining) / refill - (at - last.at));
}
