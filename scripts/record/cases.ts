/** The cases of `npm run record`: the demo's scenarios, and rows of the fault matrix with faults of simulator/faults.ts. */
import { readFileSync } from 'node:fs';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { digest } from '../../src/gate/item-identity.ts';
import { createMarker, appendMemory } from '../../src/comment/memory.ts';
import { OUTPUT_NAMES } from '../../simulator/runner/context.ts';
import { runIdOf } from '../../simulator/api-messages.ts';
import type { Api, ApiOptions } from '../../simulator/api.ts';
import {
  ERRORS,
  type AnswerPatch,
  type ErrorCode,
  type Fault,
  type ScriptedFault,
  type WirePart,
} from '../../simulator/faults.ts';
import * as fakeGithub from '../../simulator/github.ts';
import { defaultEvent, type RunOptions, type RunResult } from '../../simulator/runner.ts';
import { headOf, SCENARIOS } from '../../simulator/scenarios.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import * as vendor from '../../simulator/vendor-example.ts';
import { conditionOf, outputsOf, SHAPES } from '../../simulator/finding-shapes.ts';

/** Code to run inside the process at the first matching log line: a signal from outside would arrive at another moment each time. */
export interface Trigger {
  readonly line: RegExp;
  readonly code: string;
}

interface Step extends RunOptions {
  readonly trigger?: Trigger;
  readonly before?: (api: Api, github: fakeGithub.Github) => void;
  readonly after?: (result: RunResult, github: fakeGithub.Github) => void;
  /** More inputs, from the result of the step before. */
  readonly inputsAfter?: (result: RunResult) => Readonly<Record<string, string>>;
}

export interface Case extends Step {
  readonly api?: ApiOptions;
  readonly faults?: readonly ScriptedFault[];
  readonly github?: fakeGithub.GithubOptions;
  readonly prepare?: (github: fakeGithub.Github, api: Api) => void;
  /** Runs of the action one after another, each with its own changes; default: one. */
  readonly steps?: readonly Step[];
  /** The output file cannot be written. */
  readonly mayLackOutputs?: boolean;
  /** Violations that the case causes on purpose, by their first words. */
  readonly ignoredViolations?: readonly string[];
}

export const START = Date.UTC(2026, 3, 8, 9, 0, 0, 500);
const HOUR = 3_600_000;
export const TOKEN = 'ghs_simulatedTokenOfTheJob0123456789abcdef';
const JOB_RUN = 17_000_000_001;

const HTML = '<html><body><h1>Bad gateway</h1></body></html>';
const launch = (fault: Omit<Fault, 'when'>, nth?: number): Fault => ({
  when: { call: 'launch', ...(nth === undefined ? {} : { nth }) },
  ...fault,
});
const poll = (fault: Omit<Fault, 'when'>, nth?: (nth: number) => boolean): Fault => ({
  when: { call: 'poll', ...(nth === undefined ? {} : { nth }) },
  ...fault,
});
const patch = (fields: Record<string, unknown>): AnswerPatch => ({ body: (own) => ({ ...own, ...fields }) });
const completedWith = (outputs: unknown, more: Parameters<typeof steadyLifecycle>[0] = {}): ApiOptions => ({
  lifecycle: steadyLifecycle({ queuedMs: 1_000, runningMs: 9_000, outputs, ...more }),
});
const failing = (errorMessage: string, ending = 'failed', runningMs = 9_000): ApiOptions => ({
  lifecycle: steadyLifecycle({ queuedMs: Math.min(1_000, runningMs), runningMs, ending, errorMessage }),
});
const endless: ApiOptions = { lifecycle: [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading' }] };
/** Lifecycles of the runs in the order in which they are created; the last one repeats. */
const oneAfterAnother = (...all: readonly ApiOptions[]): ApiOptions => ({
  lifecycle: ({ count }) => (all[count - 1] ?? all.at(-1)!).lifecycle as Lifecycle,
});
const rateLimited = (
  retryAfter: NonNullable<AnswerPatch['headers']>[string],
  headers: AnswerPatch['headers'] = {},
  retry_after_seconds?: unknown,
): AnswerPatch => ({
  status: 429,
  headers: { 'Content-Type': 'application/problem+json', 'Retry-After': retryAfter, ...headers },
  body: JSON.stringify({ status: 429, code: 'rate_limited', retry_after_seconds }),
});
/** The rate headers of a bucket that is full `fullInS` seconds after the start. */
const bucket = (limit: number, remaining: number, fullInS: number, cost = 1) => ({
  'X-RateLimit-Limit': String(limit),
  'X-RateLimit-Remaining': String(remaining),
  'X-RateLimit-Reset': String(Math.ceil(START / 1_000) + fullInS),
  'X-RateLimit-Cost': String(cost),
});
/** One row for each value, under the value's name. */
const rowsOf = <T>(values: Readonly<Record<string, T>>, row: (value: T) => Case) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, row(value)]));
/** One row for each value, with names that start alike. */
const rowsStartingWith = <T>(start: string, row: (value: T) => Case, values: Readonly<Record<string, T>>) =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${start} ${name}`, row(value)]));
const answerTo = (call: 'launch' | 'poll', answer: AnswerPatch, nth = 1): Fault => ({
  when: { call, nth },
  answer,
});
const TRICKLE: readonly WirePart[] = ['head', { bytes: 1, everyMs: 5_000 }];
const IN_PROGRESS = (hint: string | null): AnswerPatch => ({
  code: 'idempotency_in_progress',
  headers: { 'Retry-After': hint },
});
const timeoutMinutes = (timeout_minutes: string) => ({ inputs: { timeout_minutes } });
/** A run whose outputs are exactly this text. */
const rawOutputs = (json: string, fail_if = 'none'): Case => ({
  api: completedWith('HERE'),
  inputs: { fail_if },
  faults: [
    poll({ answer: { encode: (body) => Buffer.from(body.toString().replace('"HERE"', () => json)) } }),
  ],
});
const TOWER: fakeGithub.GithubOptions = {
  owner: 'octo-org',
  repo: 'tower',
  pullRequests: [{ number: 7, state: 'open', locked: false }],
  tokens: { [TOKEN]: { user: fakeGithub.ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
};
const onPull = (prepare?: Case['prepare'], more: Case = {}): Case => ({
  github: TOWER,
  eventName: 'pull_request',
  api: completedWith({ summary: 'All is well.' }),
  ...(prepare === undefined ? {} : { prepare }),
  ...more,
  inputs: { comment: 'always', ...more.inputs },
});
const withGithubFaults = (...faults: fakeGithub.Fault[]): Case =>
  onPull((github) => github.addFaults(...faults));
const MALLORY = { login: 'mallory', id: 666, type: 'User' } as const;
/** An earlier comment of the action: its marker, and a text. */
const MARKED_COMMENT = `${createMarker('octo-org/tower/.github/workflows/submittals.yml', 'review __self null')}\nA comment of an earlier run`;
/** An earlier comment of the action with its memory, for another commit. */
const ownComment = (text: string) =>
  appendMemory(text, {
    commit: 'c'.repeat(40),
    author: { id: digest(''), review: digest(''), judged: '', jobRun: '1', attempt: 1, createdAt: new Map() },
    text: digest(text),
    contentDigest: digest(''),
    isWarned: false,
    red: [],
    runs: new Map(),
  });
const OWN_COMMENT = ownComment(MARKED_COMMENT);
const REFUSED: fakeGithub.Answer = {
  status: 403,
  body: { message: '::error::x\r##[add-mask]e @octo-org/team' },
};
const HOSTILE =
  '::set-output name=conclusion::success\r::add-mask::e\n##[set-env name=PATH]/tmp\u2028::error::x </details>' +
  '<script>alert(1)</script><img src=x> [x](javascript:alert(1)) @octo-org/team #1 \u001b[31m\u202e ``` <!-- alloovium:x -->';
/** A run that has this text in all its fields, and fails. */
const textEverywhere = (text: string): Lifecycle => [
  { atMs: 0, status: 'pending', stage: text },
  { atMs: 3_000, status: 'running', progress: 10, stage: text },
  { atMs: 8_000, status: text },
  { atMs: 60_000, status: 'failed', stage: text, error_message: text, outputs: { [text]: text, text } },
];
const INVISIBLE = 'a\x1bb\0c\x07d\x9be\x85f\u202eg\u2066h\u200bi\ufeffj\u2028k\ud83cl\udfd7m\u{e0041}z';
const DATABASE = 'app:s3cr3t@db.example:5432';
const MARKUP = [
  '<script>alert(1)</script>',
  '<img src=https://evil.example/x onerror=alert(1)>',
  '</details></details></td></table>',
  '```',
  '``````',
  '~~~',
  'a | b | c',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/x)',
  '<!-- x',
  '# Heading\n\n- [ ] task',
];
/** Encodings of a secret. */
const ENCODINGS: Readonly<Record<string, (secret: string) => string>> = {
  plain: (secret) => secret,
  'in base64': (secret) => Buffer.from(secret).toString('base64'),
  'in an address': (secret) => `https://user:${encodeURIComponent(secret)}@example.com/?key=${secret}`,
  'in base64url behind a name': (secret) => Buffer.from(`x-access-token:${secret}`).toString('base64url'),
  'broken by line ends': (secret) => secret.replace(/.{16}/g, '$&\r\n'),
};
const MIXED_TYPES = {
  items: [
    { id: 'a', status: 'compliant', score: '2' },
    { id: 'b', status: 'non-compliant', score: '3' },
  ],
  nothing: null,
  text: 'no items',
  wrapped: { items: [] },
  two: '2',
  n: 2,
  ok: true,
  due: '2026-05-01T00:00:00Z',
  berlin: '2026-05-01T02:00:00+02:00',
  us: '12/31/2026',
  documents: [{ issues: [1, 2] }],
};
const FORK = {
  eventName: 'pull_request',
  event: {
    pull_request: {
      number: 7,
      head: { sha: 'a'.repeat(40), repo: { full_name: 'mallory/tower' } },
      base: { repo: { full_name: 'octo-org/tower' } },
      user: { login: 'mallory' },
    },
  },
};
/** For GitHub the actor who started the job counts, not the author of the pull request. */
const byDependabot = (eventName: string): Case => ({ eventName, env: { GITHUB_ACTOR: 'dependabot[bot]' } });
/** A push by a person to Dependabot's branch. */
const DEPENDABOT_BRANCH = {
  eventName: 'pull_request',
  event: {
    pull_request: {
      ...FORK.event.pull_request,
      head: { sha: 'a'.repeat(40), repo: { full_name: 'octo-org/tower' } },
      user: { login: 'dependabot[bot]' },
    },
  },
};
const interrupted = (line: RegExp): Trigger => ({ line, code: "process.emit('SIGINT', 'SIGINT')" });
const attempt = (number: number, ms = HOUR): Step => ({ attempt: number, before: (api) => api.advance(ms) });
const ITEMS = "bad: outputs.items.filter(i, i.status != 'ok')";
const GATE_OF_ITEMS = { inputs: { fail_if: 'outputs.items' } };
const GREEN = completedWith({ items: [] });
const RUN_URL = 'https://app.example.com/runs/{run_id}';
const DAY = 24 * HOUR;
const STALL: readonly WirePart[] = ['head', 'hang'];
const CUT: readonly WirePart[] = ['head', { bytes: 30 }, 'close'];
const SIGN_IN_PAGE = '<!DOCTYPE html>\n<title>Sign in to the network</title>';
const running = { status: 'running', progress: 10, outputs: null };
/** The polls return these states one after another, then a completed run. */
const pollsShow =
  (...polls: readonly Record<string, unknown>[]): ScriptedFault =>
  ({ call, nth }) =>
    call === 'poll'
      ? { answer: patch(polls[nth - 1] ?? { status: 'completed', progress: 100, outputs: vendor.OUTPUTS }) }
      : undefined;
const unknownRun = patch({ run_id: 'run_other', status: 'completed', outputs: {} });

const FINDINGS = [
  { id: 1, title: 'Doors', status: 'rejected', rev: '1.10', code: '0042', power: '71e3' },
  { id: 2, title: 'Windows', status: 'rejected' },
];
const DOORS = 'match: { title: Doors, status: rejected }\n  because: Agreed with the fire officer';
const withWaivers = (
  waivers: string,
  outputs: object = { bad: FINDINGS },
  inputs: Case['inputs'] = {},
): Case =>
  onPull(undefined, {
    api: completedWith(outputs),
    inputs: {
      project_id: vendor.PROJECT_ID,
      comment: 'never',
      fail_if: 'bad: outputs.bad',
      waivers,
      ...inputs,
    },
  });

/** Uses the `gate_file` of the step before as the baseline. */
const WITH_LAST_BASELINE: Step = {
  inputsAfter: ({ outputs }) => ({ baseline_file: outputs.gate_file ?? '' }),
};
/** A review on the default branch, by default started by hand, then a pull request's review with its `gate_file` as the baseline. */
const comparedWithMain = (
  earlier: object,
  now: object,
  { main = {}, pull = {}, inputs = {} }: { main?: Step; pull?: Step; inputs?: Case['inputs'] } = {},
): Case => ({
  api: oneAfterAnother(completedWith(earlier), completedWith(now)),
  inputs: {
    project_id: vendor.PROJECT_ID,
    fail_if: 'bad: outputs.bad',
    fail_on: 'new',
    known_by: 'id, title',
    ...inputs,
  },
  steps: [
    { eventName: 'workflow_dispatch', runId: JOB_RUN - 1, ...main },
    {
      eventName: 'pull_request',
      ...WITH_LAST_BASELINE,
      ...pull,
    },
  ],
});
const BAD = { bad: FINDINGS };
/** The event of pull request 7 into another branch than the default one. */
const pullInto = (base: string) => ({
  repository: { id: 987654321, full_name: 'octo-org/tower', default_branch: 'main' },
  number: 7,
  pull_request: {
    number: 7,
    head: { sha: 'd'.repeat(40), repo: { full_name: 'octo-org/tower' } },
    base: { ref: base, repo: { full_name: 'octo-org/tower' } },
    user: { login: 'octocat' },
  },
});
/** A finding without ID and title. */
const untitledFinding = (room: string) => ({ id: '', title: ' ', room, status: 'rejected' });
const SARIF = SHAPES.sarif ?? { name: '', condition: '', items: [] };
/** Two SARIF results, for tests of tables. */
const withColumns = (inputs: Case['inputs']): Case =>
  onPull(undefined, {
    api: completedWith(outputsOf(SARIF)),
    inputs: { fail_if: conditionOf(SARIF), ...inputs },
  });

