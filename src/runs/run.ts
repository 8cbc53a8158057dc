/** Runs the orders of a step at once: each finds or launches its run, follows it to its end and evaluates it. */
import { RequestError } from '../alloovium/errors.ts';
import { isEnded, type Run } from '../alloovium/wire.ts';
import { Ended, type Ending } from '../ending.ts';
import type { Order } from '../inputs/inputs.ts';
import { listKeys } from '../intent.ts';
import { checkRun, followRun, waitUntil, type Seen } from './follow.ts';
import { launch } from './launch.ts';
import type { RunParts, StepParts } from './parts.ts';
import { createRecord, type RunRecord } from './record.ts';
import { evaluateGates, isRed, keepReviews } from './results.ts';
import { createTurns } from './turns.ts';

/** @returns a record for each order, in order. Never throws: how an order ended is in its record. */
export function runOrders(orders: readonly Order[], given: StepParts): Promise<RunRecord[]> {
  const all = new AbortController();
  const signal = AbortSignal.any([given.signal, all.signal]);
  const turns = createTurns(given.clock, given.deadline, signal);
  const parts: RunParts = { ...given, signal, turns, keyOfRun: new Map() };
  const work = orders.map(async (order) => {
    const record = createRecord(order);
    try {
      record.ending = await runOrder(record, parts);
    } catch (error) {
      // The key would be refused to the other orders too.
      if (error instanceof RequestError && error.failure.kind === 'unauthorised') all.abort(error);
      record.ending = endingOf(error, parts.redact);
    }
    parts.listener.ended(record);
    return record;
  });
  return Promise.all(work);
}

/** @throws Ended, RequestError, the signal's reason; any other error is a crash */
async function runOrder(record: RunRecord, parts: RunParts): Promise<Ending> {
  const found = await findRun(record, parts);
  parts.listener.found(record);
  if (!parts.wait) return { kind: 'launched' };
  const run = await followRun(record, found, parts);
  if (run.status === 'completed') keepReviews(record, await evaluateGates(record, run, parts), parts);
  return { kind: run.status };
}

/**
 * Launches under each key in turn. A re-run leaves a run that an earlier job started and that its first check finds ended red;
 * what the last key gives is its run.
 */
async function findRun(record: RunRecord, parts: RunParts): Promise<Seen> {
  const { order } = record;
  const { clock, context, onRerun, listener } = parts;
  if (order.runId !== '') {
    record.origin = 'given';
    return { run: null, at: clock.now(), notBefore: clock.now() };
  }
  const { workflowId, projectId, inputs, idempotencyKey } = order;
  const { repository, jobRunId, attempt } = context;
  const keyScope = idempotencyKey || context.keyScope;
  const intent = { keyScope, repository, workflowId, projectId, inputs };
  const keys = listKeys(intent, { onRerun, jobRunId, attempt });
  let reds = 0;
  for (const [nth, key] of keys.entries()) {
    const { notBefore } = await launch(record, key, parts);
    record.redRunsBefore = onRerun === 'fresh' && attempt > 1 ? null : reds;
    const isLast = nth === keys.length - 1;
    if (record.origin === 'started' || isLast) return { run: null, at: clock.now(), notBefore };
    await waitUntil(clock.now(), notBefore, parts);
    const seen = await checkRun(record, clock.now(), parts);
    const why = await findRed(record, seen.run, parts);
    if (why === null) return seen;
    if (why === 'red') reds++;
    listener.passedOver(record, why);
    Object.assign(record, { ...createRecord(order), notices: record.notices });
  }
  throw new Error('there is no key');
}

/** @returns how the run ended red; null: it did not */
async function findRed(record: RunRecord, run: Run, parts: RunParts) {
  if (!isEnded(run)) return null;
  if (run.status !== 'completed') return run.status;
  return (await evaluateGates(record, run, parts)).some(isRed) ? 'red' : null;
}

/** Returns the ending that an error means. */
export function endingOf(error: unknown, redact: (text: string) => string): Ending {
  if (error instanceof Ended) return error.ending;
  if (error instanceof RequestError) return { kind: 'request_failed', failure: error.failure };
  return { kind: 'crashed', message: redact(error instanceof Error ? error.message : String(error)) };
}
