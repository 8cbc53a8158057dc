import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  observeBucket,
  affordableInMs,
  unknownBucket,
  type BucketState,
} from '../../src/alloovium/bucket.ts';
import { createBucket, TIERS, type Bucket } from '../../simulator/bucket.ts';

/** The bucket as the API's headers show it: whole tokens, and whole seconds that begin at any moment. */
function headersOf(bucket: Bucket, at: number, offset = 0) {
  const date = Math.floor((at + offset) / 1000);
  const full = Math.ceil((at + offset + bucket.msUntil(bucket.size.burst, at)) / 1000);
  return {
    limit: bucket.size.burst,
    remaining: Math.floor(bucket.remaining(at)),
    fullInMs: (full - date) * 1000,
  };
}

/** The state of a standard key's bucket after these answers: [second, remaining, cost]. */
function after(...answers: [at: number, remaining: number, cost: number][]): BucketState {
  return answers.reduce(
    (state, [at, remaining, cost]) =>
      observeBucket(state, {
        at: at * 1000,
        bucket: { limit: 120, remaining, fullInMs: (120 - remaining) * 1000 },
        cost,
      }),
    unknownBucket,
  );
}

describe('the estimated refill of a bucket', () => {
  test('is never estimated too high, and is nearly exact once the bucket has been low', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          ...Object.values(TIERS),
          { perMinute: 600, burst: 30 },
          { perMinute: 300, burst: 120 },
        ),
        fc.nat(999),
        fc.array(fc.tuple(fc.constantFrom(1, 25), fc.nat(60_000)), { minLength: 1, maxLength: 40 }),
        (size, offset, calls) => {
          const bucket = createBucket(size, 0);
          let state = unknownBucket;
          let at = 0;
          for (const [cost, ms] of calls) {
            at += ms;
            const paid = bucket.trySpend(cost, at);
            state = observeBucket(state, {
              at,
              bucket: headersOf(bucket, at, offset),
              cost: paid ? cost : 0,
            });
            expect(state.refill).toBeLessThanOrEqual(size.perMinute / 60_000 + 1e-9);
            expect(state.reported.minRefill).toBeLessThanOrEqual(state.reported.maxRefill);
            if (state.isExact) expect(state.refill).toBeGreaterThan((0.5 * size.perMinute) / 60_000);
          }
        },
      ),
    );
  });

  test('is estimated from the beginning when the limit changes', () => {
    const other = { limit: 600, remaining: 300, fullInMs: 60_000 };
    const state = observeBucket(after([0, 20, 25]), { at: 1_000, bucket: other, cost: 1 });
    expect(state.refill).toBeCloseTo(299 / 60_000);
  });

  test('does not change with an answer without headers', () => {
    const state = after([0, 20, 25]);
    expect(observeBucket(state, { at: 9_000, bucket: null, cost: 25 })).toBe(state);
  });
});

describe('affordableInMs', () => {
  test.each([
    ['20 s for 20 missing tokens at one a second', after([0, 5, 0]), 25, 0, 20],
    ['13 s when 7 s have passed since the answer', after([0, 5, 0]), 25, 7, 13],
    ['0 when the bucket can pay', after([0, 50, 0]), 25, 0, 0],
    ['0 when nothing is known', unknownBucket, 25, 0, 0],
  ])('returns %s', (_what, state, cost, at, seconds) => {
    expect(affordableInMs(state, cost, at * 1000) / 1000).toBeCloseTo(seconds, 0);
  });

  test('returns the time until the bucket is full for a cost above its limit', () => {
    const state = observeBucket(unknownBucket, {
      at: 0,
      bucket: { limit: 20, remaining: 0, fullInMs: 120_000 },
      cost: 0,
    });
    expect(affordableInMs(state, 25, 0)).toBeGreaterThanOrEqual(120_000);
  });
});

describe('the estimated refill of a bucket with wrong headers (C14)', () => {
  test.each<[what: string, fullInMs: (missing: number) => number]>([
    ['always in a minute', () => 60_000],
    ['always now', () => 0],
    ['9 min too late', (missing) => missing * 1_000 + 540_000],
  ])('follows the observed tokens where X-RateLimit-Reset is %s', (_, fullInMs) => {
    const bucket = createBucket(TIERS.standard, 0);
    let state = unknownBucket;
    for (let at = 0; at < 120_000; at += 4_000) {
      const cost = bucket.trySpend(25, at) ? 25 : bucket.trySpend(1, at) ? 1 : 0;
      const remaining = Math.floor(bucket.remaining(at));
      state = observeBucket(state, {
        at,
        bucket: { limit: 120, remaining, fullInMs: fullInMs(120 - remaining) },
        cost,
      });
    }
    expect(state.refill).toBeLessThanOrEqual(0.001_02);
    expect(state.refill).toBeGreaterThan(0.000_97);
  });

  test('is at least the slowest that a documented bucket has', () => {
    const bucket = { limit: 120, remaining: 118, fullInMs: 590_000 };
    expect(observeBucket(unknownBucket, { at: 0, bucket, cost: 1 }).refill).toBe(1 / 10_000);
  });

  test('is not raised by answers that overtake each other', () => {
    const answers = [
      { at: 0, remaining: 100, cost: 1 },
      // A poll and a launch in flight: the poll was paid first, and is answered last.
      { at: 1_000, remaining: 75, cost: 25, overlaps: true },
      { at: 1_050, remaining: 100, cost: 1, overlaps: true },
      { at: 4_000, remaining: 77, cost: 1 },
    ];
    const state = answers.reduce(
      (before, { remaining, ...paid }) =>
        observeBucket(before, {
          ...paid,
          bucket: { limit: 120, remaining, fullInMs: (120 - remaining) * 1_000 },
        }),
      unknownBucket,
    );
    expect(state.refill).toBeLessThanOrEqual(0.001_02);
  });
});
