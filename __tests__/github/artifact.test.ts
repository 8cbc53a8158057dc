import '@actions/github';
import { describe, expect, test } from '@jest/globals';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { fetchBaseline, keepBaseline } from '../../src/github/artifact.ts';
import type { Context } from '../../src/github/context.ts';
import type { Runner } from '../../src/github/runner.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import { items, result, review } from '../gate/reviews.ts';
import { ARTIFACT, CONTEXT, ELSEWHERE, fakeStore, FILE, HEAD, INPUTS, KEPT, NEW, OLD, type Artifact, type Fault } from './fake-store.ts';

const GOOD = { code: 'usable', baseline: { commit: NEW, keptAt: ARTIFACT.created_at, entries: [KEPT] } };
const untrusted = (why: string) => ({ code: 'untrusted', branch: 'main', why });

describe('fetching the baseline', () => {
  test('finds what the branch kept, and sends the token to GitHub alone', async () => {
    const { find, sent } = fakeStore([ARTIFACT]);
    expect(await find()).toEqual(GOOD);
    expect(sent.filter(({ hasToken }) => !hasToken)).toEqual([{ path: 'store.example.com/1', hasToken: false }]);
    expect(sent).toHaveLength(6);
  });

  // prettier-ignore
  test.each<[title: string, artifact: Partial<Artifact>, expected: object]>([
    ['by a fork', { headRepository: 2 }, untrusted('fork')],
    ['by a pull request', { event: 'pull_request' }, untrusted('other_event')],
    ['by a pull request with the base’s rights', { event: 'pull_request_target' }, untrusted('other_event')],
    ['by a dispatch from outside', { event: 'repository_dispatch' }, untrusted('other_event')],
    ['by a comment', { event: 'issue_comment' }, untrusted('other_event')],
    ['by another workflow file', { path: '.github/workflows/other.yml' }, untrusted('other_file')],
    ['by a file whose name goes on', { path: `${CONTEXT.workflowFile}.yml` }, untrusted('other_file')],
    ['by another branch', { branch: 'feature' }, untrusted('other_branch')],
    ['by this job run’s earlier attempt', { run: 900 }, untrusted('this_job_run')],
    ['at a commit of a tag called `main`', { commit: ELSEWHERE }, untrusted('commit_not_on_branch')],
    ['with a wrong digest', { digest: `sha256:${'0'.repeat(64)}` }, { code: 'changed' }],
    ['without a digest', { digest: null }, { code: 'changed' }],
    ['that has expired', { expired: true }, { code: 'expired', keptAt: ARTIFACT.created_at }],
    ['that is over 8 MiB', { content: new Uint8Array(8 * 1024 * 1024 + 1) }, { code: 'too_large' }],
    ['that is larger than GitHub says', { content: new Uint8Array(8 * 1024 * 1024 + 1), size: 100 }, { code: 'too_large' }],
    ['that is cut', { content: FILE.slice(0, -9) }, { code: 'unreadable' }],
    ['that is a zip', { content: 'PK\u0003\u0004…' }, { code: 'unreadable' }],
    ['that is a `gate_file`', { content: '{"version":1,"items":[]}' }, { code: 'unreadable' }],
    ['of another version', { content: '{"version":9,"entries":[]}' }, { code: 'unreadable' }],
    ['of another name', { name: 'other.json' }, { code: 'missing', branch: 'main' }],
  ])('knows nothing by an artifact %s', async (_title, artifact, expected) => {
    expect(await fakeStore([{ ...ARTIFACT, ...artifact }]).find()).toEqual(expected);
  });

  // prettier-ignore
  test.each<[title: string, event: string, commit: string]>([
    ['a push at the head', 'push', HEAD],
    ['a night', 'schedule', NEW],
    ['a run by hand on an older commit', 'workflow_dispatch', OLD],
  ])('counts %s', async (_title, event, commit) => {
    expect(await fakeStore([{ ...ARTIFACT, event, commit }]).find()).toMatchObject({ code: 'usable', baseline: { commit } });
  });

  // prettier-ignore
  test.each<[title: string, others: Partial<Artifact>[], commit: string]>([
    ['of the newest job run, however late an older one was run again', [{ id: 7, run: 90, commit: OLD }], NEW],
    ['of the newest attempt', [{ id: 7, run: 100, commit: HEAD }], HEAD],
    ['of this workflow file, before others', [{ id: 7, run: 200, path: 'x.yml' }, { id: 8, run: 300, event: 'pull_request' }, { id: 9, run: 900 }], NEW],
  ])('takes the artifact %s', async (_title, others, commit) => {
    const all = [ARTIFACT, ...others.map((one) => ({ ...ARTIFACT, ...one }))];
    for (const artifacts of [all, all.toReversed()])
      expect(await fakeStore(artifacts).find()).toMatchObject({ code: 'usable', baseline: { commit } });
  });

  test('finds it among more than 100', async () => {
    const others = Array.from({ length: 100 }, (_, nth) => ({ ...ARTIFACT, id: nth + 2, run: nth + 1, commit: OLD, event: 'issues' }));
    const { find, sent } = fakeStore([...others.slice(0, 99), others[99]!, { ...ARTIFACT, run: 300 }]);
    expect(await find()).toMatchObject(GOOD);
    expect(sent).toHaveLength(7);
  });

  test('does not fall back to an older one where the newest is damaged', async () => {
    expect(await fakeStore([ARTIFACT, { ...ARTIFACT, id: 2, run: 101, digest: null }]).find()).toEqual({ code: 'changed' });
  });

  // prettier-ignore
  test.each<[title: string, faults: Record<string, Fault>, expected: object, ms: number]>([
    ['no permission for artifacts', { '/actions/artifacts': 403 }, { code: 'not_fetched', failure: { code: 'forbidden', status: 403 } }, 0],
    ['no permission for contents', { '/compare/': 403 }, { code: 'not_fetched', failure: { code: 'forbidden' } }, 0],
    ['a token that GitHub rejects', { 'api.github.com': 401 }, { code: 'not_fetched', failure: { code: 'unauthorised' } }, 0],
    ['a hanging store', { 'store.example.com': 'hang' }, { code: 'timed_out' }, 20_000],
    ['a hanging GitHub', { 'api.github.com': 'hang' }, { code: 'timed_out' }, 20_000],
    ['a store that answers 500', { 'store.example.com': 500 }, { code: 'not_fetched', failure: { code: 'no_answer' } }, 3_000],
    ['a store that refuses', { 'store.example.com': 'refused' }, { code: 'not_fetched', failure: { code: 'no_answer' } }, 3_000],
    ['a torn list', { '/actions/artifacts': 'torn' }, { code: 'not_fetched', failure: { code: 'no_answer' } }, 3_000],
    ['a torn file', { 'store.example.com': 'torn' }, { code: 'changed' }, 0],
    ['an artifact that is deleted meanwhile', { '/zip': 410 }, { code: 'not_fetched', failure: { code: 'rejected', status: 410 } }, 0],
  ])('says so after %s', async (_title, faults, expected, ms) => {
    const { find, clock } = fakeStore([ARTIFACT], faults);
    expect(await find()).toMatchObject(expected);
    expect(clock.now()).toBe(ms);
  });

  // prettier-ignore
  test.each<[title: string, context: Partial<Context>, inputs: Partial<Inputs>, expected: object, calls: number]>([
    ['without `baseline`', {}, { baseline: '' }, { code: 'none' }, 0],
    ['on GitHub Enterprise Server', { serverUrl: 'https://git.example.com' }, {}, { code: 'enterprise_server' }, 0],
    ['for a branch that does not exist', {}, { baseline: 'master' }, { code: 'no_branch', branch: 'master' }, 2],
    ['for a branch without one', {}, { baseline: 'old' }, { code: 'untrusted', branch: 'old', why: 'other_branch' }, 2],
    ['for another leg of a matrix', {}, { leg: '{"project":"b"}' }, { code: 'missing', branch: 'main' }, 2],
    ['for another title', {}, { title: 'Fire' }, { code: 'missing', branch: 'main' }, 2],
    ['for another job', { job: 'other' }, {}, { code: 'missing', branch: 'main' }, 2],
    ['for another step', { step: 'other' }, {}, { code: 'missing', branch: 'main' }, 2],
  ])('finds none %s', async (_title, context, inputs, expected, calls) => {
    const { find, sent } = fakeStore([ARTIFACT]);
    expect(await find({ ...CONTEXT, ...context }, { ...INPUTS, ...inputs })).toEqual(expected);
    expect(sent).toHaveLength(calls);
  });

  test('ends with the step’s signal', async () => {
    const { github, clock } = fakeStore([ARTIFACT]);
    const stopped = { ...github, signal: AbortSignal.abort() };
    expect(await clock.run(fetchBaseline(stopped, CONTEXT, INPUTS))).toMatchObject({ failure: { code: 'stopped' } });
  });

  test('needs a token', async () => {
    const { github, clock } = fakeStore([ARTIFACT]);
    expect(await clock.run(fetchBaseline({ ...github, token: '' }, CONTEXT, INPUTS))).toMatchObject({ failure: { code: 'no_token' } });
  });
});

