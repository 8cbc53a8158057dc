/** The API's own answers, before a fault changes them. */
import type { Bucket } from './bucket.ts';
import { ERRORS, type Answer, type ErrorCode } from './faults.ts';

/** An answer before the headers that every one has. */
export interface Outcome {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly cost: number;
  readonly runId?: string;
  readonly replayed?: boolean;
}

/** An error of the API's own. */
export interface Problem {
  readonly code: ErrorCode;
  /** Default: what stands in `DETAILS`. */
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

export function json(status: number, body: unknown, cost: number): Outcome {
  const headers = { 'Content-Type': 'application/json' };
  return { status, body: Buffer.from(JSON.stringify(body)), headers, cost };
}

/** The answer to a launch. */
export function launched(status: number, runId: string, workflowId: string, cost: number): Outcome {
  const body = { run_id: runId, workflow_id: workflowId, status: 'pending', started_at: null };
  return { ...json(status, body, cost), runId };
}

/** @param nth of all problems, from 1: the request ID */
export function refused({ code, cost = 0, fields, headers, ...more }: Problem, nth: number): Outcome {
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

/** With the headers that every answer has; a replay has all that it needs. @param date of the moment `now` in ms since 1970 */
export function dressed(outcome: Outcome, bucket: Bucket, now: number, date: number): Answer {
  const { status, headers, body, replayed } = outcome;
  if (replayed === true) return { status, headers, body };
  const { burst } = bucket.size;
  return {
    status,
    headers: {
      Date: new Date(date).toUTCString(),
      ...headers,
      'X-RateLimit-Limit': String(burst),
      'X-RateLimit-Remaining': String(Math.floor(bucket.remaining(now) + 1e-6)),
      'X-RateLimit-Reset': String(Math.ceil((date + bucket.waitFor(burst, now)) / 1000)),
      'X-RateLimit-Cost': String(outcome.cost),
    },
    body,
  };
}
