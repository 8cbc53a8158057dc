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
import { digest } from '../../src/gate/finding.ts';
import { markerDigest, markerLine, parseComment, withMemory } from '../../src/report/marker.ts';
import { nextMemory } from '../../src/report/memory.ts';
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
const FIRST_LINE = markerLine(DIGEST);
/** The commit of the runner's own pull request. */
const COMMIT = HEAD;
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
      expect(struck.result.stdout).toContain('Detail∶ Resource not accessible by integration');
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
    expect(operations(struck.github)).toEqual(['viewer', 'list', 'pull', 'create', 'list']);
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
      expect(body.length).toBeGreaterThan(20_000);
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
      inputs: { fail_if: "bad: outputs.items.filter(i, i.title != '')", warn_if: 'outputs.items' },
    });
    const [body = ''] = bodies(github);
    const tree = parsed(body);
    expect(aliveInDocument(tree)).toEqual([]);
    expect(elementsIn(tree).filter(({ tagName }) => tagName === 'a')).toHaveLength(1);
    // Our own first line, and where there is one, what we remember.
    const [first, ...more] = body.match(/<!--.*/g) ?? [];
    expect(first).toBe(FIRST_LINE);
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
    expect(operations(struck.github)).toEqual(['viewer', 'list']);
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
    expect(struck.result.stdout.match(/^note∶ No comment∶ .*$/gm)).toEqual([
      'note∶ No comment∶ with `wait∶ false` there is no verdict.',
    ]);
    expect(struck.github.journal).toEqual([]);
  });

  test.concurrent('G14: a locked conversation: a notice', async () => {
    const struck = await onPullRequest({
      github: { ...TOWER, pullRequests: [{ number: 7, state: 'open', locked: true }] },
    });
    expectNoComment(struck, 'notice', /#7 is locked/);
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
      expect(operations(struck.github)).toEqual(['viewer', 'list', 'pull']);
      expect(bodies(struck.github)).toEqual([OLD]);
      expect(struck.result.stdout).toMatch(/note∶ No comment is written∶ .* come to bbbbbbb, .* of 3f9c1ab/);
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
    expect(operations(struck.github).slice(-2)).toEqual(['pull', 'update']);
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

  test.concurrent('G17: the same attempt and run again: no edit; another attempt is one', async () => {
    const { github, results } = await onPullRequest({ runs: [{}, {}, { attempt: 2 }] });
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(operations(github)).toEqual([
      'viewer',
      'list',
      'pull',
      'create',
      'list',
      'viewer',
      'list',
      'viewer',
      'list',
      'pull',
      'update',
    ]);
    expect(new Set(results.map(({ outputs }) => outputs.comment_url)).size).toBe(1);
    expect(results[1]?.stdout).toContain('Comment left as it is∶ it says so already.');
  });

  test.concurrent('G17: `on_failure`, green over green: no edit; and none where there is none', async () => {
    const quiet = { inputs: { comment: 'on_failure' } };
    const { github, results } = await onPullRequest({ runs: [quiet, {}, { ...quiet, runId: JOB_RUN + 1 }] });
    expect([count(github, 'create'), count(github, 'update')]).toEqual([1, 0]);
    expect(results[0]?.stdout).toContain('No comment∶ there is nothing to report.');
    expect(results[2]?.stdout).toContain('Comment left as it is∶ there is nothing to report.');
  });

  /** Two jobs or steps of other inputs: the first red, the second green. */
  const RED_THEN_GREEN = {
    course: ({ count: nth }: { readonly count: number }) => writing({ bad: nth === 1 ? [{ id: 1 }] : [] }),
  };
  const gated = { fail_if: 'bad: outputs.bad' };
  test.concurrent(
    'G19: two steps of one job, other inputs: two comments, and none says that the red one is resolved',
    async () => {
      const { github, results } = await onPullRequest({
        api: RED_THEN_GREEN,
        inputs: gated,
        runs: [
          { inputs: { inputs: 'of: a' } },
          { inputs: { inputs: 'of: b' }, env: { GITHUB_ACTION: '__self_2' } },
        ],
      });
      expect(results.map(({ exitCode }) => exitCode)).toEqual([1, 0]);
      const [first, second, ...more] = bodies(github);
      expect(more).toEqual([]);
      expect(first).toContain('This check is red');
      expect(second).toContain('This check is green');
      expect(second).not.toContain('resolved');
    },
  );

  test.concurrent(
    'G19, G22: one `comment_key` in two jobs, other inputs: one comment, and the red one stands',
    async () => {
      const { github, results } = await onPullRequest({
        api: RED_THEN_GREEN,
        inputs: { ...gated, comment_key: 'review' },
        runs: [
          { inputs: { inputs: 'of: a' } },
          { inputs: { inputs: 'of: b' }, env: { GITHUB_JOB: 'other' } },
        ],
      });
      expect(bodies(github)).toEqual([expect.stringMatching(/This check is red/)]);
      expect([count(github, 'create'), count(github, 'update')]).toEqual([1, 0]);
      expect(results[1]?.stdout).toContain(
        'Comment left as it is∶ it shows what else is red at this commit.',
      );
    },
  );

  test.concurrent(
    'G22: a later job that judges by `run_id` mends the comment of the one that timed out',
    async () => {
      const { github, results } = await onPullRequest({
        speed: 30,
        api: { course: steadyCourse({ queuedMs: 1_000, runningMs: 90_000, outputs: { bad: [] } }) },
        inputs: { ...gated, comment_key: 'review' },
        runs: [
          { inputs: { timeout_minutes: '0.5' } },
          {
            env: { GITHUB_JOB: 'later' },
            inputsAfter: ({ outputs }) => ({ run_id: outputs.run_id ?? '', workflow_id: '' }),
          },
        ],
      });
      expect(results.map(({ outputs }) => outputs.conclusion)).toEqual(['timed_out', 'success']);
      expect(bodies(github)).toEqual([expect.stringContaining('This check is green')]);
      expect(bodies(github)[0]).not.toContain('resolved');
    },
  );

  const broken = { fail_if: 'bad: outputs.nosuch == 1\nnone: size(outputs.bad) == 9' };
  test.concurrent.each<[string, Readonly<Record<string, string>>]>([
    ['is taken away', { fail_if: 'none: size(outputs.bad) == 9' }],
  ])(
    'G20: red by a condition that could not be evaluated, and that %s: not resolved',
    async (_name, inputs) => {
      const { github, results } = await onPullRequest({
        api: { course: writing({ bad: [] }) },
        runs: [
          { inputs: broken },
          { inputs, ...pushed(NEWER), runId: JOB_RUN + 1, before: (_api, there) => there!.push(7, NEWER) },
        ],
      });
      expect(results.map(({ exitCode }) => exitCode)).toEqual([1, 0]);
      expect(bodies(github)).toEqual([expect.stringContaining('This check is green')]);
      expect(bodies(github)[0]).not.toContain('resolved');
    },
  );

  test.concurrent.each<[string, (body: string) => string, boolean]>([
    ['as it was written', (body) => body, true],
    ['with its last line cut out', (body) => parseComment(body).visible, false],
  ])('G20: green over a red comment %s', async (_name, change, isResolved) => {
    const { github } = await onPullRequest({
      api: RED_THEN_GREEN,
      inputs: gated,
      runs: [
        {},
        {
          ...pushed(NEWER),
          runId: JOB_RUN + 1,
          before: (_api, there) => {
            there!.push(7, NEWER);
            const [{ body, id } = { body: '', id: 0 }] = there!.comments();
            there!.erase(id);
            there!.write(7, ACTIONS_BOT, change(body));
          },
        },
      ],
    });
    expect(bodies(github)).toEqual([expect.stringContaining('This check is green')]);
    expect(bodies(github)[0]!.includes('resolved')).toBe(isResolved);
  });

  /** A memory that claims that another run is green, at this very commit. */
  const claim = nextMemory(
    null,
    [{ subject: digest('x'), runId: 'run_9', isRed: false, findings: [] }],
    COMMIT,
    'green',
  );
  test.concurrent.each([
    [
      'its first line, and what an older form claimed',
      `<!-- alloovium:${DIGEST} job-run=9007199254740991 attempt=9 -->\nold`,
    ],
    ['its first line over a text that says that all is well', `${FIRST_LINE}\n### ✅ All is well`],
    ['a memory that claims so', withMemory(`${FIRST_LINE}\n### ✅ All is well`, claim)],
  ])('G21: a comment by the same bot with %s: a red report is seen', async (_name, planted) => {
    const { github } = await onPullRequest({
      api: { course: writing({ bad: [{ id: 1 }] }) },
      inputs: { ...gated, comment: 'on_failure' },
      before: ({ github: there }) => void there!.write(7, ACTIONS_BOT, planted),
      // What claims another first line is no comment of ours.
      apart: ['I10'],
    });
    expect(bodies(github).at(-1)).toContain('This check is red');
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
