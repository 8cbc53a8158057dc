import http from 'node:http';
import https from 'node:https';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Fault } from '../../simulator/github.ts';
import { callGithub } from '../../src/github/octokit.ts';
import { setStatus } from '../../src/github/status.ts';
import { GithubFailure } from '../../src/outcome.ts';
import { fakeGithub, HEAD, type FakeGithub } from './fake-github.ts';

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
const answers = (status: number, headers: Record<string, string> = {}) => ({ status, headers, body: { message: 'As GitHub says.' } });
const after = (value: string) => answers(503, { 'retry-after': value });

describe('a call of GitHub', () => {
  test.each<[string, Fault['answer'], code: string, status: number | null, sentAt: readonly number[]]>([
    ['three times, 1 and 2 s apart, where no connection is made', 'reset', 'no_answer', null, [0, 1_000, 3_000]],
    ['three times where GitHub breaks', answers(500), 'no_answer', 500, [0, 1_000, 3_000]],
    ['three times where the answers are damaged', 'truncated', 'no_answer', null, [0, 1_000, 3_000]],
    ['three times of 10 s where GitHub is silent', 'stall', 'no_answer', null, [0, 11_000, 23_000]],
    ['as late as GitHub says', after('20'), 'no_answer', 503, [0, 20_000, 40_000]],
    ['no sooner than after 1 and 2 s', after('0'), 'no_answer', 503, [0, 1_000, 3_000]],
    ['after 1 and 2 s where GitHub’s time is no number', after('soon'), 'no_answer', 503, [0, 1_000, 3_000]],
    ['once where GitHub asks for more than 30 s', after('31'), 'no_answer', 503, [0]],
    ['as late as a rate limit says', answers(429, { 'retry-after': '5' }), 'rate_limited', 429, [0, 5_000, 10_000]],
    ['as late as a second rate limit says', answers(403, { 'retry-after': '5' }), 'rate_limited', 403, [0, 5_000, 10_000]],
    ['three times at a limit without a time', answers(403, { 'x-ratelimit-remaining': '0' }), 'rate_limited', 403, [0, 1_000, 3_000]],
    ['once where the token is not accepted', answers(401), 'unauthorised', 401, [0]],
    ['once where a permission is missing', answers(403), 'forbidden', 403, [0]],
    ['once where nothing is found', answers(404), 'not_found', 404, [0]],
    ['once where GitHub rejects it', answers(422), 'rejected', 422, [0]],
  ])('is sent %s', async (_, answer, code, status, sentAt) => {
    const fake = fakeGithub();
    fake.addFaults({ on: 'pull', times: 9, answer });
    const failure = await failureOf(readHead(fake));
    expect(failure).toBeInstanceOf(GithubFailure);
    expect(failure).toMatchObject({ code, status, ...(typeof answer === 'object' && { message: 'As GitHub says.' }) });
    expect(fake.sentAt).toEqual(sentAt);
  });

  test('ends as soon as the step’s signal is aborted, and is not sent after it', async () => {
    const fake = fakeGithub();
    fake.addFaults({ on: 'pull', answer: 'stall' });
    fake.clock.at(4_000, () => fake.stop.abort(new Error('SIGINT')));
    expect(await failureOf(readHead(fake))).toMatchObject({ code: 'out_of_time' });
    expect(await failureOf(readHead(fake))).toMatchObject({ code: 'out_of_time' });
    expect([fake.clock.now(), fake.journal.length]).toEqual([4_000, 1]);
  });

  test('is not made without a token', async () => {
    const fake = fakeGithub();
    expect(await failureOf(readHead({ ...fake, github: { ...fake.github, token: '' } }))).toMatchObject({ code: 'no_token' });
  });

  test('keeps the token out of what somebody answers in the place of GitHub', async () => {
    const fake = fakeGithub();
    fake.addFaults({ on: 'pull', times: 9, answer: { status: 403, body: '{"message":"Blocked: token ghs_1"}' } });
    expect(await failureOf(readHead(fake))).toMatchObject({ message: expect.stringContaining('Blocked: token ***') });
  });

  test('sets a status once more after a lost answer, with a description that GitHub accepts', async () => {
    const fake = fakeGithub();
    fake.addFaults({ on: 'status', commit: true, answer: { status: 502 } });
    const status = {
      sha: HEAD,
      context: 'c',
      state: 'failure',
      description: 'x'.repeat(200),
      targetUrl: 'https://github.com/o/r',
    } as const;
    expect(await fake.run(setStatus(fake.github, status))).toEqual({ code: 'set', id: 2 });
    const set = { ...status, description: expect.stringMatching(/^.{140}$/) };
    expect(fake.actions.statuses).toEqual([set, set]);
  });

  test('does not repeat an error of our own code, nor blame GitHub for it', async () => {
    const fake = fakeGithub();
    const work = async () => {
      await fake.github.fetch('https://api.github.com/repos/octo-org/tower/pulls/7', {});
      return (undefined as unknown as string).length;
    };
    await expect(fake.run(callGithub(fake.github, work))).rejects.toBeInstanceOf(TypeError);
    expect(fake.sentAt).toHaveLength(1);
  });

  test('sets no status if another step has set its context to pending since', async () => {
    const fake = fakeGithub();
    const status = { sha: HEAD, context: 'c', description: '', targetUrl: 'https://github.com/o/r' };
    const set = (context: string, state: 'pending' | 'success', pendingId: number | null = null) =>
      fake.run(setStatus(fake.github, { ...status, context, state }, pendingId));
    await set('c', 'pending');
    for (let at = 0; at < 120; at++) await set('other', 'pending');
    await set('c', 'pending');
    for (let at = 0; at < 120; at++) await set('other', 'success');
    expect(await set('c', 'success', 1)).toEqual({ code: 'replaced' });
    expect(await set('c', 'success', 122)).toMatchObject({ code: 'set' });
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
