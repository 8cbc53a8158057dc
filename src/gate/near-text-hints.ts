/** Suggests an expression under which a text of the run counts as equal to the literal that it is near. Pure. */
import { serialize } from '@marcbachmann/cel-js';
import { isExactNumber, isList, type JsonValue } from '../json.ts';
import { findLiteralText } from './literals.ts';
import { quoteText } from './near-texts.ts';
import { TEXT_FUNCTIONS } from './text-functions.ts';
import { parenthesize, type ASTNode, type Call } from './values.ts';

/** A longer expression is not offered as a hint. */
const MAX_LENGTH = 300;

/** The functions that are tried, the shortest call first. */
const SPELLINGS: readonly (readonly string[])[] = [['lowerAscii'], ['trim'], ['trim', 'lowerAscii']];

/** Two values that would be equal if one text were the literal that it is near. */
export interface Compared {
  readonly literal: string;
  readonly text: string;
  /** The operand that has the literal; of `in` with the literal on the right it is an item there. */
  readonly literalAt: 0 | 1;
  readonly values: readonly [JsonValue, JsonValue];
}

/**
 * Returns what to write so that a text of the run equals the text in the condition that it is similar to: a new expression, or
 * else a list of both texts.
 * @returns `isOfAuthor`: `correction` contains nothing of the run's text
 */
export function describeHint(call: Call, compared: Compared) {
  const { literal, text } = compared;
  const expression = call.op === 'in' ? rewriteSearch(call, compared) : rewriteEquality(call, compared);
  const isShort = expression !== null && expression.length <= MAX_LENGTH;
  const isText = typeof compared.values[0] === 'string';
  return {
    correction: isShort
      ? `write ${expression}`
      : `write both forms: ${quoteText(literal)}, ${quoteText(text)}`,
    isOfAuthor: isShort && isText && findChange(compared) !== null,
  };
}

/** Returns `==` or `!=` rewritten so that the text counts as equal to the literal; null: it cannot be rewritten. */
function rewriteEquality({ op, nodes }: Call, compared: Compared): string | null {
  const { literal, text, literalAt, values } = compared;
  const written = nodes[literalAt];
  const read = nodes[1 - literalAt];
  if (!written || !read) return null;
  const isText = typeof values[0] === 'string';
  const change = isText ? findChange(compared) : null;
  if (change) {
    const side = rewriteSide(written, change, literal);
    if (side === null) return null;
    const sides = [`${parenthesize(read)}${change.calls}`, side];
    return (literalAt === 1 ? sides : sides.reverse()).join(` ${op} `);
  }
  if (isText && findLiteralText(written) === null) return null;
  const other = isText ? quoteText(text) : formatLiteral(values[1 - literalAt] ?? null);
  const search = `${parenthesize(read)} in [${isText ? quoteText(literal) : serialize(written)}, ${other}]`;
  return op === '==' ? search : `!(${search})`;
}

/** Returns `in` rewritten so that the text counts as equal to the literal; null: it cannot be rewritten. */
function rewriteSearch({ nodes }: Call, compared: Compared): string | null {
  const { literal, text, literalAt, values } = compared;
  const [left, right] = nodes;
  if (!left || !right) return null;
  const isText = typeof values[0] === 'string';
  const change = isText ? findChange(compared) : null;
  const other = isText ? quoteText(text) : formatLiteral(values[1 - literalAt] ?? null);
  if (literalAt === 0) {
    const item = /\bw\b/.test(serialize(left)) ? 'other' : 'w';
    if (change) {
      const side = rewriteSide(left, change, literal);
      return side === null
        ? null
        : `${parenthesize(right)}.exists(${item}, ${item}${change.calls} == ${side})`;
    }
    return `${parenthesize(right)}.exists(${item}, ${item} in [${serialize(left)}, ${other}])`;
  }
  const items = right.op === 'list' ? right.args : right.op === 'map' ? right.args.map(([key]) => key) : null;
  if (items === null) return null;
  const texts = items.map(findLiteralText);
  if (change && !texts.includes(null)) {
    const spelled = new Set(texts.map((one) => quoteText(change.apply(one ?? ''))));
    return `${parenthesize(left)}${change.calls} in [${[...spelled].join(', ')}]`;
  }
  return `${parenthesize(left)} in [${[...items.map((one) => serialize(one)), other].join(', ')}]`;
}

/** A chain of text functions. */
interface Change {
  /** ".trim().lowerAscii()" */
  readonly calls: string;
  readonly apply: (text: string) => string;
}

/** Returns the shortest chain of functions that makes both texts equal; null: none does. */
function findChange({ literal, text }: Compared): Change | null {
  for (const names of SPELLINGS) {
    const apply = (one: string) =>
      names.reduce((made, name) => TEXT_FUNCTIONS.get(name)?.(made) ?? made, one);
    if (apply(literal) === apply(text)) return { calls: names.map((name) => `.${name}()`).join(''), apply };
  }
  return null;
}

/**
 * Returns the source of the side of a comparison whose value is `literal`, after the text functions of the hint: a literal is written
 * changed, another expression as it is; null: another expression whose value the functions would change.
 */
function rewriteSide(node: ASTNode, { apply }: Change, literal: string): string | null {
  if (findLiteralText(node) !== null) return quoteText(apply(literal));
  return apply(literal) === literal ? parenthesize(node) : null;
}

/** Returns the value as a literal of a condition. JSON is valid CEL, except for some characters in quotes. */
function formatLiteral(value: JsonValue): string {
  if (typeof value === 'string') return quoteText(value);
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(formatLiteral).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${quoteText(key)}: ${formatLiteral(item)}`)
    .join(', ')}}`;
}
