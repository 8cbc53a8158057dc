/**
 * The workflows of `examples/`, each played to its end: the shipped bundle, with the inputs as they stand in the file. Each is played
 * twice side by side in one repository, as somebody has it who copies it for a second project.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import { ACTIONS_BOT, HEAD, startGithub, type Github, type Identity } from '../../simulator/github.ts';
import { findViolations } from '../../simulator/invariants.ts';
import { startProxy, type Proxy } from '../../simulator/proxy.ts';
import { defaultEvent, SHA } from '../../simulator/runner.ts';
import { CLAUSE_OUTPUTS } from '../../simulator/sample-outputs.ts';
import { steadyLifecycle } from '../../simulator/run-lifecycle.ts';
import { GREEN_OUTPUTS, OUTPUTS, TEST_KEY, WORKFLOW } from '../../simulator/vendor-example.ts';
import type { Launch } from '../../simulator/api-state.ts';
import type { RunRow } from '../../src/report/runs-json.ts';
import { createCertificates } from '../../simulator/tls.ts';
import { filled, playWorkflow, type Cache, type Play, type PlayedStep, type WorkflowFile } from './play-workflow.ts';

/** Slower than the demo's clock: what may take 20 s, a comment for instance, still has seconds on a busy machine. */
const SPEED = 2;
/** What a job's `permissions` can give its token. */
const PERMISSIONS = ['pull-requests', 'statuses', 'actions', 'contents'] as const;
/** Each subset of them has a token of its own. */
const tokenFor = (permissions: Readonly<Record<string, string>>) =>
  ['ghs_simulated', ...PERMISSIONS.filter((name) => name in permissions)].join('_').replaceAll('-', '_');
const TOKENS: Readonly<Record<string, Identity>> = Object.fromEntries(
  Array.from({ length: 2 ** PERMISSIONS.length }, (_, bits) => {
    const given = PERMISSIONS.filter((_name, at) => (bits >> at) % 2 === 1);
    const missingPermissions = PERMISSIONS.filter((name) => !given.includes(name));
    const permissions = Object.fromEntries(given.map((name) => [name, 'write']));
    return [tokenFor(permissions), { user: ACTIONS_BOT, permission: 'write', viewer: 'refused', missingPermissions }];
  }),
);
const SECRETS = { ALLOOVIUM_API_KEY: TEST_KEY, CHAT_WEBHOOK_URL: 'https://chat.example.com/hook' };
const review = (outputs: unknown) => steadyLifecycle({ queuedMs: 500, runningMs: 4_000, outputs });
const RED = review(OUTPUTS);
const GREEN = review(GREEN_OUTPUTS);
const TOWER = '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6';
/** Whether it is the first project of an example, or the one that the copy has in its place. */
const isTower = ({ projectId }: Launch) => projectId?.slice(1) === TOWER.slice(1);
const REQUESTS = { ...WORKFLOW, id: 'wf_7c3e9a52-0d41-4f86-b2c7-5e8a9d1f6b30', name: 'Request review' };
const OVERDUE = { requests: [{ id: 'RFI-12', days_open: 21 }] };
/** As the examples with a baseline name items: by document and clause. */
const ITEMS = CLAUSE_OUTPUTS.items;
const TWO_FINDINGS = review(CLAUSE_OUTPUTS);
/** One of the two findings is gone; all else is as it was. */
const ONE_FINDING = review({ items: ITEMS.slice(1) });

const folder = mkdtempSync(join(tmpdir(), 'examples-'));

/** An issue of the repository. */
interface Issue {
  readonly number: number;
  readonly title: string;
  readonly app: string;
  readonly state: string;
  readonly body: string;
  readonly comments: readonly string[];
}
/** The repository's issues; one is a colleague's, of the title that the workflow gives its own. */
const issueFile = join(folder, 'issues.json');
const readIssues = () => JSON.parse(readFileSync(issueFile, 'utf8')) as Issue[];
const OF_COLLEAGUE: Issue = {
  number: 1,
  title: 'Nightly submittal review',
  app: '',
  state: 'open',
  body: 'What to do about it?',
  comments: [],
};
writeFileSync(issueFile, JSON.stringify([OF_COLLEAGUE]));
/** `gh issue`, which filters as jq does. */
const ISSUES = `echo "$*" >> gh.txt
change() { jq "$@" '${issueFile}' > issues.tmp && cp issues.tmp '${issueFile}'; }
case "$1 $2" in
  'issue list')
    [ "$3 $4" = '--app github-actions' ] || exit 1
    jq 'map(select(.app == "github-actions" and .state == "open"))' '${issueFile}' | jq -r "$8" ;;
  'issue create') change --arg title "$4" --rawfile body "$6" \
    '. + [{ number: (length + 1), title: $title, app: "github-actions", state: "open", body: $body, comments: [] }]' ;;
  'issue edit') change --argjson n "$3" --rawfile body "$5" 'map(if .number == $n then .body = $body else . end)' ;;
  'issue comment') change --argjson n "$3" --arg text "$5" 'map(if .number == $n then .comments += [$text] else . end)' ;;
  'issue close') change --argjson n "$3" 'map(if .number == $n then .state = "closed" else . end)' ;;
  *) exit 1 ;;
esac`;

/** One run of the workflow on GitHub: what happened, and what is in place for it. */
type Act = Partial<Play> & {
  /** Of the pull request: the commit at its head. */
  readonly head?: string | undefined;
  readonly inputsOf?: (api: Api) => NonNullable<Play['inputs']>;
  /** Somebody cancels the job when the log says this. */
  readonly cancelled?: RegExp | undefined;
  /** What somebody does before it, with the file as it stands. */
  readonly before?: (done: Played, runId: number) => void;
};
interface Played {
  readonly api: Api;
  readonly github: Github;
  readonly proxy: Proxy | null;
  readonly acts: PlayedStep[][];
  /** By act: what each job ended as. */
  readonly jobs: Record<string, string>[];
  readonly groups: Set<string>;
  /** What does not hold that always must. */
  readonly found: string[];
}

