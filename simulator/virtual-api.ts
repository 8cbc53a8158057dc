/** The API model in virtual time, without sockets: each client sends its requests through `send`, and faults change what it receives. */
import { createApiModel } from './api-model.ts';
import type { Launch } from './api-state.ts';
import { callOf } from './api-messages.ts';
import { TIERS, type BucketSize } from './bucket.ts';
import type { Answer, Fault, WirePart } from './faults.ts';
import type { Call, JournalEntry, Run } from './journal.ts';
import type { Lifecycle, StateAt } from './run-lifecycle.ts';
import { TEST_KEY, WORKFLOW } from './vendor-example.ts';
import { EPOCH_MS, type VirtualClock } from './virtual-clock.ts';

export const WORKFLOW_ID = 'wf_1';

/** Why an answer did not come, or not whole. The first four: no server was reached. */
export type Breakage = 'refused' | 'no_name' | 'no_tls' | 'proxy' | 'certificate' | 'reset' | 'timeout' | 'too_large' | 'encoding';

/** What a client throws when no headers came. */
export class Broken extends Error {
  readonly breakage: Breakage;
  /** Node's code, or a proxy's status. */
  readonly code: string;

  constructor(breakage: Breakage, code = '') {
    super(`${breakage} ${code}`);
    this.breakage = breakage;
    this.code = code;
  }
}

/** A fault of the requests that it names. The first fault that applies counts. */
export interface VirtualFault extends Omit<Fault, 'when'> {
  readonly call: Call;
  /** Counted from 1 over all attempts of the call, those that reach nobody included; default: all. */
  readonly nth?: number | ((nth: number) => boolean);
  /** Applies before this moment of the clock, in ms; default: always. */
  readonly until?: number;
  /** Launches for this project. */
  readonly projectId?: string;
  /** The request reaches no server. */
  readonly unreached?: readonly [Breakage, code: string];
}

/** How a run goes and ends. */
export interface RunPlan {
  readonly ms: number;
  readonly ending: string;
  readonly outputs: unknown;
  /** In place of even steps to the ending. */
  readonly lifecycle?: Lifecycle;
}

export interface VirtualRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface VirtualAnswer extends Answer {
  /** Why its body is not whole, and how long ago its head came. */
  readonly broken?: { readonly by: Broken; readonly ageMs: number };
}

/** An attempt to send a request, also one that reached nobody. */
export interface Attempt {
  readonly call: Call;
  readonly nth: number;
  readonly at: number;
  readonly key: string;
  /** The API's record of it; null: it reached nobody. */
  readonly entry: JournalEntry | null;
}

export interface VirtualApiOptions {
  readonly clock: VirtualClock;
  /** The plan of the n-th run, from 1. */
  readonly planOf: (nth: number, launch: Launch) => RunPlan;
  readonly bucket?: BucketSize;
  readonly chooseFault?: (call: Call, nth: number, projectId: string | null) => Omit<VirtualFault, 'call'> | undefined;
  /** Time that an exchange takes; default 100 ms. */
  readonly latencyMs?: () => number;
  /** Replaces the text of every error of the API. */
  readonly detail?: string;
}

export type VirtualApi = ReturnType<typeof createVirtualApi>;

