/**
 * The workflows of `examples/`, each played to its end: the shipped bundle, with the inputs as they stand in the file. Each is played
 * twice side by side in one repository, as somebody has it who copies it for a second project.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readdirSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startApi, type Api, type ApiOptions } from '../../simulator/api.ts';
import { startGithub, type Github } from '../../simulator/github.ts';
import { breaches } from '../../simulator/invariants.ts';
import { startProxy, type Proxy } from '../../simulator/proxy.ts';
import { defaultEvent } from '../../simulator/runner.ts';
import { CLAUSE_OUTPUTS } from '../../simulator/samples.ts';
import { GREEN_OUTPUTS, OUTPUTS, steadyCourse, TEST_KEY, WORKFLOW } from '../../simulator/seed.ts';
import type { Launch } from '../../simulator/world.ts';
import type { RunRow } from '../../src/report/runs-json.ts';
import { createCertificates } from '../../simulator/tls.ts';
import {
  filled,
  playWorkflow,
  type Cache,
  type Play,
  type PlayedStep,
  type WorkflowFile,
} from './play-workflow.ts';

/** Slower than the demo's clock: what may take 20 s, a comment for instance, still has seconds on a busy machine. */
const SPEED = 5;
const TOKEN = 'ghs_simulated';
const SECRETS = { ALLOOVIUM_API_KEY: TEST_KEY, CHAT_WEBHOOK_URL: 'https://chat.example.com/hook' };
const review = (outputs: unknown) => steadyCourse({ queuedMs: 500, runningMs: 4_000, outputs });
const RED = review(OUTPUTS);
const GREEN = review(GREEN_OUTPUTS);
const TOWER = '8f2e3c1a-54b0-4c7d-8e9f-a1b2c3d4e5f6';
/** Whether it is the first project of an example, or the one that the copy has in its place. */
const isTower = ({ projectId }: Launch) => projectId?.slice(1) === TOWER.slice(1);
const REQUESTS = { ...WORKFLOW, id: 'wf_7c3e9a52-0d41-4f86-b2c7-5e8a9d1f6b30', name: 'Request review' };
const OVERDUE = { requests: [{ id: 'RFI-12', days_open: 21 }] };
/** One of the two findings is gone from the first; all else is as it was. */
const ONE_FINDING = review({ items: CLAUSE_OUTPUTS.items.slice(1) });
const TWO_FINDINGS = review(CLAUSE_OUTPUTS);

/** Finds the artifact of the name that is asked for, and puts it where it is wanted. */
const GH = `case "$1" in
  api) [ ! -f "$ARTIFACTS/$NAME" ] || echo 41 ;;
  run) mkdir -p "$7"; cp "$ARTIFACTS/$5" "$7/gate.json" ;;
esac`;

/** One run of the workflow on GitHub: what happened, and what is in place for it. */
type Act = Partial<Play> & {
  /** Of the pull request: the commit at its head. */
  readonly head?: string | undefined;
  readonly inputsOf?: (api: Api) => NonNullable<Play['inputs']>;
  /** Somebody cancels the job when the log says this. */
  readonly cancelled?: RegExp | undefined;
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
  'approval.yml': { acts: [{ eventName: 'pull_request_target', event: fromFork() }] },
  'background.yml': {},
  'try-conditions.yml': { acts: [{ eventName: 'workflow_dispatch', inputsOf: ofOlderRun }] },
  'several-projects.yml': {
    api: { course: (launch) => (isTower(launch) && launch.count <= 3 ? RED : GREEN) },
    acts: [{}, { attempt: 2 }],
  },
  'several-workflows.yml': {
    api: {
      workflows: [WORKFLOW, REQUESTS],
      course: ({ workflowId }) => (workflowId === REQUESTS.id ? review(OVERDUE) : GREEN),
    },
  },
  'compare-with-main.yml': {
    api: { course: ({ count }) => (count <= 2 ? ONE_FINDING : TWO_FINDINGS) },
    acts: [
      { eventName: 'workflow_dispatch', event: onDefaultBranch(), runId: 1, programs: { gh: GH } },
      { head: 'a'.repeat(40), runId: 2, programs: { gh: GH } },
      { head: 'b'.repeat(40), runId: 3, programs: { gh: GH } },
      { head: 'c'.repeat(40), runId: 4, programs: { gh: '' } },
      { eventName: 'push', event: onDefaultBranch(), runId: 5, programs: { gh: GH } },
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
    api: { course: steadyCourse({ queuedMs: 500, runningMs: 20 * 60_000, outputs: GREEN_OUTPUTS }) },
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
    api: { course: ({ count }) => (count === 1 ? ONE_FINDING : TWO_FINDINGS) },
    acts: [
      { eventName: 'schedule', runId: 1, programs: night('2026-04-08', '') },
      { eventName: 'schedule', runId: 2, programs: night('2026-04-09', '12') },
      { eventName: 'schedule', runId: 3, programs: night('2026-04-10', '12') },
    ],
  },
  'compare-with-last-night.yml': {
    api: {
      course: ({ count }) =>
        review({
          items: count === 1 ? CLAUSE_OUTPUTS.items.slice(1) : CLAUSE_OUTPUTS.items.toSpliced(1, 1),
        }),
    },
    acts: [
      { eventName: 'schedule', runId: 1 },
      { eventName: 'schedule', runId: 2 },
    ],
  },
  'matrix.yml': {
    api: { course: (launch) => (isTower(launch) ? RED : GREEN) },
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
  'waivers.yml': { api: { course: TWO_FINDINGS } },
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
      inputs: { workflow_id: WORKFLOW.id, project_id: TOWER, title: '', enforce },
      // As `secrets: inherit` hands it over: by the caller's name for it.
      secrets: SECRETS,
    })),
  },
};

