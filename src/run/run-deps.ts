/** What the runs of a step share. */
import type { Client } from '../api/client.ts';
import type { BaselineState } from '../baseline.ts';
import type { Context } from '../github/context.ts';
import type { Deps } from '../step.ts';
import type { Listener } from './run-state.ts';
import type { Turns } from './turns.ts';

export interface RunDeps extends Deps {
  readonly client: Client;
  readonly context: Context;
  readonly onRerun: 'resume' | 'fresh';
  readonly wait: boolean;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly baseline: Promise<BaselineState>;
  readonly listener: Listener;
  readonly turns: Turns;
  /** The idempotency key of each run that the step has. */
  readonly keyOfRun: Map<string, string>;
}
