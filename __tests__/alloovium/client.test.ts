import { describe, expect, test } from '@jest/globals';
import type { Launched } from '../../src/alloovium/client.ts';
import { ConnectionError } from '../../src/alloovium/errors.ts';
import {
  clientOf,
  fakeTransport,
  launchAnswer,
  pollAnswer,
  retryOptionsOf,
  problemAnswer,
  refusedError,
  resetError,
  virtualClock,
  type SentRequest,
  type ScriptStep,
  type VirtualClock,
} from '../fakes.ts';

const KEY = 'gha_commit_digest';
const BODY = '{"inputs":{"a":1}}';
const ok = launchAnswer('run_1');
const replayed = { 'idempotent-replayed': 'true' };
const replay = launchAnswer('run_1', {}, replayed);
const locked = problemAnswer(409, 'idempotency_in_progress');
const gateway = (status: number, headers = {}): ScriptStep => ({
  status,
  headers,
  body: '<html>gateway</html>',
});

interface Launching {
  /** What the launch returned or threw. */
  readonly result: Launched | Error;
  readonly sent: readonly SentRequest[];
  readonly endedAt: number;
  readonly tokens: number;
  readonly isLaunchOpen: boolean;
}

/** Launches with scripted answers; the job is cancelled at `cancelAt`. */
async function launch(
  script: readonly ScriptStep[] | ((sent: SentRequest) => ScriptStep),
  {
    deadline = 15 * 60_000,
    cancelAt,
    clock = virtualClock(),
    random = () => 0,
  }: { deadline?: number; cancelAt?: number; clock?: VirtualClock; random?: () => number } = {},
): Promise<Launching> {
  const { transport, sent } = fakeTransport(clock, script);
  const client = clientOf(clock, transport);
  const cancel = new AbortController();
  if (cancelAt !== undefined) clock.at(cancelAt, () => cancel.abort(new Error('cancelled')));
  const result = await client
    .startRun(
      { workflowId: 'wf_1', idempotencyKey: KEY, body: BODY },
      retryOptionsOf(clock, { deadline, random, signal: cancel.signal }),
    )
    .catch((error: unknown) => error as Error);
  return {
    result,
    sent,
    endedAt: clock.now(),
    tokens: client.tokensSpent(),
    isLaunchOpen: client.isLaunchOpen(KEY),
  };
}

test('escapes IDs in the path', async () => {
  const clock = virtualClock();
  const { transport, sent } = fakeTransport(clock, [problemAnswer(404, 'not_found')]);
  const { signal } = new AbortController();
  await clientOf(clock, transport).getRun('a/../b?c', 1_000, signal);
  await clientOf(clock, transport).listWorkflows('c&d=e', 1_000, signal);
  await clientOf(clock, transport).listWorkflows(null, 1_000, signal);
  expect(sent.map(({ path }) => path)).toEqual([
    '/api/v2/workflows/runs/a%2F..%2Fb%3Fc',
    '/api/v2/workflows?limit=100&cursor=c%26d%3De',
    '/api/v2/workflows?limit=100',
  ]);
  expect(sent.every(({ method, body, key }) => method === 'GET' && body === null && key === '')).toBe(true);
});

