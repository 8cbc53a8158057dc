/** What people read of each way in which a run or a step ends: headline, next step, reason. */
import { describe, expect, test } from '@jest/globals';
import { CONCLUSIONS, describeEnding, type Result, type StepFailure, type Terms } from '../src/endings.ts';
import type { Finding } from '../src/gate/finding.ts';
import { GithubFailure } from '../src/github/api.ts';
import type { Inputs } from '../src/inputs/inputs.ts';
import type { Ending, RunRecord } from '../src/runs/outcome.ts';
import { CONTEXT, DOOR, RUN_ID, SHEET, aFailure, aFinding, aResult, asWarning, notCompliant, someInputs } from './support/a-report.ts';

function termsOf(inputs: Partial<Inputs> = {}, context: Partial<typeof CONTEXT> = {}): Terms {
  return { inputs: someInputs(inputs), context: { ...CONTEXT, ...context } };
}

const TERMS = termsOf();
const FRESH = termsOf({ onRerun: 'fresh' });
const QUEUE = termsOf({}, { event: 'merge_group' });

const describeRun = (result: Result, terms = TERMS) => describeEnding(result.ending, terms, result);
const describeFindings = (findings: readonly Finding[], terms = TERMS) => describeRun(aResult({ findings }), terms);
/** A run that ended so before it could be evaluated. */
const unevaluated = (ending: Ending, record: Partial<RunRecord> = {}) =>
  aResult({ findings: null, ending, record: { status: 'running', ...record } });
const describeUnevaluated = (ending: Ending, record: Partial<RunRecord> = {}, terms = TERMS) =>
  describeRun(unevaluated(ending, record), terms);

const problem = { code: 'missing_key', source: 'i.late', values: ['late'] } as const;
const broken = aFinding({ result: 'cannot_be_evaluated', condition: { name: 'late' }, problem });
const plain = aFinding({ result: 'true' });
const known = notCompliant({ items: [DOOR, { value: SHEET, isKnown: true, remark: null }], counts: { new: 1, known: 1 } });
const allKnown = notCompliant({ items: [], isRed: false, result: 'not_true', counts: { matched: 2, new: 0, known: 2 } });
const waived = notCompliant({ items: [], counts: { waived: 1 } });
const unnamed = notCompliant({ condition: { name: null, expression: 'outputs.a.filter(i, i.b == "`")' } });

test.each([
  ['counts the items of a filter', [notCompliant()], '2 of 5 items “not compliant”'],
  ['counts a single item', [notCompliant({ items: [DOOR], counts: { others: null } })], '1 item “not compliant”'],
  ['separates thousands', [notCompliant({ counts: { matched: 1200, others: null } })], '1,200 items “not compliant”'],
  ['counts new and known items', [known], '1 new and 1 known “not compliant”'],
  ['calls a condition without items true', [plain], '“nothing reviewed” is true'],
  ['names what cannot be evaluated', [broken], '“late” cannot be evaluated'],
  ['lists several conditions', [notCompliant(), plain, aFinding()], '2 of 5 items “not compliant”; “nothing reviewed” is true'],
  ['says that nothing was found', [aFinding()], 'No findings'],
  ['counts what is known and waived', [allKnown, waived], 'No findings (2 known, 1 waived)'],
  ['says that there is no gate', [], 'Completed, no gate: green whatever was found'],
  ['tells a warning', [aFinding(), asWarning(plain)], '“nothing reviewed” is true (only a warning)'],
  ['shows the expression of a condition without a name', [unnamed], "2 of 5 items `outputs.a.filter(i, i.b == ''')`"],
])('the headline of a completed run %s', (_what, findings, headline) => {
  expect(describeFindings(findings).headline).toBe(headline);
});

test('the headline counts earlier red runs', () => {
  expect(describeRun(aResult({ findings: [aFinding()], record: { redRunsBefore: 2 } })).headline).toBe('No findings (2 earlier red runs)');
});

