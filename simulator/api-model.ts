/**
 * A model of the Alloovium API: what each call does to its state, scripted faults and a journal. It is deterministic and has no
 * socket: its caller passes the time. The loopback server (api.ts) and the API in virtual time (virtual-api.ts) both use it.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { callOf, COSTS, jsonResult, pathSegment, readLaunch, runIdOf, viewRun, workflowPage } from './api-messages.ts';
import type { CallResult, Problem } from './api-messages.ts';
import { createState, slotOf, type ApiModelOptions, type ApiState, type IdempotencyRecord, type Key, type NewRun } from './api-state.ts';
import type { Bucket } from './bucket.ts';
import { applyPatch, chooseFault, replacesAnswer, type Answer, type Fault, type ScriptedFault } from './faults.ts';
import type { Call, JournalEntry, Run } from './journal.ts';
import { steadyLifecycle } from './run-lifecycle.ts';

/** A request as it comes in. */
export type Request = Pick<JournalEntry, 'method' | 'path' | 'headers' | 'body'> & Partial<Pick<JournalEntry, 'sent'>>;

/** A request and its handling in steps, so that time can pass between them. */
export interface Exchange {
  readonly entry: JournalEntry;
  /** The fault scripted for it. */
  readonly fault: Fault | undefined;
  /** The fault replaces the answer, which then does not wait for the work. */
  readonly isWholeAnswer: boolean;
  /** Starts the work: checks the key, charges the cost, takes the lock. Returns the work in progress; null: there is none. */
  begin(now: number): Work | null;
  /** Completes the work; where `begin` returned some, the caller waits for the fault's `workMs` first. */
  finish(now: number): void;
  /** The answer as sent at this moment; call it after `finish`, unless `isWholeAnswer`. */
  answer(now: number): Answer;
}

/** Work in progress. */
export interface Work {
  /** The run that it will create; null: none. */
  readonly runId: string | null;
  readonly finish: (now: number) => CallResult;
}

export interface ApiModel {
  readonly journal: readonly JournalEntry[];
  readonly runs: readonly Run[];
  readonly keys: ReadonlyMap<string, Key>;
  /** Faults may be added and removed while it runs. */
  readonly faults: ScriptedFault[];
  /** Adds a request to the journal, and chooses its fault. */
  receive(request: Request, now: number): Exchange;
  /** Handles a request at one moment. */
  answer(request: Request, now: number): Answer;
  /** Adds a run that existed before. */
  addRun(run: NewRun, now: number): Run;
  /** The status of a run as a poll would show it. */
  statusOf(runId: string, now: number): unknown;
  bucket(apiKey: string, now: number): Bucket;
}

export function createApiModel(options: ApiModelOptions = {}): ApiModel {
  const state = createState(options);
  const faults: ScriptedFault[] = [...(options.faults ?? [])];
  const journal: JournalEntry[] = [];
  const counts: Record<Call, number> = { launch: 0, poll: 0, list: 0, me: 0, other: 0 };

  function receive(request: Request, at: number): Exchange {
    const { method, path, headers, body, sent = null } = request;
    const call = callOf(method, path);
    const key = headers['idempotency-key'];
    const idempotencyKey = typeof key === 'string' ? key : null;
    const entry: JournalEntry = {
      number: journal.length + 1,
      call,
      nth: ++counts[call],
      at,
      sent,
      method,
      path,
      headers,
      body,
      apiKey: /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null,
      idempotencyKey,
      answeredAt: null,
      endedAt: null,
      status: null,
      answerHeaders: {},
      answerBody: Buffer.alloc(0),
      runId: null,
      isReplay: false,
    };
    journal.push(entry);
    return exchangeOf(state, entry, chooseFault(faults, entry));
  }

  return {
    journal,
    get runs() {
      return [...state.runs.values()];
    },
    keys: state.keys,
    faults,
    receive,
    answer: (request, now) => {
      const exchange = receive(request, now);
      exchange.begin(now);
      exchange.finish(now);
      return exchange.answer(now);
    },
    addRun: state.addEarlierRun,
    statusOf: (runId, now) => {
      const run = state.runs.get(runId);
      return run === undefined ? undefined : viewRun(run, now, state.dateOf).body.status;
    },
    bucket: state.bucketOf,
  };
}

