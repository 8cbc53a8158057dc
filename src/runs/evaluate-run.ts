/** Evaluates the gates of a run that has ended, and writes and reports the result at once. */
import type { Run } from '../alloovium/wire.ts';
import { applyBaseline, NOT_EVALUATED } from '../gate/baseline.ts';
import { isRed } from '../gate/condition.ts';
import { createFinding } from '../gate/finding.ts';
import type { Order } from '../inputs/runs-input.ts';
import { runWithinTime } from '../time-limit.ts';
import type { Evaluated } from './events.ts';
import { identityOf, storeFiles, type EntryResult } from './run-files.ts';
import type { PolledRun } from './follow.ts';
import type { Job } from './job.ts';

/** The parts with the baseline loaded. */
type WithKnownBaseline<Parts> = Omit<Parts, 'baseline'> & { readonly baseline: Awaited<Job['baseline']> };

/**
 * Evaluates the gates of an ended run for each entry of its order, emits its notices, and writes its files. @throws GateTimeError
 */
export function evaluateRun(
  order: Order,
  job: WithKnownBaseline<Job>,
  { run, meta }: PolledRun,
): readonly Evaluated[] {
  const { emit } = job;
  const nowMs = meta.serverNowMs;
  const evaluated = runWithinTime(
    () =>
      evaluateGates(order, run, nowMs, job).map((one) => ({
        ...one,
        findings: one.results.map(createFinding),
      })),
    hasWaivers(order),
  );
  return evaluated.map((one) => {
    const { entry, results, findings, notice, baselineUnusedReason, baselineNotes, since, used } = one;
    for (const text of [...results.flatMap(({ notices }) => notices), notice])
      if (text !== '') emit({ kind: 'notice', text });
    // The report shows these above its findings.
    for (const text of [baselineUnusedReason, ...baselineNotes])
      if (text !== '') emit({ kind: 'log_note', text });
    const stored = storeFiles(order, run, one, nowMs, job);
    if (stored.leftOut > 0) {
      const text = `\`gate_file\` leaves out ${stored.leftOut} matches for size: it cannot be a baseline`;
      emit({ kind: 'notice', text });
    }
    return { entry, findings, baselineUnusedReason, baselineNotes, since, used, stored };
  });
}

/** Does a gate of the order fail for this run? @throws GateTimeError */
export function isRedByGate(
  order: Order,
  job: WithKnownBaseline<Pick<Job, 'failOn' | 'context' | 'baseline'>>,
  { run, meta }: PolledRun,
): boolean {
  const evaluated = runWithinTime(() => evaluateGates(order, run, meta.serverNowMs, job), hasWaivers(order));
  return evaluated.some(({ results }) => results.some(isRed));
}

/**
 * Returns the gates' results for a run, one for each entry; not evaluated unless the run completed.
 * @param nowMs by the server's clock
 */
export function evaluateGates(
  order: Order,
  run: Run,
  nowMs: number,
  { baseline, failOn, context }: WithKnownBaseline<Pick<Job, 'failOn' | 'context' | 'baseline'>>,
): readonly EntryResult[] {
  if (run.status !== 'completed') return order.entries.map((entry) => ({ entry, ...NOT_EVALUATED }));
  const review = {
    ...identityOf(order, context),
    baseline,
    failOn,
    job: context,
    runId: run.runId,
    workflowId: run.workflowId,
    isByCommit: order.idempotencyKey === '' && context.keyScope === context.commit,
    today: new Date(nowMs).toISOString().slice(0, 10),
  };
  return order.entries.map((entry) => {
    const { name, gate, knownBy, waivers } = entry;
    return { entry, ...applyBaseline(gate.evaluate(run.outputs), { ...review, name, knownBy, waivers }) };
  });
}

/** Has any entry waivers? They take time too. */
function hasWaivers({ entries }: Order): boolean {
  return entries.some(({ waivers }) => waivers.length > 0);
}
