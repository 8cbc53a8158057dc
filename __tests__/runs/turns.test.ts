import { expect, test } from '@jest/globals';
import { observeBucket, unknownBucket, type BucketState } from '../../src/alloovium/bucket.ts';
import { createTurns, type Turns } from '../../src/runs/turns.ts';
import type { Kind } from '../../src/runs/schedule.ts';
import { createBucket, TIERS } from '../../simulator/bucket.ts';
import { virtualClock, type VirtualClock } from '../fakes.ts';

interface World {
  readonly clock: VirtualClock;
  readonly turns: Turns;
  /** What went when, in seconds. */
  readonly went: string[];
  readonly call: (kind: Kind, order: number, notBefore?: number, takesMs?: number) => Promise<void>;
  readonly cancel: AbortController;
}

/** A standard key of which `left` tokens are left, as far as calls have told. */
function world(left: number, deadline = Infinity): World {
  const clock = virtualClock();
  const bucket = createBucket(TIERS.standard, 0);
  bucket.drain(120 - left, 0);
  let state: BucketState = unknownBucket;
  const cancel = new AbortController();
  const turns = createTurns({ clock, signal: cancel.signal, deadline, bucket: () => state });
  const went: string[] = [];
  const call: World['call'] = async (kind, order, notBefore = 0, takesMs = 10) => {
    const release = await turns.take(kind, order, notBefore);
    went.push(`${kind} ${order} at ${Math.round(clock.now() / 1000)}`);
    const cost = kind === 'launch' ? 25 : 1;
    const paid = bucket.take(cost, clock.now());
    await clock.sleep(takesMs, new AbortController().signal);
    const remaining = Math.floor(bucket.remaining(clock.now()));
    const told = { limit: 120, remaining, fullInMs: (119 - remaining) * 1000 };
    state = observeBucket(state, { at: clock.now(), bucket: told, cost: paid ? cost : 0 });
    release();
    release();
    if (!paid) throw new Error('refused');
  };
  return { clock, turns, went, call, cancel };
}

test('launches go in their order as tokens come in, one at a time, and none is refused', async () => {
  const { went, call } = world(60);
  await Promise.all([2, 0, 3, 1].map((order) => call('launch', order)));
  // The first to ask goes at once; from then on order counts. The third finds 10 tokens, the fourth none.
  expect(went).toEqual(['launch 2 at 0', 'launch 0 at 0', 'launch 1 at 15', 'launch 3 at 40']);
});

test('a slow launch lets polls pass, and no other launch', async () => {
  const { went, call } = world(100);
  await Promise.all([call('launch', 0, 0, 9_000), call('launch', 1), call('poll', 2, 4_000)]);
  expect(went).toEqual(['launch 0 at 0', 'poll 2 at 4', 'launch 1 at 9']);
});

test('a hint holds what costs as much or more', async () => {
  const { turns, went, call } = world(100);
  turns.holdOff(25, 30_000);
  await Promise.all([call('launch', 0), call('poll', 1)]);
  turns.holdOff(0, 50_000);
  turns.holdOff(1, 40_000);
  await Promise.all([call('launch', 2), call('poll', 3)]);
  expect(went).toEqual(['poll 1 at 0', 'launch 0 at 30', 'launch 2 at 50', 'poll 3 at 50']);
});

test('the last polls go out together at the deadline', async () => {
  const { went, call } = world(60, 5_000);
  await Promise.all([0, 1, 2].map((order) => call('poll', order, 60_000, 2_000)));
  expect(went).toEqual(['poll 0 at 5', 'poll 1 at 5', 'poll 2 at 5']);
});

test('cancelled, nobody waits any more', async () => {
  const { clock, cancel, went, call } = world(20);
  const first = call('poll', 0);
  const late = Promise.allSettled([call('launch', 1, 60_000), call('poll', 2, 60_000)]);
  clock.at(3_000, () => cancel.abort(new Error('cancelled')));
  await first;
  await clock.sleep(4_000, new AbortController().signal);
  const reason = new Error('cancelled');
  expect(await late).toEqual([0, 1].map(() => ({ status: 'rejected', reason })));
  await expect(call('poll', 4)).rejects.toThrow('cancelled');
  expect(went).toEqual(['poll 0 at 0']);
});
