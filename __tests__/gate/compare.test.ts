/** Two reviews of one commit. */
import { expect, test } from '@jest/globals';
import type { Finding } from '../../src/gate/findings.ts';
import { compareReviews } from '../../src/gate/compare.ts';
import { aCondition } from '../support/a-report.ts';

const finding = (value: string, digest = ''): Partial<Finding> => ({ value, digest });
const compare = (now: Partial<Finding>[], before: Partial<Finding>[]) =>
  compareReviews([aCondition({ items: now })], [aCondition({ items: before })]);

test('compares whole items without `known_by`', () => {
  expect(compare([finding('a'), finding('b')], [finding('b'), finding('c')])).toEqual({ found: 2, both: 1, missing: ['c'] });
});

test('compares the digests of `known_by`, whatever else differs', () => {
  expect(compare([finding('a', 'x')], [finding('b', 'x')])).toEqual({ found: 1, both: 1, missing: [] });
});

test('counts equal findings as often as each review has them', () => {
  expect(compare([finding('a'), finding('a')], [finding('a')])).toEqual({ found: 2, both: 1, missing: [] });
  expect(compare([], [finding('a'), finding('a')])).toEqual({ found: 0, both: 0, missing: ['a', 'a'] });
});

test('compares each condition with itself', () => {
  const [one, other] = [aCondition({ items: ['a'] }), aCondition()];
  expect(compareReviews([one, other], [other, one])).toEqual({ found: 1, both: 0, missing: ['a'] });
});
