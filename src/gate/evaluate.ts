/** Evaluates a checked condition over a run's outputs. It is strict: whatever is not certain is an error. Pure. */
import { isExactNumber, isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { isDay } from '../text/format.ts';
import type { Problem, ProblemCause, ValueKind } from '../outcome.ts';
import { areSpellings, hasSpelling, quoteSpelling } from './spelling.ts';

export interface Place {
  /** As its author wrote it. */
  readonly source: string;
  /** Its offset. */
  readonly at: number;
}

export const START: Place = { at: 0, source: '' };

/** A part of a condition. */
export interface Node extends Place {
  /** The operator, function or macro, or one of `literal`, `variable`, `list`, `object`. */
  readonly name: string;
  /** A literal's value, the name of a variable (a macro's too) or of a key. */
  readonly value: JsonValue;
  /** A variable of a macro has the list that it stands for. */
  readonly parts: readonly Node[];
}

/** The values of the field that a whole-condition filter compares, with their counts over all its items. */
export interface Tally {
  /** `status` */
  readonly field: string;
  /** The most frequent first. Untrusted. */
  readonly values: readonly (readonly [text: string, count: number])[];
}

/** A condition's value over one run. */
export interface ConditionValue {
  readonly result: 'met' | 'not_met' | 'cannot_be_evaluated';
  /** The items that it returned, in the data's order; empty for a condition that is only true. The run's own values, untrusted. */
  readonly items: readonly JsonValue[];
  /** For a whole-condition `x.filter(…)` the items that do not match, otherwise null. */
  readonly others: readonly JsonValue[] | null;
  /** null: no field is compared, or its values are many or long. */
  readonly tally: Tally | null;
  /** null: it was evaluated. */
  readonly problem: Problem | null;
}

/** A condition cannot be used, or cannot be evaluated over these outputs. */
export class ConditionError extends Error {
  readonly at: number;
  problem: Problem;

  constructor({ source, at }: Place, cause: ProblemCause) {
    super(cause.code);
    this.at = at;
    this.problem = { ...cause, source };
  }
}

/** What an evaluation needs; each macro has one of its own. */
interface Scope {
  readonly variables: Record<string, JsonValue>;
  /** By operand of a comparison: the strings that the whole condition compares with the same expression. */
  readonly written: ReadonlyMap<Node, ReadonlySet<string>>;
  readonly checkTime: () => void;
}

type List = readonly JsonValue[];

/** Evaluates a condition: true, or a list that is not empty, is a finding. @param scope has `outputs` */
export function evaluateCondition(whole: Node, scope: Scope): ConditionValue {
  const others: JsonValue[] | null = whole.name === 'filter' ? [] : null;
  const none = { items: [], others: null, tally: null, problem: null };
  try {
    const value = others ? runMacro(whole, scope, others) : valueOf(whole, scope);
    const items = isList(value) ? value : [];
    const isFinding = isList(value) ? value.length > 0 : expect('boolean', whole, value);
    const tally = others && tallyValues(whole, [...items, ...others]);
    return { ...none, result: isFinding ? 'met' : 'not_met', items, others, tally };
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    return { ...none, result: 'cannot_be_evaluated', problem: error.problem };
  }
}

/** @throws ConditionError */
export function valueOf(node: Node, scope: Scope): JsonValue {
  const { name, value, parts } = node;
  const [first, second, third] = parts as [Node, Node, Node];
  switch (name) {
    case 'literal':
      return value;
    case 'variable':
      return scope.variables[value as string] ?? null;
    case 'list':
      return parts.map((part) => valueOf(part, scope));
    case 'object': {
      const values = parts.map((part) => valueOf(part, scope));
      return Object.fromEntries(
        values.flatMap((one, at) => (at % 2 === 0 ? [[one as string, values[at + 1] ?? null]] : [])),
      );
    }
    case '?:':
      return valueOf(isTrue(first, scope) ? second : third, scope);
    case '&&':
      return isTrue(first, scope) && isTrue(second, scope);
    case '||':
      return isTrue(first, scope) || isTrue(second, scope);
    case '.':
      return getKey(node, objectOf(first, scope), value as string);
    case 'has':
      return hasKey(node, objectOf(first, scope), value as string, scope);
    case 'dyn':
      return valueOf(first, scope);
    case '==':
    case '!=':
      return areEqual(node, valueOf(first, scope), valueOf(second, scope), scope) === (name === '==');
    case 'in':
      return isIn(node, valueOf(first, scope), valueOf(second, scope), scope);
    default:
      return MACROS.has(name) ? runMacro(node, scope, null) : operate(node, scope);
  }
}

// Kinds.

function kindOf(value: JsonValue): ValueKind {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return 'boolean';
  if (isList(value)) return 'list';
  return typeof value === 'number' || isExactNumber(value) ? 'number' : 'object';
}

/** @throws ConditionError the value is of another kind */
function expect(wanted: 'boolean' | 'list' | 'object', node: Node, value: JsonValue): JsonValue {
  if (kindOf(value) === wanted) return value;
  throw new ConditionError(node, { code: `not_${wanted}`, kind: kindOf(value) });
}

function objectOf(node: Node, scope: Scope): JsonObject {
  return expect('object', node, valueOf(node, scope)) as JsonObject;
}

function isTrue(node: Node, scope: Scope): boolean {
  return expect('boolean', node, valueOf(node, scope)) === true;
}

/** Returns the value, a number as JavaScript's. @throws ConditionError beyond 2^53, where numbers are not exact */
function toPlain(value: JsonValue, node: Node): JsonValue {
  const plain = isExactNumber(value) ? Number(value.rawJSON) : value;
  if (typeof plain !== 'number' || Math.abs(plain) <= Number.MAX_SAFE_INTEGER) return plain;
  throw new ConditionError(node, { code: 'large_number' });
}

function noOperation(node: Node, values: List): ConditionError {
  return new ConditionError(node, { code: 'no_operation', kinds: values.map(kindOf) });
}

// Keys.

/** @throws ConditionError there is no such key */
function getKey(node: Node, object: JsonObject, key: string): JsonValue {
  if (Object.hasOwn(object, key)) return object[key] ?? null;
  throw new ConditionError(node, { code: 'missing_key', key, keys: Object.keys(object).slice(0, 200) });
}

/** @throws ConditionError it has the key in another spelling */
function hasKey(node: Node, object: JsonObject, key: string, scope: Scope): boolean {
  return Object.hasOwn(object, key) || Object.keys(object).some((one) => areEqual(node, key, one, scope));
}

function isIn(node: Node, value: JsonValue, whole: JsonValue, scope: Scope): boolean {
  if (isJsonObject(whole) && typeof value === 'string') return hasKey(node, whole, value, scope);
  if (!isList(whole)) throw noOperation(node, [value, whole]);
  // A value that is there decides, whatever the others are.
  return whole.includes(value) || whole.some((item) => areEqual(node, value, item, scope));
}

// Equality.

function areEqual(node: Node, left: JsonValue, right: JsonValue, scope: Scope): boolean {
  scope.checkTime();
  // Only a null that the condition writes may be compared.
  if (node.parts.some(({ name, value }) => name === 'literal' && value === null)) return left === right;
  const kind = kindOf(left);
  if (kind === 'null' || kind === 'object' || kind !== kindOf(right)) throw noOperation(node, [left, right]);
  if (typeof left === 'string') return areEqualTexts(node, left, right as string, scope);
  if (!isList(left)) return toPlain(left, node) === toPlain(right, node);
  const others = right as List;
  return (
    left.length === others.length && left.every((item, at) => areEqual(node, item, others[at] ?? null, scope))
  );
}

/** Returns the string without variation selectors: models write ⚠ as often as ⚠️. */
function bare(text: string): string {
  return text.replaceAll(/[\ufe0e\ufe0f]/g, '');
}

/** @throws ConditionError they differ only in spelling, or are days or times of two forms */
function areEqualTexts(node: Node, left: string, right: string, scope: Scope): boolean {
  if (left === right || bare(left) === bare(right)) return true;
  refuseSpelling(node, left, right, scope, Object.is);
  const form = formOf(left);
  if (form !== '' && (formOf(right) || form) !== form) throw twoForms(node, left, right);
  return false;
}

/**
 * @param holds compares exactly
 * @throws ConditionError the condition writes a string of the run in another spelling, and not in this one, for the same expression
 */
function refuseSpelling(
  node: Node,
  left: string,
  right: string,
  { written, checkTime }: Scope,
  holds: (left: string, right: string) => unknown,
): void {
  checkTime();
  const { name, parts } = node;
  const isSearch = SEARCHES.has(name);
  for (const part of parts) {
    // The only part of `has` is the object.
    const isLeft = part !== parts.at(-1);
    const [theirs, ours] = isLeft ? [left, right] : [right, left];
    const strings = written.get(part);
    if (!strings?.has(ours) || strings.has(theirs)) continue;
    if (!(isSearch ? hasSpelling(left, right, name) : areSpellings(left, right))) continue;
    const isPart = isSearch && isLeft;
    if (isPart && Array.from(strings).some((one) => areSpellings(one, ours) && holds(theirs, one))) continue;
    const isInList = name.includes('=') ? parts.some((one) => one.name === 'list') : !isLeft && !isSearch;
    throw new ConditionError(node, {
      code: 'near_text',
      operation: isInList ? 'has' : isLeft || name.includes('=') ? name : 'in',
      theirs: isPart ? quoteSpelling(theirs, ours) : theirs,
      ours,
      subject: part.source,
    });
  }
}

// Days and times.

const WHEN =
  /^(?:(\d{4}-\d\d-\d\d)(?:[T ](?=\d)|$))?(?:(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/;

/** Returns the form of an ISO day or time with its zone, `0000-00-00T00:00Z`; empty: it is neither. Texts of one form are in order. */
export function formOf(text: string): string {
  const [whole = '', day = '2000-01-01', zone = ''] = WHEN.exec(text) ?? [];
  return whole !== '' && isDay(day)
    ? whole.slice(0, whole.length - zone.length).replaceAll(/\d/g, '0') + zone
    : '';
}

/** Returns the day of an ISO day or time, or of `31.12.2026`. */
function dayOf(text: string): string | undefined {
  const iso = text.replace(/^(\d\d)\.(\d\d)\.(\d{4})$/, '$3-$2-$1');
  return formOf(iso).startsWith('0000-') ? iso.slice(0, 10) : undefined;
}

function twoForms(node: Node, left: string, right: string): ConditionError {
  // A day has 10 characters.
  const haveDays = Math.min(left.length, right.length) === 10 && Boolean(dayOf(left) && dayOf(right));
  return new ConditionError(node, { code: 'two_forms', haveDays });
}

// Operators and functions.

/** By name and kinds of the operands; undefined: there is no value. */
const OPERATIONS: Readonly<Record<string, (...operands: never[]) => JsonValue | undefined>> = {
  '!_ boolean': (value: boolean) => !value,
  '-_ number': (value: number) => -value,
  '+ text text': (a: string, b: string) => a + b,
  '+ list list': (a: List, b: List) => [...a, ...b],
  '+ number number': (a: number, b: number) => a + b,
  '- number number': (a: number, b: number) => a - b,
  '* number number': (a: number, b: number) => a * b,
  '% number number': (a: number, b: number) => (b === 0 ? undefined : a % b),
  // CEL would cut 3 / 2 to 1, which no author of `failed / all > 0.1` means.
  '/ number number': (a: number, b: number) => (b === 0 ? undefined : a / b),
  '< number number': (a: number, b: number) => a < b,
  '<= number number': (a: number, b: number) => a <= b,
  '> number number': (a: number, b: number) => a > b,
  '>= number number': (a: number, b: number) => a >= b,
  '[] list number': (list: List, at: number) => list[at],
  '[] object text': (object: JsonObject, key: string, node: Node) => getKey(node, object, key),
  'size text': (text: string) => Array.from(text).length,
  'size list': (list: List) => list.length,
  'size object': (object: JsonObject) => Object.keys(object).length,
  'keys object': Object.keys,
  'int number': Math.trunc,
  'int text': (text: string) => (/^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined),
  'double number': Number,
  'double text': (text: string) => (/^[+-]?\d{1,15}(?:\.\d+)?$/.test(text) ? Number(text) : undefined),
  'bool boolean': Boolean,
  'bool text': (text: string) => text === 'true' || (text === 'false' ? false : undefined),
  'string text': String,
  'string boolean': String,
  'string number': String,
  'day text': dayOf,
  'contains text text': (text: string, part: string) => bare(text).includes(bare(part)),
  'startsWith text text': (text: string, part: string) => bare(text).startsWith(bare(part)),
  'endsWith text text': (text: string, part: string) => bare(text).endsWith(bare(part)),
  'lowerAscii text': (text: string) => text.replaceAll(/[A-Z]+/g, (capitals) => capitals.toLowerCase()),
  'upperAscii text': (text: string) => text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase()),
  'trim text': (text: string) => text.trim(),
  'flatten list': (list: List) => list.flat(),
  'flatten list number': (list: List, depth: number) => list.flat(depth as 1),
};

export const MACROS: ReadonlySet<string> = new Set(['filter', 'map', 'all', 'exists', 'exists_one']);

/** All functions that a condition may call, and the operators. */
export const FUNCTIONS: readonly string[] = [
  ...Object.keys(OPERATIONS).map((one) => one.replace(/ .*/, '')),
  ...MACROS,
  'has',
  'dyn',
];

const SEARCHES = new Set(['contains', 'startsWith', 'endsWith']);
/** V8 searches in quadratic time, deaf to signals. */
const MAX_PART = 1_000;

function operate(node: Node, scope: Scope): JsonValue {
  const { name, parts } = node;
  const values = parts.map((part) => toPlain(valueOf(part, scope), part));
  const [left, right] = values;
  const areTexts = typeof left === 'string' && typeof right === 'string';
  const isOrder = areTexts && /^[<>]/.test(name);
  if (isOrder && (formOf(left) === '' || formOf(left) !== formOf(right))) throw twoForms(node, left, right);
  const kinds = isOrder ? ['number', 'number'] : values.map(kindOf);
  const operation = OPERATIONS[[name, ...kinds].join(' ')];
  if (!operation) throw noOperation(node, values);
  const calculate = (...given: List) => operation(...([...given, node] as never[]));
  const isSearch = areTexts && SEARCHES.has(name);
  const result = isSearch && right.length > MAX_PART ? undefined : calculate(...values);
  if (result === undefined) throw new ConditionError(node, { code: 'no_value', operation: name });
  if (result === false && isSearch) refuseSpelling(node, left, right, scope, calculate);
  return toPlain(result, node);
}

// Macros.

/** @param others is given the items that a filter does not keep */
function runMacro({ name, value, parts }: Node, scope: Scope, others: JsonValue[] | null): JsonValue {
  const [subject, first, second] = parts as [Node, Node, Node?];
  const list = expect('list', subject, valueOf(subject, scope)) as List;
  const variables = { ...scope.variables };
  const inner = { ...scope, variables };
  const made: JsonValue[] = [];
  let at = 0;
  try {
    for (const item of list) {
      at++;
      scope.checkTime();
      variables[value as string] = item;
      if (name === 'map' && !second) made.push(valueOf(first, inner));
      else if (!isTrue(first, inner)) {
        if (name === 'all') return false;
        others?.push(item);
      } else if (name === 'exists') return true;
      else made.push(second ? valueOf(second, inner) : item);
    }
  } catch (error) {
    if (error instanceof ConditionError)
      error.problem = { item: { at, list: subject.source }, ...error.problem };
    throw error;
  }
  if (name === 'exists_one') return made.length === 1;
  return name === 'filter' || name === 'map' ? made : name === 'all';
}

/** Returns the fields of the macro's variable that are compared, also those in functions. */
function listComparedFields({ name, value, parts }: Node, variable: JsonValue, isCompared = false): string[] {
  if (name === '.' && parts[0]?.value === variable) return isCompared ? [value as string] : [];
  const operands = name === 'in' ? parts.slice(0, 1) : parts;
  const areCompared = /^(?:[=!]=|in)$/.test(name) || (isCompared && parts.length === 1);
  return operands.flatMap((part) => listComparedFields(part, variable, areCompared));
}

/** Counts the values of the first field that the filter compares; null: more than 6, or one over 40 characters. */
function tallyValues({ value: variable, parts }: Node, items: List): Tally | null {
  const [field] = parts.slice(1).flatMap((part) => listComparedFields(part, variable));
  if (field === undefined) return null;
  const counts = new Map<string, number>();
  for (const item of items) {
    const value = isJsonObject(item) ? item[field] : undefined;
    const text = typeof value === 'string' ? value : (JSON.stringify(value) as string | undefined);
    if (text === undefined) continue;
    counts.set(text, (counts.get(text) ?? 0) + 1);
    if (text.length > 40 || counts.size > 6) return null;
  }
  return counts.size === 0 ? null : { field, values: [...counts].sort(([, a], [, b]) => b - a) };
}
