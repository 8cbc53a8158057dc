/** What each call does to the API's state, and its answer before the faults. Where the vendor's text is silent, each choice has a comment. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { json, launched, type Outcome } from './answers.ts';
import { slotOf, type ApiState, type Kept, type Launch } from './api-state.ts';
import { COSTS, pageOf, partOf, readLaunch, runIdOf, sightOf } from './calls.ts';
import type { Fault } from './faults.ts';
import type { Entry } from './journal.ts';
import { refusalOf, whoIs } from './keys.ts';
import { steadyCourse } from './seed.ts';

const DESCRIPTION_PATH = '/api/v2/openapi.json';

function readDescription(): unknown {
  return parse(readFileSync(new URL('openapi.yaml', import.meta.url), 'utf8'));
}

/** Work under way: the ID of the run that it is going to make, and its end. */
export interface Work {
  readonly runId: string | null;
  readonly finish: (now: number) => Outcome;
}

export function begin(state: ApiState, entry: Entry, fault: Fault | undefined, now: number): Outcome | Work {
  const { apiKey, call } = entry;
  // The vendor publishes it without a key.
  if (entry.path === DESCRIPTION_PATH) return json(200, readDescription(), 0);
  const refusal = refusalOf(apiKey, state.keys.get(apiKey ?? ''), call);
  if (refusal !== null) return state.problem(refusal);
  if (call === 'launch') return launch(state, entry, fault, now);
  return pay(state, apiKey!, COSTS[call], now) ?? { runId: null, finish: (end) => read(state, entry, end) };
}

/** null: it is paid. */
function pay(state: ApiState, apiKey: string, cost: number, now: number): Outcome | null {
  const bucket = state.bucketOf(apiKey, now);
  if (bucket.take(cost, now)) return null;
  if (state.options.chargeRefusals === true) bucket.drain(cost, now);
  const seconds = Math.max(1, Math.ceil(bucket.waitFor(cost, now) / 1000));
  return state.problem({
    code: 'rate_limited',
    detail: `The bucket cannot pay ${cost} tokens; wait ${seconds} s.`,
    cost,
    fields: { retry_after_seconds: seconds },
    headers: { 'Retry-After': String(seconds) },
  });
}

/** The calls that only read. */
function read(state: ApiState, { call, path, apiKey }: Entry, now: number): Outcome {
  const { workflows, tenant } = state.options;
  const key = state.keys.get(apiKey!)!;
  const cost = COSTS[call];
  if (call === 'me') return json(200, whoIs(apiKey!, key), cost);
  if (call === 'list') {
    const page = pageOf(key.tenant === tenant ? workflows : [], path);
    return 'code' in page ? state.problem({ ...page, cost }) : json(200, page, cost);
  }
  if (call !== 'poll') return state.problem({ code: 'not_found', detail: 'No such path.', cost });
  const run = state.runs.get(partOf(path, 5));
  if (run?.tenant !== key.tenant) return state.problem({ code: 'not_found', detail: 'No such run.', cost });
  const { body, raw } = sightOf(run, now, state.dateOf);
  const outcome = { ...json(200, body, cost), runId: run.id };
  return raw === undefined
    ? outcome
    : { ...outcome, body: Buffer.from(typeof raw === 'function' ? raw(body) : raw) };
}

/** What a launch asks for, or why it cannot be. */
function asked(
  state: ApiState,
  { path, body, idempotencyKey, apiKey }: Entry,
): Omit<Launch, 'count'> | Outcome {
  const { workflows, tenant, projects, projectNeeded } = state.options;
  const cost = COSTS.launch;
  const invalid = (detail: string): Outcome => state.problem({ code: 'validation_error', detail, cost });
  const message = readLaunch(body);
  if (typeof message === 'string') return invalid(message);
  const { projectId } = message;
  const workflowId = partOf(path, 4);
  const workflow = workflows.find(({ id }) => id === workflowId);
  if (workflow === undefined || state.keys.get(apiKey!)!.tenant !== tenant)
    return state.problem({ code: 'not_found', detail: 'No such workflow.', cost });
  if (projectId !== null && projects?.includes(projectId) === false)
    return state.problem({ code: 'not_found', detail: 'Not found.', cost });
  if (!workflow.enabled) return invalid('The workflow is disabled.');
  if (projectId === null && projectNeeded?.includes(workflowId) === true)
    return invalid('project_id is required: the workflow has blocks that read a project’s documents.');
  return { workflowId, ...message, apiKey: apiKey!, idempotencyKey };
}

