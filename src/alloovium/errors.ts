/** Errors of a request: what each means for the next attempt, and its remedy. The codes are those of the API's error page. */
import { StepError } from '../step-error.ts';
import { joinPresent } from '../text/format.ts';

/** Whether the API may have accepted the request, and whether it may be sent again. */
export type FailureKind =
  /** Not accepted; never sent again. */
  | 'rejected'
  /** Perhaps accepted; never sent again. */
  | 'ambiguous_final'
  /** Perhaps accepted; never sent again, since every poll of the run would fail the same way. */
  | 'of_the_run'
  /** No server was reached; may be sent again. */
  | 'unreached'
  /** No server was reached, because DNS has no such name; may be sent again. */
  | 'dns_not_found'
  /** 429; may be sent again. */
  | 'limited'
  /** 409: an earlier launch under the same key is in progress; may be sent again. */
  | 'locked'
  /** A gateway's 502 or 503 behind which the API may have accepted the request; may be sent again. */
  | 'gateway'
  /** Perhaps accepted; may be sent again. */
  | 'ambiguous'
  /** A 2xx that cannot be read, so perhaps accepted; may be sent again. */
  | 'unreadable';

/** A failed attempt. */
export class RequestError extends StepError {
  readonly kind: FailureKind;
  /** The result of the attempt in a word or two: `503`, `ECONNREFUSED`. */
  readonly word: string;

  constructor(kind: FailureKind, headline: string, remedy: string, detail = '', word = headline) {
    super(headline, remedy, detail);
    this.kind = kind;
    this.word = word;
  }
}

const CHECK_NETWORK = 'Check that the runner can reach the API (DNS, firewall, proxy). {again}';
const WRITE_LESS = 'Make the workflow write less into its outputs, then {new_run}';

export const CONNECTION = {
  /** No connection was made, so the request was not sent. */
  unreached: ['unreached', 'Alloovium could not be reached', CHECK_NETWORK],
  broken: ['ambiguous', 'the connection failed', CHECK_NETWORK],
  timeout: ['ambiguous', 'no complete answer came in time', CHECK_NETWORK],
  encoding: [
    'unreadable',
    'the answer is compressed, which the request does not allow',
    'Check the proxy between runner and API.',
  ],
  tls: [
    'rejected',
    "the server's certificate was not accepted",
    'Check `api_url` and the clock of the runner. Behind a proxy with its own CA, NODE_EXTRA_CA_CERTS must name a readable file that has it.',
  ],
  no_tls: ['rejected', 'the server does not speak TLS', 'Check `api_url`: its port must be one for HTTPS.'],
  proxy: [
    'rejected',
    'the proxy rejected the connection',
    'Check the address, user name and password in the proxy variables of the runner, and what the proxy lets through.',
  ],
  too_large: ['of_the_run', 'the answer is larger than 8 MiB', WRITE_LESS],
} as const satisfies Record<string, readonly [FailureKind, headline: string, remedy: string]>;

export type ConnectionFault = keyof typeof CONNECTION;

/** The connection failed before a complete answer arrived. */
export class ConnectionError extends RequestError {
  readonly fault: ConnectionFault;
  /** Node's code, e.g. `ECONNREFUSED`, `CERT_HAS_EXPIRED`; or the status with which a proxy rejected; or empty. */
  readonly code: string;

  constructor(fault: ConnectionFault, code = '') {
    const [defaultKind, headline, remedy] = CONNECTION[fault];
    const isTransient = fault === 'proxy' && code.startsWith('5');
    const kind =
      code === 'ENOTFOUND' && fault === 'unreached'
        ? 'dns_not_found'
        : isTransient
          ? 'unreached'
          : defaultKind;
    const word = code === '' ? headline : `${code}${fault === 'proxy' ? ' of the proxy' : ''}`;
    super(kind, code === '' ? headline : `${headline} (${code})`, remedy, '', word);
    this.fault = fault;
    this.code = code;
  }
}

