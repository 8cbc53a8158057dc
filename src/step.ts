/** What every part of the flow shares: the outside world, and what is known of the step. */
import type { Client } from './api/client.ts';
import type { Transport } from './api/transport.ts';
import type { Clock } from './clock.ts';
import type { Context } from './github/context.ts';
import type { Github } from './github/octokit.ts';
import type { SaveResult } from './github/artifact.ts';
import type { Runner } from './github/runner.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { Outcome } from './outcome.ts';

/** What the action uses of the outside world; tests replace it. */
export interface Deps {
  readonly runner: Runner;
  readonly transport: Transport;
  /** For GitHub. */
  readonly fetch: typeof globalThis.fetch;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted when the runner stops the step (reason: Ended), or when something crashed (reason: the error). */
  readonly signal: AbortSignal;
  readonly redact: (text: string) => string;
}

/** What is known of the step: filled on the way, so that it can be reported at any moment. */
export interface Step {
  /** On `clock.now()`. */
  readonly startedAt: number;
  /** In ms since 1970. */
  readonly startDate: number;
  context: Context | null;
  inputs: Inputs | null;
  github: Github | null;
  client: Client | null;
  /** GitHub's ID of the `pending` status that the step set. */
  pendingStatusId: number | null;
  /** What became of saving the baseline; null: it was not saved. */
  saved: SaveResult | null;
  /** The pull request changes the `config` file, and its copy is sound. */
  changesGate: boolean;
  /** How the step ended before its runs, or for all of them; null: as its runs did. */
  outcome: Outcome | null;
}

/** A step that can start its runs. */
export type ReadyStep = {
  [K in Exclude<keyof Step, 'outcome' | 'pendingStatusId' | 'saved'>]: NonNullable<Step[K]>;
};
