/**
 * The budget of a gate counts steps and not time, so that the verdict is the same on every machine. Whatever a condition
 * does, its steps must stand for time: all that the conditions of a gate may spend takes under 5 s of processor time.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, type JsonObject } from '../../src/json.ts';
import { compileCel } from '../../src/gate/compile.ts';
import { cpuOf, slowness } from '../cpu.ts';

/** As in src/gate/gate.ts; one condition has half of it. */
const STEPS_OF_ALL = 40_000_000;
const parse = (text: string) => parseJson(new TextEncoder().encode(text));

const list = <T>(count: number, make: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));
const LONG = 'k'.repeat(16_384);
/** What takes JavaScript longer than it looks. */
const OUTPUTS: JsonObject = {
  items: list(20_000, (at) => ({ id: `d${at}`, n: at, f: at + 0.5, s: at % 2 ? 'x' : 'y', l: [at, 1, 2] })),
  n: 7,
  f: 0.1,
  ok: true,
  none: [],
  typed: list(50_000, (at) => 12345678901230000000 + at * 10_000),
  one: 12345678901230000000,
  exact: parse(`[${list(40_000, (at) => `1.${at}0`).join()}]`),
  digits: '1234567890123456',
  fraction: '1234.56789e10',
  date: '2026-12-31T10:00:00.123456+01:00',
  short: 'abcdefgh',
  middle: 'm'.repeat(4_000),
  long: 'a'.repeat(3_000_000),
  blank: ' '.repeat(3_000_000),
  faces: '\u{1F600}'.repeat(400_000),
  mixed: 'aA'.repeat(1_000_000),
  key: LONG,
  keys: Object.fromEntries(list(300, (at) => [`${LONG}${at}`, at])),
  wide: Object.fromEntries(list(20_000, (at) => [`k${at}`, at])),
  small: { a: 1, b: 2 },
  deep: parse(`${'['.repeat(50)}${']'.repeat(50)}`),
};

/** Parts of which nested loops are made: each with a type, so that most of what is made is evaluated for long. */
const NUMBERS = [
  'i',
  'j',
  'outputs.n',
  'outputs.f',
  'outputs.one',
  'outputs.exact[0]',
  'outputs.typed[1]',
  'size(outputs.small)',
  'size(outputs.middle)',
  'size(outputs.wide)',
  'int(outputs.digits)',
  'double(outputs.fraction)',
  '2',
  '0.5',
  '9007199254740993',
];
const TEXTS = [
  'outputs.short',
  'outputs.middle',
  'outputs.date',
  'outputs.digits',
  'string(i)',
  'string(outputs.f)',
  'outputs.short.upperAscii()',
  'outputs.middle.trim()',
  'outputs.mixed.lowerAscii()',
  '"é"',
  'outputs.faces',
  'outputs.long',
  'outputs.key',
];
const LISTS = [
  'outputs.none',
  '[i, j]',
  '[outputs.n, 2]',
  'outputs.typed',
  'outputs.exact',
  '([i] + [j])',
  'outputs.deep',
  'outputs.items',
  'outputs.items.map(k, k.n)',
];

