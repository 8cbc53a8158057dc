/**
 * A model of the Alloovium API: its state, scripted faults and a journal. It is deterministic and has no
 * socket: its caller passes the time. The loopback server (api.ts) and the API in virtual time (virtual-api.ts) both use it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { createBucket, TIERS, type Bucket, type BucketSize, type Tier } from './bucket.ts';
import { applyPatch, chooseFault, replacesAnswer, statusOf, titleOf } from './faults.ts';
import type { Answer, ErrorCode, Fault, ScriptedFault } from './faults.ts';
import { DAY_MS, type Call, type JournalEntry, type Request, type Run } from './journal.ts';
import { steadyLifecycle, type Lifecycle } from './run-lifecycle.ts';
import { DISABLED_WORKFLOW, TEST_KEY, WORKFLOW, type Workflow } from './vendor-example.ts';

export interface Key {
  readonly scopes: readonly string[];
  readonly tier: Tier;
  /** Replaces the tier's size. */
  readonly bucketSize: BucketSize | null;
}

/** The request that started a run. */
export interface Launch extends Omit<Run, 'id' | 'createdAt' | 'isUnstored'> {
  /** The number of this run, counted from 1. */
  readonly count: number;
}

export interface ApiModelOptions {
  /** Default: one test key on the pro tier with both scopes. */
  readonly keys?: Readonly<Record<string, Partial<Key>>>;
  readonly workflows?: readonly Workflow[];
  readonly lifecycle?: Lifecycle | ((launch: Launch) => Lifecycle);
  readonly faults?: readonly ScriptedFault[];
  /** The wall-clock time at `now` = 0, in ms since 1970; default 0. */
  readonly epoch?: number;
}

/** A run that exists from the beginning. */
export interface NewRun extends Partial<Omit<Run, 'createdAt' | 'isUnstored'>> {
  readonly ageMs?: number;
  readonly lifecycle?: Lifecycle;
}

export type Exchange = ReturnType<typeof createExchange>;

/** The answer to a call, without the headers that every answer has. A replay has them already. */
interface Result extends Answer {
  readonly cost: number;
  readonly runId?: string;
  readonly isReplay?: boolean;
}
type Work = (now: number) => Result;

/** The API's record of an idempotency key. `answer` is null until `doneAt`, while the first request is in progress. */
interface IdempotencyRecord {
  /** A digest of path and bytes, so the same keys in another order are another body. */
  readonly digest: string | null;
  readonly expiresAt: number;
  readonly doneAt: number;
  readonly answer: Result | null;
}

type StoredRun = Run & { readonly lifecycle: Lifecycle };
type State = ReturnType<typeof createState>;

const COSTS = { launch: 25, poll: 1, list: 1, me: 1, other: 1 } as const satisfies Record<Call, number>;
/** The longest time that a first request locks its idempotency key. */
const LOCK_MS = 60_000;
const TERMINAL = ['completed', 'failed', 'cancelled'];
const ME = { user_id: 'user_1', tenant_id: 'tenant_1', auth_method: 'api_key', api_key_id: 'key_1', environment: 'test' };
const UNKNOWN_KEY = { detail: 'The API key is not known.' };
const DEFAULT_KEY: Key = { scopes: ['workflows:read', 'workflows:write'], tier: 'pro', bucketSize: null };

function createState({ keys = { [TEST_KEY]: {} }, workflows = [WORKFLOW, DISABLED_WORKFLOW], lifecycle, epoch = 0 }: ApiModelOptions) {
  return {
    workflows,
    lifecycle: lifecycle ?? steadyLifecycle(),
    epoch,
    keys: new Map(Object.entries(keys).map(([name, key]) => [name, { ...DEFAULT_KEY, ...key }])),
    runs: new Map<string, StoredRun>(),
    /** The records, by API key and idempotency key. */
    records: new Map<string, IdempotencyRecord>(),
    buckets: new Map<string, Bucket>(),
    /** Includes runs whose start is still in progress. */
    runCount: 0,
    problemCount: 0,
  };
}

