/** What the API keeps: keys, token buckets, runs, and what was answered under each idempotency key. */
import { dressed, launched, refused, type Outcome, type Problem } from './answers.ts';
import { createBucket, TIERS, type Bucket } from './bucket.ts';
import { COSTS, runIdOf } from './calls.ts';
import type { Answer, Scripted } from './faults.ts';
import type { Run } from './journal.ts';
import { A_KEY, type Key } from './keys.ts';
import {
  DISABLED_WORKFLOW,
  steadyCourse,
  TEST_KEY,
  WORKFLOW,
  type Course,
  type Sight,
  type Workflow,
} from './seed.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
export const LOCK_MS = 60_000;

/** What a launch asked for. */
export interface Launch extends Omit<Run, 'id' | 'createdAt' | 'unkept'> {
  /** From 1: how many runs there are with this one. */
  readonly count: number;
}

export interface WorldOptions {
  /** Default: one test key on the pro tier with both scopes. */
  readonly keys?: Readonly<Record<string, Partial<Key>>>;
  readonly workflows?: readonly Workflow[];
  /** Tenant of all workflows. */
  readonly tenant?: string;
  /** Project IDs that exist; default: any. An unknown one is 404, like an unknown workflow. */
  readonly projects?: readonly string[];
  /** Workflow IDs that cannot run without a project. */
  readonly projectNeeded?: readonly string[];
  readonly course?: Course | ((launch: Launch) => Course | Sight);
  readonly faults?: readonly Scripted[];
  /** Success of a launch; the vendor does not say which 2xx. */
  readonly launchStatus?: number;
  /** Tokens for an answer out of the idempotency store; the vendor does not say. Default 25. */
  readonly replayCost?: number;
  /** Whether a 429 empties the bucket by its cost all the same; the vendor does not say. */
  readonly chargeRefusals?: boolean;
  /** How long a first request holds its key at most; default: the vendor's 60 s. */
  readonly lockMs?: number;
  /** `Retry-After` of a launch whose key is locked for so long still, in seconds; default: 2, whatever is left. */
  readonly lockHint?: (leftMs: number) => number;
  /** Default: IDs in the vendor's form. */
  readonly runId?: (launch: Launch) => string;
  /** What `now` must be counted from, in ms since 1970; default 0. */
  readonly epoch?: number;
}

/** A run that was there before; a launch under its idempotency key finds it, whatever the body. */
export interface NewRun extends Partial<Omit<Run, 'createdAt' | 'unkept'>> {
  readonly ageMs?: number;
  readonly course?: Course | Sight;
}

/** What is kept under an idempotency key. */
export interface Kept {
  /** Of the first request; null: any is the same. */
  readonly digest: string | null;
  /** When it no longer counts. */
  readonly until: number;
  /** When the first request will have been handled, as far as known. */
  readonly doneAt: number;
  /** null while the first request is being handled. */
  readonly answer: Outcome | null;
}

export interface LiveRun extends Run {
  readonly tenant: string;
  readonly course: Course | Sight;
}

export type ApiState = ReturnType<typeof createState>;

export function createState(given: WorldOptions) {
  const {
    workflows = [WORKFLOW, DISABLED_WORKFLOW],
    tenant = A_KEY.tenant,
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
      { ...A_KEY, scopes: [...A_KEY.scopes], ...key },
    ]),
  );
  const runs = new Map<string, LiveRun>();
  const kept = new Map<string, Kept>();
  const buckets = new Map<string, Bucket>();
  /** With those whose launch is under way still. */
  let made = 0;
  let problems = 0;
  const dateOf = (at: number): number => epoch + at;

  function bucketOf(apiKey: string, now: number): Bucket {
    const key = keys.get(apiKey) ?? A_KEY;
    const size = key.bucketSize ?? TIERS[key.tier];
    let bucket = buckets.get(apiKey);
    if (bucket?.size !== size) {
      bucket = createBucket(size, now);
      buckets.set(apiKey, bucket);
    }
    return bucket;
  }

  /** An answer with the headers that each one has. */
  function dress(outcome: Outcome, apiKey: string | null, now: number): Answer {
    const isKnown = apiKey !== null && keys.has(apiKey);
    const bucket = isKnown ? bucketOf(apiKey, now) : createBucket(TIERS.free, now);
    return dressed(outcome, bucket, now, dateOf(now));
  }

  /** What is replayed: status, headers and body to the letter, so that `Date` and the rate headers are those of the first answer. */
  function replayOf(outcome: Outcome, apiKey: string, at: number): Outcome {
    const headers = { ...dress(outcome, apiKey, at).headers, 'Idempotent-Replayed': 'true' };
    return { ...outcome, headers };
  }

  /** What is kept under an idempotency key, if it counts still. */
  function findKept(slot: string, now: number): Kept | undefined {
    const found = kept.get(slot);
    if (found === undefined || now < found.until) return found;
    kept.delete(slot);
    return undefined;
  }

  /** Replaces a lock by an answer, or removes it, unless it has lapsed and another launch has the key. */
  function settle(slot: string, lock: Kept, answer: Outcome | null, now: number): void {
    if (kept.get(slot) !== lock) return;
    if (answer === null) kept.delete(slot);
    else kept.set(slot, { ...lock, until: now + DAY_MS, answer });
  }

  function addRun(run: NewRun, now: number): LiveRun {
    const added: LiveRun = {
      id: runIdOf(++made),
      workflowId: WORKFLOW.id,
      projectId: null,
      inputs: {},
      apiKey: [...keys.keys()][0]!,
      idempotencyKey: null,
      course: steadyCourse(),
      ...run,
      createdAt: now - (run.ageMs ?? 0),
      unkept: false,
      tenant,
    };
    runs.set(added.id, added);
    if (added.idempotencyKey !== null) {
      const outcome = launched(launchStatus, added.id, added.workflowId, COSTS.launch);
      const answer = replayOf(outcome, added.apiKey, added.createdAt);
      const slot = slotOf(added.apiKey, added.idempotencyKey);
      kept.set(slot, { digest: null, until: added.createdAt + DAY_MS, doneAt: now, answer });
    }
    return added;
  }

  return {
    options,
    keys,
    runs,
    kept,
    /** How many runs there are with the next one. */
    countRun: () => ++made,
    problem: (what: Problem): Outcome => refused(what, ++problems),
    dateOf,
    bucketOf,
    dress,
    replayOf,
    findKept,
    settle,
    addRun,
  };
}

/** Where an answer is kept: idempotency keys are those of an API key. */
export function slotOf(apiKey: string, idempotencyKey: string | null): string {
  return `${apiKey} ${idempotencyKey ?? ''}`;
}
