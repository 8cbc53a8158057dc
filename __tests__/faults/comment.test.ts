/** G: the sticky comment, from the bundle to GitHub. `github/sticky-comment.test.ts` has the tests that need no process. */
import { describe, expect, jest, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import {
  ACTIONS_BOT,
  BAD_GATEWAY,
  HEAD,
  startGithub,
  type Comment,
  type Github,
} from '../../simulator/github.ts';
import { findViolations } from '../../simulator/invariants.ts';
import { defaultEvent, runAction, type RunOptions } from '../../simulator/runner.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY, WORKFLOW_ID } from '../../simulator/vendor-example.ts';
import { digest } from '../../src/gate/item-identity.ts';
import { STILL_RED } from '../../src/comment/rule.ts';
import {
  createMarker,
  parseComment,
  appendMemory,
  type Memory,
  type Writer,
} from '../../src/comment/memory.ts';
import { expectGreen, runRow, TOKEN, TOWER, type Run, type RowSetup, type RowResult } from './run-row.ts';

jest.setTimeout(60_000);

/** Low, since the limit of 20 s for a comment includes the time to load the GitHub client, which is long on a busy machine. */
const SPEED = 2;
const lifecycleOf = (outputs: unknown): Lifecycle =>
  steadyLifecycle({ queuedMs: 300, runningMs: 700, outputs });

/** Runs the action on pull request 7, with a comment and a short run. */
function onPullRequest(more: RowSetup = {}): Promise<RowResult & { readonly github: Github }> {
  return runRow({
    speed: SPEED,
    github: TOWER,
    eventName: 'pull_request',
    ...more,
    api: { lifecycle: lifecycleOf({ summary: 'All is well.' }), ...more.api },
    inputs: { comment: 'always', ...more.inputs },
  }).then((outcome) => ({ ...outcome, github: outcome.github! }));
}

const JOB_RUN = 17_000_000_001;
const FIRST_LINE = createMarker('octo-org/tower/.github/workflows/submittals.yml', 'review __self null');
const NEWER = 'b'.repeat(40);
const EARLIER = 'c'.repeat(40);
const STRANGER: Writer = {
  id: digest('x'),
  review: digest('x'),
  judged: '',
  jobRun: '1',
  attempt: 1,
  createdAt: new Map(),
};
/** A comment in the action's format. */
const ownComment = (visible: string, commit: string, red: Memory['red']) =>
  appendMemory(visible, {
    commit,
    author: STRANGER,
    text: digest(visible),
    contentDigest: digest(''),
    isWarned: false,
    red,
    runs: new Map(),
  });
const OLD_COMMENT = ownComment(`${FIRST_LINE}\nA comment of an earlier run.`, EARLIER, []);

const operations = (github: Github) => github.journal.map(({ operation }) => operation);
const countOperations = (github: Github, operation: string) =>
  operations(github).filter((one) => one === operation).length;
const bodies = (github: Github) => github.comments().map(({ body }) => body);

describe('G. Comment', () => {
  test.concurrent(
    'G11: another job’s comment is created before the step’s: the step’s is deleted, and the other one edited',
    async () => {
      const outcome = await onPullRequest({
        before: ({ github }) =>
          github!.addFaults({
            on: 'create',
            onArrival: () => void github!.addComment(7, ACTIONS_BOT, OLD_COMMENT),
          }),
      });
      expectGreen(outcome);
      expect(operations(outcome.github)).toEqual([
        'viewer',
        'pull',
        'list',
        'create',
        'list',
        'delete',
        'pull',
        'list',
        'update',
        'list',
      ]);
      expect(bodies(outcome.github)).toEqual([expect.stringContaining('All is well.')]);
    },
  );

  test.concurrent('G11: three jobs on one key at once: one comment is left', async () => {
    const api = await startApi({ speed: SPEED, lifecycle: lifecycleOf({ summary: 'All is well.' }) });
    const github = await startGithub(TOWER);
    try {
      const job = (jobRun: number): RunOptions => ({
        timeoutMs: 30_000,
        eventName: 'pull_request',
        runId: jobRun,
        token: TOKEN,
        inputs: {
          api_key: TEST_KEY,
          api_url: api.url,
          workflow_id: WORKFLOW_ID,
          inputs: `of: ${jobRun}`,
          comment: 'always',
        },
        preload: ['simulator/fast-time.mjs'],
        env: { FAST_TIME_SPEED: String(SPEED), GITHUB_API_URL: github.apiUrl },
      });
      const results = await Promise.all([1, 2, 3].map((jobRun) => runAction(job(jobRun))));
      for (const result of results) {
        expect(result.exitCode).toBe(0);
        expect(findViolations({ result, github, secrets: [TEST_KEY, TOKEN] })).toEqual([]);
      }
      expect(github.comments()).toHaveLength(1);
      // The last edit decides whose report it is: GitHub has no conditional update.
      expect(bodies(github)[0]!.split('\n')[0]).toBe(FIRST_LINE);
      expect(parseComment(bodies(github)[0]!).memory).not.toBeNull();
    } finally {
      await api.close();
      await github.close();
    }
  });

  const pushed = (sha: string) => {
    const event = defaultEvent('pull_request') as { pull_request: { head: object } };
    return {
      event: { ...event, pull_request: { ...event.pull_request, head: { ...event.pull_request.head, sha } } },
    };
  };

  test.concurrent(
    'G15: an older commit’s report finishes after a newer push: nothing written, and a notice',
    async () => {
      const outcome = await onPullRequest({
        before: ({ github }) => {
          github!.addComment(7, ACTIONS_BOT, OLD_COMMENT);
          github!.setHead(7, NEWER);
        },
      });
      expectGreen(outcome);
      expect(operations(outcome.github)).toEqual(['viewer', 'pull']);
      expect(bodies(outcome.github)).toEqual([OLD_COMMENT]);
      expect(outcome.result.stdout).toMatch(
        /note: No comment is written: .* for commit 3f9c1ab, .* is now bbbbbbb/,
      );
    },
  );

  test.concurrent('G15: a re-run of an old commit writes nothing over the newer one’s', async () => {
    const outcome = await onPullRequest({
      runs: [
        {},
        { ...pushed(NEWER), runId: JOB_RUN + 1, before: (_api, github) => github!.setHead(7, NEWER) },
        { attempt: 2 },
      ],
    });
    expect(countOperations(outcome.github, 'create') + countOperations(outcome.github, 'update')).toBe(2);
    expect(bodies(outcome.github)[0]).toContain('`bbbbbbb`');
  });

  test.concurrent(
    'G15: the head moves between its check and the write: the newer job writes last',
    async () => {
      const outcome = await onPullRequest({
        before: ({ github }) =>
          github!.addFaults({ on: 'create', onArrival: () => github!.setHead(7, NEWER) }),
        runs: [{}, { ...pushed(NEWER), runId: JOB_RUN + 1 }],
      });
      expect(operations(outcome.github).slice(-4)).toEqual(['pull', 'list', 'update', 'list']);
      expect(bodies(outcome.github)).toEqual([expect.stringContaining('`bbbbbbb`')]);
    },
  );

  test.concurrent.each([
    ['at its host’s root', ''],
    ['under /api/v3', '/api/v3'],
  ] as const)(
    'G16: an API %s: the token to GitHub alone, the key to Alloovium alone',
    async (_name, basePath) => {
      const outcome = await onPullRequest({ github: { ...TOWER, basePath } });
      expectGreen(outcome);
      const { github, api } = outcome;
      expect(operations(github)).toEqual(['viewer', 'pull', 'list', 'create', 'list']);
      expect(github.journal[0]?.answer?.status).toBe(200);
      const seen = (entries: readonly { path: string; headers: unknown; body: string | Buffer }[]) =>
        JSON.stringify(entries.map(({ path, headers, body }) => [path, headers, String(body)]));
      expect(seen(github.journal)).toContain(TOKEN);
      expect(seen(github.journal)).not.toContain(TEST_KEY);
      expect(seen(api.journal)).toContain(TEST_KEY);
      expect(seen(api.journal)).not.toContain(TOKEN);
    },
  );

  /** The number of findings of each run, by the job's input; then none. */
  const finding = (findingsByJob: Readonly<Record<string, readonly number[]>>) => {
    const left = new Map(Object.entries(findingsByJob).map(([of, counts]) => [of, [...counts]]));
    return {
      lifecycle: ({ inputs }: { readonly inputs: unknown }) => {
        const count = left.get((inputs as { of?: string }).of ?? '')?.shift() ?? 0;
        return lifecycleOf({
          bad: Array.from({ length: count }, (_, at) => ({ id: at + 1, title: `finding ${at + 1}` })),
        });
      },
    };
  };
  const gated = { fail_if: 'bad: outputs.bad', known_by: 'id, title' };
  const shared = { ...gated, comment_key: 'review' };
  const of = (name: string, more: Run = {}): Run => ({
    ...more,
    inputs: { inputs: `of: ${name}`, ...more.inputs },
  });
  const at = (commit: string, more: Run = {}): Run => ({
    ...pushed(commit),
    runId: JOB_RUN + 1,
    ...more,
    before: (_api, github) => github!.setHead(7, commit),
  });
  /** A re-run of the job, a minute later. */
  const rerun = (name: string, more: Run = {}): Run =>
    of(name, {
      attempt: 2,
      ...more,
      before: (api, github) => (api.advance(60_000), more.before?.(api, github)),
    });
  const otherJob = { env: { GITHUB_JOB: 'other' } };
  const RED = /\nRed at/;
  const GREEN = /\nGreen at/;
  const exitCodes = (results: RowResult['results']) => results.map(({ exitCode }) => exitCode);
  /** Expects that the comment calls nothing resolved, since it cannot know. */
  const expectNoResolved = (github: Github) => {
    for (const { body } of github.journal) expect(body).not.toMatch(/resolved|fixed/i);
  };

  const WAIVED = '- match: { id: 1, title: finding 1 }\n  because: agreed';
  test.concurrent('G19: two steps of one job, other inputs: two comments', async () => {
    const { github, results } = await onPullRequest({
      api: finding({ a: [1] }),
      inputs: gated,
      runs: [of('a'), of('b', { env: { GITHUB_ACTION: '__self_2' } })],
    });
    expect(exitCodes(results)).toEqual([1, 0]);
    expect(bodies(github)).toEqual([expect.stringMatching(RED), expect.stringMatching(GREEN)]);
    expectNoResolved(github);
  });

  test.concurrent.each<[string, readonly Run[]]>([
    ['the red one first', [of('a'), of('b', otherJob)]],
    ['the red one last', [of('b', otherJob), of('a')]],
    [
      'the red one first, over a comment of the commit before',
      [of('b'), at(NEWER, of('a')), at(NEWER, of('b', otherJob))],
    ],
    [
      'the red one last, over a comment of the commit before',
      [of('b'), at(NEWER, of('b', otherJob)), at(NEWER, of('a'))],
    ],
    [
      'a lenient gate over the same run last',
      [of('a'), of('a', { ...otherJob, inputs: { fail_if: 'size(outputs.bad) > 9' } })],
    ],
    [
      'a lenient gate over the same run first',
      [of('a', { ...otherJob, inputs: { fail_if: 'size(outputs.bad) > 9' } }), of('a')],
    ],
    [
      'a waiver that the other job does not have, over the same run',
      [of('a'), of('a', { ...otherJob, inputs: { waivers: WAIVED } })],
    ],
    ['two matrix jobs red, the first re-run green', [of('a'), of('c'), rerun('a')]],
    ['the red one’s inputs reworded by `vars`, and re-run', [of('a'), rerun('b')]],
  ])('G19, G22: one `comment_key`, two jobs or matrix jobs, %s: the comment is red', async (_name, runs) => {
    const { github } = await onPullRequest({ api: finding({ a: [1], c: [1] }), inputs: shared, runs });
    expect(bodies(github)).toEqual([expect.stringMatching(RED)]);
    expectNoResolved(github);
  });

  test.concurrent(
    'G22: of two red matrix jobs the one whose text the comment shows becomes green: one line remains until the other is green too',
    async () => {
      const seen: string[] = [];
      const { github } = await onPullRequest({
        api: finding({ a: [1], b: [1] }),
        inputs: shared,
        runs: [
          of('a'),
          of('b'),
          rerun('b'),
          of('a', { attempt: 2, before: (_api, there) => void seen.push(there!.comments()[0]!.body) }),
        ],
      });
      expect(parseComment(seen[0]!).visible.split('\n').slice(1)).toEqual([STILL_RED]);
      expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    },
  );

  test.concurrent(
    'G22: two matrix jobs without a run, one re-run green: the other is still red',
    async () => {
      const noRun = { inputs: { api_key: TEST_KEY.replace('4f9c', '0000') } };
      const runs = [of('a', noRun), of('b', noRun), rerun('b')];
      const { github } = await onPullRequest({ api: finding({}), inputs: shared, runs });
      expect(bodies(github)).toEqual([expect.stringContaining(STILL_RED)]);
    },
  );

  test.concurrent.each<[string, RowSetup]>([
    ['the red one is re-run, with a given key', { inputs: shared, runs: [of('a'), rerun('a')] }],
    ['the red one is re-run', { inputs: gated, runs: [of('a'), rerun('a')] }],
    [
      'the red one’s conditions are reworded by `vars`, and it is re-run with the default key',
      { inputs: gated, runs: [of('a'), rerun('a', { inputs: { fail_if: 'poor: outputs.bad' } })] },
    ],
    [
      'a condition of the red one does not compile, and `vars` corrects it',
      { inputs: gated, runs: [of('b', { inputs: { fail_if: 'bad: outputs.' } }), rerun('b')] },
    ],
    [
      'the red one’s inputs have another day the next time, with the default key',
      {
        inputs: gated,
        runs: [
          of('a', { inputs: { inputs: 'of: a\nday: 2026-04-01' } }),
          of('b', { runId: JOB_RUN + 1, inputs: { inputs: 'of: a\nday: 2026-04-02' } }),
        ],
      },
    ],
    ['the head moves', { inputs: shared, runs: [of('a'), at(NEWER, of('b', otherJob))] }],
  ])('G22: %s, and the run is green: the comment is green', async (_name, more) => {
    const { github } = await onPullRequest({ api: finding({ a: [1] }), ...more });
    expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    expectNoResolved(github);
  });

  test.concurrent(
    'G22: a later job that evaluates by `run_id` with the same gate replaces the one that timed out',
    async () => {
      const { github, results } = await onPullRequest({
        speed: 30,
        api: { lifecycle: steadyLifecycle({ queuedMs: 1_000, runningMs: 90_000, outputs: { bad: [] } }) },
        inputs: shared,
        runs: [
          { inputs: { timeout_minutes: '0.5' } },
          {
            env: { GITHUB_JOB: 'later' },
            inputsAfter: ({ outputs }) => ({ run_id: outputs.run_id ?? '', workflow_id: '' }),
          },
        ],
      });
      expect(results.map(({ outputs }) => outputs.conclusion)).toEqual(['timed_out', 'success']);
      expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    },
  );

  test.concurrent(
    'G22: a red and a green job that end at once, six times: none buries the red one',
    async () => {
      const commits = Array.from({ length: 6 }, (_, nth) => nth.toString(16).repeat(40));
      const shown: string[] = [];
      const note = (github: Github | null) => void shown.push(github!.comments()[0]?.body ?? '');
      const { github } = await onPullRequest({
        api: finding({ a: Array<number>(6).fill(1) }),
        inputs: shared,
        runs: commits.flatMap((commit, nth) => {
          const red = at(commit, of('a'));
          const green = at(commit, of('b', otherJob));
          const before: Run['before'] = (_api, there) => {
            note(there);
            there!.setHead(7, commit);
          };
          return [[{ ...(nth % 2 === 0 ? red : green), before }, nth % 2 === 0 ? green : red]];
        }),
      });
      note(github);
      expect(shown.slice(1)).toEqual(commits.map(() => expect.stringMatching(RED)));
    },
    180_000,
  );

  test.concurrent.each<[string, RowSetup, RegExp]>([
    ['an empty review after findings', { runs: [of('a'), at(NEWER, of('a'))] }, /1 no longer matching/],
    [
      'a condition that could not be evaluated, removed',
      {
        runs: [
          of('b', { inputs: { fail_if: 'bad: outputs.nosuch == 1\nnone: size(outputs.bad) == 9' } }),
          at(NEWER, of('b', { inputs: { fail_if: 'none: size(outputs.bad) == 9' } })),
        ],
      },
      GREEN,
    ],
    [
      'a condition with findings, removed',
      { runs: [of('a'), at(NEWER, of('b', { inputs: { fail_if: 'none: size(outputs.bad) == 9' } }))] },
      GREEN,
    ],
  ])('G20, G23: %s: green, and nothing is called resolved', async (_name, more, says) => {
    const { github, results } = await onPullRequest({ api: finding({ a: [1] }), inputs: gated, ...more });
    expect(exitCodes(results)).toEqual([1, 0]);
    expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    expect(bodies(github)[0]).toMatch(says);
    expectNoResolved(github);
  });

  test.concurrent(
    'G23: another finding under the same number is new, and the one before is no longer matching',
    async () => {
      const titles = ['Door D1', 'Window W7'];
      const { github } = await onPullRequest({
        api: { lifecycle: ({ count: nth }) => lifecycleOf({ bad: [{ id: 1, title: titles[nth - 1] }] }) },
        inputs: gated,
        runs: [of('a'), at(NEWER, of('a'))],
      });
      expect(bodies(github)[0]).toMatch(/1 new\*\*[^.]*1 no longer matching/);
      expectNoResolved(github);
    },
  );

  test.concurrent('G23: a force-push back to a commit whose run is older: nothing is compared', async () => {
    const { github } = await onPullRequest({
      api: finding({ a: [2, 1] }),
      inputs: gated,
      runs: [of('a'), at(NEWER, of('a')), at(HEAD, of('a', { runId: JOB_RUN + 2 }))],
    });
    const [, second, third] = github.journal.filter(
      ({ operation }) => operation === 'create' || operation === 'update',
    );
    expect(second?.body).toMatch(/1 still open, 1 no longer matching/);
    expect(third?.body).toMatch(/2 items/);
    expect(third?.body).not.toMatch(/Since|new\*\*|still open|no longer/);
  });

  test.concurrent(
    'G24: a workflow that does not exist, then the right one: no comment, then one',
    async () => {
      const { github, results } = await onPullRequest({
        inputs: gated,
        api: finding({}),
        runs: [{ inputs: { workflow_id: 'wf_nosuch' } }, { attempt: 2 }],
      });
      expect(results[0]?.outputs).toMatchObject({ conclusion: 'error', comment_url: '' });
      expect(results[0]?.stdout).toContain('No comment: there is no such workflow or project.');
      expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    },
  );

  test.concurrent.each<[string, (project: Run) => Run, RegExp]>([
    ['with a push: the one comment is edited', (project) => at(NEWER, project), GREEN],
    ['at the same head: it stays red', (project) => project, RED],
  ])(
    'G24: a red one, then a workflow that does not exist, then another project, %s',
    async (_name, last, says) => {
      const { github, results } = await onPullRequest({
        inputs: gated,
        api: finding({ a: [1] }),
        runs: [
          of('a'),
          of('a', { attempt: 2, inputs: { workflow_id: 'wf_nosuch' } }),
          last(of('b', { attempt: 3, inputs: { project_id: 'p-2' } })),
        ],
        // The second job does not count the first job's run.
        ignoredViolations: ['I5'],
      });
      expect(exitCodes(results)).toEqual([1, 1, 0]);
      expect(countOperations(github, 'create')).toBe(1);
      expect(bodies(github)).toEqual([expect.stringMatching(says)]);
    },
  );

  test.concurrent.each<[string, readonly string[]]>([
    ['the red one first', ['a', 'b']],
    ['the red one last', ['b', 'a']],
  ])(
    'G25: a reusable workflow called twice, or two steps of one composite action, %s: with titles two comments, without one, red',
    async (_name, order) => {
      const played = async (withTitles: boolean) =>
        onPullRequest({
          api: finding({ a: [1] }),
          inputs: gated,
          runs: order.map((name) => of(name, { inputs: withTitles ? { title: `Call ${name}` } : {} })),
        });
      const titled = await played(true);
      const plain = await played(false);
      expect(bodies(titled.github).map((body) => body.includes('\nRed at'))).toEqual(
        order.map((name) => name === 'a'),
      );
      expect(bodies(plain.github)).toEqual([expect.stringMatching(RED)]);
    },
  );

  const calm = `${FIRST_LINE}\n### ✅ All is well`;
  test.concurrent.each([
    [
      'its first line with fields of an older form',
      `${FIRST_LINE.replace(' -->', ' job-run=9 attempt=9 -->')}\nA comment of an earlier run.`,
    ],
    ['its first line over a text that says that all is well', calm],
    ['a memory that says that all is well', ownComment(calm, HEAD, [])],
  ])('G21: a comment by the same bot with %s: a red report is written', async (_name, planted) => {
    const { github } = await onPullRequest({
      api: finding({ a: [1] }),
      inputs: { ...gated, comment: 'on_failure', inputs: 'of: a' },
      before: ({ github: there }) => void there!.addComment(7, ACTIONS_BOT, planted),
      // A comment with another first line is not the action's.
      ignoredViolations: ['I10'],
    });
    expect(bodies(github).at(-1)).toMatch(RED);
  });

  const alarm = `${FIRST_LINE}\n### ❌ All is lost`;
  const planted = ownComment(alarm, HEAD, [STRANGER]);
  const STATE_CHANGED = /^::warning.*its state was changed: delete it/m;
  test.concurrent.each<[string, string, RegExp, RegExp?]>([
    ['with valid checksums: the comment stays red', planted, /All is lost/],
    ['with an edited text: the comment stays red', planted.replace('lost', 'gone'), /All is gone/],
    ['of an earlier commit: the comment is rewritten', ownComment(alarm, NEWER, [STRANGER]), GREEN],
    [
      'with a changed list of red writers: the comment is left, with a warning',
      planted.replace(/.{9} -->$/, ' -->'),
      /All is lost/,
      STATE_CHANGED,
    ],
    ['without its last line: the comment is left, with a warning', alarm, /All is lost/, STATE_CHANGED],
  ])('G20, G21: a green report over a forged red comment %s', async (_name, body, says, warns) => {
    const { github, result } = await onPullRequest({
      inputs: { comment: 'on_failure' },
      before: ({ github: there }) => void there!.addComment(7, ACTIONS_BOT, body),
    });
    expect(bodies(github)).toEqual([expect.stringMatching(says)]);
    expect(result.exitCode).toBe(0);
    if (warns) expect(result.stdout).toMatch(warns);
    else expect(result.stdout).not.toContain('::warning');
  });

  const onBadGateway = (times: number) => (_api: unknown, there: Github | null) => {
    there!.setHead(7, NEWER);
    there!.addFaults({ on: 'pull', times, answer: BAD_GATEWAY });
  };
  const edited = (_api: unknown, there: Github | null) => {
    const [{ id, body }] = there!.comments() as [Comment];
    there!.deleteComment(id);
    there!.addComment(7, ACTIONS_BOT, body.replace(/Red at/, 'Looked at, red at'));
  };
  test.concurrent.each<[string, RowSetup, RegExp, RegExp?]>([
    [
      'an older green run evaluated after a newer red one: the comment stays red, and the step says so',
      {
        inputs: gated,
        runs: [of('b'), rerun('b', { inputs: { on_rerun: 'fresh' } }), of('b', { runId: JOB_RUN + 1 })],
      },
      RED,
      /^note: a newer run of this commit is red: the comment stays red$/m,
    ],
    [
      'the head is answered with one 502, and a green report of an older commit is late: the comment stays red',
      { inputs: gated, runs: [at(NEWER, of('a')), of('b', { before: onBadGateway(1) })] },
      /Red at `bbbbbbb`/,
      /No comment is written: this report is for commit 3f9c1ab/,
    ],
    [
      'GitHub never returns the head, and a green report of an older commit is late: the comment stays red',
      { inputs: gated, runs: [at(NEWER, of('a')), of('b', { before: onBadGateway(9) })] },
      /Red at `bbbbbbb`/,
      /Comment left as it is: it is for another commit/,
    ],
    [
      'GitHub never returns the head, and a red report of an older commit is late: the report is written',
      { inputs: gated, runs: [at(NEWER, of('b')), of('a', { before: onBadGateway(9) })] },
      /Red at `3f9c1ab`/,
    ],
    [
      'a person edits a red comment, and another job is green: the comment stays',
      { inputs: shared, runs: [of('a'), of('b', { ...otherJob, before: edited })] },
      /Looked at, red at/,
    ],
    [
      'a person edits a red comment, and its job reports the same again: the comment is rewritten',
      { inputs: shared, runs: [of('a'), of('a', { runId: JOB_RUN + 1, before: edited })] },
      RED,
    ],
    [
      'red, a waiver merged, and reviewed again by another job run: the comment is green',
      { inputs: gated, runs: [of('a'), of('a', { runId: JOB_RUN + 1, inputs: { waivers: WAIVED } })] },
      GREEN,
    ],
  ])('M14: %s', async (_name, more, says, stdout = /./) => {
    const { github, result } = await onPullRequest({ api: finding({ a: [1], b: [0, 1] }), ...more });
    expect(bodies(github)).toEqual([expect.stringMatching(says)]);
    expect(result.stdout).toMatch(stdout);
    expectNoResolved(github);
  });

  /** Its file is trusted fully: a run that was started by hand on the default branch. */
  const onMain = (inputs: Run['inputs'] = {}): Run => ({
    eventName: 'workflow_dispatch',
    env: { GITHUB_SHA: EARLIER, GITHUB_REF: 'refs/heads/main' },
    runId: JOB_RUN + 9,
    inputs: { inputs: 'of: a', ...inputs },
  });
  test.concurrent(
    'M14: two jobs with one key and one gate, one has no baseline: the comment is red',
    async () => {
      let file = '';
      const { github, results } = await onPullRequest({
        api: finding({ a: [1, 1] }),
        inputs: { ...shared, fail_on: 'new', known_by: 'id, title' },
        runs: [
          onMain(),
          of('a', {
            inputsAfter: ({ outputs }) => ({ baseline_file: `${(file = outputs.gate_file ?? '')}.none` }),
          }),
          of('a', { runId: JOB_RUN + 1, inputsAfter: () => ({ baseline_file: file }) }),
        ],
      });
      expect(exitCodes(results)).toEqual([1, 1, 0]);
      expect(bodies(github)).toEqual([expect.stringMatching(RED)]);
    },
  );

  test.concurrent(
    'M14: the baseline moves between two runs of one job at one head: the comment is green',
    async () => {
      const { github, results } = await onPullRequest({
        api: finding({ a: [0, 1, 1] }),
        inputs: { ...shared, fail_on: 'new', known_by: 'id, title' },
        runs: [
          onMain(),
          of('a', { inputsAfter: ({ outputs }) => ({ baseline_file: outputs.gate_file ?? '' }) }),
          { ...onMain(), runId: JOB_RUN + 10 },
          of('a', {
            attempt: 2,
            inputsAfter: ({ outputs }) => ({ baseline_file: outputs.gate_file ?? '' }),
          }),
        ],
      });
      expect(exitCodes(results)).toEqual([0, 1, 1, 0]);
      expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    },
  );
});
