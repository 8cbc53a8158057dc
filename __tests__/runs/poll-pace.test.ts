import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { observeBucket, unknownBucket, type BucketState } from '../../src/alloovium/bucket.ts';
import type { Client } from '../../src/alloovium/client.ts';
import type { Clock } from '../../src/clock.ts';
import type { Turn } from '../../src/runs/queue.ts';
import {
  createPacer,
  firstPace,
  nextPollMs,
  observeRun,
  priceMs,
  type RunPace,
  type RunPoll,
} from '../../src/runs/poll-pace.ts';
import { ConnectionError } from '../../src/alloovium/errors.ts';
import type { Polled } from '../../src/alloovium/poll.ts';
import type { Run } from '../../src/alloovium/wire.ts';
import { ALONE } from '../../bench/policy.ts';
import { createBucket, TIERS } from '../../simulator/bucket.ts';
import { virtualClock } from '../fakes.ts';

const poll = (seconds: number, progress: number | null, status = 'running'): RunPoll => ({
  at: seconds * 1000,
  status,
  progress,
});
const after = (polls: readonly RunPoll[], launchedAt: number | null = 0): RunPace =>
  polls.reduce(observeRun, firstPace(launchedAt ?? polls[0]?.at ?? 0, launchedAt !== null));
const nextMs = (pace: RunPace, bucket: BucketState, launchesWaiting = 0, runsFollowed = 1, random = 0.5) =>
  nextPollMs(pace, { ...ALONE, bucket, launchesWaiting, runsFollowed }, random);
const nextS = (pace: RunPace, bucket = unknownBucket, launches = 0, runs = 1, random = 0.5) =>
  nextMs(pace, bucket, launches, runs, random) / 1000;
const price = (bucket: BucketState, launchesWaiting: number) =>
  priceMs({ ...ALONE, bucket, launchesWaiting });
const from = (first: number, last: number, step: number) =>
  Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
const seen = (about: Partial<Run>, serverNowMs = 0): Polled => ({
  run: {
    ...{ runId: 'r', workflowId: 'w', status: 'running', progress: null, stage: null, outputs: null },
    ...{ errorMessage: null, startedAt: '', completedAt: '', createdAt: '' },
    ...about,
  },
  meta: { at: 0, serverNowMs, replayed: false, freeAt: 0, wrongContentType: false, redacted: false },
});
const failed: Polled = {
  failure: {
    error: new ConnectionError('broken', 'ECONNRESET'),
    ...{ hintMs: null, bucketState: unknownBucket, cost: 1, redacted: false },
  },
};
/** What a pacer uses, of a run that has no other beside it. */
const parts = (clock: Clock, bucket: BucketState) => ({
  ...{ clock, random: () => 0, deadline: Infinity },
  client: { bucketState: () => bucket } as Client,
  turn: { beside: () => ({ launchesWaiting: 0, runsFollowed: 1 }) } as Turn,
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

test('whatever runs and buckets say, a pause is 2 s to some minutes; without a price it is at most 5 s', () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.array(anAnswer, { maxLength: 30 }), fc.nat(20), chance, (answers, launches, random) => {
      let pace = firstPace(0);
      let bucket = unknownBucket;
      let at = 0;
      for (const { after: ms, limit, share, fullInMs, cost, status, progress } of answers) {
        at += ms;
        pace = observeRun(pace, { at, status, progress });
        const remaining = Math.floor(limit * share);
        bucket = observeBucket(bucket, { at, bucket: { limit, remaining, fullInMs }, cost });
        for (const pause of [
          nextMs(pace, bucket, launches, 1 + launches, random),
          nextMs(firstPace(0), bucket, launches, 1 + launches, random),
        ]) {
          expect(pause).toBeGreaterThanOrEqual(2_000);
          expect(pause).toBeLessThanOrEqual(270_000);
        }
        const free = nextMs(pace, unknownBucket, launches, 1 + launches, random);
        expect(free).toBeGreaterThanOrEqual(2_000);
        expect(free).toBeLessThanOrEqual(5_000.001);
      }
    }),
  );
});

test('hours of polls are remembered in a few numbers', () => {
  const pace = after(from(0, 40_000, 2.5).map((at) => poll(at, (at / 400) % 100)));
  expect(JSON.stringify(pace).length).toBeLessThan(600);
});

