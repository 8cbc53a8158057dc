/** What is refused for a text that a condition writes out: one that is left over, and one that its other side can never be. */
import { isDay } from '../text/format.ts';
import { escaped, EQUALITIES, MACROS, UNSEEN } from './condition-errors.ts';
import { CHANGES } from './text-functions.ts';
import type { Shape } from './static-shapes.ts';
import { dayOf, readWhen } from './times.ts';
import { ConditionError, sourceOf, type ASTNode, type ValueKind } from './values.ts';

/** The text that the node is whatever the run wrote; null: that depends, or it is none. */
export function literalText({ op, args }: ASTNode): string | null {
  if (op === 'value') return typeof args === 'string' ? args : null;
  if (op === 'call') {
    const [name, [only]] = args;
    const text = only ? literalText(only) : null;
    if (name === 'day') return text === null ? null : dayOf(text);
    if (name === 'string' && only?.op === 'value' && /^(?:boolean|bigint|number)$/.test(typeof only.args))
      return String(only.args);
    return /^(?:dyn|string)$/.test(name) ? text : null;
  }
  if (op === 'rcall') {
    const [change, text] = [CHANGES.get(args[0]), literalText(args[1])];
    return change && text !== null ? change(text) : null;
  }
  const parts = op === '+' ? args.map(literalText) : [null];
  return parts.includes(null) ? null : parts.join('');
}

interface Compared {
  readonly other: ASTNode;
  /** It may be a text that is written out. */
  readonly literal: ASTNode;
  /** In a list or a map that is compared whole, or that a macro goes through. */
  readonly isInside: boolean;
}

/** What the node compares with what, by `==`, `in`, `contains()` or a macro over a list that is written out. */
function comparedAt(node: ASTNode): readonly Compared[] {
  const textsNextTo = (other: ASTNode) => (literal: ASTNode) => textsAt(literal, other);
  if (node.op === 'rcall' && /^(?:contains|startsWith|endsWith)$/.test(node.args[0]))
    return node.args[2].flatMap(textsNextTo(node.args[1]));
  if (node.op === 'rcall' && MACROS.has(node.args[0]))
    return node.args[1].op === 'list' ? textsAt(node.args[1], node.args[1]) : [];
  if (!EQUALITIES.has(node.op) && node.op !== 'in') return [];
  const [left, right] = node.args as [ASTNode, ASTNode];
  const isSearch = node.op === 'in' && (right.op === 'list' || right.op === 'map');
  const searched = isSearch ? right.args.map((one) => (Array.isArray(one) ? one[0] : one)) : [right];
  return [...searched.flatMap(textsNextTo(left)), ...textsAt(left, right)];
}

/** The literal, or what a list, a map, an index or a `? :` that is written out may have in its place. */
function textsAt(literal: ASTNode, other: ASTNode, isInside = false): readonly Compared[] {
  const inside = (nodes: readonly ASTNode[]) => nodes.flatMap((one) => textsAt(one, other, true));
  if (literal.op === 'list') return inside(literal.args);
  if (literal.op === 'map') return inside(literal.args.map(([, value]) => value));
  if (literal.op === '[]') return literal.args[0].op === 'id' ? [] : inside([literal.args[0]]);
  if (literal.op === '?:') return literal.args.slice(1).flatMap((one) => textsAt(one, other, isInside));
  return [{ other, literal, isInside }];
}

const trim = (text: string) => CHANGES.get('trim')?.(text) ?? text;
const quoted = (text: string) => JSON.stringify(text).replaceAll(UNSEEN, escaped);

/** An escape means the character that it encodes. */
const isEscaped = ({ input, start, end }: ASTNode) => input.slice(start, end).includes('\\');

const isDayCall = (node: ASTNode) => node.op === 'call' && node.args[0] === 'day';

/** What `day()` gives is never equal to it, nor ordered against it. */
function noDay(call: ASTNode, literal: ASTNode, text: string): ConditionError {
  const day = dayOf(trim(text));
  return new ConditionError(
    `${sourceOf(call)} is a day such as "2026-05-01", and ${sourceOf(literal)} is none`,
    day === null ? 'a day is written "2026-05-01"' : `write ${quoted(day)}`,
    literal.pos,
  );
}

/** Nothing, blanks or dots; one point alone may be meant, and so is what is written as an escape. */
const LEFT_OVER = /^(?!\.$)[ .…]*$/;

