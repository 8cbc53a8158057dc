/** Each workflow of `examples/` is played to its end, with the shipped bundle and the inputs as they stand in the file. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { startApi, type Api } from '../../simulator/api.ts';
import { ACTIONS_BOT, startGithub, type Github, type GithubOptions } from '../../simulator/github.ts';
import { findViolations } from '../../simulator/invariants.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { defaultEvent, runAction, SHA, type RunResult } from '../../simulator/runner.ts';
import { CLAUSE_OUTPUTS as RED, GREEN_CLAUSE_OUTPUTS as GREEN } from '../../simulator/sample-outputs.ts';
import { GREEN_OUTPUTS, OUTPUTS, TEST_KEY, WORKFLOW } from '../../simulator/vendor-example.ts';
import { playWorkflow, type Play } from './play-workflow.ts';

/** An event, by default of a pull request, and what is in place for it. */
interface Act extends Partial<Pick<Play, 'files' | 'programs'>> {
  readonly on?: string;
  /** What the event has in the place of the usual. */
  readonly event?: { readonly pull_request?: ReturnType<typeof pullOf>; readonly issue?: object; readonly comment?: object };
  readonly attempt?: number;
  /** What the next runs write that are launched, in order; after all the last one is repeated. Default: two findings. */
  readonly outputs?: readonly unknown[];
  readonly key?: string;
  readonly inputs?: (api: Api) => object;
}
/** The act, how its jobs end with the conclusions of their steps, and what is there afterwards. */
type Row = readonly [file: string, act: Act, ends: string, left: string];

function pullOf(head: object, draft = false) {
  const usual = defaultEvent('pull_request').pull_request as { head: { sha: string } };
  return { ...usual, draft, head: { ...usual.head, ...head } };
}

const labelled = (...names: readonly string[]) => ({ ...pullOf({}), labels: names.map((name) => ({ name })) });

const REQUESTS = { ...WORKFLOW, id: 'wf_7c3e9a52-0d41-4f86-b2c7-5e8a9d1f6b30', name: 'Request review' };
const OVERDUE = { requests: [{ id: 'RFI-12', days_open: 21 }] };
const ONE_FINDING = { ...RED, items: RED.items.slice(1) };
const FORK = { pull_request: pullOf({ repo: { id: 666, full_name: 'somebody/tower' } }) };
const PUSHED = { pull_request: pullOf({ sha: 'a'.repeat(40) }) };
const REVIEW = '{\n  "level": 3, "tolerance": 0.5,\n  "note": "doors\\nlevel: 4 # ${{ x }}", "sections": ["08 11 13"]\n}\n';
const HOSTILE = 'doors"\nend_date: 2030-01-01\n# ${{ x }} : [';
const NIGHT = {
  on: 'schedule',
  programs: { curl: 'cat > "${!###*/}.json"', gh: 'echo "$1 $2" >> gh.txt; [ "$2" != list ] || cat issue.txt' },
};
const DISPATCH = { on: 'workflow_dispatch' };
const SAVE = { ...DISPATCH, inputs: () => ({ save_baseline: 'true' }) };
const SELF_TEST = '../.github/workflows/self-test';

const touching = (...names: readonly string[]): Act => ({ programs: { gh: `printf '%s\\n' ${names.join(' ')}` } });
const numbered = (pull_request: string): Act => ({ ...DISPATCH, inputs: () => ({ pull_request }) });
const shared = (enforce: boolean): Act => ({ inputs: () => ({ workflow_id: WORKFLOW.id, project_id: 'p', title: '', enforce }) });
const reading = (text: string): Act => ({ files: { 'review.json': text } });
const tried = { workflowId: WORKFLOW.id, ageMs: 86_400_000, lifecycle: steadyLifecycle({ outputs: RED }) };
const typed = () => ({ start_date: '', note: HOSTILE });
const trying = (api: Api) => ({ run_id: api.addRun(tried), condition: 'outputs.items' });
const said = (login: string, body: string, issue: object = {}): Act => ({
  on: 'issue_comment',
  event: { issue: { number: 7, state: 'open', pull_request: {}, ...issue }, comment: { body, user: { login } } },
  programs: { gh: 'case "$2" in */writer/permission) echo write ;; *) echo read ;; esac' },
});

