/** L9: `fail_on: new` with the bundle. `gate/baseline.test.ts` has the tests that need no process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { digestInputs } from '../../src/gate/inputs-digest.ts';
import { HEAD } from '../../simulator/github.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { PROJECT_ID, WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import { runRow, type RowSetup, type RowResult } from './run-row.ts';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'baseline-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ITEMS = [
  { id: 1, title: 'Doors', reason: 'x' },
  { id: 2, title: 'Windows', reason: 'y' },
];

type Fields = Readonly<Record<string, unknown>>;
const condition = (more: Fields = {}): Fields => ({
  severity: 'fail',
  name: 'bad',
  expression: 'outputs.bad',
  line: 1,
  result: 'holds',
  problem: null,
  matched_count: 2,
  known_count: null,
  waived_count: 0,
  of: null,
  known_by: ['id', 'title'],
  left_out: 0,
  matched: [0, 1],
  known: null,
  known_on_schedule: null,
  waived: [],
  ...more,
});
/** The gate file of main. */
const MAIN = {
  version: 1,
  time: '2026-11-26T04:17:00.000Z',
  event: 'workflow_dispatch',
  ref: 'refs/heads/main',
  job_run: '16000000000',
  pull_request: null,
  commit: 'c'.repeat(40),
  gate: 'failed',
  run_id: 'run_of_main',
  workflow_id: WORKFLOW_ID,
  project_id: PROJECT_ID,
  inputs_digest: digestInputs({}, []),
  baseline_commit: null,
  items: ITEMS as readonly unknown[],
  conditions: [condition()],
};
/** A gate file that marks the first of its two items as known. */
const HALF_KNOWN = {
  ...MAIN,
  baseline_commit: 'c'.repeat(40),
  conditions: [condition({ known_count: 1, known: [0], known_on_schedule: [] })],
};
let files = 0;
/** Runs a pull request with this file as its baseline; null: without one. */
function runWithBaseline(file: unknown, bad: unknown = ITEMS, more: RowSetup = {}): Promise<RowResult> {
  const path = join(folder, `gate-${++files}.json`);
  if (file !== null) writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  return runRow({
    eventName: 'pull_request',
    api: { lifecycle: steadyLifecycle({ queuedMs: 500, runningMs: 2_000, outputs: { bad } }) },
    ...more,
    inputs: {
      project_id: PROJECT_ID,
      fail_if: 'bad: outputs.bad',
      fail_on: 'new',
      known_by: 'id, title',
      baseline_file: path,
      ...more.inputs,
    },
  });
}

const baselineUnusedReason = ({ result }: RowResult) =>
  result.stdout.split('\n').filter((line) => /^ +note: Every finding counts as new/.test(line));
const counts = ({ outputs }: RowResult) => [outputs.gate_matched_count, outputs.gate_new_count];

