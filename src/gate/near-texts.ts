/**
 * Texts that differ from one that the condition writes only as a model's spelling does: `Rejected`, `non‑compliant` with another
 * hyphen. A condition that compares such a pair is read in every way, as if they were equal and as if they were not. Pure.
 */
import { literalText } from './literals.ts';
import { ConditionError, type ASTNode } from './values.ts';

/** Longer texts are near none: NFKC of 1 MB of combining marks takes minutes. */
const MAX_LENGTH = 200;

const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
const OUTER_BLANKS = /^\p{White_Space}+|(?<!\p{White_Space})\p{White_Space}+$/gu;
const SEPARATORS = /[\p{White_Space}\p{Pd}\u2212_]+/gu;

/** Of these all that follows changes is separators and case. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** Two texts are near where it is the same of both. */
export function normalForm(text: string): string {
  const spelled = PLAIN.test(text)
    ? text
    : text.replaceAll(IGNORABLE, '').normalize('NFKC').replaceAll(OUTER_BLANKS, '');
  return spelled.replaceAll(SEPARATORS, '-').toUpperCase().toLowerCase();
}

/** The texts that a condition writes: its literals, and those that it joins by `+`; each with its normal form. */
export function writtenTexts(node: ASTNode, texts = new Map<string, string>()): ReadonlyMap<string, string> {
  const text = literalText(node);
  if (text !== null && text.length <= MAX_LENGTH) texts.set(text, normalForm(text));
  // A literal in a function is the text that it becomes: 'Rejected'.lowerAscii() never has the value Rejected.
  if (text === null) for (const part of partsToCompare(node)) writtenTexts(part, texts);
  return texts;
}

/** Without what names a key: of a map, unless it is searched for its keys, of an index, or of a search in `keys()`. */
function partsToCompare({ op, args }: ASTNode): readonly ASTNode[] {
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

function isNode(part: unknown): part is ASTNode {
  return typeof part === 'object' && part !== null && 'op' in part && 'args' in part;
}

/** A text of the run that is near one that the condition writes. */
export interface NearPair {
  /** The author's. */
  readonly literal: string;
  /** Untrusted. */
  readonly text: string;
  /** Made where it is needed: in 200,000 items nobody reads it. */
  readonly describe: () => {
    /** "i.status", "an item of outputs.tags": what has the text. */
    readonly name: string;
    /** "item 2 of outputs.items", where they were compared, or empty. */
    readonly item: string;
    /** What to write so that both count as equal. Untrusted, unless it holds nothing of the text. */
    readonly wayOut: string;
    readonly isOfAuthor: boolean;
  };
}

export type IsEqual = (literal: string) => boolean;

/** Is `-` written for it? Else its normal form begins with the letter in lower case. */
const isSeparator = (code: number) => code === 0x2d || code === 0x5f;
const lowerCase = (code: number) => (code >= 0x41 && code <= 0x5a ? code + 0x20 : code);
const isPlain = (code: number) => code > 0x20 && code < 0x7f;

/** The first letter rules most texts out, which is cheaper than normalising 200,000 of them. */
function mayHaveForm(text: string, form: string): boolean {
  const [first, second] = [text.charCodeAt(0), text.charCodeAt(1)];
  if (!isPlain(first) || (text.length > 1 && !isPlain(second) && second !== 0x20)) return true;
  return (isSeparator(first) ? 0x2d : lowerCase(first)) === form.charCodeAt(0);
}

/** Statuses repeat, titles do not. */
const MAX_REMEMBERED = 1_000;

/** The near pairs that an evaluation has met, and whether it reads them as equal. */
export class NearTexts {
  readonly #written: ReadonlyMap<string, string>;
  readonly #forms = new Map<string, string>();
  #isEqual: IsEqual = () => false;
  /** Of each literal the first that was met, in that order. */
  readonly pairs = new Map<string, NearPair>();

  constructor(written: ReadonlyMap<string, string>) {
    this.#written = written;
  }

  /** The literal that the other of the two is near; null: they are not near, or the condition writes both or neither. */
  literalOf(a: string, b: string): string | null {
    const [formOfA, formOfB] = [this.#written.get(a), this.#written.get(b)];
    if (formOfA === undefined) return formOfB !== undefined && this.#hasForm(a, formOfB) ? b : null;
    return formOfB === undefined && this.#hasForm(b, formOfA) ? a : null;
  }

  #hasForm(text: string, form: string): boolean {
    if (text.length > MAX_LENGTH || !mayHaveForm(text, form)) return false;
    let known = this.#forms.get(text);
    if (known === undefined) {
      known = normalForm(text);
      if (this.#forms.size < MAX_REMEMBERED) this.#forms.set(text, known);
    }
    return known === form;
  }

  /** What was met before is of another item. */
  begin(): void {
    this.pairs.clear();
  }

  isReadAsEqual(literal: string): boolean {
    return this.#isEqual(literal);
  }

  meet(pair: NearPair): void {
    if (!this.pairs.has(pair.literal)) this.pairs.set(pair.literal, pair);
  }

  /** The literal that a text by itself is near; null: none is. */
  nearestOf(text: string): string | null {
    if (text.length > MAX_LENGTH || this.#written.has(text)) return null;
    const form = normalForm(text);
    return [...this.#written].find((one) => one[1] === form)?.[0] ?? null;
  }

  /** @throws ConditionError which names the near texts that were read as equal */
  read<T>(isEqual: IsEqual, evaluate: () => T): T {
    this.#isEqual = isEqual;
    try {
      return evaluate();
    } catch (error) {
      if (error instanceof ConditionError) {
        const read = [...this.pairs.values()].filter(({ literal }) => isEqual(literal));
        error.readAs = read.map(({ literal, text }) => `${inQuotes(text)} is read as ${inQuotes(literal)}`);
      }
      throw error;
    }
  }
}

/** What is not seen, or looks like another: as an escape, which quotes may hold. */
const UNLIKE =
  /[[\p{Cc}\p{Cf}\p{Cs}\p{Zs}\p{Zl}\p{Zp}\p{Pd}\p{M}\u2212\p{Default_Ignorable_Code_Point}]--[ \-]]/gv;

/** The text as a literal of a condition, on one line. */
export function inQuotes(text: string): string {
  return `"${withEscapes(text)}"`;
}

/** The text between the quotes. */
export function withEscapes(text: string): string {
  const quoted = JSON.stringify(text);
  return quoted.slice(1, -1).replaceAll(UNLIKE, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
  });
}
