/** Polls of an order's run, and how the run is followed to its end by them. */
import type { Meta } from '../alloovium/exchange.ts';
import { pollRun, type Pacer, type Polled } from '../alloovium/poll.ts';
import { isTerminal } from '../alloovium/statuses.ts';
import { checkWorkflow, type Run } from '../alloovium/wire.ts';
import { InputError } from '../inputs/inputs.ts';
import type { Job } from './job.ts';
import { addStage, noticeMeta, seeRun, type Progress } from './outcome.ts';
import { createPacer } from './poll-pace.ts';

/** The run that the launch brought. */
export interface Found {
  /** When the answer came, or we came to the run that is attached to, and from when on the server may be asked again. */
  readonly launched: Pick<Meta, 'at' | 'retryAfterAt'>;
  /** The poll that showed it when it was joined; null: it is new, or could not be polled. */
  readonly seen: Seen | null;
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
  { launched, seen, ...about }: Found & { readonly runId: string; readonly pacer: Pacer },
): AsyncGenerator<Polled, void, void> {
  const { runId: attached, workflowId } = progress.order;
  const { clock, turn, emit } = job;
  const missingUntil = attached === '' ? launched.at + MISSING_MS : launched.at;
  const known = { missingUntil, isSeen: seen !== null, notBefore: (seen?.meta ?? launched).retryAfterAt };
  for await (const polled of pollRun({ ...job, ...about, ...known, takeTurn: turn.poll })) {
    progress.polls++;
    if ('failure' in polled) {
      const { failure } = polled;
      noticeMeta(progress, emit, failure);
      const { headline } = failure.error;
      emit({ kind: 'failed_poll', headline, elapsedMs: clock.now() - launched.at, left: polled.left });
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
  const { clock, deadline, turn, emit } = job;
  const { runId, origin } = progress;
  const { seen, launched } = found;
  if (seen !== null && isTerminal(seen.run.status)) return seen;
  const isNew = origin?.kind === 'new' && seen === null;
  const pacer = createPacer(job, isNew ? launched.at : null);
  if (seen !== null) pacer.see(seen);
  emit({ kind: 'following', leftMs: deadline - clock.now(), isSeen: seen !== null });
  for await (const polled of polls(progress, job, { ...found, runId, pacer })) {
    if ('failure' in polled) continue;
    const { run } = polled;
    const elapsedMs = clock.now() - launched.at;
    seeRun(progress, run);
    addStage(progress.stages, run, elapsedMs);
    emit({ kind: 'polled', run, elapsedMs, polls: progress.polls });
    if (!isTerminal(run.status)) continue;
    turn.becomes('unjudged');
    return polled;
  }
  throw new Error('the polls are over, and the run has not ended');
}
