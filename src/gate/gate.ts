/**
 * The gate: conditions over a run's outputs, written in CEL (https://cel.dev), one a line.
 * It fails closed: a condition that cannot be evaluated counts as one that holds.
 */
import type { Condition, ConditionResult } from './condition.ts';
import type { JsonValue } from '../json.ts';
import type { Compiled } from './compile.ts';

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
  for (const { condition, column, fault } of lines) {
    const placeAt = (at: number) => `${condition.severity}_if, line ${condition.line}, column ${column + at}`;
    const result = fault === null ? compileExpression(condition.expression, condition.line) : null;
    if (result === null) faults.push(`${placeAt(0)}: ${fault}`);
    else if (typeof result === 'function') compiled.push({ condition, evaluate: result });
    else faults.push(`${placeAt(result.at)}: ${result.message}${result.hint && `\n(${result.hint})`}`);
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

interface Line {
  readonly condition: Condition;
  /** Of the expression's first character, from 1. */
  readonly column: number;
  /** Why it is refused whatever its expression is, with the way out; null: nothing is wrong with it as a line. */
  readonly fault: string | null;
}

function parseLines(severity: Condition['severity'], text: string): Line[] {
  return text.split(/\r?\n|\r/).flatMap((whole, at) => {
    const line = whole.trim();
    const fault = faultOf(line);
    if (line === '' || (line.startsWith('#') && fault === null)) return [];
    const named = NAMED.exec(line);
    const expression = line.slice(named?.[0].length ?? 0).trim();
    const condition = { severity, name: named?.[1]?.trim() ?? null, expression, line: at + 1 };
    const column = (fault === null ? whole.lastIndexOf(expression) : whole.indexOf(line)) + 1;
    return [{ condition, column, fault }];
  });
}

/** What reads as something else than a condition with its name, and than a comment. */
function faultOf(line: string): string | null {
  if (line.startsWith('#'))
    return /\boutputs\b/.test(line)
      ? 'a comment with the word `outputs` may be a condition that is off: below `>`, or in quotes over several lines, YAML makes one line of a comment and the condition below it\n(delete it, move it to `warn_if`, or write it without that word; and use `|`, not `>`)'
      : null;
  const [, name, value] = /^(outputs\.[^:]*): +(.*)$/.exec(line) ?? [];
  if (name === undefined || !NAMED.test(line)) return null;
  return `what stands before the colon is a name, and this one reads as a condition\n(write ${name.trim()} == ${value})`;
}
