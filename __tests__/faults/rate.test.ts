/** C: rate limits. */
import { expect, jest, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import { findViolations } from '../../simulator/invariants.ts';
import { runsPerKey, attemptsPerKey, sentBeforeHint } from '../../simulator/journal.ts';
import { runAction } from '../../simulator/runner.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import { TOKEN } from './run-row.ts';

jest.setTimeout(90_000);

// Not concurrent with other tests, since it uses the whole machine.
test('C7: 32 jobs on one standard key: all green within their time', async () => {
  const speed = 40;
  const jobCount = 32;
  const api = await startApi({
    speed,
    keys: { [TEST_KEY]: { tier: 'standard' } },
    lifecycle: steadyLifecycle({ queuedMs: 1_000, runningMs: 30_000 }),
  });
  try {
    const results = await Promise.all(
      Array.from({ length: jobCount }, async (_, nth) => {
        await new Promise((resolve) => setTimeout(resolve, nth * 350));
        return runAction({
          timeoutMs: 60_000,
          inputs: {
            api_key: TEST_KEY,
            api_url: api.url,
            workflow_id: WORKFLOW_ID,
            idempotency_key: `job-${nth}`,
            timeout_minutes: '60',
          },
          runId: 17_000_000_001 + nth,
          token: TOKEN,
          preload: ['simulator/fast-time.mjs'],
          env: { FAST_TIME_SPEED: String(speed) },
        });
      }),
    );
    expect(results.map(({ outputs }) => outputs.conclusion)).toEqual(results.map(() => 'success'));
    for (const result of results) expect(findViolations({ result, secrets: [TEST_KEY, TOKEN] })).toEqual([]);
    expect([...runsPerKey(api.runs).values()]).toEqual(results.map(() => ({ stored: 1, unstored: 0 })));
    for (const { accepted } of attemptsPerKey(api.journal).values()) expect(accepted).toBe(1);
    expect(sentBeforeHint(api.journal, 10 * speed)).toEqual([]);
    const refused = api.journal.filter(({ status }) => status === 429).length;
    const minutes = (api.journal.at(-1)!.at - api.journal[0]!.at) / 60_000;
    // The limit is twice that of the fleet benchmark in virtual time, since a busy machine adds delay.
    expect(refused / jobCount / minutes).toBeLessThan(1);
    process.stdout.write(
      `C7: ${jobCount} jobs, ${minutes.toFixed(1)} minutes, ${refused} of ${api.journal.length} requests answered 429\n`,
    );
  } finally {
    await api.close();
  }
});
