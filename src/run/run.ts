/** Runs a step's plans at once: each run is started, picked up or given, followed to its end and evaluated. */
import { hash } from 'node:crypto';
import { inspect } from 'node:util';
import { RequestError } from '../api/errors.ts';
import { isEnded, type Run } from '../api/wire.ts';
import { isTransient } from '../baseline.ts';
import { waitAtMost } from '../clock.ts';
import { applyGate, isFailing, type GateResult } from '../gate/findings.ts';
import { fetchBaseline } from '../github/artifact.ts';
import type { RunPlan } from '../inputs/runs.ts';
import { canonicalJson } from '../json.ts';
import { Ended, outOfTime, type Outcome } from '../outcome.ts';
import type { Deps, ReadyStep } from '../step.ts';
import { logLine } from '../text/escape.ts';
import { listKeys } from './keys.ts';
import { launch } from './launch.ts';
import { checkRun, followRun, waitForNextCheck, type Seen } from './poll.ts';
import {
  createRunState,
  type EntryResult,
  type Listener,
  type RunDeps,
  type RunState,
  type SkipReason,
} from './run-state.ts';
import { createTurns } from './turns.ts';

/** @returns a result per entry, in the input's order. Never throws: how a run ended is in its state. */
export async function runAll(step: ReadyStep, deps: Deps, listener: Listener): Promise<EntryResult[]> {
  const { github, context, inputs, client, startedAt } = step;
  const { onRerun, wait, timeoutMs } = inputs;
  const deadline = startedAt + timeoutMs;
  const baseline = fetchBaseline(github, context, inputs);
  // It is awaited after the runs.
  baseline.catch(() => undefined);
  const runDeps = { ...deps, client, context, onRerun, wait, deadline, baseline, listener };
  const runStates = await runEach(inputs.runPlans, runDeps);
  return runStates.flatMap((runState) =>
    runState.runPlan.entries.map((entry, at) => {
      const { runId = '', gateResults = [] } = runState.earlier ?? {};
      return {
        entry,
        runState,
        gateResult: runState.gateResults[at] ?? null,
        earlier: gateResults[at] ? { runId, gateResult: gateResults[at] } : null,
      };
    }),
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
      // The API would reject the API key of the other runs too.
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

/** Starts a run, or picks one up, under each key in turn. A re-run skips earlier runs, but never the one of the last key. */
async function findRun(runState: RunState, deps: RunDeps): Promise<Seen> {
  const { clock, onRerun, listener } = deps;
  const { runPlan } = runState;
  if (runPlan.runId !== '') {
    runState.origin = 'given';
    return { run: null, at: clock.now(), notBefore: clock.now() };
  }
  const keys = keysOf(runPlan, deps);
  let reds = 0;
  for (const [nth, key] of keys.entries()) {
    const { notBefore } = await launch(runState, key, deps);
    runState.redRunsBefore = onRerun === 'fresh' ? null : reds;
    const found = { run: null, at: clock.now(), notBefore };
    if (runState.origin === 'started' || nth === keys.length - 1) return found;
    const checked = await checkEarlierRun(runState, found, deps);
    if (typeof checked !== 'string') return checked;
    const { notices, runId, gateResults } = runState;
    const earlier = checked === 'gate' ? { runId, gateResults } : runState.earlier;
    if (checked === 'gate') reds++;
    listener.skipped(runState, checked);
    Object.assign(runState, { ...createRunState(runPlan), notices, earlier });
  }
  throw new Error('there is no key');
}

/** Returns the keys that the plan tries, in order. The debug log says what they consist of. */
function keysOf({ idempotencyKey, workflowId, projectId, inputs }: RunPlan, deps: RunDeps): string[] {
  const { context, onRerun, runner } = deps;
  const { repository, commit, workflowRunId, attempt } = context;
  const isFresh = onRerun === 'fresh';
  const scope = isFresh ? `${commit}-${workflowRunId}-${attempt}` : context.keyScope;
  const keyScope = idempotencyKey || scope;
  const keys = listKeys({ keyScope, repository, workflowId, projectId, inputs }, isFresh ? 1 : attempt);
  const digest = hash('sha256', canonicalJson(inputs)).slice(0, 12);
  for (const key of keys)
    runner.debug(
      logLine`Idempotency key ${key}: ${keyScope}, ${repository}, ${workflowId}, project ${projectId || 'none'}, inputs with SHA-256 ${digest}…`,
    );
  return keys;
}

/** Checks the run of an earlier attempt. @returns the run, or why the re-run skips it. @throws as `checkRun` */
async function checkEarlierRun(
  runState: RunState,
  { notBefore }: Seen,
  deps: RunDeps,
): Promise<Seen | SkipReason> {
  try {
    await waitForNextCheck(notBefore, deps);
    const seen = await checkRun(runState, deps);
    const { run } = seen;
    if (!isEnded(run)) return seen;
    if (run.status !== 'completed') return run.status;
    return (await passesGates(runState, run, deps)) ? seen : 'gate';
  } catch (error) {
    if (!(error instanceof Ended)) throw error;
    const { outcome } = error;
    if (outcome.kind === 'outputs_too_large') return 'too_large';
    if (outcome.kind === 'lost_sight' && outcome.failure.code === 'not_found') return 'not_found';
    throw error;
  }
}

/** Does the run pass its gates, as far as an outage of GitHub lets us know? It must not start another run. */
async function passesGates(runState: RunState, run: Run, deps: RunDeps): Promise<boolean> {
  try {
    runState.gateResults = await evaluateGates(runState, run, deps);
    if (!runState.gateResults.some(isFailing)) return true;
  } catch (error) {
    if (!(error instanceof Ended) || error.outcome.kind !== 'gate_timeout') throw error;
  }
  return isTransient(await deps.baseline);
}

const MAX_GATE_MS = 4_000;
/** A gate can begin this long after the deadline, since the last checks of several runs end then. */
const GATE_GRACE_MS = 5_000;

/** Evaluates the gates of a completed run. @returns one result per entry. @throws Ended out of time; or the signal's reason */
async function evaluateGates({ runPlan, workflowId }: RunState, run: Run, deps: RunDeps) {
  const { clock, deadline, signal } = deps;
  const leftMs = deadline + GATE_GRACE_MS - clock.now();
  const baseline = await waitAtMost(clock, deps.baseline, Math.max(0, leftMs), signal);
  signal.throwIfAborted();
  if (baseline === null || leftMs <= 0) throw outOfTime('evaluation');
  const began = clock.now();
  const checkTime = (): void => {
    if (clock.now() - began > MAX_GATE_MS) throw new Ended({ kind: 'gate_timeout' });
  };
  const today = new Date(clock.date()).toISOString().slice(0, 10);
  return runPlan.entries.map(({ name, gate, knownBy, waivers }): GateResult => {
    const { projectId } = runPlan;
    const context = { entry: name, knownBy, waivers, baseline, workflowId, projectId, today, checkTime };
    return applyGate(gate.evaluate(run.outputs, checkTime), context);
  });
}

/** Returns the outcome that an error means. */
export function outcomeOf(error: unknown, redact: (text: string) => string): Outcome {
  if (error instanceof Ended) return error.outcome;
  if (error instanceof RequestError) return { kind: 'request_failed', failure: error.failure };
  const { message, stack = message } = error instanceof Error ? error : { message: inspect(error) };
  return { kind: 'crashed', message: redact(message), stack: redact(stack) };
}
