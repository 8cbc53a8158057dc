import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { formatGateFile } from '../../src/report/gate-file.ts';
import { parseJson } from '../../src/json.ts';
import { COMMIT, item, items, keep, NOT_EVALUATED, result, reviewGate, waiver } from '../gate/reviews.ts';

const HEAD = { time: '2026-11-26T03:17:00.000Z', event: 'push', ref: 'refs/heads/main', job_run: '81', pull_request: null, commit: COMMIT };
const schema = JSON.parse(readFileSync(new URL('../../docs/gate-file.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ strict: false }).compile(schema);

/** Joins, validates and parses a file. */
function read(...runs: readonly (readonly [string, string])[]) {
  const text = [...formatGateFile(HEAD, runs)].join('');
  const file = JSON.parse(text) as Record<string, unknown>;
  validate(file);
  expect(validate.errors).toBeNull();
  return { text, file };
}

test('has every item once, and marks what is known and waived', () => {
  const found = items('a 1', 'b 2', 'c 3');
  const setting = { baseline: keep([result([found[1]!])]), waivers: [waiver({ doc: 'c', clause: '3' })] };
  const results = [result(found, { others: items('d 4') }), result([found[0]!], { severity: 'warn', name: null })];
  const { file } = read(['', reviewGate(results, setting).gateFilePart]);
  expect(file).toMatchObject({ version: 1, ...HEAD, gate: 'failed', run_id: 'run_1', workflow_id: 'wf_1', project_id: 'p_1' });
  expect(file).toMatchObject({ baseline_commit: COMMIT, items: found });
  const both = [
    { severity: 'fail', name: 'not compliant', expression: 'outputs.items', line: 1, result: 'holds', matched_count: 2, known_count: 1 },
    { severity: 'warn', name: null, result: 'holds', matched: [0], known: null, waived: [], of: null },
  ];
  expect(file.conditions).toMatchObject(both);
  const first = { waived_count: 1, of: 4, problem: null, known_by: ['doc', 'clause', 'status'], matched: [0, 1], known: [1], waived: [2] };
  expect(file.conditions).toMatchObject([first, {}]);
});

test('has the runs of a step under their names, each with its items', () => {
  const doors = reviewGate([result(items('a 1'))]).gateFilePart;
  const { file } = read(['doors', doors], ['"odd"\n', reviewGate([NOT_EVALUATED]).gateFilePart]);
  const odd = { gate: 'failed', items: [], conditions: [{ result: 'cannot_be_evaluated', problem: 'no_such_key' }] };
  expect(file.runs).toMatchObject({ doors: { items: items('a 1') }, '"odd"\n': odd });
});

test.each([
  ['passed', [result([])]],
  ['none', [result(items('a 1'), { severity: 'warn' })]],
  ['passed', [result([]), result(items('a 1'), { severity: 'warn' })]],
])('says that the gate is %s', (gate, results) => {
  expect(read(['', reviewGate(results).gateFilePart]).file).toMatchObject({ gate, baseline_commit: null });
});

test('does not know the project of a run that another step launched', () => {
  expect(read(['', reviewGate([result([])], { runId: 'r', projectId: '' }).gateFilePart]).file).toMatchObject({ project_id: null });
});

test('keeps numbers as the run wrote them', () => {
  const exact = parseJson('{ "doc": 1.0, "clause": 12345678901234567890 }');
  expect(read(['', reviewGate([result([exact, item('a 1')])]).gateFilePart]).text).toContain('{"doc":1.0,"clause":12345678901234567890}');
});
