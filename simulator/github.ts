/**
 * A fake of GitHub's API on loopback: the calls for comments on a pull request, with users, tokens, state and scripted faults.
 * Its answers follow GitHub's OpenAPI description (`github-contract.ts` validates both sides against it).
 */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { takeSentTime } from './simulator-clock.ts';
import { startActions, type Actions, type ActionsOptions } from './github-actions.ts';
import { minimalValue } from './github-minimal-values.ts';

export type { ActionsOptions, Artifact, WorkflowRun } from './github-actions.ts';

export interface User {
  /** As in REST: an app's login ends with `[bot]`. */
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
}

/** The author of comments written with a job's GITHUB_TOKEN; the id is the real one. */
export const ACTIONS_BOT: User = { login: 'github-actions[bot]', id: 41898282, type: 'Bot' };

export interface Identity {
  readonly user: User;
  /** `none`: the token has no access to the private repository, so GitHub answers 404. */
  readonly permission: 'write' | 'read' | 'none';
  /** GraphQL's `viewer`: answered, or refused as for an installation's token. */
  readonly viewer: 'answered' | 'refused';
  /** Permissions that the job's token lacks, whatever `permission` is. */
  readonly missingPermissions?: readonly ('pull-requests' | 'statuses' | 'actions' | 'contents')[];
}

export interface PullRequest {
  readonly number: number;
  readonly state: 'open' | 'closed';
  readonly locked: boolean;
  /** The commit at its head; default: the one in the simulated runner's events. */
  readonly head?: string;
}

/** The commit at a pull request's head in the simulated runner's events. */
export const HEAD = '3f9c1ab27d4e5f60718293a4b5c6d7e8f9a0b1c2';

export interface Comment {
  readonly id: number;
  readonly pullRequest: number;
  /** null: the account is deleted. */
  readonly user: User | null;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** The calls of `baseline` and `commit_status`, with the permission that each needs. */
const REQUIRED_PERMISSIONS = {
  artifacts: 'actions',
  download: 'actions',
  run: 'actions',
  ref: 'contents',
  compare: 'contents',
  status: 'statuses',
} as const;
type ActionsOperation = keyof typeof REQUIRED_PERMISSIONS;

export type Operation = 'list' | 'create' | 'update' | 'delete' | 'viewer' | 'pull' | ActionsOperation;

export interface Fault {
  readonly on: Operation;
  /** How many requests of this kind it applies to; default 1. */
  readonly times?: number;
  /** Whether the request takes effect: then a comment exists whose answer is lost. */
  readonly commit?: boolean;
  /**
   * Called when the request arrives, before it takes effect: what another user does at that moment. `sentAtMs` is when the client
   * sent it, by a clock that skips waits (fast-time.mjs), else null.
   */
  readonly onArrival?: (sentAtMs: number | null) => void;
  /**
   * How the answer fails; default: it does not. `reset`: the socket is reset before headers; `stall`: no answer; `truncated`:
   * headers and half of the body, then the socket is closed; else this answer in place of GitHub's.
   */
  readonly answer?: 'reset' | 'stall' | 'truncated' | Answer;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, any other value as JSON. */
  readonly body?: unknown;
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
  readonly answer: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
  } | null;
  /** The answer is GitHub's, not a fault's. */
  readonly isGenuine: boolean;
  /** The request is never answered, and the connection stays open. */
  readonly isStalled: boolean;
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
  readonly actions: Pick<
    Actions,
    'upload' | 'addRun' | 'pushToBranch' | 'statuses' | 'downloads' | 'storeUrl'
  >;
  /** Adds faults for later requests; they apply in this order. */
  readonly addFaults: (...faults: readonly Fault[]) => void;
  readonly close: () => Promise<void>;
}

export interface GithubOptions {
  readonly owner?: string;
  readonly repo?: string;
  /** `/api/v3` on a GitHub Enterprise Server. */
  readonly basePath?: '' | '/api/v3';
  readonly pullRequests?: readonly PullRequest[];
  /** By token. Default: `ghs_simulated`, a job's token with `pull-requests: write`. */
  readonly tokens?: Readonly<Record<string, Identity>>;
  readonly actions?: ActionsOptions;
}

