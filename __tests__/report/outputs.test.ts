/** The step outputs: their values, names and limits. */
import { describe, expect, test } from '@jest/globals';
import type { ConditionResult } from '../../src/gate/findings.ts';
import type { JsonObject } from '../../src/json.ts';
import { formatRunsJson, listOutputs } from '../../src/report/outputs.ts';
import type { RunState } from '../../src/run/run-state.ts';
import * as a from '../support/a-report.ts';
import { aCondition, aReport, DOOR, SHEET, aResult, asWarning, notCompliant, type ReportOverrides } from '../support/a-report.ts';

const FILES = { outputsFile: '/t/outputs.json', gateFile: '/t/gate.json', reportFile: '/t/report.md' };
const PLAIN = { results: [aResult({ runState: { outputs: undefined } })] };
const SMALL = { results: [aResult({ runState: { outputs: { a: 1 } } })] };

function outputsOf(report: ReportOverrides): Record<string, string> {
  return Object.fromEntries(listOutputs(aReport(report), FILES).outputs);
}

/** Of a run that wrote this. `missing`: the names in the notice. */
function withOutputs(outputs: JsonObject) {
  const { outputs: list, missing } = listOutputs(aReport({ results: [aResult({ runState: { outputs } })] }), FILES);
  return { values: Object.fromEntries(list), names: list.map(([name]) => name), missing };
}

test('has every output even where nothing is known', () => {
  const nothing = outputsOf({ context: null, results: [], outcome: { kind: 'crashed', message: 'x' } });
  expect(Object.keys(nothing)).toEqual(Object.keys(outputsOf(PLAIN)));
});

describe('the value of', () => {
  const skipped: ReportOverrides = { results: [], outcome: { kind: 'skipped' } };
  const of = (...conditions: ConditionResult[]) => ({ results: [aResult({ conditions })] });
  const known = (runState: Partial<RunState>) => ({ results: [aResult({ runState })] });
  const failed = {
    results: [aResult({ conditions: null, outcome: { kind: 'failed' }, runState: { errorMessage: 'No project' } })],
  } as const;
  const compared = notCompliant({ items: [DOOR, { value: SHEET, isKnown: true }] });
  const plain = aCondition({ result: 'met' });
  test.each<[name: string, value: string, what: string, report: ReportOverrides]>([
    ['headline', '2 of 5 items: not compliant', 'a red run', {}],
    ['conclusion', 'gate_failed', 'a red run', {}],
    ['gate', 'failed', 'a red run', {}],
    ['duration_seconds', '133', 'a run that ended', {}],
    ['gate_matched_count', '2', 'a red run', {}],
    ['outputs_json', '{"a":1}', 'a small answer', SMALL],
    ['replayed', 'true', 'a run that is picked up', known({ origin: 'picked_up' })],
    ['replayed', '', 'a step without a run', skipped],
    ['red_runs_before', '', 'a re-run that ended early', known({ redRunsBefore: null })],
    ['status', 'paused', 'an unknown word', known({ status: 'paused' })],
    ['status', '', 'a text of a stranger', known({ status: 'a b' })],
    ['error_message', 'Alloovium reported: No project', 'a failed run', failed],
    ['error_message', '', 'a green run', of(aCondition())],
    ['run_url', `https://x.test/${a.RUN_ID}`, 'a template', { inputs: { runUrl: 'https://x.test/{run_id}' } }],
    ['gate_matched_count', '2', 'conditions of both kinds', of(notCompliant(), plain, asWarning(notCompliant()))],
    ['gate_matched_count', '', 'a run without a gate', of(asWarning(notCompliant()))],
    ['gate_matched_count', '', 'a failed run', failed],
    ['gate_new_count', '1', 'items and a plain true', of(compared, plain)],
    ['gate_new_count', '', 'one condition that was not compared', of(compared, notCompliant())],
  ])('%s is “%s” for %s', (name, value, _what, report) => {
    expect(outputsOf(report)[name]).toBe(value);
  });
});

