/** A transport with scripted answers, and the simulated API for such a script. */
import { createClient, type Client } from '../src/alloovium/client.ts';
import { ApiError, ConnectionError, type Problem } from '../src/alloovium/errors.ts';
import { pollRun, type PollOptions } from '../src/alloovium/poll.ts';
import type { RetryOptions } from '../src/alloovium/retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../src/alloovium/transport.ts';
import { isTerminal } from '../src/alloovium/statuses.ts';
import type { Run } from '../src/alloovium/wire.ts';
import type { Clock } from '../src/clock.ts';
import type { ConditionResult, ComparedResult } from '../src/gate/condition.ts';
import { BUDGET } from '../src/gate/gate-file.ts';
import { applyBaseline, type BaselineContext } from '../src/gate/baseline.ts';
import { fingerprintItems } from '../src/gate/item-identity.ts';
import type { Entry, Order } from '../src/inputs/runs-input.ts';
import type { Job } from '../src/runs/job.ts';
import { createPacer } from '../src/runs/poll-pace.ts';
import { createQueue, type OrderQueue } from '../src/runs/queue.ts';
import type { Answer, Fault } from '../simulator/faults.ts';
import type { Run as WorldRun } from '../simulator/journal.ts';
import { type StateAt } from '../simulator/run-lifecycle.ts';
import { WORKFLOW } from '../simulator/vendor-example.ts';
import { virtualClock, type VirtualClock } from '../simulator/virtual-clock.ts';
import { createApiModel } from '../simulator/api-model.ts';

export { virtualClock, type VirtualClock };

export interface ScriptedAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes are sent unchanged, any other value as JSON; default: empty. */
  readonly body?: unknown;
  /** Default 10. */
  readonly afterMs?: number;
}

/** An error is thrown; `hang` never answers. */
export type ScriptStep = ScriptedAnswer | Error | 'hang';

/** A sent request. */
export interface SentRequest {
  readonly at: number;
  /** Counted from 1. */
  readonly nth: number;
  readonly method: string;
  readonly path: string;
  readonly headers: HttpRequest['headers'];
  readonly body: string | null;
  readonly timeoutMs: number;
  /** The idempotency key, or empty. */
  readonly key: string;
  /** When it ended; null: not yet. */
  endedAt: number | null;
  /** The answer's status; null: no answer yet. */
  status: number | null;
}

interface FakeTransport {
  readonly transport: Transport;
  readonly sent: readonly SentRequest[];
  readonly maxInFlight: () => number;
}

/** The n-th request gets the n-th step, and later requests the last step; or a function chooses the step. */
export function fakeTransport(clock: VirtualClock, script: readonly ScriptStep[] | ((sent: SentRequest) => ScriptStep)): FakeTransport {
  const sent: SentRequest[] = [];
  let inFlight = 0;
  let maxSeen = 0;
  const transport: Transport = async ({ method, url, headers, body, timeoutMs, signal }) => {
    signal.throwIfAborted();
    const record: SentRequest = {
      at: clock.now(),
      nth: sent.length + 1,
      method,
      path: new URL(url).pathname + new URL(url).search,
      headers,
      body,
      timeoutMs,
      key: headers['idempotency-key'] ?? '',
      endedAt: null,
      status: null,
    };
    sent.push(record);
    maxSeen = Math.max(maxSeen, ++inFlight);
    try {
      const step = typeof script === 'function' ? script(record) : script[Math.min(record.nth, script.length) - 1];
      if (step === undefined) throw new Error('the script is empty');
      const takesMs = step === 'hang' ? Infinity : step instanceof Error ? 10 : (step.afterMs ?? 10);
      await clock.sleep(Math.min(takesMs, timeoutMs), signal);
      if (step === 'hang' || takesMs > timeoutMs) throw new ConnectionError('timeout');
      if (step instanceof Error) throw step;
      const answer = httpAnswerOf(step);
      record.status = answer.status;
      return answer;
    } finally {
      inFlight--;
      record.endedAt = clock.now();
    }
  };
  return { transport, sent, maxInFlight: () => maxSeen };
}