/** Numbers as they stand, and what would end a line of YAML or of the output file. */
const REVIEW_FILE = '{\n  "level": 3, "tolerance": 0.5,\n  "note": "doors\\nlevel: 4 # ${{ x }}", "sections": ["08 11 13"]\n}\n';
const HOSTILE_NOTE = 'doors"\nend_date: 2030-01-01\n# ${{ x }} : [';

/** What each file is played with: acts one after the other, against one API and one pull request. */
/** Somebody writes this on pull request 7, or on the issue. */
function comment(body: string, login: string, issue: object = {}): Act {
  const event = {
    ...defaultEvent('issue_comment'),
    action: 'created',
    issue: { number: 7, state: 'open', pull_request: {}, ...issue },
    comment: { id: 90, body, user: { login } },
  };
  return { eventName: 'issue_comment', event, programs: { gh: PERMISSION_OF } };
}
/** GitHub's answer to who may write, which for `maintain` is `write`; for a stranger it is an error. */
const PERMISSION_OF = `case "$*" in
  "api repos/octo-org/tower/collaborators/writer/permission --jq .permission") echo write ;;
  "api repos/octo-org/tower/collaborators/reader/permission --jq .permission") echo read ;;
  *) echo '{"message": "Not Found"}'; exit 1 ;;
esac`;

/** The event of a merge queue's build of this commit. */
function queued(head_sha: string): Act {
  const { merge_group, ...event } = defaultEvent('merge_group') as { merge_group: object };
  return {
    eventName: 'merge_group',
    event: { ...event, merge_group: { ...merge_group, head_sha } },
    sha: head_sha,
  };
}

/**
 * The run of another workflow on main uploads what would excuse all that the last pull request found: the content says of itself
 * what only a review of main by hand may say.
 */
function forgeBaseline({ github, acts }: Played, runId: number): void {
  const { gate_file = '', baseline_name = '' } = acts.at(-1)![0]!.result!.outputs;
  const file = JSON.parse(readFileSync(gate_file, 'utf8')) as object;
  const run = { id: runId, headSha: SHA, headBranch: 'main' };
  const message = { event: 'workflow_dispatch', ref: 'refs/heads/main', pull_request: null, commit: SHA };
  const content = JSON.stringify({ ...file, ...message, job_run: String(runId) });
  github.actions.addRun({
    ...run,
    event: 'workflow_dispatch',
    path: '.github/workflows/elsewhere-compare-with-main.yml',
  });
  github.actions.upload({ name: baseline_name, content, run });
}

/** The baseline of that job run is there already, as after an upload whose answer was lost. */
function uploadBefore({ github, acts }: Played, before: number): void {
  const { baseline_name = '' } = acts.at(-1)![0]!.result!.outputs;
  const run = { id: before + 1, headSha: SHA, headBranch: 'main' };
  github.actions.upload({ name: baseline_name, content: '{}', run });
}

