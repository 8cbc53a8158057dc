/** How the job comes by its run: launches it, joins it, or on a re-run walks the keys to one that is newer or not red. */
import type { Launched } from '../alloovium/client.ts';
import { ApiError, isOfTheRun, RequestError } from '../alloovium/errors.ts';
import type { Meta } from '../alloovium/exchange.ts';
import { OutOfTime, type Failure } from '../alloovium/retry.ts';
import { isTerminal, type Run } from '../alloovium/wire.ts';
import { isRed } from '../gate/condition.ts';
import { freshKey, intentKey, isOfThisAttempt, launchBody, MOST_KEYS, resumeKeys } from '../intent.ts';
import { StepError } from '../step-error.ts';
import { logLine } from '../text/escape.ts';
import { withinTime } from '../time-limit.ts';
import { duration, earlierRed } from '../text/words.ts';
import { polls, type Found, type Seen } from './follow.ts';
import type { Job } from './job.ts';
import { judge } from './judge.ts';
import { notice, noticeMeta, seeRun, type Progress } from './outcome.ts';
import { unknownWorkflow } from './unknown-workflow.ts';

/** From a poll that failed to the next. */
const FAILED_POLL_MS = 5_000;

/**
 * Finds or launches the run of the order; what is known of it is in `progress` from the moment it is ours.
 * @throws StepError, OutOfTime, or the signal's reason
 */
export async function findRun(progress: Progress, job: Job): Promise<Found> {
  const { attempt, jobRunId, when, commit, repository } = job.context;
  const { workflowId, projectId, inputs, idempotencyKey } = progress.order;
  progress.sharedBy = idempotencyKey !== '' ? 'key' : when === commit ? 'commit' : 'job run';
  const first = intentKey({ when: idempotencyKey || when, repository, workflowId, projectId, inputs });
  if (attempt > 1 && job.onRerun === 'resume') return walk(progress, job, resumeKeys(first));
  return launchUnder(progress, job, attempt > 1 ? freshKey(first, jobRunId, attempt) : first);
}

/** Whatever this key names is our run. */
async function launchUnder(progress: Progress, job: Job, key: string): Promise<Found> {
  const { wait, signal, clock } = job;
  const launched = await launch(progress, job, key);
  const { meta } = launched;
  takeRun(progress, job, launched);
  if (!meta.replayed) return foundBy(launched);
  // Only to tell its age, a run that is not waited for is worth no wait.
  if (!wait && meta.hintMs > 0) return joinedRun(progress, job, launched, null);
  const deadline = wait ? job.deadline : Math.min(job.deadline, clock.now());
  const polled = await pollOnce(progress, { ...job, deadline }, launched).catch((error: unknown) => {
    if (wait || signal.aborted) throw error;
    return null;
  });
  return joinedRun(progress, job, launched, polled);
}

/** A re-run: the first key whose run is new, or of this attempt, or not red. */
async function walk(progress: Progress, job: Job, keys: readonly string[]): Promise<Found> {
  const { emit } = job;
  progress.redRunsBefore = null;
  let red = 0;
  let lastRed = '';
  for (const key of keys) {
    const launched = await launch(progress, job, key);
    let polled: Seen | null = null;
    if (launched.meta.replayed) {
      emit({ kind: 'walk', line: logLine`${launched.runId} was launched earlier; checking how it ended` });
      polled = await pollOnce(progress, job, launched).catch((error: unknown) => {
        // Where our own first answer was lost, the replay tells of the run that we launched.
        if (launched.resent) takeRun(progress, job, launched);
        throw error;
      });
      const what = polled === null ? 'was not found or cannot be judged' : 'ended red';
      if (polled === null || isRedBefore(progress, job, launched, polled.run)) {
        emit({ kind: 'walk', line: logLine`${launched.runId} ${what}: this job does not join it` });
        if (polled?.run.status === 'completed') {
          red++;
          const ms = progress.serverNowMs - Date.parse(polled.run.completedAt || polled.run.createdAt);
          lastRed = `${Number.isNaN(ms) ? '' : `${duration(ms)} ago `}(${launched.runId})`;
        }
        if (polled !== null) await holdOff(job, freeAt(polled), null);
        continue;
      }
    }
    takeRun(progress, job, launched);
    progress.redRunsBefore = red;
    const last = `${red > 1 ? ', the last' : ''} ${lastRed}`;
    if (red > 0) notice(progress, emit, `${earlierRed(red, progress.sharedBy)}${last}`);
    return polled === null ? foundBy(launched) : joinedRun(progress, job, launched, polled);
  }
  progress.redRunsBefore = red;
  throw new StepError(
    `all ${MOST_KEYS} runs that re-runs of this job may launch for one commit ended red`,
    'Push a new commit: it has runs of its own.',
  );
}

