/** How messages show values and keys, and which key is similar. */
import { expect, test } from '@jest/globals';
import { abridge, ConditionError, describeKeys, findNearKey, quoteKey, valueKindOf } from '../../src/gate/values.ts';
import { parseJson, type JsonValue } from '../../src/json.ts';

test.each<[JsonValue, string]>([
  [null, 'null'],
  ['', 'a text'],
  [false, 'true or false'],
  [0, 'a number'],
  [parseJson(Buffer.from('1.0')), 'a number'],
  [[], 'a list'],
  [{}, 'an object'],
])('finds that %j is %s', (value, kind) => {
  expect(valueKindOf(value)).toBe(kind);
});

test.each([
  ['A', 'a', true],
  ['b', 'a', false],
  ['ac', 'ab', true],
  ['cd', 'ab', false],
  ['abcx', 'abcd', true],
  ['abxy', 'abcd', false],
  ['abcxy', 'abcde', true],
  ['abxyz', 'abcde', false],
])('finds whether the key %s resembles the wanted key %s, by a limit that grows with its length: %p', (key, wanted, isNear) => {
  expect(findNearKey([key], wanted)).toBe(isNear ? key : undefined);
});

test('searches for a similar key among the first 200', () => {
  const others = (count: number) => Array.from({ length: count }, (_, at) => `other key ${at}`);
  expect(findNearKey([...others(199), 'status'], 'statsu')).toBe('status');
  expect(findNearKey([...others(200), 'status'], 'statsu')).toBeUndefined();
});

test.each([
  [0, 'it has no keys'],
  [10, expect.stringMatching(/^its keys: ("k\d", ){9}"k9"$/)],
  [11, expect.stringMatching(/^its keys: ("k\d", ){9}"k9" and 1 more$/)],
])('lists at most ten of %d keys, and counts the others', (count, expected) => {
  const map = Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 1]));
  expect(describeKeys(map)).toEqual(expected);
});

test('lists a similar key first', () => {
  expect(describeKeys({ a: 1, b: 2 }, 'b')).toBe('did you mean "b"? its keys: "a", "b"');
});

test('cuts a text and a key that are longer than the limit', () => {
  expect([abridge('abc', 3), abridge('abcd', 3)]).toEqual(['abc', 'abc…']);
  expect(quoteKey('k'.repeat(40))).toBe(`"${'k'.repeat(40)}"`);
  expect(quoteKey('k'.repeat(41))).toBe(`"${'k'.repeat(40)}…"`);
});

test.each([
  ['', [], 'wrong'],
  ['fix it', [], 'wrong; fix it'],
  ['', ['a', 'b', 'c', 'd'], 'wrong, where a and b and c'],
])('has the hint %j and the first three of the near texts %j in its sentence', (hint, readAs, sentence) => {
  const error = new ConditionError('wrong', hint);
  error.readAs = readAs;
  expect(error.toSentence()).toBe(sentence);
});