const ROWS: readonly Row[] = [
  ['approval', { on: 'pull_request_target', event: FORK }, 'review failure gate_failed', '1 run, 1 comment'],
  ['background', {}, 'build failure gate_failed', '1 run, 1 comment'],
  ['badge', { on: 'push', outputs: [RED] }, 'review failure gate_failed', '1 run, 0 comments'],
  ['badge', { on: 'schedule', outputs: [GREEN] }, 'review success success', '2 runs, 0 comments'],
  // By hand: what is there is accepted.
  ['compare-with-main', { ...SAVE, outputs: [ONE_FINDING, ONE_FINDING] }, 'review failure gate_failed', '1 run, 0 comments'],
  ['compare-with-main', {}, 'review success success', '2 runs, 0 comments'],
  ['compare-with-main', { event: PUSHED, outputs: [RED] }, 'review failure gate_failed', '3 runs, 1 comment'],
  ['by-label', { event: { pull_request: labelled() } }, 'review skipped', '0 runs, 0 comments'],
  [
    'by-label',
    { event: { pull_request: labelled('submittals') }, outputs: [GREEN] },
    'review success success',
    '1 run, 0 comments pending success',
  ],
  ['concurrency', {}, 'review failure gate_failed', '1 run, 1 comment'],
  ['first-run', { event: { pull_request: pullOf({}, true) } }, 'review skipped', '0 runs, 0 comments'],
  ['first-run', {}, 'review success success', '1 run, 1 comment'],
  ['forks-and-dependabot', { event: FORK, key: '' }, 'review success skipped', '0 runs, 0 comments'],
  ['forks-and-dependabot', { on: 'push' }, 'review failure gate_failed', '1 run, 0 comments'],
  ['gate-in-a-file', {}, 'review failure gate_failed', '1 run, 1 comment'],
  ['gate-pull-request', { outputs: [RED] }, 'review failure gate_failed', '1 run, 1 comment'],
  ['gate-pull-request', { attempt: 2, outputs: [GREEN] }, 'review success success', '2 runs, 1 comment'],
  ['inputs-from-file', reading(REVIEW), 'review failure gate_failed', '1 run, 1 comment'],
  ['inputs-from-file', reading('{ "level": 3'), 'review failure not run', '1 run, 1 comment'],
  ['issue-on-failure', { ...NIGHT, files: { 'issue.txt': '' }, outputs: [RED] }, 'review failure gate_failed', '1 run, 0 comments'],
  ['issue-on-failure', { ...NIGHT, files: { 'issue.txt': '4' }, outputs: [RED] }, 'review failure gate_failed', '2 runs, 0 comments'],
  ['issue-on-failure', { ...NIGHT, files: { 'issue.txt': '4' }, outputs: [GREEN] }, 'review success success', '3 runs, 0 comments'],
  ['junit-report', {}, 'review failure gate_failed', '1 run, 0 comments'],
  [
    'launch-early-join-later',
    {},
    'launch success pending, build success, review failure gate_failed, submittals failure',
    '1 run, 1 comment',
  ],
  ['matrix', { outputs: [RED, GREEN] }, 'review failure gate_failed success success, submittals failure', '3 runs, 1 comment'],
  ['merge-queue', { outputs: [GREEN] }, 'review success success', '1 run, 0 comments'],
  ['merge-queue', { on: 'merge_group' }, 'review skipped', '1 run, 0 comments'],
  ['nightly', { ...NIGHT, ...SAVE, outputs: [ONE_FINDING, ONE_FINDING] }, 'review failure gate_failed', '1 run, 0 comments'],
  ['nightly', NIGHT, 'review success success', '2 runs, 0 comments'],
  ['nightly', { ...NIGHT, outputs: [RED] }, 'review failure gate_failed', '3 runs, 0 comments'],
  ['paths-and-required-check', touching('a.md', 'docs/submittals/a.md'), 'review success not run', '0 runs, 0 comments'],
  ['paths-and-required-check', { programs: { gh: 'exit 1' } }, 'review failure not run', '0 runs, 0 comments'],
  ['paths-and-required-check', touching('a.md', 'submittals/a.pdf'), 'review failure gate_failed', '1 run, 1 comment'],
  ['reusable-workflow', shared(true), 'review failure gate_failed', '1 run, 1 comment'],
  ['review-by-number', numbered('7'), 'review failure gate_failed', '1 run, 1 comment pending failure'],
  ['review-by-number', numbered('8'), 'review failure error', '1 run, 1 comment'],
  ['review-command', said('writer', '/review\r\n'), 'ask success, review success gate_failed', '1 run, 1 comment pending failure'],
  ['review-command', said('reader', '/review'), 'ask success, review skipped', '1 run, 1 comment'],
  ['review-command', said('writer', 'not /review'), 'ask skipped, review skipped', '1 run, 1 comment'],
  ['review-command', said('writer', '/review', { pull_request: null }), 'ask skipped, review skipped', '1 run, 1 comment'],
  ['roll-out-with-warnings', { programs: { date: 'echo 2027-01-01' } }, 'review failure gate_failed', '1 run, 1 comment'],
  ['roll-out-with-warnings', { programs: { date: 'echo 2026-12-31' }, attempt: 2 }, 'review success success', '1 run, 1 comment'],
  ['self-hosted', {}, 'review failure gate_failed', '1 run, 1 comment'],
  ['several-projects', { outputs: [RED, GREEN, GREEN] }, 'review failure gate_failed', '3 runs, 1 comment'],
  ['several-projects', { attempt: 2, outputs: [GREEN] }, 'review success success', '4 runs, 1 comment'],
  ['several-workflows', { outputs: [GREEN, OVERDUE] }, 'review failure gate_failed', '2 runs, 1 comment'],
  ['try-conditions', { ...DISPATCH, inputs: trying }, 'try success success', '1 run, 0 comments'],
  ['values-in-and-out', { ...DISPATCH, inputs: typed }, 'review failure gate_failed', '1 run, 0 comments'],
  ['waivers', {}, 'review failure gate_failed', '1 run, 1 comment'],
  [SELF_TEST, { on: 'push', outputs: [GREEN_OUTPUTS, OUTPUTS] }, 'self-test success success gate_failed error', '2 runs, 0 comments'],
];