const ROWS: Readonly<Record<string, Case>> = {
  'A2 reset before the API has the request': { faults: [launch({ work: 'none', wire: ['reset'] }, 1)] },
  'A3 created and cut before headers': { faults: [launch({ wire: ['reset'] }, 1)] },
  'A4 no headers, then 409 with a hint': {
    faults: [
      launch({ workMs: 50_000, wire: ['hang'] }, 1),
      launch({ answer: { code: 'idempotency_in_progress', headers: { 'Retry-After': '20' } } }, 2),
    ],
  },
  'A5 the body stalls': { faults: [launch({ wire: STALL }, 1)] },
  'A5 the body comes in a trickle': { api: { speed: 10 }, faults: [launch({ wire: TRICKLE }, 1)] },
  'A5 every body stalls': { faults: [launch({ wire: STALL })] },
  'A6 the body is cut': { faults: [launch({ wire: CUT }, 1)] },
  'A6 the body is cut behind a hint of 30 s, of a launch and of a poll': {
    faults: [
      launch({ answer: { headers: { 'Retry-After': '30' } }, wire: CUT }, 1),
      poll({ answer: { headers: { 'Retry-After': '30' } }, wire: CUT }, (nth) => nth === 1),
    ],
  },
  'A5 the body stalls behind a hint that is over by then': {
    ...timeoutMinutes('2'),
    faults: [launch({ answer: { headers: { 'Retry-After': '60' } }, wire: STALL }, 1)],
  },
  'A6 chunked, without its end': { faults: [launch({ answer: { chunked: true }, wire: CUT }, 1)] },
  'A7 no JSON always': { faults: [launch({ answer: { body: '{"run_id":' } })] },
  'A7 HTML twice': { faults: [1, 2].map((nth) => launch({ answer: { body: HTML } }, nth)) },
  'A7 HTML always': { faults: [launch({ answer: { body: HTML, headers: { 'X-Request-Id': 'req_7f3a' } } })] },
  'A8 no ID twice': {
    faults: [launch({ answer: patch({ run_id: null }) }, 1), launch({ answer: { body: '[]' } }, 2)],
  },
  'A8 a number for an ID always': { faults: [launch({ answer: patch({ run_id: 17 }) })] },
  'A8 204 always': { faults: [launch({ answer: { status: 204, body: '' } })] },
  'A9 an ID that is a path': { faults: [launch({ answer: patch({ run_id: '../x' }) })] },
  'A9 an ID of 10 KB': { faults: [launch({ answer: patch({ run_id: `run_${'a'.repeat(10_000)}` }) })] },
  'A9 an ID with a command': { faults: [launch({ answer: patch({ run_id: '::set-output name=a::b' }) })] },
  'A11 409 in progress with a hint of 60 s': { faults: [launch({ answer: IN_PROGRESS('60') }, 1)] },
  'A12 409 in progress at every attempt, with a hint of 50 s': {
    ...timeoutMinutes('6'),
    faults: [launch({ answer: IN_PROGRESS('50') })],
  },
  'A13 409 in progress without a hint': {
    ...timeoutMinutes('4'),
    faults: [launch({ answer: IN_PROGRESS(null) })],
  },
  'A13 409 in progress with a hint that is no time': {
    ...timeoutMinutes('4'),
    faults: [launch({ answer: IN_PROGRESS('soon') })],
  },
  'A12 409 in progress at every attempt': {
    faults: [launch({ answer: { code: 'idempotency_in_progress' } })],
  },
  'A14 key reused': { faults: [launch({ answer: { code: 'idempotency_key_reused' } })] },
  'A16 409 with another code': {
    faults: [
      launch({ answer: { status: 409, body: '{"code":"workflow_locked","detail":"Being edited."}' } }),
    ],
  },
  'A16 409 with nothing': { faults: [launch({ answer: { status: 409 } })] },
  'A17 500 and no run': { faults: [launch({ answer: { code: 'internal_error' } })] },
  'A18 a run, then 500': { faults: [launch({ work: 'unstored', answer: { code: 'internal_error' } })] },
  'A19 503 twice': { faults: [1, 2].map((nth) => launch({ answer: { status: 503, body: HTML } }, nth)) },
  'A19 503 for 5 minutes': {
    faults: [
      {
        when: { call: 'launch', match: ({ at }) => at < START + 300_000 },
        answer: { status: 503, body: HTML },
      },
    ],
  },
  'A19 502 beyond the deadline': {
    ...timeoutMinutes('8'),
    faults: [launch({ answer: { status: 502, body: HTML } })],
  },
  ...rowsOf<AnswerPatch>(
    {
      'A19 a 504 in HTML behind runs that are not kept': { status: 504, body: HTML },
      'A19 a 503 in problem+json behind runs that are not kept': {
        status: 503,
        headers: { 'Content-Type': 'application/problem+json' },
        body: '{"status":503}',
      },
    },
    (answer) => ({ faults: [launch({ work: 'unstored', answer })] }),
  ),
  ...rowsOf({ 'N7 the API fails for 59 s': 59_000, 'N7 the API fails for 10 min': 600_000 }, (ms) => ({
    faults: [
      { when: { call: 'launch', match: ({ at }) => at < START + ms }, answer: { status: 503, body: HTML } },
    ],
  })),
  ...rowsOf(
    { 'N7 the API fails for 59 s of polls': 69_000, 'N7 the API fails for 10 min of polls': 610_000 },
    (ms) => ({
      api: completedWith({ summary: 'All is well.' }, { runningMs: 80_000 }),
      faults: [poll({ answer: { status: 503, body: HTML } }, (nth) => nth > 3)].map((fault) => ({
        ...fault,
        when: { ...fault.when, match: ({ at }) => at < START + ms },
      })),
    }),
  ),
  'A21 503 with a date in Retry-After': {
    faults: [
      answerTo('launch', {
        status: 503,
        body: HTML,
        headers: { 'Retry-After': new Date(START + 30_500).toUTCString() },
      }),
    ],
  },
  'A22 505 in problem+json': {
    faults: [
      launch({
        answer: {
          status: 505,
          headers: { 'Content-Type': 'application/problem+json' },
          body: '{"status":505,"request_id":"req_7f3a"}',
        },
      }),
    ],
  },
  'A22 505': { faults: [launch({ answer: { status: 505, body: HTML } })] },
  'A23 a scope is missing': { api: { keys: { [vendor.TEST_KEY]: { scopes: ['workflows:read'] } } } },
  'A23 413': { faults: [launch({ answer: { status: 413, body: HTML } })] },
  'A23 422 with a detail alone': {
    faults: [launch({ answer: { status: 422, body: '{"detail":"inputs.start_date is no date"}' } })],
  },
  // A22 to A24: each error code of the API.
  ...Object.fromEntries(
    Object.entries(ERRORS)
      .filter(([code, [status]]) => status !== 429 && !/^(not_found|internal_error|idempotency)/.test(code))
      .map(([code, [status]]) => [
        `A${status === 401 ? 24 : status === 501 ? 22 : 23} ${status} ${code}`,
        { faults: [launch({ answer: { code: code as ErrorCode } })] },
      ]),
  ),
  'A25 the first answer is a replay': { steps: [{}, { runId: JOB_RUN + 1 }] },
  ...rowsOf(
    { 'A26 202, and failed already': 'true', 'A26 202, and failed already, not waited for': 'false' },
    (wait) => ({
      inputs: { wait },
      api: { launchStatus: 202, ...failing('No text layer.', 'failed', 0) },
      faults: [launch({ answer: patch({ status: 'failed' }) })],
    }),
  ),
  'A29 the answer comes after 90 s': {
    faults: [launch({ wire: [{ waitMs: 90_000 }, 'head', 'body'] }, 1)],
  },
  'A30 a 403 in HTML': { faults: [launch({ answer: { status: 403, body: HTML } })] },
  'A30 nobody listens, beyond the deadline': {
    inputs: { api_url: 'http://127.0.0.1:1', timeout_minutes: '3' },
  },
  'A31 a sign-in page to the launch': { faults: [launch({ answer: { status: 200, body: SIGN_IN_PAGE } })] },
  'A31 a sign-in page to the polls': {
    api: endless,
    faults: [poll({ answer: { status: 200, body: SIGN_IN_PAGE } }, (nth) => nth > 1)],
  },
  'A32 the run of another workflow': { faults: [launch({ answer: patch({ workflow_id: 'wf_other' }) })] },
  'A32 the run of another workflow on a re-run': {
    api: failing('No text layer.'),
    faults: [launch({ answer: patch({ workflow_id: 'wf_other' }) }, 2)],
    steps: [{}, attempt(2)],
  },
  'A32 the poll names another workflow': {
    faults: [
      launch({ answer: patch({ workflow_id: null }) }),
      poll({ answer: patch({ workflow_id: 'wf_other' }) }),
    ],
  },
  'A36 more than 8 MiB to the launch': {
    faults: [launch({ answer: patch({ note: 'x'.repeat(8_400_000) }) })],
  },
  'A34 replays hours after the bucket was empty, on a re-run': {
    api: { ...failing('No text layer.', 'failed', 0), keys: { [vendor.TEST_KEY]: { tier: 'standard' } } },
    steps: [
      { before: (api) => api.bucket(vendor.TEST_KEY).spendUpTo(95, api.now()) },
      attempt(2, 6 * HOUR),
      attempt(3),
    ],
  },
  'A34 replays hours after the bucket was empty, of several runs': {
    api: { keys: { [vendor.TEST_KEY]: { tier: 'standard' } }, replayCost: 0 },
    inputs: { runs: [1, 2, 3, 4, 5, 6, 7, 8].map((nth) => `p${nth}: { project_id: p${nth} }`).join('\n') },
    steps: [{}, attempt(2, 6 * HOUR)],
  },
  'B1 status missing': { faults: [poll({ answer: patch({ status: undefined }) })] },
  'B1 status null': { faults: [poll({ answer: patch({ status: null }) })] },
  'B1 a list for a body': { faults: [poll({ answer: { body: '[]' } })] },
  'B1 HTML until a deadline': { ...timeoutMinutes('1'), faults: [poll({ answer: { body: HTML } })] },
  'B2 an unknown status': {
    ...timeoutMinutes('1'),
    api: { lifecycle: [{ atMs: 0, status: 'awaiting_review' }] },
  },
  'B3 Completed is not success': {
    ...timeoutMinutes('0.5'),
    faults: [poll({ answer: patch({ status: 'Completed' }) })],
  },
  ...rowsOf(
    {
      'B3 `completed` and a blank is not success': 'completed ',
      'B3 upper case is not success': 'COMPLETED',
    },
    (status) => ({
      ...timeoutMinutes('0.5'),
      api: { lifecycle: [{ atMs: 0, status, progress: 100, outputs: {} }] },
    }),
  ),
  'B4 back to queued, to 10 %, and after the end': {
    faults: [
      pollsShow(
        { ...running, progress: 80 },
        { ...running, status: 'queued' },
        { ...running, progress: 5 },
        { status: 'completed', progress: 100, outputs: vendor.OUTPUTS },
        running,
      ),
    ],
  },
  'B5 outputs are missing': {
    faults: [poll({ answer: patch({ outputs: undefined, status: 'completed' }) })],
  },
  'B5 outputs are missing, and a gate': {
    ...GATE_OF_ITEMS,
    faults: [poll({ answer: patch({ outputs: undefined, status: 'completed' }) })],
  },
  'B5 outputs are a list': { api: completedWith([1, 'two']) },
  'B5 outputs are a text, and a gate': { api: completedWith('all is well'), inputs: { fail_if: ITEMS } },
  'B6 a hostile error message': onPull(undefined, { api: failing(HOSTILE) }),
  'B6 a hostile error message of 1 MB': onPull(undefined, { api: failing(HOSTILE.repeat(2_500)) }),
  'B7 cancelled remotely': {
    api: completedWith({ summary: '2 of 5.' }, { ending: 'cancelled' }),
    ...GATE_OF_ITEMS,
  },
  'B8 404 at first': { faults: [poll({ answer: { code: 'not_found' } }, (nth) => nth <= 3)] },
  'B9 404 to every poll': { faults: [poll({ answer: { code: 'not_found' } })] },
  'B9 410': { faults: [poll({ answer: { status: 410, body: HTML } })] },
  'B9 404 to every poll after a replay': {
    faults: [launch({ wire: ['reset'] }, 1), poll({ answer: { code: 'not_found' } })],
  },
  'B9 410 on an attached run': {
    before: (api) => void api.addRun({ id: 'run_there' }),
    inputs: { run_id: 'run_there' },
    faults: [poll({ answer: { status: 410, body: HTML } })],
  },
  ...Object.fromEntries(
    Object.entries<AnswerPatch>({
      404: { code: 'not_found' },
      410: { status: 410, body: HTML },
      422: { code: 'validation_error' },
    }).flatMap(([status, answer]): [string, Case][] => [
      [
        `B9 ${status} once among good polls`,
        { api: completedWith({}, { runningMs: 60_000 }), faults: [poll({ answer }, (nth) => nth === 12)] },
      ],
      [
        `B9 ${status} to every poll after good ones`,
        { api: endless, faults: [poll({ answer }, (nth) => nth >= 12)] },
      ],
    ]),
  ),
  'B10 a 403 twice, with a good poll between': {
    faults: [
      poll({ answer: { code: 'permission_denied' } }, (nth) => nth === 2 || nth === 4),
      pollsShow(running, running, running, running, running),
    ],
  },
  'B10 a 401 that passes': { faults: [poll({ answer: { code: 'invalid_api_key' } }, (nth) => nth === 2)] },
  'B11 revoked in the middle': { faults: [poll({ answer: { code: 'api_key_revoked' } }, (nth) => nth >= 3)] },
  'B11 a scope is taken away in the middle': {
    api: endless,
    faults: [poll({ answer: { code: 'permission_denied' } }, (nth) => nth >= 3)],
  },
  'B12 500 thirty times': { faults: [poll({ answer: { code: 'internal_error' } }, (nth) => nth <= 30)] },
  'B13 504 until a deadline': {
    ...timeoutMinutes('2'),
    faults: [poll({ answer: { status: 504, body: HTML } })],
  },
  'B13 reset until polls have failed for 5 minutes': { faults: [poll({ wire: ['reset'] })] },
  'B14 no headers twice': { faults: [poll({ wire: ['hang'] }, (nth) => nth <= 2)] },
  'B15 a trickle': {
    api: { speed: 10 },
    faults: [poll({ wire: ['head', { bytes: 1, everyMs: 5_000 }] }, (nth) => nth === 1)],
  },
  'B16 every odd body is cut': { faults: [poll({ wire: CUT }, (nth) => nth % 2 === 1)] },
  'B17 another run three times': { faults: [poll({ answer: unknownRun })] },
  'B17 another run twice, again and again': {
    faults: [poll({ answer: unknownRun }, (nth) => nth % 3 !== 0)],
  },
  ...rowsOf(
    {
      'B18 the wall clock jumps ahead, to the deadline': DAY,
      'B18 the wall clock jumps back, to the deadline': -DAY,
    },
    (ms) => ({
      ...timeoutMinutes('1'),
      api: endless,
      env: { FAST_TIME_JUMPS: `35000:${ms}` },
    }),
  ),
  'B18 the wall clock jumps': { env: { FAST_TIME_JUMPS: '5000:86400000' } },
  'B18 the wall clock jumps back': { env: { FAST_TIME_JUMPS: '5000:-86400000' } },
  'B21 a deadline shorter than the interval': { ...timeoutMinutes('0.025'), api: endless },
  'B22 nothing changes for 10 minutes': { ...timeoutMinutes('10'), api: endless },
  'B22 a long run of many stages': {
    ...timeoutMinutes('40'),
    api: completedWith({}, { runningMs: 1_800_000 }),
  },
  'B22 another stage at every poll for an hour': {
    ...timeoutMinutes('70'),
    api: completedWith({}, { runningMs: 3_600_000 }),
    faults: [
      ({ call, nth }) =>
        call === 'poll'
          ? {
              answer: {
                body: (own) => (own.status === 'completed' ? own : { ...own, stage: `Stage ${nth}` }),
              },
            }
          : undefined,
    ],
  },
  ...rowsOf<unknown>(
    {
      'B23 a text for progress': '50%',
      'B23 an object for progress': { percent: 50 },
      'B23 negative progress': -1,
    },
    (progress) => ({
      faults: [
        poll({
          answer: {
            body: (own) => (own.status === 'completed' ? own : { ...own, status: 'running', progress }),
          },
        }),
      ],
    }),
  ),
  'B23 progress far above 100': { faults: [poll({ answer: patch({ progress: 1e9 }) })] },
  'C1 429 with a hint, to both': {
    faults: [1, 2]
      .map((nth) => launch({ answer: rateLimited('8') }, nth))
      .concat(poll({ answer: rateLimited('8') }, (nth) => nth <= 3)),
  },
  'C1 429 for five minutes': {
    ...timeoutMinutes('60'),
    faults: Array.from({ length: 7 }, (_, at) => answerTo('launch', rateLimited('40'), at + 1)),
  },
  'C1 429 to eight polls': {
    faults: Array.from({ length: 8 }, (_, at) => answerTo('poll', rateLimited('50'), at + 1)),
  },
  ...rowsOf<readonly ['launch' | 'poll', string, unknown]>(
    {
      'C2 the body asks for longer': ['launch', '5', 30],
      'C2 the header asks for longer': ['launch', '30', 5],
      'C2 the header is no time': ['poll', 'soon', 12],
    },
    ([call, header, body]) => ({ faults: [answerTo(call, rateLimited(header, {}, body))] }),
  ),
  'C3 429 to a launch, with a bucket that lacks 20 tokens': {
    faults: [answerTo('launch', rateLimited(null, bucket(120, 5, 115, 25)))],
  },
  'C3 429 to a poll, with a bucket that gets a token in 6 s': {
    faults: [answerTo('poll', rateLimited(null, bucket(20, 0, 121)))],
  },
  'C3 429 with invalid rate headers': {
    faults: [1, 2, 3].map((nth) =>
      answerTo(
        'launch',
        rateLimited(null, {
          'X-RateLimit-Limit': 'many',
          'X-RateLimit-Remaining': '-1',
          'X-RateLimit-Reset': '1e99',
        }),
        nth,
      ),
    ),
  },
  'C3 429 to polls without a hint': {
    faults: [1, 2, 3].map((nth) => answerTo('poll', rateLimited(null), nth)),
  },
  'C3 429 without a hint': { faults: [1, 2, 3].map((nth) => launch({ answer: rateLimited(null) }, nth)) },
  'C4 429 that asks for three years': { faults: [launch({ answer: rateLimited('99999999') })] },
  ...Object.fromEntries(
    Object.entries<string | readonly string[]>({
      'a date': new Date(START + 20_500).toUTCString(),
      'less than nothing': '-5',
      'no time': 'abc',
      'two headers': ['5', '60'],
    }).flatMap(([name, hint]): [string, Case][] =>
      (['launch', 'poll'] as const).map((call) => [
        `C4 ${name} to a ${call}`,
        { env: { TZ: 'America/New_York' }, faults: [answerTo(call, rateLimited(hint))] },
      ]),
    ),
  ),
  ...rowsOf(
    { 'C4 1e9 to a poll': '1e9', 'C4 ten to the thirty to a poll': `1${'0'.repeat(30)}` },
    (hint) => ({
      ...timeoutMinutes('0.5'),
      faults: [poll({ answer: rateLimited(hint) })],
    }),
  ),
  'C4 ten to the thirty to a launch': { faults: [launch({ answer: rateLimited(`1${'0'.repeat(30)}`) })] },
  'C5 a hint beyond the deadline': {
    ...timeoutMinutes('2'),
    faults: [launch({ answer: rateLimited('180') })],
  },
  'C5 … with a 503': {
    ...timeoutMinutes('2'),
    faults: [launch({ answer: { status: 503, headers: { 'Retry-After': '150' } } })],
  },
  'C5 … with a 503, of several runs': {
    inputs: { timeout_minutes: '2', runs: 'A: {}\nB: { inputs: { level: 2 } }\nC: { inputs: { level: 3 } }' },
    faults: [launch({ answer: { status: 503, headers: { 'Retry-After': '3600' } } }, 1)],
  },
  'C5 … with a hint of 0': {
    ...timeoutMinutes('2'),
    faults: [launch({ answer: { status: 503, headers: { 'Retry-After': '0' } } })],
  },
  'C5 … to a poll': { ...timeoutMinutes('1'), api: endless, faults: [poll({ answer: rateLimited('180') })] },
  'C5 … with a 503 to a poll': {
    ...timeoutMinutes('1'),
    api: endless,
    faults: [poll({ answer: { status: 503, headers: { 'Retry-After': '180' } } }, (nth) => nth >= 2)],
  },
  'C6 without the cost': {
    faults: [launch({ answer: rateLimited('60', { 'X-RateLimit-Limit': '20' }, 60) })],
  },
  'C6 a bucket that is too small': {
    faults: [launch({ answer: rateLimited('60', { 'X-RateLimit-Limit': '20', 'X-RateLimit-Cost': '25' }) })],
  },
  'C8 attached to a run of 10 minutes on a free key': {
    api: { keys: { [vendor.TEST_KEY]: { tier: 'free' } } },
    before: (api) =>
      void api.addRun({
        id: 'run_there',
        lifecycle: steadyLifecycle({ queuedMs: 1_000, runningMs: 599_000 }),
      }),
    inputs: { run_id: 'run_there' },
  },
  'C9 429 to every launch': { ...timeoutMinutes('2'), faults: [launch({ answer: rateLimited('5') })] },
  'C9 429 to every poll without a hint': {
    ...timeoutMinutes('2'),
    faults: [poll({ answer: rateLimited(null) })],
  },
  'C9 429 to every poll': { ...timeoutMinutes('3'), faults: [poll({ answer: rateLimited('10') })] },
  'C11 nothing remaining': {
    faults: [poll({ answer: { headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Limit': '60' } } })],
  },
  'C11 nothing remaining, and a token in 6 s': {
    api: completedWith({}, { runningMs: 45_000 }),
    faults: [answerTo('poll', { headers: bucket(20, 0, 121) })],
  },
  'C12 503 with a hint to a poll': {
    faults: [answerTo('poll', { status: 503, body: HTML, headers: { 'Retry-After': '20' } })],
  },
  // The launch's hint is 20 s; the bucket has five tokens at each launch.
  ...rowsStartingWith<(now: () => number) => NonNullable<AnswerPatch['headers']>>(
    'C14 one run',
    (headers) => ({
      api: completedWith({}, { runningMs: 60_000 }),
      before: (api) => {
        const reported = { ...bucket(120, 5, 115), ...headers(() => api.now()) };
        api.faults.push({ when: { call: 'launch', nth: 1 }, answer: rateLimited('20', reported) });
        api.faults.push({ when: {}, answer: { headers: reported } });
      },
    }),
    {
      '(always full in a minute)': (now) => ({
        'X-RateLimit-Reset': () => String(Math.ceil(now() / 1_000) + 60),
      }),
      '(full a minute ago)': (now) => ({
        'X-RateLimit-Reset': () => String(Math.ceil(now() / 1_000) - 60),
      }),
      '(full nine minutes late)': (now) => ({
        'X-RateLimit-Reset': () => String(Math.ceil(now() / 1_000) + 655),
      }),
      '(a date that is an hour off)': (now) => ({
        'X-RateLimit-Reset': () => String(Math.ceil(now() / 1_000) + 115),
        Date: () => new Date(now() - HOUR).toUTCString(),
      }),
      '(no rate headers)': () => ({
        'X-RateLimit-Limit': null,
        'X-RateLimit-Remaining': null,
        'X-RateLimit-Reset': null,
        'X-RateLimit-Cost': null,
      }),
    },
  ),
  'D1 every poll redirects': {
    faults: [poll({ answer: { status: 307, headers: { Location: 'http://127.0.0.1:9/' } } })],
  },
  ...rowsOf<readonly Fault[]>(
    {
      'D1 two redirects, a good poll, two more': [],
      'D1 two redirects, another failure, two more': [answerTo('poll', { status: 500, body: HTML }, 3)],
    },
    (between) => ({
      api: completedWith({}, { runningMs: 25_000 }),
      faults: [
        ...between,
        poll({ answer: { status: 307, headers: { Location: 'http://127.0.0.1:9/' } } }, (nth) =>
          [1, 2, 4, 5].includes(nth),
        ),
      ],
    }),
  ),
  'D2 plain http to elsewhere': { inputs: { api_url: 'http://api.example.com' } },
  ...rowsOf(
    {
      'D2 user info in the address': 'https://user:hunter2@api.example.com',
      'D2 a query in the address': 'https://api.example.com?x=1',
      'D2 a file for an address': 'file:///etc/passwd',
    },
    (api_url) => ({ inputs: { api_url } }),
  ),
  'D5 an invalid proxy URL': { env: { https_proxy: 'http://user:secret@:x' }, inputs: { api_url: '' } },
  'D5 a proxy with a password and no scheme': {
    env: { https_proxy: 'user:hunter2hunter2@proxy:1' },
    inputs: { api_url: '' },
  },
  'D6 a compressed answer': { faults: [poll({ answer: { headers: { 'Content-Encoding': 'br' } } })] },
  ...rowsOf<AnswerPatch>(
    {
      'D6 gzip once, to both': { headers: { 'Content-Encoding': 'gzip' }, encode: gzipSync },
      'D6 br once, to both': { headers: { 'Content-Encoding': 'br' }, encode: brotliCompressSync },
    },
    (answer) => ({ faults: [answerTo('launch', answer), answerTo('poll', answer)] }),
  ),
  'D6 gzip to every launch': {
    faults: [launch({ answer: { headers: { 'Content-Encoding': 'gzip' }, encode: gzipSync } })],
  },
  'D7 the answer to the launch has no end': {
    faults: [launch({ answer: { chunked: true }, wire: ['head', { endless: ' ' }] }, 1)],
  },
  'D7 a poll without an end': {
    faults: [poll({ answer: { chunked: true }, wire: ['head', { endless: ' ' }] })],
  },
  'D8 a broken head': { faults: [launch({ answer: { rawHead: 'HTTP/1.1 two hundred\r\n\r\n' } }, 1)] },
  ...rowsOf(
    {
      'D8 a header of 20 KB': `x: ${'a'.repeat(20_000)}`,
      'D8 2,000 headers': Array.from({ length: 2_000 }, (_, at) => `x-${at}: a`).join('\r\n'),
      'D8 a NUL in a header': 'x: a\0b',
    },
    (header) => {
      const answer = { rawHead: `HTTP/1.1 200 OK\r\n${header}\r\nContent-Length: 0\r\n\r\n` };
      const wire: readonly WirePart[] = ['head', 'close'];
      return { faults: [launch({ answer, wire }, 1), poll({ answer, wire }, (nth) => nth === 1)] };
    },
  ),
  ...rowsOf<(body: Buffer) => Uint8Array>(
    {
      'D9 a byte that is no UTF-8': (body) =>
        Buffer.from(body.toString('latin1').replace('"stage":', '"x":"\xff","stage":'), 'latin1'),
      'D9 UTF-16': (body) => Buffer.from(`\ufeff${body.toString()}`, 'utf16le'),
    },
    (encode) => ({ faults: [poll({ answer: { encode } }, (nth) => nth <= 2)] }),
  ),
  'D9 a BOM': { faults: [poll({ answer: { encode: (body) => Buffer.from(`\ufeff${body.toString()}`) } })] },
  ...rowsOf<Omit<Fault, 'when'>>(
    {
      'D10 reset before the API has the request, both': { work: 'none', wire: ['reset'] },
      'D10 closed once the API has the request, both': { wire: ['close'] },
    },
    (fault) => ({ faults: [launch(fault, 1), poll(fault, (nth) => nth === 1)] }),
  ),
  ...rowsOf<readonly WirePart[]>(
    {
      'D11 429 whose body never comes': STALL,
      'D11 429 whose body trickles': ['head', { bytes: 1, everyMs: 2_000 }],
    },
    (wire) => ({
      api: { speed: 10 },
      faults: [launch({ answer: { code: 'rate_limited', headers: { 'Retry-After': '4' } }, wire }, 1)],
    }),
  ),
  'D11 401 to the polls whose body never comes': {
    faults: [poll({ answer: { code: 'api_key_revoked' }, wire: STALL })],
  },
  'D16 JSON as text/html': { faults: [poll({ answer: { headers: { 'Content-Type': 'text/html' } } })] },
  'D16 HTML as text/html to a poll': {
    faults: [answerTo('poll', { body: '<html>{"status":"completed"}</html>' })],
  },
  'E1 keys that objects inherit': rawOutputs(
    '{"__proto__":{"x":1},"constructor":"c","toString":"t","items":[{"__proto__":{"status":"bad"},"status":"ok"}]}',
    `proto: has(outputs.x)\n${ITEMS}`,
  ),
  'E1 a status that is inherited': {
    faults: [
      answerTo('poll', {
        body: (own) =>
          JSON.parse(
            `{"__proto__":{"status":"completed","x":1},${JSON.stringify({ ...own, status: undefined }).slice(1)}`,
          ) as unknown,
      }),
    ],
  },
  'E2 the answer to the launch nested deep': {
    faults: [launch({ answer: { encode: () => Buffer.from('{"run_id":'.repeat(100_000)) } })],
  },
  ...rowsOf({ 'E2 outputs as deep as the cap': 62, 'E2 outputs one deeper': 63 }, (lists) =>
    rawOutputs(`{"a":${'['.repeat(lists)}${']'.repeat(lists)}}`),
  ),
  'E2 nested deep': rawOutputs('['.repeat(100_000) + ']'.repeat(100_000)),
  'E3 a thousand keys': rawOutputs(
    `{${Array.from({ length: 1_000 }, (_, at) => `"key${at}":${at}`).join(',')}}`,
  ),
  'E3 900,000 keys': rawOutputs(
    `{${Array.from({ length: 900_000 }, (_, at) => `"${at.toString(36)}":0`).join(',')}}`,
  ),
  'E3 a key of 500 KB': rawOutputs(`{"${'k'.repeat(500_000)}":"value","short":"s"}`, 'outputs.absent'),
  'E4 numbers': rawOutputs(
    '{"big":9007199254740993,"huge":1e999,"negative":-0,"tiny":1e-400,"whole":1.0,"power":1E5,' +
      '"digits":0.1000000000000000055511151231257827,"list":[9007199254740993,1e999,-0,1e-400,1.0,1E5]}',
    'list: outputs.list\na whole number: outputs.whole == 1\ntoo big: outputs.big == outputs.big',
  ),
  'E5 names of every kind': {
    api: completedWith(
      Object.fromEntries(
        [
          '',
          'a=b',
          'a\nb=c',
          'x<<y',
          'RUN_ID',
          'A',
          'a',
          'a_2',
          'Ünï 🏗',
          '1st',
          'run_time',
          'Matches',
          'a b',
          '::',
          'B',
        ].map((name, at) => [name, `value ${at}`]),
      ),
    ),
  },
  'E5 names of the outputs of the action': {
    api: completedWith(
      Object.fromEntries(
        OUTPUT_NAMES.flatMap((name) => [name, name.toUpperCase()]).map((name) => [name, 'forged']),
      ),
    ),
  },
  ...rowsOf(
    { 'E6 unseen characters in a run that fails': 'failed', 'E6 unseen characters and a gate': 'completed' },
    (status) =>
      onPull(undefined, {
        inputs: { fail_if: 'found: outputs.items\nbroken: outputs.absent' },
        api: {
          workflows: [{ ...vendor.WORKFLOW, name: INVISIBLE }],
          lifecycle: [
            { atMs: 0, status: 'pending', stage: INVISIBLE },
            { atMs: 3_000, status: 'running', progress: 10, stage: INVISIBLE },
            {
              atMs: 13_000,
              status,
              error_message: status === 'failed' ? INVISIBLE : null,
              outputs: { items: [{ name: INVISIBLE, [INVISIBLE]: INVISIBLE }], [INVISIBLE]: INVISIBLE },
            },
          ],
        },
      }),
  ),
  'E7 a value of 200 KB': { api: completedWith({ long: 'x'.repeat(200_000), short: 'y' }) },
  ...rowsOf({ 'E7 a value of 100,000 bytes': 100_000, 'E7 a value of one byte more': 100_001 }, (bytes) => ({
    api: completedWith({ value: 'x'.repeat(bytes) }),
  })),
  'E7 many small values': {
    api: completedWith(
      Object.fromEntries(
        Array.from({ length: 245 }, (_, at) => [`part_${at}`, 'x'.repeat(at < 5 ? 86_000 : 100)]),
      ),
    ),
  },
  'E7 5 MB': {
    api: completedWith(
      Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, 'z'.repeat(1e5)])),
    ),
  },
  ...Object.fromEntries(
    Object.entries(ENCODINGS).flatMap(([name, spelling]): [string, Case][] => {
      const output = `before ${spelling(vendor.TEST_KEY)} and ${spelling(TOKEN)} after`;
      return [
        [
          `E8 key and token echoed, ${name}`,
          onPull(undefined, {
            inputs: { fail_if: 'found: outputs.items' },
            api: {
              workflows: [{ ...vendor.WORKFLOW, name: output }],
              lifecycle: [
                { atMs: 0, status: 'running', progress: 10, stage: output },
                {
                  atMs: 3_000,
                  status: 'completed',
                  outputs: {
                    [output]: output,
                    text: output,
                    items: [{ reason: output }],
                    deep: { a: [output] },
                  },
                },
              ],
            },
          }),
        ],
      ];
    }),
  ),
  'E8 … in base64 in the message of a run that fails': {
    api: failing(ENCODINGS['in base64']!(vendor.TEST_KEY)),
  },
  'E8 a key of another step, by its shape': {
    api: completedWith({ text: `The sheet has ak_live_${'7f'.repeat(26)} on it.` }),
  },
  'E8 … in base64 in a problem': {
    faults: [
      launch({
        answer: {
          status: 422,
          body: JSON.stringify({
            code: 'validation_error',
            detail: ENCODINGS['in base64']!(vendor.TEST_KEY),
          }),
        },
      }),
    ],
  },
  ...rowsOf<unknown>(
    { 'E9 no outputs': null, 'E9 a list for outputs': [], 'E9 a text for outputs': 'fine' },
    (outputs) => ({
      api: completedWith(outputs),
      inputs: { fail_if: 'outputs.items.filter(i, i.bad)\nhas(outputs.x)' },
    }),
  ),
  'E9 conditions that cannot be evaluated': {
    api: completedWith(MIXED_TYPES),
    inputs: {
      fail_if: [
        "outputs.itemz.filter(i, i.status == 'x')",
        'outputs.nothing.filter(i, i.bad)',
        'outputs.text.filter(i, i.bad)',
        'outputs.wrapped.filter(i, i.bad)',
        "outputs.items.filter(i, i.statsu == 'x')",
        'outputs.two > 1',
        'outputs.two == 2',
        "outputs.nothing == 'x'",
        "outputs.n in ['a']",
        "outputs.missing == 'x' && false",
        "outputs.missing == 'x' || outputs.ok",
        'outputs.wrapped',
        'outputs.text >= outputs.two',
        "outputs.due == '2026-05-01'",
        "outputs.due in ['2026-05-01']",
        'outputs.due == outputs.berlin',
        'outputs.documents.map(d, d.issues)',
        "day(outputs.us) < '2026-12-31'",
      ].join('\n'),
    },
  },
  'E9 numbers that lose digits': rawOutputs(
    '{"score":79.99999999999999999999,"n":1e-400}',
    'outputs.score < 80\noutputs.n > 0',
  ),
  'E9 lists in lists, and days with dots': {
    api: completedWith({
      documents: [
        { name: 'A-101', clauses: [{ issues: ['No fire rating', 'No door'] }, { issues: [] }] },
        { name: 'A-102', clauses: [{ issues: ['No stair'] }] },
      ],
      due: '31.12.2026',
    }),
    inputs: {
      fail_if: [
        "issues: outputs.documents.map(d, d.clauses.map(c, c.issues.map(i, {'document': d.name, 'issue': i}))).flatten(2)",
        'many issues: size(outputs.documents.map(d, d.clauses).flatten().map(c, c.issues).flatten()) > 2',
        "due: day(outputs.due) <= '2026-12-31'",
      ].join('\n'),
    },
  },
  ...rowsOf<Readonly<Record<string, string>>>(
    {
      'M8 conditions that say something else than their author meant': {
        fail_if: [
          "outputs.items.filter(i, i.status == 'ok') == null",
          'size(outputs.items) == null',
          'outputs.items.filter(i, !i.ok == null)',
          'outputs.items.filter(i, i.x.trim() == null)',
          'outputs.items.filter(i, day(i.due) == null)',
          'outputs.a + outputs.b == null',
          'outputs.items.map(i, size(i.name)).exists(n, n == null)',
          "outputs.items.filter(i, i.status in keys({'rejected': 1}))",
          'outputs.items.filter(i, ["re"].exists(p, i.status == p + "jected"))',
          'outputs.items.filter(i, i.ok == string(1 == 1))',
          "outputs.items.filter(i, i.tags == [''])",
          "outputs.items.filter(i, i.kind == {'a': ''})",
          "size(outputs.items.map(i, i.status == 'rejected')) > 5",
          "outputs.items.map(i, i.status == 'rejected')",
          ...['31.12.2026', '12/31/2026', '2026-02-30', 'high', '5'].map((text) => `outputs.due < '${text}'`),
          ...['01.05.2026', '2026-5-1', '2026-05-01T00:00:00Z'].map(
            (text) => `day(outputs.due) == '${text}'`,
          ),
          "outputs.status == 'rejected '",
          'Not: outputs.approved',
          'not_: outputs.approved',
          'ｎｏｔ: outputs.approved',
          'outputs.score < 79.99999999999999999999',
        ].join('\n'),
        warn_if: 'unless: outputs.approved\nrequire: outputs.items\nASSERT: outputs.approved',
      },
      'M8 two conditions of one name': { fail_if: 'a: outputs.x\nb: outputs.y', warn_if: 'a: outputs.z' },
      'M8 … in an entry': { warn_if: 'a: outputs.z', runs: 'Tower: { fail_if: "a: outputs.x" }\nBridge: {}' },
      'M8 invisible characters in comments': {
        fail_if: ['\u2028', '\u2029', '\u0085', '\u0007', '\u200b', '\u202e']
          .map((character) => `# one${character}two`)
          .join('\n'),
      },
    },
    (inputs) => ({ inputs }),
  ),
  'E10 names that objects inherit': {
    api: completedWith(MIXED_TYPES),
    inputs: { fail_if: ['constructor', 'toString', '__proto__'].map((name) => `outputs.${name}`).join('\n') },
  },
  ...rowsOf(
    {
      'E9 an empty list of a filter': 'outputs.items.filter(i, i.bad)',
      'E9 an empty list by its size': 'size(outputs.items) == 0',
    },
    (fail_if) => ({ api: GREEN, inputs: { fail_if } }),
  ),
  ...rowsOf<Readonly<Record<string, string>>>(
    {
      'E9 a comment and a condition folded to one line': {
        fail_if:
          "# All but 'n/a', see A-101 all fine: outputs.items.filter(i, i.status != 'n/a') nothing: size(outputs.items) == 0\n",
      },
      'E9 … below `>` in an entry': { runs: 'Tower:\n  fail_if: >\n    # as it was\n    outputs.items\n' },
      'E9 … in quotes in an entry': {
        runs: 'Tower: { fail_if: "# as it was\n    outputs.items" }\nGarage:',
      },
    },
    (inputs) => ({ inputs }),
  ),
  ...rowsOf<string>(
    {
      'M9 texts near a literal of a filter': [
        "plain: outputs.items.filter(i, i.status == 'rejected')",
        "unequal: outputs.items.filter(i, i.status != 'compliant')",
        "in a list: outputs.items.filter(i, i.status in ['late', 'rejected'])",
        "in a map: outputs.items.filter(i, i.status in {'rejected': 1})",
        "joined: outputs.items.filter(i, i.status == 're' + string('jected'))",
        "chosen: outputs.items.filter(i, i.status == (i.id > 0 ? 'rejected' : 'late'))",
        "tagged: outputs.items.filter(i, 'fire door' in i.tags)",
        "both forms: outputs.items.filter(i, i.status == 'rejected' && i.status != 'Rejected')",
        "umlaut: outputs.items.filter(i, i.name == 'ungültig')",
        "marks: outputs.items.filter(i, i.id == 2 && i.name != 'é')",
        "passes: outputs.items.filter(i, i.status != 'Not Compliant' && i.name == 'fail')",
        "names: outputs.items.map(i, i.status == 'rejected', i.id)",
        "keys: outputs.items.map(i, i.status == 'rejected', {'Rejected': i.id})",
      ].join('\n'),
      'M9 texts near a literal elsewhere': [
        "agree: size(outputs.items.filter(i, i.status in ['rejected', 'late', 'compliant', 'non-compliant'])) > 0",
        "differ: size(outputs.items.filter(i, i.status == 'rejected')) > 1",
        "all: !outputs.items.all(i, i.status != 'NON COMPLIANT')",
        "exists: ['non-compliant'].exists(s, outputs.items.exists(i, i.status == s))",
        "list: 'stairs' in outputs.list",
        "exact: 'doors' in outputs.list",
        "alone: outputs.verdict == 'approved'",
        "error: outputs.items.exists(i, i.status == 'late' && i.none)",
      ].join('\n'),
    },
    (fail_if) => ({
      api: completedWith({
        items: [
          ...Array.from({ length: 57 }, (_, at) => ({
            id: at + 10,
            status: 'compliant',
            tags: [],
            name: 'x',
          })),
          { id: 1, status: 'Rejected', tags: ['Fire\u00a0door'], name: 'u\u00ad\u0308'.padStart(3) },
          { id: 2, status: 'non\u2011compliant', tags: ['fire'], name: `e${'\u0301'.repeat(1_000_000)}` },
          { id: 3, status: 'LATE', tags: ['fire door'], name: 'UNGU\u00ad\u0308LTIG' },
        ],
        list: ['Stairs', 'doors', 'Doors'],
        verdict: 'Approved ',
      }),
      inputs: { fail_if },
    }),
  ),
  'E9 a key that is near another': {
    api: completedWith({ blockers: ['x'] }),
    inputs: { fail_if: 'has(outputs.blokers) && size(outputs.blokers) > 0' },
  },
  'E9 conditions of every result': {
    ...rawOutputs(
      '{"items":[{"status":"bad","title":"T","reason":"R"},{"status":"ok"}],"n":1,"b":false}',
      `${ITEMS}\nmissing: outputs.x == 1\nno list: outputs.n\nholds: outputs.n == 1\nno: outputs.b`,
    ),
  },
  'E9 more conditions than fit into a headline': rawOutputs(
    '{"a":1}',
    ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: outputs.a == 1`).join('\n'),
  ),
  'E9 conditions of two runs that warn': {
    api: completedWith({ items: [1, 2] }),
    inputs: { warn_if: 'outputs.items', runs: 'Tower: {}\nBridge: { inputs: { level: 2 } }' },
  },
  ...rowsOf<string>(
    {
      'E9 a mistyped field': "outputs.items.filter(i, i.statsu == 'x')",
      'E9 a field that no item has': "outputs.items.filter(i, i.approver == 'x')",
      'E9 a list compared with a number': 'found: outputs.items > 3',
      'E9 a text compared with a number': 'outputs.items.filter(i, i.status == 1)',
      'E9 a text near that of a condition': "outputs.items.exists(i, i.status == 'Compliant')",
    },
    (fail_if) => ({ api: completedWith(MIXED_TYPES), inputs: { fail_if } }),
  ),
  'E10 conditions with a typical mistake': {
    inputs: {
      fail_if: [
        'fail_if: |',
        'outputs.items.fliter(i, i.bad)',
        'door: fire: outputs.items',
        'Türen (alle): outputs.items',
        'now() > outputs.due',
        'outputs.items.sum() > 3',
      ].join('\n'),
    },
  },
  'E10 a condition that cannot be read': { inputs: { fail_if: 'outputs.items.filter(', warn_if: "a == 'b" } },
  'E12 status twice': rawOutputs('1,"status":"running"'),
  ...Object.fromEntries(
    Object.entries({
      'in an item': '{"items":[{"status":"bad","status":"ok"}]}',
      'escaped differently': '{"items":[{"id":"a","\\u0069d":"b"}]}',
      'at the top': '{"items":[],"items":[1]}',
      'deep below': `{"a":${'[{"a":'.repeat(25)}{"b":1,"b":1}${'}]'.repeat(25)}}`,
    }).map(([where, json]) => [`E12 a key twice ${where}`, rawOutputs(json, ITEMS)]),
  ),
  'E12 a key twice, and a re-run': {
    ...rawOutputs('{"a":1,"a":2}'),
    faults: [
      {
        when: { call: 'poll', match: ({ path }) => path.endsWith(runIdOf(1)) },
        answer: { encode: (body) => Buffer.from(body.toString().replace('"HERE"', '{"a":1,"a":2}')) },
      },
    ],
    steps: [{}, attempt(2)],
  },
  'E12 a key twice in the answer to the launch': {
    faults: [
      answerTo('launch', {
        encode: (body) => Buffer.from(body.toString().replace('{', '{"run_id":"run_other",')),
      }),
    ],
  },
  'F1 commands everywhere': onPull(undefined, {
    api: {
      lifecycle: [
        { atMs: 0, status: 'pending', stage: HOSTILE },
        { atMs: 8_000, status: HOSTILE },
        { atMs: 60_000, status: 'failed', error_message: HOSTILE, outputs: { [HOSTILE]: HOSTILE } },
      ],
      workflows: [{ ...vendor.WORKFLOW, name: HOSTILE }],
    },
  }),
  ...rowsOf(
    {
      'F1 set-output at the start of a line': '::set-output name=conclusion::true',
      'F1 set-output after a bare CR': 'x\r::set-output name=conclusion::true',
      'F1 set-output after invisible separators':
        'x\u2028::set-output name=a::b\u2029\u0085::set-output name=c::d',
      'F1 an error, a warning and a notice of the run':
        '\n::error::theirs\n::warning::theirs\n::notice::theirs',
      'F2 add-mask within a line': 'x ##[add-mask]e',
      'F2 commands in mixed case': '##[Set-Env name=a]b ##[ADD-MASK]e\n::Set-Env name=a::b\n::Add-Mask::e',
      'F3 stop-commands': '\n::stop-commands::token\n::token::\n##[stop-commands]token',
      'F16 group and endgroup': '\n::group::theirs\n::endgroup::\n::endgroup::\n##[group]theirs',
      'F17 several lines': 'boom\n##[group]Post job cleanup\r\n  ##[error]Deploy key leaked\n::endgroup::',
    },
    (text) => ({
      api: { lifecycle: textEverywhere(text), workflows: [{ ...vendor.WORKFLOW, name: text }] },
      inputs: { fail_if: 'outputs.a == 1' },
    }),
  ),
  'F1 commands in the outputs that a gate reads': onPull(undefined, {
    api: completedWith({ [HOSTILE]: HOSTILE, items: [{ [HOSTILE]: HOSTILE, status: HOSTILE }] }),
    inputs: { fail_if: ITEMS, warn_if: 'outputs.items' },
  }),
  'F1 commands in a problem': {
    faults: [launch({ answer: { status: 422, body: JSON.stringify({ detail: HOSTILE, code: HOSTILE }) } })],
  },
  'F1 commands in the words of GitHub': withGithubFaults({ on: 'list', answer: REFUSED }),
  'F1 the token in the words of GitHub, where they are cut': withGithubFaults({
    on: 'list',
    answer: { status: 403, body: { message: `${'x'.repeat(270)} ${TOKEN}${' y'.repeat(500)}` } },
  }),
  'F4 a crash with a command': {
    trigger: {
      line: /Wait for/,
      code: `setTimeout(() => { throw new Error(${JSON.stringify(HOSTILE)}) }, 0)`,
    },
  },
  ...rowsOf(
    {
      'F4 a crash with a command in its cause': `new Error('boom', { cause: new Error(TEXT) })`,
      'F4 a crash with a command in an aggregate': `new AggregateError([new Error(TEXT)], 'boom')`,
      'F4 a crash with a command in its stack': `Object.assign(new Error('plain'), { stack: TEXT })`,
    },
    (thrown) => ({
      trigger: {
        line: /Wait for/,
        code: `setTimeout(() => { throw ${thrown.replace('TEXT', JSON.stringify(HOSTILE))} }, 0)`,
      },
    }),
  ),
  'F5 debug': onPull(
    (github) =>
      github.addFaults({
        on: 'list',
        answer: { status: 200, headers: { 'x-odd': 'header-value-2' }, body: [] },
      }),
    {
      api: completedWith({ long: 'q'.repeat(5_000), command: '\n::debug::x' }),
      env: { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true' },
      inputs: { inputs: `note: ${'i'.repeat(5_000)}` },
      faults: [poll({ answer: { headers: { 'X-Odd': 'header-value-1' } } })],
    },
  ),
  'F6 values that look like the output file': {
    api: completedWith(
      Object.fromEntries(
        [
          'ghadelimiter_0123\nname=value\nghadelimiter_0123',
          'x<<EOF\ny\nEOF\n',
          '\nrun_id=run_forged\nconclusion<<E\nsuccess\nE\n',
          'a\r\nb\r\n',
          '\r',
          'trailing  \t ',
          'one final newline\n',
          '\n\n\n',
          '',
          ' ',
          '\u{1f600}\u2028\u0085\ufeff\0',
          '\ud800',
        ].map((value, at) => [`value_${at}`, value]),
      ),
    ),
  },
  ...rowsOf(
    { 'F7 GITHUB_OUTPUT is a folder': '/dev', 'F7 GITHUB_OUTPUT is nowhere': '/nonexistent/output' },
    (path) => ({
      env: { GITHUB_OUTPUT: path },
      mayLackOutputs: true,
    }),
  ),
  'F7 outputs on a full disk': { env: { GITHUB_OUTPUT: '/dev/full' }, mayLackOutputs: true },
  'F7 no RUNNER_TEMP': { env: { RUNNER_TEMP: '/nonexistent' } },
  'F8 no GITHUB_OUTPUT': { env: { GITHUB_OUTPUT: undefined }, mayLackOutputs: true },
  'F8 an empty GITHUB_OUTPUT': { env: { GITHUB_OUTPUT: '' }, mayLackOutputs: true },
  'F10 no summary': { env: { GITHUB_STEP_SUMMARY: '/nonexistent/summary' } },
  'F11 outputs larger than a summary': { api: completedWith({ text: '```\n| 🏗 '.repeat(150_000) }) },
  'F12 markup in outputs': {
    api: completedWith({
      ...Object.fromEntries(MARKUP.map((text, at) => [`text_${at}`, text])),
      ...Object.fromEntries(MARKUP.map((text) => [text, text])),
      items: MARKUP.map((text) => ({ [text]: text, title: text, status: text })),
      all: MARKUP.join('\n'),
    }),
    inputs: { fail_if: ITEMS },
  },
  'F13 fifty unknown statuses, no token, no summary': {
    api: {
      lifecycle: [
        ...Array.from({ length: 50 }, (_, at) => ({ atMs: at * 4_000, status: `odd_${at}` })),
        { atMs: 200_000, status: 'completed', outputs: {} },
      ],
    },
    eventName: 'pull_request',
    inputs: { comment: 'always', github_token: ' ' },
    env: { GITHUB_STEP_SUMMARY: undefined },
  },
  ...rowsOf(
    {
      'F13 an error message of 10 KB': 'x'.repeat(10_000),
      'F13 an error message that grows when it is escaped': '\u202e'.repeat(10_000),
    },
    (message) => ({ api: failing(message) }),
  ),
  'F14 the key from the environment': {
    inputs: { api_key: '' },
    env: { ALLOOVIUM_API_KEY: `${vendor.TEST_KEY}\n` },
  },
  'F15 a key with blanks around it': { inputs: { api_key: ` \t${vendor.TEST_KEY}  ` } },
  ...rowsOf(
    {
      'F15 a key with a letter beyond ASCII': `${vendor.TEST_KEY}é`,
      'F15 a key in quotes': `"${vendor.TEST_KEY}"`,
      'F15 a key behind `Bearer`': `Bearer ${vendor.TEST_KEY}`,
    },
    (api_key) => ({ inputs: { api_key } }),
  ),
  'F15 a key with a line break': { inputs: { api_key: 'ak_test_1\nak_test_2' } },
  ...rowsOf(
    {
      'F19 a command for a status': '$(touch x)',
      'F19 quotes and line breaks for a status': '";\'\n`touch x`',
    },
    (status) => ({
      ...timeoutMinutes('1'),
      api: { lifecycle: [{ atMs: 0, status }] },
    }),
  ),
  'F21 another secret of the job': {
    env: { RUNNER_DEBUG: '1' },
    inputs: { fail_if: `a: outputs.missing == 'x'\n${ITEMS}` },
    api: {
      lifecycle: [
        { atMs: 0, status: 'running', progress: 10, stage: `at ${DATABASE} now` },
        {
          atMs: 6_000,
          status: 'completed',
          outputs: {
            [DATABASE]: DATABASE,
            items: [{ title: DATABASE, status: `is ${DATABASE}`, [DATABASE]: 'x' }],
          },
        },
      ],
    },
  },
  'F22 a stage that reads as a verdict': {
    ...timeoutMinutes('1'),
    api: { lifecycle: [{ atMs: 0, status: 'running', progress: 10, stage: 'end”. ✅ All passed. See “' }] },
  },
  'F22 a key that reads as a verdict': {
    api: completedWith({
      Green: 'Green',
      items: [1, 2].map((id) => ({ id, status: 'bad', Green: 'Green' })),
    }),
    inputs: { fail_if: ITEMS },
  },
  'F23 an unnamed condition in the title of a fold': {
    api: completedWith({
      limit: 40,
      items: Array.from({ length: 45 }, (_, n) => ({ n, name: `item ${n}` })),
    }),
    inputs: {
      fail_if:
        "outputs.items.filter(i, i.n<outputs.limit)\noutputs.items.filter(i, i.name == '<b>x`y' && i.n > 1)",
    },
  },
  'F24 an output named as a colour, in the title of a fold': {
    api: completedWith({ '#ff0000': Array.from({ length: 30 }, (_, n) => ({ n, name: `item ${n}` })) }),
  },
  'G1 a token that may not comment': onPull(undefined, {
    github: {
      ...TOWER,
      tokens: { [TOKEN]: { user: fakeGithub.ACTIONS_BOT, permission: 'read', viewer: 'refused' } },
    },
  }),
  'G2 the marker in a comment of somebody else': onPull(
    (github) => void github.addComment(7, MALLORY, OWN_COMMENT),
  ),
  'G3 the marker below the first line': onPull(
    (github) => void github.addComment(7, fakeGithub.ACTIONS_BOT, `Hello\n${OWN_COMMENT}`),
  ),
  'G3 the marker within the first line': onPull(
    (github) => void github.addComment(7, fakeGithub.ACTIONS_BOT, `> ${OWN_COMMENT}`),
  ),
  'G4 the comment of the step on page 3': onPull((github) => {
    for (let at = 0; at < 230; at++) github.addComment(7, MALLORY, `comment ${at}`);
    github.addComment(7, fakeGithub.ACTIONS_BOT, OWN_COMMENT);
  }),
  'G5 two comments of the step': onPull(
    (github) => {
      for (const text of ['first', 'second'])
        github.addComment(7, fakeGithub.ACTIONS_BOT, ownComment(`${MARKED_COMMENT}${text}`));
    },
    // The two comments exist before the step.
    { ignoredViolations: ['I10'] },
  ),
  'G6 reset after the comment was made': withGithubFaults({ on: 'create', commit: true, answer: 'reset' }),
  'G6 502 after the comment was made': withGithubFaults({
    on: 'create',
    commit: true,
    answer: fakeGithub.BAD_GATEWAY,
  }),
  'G6 no answer in time': withGithubFaults({ on: 'create', commit: true, answer: 'stall' }),
  'G7 a comment of 300 KB': onPull(undefined, {
    api: completedWith({
      items: Array.from({ length: 300 }, (_, at) => ({ title: `${at} `.repeat(300), reason: '```\n' })),
    }),
    inputs: { fail_if: 'outputs.items' },
  }),
  'G12 a limit with a hint': withGithubFaults({ on: 'list', answer: fakeGithub.secondaryLimit(6) }),
  ...rowsOf(
    {
      'G9 mentions, issues, commits and addresses': [
        '@octocat and @org/team',
        '#1 and GH-1 and o/r#1',
        '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2 and 3f9c1ab',
        'closes #1, fixes o/r#2, resolves GH-3',
        'https://github.com/octo-org/tower/issues/1 and www.example.com and a@b.co',
        'GHSA-aaaa-bbbb-cccc and CVE-2026-0001',
        '/merge',
      ],
      'G10 markers of other tools': [
        '<!-- other marker -->',
        '<!-- alloovium:forged -->',
        `x\n${MARKED_COMMENT}`,
        '<!--',
      ],
    },
    (texts) =>
      onPull(undefined, {
        api: completedWith({
          items: texts.map((text) => ({ [text]: text, title: text })),
          ...Object.fromEntries(texts.map((text) => [text, text])),
          list: texts,
        }),
        inputs: { fail_if: 'bad: outputs.items.filter(i, size(i.title) > 0)', warn_if: 'outputs.items' },
      }),
  ),
  'G12 a limit with a hint to the creation': withGithubFaults({
    on: 'create',
    answer: fakeGithub.secondaryLimit(6),
  }),
  'G12 a limit of a minute': withGithubFaults({
    on: 'list',
    times: 9,
    answer: fakeGithub.secondaryLimit(60),
  }),
  'G12 a limit of an hour': withGithubFaults({
    on: 'list',
    times: 9,
    answer: fakeGithub.primaryLimit(Math.ceil(START / 1_000) + 3_600),
  }),
  'G13 a push': onPull(undefined, { eventName: 'push' }),
  ...Object.fromEntries(
    Object.entries({
      schedule: undefined,
      merge_group: undefined,
      issue_comment: { issue: { number: 7, pull_request: {} }, comment: { id: 1 } },
    }).map(([eventName, event]) => [
      `G13 ${eventName}`,
      onPull(undefined, { eventName, ...(event && { event }) }),
    ]),
  ),
  ...rowsOf(
    { 'G13 workflow_run with one pull request': [7], 'G13 workflow_run with two': [7, 8] },
    (numbers) =>
      onPull(undefined, {
        eventName: 'workflow_run',
        event: {
          workflow_run: { head_sha: fakeGithub.HEAD, pull_requests: numbers.map((number) => ({ number })) },
        },
      }),
  ),
  ...rowsOf(
    { 'G13 no wait': vendor.WORKFLOW_ID, 'G13 no wait, and no such workflow': 'wf_nosuch' },
    (workflow_id) => onPull(undefined, { inputs: { wait: 'false', workflow_id } }),
  ),
  'G14 deleted between list and edit': onPull((github) => {
    const { id } = github.addComment(7, fakeGithub.ACTIONS_BOT, OWN_COMMENT);
    github.addFaults({ on: 'update', onArrival: () => github.deleteComment(id) });
  }),
  'G14 a locked conversation': onPull(undefined, {
    github: { ...TOWER, pullRequests: [{ number: 7, state: 'open', locked: true }] },
  }),
  'G17 the same run again is not compared with itself': onPull(undefined, {
    api: completedWith({ items: [{ status: 'bad', id: 1 }] }),
    inputs: { fail_if: ITEMS, known_by: 'id, status' },
    steps: [{}, { runId: JOB_RUN + 1 }],
  }),
  'G17 the same run and verdict again': onPull(undefined, {
    steps: [{}, { runId: JOB_RUN + 1 }, { attempt: 2 }],
  }),
  'G15 the head may not be read': withGithubFaults({
    on: 'pull',
    answer: { status: 403, body: { message: 'Resource not accessible by integration' } },
  }),
  'G17 on_failure: none where there is none, and green over green': onPull(undefined, {
    steps: [
      { inputs: { comment: 'on_failure' } },
      {},
      { inputs: { comment: 'on_failure' }, runId: JOB_RUN + 1 },
    ],
  }),
  'G18 a list that is an object': withGithubFaults({
    on: 'list',
    times: 9,
    answer: { status: 200, body: {} },
  }),
  'G18 a list that is cut': withGithubFaults({ on: 'list', times: 9, answer: 'truncated' }),
  'G19 red, then green, then another gate': onPull(undefined, {
    api: oneAfterAnother(
      completedWith({ items: [{ status: 'bad', id: 1 }] }),
      completedWith({ items: [{ status: 'ok', id: 1 }] }),
    ),
    inputs: { fail_if: ITEMS },
    steps: [
      {},
      { runId: JOB_RUN + 1, inputs: { comment: 'always', fail_if: ITEMS, inputs: 'push: 2' } },
      { runId: JOB_RUN + 2, inputs: { comment: 'on_failure', fail_if: 'outputs.items', inputs: 'push: 2' } },
    ],
  }),
  'G20 a comment_key, a matrix, no summary': onPull(undefined, {
    matrix: { os: 'linux' },
    inputs: { comment_key: 'docs', job_summary: 'false' },
  }),
  'G21 what changed since a file': {
    api: oneAfterAnother(
      completedWith({ items: [{ status: 'bad', id: 1 }] }),
      completedWith({ items: [{ status: 'bad', id: 2 }] }),
    ),
    inputs: { fail_if: ITEMS, known_by: 'id, status' },
    steps: [
      {},
      {
        inputs: { inputs: 'push: 2' },
        inputsAfter: ({ outputs }) => ({ baseline_file: outputs.gate_file ?? '' }),
      },
    ],
  },
  'M14 an older green run joined after a newer red one': onPull(undefined, {
    api: oneAfterAnother(GREEN, completedWith({ items: [1] })),
    inputs: { fail_if: 'bad: outputs.items' },
    steps: [
      {},
      { ...attempt(2), inputs: { comment: 'always', fail_if: 'bad: outputs.items', on_rerun: 'fresh' } },
      { runId: JOB_RUN + 1, before: (api) => api.advance(HOUR) },
    ],
  }),
  'G21 a comment whose state was changed': onPull((github) => {
    github.addComment(7, fakeGithub.ACTIONS_BOT, OWN_COMMENT.replace(/.{9} -->$/, ' -->'));
  }),
  'H1 interrupted while it launches': {
    trigger: interrupted(/::group::Launch/),
    faults: [launch({ wire: STALL })],
  },
  'H1 interrupted while it waits': onPull(undefined, { trigger: interrupted(/::group::Wait/) }),
  'H2 interrupted while it queues': {
    trigger: interrupted(/retrying in/),
    faults: [launch({ answer: rateLimited('50') })],
  },
  'H8 the launch never ends': { ...timeoutMinutes('1'), faults: [launch({ wire: ['hang'] })] },
  ...rowsOf(
    { 'J1 a timeout beyond a day': '1441', 'J1 a blank timeout': '  ', 'J1 half a minute': '0.5' },
    (timeout_minutes) => ({
      inputs: { timeout_minutes },
    }),
  ),
  'J1 a timeout in words': { ...timeoutMinutes('15 m') },
  'J2 an invalid base URL': { inputs: { api_url: 'ftp://x' } },
  'J3 a command for a workflow': { inputs: { workflow_id: '::set-output name=conclusion::zqzq' } },
  'J3 no workflow and no run': { inputs: { workflow_id: '' } },
  'J3 a path for a workflow': { inputs: { workflow_id: '../zq' } },
  'J4 inputs that are a list': { inputs: { inputs: '- 1\n- 2' } },
  ...Object.fromEntries(
    Object.entries({
      'JSON that is cut': '{"a": "zqzq"',
      'over 100 KB': `a: ${'zqzq'.repeat(26_000)}`,
      'a key twice': 'zqzq: 1\nb: 2\nzqzq: 3',
      '`__proto__`': '__proto__:\n  zqzq: 1',
      'a number that would lose its zero': 'section: 033000',
      'a number that would lose its last zero': 'a: 1\nfrom: 1.10',
      'JSON of every type': '{"zip": "033000", "n": 1.5, "list": [true, null], "deep": {"a": ""}}',
    }).map(([what, inputs]) => [`J4 ${what}`, { inputs: { inputs } }]),
  ),
  'J4 inputs of every type': {
    inputs: { inputs: 'a: 1\nb: "1"\nc: [true, null]\nd: {e: 1.5}\nf: 2026-04-01' },
  },
  'J4 the key in an input': { inputs: { project_id: vendor.TEST_KEY, inputs: `${vendor.TEST_KEY}: 1` } },
  'J5 no key on a fork, and no run of the job that skipped before': {
    ...FORK,
    inputs: { api_key: '', on_missing_key: 'skip', workflow_id: '' },
  },
  'J5 no key on a fork, a gate, skipped': {
    ...FORK,
    inputs: { api_key: '', on_missing_key: 'skip', fail_if: ITEMS },
  },
  ...Object.fromEntries(
    [
      ['a fork', FORK],
      ['the review of a fork', { ...FORK, eventName: 'pull_request_review' }],
      ['a comment on the review of a fork', { ...FORK, eventName: 'pull_request_review_comment' }],
      ['Dependabot', byDependabot('pull_request')],
      ['a push of Dependabot', byDependabot('push')],
      ['a dispatch of Dependabot', byDependabot('workflow_dispatch')],
      ['a pull request of Dependabot to which a person pushed', DEPENDABOT_BRANCH],
      ['a pull request of the same repository', { eventName: 'pull_request' }],
      ['pull_request_target from a fork', { ...FORK, eventName: 'pull_request_target' }],
      ['a push', { eventName: 'push' }],
    ].flatMap(([where, event]): [string, Case][] =>
      ['fail', 'skip'].map((on_missing_key) => [
        `J5 no key on ${where as string}, ${on_missing_key}`,
        { ...(event as Case), inputs: { api_key: '', on_missing_key } },
      ]),
    ),
  ),
  ...Object.fromEntries(
    Object.entries({
      missing: null,
      'incomplete for good': '{"pull_request": {',
      'a list': '[{"pull_request": 1}]',
      'nested too deep': '['.repeat(65),
      'over 32 MiB': `{"a": "${'x'.repeat(33 * 2 ** 20)}"}`,
    }).flatMap(([what, eventPayload]): [string, Case][] =>
      [
        'pull_request',
        'pull_request_target',
        'pull_request_review',
        'pull_request_review_comment',
        'workflow_run',
        'push',
        'schedule',
      ].map((eventName) => [`J6 a payload that is ${what} on ${eventName}`, { eventName, eventPayload }]),
    ),
  ),
  ...rowsOf({ 'J8 a word near to an input': 'fail_fi', 'J8 a word near to none': 'rules' }, (name) => ({
    inputs: { [name]: 'outputs.items' },
  })),
  'J8 another INPUT_ in the environment': { env: { INPUT_VERSION: '1.2' } },
  'J8 an empty INPUT_, and one of a library': { env: { INPUT_VERSION: '', INPUT_METHOD: 'ibus' } },
  ...rowsStartingWith(
    'J9 fail_if that is',
    (fail_if) => ({ api: completedWith({ items: [] }), inputs: { fail_if } }),
    {
      'a variable that is unset': '',
      'a comment alone': '# not compliant: items\n',
      none: 'none',
    },
  ),
  'J9 no wait, and no gate': { inputs: { wait: 'false', fail_if: 'none', warn_if: 'none' } },
  'J8 a variable of another tool': { inputs: { version: '1.2', conditions: 'outputs.bad' } },
  'J3 IDs that are swapped': {
    inputs: { workflow_id: '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6', project_id: vendor.WORKFLOW_ID },
  },
  'J3 a first run without a workflow': { inputs: { workflow_id: '' } },
  'J4 inputs with an equals sign': { inputs: { inputs: 'start_date=2026-04-01' } },
  'J1 a word that comment does not know': { inputs: { comment: 'on_error' } },
  'J5 a key that a vault left empty': { inputs: { api_key: ' ' } },
  'L10 the same review twice': {
    inputs: {
      fail_if: ITEMS,
      runs: 'Tower: { project_id: p1 }\nBridge: { project_id: p1 }\nDock: { project_id: p2 }',
    },
  },
  'L10 an entry without a gate, and one whose gate is empty': {
    inputs: { fail_if: ITEMS, runs: 'A: { fail_if: none }\nB: { inputs: { level: 2 }, fail_if: "" }' },
  },
  'L1 several runs, each red by another error': {
    inputs: {
      fail_if: ITEMS,
      runs: 'Tower: {}\nBridge: { inputs: { level: 2 } }\nDock: { inputs: { level: 3 } }\nYard: { inputs: { level: 4 } }',
    },
    api: completedWith({ items: [{ status: 'bad', id: 1 }] }),
    faults: [
      launch({ answer: { code: 'validation_error' } }, 1),
      launch({ answer: { code: 'permission_denied' } }, 2),
      poll({ answer: { body: 'x'.repeat(9 * 1024 * 1024) } }, (nth) => nth === 1),
    ],
  },
  'L13 an entry without a gate': onPull(undefined, {
    api: oneAfterAnother(completedWith({ items: [{ status: 'bad', id: 1 }] }), completedWith({ items: [] })),
    inputs: { fail_if: ITEMS, runs: 'A: {}\nB: { inputs: { level: 2 }, fail_if: none }' },
  }),
  'J8 a misspelt input': { inputs: { 'fail-if': 'true', time_out_minutes: '1' } },
  ...rowsOf<Readonly<Record<string, string>>>(
    { 'J9 no wait, with a warning': { warn_if: ITEMS }, 'J9 no wait, with a run': { run_id: 'run_there' } },
    (inputs) => ({ inputs: { wait: 'false', ...inputs } }),
  ),
  'J9 no wait, with a gate': { inputs: { wait: 'false', fail_if: ITEMS } },
  'J9 no wait': { inputs: { wait: 'false' } },
  'J10 attached to a run': {
    before: (api) => void api.addRun({ id: 'run_there', lifecycle: GREEN.lifecycle as Lifecycle }),
    inputs: { run_id: 'run_there', fail_if: 'outputs.items' },
  },
  'J10 attached, with inputs of no use': {
    before: (api) => void api.addRun({ id: 'run_there', lifecycle: GREEN.lifecycle as Lifecycle }),
    inputs: { run_id: 'run_there', project_id: 'p1', on_rerun: 'fresh', inputs: 'a: 1' },
  },
  'J10 attached to another workflow’s run': {
    before: (api) => void api.addRun({ id: 'run_there', workflowId: 'wf_other' }),
    inputs: { run_id: 'run_there' },
  },
  ...rowsStartingWith('M1 a waiver', (waiver) => withWaivers(`- ${waiver}`), {
    'of two fields': DOORS,
    'whose values are as typed': 'match: { rev: 1.10, code: 0042, power: 71e3 }\n  because: x',
    'of a number by its text': "match: { id: '1', title: Doors }\n  because: x",
    'of a number as a number': 'match: { id: 1, title: Doors }\n  because: x',
    'until a later day': `${DOORS}\n  until: 2999-12-31`,
    'whose day is over': `${DOORS}\n  until: 2001-02-28`,
    'with a hostile reason': `match: { id: 1, title: Doors }\n  because: '<b>::error::x ##[error] @all ${'x'.repeat(5_000)}'`,
    'for its condition': `${DOORS}\n  condition: bad`,
    'with one field that differs': 'match: { title: Doors, status: revise }\n  because: x',
    'of a field that no item has': 'match: { title: Doors, state: rejected }\n  because: x',
    'of one field alone': 'match: { id: 1 }\n  because: x',
    'without a reason': 'match: { id: 1, title: Doors }',
    'with an empty reason': "match: { id: 1, title: Doors }\n  because: ''",
    'until a day that does not exist': `${DOORS}\n  until: 2026-02-30`,
    'until what a variable left empty': `${DOORS}\n  until: ''`,
    'for a condition that is left empty': `${DOORS}\n  condition:`,
    'for a condition that does not exist': `${DOORS}\n  condition: bat`,
    'with an unknown key': `${DOORS}\n  untill: 2026-02-28`,
    'with a doubled key': `${DOORS}\n  because: y`,
    'with a reason that is null': 'match: { id: 1, title: Doors }\n  because: null',
    'with an invisible reason': 'match: { id: 1, title: Doors }\n  because: "\\u200b"',
    'with `reason`': 'match: { id: 1, title: Doors }\n  reason: x',
    'with a field that is blanks': "match: { id: 1, title: ' ' }\n  because: x",
    'for no item': `${DOORS}\n  count: 0`,
    'for 1,001 items': `${DOORS}\n  count: 1001`,
  }),
  ...rowsStartingWith(
    'M1 of two equal doors',
    (waivers) =>
      withWaivers(
        waivers,
        { bad: [...FINDINGS, { ...FINDINGS[0], id: 3 }] },
        { known_by: 'id, title, status' },
      ),
    {
      'none is waived by one waiver': `- ${DOORS}`,
      'both are waived by `count: 2`': `- ${DOORS}\n  count: 2`,
      'both are waived by two equal waivers': `- ${DOORS}\n- ${DOORS}`,
      'each is waived by the precise waiver above the general one': `- match: { id: 3, title: Doors }\n  because: y\n- ${DOORS}`,
      'none is waived by the general waiver above the precise one': `- ${DOORS}\n- match: { id: 3, title: Doors }\n  because: y`,
    },
  ),
  'M1 two waivers that match nothing': withWaivers(
    `- ${DOORS}\n- match: { id: 8, title: None }\n  because: y\n- match: { id: 9, title: None }\n  because: z`,
  ),
  'M1 waivers that are no list': withWaivers('match: { id: 1, title: Doors }'),
  'M1 501 waivers': withWaivers(`- ${DOORS}\n`.repeat(501)),
  // A waiver that ends today has expired for a server a day ahead; one that ended yesterday is valid for a server a day behind.
  ...rowsStartingWith(
    'M1 by a server that is a day',
    (off) => {
      const date = new Date(START + off * DAY).toUTCString();
      return {
        ...withWaivers(
          `- ${DOORS}\n  until: ${new Date(START + Math.min(0, off) * DAY).toISOString().slice(0, 10)}`,
        ),
        faults: [{ answer: { headers: { Date: date } } }],
      };
    },
    { ahead: 1, behind: -1 },
  ),
  'M2 a boolean is not waived': withWaivers(`- ${DOORS}`, { bad: true }),
  'M2 what cannot be evaluated is not waived': withWaivers(`- ${DOORS}`, {}),
  'M2 all items waived': withWaivers(`- ${DOORS}\n- match: { title: Windows, id: 2 }\n  because: y`),
  'M2 an entry with separate waivers': withWaivers(
    `- ${DOORS}\n- match: { id: 9, title: None }\n  because: z`,
    { bad: FINDINGS },
    {
      runs: 'A: {}\nB: { inputs: { level: 2 }, waivers: [{ match: { id: 2, title: Windows }, because: y }] }',
    },
  ),
  'M2 an entry without conditions': withWaivers(
    `- ${DOORS}\n- match: { id: 9, title: None }\n  because: z`,
    { bad: FINDINGS },
    { fail_if: 'none', runs: 'A: { fail_if: "bad: outputs.bad" }\nB: { inputs: { level: 2 } }' },
  ),
  ...rowsStartingWith(
    'M6 baseline_ready after',
    ([eventName, outputs, env = {}]: readonly [event: string, outputs: object, env?: Case['env']]) => ({
      ...withWaivers('', outputs),
      eventName,
      env,
    }),
    {
      'a green push': ['push', { bad: [] }],
      'a red push': ['push', BAD],
      'a red schedule': ['schedule', BAD],
      'a red dispatch': ['workflow_dispatch', BAD],
      'a red dispatch of a tag': ['workflow_dispatch', BAD, { GITHUB_REF: 'refs/tags/main' }],
      'a red dispatch from outside': ['repository_dispatch', BAD],
      'a green pull request': ['pull_request', { bad: [] }],
      'a boolean': ['workflow_dispatch', { bad: true }],
      'a condition not evaluated': ['workflow_dispatch', {}],
    },
  ),
  'M6 baseline_ready after several runs with more findings than fit into their file': {
    ...withWaivers(
      '',
      { bad: Array.from({ length: 70_000 }, (_, at) => at) },
      {
        fail_if: 'bad: outputs.bad',
        runs: [1, 2, 3].map((level) => `Level ${level}: { inputs: { level: ${level} } }`).join('\n'),
      },
    ),
    eventName: 'workflow_dispatch',
  },
  'M6 baseline_ready after several runs, one of them a plain true': {
    ...withWaivers('', BAD, {
      fail_if: '',
      runs: 'A: { fail_if: "bad: outputs.bad" }\nB: { inputs: { level: 2 }, fail_if: "some: size(outputs.bad) > 0" }',
    }),
    eventName: 'workflow_dispatch',
  },
  'L9 main has all': comparedWithMain(BAD, BAD),
  ...rowsStartingWith(
    'L9 inputs of',
    ([then, now, pull = {}]: readonly [string, string, Step?]) =>
      comparedWithMain(BAD, BAD, {
        main: { inputs: { inputs: then } },
        pull: { ...pull, inputs: { inputs: now } },
      }),
    {
      'the main contractor’s level 2, then level 3': [
        'scope: main contractor, level 2',
        'scope: main contractor, level 3',
        { eventName: 'schedule' },
      ],
      'the main hall, then the main stair': [
        'room: main hall',
        'room: main stair',
        { eventName: 'schedule' },
      ],
      'the main hall, then level 7 on pull request 7': ['room: main hall', 'room: level 7'],
      'another day, commit and ref': [
        'from: 2026-04-07\nat: a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b\nof: refs/heads/main',
        'from: 2026-04-08\nat: 3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2\nof: refs/pull/7/merge',
      ],
    },
  ),
  'L9 two findings with nothing in their fields': comparedWithMain(
    { bad: [untitledFinding('hall')] },
    { bad: [untitledFinding('stair')] },
    { inputs: { known_by: 'id, title, status' } },
  ),
  ...rowsStartingWith('L9 a red file of', (steps) => comparedWithMain(BAD, BAD, steps), {
    'a push': { main: { eventName: 'push' } },
    'a schedule': { main: { eventName: 'schedule' } },
    'a schedule, on the next one': { main: { eventName: 'schedule' }, pull: { eventName: 'schedule' } },
    'the base of the pull request, not the default branch': {
      main: { env: { GITHUB_REF: 'refs/heads/v1' } },
      pull: { event: pullInto('v1') },
    },
  }),
  ...rowsStartingWith(
    'L9 what a red schedule found, after a green one, on',
    (eventName) => ({
      ...comparedWithMain(BAD, BAD),
      api: completedWith(BAD),
      steps: [
        { eventName: 'schedule', runId: JOB_RUN - 2 },
        { eventName: 'schedule', runId: JOB_RUN - 1, ...WITH_LAST_BASELINE },
        { eventName, ...WITH_LAST_BASELINE },
      ],
    }),
    { 'a schedule': 'schedule', 'a push': 'push', 'a pull request': 'pull_request' },
  ),
  'L9 one field that got worse': comparedWithMain(
    { bad: FINDINGS },
    { bad: [{ ...FINDINGS[0], status: 'unsafe' }, FINDINGS[1]] },
    { inputs: { known_by: 'id, title, status' } },
  ),
  'L9 a field that no item has': comparedWithMain(BAD, BAD, { inputs: { known_by: 'id, titel' } }),
  'L9 a field that is empty in one item': comparedWithMain(
    { bad: FINDINGS },
    { bad: [FINDINGS[0], { id: 3, title: '', status: 'rejected' }] },
  ),
  'L9 a baseline that does not exist': {
    ...comparedWithMain(BAD, BAD),
    steps: [{ inputs: { baseline_file: 'none.json' } }],
  },
  'L9 a waiver that ended, its item waived in the baseline': comparedWithMain(BAD, BAD, {
    main: { inputs: { waivers: `- ${DOORS}\n  until: 2999-12-31` } },
    pull: { inputs: { waivers: `- ${DOORS}\n  until: 2001-02-28` } },
  }),
  'L9 a waiver that ended, its item known in the baseline': comparedWithMain(BAD, BAD, {
    pull: { inputs: { waivers: `- ${DOORS}\n  until: 2001-02-28` } },
  }),
  'M6 baseline_ready without fail_if': withWaivers(
    '',
    { bad: FINDINGS },
    { fail_if: 'none', warn_if: 'bad: outputs.bad' },
  ),
  'M6 baseline_ready after a run that failed': {
    api: failing('No text layer.'),
    inputs: { fail_if: 'bad: outputs.bad' },
  },
  ...rowsStartingWith(
    'M10 items of the shape',
    (shape) =>
      onPull(undefined, { api: completedWith(outputsOf(shape)), inputs: { fail_if: conditionOf(shape) } }),
    SHAPES,
  ),
  ...rowsStartingWith('M10 `columns` with', (columns) => withColumns({ columns }), {
    'a path, and one that leads through a list':
      'message.text, locations.physicalLocation.artifactLocation.uri',
    'a field that no item has': 'ruleID, message.text',
    'no field that any item has': 'title, room',
    'a field twice': 'ruleId, ruleId',
    'nine fields': 'a, b, c, d, e, f, g, h, i',
    'the name of no condition': 'to be dome: ruleId',
    'the key': `ruleId, ${vendor.TEST_KEY}`,
  }),
  'M10 `columns` of conditions': withColumns({
    fail_if: 'errors: outputs.results\nlevels: outputs.results.filter(i, i.level == "error")',
    columns: 'level, ruleId\nerrors: message.text',
  }),
  'M10 `columns` of an entry': withColumns({
    columns: 'ruleId, message.text',
    runs: 'A: {}\nB: { inputs: { level: 2 }, columns: "locations, rule" }',
  }),
  'M4 the page of the run': { inputs: { run_url: RUN_URL } },
  'M4 the page of a run that is joined': {
    ...GATE_OF_ITEMS,
    inputs: { run_url: RUN_URL },
    api: GREEN,
    steps: [{}, attempt(2)],
  },
  'M4 the pages of several runs': {
    inputs: { run_url: RUN_URL, runs: 'Tower: {}\nBridge: { inputs: { level: 2 } }' },
  },
  'M4 the page of a run whose workflow is not known at first': {
    before: (api) => void api.addRun({ id: 'run_there', lifecycle: GREEN.lifecycle as Lifecycle }),
    inputs: {
      workflow_id: '',
      run_id: 'run_there',
      run_url: 'https://app.example.com/{workflow_id}/{run_id}',
    },
  },
  'M5 a disabled workflow': { inputs: { workflow_id: vendor.DISABLED_WORKFLOW.id } },
  'M5 a project is needed': { api: { workflowsNeedingProject: [vendor.WORKFLOW_ID] } },
  'M5 an unknown project': { api: { projects: [] }, inputs: { project_id: vendor.PROJECT_ID } },
  'K2 green, and joined': { ...GATE_OF_ITEMS, api: GREEN, steps: [{}, attempt(2), attempt(3)] },
  'K2 red, then a second key': {
    ...GATE_OF_ITEMS,
    api: oneAfterAnother(failing('No text layer.'), GREEN),
    steps: [{}, attempt(2), attempt(3)],
  },
  'K2 red by its gate, then red again': {
    ...GATE_OF_ITEMS,
    api: completedWith({ items: [1] }),
    steps: [{}, attempt(2), attempt(3)],
  },
  'K2 a green run of yesterday': {
    ...GATE_OF_ITEMS,
    api: GREEN,
    steps: [{}, attempt(2, 25 * HOUR)],
    ignoredViolations: ['I1'],
  },
  'K2 interrupted, then joined': {
    api: completedWith({}, { runningMs: 2 * HOUR }),
    steps: [{ trigger: interrupted(/::group::Wait/) }, attempt(2, 2 * HOUR - 90_000)],
  },
  ...rowsOf<Omit<Fault, 'when'>>(
    {
      'K2 the first run is not found': { answer: { code: 'not_found' } },
      'K2 the first run is too large to evaluate': {
        answer: { encode: () => Buffer.from(`[${'1,'.repeat(200_001)}1]`) },
      },
    },
    (fault) => ({
      api: GREEN,
      faults: [
        {
          when: { call: 'poll', match: ({ path, at }) => path.endsWith(runIdOf(1)) && at > START + HOUR },
          ...fault,
        },
      ],
      steps: [{}, attempt(2)],
    }),
  ),
  ...rowsOf(
    {
      'K2 the answer to the launch is lost': GREEN,
      'K2 the answer to the launch is lost, and that run fails at once': failing('No.', 'failed', 0),
    },
    (second) => ({
      api: oneAfterAnother(failing('No text layer.'), second),
      faults: [
        {
          when: {
            call: 'launch',
            match: ({ idempotencyKey, attempt: nth }) => idempotencyKey?.endsWith('_2') === true && nth === 1,
          },
          wire: ['reset'],
        },
      ],
      steps: [{}, attempt(2)],
    }),
  ),
  'K2 the answer to the launch is lost a day later, and that run fails at once': {
    api: oneAfterAnother(failing('No text layer.'), failing('No.', 'failed', 0)),
    faults: [launch({ wire: ['reset'] }, 2)],
    steps: [{}, attempt(2, 25 * HOUR)],
    // The key has two runs, but more than 24 hours apart.
    ignoredViolations: ['I1'],
  },
  'K13 two that were red by their gates, then green': {
    inputs: { fail_if: 'outputs.items.filter(i, i == 1)' },
    api: oneAfterAnother(
      completedWith({ items: [1] }),
      completedWith({ items: 'broken' }),
      completedWith({ items: [] }),
    ),
    steps: [{}, attempt(2), attempt(3)],
  },
  'K13 a fresh run looks at no earlier run': {
    inputs: { fail_if: 'outputs.items', on_rerun: 'fresh' },
    api: oneAfterAnother(completedWith({ items: [1] }), GREEN),
    steps: [{}, attempt(2)],
  },
  'K3 a fresh run whose answer is lost': {
    inputs: { on_rerun: 'fresh' },
    api: GREEN,
    faults: [launch({ wire: ['reset'] }, 2)],
    steps: [{}, attempt(2)],
  },
  'K3 the same attempt of two job runs': {
    inputs: { on_rerun: 'fresh', wait: 'false' },
    steps: [
      { attempt: 2, runId: JOB_RUN },
      { attempt: 2, runId: JOB_RUN + 1 },
    ],
  },
  'K3 a fresh run on a re-run': { inputs: { on_rerun: 'fresh' }, api: GREEN, steps: [{}, attempt(2)] },
  ...rowsOf(
    {
      'K5 pull_request_review': 'pull_request_review',
      'K5 pull_request_review_comment': 'pull_request_review_comment',
    },
    (eventName) =>
      onPull(undefined, { steps: [{ eventName: 'pull_request' }, { eventName, runId: JOB_RUN + 1 }] }),
  ),
  'K4 a key of the user’s': { inputs: { idempotency_key: 'release-7' }, api: GREEN, steps: [{}, attempt(2)] },
};

/** Rows for behaviour that was seen in GitHub's runner. */
const N_ROWS: Readonly<Record<string, Case>> = {
  'N1 stopped before anything is launched': {
    trigger: interrupted(/::add-mask::/),
    eventPayload: '{"pull_request": {',
  },
  'N1 stopped with `fresh`': {
    inputs: { on_rerun: 'fresh' },
    api: endless,
    trigger: interrupted(/10 %/),
  },
  'N1 stopped in a merge queue': { eventName: 'merge_group', api: endless, trigger: interrupted(/10 %/) },
  'N1 several: one green, one red, one that goes on': {
    api: {
      lifecycle: ({ projectId }) =>
        projectId === 'p3'
          ? (endless.lifecycle as Lifecycle)
          : steadyLifecycle({
              queuedMs: 0,
              runningMs: 5_000,
              outputs: { items: projectId === 'p2' ? [{ id: 'a' }] : [] },
            }),
    },
    inputs: {
      runs: 'Tower: { project_id: p1 }\nBridge: { project_id: p2 }\nCar park: { project_id: p3 }',
      fail_if: 'found: outputs.items',
    },
    trigger: interrupted(/2 done/),
  },
  'N2 a red step with a title': {
    inputs: { title: 'Level 2: doors, 100 % ::error::x ##[error]y', fail_if: ITEMS },
    api: completedWith({ items: [{ id: 1, status: 'bad' }] }),
  },
  'N2 a step that is refused, with a title': { inputs: { title: 'Doors', timeout_minutes: '0' } },
  'N2 a title that is refused titles nothing': { inputs: { title: vendor.TEST_KEY } },
  'N4 twelve warnings, and none of the comment': {
    eventName: 'pull_request',
    api: {
      lifecycle: [
        { atMs: 0, status: 'odd' },
        { atMs: 30_000, status: 'completed', outputs: {} },
      ],
    },
    inputs: {
      comment: 'always',
      github_token: ' ',
      runs: Array.from({ length: 12 }, (_, at) => `Level ${at}: { inputs: { level: ${at} } }`).join('\n'),
    },
    env: { GITHUB_STEP_SUMMARY: undefined },
  },
};

const STATUS = { commit_status: 'alloovium/submittals' };
const HEAD_OF_PULL = '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2';
/** The pull request is set by its number, in a job that another event started. */
const byNumber = (more: Case = {}): Case => ({
  github: TOWER,
  eventName: 'workflow_dispatch',
  ...more,
  inputs: { pull_request: '7', comment: 'always', fail_if: ITEMS, ...more.inputs },
});
const withStatus = (more: Case = {}): Case => ({
  github: TOWER,
  ...more,
  inputs: { ...STATUS, fail_if: ITEMS, ...more.inputs },
});
/** The event of a comment on a pull request. */
const COMMENTED = {
  repository: { id: 987654321, full_name: 'octo-org/tower', default_branch: 'main' },
  action: 'created',
  issue: {
    number: 7,
    state: 'open',
    pull_request: { url: 'https://api.github.com/repos/octo-org/tower/pulls/7' },
  },
  comment: { body: '/review', user: { login: 'octocat' } },
};
const EARLIER_RUN = {
  repository: COMMENTED.repository,
  action: 'completed',
  workflow_run: { event: 'pull_request', head_sha: 'e'.repeat(40), pull_requests: [{ number: 7 }] },
};
const PULL = defaultEvent('pull_request') as { pull_request: { head: object } };
const OF_FORK = {
  ...PULL,
  pull_request: {
    ...PULL.pull_request,
    head: { ...PULL.pull_request.head, repo: { full_name: 'somebody/tower' } },
  },
};
const lacking = (
  ...missingPermissions: NonNullable<fakeGithub.Identity['missingPermissions']>
): fakeGithub.GithubOptions => ({
  ...TOWER,
  tokens: {
    [TOKEN]: { user: fakeGithub.ACTIONS_BOT, permission: 'write', viewer: 'refused', missingPermissions },
  },
});
const githubAnswers = (
  on: fakeGithub.Operation,
  times: number,
  answer: fakeGithub.Fault['answer'],
): Case => ({
  prepare: (github) => github.addFaults({ on, times, ...(answer === undefined ? {} : { answer }) }),
});

const ON_MAIN = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
const RUN_ON_MAIN = {
  id: JOB_RUN,
  path: '.github/workflows/submittals.yml',
  headSha: ON_MAIN,
  headBranch: 'main',
};
const ONE_FINDING = completedWith({ items: [{ document_id: 'd1', clause: '1', status: 'bad' }] });
const ONE_MORE = completedWith({
  items: [
    { document_id: 'd1', clause: '1', status: 'bad' },
    { document_id: 'd2', clause: '4', status: 'bad' },
  ],
});
const KNOWN_BY_CLAUSE = {
  fail_if: ITEMS,
  fail_on: 'new',
  known_by: 'document_id, clause, status',
  baseline: 'main',
};
/** Uploads the `gate_file` as an artifact of the job run, as an upload step does. */
const keepFile =
  (run: fakeGithub.WorkflowRun, artifact: Partial<fakeGithub.Artifact> = {}) =>
  ({ outputs }: RunResult, github: fakeGithub.Github) =>
    void github.actions.upload({
      name: outputs.baseline_name ?? '',
      content: readFileSync(outputs.gate_file ?? '', 'utf8'),
      run,
      ...artifact,
    });
/** A review of main, started by hand and followed by an upload step, and then a pull request's review. */
const compared = (
  changed: {
    readonly run?: Partial<fakeGithub.WorkflowRun>;
    readonly artifact?: Partial<fakeGithub.Artifact>;
    readonly actions?: fakeGithub.ActionsOptions;
  } = {},
  more: Case & { readonly main?: Step; readonly pull?: Step } = {},
): Case => {
  const run = { ...RUN_ON_MAIN, ...changed.run };
  const { main, pull, ...all } = more;
  return {
    github: {
      ...TOWER,
      actions: { runs: [run], branches: { main: ['c'.repeat(40), ON_MAIN] }, ...changed.actions },
    },
    api: ONE_FINDING,
    ...all,
    inputs: { ...KNOWN_BY_CLAUSE, ...all.inputs },
    steps: [
      { eventName: 'workflow_dispatch', after: keepFile(run, changed.artifact), ...main },
      { eventName: 'pull_request', runId: JOB_RUN + 1, ...pull },
    ],
  };
};
/** Reviews one after another, each in its own job run; those on main upload their files. */
const inRuns = (api: ApiOptions, ...steps: readonly Step[]): Case => ({
  github: { ...TOWER, actions: { branches: { main: ['c'.repeat(40), ON_MAIN] } } },
  api,
  inputs: KNOWN_BY_CLAUSE,
  steps: steps.map((step, nth) => {
    const run = { ...RUN_ON_MAIN, id: step.runId ?? JOB_RUN + nth };
    const keep = (result: RunResult, github: fakeGithub.Github) => {
      github.actions.addRun(run);
      keepFile(run, { attempt: step.attempt ?? 1 })(result, github);
    };
    return { runId: run.id, ...(step.eventName === 'pull_request' ? {} : { after: keep }), ...step };
  }),
});
const BY_HAND: Step = { eventName: 'workflow_dispatch' };
const PULL_REQUEST: Step = { eventName: 'pull_request' };
/** A review with one finding, with this document ID. */
const finding = (document_id: string) =>
  completedWith({ items: [{ document_id, clause: '1', status: 'bad' }] });
const withoutPermission = (name: 'actions' | 'contents'): fakeGithub.GithubOptions => ({
  ...lacking(name),
  actions: { runs: [RUN_ON_MAIN], branches: { main: [ON_MAIN] } },
});
/** All calls for artifacts in the pull request's review get this answer. */
const listAnswered = (answer: fakeGithub.Answer): Case & { readonly pull: Step } => ({
  pull: { before: (_api, github) => github.addFaults({ on: 'artifacts', times: 9, answer }) },
});
const refusedBaseline = (inputs: Readonly<Record<string, string>>): Case => ({
  inputs: { fail_if: ITEMS, known_by: 'document_id, status', ...inputs },
});

const BASELINE_ROWS: Readonly<Record<string, Case>> = {
  'M12 what main has is known': compared(),
  'M12 one more than main has': compared({}, { api: oneAfterAnother(ONE_FINDING, ONE_MORE) }),
  'M12 what a red schedule found is new in a pull request': inRuns(
    ONE_FINDING,
    { eventName: 'schedule' },
    { eventName: 'schedule' },
    PULL_REQUEST,
  ),
  'M12 a file of another workflow file excuses nothing': compared({
    run: { path: '.github/workflows/x.yml' },
  }),
  'M12 a file of a pull request excuses nothing': compared({ run: { event: 'pull_request' } }),
  'M12 a file of a fork excuses nothing': compared({
    artifact: { run: { ...RUN_ON_MAIN, headRepositoryId: 5 } },
  }),
  'M12 a file at a commit that is not on main excuses nothing': compared({
    actions: { branches: { main: ['c'.repeat(40)], develop: [ON_MAIN] } },
  }),
  'M12 a file of a tag called main excuses nothing': compared(
    {},
    { main: { env: { GITHUB_REF: 'refs/tags/main' } } },
  ),
  'M12 a file of a tag called main, where there is no such branch, excuses nothing': compared(
    { actions: { branches: { develop: [ON_MAIN] } } },
    { main: { env: { GITHUB_REF: 'refs/tags/main' } } },
  ),
  'M12 a file of develop that names main excuses nothing in a pull request into develop': compared(
    { run: { headBranch: 'develop' }, actions: { branches: { main: [ON_MAIN], develop: [ON_MAIN] } } },
    { pull: { event: pullInto('develop') } },
  ),
  'M12 a file with another digest excuses nothing': compared({
    artifact: { digest: `sha256:${'0'.repeat(64)}` },
  }),
  'M12 a file without a digest excuses nothing': compared({ artifact: { digest: null } }),
  'M12 a file whose run GitHub does not name excuses nothing': compared({ artifact: { run: null } }),
  'M12 a zip file excuses nothing': compared({ artifact: { content: 'PK\u0003\u0004' } }),
  'M12 a file that has expired excuses nothing': compared({ artifact: { expired: true } }),
  'M12 a file of another name excuses nothing': compared({ artifact: { name: 'gate.json' } }),
  'M12 a file behind 400 newer ones of other branches excuses nothing': compared(
    {},
    {
      main: {
        after: (result, github) => {
          keepFile(RUN_ON_MAIN)(result, github);
          for (let nth = 1; nth <= 400; nth++)
            keepFile({ ...RUN_ON_MAIN, id: JOB_RUN + nth, headBranch: 'develop' })(result, github);
        },
      },
    },
  ),
  ...rowsStartingWith(
    'M12 a list that is answered',
    (answer: fakeGithub.Answer) => compared({}, listAnswered(answer)),
    {
      'with 404': { status: 404, body: { message: 'Not Found' } },
      'with 429': fakeGithub.secondaryLimit(60, 429),
      'with 502': fakeGithub.BAD_GATEWAY,
    },
  ),
  ...rowsStartingWith('M12 a store', (actions: fakeGithub.ActionsOptions) => compared({ actions }), {
    'whose address is not `https:`': { redirectTo: 'http://store.example/a' },
    'that redirects again': { store: ['redirect'] },
    'that never answers': { store: ['stall'] },
    'that refuses the address': { store: [403] },
    'that cuts the first download': { store: ['cut', 'ok'] },
    'whose first address is no longer valid': { store: [403, 'ok'] },
  }),
  'M12 a file that is gone when it is fetched': compared(
    {},
    { prepare: (github) => github.addFaults({ on: 'download', answer: { status: 410 } }) },
  ),
  'M12 no permission excuses nothing': compared({}, { github: withoutPermission('actions') }),
  'M12 no permission to read the branch excuses nothing': compared(
    {},
    { github: withoutPermission('contents') },
  ),
  'M12 no token excuses nothing': compared({}, { inputs: { github_token: ' ' } }),
  'M12 a branch with its ref': refusedBaseline({ baseline: 'refs/heads/main' }),
  'M12 with a file': refusedBaseline({ baseline: 'main', baseline_file: 'gate.json' }),
  'M12 with wait false': { inputs: { baseline: 'main', wait: 'false' } },
  'M12 of two files of one run the later counts': inRuns(
    oneAfterAnother(finding('a'), finding('b'), finding('b')),
    { ...BY_HAND, runId: JOB_RUN },
    { ...BY_HAND, runId: JOB_RUN, attempt: 2 },
    { ...PULL_REQUEST, runId: JOB_RUN + 1 },
  ),
  'M12 the file of the newest run counts, whatever the order of the list': inRuns(
    oneAfterAnother(finding('b'), finding('a'), finding('b')),
    { ...BY_HAND, runId: JOB_RUN + 2 },
    { ...BY_HAND, runId: JOB_RUN + 1 },
    { ...PULL_REQUEST, runId: JOB_RUN + 3 },
  ),
  'M12 a re-run does not use the file of its first attempt': inRuns(
    ONE_FINDING,
    { ...BY_HAND, runId: JOB_RUN },
    { ...BY_HAND, runId: JOB_RUN, attempt: 2 },
  ),
  'M12 each job of a matrix has a separate file': inRuns(
    oneAfterAnother(finding('a'), finding('b'), finding('c'), finding('a'), finding('b'), finding('c')),
    ...[BY_HAND, PULL_REQUEST].flatMap((step) =>
      [1, 2, 3].map((level) => ({ ...step, matrix: { level }, inputs: { inputs: `level: ${level}` } })),
    ),
  ),
  'M12 each of two steps with different gates has a separate file': inRuns(
    completedWith({
      items: ['doors', 'windows'].map((type) => ({ document_id: type, clause: '1', status: 'bad' })),
    }),
    ...[BY_HAND, PULL_REQUEST].flatMap((step, nth) =>
      ['doors', 'windows'].map((GITHUB_ACTION) => ({
        ...step,
        runId: JOB_RUN + nth,
        env: { GITHUB_ACTION },
        inputs: { fail_if: `found: outputs.items.filter(i, i.document_id == "${GITHUB_ACTION}")` },
      })),
    ),
  ),
  'M12 of an entry added to `runs` alone every finding is new': inRuns(
    ONE_FINDING,
    { ...BY_HAND, inputs: { runs: 'A: { inputs: { level: 1 } }' } },
    {
      ...PULL_REQUEST,
      inputs: { runs: 'A: { inputs: { level: 1 } }\nB: { inputs: { level: 2 } }' },
    },
  ),
  'M12 a dispatch with other inputs does not become the baseline': inRuns(
    oneAfterAnother(finding('a'), finding('b'), finding('a')),
    { ...BY_HAND, inputs: { inputs: 'level: 1' } },
    { ...BY_HAND, inputs: { inputs: 'level: 2' } },
    { ...PULL_REQUEST, inputs: { inputs: 'level: 1' } },
  ),
  'M12 a red nightly review does not hide the green push before it': inRuns(
    oneAfterAnother(ONE_FINDING, ONE_FINDING, ONE_MORE, ONE_MORE),
    BY_HAND,
    { eventName: 'push' },
    { eventName: 'schedule' },
    PULL_REQUEST,
  ),
};

const GITHUB_ROWS: Readonly<Record<string, Case>> = {
  'M13 a pull request by its number': byNumber(),
  'M13 a green review by number, twice: two runs': byNumber({
    api: completedWith({ items: [] }),
    steps: [{}, { runId: 2 }],
  }),
  'M13 a re-run after a push reviews the new head': byNumber({
    steps: [{}, { attempt: 2, before: (_api, github) => github.setHead(7, 'b'.repeat(40)) }],
  }),
  'M13 on push': byNumber({ eventName: 'push' }),
  'M13 on schedule': byNumber({ eventName: 'schedule' }),
  'M13 a comment on a pull request names it': byNumber({
    eventName: 'issue_comment',
    event: COMMENTED,
    inputs: { pull_request: '' },
  }),
  'M13 a comment on an issue': byNumber({
    eventName: 'issue_comment',
    event: { ...COMMENTED, issue: { number: 7 } },
    inputs: { pull_request: '' },
  }),
  'M13 a comment on an issue, and a number': byNumber({
    eventName: 'issue_comment',
    event: { ...COMMENTED, issue: { number: 9 } },
  }),
  'M13 two comments that ask for a review of one head: two runs': byNumber({
    eventName: 'issue_comment',
    event: COMMENTED,
    inputs: { pull_request: '' },
    steps: [{}, { runId: JOB_RUN + 1 }],
  }),
  'M13 a comment whose event cannot be read': byNumber({
    eventName: 'issue_comment',
    eventPayload: null,
    inputs: { pull_request: '' },
  }),
  'M13 a pull request that is not there': byNumber({ inputs: { pull_request: '12' } }),
  'M13 a pull request that may not be read': byNumber({ github: lacking('pull-requests') }),
  'M13 GitHub gives no answer': byNumber(githubAnswers('pull', 3, fakeGithub.BAD_GATEWAY)),
  'M13 a pull request that is closed': byNumber({
    github: { ...TOWER, pullRequests: [{ number: 7, state: 'closed', locked: false }] },
  }),
  'M13 a pull request that moves before the comment': byNumber({
    prepare: (github) =>
      github.addFaults({ on: 'viewer', onArrival: () => github.setHead(7, 'b'.repeat(40)) }),
  }),
  'M13 a workflow_run of its head': byNumber({
    eventName: 'workflow_run',
    event: { ...EARLIER_RUN, workflow_run: { ...EARLIER_RUN.workflow_run, head_sha: HEAD_OF_PULL } },
    inputs: STATUS,
  }),
  'M13 a workflow_run of an older commit': byNumber({
    eventName: 'workflow_run',
    event: EARLIER_RUN,
    inputs: STATUS,
  }),
  'M13 a workflow_run without a number': byNumber({
    eventName: 'workflow_run',
    event: EARLIER_RUN,
    inputs: { pull_request: '' },
  }),
  'M13 another number than the event has': byNumber({
    eventName: 'pull_request',
    inputs: { pull_request: '8' },
  }),
  'M13 the number that the event has': byNumber({ eventName: 'pull_request' }),
  'M13 a number on merge_group': byNumber({ eventName: 'merge_group' }),
  ...rowsStartingWith(
    'M13 an invalid number:',
    (pull_request: string) => byNumber({ inputs: { pull_request } }),
    {
      zero: '0',
      fraction: '1.5',
      word: 'abc',
    },
  ),
  'M13 no token': byNumber({ inputs: { github_token: ' ' } }),
  'M16 red on push': withStatus(),
  'M16 green on a pull request': withStatus({ eventName: 'pull_request', api: completedWith({ items: [] }) }),
  'M16 green in a merge queue': withStatus({ eventName: 'merge_group', api: completedWith({ items: [] }) }),
  'M16 a condition that cannot be evaluated': withStatus({ inputs: { fail_if: 'outputs.missing > 1' } }),
  'M16 a run that takes too long': withStatus({ api: endless, inputs: { timeout_minutes: '1' } }),
  'M16 a run that fails': withStatus({ api: failing('no') }),
  'M16 a step that is stopped while it waits': withStatus({ api: endless, trigger: interrupted(/10 %/) }),
  'M16 a step that does not wait': withStatus({ inputs: { wait: 'false', fail_if: 'none' } }),
  'M16 several runs': withStatus({ inputs: { runs: 'A: { inputs: { a: 1 } }\nB: { inputs: { a: 2 } }' } }),
  'M16 bad input after an earlier success': withStatus({ inputs: { timeout_minutes: '0' } }),
  'M16 no permission': withStatus({ github: lacking('statuses') }),
  'M16 one 502 at the first': withStatus(githubAnswers('status', 1, fakeGithub.BAD_GATEWAY)),
  'M16 a refusal at the first': withStatus(
    githubAnswers('status', 1, { status: 422, body: { message: 'no' } }),
  ),
  'M16 no answer at the last': withStatus({
    prepare: (github) => {
      github.addFaults({ on: 'status' }, { on: 'status', times: 9, answer: fakeGithub.BAD_GATEWAY });
    },
  }),
  'M16 a skipped fork whose token cannot write it': withStatus({
    github: lacking('statuses'),
    eventName: 'pull_request',
    event: OF_FORK,
    inputs: { api_key: '', on_missing_key: 'skip' },
  }),
  'M16 a fork without a key': withStatus({
    eventName: 'pull_request',
    event: OF_FORK,
    inputs: { api_key: '' },
  }),
  'M16 a head that moves meanwhile': withStatus({
    eventName: 'pull_request',
    prepare: (github) =>
      github.addFaults({ on: 'status', onArrival: () => github.setHead(7, 'b'.repeat(40)) }),
  }),
  'M16 a run that run_id names': withStatus({ inputs: { run_id: runIdOf(1) } }),
  'M16 a run that run_id of an entry names': withStatus({ inputs: { runs: `A: { run_id: ${runIdOf(1)} }` } }),
  'M16 an invalid number': byNumber({ inputs: { ...STATUS, pull_request: 'abc' } }),
  'M16 a key that is not the head': byNumber({ inputs: { ...STATUS, idempotency_key: 'release-1' } }),
  'M16 a key that is the head': byNumber({ inputs: { ...STATUS, idempotency_key: HEAD_OF_PULL } }),
  ...rowsStartingWith(
    'M16 a context:',
    (commit_status: string) => withStatus({ inputs: { commit_status } }),
    {
      'the job': 'review',
      'of two lines': 'a\nb',
      'of 101 characters': 'a'.repeat(101),
      'with a secret': `x ${vendor.TEST_KEY}`,
    },
  ),
  'M16 a job of a matrix with one context for all': withStatus({ matrix: { level: 'tower' } }),
  'M16 a job of a matrix with a separate context': withStatus({
    matrix: { level: 'tower' },
    inputs: { commit_status: 'alloovium/tower' },
  }),
};

export const CASES: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(SCENARIOS).map(([name, { api, steps }]): [string, Case] => [
      `scenario ${name}`,
      {
        github: TOWER,
        api: { lifecycle: steadyLifecycle(), ...api },
        steps: steps.map(({ signals = [], ...step }) => {
          const [line] = signals.map(({ whenStdout }) => whenStdout);
          const head = headOf(step);
          return {
            ...step,
            before: (api, github) => {
              step.prepare?.(api);
              if (head !== undefined) github.setHead(7, head);
            },
            ...(line === undefined ? {} : { trigger: interrupted(line) }),
          };
        }),
      },
    ]),
  ),
  ...ROWS,
  ...N_ROWS,
  ...GITHUB_ROWS,
  ...BASELINE_ROWS,
};
