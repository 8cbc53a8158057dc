import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../src/json.ts';
import type { JsonValue } from '../../src/json.ts';
import { fold, itemTable, recordTable, renderValue, shortIds, table } from '../../src/report/table.ts';
import { alive, elementsIn, firstOf, hostile, parsed, textOf } from './github-markdown.ts';

const NO_BREAK = '\u00a0';
/** Without the blanks that widen a column. */
const slim = (markdown: string | null) => markdown?.replace(/\u00a0+(?= \|)/g, '');

/** Rows of the first table, the header first, as they read. */
function cellsOf(markdown: string | null): string[][] {
  return elementsIn(parsed(markdown ?? ''))
    .filter(({ tagName }) => tagName === 'tr')
    .map((row) =>
      elementsIn(row)
        .filter(({ tagName }) => tagName === 'th' || tagName === 'td')
        .map((cell) => textOf(cell).replaceAll('\u200b', '').replaceAll(NO_BREAK, ' ').trimEnd()),
    );
}

test('a table fills short rows up', () => {
  const markdown = table(['', 'Count'], [['a', '1'], ['b']]);
  expect(markdown).toBe('|  | Count |\n|:--|:--|\n| a | 1 |\n| b |  |');
  expect(cellsOf(markdown)).toEqual([
    ['', 'Count'],
    ['a', '1'],
    ['b', ''],
  ]);
});

test('a column of numbers stands on the right', () => {
  expect(table(['Run', 'New'], [['Tower', '1']], ['left', 'right'])).toContain('\n|:--|--:|\n');
});

test('Markdown within a fold is rendered, and the fold ends', () => {
  const tree = parsed(`${fold('3 items', '| a |\n|--|\n| 1 |')}\n\nafter`);
  expect(textOf(firstOf(firstOf(tree, 'details'), 'td'))).toBe('1');
  expect(textOf(firstOf(tree, 'p'))).toBe('after');
  expect(firstOf(parsed(fold('x', 'y', true)), 'details').properties).toHaveProperty('open');
  expect(firstOf(tree, 'details').properties).not.toHaveProperty('open');
});

const [ONE, OTHER] = ['4a1c2b3d-0001-4c2b-9c1d-aaaaaaaaaaaa', '9e07f1aa-0001-4c2b-9c1d-bbbbbbbbbbbb'];

describe('shortIds', () => {
  test.each([
    ['eight characters, where they differ', [ONE, OTHER], ['4a1c2b3d', '9e07f1aa']],
    [
      'as many as it takes',
      [ONE, '4a1c2b3d-0002-4c2b-9c1d-aaaaaaaaaaaa'],
      ['4a1c2b3d-0001', '4a1c2b3d-0002'],
    ],
    ['the same one twice', [ONE, ONE], ['4a1c2b3d', '4a1c2b3d']],
    ['eight after a prefix', ['run_c1d2e3f4a5b6c7d8'], ['run_c1d2e3f4']],
    ['a short one beside it that it would equal', [ONE, '4a1c2b3d'], ['4a1c2b3d-', '4a1c2b3d']],
    [
      'what is no ID stays whole',
      ['A-101', 'Door schedule, level 2', 'specification'],
      ['A-101', 'Door schedule, level 2', 'specification'],
    ],
    ['a long word is no ID', ['incomprehensibilities'], ['incomprehensibilities']],
    ['none', [], []],
  ])('%s', (_, ids, expected) => {
    expect(shortIds(ids)).toEqual(expected);
  });

  test('what was distinct stays so, each is a start of itself, and the same is short in the same way', () => {
    const id = fc.oneof(
      fc.uuid(),
      fc.string(),
      fc.constantFrom('run_', 'wf_').chain((before) => fc.uuid().map((uuid) => before + uuid)),
    );
    fc.assert(
      fc.property(fc.array(id), (ids) => {
        const short = shortIds(ids);
        expect(new Set(short).size).toBe(new Set(ids).size);
        expect(short.every((text, at) => ids[at]!.startsWith(text))).toBe(true);
      }),
    );
  });
});