export function httpAnswerOf({ status = 200, headers = {}, body = '' }: ScriptedAnswer): HttpAnswer {
  const text = typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body);
  return { status, headers: new Map(Object.entries(headers)), body: Buffer.from(text) };
}

export const API_KEY = 'ak_test_0123456789';

export function clientOf(clock: Clock, transport: Transport): Client {
  return createClient({
    transport,
    apiUrl: 'https://api.example',
    apiKey: API_KEY,
    clock,
    redact: (text) => text.replaceAll(API_KEY, '***'),
  });
}

export function retryOptionsOf(clock: Clock, about: Partial<RetryOptions> = {}): RetryOptions {
  const { signal = new AbortController().signal } = about;
  return {
    clock,
    random: () => 0,
    signal,
    deadline: 15 * 60_000,
    onFailure: () => undefined,
    takeTurn: async (notBefore = 0) => {
      await clock.sleep(Math.max(0, notBefore - clock.now()), signal);
      return () => undefined;
    },
    ...about,
  };
}

export const resetError = (): Error => new ConnectionError('broken', 'ECONNRESET');
export const refusedError = (): Error => new ConnectionError('unreached', 'ECONNREFUSED');

/** The error of a failed request, by default of a gateway. */
export function apiError(about: Partial<Problem>): ApiError {
  return new ApiError({
    status: 422,
    isProblem: false,
    code: null,
    detail: '',
    requestId: '',
    missingScopes: [],
    ...about,
  });
}

/** An error answer of the API. */
export function problemAnswer(status: number, code: string, headers: Record<string, string> = {}): ScriptedAnswer {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: { type: 'about:blank', title: code, status, detail: 'Said so.', code, request_id: 'req_7' },
  };
}

/** The answer to a launch. */
export function launchAnswer(runId: string, more: Record<string, unknown> = {}, headers = {}): ScriptedAnswer {
  return {
    status: 201,
    headers: { 'content-type': 'application/json', ...headers },
    body: { run_id: runId, workflow_id: 'wf_1', status: 'pending', started_at: null, ...more },
  };
}

/** The answer to a poll. */
export function pollAnswer(runId: string, status: unknown, more: Record<string, unknown> = {}): ScriptedAnswer {
  return {
    headers: { 'content-type': 'application/json' },
    body: {
      run_id: runId,
      workflow_id: 'wf_1',
      status,
      progress: 10,
      stage: 'Reading',
      outputs: null,
      ...more,
    },
  };
}

/** Polls to the end, or to the first usable answer; collects statuses in `seen` and failures in `failures`. */
export async function pollToEnd(
  about: Partial<PollOptions> & Pick<PollOptions, 'client' | 'clock'>,
  { seen = [], failures = [], isFirstEnough = false }: Polls = {},
): Promise<Run> {
  const { client, clock } = about;
  const { signal, deadline, random } = { ...retryOptionsOf(clock), ...about };
  const turn = turnOfOnlyOrder({ clock, signal, deadline, client });
  const polls = pollRun({
    ...retryOptionsOf(clock),
    runId: 'run_1',
    notBefore: 0,
    missingUntil: 30_000,
    isSeen: false,
    takeTurn: turn.poll,
    pacer: createPacer({ client, clock, random, turn }, null),
    ...about,
  });
  for await (const polled of polls) {
    if ('failure' in polled) {
      failures.push(polled.failure.error.headline);
      continue;
    }
    seen.push(polled.run.status);
    if (isFirstEnough || isTerminal(polled.run.status)) return polled.run;
  }
  throw new Error('the polls are over, and the run has not ended');
}

/** The turn of an order that is the only one. */
function turnOfOnlyOrder(about: Pick<Job, 'clock' | 'signal' | 'deadline' | 'client'>): OrderQueue {
  return createQueue(about.client, about, 1, () => undefined).turnOf(0);
}

