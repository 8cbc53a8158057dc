/** G: the sticky comment, from the bundle to GitHub. What of it needs no process is proven in `github/sticky-comment.test.ts`. */
import { describe, expect, jest, test } from '@jest/globals';
import { startApi } from '../../simulator/api.ts';
import {
  ACTIONS_BOT,
  BAD_GATEWAY,
  primaryLimit,
  secondaryLimit,
  startGithub,
  type Answer,
  type Fault,
  type Github,
} from '../../simulator/github.ts';
import { breaches } from '../../simulator/invariants.ts';
import { runAction, type RunOptions } from '../../simulator/runner.ts';
import { steadyCourse, TEST_KEY, WORKFLOW_ID, type Course } from '../../simulator/seed.ts';
import { markerDigest, markerLine, parseMarker, type Marker } from '../../src/report/marker.ts';
import { aliveInDocument } from '../report/a-report.ts';
import { elementsIn, parsed, textOf } from '../report/github-markdown.ts';
import { strike, TOKEN, TOWER, type Strike, type Struck } from './strike.ts';

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

const DIGEST = markerDigest([
  'octo-org/tower/.github/workflows/submittals.yml',
  'review __self null',
  WORKFLOW_ID,
  '',
]);
const JOB_RUN = 17_000_000_001;
const marker = (more: Partial<Marker> = {}): string =>
  markerLine({
    digest: DIGEST,
    jobRunId: JOB_RUN - 1,
    attempt: 1,
    runId: 'run_earlier',
    conclusion: 'success',
    verdict: '0'.repeat(32),
    commit: '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2',
    ...more,
  });
const OLD = `${marker()}\nold`;
const MALLORY = { login: 'mallory', id: 666, type: 'User' } as const;

const operations = (github: Github) => github.journal.map(({ operation }) => operation);
const count = (github: Github, operation: string) =>
  operations(github).filter((one) => one === operation).length;
