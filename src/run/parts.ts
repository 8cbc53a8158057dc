/** What an order needs of the step. */
import type { Client } from '../api/client.ts';
import type { RequestFailure } from '../api/errors.ts';
import type { Clock } from '../clock.ts';
import type { BaselineState } from '../gate/baseline.ts';
import type { Context } from '../github/context.ts';
import type { Runner } from '../github/runner.ts';
import type { Inputs } from '../inputs/inputs.ts';
import type { RunState } from './run-state.ts';
import type { Turns } from './turns.ts';

/** What the log learns on the way; each may be called many times. */
export interface Listener {
  /** The order has its run. */
  found(runState: RunState): void;
  /** A status check showed the run. `elapsedMs`: since the order has it. */
  checked(runState: RunState, elapsedMs: number): void;
  /** A request failed, and is sent again after so long. */
  waiting(runState: RunState, ms: number, why: RequestFailure): void;
  /** A re-run leaves a run of an earlier job, which ended red. */
  passedOver(runState: RunState, why: 'red' | 'failed' | 'cancelled'): void;
  ended(runState: RunState): void;
}

export interface StepParts extends Pick<Inputs, 'onRerun' | 'wait' | 'failOn' | 'hasRuns'> {
  readonly client: Client;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted with `Ended` when the runner stops the step, with any other reason after a crash. */
  readonly signal: AbortSignal;
  /** On `clock.now()`. */
  readonly deadline: number;
  readonly context: Context;
  readonly baseline: Promise<BaselineState>;
  readonly listener: Listener;
  readonly runner: Pick<Runner, 'writeFile'>;
  readonly redact: (text: string) => string;
  /** `2026-11-30`, UTC */
  today(): string;
}

export interface RunParts extends StepParts {
  readonly turns: Turns;
  /** The key under which the step has each run. */
  readonly keyOfRun: Map<string, string>;
}
