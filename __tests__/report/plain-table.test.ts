/** A table of items as plain text, and the cells, IDs and titles that all tables have. */
import { describe, expect, test } from '@jest/globals';
import { parseJson, type JsonValue } from '../../src/json.ts';
import {
  buildPlainTable,
  cellOf,
  cellOfItem,
  chooseColumns,
  isPlainWord,
  MAX_COLUMNS,
  shortenIds,
  valueAt,
} from '../../src/report/columns.ts';

describe('a plain table', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ n: `i${at}` }));

  test.each<[items: readonly JsonValue[], fields: readonly string[], rows: readonly (readonly string[])[]]>([
    [[{ a: 'x', b: 1 }], ['a', 'b'], [['x', '1']]],
    [
      [{ a: 'x' }, { b: 'y' }],
      ['a', 'b'],
      [
        ['x', ''],
        ['', 'y'],
      ],
    ],
    [['x', { a: 'y' }], ['item'], [['x'], ['y']]],
    [['x', 2], ['item'], [['x'], ['2']]],
    // An item without a visible field is shown whole.
    [[{ a: 'x' }, { a: '' }], ['a'], [['x'], ['{"a":""}']]],
    [[null, {}], ['item'], [['null'], ['{}']]],
    [[{ 'a\u202e': 'x\u202e' }], ['a\\u{202e}'], [['x\\u{202e}']]],
    [[], ['item'], []],
  ])('has for %j the columns %j and the rows %j', (items, fields, cells) => {
    expect(buildPlainTable(items, [], 9)).toEqual({ fields, rows: cells, below: [] });
  });

  test.each([
    [3, []],
    [2, ['1 more']],
    [0, ['3 more']],
  ])('has of three rows %d, and below them %j', (max, below) => {
    const table = buildPlainTable(rows(3), [], max);
    expect([table.rows.length, table.below]).toEqual([max, below]);
  });

  test('has what is the same in all rows below them', () => {
    const items = [1, 2, 3].map((a) => ({ a, b: `x${a}`, c: 'same', d: 'too' }));
    expect(buildPlainTable(items, [], 1)).toEqual({
      fields: ['a', 'b'],
      rows: [['1', 'x1']],
      below: ['In all rows: c same · d too', '2 more'],
    });
  });

  test('has the fields that the author names', () => {
    expect(buildPlainTable([{ a: 1, b: { c: 2 } }], ['b.c'], 9)).toMatchObject({
      fields: ['b.c'],
      rows: [['2']],
    });
  });

  test.each([
    [399, ['n', 'late']],
    [400, ['n']],
  ])('chooses its columns by the first 400 items: another field after %d', (count, fields) => {
    expect(buildPlainTable([...rows(count), { n: 'x', late: 'y' }], [], 9).fields).toEqual(fields);
  });
});

describe('a cell', () => {
  const json = (text: string) => parseJson(new TextEncoder().encode(text));
  test.each<[string, readonly string[], boolean]>([
    ['" a b "', ['a b'], false],
    ['1.0', ['1.0'], false],
    ['[1.0, "a", "b", "c"]', ['1.0', 'a', 'b', 'c'], false],
    ['[1, 2, 3, 4, 5]', ['1', '2', '3', '4', '…'], false],
    ['[[1, 2, 3, 4], [5, 6]]', ['1', '2', '3', '4', '…'], false],
    ['{"a": [" x "], "b": {"c": "y"}}', ['x', 'y'], false],
    ['[true, false]', ['[true,false]'], true],
    ['[null, [], {}]', [], false],
  ])('has for %s the texts %j, as code: %j', (text, texts, isCode) => {
    expect(cellOf(json(text))).toEqual({ texts, isCode });
  });

  test('has eighty characters of JSON', () => {
    const flags = (count: number) => Array<boolean>(count).fill(true);
    expect(cellOf(flags(15)).texts[0]).toHaveLength(76);
    expect(cellOf({ ab: flags(14) }).texts[0]).toHaveLength(78);
    expect(cellOf(flags(16)).texts[0]).toMatch(/^.{79}…$/);
    expect(cellOf({ abcd: flags(14) }).texts[0]).toMatch(/^[^…]{80}$/);
    expect(cellOf({ abcde: flags(14) }).texts[0]).toMatch(/^.{79}…$/);
  });

  test.each<[JsonValue, readonly string[], boolean]>([
    ['x', ['x'], false],
    [{ a: 'x' }, ['x'], false],
    [null, ['null'], true],
    ['', ['""'], true],
    [{ a: '' }, ['{"a":""}'], true],
  ])('of the whole item %j is %j, as code: %j', (item, texts, isCode) => {
    expect(cellOfItem(item)).toEqual({ texts, isCode });
  });
});

