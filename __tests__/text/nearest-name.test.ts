import { expect, test } from '@jest/globals';
import { findNearest } from '../../src/text/nearest-name.ts';

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
])('matches %p to %p, within a distance of two', (wanted, meant) =>
  expect(findNearest(NAMES, wanted, () => 2)).toBe(meant),
);

test('returns the nearest name, and the first of equals', () => {
  expect(findNearest(['itemsxx', 'itemsx', 'itemsy'], 'items', () => 2)).toBe('itemsx');
  expect(findNearest(['abc'], 'abd', (name) => (name.length < 8 ? 0 : 2))).toBeUndefined();
});

test('compares only the first 64 characters', () =>
  expect(findNearest([`${'a'.repeat(64)}b`], `${'a'.repeat(64)}${'c'.repeat(100)}`, () => 0)).toHaveLength(
    65,
  ));
