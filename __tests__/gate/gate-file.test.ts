import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { ConditionResult, ComparedResult } from '../../src/gate/condition.ts';
import { formatGateFile, formatGateFileRuns, packRun, readGateFile, BUDGET, type Head, type Budget } from '../../src/gate/gate-file.ts';
import { JSON_LIMITS, parseJson, type JsonObject, type JsonValue } from '../../src/json.ts';
import { evaluateWithoutBaseline } from '../fakes.ts';

const COMMIT = 'a'.repeat(40);
const HEAD = {
  time: '2026-11-27T05:30:00.000Z',
  event: 'pull_request',
  ref: 'refs/pull/7/merge',
  job_run: '17000000001',
  pull_request: 7,
  commit: COMMIT,
};
const ABOUT: Parameters<typeof packRun>[0] = {
  gate: 'failed',
  run_id: 'run_1',
  workflow_id: 'wf_1',
  project_id: 'p1',
  inputs_digest: 'abc',
  baseline_commit: null,
};

const result = (about: Partial<ComparedResult>): ComparedResult => {
  const one: ConditionResult = {
    condition: { severity: 'fail', name: 'bad', expression: 'outputs.bad', line: 1 },
    result: 'holds',
    matched: [],
    unmatched: null,
    problem: null,
    notices: [],
  };
  return evaluateWithoutBaseline({ ...one, ...about });
};
const A = { id: 'a', title: 'A' };
const B = { id: 'b', title: 'B' };
const C = { id: 'c', title: 'C' };
const RESULTS = [
  result({ matched: [A, B], unmatched: [C] }),
  result({
    condition: { severity: 'warn', name: null, expression: 'outputs.x', line: 2 },
    result: 'cannot_be_evaluated',
    problem: 'no such key: x',
  }),
];

const written = (
  results: readonly ComparedResult[] = RESULTS,
  about: Partial<Parameters<typeof packRun>[0]> = {},
  head: Partial<Head> = {},
  budget: Budget = BUDGET,
) => formatGateFile({ ...HEAD, ...head }, packRun({ ...ABOUT, ...about }, results, budget).text).join('');
const read = (text: string) => {
  const file = readGateFile(Buffer.from(text));
  return typeof file === 'string' ? file : [...(file.runs.get('')?.conditions.values() ?? [])];
};

const schema = JSON.parse(readFileSync(new URL('../../docs/gate-file.schema.json', import.meta.url), 'utf8')) as object;
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

test('writes a gate file with the job, the run, and each condition with its result and the places of all matched items', () => {
  expect(JSON.parse(written())).toEqual({
    version: 1,
    ...HEAD,
    ...ABOUT,
    items: [A, B],
    conditions: [
      {
        severity: 'fail',
        name: 'bad',
        expression: 'outputs.bad',
        line: 1,
        result: 'holds',
        matched_count: 2,
        known_count: null,
        waived_count: 0,
        of: 3,
        problem: null,
        known_by: [],
        left_out: 0,
        matched: [0, 1],
        known: null,
        known_on_schedule: null,
        waived: [],
      },
      {
        severity: 'warn',
        name: null,
        expression: 'outputs.x',
        line: 2,
        result: 'cannot_be_evaluated',
        matched_count: 0,
        known_count: null,
        waived_count: 0,
        of: null,
        problem: 'no such key: x',
        known_by: [],
        left_out: 0,
        matched: [],
        known: null,
        known_on_schedule: null,
        waived: [],
      },
    ],
  });
});

test('marks in a gate file the items that are known and those that are waived', () => {
  const one = result({
    matched: [A, B],
    known: [true, false],
    waived: [{ item: C, by: 0 }],
    knownBy: ['id', 'title'],
  });
  const text = written([one]);
  expect(JSON.parse(text)).toMatchObject({
    items: [A, B, C],
    conditions: [{ matched_count: 2, known_count: 1, waived_count: 1, matched: [0, 1], waived: [2], known: [0] }],
  });
  expect(read(text)).toEqual([
    {
      isEvaluated: true,
      knownBy: ['id', 'title'],
      leftOut: 0,
      places: [0, 1, 2],
      matched: [
        { item: A, isKnown: true, isOnSchedule: false },
        { item: B, isKnown: false, isOnSchedule: false },
      ],
    },
  ]);
});

