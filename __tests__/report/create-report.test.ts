/** What a report takes from the context, the inputs and the outcomes. */
import { describe, expect, test } from '@jest/globals';
import type { Context } from '../../src/github/context.ts';
import { readInputs, type Inputs } from '../../src/inputs/inputs.ts';
import { createReport, outputsOf, readDurationSeconds } from '../../src/report/report.ts';
import { aRun } from './a-report.ts';

const INPUTS = await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' });
const RUNS = (
  await readInputs({
    INPUT_WORKFLOW_ID: 'wf_1',
    INPUT_RUNS: 'a: { project_id: p1, fail_if: outputs.a }\nb: { project_id: p2 }',
  })
).runs;
const CONTEXT = {
  event: 'push',
  ref: 'refs/heads/main',
  defaultBranchRef: 'refs/heads/main',
  commit: 'a1',
  attempt: 3,
  jobRunUrl: 'https://github.test/1',
} as Context;

const reportOf = (about: Partial<Parameters<typeof createReport>[0]> = {}) =>
  createReport({
    isGated: false,
    context: CONTEXT,
    inputs: INPUTS,
    gateFileName: '',
    hasBaseline: false,
    orders: [],
    outcomes: [aRun()],
    failure: null,
    tokens: 0,
    ...about,
  });
const inputsOf = (about: Partial<Inputs>) => ({ inputs: { ...INPUTS, ...about } });

describe('a report', () => {
  test.each<[string, Partial<Parameters<typeof createReport>[0]>, object]>([
    ['is not gated', {}, { isGated: false }],
    ['is gated by the step', { isGated: true }, { isGated: true }],
    ['is gated by one of the runs', inputsOf({ runs: RUNS }), { isGated: true }],
    ['is not gated by runs without a gate', inputsOf({ runs: RUNS!.slice(1) }), { isGated: false }],
    ['is not gated without inputs', { inputs: null }, { isGated: false, onRerun: 'resume', timeoutMs: 0 }],
    ['has the terms of the inputs', inputsOf({ onRerun: 'fresh', timeoutMs: 7 }), { onRerun: 'fresh', timeoutMs: 7 }],
    ['is no report of a merge queue', {}, { isMergeQueue: false }],
    ['is one of a merge queue', { context: { ...CONTEXT, event: 'merge_group' } }, { isMergeQueue: true }],
    ['is on the branch of the baseline', {}, { isOnBaseline: true }],
    ['is on no branch without a context', { context: null }, { isOnBaseline: false }],
    ['is on no branch without a ref', { context: { ...CONTEXT, ref: '', defaultBranchRef: '' } }, { isOnBaseline: false }],
  ])('%s', (_, about, terms) => {
    expect(reportOf(about).terms).toMatchObject(terms);
  });

  test.each<[string, Partial<Parameters<typeof createReport>[0]>, object]>([
    ['the context', {}, { commit: 'a1', attempt: 3, jobRunUrl: 'https://github.test/1' }],
    ['no context', { context: null }, { commit: '', attempt: 1, jobRunUrl: '' }],
    [
      'the inputs',
      inputsOf({ title: 'T', runUrl: 'https://r', itemUrl: 'https://i', apiKey: 'ak_live_x' }),
      { title: 'T', links: { runUrl: 'https://r', itemUrl: 'https://i' }, keyKind: 'live' },
    ],
    ['a key of another kind', inputsOf({ apiKey: 'x' }), { keyKind: null }],
    ['a key for tests', inputsOf({ apiKey: 'ak_test_x' }), { keyKind: 'test' }],
    ['no inputs', { inputs: null }, { title: '', links: { runUrl: '', itemUrl: '' }, keyKind: null }],
  ])('has the facts of %s', (_, about, facts) => {
    expect(reportOf(about)).toMatchObject(facts);
  });

  const failed = (message: string, name = '') => aRun({ name, errorMessage: message });
  const failure = { kind: 'error', headline: 'H', remedy: '', errorMessage: 'of the step' } as const;
  test.each([
    ['of an only run', [failed('of the run')], null, 'of the run'],
    ['of no run, if there are several', [failed('a'), failed('b')], null, ''],
    ['of the step before that of its run', [failed('of the run')], failure, 'of the step'],
    ['of a step without runs', [], failure, 'of the step'],
  ])('has the message %s', (_, outcomes, ended, message) => {
    expect(reportOf({ outcomes, failure: ended }).errorMessage).toBe(message);
  });

  test('has notices with the names of several runs', () => {
    const noticed = (name: string) => ({ ...aRun({ name }), notices: ['x'] });
    expect(reportOf({ outcomes: [noticed('a')] }).notices).toEqual(['x']);
    expect(reportOf({ outcomes: [noticed('a'), noticed('b')] }).notices).toEqual(['a: x', 'b: x']);
  });
});

test.each([
  ['completed', { a: 1 }],
  ['failed', { a: 1 }],
  ['running', undefined],
  ['dreaming', undefined],
])('reports for a run that is %s the outputs %j', (status, outputs) => {
  const run = aRun();
  expect(outputsOf({ ...run, run: { ...run.run!, status, outputs: { a: 1 } } })).toEqual(outputs);
  expect(outputsOf({ ...run, run: null })).toBeUndefined();
});

test.each([
  ['2026-11-25T09:14:05Z', '2026-11-25T09:16:18.5Z', 133.5],
  ['', '2026-11-25T09:16:18Z', null],
  ['2026-11-25T09:14:05Z', '', null],
])('reports for a run from %j to %j as its seconds: %j', (startedAt, completedAt, seconds) => {
  expect(readDurationSeconds(aRun({ run: { startedAt, completedAt } }))).toBe(seconds);
});
