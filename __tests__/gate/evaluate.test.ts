/** The gate against a naive oracle that knows one rule, "an operand of the wrong type is an error", and against CEL itself. */
import { describe, expect, test } from '@jest/globals';
import { Environment } from '@marcbachmann/cel-js';
import fc from 'fast-check';
import { isExactNumber, parseJson } from '../../src/json.ts';
import type { JsonValue } from '../../src/json.ts';
import { compileGate } from '../../src/gate/gate.ts';

/** Expressions as trees, so that the oracle shares no parser with what it judges. */
type Expression =
  | { is: 'literal'; text: string; value: unknown }
  | { is: 'name'; name: string }
  | { is: 'field'; of: Expression; key: string; indexed: boolean }
  | { is: 'item'; of: Expression; at: number }
  | { is: 'has'; path: string[] }
  | { is: 'unary'; op: '!' | '-'; of: Expression }
  | { is: 'binary'; op: string; left: Expression; right: Expression }
  | { is: 'if'; test: Expression; yes: Expression; no: Expression }
  | { is: 'macro'; name: string; of: Expression; body: Expression; keep: Expression | null }
  | { is: 'list'; items: Expression[] }
  | { is: 'size'; of: Expression };

const KEYS = ['a', 'b', 'c', 'constructor', '__proto__'];
const ARITHMETIC = ['+', '-', '*'];
const LITERALS = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['0', 0],
  ['1', 1],
  ['2.0', 2],
  ['"a"', 'a'],
  ['"1"', '1'],
  ['"2026-12-31"', '2026-12-31'],
  ['""', ''],
] as const;

const expressions = fc.letrec<{ any: Expression }>((tie) => {
  const any = tie('any');
  const key = fc.constantFrom(...KEYS);
  const literal = fc.constantFrom(...LITERALS).map(([text, value]): Expression => ({ is: 'literal', text, value }));
  const path = fc.array(key, { minLength: 1, maxLength: 2 }).map((keys) => ['outputs', ...keys]);
  const known = path.map((names) =>
    names.slice(1).reduce<Expression>((of, name) => ({ is: 'field', of, key: name, indexed: false }), {
      is: 'name',
      name: 'outputs',
    }),
  );
  return {
    any: fc.oneof(
      { maxDepth: 5, depthSize: 'medium' },
      { weight: 4, arbitrary: known },
      { weight: 2, arbitrary: literal },
      {
        weight: 1,
        arbitrary: fc.constantFrom('v', 'outputs').map((name): Expression => ({ is: 'name', name })),
      },
      { weight: 2, arbitrary: path.map((names): Expression => ({ is: 'has', path: names })) },
      {
        weight: 2,
        arbitrary: fc.tuple(any, key, fc.boolean()).map(([of, name, indexed]): Expression => ({ is: 'field', of, key: name, indexed })),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(any, fc.nat(2)).map(([of, at]): Expression => ({ is: 'item', of, at })),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(fc.constantFrom('!', '-'), any).map(([op, of]): Expression => ({ is: 'unary', op, of })),
      },
      {
        weight: 8,
        arbitrary: fc
          .tuple(fc.constantFrom('==', '!=', '<', '<=', '>', '>=', 'in', '&&', '||', '&&', '||', ...ARITHMETIC), any, any)
          .map(([op, left, right]): Expression => ({ is: 'binary', op, left, right })),
      },
      {
        weight: 1,
        arbitrary: fc.tuple(any, any, any).map(([test, yes, no]): Expression => ({ is: 'if', test, yes, no })),
      },
      {
        weight: 5,
        arbitrary: fc
          .tuple(fc.constantFrom('filter', 'map', 'all', 'exists', 'exists_one'), fc.oneof(known, any), any, fc.option(any))
          .map(([name, of, body, keep]): Expression => {
            return { is: 'macro', name, of, body, keep: name === 'map' ? keep : null };
          }),
      },
      {
        weight: 1,
        arbitrary: fc.array(any, { maxLength: 2 }).map((items): Expression => ({ is: 'list', items })),
      },
      { weight: 1, arbitrary: any.map((of): Expression => ({ is: 'size', of })) },
    ),
  };
}).any;

