/**
 * Google's conformance data for CEL, played on the gate's parser and evaluator. The value of an expression is had as the
 * one item of `[expression]`; variables of a test are keys of the outputs.
 */
import { getConformanceSuite, type IncrementalTestSuite } from '@bufbuild/cel-spec/testdata/tests.js';
import type { Value as Expected } from '@bufbuild/cel-spec/cel/expr/value_pb.js';
import { Environment } from '@marcbachmann/cel-js';
import { compileExpression } from '../../src/gate/compile.ts';
import type { ASTNode } from '../../src/gate/values.ts';
import { isExactNumber, isJsonObject, parseJson, type JsonValue } from '../../src/json.ts';

/** `agrees`: has the value that is expected, or none where an error is. */
export type Class = 'agrees' | 'refused' | 'cannot be evaluated' | 'another value';
export interface Played {
  /** The suites that hold it and its name, with `/` between them. */
  readonly path: string;
  readonly expression: string;
  readonly class: Class;
  /** Why it does not agree. */
  readonly reason: string;
  /** Is an error expected? */
  readonly isError: boolean;
}

/** What the list says of a test that no rule explains: nothing may be there. */
export const UNEXPLAINED = 'unexplained';

export function playSpec(): Played[] {
  return [...testsOf(getConformanceSuite(), [])];
}

type Test = IncrementalTestSuite['tests'][number]['original'];

function* testsOf(suite: IncrementalTestSuite, path: readonly string[]): Generator<Played> {
  for (const { name, original } of suite.tests) yield play([...path, name].join('/'), original);
  for (const inner of suite.suites) yield* testsOf(inner, [...path, inner.name]);
}

function play(path: string, test: Test): Played {
  const wanted = wantedOf(test);
  const about = { path, expression: test.expr, isError: wanted === 'error' };
  const outputs = outputsOf(test);
  const compiled = compileExpression(`[${withOutputs(test.expr, Object.keys(outputs))}]`, false);
  if (typeof compiled !== 'function') {
    const reason = reasonOf(path, test.expr, compiled.message);
    return { ...about, class: wanted === 'error' ? 'agrees' : 'refused', reason };
  }
  const { matched, problem } = compiled(outputs);
  if (problem !== null) {
    const reason = reasonOf(path, test.expr, problem);
    return { ...about, class: wanted === 'error' ? 'agrees' : 'cannot be evaluated', reason };
  }
  const agrees = typeof wanted === 'object' && printed(wanted.value) === printed(matched[0] ?? null);
  return { ...about, class: agrees ? 'agrees' : 'another value', reason: reasonOf(path, test.expr, '') };
}

/** Thrown for what JSON does not have: bytes, messages, types, keys that are no texts. */
class NotJson extends Error {}

function wantedOf({ resultMatcher }: Test): { value: JsonValue } | 'error' | 'no JSON' {
  const { case: kind, value } = resultMatcher;
  if (kind === undefined) return { value: true };
  if (kind !== 'value' && kind !== 'typedResult') return 'error';
  try {
    const expected = kind === 'value' ? value : value.result;
    return expected ? { value: jsonOf(expected) } : 'no JSON';
  } catch {
    return 'no JSON';
  }
}

function jsonOf({ kind }: Expected): JsonValue {
  switch (kind.case) {
    case 'boolValue':
    case 'stringValue':
    case 'doubleValue':
      return kind.value;
    case 'int64Value':
      return parse(String(kind.value));
    case 'nullValue':
      return null;
    case 'listValue':
      return kind.value.values.map(jsonOf);
    case 'mapValue':
      return Object.fromEntries(
        kind.value.entries.map(({ key, value }) => {
          const name = key ? jsonOf(key) : null;
          if (typeof name !== 'string' || !value) throw new NotJson();
          return [name, jsonOf(value)];
        }),
      );
    default:
      throw new NotJson();
  }
}

const parse = (text: string) => parseJson(new TextEncoder().encode(text));

function outputsOf({ bindings }: Test): Record<string, JsonValue> {
  try {
    return Object.fromEntries(
      Object.entries(bindings).map(([name, { kind }]) => {
        if (kind.case !== 'value' || !/^\w+$/.test(name)) throw new NotJson();
        return [name, jsonOf(kind.value)];
      }),
    );
  } catch {
    return {};
  }
}

/** The node and all below it: what a node has below it stands in its `args`, however nested. */
function* walk(args: unknown): Generator<ASTNode> {
  if (Array.isArray(args)) for (const item of args) yield* walk(item);
  else if (typeof args === 'object' && args !== null && 'op' in args) {
    yield args as ASTNode;
    yield* walk((args as ASTNode).args);
  }
}

const anyVariable = new Environment({ unlistedVariablesAreDyn: true });

/** The variables of these names become keys of the outputs. */
function withOutputs(expression: string, names: readonly string[]): string {
  if (names.length === 0) return expression;
  let nodes: ASTNode[];
  try {
    nodes = [...walk(anyVariable.parse(expression).ast)];
  } catch {
    return expression;
  }
  const places = nodes
    .filter((node) => node.op === 'id' && names.includes(node.args))
    .map(({ start }) => start)
    .sort((a, b) => b - a);
  return places.reduce((text, at) => `${text.slice(0, at)}outputs.${text.slice(at)}`, expression);
}

