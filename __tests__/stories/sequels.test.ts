/** Whoever follows the next step of a failing outcome gets a check that passes: one proof for each row of the words' tables. */
import { expect, test } from '@jest/globals';
import { playSteps } from '../../simulator/play-story.ts';
import { readStories, type Step } from '../../simulator/story.ts';
import { FAILURES, GITHUB_FAILURES } from '../../src/report/failures.ts';
import { OUTCOMES } from '../../src/report/outcomes.ts';

/** A story with a sequel; a step and its sequel; or why nobody can follow the next step here. */
type Proof = string | readonly [step: Step, sequel: Step] | { readonly none: string };
type Proofs<Table> = Readonly<Record<keyof Table, Proof>>;

const RERUN = { attempt: 2, follows: 'e-run this job' };
const PUSH = { commit: 2 };
const OTHER_KEY = 'ak_test_5a0d2e8f9b3c4d6e7f80921b3c4d5e6f70819203b4c5d6e7f809';
const OWNER = { attempt: 2, follows: 'sk the owner of the Alloovium account, then re-run this job' };
const GATE = {
  with: { config: 'gates.yml' },
  files: { 'octo-org/tower': { 'gates.yml@': "fail_if: outputs.items.filter(i, i.status != 'compliant')" } },
};
const NETWORK = { none: 'the simulator cannot repair the network of the runner' };

const OF_OUTCOMES: Proofs<Omit<typeof OUTCOMES, 'passed' | 'launched' | 'skipped'>> = {
  gate_failed: 'gate-fails',
  baseline_unavailable: 'rerun-while-github-is-down',
  failed: 'run-failed',
  cancelled: 'run-cancelled',
  timed_out: 'timed-out',
  interrupted: 'interrupted',
  request_failed: 'key-unknown',
  lost_sight: 'poll-outage-long',
  run_gone: 'rerun-after-the-run-was-deleted',
  gate_timeout: { none: 'conditions that take 4 s would make this test slow; a story follows “correct it and push”' },
  outputs_too_large: 'outputs-over-the-limit',
  crashed: { none: 'a fault of the action that is known is repaired' },
  invalid_inputs: 'conditions-faulty',
  missing_key: 'key-missing',
  missing_key_of_fork: 'fork-without-key',
  no_commit: 'event-unreadable',
  not_a_runner: { none: 'outside GitHub Actions there is no check' },
  pull_request: 'pull-request-not-there',
  commit_status: 'commit-status-no-permission',
  config: [
    { ...GATE, lacks: ['contents'] },
    { ...PUSH, follows: "add `contents: read` to the job's permissions and push", lacks: [] },
  ],
  no_outputs: { none: 'a step without its output file shows a story nothing to compare' },
};

const OF_FAILURES: Proofs<typeof FAILURES> = {
  no_connection: NETWORK,
  unknown_host: NETWORK,
  certificate: NETWORK,
  connection_lost: [{ api: { launch: 'lost' } }, RERUN],
  timeout: NETWORK,
  redirected: 'launch-redirected',
  proxy_refused: NETWORK,
  invalid_key: 'key-unknown',
  key_revoked: 'key-revoked-while-waiting',
  key_expired: [
    { api: { launch: 'api_key_expired' } },
    { attempt: 2, follows: 'create an API key in Alloovium', with: { api_key: OTHER_KEY }, key: { tier: 'pro' } },
  ],
  account_disabled: [{ api: { launch: 'tenant_disabled' } }, OWNER],
  payment_required: [{ api: { launch: 'payment_required' } }, OWNER],
  missing_scopes: 'key-lacks-scope',
  forbidden: [
    { api: { launch: 'permission_denied' } },
    { attempt: 2, follows: "ive the API key's user access to the workflow and the project, then re-run this job" },
  ],
  not_found: 'project-unknown',
  key_reused: 'launch-key-reused',
  locked: [{ api: { launch: 'idempotency_in_progress' } }, RERUN],
  invalid_request: 'variable-wrong',
  rate_limited: [{ api: { launch: 'rate_limited' } }, RERUN],
  bucket_too_small: 'free-tier',
  server_error: 'launch-internal-error',
  unavailable: [{ api: { launch: 502 } }, RERUN],
  not_implemented: [{ api: { launch: 'not_implemented' } }, { ...PUSH, follows: 'check `api_url` and push' }],
  unreadable: [{ api: { launch: { body: '{' } } }, RERUN],
  web_page: 'launch-sign-in-page',
  too_large: { none: 'a run with more is `outputs_too_large`; no other answer of the API comes near 8 MiB' },
  wrong_workflow: 'other-workflow-answered',
  wrong_run: [{ api: { poll: { fields: { run_id: 'run_other' } } } }, RERUN],
  run_of_other_key: { none: 'an API that answers two keys with one run is reported to Alloovium' },
  rejected: [{ api: { launch: { status: 418 } } }, { ...PUSH, follows: 'check `api_url` and push' }],
};

