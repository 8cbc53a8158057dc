/** How wide a table of items is, what names an item, and how a value of the outputs is shown. */
import { describe, expect, test } from '@jest/globals';
import { parseJson, type JsonValue } from '../../src/json.ts';
import { formatItemNames, formatItemTable, formatRecordTable, formatTable, renderValue } from '../../src/report/table.ts';
import { link } from '../../src/text/escape.ts';

const PAGE = 'https://app.example.com/x';
const cellsIn = (markdown: string, row = 2) => (markdown.split('\n')[row] ?? '').slice(2, -2).split(' | ');

test('formats a table with alignments, and fills up short rows', () => {
  expect(formatTable(['a', 'b'], [['1'], ['2', '3']], ['--:'])).toBe('| a | b |\n|--:|:--|\n| 1 |  |\n| 2 | 3 |');
});

describe('a table of items that are not all objects', () => {
  test.each([
    [2, ['x', '`{"a":""}`']],
    [1, ['x']],
    [0, ['x']],
  ])('has with at most %d rows %j', (most, cells) => {
    const lines = formatItemTable(['x', { a: '' }], { most }).split('\n');
    expect(lines[0]).toBe('| Item |');
    expect(lines.slice(2).map((line) => line.slice(2, -2).replaceAll('&#x22;', '"'))).toEqual(cells);
  });

  test('has marks before them', () => {
    expect(formatItemTable(['x', 'y'], { most: 2, marks: ['**new**'] })).toBe('|  | Item |\n|:--|:--|\n| **new** | x |\n|  | y |');
  });
});

describe('a cell', () => {
  const cellOf = (value: JsonValue, cell?: number) =>
    cellsIn(formatRecordTable([{ a: value }], { most: 1, ...(cell !== undefined && { cell }) })?.markdown ?? '')[0];

  test.each([
    [200, undefined, false],
    [201, undefined, true],
    [60, 60, false],
    [61, 60, true],
  ])('is cut, or not, with a text of %d characters and a limit of %j: %j', (length, cell, isCut) => {
    const text = `${'x '.repeat(length / 2 - 1)}${length % 2 === 0 ? 'yy' : 'yyy'}`;
    expect(text).toHaveLength(length);
    expect(cellOf(text, cell)).toBe(isCut ? `${text.slice(0, length - 2)}…` : text);
  });

  test.each<[JsonValue, number, string]>([
    [['ab', 'cd'], 10, 'ab, cd'],
    [['ab', 'cd'], 6, 'ab, cd'],
    [['ab', 'cd'], 5, 'ab, …'],
    [['ab', 'cd'], 4, 'ab…'],
    [['ab', 'cd', 'ef'], 8, 'ab, cd…'],
  ])('shows the list %j in %d characters as %s', (value, cell, shown) => {
    expect(cellOf(value, cell)).toBe(shown);
  });
});

describe('the header of a column', () => {
  const headerOf = (field: string, authorFields: readonly string[] = []) =>
    cellsIn(formatRecordTable([{ [field]: 1 }], { most: 1, authorFields })?.markdown ?? '', 0)[0];

  test.each([
    ['k_'.repeat(20), `\`${'k_'.repeat(20)}\``],
    [`${'k_'.repeat(20)}k`, `\`${'k_'.repeat(20).slice(0, 39)}…\``],
    [`aaa.${'b'.repeat(36)}`, `\`aaa.${'b'.repeat(36)}\``],
    [`aaaa.${'b'.repeat(20)}.${'c'.repeat(20)}`, `\`….${'c'.repeat(20)}\``],
    [`aaaa.${'b'.repeat(20)}.${'c'.repeat(23)}`, `\`….${'c'.repeat(23)}\``],
    [`aaaa.${'b'.repeat(20)}.${'c'.repeat(24)}`, `\`…${'c'.repeat(24)}\``],
    [`aaaa.${'b'.repeat(20)}.${'c'.repeat(9)}.${'d'.repeat(9)}`, `\`….${'c'.repeat(9)}.${'d'.repeat(9)}\``],
  ])('shows the field %s as %s', (field, header) => {
    expect(headerOf(field)).toBe(header);
  });

  test('of a field that is the same in all rows is cut too', () => {
    const same = 's_'.repeat(30);
    const rows = [1, 2].map((a) => ({ a, b: `${a}b`, [same]: 'x' }));
    expect(formatRecordTable(rows, { most: 2 })?.markdown).toContain(`In all rows: \`${same.slice(0, 39)}…\` x`);
  });
});

