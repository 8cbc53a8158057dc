/** What people read of each way in which a run or a step ends: headline, next step, reason. */
import { describe, expect, test } from '@jest/globals';
import { CONCLUSIONS, judge, type EntryResult, type Terms } from '../../src/report/outcomes.ts';
import type { Finding } from '../../src/gate/finding.ts';
import { GithubFailure } from '../../src/github/octokit.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { RunState } from '../../src/run/run-state.ts';
import { CONTEXT, DOOR, RUN_ID, SHEET, aFailure, aFinding, aResult, asWarning, notCompliant, someInputs } from '../support/a-report.ts';

function termsOf(inputs: Partial<Inputs> = {}, context: Partial<typeof CONTEXT> = {}): Terms {
  return { inputs: someInputs(inputs), context: { ...CONTEXT, ...context } };
}

const TERMS = termsOf();
const FRESH = termsOf({ onRerun: 'fresh' });
const QUEUE = termsOf({}, { event: 'merge_group' });

const describeRun = (result: EntryResult, terms = TERMS) => judge(result.runState.outcome, terms, result);
const describeFindings = (findings: readonly Finding[], terms = TERMS) => describeRun(aResult({ findings }), terms);
/** A run that ended so before it could be evaluated. */
const describeUnevaluated = (outcome: Outcome, runState: Partial<RunState> = {}, terms = TERMS) =>
  describeRun(aResult({ findings: null, outcome, runState: { status: 'running', ...runState } }), terms);

const problem = { code: 'missing_key', source: 'i.late', values: ['late'] } as const;
const broken = aFinding({ result: 'cannot_be_evaluated', condition: { name: 'late' }, problem });
const plain = aFinding({ result: 'true' });
const known = notCompliant({ items: [DOOR, { value: SHEET, isKnown: true, remark: null }], counts: { new: 1, known: 1 } });
const allKnown = notCompliant({ items: [], isFailing: false, result: 'not_true', counts: { matched: 2, new: 0, known: 2 } });
const waived = notCompliant({ items: [], counts: { waived: 1 } });
const unnamed = notCompliant({ condition: { name: null, expression: 'outputs.a.filter(i, i.b == "`")' } });

test.each([
  ['counts the items of a filter', [notCompliant()], '2 of 5 items “not compliant”'],
  ['counts waived items among all', [notCompliant({ items: [DOOR], others: [], counts: { waived: 4 } })], '1 of 5 items “not compliant”'],
  ['counts new and known items', [known], '1 new and 1 known “not compliant”'],
  ['names what cannot be evaluated', [broken], '“late” cannot be evaluated'],
  ['lists several conditions', [notCompliant(), plain, aFinding()], '2 of 5 items “not compliant”; “nothing reviewed” is true'],
  ['counts what is known and waived', [allKnown, waived], 'No findings (2 known, 1 waived)'],
  ['says that there is no gate', [], 'Completed, no gate: green whatever was found'],
  ['tells a warning', [aFinding(), asWarning(plain)], '“nothing reviewed” is true (only a warning)'],
  ['shows the expression of a condition without a name', [unnamed], "2 of 5 items `outputs.a.filter(i, i.b == ''')`"],
])('the headline of a completed run %s', (_what, findings, headline) => {
  expect(describeFindings(findings).headline).toBe(headline);
});

test('is red where a condition of a completed run was not evaluated', () => {
  const whole = aResult({ findings: [aFinding()] });
  const lacking = { ...whole, review: whole.review && { ...whole.review, findings: [] } };
  for (const one of [lacking, { ...whole, review: null }])
    expect(describeRun(one)).toMatchObject({ word: 'Red', headline: 'The action had an internal error' });
});