const { truth } = fc.letrec<{ number: string; text: string; truth: string }>((tie) => {
  const [number, text, truth] = [tie('number'), tie('text'), tie('truth')];
  const of = (format: string, ...parts: fc.Arbitrary<string>[]) =>
    fc.tuple(...parts).map((given) => given.reduce((made, part) => made.replace('_', () => part), format));
  const oneOf = (from: readonly string[]) => fc.constantFrom(...from);
  return {
    number: fc.oneof(
      { maxDepth: 3 },
      oneOf(NUMBERS),
      fc.tuple(number, oneOf(['+', '-', '*']), number).map((parts) => `(${parts.join(' ')})`),
      of('(-_)', number),
      of('(_ ? _ : _)', truth, number, number),
      of('size(_)', text),
    ),
    text: fc.oneof(
      { maxDepth: 3 },
      oneOf(TEXTS),
      of('(_ + _)', text, text),
      of('(_ ? _ : _)', truth, text, text),
    ),
    truth: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(number, oneOf(['<', '==', '!=', '>=']), number).map((parts) => `(${parts.join(' ')})`),
      fc.tuple(text, oneOf(['<', '==', '!=']), text).map((parts) => `(${parts.join(' ')})`),
      fc.tuple(oneOf(LISTS), oneOf(['==', '!=']), oneOf(LISTS)).map((parts) => `(${parts.join(' ')})`),
      of('(_ in _)', number, oneOf(LISTS)),
      of('(_ in keys(outputs.keys))', text),
      of('({_: 1} == {"a": 1})', text),
      of('(_ && !_)', truth, truth),
      of('(_ || has(outputs.small.c))', truth),
      of('_.exists(k, k == _)', oneOf(LISTS), number),
      fc
        .tuple(text, oneOf(['contains', 'startsWith', 'endsWith']), text)
        .map(([a, name, b]) => `${a}.${name}(${b})`),
      of('(outputs.small == outputs.small && _)', truth),
    ),
  };
});

/** The condition in two loops that end only with the budget. */
const looped = (condition: string) =>
  `outputs.items.map(a, [a.n].exists(i, outputs.items.all(b, [b.n].exists(j, (${condition}) || true))))`;

/** Nanoseconds of processor time for each step of so many; null: it is refused, or ended long before by an error. */
function pace(expression: string, steps: number): number | null {
  const compiled = compileCel(expression);
  if (typeof compiled !== 'function') return null;
  const budget = { steps };
  const took = cpuOf(() => compiled(OUTPUTS, budget), 1);
  const spent = steps - budget.steps;
  return spent < steps / 4 ? null : (took * 1_000) / spent;
}

/** What 40 million steps may take of 5 s, in nanoseconds. */
const MOST = 5e9 / STEPS_OF_ALL;

/** A million steps are over before the compiler is: what seems slow has its whole budget, beside how slow the machine is. */
function expectSwift(expression: string): boolean {
  const nanoseconds = pace(expression, STEPS_OF_ALL / 40);
  if (nanoseconds !== null && nanoseconds > MOST / 2)
    expect((pace(expression, STEPS_OF_ALL / 2) ?? 0) / slowness()).toBeLessThan(MOST);
  return nanoseconds !== null;
}

const SEEDS = [
  'outputs.typed.exists(k, k == outputs.one + 1.0)',
  'outputs.one in outputs.typed',
  'outputs.typed != outputs.typed',
  'outputs.exact != outputs.exact',
  'outputs.one < outputs.typed[1]',
  '(outputs.key + string(j)) in keys(outputs.keys)',
  '{(outputs.short + string(j)): 1} == {"a": 1}',
  'outputs.mixed.upperAscii() == ""',
  'outputs.faces < outputs.faces',
  'outputs.date < outputs.date',
  'outputs.digits < outputs.digits',
  'size(outputs.faces) == 1',
  'outputs.blank.trim() == ""',
  'outputs.middle.contains("mmmmmmmmmmmmmmmmb")',
  'outputs.n * outputs.n * outputs.n * outputs.n > 1',
  `${'!'.repeat(90)}outputs.ok`,
  'outputs.none.exists(k, true) || has(outputs.small.cc)',
  '[[i]].map(k, [k, k]).map(k, [k, k]).map(k, [k, k]).map(k, [k, k]) == []',
  'outputs.wide == outputs.wide',
  'i in outputs.items.map(k, k.n)',
];

describe('all that the conditions of a gate may spend takes under 5 s', () => {
  test.each(SEEDS)('%s', (condition) => {
    expectSwift(looped(condition));
  });

  test('random conditions', () => {
    let measured = 0;
    fc.assert(
      fc.property(truth, (condition) => {
        if (expectSwift(looped(condition))) measured++;
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(measured).toBeGreaterThan(150);
  });
});
