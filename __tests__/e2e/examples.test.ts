/** The workflows of `examples/`, each played to its end: the shipped bundle, with the inputs as they stand in the file. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import { startGithub, type Github } from '../../simulator/github.ts';
import { breaches } from '../../simulator/invariants.ts';
import { startProxy, type Proxy } from '../../simulator/proxy.ts';
import { defaultEvent } from '../../simulator/runner.ts';
import { GREEN_OUTPUTS, OUTPUTS, steadyCourse, TEST_KEY, WORKFLOW } from '../../simulator/seed.ts';
import type { Launch } from '../../simulator/world.ts';
import type { RunRow } from '../../src/report/runs-json.ts';
import { createCertificates } from '../../simulator/tls.ts';
import { filled, playWorkflow, type Play, type PlayedStep } from './play-workflow.ts';

/** Slower than the demo's clock: what may take 20 s, a comment for instance, still has seconds on a busy machine. */
const SPEED = 5;
const TOKEN = 'ghs_simulated';
const SECRETS = { ALLOOVIUM_API_KEY: TEST_KEY, CHAT_WEBHOOK_URL: 'https://chat.example.com/hook' };
const review = (outputs: unknown) => steadyCourse({ queuedMs: 500, runningMs: 4_000, outputs });
const RED = review(OUTPUTS);
const GREEN = review(GREEN_OUTPUTS);
const TOWER = '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6';
const REQUESTS = { ...WORKFLOW, id: 'wf_7c3e9a52-0d41-4f86-b2c7-5e8a9d1f6b30', name: 'Request review' };
const OVERDUE = { requests: [{ id: 'RFI-12', days_open: 21 }] };
/** One of the two findings is gone from the first; all else is as it was. */
const ONE_FINDING = review({ items: OUTPUTS.items.slice(1) });

/** One run of the workflow on GitHub: what happened, and what is in place for it. */
type Act = Partial<Play> & {
  /** What is in place; gives the RUNNER_TEMP to go on in. */
  readonly before?: (done: Played) => string;
  /** Of the pull request: the commit at its head. */
  readonly head?: string;
  /** Somebody cancels the job when the log says this. */
  readonly cancelled?: RegExp;
};
interface Played {
  readonly api: Api;
  readonly github: Github;
  readonly proxy: Proxy | null;
  readonly acts: PlayedStep[][];
  /** By act: what each job ended as. */
  readonly jobs: Record<string, string>[];
  /** What does not hold that always must. */
  readonly found: string[];
}

/** Numbers as they stand, and what would end a line of YAML or of the output file. */
const REVIEW_FILE =
  '{\n  "level": 3, "tolerance": 0.5,\n  "note": "doors\\nlevel: 4 # ${{ x }}", "sections": ["08 11 13"]\n}\n';
const HOSTILE_NOTE = 'doors"\nend_date: 2030-01-01\n# ${{ x }} : [';

