import { describe, expect, test } from '@jest/globals';
import type { Launched } from '../../src/alloovium/client.ts';
import { ApiError, BucketTooSmallError, NoAnswerError, WrongRunError } from '../../src/alloovium/errors.ts';
import { OutOfTime } from '../../src/alloovium/retry.ts';
import {
  API_KEY,
  clientOf,
  fakeApi,
  fakeTransport,
  launched,
  poll,
  retryContextOf,
  problem,
  refused,
  reset,
  virtualClock,
  type ApiFault,
  type Sent,
  type Step,
  type VirtualClock,
} from '../fakes.ts';

const KEY = 'gha_commit_digest';
const BODY = '{"inputs":{"a":1}}';
const ok = launched('run_1');
const replay = launched('run_1', {}, { 'idempotent-replayed': 'true' });
const gateway = (status: number, headers = {}): Step => ({ status, headers, body: '<html>gateway</html>' });

interface Launching {
  /** What came of it. */
  readonly result: Launched | Error;
  readonly sent: readonly Sent[];
  readonly endedAt: number;
  readonly tokens: number;
  readonly mayHaveStarted: boolean;
}

/** Launches over a script; `cancelAt` cancels the job then. */
async function launch(
  script: readonly Step[] | ((sent: Sent) => Step),
  {
    deadline = 15 * 60_000,
    cancelAt,
    clock = virtualClock(),
    random = () => 0,
  }: { deadline?: number; cancelAt?: number; clock?: VirtualClock; random?: () => number } = {},
): Promise<Launching> {
  const { transport, sent } = fakeTransport(clock, script);
  const client = clientOf(clock, transport, random);
  const cancel = new AbortController();
  if (cancelAt !== undefined) clock.at(cancelAt, () => cancel.abort(new Error('cancelled')));
  const result = await client
    .startRun(
      { workflowId: 'wf_1', idempotencyKey: KEY, body: BODY },
      retryContextOf(clock, { deadline, signal: cancel.signal }),
    )
    .catch((error: unknown) => error as Error);
  return {
    ...{ result, sent, endedAt: clock.now(), tokens: client.tokensSpent() },
    mayHaveStarted: client.mayHaveStarted(KEY),
  };
}

/** Launches against the API's idempotency; the faults are for the first attempts, in turn. */
async function against(faults: readonly ApiFault[]) {
  const clock = virtualClock();
  const api = fakeApi(clock, { fault: ({ nth }) => faults[nth - 1] });
  return { ...(await launch(api.answer, { clock })), api };
}

