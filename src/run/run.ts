/** Runs a step's plans at once: each run is started, picked up or given, followed to its end and evaluated. */
import { RequestError } from '../api/errors.ts';
import { isEnded, type Run } from '../api/wire.ts';
import { fetchBaseline } from '../github/artifact.ts';
import type { RunPlan } from '../inputs/inputs.ts';
import { Ended, type Outcome } from '../outcome.ts';
import type { Deps, ReadyStep } from '../step.ts';
import { evaluateGates, isFailing } from './evaluate-gates.ts';
import { listKeys } from './keys.ts';
import { launch } from './launch.ts';
import { checkRun, followRun, waitUntil, type Seen } from './poll.ts';
import type { RunDeps } from './run-deps.ts';
import { createRunState, type EntryResult, type Listener, type RunState } from './run-state.ts';
import { createTurns } from './turns.ts';

/** @returns a result per entry, in the input's order. Never throws: how a run ended is in its state. */
export async function runAll(step: ReadyStep, deps: Deps, listener: Listener): Promise<EntryResult[]> {
  const { github, context, inputs, client, startedAt } = step;
  const { onRerun, wait, timeoutMs } = inputs;
  const deadline = startedAt + timeoutMs;
  const baseline = fetchBaseline(github, context, inputs);
  const runDeps = { ...deps, client, context, onRerun, wait, deadline, baseline, listener };
  const runStates = await runEach(inputs.runPlans, runDeps);
  return runStates.flatMap((runState) =>
    runState.runPlan.entries.map((entry, at) => ({
      entry,
      runState,
      gateResult: runState.gateResults[at] ?? null,
    })),
  );
}

/** Runs the plans side by side. @returns a state per plan */
export function runEach(
  plans: readonly RunPlan[],
  given: Omit<RunDeps, 'turns' | 'keyOfRun'>,
): Promise<RunState[]> {
  const all = new AbortController();
  const signal = AbortSignal.any([given.signal, all.signal]);
  const turns = createTurns(given.clock, given.deadline, signal);
  const deps: RunDeps = { ...given, signal, turns, keyOfRun: new Map() };
  const work = plans.map(async (runPlan) => {
    const runState = createRunState(runPlan);
    try {
      runState.outcome = await runOne(runState, deps);
    } catch (error) {
      // The API would reject the key for the other runs too.
      if (error instanceof RequestError && error.failure.kind === 'unauthorised') all.abort(error);
      runState.outcome = outcomeOf(error, deps.redact);
    }
    deps.listener.ended(runState);
    return runState;
  });
  return Promise.all(work);
}

/** @throws Ended, RequestError, the signal's reason; any other error is a crash */
async function runOne(runState: RunState, deps: RunDeps): Promise<Outcome> {
  const found = await findRun(runState, deps);
  deps.listener.found(runState);
  if (!deps.wait) return { kind: 'launched' };
  const run = await followRun(runState, found, deps);
  if (run.status === 'completed') runState.gateResults = await evaluateGates(runState, run, deps);
  return { kind: run.status };
}

/**
 * Launches under each key in turn. A re-run leaves a run that an earlier job started and that its first check finds ended red;
 * what the last key gives is its run.
 */
async function findRun(runState: RunState, deps: RunDeps): Promise<Seen> {
  const { runPlan } = runState;
  const { clock, context, onRerun, listener } = deps;
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
    const { notBefore } = await launch(runState, key, deps);
    runState.redRunsBefore = onRerun === 'fresh' && attempt > 1 ? null : reds;
    const isLast = nth === keys.length - 1;
    if (runState.origin === 'started' || isLast) return { run: null, at: clock.now(), notBefore };
    await waitUntil(clock.now(), notBefore, deps);
    const seen = await checkRun(runState, clock.now(), deps);
    const why = await findRed(runState, seen.run, deps);
    if (why === null) return seen;
    if (why === 'red') reds++;
    listener.passedOver(runState, why);
    Object.assign(runState, { ...createRunState(runPlan), notices: runState.notices });
  }
  throw new Error('there is no key');
}

/** @returns how the run ended red; null: it did not */
async function findRed(runState: RunState, run: Run, deps: RunDeps) {
  if (!isEnded(run)) return null;
  if (run.status !== 'completed') return run.status;
  return (await evaluateGates(runState, run, deps)).some(isFailing) ? 'red' : null;
}

/** Returns the ending that an error means. */
export function outcomeOf(error: unknown, redact: (text: string) => string): Outcome {
  if (error instanceof Ended) return error.outcome;
  if (error instanceof RequestError) return { kind: 'request_failed', failure: error.failure };
  return { kind: 'crashed', message: redact(error instanceof Error ? error.message : String(error)) };
}
