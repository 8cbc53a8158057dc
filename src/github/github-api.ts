/**
 * Calls GitHub's REST API over Octokit, with a time limit for each request and one for all. A call returns what GitHub documents,
 * or fails with an error that says whether the request may have had an effect.
 */
import type { Clock } from '../clock.ts';
import { readPath, readText } from './read-field.ts';

/** The repository to call, and the token to use. */
export interface GithubPlace {
  /** GITHUB_API_URL: `https://api.github.com`, or `https://<host>/api/v3` on a GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
}

export interface GithubDeps {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The proxy for `apiUrl`, with its user-info; null: no proxy. */
  readonly proxy: string | null;
}

/** Time for all requests, waits included. */
const BUDGET_MS = 20_000;
/** Time for one request from connect to parsed body; a lost answer leaves enough time to check and to write again. */
const REQUEST_MS = 6_000;
/** Time for one request that a comment can do without; three unanswered attempts leave enough time to list and write. */
export const SHORT_REQUEST_MS = 3_000;
/** Pause before a retry without a hint, times the attempts so far. GitHub's lists may be outdated for a moment after a write. */
export const WRITE_PAUSE_MS = 1_000;
const MAX_ATTEMPTS = 3;
/** A page holds 100 comments of up to 65,536 characters: 26 MB at four bytes each. */
const MAX_GITHUB_ANSWER_BYTES = 32 * 1024 * 1024;
/** A call failed. The message is text of GitHub or of the network. */
export class CallFailed extends Error {
  /**
   * The status with which GitHub rejected the request. `lost`: no usable answer, so the request may have had an effect. `limited`: a rate limit
   * lasts longer than the remaining time.
   */
  readonly why: number | 'lost' | 'limited';
  /** Duration of the rate limit in ms; null: unknown. */
  readonly hintMs: number | null;
  constructor(why: CallFailed['why'], message: string, hintMs: number | null = null) {
    super(message);
    this.why = why;
    this.hintMs = hintMs;
  }
}

/** Describes the cause of a failed call: "GitHub answered 500". */
export function describeCause({ why }: CallFailed): string {
  if (why === 'limited') return "GitHub's rate limit lasts";
  return why === 'lost' ? 'GitHub gave no usable answer' : `GitHub answered ${why}`;
}

/** Does a GraphQL answer, which has the status 200 also for errors, have an error of this type? */
export function hasError(data: unknown, type: string): boolean {
  const errors = readPath(data, 'errors');
  return Array.isArray(errors) && errors.some((one) => readPath(one, 'type') === type);
}

export type Headers = Readonly<Record<string, string | number | undefined>>;
interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}
/** Parses an answer; null: it does not have the documented form. */
export type Read<T> = (data: unknown, headers: Headers) => T | null;
export type GithubApi = Awaited<ReturnType<typeof connectToGithub>>;

const ignore = () => undefined;
/** Silences Octokit, which prints the server's warnings about deprecated calls to the console. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Opens connections, through the proxy if there is one. Loads undici. */
export async function openConnections(proxy: string | null, maxBytes = MAX_GITHUB_ANSWER_BYTES) {
  // Imported by its file, because the bundle replaces the bare name by a stub to spare other steps a megabyte of undici.
  const { fetch, Agent, ProxyAgent } = await import('undici/index.js');
  // Destroying the dispatcher does not stop a socket that is connecting, which may hang for 10 s in a handshake.
  const sockets = new AbortController();
  const connecting = { signal: sockets.signal } as object;
  const dispatcher =
    proxy === null
      ? new Agent({ connect: connecting })
      : new ProxyAgent({ uri: proxy, proxyTls: connecting });
  return {
    /** Reads the whole body or fails, because Octokit treats a truncated body as empty. */
    fetchWhole: async (url: string, init: Parameters<typeof fetch>[1]): Promise<Response> => {
      const answer = await fetch(url, { ...init, redirect: 'manual', dispatcher });
      const { status, headers } = answer;
      const chunks: Uint8Array[] = [];
      let remainingBytes = maxBytes;
      // Counts decompressed bytes, since a small answer can decompress to gigabytes.
      for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        remainingBytes -= chunk.length;
        if (remainingBytes < 0) throw new Error('the answer is too long');
        chunks.push(chunk);
      }
      const body = [204, 205, 304].includes(status) ? null : Buffer.concat(chunks);
      return new Response(body, { status, headers: [...headers] });
    },
    /** Closes all sockets, since one that is kept alive would keep the process running. */
    close: async (): Promise<void> => {
      await dispatcher.destroy();
      sockets.abort();
    },
  };
}

/** Aborts `timeout` after `ms`, unless `done` is aborted before. */
export function abortLater(timeout: AbortController, clock: Clock, ms: number, done: AbortSignal): void {
  clock.sleep(ms, done).then(() => timeout.abort(), ignore);
}

