/** The API's token bucket. Its callers pass the time, so that benches can run it in virtual time. */

/** A bucket refills continuously with `perMinute` tokens a minute and holds at most `burst`. */
export interface BucketSize {
  readonly perMinute: number;
  readonly burst: number;
}

export const TIERS = {
  free: { perMinute: 10, burst: 20 },
  standard: { perMinute: 60, burst: 120 },
  pro: { perMinute: 300, burst: 600 },
  enterprise: { perMinute: 1500, burst: 3000 },
} as const satisfies Record<string, BucketSize>;

export type Tier = keyof typeof TIERS;

/** The size of a tier, or a size that is passed as such: `{ burst: 30, perMinute: 600 }`. */
export const sizeOf = (bucket: Tier | BucketSize): BucketSize => (typeof bucket === 'string' ? TIERS[bucket] : bucket);

export interface Bucket {
  readonly size: BucketSize;
  /** Takes `cost` if the bucket holds it, and returns whether it did; a refusal costs nothing. `now` in ms must not decrease. */
  trySpend(cost: number, now: number): boolean;
  /** Tokens in the bucket, with fractions. */
  remaining(now: number): number;
  /** Ms until the bucket can pay `cost`; for a cost above the burst, until it is full. */
  msUntil(cost: number, now: number): number;
  /** Takes `tokens`, or all that there are: what other jobs have spent. */
  spendUpTo(tokens: number, now: number): void;
}

/** A full bucket. */
export function createBucket(size: BucketSize, start: number): Bucket {
  let tokens = size.burst;
  let at = start;
  const refill = (now: number): void => {
    tokens = Math.min(size.burst, tokens + (Math.max(0, now - at) * size.perMinute) / 60_000);
    at = Math.max(at, now);
  };
  return {
    size,
    trySpend: (cost, now) => {
      refill(now);
      // The tolerance avoids a refusal by a rounding error at exactly the announced moment.
      if (tokens + 1e-6 < cost) return false;
      tokens = Math.max(0, tokens - cost);
      return true;
    },
    remaining: (now) => {
      refill(now);
      return tokens;
    },
    msUntil: (cost, now) => {
      refill(now);
      return (Math.max(0, Math.min(cost, size.burst) - tokens) * 60_000) / size.perMinute;
    },
    spendUpTo: (spent, now) => {
      refill(now);
      tokens = Math.max(0, tokens - spent);
    },
  };
}
