/** The kinds of values in a condition, what is said of them and of their places, and what an evaluation may make. Pure. */
import { serialize, type ASTNode } from '@marcbachmann/cel-js';
import { isExactNumber, isList, type JsonObject, type JsonValue } from '../json.ts';
import { nearest } from '../text/near.ts';

export type { ASTNode };
export type NodeOf<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>;

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
  hint: string;
  /** A better one, where the expression that it leads to is not refused. */
  readonly offer: { readonly mended: string; readonly hint: string } | null;
  /** Offset in the expression; null: not known yet. */
  at: number | null;
  /** "item 2 of outputs.items", where it happened. */
  item = '';
  constructor(what: string, hint = '', at: number | null = null, offer: Complaint['offer'] = null) {
    super(what);
    [this.hint, this.at, this.offer] = [hint, at, offer];
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

/** What an expression makes is at most so large, about in characters of JSON: twice what outputs may be. */
const MOST_MADE = 16 * 1024 * 1024;
/** So many keys are looked at for the one that was meant, and so often in an evaluation. */
const MOST_SEARCHED = { keys: 200, times: 100 } as const;

/** One evaluation of one condition. */
export class Evaluation {
  readonly #sizes = new WeakMap<object, number>();
  #searched = 0;
  /** Of the variables in sight. */
  readonly values: JsonValue[] = [];
  /** What the author may not have meant. */
  readonly notices = new Set<string>();

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
  missed(map: JsonObject, key: string, { input }: ASTNode): void {
    if (this.#searched++ >= MOST_SEARCHED.times) return;
    const near = nearKey(Object.keys(map), key);
    // An expression that names both means both.
    if (near !== undefined && !input.split(/\W+/).includes(near))
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
