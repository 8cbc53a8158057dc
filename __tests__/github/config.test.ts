/** The file of `config`, from a GitHub that records what it is asked. */
import { describe, expect, test } from '@jest/globals';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { fetchConfig, fetchOwnCopy } from '../../src/github/config.ts';
import { GithubFailure } from '../../src/outcome.ts';

const COMMIT = 'c'.repeat(40);
const text = 'fail_if: outputs.open\n';
const file = { type: 'file', size: text.length, content: Buffer.from(text).toString('base64'), encoding: 'base64' };

/** @param contents the answer about the path; a number is a status */
async function fetchFrom(config: string, contents: unknown = file, status = 200, commits: readonly object[] | number = [{ sha: COMMIT }]) {
  const requests: string[] = [];
  const clock = virtualClock();
  const json = (body: unknown, code = 200) =>
    new Response(JSON.stringify(body), { status: code, headers: { 'content-type': 'application/json' } });
  const fetch = (input: unknown) => {
    const path = decodeURIComponent(new URL(input as string).pathname.replace('/repos/', '') + new URL(input as string).search);
    requests.push(path);
    if (path.includes('/contents/')) return Promise.resolve(json(contents, status));
    return Promise.resolve(typeof commits === 'number' ? json({}, commits) : json(commits));
  };
  const github = {
    apiUrl: 'https://api.github.com',
    redact: (text: string) => text,
    debug: () => undefined,
    repository: 'octo-org/tower',
    token: 't',
    clock,
    signal: new AbortController().signal,
  };
  const result = await clock
    .run(fetchConfig({ ...github, fetch: fetch }, config, { defaultBranch: 'main' }))
    .catch((error: unknown) => error);
  return { requests, result };
}

test('reads the path from the default branch, whatever the event is about', async () => {
  const { requests, result } = await fetchFrom('.github/alloovium.yml');
  expect(result).toMatchObject({ text, commit: COMMIT, name: '`.github/alloovium.yml` on `main`', place: 'config_file' });
  const asked = ['commits?per_page=1', `contents/.github/alloovium.yml?ref=${COMMIT}`];
  expect(requests).toEqual(asked.map((path) => `octo-org/tower/${path}`));
});

test('reads the path of another repository at the ref that the step names', async () => {
  const { requests, result } = await fetchFrom('octo-org/gates/fire/gate.yml@v1');
  expect(result).toMatchObject({ name: '`octo-org/gates/fire/gate.yml` at `v1`', place: 'config_file' });
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

describe('fails the check before a run starts', () => {
  const OWN = 'a.yml';
  const OTHER = 'octo-org/gates/gate.yml@v1';
  test.each<[string, string, unknown, number, object]>([
    ['for a folder', OWN, [file], 200, { text: '`a.yml` on `main` is not a file' }],
    ['for a submodule', OWN, { type: 'submodule', size: 0 }, 200, { text: '`a.yml` on `main` is not a file' }],
    [
      'for a link that leaves the repository',
      OWN,
      { type: 'symlink', target: '../../x', size: 7 },
      200,
      { text: '`a.yml` on `main` is not a file' },
    ],
    ['for 10 MB', OWN, { ...file, size: 10_485_760, content: '', encoding: 'none' }, 200, { text: '`a.yml` on `main` is over 100 KB' }],
    [
      'for a missing file',
      OWN,
      { message: 'Not Found' },
      404,
      { text: expect.stringContaining('`a.yml` on `main` does not exist: check the path') },
    ],
    [
      'for a missing file elsewhere',
      OTHER,
      { message: 'Not Found' },
      404,
      { text: '`octo-org/gates/gate.yml` at `v1` does not exist: check the path' },
    ],
    ['without the permission', OWN, { message: 'Resource not accessible' }, 403, new GithubFailure('forbidden', 'Resource not accessible')],
  ])('%s', async (_, config, contents, status, expected) => {
    expect((await fetchFrom(config, contents, status)).result).toMatchObject(expected);
  });

  test('without a token for the other repository', async () => {
    const { result } = await fetchFrom(OTHER, file, 200, 404);
    expect(result).toMatchObject({
      place: 'workflow_file',
      text: expect.stringContaining('give the step a token that can read `octo-org/gates`'),
    });
  });
});

describe("a pull request's own copy", () => {
  const MERGE = 'd'.repeat(40);
  const BASE = 'b'.repeat(40);
  const missing = [404, { message: 'Not Found' }] as const;
  const found = (content: object | string) =>
    [
      200,
      typeof content === 'string' ? { ...file, size: content.length, content: Buffer.from(content).toString('base64') } : content,
    ] as const;
  type Answered = readonly [status: number, body: unknown];

  async function compare(copy: Answered, base: Answered, governing: string | null = text) {
    const asked: string[] = [];
    const clock = virtualClock();
    const fetch = (input: unknown) => {
      const { pathname, searchParams } = new URL(input as string);
      asked.push(pathname.replace('/repos/octo-org/tower/', ''));
      const commit: Answered = [200, { parents: [{ sha: BASE }, { sha: COMMIT }] }];
      const [status, body] = pathname.includes('/contents/') ? (searchParams.get('ref') === MERGE ? copy : base) : commit;
      return Promise.resolve(new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } }));
    };
    const signal = new AbortController().signal;
    const github = {
      apiUrl: 'https://api.github.com',
      redact: (one: string) => one,
      debug: () => undefined,
      repository: 'octo-org/tower',
      token: 't',
      clock,
      signal,
      fetch,
    };
    const result = await clock.run(fetchOwnCopy(github, 'a.yml', MERGE, governing));
    return { calls: asked.length, result };
  }

  const link = { type: 'symlink', target: '../../x', size: 7 };
  const huge = { ...file, size: 10_485_760, content: '', encoding: 'none' };
  const fault = (what: string) => ({ text: `\`a.yml\` of this pull request ${what}`, input: 'config', place: 'own_config_file' });
  test.each<[string, Answered, Answered, object | null, number]>([
    ['is not read further if it is the governing text', found(text), missing, null, 1],
    ['does not count if the branch is merely behind', found('old'), found('old'), null, 3],
    ['does not count if it is missing in the base too', missing, missing, null, 3],
    ['is read if the pull request changes it', found('new'), found(text), { text: 'new', commit: MERGE, place: 'own_config_file' }, 3],
    ['is read if the pull request adds it', found('new'), missing, { text: 'new' }, 3],
    ['is faulty if the pull request deletes it', missing, found(text), fault('does not exist: check the path'), 3],
    ['is faulty as a link that leaves the repository', found(link), found(text), fault('is not a file'), 3],
    ['is faulty as a folder', [200, [file]], found(text), fault('is not a file'), 3],
    ['is faulty with 10 MB', found(huge), found(text), fault('is over 100 KB'), 3],
  ])('%s', async (_, copy, base, expected, calls) => {
    const { result, ...rest } = await compare(copy, base);
    if (expected === null) expect(result).toBeNull();
    else expect(result).toMatchObject(expected);
    expect(rest.calls).toBe(calls);
  });
});
