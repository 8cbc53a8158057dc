/**
 * The Alloovium API as a value: keys and scopes, token buckets, idempotency, runs on their courses, faults by script and a journal.
 * It has no clock, no chance and no socket: whoever asks says what time it is. Behind the loopback server (api.ts) and the one in
 * virtual time (virtual.ts). Where the vendor's text is silent, each choice is said at its place.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { dressed, json, launched, refused, type Outcome, type Problem } from './answers.ts';
import { createBucket, TIERS, type Bucket } from './bucket.ts';
import { callOf, COSTS, pageOf, partOf, readLaunch, runIdOf, sightOf } from './calls.ts';
import { choose, isWhole, patched, type Answer, type Fault, type Scripted } from './faults.ts';
import type { Call, Entry, Order, Run } from './journal.ts';
import { A_KEY, refusalOf, whoIs, type Key } from './keys.ts';
import {
  DISABLED_WORKFLOW,
  steadyCourse,
  TEST_KEY,
  WORKFLOW,
  type Course,
  type Sight,
  type Workflow,
} from './seed.ts';

const DESCRIPTION_PATH = '/api/v2/openapi.json';

function readDescription(): unknown {
  return parse(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8'));
}

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

/** A request as it comes in. */
export type Request = Pick<Entry, 'method' | 'path' | 'headers' | 'body'> &
  Partial<Pick<Entry, 'rawHeaders' | 'connection' | 'reused'>>;

/** A request and what becomes of it, step by step, so that time can pass in between. */
export interface Exchange {
  readonly entry: Entry;
  /** The one scripted for it. */
  readonly fault: Fault | undefined;
  /** It brings a whole answer, which does not wait for the work. */
  readonly isWhole: boolean;
  /** The work begins: key, price and lock. Returns what is under way now, with the ID of the run to be made; null: nothing is. */
  begin(now: number): { readonly runId: string | null } | null;
  /** The work is done: at once, or where some is under way `workMs` of the fault later. */
  finish(now: number): void;
  /** What goes out at this moment; after `finish`, unless the answer is whole. */
  answer(now: number): Answer;
}

/** A run that was there before; a launch under its idempotency key finds it, whatever the body. */
export interface NewRun extends Partial<Omit<Run, 'createdAt' | 'unkept'>> {
  readonly ageMs?: number;
  readonly course?: Course | Sight;
}

export interface World {
  readonly journal: readonly Entry[];
  readonly runs: readonly Run[];
  readonly keys: ReadonlyMap<string, Key>;
  /** Faults may be pushed and taken out while it runs. */
  readonly faults: Scripted[];
  /** Takes a request down, and draws its fault. */
  receive(request: Request, now: number): Exchange;
  /** All of it at one moment. */
  answer(request: Request, now: number): Answer;
  /** A run that was there before. */
  addRun(run: NewRun, now: number): Run;
  /** The status of a run as a poll would show it. */
  statusOf(runId: string, now: number): unknown;
  bucket(apiKey: string, now: number): Bucket;
}

/** What stands under an idempotency key. */
interface Kept {
  /** Of the first request; null: any is the same. */
  readonly digest: string | null;
  /** When it no longer counts. */
  readonly until: number;
  /** When the first request will have been handled, as far as known. */
  readonly doneAt: number;
  /** null while the first request is being handled. */
  readonly answer: Outcome | null;
}

/** Work under way: the ID of the run that it is going to make, and its end. */
interface Work {
  readonly runId: string | null;
  readonly finish: (now: number) => Outcome;
}

interface Live extends Run {
  readonly tenant: string;
  readonly course: Course | Sight;
}

