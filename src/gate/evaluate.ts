/**
 * The operations of a condition. Each refuses operands of other kinds, before the launch if they are known then, else during
 * evaluation. The library's evaluation is not used, because its `==` and `in` accept operands of mixed types, its `int("")` is 0
 * and its `matches` is a backtracking RegExp.
 */
import { isDay, joined } from '../text/words.ts';
import { isJsonObject, isList, type ExactNumber, type JsonObject, type JsonValue } from '../json.ts';
import type { Evaluation } from './evaluation.ts';
import { describeWayOut } from './near-text-hints.ts';
import { CHANGES } from './texts.ts';
import { dayOf, isEqualityUnclear, orderTexts } from './times.ts';
import { abridged, asCode, Complaint, keysOf, nearKey, quotedKey, sourceOf, valueKindOf } from './values.ts';
import type { ASTNode, Call, Kinds, ValueKind } from './values.ts';

export interface Operation {
  /** What each operand may be; null: anything. */
  readonly takes: readonly (readonly ValueKind[] | null)[];
  /** Must both operands be of one kind? */
  readonly same: boolean;
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

/** @throws Complaint where operands of these kinds do not go together; null: not known yet */
export function checkKinds(
  { takes, same }: Pick<Operation, 'takes' | 'same'>,
  call: Call,
  kinds: readonly (ValueKind | null)[],
  args: readonly JsonValue[] = [],
): void {
  const [a = null, b = null] = kinds;
  if (same && a !== null && b !== null && a !== b) throw mixed(call, a, b, WHOLE, args);
  for (let at = 0; at < kinds.length; at++) {
    const [kind = null, accepted = null] = [kinds[at], takes[at]];
    if (kind !== null && accepted?.includes(kind) === false)
      throw wrongKind(kind, accepted, call.op, call.nodes[at], args[at]);
  }
}

/** The words before each operand's name, if a part of it is meant. */
type Where = readonly [left: string, right: string];
const WHOLE: Where = ['', ''];
const INSIDE: Where = ['a value in ', 'a value in '];
const ITEM: Where = ['', 'an item of '];

/** The number that JavaScript has for it. @throws Complaint beyond 2^53, and where a digit of its source text would be lost */
function numberOf(value: number | ExactNumber, node: ASTNode | undefined, where = ''): number {
  const source = typeof value === 'number' ? '' : value.rawJSON;
  const number = typeof value === 'number' ? value : Number(source);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER)
    throw new Complaint(
      `${where}${sourceOf(node)} is a number beyond 2^53, and those are not told apart`,
      'let the workflow write an ID as a text',
    );
  if (losesDigits(source, number))
    throw new Complaint(
      `${where}${sourceOf(node)} is a number that cannot be compared without losing digits`,
      'let the workflow round it',
    );
  return number;
}

/** So many digits each number keeps. */
const EXACT_DIGITS = 15;
/** More than `toPrecision` prints. */
const MAX_PRINTED_DIGITS = 100;

/** The digits of a decimal number without zeros before and after them, and the power of ten behind the first. */
function decimal(source: string): readonly [digits: string, power: number] {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d*)\.?(\d*)(?:[eE](.*))?$/.exec(source) ?? [];
  const all = whole + fraction;
  const zeros = /^0*/.exec(all)?.[0].length ?? 0;
  return [all.slice(zeros).replace(/0+$/, ''), Number(exponent) + whole.length - zeros];
}

/** Does the number, printed with as many digits as its source text has, have other digits? */
export function losesDigits(source: string, number: number): boolean {
  if (source.length <= EXACT_DIGITS && !/[eE]/.test(source)) return false;
  const [digits, power] = decimal(source);
  if (digits === '') return false;
  if (digits.length > MAX_PRINTED_DIGITS) return true;
  const [kept, keptPower] = decimal(number.toPrecision(digits.length));
  return kept !== digits || keptPower !== power;
}

/**
 * The complaint about two operands of different kinds, or with a null, and its remedy.
 * @param values where they are known
 */
