import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { resolvePullRequest, isAtHead, readContext, readEvent, type Context, type Payload } from '../../src/github/context.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { fakeGithub, HEAD } from './fake-github.ts';

const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
const RUN = '17000000001';
const ENVIRONMENT = {
  GITHUB_REPOSITORY: 'octo-org/tower',
  GITHUB_SHA: SHA,
  GITHUB_RUN_ID: RUN,
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_REF: 'refs/heads/main',
  GITHUB_JOB: 'review',
  GITHUB_ACTION: 'doors',
  GITHUB_WORKFLOW: 'Submittals',
  GITHUB_WORKFLOW_REF: 'octo-org/tower/.github/workflows/review.yml@refs/heads/a@b',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com',
  GITHUB_ACTOR: 'octocat',
  GITHUB_TRIGGERING_ACTOR: 'octocat',
};
const on = (event: string, payload: unknown = {}, more: Record<string, string> = {}) =>
  readContext({ ...ENVIRONMENT, GITHUB_EVENT_NAME: event, ...more }, payload as Payload);

/** GitHub's payload, reduced to what is read and what might be read by mistake. */
const pull = (repo: object | null = { full_name: 'octo-org/tower', fork: true }) => ({
  number: 7,
  pull_request: { number: 7, merge_commit_sha: SHA, user: { login: 'dependabot[bot]' }, base: { sha: SHA }, head: { sha: HEAD, repo } },
  repository: { private: true, default_branch: 'main' },
});
const PULL_EVENTS = ['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'];
const commentOn = (issue: object) => ({ issue: { number: 7, ...issue } });

describe('the context', () => {
  test('is read on a push', () => {
    expect(on('push', { after: HEAD, repository: { private: true, default_branch: 'main' } })).toEqual({
      repository: 'octo-org/tower',
      isFork: false,
      commit: SHA,
      keyScope: SHA,
      event: 'push',
      ref: 'refs/heads/main',
      workflowRunId: RUN,
      attempt: 2,
      workflowFile: '.github/workflows/review.yml',
      job: 'review',
      stepId: 'doors',
      workflowName: 'Submittals',
      workflowRunUrl: 'https://github.com/octo-org/tower/actions/runs/17000000001/attempts/2',
      serverUrl: 'https://github.com',
      githubApiUrl: 'https://api.github.com',
      defaultBranch: 'main',
      mergeCommit: '',
      isPrivate: true,
      isSaveRequested: false,
      actor: 'octocat',
      secretsWithheld: false,
      namedPullRequest: null,
      pullRequest: null,
    });
  });

  const AND_RUN = `-${RUN}`;
  test.each<[event: string, payload: unknown, commit: string, scope: string, named: number | null, head: string | null]>([
    ['push', pull(), SHA, '', null, null],
    ['merge_group', { merge_group: { head_sha: SHA, base_sha: HEAD } }, SHA, '', null, null],
    ...PULL_EVENTS.map((event) => [event, pull(), HEAD, '', 7, HEAD] as [string, unknown, string, string, number, string]),
    ['workflow_run', { workflow_run: { head_sha: HEAD, pull_requests: [{ number: 8 }] } }, HEAD, AND_RUN, null, null],
    ['issue_comment', commentOn({ pull_request: {} }), SHA, AND_RUN, 7, null],
    ['issue_comment', commentOn({}), SHA, AND_RUN, null, null],
    ['schedule', pull(), SHA, AND_RUN, null, null],
    ['workflow_dispatch', pull(), SHA, AND_RUN, null, null],
    ['repository_dispatch', pull(), SHA, AND_RUN, null, null],
    ['constructor', pull(), SHA, AND_RUN, null, null],
  ])('has the commit, key scope and pull request of %s', (event, payload, commit, scope, named, head) => {
    const pullRequest = head === null ? null : { number: 7, head };
    expect(on(event, payload)).toMatchObject({ commit, keyScope: `${commit}${scope}`, namedPullRequest: named, pullRequest });
  });

  test.each<[string, fork: boolean, deletedFork: boolean, dependabot: boolean]>([
    ['pull_request', true, true, true],
    ['pull_request_review', true, true, true],
    ['pull_request_review_comment', true, true, true],
    ['pull_request_target', false, false, false],
    ['push', false, false, true],
    ['schedule', false, false, false],
    ['issue_comment', false, false, false],
  ])(
    'knows on %s whether secrets are withheld: of a fork %s, of a deleted one %s, of Dependabot %s',
    (event, fork, deletedFork, dependabot) => {
      expect(on(event, pull({ full_name: 'mallory/tower' })).secretsWithheld).toBe(fork);
      expect(on(event, pull(null)).secretsWithheld).toBe(deletedFork);
      expect(on(event, pull(), { GITHUB_ACTOR: 'dependabot[bot]' }).secretsWithheld).toBe(dependabot);
      expect(on(event, pull({ full_name: 'Octo-Org/Tower' })).secretsWithheld).toBe(false);
    },
  );

  test.each<[string, string]>([
    ['GITHUB_REPOSITORY', 'tower'],
    ['GITHUB_REPOSITORY', 'octo-org/tower\n'],
    ['GITHUB_SHA', 'main'],
    ['GITHUB_SHA', `${SHA}\n`],
    ['GITHUB_RUN_ID', '1e3'],
    ['GITHUB_RUN_ATTEMPT', '0'],
    ['GITHUB_SERVER_URL', ''],
    ['GITHUB_SERVER_URL', 'https:'],
    ['GITHUB_API_URL', ''],
  ])('is refused with %s=%j, which no runner sets', (variable, value) => {
    expect(() => on('push', {}, { [variable]: value })).toThrow(expect.objectContaining({ outcome: { kind: 'not_a_runner', variable } }));
  });

  test.each<[string, unknown]>([
    ...PULL_EVENTS.map((event): [string, unknown] => [event, {}]),
    ['pull_request', null],
    ['pull_request', [pull()]],
    ['pull_request', { pull_request: { number: 7, head: { sha: `${HEAD}\n` } } }],
    ['workflow_run', { workflow_run: { head_sha: 'main' } }],
  ])('is refused on %s without the commit that only the event tells: %j', (event, payload) => {
    expect(() => on(event, payload)).toThrow(expect.objectContaining({ outcome: { kind: 'no_commit' } }));
  });

  test('is read without the event’s file where the runner tells the commit', () => {
    const read = (event: string) => readContext({ ...ENVIRONMENT, GITHUB_EVENT_NAME: event }, null);
    for (const event of ['push', 'merge_group', 'schedule'])
      expect(read(event)).toMatchObject({ commit: SHA, pullRequest: null, isPrivate: false });
    for (const event of ['pull_request', 'issue_comment'])
      expect(() => read(event)).toThrow(expect.objectContaining({ outcome: { kind: 'no_commit' } }));
  });
});

