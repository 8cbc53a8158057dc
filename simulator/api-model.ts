/**
 * A model of the Alloovium API: its state (api-state.ts), what each call does to it (api-calls.ts), scripted faults and a journal.
 * It is deterministic and has no socket: its caller passes the time. The loopback server (api.ts) and the API in virtual time
 * (virtual-api.ts) both use it.
 */
import type { CallResult } from './answers.ts';
import { beginCall, type Work } from './api-calls.ts';
import { createState, type ApiState, type NewRun, type ApiModelOptions } from './api-state.ts';
import type { Bucket } from './bucket.ts';
import { callOf, COSTS, pathSegment, readLaunch, viewRun } from './api-messages.ts';
import {
  chooseFault,
  replacesAnswer,
  applyPatch,
  type Answer,
  type Fault,
  type ScriptedFault,
} from './faults.ts';
import type { Call, JournalEntry, Order, Run } from './journal.ts';
import type { Key } from './keys.ts';

/** A request as it comes in. */
export type Request = Pick<JournalEntry, 'method' | 'path' | 'headers' | 'body'> &
  Partial<Pick<JournalEntry, 'rawHeaders' | 'connection' | 'isReused'>>;

/** A request and its handling in steps, so that time can pass between them. */
export interface Exchange {
  readonly entry: JournalEntry;
  /** The fault scripted for it. */
  readonly fault: Fault | undefined;
  /** The fault replaces the answer, which then does not wait for the work. */
  readonly isWholeAnswer: boolean;
  /** Starts the work: checks the key, charges the cost, takes the lock. Returns the work in progress with the ID of its run; null: there is none. */
  begin(now: number): { readonly runId: string | null } | null;
  /** Completes the work; where `begin` returned some, the caller waits for the fault's `workMs` first. */
  finish(now: number): void;
  /** The answer as sent at this moment; call it after `finish`, unless `isWholeAnswer`. */
  answer(now: number): Answer;
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
  const attempts = new Map<string, number>();

  function receive(request: Request, at: number): Exchange {
    const { method, path, headers } = request;
    const call = callOf(method, path);
    const apiKey = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? null;
    const idempotencyKey = headers['idempotency-key'];
    const sentKey = typeof idempotencyKey === 'string' ? idempotencyKey : null;
    const slot = `${apiKey ?? ''} ${String(idempotencyKey)}`;
    if (idempotencyKey !== undefined) attempts.set(slot, (attempts.get(slot) ?? 0) + 1);
    const entry: JournalEntry = {
      number: journal.length + 1,
      call,
      nth: ++counts[call],
      at,
      method,
      path,
      headers,
      rawHeaders: request.rawHeaders ?? [],
      body: request.body,
      apiKey,
      idempotencyKey: sentKey,
      order: orderOf(state, call, request, sentKey),
      attempt: idempotencyKey === undefined ? 0 : attempts.get(slot)!,
      connection: request.connection ?? 1,
      isReused: request.isReused ?? false,
      answeredAt: null,
      endedAt: null,
      status: null,
      answerHeaders: {},
      answerBody: Buffer.alloc(0),
      runId: null,
      isReplay: false,
      hasFault: false,
    };
    journal.push(entry);
    const fault = chooseFault(faults, journal);
    entry.hasFault = fault !== undefined;
    return exchangeOf(state, entry, fault);
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
    addRun: state.addRun,
    statusOf: (runId, now) => {
      const run = state.runs.get(runId);
      return run === undefined ? undefined : viewRun(run, now, state.dateOf).body.status;
    },
    bucket: state.bucketOf,
  };
}

function orderOf(
  { runs }: ApiState,
  call: Call,
  { path, body }: Request,
  idempotencyKey: string | null,
): Order | null {
  if (call === 'poll') return runs.get(pathSegment(path, 5)) ?? null;
  if (call !== 'launch') return null;
  const message = readLaunch(body);
  const projectId = typeof message === 'string' ? null : message.projectId;
  return { workflowId: pathSegment(path, 4), projectId, idempotencyKey };
}

/** Applies the fault: it decides whether the work is done, and which answer is sent. */
function exchangeOf(state: ApiState, entry: JournalEntry, fault: Fault | undefined): Exchange {
  const { apiKey, call } = entry;
  const patch = fault?.answer;
  const isWholeAnswer = replacesAnswer(patch);
  let work: CallResult | Work | null = null;
  let outcome: CallResult | null = null;

  /** The answer before the fault's changes. */
  function unpatched(now: number): Answer {
    if (patch?.code !== undefined) {
      const cost = patch.code === 'rate_limited' ? COSTS[call] : 0;
      return state.addCommonHeaders(state.problem({ code: patch.code, cost }), apiKey, now);
    }
    if (!isWholeAnswer && outcome !== null) return state.addCommonHeaders(outcome, apiKey, now);
    const headers = { Date: new Date(state.dateOf(now)).toUTCString() };
    return { status: 200, headers, body: Buffer.alloc(0) };
  }

  return {
    entry,
    fault,
    isWholeAnswer,
    begin: (now) => {
      if ((fault?.work ?? (isWholeAnswer ? 'none' : 'done')) === 'none') return null;
      work = beginCall(state, entry, fault, now);
      return 'finish' in work ? work : null;
    },
    finish: (now) => {
      if (work === null) return;
      outcome = 'finish' in work ? work.finish(now) : work;
      entry.runId = outcome.runId ?? null;
      entry.isReplay = outcome.isReplay ?? false;
    },
    answer: (now) => {
      const unpatchedAnswer = unpatched(now);
      const final = patch === undefined ? unpatchedAnswer : applyPatch(unpatchedAnswer, patch);
      entry.status = final.status;
      entry.answerBody = final.body;
      entry.answerHeaders = Object.fromEntries(
        Object.entries(final.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      entry.answeredAt = now;
      return final;
    },
  };
}