/** GitHub's answer to a GITHUB_TOKEN on pull requests from forks, or without the permission. */
export const NOT_ACCESSIBLE: Answer = {
  status: 403,
  headers: { 'x-accepted-github-permissions': 'issues=write; pull_requests=write' },
  body: {
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com/rest/issues/comments#create-an-issue-comment',
    status: '403',
  },
};

/** The answer when the hourly limit is used up. @param resetAt in seconds since 1970 */
export const primaryLimit = (resetAt: number): Answer => ({
  status: 403,
  headers: {
    'x-ratelimit-limit': '1000',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset': String(resetAt),
  },
  body: {
    message: 'API rate limit exceeded for installation ID 1.',
    documentation_url: 'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api',
  },
});

/** The answer to too many requests at once. @param retryAfter in seconds; null: no hint */
export const secondaryLimit = (retryAfter: number | null, status: 403 | 429 = 403): Answer => ({
  status,
  headers: retryAfter === null ? {} : { 'retry-after': String(retryAfter) },
  body: {
    message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    documentation_url:
      'https://docs.github.com/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
  },
});

/** The page of a gateway in front of GitHub. */
export const BAD_GATEWAY: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html><body><h1>502 Bad Gateway</h1></body></html>',
};

const REPOSITORY_ID = 1296269;
const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];
/** Characters, as GitHub counts them. */
const MAX_BODY_CHARACTERS = 65_536;

/** The paths of calls below the repository's; the group is the target. */
const ACTIONS_ROUTES: readonly (readonly [method: string, path: RegExp, operation: ActionsOperation])[] = [
  ['GET', /^actions\/artifacts()$/, 'artifacts'],
  ['GET', /^actions\/artifacts\/(\d+)\/zip$/, 'download'],
  ['GET', /^actions\/runs\/(\d+)$/, 'run'],
  ['GET', /^git\/ref\/(.+)$/, 'ref'],
  ['GET', /^compare\/(.+)$/, 'compare'],
  ['POST', /^statuses\/([0-9a-f]+)$/, 'status'],
];

function parseActionsCall(
  method: string,
  path: string,
): { readonly operation: ActionsOperation; readonly target: string } | null {
  for (const [verb, pattern, operation] of ACTIONS_ROUTES) {
    const target = verb === method ? pattern.exec(decodeURIComponent(path))?.[1] : undefined;
    if (target !== undefined) return { operation, target };
  }
  return null;
}

const problem = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});

