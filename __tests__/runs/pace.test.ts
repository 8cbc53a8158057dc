import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  firstPollMs,
  firstPace,
  nextPollMs,
  observe,
  paceAfterLaunch,
  type Observation,
  type Pace,
} from '../../src/runs/pace.ts';
import type { Bucket } from '../../src/alloovium/wire.ts';
import { TIERS, createBucket } from '../../simulator/bucket.ts';

const poll = (seconds: number, progress: number | null, more: Partial<Observation> = {}): Observation => ({
  at: seconds * 1000,
  status: 'running',
  progress,
  stage: null,
  bucket: null,
  ...more,
});
const after = (polls: readonly Observation[], start = firstPace): Pace => polls.reduce(observe, start);
const nextS = (pace: Pace, random = 0.5) => nextPollMs(pace, random) / 1000;
/** Of a standard key. */
const bucket = (remaining: number): Bucket => ({
  limit: 120,
  remaining,
  fullInMs: (120 - remaining) * 1000,
});
const from = (first: number, last: number, step: number) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);

describe('where the bucket is not low', () => {
  const aBucket = fc.option(
    fc.record({
      limit: fc.constantFrom(120, 600, 3000),
      remaining: fc.integer({ min: 66, max: 120 }),
      fullInMs: fc.integer({ min: 0, max: 10 ** 9 }),
    }),
    { nil: null },
  );
  const anObservation = fc.record({
    after: fc.integer({ min: 0, max: 100_000 }),
    status: fc.constantFrom('pending', 'running', 'awaiting_review', ''),
    progress: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: null }),
    stage: fc.option(fc.string(), { nil: null }),
  });

  test('every pause is 2 to 5 s, whatever the looks were', () => {
    fc.assert(
      fc.property(
        fc.array(anObservation, { maxLength: 30 }),
        fc.option(fc.constant(bucket(66)), { nil: null }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (polls, full, random) => {
          let pace = firstPace;
          let at = 0;
          for (const { after: ms, ...rest } of polls) {
            at += ms;
            pace = observe(pace, { at, ...rest, bucket: full });
            const pause = nextPollMs(pace, random);
            expect(pause).toBeGreaterThanOrEqual(2_000);
            expect(pause).toBeLessThanOrEqual(5_000);
          }
        },
      ),
    );
  });

  test('no bucket at all makes a pause longer than 99 s, or not a number', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anObservation, aBucket, fc.nat(120)), { maxLength: 20 }), (polls) => {
        let pace = paceAfterLaunch(true);
        let at = 0;
        for (const [{ after: ms, ...rest }, some, remaining] of polls) {
          at += ms;
          pace = observe(pace, { at, ...rest, bucket: some && { ...some, remaining } });
          const pause = nextPollMs(pace, 0.999);
          expect(pause).toBeGreaterThanOrEqual(2_000);
          expect(pause).toBeLessThanOrEqual(99_000);
        }
      }),
    );
  });

  test('hours of looks are remembered in a few numbers', () => {
    const pace = after(from(0, 40_000, 2.5).map((at) => poll(at, (at / 400) % 100)));
    expect(JSON.stringify(pace).length).toBeLessThan(1_500);
  });
});

describe('what a look tells', () => {
  const steady = (until: number) =>
    after([poll(2, 0, { status: 'pending' }), ...from(6, until, 4).map((at) => poll(at, at - 4))]);

  test('a steady run far from its end is looked at every 5 s', () => {
    expect(nextS(steady(50))).toBe(5);
  });

  test('near its end, so that a look falls just behind it', () => {
    // It ends at 104 s: the two looks after 98 s come before and behind that, or one just behind.
    const pace = steady(98);
    const at = 98 + nextS(pace);
    const seen = at >= 104 ? at : at + nextS(observe(pace, poll(at, at - 4)));
    expect(seen).toBeGreaterThanOrEqual(104);
    expect(seen).toBeLessThan(106);
  });

  test('a run without progress is looked at often first, and at 5 s when it has grown old', () => {
    const silent = (until: number) => after(from(2, until, 4).map((at) => poll(at, null)));
    expect(nextS(silent(6))).toBeLessThan(3);
    expect(nextS(silent(600))).toBe(5);
  });

  test('a run that no worker has claimed yet cannot be about to end', () => {
    expect(nextS(after([poll(2, 0, { status: 'pending' })]))).toBeGreaterThan(nextS(after([poll(2, null)])));
  });

  test('one that stands at 99 % for long is not looked at every 2 s for ever', () => {
    const stuck = [
      ...from(2, 98, 4).map((at) => poll(at, at)),
      ...from(102, 800, 5).map((at) => poll(at, 99)),
    ];
    expect(nextS(after(stuck))).toBe(5);
  });

  test('progress that falls back starts a new line', () => {
    const fallen = after([
      ...from(2, 78, 4).map((at) => poll(at, at)),
      poll(82, 10),
      poll(86, 11),
      poll(90, 12),
    ]);
    expect(nextS(fallen)).toBeGreaterThan(4);
  });
});

