import { expect, test } from '@jest/globals';
import type { Outcome } from '../../src/outcome.ts';
import { judgeOutcome, judgeStep } from '../../src/run/verdict.ts';
import { aCondition, aResult, asWarning, notCompliant, type ResultOverrides } from '../support/a-report.ts';

const judge = (overrides: ResultOverrides) => judgeOutcome(overrides.outcome ?? { kind: 'completed' }, aResult(overrides));
const PASSING = judge({ conditions: [aCondition()] });
const FAILING = judge({ conditions: [notCompliant()] });
const WARNING = judge({ conditions: [asWarning(notCompliant())] });
const CANCELLED = judge({ conditions: null, outcome: { kind: 'cancelled' } });
const LAUNCHED = judge({ conditions: null, outcome: { kind: 'launched' } });

test('passes a completed run only if each of its conditions was evaluated', () => {
  expect(PASSING).toMatchObject({ conclusion: 'success', exitCode: 0, gate: 'passed' });
  expect(WARNING).toMatchObject({ conclusion: 'success', exitCode: 0, gate: 'none' });
  expect(FAILING).toMatchObject({ conclusion: 'gate_failed', exitCode: 1, gate: 'failed' });
  expect(judge({ conditions: null })).toMatchObject({ conclusion: 'error', exitCode: 1 });
  const result = aResult({ conditions: [aCondition(), aCondition()] });
  const partial = { ...result, gateResult: { ...result.gateResult!, conditions: result.gateResult!.conditions.slice(1) } };
  expect(judgeOutcome({ kind: 'completed' }, partial)).toMatchObject({ conclusion: 'error', exitCode: 1 });
});

test.each([
  ['the failing one of two', [PASSING, FAILING], 'gate_failed', 'failed', 1],
  ['the one without a result before a failing gate', [FAILING, CANCELLED], 'cancelled', 'failed', 1],
  ['those that did not wait', [LAUNCHED, LAUNCHED], 'pending', 'none', 0],
  ['any if all pass', [PASSING, WARNING], 'success', 'passed', 0],
] as const)('judges a step by %s', (_title, verdicts, conclusion, gate, exitCode) => {
  expect(judgeStep(verdicts, null)).toMatchObject({ conclusion, gate, exitCode });
});

test('fails a step without a result', () => {
  expect(judgeStep([], null)).toMatchObject({ conclusion: 'error', exitCode: 1 });
});

test('judges by the outcome of the step, whatever its runs are', () => {
  const outcome: Outcome = { kind: 'no_outputs', message: '' };
  expect(judgeStep([PASSING], outcome)).toMatchObject({ conclusion: 'error', exitCode: 1, gate: 'not_evaluated' });
});