interface Polls {
  readonly seen?: string[];
  readonly failures?: string[];
  readonly isFirstEnough?: boolean;
}

export function anEntry(about: Partial<Entry> = {}): Entry {
  const gate = { conditions: [], evaluate: () => [] };
  return { name: '', gate, knownBy: new Map(), waivers: [], columns: new Map(), ...about };
}

/** A context without waivers and without a baseline. */
export const NO_BASELINE: BaselineContext = {
  knownBy: new Map(),
  waivers: [],
  today: '2026-11-27',
  failOn: 'any',
  baseline: null,
  name: '',
  runId: 'run_2',
  workflowId: 'wf_1',
  projectId: 'p1',
  inputsDigest: '',
  isByCommit: true,
  job: { commit: '', jobRunId: '77', event: 'pull_request', defaultBranchRef: '' },
};

/** A result without waivers and baseline, with the passed fields replaced. */
export function evaluateWithoutBaseline({
  condition,
  result,
  matched,
  unmatched,
  problem,
  notices,
  ...rest
}: ConditionResult & Partial<ComparedResult>): ComparedResult {
  const fields = rest.knownBy ?? [];
  const given = { condition, result, matched, unmatched, problem, notices };
  const { results } = applyBaseline([given], { ...NO_BASELINE, knownBy: new Map([[null, fields]]) });
  const waivedItems = (rest.waived ?? []).map(({ item }) => item);
  return { ...results[0]!, waivedPrints: fingerprintItems(waivedItems, fields), ...rest };
}

const CONTEXT: Job['context'] = {
  keyScope: 'a81d0c4',
  repository: 'acme/site',
  attempt: 2,
  jobRunId: '77',
  commit: 'a81d0c4',
  event: 'push',
  ref: 'refs/heads/main',
  defaultBranchRef: '',
  jobValues: [],
  pullRequest: { kind: 'none', reason: '' },
  isPrivate: true,
};

/** An order without conditions. */
export function anOrder(about: Partial<Order> = {}): Order {
  return {
    entries: [anEntry()],
    workflowId: 'wf_1',
    projectId: '',
    inputs: {},
    runId: '',
    idempotencyKey: '',
    ...about,
  };
}

/** A re-run of a job, with one commit. */
export function jobOf(
  clock: Clock,
  { context, ...about }: Partial<Omit<Job, 'context'>> & Pick<Job, 'client'> & { readonly context?: Partial<Job['context']> },
): Job {
  const shared = { ...retryOptionsOf(clock), ...about };
  return {
    ...shared,
    turn: turnOfOnlyOrder({ ...shared, clock }),
    emit: () => undefined,
    context: { ...CONTEXT, ...context },
    attemptBeganAt: clock.now(),
    onRerun: 'resume',
    wait: true,
    ignored: [],
    redact: (text) => text,
    baseline: Promise.resolve(null),
    gateFileName: 'gate.json',
    failOn: 'any',
    host: { writeFile: () => '' },
    budget: BUDGET,
    ...about,
  };
}

export interface FakeRun {
  readonly id: string;
  readonly key: string;
  readonly createdAt: number;
  readonly endsAt: number;
  readonly ending: string;
  /** Created behind an answer that was not stored for replay. */
  readonly isUnstored: boolean;
}

export interface ApiFault {
  /** `none`: does not reach the API. `unstored`: done, but not stored for replay. Default `done`. */
  readonly work?: 'done' | 'none' | 'unstored';
  /** How long the API handles the launch, and locks its key. */
  readonly workMs?: number;
  /** Replaces the API's answer. */
  readonly reply?: ScriptStep;
}

export interface FakeApi {
  readonly runs: readonly FakeRun[];
  /** For a fakeTransport; several may share one API. */
  readonly answer: (sent: SentRequest) => ScriptStep;
  /** Adds an earlier run, whose key is still stored. */
  addRun(key: string, about: { agoMs: number; ending: string; endsInMs?: number }): FakeRun;
}

