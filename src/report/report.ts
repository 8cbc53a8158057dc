/** The one value that log, summary, comment, `report_file` and outputs are rendered from. */
import type { Order } from '../inputs/runs-input.ts';
import type { JsonValue } from '../json.ts';
import type { Context } from '../github/context.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { detectKeyKind } from '../inputs/secrets.ts';
import { isTerminal } from '../alloovium/statuses.ts';
import type { StepEnding } from '../runs/events.ts';
import type { Outcome } from '../runs/outcome.ts';
import { verdictOfStep } from '../runs/step-verdict.ts';
import { verdictOfRun } from '../runs/run-verdict.ts';
import type { Verdict } from '../runs/verdict.ts';
import { adviceOn, noticesOf } from './advice.ts';
import { sinceBaseline, type Changes } from './changes.ts';

/** The result of one run of the step, and its texts. */
export interface RunReport extends Outcome {
  /** Over this run alone. */
  readonly verdict: Verdict;
  readonly changes: Changes | null;
}

/** What a report is made of. */
export interface ReportInput {
  /** It has a `fail_if`, even an invalid one. */
  readonly isGated: boolean;
  readonly context: Context | null;
  readonly inputs: Inputs | null;
  /** Name of `gate_file` and of its artifact; empty: inputs or event could not be read. */
  readonly gateFileName: string;
  /** The `baseline_file` can be read. */
  readonly hasBaseline: boolean;
  /** What the step was to do, as far as that could be read. */
  readonly orders: readonly Order[];
  /** One for each order, unless the step failed before. */
  readonly outcomes: readonly Outcome[];
  /** The failure that ended the step before its orders or independently of them. */
  readonly failure: StepEnding | null;
  readonly tokens: number;
}

export type Report = Readonly<ReturnType<typeof reportOf>>;

/** The report, its runs compared with the baseline only. */
export function reportOf({ outcomes, ...input }: ReportInput) {
  const { context, inputs, failure } = input;
  const advice = adviceOn(outcomes);
  const terms = {
    isGated: input.isGated || (inputs?.runs ?? []).some(({ isGated }) => isGated),
    onRerun: inputs?.onRerun ?? 'resume',
    timeoutMs: inputs?.timeoutMs ?? 0,
    isMergeQueue: context?.event === 'merge_group',
    isOnBaseline: context !== null && context.ref !== '' && context.ref === context.defaultBranchRef,
    baselineBranch: inputs?.baseline ?? '',
  } as const;
  return {
    ...input,
    terms,
    verdict: verdictOfStep(outcomes, failure, terms),
    /** On inputs of the step; the log shows them below the result. */
    advice,
    /** Lines that are no annotations, of the runs by their names where there are several. */
    notices: [...noticesOf(outcomes), ...advice].map(({ name, text }) =>
      name === '' ? text : `${name}: ${text}`,
    ),
    /** What headings call it; may be empty. */
    title: inputs?.title ?? '',
    /** Why the step is red beyond the verdict: the message of the run or of an error, which may quote a server. Untrusted. */
    errorMessage: (failure ?? (outcomes.length === 1 ? outcomes[0]?.ending : null))?.errorMessage ?? '',
    /** In the written order; empty: the step failed before. */
    runs: outcomes.map((one) => ({ ...one, verdict: verdictOfRun(one, terms), changes: sinceBaseline(one) })),
    /** Full SHA, or empty. */
    commit: context?.commit ?? '',
    attempt: context?.attempt ?? 1,
    links: { runUrl: inputs?.runUrl ?? '', itemUrl: inputs?.itemUrl ?? '' },
    /** The page of this job run on GitHub, or empty. */
    jobRunUrl: context?.jobRunUrl ?? '',
    keyKind: detectKeyKind(inputs?.apiKey ?? ''),
  };
}

/** The report ended by a failure; the texts of its runs stay. */
export function withFailure(report: Report, failure: StepEnding): Report {
  const verdict = verdictOfStep(report.runs, failure, report.terms);
  return { ...report, failure, verdict, errorMessage: failure.errorMessage };
}

/** Outputs of an ended run; undefined: missing or not known yet. Untrusted. */
export function outputsOf({ run }: Outcome): JsonValue | undefined {
  return run !== null && isTerminal(run.status) ? run.outputs : undefined;
}

/** Seconds between the run's times; null: one is missing. */
export function durationSeconds({ run }: Outcome): number | null {
  const ms = Date.parse(run?.completedAt ?? '') - Date.parse(run?.startedAt ?? '');
  return Number.isNaN(ms) ? null : ms / 1000;
}
