/** Random expressions over random outputs on the gate's parser and evaluator and on another CEL, @bufbuild/cel. */
import { celMap, isCelError, isCelList, isCelMap, run, type CelInput } from '@bufbuild/cel';
import { expect, test } from '@jest/globals';
import { isJsonObject, isList, type JsonObject, type JsonValue } from '../../src/json.ts';
import { compare, print } from './evaluate.ts';

// Its look-ups take a null for a missing key (0.6.1).
const lookUps = Object.getPrototypeOf(celMap(new Map())) as { has(key: string): boolean; get(key: string): unknown };
lookUps.has = function (key) {
  return this.get(key) !== undefined;
};

const TEXTS = ['a', 'b', 'B', 'ab', '9', '10', '2026-12-31', '2027-01-01', 'TBD', 'a b'];
/** Without a division of whole numbers, which CEL cuts. By type, its values and what makes one: a capital stands for a value of its type, `v` for the innermost item. */
const GRAMMAR: Readonly<Record<string, readonly [values: string, forms: string]>> = {
  B: [
    'outputs.ok outputs.no true false v.ok v.ok has(v.note) has(outputs.z) has(outputs.absent)',
    '(B) && (B);(B) || (B);!(B);(I) < (I);(D) >= (D);(I) <= (D);(T) < (T);(I) == (I);(D) != (D);(T) == (T);(B) == (B);(L) == (L);(I) == null;(I) in (L);(T) in (X);"a" in outputs.map;(T).contains(T);(T).startsWith(T);(T).endsWith(T);R.exists(v, B);R.all(v, B);R.exists_one(v, B);(B) ? (B) : (B)',
  ],
  I: [
    'outputs.n outputs.m 0 1 2 3 v.n v.n outputs.map.a outputs.ints[0]',
    '(I) + (I);(I) - (I);(I) * (I);(I) % (I);-(I);size(L);size(R);size(T);(B) ? (I) : (I);int(D)',
  ],
  D: ['outputs.f 0.5 1.5 2.0 v.f', '(D) + (D);(D) * (D);(D) / (D);double(I)'],
  T: ['outputs.s outputs.t v.note v.id outputs.map["b"] "a" "b" "B" "9" "2026-12-31" "2027-01-01"', '(T) + (T);(B) ? (T) : (T);string(I)'],
  L: ['outputs.ints [1,2] []', 'L + L;[I, I];R.map(v, I);L.filter(w, w > (I));R.map(v, B, I)'],
  X: ['outputs.texts ["a","b"] []', 'X + X;[T, T];R.map(v, T)'],
  R: ['outputs.rows', 'R.filter(v, B);R + R'],
};

function createCase(seed: number) {
  let state = (seed + 1) * 7919;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const make = (type: string, depth: number, isInRow: boolean): string => {
    const [values = '', forms = ''] = GRAMMAR[type] ?? [];
    const known = (random() < 0.03 ? 'outputs.absent outputs.z outputs.map v.absent outputs.s' : values)
      .split(' ')
      .filter((value) => isInRow || !value.includes('v.'));
    if (depth === 0 || random() < 0.15) return pick(known);
    const form = pick(forms.split(';'));
    // What follows `v, ` is within the macro.
    return form.replace(/(?<!\w)[BIDTLXR](?!\w)/g, (letter, at: number) =>
      make(letter, depth - 1, isInRow || form.slice(0, at).includes('(v, ')),
    );
  };
  const int = () => Math.floor(random() * 7) - 2;
  const list = <T>(one: () => T) => Array.from({ length: Math.floor(random() * 4) }, one);
  const note = () => (random() < 0.9 ? { note: random() < 0.1 ? null : pick(TEXTS) } : {});
  const rows = list(() => ({ id: pick(TEXTS), n: random() < 0.05 ? '7' : int(), f: int() + 0.5, ok: random() < 0.5, ...note() }));
  const texts = { s: pick(TEXTS), t: pick(TEXTS), texts: list(() => pick(TEXTS)), map: { a: int(), b: pick(TEXTS) } };
  const outputs = { n: int(), m: int(), f: int() + 0.5, ok: random() < 0.5, no: false, z: null, ints: list(int), rows, ...texts };
  const source = make(pick('BBBILRT'.split('')), 3, false);
  return { source, outputs, expected: evaluateElsewhere(source, outputs) };
}

/** Returns the other's value as text; null: an error. */
function evaluateElsewhere(source: string, outputs: JsonObject): string | null {
  const toInput = (value: JsonValue): CelInput => {
    if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
    if (isList(value)) return value.map(toInput);
    return isJsonObject(value) ? new Map(Object.entries(value).map(([key, one]) => [key, toInput(one)])) : (value as CelInput);
  };
  const toJson = (value: unknown): JsonValue => {
    if (typeof value === 'bigint') return Number(value);
    if (isCelList(value)) return [...value].map(toJson);
    return isCelMap(value) ? Object.fromEntries([...value].map(([key, one]) => [key as string, toJson(one)])) : (value as JsonValue);
  };
  const result = run(source, { outputs: toInput(outputs) });
  return isCelError(result) ? null : print(toJson(result));
}

const { others, counts } = compare(Array.from({ length: 10_000 }, (_, seed) => createCase(seed)));

test('has the value of the other CEL, or none', () => expect(others).toEqual([]));

test('agrees in values and errors, and has a strict rule for each difference', () =>
  expect(counts).toEqual({
    value: 7_630,
    'error in both': 1_587,
    types: 339, // the library's type checker refuses what can never be compared
    two_forms: 197, // texts are ordered only if both are days or times
    no_value: 8, // a fraction divided by 0
    never_ordered: 100, // texts next to `<` that are no days or times are refused
    no_operation: 74, // values of two kinds, and null, are not compared
    not_list: 24, // a macro over an object
    not_boolean: 4, // what is no boolean next to `||`
    near_text: 34, // strings that differ only in case or spaces
    missing_key: 3, // an error counts, whatever is on the other side of `&&`
  }));
