import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { observeBucket, affordableInMs, unknownBucket, type BucketState } from '../../src/alloovium/bucket.ts';
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
        fc.constantFrom(...Object.values(TIERS), { perMinute: 600, burst: 30 }, { perMinute: 300, burst: 120 }),
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

  test('returns exactly 0 while the refill of the bucket is not known', () => {
    const last = { at: 0, limit: 120, remaining: 5 };
    expect(affordableInMs({ ...unknownBucket, last }, 25, 0)).toBe(0);
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

  test.each([
    [9_999, 9 / 9_999],
    [10_000, 10 / 10_000],
  ])('is the average since the bucket was full once 10 s have passed: %d ms', (ms, refill) => {
    const answers = [
      { at: 5_000, remaining: 100, cost: 1 },
      { at: 5_000 + ms, remaining: 20, cost: 90 },
    ];
    const state = answers.reduce(
      (before, { at, remaining, cost }) => observeBucket(before, { at, bucket: { limit: 120, remaining, fullInMs: 60_000 }, cost }),
      unknownBucket,
    );
    expect(state.refill).toBeCloseTo(refill, 7);
  });

  test('is not known from a bucket that is full', () => {
    const bucket = { limit: 120, remaining: 120, fullInMs: 0 };
    expect(observeBucket(unknownBucket, { at: 0, bucket, cost: 0 }).refill).toBe(0);
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

describe('the tokens that came in', () => {
  /** The refill a second, of a bucket of 120 whose headers do not say when it is full. */
  const refillAfter = (...answers: [second: number, remaining: number, cost: number][]) =>
    answers.reduce(
      (state, [second, remaining, cost]) =>
        observeBucket(state, {
          at: second * 1_000,
          bucket: { limit: 120, remaining, fullInMs: 0 },
          cost,
        }),
      unknownBucket,
    ).refill * 1_000;

  test('are counted from when the bucket was last full, or lacked one token', () => {
    expect(refillAfter([0, 119, 1], [60, 94, 25], [65, 98, 1])).toBeCloseTo(4 / 5);
    expect(refillAfter([0, 118, 1], [60, 94, 25], [65, 98, 1])).toBeCloseTo(1 / 10);
  });

  test('give no rate where they fill the bucket, since it may have been full earlier', () => {
    expect(refillAfter([0, 60, 1], [70, 119, 1])).toBe(0);
    expect(refillAfter([0, 60, 1], [70, 118, 1])).toBeCloseTo(58 / 70);
  });

  test('give no rate between two answers of one moment', () => {
    expect(refillAfter([7, 50, 1], [7, 60, 1])).toBe(0);
  });
});

test.each([
  ['are right', 23_000, 59 / 60_000],
  ['are wrong', 25_000, 0],
])('finds that headers whose times may be two seconds off %s: %d ms', (_, fullInMs, refill) => {
  const answers = [
    { at: 0, remaining: 100, fullInMs, cost: 1 },
    { at: 1_000, remaining: 60, fullInMs: 60_000, cost: 41 },
  ];
  const state = answers.reduce(
    (before, { at, cost, ...about }) => observeBucket(before, { at, cost, bucket: { limit: 120, ...about } }),
    unknownBucket,
  );
  expect(state.refill).toBeCloseTo(refill, 7);
});

describe('the refill by the headers', () => {
  type Answer = readonly [remaining: number, fullInMs: number];
  /** Nine tokens in 9 s, of a bucket that is nearly full. */
  const HIGH: Answer = [110, 9_000];
  /** 59 tokens in 62 s, of one that is half full. */
  const HALF: Answer = [60, 62_000];
  const FEWER: Answer = [50, 74_000];
  const MORE: Answer = [50, 71_000];

  test.each<[what: string, answers: readonly Answer[], refill: number]>([
    ['is that of a nearly full bucket at first', [HIGH], 9 / 9_000],
    ['is that of a half full bucket, once there is one', [HIGH, HALF], 59 / 62_000],
    ['stays that of a half full bucket', [HALF, HIGH], 59 / 62_000],
    ['is still that of a half full bucket two answers later', [HALF, HIGH, HIGH], 59 / 62_000],
    ['does not fall', [HALF, FEWER], 59 / 62_000],
    ['rises', [HALF, MORE], 69 / 71_000],
  ])('%s', (_, answers, refill) => {
    const state = answers.reduce(
      (before, [remaining, fullInMs]) => observeBucket(before, { at: 0, bucket: { limit: 120, remaining, fullInMs }, cost: 0 }),
      unknownBucket,
    );
    expect(state.refill).toBeCloseTo(refill, 7);
  });
});
