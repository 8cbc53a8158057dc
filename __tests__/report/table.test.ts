import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseJson } from '../../src/json.ts';
import type { JsonValue } from '../../src/json.ts';
import { formatCollapsed, formatItemTable, formatRecordTable, renderValue, type TableLook } from '../../src/report/table.ts';
import { alive, elementsIn, firstOf, hostile, parsed, textOf } from '../support/github-markdown.ts';

/** Rows of the first table, the header first, as they read. */
function cellsOf(shown: ReturnType<typeof formatRecordTable> | string): string[][] {
  const markdown = typeof shown === 'string' ? shown : (shown?.markdown ?? '');
  return elementsIn(parsed(markdown))
    .filter(({ tagName }) => tagName === 'tr')
    .map((row) =>
      elementsIn(row)
        .filter(({ tagName }) => tagName === 'th' || tagName === 'td')
        .map((cell) => textOf(cell).replaceAll('\u200b', '').trimEnd()),
    );
}

test('formats a collapsed section in which Markdown is rendered, and which ends', () => {
  const tree = parsed(`${formatCollapsed('3 items', '| a |\n|--|\n| 1 |')}\n\nafter`);
  expect(textOf(firstOf(firstOf(tree, 'details'), 'td'))).toBe('1');
  expect(textOf(firstOf(tree, 'p'))).toBe('after');
  expect(firstOf(tree, 'details').properties).not.toHaveProperty('open');
});

describe('recordTable', () => {
  const ROWS: JsonValue[] = [
    {
      document_id: '4a1c2b3d-0001-4c2b-9c1d-aaaaaaaaaaaa',
      status: 'non-compliant',
      reason: 'Fire rating 60 min; section 08 11 13 asks for 90 min',
      section: '08 11 13',
      title: 'Door set',
    },
    {
      document_id: '9e07f1aa-0001-4c2b-9c1d-bbbbbbbbbbbb',
      status: 'non-compliant',
      reason: 'Product data sheet is for another model',
      section: '05 12 00',
      title: 'Structural steel',
    },
  ];

  test('has the fields as the run wrote them, IDs shortened, and what is the same in all rows below', () => {
    expect(formatRecordTable(ROWS, { most: 1 })).toEqual({
      markdown: [
        '| `document_id` | Reason | Section | Title |',
        '|:--|:--|:--|:--|',
        '| `4a1c2b3d` | Fire rating 60 min; section 08 11 13 asks for 90 min | 08 11 13 | Door set |',
        '',
        'In all rows: `status` non-compliant',
      ].join('\n'),
      leftOut: 0,
    });
  });

  test.each<[string, JsonValue[], Partial<TableLook>, string[]]>([
    [
      'has code in the heading of a column that is not a plain word',
      [{ due_date: 1, dueDate: 2, 'a b': 3, Größe: 4, 通过: 5, SKU: 6 }],
      {},
      ['due_date', 'dueDate', 'a b', 'Größe', '通过', 'SKU'],
    ],
    ['has a path as code in the heading of a column', [{ message: { text: 'x' } }], { authorFields: ['message.text'] }, ['message.text']],
    [
      'has only the end of a long path in the heading of a column',
      [{ locations: { physicalLocation: { artifactLocation: { uri: 'x' } } } }],
      { authorFields: ['locations.physicalLocation.artifactLocation.uri'] },
      ['….artifactLocation.uri'],
    ],
  ])('%s', (_, rows, look, expected) => {
    expect(cellsOf(formatRecordTable(rows, { most: 10, ...look }))[0]).toEqual(expected);
  });

  test('puts the link on the first cell that is not empty', () => {
    const urlOf = () => 'https://app.example.com/x';
    const { markdown = '' } =
      formatRecordTable(
        [
          { a: '', b: 'x' },
          { a: 'y', b: '' },
        ],
        { most: 2, urlOf },
      ) ?? {};
    expect(markdown.match(/\[\w\]/g)).toEqual(['[x]', '[y]']);
  });

  test.each<[string, JsonValue[]]>([
    ['an empty list', []],
    ['texts', ['a']],
    ['objects and others', [{ a: 1 }, 'b']],
    ['lists', [[1]]],
    ['objects without keys', [{}, {}]],
  ])('makes no table of %s', (_, rows) => {
    expect(formatRecordTable(rows, { most: 10 })).toBeNull();
  });

  test('shares the columns between rows of different keys, with empty cells for absent and null', () => {
    const text = '[{"a":1.0,"b":null},{"b":{"x":[1]},"__proto__":"p","c":true},{"constructor":9007199254740993}]';
    const rows = parseJson(new TextEncoder().encode(text)) as JsonValue[];
    expect(cellsOf(formatRecordTable(rows, { most: 10 }))).toEqual([
      ['A', 'B', '__proto__', 'C', 'Constructor'],
      ['1.0', '', '', '', ''],
      ['', '1', 'p', 'true', ''],
      ['', '', '', '', '9007199254740993'],
    ]);
  });

  test('keeps hostile keys and values in their cells', () => {
    const record = fc.dictionary(hostile, hostile, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 4 }), (rows) => {
        const tree = parsed(formatItemTable(rows, { most: 10 }));
        const lines = cellsOf(formatItemTable(rows, { most: 10 }));
        expect(lines).toHaveLength(rows.length + 1);
        expect(new Set(lines.map((line) => line.length)).size).toBe(1);
        expect(elementsIn(tree).every(({ tagName }) => /^(?:table|thead|tbody|tr|th|td|code|span|p|strong)$/.test(tagName))).toBe(true);
        expect(alive(tree)).toEqual([]);
      }),
    );
  });
});

describe('renderValue', () => {
  test.each<[string, JsonValue, string]>([
    ['shows a text as it is', 'All 5 reviewed.', 'All 5 reviewed.'],
    ['keeps paragraphs and lines of a text', 'a\nb\r\n\r\n \n  c\n', 'a<br>b\n\nc'],
    ['shows an empty text as “(empty)”', ' \n', '(empty)'],
    ['shows a number as code', 3, '`3`'],
    ['shows true as code', true, '`true`'],
    ['shows null as code', null, '`null`'],
    ['shows a list of texts as a block of JSON', ['a'], '```json\n[\n  "a"\n]\n```'],
    ['shows an object as a block of JSON with a fence that is long enough', { a: '`````' }, '``````json\n{\n  "a": "`````"\n}\n``````'],
    ['shows a list of objects as a table', [{ a: 1 }], '| A |\n|:--|\n| 1 |'],
  ])('%s', (_, value, expected) => {
    expect(renderValue(value, 1000)).toBe(expected);
  });

  test('makes any value inert and limits its length', () => {
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
  ])('truncates %s beyond the length, and shows that', (_, value) => {
    const markdown = renderValue(value, 1000);
    expect(markdown.length).toBeLessThanOrEqual(1000);
    expect(markdown.match(/…/g)).toHaveLength(1);
    if (typeof value !== 'string' || value.trim() !== 'x') expect(markdown.length).toBeGreaterThan(300);
  });
});
