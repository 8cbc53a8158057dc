/** The one value that log, summary, comment, `report_file` and outputs are rendered from. */
import type { Order } from '../inputs/entries.ts';
import type { JsonValue } from '../json.ts';
import type { Links } from './links.ts';
import type { Context } from '../github/context.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { keyKind } from '../inputs/secrets.ts';
import { isTerminal, type Run } from '../alloovium/wire.ts';
import type { Origin, Outcome, StepEnding } from '../runs/outcome.ts';
import { resultOf, type Terms, type Verdict } from '../runs/verdict.ts';

/** What changed since an earlier report. */
export interface Changes {
  /** Of the commit compared with, 7 characters; or empty. */
  readonly since: string;
  /** It is compared with the `baseline_file`, not with the last report. */
  readonly isBaseline: boolean;
  /** One for each of `RunReport.findings`, in their order; null: its items are not compared, or cannot be told apart. */
  readonly conditions: readonly (ItemChanges | null)[];
}

export interface ItemChanges {
  /** One for each matched item. */
  readonly marks: readonly ('new' | 'still' | 'known')[];
  /** How many matched then, and no longer. */
  readonly gone: number;
  /** What was kept of these; at most `gone`. Untrusted. */
  readonly goneRows: readonly JsonValue[];
}

/** What became of one run of the step. */
export interface RunReport extends Pick<Outcome, OfOutcome> {
  /** As `runs` has it; empty: the one run of a step without `runs`. */
  readonly name: string;
  /** Over this run alone. */
  readonly verdict: Verdict;
  /** The run's own `error_message`, or why nothing more is known of it. Untrusted. */
  readonly errorMessage: string;
  readonly changes: Changes | null;
  /** By their place in the list. The author's. */
  readonly waivers: readonly { readonly because: string; readonly until: string | null }[];
  readonly run: {
    readonly id: string;
    readonly status: string;
    /** Of a run that goes on; else empty. Untrusted. */
    readonly stage: string;
    readonly origin: Origin;
    /** undefined: not given. Untrusted. */
    readonly outputs: JsonValue | undefined;
    readonly startedAt: string;
    readonly completedAt: string;
    readonly durationSeconds: number | null;
  } | null;
  readonly projectId: string;
  readonly inputNames: readonly string[];
}

type OfOutcome =
  | 'findings'
  | 'asAny'
  | 'notices'
  | 'workflowId'
  | 'idempotencyKey'
  | 'replayed'
  | 'redRunsBefore'
  | 'stages'
  | 'polls';

export interface Report {
  readonly verdict: Verdict;
  /** What headings call it; may be empty. */
  readonly title: string;
  /** Why the step is red beyond the verdict: the run's own `error_message`, or our error's text (which may quote a server). Untrusted. */
  readonly errorMessage: string;
  /** In the order given; empty: the step failed before. */
  readonly runs: readonly RunReport[];
  /** Full SHA, or empty. */
  readonly commit: string;
  readonly attempt: number;
  readonly links: Links;
  /** The page of this job run on GitHub, or empty. */
  readonly jobRunUrl: string;
  readonly keyKind: 'live' | 'test' | null;
  readonly tokens: number;
  /** Lines for the reader that are not annotations: "the answer's content type was text/html", … Our words. */
  readonly notices: readonly string[];
}

/** What a report is made of, but for what it is compared with. */
export interface Told {
  readonly context: Context | null;
  readonly inputs: Inputs | null;
  /** What the step was to do, as far as that could be read. */
  readonly orders: readonly Order[];
  /** One for each order, unless the step failed before. */
  readonly outcomes: readonly Outcome[];
  /** What ended the step before or beside its orders. */
  readonly failure: StepEnding | null;
  readonly verdict: Verdict;
  readonly terms: Terms;
  readonly tokens: number;
}

/** The report of a verdict. `changes`: of each outcome; `notices`: beside those of the orders. */
export function reportOf(
  { context, inputs, outcomes, failure, verdict, terms, tokens }: Told,
  changes: readonly (Changes | null)[],
  notices: readonly string[],
): Report {
  const [outcome] = outcomes;
  return {
    verdict,
    title: inputs?.title ?? '',
    errorMessage: (failure ?? (outcomes.length === 1 ? outcome?.ending : null))?.errorMessage ?? '',
    runs: outcomes.map((one, at) => runReportOf(one, terms, changes[at] ?? null)),
    commit: context?.commit ?? '',
    attempt: context?.attempt ?? 1,
    links: { runUrl: inputs?.runUrl ?? '', itemUrl: inputs?.itemUrl ?? '' },
    jobRunUrl: context?.jobRunUrl ?? '',
    keyKind: keyKind(inputs?.apiKey ?? ''),
    tokens,
    notices,
  };
}

function runReportOf(outcome: Outcome, terms: Terms, changes: Changes | null): RunReport {
  const { entry, order, ending, run, runId, status, origin } = outcome;
  const isOver = run !== null && isTerminal(run.status);
  return {
    ...outcome,
    name: entry.name,
    verdict: resultOf(outcome, terms),
    errorMessage: ending.errorMessage,
    changes,
    waivers: entry.waivers,
    run:
      runId === '' || origin === null
        ? null
        : {
            ...{ id: runId, status, origin },
            stage: isOver ? '' : (run?.stage ?? ''),
            // Of a run that goes on they are null: not known yet.
            outputs: isOver ? run.outputs : undefined,
            startedAt: run?.startedAt ?? '',
            completedAt: run?.completedAt ?? '',
            durationSeconds: run === null ? null : durationSeconds(run),
          },
    projectId: order.projectId,
    inputNames: Object.keys(order.inputs),
  };
}

/** Seconds between the run's own times, or null where one is missing. */
function durationSeconds({ startedAt, completedAt }: Run): number | null {
  const ms = Date.parse(completedAt) - Date.parse(startedAt);
  return Number.isNaN(ms) ? null : ms / 1000;
}
