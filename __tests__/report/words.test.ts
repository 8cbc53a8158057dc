/** The words of findings, failures, baselines and notices. */
import { describe, expect, test } from '@jest/globals';
import type { ErrorCode } from '../../src/alloovium/errors.ts';
import type { BaselineState } from '../../src/gate/baseline.ts';
import { GithubFailure, type GithubFailureCode } from '../../src/github/api.ts';
import * as words from '../../src/report/words.ts';
import { CONTEXT, notCompliant, someInputs, type FindingOverrides } from '../support/a-report.ts';
import { aFailure } from '../support/failures.ts';

test.each<[finding: FindingOverrides, count: string, sentence: string]>([
  [{ counts: { matched: 60, others: 152 } }, '60 of 212', '60 of 212 items “not compliant”'],
  [{ counts: { matched: 1, waived: 2, others: 2 } }, '1 of 5', '1 of 5 items “not compliant”'],
  [{ counts: { matched: 1, others: 0 } }, '1 of 1', '1 of 1 item “not compliant”'],
  [{ counts: { matched: 1, others: null } }, '1', '1 item “not compliant”'],
  [{ counts: { matched: 1200, others: null } }, '1,200', '1,200 items “not compliant”'],
  [{ counts: { matched: 5, new: 1, known: 4, others: 3 } }, '5 of 8', '1 new and 4 known “not compliant”'],
  [{ counts: { matched: 4, new: 0, known: 4, others: 4 } }, '4 of 8', '4 known “not compliant”'],
  [{ counts: { matched: 0, others: null }, result: 'true' }, 'true', '“not compliant” is true'],
  [{ result: 'cannot_be_evaluated' }, 'cannot be evaluated', '“not compliant” cannot be evaluated'],
])('counts and describes %j', (overrides, count, sentence) => {
  const finding = notCompliant(overrides);
  expect([words.describeCount(finding), words.describeFinding(finding)]).toEqual([count, sentence]);
});

test('says “not true”, and never “passed”', () => {
  expect(words.describeCount(notCompliant({ counts: { matched: 0, others: null }, result: 'not_true' }))).toBe('not true');
});

test('names a condition, or shows its expression as one short code span', () => {
  expect(words.nameOf({ name: 'late', expression: 'x' })).toBe('“late”');
  expect(words.nameOf({ name: null, expression: 'x == "`"' })).toBe("`x == '''`");
  expect(words.nameOf({ name: null, expression: 'x'.repeat(100) })).toHaveLength(62);
});

test('says why a waiver does not count', () => {
  expect(words.describeRemark({ code: 'waiver_ended', until: '2026-01-31' })).toBe('waiver ended on 2026-01-31');
  expect(words.describeRemark({ code: 'waiver_exceeded', items: 3, count: 1 })).toBe('the waiver accepts 1, and 3 fit it');
});

test.each<[code: ErrorCode, status: number | null, what: string, remedy: string]>([
  ['invalid_key', 401, 'Alloovium does not know this API key (401)', 'secrets.ALLOOVIUM_API_KEY'],
  ['key_revoked', 401, 'the API key was revoked (401)', 'secrets.ALLOOVIUM_API_KEY'],
  ['missing_scopes', 403, 'the API key lacks a scope (403)', '`workflows:write`'],
  ['workflow_not_found', 404, 'the Alloovium workflow was not found', '`workflow_id`'],
  ['project_not_found', 404, 'its project was not found (404)', '`project_id`'],
  ['invalid_request', 422, 'Alloovium rejected the request as invalid (422)', '`inputs` and `project_id`'],
  ['bucket_too_small', 429, 'this API key cannot launch runs', 'standard tier'],
  ['certificate', null, "the server's certificate was not accepted", 'NODE_EXTRA_CA_CERTS'],
  ['web_page', 200, 'the server answered with a web page (200)', 'sign-in'],
  ['no_connection', null, 'Alloovium could not be reached', 'DNS, firewall, proxy'],
])('says of %s (%s) “%s”, and names %s', (code, status, what, remedy) => {
  const described = words.describeRequestFailure(aFailure(code, { status }));
  expect(described.what).toContain(what);
  expect(described.remedy).toContain(remedy);
});

describe('a call of GitHub that failed', () => {
  const TOKEN = 'Leave `github_token` out, or check its value';
  test.each<[code: GithubFailureCode, status: number | null, what: string, remedy: string]>([
    ['forbidden', 403, '`github_token` is not allowed to do it (403)', "Add `a: write` to the job's permissions"],
    ['not_found', 404, 'GitHub does not find it, or does not show it to `github_token` (404)', 'Add `a: write`'],
    ['unauthorised', 401, 'GitHub does not accept `github_token` (401)', TOKEN],
    ['no_token', null, '`github_token` is empty', TOKEN],
    ['no_answer', 502, 'GitHub gave no usable answer (502)', ''],
    ['rate_limited', 403, "GitHub's rate limit lasts (403)", ''],
    ['proxy_needs_newer_runner', null, 'this runner cannot use the proxy', 'Update the runner'],
  ])('is told by what happened and what to add: %s', (code, status, what, remedy) => {
    const described = words.describeGithubFailure(new GithubFailure(code, 'Not accessible', status), 'a: write');
    expect(described).toMatchObject({ what, reason: 'GitHub reported: Not accessible' });
    expect(described.remedy.startsWith(remedy)).toBe(true);
  });
});