const EXAMPLES: Readonly<Record<string, { readonly api?: ApiOptions; readonly acts?: readonly Act[] }>> = {
  'first-run.yml': {},
  'gate-pull-request.yml': {
    api: { lifecycle: ({ count }) => (count === 1 ? RED : GREEN) },
    acts: [{}, { attempt: 2 }],
  },
  'roll-out-with-warnings.yml': {},
  'approval.yml': { acts: [{ eventName: 'pull_request_target', event: fromFork() }] },
  'background.yml': {},
  'try-conditions.yml': {
    acts: [
      { eventName: 'workflow_dispatch', inputsOf: threeRuns(' ", "$( ', ') : ] `; ${{ ') },
      {
        eventName: 'workflow_dispatch',
        inputsOf: threeRuns('" }\nEND_OF_RUNS\nevil=1\n', ' $(touch pwned) '),
      },
    ],
  },
  'several-projects.yml': {
    api: { lifecycle: (launch) => (isTower(launch) && launch.count <= 3 ? RED : GREEN) },
    acts: [{}, { attempt: 2 }],
  },
  'several-workflows.yml': {
    api: {
      workflows: [WORKFLOW, REQUESTS],
      lifecycle: ({ workflowId }) => (workflowId === REQUESTS.id ? review(OVERDUE) : GREEN),
    },
  },
  'compare-with-main.yml': {
    api: { lifecycle: ({ count }) => (count <= 3 ? ONE_FINDING : TWO_FINDINGS) },
    acts: [
      { eventName: 'workflow_dispatch', runId: 1, cancelled: /Started run_/ },
      { eventName: 'workflow_dispatch', runId: 2 },
      { head: 'a'.repeat(40), runId: 3 },
      { head: 'b'.repeat(40), runId: 4 },
      { head: 'c'.repeat(40), runId: 6, before: forgeBaseline },
      { eventName: 'push', runId: 7, sha: 'd'.repeat(40) },
      { eventName: 'workflow_dispatch', runId: 8, sha: 'd'.repeat(40) },
      { head: 'e'.repeat(40), runId: 9 },
      { eventName: 'push', runId: 11, sha: 'f'.repeat(40), before: uploadBefore },
    ],
  },
  'reports-as-artifact.yml': {},
  'inputs-from-file.yml': {
    acts: [
      { files: { 'review.json': REVIEW_FILE } },
      { head: 'a'.repeat(40), files: { 'review.json': '{ "level": 3' } },
      { head: 'b'.repeat(40), files: { 'review.json': '' } },
    ],
  },
  'paths-and-required-check.yml': {
    acts: [
      'printf "README.md\\ndocs/submittals/a.md\\n"',
      'printf "README.md\\nsubmittals/doors.pdf\\n"',
      'exit 1',
      'seq -f "models/%g.ifc" 3000',
    ].map((gh, at) => ({ head: String(at).repeat(40), runId: at + 1, programs: { gh } })),
  },
  'timed-out-judged-later.yml': {
    api: { lifecycle: steadyLifecycle({ queuedMs: 500, runningMs: 20 * 60_000, outputs: GREEN_OUTPUTS }) },
    acts: [{}, { head: 'a'.repeat(40), runId: 2 }],
  },
  'concurrency.yml': {
    acts: [
      { head: 'a'.repeat(40), runId: 1, cancelled: /Started run_/ },
      { head: 'b'.repeat(40), runId: 2, cancelled: /Started run_/ },
      { head: 'c'.repeat(40), runId: 3 },
    ],
  },
  'junit-report.yml': {},
  'badge.yml': { acts: [{ eventName: 'push' }, { eventName: 'schedule', runId: 2 }] },
  'nightly.yml': {
    api: {
      lifecycle: ({ count }) => (count <= 2 ? ONE_FINDING : count <= 4 ? TWO_FINDINGS : review({ items: ITEMS.slice(2) })),
    },
    acts: ['', '', 'exit 22', '', '', '', ''].map((curl, at) => ({
      eventName: 'schedule',
      runId: at + 1,
      programs: night(`2026-04-0${at + 1}`, curl),
      cancelled: at === 5 ? /Started run_/ : undefined,
    })),
  },
  'compare-with-last-night.yml': {
    api: {
      lifecycle: ({ count }) =>
        review({
          items: count === 1 ? ITEMS.slice(1) : count === 2 ? ITEMS.toSpliced(1, 1) : ITEMS.slice(2),
        }),
    },
    acts: [1, 2, 3].map((runId) => ({ eventName: 'schedule', runId })),
  },
  'matrix.yml': {
    api: { lifecycle: (launch) => (isTower(launch) ? RED : GREEN) },
  },
  'launch-early-join-later.yml': { api: { lifecycle: GREEN } },
  'merge-queue.yml': {
    api: { lifecycle: ({ count }) => (count === 2 ? RED : GREEN) },
    acts: [{}, { ...queued('a'.repeat(40)), runId: 2 }, { ...queued('b'.repeat(40)), runId: 3 }],
  },
  'review-command.yml': {
    api: { lifecycle: ({ count }) => (count === 1 ? RED : GREEN) },
    acts: [
      comment('/review', 'writer'),
      comment(' \n/review\t\r\n', 'writer'),
      { ...comment('/review', 'writer'), cancelled: /Started run_/ },
      comment('/review', 'reader'),
      comment('/review', 'stranger'),
      comment('please /review', 'writer'),
      comment('/review"; touch pwned; "', 'writer'),
      comment('/review', 'writer', { pull_request: null }),
      comment('/review', 'writer', { state: 'closed' }),
    ].map((act, at) => ({ ...act, runId: at + 1 })),
  },
  'review-by-number.yml': {
    api: { lifecycle: ({ count }) => (count === 1 ? RED : GREEN) },
    acts: [
      { pull_request: '7' },
      { pull_request: '7' },
      { pull_request: '8' },
      { pull_request: '7; touch pwned' },
      { pull_request: '7' },
    ].map((inputs, at) => ({
      eventName: 'workflow_dispatch',
      runId: at + 1,
      inputs,
      cancelled: at === 4 ? /Started run_/ : undefined,
    })),
  },
  'forks-and-dependabot.yml': {
    api: { lifecycle: GREEN },
    acts: [
      { event: fromFork(), secrets: { ALLOOVIUM_API_KEY: '' } },
      { eventName: 'push', runId: 2 },
    ],
  },
  'waivers.yml': { api: { lifecycle: TWO_FINDINGS } },
  'self-hosted.yml': { acts: [{ secrets: {}, stepOutputs: { vault: { api_key: TEST_KEY } } }] },
  'values-in-and-out.yml': {
    acts: [
      {
        eventName: 'workflow_dispatch',
        inputs: { start_date: '2026-04-01', note: HOSTILE_NOTE },
      },
    ],
  },
  'reusable-workflow.yml': {
    acts: [true, false].map((enforce, at) => ({
      runId: at + 1,
      inputs: { workflow_id: WORKFLOW.id, project_id: TOWER, title: '', enforce },
      // As `secrets: inherit` hands it over: by the caller's name for it.
      secrets: SECRETS,
    })),
  },
};

/** What somebody types who tries a condition on runs of yesterday, with something else between their IDs. */
function threeRuns(...between: readonly [string, string]) {
  return (api: Api): NonNullable<Play['inputs']> => {
    const [one, two, three] = [RED, GREEN, RED].map((lifecycle) => api.addRun({ workflowId: WORKFLOW.id, ageMs: 86_400_000, lifecycle }));
    return {
      run_ids: `${one}${between[0]}${two}${between[1]}${three}`,
      conditions: "not compliant: outputs.items.filter(i, i.status != 'compliant')",
    };
  };
}

/** The pull request's event, of another head. */
function withHead(change: object): unknown {
  const event = defaultEvent('pull_request') as { pull_request: { head: object } };
  const head = { ...event.pull_request.head, ...change };
  return { ...event, pull_request: { ...event.pull_request, head } };
}

function fromFork(): unknown {
  return withHead({ repo: { full_name: 'somebody/tower' } });
}

/** A night's programs: its day, GitHub's issues, and the chat, which may be down. */
function night(day: string, curl: string): Record<string, string> {
  return {
    date: `/usr/bin/env -u PATH /usr/bin/date -u -d "${day} $([[ "$*" == *ago* ]] && echo 7 days ago)" +%F`,
    gh: ISSUES,
    curl: `cat > message.json; ${curl}`,
  };
}

/** By file: as it stands, and its copy. */
const played = new Map<string, readonly [Played, Played]>();
const certificates = createCertificates(['api.alloovium.com']);
const ca = join(folder, 'company-ca.pem');
writeFileSync(ca, certificates.ca);

/** The same for another project of the repository: another file, another name, another project. */
function copied(text: string): string {
  return text
    .replace(/^name: .*$/m, '$&, elsewhere')
    .replace(/commit_status: [\w/]+/, '$&-elsewhere')
    .replace(/^(?![^]*project_id)([^]*\n( *)workflow_id: .*\n)/, `$1$2project_id: ${TOWER}\n`)
    .replaceAll(/(?<=project_id"?: ?"?)[0-9a-f](?=[0-9a-f]{7}-)/gi, '0');
}

