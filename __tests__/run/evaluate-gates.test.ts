import { expect, test } from '@jest/globals';
import type { Gate } from '../../src/gate/condition.ts';
import { playOrders } from '../support/orders.ts';

const condition = { severity: 'fail', name: null, expression: 'outputs.red', line: 1 } as const;
const NOT_MET = { condition, result: 'not_met', items: [], others: null, tally: null, problem: null } as const;

test('ends a gate that takes more than 4 s', async () => {
  const { runState } = await playOrders({
    gate: (clock) => ({
      conditions: [condition],
      evaluate: (_, checkTime) => {
        for (let nth = 0; nth < 100; nth++) {
          clock.suspend(500);
          checkTime?.();
        }
        return [NOT_MET];
      },
    }),
  });
  expect(runState).toMatchObject({
    outcome: { kind: 'gate_timeout' },
    gateResults: [],
    openRun: 'nothing',
  });
});

test('ends waivers and baseline that takes more than 4 s', async () => {
  const { runState } = await playOrders({
    gate: (clock) => ({
      conditions: [condition],
      evaluate: () => {
        clock.suspend(5_000);
        return [{ ...NOT_MET, result: 'met', items: ['a'] }];
      },
    }),
  });
  expect(runState).toMatchObject({ outcome: { kind: 'gate_timeout' }, gateResults: [] });
});

test('times out if the baseline does not come', async () => {
  const { runState, endedAt } = await playOrders({ baseline: new Promise(() => undefined), timeoutMs: 60_000 });
  expect(runState).toMatchObject({ status: 'completed', openRun: 'nothing', outcome: { kind: 'timed_out', phase: 'evaluation' } });
  expect(endedAt).toBe(65);
});

test('reports a gate that crashes without the text of a secret', async () => {
  const gate: Gate = {
    conditions: [condition],
    evaluate: () => {
      throw new Error('broken at ak_test_4f9c1d7e8a2b3c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f');
    },
  };
  expect((await playOrders({ gate })).runState.outcome).toMatchObject({
    kind: 'crashed',
    message: 'broken at ***',
    stack: expect.stringMatching(/^Error: broken at \*{3}\n +at /),
  });
});
