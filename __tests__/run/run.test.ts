/** What the fault table and the stories do not show of runs: exact times, what may be left running, and the limits of a gate. */
import { describe, expect, test } from '@jest/globals';
import type { VirtualClock } from '../../simulator/virtual-clock.ts';
import type { Gate } from '../../src/gate/condition.ts';
import { GithubFailure } from '../../src/outcome.ts';
import { createIntentKey } from '../../src/run/keys.ts';
import { createOrder, KEY, playOrders, type Play, type Word } from '../support/orders.ts';

const starts = ({ requests }: Awaited<ReturnType<typeof playOrders>>) =>
  requests.filter(({ call }) => call === 'launch').map(({ at }) => at);
const checks = ({ requests }: Awaited<ReturnType<typeof playOrders>>) =>
  requests.filter(({ call }) => call === 'check').map(({ at }) => at);

describe('a start that fails', () => {
  test.each<[title: string, launch: Word, seconds: readonly number[]]>([
    ['is repeated after 2, 6, 18 and then 30 s', '503, no_connection, 502, 503, 502, 503, run_1', [0, 2, 8, 26, 56, 86, 116]],
    ['waits for rate-limit tokens slightly longer than the API asks', '429 after 20, 429 after 1, run_1', [0, 21.5, 23.05]],
    ['does not trust a short Retry-After that repeats', '503 after 1, 503 after 1, run_1', [0, 2, 8]],
  ])('%s', async (_, launch, seconds) => {
    expect(starts(await playOrders({ launch }))).toEqual(seconds);
  });

  test('is repeated a second before the deadline at the latest', async () => {
    expect(starts(await playOrders({ launch: '503', timeoutMs: 100_000 })).at(-1)).toBe(99);
  });

  test('varies its pauses by a quarter in both directions', async () => {
    const first = await playOrders({ launch: '503, run_1', random: () => 0 });
    const last = await playOrders({ launch: '503, run_1', random: () => 0.999 });
    expect([first, last].map(starts)).toEqual([
      [0, 1.5],
      [0, 2.499],
    ]);
  });

  test.each<[answer: Word, openRun: string]>([
    ['500 internal_error', 'unkept'],
    ['505', 'unkept'],
    ['connection_lost', 'perhaps'],
    ['connection_lost, 403', 'perhaps'],
    ['run_1 of wf_2', 'perhaps'],
    ['407', 'nothing'],
    ['409 idempotency_key_reused', 'nothing'],
    ['certificate', 'nothing'],
  ])('after %s leaves %s running', async (launch, openRun) => {
    expect((await playOrders({ launch })).runState.openRun).toBe(openRun);
  });

  test('has 2 s after the signal to learn its run', async () => {
    const { runState, endedAt } = await playOrders({ latencyMs: 6_500, stopAtMs: 5_000 });
    expect({ ...runState, endedAt }).toMatchObject({ outcome: { kind: 'interrupted' }, runId: 'run_1', openRun: 'run', endedAt: 6.5 });
  });
});

test('sends the key of the intent, and inputs and project as the body', async () => {
  const { requests } = await playOrders({ runPlans: [{ inputs: { to: 2, from: 1 } }] });
  const key = createIntentKey({ ...createOrder({ inputs: { from: 1, to: 2 } }), keyScope: 'c0ffee', repository: 'acme/tower' });
  expect(requests[0]).toMatchObject({ key, body: '{"inputs":{"from":1,"to":2},"project_id":"p1"}' });
});

/** Answers to checks of a run that takes so long. */
const until =
  (endMs: number, word: (share: number) => Word) =>
  (_: number, __: string, at: number): Word =>
    at >= endMs ? 'completed' : word(at / endMs);
const long = until(80_000, () => 'running');

describe('status checks', () => {
  test.each<[title: string, play: Play, seconds: readonly number[]]>([
    [
      'are a quarter of the age of the run apart, 2 to 15 s',
      { check: long },
      [2, 4, 6, 8, 10, 12.5, 15.625, 19.531, 24.414, 30.518, 38.147, 47.684, 59.605, 74.506, 89.506],
    ],
    ['are four times as far apart while the tokens cannot pay for a start', { check: long, tokensLeft: 24 }, [8, 16, 32, 64, 124]],
    ['come at once for a run that is picked up', { launch: 'replay run_1', check: 'running, completed' }, [0, 2]],
    ['come at once for a run that is given', { runPlans: [{ runId: 'run_7' }], check: 'running, completed' }, [0, 2]],
    ['wait for Retry-After of a good check', { check: 'running after 40, completed' }, [2, 42]],
    ['end with one that has 3 s after the deadline', { check: 'running, running, timeout', timeoutMs: 6_000 }, [2, 4, 6]],
  ])('%s', async (_, play, seconds) => {
    expect(checks(await playOrders(play))).toEqual(seconds);
  });

  test('come sooner towards an end that progress foretells', async () => {
    const { endedAt } = await playOrders({ check: until(300_000, (share) => `running ${Math.floor(100 * share)}`) });
    expect(endedAt).toBeLessThan(303);
  });

  test('do not stay 2 s apart if progress stops before the end', async () => {
    const { requests } = await playOrders({ check: until(600_000, (share) => `running ${Math.min(99, Math.floor(200 * share))}`) });
    expect(requests.length).toBeLessThan(75);
  });

  test.each<[title: string, check: Word]>([
    ['404 that other failures interrupt', '404, 404, 404, 503, 404, 404, completed'],
    ['20 minutes without rate-limit tokens', `${'429 after 60, '.repeat(20)}completed`],
  ])('outlast %s', async (_, check) => {
    expect((await playOrders({ check })).runState.outcome).toEqual({ kind: 'completed' });
  });
});

