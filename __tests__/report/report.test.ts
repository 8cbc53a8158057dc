/** What the report says about inputs without effect, the baseline and failures, and what it remembers. */
import { describe, expect, test } from '@jest/globals';
import type { BaselineState } from '../../src/gate/baseline.ts';
import type { ConditionResult } from '../../src/gate/findings.ts';
import type { Waiver } from '../../src/gate/waivers.ts';
import type { JsonValue } from '../../src/json.ts';
import { GithubFailure, type GithubFailureCode } from '../../src/github/octokit.ts';
import { listDigests } from '../../src/report/report.ts';
import * as words from '../../src/report/messages.ts';
import { aFailure, aCondition, aReport, aResult, CONTEXT, DOOR, notCompliant, type ResultOverrides } from '../support/a-report.ts';

const aWaiver = (because: string): Waiver => ({ match: new Map(), condition: null, because, until: null, count: 1 });
const WAIVERS = [aWaiver('one'), aWaiver('two'), aWaiver('three')];
const unused = (name: string, ...unusedWaivers: number[]): ResultOverrides => ({ name, waivers: WAIVERS, gateResult: { unusedWaivers } });
const broken = [aCondition({ result: 'cannot_be_evaluated', problem: { code: 'no_value', source: 'x', values: ['=='] } })];
const columns = (field: string): ResultOverrides => ({ columns: new Map([[null, [field, 'reason']]]) });
const knownBy = (field: string, ...items: JsonValue[]): ResultOverrides => ({
  conditions: [notCompliant({ knownBy: ['document_id', field], ...(items.length > 0 && { items }) })],
});
const noticesOf = (results: readonly ResultOverrides[], itemUrl = '') =>
  aReport({ inputs: { itemUrl }, results: results.map(aResult) }).notices;

test.each<[what: string, results: ResultOverrides[], begin: string | undefined]>([
  ['counts waivers that match nothing from 1', [unused('', 0, 2)], 'These waivers match nothing: 1 and 3, counted from 1.'],
  ['counts those that no run of a shared list uses', [unused('a', 0, 1), unused('b', 1, 2)], 'These waivers match nothing: 2, counted'],
  ['counts those of one run', [unused('a', 0), { name: 'b' }], 'These waivers match nothing: 1, counted'],
  ['counts none where a condition was not evaluated', [{ ...unused('', 0), conditions: broken }], undefined],
  ['counts none where a run has not ended', [unused('a', 0), { name: 'b', conditions: null }], undefined],
  ['names a field of `columns` that no item has', [columns('clause')], '`columns`: nothing found has a field `clause`.'],
  ['names none where there is no item', [{ ...columns('clause'), conditions: [aCondition()] }], undefined],
  ['names a field of `known_by`, with the nearest', [knownBy('statsu')], '`known_by`: nothing found has a field `statsu`, but "status".'],
  ['names one without a near one', [knownBy('severity')], '`known_by`: nothing found has a field `severity`.'],
  ['names one that is empty everywhere', [knownBy('reason', { ...DOOR, reason: '' })], '`known_by`: nothing found has a field `reason`.'],
  ['names none that one item has', [knownBy('reason', { ...DOOR, reason: '' }, DOOR)], undefined],
  ['names none of texts', [knownBy('reason', 'Door 7')], undefined],
])('%s', (_, results, begin) => {
  expect(noticesOf(results)[0]?.slice(0, begin?.length)).toBe(begin);
});

test('names a field of `item_url` that no item has', () => {
  expect(noticesOf([{}], 'https://x.test/{project_id}/{document}?d={document_id}')).toEqual([
    '`item_url`: nothing found has a field `document`, but "document_id".',
  ]);
});

test('says a notice of a run once, with its name, though several entries evaluate it', () => {
  const result = aResult({ name: 'a', runState: { notices: [{ code: 'secret_in_answer' }] } });
  const other = { ...result, entry: { ...result.entry, name: 'b' } };
  expect(aReport({ results: [result, other] }).notices).toEqual([
    'a: An answer of the API contained a secret of this job, which is shown as ***.',
  ]);
});

test('remembers the digests of all conditions but those with an empty field', () => {
  const { results } = aReport({
    results: [aResult({ conditions: [notCompliant({ items: [{ value: DOOR, digest: 'a' }, 1] }), aCondition()] })],
  });
  expect(listDigests(results)).toEqual(['a']);
});

const forbidden = new GithubFailure('forbidden', 'Not accessible', 403);
const DENIED = '`github_token` is not allowed to do it (403). Add';

