/** A condition, and what became of it. */
import type { JsonValue } from '../json.ts';

export interface Condition {
  /** Of `fail_if` or of `warn_if`. */
  readonly severity: 'fail' | 'warn';
  /** What stands before `: ` on its line, or null. */
  readonly name: string | null;
  readonly expression: string;
  /** Its line in the input, from 1. */
  readonly line: number;
}

export interface ConditionResult {
  readonly condition: Condition;
  readonly result: 'holds' | 'does_not_hold' | 'cannot_be_evaluated';
  /** The elements of the list that holds, in data order; empty for a boolean. Untrusted. */
  readonly matched: readonly JsonValue[];
  /** Where the expression is `<list>.filter(…)`: the elements that do not match, else null. Untrusted. */
  readonly unmatched: readonly JsonValue[] | null;
  /** Why it cannot be evaluated, in our words; names of keys in it come from the run's outputs: untrusted. */
  readonly problem: string | null;
  /** What its author may not have meant, though it has a value; names of keys in it are untrusted. */
  readonly notices: readonly string[];
  /** Which of the matched items the baseline knows, one for each; left out: there is no baseline. */
  readonly known?: readonly boolean[];
  /** With `fail_on: new`, of a `fail_if` that holds: does the baseline know every matched item? Then it is not red. */
  readonly isExcused?: boolean;
}

/** Results with what the baseline knows of them. */
export interface Weighed {
  readonly results: readonly ConditionResult[];
  /** What is to be said of that, a sentence without its full stop; or empty. */
  readonly notice: string;
  /** Why `fail_on: new` judged as `any`, in the same form; or empty. */
  readonly asAny: string;
}

export const UNJUDGED: Weighed = { results: [], notice: '', asAny: '' };

/** Does it turn the step red? */
export function isRed({
  condition,
  result,
  isExcused = false,
}: Pick<ConditionResult, 'condition' | 'result' | 'isExcused'>): boolean {
  return condition.severity === 'fail' && result !== 'does_not_hold' && !isExcused;
}

/** How many of its items the baseline knows, where `fail_on: new` goes by that. */
export function knownCount({ known = [], isExcused }: Pick<ConditionResult, 'known' | 'isExcused'>): number {
  return isExcused === undefined ? 0 : known.filter((isKnown) => isKnown).length;
}

/** Does it warn? */
export function isWarning({ condition, result }: Pick<ConditionResult, 'condition' | 'result'>): boolean {
  return condition.severity === 'warn' && result !== 'does_not_hold';
}