export function createVirtualApi({ clock, planOf, bucket = TIERS.pro, chooseFault, latencyMs = () => 100, detail }: VirtualApiOptions) {
  const plans = new Map<string, RunPlan>();
  const attempts: Attempt[] = [];
  const runId = ({ count }: Launch): string => `run_${count}`;
  let current: Omit<VirtualFault, 'call'> | undefined;
  const model = createApiModel({
    epoch: EPOCH_MS,
    keys: { [TEST_KEY]: { bucketSize: bucket } },
    workflows: [{ ...WORKFLOW, id: WORKFLOW_ID, name: 'Review' }],
    runId,
    lockHint: (leftMs) => Math.max(1, Math.ceil(leftMs / 1000)),
    lifecycle: (launch) => {
      const plan = planOf(launch.count, launch);
      plans.set(runId(launch), plan);
      return plan.lifecycle ?? stateOf(plan);
    },
    faults: [() => current],
  });

  /** @throws Broken no headers came; or the signal's reason */
  async function send(request: VirtualRequest): Promise<VirtualAnswer> {
    const { method, url, headers, timeoutMs, signal } = request;
    signal.throwIfAborted();
    const path = url.replace(/^https?:\/\/[^/]*/, '');
    const call = callOf(method, path);
    const nth = attempts.filter((one) => one.call === call).length + 1;
    const body = Buffer.from(request.body ?? '');
    const fault = chooseFault?.(call, nth, projectOf(body));
    const attempt = { call, nth, at: clock.now(), key: headers['idempotency-key'] ?? '' };
    if (fault?.unreached !== undefined) {
      const [breakage, code] = fault.unreached;
      attempts.push({ ...attempt, entry: null });
      await clock.sleep(breakage === 'timeout' ? timeoutMs : 10, signal);
      throw new Broken(breakage === 'timeout' ? 'refused' : breakage, code);
    }
    current = fault;
    const exchange = model.receive({ method, path, headers, body }, clock.now());
    attempts.push({ ...attempt, entry: exchange.entry });
    try {
      let leftMs = timeoutMs;
      const sleep = async (ms: number): Promise<void> => {
        await clock.sleep(Math.min(ms, leftMs), signal);
        if (ms >= leftMs) throw new Broken('timeout');
        leftMs -= ms;
      };
      const work = exchange.begin(clock.now());
      const workMs = work === null ? 0 : (fault?.workMs ?? 0);
      // The work goes on although the client has gone.
      if (workMs > 0) clock.at(clock.now() + workMs, () => exchange.finish(clock.now()));
      else exchange.finish(clock.now());
      const wire = fault?.wire ?? ['head', 'body'];
      await sleep(latencyMs() + (exchange.isWholeAnswer || wire[0] !== 'head' ? 0 : workMs));
      const answer = await deliver(wire, () => exchange.answer(clock.now()), sleep, clock);
      return detail !== undefined && answer.status >= 400 && fault === undefined ? withDetail(answer, detail) : answer;
    } finally {
      exchange.entry.endedAt = clock.now();
    }
  }

  return {
    send,
    attempts: attempts as readonly Attempt[],
    journal: model.journal,
    get runs(): readonly (Run & RunPlan)[] {
      return model.runs.map((run) => ({ ...run, ...plans.get(run.id)! }));
    },
    /** Adds a run that existed before. */
    addRun: (plan: RunPlan, projectId: string | null = null): string => {
      const id = `run_before_${plans.size + 1}`;
      plans.set(id, plan);
      model.addRun({ id, workflowId: WORKFLOW_ID, projectId, lifecycle: plan.lifecycle ?? stateOf(plan) }, clock.now());
      return id;
    },
  };
}

function projectOf(body: Buffer): string | null {
  if (body.length === 0) return null;
  const { project_id: projectId } = JSON.parse(body.toString()) as { project_id?: string };
  return projectId ?? null;
}

function withDetail(answer: VirtualAnswer, detail: string): VirtualAnswer {
  const body = JSON.parse(answer.body.toString()) as object;
  return { ...answer, body: Buffer.from(JSON.stringify({ ...body, detail })) };
}

/** The state of a run that goes through its plan in even steps. */
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
      error_message: failed ? 'No text layer.' : null,
      started_at: iso(0),
      completed_at: isOver ? iso(plan.ms) : null,
    };
  };
}

/** What a client receives of an answer that is sent in these parts. */
async function deliver(
  wire: readonly WirePart[],
  makeAnswer: () => Answer,
  sleep: (ms: number) => Promise<void>,
  clock: VirtualClock,
): Promise<VirtualAnswer> {
  let answer: Answer | null = null;
  let headAt = 0;
  try {
    for (const part of wire) {
      if (part === 'head') {
        answer = makeAnswer();
        headAt = clock.now();
      } else if (part === 'body' && answer !== null) return answer;
      else if (part === 'hang') await sleep(Infinity);
      else if (typeof part === 'string') break;
      else if ('waitMs' in part) await sleep(part.waitMs);
      else if ('endless' in part) throw new Broken('too_large');
      else if (part.everyMs !== undefined && answer !== null) {
        await sleep(Math.ceil(answer.body.length / part.bytes) * part.everyMs);
        return answer;
      }
    }
    throw new Broken('reset', 'ECONNRESET');
  } catch (error) {
    // The status of an error says what its body would.
    if (!(error instanceof Broken) || answer === null) throw error;
    const isError = answer.status >= 300;
    if (isError) return { ...answer, body: Buffer.alloc(0) };
    return { ...answer, body: Buffer.alloc(0), broken: { by: error, ageMs: clock.now() - headAt } };
  }
}
