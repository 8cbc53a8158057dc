/** What can go wrong with a request: what it means for the next attempt, and what to do about it. Codes: the API's error page. */
import { StepError } from '../step-error.ts';
import { joined } from '../text/words.ts';

/** May the API have taken the request, and may it be sent again? */
export type FailureKind =
  /** Not taken, and never sent again. */
  | 'refused'
  /** Perhaps taken, and never sent again. */
  | 'ambiguous_final'
  /** The same: the API would say this of the run whenever it is asked. */
  | 'of_the_run'
  /** It reached nobody. */
  | 'unreached'
  /** The same, and DNS says that there is no such name. */
  | 'dns_not_found'
  /** 429. */
  | 'limited'
  /** 409: an earlier launch under the same key is still being handled. */
  | 'locked'
  /** A gateway's 502 or 503, which may hide a request that was taken. */
  | 'gateway'
  /** Perhaps taken. */
  | 'ambiguous'
  /** Perhaps taken: a 2xx that cannot be read. */
  | 'unreadable';

/** An attempt brought nothing usable. */
export class RequestError extends StepError {
  readonly kind: FailureKind;
  /** What the attempt came to, in a word or two: `503`, `ECONNREFUSED`. */
  readonly word: string;

  constructor(kind: FailureKind, headline: string, remedy: string, detail = '', word = headline) {
    super(headline, remedy, detail);
    this.kind = kind;
    this.word = word;
  }
}

const REACH = 'Check that the runner can reach the API (DNS, firewall, proxy). {again}';
const WRITE_LESS = 'Make the workflow write less into its outputs, then {new_run}';

export const CONNECTION = {
  /** There was no connection to send the request over. */
  unreached: ['unreached', 'Alloovium could not be reached', REACH],
  broken: ['ambiguous', 'the connection failed', REACH],
  timeout: ['ambiguous', 'no whole answer came in time', REACH],
  encoding: [
    'unreadable',
    'the answer was compressed although none was asked for',
    'Check the proxy between runner and API.',
  ],
  tls: [
    'refused',
    "the server's certificate was not accepted",
    'Check `api_url` and the clock of the runner. Behind a proxy with its own CA, NODE_EXTRA_CA_CERTS must name a readable file that has it.',
  ],
  no_tls: ['refused', 'the server does not speak TLS', 'Check `api_url`: its port must be one for HTTPS.'],
  proxy: [
    'refused',
    'the proxy refused the connection',
    'Check the address, user name and password in the proxy variables of the runner, and what the proxy lets through.',
  ],
  too_large: ['of_the_run', 'the answer is larger than 8 MiB', WRITE_LESS],
} as const satisfies Record<string, readonly [FailureKind, headline: string, remedy: string]>;

export type ConnectionFault = keyof typeof CONNECTION;

/** The exchange did not bring a whole answer. */
export class ConnectionError extends RequestError {
  readonly fault: ConnectionFault;
  /** Node's code, e.g. `ECONNREFUSED`, `CERT_HAS_EXPIRED`; the status of a proxy's refusal; or empty. */
  readonly code: string;

  constructor(fault: ConnectionFault, code = '') {
    const [usual, headline, remedy] = CONNECTION[fault];
    const isPassing = fault === 'proxy' && code.startsWith('5');
    const kind =
      code === 'ENOTFOUND' && fault === 'unreached' ? 'dns_not_found' : isPassing ? 'unreached' : usual;
    const word = code === '' ? headline : `${code}${fault === 'proxy' ? ' of the proxy' : ''}`;
    super(kind, code === '' ? headline : `${headline} (${code})`, remedy, '', word);
    this.fault = fault;
    this.code = code;
  }
}

