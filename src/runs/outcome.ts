/** What became of an order, and what happens on the way. */
import type { Meta } from '../alloovium/exchange.ts';
import type { Failure, RetriesLeft, Retry } from '../alloovium/retry.ts';
import { isTerminal, STATUSES, type TerminalStatus } from '../alloovium/statuses.ts';
import type { Run } from '../alloovium/wire.ts';
import type { Finding } from '../gate/finding.ts';
import { UNJUDGED, type Judgement } from '../gate/baseline.ts';
import type { Entry, Order } from '../inputs/entries.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import type { LogLine } from '../text/escape.ts';
import { excerptOf, shortText } from '../text/excerpt.ts';

/** What an order that did not come to its end leaves at Alloovium; `maybe_run`: a launch was sent, and what came of it is not known. */
type Left = 'run' | 'maybe_run' | 'nothing';

/** How the order came to an end. */
export type Ending = {
  /** Why the step is red beyond the verdict. Untrusted; may be empty. */
  readonly errorMessage: string;
} & /** The run has ended. */ (
  | { readonly kind: 'ended'; readonly status: TerminalStatus }
  /** `wait: false` */
  | { readonly kind: 'launched' }
  | {
      readonly kind: 'timed_out';
      /** Of a launch that was held up, in our words; or empty. */
      readonly waitedFor: string;
      /** How long the API wanted no request, beyond the deadline; null: it did not say so. */
      readonly askedMs: number | null;
      /** Why the API gave no usable answer in the end, in our words: "503", "ECONNREFUSED"; empty: it gave one. */
      readonly lastFailure: string;
      readonly left: Left;
    }
  | { readonly kind: 'interrupted'; readonly signal: string; readonly left: Left }
  | {
      readonly kind: 'error';
      readonly headline: string;
      readonly remedy: string;
      /** Left out: nothing. */
      readonly left?: Left;
      /** The API knows no such workflow or project. */
      readonly isNotFound?: boolean;
    }
);

/** What ended the step before or beside its orders. */
export type StepEnding =
  | Extract<Ending, { readonly kind: 'error' | 'interrupted' }>
  | { readonly kind: 'skipped'; readonly errorMessage: '' };

/** How the run came to be ours. */
export type Origin =
  | { readonly kind: 'new' }
  /** `ageMs`: since the run was created, null where the API did not say. */
  | { readonly kind: 'joined'; readonly ageMs: number | null }
  | { readonly kind: 'attached' };

