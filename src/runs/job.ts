/** What all orders of a job use. */
import type { Client } from '../alloovium/client.ts';
import type { JudgeParts } from './judge.ts';
import type { Emit } from './outcome.ts';
import type { Turn } from './queue.ts';
import type { Clock } from '../clock.ts';
import type { Limited } from '../time-limit.ts';
import type { Context } from '../github/context.ts';

export interface Job extends JudgeParts {
  readonly client: Client;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted when the job is cancelled or something crashed. */
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly context: JudgeParts['context'] & Pick<Context, 'repository' | 'attempt' | 'isPrivate'>;
  /** When this attempt of the job began, on `clock.now()`. */
  readonly attemptBeganAt: number;
  readonly onRerun: 'resume' | 'fresh';
  /** Will the runs be waited for? Otherwise what they look like does not matter where they are ours in any case. */
  readonly wait: boolean;
  /** The inputs that were given and have no use beside `run_id`. */
  readonly ignored: readonly string[];
  /** The order's place in the step. */
  readonly turn: Turn;
  readonly emit: Emit;
  /** Ends what computes too long, by an error. */
  readonly limited: Limited;
}
