/** What the step is to run. */
import type { Gate } from '../gate/gate.ts';
import type { JsonObject } from '../json.ts';
import type { Inputs } from './inputs.ts';

/** What one run is to be. */
export interface Order {
  /** Empty: not known, which only `runId` allows. */
  readonly workflowId: string;
  /** Empty: none. */
  readonly projectId: string;
  readonly inputs: JsonObject;
  /** Empty: launch; else attach to this run. */
  readonly runId: string;
  /** Empty: the commit or the job run stands in the key. */
  readonly idempotencyKey: string;
  readonly gate: Gate;
}

export function ordersOf({ workflowId, projectId, inputs, runId, idempotencyKey, gate }: Inputs): Order[] {
  return [{ workflowId, projectId, inputs, runId, idempotencyKey, gate }];
}
