/**
 * The operations of a condition. Each rejects operands of other kinds, before the launch if they are known then, else during
 * evaluation. The library's evaluation is not used, because its `==` and `in` accept operands of mixed types, its `int("")` is 0
 * and its `matches` is a backtracking RegExp.
 */
import { isList, type JsonValue } from '../json.ts';
import { isExactlyEqual, isEqualAsRead, isEqual } from './equality.ts';
import type { Evaluation } from './evaluation.ts';
import { selectKey } from './map-keys.ts';
import { ITEM, requireKind, type AcceptedKinds } from './operand-kinds.ts';
import { parseNumber } from './numbers.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { dayOf, orderTexts } from './times.ts';
import { abridge, ConditionError, parenthesize, sourceOf, valueKindOf } from './values.ts';
import type { ASTNode, Call, Kinds, ValueKind } from './values.ts';

export interface Operation extends AcceptedKinds {
  /** The kind of the result; null: depends on the operands. */
  readonly resultKind: ValueKind | null;
  readonly apply: (args: readonly JsonValue[], call: Call, evaluation: Evaluation) => JsonValue;
}

/** The values of the operands, typed by the kinds that are accepted; any value where all kinds are. */
type Accepted<K> = { [I in keyof K]: K[I] extends readonly ValueKind[] ? Kinds[K[I][number]] : JsonValue };

/** Builds an operation whose `apply` gets operands that are typed by `operandKinds` (null: any kind). */
function defineOperation<const K extends readonly (readonly ValueKind[] | null)[]>(
  operandKinds: K,
  resultKind: ValueKind | null,
  apply: (args: Accepted<K>, call: Call, evaluation: Evaluation) => JsonValue,
  mustBeSameKind = false,
): Operation {
  return { operandKinds, resultKind, mustBeSameKind, apply: apply as unknown as Operation['apply'] };
}

const SCALARS = ['a number', 'a text', 'true or false'] as const;
const JOINED = ['a number', 'a text', 'a list'] as const;
const NUMERIC = ['a number', 'a text'] as const;
const TEXT = ['a text'] as const;
const TEXTS = [TEXT, TEXT] as const;

/** Returns the call as it is written: "a + b". */
const formatOperands = ({ op, nodes }: Call) =>
  nodes.map((one) => abridge(parenthesize(one), 60)).join(` ${op} `);

/** Builds an operation on two numbers; a result beyond 2^53 is an error. */
function defineArithmetic(calculate: (a: number, b: number, call: Call) => number): Operation {
  return defineOperation([['a number'], ['a number']], 'a number', ([a, b], call) =>
    requireExact(calculate(a, b, call), call),
  );
}

/** Returns the number. @throws ConditionError beyond 2^53, where numbers are not exact */
function requireExact(number: number, call: Call): number {
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw new ConditionError(`${formatOperands(call)} is beyond 2^53, where numbers are not exact`);
}

/** Adds numbers, joins texts, or joins lists. */
function add(
  [a, b]: Accepted<readonly [typeof JOINED, typeof JOINED]>,
  call: Call,
  evaluation: Evaluation,
): JsonValue {
  if (typeof a === 'number' && typeof b === 'number') return requireExact(a + b, call);
  evaluation.checkSize(evaluation.sizeOf(a) + evaluation.sizeOf(b));
  return isList(a) && isList(b) ? [...a, ...b] : (a as string) + (b as string);
}

/** Builds `<`, `<=`, `>` or `>=`. @param holds of the sign: negative where the left operand comes first */
function defineComparison(holds: (sign: number) => boolean): Operation {
  return defineOperation(
    [SCALARS, SCALARS],
    'true or false',
    ([a, b], call) =>
      holds(typeof a === 'string' && typeof b === 'string' ? orderTexts(a, b, call) : Number(a) - Number(b)),
    true,
  );
}

