/** The values of a condition are JSON as the run wrote it. Where CEL gives a plain answer for operands of mixed types, these throw. */
import { serialize, type ASTNode } from '@marcbachmann/cel-js';
import { isExactNumber, isList, type ExactNumber, type JsonObject, type JsonValue } from '../json.ts';
import { isDay } from '../clock.ts';
import { nearest } from '../text/near.ts';

export type { ASTNode };
export interface Kinds {
  null: null;
  'a string': string;
  'a number': number;
  'true or false': boolean;
  'a list': readonly JsonValue[];
  'an object': JsonObject;
}
export type ValueKind = keyof Kinds;

/** Why a condition is refused, or has no value. The message is one sentence; names of keys in it are untrusted. */
export class Complaint extends Error {
  override readonly name = 'Complaint';
  /** The way out, or empty. */
  readonly hint: string;
  /** Offset in the expression; null: not known yet. */
  at: number | null;
  /** "item 2 of outputs.items", where it happened. */
  item = '';
  constructor(what: string, hint = '', at: number | null = null) {
    super(what);
    [this.hint, this.at] = [hint, at];
  }
  sentence(): string {
    return `${this.message}${this.item && ` (${this.item})`}${this.hint && `; ${this.hint}`}`;
  }
}

export function valueKindOf(value: JsonValue): ValueKind {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number' || isExactNumber(value)) return 'a number';
  return isList(value) ? 'a list' : 'an object';
}

/** What an operator or function is called, and its operands as they are written. */
export interface Call {
  readonly op: string;
  readonly nodes: readonly ASTNode[];
}

/** The expression of the node, cut: what messages call it. */
export function sourceOf(node: ASTNode | undefined): string {
  return node ? abridged(serialize(node), 60) : '';
}