function mixed(
  call: Call,
  a: ValueKind,
  b: ValueKind,
  where = WHOLE,
  values: readonly JsonValue[] = [],
): Complaint {
  const { op, nodes } = call;
  const [x, y] = nodes.map((one) => sourceOf(one));
  const does = /^(?:[=!<>]=?|in)$/.test(op) ? 'does not compare them' : 'does not take both';
  const sides = `${where[0]}${x ?? ''} is ${a} and ${where[1]}${y ?? ''} is ${b}`;
  const { at, hint } = wayOutOfMixed(call, [a, b], where, values);
  const subject = at === null || where === INSIDE ? null : (nodes[at] ?? null);
  const says = subject ? `is ${[a, b][at ?? 0] ?? ''}` : sides;
  return new Complaint(`${sides}: "${op}" ${does}`, hint, null, { brief: { subject, says, hint } });
}

/** What to write, and which operand it is about; null: about both. */
function wayOutOfMixed(
  { op, nodes }: Call,
  kinds: readonly [ValueKind, ValueKind],
  where: Where,
  values: readonly JsonValue[],
): { readonly at: 0 | 1 | null; readonly hint: string } {
  const [left, right] = nodes;
  const atOf = (kind: ValueKind): 0 | 1 | null => (kinds[0] === kind ? 0 : kinds[1] === kind ? 1 : null);
  const [nullAt, listAt, textAt, numberAt] = [atOf('null'), atOf('a list'), atOf('a text'), atOf('a number')];
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
  if (typeof value !== 'string' || readNumber(value) !== null)
    return { at: textAt, hint: `write int(${name}) or double(${name})` };
  const number = numberAt === 0 ? left : right;
  const isLiteral = number?.op === 'value' && where === WHOLE;
  if (isLiteral && /^[=!]=$/.test(op)) return { at: textAt, hint: `compare it with '${sourceOf(number)}'` };
  if (where === WHOLE && /^[<>]=?$/.test(op))
    return {
      at: textAt,
      hint: `it is no number: a severity is ordered by a map, {"low": 1, "high": 3}[${name}]`,
    };
  return { at: textAt, hint: 'it is no number: compare it with texts' };
}

/** Compares all parts of both sides, so that mixed kinds are found at any position. */
function equal(a: JsonValue, b: JsonValue, call: Call, where = WHOLE): boolean {
  const kind = valueKindOf(a);
  if (kind !== valueKindOf(b) || kind === 'null') throw mixed(call, kind, valueKindOf(b), where, [a, b]);
  const { nodes } = call;
  if (kind === 'a number')
    return numberOf(a as number, nodes[0], where[0]) === numberOf(b as number, nodes[1], where[1]);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  let same = keys.length === Object.keys(b).length;
  for (const key of keys)
    if (!Object.hasOwn(b, key)) same = false;
    else same = equal((a as JsonObject)[key] ?? null, (b as JsonObject)[key] ?? null, call, INSIDE) && same;
  return same;
}

/**
 * The pairs of texts that alone keep two values of one kind from being equal; null: something else does.
 * @param pairs is filled
 */
function unequalTexts(
  a: JsonValue,
  b: JsonValue,
  call: Call,
  pairs: [string, string][] = [],
): typeof pairs | null {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a !== b) pairs.push([a, b]);
    return pairs;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || valueKindOf(a) === 'a number')
    return equal(a, b, call) ? pairs : null;
  const keys = Object.keys(a ?? {});
  if (keys.length !== Object.keys(b ?? {}).length) return null;
  for (const key of keys) {
    const [one, other] = [(a as JsonObject)[key] ?? null, (b as JsonObject)[key] ?? null];
    if (!Object.hasOwn(b ?? {}, key) || unequalTexts(one, other, call, pairs) === null) return null;
  }
  return pairs;
}

/**
 * Whether two values that differ letter by letter are equal in meaning. Texts similar to one in the condition are equal if they
 * are read so.
 * @throws Complaint if it is undecidable: a date never equals a time, and one moment has different texts in different zones
 */
