/** Numbers, counts, durations, times and lists as a reader sees them. */
import { describe, expect, test } from '@jest/globals';
import {
  capitalise,
  describeEarlierRed,
  formatCount,
  formatDuration,
  formatList,
  formatNumber,
  formatTime,
  isBlank,
  isDay,
  joinPresent,
  lowerFirst,
  replaceSpecialCharacters,
} from '../../src/text/format.ts';

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [12_345, '12,345'],
  [123_456, '123,456'],
  [1_234_567, '1,234,567'],
])('formats %d as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test.each([
  [0, '0 items'],
  [1, '1 item'],
  [2, '2 items'],
  [1_000, '1,000 items'],
])('formats a count of %d as %s', (count, text) => {
  expect(formatCount(count, 'item')).toBe(text);
});

test.each([
  [1, '1 entry'],
  [2, '2 entries'],
])('formats a count of %d with an irregular plural as %s', (count, text) => {
  expect(formatCount(count, 'entry', 'entries')).toBe(text);
});

test.each([
  [1, '', 'an earlier run was red'],
  [1, 'commit', 'an earlier run of this commit was red'],
  [2, 'commit', '2 earlier runs of this commit were red'],
])('describes %d earlier red runs of %j: %s', (count, of, text) => {
  expect(describeEarlierRed(count, of)).toBe(text);
});

describe('formatDuration', () => {
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;
  const DAY = 24 * HOUR;
  test.each([
    [-1_000, '0 s'],
    [0, '0 s'],
    [499, '0 s'],
    [500, '1 s'],
    [59_499, '59 s'],
    [59_500, '1 min'],
    [MINUTE + 12_000, '1 min 12 s'],
    [59 * MINUTE + 59_000, '59 min 59 s'],
    [HOUR, '1 h'],
    [HOUR + 9_000, '1 h'],
    [2 * HOUR + 5 * MINUTE + 9_000, '2 h 5 min'],
    [10 * HOUR + 10 * MINUTE, '10 h 10 min'],
    [23 * HOUR + 59 * MINUTE, '23 h 59 min'],
    [DAY, '1 d'],
    [DAY + 59 * MINUTE, '1 d'],
    [DAY - 500, '1 d'],
    [DAY - 501, '23 h 59 min'],
    [3 * DAY + 4 * HOUR, '3 d 4 h'],
    [40 * DAY, '40 d'],
  ])('formats %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

test.each([
  ['2026-11-25T09:14:59Z', '2026-11-25 09:14 UTC'],
  ['2026-11-25T09:14:00+02:00', '2026-11-25 07:14 UTC'],
  ['', ''],
  ['yesterday', ''],
])('formats the time %j as %j', (text, formatted) => {
  expect(formatTime(text)).toBe(formatted);
});

test.each([
  [[], ''],
  [['a'], 'a'],
  [['a', 'b'], 'a and b'],
  [['a', 'b', 'c'], 'a, b and c'],
])('joins the names %j as %j', (names, text) => {
  expect(formatList(names)).toBe(text);
});

test.each([
  [3, 'a, b and c'],
  [2, 'a, b and 1 more'],
  [1, 'a and 2 more'],
])('joins of three names at most %d as %j', (max, text) => {
  expect(formatList(['a', 'b', 'c'], max)).toBe(text);
});

test('joins only the parts with a text', () => {
  expect(joinPresent('; ', 'a', '', null, undefined, false, 'b')).toBe('a; b');
});

test.each([
  ['The run ended', 'the run ended'],
  ['A run ended', 'a run ended'],
  ['API keys end', 'API keys end'],
  ['Alloovium answered', 'Alloovium answered'],
  ['GitHub answered', 'GitHub answered'],
  ['GITHUB_TOKEN is missing', 'GITHUB_TOKEN is missing'],
  ['`x` is missing', '`x` is missing'],
])('starts %j after a colon as %j', (sentence, text) => {
  expect(lowerFirst(sentence)).toBe(text);
});

test.each([
  ['run', 'Run'],
  ['run A', 'Run A'],
  ['', ''],
])('capitalises %j as %j', (text, capitalised) => {
  expect(capitalise(text)).toBe(capitalised);
});

test.each([
  ['Größe 2_a.b-c', 'Größe 2_a.b-c'],
  ['a/b:c', 'a_b_c'],
  ['`a`\n<b>', '_a___b_'],
  ['🏗', '_'],
])('replaces the special characters of %j: %j', (name, replaced) => {
  expect(replaceSpecialCharacters(name)).toBe(replaced);
});

test.each([
  ['', true],
  [' \t\n\u00a0', true],
  ['\u200b\u2060', true],
  ['\u0007', true],
  // A blank pattern of Braille.
  ['\u2800', true],
  ['.', false],
  ['\u200b0', false],
])('finds that %j has no visible character: %j', (text, expected) => {
  expect(isBlank(text)).toBe(expected);
});

test.each([
  ['2026-12-31', true],
  ['2024-02-29', true],
  ['2026-02-29', false],
  ['2026-13-01', false],
  ['2026-12-32', false],
  ['2026-12-3', false],
  ['2026-12-311', false],
  ['12026-12-31', false],
  ['2026-12-31T00:00:00Z', false],
  ['2026-12-31T00:00:00.000Z', false],
  ['2026-12', false],
  ['2026', false],
  ['+012026-12-31', false],
])('finds that %j is a day of the calendar: %j', (text, expected) => {
  expect(isDay(text)).toBe(expected);
});
