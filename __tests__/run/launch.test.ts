import { describe, expect, test } from '@jest/globals';
import { createIntentKey } from '../../src/run/keys.ts';
import { createOrder, playOrders, type Word } from '../support/orders.ts';

const launches = (trace: string): string => trace.replace(/ C.*/, '');

describe('a launch that reached nobody', () => {
  test.each<[title: string, answers: Word, sends: string]>([
    ['is sent again after 2, 6, 18 and then 30 s', 'no_connection, 502, 503, no_connection, 502, 503, run_1', 'L0 L2 L8 L26 L56 L86 L116'],
    ['waits for tokens as the API says, and slightly longer', '429 after 20, 429 after 1, run_1', 'L0 L21.5 L23.05'],
    ['waits for tokens by its own pauses without Retry-After', '429, 429, run_1', 'L0 L2 L8'],
    ['waits while its key is locked', '409 idempotency_in_progress after 10, run_1', 'L0 L10'],
    ['does not trust a short Retry-After that repeats', '503 after 1, 503 after 1, run_1', 'L0 L2 L8'],
  ])('%s', async (_, launch, sends) => {
    const { outcome, trace, requests } = await playOrders({ launch });
    expect([launches(trace), outcome]).toEqual([sends, 'started run_1 completed nothing']);
    expect(new Set(requests.map(({ call, key, body }) => `${call} ${key} ${body ?? ''}`)).size).toBe(2);
  });

  test.each<[title: string, answer: Word, trace: string, outcome: string]>([
    ['is sent until a second before the deadline', '503', 'L0 L2 L8 L26 L56 L86 L99', '- - timed_out launch unavailable nothing'],
    ['ends where the API asks to wait beyond the deadline', '429 after 300', 'L0', '- - timed_out launch rate_limited nothing'],
    ['ends after a minute at an unknown name', 'unknown_host', 'L0 L2 L8 L26 L56', '- - request_failed unknown_host nothing'],
    ['has 2 s beyond the deadline', '502, 502, 502, 502, 502, timeout', 'L0 L2 L8 L26 L56 L86', '- - timed_out launch timeout perhaps'],
  ])('%s', async (_, launch, trace, outcome) => {
    expect(await playOrders({ launch, timeoutMs: 100_000 })).toMatchObject({ trace, outcome });
  });

  test('spreads by a quarter in both directions', async () => {
    const first = await playOrders({ launch: '503, run_1', random: () => 0 });
    const last = await playOrders({ launch: '503, run_1', random: () => 0.999 });
    expect([first.trace, last.trace].map(launches)).toEqual(['L0 L1.5', 'L0 L2.499']);
  });
});

describe('a launch that the API may have accepted', () => {
  test.each(['connection_lost', '408', '425', '504', '503 overloaded', '502 bad_gateway', '507', 'too_large', 'web_page'])(
    'is sent five times, 2, 6, 18 and 30 s apart: %s',
    async (launch) => {
      const { trace, outcome, runState } = await playOrders({ launch });
      expect(trace).toBe('L0 L2 L8 L26 L56');
      expect(outcome).toMatch(/^- - request_failed \w+ (perhaps|unkept)$/);
      expect(runState.key).toMatch(/^gha_c0ffee_[0-9a-f]{32}$/);
    },
  );

  test.each<[title: string, launch: Word, sends: string, outcome: string]>([
    ['has 30 s for each attempt', 'timeout', 'L0 L32 L68 L116 L176', '- - request_failed timeout perhaps'],
    ['counts none that reached nobody', '504, 503, 504, 503, 504', 'L0 L2 L8 L26 L56 L86 L116', '- - request_failed unavailable perhaps'],
    ['uses the run of an answer that was lost', 'connection_lost, replay run_1', 'L0 L2', 'picked_up run_1 completed nothing'],
    ['says where another run may be', 'connection_lost, run_1', 'L0 L2', 'started run_1 completed nothing maybe_another_run'],
    ['ends by a refusal after a lost answer', 'connection_lost, 403', 'L0 L2', '- - request_failed forbidden perhaps'],
    ['says so after a 5xx of the API', '503 x, replay run_1', 'L0 L2', 'picked_up run_1 completed nothing maybe_another_run'],
    ['says nothing where the answer was kept', '504, replay run_1', 'L0 L2', 'picked_up run_1 completed nothing'],
    ['picks up the run of an earlier job', 'replay run_1', 'L0', 'picked_up run_1 completed nothing'],
    ['picks up a run whose key was locked', '409 idempotency_in_progress, replay run_1', 'L0 L2', 'picked_up run_1 completed nothing'],
  ])('%s', async (_, launch, sends, outcome) => {
    const played = await playOrders({ launch });
    expect([launches(played.trace), played.outcome]).toEqual([sends, outcome]);
  });
});

describe('a launch that ends at once', () => {
  test.each<[answer: Word, code: string, left: string]>([
    ['500 internal_error', 'server_error', 'unkept'],
    ['505', 'unavailable', 'unkept'],
    ['401 api_key_revoked', 'key_revoked', 'nothing'],
    ['404', 'not_found', 'nothing'],
    ['407', 'proxy_refused', 'nothing'],
    ['409 idempotency_key_reused', 'key_reused', 'nothing'],
    ['certificate', 'certificate', 'nothing'],
    ['run_1 of wf_2', 'wrong_workflow', 'perhaps'],
  ])('after %s', async (launch, code, left) => {
    expect(await playOrders({ launch })).toMatchObject({ trace: 'L0', outcome: `- - request_failed ${code} ${left}` });
  });
});

test('gives two orders of one run no verdict on it', async () => {
  const { outcome } = await playOrders({ runPlans: [{}, { projectId: 'p2' }] });
  expect(outcome).toBe('started run_1 completed nothing, - - request_failed run_of_other_key perhaps');
});

test('sends the key of the intent, and inputs and project as the body', async () => {
  const { requests, runState } = await playOrders({ runPlans: [{ inputs: { to: 2, from: 1 } }] });
  const runPlan = createOrder({ inputs: { from: 1, to: 2 } });
  expect(runState.key).toBe(createIntentKey({ ...runPlan, keyScope: 'c0ffee', repository: 'acme/tower' }));
  expect(requests[0]).toMatchObject({ key: runState.key, body: '{"inputs":{"from":1,"to":2},"project_id":"p1"}' });
});

test('puts `idempotency_key` in the place of the commit', async () => {
  expect((await playOrders({ runPlans: [{ idempotencyKey: 'night-7' }] })).runState.key).toMatch(/^gha_night-7_/);
});

test.each<[title: string, launch: Word, latencyMs: number, outcome: string, endedAt: number]>([
  ['has 2 s to learn its run', 'run_1', 6_500, 'started run_1 interrupted run', 6.5],
  ['has no more than 2 s', 'timeout', 0, '- - interrupted perhaps', 7],
  ['ends at once between two attempts', '503', 0, '- - interrupted nothing', 5],
])('at the signal of the runner a launch %s', async (_, launch, latencyMs, outcome, endedAt) => {
  expect(await playOrders({ launch, latencyMs, stopAtMs: 5_000 })).toMatchObject({ outcome, endedAt });
});