describe('the steps of a completed run', () => {
  const NEW = termsOf({ failOn: 'new', baseline: 'main' });
  const ON_MAIN = termsOf({ failOn: 'new', baseline: 'main' }, { ref: 'refs/heads/main' });
  const ACCEPT = 'Or waive it in `waivers`. Or, to accept what is there, run this GitHub workflow by hand on `main`, then re-run this job.';
  const RESOLVE = 'Resolve the findings, then re-run the job: this starts a new run.';
  const TRY = `Correct the condition (\`run_id: ${RUN_ID}\` tries it without a launch) or what the Alloovium workflow writes, then re-run the job: this starts a new run.`;
  test.each([
    ['resolve the findings', TERMS, [notCompliant()], [RESOLVE]],
    ['correct a condition', TERMS, [broken], [TRY]],
    ['offer the run by hand on the branch', NEW, [known], [RESOLVE, ACCEPT]],
    ['offer it for items alone', NEW, [plain], [RESOLVE]],
    ['do not offer it on that branch', ON_MAIN, [notCompliant()], [RESOLVE]],
    ['do not offer it where known findings are red too', termsOf({ baseline: 'main' }), [notCompliant()], [RESOLVE]],
    ['clear a warning', TERMS, [asWarning(notCompliant())], ['Resolve the findings.']],
    ['queue again', QUEUE, [notCompliant()], ['Resolve the findings, then queue the pull request again: this starts a new run.']],
  ])('%s', (_what, terms, findings, steps) => {
    expect(describeFindings(findings, terms).steps).toEqual(steps);
  });
});

type TimedOut = Extract<Outcome, { kind: 'timed_out' }>;
function timedOut(phase: TimedOut['phase'], overrides: Partial<TimedOut> = {}): Outcome {
  return { kind: 'timed_out', phase, waitedFor: null, askedMs: null, last: null, ...overrides };
}

const lost = (code: 'not_found' | 'timeout'): Outcome => ({ kind: 'lost_sight', failure: aFailure(code), forMs: 300_000 });
const revoked: Outcome = { kind: 'request_failed', failure: aFailure('key_revoked', { kind: 'unauthorised', status: 401 }) };
const unscoped = aFailure('missing_scopes', { status: 403, detail: 'No', missingScopes: ['a:b'], requestId: 'req_1' });
const interrupted: Outcome = { kind: 'interrupted', signal: 'SIGINT' };

test.each<[outcome: Outcome, headline: string]>([
  [timedOut('run'), 'Not finished within 15 min'],
  [timedOut('launch', { waitedFor: 'tokens' }), 'Not launched within 15 min (waiting for tokens of the API key)'],
  [timedOut('launch', { askedMs: 7_200_000 }), 'Not launched within 15 min (the API asked to wait for 2 h more)'],
  [timedOut('run', { last: aFailure('timeout') }), 'Not finished within 15 min (no complete answer came in time)'],
  [lost('timeout'), 'No usable answer about the run for 5 min: no complete answer came in time'],
  [lost('not_found'), 'Alloovium does not find the run (404)'],
])('%j has the headline “%s”', (outcome, headline) => {
  expect(describeUnevaluated(outcome).headline).toBe(headline);
});

describe('how one goes on with', () => {
  const nothing = { openRun: 'nothing', runId: '' } as const;
  const perhaps = { openRun: 'perhaps', runId: '', key: 'gha_1' } as const;
  const run = { openRun: 'run' } as const;
  const MAYBE = 'A run may have started (key `gha_1`)';
  const GOES_ON = `Run \`${RUN_ID}\` goes on at Alloovium`;
  const ANOTHER = 'which starts another; `run_id` evaluates this one';
  test.each<[what: string, terms: Terms, runState: Partial<RunState>, step: string]>([
    ['nothing', TERMS, nothing, 'Nothing was started: re-run the job.'],
    ['nothing in a merge queue', QUEUE, nothing, 'Nothing was started: queue the pull request again.'],
    ['perhaps a run', TERMS, perhaps, `${MAYBE}: re-run the job, and it joins that run.`],
    ['perhaps a run, fresh', FRESH, perhaps, `${MAYBE}: re-run the job, ${ANOTHER}.`],
    ['a run', TERMS, run, `${GOES_ON}: re-run the job, and it joins that run.`],
    ['a run in a merge queue', QUEUE, run, `${GOES_ON}: queue the pull request again, ${ANOTHER}.`],
    ['an ended run', TERMS, {}, `Run \`${RUN_ID}\` has ended at Alloovium: re-run the job, and it joins that run.`],
  ])('%s', (_what, terms, runState, step) => {
    expect(describeUnevaluated(interrupted, runState, terms).steps[0]).toBe(step);
  });

  test('a given run, where `on_rerun` has no effect', () => {
    const given = { ...run, runPlan: { ...aResult().runState.runPlan, runId: RUN_ID } };
    expect(describeUnevaluated(interrupted, given, FRESH).steps[0]).toBe(`${GOES_ON}: re-run the job, and it joins that run.`);
    expect(describeUnevaluated({ kind: 'cancelled' }, given).steps).toEqual(['Give another `run_id`.']);
  });

  test('another API key, which cannot join the run', () => {
    expect(describeUnevaluated(revoked, run).steps[0]).toContain(`${GOES_ON}: re-run the job, ${ANOTHER}.`);
  });
});

