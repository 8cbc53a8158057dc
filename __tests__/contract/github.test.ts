/** The fake of GitHub answers as GitHub describes its API, and the check against that description can fail. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { contractViolations } from '../../simulator/contract.ts';
import { ACTIONS_BOT as user, startGithub, type Exchange, type Github } from '../../simulator/github.ts';

const [SHA_A, SHA_B] = ['a'.repeat(40), 'b'.repeat(40)];
const run = { id: 21, headSha: SHA_A, headBranch: 'main' };
const pull = { number: 1, state: 'open', locked: false } as const;
const artifact = { id: 11, name: 'gate.json', content: '{}', run };
let github: Github;

beforeEach(async () => {
  const artifacts = [artifact, { ...artifact, id: 12, expired: true, run: null }];
  const runs = [{ ...run, path: '.github/workflows/a.yml' }];
  const lacks = { user, missingPermissions: ['actions', 'statuses'] } as const;
  github = await startGithub({
    pullRequests: [pull, { ...pull, number: 2, locked: true }],
    tokens: { writes: { user }, lacks },
    actions: { artifacts, runs, branches: { 'release/1': [SHA_A, SHA_B] } },
  });
  github.addComment(1, user, 'hello');
  github.addComment(1, null, 'of a deleted account');
});
afterEach(() => github.close());

async function ask(method: string, path: string, body?: object, token = 'writes'): Promise<Exchange> {
  const headers = { authorization: `token ${token}`, 'user-agent': 'test' };
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${github.apiUrl}/repos/octo-org/tower${path}`, { method, headers, redirect: 'manual', ...sent });
  await answer.arrayBuffer();
  return github.journal.at(-1)!;
}

const TEXT = { body: 'x' };
const CALLS: readonly (readonly [status: number, method: string, path: string, body?: object | undefined, token?: string])[] = [
  [200, 'GET', '/issues/1/comments?per_page=100&page=1'],
  [404, 'GET', '/issues/9/comments'],
  [401, 'POST', '/issues/1/comments', TEXT, 'nobody'],
  [403, 'POST', '/issues/2/comments', TEXT],
  [201, 'POST', '/issues/1/comments', { body: '😀'.repeat(65_536) }],
  [422, 'POST', '/issues/1/comments', { body: 'x'.repeat(65_537) }],
  [200, 'PATCH', '/issues/comments/3000000001', TEXT],
  [200, 'GET', '/pulls/1'],
  [404, 'GET', '/pulls/9'],
  [200, 'GET', '/actions/artifacts?name=gate.json&per_page=100&page=1'],
  [403, 'GET', '/actions/artifacts', undefined, 'lacks'],
  [302, 'GET', '/actions/artifacts/11/zip'],
  [410, 'GET', '/actions/artifacts/12/zip'],
  [200, 'GET', '/actions/runs/21'],
  [200, 'GET', '/git/ref/heads/release/1'],
  [200, 'GET', `/compare/${SHA_B}...${SHA_A}`],
  [201, 'POST', `/statuses/${SHA_A}`, { state: 'success', context: 'a', description: 'b' }],
  [422, 'POST', `/statuses/${SHA_A}`, { state: 'success', description: 'x'.repeat(141) }],
  [403, 'POST', `/statuses/${SHA_A}`, { state: 'success' }, 'lacks'],
];

test('answers each call as GitHub describes it, also where it refuses', async () => {
  const answered = [];
  for (const [, method, path, body, token] of CALLS) {
    const exchange = await ask(method, path, body, token);
    answered.push([exchange.answer?.status, method, path, ...contractViolations(exchange)]);
  }
  expect(answered).toEqual(CALLS.map(([status, method, path]) => [status, method, path]));
});

test('lists at most 100 comments a page, linked as GitHub links them', async () => {
  for (let i = 0; i < 140; i++) github.addComment(1, user, `comment ${i}`);
  const { answer } = await ask('GET', '/issues/1/comments?per_page=500&page=1');
  expect(JSON.parse(answer!.body)).toHaveLength(100);
  expect(answer!.headers.link).toMatch(/page=2>; rel="next", .*page=2>; rel="last"$/);
});

test.each([
  ['a call that is not described', { path: '/repos/octo-org/tower/issues/1' }, /not described/],
  ['a query that is not described', { path: '/repos/octo-org/tower/issues/1/comments?direction=desc' }, /direction is not described/],
  ['a body under another name', { body: '{"text":"x"}' }, /must have required property 'body'/],
  ['an answer of another form', { answer: { status: 201, headers: { 'content-type': 'application/json' }, body: '[]' } }, /must be object/],
])('the check finds %s', async (_what, change, breach) => {
  expect(contractViolations({ ...(await ask('POST', '/issues/1/comments', TEXT)), ...change }).join('\n')).toMatch(breach);
});