describe('keeping the baseline', () => {
  const reviews = [review([result(items('a 1'))]).evaluated];

  /** Keeps with an upload of the caller's; returns the result, the log and what was written. */
  async function keep(upload?: () => Promise<void>, context: Partial<Context> = {}, inputs: Partial<Inputs> = {}, kept = reviews) {
    const clock = virtualClock();
    const stop = new AbortController();
    const log: string[] = [];
    const runner = {
      startGroup: ({ safe }: { readonly safe: string }) => void log.push(`group ${safe}`),
      endGroup: () => void log.push('end'),
      writeFile: (name: string, text: string) => {
        log.push(`write ${name}`);
        written = text;
        return `/tmp/x/${name}`;
      },
    };
    let written = '';
    const parts = {
      runner: runner as unknown as Runner,
      clock,
      signal: stop.signal,
      context: { ...CONTEXT, ...context },
      inputs: { ...INPUTS, ...inputs },
    };
    const uploading = keepBaseline(parts, kept, async (name, file) => {
      log.push(`upload ${name} ${file}`);
      await upload?.();
    });
    return { result: await clock.run(uploading), log, written, ms: clock.now() };
  }
  const NAME = ARTIFACT.name;

  test('uploads one file of the artifact’s name, in a group', async () => {
    const { result: kept, log, written } = await keep();
    expect(kept).toEqual({ code: 'kept' });
    expect(log).toEqual(['group Keep the baseline', `write ${NAME}`, `upload ${NAME} /tmp/x/${NAME}`, 'end']);
    expect(NAME).toMatch(/^alloovium-baseline-review-[0-9a-f]{12}\.json$/);
    expect(written).toBe(FILE);
  });

  // prettier-ignore
  test.each<[title: string, context: Partial<Context>, inputs: Partial<Inputs>, hasValues: boolean]>([
    ['values on a private repository', {}, {}, true],
    ['no values on a public repository', { isPrivate: false }, {}, false],
    ['no values with `job_summary: false`', {}, { jobSummary: false }, false],
  ])('keeps %s', async (_title, context, inputs, hasValues) => {
    const { written } = await keep(undefined, context, inputs);
    expect(written.includes('["a","1"]')).toBe(hasValues);
    expect(written).toMatch(/"digests":\["[\w+/]{12}"\]/);
  });

  test('says what the library says, once it fails', async () => {
    const { result: kept, log } = await keep(() => Promise.reject(new Error('Failed to CreateArtifact: (409) Conflict')));
    expect(kept).toEqual({ code: 'failed', message: 'Failed to CreateArtifact: (409) Conflict' });
    expect(log.at(-1)).toBe('end');
  });

  test('is given up after 20 s', async () => {
    const { result: kept, ms, log } = await keep(() => new Promise(() => undefined));
    expect([kept, ms, log.at(-1)]).toEqual([{ code: 'timed_out' }, 20_000, 'end']);
  });

  test('does not keep more than is read', async () => {
    const kept = Array.from(
      { length: 700 },
      (_, nth) => review([result(items('a 1'))], { entry: `${'x'.repeat(12_000)}${nth}` }).evaluated,
    );
    expect(await keep(undefined, {}, {}, kept)).toMatchObject({ result: { code: 'too_large' }, log: [] });
  });
});
