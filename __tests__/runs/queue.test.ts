import { expect, test } from '@jest/globals';
import { observeBucket, unknownBucket, type BucketState } from '../../src/alloovium/bucket.ts';
import { BucketTooSmallError, type ApiError } from '../../src/alloovium/errors.ts';
import type { Failure } from '../../src/alloovium/retry.ts';
import { createQueue, type Queue } from '../../src/runs/queue.ts';
import type { RequestKind } from '../../src/runs/queue-state.ts';
import { createBucket, TIERS } from '../../simulator/bucket.ts';
import { apiError, virtualClock, type VirtualClock } from '../fakes.ts';

interface World {
  readonly clock: VirtualClock;
  readonly queue: Queue;
  /** What went when, in seconds. */
  readonly went: string[];
  readonly call: (kind: RequestKind, order: number, about?: About) => Promise<void>;
  readonly cancel: AbortController;
  readonly short: number[];
}

interface About {
  readonly atMs?: number;
  readonly takesMs?: number;
  readonly failure?: Failure;
}

/** A standard key of which `left` tokens are left, as far as calls have told. */
function world(left: number, { deadline = 1e9, count = 4 } = {}): World {
  const clock = virtualClock();
  const bucket = createBucket(TIERS.standard, 0);
  bucket.spendUpTo(120 - left, 0);
  let state: BucketState = unknownBucket;
  const cancel = new AbortController();
  const short: number[] = [];
  const queue = createQueue(
    { bucketState: () => state },
    { clock, deadline, signal: cancel.signal },
    count,
    (ms) => short.push(ms),
  );
  const went: string[] = [];
  const call: World['call'] = async (kind, order, { atMs = 0, takesMs = 10, failure } = {}) => {
    if (atMs > clock.now()) await clock.sleep(atMs - clock.now(), new AbortController().signal);
    const turn = queue.turnOf(order);
    const endTurn = await (kind === 'launch' ? turn.launch() : turn.poll());
    went.push(`${kind} ${order} at ${Math.round(clock.now() / 1000)}`);
    const cost = kind === 'launch' ? 25 : 1;
    const paid = failure === undefined && bucket.trySpend(cost, clock.now());
    await clock.sleep(takesMs, new AbortController().signal);
    const remaining = Math.floor(bucket.remaining(clock.now()));
    const reported = { limit: 120, remaining, fullInMs: (119 - remaining) * 1000 };
    state = observeBucket(state, { at: clock.now(), bucket: reported, cost: paid ? cost : 0 });
    endTurn(failure ?? null);
    if (kind === 'launch' && failure === undefined) turn.moveTo('followed');
    if (failure === undefined && !paid) throw new Error('refused');
  };
  return { clock, queue, went, call, cancel, short };
}

function problem(status: number, code: string | null): ApiError {
  return apiError({ status, code });
}

function failed(error: Failure['error'], hintMs: number | null = null): Failure {
  return { error, hintMs, bucketState: unknownBucket, cost: 25, redacted: false };
}

function refusal(status: number, hintMs: number): Failure {
  return failed(problem(status, null), hintMs);
}

test('sends launches in the written order, one at a time, as tokens refill, and none is rate-limited', async () => {
  const { went, call } = world(60);
  await Promise.all([2, 0, 3, 1].map((order) => call('launch', order)));
  // The third finds 10 tokens, the fourth none.
  expect(went).toEqual(['launch 0 at 0', 'launch 1 at 0', 'launch 2 at 15', 'launch 3 at 40']);
});

test('sends polls, but no other launch, during a slow launch', async () => {
  const { went, call } = world(100);
  await Promise.all([
    call('launch', 0, { takesMs: 9_000 }),
    call('launch', 1),
    call('poll', 2, { atMs: 4_000 }),
  ]);
  expect(went).toEqual(['launch 0 at 0', 'poll 2 at 4', 'launch 1 at 9']);
});

test('delays all launches after a 429, and the rate-limited one keeps its place', async () => {
  const { went, call } = world(100);
  const refused = call('launch', 0, { failure: refusal(429, 20_000) });
  const next = call('launch', 1);
  await refused;
  await Promise.all([call('launch', 0, { atMs: 24_000 }), next, call('poll', 2)]);
  expect(went).toEqual(['launch 0 at 0', 'poll 2 at 0', 'launch 0 at 24', 'launch 1 at 24']);
});

