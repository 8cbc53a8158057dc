/**
 * Texts that differ from one that the condition writes only as a model's spelling does: `Rejected`, `non‑compliant` with another
 * hyphen. A condition that compares such a pair is read in every way, as if they were equal and as if they were not. Pure.
 */
import { findLiteralText } from './literals.ts';
import { ConditionError, type ASTNode } from './values.ts';

/** Longer texts are never near: NFKC of 1 MB of combining marks takes minutes. */
const MAX_LENGTH = 200;

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const OUTER_BLANKS = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu;
const SEPARATORS = /[\p{White_Space}\p{Pd}\u2212_]+/gu;

/** Texts for which normalising changes only separators and case. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/**
 * Returns the normal form of a text: without case, kind of separator and invisible characters. Two texts are near if their normal
 * forms are equal.
 */
export function normalizeText(text: string): string {
  const spelled = PLAIN.test(text)
    ? text
    : text.replaceAll(IGNORABLE, '').normalize('NFKC').replaceAll(OUTER_BLANKS, '');
  return spelled.replaceAll(SEPARATORS, '-').toUpperCase().toLowerCase();
}

/**
 * Returns the texts that a condition contains (its literals, also joined by `+`), each with its normal form.
 * @param texts is filled
 */
export function findWrittenTexts(
  node: ASTNode,
  texts = new Map<string, string>(),
): ReadonlyMap<string, string> {
  const text = findLiteralText(node);
  if (text !== null && text.length <= MAX_LENGTH) texts.set(text, normalizeText(text));
  // A literal in a function counts as the result: 'Rejected'.lowerAscii() never has the value Rejected.
  if (text === null) for (const part of findComparedParts(node)) findWrittenTexts(part, texts);
  return texts;
}

/**
 * Returns the child nodes whose texts are compared with values. Leaves out literals that name a key: of a map (unless its keys
 * are searched), in an index, or before `in keys()`.
 */
function findComparedParts({ op, args }: ASTNode): readonly ASTNode[] {
  const isKey = (one: ASTNode) => one.op === 'value';
  if (op === 'map') return args.flatMap(([key, value]) => (isKey(key) ? [value] : [key, value]));
  if (op === '[]') return args.filter((one, at) => at === 0 || !isKey(one));
  if (op === 'in') {
    const [left, right] = args;
    if (right.op === 'map') return [left, ...right.args.flat()];
    return right.op === 'call' && right.args[0] === 'keys' && isKey(left) ? [right] : [left, right];
  }
  return [args].flat(3).filter((part: unknown) => isNode(part));
}

/** Is it a node? The arguments of nodes contain other values too. */
function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}

/** A text of the run that is near one in the condition: it differs only in case, separators or invisible characters. */
export interface NearPair {
  /** The text in the condition. */
  readonly literal: string;
  /** The text in the run's outputs. Untrusted. */
  readonly text: string;
  /** A function, since the description is needed for few of 200,000 items. */
  readonly describe: () => {
    /** What has the text: "i.status", "an item of outputs.tags". */
    readonly name: string;
    /** Where they were compared: "item 2 of outputs.items", or empty. */
    readonly item: string;
    /** What to write so that both count as equal. Untrusted, unless `isOfAuthor`. */
    readonly correction: string;
    /** `correction` contains nothing of the run's text. */
    readonly isOfAuthor: boolean;
  };
}

/** Do the texts near this literal count as equal to it? */
export type IsEqual = (literal: string) => boolean;

/** Is it `-` or `_`? Both become `-` in the normal form. */
const isSeparator = (code: number) => code === 0x2d || code === 0x5f;
const toLowerCase = (code: number) => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);
/** Is it visible ASCII? */
const isPlain = (code: number) => code > 0x20 && code < 0x7f;

/**
 * Compares only the first character with that of the normal form, which rules out most texts and is cheaper than normalising
 * 200,000 of them.
 * @returns false: the text's normal form is certainly another
 */
function mayHaveForm(text: string, form: string): boolean {
  const first = text.charCodeAt(0);
  const second = text.charCodeAt(1);
  if (!isPlain(first) || (text.length > 1 && !isPlain(second) && second !== 0x20)) return true;
  return (isSeparator(first) ? 0x2d : toLowerCase(first)) === form.charCodeAt(0);
}

/** Size of the cache of normal forms: statuses repeat, titles do not. */
const MAX_REMEMBERED = 1_000;

/**
 * Collects the near texts that an evaluation meets (they differ from a text in the condition only in spelling), and decides in
 * each evaluation which of them count as equal.
 */
export class NearTexts {
  readonly #written: ReadonlyMap<string, string>;
  readonly #forms = new Map<string, string>();
  #isEqual: IsEqual = () => false;
  /** The first pair met for each literal, in that order. */
  readonly pairs = new Map<string, NearPair>();

  constructor(written: ReadonlyMap<string, string>) {
    this.#written = written;
  }

  /**
   * Returns the literal among the two texts, if the other is near it. null: they are not near, or the condition contains both or
   * neither.
   */
  findNearLiteral(a: string, b: string): string | null {
    const formOfA = this.#written.get(a);
    const formOfB = this.#written.get(b);
    if (formOfA === undefined) return formOfB !== undefined && this.#hasForm(a, formOfB) ? b : null;
    return formOfB === undefined && this.#hasForm(b, formOfA) ? a : null;
  }

  #hasForm(text: string, form: string): boolean {
    if (text.length > MAX_LENGTH || !mayHaveForm(text, form)) return false;
    let known = this.#forms.get(text);
    if (known === undefined) {
      known = normalizeText(text);
      if (this.#forms.size < MAX_REMEMBERED) this.#forms.set(text, known);
    }
    return known === form;
  }

  /** Called before each item, whose pairs are collected separately. */
  forgetPairs(): void {
    this.pairs.clear();
  }

  /** Does the current evaluation treat the texts near this literal as equal to it? */
  isReadAsEqual(literal: string): boolean {
    return this.#isEqual(literal);
  }

  /** Remembers the pair, unless its literal already has one. */
  notePair(pair: NearPair): void {
    if (!this.pairs.has(pair.literal)) this.pairs.set(pair.literal, pair);
  }

  /** Returns the literal that the text is near, outside of any comparison; null: none. */
  findLiteralLike(text: string): string | null {
    if (text.length > MAX_LENGTH || this.#written.has(text)) return null;
    const form = normalizeText(text);
    return [...this.#written].find((one) => one[1] === form)?.[0] ?? null;
  }

  /**
   * Evaluates with those near texts counted as equal whose literal `isEqual` accepts.
   * @throws ConditionError which names the near texts that counted as equal
   */
  evaluateReading<T>(isEqual: IsEqual, evaluate: () => T): T {
    this.#isEqual = isEqual;
    try {
      return evaluate();
    } catch (error) {
      if (error instanceof ConditionError) {
        const read = [...this.pairs.values()].filter(({ literal }) => isEqual(literal));
        error.readAs = read.map(({ literal, text }) => `${quoteText(text)} is read as ${quoteText(literal)}`);
      }
      throw error;
    }
  }
}

/** Characters that are invisible or look like others. */
const UNLIKE =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Pd}\p{M}\u2212\p{Default_Ignorable_Code_Point}]--[ \-]]/gv;

/** Returns the text as a literal of a condition, on one line, with escapes. */
export function quoteText(text: string): string {
  return `"${escapeText(text)}"`;
}

/** Returns the text as it is written between the quotes of such a literal. */
export function escapeText(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.slice(1, -1).replaceAll(UNLIKE, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
