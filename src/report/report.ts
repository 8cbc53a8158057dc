/** The one value that log, summary, comment, `report_file` and outputs are rendered from. */
import type { Order } from '../inputs/entries.ts';
import type { JsonValue } from '../json.ts';
import type { Finding } from '../gate/finding.ts';
import type { Links } from './links.ts';
import type { Context } from '../github/context.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { keyKind } from '../inputs/secrets.ts';
import { isTerminal, type Run } from '../alloovium/wire.ts';
import type { Origin, Outcome, StageSpan, StepEnding } from '../runs/outcome.ts';
import { resultOf, type Terms, type Verdict } from '../runs/verdict.ts';

/** What changed since an earlier report. */
export interface Changes {
  /** Of the commit compared with, 7 characters; or empty. */
  readonly since: string;
  /** It is compared with the `baseline_file`, not with the last report. */
  readonly isBaseline: boolean;
  /** Over the `fail_if` and `warn_if` conditions whose items can be told apart. */
  readonly fresh: number;
  readonly still: number;
  /** Matched then, and no longer: mended, or not found again. */
  readonly gone: number;
  /** One for each of `RunReport.findings`, in their order; null where the earlier report does not know the condition. */
  readonly conditions: readonly (ConditionChanges | null)[];
}

export interface ConditionChanges {
  /** How many items matched then. */
  readonly before: number;
  /** null: the items cannot be told apart, so nothing is called new or gone. */
  readonly items: {
    /** One for each matched item. */
    readonly marks: readonly ('new' | 'still' | 'known')[];
    readonly gone: number;
    /** What was kept of the items that match no longer; at most `gone`. Untrusted. */
    readonly goneRows: readonly JsonValue[];
  } | null;
}

/** What became of one run of the step. */
export interface RunReport {
  /** As `runs` has it; empty: the one run of a step without `runs`. */
  readonly name: string;
  /** Over this run alone. */
  readonly verdict: Verdict;
  /** The run's own `error_message`, or why nothing more is known of it. Untrusted. */
  readonly errorMessage: string;
  readonly findings: readonly Finding[];
  /** Why `fail_on: new` judged as `any`; empty: it did not. */
  readonly asAny: string;
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
  readonly workflowId: string;
  readonly projectId: string;
  readonly idempotencyKey: string;
  readonly replayed: boolean;
  readonly redRunsBefore: number | null;
  readonly inputNames: readonly string[];
  readonly stages: readonly StageSpan[];
  readonly polls: number;
}

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
    links: { runUrl: '', itemUrl: '' },
    jobRunUrl: context?.jobRunUrl ?? '',
    keyKind: keyKind(inputs?.apiKey ?? ''),
    tokens,
    notices,
  };
}

function runReportOf(outcome: Outcome, terms: Terms, changes: Changes | null): RunReport {
  const { entry, order, ending, findings, asAny, run, runId, status, origin, stages, polls, ...known } =
    outcome;
  const isOver = run !== null && isTerminal(run.status);
  return {
    name: entry.name,
    verdict: resultOf(outcome, terms),
    errorMessage: ending.errorMessage,
    ...{ findings, asAny, changes, stages, polls },
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
    workflowId: known.workflowId,
    projectId: order.projectId,
    idempotencyKey: known.idempotencyKey,
    replayed: known.replayed,
    redRunsBefore: known.redRunsBefore,
    inputNames: Object.keys(order.inputs),
  };
}

/** Seconds between the run's own times, or null where one is missing. */
function durationSeconds({ startedAt, completedAt }: Run): number | null {
  const ms = Date.parse(completedAt) - Date.parse(startedAt);
  return Number.isNaN(ms) ? null : ms / 1000;
}
