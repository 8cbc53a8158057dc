/**
 * What CEL's values are over JSON, and the operations on them, closed: where CEL gives a plain answer for
 * operands of mixed types, or JavaScript a rounded one, these throw.
 */
import { isExactNumber, parseJson } from '../json.ts';
import type { ExactNumber, JsonValue } from '../json.ts';
import { nearest } from '../text/near.ts';

export interface ValueMap {
  readonly [key: string]: Value;
}
/** JSON values are used as they are; a `bigint` is CEL's int: a literal, a size, or an integer over 2^53. */
export type Value = JsonValue | bigint | readonly Value[] | ValueMap;
export interface Kinds {
  null: null;
  'a string': string;
  'a number': number | bigint;
  'true or false': boolean;
  'a list': readonly Value[];
  'an object': ValueMap;
}
export type Kind = keyof Kinds;

/** The condition has no value. The message is one sentence; names of keys in it are untrusted. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
  readonly what: string;
  readonly hint: string;
  /** "item 2 of outputs.items", where it happened. */
  item = '';
  constructor(what: string, hint = '') {
    super(what);
    this.what = what;
    this.hint = hint;
  }
  sentence(): string {
    return `${this.what}${this.item && ` (${this.item})`}${this.hint && `; ${this.hint}`}`;
  }
}

/** A number that has no exact form or result; whoever knows the operands says which. */
export class Inexact extends Error {
  override readonly name = 'Inexact';
}

/** What all conditions of a gate may still spend on one run's outputs. A step is 10 to 100 ns. */
export interface Budget {
  steps: number;
}

/** So many keys are looked at for the one that was meant. */
const NEAR_KEYS = 200;

const MOST_SEARCHED = 20;

/** V8 hashes a longer text by its length alone: to look one up as a key is to compare it with all that are as long. */
export const LONGEST_HASHED = 16_383;

/** Steps for the digits of a number. */
const READING = 30;

/** Bounds one evaluation: an expression may nest loops over what a stranger sent. Some two seconds at most. */
const STEPS = 20_000_000;

/** One evaluation of one condition. */
export class Evaluation {
  #steps = STEPS;
  readonly #all: Budget;
  readonly #isNamed: (key: string) => boolean;
  readonly #made = new WeakSet<object>();
  readonly #given = new Set<string | object>();
  readonly #searched = new Map<object, number>();
  readonly #notices = new Set<string>();

  /** `isNamed`: does the expression name this key anywhere? */
  constructor(all: Budget, isNamed: (key: string) => boolean) {
    this.#all = all;
    this.#isNamed = isNamed;
  }