export function createApiModel(options: ApiModelOptions = {}) {
  const state = createState(options);
  const faults = [...(options.faults ?? [])];
  const journal: JournalEntry[] = [];
  return {
    journal: journal as readonly JournalEntry[],
    runs: (): readonly Run[] => [...state.runs.values()],
    /** Adds an API key, or changes its tier and scopes. */
    setKey: (apiKey: string, key: Partial<Key>): void => {
      state.keys.set(apiKey, { ...DEFAULT_KEY, ...key });
      state.buckets.delete(apiKey);
    },
    /** Faults can be added and removed at any time. */
    faults,
    /** Adds a request to the journal, and chooses its fault. */
    receive: (request: Request, at: number): Exchange => {
      const entry = createEntry(request, journal, at);
      journal.push(entry);
      return createExchange(state, entry, chooseFault(faults, entry));
    },
    /** Adds a run that exists from the beginning. @returns its ID */
    addRun: ({ ageMs = 0, ...run }: NewRun, now: number): string => {
      const usual = { workflowId: WORKFLOW.id, projectId: null, inputs: {}, apiKey: TEST_KEY, idempotencyKey: null, isUnstored: false };
      const id = `run_${++state.runCount}`;
      addRun(state, { id, ...usual, lifecycle: steadyLifecycle(), ...run, createdAt: now - ageMs }, null);
      return run.id ?? id;
    },
    bucket: (apiKey: string, now: number): Bucket => bucketOf(state, apiKey, now),
  };
}

export function callOf(method: string, url: string): Call {
  const path = url.split('?')[0]!;
  if (method === 'POST' && /^\/api\/v2\/workflows\/[^/]+\/runs$/.test(path)) return 'launch';
  if (method === 'GET' && /^\/api\/v2\/workflows\/runs\/[^/]+$/.test(path)) return 'poll';
  if (method === 'GET' && path === '/api/v2/workflows') return 'list';
  return method === 'GET' && path === '/api/v2/me' ? 'me' : 'other';
}

function createEntry(request: Request, journal: readonly JournalEntry[], at: number): JournalEntry {
  const call = callOf(request.method, request.path);
  const key = request.headers['idempotency-key'];
  return {
    ...request,
    number: journal.length + 1,
    call,
    nth: journal.filter((one) => one.call === call).length + 1,
    at,
    apiKey: /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null,
    idempotencyKey: typeof key === 'string' ? key : null,
    ...{ answeredAt: null, status: null, answerHeaders: {}, answerBody: Buffer.alloc(0), runId: null },
  };
}

/** A request, handled in steps so that time can pass between them. The fault decides on the work and on the answer. */
function createExchange(state: State, entry: JournalEntry, fault: Fault | undefined) {
  const patch = fault?.answer ?? {};
  const isWholeAnswer = replacesAnswer(patch);
  let begun: Result | Work | null = null;
  let result: Result | null = null;

  /** The answer before the fault's changes. */
  function unpatched(now: number): Answer {
    const { code } = patch;
    const scripted = code && problem(state, code, { cost: code === 'rate_limited' ? COSTS[entry.call] : 0 });
    const own = scripted ?? (isWholeAnswer ? null : result);
    if (own !== null) return complete(state, own, entry.apiKey, now);
    return { status: 200, headers: { date: new Date(state.epoch + now).toUTCString() }, body: Buffer.alloc(0) };
  }
  return {
    entry,
    fault,
    /** The fault replaces the answer, which then does not wait for the work. */
    isWholeAnswer,
    /** Checks the API key, charges the cost and takes the lock. @returns whether the work takes time */
    begin: (now: number): boolean => {
      if ((fault?.work ?? (isWholeAnswer ? 'none' : 'done')) !== 'none') begun = beginCall(state, entry, fault, now);
      return typeof begun === 'function';
    },
    finish: (now: number): void => {
      result = typeof begun === 'function' ? begun(now) : begun;
      entry.runId = result?.runId ?? null;
    },
    /** The answer as sent at this moment; call it after `finish`, unless `isWholeAnswer`. */
    answer: (now: number): Answer => {
      const answer = applyPatch(unpatched(now), patch);
      Object.assign(entry, { status: answer.status, answerBody: answer.body, answerHeaders: answer.headers, answeredAt: now });
      return answer;
    },
  };
}