describe('where the bucket is low', () => {
  test('a look waits until a launch’s worth is back', () => {
    const pace = after([poll(2, 0, { bucket: bucket(40) })]);
    expect(nextS(pace, 0)).toBeGreaterThanOrEqual(11);
  });

  test('remaining 0: not before the bucket has been refilled (C11)', () => {
    expect(nextS(after([poll(2, 0, { bucket: bucket(0) })]), 0)).toBeGreaterThanOrEqual(25);
  });

  test('what siblings spent between two looks makes it wait for them', () => {
    const contended = after([poll(2, 0, { bucket: bucket(20) }), poll(32, 5, { bucket: bucket(4) })]);
    expect(nextS(contended, 0)).toBe(90);
    const quiet = after([poll(2, 0, { bucket: bucket(20) }), poll(32, 5, { bucket: bucket(48) })]);
    expect(nextS(quiet, 0)).toBeLessThanOrEqual(30);
  });

  test('siblings are waited for until half the bucket is back, and then no more', () => {
    const contended = [poll(2, 0, { bucket: bucket(20) }), poll(32, 5, { bucket: bucket(4) })];
    expect(nextS(after([...contended, poll(122, 20, { bucket: bucket(60) })]), 0)).toBe(90);
    expect(nextS(after([...contended, poll(122, 20, { bucket: bucket(66) })]), 0)).toBeLessThanOrEqual(5);
  });

  test('the first look after a launch comes after 2 s, later where the bucket is low or others queue', () => {
    expect(firstPollMs(null, false, 0)).toBe(2_000);
    expect(firstPollMs(null, true, 0)).toBe(2_000);
    expect(firstPollMs(bucket(95), false, 0.9)).toBe(2_000);
    expect(firstPollMs(bucket(45), false, 0)).toBe(6_000);
    expect(firstPollMs(bucket(0), false, 0)).toBe(30_000);
    expect(firstPollMs(bucket(0), true, 0)).toBe(90_000);
  });

  test('a job that queued for its launch expects siblings to queue at its first look', () => {
    const first = poll(90, 20, { bucket: bucket(40) });
    expect(nextS(observe(paceAfterLaunch(true), first), 0)).toBe(90);
    expect(nextS(observe(paceAfterLaunch(false), first), 0)).toBeLessThan(30);
  });

  test('chance spreads those who were told the same', () => {
    const pace = after([poll(2, 0, { bucket: bucket(0) })]);
    expect(nextS(pace, 0.9)).toBeGreaterThan(nextS(pace, 0.1));
  });

  test.each([
    ['no progress', () => null],
    ['steady progress', (seconds: number) => Math.floor(seconds / 6)],
  ])('ten minutes on a free key, %s: its own looks never empty the bucket (C8)', (_, progress) => {
    const free = createBucket(TIERS.free, 0);
    let pace = firstPace;
    for (let at = 0; at < 600_000; at += nextPollMs(pace, 0)) {
      expect(free.take(1, at)).toBe(true);
      const told = {
        limit: 20,
        remaining: Math.floor(free.remaining(at)),
        fullInMs: Math.ceil(free.waitFor(20, at) / 1000) * 1000,
      };
      pace = observe(pace, poll(at / 1000, progress(at / 1000), { bucket: told }));
    }
  });
});