describe('the reason why every finding is new', () => {
  test.each<[state: BaselineState, why: string]>([
    [{ code: 'missing', branch: 'main' }, '`main` has no baseline yet: run this GitHub workflow there by hand.'],
    [{ code: 'expired', savedAt: '2026-08-30T04:37:00Z' }, 'the baseline of 2026-08-30 has expired: run this GitHub workflow by hand'],
    [{ code: 'untrusted', branch: 'main', why: 'fork' }, 'the last baseline of `main` does not count (fork).'],
    [{ code: 'not_fetched', failure: forbidden }, `the baseline could not be fetched: ${DENIED} \`actions: read\` and \`contents: read\``],
    [{ code: 'other_project' }, 'the baseline cannot be used (other project).'],
  ])('is said once: %j', (baseline, why) => {
    const { baselineRemarks } = aReport({ results: ['a', 'b'].map((name) => aResult({ name, gateResult: { baseline } })) });
    expect(baselineRemarks.map((text) => text.slice(0, why.length + 22))).toEqual([`Every finding is new: ${why}`]);
  });
});

const ACCEPTS = 'This run is the baseline from now on: pull requests are red only for what it does not have.';
const RED = 'Not kept as the baseline: it is red. Run this GitHub workflow by hand on `main` to accept what is there.';
const FOUND = notCompliant({ items: [{ value: DOOR, digest: 'a' }] });

test.each<[what: string, conditions: ConditionResult[], event: string, ref: string, sentence: string | undefined]>([
  ['a failing manual run that asks for it', [FOUND], 'workflow_dispatch', 'main', ACCEPTS],
  ['a green one by a push', [aCondition()], 'push', 'main', undefined],
  ['a push that fails', [FOUND], 'push', 'main', RED],
  ['a condition that is only true', [aCondition({ result: 'met' })], 'push', 'main', 'Not kept as the baseline (only true).'],
  ['one of another branch', [notCompliant()], 'push', 'next', undefined],
])('says of %s whether it is kept', (_, conditions, event, branch, sentence) => {
  const context = { ...CONTEXT, event, ref: `refs/heads/${branch}`, isSaveRequested: event === 'workflow_dispatch' };
  const inputs = { baseline: 'main', pullRequest: null };
  expect(aReport({ results: [aResult({ conditions })], context, inputs }).baselineRemarks[0]).toBe(sentence);
});

test.each<[notice: words.StepNotice, begin: string]>([
  [{ code: 'comment', result: { code: 'outdated', head: 'b' } }, 'No comment: the pull request has a newer commit.'],
  [{ code: 'comment', result: { code: 'failed', failure: forbidden } }, `The comment was not written: ${DENIED} \`pull-requests: write\``],
  [{ code: 'status', failure: forbidden }, `The commit status was not written: ${DENIED} \`statuses: write\``],
  [
    { code: 'outputs_missing', names: ['run', 'gate'] },
    'Some step outputs are missing, since the action uses the name or there is no space: `run` and `gate`.',
  ],
])('says of %j “%s”', (notice, begin) => {
  expect(words.describeNotice(notice).slice(0, begin.length)).toBe(begin);
});

const TOKEN = 'Leave `github_token` out, or check its value';
test.each<[code: GithubFailureCode, status: number | null, what: string, remedy: string]>([
  ['forbidden', 403, '`github_token` is not allowed to do it (403)', "Add `a: write` to the job's permissions"],
  ['not_found', 404, 'GitHub does not find it, or does not show it to `github_token` (404)', "Add `a: write` to the job's permissions"],
  ['unauthorised', 401, 'GitHub does not accept `github_token` (401)', TOKEN],
  ['no_answer', 502, 'GitHub gave no usable answer (502)', ''],
])('tells a call of GitHub that failed by what happened and what to add: %s', (code, status, what, remedy) => {
  const described = words.describeGithubFailure(new GithubFailure(code, 'Not accessible', status), 'a: write');
  expect(described).toEqual({ what, remedy, reason: 'GitHub reported: Not accessible' });
});

test.each([
  ['invalid_key', 401, 'Alloovium does not know this API key (401)', 'secrets.ALLOOVIUM_API_KEY'],
  ['missing_scopes', 403, 'the API key lacks a scope (403)', '`workflows:write`'],
  ['not_found', 404, 'not found, or not visible to the account', '`workflow_id`'],
  ['no_connection', null, 'Alloovium could not be reached', 'DNS, firewall, proxy'],
] as const)('says of %s (%s) “%s”, and names %s', (code, status, what, remedy) => {
  const described = words.describeRequestFailure(aFailure(code, { status }));
  expect(described.what).toContain(what);
  expect(described.remedy).toContain(remedy);
});
