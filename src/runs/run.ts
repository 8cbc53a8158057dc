/** The life of one order: its run is launched or joined, followed to its end, and judged. */
import type { Order } from '../inputs/entries.ts';
import { pollRun } from '../alloovium/poll.ts';
import { checkWorkflow, isKnownStatus, isTerminal, type Run } from '../alloovium/wire.ts';
import { findingOf } from '../gate/finding.ts';
import { UNJUDGED } from '../gate/known.ts';
import { InputError } from '../inputs/inputs.ts';
import { isJsonObject } from '../json.ts';
import { endingOf } from './ending.ts';
import type { Job } from './job.ts';
import { excerpt, judge, store } from './judge.ts';
import { findRun } from './launch.ts';
import {
  addStage,
  begin,
  notice,
  noticeMeta,
  outcomesOf,
  seeRun,
  type Emit,
  type Judged,
  type Outcome,
  type Progress,
} from './outcome.ts';
import { createPacer } from './pace.ts';

/** What becomes of the order, for each of its entries, whatever happens: never throws. */
export async function runOrder(order: Order, job: Job, emit: Emit): Promise<readonly Outcome[]> {
  const progress = begin(order);
  const { clock, signal, turn, wait } = job;
  let judged: readonly Judged[] = [];
  try {
    const start = order.runId === '' ? await launchOrJoin(progress, job, emit) : attach(progress, job, emit);
    signal.throwIfAborted();
    if (!wait) return outcomesOf(progress, { kind: 'launched', errorMessage: '' });
    const run =
      progress.run !== null && isTerminal(progress.run.status)
        ? progress.run
        : await follow(progress, start, job, emit);
    judged = await turn.judge(isToBeJudged(progress, run), () => judgeEnded(progress, run, job, emit));
    // The gate lets no signal in while it computes.
    await clock.sleep(0, signal);
    if (run.status === 'completed' && !isJsonObject(run.outputs)) {
      notice(progress, emit, 'the run completed, and its outputs are not an object of named values');
    }
    const errorMessage = progress.run?.errorMessage ?? '';
    return outcomesOf(progress, { kind: 'ended', status: run.status, errorMessage }, judged);
  } catch (error) {
    if (progress.run !== null) progress.run = excerpt(order, progress.run);
    job.onError?.(error, progress.runId !== '');
    const ending = endingOf(error, progress, job);
    if ('left' in ending && ending.left === 'maybe_run')
      emit({ kind: 'notice', text: `a run may have started (key ${progress.idempotencyKey})` });
    return outcomesOf(progress, ending, judged);
  }
}

/** Is there a gate to compute? */
function isToBeJudged({ order, results }: Progress, { status }: Run): boolean {
  return (
    results === null && status === 'completed' && order.entries.some(({ gate }) => gate.conditions.length > 0)
  );
}

/** Judges the run as it ended, and keeps of it what is needed from here on. */
function judgeEnded(progress: Progress, run: Run, job: Job, emit: Emit): readonly Judged[] {
  const { order, serverNowMs } = progress;
  progress.run = excerpt(order, run);
  const { weighed, findings } = job.limited(() => {
    const weighed = progress.results ?? judge(order, run, serverNowMs, job);
    return { weighed, findings: weighed.map(({ results }) => results.map(findingOf)) };
  });
  progress.results = null;
  const told = { ...run, workflowId: progress.workflowId };
  return order.entries.map((entry, at) => {
    const judgement = weighed[at] ?? UNJUDGED;
    const { results, notice: said, asAny, since, used } = judgement;
    for (const text of [...results.flatMap(({ notices }) => notices), said])
      if (text !== '') notice(progress, emit, text);
    // The report says it above its findings.
    if (asAny !== '') emit({ kind: 'notice', text: asAny });
    const stored = store(order, entry, told, judgement, serverNowMs, job);
    if (stored.leftOut > 0)
      notice(progress, emit, `\`gate_file\` has no room for ${stored.leftOut} matches: it is no baseline`);
    return { entry, findings: findings[at] ?? [], asAny, since, used, stored };
  });
}

