import { expect, test } from '@jest/globals';
import { createEvaluations } from '../../src/runs/evaluation-queue.ts';
import { virtualClock } from '../fakes.ts';

function evaluating(overAt: () => number = () => Infinity) {
  const clock = virtualClock();
  const cancel = new AbortController();
  return { clock, cancel, evaluateInTurn: createEvaluations({ clock, signal: cancel.signal }, overAt) };
}

test('evaluates gates one after the other, and handles a signal between two of them', async () => {
  const { clock, cancel, evaluateInTurn } = evaluating();
  const judged: number[] = [];
  const gate = (order: number) =>
    evaluateInTurn(false, () => {
      judged.push(order);
      clock.suspend(3_000);
    });
  clock.at(4_000, () => cancel.abort(new Error('cancelled')));
  const results = await Promise.allSettled([gate(0), gate(1), gate(2), gate(3)]);
  expect(judged).toEqual([0, 1]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
});

test('evaluates the other gates after one throws', async () => {
  const { evaluateInTurn } = evaluating();
  const broken = evaluateInTurn(false, () => {
    throw new Error('broken');
  });
  const other = evaluateInTurn(false, () => 'judged');
  await expect(broken).rejects.toThrow('broken');
  await expect(other).resolves.toBe('judged');
});

test.each<[what: string, isGated: boolean, overAt: number, isLate: boolean]>([
  ['evaluates a run with a gate up to 5 s after the deadline', true, 5_000, false],
  ['does not evaluate a run with a gate later than 5 s after the deadline', true, 4_999, true],
  ['evaluates a run without a gate at any time', false, 0, false],
  ['evaluates a run with a gate before the deadline', true, Infinity, false],
])('%s', async (_, isGated, overAt, isLate) => {
  const { clock, evaluateInTurn } = evaluating(() => overAt);
  clock.suspend(10_000);
  const result = evaluateInTurn(isGated, () => 'evaluated').catch((error: unknown) => (error as Error).name);
  expect(await result).toBe(isLate ? 'OutOfTime' : 'evaluated');
});