/** Keys in their order, numbers by what they are worth: to JSON 1 and 1.0 are one. */
export function printed(value: JsonValue): string {
  if (isExactNumber(value)) return String(Number(value.rawJSON)) + ` ${value.rawJSON.replace(/\.0+$/, '')}`;
  if (typeof value === 'number') return `${value} ${value}`;
  if (Array.isArray(value)) return `[${(value as readonly JsonValue[]).map(printed).join()}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${printed(value[key] ?? null)}`).join()}}`;
}

interface Rule {
  readonly reason: string;
  /** Of the suites, of the expression and of what we say of it: each that is given must fit. */
  readonly path?: RegExp;
  readonly expression?: RegExp;
  readonly output?: RegExp;
}

/** What CEL has and the gate has not, or has more strictly. The first rule that fits; docs/conditions.md says the same. */
const RULES: readonly Rule[] = [
  {
    reason: 'bytes and unsigned integers',
    expression: /(?<![\w'"])(?:\d+u\b|0x[0-9a-f]+u\b|(?:b|br|rb)['"])|\b(?:bytes|uint)\b/i,
  },
  {
    reason: 'protobuf messages, wrappers and enums',
    path: /^(?:proto2|proto2_ext|proto3|enums|dynamic|wrappers)\//,
  },
  {
    reason: 'protobuf messages, wrappers and enums',
    expression: /\b(?:TestAllTypes|NestedTestAllTypes|GlobalEnum|google\.protobuf|cel\.expr|NullValue|msg)\b/,
  },
  { reason: 'cel.block() and cel.bind()', path: /^(?:block_ext|bindings_ext)\// },
  { reason: 'optional values', expression: /optional\.|\.\?|\[\?|\{\?/ },
  { reason: 'timestamps and durations', expression: /\b(?:timestamp|duration)\b/ },
  { reason: 'timestamps and durations', path: /^timestamps\// },
  { reason: 'regular expressions', expression: /\.matches\(|\bregex\./ },
  { reason: 'macros with two variables', path: /^macros2\// },
  { reason: 'functions of extensions', path: /^(?:encoders_ext|math_ext|network_ext|string_ext)\// },
  {
    reason: 'types as values',
    expression: /\btype\(|^(?:bool|int|double|string|list|map|null_type|type)$|== ?(?:bool|int|double|string|list|map|null_type|type)\b/,
  },
  { reason: 'variables and functions that the gate does not know', path: /^namespace\// },
  { reason: 'names in backquotes', expression: /`/, output: /not a quote in CEL/ },
  {
    reason: 'variables and functions that the gate does not know',
    expression: /\ba\.b\.c\b|\bf_unknown\(|\bfn\(|\ba\.\w+\(\)|^x \|\| true$/,
  },
  { reason: 'map keys that are not texts', output: /and a key takes a text|search for a key takes/ },
  { reason: 'map keys that are not texts', expression: /^7 in \{\}$/ },
  { reason: 'macros over maps', output: /is an object, and \w+\(\) takes a list/ },
  { reason: 'a number that begins with its point', expression: /^\.99 / },
  {
    reason: 'NaN, infinity and division by zero',
    output: /division by zero/,
  },
  { reason: 'texts that are no days or times, ordered', output: /orders two texts only/ },
  { reason: 'numbers beyond 2^53', output: /beyond 2\^53|double\(\) cannot convert/ },
  { reason: 'bool() of other texts than true and false', output: /bool\(\) cannot convert/ },
  {
    reason: 'values of two types, or null, compared or chosen between',
    output: /meets|does not compare|does not take both|of one kind|takes true or false|, and "[<>]=?" takes/,
  },
  {
    reason: 'an error beside a value that would settle it',
    expression: /\|\| true$|&& false$|\.all\(e, 6 \//,
  },
  { reason: 'an index of an empty list', expression: /^\(\[\]\.map\(x,x\)\)\[0\]/ },
  {
    reason: 'only the type of the value is expected',
    path: /list_parameter(?:_order_independent)?$/,
  },
];

function reasonOf(path: string, expression: string, output: string): string {
  const rule = RULES.find(
    (one) => one.path?.test(path) !== false && one.expression?.test(expression) !== false && one.output?.test(output) !== false,
  );
  return rule?.reason ?? UNEXPLAINED;
}

/** What does not agree: class, reason, paths. A suite of which every test is so is one entry, `suite/*`. */
export type List = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

export function listOf(played: readonly Played[]): List {
  const kindOf = (one: Played) => (one.class === 'agrees' ? '' : `${one.class}: ${one.reason}`);
  const suites = Map.groupBy(played, ({ path }) => path.slice(0, path.lastIndexOf('/')));
  const list: Record<string, Record<string, string[]>> = {};
  for (const [suite, tests] of suites) {
    const isWhole = tests.length > 1 && new Set(tests.map(kindOf)).size === 1;
    for (const one of isWhole ? tests.slice(0, 1) : tests) {
      if (one.class === 'agrees') continue;
      const paths = ((list[one.class] ??= {})[one.reason] ??= []);
      paths.push(isWhole ? `${suite}/*` : one.path);
    }
  }
  return list;
}
