/**
 * GitHub's calls for comments on a pull request, each within its time: what comes back is what GitHub describes, or an
 * error that says whether the request may have taken effect.
 */
import type { Clock } from '../clock.ts';

/** Where the comments are, and as whom. */
export interface CommentPlace {
  /** GITHUB_API_URL: `https://api.github.com`, or `https://<host>/api/v3` on a GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly token: string;
  readonly repository: { readonly owner: string; readonly repo: string };
  readonly pullRequest: number;
}

export interface CommentDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The proxy for `apiUrl`, with its user-info; null: none. */
  readonly proxy: string | null;
}

/** For everything, waits included. */
const BUDGET_MS = 20_000;
/** For one request from connect to parsed body: short enough that a lost answer leaves time to look and write again. */
const REQUEST_MS = 6_000;
/** Before a request is sent again without a hint, times the attempts so far; GitHub's lists may lag a moment behind. */
export const PAUSE_MS = 1_000;
export const ATTEMPTS = 3;
/** A page holds 100 comments of up to 65,536 characters: 26 MB at four bytes each. */
const ANSWER_BYTES = 32 * 1024 * 1024;
const PER_PAGE = 100;
const SHA = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

/** Who a job's own token writes as. */
const ACTIONS_BOT: Author = { login: 'github-actions[bot]', id: null };

/** A call that brought nothing. The message is GitHub's or the network's. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  /**
   * `refused`: GitHub understood the request and said no. `lost`: no answer that can be read, so whether it took effect is not
   * known. `limited`: a rate limit holds for longer than there is time.
   */
  readonly why: 'refused' | 'lost' | 'limited';
  /** The status of a refusal; else 0. */
  readonly status: number;
  /** How long the limit holds, in ms; null: not told. */
  readonly hintMs: number | null;
  constructor(why: CallFailed['why'], message: string, status = 0, hintMs: number | null = null) {
    super(message);
    this.why = why;
    this.status = status;
    this.hintMs = hintMs;
  }
}

// What GitHub's answers hold for us.

export interface Author {
  readonly login: string;
  /** null: not known. */
  readonly id: number | null;
}