describe('what a poll tells', () => {
  const steady = (until: number) =>
    after([poll(2, 0, 'pending'), ...from(6, until, 4).map((at) => poll(at, at - 4))]);

  test('a steady run far from its end is polled every 5 s, nearly', () => {
    expect(nextS(steady(50))).toBeGreaterThan(4.5);
  });

  test('near its end, so that a poll falls just behind it', () => {
    // It ends at 104 s.
    const pace = steady(98);
    const at = 98 + nextS(pace);
    const seen = at >= 104 ? at : at + nextS(observeRun(pace, poll(at, at - 4)));
    expect(seen).toBeGreaterThanOrEqual(104);
    expect(seen).toBeLessThan(105);
  });

  test('a run that is first seen in its midst is taken to have begun at its launch', () => {
    // Half done after 60 s, with a high price: the next poll is a little behind the end, 59 s later.
    const pause = nextS(after([poll(60, 50.5)]), standard, 19);
    expect(pause).toBeGreaterThan(59.1);
    expect(pause).toBeLessThan(66);
    expect(nextS(after([poll(60, 50.5)], null), standard, 19)).toBeGreaterThan(80);
  });

  test('a run without progress is polled often first, and every 5 s when it has grown old', () => {
    const silent = (until: number) => after(from(2, until, 4).map((at) => poll(at, null)));
    expect(nextS(silent(6))).toBe(2);
    expect(nextS(silent(40))).toBeGreaterThan(3);
    expect(nextS(silent(600))).toBe(5);
  });

  test('a run that no worker has claimed yet cannot be about to end', () => {
    expect(nextS(after([poll(2, 0, 'pending')]))).toBe(5);
  });

  test('one that stands at 99 % for long is not polled every 2 s for ever', () => {
    const stuck = [
      ...from(2, 98, 4).map((at) => poll(at, at)),
      ...from(102, 800, 5).map((at) => poll(at, 99)),
    ];
    expect(nextS(after(stuck))).toBe(5);
  });

  test('progress that falls back starts a new line', () => {
    const fallen = [...from(2, 78, 4).map((at) => poll(at, at)), poll(82, 10), poll(86, 11), poll(90, 12)];
    expect(nextS(after(fallen))).toBeGreaterThan(4);
  });
});

describe('the price of a poll', () => {
  const silent = after([poll(2, null)]);

  test('is 50 ms, and for each launch that waits 16 times that of a token: the report of a step comes once', () => {
    expect(price(unknownBucket, 3)).toBe(50);
    expect(price(standard, 0)).toBe(50);
    expect(price(standard, 3) / 48_530).toBeCloseTo(1, 1);
    // Of those that could be paid at once nobody waits for tokens.
    const plenty = observeBucket(standard, {
      at: 60_000,
      bucket: { limit: 120, remaining: 78, fullInMs: 42_000 },
      cost: 1,
    });
    expect(price(plenty, 3)).toBe(50);
    expect(price(plenty, 4)).toBeGreaterThan(1_000);
  });

  test('makes pauses longer with its root, the first by 0.65 of that', () => {
    const stretch = (launches: number) => nextS(silent, standard, launches, 1, 0) - nextS(silent, standard);
    expect(stretch(1)).toBeCloseTo(5 * (Math.sqrt(16_220 / 50) - 1), 0);
    expect(nextS(firstPace(0), standard, 1, 1, 0)).toBeCloseTo(2 + 0.65 * stretch(1), 0);
  });

  test('chance spreads those who were told the same', () => {
    expect(nextS(silent, standard, 4, 1, 0.9)).toBeGreaterThan(nextS(silent, standard, 4, 1, 0.1) + 2);
    expect(nextS(silent, standard, 0, 1, 0.9)).toBe(nextS(silent, standard, 0, 1, 0.1));
  });

  test('launches of others have it too, until there is enough for two', () => {
    const seen = (at: number, remaining: number) => ({
      at,
      bucket: { limit: 120, remaining, fullInMs: (120 - remaining) * 1000 },
      cost: 1,
    });
    const contended = observeBucket(standard, seen(30_000, 20));
    const old = after([poll(100, null)]);
    expect(nextS(old, contended)).toBeGreaterThan(20);
    expect(nextS(old, observeBucket(contended, seen(60_000, 52)))).toBe(5);
  });
});

test('what all polls of a step take is at most what refills', () => {
  const old = after(from(2, 600, 5).map((at) => poll(at, null)));
  expect(nextS(old, standard, 0, 20)).toBeCloseTo(20.2, 0);
  expect(nextS(old, standard, 0, 3)).toBe(5);
  expect(nextS(firstPace(0), standard, 0, 8, 0)).toBeGreaterThanOrEqual(8);
});

test('alone, also after queueing for tokens that others had taken before, no pause is longer than 5 s', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        TIERS.standard,
        TIERS.pro,
        { perMinute: 600, burst: 30 },
        { perMinute: 300, burst: 120 },
      ),
      fc.nat(3_000),
      fc.nat(999),
      (size, drained, offset) => {
        const bucket = createBucket(size, 0);
        bucket.drain(drained, 0);
        let state = unknownBucket;
        const call = (cost: number, at: number) => {
          const paid = bucket.take(cost, at);
          const date = Math.floor((at + offset) / 1000);
          const full = Math.ceil((at + offset + bucket.waitFor(size.burst, at)) / 1000);
          const remaining = Math.floor(bucket.remaining(at));
          const told = { limit: size.burst, remaining, fullInMs: (full - date) * 1000 };
          state = observeBucket(state, { at, bucket: told, cost: paid ? cost : 0 });
          return paid;
        };
        let at = 0;
        while (!call(25, at)) at += Math.ceil(bucket.waitFor(25, at) / 1000) * 1000;
        let pace = firstPace(at);
        let pause = nextMs(firstPace(at), state, 0, 1, 0.99);
        for (let n = 0; n < 50; n++) {
          expect(pause).toBeLessThanOrEqual(5_000);
          at += pause;
          call(1, at);
          pace = observeRun(pace, { at, status: 'running', progress: null });
          pause = nextMs(pace, state, 0, 1, 0.99);
        }
      },
    ),
  );
});

