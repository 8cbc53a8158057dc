/**
 * A fake of GitHub's API on loopback: the calls for a pull request's comments, baselines and commit statuses, with users, tokens,
 * state and scripted faults. Its answers follow GitHub's OpenAPI description (`github-contract.ts` validates both sides against it).
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { startArtifactStore, type ArtifactStoreOptions, type Download } from './artifacts.ts';
import { problem, type Answer } from './github-answers.ts';
import { applyCall, parseCall, type Call, type Identity, type Operation } from './github-calls.ts';
import { ACTIONS_BOT, createRepository, type Comment, type PullRequest, type Repository } from './github-repository.ts';
import type { RepositoryOptions, User } from './github-repository.ts';
import { startServer } from './listeners.ts';
import { takeSentTime, type SentTime } from './simulator-clock.ts';

export { BAD_GATEWAY, NOT_ACCESSIBLE, primaryLimit, secondaryLimit, type Answer } from './github-answers.ts';
export type { Identity, Operation } from './github-calls.ts';
export { ACTIONS_BOT, HEAD } from './github-repository.ts';
export type { Artifact, Comment, PullRequest, User, WorkflowRun } from './github-repository.ts';

export interface Fault {
  readonly on: Operation;
  /** How many requests of this kind it applies to; default 1. */
  readonly times?: number;
  /** Whether the request takes effect: then a comment exists whose answer is lost. */
  readonly commit?: boolean;
  /** Called when the request arrives, before it takes effect: what another user does at that moment. */
  readonly onArrival?: () => void;
  /**
   * How the answer fails; default: it does not. `reset`: the socket is reset before headers; `stall`: no answer; `truncated`:
   * headers and half of the body, then the socket is closed; else this answer in place of GitHub's.
   */
  readonly answer?: 'reset' | 'stall' | 'truncated' | Answer;
}

/** One request and its answer. */
export interface Exchange {
  readonly operation: Operation | 'unknown';
  readonly method: string;
  /** With its query, without the base path. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** null: there was none. */
  readonly answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string } | null;
  /** The answer is GitHub's, not a fault's. */
  readonly isGenuine: boolean;
  /** The request is never answered, and the connection stays open. */
  readonly isStalled: boolean;
  /** When the client sent it, by a clock that skips waits (fast-time.mjs), else null. */
  readonly sent: SentTime | null;
}

export interface Github {
  /** The value of GITHUB_API_URL: with the base path, without a final slash. */
  readonly apiUrl: string;
  readonly repository: string;
  readonly journal: readonly Exchange[];
  /** In the order of their ids, over all pull requests. */
  readonly comments: () => readonly Comment[];
  /** Another user writes a comment, without a request. */
  readonly addComment: (pullRequest: number, user: User | null, body: string) => Comment;
  readonly deleteComment: (id: number) => void;
  /** A push: this commit becomes the head of the pull request. */
  readonly setHead: (pullRequest: number, commit: string) => void;
  /** Artifacts, workflow runs, branches, commit statuses and what was downloaded. */
  readonly actions: Pick<Repository, 'addRun' | 'pushToBranch' | 'statuses' | 'artifacts'> & {
    readonly upload: Repository['uploadArtifact'];
    readonly downloads: readonly Download[];
    readonly storeUrl: string;
    /** The variables by which a step of this job run uploads artifacts. */
    readonly environment: (runId: number, attempt?: number) => Record<string, string>;
  };
  /** Adds faults for later requests; they apply in this order. */
  readonly addFaults: (...faults: readonly Fault[]) => void;
  readonly close: () => Promise<void>;
}

/** What the repository has, and how the artifact service answers. */
export type ActionsOptions = Omit<RepositoryOptions, 'apiUrl' | 'fullName' | 'pullRequests'> & ArtifactStoreOptions;

export interface GithubOptions {
  readonly owner?: string;
  readonly repo?: string;
  /** `/api/v3` on a GitHub Enterprise Server. */
  readonly basePath?: '' | '/api/v3';
  /** Default: the open pull request 1. */
  readonly pullRequests?: readonly PullRequest[];
  /** By token; default: `ghs_simulated`, a job's token with `pull-requests: write`. */
  readonly tokens?: Readonly<Record<string, Identity>>;
  readonly actions?: ActionsOptions;
}