const SHAPE = {
  unusable: [
    'unreadable',
    'Check `api_url` and what stands between the runner and the API; if both are right, report it to Alloovium.',
  ],
  /** The answer is whole and tells of another run. */
  other_run: ['unreadable', 'Report it to Alloovium.'],
  /** The answer to a launch names a run that cannot be the one that was asked for. */
  wrong_run: ['ambiguous_final', 'Nothing is judged by it. Report it to Alloovium.'],
  web_page: ['unreadable', 'Is a proxy asking for a sign-in? Then let the runner through. If not, {again}'],
  /** Over one of the caps of `json.ts`. */
  over_cap: [
    'of_the_run',
    'Make the workflow write fewer and less deeply nested values into its outputs, then {new_run}',
  ],
  /** In the run's outputs. */
  key_twice: ['of_the_run', 'Make the workflow write each key once, then {new_run}'],
} as const satisfies Record<string, readonly [FailureKind, remedy: string]>;

export type ShapeFault = keyof typeof SHAPE;

/** A 2xx answer that is not what the API documents. */
export class ResponseShapeError extends RequestError {
  readonly fault: ShapeFault;

  constructor(what: string, fault: ShapeFault = 'unusable', detail = '') {
    const [kind, remedy] = SHAPE[fault];
    super(kind, what, remedy, detail);
    this.fault = fault;
  }
}

/** What an answer other than 2xx said. Texts are untrusted and bounded. */
export interface Problem {
  readonly status: number;
  /** The API's stable code, or null: not problem+json, or none in it. */
  readonly code: string | null;
  /** It is an error of the API's own, not a gateway's. */
  readonly isProblem: boolean;
  readonly detail: string;
  readonly requestId: string;
  readonly missingScopes: readonly string[];
}

type Words = readonly [headline: string, remedy: string];

const NEW_KEY =
  'Create a key in the Alloovium dashboard and store it as the secret that `api_key` reads. {new_key}';
const AUTH = `Give the job an API key of its own. ${NEW_KEY}`;
const DECLARED =
  'Check that the workflow is enabled, and that `inputs` and `project_id` match the variables it declares.';
const AGAIN = '{again} If it happens again, report it to Alloovium.';
const API_URL = 'Check that `api_url`, if you give it, is the API itself.';
const OWNER = "Ask the Alloovium account's owner to resolve it in the Alloovium dashboard.";
const INVALID = 'Alloovium refused the request as invalid';

/** What it means for who runs the job, and what to do, by status, else by class of statuses. */
const BY_STATUS: Readonly<Record<string, Words>> = {
  '400': [INVALID, DECLARED],
  '401': ['Alloovium did not accept the API key', AUTH],
  '403': ['access was denied', 'Check the scopes of the key and, where a proxy is in between, its rules.'],
  '404': [
    'the run was not found',
    'Check `workflow_id`, `project_id` and that the key belongs to the same Alloovium account.',
  ],
  '407': ['a proxy asks for credentials', "Check user name and password in the runner's proxy variables."],
  '409': ['Alloovium refused the request, as it conflicts with another', AGAIN],
  '413': ['the request is too large for Alloovium', 'Give less in `inputs`.'],
  '422': [INVALID, DECLARED],
  '429': [
    'the token bucket of the API key is empty',
    'Raise `timeout_minutes`, spread the jobs out, or use a key of a higher tier.',
  ],
  '3xx': ['the API answered with a redirect, which is never followed', API_URL],
  '5xx': ['the API, or a gateway in front of it, failed', AGAIN],
};
const OTHERWISE: Words = ['the API refused the request', 'Check the inputs of the step.'];