async function play(name: string): Promise<void> {
  const { api: options = { lifecycle: RED }, acts = [{}] } = EXAMPLES[name] ?? {};
  const isBehindProxy = name === 'self-hosted.yml';
  const github = await startGithub({
    owner: 'octo-org',
    repo: 'tower',
    pullRequests: [{ number: 7, state: 'open', locked: false }],
    tokens: TOKENS,
    actions: { branches: { main: [SHA] } },
  });
  const caches: Cache[] = [];
  const begun = async (): Promise<Played> => {
    const tls = isBehindProxy ? { tls: certificates.good } : {};
    const api = await startApi({ speed: SPEED, isClientDriven: true, ...options, ...tls });
    const proxy = isBehindProxy ? await startProxy({ hosts: { 'api.alloovium.com': api.port } }) : null;
    return { api, github, proxy, acts: [], jobs: [], groups: new Set(), found: [] };
  };
  const both = [await begun(), await begun()] as const;
  played.set(name, both);
  const text = readFileSync(`examples/${name}`, 'utf8');
  const files = [
    { name, text },
    { name: `elsewhere-${name}`, text: copied(text) },
  ];
  let newest = SHA;
  for (const { head, cancelled, before, ...act } of acts) {
    if (head !== undefined) github.setHead(7, head);
    if (act.sha !== undefined && act.sha !== newest) github.actions.pushToBranch('main', (newest = act.sha));
    const { runId = 1 } = act;
    before?.(both[0], runId - 1);
    await Promise.all(
      both.map((done, at) => {
        const inputs = JSON.stringify(act.inputs ?? {});
        const own = act.inputsOf?.(done.api) ?? (JSON.parse(at === 0 ? inputs : copied(inputs)) as NonNullable<Play['inputs']>);
        // GitHub gives no two runs of a repository one ID.
        const ids = { runId: runId + at * 1_000 };
        return playAct(files[at]!, done, { ...act, ...ids, inputs: own, head, cancelled, caches, github });
      }),
    );
  }
}

async function playAct(file: WorkflowFile, done: Played, { head, cancelled, ...act }: Act & Pick<Play, 'runId'>): Promise<void> {
  const { api, github, proxy } = done;
  // A busy machine makes a job look older than it is: what an earlier act launched must be older still.
  if (done.acts.length > 0) api.advance(3_600_000);
  const eventName = act.eventName ?? 'pull_request';
  const jobs: Record<string, string> = {};
  done.jobs.push(jobs);
  const earlierRequests = api.journal.length;
  const steps = await playWorkflow(file, {
    onJob: (job, end) => (jobs[job] = end),
    onGroup: (group) => done.groups.add(group),
    event: head === undefined ? defaultEvent(eventName) : withHead({ sha: head }),
    secrets: SECRETS,
    ...act,
    eventName,
    tokenFor,
    // Through the proxy the API is where it always is.
    extraInputs: proxy === null ? { api_url: api.url } : {},
    env: {
      FAST_TIME_SPEED: String(SPEED),
      // A job that is cancelled must still be waiting then.
      FAST_TIME_SKIPS_WAITS: cancelled === undefined ? '1' : undefined,
      GITHUB_API_URL: github.apiUrl,
      ...(proxy === null ? {} : { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: ca }),
    },
    options: {
      preload: ['simulator/fast-time.mjs'],
      secrets: [TEST_KEY],
      timeoutMs: 60_000,
      ...(cancelled === undefined ? {} : { signals: [{ whenStdout: cancelled, signal: 'cancel' }] }),
    },
  });
  done.acts.push(steps);
  for (const { result } of steps) {
    if (result === null) continue;
    const evidence = { result, api, github, earlierRequests, apiKey: TEST_KEY, token: Object.keys(TOKENS) };
    done.found.push(...findViolations(evidence));
  }
}

beforeAll(async () => {
  const left = Object.keys(EXAMPLES);
  const worker = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) await play(file);
  };
  await Promise.all(Array.from({ length: 2 }, worker));
}, 240_000);

afterAll(async () => {
  for (const { api, github, proxy } of [...played.values()].flat()) {
    await api.close();
    await github.close();
    await proxy?.close();
  }
  rmSync(folder, { recursive: true });
});

const playedFrom = (file: string) => played.get(file)![0];
/** Every report of the file's own, none of its copy's. */
const commentsOf = (file: string) => {
  const { acts, github } = playedFrom(file);
  const urls = acts.flat().map(({ result }) => result?.outputs.comment_url);
  return github.comments().filter(({ id }) => urls.some((url) => url?.endsWith(`-${id}`)));
};
/** Every commit status that the file or its copy has set: commit, context and state. */
const statusesOf = (file: string) => playedFrom(file).github.actions.statuses.map(({ sha, context, state }) => [sha, context, state]);
/** Those of the file's own context. One whose answer comes too late on a busy machine is sent again. */
const ownStatusesOf = (file: string) =>
  statusesOf(file)
    .filter(([, context]) => context === 'alloovium/submittals')
    .map(([sha, , state]) => `${sha?.slice(0, 4)} ${state}`)
    .filter((status, at, all) => status !== all[at - 1]);
/** The commit at the head of pull request 7. */
const AT_HEAD = HEAD.slice(0, 4);
/** What is in the workspace of an act's last step. */
const isThere = (file: string, act: number, name: string) => existsSync(join(result(file, act).temp, '_workspace', name));
/** The one step of an act, or the first. */
const result = (file: string, act = 0, step = 0) => playedFrom(file).acts[act]![step]!.result!;

/** What `runs_json` tells of each run. */
const runsOf = (file: string, act = 0) => JSON.parse(result(file, act).outputs.runs_json!) as RunRow[];
/** What a script has written into the workspace. */
const kept = (temp: string, name: string): unknown => JSON.parse(readFileSync(join(temp, '_workspace', name), 'utf8'));

test('plays every example', () => {
  expect(readdirSync('examples').sort()).toEqual(Object.keys(EXAMPLES).sort());
});

