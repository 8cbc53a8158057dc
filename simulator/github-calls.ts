/** The calls of GitHub's API that the fake knows, and its answers to them. */
import { createHash } from 'node:crypto';
import type { ArtifactStore } from './artifacts.ts';
import { minimalValue, NOT_ACCESSIBLE, problem, type Answer } from './github-answers.ts';
import { HEAD, REPOSITORY_ID, type Artifact, type Comment, type CommitStatus, type Repository, type User } from './github-repository.ts';

export type Permission = 'pull-requests' | 'statuses' | 'actions' | 'contents';

export interface Identity {
  readonly user: User;
  /** `none`: the token has no access to the private repository, so GitHub answers 404. */
  readonly permission: 'write' | 'read' | 'none';
  /** GraphQL's `viewer`: answered, or refused as for an installation's token. */
  readonly viewer: 'answered' | 'refused';
  /** Permissions that the job's token lacks, whatever `permission` is. */
  readonly missingPermissions?: readonly Permission[];
}

/** `viewer` is GraphQL, the others are REST calls below the repository's path. */
export type Operation = 'viewer' | keyof typeof ROUTES;

/** What a call is made of. */
interface Sent {
  readonly repository: Repository;
  readonly store: ArtifactStore;
  readonly identity: Identity;
  /** The pull request, comment, artifact, run, ref, range or commit, which may not exist. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the repository's path; its group is the target. */
  readonly path: RegExp;
  readonly permission: Permission;
  readonly answer: (sent: Sent) => Answer;
}

const NOT_FOUND = problem(404, 'Not Found');
/** Characters, as GitHub counts them. */
const MAX_BODY_CHARACTERS = 65_536;
const MAX_DESCRIPTION = 140;
const STATES = ['error', 'failure', 'pending', 'success'];

