/** Creates the value from which log, summary, comment, `report_file` and outputs are rendered. */
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
import { findUnusedInputs, listRunNotices } from './advice.ts';
import { changesSinceBaseline, type Changes } from './changes.ts';

/** One run of the step with its result. */
export interface RunReport extends Outcome {
  /** The verdict on this run only. */
  readonly verdict: Verdict;
  readonly changes: Changes | null;
}

/** The facts from which a report is created. */
export interface ReportInput {
  /** The step has a `fail_if`, even an invalid one. */
  readonly isGated: boolean;
  readonly context: Context | null;
  readonly inputs: Inputs | null;
  /** Name of `gate_file` and of its artifact; empty: inputs or event could not be read. */
  readonly gateFileName: string;
  /** `baseline_file` is given and can be read; not true of a baseline that `baseline` downloads. */
  readonly hasBaseline: boolean;
  /** The runs that were to be launched, as far as the inputs could be read. */
  readonly orders: readonly Order[];
  /** One for each entry of the orders; empty: the step failed before. */
  readonly outcomes: readonly Outcome[];
  /** The failure that ended the step before its orders or independently of them. */
  readonly failure: StepEnding | null;
  readonly tokens: number;
}

export type Report = Readonly<ReturnType<typeof createReport>>;

/** Creates the report, with its runs compared with the baseline. */
export function createReport({ outcomes, ...input }: ReportInput) {
  const { context, inputs, failure } = input;
  const advice = findUnusedInputs(outcomes);
  const baselineBranch = inputs?.baseline ?? '';
  const baselineRef = baselineBranch === '' ? context?.defaultBranchRef : `refs/heads/${baselineBranch}`;
  const terms = {
    isGated: input.isGated || (inputs?.runs ?? []).some(({ isGated }) => isGated),
    onRerun: inputs?.onRerun ?? 'resume',
    timeoutMs: inputs?.timeoutMs ?? 0,
    isMergeQueue: context?.event === 'merge_group',
    isOnBaseline: context !== null && context.ref !== '' && context.ref === baselineRef,
    baselineBranch,
  } as const;
  return {
    ...input,
    terms,
    verdict: verdictOfStep(outcomes, failure, terms),
    /** Notices about inputs without effect; the log shows them below the result. */
    advice,
    /** All notices; of several runs each begins with the run's name. */
    notices: [...listRunNotices(outcomes), ...advice].map(({ name, text }) =>
      name === '' ? text : `${name}: ${text}`,
    ),
    /** The step's name in headings; may be empty. */
    title: inputs?.title ?? '',
    /** Why the step is red beyond the verdict: the message of the run or of an error, which may quote a server. Untrusted. */
    errorMessage: (failure ?? (outcomes.length === 1 ? outcomes[0]?.ending : null))?.errorMessage ?? '',
    /** In the order of the input; empty: the step failed before. */
    runs: outcomes.map((one) => ({
      ...one,
      verdict: verdictOfRun(one, terms),
      changes: changesSinceBaseline(one),
    })),
    /** Full SHA, or empty. */
    commit: context?.commit ?? '',
    attempt: context?.attempt ?? 1,
    links: { runUrl: inputs?.runUrl ?? '', itemUrl: inputs?.itemUrl ?? '' },
    /** The page of this job run on GitHub, or empty. */
    jobRunUrl: context?.jobRunUrl ?? '',
    keyKind: detectKeyKind(inputs?.apiKey ?? ''),
  };
}

/** Returns the report with a failure that makes it red; the results of its runs stay. */
export function addFailure(report: Report, failure: StepEnding): Report {
  const verdict = verdictOfStep(report.runs, failure, report.terms);
  return { ...report, failure, verdict, errorMessage: failure.errorMessage };
}

/** Returns the outputs of an ended run; undefined: missing or not known yet. Untrusted. */
export function outputsOf({ run }: Outcome): JsonValue | undefined {
  return run !== null && isTerminal(run.status) ? run.outputs : undefined;
}

/** Returns the seconds between the run's start and end; null: one of the times is missing. */
export function readDurationSeconds({ run }: Outcome): number | null {
  const ms = Date.parse(run?.completedAt ?? '') - Date.parse(run?.startedAt ?? '');
  return Number.isNaN(ms) ? null : ms / 1000;
}
