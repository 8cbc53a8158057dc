/**
 * GitHub's REST API over Octokit, each call within its time and all within theirs: what comes back is what GitHub describes, or
 * an error that says whether the request may have taken effect.
 */
import type { Clock } from '../clock.ts';
import { at, textAt } from './fields.ts';

/** Which repository is asked about, and with what token. */
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
  /** The proxy for `apiUrl`, with its user-info; null: none. */
  readonly proxy: string | null;
}

/** For everything, waits included. */
const BUDGET_MS = 20_000;
/** For one request from connect to parsed body: short enough that a lost answer leaves time to look and write again. */
const REQUEST_MS = 6_000;
/** For one request for what a comment can do without: three that get no answer leave time for list and write. */
export const SHORT_REQUEST_MS = 3_000;
/** Before a request is sent again without a hint, times the attempts so far; GitHub's lists may lag a moment behind. */
export const WRITE_PAUSE_MS = 1_000;
const ATTEMPTS = 3;
/** A page holds 100 comments of up to 65,536 characters: 26 MB at four bytes each. */
const ANSWER_BYTES = 32 * 1024 * 1024;
/** A call that brought nothing. The message is GitHub's or the network's. */
export class CallFailed extends Error {
  /**
   * The status with which GitHub said no. `lost`: no answer that can be read, so whether it took effect is not known.
   * `limited`: a rate limit holds for longer than there is time.
   */
  readonly why: number | 'lost' | 'limited';
  /** How long the limit holds, in ms; null: not told. */
  readonly hintMs: number | null;
  constructor(why: CallFailed['why'], message: string, hintMs: number | null = null) {
    super(message);
    [this.why, this.hintMs] = [why, hintMs];
  }
}

/** GraphQL answers its errors with the status 200. */
export function hasError(data: unknown, type: string): boolean {
  const errors = at(data, 'errors');
  return Array.isArray(errors) && errors.some((one) => at(one, 'type') === type);
}

export type Headers = Readonly<Record<string, string | number | undefined>>;
interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}
/** What an answer holds for us; null: it is not what GitHub describes. */
export type Read<T> = (data: unknown, headers: Headers) => T | null;
export type GithubApi = Awaited<ReturnType<typeof connectToGithub>>;

const ignore = () => undefined;
/** Octokit warns of deprecated calls on the console, in the server's words. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Connections, through the proxy where there is one. */
export async function openConnections(proxy: string | null, maxBytes = ANSWER_BYTES) {
  // By its file: in the bundle the bare name is a stub that spares every other step a megabyte of undici.
  const { fetch, Agent, ProxyAgent } = await import('undici/index.js');
  // Destroying the dispatcher leaves a socket that is still being connected: for 10 s, where a handshake hangs.
  const sockets = new AbortController();
  const connecting = { signal: sockets.signal } as object;
  const dispatcher =
    proxy === null
      ? new Agent({ connect: connecting })
      : new ProxyAgent({ uri: proxy, proxyTls: connecting });
  return {
    /** Octokit takes a body that breaks off for an empty one: read it whole before Octokit sees it, or fail. */
    fetchWhole: async (url: string, init: Parameters<typeof fetch>[1]): Promise<Response> => {
      const answer = await fetch(url, { ...init, redirect: 'manual', dispatcher });
      const { status, headers } = answer;
      const chunks: Uint8Array[] = [];
      let left = maxBytes;
      // Unpacked bytes count: a small answer can hold gigabytes.
      for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
        left -= chunk.length;
        if (left < 0) throw new Error('the answer is too long');
        chunks.push(chunk);
      }
      const body = [204, 205, 304].includes(status) ? null : Buffer.concat(chunks);
      return new Response(body, { status, headers: [...headers] });
    },
    /** Cuts what is still open: a kept-alive socket must not keep the process. */
    close: async (): Promise<void> => {
      await dispatcher.destroy();
      sockets.abort();
    },
  };
}

