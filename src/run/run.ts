/** Runs the orders of a step at once: each finds or launches its run, follows it to its end and evaluates it. */
import { RequestError } from '../api/errors.ts';
import { isEnded, type Run } from '../api/wire.ts';
import { Ended, type Outcome } from '../outcome.ts';
import type { RunPlan } from '../inputs/inputs.ts';
import { listKeys } from './keys.ts';
import { checkRun, followRun, waitUntil, type Seen } from './poll.ts';
import { launch } from './launch.ts';
import type { RunParts, StepParts } from './parts.ts';
import { createRunState, type RunState } from './run-state.ts';
import { evaluateGates, isFailing, keepReviews } from './results.ts';
import { createTurns } from './turns.ts';

/** @returns a record for each order, in order. Never throws: how an order ended is in its record. */
export function runAllPlans(runPlans: readonly RunPlan[], given: StepParts): Promise<RunState[]> {
  const all = new AbortController();
  const signal = AbortSignal.any([given.signal, all.signal]);
  const turns = createTurns(given.clock, given.deadline, signal);
  const parts: RunParts = { ...given, signal, turns, keyOfRun: new Map() };
  const work = runPlans.map(async (runPlan) => {
    const runState = createRunState(runPlan);
    try {
      runState.outcome = await runPlanOf(runState, parts);
    } catch (error) {
      // The key would be refused to the other orders too.
      if (error instanceof RequestError && error.failure.kind === 'unauthorised') all.abort(error);
      runState.outcome = outcomeOf(error, parts.redact);
    }
    parts.listener.ended(runState);
    return runState;
  });
  return Promise.all(work);
}

/** @throws Ended, RequestError, the signal's reason; any other error is a crash */
async function runPlanOf(runState: RunState, parts: RunParts): Promise<Outcome> {
  const found = await findRun(runState, parts);
  parts.listener.found(runState);
  if (!parts.wait) return { kind: 'launched' };
  const run = await followRun(runState, found, parts);
  if (run.status === 'completed') keepReviews(runState, await evaluateGates(runState, run, parts), parts);
  return { kind: run.status };
}

/**
 * Launches under each key in turn. A re-run leaves a run that an earlier job started and that its first check finds ended red;
 * what the last key gives is its run.
 */
async function findRun(runState: RunState, parts: RunParts): Promise<Seen> {
  const { runPlan } = runState;
  const { clock, context, onRerun, listener } = parts;
  if (runPlan.runId !== '') {
    runState.origin = 'given';
    return { run: null, at: clock.now(), notBefore: clock.now() };
  }
  const { workflowId, projectId, inputs, idempotencyKey } = runPlan;
  const { repository, workflowRunId, attempt } = context;
  const keyScope = idempotencyKey || context.keyScope;
  const intent = { keyScope, repository, workflowId, projectId, inputs };
  const keys = listKeys(intent, { onRerun, workflowRunId, attempt });
  let reds = 0;
  for (const [nth, key] of keys.entries()) {
    const { notBefore } = await launch(runState, key, parts);
    runState.redRunsBefore = onRerun === 'fresh' && attempt > 1 ? null : reds;
    const isLast = nth === keys.length - 1;
    if (runState.origin === 'started' || isLast) return { run: null, at: clock.now(), notBefore };
    await waitUntil(clock.now(), notBefore, parts);
    const seen = await checkRun(runState, clock.now(), parts);
    const why = await findRed(runState, seen.run, parts);
    if (why === null) return seen;
    if (why === 'red') reds++;
    listener.passedOver(runState, why);
    Object.assign(runState, { ...createRunState(runPlan), notices: runState.notices });
  }
  throw new Error('there is no key');
}

/** @returns how the run ended red; null: it did not */
async function findRed(runState: RunState, run: Run, parts: RunParts) {
  if (!isEnded(run)) return null;
  if (run.status !== 'completed') return run.status;
  return (await evaluateGates(runState, run, parts)).some(isFailing) ? 'red' : null;
}

/** Returns the ending that an error means. */
export function outcomeOf(error: unknown, redact: (text: string) => string): Outcome {
  if (error instanceof Ended) return error.outcome;
  if (error instanceof RequestError) return { kind: 'request_failed', failure: error.failure };
  return { kind: 'crashed', message: redact(error instanceof Error ? error.message : String(error)) };
}
