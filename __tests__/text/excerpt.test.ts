import { expect, test } from '@jest/globals';
import type { JsonValue } from '../../src/json.ts';
import { excerptOf } from '../../src/text/excerpt.ts';

const long = 'x'.repeat(100_000);
test.each<[what: string, value: JsonValue, excerpt: JsonValue | undefined]>([
  ['keeps a small value', { a: [1, { b: 'c' }] }, { a: [1, { b: 'c' }] }],
  ['truncates the texts of an object', { a: long, b: 2 }, { a: `${'x'.repeat(799)}…`, b: 2 }],
  ['drops long fields that are not texts', { list: [long], b: 2 }, { b: 2 }],
  ['truncates a text', long, `${'x'.repeat(32 * 1024 - 1)}…`],
  ['is undefined for a long list', [long], undefined],
])('an excerpt %s', (_what, value, excerpt) => {
  expect(excerptOf(value)).toEqual(excerpt);
});
