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
  /** What its author may not have meant, though it has a value; names of keys in it are foreign. */
  readonly notices: readonly string[];
}

/** Does it turn the step red? */
export function isRed({ condition, result }: Pick<ConditionResult, 'condition' | 'result'>): boolean {
  return condition.severity === 'fail' && result !== 'does_not_hold';
}

/** Does it warn? */
export function isWarning({ condition, result }: Pick<ConditionResult, 'condition' | 'result'>): boolean {
  return condition.severity === 'warn' && result !== 'does_not_hold';
}
