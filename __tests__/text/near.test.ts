import { expect, test } from '@jest/globals';
import { nearest } from '../../src/text/near.ts';

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
])('%p was meant for %p, two letters off at most', (wanted, meant) =>
  expect(nearest(NAMES, wanted, () => 2)).toBe(meant),
);

test('the nearest is taken, and of equals the first', () => {
  expect(nearest(['itemsxx', 'itemsx', 'itemsy'], 'items', () => 2)).toBe('itemsx');
  expect(nearest(['abc'], 'abd', (name) => (name.length < 8 ? 0 : 2))).toBeUndefined();
});

test('names are told apart by no more than their first 64 characters', () =>
  expect(nearest([`${'a'.repeat(64)}b`], `${'a'.repeat(64)}${'c'.repeat(100)}`, () => 0)).toHaveLength(65));
