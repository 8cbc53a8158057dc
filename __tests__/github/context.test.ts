import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findOpenPullRequest, NOT_CHECKED, readContext, setPullRequest, type StepPullRequest } from '../../src/github/context.ts';

const SHA = 'a81d0c4f5e6b7a8c9d0e1f2a3b4c5d6e7f809a1b';
const HEAD = 'b92e1d5a6f7c8b9d0e1f2a3b4c5d6e7f809a1b2c';
const SHA_256 = HEAD + HEAD.slice(16);
const RUN = '17000000001';

const environment = {
  GITHUB_REPOSITORY: 'octo-org/tower',
  GITHUB_SHA: SHA,
  GITHUB_RUN_ID: RUN,
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_EVENT_NAME: 'push',
  GITHUB_JOB: 'review',
  GITHUB_WORKFLOW_REF: 'octo-org/tower/.github/workflows/review.yml@refs/heads/main',
  GITHUB_SERVER_URL: 'https://github.com',
  GITHUB_API_URL: 'https://api.github.com',
};

const on = (eventName: string, event?: unknown) => readContext({ ...environment, GITHUB_EVENT_NAME: eventName }, event);

/** GitHub's payload, reduced to what is read and what might be read by mistake. */
function pullRequest(change: object = {}, head: object = {}) {
  return {
    number: 7,
    pull_request: {
      number: 7,
      merge_commit_sha: SHA,
      user: { login: 'octocat' },
      base: { sha: SHA, repo: { full_name: 'octo-org/tower' } },
      head: { sha: HEAD, ref: 'topic', repo: { full_name: 'octo-org/tower', fork: false }, ...head },
      ...change,
    },
  };
}

test('reads a job on a push', () => {
  expect(on('push', { after: HEAD, head_commit: { id: HEAD } })).toEqual({
    repository: 'octo-org/tower',
    commit: SHA,
    keyScope: SHA,
    jobRunId: RUN,
    attempt: 2,
    workflowPath: 'octo-org/tower/.github/workflows/review.yml',
    jobRunUrl: 'https://github.com/octo-org/tower/actions/runs/17000000001/attempts/2',
    apiUrl: 'https://api.github.com',
    event: 'push',
    ref: '',
    jobValues: [SHA, RUN],
    defaultBranchRef: '',
    pullRequest: {
      kind: 'none',
      reason: 'the event push has no pull request; name one by `pull_request`',
    },
    head: null,
    isPrivate: false,
    secretsWithheld: false,
  });
});

test.each<[string, string, unknown, commit: string, keyScope: string, head: string | null]>([
  ['a push: its commit', 'push', {}, SHA, SHA, null],
  ['a pull request: its head, not the merge commit', 'pull_request', pullRequest(), HEAD, HEAD, HEAD],
  ['a merge group: its head', 'merge_group', { merge_group: { head_sha: HEAD, base_sha: SHA } }, ...([HEAD, HEAD, null] as const)],
  ['a SHA-256 repository', 'pull_request', pullRequest({}, { sha: SHA_256 }), ...([SHA_256, SHA_256, SHA_256] as const)],
  ...['pull_request_review', 'pull_request_review_comment'].map((name): [string, string, unknown, string, string, string] => [
    `${name}: the head of the pull request`,
    ...([name, pullRequest(), HEAD, HEAD, HEAD] as const),
  ]),
  ...['schedule', 'workflow_dispatch', '', 'Push', 'constructor'].map((name): [string, string, unknown, string, string, null] => [
    `${name || 'no event'}: the job’s commit, and the job run`,
    ...([name, pullRequest(), SHA, `${SHA}-${RUN}`, null] as const),
  ]),
  ...['push', 'pull_request'].map((event): [string, string, unknown, string, string, string] => [
    `a workflow run of a ${event}: the commit of that run, and the job run`,
    'workflow_run',
    { workflow_run: { event, head_sha: HEAD } },
    ...([HEAD, `${HEAD}-${RUN}`, HEAD] as const),
  ]),
  [
    'a workflow run of a schedule: the job’s commit, and the job run',
    'workflow_run',
    { workflow_run: { event: 'schedule', head_sha: HEAD } },
    ...([SHA, `${SHA}-${RUN}`, null] as const),
  ],
])('takes commit, key scope and head from the event (K5, K6, K7), for %s', (_, eventName, event, commit, keyScope, head) => {
  expect(on(eventName, event)).toMatchObject({ commit, keyScope, head });
});

