import { Agent } from 'node:http';
import { brotliDecompressSync, brotliCompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from '@jest/globals';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import { ERRORS, type ErrorCode, type Scripted } from '../../simulator/faults.ts';
import type { Order, Seen } from '../../simulator/journal.ts';
import { steadyCourse, WORKFLOW_ID } from '../../simulator/seed.ts';
import { createCertificates } from '../../simulator/tls.ts';
import type { Launch } from '../../simulator/world.ts';
import { ask, json, launch, poll, until } from './ask.ts';

const open: { close(): unknown }[] = [];
async function start(faults: Scripted[], options: ApiOptions = {}): Promise<Api> {
  const api = await startApi({ ...options, faults });
  open.push(api);
  return api;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

const first = { call: 'launch', nth: 1 } as const;

describe('the work behind a request', () => {
  test('reset before the work: no run; the next attempt makes it', async () => {
    const api = await start([{ when: first, work: 'none', wire: ['reset'] }]);
    expect((await launch(api, 'k')).reason).toBe('read ECONNRESET');
    expect(api.runs).toHaveLength(0);
    expect((await launch(api, 'k')).headers['idempotent-replayed']).toBeUndefined();
  });

  test('reset after the work: the run is there and kept; the next attempt is a replay', async () => {
    const api = await start([{ when: first, wire: ['reset'] }]);
    expect(await launch(api, 'k')).toMatchObject({ status: null, error: 'ECONNRESET' });
    expect(api.runs).toHaveLength(1);
    expect((await launch(api, 'k')).headers['idempotent-replayed']).toBe('true');
  });

  test('no headers ever, the lock held and the work done late', async () => {
    const api = await start([{ when: first, workMs: 30_000, wire: ['hang'] }], { speed: 100 });
    const giveUp = until(() => api.journal.length === 1);
    expect(await launch(api, 'k', { giveUp })).toMatchObject({ status: null });
    expect((await launch(api, 'k')).status).toBe(409);
    await until(() => api.runs.length === 1);
    expect((await launch(api, 'k')).headers['idempotent-replayed']).toBe('true');
    expect(api.runs).toHaveLength(1);
  });

  test('a gateway’s 504 goes out while the origin goes on and keeps its answer', async () => {
    const html = '<html><h1>504</h1></html>';
    const api = await start(
      [{ when: first, work: 'done', workMs: 30_000, answer: { status: 504, body: html } }],
      { speed: 100 },
    );
    const answer = await launch(api, 'k');
    expect(answer).toMatchObject({ status: 504, complete: true });
    expect(answer.headers['content-type']).toBe('text/html');
    expect(answer.headers).not.toHaveProperty('x-ratelimit-limit');
    expect(answer.body.toString()).toBe(html);
    expect((await launch(api, 'k')).status).toBe(409);
    await until(() => api.runs.length === 1);
    expect((await launch(api, 'k')).headers['idempotent-replayed']).toBe('true');
  });

  test('a 503 that the origin never saw', async () => {
    const api = await start([
      { when: first, answer: { status: 503, body: '<p>', headers: { 'Retry-After': '1' } } },
    ]);
    expect((await launch(api, 'k')).headers['retry-after']).toBe('1');
    expect(api.runs).toHaveLength(0);
  });

  test('a run is made, then 500, not kept', async () => {
    const api = await start([{ when: first, work: 'unkept', answer: { code: 'internal_error' } }]);
    expect(json(await launch(api, 'k'))).toMatchObject({
      code: 'internal_error',
      request_id: 'req_00000001',
    });
    expect(api.runs).toMatchObject([{ unkept: true }]);
  });

  test('the answer comes late, the work does not', async () => {
    const api = await start([{ when: first, wire: [{ waitMs: 20_000 }, 'head', 'body'] }], { speed: 50 });
    const late = launch(api, 'k');
    await until(() => api.runs.length === 1);
    expect((await launch(api, 'k')).headers['idempotent-replayed']).toBe('true');
    expect((await late).status).toBe(201);
  });
});

describe('the answer', () => {
  test.each(Object.entries(ERRORS))('%s', async (code, [status]) => {
    const api = await start([{ answer: { code: code as ErrorCode } }]);
    const answer = await launch(api, 'k');
    expect(answer.status).toBe(status);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['x-ratelimit-limit']).toBe('600');
    expect(answer.headers['retry-after']).toBeUndefined();
    expect(json(answer)).toMatchObject({ code, status });
    expect(api.runs).toHaveLength(0);
  });

  test('header and body may name different waits', async () => {
    const api = await start([
      {
        answer: {
          code: 'rate_limited',
          headers: { 'Retry-After': '5' },
          body: (own) => ({ ...own, retry_after_seconds: 30 }),
        },
      },
    ]);
    const answer = await launch(api, 'k');
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.headers['x-ratelimit-cost']).toBe('25');
    expect(json(answer)).toMatchObject({ code: 'rate_limited', retry_after_seconds: 30 });
  });

  test('fields of the API’s own answer may be changed, the work done', async () => {
    const api = await start([{ answer: { status: 202, body: (own) => ({ ...own, run_id: '../x' }) } }]);
    const answer = await launch(api, 'k');
    expect(answer.status).toBe(202);
    expect(json(answer)).toMatchObject({ run_id: '../x', status: 'pending' });
    expect(api.runs).toHaveLength(1);
  });

  test('headers may be added, doubled, huge, many, or taken out', async () => {
    const api = await start([
      {
        answer: {
          headers: {
            'Retry-After': ['5', '60'],
            'Idempotent-Replayed': 'true',
            'X-Huge': 'x'.repeat(20_000),
            'X-RateLimit-Limit': null,
            date: null,
            ...Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`X-${at}`, '1'])),
          },
        },
      },
    ]);
    const { headers, rawHeaders } = await launch(api, 'k');
    expect(rawHeaders.filter((text) => text === '60')).toHaveLength(1);
    expect(rawHeaders.filter((text) => text === 'Retry-After')).toHaveLength(2);
    expect(headers['idempotent-replayed']).toBe('true');
    expect(headers['x-huge']).toHaveLength(20_000);
    expect(headers['x-499']).toBe('1');
    expect(headers).not.toHaveProperty('x-ratelimit-limit');
    expect(headers).not.toHaveProperty('date');
    expect(headers).toHaveProperty('x-ratelimit-cost');
  });

  test.each([301, 302, 303, 307, 308])('a redirect with %i', async (status) => {
    const api = await start([{ answer: { status, headers: { Location: 'http://127.0.0.1:1/' } } }]);
    const answer = await launch(api, 'k');
    expect(answer.status).toBe(status);
    expect(answer.headers.location).toBe('http://127.0.0.1:1/');
    expect(api.runs).toHaveLength(0);
  });

  test('a 204 without a body', async () => {
    const api = await start([{ answer: { status: 204, body: '' } }]);
    expect(await launch(api, 'k')).toMatchObject({ status: 204, complete: true, body: Buffer.alloc(0) });
  });

  test('other encodings', async () => {
    const api = await start([
      { when: { nth: 1 }, answer: { encode: gzipSync, headers: { 'Content-Encoding': 'gzip' } } },
      { when: { nth: 2 }, answer: { encode: brotliCompressSync, headers: { 'Content-Encoding': 'br' } } },
      { when: { nth: 3 }, answer: { encode: (body) => Buffer.from(`\ufeff${body.toString()}`, 'utf16le') } },
      { when: { nth: 4 }, answer: { body: Buffer.from([0xff, 0xfe, 0x00]) } },
    ]);
    const [gzip, br, utf16, bytes] = [
      await launch(api, 'k'),
      await launch(api, 'k'),
      await launch(api, 'k'),
      await launch(api, 'k'),
    ];
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).toString()).toContain('run_id');
    expect(brotliDecompressSync(br.body).toString()).toContain('run_id');
    expect(utf16.body.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]));
    expect(bytes.body).toEqual(Buffer.from([0xff, 0xfe, 0x00]));
  });

  test('a head that node:http would not write', async () => {
    const api = await start([
      { answer: { rawHead: 'HTTP/1.1 201 Created\r\nX-Nul: a\0b\r\nContent-Length: 2\r\n\r\n', body: '{}' } },
    ]);
    expect((await launch(api, 'k')).error).toBe('HPE_INVALID_HEADER_TOKEN');
  });

  test('the Date header is by the simulator’s clock', async () => {
    const api = await start([], { startAt: Date.parse('2026-04-08T10:12:00Z') });
    api.advance(3_600_000);
    expect((await launch(api, 'k')).headers.date).toBe('Wed, 08 Apr 2026 11:12:00 GMT');
  });
});

