/**
 * A fake of GitHub's API on loopback: the calls for a pull request's comments, baselines and commit statuses, with users, tokens,
 * state and scripted faults. Its answers follow GitHub's OpenAPI description (`github-contract.ts` validates both sides against it).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { startArtifactStore, type ArtifactStoreOptions, type Download } from './github-artifact-store.ts';
import type { BasePath } from './github-calls.ts';
import { createGithubModel, type Exchange, type Fault, type ReceivedRequest } from './github-model.ts';
import type { Tokens } from './github-permissions.ts';
import {
  ACTIONS_BOT,
  createRepository,
  type Comment,
  type PullRequest,
  type Repository,
  type RepositoryOptions,
  type User,
} from './github-repository.ts';
import { startServer } from './listeners.ts';
import { takeSentTime } from './simulator-clock.ts';

export { BAD_GATEWAY, NOT_ACCESSIBLE, primaryLimit, secondaryLimit, type Answer } from './github-answers.ts';
export type { Operation } from './github-calls.ts';
export type { Exchange, Fault } from './github-model.ts';
export type { Identity } from './github-permissions.ts';
export { ACTIONS_BOT, HEAD } from './github-repository.ts';
export type { Artifact, Comment, PullRequest, User, WorkflowRun } from './github-repository.ts';

export type ActionsOptions = Omit<RepositoryOptions, 'apiUrl' | 'fullName' | 'pullRequests'> &
  ArtifactStoreOptions;

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
  readonly actions: Pick<Repository, 'addRun' | 'pushToBranch' | 'statuses'> & {
    readonly upload: Repository['uploadArtifact'];
    readonly downloads: readonly Download[];
    readonly storeUrl: string;
  };
  /** Adds faults for later requests; they apply in this order. */
  readonly addFaults: (...faults: readonly Fault[]) => void;
  readonly close: () => Promise<void>;
}

export interface GithubOptions {
  readonly owner?: string;
  readonly repo?: string;
  /** `/api/v3` on a GitHub Enterprise Server. */
  readonly basePath?: BasePath;
  /** Default: the open pull request 1. */
  readonly pullRequests?: readonly PullRequest[];
  /** Default: `ghs_simulated`, a job's token with `pull-requests: write`. */
  readonly tokens?: Tokens;
  readonly actions?: ActionsOptions;
}

/** A job's token with `pull-requests: write`. */
const DEFAULT_TOKENS: Tokens = {
  ghs_simulated: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' },
};
const OPEN_PULL_REQUEST: PullRequest = { number: 1, state: 'open', locked: false };

/** @returns a server that listens on a free port of 127.0.0.1 */
export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const { owner = 'octo-org', repo = 'specs', basePath = '', tokens = DEFAULT_TOKENS } = options;
  const { pullRequests = [OPEN_PULL_REQUEST], actions = {} } = options;
  const fullName = `${owner}/${repo}`;

  const server = await startServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error('the fake broke'));
    });
  });
  const apiUrl = `http://127.0.0.1:${server.port}${basePath}`;
  const repository = createRepository({ apiUrl, fullName, pullRequests, ...actions });
  const store = await startArtifactStore(repository.artifacts, actions);
  const model = createGithubModel({ basePath, tokens, repository, store });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { exchange, fault } = model.receive(await readRequest(request, apiUrl));
    if (fault?.answer === 'reset') request.socket.resetAndDestroy();
    if (exchange.answer !== null) send(response, exchange.answer, fault?.answer === 'truncated');
  }

  return {
    apiUrl,
    repository: fullName,
    journal: model.journal,
    comments: repository.listComments,
    addComment: repository.addComment,
    deleteComment: (id) => void repository.comments.delete(id),
    setHead: repository.setHead,
    actions: {
      upload: repository.uploadArtifact,
      addRun: repository.addRun,
      pushToBranch: repository.pushToBranch,
      statuses: repository.statuses,
      downloads: store.downloads,
      storeUrl: store.url,
    },
    addFaults: model.addFaults,
    close: async () => {
      await store.close();
      await server.close();
    },
  };
}

async function readRequest(request: IncomingMessage, apiUrl: string): Promise<ReceivedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sentAtMs = takeSentTime(request)?.at ?? null;
  return {
    method: request.method ?? '',
    url: new URL(request.url ?? '/', apiUrl),
    headers: request.headers,
    body: Buffer.concat(chunks).toString('utf8'),
    sentAtMs,
  };
}

/** @param isTruncated half of the body is sent, then the socket is closed */
function send(
  response: ServerResponse,
  { status, headers, body }: NonNullable<Exchange['answer']>,
  isTruncated: boolean,
): void {
  const bytes = headers['content-encoding'] === 'gzip' ? gzipSync(body) : Buffer.from(body);
  const length = status === 204 ? {} : { 'content-length': bytes.length };
  response.writeHead(status, { ...headers, ...length });
  if (isTruncated) response.write(bytes.subarray(0, bytes.length / 2), () => response.req.socket.destroy());
  else response.end(bytes);
}