describe('what is sent', () => {
  test('POST to the workflow’s runs, with key, body, and the API key in its header alone', async () => {
    const { sent, result } = await launch([ok]);
    expect(sent).toMatchObject([
      {
        method: 'POST',
        path: '/api/v2/workflows/wf_1/runs',
        body: BODY,
        headers: {
          authorization: `Bearer ${API_KEY}`,
          'content-type': 'application/json',
          'idempotency-key': KEY,
        },
        timeoutMs: 75_000,
      },
    ]);
    expect(result).toMatchObject({ runId: 'run_1', status: 'pending', replayed: false, resent: false });
  });

  test('the same bytes and the same key on every attempt', async () => {
    const { sent } = await launch([reset(), gateway(503), { body: '<html>' }, ok]);
    expect(sent).toHaveLength(4);
    for (const { body, key, path } of sent)
      expect({ body, key, path }).toEqual({
        body: BODY,
        key: KEY,
        path: '/api/v2/workflows/wf_1/runs',
      });
  });

  test('IDs are escaped on their way into the path', async () => {
    const clock = virtualClock();
    const { transport, sent } = fakeTransport(clock, [problem(404, 'not_found')]);
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
});

describe('a launch that meets a fault and ends with one run', () => {
  test.each<[row: string, faults: readonly ApiFault[], attempts: number]>([
    ['A1: nobody listens, twice', Array(2).fill({ work: 'none', reply: refused() }), 3],
    ['A3, A6: the run is made and kept, the answer cut', [{ reply: reset() }], 2],
    ['A7: the answer is HTML, once', [{ reply: { body: '<html>' } }], 2],
    [
      'A19: a gateway that never asked',
      [502, 503, 502, 503, 502, 503, 504].map((status) => ({
        work: 'none' as const,
        reply: gateway(status),
      })),
      8,
    ],
    ['A29: the answer comes after the attempt', [{ workMs: 76_000, reply: 'hang' }], 3],
  ])('%s', async (_row, faults, attempts) => {
    const { result, api, sent } = await against(faults);
    expect(api.runs).toHaveLength(1);
    expect(result).toMatchObject({ runId: api.runs[0]?.id });
    expect(sent).toHaveLength(attempts);
    expect(new Set(sent.map(({ key }) => key))).toEqual(new Set([KEY]));
  });

  test('A4: no headers while the lock is held: the attempt is longer than the lock, then the replay', async () => {
    const { result, sent, api } = await against([{ workMs: 60_000, reply: 'hang' }]);
    expect(result).toMatchObject({ runId: 'run_1', replayed: true, resent: true });
    expect(sent.map(({ at }) => at)).toEqual([0, 75_000]);
    expect(api.runs).toHaveLength(1);
  });

  test('A4: reset while the lock is held: 409, its hint is kept, then the replay', async () => {
    const { result, sent } = await against([{ workMs: 30_000, reply: reset() }]);
    expect(result).toMatchObject({ runId: 'run_1', replayed: true });
    expect(sent).toHaveLength(3);
    expect(sent[2]?.at).toBeGreaterThanOrEqual(30_000);
  });

  test('a success that cannot be read has a hint too, which is kept', async () => {
    const { sent } = await launch([gateway(201, { 'retry-after': '30' }), replay]);
    expect(sent[1]!.at).toBeGreaterThanOrEqual(sent[0]!.endedAt! + 30_000);
  });

  test('A26: a run that has failed by then is launched all the same', async () => {
    expect((await launch([launched('run_1', { status: 'failed' })])).result).toMatchObject({
      status: 'failed',
    });
  });
});

describe('a launch that is never sent again', () => {
  test.each<[row: string, answer: Step]>([
    ['A14: the key is taken', problem(409, 'idempotency_key_reused')],
    ['A16: another 409', problem(409, 'conflict')],
    ['A16: a 409 that is HTML', gateway(409)],
    ...[401, 404, 422].map((status): [string, Step] => [`A23, A24: ${status}`, problem(status, 'x')]),
    ['A22: 501', problem(501, 'not_implemented')],
    ...[307].map((status): [string, Step] => [
      `A27: ${status}`,
      gateway(status, { location: 'https://evil.example/' }),
    ]),
  ])('%s: one attempt, and the error is the API’s', async (_row, answer) => {
    const { result, sent } = await launch([answer, ok]);
    expect(sent).toHaveLength(1);
    expect(result).toBeInstanceOf(ApiError);
  });

  test.each<[row: string, answer: Step]>([
    ['A17, A18: 500', problem(500, 'internal_error')],
    ['a body over a cap', { status: 201, body: `{"a":${'['.repeat(70)}` }],
  ])('%s: one attempt, and whether there is a run is not known', async (_row, answer) => {
    const { sent, mayHaveStarted } = await launch([answer, ok]);
    expect(sent).toHaveLength(1);
    expect(mayHaveStarted).toBe(true);
  });

  test('A17: the request ID is told', async () => {
    expect((await launch([problem(500, 'internal_error')])).result).toMatchObject({
      detail: 'Said so\nrequest req_7',
    });
  });

  test('A18: a run that the 500 made is not made twice', async () => {
    const { api, sent } = await against([{ work: 'unkept' }]);
    expect(api.runs).toHaveLength(1);
    expect(sent).toHaveLength(1);
  });
});

describe('a launch that gives up', () => {
  test('A7, A9: three answers that cannot be read; the request ID is told', async () => {
    for (const [body, fault] of [
      ['<html>', 'web_page'],
      ['{"run_id":"../x"}', 'unusable'],
      ['[]', 'unusable'],
    ]) {
      const headers = { 'x-request-id': 'req_9' };
      const { result, sent, mayHaveStarted } = await launch([{ status: 201, headers, body }]);
      expect(sent).toHaveLength(3);
      expect(result).toMatchObject({ fault, detail: 'request req_9' });
      expect(mayHaveStarted).toBe(true);
    }
  });

  test('A5: five attempts that are not answered', async () => {
    const { result, sent, mayHaveStarted } = await launch(['hang']);
    expect(sent).toHaveLength(5);
    expect(result).toBeInstanceOf(NoAnswerError);
    expect(mayHaveStarted).toBe(true);
  });

  test('… under one key in the whole process', async () => {
    const clock = virtualClock();
    const { transport, sent } = fakeTransport(clock, [reset()]);
    const client = clientOf(clock, transport);
    for (let nth = 0; nth < 2; nth++)
      await expect(
        client.startRun({ workflowId: 'wf_1', idempotencyKey: KEY, body: BODY }, retryContextOf(clock)),
      ).rejects.toBeInstanceOf(NoAnswerError);
    expect(sent).toHaveLength(5);
  });

  test('A30: nobody listens until the deadline: no run can have started', async () => {
    const { result, sent, mayHaveStarted, endedAt } = await launch([refused()], { random: () => 0.5 });
    expect(sent.length).toBeGreaterThan(40);
    expect(result).toMatchObject({ name: 'OutOfTime', last: { code: 'ECONNREFUSED' } });
    expect(mayHaveStarted).toBe(false);
    expect(endedAt).toBeGreaterThan(14 * 60_000);
  });

  test('20 hours after the first attempt nothing is sent any more', async () => {
    const hours = (count: number) => count * 60 * 60_000;
    const { sent, result } = await launch([reset(), refused()], { deadline: hours(24), random: () => 0.5 });
    expect(result).toMatchObject({ name: 'OutOfTime' });
    expect(sent.at(-1)!.at).toBeGreaterThan(hours(19.9));
    expect(sent.at(-1)!.at).toBeLessThanOrEqual(hours(20));
  });

  test.each<[string, Step]>([
    ['an answer lost', reset()],
    ['408', gateway(408)],
    ['503', gateway(503)],
  ])('%s, then 401: a run may have started', async (_, first) => {
    const { result, mayHaveStarted } = await launch([first, problem(401, 'api_key_revoked')]);
    expect(mayHaveStarted).toBe(true);
    expect(result).toMatchObject({ headline: expect.stringContaining('revoked') });
  });

  test('an answer lost, then 404: no workflow, so no run; a gateway’s 404 does not say so', async () => {
    expect((await launch([reset(), problem(404, 'not_found')])).mayHaveStarted).toBe(false);
    expect((await launch([reset(), gateway(404)])).mayHaveStarted).toBe(true);
  });
});

describe('an answer that names a run which cannot be the one (A32)', () => {
  test('of another workflow; one that names none passes', async () => {
    const { result, sent } = await launch([launched('run_1', { workflow_id: 'wf_2' })]);
    expect(result).toBeInstanceOf(WrongRunError);
    expect(sent).toHaveLength(1);
    expect((await launch([launched('run_1', { workflow_id: undefined })])).result).toMatchObject({
      runId: 'run_1',
    });
  });

  test('of another key; the same key again passes', async () => {
    const clock = virtualClock();
    const client = clientOf(clock, fakeTransport(clock, [ok]).transport);
    const start = (idempotencyKey: string) =>
      client.startRun({ workflowId: 'wf_1', idempotencyKey, body: BODY }, retryContextOf(clock));
    await start('k1');
    await start('k1');
    await expect(start('k2')).rejects.toThrow('the API gave run_1 for two launches');
  });
});

describe('rate limits', () => {
  const limited = (seconds: number, headers = {}): Step =>
    problem(429, 'rate_limited', { 'retry-after': String(seconds), ...headers });

  test('C5: a hint beyond the deadline ends it now, naming the wait; nothing was started', async () => {
    const { result, sent, endedAt, mayHaveStarted } = await launch([limited(600)], { deadline: 60_000 });
    expect(result).toBeInstanceOf(OutOfTime);
    expect(result).toMatchObject({ waitMs: 600_000 });
    expect(mayHaveStarted).toBe(false);
    expect(sent).toHaveLength(1);
    expect(endedAt).toBeLessThan(1_000);
  });

  test('C6: a bucket smaller than the cost is red at the first 429', async () => {
    const { result, sent } = await launch([limited(60, { 'x-ratelimit-limit': '20' }), ok]);
    expect(result).toBeInstanceOf(BucketTooSmallError);
    expect(sent).toHaveLength(1);
  });

  test('C6: by the cost that the API names, where it is higher than the documented one', async () => {
    const headers = { 'x-ratelimit-limit': '30', 'x-ratelimit-cost': '40' };
    expect((await launch([limited(60, headers), ok])).result).toBeInstanceOf(BucketTooSmallError);
  });

  test('a poll is never too dear for a bucket: its hint is waited out', async () => {
    const clock = virtualClock();
    const { transport } = fakeTransport(clock, [limited(60, { 'x-ratelimit-limit': '0' })]);
    const polled = await clientOf(clock, transport).getRun('run_1', 1_000, new AbortController().signal);
    expect(polled).toMatchObject({ failure: { hintMs: 60_000, error: { problem: { status: 429 } } } });
  });

  test.each(['25', '', 'abc'])('a limit of “%s” is no reason to give up', async (limit) => {
    expect((await launch([limited(1, { 'x-ratelimit-limit': limit }), ok])).result).toMatchObject({
      runId: 'run_1',
    });
  });
});

describe('the deadline', () => {
  test('a launch in flight gets 3 s more; then a run may have started', async () => {
    const { result, sent, endedAt, mayHaveStarted } = await launch(['hang'], { deadline: 10_000 });
    expect(result).toBeInstanceOf(OutOfTime);
    expect(mayHaveStarted).toBe(true);
    expect(endedAt).toBe(13_000);
    expect(sent).toHaveLength(1);
  });

  test('an answer within these 3 s is an answer', async () => {
    expect((await launch([{ ...ok, afterMs: 12_900 }], { deadline: 10_000 })).result).toMatchObject({
      runId: 'run_1',
    });
  });

  test('a run may also have started behind an earlier attempt', async () => {
    const limited = problem(429, 'rate_limited', { 'retry-after': '600' });
    const { result, mayHaveStarted } = await launch([reset(), limited], { deadline: 60_000 });
    expect(result).toMatchObject({ waitMs: 600_000 });
    expect(mayHaveStarted).toBe(true);
  });
});

describe('cancelled while a launch is in flight (H1)', () => {
  test('an answer within 3 s brings the ID', async () => {
    const { result, endedAt } = await launch([{ ...ok, afterMs: 5_000 }], { cancelAt: 2_500 });
    expect(result).toMatchObject({ runId: 'run_1' });
    expect(endedAt).toBe(5_000);
  });

  test('without one it ends after 3 s, and nothing is sent again', async () => {
    const { result, endedAt, sent } = await launch(['hang', ok], { cancelAt: 2_500 });
    expect(result).toMatchObject({ message: 'cancelled' });
    expect(endedAt).toBe(5_500);
    expect(sent).toHaveLength(1);
  });

  test.each([
    [503, true],
    [500, true],
    [401, false],
  ])(
    'a %d within 3 s is not sent again, and being cancelled is what ended it; a run may have started: %s',
    async (status, mayHave) => {
      const { result, sent, mayHaveStarted } = await launch(
        [{ ...problem(status, 'x'), afterMs: 3_000 }, ok],
        {
          cancelAt: 2_500,
        },
      );
      expect(result).toMatchObject({ message: 'cancelled' });
      expect(sent).toHaveLength(1);
      expect(mayHaveStarted).toBe(mayHave);
    },
  );

  test('between two attempts it ends at once', async () => {
    const { result, endedAt, sent } = await launch([gateway(503, { 'retry-after': '60' }), ok], {
      cancelAt: 2_500,
    });
    expect(result).toMatchObject({ message: 'cancelled' });
    expect(endedAt).toBe(2_500);
    expect(sent).toHaveLength(1);
  });

  test('before the first attempt nothing is sent', async () => {
    const clock = virtualClock();
    const { transport, sent } = fakeTransport(clock, [ok]);
    const reason = new Error('cancelled');
    await expect(
      clientOf(clock, transport).startRun(
        { workflowId: 'wf_1', idempotencyKey: KEY, body: BODY },
        retryContextOf(clock, { signal: AbortSignal.abort(reason) }),
      ),
    ).rejects.toBe(reason);
    expect(sent).toHaveLength(0);
  });
});

describe('what an answer tells beside its body', () => {
  test.each([
    ['true', true],
    ['true, true', true],
    ['false, true', false],
    ['', false],
  ])('Idempotent-Replayed: %s is %p (A25)', async (header, replayed) => {
    expect((await launch([launched('run_1', {}, { 'idempotent-replayed': header })])).result).toMatchObject({
      replayed,
    });
  });

  test('whether an earlier attempt may have started the run: not one that was refused', async () => {
    expect((await launch([reset(), replay])).result).toMatchObject({ resent: true });
    for (const first of [refused(), problem(429, 'rate_limited'), problem(409, 'idempotency_in_progress')])
      expect((await launch([first, replay])).result).toMatchObject({ resent: false });
  });

  test('the time by the server’s clock, else by ours', async () => {
    const date = 'Wed, 08 Apr 2026 12:00:00 GMT';
    expect((await launch([launched('run_1', {}, { date })])).result).toMatchObject({
      serverNowMs: Date.UTC(2026, 3, 8, 12),
    });
    for (const nonsense of ['', 'today', '2026-04-08T12:00:00Z'])
      expect((await launch([launched('run_1', {}, { date: nonsense })])).result).toMatchObject({
        serverNowMs: Date.UTC(2026, 3, 8, 10) + 10,
      });
  });

  test('JSON that is not marked as such is used, and it is noted (D16)', async () => {
    expect((await launch([launched('run_1', {}, { 'content-type': 'text/html' })])).result).toMatchObject({
      runId: 'run_1',
      wrongContentType: true,
    });
    for (const type of ['application/json', 'application/json; charset=utf-8', 'application/problem+json'])
      expect((await launch([launched('run_1', {}, { 'content-type': type })])).result).toMatchObject({
        wrongContentType: false,
      });
  });
});

describe('tokens', () => {
  test.each<[what: string, script: readonly Step[], tokens: number]>([
    ['the documented cost where the answer names none', [ok], 25],
    ['the cost that the answer names', [launched('run_1', {}, { 'x-ratelimit-cost': '3' })], 3],
    ['0 for a 429', [problem(429, 'rate_limited'), ok], 25],
    ['0 for a 429, whatever it says', [problem(429, 'rate_limited', { 'x-ratelimit-cost': '25' }), ok], 25],
    ['nothing where no answer came', [reset(), ok], 25],
  ])('%s', async (_what, script, tokens) => {
    expect((await launch(script)).tokens).toBe(tokens);
  });

  test('a poll and a page cost one', async () => {
    const clock = virtualClock();
    const { transport } = fakeTransport(clock, [poll('run_1', 'running'), { body: { data: [] } }]);
    const client = clientOf(clock, transport);
    const { signal } = new AbortController();
    await client.getRun('run_1', 1_000, signal);
    await client.listWorkflows(null, 1_000, signal);
    expect(client.tokensSpent()).toBe(2);
  });
});

describe('a poll', () => {
  async function pollWith(step: Step) {
    const clock = virtualClock();
    const { transport } = fakeTransport(clock, [step]);
    return clientOf(clock, transport).getRun('run_1', 15_000, new AbortController().signal);
  }

  test('gives the run, or the failure: never throws but when cancelled', async () => {
    expect(await pollWith(poll('run_1', 'running'))).toMatchObject({
      run: { status: 'running', progress: 10 },
    });
    for (const step of [
      reset(),
      'hang',
      problem(500, 'internal_error'),
      { body: '' },
      poll('run_2', 'completed'),
    ] as Step[])
      expect(await pollWith(step)).toMatchObject({ failure: { cost: 1 } });
    const clock = virtualClock();
    const reason = new Error('cancelled');
    const { transport } = fakeTransport(clock, ['hang']);
    await expect(clientOf(clock, transport).getRun('run_1', 1_000, AbortSignal.abort(reason))).rejects.toBe(
      reason,
    );
  });

  test('a failure carries hint and bucket', async () => {
    const headers = {
      'retry-after': '7',
      'x-ratelimit-limit': '120',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.UTC(2026, 3, 8, 10, 2) / 1000),
    };
    expect(await pollWith(problem(429, 'rate_limited', headers))).toMatchObject({
      failure: { hintMs: 7_000, bucket: { limit: 120, remaining: 0, fullInMs: 119_990 } },
    });
  });

  test('an error’s text has no secret in it', async () => {
    const echoed = problem(401, 'invalid_api_key');
    const polled = await pollWith({ ...echoed, body: { detail: `Bearer ${API_KEY}` } });
    expect(JSON.stringify(polled)).not.toContain(API_KEY);
  });
});