describe('a key of the run', () => {
  test('is an output: a text as it is, all else as JSON', () => {
    const { values } = withOutputs({ summary: 'Five\nlines', items: [1, { a: null }], ok: true, none: null, half: '\ud800' });
    expect(values).toMatchObject({ summary: 'Five\nlines', items: '[1,{"a":null}]', ok: 'true', none: 'null', half: '\ufffd' });
  });

  test.each([
    ['a=b\nc', 'a_b_c'],
    ['1st', '_1st'],
    ['-x', '_-x'],
    ['', '_'],
    ['Prüfung', 'Pr_fung'],
    ['x'.repeat(200), 'x'.repeat(100)],
    ['__proto__', '__proto__'],
  ])('%j is the output %j', (key, name) => {
    expect(withOutputs(JSON.parse(`{${JSON.stringify(key)}: "v"}`) as JsonObject).names.at(-2)).toBe(name);
  });

  test('whose name is in use, also in another case, has none, and is told', () => {
    const { values, missing } = withOutputs({ A: '1', a: '2', 'a ': '3', a_: '4' });
    expect([values.A, values.a, values.a_, missing]).toEqual(['1', undefined, '3', ['a', 'a_']]);
  });

  const NAMES = [...Object.keys(outputsOf(PLAIN)), 'comment_url', 'STATUS', 'Run now', 'report', 'baseline', 'matches'];
  test.each(NAMES)('called %j has none, and is told', (key) => {
    const { values, missing } = withOutputs({ [key]: 'forged', other: 'x' });
    expect(Object.values(values)).not.toContain('forged');
    expect(missing).toHaveLength(1);
    expect(values.other).toBe('x');
  });
});

describe('too much', () => {
  test('leaves a value empty rather than cut, and tells its name', () => {
    const { values, missing } = withOutputs({ long: 'é'.repeat(50_001), short: 'x' });
    expect(values).toMatchObject({ long: '', short: 'x', outputs_json: '' });
    expect(missing).toEqual(['long', 'outputs_json']);
  });

  test('empties `outputs_json` before the keys', () => {
    const outputs = Object.fromEntries(['a', 'b', 'c', 'd'].map((key) => [key, 'x'.repeat(99_000)]));
    const { values, missing } = withOutputs(outputs);
    expect([missing, values.d?.length]).toEqual([['outputs_json'], 99_000]);
  });

  test('never makes more than GitHub takes of a job', () => {
    const keys = Array.from({ length: 300 }, (_, at) => [`k${at}`.padEnd(100, 'x'), 'y'.repeat(5_000)]);
    const { values } = withOutputs(Object.fromEntries(keys) as JsonObject);
    const units = Object.entries(values).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    expect(units * 2).toBeLessThan(1024 * 1024);
  });

  test('makes 256 outputs at most, and tells the others', () => {
    const { values, missing } = withOutputs(Object.fromEntries(Array.from({ length: 258 }, (_, at) => [`k${at}`, at])));
    expect([values.k255, values.k256, missing]).toEqual(['255', undefined, ['k256', 'k257']]);
  });

  test('cuts a long message', () => {
    const results = [aResult({ conditions: null, outcome: { kind: 'failed' }, runState: { errorMessage: 'é'.repeat(100_000) } })];
    expect(outputsOf({ results }).error_message).toMatch(/^Alloovium reported: é{20000,}…$/);
  });
});

describe('with `runs`', () => {
  const [tower, park] = [
    { outputs: { a: 1 }, outputsJson: '{"a":1}' },
    { outputs: undefined, outputsJson: '', redRunsBefore: 1 },
  ];
  const results = [aResult({ name: 'Tower', runState: tower }), aResult({ name: 'Car park', conditions: [aCondition()], runState: park })];
  const inputs = { hasRuns: true, entries: results.map(({ entry }) => entry) };

  test('has the verdict of the step, and leaves empty what belongs to one run', () => {
    const outputs = outputsOf({ inputs, results });
    expect(outputs).toMatchObject({ conclusion: 'gate_failed', gate: 'failed', run_id: '', replayed: '', gate_matched_count: '2' });
    expect(outputs).toMatchObject({ red_runs_before: '1', outputs_json: '{"Tower":{"a":1},"Car park":null}' });
    expect(outputs).not.toHaveProperty('a');
  });

  test('has a row of `runs_json` for each run', () => {
    const ofTower = { name: 'Tower', run_id: a.RUN_ID, workflow_id: a.WORKFLOW_ID, project_id: a.PROJECT_ID };
    expect(JSON.parse(outputsOf({ inputs, results }).runs_json ?? '')).toMatchObject([
      { ...ofTower, conclusion: 'gate_failed', gate_matched_count: 2, gate_new_count: null, replayed: false, duration_seconds: 133 },
      { name: 'Car park', conclusion: 'success', gate: 'passed', gate_matched_count: 0, red_runs_before: 1, error_message: '' },
    ]);
  });

  test('has the rows also before the runs have ended', () => {
    const views = results.map(({ entry, runState }) => ({ entry, runState }));
    expect(JSON.parse(formatRunsJson(views))).toMatchObject([{ run_id: a.RUN_ID, conclusion: null, gate_matched_count: null }, {}]);
  });

  test('fits 20 long messages', () => {
    const runState = { errorMessage: '\u0001'.repeat(5_000) };
    const long = Array.from({ length: 20 }, (_, at) => aResult({ name: `run ${at}`, outcome: { kind: 'failed' }, runState }));
    expect(Buffer.byteLength(outputsOf({ inputs, results: long }).runs_json ?? '')).toBeLessThan(100_000);
  });
});