describe.each<[file: string, conclusions: (string | null)[][]]>([
  ['first-run.yml', [['success']]],
  ['gate-pull-request.yml', [['gate_failed'], ['success']]],
  ['roll-out-with-warnings.yml', [['success']]],
  ['approval.yml', [['gate_failed']]],
  ['background.yml', [['gate_failed']]],
  ['try-conditions.yml', [['success'], ['success']]],
  ['several-projects.yml', [['gate_failed'], ['success']]],
  ['several-workflows.yml', [['gate_failed']]],
  [
    'compare-with-main.yml',
    [
      ['interrupted'],
      ['gate_failed'],
      ['success'],
      ['gate_failed'],
      ['gate_failed'],
      ['gate_failed'],
      ['gate_failed'],
      ['success'],
      ['success'],
    ],
  ],
  ['reports-as-artifact.yml', [['gate_failed']]],
  ['inputs-from-file.yml', [['gate_failed'], [null], [null]]],
  ['paths-and-required-check.yml', [[null], ['gate_failed'], [null], ['gate_failed']]],
  [
    'timed-out-judged-later.yml',
    [
      ['timed_out', 'success'],
      ['timed_out', 'success'],
    ],
  ],
  ['concurrency.yml', [['interrupted'], ['interrupted'], ['gate_failed']]],
  ['junit-report.yml', [['gate_failed']]],
  ['badge.yml', [['gate_failed'], ['gate_failed']]],
  ['nightly.yml', [['gate_failed'], ['success'], ['gate_failed'], ['gate_failed'], ['success'], ['interrupted'], ['success']]],
  ['compare-with-last-night.yml', [['gate_failed'], ['gate_failed'], ['success']]],
  ['matrix.yml', [['gate_failed', 'success', 'success']]],
  ['launch-early-join-later.yml', [['pending', 'success']]],
  ['merge-queue.yml', [['success'], ['gate_failed'], ['success']]],
  ['review-command.yml', [['gate_failed'], ['success'], ['interrupted'], [], [], [], [], [], []]],
  ['review-by-number.yml', [['gate_failed'], ['success'], ['error'], ['error'], ['interrupted']]],
  ['forks-and-dependabot.yml', [['skipped'], ['success']]],
  ['waivers.yml', [['gate_failed']]],
  ['self-hosted.yml', [['gate_failed']]],
  ['values-in-and-out.yml', [['success']]],
  ['reusable-workflow.yml', [['gate_failed'], ['success']]],
])('the example %s', (file, conclusions) => {
  test('ends each step as its text says, and breaks no invariant', () => {
    for (const { acts, found } of played.get(file)!) {
      expect(acts.map((steps) => steps.map(({ result }) => result?.outputs.conclusion ?? null))).toEqual(conclusions);
      for (const { result } of acts.flat()) {
        // The green of an example may not rest on an input that the action has not.
        expect(result?.shownLog ?? '').not.toContain('Unexpected input');
      }
      expect(found).toEqual([]);
    }
  });

  test('shares neither key, group, comment nor status with its copy for another project', () => {
    const [one, other] = played.get(file)!.map(({ acts, groups }) => [
      ...groups,
      ...acts.flat().flatMap(({ result }) => {
        const { idempotency_key, comment_url, runs_json = '' } = result?.outputs ?? {};
        const rows = runs_json === '' ? [] : (JSON.parse(runs_json) as RunRow[]);
        return [idempotency_key, comment_url, ...rows.map((row) => row.idempotency_key)];
      }),
    ]);
    const statuses = new Set(statusesOf(file).map(([, context]) => context));
    expect(statuses.size).toBe(readFileSync(`examples/${file}`, 'utf8').includes('commit_status') ? 2 : 0);
    expect(one!.filter((value) => value !== undefined && value !== '' && other!.includes(value))).toEqual([]);
  });
});

test('turns step and comment green by a re-run after the documents were corrected', () => {
  const { api } = playedFrom('gate-pull-request.yml');
  expect(api.runs).toHaveLength(2);
  expect(commentsOf('gate-pull-request.yml')).toHaveLength(1);
  expect(commentsOf('gate-pull-request.yml')[0]?.body).toMatch(/\nGreen at/);
});

test('deploys only after a green review', () => {
  expect(playedFrom('gate-pull-request.yml').jobs).toEqual([
    { review: 'failure', preview: 'skipped' },
    { review: 'success', preview: 'success' },
  ]);
});

test('shows a condition that only warns in comment and annotation, and leaves the step green', () => {
  expect(result('roll-out-with-warnings.yml').annotations).toMatchObject([{ level: 'warning' }]);
  expect(commentsOf('roll-out-with-warnings.yml')).toHaveLength(1);
});

test('launches a run for each project in one step, with one comment, and only the red ones on a re-run', () => {
  const { api } = playedFrom('several-projects.yml');
  const first = runsOf('several-projects.yml');
  expect(first.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['Tower', 'gate_failed'],
    ['Car park', 'success'],
    ['Bridge', 'success'],
  ]);
  expect(api.runs.map(({ projectId }) => projectId?.slice(0, 4))).toEqual(['8f2e', '5d0c', '3b6a', '8f2e']);
  const again = runsOf('several-projects.yml', 1);
  expect(again.map(({ run_id }) => first.some((one) => one.run_id === run_id))).toEqual([false, true, true]);
  expect(commentsOf('several-projects.yml')).toHaveLength(1);
});

test('evaluates each of several workflows by its gate, and keeps its outputs under its name', () => {
  const { outputs, temp } = result('several-workflows.yml');
  const runs = runsOf('several-workflows.yml');
  expect(runs.map(({ gate, gate_matched_count }) => [gate, gate_matched_count])).toEqual([
    ['passed', 0],
    ['failed', 1],
  ]);
  expect(outputs.headline).toContain('“overdue”');
  expect(playedFrom('several-workflows.yml').api.runs[0]?.inputs).toEqual({
    start_date: '2026-04-01',
    end_date: '2026-04-08',
  });
  expect(kept(temp, 'requests.json')).toEqual(OVERDUE.requests);
});

test('turns a pull request red only by what main does not have, and excuses nothing by a forged baseline', () => {
  const file = 'compare-with-main.yml';
  const counts = [1, 2, 3, 4, 5, 6, 7].map((act) => {
    const { gate_matched_count, gate_new_count } = result(file, act).outputs;
    return [gate_matched_count, gate_new_count];
  });
  expect(counts).toEqual([
    ['1', ''], // by hand: there is no baseline before
    ['1', '0'],
    ['2', '1'],
    ['2', '1'], // beside the forged baseline
    ['2', '1'], // the red push, which is kept as no baseline
    ['2', '1'], // by hand: accepted
    ['2', '0'],
  ]);
  expect(result(file, 2).summary).toMatch(/known/i);
  expect(result(file, 1).summary).toMatch(/Every finding counts as new: the branch `main` has no artifact/);
});