function launch(state: ApiState, entry: Entry, fault: Fault | undefined, now: number): Outcome | Work {
  const { lockMs, replayCost } = state.options;
  const { idempotencyKey } = entry;
  const apiKey = entry.apiKey!;
  if (idempotencyKey !== null && (idempotencyKey.length < 1 || idempotencyKey.length > 255)) {
    const detail = 'Idempotency-Key must have 1 to 255 characters.';
    return state.problem({ code: 'invalid_idempotency_key', detail });
  }
  const slot = slotOf(apiKey, idempotencyKey);
  // Over the bytes and the path: another order of keys is another body.
  const digest = createHash('sha256').update(entry.path).update('\n').update(entry.body).digest('hex');
  let before = idempotencyKey === null ? undefined : state.findKept(slot, now);
  if (fault?.lockMs !== undefined && idempotencyKey !== null && (before?.answer ?? null) === null) {
    const until = Math.max(before?.until ?? 0, now + fault.lockMs());
    before = { digest, until, doneAt: until, answer: null };
    state.kept.set(slot, before);
  }
  const cost = before === undefined ? COSTS.launch : replayCost;
  const unpaid = pay(state, apiKey, cost, now);
  if (unpaid !== null) return unpaid;
  if (before !== undefined) return repeated(state, before, digest, cost, now);

  const doneAt = now + (fault?.workMs ?? lockMs);
  const lock: Kept = { digest, until: now + lockMs, doneAt, answer: null };
  if (idempotencyKey !== null) state.kept.set(slot, lock);
  const wanted = asked(state, entry);
  if ('status' in wanted) {
    const finish = (end: number): Outcome => {
      state.settle(slot, lock, null, end);
      return wanted;
    };
    return { runId: null, finish };
  }
  const count = state.countRun();
  const id = state.options.runId?.({ ...wanted, count }) ?? runIdOf(count);
  const isUnkept = fault?.work === 'unkept';
  const finish = (end: number): Outcome => {
    const { outcome, replay } = makeRun(state, wanted, { id, count, isUnkept, cost }, end);
    state.settle(slot, lock, replay, end);
    return outcome;
  };
  return { runId: id, finish };
}

/** The answer to a launch whose key was used. */
function repeated(
  state: ApiState,
  { answer, digest, doneAt }: Kept,
  own: string,
  cost: number,
  now: number,
): Outcome {
  if (digest !== null && digest !== own) {
    const detail = 'This idempotency key was used with another request body.';
    return state.problem({ code: 'idempotency_key_reused', detail, cost });
  }
  if (answer === null) {
    const headers = { 'Retry-After': String(state.options.lockHint(doneAt - now)) };
    return state.problem({ code: 'idempotency_in_progress', cost, headers });
  }
  return { ...answer, cost, replayed: true };
}

/** A run, its answer, and what a repeated launch gets; null: that is not kept. */
function makeRun(
  state: ApiState,
  wanted: Omit<Launch, 'count'>,
  {
    id,
    count,
    isUnkept,
    cost,
  }: { readonly id: string; readonly count: number; readonly isUnkept: boolean; readonly cost: number },
  createdAt: number,
): { readonly outcome: Outcome; readonly replay: Outcome | null } {
  const { course = steadyCourse(), tenant, launchStatus } = state.options;
  state.runs.set(id, {
    ...wanted,
    id,
    tenant: state.keys.get(wanted.apiKey)?.tenant ?? tenant,
    createdAt,
    unkept: isUnkept,
    course: typeof course === 'function' ? course({ ...wanted, count }) : course,
  });
  const outcome = launched(launchStatus, id, wanted.workflowId, cost);
  return { outcome, replay: isUnkept ? null : state.replayOf(outcome, wanted.apiKey, createdAt) };
}