/** `loose`: hides every type from the checker behind dyn(), so that all the mixtures reach the evaluation. */
function print(node: Expression, loose: boolean): string {
  const one = (of: Expression) => print(of, loose);
  const text = printed(node, one);
  // A literal null stays in sight, as does a variable.
  return loose && node.is !== 'name' && text !== 'null' ? `dyn(${text})` : text;
}

function printed(node: Expression, one: (of: Expression) => string): string {
  switch (node.is) {
    case 'literal':
      return node.text;
    case 'name':
      return node.name;
    case 'field':
      return node.indexed ? `(${one(node.of)})["${node.key}"]` : `(${one(node.of)}).${node.key}`;
    case 'item':
      return `(${one(node.of)})[${node.at}]`;
    case 'has':
      return `has(${node.path.join('.')})`;
    case 'unary':
      return `${node.op}(${one(node.of)})`;
    case 'binary':
      return `((${one(node.left)}) ${node.op} (${one(node.right)}))`;
    case 'if':
      return `((${one(node.test)}) ? (${one(node.yes)}) : (${one(node.no)}))`;
    case 'macro': {
      const parts = ['v', ...(node.keep ? [one(node.keep)] : []), one(node.body)];
      return `(${one(node.of)}).${node.name}(${parts.join(', ')})`;
    }
    case 'list':
      return `[${node.items.map(one).join(', ')}]`;
    case 'size':
      return `size(${one(node.of)})`;
  }
}

class Wrong extends Error {}
const wrong = (): never => {
  throw new Wrong();
};
const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);

/** What a number of these outputs is worth, from a table rather than by an algorithm. */
const WORTH: Record<string, number | bigint | null> = {
  '1.0': 1,
  '-0': 0,
  '9007199254740993': null,
  '1e999': null,
};
function numeric(value: unknown): number | bigint {
  if (isExactNumber(value)) return WORTH[value.rawJSON] ?? wrong();
  return typeof value === 'number' || typeof value === 'bigint' ? value : wrong();
}
function kind(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint' || isExactNumber(value)) return 'number';
  return Array.isArray(value) ? 'list' : typeof value;
}
const truth = (value: unknown): boolean => (typeof value === 'boolean' ? value : wrong());

function same(a: unknown, b: unknown): boolean {
  if (kind(a) !== kind(b) || a === null) return wrong();
  if (kind(a) === 'number') return Number(numeric(a)) === Number(numeric(b)) && BigInt(numeric(a)) === BigInt(numeric(b));
  if (Array.isArray(a) && Array.isArray(b)) {
    const pairs = a.slice(0, b.length).map((item, at) => same(item, b[at]));
    return a.length === b.length && pairs.every(Boolean);
  }
  if (isMap(a) && isMap(b)) {
    const shared = Object.keys(a).filter((key) => Object.hasOwn(b, key));
    const pairs = shared.map((key) => same(a[key], b[key]));
    return shared.length === Object.keys(a).length && shared.length === Object.keys(b).length && pairs.every(Boolean);
  }
  return a === b;
}

