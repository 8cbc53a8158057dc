/** What went wrong with a request: its kind, by status or connection error, decides what follows; its code has words. */

type FailureKind =
  /** It reached nobody: no run, and it is sent again until the deadline. */
  | 'unreached'
  /** The API may have accepted it: a launch is sent five times at most. */
  | 'maybe'
  /** The API failed over it and may have accepted it: a launch ends. */
  | 'failed'
  /** Refused: no run, and a launch ends. */
  | 'rejected'
  /** 401: ends all requests of the step. */
  | 'unauthorised'
  /** An answer that no repetition makes usable: ends the order. */
  | 'unusable';

const CONNECTION_CODES = {
  no_connection: 'unreached',
  unknown_host: 'unreached',
  certificate: 'rejected',
  proxy_refused: 'rejected',
  connection_lost: 'maybe',
  timeout: 'maybe',
  unreadable: 'maybe',
  web_page: 'maybe',
  wrong_run: 'maybe',
  too_large: 'maybe',
  wrong_workflow: 'unusable',
  run_of_other_key: 'unusable',
} as const satisfies Record<string, FailureKind>;

export type ConnectionCode = keyof typeof CONNECTION_CODES;

export type ErrorCode =
  | ConnectionCode
  | 'redirected'
  | 'invalid_key'
  | 'key_revoked'
  | 'key_expired'
  | 'account_disabled'
  | 'payment_required'
  | 'missing_scopes'
  | 'forbidden'
  | 'not_found'
  | 'key_reused'
  | 'locked'
  | 'invalid_request'
  | 'rate_limited'
  | 'bucket_too_small'
  /** A 5xx of the API itself, which keeps no such answer for replay. */
  | 'server_error'
  /** A 5xx, 408 or 425 of whoever is between. */
  | 'unavailable'
  | 'not_implemented'
  | 'rejected';

/** A request that failed. */
export interface RequestFailure {
  readonly kind: FailureKind;
  readonly code: ErrorCode;
  /** Of HTTP; null: there was no answer. */
  readonly status: number | null;
  /** What the server or Node says, in one line, redacted: untrusted, may be empty. */
  readonly detail: string;
  /** Empty: none. */
  readonly requestId: string;
  readonly missingScopes: readonly string[];
  /** null: the answer does not say. */
  readonly retryAfterMs: number | null;
}

export class RequestError extends Error {
  readonly failure: RequestFailure;

  constructor(failure: RequestFailure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** May the API have accepted a launch that failed like this? */
export function mayHaveStarted({ kind, code }: RequestFailure): boolean {
  return kind === 'maybe' || kind === 'failed' || kind === 'unusable' || code === 'locked';
}

/** A failure without a status, or with the 2xx of an answer that cannot be used. */
export function connectionError(code: ConnectionCode, more: Partial<RequestFailure> = {}): RequestError {
  return new RequestError({
    kind: CONNECTION_CODES[code],
    code,
    status: null,
    detail: '',
    requestId: '',
    missingScopes: [],
    retryAfterMs: null,
    ...more,
  });
}

/** The content of an answer other than 2xx. */
interface HttpProblem {
  /** The API itself wrote it: `application/problem+json`. */
  readonly isProblem: boolean;
  /** The API's code; empty: none. */
  readonly apiCode: string;
  readonly detail: string;
  readonly requestId: string;
  readonly missingScopes: readonly string[];
}

/** The failure that an answer other than 2xx means. @param cannotPay the key's bucket is smaller than the cost of a launch */
export function problemError(
  status: number,
  { isProblem, apiCode, ...texts }: HttpProblem,
  retryAfterMs: number | null,
  cannotPay: boolean,
): RequestError {
  const code = cannotPay ? 'bucket_too_small' : codeOfStatus(status, apiCode, isProblem);
  return new RequestError({
    kind: cannotPay ? 'rejected' : kindOfStatus(status, code, isProblem),
    code,
    status,
    ...texts,
    retryAfterMs,
  });
}

function kindOfStatus(status: number, code: ErrorCode, isProblem: boolean): FailureKind {
  if (status === 401) return 'unauthorised';
  if (status === 429 || code === 'locked') return 'unreached';
  if ((status === 502 || status === 503) && !isProblem) return 'unreached';
  if (status === 408 || status === 425) return 'maybe';
  if (status < 500 || status === 501) return 'rejected';
  return status === 500 || status === 505 ? 'failed' : 'maybe';
}

const API_CODES: ReadonlyMap<string, ErrorCode> = new Map([
  ['api_key_revoked', 'key_revoked'],
  ['api_key_expired', 'key_expired'],
  ['user_inactive', 'account_disabled'],
  ['tenant_disabled', 'account_disabled'],
  ['insufficient_scope', 'missing_scopes'],
  ['idempotency_in_progress', 'locked'],
  ['invalid_idempotency_key', 'key_reused'],
]);

const STATUS_CODES: Readonly<Partial<Record<number, ErrorCode>>> = {
  400: 'invalid_request',
  401: 'invalid_key',
  402: 'payment_required',
  403: 'forbidden',
  404: 'not_found',
  407: 'proxy_refused',
  408: 'unavailable',
  409: 'key_reused',
  422: 'invalid_request',
  425: 'unavailable',
  429: 'rate_limited',
  501: 'not_implemented',
};

/** The other codes of the API say no more than their status. */
function codeOfStatus(status: number, apiCode: string, isProblem: boolean): ErrorCode {
  const code = status < 500 ? API_CODES.get(apiCode) : undefined;
  const byClass =
    status < 400 ? 'redirected' : status < 500 ? 'rejected' : isProblem ? 'server_error' : 'unavailable';
  return code ?? STATUS_CODES[status] ?? byClass;
}
