/** The kinds of values in a condition, their names in messages, and the error of a condition. Pure. */
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

/** Why a condition cannot be evaluated, for a headline: the part of the expression, what is wrong with it, and the hint. */
export interface Brief {
  /** null: `says` is the whole sentence. */
  readonly subject: ASTNode | null;
  readonly says: string;
  readonly hint: string;
}

/**
 * Why a condition is rejected or cannot be evaluated. The message is one sentence; names of keys and near texts in it are
 * untrusted.
 */
export class ConditionError extends Error {
  override readonly name = 'ConditionError';
  /** What to write instead, or empty. */
  hint: string;
  /** A corrected expression with a better hint, which replaces `hint` if that expression is valid. */
  readonly offer: { readonly corrected: string; readonly hint: string } | null;
  /** Offset in the expression; null: not known yet. */
  at: number | null;
  /** The same without text of the run, except for a similar key; null: message and hint contain none. */
  readonly brief: Brief | null;
  /** Where it happened: "item 2 of outputs.items", or empty. */
  item = '';
  /** The macros around the place, the innermost first, each with the number of its item. */
  readonly #loops: { readonly variable: string; readonly at: number }[] = [];
  /** The near texts that were read as equal when it happened: "\"Rejected\" is read as \"rejected\"". */
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

  /** Adds the macro in whose item the error happened; called from the innermost macro outwards. */
  noteLoop(variable: string, list: ASTNode, at: number): void {
    this.item ||= `item ${at} of ${sourceOf(list)}`;
    this.#loops.push({ variable, at });
  }

  /** Returns message, item and hint as one sentence. */
  toSentence(): string {
    const item = this.item && ` (${this.item})`;
    const readAs = this.readAs.slice(0, 3).join(' and ');
    return `${this.message}${item}${readAs && `, where ${readAs}`}${this.hint && `; ${this.hint}`}`;
  }

  /** Returns the error for headlines: "item 1 has no key `statsu`", "did you mean `status`?" */
  toReason(): Reason {
    const { subject, says, hint } = this.brief ?? { subject: null, says: this.message, hint: this.hint };
    const inner =
      subject?.op === 'id' ? this.#loops.find(({ variable }) => variable === subject.args) : undefined;
    const [innermost] = this.#loops;
    const place = innermost && inner === undefined ? `item ${innermost.at}: ` : '';
    const name = inner ? `item ${inner.at} ` : subject ? `${formatAsCode(sourceOf(subject))} ` : '';
    return { what: `${place}${name}${says}`, hint };
  }
}

/** Returns the text in backquotes, for a headline. */
export function formatAsCode(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** Returns the kind of a value, as messages call it. */
export function valueKindOf(value: JsonValue): ValueKind {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number' || isExactNumber(value)) return 'a number';
  return isList(value) ? 'a list' : 'an object';
}

/** The operator or function of a call, and its operands. */
export interface Call {
  readonly op: string;
  readonly nodes: readonly ASTNode[];
}

/** Returns the expression of a node as messages show it, cut at `maxLength`. */
export function sourceOf(node: ASTNode | undefined, maxLength = 60): string {
  return node ? abridge(serialize(node), maxLength) : '';
}

/** Returns the expression, in parentheses if a `.` or an operator behind it would bind more tightly. */
export function parenthesize(node: ASTNode): string {
  const source = serialize(node);
  return /^(?:value|id|\.|\[\]|call|rcall|list|map)$/.test(node.op) ? source : `(${source})`;
}

/** Cuts a text, with an ellipsis. */
export function abridge(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

/** Returns a key in quotes, cut. */
export function quoteKey(key: string): string {
  return JSON.stringify(abridge(key, 40));
}

/** Number of keys among which a similar one is searched. */
const MAX_SEARCHED_KEYS = 200;

/** Returns the most similar key; undefined: none is similar enough. */
export function findNearKey(keys: readonly string[], wanted: string): string | undefined {
  return findNearest(keys.slice(0, MAX_SEARCHED_KEYS), wanted, () =>
    wanted.length < 2 ? 0 : wanted.length < 5 ? 1 : 2,
  );
}

/** Lists the first keys of the object, after the similar one. The caller must escape the result. */
export function describeKeys(map: JsonObject, near?: string): string {
  const keys = Object.keys(map);
  if (keys.length === 0) return 'it has no keys';
  const more = keys.length > 10 ? ` and ${keys.length - 10} more` : '';
  const all = `its keys: ${keys.slice(0, 10).map(quoteKey).join(', ')}${more}`;
  return near === undefined ? all : `did you mean ${quoteKey(near)}? ${all}`;
}