function equalAsRead(a: JsonValue, b: JsonValue, call: Call, run: Evaluation, where = WHOLE): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    if (isEqualityUnclear(a, b)) throw unclearEquality([a, b], call, where);
    const literal = run.near?.literalOf(a, b) ?? null;
    return literal !== null && readNear([a, b], [[a, b, literal]], call, run, where);
  }
  const pairs = unequalTexts(a, b, call) ?? [];
  const unclear = pairs.find(([one, other]) => isEqualityUnclear(one, other));
  if (unclear) throw unclearEquality(unclear, call, INSIDE);
  const near = pairs.map(([one, other]) => [one, other, run.near?.literalOf(one, other) ?? null] as const);
  const known = near.flatMap(([one, other, literal]) =>
    literal === null ? [] : [[one, other, literal] as const],
  );
  return near.length > 0 && known.length === near.length && readNear([a, b], known, call, run, INSIDE);
}

/** Notes the near pairs that alone keep the values from being equal. Are they all read as equal? */
function readNear(
  values: readonly [JsonValue, JsonValue],
  pairs: readonly (readonly [string, string, string])[],
  call: Call,
  run: Evaluation,
  where: Where,
): boolean {
  const item = run.itemInSight();
  for (const [a, b, literal] of pairs) {
    const text = a === literal ? b : a;
    const literalAt = a === literal ? 0 : 1;
    const describe = () => ({
      name: `${where[1 - literalAt] ?? ''}${sourceOf(call.nodes[1 - literalAt])}`,
      item: item(),
      ...describeWayOut(call, { literal, text, literalAt, values }),
    });
    run.near?.meet({ literal, text, describe });
  }
  return pairs.every(([, , literal]) => run.near?.isReadAsEqual(literal));
}

function unclearEquality(texts: readonly string[], { op, nodes }: Call, where: Where): Complaint {
  const kinds = texts.map((text) => (isDay(text) ? 'a day' : 'a time'));
  const names = nodes.map((one) => sourceOf(one));
  const [x = '', y = ''] = names.map((name, at) => `${where[at] ?? ''}${name}`);
  const days = names.map((name, at) => (kinds[at] === 'a day' ? name : `day(${name})`));
  const isPlain = where !== INSIDE && !(op === 'in' && kinds[1] === 'a time');
  return new Complaint(
    kinds[0] === kinds[1]
      ? `${x} and ${y} are one moment, written in two ways: "${op}" compares letters`
      : `${x} is ${kinds[0] ?? ''} and ${y} is ${kinds[1] ?? ''}: "${op}" compares letters`,
    isPlain ? `write ${days.join(` ${op} `)}` : 'compare the days: day(…)',
  );
}

export function wrongKind(
  kind: ValueKind,
  taken: readonly ValueKind[],
  by: string,
  node?: ASTNode,
  value?: JsonValue,
) {
  let hint = '';
  if (kind === 'a list' && taken.includes('true or false'))
    hint =
      'a list holds by itself only as a whole condition: write size(…) > 0, or exists() in place of filter()';
  else if (kind === 'a text' && /^(?:&&|\|\|)$/.test(by))
    hint = `repeat the comparison: outputs.x == "a" ${by} outputs.x == "b"`;
  const takes = `${/^(?:\W+|in)$/.test(by) ? `"${by}"` : by} takes ${taken.join(' or ')}`;
  const says = `is ${kind}, and ${takes}`;
  const brief = { subject: node ?? null, says, hint };
  return new Complaint(`${sourceOf(node)} ${says}`, isJsonObject(value) ? keysOf(value) : hint, null, {
    brief,
  });
}

/** The value, where it is of the kind; a number as JavaScript has it. */
export function want<K extends ValueKind>(kind: K, value: JsonValue, by: string, node?: ASTNode): Kinds[K] {
  if (valueKindOf(value) !== kind) throw wrongKind(valueKindOf(value), [kind], by, node, value);
  return (kind === 'a number' ? numberOf(value as number, node) : value) as Kinds[K];
}

/** The key and the node have what the author wrote; `isWritten` is `false` where the run wrote the key. */
export function select(
  value: JsonValue,
  key: string,
  node: ASTNode | undefined,
  isWritten = true,
): JsonValue {
  if (!isJsonObject(value)) throw missing(valueKindOf(value), key, node, isWritten);
  if (Object.hasOwn(value, key)) return value[key] ?? null;
  const near = nearKey(Object.keys(value), key);
  const has = near === undefined && isWritten ? hasHint(node, key) : '';
  const isShown = near !== undefined && isWritten && KEY_IN_HEADLINES.test(near);
  throw new Complaint(
    `${sourceOf(node)} has no key ${quotedKey(key)}`,
    joined('; ', keysOf(value, near), has),
    null,
    {
      brief: {
        subject: node ?? null,
        says: isWritten ? `has no key ${asCode(abridged(key, 40))}` : 'has no such key',
        hint: isShown ? `did you mean ${asCode(near)}?` : has,
      },
    },
  );
}

