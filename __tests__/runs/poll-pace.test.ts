import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { observeBucket, unknownBucket, type BucketState } from '../../src/alloovium/bucket.ts';
import type { Client } from '../../src/alloovium/client.ts';
import type { Clock } from '../../src/clock.ts';
import type { OrderQueue } from '../../src/runs/queue.ts';
import { createPacer, createPace, nextPollMs, observeRun, delayCostMs, type RunPace, type RunPoll } from '../../src/runs/poll-pace.ts';
import { ConnectionError } from '../../src/alloovium/errors.ts';
import type { Polled } from '../../src/alloovium/poll.ts';
import type { Run } from '../../src/alloovium/wire.ts';
import { virtualClock } from '../fakes.ts';

const poll = (seconds: number, progress: number | null, status = 'running'): RunPoll => ({
  at: seconds * 1000,
  status,
  progress,
});
const after = (polls: readonly RunPoll[], launchedAt: number | null = 0): RunPace =>
  polls.reduce(observeRun, createPace(launchedAt ?? polls[0]?.at ?? 0, launchedAt !== null));
/** In a step with several runs. */
const inStep = (launchesWaiting: number, runsFollowed = 1) => ({
  isOnlyRun: false,
  launchesWaiting,
  runsFollowed,
});
const ONLY_RUN = { isOnlyRun: true, launchesWaiting: 0, runsFollowed: 1 };
const nextMs = (pace: RunPace, bucket: BucketState, contention = ONLY_RUN, random = 0.5) =>
  nextPollMs(pace, { ...contention, bucket }, random);
const nextS = (pace: RunPace, bucket = unknownBucket, contention = ONLY_RUN, random = 0.5) =>
  nextMs(pace, bucket, contention, random) / 1000;
const price = (bucket: BucketState, contention: typeof ONLY_RUN) => delayCostMs({ ...contention, bucket });
const from = (first: number, last: number, step: number) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
const seen = (about: Partial<Run>, serverNowMs = 0): Polled => ({
  run: {
    runId: 'r',
    workflowId: 'w',
    status: 'running',
    progress: null,
    stage: null,
    outputs: null,
    errorMessage: null,
    startedAt: '',
    completedAt: '',
    createdAt: '',
    ...about,
  },
  meta: { at: 0, serverNowMs, replayed: false, retryAfterAt: 0, wrongContentType: false, redacted: false },
});
const failed: Polled = {
  failure: {
    error: new ConnectionError('broken', 'ECONNRESET'),
    hintMs: null,
    bucketState: unknownBucket,
    cost: 1,
    redacted: false,
  },
};
/** What a pacer uses, of a run that has no other beside it. */
const parts = (clock: Clock, bucket: BucketState) => ({
  clock,
  random: () => 0,
  client: { bucketState: () => bucket } as Client,
  turn: { contention: () => ONLY_RUN } as OrderQueue,
});
/** Of a standard key. */
const standard = observeBucket(unknownBucket, {
  at: 0,
  bucket: { limit: 120, remaining: 19, fullInMs: 101_000 },
  cost: 25,
});

const anAnswer = fc.record({
  after: fc.nat(100_000),
  limit: fc.constantFrom(1, 20, 30, 120, 600, 3_000),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  fullInMs: fc.nat(10 ** 12),
  cost: fc.constantFrom(0, 1, 25),
  status: fc.constantFrom('pending', 'running', 'awaiting_review', ''),
  progress: fc.option(fc.double({ min: 0, max: 100, noNaN: true }), { nil: null }),
});

test('pauses 2 s to 5 min for any runs and buckets, and at most 5 to 20 s by age if polls delay no launch', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.array(anAnswer, { maxLength: 30 }), fc.nat(20), chance, (answers, launches, random) => {
      let pace = createPace(0);
      let bucket = unknownBucket;
      let at = 0;
      const step = inStep(launches, 1 + launches);
      for (const { after: ms, limit, share, fullInMs, cost, status, progress } of answers) {
        at += ms;
        pace = observeRun(pace, { at, status, progress });
        const remaining = Math.floor(limit * share);
        bucket = observeBucket(bucket, { at, bucket: { limit, remaining, fullInMs }, cost });
        for (const contention of [ONLY_RUN, step]) {
          for (const seenBefore of [pace, createPace(0)]) {
            const pause = nextMs(seenBefore, bucket, contention, random);
            expect(pause).toBeGreaterThanOrEqual(2_000);
            expect(pause).toBeLessThanOrEqual(300_000);
          }
          const free = nextMs(pace, unknownBucket, contention, random);
          expect(free).toBeGreaterThanOrEqual(2_000);
          // Towards a predicted end, the pieces may be twice as long.
          expect(free).toBeLessThanOrEqual(2 * Math.min(20_000, Math.max(5_000, at / 180)) + 0.001);
        }
      }
    }),
  );
});

