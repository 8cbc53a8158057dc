/** What can go wrong with the API, and what to do about it. Codes: the API's error page. */
import { StepError } from '../step-error.ts';
import { duration } from '../text/words.ts';

export type ConnectionFault =
  /** There was no connection to send the request over. */
  | 'unreached'
  /** The connection broke before the whole answer was here. Whether the request arrived is unknown. */
  | 'broken'
  /** The attempt's time ran out. Whether the request arrived is unknown. */
  | 'timeout'
  /** The answer was compressed although we asked for none. */
  | 'encoding'
  /** The server's certificate, or it speaks no TLS. */
  | 'tls'
  /** A proxy that refuses us. */
  | 'proxy'
  /** The body is larger than we read. */
  | 'too_large';

const REACH = 'Check that the runner can reach the API (DNS, firewall, proxy), then re-run the job.';
const CONNECTION: Record<ConnectionFault, readonly [headline: string, remedy: string]> = {
  unreached: ['Alloovium could not be reached', REACH],
  broken: ['the connection failed', REACH],
  timeout: [
    'no whole answer came in time',
    'Re-run the job; if it happens again, check the network between runner and API.',
  ],
  encoding: [
    'the answer was compressed although none was asked for',
    'Check the proxy between runner and API.',
  ],
  tls: [
    "the server's certificate was not accepted",
    'Check `api_url` and the clock of the runner; behind a proxy with its own CA, set NODE_EXTRA_CA_CERTS to its file.',
  ],
  proxy: [
    'the proxy refused the connection',
    'Check the address, user name and password in the proxy variables of the runner, and what the proxy lets through.',
  ],
  too_large: ['the answer is larger than 8 MiB', 'Make the workflow write less into its outputs.'],
};

/** The exchange did not bring an answer. */
export class ConnectionError extends StepError {
  readonly fault: ConnectionFault;
  /** Node's code, e.g. `ECONNREFUSED`, `CERT_HAS_EXPIRED`; the status of a proxy's refusal; or empty. */
  readonly code: string;

  constructor(fault: ConnectionFault, code = '') {
    const [headline, remedy] = CONNECTION[fault];
    super(code === '' ? headline : `${headline} (${code})`, remedy);
    this.fault = fault;
    this.code = code;
  }
}

/** What is wrong with a 2xx answer. */
export type ShapeFault =
  | 'unusable'
  /** The answer is whole and tells of another run. */
  | 'other_run'
  | 'web_page'
  /** Over one of the caps of `json.ts`. */
  | 'over_cap'
  /** In the run's outputs. */
  | 'key_twice';

const SHAPE: Record<ShapeFault, string> = {
  unusable:
    'Check `api_url` and what stands between the runner and the API; if both are right, report it to Alloovium.',
  other_run: 'Report it to Alloovium.',
  web_page: 'Is a proxy asking for a sign-in?',
  over_cap: 'Make the workflow write less into its outputs.',
  key_twice: 'Make the workflow write each key once.',
};

/** A 2xx answer that is not what the API documents. */
export class ResponseShapeError extends StepError {
  readonly fault: ShapeFault;

  constructor(
    what: string,
    { fault = 'unusable', detail = '' }: { readonly fault?: ShapeFault; readonly detail?: string } = {},
  ) {
    super(what, SHAPE[fault], detail);
    this.fault = fault;
  }
}

/** Would the API say the same of this run whenever it is asked? */
export function isOfTheRun(error: StepError): boolean {
  if (error instanceof ConnectionError) return error.fault === 'too_large';
  return error instanceof ResponseShapeError && (error.fault === 'over_cap' || error.fault === 'key_twice');
}

/** The answer to a launch names a run that cannot be the one that was asked for. */
export class WrongRunError extends StepError {
  constructor(what: string, runId: string) {
    super(what, 'Nothing is judged by it. Report it to Alloovium.', `run ${runId}`);
  }
}

/** What an answer other than 2xx said. Texts are untrusted and bounded. */
export interface Problem {
  readonly status: number;
  /** The API's stable code, or null: not problem+json, or none in it. */
  readonly code: string | null;
  /** It is an error of the API's own; left out: a gateway's. */
  readonly isProblem?: boolean;
  readonly detail: string;
  readonly requestId: string;
  readonly missingScopes: readonly string[];
}

const NEW_KEY = 'Create a key in the Alloovium dashboard and store it as the secret that `api_key` reads.';
const AUTH = 'Give the job an API key of its own: ' + NEW_KEY;

