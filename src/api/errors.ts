/** Makes the failures of requests. */
import type { ErrorCode, RequestFailure } from '../outcome.ts';

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
} as const satisfies Partial<Record<ErrorCode, RequestFailure['kind']>>;

export type ConnectionCode = keyof typeof CONNECTION_CODES;

export class RequestError extends Error {
  readonly failure: RequestFailure;

  constructor(failure: RequestFailure) {
    super(failure.code);
    this.failure = failure;
  }
}

/** May the API have started a run? */
export function mayHaveStarted({ kind, code }: RequestFailure): boolean {
  return kind === 'maybe' || kind === 'failed' || kind === 'unusable' || code === 'locked';
}

/** May the API have started a run that the idempotency key does not find? It replays only 2xx answers. */
export function isUnkept({ kind, code }: RequestFailure): boolean {
  return kind === 'failed' || code === 'server_error';
}

/** Returns a failure without a status, or with the 2xx of an answer that cannot be used. */
export function connectionError(code: ConnectionCode, more: Partial<RequestFailure> = {}): RequestError {
  return new RequestError({
    kind: CONNECTION_CODES[code],
    code,
    status: null,
    apiCode: '',
    detail: '',
    requestId: '',
    missingScopes: [],
    retryAfterMs: null,
    ...more,
  });
}

/**
 * Returns the failure of an answer other than 2xx.
 * @param isProblem the API itself wrote it: `application/problem+json` @param cannotPay the rate limit is smaller than the cost of a start
 */
export function problemError(
  status: number,
  isProblem: boolean,
  texts: Pick<RequestFailure, 'apiCode' | 'detail' | 'requestId' | 'missingScopes'>,
  retryAfterMs: number | null,
  cannotPay: boolean,
): RequestError {
  const code = cannotPay ? 'bucket_too_small' : codeOfStatus(status, texts.apiCode, isProblem);
  return new RequestError({
    kind: cannotPay ? 'rejected' : kindOfStatus(status, code, isProblem),
    code,
    status,
    ...texts,
    retryAfterMs,
  });
}

function kindOfStatus(status: number, code: ErrorCode, isProblem: boolean): RequestFailure['kind'] {
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

/** Returns our code. The API's other codes say no more than their status. */
function codeOfStatus(status: number, apiCode: string, isProblem: boolean): ErrorCode {
  const code = status < 500 ? API_CODES.get(apiCode) : undefined;
  const byClass =
    status < 400 ? 'redirected' : status < 500 ? 'rejected' : isProblem ? 'server_error' : 'unavailable';
  return code ?? STATUS_CODES[status] ?? byClass;
}
