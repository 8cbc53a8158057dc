/** What one evaluation of one condition knows and may make. */
import { isExactNumber, isList, type JsonObject, type JsonValue } from '../json.ts';
import type { NearTexts } from './near-texts.ts';
import { ConditionError, nearKey, quotedKey, sourceOf } from './values.ts';
import type { ASTNode, ValueKind } from './values.ts';

/** What an expression makes is at most so large, about in characters of JSON: twice what outputs may be. */
const MAX_SIZE = 16 * 1024 * 1024;
/** So often a key is looked for that was meant. */
const MAX_SEARCHES = 100;

/** One evaluation of one condition. */
export class Evaluation {
  readonly #sizes = new WeakMap<object, number>();
  #searched = 0;
  /** Of the variables in sight, by their places. */
  readonly values: JsonValue[] = [];
  /** Of the macros under way, by the places of their variables: what they go through, and the item's number from 1. */
  readonly #loops: { subject: ASTNode; at: number }[] = [];
  /** null: the condition writes no text, or its texts are read letter by letter. */
  readonly near: NearTexts | null;
  /** What the author may not have meant. */
  readonly notices = new Set<string>();

  constructor(near: NearTexts | null = null) {
    this.near = near;
  }

  /** A macro begins: what it goes through is where what happens from now on happens. */
  beginLoop(place: number, subject: ASTNode): { at: number } {
    const loop = { subject, at: 0 };
    this.#loops.length = Math.min(this.#loops.length, place);
    this.#loops[place] = loop;
    return loop;
  }

  endLoop(place: number): void {
    this.#loops.length = Math.min(this.#loops.length, place);
  }

  /** "item 2 of outputs.items", of the innermost macro under way, once it is asked for; empty: none is. */
  itemInSight(): () => string {
    const loop = this.#loops.at(-1);
    const { subject, at = 0 } = loop ?? {};
    return () => (subject ? `item ${at} of ${sourceOf(subject)}` : '');
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

  /** @throws ConditionError where something of this size must not be made */
  allow(size: number): void {
    if (size > MAX_SIZE)
      throw new ConditionError(
        'the expression makes a list or a text that is too large',
        'let it keep items of the outputs, by filter(), in place of making new ones',
      );
  }

  made<T extends JsonValue>(value: T): T {
    this.allow(this.sizeOf(value));
    return value;
  }

  /** Notes a key near one that `has` did not find: of thousands of items the first few are looked at. */
  noteMissingKey(map: JsonObject, key: string, { input }: ASTNode): void {
    if (this.#searched++ >= MAX_SEARCHES) return;
    const near = nearKey(Object.keys(map), key);
    // An expression that names both means both.
    if (near !== undefined && !input.split(/\W+/).includes(near))
      this.notices.add(`there is no ${quotedKey(key)}, but ${quotedKey(near)}`);
  }
}

/** A part of a condition, compiled. */
export interface Part {
  /** null: not known before it is evaluated. */
  readonly kind: ValueKind | null;
  /** Of a `map` that makes a value of every item: that value's kind. */
  readonly eachKind?: ValueKind | null;
  readonly filter?: Filter;
  readonly evaluate: (run: Evaluation) => JsonValue;
}

/** The list of a `filter`, and whether it keeps an item, which is in the scope of its variable. */
export interface Filter {
  readonly items: (run: Evaluation) => readonly JsonValue[];
  readonly keeps: (run: Evaluation) => boolean;
  readonly place: number;
  readonly variable: string;
  readonly subject: ASTNode;
}
