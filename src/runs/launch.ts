/** How the job comes by its run: attaches, launches, joins, or on a re-run walks the keys to one that is newer or not red. */
import type { Launched } from '../alloovium/client.ts';
import { ApiError, RequestError, ResponseShapeError } from '../alloovium/errors.ts';
import { OutOfTime, type Failure, type Retry } from '../alloovium/retry.ts';
import { isTerminal } from '../alloovium/statuses.ts';
import { isRed } from '../gate/condition.ts';
import { freshKey, intentKey, isOfThisAttempt, launchBody, MAX_KEYS, resumeKeys } from '../intent.ts';
import { StepError } from '../step-error.ts';
import { logLine } from '../text/escape.ts';
import { withinTime } from '../time-limit.ts';
import { duration, earlierRed } from '../text/words.ts';
import { polls, type Found, type Seen } from './follow.ts';
import type { Job } from './job.ts';
import { hasWaivers, evaluateRun } from './evaluate-run.ts';
import { NEW_START, notice, noticeMeta, seeRun, type Progress } from './outcome.ts';
import { unknownWorkflow } from './unknown-workflow.ts';

/** From a poll that failed to the next. */
const FAILED_POLL_MS = 5_000;

/**
 * Finds or launches the run of the order; what is known of it is in `progress` from the moment it is ours.
 * @throws StepError, OutOfTime, or the signal's reason
 */
export async function findRun(progress: Progress, job: Job): Promise<Found> {
  if (progress.order.runId !== '') return attach(progress, job);
  job.emit({ kind: 'launching' });
  const { attempt, jobRunId, when, commit, repository } = job.context;
  const { workflowId, projectId, inputs, idempotencyKey } = progress.order;
  progress.sharedBy = idempotencyKey !== '' ? 'key' : when === commit ? 'commit' : 'job run';
  const first = intentKey({ when: idempotencyKey || when, repository, workflowId, projectId, inputs });
  if (attempt > 1 && job.onRerun === 'resume') return walk(progress, job, resumeKeys(first));
  return launchUnder(progress, job, attempt > 1 ? freshKey(first, jobRunId, attempt) : first);
}

/** Takes the run that `run_id` names. */
function attach(progress: Progress, { clock, ignored, emit }: Job): Found {
  const { runId } = progress.order;
  progress.runId = runId;
  progress.origin = { kind: 'attached' };
  emit({ kind: 'run', runId, origin: progress.origin });
  if (ignored.length > 0) {
    const names = ignored.map((name) => `\`${name}\``).join(', ');
    notice(progress, emit, `${names} ${ignored.length === 1 ? 'is' : 'are'} ignored beside \`run_id\``);
  }
  return { launched: { at: clock.now(), retryAfterAt: clock.now() }, seen: null };
}

/** Whatever this key names is our run. */
async function launchUnder(progress: Progress, job: Job, key: string): Promise<Found> {
  const { wait, signal, clock } = job;
  const launched = await launch(progress, job, key);
  const { meta } = launched;
  takeRun(progress, job, launched);
  if (!meta.replayed) return { launched: meta, seen: null };
  // Only to tell its age, a run that is not waited for is worth no wait.
  if (!wait && meta.retryAfterAt > meta.at) return joinedRun(progress, job, launched, null);
  const deadline = wait ? job.deadline : Math.min(job.deadline, clock.now());
  const seen = await pollOnce(progress, { ...job, deadline }, launched).catch((error: unknown) => {
    const isWrong = error instanceof ResponseShapeError && error.fault === 'wrong_run';
    if (wait || signal.aborted || isWrong) throw error;
    return null;
  });
  return joinedRun(progress, job, launched, seen);
}

/** A re-run: the first key whose run is new, or of this attempt, or not red. */
async function walk(progress: Progress, job: Job, keys: readonly string[]): Promise<Found> {
  const { emit } = job;
  progress.redRunsBefore = null;
  /** The runs that were red by their gate. */
  const red: string[] = [];
  let found: Found | null = null;
  for (const key of keys) {
    const launched = await launch(progress, job, key);
    const { runId, meta } = launched;
    if (!meta.replayed) {
      takeRun(progress, job, launched);
      found = { launched: meta, seen: null };
      break;
    }
    emit({ kind: 'walk', line: logLine`${runId} was launched earlier; checking how it ended` });
    const seen = await pollOnce(progress, job, launched).catch((error: unknown) => {
      // Where our own first answer was lost, the replay tells of the run that we launched.
      if (launched.lostAnswerAt !== null) takeRun(progress, job, launched);
      throw error;
    });
    if (seen !== null && !(await isRedBefore(progress, job, seen))) {
      takeRun(progress, job, launched);
      found = joinedRun(progress, job, launched, seen);
      break;
    }
    const what = seen === null ? 'was not found or cannot be judged' : 'ended red';
    emit({ kind: 'walk', line: logLine`${runId} ${what}: this job does not join it` });
    if (seen === null) continue;
    if (seen.run.status === 'completed') {
      const ms = seen.meta.serverNowMs - Date.parse(seen.run.completedAt || seen.run.createdAt);
      red.push(`${Number.isNaN(ms) ? '' : `${duration(ms)} ago `}(${runId})`);
    }
    await holdOff(job, seen.meta.retryAfterAt, null);
  }
  progress.redRunsBefore = red.length;
  if (found === null)
    throw new StepError(
      `all ${MAX_KEYS} runs that re-runs of this job may launch for one ${progress.sharedBy} ended red`,
      `${NEW_START[progress.sharedBy]} has runs of its own.`,
    );
  const last = `${red.length > 1 ? ', the last' : ''} ${red.at(-1) ?? ''}`;
  if (red.length > 0) notice(progress, emit, `${earlierRed(red.length, progress.sharedBy)}${last}`);
  return found;
}

