/**
 * Errors about conditions that compile but that their author cannot have meant, by the syntax tree. `literals.ts` has those about texts
 * in a condition. Pure.
 */
import { blankStrings } from './condition-errors.ts';
import { ConditionError, sourceOf, type ASTNode, type ValueKind } from './values.ts';

export const EQUALITIES: ReadonlySet<string> = new Set(['==', '!=']);
const RELATIONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'in']);

/** Are both operators within the same parentheses? The tree does not show parentheses. */
function isInSameParentheses(node: ASTNode, operand: ASTNode): boolean {
  const text = blankStrings(node.input);
  const depthAt = ({ op, start, args }: ASTNode) => {
    const [left, right] = (op === '!_' ? [] : args) as ASTNode[];
    const at = left && right ? left.end + text.slice(left.end, right.start).search(/[=!<>i]/) : start;
    return text.slice(0, at).split(/[([{]/).length - text.slice(0, at).split(/[)\]}]/).length;
  };
  return depthAt(node) === depthAt(operand);
}

/**
 * Rejects two comparisons in a row. CEL compares `a == b < c` from left to right, `(a == b) < c`, but the library does as most
 * languages, `a == (b < c)`.
 * @throws ConditionError
 */
export function rejectChain(node: ASTNode, isCondition: boolean): void {
  const rank = [EQUALITIES, RELATIONS].find((operators) => operators.has(node.op));
  if (!rank) return;
  const [op, [left, right]] = [node.op, node.args as [ASTNode, ASTNode]];
  if (rank === EQUALITIES && RELATIONS.has(right.op) && isInSameParentheses(node, right))
    throw new ConditionError(
      `"${op}" and "${right.op}" have the same precedence in CEL`,
      'put one comparison into parentheses',
      right.pos,
    );
  if (!isCondition) return;
  const name = sourceOf(left);
  const other = sourceOf(right);
  if (op === 'in' && left.op === '!_' && isInSameParentheses(node, left))
    throw new ConditionError('"!" applies only to the left side', `write !(${name.slice(1)} in ${other})`);
  if (rank.has(left.op) && isInSameParentheses(node, left))
    throw new ConditionError(
      `"${left.op}" and "${op}" are chained: the second compares the true or false of the first`,
      rank === EQUALITIES
        ? 'join two comparisons by &&, or put one into parentheses'
        : `write ${name} && ${sourceOf((left.args as [ASTNode, ASTNode])[1])} ${op} ${other}`,
    );
}

/** Maximum length of an expression in a hint, which is to be copied whole. */
const IN_HINTS = 300;

/** Functions of one value whose result is never null; the author probably asks about their argument. */
const CONVERSIONS: ReadonlySet<string> = new Set(['int', 'double', 'string', 'bool', 'day']);

/**
 * Returns the error about `== null` next to a part that is never null.
 * @param kind of the part's value; null: not known
 */
export function neverNullError(op: string, node: ASTNode, kind: ValueKind | null): ConditionError {
  const name = sourceOf(node, IN_HINTS);
  let hint = '';
  if (kind === null) hint = `only a value that the run wrote can be null: write outputs.x ${op} null`;
  else if (node.op === '!_') hint = `write !(${sourceOf(node.args, IN_HINTS)} ${op} null)`;
  else if (node.op === 'call' && CONVERSIONS.has(node.args[0]) && node.args[1][0])
    hint = `write ${sourceOf(node.args[1][0], IN_HINTS)} ${op} null`;
  else if (kind === 'a number') hint = `for empty, write ${name} ${op} 0`;
  else if (kind !== 'true or false') hint = `for empty, write size(${name}) ${op} 0`;
  const what = kind === null ? '' : `: it is ${kind}`;
  return new ConditionError(`${sourceOf(node)} is never null${what}`, hint, node.pos);
}

/**
 * Returns the error about `map` with two arguments used as a filter: it keeps every item, so its size and whether it is empty do
 * not depend on its body.
 * @param isCounted it is the argument of `size()`
 * @param isOfConditions its body is true or false
 */
export function keepsEveryItemError(
  node: ASTNode,
  isCounted: boolean,
  isOfConditions: boolean,
): ConditionError {
  const [subject, id, body] =
    node.op === 'rcall'
      ? [node.args[1], ...node.args[2]].map((one) => sourceOf(one, IN_HINTS))
      : ['', '', ''];
  const kept = `${subject}.filter(${id}, ${body})`;
  const counted = isOfConditions ? `count with filter: size(${kept})` : `write size(${subject})`;
  return new ConditionError('map() keeps every item', isCounted ? counted : `write ${kept}`, node.pos);
}
