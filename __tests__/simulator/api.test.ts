import { afterEach, describe, expect, test } from '@jest/globals';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import { createBucket, TIERS } from '../../simulator/bucket.ts';
import { mostInFlight, runsPerKey, attemptsPerKey, sentBeforeHint } from '../../simulator/journal.ts';
import { TEST_KEY } from '../../simulator/seed.ts';
import { launch, poll, until } from './ask.ts';

const open: Api[] = [];
async function start(options: ApiOptions = {}): Promise<Api> {
  const api = await startApi(options);
  open.push(api);
  return api;
}
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

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
});

describe('idempotency', () => {
  test('a run made behind an answer that was not kept is counted apart', async () => {
    const api = await start({
      faults: [{ when: { nth: 1 }, work: 'unkept', answer: { code: 'internal_error' } }],
    });
    expect(await launch(api, 'k')).toBe(500);
    expect(await launch(api, 'k')).toBe(201);
    expect(runsPerKey(api.runs)).toEqual(new Map([[`${TEST_KEY} k`, { kept: 1, unkept: 1 }]]));
  });
});

describe('the journal', () => {
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
    expect(attemptsPerKey(api.journal).get('k')).toMatchObject({ taken: 2 });
  });
});
