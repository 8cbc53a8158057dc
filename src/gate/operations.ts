/**
 * The operations of a condition. Each refuses operands of other kinds, before the launch if they are known then, else during
 * evaluation. The library's evaluation is not used, because its `==` and `in` accept operands of mixed types, its `int("")` is 0
 * and its `matches` is a backtracking RegExp.
 */
import { isList, type JsonValue } from '../json.ts';
import { equal, equalAsRead, isEqual } from './equality.ts';
import type { Evaluation } from './evaluation.ts';
import { select } from './map-keys.ts';
import { ITEM, want, type AcceptedKinds } from './operand-kinds.ts';
import { readNumber } from './numbers.ts';
import { CHANGES } from './text-functions.ts';
import { dayOf, orderTexts } from './times.ts';
import { ConditionError, sourceOf, valueKindOf } from './values.ts';
import type { ASTNode, Call, Kinds, ValueKind } from './values.ts';

export interface Operation extends AcceptedKinds {
  /** What its value is; null: that depends. */
  readonly gives: ValueKind | null;
  readonly act: (args: readonly JsonValue[], call: Call, run: Evaluation) => JsonValue;
}

type Accepted<K> = { [I in keyof K]: K[I] extends readonly ValueKind[] ? Kinds[K[I][number]] : JsonValue };

function on<const K extends readonly (readonly ValueKind[] | null)[]>(
  takes: K,
  gives: ValueKind | null,
  act: (args: Accepted<K>, call: Call, run: Evaluation) => JsonValue,
  same = false,
): Operation {
  return { takes, gives, same, act: act as unknown as Operation['act'] };
}

const SCALARS = ['a number', 'a text', 'true or false'] as const;
const JOINED = ['a number', 'a text', 'a list'] as const;
const NUMERIC = ['a number', 'a text'] as const;
const TEXT = ['a text'] as const;
const TEXTS = [TEXT, TEXT] as const;

const operandsOf = ({ op, nodes }: Call) => nodes.map((one) => sourceOf(one)).join(` ${op} `);

function arithmetic(act: (a: number, b: number, call: Call) => number): Operation {
  return on([['a number'], ['a number']], 'a number', ([a, b], call) => exact(act(a, b, call), call));
}

function exact(number: number, call: Call): number {
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw new ConditionError(`${operandsOf(call)} is beyond 2^53, where numbers are not exact`);
}

function add(
  [a, b]: Accepted<readonly [typeof JOINED, typeof JOINED]>,
  call: Call,
  run: Evaluation,
): JsonValue {
  if (typeof a === 'number' && typeof b === 'number') return exact(a + b, call);
  run.allow(run.sizeOf(a) + run.sizeOf(b));
  return isList(a) && isList(b) ? [...a, ...b] : (a as string) + (b as string);
}

function comparison(holds: (sign: number) => boolean): Operation {
  return on(
    [SCALARS, SCALARS],
    'true or false',
    ([a, b], call) =>
      holds(typeof a === 'string' && typeof b === 'string' ? orderTexts(a, b, call) : Number(a) - Number(b)),
    true,
  );
}

function conversion(
  from: readonly ValueKind[],
  gives: ValueKind,
  to: (value: JsonValue) => JsonValue,
  hint = '',
) {
  return on([from], gives, ([a], { op, nodes }) => {
    const result = to(a);
    if (result !== null) return result;
    throw new ConditionError(`${sourceOf(nodes[0])} is ${valueKindOf(a)} that ${op} cannot convert`, hint);
  });
}

/** Its items, and those of the lists among them, so many levels deep. It is no larger than what `sizeOf` says of the list. */
function flattened(list: readonly JsonValue[], depth: number): JsonValue[] {
  const items: JsonValue[] = [];
  for (const item of list) {
    if (depth < 1 || !isList(item)) items.push(item);
    else for (const inner of flattened(item, depth - 1)) items.push(inner);
  }
  return items;
}

/** V8's search takes time with the product of both lengths, and no time limit can stop it. */
function contains(hay: string, needle: string): boolean {
  const step = Math.ceil(2 ** 28 / (needle.length + 1));
  for (let at = 0; at === 0 || at + needle.length <= hay.length; at += step)
    if (hay.slice(at, at + step + needle.length).includes(needle)) return true;
  return false;
}

const changing = ([name, change]: [string, (text: string) => string]) =>
  [`.${name}/1`, on([TEXT], 'a text', ([a]) => change(a))] as const;

/**
 * Operators; functions by name and number of operands, the receiver counted, with a point in front where there is one. What is
 * not here is refused before the launch.
 */
