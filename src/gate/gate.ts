/**
 * The gate: conditions over a run's outputs, written in CEL (https://cel.dev), one a line.
 * It fails closed: a condition that cannot be evaluated counts as one that holds.
 */
import type { Condition, ConditionResult } from './condition.ts';
import type { JsonValue } from '../json.ts';
import type { Compiled } from './compile.ts';
import type { ConditionError } from './values.ts';

export interface Gate {
  readonly conditions: readonly Condition[];
  evaluate(outputs: JsonValue | undefined): ConditionResult[];
}

/** What is wrong with a `fail_if` that is empty: a gate whose variable was renamed would be off for good, without a word. */
export const NO_CONDITION = 'is empty: is a variable unset? For no gate leave it out, or write `none`';
const NO_WARNING = 'has only comments: write a condition, or leave it out';

/**
 * Parses and type-checks `fail_if` and `warn_if`: one condition a line; blank lines and lines that begin with `#` are skipped. The
 * results of `evaluate` are in the conditions' order, those of `fail_if` first. An input without any condition is a fault, since
 * its author meant a gate.
 * `fault`: all faults of both inputs, each with its line, its column and a caret; empty: the gate is usable.
 */
export async function compileGate(failIf: string, warnIf: string) {
  if (isBlank(`${failIf}${warnIf}`)) return { ...NO_GATE, fault: '' };
  const { compileExpression, rejectLine } = await import('./compile.ts');
  const [faults, compiled]: [string[], { condition: Condition; evaluate: Compiled }[]] = [[], []];
  for (const [severity, text] of [['fail', failIf] as const, ['warn', warnIf] as const]) {
    const lines = linesOf(severity, text, rejectLine);
    if (!isBlank(text) && lines.length === 0)
      faults.push(`\`${severity}_if\` ${severity === 'fail' ? NO_CONDITION : NO_WARNING}`);
    for (const { condition, column, fault } of lines) {
      const result = fault ?? compileExpression(condition.expression);
      const before = compiled.find((one) => isSameName(one.condition, condition));
      if (typeof result !== 'function') faults.push(formatConditionError(condition, column, result));
      else if (before) faults.push(formatConditionError(condition, column, sameName(before.condition)));
      else compiled.push({ condition, evaluate: result });
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
function formatConditionError(
  { severity, line, expression }: Condition,
  column: number,
  fault: Fault,
): string {
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

/** No expression begins like this: in CEL a colon follows a `?` or is in braces. */
const NAME_IN_FRONT = /^([\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}): /u;

type Fault = Pick<ConditionError, 'message' | 'hint'> & Partial<Pick<ConditionError, 'at'>>;

const isSameName = ({ name }: Condition, other: Condition) => name !== null && name === other.name;

/** Baselines, waivers and fields refer to a condition by its name. */
function sameName({ name, severity, line }: Condition): Fault {
  const message = `two conditions are called “${name ?? ''}”, the other in ${severity}_if, line ${line}`;
  return { message, hint: 'give each a name of its own' };
}

const isBlank = (text: string) => /^[\p{Zs}\t\r\n\ufeff]*$/u.test(text);

/** What a line has around it; line separators and controls are no such blanks. */
const OUTER_BLANKS = /^[\p{Zs}\t\ufeff]+|(?<![\p{Zs}\t\ufeff])[\p{Zs}\t\ufeff]+$/gu;

/** `column`: of the expression's first character, from 1; `fault`: why it is refused whatever its expression is. */
function linesOf(
  severity: Condition['severity'],
  text: string,
  rejectLine: (line: string, name: string) => Fault | null,
) {
  return text.split(/\r?\n|\r/).flatMap((whole, at) => {
    const line = whole.replaceAll(OUTER_BLANKS, '');
    const [prefix = '', name = ''] = NAME_IN_FRONT.exec(line) ?? [];
    const fault = rejectLine(line, name.trim());
    if (line === '' || (line.startsWith('#') && fault === null)) return [];
    const expression = fault === null ? line.slice(prefix.length).replaceAll(OUTER_BLANKS, '') : line;
    const isNamed = fault === null && name !== '';
    const condition: Condition = { severity, name: isNamed ? name.trim() : null, expression, line: at + 1 };
    return [{ condition, column: whole.lastIndexOf(expression) + 1, fault }];
  });
}
