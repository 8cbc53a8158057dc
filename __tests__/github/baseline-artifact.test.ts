import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Clock } from '../../src/clock.ts';
import { fetchBaseline, type BaselineArtifact } from '../../src/github/baseline-artifact.ts';
import { contractViolations } from '../../simulator/contract.ts';
import {
  ACTIONS_BOT,
  BAD_GATEWAY,
  startGithub,
  type ActionsOptions,
  type Artifact,
  type Fault,
  type Github,
  type Identity,
  type WorkflowRun,
} from '../../simulator/github.ts';

const NAME = 'alloovium-gate-0123456789abcdef.json';
const CONTENT = '{"version":1}';
const OLD = '1'.repeat(40);
const MIDDLE = '2'.repeat(40);
const NEW = '3'.repeat(40);
const ELSEWHERE = '4'.repeat(40);
const PATH = '.github/workflows/review.yml';
const RUN: WorkflowRun = { id: 100, path: PATH, headSha: MIDDLE, headBranch: 'main' };
const ARTIFACT: Artifact = { id: 11, name: NAME, content: CONTENT, run: RUN };
const BRANCHES = { main: [OLD, MIDDLE, NEW], develop: [OLD, ELSEWHERE], 'release/1': [OLD, MIDDLE] };

/** Pauses end at once. The time limit of a request waits for real, so that a busy machine cuts no other request. */
function testClock(hangMs: number): Clock {
  let now = 0;
  return {
    now: () => now,
    date: () => 0,
    sleep: async (ms, signal) => {
      if (ms >= 5_000) await sleep(hangMs, undefined, { signal });
      now += ms;
    },
  };
}

let github: Github | undefined;
afterEach(() => github?.close());

interface Setting {
  readonly actions?: ActionsOptions;
  readonly wanted?: Partial<BaselineArtifact>;
  readonly missingPermissions?: Identity['missingPermissions'];
  readonly faults?: readonly Fault[];
  readonly hangMs?: number;
  readonly clock?: Clock;
}

async function fetchFrom({
  actions = {},
  wanted = {},
  missingPermissions: lacks = [],
  faults = [],
  hangMs = 20_000,
  clock = testClock(hangMs),
}: Setting) {
  github = await startGithub({
    tokens: {
      token: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused', missingPermissions: lacks },
    },
    actions: { artifacts: [ARTIFACT], runs: [RUN], branches: BRANCHES, ...actions },
  });
  github.addFaults(...faults);
  const fetched = await fetchBaseline(
    {
      apiUrl: github.apiUrl,
      token: 'token',
      repository: github.repository,
      name: NAME,
      branch: 'main',
      workflowPath: `${github.repository}/${PATH}`,
      repositoryId: 987_654_321,
      jobRunId: '999',
      budgetMs: 20_000,
      whyNotFull: () => '',
      ...wanted,
    },
    { clock, signal: new AbortController().signal, proxy: null, proxyFor: () => null },
  );
  expect(github.journal.flatMap(contractViolations)).toEqual([]);
  return 'content' in fetched ? Buffer.from(fetched.content).toString() : fetched.reason;
}

const forged = (run: Partial<WorkflowRun>): Setting => ({ actions: { runs: [{ ...RUN, ...run }] } });
const listed = (artifact: Partial<Artifact>): Setting => ({
  actions: { artifacts: [{ ...ARTIFACT, ...artifact }] },
});
/** Newer artifacts of the name, of another branch. */
const newer = (count: number): Artifact[] =>
  Array.from({ length: count }, (_, at) => ({
    ...ARTIFACT,
    id: 1_000 + at,
    run: { ...RUN, headBranch: 'develop' },
  }));
const answered = (on: Fault['on'], status: number, body: unknown): Setting => ({
  faults: [{ on, times: 9, answer: { status, body } }],
});
const entry = (change: object, run: object = {}): Setting =>
  answered('artifacts', 200, {
    total_count: 1,
    artifacts: [
      {
        id: 11,
        name: NAME,
        size_in_bytes: 13,
        expired: false,
        workflow_run: { id: 100, head_repository_id: 987_654_321, head_branch: 'main', ...run },
        ...change,
      },
    ],
  });
const lost = (on: Fault['on']): Setting => ({ faults: [{ on, times: 9, answer: BAD_GATEWAY }] });

