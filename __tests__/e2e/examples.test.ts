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
import { GREEN_OUTPUTS, OUTPUTS, steadyCourse, TEST_KEY } from '../../simulator/seed.ts';
import type { Launch } from '../../simulator/world.ts';
import { createCertificates } from '../../simulator/tls.ts';
import { filled, playWorkflow, type Play, type PlayedStep } from './play-workflow.ts';

/** Slower than the demo's clock: what may take 20 s, a comment for instance, still has seconds on a busy machine. */
const SPEED = 5;
const TOKEN = 'ghs_simulated';
const SECRETS = { ALLOOVIUM_API_KEY: TEST_KEY, CHAT_WEBHOOK_URL: 'https://chat.example.com/hook' };
const review = (outputs: unknown) => steadyCourse({ queuedMs: 500, runningMs: 4_000, outputs });
const RED = review(OUTPUTS);
const GREEN = review(GREEN_OUTPUTS);
/** All five are flagged, of which RED has two. */
const LATE = review({ items: OUTPUTS.items.map((item) => ({ ...item, status: 'late' })) });

/** One run of the workflow on GitHub: what happened, and what is in place for it. */
type Act = Partial<Play> & {
  /** What the steps between do; gives the RUNNER_TEMP to go on in. */
  readonly before?: (scene: Scene) => string;
};
interface Scene {
  readonly api: Api;
  readonly github: Github;
  readonly proxy: Proxy | null;
  readonly acts: PlayedStep[][];
  /** What does not hold that always must. */
  readonly found: string[];
}

const HOSTILE_NOTE = 'doors"\nend_date: 2030-01-01\n# ${{ x }} : [';

/** What each file is played with: acts one after the other, against one API and one pull request. */
const EXAMPLES: Readonly<Record<string, { readonly api?: ApiOptions; readonly acts?: readonly Act[] }>> = {
  'gate-pull-request.yml': {
    api: { course: ({ count }) => (count === 1 ? RED : GREEN) },
    acts: [{}, { attempt: 2 }],
  },
  'roll-out-with-warnings.yml': {},
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
      { eventName: 'schedule', runId: 2, before: keepGateFile('last-night') },
      // It comes back to its own re-run, which launches anew.
      { eventName: 'schedule', runId: 2, attempt: 2, before: keepGateFile('last-night', 1) },
    ],
  },
  'compare-with-main.yml': {
    api: { course: ({ count }) => (count === 3 || count === 4 ? LATE : RED) },
    acts: [
      { eventName: 'push', runId: 1 },
      { runId: 2, before: keepGateFile('main-has') },
      { runId: 3, event: pushed('b'.repeat(40)), before: keepGateFile('main-has') },
      // The pull request's own file, as a cache of its own would bring it.
      { runId: 4, event: pushed('c'.repeat(40)), before: keepGateFile('main-has', 2) },
      // The cache is gone.
      { runId: 5, event: pushed('d'.repeat(40)) },
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
      secrets: { alloovium_api_key: TEST_KEY },
    })),
  },
};

/** What the steps between do in the file: the gate file of one act is in the workspace of another. */
function keepGateFile(folderName: string, ofAct = 0): (scene: Scene) => string {
  return ({ acts }) => {
    const { outputs, temp } = acts[ofAct]![0]!.result!;
    const workspace = join(temp, '_workspace', folderName);
    mkdirSync(workspace, { recursive: true });
    copyFileSync(outputs.gate_file!, join(workspace, 'gate.json'));
    return temp;
  };
}

/** The pull request once more, at another commit. */
function pushed(sha: string): unknown {
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

const scenes = new Map<string, Scene>();
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
  const scene: Scene = { api, github, proxy, acts: [], found: [] };
  scenes.set(file, scene);
  for (const { before, ...act } of acts) {
    const temp = before?.(scene);
    const eventName = act.eventName ?? 'pull_request';
    const { head } =
      (act.event as { pull_request?: { head?: { sha: string } } } | undefined)?.pull_request ?? {};
    if (head !== undefined) github.push(7, head.sha);
    const steps = await playWorkflow(`examples/${file}`, {
      event: defaultEvent(eventName),
      runId: 1,
      secrets: SECRETS,
      ...act,
      eventName,
      token: TOKEN,
      // Through the proxy the API is where it always is.
      extraInputs: isBehindProxy ? {} : { api_url: api.url },
      env: {
        FAST_TIME_SPEED: String(SPEED),
        FAST_TIME_LEAPS: '1',
        GITHUB_API_URL: github.apiUrl,
        ...(proxy === null ? {} : { HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: ca }),
      },
      options: {
        preload: ['simulator/fast-time.mjs'],
        secrets: [TEST_KEY],
        timeoutMs: 60_000,
        ...(temp === undefined ? {} : { temp }),
      },
    });
    scene.acts.push(steps);
    for (const { result } of steps) {
      if (result === null) continue;
      const secrets = [TEST_KEY, TOKEN];
      const found = breaches({ result, api, github, secrets });
      // How long it lingers is the fault matrix's to say: here many run at once.
      scene.found.push(...found.filter((breach) => !breach.includes('after its last word')));
    }
  }
}

