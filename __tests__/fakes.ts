/** A clock that jumps to the next thing due, a transport that answers by script, and a small API behind it. */
import { createClient, type Client } from '../src/alloovium/client.ts';
import { ConnectionError } from '../src/alloovium/errors.ts';
import { pollRun, type Polling } from '../src/alloovium/poll.ts';
import type { RetryContext } from '../src/alloovium/retry.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../src/alloovium/transport.ts';
import { isTerminal, type Run } from '../src/alloovium/wire.ts';
import type { Clock } from '../src/clock.ts';
import type { Order } from '../src/inputs/orders.ts';
import type { Job } from '../src/runs/job.ts';
import { firstPace, pacer } from '../src/runs/pace.ts';

export interface VirtualClock extends Clock {
  /** Does something at a moment of `now()`. Time passes only while somebody sleeps. */
  at(ms: number, what: () => void): void;
  /** The machine is suspended: time goes on, and nothing happens meanwhile. */
  suspend(ms: number): void;
  /** The wall clock jumps. */
  shiftDate(ms: number): void;
}

export function virtualClock(startDate = Date.UTC(2026, 3, 8, 10)): VirtualClock {
  interface Timer {
    readonly at: number;
    readonly fire: () => void;
  }
  const sleepers = new Set<Timer>();
  const planned = new Set<Timer>();
  let now = 0;
  let dateOffset = startDate;
  let going = false;

  const next = (): Timer | undefined => {
    let first: Timer | undefined;
    for (const timer of [...planned, ...sleepers]) if (!first || timer.at < first.at) first = timer;
    return first;
  };
  // Whatever is ready to run runs before time goes on.
  const go = (): void => {
    if (going) return;
    going = true;
    setImmediate(() => {
      going = false;
      const timer = sleepers.size === 0 ? undefined : next();
      if (!timer) return;
      planned.delete(timer);
      sleepers.delete(timer);
      now = Math.max(now, timer.at);
      timer.fire();
      go();
    });
  };

  return {
    now: () => now,
    date: () => Math.floor(dateOffset + now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const wake = () => {
          sleepers.delete(timer);
          reject(signal.reason as Error);
        };
        const timer: Timer = {
          at: now + Math.max(0, ms),
          fire: () => {
            signal.removeEventListener('abort', wake);
            resolve();
          },
        };
        sleepers.add(timer);
        signal.addEventListener('abort', wake, { once: true });
        go();
      }),
    at: (ms, fire) => {
      planned.add({ at: ms, fire });
    },
    suspend: (ms) => {
      now += ms;
    },
    shiftDate: (ms) => {
      dateOffset += ms;
    },
  };
}

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

