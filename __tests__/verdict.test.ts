/** The verdict of one run and of several: conclusion, exit code, word of the gate, and the step's headline and next steps. */
import { describe, expect, test } from '@jest/globals';
import type { Result, StepFailure } from '../src/endings.ts';
import type { Ending } from '../src/runs/outcome.ts';
import { describeStep, verdictOf, type Conclusion, type GateWord } from '../src/verdict.ts';
import { CONTEXT, RUN_ID, aFinding, aResult, asWarning, notCompliant, someInputs, type ResultOverrides } from './support/a-report.ts';
import { aFailure } from './support/failures.ts';

const TERMS = { context: CONTEXT, inputs: someInputs() };
const CONDITIONS = [notCompliant(), aFinding()];

const green = (name: string) => aResult({ name, findings: [aFinding()] });
const red = (name: string) => aResult({ name, findings: [notCompliant()] });
const ended = (name: string, ending: Ending, record: ResultOverrides['record'] = {}): Result => {
  return { ...aResult({ name, findings: CONDITIONS, ending, record }), evaluated: null };
};
const unauthorised: Ending = { kind: 'request_failed', failure: aFailure('key_revoked', { kind: 'unauthorised', status: 401 }) };

describe('one run', () => {
  test.each<[what: string, result: Result, conclusion: Conclusion, exitCode: 0 | 1, gate: GateWord]>([
    ['a condition is true', red(''), 'gate_failed', 1, 'failed'],
    ['no condition is true', green(''), 'success', 0, 'passed'],
    ['there is no gate', aResult({ findings: [] }), 'success', 0, 'none'],
    ['there are only warnings', aResult({ findings: [asWarning(notCompliant())] }), 'success', 0, 'none'],
    ['a condition cannot be evaluated', aResult({ findings: [aFinding({ result: 'cannot_be_evaluated' })] }), 'gate_failed', 1, 'failed'],
    ['a condition was not evaluated', ended('', { kind: 'completed' }), 'error', 1, 'not_evaluated'],
    ['it failed', ended('', { kind: 'failed' }), 'failure', 1, 'not_evaluated'],
    ['it was cancelled', ended('', { kind: 'cancelled' }), 'cancelled', 1, 'not_evaluated'],
    ['it was not waited for', aResult({ findings: [], ending: { kind: 'launched' } }), 'pending', 0, 'none'],
    [
      'it timed out',
      ended('', { kind: 'timed_out', phase: 'run', waitedFor: null, askedMs: null, last: null }),
      'timed_out',
      1,
      'not_evaluated',
    ],
    ['the runner stopped it', ended('', { kind: 'interrupted', signal: 'SIGINT' }), 'interrupted', 1, 'not_evaluated'],
    ['a request failed', ended('', unauthorised), 'error', 1, 'not_evaluated'],
    ['it is not found', ended('', { kind: 'lost_sight', failure: aFailure('not_found'), forMs: 1 }), 'error', 1, 'not_evaluated'],
    ['the gate took too long', ended('', { kind: 'gate_timeout' }), 'error', 1, 'not_evaluated'],
    ['the action crashed', ended('', { kind: 'crashed', message: '' }), 'error', 1, 'not_evaluated'],
  ])('where %s', (_what, result, conclusion, exitCode, gate) => {
    expect(verdictOf([result], null)).toEqual({ conclusion, exitCode, gate });
  });
});

describe('several runs', () => {
  const interrupted = ended('C', { kind: 'interrupted', signal: 'SIGINT' });
  test.each<[what: string, results: Result[], conclusion: Conclusion, gate: GateWord]>([
    ['are green if all are', [green('A'), green('B')], 'success', 'passed'],
    ['are red if one is', [green('A'), red('B')], 'gate_failed', 'failed'],
    ['have the worst conclusion', [red('A'), ended('B', { kind: 'failed' }), green('C')], 'failure', 'failed'],
    ['have an error before a failure', [ended('A', { kind: 'failed' }), ended('B', unauthorised)], 'error', 'not_evaluated'],
    ['are interrupted before all', [ended('A', unauthorised), red('B'), interrupted], 'interrupted', 'failed'],
    ['are pending where one is', [aResult({ findings: [], ending: { kind: 'launched' } }), aResult({ findings: [] })], 'pending', 'none'],
    ['have a gate if one has', [green('A'), aResult({ findings: [] })], 'success', 'passed'],
  ])('%s', (_what, results, conclusion, gate) => {
    expect(verdictOf(results, null)).toMatchObject({ conclusion, gate });
  });

  test('are an error where there is neither a run nor a failure', () => {
    expect(verdictOf([], null)).toEqual({ conclusion: 'error', exitCode: 1, gate: 'not_evaluated' });
    expect(describeStep([], null, TERMS).word).toBe('Red');
  });
});

