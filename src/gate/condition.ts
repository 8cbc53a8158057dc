/** The gate: conditions over a run's outputs in CEL (https://cel.dev), one a line. What cannot be evaluated counts as true. */
import type { JsonValue } from '../json.ts';

export interface Condition {
  readonly severity: 'fail' | 'warn';
  /** The text before `: ` on its line, or null. */
  readonly name: string | null;
  readonly expression: string;
  /** Its line in the input, from 1. */
  readonly line: number;
}

/** The values of the field that a whole-condition filter compares, with their counts over all its items. */
export interface Tally {
  /** `status` */
  readonly field: string;
  /** The most frequent first. Untrusted. */
  readonly values: readonly (readonly [text: string, count: number])[];
}

export type ValueKind = 'null' | 'text' | 'number' | 'boolean' | 'list' | 'object';

/** Why a condition cannot be evaluated, or cannot be used; what `values` has stands behind each code. */
export interface Problem {
  readonly code:
    // Refused before the launch.
    | 'no_condition'
    | 'dash'
    | 'comment_with_outputs'
    | 'comment_behind'
    | 'invisible' // the character
    | 'duplicate_name' // severity and line of the other
    | 'syntax'
    | 'unknown_function' // its name, then those that there are
    | 'unknown_variable' // its name, then those that there are
    | 'types' // the type checker's code and sentence
    | 'result_type' // the type checker's type
    | 'literal' // bytes, an unsigned integer
    | 'empty_text'
    | 'never_ordered'
    | 'no_outputs'
    | 'all_alone' // `source` is the filter that is meant
    // Met in the outputs of a run.
    | 'missing_key' // the key, then those that there are: untrusted
    | 'not_boolean' // the value's kind, as for the next two
    | 'not_list'
    | 'not_object'
    | 'no_operation' // the kind of each operand
    | 'no_value' // the operation
    | 'near_text' // the operation, the run's text (untrusted), the condition's text, the operands' sources
    | 'two_forms' // `day` if one is a day, and the other has one
    | 'large_number';
  /** The part of the condition. */
  readonly source: string;
  readonly values: readonly string[];
  /** The item of the innermost macro, from 1, and its list. Left out: outside of macros. */
  readonly item?: { readonly at: number; readonly list: string };
}

/** A condition's value over one run, before waivers and baseline. */
export interface Evaluation {
  readonly condition: Condition;
  readonly result: 'met' | 'not_met' | 'cannot_be_evaluated';
  /** The items that it returned, in the data's order; empty for a condition that is only true. The run's own values, untrusted. */
  readonly items: readonly JsonValue[];
  /** For a whole-condition `x.filter(…)` the items that do not match, otherwise null. */
  readonly others: readonly JsonValue[] | null;
  /** null: no field is compared, or its values are many or long. */
  readonly tally: Tally | null;
  /** null: it was evaluated. */
  readonly problem: Problem | null;
}

export interface Gate {
  /** `fail_if` first. */
  readonly conditions: readonly Condition[];
  /**
   * @param checkTime is called in every loop; what it throws ends the evaluation
   * @returns the results in the conditions' order. Never throws for what is in the outputs
   */
  evaluate(outputs: JsonValue | undefined, checkTime?: () => void): readonly Evaluation[];
}

/** A fault of `fail_if` or `warn_if`, which is red before the launch. */
export interface GateFault {
  readonly input: 'fail_if' | 'warn_if';
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The whole line. */
  readonly expression: string;
  readonly problem: Problem;
}

/** Parses and checks both inputs; `''` is none. `gate` is usable where `faults` is empty. */
export async function compileGate(failIf: string, warnIf: string) {
  const faults: GateFault[] = [];
  const compiled: Compiled[] = [];
  if (`${failIf}${warnIf}`.trim() !== '') {
    const { compileInput } = await import('./compile.ts');
    compileInput('fail', failIf, compiled, faults);
    compileInput('warn', warnIf, compiled, faults);
  }
  const gate: Gate = {
    conditions: compiled.map(({ condition }) => condition),
    evaluate: (outputs = null, checkTime = () => undefined) =>
      compiled.map(({ condition, evaluate }) => ({ condition, ...evaluate(outputs, checkTime) })),
  };
  return { gate, faults };
}

export interface Compiled {
  readonly condition: Condition;
  readonly evaluate: (outputs: JsonValue, checkTime: () => void) => Omit<Evaluation, 'condition'>;
}
