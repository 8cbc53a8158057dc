/** Makes the idempotency key of an intent, so that one intent has one run, and the keys that a re-run of the job uses. Pure. */
import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

export interface Intent {
  /** The commit, the commit and the job run, or the user's `idempotency_key`: `A-Z a-z 0-9 _ -`, at most 100 characters. */
  readonly keyScope: string;
  /** `owner/name` */
  readonly repository: string;
  readonly workflowId: string;
  /** Empty: none. */
  readonly projectId: string;
  readonly inputs: JsonObject;
}

/**
 * Returns the idempotency key of an intent; the order of object keys does not matter. At most 255 characters of `A-Z a-z 0-9 _
 * -`, without secrets.
 */
export function createIntentKey({ keyScope, repository, workflowId, projectId, inputs }: Intent): string {
  const digest = createHash('sha256').update(canonicalJson([repository, workflowId, projectId, inputs]));
  // The digest has a fixed length and is last, so that two intents never share a key.
  return `gha_${keyScope}_${digest.digest('hex').slice(0, 32)}`;
}

/** Returns the JSON body of the launch: the same bytes for the same intent. */
export function createLaunchBody({ projectId, inputs }: Pick<Intent, 'projectId' | 'inputs'>): string {
  return canonicalJson({
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    ...(projectId === '' ? {} : { project_id: projectId }),
  });
}

/** Returns JSON with sorted object keys: whole numbers by value, then the rest by UTF-16 code units. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_key, part: JsonValue) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** Limit for the keys that a re-run tries; each earlier key belongs to a paid run that ended red. */
export const MAX_RERUN_KEYS = 20;

/**
 * Returns the idempotency keys of a re-run with `on_rerun: resume`, in the order in which they are tried: each belongs to the run
 * after one that ended red.
 */
export function createResumeKeys(key: string): string[] {
  return Array.from({ length: MAX_RERUN_KEYS }, (_, index) => (index === 0 ? key : `${key}_${index + 1}`));
}

/** Returns the idempotency key of a re-run with `on_rerun: fresh`, which differs for each attempt of the job. */
export function createFreshKey(key: string, jobRunId: string, attempt: number): string {
  return `${key}_run-${jobRunId}-${attempt}`;
}

/** The clocks of server and runner may differ by this much. */
const CLOCK_TOLERANCE_MS = 2_000;

/**
 * May this attempt of the job have created the run?
 * @param createdAt ISO 8601 by the server; empty (unknown) counts as older
 * @param beganAtMs when this attempt began, by the server's clock, ms since 1970
 */
export function isOfThisAttempt(createdAt: string, beganAtMs: number): boolean {
  return Date.parse(createdAt) >= beganAtMs - CLOCK_TOLERANCE_MS;
}
