/** What all orders of a step use, and the turn and event listener of one of them. */
import type { Client } from '../alloovium/client.ts';
import type { RetryOptions } from '../alloovium/retry.ts';
import type { GateFile, Budget } from '../gate/gate-file.ts';
import type { Context } from '../github/context.ts';
import type { Host } from '../github/host.ts';
import type { Emit } from './events.ts';
import type { OrderQueue } from './queue.ts';

export interface Job extends Pick<RetryOptions, 'clock' | 'random' | 'signal' | 'deadline'> {
  readonly client: Client;
  readonly context: Omit<Context, 'workflowPath' | 'jobRunUrl' | 'apiUrl' | 'head' | 'secretsWithheld'>;
  /** When this attempt of the job began, on `clock.now()`. */
  readonly attemptBeganAt: number;
  readonly onRerun: 'resume' | 'fresh';
  /** Whether the step waits for the runs. If not, it need not know the state of a run that it launched. */
  readonly wait: boolean;
  /** Names of inputs that are set but have no effect with `run_id`. */
  readonly ignored: readonly string[];
  /** May still be loading. null: there is no baseline; a text: why it cannot be used. */
  readonly baseline: Promise<GateFile | string | null>;
  /** The name of the `gate_file`. */
  readonly gateFileName: string;
  readonly failOn: 'any' | 'new';
  readonly host: Pick<Host, 'writeFile'>;
  /** Maximum size of one entry in the `gate_file`. */
  readonly budget: Budget;
  readonly redact: (text: string) => string;
  /** The order's turns among the requests of the step. */
  readonly turn: OrderQueue;
  readonly emit: Emit;
}