test.each([
  ['launches the only run of a step when the hint has passed, whatever the headers say', 1, 5],
  ['launches one of several runs when the hint has passed and the tokens have refilled', 2, 25],
])('%s (C14)', async (_, count, at) => {
  const { clock, call, queue } = world(0, { count });
  await call('launch', 0, { failure: refusal(429, 5_000) });
  await queue.turnOf(0).launch();
  expect(Math.round(clock.now() / 1_000)).toBe(at);
});

test.each([
  [1, true],
  [2, false],
])('reports whether the step has one run, for %d: %p', (count, isOnlyRun) => {
  expect(world(100, { count }).queue.turnOf(0).contention()).toMatchObject({ isOnlyRun });
});

test('delays the launches and polls of every run after a 429 to a poll', async () => {
  const { went, call } = world(100);
  const refused = call('poll', 1, { failure: refusal(429, 20_000) });
  await Promise.all([refused, call('poll', 2, { atMs: 5_000 }), call('launch', 0, { atMs: 6_000 })]);
  expect(went).toEqual(['poll 1 at 0', 'launch 0 at 20', 'poll 2 at 20']);
});

test('sends later launches if a hint delays only one key', async () => {
  const { went, call } = world(100);
  const held = call('launch', 0, { failure: refusal(409, 60_000) });
  await Promise.all([held, call('launch', 1)]);
  expect(went).toEqual(['launch 0 at 0', 'launch 1 at 0']);
});

test('ends a waiting launch at once when nothing may be launched any more', async () => {
  const { clock, queue, call } = world(100);
  const held = queue.turnOf(1).launch(60_000);
  void call('launch', 0, { failure: refusal(402, 0) });
  await expect(held).rejects.toMatchObject({ problem: { status: 402 } });
  expect(clock.now()).toBeLessThan(1_000);
});

test('delays launches and polls after a 503 with a hint', async () => {
  const { went, call } = world(100);
  const down = call('launch', 0, { failure: refusal(503, 30_000) });
  const next = call('launch', 1);
  const poll = call('poll', 2, { atMs: 1_000 });
  await Promise.all([down, next, poll]);
  expect(went).toEqual(['launch 0 at 0', 'launch 1 at 30', 'poll 2 at 30']);
});

test('ends launches at the deadline, and sends the last polls two at a time for 3 s, the earliest due first', async () => {
  const { clock, went, call, queue } = world(2, { deadline: 5_000, count: 8 });
  await call('poll', 0);
  const launch = expect(queue.turnOf(0).launch()).rejects.toMatchObject({
    name: 'OutOfTime',
    isQueueing: true,
  });
  const last = async (order: number) => {
    const endTurn = await queue.turnOf(order).poll(-Infinity, () => 90_000 - order);
    went.push(`poll ${order} at ${clock.now()}`);
    await clock.sleep(1_100, new AbortController().signal);
    endTurn(null);
  };
  const results = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7].map(last));
  await launch;
  expect(went.slice(1)).toEqual(
    ['7 at 5000', '6 at 5000', '5 at 6100', '4 at 6100', '3 at 7200', '2 at 7200'].map(
      (one) => `poll ${one}`,
    ),
  );
  expect(results[0]).toMatchObject({ reason: { name: 'OutOfTime', waitMs: null } });
});

test('sends the last polls in time if the deadline is noticed late', async () => {
  const { clock, call, went } = world(120, { deadline: 60_000 });
  clock.at(59_999, () => clock.suspend(11));
  // Those before the last two hang until their time is over.
  const polls = [0, 1, 2, 3].map((order) =>
    call('poll', order, { atMs: 59_990, takesMs: order === 0 ? 30 : 2_995 }),
  );
  await clock.run(Promise.allSettled(polls));
  expect(went).toEqual(['poll 0 at 60', 'poll 1 at 60', 'poll 2 at 60']);
});

test('sends no poll after one without an answer until 3 s after the deadline', async () => {
  const { clock, call, went } = world(120, { deadline: 60_000, count: 1 });
  await clock.run(call('poll', 0, { atMs: 50_000, takesMs: 13_001 }));
  await expect(call('poll', 0)).rejects.toMatchObject({ name: 'OutOfTime' });
  expect(went).toEqual(['poll 0 at 50']);
});

