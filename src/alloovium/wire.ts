/**
 * Parses the API's answers into types. Unknown fields are ignored; an invalid required field makes the answer unusable. All text
 * is redacted here, before other code sees it, and stays untrusted.
 */
import {
  ID,
  isExactNumber,
  isJsonObject,
  isList,
  JsonError,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../json.ts';
import { ResponseShapeError } from './errors.ts';
import type { HttpAnswer } from './transport.ts';
import { copyStart } from '../text/excerpt.ts';
import { redactJson } from '../text/redact.ts';

/** A run as shown by one poll. Every string is untrusted. */
export type Run = Readonly<ReturnType<typeof parseRun>>;

/** The key's token bucket by the rate headers of an answer. */
export type Bucket = Readonly<NonNullable<ReturnType<typeof parseBucket>>>;

export type WorkflowPage = ReturnType<typeof parseWorkflowPage>;

/** Replaces secrets in a text. */
export type Redact = (text: string) => string;

/** A word that is safe to quote and to pass to a shell, as all statuses are. */
export const WORD = /^[A-Za-z_-]{1,64}$/;

/** Parses the body of an answer and redacts it. @throws ResponseShapeError if it is not a JSON object within the limits */
export function parseBody(answer: HttpAnswer, redact: Redact): JsonObject {
  let json: JsonValue;
  try {
    json = parseJson(answer.body);
  } catch (error) {
    const { message, isOverLimit, repeated } = error as JsonError;
    if (repeated !== null) {
      // It is unclear which of the two values is meant. In the outputs, every later poll would have the same fault.
      const isOfOutputs = repeated.depth > 1;
      const what = `${isOfOutputs ? "the run's outputs have" : 'the answer has'} a key twice`;
      const detail = `it has ${JSON.stringify(copyStart(redact(repeated.key), 100))} twice`;
      throw new ResponseShapeError(what, isOfOutputs ? 'key_twice' : 'unusable', detail);
    }
    if (!isOverLimit && isWebPage(answer))
      throw new ResponseShapeError('the server answered with a web page, not the API', 'web_page');
    throw new ResponseShapeError(
      `the answer is not usable: ${message}`,
      isOverLimit ? 'over_cap' : 'unusable',
    );
  }
  if (!isJsonObject(json)) throw new ResponseShapeError('the answer is not a JSON object');
  return redactJson(json, redact) as JsonObject;
}

/** Is the answer HTML or other markup, such as a proxy's sign-in page or a gateway's error page? */
function isWebPage({ headers, body }: HttpAnswer): boolean {
  const start = Buffer.from(body.subarray(0, 100)).toString('latin1');
  return body.length > 0 && (/\bhtml\b/i.test(headers.get('content-type') ?? '') || /^\W*</.test(start));
}

/**
 * Parses the answer to a launch; the status may be empty.
 * @param workflowId the launched workflow
 * @throws ResponseShapeError if it has no run ID, or names another workflow
 */
export function parseLaunch(body: JsonObject, workflowId: string): Pick<Run, 'runId' | 'status'> {
  const runId = asId(body.run_id);
  if (runId === '') throw new ResponseShapeError('the answer to the launch has no usable `run_id`');
  checkWorkflow(asString(body.workflow_id) ?? '', workflowId, runId);
  return { runId, status: asString(body.status) ?? '' };
}

/**
 * Rejects a run of another workflow.
 * @param reported the answer's workflow ID; empty: it has none
 * @throws ResponseShapeError
 */
export function checkWorkflow(reported: string, launched: string, runId: string): void {
  const what = 'the API gave a run of another workflow than the one launched';
  if (reported !== '' && reported !== launched)
    throw new ResponseShapeError(what, 'wrong_run', `run ${runId}`);
}

/** Parses a poll's answer. @throws ResponseShapeError if its run ID differs from `runId`, or it has no status */
export function parseRun(body: JsonObject, runId: string) {
  const reported = asString(body.run_id);
  if (reported === null) throw new ResponseShapeError('the answer has no usable `run_id`');
  if (reported !== runId) throw new ResponseShapeError('the answer is about another run', 'other_run');
  const status = asString(body.status) ?? '';
  if (status === '') throw new ResponseShapeError('the answer has no usable `status`');
  const progress = asFiniteNumber(body.progress);
  const outputs: JsonValue | undefined = body.outputs;
  return {
    runId,
    workflowId: asId(body.workflow_id),
    status,
    /** 0 to 100; null: missing or not a number. */
    progress: progress === null ? null : Math.min(100, Math.max(0, progress)),
    stage: asString(body.stage),
    /** Any JSON; undefined: the field is missing. */
    outputs,
    errorMessage: asString(body.error_message),
    /** ISO 8601; empty: missing or invalid. */
    startedAt: asTime(body.started_at),
    completedAt: asTime(body.completed_at),
    createdAt: asTime(body.created_at),
  };
}

/** Parses one page of the list of workflows; entries without a usable ID are skipped. @throws ResponseShapeError if it has no list */
export function parseWorkflowPage({ data, next_cursor: cursor, has_more: hasMore }: JsonObject) {
  if (data === undefined || !isList(data))
    throw new ResponseShapeError('the list of workflows has no `data`');
  return {
    workflows: data
      .filter(isJsonObject)
      .map((one) => ({ id: asId(one.id), name: asString(one.name) ?? '', enabled: one.enabled === true }))
      .filter(({ id }) => id !== ''),
    /** null: this is the last page. */
    nextCursor: hasMore === true && typeof cursor === 'string' && cursor !== '' ? cursor : null,
  };
}

/** Parses an error's answer. Never throws: the body may be HTML from a gateway, truncated, empty or hostile. */
export function parseProblem(answer: HttpAnswer, redact: Redact) {
  let body: JsonObject = {};
  try {
    body = parseBody(answer, redact);
  } catch {
    // Without a usable body the status decides.
  }
  const code = asString(body.code);
  const scopes = body.missing_scopes ?? [];
  return {
    status: answer.status,
    isProblem: code !== null || /\bproblem\+json\b/i.test(answer.headers.get('content-type') ?? ''),
    code: code !== null && /^[a-z][a-z0-9_]{0,63}$/.test(code) ? code : null,
    detail: joinLines(asString(body.detail) ?? asString(body.title) ?? '').slice(0, 500),
    requestId: asId(body.request_id) || readRequestId(answer.headers, redact),
    missingScopes: (isList(scopes) ? scopes : [])
      .filter((scope) => typeof scope === 'string')
      .slice(0, 10)
      .map((scope) => joinLines(scope).slice(0, 64)),
    retryAfterSeconds: asFiniteNumber(body.retry_after_seconds),
  };
}

/** Documented buckets fill within two minutes; a longer time means a wrong clock. */
const MAX_FILL_MS = 10 * 60_000;

/**
 * Parses the rate headers; null if they are missing or invalid.
 * @param clocks the server's time, then this machine's, ms since 1970. The first one that gives a plausible fill time is used.
 */
export function parseBucket(headers: HttpAnswer['headers'], clocks: readonly number[]) {
  const limit = readWholeNumber(headers, 'x-ratelimit-limit');
  const remaining = readWholeNumber(headers, 'x-ratelimit-remaining');
  const reset = readWholeNumber(headers, 'x-ratelimit-reset');
  if (limit === null || remaining === null || reset === null || limit === 0 || remaining > limit) return null;
  const fullInMs = clocks.map((nowMs) => reset * 1000 - nowMs).find((ms) => ms <= MAX_FILL_MS) ?? 0;
  /** `fullInMs`: time from the answer until the bucket is full; 0 also if unknown. */
  return { limit, remaining, fullInMs: Math.max(0, fullInMs) };
}

/** Returns the request's ID from the header `X-Request-Id`; empty: missing or invalid. */
export function readRequestId(headers: HttpAnswer['headers'], redact: Redact): string {
  return asId(redact(headers.get('x-request-id') ?? ''));
}

/** Joins lines, since a second line of untrusted text could pass for a line of the action. */
function joinLines(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** Returns the header's value if it is a whole number; otherwise null. */
export function readWholeNumber(headers: HttpAnswer['headers'], name: string): number | null {
  const text = headers.get(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

// Objects inherit none of the names that are read above, so a missing field reads as undefined.

/** Returns the text; null: it is not a text. */
function asString(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** Returns an ID that is safe in URLs and outputs; empty: it is missing or invalid. */
function asId(value: JsonValue | undefined): string {
  const id = asString(value) ?? '';
  return ID.test(id) ? id : '';
}

/** Returns an ISO 8601 time; empty: it is missing or invalid. */
function asTime(value: JsonValue | undefined): string {
  const time = asString(value) ?? '';
  const isTime = /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(Z|[+-]\d\d:?\d\d)$/.test(time);
  return isTime && !Number.isNaN(Date.parse(time)) ? time : '';
}

/** Returns the number; null: it is not a finite number. */
function asFiniteNumber(value: JsonValue | undefined): number | null {
  const number = isExactNumber(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
