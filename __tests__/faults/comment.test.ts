/** G: the sticky comment, from the bundle to GitHub. What of it needs no process is proven in `github/sticky-comment.test.ts`. */
import { describe, expect, jest, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import { ACTIONS_BOT, HEAD, startGithub, type Github } from '../../simulator/github.ts';
import { breaches } from '../../simulator/invariants.ts';
import { defaultEvent, runAction, type RunOptions } from '../../simulator/runner.ts';
import { steadyCourse, TEST_KEY, WORKFLOW_ID, type Course } from '../../simulator/seed.ts';
import { digest } from '../../src/gate/items.ts';
import { STILL_RED } from '../../src/report/comment-rule.ts';
import { markerLine, parseComment, withMemory, type Memory } from '../../src/report/comment-memory.ts';
import { expectGreen, strike, TOKEN, TOWER, type Run, type Strike, type Struck } from './strike.ts';

jest.setTimeout(60_000);

/** Slow: the 20 s that a comment may take hold the loading of what speaks to GitHub too, on a busy machine. */
const SPEED = 2;
const writing = (outputs: unknown): Course => steadyCourse({ queuedMs: 300, runningMs: 700, outputs });

/** The action on pull request 7, with a comment and a quick run. */
function onPullRequest(more: Strike = {}): Promise<Struck & { readonly github: Github }> {
  return strike({
    speed: SPEED,
    github: TOWER,
    eventName: 'pull_request',
    ...more,
    api: { course: writing({ summary: 'All is well.' }), ...more.api },
    inputs: { comment: 'always', ...more.inputs },
  }).then((struck) => ({ ...struck, github: struck.github! }));
}

const JOB_RUN = 17_000_000_001;
const FIRST_LINE = markerLine('octo-org/tower/.github/workflows/submittals.yml', 'review __self null');
const OLD = `${FIRST_LINE}\nold`;

const operations = (github: Github) => github.journal.map(({ operation }) => operation);
const count = (github: Github, operation: string) =>
  operations(github).filter((one) => one === operation).length;
const bodies = (github: Github) => github.comments().map(({ body }) => body);

describe('G. Comment', () => {
  test.concurrent(
    'G11: another job’s comes before ours: ours is deleted, and theirs brought up to date',
    async () => {
      const struck = await onPullRequest({
        before: ({ github }) =>
          github!.script({ on: 'create', meanwhile: () => void github!.write(7, ACTIONS_BOT, OLD) }),
      });
      expectGreen(struck);
      expect(operations(struck.github)).toEqual([
        ...['viewer', 'pull', 'list', 'create', 'list', 'delete'],
        ...['pull', 'list', 'update', 'list'],
      ]);
      expect(bodies(struck.github)).toEqual([expect.stringContaining('All is well.')]);
    },
  );

  test.concurrent('G11: three jobs on one key at once: one comment is left', async () => {
    const api = await startApi({ speed: SPEED, course: writing({ summary: 'All is well.' }) });
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
        expect(breaches({ result, github, secrets: [TEST_KEY, TOKEN] })).toEqual([]);
      }
      expect(github.comments()).toHaveLength(1);
      // Which job run's it is depends on who edits last: GitHub has no edit that holds to a version.
      expect(bodies(github)[0]!.split('\n')[0]).toBe(FIRST_LINE);
      expect(parseComment(bodies(github)[0]!).memory).not.toBeNull();
    } finally {
      await api.close();
      await github.close();
    }
  });

  const NEWER = 'b'.repeat(40);
  const pushed = (sha: string) => {
    const event = defaultEvent('pull_request') as { pull_request: { head: object } };
    return {
      event: { ...event, pull_request: { ...event.pull_request, head: { ...event.pull_request.head, sha } } },
    };
  };

  test.concurrent(
    'G15: an older commit’s report finishes after a newer push: nothing written, and a notice',
    async () => {
      const struck = await onPullRequest({
        before: ({ github }) => {
          github!.write(7, ACTIONS_BOT, OLD);
          github!.push(7, NEWER);
        },
      });
      expectGreen(struck);
      expect(operations(struck.github)).toEqual(['viewer', 'pull']);
      expect(bodies(struck.github)).toEqual([OLD]);
      expect(struck.result.stdout).toMatch(
        /note: No comment is written: .* of 3f9c1ab, .* is at bbbbbbb now/,
      );
    },
  );

  test.concurrent('G15: a re-run of an old commit writes nothing over the newer one’s', async () => {
    const struck = await onPullRequest({
      runs: [
        {},
        { ...pushed(NEWER), runId: JOB_RUN + 1, before: (_api, github) => github!.push(7, NEWER) },
        { attempt: 2 },
      ],
    });
    expect(count(struck.github, 'create') + count(struck.github, 'update')).toBe(2);
    expect(bodies(struck.github)[0]).toContain('`bbbbbbb`');
  });

  test.concurrent('G15: the head moves between asking and writing: the newer job writes last', async () => {
    const struck = await onPullRequest({
      before: ({ github }) => github!.script({ on: 'create', meanwhile: () => github!.push(7, NEWER) }),
      runs: [{}, { ...pushed(NEWER), runId: JOB_RUN + 1 }],
    });
    expect(operations(struck.github).slice(-4)).toEqual(['pull', 'list', 'update', 'list']);
    expect(bodies(struck.github)).toEqual([expect.stringContaining('`bbbbbbb`')]);
  });

  test.concurrent.each([
    ['at its host’s root', ''],
    ['under /api/v3', '/api/v3'],
  ] as const)(
    'G16: an API %s: the token to GitHub alone, the key to Alloovium alone',
    async (_name, basePath) => {
      const struck = await onPullRequest({ github: { ...TOWER, basePath } });
      expectGreen(struck);
      const { github, api } = struck;
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

  /** As many findings as said, run by run of these inputs; then none. */
  const finding = (turns: Readonly<Record<string, readonly number[]>>) => {
    const left = new Map(Object.entries(turns).map(([of, counts]) => [of, [...counts]]));
    return {
      course: ({ inputs }: { readonly inputs: unknown }) => {
        const count = left.get((inputs as { of?: string }).of ?? '')?.shift() ?? 0;
        return writing({
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
    before: (_api, github) => github!.push(7, commit),
  });
  /** The job is re-run, a minute later. */
  const again = (name: string, more: Run = {}): Run =>
    of(name, {
      attempt: 2,
      ...more,
      before: (api, github) => (api.advance(60_000), more.before?.(api, github)),
    });
  const otherJob = { env: { GITHUB_JOB: 'other' } };
  const [RED, GREEN] = [/\nRed at/, /\nGreen at/];
  const exits = (results: Struck['results']) => results.map(({ exitCode }) => exitCode);
  /** Nothing is said of a repair: nobody knows of one. */
  const expectNoRepair = (github: Github) => {
    for (const { body } of github.journal) expect(body).not.toMatch(/resolved|fixed/i);
  };

  const WAIVED = '- match: { id: 1, title: finding 1 }\n  because: agreed';
  test.concurrent('G19: two steps of one job, other inputs: two comments', async () => {
    const { github, results } = await onPullRequest({
      api: finding({ a: [1] }),
      inputs: gated,
      runs: [of('a'), of('b', { env: { GITHUB_ACTION: '__self_2' } })],
    });
    expect(exits(results)).toEqual([1, 0]);
    expect(bodies(github)).toEqual([expect.stringMatching(RED), expect.stringMatching(GREEN)]);
    expectNoRepair(github);
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
    ['two legs red, the first re-run green', [of('a'), of('c'), again('a')]],
    ['the red one reworded, and re-run', [of('a'), again('b')]],
  ])('G19, G22: one `comment_key`, two jobs or legs, %s: red', async (_name, runs) => {
    const { github } = await onPullRequest({ api: finding({ a: [1], c: [1] }), inputs: shared, runs });
    expect(bodies(github)).toEqual([expect.stringMatching(RED)]);
    expectNoRepair(github);
  });

  test.concurrent(
    'G22: of two red legs the one whose text stands is green: one line until the other is too',
    async () => {
      const seen: string[] = [];
      const { github } = await onPullRequest({
        api: finding({ a: [1], b: [1] }),
        inputs: shared,
        runs: [
          of('a'),
          of('b'),
          again('b'),
          of('a', { attempt: 2, before: (_api, there) => void seen.push(there!.comments()[0]!.body) }),
        ],
      });
      expect(parseComment(seen[0]!).visible.split('\n').slice(1)).toEqual([STILL_RED]);
      expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    },
  );

  test.concurrent('G22: two legs without a run are not the same one: the other is still red', async () => {
    const noRun = { inputs: { api_key: TEST_KEY.replace('4f9c', '0000') } };
    const runs = [of('a', noRun), of('b', noRun), again('b')];
    const { github } = await onPullRequest({ api: finding({}), inputs: shared, runs });
    expect(bodies(github)).toEqual([expect.stringContaining(STILL_RED)]);
  });

  test.concurrent.each<[string, Strike]>([
    ['the red one is re-run, with a given key', { inputs: shared, runs: [of('a'), again('a')] }],
    ['the red one is re-run', { inputs: gated, runs: [of('a'), again('a')] }],
    [
      'the red one is reworded and re-run, with the default key',
      { inputs: gated, runs: [of('a'), again('b')] },
    ],
    ['the head moves', { inputs: shared, runs: [of('a'), at(NEWER, of('b', otherJob))] }],
  ])('G22: %s, and green: green', async (_name, more) => {
    const { github } = await onPullRequest({ api: finding({ a: [1] }), ...more });
    expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    expectNoRepair(github);
  });

  test.concurrent(
    'G22: a later job that judges by `run_id` with the same gate replaces the one that timed out',
    async () => {
      const { github, results } = await onPullRequest({
        speed: 30,
        api: { course: steadyCourse({ queuedMs: 1_000, runningMs: 90_000, outputs: { bad: [] } }) },
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
          const [red, green] = [at(commit, of('a')), at(commit, of('b', otherJob))];
          const before: Run['before'] = (_api, there) => {
            note(there);
            there!.push(7, commit);
          };
          return [[{ ...(nth % 2 === 0 ? red : green), before }, nth % 2 === 0 ? green : red]];
        }),
      });
      note(github);
      expect(shown.slice(1)).toEqual(commits.map(() => expect.stringMatching(RED)));
    },
    180_000,
  );

  test.concurrent.each<[string, Strike, RegExp]>([
    ['an empty review after findings', { runs: [of('a'), at(NEWER, of('a'))] }, /1 no longer matching/],
    [
      'a condition that could not be evaluated, taken away',
      {
        runs: [
          of('b', { inputs: { fail_if: 'bad: outputs.nosuch == 1\nnone: size(outputs.bad) == 9' } }),
          at(NEWER, of('b', { inputs: { fail_if: 'none: size(outputs.bad) == 9' } })),
        ],
      },
      GREEN,
    ],
    [
      'a condition with findings, taken away',
      { runs: [of('a'), at(NEWER, of('b', { inputs: { fail_if: 'none: size(outputs.bad) == 9' } }))] },
      GREEN,
    ],
  ])('G20, G23: %s: green, and nothing is called mended', async (_name, more, says) => {
    const { github, results } = await onPullRequest({ api: finding({ a: [1] }), inputs: gated, ...more });
    expect(exits(results)).toEqual([1, 0]);
    expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    expect(bodies(github)[0]).toMatch(says);
    expectNoRepair(github);
  });

  test.concurrent(
    'G23: another finding under the same number is new, and the one before is no longer matching',
    async () => {
      const titles = ['Door D1', 'Window W7'];
      const { github } = await onPullRequest({
        api: { course: ({ count: nth }) => writing({ bad: [{ id: 1, title: titles[nth - 1] }] }) },
        inputs: gated,
        runs: [of('a'), at(NEWER, of('b'))],
      });
      expect(bodies(github)[0]).toMatch(/1 new\*\*[^.]*1 no longer matching/);
      expectNoRepair(github);
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

  test.concurrent('G24: a workflow that is not there, then mended: no comment, then one', async () => {
    const { github, results } = await onPullRequest({
      inputs: gated,
      api: finding({}),
      runs: [{ inputs: { workflow_id: 'wf_nosuch' } }, { attempt: 2 }],
    });
    expect(results[0]?.outputs).toMatchObject({ conclusion: 'error', comment_url: '' });
    expect(results[0]?.stdout).toContain('No comment: there is no such workflow or project.');
    expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
  });

  test.concurrent(
    'G24: a red one, then a workflow that is not there, then another project: the one comment is edited',
    async () => {
      const { github, results } = await onPullRequest({
        inputs: gated,
        api: finding({ a: [1] }),
        runs: [
          of('a'),
          of('a', { attempt: 2, inputs: { workflow_id: 'wf_nosuch' } }),
          of('b', { attempt: 3, inputs: { project_id: 'p-2' } }),
        ],
        // The run of the first is none of the second's.
        apart: ['I5'],
      });
      expect(exits(results)).toEqual([1, 1, 0]);
      expect([count(github, 'create'), count(github, 'update')]).toEqual([1, 2]);
      expect(bodies(github)).toEqual([expect.stringMatching(GREEN)]);
    },
  );

  test.concurrent.each<[string, readonly string[]]>([
    ['the red one first', ['a', 'b']],
    ['the red one last', ['b', 'a']],
  ])(
    'G25: a reusable workflow called twice, or two steps of one composite action, %s: with titles two comments, without one, red, and a notice',
    async (_name, order) => {
      const played = async (withTitles: boolean) =>
        onPullRequest({
          api: finding({ a: [1] }),
          inputs: gated,
          runs: order.map((name) => of(name, { inputs: withTitles ? { title: `Call ${name}` } : {} })),
        });
      const [titled, plain] = [await played(true), await played(false)];
      expect(bodies(titled.github).map((body) => RED.test(body))).toEqual(order.map((name) => name === 'a'));
      expect(bodies(plain.github)).toEqual([expect.stringMatching(RED)]);
      const notice = /^note: Another review of this job run writes the same comment.*`title`/m;
      expect(titled.result.stdout).not.toMatch(notice);
      expect(plain.results.map(({ stdout }) => notice.test(stdout))).toEqual([false, true]);
      expect(plain.result.summary).toContain('Another review of this job run');
    },
  );

  const claim = (red: Memory['red']): Memory => ({
    commit: HEAD,
    author: { id: digest('x'), judged: '', jobRun: '1', attempt: 1 },
    says: digest(''),
    isWarned: false,
    hasSiblings: false,
    red,
    runs: new Map(),
  });
  const calm = `${FIRST_LINE}\n### ✅ All is well`;
  test.concurrent.each([
    [
      'its first line, and what an older form claimed',
      `${FIRST_LINE.replace(' -->', ' job-run=9 attempt=9 -->')}\nold`,
    ],
    ['its first line over a text that says that all is well', calm],
    ['a memory that claims so', withMemory(calm, claim([]))],
  ])('G21: a comment by the same bot with %s: a red report is seen', async (_name, planted) => {
    const { github } = await onPullRequest({
      api: finding({ a: [1] }),
      inputs: { ...gated, comment: 'on_failure', inputs: 'of: a' },
      before: ({ github: there }) => void there!.write(7, ACTIONS_BOT, planted),
      // What claims another first line is no comment of ours.
      apart: ['I10'],
    });
    expect(bodies(github).at(-1)).toMatch(RED);
  });

  const alarm = `${FIRST_LINE}\n### ❌ All is lost`;
  const theirs = claim([{ id: digest('x'), judged: '', jobRun: '1', attempt: 1 }]);
  test.concurrent.each<[string, string, RegExp]>([
    ['and a seal that fits: it stands until the head moves', withMemory(alarm, theirs), /All is lost/],
    ['and a seal that does not fit: written anew', withMemory(alarm, theirs).replace('lost', 'gone'), GREEN],
    ['of an earlier commit: written anew', withMemory(alarm, { ...theirs, commit: NEWER }), GREEN],
    ['whose last line is cut out: written anew', alarm, GREEN],
  ])('G20, G21: a green report over a planted red comment %s', async (_name, planted, says) => {
    const { github } = await onPullRequest({
      inputs: { comment: 'on_failure' },
      before: ({ github: there }) => void there!.write(7, ACTIONS_BOT, planted),
    });
    expect(bodies(github)).toEqual([expect.stringMatching(says)]);
  });
});