const ROUTES = {
  pull: route('GET', /^pulls\/([^/]*)$/, 'pull-requests', ({ repository, target }) => {
    const pull = repository.pullRequests.get(Number(target));
    if (pull === undefined) return NOT_FOUND;
    const { number, state, locked, head: sha = HEAD } = pull;
    const minimal = minimalValue('pull-request');
    return { status: 200, body: { ...minimal, number, state, locked, head: { ...(minimal.head as object), sha } } };
  }),
  list: route('GET', /^issues\/([^/]*)\/comments$/, 'pull-requests', ({ repository, target, query }) => {
    if (!repository.pullRequests.has(Number(target))) return NOT_FOUND;
    const comments = repository.listComments().filter(({ pullRequest }) => pullRequest === Number(target));
    // GitHub's links contain the repository's number, not its name.
    const url = `${repository.apiUrl}/repositories/${REPOSITORY_ID}/issues/${target}/comments`;
    const { items, headers } = pageOf(comments, query, url);
    return { status: 200, headers, body: items.map((comment) => renderComment(comment, repository)) };
  }),
  create: route('POST', /^issues\/([^/]*)\/comments$/, 'pull-requests', ({ repository, identity, target, body }) => {
    const pull = repository.pullRequests.get(Number(target));
    if (pull === undefined) return NOT_FOUND;
    const text = readCommentBody(identity, body);
    if (typeof text !== 'string') return text;
    if (pull.locked) return problem(403, 'Unable to create comment because issue is locked.');
    const comment = repository.addComment(pull.number, identity.user, text);
    const headers = { location: `${repository.url}/issues/comments/${comment.id}` };
    return { status: 201, headers, body: renderComment(comment, repository) };
  }),
  update: route('PATCH', /^issues\/comments\/([^/]*)$/, 'pull-requests', ({ repository, identity, target, body }) => {
    const comment = repository.comments.get(Number(target));
    if (comment === undefined) return NOT_FOUND;
    const text = readCommentBody(identity, body);
    if (typeof text !== 'string') return text;
    return { status: 200, body: renderComment(repository.editComment(comment, text), repository) };
  }),
  delete: route('DELETE', /^issues\/comments\/([^/]*)$/, 'pull-requests', ({ repository, identity, target }) => {
    if (identity.permission === 'read') return NOT_ACCESSIBLE;
    return repository.comments.delete(Number(target)) ? { status: 204 } : NOT_FOUND;
  }),
  artifacts: route('GET', /^actions\/artifacts()$/, 'actions', ({ repository, query }) => {
    const name = query.get('name');
    const all = repository.artifacts.filter((one) => name === null || one.name === name);
    const { items, headers } = pageOf(all, query, `${repository.url}/actions/artifacts`);
    const artifacts = items.map((artifact) => renderArtifact(artifact, repository));
    return { status: 200, headers, body: { total_count: all.length, artifacts } };
  }),
  download: route('GET', /^actions\/artifacts\/(\d+)\/zip$/, 'actions', ({ repository, store, target }) => {
    const artifact = repository.artifacts.find(({ id }) => id === Number(target));
    if (artifact === undefined) return NOT_FOUND;
    if (artifact.expired === true) return problem(410, 'Artifact has expired');
    return { status: 302, headers: { location: store.downloadUrl(artifact.id) } };
  }),
  run: route('GET', /^actions\/runs\/(\d+)$/, 'actions', ({ repository, target }) => {
    const run = repository.runs.find(({ id }) => id === Number(target));
    if (run === undefined) return NOT_FOUND;
    const { id, event = 'push', path, headBranch: head_branch, headSha: head_sha } = run;
    return { status: 200, body: { ...minimalValue('workflow-run'), id, event, path, head_branch, head_sha } };
  }),
  ref: route('GET', /^git\/ref\/(.+)$/, 'contents', ({ repository, target }) => {
    const name = /^heads\/(.+)$/.exec(target)?.[1] ?? '';
    const sha = repository.branches.get(name)?.at(-1);
    if (sha === undefined) return NOT_FOUND;
    const object = { type: 'commit', sha, url: `${repository.url}/git/commits/${sha}` };
    return { status: 200, body: { ref: `refs/heads/${name}`, node_id: 'R_1', url: `${repository.url}/git/refs/heads/${name}`, object } };
  }),
  compare: route('GET', /^compare\/(.+)$/, 'contents', ({ repository, target }) => compareCommits(repository, target)),
  status: route('POST', /^statuses\/([0-9a-f]+)$/, 'statuses', ({ repository, identity, target, body }) =>
    identity.permission === 'read' ? NOT_ACCESSIBLE : createStatus(repository, target, body),
  ),
};

function route(method: Route['method'], path: RegExp, permission: Permission, answer: Route['answer']): Route {
  return { method, path, permission, answer };
}

export interface Call {
  readonly operation: Operation;
  readonly target: string;
}

/** null: the fake does not know this call. @param path below the API's address */
export function parseCall(method: string, path: string, fullName: string): Call | null {
  if (method === 'POST' && /^(?:\/api)?\/graphql$/.test(path)) return { operation: 'viewer', target: '' };
  const prefix = `/repos/${fullName}/`;
  if (!path.toLowerCase().startsWith(prefix.toLowerCase())) return null;
  const rest = decodeURIComponent(path.slice(prefix.length));
  for (const [operation, one] of Object.entries(ROUTES)) {
    const target = one.method === method ? one.path.exec(rest)?.[1] : undefined;
    if (target !== undefined) return { operation: operation as keyof typeof ROUTES, target };
  }
  return null;
}

/** Applies a call and returns GitHub's answer. */
export function applyCall({ operation, target }: Call, sent: Omit<Sent, 'target'>): Answer {
  const { permission, missingPermissions = [], viewer, user } = sent.identity;
  if (operation === 'viewer') {
    const refusal = { type: 'FORBIDDEN', path: ['viewer'], message: 'Resource not accessible by integration' };
    if (viewer === 'refused') return { status: 200, body: { data: null, errors: [refusal] } };
    return { status: 200, body: { data: { viewer: { login: user.login, databaseId: user.id } } } };
  }
  const called = ROUTES[operation];
  if (permission === 'none') return NOT_FOUND;
  return missingPermissions.includes(called.permission) ? NOT_ACCESSIBLE : called.answer({ ...sent, target });
}

