/** The API model in virtual time, behind a transport as the action uses it: thousands of jobs a minute, each with its seed. */
import { ConnectionError } from '../src/alloovium/errors.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../src/alloovium/transport.ts';
import type { Clock } from '../src/clock.ts';
import { sizeOf, type BucketSize, type Tier } from './bucket.ts';
import { COSTS } from './api-messages.ts';
import { applyPatch, type Answer, type WirePart } from './faults.ts';
import { maxInFlight, type JournalEntry, type Run } from './journal.ts';
import { createFault, HOSTILE, type RandomFault } from './random-faults.ts';
import { TEST_KEY, WORKFLOW } from './vendor-example.ts';
import { EPOCH_MS } from './virtual-clock.ts';
import type { StateAt } from './run-lifecycle.ts';
import type { Launch, ApiModelOptions } from './api-state.ts';
import { createApiModel, type Request } from './api-model.ts';

/** How long a run takes, and how it ends. */
export interface RunPlan {
  readonly ms: number;
  readonly ending: string;
  readonly outputs: unknown;
}

/** Times are of the virtual clock. */
export type VirtualRun = Run & RunPlan & { readonly endsAt: number };

export interface VirtualApi {
  readonly runs: readonly VirtualRun[];
  /** A new transport for each client: a hint to wait binds only the client that received it. */
  readonly transport: Transport;
  readonly journal: readonly JournalEntry[];
  /** Requests sent before the moment that an answer to the same client had asked for. */
  readonly earlyRequests: number;
  readonly maxInFlight: number;
  /** Adds a run that existed before; returns its ID. */
  readonly addRun: (plan: RunPlan, projectId: string) => string;
}

export interface VirtualApiOptions extends Pick<ApiModelOptions, 'replayCost' | 'chargeRefusals'> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly bucket: Tier | BucketSize;
  /** The plan of the n-th run, from 1. */
  readonly planOf: (nth: number, launch: Launch) => RunPlan;
  /** Whether an answer that asks for a wait binds this later request of the same client. Default: always. */
  readonly binds?: (earlier: JournalEntry, later: JournalEntry) => boolean;
  /** Whether connections are refused at this moment; default: never. */
  readonly isDown?: (now: number) => boolean;
  /** The fault of the n-th request of a call. */
  readonly fault: (call: 'launch' | 'poll' | 'list', nth: number) => RandomFault;
}

/** The API for the clients of one clock; each answer takes up to 205 ms. */
export function virtualApi(options: VirtualApiOptions): VirtualApi {
  const { clock, random, bucket, fault, binds = () => true, isDown = () => false } = options;
  const plans = new Map<string, RunPlan>();
  const runId = ({ count }: Launch): string => `run_${count}`;
  let clients = 0;
  let early = 0;

  const model = createApiModel({
    ...options,
    epoch: EPOCH_MS,
    keys: { [TEST_KEY]: { bucketSize: sizeOf(bucket) } },
    workflows: [{ ...WORKFLOW, id: 'wf_1', name: 'Review' }],
    runId,
    lockHint: (leftMs) => Math.max(1, Math.ceil(leftMs / 1000)),
    lifecycle: (launch) => {
      const plan = options.planOf(launch.count, launch);
      plans.set(runId(launch), plan);
      return stateOf(plan);
    },
    faults: [
      ({ call, nth }) => {
        const cost = COSTS[call];
        const hint = (): number =>
          Math.max(1, Math.ceil(model.bucket(TEST_KEY, clock.now()).msUntil(cost, clock.now()) / 1000));
        return call === 'me' || call === 'other' ? undefined : createFault(fault(call, nth), random, hint);
      },
    ],
  });

  const transportOf = (): Transport => {
    const client = ++clients;
    const waits: { readonly by: JournalEntry; readonly until: number }[] = [];
    return async (request) => {
      const { timeoutMs, signal } = request;
      if (isDown(clock.now())) {
        await clock.sleep(1, signal);
        throw new ConnectionError('unreached', 'ECONNREFUSED');
      }
      const exchange = model.receive({ ...requestOf(request), connection: client }, clock.now());
      const { entry, fault: scripted } = exchange;
      if (waits.some(({ by, until }) => clock.now() < until - 1 && binds(by, entry))) early++;
      try {
        await clock.sleep(Math.min(5 + random() * 200, timeoutMs), signal);
        exchange.begin(clock.now());
        exchange.finish(clock.now());
        const sleep = (ms: number) => clock.sleep(ms, signal);
        const wire = scripted?.wire ?? ['head', 'body'];
        let headAt = clock.now();
        const answered = () => exchange.answer((headAt = clock.now()));
        const received = await deliver(wire, answered, timeoutMs, sleep);
        let { answer } = received;
        if (answer.status >= 400 && scripted === undefined)
          answer = applyPatch(answer, { body: (own) => ({ ...own, detail: HOSTILE }) });
        const hint = Number(answer.headers['Retry-After'] ?? 0) * 1000;
        if (hint > 0) waits.push({ by: entry, until: headAt + hint });
        const bodyError = received.fault && { error: received.fault, ageMs: clock.now() - headAt };
        return { ...httpAnswerOf(answer), ...(bodyError && { bodyError }) };
      } finally {
        entry.endedAt = clock.now();
      }
    };
  };
  return {
    get runs() {
      return model.runs.map((run) => {
        const plan = plans.get(run.id)!;
        return { ...run, ...plan, endsAt: run.createdAt + plan.ms };
      });
    },
    journal: model.journal,
    get transport() {
      return transportOf();
    },
    get earlyRequests() {
      return early;
    },
    get maxInFlight() {
      return maxInFlight(model.journal);
    },
    addRun: (plan, projectId) => {
      const id = `run_before_${plans.size + 1}`;
      plans.set(id, plan);
      model.addRun({ id, workflowId: 'wf_1', projectId, lifecycle: stateOf(plan) }, clock.now());
      return id;
    },
  };
}

