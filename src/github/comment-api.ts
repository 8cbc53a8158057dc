/**
 * GitHub's calls for comments on a pull request, each within its time: what comes back is what GitHub describes, or an
 * error that says whether the request may have taken effect.
 */
import type { Clock } from '../clock.ts';
import { at, numberAt, shaAt, textAt } from './fields.ts';

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
export const WRITE_PAUSE_MS = 1_000;
const ATTEMPTS = 3;
/** A page holds 100 comments of up to 65,536 characters: 26 MB at four bytes each. */
const ANSWER_BYTES = 32 * 1024 * 1024;
const PER_PAGE = 100;

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

/** It becomes an output: nothing that a shell would act on. */
const COMMENT_URL = /^https?:\/\/[\w.:/#-]{1,1000}$/;

/** @returns null where it is no comment */
function readComment(data: unknown): Comment | null {
  const id = numberAt(data, 'id');
  const [url, login] = [textAt(data, 'html_url'), textAt(data, 'user', 'login')];
  const user = { login, id: numberAt(data, 'user', 'id'), isBot: at(data, 'user', 'type') === 'Bot' };
  const about = { body: textAt(data, 'body'), user: login === '' ? null : user };
  return id === null ? null : { id, ...about, url: COMMENT_URL.test(url) ? url : '' };
}

/** A list that is cut, or holds anything but comments, must not look like one without ours. */
function readPage(data: unknown, { link }: Headers): { comments: Comment[]; isLast: boolean } | null {
  if (!Array.isArray(data)) return null;
  const comments = data.map(readComment);
  if (!comments.every((one) => one !== null)) return null;
  // The link's page is asked for by its number, so that a token never follows a link to another host.
  const isLast = typeof link === 'string' ? !link.includes('rel="next"') : comments.length < PER_PAGE;
  return { comments, isLast };
}

/** A token of an app may not ask who it is; that is an answer, not a failure. */
function readViewer(data: unknown): Author | null {
  if (at(data, 'errors') !== undefined) return hasError(data, 'FORBIDDEN') ? ACTIONS_BOT : null;
  const login = textAt(data, 'data', 'viewer', 'login');
  return login === '' ? null : { login, id: numberAt(data, 'data', 'viewer', 'databaseId') };
}

/** GraphQL answers its errors with the status 200. */
function hasError(data: unknown, type: string): boolean {
  const errors = at(data, 'errors');
  return Array.isArray(errors) && errors.some((one) => at(one, 'type') === type);
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

  const apiUrl = comment.apiUrl.replace(/\/+$/, '');
  const octokit = getOctokit(comment.token, {
    baseUrl: apiUrl,
    log: { ...silent },
    request: { fetch: fetchWhole, log: silent },
  });
  const graphqlUrl = `${apiUrl.replace(/\/v3$/, '')}/graphql`;
  const where = { issue_number: comment.pullRequest };

  async function pause(ms: number): Promise<void> {
    if (clock.now() + ms >= end) throw new CallFailed('lost', 'no time is left to send again');
    await clock.sleep(ms, signal);
  }

  /** One attempt, cut off at its time or with the caller's signal. */
  async function attempt<T>(
    route: string,
    parameters: Record<string, unknown>,
    read: (data: unknown, headers: Headers) => T | null,
  ): Promise<T | CallFailed> {
    signal.throwIfAborted();
    const left = end - clock.now();
    if (left <= 0) return new CallFailed('lost', 'no time is left');
    const [cut, answered] = [new AbortController(), new AbortController()];
    clock.sleep(Math.min(REQUEST_MS, left), answered.signal).then(() => cut.abort(), ignore);
    const request = { signal: AbortSignal.any([signal, cut.signal]) };
    const reply: Reply | CallFailed = await octokit
      .request(route, { ...comment.repository, ...parameters, request })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        // The answer that Octokit turned into an error, if there was one.
        const { response } = error as { readonly response?: Reply };
        const why = cut.signal.aborted ? 'no answer in time' : messageOf(error);
        return response ?? new CallFailed('lost', why);
      })
      .finally(() => answered.abort());
    if (reply instanceof CallFailed) return reply;
    const { data, headers } = reply;
    const unreadable = () => new CallFailed('lost', 'the answer is not what GitHub describes');
    return callFailure(reply, clock.date()) ?? read(data, headers) ?? unreadable();
  }

  /**
   * Tries until there is an answer: what only reads again and again; what writes once, since what stands there may have changed
   * meanwhile.
   * @throws CallFailed
   */
  async function call<T extends object | string | true>(
    route: string,
    parameters: Record<string, unknown>,
    read: (data: unknown, headers: Headers) => T | null,
    attempts = ATTEMPTS,
  ): Promise<T> {
    for (let lost = 0; ;) {
      const answer = await attempt(route, parameters, read);
      if (!(answer instanceof CallFailed)) return answer;
      const { why, hintMs } = answer;
      const limitedMs = why === 'limited' && hintMs !== null ? Math.max(hintMs, WRITE_PAUSE_MS) : Infinity;
      if (clock.now() + limitedMs < end) {
        await clock.sleep(limitedMs, signal);
        if (attempts === 1) throw new CallFailed('lost', 'a rate limit');
        continue;
      }
      if (why !== 'lost' || ++lost === attempts) throw answer;
      await pause(Math.max(hintMs ?? 0, WRITE_PAUSE_MS * lost));
    }
  }

  const ALL = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const NEW = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
  const ONE = '/repos/{owner}/{repo}/issues/comments/{comment_id}';

  return {
    pause,

    /** Whose comments are ours. */
    viewer: (): Promise<Author> =>
      call(`POST ${graphqlUrl}`, { query: 'query { viewer { login databaseId } }' }, readViewer).catch(
        (error: unknown) => {
          if (isRefusal(error, 403) || isRefusal(error, 404)) return ACTIONS_BOT;
          throw error;
        },
      ),

    /** The commit at the pull request's head; null where GitHub does not tell it. */
    head: (): Promise<string | null> =>
      call(
        'GET /repos/{owner}/{repo}/pulls/{pull_number}',
        { pull_number: comment.pullRequest },
        (data) => shaAt(data, 'head', 'sha'),
        1,
      ).catch(() => {
        signal.throwIfAborted();
        return null;
      }),

    list: (page: number) => call(ALL, { ...where, per_page: PER_PAGE, page }, readPage),

    /** Lost, it may have been made all the same. */
    create: (body: string) => call(NEW, { ...where, body }, readComment, 1),

    /** Lost, it may have taken effect all the same. */
    update: (id: number, body: string) => call(`PATCH ${ONE}`, { comment_id: id, body }, readComment, 1),

    /** Gone is gone, whoever did it. */
    remove: (id: number) =>
      call(`DELETE ${ONE}`, { comment_id: id }, () => true).catch((error: unknown) => {
        if (!isRefusal(error, 404)) throw error;
      }),

    /** Cuts what is still open: a kept-alive socket must not keep the process. */
    close: async (): Promise<void> => {
      await dispatcher.destroy();
      sockets.abort();
    },
  };
}