export interface Comment {
  readonly id: number;
  readonly body: string;
  /** null: the account is gone. */
  readonly user: (Author & { readonly isBot: boolean }) | null;
  readonly url: string;
}

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** It becomes an output: nothing that a shell would act on. */
const ADDRESS = /^https?:\/\/[\w.:/#-]{1,1000}$/;

/** @returns null where it is no comment */
function readComment(data: unknown): Comment | null {
  if (!isObject(data) || !Number.isSafeInteger(data.id)) return null;
  const { body, user, html_url: url } = data;
  return {
    id: data.id as number,
    body: typeof body === 'string' ? body : '',
    user: isObject(user) && typeof user.login === 'string' ? readUser(user, user.login) : null,
    url: typeof url === 'string' && ADDRESS.test(url) ? url : '',
  };
}

function readUser(user: Fields, login: string): Comment['user'] {
  const { id, type } = user;
  return { login, id: typeof id === 'number' ? id : null, isBot: type === 'Bot' };
}

/** The commit at the head of a pull request; null where that is not told. */
function readHead(data: unknown): string | null {
  const head = isObject(data) ? data.head : undefined;
  const sha = isObject(head) ? head.sha : undefined;
  return typeof sha === 'string' && SHA.test(sha) ? sha : null;
}

/** A list that is cut, or holds anything but comments, must not look like one without ours. */
function readPage(data: unknown, headers: Headers): { comments: Comment[]; isLast: boolean } | null {
  if (!Array.isArray(data)) return null;
  const comments = data.map(readComment);
  if (!comments.every((one) => one !== null)) return null;
  const { link } = headers;
  // The link's page is asked for by its number, so that a token never follows a link to another host.
  const isLast = typeof link === 'string' ? !link.includes('rel="next"') : comments.length < PER_PAGE;
  return { comments, isLast };
}

/** A token of an app may not ask who it is; that is an answer, not a failure. */
function readViewer(data: unknown): Author | null {
  if (!isObject(data)) return null;
  if (Array.isArray(data.errors)) {
    const isRefusal = data.errors.some((one) => isObject(one) && one.type === 'FORBIDDEN');
    return isRefusal ? ACTIONS_BOT : null;
  }
  const viewer = isObject(data.data) ? data.data.viewer : undefined;
  if (!isObject(viewer) || typeof viewer.login !== 'string' || viewer.login === '') return null;
  const id = viewer.databaseId;
  return { login: viewer.login, id: typeof id === 'number' ? id : null };
}

// The calls.

type Headers = Readonly<Record<string, string | number | undefined>>;
export type CommentApi = Awaited<ReturnType<typeof connect>>;
interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

/** Octokit warns of deprecated calls on the console, in the server's words. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  // Nothing of it is for the job's log.
}

/** Loads @actions/github, which nobody pays for who wants no comment. */
export async function connect(comment: CommentPlace, { clock, signal, proxy }: CommentDeps) {
  const end = clock.now() + BUDGET_MS;
  const { getOctokit } = await import('@actions/github');
  // By its file: in the bundle the bare name is a stub that spares every other step a megabyte of undici.
  const { fetch, Agent, ProxyAgent } = await import('undici/index.js');
  // Destroying the dispatcher leaves a socket that is still being connected: for 10 s, where a handshake hangs.
  const sockets = new AbortController();
  const connecting = { signal: sockets.signal } as object;
  const dispatcher =
    proxy === null
      ? new Agent({ connect: connecting })
      : new ProxyAgent({ uri: proxy, proxyTls: connecting });

  /** Octokit takes a body that breaks off for an empty one: read it whole before Octokit sees it, or fail. */
  async function fetchWhole(url: string, init: Parameters<typeof fetch>[1]): Promise<Response> {
    const answer = await fetch(url, { ...init, redirect: 'manual', dispatcher });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body ?? []) {
      const bytes = chunk as Uint8Array;
      size += bytes.length;
      if (size > ANSWER_BYTES) throw new Error('the answer is over 32 MiB');
      chunks.push(bytes);
    }
    const bodiless = [204, 205, 304].includes(answer.status);
    return new Response(bodiless ? null : Buffer.concat(chunks), {
      status: answer.status,
      headers: [...answer.headers],
    });
  }

  const apiUrl = trimSlashes(comment.apiUrl);
  const octokit = getOctokit(comment.token, {
    baseUrl: apiUrl,
    log: { ...silent },
    request: { fetch: fetchWhole, log: silent },
  });
  const graphqlUrl = `${apiUrl.endsWith('/api/v3') ? apiUrl.slice(0, -'/v3'.length) : apiUrl}/graphql`;
  const where = { issue_number: comment.pullRequest };

  async function pause(ms: number): Promise<void> {
    if (clock.now() + ms >= end) throw new CallFailed('lost', 'no time is left to send again');
    await clock.sleep(ms, signal);
  }

  /** One attempt, cut off at its time or with the caller's signal. */
  async function attempt(request: (signal: AbortSignal) => Promise<Reply>): Promise<Reply> {
    signal.throwIfAborted();
    const left = end - clock.now();
    if (left <= 0) throw new CallFailed('lost', 'no time is left');
    const cut = new AbortController();
    const answered = new AbortController();
    clock.sleep(Math.min(REQUEST_MS, left), answered.signal).then(() => {
      cut.abort();
    }, ignore);
    try {
      return await request(AbortSignal.any([signal, cut.signal]));
    } catch (error) {
      signal.throwIfAborted();
      const reply = refusal(error);
      if (reply === null)
        throw new CallFailed('lost', cut.signal.aborted ? 'no answer in time' : messageOf(error));
      return reply;
    } finally {
      answered.abort();
    }
  }

  /**
   * Tries until there is an answer: what only reads again and again; what writes once, since what stands there may have changed
   * meanwhile.
   * @throws CallFailed
   */
  async function call<T>(
    request: (signal: AbortSignal) => Promise<Reply>,
    read: (data: unknown, headers: Headers) => T | null,
    again: 'may be sent again' | 'only once',
  ): Promise<T> {
    for (let lost = 0; ;) {
      let problem: CallFailed;
      let hint: number | null = null;
      try {
        const reply = await attempt(request);
        hint = hintOf(reply.headers, clock.date());
        if (isRateLimit(reply)) {
          if (hint === null || clock.now() + Math.max(hint, PAUSE_MS) >= end) {
            throw new CallFailed('limited', messageIn(reply.data), reply.status, hint);
          }
          await clock.sleep(Math.max(hint, PAUSE_MS), signal);
          if (again === 'only once') throw new CallFailed('lost', 'a rate limit');
          continue;
        }
        const outage = reply.status >= 500 || reply.status === 408;
        if (!outage && reply.status >= 300)
          throw new CallFailed('refused', messageIn(reply.data), reply.status);
        const value = outage ? null : read(reply.data, reply.headers);
        if (value !== null) return value;
        problem = new CallFailed(
          'lost',
          outage ? `status ${reply.status}` : 'the answer is not what GitHub describes',
        );
      } catch (error) {
        if (!(error instanceof CallFailed) || error.why !== 'lost') throw error;
        problem = error;
      }
      lost++;
      if (again === 'only once' || lost === ATTEMPTS) throw problem;
      await pause(Math.max(hint ?? 0, PAUSE_MS * lost));
    }
  }

  const ask =
    (route: string, parameters: Readonly<Record<string, unknown>>) =>
    (signal: AbortSignal): Promise<Reply> =>
      octokit.request(route, { ...comment.repository, ...parameters, request: { signal } });
  const ALL = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const NEW = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const ONE = '/repos/{owner}/{repo}/issues/comments/{comment_id}';

  return {
    pause,

    /** Whose comments are ours. */
    viewer: (): Promise<Author> =>
      call(
        ask(`POST ${graphqlUrl}`, { query: 'query { viewer { login databaseId } }' }),
        readViewer,
        'may be sent again',
      ).catch((error: unknown) => {
        if (isRefusal(error, 403) || isRefusal(error, 404)) return ACTIONS_BOT;
        throw error;
      }),

    /** The commit at the pull request's head; null where GitHub does not tell it. */
    head: (): Promise<string | null> =>
      call(
        ask('GET /repos/{owner}/{repo}/pulls/{pull_number}', { pull_number: comment.pullRequest }),
        readHead,
        'only once',
      ).catch(() => {
        signal.throwIfAborted();
        return null;
      }),

    list: (page: number) =>
      call(ask(ALL, { ...where, per_page: PER_PAGE, page }), readPage, 'may be sent again'),

    /** Lost, it may have been made all the same. */
    create: (body: string) => call(ask(NEW, { ...where, body }), readComment, 'only once'),

    /** Lost, it may have taken effect all the same. */
    update: (id: number, body: string) =>
      call(ask(`PATCH ${ONE}`, { comment_id: id, body }), readComment, 'only once'),

    /** Gone is gone, whoever did it. */
    remove: (id: number) =>
      call(ask(`DELETE ${ONE}`, { comment_id: id }), () => true, 'may be sent again').catch(
        (error: unknown) => {
          if (!isRefusal(error, 404)) throw error;
        },
      ),

    /** Cuts what is still open: a kept-alive socket must not keep the process. */
    close: async (): Promise<void> => {
      await dispatcher.destroy();
      sockets.abort();
    },
  };
}

function trimSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end--;
  return url.slice(0, end);
}

/** The answer that Octokit turned into an error; null where there was none. */
function refusal(error: unknown): Reply | null {
  const response = isObject(error) ? error.response : undefined;
  if (!isObject(response) || typeof response.status !== 'number' || !isObject(response.headers)) return null;
  return { status: response.status, headers: response.headers as Headers, data: response.data };
}

export function isRefusal(error: unknown, status: number): boolean {
  return error instanceof CallFailed && error.why === 'refused' && error.status === status;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

function messageIn(data: unknown): string {
  return isObject(data) && typeof data.message === 'string' ? data.message : '';
}

/** GitHub has two limits and three ways to say so; GraphQL's has the status 200. */
function isRateLimit({ status, headers, data }: Reply): boolean {
  if (status === 429) return true;
  if (status === 403) {
    return (
      headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0' ||
      messageIn(data).toLowerCase().includes('rate limit')
    );
  }
  const errors = isObject(data) ? data.errors : undefined;
  return Array.isArray(errors) && errors.some((one) => isObject(one) && one.type === 'RATE_LIMITED');
}

/** @returns milliseconds until GitHub will hear us again, at least 0; null where it does not say */
function hintOf(headers: Headers, localDate: number): number | null {
  const serverDate = Date.parse(String(headers.date ?? ''));
  const now = Number.isNaN(serverDate) ? localDate : serverDate;
  const seconds = (name: string): number | null => {
    const text = String(headers[name] ?? '').trim();
    return /^\d{1,12}$/.test(text) ? Number(text) : null;
  };
  const after = seconds('retry-after');
  const reset = headers['x-ratelimit-remaining'] === '0' ? seconds('x-ratelimit-reset') : null;
  const hints = [
    ...(after === null ? [] : [after * 1000]),
    ...(reset === null ? [] : [Math.max(reset * 1000 - now, 0)]),
  ];
  return hints.length > 0 ? Math.max(...hints) : null;
}
