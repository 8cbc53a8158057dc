import { describe, expect, test } from '@jest/globals';
import { createClient } from '../../src/api/client.ts';
import { RequestError } from '../../src/api/errors.ts';
import type { HttpAnswer, HttpRequest } from '../../src/api/transport.ts';
import type { RequestFailure } from '../../src/outcome.ts';
import { KEY } from '../support/orders.ts';

const NEVER = new AbortController().signal;
const NOW = Date.UTC(2026, 3, 8, 10);
const LAUNCHED = { run_id: 'run_1', workflow_id: 'wf_1', status: 'pending' };

type Fake = Partial<HttpAnswer & { json: object; head: Record<string, string> }>;

function createFake(...answers: readonly Fake[]) {
  const sent: HttpRequest[] = [];
  const lines: string[] = [];
  const client = createClient({
    transport: (request) => {
      const {
        status = 200,
        json,
        head = {},
        body = Buffer.from(JSON.stringify(json ?? {})),
        broken = null,
      } = answers[sent.push(request) - 1] ?? {};
      return Promise.resolve({ status, headers: new Map(Object.entries(head)), body, broken });
    },
    apiUrl: 'https://api.test',
    apiKey: KEY,
    clock: { now: () => 0, date: () => NOW, sleep: () => Promise.resolve() },
    redact: (text) => text.replaceAll(KEY, '***'),
    debug: ({ safe }) => void lines.push(safe),
  });
  return { client, sent, lines };
}

async function failureOf(work: Promise<unknown>): Promise<RequestFailure> {
  const error: unknown = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof RequestError) return error.failure;
  throw new Error('it did not fail as a request');
}

test('sends what the API documents', async () => {
  const run = { run_id: 'run_1', status: 'running' };
  const { client, sent } = createFake({ json: LAUNCHED }, { json: run }, { json: { data: [] } });
  await client.startRun('wf/1', 'gha_k', '{"a":1}', 30_000, NEVER).catch(() => undefined);
  await client.getRun('run_1', 15_000, NEVER);
  await client.listWorkflows(NEVER);
  const headers = { accept: 'application/json', authorization: `Bearer ${KEY}` };
  const base = 'https://api.test/api/v2/workflows';
  const post = { 'content-type': 'application/json', 'idempotency-key': 'gha_k' };
  expect(sent).toEqual([
    { method: 'POST', url: `${base}/wf%2F1/runs`, headers: { ...headers, ...post }, body: '{"a":1}', timeoutMs: 30_000, signal: NEVER },
    { method: 'GET', url: `${base}/runs/run_1`, headers, body: null, timeoutMs: 15_000, signal: NEVER },
    { method: 'GET', url: `${base}?limit=20`, headers, body: null, timeoutMs: 15_000, signal: NEVER },
  ]);
});

describe('the tokens', () => {
  test.each<[title: string, answer: Fake, spent: number]>([
    ['are those of the header', { json: LAUNCHED, head: { 'x-ratelimit-cost': '30' } }, 30],
    ['are the documented ones without it', { json: LAUNCHED }, 25],
    ['are the documented ones where it is no number', { json: LAUNCHED, head: { 'x-ratelimit-cost': 'many' } }, 25],
    [
      'are none for a replay, whose headers are old',
      { json: LAUNCHED, head: { 'x-ratelimit-cost': '25', 'idempotent-replayed': 'true' } },
      0,
    ],
    ['are none for a 429', { status: 429, head: { 'x-ratelimit-cost': '25' } }, 0],
    ['are spent by a failure too', { status: 500 }, 25],
  ])('%s', async (_, answer, spent) => {
    const { client } = createFake(answer);
    await client.startRun('wf_1', 'gha_k', '{}', 1, NEVER).catch(() => undefined);
    expect(client.tokensSpent()).toBe(spent);
  });

  test.each<[title: string, head: Record<string, string>, isShort: boolean]>([
    ['pay a launch', { 'x-ratelimit-remaining': '25' }, false],
    ['do not pay a launch', { 'x-ratelimit-remaining': '24' }, true],
    ['pay it where no header says so', {}, false],
    ['are not those of a replay', { 'x-ratelimit-remaining': '0', 'idempotent-replayed': 'true' }, false],
  ])('%s', async (_, head, isShort) => {
    const { client } = createFake({ json: LAUNCHED, head });
    await client.startRun('wf_1', 'gha_k', '{}', 1, NEVER);
    expect(client.isShort()).toBe(isShort);
  });

  test.each<[limit: string, code: string]>([
    ['20', 'bucket_too_small'],
    ['25', 'rate_limited'],
  ])('a bucket of %s that cannot pay a launch is %s', async (limit, code) => {
    const { client } = createFake({ status: 429, head: { 'x-ratelimit-limit': limit } });
    expect(await failureOf(client.startRun('wf_1', 'gha_k', '{}', 1, NEVER))).toMatchObject({
      code,
      kind: code === 'rate_limited' ? 'unreached' : 'rejected',
    });
  });

  test('a bucket that is too small for a launch may still pay checks', async () => {
    const { client } = createFake({ status: 429, head: { 'x-ratelimit-limit': '20' } });
    expect(await failureOf(client.getRun('run_1', 1, NEVER))).toMatchObject({ code: 'rate_limited' });
  });
});