function oracle(node: Expression, names: Record<string, unknown>, loose: boolean): unknown {
  const value = (of: Expression) => oracle(of, names, loose);
  switch (node.is) {
    case 'literal':
      return node.value;
    case 'name':
      return names[node.name];
    case 'field': {
      const of = value(node.of);
      return isMap(of) && Object.hasOwn(of, node.key) ? of[node.key] : wrong();
    }
    case 'item': {
      const of = value(node.of);
      return Array.isArray(of) && node.at < of.length ? (of[node.at] as unknown) : wrong();
    }
    case 'has': {
      const keys = node.path.slice(1, -1);
      const of = keys.reduce<unknown>((at, key) => (isMap(at) && Object.hasOwn(at, key) ? at[key] : wrong()), names.outputs);
      return isMap(of) ? Object.hasOwn(of, node.path.at(-1)!) : wrong();
    }
    case 'unary': {
      const of = value(node.of);
      return node.op === '!' ? !truth(of) : -numeric(of);
    }
    case 'if':
      return truth(value(node.test)) ? value(node.yes) : value(node.no);
    case 'list':
      return node.items.map(value);
    case 'size': {
      const of = value(node.of);
      if (typeof of === 'string' || Array.isArray(of)) return of.length;
      return isMap(of) ? Object.keys(of).length : wrong();
    }
    case 'macro': {
      const of = value(node.of);
      if (!Array.isArray(of)) return wrong();
      const made: unknown[] = [];
      for (const item of of as unknown[]) {
        const inner = { ...names, v: item };
        if (node.name === 'map') {
          if (!node.keep || truth(oracle(node.keep, inner, loose))) made.push(oracle(node.body, inner, loose));
        } else {
          const passes = truth(oracle(node.body, inner, loose));
          if (passes) made.push(item);
          if (node.name === 'all' && !passes) return false;
          if (node.name === 'exists' && passes) return true;
        }
      }
      if (node.name === 'all' || node.name === 'exists') return node.name === 'all';
      return node.name === 'exists_one' ? made.length === 1 : made;
    }
    case 'binary':
      return binary(node, value, loose);
  }
}

function binary(node: Extract<Expression, { is: 'binary' }>, value: (of: Expression) => unknown, loose: boolean): unknown {
  const { op, left, right } = node;
  if (op === '&&') return truth(value(left)) && truth(value(right));
  if (op === '||') return truth(value(left)) || truth(value(right));
  const a = value(left);
  const b = value(right);
  const written = [left, right].some((side) => side.is === 'literal' && side.value === null);
  if (op === '==' || op === '!=') return (written ? a === b : same(a, b)) === (op === '==');
  if (op === 'in') {
    // A key that is no literal may have been meant as an item: `dyn("a")` is none.
    if (isMap(b)) return typeof a === 'string' && left.is === 'literal' && !loose ? Object.hasOwn(b, a) : wrong();
    return Array.isArray(b) ? b.map((item) => same(a, item)).includes(true) : wrong();
  }
  if (op === '+' && typeof a === 'string' && typeof b === 'string') return a + b;
  if (op === '+' && Array.isArray(a) && Array.isArray(b)) return [...(a as unknown[]), ...(b as unknown[])];
  if (ARITHMETIC.includes(op)) {
    const x = numeric(a);
    const y = numeric(b);
    const m = BigInt(x);
    const n = BigInt(y);
    const exact = op === '+' ? m + n : op === '-' ? m - n : m * n;
    if (BigInt.asIntN(64, exact) !== exact) return wrong();
    return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
  }
  if (kind(a) !== kind(b) || !['string', 'number', 'boolean'].includes(kind(a))) return wrong();
  if (typeof a === 'string' && typeof b === 'string') {
    // Of the texts here the days alone.
    if (!a.startsWith('2026') || !b.startsWith('2026')) return wrong();
    return op === '<' ? a < b : op === '<=' ? a <= b : op === '>' ? a > b : a >= b;
  }
  const x = numeric(kind(a) === 'boolean' ? Number(a) : a);
  const y = numeric(kind(b) === 'boolean' ? Number(b) : b);
  if (op === '<') return x < y;
  if (op === '<=') return x <= y;
  return op === '>' ? x > y : x >= y;
}

