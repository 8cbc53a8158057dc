/** Rejects texts in a condition: those left over from a template, and those that the compared value can never be. Pure. */
import { isDay } from '../text/format.ts';
import { escapeCharacter, MACROS, UNSEEN } from './condition-errors.ts';
import { EQUALITIES } from './meaning-errors.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import type { Traits } from './static-traits.ts';
import { dayOf, parseTime } from './times.ts';
import { ConditionError, sourceOf, type ASTNode, type ValueKind } from './values.ts';

/** Returns the text that the node always has, whatever the run wrote; null: its value depends on the run, or is not a text. */
export function findLiteralText({ op, args }: ASTNode): string | null {
  if (op === 'value') return typeof args === 'string' ? args : null;
  if (op === 'call') {
    const [name, [only]] = args;
    const text = only ? findLiteralText(only) : null;
    if (name === 'day') return text === null ? null : dayOf(text);
    if (name === 'string' && only?.op === 'value' && /^(?:boolean|bigint|number)$/.test(typeof only.args))
      return String(only.args);
    return /^(?:dyn|string)$/.test(name) ? text : null;
  }
  if (op === 'rcall') {
    const change = TEXT_FUNCTIONS.get(args[0]);
    const text = findLiteralText(args[1]);
    return change && text !== null ? change(text) : null;
  }
  const parts = op === '+' ? args.map(findLiteralText) : [null];
  return parts.includes(null) ? null : parts.join('');
}

/** An operand of a comparison that may be a text in the condition, and the value that it is compared with. */
interface Compared {
  readonly other: ASTNode;
  /** May be a literal text; the caller finds out. */
  readonly literal: ASTNode;
  /** The literal is in a list or map that is compared as a whole, or that a macro iterates over. */
  readonly isInside: boolean;
}

/**
 * Returns the operands that the node compares (by `==`, `!=`, `in`, `contains()`, `startsWith()`, `endsWith()`, or a macro over a
 * literal list), each with the value on the other side.
 */
function findComparisons(node: ASTNode): readonly Compared[] {
  const textsNextTo = (other: ASTNode) => (literal: ASTNode) => expandLiterals(literal, other);
  if (node.op === 'rcall' && /^(?:contains|startsWith|endsWith)$/.test(node.args[0]))
    return node.args[2].flatMap(textsNextTo(node.args[1]));
  if (node.op === 'rcall' && MACROS.has(node.args[0]))
    return node.args[1].op === 'list' ? expandLiterals(node.args[1], node.args[1]) : [];
  if (!EQUALITIES.has(node.op) && node.op !== 'in') return [];
  const [left, right] = node.args as [ASTNode, ASTNode];
  const isSearch = node.op === 'in' && (right.op === 'list' || right.op === 'map');
  const searched = isSearch ? right.args.map((one) => (Array.isArray(one) ? one[0] : one)) : [right];
  return [...searched.flatMap(textsNextTo(left)), ...expandLiterals(left, right)];
}

/**
 * Returns each literal that the node may have as its value: itself, or those in a list, a map, an index or a `? :`.
 * @param other the value that it is compared with
 */
function expandLiterals(literal: ASTNode, other: ASTNode, isInside = false): readonly Compared[] {
  const inside = (nodes: readonly ASTNode[]) => nodes.flatMap((one) => expandLiterals(one, other, true));
  if (literal.op === 'list') return inside(literal.args);
  if (literal.op === 'map') return inside(literal.args.map(([, value]) => value));
  if (literal.op === '[]') return literal.args[0].op === 'id' ? [] : inside([literal.args[0]]);
  if (literal.op === '?:')
    return literal.args.slice(1).flatMap((one) => expandLiterals(one, other, isInside));
  return [{ other, literal, isInside }];
}

const trim = (text: string) => TEXT_FUNCTIONS.get('trim')?.(text) ?? text;
const quoteText = (text: string) => JSON.stringify(text).replaceAll(UNSEEN, escapeCharacter);

/** Is the literal written with an escape? An escaped character is meant. */
const hasEscape = ({ input, start, end }: ASTNode) => input.slice(start, end).includes('\\');

const isDayCall = (node: ASTNode) => node.op === 'call' && node.args[0] === 'day';