describe('fetchBaseline', () => {
  test.each<[string, Setting]>([
    ['of the branch', {}],
    ['of a branch with a slash', { ...listed({ run: { ...RUN, headBranch: 'release/1' } }), wanted: { branch: 'release/1' } }],
    ['of the head of the branch', forged({ headSha: NEW })],
    ['of a schedule', forged({ event: 'schedule' })],
    ['whose run names the ref of its workflow file', forged({ path: `${PATH}@refs/heads/main` })],
    ['after a gateway’s answer', { faults: [{ on: 'artifacts', answer: BAD_GATEWAY }] }],
    ['after a lost download', { actions: { store: ['cut', 'ok'] } }],
    ['after an address that is no longer valid', { actions: { store: [403, 'ok'] } }],
    ['of 8 MiB by its list', listed({ sizeInBytes: 8 * 1024 * 1024 })],
    ['behind 250 newer artifacts', { actions: { artifacts: [...newer(250), ARTIFACT] } }],
  ])('fetches the file %s', async (_name, setting) => {
    expect(await fetchFrom(setting)).toBe(CONTENT);
  });

  test('takes the newest run, in any order of the list', async () => {
    const runs = [100, 300, 200].map((id) => ({ ...RUN, id }));
    const artifacts = runs.map((run) => ({ ...ARTIFACT, id: run.id, content: String(run.id), run }));
    expect(await fetchFrom({ actions: { runs, artifacts } })).toBe('300');
  });

  test('takes the later upload of two of one run', async () => {
    const artifacts = [12, 13].map((id) => ({ ...ARTIFACT, id, content: String(id) }));
    expect(await fetchFrom({ actions: { artifacts } })).toBe('13');
  });

  test('takes the newest run, also if an older one uploaded its artifact later', async () => {
    const runs = [100, 200].map((id) => ({ ...RUN, id }));
    const artifacts = runs.map((run) => ({
      ...ARTIFACT,
      id: 1_000 - run.id,
      content: String(run.id),
      run,
    }));
    expect(await fetchFrom({ actions: { runs, artifacts } })).toBe('200');
  });

  test('skips a file that is not usable in full', async () => {
    const runs = [100, 200].map((id) => ({ ...RUN, id }));
    const artifacts = runs.map((run) => ({ ...ARTIFACT, id: run.id, content: String(run.id), run }));
    const whyNotFull = (content: Uint8Array) => (Buffer.from(content).toString() === '200' ? 'it is red' : '');
    expect(await fetchFrom({ actions: { runs, artifacts }, wanted: { whyNotFull } })).toBe('100');
  });

  test('skips an artifact that fails a check', async () => {
    const runs = [{ ...RUN, id: 200, event: 'pull_request' }, RUN];
    const artifacts = runs.map((run) => ({ ...ARTIFACT, id: run.id, content: String(run.id), run }));
    expect(await fetchFrom({ actions: { runs, artifacts } })).toBe('100');
  });

  test('checks five artifacts at most', async () => {
    const runs = [1, 2, 3, 4, 5, 6, 7].map((id) => ({ ...RUN, id }));
    const artifacts = runs.map((run) => ({ ...ARTIFACT, id: run.id, run }));
    expect(await fetchFrom({ actions: { runs, artifacts }, wanted: { whyNotFull: () => 'it is red' } })).toBe('it is red');
    expect(github?.actions.downloads).toHaveLength(5);
  });

  test.each<[string, Setting, RegExp]>([
    ['of another name', listed({ name: 'other.json' }), /^the branch `main` has no artifact .* `archive: false`$/],
    ['of another branch', listed({ run: { ...RUN, headBranch: 'develop' } }), /^the branch `main` has no artifact/],
    ['of a fork', listed({ run: { ...RUN, headRepositoryId: 5 } }), /^the branch `main` has no artifact/],
    ['of this job run', { wanted: { jobRunId: '100' } }, /^the branch `main` has no artifact/],
    ['over 8 MiB', listed({ sizeInBytes: 9e6 }), /^the branch `main` has no artifact/],
    ['whose run GitHub does not name', listed({ run: null }), /^the branch `main` has no artifact/],
    ['that has expired', listed({ expired: true }), /has expired: run this workflow there again/],
    ['of a pull request’s run', forged({ event: 'pull_request' }), /was not written on a push, a schedule or a dispatch/],
    ['of another workflow file', forged({ path: '.github/workflows/other.yml' }), /another workflow file/],
    ['whose commit is not on the branch', forged({ headSha: ELSEWHERE }), /a commit that is not on `main`/],
    ['of a tag with the branch’s name', { actions: { branches: { develop: [OLD] } } }, /there is no branch `main`/],
    ['whose run is gone', { actions: { runs: [] } }, /the workflow run that wrote the baseline of `main` was not found/],
    ['that is a zip file', listed({ content: 'PK\u0003\u0004' }), /its upload step needs `archive: false`/],
    ['without a digest', listed({ digest: null }), /states no digest/],
    ['with another digest', listed({ digest: `sha256:${'0'.repeat(64)}` }), /is damaged or was changed/],
    ['whose list may not be read', { missingPermissions: ['actions'] }, /`permissions: \{ actions: read, contents: read \}`/],
    ['whose branch may not be read', { missingPermissions: ['contents'] }, /\(403\)/],
    ['whose list fails', lost('artifacts'), /could not be fetched: GitHub gave no usable answer/],
    ['whose comparison fails', lost('compare'), /could not be fetched/],
    ['whose download fails', { actions: { store: ['cut'] } }, /could not be fetched from/],
    ['whose download hangs', { actions: { store: ['stall'] }, hangMs: 200 }, /could not be fetched from/],
    ['whose store redirects again', { actions: { store: ['redirect'] } }, /could not be fetched from/],
    ['behind plain HTTP', { actions: { redirectTo: 'http://evil.example/a' } }, /not `https:`/],
    ['for a token that GitHub rejects', answered('artifacts', 401, {}), /could not be fetched \(401\): give the job/],
    ['of a list without artifacts', answered('artifacts', 200, {}), /could not be fetched: GitHub gave no usable/],
    ['without an ID', entry({ id: null }), /^the branch `main` has no artifact/],
    ['without a size', entry({ size_in_bytes: null }), /^the branch `main` has no artifact/],
    ['without the ID of its run', entry({}, { id: null }), /^the branch `main` has no artifact/],
    ['without the repository of its run', entry({}, { head_repository_id: null }), /^the branch `main` has no artifact/],
    ['of another name in the list', entry({ name: 'other.json' }), /^the branch `main` has no artifact/],
    [
      'of a branch for which GitHub names another',
      answered('ref', 200, { ref: 'refs/heads/main-2', object: { sha: NEW } }),
      /could not be fetched: GitHub gave no usable/,
    ],
    ['whose list states no digest', entry({}), /states no digest/],
    ['behind no address', { actions: { redirectTo: 'nowhere' } }, /not `https:`/],
  ])('gives a reason why it fetches no artifact %s', async (_name, setting, reason) => {
    expect(await fetchFrom(setting)).toMatch(reason);
  });

  test('ends a download that hangs with the time for the whole baseline', async () => {
    const isLate = () => github?.journal.some(({ operation }) => operation === 'download') === true;
    const timersMs: number[] = [];
    const clock: Clock = {
      now: () => (isLate() ? 19_000 : 0),
      date: () => 0,
      sleep: async (ms, signal) => {
        timersMs.push(ms);
        if (ms > 1_000) await sleep(60_000, undefined, { signal });
      },
    };
    expect(await fetchFrom({ actions: { store: ['stall'] }, clock })).toMatch(/^the baseline could not be fetched/);
    expect(timersMs).toContain(1_000);
  });

  test('says that a name is hidden behind newer artifacts', async () => {
    const artifacts = Array.from({ length: 400 }, (_, at) => ({
      ...ARTIFACT,
      id: at + 1,
      run: { ...RUN, headBranch: 'develop' },
    }));
    expect(await fetchFrom({ actions: { artifacts } })).toMatch(/not among the newest 300/);
  });

  test('sends no token and no header of the API to the store', async () => {
    await fetchFrom({});
    const [download] = github?.actions.downloads ?? [];
    expect(download?.headers).not.toHaveProperty('authorization');
    expect(JSON.stringify(download?.headers)).not.toMatch(/token|octokit|alloovium/i);
  });

  test('compares commits, never the branch’s name', async () => {
    await fetchFrom({});
    const compared = github?.journal.filter(({ operation }) => operation === 'compare') ?? [];
    expect(compared.map(({ path }) => path)).toEqual([`/repos/octo-org/specs/compare/${NEW}...${MIDDLE}?per_page=1`]);
  });
});
