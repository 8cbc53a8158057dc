/** M5: discovery of IDs: which workflows the key may run, and which of two IDs was not found. */
import { describe, expect, jest, test } from '@jest/globals';
import { DISABLED_WORKFLOW, WORKFLOW, WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import { runRow, type RowSetup, type RowResult } from './run-row.ts';

jest.setTimeout(60_000);

const PRIVATE = { repository: { full_name: 'octo-org/tower', private: true } };
const MANY = Array.from({ length: 2_000 }, (_, nth) => ({
  ...WORKFLOW,
  id: `wf_${nth}`,
  name: `Review ${nth}`,
}));
const SIMILAR_ID = WORKFLOW_ID.replace(/.$/, '2');

/** Everything but the log. */
const textsOutsideLog = ({ result, outputs }: RowResult) =>
  JSON.stringify([outputs, result.summary, result.annotations]);
/** Workflow names, which are confidential. */
const NAMES = /Weekly submittal|Review \d/;

describe('M5: no `workflow_id`', () => {
  const withoutWorkflow = (runRowBy: RowSetup = {}) =>
    runRow({ event: PRIVATE, ...runRowBy, inputs: { workflow_id: '', ...runRowBy.inputs } });
  const OF_THE_LOG = 'To evaluate a run of an earlier job: `run_id` is empty. Did that job fail?';

  test.concurrent.each<[string, RowSetup, calls: number, RegExp | null]>([
    [
      'in a private repository: the log lists the workflows',
      {},
      1,
      new RegExp(`^    ${WORKFLOW_ID} “Weekly submittal review”$`, 'm'),
    ],
    [
      'a disabled workflow: the log marks it',
      {},
      1,
      /^ {4}\S+ “Weekly submittal review .2025.” \(disabled\)$/m,
    ],
    [
      '2,000 workflows: the log lists twenty, and says that there are more',
      { api: { workflows: MANY } },
      1,
      /^ {4}wf_19 “Review 19”\n {4}and more: see the/m,
    ],
    [
      'a key without workflows: the log says so',
      { api: { workflows: [] } },
      1,
      /^This key can run no workflow\.$/m,
    ],
    [
      'a list that fails: no names',
      { faults: [{ when: { call: 'list' }, answer: { code: 'internal_error' } }] },
      1,
      null,
    ],
    ['in a public repository: no list, no names', { event: { repository: { private: false } } }, 0, null],
    ['an event without the visibility: no list, no names', { event: {} }, 0, null],
    ['together with another fault: no list, no names', { inputs: { timeout_minutes: 'x' } }, 0, null],
    ['without a key: no list, no names', { inputs: { api_key: '' } }, 0, null],
  ])('%s', async (_what, by, calls, listed) => {
    const played = await withoutWorkflow(by);
    expect(played.result.exitCode).toBe(1);
    expect(played.error).toContain('`workflow_id` is missing');
    expect(played.result.stdout).toContain(OF_THE_LOG);
    expect(played.outputs.headline).not.toContain(OF_THE_LOG);
    expect(played.api.journal.map(({ call }) => call)).toEqual(Array(calls).fill('list'));
    if (listed !== null) expect(played.outputs.tokens_spent).toBe('1');
    expect(textsOutsideLog(played)).not.toMatch(NAMES);
    if (listed === null) expect(played.result.stdout).not.toMatch(NAMES);
    else expect(played.result.stdout.replaceAll('\u200b', '')).toMatch(listed);
  });
});

describe('M5: the launch is answered 404', () => {
  const NOT_FOUND: RowSetup['faults'] = [{ when: { call: 'launch' }, answer: { code: 'not_found' } }];
  const LIST_FAILS: RowSetup['faults'] = [{ when: { call: 'list' }, answer: { code: 'insufficient_scope' } }];
  const P = '0000aaaa-54b0-4c7d-8e9f-a1b2c3d4e5f6';
  const near = { workflow_id: SIMILAR_ID };

  test.concurrent.each<[string, RowSetup, RegExp, 'names' | 'no names']>([
    [
      'a similar ID: “not found”, and names in the log',
      { inputs: near },
      /^Workflow not found, or this key's account/,
      'names',
    ],
    [
      'a similar ID in a public repository: “not found”, no names',
      { inputs: near, event: {} },
      /^Workflow not found, or this key's account/,
      'no names',
    ],
    [
      'a similar ID and a project: “not found”, and names in the log',
      { inputs: { ...near, project_id: P } },
      /^Workflow not found, or this key's/,
      'names',
    ],
    [
      'a wrong project: “the workflow exists”, no names',
      { inputs: { project_id: P }, api: { projects: ['p1'] } },
      /^The workflow exists; project 0000aaaa… was probably not found, or this key's account cannot see it .*Check `project_id`\.$/m,
      'no names',
    ],
    [
      'no project: “`project_id` is empty”, no names',
      { faults: NOT_FOUND },
      /^The workflow exists; `project_id` is empty/,
      'no names',
    ],
    [
      'a disabled workflow: “disabled”, no names',
      { faults: NOT_FOUND, inputs: { workflow_id: DISABLED_WORKFLOW.id, project_id: P } },
      /^The workflow exists, but is disabled/,
      'no names',
    ],
    ['an empty list: “not found”, no names', { api: { workflows: [] } }, /^Workflow not found/, 'no names'],
    [
      'a list that fails: “workflow or project not found”, no names',
      { inputs: { ...near, project_id: P }, faults: LIST_FAILS },
      /^Workflow or project not found/,
      'no names',
    ],
    [
      '2,000 other workflows: “not found”, and names in the log',
      { api: { workflows: MANY } },
      /^Workflow not found/,
      'names',
    ],
  ])('%s', async (_what, by, message, names) => {
    const played = await runRow({ event: PRIVATE, ...by });
    expect(played.result.exitCode).toBe(1);
    expect(played.outputs.conclusion).toBe('error');
    expect(played.error).toMatch(message);
    expect(played.api.runs).toEqual([]);
    expect(textsOutsideLog(played)).not.toMatch(NAMES);
    expect(NAMES.test(played.result.stdout)).toBe(names === 'names');
  });
});