/** Returns the error about a text that `day()` never returns. */
function notADayError(call: ASTNode, literal: ASTNode, text: string): ConditionError {
  const day = dayOf(trim(text));
  return new ConditionError(
    `${sourceOf(call)} is a day such as "2026-05-01", and ${sourceOf(literal)} is not`,
    day === null ? 'a day is written "2026-05-01"' : `write ${quoteText(day)}`,
    literal.pos,
  );
}

/** Empty, blanks or dots. A single point may be meant. */
const LEFT_OVER = /^(?!\.$)[ .…]*$/;

/**
 * Rejects a key that occurs twice, an empty list, a text that is left over from a template, and a text that the compared value
 * can never be.
 * @throws ConditionError
 */
export function rejectLiterals(node: ASTNode): void {
  const keys = node.op === 'map' ? node.args.map(([key]) => key).filter(({ op }) => op === 'value') : [];
  const twice = keys.find((key, at) => keys.findIndex(({ args }) => args === key.args) < at);
  if (twice)
    throw new ConditionError(`the key ${sourceOf(twice)} appears twice`, 'remove one of them', twice.pos);
  const isMacro = node.op === 'rcall' && MACROS.has(node.args[0]);
  const searched = isMacro || node.op === 'in' ? node.args[1] : null;
  if ((searched?.op === 'list' || searched?.op === 'map') && searched.args.length === 0)
    throw new ConditionError(
      'the list is empty, as a `${{ … }}` that is not set leaves it',
      'write the items between the brackets, ["a", "b"]',
      searched.pos,
    );
  const by = node.op === 'rcall' ? `${node.args[0]}()` : node.op;
  const compared = findComparisons(node).map((one) => ({ ...one, text: findLiteralText(one.literal) }));
  const isAnyText = compared.some(({ text }) => text !== null && text.trim() !== '');
  for (const { other, literal, isInside, text } of compared) {
    if (text === null) continue;
    const isBlank = text.trim() === '';
    const isAmong = isBlank && by === 'in' && isAnyText && !isInside;
    const isLeftOver = (one: string) => LEFT_OVER.test(one) && !isAmong;
    const changed = isInside ? text : applyTextFunctions(other, text, by);
    let hint = `write ${quoteText(changed)}`;
    if (isLeftOver(changed))
      hint =
        EQUALITIES.has(by) && changed === '' && !isInside
          ? `if empty is meant, write size(${sourceOf(other)}) ${by} 0`
          : 'write the text that is meant; write blanks or dots as escapes: "\\u0020", "\\u002e"';
    if (isLeftOver(text) && !hasEscape(literal))
      throw new ConditionError(
        isBlank
          ? `a text of "${by}" is ${text === '' ? 'empty' : 'blank'}, as a \`\${{ … }}\` that is not set leaves it`
          : 'a text of dots is left over from an example',
        hint,
        literal.pos,
      );
    if (EQUALITIES.has(by) || by === 'in') {
      if (isDayCall(other) && !isInside && !isDay(text)) throw notADayError(other, literal, text);
      if (trim(changed) !== changed && !hasEscape(literal))
        throw new ConditionError(
          `a text of "${by}" has blanks around it, as a \`\${{ … }}\` that is not set leaves it`,
          `write ${quoteText(trim(changed))}; if the blank is meant, write its escape: "\\u0020"`,
          literal.pos,
        );
    }
    if (changed === text) continue;
    const letters = /[A-Z]/.test(changed) ? 'upper' : 'lower';
    const what = text.includes(changed) ? 'has no blanks around it' : `is in ${letters} case`;
    throw new ConditionError(
      `${sourceOf(other)} ${what}, and ${sourceOf(literal)} is not`,
      hint,
      literal.pos,
    );
  }
}

/** Is it a function or operator that makes a text of its operands? */
const makesText = (node: ASTNode) =>
  node.op === '+' ||
  (node.op === 'call' && /^(?:string|day)$/.test(node.args[0])) ||
  (node.op === 'rcall' && TEXT_FUNCTIONS.has(node.args[0]));

/**
 * Rejects a text that the condition makes of constants in a form that `findLiteralText` cannot read, such as `string(1 + 1)`, and
 * the keys of a map that it makes. Only texts that can be read are compared without regard to their spelling.
 * @param kind of the node's value; null: not known
 * @throws ConditionError
 */