/** Small outputs over the same few keys and values as the expressions: most comparisons meet something. */
const outputsText = fc.letrec<{ any: string; map: string }>((tie) => ({
  map: fc
    .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie('any')), { maxLength: 4, selector: ([key]) => key })
    .map((entries) => `{${entries.map(([key, value]) => `"${key}":${value}`).join(',')}}`),
  any: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.constantFrom(
      'null',
      'true',
      'false',
      '0',
      '1',
      '2',
      '1.0',
      '-0',
      '9007199254740993',
      '1e999',
      '""',
      '"a"',
      '"1"',
      '"2026-12-31"',
      '"2026-02-01"',
    ),
    fc.array(tie('any'), { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    tie('map'),
  ),
})).map;

const read = (text: string) => parseJson(new TextEncoder().encode(text));

function expected(expression: Expression, outputs: JsonValue, loose: boolean): { result: string; matched: unknown } {
  try {
    const value = oracle(expression, { outputs, v: wrong }, loose);
    if (Array.isArray(value) && value.some(Array.isArray)) return wrong();
    if (Array.isArray(value)) return { result: value.length > 0 ? 'holds' : 'does_not_hold', matched: value };
    return { result: truth(value) ? 'holds' : 'does_not_hold', matched: [] };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { result: 'cannot_be_evaluated', matched: [] };
  }
}

/** Prints a list with numbers by worth, whichever of its types JavaScript has for them. */
function plain(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (isExactNumber(item)) return `number ${WORTH[item.rawJSON] ?? item.rawJSON}`;
    return typeof item === 'number' || typeof item === 'bigint' ? `number ${String(item)}` : item;
  });
}

async function compiled(expression: Expression, loose: boolean) {
  // `v` outside a macro is no variable, and a condition reads `outputs`: other expressions are refused, and passed over.
  const gate = await compileGate(print(expression, loose), '');
  return gate.fault === '' ? gate : null;
}

/** More for whoever changes the evaluator: `DRAWS=20000 npm test -- __tests__/gate/evaluate.test.ts`. */
const DRAWS = Number(process.env.DRAWS ?? 2_000);

describe.each([true, false])(`${DRAWS} random expressions (types hidden: %s)`, (loose) => {
  test('have the same result as in a second, simple interpreter, in which an operand of the wrong type is an error', async () => {
    const seen = { holds: 0, does_not_hold: 0, cannot_be_evaluated: 0 };
    await fc.assert(
      fc.asyncProperty(expressions, outputsText, async (expression, text) => {
        const gate = await compiled(expression, loose);
        if (!gate) return;
        const outputs = read(text);
        const [{ result, matched }] = gate.evaluate(outputs) as [ReturnType<typeof gate.evaluate>[0]];
        const wanted = expected(expression, outputs, loose);
        expect([result, plain(matched)]).toEqual([wanted.result, plain(wanted.matched)]);
        seen[result]++;
      }),
      { numRuns: DRAWS },
    );
    // The property proves something only if every result occurs often.
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(DRAWS / 200);
  });

  test('have the verdict that CEL gives', async () => {
    let agreed = 0;
    const cel = new Environment({ homogeneousAggregateLiterals: false }).registerVariable('outputs', 'dyn');
    const arithmetic = /dyn\(-|-\(|\) [-+*] \(/;
    await fc.assert(
      fc.asyncProperty(expressions, outputsText, async (expression, text) => {
        const source = print(expression, loose);
        const gate = arithmetic.test(source) || text.includes('9007') ? null : await compiled(expression, loose);
        if (!gate) return;
        const [{ result }] = gate.evaluate(read(text)) as [ReturnType<typeof gate.evaluate>[0]];
        if (result === 'cannot_be_evaluated') return;
        let answer: unknown;
        try {
          answer = cel.evaluate(source, { outputs: JSON.parse(text) as unknown });
        } catch {
          return; // Where CEL has no answer there is none to differ from: it has no `int == double`.
        }
        expect([source, text, Array.isArray(answer) ? answer.length > 0 : answer]).toEqual([source, text, result === 'holds']);
        agreed++;
      }),
      { numRuns: DRAWS },
    );
    expect(agreed).toBeGreaterThan(DRAWS / 100);
  });
});