describe('the wire', () => {
  test('headers, then nothing for ever', async () => {
    const api = await start([{ wire: ['head', 'hang'] }]);
    expect(await launch(api, 'k', { bytes: 0 })).toMatchObject({ status: 201, complete: false });
    expect(api.journal[0]!.answerBody.toString()).toContain('run_id');
  });

  test('an error whose body never ends', async () => {
    const api = await start([{ answer: { code: 'rate_limited' }, wire: ['head', { bytes: 10 }, 'hang'] }]);
    const answer = await launch(api, 'k', { bytes: 10 });
    expect(answer).toMatchObject({ status: 429, complete: false });
    expect(answer.body).toHaveLength(10);
  });

  test.each([
    ['shorter than its Content-Length', {}],
    ['chunked without an end', { chunked: true }],
  ])('a body %s', async (_, answer) => {
    const api = await start([{ answer, wire: ['head', { bytes: 20 }, 'close'] }]);
    const received = await launch(api, 'k');
    expect(received).toMatchObject({ status: 201, complete: false, error: 'ECONNRESET' });
    expect(received.body).toHaveLength(20);
  });

  test('a reset in the middle of the body', async () => {
    const api = await start([{ wire: ['head', { bytes: 20 }, { waitMs: 20 }, 'reset'] }]);
    expect(await launch(api, 'k')).toMatchObject({ status: 201, error: 'ECONNRESET' });
  });

  test('a trickle, and it ends', async () => {
    const api = await start(
      [{ answer: { body: '{"a":1}' }, wire: ['head', { bytes: 1, everyMs: 500 }, 'body'] }],
      {
        speed: 100,
      },
    );
    const from = performance.now();
    const answer = await launch(api, 'k');
    expect(answer).toMatchObject({ complete: true, body: Buffer.from('{"a":1}') });
    expect(performance.now() - from).toBeGreaterThan(25);
  });

  test.each([
    ['chunked', { chunked: true }],
    ['of 100 MB', { headers: { 'Content-Length': '100000000' } }],
  ])('an endless body, %s', async (_, answer) => {
    const api = await start([{ answer, wire: ['head', { endless: 'x' }] }]);
    const received = await launch(api, 'k', { bytes: 1_000_000 });
    expect(received.body.length).toBeGreaterThan(1_000_000);
    await until(() => api.journal[0]!.endedAt !== null);
  });

  test('nothing but a closed connection', async () => {
    const api = await start([{ wire: ['close'] }]);
    expect((await launch(api, 'k')).reason).toBe('socket hang up');
  });

  test('a connection stays open after its answer, unless the script closes it', async () => {
    for (const wire of [['head', 'body'] as const, ['head', 'body', 'close'] as const]) {
      const api = await start([{ when: { nth: 1 }, wire }]);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      open.push({ close: () => agent.destroy() });
      const id = api.addRun({});
      expect((await poll(api, id, { agent })).complete).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 20));
      await poll(api, id, { agent });
      expect(api.journal.map((entry) => entry.reused)).toEqual([false, wire.length === 2]);
    }
  });

  test('a kept connection may be cut at the moment of its second use', async () => {
    const api = await start([
      { when: { match: (request) => request.reused }, work: 'none', wire: ['reset'] },
    ]);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    open.push({ close: () => agent.destroy() });
    const id = api.addRun({});
    expect((await poll(api, id, { agent })).complete).toBe(true);
    expect((await poll(api, id, { agent })).error).toBe('ECONNRESET');
    expect((await poll(api, id, { agent })).complete).toBe(true);
  });
});

