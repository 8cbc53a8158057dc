import { afterEach, describe, expect, test } from '@jest/globals';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import { type Scripted } from '../../simulator/faults.ts';
import type { Order } from '../../simulator/journal.ts';
import { WORKFLOW_ID } from '../../simulator/seed.ts';
import { ask, launch, poll, until } from './ask.ts';

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
});