test('leaves a job green whose second upload of the baseline is refused', () => {
  const file = 'compare-with-main.yml';
  expect(result(file, 8).outputs).toMatchObject({ conclusion: 'success', baseline_ready: 'true' });
  expect(playedFrom(file).jobs[8]).toEqual({ review: 'success' });
});

test('writes the files of the artifact', () => {
  const { report_file, gate_file, outputs_file } = result('reports-as-artifact.yml').outputs;
  for (const path of [report_file, gate_file, outputs_file]) {
    expect(readFileSync(path!, 'utf8')).toContain('Fire rating is 60 minutes');
  }
});

test('sends the inputs of the file, and launches nothing where it is no JSON', () => {
  expect(playedFrom('inputs-from-file.yml').api.runs.map(({ inputs }) => inputs)).toEqual([JSON.parse(REVIEW_FILE)]);
});

test('launches nothing for a change elsewhere, and a run where the list cannot be read or is cut', () => {
  const { api, jobs } = playedFrom('paths-and-required-check.yml');
  expect(api.runs).toHaveLength(2);
  expect(jobs.map(({ review }) => review)).toEqual(['success', 'failure', 'failure', 'failure']);
  expect(commentsOf('paths-and-required-check.yml')).toHaveLength(1);
});

test('evaluates the same run in a later job, which turns the comment green', () => {
  const file = 'timed-out-judged-later.yml';
  const { api, jobs } = playedFrom(file);
  expect(api.runs).toHaveLength(2);
  expect(result(file, 0, 1).outputs.run_id).toBe(result(file, 0, 0).outputs.run_id);
  expect(jobs[0]).toMatchObject({ review: 'failure', later: 'success' });
  expect(commentsOf(file)).toHaveLength(1);
  expect(commentsOf(file)[0]?.body).toMatch(/\nGreen at/);
});

test('launches three runs for three quick pushes, and reports only the last', () => {
  const { api, acts } = playedFrom('concurrency.yml');
  expect(api.runs.map(({ id }) => id)).toEqual(acts.map(([step]) => step!.result!.outputs.run_id));
  expect(acts.map(([step]) => step!.result!.outputs.tokens_spent !== '0')).toEqual([true, true, true]);
  expect(commentsOf('concurrency.yml')).toHaveLength(1);
  expect(playedFrom('concurrency.yml').jobs.map(({ review }) => review)).toEqual(['cancelled', 'cancelled', 'failure']);
  expect(commentsOf('concurrency.yml')[0]?.body).toContain('ccccccc');
});

test('writes findings as JUnit XML that has the text of the run as text', () => {
  const xml = readFileSync(join(result('junit-report.yml').temp, '_workspace', 'junit.xml'), 'utf8');
  expect(xml).toMatch(/^<testsuites>\n {2}<testsuite name="not compliant">\n(?: {4}<testcase .*<\/testcase>\n){2}/);
  expect(xml).toContain('<testcase name="nothing reviewed"/>');
  expect(xml.replaceAll(/&\w+;|<\/?(?:testsuites?|testcase|failure)[^<>]*>/g, '')).not.toMatch(/[<>&]/);
});

test('sends a red night to the chat, and is red again after a night on which the chat was down', () => {
  expect([0, 1, 2, 3, 4].map((act) => isThere('nightly.yml', act, 'message.json'))).toEqual([true, false, true, true, false]);
  const { temp, outputs } = result('nightly.yml', 3);
  expect(outputs.gate_new_count).toBe('1');
  expect(kept(temp, 'message.json')).toEqual({
    text: `${outputs.headline} https://github.com/octo-org/tower/actions/runs/4`,
  });
});

test('launches a run each night, with its dates as text', () => {
  expect(
    playedFrom('nightly.yml')
      .api.runs.slice(0, 2)
      .map(({ inputs }) => inputs),
  ).toEqual([
    { start_date: '2026-03-25', end_date: '2026-04-01' },
    { start_date: '2026-03-26', end_date: '2026-04-02' },
  ]);
});

test('keeps one issue for findings: edited each night, commented on when red, closed when none is left', () => {
  const calls = [0, 1, 2, 3, 4, 5, 6].map((act) =>
    isThere('nightly.yml', act, 'gh.txt')
      ? readFileSync(join(result('nightly.yml', act).temp, '_workspace', 'gh.txt'), 'utf8')
          .split('\n')
          .map((line) => line.split(' ').slice(0, 2).join(' '))
          .filter((line) => line !== '')
      : [],
  );
  expect(calls).toEqual([
    ['issue list', 'issue create'],
    ['issue list', 'issue edit'],
    ['issue list', 'issue edit', 'issue comment'],
    ['issue list', 'issue edit', 'issue comment'],
    ['issue list', 'issue close'],
    [], // cancelled
    ['issue list'],
  ]);
  const [ofColleague, ...own] = readIssues();
  expect(ofColleague).toEqual(OF_COLLEAGUE);
  const ours = own.filter(({ title }) => title === OF_COLLEAGUE.title);
  expect(ours).toMatchObject([{ state: 'closed', comments: [expect.stringContaining('1 new'), expect.anything()] }]);
  expect(ours[0]?.body).toBe(readFileSync(result('nightly.yml', 3).outputs.report_file!, 'utf8'));
});

test('reports in the second night what is new since the first', () => {
  expect(result('compare-with-last-night.yml').summary).not.toMatch(/Since/);
  expect(result('compare-with-last-night.yml', 1).summary).toMatch(/since the baseline .*\*\*1 new\*\*, 1 no longer matching/);
});

test('launches a run for each project of a matrix, and comments on the red one', () => {
  const { api } = playedFrom('matrix.yml');
  expect(new Set(api.runs.map(({ projectId }) => projectId)).size).toBe(3);
  expect(commentsOf('matrix.yml')).toHaveLength(1);
});

