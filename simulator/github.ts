/**
 * A fake of GitHub: the calls for a pull request's comments, baselines and commit statuses, with users, tokens, state and scripted
 * faults. `createGithub` has no socket, `startGithub` listens on loopback. Its answers follow GitHub's OpenAPI description (contract.ts).
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { addComment, applyCall, applyStoreCall, createRepository, parseCall, parseStoreCall, problem } from './github-calls.ts';
import type { Answer, Artifact, Comment, Identity, Operation, PullRequest, User, WorkflowRun } from './github-calls.ts';
import { takeSentTime, type Request } from './journal.ts';
import { startServer } from './listeners.ts';

export type { Artifact, Comment, Identity, Operation, WorkflowRun } from './github-calls.ts';

/** The author of comments written with a job's GITHUB_TOKEN; the id is the real one. */
export const ACTIONS_BOT: User = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' };

export interface Fault {
  readonly on: Operation;
  /** How many requests of this kind it applies to; default 1. */
  readonly times?: number;
  /** Whether the request takes effect, so that a comment exists although its answer is lost. */
  readonly commit?: boolean;
  /** Called when the request arrives, before it takes effect. */
  readonly onArrival?: () => void;
  /**
   * How the answer fails. `reset`: the socket is reset before headers; `stall`: no answer; `truncated` (only without sockets): a body
   * that breaks off; otherwise this answer replaces GitHub's.
   */
  readonly answer: 'reset' | 'stall' | 'truncated' | Answer;
}

/** One request and its answer. */
export interface Exchange extends Omit<Request, 'body'> {
  readonly operation: Operation;
  readonly body: string;
  /** null: there was none. */
  readonly answer: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string } | null;
  readonly fault: Fault['answer'] | null;
}

export interface GithubOptions {
  /** Default: the open pull request 7. */
  readonly pullRequests?: readonly PullRequest[];
  /** Identities by GitHub token; default: `ghs_simulated`, a job's token with all permissions. */
  readonly tokens?: Readonly<Record<string, Identity>>;
  /** By repository: the texts of its files by `path@ref`; those of the default branch have no ref. */
  readonly files?: Readonly<Record<string, Readonly<Record<string, string | null>>>>;
  readonly actions?: {
    readonly artifacts?: readonly Artifact[];
    readonly runs?: readonly WorkflowRun[];
    readonly branches?: Readonly<Record<string, readonly string[]>>;
  };
}

type GithubModel = ReturnType<typeof createGithub>;

