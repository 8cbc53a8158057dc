/** Numbers, counts, durations, times and lists as a reader sees them; the name that was meant. */
import { expect, test } from '@jest/globals';
import * as format from '../../src/text/format.ts';

test('formats counts with their words', () => {
  expect([0, 1, 1_234_567].map((count) => format.formatCount(count, 'item'))).toEqual(['0 items', '1 item', '1,234,567 items']);
  expect(format.formatCounts({ new: 1_000, known: 0, waived: null, gone: 4 })).toBe('1,000 new, 4 gone');
});

test('formats durations in two units at most', () => {
  const [minute, hour, day] = [60_000, 3_600_000, 86_400_000];
  const times = [-1_000, 499, 500, 59_500, minute + 12_000, hour + 9_000, 10.5 * hour + 9_000, day - 500, 3 * day + 4 * hour + minute];
  const texts = ['0 s', '0 s', '1 s', '1 min', '1 min 12 s', '1 h', '10 h 30 min', '1 d', '3 d 4 h'];
  expect(times.map(format.formatDuration)).toEqual(texts);
});

test('formats times of any zone, and none of another text', () => {
  const times = ['2026-11-25T09:14:59Z', '2026-11-25T09:14:00+02:00', '', 'yesterday'].map(format.formatTime);
  expect(times).toEqual(['2026-11-25 09:14 UTC', '2026-11-25 07:14 UTC', '', '']);
});

test('joins names, and counts those beyond the most', () => {
  const names = ['a', 'b', 'c'];
  expect([0, 1, 2, 3].map((count) => format.formatList(names.slice(0, count)))).toEqual(['', 'a', 'a and b', 'a, b and c']);
  expect(format.formatList(names, 2)).toBe('a, b and 1 more');
});

test('starts a sentence after a colon, and keeps names and abbreviations', () => {
  const sentences = ['The run ended', 'API keys end', 'Alloovium answered', '`x` is missing'].map(format.lowerFirst);
  expect(sentences).toEqual(['the run ended', 'API keys end', 'Alloovium answered', '`x` is missing']);
});

test('finds no visible character', () => {
  for (const text of ['', ' \t\n\u00a0', '\u200b\u2060\u2800']) expect([text, `${text}0`].map(format.isBlank)).toEqual([true, false]);
});

test('knows the days of the calendar', () => {
  expect(['2024-02-29', '2026-02-29', '2026-13-01', '2026-12-3', '2026-12-31T00:00:00Z'].filter(format.isDay)).toEqual(['2024-02-29']);
});

test('finds the nearest name within a distance, and the first of equals', () => {
  const find = (wanted: string) => format.findNearest(['status', 'items', 'fail_if', 'on_rerun'], wanted);
  const found = ['stauts', 'itms', 'FAIL IF', 'statusses', '', 'x'.repeat(1_000)].map(find);
  expect(found).toEqual(['status', 'items', 'fail_if', undefined, undefined, undefined]);
  expect(format.findNearest(['itemsxx', 'itemsx', 'itemsy'], 'items')).toBe('itemsx');
  expect(format.findNearest(['abc'], 'abd', 0)).toBeUndefined();
});
