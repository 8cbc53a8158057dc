import '@actions/github';
import { describe, expect, test } from '@jest/globals';
import type { Artifact, Fault, WorkflowRun } from '../../simulator/github.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { formatBaseline } from '../../src/baseline.ts';
import { fetchBaseline, nameBaseline, saveBaseline } from '../../src/github/artifact.ts';
import type { Context } from '../../src/github/context.ts';
import type { Runner } from '../../src/github/runner.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { GithubFailure } from '../../src/outcome.ts';
import { items, result, reviewGate } from '../gate/reviews.ts';
import { fakeGithub } from './fake-github.ts';

const CONTEXT = {
  workflowFile: '.github/workflows/submittals.yml',
  job: 'review',
  stepId: 'alloovium',
  workflowRunId: '900',
  serverUrl: 'https://github.com',
  isPrivate: true,
} as Context;
const INPUTS = { baseline: 'main', matrix: null, title: '', jobSummary: true } as Inputs;
const NAME = nameBaseline(CONTEXT, INPUTS);
const [OLD, NEW, HEAD, ELSEWHERE] = ['1', '2', '3', 'e'].map((digit) => digit.repeat(40)) as [string, string, string, string];
const REVIEW = reviewGate([result(items('a 1'))]).saved;
const FILE = formatBaseline([REVIEW], true);
const savedAt = '2026-04-08T09:00:00Z';

/** An artifact, and how its job run differs from a push to main. */
type Kept = Partial<Omit<Artifact, 'run'>> & { readonly of?: Partial<WorkflowRun> & { readonly headRepositoryId?: number } };

/** A repository with these artifacts, with the branches `main` and `old`, and with a commit that is on no branch. */
function storeOf(kept: readonly Kept[], ...faults: readonly Fault[]) {
  const all = kept.map(({ of, ...artifact }) => {
    const run = { id: 100, event: 'push', path: CONTEXT.workflowFile, headBranch: 'main', headSha: NEW, ...of };
    return { id: 1, name: NAME, content: FILE, createdAt: savedAt, run, ...artifact };
  });
  const runs = all.map(({ run }) => ({ ...run, path: `${run.path}@refs/heads/main` }));
  const fake = fakeGithub({ artifacts: all, runs, branches: { main: [OLD, NEW, HEAD], old: [OLD] } });
  fake.addFaults(...faults.map((fault) => ({ times: 99, ...fault })));
  const find = (context: Partial<Context> = {}, inputs: Partial<Inputs> = {}, github = fake.github) =>
    fake.run(fetchBaseline(github, { ...CONTEXT, ...context }, { ...INPUTS, ...inputs }));
  return { ...fake, find };
}

const untrusted = (why: string) => ({ code: 'untrusted', branch: 'main', why });

const notFetched = { code: 'not_fetched', failure: new GithubFailure('no_answer', 'the answer is over 8 MiB') };

