import { expect, test } from '@jest/globals';
import { createOrder, playOrders, type Play } from '../support/orders.ts';

const named = (name: string) => createOrder({ projectId: name, entries: [{ ...createOrder().entries[0]!, name }] });
const play = (more: Play) => playOrders({ runPlans: ['a', 'b', 'c'].map(named), launch: (nth) => `run_${nth}`, ...more });

const COMPLETED = ['run_1', 'run_2', 'run_3'].map((id) => `started ${id} completed nothing`).join(', ');
const hanging: Play['check'] = (nth, runId) => (runId === 'run_1' && nth < 4 ? 'timeout' : 'completed');

test.each<[title: string, more: Play, trace: string]>([
  ['launches one at a time, and checks a second apart behind them', { latencyMs: 3_000 }, 'L0 L3 L6 C9 C10 C11'],
  ['checks nothing while a launch waits for tokens', { launch: 'run_1, 429 after 90, run_2, run_3' }, 'L0 L0 L95 L95 C95 C97 C98'],
  ['checks while a launch waits for another reason', { launch: 'run_1, 503, 503, run_2, run_3' }, 'L0 L0 C2 L2 L8 L8 C10 C11'],
  ['lets no check wait for one that hangs', { check: hanging }, 'L0 L0 L0 C2 C3 C4 C19'],
])('%s', async (_, more, trace) => {
  expect(await play(more)).toMatchObject({ trace, outcome: COMPLETED });
});

test('launches in the order of the input', async () => {
  const { requests } = await play({});
  expect(requests.slice(0, 3).map(({ body }) => body)).toEqual(['a', 'b', 'c'].map((name) => `{"project_id":"${name}"}`));
});

test('says of each at the deadline what it waited for', async () => {
  const { outcome, endedAt } = await play({ launch: 'run_1, timeout', check: 'running', timeoutMs: 60_000 });
  const ends = ['started run_1 timed_out run run', '- - timed_out launch timeout perhaps', '- - timed_out launch queued nothing'];
  expect([outcome, endedAt]).toEqual([ends.join(', '), 62]);
});
