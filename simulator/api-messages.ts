/** The API's messages: what a request asks for, and the bodies of its answers. Pure functions. */
import { createHash } from 'node:crypto';
import type { Bucket } from './bucket.ts';
import { ERRORS, type Answer, type ErrorCode } from './faults.ts';
import type { Call, Run } from './journal.ts';
import type { Lifecycle, LifecycleStep, StateAt } from './run-lifecycle.ts';
import type { Workflow } from './vendor-example.ts';

export const COSTS = { launch: 25, poll: 1, list: 1, me: 1, other: 1 } as const satisfies Record<Call, number>;
const TERMINAL = ['completed', 'failed', 'cancelled'];

export function callOf(method: string, url: string): Call {
  const path = url.split('?')[0]!;
  if (method === 'POST' && /^\/api\/v2\/workflows\/[^/]+\/runs$/.test(path)) return 'launch';
  if (method === 'GET' && /^\/api\/v2\/workflows\/runs\/[^/]+$/.test(path)) return 'poll';
  if (method === 'GET' && path === '/api/v2/workflows') return 'list';
  return method === 'GET' && path === '/api/v2/me' ? 'me' : 'other';
}

/** The n-th segment of a path, from 0 (which is empty); empty where it is not well encoded. */
export function pathSegment(path: string, nth: number): string {
  try {
    return decodeURIComponent(path.split('?')[0]!.split('/')[nth] ?? '');
  } catch {
    return '';
  }
}

/** The body of a launch, or what is wrong with it. */
export function readLaunch(bytes: Buffer): { inputs: unknown; projectId: string | null } | string {
  let body: unknown;
  try {
    body = bytes.length === 0 ? {} : JSON.parse(bytes.toString());
  } catch {
    return 'The body is not JSON.';
  }
  if (!isMap(body)) return 'The body must be an object.';
  const { inputs = {}, project_id = null, ...others } = body;
  const unknown = Object.keys(others);
  if (unknown.length > 0) return `Unknown fields: ${unknown.join(', ')}.`;
  if (!isMap(inputs)) return 'inputs must be an object.';
  if (project_id !== null && typeof project_id !== 'string') return 'project_id must be a string.';
  return { inputs, projectId: project_id };
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The result of a call, without the headers that every answer has. */
export interface CallResult {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: Record<string, string>;
  readonly cost: number;
  readonly runId?: string;
  readonly isReplay?: boolean;
}

export function jsonResult(status: number, body: unknown, cost: number): CallResult {
  return { status, body: Buffer.from(JSON.stringify(body)), headers: { 'Content-Type': 'application/json' }, cost };
}

/** An error answer of the API. */
export interface Problem {
  readonly code: ErrorCode;
  /** Default: the error's title. */
  readonly detail?: string;
  /** Default 0. */
  readonly cost?: number;
  readonly fields?: Record<string, unknown>;
  readonly headers?: Record<string, string>;
}

/** @param nth number of this problem, from 1; it becomes the request ID */
export function problemResult({ code, detail, cost = 0, fields, headers }: Problem, nth: number): CallResult {
  const [status, title] = ERRORS[code];
  const request_id = `req_${String(nth).padStart(8, '0')}`;
  const type = `https://docs.alloovium.com/errors/${code}`;
  return {
    ...jsonResult(status, { type, title, status, detail: detail ?? `${title}.`, code, request_id, ...fields }, cost),
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  };
}

/** Adds the headers that every answer has; a replay has them already. @param now in ms since 1970 */
export function withCommonHeaders(
  { status, headers, body, cost, isReplay }: CallResult,
  bucket: Bucket,
  now: number,
  date: number,
): Answer {
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
      'X-RateLimit-Cost': String(cost),
    },
    body,
  };
}

/** A page of workflows, or what is wrong with the query. A cursor is the number of the first workflow of its page. */
export function workflowPage(workflows: readonly Workflow[], path: string): object | Problem {
  const query = new URL(path, 'http://simulator').searchParams;
  const limit = query.get('limit') ?? '25';
  if (!/^-?\d+$/.test(limit)) return { code: 'validation_error', detail: 'limit must be a whole number.' };
  const cursor = query.get('cursor') ?? 'at_0';
  const start = Number(/^at_(\d+)$/.exec(cursor)?.[1]);
  if (Number.isNaN(start)) return { code: 'invalid_cursor', detail: 'The cursor is not one of ours.' };
  const end = start + Math.min(100, Math.max(1, Number(limit)));
  const has_more = end < workflows.length;
  return { data: workflows.slice(start, end), next_cursor: has_more ? `at_${end}` : null, has_more };
}

/**
 * The body of a poll: all steps of the run's lifecycle up to now, later ones over earlier ones, or the state that the lifecycle
 * returns for this moment. `raw` replaces it.
 * @param dateOf converts a moment to ms since 1970
 */
export function viewRun(
  run: Run & { readonly lifecycle: Lifecycle | StateAt },
  now: number,
  dateOf: (at: number) => number,
): { body: Record<string, unknown>; raw: LifecycleStep['raw'] } {
  const { lifecycle, createdAt } = run;
  const iso = (elapsedMs: number): string => `${new Date(dateOf(createdAt + elapsedMs)).toISOString().slice(0, 19)}+00:00`;
  const body: Record<string, unknown> = {
    run_id: run.id,
    workflow_id: run.workflowId,
    status: 'pending',
    progress: 0,
    stage: null,
    inputs: run.inputs,
    outputs: null,
    error_message: null,
    started_at: null,
    completed_at: null,
    created_at: iso(0),
  };
  if (typeof lifecycle === 'function') return { raw: undefined, body: { ...body, ...lifecycle(now - createdAt, iso) } };
  const passed = lifecycle.filter((step) => createdAt + step.atMs <= now);
  const started = passed.find(({ status }) => status !== undefined && status !== 'pending');
  const completed = passed.find(({ status }) => TERMINAL.includes(status as string));
  body.started_at = started === undefined ? null : iso(started.atMs);
  body.completed_at = completed === undefined ? null : iso(completed.atMs);
  const isField = ([name]: readonly [string, unknown]): boolean => name !== 'atMs' && name !== 'raw';
  for (const step of passed) Object.assign(body, Object.fromEntries(Object.entries(step).filter(isField)));
  return { raw: passed.at(-1)?.raw, body };
}

/** The ID of the n-th run, from 1: the first is the one on the vendor's page, the others differ from their first letter on. */
export function runIdOf(nth: number): string {
  if (nth === 1) return 'run_c1d2e3f4-a5b6-4c7d-8e9f-0a1b2c3d4e5f';
  const hex = createHash('sha256')
    .update(`run ${nth - 1}`)
    .digest('hex');
  return `run_${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
