/** Executes the orders of a step concurrently: each run is launched or joined, followed to its end, and evaluated. */
import { ApiError } from '../alloovium/errors.ts';
import { isTerminal } from '../alloovium/statuses.ts';
import type { Order } from '../inputs/runs-input.ts';
import { isJsonObject } from '../json.ts';
import { endingOf } from './ending.ts';
import { evaluateRun } from './evaluate-run.ts';
import { createEvaluations, type EvaluateInTurn } from './evaluation-queue.ts';
import type { Emit, Ending } from './events.ts';
import { followRun } from './follow.ts';
import type { Job } from './job.ts';
import { launchOrJoin } from './launch.ts';
import { outcomesOf, type Outcome } from './outcome.ts';
import { createQueue } from './queue.ts';
import { createRecord, type OrderRecord } from './record.ts';

const NO_OUTPUTS = 'the run completed without outputs';
const UNNAMED_OUTPUTS = 'the run completed, but its outputs are not a JSON object';

/** Listens to the events of all orders. */
export interface Listener {
  /** Returns the listener of an order. */
  readonly listen: (order: Order) => Emit;
  /** Called when all orders are over. */
  readonly end: () => void;
}

/**
 * Executes the orders. Returns an outcome for each entry, in order. An order that fails does not stop the others, unless they
 * would fail for the same reason.
 * @param createListener called once. `nextLaunchMs` returns in how many ms the next launch can be sent; null: now, or not known
 * @param onShort called once, with by how many ms the time is too short to pay for the last launch
 */
export async function runOrders(
  orders: readonly Order[],
  job: Omit<Job, 'turn' | 'emit'>,
  createListener: (nextLaunchMs: () => number | null) => Listener,
  onShort: (ms: number) => void,
): Promise<readonly Outcome[]> {
  const all = new AbortController();
  const signal = AbortSignal.any([job.signal, all.signal]);
  const queue = createQueue(job.client, { ...job, signal }, orders.length, onShort);
  const evaluateInTurn = createEvaluations({ ...job, signal }, queue.overAt);
  const listener = createListener(queue.nextLaunchMs);
  const outcomes = orders.map(async (order, nth) => {
    const { emit, latest } = createRecord(order, listener.listen(order));
    const turn = queue.turnOf(nth);
    const ending = await runOrder(order, { ...job, signal, turn, emit }, { latest, evaluateInTurn, all });
    // Frees the run's data, since the next run brings as much. `gc` is available with `runs` (index.ts).
    globalThis.gc?.();
    turn.moveTo('over');
    emit({ kind: 'over', ending });
    return outcomesOf(latest(), ending);
  });
  return (await Promise.all(outcomes).finally(listener.end)).flat();
}

interface OrderParts {
  readonly latest: () => OrderRecord;
  readonly evaluateInTurn: EvaluateInTurn;
  /** Aborts all orders of the step. */
  readonly all: AbortController;
}

/** Executes one order and returns how it ended. Never throws. */
async function runOrder(
  order: Order,
  job: Job,
  { latest, evaluateInTurn, all }: OrderParts,
): Promise<Ending> {
  const { clock, signal, turn, wait, emit } = job;
  try {
    const found = await launchOrJoin(order, job).finally(() => {
      turn.moveTo('followed');
      emit({ kind: 'launch_over' });
    });
    signal.throwIfAborted();
    if (!wait) return { kind: 'launched', errorMessage: '' };
    const seen = await followRun(order, job, found);
    const { status, outputs } = seen.run;
    if (!isTerminal(status)) throw new Error('a run is followed to its end');
    const baseline = await job.baseline;
    const hasConditions =
      status === 'completed' && order.entries.some(({ gate }) => gate.conditions.length > 0);
    const results = await evaluateInTurn(hasConditions, () => evaluateRun(order, { ...job, baseline }, seen));
    emit({ kind: 'evaluated', results });
    // Lets a signal be handled that arrived while the gate was computed.
    await clock.sleep(0, signal);
    if (status === 'completed' && !isJsonObject(outputs)) {
      emit({
        kind: 'notice',
        text: outputs === undefined || outputs === null ? NO_OUTPUTS : UNNAMED_OUTPUTS,
      });
    }
    return { kind: 'ended', status, errorMessage: latest().run?.errorMessage ?? '' };
  } catch (error) {
    const { runId, idempotencyKey } = latest();
    // An API key that is rejected ends all orders, once a poll has confirmed it.
    if (runId !== '' && error instanceof ApiError && error.problem.status === 401) all.abort(error);
    const ending = endingOf(error, latest(), job);
    if ('left' in ending && ending.left === 'unknown')
      emit({ kind: 'log_note', text: `a run may have started (key ${idempotencyKey})` });
    return ending;
  }
}