describe('which requests', () => {
  test('call, number, condition; the first that fits', async () => {
    const api = await start([
      { when: { call: 'poll', nth: (n) => n % 2 === 0 }, answer: { status: 502 } },
      { when: { call: 'poll', nth: 3 }, answer: { status: 503 } },
      { when: { match: (request) => request.path.endsWith('/me') }, answer: { status: 501 } },
      { when: { call: 'launch', match: (request) => request.attempt === 2 }, answer: { status: 504 } },
    ]);
    const id = api.addRun({});
    const polls: unknown[] = [];
    for (let n = 0; n < 4; n++) polls.push((await poll(api, id)).status);
    expect(polls).toEqual([200, 502, 503, 502]);
    expect((await ask(`${api.url}/api/v2/me`)).status).toBe(501);
    expect((await ask(`${api.url}/api/v2/workflows`)).status).toBe(200);
    expect((await launch(api, 'k')).status).toBe(201);
    expect((await launch(api, 'other')).status).toBe(201);
    expect((await launch(api, 'k')).status).toBe(504);
    expect(api.journal.filter((entry) => entry.faulty)).toHaveLength(5);
  });

  test.each<[what: string, order: Partial<Order>, launches: readonly number[], polls: readonly number[]]>([
    ['a project', { projectId: 'p2' }, [201, 201, 402, 201], [200, 502]],
    ['a workflow', { workflowId: WORKFLOW_ID }, [201, 402, 201, 201], [502, 502]],
    ['an idempotency key', { idempotencyKey: 'b' }, [201, 201, 402, 201], [200, 502]],
    ['a key and a project', { idempotencyKey: 'b', projectId: 'p1' }, [201, 201, 201, 201], [200, 200]],
    ['no project', { projectId: null }, [201, 201, 201, 201], [200, 200]],
  ])('of one order, and counted within it: %s', async (_, order, launches, polls) => {
    const api = await start([
      { when: { call: 'launch', order, nth: 2 }, answer: { code: 'payment_required' } },
      { when: { call: 'poll', order }, answer: { status: 502 } },
    ]);
    const answered: unknown[] = [];
    for (const [key, project_id] of ['a p1', 'b p2', 'b p2', 'c p2'].map((text) => text.split(' ')))
      answered.push((await launch(api, key!, { body: JSON.stringify({ project_id }) })).status);
    expect(answered).toEqual(launches);
    const runOf = (key: string) => api.runs.find(({ idempotencyKey }) => idempotencyKey === key)!.id;
    expect((await poll(api, runOf('a'))).status).toBe(polls[0]);
    expect((await poll(api, runOf('b'))).status).toBe(polls[1]);
  });

  test('a run goes as its project says', async () => {
    const course = ({ projectId }: Launch) =>
      steadyCourse({ queuedMs: 0, runningMs: 0, ending: projectId === 'p1' ? 'completed' : 'failed' });
    const api = await start([], { course });
    for (const project_id of ['p1', 'p2'])
      await launch(api, project_id, { body: JSON.stringify({ project_id }) });
    expect(api.runs.map(({ id }) => api.statusOf(id))).toEqual(['completed', 'failed']);
  });

  test('a choice may be made for each request, and a header when its answer goes out', async () => {
    const api = await start([
      (request: Seen) =>
        request.n === 2
          ? { answer: { status: 503, headers: { 'Retry-After': () => `${request.n}` } } }
          : undefined,
    ]);
    const seen = [];
    for (let n = 0; n < 3; n++) seen.push(await ask(`${api.url}/api/v2/me`));
    expect(seen.map(({ status, headers }) => [status, headers['retry-after']])).toEqual([
      [200, undefined],
      [503, '2'],
      [200, undefined],
    ]);
  });

  test('faults may come and go while it runs', async () => {
    const api = await start([]);
    api.faults.push({ answer: { status: 502 } });
    expect((await ask(`${api.url}/api/v2/me`)).status).toBe(502);
    api.faults.length = 0;
    expect((await ask(`${api.url}/api/v2/me`)).status).toBe(200);
  });
});

test('all of it works over TLS', async () => {
  const { ca, good } = createCertificates();
  const api = await start([{ when: { nth: 2 }, wire: ['head', { bytes: 9 }, { waitMs: 10 }, 'reset'] }], {
    tls: good,
  });
  expect(api.url).toBe(`https://localhost:${api.port}`);
  expect((await launch(api, 'k', { ca })).status).toBe(201);
  expect(await launch(api, 'k', { ca })).toMatchObject({ complete: false, error: 'ECONNRESET' });
});
