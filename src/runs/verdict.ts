/** The verdict as a value: conclusion, gate, headline and next step. All its texts are trusted. Pure. */
import type { Outcome } from './outcome.ts';
import type { RerunTerms } from './rerun-advice.ts';
import { lowerFirst } from '../text/format.ts';

/** The conclusion of a step is the first in this list that any run has. */
export const WORST_FIRST = [
  'interrupted',
  'error',
  'timed_out',
  'failure',
  'cancelled',
  'gate_failed',
  'pending',
  'success',
  'skipped',
] as const;
export type Conclusion = (typeof WORST_FIRST)[number];

export type GateResult = 'passed' | 'failed' | 'none' | 'not_evaluated';

/** The verdict. Its texts are trusted and contain nothing of the API. */
export interface Verdict {
  readonly conclusion: Conclusion;
  readonly exitCode: 0 | 1;
  readonly gate: GateResult;
  /** One line: "2 of 5 items “not compliant”". Contains only trusted words, counts, and names of conditions and runs. */
  readonly headline: string;
  /** The headline in a form that the next step may follow without repetition. */
  readonly lead: string;
  /** The headline in fewer words, for a list of runs: "“not compliant” matched 2 of 5 items", "8 passed", "not finished". */
  readonly brief: string;
  /** What to do, one line; empty: nothing. */
  readonly nextStep: string;
  /** The next step as a list, if it has several parts; otherwise empty. */
  readonly steps: readonly string[];
  /** "an earlier run of this commit was red", with which the headline ends; empty: none was, or not known. */
  readonly earlier: string;
}

/** Facts about the step on which verdicts depend. */
export interface Terms extends RerunTerms {
  /** The step has a `fail_if`, even one that does not compile. */
  readonly isGated: boolean;
  readonly timeoutMs: number;
  /** The job runs on the branch of the baseline; left out: false. */
  readonly isOnBaseline?: boolean;
  /** The branch from which the baseline is fetched; left out or empty: it is a file, or there is none. */
  readonly baselineBranch?: string;
}

/** A verdict in progress: a text that is left out is that of the headline, or empty. */
export type VerdictDraft = Pick<Verdict, 'conclusion' | 'headline' | 'nextStep'> &
  Partial<Pick<Verdict, 'lead' | 'brief' | 'steps'>>;

/**
 * Completes a draft to a verdict: texts that are left out are those of the headline, and the exit code follows from the
 * conclusion.
 */
export function createVerdict(decision: VerdictDraft, gate: GateResult): Verdict {
  const { conclusion, headline, lead = headline, brief = lowerFirst(headline), steps = [] } = decision;
  const isGreen = conclusion === 'success' || conclusion === 'pending' || conclusion === 'skipped';
  return { ...decision, lead, brief, steps, earlier: '', exitCode: isGreen ? 0 : 1, gate };
}

/** Has the entry a `fail_if`? */
export function hasGate({ entry }: Pick<Outcome, 'entry'>): boolean {
  return entry.gate.conditions.some(({ severity }) => severity === 'fail');
}
