/** The verdict of one run and of several: conclusion, exit code, word of the gate, and the step's headline and next steps. */
import { describe, expect, test } from '@jest/globals';
import type { EntryResult } from '../../src/report/outcomes.ts';
import type { Outcome } from '../../src/outcome.ts';
import { RUN_ID, aFailure, aFinding, aReport, aResult, asWarning, notCompliant, type ResultOverrides } from '../support/a-report.ts';

const green = (name: string) => aResult({ name, findings: [aFinding()] });
const red = (name: string) => aResult({ name, findings: [notCompliant()] });
const warned = (name: string) => aResult({ name, findings: [asWarning(notCompliant())] });
const launched = (name: string) => aResult({ name, findings: [], outcome: { kind: 'launched' } });
/** Ended before its gate could be evaluated. */
const ended = (name: string, outcome: Outcome, runState: ResultOverrides['runState'] = {}): EntryResult => ({
  ...aResult({ name, outcome, runState }),
  review: null,
});
const unauthorised: Outcome = { kind: 'request_failed', failure: aFailure('key_revoked', { kind: 'unauthorised', status: 401 }) };
const late: Outcome = { kind: 'timed_out', phase: 'run', waitedFor: null, askedMs: null, last: null };
const interrupted: Outcome = { kind: 'interrupted', signal: 'SIGINT' };
const verdictOf = (results: readonly EntryResult[], stepOutcome: Outcome | null = null) => {
  const { conclusion, exitCode, gate } = aReport({ results, stepOutcome }).verdict;
  return `${conclusion} ${exitCode} ${gate}`;
};

test.each<[what: string, results: EntryResult[], verdict: string]>([
  ['a condition that is true', [red('')], 'gate_failed 1 failed'],
  ['no condition that is true', [green('')], 'success 0 passed'],
  ['no gate', [aResult({ findings: [] })], 'success 0 none'],
  ['a condition that cannot be evaluated', [aResult({ findings: [aFinding({ result: 'cannot_be_evaluated' })] })], 'gate_failed 1 failed'],
  ['a condition that was not evaluated', [ended('', { kind: 'completed' })], 'error 1 not_evaluated'],
  ['a failed run', [ended('', { kind: 'failed' })], 'failure 1 not_evaluated'],
  ['a run that was not waited for', [launched('')], 'pending 0 none'],
  ['a run that timed out', [ended('', late)], 'timed_out 1 not_evaluated'],
  ['a crash', [ended('', { kind: 'crashed', message: '' })], 'error 1 not_evaluated'],
  ['one red run of two', [green('A'), red('B')], 'gate_failed 1 failed'],
  ['a failed run next to a red one', [red('A'), ended('B', { kind: 'failed' }), green('C')], 'failure 1 failed'],
  ['a stopped run next to others', [ended('A', unauthorised), red('B'), ended('C', interrupted)], 'interrupted 1 failed'],
  ['one run of two that is pending', [launched('A'), aResult({ findings: [] })], 'pending 0 none'],
  ['neither a run nor a failure', [], 'error 1 not_evaluated'],
])('the verdict for %s', (_what, results, verdict) => {
  expect(verdictOf(results)).toBe(verdict);
});

test('a failure ends the step whatever its runs are', () => {
  expect(verdictOf([green('')], { kind: 'missing_key', isWithheld: true })).toBe('error 1 not_evaluated');
  expect(verdictOf([green('')], { kind: 'skipped' })).toBe('skipped 0 not_evaluated');
});

describe('the words of several runs', () => {
  const ITEMS = '(2 of 5 items “not compliant”)';
  test.each<[results: EntryResult[], headline: string]>([
    [[green('A'), green('B')], '2 runs are green'],
    [[green('A'), red('B')], `1 of 2 runs is red: B ${ITEMS}`],
    [[red('A'), green('B'), ended('C', { kind: 'failed' })], `2 of 3 runs are red: A ${ITEMS} and C (the run failed)`],
    [['A', 'B', 'C', 'D', 'E'].map(red), `5 of 5 runs are red: A ${ITEMS}, B ${ITEMS}, C ${ITEMS} and 2 more`],
    [[green('A'), warned('B')], '2 runs are green: B (2 of 5 items “not compliant” (only a warning))'],
    [
      [green('A'), aResult({ name: 'B', findings: [aFinding()], runState: { redRunsBefore: 1 } })],
      '2 runs are green: B (no findings (1 earlier red run))',
    ],
    [['A', 'B'].map(launched), '2 runs are green: A (launched without waiting) and B (launched without waiting)'],
  ])('begin with the headline %#', (results, headline) => {
    expect(aReport({ results }).verdict.headline).toBe(headline);
  });

  test('give the first next step of each red run, with the run that goes on', () => {
    expect(aReport({ results: [red('A'), green('B'), ended('C', interrupted, { openRun: 'run' })] }).verdict.steps).toEqual([
      'A: resolve the findings, then re-run the job: this starts a new run.',
      `C: run \`${RUN_ID}\` goes on at Alloovium: re-run the job, and it joins that run.`,
    ]);
  });

  test('give the reason of the worst run', () => {
    const results = [red('A'), ended('B', { kind: 'failed' }, { errorMessage: 'No project' })];
    expect(aReport({ results }).verdict.reason).toBe('Alloovium reported: No project');
  });

  test('warn if one does', () => {
    expect(aReport({ results: [green('A'), warned('B')] }).verdict).toMatchObject({ icon: '⚠️', word: 'Green, with 1 warning' });
  });
});

test('a crash after the launch names the run that goes on', () => {
  const results = [ended('', { kind: 'completed' }, { openRun: 'run' })];
  expect(aReport({ results, stepOutcome: { kind: 'crashed', message: 'x' } }).verdict.steps[0]).toContain(
    `Run \`${RUN_ID}\` goes on at Alloovium`,
  );
});