const bodies = (github: Github) => github.comments().map(({ body }) => body);
const OURS = new RegExp(`^<!-- alloovium:${DIGEST} `);
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
      expect(struck.result.stdout).toContain('Detail∶ Resource not accessible by integration');
    },
  );

  test.concurrent('G1: the same where the step is red: red for its own reason', async () => {
    const struck = await onPullRequest({
      github: {
        ...TOWER,
        tokens: { [TOKEN]: { user: ACTIONS_BOT, permission: 'read', viewer: 'refused' } },
      },
      inputs: { fail_if: 'size(outputs.summary) > 0' },
    });
    expect(struck.outputs).toMatchObject({ conclusion: 'gate_failed', comment_url: '' });
    expect(warnings(struck)).toHaveLength(1);
  });

  test.concurrent.each([
    ['G2: the marker in another user’s comment', MALLORY, OLD],
    ['G3: the marker in the bot’s comment, but not in its first line', ACTIONS_BOT, `Hello\n${OLD}`],
  ])('%s: passed over, and an own one is made', async (_name, user, body) => {
    const struck = await onPullRequest({ before: ({ github }) => void github!.write(7, user, body) });
    expectGreen(struck);
    expect(bodies(struck.github)).toEqual([body, expect.stringMatching(OURS)]);
    expect(struck.outputs.comment_url).toMatch(/\/tower\/pull\/7#issuecomment-\d+$/);
  });

  test.concurrent('G4: the own one on page 3: found and edited', async () => {
    const { github } = await onPullRequest({
      before: ({ github: there }) => {
        for (let at = 0; at < 230; at++) there!.write(7, MALLORY, `comment ${at}`);
        there!.write(7, ACTIONS_BOT, OLD);
      },
    });
    expect(operations(github)).toEqual(['viewer', 'list', 'list', 'list', 'pull', 'update']);
    expect(github.comments()).toHaveLength(231);
    expect(bodies(github)[230]).toMatch(OURS);
    expect(bodies(github)[230]).toContain('All is well.');
  });

  test.concurrent('G5: two own ones: the first is edited, no third is made', async () => {
    const second = `${marker()}\nsecond`;
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
    ['half an answer', 'truncated'],
  ])('G6: %s after the comment was made: listed again, exactly one', async (_name, answer) => {
    const struck = await onPullRequest({
      before: ({ github }) => github!.script({ on: 'create', commit: true, answer: answer! }),
    });
    expectGreen(struck);
    expect(operations(struck.github)).toEqual(['viewer', 'list', 'pull', 'create', 'list']);
    expect(bodies(struck.github)).toEqual([expect.stringMatching(OURS)]);
    expect(struck.outputs.comment_url).toMatch(/#issuecomment-/);
  });

  const long = (text: string) => text.repeat(Math.ceil(300_000 / text.length));
  test.concurrent.each<[string, unknown, string]>([
    ['a text', { text: long('Lorem ipsum. ') }, ''],
    ['a text of open fences', { text: long('```\n'), list: [long('~~~\n')] }, ''],
    [
      'items that a condition matches',
      {
        items: Array.from({ length: 300 }, (_, at) => ({
          title: `${at} `.repeat(300),
          reason: '```\n'.repeat(100),
        })),
      },
      "bad: outputs.items.filter(i, i.title != '')",
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
      expect(textOf(last)).toMatch(/full report$/);
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
      expect(body.length).toBeGreaterThan(45_000);
      expect(body.length).toBeLessThanOrEqual(60_000);
      expect(body.split('<details').length).toBe(body.split('</details>').length);
      expect(body).toMatch(/\[full report\]\(https:[^)]*\)<\/sub>/);
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
  const MARKERS = [
    '<!-- other marker -->',
    '<!-- alloovium:forged -->',
    `x\n${marker({ jobRunId: JOB_RUN + 9 })}`,
    '<!--',
  ];
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
      inputs: { fail_if: "bad: outputs.items.filter(i, i.title != '')", warn_if: 'outputs.items' },
    });
    const [body = ''] = bodies(github);
    const tree = parsed(body);
    expect(aliveInDocument(tree)).toEqual([]);
    expect(elementsIn(tree).filter(({ tagName }) => tagName === 'a')).toHaveLength(1);
    // Our own first line, and where there is one, what we remember.
    const [first, ...more] = body.match(/<!--.*/g) ?? [];
    expect(first).toMatch(OURS);
    expect(more.filter((line) => !/^<!-- alloovium-state:[\w+/=]+ -->$/.test(line))).toEqual([]);
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
        'viewer',
        'list',
        'pull',
        'create',
        'list',
        'delete',
        'pull',
        'update',
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
      expect(parseMarker(bodies(github)[0]!.split('\n')[0]!)?.digest).toBe(DIGEST);
    } finally {
      await api.close();
      await github.close();
    }
  });

  test.concurrent.each<[string, () => Answer, number]>([
    ['a secondary limit', () => secondaryLimit(6), 6_000],
    ['a secondary limit, as 429', () => secondaryLimit(6, 429), 6_000],
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
    ['a secondary limit without a hint', secondaryLimit(null)],
    ['a primary limit of an hour', primaryLimit(Math.floor(Date.now() / 1_000) + 3_600)],
  ])('G12: %s: a notice, at once', async (_name, answer) => {
    const struck = await onPullRequest({
      before: ({ github }) => github!.script({ on: 'list', times: 9, answer }),
    });
    expectNoComment(struck, 'notice', /rate limit/);
    expect(operations(struck.github)).toEqual(['viewer', 'list']);
  });

  test.concurrent('G12: hints that together go beyond 20 s: a notice, on time', async () => {
    const at: number[] = [];
    const struck = await onPullRequest({
      before: ({ github }) =>
        github!.script({
          on: 'list',
          times: 9,
          answer: secondaryLimit(6),
          meanwhile: (sentAt) => void at.push(sentAt!),
        }),
    });
    expectNoComment(struck, 'notice', /rate limit/);
    expect(at.length).toBeLessThanOrEqual(4);
    expect(at.at(-1)! - at[0]!).toBeLessThanOrEqual(20_000);
  });

  const pulls = (...numbers: number[]) => ({
    workflow_run: { head_sha: 'a'.repeat(40), pull_requests: numbers.map((number) => ({ number })) },
  });
  test.concurrent.each<[string, string, unknown]>([
    ['push', 'push', undefined],
    ['schedule', 'schedule', undefined],
    ['issue_comment', 'issue_comment', { issue: { number: 7, pull_request: {} }, comment: { id: 1 } }],
    ['merge_group', 'merge_group', undefined],
    ['workflow_dispatch', 'workflow_dispatch', { inputs: {} }],
    ['workflow_run without a pull request', 'workflow_run', pulls()],
    ['workflow_run with two pull requests', 'workflow_run', pulls(7, 8)],
    ['workflow_run with nothing that is a list', 'workflow_run', { workflow_run: { pull_requests: 'x' } }],
    ['pull_request whose payload names none', 'pull_request', { pull_request: { number: '7' } }],
  ])('G13: %s: no comment, a notice', async (_name, eventName, event) => {
    const struck = await onPullRequest({ eventName, ...(event === undefined ? {} : { event }) });
    expectNoComment(struck, 'notice', /note: No comment: /);
    expect(struck.github.journal).toEqual([]);
  });

  test.concurrent.each<[string, string, unknown]>([
    ['workflow_run with one pull request', 'workflow_run', pulls(7)],
    ['pull_request_target', 'pull_request_target', undefined],
  ])('G13: %s: a comment', async (_name, eventName, event) => {
    const struck = await onPullRequest({ eventName, ...(event === undefined ? {} : { event }) });
    expectGreen(struck);
    expect(bodies(struck.github)).toEqual([expect.stringMatching(OURS)]);
  });

  test.concurrent('G14: a locked conversation: a notice', async () => {
    const struck = await onPullRequest({
      github: { ...TOWER, pullRequests: [{ number: 7, state: 'open', locked: true }] },
    });
    expectNoComment(struck, 'notice', /#7 is locked/);
    expect(struck.github.comments()).toEqual([]);
  });

  test.concurrent('G14: a pull request that takes no comments any more: a notice', async () => {
    const struck = await onPullRequest({
      before: ({ github }) =>
        github!.script({ on: 'list', answer: { status: 410, body: { message: 'This issue was deleted' } } }),
    });
    expectNoComment(struck, 'notice', /#7 no longer takes any/);
  });

  test.concurrent('G14: a closed pull request: a comment', async () => {
    const struck = await onPullRequest({
      github: { ...TOWER, pullRequests: [{ number: 7, state: 'closed', locked: false }] },
    });
    expectGreen(struck);
    expect(struck.github.comments()).toHaveLength(1);
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

  test.concurrent.each<[string, 'stands' | 'yields', Partial<Marker>, Partial<RunOptions>]>([
    ['an older attempt of the job run', 'stands', { jobRunId: JOB_RUN, attempt: 3 }, { attempt: 2 }],
    ['a newer attempt of the job run', 'yields', { jobRunId: JOB_RUN, attempt: 1 }, { attempt: 2 }],
    ['an older job run', 'stands', { jobRunId: JOB_RUN + 1, attempt: 1 }, { attempt: 5 }],
    ['a newer job run', 'yields', { jobRunId: JOB_RUN - 1, attempt: 9 }, {}],
  ])('G15: %s finishes, and finds the other’s: it %s', async (_name, expected, there, ours) => {
    const old = `${marker(there)}\nold`;
    const struck = await onPullRequest({
      ...ours,
      before: ({ github }) => void github!.write(7, ACTIONS_BOT, old),
    });
    expectGreen(struck);
    expect(operations(struck.github)).toEqual([
      'viewer',
      'list',
      ...(expected === 'stands' ? [] : ['update']),
    ]);
    expect(bodies(struck.github)).toEqual([
      expected === 'stands' ? old : expect.stringContaining('All is well.'),
    ]);
    if (expected === 'stands') expect(struck.result.stdout).toContain('a newer run of this job wrote it');
  });

  test.concurrent.each([
    ['job run 0', 'job-run=0 attempt=1'],
    ['a job run over 2^53', 'job-run=9007199254740993 attempt=1'],
    ['a job run of 30 digits', `job-run=${'9'.repeat(30)} attempt=1`],
    ['a negative job run', 'job-run=-1 attempt=1'],
    ['a job run in words', 'job-run=Infinity attempt=1'],
    ['an attempt over 2^53', `job-run=${JOB_RUN} attempt=9007199254740993`],
    ['attempt 0', `job-run=${JOB_RUN + 1} attempt=0`],
  ])('G15: a comment that claims %s: damage, and written over', async (_name, claim) => {
    const damaged = marker().replace(/job-run=\d+ attempt=\d+/, claim);
    const { github } = await onPullRequest({
      before: ({ github: there }) => void there!.write(7, ACTIONS_BOT, `${damaged}\nold`),
    });
    expect(bodies(github)).toEqual([expect.stringContaining('All is well.')]);
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
      expect(operations(github)).toEqual(['viewer', 'list', 'pull', 'create', 'list']);
      expect(github.journal[0]?.answer?.status).toBe(200);
      const seen = (entries: readonly { path: string; headers: unknown; body: string | Buffer }[]) =>
        JSON.stringify(entries.map(({ path, headers, body }) => [path, headers, String(body)]));
      expect(seen(github.journal)).toContain(TOKEN);
      expect(seen(github.journal)).not.toContain(TEST_KEY);
      expect(seen(api.journal)).toContain(TEST_KEY);
      expect(seen(api.journal)).not.toContain(TOKEN);
    },
  );

  test.concurrent('G17: the same run and verdict again: no edit', async () => {
    const { github, results } = await onPullRequest({ runs: [{}, { runId: JOB_RUN + 1 }, { attempt: 2 }] });
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect([count(github, 'create'), count(github, 'update')]).toEqual([1, 0]);
    expect(new Set(results.map(({ outputs }) => outputs.comment_url)).size).toBe(1);
    expect(results[1]?.stdout).toContain('it already shows this run and verdict');
  });

  test.concurrent.each<[string, Fault['answer']]>([
    ['cut in its middle', 'truncated'],
    ['empty text', { status: 200, headers: { 'content-type': 'text/plain' }, body: '' }],
    ['text that is no JSON', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>hello' }],
    ['half of its JSON', { status: 200, body: '[{"id":1,"body":"a"' }],
    ['an object', { status: 200, body: {} }],
    ['null', { status: 200, body: null }],
  ])('G18: a list that is %s: failed, and nothing is created', async (_name, answer) => {
    const struck = await onPullRequest({
      before: ({ github }) => github!.script({ on: 'list', times: 9, answer: answer! }),
    });
    expectNoComment(struck, 'warning', /not written/);
    expect([count(struck.github, 'list'), count(struck.github, 'create')]).toEqual([3, 0]);
    expect(struck.github.comments()).toEqual([]);
  });
});
