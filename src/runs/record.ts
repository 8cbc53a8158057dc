/** All that is known of an order so far, learned from its events. */
import { isTerminal, STATUSES } from '../alloovium/statuses.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Order } from '../inputs/runs-input.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { excerptOf, copyStart } from '../text/excerpt.ts';
import type { Emit, Evaluated, Origin, RunEvent, SharedBy } from './events.ts';

/** A stage as it was seen: from the first poll that showed it to the first that showed another, in ms since the launch. */
export interface StageSpan {
  /** Untrusted, except `queued`, the word for the status `pending`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface OrderRecord {
  readonly order: Order;
  /** Empty: no launch was tried. */
  readonly idempotencyKey: string;
  readonly replayed: boolean;
  /** Empty: no run is ours. */
  readonly runId: string;
  readonly origin: Origin | null;
  /** The run is older than this attempt of the job. */
  readonly joinedOlder: boolean;
  /** Earlier runs that a re-run did not join because their gate was red; null: it had not checked them all. */
  readonly redRunsBefore: number | null;
  readonly sharedBy: SharedBy;
  /** As a poll saw it last. */
  readonly run: Run | null;
  /** How many outputs `run` no longer has. */
  readonly outputsLeftOut: number;
  /** As the API reported it last, in the answer to a launch or a poll. Untrusted. */
  readonly status: string;
  /** Empty: not known. */
  readonly workflowId: string;
  readonly stages: readonly StageSpan[];
  readonly polls: number;
  /** Lines for log and report, in trusted words. */
  readonly notices: readonly string[];
  /** One for each entry of the order; empty: the run was not evaluated. */
  readonly evaluated: readonly Evaluated[];
}

export function emptyRecord(order: Order): OrderRecord {
  return {
    order,
    idempotencyKey: '',
    replayed: false,
    runId: '',
    origin: null,
    joinedOlder: false,
    redRunsBefore: 0,
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

/** The one place where what is known changes. A notice that the record has already is not handed on. */
export function createRecord(order: Order, listener: Emit) {
  let latest = emptyRecord(order);
  return {
    latest: () => latest,
    emit: (event: RunEvent): void => {
      const before = latest;
      latest = learnEvent(before, event);
      if (event.kind !== 'notice' || !before.notices.includes(event.text)) listener(event);
    },
  };
}

export function learnEvent(latest: OrderRecord, event: RunEvent): OrderRecord {
  switch (event.kind) {
    case 'launching': {
      const { sharedBy, isResumed } = event;
      return { ...latest, sharedBy, redRunsBefore: isResumed ? null : 0 };
    }
    case 'key':
      return { ...latest, idempotencyKey: event.key };
    case 'resumed':
      return { ...latest, redRunsBefore: event.redCount };
    case 'run': {
      const { runId, origin, status } = event;
      return { ...latest, runId, origin, status, replayed: origin.kind === 'joined' };
    }
    case 'joined': {
      const { isLaunchedHere, ageMs, isOlder, run } = event;
      const origin: Origin = isLaunchedHere ? { kind: 'new' } : { kind: 'joined', ageMs };
      return { ...withRun(latest, run), origin, joinedOlder: isOlder };
    }
    case 'poll':
      return { ...latest, polls: latest.polls + 1 };
    case 'polled':
      return { ...withRun(latest, event.run), stages: withStage(latest.stages, event.run, event.elapsedMs) };
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

/** With what a poll showed, if there was one. Of one of several runs only what the report shows is kept: the whole is in the files. */
function withRun(latest: OrderRecord, run: Run | null): OrderRecord {
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

function countOutputs(outputs: JsonValue | undefined): number {
  return isJsonObject(outputs) ? Object.keys(outputs).length : Number(outputs !== undefined);
}

/** A stage that changes at every poll must not fill the memory. */
const MAX_STAGES = 200;

/** The stages with what a poll showed: a stage ends with the poll that shows another. */
export function withStage(
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