test.each<[string, string, object, string, readonly string[]]>([
  ['a push: its commit, its full ref, its job run', 'push', {}, 'refs/heads/main', [SHA, 'refs/heads/main', RUN]],
  [
    'a pull request: its head and the merge commit, but neither branch nor number',
    'pull_request',
    pullRequest(),
    'refs/pull/7/merge',
    [HEAD, SHA, 'refs/pull/7/merge', RUN],
  ],
  ['a workflow run: the commit of that run', 'workflow_run', { workflow_run: { event: 'push', head_sha: HEAD } }, '', [HEAD, SHA, RUN]],
  ['a short ref: not the ref', 'push', {}, 'main', [SHA, RUN]],
])('lists the values that differ from job to job, for %s', (_, event, payload, ref, expected) => {
  const names = { GITHUB_REF_NAME: 'main', GITHUB_HEAD_REF: 'topic', GITHUB_RUN_NUMBER: '3' };
  const context = readContext({ ...environment, ...names, GITHUB_EVENT_NAME: event, GITHUB_REF: ref }, payload);
  expect(context.jobValues).toEqual(expected);
});

describe('the default branch’s ref (L9)', () => {
  const repository = { default_branch: 'main' };
  const MAIN = 'refs/heads/main';
  test.each<[what: string, event: string, payload: object, ref: string, expected: string]>([
    ['a push to a feature branch', 'push', { repository }, 'refs/heads/topic', MAIN],
    ['a dispatch of a feature branch', 'workflow_dispatch', { repository }, 'refs/heads/topic', MAIN],
    ['a schedule, which runs on the default branch alone', 'schedule', {}, MAIN, MAIN],
    [
      'a pull request, whose base its author chooses',
      'pull_request',
      { ...pullRequest({ base: { ref: 'v1' } }), repository },
      'refs/pull/7/merge',
      MAIN,
    ],
    [
      'a merge group of another branch',
      'merge_group',
      { repository, merge_group: { head_sha: HEAD, base_ref: 'refs/heads/v1' } },
      'refs/heads/gh-readonly-queue/v1/pr-7',
      MAIN,
    ],
    ['an event that names no default branch', 'push', {}, MAIN, ''],
  ])('is known, or else empty, for %s', (_, event, payload, ref, expected) => {
    const context = readContext({ ...environment, GITHUB_EVENT_NAME: event, GITHUB_REF: ref }, payload);
    expect(context.defaultBranchRef).toBe(expected);
  });
});

test.each<[string, string, unknown, boolean]>([
  ['knows that GitHub withholds secrets from a fork that was deleted (J5)', 'pull_request', pullRequest({}, { repo: null }), true],
  [
    'knows that GitHub does not withhold secrets where only the case of the name differs (J5)',
    'pull_request',
    pullRequest({}, { repo: { full_name: 'Octo-Org/Tower' } }),
    false,
  ],
  [
    'knows that GitHub does not withhold secrets where the repository is itself a fork (J5)',
    'pull_request',
    pullRequest({}, { repo: { full_name: 'octo-org/tower', fork: true } }),
    false,
  ],
  ['assumes no withheld secrets where the payload does not name the repository (J5)', 'pull_request', pullRequest({}, { repo: {} }), false],
])('%s', (_, eventName, event, expected) => {
  expect(on(eventName, event).secretsWithheld).toBe(expected);
});

describe('the context of a job (J5)', () => {
  const fork = pullRequest({}, { repo: { full_name: 'mallory/tower' } });
  const byDependabot = pullRequest({ user: { login: 'dependabot[bot]' } });
  const withheld = (eventName: string, event: unknown, GITHUB_ACTOR: string) =>
    readContext({ ...environment, GITHUB_EVENT_NAME: eventName, GITHUB_ACTOR }, event).secretsWithheld;
  test.each<[string, ofFork: boolean, ofDependabot: boolean]>([
    ['pull_request', true, true],
    ['pull_request_review', true, true],
    ['pull_request_review_comment', true, true],
    ['pull_request_target', false, false],
    ['push', false, true],
    ['schedule', false, false],
    ['workflow_dispatch', false, false],
    ['issue_comment', false, false],
  ])('knows on %s whether GitHub withholds secrets: from a fork %s, from Dependabot %s', (eventName, ofFork, ofDependabot) => {
    expect(withheld(eventName, fork, 'mallory')).toBe(ofFork);
    expect(withheld(eventName, pullRequest(), 'dependabot[bot]')).toBe(ofDependabot);
    // A person who pushes to Dependabot's branch gets the secrets.
    expect(withheld(eventName, byDependabot, 'octocat')).toBe(false);
  });
});

