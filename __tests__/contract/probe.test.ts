import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { missingFromDescription, probe } from '../../scripts/probe.ts';
import { startApi, type Api } from '../../simulator/api.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { OUTPUTS, TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';

let api: Api;
let lines: string[];

beforeEach(async () => {
  api = await startApi({ lifecycle: steadyLifecycle({ queuedMs: 1, runningMs: 1, outputs: OUTPUTS }) });
  lines = [];
});
afterEach(() => api.close());

function meet(workflowId: string | null, apiKey = TEST_KEY) {
  const print = (line: string) => void lines.push(line);
  const options = { apiUrl: api.url, apiKey, projectId: null, pollMs: 1, idempotencyKey: 'probe_1' };
  return probe({ ...options, workflowId, print });
}

describe('probe', () => {
  test('launches nothing unless it is asked to', async () => {
    const rows = await meet(null);
    expect(api.journal.filter(({ call }) => call === 'launch')).toEqual([]);
    expect(rows.find(({ point }) => point.includes('answers a launch'))?.observed).toMatch(/^not tried/);
  });

  test('prints every open point with what the service did', async () => {
    const rows = await meet(WORKFLOW_ID);
    expect(rows.map(({ observed }) => observed)).toEqual([
      '201',
      '^[A-Za-z0-9_-]{1,255}$',
      '409 idempotency_key_reused',
      expect.stringMatching(/^about \d+; its header says \d+$/),
      expect.stringMatching(/^(?:yes|no)/),
      expect.stringMatching(/^not tried/),
      expect.stringMatching(/completed; look in the dashboard/),
      expect.stringMatching(/^no answer says so/),
    ]);
  });

  test('launches one run, with one key', async () => {
    await meet(WORKFLOW_ID);
    expect(api.runs).toHaveLength(1);
  });

  test('prints neither the key nor an address of a person', async () => {
    const rows = await meet(WORKFLOW_ID);
    const printed = [...lines, ...rows.map(({ observed }) => observed)].join('\n');
    expect(printed).not.toContain(TEST_KEY);
    expect(printed).not.toMatch(/@/);
  });

  test('says which fields a description lacks', () => {
    const ours = { components: { schemas: { Run: { properties: { status: {}, stage: {} } } } } };
    const schema = { properties: { status: {} } };
    const answer = { content: { 'application/json': { schema } } };
    const theirs = { paths: { '/api/v2/workflows/runs/{id}': { get: { responses: { '200': answer } } } } };
    expect(missingFromDescription(theirs, ours)).toEqual([
      'get /api/v2/workflows: not described',
      'post /api/v2/workflows/{workflow_id}/runs: not described',
      'get /api/v2/workflows/runs/{run_id}: described, answers 200, no stage',
    ]);
  });
});
