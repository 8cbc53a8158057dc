import { describe, expect, test } from '@jest/globals';
import { KEY, playOrders, type Play, type Word } from '../support/orders.ts';

/** Answers to checks of a run that takes so long. */
const until =
  (endMs: number, word: (share: number) => Word) =>
  (_: number, __: string, at: number): Word =>
    at >= endMs ? 'completed' : word(at / endMs);
const long = until(80_000, () => 'running');
const EVERY_QUARTER = 'L0 C2 C4 C6 C8 C10 C12.5 C15.625 C19.531 C24.414 C30.518 C38.147 C47.684 C59.605 C74.506 C89.506';

describe('status checks', () => {
  test.each<[title: string, play: Play, trace: string]>([
    ['are a quarter of its age apart, 2 to 15 s', { check: long }, EVERY_QUARTER],
    ['are four times as far apart while a launch cannot be paid', { check: long, tokensLeft: 24 }, 'L0 C8 C16 C32 C64 C124'],
    ['come at once for a run that is joined', { launch: 'replay run_1', check: 'running, completed' }, 'L0 C0 C2'],
    ['come at once for a run that is given', { runPlans: [{ runId: 'run_7' }], check: 'running, completed' }, 'C0 C2'],
    ['wait for Retry-After of a check', { check: 'running after 40, completed' }, 'L0 C2 C42'],
    ['wait for Retry-After of a failed check', { check: '503 after 40, completed' }, 'L0 C2 C42'],
  ])('%s', async (_, play, trace) => {
    expect((await playOrders(play)).trace).toBe(trace);
  });

  test('come sooner towards an end that progress foretells', async () => {
    const { endedAt } = await playOrders({ check: until(300_000, (share) => `running ${Math.floor(100 * share)}`) });
    expect(endedAt).toBeLessThan(303);
  });

  test('do not go on every 2 s where progress stops before the end', async () => {
    const { requests } = await playOrders({ check: until(600_000, (share) => `running ${Math.min(99, Math.floor(200 * share))}`) });
    expect(requests.length).toBeLessThan(75);
  });
});

describe('a check that fails', () => {
  test.each(['500 internal_error', 'timeout', 'connection_lost', 'no_connection', 'wrong_run'])(
    'is tried again for five minutes of nothing else: %s',
    async (answer) => {
      const { outcome, endedAt } = await playOrders({ check: `running, ${answer}` });
      expect(outcome).toMatch(/^started run_1 lost_sight \w+ run$/);
      expect(Math.abs(endedAt - 320)).toBeLessThan(20);
    },
  );

  test.each<[title: string, check: Word]>([
    ['a run that is not visible at once', '404, 404, running, completed'],
    ['an outage in two halves', `${'503, '.repeat(20)}running, ${'503, '.repeat(20)}completed`],
    ['a 404 that comes and goes', '404, 404, 404, 503, 404, 404, completed'],
    ['a key without tokens for 20 minutes', `${'429 after 60, '.repeat(20)}completed`],
  ])('does not end %s', async (_, check) => {
    expect((await playOrders({ check })).outcome).toBe('started run_1 completed nothing');
  });
});

test.each<[title: string, play: Play, outcome: string, endedAt: number]>([
  ['is rejected for 30 s', { check: '404' }, 'started run_1 lost_sight not_found run', 32],
  ['has outputs over the limit', { check: 'too_large' }, 'started run_1 outputs_too_large nothing', 2],
  ['loses its key', { check: '401 api_key_revoked' }, 'started run_1 request_failed key_revoked run', 2],
  ['is of another workflow', { check: 'wrong_workflow' }, 'started run_1 request_failed wrong_workflow run', 2],
  ['fails', { check: 'failed' }, 'started run_1 failed nothing', 2],
  ['is cancelled', { check: 'cancelled' }, 'started run_1 cancelled nothing', 2],
  ['has a status that is not documented', { check: 'paused, completed' }, 'started run_1 completed nothing unknown_status', 4],
  ['ends at the deadline', { check: until(60_000, () => 'running'), timeoutMs: 60_000 }, 'started run_1 completed nothing', 60],
  ['ends after the deadline', { check: 'running', timeoutMs: 60_000 }, 'started run_1 timed_out run run', 60],
  ['has a last check that fails', { check: 'running, running, timeout', timeoutMs: 6_000 }, 'started run_1 timed_out run timeout run', 9],
  [
    'may be checked no sooner is checked at the deadline',
    { check: 'running after 90, completed', timeoutMs: 60_000 },
    'started run_1 completed nothing',
    60,
  ],
  ['goes on at the signal', { check: 'timeout', stopAtMs: 5_000 }, 'started run_1 interrupted run', 5],
  ['is not waited for', { wait: false }, 'started run_1 launched run', 0],
  ['is given', { runPlans: [{ runId: 'run_7' }] }, 'given run_7 completed nothing', 0],
  ['writes a secret', { outputs: { note: KEY } }, 'started run_1 completed nothing secret_in_answer', 2],
])('a run that %s', async (_, play, outcome, endedAt) => {
  expect(await playOrders(play)).toMatchObject({ outcome, endedAt });
});
