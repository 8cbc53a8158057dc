/**
 * What the API sends, turned into our types: unknown fields pass, a field that is not what it should be makes
 * the answer unusable. All text is redacted here, before anything else sees it, and stays untrusted.
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
import { shortText } from '../text/excerpt.ts';
import { redactJson } from '../text/redact.ts';

/** A run as one poll shows it. Every string is untrusted. */
export type Run = Readonly<ReturnType<typeof runOf>>;

/** What an answer's rate headers said of the key's token bucket. */
export type Bucket = Readonly<NonNullable<ReturnType<typeof bucketOf>>>;

export type WorkflowPage = ReturnType<typeof workflowPage>;

export type Redact = (text: string) => string;

/** What may be quoted, and handed to a shell without a thought. Known statuses are such words, and new ones will be. */
export const WORD = /^[A-Za-z_-]{1,64}$/;

/** @throws ResponseShapeError */
export function parseBody(answer: HttpAnswer, redact: Redact): JsonObject {
  let json: JsonValue;
  try {
    json = parseJson(answer.body);
  } catch (error) {
    const { message, overCap, repeated } = error as JsonError;
    if (repeated !== null) {
      // Nobody can say which of the two is meant; within the outputs the run has it so for good.
      const isOfOutputs = repeated.depth > 1;
      const what = `${isOfOutputs ? "the run's outputs have" : 'the answer has'} a key twice`;
      const detail = `it has ${JSON.stringify(shortText(redact(repeated.key), 100))} twice`;
      throw new ResponseShapeError(what, isOfOutputs ? 'key_twice' : 'unusable', detail);
    }
    if (!overCap && isWebPage(answer))
      throw new ResponseShapeError('the server answered with a web page, not the API', 'web_page');
    throw new ResponseShapeError(`the answer is not usable: ${message}`, overCap ? 'over_cap' : 'unusable');
  }
  if (!isJsonObject(json)) throw new ResponseShapeError('the answer is not a JSON object');
  return redactJson(json, redact) as JsonObject;
}

/** As a proxy's page for signing in, or a gateway's. */
function isWebPage({ headers, body }: HttpAnswer): boolean {
  const start = Buffer.from(body.subarray(0, 100)).toString('latin1');
  return body.length > 0 && (/\bhtml\b/i.test(headers.get('content-type') ?? '') || /^\W*</.test(start));
}

/** The status as the API gave it, or empty. @param workflowId the one that was launched @throws ResponseShapeError */
export function launchAnswer(body: JsonObject, workflowId: string): Pick<Run, 'runId' | 'status'> {
  const runId = idOf(body.run_id);
  if (runId === '') throw new ResponseShapeError('the answer to the launch has no usable `run_id`');
  checkWorkflow(stringOf(body.workflow_id) ?? '', workflowId, runId);
  return { runId, status: stringOf(body.status) ?? '' };
}

/** @param reported empty: the answer names none @throws ResponseShapeError */
export function checkWorkflow(reported: string, launched: string, runId: string): void {
  const what = 'the API gave a run of another workflow than the one launched';
  if (reported !== '' && reported !== launched)
    throw new ResponseShapeError(what, 'wrong_run', `run ${runId}`);
}

/** @throws ResponseShapeError */
export function runOf(body: JsonObject, runId: string) {
  const reported = stringOf(body.run_id);
  if (reported === null) throw new ResponseShapeError('the answer has no usable `run_id`');
  if (reported !== runId) throw new ResponseShapeError('the answer is about another run', 'other_run');
  const status = stringOf(body.status) ?? '';
  if (status === '') throw new ResponseShapeError('the answer has no usable `status`');
  const progress = finite(body.progress);
  const outputs: JsonValue | undefined = body.outputs;
  return {
    runId,
    workflowId: idOf(body.workflow_id),
    status,
    /** 0-100, or null where the API's value is no use. */
    progress: progress === null ? null : Math.min(100, Math.max(0, progress)),
    stage: stringOf(body.stage),
    /** undefined: the field is missing. */
    outputs,
    errorMessage: stringOf(body.error_message),
    /** ISO 8601, or empty. */
    startedAt: timeOf(body.started_at),
    completedAt: timeOf(body.completed_at),
    createdAt: timeOf(body.created_at),
  };
}