test('keeps hours of polls in a few numbers', () => {
  const pace = after(from(0, 40_000, 2.5).map((at) => poll(at, (at / 400) % 100)));
  expect(JSON.stringify(pace).length).toBeLessThan(600);
});

describe('the progress of a run', () => {
  const steady = (until: number) => after([poll(2, 0, 'pending'), ...from(6, until, 4).map((at) => poll(at, at - 4))]);
  const silent = (until: number) => after(from(2, until, 4).map((at) => poll(at, null)));

  test('schedules a poll just after the end that it predicts', () => {
    // It ends at 104 s.
    const pace = steady(98);
    const at = 98 + nextS(pace);
    const seen = at >= 104 ? at : at + nextS(observeRun(pace, poll(at, at - 4)));
    expect(seen).toBeGreaterThanOrEqual(104);
    expect(seen).toBeLessThan(105);
  });

  test('lets pauses towards a predicted end be up to twice as long as the longest without one', () => {
    // 90 s are left: pieces of 7.5 s. Then 60 s: pieces of 5 s.
    expect(nextS(after([poll(2, 0, 'pending'), poll(5, 0), poll(15, 10)]))).toBeCloseTo(7.5, 0);
    expect(nextS(steady(46))).toBeCloseTo(5, 0);
    // An hour, of which half is left, in pieces of 20 s: a twelfth would be 150 s.
    expect(nextS(after([poll(60, 1 + 2 / 3), poll(1_800, 50)]))).toBeCloseTo(20, 0);
  });

  test('predicts from the launch if a new run is half done at the first poll', () => {
    // Half done after 60 s, with a high price: the next poll is a little behind the end, 59 s later.
    const pause = nextS(after([poll(60, 50.5)]), standard, inStep(19));
    expect(pause).toBeGreaterThan(59.1);
    expect(pause).toBeLessThan(66);
    expect(nextS(after([poll(60, 50.5)], null), standard, inStep(19))).toBeGreaterThan(80);
  });

  test('is polled often first, and every 5 s at 10 min, if there is no progress', () => {
    expect(nextS(silent(6))).toBe(2);
    expect(nextS(silent(40))).toBeGreaterThan(3);
    expect(nextS(silent(600))).toBe(5);
  });

  test.each([
    [900, 5],
    [1_800, 10],
    [3_600, 20],
    [36_000, 20],
  ])('lets a silent run of %d s be polled every %d s', (age, pause) => {
    expect(nextS(after([poll(age, null)]))).toBeCloseTo(pause);
  });

  test('waits 5 s while no worker has claimed the run', () => {
    expect(nextS(after([poll(2, 0, 'pending')]))).toBe(5);
  });

  test('goes back to pauses of 5 s if it stays at 99 %', () => {
    const stuck = [...from(2, 98, 4).map((at) => poll(at, at)), ...from(102, 800, 5).map((at) => poll(at, 99))];
    expect(nextS(after(stuck))).toBe(5);
  });

  test('predicts from new data if the progress falls', () => {
    const fallen = [...from(2, 78, 4).map((at) => poll(at, at)), poll(82, 10), poll(86, 11), poll(90, 12)];
    expect(nextS(after(fallen))).toBeGreaterThan(4);
  });
});

describe('the price of a poll', () => {
  const silent = after([poll(2, null)]);

  test('is 50 ms, and 16 times the price of a token for each waiting launch of the step', () => {
    expect(price(unknownBucket, inStep(3))).toBe(50);
    expect(price(standard, inStep(0))).toBe(50);
    expect(price(standard, inStep(3)) / 48_530).toBeCloseTo(1, 1);
    // Launches that the bucket can pay at once do not wait for tokens.
    const plenty = observeBucket(standard, {
      at: 60_000,
      bucket: { limit: 120, remaining: 78, fullInMs: 42_000 },
      cost: 1,
    });
    expect(price(plenty, inStep(3))).toBe(50);
    expect(price(plenty, inStep(4))).toBeGreaterThan(1_000);
  });

  test.each<[what: string, limit: number, remaining: number, launches: number]>([
    ['assumes 8 waiting launches of other jobs where the bucket cannot pay one', 120, 24, 8],
    ['assumes no waiting launch of other jobs where the bucket can pay one', 120, 25, 0],
    ['assumes no waiting launch of other jobs where the bucket can never pay one', 20, 2, 0],
  ])('%s', (_, limit, remaining, launches) => {
    const bucket = observeBucket(unknownBucket, {
      at: 0,
      bucket: { limit, remaining, fullInMs: (limit - remaining) * 1_000 },
      cost: 1,
    });
    expect(price(bucket, ONLY_RUN) / (50 + launches * 1_000)).toBeCloseTo(1, 1);
    // A step with several runs knows its own, and takes no others to wait.
    expect(price(bucket, inStep(0))).toBe(50);
  });

  test('lengthens pauses by its square root, the first one by 0.65 of that', () => {
    const stretch = (launches: number) => nextS(silent, standard, inStep(launches), 0) - nextS(silent, standard, inStep(0));
    expect(stretch(1)).toBeCloseTo(5 * (Math.sqrt(16_220 / 50) - 1), 0);
    expect(nextS(createPace(0), standard, inStep(1), 0)).toBeCloseTo(2 + 0.65 * stretch(1), 0);
  });

  test('is spread at random among jobs with the same data', () => {
    const late = nextS(silent, standard, inStep(4), 0.9);
    expect(late).toBeGreaterThan(nextS(silent, standard, inStep(4), 0.1) + 2);
    expect(nextS(silent, standard, inStep(0), 0.9)).toBe(nextS(silent, standard, inStep(0), 0.1));
  });
});