test.each<[failure: StepFailure, conclusion: Conclusion, exitCode: 0 | 1]>([
  [{ kind: 'invalid_inputs', faults: [], gateFaults: [] }, 'error', 1],
  [{ kind: 'missing_key', isWithheld: true }, 'error', 1],
  [{ kind: 'skipped' }, 'skipped', 0],
  [{ kind: 'interrupted', signal: 'SIGINT' }, 'interrupted', 1],
  [{ kind: 'crashed', message: '' }, 'error', 1],
])('%j ends the step whatever its runs are', (failure, conclusion, exitCode) => {
  expect(verdictOf([green('')], failure)).toEqual({ conclusion, exitCode, gate: 'not_evaluated' });
});

describe('the words of several runs', () => {
  const failed = ended('C', { kind: 'failed' });
  test.each<[results: Result[], headline: string]>([
    [[green('A'), green('B')], '2 runs are green'],
    [[green('A'), red('B')], '1 of 2 runs is red: B (2 of 5 items “not compliant”)'],
    [[red('A'), green('B'), failed], '2 of 3 runs are red: A (2 of 5 items “not compliant”) and C (the run failed)'],
    [
      ['A', 'B', 'C', 'D', 'E'].map(red),
      `5 of 5 runs are red: ${['A', 'B', 'C'].map((name) => `${name} (2 of 5 items “not compliant”)`).join(', ')} and 2 more`,
    ],
    [
      [green('A'), aResult({ name: 'B', findings: [asWarning(notCompliant())] })],
      '2 runs are green: B (2 of 5 items “not compliant” (only a warning))',
    ],
    [[green('A'), aResult({ name: 'B', findings: [notCompliant({ items: [], counts: { waived: 2 } })] })], '2 runs are green (2 waived)'],
    [
      [green('A'), aResult({ name: 'B', findings: [aFinding()], record: { redRunsBefore: 1 } })],
      '2 runs are green (1 earlier run was red)',
    ],
    [
      ['A', 'B'].map((name) => aResult({ name, findings: [], ending: { kind: 'launched' } })),
      '2 runs are green: A (launched without waiting) and B (launched without waiting)',
    ],
  ])('begin with the headline %#', (results, headline) => {
    expect(describeStep(results, null, TERMS).headline).toBe(headline);
  });

  test('give the first next step of each red run', () => {
    const stopped = ended('C', { kind: 'interrupted', signal: 'SIGINT' }, { left: 'run' });
    expect(describeStep([red('A'), green('B'), stopped], null, TERMS).steps).toEqual([
      'A: resolve the findings, then re-run the job: this starts a new run.',
      `C: run \`${RUN_ID}\` goes on at Alloovium: re-run the job, and it joins that run.`,
    ]);
  });

  test('name each run that goes on', () => {
    const all = ['A', 'B'].map((name) => ended(name, { kind: 'interrupted', signal: 'SIGINT' }, { runId: `run_${name}`, left: 'run' }));
    const steps = describeStep(all, null, TERMS).steps.join('\n');
    expect(steps).toContain('A: run `run_A` goes on');
    expect(steps).toContain('B: run `run_B` goes on');
  });

  test('give the reason of the worst run', () => {
    const results = [red('A'), ended('B', { kind: 'failed' }, { errorMessage: 'No project' })];
    expect(describeStep(results, null, TERMS).reason).toBe('Alloovium reported: No project');
  });

  test('warn if one does', () => {
    const warned = aResult({ name: 'B', findings: [asWarning(notCompliant())] });
    expect(describeStep([green('A'), warned], null, TERMS)).toMatchObject({ icon: '⚠️', word: 'Green, with 1 warning' });
  });
});

test('a crash after the launch names the run that goes on', () => {
  const result = ended('', { kind: 'completed' }, { left: 'run' });
  const { steps } = describeStep([result], { kind: 'crashed', message: 'x' }, TERMS);
  expect(steps[0]).toContain(`Run \`${RUN_ID}\` goes on at Alloovium`);
});
