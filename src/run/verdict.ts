/** What an outcome means for the check, as data. Pure. */
import { isFailing } from '../gate/findings.ts';
import type { Outcome } from '../outcome.ts';
import type { EntryResult } from './run-state.ts';

const FAILS = { exitCode: 1, statusState: 'failure' } as const;
const ERROR = { exitCode: 1, statusState: 'error' } as const;
const PASSES = { exitCode: 0, statusState: 'success' } as const;
/** null leaves the commit status as it is. */
const NO_RESULT = { exitCode: 0, statusState: null } as const;

/** The worst first. */
export const CONCLUSIONS = {
  interrupted: ERROR,
  error: ERROR,
  timed_out: ERROR,
  failure: FAILS,
  cancelled: FAILS,
  gate_failed: FAILS,
  pending: NO_RESULT,
  success: PASSES,
  skipped: NO_RESULT,
} as const;

export const GATE_WORDS = ['failed', 'not_evaluated', 'passed', 'none'] as const;

export interface Verdict {
  readonly conclusion: keyof typeof CONCLUSIONS;
  readonly exitCode: 0 | 1;
  /** null leaves the commit status as it is. */
  readonly statusState: 'success' | 'failure' | 'error' | null;
  readonly gate: (typeof GATE_WORDS)[number];
}

/** By kind; an outcome that is left out is an `error`. */
const CONCLUSION_OF: Partial<Record<Outcome['kind'], Verdict['conclusion']>> = {
  failed: 'failure',
  cancelled: 'cancelled',
  launched: 'pending',
  timed_out: 'timed_out',
  interrupted: 'interrupted',
  skipped: 'skipped',
};

/** Returns the verdict on a run, or on a step that ended before its runs. @param result left out: there is no run */
export function judgeOutcome(outcome: Outcome, result?: EntryResult): Verdict {
  const conclusion =
    outcome.kind === 'completed' ? judgeGate(result) : (CONCLUSION_OF[outcome.kind] ?? 'error');
  const hasGate = result?.entry.gate.conditions.some(({ severity }) => severity === 'fail') ?? true;
  const gate =
    conclusion === 'success' ? 'passed' : conclusion === 'gate_failed' ? 'failed' : 'not_evaluated';
  return { conclusion, gate: hasGate ? gate : 'none', ...CONCLUSIONS[conclusion] };
}

/** A completed run that was not evaluated in full never passes. */
function judgeGate({ gateResult, entry }: Partial<EntryResult> = {}): Verdict['conclusion'] {
  if (gateResult?.conditions.length !== entry?.gate.conditions.length || !gateResult) return 'error';
  return isFailing(gateResult) ? 'gate_failed' : 'success';
}

/** Returns the verdict on the step: that of its outcome, else the worst of its runs. */
export function judgeStep(verdicts: readonly Verdict[], outcome: Outcome | null): Verdict {
  const order = Object.keys(CONCLUSIONS);
  const [worst] = verdicts.toSorted((a, b) => order.indexOf(a.conclusion) - order.indexOf(b.conclusion));
  if (outcome !== null || worst === undefined) {
    // A step without a result has a fault of ours, and never passes.
    return { ...judgeOutcome(outcome ?? { kind: 'crashed', message: '' }), gate: 'not_evaluated' };
  }
  return { ...worst, gate: GATE_WORDS.find((word) => verdicts.some(({ gate }) => gate === word)) ?? 'none' };
}