describe('the name of an item', () => {
  const nameOf = (item: JsonValue, firsts: readonly string[] = [], url = '') => formatItemNames([item], firsts, () => url)[0];

  test.each<[JsonValue, readonly string[], string]>([
    [{ a: 'x', b: 'y', c: 'z' }, [], 'x, y'],
    [{ a: '', b: 'y', c: 'z' }, [], 'y, z'],
    [{ a: 'x', b: 'y' }, ['b'], 'y'],
    [{ a: 'x', b: 'y' }, ['none', 'b', 'a'], 'y'],
    [{ a: 'x', b: 'y' }, ['none'], 'x, y'],
    [{ a: { b: 'deep' } }, ['a.b'], 'deep'],
    ['x', [], 'x'],
    [{ a: 'n '.repeat(40) }, [], `${'n '.repeat(29)}n…`],
  ])('%j, whose first fields are %j, is %s', (item, firsts, name) => {
    expect(nameOf(item, firsts)).toBe(name);
  });

  test.each<[JsonValue, string]>([
    [{ a: 'x', b: 'y' }, `${link('x', PAGE)}, y`],
    ['x', link('x', PAGE)],
  ])('%j is linked once', (item, name) => {
    expect(nameOf(item, [], PAGE)).toBe(name);
  });
});

test('links only the first cell of a row', () => {
  const { markdown = '' } = formatRecordTable([{ a: 'x', b: 'y' }], { most: 1, urlOf: () => PAGE }) ?? {};
  expect(markdown).toContain(`| ${link('x', PAGE)} | y |`);
});

describe('a value of the outputs', () => {
  const rows = (count: number) => Array.from({ length: count }, (_, at) => ({ n: `i${at}` }));
  const shownRows = (markdown: string) => markdown.match(/^\| i\d+ \|$/gm)?.length ?? 0;

  test.each([
    [50, 50, null],
    [51, 50, '… and 1 more.'],
    [1_060, 50, '… and 1,010 more.'],
  ])('with %d objects shows %d', (count, shown, more) => {
    const markdown = renderValue(rows(count), 10_000);
    expect(shownRows(markdown)).toBe(shown);
    expect(/… and .*/.exec(markdown)?.[0] ?? null).toBe(more);
  });

  test('shows as many objects as fit, and counts the others', () => {
    const markdown = renderValue(rows(50), 200);
    const shown = shownRows(markdown);
    expect(shown).toBeGreaterThan(5);
    expect(markdown).toContain(`… and ${50 - shown} more.`);
    expect(markdown.length).toBeLessThanOrEqual(200);
  });

  test.each([
    [6, null],
    [7, '… and 1 more field per item: all are in `outputs_file`.'],
    [8, '… and 2 more fields per item: all are in `outputs_file`.'],
  ])('counts of %d fields those that are left out', (count, more) => {
    const item = Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, at]));
    expect(/… and .*/.exec(renderValue([item], 1_000))?.[0] ?? null).toBe(more);
  });

  const number = (digits: number) => parseJson(Buffer.from('1'.repeat(digits)));
  test.each([
    [200, 1_000, `\`${'1'.repeat(200)}\``],
    [201, 1_000, `\`${'1'.repeat(199)}…\``],
    [150, 100, `\`${'1'.repeat(99)}…\``],
  ])('that is a number of %d digits has in %d characters', (digits, max, shown) => {
    expect(renderValue(number(digits), max)).toBe(shown);
  });

  test.each([
    ['a\n \nb', 'a\n\nb'],
    ['a\n  \t\n\nb', 'a\n\nb'],
    ['a\nb', 'a<br>b'],
  ])('that is the text %j is %j', (text, shown) => {
    expect(renderValue(text, 100)).toBe(shown);
  });
});