/** Creates a function that sends requests, each within its time limit and all before the deadline. */
function createCaller(
  send: (route: string, parameters: object) => Promise<Reply>,
  { clock, signal }: GithubDeps,
  deadline: number,
) {
  async function pause(ms: number): Promise<void> {
    if (clock.now() + ms >= deadline) throw new CallFailed('lost', 'no time is left to send again');
    await clock.sleep(ms, signal);
  }

  /** Sends one attempt within its time limit. @throws CallFailed, or the signal's reason */
  async function attempt<T>(
    route: string,
    parameters: object,
    read: Read<T>,
    isRedirect: boolean,
    requestMs: number,
  ): Promise<T> {
    signal.throwIfAborted();
    const remainingMs = deadline - clock.now();
    if (remainingMs <= 0) throw new CallFailed('lost', 'no time is left');
    const timeout = new AbortController();
    const answered = new AbortController();
    abortLater(timeout, clock, Math.min(requestMs, remainingMs), answered.signal);
    const request = { signal: AbortSignal.any([signal, timeout.signal]) };
    const reply = await send(route, { ...parameters, request })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        // Octokit turns an answer with an error status into an error.
        const { response } = error as { readonly response?: Reply };
        if (response) return response;
        throw new CallFailed('lost', timeout.signal.aborted ? 'no answer in time' : messageOf(error));
      })
      .finally(() => answered.abort());
    if (!isRedirect || reply.status !== 302) throwIfFailed(reply, clock.date());
    const value = read(reply.data, reply.headers);
    if (value === null) throw new CallFailed('lost', 'the answer is not what GitHub describes');
    return value;
  }

  /**
   * Sends a request until there is an answer. A write that must not be repeated blindly, such as that of a comment, has
   * `attempts: 1`, so that its caller checks the current state before it writes again.
   * @param options `isRedirect`: a 302 is a good answer, whose headers `read` parses
   * @throws CallFailed, or the signal's reason
   */
  async function call<T>(
    route: string,
    parameters: object,
    read: Read<T>,
    { attempts = MAX_ATTEMPTS, isRedirect = false, requestMs = REQUEST_MS } = {},
  ): Promise<T> {
    for (let lost = 0; ;) {
      try {
        return await attempt(route, parameters, read, isRedirect, requestMs);
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        const { why, hintMs } = error;
        if (why === 'limited' && hintMs !== null) {
          const waitMs = Math.max(hintMs, WRITE_PAUSE_MS);
          if (clock.now() + waitMs >= deadline) throw error;
          await clock.sleep(waitMs, signal);
          // During the pause the state may have changed: the caller reads it as after a lost answer.
          if (attempts === 1) throw new CallFailed('lost', 'a rate limit');
          continue;
        }
        if (why !== 'lost' || ++lost === attempts) throw error;
        await pause(Math.max(hintMs ?? 0, WRITE_PAUSE_MS * lost));
      }
    }
  }

  return { pause, call };
}

/** Connects to the repository's API. Loads @actions/github, which a step without a call to GitHub never needs. */
export async function connectToGithub(place: GithubPlace, deps: GithubDeps, budgetMs = BUDGET_MS) {
  const deadline = deps.clock.now() + budgetMs;
  const { getOctokit } = await import('@actions/github');
  const { fetchWhole, close } = await openConnections(deps.proxy);
  const apiUrl = place.apiUrl.replace(/\/+$/, '');
  const { request } = getOctokit(place.token, {
    baseUrl: apiUrl,
    log: { ...silent },
    request: { fetch: fetchWhole, log: silent },
  });
  const { pause, call } = createCaller(request, deps, deadline);
  const graphqlUrl = `${apiUrl.replace(/\/v3$/, '')}/graphql`;
  const repository = `/repos/${place.repository.split('/').map(encodeURIComponent).join('/')}`;
  return { pause, close, call, repository, graphqlUrl };
}

/** Did GitHub reject the call with this status? */
export function hasStatus(error: unknown, status: number): boolean {
  return error instanceof CallFailed && error.why === status;
}

/** Returns the message of an error, or empty. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** @throws CallFailed the status or a GraphQL error says that the call failed */
function throwIfFailed({ status, headers, data }: Reply, localNowMs: number): void {
  const message = readText(data, 'message');
  const hintMs = readHintMs(headers, localNowMs);
  // GitHub has two rate limits and reports them in three ways.
  const isLimited =
    status === 403 &&
    (headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0' ||
      message.toLowerCase().includes('rate limit'));
  if (status === 429 || isLimited || hasError(data, 'RATE_LIMITED'))
    throw new CallFailed('limited', message, hintMs);
  if (status >= 500 || status === 408) throw new CallFailed('lost', `status ${status}`, hintMs);
  if (status >= 300) throw new CallFailed(status, message);
}

/** Returns the milliseconds until GitHub accepts the next request, at least 0; null: the headers do not say. */
function readHintMs(headers: Headers, localNowMs: number): number | null {
  const serverDate = Date.parse(String(headers.date ?? ''));
  const now = Number.isNaN(serverDate) ? localNowMs : serverDate;
  const readSecondsMs = (name: string) => {
    const text = String(headers[name] ?? '').trim();
    return /^\d{1,12}$/.test(text) ? [Number(text) * 1000] : [];
  };
  const resets = headers['x-ratelimit-remaining'] === '0' ? readSecondsMs('x-ratelimit-reset') : [];
  const hints = [...readSecondsMs('retry-after'), ...resets.map((at) => Math.max(at - now, 0))];
  return hints.length > 0 ? Math.max(...hints) : null;
}
