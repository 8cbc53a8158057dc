/** Calls GitHub: the whole work is repeated, not the request, so work that reads before it writes needs no rule for a lost answer. */
import http from 'node:http';
import https from 'node:https';
import { getProxyUrl } from '@actions/http-client/lib/proxy';
import type { getOctokit } from '@actions/github';
import { withTimeLimit, type Clock } from '../clock.ts';
import { GithubFailure } from '../outcome.ts';
import { logLine, type LogLine } from '../text/escape.ts';
import { formatDuration, joinPresent } from '../text/format.ts';

/** The repository to call, and what the calls use. */
export interface Github {
  /** GITHUB_API_URL: `https://api.github.com`, or `https://<host>/api/v3` on GitHub Enterprise Server. */
  readonly apiUrl: string;
  /** `owner/name` */
  readonly repository: string;
  readonly token: string;
  readonly clock: Clock;
  /** Ends all calls. */
  readonly signal: AbortSignal;
  readonly fetch: typeof globalThis.fetch;
  readonly redact: (text: string) => string;
  /** Writes to the debug log. */
  readonly debug: (line: LogLine) => void;
}

export type Octokit = ReturnType<typeof getOctokit>;

export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 1_000;
const MAX_RETRY_AFTER_MS = 30_000;
/** From connect to the end of the body. */
const REQUEST_MS = 10_000;

/** Does the work in at most three attempts. @throws GithubFailure, or an error of our own code */
export async function callGithub<T>(
  github: Github,
  work: (octokit: Octokit, repository: Repository) => Promise<T>,
): Promise<T> {
  const { clock, signal, repository } = github;
  const [owner = '', repo = ''] = repository.split('/');
  let pauseMs = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      await clock.sleep(pauseMs, signal);
      return await work(await connect(github), { owner, repo });
    } catch (error) {
      if (signal.aborted) throw new GithubFailure('out_of_time');
      // A failed `fetch` is a TypeError too, but has a cause.
      if (error instanceof TypeError && error.cause === undefined) throw error;
      const failure = error instanceof GithubFailure ? error : readFailure(error, github.redact);
      const canRetry = failure.code === 'no_answer' || failure.code === 'rate_limited';
      pauseMs = Math.max(failure.retryAfterMs ?? 0, PAUSE_MS * attempt);
      const stop =
        (!canRetry && 'a repetition would fail too') ||
        (attempt === MAX_ATTEMPTS && `it failed ${MAX_ATTEMPTS} times`) ||
        (pauseMs > MAX_RETRY_AFTER_MS && `GitHub asks to wait ${formatDuration(pauseMs)}`);
      const next = stop ? `no retry (${stop})` : `trying again in ${formatDuration(pauseMs)}`;
      github.debug(logLine`GitHub: ${joinPresent(', ', failure.code, failure.message)}; ${next}`);
      if (stop) throw failure;
    }
  }
}

/** Connects. Loads @actions/github, which a step that does not call GitHub never needs. */
async function connect(github: Github): Promise<Octokit> {
  const { apiUrl, token } = github;
  if (token === '') throw new GithubFailure('no_token');
  useProxy(new URL(apiUrl));
  const { getOctokit } = await import('@actions/github');
  const ignore = () => undefined;
  // Octokit would print the server's notes on deprecated calls.
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  return getOctokit(token, { baseUrl: apiUrl, request: { fetch: createFetch(github), log } });
}

/** Makes Node's `fetch` use the proxy of the environment, if it has one for this URL. */
function useProxy(url: URL): void {
  try {
    if (getProxyUrl(url) === undefined || isProxyUsed) return;
    if (!('setGlobalProxyFromEnv' in http)) throw new GithubFailure('proxy_needs_newer_runner');
    const agents = [http.globalAgent, https.globalAgent] as const;
    http.setGlobalProxyFromEnv(process.env);
    // Only `fetch` needs it: @actions/http-client finds proxies by itself, and uses none for loopback hosts.
    [http.globalAgent, https.globalAgent] = agents;
    isProxyUsed = true;
  } catch (error) {
    // The message of another error may quote the proxy's password.
    throw error instanceof GithubFailure ? error : new GithubFailure('proxy_invalid');
  }
}

let isProxyUsed = false;

/**
 * Returns a `fetch` with a time limit that fails where the answer is damaged or no JSON, because Octokit reads such an answer as an
 * empty text. It follows no redirect.
 */
function createFetch({ fetch, clock, signal, debug }: Github): typeof fetch {
  return (url, init) =>
    withTimeLimit(clock, signal, REQUEST_MS, async (limited) => {
      const redirect = init?.redirect ?? 'error';
      const sentAt = clock.now();
      const log = (result: string): void => {
        const { pathname, search } = new URL(url instanceof Request ? url.url : url);
        const ms = Math.round(clock.now() - sentAt);
        debug(logLine`GitHub ${init?.method ?? 'GET'} ${pathname + search}: ${result}, ${ms} ms`);
      };
      const response = await fetch(url, { ...init, redirect, signal: limited }).catch((error: unknown) => {
        log('no answer');
        throw error;
      });
      const { status, headers } = response;
      const id = headers.get('x-github-request-id');
      const left = headers.get('x-ratelimit-remaining');
      log(joinPresent(', ', String(status), id && `request ${id}`, left && `rate limit: ${left} left`));
      const text = (await readBody(response.body)).toString();
      if (response.ok && response.status !== 204) JSON.parse(text);
      return new Response(text === '' ? null : text, response);
    });
}

const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** @throws Error it is over 8 MiB */
export async function readBody(body: Response['body']): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the answer is over 8 MiB');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const CODES: Readonly<Partial<Record<number, GithubFailure['code']>>> = {
  401: 'unauthorised',
  403: 'forbidden',
  404: 'not_found',
  429: 'rate_limited',
};

/** Returns why an attempt failed. Whoever answers in GitHub's place may quote the token. */
function readFailure(error: unknown, redact: Github['redact']): GithubFailure {
  // GitHub's answers to GraphQL have errors without a status.
  const octokitError = error as {
    readonly message: string;
    readonly response?: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> };
  };
  const { status, headers = {} } = octokitError.response ?? {};
  // Octokit adds a link to the documentation, and takes a gateway's page for the message.
  const message = redact(octokitError.message).replace(/ - https:\/\/docs\.github\.com\S*$|^\s*<.*/s, '');
  if (status === undefined) return new GithubFailure('no_answer', message);
  const retryAfterMs = Number(headers['retry-after'] ?? NaN) * 1_000;
  // GitHub answers to a rate limit with 403 too.
  const isLimited = status === 403 && ('retry-after' in headers || headers['x-ratelimit-remaining'] === '0');
  const code = isLimited ? 'rate_limited' : (CODES[status] ?? (status < 500 ? 'rejected' : 'no_answer'));
  return new GithubFailure(code, message, status, Number.isNaN(retryAfterMs) ? null : retryAfterMs);
}