describe('several runs', () => {
  const named = (name: string) => createOrder({ projectId: name, entries: [{ ...createOrder().entries[0]!, name }] });
  const hanging: Play['check'] = (nth, runId) => (runId === 'run_1' && nth < 4 ? 'timeout' : 'completed');

  test.each<[title: string, more: Play, starts: readonly number[], checks: readonly number[]]>([
    ['start one at a time, and are checked a second apart behind the starts', { latencyMs: 3_000 }, [0, 3, 6], [9, 10, 11]],
    ['are not checked while a start waits for tokens', { launch: 'run_1, 429 after 90, run_2, run_3' }, [0, 0, 95, 95], [95, 97, 98]],
    ['are checked while a start waits for another reason', { launch: 'run_1, 503, 503, run_2, run_3' }, [0, 0, 2, 8, 8], [2, 10, 11]],
    ['do not wait for a check that hangs', { check: hanging }, [0, 0, 0], [2, 3, 4, 19]],
  ])('%s', async (_, more, startedAt, checkedAt) => {
    const played = await playOrders({ runPlans: ['a', 'b', 'c'].map(named), launch: (nth) => `run_${nth}`, ...more });
    expect([starts(played), checks(played)]).toEqual([startedAt, checkedAt]);
    expect(played.runStates.map(({ outcome }) => outcome.kind)).toEqual(['completed', 'completed', 'completed']);
  });

  test('time out while another run is still starting', async () => {
    const { runStates } = await playOrders({ runPlans: ['a', 'b'].map(named), launch: 'timeout', timeoutMs: 60_000 });
    expect(runStates[1]).toMatchObject({ outcome: { kind: 'timed_out', phase: 'launch', isQueued: true }, openRun: 'nothing' });
  });
});

const condition = { severity: 'fail', name: 'red', expression: 'outputs.red', line: 1 } as const;
const MET = { condition, result: 'met', items: ['a'], others: null, tally: null, problem: null } as const;
const RED: Gate = { conditions: [condition], evaluate: () => [MET] };
/** Takes so long before it calls back, if it does, and returns. */
const slow =
  (ms: number, isChecked: boolean) =>
  (clock: VirtualClock): Gate => ({
    conditions: [condition],
    evaluate: (_, checkTime) => {
      clock.suspend(ms);
      if (isChecked) checkTime?.();
      return [MET];
    },
  });

describe('a gate', () => {
  test.each<[title: string, isChecked: boolean]>([
    ['conditions', true],
    ['waivers and baseline', false],
  ])('ends after 4 s of %s', async (_, isChecked) => {
    const { runState } = await playOrders({ gate: slow(5_000, isChecked) });
    expect(runState).toMatchObject({ outcome: { kind: 'gate_timeout' }, gateResults: [], openRun: 'nothing' });
  });

  test('times out if the baseline does not come', async () => {
    const { runState, endedAt } = await playOrders({ baseline: new Promise(() => undefined), timeoutMs: 60_000 });
    expect(runState).toMatchObject({ openRun: 'nothing', outcome: { kind: 'timed_out', phase: 'evaluation' } });
    expect(endedAt).toBe(65);
  });

  test('crashes without the text of a secret', async () => {
    const evaluate = (): never => {
      throw new Error(`broken at ${KEY}`);
    };
    const { runState } = await playOrders({ gate: { conditions: [condition], evaluate } });
    const stack = expect.stringMatching(/^Error: broken at \*{3}\n +at /);
    expect(runState.outcome).toMatchObject({ kind: 'crashed', message: 'broken at ***', stack });
  });
});

describe('a re-run', () => {
  /** The first key has a run that an earlier attempt started. */
  const again = (play: Play): Play => ({ launch: 'replay run_1, run_2', attempt: 2, ...play });
  const failure = (code: GithubFailure['code']) => ({
    baseline: Promise.resolve({ code: 'not_fetched', failure: new GithubFailure(code) } as const),
  });

  test.each<[title: string, play: Play, events: readonly string[]]>([
    ['picks up a run of an unknown status', { check: 'paused, completed' }, ['found run_1 picked_up']],
    ['skips a run whose gate takes too long', { gate: slow(5_000, true) }, ['skipped run_1 gate', 'found run_2 started']],
    ['keeps a failing run if GitHub fails', { gate: RED, ...failure('rate_limited') }, ['found run_1 picked_up']],
    ['skips a failing run if GitHub denies access', { gate: RED, ...failure('forbidden') }, ['skipped run_1 gate', 'found run_2 started']],
  ])('%s', async (_, play, events) => {
    expect((await playOrders(again(play))).events).toEqual(events);
  });

  test('starts its first check with the run that it picked up, and repeats it', async () => {
    const played = await playOrders(again({ check: '503, running, failed' }));
    expect([checks(played), played.runState.outcome.kind]).toEqual([[0, 2, 4], 'failed']);
  });

  test('accepts no answer that gives two keys one run', async () => {
    const { runState } = await playOrders(again({ launch: 'replay run_1', check: 'failed' }));
    expect(runState.outcome).toMatchObject({ kind: 'request_failed', failure: { code: 'run_of_other_key' } });
  });

  test('knows of no earlier runs with `on_rerun: fresh`', async () => {
    const { runState } = await playOrders({ attempt: 3, onRerun: 'fresh' });
    expect(runState).toMatchObject({ origin: 'started', redRunsBefore: null, key: expect.stringMatching(/^gha_c0ffee-77-3_\w{32}$/) });
  });
});