test('joins the run that an earlier job launched', () => {
  const { api } = playedFrom('launch-early-join-later.yml');
  expect(api.runs).toHaveLength(1);
  expect(result('launch-early-join-later.yml', 0, 1).outputs.run_id).toBe(result('launch-early-join-later.yml', 0, 0).outputs.run_id);
});

test('sets the status that a merge needs on the head, and on each build of the queue', () => {
  expect(ownStatusesOf('merge-queue.yml')).toEqual([
    `${AT_HEAD} pending`,
    `${AT_HEAD} success`,
    'aaaa pending',
    'aaaa failure',
    'bbbb pending',
    'bbbb success',
  ]);
});

test('reviews the head on `/review` by a person with write permission, and on nothing else', () => {
  const { api, jobs } = playedFrom('review-command.yml');
  expect(api.runs).toHaveLength(3);
  expect(ownStatusesOf('review-command.yml')).toEqual([
    `${AT_HEAD} pending`,
    `${AT_HEAD} failure`,
    `${AT_HEAD} pending`,
    `${AT_HEAD} success`,
    `${AT_HEAD} pending`,
    `${AT_HEAD} error`,
  ]);
  const nothing = { ask: 'success', review: 'skipped' };
  const notAsked = { ask: 'skipped', review: 'skipped' };
  expect(jobs).toEqual([
    { ask: 'success', review: 'success' }, // red, at the default branch all the same
    { ask: 'success', review: 'success' },
    { ask: 'success', review: 'cancelled' },
    nothing,
    nothing,
    nothing,
    nothing,
    notAsked,
    notAsked,
  ]);
  expect(commentsOf('review-command.yml')).toHaveLength(1);
});

test('reviews the head of the pull request by its number, and launches nothing without one', () => {
  const { api, jobs } = playedFrom('review-by-number.yml');
  expect(api.runs).toHaveLength(3);
  expect(jobs.map(({ review }) => review)).toEqual(['failure', 'success', 'failure', 'failure', 'cancelled']);
  expect(ownStatusesOf('review-by-number.yml')).toEqual([
    `${AT_HEAD} pending`,
    `${AT_HEAD} failure`,
    `${AT_HEAD} pending`,
    `${AT_HEAD} success`,
    `${AT_HEAD} pending`,
    `${AT_HEAD} error`,
  ]);
  expect(result('review-by-number.yml').outputs.commit).toBe(HEAD);
  expect(commentsOf('review-by-number.yml')).toHaveLength(1);
});

test('tries conditions on three runs without a launch, for any text between their IDs', () => {
  const { api } = playedFrom('try-conditions.yml');
  expect(api.runs).toHaveLength(6);
  for (const act of [0, 1]) {
    expect(runsOf('try-conditions.yml', act).map(({ conclusion }) => conclusion)).toEqual(Array(3).fill('success'));
    expect(result('try-conditions.yml', act).outputs.tokens_spent).toBe('3');
    expect(result('try-conditions.yml', act).summary).toContain('not compliant');
    expect(isThere('try-conditions.yml', act, 'pwned')).toBe(false);
  }
});

test('skips a fork without a request, and evaluates the push after the merge', () => {
  expect(playedFrom('forks-and-dependabot.yml').api.runs).toHaveLength(1);
  expect(result('forks-and-dependabot.yml').summary).toMatch(/skipped/i);
});

