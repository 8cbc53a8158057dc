/** The life of the orders of a step, side by side on one bucket: each run is launched or joined, followed to its end, and judged. */
import { ApiError } from '../alloovium/errors.ts';
import { isTerminal } from '../alloovium/statuses.ts';
import type { Order } from '../inputs/entries.ts';
import { findingOf } from '../gate/finding.ts';
import { isJsonObject } from '../json.ts';
import { endingOf } from './ending.ts';
import { follow, type Seen } from './follow.ts';
import type { Job } from './job.ts';
import { hasWaivers, evaluateRun, store } from './evaluate-run.ts';
import { findRun } from './launch.ts';
import {
  begin,
  notice,
  outcomesOf,
  type Emit,
  type Evaluated,
  type Outcome,
  type Progress,
} from './outcome.ts';
import { createQueue } from './queue.ts';
import { withinTime } from '../time-limit.ts';

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
  const queue = createQueue(job.client, { ...job, signal }, orders.length, onShort);
  const outcomes = orders.map(async (order, nth) => {
    const emit = listen(order, queue.nextLaunchMs);
    const turn = queue.of(nth);
    const own = await runOrder(order, { ...job, signal, turn, emit }, all);
    // What the run brought is garbage now, and the next brings as much. The function is there with `runs` (index.ts).
    globalThis.gc?.();
    turn.becomes('over');
    if (own[0] !== undefined) emit({ kind: 'over', ending: own[0].ending });
    return own;
  });
  return (await Promise.all(outcomes)).flat();
}

/** What becomes of the order, for each of its entries, whatever happens: never throws. */
async function runOrder(order: Order, job: Job, all: AbortController): Promise<readonly Outcome[]> {
  const progress = begin(order);
  const { clock, signal, turn, wait, emit } = job;
  let judged: readonly Evaluated[] = [];
  try {
    const found = await findRun(progress, job).finally(() => {
      turn.becomes('followed');
      emit({ kind: 'launch_over' });
    });
    signal.throwIfAborted();
    if (!wait) return outcomesOf(progress, { kind: 'launched', errorMessage: '' });
    const seen = await follow(progress, job, found);
    const { status, outputs } = seen.run;
    if (!isTerminal(status)) throw new Error('a run is followed to its end');
    const hasGate = order.entries.some(({ gate }) => gate.conditions.length > 0);
    const baseline = await job.baseline;
    judged = await turn.evaluate(status === 'completed' && hasGate, () =>
      evaluateWithinTime(progress, seen, job, baseline),
    );
    // The gate lets no signal in while it computes.
    await clock.sleep(0, signal);
    if (status === 'completed' && !isJsonObject(outputs))
      notice(progress, emit, 'the run completed, and its outputs are not an object of named values');
    const errorMessage = progress.run?.errorMessage ?? '';
    return outcomesOf(progress, { kind: 'ended', status, errorMessage }, judged);
  } catch (error) {
    // A key that is refused ends all, once a poll has confirmed it.
    if (progress.runId !== '' && error instanceof ApiError && error.problem.status === 401) all.abort(error);
    const ending = endingOf(error, progress, job);
    if ('left' in ending && ending.left === 'maybe_run')
      emit({ kind: 'notice', text: `a run may have started (key ${progress.idempotencyKey})` });
    return outcomesOf(progress, ending, judged);
  }
}

/** Judges the run as it ended, and writes what it brought. */
function evaluateWithinTime(
  progress: Progress,
  { run, meta }: Seen,
  job: Job,
  baseline: Awaited<Job['baseline']>,
): readonly Evaluated[] {
  const { order } = progress;
  const { emit } = job;
  const results = withinTime(
    () =>
      evaluateRun(order, run, meta.serverNowMs, { ...job, baseline }).map((one) => ({
        ...one,
        findings: one.results.map(findingOf),
      })),
    hasWaivers(order),
  );
  return results.map((one) => {
    const {
      entry,
      results,
      findings,
      notice: message,
      baselineUnusedReason,
      baselineNotes,
      since,
      used,
    } = one;
    for (const text of [...results.flatMap(({ notices }) => notices), message])
      if (text !== '') notice(progress, emit, text);
    // The report says it above its findings.
    for (const text of [baselineUnusedReason, ...baselineNotes])
      if (text !== '') emit({ kind: 'notice', text });
    const stored = store(order, run, one, meta.serverNowMs, job);
    if (stored.leftOut > 0)
      notice(progress, emit, `\`gate_file\` has no room for ${stored.leftOut} matches: it is no baseline`);
    return { entry, findings, baselineUnusedReason, baselineNotes, since, used, stored };
  });
}
