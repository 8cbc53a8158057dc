/** All orders of a step, side by side on one bucket. */
import { ApiError } from '../alloovium/errors.ts';
import type { Order } from '../inputs/entries.ts';
import type { Job } from './job.ts';
import type { Emit, Outcome } from './outcome.ts';
import { runOrder } from './run.ts';
import { createQueue } from './queue.ts';

/**
 * What became of the orders, for each of their entries, in the order of the orders. One that fails, or cannot be launched,
 * stops no other, unless no other can fare better.
 * @param listen gives the listener of an order
 * @param onShort hears, once, by how many ms the time is too short for the last launch to be paid for
 */
export async function runOrders(
  orders: readonly Order[],
  job: Omit<Job, 'turn' | 'emit'>,
  listen: (order: Order, nextLaunchMs: () => number | null) => Emit,
  onShort: (ms: number) => void,
): Promise<readonly Outcome[]> {
  const all = new AbortController();
  const signal = AbortSignal.any([job.signal, all.signal]);
  const queue = createQueue({
    ...{ clock: job.clock, deadline: job.deadline, signal, onShort },
    count: orders.length,
    bucket: () => job.client.bucketState(),
  });
  const outcomes = await Promise.all(
    orders.map(async (order, nth) => {
      const turn = queue.of(nth);
      if (order.runId !== '') turn.launchOver();
      // A key that is refused ends all, once a poll has confirmed it.
      const onError = (error: unknown, isLaunched: boolean) => {
        if (isLaunched && error instanceof ApiError && error.problem.status === 401) all.abort(error);
      };
      const emit = listen(order, queue.nextLaunchMs);
      const own = await runOrder(order, { ...job, signal, turn, onError, emit });
      turn.over();
      if (own[0] !== undefined) emit({ kind: 'over', ending: own[0].ending });
      return own;
    }),
  );
  return outcomes.flat();
}
