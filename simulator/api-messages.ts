/** Parses requests to the API and builds the bodies of its answers. Pure functions. */
import { createHash } from 'node:crypto';
import { isTerminal } from '../src/alloovium/statuses.ts';
import type { Problem } from './answers.ts';
import type { Call, Run } from './journal.ts';
import type { Lifecycle, LifecycleStep, StateAt } from './run-lifecycle.ts';
import type { Workflow } from './vendor-example.ts';

export const COSTS = { launch: 25, poll: 1, list: 1, me: 1, other: 1 } as const satisfies Record<
  Call,
  number
>;

export function callOf(method: string, url: string): Call {
  const path = url.split('?')[0]!;
  if (method === 'POST' && /^\/api\/v2\/workflows\/[^/]+\/runs$/.test(path)) return 'launch';
  if (method === 'GET' && /^\/api\/v2\/workflows\/runs\/[^/]+$/.test(path)) return 'poll';
  if (method === 'GET' && path === '/api/v2/workflows') return 'list';
  if (method === 'GET' && path === '/api/v2/me') return 'me';
  return 'other';
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
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return 'The body must be an object.';
  const { inputs = {}, project_id = null, ...unmatched } = body as Record<string, unknown>;
  const unknown = Object.keys(unmatched);
  if (unknown.length > 0) return `Unknown fields: ${unknown.join(', ')}.`;
  if (typeof inputs !== 'object' || inputs === null || Array.isArray(inputs))
    return 'inputs must be an object.';
  if (project_id !== null && typeof project_id !== 'string') return 'project_id must be a string.';
  return { inputs, projectId: project_id };
}

interface Page {
  readonly data: readonly Workflow[];
  readonly next_cursor: string | null;
  readonly has_more: boolean;
}

/** A page of workflows, or what is wrong with the query. */
export function workflowPage(workflows: readonly Workflow[], path: string): Page | Omit<Problem, 'cost'> {
  const query = new URL(path, 'http://simulator').searchParams;
  const limit = query.get('limit') ?? '25';
  if (!/^-?\d+$/.test(limit)) return { code: 'validation_error', detail: 'limit must be a whole number.' };
  const start = cursorStart(query.get('cursor'));
  if (start === null) return { code: 'invalid_cursor', detail: 'The cursor is not one of ours.' };
  const end = start + Math.min(100, Math.max(1, Number(limit)));
  const has_more = end < workflows.length;
  const next_cursor = has_more ? Buffer.from(JSON.stringify({ at: end })).toString('base64url') : null;
  return { data: workflows.slice(start, end), next_cursor, has_more };
}

/** Where a page starts; null for a cursor that the simulator did not issue. */
function cursorStart(cursor: string | null): number | null {
  if (cursor === null || cursor === '') return 0;
  if (Buffer.byteLength(cursor) > 1024) return null;
  try {
    const { at } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as { at?: unknown };
    return Number.isSafeInteger(at) && (at as number) > 0 ? (at as number) : null;
  } catch {
    return null;
  }
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
  const iso = (elapsedMs: number): string => isoOf(dateOf(createdAt + elapsedMs));
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
  if (typeof lifecycle === 'function')
    return { raw: undefined, body: Object.assign(body, lifecycle(now - createdAt, iso)) };
  const passed = lifecycle.filter((step) => createdAt + step.atMs <= now);
  const timeOf = (found: LifecycleStep | undefined): string | null =>
    found === undefined ? null : iso(found.atMs);
  body.started_at = timeOf(passed.find((step) => step.status !== undefined && step.status !== 'pending'));
  body.completed_at = timeOf(
    passed.find((step) => typeof step.status === 'string' && isTerminal(step.status)),
  );
  for (const step of passed) {
    for (const [name, value] of Object.entries(step)) {
      if (name !== 'atMs' && name !== 'raw') body[name] = value;
    }
  }
  return { raw: passed.at(-1)?.raw, body };
}

/** The vendor's format of times: whole seconds with an offset. */
function isoOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
}

/** The ID of the n-th run, from 1. */
export function runIdOf(nth: number): string {
  // The first ID is the one on the vendor's page; the others differ from their first letter on, as real ones do.
  const hex =
    nth === 1
      ? 'c1d2e3f4a5b64c7d8e9f0a1b2c3d4e5f'
      : createHash('sha256')
          .update(`run ${nth - 1}`)
          .digest('hex');
  return `run_${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