describe('a job with one run, if the bucket cannot pay for a launch', () => {
  test.each([
    [0, 10],
    [10, 15],
    [60, 40],
  ])('pauses for half of the age and 10 s at most: for a run of %d s, %d s', (age, pause) => {
    const pace = age === 0 ? createPace(0) : after([poll(age, null)]);
    expect(nextS(pace, standard, ONLY_RUN, 0.999)).toBeLessThanOrEqual(pause);
    expect(nextS(pace, standard, ONLY_RUN, 0.999)).toBeGreaterThan(0.9 * pause);
  });

  test('lengthens the first pause by a quarter of what it adds to later ones', () => {
    // Five tokens a second: later pauses are 23.7 s longer.
    const quick = observeBucket(unknownBucket, {
      at: 0,
      bucket: { limit: 120, remaining: 19, fullInMs: 20_000 },
      cost: 25,
    });
    expect(nextS(createPace(0), quick, ONLY_RUN, 0)).toBeCloseTo(2 + 0.25 * 23.7, 0);
    expect(nextS(after([poll(100, null)]), quick, ONLY_RUN, 0)).toBeCloseTo(5 + 23.7, 0);
  });

  test('pauses for twice the age and 10 s at most towards a predicted end', () => {
    expect(nextS(after([poll(10, 5)]), standard)).toBeCloseTo(30, 0);
    // Without that limit, its step would wait for longer.
    expect(nextS(after([poll(10, 5)]), standard, inStep(3))).toBeGreaterThan(60);
  });

  test('waits for a token if the bucket has none', () => {
    const empty = observeBucket(unknownBucket, {
      at: 0,
      bucket: { limit: 20, remaining: 0, fullInMs: 120_000 },
      cost: 1,
    });
    expect(nextS(after([poll(2, null)]), empty)).toBeCloseTo(6.3, 1);
  });
});

test('spaces all polls of a step by the time in which their tokens refill', () => {
  const old = after(from(2, 600, 5).map((at) => poll(at, null)));
  expect(nextS(old, standard, inStep(0, 20))).toBeCloseTo(20.2, 0);
  expect(nextS(old, standard, inStep(0, 3))).toBe(5);
  expect(nextS(createPace(0), standard, inStep(0, 8), 0)).toBeGreaterThanOrEqual(8);
});

test('repeats a first poll that fails within 10 s', () => {
  const clock = virtualClock();
  const pacer = createPacer(parts(clock, standard), 0);
  pacer.observe(failed);
  expect(pacer.pauseMs()).toBeLessThanOrEqual(10_000);
});

test('learns the age of a run that existed before from its polls', () => {
  const clock = virtualClock();
  const pacer = createPacer(parts(clock, unknownBucket), null);
  const createdAt = new Date(clock.date() - 3_600_000).toISOString();
  pacer.observe(seen({ createdAt }, clock.date()));
  expect(pacer.pauseMs()).toBeCloseTo(20_000);
});

test('paces polls by the earlier polls of a run, without the failed ones', () => {
  const clock = virtualClock();
  const pacer = createPacer(parts(clock, unknownBucket), null);
  expect(pacer.pauseMs()).toBe(0);
  const next = (polled: Polled) => {
    pacer.observe(polled);
    return pacer.pauseMs();
  };
  expect(next(seen({ status: 'pending', progress: 0 }))).toBe(5_000);
  expect(next(failed)).toBe(5_000);
  expect(next(seen({}))).toBe(2_000);
});
