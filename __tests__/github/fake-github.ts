/** A small GitHub behind `fetch`: one repository with pull request 7, its comments, and the statuses that were set. */
import { virtualClock, type VirtualClock } from '../../simulator/virtual-clock.ts';
import type { Github } from '../../src/github/api.ts';

export const HEAD = 'b92e1d5a6f7c8b9d0e1f2a3b4c5d6e7f809a1b2c';
export const BOT = 'github-actions[bot]';

/** What becomes of a request. `lost`: it has its effect, and a 502 is the answer. */
export type Fault = 'lost' | 'torn' | 'empty' | 'page' | 'refused' | 'hang' | { status: number; headers?: Record<string, string> };

export interface FakeComment {
  readonly id: number;
  body: string;
  /** null: the account was deleted. */
  readonly user: { readonly login: string } | null;
}

export interface FakeGithub {
  readonly github: Github;
  readonly clock: VirtualClock;
  readonly comments: FakeComment[];
  readonly statuses: Record<string, unknown>[];
  /** `POST /repos/…` with the time of each, the oldest first. */
  readonly requests: string[];
  readonly sentAt: number[];
  head: string;
  viewer: string;
  /** By the request's number, from 1; `*` is each. */
  faults: Partial<Record<number | '*', Fault>>;
  readonly stop: AbortController;
  addComment(body: string, login?: string): FakeComment;
  run<T>(work: Promise<T>): Promise<T>;
}

const json = (data: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(data), { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers } });

export function fakeGithub(): FakeGithub {
  const clock = virtualClock();
  const stop = new AbortController();
  const answer = (method: string, url: URL, body: { readonly body?: string }): Response => {
    const path = url.pathname;
    if (path === '/graphql') return json({ data: { viewer: { login: fake.viewer } } });
    if (path === '/repos/octo-org/tower/pulls/7') return json({ number: 7, head: { sha: fake.head } });
    if (path.startsWith('/repos/octo-org/tower/statuses/')) return json(fake.statuses[fake.statuses.push({ ...body }) - 1], 201);
    if (path === '/repos/octo-org/tower/issues/7/comments' && method === 'GET') {
      const page = Number(url.searchParams.get('page'));
      const size = Number(url.searchParams.get('per_page'));
      const isLast = fake.comments.length <= page * size;
      return json(
        fake.comments.slice((page - 1) * size, page * size),
        200,
        isLast ? {} : { link: `<${url}&page=${page + 1}>; rel="next"` },
      );
    }
    if (path === '/repos/octo-org/tower/issues/7/comments') {
      const { id } = fake.addComment(body.body ?? '', fake.viewer);
      return json({ id, html_url: `https://github.com/octo-org/tower/pull/7#issuecomment-${id}` }, 201);
    }
    const comment = fake.comments.find(({ id }) => path === `/repos/octo-org/tower/issues/comments/${id}`);
    if (comment === undefined || method !== 'PATCH') return json({ message: 'Not Found' }, 404);
    comment.body = body.body ?? '';
    return json({ id: comment.id, html_url: `https://github.com/octo-org/tower/pull/7#issuecomment-${comment.id}` });
  };
  const fetch: Github['fetch'] = async (input, init) => {
    init?.signal?.throwIfAborted();
    const url = new URL(input as string);
    const nth = fake.requests.push(`${init?.method ?? 'GET'} ${url.pathname.replace('/repos/octo-org/tower', '')}`);
    fake.sentAt.push(clock.now());
    const fault = fake.faults[nth] ?? fake.faults['*'];
    if (fault === 'refused') throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    if (fault === 'hang')
      return new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error)));
    if (typeof fault === 'object') return json({ message: 'As GitHub says.' }, fault.status, fault.headers);
    const whole = answer(init?.method ?? 'GET', url, JSON.parse((init?.body ?? '{}') as string) as { body?: string });
    if (fault === 'lost') return new Response('<html>Bad gateway</html>', { status: 502 });
    if (fault === 'torn') return new Response((await whole.text()).slice(0, -1), whole);
    if (fault === 'empty') return new Response('', whole);
    return fault === 'page' ? new Response('<html>Sign in</html>', { headers: { 'content-type': 'text/html' } }) : whole;
  };
  const fake: FakeGithub = {
    github: { apiUrl: 'https://api.github.com', repository: 'octo-org/tower', token: 'ghs_1', clock, signal: stop.signal, fetch },
    clock,
    comments: [],
    statuses: [],
    requests: [],
    sentAt: [],
    head: HEAD,
    viewer: BOT,
    faults: {},
    stop,
    addComment: (body, login = BOT) => {
      const comment = { id: fake.comments.length + 1, body, user: { login } };
      fake.comments.push(comment);
      return comment;
    },
    run: (work) => clock.run(work),
  };
  return fake;
}