/** What each file is played with: acts one after the other, against one API and one pull request. */
const EXAMPLES: Readonly<Record<string, { readonly api?: ApiOptions; readonly acts?: readonly Act[] }>> = {
  'first-run.yml': {},
  'gate-pull-request.yml': {
    api: { course: ({ count }) => (count === 1 ? RED : GREEN) },
    acts: [{}, { attempt: 2 }],
  },
  'roll-out-with-warnings.yml': {},
  'approval.yml': {},
  'several-projects.yml': {
    api: { course: ({ projectId, count }) => (projectId === TOWER && count <= 3 ? RED : GREEN) },
    acts: [{}, { attempt: 2 }],
  },
  'several-workflows.yml': {
    api: {
      workflows: [WORKFLOW, REQUESTS],
      course: ({ workflowId }) => (workflowId === REQUESTS.id ? review(OVERDUE) : GREEN),
    },
    acts: [{ programs: {}, before: () => workspace() }],
  },
  'compare-with-main.yml': {
    api: { course: ({ count }) => (count <= 2 ? ONE_FINDING : RED) },
    acts: [
      // With the scripts of the file, which keep the gate file; the cache between them is the workspace they share.
      { eventName: 'push', event: pushed(), runId: 1, programs: {}, before: () => workspace() },
      { head: 'a'.repeat(40), runId: 2, programs: {}, before: sameWorkspace },
      { head: 'b'.repeat(40), runId: 3, programs: {}, before: sameWorkspace },
      { head: 'c'.repeat(40), runId: 4, programs: {}, before: () => workspace() },
    ],
  },
  'reports-as-artifact.yml': {},
  'inputs-from-file.yml': {
    acts: [
      { programs: {}, before: () => workspace({ 'review.json': REVIEW_FILE }) },
      { head: 'a'.repeat(40), programs: {}, before: () => workspace({ 'review.json': '{ "level": 3' }) },
    ],
  },
  'paths-and-required-check.yml': {
    acts: [
      { files: ['README.md', 'docs/submittals/a.md'] },
      { files: ['README.md', 'submittals/doors.pdf'] },
      { files: null },
      { files: Array.from({ length: 3_000 }, (_, at) => `models/${at}.ifc`) },
    ].map(({ files }, at) => ({
      head: String(at).repeat(40),
      runId: at + 1,
      programs: { gh: files === null ? 'exit 1' : 'cat files.txt' },
      before: () => workspace({ 'files.txt': `${(files ?? []).join('\n')}\n` }),
    })),
  },
  'timed-out-judged-later.yml': {
    api: { course: steadyCourse({ queuedMs: 500, runningMs: 20 * 60_000, outputs: GREEN_OUTPUTS }) },
    acts: [{}, { head: 'a'.repeat(40), runId: 2 }],
  },
  'concurrency.yml': {
    acts: [
      { head: 'a'.repeat(40), runId: 1, cancelled: /run run_\S+ is new/ },
      { head: 'b'.repeat(40), runId: 2, cancelled: /run run_\S+ is new/ },
      { head: 'c'.repeat(40), runId: 3 },
    ],
  },
  'chat-message.yml': {
    api: {
      course: ({ count }) => (count === 1 ? ONE_FINDING : RED),
    },
    acts: [
      {
        eventName: 'schedule',
        runId: 1,
        programs: { curl: 'cat > message.json' },
        before: () => workspace(),
      },
      { eventName: 'schedule', runId: 2, programs: { curl: 'cat > message.json' }, before: sameWorkspace },
    ],
  },
  'badge.yml': { acts: [{ eventName: 'push' }, { eventName: 'schedule', runId: 2 }] },
  'nightly.yml': {
    acts: [
      { eventName: 'schedule', stepOutputs: week(1), runId: 1 },
      { eventName: 'schedule', stepOutputs: week(2), runId: 2 },
    ],
  },
  'compare-with-last-night.yml': {
    api: {
      course: ({ count }) =>
        review(count === 1 ? { items: OUTPUTS.items.slice(1) } : { items: OUTPUTS.items.toSpliced(1, 1) }),
    },
    acts: [
      { eventName: 'schedule', runId: 1 },
      { eventName: 'schedule', runId: 2, before: keepGateFile },
    ],
  },
  'matrix.yml': {
    api: { course: ({ projectId }: Launch) => (projectId?.startsWith('8f2e') === true ? RED : GREEN) },
  },
  'launch-early-join-later.yml': { api: { course: GREEN } },
  'merge-queue.yml': { api: { course: GREEN }, acts: [{}, { eventName: 'merge_group', runId: 2 }] },
  'forks-and-dependabot.yml': {
    api: { course: GREEN },
    acts: [
      { event: fromFork(), secrets: { ALLOOVIUM_API_KEY: '' } },
      { eventName: 'push', runId: 2 },
    ],
  },
  'waivers.yml': {},
  'self-hosted.yml': {},
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
      inputs: { project_id: '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6', enforce },
      // As `secrets: inherit` hands it over: by the caller's name for it.
      secrets: SECRETS,
    })),
  },
};

/** What the steps between do in the file: the gate file of one night is in the workspace of the next. */
function keepGateFile({ acts }: Played): string {
  const { outputs, temp } = acts[0]![0]!.result!;
  const workspace = join(temp, '_workspace', 'last-night');
  mkdirSync(workspace, { recursive: true });
  copyFileSync(outputs.gate_file!, join(workspace, 'gate.json'));
  return temp;
}

