/** The calls of GitHub's API and artifact service that the fake supports, and its answers. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { HEAD_SHA, REPOSITORY, SHA } from './runner-context.ts';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A string is sent unchanged, any other value as JSON. */
  readonly body?: unknown;
}

export interface User {
  /** As in REST, where an app's login ends with `[bot]`. */
  readonly login: string;
  readonly id: number;
  readonly type: 'User' | 'Bot';
}

export interface PullRequest {
  readonly number: number;
  /** The commit at its head; default: the one in the simulated runner's events. */
  readonly head?: string;
}

export interface Comment {
  readonly id: number;
  readonly pullRequest: number;
  /** null: the account is deleted. */
  readonly user: User | null;
  body: string;
}

export interface WorkflowRun {
  readonly id: number;
  /** Default `push`. */
  readonly event?: string;
  /** The workflow file; GitHub may add `@ref`. */
  readonly path: string;
  readonly headSha: string;
  readonly headBranch: string;
}

export interface Artifact {
  readonly id: number;
  readonly name: string;
  readonly content: Uint8Array | string;
  readonly expired?: boolean;
  /** Default: the SHA-256 of the content; null: GitHub states none. */
  readonly digest?: string | null;
  /** The run that uploaded it; null: GitHub states none. */
  readonly run: (Pick<WorkflowRun, 'id' | 'headSha' | 'headBranch'> & { readonly headRepositoryId?: number }) | null;
  /** The attempt of that run; default 1. */
  readonly attempt?: number;
  /** Default: the length of the content. */
  readonly sizeInBytes?: number;
  readonly createdAt?: string;
}

type Repository = ReturnType<typeof createRepository>;

/** The state of the fake's one repository. @param artifacts in the order of GitHub's list, which is not chronological */
export function createRepository(
  pullRequests: readonly PullRequest[],
  artifacts: readonly Artifact[] = [],
  runs: readonly WorkflowRun[] = [],
  branches: Readonly<Record<string, readonly string[]>> = {},
) {
  return {
    fullName: REPOSITORY.full_name,
    /** With the base path, without a final slash. */
    apiUrl: 'https://api.github.com',
    /** The URL of the artifact service, which has another host. */
    storeUrl: 'https://store.example.com',
    pullRequests: new Map(pullRequests.map((pull) => [pull.number, pull])),
    comments: [] as Comment[],
    artifacts: [...artifacts],
    runs: [...runs],
    /** The commits of each branch, the newest last. */
    branches: new Map(Object.entries(branches)),
    /** The newest last; a status's ID is its place, counted from 1. */
    statuses: [] as { sha: string; state: string; context: string; description: string | null; targetUrl: string | null }[],
    uploads: [] as { run: WorkflowRun | null; attempt: number; name: string; blocks: Buffer[] }[],
  };
}

export type Permission = 'pull-requests' | 'statuses' | 'actions' | 'contents';

export interface Identity {
  readonly user: User;
  /** Permissions that the job's GitHub token lacks. */
  readonly missingPermissions?: readonly Permission[];
}

/** `viewer` is GraphQL, `upload` and `content` are calls of the artifact service, the others are REST below the repository's path. */
export type Operation = 'viewer' | 'upload' | 'content' | 'unknown' | keyof typeof ROUTES;

/** The parts of a call. */
interface Sent {
  readonly repository: Repository;
  readonly user: User;
  /** The pull request, comment, artifact, run, ref, range or commit. It may not exist. */
  readonly target: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** The files of the repository that is asked, by `path@ref`; the default branch has no ref. */
  readonly files: ReadonlyMap<string, string | null>;
}

/** The path below the repository's, whose group is the target. */
type Route = readonly [method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: RegExp, permission: Permission, answer: (sent: Sent) => Answer];

/** An error without details. */
export const problem = (status: number, message: string): Answer => ({
  status,
  body: { message, documentation_url: 'https://docs.github.com/rest', status: String(status) },
});
const NOT_FOUND = problem(404, 'Not Found');
const NOT_ACCESSIBLE = problem(403, 'Resource not accessible by integration');