function json(status: number, body: unknown, cost: number): Result {
  return { status, body: Buffer.from(JSON.stringify(body)), headers: { 'content-type': 'application/json' }, cost };
}

type ProblemDetails = Readonly<Partial<{ detail: string; cost: number; fields: object; seconds: number }>>;

/** An error answer of the API. `seconds` are its Retry-After. */
function problem(state: State, code: ErrorCode, { detail, cost = 0, fields, seconds }: ProblemDetails = {}): Result {
  const [status, title] = [statusOf(code), titleOf(code)];
  const request_id = `req_${String(++state.problemCount).padStart(8, '0')}`;
  const type = `https://docs.alloovium.com/errors/${code}`;
  const headers = { 'content-type': 'application/problem+json', ...(seconds !== undefined && { 'retry-after': String(seconds) }) };
  return { ...json(status, { type, title, status, detail: detail ?? `${title}.`, code, request_id, ...fields }, cost), headers };
}

function bucketOf({ keys, buckets }: State, apiKey: string | null, now: number): Bucket {
  const key = keys.get(apiKey ?? '');
  if (key === undefined) return createBucket(TIERS.free, now);
  const size = key.bucketSize ?? TIERS[key.tier];
  const known = buckets.get(apiKey!);
  const bucket = known?.size === size ? known : createBucket(size, now);
  buckets.set(apiKey!, bucket);
  return bucket;
}

/** Adds the headers that every answer has. */
function complete(state: State, { status, headers, body, cost, isReplay }: Result, apiKey: string | null, now: number): Answer {
  if (isReplay === true) return { status, headers, body };
  const bucket = bucketOf(state, apiKey, now);
  const date = state.epoch + now;
  return {
    status,
    headers: {
      date: new Date(date).toUTCString(),
      ...headers,
      'x-ratelimit-limit': String(bucket.size.burst),
      'x-ratelimit-remaining': String(Math.floor(bucket.remaining(now) + 1e-6)),
      'x-ratelimit-reset': String(Math.ceil((date + bucket.msUntil(Infinity, now)) / 1000)),
      'x-ratelimit-cost': String(cost),
    },
    body,
  };
}