/** Of a key that others queue for. */
const crowd = observeBucket(standard, {
  at: 30_000,
  bucket: { limit: 120, remaining: 1, fullInMs: 119_000 },
  cost: 0,
});

test('blind to the others: the first pause grows by 0.3 of what the others do, so that a short run is seen soon', () => {
  const [first, later] = [nextS(firstPace(0), crowd), nextS(after([poll(10, null)]), crowd)];
  expect(first).toBeLessThan(15);
  expect((first - 2) / (later - 2)).toBeCloseTo(0.3, 5);
  expect(nextS(after([poll(200, null)]), crowd) - later).toBeCloseTo(3);
  // A step, which knows its queue, waits for longer.
  expect(nextS(firstPace(0), standard, 2)).toBeGreaterThan(60);
});

describe('a usual length', () => {
  const known = (pace: RunPace, expectedS: number, leftS = Infinity, bucket = unknownBucket) =>
    nextPollMs(pace, { ...ALONE, bucket, expectedMs: expectedS * 1000, deadline: leftS * 1000 }, 0) / 1000;
  test.each<[what: string, expectedS: number, leftS: number, bucket: BucketState, firstS: number]>([
    ['half of it', 100, Infinity, unknownBucket, 50],
    ['a minute at most', 480, Infinity, unknownBucket, 60],
    ['five where others queue', 1_200, Infinity, crowd, 300],
    ['half of the time to the deadline', 480, 60, unknownBucket, 30],
    ['a minute at most, however long it is', 86_400, Infinity, unknownBucket, 60],
    ['half of the time to the deadline, however long it is', 86_400, 60, unknownBucket, 30],
    ['not less than 2 s', 1, Infinity, unknownBucket, 2],
  ])('the first pause is %s', (_, expectedS, leftS, bucket, firstS) => {
    expect(known(firstPace(0), expectedS, leftS, bucket)).toBeCloseTo(firstS, 0);
  });

  test('… also of a short run in the queue of its own step, where a poll is dear', () => {
    const around = { ...ALONE, bucket: standard, launchesWaiting: 4, expectedMs: 20_000 };
    expect(nextPollMs(firstPace(0), around, 0)).toBe(10_000);
  });

  test('then pauses grow shorter with what is likely left; from that age on it is forgotten', () => {
    const at = (seconds: number) => known(after([poll(seconds, null)]), 600);
    expect(at(60)).toBe(60);
    expect(at(400)).toBeCloseTo(34);
    expect(at(450)).toBeGreaterThan(at(550));
    expect(at(600)).toBe(nextS(after([poll(600, null)])));
  });

  test('once it has passed, no pause is longer than the age of the run and 10 s', () => {
    const at = (seconds: number) => known(after([poll(seconds, null)]), 10, Infinity, crowd);
    expect([at(10), at(20)]).toEqual([20, 30]);
    expect(nextS(after([poll(10, null)]), crowd)).toBeGreaterThan(40);
  });

  test('a first poll that fails is not sent again after as long a pause', () => {
    const clock = virtualClock();
    const pacer = createPacer(parts(clock, crowd), 1_200_000, 0);
    expect(pacer.pauseMs()).toBeCloseTo(300_000, -3);
    pacer.see(failed);
    expect(pacer.pauseMs()).toBeLessThanOrEqual(126_000);
  });

  test.each([
    [7.5, 30],
    [12, 2],
  ])('a run that was there before: its polls tell its age, %d of 10 min', (minutes, atMost) => {
    const clock = virtualClock();
    const pacer = createPacer(parts(clock, unknownBucket), 600_000, null);
    const createdAt = new Date(clock.date() - minutes * 60_000).toISOString();
    pacer.see(seen({ createdAt }, clock.date()));
    expect(pacer.pauseMs() / 1000).toBeLessThanOrEqual(atMost + 3);
  });

  test('a line that progress draws tells more', () => {
    const line = after([poll(10, 10), poll(20, 20), poll(30, 30)]);
    expect(known(line, 600)).toBe(nextS(line));
  });
});

test('a pacer remembers the polls of its run, and passes failed ones over', () => {
  const clock = virtualClock();
  const pacer = createPacer(parts(clock, unknownBucket), null, null);
  expect(pacer.pauseMs()).toBe(0);
  const next = (polled: Polled) => {
    pacer.see(polled);
    return pacer.pauseMs();
  };
  expect(next(seen({ status: 'pending', progress: 0 }))).toBe(5_000);
  expect(next(failed)).toBe(5_000);
  expect(next(seen({}))).toBe(2_000);
});