/** A RUNNER_TEMP whose workspace holds these files. */
function workspace(files: Readonly<Record<string, string>> = {}): string {
  const temp = mkdtempSync(join(folder, 'temp-'));
  mkdirSync(join(temp, '_workspace'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(temp, '_workspace', name), text);
  return temp;
}

/** Where the first act has left what it keeps. */
function sameWorkspace({ acts }: Played): string {
  return acts[0]![0]!.result!.temp;
}

/** A push to the default branch, as the event tells it. */
function pushed(): unknown {
  const event = defaultEvent('push') as { repository: object };
  return { ...event, repository: { ...event.repository, default_branch: 'main' } };
}

/** The pull request's event, for another commit. */
function withHead(sha: string): unknown {
  const event = defaultEvent('pull_request') as { pull_request: { head: object } };
  return { ...event, pull_request: { ...event.pull_request, head: { ...event.pull_request.head, sha } } };
}

function fromFork(): unknown {
  const event = defaultEvent('pull_request') as { pull_request: { head: object } };
  const head = { ...event.pull_request.head, repo: { full_name: 'somebody/tower' } };
  return { ...event, pull_request: { ...event.pull_request, head } };
}

/** What the file's own step puts out. */
function week(day: number) {
  return { dates: { start: `2026-04-0${day}`, end: `2026-04-0${day + 7}` } };
}

const played = new Map<string, Played>();
const certificates = createCertificates(['api.alloovium.com']);
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
const ca = join(folder, 'company-ca.pem');
writeFileSync(ca, certificates.ca);

async function play(file: string): Promise<void> {
  const { api: options = { course: RED }, acts = [{}] } = EXAMPLES[file] ?? {};
  const isBehindProxy = file === 'self-hosted.yml';
  const api = await startApi({
    speed: SPEED,
    led: true,
    ...options,
    ...(isBehindProxy ? { tls: certificates.good } : {}),
  });
  const github = await startGithub({
    owner: 'octo-org',
    repo: 'tower',
    pullRequests: [{ number: 7, state: 'open', locked: false }],
  });
  const proxy = isBehindProxy ? await startProxy({ hosts: { 'api.alloovium.com': api.port } }) : null;
  const done: Played = { api, github, proxy, acts: [], jobs: [], found: [] };
  played.set(file, done);
  for (const { before, head, cancelled, ...act } of acts) {
    if (head !== undefined) github.push(7, head);
    // A busy machine makes a job look older than it is: what an earlier act launched must be older still.
    if (done.acts.length > 0) api.advance(3_600_000);
    const temp = before?.(done);
    const eventName = act.eventName ?? 'pull_request';
    const jobs: Record<string, string> = {};
    done.jobs.push(jobs);
    const steps = await playWorkflow(`examples/${file}`, {
      onJob: (job, end) => (jobs[job] = end),
      event: head === undefined ? defaultEvent(eventName) : withHead(head),
      runId: 1,
      secrets: SECRETS,
      ...act,
      eventName,
      token: TOKEN,
      // Through the proxy the API is where it always is.
      extraInputs: isBehindProxy ? {} : { api_url: api.url },
      env: {
        FAST_TIME_SPEED: String(SPEED),
        // A job that is cancelled must still be waiting then.
        FAST_TIME_LEAPS: cancelled === undefined ? '1' : undefined,
        GITHUB_API_URL: github.apiUrl,
        ...(proxy === null ? {} : { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: ca }),
      },
      options: {
        preload: ['simulator/fast-time.mjs'],
        secrets: [TEST_KEY],
        timeoutMs: 60_000,
        ...(cancelled === undefined ? {} : { signals: [{ whenStdout: cancelled, signal: 'cancel' }] }),
        ...(temp === undefined ? {} : { temp }),
      },
    });
    done.acts.push(steps);
    for (const { result } of steps) {
      if (result === null) continue;
      const secrets = [TEST_KEY, TOKEN];
      const found = breaches({ result, api, github, secrets });
      // How long it lingers is the fault matrix's to say: here many run at once.
      done.found.push(...found.filter((breach) => !breach.includes('after its last word')));
    }
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
  for (const { api, github, proxy } of played.values()) {
    await api.close();
    await github.close();
    await proxy?.close();
  }
  rmSync(folder, { recursive: true });
});

const playedFrom = (file: string) => played.get(file)!;
/** The one step of an act, or the first. */
const result = (file: string, act = 0, step = 0) => playedFrom(file).acts[act]![step]!.result!;

/** What `runs_json` tells of each run. */
const runsOf = (file: string, act = 0) => JSON.parse(result(file, act).outputs.runs_json!) as RunRow[];
/** What a script has written into the workspace. */
const kept = (temp: string, name: string): unknown =>
  JSON.parse(readFileSync(join(temp, '_workspace', name), 'utf8'));

test('every example is played', () => {
  expect(readdirSync('examples').sort()).toEqual(Object.keys(EXAMPLES).sort());
});

describe.each<[file: string, conclusions: (string | null)[][]]>([
  ['first-run.yml', [['success']]],
  ['gate-pull-request.yml', [['gate_failed'], ['success']]],
  ['roll-out-with-warnings.yml', [['success']]],
  ['approval.yml', [['gate_failed']]],
  ['several-projects.yml', [['gate_failed'], ['success']]],
  ['several-workflows.yml', [['gate_failed']]],
  ['compare-with-main.yml', [['gate_failed'], ['success'], ['gate_failed'], ['gate_failed']]],
  ['reports-as-artifact.yml', [['gate_failed']]],
  ['inputs-from-file.yml', [['gate_failed'], [null]]],
  ['paths-and-required-check.yml', [[null], ['gate_failed'], [null], ['gate_failed']]],
  [
    'timed-out-judged-later.yml',
    [
      ['timed_out', 'success'],
      ['timed_out', 'success'],
    ],
  ],
  ['concurrency.yml', [['interrupted'], ['interrupted'], ['gate_failed']]],
  ['chat-message.yml', [['gate_failed'], ['gate_failed']]],
  ['badge.yml', [['gate_failed'], ['gate_failed']]],
  ['nightly.yml', [['gate_failed'], ['gate_failed']]],
  ['compare-with-last-night.yml', [['gate_failed'], ['gate_failed']]],
  ['matrix.yml', [['gate_failed', 'success', 'success']]],
  ['launch-early-join-later.yml', [['pending', 'success']]],
  ['merge-queue.yml', [['success'], [null]]],
  ['forks-and-dependabot.yml', [['skipped'], ['success']]],
  ['waivers.yml', [['gate_failed']]],
  ['self-hosted.yml', [['gate_failed']]],
  ['values-in-and-out.yml', [['success']]],
  ['reusable-workflow.yml', [['gate_failed'], ['success']]],
])('%s', (file, conclusions) => {
  test('each step ends as the text says, and nothing that must never happen happened', () => {
    const { acts, found } = playedFrom(file);
    expect(acts.map((steps) => steps.map(({ result }) => result?.outputs.conclusion ?? null))).toEqual(
      conclusions,
    );
    for (const { result } of acts.flat()) {
      // The green of an example may not rest on an input that the action has not.
      expect(result?.shown ?? '').not.toContain('Unexpected input');
    }
    expect(found).toEqual([]);
  });
});

test('a re-run after the documents were corrected is green, and the one comment says so', () => {
  const { api, github } = playedFrom('gate-pull-request.yml');
  expect(api.runs).toHaveLength(2);
  expect(github.comments()).toHaveLength(1);
  expect(github.comments()[0]?.body).toMatch(/resolved/i);
});

test('a condition that only warns shows in comment and annotation, and the step is green', () => {
  const { github } = playedFrom('roll-out-with-warnings.yml');
  expect(result('roll-out-with-warnings.yml').annotations).toMatchObject([{ level: 'warning' }]);
  expect(github.comments()).toHaveLength(1);
});

test('one step has a run for each project, one comment, and launches on a re-run what was red', () => {
  const { api, github } = playedFrom('several-projects.yml');
  const first = runsOf('several-projects.yml');
  expect(first.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['Tower', 'gate_failed'],
    ['Car park', 'success'],
    ['Bridge', 'success'],
  ]);
  expect(api.runs.map(({ projectId }) => projectId?.slice(0, 4))).toEqual(['8f2e', '5d0c', '3b6a', '8f2e']);
  const again = runsOf('several-projects.yml', 1);
  expect(again.map(({ run_id }) => first.some((one) => one.run_id === run_id))).toEqual([false, true, true]);
  expect(github.comments()).toHaveLength(1);
});