/** Refuses a key twice, a text that is left over, or that what it is compared with can never be. @throws ConditionError */
export function rejectLiterals(node: ASTNode): void {
  const keys = node.op === 'map' ? node.args.map(([key]) => key).filter(({ op }) => op === 'value') : [];
  const twice = keys.find((key, at) => keys.findIndex(({ args }) => args === key.args) < at);
  if (twice)
    throw new ConditionError(`the key ${sourceOf(twice)} stands twice`, 'take one of them away', twice.pos);
  const isMacro = node.op === 'rcall' && MACROS.has(node.args[0]);
  const searched = isMacro || node.op === 'in' ? node.args[1] : null;
  if ((searched?.op === 'list' || searched?.op === 'map') && searched.args.length === 0)
    throw new ConditionError(
      'an empty list has no items: a `${{ … }}` that is not set leaves one',
      'write between its brackets what is meant, ["a", "b"]',
      searched.pos,
    );
  const by = node.op === 'rcall' ? `${node.args[0]}()` : node.op;
  const compared = comparedAt(node).map((one) => ({ ...one, text: literalText(one.literal) }));
  const isAnyText = compared.some(({ text }) => text !== null && text.trim() !== '');
  for (const { other, literal, isInside, text } of compared) {
    if (text === null) continue;
    const isBlank = text.trim() === '';
    const isAmong = isBlank && by === 'in' && isAnyText && !isInside;
    const isLeftOver = (one: string) => LEFT_OVER.test(one) && !isAmong;
    const changed = isInside ? text : changedBy(other, text, by);
    let hint = `write ${quoted(changed)}`;
    if (isLeftOver(changed))
      hint =
        EQUALITIES.has(by) && changed === '' && !isInside
          ? `if empty is meant, write size(${sourceOf(other)}) ${by} 0`
          : 'write the text that is meant; where blanks or dots are, their escapes: "\\u0020", "\\u002e"';
    if (isLeftOver(text) && !isEscaped(literal))
      throw new ConditionError(
        isBlank
          ? `"${by}" meets ${text === '' ? 'an empty' : 'a blank'} text: a \`\${{ … }}\` that is not set leaves one`
          : 'a text of dots is left over from an example',
        hint,
        literal.pos,
      );
    if (EQUALITIES.has(by) || by === 'in') {
      if (isDayCall(other) && !isInside && !isDay(text)) throw noDay(other, literal, text);
      if (trim(changed) !== changed && !isEscaped(literal))
        throw new ConditionError(
          `"${by}" meets a text with blanks around it: a \`\${{ … }}\` that is not set leaves one`,
          `write ${quoted(trim(changed))}; where the blank is meant, its escape: "\\u0020"`,
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

/** Functions that make a text of their operand. */
const isTextMade = (node: ASTNode) =>
  node.op === '+' ||
  (node.op === 'call' && /^(?:string|day)$/.test(node.args[0])) ||
  (node.op === 'rcall' && CHANGES.has(node.args[0]));

/**
 * Refuses a text that the condition makes of constants and does not write out, and the keys of a map that it makes: only the texts
 * that it writes are compared in every spelling. @throws ConditionError
 */
export function rejectMadeText(
  node: ASTNode,
  kind: ValueKind | null,
  shapeOf: (operand: ASTNode) => Shape,
): void {
  const operands = operandsOf(node);
  const [first] = operands;
  if (node.op === 'call' && node.args[0] === 'keys' && first && shapeOf(first).mayBeMade) {
    const keys = first.op === 'map' ? first.args.map(([key]) => sourceOf(key)).join(', ') : '"a", "b"';
    throw new ConditionError(
      `${sourceOf(first)} is a map that the condition makes: its keys are no keys of the outputs`,
      `write a list: [${keys}]`,
      first.pos,
    );
  }
  const isText = kind === null || kind === 'a text';
  if (!isText || !isTextMade(node) || literalText(node) !== null) return;
  if (!operands.every((one) => shapeOf(one).mayBeConstant)) return;
  throw new ConditionError(
    `${sourceOf(node)} makes a text of what the condition itself writes`,
    node.op === '+' ? 'write the whole text, each of several in a list' : 'write its value',
  );
}

function operandsOf(node: ASTNode): readonly ASTNode[] {
  if (node.op === 'call') return node.args[1];
  if (node.op === 'rcall') return [node.args[1], ...node.args[2]];
  return node.op === '+' ? node.args : [];
}

/** What the functions of the node make of a text, as far as `by` looks at it: the node's value is never a text that they change. */
function changedBy(node: ASTNode, text: string, by: string): string {
  const change = node.op === 'rcall' && CHANGES.get(node.args[0]);
  if (!change) return text;
  const inner = changedBy(node.args[1], text, by);
  if (node.args[0] !== 'trim' || !by.endsWith(')')) return change(inner);
  return by === 'startsWith()' ? inner.trimStart() : by === 'endsWith()' ? inner.trimEnd() : inner;
}

/** Refuses a text next to `<`, `<=`, `>` or `>=` that is not a date or a time, since texts have no order. @throws ConditionError */
export function rejectUnordered(node: ASTNode): void {
  const sides = node.args as [ASTNode, ASTNode];
  for (const [at, literal] of sides.entries()) {
    const other = sides[at === 0 ? 1 : 0];
    const text = literalText(literal);
    if (text === null) continue;
    const when = readWhen(text);
    if (when !== null && isDayCall(other) && when.day !== text) throw noDay(other, literal, text);
    if (when !== null) continue;
    const written = (value: string, by: string) =>
      (at === 0 ? [value, by] : [by, value]).join(` ${node.op} `);
    throw new ConditionError(
      `${sourceOf(literal)} has no order here: "${node.op}" orders texts only where both are days or times, written alike`,
      hintForOrder(text, sourceOf(other), written),
      literal.pos,
    );
  }
}

/** @param written writes the comparison of a value with the other side */
function hintForOrder(text: string, other: string, written: (value: string, by: string) => string): string {
  const trimmed = trim(text);
  const day = dayOf(trimmed);
  if (readWhen(trimmed) !== null) return `write ${quoted(trimmed)}`;
  if (day !== null) return `write ${written(quoted(day), `day(${other})`)}`;
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
  return `a severity is ordered by a map: write ${written('3', `{"low": 1, "high": 3}[${other}]`)}`;
}
