/** L9: `fail_on: new`, from the bundle. What of it needs no process is proven in `report/baseline.test.ts`. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import type { RunOptions } from '../../simulator/runner.ts';
import { PROJECT_ID, steadyCourse, WORKFLOW_ID } from '../../simulator/seed.ts';
import { strike, type Struck } from './strike.ts';

jest.setTimeout(60_000);

const folder = mkdtempSync(join(tmpdir(), 'baseline-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const ITEMS = [
  { id: 1, title: 'Doors', reason: 'x' },
  { id: 2, title: 'Windows', reason: 'y' },
];
const NAMELESS = ITEMS.map(({ reason }) => ({ reason }));

type Condition = Readonly<Record<string, unknown>>;
const condition = (matched: readonly unknown[] = ITEMS, more: Condition = {}): Condition => ({
  ...{ severity: 'fail', name: 'bad', expression: 'outputs.bad', line: 1, result: 'holds' },
  ...{ matched_count: matched.length, new_count: null, of: null, problem: null },
  ...{ identified_by: 'id', matched, new: null, ...more },
});
/** What main left behind. */
const MAIN = {
  ...{ version: 2, event: 'push', ref: 'refs/heads/main', job_run: '16000000000', pull_request: null },
  ...{ commit: 'c'.repeat(40), gate: 'failed', run_id: 'run_of_main', workflow_id: WORKFLOW_ID },
  ...{ project_id: PROJECT_ID, baseline_commit: null, conditions: [condition()] },
};
/** Of its two items the file calls the first known. */
const HALF = {
  ...MAIN,
  baseline_commit: 'c'.repeat(40),
  conditions: [condition(ITEMS, { new_count: 1, new: [1] })],
};

let files = 0;
/** A pull request that is judged beside this file; null: there is none. */
function beside(file: unknown, bad: unknown = ITEMS, more: Partial<RunOptions> = {}): Promise<Struck> {
  const path = join(folder, `gate-${++files}.json`);
  if (file !== null) writeFileSync(path, typeof file === 'string' ? file : JSON.stringify(file));
  return strike({
    eventName: 'pull_request',
    api: { course: steadyCourse({ queuedMs: 500, runningMs: 2_000, outputs: { bad } }) },
    ...more,
    inputs: {
      project_id: PROJECT_ID,
      fail_if: 'bad: outputs.bad',
      fail_on: 'new',
      baseline_file: path,
      ...more.inputs,
    },
  });
}

const asAny = ({ result }: Struck) =>
  result.stdout.split('\n').filter((line) => line.includes('judged as `any`'));
const counts = ({ outputs }: Struck) => [outputs.gate_matched_count, outputs.gate_new_count];

describe('L9. `fail_on: new`', () => {
  test.concurrent.each<[string, unknown, unknown, readonly [string, string]]>([
    ['no baseline', null, ITEMS, ['2', '']],
    ['a damaged one', JSON.stringify(MAIN).slice(0, -9), ITEMS, ['2', '']],
    ['one of version 1', { ...MAIN, version: 1 }, ITEMS, ['2', '']],
    ['one of another workflow', { ...MAIN, workflow_id: 'wf_other' }, ITEMS, ['2', '']],
    ['one of another project', { ...MAIN, project_id: 'other' }, ITEMS, ['2', '']],
    [
      'a condition that is reworded',
      { ...MAIN, conditions: [condition(ITEMS, { expression: 'outputs.bad ' })] },
      ITEMS,
      ['2', '2'],
    ],
    [
      'items without identity',
      { ...MAIN, conditions: [condition(NAMELESS, { identified_by: null })] },
      NAMELESS,
      ['2', '2'],
    ],
    ['a boolean', { ...MAIN, conditions: [condition([], { identified_by: null })] }, true, ['0', '0']],
  ])('%s: red, as `any` is, and one line says so', async (_name, file, bad, expected) => {
    const struck = await beside(file, bad);
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed' });
    expect(counts(struck)).toEqual(expected);
    expect(asAny(struck)).toHaveLength(1);
    expect(struck.result.summary).toMatch(/^\*`fail_on: new` judged as `any`[^\n]*\.\*$/m);
  });

  test.concurrent.each<[string, readonly unknown[], readonly [string, string]]>([
    ['the same number with another title', [{ ...ITEMS[0], title: 'Gates' }, ITEMS[1]], ['2', '1']],
    ['one new among known ones', [...ITEMS, { id: 3, title: 'Roof' }], ['3', '1']],
  ])('%s: red', async (_name, bad, expected) => {
    const struck = await beside(MAIN, bad);
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed' });
    expect(counts(struck)).toEqual(expected);
    expect(asAny(struck)).toEqual([]);
    expect(struck.outputs.headline).toBe(`1 new and ${Number(expected[0]) - 1} known “bad”`);
  });

  test.concurrent.each<[string, object]>([
    ['this pull request’s own file', { event: 'pull_request', ref: 'refs/pull/7/merge', pull_request: 7 }],
    ['attempt 1’s own, on attempt 2', { job_run: '17000000001' }],
    ['a feature branch’s', { ref: 'refs/heads/feature' }],
    ['a queue build’s own', { event: 'merge_group', ref: 'refs/heads/gh-readonly-queue/main/pr-7-c' }],
  ])('%s: only what it calls known counts', async (_name, from) => {
    const [both, one] = await Promise.all([
      beside({ ...HALF, ...from }),
      beside({ ...HALF, ...from }, ITEMS.slice(0, 1)),
    ]);
    expect(both.outputs).toMatchObject({ conclusion: 'gate_failed', gate_new_count: '1' });
    expect(one.outputs).toMatchObject({ conclusion: 'success', gate: 'passed', gate_new_count: '0' });
  });

  test.concurrent('main’s, all known: green, and they are shown as known', async () => {
    const struck = await beside(MAIN);
    expect(struck.outputs).toMatchObject({
      conclusion: 'success',
      gate: 'passed',
      headline: 'Nothing new, 2 known “bad”',
    });
    expect(counts(struck)).toEqual(['2', '0']);
    expect(struck.result.summary).toMatch(/2 known items “bad”[^]*Doors/);
  });

  test.concurrent(
    'a run that a re-run joins is red or not by this gate too: a green one is not paid for again',
    async () => {
      const path = join(folder, 'main.json');
      writeFileSync(path, JSON.stringify(MAIN));
      const { results, launches } = await strike({
        eventName: 'pull_request',
        api: { course: steadyCourse({ queuedMs: 500, runningMs: 2_000, outputs: { bad: ITEMS } }) },
        inputs: { project_id: PROJECT_ID, fail_if: 'bad: outputs.bad', fail_on: 'new', baseline_file: path },
        runs: [{}, { attempt: 2 }],
      });
      expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
      expect(results[1]?.outputs.run_id).toBe(results[0]?.outputs.run_id);
      expect(launches).toHaveLength(2);
    },
  );
});
