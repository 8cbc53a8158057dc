/** The gate's parser and evaluator against the cases of Google's cel-spec for what the gate has. */
import { getConformanceSuite, type IncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js';
import type { Value } from '@bufbuild/cel-spec/cel/expr/value_pb.js';
import { expect, test } from '@jest/globals';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { compare, print } from './evaluate.ts';

type Case = IncrementalTestSuite['tests'][number]['original'];

/** What the gate has; the other suites are about protocol buffers, extensions, times and types. */
const SUITES = 'basic comparisons conversions fields fp_math integer_math lists logic macros parse string ascii_casing trim'.split(' ');

function* casesOf(suite: IncrementalTestSuite): Generator<Case> {
  for (const { original } of suite.tests) yield original;
  for (const inner of suite.suites) yield* casesOf(inner);
}

/** Types and functions that the gate has not. */
const ABSENT = /TestAllTypes|google\.|\b(?:timestamp|duration|bytes|type|uint|matches)\(|\d(?:[uU]|0{19,})\b|\b[bB][rR]?['"]|`/;

/** Returns the value; undefined: it has a part that JSON does not have. */
function toJson({ kind }: Value): JsonValue | undefined {
  switch (kind.case) {
    case 'boolValue':
    case 'stringValue':
    case 'doubleValue':
      return kind.value;
    case 'int64Value':
      return Number(kind.value);
    case 'nullValue':
      return null;
    case 'listValue':
      return kind.value.values.map((item) => toJson(item) ?? null);
    case 'mapValue':
      return Object.fromEntries(kind.value.entries.map(({ key, value }) => [key && toJson(key), value && toJson(value)])) as JsonObject;
    default:
      return undefined;
  }
}

/** Returns the value that is expected as text; null: an error, or nothing that JSON has. */
function readExpected({ resultMatcher: { case: kind, value } }: Case): string | null {
  const expected = kind === undefined ? true : kind === 'value' ? toJson(value) : undefined;
  return expected === undefined ? null : print(expected);
}

const suites = getConformanceSuite().suites;
const { others, counts } = compare(
  [...suites, ...suites.flatMap((suite) => (suite.name === 'string_ext' ? suite.suites : []))]
    .flatMap((suite) => (SUITES.includes(suite.name) ? [...casesOf(suite)] : []))
    .filter(({ expr, bindings }) => Object.keys(bindings).length === 0 && !ABSENT.test(expr))
    .map((one) => ({ source: one.expr, outputs: {}, expected: readExpected(one) })),
);

test('has the value that cel-spec has, or none', () => expect(others).toEqual([]));

test('agrees in values and errors, and has a strict rule for each difference', () =>
  expect(counts).toEqual({
    value: 377,
    'error in both': 72,
    empty_text: 34, // `''` is refused: an unset `${{ }}` leaves it
    large_number: 30,
    never_ordered: 17, // texts next to `<` that are no days or times are refused
    unknown_function: 18, // no function of this name, which CEL forgives next to `||`
    unknown_variable: 1,
    types: 11, // the library's type checker, which refuses constants of two types
    syntax: 1, // a number that begins with its point
    no_operation: 45, // values of two kinds, null, objects and booleans are not compared; keys are texts
    no_value: 23, // a division by zero, an index out of range, a text that is no number, `bool('1')`
    not_list: 8, // a macro over an object
    near_text: 6, // strings that differ only in spaces or punctuation
  }));