describe('the payloads that GitHub recorded', () => {
  interface Recorded {
    readonly pull_request?: { readonly number: number; readonly head: { readonly sha: string } };
    readonly issue?: { readonly number: number; readonly pull_request?: object };
    readonly workflow_run?: { readonly head_sha: string };
    readonly repository?: { readonly full_name: string; readonly private: boolean };
  }
  const events = createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly { name: string; examples: readonly Recorded[] }[];
  // The recordings have no pull_request_target, whose payload is that of pull_request.
  const targets = events.filter(({ name }) => name === 'pull_request').map(({ examples }) => ({ name: 'pull_request_target', examples }));
  const all = [...events, ...targets].flatMap(({ name, examples }) => examples.map((payload, at) => [name, at + 1, payload] as const));

  test('are 355 or more', () => expect(all.length).toBeGreaterThanOrEqual(355));

  test.each(all)('give commit, key scope and pull request on %s, number %d', (name, _, payload) => {
    const GITHUB_REPOSITORY = payload.repository?.full_name ?? 'octo-org/tower';
    const { commit, keyScope, pullRequest, namedPullRequest, isPrivate } = on(name, payload, { GITHUB_REPOSITORY });
    const { number, head } = (PULL_EVENTS.includes(name) ? payload.pull_request : undefined) ?? {};
    const commented = name === 'issue_comment' && payload.issue?.pull_request ? payload.issue.number : null;
    expect(commit).toBe(head?.sha ?? (name === 'workflow_run' ? payload.workflow_run?.head_sha : SHA));
    expect(keyScope).toBe(head || name === 'push' || name === 'merge_group' ? commit : `${commit}-${RUN}`);
    expect(pullRequest).toEqual(head ? { number, head: head.sha } : null);
    expect(namedPullRequest).toBe(number ?? commented);
    expect(isPrivate).toBe(payload.repository?.private ?? false);
  });
});

