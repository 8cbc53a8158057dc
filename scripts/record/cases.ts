/** What `npm run record` plays: the demo's scenarios, and rows of the fault matrix in the words of simulator/faults.ts. */
import type { Api, ApiOptions } from '../../simulator/api.ts';
import type { AnswerPatch, Fault, Scripted, WirePart } from '../../simulator/faults.ts';
import * as hub from '../../simulator/github.ts';
import type { RunOptions, RunResult } from '../../simulator/runner.ts';
import { SCENARIOS } from '../../simulator/scenarios.ts';
import * as seed from '../../simulator/seed.ts';

/** What the first line of the log that fits sets off within the process: a signal from outside would come at another moment each time. */
export interface Trigger {
  readonly line: RegExp;
  readonly code: string;
}

interface Step extends RunOptions {
  readonly trigger?: Trigger;
  readonly before?: (api: Api) => void;
  /** From the result of the step before. */
  readonly inputsAfter?: (result: RunResult) => Readonly<Record<string, string>>;
}

export interface Case extends Step {
  readonly api?: ApiOptions;
  readonly faults?: readonly Scripted[];
  readonly github?: hub.GithubOptions;
  readonly prepare?: (github: hub.Github, api: Api) => void;
  /** Runs of the action one after the other, each with its own changes; default one. */
  readonly steps?: readonly Step[];
  /** The output file cannot be written to. */
  readonly outputsLost?: boolean;
  /** What the case itself sets aside, by how the breach begins. */
  readonly apart?: readonly string[];
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
const ends = (outputs: unknown, more: Parameters<typeof seed.steadyCourse>[0] = {}): ApiOptions => ({
  course: seed.steadyCourse({ queuedMs: 1_000, runningMs: 9_000, outputs, ...more }),
});
const failing = (errorMessage: string, ending = 'failed'): ApiOptions => ({
  course: seed.steadyCourse({ queuedMs: 1_000, runningMs: 9_000, ending, errorMessage }),
});
const endless: ApiOptions = { course: [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading' }] };
/** Runs in the order in which they are created; the last of them again and again. */
const inTurn = (...all: readonly ApiOptions[]): ApiOptions => ({
  course: ({ count }) => (all[count - 1] ?? all.at(-1)!).course as seed.Course,
});
const limited = (retryAfter: string | null, headers: AnswerPatch['headers'] = {}): AnswerPatch => ({
  status: 429,
  headers: { 'Content-Type': 'application/problem+json', 'Retry-After': retryAfter, ...headers },
  body: '{"status":429,"code":"rate_limited"}',
});
const minutes = (timeout_minutes: string) => ({ inputs: { timeout_minutes } });
/** Outputs to the letter. */
const writing = (json: string, fail_if = ''): Case => ({
  api: ends('HERE'),
  inputs: { fail_if },
  faults: [
    poll({ answer: { encode: (body) => Buffer.from(body.toString().replace('"HERE"', () => json)) } }),
  ],
});
const TOWER: hub.GithubOptions = {
  owner: 'octo-org',
  repo: 'tower',
  pullRequests: [{ number: 7, state: 'open', locked: false }],
  tokens: { [TOKEN]: { user: hub.ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
};
const onPull = (prepare?: Case['prepare'], more: Case = {}): Case => ({
  github: TOWER,
  eventName: 'pull_request',
  api: ends({ summary: 'All is well.' }),
  ...(prepare === undefined ? {} : { prepare }),
  ...more,
  inputs: { comment: 'always', ...more.inputs },
});
const scripted = (...faults: hub.Fault[]): Case => onPull((github) => github.script(...faults));
const REFUSED: hub.Answer = { status: 403, body: { message: '::error::x\r##[add-mask]e @octo-org/team' } };
const HOSTILE =
  '::set-output name=conclusion::success\r::add-mask::e\n##[set-env name=PATH]/tmp\u2028::error::x </details>' +
  '<script>alert(1)</script><img src=x> [x](javascript:alert(1)) @octo-org/team #1 \u001b[31m\u202e ``` <!-- alloovium:x -->';
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
const interrupted = (line: RegExp): Trigger => ({ line, code: "process.emit('SIGINT', 'SIGINT')" });
const attempt = (number: number, ms = HOUR): Step => ({ attempt: number, before: (api) => api.advance(ms) });
const ITEMS = "bad: outputs.items.filter(i, i.status != 'ok')";
const WALK = { inputs: { fail_if: 'outputs.items' } };
const GREEN = ends({ items: [] });
const STALL: readonly WirePart[] = ['head', 'hang'];
const CUT: readonly WirePart[] = ['head', { bytes: 30 }, 'close'];
const unknownRun = patch({ run_id: 'run_other', status: 'completed', outputs: {} });

const ROWS: Readonly<Record<string, Case>> = {
  'A2 reset before the API hears of it': { faults: [launch({ work: 'none', wire: ['reset'] }, 1)] },
  'A3 created and cut before headers': { faults: [launch({ wire: ['reset'] }, 1)] },
  'A4 no headers, then 409 with a hint': {
    faults: [
      launch({ workMs: 50_000, wire: ['hang'] }, 1),
      launch({ answer: { code: 'idempotency_in_progress', headers: { 'Retry-After': '20' } } }, 2),
    ],
  },
  'A5 the body stalls': { faults: [launch({ wire: STALL }, 1)] },
  'A5 every body stalls': { faults: [launch({ wire: STALL })] },
  'A6 the body is cut': { faults: [launch({ wire: CUT }, 1)] },
  'A7 HTML always': { faults: [launch({ answer: { body: HTML, headers: { 'X-Request-Id': 'req_7f3a' } } })] },
  'A8 no ID twice': {
    faults: [launch({ answer: patch({ run_id: null }) }, 1), launch({ answer: { body: '[]' } }, 2)],
  },
  'A9 an ID with a command': { faults: [launch({ answer: patch({ run_id: '::set-output name=a::b' }) })] },
  'A12 409 in progress for ever': { faults: [launch({ answer: { code: 'idempotency_in_progress' } })] },
  'A14 key reused': { faults: [launch({ answer: { code: 'idempotency_key_reused' } })] },
  'A16 409 with another code': {
    faults: [
      launch({ answer: { status: 409, body: '{"code":"workflow_locked","detail":"Being edited."}' } }),
    ],
  },
  'A17 500 and no run': { faults: [launch({ answer: { code: 'internal_error' } })] },
  'A18 a run, then 500': { faults: [launch({ work: 'unkept', answer: { code: 'internal_error' } })] },
  'A19 503 twice': { faults: [1, 2].map((nth) => launch({ answer: { status: 503, body: HTML } }, nth)) },
  'A20 502 for ever': { faults: [launch({ answer: { status: 502, body: HTML } })] },
  ...Object.fromEntries(
    (
      [
        'invalid_api_key',
        'api_key_expired',
        'tenant_disabled',
        'payment_required',
        'permission_denied',
        'oauth_not_supported',
        'validation_error',
        'not_implemented',
      ] as const
    ).map((code) => [`A21 ${code}`, { faults: [launch({ answer: { code } })] }]),
  ),
  'A22 a scope is missing': { api: { keys: { [seed.TEST_KEY]: { scopes: ['workflows:read'] } } } },
  'A23 a disabled workflow': { inputs: { workflow_id: seed.DISABLED_WORKFLOW.id } },
  'A24 a project is needed': { api: { projectNeeded: [seed.WORKFLOW_ID] } },
  'A25 an unknown project': { api: { projects: [] }, inputs: { project_id: seed.PROJECT_ID } },
  'B1 status missing': { faults: [poll({ answer: patch({ status: undefined }) })] },
  'B1 HTML until a deadline': { ...minutes('1'), faults: [poll({ answer: { body: HTML } })] },
  'B2 an unknown status': { ...minutes('1'), api: { course: [{ atMs: 0, status: 'awaiting_review' }] } },
  'B3 Completed is not success': { ...minutes('0.5'), faults: [poll({ answer: patch({ status: 'Done' }) })] },
  'B5 outputs are a list': { api: ends([1, 'two']) },
  'B5 outputs are a text, and a gate': { api: ends('all is well'), inputs: { fail_if: ITEMS } },
  'B6 a hostile error message': onPull(undefined, { api: failing(HOSTILE) }),
  'B6 a hostile error message of 1 MB': onPull(undefined, { api: failing(HOSTILE.repeat(2_500)) }),
  'B7 cancelled remotely': { api: ends({ summary: '2 of 5.' }, { ending: 'cancelled' }), ...WALK },
  'B8 404 at first': { faults: [poll({ answer: { code: 'not_found' } }, (nth) => nth <= 3)] },
  'B9 404 for ever': { faults: [poll({ answer: { code: 'not_found' } })] },
  'B9 410': { faults: [poll({ answer: { status: 410, body: HTML } })] },
  'B10 a 401 that passes': { faults: [poll({ answer: { code: 'invalid_api_key' } }, (nth) => nth === 2)] },
  'B11 revoked in the middle': { faults: [poll({ answer: { code: 'api_key_revoked' } }, (nth) => nth >= 3)] },
  'B12 500 thirty times': { faults: [poll({ answer: { code: 'internal_error' } }, (nth) => nth <= 30)] },
  'B13 504 until a deadline': { ...minutes('2'), faults: [poll({ answer: { status: 504, body: HTML } })] },
  'B14 no headers twice': { faults: [poll({ wire: ['hang'] }, (nth) => nth <= 2)] },
  'B15 a trickle': {
    api: { speed: 10 },
    faults: [poll({ wire: ['head', { bytes: 1, everyMs: 5_000 }] }, (nth) => nth === 1)],
  },
  'B16 every odd body is cut': { faults: [poll({ wire: CUT }, (nth) => nth % 2 === 1)] },
  'B17 another run three times': { faults: [poll({ answer: unknownRun })] },
  'B18 the wall clock jumps': { env: { FAST_TIME_JUMPS: '5000:86400000' } },
  'B21 a deadline shorter than the interval': { ...minutes('0.025'), api: endless },
  'B22 nothing changes for 10 minutes': { ...minutes('10'), api: endless },
  'B22 a long run of many stages': { ...minutes('40'), api: ends({}, { runningMs: 1_800_000 }) },
  'B23 progress without sense': { faults: [poll({ answer: patch({ progress: 1e9 }) })] },
  'C1 429 with a hint, to both': {
    faults: [1, 2]
      .map((nth) => launch({ answer: limited('8') }, nth))
      .concat(poll({ answer: limited('8') }, (nth) => nth <= 3)),
  },
  'C3 429 without a hint': { faults: [1, 2, 3].map((nth) => launch({ answer: limited(null) }, nth)) },
  'C4 429 that asks for ever': { faults: [launch({ answer: limited('99999999') })] },
  'C5 a hint beyond the deadline': { ...minutes('2'), faults: [launch({ answer: limited('180') })] },
  'C5 … with a 503': {
    ...minutes('2'),
    faults: [launch({ answer: { status: 503, headers: { 'Retry-After': '150' } } })],
  },
  'C5 … to a poll': { ...minutes('1'), api: endless, faults: [poll({ answer: limited('180') })] },
  'C6 a bucket that is too small': {
    faults: [launch({ answer: limited('60', { 'X-RateLimit-Limit': '20', 'X-RateLimit-Cost': '25' }) })],
  },
  'C9 429 to every poll': { ...minutes('3'), faults: [poll({ answer: limited('10') })] },
  'C11 nothing remaining': {
    faults: [poll({ answer: { headers: { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Limit': '60' } } })],
  },
  'D1 every poll redirects': {
    faults: [poll({ answer: { status: 307, headers: { Location: 'http://127.0.0.1:9/' } } })],
  },
  'D2 plain http to elsewhere': { inputs: { api_url: 'http://api.example.com' } },
  'D5 a proxy URL that is none': { env: { https_proxy: 'http://user:secret@:x' }, inputs: { api_url: '' } },
  'D6 a compressed answer': { faults: [poll({ answer: { headers: { 'Content-Encoding': 'br' } } })] },
  'D7 a poll without an end': {
    faults: [poll({ answer: { chunked: true }, wire: ['head', { endless: ' ' }] })],
  },
  'D8 a broken head': { faults: [launch({ answer: { rawHead: 'HTTP/1.1 two hundred\r\n\r\n' } }, 1)] },
  'D9 a BOM': { faults: [poll({ answer: { encode: (body) => Buffer.from(`\ufeff${body.toString()}`) } })] },
  'D16 JSON as text/html': { faults: [poll({ answer: { headers: { 'Content-Type': 'text/html' } } })] },
  'E1 keys that objects inherit': writing(
    '{"__proto__":{"x":1},"constructor":"c","toString":"t","items":[{"__proto__":{"status":"bad"},"status":"ok"}]}',
    `proto: has(outputs.x)\n${ITEMS}`,
  ),
  'E2 nested deep': writing('['.repeat(100_000) + ']'.repeat(100_000)),
  'E3 a thousand keys': writing(
    `{${Array.from({ length: 1_000 }, (_, at) => `"key${at}":${at}`).join(',')}}`,
  ),
  'E4 numbers': writing('{"big":9007199254740993,"huge":1e999,"zero":-0,"list":[1.0,1E5]}', 'outputs.list'),
  'E5 names of every kind': {
    api: ends({ '': 1, 'a=b': 2, 'a\nb': 3, RUN_ID: 4, A: 5, a: 6, 'Ünï 🏗': 7, Matches: 8, '1st': 9 }),
  },
  'E6 unseen characters': onPull(undefined, {
    api: ends({ text: 'a\x1bb\0c\x9bd\u202ee\u200bf\ufeffg\ud83ch' }),
  }),
  'E7 a value of 200 KB': { api: ends({ long: 'x'.repeat(200_000), short: 'y' }) },
  'E7 5 MB': {
    api: ends(Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, 'z'.repeat(1e5)]))),
  },
  'E8 key and token echoed': onPull(undefined, {
    api: ends({ summary: `${seed.TEST_KEY} ${Buffer.from(seed.TEST_KEY).toString('base64')} ${TOKEN}` }),
  }),
  'E9 conditions of every result': {
    ...writing(
      '{"items":[{"status":"bad","title":"T","reason":"R"},{"status":"ok"}],"n":1,"b":false}',
      `${ITEMS}\nmissing: outputs.x == 1\nno list: outputs.n\nholds: outputs.n == 1\nno: outputs.b`,
    ),
  },
  'E9 more conditions than a headline has room for': writing(
    '{"a":1}',
    ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}: outputs.a == 1`).join('\n'),
  ),
  'E9 conditions of two runs that warn': {
    api: ends({ items: [1, 2] }),
    inputs: { warn_if: 'outputs.items', runs: 'Tower: {}\nBridge: { inputs: { level: 2 } }' },
  },
  'E10 a condition that cannot be read': { inputs: { fail_if: 'outputs.items.filter(', warn_if: "a == 'b" } },
  'E12 status twice': writing('1,"status":"running"'),
  'F1 commands everywhere': onPull(undefined, {
    api: {
      course: [
        { atMs: 0, status: 'pending', stage: HOSTILE },
        { atMs: 8_000, status: HOSTILE },
        { atMs: 60_000, status: 'failed', error_message: HOSTILE, outputs: { [HOSTILE]: HOSTILE } },
      ],
      workflows: [{ ...seed.WORKFLOW, name: HOSTILE }],
    },
  }),
  'F1 commands in what a gate meets': onPull(undefined, {
    api: ends({ [HOSTILE]: HOSTILE, items: [{ [HOSTILE]: HOSTILE, status: HOSTILE }] }),
    inputs: { fail_if: ITEMS, warn_if: 'outputs.items' },
  }),
  'F1 commands in a problem': {
    faults: [launch({ answer: { status: 422, body: JSON.stringify({ detail: HOSTILE, code: HOSTILE }) } })],
  },
  'F1 commands in the words of GitHub': scripted({ on: 'list', answer: REFUSED }),
  'F1 the token in the words of GitHub, where they are cut': scripted({
    on: 'list',
    answer: { status: 403, body: { message: `${'x'.repeat(270)} ${TOKEN}${' y'.repeat(500)}` } },
  }),
  'F4 a crash with a command': {
    trigger: {
      line: /Wait for/,
      code: `setTimeout(() => { throw new Error(${JSON.stringify(HOSTILE)}) }, 0)`,
    },
  },
  'F5 debug': onPull(undefined, { env: { RUNNER_DEBUG: '1' }, inputs: { inputs: 'note: hello' } }),
  'F7 outputs on a full disk': { env: { GITHUB_OUTPUT: '/dev/full' }, outputsLost: true },
  'F7 no RUNNER_TEMP': { env: { RUNNER_TEMP: '/nonexistent' } },
  'F8 no GITHUB_OUTPUT': { env: { GITHUB_OUTPUT: undefined }, outputsLost: true },
  'F10 no summary': { env: { GITHUB_STEP_SUMMARY: '/nonexistent/summary' } },
  'F11 outputs larger than a summary': { api: ends({ text: '```\n| 🏗 '.repeat(150_000) }) },
  'F15 a key with a line break': { inputs: { api_key: 'ak_test_1\nak_test_2' } },
  'G1 a token that may not comment': onPull(undefined, {
    github: {
      ...TOWER,
      tokens: { [TOKEN]: { user: hub.ACTIONS_BOT, permission: 'read', viewer: 'refused' } },
    },
  }),
  'G4 ours among 230 others': onPull((github) => {
    for (let at = 0; at < 230; at++)
      github.write(7, { login: 'mallory', id: 666, type: 'User' }, `comment ${at}`);
  }),
  'G6 502 after the comment was made': scripted({ on: 'create', commit: true, answer: hub.BAD_GATEWAY }),
  'G6 no answer in time': scripted({ on: 'create', commit: true, answer: 'stall' }),
  'G7 a comment of 300 KB': onPull(undefined, {
    api: ends({
      items: Array.from({ length: 300 }, (_, at) => ({ title: `${at} `.repeat(300), reason: '```\n' })),
    }),
    inputs: { fail_if: 'outputs.items' },
  }),
  'G12 a limit with a hint': scripted({ on: 'list', answer: hub.secondaryLimit(6) }),
  'G12 a limit of an hour': scripted({
    on: 'list',
    times: 9,
    answer: hub.primaryLimit(Math.ceil(START / 1_000) + 3_600),
  }),
  'G13 a push': onPull(undefined, { eventName: 'push' }),
  'G14 a locked conversation': onPull(undefined, {
    github: { ...TOWER, pullRequests: [{ number: 7, state: 'open', locked: true }] },
  }),
  'G17 the same run and verdict again': onPull(undefined, {
    steps: [{}, { runId: JOB_RUN + 1 }, { attempt: 2 }],
  }),
  'G18 a list that is cut': scripted({ on: 'list', times: 9, answer: 'truncated' }),
  'G19 red, then green, then another gate': onPull(undefined, {
    api: inTurn(ends({ items: [{ status: 'bad', id: 1 }] }), ends({ items: [{ status: 'ok', id: 1 }] })),
    inputs: { fail_if: ITEMS },
    steps: [
      {},
      { runId: JOB_RUN + 1, inputs: { comment: 'always', fail_if: ITEMS, inputs: 'push: 2' } },
      { runId: JOB_RUN + 2, inputs: { comment: 'on_failure', fail_if: 'outputs.items', inputs: 'push: 2' } },
    ],
  }),
  'G20 a key of its own, a matrix, no summary': onPull(undefined, {
    matrix: { os: 'linux' },
    inputs: { comment_key: 'docs', job_summary: 'false' },
  }),
  'G21 what changed since a file': {
    api: inTurn(ends({ items: [{ status: 'bad', id: 1 }] }), ends({ items: [{ status: 'bad', id: 2 }] })),
    inputs: { fail_if: ITEMS },
    steps: [
      {},
      {
        inputs: { inputs: 'push: 2' },
        inputsAfter: ({ outputs }) => ({ baseline_file: outputs.gate_file ?? '' }),
      },
    ],
  },
  'H1 interrupted while it launches': {
    trigger: interrupted(/::group::Launch/),
    faults: [launch({ wire: STALL })],
  },
  'H1 interrupted while it waits': onPull(undefined, { trigger: interrupted(/::group::Wait/) }),
  'H2 interrupted while it queues': {
    trigger: interrupted(/next try in/),
    faults: [launch({ answer: limited('50') })],
  },
  'H8 the launch never ends': { ...minutes('1'), faults: [launch({ wire: ['hang'] })] },
  'J1 a timeout in words': { ...minutes('15 m') },
  'J2 a base URL that is none': { inputs: { api_url: 'ftp://x' } },
  'J3 a path for a workflow': { inputs: { workflow_id: '../zq' } },
  'J4 inputs that are a list': { inputs: { inputs: '- 1\n- 2' } },
  'J4 inputs of every type': {
    inputs: { inputs: 'a: 1\nb: "1"\nc: [true, null]\nd: {e: 1.5}\nf: 2026-04-01' },
  },
  'J4 the key in an input': { inputs: { project_id: seed.TEST_KEY, inputs: `${seed.TEST_KEY}: 1` } },
  'J5 no key on a fork': { ...FORK, inputs: { api_key: '' } },
  'J5 no key on a fork, skipped': {
    ...FORK,
    inputs: { api_key: '', on_missing_key: 'skip', fail_if: ITEMS },
  },
  'J6 a payload that is no JSON': { eventName: 'pull_request', eventPayload: '{"pull_request": {' },
  'J8 a misspelt input': { inputs: { 'fail-if': 'true', time_out_minutes: '1' } },
  'J9 no wait, with a gate': { inputs: { wait: 'false', fail_if: ITEMS } },
  'J9 no wait': { inputs: { wait: 'false' } },
  'J10 attached to a run': {
    before: (api) => void api.addRun({ id: 'run_there', course: GREEN.course as seed.Course }),
    inputs: { run_id: 'run_there', fail_if: 'outputs.items' },
  },
  'J10 attached, with inputs of no use': {
    before: (api) => void api.addRun({ id: 'run_there', course: GREEN.course as seed.Course }),
    inputs: { run_id: 'run_there', project_id: 'p1', on_rerun: 'fresh', inputs: 'a: 1' },
  },
  'J10 attached to another workflow’s run': {
    before: (api) => void api.addRun({ id: 'run_there', workflowId: 'wf_other' }),
    inputs: { run_id: 'run_there' },
  },
  'K2 green, and joined': { ...WALK, api: GREEN, steps: [{}, attempt(2), attempt(3)] },
  'K2 red, then a second key': {
    ...WALK,
    api: inTurn(failing('No text layer.'), GREEN),
    steps: [{}, attempt(2), attempt(3)],
  },
  'K2 red by its gate, then red again': {
    ...WALK,
    api: ends({ items: [1] }),
    steps: [{}, attempt(2), attempt(3)],
  },
  'K2 a green run of yesterday': { ...WALK, api: GREEN, steps: [{}, attempt(2, 25 * HOUR)], apart: ['I1'] },
  'K2 interrupted, then joined': {
    api: ends({}, { runningMs: 2 * HOUR }),
    steps: [{ trigger: interrupted(/::group::Wait/) }, attempt(2, 2 * HOUR - 90_000)],
  },
  'K3 a fresh run on a re-run': { inputs: { on_rerun: 'fresh' }, api: GREEN, steps: [{}, attempt(2)] },
  'K4 a key of the user’s': { inputs: { idempotency_key: 'release-7' }, api: GREEN, steps: [{}, attempt(2)] },
};

export const CASES: Readonly<Record<string, Case>> = {
  ...Object.fromEntries(
    Object.entries(SCENARIOS).map(([name, { api, steps }]): [string, Case] => [
      `scenario ${name}`,
      {
        github: TOWER,
        api: { course: seed.steadyCourse(), ...api },
        steps: steps.map(({ signals = [], ...step }) => {
          const [line] = signals.map(({ whenStdout }) => whenStdout);
          return line === undefined ? step : { ...step, trigger: interrupted(line) };
        }),
      },
    ]),
  ),
  ...ROWS,
};
