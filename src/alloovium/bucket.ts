/** What is known of the key's token bucket from every answer, and what others on the same key take from it. Pure. */
import type { Bucket } from './wire.ts';

/** Documented token costs. */
export const COST = { launch: 25, poll: 1 } as const;

export interface BucketState {
  /** The latest answer that told; null: none did. `at` is on `clock.now()`. */
  readonly last: { readonly at: number; readonly limit: number; readonly remaining: number } | null;
  /** Tokens that come in a millisecond, at least; 0: not known. */
  readonly refill: number;
  /** Tokens that others took since the bucket has been scarce. */
  readonly taken: number;
  /** From an answer of a bucket at most half full: there rounding counts for little. */
  readonly isExact: boolean;
  /** As the headers have it: the rate, and between what all that they said so far would lie. Where nothing does, they are wrong. */
  readonly told: { readonly refill: number; readonly least: number; readonly most: number };
  /** What was seen to come in, since the bucket was last full: too little where others took, never too much. */
  readonly seen: { readonly refill: number; readonly since: number; readonly tokens: number };
}

export const unknownBucket: BucketState = {
  ...{ last: null, refill: 0, isExact: false, taken: 0 },
  told: { refill: 0, least: 0, most: Infinity },
  seen: { refill: 0, since: 0, tokens: 0 },
};

/** A token or two may be rounding. */
const ROUNDING = 2;

/** Tokens in a millisecond. No documented bucket fills as slowly: the headers of one that seems to are wrong. */
const SLOWEST = 1 / 10_000;

/**
 * @param at when the answer came, on `clock.now()`
 * @param bucket null: the answer did not tell
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
  const { told, isExact } = toldAfter(state, bucket);
  const seen = seenAfter(state, last, cost, overlaps);
  // A moment too early costs a 429, which tells when to come; a moment too late is lost.
  const likely = at - seen.since >= 10_000 ? seen.tokens / (at - seen.since) : 0;
  const rate = Math.max(told.least > told.most ? likely : told.refill, seen.refill);
  const refill = rate > 0 ? Math.max(SLOWEST, rate) : 0;
  const known = { last, refill, isExact, told, seen };
  if (state.last === null || scarcity(last) === 0) return { ...known, taken: 0 };
  const came = refill * (at - state.last.at);
  const others = Math.min(limit, Math.min(enoughFor(limit), state.last.remaining) + came) - remaining - cost;
  // Where answers overtake each other, what one shows too much the next shows too little.
  const more = Math.abs(others) < ROUNDING ? 0 : others;
  return { ...known, taken: scarcity(last) * Math.max(0, state.taken + more) };
}

function toldAfter(
  { told, isExact: wasExact }: BucketState,
  { limit, remaining, fullInMs: ms }: Bucket,
): Pick<BucketState, 'told' | 'isExact'> {
  // Tokens are told in whole ones and the time in whole seconds, rounded up, so the rate is never too much.
  const missing = limit - remaining;
  const rate = ms > 0 ? Math.max(0, missing - 1) / ms : 0;
  const least = Math.max(told.least, rate);
  const most = Math.min(told.most, ms > SECOND_MS ? (missing + 1) / (ms - SECOND_MS) : Infinity);
  const isExact = 2 * remaining <= limit;
  if (wasExact && !isExact) return { isExact: true, told: { ...told, least, most } };
  const refill = isExact === wasExact ? Math.max(told.refill, rate) : rate;
  return { isExact, told: { refill, least, most } };
}

/** A date and a moment may each be off by one. */
const SECOND_MS = 2_000;

function seenAfter(
  { last, seen }: BucketState,
  { at, limit, remaining }: NonNullable<BucketState['last']>,
  cost: number,
  overlaps: boolean,
): BucketState['seen'] {
  // Nothing more comes into a full bucket.
  if (last === null || last.remaining >= limit - 1 || remaining >= limit - 1)
    return { refill: seen.refill, since: at, tokens: 0 };
  const tokens = seen.tokens + remaining - last.remaining + cost;
  // Between two whole numbers up to one may be missing. What came between answers that overtake each other the next one tells.
  const rate = at > seen.since && !overlaps ? (tokens - 1) / (at - seen.since) : 0;
  return { refill: Math.max(seen.refill, rate), since: seen.since, tokens };
}

/** 0 where there is enough for two launches, or never for one, or the bucket is full; 1 where there is not enough for one. */
function scarcity({ limit, remaining }: { readonly limit: number; readonly remaining: number }): number {
  if (limit < COST.launch) return 0;
  const enough = enoughFor(limit);
  return Math.min(1, Math.max(0, (enough - remaining) / Math.max(1, enough - COST.launch)));
}

/** With so much in the bucket nobody waits for tokens. */
function enoughFor(limit: number): number {
  return Math.min(2 * COST.launch, limit - 1);
}

/** By `npm run bench -- fleet`: a job that sleeps for more launches than these is seen too late. */
const MOST_LAUNCHES = 16;

/** How many launches of others probably wait for tokens; not whole. What goes on for long goes on for twice as long. */
export function launchesOfOthers({ last, taken }: BucketState): number {
  return last === null ? 0 : Math.min(MOST_LAUNCHES, (2 * taken) / COST.launch);
}

/** Milliseconds until the bucket can be expected to pay `cost`; 0 where that is not known. */
export function payableInMs({ last, refill }: BucketState, cost: number, at: number): number {
  if (last === null || refill === 0) return 0;
  return Math.max(0, (Math.min(cost, last.limit) - last.remaining) / refill - (at - last.at));
}