describe('the pull request that the step names', () => {
  const ask = (context: Context, given: number | null, fake = fakeGithub()) => fake.run(resolvePullRequest(fake.github, context, given));

  test('is asked for its head, which is the commit under review', async () => {
    const scope = `${HEAD}-${RUN}`;
    const asked = { commit: HEAD, keyScope: scope, pullRequest: { number: 7, head: HEAD } };
    expect(await ask(on('workflow_dispatch'), 7)).toMatchObject(asked);
    expect(await ask(on('issue_comment', commentOn({ pull_request: {} })), null)).toMatchObject(asked);
  });

  test('is not asked for where the event has it, or where there is none', async () => {
    for (const [context, given] of [
      [on('pull_request', pull()), null],
      [on('pull_request', pull()), 7],
      [on('push'), null],
    ] as const) {
      const fake = fakeGithub();
      expect(await ask(context, given, fake)).toBe(context);
      expect(fake.journal).toEqual([]);
    }
  });

  test('leaves the commit of the run before under review, which then may not be the head', async () => {
    const same = await ask(on('workflow_run', { workflow_run: { head_sha: HEAD } }), 7);
    const older = await ask(on('workflow_run', { workflow_run: { head_sha: SHA } }), 7);
    expect([same.commit, isAtHead(same), older.commit, isAtHead(older)]).toEqual([HEAD, true, SHA, false]);
    expect(isAtHead(on('push'))).toBe(true);
  });

  test.each([
    [404, 'not_found'],
    [403, 'forbidden'],
    [502, 'no_answer'],
  ])('fails where GitHub answers %d', async (status, code) => {
    const fake = fakeGithub();
    fake.addFaults({ on: 'pull', times: 9, answer: { status } });
    await expect(ask(on('schedule'), 7, fake)).rejects.toMatchObject({ code, status });
  });

  test('fails where GitHub answers without a head', async () => {
    const fake = fakeGithub();
    fake.addFaults({ on: 'pull', times: 9, answer: { status: 200, body: '{"head":{"sha":""}}' } });
    await expect(ask(on('schedule'), 7, fake)).rejects.toMatchObject({ code: 'no_answer' });
  });
});

describe('the event’s file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'event-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'event.json');
  const read = (from: string, at?: [ms: number, text: string]) => {
    const clock = virtualClock();
    if (at) clock.at(at[0], () => writeFileSync(path, at[1]));
    return clock.run(readEvent(from, clock, new AbortController().signal)).then((file) => [file, clock.now()]);
  };

  test.each<[string, before: string, at: [number, string] | undefined, payload: unknown, now: number]>([
    ['is read at once', '{"number":7}', undefined, { number: 7 }, 0],
    ['is read again while the runner writes it', '{"num', [1_900, '{"number":7}'], { number: 7 }, 2_000],
    ['is given up after 2 s', '{"num', [2_100, '{"number":7}'], null, 2_000],
  ])('%s', async (_, before, at, payload, now) => {
    writeFileSync(path, before);
    expect(await read(path, at)).toEqual([payload, now]);
  });

  test('is missing without its variable', async () => {
    expect(await read('')).toEqual([null, 2_000]);
  });
});

test.each<[string, string, object, boolean]>([
  [
    'a pull request to the default branch',
    'pull_request',
    { pull_request: { number: 7, base: { ref: 'main' }, head: { sha: SHA } } },
    true,
  ],
  ['a review of one', 'pull_request_review', { pull_request: { number: 7, base: { ref: 'main' }, head: { sha: SHA } } }, true],
  ['a merge group', 'merge_group', { merge_group: { base_ref: 'refs/heads/main' } }, true],
  ['a pull request to another branch', 'pull_request', { pull_request: { number: 7, base: { ref: 'next' }, head: { sha: SHA } } }, false],
  ['`pull_request_target`', 'pull_request_target', { pull_request: { number: 7, base: { ref: 'main' }, head: { sha: SHA } } }, false],
  ['a push', 'push', {}, false],
])('knows the merge commit of %s, or that there is none', (_, event, payload, hasMerge) => {
  const whole = { repository: { private: true, default_branch: 'main' }, ...payload } as Parameters<typeof readContext>[1];
  expect(readContext({ ...ENVIRONMENT, GITHUB_EVENT_NAME: event }, whole).mergeCommit).toBe(hasMerge ? SHA : '');
});