/** Sends requests, each within its time and all within theirs. */
function createCaller(
  send: (route: string, parameters: object) => Promise<Reply>,
  { clock, signal }: GithubDeps,
  end: number,
) {
  async function pause(ms: number): Promise<void> {
    if (clock.now() + ms >= end) throw new CallFailed('lost', 'no time is left to send again');
    await clock.sleep(ms, signal);
  }

  /** One attempt, cut off at its time or with the caller's signal. @throws CallFailed */
  async function attempt<T>(
    route: string,
    parameters: object,
    read: Read<T>,
    isRedirect: boolean,
    requestMs: number,
  ): Promise<T> {
    signal.throwIfAborted();
    const left = end - clock.now();
    if (left <= 0) throw new CallFailed('lost', 'no time is left');
    const [cut, answered] = [new AbortController(), new AbortController()];
    clock.sleep(Math.min(requestMs, left), answered.signal).then(() => cut.abort(), ignore);
    const request = { signal: AbortSignal.any([signal, cut.signal]) };
    const reply = await send(route, { ...parameters, request })
      .catch((error: unknown) => {
        signal.throwIfAborted();
        // The answer that Octokit turned into an error, if there was one.
        const { response } = error as { readonly response?: Reply };
        if (response) return response;
        throw new CallFailed('lost', cut.signal.aborted ? 'no answer in time' : messageOf(error));
      })
      .finally(() => answered.abort());
    if (!isRedirect || reply.status !== 302) checkAnswered(reply, clock.date());
    const value = read(reply.data, reply.headers);
    if (value === null) throw new CallFailed('lost', 'the answer is not what GitHub describes');
    return value;
  }

  /**
   * Tries until there is an answer: what only reads again and again; what writes once, since what stands there may have changed
   * meanwhile.
   * @param options `isRedirect`: the answer that is wanted is a 302, of which `read` takes the headers
   * @throws CallFailed
   */
  async function call<T>(
    route: string,
    parameters: object,
    read: Read<T>,
    { attempts = ATTEMPTS, isRedirect = false, requestMs = REQUEST_MS } = {},
  ): Promise<T> {
    for (let lost = 0; ;) {
      try {
        return await attempt(route, parameters, read, isRedirect, requestMs);
      } catch (error) {
        if (!(error instanceof CallFailed)) throw error;
        const { why, hintMs } = error;
        const limitedMs = why === 'limited' && hintMs !== null ? Math.max(hintMs, WRITE_PAUSE_MS) : Infinity;
        if (clock.now() + limitedMs < end) {
          await clock.sleep(limitedMs, signal);
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

/** Loads @actions/github, which a step without a call to GitHub does not pay for. */
export async function connectToGithub(place: GithubPlace, deps: GithubDeps, budgetMs = BUDGET_MS) {
  const end = deps.clock.now() + budgetMs;
  const { getOctokit } = await import('@actions/github');
  const { fetchWhole, close } = await openConnections(deps.proxy);
  const apiUrl = place.apiUrl.replace(/\/+$/, '');
  const { request } = getOctokit(place.token, {
    baseUrl: apiUrl,
    log: { ...silent },
    request: { fetch: fetchWhole, log: silent },
  });
  const { pause, call } = createCaller(request, deps, end);
  const graphqlUrl = `${apiUrl.replace(/\/v3$/, '')}/graphql`;
  const repository = `/repos/${place.repository.split('/').map(encodeURIComponent).join('/')}`;
  return { pause, close, call, repository, graphqlUrl };
}

export function isRefusal(error: unknown, status: number): boolean {
  return error instanceof CallFailed && error.why === status;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

/** @throws CallFailed where it is no answer */
function checkAnswered({ status, headers, data }: Reply, localDate: number): void {
  const message = textAt(data, 'message');
  const hintMs = hintOf(headers, localDate);
  // GitHub has two limits and three ways to say so.
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
