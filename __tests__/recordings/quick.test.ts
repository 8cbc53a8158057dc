/** The tenth of the recorded cases that `npm test` plays: `npm run record -- --quick` chooses them. */
import { describe, expect, test } from '@jest/globals';
import { CASES } from '../../scripts/record/cases.ts';
import { QUICK, testCases } from './as-recorded.ts';

test('chooses only existing cases', () => {
  expect(QUICK.filter((name) => !Object.hasOwn(CASES, name))).toEqual([]);
});

describe('as recorded', () => {
  testCases(QUICK.filter((name) => Object.hasOwn(CASES, name)));
});