/** The same by documented code; null: what its status says. */
const BY_CODE: Readonly<Record<string, Words | null>> = {
  missing_api_key: [
    'the request carried no API key',
    'Check what strips the Authorization header on the way.',
  ],
  invalid_api_key: ['Alloovium does not know this API key', 'Check that the secret holds all 60 characters.'],
  invalid_token: ['Alloovium did not accept the credential', AUTH],
  api_key_revoked: ['the API key was revoked', NEW_KEY],
  api_key_expired: ['the API key has expired', NEW_KEY],
  user_inactive: ["the API key's user is inactive", "Have the user activated, or use another user's key."],
  tenant_disabled: ['the Alloovium account is disabled', OWNER],
  payment_required: ['the Alloovium account has an unpaid bill or a used-up plan', OWNER],
  insufficient_scope: ['the API key lacks a scope', 'Give it `workflows:read` and `workflows:write`.'],
  permission_denied: [
    "the API key's user is not allowed to do this",
    'Give the user access to workflow and project.',
  ],
  oauth_not_supported: ['OAuth credentials are read-only and cannot launch a run', AUTH],
  not_found: null,
  idempotency_key_reused: [
    'the idempotency key is taken by a launch with other inputs',
    'Leave out `idempotency_key`, or give each launch its own; another tool with the same API key may have used it.',
  ],
  idempotency_in_progress: ['an earlier launch under the same idempotency key is still being handled', AGAIN],
  validation_error: null,
  invalid_document_id: [INVALID, 'Check the document IDs in `inputs`.'],
  unsupported_file_type: [
    INVALID,
    'Check the types of the files that `inputs` and the project give to the workflow.',
  ],
  invalid_cursor: [INVALID, API_URL],
  invalid_idempotency_key: [INVALID, 'Leave out `idempotency_key`, or give another.'],
  rate_limited: null,
  internal_error: ['Alloovium had an internal error', AGAIN],
  not_implemented: ['Alloovium does not offer this call', API_URL],
};

function wordsOf({ status, code }: Problem): Words {
  const byCode = code !== null && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : null;
  return byCode ?? BY_STATUS[status] ?? BY_STATUS[`${Math.floor(status / 100)}xx`] ?? OTHERWISE;
}

/** An answer other than 2xx. */
export class ApiError extends RequestError {
  readonly problem: Problem;
  /** The server wants no further request for so long, or null. */
  readonly hintMs: number | null;

  constructor(problem: Problem, hintMs: number | null = null) {
    const { status, code, missingScopes, requestId } = problem;
    const [what, remedy] = wordsOf(problem);
    const isKnown = code !== null && Object.hasOwn(BY_CODE, code);
    // An undocumented code is the server's text.
    const own = !isKnown && code !== null ? `code ${code}` : '';
    const missing = missingScopes.length > 0 ? `missing: ${missingScopes.join(', ')}` : '';
    const detail = problem.detail.replace(/\.$/, '');
    const isRepeated = what.toLowerCase().includes(detail.toLowerCase());
    const reported = joined('; ', own, !isRepeated && detail, missing);
    super(
      kindOf(problem),
      `${what} (${status}${isKnown ? ` ${code}` : ''})`,
      remedy,
      withRequest(reported && `Alloovium reported: ${reported}`, requestId),
      String(status),
    );
    this.problem = problem;
    this.hintMs = hintMs;
  }
}

/** A 500 or 505 is never sent again: the API keeps no 5xx for replay, so a second run could not be excluded. */
function kindOf({ status, code, isProblem }: Problem): FailureKind {
  if (status === 429) return 'limited';
  if (status === 409 && code === 'idempotency_in_progress') return 'locked';
  if ((status === 502 || status === 503) && !isProblem) return 'gateway';
  if (status === 408 || status === 425 || status === 504) return 'ambiguous';
  if (status < 500 || status === 501) return 'refused';
  return isProblem && status !== 500 && status !== 505 ? 'ambiguous' : 'ambiguous_final';
}

/** The ID of a request on a line of its own: it is for Alloovium's support, not for the reader. */
export function withRequest(text: string, requestId: string): string {
  return joined('\n', text, requestId === '' ? '' : `request ${requestId}`);
}

/** The bucket of the key is smaller than what a launch costs: no run can ever start with it. */
export class BucketTooSmallError extends RequestError {
  constructor(limit: number, cost: number) {
    super(
      'refused',
      `This API key cannot launch runs: a launch costs ${cost} tokens, and its bucket holds at most ${limit}${limit === 20 ? ' (the free tier)' : ''}`,
      'Use a key of the standard tier or above.',
    );
  }
}
