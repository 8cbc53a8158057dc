/** The file of `config`, from a GitHub that records what it is asked. */
import { describe, expect, test } from '@jest/globals';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { Fault } from '../../src/fault.ts';
import { GithubFailure } from '../../src/github/octokit.ts';
import { fetchConfig } from '../../src/github/config.ts';

const COMMIT = 'c'.repeat(40);
const text = 'fail_if: outputs.open\n';
const file = { type: 'file', size: text.length, content: Buffer.from(text).toString('base64'), encoding: 'base64' };

/** @param contents the answer about the path; a number is a status */
async function fetchFrom(config: string, contents: unknown = file, status = 200, commits: readonly object[] = [{ sha: COMMIT }]) {
  const requests: string[] = [];
  const clock = virtualClock();
  const json = (body: unknown, code = 200) =>
    new Response(JSON.stringify(body), { status: code, headers: { 'content-type': 'application/json' } });
  const fetch = (input: unknown) => {
    const path = decodeURIComponent(new URL(input as string).pathname.replace('/repos/', '') + new URL(input as string).search);
    requests.push(path);
    if (path.includes('/contents/')) return Promise.resolve(json(contents, status));
    return Promise.resolve(json(commits));
  };
  const github = {
    apiUrl: 'https://api.github.com',
    redact: (text: string) => text,
    repository: 'octo-org/tower',
    token: 't',
    clock,
    signal: new AbortController().signal,
  };
  const result = await clock.run(fetchConfig({ ...github, fetch: fetch }, config)).catch((error: unknown) => error);
  return { requests, result };
}

test('reads the path from the default branch, whatever the event is about', async () => {
  const { requests, result } = await fetchFrom('.github/alloovium.yml');
  expect(result).toMatchObject({ text, commit: COMMIT });
  const asked = ['commits?per_page=1', `contents/.github/alloovium.yml?ref=${COMMIT}`];
  expect(requests).toEqual(asked.map((path) => `octo-org/tower/${path}`));
});

test('refuses another repository without a path, and asks nothing', async () => {
  expect(await fetchFrom('octo-org/gates@v1')).toMatchObject({ requests: [], result: { code: 'config' } });
});

test('reads the path of another repository at the ref that the step names', async () => {
  const { requests } = await fetchFrom('octo-org/gates/fire/gate.yml@v1');
  const asked = ['commits?sha=v1&per_page=1', `contents/fire/gate.yml?ref=${COMMIT}`];
  expect(requests).toEqual(asked.map((path) => `octo-org/gates/${path}`));
});

test.each([[[]], [[{ sha: '' }]]])(
  'asks again for a ref of which GitHub lists no commit, rather than read the default branch: %j',
  async (commits) => {
    const { requests, result } = await fetchFrom('octo-org/gates/gate.yml@v1', file, 200, commits);
    expect([requests.length, result]).toEqual([3, new GithubFailure('no_answer', 'there is no commit')]);
  },
);

describe('is red before the launch', () => {
  test.each<[string, unknown, number, object]>([
    ['for a folder', [file], 200, new Fault('config_no_file')],
    ['for a submodule', { type: 'submodule', size: 0 }, 200, new Fault('config_no_file')],
    ['for a link that leaves the repository', { type: 'symlink', target: '../../x', size: 7 }, 200, new Fault('config_no_file')],
    ['for a file of 10 MB', { ...file, size: 10_485_760, content: '', encoding: 'none' }, 200, new Fault('yaml_too_large')],
    ['for a file that is missing', { message: 'Not Found' }, 404, new GithubFailure('not_found')],
    ['without the permission', { message: 'Resource not accessible' }, 403, new GithubFailure('forbidden')],
  ])('%s', async (_, contents, status, expected) => {
    expect((await fetchFrom('a.yml', contents, status)).result).toMatchObject({ code: (expected as Fault).code });
  });
});
