/** The state of one evaluation of one condition, and its size limits. */
import { isExactNumber, isList, type JsonObject, type JsonValue } from '../json.ts';
import type { NearTexts } from './near-texts.ts';
import { ConditionError, findNearKey, quoteKey, sourceOf } from './values.ts';
import type { ASTNode, ValueKind } from './values.ts';

/** Largest value that an expression may make, in about characters of JSON: twice what outputs may have. */
const MAX_SIZE = 16 * 1024 * 1024;
/** Number of missing keys for which a similar key is searched. */
const MAX_SEARCHES = 100;

/** One evaluation of one condition. */
export class Evaluation {
  readonly #sizes = new WeakMap<object, number>();
  #searched = 0;
  /** Values of the variables in scope, by their index there. */
  readonly values: JsonValue[] = [];
  /** The macros in progress, by the index of their variable: the list, and the number of its current item, from 1. */
  readonly #loops: { subject: ASTNode; at: number }[] = [];
  /** null: the condition contains no text, or texts are compared exactly. */
  readonly near: NearTexts | null;
  /** Hints on what the author may not have meant. */
  readonly notices = new Set<string>();

  constructor(near: NearTexts | null = null) {
    this.near = near;
  }

  /**
   * Begins a macro's loop over a list; errors from now on name its current item. The caller increments `at`.
   * @param place index of the macro's variable in the scope
   */
  beginLoop(place: number, subject: ASTNode): { at: number } {
    const loop = { subject, at: 0 };
    this.#loops.length = Math.min(this.#loops.length, place);
    this.#loops[place] = loop;
    return loop;
  }

  /** Ends the loop at this index, and those within it. */
  endLoop(place: number): void {
    this.#loops.length = Math.min(this.#loops.length, place);
  }

  /**
   * Remembers the current item of the innermost loop.
   * @returns a function for its description, "item 2 of outputs.items", or empty outside of loops: few of them are needed
   */
  currentItemDescriber(): () => string {
    const loop = this.#loops.at(-1);
    const { subject, at = 0 } = loop ?? {};
    return () => (subject ? `item ${at} of ${sourceOf(subject)}` : '');
  }

  /** Returns the size of the value, in about characters of JSON; a value that is contained twice counts twice. */
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

  /** Limits what an expression makes. @throws ConditionError the size is over the limit */
  checkSize(size: number): void {
    if (size > MAX_SIZE)
      throw new ConditionError(
        'the expression makes a list or a text that is too large',
        'keep items of the outputs by filter() instead of making new ones',
      );
  }

  /** Returns a value that the expression made. @throws ConditionError it is over the size limit */
  checkMade<T extends JsonValue>(value: T): T {
    this.checkSize(this.sizeOf(value));
    return value;
  }

  /** Notes a key similar to one that `has()` did not find; searches for the first few missing keys only. */
  noteMissingKey(map: JsonObject, key: string, { input }: ASTNode): void {
    if (this.#searched++ >= MAX_SEARCHES) return;
    const near = findNearKey(Object.keys(map), key);
    // An expression that names both keys means both.
    if (near !== undefined && !input.split(/\W+/).includes(near))
      this.notices.add(`there is no ${quoteKey(key)}, but ${quoteKey(near)}`);
  }
}

/** A compiled node of an expression. */
export interface Part {
  /** The kind of its value; null: not known before it is evaluated. */
  readonly kind: ValueKind | null;
  /** Set for a `map` that keeps every item: the kind of the values that it makes. */
  readonly eachKind?: ValueKind | null;
  readonly filter?: Filter;
  readonly evaluate: (evaluation: Evaluation) => JsonValue;
}

/** A compiled `filter`: its list, its test of an item (the variable must be set before), and the names that errors use. */
export interface Filter {
  readonly items: (evaluation: Evaluation) => readonly JsonValue[];
  readonly keeps: (evaluation: Evaluation) => boolean;
  readonly place: number;
  readonly variable: string;
  readonly subject: ASTNode;
}