export function abridged(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

export function quotedKey(key: string): string {
  return JSON.stringify(abridged(key, 40));
}

/** What stands before the name of each operand, where a part of it is meant. */
type Where = readonly [left: string, right: string];
const WHOLE: Where = ['', ''];
const INSIDE: Where = ['a value in ', 'a value in '];
export const ITEM: Where = ['', 'an item of '];

/** The number that JavaScript has for it. @throws Complaint beyond 2^53, where it has not every whole number */
export function numberOf(value: number | ExactNumber, node: ASTNode | undefined, where = ''): number {
  const number = typeof value === 'number' ? value : Number(value.rawJSON);
  if (Math.abs(number) <= Number.MAX_SAFE_INTEGER) return number;
  throw new Complaint(
    `${where}${sourceOf(node)} is a number beyond 2^53, and those are not told apart`,
    'let the workflow write an ID as a text',
  );
}

/** The complaint about two operands, of which one is null or of another kind than the other, and the way out. */
export function mixed({ op, nodes }: Call, a: ValueKind, b: ValueKind, where = WHOLE): Complaint {
  const [left, right] = nodes;
  const [x, y] = [sourceOf(left), sourceOf(right)];
  const text = a === 'a string' ? left : b === 'a string' && where === WHOLE ? right : undefined;
  const isNumber = a === 'a number' || b === 'a number';
  let hint = '';
  if (a === 'null' || b === 'null') hint = `where null is allowed, write ${a === 'null' ? x : 'x'} == null`;
  else if (isNumber && (a === 'a list' || b === 'a list'))
    hint = `the items of a list are counted by size(${a === 'a list' ? x : y})`;
  else if (text?.op === 'value') hint = `write ${sourceOf(text)} without its quotes`;
  else if (text && isNumber) hint = `write int(${sourceOf(text)}) or double(${sourceOf(text)})`;
  else if (b === 'a string' && where === ITEM) hint = `write string(${x})`;
  const does = /^(?:[=!<>]=?|in)$/.test(op) ? 'does not compare them' : 'does not take both';
  return new Complaint(`${where[0]}${x} is ${a} and ${where[1]}${y} is ${b}: "${op}" ${does}`, hint);
}

/** Equality that goes through all that both sides have, so that a mixture is found whatever stands before it. */
export function equal(a: JsonValue, b: JsonValue, call: Call, where = WHOLE): boolean {
  const kind = valueKindOf(a);
  if (kind !== valueKindOf(b) || kind === 'null') throw mixed(call, kind, valueKindOf(b), where);
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

const WHEN =
  /^(?:(?<day>\d{4}-\d\d-\d\d)(?:(?<divider>[T ])(?=\d)|$))?(?:(?<clock>(?:[01]\d|2[0-3]):[0-5]\d)(?:(?<seconds>:[0-5]\d)(?<fraction>\.\d{1,30})?)?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/** What a text says of time. Two of one form are ordered: by their moment, and then by their rest, letter by letter. */
function readWhen(text: string) {
  const { day, clock, seconds = ':00', fraction = '', zone } = WHEN.exec(text)?.groups ?? {};
  if (day === undefined ? !clock || zone !== undefined || fraction !== '' : !isDay(day)) return null;
  if (zone === undefined) return { form: text.replaceAll(/\d/g, '0'), moment: 0, rest: text, day };
  const moment = Date.parse(`${day ?? ''}T${clock ?? ''}${seconds}${zone}`);
  return { form: 'moment', moment, rest: fraction.replace(/\.?0*$/, ''), day };
}

/** The day that an ISO day or time begins with; null: the text is neither. */
export function dayOf(text: string): string | null {
  return readWhen(text)?.day ?? null;
}

/**
 * Two texts where their order is what an author means: negative, 0 or positive. CEL goes letter by letter: "10" stands before
 * "9", "critical" before "high", and "31.12.2025" behind every date of 2026.
 * @throws Complaint without a word of the texts, which are untrusted
 */
export function orderTexts(a: string, b: string, call: Call): number {
  const [left, right] = [readWhen(a), readWhen(b)];
  if (left?.form === undefined || left.form !== right?.form)
    throw new Complaint(
      `${call.nodes.map(sourceOf).join(' and ')} are texts, and "${call.op}" orders texts only where both are days or times, written alike`,
      wayOut([a, b], call),
    );
  if (left.moment !== right.moment) return left.moment - right.moment;
  return left.rest < right.rest ? -1 : left.rest > right.rest ? 1 : 0;
}

function wayOut(texts: readonly string[], { op, nodes }: Call): string {
  const whens = texts.map(readWhen);
  const names = nodes.map(sourceOf);
  if (whens.every((when) => when?.day !== undefined))
    return `write ${names.map((name, at) => (whens[at]?.day === texts[at] ? name : `day(${name})`)).join(` ${op} `)}`;
  if (whens.some((when) => when !== null)) return 'a day is written 2026-12-31, a time 2026-12-31T10:00:00Z';
  const named = names.find((_, at) => nodes[at]?.op !== 'value') ?? '';
  return `a number in a text is ordered by int(${named}) or double(${named}), a severity by a map, {"low": 1, "high": 3}[${named}] >= 3`;
}

/** What an expression makes is at most so large, about in characters of JSON: twice what outputs may be. */
const MOST_MADE = 16 * 1024 * 1024;
/** So many keys are looked at for the one that was meant, and so often in an evaluation. */
const MOST_SEARCHED = { keys: 200, times: 100 } as const;

/** One evaluation of one condition. */
export class Evaluation {
  readonly #source: string;
  readonly #sizes = new WeakMap<object, number>();
  #searched = 0;
  /** What the author may not have meant. */
  readonly notices = new Set<string>();

  constructor(source: string) {
    this.#source = source;
  }

  /** About as many characters as it has in JSON; what it holds twice counts twice. */
  sizeOf(value: JsonValue): number {
    if (typeof value === 'string') return value.length;
    if (typeof value !== 'object' || value === null || isExactNumber(value)) return 8;
    let size = this.#sizes.get(value);
    if (size !== undefined) return size;
    size = 32;
    if (isList(value)) for (const item of value) size += this.sizeOf(item);
    else for (const key of Object.keys(value)) size += key.length + this.sizeOf(value[key] ?? null);
    this.#sizes.set(value, size);
    return size;
  }

  /** @throws Complaint where something of this size must not be made */
  allow(size: number): void {
    if (size > MOST_MADE)
      throw new Complaint(
        'the expression makes a list or a text that is too large',
        'let it keep items of the outputs, by filter(), in place of making new ones',
      );
  }

  made<T extends JsonValue>(value: T): T {
    this.allow(this.sizeOf(value));
    return value;
  }

  /** Notes a key near one that `has` did not find: of thousands of items the first few are looked at. */
  missed(map: JsonObject, key: string): void {
    if (this.#searched++ >= MOST_SEARCHED.times) return;
    const near = nearKey(Object.keys(map), key);
    // An expression that names both means both.
    if (near !== undefined && !this.#source.split(/\W+/).includes(near))
      this.notices.add(`there is no ${quotedKey(key)}, but ${quotedKey(near)}`);
  }
}

function nearKey(keys: readonly string[], wanted: string): string | undefined {
  return nearest(keys.slice(0, MOST_SEARCHED.keys), wanted, () => (wanted.length < 5 ? 1 : 2));
}

/** Which keys there are, and which of them may have been meant. Capped; to be escaped by whoever shows them. */
export function keysOf(map: JsonObject, wanted?: string): string {
  const keys = Object.keys(map);
  if (keys.length === 0) return 'it has no keys';
  const near = wanted === undefined ? undefined : nearKey(keys, wanted);
  const more = keys.length > 10 ? ` and ${keys.length - 10} more` : '';
  const all = `its keys: ${keys.slice(0, 10).map(quotedKey).join(', ')}${more}`;
  return near === undefined ? all : `did you mean ${quotedKey(near)}? ${all}`;
}