describe('the pull request to comment on (G13)', () => {
  const unnamed = 'has no pull request; name one by `pull_request`';
  const ofOther = 'the event workflow_run does not say which pull request; name it by `pull_request`';
  const ofIssue = 'the comment of this event is on an issue, not on a pull request';
  const missing = 'the event payload names no pull request';
  const ofRun = { workflow_run: { pull_requests: [{ number: 8 }] } };
  test.each<[string, string, unknown, string]>([
    ['a workflow run, whatever its list', 'workflow_run', ofRun, ofOther],
    ['a comment on an issue', 'issue_comment', { issue: { number: 7 } }, ofIssue],
    ['a number that is a text', 'pull_request', pullRequest({ number: '7' }), missing],
    ['a number that is too large', 'pull_request', pullRequest({ number: 1e20 }), missing],
    ['a merge queue', 'merge_group', {}, 'the event merge_group has no pull request'],
    ['what is no event', '::error::x', {}, `the event here ${unnamed}`],
  ])('is not known for %s', (_, eventName, event, expected) => {
    expect(on(eventName, event).pullRequest).toEqual({ kind: 'none', reason: expected });
  });

  test('is the named one, at its head', () => {
    const named = setPullRequest(on('workflow_dispatch', {}), 12, { head: 'b'.repeat(40), isOpen: true });
    expect(named).toMatchObject({
      pullRequest: { kind: 'named', number: 12, isOpen: true },
      commit: 'b'.repeat(40),
      head: 'b'.repeat(40),
      keyScope: `${'b'.repeat(40)}-${environment.GITHUB_RUN_ID}`,
    });
  });

  test('is missing if the named one is closed', () => {
    const named = setPullRequest(on('push', {}), 12, { head: 'b'.repeat(40), isOpen: false });
    expect(findOpenPullRequest(named.pullRequest)).toBeNull();
  });

  test('is the one of an issue_comment', () => {
    const comment = (number: unknown) => ({ issue: { number, pull_request: {} } });
    expect(on('issue_comment', comment(7)).pullRequest).toEqual({ kind: 'commented', number: 7 });
    expect(on('issue_comment', comment('7')).pullRequest).toEqual({ kind: 'none', reason: NOT_CHECKED });
    const unread = readContext({ ...environment, GITHUB_EVENT_NAME: 'issue_comment' }, undefined, 'is missing');
    expect(unread.pullRequest).toEqual({ kind: 'none', reason: "the event's file is missing" });
  });

  test.each<[StepPullRequest, number | null]>([
    [{ kind: 'of_event', number: 7 }, 7],
    [{ kind: 'named', number: 7, isOpen: true }, 7],
    [{ kind: 'named', number: 7, isOpen: false }, null],
    [{ kind: 'commented', number: 7 }, null],
    [{ kind: 'none', reason: '' }, null],
  ])('is, where the step has %j, the open one: %j', (pullRequest, number) => {
    expect(findOpenPullRequest(pullRequest)).toBe(number);
  });

  test('is reviewed at its head if it is named, also on the event of another pull request', () => {
    const head = 'b'.repeat(40);
    const named = setPullRequest(on('pull_request', pullRequest()), 12, { head, isOpen: true });
    expect(named).toMatchObject({ commit: head, head });
    expect(named.jobValues).toEqual([head, HEAD, SHA, RUN]);
    const scheduled = { workflow_run: { event: 'schedule', head_sha: HEAD } };
    expect(setPullRequest(on('workflow_run', scheduled), 12, { head, isOpen: true }).commit).toBe(head);
  });

  test('does not change the commit of an earlier run', () => {
    const event = { workflow_run: { event: 'push', head_sha: 'e'.repeat(40) } };
    const named = setPullRequest(on('workflow_run', event), 12, { head: 'b'.repeat(40), isOpen: true });
    expect(named.commit).toBe('e'.repeat(40));
  });
});

