import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { progressLine, warningLine } from '../../src/report/log.ts';
import { anEntry } from '../fakes.ts';
import { aRun, alsoWarns, someResults } from './a-report.ts';

describe('a line of progress', () => {
  test('the bar is ten wide for any progress', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (progress) => {
        expect(progressLine({ status: 'running', progress, stage: 'x' }, 0).safe).toMatch(
          /^[█░]{10} [ 1][ \d]\d % {2}x/,
        );
      }),
    );
  });
});

test('what warns is told in one annotation, run by run', () => {
  const findings = someResults().map(alsoWarns);
  expect(warningLine([{ entry: anEntry(), findings }])).toBe('`warn_if`: 2 of 5 items “not compliant”.');
  expect(warningLine([aRun(), ...['b', 'c'].map((name) => ({ entry: anEntry({ name }), findings }))])).toBe(
    '`warn_if`: b: 2 of 5 items “not compliant”; c: 2 of 5 items “not compliant”.',
  );
  expect(warningLine([aRun()])).toBe('');
});
