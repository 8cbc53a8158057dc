/** Where the baseline of a step comes from, and the name under which it is searched. */
import { afterEach, describe, expect, test } from '@jest/globals';
import { downloadBaseline, nameGateFileAndArtifact, readBaselineFile, setBaselineBranch } from '../src/baseline-source.ts';
import type { Clock } from '../src/clock.ts';
import { BUDGET, formatGateFile, packRun } from '../src/gate/gate-file.ts';
import type { Context } from '../src/github/context.ts';
import { readInputs, type Inputs } from '../src/inputs/inputs.ts';
import { ACTIONS_BOT, startGithub, type Artifact, type Github, type WorkflowRun } from '../simulator/github.ts';
import { memoryHost } from '../simulator/memory-host.ts';

let github: Github | undefined;
afterEach(() => github?.close());

const COMMIT = 'a'.repeat(40);
const NEXT = 'b'.repeat(40);
const NAME = 'alloovium-gate-0123456789abcdef.json';
const PATH = '.github/workflows/review.yml';
const INPUTS: Inputs = {
  ...(await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' })),
  githubToken: 'token',
  baseline: 'main',
};
const HEAD = {
  time: '2026-11-27T05:30:00.000Z',
  event: 'push',
  ref: 'refs/heads/main',
  job_run: '100',
  pull_request: null,
  commit: COMMIT,
};
const ABOUT = {
  run_id: 'run_1',
  workflow_id: 'wf_1',
  project_id: 'p1',
  inputs_digest: 'abc',
  baseline_commit: null,
};
const FILE = formatGateFile(HEAD, packRun({ gate: 'passed', ...ABOUT }, [], BUDGET).text).join('');
const RUN: WorkflowRun = { id: 100, path: PATH, headSha: COMMIT, headBranch: 'main' };
const ARTIFACT: Artifact = { id: 11, name: NAME, content: FILE, run: RUN };

const context = (about: Partial<Context> = {}) =>
  ({
    apiUrl: '',
    repository: 'octo-org/specs',
    workflowPath: `octo-org/specs/${PATH}`,
    jobRunId: '999',
    commit: NEXT,
    keyScope: NEXT,
    event: 'push',
    defaultBranchRef: 'refs/heads/main',
    jobValues: [NEXT],
    ...about,
  }) as Context;

test('reads `baseline_file`, if there is one', () => {
  const host = memoryHost({});
  host.writeFile('gate.json', FILE);
  const read = (baselineFile: string) => readBaselineFile(host, { ...INPUTS, baselineFile });
  expect(read('')).toBeNull();
  expect(read('gate.json')).toMatchObject({ commit: COMMIT });
  expect(read('none.json')).toBe('there is no baseline yet (`baseline_file` does not exist)');
});

describe('downloadBaseline', () => {
  async function download(inputs: Partial<Inputs> = {}, about: Partial<Context> = {}, signal = new AbortController().signal) {
    github = await startGithub({
      tokens: { token: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
      actions: { artifacts: [ARTIFACT], runs: [RUN], branches: { main: [COMMIT] } },
    });
    const clock: Clock = {
      now: () => 0,
      date: () => 0,
      // No request has a time limit.
      sleep: (_ms, over) =>
        new Promise((_resolve, reject) => over.addEventListener('abort', () => reject(over.reason as Error), { once: true })),
    };
    const host = memoryHost({ GITHUB_REPOSITORY_ID: '987654321' });
    const job = context({ apiUrl: github.apiUrl, ...about });
    return downloadBaseline({ host, clock, signal }, { ...INPUTS, ...inputs }, job, NAME);
  }

  test('returns the file of the branch', async () => {
    expect(await download()).toMatchObject({ commit: COMMIT, event: 'push' });
  });

  test.each([
    [20_000, 60_000],
    [5_000, 5_000],
  ])('waits for GitHub for %d ms at most in a step of %d ms', async (maxMs, timeoutMs) => {
    github = await startGithub({});
    github.addFaults({ on: 'artifacts', times: 99, answer: 'stall' });
    let now = 0;
    const clock: Clock = {
      now: () => now,
      date: () => 0,
      sleep: (ms) => {
        now += ms;
        return Promise.resolve();
      },
    };
    const parts = { host: memoryHost({}), clock, signal: new AbortController().signal };
    const job = context({ apiUrl: github.apiUrl });
    expect(await downloadBaseline(parts, { ...INPUTS, timeoutMs }, job, NAME)).toEqual(expect.any(String));
    expect(now).toBe(maxMs);
  });

  test('says that there is no token', async () => {
    expect(await download({ githubToken: '' })).toMatch(/: `github_token` is empty; leave it out/);
  });

  test('says why there is no file', async () => {
    expect(await download({ baseline: 'develop' })).toMatch(/`develop`/);
  });

  test('says what is wrong with the address of the API', async () => {
    expect(await download({}, { apiUrl: 'nonsense' })).toMatch(/ \(.*\)$/);
  });

  test('throws the reason of a cancel', async () => {
    const reason = new Error('cancelled');
    await expect(download({}, {}, AbortSignal.abort(reason))).rejects.toBe(reason);
  });

  test.each<[what: string, isUsed: boolean, inputs: Partial<Inputs>, about: Partial<Context>]>([
    ['does not use the file of this commit where its run is shared', false, {}, { commit: COMMIT, keyScope: COMMIT }],
    ['uses the file of this commit where each job run has its run', true, {}, { commit: COMMIT, keyScope: `${COMMIT}-999` }],
    [
      'uses the file of this commit where `idempotency_key` says which runs are one',
      true,
      { idempotencyKey: 'mine' },
      { commit: COMMIT, keyScope: COMMIT },
    ],
  ])('%s', async (_, isUsed, inputs, about) => {
    expect(typeof (await download(inputs, about))).toBe(isUsed ? 'object' : 'string');
  });

  test('counts the files of the branch in full, whatever the default branch is', async () => {
    expect(await download({}, { defaultBranchRef: 'refs/heads/trunk' })).toMatchObject({ commit: COMMIT });
  });
});

test.each([
  ['', 'refs/heads/trunk'],
  ['release/1', 'refs/heads/release/1'],
])('counts the files of the branch %j in full', (branch, ref) => {
  const job = context({ defaultBranchRef: 'refs/heads/trunk' });
  expect(setBaselineBranch(job, branch)).toEqual({ ...job, defaultBranchRef: ref });
});

describe('the name of the `gate_file`', () => {
  const nameOf = (inputs: Partial<Inputs> = {}, about: Partial<Context> = {}) =>
    nameGateFileAndArtifact({ ...INPUTS, ...inputs }, context(about));
  const SEVERAL = { runs: [] };

  test('has sixteen characters that distinguish it', () => {
    expect(nameOf()).toMatch(/^alloovium-gate-[0-9a-f]{16}\.json$/);
  });

  test.each<[what: string, one: string, another: string]>([
    ['of two commits', nameOf(), nameOf({}, { commit: COMMIT, jobValues: [COMMIT], keyScope: COMMIT })],
    ['of inputs that name the commit', nameOf({ inputs: { at: NEXT } }), nameOf({ inputs: { at: COMMIT } }, { jobValues: [COMMIT] })],
    ['of several runs with other inputs', nameOf(SEVERAL), nameOf({ ...SEVERAL, inputs: { a: 1 } })],
  ])('is the same %s', (_, one, another) => {
    expect(one).toBe(another);
  });

  test.each<[what: string, other: string]>([
    ['workflow file', nameOf({}, { workflowPath: 'octo-org/specs/.github/workflows/other.yml' })],
    ['comment key', nameOf({ commentKey: ['other'] })],
    ['title', nameOf({ authorTitle: 'Other' })],
    ['workflow', nameOf({ workflowId: 'wf_2' })],
    ['project', nameOf({ projectId: 'p2' })],
    ['inputs', nameOf({ inputs: { a: 1 } })],
    ['number of runs', nameOf(SEVERAL)],
  ])('is another for another %s', (_, other) => {
    expect(other).not.toBe(nameOf());
  });
});