/** Did the run end red, before this attempt of the job began? */
function isRedBefore(progress: Progress, job: Job, launched: Launched, run: Run): boolean {
  if (!isOlder(job, launched, run) || !isTerminal(run.status)) return false;
  const judged = () => withinTime(() => judge(progress.order, run, progress.serverNowMs, job));
  return run.status !== 'completed' || judged().some(({ results }) => results.some(isRed));
}

/** The run is ours from here on. */
function takeRun(progress: Progress, { emit }: Job, { runId, status, meta: { replayed } }: Launched): void {
  Object.assign(progress, { runId, status, replayed });
  progress.origin = replayed ? { kind: 'joined', ageMs: null } : { kind: 'new' };
  emit({ kind: 'run', runId, origin: progress.origin });
}

/** From then on the server may be asked again, on `clock.now()`. */
function freeAt({ meta: { at, hintMs } }: { readonly meta: Meta }): number {
  return at + hintMs;
}

function foundBy(launched: Launched): Found {
  return { seen: null, launchedAt: launched.meta.at, notBefore: freeAt(launched) };
}

/** Was the run created before this attempt of the job began? null: that is not known, and counts as older. */
function isOlder({ attemptBeganAt }: Job, { meta: { at, serverNowMs } }: Launched, run: Run | null): boolean {
  return !isOfThisAttempt(run?.createdAt ?? '', serverNowMs - (at - attemptBeganAt));
}

/** The run of a replay, and what one poll of it showed, if one did. */
function joinedRun(progress: Progress, job: Job, launched: Launched, polled: Seen | null): Found {
  const run = polled?.run ?? null;
  const ms = progress.serverNowMs - Date.parse(run?.createdAt ?? '');
  const ageMs = Number.isNaN(ms) ? null : Math.max(0, ms);
  progress.joinedOlder = isOlder(job, launched, run);
  const isOwn = !progress.joinedOlder && launched.resent;
  progress.origin = isOwn ? { kind: 'new' } : { kind: 'joined', ageMs };
  if (run !== null) seeRun(progress, run);
  if (!isOwn) {
    const started = ageMs === null ? 'started earlier' : `started ${duration(ageMs)} ago`;
    progress.notices.push(`joined a run ${started} for the same ${progress.sharedBy} and inputs`);
  }
  job.emit({ kind: 'joined', isOwn, ageMs });
  return { ...foundBy(launched), ...(polled && { seen: run, notBefore: freeAt(polled) }) };
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
  const { runId } = launched;
  let hintMs = 0;
  let pauseMs = 0;
  const pacer = { see: () => (pauseMs = FAILED_POLL_MS), pauseMs: () => pauseMs };
  try {
    for await (const polled of polls(progress, job, { ...foundBy(launched), runId, pacer })) {
      if ('run' in polled) return polled;
      hintMs = polled.failure.hintMs ?? 0;
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const isGone = error instanceof ApiError && [404, 410].includes(error.problem.status);
    if (!isGone && !isOfTheRun(error)) throw error;
    await holdOff(job, job.clock.now() + hintMs, error);
  }
  return null;
}

async function launch(progress: Progress, job: Job, key: string): Promise<Launched> {
  const { client, clock, deadline, turn, emit } = job;
  if (clock.now() >= deadline) throw new OutOfTime(null, null);
  progress.idempotencyKey = key;
  emit({ kind: 'key', key });
  const context = {
    ...job,
    takeTurn: turn.launch,
    onFailure: (failure: Failure, delayMs: number | null) => {
      noticeMeta(progress, emit, failure);
      if (delayMs !== null) emit({ kind: 'pause', failure, delayMs });
    },
  };
  try {
    const { order } = progress;
    const request = { workflowId: order.workflowId, idempotencyKey: key, body: launchBody(order) };
    const launched = await client.startRun(request, context);
    noticeMeta(progress, emit, launched.meta);
    return launched;
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 404) throw error;
    throw await unknownWorkflow(error, progress, job, { ...context, takeTurn: turn.poll });
  }
}
