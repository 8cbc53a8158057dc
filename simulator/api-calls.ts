/** What each call does to the API's state, and its answer before the faults. A comment marks each choice that the vendor does not document. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { jsonResult, launchResult, type CallResult } from './answers.ts';
import { slotOf, type ApiState, type IdempotencyRecord, type Launch } from './api-state.ts';
import { COSTS, workflowPage, pathSegment, readLaunch, runIdOf, viewRun } from './api-messages.ts';
import type { Fault } from './faults.ts';
import type { JournalEntry } from './journal.ts';
import { refusalOf, whoAmI } from './keys.ts';
import { steadyLifecycle } from './run-lifecycle.ts';

const DESCRIPTION_PATH = '/api/v2/openapi.json';

function readDescription(): unknown {
  return parse(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8'));
}

/** Work in progress: the ID of the run that it will create, and the function that completes it. */
export interface Work {
  readonly runId: string | null;
  readonly finish: (now: number) => CallResult;
}

export function beginCall(
  state: ApiState,
  entry: JournalEntry,
  fault: Fault | undefined,
  now: number,
): CallResult | Work {
  const { apiKey, call } = entry;
  // The vendor publishes it without a key.
  if (entry.path === DESCRIPTION_PATH) return jsonResult(200, readDescription(), 0);
  const refusal = refusalOf(apiKey, state.keys.get(apiKey ?? ''), call);
  if (refusal !== null) return state.problem(refusal);
  if (call === 'launch') return launch(state, entry, fault, now);
  return (
    charge(state, apiKey!, COSTS[call], now) ?? { runId: null, finish: (end) => readCall(state, entry, end) }
  );
}

/** Takes `cost` from the key's bucket. Returns null, or the 429 where the bucket cannot pay. */
function charge(state: ApiState, apiKey: string, cost: number, now: number): CallResult | null {
  const bucket = state.bucketOf(apiKey, now);
  if (bucket.trySpend(cost, now)) return null;
  if (state.options.chargeRefusals === true) bucket.spendUpTo(cost, now);
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
  const { workflows, tenant } = state.options;
  const key = state.keys.get(apiKey!)!;
  const cost = COSTS[call];
  if (call === 'me') return jsonResult(200, whoAmI(apiKey!, key), cost);
  if (call === 'list') {
    const page = workflowPage(key.tenant === tenant ? workflows : [], path);
    return 'code' in page ? state.problem({ ...page, cost }) : jsonResult(200, page, cost);
  }
  if (call !== 'poll') return state.problem({ code: 'not_found', detail: 'No such path.', cost });
  const run = state.runs.get(pathSegment(path, 5));
  if (run?.tenant !== key.tenant) return state.problem({ code: 'not_found', detail: 'No such run.', cost });
  const { body, raw } = viewRun(run, now, state.dateOf);
  const outcome = { ...jsonResult(200, body, cost), runId: run.id };
  return raw === undefined
    ? outcome
    : { ...outcome, body: Buffer.from(typeof raw === 'function' ? raw(body) : raw) };
}

/** The launch that the request asks for, or the answer that refuses it. */
function validateLaunch(
  state: ApiState,
  { path, body, idempotencyKey, apiKey }: JournalEntry,
): Omit<Launch, 'count'> | CallResult {
  const { workflows, tenant, projects, workflowsNeedingProject } = state.options;
  const cost = COSTS.launch;
  const invalid = (detail: string): CallResult => state.problem({ code: 'validation_error', detail, cost });
  const message = readLaunch(body);
  if (typeof message === 'string') return invalid(message);
  const { projectId } = message;
  const workflowId = pathSegment(path, 4);
  const workflow = workflows.find(({ id }) => id === workflowId);
  if (workflow === undefined || state.keys.get(apiKey!)!.tenant !== tenant)
    return state.problem({ code: 'not_found', detail: 'No such workflow.', cost });
  if (projectId !== null && projects?.includes(projectId) === false)
    return state.problem({ code: 'not_found', detail: 'Not found.', cost });
  if (!workflow.enabled) return invalid('The workflow is disabled.');
  if (projectId === null && workflowsNeedingProject?.includes(workflowId) === true)
    return invalid('project_id is required: the workflow has blocks that read a project’s documents.');
  return { workflowId, ...message, apiKey: apiKey!, idempotencyKey };
}

