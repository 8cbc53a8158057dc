/** A: faults while the run is launched. */
import { describe, expect, test } from '@jest/globals';
import { TEST_KEY } from '../../simulator/seed.ts';
import { strike } from './strike.ts';

describe('A. Start', () => {
  test.concurrent('A3: run created and kept, connection cut before headers: the same run, once', async () => {
    const { outputs, api, launches } = await strike({
      faults: [{ when: { call: 'launch', nth: 1 }, wire: ['reset'] }],
    });
    expect(outputs).toMatchObject({ conclusion: 'success', replayed: 'true' });
    expect(api.runs.map(({ id }) => id)).toEqual([outputs.run_id]);
    expect(new Set(launches.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
  });

  test.concurrent('A17: 500 and no run: not sent again; red with the request ID and the key', async () => {
    const { outputs, launches, error } = await strike({
      faults: [{ when: { call: 'launch' }, answer: { code: 'internal_error' } }],
    });
    expect(launches).toHaveLength(1);
    expect(outputs).toMatchObject({ conclusion: 'error', run_id: '' });
    expect(error).toContain(outputs.idempotency_key);
    expect(error).toMatch(/request req_/);
    expect(error).not.toContain(TEST_KEY);
  });
});
