/** The calls of GitHub's API that the fake knows: parses a request into a call, and applies the call to the repository. */
import {
  compareCommits,
  createStatus,
  downloadArtifact,
  getRef,
  getWorkflowRun,
  listArtifacts,
} from './github-actions.ts';
import type { Answer } from './github-answers.ts';
import type { ArtifactStore } from './github-artifact-store.ts';
import {
  createComment,
  deleteComment,
  getPullRequest,
  listComments,
  updateComment,
} from './github-comments.ts';
import { findRefusal, getViewer, type Identity, type Permission } from './github-permissions.ts';
import type { Repository } from './github-repository.ts';

type RepositoryOperation =
  | 'pull'
  | 'list'
  | 'create'
  | 'update'
  | 'delete'
  | 'artifacts'
  | 'download'
  | 'run'
  | 'ref'
  | 'compare'
  | 'status';

/** `viewer` is GraphQL, the others are REST calls below the repository's path. */
export type Operation = 'viewer' | RepositoryOperation;

interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below the repository's path; its group is the target. */
  readonly path: RegExp;
  readonly operation: RepositoryOperation;
  readonly permission: Permission;
}

const route = (
  operation: RepositoryOperation,
  method: Route['method'],
  path: RegExp,
  permission: Permission,
): Route => ({ operation, method, path, permission });

const ROUTES: readonly Route[] = [
  route('pull', 'GET', /^pulls\/([^/]*)$/, 'pull-requests'),
  route('list', 'GET', /^issues\/([^/]*)\/comments$/, 'pull-requests'),
  route('create', 'POST', /^issues\/([^/]*)\/comments$/, 'pull-requests'),
  route('update', 'PATCH', /^issues\/comments\/([^/]*)$/, 'pull-requests'),
  route('delete', 'DELETE', /^issues\/comments\/([^/]*)$/, 'pull-requests'),
  route('artifacts', 'GET', /^actions\/artifacts()$/, 'actions'),
  route('download', 'GET', /^actions\/artifacts\/(\d+)\/zip$/, 'actions'),
  route('run', 'GET', /^actions\/runs\/(\d+)$/, 'actions'),
  route('ref', 'GET', /^git\/ref\/(.+)$/, 'contents'),
  route('compare', 'GET', /^compare\/(.+)$/, 'contents'),
  route('status', 'POST', /^statuses\/([0-9a-f]+)$/, 'statuses'),
];

export type BasePath = '' | '/api/v3';

export type Call =
  | { readonly operation: 'viewer' }
  | {
      readonly operation: RepositoryOperation;
      readonly permission: Permission;
      /** The pull request, comment, artifact, run, ref, range or commit, which may not exist. */
      readonly target: string;
      readonly query: URLSearchParams;
      readonly body: string;
    };

/** null: the fake does not know this call. */
export function parseCall(
  { method, url, body }: { readonly method: string; readonly url: URL; readonly body: string },
  basePath: BasePath,
  fullName: string,
): Call | null {
  const graphqlPath = basePath === '' ? '/graphql' : '/api/graphql';
  if (method === 'POST' && url.pathname === graphqlPath) return { operation: 'viewer' };
  const prefix = `${basePath}/repos/${fullName}/`;
  if (!url.pathname.toLowerCase().startsWith(prefix.toLowerCase())) return null;
  const path = decodeURIComponent(url.pathname.slice(prefix.length));
  for (const { operation, permission, ...one } of ROUTES) {
    const target = one.method === method ? one.path.exec(path)?.[1] : undefined;
    if (target !== undefined) return { operation, permission, target, query: url.searchParams, body };
  }
  return null;
}

/** Applies a call and returns GitHub's answer. */
export function applyCall(
  call: Call,
  identity: Identity,
  repository: Repository,
  store: ArtifactStore,
): Answer {
  if (call.operation === 'viewer') return getViewer(identity);
  const refusal = findRefusal(identity, call.permission);
  if (refusal !== null) return refusal;
  const { operation, target, query, body } = call;
  switch (operation) {
    case 'pull':
      return getPullRequest(repository, Number(target));
    case 'list':
      return listComments(repository, Number(target), query);
    case 'create':
      return createComment(repository, Number(target), identity, body);
    case 'update':
      return updateComment(repository, Number(target), identity, body);
    case 'delete':
      return deleteComment(repository, Number(target), identity);
    case 'artifacts':
      return listArtifacts(repository, query);
    case 'download':
      return downloadArtifact(repository, Number(target), store);
    case 'run':
      return getWorkflowRun(repository, Number(target));
    case 'ref':
      return getRef(repository, target);
    case 'compare':
      return compareCommits(repository, target);
    case 'status':
      return createStatus(repository, target, body);
  }
}