test('logs each request without what it carries', async () => {
  const { client, lines } = createFake(
    { json: { ...LAUNCHED, note: KEY }, head: { 'x-ratelimit-remaining': '575' } },
    { status: 403, json: { code: 'insufficient_scope', detail: `Not ${KEY}`, request_id: 'req_7' } },
    { json: { run_id: 'run_1', status: 'completed', outputs: { item: 'Door' } }, head: { 'idempotent-replayed': 'true' } },
  );
  await client.startRun('wf_1', 'gha_k', '{"inputs":{"a":1}}', 1, NEVER);
  await client.getRun('run_1', 1, NEVER).catch(() => undefined);
  await client.getRun('run_1', 1, NEVER);
  expect(lines).toEqual([
    'POST /api/v2/workflows/wf_1/runs: 200, 575 rate-limit tokens left, 0 ms',
    'GET /api/v2/workflows/runs/run_1: 403, 575 rate-limit tokens left, missing_scopes, insufficient_scope, request req_7, 0 ms',
    'GET /api/v2/workflows/runs/run_1: 200, replayed, 0 ms',
  ]);
});

test('reads a date in Retry-After by the clock of the server', async () => {
  const head = { date: 'Wed, 08 Apr 2026 12:00:00 GMT', 'retry-after': 'Wed, 08 Apr 2026 12:00:09 GMT' };
  const { client } = createFake(
    { status: 503, head },
    { json: LAUNCHED, head: { ...head, 'idempotent-replayed': 'true', 'retry-after': 'Wed, 08 Apr 2026 10:00:09 GMT' } },
  );
  expect(await failureOf(client.getRun('run_1', 1, NEVER))).toMatchObject({ retryAfterMs: 9_000 });
  expect(await client.startRun('wf_1', 'gha_k', '{}', 1, NEVER)).toMatchObject({ retryAfterMs: 9_000, isReplay: true });
});

test('keeps status and Retry-After of an answer without a whole body', async () => {
  const { client } = createFake(
    { status: 201, broken: 'connection_lost', head: { 'retry-after': '4' } },
    { status: 200, body: Buffer.from('{') },
  );
  expect(await failureOf(client.startRun('wf_1', 'gha_k', '{}', 1, NEVER))).toMatchObject({
    kind: 'maybe',
    code: 'connection_lost',
    status: 201,
    retryAfterMs: 4_000,
  });
  expect(await failureOf(client.startRun('wf_1', 'gha_k', '{}', 1, NEVER))).toMatchObject({
    kind: 'maybe',
    code: 'unreadable',
    status: 200,
    retryAfterMs: null,
  });
});

test('redacts what a server says', async () => {
  const { client } = createFake({ status: 400, json: { detail: `key ${KEY}`, code: 'validation_error' } });
  expect(await failureOf(client.getRun('run_1', 1, NEVER))).toMatchObject({ detail: 'key ***' });
});

test.each<[status: number, json: object | null, kind: string, code: string]>([
  [301, null, 'rejected', 'redirected'],
  [400, { code: 'validation_error' }, 'rejected', 'invalid_request'],
  [401, { code: 'missing_api_key' }, 'unauthorised', 'invalid_key'],
  [401, { code: 'api_key_expired' }, 'unauthorised', 'key_expired'],
  [401, { code: 'tenant_disabled' }, 'unauthorised', 'account_disabled'],
  [401, null, 'unauthorised', 'invalid_key'],
  [403, { code: 'oauth_not_supported' }, 'rejected', 'forbidden'],
  [403, { code: 'insufficient_scope' }, 'rejected', 'missing_scopes'],
  [404, null, 'rejected', 'not_found'],
  [407, null, 'rejected', 'proxy_refused'],
  [408, null, 'maybe', 'unavailable'],
  [409, { code: 'idempotency_in_progress' }, 'unreached', 'locked'],
  [409, { code: 'another' }, 'rejected', 'key_reused'],
  [413, null, 'rejected', 'rejected'],
  [429, null, 'unreached', 'rate_limited'],
  [500, { code: 'internal_error' }, 'failed', 'server_error'],
  [500, { code: 'idempotency_in_progress' }, 'failed', 'server_error'],
  [500, null, 'failed', 'unavailable'],
  [501, { code: 'not_implemented' }, 'rejected', 'not_implemented'],
  [502, null, 'unreached', 'unavailable'],
  [502, { code: 'x' }, 'maybe', 'server_error'],
  [503, null, 'unreached', 'unavailable'],
  [504, null, 'maybe', 'unavailable'],
  [505, null, 'failed', 'unavailable'],
  [520, null, 'maybe', 'unavailable'],
])('a %s with %j is %s: %s', async (status, json, kind, code) => {
  const { client } = createFake({ status, ...(json === null ? { body: Buffer.from('<html>') } : { json }) });
  expect(await failureOf(client.getRun('run_1', 1, NEVER))).toMatchObject({ kind, code, status });
});
