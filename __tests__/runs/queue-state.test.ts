/** What each event changes for the requests of a step, and which of them is refused. */
import { describe, expect, test } from '@jest/globals';
import { BucketTooSmallError } from '../../src/alloovium/errors.ts';
import { unknownBucket } from '../../src/alloovium/bucket.ts';
import type { Failure } from '../../src/alloovium/retry.ts';
import {
  applyQueueEvent,
  createQueueState,
  whyNeverSent,
  missingMs,
  type QueueEvent,
  type QueueState,
  type RequestKind,
  type Waiting,
} from '../../src/runs/queue-state.ts';
import { apiError } from '../fakes.ts';

const waits = (kind: RequestKind, order: number, notBefore = -Infinity): Waiting => ({
  kind,
  order,
  notBefore,
  dueAt: () => -Infinity,
});
const failed = (error: Failure['error'], hintMs: number | null = null): Failure => ({
  error,
  hintMs,
  bucketState: unknownBucket,
  cost: 25,
  redacted: false,
});
const answered = (kind: RequestKind, failure: Failure | null): QueueEvent => ({
  kind: 'answered',
  request: { kind, order: 0 },
  failure,
  now: 100,
});
const limited = failed(apiError({ status: 429 }), 50);
const scope = apiError({ status: 403, code: 'insufficient_scope' });
const small = new BucketTooSmallError(20, 25);

const BEFORE: QueueState = { ...createQueueState(2, 1_000), inFlight: { launch: 1, poll: 1 } };

test.each<[sentence: string, event: QueueEvent, change: Partial<QueueState>]>([
  [
    'a launch that is sent is in flight',
    { kind: 'sent', request: waits('launch', 1), now: 100 },
    { inFlight: { launch: 2, poll: 1 }, orders: ['to_pay', 'launching'] },
  ],
  [
    'a poll that is sent is in flight, and the last',
    { kind: 'sent', request: waits('poll', 1), now: 100 },
    { inFlight: { launch: 1, poll: 2 }, lastPollAt: 100 },
  ],
  [
    'a launch that was answered lets those behind it go',
    answered('launch', null),
    { inFlight: { launch: 0, poll: 1 }, orders: ['blocked', 'to_pay'] },
  ],
  [
    'a launch that waits for tokens keeps its place, and holds all launches',
    answered('launch', limited),
    { inFlight: { launch: 0, poll: 1 }, blockedUntil: { launch: 150, poll: -Infinity } },
  ],
  [
    'a 429 to a poll holds launches and polls',
    answered('poll', limited),
    { inFlight: { launch: 1, poll: 0 }, blockedUntil: { launch: 150, poll: 150 } },
  ],
  [
    'a 503 to a launch holds launches and polls',
    answered('launch', failed(apiError({ status: 503 }), 50)),
    {
      inFlight: { launch: 0, poll: 1 },
      orders: ['blocked', 'to_pay'],
      blockedUntil: { launch: 150, poll: 150 },
    },
  ],
  [
    'a 409 holds its own key alone',
    answered('launch', failed(apiError({ status: 409 }), 50)),
    { inFlight: { launch: 0, poll: 1 }, orders: ['blocked', 'to_pay'] },
  ],
  [
    'what no launch may do closes the queue to launches',
    answered('launch', failed(scope)),
    { inFlight: { launch: 0, poll: 1 }, orders: ['blocked', 'to_pay'], closed: scope },
  ],
  [
    'what no launch can pay closes it too',
    answered('launch', failed(small)),
    { inFlight: { launch: 0, poll: 1 }, orders: ['blocked', 'to_pay'], closed: small },
  ],
  ['a poll closes nothing', answered('poll', failed(scope)), { inFlight: { launch: 1, poll: 0 } }],
  [
    'an order that goes on is in its new state',
    { kind: 'moved', order: 1, to: 'to_evaluate' },
    { orders: ['to_pay', 'to_evaluate'] },
  ],
  [
    'before the deadline time changes nothing',
    { kind: 'time', now: 999, waiting: [waits('poll', 0)] },
    { overAt: Infinity },
  ],
  ['at the deadline the time is over', { kind: 'time', now: 1_004, waiting: [] }, { overAt: 1_000 }],
  [
    'where the machine slept beyond it, the time is over when it is back',
    { kind: 'time', now: 6_000, waiting: [] },
    { overAt: 6_000 },
  ],
])('%s', (_, event, change) => {
  expect(applyQueueEvent(BEFORE, event)).toEqual({ ...BEFORE, ...change });
});

test('a launch that was delayed waits for tokens again after the delay', () => {
  const held: QueueState = { ...BEFORE, orders: ['blocked', 'blocked'] };
  const waiting = [waits('launch', 0, 90), waits('launch', 1, 200)];
  expect(applyQueueEvent(held, { kind: 'time', now: 100, waiting }).orders).toEqual(['to_pay', 'blocked']);
});

test('a 429 with a hint says when the one launch of a step can be paid', () => {
  const isHinted = (count: number) =>
    applyQueueEvent({ ...createQueueState(count, 1_000) }, answered('launch', limited)).isHinted;
  expect([isHinted(1), isHinted(2)]).toEqual([true, false]);
});

describe('a request', () => {
  const refused = { name: 'OutOfTime' };
  test.each<
    [what: string, request: Waiting, state: Partial<QueueState>, now: number, expected: object | null]
  >([
    ['a launch may go before the deadline', waits('launch', 0), {}, 999, null],
    ['a launch is refused at the deadline', waits('launch', 0), {}, 1_000, { ...refused, waitMs: null }],
    [
      'a launch that is held beyond the deadline is refused at once',
      waits('launch', 0, 1_200),
      {},
      100,
      { ...refused, waitMs: 1_100 },
    ],
    ['a poll that is held beyond the deadline waits for it', waits('poll', 0, 1_200), {}, 100, null],
    [
      '… and is refused there',
      waits('poll', 0, 1_200),
      { overAt: 1_000 },
      1_000,
      { ...refused, waitMs: 200 },
    ],
    ['a poll goes at the deadline', waits('poll', 0), { overAt: 1_000 }, 1_000, null],
    ['a poll is in vain 3 s later', waits('poll', 0), { overAt: 1_000 }, 3_950, { ...refused, waitMs: null }],
    ['a poll goes after a sleep beyond the deadline', waits('poll', 0), { overAt: 9_000 }, 9_000, null],
    ['a launch is refused as another was', waits('launch', 0), { closed: scope }, 100, scope],
    ['a poll is not', waits('poll', 0), { closed: scope }, 100, null],
  ])('%s', (_, request, about, now, expected) => {
    const refusal = whyNeverSent(request, { ...BEFORE, ...about }, { bucket: unknownBucket, now });
    if (expected === null) expect(refusal).toBeNull();
    else expect(refusal).toMatchObject(expected);
  });
});

test('the missing time is that in which the tokens for the waiting launches refill', () => {
  const bucket = { ...unknownBucket, refill: 1 / 100, last: { at: 0, limit: 120, remaining: 30 } };
  // 20 tokens are missing for two launches: 2 s, and there is one.
  expect(missingMs(BEFORE, bucket)).toBe(1_000);
  expect(missingMs({ ...BEFORE, deadline: 2_000 }, bucket)).toBe(0);
  expect(missingMs({ ...BEFORE, closed: scope }, bucket)).toBe(0);
});