/** The newest commit at a ref; the default branch has none. `base` is the first parent of the merge commit. */
const commitOf = (ref: string): string => createHash('sha1').update(ref).digest('hex');

/**
 * The refs whose file a commit has, the nearest first. The merge commit of a pull request has the file at `merge`, or else the one at
 * `base`, its first parent, or else that of the default branch.
 */
function refsOf(commit: string, files: Sent['files']): readonly string[] {
  if (commit === SHA) return ['merge', 'base', ''];
  if (commit === commitOf('base')) return ['base', ''];
  return [...files.keys()].map((key) => key.replace(/^.*@/, '')).filter((ref) => commitOf(ref) === commit);
}

const route = (...parts: Route): Route => parts;
const ROUTES = {
  pull: route('GET', /^pulls\/([^/]*)$/, 'pull-requests', ({ repository, target }) => {
    const pull = repository.pullRequests.get(Number(target));
    if (pull === undefined) return NOT_FOUND;
    const { number, head: sha = HEAD_SHA } = pull;
    const minimal = minimalValue('pull-request');
    return { status: 200, body: { ...minimal, number, head: { ...(minimal.head as object), sha } } };
  }),
  list: route('GET', /^issues\/([^/]*)\/comments$/, 'pull-requests', ({ repository, target, query }) => {
    if (!repository.pullRequests.has(Number(target))) return NOT_FOUND;
    const comments = repository.comments.filter(({ pullRequest }) => pullRequest === Number(target));
    // GitHub's links contain the repository's number, not its name.
    const { items, headers } = pageOf(comments, query, `${repository.apiUrl}/repositories/${REPOSITORY.id}/issues/${target}/comments`);
    return { status: 200, headers, body: items.map((comment) => renderComment(comment, repository)) };
  }),
  create: route('POST', /^issues\/([^/]*)\/comments$/, 'pull-requests', ({ repository, user, target, body }) => {
    const pull = repository.pullRequests.get(Number(target));
    if (pull === undefined) return NOT_FOUND;
    const text = readCommentBody(body);
    if (typeof text !== 'string') return text;
    return { status: 201, body: renderComment(addComment(repository, pull.number, user, text), repository) };
  }),
  update: route('PATCH', /^issues\/comments\/([^/]*)$/, 'pull-requests', ({ repository, target, body }) => {
    const comment = repository.comments.find(({ id }) => id === Number(target));
    if (comment === undefined) return NOT_FOUND;
    const text = readCommentBody(body);
    if (typeof text !== 'string') return text;
    comment.body = text;
    return { status: 200, body: renderComment(comment, repository) };
  }),
  remove: route('DELETE', /^issues\/comments\/([^/]*)$/, 'pull-requests', ({ repository, target }) => {
    const at = repository.comments.findIndex(({ id }) => id === Number(target));
    if (at < 0) return NOT_FOUND;
    repository.comments.splice(at, 1);
    return { status: 204, body: '' };
  }),
  artifacts: route('GET', /^actions\/artifacts()$/, 'actions', ({ repository, query }) => {
    const all = repository.artifacts.filter(({ name }) => name === (query.get('name') ?? name));
    const { items, headers } = pageOf(all, query, `${urlOf(repository)}/actions/artifacts`);
    return { status: 200, headers, body: { total_count: all.length, artifacts: items.map((one) => renderArtifact(one, repository)) } };
  }),
  download: route('GET', /^actions\/artifacts\/(\d+)\/zip$/, 'actions', ({ repository, target }) => {
    const artifact = repository.artifacts.find(({ id }) => id === Number(target));
    if (artifact === undefined) return NOT_FOUND;
    return { status: 302, headers: { location: `${repository.storeUrl}/artifacts/${artifact.id}?sig=1` } };
  }),
  run: route('GET', /^actions\/runs\/(\d+)$/, 'actions', ({ repository, target }) => {
    const run = repository.runs.find(({ id }) => id === Number(target));
    if (run === undefined) return NOT_FOUND;
    const { id, event = 'push', path, headBranch: head_branch, headSha: head_sha } = run;
    return { status: 200, body: { ...minimalValue('workflow-run'), id, event, path, head_branch, head_sha } };
  }),
  ref: route('GET', /^git\/ref\/heads\/(.+)$/, 'contents', ({ repository, target }) => {
    const sha = repository.branches.get(target)?.at(-1);
    if (sha === undefined) return NOT_FOUND;
    const object = { type: 'commit', sha, url: `${urlOf(repository)}/git/commits/${sha}` };
    const ref = `refs/heads/${target}`;
    return { status: 200, body: { ref, node_id: 'R_1', url: `${urlOf(repository)}/git/${ref}`, object } };
  }),
  compare: route('GET', /^compare\/(.+)$/, 'contents', ({ repository: { branches }, target }) => {
    const [base = '', head = ''] = target.split('...');
    const all = [...branches.values()];
    const commits = all.find((list) => list.includes(base)) ?? [];
    if (commits.length === 0 || !all.some((list) => list.includes(head))) return NOT_FOUND;
    const distance = commits.indexOf(head) - commits.indexOf(base);
    const status = !commits.includes(head) ? 'diverged' : distance === 0 ? 'identical' : distance < 0 ? 'behind' : 'ahead';
    return { status: 200, body: { ...minimalValue('commit-comparison'), status } };
  }),
  commits: route('GET', /^commits()$/, 'contents', ({ query }) => ({ status: 200, body: [{ sha: commitOf(query.get('sha') ?? '') }] })),
  commit: route('GET', /^git\/commits\/(\w+)$/, 'contents', ({ repository, target }) => {
    if (target !== SHA) return NOT_FOUND;
    const parents = [commitOf('base'), HEAD_SHA].map((sha) => ({ sha, url: `${urlOf(repository)}/git/commits/${sha}`, html_url: '' }));
    return { status: 200, body: { sha: SHA, parents } };
  }),
  contents: route('GET', /^contents\/(.+)$/, 'contents', ({ files, target, query }) => {
    const text = refsOf(query.get('ref') ?? '', files)
      .map((ref) => files.get(`${target}@${ref}`))
      .find((found) => found !== undefined);
    if (text === undefined || text === null) return NOT_FOUND;
    return { status: 200, body: { type: 'file', size: text.length, encoding: 'base64', content: Buffer.from(text).toString('base64') } };
  }),
  status: route('POST', /^statuses\/([0-9a-f]+)$/, 'statuses', ({ repository, target: sha, body }) => {
    const sent = JSON.parse(body.toString()) as Record<string, string | null>;
    const { state, context = 'default', description = null, target_url = null } = sent;
    const isTooLong = Array.from(description ?? '').length > 140;
    if (isTooLong || !['error', 'failure', 'pending', 'success'].includes(state ?? '')) return invalid('Status', 'description is too long');
    repository.statuses.push({ sha, state: state!, context: context!, description, targetUrl: target_url });
    return { status: 201, body: renderStatus(repository, repository.statuses.length) };
  }),
  statuses: route('GET', /^commits\/([0-9a-f]+)\/statuses$/, 'statuses', ({ repository, target, query }) => {
    const ids = repository.statuses.flatMap(({ sha }, at) => (sha === target ? [at + 1] : [])).reverse();
    const { items, headers } = pageOf(ids, query, `${urlOf(repository)}/commits/${target}/statuses`);
    return { status: 200, headers, body: items.map((id) => renderStatus(repository, id)) };
  }),
};

