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
  ['sleeps without a limit where nothing waits', [], {}, { sleepMs: Infinity }],
  ['sends the launch of the first order first, at any place in the list', [poll(0), launch(3), launch(1)], {}, { grant: 2 }],
  ['sends the second launch while the hint for the first has not passed', [launch(1, 9), launch(2)], {}, { grant: 1 }],
  ['waits for the hint of the only launch', [launch(1, 9)], {}, { sleepMs: 9_000 }],
  ['waits for the tokens of a launch', [launch(1)], { bucket: standard(20) }, { sleepMs: 5_000 }],
  [
    'does not wait for the tokens of a launch if the server said when to send it',
    [launch(1)],
    { bucket: standard(20), isHinted: true },
    { grant: 0 },
  ],
  ['sends a poll while a launch waits for tokens', [launch(1), poll(0)], { bucket: standard(20) }, { grant: 1 }],
  ['does not spend the token of a poll in flight on a launch', [launch(1)], { bucket: standard(25), ...busy('poll') }, { sleepMs: 1_000 }],
  ['does not spend the tokens of a launch in flight on a poll', [poll(0)], { bucket: standard(25), ...busy('launch') }, { sleepMs: 1_000 }],
  ['sends no second launch while one is in flight', [launch(1)], busy('launch'), { sleepMs: Infinity }],
  ['sends no second poll while one is in flight', [poll(1), poll(2)], busy('poll'), { sleepMs: Infinity }],
  ['sends a poll while a launch is in flight', [launch(1), poll(0)], busy('launch'), { grant: 1 }],
  ['sends one launch where nothing is known of the bucket', [launch(1), launch(2)], { bucket: unknownBucket }, { grant: 0 }],
  ['sends the poll first that has been due for longest', [poll(1, -1), poll(2, -3), poll(3, 4)], {}, { grant: 1 }],
  ['sleeps until the first poll is due', [poll(1, 4), poll(2, 3)], {}, { sleepMs: 3_000 }],
  ['waits between two polls until a token has refilled', [poll(1)], { lastPollAt: NOW - 400 }, { sleepMs: 600 }],
  ['sends a poll, and no launch, after a 429 to a launch', [launch(1), launch(2), poll(0)], held(7, -1), { grant: 2 }],
  ['sleeps until the hint of a 429 to a launch has passed', [launch(1), launch(2)], held(7, -1), { sleepMs: 7_000 }],
  ['sends nothing until the hint of a 503 has passed', [launch(1), poll(0)], held(7, 6), { sleepMs: 6_000 }],
  [
    'sends a second poll at the deadline, the one that is due first',
    [poll(1, 5), poll(2, 4)],
    { deadline: NOW, lastPollAt: NOW, bucket: standard(0), ...busy('poll', 'launch') },
    { grant: 1 },
  ],
  ['sends no third poll at the deadline', [poll(1)], { deadline: NOW, ...busy('poll', 'poll') }, { sleepMs: Infinity }],
  ['sleeps until the deadline to send a second poll', [poll(1)], { deadline: NOW + 800, ...busy('poll') }, { sleepMs: 800 }],
  ['sends a poll at the deadline that would be due later', [poll(1, 9)], { deadline: NOW }, { grant: 0 }],
  [
    'sends no poll at the deadline before the hint of the server has passed',
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

describe('chooseRequest, in any situation', () => {
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
          if (isOver || later.now < situation.deadline) expect(reported(waiting, later)).toHaveProperty('grant');
        }
      }),
    );
  });
});