describe('recordTable', () => {
  const ROWS: JsonValue[] = [
    {
      document_id: ONE,
      status: 'non-compliant',
      reason: 'Fire rating 60 min; section 08 11 13 asks for 90 min',
      section: '08 11 13',
      title: 'Door set',
    },
    {
      document_id: OTHER,
      status: 'non-compliant',
      reason: 'Product data sheet is for another model',
      section: '05 12 00',
      title: 'Structural steel',
    },
  ];

  test('name, reason, what differs, IDs, shortened and in code; what all have in common is said once above', () => {
    expect(slim(recordTable(ROWS, { most: 10 }))).toBe(
      [
        'In all rows: `status` non-compliant',
        '',
        '| Title | Reason | Section | Document |',
        '|:--|:--|:--|:--|',
        '| Door set | Fire rating 60 min; section 08 11 13 asks for 90 min | 08 11 13 | `4a1c2b3d` |',
        '| Structural steel | Product data sheet is for another model | 05 12 00 | `9e07f1aa` |',
      ].join('\n'),
    );
  });

  test.each<[string, JsonValue[], string[]]>([
    ['one row has nothing in common with another', [{ a: 'x', b: 'y' }], ['A', 'B']],
    ['rows that are all the same', [{ a: 'x' }, { a: 'x' }], ['A']],
    ['a column that is empty in all', [{ a: 1, b: null }, { a: 2 }], ['A']],
    [
      'texts that differ only where they are cut',
      ['1', '2'].map((end) => ({ a: `${'x'.repeat(50)}${end}` })),
      ['A'],
    ],
    ['a long text that all have stays', [1, 2].map((b) => ({ a: 'x'.repeat(81), b })), ['B', 'A']],
  ])('of %s', (_, rows, titles) => {
    const cell = titles.length === 1 ? 40 : 200;
    expect([...(cellsOf(recordTable(rows, { most: 10, cell }))[0] ?? [])].sort()).toEqual([...titles].sort());
  });

  test('what differs most comes first, however the rows are made', () => {
    const rows = [1, 2, 3, 4].map((at) => ({
      ...{ item_id: `${at}`, half: at % 2, list: [at], each: at },
      ...{ project_name: `p${at % 2}`, note: 'n'.repeat(at) },
    }));
    expect(cellsOf(recordTable(rows, { most: 10 }))[0]).toEqual([
      ...['project_name', 'Note', 'Each', 'Half', 'List', 'Item'],
    ]);
  });

  test.each([
    ['a title before a name', ['owner_name', 'title'], ['Title', 'owner_name']],
    ['a reason before a note', ['note', 'reason'], ['Reason', 'Note']],
    ['the longest text where no key says reason', ['level', 'words'], ['Words', 'Level']],
  ])('%s', (_, keys, titles) => {
    const long = 'a text that is longer than forty characters ';
    const rows = ['1', '2'].map((end) =>
      Object.fromEntries(keys.map((key) => [key, key === 'words' ? long + end : end])),
    );
    expect(cellsOf(recordTable(rows, { most: 2 }))[0]).toEqual(titles);
  });

  describe('a column of short cells', () => {
    const titled = (...titles: string[]) =>
      recordTable(
        titles.map((title, at) => ({ title, at })),
        { most: 9 },
      ) ?? '';
    const blanks = (markdown: string) => /^\| Title(\u00a0*) \|/.exec(markdown)?.[1]?.length;

    test('is as wide as its widest, by the blanks behind its title, and the cells are as they were written', () => {
      expect(titled('08 11 13', 'non-compliant')).toMatch(/\| 08 11 13 \| 0 \|\n\| non-compliant \| 1 \|$/);
      expect(blanks(titled('a', 'b'))).toBe(0);
      const [short = 0, long = 0] = [titled('08 11 13', 'b'), titled('non-compliant', 'b')].map(blanks);
      expect(short).toBeGreaterThan(3);
      expect(long).toBeGreaterThan(short);
    });

    test('markup takes no room', () => {
      expect(blanks(titled('JIRA-123', 'b'))).toBe(blanks(titled('JIRA.123', 'b')));
    });

    test('a column with a longer cell breaks where it must', () => {
      expect(titled('08 11 13', 'the second floor of the tower')).not.toContain(NO_BREAK);
    });

    test('of many such columns the narrowest, so that the table stays within its place', () => {
      const rows = ['1', '2'].map((end) =>
        Object.fromEntries(Array.from('abcde', (key) => [key, `five words of ${key} are ${end}`])),
      );
      const titles = (recordTable(rows, { most: 2 }) ?? '').split('\n')[0]?.split(' | ') ?? [];
      expect(titles.filter((title) => title.includes(NO_BREAK))).toHaveLength(3);
    });
  });

  test('marks of the caller stand before', () => {
    const cells = cellsOf(recordTable(ROWS, { most: 10, marks: ['**new**', 'still'] }));
    expect(cells.map(([first]) => first)).toEqual(['', 'new', 'still']);
    expect(cells[0]).toEqual(['', 'Title', 'Reason', 'Section', 'Document']);
  });

  test('items that are not all objects stand in one column', () => {
    const markdown = itemTable(['late', 7, { a: 1 }], { most: 2, beside: 3, marks: ['new', 'still'] });
    expect(cellsOf(markdown)).toEqual([
      ['', 'Item'],
      ['new', 'late'],
      ['still', '7'],
    ]);
    expect(markdown).toMatch(/\n\n… and 4 more\.$/);
    expect(itemTable(ROWS, { most: 2 })).toBe(recordTable(ROWS, { most: 2 }));
  });

  test('what is not shown is counted', () => {
    const rows = Array.from({ length: 1234 }, (_, at) => ({ at }));
    const markdown = recordTable(rows, { most: 10, beside: 1_000 });
    expect(cellsOf(markdown)).toHaveLength(11);
    expect(markdown).toMatch(/\n\n… and 2,224 more\.$/);
  });

  test.each<[string, JsonValue[]]>([
    ['an empty list', []],
    ['texts', ['a']],
    ['objects and others', [{ a: 1 }, 'b']],
    ['lists', [[1]]],
    ['objects without keys', [{}, {}]],
  ])('%s: no table', (_, rows) => {
    expect(recordTable(rows, { most: 10 })).toBeNull();
  });

  test('rows of different keys share the columns; absent and null are empty, the rest is JSON', () => {
    const text =
      '[{"a":1.0,"b":null},{"b":{"x":[1]},"__proto__":"p","c":true},{"constructor":9007199254740993}]';
    const rows = parseJson(new TextEncoder().encode(text)) as JsonValue[];
    expect(cellsOf(recordTable(rows, { most: 10 }))).toEqual([
      ['A', 'Proto', 'C', 'Constructor', 'B'],
      ['1.0', '', '', '', ''],
      ['', 'p', 'true', '', '{"x":[1]}'],
      ['', '', '', '9007199254740993', ''],
    ]);
  });

  test.each([
    ['due_date', 'due_date'],
    ['dueDate', 'dueDate'],
    ['id', 'ID'],
    ['project-id', 'Project'],
    ['documentId', 'Document'],
    ['valid', 'Valid'],
    ['_id', 'ID'],
    ['URL', 'URL'],
  ])('the title of %s is %s', (key, title) => {
    expect(cellsOf(recordTable([{ [key]: 'x' }], { most: 1 }))[0]).toEqual([title]);
  });

  test('a title that another column has keeps its ID', () => {
    expect(cellsOf(recordTable([{ document: 'Door schedule', document_id: ONE }], { most: 1 }))[0]).toEqual([
      'Document',
      'document_id',
    ]);
  });

  test('of many columns six are shown, an ID among them, and it is said', () => {
    const row = Object.fromEntries(Array.from('abcdefgh', (key) => [key, key] as const));
    const markdown = recordTable([{ ...row, item_id: ONE, other_id: OTHER }], { most: 1 });
    expect(cellsOf(markdown)[0]).toEqual(['A', 'B', 'C', 'D', 'E', 'Item']);
    expect(markdown).toMatch(/\n\nSome columns are left out\.$/);
  });

  test('hostile keys and values stay in their cells', () => {
    const record = fc.dictionary(hostile, hostile, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), (rows) => {
        const tree = parsed(recordTable(rows, { most: 10 }) ?? '');
        const lines = cellsOf(recordTable(rows, { most: 10 }));
        expect(lines).toHaveLength(rows.length + 1);
        expect(new Set(lines.map((line) => line.length)).size).toBe(1);
        expect(
          elementsIn(tree).every(({ tagName }) =>
            /^(?:table|thead|tbody|tr|th|td|code|span|p|strong)$/.test(tagName),
          ),
        ).toBe(true);
        expect(alive(tree)).toEqual([]);
      }),
    );
  });

  test('hostile keys and values that all rows have are inert above them', () => {
    const record = fc.dictionary(hostile, hostile, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
    fc.assert(
      fc.property(record, (all) => {
        const tree = parsed(
          recordTable(
            [1, 2].map((each) => ({ ...all, each })),
            { most: 2 },
          ) ?? '',
        );
        const tags = /^(?:table|thead|tbody|tr|th|td|code|span|p|strong)$/;
        expect(elementsIn(tree).filter(({ tagName }) => !tags.test(tagName))).toEqual([]);
        expect(alive(tree)).toEqual([]);
        expect(
          cellsOf(
            recordTable(
              [1, 2].map((each) => ({ ...all, each })),
              { most: 2 },
            ),
          ),
        ).toHaveLength(3);
      }),
    );
  });
});

