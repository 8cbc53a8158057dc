import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { contractViolations } from '../../simulator/contract.ts';
import { ACTIONS_BOT, HEAD, NOT_ACCESSIBLE, primaryLimit, secondaryLimit, startGithub } from '../../simulator/github.ts';
import type { Exchange, Github, GithubOptions } from '../../simulator/github.ts';

const COMMENTS = '/repos/octo-org/specs/issues/1/comments';
const SHA_A = 'a'.repeat(40);
const SHA_B = 'b'.repeat(40);
const RUN = { id: 21, headSha: SHA_A, headBranch: 'main' };
const ACTIONS = {
  artifacts: [
    { id: 11, name: 'gate.json', content: '{}', run: RUN },
    { id: 12, name: 'gate.json', content: '{}', expired: true, run: null, digest: null },
  ],
  runs: [{ ...RUN, path: '.github/workflows/a.yml' }],
  branches: { main: [SHA_A, SHA_B], 'release/1': [SHA_A] },
};
let github: Github;
let id: number;

async function start(options?: GithubOptions): Promise<void> {
  await github.close();
  github = await startGithub(options);
  id = github.addComment(1, ACTIONS_BOT, 'hello').id;
}
beforeEach(async () => {
  github = await startGithub();
  id = github.addComment(1, ACTIONS_BOT, 'hello').id;
});
afterEach(async () => {
  await github.close();
});