const SHAPE = {
  unusable: [
    'unreadable',
    'Check `api_url` and any proxy between the runner and the API; if both are right, report it to Alloovium.',
  ],
  /** The answer is complete and describes another run. */
  other_run: ['unreadable', 'Report it to Alloovium.'],
  /** The answer to a launch names a run of another launch or workflow. */
  wrong_run: ['ambiguous_final', 'The action does not evaluate that run. Report it to Alloovium.'],
  web_page: ['unreadable', 'Is a proxy asking for a sign-in? Then let the runner through. If not, {again}'],
  /** The body exceeds one of the limits of `json.ts`. */
  over_cap: [
    'of_the_run',
    'Make the workflow write fewer and less deeply nested values into its outputs, then {new_run}',
  ],
  /** An object in the run's outputs has a key twice. */
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

/** The content of an answer other than 2xx (RFC 9457 problem details). Texts are untrusted and bounded. */
export interface Problem {
  readonly status: number;
  /** The API's stable code; null: the body has none. */
  readonly code: string | null;
  /** The API itself produced the error, not a gateway. */
  readonly isProblem: boolean;
  readonly detail: string;
  readonly requestId: string;
  readonly missingScopes: readonly string[];
}

type Description = readonly [headline: string, remedy: string];

const NEW_KEY =
  'Create a key in the Alloovium dashboard and store it as the secret that `api_key` reads. {new_key}';
const SEPARATE_KEY = `Give the job an API key of its own. ${NEW_KEY}`;
const CHECK_DECLARED =
  'Check that the workflow is enabled, and that `inputs` and `project_id` match the variables it declares.';
const TRY_AGAIN = '{again} If it happens again, report it to Alloovium.';
const CHECK_API_URL = 'Check that `api_url`, if you give it, is the API itself.';
const ASK_OWNER = "Ask the Alloovium account's owner to resolve it in the Alloovium dashboard.";
const INVALID = 'Alloovium rejected the request as invalid';

/** Headline and remedy by status, else by class of statuses. */
const BY_STATUS: Readonly<Record<string, Description>> = {
  '400': [INVALID, CHECK_DECLARED],
  '401': ['Alloovium did not accept the API key', SEPARATE_KEY],
  '403': ['access was denied', 'Check the scopes of the key and, where a proxy is in between, its rules.'],
  '404': [
    'the run was not found',
    'Check `workflow_id`, `project_id` and that the key belongs to the same Alloovium account.',
  ],
  '407': ['a proxy asks for credentials', "Check user name and password in the runner's proxy variables."],
  '409': ['Alloovium rejected the request, which conflicts with another', TRY_AGAIN],
  '413': ['the request is too large for Alloovium', 'Make `inputs` smaller.'],
  '422': [INVALID, CHECK_DECLARED],
  '429': [
    'the token bucket of the API key is empty',
    'Raise `timeout_minutes`, spread the jobs out, or use a key of a higher tier.',
  ],
  '3xx': ['the API answered with a redirect, which is never followed', CHECK_API_URL],
  '5xx': ['the API, or a gateway in front of it, failed', TRY_AGAIN],
};
const FALLBACK: Description = ['the API rejected the request', 'Check the inputs of the step.'];

/** Headline and remedy by documented code; null: those of its status. */
const BY_CODE: Readonly<Record<string, Description | null>> = {
  missing_api_key: [
    'the request arrived without an API key',
    'Check which proxy removes the Authorization header.',
  ],
  invalid_api_key: ['Alloovium does not know this API key', 'Check that the secret holds all 60 characters.'],
  invalid_token: ['Alloovium did not accept the credential', SEPARATE_KEY],
  api_key_revoked: ['the API key was revoked', NEW_KEY],
  api_key_expired: ['the API key has expired', NEW_KEY],
  user_inactive: ["the API key's user is inactive", "Activate the user, or use another user's key."],
  tenant_disabled: ['the Alloovium account is disabled', ASK_OWNER],
  payment_required: ['the Alloovium account has an unpaid bill or a used-up plan', ASK_OWNER],
  insufficient_scope: [
    'the API key lacks a scope',
    'Give the key the scopes `workflows:read` and `workflows:write`.',
  ],
  permission_denied: [
    "the API key's user is not allowed to do this",
    'Give the user access to workflow and project.',
  ],
  oauth_not_supported: ['OAuth credentials are read-only and cannot launch a run', SEPARATE_KEY],
  not_found: null,
  idempotency_key_reused: [
    'the idempotency key was already used for a launch with other inputs',
    'Leave out `idempotency_key`, or give each launch its own; another tool with the same API key may have used it.',
  ],
  idempotency_in_progress: [
    'an earlier launch under the same idempotency key is still being handled',
    TRY_AGAIN,
  ],
  validation_error: null,
  invalid_document_id: [INVALID, 'Check the document IDs in `inputs`.'],
  unsupported_file_type: [
    INVALID,
    'Check the types of the files that `inputs` and the project give to the workflow.',
  ],
  invalid_cursor: [INVALID, CHECK_API_URL],
  invalid_idempotency_key: [INVALID, 'Leave out `idempotency_key`, or give another.'],
  rate_limited: null,
  internal_error: ['Alloovium had an internal error', TRY_AGAIN],
  not_implemented: ['Alloovium does not support this request', CHECK_API_URL],
};

/** Returns headline and remedy of an answer other than 2xx. */
function describeProblem({ status, code }: Problem): Description {
  const byCode = code !== null && Object.hasOwn(BY_CODE, code) ? BY_CODE[code] : null;
  return byCode ?? BY_STATUS[status] ?? BY_STATUS[`${Math.floor(status / 100)}xx`] ?? FALLBACK;
}

/** An answer other than 2xx. */
export class ApiError extends RequestError {
  readonly problem: Problem;
  /** The server asks for no request for this many ms; null: it does not ask. */
  readonly hintMs: number | null;

  constructor(problem: Problem, hintMs: number | null = null) {
    const { status, code, missingScopes, requestId } = problem;
    const [what, remedy] = describeProblem(problem);
    const isKnown = code !== null && Object.hasOwn(BY_CODE, code);
    // An undocumented code is untrusted text.
    const unknownCode = !isKnown && code !== null ? `code ${code}` : '';
    const missing = missingScopes.length > 0 ? `missing: ${missingScopes.join(', ')}` : '';
    const detail = problem.detail.replace(/\.$/, '');
    const isRepeated = what.toLowerCase().includes(detail.toLowerCase());
    const reported = joinPresent('; ', unknownCode, !isRepeated && detail, missing);
    super(
      classifyProblem(problem),
      `${what} (${status}${isKnown ? ` ${code}` : ''})`,
      remedy,
      appendRequestId(reported && `Alloovium reported: ${reported}`, requestId),
      String(status),
    );
    this.problem = problem;
    this.hintMs = hintMs;
  }
}

/**
 * Returns whether the API may have accepted the request, and whether to retry. The API does not replay a 5xx, so a retry after a
 * 500 or 505 could start a second run.
 */
function classifyProblem({ status, code, isProblem }: Problem): FailureKind {
  if (status === 429) return 'limited';
  if (status === 409 && code === 'idempotency_in_progress') return 'locked';
  if ((status === 502 || status === 503) && !isProblem) return 'gateway';
  if (status === 408 || status === 425 || status === 504) return 'ambiguous';
  if (status < 500 || status === 501) return 'rejected';
  return isProblem && status !== 500 && status !== 505 ? 'ambiguous' : 'ambiguous_final';
}

/** Appends the request's ID on a separate line, since Alloovium's support asks for it. */
export function appendRequestId(text: string, requestId: string): string {
  return joinPresent('\n', text, requestId === '' ? '' : `request ${requestId}`);
}

/** The key's bucket is smaller than the cost of a launch, so this key can never start a run. */
export class BucketTooSmallError extends RequestError {
  constructor(limit: number, cost: number) {
    super(
      'rejected',
      `This API key cannot launch runs: a launch costs ${cost} tokens, and the key's bucket holds at most ${limit}${limit === 20 ? ' (the free tier)' : ''}`,
      'Use a key of the standard tier or above.',
    );
  }
}