/** @throws ResponseShapeError */
export function workflowPage({ data, next_cursor: cursor, has_more: hasMore }: JsonObject) {
  if (data === undefined || !isList(data))
    throw new ResponseShapeError('the list of workflows has no `data`');
  return {
    workflows: data
      .filter(isJsonObject)
      .map((one) => ({ id: idOf(one.id), name: stringOf(one.name) ?? '', enabled: one.enabled === true }))
      .filter(({ id }) => id !== ''),
    /** null: there are no more. */
    nextCursor: hasMore === true && typeof cursor === 'string' && cursor !== '' ? cursor : null,
  };
}

/** Never throws: an error answer may be HTML from a gateway, cut, empty or hostile. */
export function problemOf(answer: HttpAnswer, redact: Redact) {
  let body: JsonObject = {};
  try {
    body = parseBody(answer, redact);
  } catch {
    // The status says enough.
  }
  const code = stringOf(body.code);
  const scopes = body.missing_scopes ?? [];
  return {
    status: answer.status,
    isProblem: code !== null || /\bproblem\+json\b/i.test(answer.headers.get('content-type') ?? ''),
    code: code !== null && /^[a-z][a-z0-9_]{0,63}$/.test(code) ? code : null,
    detail: oneLine(stringOf(body.detail) ?? stringOf(body.title) ?? '').slice(0, 500),
    requestId: idOf(body.request_id) || requestIdOf(answer.headers, redact),
    missingScopes: (isList(scopes) ? scopes : [])
      .filter((scope) => typeof scope === 'string')
      .slice(0, 10)
      .map((scope) => oneLine(scope).slice(0, 64)),
    retryAfterSeconds: finite(body.retry_after_seconds),
  };
}

/** Documented buckets are full in two minutes. */
const LONGEST_FILL_MS = 10 * 60_000;

/**
 * What a rate-limited answer says of the key's bucket; null where the headers are missing or nonsense.
 * @param clocks the server's and ours, ms since 1970: one by which the bucket is full much later than any is wrong
 */
export function bucketOf(headers: HttpAnswer['headers'], clocks: readonly number[]) {
  const [limit = null, remaining = null, reset = null] = ['limit', 'remaining', 'reset'].map((name) =>
    countIn(headers, `x-ratelimit-${name}`),
  );
  if (limit === null || remaining === null || reset === null || limit === 0 || remaining > limit) return null;
  const fullInMs = clocks.map((nowMs) => reset * 1000 - nowMs).find((ms) => ms <= LONGEST_FILL_MS) ?? 0;
  /** `fullInMs`: from the answer until the bucket is full; 0 also where that is not known. */
  return { limit, remaining, fullInMs: Math.max(0, fullInMs) };
}

/** The request's ID where a header has it, or empty. */
export function requestIdOf(headers: HttpAnswer['headers'], redact: Redact): string {
  return idOf(redact(headers.get('x-request-id') ?? ''));
}

/** Further lines of a server's would read as lines of ours. */
function oneLine(text: string): string {
  return text.trim().replace(/\s+/g, ' ');
}

/** The whole number that a header holds, or null. */
export function countIn(headers: HttpAnswer['headers'], name: string): number | null {
  const text = headers.get(name) ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

// No name that is read above is one that every object inherits.

function stringOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

function idOf(value: JsonValue | undefined): string {
  const id = stringOf(value) ?? '';
  return ID.test(id) ? id : '';
}

function timeOf(value: JsonValue | undefined): string {
  const time = stringOf(value) ?? '';
  const isTime = /^\d{4}-\d\d-\d\dT[\d:.]{5,20}(Z|[+-]\d\d:?\d\d)$/.test(time);
  return isTime && !Number.isNaN(Date.parse(time)) ? time : '';
}

function finite(value: JsonValue | undefined): number | null {
  const number = isExactNumber(value) ? Number(value.rawJSON) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