export function createWorld(options: WorldOptions = {}): World {
  const keys = new Map<string, Key>(
    Object.entries(options.keys ?? { [TEST_KEY]: {} }).map(([name, key]) => [
      name,
      { ...A_KEY, scopes: [...A_KEY.scopes], ...key },
    ]),
  );
  const {
    workflows = [WORKFLOW, DISABLED_WORKFLOW],
    tenant = A_KEY.tenant,
    replayCost = COSTS.launch,
    lockMs = LOCK_MS,
    lockHint = () => 2,
    launchStatus = 201,
    epoch = 0,
  } = options;
  const faults: Scripted[] = [...(options.faults ?? [])];
  const journal: Entry[] = [];
  const runs = new Map<string, Live>();
  const kept = new Map<string, Kept>();
  const buckets = new Map<string, Bucket>();
  const counts: Record<Call, number> = { launch: 0, poll: 0, list: 0, me: 0, other: 0 };
  const attempts = new Map<string, number>();
  /** With those whose launch is under way still. */
  let made = 0;
  let problems = 0;
  const dateOf = (at: number): number => epoch + at;

  const bucketOf = (apiKey: string, now: number): Bucket => {
    const key = keys.get(apiKey) ?? A_KEY;
    const size = key.bucketSize ?? TIERS[key.tier];
    let bucket = buckets.get(apiKey);
    if (bucket?.size !== size) {
      bucket = createBucket(size, now);
      buckets.set(apiKey, bucket);
    }
    return bucket;
  };

  const problem = (what: Problem): Outcome => refused(what, ++problems);

  const pay = (apiKey: string, cost: number, now: number): Outcome | null => {
    const bucket = bucketOf(apiKey, now);
    if (bucket.take(cost, now)) return null;
    if (options.chargeRefusals === true) bucket.drain(cost, now);
    const seconds = Math.max(1, Math.ceil(bucket.waitFor(cost, now) / 1000));
    return problem({
      code: 'rate_limited',
      detail: `The bucket cannot pay ${cost} tokens; wait ${seconds} s.`,
      cost,
      fields: { retry_after_seconds: seconds },
      headers: { 'Retry-After': String(seconds) },
    });
  };

  /** The calls that only read. */
  const read = ({ call, path, apiKey }: Entry, now: number): Outcome => {
    const key = keys.get(apiKey!)!;
    const cost = COSTS[call];
    if (call === 'me') return json(200, whoIs(apiKey!, key), cost);
    if (call === 'list') {
      const page = pageOf(key.tenant === tenant ? workflows : [], path);
      return 'code' in page ? problem({ ...page, cost }) : json(200, page, cost);
    }
    if (call !== 'poll') return problem({ code: 'not_found', detail: 'No such path.', cost });
    const run = runs.get(partOf(path, 5));
    if (run?.tenant !== key.tenant) return problem({ code: 'not_found', detail: 'No such run.', cost });
    const { body, raw } = sightOf(run, now, dateOf);
    const outcome = { ...json(200, body, cost), runId: run.id };
    return raw === undefined
      ? outcome
      : { ...outcome, body: Buffer.from(typeof raw === 'function' ? raw(body) : raw) };
  };

  /** What a launch asks for, or why it cannot be. */
  const asked = ({ path, body, idempotencyKey, apiKey }: Entry): Omit<Launch, 'count'> | Outcome => {
    const cost = COSTS.launch;
    const invalid = (detail: string): Outcome => problem({ code: 'validation_error', detail, cost });
    const message = readLaunch(body);
    if (typeof message === 'string') return invalid(message);
    const { projectId } = message;
    const workflowId = partOf(path, 4);
    const workflow = workflows.find(({ id }) => id === workflowId);
    if (workflow === undefined || keys.get(apiKey!)!.tenant !== tenant)
      return problem({ code: 'not_found', detail: 'No such workflow.', cost });
    if (projectId !== null && options.projects?.includes(projectId) === false)
      return problem({ code: 'not_found', detail: 'Not found.', cost });
    if (!workflow.enabled) return invalid('The workflow is disabled.');
    if (projectId === null && options.projectNeeded?.includes(workflowId) === true)
      return invalid('project_id is required: the workflow has blocks that read a project’s documents.');
    return { workflowId, ...message, apiKey: apiKey!, idempotencyKey };
  };

  /** What stands under an idempotency key, if it does so still. */
  const standing = (slot: string, now: number): Kept | undefined => {
    const found = kept.get(slot);
    if (found === undefined || now < found.until) return found;
    kept.delete(slot);
    return undefined;
  };

  /** The answer to a launch whose key is taken. */
  const repeated = ({ answer, digest, doneAt }: Kept, own: string, cost: number, now: number): Outcome => {
    if (digest !== null && digest !== own) {
      const detail = 'This idempotency key was used with another request body.';
      return problem({ code: 'idempotency_key_reused', detail, cost });
    }
    if (answer === null) {
      const headers = { 'Retry-After': String(lockHint(doneAt - now)) };
      return problem({ code: 'idempotency_in_progress', cost, headers });
    }
    return { ...answer, cost, replayed: true };
  };

  const launch = (entry: Entry, fault: Fault | undefined, now: number): Outcome | Work => {
    const { idempotencyKey } = entry;
    const apiKey = entry.apiKey!;
    if (idempotencyKey !== null && (idempotencyKey.length < 1 || idempotencyKey.length > 255)) {
      const detail = 'Idempotency-Key must have 1 to 255 characters.';
      return problem({ code: 'invalid_idempotency_key', detail });
    }
    // Kept per API key. The digest is over the bytes and the path: another order of keys is another body.
    const slot = `${apiKey} ${idempotencyKey ?? ''}`;
    const digest = createHash('sha256').update(entry.path).update('\n').update(entry.body).digest('hex');
    let before = idempotencyKey === null ? undefined : standing(slot, now);
    if (fault?.lockMs !== undefined && idempotencyKey !== null && (before?.answer ?? null) === null) {
      const until = Math.max(before?.until ?? 0, now + fault.lockMs());
      before = { digest, until, doneAt: until, answer: null };
      kept.set(slot, before);
    }
    const cost = before === undefined ? COSTS.launch : replayCost;
    const unpaid = pay(apiKey, cost, now);
    if (unpaid !== null) return unpaid;
    if (before !== undefined) return repeated(before, digest, cost, now);

    const doneAt = now + (fault?.workMs ?? lockMs);
    const lock: Kept = { digest, until: now + lockMs, doneAt, answer: null };
    if (idempotencyKey !== null) kept.set(slot, lock);
    /** Hands the key on, unless the lock has lapsed and somebody else has it. */
    const settle = (answer: Outcome | null): void => {
      if (kept.get(slot) !== lock) return;
      if (answer === null) kept.delete(slot);
      else kept.set(slot, { ...lock, until: now + DAY_MS, answer });
    };
    const wanted = asked(entry);
    if ('status' in wanted) {
      const finish = (): Outcome => {
        settle(null);
        return wanted;
      };
      return { runId: null, finish };
    }
    const order: Launch = { ...wanted, count: ++made };
    const id = options.runId?.(order) ?? runIdOf(made);
    const finish = (end: number): Outcome => {
      const { course = steadyCourse() } = options;
      const unkept = fault?.work === 'unkept';
      runs.set(id, {
        ...wanted,
        id,
        tenant: keys.get(apiKey)?.tenant ?? tenant,
        createdAt: end,
        unkept,
        course: typeof course === 'function' ? course(order) : course,
      });
      const outcome = launched(launchStatus, id, wanted.workflowId, cost);
      settle(unkept ? null : keptOf(outcome, apiKey, end));
      return outcome;
    };
    return { runId: id, finish };
  };

  const workOf = (entry: Entry, fault: Fault | undefined, now: number): Outcome | Work => {
    const { apiKey, call } = entry;
    // The vendor publishes it without a key.
    if (entry.path === DESCRIPTION_PATH) return json(200, readDescription(), 0);
    const refusal = refusalOf(apiKey, keys.get(apiKey ?? ''), call);
    if (refusal !== null) return problem(refusal);
    if (call === 'launch') return launch(entry, fault, now);
    return pay(apiKey!, COSTS[call], now) ?? { runId: null, finish: (end) => read(entry, end) };
  };

  const dress = (outcome: Outcome, apiKey: string | null, now: number): Answer => {
    const known = apiKey !== null && keys.has(apiKey);
    const bucket = known ? bucketOf(apiKey, now) : createBucket(TIERS.free, now);
    return dressed(outcome, bucket, now, dateOf(now));
  };

  /** What is replayed: status, headers and body to the letter, so that `Date` and the rate headers are those of the first answer. */
  const keptOf = (outcome: Outcome, apiKey: string, at: number): Outcome => {
    const headers = { ...dress(outcome, apiKey, at).headers, 'Idempotent-Replayed': 'true' };
    return { ...outcome, headers };
  };

  const orderOf = (call: Call, path: string, body: Buffer, idempotencyKey: string | null): Order | null => {
    if (call === 'poll') return runs.get(partOf(path, 5)) ?? null;
    if (call !== 'launch') return null;
    const message = readLaunch(body);
    const projectId = typeof message === 'string' ? null : message.projectId;
    return { workflowId: partOf(path, 4), projectId, idempotencyKey };
  };

  const receive = (request: Request, at: number): Exchange => {
    const { method, path, headers } = request;
    const call = callOf(method, path);
    const apiKey = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
    const idempotencyKey = headers['idempotency-key'];
    const ownKey = typeof idempotencyKey === 'string' ? idempotencyKey : null;
    const slot = `${apiKey ?? ''} ${String(idempotencyKey)}`;
    if (idempotencyKey !== undefined) attempts.set(slot, (attempts.get(slot) ?? 0) + 1);
    const entry: Entry = {
      n: journal.length + 1,
      call,
      nth: ++counts[call],
      at,
      method,
      path,
      headers,
      rawHeaders: request.rawHeaders ?? [],
      body: request.body,
      apiKey,
      idempotencyKey: ownKey,
      order: orderOf(call, path, request.body, ownKey),
      attempt: idempotencyKey === undefined ? 0 : attempts.get(slot)!,
      connection: request.connection ?? 1,
      reused: request.reused ?? false,
      answeredAt: null,
      endedAt: null,
      status: null,
      answerHeaders: {},
      answerBody: Buffer.alloc(0),
      runId: null,
      replayed: false,
      faulty: false,
    };
    journal.push(entry);
    const fault = choose(faults, journal);
    entry.faulty = fault !== undefined;
    const patch = fault?.answer;
    const whole = isWhole(patch);
    let work: Outcome | Work | null = null;
    let outcome: Outcome | null = null;
    return {
      entry,
      fault,
      isWhole: whole,
      begin: (now) => {
        if ((fault?.work ?? (whole ? 'none' : 'done')) === 'none') return null;
        work = workOf(entry, fault, now);
        return 'finish' in work ? work : null;
      },
      finish: (now) => {
        if (work === null) return;
        outcome = 'finish' in work ? work.finish(now) : work;
        entry.runId = outcome.runId ?? null;
        entry.replayed = outcome.replayed ?? false;
      },
      answer: (now) => {
        let own: Answer = {
          status: 200,
          headers: { Date: new Date(dateOf(now)).toUTCString() },
          body: Buffer.alloc(0),
        };
        if (patch?.code !== undefined) {
          const cost = patch.code === 'rate_limited' ? COSTS[call] : 0;
          own = dress(problem({ code: patch.code, cost }), apiKey, now);
        } else if (!whole && outcome !== null) own = dress(outcome, apiKey, now);
        const final = patch === undefined ? own : patched(own, patch);
        entry.status = final.status;
        entry.answerBody = final.body;
        entry.answerHeaders = Object.fromEntries(
          Object.entries(final.headers).map(([name, value]) => [name.toLowerCase(), value]),
        );
        entry.answeredAt = now;
        return final;
      },
    };
  };

  return {
    journal,
    get runs() {
      return [...runs.values()];
    },
    keys,
    faults,
    receive,
    answer: (request, now) => {
      const exchange = receive(request, now);
      exchange.begin(now);
      exchange.finish(now);
      return exchange.answer(now);
    },
    addRun: (run, now) => {
      const added: Live = {
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
        const answer = keptOf(outcome, added.apiKey, added.createdAt);
        const slot = `${added.apiKey} ${added.idempotencyKey}`;
        kept.set(slot, { digest: null, until: added.createdAt + DAY_MS, doneAt: now, answer });
      }
      return added;
    },
    statusOf: (runId, now) => {
      const run = runs.get(runId);
      return run === undefined ? undefined : sightOf(run, now, dateOf).body.status;
    },
    bucket: bucketOf,
  };
}
