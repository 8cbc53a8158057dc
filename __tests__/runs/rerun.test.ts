import { expect, test } from '@jest/globals';
import type { Gate } from '../../src/gate/gate.ts';
import { playOrders, type Play, type Word } from '../support/orders.ts';

const condition = { severity: 'fail', name: 'red', expression: 'outputs.red', line: 1 } as const;
/** Red for every run. */
const RED: Gate = {
  conditions: [condition],
  evaluate: () => [{ condition, result: 'true', items: [], others: null, tally: null, problem: null }],
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

const shorten = (key: string): string => key.replace(/^gha_c0ffee_[0-9a-f]{32}/, 'k');

test.each<[title: string, earlier: Word, attempt: number, keys: string, left: string, run: string]>([
  ['in its first attempt a job joins what its key gives', 'failed', 1, 'k', '', 'run_1 joined'],
  ['leaves a run that failed', 'failed', 2, 'k k_2', 'run_1 failed', 'run_2 started'],
  ['leaves a run that was cancelled', 'cancelled', 2, 'k k_2', 'run_1 cancelled', 'run_2 started'],
  ['joins a run that goes on', 'running', 2, 'k', '', 'run_1 joined'],
  ['joins a run of a status that it does not know', 'paused', 2, 'k', '', 'run_1 joined'],
  ['starts a run where there is none', '', 3, 'k', '', 'run_1 started'],
  ['never goes past its own key: what that gives is its run', 'failed failed', 2, 'k k_2', 'run_1 failed', 'run_2 joined'],
  ['leaves as many runs as there were attempts', 'failed cancelled', 3, 'k k_2 k_3', 'run_1 failed, run_2 cancelled', 'run_3 started'],
])('%s', async (_, earlier, attempt, keys, left, run) => {
  const states = earlier.split(' ').filter((word) => word !== '');
  const { record, requests, events } = await playOrders({ ...withEarlier(states), attempt, timeoutMs: 60_000 });
  const sent = requests.filter(({ call }) => call === 'launch').map(({ key }) => shorten(key));
  const lefts = events.filter((one) => one.startsWith('left ')).map((one) => one.slice('left '.length));
  expect([sent.join(' '), lefts.join(', '), `${record.runId} ${record.origin ?? ''}`]).toEqual([keys, left, run]);
  expect(record.redRunsBefore).toBe(0);
});

test('leaves runs whose gate is red, and counts them', async () => {
  const { record, events } = await playOrders({ ...withEarlier(['completed', 'failed', 'completed']), gate: RED, attempt: 4 });
  expect(events).toEqual(['left run_1 red', 'left run_2 failed', 'left run_3 red', 'found run_4 started']);
  expect(record).toMatchObject({ redRunsBefore: 2, ending: { kind: 'completed' }, evaluated: [{ findings: [{ isRed: true }] }] });
});

test.each<[title: string, play: Play, trace: string, outcome: string]>([
  ['joins a run that is green', { launch: 'replay run_1' }, 'L0 C0', 'joined run_1 completed nothing'],
  [
    'keeps a red run that its own launch started',
    { launch: '504, replay run_1', check: 'failed' },
    'L0 L2 C4',
    'started run_1 failed nothing',
  ],
  ['decides by its first check', { launch: 'replay run_1', check: 'running, failed' }, 'L0 C0 C2', 'joined run_1 failed nothing'],
  ['repeats a first check', { launch: 'replay run_1', check: '503, running, failed' }, 'L0 C0 C2 C4', 'joined run_1 failed nothing'],
  ['waits for Retry-After', { launch: 'replay run_1', check: 'running after 20, failed' }, 'L0 C0 C20', 'joined run_1 failed nothing'],
  [
    'is red where two keys give one run',
    { launch: 'replay run_1', check: 'failed' },
    'L0 C0 L0',
    '- - request_failed run_of_other_key perhaps',
  ],
  [
    'with `wait: false` makes the first check',
    { launch: 'replay run_1, run_2', check: 'failed', wait: false },
    'L0 C0 L0',
    'started run_2 launched run',
  ],
])('%s', async (_, play, trace, outcome) => {
  expect(await playOrders({ ...play, attempt: 2 })).toMatchObject({ trace, outcome });
});

test('starts nothing where the earlier run cannot be checked', async () => {
  const { outcome, requests } = await playOrders({ launch: 'replay run_1', check: '404', attempt: 2 });
  expect(outcome).toBe('joined run_1 lost_sight not_found run');
  expect(requests.filter(({ call }) => call === 'launch')).toHaveLength(1);
});

test('with `on_rerun: fresh` takes a key of its own, and does not know of earlier runs', async () => {
  const { record } = await playOrders({ attempt: 3, onRerun: 'fresh' });
  expect(record).toMatchObject({ origin: 'started', redRunsBefore: null });
  expect(shorten(record.key)).toBe('k_run-77-3');
});