test('lists in a gate file separately the items that are known only on schedules', () => {
  const one = result({ matched: [A, B, C], known: [true, true, false], knownOnSchedule: new Set([1, 2]) });
  const text = written([one]);
  expect(JSON.parse(text)).toMatchObject({
    conditions: [{ known_count: 2, matched: [0, 1, 2], known: [0], known_on_schedule: [1, 2] }],
  });
  expect(complaints(text)).toEqual([]);
  expect(read(text)).toMatchObject([
    {
      matched: [
        { item: A, isKnown: true, isOnSchedule: false },
        { item: B, isKnown: true, isOnSchedule: true },
        // On an event that is not a schedule it is new there, and keeps its mark.
        { item: C, isKnown: true, isOnSchedule: true },
      ],
    },
  ]);
});

test('keeps the source text of numbers in a gate file', () => {
  const matched = [parseJson(Buffer.from('{"id":1.0,"big":12345678901234567890}'))];
  expect(written([result({ matched })])).toContain('{"id":1.0,"big":12345678901234567890}');
});

describe('a gate file whose size is limited', () => {
  test('has an item once that many conditions match', () => {
    const rows = Array.from({ length: 10 }, (_, id) => ({ id, text: 'x'.repeat(800_000) }));
    const text = written(Array.from({ length: 100 }, () => result({ matched: rows.slice(0, 9) })));
    expect(text.length).toBeLessThan(JSON_LIMITS.bytes);
    expect(read(text)).toHaveLength(100);
  });

  test.each<[string, readonly JsonValue[], number]>([
    ['too many bytes', Array.from({ length: 12 }, (_, id) => ({ id, text: 'ä'.repeat(400_000) })), 2],
    ['too many values', Array.from({ length: 12 }, (_, id) => ({ id, list: Array.from({ length: 20_000 }, () => 0) })), 3],
    ['nested too deep', [A, JSON.parse(`${'['.repeat(61)}${']'.repeat(61)}`) as JsonValue, B], 1],
  ])('leaves out items, and counts them, if they are %s', (_, matched, leftOut) => {
    const packed = packRun(ABOUT, [result({ matched })], BUDGET);
    expect(packed.leftOut).toBe(leftOut);
    const text = formatGateFile(HEAD, packed.text).join('');
    expect(read(text)).toMatchObject([{ matched: { length: matched.length - leftOut } }]);
    expect(JSON.parse(text)).toMatchObject({
      conditions: [{ matched_count: matched.length, left_out: leftOut }],
    });
    expect(read(text)).toMatchObject([{ leftOut }]);
  });

  test('can be read again for any items, also in one of several runs', () => {
    const anItem = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.integer({ min: 1, max: 70 }).map(nested)) as fc.Arbitrary<JsonValue>;
    fc.assert(
      fc.property(fc.array(anItem, { maxLength: 8 }), fc.nat(600), fc.nat(60), (matched, bytes, values) => {
        const about = { ...ABOUT, gate: 'none' as const };
        const least = packRun(about, [result({ matched: [] })], { bytes: 0, values: 0 }).text;
        const budget = { bytes: least.length + bytes, values: 70 + values };
        const packed = packRun(about, [result({ matched })], budget);
        const text = formatGateFile(HEAD, ...formatGateFileRuns([['a', packed.text]])).join('');
        expect(typeof readGateFile(Buffer.from(text))).toBe('object');
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(budget.bytes + 1_000);
      }),
    );
  });
});

