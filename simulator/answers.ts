/** The answers of the simulated API, before a fault changes them. */
import type { Bucket } from './bucket.ts';
import { ERRORS, type Answer, type ErrorCode } from './faults.ts';

/** The result of a call, without the headers that every answer has. */
export interface CallResult {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly cost: number;
  readonly runId?: string;
  readonly isReplay?: boolean;
}

/** An error answer of the API. */
export interface Problem {
  readonly code: ErrorCode;
  /** Default: the text in `DETAILS`. */
  readonly detail?: string;
  /** Default 0. */
  readonly cost?: number;
  readonly fields?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

const DETAILS: Partial<Record<ErrorCode, string>> = {
  api_key_revoked: 'The API key was revoked.',
  api_key_expired: 'The API key has expired.',
  user_inactive: 'The user that owns the key is inactive.',
  tenant_disabled: 'The tenant is disabled.',
  payment_required: 'The plan has no credit left.',
  permission_denied: 'The user may not run this workflow.',
  internal_error: 'Something went wrong on our side.',
  rate_limited: 'Too many requests.',
  idempotency_in_progress: 'The first request with this key is still being handled.',
};

export function jsonResult(status: number, body: unknown, cost: number): CallResult {
  const headers = { 'Content-Type': 'application/json' };
  return { status, body: Buffer.from(JSON.stringify(body)), headers, cost };
}

/** The answer to a launch. */
export function launchResult(status: number, runId: string, workflowId: string, cost: number): CallResult {
  const body = { run_id: runId, workflow_id: workflowId, status: 'pending', started_at: null };
  return { ...jsonResult(status, body, cost), runId };
}

/** @param nth number of this problem, from 1; it becomes the request ID */
export function problemResult(
  { code, cost = 0, fields, headers, ...more }: Problem,
  nth: number,
): CallResult {
  const [status, title] = ERRORS[code];
  const detail = more.detail ?? DETAILS[code] ?? 'The request was refused.';
  const request_id = `req_${String(nth).padStart(8, '0')}`;
  const type = `https://docs.alloovium.com/errors/${code}`;
  return {
    status,
    body: Buffer.from(JSON.stringify({ type, title, status, detail, code, request_id, ...fields })),
    headers: { 'Content-Type': 'application/problem+json', ...headers },
    cost,
  };
}

/** Adds the headers that every answer has; a replay has them already. @param date the moment `now`, in ms since 1970 */
export function withCommonHeaders(outcome: CallResult, bucket: Bucket, now: number, date: number): Answer {
  const { status, headers, body, isReplay } = outcome;
  if (isReplay === true) return { status, headers, body };
  const { burst } = bucket.size;
  return {
    status,
    headers: {
      Date: new Date(date).toUTCString(),
      ...headers,
      'X-RateLimit-Limit': String(burst),
      'X-RateLimit-Remaining': String(Math.floor(bucket.remaining(now) + 1e-6)),
      'X-RateLimit-Reset': String(Math.ceil((date + bucket.msUntil(burst, now)) / 1000)),
      'X-RateLimit-Cost': String(outcome.cost),
    },
    body,
  };
}