/** Applies the fault: it decides whether the work is done, and which answer is sent. */
function exchangeOf(state: ApiState, entry: JournalEntry, fault: Fault | undefined): Exchange {
  const { apiKey, call } = entry;
  const patch = fault?.answer;
  const isWholeAnswer = replacesAnswer(patch);
  let work: Work | null = null;
  let result: CallResult | null = null;

  /** The answer before the fault's changes. */
  function unpatched(now: number): Answer {
    if (patch?.code !== undefined) {
      const cost = patch.code === 'rate_limited' ? COSTS[call] : 0;
      return state.addCommonHeaders(state.problem({ code: patch.code, cost }), apiKey, now);
    }
    if (!isWholeAnswer && result !== null) return state.addCommonHeaders(result, apiKey, now);
    return { status: 200, headers: { Date: new Date(state.dateOf(now)).toUTCString() }, body: Buffer.alloc(0) };
  }

  return {
    entry,
    fault,
    isWholeAnswer,
    begin: (now) => {
      if ((fault?.work ?? (isWholeAnswer ? 'none' : 'done')) === 'none') return null;
      const begun = beginCall(state, entry, fault, now);
      work = 'finish' in begun ? begun : { runId: null, finish: () => begun };
      return 'finish' in begun ? begun : null;
    },
    finish: (now) => {
      result = work?.finish(now) ?? null;
      entry.runId = result?.runId ?? null;
      entry.isReplay = result?.isReplay ?? false;
    },
    answer: (now) => {
      const answer = patch === undefined ? unpatched(now) : applyPatch(unpatched(now), patch);
      entry.status = answer.status;
      entry.answerBody = answer.body;
      entry.answerHeaders = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name.toLowerCase(), value]));
      entry.answeredAt = now;
      return answer;
    },
  };
}