const DEFAULT_TOKENS = { ghs_simulated: { user: ACTIONS_BOT, permission: 'write', viewer: 'answered' } } as const;

/** @returns a server that listens on a free port of 127.0.0.1 */
export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const { owner = 'octo-org', repo = 'specs', basePath = '', actions = {} } = options;
  const { pullRequests = [{ number: 1, state: 'open', locked: false }] } = options;
  const tokens: Readonly<Record<string, Identity>> = options.tokens ?? DEFAULT_TOKENS;
  const journal: Exchange[] = [];
  const faults: { readonly fault: Fault; remaining: number }[] = [];

  const server = await startServer((request, response) => {
    handle(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  const apiUrl = `http://127.0.0.1:${server.port}${basePath}`;
  const repository = createRepository({ apiUrl, fullName: `${owner}/${repo}`, pullRequests, ...actions });
  const store = await startArtifactStore(repository, actions);

  function takeFault(operation: Exchange['operation']): Fault | null {
    const next = faults.find(({ fault, remaining }) => fault.on === operation && remaining > 0);
    if (next !== undefined) next.remaining--;
    return next?.fault ?? null;
  }

  function answerTo(call: Call | null, { headers }: IncomingMessage, query: URLSearchParams, body: string): Answer {
    if (headers['user-agent'] === undefined) return problem(403, 'Request forbidden by administrative rules.');
    const token = /^(?:token|bearer) (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
    const identity = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
    if (identity === undefined) return problem(401, 'Bad credentials');
    return call === null ? problem(404, 'Not Found') : applyCall(call, { repository, store, identity, query, body });
  }

  /** Applies a request, unless a fault prevents that. */
  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const sent = takeSentTime(request);
    const { method = '', headers } = request;
    const body = Buffer.concat(chunks).toString('utf8');
    const { pathname, search, searchParams } = new URL(request.url ?? '/', apiUrl);
    const path = pathname.startsWith(`${basePath}/`) ? pathname.slice(basePath.length) : pathname;
    const call = parseCall(method, path, repository.fullName);
    const operation = call?.operation ?? 'unknown';
    const fault = takeFault(operation);
    fault?.onArrival?.();
    const scripted = fault?.answer;
    const takesEffect = scripted === undefined || scripted === 'truncated' || fault?.commit === true;
    const genuine = takesEffect ? answerTo(call, request, searchParams, body) : null;
    const chosen = typeof scripted === 'object' ? scripted : scripted === 'reset' || scripted === 'stall' ? null : genuine;
    const answer = chosen === null ? null : completeAnswer(chosen, journal.length + 1);
    const isGenuine = scripted === undefined;
    journal.push({ operation, method, path: path + search, headers, body, answer, isGenuine, isStalled: scripted === 'stall', sent });
    if (scripted === 'reset') request.socket.resetAndDestroy();
    if (answer !== null) send(response, answer, scripted === 'truncated');
  }

  const { addRun, pushToBranch, statuses, artifacts } = repository;
  return {
    apiUrl,
    repository: repository.fullName,
    journal,
    comments: repository.listComments,
    addComment: repository.addComment,
    deleteComment: (id) => void repository.comments.delete(id),
    setHead: repository.setHead,
    actions: {
      addRun,
      pushToBranch,
      statuses,
      artifacts,
      upload: repository.uploadArtifact,
      downloads: store.downloads,
      storeUrl: store.url,
      environment: store.environment,
    },
    addFaults: (...added) => void faults.push(...added.map((fault) => ({ fault, remaining: fault.times ?? 1 }))),
    close: async () => {
      await store.close();
      await server.close();
    },
  };
}

/** Adds the headers that every answer has, and writes the body as text. @param count the number of the request, from 1 */
function completeAnswer({ status, headers = {}, body }: Answer, count: number): NonNullable<Exchange['answer']> {
  return {
    status,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': `SIM:${count}`,
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '990',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
      ...headers,
    },
    body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
  };
}

/** @param isTruncated half of the body is sent, then the socket is closed */
function send(response: ServerResponse, { status, headers, body }: NonNullable<Exchange['answer']>, isTruncated: boolean): void {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': bytes.length }) });
  if (isTruncated) response.write(bytes.subarray(0, bytes.length / 2), () => response.req.socket.destroy());
  else response.end(bytes);
}