export const OPERATIONS: Readonly<Partial<Record<string, Operation>>> = {
  '==': on([null, null], 'true or false', ([a, b], call, run) => isEqual(a, b, call, run), true),
  '!=': on([null, null], 'true or false', ([a, b], call, run) => !isEqual(a, b, call, run), true),
  '== null': on([null, null], 'true or false', ([a, b]) => a === b),
  '!= null': on([null, null], 'true or false', ([a, b]) => a !== b),
  '!_': on([['true or false']], 'true or false', ([a]) => !a),
  '<': comparison((sign) => sign < 0),
  '<=': comparison((sign) => sign <= 0),
  '>': comparison((sign) => sign > 0),
  '>=': comparison((sign) => sign >= 0),
  in: on([null, ['a list', 'an object']], 'true or false', ([a, b], call, run) => {
    const [left, right] = call.nodes;
    // Goes to the end, so that an item of another type is found at any position.
    if (isList(b)) {
      const isThere = b.reduce<boolean>((found, item) => equal(a, item, call, ITEM) || found, false);
      // One that is there letter by letter decides.
      return isThere || b.some((item) => equalAsRead(a, item, call, run, ITEM));
    }
    const key = want('a text', a, 'a search for a key', left);
    if (left?.op !== 'value' && right?.op !== 'map')
      throw new ConditionError(
        `${sourceOf(right)} is an object, and "in" searches an object's keys`,
        `where keys are meant, write ${sourceOf(left)} in keys(${sourceOf(right)})`,
      );
    if (Object.hasOwn(b, key) || right?.op !== 'map') return Object.hasOwn(b, key);
    return Object.keys(b).some((one) => equalAsRead(key, one, call, run, ITEM));
  }),
  'in keys': on([TEXT, ['an object']], 'true or false', ([key, map]) => Object.hasOwn(map, key)),
  '+': on([JOINED, JOINED], null, add, true),
  '-': arithmetic((a, b) => a - b),
  '*': arithmetic((a, b) => a * b),
  '/': arithmetic((a, b, call) => {
    if (b === 0) throw new ConditionError(`${operandsOf(call)} is a division by zero`);
    // A gate on a share would get 0, because CEL truncates 1 / 5.
    if (call.nodes.every(isWhole) && a % b !== 0)
      throw new ConditionError(
        `${operandsOf(call)} is a division of integers`,
        'write double(…) / double(…)',
      );
    return a / b;
  }),
  '%': arithmetic((a, b, call) => {
    if (b !== 0 && Number.isInteger(a) && Number.isInteger(b)) return a % b;
    const what = b === 0 ? 'a division by zero' : 'no remainder of whole numbers';
    throw new ConditionError(`${operandsOf(call)} is ${what}`);
  }),
  '-_': on([['a number']], 'a number', ([a]) => -a),
  '[]': on([['a list', 'an object'], NUMERIC], null, ([a, at], { nodes: [node, key] }) => {
    if (!isList(a)) return select(a, want('a text', at, 'an index', key), node, key?.op === 'value');
    const item = a[want('a number', at, 'the index of a list', key)];
    if (item !== undefined) return item;
    throw new ConditionError(`${sourceOf(node)} has ${a.length} items and none at ${sourceOf(key)}`);
  }),
  'size/1': on([['a text', 'a list', 'an object']], 'a number', ([a]) =>
    // CEL counts characters, JavaScript halves of them.
    typeof a === 'string'
      ? a.replace(/[\ud800-\udbff][\udc00-\udfff]/g, ' ').length
      : isList(a)
        ? a.length
        : Object.keys(a).length,
  ),
  list: on([], 'a list', (items, _, run) => run.made(items)),
  'keys/1': on([['an object']], 'a list', ([a]) => Object.keys(a)),
  'dyn/1': on([null], null, ([a]) => a),
  'int/1': conversion(NUMERIC, 'a number', (a) =>
    typeof a === 'number' ? Math.trunc(a) : /^-?\d+$/.test(a as string) ? readNumber(a as string) : null,
  ),
  'double/1': conversion(NUMERIC, 'a number', (a) => (typeof a === 'number' ? a : readNumber(a as string))),
  'string/1': conversion(SCALARS, 'a text', String),
  'bool/1': conversion(['true or false', 'a text'], 'true or false', (a) =>
    a === true || a === 'true' ? true : a === false || a === 'false' ? false : null,
  ),
  'day/1': conversion(
    TEXT,
    'a text',
    (a) => dayOf(a as string),
    'a day is written 2026-12-31 or 31.12.2026, a time 2026-12-31T10:00:00Z',
  ),
  '.flatten/1': on([['a list']], 'a list', ([list], _, run) => run.made(flattened(list, 1))),
  '.flatten/2': on([['a list'], ['a number']], 'a list', ([list, depth], _, run) =>
    run.made(flattened(list, depth)),
  ),
  '.contains/2': on(TEXTS, 'true or false', ([text, part]) => contains(text, part)),
  '.startsWith/2': on(TEXTS, 'true or false', ([text, start]) => text.startsWith(start)),
  '.endsWith/2': on(TEXTS, 'true or false', ([text, end]) => text.endsWith(end)),
  ...Object.fromEntries([...CHANGES].map(changing)),
};

/** Whether its value is written as an integer; unknown for a number in the outputs. */
function isWhole(node: ASTNode): boolean {
  if (node.op === 'value') return typeof node.args === 'bigint';
  if (node.op === 'call' || node.op === 'rcall') return /^(?:size|int)$/.test(node.args[0]);
  return /^[-+*/%]$/.test(node.op) && (node.args as ASTNode[]).every(isWhole);
}
