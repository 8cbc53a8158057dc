/** Which items are the same. */
import { describe, expect, test } from '@jest/globals';
import {
  digest,
  fingerprintItems,
  identifyConditions,
  joinFieldTexts,
  makeUnique,
  NO_FINGERPRINT,
  readFieldText,
  type Fingerprints,
} from '../../src/gate/item-identity.ts';
import { parseJson, type JsonValue } from '../../src/json.ts';

test('makes a digest of 12 characters that is not the placeholder', () => {
  // What a comment remembers of earlier runs has this form.
  expect(digest('')).toBe('47DEQpj8HBSa');
  expect(NO_FINGERPRINT).toHaveLength(12);
  expect(digest('')).not.toBe(NO_FINGERPRINT);
});

test('keeps the first of equal fingerprints, and makes the others different', () => {
  const unique = makeUnique(['a', 'b', 'a', null, 'a', null]);
  expect(unique.slice(0, 2)).toEqual(['a', 'b']);
  expect(unique.filter((print) => print === NO_FINGERPRINT)).toHaveLength(2);
  expect(new Set(unique).size).toBe(5);
  // The same at the next run, whatever else has appeared by then.
  expect(makeUnique(['c', 'a', 'a', 'a']).slice(1)).toEqual([unique[0], unique[2], unique[4]]);
});

test.each([
  ['its name', { name: 'b', expression: 'outputs.a' }],
  ['its expression', { name: 'a', expression: 'outputs.b' }],
  ['a name that it had not', { name: null, expression: 'outputs.a' }],
])('identifies a condition by %s', (_, other) => {
  const one = { name: 'a', expression: 'outputs.a' };
  expect(new Set(identifyConditions([one, other])).size).toBe(2);
  expect(new Set(identifyConditions([one, one])).size).toBe(2);
  expect(identifyConditions([other])[0]).not.toBe(identifyConditions([one])[0]);
});

describe('readFieldText', () => {
  test.each<[JsonValue, string, string | null]>([
    [{ a: 'x' }, 'a', 'x'],
    [{ a: 0 }, 'a', '0'],
    [{ a: false }, 'a', 'false'],
    [{ a: ['x'] }, 'a', '["x"]'],
    [{ a: { b: 1 } }, 'a', '{"b":1}'],
    [{ a: null }, 'a', null],
    [{ a: '' }, 'a', null],
    [{ a: ' \u200b' }, 'a', null],
    [{ a: [] }, 'a', null],
    [{ a: {} }, 'a', null],
    [{ b: 'x' }, 'a', null],
    [{}, 'constructor', null],
    ['text', 'length', null],
    [['x'], '0', null],
    [null, 'a', null],
  ])('reads of %j the field %s as %j', (item, field, text) => {
    expect(readFieldText(item, field)).toBe(text);
  });
});

test.each<[JsonValue, readonly string[], JsonValue, readonly string[], boolean]>([
  [{ a: 'x', b: 'y' }, ['a', 'b'], { a: 'x', b: 'y', c: 1 }, ['a', 'b'], true],
  [{ a: 'x', b: 'y' }, ['a', 'b'], { a: 'xy', b: '' }, ['a', 'b'], false],
  [{ a: 'x', b: 'yz' }, ['a', 'b'], { a: 'xy', b: 'z' }, ['a', 'b'], false],
  [{ a: 1 }, ['a'], { a: '1' }, ['a'], true],
])('compares %j by %j with %j by %j: the same %j', (one, fields, other, otherFields, isSame) => {
  expect(joinFieldTexts(one, fields) === joinFieldTexts(other, otherFields)).toBe(isSame);
});

describe('fingerprintItems', () => {
  const json = (text: string) => parseJson(new TextEncoder().encode(text)) as JsonValue[];
  const printsOf = (text: string, fields: readonly string[] = ['id']) => fingerprintItems(json(text), fields);

  test.each([
    ['[{"id": "a"}, {"id": "a", "x": 1}]', true],
    ['[{"id": "a"}, {"id": "b"}]', false],
    ['["a", "a"]', true],
    ['["a", "b"]', false],
    ['[1, "1"]', false],
    ['[["a"], ["a"]]', true],
  ])('finds that the items %s are the same: %j', (items, isSame) => {
    const [one, other] = printsOf(items);
    expect(one).toHaveLength(12);
    expect(one === other).toBe(isSame);
  });

  test.each(['[{"id": ""}]', '[{"x": 1}]', '[""]', '[null]', '[[]]', '[{}]'])('finds none for %s', (items) => {
    expect(printsOf(items)).toEqual([null]);
  });

  test.each(['[{"id": "a"}]', '["a"]'])('finds none for %s without fields', (items) => {
    expect(printsOf(items, [])).toEqual([null]);
  });

  test('keeps those of each list of fields apart in its cache', () => {
    const items = json('[{"id": "a", "n": 1}]');
    const seen: Fingerprints = new Map();
    const byId = fingerprintItems(items, ['id'], seen);
    const byNumber = fingerprintItems(items, ['n'], seen);
    expect(byNumber).not.toEqual(byId);
    expect(fingerprintItems(items, ['id'], seen)).toEqual(byId);
    expect(fingerprintItems(items, ['n'])).toEqual(byNumber);
  });
});
