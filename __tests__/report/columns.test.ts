/** Which fields a table shows, and what its cells say. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson, type JsonValue } from '../../src/json.ts';
import { cellOf, chooseColumns, MAX_COLUMNS, joinCellTexts, shortenIds, valueAt } from '../../src/report/columns.ts';

const ONE = '4a1c2b3d-0001-4c2b-9c1d-aaaaaaaaaaaa';
const OTHER = '9e07f1aa-0001-4c2b-9c1d-bbbbbbbbbbbb';

describe('shortIds', () => {
  test.each([
    ['shortens IDs to eight characters where these differ', [ONE, OTHER], ['4a1c2b3d', '9e07f1aa']],
    [
      'keeps whole IDs whose first eight characters are equal',
      [ONE, '4a1c2b3d-0002-4c2b-9c1d-aaaaaaaaaaaa'],
      [ONE, '4a1c2b3d-0002-4c2b-9c1d-aaaaaaaaaaaa'],
    ],
    ['shortens equal IDs equally', [ONE, ONE], ['4a1c2b3d', '4a1c2b3d']],
    ['shortens an ID to its prefix and eight characters', ['run_c1d2e3f4a5b6c7d8'], ['run_c1d2e3f4']],
    ['keeps an ID whole whose short form is another value', [ONE, '4a1c2b3d'], [ONE, '4a1c2b3d']],
    [
      'keeps names, titles and words whole',
      ['A-101', 'Door schedule, level 2', 'specification'],
      ['A-101', 'Door schedule, level 2', 'specification'],
    ],
    ['keeps a long word whole', ['incomprehensibilities'], ['incomprehensibilities']],
    ['keeps a part number whole', ['AHU39M17REVISION2X'], ['AHU39M17REVISION2X']],
    ['returns nothing for no values', [], []],
  ])('%s', (_, ids, expected) => {
    expect(shortenIds(ids)).toEqual(expected);
  });

  test('keeps distinct IDs distinct, shortens each to its beginning, and equal ones equally', () => {
    const id = fc.oneof(
      fc.uuid(),
      fc.string(),
      fc.constantFrom('run_', 'wf_').chain((before) => fc.uuid().map((uuid) => before + uuid)),
    );
    fc.assert(
      fc.property(fc.array(id), (ids) => {
        const short = shortenIds(ids);
        expect(new Set(short).size).toBe(new Set(ids).size);
        expect(short.every((text, at) => ids[at]!.startsWith(text))).toBe(true);
      }),
    );
  });
});

const json = (text: string) => parseJson(new TextEncoder().encode(text)) as JsonValue[];
const plain = (value: JsonValue) => joinCellTexts(cellOf(value));

describe('a cell', () => {
  test.each<[string, string, string]>([
    ['shows a text', '["Door D1"]', 'Door D1'],
    ['shows a number as it was written', '[1.0]', '1.0'],
    ['shows true and false', '[false]', 'false'],
    ['is empty for null', '[null]', ''],
    ['is empty for blanks', '["  "]', ''],
  ])('%s', (_, text, expected) => {
    expect(json(text).map(plain)).toEqual([expected]);
  });

  test.each<[string, JsonValue, string]>([
    ['shows the first four texts and numbers of a list', [1, 'a', ['b', { c: 2 }], 'd'], '1, a, b, 2, …'],
    ['shows the texts and numbers of an object, without its keys', { message: { text: 'no closer' }, line: 4 }, 'no closer, 4'],
    ['leaves out empty texts, null and booleans of a list', ['', null, true, 'a'], 'a'],
    ['shows an object without texts and numbers as JSON', { required: true }, '{"required":true}'],
    ['is empty for an empty list', [[], {}, null], ''],
  ])('%s', (_, value, expected) => {
    expect(plain(value)).toBe(expected);
  });
});

describe('valueAt', () => {
  const item = {
    'message.text': 'whole',
    message: { text: 'deep', none: null },
    steps: [{ at: { line: 1 } }, 'x', { at: { line: 2 } }, {}],
  };
  test.each<[string, JsonValue | undefined]>([
    ['message.text', 'whole'],
    ['message.none', null],
    ['message', item.message],
    ['steps.at.line', [1, 2]],
    ['steps.at.column', undefined],
    ['message.text.more', undefined],
    ['message.constructor', undefined],
    ['title', undefined],
  ])('returns for the path %s: %j', (field, expected) => {
    expect(valueAt(item, field)).toEqual(expected);
  });

  test('finds nothing in a value that is not an object', () => {
    expect(valueAt('text', 'length')).toBeUndefined();
  });
});

describe('chooseColumns', () => {
  const row = (at: number, more: object = {}): JsonValue => ({
    id: ONE.replace('4a1c', `4a1${at}`),
    ...more,
  });
  const fieldsOf = (rows: readonly JsonValue[], given: readonly string[] = [], sink: 'comment' | 'summary' = 'comment') => {
    const { columns, same, leftOut } = chooseColumns(rows, given, MAX_COLUMNS[sink]);
    return [columns, same].map((fields) => fields.map(({ field }) => field).join(' ')).concat(String(leftOut));
  };
  const six = (at: number) => row(at, { a: at, b: at, c: at, d: at, e: at });

  test.each<[string, JsonValue[], string[], string[]]>([
    [
      'keeps the fields in the order of the run',
      [
        { b: 1, a: 2 },
        { a: 1, c: 1, b: 2 },
      ],
      [],
      ['b a c', '', '0'],
    ],
    [
      'leaves out the column of a field that is the same in all rows',
      [
        { a: 1, b: 1, c: 1 },
        { a: 2, b: 1, c: 2 },
      ],
      [],
      ['a c', 'b', '0'],
    ],
    [
      'keeps a field that is the same in all rows if there are only two',
      [
        { a: 1, b: 1 },
        { a: 2, b: 1 },
      ],
      [],
      ['a b', '', '0'],
    ],
    ['keeps all fields of a single row', [{ a: 1, b: 1, c: 1 }], [], ['a b c', '', '0']],
    [
      'keeps a field that is the same in all rows but one, which lacks it',
      [
        { a: 1, b: 1, c: 1 },
        { a: 2, c: 2 },
      ],
      [],
      ['a b c', '', '0'],
    ],
    [
      'keeps all fields of equal rows',
      [
        { a: 1, b: 1, c: 1 },
        { a: 1, b: 1, c: 1 },
      ],
      [],
      ['a b c', '', '0'],
    ],
    ['leaves out IDs first if there are too many fields', [six(1), six(2)], [], ['a b c d', '', '2']],
    [
      'has no column that is empty in all',
      [
        { a: 1, b: null, c: '' },
        { a: 2, d: 1 },
      ],
      [],
      ['a d', '', '0'],
    ],
    ['has the fields of `columns` in their order, without one that no row has', [six(1), six(2)], ['d', 'x', 'a'], ['d a', '', '0']],
    ['has the first four fields of `columns` in a comment', [six(1), six(2)], ['e', 'd', 'c', 'b', 'a'], ['e d c b', '', '1']],
    ['has the fields of the run if no row has a field of `columns`', [{ a: 1 }, { a: 2 }], ['x', 'y'], ['a', '', '0']],
  ])('%s', (_, rows, given, expected) => {
    expect(fieldsOf(rows, given)).toEqual(expected);
  });

  test('has six columns in the summary, or eight that the author names', () => {
    expect(fieldsOf([six(1), six(2)], [], 'summary')).toEqual(['id a b c d e', '', '0']);
    const wide = [Object.fromEntries(Array.from({ length: 70 }, (_, at) => [`f${at}`, at]))];
    expect(fieldsOf(wide, [], 'summary')).toEqual(['f0 f1 f2 f3 f4 f5', '', '64']);
    const eight = ['f1', 'f2', 'f3', 'f4', 'f5', 'f6', 'f7', 'f8'];
    expect(fieldsOf(wide, eight, 'summary')).toEqual([eight.join(' '), '', '0']);
  });

  test.each(['bid', 'paid', 'grid', 'document_id'])('knows IDs by their values, not by the name `%s`', (name) => {
    const rows = [1, 2].map((at) => ({ [name]: `Axis ${at}`, a: at, b: at, c: at, d: at }));
    expect(fieldsOf(rows)[0]).toBe(`${name} a b c`);
  });

  test('shows in a comment the first of the summary’s columns', () => {
    const value = fc.oneof(fc.nat(2), fc.constantFrom(ONE, OTHER), fc.constant(null));
    const rows = fc.array(
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'), value, {
        noNullPrototype: true,
      }),
      {
        minLength: 1,
      },
    );
    fc.assert(
      fc.property(rows, (items) => {
        const few = fieldsOf(items)[0]!.split(' ');
        const many = fieldsOf(items, [], 'summary')[0]!.split(' ');
        expect(many.filter((field) => few.includes(field))).toEqual(few);
      }),
    );
  });

  test('shows two rows alike only if all fields that are shown are equal', () => {
    const word = fc.constantFrom('door', 'stair', 'riser', 'level 2', 'Rev C');
    const leaf = fc.oneof(word, fc.uuid(), fc.nat(5), fc.boolean());
    const nested = fc.oneof(fc.array(word, { maxLength: 4 }), fc.record({ text: word, line: fc.nat(3) }));
    const item = fc
      .tuple(
        fc.dictionary(fc.string({ minLength: 1, maxLength: 12 }), leaf, {
          minKeys: 1,
          maxKeys: 11,
          noNullPrototype: true,
        }),
        nested,
      )
      .map(([fields, deep]): JsonValue => ({ ...fields, nested: deep }));
    const pool = fc.array(item, { minLength: 1, maxLength: 3 });
    // Items that share most of their fields: that is where rows come to look alike.
    const rows = fc.tuple(pool, fc.array(fc.tuple(fc.nat(), fc.string({ maxLength: 3 }), leaf), { minLength: 2, maxLength: 8 }));
    const drawn = rows.map(([items, picks]) =>
      picks.map(([at, field, value]): JsonValue => ({
        ...(items[at % items.length] as object),
        [field]: value,
      })),
    );
    fc.assert(
      fc.property(drawn, fc.constantFrom('comment' as const, 'summary' as const), (items, sink) => {
        const { columns } = chooseColumns(items, [], MAX_COLUMNS[sink]);
        const reads = items.map((_, at) => JSON.stringify(columns.map(({ cells }) => joinCellTexts(cells[at]!))));
        for (const [one, read] of reads.entries())
          for (const [other, again] of reads.entries())
            if (read === again)
              for (const { field } of columns)
                expect(plain(valueAt(items[one]!, field) ?? null)).toBe(plain(valueAt(items[other]!, field) ?? null));
      }),
      { numRuns: 300 },
    );
  });
});
