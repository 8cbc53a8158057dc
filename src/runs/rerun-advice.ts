/** Describes how a later job gets a verdict, in tables of sentences. Pure. */
import { isTerminal } from '../alloovium/statuses.ts';
import type { SharedBy } from './events.ts';
import type { Outcome } from './outcome.ts';

/**
 * `resume` and `fresh`: a re-run does what `on_rerun` says. `run_id`: a re-run evaluates the same run again. `merge_queue`: there
 * is no re-run, since the queue removes a red pull request, and when it is queued again it has another commit.
 */
export type RerunKind = 'resume' | 'fresh' | 'run_id' | 'merge_queue';

export interface RerunTerms {
  readonly onRerun: 'resume' | 'fresh';
  /** Left out: false. */
  readonly isMergeQueue?: boolean;
}

/** Returns what decides about a re-run: the input `on_rerun`, the given `run_id`, or the merge queue, which has no re-run. */
export function rerunKindOf(
  origin: Outcome['origin'],
  { onRerun, isMergeQueue = false }: RerunTerms,
): RerunKind {
  if (isMergeQueue) return 'merge_queue';
  return origin?.kind === 'attached' ? 'run_id' : onRerun;
}

/** What starts a separate run: runs are shared only between jobs that have this in common. */
export const NEW_START = {
  commit: 'A new commit',
  'job run': 'A new run of the GitHub workflow',
  key: 'Another `idempotency_key`',
} as const satisfies Record<SharedBy, string>;

/** Fills the placeholders `{run}` and `{key}` of a sentence. */
export function fillIn(
  sentence: string,
  { runId, idempotencyKey }: Pick<Outcome, 'runId' | 'idempotencyKey'>,
) {
  return sentence.replaceAll('{run}', () => runId).replaceAll('{key}', () => idempotencyKey);
}

const START_NEW_RUN: Record<RerunKind | 'joined_older', string> = {
  resume: 're-run the failed job: this starts a new run.',
  fresh: 're-run the failed job: this starts a new run.',
  run_id: 'start a new run and give its ID as `run_id`.',
  merge_queue: 'queue the pull request again: this starts a new run.',
  joined_older: 're-run this job: it joins a newer run if there is one, else launches one.',
};

/** Returns how to get another run, as the end of a sentence. */
export function howToStartNewRun(
  { origin, joinedOlder }: Pick<Outcome, 'origin' | 'joinedOlder'>,
  terms: RerunTerms,
): string {
  const way = rerunKindOf(origin, terms);
  return START_NEW_RUN[way === 'resume' && joinedOlder ? 'joined_older' : way];
}

export const QUEUE_AGAIN = 'Queue the pull request again: this starts a new run.';
const JOIN_SAME_RUN = 'Re-run this job: it joins the same run.';
const EVALUATE_SAME_RUN = 'Re-run this job: it evaluates the same run.';
const GIVE_RUN_ID = 'To evaluate the existing run, give `run_id: {run}`. A re-run starts another.';
export const MAYBE_STARTED = 'A run may have started (key `{key}`)';
const JOIN_IF_STARTED = `${MAYBE_STARTED}. Re-run this job: with \`on_rerun: resume\` it joins that run if there is one.`;

/** How to get the verdict, by what the order has left at Alloovium. */
const USE_SAME_RUN: Record<'run' | 'ended_run' | 'unknown' | 'nothing', Record<RerunKind, string>> = {
  run: { resume: JOIN_SAME_RUN, run_id: JOIN_SAME_RUN, fresh: GIVE_RUN_ID, merge_queue: QUEUE_AGAIN },
  ended_run: {
    resume: EVALUATE_SAME_RUN,
    run_id: EVALUATE_SAME_RUN,
    fresh: GIVE_RUN_ID,
    merge_queue: QUEUE_AGAIN,
  },
  unknown: {
    resume: JOIN_IF_STARTED,
    run_id: JOIN_IF_STARTED,
    fresh: `${MAYBE_STARTED}: look for it in the Alloovium dashboard. With \`on_rerun: fresh\` a re-run launches another.`,
    merge_queue: `${MAYBE_STARTED}. ${QUEUE_AGAIN}`,
  },
  nothing: {
    resume: 'Re-run this job.',
    run_id: 'Re-run this job.',
    fresh: 'Re-run this job.',
    merge_queue: 'Queue the pull request again.',
  },
};

/** Returns what the order has left at Alloovium. */
export function leftoverOf({
  ending,
  status,
}: Pick<Outcome, 'ending' | 'status'>): keyof typeof USE_SAME_RUN {
  const { left = 'nothing' } = 'left' in ending ? ending : {};
  return left === 'run' && isTerminal(status) ? 'ended_run' : left;
}

/** Returns how to get the verdict on what the order has left at Alloovium. */
export function howToUseSameRun(outcome: Outcome, terms: RerunTerms): string {
  return fillIn(USE_SAME_RUN[leftoverOf(outcome)][rerunKindOf(outcome.origin, terms)], outcome);
}

/** The API keeps idempotency keys for each API key: a launch with another API key starts another run. */
const WITH_NEW_API_KEY: Record<keyof typeof USE_SAME_RUN, string> = {
  run: 'With a new key a re-run starts a second run: to evaluate the first one, give `run_id: {run}`.',
  ended_run: 'With a new key a re-run starts a second run: to evaluate the first one, give `run_id: {run}`.',
  unknown: `${MAYBE_STARTED}: look for it in the Alloovium dashboard. With a new key a re-run launches another.`,
  nothing: '',
};

/** Returns the same for a job that needs another API key. */
export function howToRerunWithNewKey(outcome: Outcome, terms: RerunTerms): string {
  const isJoined = rerunKindOf(outcome.origin, terms) === 'resume';
  const left = leftoverOf(outcome);
  return isJoined || left === 'nothing'
    ? fillIn(WITH_NEW_API_KEY[left], outcome)
    : howToUseSameRun(outcome, terms);
}

/** Returns how to try again if nothing is left at Alloovium. */
export function howToTryAgain(terms: RerunTerms): string {
  return USE_SAME_RUN.nothing[rerunKindOf(null, terms)];
}
