/** What the step is to run. */
import type { Gate } from '../gate/gate.ts';
import { canonicalJson } from '../intent.ts';
import type { JsonObject } from '../json.ts';
import type { Inputs } from './inputs.ts';

/** What one run is to be. */
export interface Order {
  /** What the run is judged for: one or more where several ask for the same run. */
  readonly entries: readonly Entry[];
  /** Empty: not known, which only `runId` allows. */
  readonly workflowId: string;
  /** Empty: none. */
  readonly projectId: string;
  readonly inputs: JsonObject;
  /** Empty: launch; else attach to this run. */
  readonly runId: string;
  /** Empty: the commit or the job run stands in the key. */
  readonly idempotencyKey: string;
}

/** One judgement of a run. */
export interface Entry {
  /** As `runs` has it; empty: the one run of a step without `runs`. */
  readonly name: string;
  readonly gate: Gate;
}

/** In the order in which they are to be launched: entries of one intent, or of one run, are one order. */
export function ordersOf({ runs, ...alone }: Inputs): Order[] {
  const orders = new Map<string, Order>();
  for (const { name, gate, workflowId, projectId, inputs, runId, idempotencyKey } of runs ?? [
    { ...alone, name: '' },
  ]) {
    const intent = canonicalJson([runId, workflowId, projectId, inputs, idempotencyKey]);
    const before = orders.get(intent)?.entries ?? [];
    const entries = [...before, { name, gate }];
    orders.set(intent, { entries, workflowId, projectId, inputs, runId, idempotencyKey });
  }
  return [...orders.values()];
}
