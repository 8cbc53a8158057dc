/** How an order, or the whole step, ended: data alone. `endings.ts` has one row for each, with its words. */
import type { RequestFailure } from './api/errors.ts';
import type { InputFault } from './fault.ts';
import type { GithubFailure } from './github/octokit.ts';
import type { PlacedGateFault } from './inputs/inputs.ts';

export type Outcome =
  // An order.
  /** The run completed and each entry was evaluated: the gate decides. */
  | { readonly kind: 'completed' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'cancelled' }
  /** `wait: false` */
  | { readonly kind: 'launched' }
  | {
      readonly kind: 'timed_out';
      /** Waiting for a run ID, for the run's end, or for the evaluation of an ended run. */
      readonly phase: 'launch' | 'run' | 'evaluation';
      /** Another run of the step was still being started. */
      readonly isQueued: boolean;
      /** Why the last request failed; null: its answer was usable. */
      readonly last: RequestFailure | null;
      /** The time that was left when it failed, before the deadline. */
      readonly leftMs: number;
    }
  | { readonly kind: 'request_failed'; readonly failure: RequestFailure }
  /** Status checks failed for five minutes, or 30 s where the API rejects them. */
  | { readonly kind: 'lost_sight'; readonly failure: RequestFailure; readonly forMs: number }
  /** The run has ended, and its outputs are over the limit. */
  | { readonly kind: 'outputs_too_large' }
  /** The gate took more than 4 s. */
  | { readonly kind: 'gate_timeout' }
  // An order or the step.
  | { readonly kind: 'interrupted'; readonly signal: string }
  | {
      readonly kind: 'crashed';
      readonly message: string;
      /** Redacted; it may quote anything. */
      readonly stack?: string;
    }
  // The step, before its orders.
  | {
      readonly kind: 'invalid_inputs';
      readonly faults: readonly InputFault[];
      readonly gateFaults: readonly PlacedGateFault[];
    }
  /** `isWithheld`: GitHub gives the job no secrets. */
  | { readonly kind: 'missing_key'; readonly isWithheld: boolean }
  | { readonly kind: 'skipped' }
  /** Only the event's file tells the commit, and it does not. */
  | { readonly kind: 'no_commit' }
  /** A variable that every runner sets is missing. */
  | { readonly kind: 'not_a_runner'; readonly variable: string }
  | { readonly kind: 'pull_request'; readonly number: number; readonly failure: GithubFailure }
  /** The `pending` status could not be set. */
  | { readonly kind: 'commit_status'; readonly failure: GithubFailure }
  /** The `config` file could not be read. */
  | { readonly kind: 'config'; readonly failure: GithubFailure }
  | { readonly kind: 'no_outputs'; readonly message: string };

/** The step, or one of its orders, ends with this. The reason of a signal, too, where the runner stops the step. */
export class Ended extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super(outcome.kind);
    this.outcome = outcome;
  }
}

type TimedOut = Extract<Outcome, { kind: 'timed_out' }>;

export function outOfTime(phase: TimedOut['phase'], more: Partial<TimedOut> = {}): Ended {
  return new Ended({ kind: 'timed_out', phase, isQueued: false, last: null, leftMs: 0, ...more });
}
