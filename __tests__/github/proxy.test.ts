/** Calls in a process of their own, because Node sets the proxy of `fetch` for a whole process. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startProxy, type Proxy } from '../../simulator/proxy.ts';

const SCRIPT = `
  import http from 'node:http';
  import { realClock } from '${new URL('../../src/clock.ts', import.meta.url).href}';
  import { callGithub } from '${new URL('../../src/github/octokit.ts', import.meta.url).href}';
  if (process.env.OLD_NODE) delete http.setGlobalProxyFromEnv;
  const { signal } = new AbortController();
  // The pauses between attempts pass at once.
  const clock = { ...realClock, sleep: (ms, until) => realClock.sleep(ms < 5_000 ? 0 : ms, until) };
  const github = { apiUrl: process.env.API, repository: 'octo-org/tower', token: 'ghs_1', clock, signal, fetch, redact: String, debug: () => undefined };
  const head = callGithub(github, async ({ rest }, repository) => (await rest.pulls.get({ ...repository, pull_number: 7 })).data.head.sha);
  console.log(await head.catch(({ code }) => code));`;

let proxy: Proxy;
const asked: string[] = [];
const api = createServer((request, response) => {
  asked.push(`${request.url} ${request.headers.authorization}`);
  if (request.url?.startsWith('/moved/')) response.writeHead(302, { location: '/api/v3/repos/octo-org/tower/pulls/7' }).end();
  else response.writeHead(200, { 'content-type': 'application/json' }).end('{"head":{"sha":"abc"}}');
});

beforeAll(async () => {
  await new Promise<void>((resolve) => void api.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy({ hosts: { 'ghe.example': (api.address() as AddressInfo).port }, credentials: 'user:p@ss' });
});
afterAll(async () => {
  await proxy.close();
  api.close();
});

const withUser = () => proxy.url.replace('//', '//user:p%40ss@');
const own = (path: string) => `http://127.0.0.1:${(api.address() as AddressInfo).port}${path}`;

test.each<[string, () => Record<string, string>, printed: string, isProxied: boolean]>([
  ['through the proxy, with its password', () => ({ API: 'http://ghe.example/api/v3', http_proxy: withUser() }), 'abc', true],
  ['not past a proxy that asks for a password', () => ({ API: 'http://ghe.example/api/v3', http_proxy: proxy.url }), 'no_answer', true],
  [
    'past the proxy where `no_proxy` says so',
    () => ({ API: own('/api/v3'), http_proxy: 'http://127.0.0.1:1', no_proxy: '127.0.0.1' }),
    'abc',
    false,
  ],
  [
    'not through a proxy on an older Node',
    () => ({ API: 'http://ghe.example', http_proxy: withUser(), OLD_NODE: '1' }),
    'proxy_needs_newer_runner',
    false,
  ],
  ['on an older Node without a proxy', () => ({ API: own('/api/v3'), OLD_NODE: '1' }), 'abc', false],
  ['without following a redirect', () => ({ API: own('/moved') }), 'no_answer', false],
])('GitHub is called %s', async (_, environment, printed, isProxied) => {
  asked.length = 0;
  const before = proxy.journal.length;
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT], {
    env: environment(),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  expect((await text(child.stdout)).trim()).toBe(printed);
  expect(proxy.journal.length > before).toBe(isProxied);
  if (printed === 'abc') expect(asked).toEqual(['/api/v3/repos/octo-org/tower/pulls/7 token ghs_1']);
  for (const one of asked) expect(one).toMatch(/^\/(?:moved|api\/v3)\/repos.* token ghs_1$/);
});
