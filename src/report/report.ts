/** The one value that log, summary, comment, `report_file` and outputs are rendered from. */
import type { Order } from '../inputs/entries.ts';
import type { JsonValue } from '../json.ts';
import type { Context } from '../github/context.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { keyKind } from '../inputs/secrets.ts';
import { isTerminal } from '../alloovium/wire.ts';
import type { Outcome, StepEnding } from '../runs/outcome.ts';
import { resultOf, verdictOf, type Verdict } from '../runs/verdict.ts';

/** What changed since an earlier report. */
export interface Changes {
  /** Of the commit compared with, 7 characters; or empty. */
  readonly since: string;
  /** When the `baseline_file` compared with was written, or empty; null: it is the last report. */
  readonly baselineOf: string | null;
  /** One for each of `RunReport.findings`, in their order; null: its items are not compared, or cannot be told apart. */
  readonly conditions: readonly (ItemChanges | null)[];
}

export interface ItemChanges {
  /** One for each matched item. */
  readonly marks: readonly ('new' | 'still' | 'known')[];
  /** By digest what matched then, and no longer: what was kept of it, or null. Untrusted. */
  readonly gone: ReadonlyMap<string, JsonValue | null>;
}

/** What became of one run of the step, and what is said of it. */
export interface RunReport extends Outcome {
  /** Over this run alone. */
  readonly verdict: Verdict;
  readonly changes: Changes | null;
}

/** What a report is made of, but for what it is compared with. */
export interface Told {
  /** Its own `fail_if` is given, if only to be refused. */
  readonly isGated: boolean;
  readonly context: Context | null;
  readonly inputs: Inputs | null;
  /** What the step was to do, as far as that could be read. */
  readonly orders: readonly Order[];
  /** One for each order, unless the step failed before. */
  readonly outcomes: readonly Outcome[];
  /** What ended the step before or beside its orders. */
  readonly failure: StepEnding | null;
  readonly tokens: number;
}

export type Report = Readonly<ReturnType<typeof reportOf>>;

/** What is decided and told, compared with nothing. `notices`: lines that are no annotations, in our words. */
export function reportOf(told: Told, notices: readonly string[]) {
  const { context, inputs, outcomes, failure } = told;
  const terms = {
    isGated: told.isGated || (inputs?.runs ?? []).some(({ isGated }) => isGated),
    onRerun: inputs?.onRerun ?? 'resume',
    timeoutMs: inputs?.timeoutMs ?? 0,
    isOnBaseline: context?.baselineRefs.includes(context.ref) ?? false,
  } as const;
  const [outcome] = outcomes;
  return {
    ...{ ...told, verdict: verdictOf(outcomes, failure, terms), notices },
    /** What headings call it; may be empty. */
    title: inputs?.title ?? '',
    /** Why the step is red beyond the verdict: the run's own message, or our error's text (which may quote a server). Untrusted. */
    errorMessage: (failure ?? (outcomes.length === 1 ? outcome?.ending : null))?.errorMessage ?? '',
    /** In the order given; empty: the step failed before. */
    runs: outcomes.map((one): RunReport => ({ ...one, verdict: resultOf(one, terms), changes: null })),
    /** Full SHA, or empty. */
    commit: context?.commit ?? '',
    attempt: context?.attempt ?? 1,
    links: { runUrl: inputs?.runUrl ?? '', itemUrl: inputs?.itemUrl ?? '' },
    /** The page of this job run on GitHub, or empty. */
    jobRunUrl: context?.jobRunUrl ?? '',
    keyKind: keyKind(inputs?.apiKey ?? ''),
  };
}

/** The same, with what changed for each of its runs. */
export function withChanges(report: Report, changes: readonly (Changes | null)[]): Report {
  return { ...report, runs: report.runs.map((one, at) => ({ ...one, changes: changes[at] ?? null })) };
}

/** Of a run that has ended; undefined: not given, or not known yet. Untrusted. */
export function outputsOf({ run }: Outcome): JsonValue | undefined {
  return run !== null && isTerminal(run.status) ? run.outputs : undefined;
}

/** Seconds between the run's own times, or null where one is missing. */
export function durationSeconds({ run }: Outcome): number | null {
  const ms = Date.parse(run?.completedAt ?? '') - Date.parse(run?.startedAt ?? '');
  return Number.isNaN(ms) ? null : ms / 1000;
}
