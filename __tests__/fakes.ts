/** A transport that answers by script, and the simulator's API for such a script. */
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
import { createQueue, type Turn } from '../src/runs/queue.ts';
import type { Answer, Fault } from '../simulator/faults.ts';
import type { Run as WorldRun } from '../simulator/journal.ts';
import { type StateAt } from '../simulator/run-lifecycle.ts';
import { WORKFLOW } from '../simulator/vendor-example.ts';
import { virtualClock, type VirtualClock } from '../simulator/virtual-clock.ts';
import { createApiModel } from '../simulator/api-model.ts';

export { virtualClock, type VirtualClock };

export interface Reply {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes as they are, all else as JSON; default: nothing. */
  readonly body?: unknown;
  /** Default 10. */
  readonly afterMs?: number;
}

/** An error is thrown; `hang` never answers. */
export type Step = Reply | Error | 'hang';

/** A request as it was sent. */
export interface Sent {
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
  /** When it ended, one way or the other. */
  endedAt: number | null;
  /** The answer's status, once it is here. */
  status: number | null;
}

interface FakeTransport {
  readonly transport: Transport;
  readonly sent: readonly Sent[];
  readonly mostInFlight: () => number;
}

/** The n-th request gets the n-th step, and the last step serves all after it; or a function is asked. */
export function fakeTransport(
  clock: VirtualClock,
  script: readonly Step[] | ((sent: Sent) => Step),
): FakeTransport {
  const sent: Sent[] = [];
  let inFlight = 0;
  let most = 0;
  const transport: Transport = async ({ method, url, headers, body, timeoutMs, signal }) => {
    signal.throwIfAborted();
    const record: Sent = {
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
    most = Math.max(most, ++inFlight);
    try {
      const step =
        typeof script === 'function' ? script(record) : script[Math.min(record.nth, script.length) - 1];
      if (step === undefined) throw new Error('the script is empty');
      const takesMs = step === 'hang' ? Infinity : step instanceof Error ? 10 : (step.afterMs ?? 10);
      await clock.sleep(Math.min(takesMs, timeoutMs), signal);
      if (step === 'hang' || takesMs > timeoutMs) throw new ConnectionError('timeout');
      if (step instanceof Error) throw step;
      const answer = answerOf(step);
      record.status = answer.status;
      return answer;
    } finally {
      inFlight--;
      record.endedAt = clock.now();
    }
  };
  return { transport, sent, mostInFlight: () => most };
}

export function answerOf({ status = 200, headers = {}, body = '' }: Reply): HttpAnswer {
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

export function retryContextOf(clock: Clock, about: Partial<RetryOptions> = {}): RetryOptions {
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

export const reset = (): Error => new ConnectionError('broken', 'ECONNRESET');
export const refused = (): Error => new ConnectionError('unreached', 'ECONNREFUSED');

/** A failed request's error, that of a gateway where nothing else is given. */
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

/** An error of the API's own. */
export function problem(status: number, code: string, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: { type: 'about:blank', title: code, status, detail: 'Said so.', code, request_id: 'req_7' },
  };
}

/** The answer to a launch. */
export function launched(runId: string, more: Record<string, unknown> = {}, headers = {}): Reply {
  return {
    status: 201,
    headers: { 'content-type': 'application/json', ...headers },
    body: { run_id: runId, workflow_id: 'wf_1', status: 'pending', started_at: null, ...more },
  };
}

/** The answer to a poll. */
export function poll(runId: string, status: unknown, more: Record<string, unknown> = {}): Reply {
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

/** Polls to the end, or to the first usable answer; what came on the way goes into `seen`, statuses and reasons of failures. */
export async function pollToEnd(
  about: Partial<PollOptions> & Pick<PollOptions, 'client' | 'clock'>,
  { seen = [], failures = [], isFirstEnough = false }: Polls = {},
): Promise<Run> {
  const { client, clock } = about;
  const { signal, deadline, random } = { ...retryContextOf(clock), ...about };
  const turn = aloneIn({ clock, signal, deadline, client });
  const polls = pollRun({
    ...retryContextOf(clock),
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

/** The place of an order that is the only one. */
function aloneIn(about: Pick<Job, 'clock' | 'signal' | 'deadline' | 'client'>): Turn {
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

/** Nothing is waived, and there is no baseline. */
export const ALONE: BaselineContext = {
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

/** Results as neither waivers nor a baseline speak of them, but for what is given. */
export function evaluatedAlone({
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
  const { results } = applyBaseline([given], { ...ALONE, knownBy: new Map([[null, fields]]) });
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
  own: [],
  pullRequest: { kind: 'none', reason: '' },
  isPrivate: true,
};

/** An order whose gate is red for nothing. */
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

/** A re-run of a job that launches for one commit. */
export function jobOf(
  clock: Clock,
  {
    context,
    ...about
  }: Partial<Omit<Job, 'context'>> & Pick<Job, 'client'> & { readonly context?: Partial<Job['context']> },
): Job {
  const shared = { ...retryContextOf(clock), ...about };
  return {
    ...shared,
    turn: aloneIn({ ...shared, clock }),
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
  /** Made behind an answer that was not kept for replay. */
  readonly isUnstored: boolean;
}

export interface ApiFault {
  /** `none`: the API never hears of it. `unstored`: done, and not kept for replay. Default `done`. */
  readonly work?: 'done' | 'none' | 'unstored';
  /** The launch is handled for so long, and holds its key's lock meanwhile. */
  readonly workMs?: number;
  /** In place of the API's own answer. */
  readonly reply?: Step;
}

export interface FakeApi {
  readonly runs: readonly FakeRun[];
  /** For a fakeTransport; several may share one API. */
  readonly answer: (sent: Sent) => Step;
  /** A run from before, whose key is still kept. */
  addRun(key: string, about: { agoMs: number; ending: string; endsInMs?: number }): FakeRun;
}

/** A bucket that nothing empties: what it holds is not told. */
const ENDLESS = { perMinute: 1e9, burst: 1e9 };

/** The simulator's API, whose runs are on until they end. */
export function fakeApi(
  clock: VirtualClock,
  {
    lifecycle: planOf = () => ({ ms: 20_000, ending: 'completed' }),
    fault = () => undefined,
    /** The server's clock, ms since 1970, where it differs from ours. */
    date = () => clock.date(),
  }: {
    readonly lifecycle?: (nth: number) => { readonly ms: number; readonly ending: string };
    readonly fault?: (sent: Sent) => ApiFault | undefined;
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
  const world = createApiModel({
    keys: { [API_KEY]: { bucketSize: ENDLESS } },
    workflows: [{ ...WORKFLOW, id: 'wf_1' }],
    runId: ({ count }) => `run_${count}`,
    lifecycle: ({ count }) => planned(`run_${count}`, planOf(count)),
    // Held as long as the work lasts.
    lockMs: Infinity,
    lockHint: (leftMs) => Math.max(1, Math.ceil(leftMs / 1000)),
    faults: [() => scripted],
  });
  const shown = (run: WorldRun): FakeRun => {
    const { id, createdAt, isUnstored, idempotencyKey } = run;
    const { ms, ending } = plans.get(id)!;
    return { id, key: idempotencyKey ?? '', createdAt, endsAt: createdAt + ms, ending, isUnstored };
  };

  return {
    get runs() {
      return world.runs.map(shown);
    },
    answer: (sent) => {
      const { reply, work = 'done', workMs } = fault(sent) ?? {};
      if (reply === undefined && work === 'none')
        throw new Error('a request that the API never hears of needs a reply');
      const isLaunch = sent.method === 'POST';
      scripted = {
        work,
        ...(workMs === undefined ? {} : { workMs }),
        ...(isLaunch && work === 'unstored' ? { answer: { code: 'internal_error' } } : {}),
      };
      const { method, path, headers, body } = sent;
      const exchange = world.receive({ method, path, headers, body: Buffer.from(body ?? '') }, date());
      const underWay = exchange.begin(date());
      if (isLaunch && underWay !== null && workMs !== undefined && workMs > 0 && work === 'done') {
        clock.at(clock.now() + workMs, () => exchange.finish(date()));
        const stamp = { date: new Date(date()).toUTCString() };
        return reply ?? { ...launched(underWay.runId ?? '', {}, stamp), afterMs: workMs + 10 };
      }
      exchange.finish(date());
      return reply ?? replyOf(exchange.answer(date()));
    },
    addRun: (key, { agoMs, ending, endsInMs = -1 }) => {
      const id = `run_${world.runs.length + 1}`;
      const lifecycle = planned(id, { ms: agoMs + endsInMs, ending });
      return shown(
        world.addRun(
          { id, workflowId: 'wf_1', apiKey: API_KEY, idempotencyKey: key, ageMs: agoMs, lifecycle },
          date(),
        ),
      );
    },
  };
}

function replyOf({ status, headers, body }: Answer): Reply {
  const reported = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), String(value)] as const)
    .filter(([name]) => !name.startsWith('x-ratelimit-'));
  return { status, headers: Object.fromEntries(reported), body };
}
