/**
 * The gate: conditions over a run's outputs, written in CEL (https://cel.dev), one a line.
 * It fails closed: a condition that cannot be evaluated counts as one that holds.
 */
import type { Condition, ConditionResult } from './condition.ts';
import type { JsonValue } from '../json.ts';
import type { Compiled } from './compile.ts';
import type { Complaint } from './values.ts';

export interface Gate {
  readonly conditions: readonly Condition[];
  evaluate(outputs: JsonValue | undefined): ConditionResult[];
}

/**
 * Parses and type-checks `fail_if` and `warn_if`: one condition a line, blank lines and lines that begin with `#`
 * passed over. The results of `evaluate` are in the conditions' order, those of `fail_if` first. One that is given and has no
 * condition is a fault: whoever wrote it meant a gate.
 * `fault`: why it cannot be used: all faults of both inputs, each with its line, its column and a caret; empty: it can.
 */
export async function compileGate(failIf: string, warnIf: string) {
  if (`${failIf}${warnIf}`.trim() === '') return { ...NO_GATE, fault: '' };
  const { compileExpression } = await import('./compile.ts');
  const [faults, compiled]: [string[], { condition: Condition; evaluate: Compiled }[]] = [[], []];
  for (const [severity, text] of [['fail', failIf] as const, ['warn', warnIf] as const]) {
    const lines = linesOf(severity, text);
    if (text.trim() !== '' && lines.length === 0)
      faults.push(
        `${severity}_if has no condition, only comments: write one, or take the input away where none is meant`,
      );
    for (const { condition, column, fault } of lines) {
      const result = fault ?? compileExpression(condition.expression);
      if (typeof result === 'function') compiled.push({ condition, evaluate: result });
      else faults.push(told(condition, column, result));
    }
  }
  if (faults.length > 0) return { ...NO_GATE, fault: faults.join('\n\n') };
  return {
    fault: '',
    conditions: compiled.map(({ condition }) => condition),
    evaluate: (outputs: JsonValue | undefined) =>
      compiled.map(({ condition, evaluate }) => ({ condition, ...evaluate(outputs) })),
  };
}

const NO_GATE: Gate = { conditions: [], evaluate: () => [] };

const SHOWN = 100;

/** What is wrong, the expression about the place with a caret under it, and the way out. */
function told({ severity, line, expression }: Condition, column: number, fault: Fault): string {
  const at = fault.at ?? 0;
  const from = expression.length <= SHOWN ? 0 : Math.max(0, at - SHOWN / 2);
  return [
    `${severity}_if, line ${line}, column ${column + at}: ${fault.message}`,
    '',
    `> ${String(line).padStart(4)} | ${expression.slice(from, from + SHOWN)}`,
    `${' '.repeat(9 + at - from)}^`,
    ...(fault.hint === '' ? [] : [`(${fault.hint})`]),
  ].join('\n');
}

/** No expression begins so: in CEL a colon follows a `?` or stands in braces. */
const NAME_IN_FRONT = /^([\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}): /u;

type Fault = Pick<Complaint, 'message' | 'hint'> & Partial<Pick<Complaint, 'at'>>;

/** `column`: of the expression's first character, from 1; `fault`: why it is refused whatever its expression is. */
function linesOf(severity: Condition['severity'], text: string) {
  return text.split(/\r?\n|\r/).flatMap((whole, at) => {
    const line = whole.trim();
    const fault = faultOf(line);
    if (line === '' || (line.startsWith('#') && fault === null)) return [];
    const named = fault === null ? NAME_IN_FRONT.exec(line) : null;
    const expression = line.slice(named?.[0].length ?? 0).trim();
    const condition: Condition = { severity, name: named?.[1]?.trim() ?? null, expression, line: at + 1 };
    return [{ condition, column: whole.lastIndexOf(expression) + 1, fault }];
  });
}

/** What reads as something else than a condition with its name, and than a comment. */
function faultOf(line: string): Fault | null {
  if (line.startsWith('#') && /\boutputs\b/.test(line))
    return {
      message:
        'a comment with the word `outputs` may be a condition that is off: below `>`, or in quotes over several lines, YAML makes one line of a comment and the condition below it',
      hint: 'delete it, move it to `warn_if`, or write it without that word; and use `|`, not `>`',
    };
  const [, name = '', value = ''] = /^(outputs\.[^:]*): +(.*)$/.exec(line) ?? [];
  if (name === '' || !NAME_IN_FRONT.test(line)) return null;
  const message = 'what stands before the colon is a name, and this one reads as a condition';
  return { message, hint: `write ${name.trim()} == ${value}` };
}
