/** The kinds of values in a condition, and their descriptions and positions in words. Pure. */
import { serialize, type ASTNode } from '@marcbachmann/cel-js';
import { isExactNumber, isList, type JsonObject, type JsonValue } from '../json.ts';
import { findNearest } from '../text/nearest-name.ts';
import type { Reason } from './condition.ts';

export type { ASTNode };
export type NodeOf<Op extends ASTNode['op']> = Extract<ASTNode, { op: Op }>;

export interface Kinds {
  null: null;
  'a text': string;
  'a number': number;
  'true or false': boolean;
  'a list': readonly JsonValue[];
  'an object': JsonObject;
}
export type ValueKind = keyof Kinds;

/** Why a condition cannot be evaluated, in a headline: what of the expression, what about it, and the way out. */
export interface Brief {
  /** null: `says` is the whole. */
  readonly subject: ASTNode | null;
  readonly says: string;
  readonly hint: string;
}

/** Why a condition is refused, or has no value. The message is one sentence; names of keys and near texts in it are untrusted. */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
  /** The way out, or empty. */
  hint: string;
  /** A better one, where the expression that it leads to is not refused. */
  readonly offer: { readonly corrected: string; readonly hint: string } | null;
  /** Offset in the expression; null: not known yet. */
  at: number | null;
  /** Without a word of the run's but a near key; null: message and hint have none. */
  readonly brief: Brief | null;
  /** "item 2 of outputs.items", where it happened. */
  item = '';
  /** Of each macro about the place, the innermost first. */
  readonly #loops: { readonly variable: string; readonly at: number }[] = [];
  /** "\"Rejected\" is read as \"rejected\"": the near texts that were read as equal where it happened. */
  readAs: readonly string[] = [];

  constructor(
    what: string,
    hint = '',
    at: number | null = null,
    { offer = null, brief = null }: { offer?: ConditionError['offer']; brief?: Brief | null } = {},
  ) {
    super(what);
    this.hint = hint;
    this.at = at;
    this.offer = offer;
    this.brief = brief;
  }

  /** It happened in the item of a macro that goes through the list. */
  happenedIn(variable: string, list: ASTNode, at: number): void {
    this.item ||= `item ${at} of ${sourceOf(list)}`;
    this.#loops.push({ variable, at });
  }

  sentence(): string {
    const item = this.item && ` (${this.item})`;
    const readAs = this.readAs.slice(0, 3).join(' and ');
    return `${this.message}${item}${readAs && `, where ${readAs}`}${this.hint && `; ${this.hint}`}`;
  }

  /** For headlines: "item 1 has no key `statsu`", "did you mean `status`?" */
  reason(): Reason {
    const { subject, says, hint } = this.brief ?? { subject: null, says: this.message, hint: this.hint };
    const inner =
      subject?.op === 'id' ? this.#loops.find(({ variable }) => variable === subject.args) : undefined;
    const [innermost] = this.#loops;
    const place = innermost && inner === undefined ? `item ${innermost.at}: ` : '';
    const name = inner ? `item ${inner.at} ` : subject ? `${asCode(sourceOf(subject))} ` : '';
    return { what: `${place}${name}${says}`, hint };
  }
}

/** In a headline. */
export function asCode(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

export function valueKindOf(value: JsonValue): ValueKind {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'a text';
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
export function sourceOf(node: ASTNode | undefined, maxLength = 60): string {
  return node ? abridged(serialize(node), maxLength) : '';
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
  return findNearest(keys.slice(0, MAX_SEARCHED_KEYS), wanted, () =>
    wanted.length < 2 ? 0 : wanted.length < 5 ? 1 : 2,
  );
}

/** The existing keys, and those that were probably meant. Capped; the caller must escape them. */
export function keysOf(map: JsonObject, near?: string): string {
  const keys = Object.keys(map);
  if (keys.length === 0) return 'it has no keys';
  const more = keys.length > 10 ? ` and ${keys.length - 10} more` : '';
  const all = `its keys: ${keys.slice(0, 10).map(quotedKey).join(', ')}${more}`;
  return near === undefined ? all : `did you mean ${quotedKey(near)}? ${all}`;
}
