import { expect, test } from '@jest/globals';
import { createOrder, playOrders, type Play } from '../support/orders.ts';

const named = (name: string) => createOrder({ projectId: name, entries: [{ ...createOrder().entries[0]!, name }] });
const play = (more: Play) => playOrders({ orders: ['a', 'b', 'c'].map(named), launch: (nth) => `run_${nth}`, ...more });

const ALL = ['run_1', 'run_2', 'run_3'];
const COMPLETED = ALL.map((id) => `started ${id} completed nothing`).join(', ');

test.each<[title: string, more: Play, trace: string]>([
  ['launches one at a time, and checks a second apart behind them', { latencyMs: 3_000 }, 'L0 L3 L6 C9 C10 C11'],
  ['checks nothing while a launch waits for tokens', { launch: 'run_1, 429 after 90, run_2, run_3' }, 'L0 L0 L95 L95 C95 C97 C98'],
  ['checks while a launch waits for another reason', { launch: 'run_1, 503, 503, run_2, run_3' }, 'L0 L0 C2 L2 L8 L8 C10 C11'],
])('%s', async (_, more, trace) => {
  expect(await play(more)).toMatchObject({ trace, outcome: COMPLETED });
});

test('launches in the order of the input', async () => {
  const { requests } = await play({});
  expect(requests.slice(0, 3).map(({ body }) => body)).toEqual(['a', 'b', 'c'].map((name) => `{"project_id":"${name}"}`));
});

test('lets no check wait for one that hangs', async () => {
  const { trace, outcome } = await play({ check: (nth, runId) => (runId === 'run_1' && nth < 4 ? 'timeout' : 'completed') });
  expect([trace, outcome]).toEqual(['L0 L0 L0 C2 C3 C4 C19', COMPLETED]);
});

test('a failure ends only its own run', async () => {
  const { outcome } = await play({ launch: 'run_1, 402, run_3', check: (_, runId) => (runId === 'run_3' ? 'failed' : 'completed') });
  expect(outcome).toBe('started run_1 completed nothing, - - request_failed payment_required nothing, started run_3 failed nothing');
});

test('a 401 ends all at once, and each says so', async () => {
  const { outcome, endedAt } = await play({ check: (_, runId) => (runId === 'run_2' ? '401 api_key_revoked' : 'running') });
  expect([outcome, endedAt]).toEqual([ALL.map((id) => `started ${id} request_failed key_revoked run`).join(', '), 3]);
});

test('a launch that waits for its turn at the deadline says so', async () => {
  const { outcome, endedAt } = await play({ launch: 'run_1, timeout', check: 'running', timeoutMs: 60_000 });
  const [first, second, third] = outcome.split(', ');
  expect(first).toBe('started run_1 timed_out run run');
  expect(second).toBe('- - timed_out launch timeout perhaps');
  expect(third).toBe('- - timed_out launch turn nothing');
  expect(endedAt).toBe(62);
});

test('at the signal of the runner all end at once, each with its run', async () => {
  const { outcome, endedAt } = await play({ check: 'running', stopAtMs: 30_000 });
  expect([outcome, endedAt]).toEqual([ALL.map((id) => `started ${id} interrupted run`).join(', '), 30]);
});
