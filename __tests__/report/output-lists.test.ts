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
      'texts in the order of the run',
      ['b', 'a', 'b'],
      [
        ['b', 2],
        ['a', 1],
      ],
    ],
    [
      'booleans as texts',
      [true, false, true],
      [
        ['true', 2],
        ['false', 1],
      ],
    ],
    ['six values', twice('a', 'b', 'c', 'd', 'e', 'f'), counted('a', 'b', 'c', 'd', 'e', 'f')],
    ['no more than six', twice('a', 'b', 'c', 'd', 'e', 'f', 'g'), []],
    ['texts of 32 characters', twice('x'.repeat(32)), counted('x'.repeat(32))],
    ['no longer ones', twice('x'.repeat(33)), []],
    ['no numbers', [1, 1, 'a'], []],
    ['no nulls', [null, 'a', 'a'], []],
    ['nothing that is different in each item', ['a', 'b'], []],
    ['the value of an only item', ['a'], [['a', 1]]],
  ])('counts how often each short value of a field occurs: %s', (_, values, counts) => {
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