/** A page of a list, and the headers with its links. */
function pageOf<T>(all: readonly T[], query: URLSearchParams, url: string) {
  const perPage = Math.min(Math.max(Number(query.get('per_page') ?? 30), 1), 100);
  const page = Math.max(Number(query.get('page') ?? 1), 1);
  const last = Math.max(Math.ceil(all.length / perPage), 1);
  const link = (to: number, rel: string) => `<${url}?per_page=${perPage}&page=${to}>; rel="${rel}"`;
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  const headers: Record<string, string> = links.length > 0 ? { link: links.join(', ') } : {};
  return { items: all.slice((page - 1) * perPage, page * perPage), headers };
}

/** The text of a comment in a request, or the answer that refuses it. */
function readCommentBody({ permission }: Identity, body: string): string | Answer {
  if (permission === 'read') return NOT_ACCESSIBLE;
  const { body: text } = JSON.parse(body) as { readonly body?: unknown };
  const message =
    typeof text !== 'string' || text.trim() === ''
      ? 'Body cannot be blank'
      : Array.from(text).length > MAX_BODY_CHARACTERS
        ? `Body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`
        : null;
  return message === null ? (text as string) : invalid('IssueComment', 'data', message);
}

function invalid(resource: string, field: string, message: string): Answer {
  const errors = [{ resource, code: 'custom', field, message }];
  return { status: 422, body: { ...(problem(422, 'Validation Failed').body as object), errors } };
}

/** @param range `base...head`, both commits: whether head is ahead of base, behind it, identical or diverged */
function compareCommits({ branches }: Repository, range: string): Answer {
  const [base = '', head = ''] = range.split('...');
  const all = [...branches.values()];
  const commits = all.find((list) => list.includes(base)) ?? [];
  if (commits.length === 0 || !all.some((list) => list.includes(head))) return NOT_FOUND;
  const distance = commits.indexOf(head) - commits.indexOf(base);
  const status = !commits.includes(head) ? 'diverged' : distance === 0 ? 'identical' : distance < 0 ? 'behind' : 'ahead';
  return { status: 200, body: { ...minimalValue('commit-comparison'), status } };
}

function createStatus(repository: Repository, sha: string, body: string): Answer {
  const sent = JSON.parse(body) as Record<string, string | null>;
  const { state, context = 'default', description = null, target_url = null } = sent;
  const isTooLong = Array.from(description ?? '').length > MAX_DESCRIPTION;
  if (isTooLong || !STATES.includes(String(state))) return invalid('Status', 'description', 'is too long');
  repository.statuses.push({ sha, state, context, description, targetUrl: target_url } as CommitStatus);
  const url = `${repository.url}/statuses/${sha}`;
  return { status: 201, body: { ...minimalValue('status'), state, context, description, target_url, url } };
}

function renderComment({ id, pullRequest, user, body, createdAt, updatedAt }: Comment, { url, fullName }: Repository): unknown {
  return {
    ...minimalValue('issue-comment'),
    id,
    node_id: `IC_${id}`,
    url: `${url}/issues/comments/${id}`,
    html_url: `https://github.com/${fullName}/pull/${pullRequest}#issuecomment-${id}`,
    issue_url: `${url}/issues/${pullRequest}`,
    body,
    user: user === null ? null : { ...minimalValue('simple-user'), ...user },
    created_at: createdAt,
    updated_at: updatedAt,
    performed_via_github_app: null,
  };
}

function renderArtifact(artifact: Artifact, repository: Repository): unknown {
  const { id, name, expired = false, run } = artifact;
  const bytes = Buffer.from(artifact.content);
  const url = `${repository.url}/actions/artifacts/${id}`;
  return {
    ...minimalValue('artifact'),
    id,
    name,
    size_in_bytes: artifact.sizeInBytes ?? bytes.length,
    url,
    archive_download_url: `${url}/zip`,
    expired,
    digest: artifact.digest === undefined ? `sha256:${createHash('sha256').update(bytes).digest('hex')}` : artifact.digest,
    workflow_run: run && {
      id: run.id,
      repository_id: REPOSITORY_ID,
      head_repository_id: run.headRepositoryId ?? REPOSITORY_ID,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}