export interface Call {
  readonly operation: Operation;
  readonly target: string;
}

/** @param path below the API's URL */
export function parseCall(method: string, path: string, fullName: string): Call {
  if (method === 'POST' && path === '/graphql') return { operation: 'viewer', target: '' };
  const [, name = '', own = ''] = /^\/repos\/([^/]+\/[^/]+)\/(.*)$/.exec(path) ?? [];
  // Other repositories have files only.
  const rest = name === fullName || /^(?:commits|contents)/.test(own) ? decodeURIComponent(own) : '';
  for (const [operation, [ofMethod, pattern]] of Object.entries<Route>(ROUTES)) {
    const target = ofMethod === method ? pattern.exec(rest)?.[1] : undefined;
    if (target !== undefined) return { operation: operation as keyof typeof ROUTES, target };
  }
  return { operation: 'unknown', target: '' };
}

/** Applies a call of the API and returns GitHub's answer. */
export function applyCall({ operation, target }: Call, identity: Identity, sent: Omit<Sent, 'target' | 'user'>): Answer {
  const { user, missingPermissions = [] } = identity;
  if (operation === 'viewer') return { status: 200, body: { data: { viewer: { login: user.login } } } };
  const [, , permission, answer] = (ROUTES as Partial<Record<Operation, Route>>)[operation] ?? [];
  if (permission === undefined || answer === undefined) return NOT_FOUND;
  return missingPermissions.includes(permission) ? NOT_ACCESSIBLE : answer({ ...sent, user, target });
}

