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
    'counts a launch that is sent as in flight',
    { kind: 'sent', request: waits('launch', 1), now: 100 },
    { inFlight: { launch: 2, poll: 1 }, orders: ['to_pay', 'launching'] },
  ],
  [
    'counts a poll that is sent as in flight, and as the last poll',
    { kind: 'sent', request: waits('poll', 1), now: 100 },
    { inFlight: { launch: 1, poll: 2 }, lastPollAt: 100 },
  ],
  [
    'lets the later launches go after an answered launch',
    answered('launch', null),
    { inFlight: { launch: 0, poll: 1 }, orders: ['blocked', 'to_pay'] },
  ],
  [
    'keeps the place of a launch that waits for tokens, and holds all launches',
    answered('launch', limited),
    { inFlight: { launch: 0, poll: 1 }, blockedUntil: { launch: 150, poll: -Infinity } },
  ],
  [
    'holds launches and polls after a 429 to a poll',
    answered('poll', limited),
    { inFlight: { launch: 1, poll: 0 }, blockedUntil: { launch: 150, poll: 150 } },
  ],
  [
    'holds launches and polls after a 503 to a launch',
    answered('launch', failed(apiError({ status: 503 }), 50)),
    {
      inFlight: { launch: 0, poll: 1 },
      orders: ['blocked', 'to_pay'],
      blockedUntil: { launch: 150, poll: 150 },
    },
  ],
  [
    'lets the later launches go after a 409 to a launch',
    answered('launch', failed(apiError({ status: 409 }), 50)),
    { inFlight: { launch: 0, poll: 1 }, orders: ['blocked', 'to_pay'] },
  ],
  [
    'closes the queue to launches after an error that concerns every launch',
    answered('launch', failed(scope)),
    { inFlight: { launch: 0, poll: 1 }, orders: ['blocked', 'to_pay'], closed: scope },
  ],
  [
    'closes the queue to launches where the bucket can pay none',
    answered('launch', failed(small)),
    { inFlight: { launch: 0, poll: 1 }, orders: ['blocked', 'to_pay'], closed: small },
  ],
  [
    'keeps the queue open to launches after an error of a poll',
    answered('poll', failed(scope)),
    { inFlight: { launch: 1, poll: 0 } },
  ],
  [
    'moves an order to its new state',
    { kind: 'moved', order: 1, to: 'to_evaluate' },
    { orders: ['to_pay', 'to_evaluate'] },
  ],
  [
    'changes nothing by time before the deadline',
    { kind: 'time', now: 999, waiting: [waits('poll', 0)] },
    { overAt: Infinity },
  ],
  ['ends the time at the deadline', { kind: 'time', now: 1_000, waiting: [] }, { overAt: 1_000 }],
  [
    'ends the time at the deadline, which it notices 4 s late',
    { kind: 'time', now: 5_000, waiting: [] },
    { overAt: 1_000 },
  ],
  [
    'ends the time when the machine wakes up after the deadline',
    { kind: 'time', now: 5_001, waiting: [] },
    { overAt: 5_001 },
  ],
])('%s', (_, event, change) => {
  expect(applyQueueEvent(BEFORE, event)).toEqual({ ...BEFORE, ...change });
});

test('lets a launch that was delayed wait for tokens again after the delay', () => {
  const held: QueueState = { ...BEFORE, orders: ['blocked', 'blocked'] };
  const waiting = [waits('launch', 0, 100), waits('launch', 1, 200), waits('poll', 1, 90)];
  expect(applyQueueEvent(held, { kind: 'time', now: 100, waiting }).orders).toEqual(['to_pay', 'blocked']);
});

test('follows the hint of a 429 for the only launch of a step, and not for one of several', () => {
  const isHinted = (count: number) =>
    applyQueueEvent({ ...createQueueState(count, 1_000) }, answered('launch', limited)).isHinted;
  expect([isHinted(1), isHinted(2)]).toEqual([true, false]);
});

