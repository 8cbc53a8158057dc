import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { formatGateFile, formatOutputsFile } from '../../src/report/gate-file.ts';
import {
  aCondition,
  aReport,
  aResult,
  asWarning,
  COMMIT,
  DOOR,
  notCompliant,
  OTHERS,
  SHEET,
  type ReportOverrides,
} from '../support/a-report.ts';

const schema = JSON.parse(readFileSync(new URL('../../docs/gate-file.schema.json', import.meta.url), 'utf8')) as object;
const validate = new Ajv({ strict: false }).compile(schema);

/** Formats, validates and parses a file. */
function read(report: ReportOverrides) {
  const file = JSON.parse(formatGateFile(aReport(report), Date.UTC(2026, 10, 26)) ?? 'null') as Record<string, unknown> | null;
  if (file !== null) validate(file);
  expect(validate.errors ?? null).toBeNull();
  return file;
}

test('has every item once, and marks known and waived ones', () => {
  const waived = [{ value: OTHERS[0]!, digest: '', waiver: {} as never }];
  const first = notCompliant({
    items: [DOOR, { value: SHEET, isKnown: true }],
    waived,
    passed: OTHERS.slice(1),
    knownBy: ['document_id', 'status'],
  });
  const second = asWarning(aCondition({ items: [DOOR], condition: { name: null } }));
  const file = read({ results: [aResult({ conditions: [first, second] })] });
  expect(file).toMatchObject({
    version: 1,
    time: '2026-11-26T00:00:00.000Z',
    commit: COMMIT,
    gate: 'failed',
    items: [DOOR, SHEET, OTHERS[0]],
  });
  expect(file!.conditions).toMatchObject([
    { severity: 'fail', result: 'met', matched_count: 2, known_count: 1, waived_count: 1, of: 5, matched: [0, 1], known: [1], waived: [2] },
    { severity: 'warn', name: null, result: 'met', matched: [0], known: null, waived: [], of: null },
  ]);
});

test('has the runs of a step by name, each with its items', () => {
  const broken = aCondition({ result: 'cannot_be_evaluated', problem: { code: 'no_such_key' } as never });
  const results = [aResult({ name: 'doors' }), aResult({ name: '"odd"\n', conditions: [broken] })];
  const { runs } = read({ inputs: { hasRuns: true }, results })!;
  const odd = { gate: 'failed', items: [], conditions: [{ result: 'cannot_be_evaluated', problem: 'no_such_key' }] };
  expect(runs).toMatchObject({ doors: { items: [DOOR, SHEET] }, '"odd"\n': odd });
});

test('is not written without a gate', () => {
  expect(read({ results: [aResult({ conditions: [] }), aResult({ conditions: null })] })).toBeNull();
});

test('keeps the outputs of several runs by name', () => {
  const results = [aResult({ name: 'a', runState: { outputs: { x: 1 } } }), aResult({ name: 'b', runState: { outputs: undefined } })];
  expect(JSON.parse(formatOutputsFile(aReport({ inputs: { hasRuns: true }, results })) ?? '')).toEqual({ a: { x: 1 }, b: null });
});
