/** The API's state: keys, token buckets, runs, and the stored answer of each idempotency key. */
import { COSTS, jsonResult, problemResult, runIdOf, withCommonHeaders, type CallResult, type Problem } from './api-messages.ts';
import { createBucket, TIERS, type Bucket, type BucketSize, type Tier } from './bucket.ts';
import type { Answer, ErrorCode, ScriptedFault } from './faults.ts';
import { DAY_MS, type Run } from './journal.ts';
import { steadyLifecycle, type Lifecycle, type StateAt } from './run-lifecycle.ts';
import { DISABLED_WORKFLOW, TEST_KEY, WORKFLOW, type Workflow } from './vendor-example.ts';

/** A key; its fields may be changed while the simulator runs. */
export interface Key {
  /** Refuse every request with this code (of 401, 402 or 403). */
  refuse: ErrorCode | null;
  scopes: readonly string[];
  tier: Tier;
  /** Replaces the tier's size. */
  bucketSize: BucketSize | null;
}

const DEFAULT_KEY: Key = { refuse: null, scopes: ['workflows:read', 'workflows:write'], tier: 'pro', bucketSize: null };

/** What a launch asked for. */
export interface Launch extends Omit<Run, 'id' | 'createdAt' | 'isUnstored'> {
  /** The number of this run, from 1. */
  readonly count: number;
}

export interface ApiModelOptions {
  /** Default: one test key on the pro tier with both scopes. */
  readonly keys?: Readonly<Record<string, Partial<Key>>>;
  readonly workflows?: readonly Workflow[];
  /** Project IDs that exist; default: any. An unknown one is 404, like an unknown workflow. */
  readonly projects?: readonly string[];
  readonly lifecycle?: Lifecycle | ((launch: Launch) => Lifecycle | StateAt);
  readonly faults?: readonly ScriptedFault[];
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

/** What the API keeps for an idempotency key. */
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
  readonly lifecycle: Lifecycle | StateAt;
}

export type ApiState = ReturnType<typeof createState>;

export function createState(given: ApiModelOptions) {
  const { workflows = [WORKFLOW, DISABLED_WORKFLOW], lockMs = 60_000, lockHint = () => 2, epoch = 0 } = given;
  const keys = new Map<string, Key>(
    Object.entries(given.keys ?? { [TEST_KEY]: {} }).map(([name, key]) => [name, { ...DEFAULT_KEY, ...key }]),
  );
  const runs = new Map<string, StoredRun>();
  const records = new Map<string, IdempotencyRecord>();
  const buckets = new Map<string, Bucket>();
  /** Includes runs whose launch is still in progress. */
  let runCount = 0;
  let problemCount = 0;
  const dateOf = (at: number): number => epoch + at;

  function bucketOf(apiKey: string, now: number): Bucket {
    const { bucketSize, tier } = keys.get(apiKey) ?? DEFAULT_KEY;
    const size = bucketSize ?? TIERS[tier];
    const known = buckets.get(apiKey);
    if (known?.size === size) return known;
    const bucket = createBucket(size, now);
    buckets.set(apiKey, bucket);
    return bucket;
  }

  function addCommonHeaders(result: CallResult, apiKey: string | null, now: number): Answer {
    const bucket = apiKey !== null && keys.has(apiKey) ? bucketOf(apiKey, now) : createBucket(TIERS.free, now);
    return withCommonHeaders(result, bucket, now, dateOf(now));
  }

  /** Adds a run, and keeps the answer to its launch: status, headers and body are replayed as they were. Returns that answer. */
  function addRun(run: StoredRun, digest: string | null): CallResult {
    runs.set(run.id, run);
    const body = { run_id: run.id, workflow_id: run.workflowId, status: 'pending', started_at: null };
    const result = { ...jsonResult(201, body, COSTS.launch), runId: run.id };
    if (run.idempotencyKey === null || run.isUnstored) return result;
    const { headers } = addCommonHeaders(result, run.apiKey, run.createdAt);
    const replay = { ...result, headers: { ...(headers as Record<string, string>), 'Idempotent-Replayed': 'true' } };
    const expiresAt = run.createdAt + DAY_MS;
    records.set(slotOf(run.apiKey, run.idempotencyKey), { digest, expiresAt, doneAt: run.createdAt, answer: replay });
    return result;
  }

  return {
    options: { ...given, workflows, lockMs, lockHint },
    keys,
    runs,
    records,
    /** Counts one more run and returns its number. */
    countRun: () => ++runCount,
    problem: (what: Problem): CallResult => problemResult(what, ++problemCount),
    dateOf,
    bucketOf,
    addCommonHeaders,
    addRun,
    addEarlierRun: (run: NewRun, now: number): StoredRun => {
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
      };
      addRun(added, null);
      return added;
    },
  };
}

/** The key of a record: each API key has its own idempotency keys. */
export function slotOf(apiKey: string, idempotencyKey: string): string {
  return `${apiKey} ${idempotencyKey}`;
}