/** The state of a run that follows its plan in even steps. */
function stateOf(plan: RunPlan): StateAt {
  return (elapsedMs, iso) => {
    const isOver = elapsedMs >= plan.ms;
    const share = Math.min(1, elapsedMs / Math.max(1, plan.ms));
    const failed = isOver && plan.ending === 'failed';
    return {
      status: isOver ? plan.ending : share < 0.1 ? 'pending' : 'running',
      progress: Math.floor(share * 100),
      stage: `Stage ${Math.floor(share * 3)}`,
      outputs: isOver && !failed ? plan.outputs : null,
      error_message: failed ? HOSTILE : null,
      started_at: iso(0),
      completed_at: isOver ? iso(plan.ms) : null,
    };
  };
}

/** What a client receives of an answer that is sent this way; only the headers where the body fails. `sleep` uses the client's clock. */
async function deliver(
  wire: readonly WirePart[],
  answer: () => Answer,
  timeoutMs: number,
  sleep: (ms: number) => Promise<void>,
): Promise<{ readonly answer: Answer; readonly fault?: ConnectionError }> {
  let left = timeoutMs;
  let came: Answer | null = null;
  const wait = async (ms: number): Promise<void> => {
    await sleep(Math.min(ms, left));
    if (ms >= left) throw new ConnectionError('timeout');
    left -= ms;
  };
  try {
    for (const part of wire) {
      if (part === 'head') came = answer();
      else if (part === 'body' && came !== null) return { answer: came };
      else if (part === 'hang') await wait(Infinity);
      else if (typeof part === 'string') break;
      else if ('waitMs' in part) await wait(part.waitMs);
      else if ('endless' in part) throw new ConnectionError('too_large');
      else if (part.everyMs !== undefined && came !== null) {
        await wait(Math.ceil(came.body.length / part.bytes) * part.everyMs);
        return { answer: came };
      }
    }
    throw new ConnectionError('broken', 'ECONNRESET');
  } catch (fault) {
    if (came === null || !(fault instanceof ConnectionError)) throw fault;
    return { answer: { ...came, body: Buffer.alloc(0) }, fault };
  }
}

/** Converts a request of the action's transport for the API model. */
export function requestOf({ method, url, headers, body }: HttpRequest): Request {
  return { method, path: url.replace(/^https?:\/\/[^/]*/, ''), headers, body: Buffer.from(body ?? '') };
}

/** Converts an answer of the API model for the action's transport. */
export function httpAnswerOf({ status, headers, body }: Answer): HttpAnswer {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return { status, headers: new Map(named), body };
}
