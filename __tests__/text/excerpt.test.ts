import { describe, expect, test } from '@jest/globals';
import type { JsonValue } from '../../src/json.ts';
import { excerptOf, copyStart } from '../../src/text/excerpt.ts';

test.each([
  ['short', 10, 'short'],
  ['longer than that', 6, 'longe…'],
  ['a surrogate 🏗 halved', 14, 'a surrogate …'],
  ['"\\\n\u0000', 3, '"\\…'],
])('truncates %j to %d characters: %j', (text, maxLength, start) => {
  expect(copyStart(text, maxLength)).toBe(start);
});

describe('an excerpt', () => {
  const long = 'x'.repeat(100_000);
  test.each<[what: string, value: JsonValue, excerpt: JsonValue | undefined]>([
    ['keeps a small value', { a: [1, { b: 'c' }] }, { a: [1, { b: 'c' }] }],
    ['truncates the texts of an object', { a: long, b: 2 }, { a: `${'x'.repeat(3_999)}…`, b: 2 }],
    ['drops long fields that are not texts', { b: 2, list: [long] }, { b: 2 }],
    ['keeps short fields after a dropped one', { list: [long], b: 2, c: 'd' }, { b: 2, c: 'd' }],
    ['truncates a text', long, `${'x'.repeat(32 * 1024 - 1)}…`],
    ['is undefined for a long list', [long], undefined],
    [
      'treats `__proto__` as a key like any other',
      JSON.parse(`{"__proto__":"${long}"}`) as JsonValue,
      JSON.parse(`{"__proto__":"${'x'.repeat(3_999)}…"}`) as JsonValue,
    ],
  ])('%s', (_what, value, excerpt) => {
    expect(excerptOf(value)).toEqual(excerpt);
  });

  test('keeps the first of very many keys', () => {
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`key${at}`, 'y'.repeat(500)]));
    expect(Object.keys(excerptOf(many) ?? {})).toHaveLength(40);
  });

  test('keeps a list of 32 KB of JSON whole, and nothing of a longer one', () => {
    const listOf = (length: number) => ['x'.repeat(length)];
    const room = 32 * 1024 - JSON.stringify(listOf(0)).length;
    expect(excerptOf(listOf(room))).toEqual(listOf(room));
    expect(excerptOf(listOf(room + 1))).toBeUndefined();
  });

  test('keeps all keys of a small value', () => {
    const small = Object.fromEntries(Array.from({ length: 41 }, (_, at) => [`key${at}`, at]));
    expect(excerptOf(small)).toEqual(small);
  });

  test('fills 32 KB with fields, and drops those that exceed it', () => {
    const field = (length: number) => ['x'.repeat(length)];
    const own = JSON.stringify(field(0)).length + 'a'.length;
    const fits = { a: field(32 * 1024 - own), b: 1 };
    expect(excerptOf(fits)).toEqual({ a: fits.a });
    expect(excerptOf({ ...fits, a: field(32 * 1024 - own + 1) })).toEqual({ b: 1 });
  });
});