test('does not count a waived document, and logs a waiver that matches nothing', () => {
  const { outputs, annotations, stdout } = result('waivers.yml');
  expect(outputs.headline).toMatch(/^1 of 5 items “not compliant”/);
  expect(annotations.filter(({ level }) => level === 'warning')).toEqual([]);
  expect(stdout).toMatch(/1 waiver matches nothing \(the \d/);
  expect(readFileSync(outputs.gate_file!, 'utf8')).toContain('9e07f1aa');
});

test('reaches the API through a proxy that has a private CA', () => {
  const { proxy, api } = playedFrom('self-hosted.yml');
  expect(new Set(proxy?.journal.map(({ target }) => target))).toEqual(new Set(['api.alloovium.com:443']));
  expect(api.runs).toHaveLength(1);
});

test('keeps any typed text as one text of the inputs', () => {
  expect(playedFrom('values-in-and-out.yml').api.runs[0]?.inputs).toEqual({
    start_date: '2026-04-01',
    note: HOSTILE_NOTE,
  });
});

test('turns red or only warns by a shared gate, as its caller chooses', () => {
  expect(result('reusable-workflow.yml').exitCode).toBe(1);
  expect(result('reusable-workflow.yml', 1).annotations).toMatchObject([{ level: 'warning' }]);
});

test("passes the repository's self-test", async () => {
  const api = await startApi({
    speed: SPEED,
    isClientDriven: true,
    lifecycle: ({ count }) => (count === 1 ? GREEN : RED),
  });
  const path = '.github/workflows/self-test.yml';
  let ended: string | undefined;
  const file = { name: 'self-test.yml', text: readFileSync(path, 'utf8') };
  const [green, red, refused] = await playWorkflow(file, {
    // Its last step says whether all ended as it should.
    onJob: (_job, end) => (ended = end),
    eventName: 'push',
    event: defaultEvent('push'),
    runId: 1,
    tokenFor,
    stepOutputs: { simulator: { url: api.url, key: TEST_KEY } },
    env: { FAST_TIME_SPEED: String(SPEED), FAST_TIME_SKIPS_WAITS: '1' },
    options: { preload: ['simulator/fast-time.mjs'], timeoutMs: 60_000 },
  });
  await api.close();
  expect(ended).toBe('success');
  expect(green?.result?.outputs).toMatchObject({
    conclusion: 'success',
    summary: '5 submittals reviewed, none flagged.',
  });
  expect(red?.result?.outputs.conclusion).toBe('gate_failed');
  expect(readFileSync(red!.result!.outputs.report_file!, 'utf8')).toContain('Fire rating is 60 minutes');
  expect(refused?.result?.outputs).toMatchObject({ conclusion: 'error', tokens_spent: '0' });
}, 60_000);

describe('the player of examples', () => {
  const contexts = { secrets: { KEY: 'k' }, steps: { a: { outputs: { b: 'c' } } } };
  test.each([
    ['a context that is not there', '${{ secret.KEY }}'],
    ['a secret that is not there', '${{ secrets.KEI }}'],
    ['an output that is not there', '${{ steps.a.outputs.bb }}'],
    ['a function that is not there', '${{ toJson2(secrets.KEY) }}'],
  ])('fails for %s', (_what, text) => {
    expect(() => filled(text, contexts)).toThrow();
  });

  test('fills expressions into text', () => {
    expect(filled('a ${{ secrets.KEY }}-${{ toJSON(steps.a.outputs.b) }}', contexts)).toBe('a k-"c"');
  });

  /** Each job has one script, which fails where something else is so. */
  const ends = async (text: string, play: Partial<Play> = {}) => {
    const jobs: Record<string, string> = {};
    const event = { eventName: 'push', event: {}, runId: 1, tokenFor };
    const onJob = (job: string, end: string) => void (jobs[job] = end);
    await playWorkflow({ name: 'x.yml', text }, { ...event, ...play, onJob });
    return jobs;
  };
  const cache = (uses: string, more: string) => `{ uses: actions/cache/${uses}@v5, id: c, with: { path: d, ${more} } }`;
  const saves = (key: string) => `jobs: { a: { steps: [{ run: mkdir d && echo ${key} > d/f }, ${cache('save', `key: ${key}`)}] } }`;
  const finds = (file: string, key: string, more = '') =>
    `jobs: { a: { steps: [${cache('restore', `key: ${key}${more}`)}, { run: 'test "$(cat d/f)$HIT" = "${file}"', env: { HIT: '\${{ steps.c.outputs.cache-hit }}' } }] } }`;

  test('has caches with keys, restore-keys and scopes, written once, and read-only where anybody can cause the event', async () => {
    const caches: Cache[] = [];
    const pull = { eventName: 'pull_request', caches };
    const outcomes = [];
    for (const [text, play] of [
      [saves('a-1'), { caches }],
      [saves('a-2'), { caches }],
      [saves('a-1').replace('echo a-1', 'echo anew'), { caches }],
      [finds('a-1true', 'a-1'), pull],
      [finds('a-2false', 'b', ', restore-keys: a-'), pull],
      [finds('', 'b'), pull],
      [saves('a-3'), pull],
      [finds('a-3true', 'a-3'), pull],
      [finds('a-2false', 'a-'), { caches }],
      [saves('a-4'), { eventName: 'pull_request_target', caches }],
      [finds('a-2false', 'a-'), { caches }],
    ] as const) {
      outcomes.push((await ends(text, play)).a);
    }
    expect(outcomes).toEqual(Array(11).fill('success'));
    expect(await ends(finds('', '"a,b"'))).toEqual({ a: 'failure' });
  });

  test('ends a job as cancelled with its cancelled step, for the jobs that need it too', async () => {
    const asks = 'run: \'test "$R" = cancelled\', env: { R: "${{ needs.a.result }}" }';
    const text = `name: x
jobs:
  a: { steps: [{ uses: ./around, id: o, with: { workflow_id: ${WORKFLOW.id} } }, { if: cancelled(), run: exit 0 }] }
  b: { needs: a, steps: [{ run: exit 0 }] }
  c: { needs: a, if: always(), steps: [{ if: always(), ${asks} }] }`;
    const around = `inputs: { workflow_id: { default: '' } }
runs: { steps: [{ uses: ./, with: { workflow_id: '\${{ inputs.workflow_id }}', api_key: ${TEST_KEY} } }] }`;
    const api = await startApi({ speed: SPEED, isClientDriven: true, lifecycle: RED });
    const jobs = await ends(text, {
      actions: { './around': around },
      extraInputs: { api_url: api.url },
      options: { timeoutMs: 60_000, signals: [{ whenStdout: /Started run_\S+/, signal: 'cancel' }] },
    });
    await api.close();
    expect(jobs).toEqual({ a: 'cancelled', b: 'cancelled', c: 'success' });
  }, 60_000);

  test('runs a `wait` after a failed step too, and has the outputs after it', async () => {
    const text = `name: x
jobs:
  a:
    outputs: { said: '\${{ steps.s.outputs.said }}' }
    steps:
      - { uses: ./, id: r, background: true, with: { workflow_id: ${WORKFLOW.id}, api_key: ${TEST_KEY} } }
      - { run: exit 1 }
      - { wait: r }
      - id: s
        if: '\${{ !cancelled() }}'
        env: { C: '\${{ steps.r.outputs.conclusion }}' }
        run: echo "said=$C" >> "$GITHUB_OUTPUT"
  b: { needs: a, if: always(), steps: [{ if: always(), run: 'test "$R" = success', env: { R: '\${{ needs.a.outputs.said }}' } }] }`;
    const api = await startApi({ speed: SPEED, isClientDriven: true, lifecycle: GREEN });
    const jobs = await ends(text, {
      extraInputs: { api_url: api.url },
      env: { FAST_TIME_SPEED: String(SPEED), FAST_TIME_SKIPS_WAITS: '1' },
      options: { preload: ['simulator/fast-time.mjs'], timeoutMs: 60_000 },
    });
    await api.close();
    expect(jobs).toEqual({ a: 'failure', b: 'success' });
  }, 60_000);

  test('names a step as GitHub does, within a composite action too', async () => {
    const is = (name: string) => `{ run: 'test "$A" = ${name}', env: { A: "\${{ github.action }}" } }`;
    const steps = [is('__run'), is('__run_2'), '{ uses: a/b@v1, id: o }', '{ uses: a/b@v1 }'].join(', ');
    const actions = (name: string) => ({ 'a/b@v1': `runs: { steps: [${is(name)}, ${is(name)}] }` });
    const text = (some: string) => `jobs: { a: { steps: [${some}] } }`;
    expect(await ends(text(steps.replace(/, \{ uses: a\/b@v1 \}/, '')), { actions: actions('o') })).toEqual({
      a: 'success',
    });
    expect(await ends(text('{ uses: a/b@v1 }'), { actions: actions('__a_b') })).toEqual({ a: 'success' });
  });
});
