/** Checks the kinds of operands, and describes the errors about wrong ones. Pure. */
import { isJsonObject, type JsonValue } from '../json.ts';
import { toExactNumber, parseNumber } from './numbers.ts';
import { ConditionError, describeKeys, sourceOf, valueKindOf } from './values.ts';
import type { ASTNode, Call, Kinds, ValueKind } from './values.ts';

/** What an operation requires of its operands. */
export interface AcceptedKinds {
  /** The accepted kinds of each operand; null: any. */
  readonly operandKinds: readonly (readonly ValueKind[] | null)[];
  /** Both operands must be of one kind. */
  readonly mustBeSameKind: boolean;
}

/**
 * Checks the kinds of the operands.
 * @param kinds of each operand; null: not known yet, which is accepted
 * @param args the values, where they are known: they make the hint more precise
 * @throws ConditionError an operand has a wrong kind, or two kinds do not go together
 */
export function checkKinds(
  { operandKinds, mustBeSameKind }: AcceptedKinds,
  call: Call,
  kinds: readonly (ValueKind | null)[],
  args: readonly JsonValue[] = [],
): void {
  const [a = null, b = null] = kinds;
  if (mustBeSameKind && a !== null && b !== null && a !== b) throw mixedKindsError(call, a, b, WHOLE, args);
  for (let at = 0; at < kinds.length; at++) {
    const kind = kinds[at] ?? null;
    const accepted = operandKinds[at] ?? null;
    if (kind !== null && accepted?.includes(kind) === false)
      throw wrongKindError(kind, accepted, call.op, call.nodes[at], args[at]);
  }
}

/** Words that precede each operand's name where a part of it is meant. */
export type Where = readonly [left: string, right: string];
export const WHOLE: Where = ['', ''];
export const INSIDE: Where = ['a value in ', 'a value in '];
export const ITEM: Where = ['', 'an item of '];

/**
 * Returns the error about two operands of different kinds, or about a null, with its hint.
 * @param values empty: not known yet
 */
export function mixedKindsError(
  call: Call,
  a: ValueKind,
  b: ValueKind,
  where = WHOLE,
  values: readonly JsonValue[] = [],
): ConditionError {
  const { op, nodes } = call;
  const [x, y] = nodes.map((one) => sourceOf(one));
  const does = /^(?:[=!<>]=?|in)$/.test(op) ? 'does not compare them' : 'does not take both';
  const sides = `${where[0]}${x ?? ''} is ${a} and ${where[1]}${y ?? ''} is ${b}`;
  const { at, hint } = hintForMixedKinds(call, [a, b], where, values);
  const subject = at === null || where === INSIDE ? null : (nodes[at] ?? null);
  const says = subject ? `is ${[a, b][at ?? 0] ?? ''}` : sides;
  return new ConditionError(`${sides}: "${op}" ${does}`, hint, null, { brief: { subject, says, hint } });
}

/** Returns the hint, and the operand that it is about; `at` null: it is about both. */
function hintForMixedKinds(
  { op, nodes }: Call,
  kinds: readonly [ValueKind, ValueKind],
  where: Where,
  values: readonly JsonValue[],
): { readonly at: 0 | 1 | null; readonly hint: string } {
  const [left, right] = nodes;
  const atOf = (kind: ValueKind): 0 | 1 | null => (kinds[0] === kind ? 0 : kinds[1] === kind ? 1 : null);
  const nullAt = atOf('null');
  const listAt = atOf('a list');
  const textAt = atOf('a text');
  const numberAt = atOf('a number');
  if (nullAt !== null)
    return {
      at: nullAt,
      hint: `where null is allowed, write ${nullAt === 0 ? sourceOf(left) : 'x'} == null`,
    };
  if (listAt !== null && numberAt !== null)
    return { at: listAt, hint: `write size(${sourceOf(nodes[listAt])})` };
  if (textAt === 1 && where === ITEM) return { at: 0, hint: `write string(${sourceOf(left)})` };
  const text = textAt === null || (textAt === 1 && where !== WHOLE) ? undefined : nodes[textAt];
  if (!text) return { at: null, hint: '' };
  if (text.op === 'value') {
    const literal = text.args as string;
    const isBare = (numberAt === null ? /^(?:true|false)$/ : /^-?\d{1,15}(?:\.\d+)?$/).test(literal);
    // No condition begins with `-`.
    const isFirst = text.start === 0 && literal.startsWith('-');
    const bare = isFirst ? `write (${literal})` : `write ${sourceOf(text)} without its quotes`;
    return { at: null, hint: isBare ? bare : '' };
  }
  if (numberAt === null) return { at: null, hint: '' };
  const value = values[textAt ?? 0];
  const name = sourceOf(text);
  if (typeof value !== 'string' || parseNumber(value) !== null)
    return { at: textAt, hint: `write int(${name}) or double(${name})` };
  const number = numberAt === 0 ? left : right;
  const isLiteral = number?.op === 'value' && where === WHOLE;
  if (isLiteral && /^[=!]=$/.test(op)) return { at: textAt, hint: `compare it with '${sourceOf(number)}'` };
  if (where === WHOLE && /^[<>]=?$/.test(op))
    return {
      at: textAt,
      hint: `it is not a number: order a severity by a map, {"low": 1, "high": 3}[${name}]`,
    };
  return { at: textAt, hint: 'it is not a number: compare it with texts' };
}

/**
 * Returns the error about a value of a kind that the operator or function does not accept.
 * @param by the operator, or the function as "name()"
 */
export function wrongKindError(
  kind: ValueKind,
  accepted: readonly ValueKind[],
  by: string,
  node?: ASTNode,
  value?: JsonValue,
) {
  let hint = '';
  if (kind === 'a list' && accepted.includes('true or false'))
    hint =
      'a list counts as true only as a whole condition: write size(…) > 0, or exists() in place of filter()';
  else if (kind === 'a text' && /^(?:&&|\|\|)$/.test(by))
    hint = `repeat the comparison: outputs.x == "a" ${by} outputs.x == "b"`;
  const takes = `${/^(?:\W+|in)$/.test(by) ? `"${by}"` : by} takes ${accepted.join(' or ')}`;
  const says = `is ${kind}, and ${takes}`;
  const brief = { subject: node ?? null, says, hint };
  return new ConditionError(
    `${sourceOf(node)} ${says}`,
    isJsonObject(value) ? describeKeys(value) : hint,
    null,
    {
      brief,
    },
  );
}

/**
 * Returns the value, if it is of the kind; a number as a JavaScript number.
 * @throws ConditionError it is of another kind
 */
export function requireKind<K extends ValueKind>(
  kind: K,
  value: JsonValue,
  by: string,
  node?: ASTNode,
): Kinds[K] {
  if (valueKindOf(value) !== kind) throw wrongKindError(valueKindOf(value), [kind], by, node, value);
  return (kind === 'a number' ? toExactNumber(value as number, node) : value) as Kinds[K];
}
