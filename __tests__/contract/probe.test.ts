import { expect, test } from '@jest/globals';
import { probe } from '../../scripts/probe.ts';
import { startApi } from '../../simulator/api.ts';
import type { ScriptedFault } from '../../simulator/faults.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

async function observe(workflowId: string | null, ...faults: ScriptedFault[]) {
  const api = await startApi({ lifecycle: steadyLifecycle({ queuedMs: 1, runningMs: 1 }), faults });
  const lines: string[] = [];
  const options = { apiUrl: api.url, apiKey: TEST_KEY, projectId: null, pollMs: 1, idempotencyKey: 'probe_1', workflowId };
  const points = await probe({ ...options, print: (line) => void lines.push(line) });
  await api.close();
  return { points: Object.values(points), lines: lines.join('\n'), runs: api.runs.length };
}

test('launches nothing unless it is asked to, and says where the service differs from the simulator', async () => {
  const { points, runs, lines } = await observe(null, { when: { call: 'list' }, answer: { body: '{}' } });
  expect([points[1], runs]).toEqual([expect.stringMatching(/^not tried/), 0]);
  expect(lines).toContain('not as the simulator assumes');
});

// The bucket refills while the probe looks.
test('prints what the service does at every open point, for one run, and no key', async () => {
  const { points, runs, lines } = await observe(WORKFLOW_ID);
  const ends = [/A-Z/, /^201$/, /^409 idempotency_key_reused$/, /^about 2[45]$/, /^yes$/, /completed; see/];
  expect(points).toEqual(ends.map((end) => expect.stringMatching(end)));
  expect(runs).toBe(1);
  expect(lines).not.toMatch(/not as the simulator assumes|ak_test/);
});