test('does not send a poll that is delayed beyond the deadline, and reports why', async () => {
  const { went, call, queue } = world(60, { deadline: 5_000 });
  const own = expect(queue.turnOf(1).poll(9_000)).rejects.toMatchObject({ name: 'OutOfTime', waitMs: 4_000 });
  await call('poll', 2, { failure: refusal(503, 7_000), takesMs: 1_000 });
  await expect(call('poll', 3)).rejects.toMatchObject({ name: 'OutOfTime', waitMs: 3_000 });
  await own;
  expect(went).toEqual(['poll 2 at 0']);
});

test('reports the next launch by its tokens, or by what delays it, and not at all without a delay', async () => {
  const { call, queue } = world(60);
  const reported = () => Math.round((queue.nextLaunchMs() ?? -1_000) / 1_000);
  await call('launch', 0);
  expect(reported()).toBe(-1);
  await call('launch', 1);
  expect(reported()).toBe(15);
  await call('launch', 2, { failure: refusal(503, 60_000) });
  expect(reported()).toBe(60);
});

test('recomputes when a poll is due after every event', async () => {
  const { went, call, queue, clock } = world(120);
  let dueAt = 60_000;
  clock.at(8_000, () => (dueAt = 9_000));
  const waiting = queue.turnOf(1).poll(-Infinity, () => dueAt);
  await call('launch', 0, { takesMs: 10_000 });
  await waiting;
  expect([clock.now(), ...went]).toEqual([10_000, 'launch 0 at 0']);
});

test('sends no poll while an ended run waits for its evaluation, whose outputs fill the memory', async () => {
  const { went, call, queue, clock } = world(60);
  queue.turnOf(0).moveTo('to_evaluate');
  const poll = call('poll', 1);
  await clock.sleep(3_000, new AbortController().signal);
  expect(went).toEqual([]);
  queue.turnOf(0).moveTo('over');
  await poll;
  expect(went).toEqual(['poll 1 at 3']);
});

test.each<[what: string, error: Failure['error']]>([
  ['a 402 payment_required', problem(402, 'payment_required')],
  ['a 403 insufficient_scope', problem(403, 'insufficient_scope')],
  ['a 401 api_key_revoked', problem(401, 'api_key_revoked')],
  ['the error that no launch can ever be paid', new BucketTooSmallError(20, 25)],
])('sends no other launch, but polls, after %s', async (_, error) => {
  const { went, call, queue } = world(120);
  const failure = failed(error);
  const first = call('launch', 0, { takesMs: 3_000, failure });
  const second = expect(call('launch', 1)).rejects.toBe(error);
  await Promise.all([first, second, call('poll', 2, { atMs: 4_000 })]);
  await expect(queue.turnOf(3).launch()).rejects.toBe(error);
  expect(went).toEqual(['launch 0 at 0', 'poll 2 at 4']);
});

test('sends the other launches after an error of one launch alone', async () => {
  const { went, call } = world(120);
  const failure = failed(problem(404, 'not_found'));
  await Promise.all([call('launch', 0, { failure }), call('launch', 1)]);
  expect(went).toHaveLength(2);
});

test('reports once how much time is missing for the last launch', async () => {
  const { call, short } = world(30, { deadline: 60_000 });
  await Promise.allSettled([0, 1, 2, 3].map((order) => call('launch', order)));
  expect(short).toHaveLength(1);
  // 75 tokens for three launches, of which 5 are there: 70 s, and 60 are left.
  expect(short[0]).toBeGreaterThan(8_000);
  expect(short[0]).toBeLessThan(15_000);
});

test('reports no missing time if no time would be enough', async () => {
  const { call, short } = world(25, { deadline: 40_000 });
  const failure = failed(problem(402, 'payment_required'));
  await Promise.allSettled([0, 1, 2, 3].map((order) => call('launch', order, { failure })));
  expect(short).toEqual([]);
});

test('ends all waits when the step is cancelled', async () => {
  const { clock, cancel, went, call } = world(20);
  const first = call('poll', 0);
  const late = Promise.allSettled([call('launch', 1), call('launch', 2)]);
  clock.at(1, () => cancel.abort(new Error('cancelled')));
  await first;
  const reason = new Error('cancelled');
  expect((await late).map(({ status }) => status)).toContain('rejected');
  await expect(call('poll', 3)).rejects.toEqual(reason);
  expect(went).toContain('poll 0 at 0');
});
