import { expect, test } from '@jest/globals';
import type { VirtualClock } from '../../simulator/virtual-clock.ts';
import type { Gate } from '../../src/gate/condition.ts';
import { GithubFailure } from '../../src/outcome.ts';
import { playOrders, type Play, type Word } from '../support/orders.ts';

const condition = { severity: 'fail', name: 'red', expression: 'outputs.red', line: 1 } as const;
/** Red for every run. */
const RED: Gate = {
  conditions: [condition],
  evaluate: () => [{ condition, result: 'met', items: [], others: null, tally: null, problem: null }],
};

/** Each key has a run of its own that an earlier job started, in this state; later keys get a new run. */
function withEarlier(states: readonly Word[]): Pick<Play, 'launch' | 'check'> {
  const keys: string[] = [];
  return {
    launch: (_, key) => {
      if (!keys.includes(key)) keys.push(key);
      const nth = keys.indexOf(key) + 1;
      return nth <= states.length ? `replay run_${nth}` : `run_${nth}`;
    },
    check: (_, runId) => states[Number(runId.slice('run_'.length)) - 1] ?? 'completed',
  };
}

test.each<[title: string, earlier: readonly Word[], gate: Gate | null, attempt: number, events: readonly string[], redRuns: number]>([
  ['joins what its key gives in its first attempt', ['failed'], null, 1, ['found run_1 picked_up'], 0],
  ['leaves a run that failed', ['failed'], null, 2, ['skipped run_1 failed', 'found run_2 started'], 0],
  ['joins a run of a status that it does not know', ['paused'], null, 2, ['found run_1 picked_up'], 0],
  ['starts a run where there is none', [], null, 3, ['found run_1 started'], 0],
  ['takes what its own key gives', ['failed', 'failed'], null, 2, ['skipped run_1 failed', 'found run_2 picked_up'], 0],
  [
    'counts runs whose gate is red',
    ['completed', 'failed'],
    RED,
    3,
    ['skipped run_1 gate', 'skipped run_2 failed', 'found run_3 started'],
    1,
  ],
])('a job %s', async (_, earlier, gate, attempt, events, redRunsBefore) => {
  const played = await playOrders({ ...withEarlier(earlier), ...(gate && { gate }), attempt, timeoutMs: 60_000 });
  expect(played).toMatchObject({ events, runState: { redRunsBefore } });
});

test.each<[title: string, play: Play, trace: string, outcome: string]>([
  ['keeps the run that it started', { launch: '503, run_1', check: 'failed' }, 'L0 L2 C4', 'started run_1 failed nothing'],
  ['decides by its first check', { launch: 'replay run_1', check: 'running, failed' }, 'L0 C0 C2', 'picked_up run_1 failed nothing'],
  ['repeats a first check', { launch: 'replay run_1', check: '503, running, failed' }, 'L0 C0 C2 C4', 'picked_up run_1 failed nothing'],
  ['waits for Retry-After', { launch: 'replay run_1', check: 'running after 20, failed' }, 'L0 C0 C20', 'picked_up run_1 failed nothing'],
  ['is red for twin runs', { launch: 'replay run_1', check: 'failed' }, 'L0 C0 L0', '- - request_failed run_of_other_key perhaps'],
])('a re-run %s', async (_, play, trace, outcome) => {
  expect(await playOrders({ ...play, attempt: 2 })).toMatchObject({ trace, outcome });
});

test('a re-run skips a run whose conditions take longer than 4 s', async () => {
  const slow = (clock: VirtualClock): Gate => ({
    conditions: [condition],
    evaluate: (_, checkTime) => {
      clock.suspend(5_000);
      checkTime?.();
      return [];
    },
  });
  const { events, outcome } = await playOrders({ ...withEarlier(['completed']), gate: slow, attempt: 2 });
  expect([events, outcome]).toEqual([['skipped run_1 gate', 'found run_2 started'], 'started run_2 gate_timeout nothing']);
});

test.each<[failure: GithubFailure, events: readonly string[]]>([
  [new GithubFailure('no_answer', '', 503), ['found run_1 picked_up']],
  [new GithubFailure('rate_limited', '', 403), ['found run_1 picked_up']],
  [new GithubFailure('forbidden', '', 403), ['skipped run_1 gate', 'found run_2 started']],
])('a re-run without the baseline after %o', async (failure, events) => {
  const baseline = Promise.resolve({ code: 'not_fetched', failure } as const);
  expect(await playOrders({ ...withEarlier(['completed']), gate: RED, attempt: 2, baseline })).toMatchObject({ events });
});

test('with `on_rerun: fresh` does not know of earlier runs', async () => {
  const { runState } = await playOrders({ attempt: 3, onRerun: 'fresh' });
  expect(runState).toMatchObject({ origin: 'started', redRunsBefore: null, key: expect.stringMatching(/^gha_c0ffee-77-3_\w{32}$/) });
});
