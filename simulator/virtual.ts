/** The world in virtual time: a transport of the action's own kind in front of it. Thousands of jobs a minute, each with its seed. */
import { ConnectionError } from '../src/alloovium/errors.ts';
import type { HttpAnswer, HttpRequest, Transport } from '../src/alloovium/transport.ts';
import type { Clock } from '../src/clock.ts';
import { sizeOf, type BucketSize, type Tier } from './bucket.ts';
import { COSTS } from './calls.ts';
import { patched, type Answer, type WirePart } from './faults.ts';
import { mostInFlight, type Entry, type Run } from './journal.ts';
import { faultOf, HOSTILE, type RandomFault } from './random-faults.ts';
import { TEST_KEY, WORKFLOW } from './seed.ts';
import { EPOCH_MS } from './virtual-clock.ts';
import type { Sight } from './seed.ts';
import type { Launch, WorldOptions } from './api-state.ts';
import { createWorld, type Request } from './world.ts';

/** How a run goes. */
export interface Plan {
  readonly ms: number;
  readonly ending: string;
  readonly outputs: unknown;
}

/** Times are of the clock. */
export type VirtualRun = Run & Plan & { readonly endsAt: number };

export interface VirtualApi {
  readonly runs: readonly VirtualRun[];
  /** One for each client: of what two were told, neither is told the other's. */
  readonly transport: Transport;
  readonly journal: readonly Entry[];
  /** Requests before the moment that an answer to the same client had asked for. */
  readonly early: number;
  readonly mostInFlight: number;
  /** A run that was there before; returns its ID. */
  readonly addRun: (plan: Plan, projectId: string) => string;
}

export interface VirtualApiOptions extends Pick<WorldOptions, 'replayCost' | 'chargeRefusals'> {
  readonly clock: Clock;
  readonly random: () => number;
  readonly bucket: Tier | BucketSize;
  /** The course of the n-th run, from 1. */
  readonly course: (nth: number, launch: Launch) => Plan;
  /** Does an answer that asks for a wait bind this later request of the same client? Default: it does. */
  readonly binds?: (earlier: Entry, later: Entry) => boolean;
  /** Nobody listens at this moment; default: never. */
  readonly isDown?: (now: number) => boolean;
  /** What happens to the n-th request of a call. */
  readonly fault: (call: 'launch' | 'poll' | 'list', nth: number) => RandomFault;
}

/** The API for the clients of one clock, whose answers come after a little while. */
export function virtualApi(options: VirtualApiOptions): VirtualApi {
  const { clock, random, bucket, fault, binds = () => true, isDown = () => false } = options;
  const plans = new Map<string, Plan>();
  const runId = ({ count }: Launch): string => `run_${count}`;
  let clients = 0;
  let early = 0;

  const world = createWorld({
    ...options,
    epoch: EPOCH_MS,
    keys: { [TEST_KEY]: { bucketSize: sizeOf(bucket) } },
    workflows: [{ ...WORKFLOW, id: 'wf_1', name: 'Review' }],
    runId,
    lockHint: (leftMs) => Math.max(1, Math.ceil(leftMs / 1000)),
    course: (launch) => {
      const plan = options.course(launch.count, launch);
      plans.set(runId(launch), plan);
      return sightOf(plan);
    },
    faults: [
      ({ call, nth }) => {
        const cost = COSTS[call];
        const hint = (): number =>
          Math.max(1, Math.ceil(world.bucket(TEST_KEY, clock.now()).waitFor(cost, clock.now()) / 1000));
        return call === 'me' || call === 'other' ? undefined : faultOf(fault(call, nth), random, hint);
      },
    ],
  });

  const transportOf = (): Transport => {
    const client = ++clients;
    const asked: { readonly by: Entry; readonly until: number }[] = [];
    return async (request) => {
      const { timeoutMs, signal } = request;
      if (isDown(clock.now())) {
        await clock.sleep(1, signal);
        throw new ConnectionError('unreached', 'ECONNREFUSED');
      }
      const exchange = world.receive({ ...requestOf(request), connection: client }, clock.now());
      const { entry, fault: scripted } = exchange;
      if (asked.some(({ by, until }) => clock.now() < until - 1 && binds(by, entry))) early++;
      try {
        await clock.sleep(Math.min(5 + random() * 200, timeoutMs), signal);
        exchange.begin(clock.now());
        exchange.finish(clock.now());
        const sleep = (ms: number) => clock.sleep(ms, signal);
        const wire = scripted?.wire ?? ['head', 'body'];
        let headAt = clock.now();
        const answered = () => exchange.answer((headAt = clock.now()));
        const came = await carry(wire, answered, timeoutMs, sleep);
        let { answer } = came;
        if (answer.status >= 400 && scripted === undefined)
          answer = patched(answer, { body: (own) => ({ ...own, detail: HOSTILE }) });
        const hint = Number(answer.headers['Retry-After'] ?? 0) * 1000;
        if (hint > 0) asked.push({ by: entry, until: headAt + hint });
        const bodyError = came.fault && { error: came.fault, ageMs: clock.now() - headAt };
        return { ...httpAnswerOf(answer), ...(bodyError && { bodyError }) };
      } finally {
        entry.endedAt = clock.now();
      }
    };
  };
  return {
    get runs() {
      return world.runs.map((run) => {
        const plan = plans.get(run.id)!;
        return { ...run, ...plan, endsAt: run.createdAt + plan.ms };
      });
    },
    journal: world.journal,
    get transport() {
      return transportOf();
    },
    get early() {
      return early;
    },
    get mostInFlight() {
      return mostInFlight(world.journal);
    },
    addRun: (plan, projectId) => {
      const id = `run_before_${plans.size + 1}`;
      plans.set(id, plan);
      world.addRun({ id, workflowId: 'wf_1', projectId, course: sightOf(plan) }, clock.now());
      return id;
    },
  };
}

/** A run that goes by its plan, in even steps. */
function sightOf(plan: Plan): Sight {
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

/** What a client gets of an answer whose bytes come so, the headers alone where its body is bodyError; `sleep` is by its clock. */
async function carry(
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

/** A request of the action's transport, as the world takes it. */
export function requestOf({ method, url, headers, body }: HttpRequest): Request {
  return { method, path: url.replace(/^https?:\/\/[^/]*/, ''), headers, body: Buffer.from(body ?? '') };
}

/** An answer of the world's, as the action's transport gives it. */
export function httpAnswerOf({ status, headers, body }: Answer): HttpAnswer {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return { status, headers: new Map(named), body };
}