/** The gate that `gate-in-a-file` and the reusable workflow read. */
const GATE = "fail_if: |\n  not compliant: outputs.items.filter(i, i.status != 'compliant')\n";
const FILES = {
  'octo-org/tower': { '.github/alloovium.yml@': GATE },
  'octo-org/workflows': { [`.github/alloovium.yml@${SHA}`]: GATE },
};

const written = (result: RunResult | null | undefined, name: string) => readFileSync(join(result!.temp, '_workspace', name), 'utf8');
/** What more an example promises. @param results of each act's first step */
type Promised = (results: readonly (RunResult | null)[], api: Api) => void;
const warns: Promised = (results) => expect(results.at(-1)?.annotations).toMatchObject([{ level: 'warning' }]);
const PROMISES: Readonly<Record<string, Promised>> = {
  'inputs-from-file': (_results, { runs }) => expect(runs[0]?.inputs).toEqual(JSON.parse(REVIEW)),
  'issue-on-failure': (results) =>
    expect(results.map((result) => written(result, 'gh.txt'))).toEqual(
      ['create', 'edit', 'close'].map((call) => `issue list\nissue ${call}\n`),
    ),
  'junit-report': ([result]) => {
    const xml = written(result, 'junit.xml');
    expect(xml).toMatch(/^<testsuites>\n {2}<testsuite name="not compliant">\n(?: {4}<testcase .*<\/testcase>\n){2}/);
    expect(xml.replaceAll(/&\w+;|<\/?(?:testsuites?|testcase|failure)[^<>]*>/g, '')).not.toMatch(/[<>&]/);
  },
  nightly: ([, known, red]) => {
    const headline = red?.outputs.headline ?? '';
    expect(JSON.parse(written(red, 'slack.json'))).toEqual({ text: `${headline} https://github.com/octo-org/tower/actions/runs/3` });
    const card = { type: 'AdaptiveCard', body: [{ text: headline }] };
    expect(JSON.parse(written(red, 'teams.json'))).toMatchObject({ type: 'message', attachments: [{ content: card }] });
    expect(() => written(known, 'slack.json')).toThrow();
  },
  'roll-out-with-warnings': warns,
  'several-workflows': ([result]) => expect(JSON.parse(written(result, 'requests.json'))).toEqual(OVERDUE.requests),
  'values-in-and-out': ([result], { runs }) => {
    expect(runs[0]?.inputs).toEqual({ start_date: '', note: HOSTILE });
    expect(written(result, 'not-compliant.txt').trim().split('\n')).toHaveLength(2);
  },
  waivers: ([result]) => expect(result?.outputs.headline).toMatch(/^1 of 5 items: not compliant/),
};

