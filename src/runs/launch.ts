/** Finds or launches the run of an order: attaches, launches, joins, or on a re-run resumes an earlier run that is not red. */
import type { Launched } from '../alloovium/client.ts';
import { ApiError, RequestError, ResponseShapeError } from '../alloovium/errors.ts';
import { OutOfTime, type Failure, type Retry } from '../alloovium/retry.ts';
import { isTerminal } from '../alloovium/statuses.ts';
import type { Order } from '../inputs/runs-input.ts';
import {
  createFreshKey,
  createIntentKey,
  isOfThisAttempt,
  createLaunchBody,
  MAX_RERUN_KEYS,
  createResumeKeys,
} from '../intent.ts';
import { StepError } from '../step-error.ts';
import { logLine } from '../text/escape.ts';
import { formatDuration, describeEarlierRed } from '../text/format.ts';
import { isRedByGate } from './evaluate-run.ts';
import { createMetaNotices, type Emit, type Origin, type SharedBy } from './events.ts';
import { pollOrder, type FoundRun, type PolledRun } from './follow.ts';
import type { Job } from './job.ts';
import { createUnknownWorkflowError } from './unknown-workflow.ts';
import { NEW_START } from './rerun-advice.ts';

/** Pause after a failed poll. */
const FAILED_POLL_MS = 5_000;

/**
 * Finds or launches the run of the order. Emits the event `run` as soon as the order has its run.
 * @throws StepError, OutOfTime, or the signal's reason
 */
export async function launchOrJoin(order: Order, job: Job): Promise<FoundRun> {
  if (order.runId !== '') return attachRun(order.runId, job);
  const { attempt, jobRunId, keyScope, commit, repository } = job.context;
  const { workflowId, projectId, inputs, idempotencyKey } = order;
  const sharedBy = idempotencyKey !== '' ? 'key' : keyScope === commit ? 'commit' : 'job run';
  const isResumed = attempt > 1 && job.onRerun === 'resume';
  job.emit({ kind: 'launching', sharedBy, isResumed });
  const first = createIntentKey({
    keyScope: idempotencyKey || keyScope,
    repository,
    workflowId,
    projectId,
    inputs,
  });
  if (isResumed) return resumeRun(order, job, createResumeKeys(first), sharedBy);
  return launchWithKey(order, job, attempt > 1 ? createFreshKey(first, jobRunId, attempt) : first);
}

/** Uses the run that `run_id` names; launches nothing. */
function attachRun(runId: string, { clock, ignored, emit }: Job): FoundRun {
  const origin = { kind: 'attached' } as const;
  emit({ kind: 'run', runId, origin, status: '' });
  if (ignored.length > 0) {
    const names = ignored.map((name) => `\`${name}\``).join(', ');
    const text = `${names} ${ignored.length === 1 ? 'is' : 'are'} ignored with \`run_id\``;
    emit({ kind: 'notice', text });
  }
  return { runId, origin, answer: { at: clock.now(), retryAfterAt: clock.now() }, seen: null };
}

/** Launches with this key. If the key already has a run, that run is joined, whatever its state. */
async function launchWithKey(order: Order, job: Job, key: string): Promise<FoundRun> {
  const { wait, signal, clock } = job;
  const launched = await sendLaunch(order, job, key);
  const { meta } = launched;
  const found = useRun(job.emit, launched);
  if (!meta.replayed) return found;
  // A poll would only show its age, which is not worth waiting for here.
  if (!wait && meta.retryAfterAt > meta.at) return joinRun(job, launched, null);
  // Without `wait`, a deadline of now allows one poll.
  const deadline = wait ? job.deadline : Math.min(job.deadline, clock.now());
  const seen = await pollUntilAnswered(order, { ...job, deadline }, launched).catch((error: unknown) => {
    const isWrong = error instanceof ResponseShapeError && error.fault === 'wrong_run';
    if (wait || signal.aborted || isWrong) throw error;
    return null;
  });
  return joinRun(job, launched, seen);
}

/**
 * For a re-run: tries the keys in order, and uses the first run that is new, or began during this attempt, or is not red.
 * @throws StepError all keys have a red run
 */
async function resumeRun(
  order: Order,
  job: Job,
  keys: readonly string[],
  sharedBy: SharedBy,
): Promise<FoundRun> {
  const { emit } = job;
  /** The runs whose gate failed. */
  const red: string[] = [];
  let found: FoundRun | null = null;
  for (const key of keys) {
    const launched = await sendLaunch(order, job, key);
    const { runId, meta } = launched;
    if (!meta.replayed) {
      found = useRun(emit, launched);
      break;
    }
    emit({ kind: 'earlier_run', line: logLine`${runId} was launched earlier; checking how it ended` });
    const seen = await pollUntilAnswered(order, job, launched).catch((error: unknown) => {
      // If the first answer to this launch was lost, the answer is about the run that it launched.
      if (launched.lostAnswerAt !== null) useRun(emit, launched);
      throw error;
    });
    if (seen !== null && !(await isRedBefore(order, job, seen))) {
      useRun(emit, launched);
      found = joinRun(job, launched, seen);
      break;
    }
    const what = seen === null ? 'was not found or cannot be evaluated' : 'ended red';
    emit({ kind: 'earlier_run', line: logLine`${runId} ${what}: this job does not join it` });
    if (seen === null) continue;
    if (seen.run.status === 'completed') {
      const ms = seen.meta.serverNowMs - Date.parse(seen.run.completedAt || seen.run.createdAt);
      red.push(`${Number.isNaN(ms) ? '' : `${formatDuration(ms)} ago `}(${runId})`);
    }
    await waitUntil(job, seen.meta.retryAfterAt, null);
  }
  const last = `${red.length > 1 ? ', the last' : ''} ${red.at(-1) ?? ''}`;
  const redNotice =
    found === null || red.length === 0 ? '' : `${describeEarlierRed(red.length, sharedBy)}${last}`;
  emit({ kind: 'resumed', redCount: red.length, redNotice });
  if (found === null)
    throw new StepError(
      `all ${MAX_RERUN_KEYS} runs that re-runs of this job may launch for one ${sharedBy} ended red or cannot be evaluated`,
      `${NEW_START[sharedBy]} starts a separate run.`,
    );
  return found;
}

