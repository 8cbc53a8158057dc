import { afterEach, describe, expect, test } from '@jest/globals';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import { createBucket, TIERS } from '../../simulator/bucket.ts';
import type { ErrorCode } from '../../simulator/faults.ts';
import { startEvil, startSilent, unusedPort } from '../../simulator/listeners.ts';
import { mostInFlight, runsPerKey, attemptsPerKey, sentBeforeHint } from '../../simulator/journal.ts';
import { INPUTS, PROJECT_ID, steadyCourse, TEST_KEY, WORKFLOW, WORKFLOW_ID } from '../../simulator/seed.ts';
import { ask, json, launch, LAUNCH_BODY, poll, until } from './ask.ts';

const open: Api[] = [];
async function start(options: ApiOptions = {}): Promise<Api> {
  const api = await startApi(options);
  open.push(api);
  return api;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

const SECOND = 1000;
const HOUR = 3_600_000;

describe('the token bucket', () => {
  test('refills continuously, up to its burst', () => {
    const bucket = createBucket(TIERS.standard, 0);
    expect(bucket.take(120, 0)).toBe(true);
    expect(bucket.take(1, 999)).toBe(false);
    expect(bucket.take(1, 1000)).toBe(true);
    expect(bucket.remaining(1500)).toBeCloseTo(0.5);
    expect(bucket.remaining(HOUR)).toBe(120);
  });

  test('says after how long it can pay, and can then', () => {
    const bucket = createBucket(TIERS.free, 0);
    bucket.take(20, 0);
    const wait = bucket.waitFor(7, 0);
    expect(wait).toBe(42_000);
    expect(bucket.take(7, wait - 100)).toBe(false);
    expect(bucket.take(7, wait)).toBe(true);
  });

  test('names on every answer what it holds, what it cost and when it is full', async () => {
    const api = await start({ keys: { [TEST_KEY]: { tier: 'standard' } }, startAt: 1_800_000_000_000 });
    const { headers } = await launch(api, 'k');
    expect(headers).toMatchObject({
      'x-ratelimit-limit': '120',
      'x-ratelimit-remaining': '95',
      'x-ratelimit-cost': '25',
    });
    expect(Number(headers['x-ratelimit-reset'])).toBeGreaterThanOrEqual(1_800_000_025);
    expect(Number(headers['x-ratelimit-reset'])).toBeLessThanOrEqual(1_800_000_026);
    const unknown = await ask(`${api.url}/api/v2/nothing`, { headers: { Authorization: '' } });
    expect(unknown.headers).toHaveProperty('x-ratelimit-limit');
  });

  test('refuses with 429 and the wait, which is enough', async () => {
    const api = await start({ keys: { [TEST_KEY]: { bucketSize: { perMinute: 60, burst: 30 } } } });
    await launch(api, 'a');
    const refused = await launch(api, 'b');
    expect(refused.status).toBe(429);
    expect(json(refused)).toMatchObject({ code: 'rate_limited', retry_after_seconds: 20 });
    expect(refused.headers['retry-after']).toBe('20');
    expect(refused.headers['x-ratelimit-cost']).toBe('25');
    api.advance(20 * SECOND);
    expect((await launch(api, 'b')).status).toBe(201);
  });

  test('a refusal costs nothing, unless it is told to', async () => {
    for (const chargeRefusals of [false, true]) {
      const api = await start({
        keys: { [TEST_KEY]: { bucketSize: { perMinute: 1, burst: 24 } } },
        chargeRefusals,
      });
      await launch(api, 'a');
      expect(Math.round(api.bucket(TEST_KEY).remaining(api.now()))).toBe(chargeRefusals ? 0 : 24);
    }
  });

  test('a run can never start on a free key', async () => {
    const api = await start({ keys: { [TEST_KEY]: { tier: 'free' } } });
    const refused = await launch(api, 'a');
    expect(refused.status).toBe(429);
    expect(refused.headers['x-ratelimit-limit']).toBe('20');
  });
});

describe('keys', () => {
  const refusals: [ErrorCode, number][] = [
    ['api_key_revoked', 401],
    ['api_key_expired', 401],
    ['user_inactive', 401],
    ['tenant_disabled', 401],
    ['payment_required', 402],
    ['permission_denied', 403],
  ];
  test.each(refusals)('a key may be refused with %s', async (code, status) => {
    const api = await start({ keys: { [TEST_KEY]: { refuse: code } } });
    const refused = await launch(api, 'k');
    expect(refused.status).toBe(status);
    expect(refused.headers['content-type']).toBe('application/problem+json');
    expect(json(refused)).toMatchObject({ code, status });
    expect(api.runs).toHaveLength(0);
  });

  test.each([
    ['', 'missing_api_key'],
    [`Bearer ${TEST_KEY.replace('4f', '00')}`, 'invalid_api_key'],
    ['Bearer eyJhbGciOi', 'invalid_token'],
  ])('the header %j is answered %s', async (authorization, code) => {
    const api = await start();
    expect(json(await launch(api, 'k', { headers: { Authorization: authorization } }))).toMatchObject({
      code,
      status: 401,
    });
  });

  test('a key in the query does not count', async () => {
    const api = await start();
    const refused = await ask(`${api.url}/api/v2/me?api_key=${TEST_KEY}`, { headers: { Authorization: '' } });
    expect(json(refused).code).toBe('missing_api_key');
  });

  test('a missing scope is named', async () => {
    const api = await start({ keys: { [TEST_KEY]: { scopes: ['workflows:read'] } } });
    expect(json(await launch(api, 'k'))).toMatchObject({
      code: 'insufficient_scope',
      missing_scopes: ['workflows:write'],
    });
    expect((await ask(`${api.url}/api/v2/workflows`)).status).toBe(200);
  });

  test('an OAuth credential only reads', async () => {
    const api = await start({ keys: { [TEST_KEY]: { oauth: true } } });
    expect(json(await launch(api, 'k')).code).toBe('oauth_not_supported');
  });

  test('a key can be revoked in the middle of a run', async () => {
    const api = await start();
    const id = json(await launch(api, 'k')).run_id as string;
    expect((await poll(api, id)).status).toBe(200);
    api.keys.get(TEST_KEY)!.refuse = 'api_key_revoked';
    expect((await poll(api, id)).status).toBe(401);
  });

  test('another tenant finds nothing', async () => {
    const other = TEST_KEY.replace('4f', '5f');
    const api = await start({ keys: { [TEST_KEY]: {}, [other]: { tenant: 'tenant_2' } } });
    const id = json(await launch(api, 'k')).run_id as string;
    const headers = { Authorization: `Bearer ${other}` };
    expect(json(await poll(api, id, { headers })).code).toBe('not_found');
    expect(json(await launch(api, 'k', { headers })).code).toBe('not_found');
  });

  test('/me says whose key it is', async () => {
    const api = await start({ keys: { [TEST_KEY]: { tier: 'standard' } } });
    expect(json(await ask(`${api.url}/api/v2/me`))).toMatchObject({
      environment: 'test',
      rate_limit_tier: 'standard',
      scopes: ['workflows:read', 'workflows:write'],
      api_key_prefix: 'ak_test_4f9c',
    });
  });
});

describe('launching', () => {
  test('answers as the vendor’s page does', async () => {
    const api = await start();
    const answer = await launch(api, 'weekly-review-2026-04-08');
    expect(answer.status).toBe(201);
    expect(json(answer)).toEqual({
      run_id: api.runs[0]!.id,
      workflow_id: WORKFLOW_ID,
      status: 'pending',
      started_at: null,
    });
    expect(api.runs[0]).toMatchObject({ projectId: PROJECT_ID, inputs: INPUTS });
  });

  test.each([
    ['{', 422],
    ['[]', 422],
    ['null', 422],
    ['{"inputs":[]}', 422],
    ['{"project_id":7}', 422],
    ['{"input":{}}', 422],
    ['{"project_id":"elsewhere"}', 404],
    ['{}', 201],
  ])('the body %s is answered %i', async (body, status) => {
    const api = await start({ projects: [PROJECT_ID] });
    expect((await launch(api, 'k', { body })).status).toBe(status);
    expect(api.runs).toHaveLength(status === 201 ? 1 : 0);
  });

  test('an unknown, a disabled workflow and a missing project are refused', async () => {
    const api = await start({
      workflows: [WORKFLOW, { ...WORKFLOW, id: 'wf_off', enabled: false }],
      projectNeeded: [WORKFLOW_ID],
    });
    const to = (id: string) => ask(`${api.url}/api/v2/workflows/${id}/runs`, { method: 'POST', body: '{}' });
    expect((await to('wf_none')).status).toBe(404);
    expect((await to('wf_off')).status).toBe(422);
    expect((await to(WORKFLOW_ID)).status).toBe(422);
  });
});

describe('idempotency', () => {
  test('a repeat replays the first answer and starts nothing', async () => {
    const api = await start();
    const first = await launch(api, 'k');
    const second = await launch(api, 'k');
    expect(second.status).toBe(201);
    expect(second.body).toEqual(first.body);
    expect(first.headers['idempotent-replayed']).toBeUndefined();
    expect(second.headers['idempotent-replayed']).toBe('true');
    expect(api.runs).toHaveLength(1);
    expect(runsPerKey(api.runs)).toEqual(new Map([[`${TEST_KEY} k`, { kept: 1, unkept: 0 }]]));
    expect(api.journal.map((entry) => [entry.attempt, entry.replayed])).toEqual([
      [1, false],
      [2, true],
    ]);
  });

  test('a replay costs what it is told to', async () => {
    const api = await start({ replayCost: 0 });
    await launch(api, 'k');
    expect((await launch(api, 'k')).headers['x-ratelimit-cost']).toBe('0');
  });

  test('lasts 24 hours from the first write', async () => {
    const api = await start();
    await launch(api, 'k');
    api.advance(24 * HOUR - 5 * SECOND);
    expect((await launch(api, 'k')).headers['idempotent-replayed']).toBe('true');
    api.advance(5 * SECOND);
    expect((await launch(api, 'k')).headers['idempotent-replayed']).toBeUndefined();
    expect(api.runs).toHaveLength(2);
  });

  test('is per API key', async () => {
    const other = TEST_KEY.replace('4f', '5f');
    const api = await start({ keys: { [TEST_KEY]: {}, [other]: {} } });
    await launch(api, 'k');
    await launch(api, 'k', { headers: { Authorization: `Bearer ${other}` } });
    expect(api.runs).toHaveLength(2);
  });

  test('the same key with another body is a conflict', async () => {
    const api = await start();
    await launch(api, 'k');
    const conflict = await launch(api, 'k', { body: '{}' });
    expect(json(conflict)).toMatchObject({ code: 'idempotency_key_reused', status: 409 });
  });

  test('while the first is handled, a repeat is told to wait; then it is replayed', async () => {
    const api = await start({
      speed: 100,
      faults: [{ when: { call: 'launch', nth: 1 }, workMs: 30 * SECOND }],
    });
    const first = launch(api, 'k');
    await until(() => api.journal.length === 1);
    const second = await launch(api, 'k');
    expect(json(second)).toMatchObject({ code: 'idempotency_in_progress', status: 409 });
    expect(second.headers['retry-after']).toBe('2');
    expect((await first).status).toBe(201);
    expect((await launch(api, 'k')).headers['idempotent-replayed']).toBe('true');
    expect(api.runs).toHaveLength(1);
  });

  test('the lock ends after 60 s, when the work behind it is lost', async () => {
    const api = await start({ faults: [{ when: { call: 'launch', nth: 1 }, workMs: HOUR, wire: ['hang'] }] });
    await launch(api, 'k', { giveUp: until(() => api.journal.length === 1) });
    expect((await launch(api, 'k')).status).toBe(409);
    api.advance(60 * SECOND);
    expect((await launch(api, 'k')).status).toBe(201);
  });

  test('only 2xx are kept', async () => {
    const api = await start({ projects: [PROJECT_ID] });
    expect((await launch(api, 'k', { body: '{"project_id":"elsewhere"}' })).status).toBe(404);
    expect((await launch(api, 'k')).status).toBe(201);
  });

  test('a run made behind an answer that was not kept is counted apart', async () => {
    const api = await start({
      faults: [{ when: { nth: 1 }, work: 'unkept', answer: { code: 'internal_error' } }],
    });
    expect((await launch(api, 'k')).status).toBe(500);
    expect((await launch(api, 'k')).status).toBe(201);
    expect(runsPerKey(api.runs)).toEqual(new Map([[`${TEST_KEY} k`, { kept: 1, unkept: 1 }]]));
  });

  test('a key of more than 255 characters is refused', async () => {
    const api = await start();
    expect(json(await launch(api, 'k'.repeat(256))).code).toBe('invalid_idempotency_key');
  });
});

describe('the list of workflows', () => {
  const workflows = Array.from({ length: 130 }, (_, at) => ({ ...WORKFLOW, id: `wf_${at}` }));

  test('is walked by cursor to its end', async () => {
    const api = await start({ workflows });
    const ids: unknown[] = [];
    let cursor = '';
    for (let page = 0; page < 10; page++) {
      const { data, next_cursor, has_more } = json(
        await ask(`${api.url}/api/v2/workflows?limit=50${cursor}`),
      ) as { data: { id: string }[]; next_cursor: string | null; has_more: boolean };
      ids.push(...data.map((workflow) => workflow.id));
      if (!has_more) {
        expect(next_cursor).toBeNull();
        break;
      }
      cursor = `&cursor=${next_cursor ?? ''}`;
    }
    expect(ids).toEqual(workflows.map((workflow) => workflow.id));
  });

  test.each([
    ['', 25],
    ['?limit=1000', 100],
    ['?limit=0', 1],
  ])('%j gives %i', async (query, count) => {
    const api = await start({ workflows });
    expect(json(await ask(`${api.url}/api/v2/workflows${query}`)).data).toHaveLength(count);
  });

  test.each([
    ['?cursor=abc', 'invalid_cursor'],
    [`?cursor=${'a'.repeat(1025)}`, 'invalid_cursor'],
    ['?limit=many', 'validation_error'],
  ])('a query is refused: %#', async (query, code) => {
    const api = await start({ workflows });
    expect(json(await ask(`${api.url}/api/v2/workflows${query}`)).code).toBe(code);
  });
});

describe('courses', () => {
  test('a run goes through its steps by the clock', async () => {
    const api = await start({ startAt: Date.parse('2026-04-08T10:12:00Z'), course: steadyCourse() });
    const id = json(await launch(api, 'k')).run_id as string;
    const seen = [json(await poll(api, id))];
    for (const ms of [4_000, 65_000, 70_000]) {
      api.advance(ms);
      seen.push(json(await poll(api, id)));
    }
    expect(seen.map(({ status, progress, stage }) => [status, progress, stage])).toEqual([
      ['pending', 0, null],
      ['pending', 0, null],
      ['running', 45, 'Analysing submittals'],
      ['completed', 100, 'done'],
    ]);
    expect(seen[3]).toMatchObject({
      workflow_id: WORKFLOW_ID,
      inputs: INPUTS,
      outputs: { summary: '5 submittals reviewed, 2 flagged for non-compliance.' },
      error_message: null,
      started_at: '2026-04-08T10:12:05+00:00',
      completed_at: '2026-04-08T10:14:18+00:00',
      created_at: '2026-04-08T10:12:00+00:00',
    });
  });

  test('may be chosen by the launch, lose fields, and end as raw text', async () => {
    const api = await start({
      course: ({ count, inputs }) => [
        { atMs: 0, status: `of ${count}`, extra: inputs },
        { atMs: 1_000, status: undefined },
        {
          atMs: 2_000,
          raw: ({ status }) => `{"status":${JSON.stringify(status)},"outputs":{"n":1e999}}`,
          status: 'x',
        },
      ],
    });
    const id = json(await launch(api, 'k')).run_id as string;
    expect(json(await poll(api, id))).toMatchObject({ status: 'of 1', extra: INPUTS });
    api.advance(1_000);
    expect(json(await poll(api, id))).not.toHaveProperty('status');
    api.advance(1_000);
    expect((await poll(api, id)).body.toString()).toBe('{"status":"x","outputs":{"n":1e999}}');
  });

  test('a run that was there before can be polled', async () => {
    const api = await start();
    const id = api.addRun({ id: 'run_old', ageMs: HOUR });
    expect(json(await poll(api, id)).status).toBe('completed');
    expect(api.statusOf(id)).toBe('completed');
    expect((await poll(api, 'run_none')).status).toBe(404);
  });
});

describe('the journal', () => {
  test('has what was asked and answered', async () => {
    const api = await start();
    await launch(api, 'k');
    expect(api.journal).toHaveLength(1);
    expect(api.journal[0]).toMatchObject({
      call: 'launch',
      nth: 1,
      method: 'POST',
      path: `/api/v2/workflows/${WORKFLOW_ID}/runs`,
      apiKey: TEST_KEY,
      idempotencyKey: 'k',
      status: 201,
      runId: api.runs[0]!.id,
      connection: 1,
      reused: false,
    });
    expect(api.journal[0]!.body.toString()).toBe(LAUNCH_BODY);
    expect(api.journal[0]!.endedAt).not.toBeNull();
  });

  test('counts requests under way, early ones and attempts', async () => {
    const api = await start({
      faults: [
        { when: { call: 'poll', nth: 1 }, wire: ['hang'] },
        {
          when: { call: 'launch', nth: 1 },
          answer: {
            code: 'rate_limited',
            headers: { 'Retry-After': '5' },
            body: () => ({ retry_after_seconds: 7 }),
          },
        },
      ],
    });
    const id = api.addRun({});
    const hanging = poll(api, id, { giveUp: until(() => api.journal[1]?.status === 200) });
    await until(() => api.journal.length === 1);
    await poll(api, id);
    await hanging;
    expect(mostInFlight(api.journal)).toBe(2);
    await launch(api, 'k');
    api.advance(6_000);
    await launch(api, 'k');
    await launch(api, 'k');
    const early = sentBeforeHint(api.journal, 20);
    expect(early.map(({ entry }) => entry.n)).toEqual([4, 5]);
    expect(early[0]!.earlyMs).toBeGreaterThan(900);
    expect(attemptsPerKey(api.journal)).toEqual(new Map([['k', 2]]));
  });
});

describe('its doors', () => {
  test('connections can be refused for a while', async () => {
    const api = await start({ speed: 100 });
    await api.refuseFor(10 * SECOND);
    expect((await ask(`${api.url}/api/v2/me`)).error).toBe('ECONNREFUSED');
    let answer = await ask(`${api.url}/api/v2/me`);
    while (answer.error === 'ECONNREFUSED') answer = await ask(`${api.url}/api/v2/me`);
    expect(answer.status).toBe(200);
  });

  test('close ends what hangs', async () => {
    const api = await startApi({ faults: [{ wire: ['head', 'hang'] }] });
    const hanging = ask(`${api.url}/api/v2/me`);
    await until(() => api.journal[0]?.status === 200);
    await api.close();
    expect((await hanging).complete).toBe(false);
  });

  test('nobody listens on an unused port, and the evil host remembers', async () => {
    expect((await ask(`http://127.0.0.1:${await unusedPort()}/`)).error).toBe('ECONNREFUSED');
    const evil = await startEvil();
    await ask(`${evil.url}/steal`, { method: 'POST', body: 'x' });
    expect(evil.seen).toMatchObject([{ method: 'POST', path: '/steal', body: 'x' }]);
    await evil.close();
    const silent = await startSilent();
    expect(
      await ask(`https://127.0.0.1:${silent.port}/`, { giveUp: until(() => silent.openSockets() === 1) }),
    ).toMatchObject({
      status: null,
    });
    await silent.close();
  });
});
