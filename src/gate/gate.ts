/**
 * The gate: conditions over a run's outputs, written in CEL (https://cel.dev), one a line.
 * It fails closed: a condition that cannot be evaluated counts as one that holds.
 */
import type { JsonValue } from '../json.ts';
import type { Compiled } from './compile.ts';

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
}

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

/** Compiled conditions. */
export interface Gate {
  readonly conditions: readonly Condition[];
  evaluate(outputs: JsonValue | undefined): ConditionResult[];
}

/** Expressions that cannot be used: all faults of both inputs, each with its line, its column and a caret. */
export class GateError extends Error {
  override readonly name = 'GateError';
}

/**
 * For all conditions together, so that many of them keep the process from its signals for no more than a few
 * seconds. The runner allows a cancelled job ten.
 */
const STEPS_OF_ALL = 40_000_000;

/**
 * Parses and type-checks `fail_if` and `warn_if`: one condition a line, blank lines and lines that begin with `#`
 * passed over. The results of `evaluate` are in the conditions' order, those of `fail_if` first.
 * @throws GateError also where one is given and has no condition: whoever wrote it meant a gate
 */
export async function compileGate(failIf: string, warnIf: string): Promise<Gate> {
  const lines = [...parseLines('fail', failIf), ...parseLines('warn', warnIf)];
  const faults: string[] = [];
  for (const [severity, text] of [
    ['fail', failIf],
    ['warn', warnIf],
  ] as const) {
    if (text.trim() !== '' && !lines.some(({ condition }) => condition.severity === severity))
      faults.push(
        `${severity}_if has no condition, only comments: write one, or take the input away where none is meant`,
      );
  }
  if (lines.length === 0 && faults.length === 0) return { conditions: [], evaluate: () => [] };
  const { compileExpression } = await import('./compile.ts');
  const compiled: { condition: Condition; evaluate: Compiled }[] = [];
  for (const { condition, column } of lines) {
    const result = compileExpression(condition.expression, condition.line);
    if (typeof result === 'function') compiled.push({ condition, evaluate: result });
    else {
      const place = `${condition.severity}_if, line ${condition.line}, column ${column + result.at}`;
      faults.push(`${place}: ${result.message}${result.hint && `\n(${result.hint})`}`);
    }
  }
  if (faults.length > 0) throw new GateError(faults.join('\n\n'));
  return {
    conditions: lines.map(({ condition }) => condition),
    evaluate: (outputs) => {
      const budget = { steps: STEPS_OF_ALL };
      return compiled.map(({ condition, evaluate }) => ({ condition, ...evaluate(outputs, budget) }));
    },
  };
}

/** No expression begins so: in CEL a colon follows a `?` or stands in braces. */
const NAMED = /^([\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}): /u;

/** `column` is that of the expression's first character, from 1. */
function parseLines(
  severity: Condition['severity'],
  text: string,
): { condition: Condition; column: number }[] {
  return text.split(/\r?\n|\r/).flatMap((whole, at) => {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) return [];
    const named = NAMED.exec(line);
    const expression = line.slice(named?.[0].length ?? 0).trim();
    const condition = { severity, name: named?.[1]?.trim() ?? null, expression, line: at + 1 };
    return [{ condition, column: whole.lastIndexOf(expression) + 1 }];
  });
}