describe('an ID', () => {
  const HEX = '0123456789abcdef';
  const UUID = '4a1c2b3d-0001-4c2b-9c1d-aaaaaaaaaaaa';
  test.each([
    [HEX, HEX.slice(0, 8)],
    [HEX.toUpperCase(), HEX.slice(0, 8)],
    [HEX.slice(1), HEX.slice(1)],
    [HEX.repeat(4), HEX.slice(0, 8)],
    [`${HEX.repeat(4)}0`, `${HEX.repeat(4)}0`],
    [UUID.toUpperCase(), '4A1C2B3D'],
    [`${UUID}0`, `${UUID}0`],
    [`x${UUID}`, `x${UUID}`],
    [`abcdefghijkl_${UUID}`, 'abcdefghijkl_4a1c2b3d'],
    [`abcdefghijklm_${UUID}`, `abcdefghijklm_${UUID}`],
    [`a_${UUID}`, 'a_4a1c2b3d'],
    [`_${UUID}`, `_${UUID}`],
  ])('%s is shortened to %s', (id, short) => {
    expect(shortenIds([id])).toEqual([short]);
  });

  const columnsOf = (...rows: readonly JsonValue[]) => chooseColumns(rows, [], MAX_COLUMNS.comment).columns;

  test('is code in a column, and other texts of that column are not', () => {
    const [column] = columnsOf({ id: ` ${UUID} ` }, { id: 'none' }, {});
    expect(column?.cells).toEqual([
      { texts: ['4a1c2b3d'], isCode: true },
      { texts: ['none'], isCode: false },
      { texts: [], isCode: false },
    ]);
  });

  test.each<[string, readonly (string | null)[], string]>([
    ['first', [UUID, UUID.replace('4a', '5b')], 'a b c d'],
    ['also where some are missing', [UUID, null], 'a b c d'],
    ['not if one value is another text', [UUID, 'none'], 'id a b c'],
  ])('leaves the columns %s', (_, ids, fields) => {
    const rows = ids.map((id, at) => ({ id, a: at, b: `${at}b`, c: `${at}c`, d: `${at}d` }));
    expect(
      columnsOf(...rows)
        .map(({ field }) => field)
        .join(' '),
    ).toBe(fields);
  });
});

test.each([
  ['status', true],
  ['Status', true],
  ['größe2', true],
  ['a', true],
  ['SKU', true],
  ['A1', true],
  ['a'.repeat(40), true],
  ['a'.repeat(41), false],
  ['A'.repeat(40), true],
  ['A'.repeat(41), false],
  ['a_b', false],
  ['aB', false],
  ['1a', false],
  ['通过', false],
  ['', false],
])('finds that %s is one plain word: %j', (field, isPlain) => {
  expect(isPlainWord(field)).toBe(isPlain);
});

test.each<[JsonValue, string, JsonValue | undefined]>([
  [{ 'a.b': 1, a: { b: 2 } }, 'a.b', 1],
  [{ a: { b: 2 } }, 'a.b', 2],
  [{ a: [{ b: 1 }, {}, { b: 2 }] }, 'a.b', [1, 2]],
  [{ a: [{}, {}] }, 'a.b', undefined],
  [{ a: 'text' }, 'a.length', undefined],
  [{ a: null }, 'a.b', undefined],
  [{ ab: 1 }, 'a', undefined],
])('finds in %j at %s the value %j', (item, field, value) => {
  expect(valueAt(item, field)).toEqual(value);
});

test('considers 64 keys, and counts the others as left out', () => {
  const row = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, at === count - 1 ? 'x' : '']));
  const chosen = (count: number) => {
    const { columns, leftOut } = chooseColumns([row(count)], [], MAX_COLUMNS.comment);
    return [columns.map(({ field }) => field), leftOut];
  };
  expect(chosen(64)).toEqual([['k63'], 0]);
  expect(chosen(65)).toEqual([[], 1]);
});

test('has in a comment four fields of the author, in a summary eight', () => {
  const names = Array.from({ length: 9 }, (_, at) => `f${at}`);
  const item = Object.fromEntries(names.map((name) => [name, name]));
  const count = (sink: 'comment' | 'summary') => chooseColumns([item], names, MAX_COLUMNS[sink]);
  expect(count('comment')).toMatchObject({ columns: { length: 4 }, leftOut: 5 });
  expect(count('summary')).toMatchObject({ columns: { length: 8 }, leftOut: 1 });
});

test('says once of what is the same in all rows as many fields as there are columns', () => {
  const same = Object.fromEntries(Array.from({ length: 6 }, (_, at) => [`s${at}`, 'x']));
  const rows = [
    { a: 1, ...same },
    { a: 2, ...same },
  ];
  const { columns, same: shown, leftOut } = chooseColumns(rows, [], MAX_COLUMNS.comment);
  expect([columns.length, shown.length, leftOut]).toEqual([1, 4, 2]);
});
