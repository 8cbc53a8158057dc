/** Which fields a table shows, and what its cells say. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, type JsonValue } from '../../src/json.ts';
import { chooseColumns, countFieldValues, cutIds, isPlainWord, listCells, valueAt } from '../../src/report/columns.ts';

const ONE = '4a1c2b3d-0001-4c2b-9c1d-aaaaaaaaaaaa';
const OTHER = '9e07f1aa-0001-4c2b-9c1d-bbbbbbbbbbbb';

const columnOf = (values: readonly JsonValue[]) =>
  chooseColumns(
    values.map((a) => ({ a })),
    ['a'],
    4,
  ).columns[0];
const textOf = (value: JsonValue) => columnOf([value, 'another row'])?.cells[0]?.text;
const cut = (values: readonly JsonValue[]) => {
  const column = columnOf(values);
  return column === undefined ? [] : cutIds(column).cells.map(({ text }) => text);
};

test.each<[what: string, ids: string[], expected: string[]]>([
  ['cuts IDs to eight characters where these differ', [ONE, OTHER], ['4a1c2b3d', '9e07f1aa']],
  ['keeps IDs whose first eight characters are equal', [ONE, `4a1c2b3d-0002${ONE.slice(13)}`], [ONE, `4a1c2b3d-0002${ONE.slice(13)}`]],
  ['cuts equal IDs equally', [ONE, ONE], ['4a1c2b3d', '4a1c2b3d']],
  ['cuts an ID to its prefix and eight characters', ['run_c1d2e3f4a5b6c7d8'], ['run_c1d2e3f4']],
  ['keeps an ID whose short form is another value', [ONE, '4a1c2b3d'], [ONE, '4a1c2b3d']],
  ['keeps names, titles and words', ['A-101', 'Door schedule, level 2'], ['A-101', 'Door schedule, level 2']],
  ['keeps a part number', ['AHU39M17REVISION2X'], ['AHU39M17REVISION2X']],
])('%s', (_, ids, expected) => {
  expect(cut(ids)).toEqual(expected);
});

test.each<[what: string, value: JsonValue, expected: string]>([
  ['shows a text', 'Door D1', 'Door D1'],
  ['shows a number as it was written', parseJson('1.0'), '1.0'],
  ['shows true and false', false, 'false'],
  ['is empty for null', null, ''],
  ['is empty for blanks', '  ', ''],
  ['shows the first four texts and numbers of a list', [1, 'a', ['b', 2], 'd'], '1, a, b, 2, …'],
  ['shows the texts of an object, and its numbers with their names', { message: { text: 'no closer' }, line: 4 }, 'no closer, line 4'],
  ['shows a number in a list of objects with its name', [{ at: 1 }, { at: 2 }], 'at 1, at 2'],
  ['leaves out empty texts and null', ['', null, 'a'], 'a'],
  ['shows a boolean with its name', { required: true }, 'required true'],
  ['is empty for an empty list', [[], {}, null], ''],
])('a cell %s', (_, value, expected) => {
  expect(textOf(value)).toBe(expected);
});

const ITEM = { 'a.b': 'whole', a: { b: 'deep', none: null }, steps: [{ at: { line: 1 } }, 'x', { at: { line: 2 } }, {}] };
test.each<[field: string, value: JsonValue | undefined]>([
  ['a.b', 'whole'],
  ['a.none', null],
  ['a', ITEM.a],
  ['steps.at', undefined],
  ['a.b.more', undefined],
  ['a.constructor', undefined],
  ['title', undefined],
])('valueAt returns for the path %s: %j', (field, expected) => {
  expect(valueAt(ITEM, field)).toEqual(expected);
});

describe('chooseColumns', () => {
  const six = (at: number): JsonValue => ({ id: ONE.replace('4a1c', `4a1${at}`), a: at, b: at, c: at, d: at, e: at });
  const choose = (rows: readonly JsonValue[], given: readonly string[] = [], max = 4) => {
    const { columns, same, leftOut } = chooseColumns(rows, given, max);
    const names = [columns, same].map((fields) => fields.map(({ field }) => field).join(' '));
    return `${names.join(' | ')} | ${leftOut}`;
  };

  test.each<[what: string, rows: JsonValue[], given: string[], expected: string]>([
    [
      'keeps the fields in the order of the run',
      [
        { b: 1, a: 2 },
        { a: 1, c: 1, b: 2 },
      ],
      [],
      'b a c |  | 0',
    ],
    [
      'leaves out a field that is the same in all rows',
      [
        { a: 1, b: 1, c: 1 },
        { a: 2, b: 1, c: 2 },
      ],
      [],
      'a c | b | 0',
    ],
    [
      'keeps a field that is the same in all rows of only two',
      [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
      [],
      'a b |  | 0',
    ],
    ['keeps all fields of a single row', [{ a: 1, b: 1, c: 1 }], [], 'a b c |  | 0'],
    [
      'keeps a field that is the same but missing in one row',
      [
        { a: 1, b: 1, c: 1 },
        { a: 2, c: 2 },
      ],
      [],
      'a b c |  | 0',
    ],
    [
      'keeps all fields of equal rows',
      [
        { a: 1, b: 1, c: 1 },
        { a: 1, b: 1, c: 1 },
      ],
      [],
      'a b c |  | 0',
    ],
    ['leaves out IDs first if there are too many fields', [six(1), six(2)], [], 'a b c d |  | 2'],
    [
      'has no column that is empty in all',
      [
        { a: 1, b: null, c: '' },
        { a: 2, d: 1 },
      ],
      [],
      'a d |  | 0',
    ],
    ['has the fields of `columns` in their order', [six(1), six(2)], ['d', 'x', 'a'], 'd a |  | 0'],
    ['has the first fields of `columns`', [six(1), six(2)], ['e', 'd', 'c', 'b', 'a'], 'e d c b |  | 1'],
    ['has the fields of the run if no row has one of `columns`', [{ a: 1 }, { a: 2 }], ['x', 'y'], 'a |  | 0'],
    ['has one column for items that are not all objects', ['a', { b: 1 }], [], 'item |  | 0'],
    ['has one column for items without anything to show', [{ b: null }], [], 'item |  | 0'],
  ])('%s', (_, rows, given, expected) => {
    expect(choose(rows, given)).toBe(expected);
  });

  test.each(['bid', 'paid', 'document_id'])('recognises IDs by their values, not by the name `%s`', (name) => {
    const rows = [1, 2].map((at) => ({ [name]: `Axis ${at}`, a: at, b: at, c: at, d: at }));
    expect(choose(rows)).toBe(`${name} a b c |  | 1`);
  });

  test('cuts no two different values to one', () => {
    const word = fc.oneof(fc.uuid(), fc.constantFrom('door', 'run_1', ONE, OTHER, ONE.slice(0, 8)));
    fc.assert(fc.property(fc.array(word, { minLength: 1 }), (ids) => expect(new Set(cut(ids)).size).toBe(new Set(ids).size)));
  });
});

test.each([
  ['status', true],
  ['RFI', true],
  ['Größe', true],
  ['document_id', false],
  ['is green', false],
  ['статус', false],
  ['', false],
])('isPlainWord of %j: %j', (field, expected) => {
  expect(isPlainWord(field)).toBe(expected);
});

test('listCells gives the texts of the first items, and an item without any as JSON', () => {
  expect(listCells([{ a: ONE, b: 'x' }, { a: null, b: '' }, { a: 1 }], [], 2)).toEqual([[ONE, 'x'], ['{"a":null,"b":""}']]);
});

test('countFieldValues counts short values, and none where they are long, many, or all different', () => {
  const rows = [1, 2, 3, 4, 5, 6, 7, 8].map((at) => ({ id: `d${at}`, status: at > 2 ? 'bad' : 'good', level: 2, text: 'x'.repeat(33) }));
  expect(countFieldValues(rows).map(([key, values]) => [key, ...values])).toEqual([
    ['id'],
    ['status', ['good', 2], ['bad', 6]],
    ['level'],
    ['text'],
  ]);
});