async function playExample(file: string, acts: readonly Row[]): Promise<void> {
  const writes = acts.flatMap(([, { outputs = [] }]) => outputs);
  const api = await startApi({
    ...{ isClientDriven: true, startAt: Date.UTC(2026, 3, 8), workflows: [WORKFLOW, REQUESTS] },
    lifecycle: ({ count }) =>
      steadyLifecycle({ queuedMs: 1_000, runningMs: 9_000, outputs: writes[Math.min(count, writes.length) - 1] ?? RED }),
  });
  const tokens: Record<string, NonNullable<GithubOptions['tokens']>[string]> = {};
  const github = await startGithub({ tokens, files: FILES, actions: { branches: { main: [SHA] } } });
  const results: (RunResult | null)[] = [];
  try {
    for (const [, act, ends, left] of acts) {
      const earlier = github.actions.statuses.length;
      const jobs = await playWorkflow(planOf(file, act, results.length + 2 - (act.attempt ?? 1), api, github, tokens));
      results.push(jobs.flatMap(({ own }) => own)[0] ?? null);
      const statuses = github.actions.statuses.slice(earlier).map(({ state }) => ` ${state}`);
      const there = `${api.runs.length} runs, ${github.comments().length} comments${statuses.join('')}`.replaceAll(/\b(1 \w+)s/g, '$1');
      const ended = jobs.map(({ id, result, own }) => [id, result, ...own.map((one) => one?.outputs.conclusion ?? 'not run')].join(' '));
      expect([ended.join(', '), there]).toEqual([ends, left]);
    }
    PROMISES[file]?.(results, api);
  } finally {
    await api.close();
    await github.close();
  }
}

/** @param tokens receives one for each job, which may do what its `permissions` allow */
function planOf(file: string, act: Act, runId: number, api: Api, github: Github, tokens: Record<string, unknown>): Play {
  const { on = 'pull_request', attempt = 1, key = TEST_KEY } = act;
  const pull = act.event?.pull_request ?? pullOf({});
  const usual = defaultEvent(on);
  const event = { ...usual, ...('pull_request' in usual ? { pull_request: pull } : {}), ...act.event };
  const [ref, headBranch] = on === 'pull_request' ? ['refs/pull/7/merge', 'fix-doors'] : ['refs/heads/main', 'main'];
  const path = `.github/workflows/${file}.yml`;
  github.actions.addRun({ id: runId, event: on, path, headSha: headBranch === 'main' ? SHA : pull.head.sha, headBranch });
  github.setHead(7, pull.head.sha);
  const given = act.inputs?.(api) ?? {};
  const runOwn: Play['runOwn'] = async (inputs, env, permissions, leg) => {
    const token = ['ghs_simulated', ...Object.keys(permissions)].join('_').replaceAll('-', '_');
    const missingPermissions = (['pull-requests', 'statuses', 'actions', 'contents'] as const).filter((one) => !(one in permissions));
    tokens[token] = { user: ACTIONS_BOT, missingPermissions };
    const earlierRequests = api.journal.length;
    const time = { FAST_TIME_FROZEN_MS: '6000', FAST_TIME_DATE: String(api.now()) };
    const servers = { GITHUB_API_URL: github.apiUrl, ...github.actions.environment(runId, attempt) };
    const result = await runAction({
      ...{ eventName: on, event: { ...event, inputs: given }, runId, attempt, token, secrets: [TEST_KEY], timeoutMs: 60_000, ...leg },
      inputs: { api_url: api.url, ...inputs },
      env: { ...env, GITHUB_WORKFLOW_REF: `octo-org/tower/${path}@${ref}`, ...time, ...servers },
      preload: ['simulator/fast-time.mjs'],
    });
    expect(findViolations({ result, api, github, apiKey: TEST_KEY, token: Object.keys(tokens), earlierRequests })).toEqual([]);
    return result;
  };
  const repository = { repository: 'octo-org/tower', server_url: 'https://github.com', token: 'ghs_simulated', workflow: 'Submittals' };
  const contexts = {
    github: { ...repository, event_name: on, event, ref, run_id: String(runId), run_attempt: String(attempt) },
    secrets: {
      ALLOOVIUM_API_KEY: key,
      SLACK_WEBHOOK_URL: 'https://chat.example.com/slack',
      TEAMS_WEBHOOK_URL: 'https://chat.example.com/teams',
    },
    inputs: given,
    job: { workflow_sha: SHA },
    vars: { ALLOOVIUM_RUN_URL: '', ALLOOVIUM_ITEM_URL: '' },
  };
  const fakes = { vault: { api_key: TEST_KEY }, simulator: { url: api.url, key: TEST_KEY } };
  return { path: `examples/${file}.yml`, contexts, files: act.files ?? {}, programs: act.programs ?? {}, fakes, runOwn };
}

test('has a row for every example', () => {
  const files = readdirSync('examples').map((file) => file.replace(/\.yml$/, ''));
  expect([...new Set(ROWS.map(([file]) => file))].sort()).toEqual([SELF_TEST, ...files].sort());
});

test.concurrent.each([...Map.groupBy(ROWS, ([file]) => file)])('ends %s as its rows say', (file, acts) => playExample(file, acts), 60_000);