/** @param path below the artifact service's URL */
export function parseStoreCall(path: string): Call {
  const [, kind, target = ''] = /^\/(twirp|upload|artifacts)\/(?:.*ArtifactService\/)?([^/]+)/.exec(path) ?? [];
  return { operation: kind === 'artifacts' ? 'content' : 'upload', target };
}

/** Applies a call of the artifact service: an upload by `@actions/artifact`, in blocks, or a download. */
export function applyStoreCall({ operation, target }: Call, repository: Repository, query: URLSearchParams, body: Buffer): Answer {
  const { artifacts, runs, uploads, storeUrl } = repository;
  if (operation === 'content') {
    const found = artifacts.find(({ id }) => id === Number(target));
    return found === undefined ? NOT_FOUND : { status: 200, body: Buffer.from(found.content).toString() };
  }
  if (/^\d+$/.test(target)) {
    // Azure's blob storage takes blocks, and then a list that joins them.
    if (query.get('comp') === 'block') uploads[Number(target)]!.blocks.push(body);
    return { status: 201, headers: { etag: '"1"', 'last-modified': new Date().toUTCString(), 'x-ms-request-id': '1' } };
  }
  const sent = JSON.parse(body.toString()) as Record<string, string>;
  const [runId = 0, attempt = 1] = String(sent.workflow_run_backend_id).split('-').map(Number);
  const isOfRun = (one: { readonly run: { readonly id: number } | null }) => (one.run?.id ?? 0) === runId;
  if (target === 'CreateArtifact') {
    const isTaken = artifacts.some((one) => one.name === sent.name && isOfRun(one) && (one.attempt ?? 1) === attempt);
    if (isTaken) return { status: 409, body: { code: 'already_exists', msg: 'an artifact with this name already exists' } };
    const run = runs.find(({ id }) => id === runId) ?? null;
    uploads.push({ run, attempt, name: sent.name!, blocks: [] });
    return { status: 200, body: { ok: true, signed_upload_url: `${storeUrl}/upload/${uploads.length - 1}?sig=signature` } };
  }
  const { run, name, blocks } = uploads.findLast((one) => one.name === sent.name)!;
  const id = Math.max(0, ...artifacts.map((one) => one.id)) + 1;
  artifacts.unshift({ id, name, run, attempt, content: Buffer.concat(blocks) });
  return { status: 200, body: { ok: true, artifact_id: String(id) } };
}

export function addComment({ comments }: Repository, pullRequest: number, user: User | null, body: string): Comment {
  const comment = { id: 3_000_000_001 + comments.length, pullRequest, user, body };
  comments.push(comment);
  return comment;
}

/** The start of the URLs of a repository's calls. */
function urlOf({ apiUrl, fullName }: Repository): string {
  return `${apiUrl}/repos/${fullName}`;
}

