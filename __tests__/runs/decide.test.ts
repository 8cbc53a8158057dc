import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { observeBucket, unknownBucket } from '../../src/alloovium/bucket.ts';
import {
  chooseRequest,
  createQueueState,
  type QueueInput,
  type QueueState,
  type RequestKind,
  type Waiting,
} from '../../src/runs/queue-state.ts';

const NOW = 1_000_000;
const launch = (order: number, inS = 0): Waiting => ({
  order,
  kind: 'launch',
  dueAt: () => -Infinity,
  notBefore: NOW + inS * 1000,
});
const poll = (order: number, inS = 0): Waiting => ({
  order,
  kind: 'poll',
  notBefore: -Infinity,
  dueAt: () => NOW + inS * 1000,
});
/** Of a standard key, a token a second, nearly. */
const standard = (remaining: number) =>
  observeBucket(unknownBucket, {
    at: NOW,
    bucket: { limit: 120, remaining, fullInMs: (119 - remaining) * 1000 },
    cost: 1,
  });
type Situation = QueueState & QueueInput;
/** No order is before another. */
const SETTLED: QueueState = {
  ...createQueueState(20, Infinity),
  orders: Array<'blocked'>(20).fill('blocked'),
};
/** The place of the request that may go, or for how long none may. */
const reported = (waiting: readonly Waiting[], situation: Situation) => {
  const next = chooseRequest(waiting, situation, situation);
  return typeof next === 'number' ? { sleepMs: next } : { grant: waiting.indexOf(next) };
};
const turn = (waiting: readonly Waiting[], about: Partial<Situation> = {}) =>
  reported(waiting, {
    ...SETTLED,
    bucket: standard(40),
    now: NOW,
    ...about,
  });
const held = (launchS: number, pollS: number) => ({
  blockedUntil: { launch: NOW + launchS * 1000, poll: NOW + pollS * 1000 },
});
const busy = (...kinds: RequestKind[]) => ({
  inFlight: {
    launch: kinds.filter((one) => one === 'launch').length,
    poll: kinds.filter((one) => one === 'poll').length,
  },
});

test.each<[sentence: string, waiting: Waiting[], about: Partial<Situation>, expected: object]>([
  ['nobody waits: for ever', [], {}, { sleepMs: Infinity }],
  ['the first launch goes first, wherever it stands', [poll(0), launch(3), launch(1)], {}, { grant: 2 }],
  [
    'one whose own hint has not passed does not block those behind it',
    [launch(1, 9), launch(2)],
    {},
    { grant: 1 },
  ],
  ['… and is waited for where there is none', [launch(1, 9)], {}, { sleepMs: 9_000 }],
  ['a launch waits for its tokens', [launch(1)], { bucket: standard(20) }, { sleepMs: 5_000 }],
  [
    '… unless the server said when to come',
    [launch(1)],
    { bucket: standard(20), isHinted: true },
    { grant: 0 },
  ],
  ['… and polls go on meanwhile', [launch(1), poll(0)], { bucket: standard(20) }, { grant: 1 }],
  [
    'a token of a poll in flight is not there for a launch',
    [launch(1)],
    { bucket: standard(25), ...busy('poll') },
    { sleepMs: 1_000 },
  ],
  [
    'nor those of a launch in flight for a poll',
    [poll(0)],
    { bucket: standard(25), ...busy('launch') },
    { sleepMs: 1_000 },
  ],
  ['one launch in flight', [launch(1)], busy('launch'), { sleepMs: Infinity }],
  ['one poll in flight', [poll(1), poll(2)], busy('poll'), { sleepMs: Infinity }],
  ['both may be', [launch(1), poll(0)], busy('launch'), { grant: 1 }],
  [
    'where nothing is known of the bucket, one launch goes',
    [launch(1), launch(2)],
    { bucket: unknownBucket },
    { grant: 0 },
  ],
  [
    'the poll that has been due for longest goes first',
    [poll(1, -1), poll(2, -3), poll(3, 4)],
    {},
    { grant: 1 },
  ],
  ['none is due', [poll(1, 4), poll(2, 3)], {}, { sleepMs: 3_000 }],
  ['all polls together take what refills', [poll(1)], { lastPollAt: NOW - 400 }, { sleepMs: 600 }],
  [
    'a 429 to a launch holds all launches, and no poll',
    [launch(1), launch(2), poll(0)],
    held(7, -1),
    { grant: 2 },
  ],
  ['… until then', [launch(1), launch(2)], held(7, -1), { sleepMs: 7_000 }],
  ['a 503 holds all', [launch(1), poll(0)], held(7, 6), { sleepMs: 6_000 }],
  [
    'at the deadline two polls go out at a time, the earliest due first',
    [poll(1, 5), poll(2, 4)],
    { deadline: NOW, lastPollAt: NOW, bucket: standard(0), ...busy('poll', 'launch') },
    { grant: 1 },
  ],
  ['… and no third', [poll(1)], { deadline: NOW, ...busy('poll', 'poll') }, { sleepMs: Infinity }],
  ['… and are waited for until then', [poll(1)], { deadline: NOW + 800, ...busy('poll') }, { sleepMs: 800 }],
  ['… also where they would be due later', [poll(1, 9)], { deadline: NOW }, { grant: 0 }],
  [
    '… but not before the server wants them',
    [poll(1)],
    { deadline: NOW, ...held(-1, 3) },
    { sleepMs: 3_000 },
  ],
])('%s', (_sentence, waiting, about, expected) => {
  const got = turn(waiting, about);
  if ('sleepMs' in got && 'sleepMs' in expected && Number.isFinite(expected.sleepMs)) {
    // The refill is known to a hundredth.
    expect(got.sleepMs / (expected.sleepMs as number)).toBeCloseTo(1, 1);
  } else {
    expect(got).toEqual(expected);
  }
});