test('is red where a condition of a completed run was not evaluated', () => {
  const whole = aResult({ findings: [aFinding()] });
  const lacking = { ...whole, evaluated: whole.evaluated && { ...whole.evaluated, findings: [] } };
  for (const one of [lacking, { ...whole, evaluated: null }])
    expect(describeRun(one)).toMatchObject({ word: 'Red', headline: 'The action had an internal error' });
});

describe('the steps of a completed run', () => {
  const NEW = termsOf({ failOn: 'new', baseline: 'main' });
  const ON_MAIN = termsOf({ failOn: 'new', baseline: 'main' }, { ref: 'refs/heads/main' });
  const ACCEPT = 'Or waive the findings, or accept what is there: run this GitHub workflow by hand on `main`.';
  const RESOLVE = 'Resolve the findings, then re-run the job: this starts a new run.';
  const TRY = `Correct the condition (\`run_id: ${RUN_ID}\` tries it without a launch) or what the Alloovium workflow writes, then re-run the job: this starts a new run.`;
  test.each([
    ['resolve the findings', TERMS, [notCompliant()], [RESOLVE]],
    ['correct a condition', TERMS, [broken], [TRY]],
    ['offer the run by hand on the branch', NEW, [known], [RESOLVE, ACCEPT]],
    ['offer it for items alone', NEW, [plain], [RESOLVE]],
    ['do not offer it on that branch', ON_MAIN, [notCompliant()], [RESOLVE]],
    ['do not offer it where known findings are red too', termsOf({ baseline: 'main' }), [notCompliant()], [RESOLVE]],
    ['are none for a green run', TERMS, [aFinding()], []],
    ['clear a warning', TERMS, [asWarning(notCompliant())], ['Resolve the findings.']],
    ['queue again', QUEUE, [notCompliant()], ['Resolve the findings, then queue the pull request again: this starts a new run.']],
  ])('%s', (_what, terms, findings, steps) => {
    expect(describeFindings(findings, terms).steps).toEqual(steps);
  });
});

test.each([
  ['one warning', [asWarning(plain)], '⚠️', 'Green, with 1 warning', 'To clear the warning'],
  ['two warnings', [asWarning(plain), asWarning(notCompliant())], '⚠️', 'Green, with 2 warnings', 'To clear the warning'],
  ['a red condition next to a warning', [notCompliant(), asWarning(plain)], '❌', 'Red', 'To turn this green'],
])('has icon and word for %s', (_what, findings, icon, word, stepsLabel) => {
  expect(describeFindings(findings)).toMatchObject({ icon, word, stepsLabel });
});

type TimedOut = Extract<Ending, { kind: 'timed_out' }>;
function timedOut(phase: TimedOut['phase'], overrides: Partial<TimedOut> = {}): Ending {
  return { kind: 'timed_out', phase, waitedFor: null, askedMs: null, last: null, ...overrides };
}

const lost = (code: 'not_found' | 'timeout'): Ending => ({ kind: 'lost_sight', failure: aFailure(code), forMs: 300_000 });
const revoked: Ending = { kind: 'request_failed', failure: aFailure('key_revoked', { kind: 'unauthorised', status: 401 }) };
const interrupted: Ending = { kind: 'interrupted', signal: 'SIGINT' };

