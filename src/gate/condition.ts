/** The gate: conditions over a run's outputs in CEL (https://cel.dev), one a line. What cannot be evaluated counts as true. */
import type { JsonValue } from '../json.ts';
import type { GateFault } from '../outcome.ts';
import { ConditionError, START, type ConditionValue } from './evaluate.ts';

export interface Condition {
  readonly severity: 'fail' | 'warn';
  /** The text before `: ` on its line, or null. */
  readonly name: string | null;
  readonly expression: string;
  /** Its line in the input, from 1. */
  readonly line: number;
}

/** A condition's value over one run, before waivers and baseline. */
export interface Evaluation extends ConditionValue {
  readonly condition: Condition;
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

/** A condition's name. No expression begins like this: in CEL a colon follows a `?` or is in braces. */
const NAME = /^\s*(?!outputs\b)([\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}?) *: /u;

/** Characters that nobody sees, except an emoji's variation selector, and spaces that are none to the parser. */
const INVISIBLE = /[[\p{Cc}\p{Z}\p{Default_Ignorable_Code_Point}]--[\ufe0e\ufe0f \t]]/v;

/** Compiles the lines of both inputs; `''` is none. `gate` is usable where `faults` is empty. */
export async function compileGate(failIf: string, warnIf: string) {
  const faults: GateFault[] = [];
  const compiled: {
    readonly condition: Condition;
    readonly evaluate: (outputs: JsonValue, checkTime: () => void) => ConditionValue;
  }[] = [];
  for (const [severity, input] of [
    ['fail', failIf],
    ['warn', warnIf],
  ] as const) {
    if (input.trim() === '') continue;
    const { compileCondition } = await import('./compile.ts');
    for (const [index, text] of input.split(/\r\n|\r|\n/).entries()) {
      const line = index + 1;
      const [prefix = '', name = null] = NAME.exec(text) ?? [];
      const expression = text.slice(prefix.length);
      try {
        if (!checkLine(text, input)) continue;
        const other = compiled.find(({ condition }) => name !== null && condition.name === name)?.condition;
        if (other)
          throw new ConditionError(START, {
            code: 'duplicate_name',
            severity: other.severity,
            line: other.line,
          });
        // Padded, so that its offsets are those of the line.
        const evaluate = compileCondition(expression.padStart(text.length));
        compiled.push({ condition: { severity, name, expression: expression.trim(), line }, evaluate });
      } catch (error) {
        if (!(error instanceof ConditionError)) throw error;
        const { at, problem } = error;
        faults.push({ input: `${severity}_if`, line, column: at + 1, expression: text, problem });
      }
    }
  }
  const gate: Gate = {
    conditions: compiled.map(({ condition }) => condition),
    evaluate: (outputs = null, checkTime = () => undefined) =>
      compiled.map(({ condition, evaluate }) => ({ condition, ...evaluate(outputs, checkTime) })),
  };
  return { gate, faults };
}

/** Has the line a condition? @throws ConditionError it is refused whatever its condition is */
function checkLine(line: string, input: string): boolean {
  const at = line.search(INVISIBLE);
  if (at >= 0)
    throw new ConditionError({ at, source: '' }, { code: 'invisible', character: line.charAt(at) });
  // Below `>`, YAML makes one line of a comment and the condition below it, and the condition is lost.
  if (/^\s*#.*\boutputs\b/.test(line)) throw new ConditionError(START, { code: 'comment_with_outputs' });
  if (/^\s*-\s/.test(line)) throw new ConditionError(START, { code: 'dash' });
  // An input of nothing but comments would turn the gate off without notice.
  if (/^\s*#/.test(line) && !/^[ \t]*[^#\s]/m.test(input))
    throw new ConditionError(START, { code: 'no_condition' });
  if (/^\s*(?:#|$)/.test(line)) return false;
  const unfilled = line.indexOf('${{');
  if (unfilled >= 0) throw new ConditionError({ at: unfilled, source: '' }, { code: 'unfilled' });
  return true;
}