/** A bucket that is never empty; its rate headers are omitted. */
const UNLIMITED = { perMinute: 1e9, burst: 1e9 };

/** The simulated API, whose runs are `running` until they end. */
export function fakeApi(
  clock: VirtualClock,
  {
    planOf = () => ({ ms: 20_000, ending: 'completed' }),
    fault = () => undefined,
    /** The server's clock, in ms since 1970; default: the client's. */
    date = () => clock.date(),
  }: {
    readonly planOf?: (nth: number) => { readonly ms: number; readonly ending: string };
    readonly fault?: (sent: SentRequest) => ApiFault | undefined;
    readonly date?: () => number;
  } = {},
): FakeApi {
  const plans = new Map<string, { readonly ms: number; readonly ending: string }>();
  const planned = (id: string, plan: { readonly ms: number; readonly ending: string }): StateAt => {
    plans.set(id, plan);
    return (elapsedMs) => {
      const isOver = elapsedMs >= plan.ms;
      return {
        status: isOver ? plan.ending : 'running',
        progress: 10,
        stage: 'Reading',
        outputs: isOver && plan.ending === 'completed' ? { summary: 'fine' } : null,
      };
    };
  };
  let scripted: Fault = {};
  const model = createApiModel({
    keys: { [API_KEY]: { bucketSize: UNLIMITED } },
    workflows: [{ ...WORKFLOW, id: 'wf_1' }],
    runId: ({ count }) => `run_${count}`,
    lifecycle: ({ count }) => planned(`run_${count}`, planOf(count)),
    // The lock lasts as long as the work.
    lockMs: Infinity,
    lockHint: (leftMs) => Math.max(1, Math.ceil(leftMs / 1000)),
    faults: [() => scripted],
  });
  const toFakeRun = (run: WorldRun): FakeRun => {
    const { id, createdAt, isUnstored, idempotencyKey } = run;
    const { ms, ending } = plans.get(id)!;
    return { id, key: idempotencyKey ?? '', createdAt, endsAt: createdAt + ms, ending, isUnstored };
  };

  return {
    get runs() {
      return model.runs.map(toFakeRun);
    },
    answer: (sent) => {
      const { reply, work = 'done', workMs } = fault(sent) ?? {};
      if (reply === undefined && work === 'none') throw new Error('a request that does not reach the API needs a reply');
      const isLaunch = sent.method === 'POST';
      scripted = {
        work,
        ...(workMs === undefined ? {} : { workMs }),
        ...(isLaunch && work === 'unstored' ? { answer: { code: 'internal_error' } } : {}),
      };
      const { method, path, headers, body } = sent;
      const exchange = model.receive({ method, path, headers, body: Buffer.from(body ?? '') }, date());
      const pendingWork = exchange.begin(date());
      if (isLaunch && pendingWork !== null && workMs !== undefined && workMs > 0 && work === 'done') {
        clock.at(clock.now() + workMs, () => exchange.finish(date()));
        const dateHeader = { date: new Date(date()).toUTCString() };
        return reply ?? { ...launchAnswer(pendingWork.runId ?? '', {}, dateHeader), afterMs: workMs + 10 };
      }
      exchange.finish(date());
      return reply ?? replyOf(exchange.answer(date()));
    },
    addRun: (key, { agoMs, ending, endsInMs = -1 }) => {
      const id = `run_${model.runs.length + 1}`;
      const lifecycle = planned(id, { ms: agoMs + endsInMs, ending });
      return toFakeRun(model.addRun({ id, workflowId: 'wf_1', apiKey: API_KEY, idempotencyKey: key, ageMs: agoMs, lifecycle }, date()));
    },
  };
}

function replyOf({ status, headers, body }: Answer): ScriptedAnswer {
  const reported = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !name.startsWith('x-ratelimit-'));
  return { status, headers: Object.fromEntries(reported), body };
}
