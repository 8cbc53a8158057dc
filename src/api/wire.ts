/** Parses the API's answers. Unknown fields pass. All text is redacted before other code sees it, and stays untrusted. */
import { isUtf8 } from 'node:buffer';
import { isExactNumber, isJsonObject, isList, parseJson, type JsonObject, type JsonValue } from '../json.ts';
import { redactJson } from '../text/redact.ts';
import { connectionError } from './errors.ts';

export type Redact = (text: string) => string;

/** A run as one status check shows it. Every text is untrusted. */
export interface Run {
  readonly runId: string;
  /** Empty: the answer names no workflow. */
  readonly workflowId: string;
  readonly status: string;
  /** 0 to 100 */
  readonly progress: number | null;
  readonly stage: string;
  /** undefined: the field is missing. */
  readonly outputs: JsonValue | undefined;
  readonly errorMessage: string;
  readonly startedAt: string;
  readonly completedAt: string;
}

/** Has the run ended? A run with an undocumented status has not. */
export function isEnded<T extends Pick<Run, 'status'>>(
  run: T,
): run is T & { readonly status: 'completed' | 'failed' | 'cancelled' } {
  return ['completed', 'failed', 'cancelled'].includes(run.status);
}

/** @throws RequestError the body is not a JSON object, or has too many values */
export function parseBody(body: Uint8Array, redact: Redact): { json: JsonObject; hasSecret: boolean } {
  if (countValues(body) > MAX_VALUES) throw connectionError('too_large');
  const text = new TextDecoder().decode(body);
  let parsed: JsonValue;
  try {
    parsed = parseJson(text);
  } catch {
    throw connectionError(/^\s*</.test(text) ? 'web_page' : 'unreadable');
  }
  if (!isUtf8(body) || !isJsonObject(parsed) || isDeeper(parsed, MAX_DEPTH))
    throw connectionError('unreadable');
  const json = redactJson(parsed, redact) as JsonObject;
  // Without a secret in it, the same object comes back.
  return { json, hasSecret: json !== parsed };
}

/** An answer with more values is not even parsed, which bounds time and memory. */
const MAX_VALUES = 300_000;
const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = Buffer.from('"\\,[{');

/** Counts the values of a JSON text without parsing it: outside strings, a comma or an opening bracket precedes each. */
function countValues(body: Uint8Array): number {
  let count = 1;
  let isInString = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (byte === QUOTE) isInString = !isInString;
    else if (isInString && byte === BACKSLASH) at++;
    else if (!isInString && (byte === COMMA || byte === BRACKET || byte === BRACE)) count++;
  }
  return count;
}

/** Deeper data would overflow the stack of whatever walks through it. */
const MAX_DEPTH = 100;

function isDeeper(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one as JsonValue, levels - 1));
}

/** @throws RequestError it has no run ID, or one of another workflow */
export function parseLaunch(json: JsonObject, workflowId: string): Pick<Run, 'runId' | 'status'> {
  const runId = readId(json.run_id);
  if (runId === '') throw connectionError('unreadable');
  checkWorkflow(readId(json.workflow_id), workflowId, runId);
  return { runId, status: readText(json.status) };
}

/** @param reported, expected empty: not known. @throws RequestError they differ */
export function checkWorkflow(reported: string, expected: string, runId: string): void {
  if (reported !== '' && expected !== '' && reported !== expected)
    throw connectionError('wrong_workflow', { detail: runId });
}

/** @throws RequestError it has no status, or is about another run */
export function parseRun(json: JsonObject, runId: string): Run {
  const status = readText(json.status);
  if (status === '') throw connectionError('unreadable');
  if (json.run_id !== runId) throw connectionError('wrong_run');
  const progress = readNumber(json.progress);
  return {
    runId,
    workflowId: readId(json.workflow_id),
    status,
    progress: progress === null ? null : Math.min(100, Math.max(0, progress)),
    stage: readText(json.stage),
    outputs: json.outputs,
    errorMessage: readText(json.error_message),
    startedAt: readTime(json.started_at),
    completedAt: readTime(json.completed_at),
  };
}

/** @throws RequestError it has no list */
export function parseWorkflows({ data }: JsonObject) {
  if (!isList(data)) throw connectionError('unreadable');
  const workflows = data.filter(isJsonObject).map((one) => ({
    id: readId(one.id),
    name: readText(one.name),
    enabled: one.enabled === true,
  }));
  return { workflows: workflows.filter(({ id }) => id !== '') };
}

/** Reads the body of an error, which may be HTML, torn, empty or hostile. Without a usable one the status decides. */
export function parseProblem(body: Uint8Array, headers: ReadonlyMap<string, string>, redact: Redact) {
  let json: JsonObject = {};
  try {
    ({ json } = parseBody(body, redact));
  } catch {
    // The status decides.
  }
  const scopes = isList(json.missing_scopes) ? json.missing_scopes : [];
  return {
    isProblem: readText(json.code) !== '' || (headers.get('content-type') ?? '').includes('problem+json'),
    apiCode: toLine(readText(json.code), 64),
    detail: toLine(readText(json.detail) || readText(json.title), 500),
    requestId: readId(json.request_id),
    missingScopes: scopes.slice(0, 10).map((scope) => toLine(readText(scope), 64)),
    retryAfterSeconds: readNumber(json.retry_after_seconds),
  };
}

/**
 * Returns the longest wait that the server asks for, in header (seconds or a date) or body; null: none.
 * @param nowMs by the server's clock, in ms since 1970
 */
export function parseRetryAfter(header: string, bodySeconds: number | null, nowMs: number): number | null {
  const inHeader = /^\s*\d+(\.\d+)?\s*$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs;
  const waits = [inHeader, (bodySeconds ?? NaN) * 1000].filter((ms) => !Number.isNaN(ms));
  if (waits.length === 0) return null;
  return Math.ceil(Math.max(0, ...waits));
}

/** @returns null: the header is missing or not an integer */
export function readHeaderNumber(headers: ReadonlyMap<string, string>, name: string): number | null {
  const text = headers.get(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function toLine(text: string, maxLength: number): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, maxLength);
}

function readText(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Returns the ID if it is safe in URLs, outputs and logs, else an empty text. */
function readId(value: JsonValue | undefined): string {
  const id = readText(value);
  return /^[A-Za-z0-9][\w.-]{0,127}$/.test(id) ? id : '';
}

function readTime(value: JsonValue | undefined): string {
  const time = readText(value);
  return /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(Z|[+-]\d\d:?\d\d)$/.test(time) && !Number.isNaN(Date.parse(time))
    ? time
    : '';
}

function readNumber(value: JsonValue | undefined): number | null {
  const number = isExactNumber(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
