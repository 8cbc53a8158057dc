/**
 * The gate: conditions over a run's outputs, written in CEL (https://cel.dev), one a line.
 * It fails closed: a condition that cannot be evaluated counts as one that holds.
 */
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
  /** The elements of the list that holds, in data order; empty for a boolean. Foreign. */
  readonly matched: readonly JsonValue[];
  /** Where the expression is `<list>.filter(…)`: the elements that do not match, else null. Foreign. */
  readonly others: readonly JsonValue[] | null;
  /** Why it cannot be evaluated, in our words; names of keys in it come from the run's outputs: foreign. */
  readonly problem: string | null;
}

/** Compiled conditions. */
export interface Gate {
  readonly conditions: readonly Condition[];
  evaluate(outputs: JsonValue | undefined): ConditionResult[];
}