export function isRefusal(error: unknown, status: number): boolean {
  return error instanceof CallFailed && error.why === 'refused' && error.status === status;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** null: it is an answer. */
function callFailure({ status, headers, data }: Reply, localDate: number): CallFailed | null {
  const message = textAt(data, 'message');
  const hintMs = hintOf(headers, localDate);
  // GitHub has two limits and three ways to say so.
  const isLimited =
    status === 403 &&
    (headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0' ||
      message.toLowerCase().includes('rate limit'));
  if (status === 429 || isLimited || hasError(data, 'RATE_LIMITED'))
    return new CallFailed('limited', message, status, hintMs);
  if (status >= 500 || status === 408) return new CallFailed('lost', `status ${status}`, 0, hintMs);
  return status >= 300 ? new CallFailed('refused', message, status) : null;
}

/** @returns milliseconds until GitHub will hear us again, at least 0; null where it does not say */
function hintOf(headers: Headers, localDate: number): number | null {
  const serverDate = Date.parse(String(headers.date ?? ''));
  const now = Number.isNaN(serverDate) ? localDate : serverDate;
  const secondsIn = (name: string) => {
    const text = String(headers[name] ?? '').trim();
    return /^\d{1,12}$/.test(text) ? [Number(text) * 1000] : [];
  };
  const resets = headers['x-ratelimit-remaining'] === '0' ? secondsIn('x-ratelimit-reset') : [];
  const hints = [...secondsIn('retry-after'), ...resets.map((at) => Math.max(at - now, 0))];
  return hints.length > 0 ? Math.max(...hints) : null;
}