const OF_GITHUB: Proofs<typeof GITHUB_FAILURES> = {
  no_token: [
    { ...GATE, with: { config: 'gates.yml', github_token: '' } },
    { ...PUSH, follows: 'remove `github_token`', with: { github_token: null } },
  ],
  proxy_needs_newer_runner: { none: 'every runner of the simulator has the newer Node.js' },
  proxy_invalid: NETWORK,
  no_answer: [{ ...GATE, github: { 'commits x3': 502 } }, RERUN],
  rate_limited: [{ ...GATE, github: { 'commits x3': 429 } }, RERUN],
  unauthorised: [
    { ...GATE, with: { config: 'gates.yml', github_token: 'ghs_wrong' } },
    { ...PUSH, follows: 'remove `github_token`', with: { github_token: null } },
  ],
  forbidden: OF_OUTCOMES.config,
  not_found: 'pull-request-not-there',
  rejected: [{ ...GATE, github: { 'commits x1': 422 } }, RERUN],
  out_of_time: { none: 'the time of an optional call ran out, so no check fails' },
};

interface Row {
  readonly name: string;
  readonly proof: Proof;
  readonly headline: unknown;
}

const ROWS: readonly Row[] = [
  ...rowsOf('outcome', OF_OUTCOMES, (name) => OUTCOMES[name].headline),
  ...rowsOf('failed request', OF_FAILURES, (name) => FAILURES[name][0]),
  ...rowsOf("GitHub's failure", OF_GITHUB, (name) => GITHUB_FAILURES[name][0]),
];

function rowsOf<K extends string>(table: string, proofs: Readonly<Record<K, Proof>>, headlineOf: (name: K) => unknown): Row[] {
  return Object.entries<Proof>(proofs).map(([name, proof]) => ({ name: `${table} ${name}`, proof, headline: headlineOf(name as K) }));
}

const includesHeadline = (text: string, headline: unknown) =>
  typeof headline !== 'string' || text.toLowerCase().includes(headline.toLowerCase());

const stories = readStories();

test.each(ROWS.flatMap(({ name, proof, headline }) => (typeof proof === 'string' ? [[name, proof, headline] as const] : [])))(
  '%s prints a next step that the story %s follows',
  (_, story, headline) => {
    const { then = [], sections = [] } = stories.get(story) ?? {};
    expect(then.filter(({ follows }) => follows !== undefined)).not.toEqual([]);
    expect(sections.some(({ text }) => includesHeadline(text, headline))).toBe(true);
  },
);

test.concurrent.each(
  ROWS.flatMap(({ name, proof, headline }) => (typeof proof === 'string' || 'none' in proof ? [] : [[name, proof, headline] as const])),
)(
  '%s prints a next step that works',
  async (_, [step, sequel], headline) => {
    const { steps, api, github } = await playSteps({ run: 'submittals in order', ...step, then: [sequel] });
    await Promise.all([api.close(), github.close()]);
    expect([steps[0]?.result.exitCode, includesHeadline(steps[0]?.result.shownLog ?? '', headline)]).toEqual([1, true]);
  },
  60_000,
);

test.each<[string, readonly string[], object, readonly string[]]>([
  ['outcome that fails', Object.keys(OUTCOMES), OF_OUTCOMES, ['passed', 'launched', 'skipped']],
  ['failure of a request', Object.keys(FAILURES), OF_FAILURES, []],
  ["failure of GitHub's", Object.keys(GITHUB_FAILURES), OF_GITHUB, []],
])('each %s has a proof, or says why there is none', (_, rows, proofs, passing) => {
  expect(rows.filter((row) => !passing.includes(row))).toEqual(Object.keys(proofs));
});