/** When to poll first, and how to go on; moments are on `clock.now()`. */
interface Start {
  /** Of a run that was there before; null: by its pace. */
  readonly firstPollMs: number | null;
  readonly launchedAt: number;
  readonly missingUntil: number;
  /** The server wants no poll before. */
  readonly notBefore: number;
}

async function launchOrJoin(progress: Progress, job: Job, emit: Emit): Promise<Start> {
  emit({ kind: 'launching' });
  try {
    const { seen, ...from } = await findRun(progress, job, emit);
    // A new run is given time; one that was only joined is polled at once, and again soon.
    return { ...from, firstPollMs: seen !== null ? 3_000 : progress.origin?.kind === 'new' ? null : 0 };
  } finally {
    job.turn.launchOver();
    emit({ kind: 'launch_over' });
  }
}

/** Takes the run that `run_id` names. */
function attach(progress: Progress, { clock, ignored }: Job, emit: Emit): Start {
  const { runId } = progress.order;
  progress.runId = runId;
  progress.origin = { kind: 'attached' };
  emit({ kind: 'attached', runId });
  if (ignored.length > 0) {
    const names = ignored.map((name) => `\`${name}\``).join(', ');
    notice(progress, emit, `with \`run_id\`, ${names} has no use and is ignored`);
  }
  const now = clock.now();
  return { firstPollMs: 0, launchedAt: now, missingUntil: now, notBefore: now };
}

/** The run as it ended. */
async function follow(
  progress: Progress,
  { launchedAt, firstPollMs, ...from }: Start,
  job: Job,
  emit: Emit,
): Promise<Run> {
  const { client, clock, random, signal, deadline, turn } = job;
  const { order, runId } = progress;
  let isStatusUnknown = false;
  const pacer = createPacer(
    {
      ...{ clock, random, deadline, firstPollMs, beside: turn.beside },
      expectedMs: order.expectedMs,
      bucket: () => client.bucketState(),
    },
    progress.origin?.kind === 'new' ? launchedAt : null,
  );
  emit({ kind: 'following', runId, leftMs: deadline - clock.now(), firstPollMs: pacer.pauseMs() });
  try {
    const polls = pollRun({
      ...{ client, clock, random, signal, deadline, runId, pacer },
      ...from,
      takeTurn: turn.poll,
    });
    for await (const polled of polls) {
      const elapsedMs = clock.now() - launchedAt;
      progress.polls++;
      if ('failure' in polled) {
        noticeMeta(progress, emit, { redacted: polled.failure.redacted });
        emit({ kind: 'failed_poll', headline: polled.failure.error.headline, elapsedMs });
        continue;
      }
      const { run, meta } = polled;
      progress.serverNowMs = meta.serverNowMs;
      noticeMeta(progress, emit, { redacted: meta.redacted });
      if (order.runId !== '' && order.workflowId !== '' && run.workflowId !== order.workflowId) {
        throw new InputError(['`workflow_id` is not the workflow of the run that `run_id` names.']);
      }
      // The answer to the launch may have named none.
      if (order.runId === '') checkWorkflow(run.workflowId, order.workflowId, runId);
      const isOver = isTerminal(run.status);
      seeRun(progress, isOver ? run : excerpt(order, run));
      addStage(progress.stages, run, elapsedMs);
      noticeMeta(progress, emit, { redacted: false, wrongContentType: meta.wrongContentType });
      if (!isKnownStatus(run.status) && !isStatusUnknown) {
        isStatusUnknown = true;
        emit({ kind: 'unknown_status', status: run.status });
      }
      emit({ kind: 'polled', run, elapsedMs, polls: progress.polls });
      if (!isOver) continue;
      turn.ended();
      return run;
    }
    throw new Error('the polls are over, and the run has not ended');
  } finally {
    emit({ kind: 'following_over' });
  }
}
