/** Polls of an order's run, and how the run is followed to its end by them. */
import { pollRun, type Pacer, type Polled } from '../alloovium/poll.ts';
import { checkWorkflow, isTerminal, type Run } from '../alloovium/wire.ts';
import { InputError } from '../inputs/inputs.ts';
import type { Job } from './job.ts';
import { addStage, noticeMeta, seeRun, type Progress } from './outcome.ts';
import { createPacer } from './poll-pace.ts';

/** The run that the launch brought. Moments are on `clock.now()`. */
export interface Found {
  /** The poll that showed it when it was joined; null: it is new, or could not be polled. */
  readonly seen: Seen | null;
  /** When the answer came. */
  readonly launchedAt: number;
  /** The server wants no further request before. */
  readonly notBefore: number;
}

/** A poll that went well. */
export type Seen = Extract<Polled, { readonly run: Run }>;

/** A run is not always visible the moment that its launch is answered. */
const MISSING_MS = 30_000;

/**
 * Every poll as it comes, with the order's workflow where the answer names none; the last one shows the run as it ended.
 * @throws as `pollRun`, and RequestError or InputError where the run is of another workflow
 */
export async function* polls(
  progress: Progress,
  job: Job,
  { launchedAt, seen, ...about }: Found & { readonly runId: string; readonly pacer: Pacer },
): AsyncGenerator<Polled, void, void> {
  const { runId: attached, workflowId } = progress.order;
  const { clock, turn, emit } = job;
  const missingUntil = attached === '' ? launchedAt + MISSING_MS : launchedAt;
  const isSeen = seen !== null;
  for await (const polled of pollRun({ ...job, ...about, missingUntil, isSeen, takeTurn: turn.poll })) {
    progress.polls++;
    if ('failure' in polled) {
      const { failure } = polled;
      noticeMeta(progress, emit, failure);
      emit({ kind: 'failed_poll', headline: failure.error.headline, elapsedMs: clock.now() - launchedAt });
      yield polled;
      continue;
    }
    const { run, meta } = polled;
    noticeMeta(progress, emit, meta);
    if (attached === '') checkWorkflow(run.workflowId, workflowId, run.runId);
    else if (workflowId !== '' && run.workflowId !== workflowId)
      throw new InputError(['`workflow_id` is not the workflow of the run that `run_id` names.']);
    yield { run: { ...run, workflowId: run.workflowId || workflowId }, meta };
  }
}

/** The poll that showed the run's end. */
export async function follow(progress: Progress, job: Job, found: Found): Promise<Seen> {
  const { client, clock, deadline, turn, emit } = job;
  const { order, runId, origin } = progress;
  const { seen, launchedAt } = found;
  if (seen !== null && isTerminal(seen.run.status)) return seen;
  const isNew = origin?.kind === 'new' && seen === null;
  const about = { expectedMs: order.expectedMs, beside: turn.beside, bucket: client.bucketState };
  const pacer = createPacer({ ...job, ...about }, isNew ? launchedAt : null);
  if (seen !== null) pacer.see(seen);
  const nextPollMs = pacer.pauseMs();
  emit({ kind: 'following', leftMs: deadline - clock.now(), nextPollMs, isSeen: seen !== null });
  for await (const polled of polls(progress, job, { ...found, runId, pacer })) {
    if ('failure' in polled) continue;
    const { run } = polled;
    const elapsedMs = clock.now() - launchedAt;
    seeRun(progress, run);
    addStage(progress.stages, run, elapsedMs);
    emit({ kind: 'polled', run, elapsedMs, polls: progress.polls });
    if (!isTerminal(run.status)) continue;
    turn.ended();
    return polled;
  }
  throw new Error('the polls are over, and the run has not ended');
}
