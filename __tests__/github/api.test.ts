import http from 'node:http';
import https from 'node:https';
import { afterEach, describe, expect, test } from '@jest/globals';
import { callGithub, GithubFailure } from '../../src/github/api.ts';
import { askForPullRequest, type Context } from '../../src/github/context.ts';
import { writeComment } from '../../src/github/comment.ts';
import { setStatus } from '../../src/github/status.ts';
import { fakeGithub, HEAD, type FakeGithub, type Fault } from './fake-github.ts';

const readHead = (fake: FakeGithub) =>
  fake.run(
    callGithub(fake.github, async (octokit, repository) => {
      const { data } = await octokit.rest.pulls.get({ ...repository, pull_number: 7 });
      return data.head.sha;
    }),
  );
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error as GithubFailure,
  );
const after = (value: string) => ({ status: 503, headers: { 'retry-after': value } });
const limited = (status: number, headers: Record<string, string> = {}) => ({ status, headers });

describe('a call of GitHub', () => {
  test.each<[string, Fault, code: string, status: number | null, sentAt: readonly number[]]>([
    ['three times, 1 and 2 s apart, where no connection is made', 'refused', 'no_answer', null, [0, 1_000, 3_000]],
    ['three times where GitHub breaks', { status: 500 }, 'no_answer', 500, [0, 1_000, 3_000]],
    ['three times where the answers are damaged', 'torn', 'no_answer', null, [0, 1_000, 3_000]],
    ['three times of 10 s where GitHub is silent', 'hang', 'no_answer', null, [0, 11_000, 23_000]],
    ['as late as GitHub says', after('20'), 'no_answer', 503, [0, 20_000, 40_000]],
    ['no sooner than after 1 and 2 s', after('0'), 'no_answer', 503, [0, 1_000, 3_000]],
    ['after 1 and 2 s where GitHub’s time is no number', after('soon'), 'no_answer', 503, [0, 1_000, 3_000]],
    ['once where GitHub asks for more than 30 s', after('31'), 'no_answer', 503, [0]],
    ['as late as a rate limit says', limited(429, { 'retry-after': '5' }), 'rate_limited', 429, [0, 5_000, 10_000]],
    ['as late as a second rate limit says', limited(403, { 'retry-after': '5' }), 'rate_limited', 403, [0, 5_000, 10_000]],
    ['three times at a limit without a time', limited(403, { 'x-ratelimit-remaining': '0' }), 'rate_limited', 403, [0, 1_000, 3_000]],
    ['once where the token is not accepted', { status: 401 }, 'unauthorised', 401, [0]],
    ['once where a permission is missing', { status: 403 }, 'forbidden', 403, [0]],
    ['once where nothing is found', { status: 404 }, 'not_found', 404, [0]],
    ['once where GitHub rejects it', { status: 422 }, 'rejected', 422, [0]],
  ])('is sent %s', async (_, fault, code, status, sentAt) => {
    const fake = fakeGithub();
    fake.faults = { '*': fault };
    const failure = await failureOf(readHead(fake));
    expect(failure).toBeInstanceOf(GithubFailure);
    expect(failure).toMatchObject({ code, status });
    if (typeof fault === 'object') expect(failure?.message).toBe('As GitHub says.');
    expect(fake.sentAt).toEqual(sentAt);
  });

  test('ends as soon as the step’s signal is aborted, and is not sent after it', async () => {
    const fake = fakeGithub();
    fake.faults = { '*': 'hang' };
    fake.clock.at(4_000, () => fake.stop.abort(new Error('SIGINT')));
    expect(await failureOf(readHead(fake))).toMatchObject({ code: 'stopped' });
    expect(await failureOf(readHead(fake))).toMatchObject({ code: 'stopped' });
    expect(fake.clock.now()).toBe(4_000);
    expect(fake.requests).toHaveLength(1);
  });

  test('is not made without a token', async () => {
    const fake = fakeGithub();
    expect(await failureOf(readHead({ ...fake, github: { ...fake.github, token: '' } }))).toMatchObject({ code: 'no_token' });
  });

  test('fails, and is tried again, where the work cannot use an answer', async () => {
    const fake = fakeGithub();
    let works = 0;
    const work = async () => {
      works++;
      throw new TypeError('of the work');
    };
    expect(await failureOf(fake.run(callGithub(fake.github, work)))).toMatchObject({ code: 'no_answer', message: 'of the work' });
    expect(works).toBe(3);
  });
});

describe('behind a proxy', () => {
  const NAMES = ['https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
  const kept = Object.fromEntries(NAMES.map((name) => [name, process.env[name]]));
  const { setGlobalProxyFromEnv } = http;
  afterEach(() => {
    for (const name of NAMES) {
      Reflect.deleteProperty(process.env, name);
      if (kept[name] !== undefined) process.env[name] = kept[name];
    }
    http.setGlobalProxyFromEnv = setGlobalProxyFromEnv;
  });
  const behind = (url: string) => {
    process.env.https_proxy = url;
    return fakeGithub();
  };

  test('on an older runner there is no comment, no status and no pull request, each with the cause', async () => {
    const fake = behind('http://proxy.example:3128');
    Reflect.deleteProperty(http, 'setGlobalProxyFromEnv');
    const failure = { code: 'proxy_needs_newer_runner' };
    const comment = { identity: [], pullRequest: 7, commit: HEAD, canCreate: true, digests: null, render: () => '' };
    expect(await fake.run(writeComment(fake.github, comment))).toMatchObject({ code: 'failed', failure });
    const status = { sha: HEAD, context: 'c', state: 'pending', description: '', targetUrl: '' } as const;
    expect(await fake.run(setStatus(fake.github, status))).toMatchObject(failure);
    const context = { namedPullRequest: null, pullRequest: null, event: 'workflow_dispatch' } as Context;
    expect(await failureOf(fake.run(askForPullRequest(fake.github, context, 7)))).toMatchObject(failure);
    expect(fake.requests).toEqual([]);
  });

  test.each(['proxy.example:3128', 'ftp://proxy.example'])('a variable %s is refused, and not quoted', async (url) => {
    expect(await failureOf(readHead(behind(url)))).toMatchObject({ code: 'proxy_invalid', message: '' });
  });

  test('only `fetch` uses the proxy that Node is given', async () => {
    const agents = [http.globalAgent, https.globalAgent];
    let calls = 0;
    http.setGlobalProxyFromEnv = () => {
      calls++;
      http.globalAgent = new http.Agent();
      https.globalAgent = new https.Agent();
      return () => undefined;
    };
    const fake = behind('http://proxy.example:3128');
    await readHead(fake);
    await readHead(fake);
    expect(calls).toBe(1);
    expect([http.globalAgent, https.globalAgent]).toEqual(agents);
  });
});
