/** Evaluates the gates of a completed run. */
import type { Run } from '../api/wire.ts';
import { waitAtMost } from '../clock.ts';
import { applyGate, type GateResult } from '../gate/findings.ts';
import { Ended, outOfTime } from '../outcome.ts';
import type { RunDeps } from './run-deps.ts';
import type { RunState } from './run-state.ts';

const MAX_GATE_MS = 4_000;
/** A gate can begin this long after the deadline, since the last checks of several runs end then. */
const GATE_GRACE_MS = 5_000;

/** @returns one result per entry. @throws Ended out of time; or the signal's reason */
export async function evaluateGates({ runPlan, workflowId }: RunState, run: Run, deps: RunDeps) {
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
    const context = {
      entry: name,
      knownBy,
      waivers,
      baseline,
      workflowId,
      projectId,
      today,
      checkTime,
    };
    return applyGate(gate.evaluate(run.outputs, checkTime), context);
  });
}
