import { describe, expect, test } from '@jest/globals';
import type { JsonValue } from '../../src/json.ts';
import { excerptOf, shortText } from '../../src/text/excerpt.ts';

test.each([
  ['short', 10, 'short'],
  ['longer than that', 6, 'longe…'],
  ['a surrogate 🏗 halved', 14, 'a surrogate …'],
  ['"\\\n\u0000', 3, '"\\…'],
])('the beginning of a text: %j, %d at most', (text, most, begin) => {
  expect(shortText(text, most)).toBe(begin);
});

describe('an excerpt', () => {
  const long = 'x'.repeat(100_000);
  test.each<[what: string, value: JsonValue, excerpt: JsonValue | undefined]>([
    ['what is small, as it is', { a: [1, { b: 'c' }] }, { a: [1, { b: 'c' }] }],
    ['of an object its texts, cut', { a: long, b: 2 }, { a: `${'x'.repeat(3_999)}…`, b: 2 }],
    ['not what is long and no text', { b: 2, list: [long] }, { b: 2 }],
    ['what is short behind what is long', { list: [long], b: 2, c: 'd' }, { b: 2, c: 'd' }],
    ['of a text the beginning', long, `${'x'.repeat(32 * 1024 - 1)}…`],
    ['of a long list nothing', [long], undefined],
    [
      'a key like any other',
      JSON.parse(`{"__proto__":"${long}"}`) as JsonValue,
      JSON.parse(`{"__proto__":"${'x'.repeat(3_999)}…"}`) as JsonValue,
    ],
  ])('%s', (_what, value, excerpt) => {
    expect(excerptOf(value)).toEqual(excerpt);
  });

  test('of very many keys the first', () => {
    const many = Object.fromEntries(Array.from({ length: 90 }, (_, at) => [`key${at}`, 'y'.repeat(500)]));
    expect(Object.keys(excerptOf(many) ?? {})).toHaveLength(40);
  });
});
