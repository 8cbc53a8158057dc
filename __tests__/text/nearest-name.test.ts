import { expect, test } from '@jest/globals';
import { editDistance, findNearest } from '../../src/text/nearest-name.ts';

const NAMES = ['status', 'items', 'fail_if', 'on_rerun'];

test.each([
  ['status', 'status'],
  ['Status', 'status'],
  ['stauts', 'status'],
  ['statu', 'status'],
  ['ststuss', 'status'],
  ['sttss', 'status'],
  ['itms', 'items'],
  ['fail-if', 'fail_if'],
  ['FAIL IF', 'fail_if'],
  ['onrerun', 'on_rerun'],
  ['result', undefined],
  ['', undefined],
  ['x'.repeat(1_000), undefined],
])('matches %p to %p, within a distance of two', (wanted, meant) => expect(findNearest(NAMES, wanted, () => 2)).toBe(meant));

test('returns the nearest name, and the first of equals', () => {
  expect(findNearest(['itemsxx', 'itemsx', 'itemsy'], 'items', () => 2)).toBe('itemsx');
  expect(findNearest(['abc'], 'abd', (name) => (name.length < 8 ? 0 : 2))).toBeUndefined();
});

test('compares only the first 64 characters', () =>
  expect(findNearest([`${'a'.repeat(64)}b`], `${'a'.repeat(64)}${'c'.repeat(100)}`, () => 0)).toHaveLength(65));

test.each([
  ['items', 'items', 0],
  ['Items', 'i-t_e m s', 0],
  ['', 'abc', 3],
  ['abc', '', 3],
  ['xa', 'ya', 1],
  ['ax', 'ay', 1],
  ['abc', 'abcd', 1],
  ['abcd', 'bcd', 1],
  ['abc', 'xyz', 3],
  ['ab', 'ba', 1],
  ['abcd', 'acbd', 1],
  ['abcd', 'abdc', 1],
  ['abcd', 'badc', 2],
  ['aab', 'aba', 1],
  ['abb', 'bba', 2],
  ['abc', 'cba', 2],
  ['abc', 'cab', 2],
  ['axb', 'bya', 3],
  ['abxc', 'acyb', 3],
  ['ca', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['hazards', 'hzaards', 1],
  [`${'a'.repeat(63)}x`, `${'a'.repeat(63)}y`, 1],
  [`${'a'.repeat(64)}x`, `${'a'.repeat(64)}y`, 0],
])('counts from %j to %j %d letters missing, added, replaced or swapped', (name, other, distance) => {
  expect(editDistance(name, other)).toBe(distance);
  expect(editDistance(other, name)).toBe(distance);
});