export function createGithub(options: GithubOptions = {}) {
  const { pullRequests = [{ number: 7 }], tokens = { ghs_simulated: { user: ACTIONS_BOT } } } = options;
  const { artifacts, runs, branches } = options.actions ?? {};
  const repository = createRepository(pullRequests, artifacts, runs, branches);
  const journal: Exchange[] = [];
  const downloads: Exchange[] = [];
  const faults: (Fault & { remaining: number })[] = [];

  function answerTo({ method, path, headers, body }: Request, isStore: boolean): Answer {
    const { pathname, searchParams: query } = new URL(path, 'https://github.test');
    if (isStore) return applyStoreCall(parseStoreCall(pathname), repository, query, body);
    const identity = tokens[/^(?:token|bearer) (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? ''];
    if (identity === undefined) return problem(401, 'Bad credentials');
    const [, name = ''] = /^\/repos\/([^/]+\/[^/]+)\//.exec(pathname) ?? [];
    const files = new Map(Object.entries(options.files?.[name] ?? {}));
    return applyCall(parseCall(method, pathname, repository.fullName), identity, { repository, query, body, files });
  }

  /** Applies a request, unless a fault prevents it. @param isStore whether the artifact service received it */
  function receive(request: Request, isStore = false): Exchange {
    const [path = ''] = request.path.split('?');
    const { operation } = isStore ? parseStoreCall(path) : parseCall(request.method, path, repository.fullName);
    const fault = faults.find(({ on, remaining }) => on === operation && remaining > 0) ?? null;
    if (fault !== null) fault.remaining--;
    fault?.onArrival?.();
    const isGenuine = fault === null || fault.answer === 'truncated';
    const genuine = isGenuine || fault.commit === true ? answerTo(request, isStore) : null;
    const answer = isGenuine ? genuine : typeof fault.answer === 'string' ? null : fault.answer;
    const body = request.body.toString();
    const exchange = { ...request, body, operation, answer: answer && completeAnswer(answer), fault: fault?.answer ?? null };
    (isStore ? downloads : journal).push(exchange);
    return exchange;
  }

  return {
    repository,
    journal: journal as readonly Exchange[],
    /** In the order of their ids, over all pull requests. */
    comments: (): readonly Comment[] => repository.comments,
    /** Another user writes a comment, without a request. */
    addComment: (pullRequest: number, user: User | null, body: string): Comment => addComment(repository, pullRequest, user, body),
    /** Pushes this commit to the pull request. */
    setHead: (number: number, head: string): void => {
      const pull = repository.pullRequests.get(number);
      if (pull !== undefined) repository.pullRequests.set(number, { ...pull, head });
    },
    /** Artifacts, workflow runs, branches and commit statuses. */
    actions: {
      ...{ artifacts: repository.artifacts as readonly Artifact[], statuses: repository.statuses },
      /** The requests to the artifact service. */
      downloads: downloads as readonly Exchange[],
      addRun: (run: WorkflowRun): void => void repository.runs.unshift(run),
      pushToBranch: (branch: string, commit: string): void => {
        repository.branches.set(branch, [...(repository.branches.get(branch) ?? []), commit]);
      },
    },
    /** Adds faults for later requests, which apply in this order. */
    addFaults: (...added: readonly Fault[]): void => void faults.push(...added.map((one) => ({ ...one, remaining: one.times ?? 1 }))),
    receive,
  };
}

/** Adds the headers that every answer has, and writes the body as text. */
function completeAnswer({ status, headers = {}, body }: Answer): NonNullable<Exchange['answer']> {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: text };
}

export type Github = Awaited<ReturnType<typeof startGithub>>;

/** Starts two servers on free ports of 127.0.0.1, the API and the artifact service. */
export async function startGithub(options: GithubOptions = {}) {
  const github = createGithub(options);
  const start = (isStore: boolean) =>
    startServer((request, response) => {
      answer(github, request, response, isStore).catch((error: unknown) => response.destroy(error as Error));
    });
  const [api, store] = await Promise.all([start(false), start(true)]);
  github.repository.apiUrl = `http://127.0.0.1:${api.port}`;
  github.repository.storeUrl = `http://localhost:${store.port}`;
  return {
    ...github,
    /** The value of GITHUB_API_URL. */
    apiUrl: github.repository.apiUrl,
    actions: {
      ...github.actions,
      /** The environment variables with which a step of this GitHub workflow run uploads artifacts. */
      environment: (runId: number, attempt = 1): Record<string, string> => ({
        ACTIONS_RESULTS_URL: `${github.repository.storeUrl}/`,
        ACTIONS_RUNTIME_TOKEN: ['{"alg":"none"}', JSON.stringify({ scp: `Actions.Results:${runId}-${attempt}:job` }), 'signature']
          .map((part) => Buffer.from(part).toString('base64url'))
          .join('.'),
      }),
    },
    close: () => Promise.all([api.close(), store.close()]),
  };
}

async function answer(github: GithubModel, request: IncomingMessage, response: ServerResponse, isStore: boolean): Promise<void> {
  const sent = takeSentTime(request);
  const { method = '', url: path = '', headers } = request;
  const exchange = github.receive({ method, path, headers, body: await buffer(request), sent }, isStore);
  if (exchange.fault === 'reset') request.socket.resetAndDestroy();
  if (exchange.answer === null) return;
  const { status, headers: answered, body } = exchange.answer;
  response.writeHead(status, { ...answered, ...(status !== 204 && { 'content-length': Buffer.byteLength(body) }) });
  response.end(body);
}