describe('L9. `fail_on: new`', () => {
  test.concurrent.each<[string, unknown, RowSetup?]>([
    ['no baseline', null],
    ['a damaged baseline', JSON.stringify(MAIN).slice(0, -9)],
    ['a baseline of another workflow', { ...MAIN, workflow_id: 'wf_other' }],
    ['a baseline of another project', { ...MAIN, project_id: 'other' }],
    ['a baseline of other inputs', MAIN, { inputs: { inputs: '{ level: 3 }' } }],
    [
      'a baseline that lost a mark',
      { ...HALF_KNOWN, conditions: [condition({ known_count: 1, known: [] })] },
    ],
    ['a baseline that lost an item', { ...MAIN, items: ITEMS.slice(0, 1) }],
  ])('%s: red for every item, and one line says why', async (_name, file, more = {}) => {
    const played = await runWithBaseline(file, ITEMS, more);
    expect(played.outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed' });
    expect(counts(played)).toEqual(['2', '']);
    expect(baselineUnusedReason(played)).toHaveLength(1);
    expect(played.result.stdout).toMatch(/^::error::2 items “bad”\. Every finding counts as new/m);
    expect(played.result.summary).toMatch(/\*Every finding counts as new[^\n*]*\.\*/);
  });

  test.concurrent.each<[string, readonly object[], readonly object[], readonly [string, string], string]>([
    [
      'three equal items where the baseline has two',
      [ITEMS[0]!, ITEMS[0]!],
      [ITEMS[0]!, ITEMS[0]!, ITEMS[0]!],
      ['3', '3'],
      '3 items “bad”',
    ],
    [
      'one new item among known ones',
      ITEMS,
      [...ITEMS, { id: 3, title: 'Roof' }],
      ['3', '1'],
      '1 new and 2 known “bad”',
    ],
  ])('%s: red', async (_name, then, now, expected, headline) => {
    const played = await runWithBaseline({ ...MAIN, items: then }, now);
    expect(played.outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed', headline });
    expect(counts(played)).toEqual(expected);
    expect(baselineUnusedReason(played)).toEqual([]);
  });

  test.concurrent(
    '`fail_on: any` without `known_by`: no item counts as new, and the summary says how many more there are',
    async () => {
      const played = await runWithBaseline(MAIN, [...ITEMS, { id: 3, title: 'Roof' }], {
        inputs: { fail_on: 'any', known_by: '' },
      });
      expect(played.result.summary).toMatch(
        / · 3, 1 more than in the baseline of 2026-11-26 04:17 UTC at `ccccccc`/,
      );
      expect(played.result.summary).toContain('With `known_by`, reports say which items are new');
      expect(played.result.summary).not.toContain('**new**');
      expect(counts(played)).toEqual(['3', '']);
    },
  );

  test.concurrent('an item that was waived in the baseline, without its waiver: new, and red', async () => {
    const played = await runWithBaseline({
      ...MAIN,
      conditions: [condition({ matched_count: 1, matched: [0], waived_count: 1, waived: [1] })],
    });
    expect(played.outputs).toMatchObject({ conclusion: 'gate_failed', gate_new_count: '1' });
  });

  test.concurrent.each([
    ['without `known_by`', { known_by: '' }, 'which needs `known_by`'],
    [
      'with a `known_by` for a condition that does not exist',
      { known_by: 'id, title\nbat: id, title' },
      'did you mean “bad”?',
    ],
  ])('%s: refused, and nothing is sent', async (_name, inputs, message) => {
    const played = await runWithBaseline(MAIN, ITEMS, { inputs });
    expect(played.outputs).toMatchObject({
      conclusion: 'error',
      gate: 'not_evaluated',
      baseline_ready: 'false',
    });
    expect(played.outputs.error_message).toContain(message);
    expect(played.launches).toEqual([]);
  });

  test.concurrent.each<[string, object]>([
    [
      'a baseline that this pull request wrote',
      { event: 'pull_request', ref: 'refs/pull/7/merge', pull_request: 7 },
    ],
    ['a baseline that attempt 1 wrote, on attempt 2', { job_run: '17000000001' }],
  ])('%s: only the items that it marks as known count', async (_name, from) => {
    const [both, one] = await Promise.all([
      runWithBaseline({ ...HALF_KNOWN, ...from }),
      runWithBaseline({ ...HALF_KNOWN, ...from }, ITEMS.slice(0, 1)),
    ]);
    expect(both.outputs).toMatchObject({ conclusion: 'gate_failed', gate_new_count: '1' });
    expect(one.outputs).toMatchObject({ conclusion: 'success', gate: 'passed', gate_new_count: '0' });
  });

  test.concurrent('the baseline of main with all items: green, and they are shown as known', async () => {
    const played = await runWithBaseline(MAIN);
    expect(played.outputs).toMatchObject({
      conclusion: 'success',
      gate: 'passed',
      baseline_ready: 'false',
      headline: 'Nothing new, 2 known “bad”',
    });
    expect(counts(played)).toEqual(['2', '0']);
    expect(played.result.summary).toMatch(/\*\*Known:\*\* 1, Doors · 2, Windows/);
  });

  test.concurrent(
    'a date and the commit in the inputs: the baseline of another night counts, green',
    async () => {
      const then = digestInputs({ from: '2026-11-26', at: 'c'.repeat(40) }, ['c'.repeat(40)]);
      const inputs = { inputs: `{ from: 2026-11-27, at: ${HEAD} }` };
      const played = await runWithBaseline({ ...MAIN, inputs_digest: then }, ITEMS, { inputs });
      expect(played.outputs).toMatchObject({ conclusion: 'success', gate_new_count: '0' });
    },
  );

  test.concurrent(
    'a re-run after a green run: it joins that run, and is green by the same baseline',
    async () => {
      const { results, launches } = await runWithBaseline(MAIN, ITEMS, { runs: [{}, { attempt: 2 }] });
      expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(results[1]?.outputs.run_id).toBe(results[0]?.outputs.run_id);
      expect(launches).toHaveLength(2);
    },
  );
});

test('M1: 500 waivers over 66,000 findings with the same first field: evaluated in time, each waives its finding', async () => {
  const bad = Array.from({ length: 66_000 }, (_, clause) => ({ document: 'spec', clause }));
  const waivers = Array.from(
    { length: 500 },
    (_, clause) => `- match: { document: spec, clause: ${clause} }\n  because: agreed`,
  ).join('\n');
  const { outputs } = await runRow({
    api: { lifecycle: steadyLifecycle({ queuedMs: 500, runningMs: 2_000, outputs: { bad } }) },
    inputs: { project_id: PROJECT_ID, fail_if: 'bad: outputs.bad', waivers },
  });
  expect(outputs).toMatchObject({ conclusion: 'gate_failed', gate_matched_count: '65500' });
});