const KEY_IN_HEADLINES = /^[A-Za-z_][A-Za-z0-9_]{0,40}$/;

/** Only where no key is near: after a typo it would turn the gate off for good. */
function hasHint(node: ASTNode | undefined, key: string): string {
  const path = sourceOf(node);
  return /^[A-Za-z_][\w.]*$/.test(path) && /^[A-Za-z_]\w*$/.test(key)
    ? `has(${path}.${key}) asks whether it is there`
    : '';
}

export function missing(
  kind: ValueKind,
  key: string,
  node: ASTNode | undefined,
  isWritten = true,
): Complaint {
  const name = sourceOf(node);
  let hint = '';
  if (['length', 'size', 'count'].includes(key)) hint = `write size(${name})`;
  else if (kind === 'a list') hint = `write ${name}.filter(i, i.${abridged(key, 40)} …)`;
  const lacks = isWritten ? ` and has no key ${asCode(abridged(key, 40))}` : '';
  const says = `is ${kind}${hint === '' ? lacks : ''}`;
  return new Complaint(`${name} is ${kind} and has no key ${quotedKey(key)}`, hint, null, {
    brief: { subject: node ?? null, says, hint: isWritten ? hint : '' },
  });
}

const SCALARS = ['a number', 'a text', 'true or false'] as const;
const JOINED = ['a number', 'a text', 'a list'] as const;
const NUMERIC = ['a number', 'a text'] as const;
const TEXT = ['a text'] as const;
const TEXTS = [TEXT, TEXT] as const;

function isEqual(a: JsonValue, b: JsonValue, call: Call, run: Evaluation): boolean {
  return equal(a, b, call) || equalAsRead(a, b, call, run);
}

const operandsOf = ({ op, nodes }: Call) => nodes.map((one) => sourceOf(one)).join(` ${op} `);

function arithmetic(act: (a: number, b: number, call: Call) => number): Operation {
  return on([['a number'], ['a number']], 'a number', ([a, b], call) => exact(act(a, b, call), call));
}

function exact(number: number, call: Call): number {
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw new Complaint(`${operandsOf(call)} is beyond 2^53, where numbers are not exact`);
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
    throw new Complaint(`${sourceOf(nodes[0])} is ${valueKindOf(a)} that ${op} cannot convert`, hint);
  });
}

function readNumber(text: string): number | null {
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
  const number = isNumber ? Number(text) : NaN;
  const isExact =
    Math.abs(number) <= Number.MAX_SAFE_INTEGER && !losesDigits(text.replace(/^\+/, ''), number);
  return isExact ? number : null;
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
      throw new Complaint(
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
    if (b === 0) throw new Complaint(`${operandsOf(call)} is a division by zero`);
    // A gate on a share would get 0, because CEL truncates 1 / 5.
    if (call.nodes.every(isWhole) && a % b !== 0)
      throw new Complaint(`${operandsOf(call)} is a division of integers`, 'write double(…) / double(…)');
    return a / b;
  }),
  '%': arithmetic((a, b, call) => {
    if (b !== 0 && Number.isInteger(a) && Number.isInteger(b)) return a % b;
    const what = b === 0 ? 'a division by zero' : 'no remainder of whole numbers';
    throw new Complaint(`${operandsOf(call)} is ${what}`);
  }),
  '-_': on([['a number']], 'a number', ([a]) => -a),
  '[]': on([['a list', 'an object'], NUMERIC], null, ([a, at], { nodes: [node, key] }) => {
    if (!isList(a)) return select(a, want('a text', at, 'an index', key), node, key?.op === 'value');
    const item = a[want('a number', at, 'the index of a list', key)];
    if (item !== undefined) return item;
    throw new Complaint(`${sourceOf(node)} has ${a.length} items and none at ${sourceOf(key)}`);
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
