/** One intent, one run: what an idempotency key stands for, and what a re-run of the job does with the keys. Pure. */
import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

export interface Intent {
  /** The commit, the commit and the job run, or what the user gave in their stead: `A-Z a-z 0-9 _ -`, at most 100 characters. */
  readonly when: string;
  /** `owner/name` */
  readonly repository: string;
  readonly workflowId: string;
  /** Empty: none. */
  readonly projectId: string;
  readonly inputs: JsonObject;
}

/** The same for the same intent, whatever the order of keys; at most 255 of `A-Z a-z 0-9 _ -`, nothing secret in it. */
export function intentKey({ when, repository, workflowId, projectId, inputs }: Intent): string {
  const digest = createHash('sha256').update(canonicalJson([repository, workflowId, projectId, inputs]));
  // Of fixed length and at the end, so that no two intents spell one key.
  return `gha_${when}_${digest.digest('hex').slice(0, 32)}`;
}

/** The launch's body: the same bytes for the same intent. */
export function launchBody({ projectId, inputs }: Pick<Intent, 'projectId' | 'inputs'>): string {
  return canonicalJson({
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    ...(projectId === '' ? {} : { project_id: projectId }),
  });
}

/** JSON with the keys of every object in an order of their own: whole numbers by size, then code units. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_key, part: JsonValue) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

/** At most so many keys are walked on re-runs: each stands for a run that was paid for and ended red. */
export const MAX_KEYS = 20;

/** The keys of a re-run with `on_rerun: resume`, in the order in which they are launched under. */
export function resumeKeys(key: string): string[] {
  return Array.from({ length: MAX_KEYS }, (_, index) => (index === 0 ? key : `${key}_${index + 1}`));
}

/** The only key of a re-run with `on_rerun: fresh`. */
export function freshKey(key: string, jobRunId: string, attempt: number): string {
  return `${key}_run-${jobRunId}-${attempt}`;
}

/** A run created so shortly before we began is taken for one that this attempt of the job started. */
const CLOCK_ALLOWANCE_MS = 2_000;

/** Was the run created since this attempt of the job began? By the server's clock; `createdAt`: ISO 8601, empty (not known) counts as older. */
export function isOfThisAttempt(createdAt: string, beganAtMs: number): boolean {
  return Date.parse(createdAt) >= beganAtMs - CLOCK_ALLOWANCE_MS;
}
