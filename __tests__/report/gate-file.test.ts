import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { ConditionResult } from '../../src/gate/condition.ts';
import { parseJson, type JsonObject, type JsonValue } from '../../src/json.ts';
import {
  gateFile,
  gateFileOfRuns,
  gateFileRun,
  readGateFile,
  type JudgedRun,
} from '../../src/report/gate-file.ts';
import { COMMIT } from './a-report.ts';

const ORIGIN = {
  event: 'pull_request',
  ref: 'refs/pull/7/merge',
  jobRunId: '17000000001',
  pullRequest: 7,
  commit: COMMIT,
};

const result = (about: Partial<ConditionResult>): ConditionResult => ({
  condition: { severity: 'fail', name: 'bad', expression: 'outputs.bad', line: 1 },
  result: 'holds',
  matched: [],
  unmatched: null,
  problem: null,
  notices: [],
  ...about,
});
const ITEMS = [
  { id: 'a', title: 'A' },
  { id: 'b', title: 'B' },
];
const RUN: JudgedRun = {
  gate: 'failed',
  runId: 'run_1',
  workflowId: 'wf_1',
  projectId: 'p1',
  baseline: null,
  results: [
    result({ matched: ITEMS, unmatched: [{ id: 'c', title: 'C' }] }),
    result({
      condition: { severity: 'warn', name: null, expression: 'outputs.x', line: 2 },
      result: 'cannot_be_evaluated',
      problem: 'no such key: x',
    }),
  ],
};

const written = (run: Partial<JudgedRun> = {}, origin: Partial<typeof ORIGIN> = {}) =>
  [...gateFile({ ...ORIGIN, ...origin }, { ...RUN, ...run })].join('');
const json = (text: string) => parseJson(Buffer.from(text));

const schema = JSON.parse(
  readFileSync(new URL('../../docs/gate-file.schema.json', import.meta.url), 'utf8'),
) as object;
const validate = new Ajv({
  strict: true,
  strictRequired: false,
  allowUnionTypes: true,
  allErrors: true,
}).compile(schema);
/** What the schema in docs/ has against it. */
function complaints(text: string): string[] {
  validate(JSON.parse(text));
  return (validate.errors ?? []).map(({ instancePath, message = '' }) => `${instancePath} ${message}`);
}

test('it names the job, the run and each condition with its result and all matched items', () => {
  expect(JSON.parse(written())).toEqual({
    version: 2,
    event: 'pull_request',
    ref: 'refs/pull/7/merge',
    job_run: '17000000001',
    pull_request: 7,
    commit: COMMIT,
    gate: 'failed',
    run_id: 'run_1',
    workflow_id: 'wf_1',
    project_id: 'p1',
    baseline_commit: null,
    conditions: [
      {
        severity: 'fail',
        name: 'bad',
        expression: 'outputs.bad',
        line: 1,
        result: 'holds',
        matched_count: 2,
        new_count: null,
        of: 3,
        identified_by: 'id',
        problem: null,
        matched: ITEMS,
        new: null,
      },
      {
        severity: 'warn',
        name: null,
        expression: 'outputs.x',
        line: 2,
        result: 'cannot_be_evaluated',
        matched_count: 0,
        new_count: null,
        of: null,
        identified_by: null,
        problem: 'no such key: x',
        matched: [],
        new: null,
      },
    ],
  });
});

test('beside a baseline it tells the new items from the known ones', () => {
  const text = written({ baseline: COMMIT, results: [result({ matched: ITEMS, known: [true, false] })] });
  expect(JSON.parse(text)).toMatchObject({
    baseline_commit: COMMIT,
    conditions: [{ matched_count: 2, new_count: 1, new: [1] }],
  });
  expect(readGateFile(json(text))?.runs.get('')?.conditions).toMatchObject([{ known: [true, false] }]);
});

test('numbers keep their source text', () => {
  const matched = [json('{"id":1.0,"big":12345678901234567890}')];
  expect(written({ results: [result({ matched })] })).toContain('{"id":1.0,"big":12345678901234567890}');
});

test('it comes in pieces none of which grows with the number of items, but for the places of the new ones', () => {
  const matched = Array.from({ length: 1_000 }, (_, id) => ({ id }));
  const pieces = [...gateFile(ORIGIN, { ...RUN, results: [result({ matched })] })];
  expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(300);
  expect(JSON.parse(pieces.join(''))).toMatchObject({ conditions: [{ matched }] });
});

test('of several runs it holds all by name, in the order given, whatever their names', () => {
  const names = ['10', '2', 'Tower', '__proto__', 'a "quoted" name'];
  const text = [
    ...gateFileOfRuns(
      ORIGIN,
      names.map((name) => [name, gateFileRun({ ...RUN, runId: `run_${name.length}` })]),
    ),
  ].join('');
  expect(complaints(text)).toEqual([]);
  expect(
    [...text.matchAll(/^ {2}("(?:[^"\\]|\\.)*"): \{$/gm)].map(([, name]) => JSON.parse(name ?? '') as string),
  ).toEqual(['runs', ...names]);
  const file = readGateFile(json(text));
  expect([...(file?.runs.keys() ?? [])].sort()).toEqual([...names].sort());
  expect(file?.runs.get('__proto__')?.conditions).toHaveLength(2);
  expect(complaints([...gateFileOfRuns(ORIGIN, [])].join(''))).toEqual([]);
});

const without = (object: JsonObject, field: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));

