import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type Api } from '../../simulator/api.ts';
import { validateAnswer, validateExchange, validateRequest } from '../../simulator/api-contract.ts';
import type { JournalEntry } from '../../simulator/journal.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import { ask, launch, poll } from './ask.ts';

let api: Api;
const failing = { ending: 'failed', errorMessage: 'A document could not be read.' };
beforeAll(async () => {
  api = await startApi({
    keys: { [TEST_KEY]: { bucketSize: { perMinute: 60, burst: 140 } } },
    lifecycle: ({ count }) =>
      steadyLifecycle(
        count === 1 ? {} : count === 2 ? failing : { ending: 'cancelled', outputs: { items: [] } },
      ),
  });
});
afterAll(() => api.close());

/** A copy with some fields another. */
const but = (entry: JournalEntry, changes: Partial<JournalEntry>): JournalEntry => ({ ...entry, ...changes });
const body = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));

test('keeps to the contract in runs of every ending, pages, replays and refusals', async () => {
  for (const key of ['a', 'b', 'c', 'a']) await launch(api, key);
  for (const run of api.runs) await poll(api, run.id);
  api.advance(60_000);
  for (const run of api.runs) await poll(api, run.id);
  api.advance(3_600_000);
  for (const run of api.runs) await poll(api, run.id);
  await ask(`${api.url}/api/v2/workflows?limit=1`);
  await launch(api, 'a', '{}');
  await poll(api, 'run_none');
  await ask(`${api.url}/api/v2/workflows?cursor=none`);
  for (let n = 0; n < 6; n++) await launch(api, `more_${n}`);
  api.keys.get(TEST_KEY)!.scopes = [];
  await poll(api, 'run_none');
  const statuses = api.journal.map((entry) => entry.status);
  expect(new Set(statuses)).toEqual(new Set([201, 200, 409, 404, 422, 429, 403]));
  expect(api.journal.flatMap((entry) => validateExchange(entry))).toEqual([]);
});

describe('the check against the contract', () => {
  const launched = (): JournalEntry => api.journal.find((entry) => entry.call === 'launch')!;
  const polled = (): JournalEntry => api.journal.find((entry) => entry.call === 'poll')!;
  const refused = (): JournalEntry => api.journal.find((entry) => entry.status === 429)!;

  test.each<[string, () => JournalEntry, string]>([
    [
      'finds a request without a key',
      () => but(launched(), { headers: {} }),
      'request: no API key of 60 characters in Authorization',
    ],
    [
      'finds a launch without an idempotency key',
      () => but(launched(), { headers: { ...launched().headers, 'idempotency-key': undefined } }),
      'request header Idempotency-Key: is missing',
    ],
    [
      'finds an unknown field',
      () => but(launched(), { body: body({ input: {} }) }),
      'request body: must NOT have additional properties',
    ],
    [
      'finds an unknown path',
      () => but(polled(), { path: '/api/v3/x' }),
      'request: GET /api/v3/x is no call of the contract',
    ],
    ['finds a body of a poll', () => but(polled(), { body: body({}) }), 'request body: there must be none'],
  ])('%s', (_, entry, complaint) => {
    expect(validateRequest(entry())).toContain(complaint);
  });

  test.each<[string, () => JournalEntry, string]>([
    [
      'finds an unknown status',
      () =>
        but(polled(), {
          answerBody: body({ ...(JSON.parse(polled().answerBody.toString()) as object), status: 'done' }),
        }),
      'answer body/status: must be equal to one of the allowed values',
    ],
    [
      'finds an answer without rate headers',
      () => but(polled(), { answerHeaders: {} }),
      'answer header X-RateLimit-Cost: is missing',
    ],
    [
      'finds a code under another status',
      () => but(refused(), { status: 404 }),
      'answer body/status: is not the status of the answer',
    ],
    [
      'finds a 429 without Retry-After',
      () => but(refused(), { answerHeaders: { ...refused().answerHeaders, 'retry-after': undefined! } }),
      'answer header Retry-After: is missing beside 429',
    ],
  ])('%s', (_, entry, complaint) => {
    expect(validateAnswer(entry())).toContain(complaint);
  });

  test('finds nothing in the three exchanges without a change', () => {
    for (const entry of [launched(), polled(), refused()]) expect(validateExchange(entry)).toEqual([]);
    expect(launched().path).toContain(WORKFLOW_ID);
  });
});