export interface FakeTransport {
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

export function clientOf(clock: Clock, transport: Transport, random = () => 0): Client {
  return createClient({
    transport,
    apiUrl: 'https://api.example',
    apiKey: API_KEY,
    clock,
    random,
    redact: (text) => text.replaceAll(API_KEY, '***'),
  });
}

export function retryContextOf(clock: Clock, about: Partial<RetryContext> = {}): RetryContext {
  return {
    clock,
    random: () => 0,
    signal: new AbortController().signal,
    deadline: 15 * 60_000,
    onFailure: () => undefined,
    ...about,
  };
}

export const reset = (): Error => new ConnectionError('broken', 'ECONNRESET');
export const refused = (): Error => new ConnectionError('broken', 'ECONNREFUSED');

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

/** The answer to a look. */
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
  about: Partial<Polling> & Pick<Polling, 'client' | 'clock'>,
  { seen = [], failures = [], isFirstEnough = false }: Polls = {},
): Promise<Run> {
  const polls = pollRun({
    ...retryContextOf(about.clock),
    runId: 'run_1',
    firstPollMs: 0,
    notBefore: 0,
    missingUntil: 30_000,
    nextPauseMs: pacer(firstPace, about.random ?? (() => 0)),
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

interface Polls {
  readonly seen?: string[];
  readonly failures?: string[];
  readonly isFirstEnough?: boolean;
}

/** An order whose gate is red for nothing. */
export function anOrder(about: Partial<Order> = {}): Order {
  return {
    entries: [{ name: '', gate: { conditions: [], evaluate: () => [] } }],
    workflowId: 'wf_1',
    projectId: '',
    inputs: {},
    runId: '',
    idempotencyKey: '',
    ...about,
  };
}

/** A re-run of a job that launches for one commit. */
export function jobOf(clock: Clock, about: Partial<Job> & Pick<Job, 'client'>): Job {
  return {
    ...retryContextOf(clock),
    context: { when: 'a81d0c4', repository: 'acme/site', attempt: 2, jobRunId: '77' },
    attemptBeganAt: clock.now(),
    onRerun: 'resume',
    wait: true,
    ignored: [],
    redact: (text) => text,
    store: () => ({ outputsJson: '', outputsFile: '', gateFile: '', error: null }),
    excerpt: (outputs) => outputs,
    ...about,
  };
}

export interface FakeRun {
  readonly id: string;
  readonly key: string;
  readonly createdAt: number;
  endsAt: number;
  ending: string;
  /** Made behind an answer that was not kept for replay. */
  readonly unkept: boolean;
}

export interface ApiFault {
  /** `none`: the API never hears of it. `unkept`: done, and not kept for replay. Default `done`. */
  readonly work?: 'done' | 'none' | 'unkept';
  /** The launch is handled for so long, and holds its key's lock meanwhile. */
  readonly workMs?: number;
  /** In place of the API's own answer. */
  readonly reply?: Step;
}

export interface FakeApi {
  readonly runs: FakeRun[];
  /** For a fakeTransport; several may share one API. */
  readonly answer: (sent: Sent) => Step;
  /** A run from before, whose key is still kept. */
  addRun(key: string, about: { agoMs: number; ending: string; endsInMs?: number }): FakeRun;
}

/** The API's idempotency: one run a key, replays, the lock while a launch is handled. */
export function fakeApi(
  clock: VirtualClock,
  {
    course = () => ({ ms: 20_000, ending: 'completed' }),
    fault = () => undefined,
    /** The server's clock, ms since 1970, where it differs from ours. */
    date = () => clock.date(),
  }: {
    readonly course?: (nth: number) => { readonly ms: number; readonly ending: string };
    readonly fault?: (sent: Sent) => ApiFault | undefined;
    readonly date?: () => number;
  } = {},
): FakeApi {
  const runs: FakeRun[] = [];
  /** `body`: undefined for a run from before, which any launch fits. */
  const kept = new Map<string, { readonly runId: string; readonly body: string | null | undefined }>();
  const busyUntil = new Map<string, number>();

  const stamped = (reply: Reply, more: Record<string, string> = {}): Reply => ({
    ...reply,
    headers: { date: new Date(date()).toUTCString(), ...reply.headers, ...more },
  });
  let ids = 0;
  const make = ({ key, body }: Sent, unkept: boolean, nth = ++ids): FakeRun => {
    const { ms, ending } = course(nth);
    const run: FakeRun = {
      id: `run_${nth}`,
      key,
      createdAt: date(),
      endsAt: date() + ms,
      ending,
      unkept,
    };
    runs.push(run);
    if (!unkept) kept.set(key, { runId: run.id, body });
    return run;
  };

  function launch(sent: Sent, { work, workMs = 0 }: ApiFault): Reply {
    const { key, body } = sent;
    const before = kept.get(key);
    if (before) {
      if (before.body !== undefined && before.body !== body)
        return stamped(problem(409, 'idempotency_key_reused'));
      return stamped(launched(before.runId), { 'idempotent-replayed': 'true' });
    }
    const until = busyUntil.get(key);
    if (until !== undefined) {
      const seconds = String(Math.max(1, Math.ceil((until - clock.now()) / 1000)));
      return stamped(problem(409, 'idempotency_in_progress', { 'retry-after': seconds }));
    }
    if (work === 'unkept') {
      make(sent, true);
      return stamped(problem(500, 'internal_error'));
    }
    if (workMs === 0) return stamped(launched(make(sent, false).id));
    busyUntil.set(key, clock.now() + workMs);
    const nth = ++ids;
    clock.at(clock.now() + workMs, () => {
      busyUntil.delete(key);
      make(sent, false, nth);
    });
    return { ...stamped(launched(`run_${nth}`)), afterMs: workMs + 10 };
  }

  function pollAt(path: string): Reply {
    const run = runs.find(({ id }) => path.endsWith(`/${id}`));
    if (!run) return stamped(problem(404, 'not_found'));
    const ended = date() >= run.endsAt;
    return stamped(
      poll(run.id, ended ? run.ending : 'running', {
        outputs: ended && run.ending === 'completed' ? { summary: 'fine' } : null,
        created_at: new Date(run.createdAt).toISOString(),
      }),
    );
  }

  return {
    runs,
    answer: (sent) => {
      const now = fault(sent) ?? {};
      const own =
        now.work === 'none'
          ? undefined
          : sent.method === 'POST'
            ? launch(sent, now)
            : sent.path.includes('/runs/')
              ? pollAt(sent.path)
              : stamped({ body: { data: [], next_cursor: null, has_more: false } });
      const step = now.reply ?? own;
      if (step === undefined) throw new Error('a request that the API never hears of needs a reply');
      return step;
    },
    addRun: (key, { agoMs, ending, endsInMs = -1 }) => {
      const run: FakeRun = {
        id: `run_${++ids}`,
        key,
        createdAt: date() - agoMs,
        endsAt: date() + endsInMs,
        ending,
        unkept: false,
      };
      runs.push(run);
      kept.set(key, { runId: run.id, body: undefined });
      return run;
    },
  };
}