/** Did the run end red, before this attempt of the job began? */
async function isRedBefore({ order }: Progress, job: Job, seen: Seen): Promise<boolean> {
  const { run, meta } = seen;
  if (!isOlder(job, seen) || !isTerminal(run.status)) return false;
  const baseline = await job.baseline;
  const judged = () =>
    withinTime(() => evaluateRun(order, run, meta.serverNowMs, { ...job, baseline }), hasWaivers(order));
  return run.status !== 'completed' || judged().some(({ results }) => results.some(isRed));
}

/** The run is ours from here on. */
function takeRun(progress: Progress, { emit }: Job, { runId, status, meta: { replayed } }: Launched): void {
  Object.assign(progress, { runId, status, replayed });
  progress.origin = replayed ? { kind: 'joined', ageMs: null } : { kind: 'new' };
  emit({ kind: 'run', runId, origin: progress.origin });
}

/** Was the run created before this attempt of the job began, or another moment? Where that is not known, it counts as older. */
function isOlder(
  { attemptBeganAt }: Job,
  { run, meta: { at, serverNowMs } }: Seen,
  than = attemptBeganAt,
): boolean {
  return !isOfThisAttempt(run.createdAt, serverNowMs - (at - than));
}

/** The run of a replay, and the poll that showed it, if one did. */
function joinedRun(progress: Progress, job: Job, launched: Launched, seen: Seen | null): Found {
  const ms = seen === null ? NaN : seen.meta.serverNowMs - Date.parse(seen.run.createdAt);
  const ageMs = Number.isNaN(ms) ? null : Math.max(0, ms);
  progress.joinedOlder = seen === null || isOlder(job, seen);
  const { lostAnswerAt } = launched;
  const isOwn = seen !== null && lostAnswerAt !== null && !isOlder(job, seen, lostAnswerAt);
  progress.origin = isOwn ? { kind: 'new' } : { kind: 'joined', ageMs };
  if (seen !== null) seeRun(progress, seen.run);
  job.emit({ kind: 'joined', isOwn, ageMs });
  return { launched: launched.meta, seen };
}

/** Sends nothing before then; where that is too late, there is nothing left to do. */
async function holdOff({ clock, deadline, signal }: Job, until: number, last: RequestError | null) {
  const ms = until - clock.now();
  if (ms <= 0) return;
  if (until > deadline) throw new OutOfTime(last, ms);
  await clock.sleep(ms, signal);
}

/** null: there is no such run (any more), it is over a cap, or its outputs have a key twice. */
async function pollOnce(progress: Progress, job: Job, launched: Launched): Promise<Seen | null> {
  const { runId, meta } = launched;
  let hintMs = 0;
  let pauseMs = 0;
  const pacer = { see: () => (pauseMs = FAILED_POLL_MS), pauseMs: () => pauseMs };
  try {
    for await (const polled of polls(progress, job, { launched: meta, seen: null, runId, pacer })) {
      if ('run' in polled) return polled;
      hintMs = polled.failure.hintMs ?? 0;
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const isGone = error instanceof ApiError && [404, 410].includes(error.problem.status);
    // Where an answer of ours was lost the run may be ours: red, rather than a second one.
    if (launched.lostAnswerAt !== null || (!isGone && error.kind !== 'of_the_run')) throw error;
    await holdOff(job, job.clock.now() + hintMs, error);
  }
  return null;
}

const ANOTHER_RUN =
  'an earlier attempt of this launch may have started another run: look for it in the dashboard';

async function launch(progress: Progress, job: Job, key: string): Promise<Launched> {
  const { client, clock, deadline, turn, emit } = job;
  if (clock.now() >= deadline) throw new OutOfTime(null, null);
  progress.idempotencyKey = key;
  emit({ kind: 'key', key });
  const context = {
    ...job,
    takeTurn: turn.launch,
    onFailure: (failure: Failure, next: Retry | null) => {
      noticeMeta(progress, emit, failure);
      if (next !== null) emit({ kind: 'pause', failure, delayMs: next.delayMs, left: next.left });
    },
  };
  try {
    const { order } = progress;
    const request = { workflowId: order.workflowId, idempotencyKey: key, body: launchBody(order) };
    const launched = await client.startRun(request, context);
    noticeMeta(progress, emit, launched.meta);
    if (launched.mayHaveOther) notice(progress, emit, ANOTHER_RUN);
    return launched;
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 404) throw error;
    throw await unknownWorkflow(error, progress, { ...context, takeTurn: turn.poll });
  }
}
