/** How the job comes by its run: launches it, joins it, or on a re-run walks the keys to one that is newer or not red. */
import type { Order } from '../inputs/entries.ts';
import type { Launched, Meta } from '../alloovium/client.ts';
import { ApiError, isOfTheRun, RequestError } from '../alloovium/errors.ts';
import { pollRun } from '../alloovium/poll.ts';
import { OutOfTime, type Failure } from '../alloovium/retry.ts';
import { checkWorkflow, isTerminal, type Run } from '../alloovium/wire.ts';
import { isRed } from '../gate/condition.ts';
import type { Judgement } from '../gate/known.ts';
import {
  freshKey,
  intentKey,
  isOfThisAttempt,
  launchBody,
  MOST_KEYS,
  resumeKeys,
  type Intent,
} from '../intent.ts';
import { StepError } from '../step-error.ts';
import { logLine } from '../text/escape.ts';
import { duration, earlierRed } from '../text/words.ts';
import type { Job } from './job.ts';
import { judge } from './judge.ts';
import { notice, noticeMeta, seeRun, type Emit, type Progress } from './outcome.ts';
import { lookUp, UnknownWorkflowError } from './unknown-workflow.ts';

/** The run that the launch brought. Moments are on `clock.now()`. */
export interface Found {
  /** Its state when it was joined; null: it is new, or could not be polled. */
  readonly seen: Run | null;
  /** When the answer came. */
  readonly launchedAt: number;
  /** Until then a 404 may be a run that has not come through yet. */
  readonly missingUntil: number;
  /** The server wants no further request before. */
  readonly notBefore: number;
  /** Of the launch's answer. */
  readonly launched: Launched;
}

/** A run is not always visible the moment that its launch is answered. */
const MISSING_MS = 30_000;
/** From a poll that failed to the next. */
const FAILED_POLL_MS = 5_000;

/**
 * Finds or launches the run of the order; what is known of it is in `progress` from the moment it is ours.
 * @throws StepError, OutOfTime, or the signal's reason
 */
export async function findRun(progress: Progress, job: Job, emit: Emit): Promise<Found> {
  const search: Search = { intent: intentOf(progress.order, job), progress, job, emit };
  const { attempt, jobRunId, when, commit } = job.context;
  progress.sharedBy = progress.order.idempotencyKey !== '' ? 'key' : when === commit ? 'commit' : 'job run';
  const first = intentKey(search.intent);
  if (attempt > 1 && job.onRerun === 'resume') return walk(search, resumeKeys(first));
  return launchUnder(search, attempt > 1 ? freshKey(first, jobRunId, attempt) : first);
}

interface Search {
  readonly intent: Intent;
  readonly progress: Progress;
  readonly job: Job;
  readonly emit: Emit;
}

function intentOf(order: Order, { context }: Job): Intent {
  return {
    when: order.idempotencyKey === '' ? context.when : order.idempotencyKey,
    repository: context.repository,
    workflowId: order.workflowId,
    projectId: order.projectId,
    inputs: order.inputs,
  };
}

/** Whatever this key names is our run. */
async function launchUnder(search: Search, key: string): Promise<Found> {
  const { job } = search;
  const answer = await launch(search, key);
  takeRun(search, answer.launched);
  const { replayed, hintMs } = answer.launched;
  if (!replayed) return newRun(answer);
  // Only to tell its age, a run that is not waited for is worth no wait.
  if (!job.wait && hintMs > 0) return joined(search, answer, null);
  const deadline = job.wait ? job.deadline : Math.min(job.deadline, job.clock.now());
  const polled = await pollOnce(search, answer, deadline).catch((error: unknown) => {
    if (job.wait || job.signal.aborted) throw error;
    return null;
  });
  return joined(search, answer, polled);
}

