/** Numbers, counts, durations, times and lists as a reader sees them; excerpts; the name that was meant. */
import { expect, test } from '@jest/globals';
import type { JsonValue } from '../../src/json.ts';
import { excerptOf } from '../../src/text/excerpt.ts';
import * as format from '../../src/text/format.ts';
import { findNearest } from '../../src/text/nearest-name.ts';

test.each([
  [0, '0 items'],
  [1, '1 item'],
  [1_234_567, '1,234,567 items'],
])('formats a count of %d as %s', (count, text) => {
  expect(format.formatCount(count, 'item')).toBe(text);
});

test('formats the counts that there are, with their words', () => {
  expect(format.formatCounts({ new: 1_000, known: 0, waived: null, gone: 4 })).toBe('1,000 new, 4 gone');
});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
test.each([
  [-1_000, '0 s'],
  [499, '0 s'],
  [500, '1 s'],
  [59_500, '1 min'],
  [MINUTE + 12_000, '1 min 12 s'],
  [HOUR + 9_000, '1 h'],
  [10 * HOUR + 10 * MINUTE + 9_000, '10 h 10 min'],
  [DAY - 500, '1 d'],
  [3 * DAY + 4 * HOUR + MINUTE, '3 d 4 h'],
])('formats %d ms as %s', (ms, text) => {
  expect(format.formatDuration(ms)).toBe(text);
});

test.each([
  ['2026-11-25T09:14:59Z', '2026-11-25 09:14 UTC'],
  ['2026-11-25T09:14:00+02:00', '2026-11-25 07:14 UTC'],
  ['', ''],
  ['yesterday', ''],
])('formats the time %j as %j', (text, formatted) => {
  expect(format.formatTime(text)).toBe(formatted);
});

test.each([
  [[], 9, ''],
  [['a'], 9, 'a'],
  [['a', 'b', 'c'], 3, 'a, b and c'],
  [['a', 'b', 'c'], 2, 'a, b and 1 more'],
])('joins the names %j, at most %d, as %j', (names, max, text) => {
  expect(format.formatList(names, max)).toBe(text);
});

test.each([
  ['The run ended', 'the run ended'],
  ['API keys end', 'API keys end'],
  ['Alloovium answered', 'Alloovium answered'],
  ['`x` is missing', '`x` is missing'],
])('starts %j after a colon as %j', (sentence, text) => {
  expect(format.lowerFirst(sentence)).toBe(text);
});

test.each(['', ' \t\n\u00a0', '\u200b\u2060\u2800'])('finds no visible character in %j', (text) => {
  expect(format.isBlank(text)).toBe(true);
  expect(format.isBlank(`${text}0`)).toBe(false);
});

test.each([
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-12-3', false],
  ['2026-12-31T00:00:00Z', false],
])('finds that %j is a day of the calendar: %j', (text, expected) => {
  expect(format.isDay(text)).toBe(expected);
});

test.each([
  ['stauts', 'status'],
  ['itms', 'items'],
  ['FAIL IF', 'fail_if'],
  ['statusses', undefined],
  ['', undefined],
  ['x'.repeat(1_000), undefined],
])('finds for a name like %.20j the name %j, within a distance of two', (wanted, meant) => {
  expect(findNearest(['status', 'items', 'fail_if', 'on_rerun'], wanted, () => 2)).toBe(meant);
});

test('finds the nearest name, and the first of equals', () => {
  expect(findNearest(['itemsxx', 'itemsx', 'itemsy'], 'items', () => 2)).toBe('itemsx');
  expect(findNearest(['abc'], 'abd', () => 0)).toBeUndefined();
});

const long = 'x'.repeat(100_000);
test.each<[what: string, value: JsonValue, excerpt: JsonValue]>([
  ['keeps a small value', { a: [1, { b: 'c' }] }, { a: [1, { b: 'c' }] }],
  ['cuts the fields of an object', { a: long, b: 2, c: [long] }, { a: `${'x'.repeat(799)}…`, b: 2, c: `["${'x'.repeat(797)}…` }],
  ['cuts a text', long, `${'x'.repeat(32 * 1024 - 1)}…`],
])('an excerpt %s', (_what, value, excerpt) => {
  expect(excerptOf(value)).toEqual(excerpt);
});
