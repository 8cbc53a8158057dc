import { expect, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import { validateExchange } from '../../simulator/contract.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { INPUTS, PROJECT_ID, TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

const ENDINGS = [{}, { ending: 'failed', errorMessage: 'A document could not be read.' }, { ending: 'cancelled', outputs: { items: [] } }];

test('the simulator keeps to the contract in runs of every ending, pages, replays and refusals', async () => {
  const api = await startApi({
    keys: { [TEST_KEY]: { bucketSize: { perMinute: 60, burst: 140 } } },
    lifecycle: ({ count }) => steadyLifecycle(ENDINGS[count - 1] ?? {}),
  });
  const authorization = `Bearer ${TEST_KEY}`;
  const get = async (path: string) => (await fetch(`${api.url}/api/v2/${path}`, { headers: { authorization } })).text();
  const launch = async (key: string, body: object = { inputs: INPUTS, project_id: PROJECT_ID }) => {
    const headers = { authorization, 'content-type': 'application/json', 'idempotency-key': key };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    await (await fetch(`${api.url}/api/v2/workflows/${WORKFLOW_ID}/runs`, request)).text();
  };
  for (const key of ['a', 'b', 'c', 'a']) await launch(key);
  for (const minutes of [0, 1, 60]) {
    api.advance(minutes * 60_000);
    for (const run of api.runs) await get(`workflows/runs/${run.id}`);
  }
  await launch('a', {});
  for (const path of ['workflows?limit=1', 'workflows?cursor=none', 'workflows/runs/run_none']) await get(path);
  for (let more = 0; more < 6; more++) await launch(`more_${more}`);
  api.keys.get(TEST_KEY)!.scopes = [];
  await get('workflows/runs/run_none');
  await api.close();
  expect(new Set(api.journal.map(({ status }) => status))).toEqual(new Set([201, 200, 409, 404, 422, 429, 403]));
  expect(api.journal.flatMap(validateExchange)).toEqual([]);
});