/** A re-run: the first key whose run is new, or of this attempt, or not red. */
async function walk(search: Search, keys: readonly string[]): Promise<Found> {
  const { progress, job, emit } = search;
  progress.redRunsBefore = null;
  let red = 0;
  let lastRed = '';
  const end = (launched: Launched) => {
    takeRun(search, launched);
    progress.redRunsBefore = red;
    if (red > 0)
      notice(
        progress,
        emit,
        `${earlierRed(red, progress.sharedBy)}${red > 1 ? ', the last' : ''} ${lastRed}`,
      );
  };
  for (const key of keys) {
    const answer = await launch(search, key);
    const { launched } = answer;
    if (!launched.replayed) {
      end(launched);
      return newRun(answer);
    }
    emit({ kind: 'walk', line: logLine`${launched.runId} was launched before: seeing how it ended` });
    const polled = await pollOnce(search, answer, job.deadline).catch((error: unknown) => {
      // Where our own first answer was lost, the replay tells of the run that we launched.
      if (launched.resent) takeRun(search, launched);
      throw error;
    });
    if (polled === null) {
      emit({
        kind: 'walk',
        line: logLine`${launched.runId} was not found or cannot be judged: launching again`,
      });
      continue;
    }
    // One that goes on has nothing to judge yet.
    const isJudged = isOlder(job, answer, polled) && isTerminal(polled.run.status);
    const nowMs = polled.meta.serverNowMs;
    const results = isJudged ? job.limited(() => judge(progress.order, polled.run, nowMs, job)) : null;
    if (results !== null && isRunRed(polled.run, results)) {
      emit({ kind: 'walk', line: logLine`${launched.runId} ended red before: launching again` });
      if (polled.run.status === 'completed') {
        red++;
        lastRed = whichRed(polled);
      }
      await holdOff(job, polled.at + polled.meta.hintMs, null);
      continue;
    }
    end(launched);
    progress.results = results;
    return joined(search, answer, polled);
  }
  throw new TooManyRerunsError();
}

/** "20 m ago (run_…)" */
function whichRed({ run, meta }: PolledOnce): string {
  const ms = meta.serverNowMs - Date.parse(run.completedAt || run.createdAt);
  return `${Number.isNaN(ms) ? '' : `${duration(ms)} ago `}(${run.runId})`;
}

/** Of a run that has ended. */
function isRunRed(run: Run, judged: readonly Judgement[]): boolean {
  return run.status !== 'completed' || judged.some(({ results }) => results.some(isRed));
}

/** The run is ours from here on. */
function takeRun({ progress, emit }: Search, launched: Launched): void {
  const { runId, status, replayed } = launched;
  progress.runId = runId;
  progress.status = status;
  progress.replayed = replayed;
  progress.origin = replayed ? { kind: 'joined', ageMs: null } : { kind: 'new' };
  emit({ kind: 'run', runId, replayed });
  noticeMeta(progress, emit, { ...launched, redacted: false });
}

/** An answer to a launch, and when it came, on `clock.now()`. */
interface Answer {
  readonly launched: Launched;
  readonly at: number;
}

function newRun({ launched, at }: Answer): Found {
  return {
    seen: null,
    launchedAt: at,
    missingUntil: at + MISSING_MS,
    notBefore: at + launched.hintMs,
    launched,
  };
}

/** Was the run that was polled created before this attempt of the job began? */
function isOlder(job: Job, { launched, at }: Answer, polled: PolledOnce | null): boolean {
  const beganAt = launched.serverNowMs - (at - job.attemptBeganAt);
  return !isOfThisAttempt(polled?.run.createdAt ?? '', beganAt);
}

/** The run of a replay, and what one poll of it showed, if one did. */
function joined({ progress, job, emit }: Search, answer: Answer, polled: PolledOnce | null): Found {
  const { launched, at } = answer;
  const createdAt = polled?.run.createdAt ?? '';
  const ageMs =
    polled === null || createdAt === '' ? null : Math.max(0, polled.meta.serverNowMs - Date.parse(createdAt));
  progress.joinedOlder = isOlder(job, answer, polled);
  progress.origin = !progress.joinedOlder && launched.resent ? { kind: 'new' } : { kind: 'joined', ageMs };
  if (polled !== null) seeRun(progress, polled.run);
  if (progress.origin.kind === 'joined') {
    const started = ageMs === null ? 'started earlier' : `started ${duration(ageMs)} ago`;
    progress.notices.push(`joined a run ${started} for the same ${progress.sharedBy} and inputs`);
  }
  emit({ kind: 'joined', isOwn: progress.origin.kind === 'new', ageMs });
  return {
    ...newRun(answer),
    seen: polled?.run ?? null,
    notBefore: polled === null ? at + launched.hintMs : polled.at + polled.meta.hintMs,
  };
}