/** A stage as it was seen: from the first poll that showed it to the first that showed another, in ms since the launch. */
export interface StageSpan {
  /** Untrusted, except `queued`, which stands for the status `pending`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** An order under way: all that is known of it so far. */
export type Progress = ReturnType<typeof begin>;

export function begin(order: Order) {
  return {
    order,
    /** Empty: no launch was tried. */
    idempotencyKey: '',
    replayed: false,
    /** Empty: no run is ours. */
    runId: '',
    origin: null as Origin | null,
    /** The run is older than this attempt of the job. */
    joinedOlder: false,
    /** Runs that a re-run's walk passed over because of the gate; null: the walk was not over. */
    redRunsBefore: 0 as number | null,
    /** What these and this run have in common. */
    sharedBy: 'commit' as 'commit' | 'job run' | 'key',
    /** As a poll saw it last. */
    run: null as Run | null,
    /** How many outputs `run` no longer has. */
    outputsLeftOut: 0,
    /** As the API told it last, a launch's answer included. Untrusted. */
    status: '',
    /** Empty: not known. */
    workflowId: order.workflowId,
    stages: [] as StageSpan[],
    polls: 0,
    /** Lines for log and report, in our own words. */
    notices: [] as string[],
  };
}

/** What has runs of its own, beside those that have this in common. */
export const NEW_START = {
  ...{ commit: 'A new commit', 'job run': 'A new run of the GitHub workflow' },
  key: 'Another `idempotency_key`',
} as const satisfies Record<Progress['sharedBy'], string>;

/** What an entry's gate made of the run. */
export interface Evaluated extends Pick<
  Judgement,
  'baselineUnusedReason' | 'baselineNotes' | 'since' | 'used'
> {
  readonly entry: Entry;
  /** Of a completed run; else empty. */
  readonly findings: readonly Finding[];
  /** null: the run has not ended, or was not judged. */
  readonly stored: Stored | null;
}

/** What became of an order for one of its entries, whatever happened. */
export interface Outcome extends Evaluated, Readonly<Progress> {
  readonly ending: Ending;
}

/** Where what a run brought, or several, was written. */
export interface Files {
  /** The outputs as JSON; empty: there are none; null: too large for a step output. */
  readonly outputsJson: string | null;
  /** Paths; empty: there was nothing to write. */
  readonly outputsFile: string;
  readonly gateFile: string;
}

export interface Stored extends Files {
  /** How many matches `gateFile` has no room for. */
  readonly leftOut: number;
  /** Why they could not be written; null: they were. */
  readonly error: string | null;
}

/** What happens to an order under way, for the one listener that writes it down. */
export type RunEvent =
  | { readonly kind: 'launching' }
  | { readonly kind: 'key'; readonly key: string }
  /** A request failed, and is sent again after `delayMs`. */
  | ({ readonly kind: 'pause'; readonly failure: Failure } & Retry)
  /** A re-run has come to an older run. */
  | { readonly kind: 'walk'; readonly line: LogLine }
  /** The run is ours; a run that was joined may be told of in more words, by `joined`. */
  | { readonly kind: 'run'; readonly runId: string; readonly origin: Origin }
  /** What a replay brought: `isOwn` where an earlier attempt of this launch had started it; its age, null: not known. */
  | { readonly kind: 'joined'; readonly isOwn: boolean; readonly ageMs: number | null }
  | { readonly kind: 'launch_over' }
  /** `isSeen`: a poll has shown the run before. */
  | {
      readonly kind: 'following';
      readonly leftMs: number;
      readonly isSeen: boolean;
    }
  /** `elapsedMs`: since the launch. */
  | { readonly kind: 'polled'; readonly run: Run; readonly elapsedMs: number; readonly polls: number }
  /** `left`: how much longer the run is polled if all goes on so; null: it is not. */
  | {
      readonly kind: 'failed_poll';
      readonly headline: string;
      readonly elapsedMs: number;
      readonly left: RetriesLeft | null;
    }
  | { readonly kind: 'notice'; readonly text: string }
  /** The order has its outcome. */
  | { readonly kind: 'over'; readonly ending: Ending };

export type Emit = (event: RunEvent) => void;

/** A notice: once in the log, and in the report. */
export function notice(progress: Progress, emit: Emit, text: string): void {
  if (progress.notices.includes(text)) return;
  progress.notices.push(text);
  emit({ kind: 'notice', text });
}

/** What an answer tells of itself beside its content. */
export function noticeMeta(
  progress: Progress,
  emit: Emit,
  { redacted, wrongContentType }: Pick<Meta, 'redacted'> & Partial<Pick<Meta, 'wrongContentType'>>,
): void {
  if (redacted) notice(progress, emit, 'an answer of the API held a secret: it was replaced by ***');
  if (wrongContentType) notice(progress, emit, 'an answer of the API was JSON, but not marked as such');
}

/** What a poll showed is known from here on, whatever comes: of one of several runs what the report shows, the whole is in the files. */
export function seeRun(progress: Progress, run: Run): void {
  const { outputs, stage, errorMessage, status, workflowId } = run;
  const isAlone = progress.order.entries.some(({ name }) => name === '');
  Object.assign(progress, { status, workflowId, run });
  if (isAlone) return;
  const kept = outputs && excerptOf(outputs);
  progress.outputsLeftOut = outputsIn(outputs) - outputsIn(kept);
  progress.run = {
    ...run,
    outputs: kept,
    stage: stage && shortText(stage, MAX_MESSAGE),
    errorMessage: errorMessage && shortText(errorMessage, MAX_MESSAGE),
  };
}

function outputsIn(outputs: JsonValue | undefined): number {
  return isJsonObject(outputs) ? Object.keys(outputs).length : Number(outputs !== undefined);
}

const MAX_MESSAGE = 10_000;

/** A stage that changes at every poll must not fill the memory. */
const MAX_STAGES = 200;

/** Adds what a poll showed to the stages: a stage ends with the poll that shows another. */
export function addStage(stages: StageSpan[], run: Run, sinceLaunchMs: number): void {
  const name = run.status === 'pending' ? STATUSES.pending.word : (run.stage ?? '');
  const last = stages.at(-1);
  const isOver = run.completedAt !== '' || isTerminal(run.status);
  if (last !== undefined) stages[stages.length - 1] = { ...last, toMs: sinceLaunchMs };
  if (isOver || name === '' || name === last?.name || stages.length >= MAX_STAGES) return;
  const fromMs = last === undefined ? 0 : sinceLaunchMs;
  stages.push({ name: shortText(name, 200), fromMs, toMs: sinceLaunchMs });
}

/** One for each entry of the order. */
export function outcomesOf(progress: Progress, ending: Ending, judged: readonly Evaluated[] = []): Outcome[] {
  return progress.order.entries.map((entry, at) => ({
    ...progress,
    ...(judged[at] ?? { ...UNJUDGED, entry, findings: [], stored: null }),
    ending,
  }));
}