/** The answer to a call, or its work. */
function beginCall(state: State, entry: JournalEntry, fault: Fault | undefined, now: number): Result | Work {
  const { apiKey, call, path } = entry;
  // The vendor publishes it without a key.
  if (path === '/api/v2/openapi.json') return json(200, parse(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8')), 0);
  const key = state.keys.get(apiKey ?? '');
  if (apiKey === null) return problem(state, 'missing_api_key');
  if (key === undefined) return problem(state, apiKey.startsWith('ak_') ? 'invalid_api_key' : 'invalid_token', UNKNOWN_KEY);
  const scope = call === 'launch' ? 'workflows:write' : call === 'poll' || call === 'list' ? 'workflows:read' : null;
  if (scope !== null && !key.scopes.includes(scope))
    return problem(state, 'insufficient_scope', { detail: `The API key lacks the scope ${scope}.`, fields: { missing_scopes: [scope] } });
  if (call === 'launch') return beginLaunch(state, entry, fault, now);
  return charge(state, entry, now) ?? ((end) => readCall(state, entry, end));
}

/** Takes the cost from the API key's bucket. @returns null, or a 429 that costs nothing if the bucket cannot pay */
function charge(state: State, { apiKey, call }: JournalEntry, now: number): Result | null {
  const bucket = bucketOf(state, apiKey, now);
  const cost = COSTS[call];
  if (bucket.trySpend(cost, now)) return null;
  const seconds = Math.max(1, Math.ceil(bucket.msUntil(cost, now) / 1000));
  const detail = `The bucket cannot pay ${cost} tokens; wait ${seconds} s.`;
  return problem(state, 'rate_limited', { detail, cost, fields: { retry_after_seconds: seconds }, seconds });
}

/** Answers the calls that only read. */
function readCall(state: State, { call, path, apiKey }: JournalEntry, now: number): Result {
  const cost = COSTS[call];
  if (call === 'me') {
    const { tier, scopes } = state.keys.get(apiKey!)!;
    return json(200, { ...ME, api_key_prefix: apiKey!.slice(0, 12), rate_limit_tier: tier, scopes }, cost);
  }
  if (call === 'list') return listWorkflows(state, path);
  const run = call === 'poll' ? state.runs.get(pathSegment(path, 5)) : undefined;
  if (run === undefined) return problem(state, 'not_found', { cost });
  const { body, raw } = viewRun(run, now, state.epoch);
  const result = { ...json(200, body, cost), runId: run.id };
  return raw === undefined ? result : { ...result, body: Buffer.from(raw(body)) };
}

/** The n-th segment of a path. Segment 0 is empty. */
function pathSegment(path: string, nth: number): string {
  return decodeURIComponent(path.split('?')[0]!.split('/')[nth] ?? '');
}

/** A page of workflows. A cursor is the number of the first workflow of its page. */
function listWorkflows(state: State, path: string): Result {
  const query = new URL(path, 'http://simulator').searchParams;
  const start = Number(/^at_(\d+)$/.exec(query.get('cursor') ?? 'at_0')?.[1]);
  if (Number.isNaN(start)) return problem(state, 'invalid_cursor', { cost: COSTS.list });
  const end = start + Math.min(100, Math.max(1, Number(query.get('limit') ?? 25)));
  const has_more = end < state.workflows.length;
  return json(200, { data: state.workflows.slice(start, end), next_cursor: has_more ? `at_${end}` : null, has_more }, COSTS.list);
}

/** The body of a status check: all steps of the run's lifecycle up to now, where later steps replace earlier ones. */
function viewRun({ id, workflowId, inputs, createdAt, lifecycle }: StoredRun, now: number, epoch: number) {
  const iso = (ms = NaN): string | null =>
    Number.isNaN(ms) ? null : `${new Date(epoch + createdAt + ms).toISOString().slice(0, 19)}+00:00`;
  const passed = lifecycle.filter((step) => createdAt + step.atMs <= now);
  const started = passed.find(({ status }) => status !== undefined && status !== 'pending');
  const completed = passed.find(({ status }) => TERMINAL.includes(status as string));
  const body: Record<string, unknown> = {
    ...{ run_id: id, workflow_id: workflowId, status: 'pending', progress: 0, stage: null, inputs, outputs: null, error_message: null },
    ...{ started_at: iso(started?.atMs), completed_at: iso(completed?.atMs), created_at: iso(0) },
  };
  for (const { atMs: _, raw: __, ...fields } of passed) Object.assign(body, fields);
  return { body, raw: passed.at(-1)?.raw };
}

function beginLaunch(state: State, entry: JournalEntry, fault: Fault | undefined, now: number): Result | Work {
  const { idempotencyKey, path, body } = entry;
  const apiKey = entry.apiKey!;
  if (idempotencyKey === '' || (idempotencyKey?.length ?? 0) > 255) return problem(state, 'invalid_idempotency_key');
  const unpaid = charge(state, entry, now);
  if (unpaid !== null) return unpaid;
  const digest = createHash('sha256').update(`${path}\n`).update(body).digest('hex');
  const slot = idempotencyKey === null ? null : slotOf(apiKey, idempotencyKey);
  const earlier = slot === null ? undefined : findRecord(state, slot, fault, digest, now);
  if (earlier !== undefined) return answerRepeatedLaunch(state, earlier, digest, now);
  const lock: IdempotencyRecord = { digest, expiresAt: now + LOCK_MS, doneAt: now + (fault?.workMs ?? LOCK_MS), answer: null };
  if (slot !== null) state.records.set(slot, lock);
  const order = readOrder(state, entry);
  const launch = 'status' in order ? order : { ...order, apiKey, idempotencyKey, count: ++state.runCount };
  return (createdAt) => {
    // The lock may have expired, and another request may hold the idempotency key.
    const isHeld = slot === null || state.records.get(slot) === lock;
    if (slot !== null && isHeld) state.records.delete(slot);
    if ('status' in launch) return launch;
    const lifecycle = typeof state.lifecycle === 'function' ? state.lifecycle(launch) : state.lifecycle;
    const isUnstored = !isHeld || fault?.work === 'unstored';
    return addRun(state, { ...launch, id: `run_${launch.count}`, createdAt, isUnstored, lifecycle }, digest);
  };
}

/** Returns the index of a record, since each API key has its own idempotency keys. */
function slotOf(apiKey: string, idempotencyKey: string): string {
  return `${apiKey} ${idempotencyKey}`;
}

/** Adds a run, and stores the answer with its status, headers and body, for replays. @returns that answer */
function addRun(state: State, run: StoredRun, digest: string | null): Result {
  const { id, workflowId, apiKey, idempotencyKey, createdAt } = run;
  state.runs.set(id, run);
  const result = { ...json(201, { run_id: id, workflow_id: workflowId, status: 'pending', started_at: null }, COSTS.launch), runId: id };
  if (idempotencyKey === null || run.isUnstored) return result;
  const headers = { ...complete(state, result, apiKey, createdAt).headers, 'idempotent-replayed': 'true' };
  const answer = { ...result, headers, isReplay: true };
  state.records.set(slotOf(apiKey, idempotencyKey), { digest, expiresAt: createdAt + DAY_MS, doneAt: createdAt, answer });
  return result;
}

/** The record of the idempotency key, unless it has expired. A fault can lock the key. */
function findRecord({ records }: State, slot: string, fault: Fault | undefined, digest: string, now: number) {
  const found = records.get(slot);
  const earlier = found !== undefined && now < found.expiresAt ? found : undefined;
  if (fault?.lockMs === undefined || (earlier?.answer ?? null) !== null) return earlier;
  const expiresAt = Math.max(earlier?.expiresAt ?? 0, now + fault.lockMs);
  const lock: IdempotencyRecord = { digest, expiresAt, doneAt: expiresAt, answer: null };
  records.set(slot, lock);
  return lock;
}

/** Reads the request to start a run. @returns what it orders, or the answer that rejects it */
function readOrder(state: State, { path, body }: JournalEntry): Pick<Launch, 'workflowId' | 'projectId' | 'inputs'> | Result {
  const cost = COSTS.launch;
  const { inputs = {}, project_id: projectId = null, ...others } = JSON.parse(body.toString() || '{}') as Record<string, unknown>;
  const isWrong = typeof inputs !== 'object' || Array.isArray(inputs) || Object.keys(others).length > 0;
  if (isWrong || (projectId !== null && typeof projectId !== 'string')) return problem(state, 'validation_error', { cost });
  const workflow = state.workflows.find(({ id }) => id === pathSegment(path, 4));
  if (workflow === undefined) return problem(state, 'not_found', { detail: 'No such workflow.', cost });
  if (!workflow.enabled) return problem(state, 'validation_error', { detail: 'The workflow is disabled.', cost });
  return { workflowId: workflow.id, projectId, inputs };
}

/** The answer to a repeated idempotency key, which costs as much as the first request. */
function answerRepeatedLaunch(state: State, { answer, digest, doneAt }: IdempotencyRecord, bodyDigest: string, now: number): Result {
  const cost = COSTS.launch;
  if (digest !== null && digest !== bodyDigest) return problem(state, 'idempotency_key_reused', { cost });
  if (answer !== null) return answer;
  return problem(state, 'idempotency_in_progress', { cost, seconds: Math.max(1, Math.ceil((doneAt - now) / 1000)) });
}
