/** Numbers, counts, durations, times and lists as a reader sees them; the name that was meant. */
import { expect, test } from '@jest/globals';
import * as format from '../../src/text/format.ts';
import { findNearest } from '../../src/text/nearest-name.ts';

test.each([
  [0, '0 items'],
  [1, '1 item'],
  [999, '999 items'],
  [1_000, '1,000 items'],
  [1_234_567, '1,234,567 items'],
])('formats a count of %d as %s', (count, text) => {
  expect(format.formatCount(count, 'item')).toBe(text);
});

test('formats a count with an irregular plural', () => {
  expect(format.formatCount(2, 'entry', 'entries')).toBe('2 entries');
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
  [2 * HOUR + 5 * MINUTE + 9_000, '2 h 5 min'],
  [10 * HOUR + 10 * MINUTE, '10 h 10 min'],
  [DAY - 500, '1 d'],
  [DAY - 501, '23 h 59 min'],
  [3 * DAY + 4 * HOUR, '3 d 4 h'],
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
  [['a', 'b'], 9, 'a and b'],
  [['a', 'b', 'c'], 3, 'a, b and c'],
  [['a', 'b', 'c'], 2, 'a, b and 1 more'],
  [['a', 'b', 'c'], 1, 'a and 2 more'],
])('joins the names %j, at most %d, as %j', (names, max, text) => {
  expect(format.formatList(names, max)).toBe(text);
});

test('joins only the parts with a text', () => {
  expect(format.joinPresent('; ', 'a', '', null, undefined, false, 'b')).toBe('a; b');
});

test.each([
  ['The run ended', 'the run ended'],
  ['A run ended', 'a run ended'],
  ['API keys end', 'API keys end'],
  ['Alloovium answered', 'Alloovium answered'],
  ['GITHUB_TOKEN is missing', 'GITHUB_TOKEN is missing'],
  ['`x` is missing', '`x` is missing'],
])('starts %j after a colon as %j', (sentence, text) => {
  expect(format.lowerFirst(sentence)).toBe(text);
});

test.each([
  ['', true],
  [' \t\n\u00a0', true],
  ['\u200b\u2060\u2800', true],
  ['.', false],
  ['\u200b0', false],
])('finds that %j has no visible character: %j', (text, expected) => {
  expect(format.isBlank(text)).toBe(expected);
});

test.each([
  ['2026-12-31', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-12-3', false],
  ['2026-12-31T00:00:00Z', false],
  ['2026', false],
  ['+012026-12-31', false],
])('finds that %j is a day of the calendar: %j', (text, expected) => {
  expect(format.isDay(text)).toBe(expected);
});

test.each([
  ['status', 'status'],
  ['Status', 'status'],
  ['stauts', 'status'],
  ['statu', 'status'],
  ['itms', 'items'],
  ['fail-if', 'fail_if'],
  ['FAIL IF', 'fail_if'],
  ['result', undefined],
  ['', undefined],
  ['x'.repeat(1_000), undefined],
])('finds for a name like %.20j the name %j, within a distance of two', (wanted, meant) => {
  expect(findNearest(['status', 'items', 'fail_if', 'on_rerun'], wanted, () => 2)).toBe(meant);
});

test('finds the nearest name, and the first of equals', () => {
  expect(findNearest(['itemsxx', 'itemsx', 'itemsy'], 'items', () => 2)).toBe('itemsx');
  expect(findNearest(['abc'], 'abd', () => 0)).toBeUndefined();
});
