/** What to write so that a text of the run counts as equal to the literal that it is near. Pure. */
import { serialize } from '@marcbachmann/cel-js';
import { isExactNumber, isList, type JsonValue } from '../json.ts';
import { literalText } from './literals.ts';
import { inQuotes } from './near-texts.ts';
import { CHANGES } from './text-functions.ts';
import type { ASTNode, Call } from './values.ts';

/** Longer expressions are no hint. */
const MAX_LENGTH = 300;

/** The shortest first. */
const SPELLINGS: readonly (readonly string[])[] = [['lowerAscii'], ['trim'], ['trim', 'lowerAscii']];

/** Two values that are equal but for a text that is near a literal. */
export interface Compared {
  readonly literal: string;
  readonly text: string;
  /** Which of the operands has the literal; of `in` it is an item where that is the right one. */
  readonly literalAt: 0 | 1;
  readonly values: readonly [JsonValue, JsonValue];
}

/**
 * An expression in the place of the comparison that is true of the text; where there is none, both forms.
 * @returns `isOfAuthor`: it holds nothing of the run's
 */
export function describeHint(call: Call, compared: Compared) {
  const { literal, text } = compared;
  const expression = call.op === 'in' ? forSearch(call, compared) : forEquality(call, compared);
  const isShort = expression !== null && expression.length <= MAX_LENGTH;
  const isText = typeof compared.values[0] === 'string';
  return {
    wayOut: isShort ? `write ${expression}` : `write both forms: ${inQuotes(literal)}, ${inQuotes(text)}`,
    isOfAuthor: isShort && isText && changeFor(compared) !== null,
  };
}

function forEquality({ op, nodes }: Call, compared: Compared): string | null {
  const { literal, text, literalAt, values } = compared;
  const [written, read] = [nodes[literalAt], nodes[1 - literalAt]];
  if (!written || !read) return null;
  const isText = typeof values[0] === 'string';
  const change = isText ? changeFor(compared) : null;
  if (change) {
    const side = changed(written, change, literal);
    if (side === null) return null;
    const sides = [`${operand(read)}${change.calls}`, side];
    return (literalAt === 1 ? sides : sides.reverse()).join(` ${op} `);
  }
  if (isText && literalText(written) === null) return null;
  const other = isText ? inQuotes(text) : literalOf(values[1 - literalAt] ?? null);
  const search = `${operand(read)} in [${isText ? inQuotes(literal) : serialize(written)}, ${other}]`;
  return op === '==' ? search : `!(${search})`;
}

function forSearch({ nodes }: Call, compared: Compared): string | null {
  const { literal, text, literalAt, values } = compared;
  const [left, right] = nodes;
  if (!left || !right) return null;
  const isText = typeof values[0] === 'string';
  const change = isText ? changeFor(compared) : null;
  const other = isText ? inQuotes(text) : literalOf(values[1 - literalAt] ?? null);
  if (literalAt === 0) {
    const item = /\bw\b/.test(serialize(left)) ? 'other' : 'w';
    if (change) {
      const side = changed(left, change, literal);
      return side === null ? null : `${operand(right)}.exists(${item}, ${item}${change.calls} == ${side})`;
    }
    return `${operand(right)}.exists(${item}, ${item} in [${serialize(left)}, ${other}])`;
  }
  const items = right.op === 'list' ? right.args : right.op === 'map' ? right.args.map(([key]) => key) : null;
  if (items === null) return null;
  const texts = items.map(literalText);
  if (change && !texts.includes(null)) {
    const spelled = new Set(texts.map((one) => inQuotes(change.apply(one ?? ''))));
    return `${operand(left)}${change.calls} in [${[...spelled].join(', ')}]`;
  }
  return `${operand(left)} in [${[...items.map((one) => serialize(one)), other].join(', ')}]`;
}

interface Change {
  /** ".trim().lowerAscii()" */
  readonly calls: string;
  readonly apply: (text: string) => string;
}

/** The functions that make both texts the same; null: none do. */
function changeFor({ literal, text }: Compared): Change | null {
  for (const names of SPELLINGS) {
    const apply = (one: string) => names.reduce((made, name) => CHANGES.get(name)?.(made) ?? made, one);
    if (apply(literal) === apply(text)) return { calls: names.map((name) => `.${name}()`).join(''), apply };
  }
  return null;
}

/** The side of the literal, as the functions leave it; null: it would be a text that the condition makes of constants. */
function changed(node: ASTNode, { apply }: Change, literal: string): string | null {
  if (literalText(node) !== null) return inQuotes(apply(literal));
  return apply(literal) === literal ? operand(node) : null;
}

/** In parentheses if the operator after it binds more tightly. */
function operand(node: ASTNode): string {
  const source = serialize(node);
  return /^(?:value|id|\.|\[\]|call|rcall|list|map)$/.test(node.op) ? source : `(${source})`;
}

/** JSON is CEL, but for what quotes may not hold. */
function literalOf(value: JsonValue): string {
  if (typeof value === 'string') return inQuotes(value);
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(literalOf).join(', ')}]`;
  return `{${Object.entries(value)
    .map(([key, item]) => `${inQuotes(key)}: ${literalOf(item)}`)
    .join(', ')}}`;
}