  spend(steps: number): void {
    this.#steps -= steps;
    this.#all.steps -= steps;
    if (this.#steps < 0)
      throw new EvaluationError(
        'the evaluation takes too many steps for outputs of this size',
        'avoid loops inside loops and searches for long texts',
      );
    if (this.#all.steps < 0)
      throw new EvaluationError(
        'the conditions together take too many steps for outputs of this size',
        'write fewer of them, or cheaper ones',
      );
  }

  /** Of one that keeps its source text, and of one beyond 2^53, the digits are read again each time. */
  number(value: number | bigint | ExactNumber): number | bigint {
    if (isPlain(value)) return value;
    this.spend(READING);
    return toNumber(value);
  }

  /** Which keys there are, and which of them may have been meant. Capped; to be escaped by whoever shows them. */
  keysOf(map: object, wanted?: string): string {
    const keys = this.keys(map);
    if (keys.length === 0) return 'it has no keys';
    const near = wanted === undefined ? undefined : this.#near(keys, wanted);
    const more = keys.length > 10 ? ` and ${keys.length - 10} more` : '';
    const all = `its keys: ${keys.slice(0, 10).map(quoted).join(', ')}${more}`;
    return near === undefined ? all : `did you mean ${quoted(near)}? ${all}`;
  }

  get notices(): readonly string[] {
    return [...this.#notices];
  }

  /** Notes a key near one that `has` did not find. `place` asks: of thousands of items the first few are looked at. */
  missed(map: ValueMap, key: string, place: object): void {
    const searched = this.#searched.get(place) ?? 0;
    if (searched === MOST_SEARCHED) return;
    this.#searched.set(place, searched + 1);
    const near = this.#near(this.keys(map), key);
    if (near !== undefined && !this.#isNamed(near))
      this.#notices.add(`there is no ${quoted(key)}, but ${quoted(near)}`);
  }

  /** The key that may have been meant by one that is not there. */
  #near(keys: readonly string[], wanted: string): string | undefined {
    const searched = keys.slice(0, NEAR_KEYS);
    this.spend(searched.length * (20 + Math.min(64, wanted.length) ** 2 / 8));
    return nearest(searched, wanted, () => (wanted.length < 5 ? 1 : 2));
  }

  /** The key of the map that is this text. */
  own(map: ValueMap, key: string): string | undefined {
    if (key.length <= LONGEST_HASHED) {
      this.spend(key.length / 16);
      return Object.hasOwn(map, key) ? key : undefined;
    }
    this.spend(key.length);
    return this.keys(map).find((own) => {
      if (own.length === key.length) this.spend(key.length / 16);
      return own === key;
    });
  }

  keys(map: object): string[] {
    const keys = Object.keys(map);
    this.spend(12 * keys.length);
    return keys;
  }

  /** For lists and maps that the expression builds: these alone may hold a bigint. */
  make<T extends object>(container: T): T {
    // Steps stand for memory too: what is built may be kept.
    this.spend(60);
    this.#made.add(container);
    return container;
  }

  /** For strings that the expression builds; what they may take of memory is bounded too. */
  text(made: string): string {
    this.spend(made.length / 4);
    return made;
  }

  /** As JSON: what came from the outputs is handed out as it came. */
  json(value: Value): JsonValue {
    this.spend(1);
    if (typeof value === 'bigint') {
      if (BigInt.asIntN(53, value) === value) return Number(value);
      this.spend(60);
      return parseJson(new TextEncoder().encode(String(value)));
    }
    const isText = typeof value === 'string';
    if ((!isText && typeof value !== 'object') || value === null || isExactNumber(value)) return value;
    if (isText || !this.#made.has(value)) {
      // Handed out once it is no larger than the outputs are; again, as by `map(i, outputs.items)`, as often as it is.
      if (this.#given.has(value)) this.spend(isText ? value.length : JSON.stringify(value).length);
      this.#given.add(value);
      return value as JsonValue;
    }
    // A list that holds another one twice holds two once it is JSON.
    this.spend(60);
    if (isList(value)) return value.map((item) => this.json(item));
    const entries = Object.entries(value);
    return Object.fromEntries(entries.map(([key, item]) => [key, this.json(item)]));
  }
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ValueMap {
  return typeof value === 'object' && value !== null && !isList(value) && !isExactNumber(value);
}

export function kindOf(value: Value): Kind {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number' || typeof value === 'bigint') return 'a number';
  if (isList(value)) return 'a list';
  return isExactNumber(value) ? 'a number' : 'an object';
}

const INT64 = 2n ** 63n;

function int64(value: bigint): bigint {
  if (value >= INT64 || value < -INT64) throw new Inexact('an integer is beyond 64 bits');
  return value;
}

/** Digits and exponent without needless zeros, so that equal decimals have equal forms; null: not a number. */
function decimal(source: string): { form: string; digits: string; exponent: number } | null {
  const parts = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(source);
  if (!parts) return null;
  const [, sign = '', whole = '', fraction = '', power = '0'] = parts;
  const all = (whole + fraction).replace(/^0+/, '');
  let end = all.length;
  while (all[end - 1] === '0') end--;
  const digits = sign + all.slice(0, end);
  const exponent = Number(power) - fraction.length + all.length - end;
  return { form: end === 0 ? '0' : `${digits}e${exponent}`, digits, exponent };
}

/** The number that the text stands for, or null where neither a double nor a 64-bit integer says the same. */
export function readNumber(source: string): number | bigint | null {
  const wanted = source.length > 100 ? null : decimal(source);
  if (!wanted) return null;
  const double = Number(source);
  const same = decimal(String(double))?.form === wanted.form;
  if (same && (Number.isSafeInteger(double) || !Number.isInteger(double))) return double;
  if (wanted.exponent >= 0 && wanted.digits.length + wanted.exponent <= 20) {
    const integer = BigInt(wanted.digits + '0'.repeat(wanted.exponent));
    if (integer < INT64 && integer >= -INT64) return integer;
  }
  // A double beyond 64 bits that prints as its source: its order among such doubles is the decimals' order.
  return same ? double : null;
}

/** Is it held exactly, as it is? */
function isPlain(value: number | bigint | ExactNumber): value is number | bigint {
  if (typeof value === 'bigint') return true;
  return typeof value === 'number' && (Number.isSafeInteger(value) || !Number.isInteger(value));
}

/** @throws Inexact for a number that cannot be held exactly */
function toNumber(value: number | ExactNumber): number | bigint {
  const number = readNumber(typeof value === 'number' ? String(value) : value.rawJSON);
  if (number === null) throw new Inexact('a number has more digits than can be compared exactly');
  return number;
}

export function toDouble(value: number | bigint): number {
  const double = Number(value);
  if (typeof value === 'bigint' && !Number.isSafeInteger(double))
    throw new Inexact('an integer beyond 2^53 meets a fraction');
  return double;
}

/**
 * Whole numbers are computed exactly, others as doubles. A quotient that CEL would cut (1 / 5 is 0) is refused
 * between ints: whoever gates on a share would get 0.
 */
export function calculate(op: '+' | '-' | '*' | '/' | '%', a: number | bigint, b: number | bigint) {
  const ints = typeof a === 'bigint' && typeof b === 'bigint';
  const whole = [a, b].every((side) => typeof side === 'bigint' || Number.isSafeInteger(side));
  if ((op === '/' || op === '%') && Number(b) === 0) throw new Inexact('a division by zero');
  if (op === '%' && !whole) throw new Inexact('"%" takes whole numbers');
  if (whole && (op !== '/' || ints)) {
    const [x, y] = [BigInt(a), BigInt(b)];
    if (op === '/' && x % y !== 0n)
      throw new Inexact('a division of integers leaves a rest; write double(…) / double(…)');
    const exact = int64(
      op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : op === '/' ? x / y : x % y,
    );
    const double = Number(exact);
    return ints || !Number.isSafeInteger(double) ? exact : double;
  }
  const [x, y] = [toDouble(a), toDouble(b)];
  const double = op === '+' ? x + y : op === '-' ? x - y : op === '*' ? x * y : x / y;
  if (!Number.isFinite(double)) throw new Inexact('a result is beyond the numbers that a double holds');
  return double;
}

export function toInt(value: Value): bigint | null {
  if (typeof value === 'bigint') return int64(value);
  if (typeof value === 'number') return int64(BigInt(Math.trunc(value)));
  return typeof value === 'string' && /^-?\d{1,19}$/.test(value) ? int64(BigInt(value)) : null;
}

/** `mixed` is called where kinds differ or null is met, however deep, and throws. */
export type Mixed = (left: Kind, right: Kind, inside: boolean) => never;

/** Equality that goes through all that both sides have, so that a mixture is found whatever stands before it. */
export function equal(a: Value, b: Value, run: Evaluation, mixed: Mixed, inside = false): boolean {
  run.spend(1);
  const kind = kindOf(a);
  if (kind !== kindOf(b) || kind === 'null') return mixed(kind, kindOf(b), inside);
  if (typeof a === 'string' && typeof b === 'string') {
    if (a.length === b.length) run.spend(a.length / 64);
    return a === b;
  }
  if (isList(a) && isList(b)) {
    let same = a.length === b.length;
    for (let at = 0; at < Math.min(a.length, b.length); at++) {
      same = equal(a[at] ?? null, b[at] ?? null, run, mixed, true) && same;
    }
    return same;
  }
  if (isMap(a) && isMap(b)) {
    const keys = run.keys(a);
    let same = keys.length === run.keys(b).length;
    for (const key of keys) {
      same = Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null, run, mixed, true) && same;
    }
    return same;
  }
  return order(a, b, run) === 0;
}

/** Of numbers and of true and false: negative, 0 or positive; null: the two have no order. */
export function order(a: Value, b: Value, run: Evaluation): number | null {
  const kind = kindOf(a);
  if (kind !== kindOf(b)) return null;
  let [x, y]: [unknown, unknown] = [a, b];
  if (kind === 'a number') [x, y] = [run.number(a as number), run.number(b as number)];
  else if (kind !== 'true or false') return null;
  return (x as number) < (y as number) ? -1 : (x as number) > (y as number) ? 1 : 0;
}

export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

export function quoted(key: string): string {
  return JSON.stringify(cut(key, 40));
}
