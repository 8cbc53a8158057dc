/** How a later job comes by a run that is at Alloovium, or by a new one: what next steps differ by. Pure. */
import type { Outcome } from './outcome.ts';

/**
 * `resume` and `fresh`: a re-run does what `on_rerun` says. `run_id`: a re-run judges the same run again. `merge_queue`: there is no
 * re-run, since a queue drops what is red, and a pull request that is queued again has another commit.
 */
export type WayBack = 'resume' | 'fresh' | 'run_id' | 'merge_queue';

export interface WayBackTerms {
  readonly onRerun: 'resume' | 'fresh';
  /** Left out: it is none. */
  readonly isMergeQueue?: boolean;
}

export function wayBackOf(
  origin: Outcome['origin'],
  { onRerun, isMergeQueue = false }: WayBackTerms,
): WayBack {
  if (isMergeQueue) return 'merge_queue';
  return origin?.kind === 'attached' ? 'run_id' : onRerun;
}

/** A sentence of a table, with what is known of the run. */
export function fillIn(
  sentence: string,
  { runId, idempotencyKey }: Pick<Outcome, 'runId' | 'idempotencyKey'>,
) {
  return sentence.replaceAll('{run}', () => runId).replaceAll('{key}', () => idempotencyKey);
}
