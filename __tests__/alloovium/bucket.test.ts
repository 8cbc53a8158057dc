import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { observeBucket, payableInMs, unknownBucket, type BucketState } from '../../src/alloovium/bucket.ts';
import { createBucket, TIERS, type Bucket } from '../../simulator/bucket.ts';

/** As the API tells it: whole tokens, and whole seconds that begin at any moment. */
function texts(bucket: Bucket, at: number, offset = 0) {
  const date = Math.floor((at + offset) / 1000);
  const full = Math.ceil((at + offset + bucket.waitFor(bucket.size.burst, at)) / 1000);
  return {
    limit: bucket.size.burst,
    remaining: Math.floor(bucket.remaining(at)),
    fullInMs: (full - date) * 1000,
  };
}

/** Of a standard key: [second, remaining, cost]. */
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

describe('the refill', () => {
  test('is never thought to be more than it is, and is nearly right once the bucket has been low', () => {
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
            const paid = bucket.take(cost, at);
            state = observeBucket(state, { at, bucket: texts(bucket, at, offset), cost: paid ? cost : 0 });
            expect(state.refill).toBeLessThanOrEqual(size.perMinute / 60_000 + 1e-9);
            expect(state.reported.least).toBeLessThanOrEqual(state.reported.most);
            if (state.isExact) expect(state.refill).toBeGreaterThan((0.5 * size.perMinute) / 60_000);
          }
        },
      ),
    );
  });

  test('another limit is another bucket', () => {
    const other = { limit: 600, remaining: 300, fullInMs: 60_000 };
    const state = observeBucket(after([0, 20, 25]), { at: 1_000, bucket: other, cost: 1 });
    expect(state.refill).toBeCloseTo(299 / 60_000);
  });

  test('an answer without headers changes nothing', () => {
    const state = after([0, 20, 25]);
    expect(observeBucket(state, { at: 9_000, bucket: null, cost: 25 })).toBe(state);
  });
});

describe('when the bucket can pay', () => {
  test.each([
    ['20 tokens are missing at one a second', after([0, 5, 0]), 25, 0, 20],
    ['7 s later they are 13', after([0, 5, 0]), 25, 7, 13],
    ['it can now', after([0, 50, 0]), 25, 0, 0],
    ['nothing is known', unknownBucket, 25, 0, 0],
  ])('%s', (_what, state, cost, at, seconds) => {
    expect(payableInMs(state, cost, at * 1000) / 1000).toBeCloseTo(seconds, 0);
  });

  test('a cost beyond the bucket: when it is full', () => {
    const state = observeBucket(unknownBucket, {
      at: 0,
      bucket: { limit: 20, remaining: 0, fullInMs: 120_000 },
      cost: 0,
    });
    expect(payableInMs(state, 25, 0)).toBeGreaterThanOrEqual(120_000);
  });
});

describe('headers that are wrong about the refill (C14)', () => {
  test.each<[what: string, fullInMs: (missing: number) => number]>([
    ['full in a minute, always', () => 60_000],
    ['full a while ago', () => 0],
    ['9 min late', (missing) => missing * 1_000 + 540_000],
  ])('%s: what is seen to come in counts', (_, fullInMs) => {
    const bucket = createBucket(TIERS.standard, 0);
    let state = unknownBucket;
    for (let at = 0; at < 120_000; at += 4_000) {
      const cost = bucket.take(25, at) ? 25 : bucket.take(1, at) ? 1 : 0;
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

  test('nearly full, and then not for 10 min: no bucket fills as slowly', () => {
    const bucket = { limit: 120, remaining: 118, fullInMs: 590_000 };
    expect(observeBucket(unknownBucket, { at: 0, bucket, cost: 1 }).refill).toBe(1 / 10_000);
  });

  test('answers that overtake each other show nothing that came in', () => {
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