/** Builds a function that converts one value. @param to returns null where the value cannot be converted, which is an error */
function defineConversion(
  from: readonly ValueKind[],
  gives: ValueKind,
  to: (value: JsonValue) => JsonValue,
  hint = '',
) {
  return defineOperation([from], gives, ([a], { op, nodes }) => {
    const result = to(a);
    if (result !== null) return result;
    throw new ConditionError(`${sourceOf(nodes[0])} is ${valueKindOf(a)} that ${op} cannot convert`, hint);
  });
}

/**
 * Returns the items of the list, with lists among them replaced by their items, `depth` levels deep. The result is never larger
 * than `sizeOf` of the list.
 */
function flattenList(list: readonly JsonValue[], depth: number): JsonValue[] {
  const items: JsonValue[] = [];
  for (const item of list) {
    if (depth < 1 || !isList(item)) items.push(item);
    else for (const inner of flattenList(item, depth - 1)) items.push(inner);
  }
  return items;
}

/**
 * Does the text contain `part`? Searches a part at a time: V8's search takes time with the product of both lengths, and no time
 * limit can stop it.
 */
function contains(text: string, part: string): boolean {
  const step = Math.ceil(2 ** 28 / (part.length + 1));
  for (let at = 0; at === 0 || at + part.length <= text.length; at += step)
    if (text.slice(at, at + step + part.length).includes(part)) return true;
  return false;
}

/** Builds the entry for a function that changes a text, such as `lowerAscii`. */
const defineTextFunction = ([name, change]: [string, (text: string) => string]) =>
  [`.${name}/1`, defineOperation([TEXT], 'a text', ([a]) => change(a))] as const;

/**
 * By key: an operator, or "name/number of operands" of a function, with a point in front where it is called on its first operand.
 * A call without an entry is rejected before the launch.
 */
