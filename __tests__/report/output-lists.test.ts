/** Which outputs are lists of objects, and which of their values are counted. */
import { describe, expect, test } from '@jest/globals';
import type { JsonValue } from '../../src/json.ts';
import { findListsOfObjects } from '../../src/report/output-lists.ts';

describe('findListsOfObjects', () => {
  test.each<[what: string, output: JsonValue]>([
    ['an empty list', []],
    ['a list of texts', ['a']],
    ['a list with one item that is not an object', [{ id: 1 }, 'a']],
    ['an object', { id: 1 }],
    ['a text', 'a'],
  ])('leaves out %s', (_, output) => {
    expect(findListsOfObjects([['it', output]])).toEqual([]);
  });

  const valuesOf = (...values: readonly JsonValue[]) =>
    findListsOfObjects([['rows', values.map((value) => ({ key: value }))]])[0]?.fields[0]?.values;
  const counted = (...names: readonly string[]) => names.map((name) => [name, 2]);
  const twice = (...names: readonly string[]) => [...names, ...names];

  test.each<[what: string, values: readonly JsonValue[], counts: unknown]>([
    [
      'counts the texts of a field in the order of the run',
      ['b', 'a', 'b'],
      [
        ['b', 2],
        ['a', 1],
      ],
    ],
    [
      'counts booleans of a field as texts',
      [true, false, true],
      [
        ['true', 2],
        ['false', 1],
      ],
    ],
    ['counts six values of a field', twice('a', 'b', 'c', 'd', 'e', 'f'), counted('a', 'b', 'c', 'd', 'e', 'f')],
    ['does not count seven values of a field', twice('a', 'b', 'c', 'd', 'e', 'f', 'g'), []],
    ['counts texts of 32 characters', twice('x'.repeat(32)), counted('x'.repeat(32))],
    ['does not count texts of 33 characters', twice('x'.repeat(33)), []],
    ['does not count a field with numbers', [1, 1, 'a'], []],
    ['does not count a field with null', [null, 'a', 'a'], []],
    ['does not count a field that differs in each item', ['a', 'b'], []],
    ['counts the value of a single item', ['a'], [['a', 1]]],
  ])('%s', (_, values, counts) => {
    expect(valuesOf(...values)).toEqual(counts);
  });

  test('counts no values of a field that an item lacks', () => {
    const rows = [{ a: 'x', b: 'y' }, { a: 'x' }, { a: 'z', b: 'y' }];
    expect(findListsOfObjects([['rows', rows]])).toEqual([
      {
        name: 'rows',
        count: 3,
        fields: [
          {
            key: 'a',
            values: [
              ['x', 2],
              ['z', 1],
            ],
          },
          { key: 'b', values: [] },
        ],
      },
    ]);
  });

  test('names twelve fields of all items together', () => {
    const keys = Array.from({ length: 13 }, (_, at) => `key${at}`);
    const rows = [{ key0: 1 }, Object.fromEntries(keys.map((key) => [key, 1]))];
    expect(findListsOfObjects([['rows', rows]])[0]?.fields.map(({ key }) => key)).toEqual(keys.slice(0, 12));
  });
});
