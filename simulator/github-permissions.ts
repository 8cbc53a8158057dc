/** The identity behind a token, and which of GitHub's calls the token allows. */
import type { IncomingHttpHeaders } from 'node:http';
import { NOT_ACCESSIBLE, problem, type Answer } from './github-answers.ts';
import type { User } from './github-repository.ts';

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

/** By token. */
export type Tokens = Readonly<Record<string, Identity>>;

const NO_USER_AGENT: Answer = {
  status: 403,
  headers: { 'content-type': 'text/html' },
  body: 'Request forbidden by administrative rules.',
};

/** The identity that sent a request, or the answer that refuses it. */
export function authenticate(
  headers: IncomingHttpHeaders,
  tokens: Tokens,
): { readonly identity: Identity } | { readonly refusal: Answer } {
  if (headers['user-agent'] === undefined) return { refusal: NO_USER_AGENT };
  const token = /^(?:token|bearer) (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const identity = Object.hasOwn(tokens, token) ? tokens[token] : undefined;
  return identity === undefined ? { refusal: problem(401, 'Bad credentials') } : { identity };
}

/** The answer to a call that the token does not allow; null: it does. Calls for comments check `read` themselves, after their target. */
export function findRefusal(
  { permission, missingPermissions = [] }: Identity,
  required: Permission,
): Answer | null {
  if (permission === 'none') return problem(404, 'Not Found');
  if (missingPermissions.includes(required)) return NOT_ACCESSIBLE;
  return required === 'statuses' && permission === 'read' ? NOT_ACCESSIBLE : null;
}

/** The answer to GraphQL's `viewer`. */
export function getViewer({ user: { login, id }, viewer }: Identity): Answer {
  if (viewer === 'answered') return { status: 200, body: { data: { viewer: { login, databaseId: id } } } };
  const refusal = {
    type: 'FORBIDDEN',
    path: ['viewer'],
    locations: [{ line: 1, column: 3 }],
    message: 'Resource not accessible by integration',
  };
  return { status: 200, body: { data: null, errors: [refusal] } };
}
