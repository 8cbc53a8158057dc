/** The kinds of values in a condition, and what is said of them and of their places. Pure. */
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
  /** "\"Rejected\" is read as \"rejected\"": the near texts that were read as equal where it happened. */
  readAs: readonly string[] = [];
  constructor(what: string, hint = '', at: number | null = null, offer: Complaint['offer'] = null) {
    super(what);
    [this.hint, this.at, this.offer] = [hint, at, offer];
  }
  sentence(): string {
    const [item, readAs] = [this.item && ` (${this.item})`, this.readAs.slice(0, 3).join(' and ')];
    return `${this.message}${item}${readAs && `, where ${readAs}`}${this.hint && `; ${this.hint}`}`;
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

/** So many keys are looked at for the one that was meant. */
const MAX_SEARCHED_KEYS = 200;

/** The key that may have been meant. */
export function nearKey(keys: readonly string[], wanted: string): string | undefined {
  return nearest(keys.slice(0, MAX_SEARCHED_KEYS), wanted, () => (wanted.length < 5 ? 1 : 2));
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