/** What somebody types who tries a condition on a run of yesterday. */
function ofOlderRun(api: Api): NonNullable<Play['inputs']> {
  const run_id = api.addRun({ workflowId: WORKFLOW.id, ageMs: 86_400_000, course: RED });
  return { run_id, conditions: "not compliant: outputs.items.filter(i, i.status != 'compliant')" };
}

/** A push to the default branch, as the event tells it. */
function onDefaultBranch(): unknown {
  const event = defaultEvent('push') as { repository: object };
  return { ...event, repository: { ...event.repository, default_branch: 'main' } };
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

/** A night's programs: its day, and the number of the issue that is still open. */
function night(day: string, issue: string): Record<string, string> {
  return {
    date: `/usr/bin/env -u PATH /usr/bin/date -u -d "${day} $([[ "$*" == *ago* ]] && echo 7 days ago)" +%F`,
    gh: `echo "$*" >> gh.txt; [[ "$*" != *list* ]] || echo '${issue}'`,
    curl: 'cat > message.json',
  };
}

/** By file: as it stands, and its copy. */
const played = new Map<string, readonly [Played, Played]>();
const certificates = createCertificates(['api.alloovium.com']);
const folder = mkdtempSync(join(tmpdir(), 'examples-'));
const ca = join(folder, 'company-ca.pem');
writeFileSync(ca, certificates.ca);

/** The same for another project of the repository: another file, another name, another project. */
function copied(text: string): string {
  return text
    .replace(/^name: .*$/m, '$&, elsewhere')
    .replace(/^(?![^]*project_id)([^]*\n( *)workflow_id: .*\n)/, `$1$2project_id: ${TOWER}\n`)
    .replaceAll(/(?<=project_id"?: ?"?)[0-9a-f](?=[0-9a-f]{7}-)/gi, '0');
}

async function play(name: string): Promise<void> {
  const { api: options = { course: RED }, acts = [{}] } = EXAMPLES[name] ?? {};
  const isBehindProxy = name === 'self-hosted.yml';
  const github = await startGithub({
    owner: 'octo-org',
    repo: 'tower',
    pullRequests: [{ number: 7, state: 'open', locked: false }],
  });
  const caches: Cache[] = [];
  const artifacts = mkdtempSync(join(folder, 'artifacts-'));
  const begun = async (): Promise<Played> => {
    const tls = isBehindProxy ? { tls: certificates.good } : {};
    const api = await startApi({ speed: SPEED, led: true, ...options, ...tls });
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
  for (const { head, cancelled, ...act } of acts) {
    if (head !== undefined) github.push(7, head);
    await Promise.all(
      both.map((done, at) => {
        const inputs = JSON.stringify(act.inputs ?? {});
        const own =
          act.inputsOf?.(done.api) ??
          (JSON.parse(at === 0 ? inputs : copied(inputs)) as NonNullable<Play['inputs']>);
        return playAct(files[at]!, done, { ...act, inputs: own, head, cancelled, caches, artifacts });
      }),
    );
  }
}

async function playAct(file: WorkflowFile, done: Played, { head, cancelled, ...act }: Act): Promise<void> {
  const { api, github, proxy } = done;
  // A busy machine makes a job look older than it is: what an earlier act launched must be older still.
  if (done.acts.length > 0) api.advance(3_600_000);
  const eventName = act.eventName ?? 'pull_request';
  const jobs: Record<string, string> = {};
  done.jobs.push(jobs);
  const steps = await playWorkflow(file, {
    onJob: (job, end) => (jobs[job] = end),
    onGroup: (group) => done.groups.add(group),
    event: head === undefined ? defaultEvent(eventName) : withHead({ sha: head }),
    runId: 1,
    secrets: SECRETS,
    ...act,
    eventName,
    token: TOKEN,
    // Through the proxy the API is where it always is.
    extraInputs: proxy === null ? { api_url: api.url } : {},
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
    },
  });
  done.acts.push(steps);
  for (const { result } of steps) {
    if (result === null) continue;
    const found = breaches({ result, api, github, secrets: [TEST_KEY, TOKEN] });
    // How long it lingers is the fault matrix's to say: here many run at once.
    done.found.push(...found.filter((breach) => !breach.includes('after its last word')));
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
  ['background.yml', [['gate_failed']]],
  ['try-conditions.yml', [['success']]],
  ['several-projects.yml', [['gate_failed'], ['success']]],
  ['several-workflows.yml', [['gate_failed']]],
  [
    'compare-with-main.yml',
    [['gate_failed'], ['success'], ['gate_failed'], ['gate_failed'], ['gate_failed']],
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
  ['nightly.yml', [['gate_failed'], ['gate_failed'], ['success']]],
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
    for (const { acts, found } of played.get(file)!) {
      expect(acts.map((steps) => steps.map(({ result }) => result?.outputs.conclusion ?? null))).toEqual(
        conclusions,
      );
      for (const { result } of acts.flat()) {
        // The green of an example may not rest on an input that the action has not.
        expect(result?.shown ?? '').not.toContain('Unexpected input');
      }
      expect(found).toEqual([]);
    }
  });

  test('the file and its copy for another project share neither key, group nor comment', () => {
    const [one, other] = played.get(file)!.map(({ acts, groups }) => [
      ...groups,
      ...acts.flat().flatMap(({ result }) => {
        const { idempotency_key, comment_url, runs_json = '' } = result?.outputs ?? {};
        const rows = runs_json === '' ? [] : (JSON.parse(runs_json) as RunRow[]);
        return [idempotency_key, comment_url, ...rows.map((row) => row.idempotency_key)];
      }),
    ]);
    expect(one!.filter((value) => value !== undefined && value !== '' && other!.includes(value))).toEqual([]);
  });
});