describe('renderValue', () => {
  test.each<[string, JsonValue, string]>([
    ['a text', 'All 5 reviewed.', 'All 5 reviewed.'],
    ['paragraphs and lines', 'a\nb\r\n\r\n \n  c\n', 'a<br>b\n\nc'],
    ['an empty text', ' \n', '(empty)'],
    ['a number', 3, '`3`'],
    ['true', true, '`true`'],
    ['nothing', null, '`null`'],
    ['a list of texts', ['a'], '```json\n[\n  "a"\n]\n```'],
    ['an object', { a: '`````' }, '``````json\n{\n  "a": "`````"\n}\n``````'],
    ['a list of objects', [{ a: 1 }], '| A |\n|:--|\n| 1 |'],
  ])('%s', (_, value, expected) => {
    expect(slim(renderValue(value, 1000))).toBe(expected);
  });

  test('any value is inert and within its length', () => {
    const value = fc.oneof(
      hostile,
      fc.jsonValue() as fc.Arbitrary<JsonValue>,
      fc.array(fc.dictionary(hostile, hostile, { noNullPrototype: true })),
    );
    fc.assert(
      fc.property(value, fc.integer({ min: 100, max: 2000 }), (any, length) => {
        const markdown = renderValue(any, length);
        expect(markdown.length).toBeLessThanOrEqual(length);
        const tree = parsed(`${markdown}\n\nafter`);
        expect(alive(tree)).toEqual([]);
        const tags = /^(?:table|thead|tbody|tr|th|td|code|pre|span|p|br|strong)$/;
        expect(elementsIn(tree).filter(({ tagName }) => !tags.test(tagName))).toEqual([]);
        expect(textOf(elementsIn(tree).findLast(({ tagName }) => tagName === 'p')!)).toBe('after');
      }),
    );
  });

  test.each<[string, JsonValue]>([
    ['words', 'word '.repeat(10_000)],
    ['what takes much escaping', '$'.repeat(50_000)],
    ['lines', 'x\n'.repeat(10_000)],
    ['paragraphs', 'x\n\n'.repeat(10_000)],
    ['long paragraphs', `${'word '.repeat(100)}\n\n`.repeat(10)],
    ['blanks', `${' '.repeat(50_000)}x`],
    ['backticks as JSON', ['`'.repeat(50_000)]],
    ['rows', Array.from({ length: 20_000 }, (_, at) => ({ id: at, text: 'a text | of some length' }))],
  ])('%s beyond the length are cut, and it is said', (_, value) => {
    const markdown = renderValue(value, 1000);
    expect(markdown.length).toBeLessThanOrEqual(1000);
    expect(markdown.match(/…/g)).toHaveLength(1);
    if (typeof value !== 'string' || value.trim() !== 'x') expect(markdown.length).toBeGreaterThan(300);
  });
});