function launch(
  state: ApiState,
  entry: JournalEntry,
  fault: Fault | undefined,
  now: number,
): CallResult | Work {
  const { lockMs, replayCost } = state.options;
  const { idempotencyKey } = entry;
  const apiKey = entry.apiKey!;
  if (idempotencyKey !== null && (idempotencyKey.length < 1 || idempotencyKey.length > 255)) {
    const detail = 'Idempotency-Key must have 1 to 255 characters.';
    return state.problem({ code: 'invalid_idempotency_key', detail });
  }
  const slot = slotOf(apiKey, idempotencyKey);
  // A digest of the bytes and the path: the same keys in another order are another body.
  const digest = createHash('sha256').update(entry.path).update('\n').update(entry.body).digest('hex');
  let earlier = idempotencyKey === null ? undefined : state.findRecord(slot, now);
  if (fault?.lockMs !== undefined && idempotencyKey !== null && (earlier?.answer ?? null) === null) {
    const expiresAt = Math.max(earlier?.expiresAt ?? 0, now + fault.lockMs());
    earlier = { digest, expiresAt, doneAt: expiresAt, answer: null };
    state.records.set(slot, earlier);
  }
  const cost = earlier === undefined ? COSTS.launch : replayCost;
  const unpaid = charge(state, apiKey, cost, now);
  if (unpaid !== null) return unpaid;
  if (earlier !== undefined) return answerRepeatedLaunch(state, earlier, digest, cost, now);

  const doneAt = now + (fault?.workMs ?? lockMs);
  const lock: IdempotencyRecord = { digest, expiresAt: now + lockMs, doneAt, answer: null };
  if (idempotencyKey !== null) state.records.set(slot, lock);
  const validated = validateLaunch(state, entry);
  if ('status' in validated) {
    const finish = (end: number): CallResult => {
      state.settle(slot, lock, null, end);
      return validated;
    };
    return { runId: null, finish };
  }
  const count = state.countRun();
  const id = state.options.runId?.({ ...validated, count }) ?? runIdOf(count);
  const isUnstored = fault?.work === 'unstored';
  const finish = (end: number): CallResult => {
    const { outcome, replay } = makeRun(state, validated, { id, count, isUnstored, cost }, end);
    state.settle(slot, lock, replay, end);
    return outcome;
  };
  return { runId: id, finish };
}

/** The answer to a launch whose idempotency key was used before. */
function answerRepeatedLaunch(
  state: ApiState,
  { answer, digest, doneAt }: IdempotencyRecord,
  bodyDigest: string,
  cost: number,
  now: number,
): CallResult {
  if (digest !== null && digest !== bodyDigest) {
    const detail = 'This idempotency key was used with another request body.';
    return state.problem({ code: 'idempotency_key_reused', detail, cost });
  }
  if (answer === null) {
    const headers = { 'Retry-After': String(state.options.lockHint(doneAt - now)) };
    return state.problem({ code: 'idempotency_in_progress', cost, headers });
  }
  return { ...answer, cost, isReplay: true };
}

/** Creates a run. `replay` is the answer to a repeated launch; null: it is not stored. */
function makeRun(
  state: ApiState,
  wanted: Omit<Launch, 'count'>,
  {
    id,
    count,
    isUnstored: isUnkept,
    cost,
  }: { readonly id: string; readonly count: number; readonly isUnstored: boolean; readonly cost: number },
  createdAt: number,
): { readonly outcome: CallResult; readonly replay: CallResult | null } {
  const { lifecycle = steadyLifecycle(), tenant, launchStatus } = state.options;
  state.runs.set(id, {
    ...wanted,
    id,
    tenant: state.keys.get(wanted.apiKey)?.tenant ?? tenant,
    createdAt,
    isUnstored: isUnkept,
    lifecycle: typeof lifecycle === 'function' ? lifecycle({ ...wanted, count }) : lifecycle,
  });
  const outcome = launchResult(launchStatus, id, wanted.workflowId, cost);
  return { outcome, replay: isUnkept ? null : state.replayOf(outcome, wanted.apiKey, createdAt) };
}