beforeAll(async () => {
  const left = Object.keys(EXAMPLES);
  const worker = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift()) await play(file);
  };
  await Promise.all(Array.from({ length: 2 }, worker));
}, 120_000);

afterAll(async () => {
  for (const { api, github, proxy } of scenes.values()) {
    await api.close();
    await github.close();
    await proxy?.close();
  }
  rmSync(folder, { recursive: true });
});

const scene = (file: string) => scenes.get(file)!;
/** The one step of an act, or the first. */
const result = (file: string, act = 0, step = 0) => scene(file).acts[act]![step]!.result!;

test('every example is played', () => {
  expect(readdirSync('examples').sort()).toEqual(Object.keys(EXAMPLES).sort());
});

describe.each<[file: string, conclusions: (string | null)[][]]>([
  ['gate-pull-request.yml', [['gate_failed'], ['success']]],
  ['roll-out-with-warnings.yml', [['success']]],
  ['nightly.yml', [['gate_failed'], ['gate_failed']]],
  ['compare-with-last-night.yml', [['gate_failed'], ['gate_failed'], ['gate_failed']]],
  [
    'compare-with-main.yml',
    [['gate_failed'], ['success'], ['gate_failed'], ['gate_failed'], ['gate_failed']],
  ],
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
    const { acts, found } = scene(file);
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
  const { api, github } = scene('gate-pull-request.yml');
  expect(api.runs).toHaveLength(2);
  expect(github.comments()).toHaveLength(1);
  expect(github.comments()[0]?.body).toMatch(/resolved/i);
});

test('a condition that only warns shows in comment and annotation, and the step is green', () => {
  const { github } = scene('roll-out-with-warnings.yml');
  expect(result('roll-out-with-warnings.yml').annotations).toMatchObject([{ level: 'warning' }]);
  expect(github.comments()).toHaveLength(1);
});

test('two nights are two runs, each with its dates as text; the report fits into an issue', () => {
  expect(scene('nightly.yml').api.runs.map(({ inputs }) => inputs)).toEqual([
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

test('its re-run, which is given what the first attempt kept, says the same', () => {
  const counts = [0, 1, 2].map(
    (act) => /\*\*\d new\*\*/.exec(result('compare-with-last-night.yml', act).summary)?.[0],
  );
  expect(counts).toEqual([undefined, '**1 new**', '**1 new**']);
});

test('what main has is known on a pull request; what its own last push found is not; without main’s all counts', () => {
  const of = (act: number) => result('compare-with-main.yml', act).outputs;
  expect([0, 1, 2, 3, 4].map((act) => [of(act).gate_matched_count, of(act).gate_new_count])).toEqual([
    ['2', ''],
    ['2', '0'],
    ['5', '3'],
    ['5', '3'],
    ['2', ''],
  ]);
  expect(of(1).headline).toBe('Nothing new, 2 known “not compliant”');
  expect(result('compare-with-main.yml', 4).stdout).toMatch(/`fail_on∶ new` judges as `any`∶ .*is not there/);
  expect(scene('compare-with-main.yml').github.comments()).toHaveLength(1);
});

test('of a matrix each project has its run, and the red one its comment', () => {
  const { api, github } = scene('matrix.yml');
  expect(new Set(api.runs.map(({ projectId }) => projectId)).size).toBe(3);
  expect(github.comments()).toHaveLength(1);
});

test('the job that judges joins the run that the first job launched', () => {
  const { api } = scene('launch-early-join-later.yml');
  expect(api.runs).toHaveLength(1);
  expect(result('launch-early-join-later.yml', 0, 1).outputs.run_id).toBe(
    result('launch-early-join-later.yml', 0, 0).outputs.run_id,
  );
});

test('a queue build asks nothing of the API', () => {
  expect(scene('merge-queue.yml').api.runs).toHaveLength(1);
});

test('a fork is let pass without a request; the push after the merge is judged', () => {
  expect(scene('forks-and-dependabot.yml').api.runs).toHaveLength(1);
  expect(result('forks-and-dependabot.yml').summary).toMatch(/skipped/i);
});

test('waived documents are not counted, and a waiver that nothing needs is named', () => {
  expect(result('waivers.yml').outputs.headline).toBe('1 of 5 items “not compliant”');
  const warnings = result('waivers.yml').annotations.filter(({ level }) => level === 'warning');
  expect(warnings.map(({ message }) => message)).toEqual([expect.stringContaining('waiver not needed')]);
  expect(readFileSync(result('waivers.yml').outputs.gate_file!, 'utf8')).toContain('2b8e6f04');
});

test('behind a proxy with its own CA the API is reached through it, at its own address', () => {
  const { proxy, api } = scene('self-hosted.yml');
  expect(new Set(proxy?.journal.map(({ target }) => target))).toEqual(new Set(['api.alloovium.com:443']));
  expect(api.runs).toHaveLength(1);
});

test('whatever somebody types stays one text in the inputs', () => {
  expect(scene('values-in-and-out.yml').api.runs[0]?.inputs).toEqual({
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
