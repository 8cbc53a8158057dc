/**
 * The Alloovium API as a value: its state (api-state.ts), what each call does to it (api-calls.ts), faults by script and a journal.
 * It has no clock, no chance and no socket: its caller says what time it is. Behind the loopback server (api.ts) and the one in
 * virtual time (virtual.ts).
 */
import type { Outcome } from './answers.ts';
import { begin, type Work } from './api-calls.ts';
import { createState, type ApiState, type NewRun, type WorldOptions } from './api-state.ts';
import type { Bucket } from './bucket.ts';
import { callOf, COSTS, partOf, readLaunch, sightOf } from './calls.ts';
import { choose, isWhole, patched, type Answer, type Fault, type Scripted } from './faults.ts';
import type { Call, Entry, Order, Run } from './journal.ts';
import type { Key } from './keys.ts';

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

export function createWorld(options: WorldOptions = {}): World {
  const state = createState(options);
  const faults: Scripted[] = [...(options.faults ?? [])];
  const journal: Entry[] = [];
  const counts: Record<Call, number> = { launch: 0, poll: 0, list: 0, me: 0, other: 0 };
  const attempts = new Map<string, number>();

  function receive(request: Request, at: number): Exchange {
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
      order: orderOf(state, call, request, ownKey),
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
      return run === undefined ? undefined : sightOf(run, now, state.dateOf).body.status;
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
  if (call === 'poll') return runs.get(partOf(path, 5)) ?? null;
  if (call !== 'launch') return null;
  const message = readLaunch(body);
  const projectId = typeof message === 'string' ? null : message.projectId;
  return { workflowId: partOf(path, 4), projectId, idempotencyKey };
}

/** The fault decides whether the work is done, and what of its answer goes out. */
function exchangeOf(state: ApiState, entry: Entry, fault: Fault | undefined): Exchange {
  const { apiKey, call } = entry;
  const patch = fault?.answer;
  const whole = isWhole(patch);
  let work: Outcome | Work | null = null;
  let outcome: Outcome | null = null;

  /** Before the patch. */
  function unpatched(now: number): Answer {
    if (patch?.code !== undefined) {
      const cost = patch.code === 'rate_limited' ? COSTS[call] : 0;
      return state.dress(state.problem({ code: patch.code, cost }), apiKey, now);
    }
    if (!whole && outcome !== null) return state.dress(outcome, apiKey, now);
    const headers = { Date: new Date(state.dateOf(now)).toUTCString() };
    return { status: 200, headers, body: Buffer.alloc(0) };
  }

  return {
    entry,
    fault,
    isWhole: whole,
    begin: (now) => {
      if ((fault?.work ?? (whole ? 'none' : 'done')) === 'none') return null;
      work = begin(state, entry, fault, now);
      return 'finish' in work ? work : null;
    },
    finish: (now) => {
      if (work === null) return;
      outcome = 'finish' in work ? work.finish(now) : work;
      entry.runId = outcome.runId ?? null;
      entry.replayed = outcome.replayed ?? false;
    },
    answer: (now) => {
      const own = unpatched(now);
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
}
