/** The record of an order: all that is known so far, from its events. */
import { isTerminal, STATUSES } from '../alloovium/statuses.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Order } from '../inputs/runs-input.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { excerptOf, copyStart } from '../text/excerpt.ts';
import type { Emit, Evaluated, Origin, RunEvent, SharedBy } from './events.ts';

/** A stage that polls showed, from the first poll with it to the first poll with another, in ms since the launch. */
export interface StageSpan {
  /** Untrusted, except for `queued`, the word for the status `pending`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What is known of an order. */
export interface OrderRecord {
  readonly order: Order;
  /** Empty: no launch was attempted. */
  readonly idempotencyKey: string;
  readonly replayed: boolean;
  /** Empty: the order has no run. */
  readonly runId: string;
  readonly origin: Origin | null;
  /** The run is older than this attempt of the job. */
  readonly joinedOlder: boolean;
  /** Number of earlier runs that a re-run did not join because their gate failed; null: it had not checked them all. */
  readonly redRunsBefore: number | null;
  /** "an earlier run of this commit was red 5 min ago (run_…)"; empty: none was. Trusted. */
  readonly redNotice: string;
  readonly sharedBy: SharedBy;
  /** The run in the last poll. */
  readonly run: Run | null;
  /** Number of outputs that were removed from `run` to save memory. */
  readonly outputsLeftOut: number;
  /** The status in the last answer to a launch or a poll. Untrusted. */
  readonly status: string;
  /** Empty: not known. */
  readonly workflowId: string;
  readonly stages: readonly StageSpan[];
  readonly polls: number;
  /** Lines for log and report, in trusted words that may quote the run. */
  readonly notices: readonly string[];
  /** One for each entry of the order; empty: the run was not evaluated. */
  readonly evaluated: readonly Evaluated[];
}

/** Returns the record of an order before its first event. */
export function createEmptyRecord(order: Order): OrderRecord {
  return {
    order,
    idempotencyKey: '',
    replayed: false,
    runId: '',
    origin: null,
    joinedOlder: false,
    redRunsBefore: 0,
    redNotice: '',
    sharedBy: 'commit',
    run: null,
    outputsLeftOut: 0,
    status: '',
    workflowId: order.workflowId,
    stages: [],
    polls: 0,
    notices: [],
    evaluated: [],
  };
}

/**
 * Creates the mutable record of an order: `emit` updates it and passes the event to the listener, except for a notice that it
 * already has.
 */
export function createRecord(order: Order, listener: Emit) {
  let latest = createEmptyRecord(order);
  return {
    latest: () => latest,
    emit: (event: RunEvent): void => {
      const before = latest;
      latest = applyRunEvent(before, event);
      if (event.kind !== 'notice' || !before.notices.includes(event.text)) listener(event);
    },
  };
}

/** Returns the record of an order after the event. */
export function applyRunEvent(latest: OrderRecord, event: RunEvent): OrderRecord {
  switch (event.kind) {
    case 'launching': {
      const { sharedBy, isResumed } = event;
      return { ...latest, sharedBy, redRunsBefore: isResumed ? null : 0 };
    }
    case 'key':
      return { ...latest, idempotencyKey: event.key };
    case 'resumed':
      return { ...latest, redRunsBefore: event.redCount, redNotice: event.redNotice };
    case 'run': {
      const { runId, origin, status } = event;
      return { ...latest, runId, origin, status, replayed: origin.kind === 'joined' };
    }
    case 'joined': {
      const { isLaunchedHere, ageMs, isOlder, run } = event;
      const origin: Origin = isLaunchedHere ? { kind: 'new' } : { kind: 'joined', ageMs };
      return { ...updateRun(latest, run), origin, joinedOlder: isOlder };
    }
    case 'poll_ended':
      return { ...latest, polls: latest.polls + 1 };
    case 'run_seen':
      return {
        ...updateRun(latest, event.run),
        stages: updateStages(latest.stages, event.run, event.elapsedMs),
      };
    case 'evaluated':
      return { ...latest, evaluated: event.results };
    case 'notice':
      return latest.notices.includes(event.text)
        ? latest
        : { ...latest, notices: [...latest.notices, event.text] };
    case 'pause':
    case 'earlier_run':
    case 'launch_over':
    case 'following':
    case 'failed_poll':
    case 'log_note':
    case 'over':
      return latest;
  }
}

/**
 * Returns the record with the polled run; null: no change. Of one of several runs only what the report shows is kept, since the
 * whole is in the files.
 */
function updateRun(latest: OrderRecord, run: Run | null): OrderRecord {
  if (run === null) return latest;
  const { outputs, stage, errorMessage, status, workflowId } = run;
  const isAlone = latest.order.entries.some(({ name }) => name === '');
  if (isAlone) return { ...latest, status, workflowId, run };
  const kept = outputs && excerptOf(outputs);
  return {
    ...latest,
    status,
    workflowId,
    outputsLeftOut: countOutputs(outputs) - countOutputs(kept),
    run: {
      ...run,
      outputs: kept,
      stage: stage && copyStart(stage, MAX_MESSAGE),
      errorMessage: errorMessage && copyStart(errorMessage, MAX_MESSAGE),
    },
  };
}

const MAX_MESSAGE = 10_000;

/** Returns the number of top-level keys; 1 if the outputs are not an object, 0 if there are none. */
function countOutputs(outputs: JsonValue | undefined): number {
  return isJsonObject(outputs) ? Object.keys(outputs).length : Number(outputs !== undefined);
}

/** Limits the memory for a run whose stage changes at every poll. */
const MAX_STAGES = 200;

/** Returns the stages after a poll: a stage ends with the poll that shows another. */
export function updateStages(
  stages: readonly StageSpan[],
  run: Run,
  sinceLaunchMs: number,
): readonly StageSpan[] {
  const name = run.status === 'pending' ? STATUSES.pending.word : (run.stage ?? '');
  const last = stages.at(-1);
  const isOver = run.completedAt !== '' || isTerminal(run.status);
  const before = last === undefined ? [] : [...stages.slice(0, -1), { ...last, toMs: sinceLaunchMs }];
  if (isOver || name === '' || name === last?.name || stages.length >= MAX_STAGES) return before;
  const fromMs = last === undefined ? 0 : sinceLaunchMs;
  return [...before, { name: copyStart(name, 200), fromMs, toMs: sinceLaunchMs }];
}