export function rejectMadeText(
  node: ASTNode,
  kind: ValueKind | null,
  traitsOf: (operand: ASTNode) => Traits,
): void {
  const operands = operandsOf(node);
  const [first] = operands;
  if (node.op === 'call' && node.args[0] === 'keys' && first && traitsOf(first).mayBeMade) {
    const keys = first.op === 'map' ? first.args.map(([key]) => sourceOf(key)).join(', ') : '"a", "b"';
    throw new ConditionError(
      `${sourceOf(first)} is a map that the condition writes: its keys are not keys of the outputs`,
      `write a list: [${keys}]`,
      first.pos,
    );
  }
  const isText = kind === null || kind === 'a text';
  if (!isText || !makesText(node) || findLiteralText(node) !== null) return;
  if (!operands.every((one) => traitsOf(one).mayBeConstant)) return;
  throw new ConditionError(
    `${sourceOf(node)} is a text that the condition builds from constants`,
    node.op === '+' ? 'write the whole text, or several in a list' : 'write its value',
  );
}

/** Returns the operands of a call or of `+`; of a method its object comes first. */
function operandsOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'call') return node.args[1];
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]];
  return node.op === '+' ? node.args : [];
}

/**
 * Returns the text after the node's text functions (`lowerAscii`, `trim`), as far as operator `by` depends on them. A text that
 * this changes can never be the node's value.
 */
function applyTextFunctions(node: ASTNode, text: string, by: string): string {
  const change = node.op === 'rcall' && TEXT_FUNCTIONS.get(node.args[0]);
  if (!change) return text;
  const inner = applyTextFunctions(node.args[1], text, by);
  if (node.args[0] !== 'trim' || !by.endsWith(')')) return change(inner);
  return by === 'startsWith()' ? inner.trimStart() : by === 'endsWith()' ? inner.trimEnd() : inner;
}

/**
 * Rejects a text next to `<`, `<=`, `>` or `>=` that is neither a day nor a time, since texts have no order.
 * @throws ConditionError
 */
export function rejectUnordered(node: ASTNode): void {
  const sides = node.args as [ASTNode, ASTNode];
  for (const [at, literal] of sides.entries()) {
    const other = sides[at === 0 ? 1 : 0];
    const text = findLiteralText(literal);
    if (text === null) continue;
    const when = parseTime(text);
    if (when !== null && isDayCall(other) && when.day !== text) throw notADayError(other, literal, text);
    if (when !== null) continue;
    const written = (value: string, by: string) =>
      (at === 0 ? [value, by] : [by, value]).join(` ${node.op} `);
    throw new ConditionError(
      `${sourceOf(literal)} has no order here: "${node.op}" orders two texts only if both are days or times in the same form`,
      hintForUnordered(text, sourceOf(other), written),
      literal.pos,
    );
  }
}

/**
 * Returns what to write in place of a text that has no order.
 * @param written formats the comparison of a value with the other side
 */
function hintForUnordered(
  text: string,
  other: string,
  written: (value: string, by: string) => string,
): string {
  const trimmed = trim(text);
  const day = dayOf(trimmed);
  if (parseTime(trimmed) !== null) return `write ${quoteText(trimmed)}`;
  if (day !== null) return `write ${written(quoteText(day), `day(${other})`)}`;
  if (/^\d{4}-\d\d-\d\d/.test(trimmed) || /^\d\d\.\d\d\.\d{4}$/.test(trimmed))
    return 'there is no such day or time: a day is written "2026-12-31", a time "2026-12-31T10:00:00Z"';
  if (/^\d{1,4}([-./])\d{1,2}\1\d{1,4}/.test(trimmed) || /^\d{1,2}:\d\d/.test(trimmed))
    return 'a day is written "2026-12-31", a time "2026-12-31T10:00:00Z" or "09:30", in the outputs too';
  if (/^-?\d[\d.]*,[\d.,]*\s*%?$/.test(trimmed))
    return 'a number has no quotes and no comma: write 1000, or 1.5';
  const [number = ''] = /^-?\d{1,15}(?:\.\d+)?(?=\s*%?$)/.exec(trimmed) ?? [];
  if (number !== '') {
    const convert = number.includes('.') ? 'double' : 'int';
    const value = number.startsWith('-') ? `(${number})` : number;
    return `a number has no quotes: write ${written(value, other)}, or ${written(value, `${convert}(${other})`)} where the run writes it as a text`;
  }
  return `order a severity by a map: write ${written('3', `{"low": 1, "high": 3}[${other}]`)}`;
}
