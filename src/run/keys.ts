/** Makes idempotency keys, so that one intent has one run. Pure. */
import { hash } from 'node:crypto';
import { canonicalJson, type JsonObject } from '../json.ts';

export interface Intent {
  /**
   * When the run is wanted: the commit, alone or with the GitHub workflow run (and with `on_rerun: fresh` its attempt), or the user's
   * `idempotency_key`. `A-Z a-z 0-9 _ -`, at most 100 characters.
   */
  readonly keyScope: string;
  /** `owner/name` */
  readonly repository: string;
  readonly workflowId: string;
  /** Empty: no project. */
  readonly projectId: string;
  readonly inputs: JsonObject;
}

/** Returns the key of an intent: at most 255 characters of `A-Z a-z 0-9 _ -`. The order of object keys does not matter. */
export function createIntentKey({ keyScope, repository, workflowId, projectId, inputs }: Intent): string {
  const digest = hash('sha256', canonicalJson([repository, workflowId, projectId, inputs]));
  // The digest has a fixed length and stands last, so two intents never share a key.
  return `gha_${keyScope}_${digest.slice(0, 32)}`;
}

/** Returns the keys that an attempt of a GitHub workflow run tries, in order: those of the attempts before it, then its own. */
export function listKeys(intent: Intent, attempt: number): string[] {
  const key = createIntentKey(intent);
  return Array.from({ length: attempt }, (_, nth) => (nth === 0 ? key : `${key}_${nth + 1}`));
}

/** Returns the JSON body of the request that starts a run: the same bytes for the same intent. */
export function createLaunchBody({ projectId, inputs }: Pick<Intent, 'projectId' | 'inputs'>): string {
  return canonicalJson({
    ...(Object.keys(inputs).length === 0 ? {} : { inputs }),
    ...(projectId === '' ? {} : { project_id: projectId }),
  });
}
