/** What all orders of a job use. */
import type { Client } from '../alloovium/client.ts';
import type { Run } from '../alloovium/wire.ts';
import type { ConditionResult, Weighed } from '../gate/condition.ts';
import type { Entry, Order } from '../inputs/entries.ts';
import type { Stored } from './outcome.ts';
import type { Turn } from './turns.ts';
import type { Clock } from '../clock.ts';
import type { Limited } from '../time-limit.ts';
import type { Context } from '../github/context.ts';

export interface Job {
  readonly client: Client;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted when the job is cancelled or something crashed. */
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly context: Pick<Context, 'when' | 'commit' | 'repository' | 'attempt' | 'jobRunId' | 'isPrivate'>;
  /** When this attempt of the job began, on `clock.now()`. */
  readonly attemptBeganAt: number;
  readonly onRerun: 'resume' | 'fresh';
  /** Will the runs be waited for? Otherwise what they look like does not matter where they are ours in any case. */
  readonly wait: boolean;
  /** The inputs that were given and have no use beside `run_id`. */
  readonly ignored: readonly string[];
  readonly redact: (text: string) => string;
  /** The order's place among others on the same bucket; undefined: it is alone. */
  readonly turn?: Turn;
  /** Hears of what ended the order, for the others. `isLaunched`: its run is known. */
  readonly onError?: (error: unknown, isLaunched: boolean) => void;
  /** Ends what computes too long, by an error. */
  readonly limited: Limited;
  /** Writes down what a run brought, so that only what the report shows must be kept. Never throws. */
  readonly store: (order: Order, entry: Entry, run: Run, results: readonly ConditionResult[]) => Stored;
  /** What the gate's results are worth beside the step's baseline. */
  readonly weigh: (
    run: {
      readonly order: Order;
      readonly entry: Entry;
      readonly runId: string;
      readonly workflowId: string;
    },
    results: readonly ConditionResult[],
  ) => Weighed;
  /** What of a run the report and the step outputs need. */
  readonly excerpt: (run: Run) => Run;
}
