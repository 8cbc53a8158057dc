/** Makes the idempotency keys of an intent, so that one intent has one run. Pure. */
import { hash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';

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

/** Returns the key of an intent: at most 255 characters of `A-Z a-z 0-9 _ -`, whatever the order of object keys. */
export function createIntentKey({ keyScope, repository, workflowId, projectId, inputs }: Intent): string {
  const digest = hash('sha256', canonicalJson([repository, workflowId, projectId, inputs]));
  // The digest has a fixed length and is last, so that two intents never share a key.
  return `gha_${keyScope}_${digest.slice(0, 32)}`;
}

/** Which keys the n-th attempt of a job run tries: those of the attempts before it and then its own, or one that no other has. */
interface Rerun {
  readonly onRerun: 'resume' | 'fresh';
  readonly workflowRunId: string;
  /** From 1. */
  readonly attempt: number;
}

/** Returns the keys of an intent that a job tries, in order. */
export function listKeys(intent: Intent, { onRerun, workflowRunId, attempt }: Rerun): string[] {
  const key = createIntentKey(intent);
  if (onRerun === 'fresh' && attempt > 1) return [`${key}_run-${workflowRunId}-${attempt}`];
  return Array.from({ length: attempt }, (_, nth) => (nth === 0 ? key : `${key}_${nth + 1}`));
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