describe('the environment of the job', () => {
  test.each<[string, string | undefined]>([
    ['GITHUB_REPOSITORY', undefined],
    ['GITHUB_REPOSITORY', 'tower'],
    ['GITHUB_REPOSITORY', 'octo-org/tower\n'],
    ['GITHUB_SHA', undefined],
    ['GITHUB_SHA', 'main'],
    ['GITHUB_SHA', SHA.toUpperCase()],
    ['GITHUB_SHA', `${SHA}\n`],
    ['GITHUB_RUN_ID', undefined],
    ['GITHUB_RUN_ID', '1e3'],
    ['GITHUB_RUN_ID', '1'.repeat(21)],
  ])('is refused with %s=%j, since keys could collide', (name, value) => {
    const read = () => readContext({ ...environment, [name]: value }, {});
    expect(read).toThrow(`${name} is missing or malformed`);
  });

  test.each<[string | undefined, number]>([
    ['1', 1],
    [undefined, 1],
    ['', 1],
    ['0', 1],
    ['2x', 1],
    ['123456', 123_456],
    ['1234567', 1],
  ])('has GITHUB_RUN_ATTEMPT=%j as attempt %d', (value, attempt) => {
    expect(readContext({ ...environment, GITHUB_RUN_ATTEMPT: value }, {}).attempt).toBe(attempt);
  });

  test.each(['7', '7'.repeat(20)])('is accepted with GITHUB_RUN_ID=%s', (value) => {
    expect(readContext({ ...environment, GITHUB_RUN_ID: value }, {}).jobRunId).toBe(value);
  });

  test.each([
    ['a'.repeat(40), 'a'.repeat(40)],
    ['a'.repeat(41), ''],
    ['a', 'a'],
  ])('has the event %s as %j', (name, event) => {
    expect(on(name, {}).event).toBe(event);
  });

  test.each<[string, string | undefined, string]>([
    ['of a tag', 'o/r/.github/workflows/a.yml@refs/tags/v1', 'o/r/.github/workflows/a.yml'],
    ['of a branch with an `@`', 'o/r/.github/workflows/a.yml@refs/heads/a@b', 'o/r/.github/workflows/a.yml'],
    ['or none, without the variable', undefined, ''],
  ])('has the path of the workflow file without its ref: %s', (_, ref, path) => {
    expect(readContext({ ...environment, GITHUB_WORKFLOW_REF: ref }, {}).workflowPath).toBe(path);
  });

  test('is accepted from GitHub Enterprise Server', () => {
    const { apiUrl, jobRunUrl } = readContext(
      {
        ...environment,
        GITHUB_SERVER_URL: 'https://ghe.example',
        GITHUB_API_URL: 'https://ghe.example/api/v3',
      },
      {},
    );
    expect(apiUrl).toBe('https://ghe.example/api/v3');
    expect(jobRunUrl).toBe('https://ghe.example/octo-org/tower/actions/runs/17000000001/attempts/2');
  });

  test.each(['javascript:alert(1)', 'https://', 'https://a b'])('has no job run URL with the server URL %s', (server) => {
    expect(readContext({ ...environment, GITHUB_SERVER_URL: server }, {}).jobRunUrl).toBe('');
  });

  test('is accepted without any other variable', () => {
    const { GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_RUN_ID } = environment;
    expect(readContext({ GITHUB_REPOSITORY, GITHUB_SHA, GITHUB_RUN_ID }, undefined)).toMatchObject({
      attempt: 1,
      workflowPath: '',
      jobRunUrl: '',
      apiUrl: 'https://api.github.com',
    });
  });
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a list', [pullRequest()]],
  ['without a SHA for its head', pullRequest({}, { sha: `${HEAD}\n` })],
  ['an object with an inherited head', Object.create(pullRequest())],
])('refuses the event of a pull request that is %s (J6)', (_, event) => {
  for (const name of ['pull_request', 'pull_request_target', 'pull_request_review', 'pull_request_review_comment'])
    expect(() => on(name, event)).toThrow(`The event's file names no commit: the action needs it for the commit of ${name}`);
});

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a list', [{ workflow_run: { event: 'push', head_sha: HEAD } }]],
  ['without a workflow run', {}],
  ['of a push without its commit', { workflow_run: { event: 'push' } }],
  ['of a pull request with a word for its commit', { workflow_run: { event: 'pull_request', head_sha: 'main' } }],
])('refuses the event of a workflow run that is %s (J6)', (_, event) => {
  expect(() => on('workflow_run', event)).toThrow('the action needs it for the commit of workflow_run');
});

test.each([
  [true, { repository: { private: true } }],
  [false, { repository: { private: 'true' } }],
  [false, { repository: {} }],
  [false, undefined],
])('knows from the event whether the repository is private (%s): %j', (isPrivate, event) => {
  expect(on('push', event).isPrivate).toBe(isPrivate);
});

test('reads any payload of any other event, and uses only fields of the right shape (J6)', () => {
  const event = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        pull_request: fc.oneof(fc.jsonValue(), fc.record({ number: fc.jsonValue(), head: fc.jsonValue(), user: fc.jsonValue() })),
        merge_group: fc.oneof(fc.jsonValue(), fc.record({ head_sha: fc.jsonValue() })),
      },
      { requiredKeys: [] },
    ),
  );
  const names = ['push', 'merge_group', 'schedule'];
  fc.assert(
    fc.property(fc.constantFrom(...names), event, (name, payload) => {
      const { commit, keyScope: when, pullRequest } = on(name, payload);
      expect(commit).toBe(SHA);
      expect([SHA, `${SHA}-${RUN}`]).toContain(when);
      expect(pullRequest.kind).toBe('none');
    }),
  );
});
