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
} as const satisfies Record<string, BucketSize>;

export type Tier = keyof typeof TIERS;
export type Bucket = ReturnType<typeof createBucket>;

/** A full bucket. Times are in ms and must not decrease. */
export function createBucket(size: BucketSize, start: number) {
  let tokens = size.burst;
  let at = start;
  const remaining = (now: number): number => {
    tokens = Math.min(size.burst, tokens + (Math.max(0, now - at) * size.perMinute) / 60_000);
    at = Math.max(at, now);
    return tokens;
  };
  return {
    size,
    /** Tokens in the bucket, with fractions. */
    remaining,
    /** Takes `cost` if the bucket holds it. @returns whether it did; a refusal costs nothing */
    trySpend: (cost: number, now: number): boolean => {
      // The tolerance avoids a refusal by a rounding error at exactly the announced moment.
      if (remaining(now) + 1e-6 < cost) return false;
      tokens = Math.max(0, tokens - cost);
      return true;
    },
    /** Ms until the bucket can pay `cost`, or until it is full if the cost exceeds the burst. */
    msUntil: (cost: number, now: number): number => (Math.max(0, Math.min(cost, size.burst) - remaining(now)) * 60_000) / size.perMinute,
    /** Takes all tokens, as other jobs would. */
    empty: (now: number): void => void (tokens = 0 * remaining(now)),
  };
}