/** For each documented code: what it means for who runs the job, and what to do. */
const BY_CODE: Readonly<Record<string, readonly [headline: string, remedy: string]>> = {
  missing_api_key: [
    'the request carried no API key',
    'Check that nothing between runner and API strips the Authorization header.',
  ],
  invalid_api_key: [
    'Alloovium does not know this API key',
    'Check that the secret holds the whole key (60 characters, `ak_live_…` or `ak_test_…`) of this environment.',
  ],
  invalid_token: ['Alloovium did not accept the credential', AUTH],
  api_key_revoked: ['the API key was revoked', NEW_KEY],
  api_key_expired: ['the API key has expired', NEW_KEY],
  user_inactive: [
    'the user that owns the API key is inactive',
    "Ask an administrator to activate the key's user, or use another user's key.",
  ],
  tenant_disabled: [
    'the Alloovium account is disabled',
    "Ask the Alloovium account's owner to contact Alloovium.",
  ],
  payment_required: [
    'the Alloovium account has an unpaid bill or used-up plan',
    "Ask the Alloovium account's owner to resolve it in the Alloovium dashboard.",
  ],
  insufficient_scope: [
    'the API key lacks a scope',
    'Give the key the scopes `workflows:read` and `workflows:write` in the Alloovium dashboard.',
  ],
  permission_denied: [
    "the API key's user may not do this",
    'Give the user access to the workflow and the project.',
  ],
  oauth_not_supported: ['OAuth credentials are read-only and cannot launch a run', AUTH],
  not_found: [
    'not found',
    'Check `workflow_id`, `project_id` and that the key belongs to the same Alloovium account.',
  ],
  idempotency_key_reused: [
    'the idempotency key is taken by a launch with other inputs',
    'Leave out `idempotency_key`, or give each launch its own; another tool with the same API key may have used it.',
  ],
  idempotency_in_progress: [
    'an earlier launch under the same key is still being handled',
    'Re-run the job in a few minutes.',
  ],
  validation_error: [
    'Alloovium refused the request as invalid',
    'Check that the workflow is enabled, and that `inputs` and `project_id` match the variables it declares.',
  ],
  invalid_cursor: ['the list of workflows could not be paged', 'Re-run the job.'],
  invalid_idempotency_key: [
    'Alloovium refused the idempotency key',
    'Leave out `idempotency_key` or choose another.',
  ],
  rate_limited: [
    'the token bucket of the API key is empty',
    'Raise `timeout_minutes`, spread the jobs out, or use a key of a higher tier.',
  ],
  internal_error: [
    'Alloovium had an internal error',
    'Re-run the job; if it happens again, give the request ID to Alloovium.',
  ],
  not_implemented: ['Alloovium does not offer this call', 'Check `api_url`.'],
  invalid_document_id: [
    'Alloovium does not accept a document ID in the inputs',
    'Check the document IDs in `inputs`.',
  ],
  unsupported_file_type: [
    'Alloovium does not support a file type in the inputs',
    'Check the documents that `inputs` names.',
  ],
};

function byStatus(status: number): readonly [headline: string, remedy: string] {
  if (status >= 300 && status < 400)
    return [
      'the API answered with a redirect, which is never followed',
      'Check `api_url`: it must be the API itself.',
    ];
  if (status === 401) return ['Alloovium did not accept the API key', AUTH];
  if (status === 403)
    return ['access was denied', 'Check the scopes of the key and, where a proxy is in between, its rules.'];
  if (status === 404) return BY_CODE.not_found ?? ['not found', ''];
  if (status === 407)
    return [
      'a proxy asks for credentials',
      'Check the user name and password in the proxy variables of the runner.',
    ];
  if (status === 429) return BY_CODE.rate_limited ?? ['rate limited', ''];
  if (status >= 500)
    return [
      'the API or a gateway before it failed',
      'Re-run the job; if it happens again, look at the status of Alloovium.',
    ];
  return ['the API refused the request', 'Check the inputs of the step.'];
}

/** An answer other than 2xx. */
export class ApiError extends StepError {
  readonly problem: Problem;
  /** The server wants no further request for so long, or null. */
  readonly hintMs: number | null;

  constructor(problem: Problem, hintMs: number | null = null) {
    const known =
      problem.code !== null && Object.hasOwn(BY_CODE, problem.code) ? BY_CODE[problem.code] : undefined;
    const [what, remedy] = known ?? byStatus(problem.status);
    // An undocumented code is the server's text: it goes with the detail.
    const headline = `${what} (${problem.status}${known ? ` ${problem.code ?? ''}` : ''})`;
    const detail = [
      !known && problem.code !== null ? `code ${problem.code}` : '',
      problem.detail.replace(/\.$/, ''),
      problem.missingScopes.length > 0 ? `missing: ${problem.missingScopes.join(', ')}` : '',
    ];
    super(headline, remedy, withRequest(detail.filter((part) => part !== '').join('; '), problem.requestId));
    this.problem = problem;
    this.hintMs = hintMs;
  }
}

/** The ID of a request on a line of its own: it is for Alloovium's support, not for the reader. */
export function withRequest(text: string, requestId: string): string {
  return [text, requestId === '' ? '' : `request ${requestId}`].filter((part) => part !== '').join('\n');
}

/** A launch was sent as often as it may be. */
export class NoAnswerError extends StepError {
  constructor(last: StepError, elapsedMs: number) {
    super(
      `Alloovium gave no usable answer for ${duration(elapsedMs)} (last: ${wordFor(last)})`,
      '',
      last.detail,
    );
    this.cause = last;
  }
}

/** What an attempt came to, in a word or two: `503`, `ECONNREFUSED`. */
export function wordFor(error: StepError): string {
  if (error instanceof ApiError) return String(error.problem.status);
  if (error instanceof ConnectionError && error.fault === 'proxy') return `${error.code} of the proxy`;
  if (error instanceof ConnectionError && error.code !== '') return error.code;
  return error.headline;
}

/** The bucket of the key is smaller than what a launch costs: no run can ever start with it. */
export class BucketTooSmallError extends StepError {
  constructor(limit: number, cost: number) {
    super(
      `This API key cannot launch runs: a launch costs ${cost} tokens, and its bucket holds at most ${limit}${limit === 20 ? ' (the free tier)' : ''}`,
      'Use a key of the standard tier or above.',
    );
  }
}