test('asks for `project_id` where the launch had none', () => {
  const [none, one] = ['', 'p_1'].map((projectId) => ({ ...aResult().runState.runPlan, projectId }));
  const invalid: Outcome = { kind: 'request_failed', failure: aFailure('invalid_request') };
  expect(describeUnevaluated(invalid, { runPlan: none! }).steps[0]).toMatch('Give `project_id` if');
  expect(describeUnevaluated(invalid, { runPlan: one! }).steps[0]).toMatch('Check that `inputs` and `project_id` are what');
});

test.each<[what: string, outcome: Outcome, errorMessage: string, reason: string]>([
  ['the message of a failed run', { kind: 'failed' }, 'No project', 'Alloovium reported: No project'],
  ['empty where the message is blank', { kind: 'failed' }, ' \u200b', ''],
  ['the message of a crash', { kind: 'crashed', message: 'x is undefined' }, '', 'Node.js reported: x is undefined'],
  ['what Node.js says', timedOut('run', { last: aFailure('timeout', { detail: 'ETIMEDOUT' }) }), '', 'Node.js reported: ETIMEDOUT'],
  ['what the server says', { kind: 'request_failed', failure: unscoped }, '', 'The server reported: No · a:b · request req_1'],
])('the reason is %s', (_what, outcome, errorMessage, reason) => {
  expect(describeUnevaluated(outcome, { errorMessage }).reason).toBe(reason);
});

test('no text of the run is in the headline', () => {
  const failure = aFailure('invalid_request', { detail: 'HOSTILE', requestId: 'HOSTILE' });
  const endings = [{ kind: 'failed' }, { kind: 'crashed', message: 'HOSTILE' }, { kind: 'request_failed', failure }] as const;
  const stranger = { errorMessage: 'HOSTILE', stage: 'HOSTILE', status: 'HOSTILE', runId: 'HOSTILE' };
  for (const outcome of [...endings, timedOut('run', { last: failure })])
    expect(describeUnevaluated(outcome, stranger).headline).not.toContain('HOSTILE');
});

test.each<[failure: Outcome, begin: string | undefined]>([
  [{ kind: 'missing_key', isWithheld: false }, 'Check the name of the secret'],
  [{ kind: 'missing_key', isWithheld: true }, 'GitHub gives no secrets to forks'],
  [{ kind: 'pull_request', number: 7, failure: new GithubFailure('forbidden', '', 403) }, 'Add `pull-requests: read`'],
  [{ kind: 'commit_status', failure: new GithubFailure('forbidden', '', 403) }, 'Add `statuses: write`'],
  [{ kind: 'config', failure: new GithubFailure('not_found', '', 404) }, 'Add `contents: read`'],
  [interrupted, 'Nothing was started: re-run the job.'],
])('a step that ended before its runs has a first step: %j', (outcome, begin) => {
  expect(judge(outcome, TERMS).steps[0]?.slice(0, begin?.length)).toBe(begin);
});

test('names the inputs that cannot be used, each once, and says what is wrong', () => {
  const fault = { input: 'timeout_minutes', entry: '', code: 'minutes', values: [1200] };
  const words = judge({ kind: 'invalid_inputs', faults: [fault, { ...fault, code: 'text' }], gateFaults: [] }, TERMS);
  expect(words.headline).toBe('`timeout_minutes` cannot be used');
  expect(words.reason.split('\n')).toEqual([expect.stringContaining('minutes'), expect.stringMatching(/quote it\.$/)]);
});

test('only success, pending and skipped are green, and only success is a green commit status', () => {
  const rows = Object.entries(CONCLUSIONS);
  expect(rows.filter(([, row]) => row.exitCode === 0).map(([name]) => name)).toEqual(['pending', 'success', 'skipped']);
  expect(rows.filter(([, row]) => row.statusState === 'success').map(([name]) => name)).toEqual(['success']);
});