/** Did the run end red, and was it created before this attempt of the job began? */
async function isRedBefore(order: Order, job: Job, seen: PolledRun): Promise<boolean> {
  const { run } = seen;
  if (!isOlder(job, seen) || !isTerminal(run.status)) return false;
  const baseline = await job.baseline;
  return run.status !== 'completed' || isRedByGate(order, { ...job, baseline }, seen);
}

/** Makes the run that of the order, and emits the event `run`. */
function useRun(emit: Emit, { runId, status, meta }: Launched): FoundRun {
  const origin: Origin = meta.replayed ? { kind: 'joined', ageMs: null } : { kind: 'new' };
  emit({ kind: 'run', runId, origin, status });
  return { runId, origin, answer: meta, seen: null };
}

/** Was the run created before `than` (by default when this attempt of the job began)? True if that is not known. */
function isOlder(
  { attemptBeganAt }: Job,
  { run, meta: { at, serverNowMs } }: PolledRun,
  than = attemptBeganAt,
): boolean {
  return !isOfThisAttempt(run.createdAt, serverNowMs - (at - than));
}

/** Reports the run that the key already had. @param seen the poll that showed it; null: it could not be polled */
function joinRun(job: Job, launched: Launched, seen: PolledRun | null): FoundRun {
  const { runId, lostAnswerAt, meta } = launched;
  const ms = seen === null ? NaN : seen.meta.serverNowMs - Date.parse(seen.run.createdAt);
  const ageMs = Number.isNaN(ms) ? null : Math.max(0, ms);
  const isLaunchedHere = seen !== null && lostAnswerAt !== null && !isOlder(job, seen, lostAnswerAt);
  const isOlderRun = seen === null || isOlder(job, seen);
  job.emit({ kind: 'joined', isLaunchedHere, ageMs, isOlder: isOlderRun, run: seen?.run ?? null });
  return {
    runId,
    origin: isLaunchedHere ? { kind: 'new' } : { kind: 'joined', ageMs },
    answer: meta,
    seen,
  };
}

/**
 * Waits until the time.
 * @param last the error that is reported if it is too late
 * @throws OutOfTime if it is after the deadline
 */
async function waitUntil({ clock, deadline, signal }: Job, until: number, last: RequestError | null) {
  const ms = until - clock.now();
  if (ms <= 0) return;
  if (until > deadline) throw new OutOfTime(last, ms);
  await clock.sleep(ms, signal);
}

/**
 * Polls the run until one poll succeeds. null: there is no such run (any more), its answer is too large, or its outputs have a
 * key twice.
 */
async function pollUntilAnswered(order: Order, job: Job, launched: Launched): Promise<PolledRun | null> {
  const { runId, meta } = launched;
  /** The hint of the last failed poll, which is yielded before its error is thrown. */
  let hintMs = 0;
  let pauseMs = 0;
  const pacer = { observe: () => (pauseMs = FAILED_POLL_MS), pauseMs: () => pauseMs };
  try {
    for await (const polled of pollOrder(order, job, { runId, answer: meta, seen: null, pacer })) {
      if ('run' in polled) return polled;
      hintMs = polled.failure.hintMs ?? 0;
    }
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const isGone = error instanceof ApiError && [404, 410].includes(error.problem.status);
    // If an answer to this launch was lost, the run may be that of the launch: better red than a second run.
    if (launched.lostAnswerAt !== null || (!isGone && error.kind !== 'of_the_run')) throw error;
    await waitUntil(job, job.clock.now() + hintMs, error);
  }
  return null;
}

const ANOTHER_RUN =
  'an earlier attempt of this launch may have started another run, which this step does not use: if it is in the dashboard, cancel it there';

/** Sends a launch with this key, and emits its notices. A 404 is explained by the list of workflows. */
async function sendLaunch(order: Order, job: Job, key: string): Promise<Launched> {
  const { client, clock, deadline, turn, emit } = job;
  if (clock.now() >= deadline) throw new OutOfTime(null, null);
  emit({ kind: 'key', key });
  const context = {
    ...job,
    takeTurn: turn.launch,
    onFailure: (failure: Failure, next: Retry | null) => {
      for (const event of createMetaNotices(failure)) emit(event);
      if (next !== null) emit({ kind: 'pause', failure, delayMs: next.delayMs, left: next.left });
    },
  };
  try {
    const request = { workflowId: order.workflowId, idempotencyKey: key, body: createLaunchBody(order) };
    const launched = await client.startRun(request, context);
    for (const event of createMetaNotices(launched.meta)) emit(event);
    if (launched.mayHaveOther) emit({ kind: 'notice', text: ANOTHER_RUN });
    return launched;
  } catch (error) {
    if (!(error instanceof ApiError) || error.problem.status !== 404) throw error;
    throw await createUnknownWorkflowError(error, order, { ...context, takeTurn: turn.poll });
  }
}