test.each<[ending: Ending, headline: string, begin: string]>([
  [{ kind: 'failed' }, 'The run failed', 'Fix what Alloovium reported, here or in its dashboard, then re-run'],
  [{ kind: 'cancelled' }, 'The run was cancelled at Alloovium, by a user or a time-out there', 'Re-run the job: this starts a new run.'],
  [{ kind: 'launched' }, 'Launched without waiting', 'A job with the same inputs and without `wait: false`'],
  [{ kind: 'gate_timeout' }, 'The conditions took more than 4 s', 'Make the conditions simpler'],
  [timedOut('run'), 'Not finished within 15 min', 'Run `run_'],
  [timedOut('launch', { waitedFor: 'tokens' }), 'Not launched within 15 min (waiting for tokens of the API key)', 'Run `run_'],
  [timedOut('launch', { askedMs: 7_200_000 }), 'Not launched within 15 min (the API asked to wait for 2 h more)', 'Run `run_'],
  [timedOut('run', { last: aFailure('timeout') }), 'Not finished within 15 min (no complete answer came in time)', 'Check that the runner'],
  [revoked, 'The API key was revoked (401)', 'Create a key'],
  [lost('timeout'), 'No usable answer about the run for 5 min: no complete answer came in time', 'Check that the runner'],
  [lost('not_found'), 'Alloovium does not find the run (404)', 'Check that nobody deleted the run'],
])('%j has the headline “%s” and a step that begins “%s”', (ending, headline, begin) => {
  const words = describeUnevaluated(ending);
  expect(words.headline).toBe(headline);
  expect(words.steps[0]?.slice(0, begin.length)).toBe(begin);
});

describe('how one goes on with', () => {
  const nothing = { left: 'nothing', runId: '' } as const;
  const perhaps = { left: 'perhaps', runId: '', key: 'gha_1' } as const;
  const run = { left: 'run' } as const;
  const MAYBE = 'A run may have started (key `gha_1`)';
  const GOES_ON = `Run \`${RUN_ID}\` goes on at Alloovium`;
  const ANOTHER = 'which starts another; `run_id` evaluates this one';
  test.each<[what: string, terms: Terms, record: Partial<RunRecord>, step: string]>([
    ['nothing', TERMS, nothing, 'Nothing was started: re-run the job.'],
    ['nothing in a merge queue', QUEUE, nothing, 'Nothing was started: queue the pull request again.'],
    ['perhaps a run', TERMS, perhaps, `${MAYBE}: re-run the job, and it joins that run.`],
    ['perhaps a run, fresh', FRESH, perhaps, `${MAYBE}: re-run the job, ${ANOTHER}.`],
    ['a run', TERMS, run, `${GOES_ON}: re-run the job, and it joins that run.`],
    ['a run in a merge queue', QUEUE, run, `${GOES_ON}: queue the pull request again, ${ANOTHER}.`],
    ['an ended run', TERMS, {}, `Run \`${RUN_ID}\` has ended at Alloovium: re-run the job, and it joins that run.`],
  ])('%s', (_what, terms, record, step) => {
    expect(describeUnevaluated(interrupted, record, terms).steps[0]).toBe(step);
  });

  test('a given run, where `on_rerun` has no effect', () => {
    const given = { ...run, order: { ...aResult().record.order, runId: RUN_ID } };
    expect(describeUnevaluated(interrupted, given, FRESH).steps[0]).toBe(`${GOES_ON}: re-run the job, and it joins that run.`);
    expect(describeUnevaluated({ kind: 'cancelled' }, given).steps).toEqual(['Give another `run_id`.']);
  });

  test('another API key, which cannot join the run', () => {
    expect(describeUnevaluated(revoked, run).steps[0]).toContain(`${GOES_ON}: re-run the job, ${ANOTHER}.`);
  });
});

test.each([
  ['project_not_found', '', 'Give `project_id` if'],
  ['invalid_request', '', 'Give `project_id` if'],
  ['invalid_request', 'p_1', 'Check that `inputs` and `project_id` are what'],
] as const)('the step after %s with the project “%s” begins “%s”', (code, projectId, begin) => {
  const order = { ...aResult().record.order, projectId };
  expect(describeUnevaluated({ kind: 'request_failed', failure: aFailure(code) }, { order }).steps[0]).toMatch(begin);
});

