/** The API model in virtual time, without sockets. It is the transport of a step, with faults. */
import { connectionError, RequestError, type ConnectionCode } from '../src/api/errors.ts';
import type { HttpAnswer, Transport } from '../src/api/transport.ts';
import { callOf, createApiModel, type Exchange } from './api-model.ts';
import { TIERS, type BucketSize } from './bucket.ts';
import type { Answer, Fault, WirePart } from './faults.ts';
import type { Call, JournalEntry, Run } from './journal.ts';
import { steadyLifecycle, type Lifecycle } from './run-lifecycle.ts';
import { TEST_KEY, WORKFLOW } from './vendor-example.ts';
import { EPOCH_MS, type VirtualClock } from './virtual-clock.ts';

export const WORKFLOW_ID = 'wf_1';

export interface VirtualFault extends Omit<Fault, 'when'> {
  /** The request reaches no server. With `timeout`, the connection hangs. */
  readonly unreached?: ConnectionCode;
}

/** The course of a run. */
export interface RunPlan {
  readonly ms: number;
  readonly ending: string;
  readonly outputs: unknown;
  /** Replaces the even steps to the end. */
  readonly lifecycle?: Lifecycle;
}

/** An attempt to send a request. */
export interface Attempt extends Pick<JournalEntry, 'call' | 'at'> {
  readonly key: string;
  /** The API's record of it; null if it reached no server. */
  readonly entry: JournalEntry | null;
}

interface VirtualApiOptions {
  readonly clock: VirtualClock;
  /** The plan of the n-th run, counted from 1. */
  readonly planOf: (nth: number) => RunPlan;
  readonly bucket?: BucketSize;
  /** The fault of the call's n-th attempt, counted from 1, with the attempts that reach no server. */
  readonly chooseFault?: (call: Call, nth: number) => VirtualFault | undefined;
  /** The duration of an exchange. */
  readonly latencyMs?: () => number;
}

export type VirtualApi = ReturnType<typeof createVirtualApi>;

export function createVirtualApi({ clock, planOf, bucket = TIERS.pro, chooseFault, latencyMs = () => 100 }: VirtualApiOptions) {
  const attempts: Attempt[] = [];
  let fault: VirtualFault | undefined;
  const model = createApiModel({
    epoch: EPOCH_MS,
    keys: { [TEST_KEY]: { bucketSize: bucket } },
    workflows: [{ ...WORKFLOW, id: WORKFLOW_ID, name: 'Review' }],
    lifecycle: ({ count }) => lifecycleOf(planOf(count)),
    faults: [() => fault],
  });

  const transport: Transport = async ({ method, url, headers, body, timeoutMs, signal }) => {
    signal.throwIfAborted();
    const path = url.replace(/^https?:\/\/[^/]*/, '');
    const call = callOf(method, path);
    const nth = attempts.filter((one) => one.call === call).length + 1;
    const attempt = { call, at: clock.now(), key: headers['idempotency-key'] ?? '' };
    const chosen = chooseFault?.(call, nth);
    fault = chosen;
    if (chosen?.unreached !== undefined) {
      attempts.push({ ...attempt, entry: null });
      await clock.sleep(chosen.unreached === 'timeout' ? timeoutMs : 10, signal);
      throw connectionError(chosen.unreached === 'timeout' ? 'no_connection' : chosen.unreached);
    }
    const exchange = model.receive({ method, path, headers, body: Buffer.from(body ?? ''), sent: null }, clock.now());
    attempts.push({ ...attempt, entry: exchange.entry });
    let leftMs = timeoutMs;
    const sleep = async (ms: number): Promise<void> => {
      await clock.sleep(Math.min(ms, leftMs), signal);
      if (ms >= leftMs) throw connectionError('timeout');
      leftMs -= ms;
    };
    return deliver(exchange, clock, latencyMs(), sleep);
  };

  return {
    transport,
    attempts: attempts as readonly Attempt[],
    journal: model.journal,
    get runs(): readonly (Run & RunPlan)[] {
      return model.runs().map((run) => ({ ...run, ...planOf(Number(run.id.slice('run_'.length))) }));
    },
  };
}

function lifecycleOf({ ms, ending, outputs, lifecycle }: RunPlan): Lifecycle {
  const isFailed = ending === 'failed';
  const end = { ending, outputs: isFailed ? null : outputs, errorMessage: isFailed ? 'No text layer.' : null };
  return lifecycle ?? steadyLifecycle({ queuedMs: ms / 10, runningMs: (ms * 9) / 10, ...end });
}

/** Returns what a client receives of an answer. @throws RequestError if no headers came; or the signal's reason */
async function deliver(
  exchange: Exchange,
  clock: VirtualClock,
  latencyMs: number,
  sleep: (ms: number) => Promise<void>,
): Promise<HttpAnswer> {
  const { wire = ['head', 'body'] as readonly WirePart[], workMs = 0 } = exchange.fault ?? {};
  const workLastsMs = exchange.begin(clock.now()) ? workMs : 0;
  // The work continues although the client has disconnected.
  if (workLastsMs > 0) clock.at(clock.now() + workLastsMs, () => exchange.finish(clock.now()));
  else exchange.finish(clock.now());
  await sleep(latencyMs + (exchange.isWholeAnswer || wire[0] !== 'head' ? 0 : workLastsMs));
  let answer: Answer | null = null;
  try {
    for (const part of wire) {
      if (part === 'head') answer = exchange.answer(clock.now());
      else if (part === 'hang') await sleep(Infinity);
      else if (part === 'body') return received(answer!);
      else if (typeof part === 'string') break;
      else if ('endless' in part) throw connectionError('too_large');
      else if (part.everyMs !== undefined) {
        await sleep(Math.ceil(answer!.body.length / part.bytes) * part.everyMs);
        return received(answer!);
      }
    }
    throw connectionError('connection_lost');
  } catch (error) {
    if (answer === null || !(error instanceof RequestError)) throw error;
    // The status of an error is enough.
    const broken = answer.status >= 300 ? null : (error.failure.code as ConnectionCode);
    return { ...received(answer), body: Buffer.alloc(0), broken };
  }
}

function received({ status, headers, body }: Answer): HttpAnswer {
  return { status, headers: new Map(Object.entries(headers)), body, broken: null };
}