async function ask(method: string, path: string, body?: unknown, token = 'ghs_simulated'): Promise<number> {
  const answer = await fetch(github.apiUrl + path, {
    method,
    headers: { authorization: `token ${token}`, 'user-agent': 'test' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    redirect: 'manual',
  });
  await answer.arrayBuffer();
  return answer.status;
}
const held = () => github.journal.map(contractViolations);

describe('the fake of GitHub, as GitHub describes its API,', () => {
  test.each<[string, string, () => string, unknown, number]>([
    ['answers a list of comments with 200', 'GET', () => `${COMMENTS}?per_page=100&page=2`, undefined, 200],
    ['answers a new comment with 201', 'POST', () => COMMENTS, { body: 'x' }, 201],
    ['answers an edit with 200', 'PATCH', () => `/repos/octo-org/specs/issues/comments/${id}`, { body: 'x' }, 200],
    ['answers a deletion with 204', 'DELETE', () => `/repos/octo-org/specs/issues/comments/${id}`, undefined, 204],
    ['answers a list of no pull request with 404', 'GET', () => '/repos/octo-org/specs/issues/9/comments', undefined, 404],
    ['answers a pull request with 200', 'GET', () => '/repos/octo-org/specs/pulls/1', undefined, 200],
    ['answers a missing pull request with 404', 'GET', () => '/repos/octo-org/specs/pulls/9', undefined, 404],
    ['answers an edit of a missing comment with 404', 'PATCH', () => '/repos/octo-org/specs/issues/comments/9', { body: 'x' }, 404],
    ['answers an empty text with 422', 'POST', () => COMMENTS, { body: ' ' }, 422],
    ['answers a text over the limit with 422', 'POST', () => COMMENTS, { body: 'x'.repeat(65_537) }, 422],
    ['answers a text at the limit with 201', 'POST', () => COMMENTS, { body: '😀'.repeat(65_536) }, 201],
  ])('%s', async (_name, method, path, body, status) => {
    expect(await ask(method, path(), body)).toBe(status);
    expect(held()).toEqual([[]]);
  });

  test.each<[string, string, string, unknown, number]>([
    ['answers a list of artifacts with 200', 'GET', 'actions/artifacts?name=gate.json&per_page=100&page=1', undefined, 200],
    ['answers a download with 302', 'GET', 'actions/artifacts/11/zip', undefined, 302],
    ['answers an expired download with 410', 'GET', 'actions/artifacts/12/zip', undefined, 410],
    ['answers a workflow run with 200', 'GET', 'actions/runs/21', undefined, 200],
    ['answers a missing workflow run with 404', 'GET', 'actions/runs/22', undefined, 404],
    ['answers a branch with 200', 'GET', 'git/ref/heads/release/1', undefined, 200],
    ['answers a missing branch with 404', 'GET', 'git/ref/heads/nowhere', undefined, 404],
    ['answers a comparison with 200', 'GET', `compare/${SHA_B}...${SHA_A}`, undefined, 200],
    ['answers a status with 201', 'POST', `statuses/${SHA_A}`, { state: 'success', context: 'a', description: 'b' }, 201],
    ['answers a long status with 422', 'POST', `statuses/${SHA_A}`, { state: 'success', description: 'x'.repeat(141) }, 422],
  ])('%s', async (_name, method, path, body, status) => {
    await start({ actions: ACTIONS });
    expect(await ask(method, `/repos/octo-org/specs/${path}`, body)).toBe(status);
    expect(held()).toEqual([[]]);
  });

  test.each(['actions/artifacts', 'git/ref/heads/main', `statuses/${SHA_A}`])(
    'refuses %s to a token without the permission',
    async (path) => {
      const missingPermissions = ['actions', 'contents', 'statuses'] as const;
      await start({
        tokens: { t: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused', missingPermissions } },
      });
      const isStatus = path.startsWith('statuses');
      const body = isStatus ? { state: 'success' } : undefined;
      expect(await ask(isStatus ? 'POST' : 'GET', `/repos/octo-org/specs/${path}`, body, 't')).toBe(403);
    },
  );

  test('refuses a token that it does not know', async () => {
    expect(await ask('GET', COMMENTS, undefined, 'nobody')).toBe(401);
    expect(held()).toEqual([[]]);
  });

  test.each<[string, GithubOptions, number]>([
    ['refuses a token that may only read with 403', { tokens: { t: { user: ACTIONS_BOT, permission: 'read', viewer: 'refused' } } }, 403],
    ['refuses a token that reaches nothing with 404', { tokens: { t: { user: ACTIONS_BOT, permission: 'none', viewer: 'refused' } } }, 404],
  ])('%s', async (_name, options, status) => {
    await start(options);
    expect(await ask('POST', COMMENTS, { body: 'x' }, 't')).toBe(status);
    expect(held()).toEqual([[]]);
  });

  test('refuses a comment in a locked conversation', async () => {
    await start({ pullRequests: [{ number: 1, state: 'open', locked: true }] });
    expect(await ask('POST', COMMENTS, { body: 'x' })).toBe(403);
    expect(held()).toEqual([[]]);
  });

  test('lists a comment of a deleted account', async () => {
    github.addComment(1, null, 'hello');
    expect(await ask('GET', COMMENTS)).toBe(200);
    expect(held()).toEqual([[]]);
  });

  test.each([
    ['a refused access', NOT_ACCESSIBLE],
    ['the primary limit', primaryLimit(1)],
    ['the secondary limit', secondaryLimit(5)],
  ])('answers with %s if a test asks for it', async (_name, answer) => {
    github.addFaults({ on: 'create', answer });
    expect(await ask('POST', COMMENTS, { body: 'x' })).toBe(answer.status);
    expect(github.journal.map((exchange) => contractViolations({ ...exchange, isGenuine: true }))).toEqual([[]]);
  });

  test('moves the head of a pull request at a push', async () => {
    const head = async () => {
      await ask('GET', '/repos/octo-org/specs/pulls/1');
      return (JSON.parse(github.journal.at(-1)!.answer!.body) as { head: { sha: string } }).head.sha;
    };
    expect(await head()).toBe(HEAD);
    github.setHead(1, 'b'.repeat(40));
    expect(await head()).toBe('b'.repeat(40));
  });

  test('lists at most 100 comments a page, linked as GitHub links them', async () => {
    for (let i = 0; i < 240; i++) github.addComment(1, ACTIONS_BOT, `comment ${i}`);
    const lengths: number[] = [];
    for (const page of [1, 2, 3, 4]) {
      await ask('GET', `${COMMENTS}?per_page=500&page=${page}`);
      lengths.push((JSON.parse(github.journal.at(-1)!.answer!.body) as unknown[]).length);
    }
    expect(lengths).toEqual([100, 100, 41, 0]);
    const rels = github.journal.map(({ answer }) => [...(answer!.headers.link ?? '').matchAll(/rel="(\w+)"/g)].map((m) => m[1]));
    expect(rels.slice(0, 3)).toEqual([
      ['next', 'last'],
      ['prev', 'next', 'last', 'first'],
      ['prev', 'first'],
    ]);
  });
});

describe('the check against GitHub’s description', () => {
  async function exchange(method: string, path: string, body?: unknown): Promise<Exchange> {
    await ask(method, path, body);
    return github.journal.at(-1)!;
  }

  test.each<[string, string, string, unknown, RegExp]>([
    ['finds a call that is not described', 'GET', '/repos/octo-org/specs/issues/1', undefined, /not described/],
    ['finds a query that is not described', 'GET', `${COMMENTS}?direction=desc`, undefined, /direction is not described/],
    ['finds a page that is no number', 'GET', `${COMMENTS}?page=two`, undefined, /page must be integer/],
    ['finds a pull request that is no number', 'GET', '/repos/octo-org/specs/issues/x/comments', undefined, /issue_number must/],
    ['finds a text under another name', 'POST', COMMENTS, { text: 'x' }, /must have required property 'body'/],
    ['finds a number for a text', 'POST', COMMENTS, { body: 1 }, /body must be string/],
  ])('%s', async (_name, method, path, body, breach) => {
    expect(contractViolations(await exchange(method, path, body)).join('\n')).toMatch(breach);
  });

  test.each<[string, string, RegExp]>([
    ['a comment without an id', '[{}]', /required property 'id'/],
    ['an id that is a text', '[{"id":"1"}]', /\/0\/id must be integer/],
    ['an object for a list', '{}', /must be array/],
  ])('finds %s in an answer', async (_name, text, breach) => {
    const genuine = await exchange('GET', COMMENTS);
    const bent = { ...genuine, answer: { ...genuine.answer!, body: text } };
    expect(contractViolations(bent).join('\n')).toMatch(breach);
    expect(contractViolations({ ...bent, isGenuine: false })).toEqual([]);
  });
});
