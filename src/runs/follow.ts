/** Polls an order's run, and follows it to its end. */
import type { Meta } from '../alloovium/exchange.ts';
import { pollRun, type Pacer, type Polled } from '../alloovium/poll.ts';
import { isTerminal } from '../alloovium/statuses.ts';
import { checkWorkflow, type Run } from '../alloovium/wire.ts';
import type { Order } from '../inputs/runs-input.ts';
import { InputError } from '../inputs/inputs.ts';
import { createMetaNotices, type Origin } from './events.ts';
import type { Job } from './job.ts';
import { createPacer } from './poll-pace.ts';

/** The run of an order, as launching or joining returned it. */
export interface FoundRun {
  readonly runId: string;
  readonly origin: Origin;
  /** `at`: when the answer came, or the step attached to the run. `retryAfterAt`: the earliest time for the next poll. */
  readonly answer: Pick<Meta, 'at' | 'retryAfterAt'>;
  /** The poll that showed the run when it was joined; null: it is new, or could not be polled. */
  readonly seen: PolledRun | null;
}

/** A successful poll. */
export type PolledRun = Extract<Polled, { readonly run: Run }>;

/** How long a new run may answer 404: it is not always visible immediately after its launch. */
const MISSING_MS = 30_000;

/**
 * Yields every poll, with the order's workflow if the answer names none; the last poll shows the run's end.
 * @throws as `pollRun`; also RequestError or InputError if the run belongs to another workflow
 */
export async function* pollOrder(
  order: Order,
  job: Job,
  { runId, answer, seen, pacer }: Omit<FoundRun, 'origin'> & { readonly pacer: Pacer },
): AsyncGenerator<Polled, void, void> {
  const { runId: attached, workflowId } = order;
  const { clock, turn, emit } = job;
  const missingUntil = attached === '' ? answer.at + MISSING_MS : answer.at;
  const notBefore = (seen?.meta ?? answer).retryAfterAt;
  const polling = {
    ...job,
    runId,
    pacer,
    missingUntil,
    notBefore,
    isSeen: seen !== null,
    takeTurn: turn.poll,
  };
  for await (const polled of pollRun(polling)) {
    emit({ kind: 'poll_ended' });
    for (const event of createMetaNotices('failure' in polled ? polled.failure : polled.meta)) emit(event);
    if ('failure' in polled) {
      const { headline } = polled.failure.error;
      emit({ kind: 'failed_poll', headline, elapsedMs: clock.now() - answer.at, left: polled.left });
      yield polled;
      continue;
    }
    const { run, meta } = polled;
    if (attached === '') checkWorkflow(run.workflowId, workflowId, run.runId);
    else if (workflowId !== '' && run.workflowId !== workflowId)
      throw new InputError(['`workflow_id` is not the workflow of the run that `run_id` names.']);
    yield { run: { ...run, workflowId: run.workflowId || workflowId }, meta };
  }
}

/** Polls until the run ends. Returns the poll that showed its end. */
export async function followRun(order: Order, job: Job, found: FoundRun): Promise<PolledRun> {
  const { clock, deadline, turn, emit } = job;
  const { origin, seen, answer } = found;
  if (seen !== null && isTerminal(seen.run.status)) return seen;
  const isNew = origin.kind === 'new' && seen === null;
  const pacer = createPacer(job, isNew ? answer.at : null);
  if (seen !== null) pacer.observe(seen);
  emit({ kind: 'following', leftMs: deadline - clock.now(), isSeen: seen !== null });
  for await (const polled of pollOrder(order, job, { ...found, pacer })) {
    if ('failure' in polled) continue;
    const { run } = polled;
    emit({ kind: 'run_seen', run, elapsedMs: clock.now() - answer.at });
    if (!isTerminal(run.status)) continue;
    turn.moveTo('to_evaluate');
    return polled;
  }
  throw new Error('the polls are over, and the run has not ended');
}
