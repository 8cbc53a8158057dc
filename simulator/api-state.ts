/** The API's state: keys, token buckets, runs, and the stored answer of each idempotency key. */
import { withCommonHeaders, launchResult, problemResult, type CallResult, type Problem } from './answers.ts';
import { createBucket, TIERS, type Bucket } from './bucket.ts';
import { COSTS, runIdOf } from './api-messages.ts';
import type { Answer, ScriptedFault } from './faults.ts';
import type { Run } from './journal.ts';
import { DEFAULT_KEY, type Key } from './keys.ts';
import { steadyLifecycle, type Lifecycle, type StateAt } from './run-lifecycle.ts';
import { DISABLED_WORKFLOW, TEST_KEY, WORKFLOW, type Workflow } from './vendor-example.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
export const LOCK_MS = 60_000;

/** What a launch asked for. */
export interface Launch extends Omit<Run, 'id' | 'createdAt' | 'isUnstored'> {
  /** The number of this run, from 1. */
  readonly count: number;
}

export interface ApiModelOptions {
  /** Default: one test key on the pro tier with both scopes. */
  readonly keys?: Readonly<Record<string, Partial<Key>>>;
  readonly workflows?: readonly Workflow[];
  /** Tenant of all workflows. */
  readonly tenant?: string;
  /** Project IDs that exist; default: any. An unknown one is 404, like an unknown workflow. */
  readonly projects?: readonly string[];
  /** Workflow IDs that cannot run without a project. */
  readonly workflowsNeedingProject?: readonly string[];
  readonly lifecycle?: Lifecycle | ((launch: Launch) => Lifecycle | StateAt);
  readonly faults?: readonly ScriptedFault[];
  /** Success of a launch; the vendor does not say which 2xx. */
  readonly launchStatus?: number;
  /** Cost of a replayed answer in tokens; the vendor does not document it. Default 25. */
  readonly replayCost?: number;
  /** Whether a refused call (429) is charged too; the vendor does not document it. */
  readonly chargeRefusals?: boolean;
  /** How long a first request locks its key at most; default: the vendor's 60 s. */
  readonly lockMs?: number;
  /** `Retry-After` in seconds of a launch whose key stays locked for `leftMs`; default: always 2. */
  readonly lockHint?: (leftMs: number) => number;
  /** Default: IDs in the vendor's form. */
  readonly runId?: (launch: Launch) => string;
  /** The wall-clock time at `now` = 0, in ms since 1970; default 0. */
  readonly epoch?: number;
}

/** A run that existed before; a launch with its idempotency key finds it, whatever the body. */
export interface NewRun extends Partial<Omit<Run, 'createdAt' | 'isUnstored'>> {
  readonly ageMs?: number;
  readonly lifecycle?: Lifecycle | StateAt;
}

/** The record that the API stores for an idempotency key. */
export interface IdempotencyRecord {
  /** Digest of the first request; null: matches any. */
  readonly digest: string | null;
  readonly expiresAt: number;
  /** When the first request is expected to be handled. */
  readonly doneAt: number;
  /** null while the first request is being handled. */
  readonly answer: CallResult | null;
}

export interface StoredRun extends Run {
  readonly tenant: string;
  readonly lifecycle: Lifecycle | StateAt;
}

export type ApiState = ReturnType<typeof createState>;

export function createState(given: ApiModelOptions) {
  const {
    workflows = [WORKFLOW, DISABLED_WORKFLOW],
    tenant = DEFAULT_KEY.tenant,
    replayCost = COSTS.launch,
    lockMs = LOCK_MS,
    lockHint = () => 2,
    launchStatus = 201,
    epoch = 0,
  } = given;
  const options = { ...given, workflows, tenant, replayCost, lockMs, lockHint, launchStatus };
  const keys = new Map<string, Key>(
    Object.entries(given.keys ?? { [TEST_KEY]: {} }).map(([name, key]) => [
      name,
      { ...DEFAULT_KEY, scopes: [...DEFAULT_KEY.scopes], ...key },
    ]),
  );
  const runs = new Map<string, StoredRun>();
  const records = new Map<string, IdempotencyRecord>();
  const buckets = new Map<string, Bucket>();
  /** Includes runs whose launch is still in progress. */
  let runCount = 0;
  let problemCount = 0;
  const dateOf = (at: number): number => epoch + at;

  function bucketOf(apiKey: string, now: number): Bucket {
    const key = keys.get(apiKey) ?? DEFAULT_KEY;
    const size = key.bucketSize ?? TIERS[key.tier];
    let bucket = buckets.get(apiKey);
    if (bucket?.size !== size) {
      bucket = createBucket(size, now);
      buckets.set(apiKey, bucket);
    }
    return bucket;
  }

  function addCommonHeaders(outcome: CallResult, apiKey: string | null, now: number): Answer {
    const isKnown = apiKey !== null && keys.has(apiKey);
    const bucket = isKnown ? bucketOf(apiKey, now) : createBucket(TIERS.free, now);
    return withCommonHeaders(outcome, bucket, now, dateOf(now));
  }

  /** The answer to replay: status, headers and body unchanged, so that `Date` and the rate headers are those of the first answer. */
  function replayOf(outcome: CallResult, apiKey: string, at: number): CallResult {
    const headers = { ...addCommonHeaders(outcome, apiKey, at).headers, 'Idempotent-Replayed': 'true' };
    return { ...outcome, headers };
  }

  /** The record of an idempotency key, unless it has expired. */
  function findRecord(slot: string, now: number): IdempotencyRecord | undefined {
    const found = records.get(slot);
    if (found === undefined || now < found.expiresAt) return found;
    records.delete(slot);
    return undefined;
  }

  /** Replaces a lock by its answer, or removes it, unless it has expired and another launch has the key. */
  function settle(slot: string, lock: IdempotencyRecord, answer: CallResult | null, now: number): void {
    if (records.get(slot) !== lock) return;
    if (answer === null) records.delete(slot);
    else records.set(slot, { ...lock, expiresAt: now + DAY_MS, answer });
  }

  function addRun(run: NewRun, now: number): StoredRun {
    const added: StoredRun = {
      id: runIdOf(++runCount),
      workflowId: WORKFLOW.id,
      projectId: null,
      inputs: {},
      apiKey: [...keys.keys()][0]!,
      idempotencyKey: null,
      lifecycle: steadyLifecycle(),
      ...run,
      createdAt: now - (run.ageMs ?? 0),
      isUnstored: false,
      tenant,
    };
    runs.set(added.id, added);
    if (added.idempotencyKey !== null) {
      const outcome = launchResult(launchStatus, added.id, added.workflowId, COSTS.launch);
      const answer = replayOf(outcome, added.apiKey, added.createdAt);
      const slot = slotOf(added.apiKey, added.idempotencyKey);
      records.set(slot, { digest: null, expiresAt: added.createdAt + DAY_MS, doneAt: now, answer });
    }
    return added;
  }

  return {
    options,
    keys,
    runs,
    records,
    /** Counts one more run and returns its number. */
    countRun: () => ++runCount,
    problem: (what: Problem): CallResult => problemResult(what, ++problemCount),
    dateOf,
    bucketOf,
    addCommonHeaders,
    replayOf,
    findRecord,
    settle,
    addRun,
  };
}

/** The key of a record: each API key has its own idempotency keys. */
export function slotOf(apiKey: string, idempotencyKey: string | null): string {
  return `${apiKey} ${idempotencyKey ?? ''}`;
}