describe('the schema in docs/', () => {
  const anyItem = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
  const anyResult: fc.Arbitrary<ConditionResult> = fc
    .record({
      severity: fc.constantFrom('fail' as const, 'warn' as const),
      name: fc.option(fc.string()),
      expression: fc.string(),
      result: fc.constantFrom('holds' as const, 'does_not_hold' as const, 'cannot_be_evaluated' as const),
      matched: fc.array(fc.tuple(anyItem, fc.boolean()), { maxLength: 5 }),
      unmatched: fc.option(fc.array(anyItem, { maxLength: 3 })),
      problem: fc.option(fc.string()),
      isCompared: fc.boolean(),
    })
    .map(({ severity, name, expression, matched, isCompared, ...rest }) => ({
      ...rest,
      notices: [],
      condition: { severity, name, expression, line: 1 },
      matched: matched.map(([item]) => item),
      ...(isCompared ? { known: matched.map(([, isKnown]) => isKnown) } : {}),
    }));

  test('holds for whatever is written, and what is written is read', () => {
    fc.assert(
      fc.property(
        fc.array(anyResult, { maxLength: 4 }),
        fc.option(fc.string()),
        fc.constantFrom(COMMIT, '', null),
        fc.constantFrom(7, null),
        (results, projectId, baseline, pullRequest) => {
          const text = written({ results, projectId, baseline }, { pullRequest: pullRequest as number });
          expect(complaints(text)).toEqual([]);
          const read = readGateFile(json(text))?.runs.get('');
          expect(read).toMatchObject({ runId: 'run_1', projectId, baseline });
          expect(read?.conditions.map(({ matched }) => matched.length)).toEqual(
            results.map(({ matched }) => matched.length),
          );
          expect(read?.conditions.map(({ known }) => known)).toEqual(
            results.map(({ matched, known }) => known ?? matched.map(() => false)),
          );
        },
      ),
    );
  });

  test.each<[string, (file: JsonObject & { conditions: JsonObject[] }) => JsonValue]>([
    ['another version', (file) => ({ ...file, version: 1 })],
    ['no job run', (file) => without(file, 'job_run')],
    ['a commit that is none', (file) => ({ ...file, commit: 'main' })],
    ['a gate in other words', (file) => ({ ...file, gate: 'red' })],
    ['no conditions', (file) => without(file, 'conditions')],
    [
      'a condition without its new ones',
      (file) => ({ ...file, conditions: file.conditions.map((one) => without(one, 'new')) }),
    ],
    [
      'matches that are no list',
      (file) => ({ ...file, conditions: file.conditions.map((one) => ({ ...one, matched: {} })) }),
    ],
    ['runs that are no runs', (file) => ({ ...file, runs: { a: 1 } })],
  ])('has something against %s', (_, change) => {
    const file = JSON.parse(written()) as JsonObject & { conditions: JsonObject[] };
    expect(complaints(JSON.stringify(change(file)))).not.toEqual([]);
  });
});

describe('what is no gate file of version 2 is none', () => {
  const whole = JSON.parse(written()) as JsonObject & { conditions: JsonObject[] };
  const [condition] = whole.conditions;
  const withCondition = (change: JsonObject) => ({ ...whole, conditions: [{ ...condition, ...change }] });

  test('it is read as it was written', () => {
    expect(readGateFile(json(JSON.stringify(withCondition({}))))).toMatchObject({
      ...ORIGIN,
      runs: new Map([['', { runId: 'run_1', workflowId: 'wf_1', projectId: 'p1' }]]),
    });
  });

  test.each<[string, JsonValue]>([
    ['no object', []],
    ['version 1', { ...whole, version: 1 }],
    ['an event that is no text', { ...whole, event: 1 }],
    ['no ref', { ...whole, ref: null }],
    ['a job run that is a number', { ...whole, job_run: 17 }],
    ['a pull request that is a text', { ...whole, pull_request: '7' }],
    ['no run', { ...whole, run_id: '' }],
    ['a commit that is none', { ...whole, commit: 'main' }],
    ['a project that is a number', { ...whole, project_id: 1 }],
    ['a baseline that is no commit', { ...whole, baseline_commit: 'main' }],
    ['runs that are a list', { ...whole, runs: [] }],
    ['no run among `runs`', { ...whole, runs: {} }],
    ['a run that is none', { ...whole, runs: { a: {} } }],
    ['conditions that are no list', { ...whole, conditions: 1 }],
    ['a condition that is none', { ...whole, conditions: [null] }],
    ['an unknown result', withCondition({ result: 'maybe' })],
    ['no expression', withCondition({ expression: null })],
    ['matches that are no list', withCondition({ matched: {} })],
    ['a name that is no text', withCondition({ name: 1 })],
    ['a key that is no text', withCondition({ identified_by: 1 })],
    ['new ones that are no list', withCondition({ new: 'all' })],
    ['places of new ones that are texts', withCondition({ matched: [{ id: 1 }], new: ['0'] })],
    ['a place of a new one beyond its items', withCondition({ matched: [{ id: 1 }], new: [1] })],
    ['a place of a new one before its items', withCondition({ matched: [{ id: 1 }], new: [-1] })],
    ['a place of a new one between its items', withCondition({ matched: [{ id: 1 }], new: [0.5] })],
    [
      'no word of new ones',
      {
        ...whole,
        conditions: [without(condition!, 'new')],
      },
    ],
  ])('%s', (_, value) => {
    expect(readGateFile(json(JSON.stringify(value)))).toBeNull();
  });

  test('any JSON gives a file or none, never an error', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(whole)), (value, field) => {
        readGateFile(json(JSON.stringify(value)));
        readGateFile(json(JSON.stringify({ ...whole, [field]: value })));
        readGateFile(
          json(JSON.stringify(withCondition({ [field]: value as JsonValue, matched: value as JsonValue }))),
        );
      }),
    );
  });
});