describe('a launch that gives up', () => {
  test('sends nothing later than 20 hours after the first attempt', async () => {
    const hours = (count: number) => count * 60 * 60_000;
    const { sent, result } = await launch([resetError(), refusedError()], {
      deadline: hours(24),
      random: () => 0.99,
    });
    expect(result).toMatchObject({ name: 'OutOfTime' });
    expect(sent.at(-1)!.at).toBeGreaterThan(hours(19.9));
    expect(sent.at(-1)!.at).toBeLessThanOrEqual(hours(20));
  });

  test.each<[string, ScriptStep]>([
    ['a lost answer', resetError()],
    ['a gateway’s 408', gateway(408)],
    ['a gateway’s 503', gateway(503)],
  ])('may have started a run if it ends with a 401 after %s', async (_, first) => {
    const { result, isLaunchOpen } = await launch([first, problemAnswer(401, 'api_key_revoked')]);
    expect(isLaunchOpen).toBe(true);
    expect(result).toMatchObject({ headline: expect.stringContaining('revoked') });
  });

  test.each<[string, ScriptStep]>([
    ['another workflow', launchAnswer('run_1', { workflow_id: 'wf_2' })],
    ['another launch', launchAnswer('run_other')],
  ])(
    'may have started a run when the answer names the run of %s, also after a cancel (A35)',
    async (_, answer) => {
      const clock = virtualClock();
      const { transport } = fakeTransport(clock, ({ key }) =>
        key === 'k1' ? launchAnswer('run_other') : answer,
      );
      for (const cancelAt of [null, 15]) {
        const client = clientOf(clock, transport);
        const cancel = new AbortController();
        const request = (key: string) => ({ workflowId: 'wf_1', idempotencyKey: key, body: BODY });
        const context = retryOptionsOf(clock, { signal: cancel.signal, deadline: Infinity });
        await client.startRun(request('k1'), context);
        if (cancelAt !== null) clock.at(clock.now() + 5, () => cancel.abort(new Error('cancelled')));
        const error = await client.startRun(request('k2'), context).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject(cancelAt === null ? { fault: 'wrong_run' } : { message: 'cancelled' });
        expect([client.isLaunchOpen('k1'), client.isLaunchOpen('k2')]).toEqual([false, true]);
      }
    },
  );

  test.each<[string, ScriptStep]>([
    ['over 8 MiB', new ConnectionError('too_large')],
    ['too deep', { body: `{"a":${'['.repeat(70)}` }],
  ])('has a remedy that does not mention outputs for an answer that is %s (A36)', async (_, answer) => {
    const { result, isLaunchOpen } = await launch([answer]);
    expect(result).toMatchObject({
      headline: expect.stringMatching(/^the answer to the launch is /),
      remedy: expect.stringMatching(/^Check `api_url` /),
    });
    expect(isLaunchOpen).toBe(true);
  });

  test('has started no run after a lost answer and the API’s 404, but may have after a gateway’s', async () => {
    expect((await launch([resetError(), problemAnswer(404, 'not_found')])).isLaunchOpen).toBe(false);
    expect((await launch([resetError(), gateway(404)])).isLaunchOpen).toBe(true);
  });
});

const limited = (seconds: number, headers = {}): ScriptStep =>
  problemAnswer(429, 'rate_limited', { 'retry-after': String(seconds), ...headers });

test.each(['25', '', 'abc'])('retries a launch that gets a 429 with a limit of “%s”', async (limit) => {
  expect((await launch([limited(1, { 'x-ratelimit-limit': limit }), ok])).result).toMatchObject({
    runId: 'run_1',
  });
});