/** The answer to a call, or its work. */
function beginCall(state: ApiState, entry: JournalEntry, fault: Fault | undefined, now: number): CallResult | Work {
  const { apiKey, call, path } = entry;
  // The vendor publishes it without a key.
  if (path === '/api/v2/openapi.json') {
    const description: unknown = parse(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8'));
    return jsonResult(200, description, 0);
  }
  const refusal = refusalOf(state, entry);
  if (refusal !== null) return state.problem(refusal);
  if (call === 'launch') return beginLaunch(state, entry, fault, now);
  return charge(state, apiKey!, COSTS[call], now) ?? { runId: null, finish: (end) => readCall(state, entry, end) };
}

/** Why the key may not make the call; null: it may. */
function refusalOf({ keys }: ApiState, { apiKey, call }: JournalEntry): Problem | null {
  if (apiKey === null) return { code: 'missing_api_key', detail: 'Send the API key in the Authorization header: Bearer ak_….' };
  const key = keys.get(apiKey);
  if (key === undefined && apiKey.startsWith('ak_')) return { code: 'invalid_api_key', detail: 'The API key is not known.' };
  if (key === undefined) return { code: 'invalid_token', detail: 'The bearer token is neither an API key nor a valid OAuth token.' };
  if (key.refuse !== null) return { code: key.refuse };
  const scope = call === 'launch' ? 'workflows:write' : call === 'poll' || call === 'list' ? 'workflows:read' : null;
  if (scope === null || key.scopes.includes(scope)) return null;
  return { code: 'insufficient_scope', detail: `The API key lacks the scope ${scope}.`, fields: { missing_scopes: [scope] } };
}

/** Takes `cost` from the key's bucket. Returns null, or the 429 where the bucket cannot pay, which costs nothing. */
function charge(state: ApiState, apiKey: string, cost: number, now: number): CallResult | null {
  const bucket = state.bucketOf(apiKey, now);
  if (bucket.trySpend(cost, now)) return null;
  const seconds = Math.max(1, Math.ceil(bucket.msUntil(cost, now) / 1000));
  return state.problem({
    code: 'rate_limited',
    detail: `The bucket cannot pay ${cost} tokens; wait ${seconds} s.`,
    cost,
    fields: { retry_after_seconds: seconds },
    headers: { 'Retry-After': String(seconds) },
  });
}

/** Answers the calls that only read. */
function readCall(state: ApiState, { call, path, apiKey }: JournalEntry, now: number): CallResult {
  const cost = COSTS[call];
  if (call === 'me') {
    const { tier, scopes } = state.keys.get(apiKey!)!;
    return jsonResult(200, { ...ME, api_key_prefix: apiKey!.slice(0, 12), rate_limit_tier: tier, scopes }, cost);
  }
  if (call === 'list') {
    const page = workflowPage(state.options.workflows, path);
    return 'code' in page ? state.problem({ ...page, cost }) : jsonResult(200, page, cost);
  }
  const run = call === 'poll' ? state.runs.get(pathSegment(path, 5)) : undefined;
  if (run === undefined) return state.problem({ code: 'not_found', detail: 'Not found.', cost });
  const { body, raw } = viewRun(run, now, state.dateOf);
  const result = { ...jsonResult(200, body, cost), runId: run.id };
  return raw === undefined ? result : { ...result, body: Buffer.from(typeof raw === 'function' ? raw(body) : raw) };
}

const ME = {
  user_id: 'user_1',
  tenant_id: 'tenant_1',
  auth_method: 'api_key',
  email: 'ci@example.com',
  api_key_id: 'key_1',
  api_key_name: 'CI',
  environment: 'test',
};

function beginLaunch(state: ApiState, entry: JournalEntry, fault: Fault | undefined, now: number): CallResult | Work {
  const { lockMs } = state.options;
  const { idempotencyKey, path, body } = entry;
  const apiKey = entry.apiKey!;
  if (idempotencyKey?.length === 0 || (idempotencyKey?.length ?? 0) > 255)
    return state.problem({ code: 'invalid_idempotency_key', detail: 'Idempotency-Key must have 1 to 255 characters.' });
  const unpaid = charge(state, apiKey, COSTS.launch, now);
  if (unpaid !== null) return unpaid;

  // A digest of the bytes and the path: the same keys in another order are another body.
  const digest = createHash('sha256').update(`${path}\n`).update(body).digest('hex');
  const slot = idempotencyKey === null ? null : slotOf(apiKey, idempotencyKey);
  const earlier = slot === null ? undefined : findRecord(state, slot, fault, digest, now);
  if (earlier !== undefined) return answerRepeatedLaunch(state, earlier, digest, now);
  const lock: IdempotencyRecord = { digest, expiresAt: now + lockMs, doneAt: now + (fault?.workMs ?? lockMs), answer: null };
  if (slot !== null) state.records.set(slot, lock);
  const order = readOrder(state, entry);
  const release = (): boolean => {
    // The lock may have expired, and another launch may have the key.
    const isHeld = slot === null || state.records.get(slot) === lock;
    if (slot !== null && isHeld) state.records.delete(slot);
    return isHeld;
  };
  if ('status' in order)
    return {
      runId: null,
      finish: () => {
        release();
        return order;
      },
    };
  const launch = { ...order, apiKey, idempotencyKey, count: state.countRun() };
  const { lifecycle = steadyLifecycle(), runId } = state.options;
  const id = runId?.(launch) ?? runIdOf(launch.count);
  const finish = (createdAt: number): CallResult => {
    const isUnstored = !release() || fault?.work === 'unstored';
    const run = { ...launch, id, createdAt, isUnstored, lifecycle: typeof lifecycle === 'function' ? lifecycle(launch) : lifecycle };
    return state.addRun(run, digest);
  };
  return { runId: id, finish };
}

/** What the API keeps for the key, unless it has expired; a fault may lock the key. */
function findRecord({ records }: ApiState, slot: string, fault: Fault | undefined, digest: string, now: number) {
  const found = records.get(slot);
  const earlier = found !== undefined && now < found.expiresAt ? found : undefined;
  if (fault?.lockMs === undefined || (earlier?.answer ?? null) !== null) return earlier;
  const expiresAt = Math.max(earlier?.expiresAt ?? 0, now + fault.lockMs());
  const lock: IdempotencyRecord = { digest, expiresAt, doneAt: expiresAt, answer: null };
  records.set(slot, lock);
  return lock;
}

/** What the launch asks for, or the answer that refuses it. */
function readOrder(state: ApiState, { path, body }: JournalEntry) {
  const { workflows, projects } = state.options;
  const cost = COSTS.launch;
  const message = readLaunch(body);
  if (typeof message === 'string') return state.problem({ code: 'validation_error', detail: message, cost });
  const workflowId = pathSegment(path, 4);
  const workflow = workflows.find(({ id }) => id === workflowId);
  const hasProject = message.projectId === null || projects?.includes(message.projectId) !== false;
  if (workflow === undefined || !hasProject) return state.problem({ code: 'not_found', detail: 'No such workflow.', cost });
  if (!workflow.enabled) return state.problem({ code: 'validation_error', detail: 'The workflow is disabled.', cost });
  return { workflowId, ...message };
}

/** The answer to a launch whose idempotency key was used before; it costs as much as the first. */
function answerRepeatedLaunch(state: ApiState, earlier: IdempotencyRecord, bodyDigest: string, now: number): CallResult {
  const { answer, digest, doneAt } = earlier;
  const cost = COSTS.launch;
  if (digest !== null && digest !== bodyDigest)
    return state.problem({ code: 'idempotency_key_reused', detail: 'This idempotency key was used with another request body.', cost });
  if (answer !== null) return { ...answer, isReplay: true };
  const headers = { 'Retry-After': String(state.options.lockHint(doneAt - now)) };
  const detail = 'The first request with this key is still being handled.';
  return state.problem({ code: 'idempotency_in_progress', detail, cost, headers });
}
