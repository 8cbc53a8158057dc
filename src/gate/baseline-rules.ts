/** Decides whether a `gate_file` can be the baseline of a review, and which of its items count. In doubt an item does not. Pure. */
import type { FileCondition, GateFile } from './gate-file.ts';

/** The run that is evaluated, and the job that evaluates it. */
export interface Review {
  /** The run's name in `runs`, or empty. */
  readonly name: string;
  readonly runId: string;
  readonly workflowId: string;
  /** null: not known, as with `run_id`. */
  readonly projectId: string | null;
  readonly inputsDigest: string | null;
  readonly job: {
    readonly commit: string;
    readonly jobRunId: string;
    readonly event: string;
    /** The ref whose files count in full; empty: not known. */
    readonly defaultBranchRef: string;
  };
  /** The idempotency key contains the commit, so each commit has a separate run. */
  readonly isByCommit: boolean;
}

/** Only a file that was written on one of these events may count in full. */
export const BASELINE_EVENTS: ReadonlySet<string> = new Set([
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
]);

/** Returns the part of the file that counts for this run; as a text: why nothing counts. */
export function findUsableItems(file: GateFile, review: Review) {
  const { commit, time } = file;
  const run = file.runs.get(review.name);
  if (run === undefined)
    return `the baseline ${review.name === '' ? 'was written by a step with `runs`' : 'has no run of that name'}`;
  if (run.workflow_id === '' || run.workflow_id !== review.workflowId)
    return 'the baseline was written for another workflow';
  const pairs = [
    [run.project_id, review.projectId, 'another project'],
    [run.inputs_digest, review.inputsDigest, 'other inputs'],
  ] as const;
  for (const [then, now, what] of pairs) {
    if (then === null || now === null)
      return `the baseline may have been written for ${what}: with \`run_id\` the action cannot know`;
    if (then !== now) return `the baseline was written for ${what}`;
  }
  const isFromThisRun = isOfThisRun(file, run, review);
  return {
    conditions: run.conditions,
    /** Why the file does not count in full, to follow "The baseline"; empty: it does. */
    limit: whyLimited(file, run, review),
    /** Written by a run that a person started: accepts all its items, if it counts in full. */
    isByHand: file.event === 'workflow_dispatch',
    isRed: run.gate === 'failed',
    /** Number of items that did not fit into the file. */
    leftOut: [...run.conditions.values()].reduce((sum, { leftOut }) => sum + leftOut, 0),
    isFromThisRun,
    // The file of a run has only the commit of its baseline.
    since: isFromThisRun ? { commit: run.baseline_commit ?? '', time: '' } : { commit, time },
  };
}

export type UsableBaseline = Exclude<ReturnType<typeof findUsableItems>, string>;
type FileRun = GateFile['runs'] extends ReadonlyMap<string, infer Run> ? Run : never;

/** Was the file written for this run or by this job run? A comparison with itself would confirm every finding. */
function isOfThisRun(file: GateFile, run: FileRun, { runId, job }: Pick<Review, 'runId' | 'job'>): boolean {
  return run.run_id === runId || file.job_run === job.jobRunId;
}

/**
 * Returns why only those items of the file count that it marks as known; empty: all items count. A pull request must not make its
 * own findings known, and a second red push must not turn the branch green.
 */
function whyLimited(
  file: GateFile,
  run: FileRun,
  review: Pick<Review, 'runId' | 'job' | 'isByCommit'>,
): string {
  const { job, isByCommit } = review;
  const isByHand = file.event === 'workflow_dispatch';
  const isNightly = file.event === 'schedule' && job.event === 'schedule';
  if (isOfThisRun(file, run, review)) return 'was written by this job run, or for this run';
  if (!BASELINE_EVENTS.has(file.event)) return `was written on ${quoteName(file.event, 'another event')}`;
  if (file.pull_request !== null) return 'was written for a pull request';
  if (file.ref === '' || file.ref !== job.defaultBranchRef)
    return `was written on ${quoteName(file.ref.replace(/^refs\/heads\//, ''), 'another branch')}`;
  if (!isByHand && isByCommit && file.commit === job.commit) return 'was written for this commit';
  if (run.gate === 'failed' && !isByHand && !isNightly)
    return `was written on \`${file.event}\`, and its gate failed`;
  return '';
}

/** Returns a sentence on why no run in the file counts in full, for a job whose run is not known yet; empty: one does. */
export function whyNotFull(file: GateFile | string, job: Review['job'], isByCommit: boolean): string {
  if (typeof file === 'string') return file;
  const known = { runId: '', job, isByCommit };
  const limits = [...file.runs.values()].map((run) => whyLimited(file, run, known));
  return limits.includes('')
    ? ''
    : `no review of that branch counts in full: the last one ${limits[0] ?? ''}`;
}

/** Returns a name from the file in backquotes, or `otherwise` if it has unusual characters. */
function quoteName(name: string, otherwise: string): string {
  return /^[\w./-]{1,100}$/.test(name) ? `\`${name}\`` : otherwise;
}

/**
 * Decides on which events the file makes an item known: on all, on schedules only, or on none. What a red schedule found and
 * nobody accepted is known on schedules only; otherwise the next green schedule would make it known to pushes and pull requests.
 * @param areMarksUsable the file's marks were made with the same `known_by`
 */
export function decideKnownTo(
  { isKnown, isOnSchedule }: FileCondition['matched'][number],
  { limit, isByHand, isRed }: UsableBaseline,
  areMarksUsable: boolean,
): 'everybody' | 'schedules' | 'nobody' {
  const isMarked = isKnown && areMarksUsable;
  if (limit !== '' && !isMarked) return 'nobody';
  if (limit === '' && isByHand) return 'everybody';
  const isUnaccepted = isOnSchedule || (limit === '' && isRed && !isMarked);
  return isUnaccepted ? 'schedules' : 'everybody';
}
