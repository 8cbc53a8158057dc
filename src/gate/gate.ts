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

/** The faults of an input that has only comments: the gate would be off without notice. */
const NO_CONDITION = 'has only comments: write a condition. For no gate leave it out, or write `none`';
const NO_WARNING = 'has only comments: write a condition, or leave it out';

/**
 * Parses and type-checks `fail_if` and `warn_if`: one condition a line; blank lines and lines that begin with `#` are skipped. An
 * input that has only comments is a fault, since its author meant a gate.
 * @returns `evaluate` gives the results in the conditions' order, `fail_if` first. `fault` lists all faults of both inputs, each
 * with line, column and a caret; empty: the gate is usable
 */
export async function compileGate(failIf: string, warnIf: string) {
  if (isEmptyInput(`${failIf}${warnIf}`)) return { ...NO_GATE, fault: '' };
  const { compileExpression, rejectLine } = await import('./compile.ts');
  const [faults, compiled]: [string[], { condition: Condition; evaluate: Compiled }[]] = [[], []];
  for (const [severity, text] of [['fail', failIf] as const, ['warn', warnIf] as const]) {
    const lines = parseLines(severity, text, rejectLine);
    if (!isEmptyInput(text) && lines.length === 0)
      faults.push(`\`${severity}_if\` ${severity === 'fail' ? NO_CONDITION : NO_WARNING}`);
    for (const { condition, column, fault } of lines) {
      const result = fault ?? compileExpression(condition.expression);
      const before = compiled.find((one) => isSameName(one.condition, condition));
      if (typeof result !== 'function') faults.push(formatConditionError(condition, column, result));
      else if (before)
        faults.push(formatConditionError(condition, column, duplicateNameError(before.condition)));
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

/** Characters of an expression that a fault shows. */
const SHOWN = 100;

/** Formats a fault: what is wrong, the part of the expression around it with a caret below, and the hint. */
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

/** A condition's name and its colon. No expression begins like this: in CEL a colon follows a `?` or is in braces. */
const NAME_IN_FRONT = /^([\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}): /u;

type Fault = Pick<ConditionError, 'message' | 'hint'> & Partial<Pick<ConditionError, 'at'>>;

const isSameName = ({ name }: Condition, other: Condition) => name !== null && name === other.name;

/** Returns the fault of a second condition with the name of this one: baselines, waivers and fields refer to a condition by it. */
function duplicateNameError({ name, severity, line }: Condition): Fault {
  const message = `two conditions are called “${name ?? ''}”, the other in ${severity}_if, line ${line}`;
  return { message, hint: 'give each a name of its own' };
}

/** Is the input empty? Other invisible characters are no blanks: a line that has them is rejected. */
const isEmptyInput = (text: string) => /^[\p{Zs}\t\r\n\ufeff]*$/u.test(text);

/** Blanks around a line; line separators and control characters do not count as blanks. */
const OUTER_BLANKS = /^[\p{Zs}\t\ufeff]+|(?<![\p{Zs}\t\ufeff])[\p{Zs}\t\ufeff]+$/gu;

/**
 * Splits an input into conditions, without blank lines and comments.
 * @returns `column` of the expression's first character, from 1; `fault`: why the line is rejected whatever its expression is
 */
function parseLines(
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
