/** The one value that log, summary, comment, `report_file` and outputs are rendered from. */
import type { JsonValue } from '../json.ts';
import type { ConditionResult } from '../gate/gate.ts';

export type Conclusion =
  | 'success'
  | 'pending'
  | 'skipped'
  | 'failure'
  | 'cancelled'
  | 'gate_failed'
  | 'timed_out'
  | 'interrupted'
  | 'error';

export type GateWord = 'passed' | 'failed' | 'none' | 'not_evaluated';

/** What we decided. All its text is in our own words: nothing of the API's is in it. */
export interface Verdict {
  readonly conclusion: Conclusion;
  readonly exitCode: 0 | 1;
  readonly gate: GateWord;
  /** One line: "“not compliant” matched 2 of 5 items". Holds our words, counts and names of conditions only. */
  readonly headline: string;
  /** The one thing to do, a sentence; empty where there is nothing to do. */
  readonly nextStep: string;
}

/** A stage as it was seen: from the first look that showed it to the first that showed another, in ms since the launch. */
export interface StageSpan {
  /** Foreign, except `queued`, which stands for the status `pending`. */
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** How the run came to be ours. */
export type Origin =
  | { readonly kind: 'new' }
  /** `ageMs`: since the run was created, null where the API did not say. */
  | { readonly kind: 'joined'; readonly ageMs: number | null }
  | { readonly kind: 'attached' };

/** What changed since an earlier report. */
export interface Changes {
  /** Of the commit compared with, 7 characters; or 'the baseline'. */
  readonly since: string;
  /** Over the `fail_if` and `warn_if` conditions whose items can be told apart. */
  readonly fresh: number;
  readonly still: number;
  readonly fixed: number;
  /** Matched then, and not in the outputs any more: nobody has mended them. */
  readonly gone: number;
  /** One for each of `Report.results`, in their order; null where the earlier report does not know the condition. */
  readonly conditions: readonly (ConditionChanges | null)[];
}

export interface ConditionChanges {
  /** How many items matched then. */
  readonly before: number;
  /** null: the items cannot be told apart, so nothing is called new or fixed. */
  readonly items: {
    /** One for each matched item. */
    readonly marks: readonly ('new' | 'still')[];
    readonly fixed: number;
    readonly gone: number;
    /** The items no longer matched: as they are in the outputs now, else what the earlier state kept; at most `fixed`. Foreign. */
    readonly fixedRows: readonly JsonValue[];
  } | null;
}

export interface Report {
  readonly verdict: Verdict;
  /** Why the step is red beyond the verdict: the run's own `error_message`, or our error's text (which may quote a server). Foreign. */
  readonly errorMessage: string;
  readonly results: readonly ConditionResult[];
  readonly changes: Changes | null;
  readonly run: {
    readonly id: string;
    readonly status: string;
    readonly origin: Origin;
    /** undefined: not given. Foreign. */
    readonly outputs: JsonValue | undefined;
    readonly startedAt: string;
    readonly completedAt: string;
    readonly durationSeconds: number | null;
  } | null;
  readonly workflow: {
    readonly id: string;
    /** Foreign; null when it is not known. */ readonly name: string | null;
  };
  readonly projectId: string;
  readonly idempotencyKey: string;
  readonly replayed: boolean;
  /** Full SHA, or empty. */
  readonly commit: string;
  readonly attempt: number;
  /** The page of this job run on GitHub, or empty. */
  readonly jobRunUrl: string;
  readonly keyKind: 'live' | 'test' | null;
  readonly inputNames: readonly string[];
  readonly polls: number;
  readonly tokens: number;
  readonly stages: readonly StageSpan[];
  readonly elapsedMs: number;
  /** Lines for the reader that are not annotations: "the answer's content type was text/html", … Our words. */
  readonly notices: readonly string[];
}