class TooManyRerunsError extends StepError {
  constructor() {
    super(
      `all ${MOST_KEYS} runs that re-runs of this job may launch for one commit ended red`,
      'Push a new commit: it has runs of its own.',
    );
  }
}

/** Sends nothing before then; where that is too late, there is nothing left to do. */
async function holdOff(
  { clock, deadline, signal }: Job,
  until: number,
  last: RequestError | null,
): Promise<void> {
  const ms = until - clock.now();
  if (ms <= 0) return;
  if (until > deadline) throw new OutOfTime(last, ms);
  await clock.sleep(ms, signal);
}

interface PolledOnce {
  readonly run: Run;
  readonly meta: Meta;
  /** When, on `clock.now()`. */
  readonly at: number;
}

/** null: there is no such run (any more), it is over a cap, or its outputs have a key twice. */
async function pollOnce(
  { intent, progress, job, emit }: Search,
  { launched, at }: Answer,
  deadline: number,
): Promise<PolledOnce | null> {
  const { client, clock, random, signal } = job;
  let hintMs = 0;
  let pauseMs = 0;
  try {
    const polls = pollRun({
      ...{ client, clock, random, signal, deadline },
      runId: launched.runId,
      notBefore: at + launched.hintMs,
      missingUntil: at + MISSING_MS,
      takeTurn: job.turn.poll,
      pacer: { see: () => (pauseMs = FAILED_POLL_MS), pauseMs: () => pauseMs },
    });
    for await (const polled of polls) {
      progress.polls++;
      if ('run' in polled) {
        noticeMeta(progress, emit, { redacted: polled.meta.redacted });
        progress.serverNowMs = polled.meta.serverNowMs;
        checkWorkflow(polled.run.workflowId, intent.workflowId, launched.runId);
        return { ...polled, at: clock.now() };
      }
      noticeMeta(progress, emit, { redacted: polled.failure.redacted });
      hintMs = polled.failure.hintMs ?? 0;
      emit({ kind: 'failed_poll', headline: polled.failure.error.headline, elapsedMs: null });
    }
    return null;
  } catch (error) {
    if (!(error instanceof RequestError)) throw error;
    const isGone =
      error instanceof ApiError && (error.problem.status === 404 || error.problem.status === 410);
    if (!isGone && !isOfTheRun(error)) throw error;
    await holdOff(job, clock.now() + hintMs, error);
    return null;
  }
}

async function launch({ intent, progress, job, emit }: Search, key: string): Promise<Answer> {
  const { client, clock, random, signal, deadline, turn } = job;
  if (clock.now() >= deadline) throw new OutOfTime(null, null);
  progress.idempotencyKey = key;
  emit({ kind: 'key', key });
  const retryContext = {
    ...{ clock, random, signal, deadline },
    onFailure: (failure: Failure, delayMs: number | null) => {
      noticeMeta(progress, emit, { redacted: failure.redacted });
      if (delayMs !== null) emit({ kind: 'pause', failure, delayMs });
    },
  };
  try {
    const launched = await client.startRun(
      { workflowId: intent.workflowId, idempotencyKey: key, body: launchBody(intent) },
      { ...retryContext, takeTurn: turn.launch },
    );
    noticeMeta(progress, emit, { redacted: launched.redacted });
    return { launched, at: clock.now() };
  } catch (error) {
    if (error instanceof ApiError && error.problem.status === 404) {
      // Where the server wants no further request now, the list is not worth the wait.
      const { listed, redacted } =
        error.hintMs === null
          ? await lookUp(client, intent.workflowId, { ...retryContext, takeTurn: turn.poll })
          : { listed: null, redacted: false };
      noticeMeta(progress, emit, { redacted });
      if (listed !== null && listed.nearest !== '' && job.context.isPrivate)
        emit({ kind: 'notice', text: listed.nearest });
      throw new UnknownWorkflowError(error, intent.projectId, listed);
    }
    throw error;
  }
}