const nested = (depth: number) => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`) as JsonValue;

test('writes a gate file of several runs by name, in the written order, with any names', () => {
  const names = ['10', '2', 'Tower', '__proto__', 'a "quoted" name'];
  const runs = names.map((name) => [name, packRun(ABOUT, RESULTS, BUDGET).text] as const);
  const text = formatGateFile(HEAD, ...formatGateFileRuns(runs)).join('');
  expect(complaints(text)).toEqual([]);
  expect([...text.matchAll(/^ {2}("(?:[^"\\]|\\.)*"): \{$/gm)].map(([, name]) => JSON.parse(name ?? '') as string)).toEqual([
    'runs',
    ...names,
  ]);
  expect(readGateFile(Buffer.from(text))).toMatchObject({ runs: { size: names.length } });
  expect(complaints(formatGateFile(HEAD, ...formatGateFileRuns([])).join(''))).toEqual([]);
});

const without = (object: JsonObject, field: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== field));
const WHOLE = JSON.parse(written()) as JsonObject & { conditions: JsonObject[] };
const withCondition = (change: JsonObject) => ({
  ...WHOLE,
  conditions: [{ ...WHOLE.conditions[0], ...change }],
});

const withoutOf = (field: string) => ({ ...WHOLE, conditions: [without(WHOLE.conditions[0]!, field)] });

/** What neither the schema in docs/ nor the action takes. */
const DAMAGED: readonly [string, JsonValue][] = [
  ['a list for the whole', []],
  ['a later version', { ...WHOLE, version: 2 }],
  ['no gate', without(WHOLE, 'gate')],
  ['an unknown result of the gate', { ...WHOLE, gate: 'open' }],
  ['an event that is no text', { ...WHOLE, event: 1 }],
  ['no job run', without(WHOLE, 'job_run')],
  ['no run', { ...WHOLE, run_id: '' }],
  ['a commit that is no digest', { ...WHOLE, commit: 'main' }],
  ['a project that is a number', { ...WHOLE, project_id: 1 }],
  ['no digest of the inputs', without(WHOLE, 'inputs_digest')],
  ['a baseline that is no commit', { ...WHOLE, baseline_commit: 'main' }],
  ['items that are no list', { ...WHOLE, items: {} }],
  ['runs that are a list', { ...WHOLE, runs: [] }],
  ['an empty run', { ...WHOLE, runs: { a: {} } }],
  ['conditions that are no list', { ...WHOLE, conditions: 1 }],
  ['null for a condition', { ...WHOLE, conditions: [null] }],
  ['an unknown result', withCondition({ result: 'maybe' })],
  ['no expression', withCondition({ expression: null })],
  ['matches that are no list', withCondition({ matched: {} })],
  ['a name that is no text', withCondition({ name: 1 })],
  ['a number as a field in `known_by`', withCondition({ known_by: [1] })],
  ['known items that are no list', withCondition({ known: 'all' })],
  ['a text as the place of a known item', withCondition({ known: ['0'] })],
  ['a negative place of a known item', withCondition({ known: [-1] })],
  ['a fraction as the place of a known item', withCondition({ known: [0.5] })],
  ['no list of known items', withoutOf('known')],
  ['no list of items known on schedules', withoutOf('known_on_schedule')],
  ['no list of waived items', withoutOf('waived')],
  ['no count of matches', withoutOf('matched_count')],
  ['no count of left-out items', withoutOf('left_out')],
  ['a negative count', withCondition({ waived_count: -1 })],
];

describe('the schema in docs/ and the action', () => {
  const anyItem = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<JsonValue>;
  const anyResult = fc
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
    .map(({ severity, name, expression, matched, isCompared, ...rest }) =>
      result({
        ...rest,
        notices: [],
        condition: { severity, name, expression, line: 1 },
        matched: matched.map(([item]) => item),
        known: isCompared ? matched.map(([, isKnown]) => isKnown) : null,
      }),
    );

  test('accept every file that is written', () => {
    fc.assert(
      fc.property(
        fc.array(anyResult, { maxLength: 4 }),
        fc.option(fc.string()),
        fc.constantFrom(COMMIT, '', null),
        fc.constantFrom(7, null),
        (results, project_id, baseline_commit, pull_request) => {
          const text = written(results, { project_id, baseline_commit }, { pull_request });
          expect(complaints(text)).toEqual([]);
          expect(read(text)).toMatchObject(
            results.map(({ matched, known }) => ({
              matched: matched.map((item, at) => ({
                item: JSON.parse(JSON.stringify(item)) as unknown,
                isKnown: known?.[at] ?? false,
                isOnSchedule: false,
              })),
            })),
          );
        },
      ),
    );
  });

  test.each(DAMAGED)('refuse a file with %s', (_, value) => {
    expect(complaints(JSON.stringify(value))).not.toEqual([]);
    expect(read(JSON.stringify(value))).toBe('the baseline is not a complete `gate_file` of version 1');
  });
});

describe('the reader of a gate file', () => {
  const one = result({
    matched: [A, B],
    known: [true, true],
    knownOnSchedule: new Set([1]),
    waived: [{ item: C, by: 0 }],
    knownBy: ['id', 'title'],
  });
  const FILE = JSON.parse(written([one])) as typeof WHOLE;
  const change = (fields: JsonObject) => ({ ...FILE, conditions: [{ ...FILE.conditions[0], ...fields }] });

  test.each<[string, JsonValue]>([
    ['refuses a file without one match', change({ matched: [0], known: [0], known_on_schedule: [], known_count: 1 })],
    [
      'refuses a file without one match and its counts',
      change({ matched: [0], known: [0], known_on_schedule: [], known_count: 1, matched_count: 1 }),
    ],
    ['refuses a file without one known mark', change({ known: [] })],
    ['refuses a file without one mark for schedules', change({ known_on_schedule: [] })],
    ['refuses a file with null for the known marks', change({ known: null })],
    ['refuses a file with null for the marks for schedules', change({ known_on_schedule: null })],
    ['refuses a file without the count of known items', change({ known_count: null })],
    ['refuses a file without one waived item', change({ waived: [] })],
    ['refuses a file without its last item', { ...FILE, items: [A, B] }],
    ['refuses a file without its first item, so that all others move up', { ...FILE, items: [B, C] }],
    ['refuses a file without its items', { ...FILE, items: [] }],
    [
      'refuses a file whose count of left-out items is larger than the missing marks',
      change({ matched: [0], known: [0], known_on_schedule: [], known_count: 1, left_out: 2 }),
    ],
    ['refuses a file that counts a missing match as waived', change({ matched_count: 1, waived_count: 2 })],
    ['refuses a file that counts a missing waived item as a match', change({ matched_count: 3, waived_count: 0 })],
    ['refuses a file whose count has one more match', change({ matched_count: 3 })],
    ['refuses a file whose count has one more known item', change({ known_count: 3 })],
    ['refuses a file without its runs', { ...WHOLE, runs: {} }],
  ])('%s', (_, value) => {
    expect(read(JSON.stringify(FILE))).toHaveLength(1);
    expect(read(JSON.stringify(value))).toMatch(/is not a complete `gate_file`/);
  });

  test('accepts a file whose count includes a known item that was left out', () => {
    const value = change({ matched_count: 3, known_count: 3, left_out: 1 });
    expect(read(JSON.stringify(value))).toHaveLength(1);
  });

  test.each(['failed?', 'not passed'])('refuses a file with the result of the gate %j', (value) => {
    expect(read(JSON.stringify({ ...FILE, gate: value }))).toMatch(/is not a complete `gate_file`/);
  });

  test.each(['it holds', 'holds?'])('refuses a file with the result of a condition %j', (value) => {
    expect(read(JSON.stringify(change({ result: value })))).toMatch(/is not a complete `gate_file`/);
  });

  test('refuses a file with an item that is known both everywhere and only on schedules', () => {
    expect(read(JSON.stringify(change({ known: [1] })))).toMatch(/is not a complete `gate_file`/);
  });

  test('refuses a file with the place of an item that does not exist', () => {
    expect(read(JSON.stringify(change({ matched: [0, 3] })))).toMatch(/is not a complete `gate_file`/);
  });
});

test.each<[string, Parameters<typeof readGateFile>[0], string]>([
  ['a file of version 3', Buffer.from('{"version":3}'), 'the baseline is not a complete `gate_file` of version 1'],
  ['a truncated file', Buffer.from(written().slice(0, -9)), 'the baseline is damaged or too large to read'],
  ['a missing file', 'missing', 'there is no baseline yet (`baseline_file` does not exist)'],
  ['a file over 8 MiB', 'too_large', 'the baseline is over 8 MiB'],
])('gives the reason why the baseline is not used, for %s', (_, bytes, why) => {
  expect(readGateFile(bytes)).toBe(why);
});

test('reads any JSON as a file or returns a reason, without an error', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(WHOLE)), (value, field) => {
      for (const one of [value, { ...WHOLE, [field]: value }, withCondition({ [field]: value as JsonValue, matched: value as JsonValue })])
        readGateFile(Buffer.from(JSON.stringify(one)));
    }),
  );
});
