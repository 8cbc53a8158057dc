/** GitHub behind `fetch`, in virtual time. */
import { ACTIONS_BOT, createGithub, type GithubOptions } from '../../simulator/github.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import type { Github } from '../../src/github/octokit.ts';

export { HEAD_SHA as HEAD } from '../../simulator/runner-context.ts';

export type FakeGithub = ReturnType<typeof fakeGithub>;

export function fakeGithub(actions: GithubOptions['actions'] = {}) {
  const clock = virtualClock();
  const stop = new AbortController();
  const model = createGithub({ tokens: { ghs_1: { user: ACTIONS_BOT } }, actions });
  const sentAt: number[] = [];
  const debugLog: string[] = [];
  const fetch: Github['fetch'] = async (input, init) => {
    init?.signal?.throwIfAborted();
    const { pathname, search, host } = new URL(input as string);
    const headers = Object.fromEntries(new Headers(init?.headers));
    const request = {
      method: init?.method ?? 'GET',
      path: pathname + search,
      headers,
      body: Buffer.from((init?.body ?? '') as string),
      sent: null,
    };
    sentAt.push(clock.now());
    const { answer, fault } = model.receive(request, host !== 'api.github.com');
    if (fault === 'reset') throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    if (answer === null)
      return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)));
    if (answer.status === 302 && init?.redirect === 'error') throw new TypeError('unexpected redirect');
    const body = fault === 'truncated' ? answer.body.slice(0, -1) : answer.body;
    return new Response(body === '' ? null : body, answer);
  };
  const { fullName: repository, apiUrl } = model.repository;
  const github: Github = {
    apiUrl,
    repository,
    token: 'ghs_1',
    clock,
    signal: stop.signal,
    fetch,
    debug: ({ safe }) => void debugLog.push(safe),
    redact: (text) => text.replaceAll('ghs_1', '***'),
  };
  return { ...model, github, clock, stop, sentAt, debugLog, run: clock.run };
}