/** @returns a server that listens on a free port of 127.0.0.1 */
export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const { owner = 'octo-org', repo = 'specs', basePath = '' } = options;
  const pullRequests = new Map(
    (options.pullRequests ?? [{ number: 1, state: 'open' as const, locked: false }]).map(
      (pull: PullRequest) => [pull.number, pull],
    ),
  );
  const tokens = new Map<string, Identity>(
    Object.entries(
      options.tokens ?? { ghs_simulated: { user: ACTIONS_BOT, permission: 'write', viewer: 'refused' } },
    ),
  );
  const comments = new Map<number, Comment>();
  const journal: Exchange[] = [];
  const faults: { fault: Fault; remaining: number }[] = [];
  let lastId = 3_000_000_000;

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error('the fake broke'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const apiUrl = origin + basePath;
  const actions = await startActions(`${apiUrl}/repos/${owner}/${repo}`, options.actions);

  function addComment(pullRequest: number, user: User | null, body: string): Comment {
    const now = new Date().toISOString();
    const comment = { id: ++lastId, pullRequest, user, body, createdAt: now, updatedAt: now };
    comments.set(comment.id, comment);
    return comment;
  }

  /** A comment in GitHub's format. */
  function showComment(comment: Comment): unknown {
    const page = `https://github.com/${owner}/${repo}`;
    return {
      id: comment.id,
      node_id: `IC_${comment.id}`,
      url: `${apiUrl}/repos/${owner}/${repo}/issues/comments/${comment.id}`,
      html_url: `${page}/pull/${comment.pullRequest}#issuecomment-${comment.id}`,
      issue_url: `${apiUrl}/repos/${owner}/${repo}/issues/${comment.pullRequest}`,
      body: comment.body,
      user: comment.user === null ? null : showUser(comment.user),
      created_at: comment.createdAt,
      updated_at: comment.updatedAt,
      author_association: comment.user?.type === 'Bot' ? 'CONTRIBUTOR' : 'NONE',
      performed_via_github_app: null,
      reactions: {
        url: `${apiUrl}/repos/${owner}/${repo}/issues/comments/${comment.id}/reactions`,
        total_count: 0,
        ...Object.fromEntries(REACTIONS.map((name) => [name, 0])),
      },
    };
  }

  function showUser(user: User): unknown {
    const url = `${apiUrl}/users/${encodeURIComponent(user.login)}`;
    return {
      login: user.login,
      id: user.id,
      node_id: `U_${user.id}`,
      avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
      gravatar_id: '',
      url,
      html_url: `https://github.com/${encodeURIComponent(user.login)}`,
      followers_url: `${url}/followers`,
      following_url: `${url}/following{/other_user}`,
      gists_url: `${url}/gists{/gist_id}`,
      starred_url: `${url}/starred{/owner}{/repo}`,
      subscriptions_url: `${url}/subscriptions`,
      organizations_url: `${url}/orgs`,
      repos_url: `${url}/repos`,
      events_url: `${url}/events{/privacy}`,
      received_events_url: `${url}/received_events`,
      type: user.type,
      site_admin: false,
    };
  }

  function listComments(pull: PullRequest, query: URLSearchParams): Answer {
    const perPage = Math.min(Math.max(Number(query.get('per_page') ?? 30), 1), 100);
    const page = Math.max(Number(query.get('page') ?? 1), 1);
    const all = [...comments.values()]
      .filter((comment) => comment.pullRequest === pull.number)
      .sort((a, b) => a.id - b.id);
    const last = Math.max(Math.ceil(all.length / perPage), 1);
    // GitHub's links contain the repository's number, not its name.
    const link = (to: number, rel: string) =>
      `<${apiUrl}/repositories/${REPOSITORY_ID}/issues/${pull.number}/comments?per_page=${perPage}&page=${to}>; rel="${rel}"`;
    const links = [
      ...(page > 1 ? [link(page - 1, 'prev')] : []),
      ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
      ...(page > 1 ? [link(1, 'first')] : []),
    ];
    return {
      status: 200,
      headers: links.length > 0 ? { link: links.join(', ') } : {},
      body: all.slice((page - 1) * perPage, page * perPage).map(showComment),
    };
  }

  function showPullRequest({ number, state, locked, head = HEAD }: PullRequest): unknown {
    const pull = minimalValue('pull-request');
    return { ...pull, number, state, locked, head: { ...(pull.head as object), sha: head } };
  }

  /** The text of a comment in a request, or the answer that refuses it. */
  function readCommentBody(body: string): string | Answer {
    let sent: unknown;
    try {
      sent = JSON.parse(body);
    } catch {
      return problem(400, 'Problems parsing JSON');
    }
    const text = typeof sent === 'object' && sent !== null && 'body' in sent ? sent.body : undefined;
    const invalid = (message: string): Answer => ({
      status: 422,
      body: {
        message: 'Validation Failed',
        errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }],
        documentation_url: 'https://docs.github.com/rest/issues/comments#create-an-issue-comment',
        status: '422',
      },
    });
    if (typeof text !== 'string' || text.trim() === '') return invalid('Body cannot be blank');
    if (Array.from(text).length > MAX_BODY_CHARACTERS)
      return invalid(`Body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`);
    return text;
  }

  interface Call {
    readonly operation: Operation;
    /** The artifact, run, ref, range or commit of a call that `actions` answers. */
    readonly target?: string;
    readonly pull: PullRequest | undefined;
    readonly comment: Comment | undefined;
    readonly query: URLSearchParams;
    readonly body: string;
  }

  function parseCall(method: string, url: URL, body: string): Call | null {
    const query = url.searchParams;
    if (method === 'POST' && url.pathname === (basePath === '' ? '/graphql' : '/api/graphql')) {
      return { operation: 'viewer', pull: undefined, comment: undefined, query, body };
    }
    const home = `${basePath}/repos/${owner}/${repo}/`;
    if (!url.pathname.toLowerCase().startsWith(home.toLowerCase())) return null;
    const [kind = '', first = '', second = '', ...rest] = url.pathname.slice(home.length).split('/');
    if (kind === 'pulls' && second === '' && method === 'GET') {
      return { operation: 'pull', pull: pullRequests.get(Number(first)), comment: undefined, query, body };
    }
    const target = parseActionsCall(method, url.pathname.slice(home.length));
    if (target !== null) return { ...target, pull: undefined, comment: undefined, query, body };
    if (kind !== 'issues') return null;
    if (rest.length > 0) return null;
    if (second === 'comments' && (method === 'GET' || method === 'POST')) {
      const pull = pullRequests.get(Number(first));
      return { operation: method === 'GET' ? 'list' : 'create', pull, comment: undefined, query, body };
    }
    if (first === 'comments' && (method === 'PATCH' || method === 'DELETE')) {
      const comment = comments.get(Number(second));
      const pull = comment && pullRequests.get(comment.pullRequest);
      return { operation: method === 'PATCH' ? 'update' : 'delete', pull, comment, query, body };
    }
    return null;
  }

  function applyActionsCall({ operation, target = '', query, body }: Call): Answer {
    switch (operation as ActionsOperation) {
      case 'artifacts':
        return actions.listArtifacts(query);
      case 'download':
        return actions.download(Number(target));
      case 'run':
        return actions.showRun(Number(target));
      case 'ref':
        return actions.showRef(target);
      case 'compare':
        return actions.compare(target);
      case 'status':
        return actions.setStatus(target, body);
    }
  }

  function applyCall(call: Call, identity: Identity): Answer {
    if (call.operation === 'viewer') {
      const { login, id } = identity.user;
      if (identity.viewer === 'answered')
        return { status: 200, body: { data: { viewer: { login, databaseId: id } } } };
      const refusal = {
        type: 'FORBIDDEN',
        path: ['viewer'],
        locations: [{ line: 1, column: 3 }],
        message: 'Resource not accessible by integration',
      };
      return { status: 200, body: { data: null, errors: [refusal] } };
    }
    if (identity.permission === 'none') return problem(404, 'Not Found');
    const needed = Object.hasOwn(REQUIRED_PERMISSIONS, call.operation)
      ? REQUIRED_PERMISSIONS[call.operation as ActionsOperation]
      : 'pull-requests';
    if (identity.missingPermissions?.includes(needed) === true) return NOT_ACCESSIBLE;
    if (needed === 'statuses' && identity.permission === 'read') return NOT_ACCESSIBLE;
    if (call.target !== undefined) return applyActionsCall(call);
    if (call.pull === undefined) return problem(404, 'Not Found');
    if (call.operation === 'list') return listComments(call.pull, call.query);
    if (call.operation === 'pull') return { status: 200, body: showPullRequest(call.pull) };
    if (identity.permission === 'read') return NOT_ACCESSIBLE;
    if (call.operation === 'create') {
      const text = readCommentBody(call.body);
      if (typeof text !== 'string') return text;
      if (call.pull.locked) return problem(403, 'Unable to create comment because issue is locked.');
      const comment = addComment(call.pull.number, identity.user, text);
      const location = `${apiUrl}/repos/${owner}/${repo}/issues/comments/${comment.id}`;
      return { status: 201, headers: { location }, body: showComment(comment) };
    }
    if (call.comment === undefined) return problem(404, 'Not Found');
    if (call.operation === 'delete') {
      comments.delete(call.comment.id);
      return { status: 204 };
    }
    const text = readCommentBody(call.body);
    if (typeof text !== 'string') return text;
    const edited = { ...call.comment, body: text, updatedAt: new Date().toISOString() };
    comments.set(edited.id, edited);
    return { status: 200, body: showComment(edited) };
  }

  /** Applies a call and returns GitHub's answer. */
  function answerTo(call: Call | null, headers: IncomingHttpHeaders): Answer {
    const token = /^(?:token|bearer) (\S+)$/i.exec(headers.authorization ?? '')?.[1];
    const identity = token === undefined ? undefined : tokens.get(token);
    if (headers['user-agent'] === undefined) {
      return {
        status: 403,
        headers: { 'content-type': 'text/html' },
        body: 'Request forbidden by administrative rules.',
      };
    }
    if (identity === undefined) return problem(401, 'Bad credentials');
    return call === null ? problem(404, 'Not Found') : applyCall(call, identity);
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const url = new URL(request.url ?? '/', origin);
    const method = request.method ?? '';

    const operation = parseCall(method, url, body)?.operation ?? 'unknown';
    const scripted = faults.find(({ fault, remaining: left }) => fault.on === operation && left > 0);
    if (scripted) scripted.remaining--;
    const fault = scripted?.fault;
    const sentAt = takeSentTime(request)?.at ?? null;
    fault?.onArrival?.(sentAt);

    const takesEffect = fault?.answer === undefined || fault.commit === true || fault.answer === 'truncated';
    // Parse again: `onArrival` may have deleted the comment.
    const own = takesEffect ? answerTo(parseCall(method, url, body), request.headers) : null;
    const answer = typeof fault?.answer === 'object' ? fault.answer : own;
    const isSilent = fault?.answer === 'reset' || fault?.answer === 'stall';

    const sent = answer !== null && !isSilent ? addDefaultHeaders(answer) : null;
    const path = (url.pathname + url.search).slice(
      url.pathname.startsWith(`${basePath}/`) ? basePath.length : 0,
    );
    const isGenuine = fault?.answer === undefined;
    const isStalled = fault?.answer === 'stall';
    journal.push({
      operation,
      method,
      path,
      headers: request.headers,
      body,
      answer: sent,
      isGenuine,
      isStalled,
    });

    if (fault?.answer === 'reset') request.socket.resetAndDestroy();
    if (sent === null) return;
    const isCompressed = sent.headers['content-encoding'] === 'gzip';
    const bytes = isCompressed ? gzipSync(sent.body) : Buffer.from(sent.body);
    const length = sent.status === 204 ? {} : { 'content-length': bytes.length };
    response.writeHead(sent.status, { ...sent.headers, ...length });
    if (fault?.answer === 'truncated') {
      response.write(bytes.subarray(0, bytes.length / 2), () => request.socket.destroy());
    } else {
      response.end(bytes);
    }
  }

  function addDefaultHeaders({ status, headers = {}, body }: Answer): NonNullable<Exchange['answer']> {
    const known = {
      'content-type': 'application/json; charset=utf-8',
      'x-github-request-id': `SIM:${journal.length + 1}`,
      'x-github-media-type': 'github.v3; format=json',
      'x-ratelimit-limit': '1000',
      'x-ratelimit-remaining': '990',
      'x-ratelimit-reset': String(Math.floor(Date.now() / 1000) + 3600),
      ...headers,
    };
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
    return { status, headers: known, body: text };
  }

  return {
    apiUrl,
    repository: `${owner}/${repo}`,
    actions,
    journal,
    comments: () => [...comments.values()].sort((a, b) => a.id - b.id),
    addComment,
    deleteComment: (id) => void comments.delete(id),
    setHead: (number, head) => {
      const pull = pullRequests.get(number);
      if (pull !== undefined) pullRequests.set(number, { ...pull, head });
    },
    addFaults: (...more) =>
      void faults.push(...more.map((fault) => ({ fault, remaining: fault.times ?? 1 }))),
    close: async () => {
      await actions.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}
