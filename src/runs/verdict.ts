/** The verdict as a value: conclusion, gate, headline and next step. All its texts are trusted. Pure. */
import type { Outcome } from './outcome.ts';
import type { RerunTerms } from './rerun-advice.ts';
import { lowerFirst } from '../text/format.ts';

/** Of several runs the first that any of them has. */
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

/** The decision. All its texts are trusted and contain nothing of the API. */
export interface Verdict {
  readonly conclusion: Conclusion;
  readonly exitCode: 0 | 1;
  readonly gate: GateResult;
  /** One line: "2 of 5 items “not compliant”". Holds our words, counts and names of conditions and runs only. */
  readonly headline: string;
  /** The headline as the next step follows it: it does not say the same twice. */
  readonly lead: string;
  /** The same in fewer words, for a list of runs: "“not compliant” matched 2 of 5 items", "8 passed", "not finished". */
  readonly brief: string;
  /** The one thing to do, one line; empty where there is nothing to do. */
  readonly nextStep: string;
  /** The same in full, where it is more than one thing; empty: it is one. */
  readonly steps: readonly string[];
  /** "an earlier run of this commit was red"; the headline ends with it. Empty: none was, or that is not known. */
  readonly earlier: string;
}

/** What the step asks of its runs. */
export interface Terms extends RerunTerms {
  /** There is a `fail_if`, even one that does not compile. */
  readonly isGated: boolean;
  readonly timeoutMs: number;
  /** It runs where baselines come from; left out: it does not. */
  readonly isOnBaseline?: boolean;
  /** The branch that the baseline is fetched from; left out or empty: it is a file, or there is none. */
  readonly baselineBranch?: string;
}

/** What is left out is the headline, or nothing. */
export type VerdictDraft = Pick<Verdict, 'conclusion' | 'headline' | 'nextStep'> &
  Partial<Pick<Verdict, 'lead' | 'brief' | 'steps'>>;

export function verdictFrom(decision: VerdictDraft, gate: GateResult): Verdict {
  const { conclusion, headline, lead = headline, brief = lowerFirst(headline), steps = [] } = decision;
  const isGreen = conclusion === 'success' || conclusion === 'pending' || conclusion === 'skipped';
  return { ...decision, lead, brief, steps, earlier: '', exitCode: isGreen ? 0 : 1, gate };
}

export function hasGate({ entry }: Pick<Outcome, 'entry'>): boolean {
  return entry.gate.conditions.some(({ severity }) => severity === 'fail');
}