test('a re-run after the documents were corrected is green, and the one comment is green', () => {
  const { api } = playedFrom('gate-pull-request.yml');
  expect(api.runs).toHaveLength(2);
  expect(commentsOf('gate-pull-request.yml')).toHaveLength(1);
  expect(commentsOf('gate-pull-request.yml')[0]?.body).toMatch(/\nGreen at/);
});

test('a condition that only warns shows in comment and annotation, and the step is green', () => {
  expect(result('roll-out-with-warnings.yml').annotations).toMatchObject([{ level: 'warning' }]);
  expect(commentsOf('roll-out-with-warnings.yml')).toHaveLength(1);
});

test('one step has a run for each project, one comment, and launches on a re-run what was red', () => {
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

test('what main has turns no pull request red, until the artifact is gone; then the report says why', () => {
  const file = 'compare-with-main.yml';
  const counts = [0, 1, 2, 3, 4].map((act) => {
    const { gate_matched_count, gate_new_count } = result(file, act).outputs;
    return [gate_matched_count, gate_new_count];
  });
  expect(counts).toEqual([
    ['1', ''],
    ['1', '0'],
    ['2', '1'],
    ['2', ''],
    ['2', '1'],
  ]);
  expect(result(file, 1).summary).toMatch(/known/i);
  expect(result(file, 3).summary).toMatch(
    /\*Every finding counts as new: there is no baseline yet[^\n*]*\.\*/,
  );
  // What the pull requests and a red push found is kept nowhere.
  expect(kept(result(file, 2).temp, '../on-main/gate.json')).toEqual(
    JSON.parse(readFileSync(result(file).outputs.gate_file!, 'utf8')),
  );
});

test('the files of the artifact are there', () => {
  const { report_file, gate_file, outputs_file } = result('reports-as-artifact.yml').outputs;
  for (const path of [report_file, gate_file, outputs_file]) {
    expect(readFileSync(path!, 'utf8')).toContain('Fire rating is 60 minutes');
  }
});

test('the inputs are those of the file; a file that is no JSON launches nothing', () => {
  expect(playedFrom('inputs-from-file.yml').api.runs.map(({ inputs }) => inputs)).toEqual([
    JSON.parse(REVIEW_FILE),
  ]);
});

test('a change elsewhere launches nothing; a list that cannot be read, or is cut, is not taken for one', () => {
  const { api, jobs } = playedFrom('paths-and-required-check.yml');
  expect(api.runs).toHaveLength(2);
  expect(jobs.map(({ review }) => review)).toEqual(['success', 'failure', 'failure', 'failure']);
  expect(commentsOf('paths-and-required-check.yml')).toHaveLength(1);
});

test('the job that comes later judges the same run, and the one comment is green then', () => {
  const file = 'timed-out-judged-later.yml';
  const { api, jobs } = playedFrom(file);
  expect(api.runs).toHaveLength(2);
  expect(result(file, 0, 1).outputs.run_id).toBe(result(file, 0, 0).outputs.run_id);
  expect(jobs[0]).toMatchObject({ review: 'failure', later: 'success' });
  expect(commentsOf(file)).toHaveLength(1);
  expect(commentsOf(file)[0]?.body).toMatch(/\nGreen at/);
});

test('three quick pushes have launched three runs, and only the last is judged and told', () => {
  const { api, acts } = playedFrom('concurrency.yml');
  expect(api.runs.map(({ id }) => id)).toEqual(acts.map(([step]) => step!.result!.outputs.run_id));
  expect(acts.map(([step]) => step!.result!.outputs.tokens_spent !== '0')).toEqual([true, true, true]);
  expect(commentsOf('concurrency.yml')).toHaveLength(1);
  expect(playedFrom('concurrency.yml').jobs.map(({ review }) => review)).toEqual([
    'cancelled',
    'cancelled',
    'failure',
  ]);
  expect(commentsOf('concurrency.yml')[0]?.body).toContain('ccccccc');
});

test('findings are JUnit XML that holds what the run wrote as text', () => {
  const xml = readFileSync(join(result('junit-report.yml').temp, '_workspace', 'junit.xml'), 'utf8');
  expect(xml).toMatch(
    /^<testsuites>\n {2}<testsuite name="not compliant">\n(?: {4}<testcase .*<\/testcase>\n){2}/,
  );
  expect(xml).toContain('<testcase name="nothing reviewed"/>');
  expect(xml.replaceAll(/&\w+;|<\/?(?:testsuites?|testcase|failure)[^<>]*>/g, '')).not.toMatch(/[<>&]/);
});

test('the chat is told how many findings are new, and nothing on a night without', () => {
  const { temp, outputs } = result('nightly.yml', 1);
  expect(result('nightly.yml').outputs.gate_new_count).toBe('');
  expect(kept(temp, 'message.json')).toEqual({
    text: `1 new of 2. ${outputs.headline} https://github.com/octo-org/tower/actions/runs/2`,
  });
  expect(existsSync(join(result('nightly.yml', 2).temp, '_workspace', 'message.json'))).toBe(false);
});

test('each night is a run with its dates as text; the report goes into one issue while it is open', () => {
  expect(playedFrom('nightly.yml').api.runs.map(({ inputs }) => inputs)).toEqual([
    { start_date: '2026-04-01', end_date: '2026-04-08' },
    { start_date: '2026-04-02', end_date: '2026-04-09' },
    { start_date: '2026-04-03', end_date: '2026-04-10' },
  ]);
  const [first, second] = [0, 1].map((act) => {
    const { outputs, temp } = result('nightly.yml', act);
    expect(readFileSync(outputs.report_file!, 'utf8')).toMatch(/^## ❌ Nightly submittal review/);
    return readFileSync(join(temp, '_workspace', 'gh.txt'), 'utf8').replaceAll(
      outputs.report_file!,
      'REPORT',
    );
  });
  expect(result('nightly.yml').outputs.headline).toBe('1 of 4 items “not compliant”');
  expect(first).toMatch(
    /^issue list .*\nlabel create .*\nissue create .*--title 1 of 4 items “not compliant” --body-file REPORT\n$/,
  );
  expect(second).toMatch(/^issue list .*\nissue comment 12 --body-file REPORT\n$/);
});

test('the report of the second night says what is new since the first', () => {
  expect(result('compare-with-last-night.yml').summary).not.toMatch(/Since/);
  expect(result('compare-with-last-night.yml', 1).summary).toMatch(
    /since the baseline .*\*\*1 new\*\*, 1 no longer matching/,
  );
});

test('of a matrix each project has its run, and the red one its comment', () => {
  const { api } = playedFrom('matrix.yml');
  expect(new Set(api.runs.map(({ projectId }) => projectId)).size).toBe(3);
  expect(commentsOf('matrix.yml')).toHaveLength(1);
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

test('a waived document is not counted, and the log names a waiver that nothing needs', () => {
  const { outputs, annotations, stdout } = result('waivers.yml');
  expect(outputs.headline).toMatch(/^1 of 5 items “not compliant”/);
  expect(annotations.filter(({ level }) => level === 'warning')).toEqual([]);
  expect(stdout).toMatch(/1 waiver matches nothing \(the \d/);
  expect(readFileSync(outputs.gate_file!, 'utf8')).toContain('9e07f1aa');
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
  const path = '.github/workflows/self-test.yml';
  let ended: string | undefined;
  const file = { name: 'self-test.yml', text: readFileSync(path, 'utf8') };
  const [green, red, refused] = await playWorkflow(file, {
    // Its last step says whether all ended as it should.
    onJob: (_job, end) => (ended = end),
    eventName: 'push',
    event: defaultEvent('push'),
    runId: 1,
    token: TOKEN,
    stepOutputs: { simulator: { url: api.url, key: TEST_KEY } },
    env: { FAST_TIME_SPEED: String(SPEED), FAST_TIME_LEAPS: '1' },
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

  /** Each job has one script, which fails where something else is so. */
  const ends = async (text: string, play: Partial<Play> = {}) => {
    const jobs: Record<string, string> = {};
    const event = { eventName: 'push', event: {}, runId: 1, token: TOKEN };
    const onJob = (job: string, end: string) => void (jobs[job] = end);
    await playWorkflow({ name: 'x.yml', text }, { ...event, ...play, onJob });
    return jobs;
  };
  const cache = (uses: string, more: string) =>
    `{ uses: actions/cache/${uses}@v5, id: c, with: { path: d, ${more} } }`;
  const saves = (key: string) =>
    `jobs: { a: { steps: [{ run: mkdir d && echo ${key} > d/f }, ${cache('save', `key: ${key}`)}] } }`;
  const finds = (file: string, key: string, more = '') =>
    `jobs: { a: { steps: [${cache('restore', `key: ${key}${more}`)}, { run: 'test "$(cat d/f)$HIT" = "${file}"', env: { HIT: '\${{ steps.c.outputs.cache-hit }}' } }] } }`;

  test('a cache has keys, restore-keys and scopes, is written once, and read-only where anybody can cause the event', async () => {
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

  test('a step that is cancelled ends its job as cancelled, and those that need it see that', async () => {
    const asks = 'run: \'test "$R" = cancelled\', env: { R: "${{ needs.a.result }}" }';
    const text = `name: x
jobs:
  a: { steps: [{ uses: ./around, id: o, with: { workflow_id: ${WORKFLOW.id} } }, { if: cancelled(), run: exit 0 }] }
  b: { needs: a, steps: [{ run: exit 0 }] }
  c: { needs: a, if: always(), steps: [{ if: always(), ${asks} }] }`;
    const around = `inputs: { workflow_id: { default: '' } }
runs: { steps: [{ uses: ./, with: { workflow_id: '\${{ inputs.workflow_id }}', api_key: ${TEST_KEY} } }] }`;
    const api = await startApi({ speed: SPEED, led: true, course: RED });
    const jobs = await ends(text, {
      actions: { './around': around },
      extraInputs: { api_url: api.url },
      options: { timeoutMs: 60_000, signals: [{ whenStdout: /Started run_\S+/, signal: 'cancel' }] },
    });
    await api.close();
    expect(jobs).toEqual({ a: 'cancelled', b: 'cancelled', c: 'success' });
  }, 60_000);

  test('a `wait` runs also after a step that failed, and what comes after it knows the outputs', async () => {
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
    const api = await startApi({ speed: SPEED, led: true, course: GREEN });
    const jobs = await ends(text, {
      extraInputs: { api_url: api.url },
      env: { FAST_TIME_SPEED: String(SPEED), FAST_TIME_LEAPS: '1' },
      options: { preload: ['simulator/fast-time.mjs'], timeoutMs: 60_000 },
    });
    await api.close();
    expect(jobs).toEqual({ a: 'failure', b: 'success' });
  }, 60_000);

  test('a step has the name that GitHub gives it, within a composite action too', async () => {
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