const forbidden = new GithubFailure('forbidden', '', 403);
const DENIED = '`github_token` is not allowed to do it (403). Add';

describe('the reason why every finding is new', () => {
  test.each<[state: BaselineState, why: string]>([
    [{ code: 'no_branch', branch: 'master' }, 'there is no branch `master`.'],
    [{ code: 'missing', branch: 'main' }, '`main` has no baseline yet: run this GitHub workflow there by hand.'],
    [{ code: 'expired', keptAt: '2026-08-30T04:37:00Z' }, 'the baseline of 2026-08-30 has expired: run this GitHub workflow by hand'],
    [{ code: 'untrusted', branch: 'main', why: 'fork' }, 'the last baseline of `main` does not count (fork).'],
    [{ code: 'not_fetched', failure: forbidden }, `the baseline could not be fetched: ${DENIED} \`actions: read\` and \`contents: read\``],
    [{ code: 'not_fetched', failure: new GithubFailure('no_answer') }, 'the baseline could not be fetched: GitHub gave no usable answer.'],
    [{ code: 'enterprise_server' }, 'the baseline cannot be used (enterprise server).'],
    [{ code: 'changed' }, 'the baseline cannot be used (changed).'],
    [{ code: 'other_project' }, 'the baseline cannot be used (other project).'],
  ])('%j', (state, why) => {
    expect(words.describeBaseline(state).startsWith(`Every finding is new: ${why}`)).toBe(true);
  });

  test('is empty with a usable baseline, and without the input', () => {
    const baseline = { commit: 'a', keptAt: '', entries: [] };
    expect(words.describeBaseline({ code: 'usable', baseline }) + words.describeBaseline({ code: 'none' })).toBe('');
  });
});

test.each([
  ['keep', 'workflow_dispatch', 'This run is the baseline from now on: pull requests are red only for what it does not have.'],
  ['keep', 'push', ''],
  ['red', 'push', 'Not kept as the baseline: it is red. Run this GitHub workflow by hand on `main` to accept what is there.'],
  ['not_evaluated', 'schedule', 'Not kept as the baseline (not evaluated).'],
  ['with_run_id', 'workflow_dispatch', 'Not kept as the baseline (with run id).'],
  ['no_baseline', 'push', ''],
  ['other_ref', 'push', ''],
] as const)('says of a review with %s on %s “%s”', (code, event, sentence) => {
  const terms = { context: { ...CONTEXT, event }, inputs: someInputs({ baseline: 'main' }) };
  expect(words.describeKeepDecision({ code }, terms)).toBe(sentence);
});

test.each<[notice: words.StepNotice, begin: string]>([
  [{ code: 'secret_in_answer' }, 'An answer of the API contained a secret of this job'],
  [{ code: 'unknown_status', status: 'a"\n' }, 'This version of the action does not know the status "a\\"\\n", and waits'],
  [{ code: 'maybe_another_run', key: 'gha_1' }, 'An earlier attempt of this launch may have started another run (key `gha_1`)'],
  [
    { code: 'unknown_field', input: 'known_by', field: 'statsu', nearest: 'status' },
    '`known_by`: nothing found has a field `statsu`, but "status".',
  ],
  [{ code: 'unknown_field', input: 'item_url', field: 'page', nearest: null }, '`item_url`: nothing found has a field `page`.'],
  [{ code: 'unused_waivers', positions: [2, 3] }, 'These waivers match nothing: 2 and 3, counted from 1.'],
  [{ code: 'kept', result: { code: 'timed_out' } }, 'The baseline was not kept (timed out).'],
  [{ code: 'kept', result: { code: 'failed', message: '"x"' } }, 'The baseline was not kept (failed).'],
  [{ code: 'comment', result: { code: 'outdated', head: 'b' } }, 'No comment: the pull request has a newer commit.'],
  [{ code: 'comment', result: { code: 'failed', failure: forbidden } }, `The comment was not written: ${DENIED} \`pull-requests: write\``],
  [{ code: 'status', failure: forbidden }, `The commit status was not written: ${DENIED} \`statuses: write\``],
  [
    { code: 'outputs_missing', names: ['run', 'gate'] },
    'No step outputs, since the action uses the name or there is no space: `run` and `gate`.',
  ],
])('says of %j “%s”', (notice, begin) => {
  expect(words.describeNotice(notice).slice(0, begin.length)).toBe(begin);
});

test.each<[notice: words.StepNotice]>([
  [{ code: 'kept', result: { code: 'kept' } }],
  [{ code: 'comment', result: { code: 'created', url: 'https://x.test' } }],
])('says nothing of %j', (notice) => {
  expect(words.describeNotice(notice)).toBe('');
});