test('of several workflows each is judged by its own gate, and its outputs are under its name', () => {
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

test('what main has turns no pull request red, until the cache is gone; then the report says why', () => {
  const file = 'compare-with-main.yml';
  const counts = [0, 1, 2, 3].map((act) => {
    const { gate_matched_count, gate_new_count } = result(file, act).outputs;
    return [gate_matched_count, gate_new_count];
  });
  expect(counts).toEqual([
    ['1', ''],
    ['1', '0'],
    ['2', '1'],
    ['2', ''],
  ]);
  expect(result(file, 1).summary).toMatch(/known/i);
  expect(result(file, 3).summary).toMatch(
    /^\*`fail_on: new` judged as `any`\S* `baseline_file` is not there, or over 8 MiB\.\*$/m,
  );
  // What the pull requests found is kept nowhere.
  expect(kept(result(file, 2).temp, 'on-main/gate.json')).toEqual(
    JSON.parse(readFileSync(result(file).outputs.gate_file!, 'utf8')),
  );
});

test('the files of the artifact are there', () => {
  const { report_file, gate_file, outputs_file } = result('reports-as-artifact.yml').outputs;
  for (const path of [report_file, gate_file, outputs_file]) {
    expect(readFileSync(path!, 'utf8')).toContain('Hollow metal doors');
  }
});

test('the inputs are those of the file; a file that is no JSON launches nothing', () => {
  expect(playedFrom('inputs-from-file.yml').api.runs.map(({ inputs }) => inputs)).toEqual([
    JSON.parse(REVIEW_FILE),
  ]);
});

test('a change elsewhere launches nothing; a list that cannot be read, or is cut, is not taken for one', () => {
  const { api, github, jobs } = playedFrom('paths-and-required-check.yml');
  expect(api.runs).toHaveLength(2);
  expect(jobs.map(({ review }) => review)).toEqual(['success', 'failure', 'failure', 'failure']);
  expect(github.comments()).toHaveLength(1);
});

test('the job that comes later judges the same run, and the one comment is green then', () => {
  const file = 'timed-out-judged-later.yml';
  const { api, github, jobs } = playedFrom(file);
  expect(api.runs).toHaveLength(2);
  expect(result(file, 0, 1).outputs.run_id).toBe(result(file, 0, 0).outputs.run_id);
  expect(jobs[0]).toMatchObject({ review: 'failure', later: 'success' });
  expect(github.comments()).toHaveLength(1);
  expect(github.comments()[0]?.body).toMatch(/This check is green/);
});

test('three quick pushes have launched three runs, and only the last is judged and told', () => {
  const { api, github, acts } = playedFrom('concurrency.yml');
  expect(api.runs.map(({ id }) => id)).toEqual(acts.map(([step]) => step!.result!.outputs.run_id));
  expect(acts.map(([step]) => step!.result!.outputs.tokens_spent !== '0')).toEqual([true, true, true]);
  expect(github.comments()).toHaveLength(1);
  expect(github.comments()[0]?.body).toContain('ccccccc');
});

test('the chat is told how many findings are new', () => {
  const { temp, outputs } = result('chat-message.yml', 1);
  expect(result('chat-message.yml').outputs.gate_new_count).toBe('');
  expect(kept(temp, 'message.json')).toEqual({
    text: `1 new of 2. ${outputs.headline} https://github.com/octo-org/tower/actions/runs/2`,
  });
});

test('two nights are two runs, each with its dates as text; the report fits into an issue', () => {
  expect(playedFrom('nightly.yml').api.runs.map(({ inputs }) => inputs)).toEqual([
    { start_date: '2026-04-01', end_date: '2026-04-08' },
    { start_date: '2026-04-02', end_date: '2026-04-09' },
  ]);
  const { outputs } = result('nightly.yml');
  expect(outputs.headline).toBe('2 of 5 items “not compliant”');
  expect(readFileSync(outputs.report_file!, 'utf8')).toContain('Hollow metal doors');
});

test('the report of the second night says what is new since the first', () => {
  expect(result('compare-with-last-night.yml').summary).not.toMatch(/Since/);
  expect(result('compare-with-last-night.yml', 1).summary).toMatch(/Since .*1 new.*1 no longer listed/);
});

test('of a matrix each project has its run, and the red one its comment', () => {
  const { api, github } = playedFrom('matrix.yml');
  expect(new Set(api.runs.map(({ projectId }) => projectId)).size).toBe(3);
  expect(github.comments()).toHaveLength(1);
});

test('the job that judges joins the run that the first job launched', () => {
  const { api } = playedFrom('launch-early-join-later.yml');
  expect(api.runs).toHaveLength(1);
  expect(result('launch-early-join-later.yml', 0, 1).outputs.run_id).toBe(
    result('launch-early-join-later.yml', 0, 0).outputs.run_id,
  );
});

test('a queue build asks nothing of the API', () => {
  expect(playedFrom('merge-queue.yml').api.runs).toHaveLength(1);
});

test('a fork is let pass without a request; the push after the merge is judged', () => {
  expect(playedFrom('forks-and-dependabot.yml').api.runs).toHaveLength(1);
  expect(result('forks-and-dependabot.yml').summary).toMatch(/skipped/i);
});

test('waived documents are not counted, and a waiver that nothing needs is named', () => {
  expect(result('waivers.yml').outputs.headline).toBe('1 of 5 items “not compliant”');
  const warnings = result('waivers.yml').annotations.filter(({ level }) => level === 'warning');
  expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('waiver not needed')]);
  expect(readFileSync(result('waivers.yml').outputs.gate_file!, 'utf8')).toContain('2b8e6f04');
});