/** A page of a list, and the header that links the next one. */
function pageOf<T>(all: readonly T[], query: URLSearchParams, url: string) {
  const perPage = Math.min(Math.max(Number(query.get('per_page') ?? 30), 1), 100);
  const page = Math.max(Number(query.get('page') ?? 1), 1);
  const headers: Record<string, string> =
    page * perPage < all.length ? { link: `<${url}?per_page=${perPage}&page=${page + 1}>; rel="next"` } : {};
  return { items: all.slice((page - 1) * perPage, page * perPage), headers };
}

/** The text of a comment in a request, or the answer that rejects it. */
function readCommentBody(body: Buffer): string | Answer {
  const { body: text } = JSON.parse(body.toString()) as { readonly body?: unknown };
  if (typeof text !== 'string' || text.trim() === '') return invalid('IssueComment', 'Body cannot be blank');
  return Array.from(text).length > 65_536 ? invalid('IssueComment', 'Body is too long (maximum is 65536 characters)') : text;
}

function invalid(resource: string, message: string): Answer {
  const errors = [{ resource, code: 'custom', field: 'data', message }];
  return { status: 422, body: { ...(problem(422, 'Validation Failed').body as object), errors } };
}

function renderComment({ id, pullRequest, user, body }: Comment, repository: Repository): unknown {
  return {
    ...minimalValue('issue-comment'),
    id,
    html_url: `https://github.com/${repository.fullName}/pull/${pullRequest}#issuecomment-${id}`,
    body,
    user: user === null ? null : { ...minimalValue('simple-user'), ...user },
  };
}

function renderStatus(repository: Repository, id: number): unknown {
  const { sha, targetUrl: target_url, ...status } = repository.statuses[id - 1]!;
  return { ...minimalValue('status'), ...status, id, target_url, url: `${urlOf(repository)}/statuses/${sha}` };
}

function renderArtifact(artifact: Artifact, repository: Repository): unknown {
  const { id, name, expired = false, run, content, sizeInBytes, digest, createdAt = null } = artifact;
  const bytes = Buffer.from(content);
  const url = `${urlOf(repository)}/actions/artifacts/${id}`;
  const expires_at = createdAt && new Date(Date.parse(createdAt) + 90 * 86_400_000).toISOString();
  return {
    ...minimalValue('artifact'),
    ...{
      id,
      name,
      expired,
      url,
      archive_download_url: `${url}/zip`,
      size_in_bytes: sizeInBytes ?? bytes.length,
      created_at: createdAt,
      expires_at,
    },
    digest: digest === undefined ? `sha256:${createHash('sha256').update(bytes).digest('hex')}` : digest,
    workflow_run: run && {
      id: run.id,
      repository_id: REPOSITORY.id,
      head_repository_id: run.headRepositoryId ?? REPOSITORY.id,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}

type Schema = Partial<Readonly<Record<'$ref' | 'type' | 'format', string>>> & {
  readonly nullable?: boolean;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
};

const { components } = JSON.parse(readFileSync(new URL('./github-openapi.json', import.meta.url), 'utf8')) as {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};
const EMPTY_VALUES: Readonly<Record<string, unknown>> = { array: [], integer: 0, number: 0, boolean: false };
const FORMATS: Readonly<Record<string, string>> = { uri: 'https://api.github.com/', 'date-time': '2026-04-08T09:00:00Z' };

/** Creates the smallest value that GitHub's description allows, with empty required fields. @param name under `components/schemas` */
function minimalValue(name: string): Readonly<Record<string, unknown>> {
  return minimalValueOf({ $ref: `#/components/schemas/${name}` }) as Readonly<Record<string, unknown>>;
}

function minimalValueOf(schema: Schema): unknown {
  const { $ref, type = '', format = '', nullable, required = [], properties = {} } = schema;
  if ($ref !== undefined) return minimalValueOf(components.schemas[$ref.split('/').at(-1) ?? ''] ?? {});
  if (nullable === true) return null;
  if (schema.enum !== undefined) return schema.enum[0];
  if (type !== 'object') return EMPTY_VALUES[type] ?? FORMATS[format] ?? '';
  return Object.fromEntries(required.map((field) => [field, minimalValueOf(properties[field] ?? {})]));
}