describe('fetching the baseline', () => {
  test('finds what the branch kept, and sends the token to GitHub alone', async () => {
    const { find, journal, actions } = storeOf([{}]);
    expect(await find()).toEqual({
      code: 'usable',
      commit: NEW,
      savedAt,
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      entries: [REVIEW],
    });
    expect(journal.map(({ headers }) => 'authorization' in headers)).toEqual(Array(5).fill(true));
    expect(actions.downloads.map(({ headers }) => 'authorization' in headers)).toEqual([false]);
  });

  test.each<[title: string, artifact: Kept, expected: object]>([
    ['by a fork', { of: { headRepositoryId: 2 } }, untrusted('fork')],
    ['by a pull request', { of: { event: 'pull_request' } }, untrusted('other_event')],
    ['by a pull request with the base’s rights', { of: { event: 'pull_request_target' } }, untrusted('other_event')],
    ['by a dispatch from outside', { of: { event: 'repository_dispatch' } }, untrusted('other_event')],
    ['by a comment', { of: { event: 'issue_comment' } }, untrusted('other_event')],
    ['by another workflow file', { of: { path: '.github/workflows/other.yml' } }, untrusted('other_file')],
    ['by a file whose name goes on', { of: { path: `${CONTEXT.workflowFile}.yml` } }, untrusted('other_file')],
    ['by another branch', { of: { headBranch: 'feature' } }, untrusted('other_branch')],
    ['by this job run’s earlier attempt', { of: { id: 900 } }, untrusted('this_job_run')],
    ['at a commit of a tag called `main`', { of: { headSha: ELSEWHERE } }, untrusted('commit_not_on_branch')],
    ['with a wrong digest', { digest: `sha256:${'0'.repeat(64)}` }, { code: 'damaged' }],
    ['without a digest', { digest: null }, { code: 'damaged' }],
    ['that has expired', { expired: true }, { code: 'expired', savedAt }],
    ['that is over 8 MiB', { content: new Uint8Array(8 * 1024 * 1024 + 1) }, { code: 'damaged' }],
    ['that is larger than GitHub says', { content: new Uint8Array(8 * 1024 * 1024 + 1), sizeInBytes: 100 }, notFetched],
    ['that is cut', { content: FILE.slice(0, -9) }, { code: 'damaged' }],
    ['that is a zip', { content: 'PK\u0003\u0004…' }, { code: 'damaged' }],
    ['that is a `gate_file`', { content: '{"version":1,"items":[]}' }, { code: 'missing', branch: 'main' }],
    ['of another version', { content: '{"version":9,"entries":[]}' }, { code: 'missing', branch: 'main' }],
    ['of another name', { name: 'other.json' }, { code: 'missing', branch: 'main' }],
  ])('knows nothing by an artifact %s', async (_title, artifact, expected) => {
    expect(await storeOf([artifact]).find()).toEqual(expected);
  });

  test.each<[title: string, artifacts: readonly Kept[], commit: string]>([
    ['of a push at the head', [{ of: { headSha: HEAD } }], HEAD],
    ['of a night', [{ of: { event: 'schedule' } }], NEW],
    ['of a run by hand on an older commit', [{ of: { event: 'workflow_dispatch', headSha: OLD } }], OLD],
    ['of the newest job run, however late an older one was run again', [{}, { id: 7, of: { id: 90, headSha: OLD } }], NEW],
    ['of the newest attempt', [{}, { id: 7, of: { headSha: HEAD } }], HEAD],
    ['of this workflow file', [{}, { id: 7, of: { id: 200, path: 'x.yml' } }, { id: 8, of: { id: 300, event: 'pull_request' } }], NEW],
    [
      'among more than 100',
      [...Array.from({ length: 100 }, (_, nth) => ({ of: { id: nth + 1, event: 'issues' } })), { of: { id: 300 } }],
      NEW,
    ],
  ])('takes the artifact %s', async (_title, artifacts, commit) => {
    for (const list of [artifacts, artifacts.toReversed()]) expect(await storeOf(list).find()).toMatchObject({ code: 'usable', commit });
  });

  test('looks at the newest 300 only', async () => {
    const strangers = Array.from({ length: 300 }, (_, nth) => ({ of: { id: nth + 1, event: 'issues' } }));
    expect(await storeOf([...strangers, { of: { id: 900_000 } }]).find()).toEqual(untrusted('other_event'));
  });

  test('does not fall back to an older one where the newest is damaged', async () => {
    expect(await storeOf([{}, { id: 2, digest: null, of: { id: 101 } }]).find()).toEqual({ code: 'damaged' });
  });

  test.each<[title: string, fault: Fault, expected: object, ms: number]>([
    ['no permission for artifacts', { on: 'artifacts', answer: { status: 403 } }, { failure: { code: 'forbidden', status: 403 } }, 0],
    ['no permission for contents', { on: 'compare', answer: { status: 403 } }, { failure: { code: 'forbidden' } }, 0],
    ['a token that GitHub rejects', { on: 'artifacts', answer: { status: 401 } }, { failure: { code: 'unauthorised' } }, 0],
    ['a hanging store', { on: 'content', answer: 'stall' }, { code: 'timed_out' }, 20_000],
    ['a hanging GitHub', { on: 'artifacts', answer: 'stall' }, { code: 'timed_out' }, 20_000],
    [
      'a store that answers 500',
      { on: 'content', answer: { status: 500 } },
      { code: 'not_fetched', failure: { code: 'no_answer' } },
      3_000,
    ],
    ['a store that refuses', { on: 'content', answer: 'reset' }, { failure: { code: 'no_answer' } }, 3_000],
    ['a torn list', { on: 'artifacts', answer: 'truncated' }, { failure: { code: 'no_answer' } }, 3_000],
    ['a torn file', { on: 'content', answer: 'truncated' }, { code: 'damaged' }, 0],
    ['an artifact that is deleted meanwhile', { on: 'download', answer: { status: 410 } }, { failure: { code: 'rejected' } }, 0],
  ])('says so after %s', async (_title, fault, expected, ms) => {
    const { find, clock } = storeOf([{}], fault);
    expect(await find()).toMatchObject(expected);
    expect(clock.now()).toBe(ms);
  });

  test.each<[title: string, context: Partial<Context>, inputs: Partial<Inputs>, expected: object, calls: number]>([
    ['without `baseline`', {}, { baseline: '' }, { code: 'none' }, 0],
    ['on GitHub Enterprise Server', { serverUrl: 'https://git.example.com' }, {}, { code: 'enterprise_server' }, 0],
    ['for a branch that does not exist', {}, { baseline: 'master' }, { code: 'no_branch', branch: 'master' }, 2],
    ['for a branch without one', {}, { baseline: 'old' }, { code: 'untrusted', branch: 'old', why: 'other_branch' }, 2],
    ['for another leg of a matrix', {}, { matrix: { project: 'b' } }, { code: 'missing', branch: 'main' }, 2],
    ['for another title', {}, { title: 'Fire' }, { code: 'missing', branch: 'main' }, 2],
    ['for another job', { job: 'other' }, {}, { code: 'missing', branch: 'main' }, 2],
    ['for another step', { stepId: 'other' }, {}, { code: 'missing', branch: 'main' }, 2],
  ])('finds none %s', async (_title, context, inputs, expected, calls) => {
    const { find, journal } = storeOf([{}]);
    expect(await find(context, inputs)).toEqual(expected);
    expect(journal).toHaveLength(calls);
  });

  test('ends with the step’s signal', async () => {
    const { find, github } = storeOf([{}]);
    expect(await find({}, {}, { ...github, signal: AbortSignal.abort() })).toEqual({ code: 'timed_out' });
  });
});