test.each<[sentence: string, failure: Failure | null]>([
  ['a 429 without a hint', failed(apiError({ status: 429 }))],
  ['a 503 with a hint', failed(apiError({ status: 503 }), 50)],
  ['a launch that succeeded', null],
])('does not know when the one launch of a step can be paid after %s', (_, failure) => {
  expect(applyQueueEvent(createQueueState(1, 1_000), answered('launch', failure)).isHinted).toBe(false);
});

test.each([
  ['closes the queue to launches', 401, 'api_key_revoked', true],
  ['closes the queue to launches', 402, 'payment_required', true],
  ['closes the queue to launches', 403, 'insufficient_scope', true],
  ['leaves the queue open', 403, 'permission_denied', false],
  ['leaves the queue open', 404, 'not_found', false],
])('%s after the answer %d %s to one launch', (_, status, code, isClosed) => {
  const error = apiError({ status, code });
  const { closed } = applyQueueEvent(BEFORE, answered('launch', failed(error)));
  expect(closed).toBe(isClosed ? error : null);
});

test('refuses other launches with the first answer that closed the queue', () => {
  const state = { ...BEFORE, closed: small };
  expect(applyQueueEvent(state, answered('launch', failed(scope))).closed).toBe(small);
});

test.each([
  ['was waiting for tokens', 10, true],
  ['could have been paid', 25, false],
])('refuses a launch at the deadline with whether it %s', (_, remaining, isQueueing) => {
  const bucket = { ...unknownBucket, refill: 1 / 1_000, last: { at: 1_000, limit: 120, remaining } };
  expect(whyNeverSent(waits('launch', 0), BEFORE, { bucket, now: 1_000 })).toMatchObject({ isQueueing });
});

describe('whyNeverSent', () => {
  const refused = { name: 'OutOfTime' };
  test.each<
    [what: string, request: Waiting, state: Partial<QueueState>, now: number, expected: object | null]
  >([
    ['allows a launch before the deadline', waits('launch', 0), {}, 999, null],
    ['refuses a launch at the deadline', waits('launch', 0), {}, 1_000, { ...refused, waitMs: null }],
    [
      'refuses a launch at once that is held beyond the deadline',
      waits('launch', 0, 1_200),
      {},
      100,
      { ...refused, waitMs: 1_100 },
    ],
    [
      'allows a poll that is held beyond the deadline until the deadline',
      waits('poll', 0, 1_200),
      {},
      100,
      null,
    ],
    [
      'refuses a poll at the deadline that is held beyond it',
      waits('poll', 0, 1_200),
      { overAt: 1_000 },
      1_000,
      { ...refused, waitMs: 200 },
    ],
    ['allows a poll at the deadline', waits('poll', 0), { overAt: 1_000 }, 1_000, null],
    [
      'refuses a poll 3 s after the deadline',
      waits('poll', 0),
      { overAt: 1_000 },
      3_950,
      { ...refused, waitMs: null },
    ],
    ['allows a poll after a sleep beyond the deadline', waits('poll', 0), { overAt: 9_000 }, 9_000, null],
    [
      'refuses a launch in a queue that is closed to launches',
      waits('launch', 0),
      { closed: scope },
      100,
      scope,
    ],
    ['allows a poll in a queue that is closed to launches', waits('poll', 0), { closed: scope }, 100, null],
    ['allows a poll just less than 3 s after the deadline', waits('poll', 0), { overAt: 1_000 }, 3_949, null],
  ])('%s', (_, request, about, now, expected) => {
    const refusal = whyNeverSent(request, { ...BEFORE, ...about }, { bucket: unknownBucket, now });
    if (expected === null) expect(refusal).toBeNull();
    else expect(refusal).toMatchObject(expected);
  });
});

test('computes the missing time from the tokens that waiting launches need', () => {
  const bucket = { ...unknownBucket, refill: 1 / 100, last: { at: 0, limit: 120, remaining: 30 } };
  // 20 tokens are missing for two launches: 2 s, and there is one.
  expect(missingMs(BEFORE, bucket)).toBe(1_000);
  expect(missingMs({ ...BEFORE, deadline: 2_000 }, bucket)).toBe(0);
  expect(missingMs({ ...BEFORE, closed: scope }, bucket)).toBe(0);
});