describe('the metadata of an answer', () => {
  test('has the time of the first attempt whose answer was lost, not of a rejected one', async () => {
    for (const first of [resetError(), gateway(502), gateway(504)])
      expect((await launch([first, resetError(), replay])).result).toMatchObject({ lostAnswerAt: 0 });
    const answered = [429, 409, 503].map((status) => problemAnswer(status, 'idempotency_in_progress'));
    for (const first of [refusedError(), ...answered])
      expect((await launch([first, replay])).result).toMatchObject({ lostAnswerAt: null });
    const { result, sent } = await launch([refusedError(), resetError(), resetError(), ok], {
      random: () => 0.5,
    });
    expect(result).toMatchObject({ lostAnswerAt: sent[1]!.at });
  });

  test.each<[what: string, script: readonly ScriptStep[], mayHaveOther: boolean]>([
    [
      'says that there may be another run, where an answer was lost and the next names a new run',
      [resetError(), ok],
      true,
    ],
    [
      'says that there is no other run, where an answer was lost and the next is its replay',
      [resetError(), replay],
      false,
    ],
    [
      'says that there may be another run, where a gateway failed and the next answer names a new run',
      [gateway(503), ok],
      true,
    ],
    [
      'says that there may be another run, where the API failed and the next answer names a new run',
      [problemAnswer(503, 'unavailable'), ok],
      true,
    ],
    [
      'says that there may be another run, where the API failed and the next answer is a replay',
      [problemAnswer(503, 'unavailable'), replay],
      true,
    ],
    [
      'says that there is no other run, where the API asked to wait and the next answer names a new run',
      [problemAnswer(429, 'rate_limited'), ok],
      false,
    ],
    ['says that there is no other run, where the first answer names the run', [ok], false],
    ['says that there is no other run, where another job’s launch had locked the key', [locked, ok], false],
    [
      'says that there is no other run, where another job’s launch had locked the key and is replayed',
      [locked, replay],
      false,
    ],
  ])('%s', async (_, script, mayHaveOther) => {
    expect((await launch(script)).result).toMatchObject({ mayHaveOther });
  });

  test('has the server’s time, or the machine’s if the server sends none', async () => {
    const date = 'Wed, 08 Apr 2026 12:00:00 GMT';
    expect((await launch([launchAnswer('run_1', {}, { date })])).result).toMatchObject({
      meta: { serverNowMs: Date.UTC(2026, 3, 8, 12) },
    });
    for (const nonsense of ['', 'today', '2026-04-08T12:00:00Z'])
      expect((await launch([launchAnswer('run_1', {}, { date: nonsense })])).result).toMatchObject({
        meta: { serverNowMs: Date.UTC(2026, 3, 8, 10) + 10 },
      });
  });
});

test('ignores the date, the tokens and the cost of a replay, which repeats the headers of the first answer', async () => {
  const then = {
    date: 'Wed, 08 Apr 2026 05:00:00 GMT',
    'x-ratelimit-limit': '120',
    'x-ratelimit-remaining': '3',
    'x-ratelimit-reset': String(Date.UTC(2026, 3, 8, 5, 2) / 1000),
    'x-ratelimit-cost': '25',
    'retry-after': 'Wed, 08 Apr 2026 05:00:30 GMT',
  };
  const clock = virtualClock();
  const old = launchAnswer('run_1', {}, { ...then, 'idempotent-replayed': 'true' });
  const { transport } = fakeTransport(clock, [old, pollAnswer('run_1', 'running')]);
  const client = clientOf(clock, transport);
  const request = { workflowId: 'wf_1', idempotencyKey: KEY, body: BODY };
  const { meta } = await client.startRun(request, retryOptionsOf(clock));
  expect(meta).toMatchObject({ replayed: true, serverNowMs: clock.date(), retryAfterAt: meta.at });
  expect(client.bucketState().last).toBeNull();
  expect(client.tokensSpent()).toBe(0);
});

describe('tokensSpent', () => {
  test.each<[what: string, script: readonly ScriptStep[], tokens: number]>([
    ['the documented cost where the answer names none', [ok], 25],
    ['the cost that the answer names', [launchAnswer('run_1', {}, { 'x-ratelimit-cost': '3' })], 3],
    ['0 for a 429', [problemAnswer(429, 'rate_limited'), ok], 25],
    [
      '0 for a 429 whose header says otherwise',
      [problemAnswer(429, 'rate_limited', { 'x-ratelimit-cost': '25' }), ok],
      25,
    ],
    ['nothing where no answer came', [resetError(), ok], 25],
    [
      '0 for a replay whose header says otherwise',
      [launchAnswer('run_1', {}, { ...replayed, 'x-ratelimit-cost': '25' })],
      0,
    ],
  ])('counts %s', async (_what, script, tokens) => {
    expect((await launch(script)).tokens).toBe(tokens);
  });

  test('counts one token for a poll and one for a page of the list of workflows', async () => {
    const clock = virtualClock();
    const { transport } = fakeTransport(clock, [pollAnswer('run_1', 'running'), { body: { data: [] } }]);
    const client = clientOf(clock, transport);
    const { signal } = new AbortController();
    await client.getRun('run_1', 1_000, signal);
    await client.listWorkflows(null, 1_000, signal);
    expect(client.tokensSpent()).toBe(2);
  });
});