describe('saving the baseline', () => {
  /** Keeps with an upload of the caller's; returns the result, the log and what was written. */
  async function keep(upload?: () => Promise<void>, context: Partial<Context> = {}, inputs: Partial<Inputs> = {}, kept = [REVIEW]) {
    const clock = virtualClock();
    const log: string[] = [];
    let written = '';
    const runner = {
      startGroup: ({ safe }: { readonly safe: string }) => void log.push(`group ${safe}`),
      endGroup: () => void log.push('end'),
      writeFile: (name: string, text: string) => {
        written = text;
        return `/tmp/x/${name}`;
      },
    } as unknown as Runner;
    const { signal } = new AbortController();
    const step = [
      { ...CONTEXT, ...context },
      { ...INPUTS, ...inputs },
    ] as const;
    const uploading = saveBaseline(...step, kept, { runner, clock, signal }, async (name, file) => {
      log.push(`upload ${name} ${file}`);
      await upload?.();
    });
    return { result: await clock.run(uploading), log, written, ms: clock.now() };
  }

  test('uploads one file of the artifact’s name, in a group', async () => {
    const kept = await keep();
    expect(kept.log).toEqual(['group Save the baseline', `upload ${NAME} /tmp/x/${NAME}`, 'end']);
    expect(NAME).toMatch(/^alloovium-baseline-review-[0-9a-f]{12}\.json$/);
    expect(kept).toMatchObject({ result: { code: 'saved' }, written: FILE });
  });

  test.each<[title: string, context: Partial<Context>, inputs: Partial<Inputs>, hasValues: boolean]>([
    ['values on a private repository', {}, {}, true],
    ['no values on a public repository', { isPrivate: false }, {}, false],
    ['no values with `job_summary: false`', {}, { jobSummary: false }, false],
  ])('keeps %s', async (_title, context, inputs, hasValues) => {
    const { written } = await keep(undefined, context, inputs);
    expect(written.includes('["a","1"]')).toBe(hasValues);
  });

  test('says what the library says, once it fails', async () => {
    const { result: kept, log } = await keep(() => Promise.reject(new Error('Failed to CreateArtifact: (409) Conflict')));
    expect([kept, log.at(-1)]).toEqual([{ code: 'failed', message: 'Failed to CreateArtifact: (409) Conflict' }, 'end']);
  });

  test('is given up after 20 s', async () => {
    const { result: kept, ms, log } = await keep(() => new Promise(() => undefined));
    expect([kept, ms, log.at(-1)]).toEqual([{ code: 'timed_out' }, 20_000, 'end']);
  });

  test('does not keep more than is read', async () => {
    const long = Array.from(
      { length: 700 },
      (_, nth) => reviewGate([result(items('a 1'))], { entry: `${'x'.repeat(12_000)}${nth}` }).saved,
    );
    expect(await keep(undefined, {}, {}, long)).toMatchObject({ result: { code: 'too_large' }, log: [] });
  });
});
