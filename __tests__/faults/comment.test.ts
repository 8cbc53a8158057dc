/** G: the sticky comment, from the bundle to GitHub. What of it needs no process is proven in `github/sticky-comment.test.ts`. */
import { describe, expect, jest, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import {
  ACTIONS_BOT,
  BAD_GATEWAY,
  HEAD,
  primaryLimit,
  secondaryLimit,
  startGithub,
  type Answer,
  type Fault,
  type Github,
} from '../../simulator/github.ts';
import { breaches } from '../../simulator/invariants.ts';
import { defaultEvent, runAction, type RunOptions } from '../../simulator/runner.ts';
import { steadyCourse, TEST_KEY, WORKFLOW_ID, type Course } from '../../simulator/seed.ts';
import { digest } from '../../src/gate/items.ts';
import { STILL_RED } from '../../src/report/comment-rule.ts';
import { markerLine, parseComment, withMemory, type Memory } from '../../src/report/memory.ts';
import { aliveInDocument } from '../report/a-report.ts';
import { elementsIn, parsed, textOf } from '../report/github-markdown.ts';
import { strike, TOKEN, TOWER, type Run, type Strike, type Struck } from './strike.ts';

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
const MALLORY = { login: 'mallory', id: 666, type: 'User' } as const;

const operations = (github: Github) => github.journal.map(({ operation }) => operation);
const count = (github: Github, operation: string) =>
  operations(github).filter((one) => one === operation).length;
const bodies = (github: Github) => github.comments().map(({ body }) => body);
const OURS = new RegExp(`^${FIRST_LINE}\n`);
const warnings = ({ result }: Struck) =>
  result.annotations.filter(({ level }) => level === 'warning').map(({ message }) => message);

/** Whatever becomes of the comment, it changes nothing of the result. */
function expectGreen({ result, outputs }: Struck): void {
  expect(result.exitCode).toBe(0);
  expect(outputs).toMatchObject({ conclusion: 'success', status: 'completed' });
}
const NOT_WRITTEN = /^note: (?:No comment|The comment was not written): /;

function expectNoComment(struck: Struck, level: 'warning' | 'notice', text: RegExp): void {
  expectGreen(struck);
  expect(struck.outputs.comment_url).toBe('');
  if (level === 'warning') {
    expect(warnings(struck)).toEqual([expect.stringMatching(text)]);
  } else {
    expect(warnings(struck)).toEqual([]);
    const told = struck.result.stdout
      .replaceAll('∶', ':')
      .split('\n')
      .filter((line) => NOT_WRITTEN.test(line));
    expect(told).toEqual([expect.stringMatching(text)]);
    // A notice is in the report too.
    expect(struck.result.summary).toMatch(/No comment: |The comment was not written: /);
  }
}

describe('G. Comment', () => {
  test.concurrent(
    'G1: a token that may not comment: a warning that names the permission; the result unchanged',
    async () => {
      const struck = await onPullRequest({
        github: {
          ...TOWER,
          tokens: { [TOKEN]: { user: ACTIONS_BOT, permission: 'read', viewer: 'refused' } },
        },
      });
      expectNoComment(struck, 'warning', /`permissions: pull-requests: write`.*forks.*Dependabot/);
      expect(struck.result.stdout).toContain('Detail: Resource not accessible by integration');
    },
  );

  test.concurrent.each([
    ['G2: the marker in another user’s comment', MALLORY, OLD],
    ['G3: the marker in the bot’s comment, but not in its first line', ACTIONS_BOT, `Hello\n${OLD}`],
  ])('%s: passed over, and an own one is made', async (_name, user, body) => {
    const struck = await onPullRequest({ before: ({ github }) => void github!.write(7, user, body) });
    expectGreen(struck);
    expect(bodies(struck.github)).toEqual([body, expect.stringMatching(OURS)]);
    expect(struck.outputs.comment_url).toMatch(/\/tower\/pull\/7#issuecomment-\d+$/);
  });

  const THREE_PAGES = ['list', 'list', 'list'];
  test.concurrent('G4: the own one on page 3: found and edited', async () => {
    const { github } = await onPullRequest({
      before: ({ github: there }) => {
        for (let at = 0; at < 230; at++) there!.write(7, MALLORY, `comment ${at}`);
        there!.write(7, ACTIONS_BOT, OLD);
      },
    });
    expect(operations(github)).toEqual(['viewer', 'pull', ...THREE_PAGES, 'update', ...THREE_PAGES]);
    expect(github.comments()).toHaveLength(231);
    expect(bodies(github)[230]).toMatch(OURS);
    expect(bodies(github)[230]).toContain('All is well.');
  });

  test.concurrent('G5: two own ones: the first is edited, no third is made', async () => {
    const second = `${FIRST_LINE}\nsecond`;
    const { github } = await onPullRequest({
      before: ({ github: there }) => {
        there!.write(7, ACTIONS_BOT, OLD);
        there!.write(7, ACTIONS_BOT, second);
      },
      // They were there before.
      apart: ['I10'],
    });
    expect(bodies(github)).toEqual([expect.stringContaining('All is well.'), second]);
  });

  test.concurrent.each<[string, Fault['answer']]>([
    ['502', BAD_GATEWAY],
    ['no answer in time', 'stall'],
    ['RST', 'reset'],
  ])('G6: %s after the comment was made: listed again, exactly one', async (_name, answer) => {
    const struck = await onPullRequest({
      before: ({ github }) => github!.script({ on: 'create', commit: true, answer: answer! }),
    });
    expectGreen(struck);
    expect(operations(struck.github)).toEqual(['viewer', 'pull', 'list', 'create', 'list']);
    expect(bodies(struck.github)).toEqual([expect.stringMatching(OURS)]);
    expect(struck.outputs.comment_url).toMatch(/#issuecomment-/);
  });

  const long = (text: string) => text.repeat(Math.ceil(300_000 / text.length));
  test.concurrent.each<[string, unknown, string]>([
    ['a text of open fences', { text: long('```\n'), list: [long('~~~\n')] }, ''],
    [
      'items that a condition matches',
      {
        items: Array.from({ length: 300 }, (_, at) => ({
          title: `${at} `.repeat(300),
          reason: '```\n'.repeat(100),
        })),
      },
      'bad: outputs.items.filter(i, size(i.title) > 0)',
    ],
  ])(
    'G7: 300 KB as %s: at most 60,000 characters, all closed, a link to the summary',
    async (_name, outputs, fail_if) => {
      const { github } = await onPullRequest({ api: { course: writing(outputs) }, inputs: { fail_if } });
      const [body = ''] = bodies(github);
      expect(body).toMatch(OURS);
      expect(Array.from(body).length).toBeLessThanOrEqual(60_000);
      const last = parsed(body)
        .children.filter(({ type }) => type === 'element')
        .at(-1)!;
      expect(textOf(last)).toMatch(/[jJ]ob summary\.?$/);
      expect(elementsIn(last).map(({ properties }) => properties.href)).toContain(
        `https://github.com/octo-org/tower/actions/runs/${JOB_RUN}/attempts/1`,
      );
    },
  );

  test.concurrent(
    'G7: more conditions than there is room for: cut at 60,000 characters, all closed',
    async () => {
      const conditions = Array.from(
        { length: 200 },
        (_, at) => `c${at}: outputs.text == '${'|<`'.repeat(90)}${at}'`,
      );
      const { github, outputs } = await onPullRequest({
        api: { course: writing({ text: long('Lorem ipsum. ') }) },
        inputs: { fail_if: conditions.join('\n') },
      });
      expect(outputs.conclusion).toBe('success');
      const [body = ''] = bodies(github);
      // It is the limit that cut it.
      expect(body).toMatch(/\d+ more/);
      expect(body.length).toBeLessThanOrEqual(60_000);
      expect(body.split('<details').length).toBe(body.split('</details>').length);
      expect(body).toMatch(/\[[jJ]ob summary\]\(https:[^)]*\)\.?<\/sub>/);
    },
  );

  const LIVE = [
    '@octocat and @org/team',
    '#1 and GH-1 and o/r#1',
    '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2 and 3f9c1ab',
    'closes #1, fixes o/r#2, resolves GH-3',
    'https://github.com/octo-org/tower/issues/1 and www.example.com and a@b.co',
    'GHSA-aaaa-bbbb-cccc and CVE-2026-0001',
    '/merge',
  ];
  const MARKERS = ['<!-- other marker -->', '<!-- alloovium:forged -->', `x\n${FIRST_LINE}`, '<!--'];
  test.concurrent.each([
    ['G9: mentions, issues, commits and addresses', LIVE],
    ['G10: other tools’ markers', MARKERS],
  ])('%s: nobody is notified, nothing linked, no marker left', async (_name, texts) => {
    const { github } = await onPullRequest({
      api: {
        course: writing({
          items: texts.map((text) => ({ [text]: text, title: text })),
          ...Object.fromEntries(texts.map((text) => [text, text])),
          list: texts,
        }),
      },
      inputs: { fail_if: 'bad: outputs.items.filter(i, size(i.title) > 0)', warn_if: 'outputs.items' },
    });
    const [body = ''] = bodies(github);
    const tree = parsed(body);
    expect(aliveInDocument(tree)).toEqual([]);
    // Only our own links to the job summary.
    const links = elementsIn(tree).filter(({ tagName }) => tagName === 'a');
    expect(new Set(links.map(({ properties }) => properties.href)).size).toBe(1);
    // Our own first line, and where there is one, what we remember.
    const [first, ...more] = body.match(/<!--.*/g) ?? [];
    expect(first).toBe(FIRST_LINE);
    expect(more.filter((line) => !/^<!-- alloovium-state:[\w+/=.]+ -->$/.test(line))).toEqual([]);
    expect(textOf(tree).replaceAll('\u200b', '')).toContain(texts[0]);
  });

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

  test.concurrent.each<[string, () => Answer, number]>([
    ['a secondary limit', () => secondaryLimit(6), 6_000],
    ['a primary limit', () => primaryLimit(Math.floor(Date.now() / 1_000) + 8), 7_000],
  ])('G12: %s with a hint within 20 s: honoured', async (_name, answer, atLeastMs) => {
    for (const on of ['list', 'create'] as const) {
      const at: number[] = [];
      const now = (sentAt: number | null) => void at.push(sentAt!);
      const struck = await onPullRequest({
        before: ({ github }) => {
          // GitHub's limit begins with its answer.
          const limit: Fault = {
            on,
            meanwhile: now,
            get answer() {
              return answer();
            },
          };
          github!.script(limit, { on, meanwhile: now });
        },
      });
      expectGreen(struck);
      expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(atLeastMs);
      expect(struck.github.comments()).toHaveLength(1);
      expect(count(struck.github, 'create')).toBe(on === 'create' ? 2 : 1);
    }
  });

  test.concurrent.each<[string, Answer]>([
    ['a secondary limit of a minute', secondaryLimit(60)],
    ['a primary limit of an hour', primaryLimit(Math.floor(Date.now() / 1_000) + 3_600)],
  ])('G12: %s: a notice, at once', async (_name, answer) => {
    const struck = await onPullRequest({
      before: ({ github }) => github!.script({ on: 'list', times: 9, answer }),
    });
    expectNoComment(struck, 'notice', /rate limit/);
    expect(operations(struck.github)).toEqual(['viewer', 'pull', 'list']);
  });

  const pulls = (...numbers: number[]) => ({
    workflow_run: { head_sha: HEAD, pull_requests: numbers.map((number) => ({ number })) },
  });
  test.concurrent.each<[string, string, unknown]>([
    ['push', 'push', undefined],
    ['schedule', 'schedule', undefined],
    ['issue_comment', 'issue_comment', { issue: { number: 7, pull_request: {} }, comment: { id: 1 } }],
    ['merge_group', 'merge_group', undefined],
    ['workflow_run with two pull requests', 'workflow_run', pulls(7, 8)],
  ])('G13: %s: no comment, a notice', async (_name, eventName, event) => {
    const struck = await onPullRequest({ eventName, ...(event === undefined ? {} : { event }) });
    expectNoComment(struck, 'notice', /note: No comment: /);
    expect(struck.github.journal).toEqual([]);
  });

  test.concurrent.each<[string, string, unknown]>([
    ['workflow_run with one pull request', 'workflow_run', pulls(7)],
  ])('G13: %s: a comment', async (_name, eventName, event) => {
    const struck = await onPullRequest({ eventName, ...(event === undefined ? {} : { event }) });
    expectGreen(struck);
    expect(bodies(struck.github)).toEqual([expect.stringMatching(OURS)]);
  });

  test.concurrent.each([
    ['launched', {}, 'pending'],
    ['a launch that fails', { workflow_id: 'wf_nosuch' }, 'error'],
  ])('`wait: false`, %s: no comment, a notice', async (_name, inputs, conclusion) => {
    const struck = await onPullRequest({ inputs: { wait: 'false', ...inputs } });
    expect(struck.outputs).toMatchObject({ conclusion, comment_url: '' });
    expect(struck.result.stdout.match(/^note: No comment: .*$/gm)).toEqual([
      'note: No comment: with `wait: false` there is no verdict.',
    ]);
    expect(struck.github.journal).toEqual([]);
  });

  test.concurrent('G14: a locked conversation: a notice', async () => {
    const struck = await onPullRequest({
      github: { ...TOWER, pullRequests: [{ number: 7, state: 'open', locked: true }] },
    });
    expectNoComment(struck, 'notice', /conversation is locked/);
    expect(struck.github.comments()).toEqual([]);
  });

  test.concurrent('G14: deleted between list and edit: created once', async () => {
    const struck = await onPullRequest({
      before: ({ github }) => {
        const { id } = github!.write(7, ACTIONS_BOT, OLD);
        github!.script({ on: 'update', meanwhile: () => github!.erase(id) });
      },
    });
    expectGreen(struck);
    expect(count(struck.github, 'create')).toBe(1);
    expect(bodies(struck.github)).toEqual([expect.stringContaining('All is well.')]);
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
      expect(struck.result.stdout).toMatch(/note: No comment is written: .* come to bbbbbbb, .* of 3f9c1ab/);
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

  test.concurrent.each<[string, Fault['answer']]>([
    ['may not be read', { status: 403, body: { message: 'Resource not accessible by integration' } }],
  ])('G15: the head %s: it is taken for ours', async (_name, answer) => {
    const struck = await onPullRequest({
      before: ({ github }) => {
        github!.push(7, NEWER);
        github!.script({ on: 'pull', answer: answer! });
      },
    });
    expect(bodies(struck.github)).toEqual([expect.stringContaining('All is well.')]);
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

  test.concurrent('G17: the same attempt and run again: no edit; another attempt is one', async () => {
    const { github, results } = await onPullRequest({ runs: [{}, {}, { attempt: 2 }] });
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const asked = ['viewer', 'pull', 'list'];
    expect(operations(github)).toEqual([...asked, 'create', 'list', ...asked, ...asked, 'update', 'list']);
    expect(new Set(results.map(({ outputs }) => outputs.comment_url)).size).toBe(1);
    expect(results[1]?.stdout).toContain('Comment left as it is: it says so already.');
  });

  test.concurrent('G17: `on_failure`, green over green: no edit; and none where there is none', async () => {
    const quiet = { inputs: { comment: 'on_failure' } };
    const { github, results } = await onPullRequest({ runs: [quiet, {}, { ...quiet, runId: JOB_RUN + 1 }] });
    expect([count(github, 'create'), count(github, 'update')]).toEqual([1, 0]);
    expect(results[0]?.stdout).toContain('No comment: there is nothing to report.');
    expect(results[2]?.stdout).toContain('Comment left as it is: there is nothing to report.');
  });

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
  const gated = { fail_if: 'bad: outputs.bad' };
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
    ['an empty review after findings', { runs: [of('a'), at(NEWER, of('a'))] }, /1 gone/],
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
    'G23: another finding under the same number is new, and the one before is gone',
    async () => {
      const titles = ['Door D1', 'Window W7'];
      const { github } = await onPullRequest({
        api: { course: ({ count: nth }) => writing({ bad: [{ id: 1, title: titles[nth - 1] }] }) },
        inputs: { ...gated, known_by: 'id, title' },
        runs: [of('a'), at(NEWER, of('b'))],
      });
      expect(bodies(github)[0]).toMatch(/1 new\*\*[^.]*1 gone/);
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
    expect(second?.body).toMatch(/1 still open, 1 gone/);
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

  test.concurrent.each<[string, Fault['answer']]>([
    ['cut in its middle', 'truncated'],
    ['an object', { status: 200, body: {} }],
  ])('G18: a list that is %s: failed, and nothing is created', async (_name, answer) => {
    const struck = await onPullRequest({
      before: ({ github }) => github!.script({ on: 'list', times: 9, answer: answer! }),
    });
    expectNoComment(struck, 'warning', /not written/);
    expect([count(struck.github, 'list'), count(struck.github, 'create')]).toEqual([3, 0]);
    expect(struck.github.comments()).toEqual([]);
  });
});