test('behind a proxy with its own CA the API is reached through it, at its own address', () => {
  const { proxy, api } = playedFrom('self-hosted.yml');
  expect(new Set(proxy?.journal.map(({ target }) => target))).toEqual(new Set(['api.alloovium.com:443']));
  expect(api.runs).toHaveLength(1);
});

test('whatever somebody types stays one text in the inputs', () => {
  expect(playedFrom('values-in-and-out.yml').api.runs[0]?.inputs).toEqual({
    start_date: '2026-04-01',
    note: HOSTILE_NOTE,
  });
});

test('one shared gate turns red or only warns, as the caller asks', () => {
  expect(result('reusable-workflow.yml').exitCode).toBe(1);
  expect(result('reusable-workflow.yml', 1).annotations).toMatchObject([{ level: 'warning' }]);
});

test("the repository's own self-test would be green", async () => {
  const api = await startApi({ speed: SPEED, led: true, course: ({ count }) => (count === 1 ? GREEN : RED) });
  const [green, red, refused] = await playWorkflow('.github/workflows/self-test.yml', {
    eventName: 'push',
    event: defaultEvent('push'),
    runId: 1,
    token: TOKEN,
    stepOutputs: { simulator: { url: api.url, key: TEST_KEY } },
    env: { FAST_TIME_SPEED: String(SPEED), FAST_TIME_LEAPS: '1' },
    options: { preload: ['simulator/fast-time.mjs'], timeoutMs: 60_000 },
  });
  await api.close();
  expect(green?.result?.outputs).toMatchObject({
    conclusion: 'success',
    summary: '5 submittals reviewed, none flagged.',
  });
  expect(red?.result?.outputs.conclusion).toBe('gate_failed');
  expect(readFileSync(red!.result!.outputs.report_file!, 'utf8')).toContain('Hollow metal doors');
  expect(refused?.result?.outputs).toMatchObject({ conclusion: 'error', tokens_spent: '0' });
}, 60_000);

describe('the player itself', () => {
  const contexts = { secrets: { KEY: 'k' }, steps: { a: { outputs: { b: 'c' } } } };
  test.each([
    ['a context that is not there', '${{ secret.KEY }}'],
    ['a secret that is not there', '${{ secrets.KEI }}'],
    ['an output that is not there', '${{ steps.a.outputs.bb }}'],
    ['a function that is not there', '${{ toJson2(secrets.KEY) }}'],
  ])('%s is an error, not an empty text', (_what, text) => {
    expect(() => filled(text, contexts)).toThrow();
  });

  test('text and expressions are put together', () => {
    expect(filled('a ${{ secrets.KEY }}-${{ toJSON(steps.a.outputs.b) }}', contexts)).toBe('a k-"c"');
  });
});