describe('in any situation', () => {
  const aWaiting = fc.record({
    order: fc.nat(19),
    kind: fc.constantFrom<RequestKind>('launch', 'poll'),
    notBefore: fc.integer({ min: NOW - 9_000, max: NOW + 9_000 }),
    dueAt: fc.integer({ min: NOW - 9_000, max: NOW + 9_000 }).map((at) => () => at),
  });
  const aSituation = fc.record({
    bucket: fc.oneof(fc.constant(unknownBucket), fc.nat(119).map(standard)),
    inFlight: fc.record({ launch: fc.nat(1), poll: fc.nat(2) }),
    blockedUntil: fc.record({ launch: fc.nat(2 * NOW), poll: fc.nat(2 * NOW) }),
    isHinted: fc.boolean(),
    lastPollAt: fc.integer({ min: NOW - 5_000, max: NOW }),
    deadline: fc.nat(2 * NOW),
    now: fc.constant(NOW),
  });

  test('sends a request that may be sent, none before its time, and wakes up for the next one', () => {
    fc.assert(
      fc.property(fc.array(aWaiting, { maxLength: 20 }), aSituation, (waiting, situation) => {
        const first = reported(waiting, { ...SETTLED, ...situation });
        const isOver = NOW >= situation.deadline;
        if ('grant' in first) {
          const { kind, notBefore, dueAt } = waiting[first.grant]!;
          expect(Math.max(situation.blockedUntil[kind], notBefore)).toBeLessThanOrEqual(NOW);
          if (kind === 'poll' && !isOver) expect(dueAt()).toBeLessThanOrEqual(NOW);
          expect(situation.inFlight[kind]).toBeLessThan(kind === 'poll' && isOver ? 2 : 1);
        } else if (first.sleepMs === Infinity) {
          for (const { kind } of waiting) expect(situation.inFlight[kind]).toBeGreaterThan(0);
        } else {
          expect(first.sleepMs).toBeGreaterThan(0);
          const later = { ...SETTLED, ...situation, now: NOW + Math.ceil(first.sleepMs) };
          // At the deadline it is another question.
          if (isOver || later.now < situation.deadline)
            expect(reported(waiting, later)).toHaveProperty('grant');
        }
      }),
    );
  });
});