test.each<[what: string, ending: Ending, errorMessage: string, reason: string]>([
  ['the message of a failed run', { kind: 'failed' }, 'No project', 'Alloovium reported: No project'],
  ['empty where the message is blank', { kind: 'failed' }, ' \u200b', ''],
  ['the message of a crash', { kind: 'crashed', message: 'x is undefined' }, '', 'Node.js reported: x is undefined'],
  ['what Node.js says', timedOut('run', { last: aFailure('timeout', { detail: 'ETIMEDOUT' }) }), '', 'Node.js reported: ETIMEDOUT'],
  [
    'what the server says',
    {
      kind: 'request_failed',
      failure: aFailure('missing_scopes', { status: 403, detail: 'No', missingScopes: ['a:b'], requestId: 'req_1' }),
    },
    '',
    'The server reported: No · a:b · request req_1',
  ],
])('the reason is %s', (_what, ending, errorMessage, reason) => {
  expect(describeUnevaluated(ending, { errorMessage }).reason).toBe(reason);
});

test('no text of the run is in the headline', () => {
  const failure = aFailure('invalid_request', { detail: 'HOSTILE', requestId: 'HOSTILE' });
  const endings = [{ kind: 'failed' }, { kind: 'crashed', message: 'HOSTILE' }, { kind: 'request_failed', failure }] as const;
  const stranger = { errorMessage: 'HOSTILE', stage: 'HOSTILE', status: 'HOSTILE', runId: 'HOSTILE' };
  for (const ending of [...endings, timedOut('run', { last: failure })])
    expect(describeUnevaluated(ending, stranger).headline).not.toContain('HOSTILE');
});

const failure = new GithubFailure('forbidden', 'Resource not accessible by integration', 403);
const AGAIN = 'Nothing was started: re-run the job.';
test.each<[failure: StepFailure, headline: string, begin: string | undefined]>([
  [{ kind: 'missing_key', isWithheld: false }, '`api_key` is empty, and so is `ALLOOVIUM_API_KEY`', 'Check the name of the secret'],
  [{ kind: 'missing_key', isWithheld: true }, '`api_key` is empty, and so is `ALLOOVIUM_API_KEY`', 'GitHub gives no secrets to forks'],
  [{ kind: 'skipped' }, 'Skipped: GitHub gives this job no secrets', undefined],
  [{ kind: 'event_unreadable', event: 'push', problem: 'missing' }, "The event's file, which names the commit,", AGAIN],
  [{ kind: 'not_a_runner', variable: 'GITHUB_SHA' }, '`GITHUB_SHA` is not set, which every runner sets', 'Run the action'],
  [{ kind: 'pull_request', number: 7, failure }, 'Pull request #7 cannot be read: ', 'Add `pull-requests: read`'],
  [{ kind: 'commit_status', failure }, 'The commit status cannot be set: ', 'Add `statuses: write`'],
  [{ kind: 'no_outputs', what: 'files', message: 'ENOSPC' }, 'The step outputs cannot be written', 'Check the disk'],
  [interrupted, 'No verdict: the runner stopped this step', AGAIN],
])('a step that ended before its runs: %j', (ending, headline, begin) => {
  const words = describeEnding(ending, TERMS);
  expect(words.headline.startsWith(headline)).toBe(true);
  expect(words.steps[0]?.slice(0, begin?.length)).toBe(begin);
});

test('names the inputs that cannot be used, each once, and says what is wrong', () => {
  const fault = { input: 'timeout_minutes', run: '', code: 'minutes', values: [1200] };
  const words = describeEnding({ kind: 'invalid_inputs', faults: [fault, { ...fault, code: 'text' }], gateFaults: [] }, TERMS);
  expect(words.headline).toBe('`timeout_minutes` cannot be used');
  expect(words.reason.split('\n')).toEqual([expect.stringContaining('minutes'), expect.stringMatching(/quote it\.$/)]);
});

test('only success, pending and skipped are green, and only success is a green commit status', () => {
  const rows = Object.entries(CONCLUSIONS);
  expect(rows.filter(([, row]) => row.exitCode === 0).map(([name]) => name)).toEqual(['pending', 'success', 'skipped']);
  expect(rows.filter(([, row]) => row.statusState === 'success').map(([name]) => name)).toEqual(['success']);
});