export const OPERATIONS: Readonly<Partial<Record<string, Operation>>> = {
  '==': defineOperation(
    [null, null],
    'true or false',
    ([a, b], call, evaluation) => isEqual(a, b, call, evaluation),
    true,
  ),
  '!=': defineOperation(
    [null, null],
    'true or false',
    ([a, b], call, evaluation) => !isEqual(a, b, call, evaluation),
    true,
  ),
  '== null': defineOperation([null, null], 'true or false', ([a, b]) => a === b),
  '!= null': defineOperation([null, null], 'true or false', ([a, b]) => a !== b),
  '!_': defineOperation([['true or false']], 'true or false', ([a]) => !a),
  '<': defineComparison((sign) => sign < 0),
  '<=': defineComparison((sign) => sign <= 0),
  '>': defineComparison((sign) => sign > 0),
  '>=': defineComparison((sign) => sign >= 0),
  in: defineOperation([null, ['a list', 'an object']], 'true or false', ([a, b], call, evaluation) => {
    const [left, right] = call.nodes;
    // Compares every item, so that one of another kind is found at any position.
    if (isList(b)) {
      const isThere = b.reduce<boolean>((found, item) => isExactlyEqual(a, item, call, ITEM) || found, false);
      // An exactly equal item decides, before near texts count.
      return isThere || b.some((item) => isEqualAsRead(a, item, call, evaluation, ITEM));
    }
    const key = requireKind('a text', a, 'a search for a key', left);
    if (left?.op !== 'value' && right?.op !== 'map')
      throw new ConditionError(
        `${sourceOf(right)} is an object, and "in" searches an object's keys`,
        `where keys are meant, write ${sourceOf(left)} in keys(${sourceOf(right)})`,
      );
    if (Object.hasOwn(b, key) || right?.op !== 'map') return Object.hasOwn(b, key);
    return Object.keys(b).some((one) => isEqualAsRead(key, one, call, evaluation, ITEM));
  }),
  'in keys': defineOperation([TEXT, ['an object']], 'true or false', ([key, map]) => Object.hasOwn(map, key)),
  '+': defineOperation([JOINED, JOINED], null, add, true),
  '-': defineArithmetic((a, b) => a - b),
  '*': defineArithmetic((a, b) => a * b),
  '/': defineArithmetic((a, b, call) => {
    if (b === 0) throw new ConditionError(`${formatOperands(call)} is a division by zero`);
    // CEL truncates 1 / 5 to 0, so a gate on a share would never hold.
    if (call.nodes.every(isWrittenAsInteger) && a % b !== 0)
      throw new ConditionError(
        `${formatOperands(call)} is a division of integers`,
        'write double(…) / double(…)',
      );
    return a / b;
  }),
  '%': defineArithmetic((a, b, call) => {
    if (b !== 0 && Number.isInteger(a) && Number.isInteger(b)) return a % b;
    const what = b === 0 ? 'a division by zero' : 'a remainder of fractions';
    throw new ConditionError(`${formatOperands(call)} is ${what}`);
  }),
  '-_': defineOperation([['a number']], 'a number', ([a]) => -a),
  '[]': defineOperation([['a list', 'an object'], NUMERIC], null, ([a, at], { nodes: [node, key] }) => {
    if (!isList(a))
      return selectKey(a, requireKind('a text', at, 'an index', key), node, key?.op === 'value');
    const item = a[requireKind('a number', at, 'the index of a list', key)];
    if (item !== undefined) return item;
    throw new ConditionError(`${sourceOf(node)} has ${a.length} items and none at ${sourceOf(key)}`);
  }),
  'size/1': defineOperation([['a text', 'a list', 'an object']], 'a number', ([a]) =>
    // CEL counts code points, JavaScript UTF-16 units.
    typeof a === 'string'
      ? a.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ' ').length
      : isList(a)
        ? a.length
        : Object.keys(a).length,
  ),
  list: defineOperation([], 'a list', (items, _, evaluation) => evaluation.checkMade(items)),
  'keys/1': defineOperation([['an object']], 'a list', ([a]) => Object.keys(a)),
  'dyn/1': defineOperation([null], null, ([a]) => a),
  'int/1': defineConversion(NUMERIC, 'a number', (a) =>
    typeof a === 'number' ? Math.trunc(a) : /^-?\d+$/.test(a as string) ? parseNumber(a as string) : null,
  ),
  'double/1': defineConversion(NUMERIC, 'a number', (a) =>
    typeof a === 'number' ? a : parseNumber(a as string),
  ),
  'string/1': defineConversion(SCALARS, 'a text', String),
  'bool/1': defineConversion(['true or false', 'a text'], 'true or false', (a) =>
    a === true || a === 'true' ? true : a === false || a === 'false' ? false : null,
  ),
  'day/1': defineConversion(
    TEXT,
    'a text',
    (a) => dayOf(a as string),
    'a day is written 2026-12-31 or 31.12.2026, a time 2026-12-31T10:00:00Z',
  ),
  '.flatten/1': defineOperation([['a list']], 'a list', ([list], _, evaluation) =>
    evaluation.checkMade(flattenList(list, 1)),
  ),
  '.flatten/2': defineOperation([['a list'], ['a number']], 'a list', ([list, depth], _, evaluation) =>
    evaluation.checkMade(flattenList(list, depth)),
  ),
  '.contains/2': defineOperation(TEXTS, 'true or false', ([text, part]) => contains(text, part)),
  '.startsWith/2': defineOperation(TEXTS, 'true or false', ([text, start]) => text.startsWith(start)),
  '.endsWith/2': defineOperation(TEXTS, 'true or false', ([text, end]) => text.endsWith(end)),
  ...Object.fromEntries([...TEXT_FUNCTIONS].map(defineTextFunction)),
};

/**
 * Does the expression give an integer by its form (a literal, `size()`, `int()`, or arithmetic of these)? Of a number in the
 * outputs nothing is known.
 */
function isWrittenAsInteger(node: ASTNode): boolean {
  if (node.op === 'value') return typeof node.args === 'bigint';
  if (node.op === 'call' || node.op === 'rcall') return /^(?:size|int)$/.test(node.args[0]);
  return /^[-+*/%]$/.test(node.op) && (node.args as ASTNode[]).every(isWrittenAsInteger);
}