test('returns the hint and the state of the bucket with a failed poll', async () => {
  const headers = {
    'retry-after': '7',
    'x-ratelimit-limit': '120',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(Date.UTC(2026, 3, 8, 10, 2) / 1000),
  };
  const clock = virtualClock();
  const { transport } = fakeTransport(clock, [problemAnswer(429, 'rate_limited', headers)]);
  const { signal } = new AbortController();
  expect(await clientOf(clock, transport).getRun('run_1', 15_000, signal)).toMatchObject({
    failure: { hintMs: 7_000, bucketState: { last: { limit: 120, remaining: 0 } } },
  });
  // With a body error, both are as they were when the headers came.
  const bodyError = { error: new ConnectionError('timeout'), ageMs: 5_000 };
  const answer = {
    status: 200,
    headers: new Map(Object.entries(headers)),
    body: new Uint8Array(),
    bodyError,
  };
  expect(await clientOf(clock, () => Promise.resolve(answer)).getRun('run_1', 1, signal)).toMatchObject({
    failure: { error: bodyError.error, hintMs: 2_000, bucketState: { last: { at: clock.now() - 5_000 } } },
  });
});

describe('how long a launch waits for its answer', () => {
  test.each<[what: string, deadline: number, timeoutMs: number]>([
    ['75 s where the deadline is far', 15 * 60_000, 75_000],
    ['75 s where the deadline is 72 s away', 72_000, 75_000],
    ['until 3 s after the deadline', 60_000, 63_000],
  ])('is %s', async (_, deadline, timeoutMs) => {
    expect((await launch([ok], { deadline })).sent).toMatchObject([{ timeoutMs }]);
  });

  test('is 3 s more after a cancel', async () => {
    const after = (afterMs: number) => launch([{ ...ok, afterMs }], { cancelAt: 5_000 });
    expect(await after(7_990)).toMatchObject({ result: { runId: 'run_1' } });
    expect(await after(8_010)).toMatchObject({ result: { message: 'cancelled' }, endedAt: 8_000 });
  });
});

test.each<[what: string, script: readonly ScriptStep[]]>([
  ['a refused connection', [new ConnectionError('tls', 'CERT_HAS_EXPIRED')]],
  ['a 401', [problemAnswer(401, 'api_key_revoked')]],
  ['a 429, then a 401', [limited(1), problemAnswer(401, 'api_key_revoked')]],
])('has started no run: %s', async (_, script) => {
  expect((await launch(script)).isLaunchOpen).toBe(false);
});

test('names the first eight characters of a run that two launches got in the headline, and all of them in the detail', async () => {
  const clock = virtualClock();
  const { transport } = fakeTransport(clock, [launchAnswer('run_0123456789abcdef')]);
  const client = clientOf(clock, transport);
  const start = (idempotencyKey: string) =>
    client.startRun({ workflowId: 'wf_1', idempotencyKey, body: BODY }, retryOptionsOf(clock));
  await start('k1');
  await expect(start('k2')).rejects.toMatchObject({
    headline: 'the API gave run_01234567 for two launches',
    detail: 'run run_0123456789abcdef',
  });
});

test.each<[body: string, headline: string]>([
  ['[]', 'the answer to the launch is not a JSON object'],
  ['{"a":{"b":1,"b":2}}', "the run's outputs have a key twice"],
  ['{}', 'the answer to the launch has no usable `run_id`'],
])('has a remedy that mentions no outputs for the answer %s to a launch', async (body, headline) => {
  expect((await launch([{ body }])).result).toMatchObject({
    headline,
    remedy: expect.stringMatching(/^Check `api_url` /),
  });
});
