/**
 * What an author cannot have meant, refused before anything is launched: valid CEL, or nearly so, that says something
 * else than it seems to. A pass of its own, beside parser and checker.
 */
import { ParseError } from '@marcbachmann/cel-js';
import { cut } from './values.ts';
import { nameOf, variableOf, walk } from './ast.ts';
import type { ASTNode, CallOn } from './ast.ts';

interface Place {
  readonly pos: number;
  readonly start: number;
  readonly end: number;
  readonly input: string;
}

/** Refused by us, with the way out. */
export class Unmeant extends ParseError {
  readonly hint: string;
  constructor(message: string, node: Place, hint: string) {
    super({ message, node });
    this.hint = hint;
  }
}

const STRINGS =
  /"""(?:\\.|[^\\])*?(?:"""|\\?$)|'''(?:\\.|[^\\])*?(?:'''|\\?$)|"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\.|[^'\\])*(?:'|\\?$)/gs;

/** The expression with blanks for what stands within quotes: every offset is the expression's. */
export function withoutStrings(expression: string): string {
  return expression.replace(STRINGS, (text) =>
    `"${' '.repeat(Math.max(0, text.length - 2))}"`.slice(0, text.length),
  );
}

/** `U+00A0` for what is not seen, else the character in quotes. */
function shown(character: string): string {
  if (
    /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character) &&
    !/^\p{Default_Ignorable_Code_Point}$/u.test(character)
  )
    return `"${character}"`;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

const COMMENT = 'a comment has a line of its own, which begins with "#"';
const SIGNS: readonly (readonly [RegExp, (found: string) => string, string])[] = [
  [/(?<=^\n*)-(?=\s)/, () => 'a condition is not an item of a YAML list', 'take the `-` at its start away'],
  [
    /(?<=^\n*)-/,
    () => 'a condition that begins with "-" reads as an item of a YAML list',
    'take the `-` at its start away; where a minus is meant, put it into parentheses',
  ],
  [/\/\//, () => 'a comment stands behind the condition', COMMENT],
  [/#/, () => 'a comment stands behind the condition', COMMENT],
  [
    /[[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[ \t\r\n]]/v,
    (found) => `an invisible character stands here: ${shown(found)}`,
    'delete it, or write an ordinary space',
  ],
  [
    /[“”„‟‘’‚‛«»‹›]/,
    (found) => `${found} is no quote in CEL`,
    'texts stand in straight quotes, "x" or \'x\'',
  ],
  [/[≥⩾≧]/, (found) => `${found} is no operator in CEL`, 'write >='],
  [/[≤⩽≦]/, (found) => `${found} is no operator in CEL`, 'write <='],
  [/≠/, (found) => `${found} is no operator in CEL`, 'write !='],
  [/[−–—]/, (found) => `${found} is no minus in CEL`, 'write -'],
];

/** Within a text in quotes, where neither eye nor diff finds it. What joins the parts of an emoji is seen by what it does. */
const UNSEEN =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[ ]]/v;

/** Refuses by the text, whatever the parser makes of it. @throws Unmeant */
export function refuseText(expression: string): void {
  const text = withoutStrings(expression);
  refuseName(expression, text);
  for (const { 0: quoted, index } of expression.matchAll(STRINGS)) {
    const at = quoted.search(UNSEEN);
    if (at < 0) continue;
    const found = shown(String.fromCodePoint(quoted.codePointAt(at) ?? 0));
    throw new Unmeant(
      `an invisible character stands in a text: ${found}`,
      placeAt(expression, index + at),
      `delete it, or write \\u${found.slice(2).padStart(4, '0').toLowerCase()} where it is meant`,
    );
  }
  const [first] = SIGNS.map((sign) => ({ at: text.search(sign[0]), sign }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at);
  if (!first) return;
  const [, message, hint] = first.sign;
  const found = String.fromCodePoint(expression.codePointAt(first.at) ?? 0);
  throw new Unmeant(message(found), placeAt(expression, first.at), hint);
}

/** In CEL a colon follows a `?` or stands in braces: what else stands before one was meant as a name. */
const LIKE_A_NAME = /^\n*([^\n:?{[]+):(?=\s)/;
const LONGEST_NAME = 64;

function refuseName(expression: string, text: string): void {
  const [whole = '', name = ''] = LIKE_A_NAME.exec(text) ?? [];
  const isBalanced = name.split('(').length === name.split(')').length;
  if (name === '' || !isBalanced || /^outputs\b/.test(name)) return;
  const start = whole.length - 1 - name.length;
  const given = Array.from(expression.slice(start, start + name.length));
  const wrong = given.findIndex((one, at) => !(at === 0 ? /[\p{L}\p{N}]/u : /[\p{L}\p{N} _.-]/u).test(one));
  if (wrong < 0 && name.length <= LONGEST_NAME) return;
  const why =
    wrong < 0
      ? `it has ${name.length} characters, and at most ${LONGEST_NAME} are taken`
      : `it ${wrong === 0 ? 'begins with' : 'has'} ${shown(given[wrong] ?? '')}`;
  throw new Unmeant(
    `what stands before the colon is not taken for a name: ${why}`,
    placeAt(expression, start + given.slice(0, Math.max(0, wrong)).join('').length),
    `a name is made of letters, digits, blanks, "_", "." and "-", and begins with a letter or a digit`,
  );
}

function placeAt(input: string, at: number): Place {
  return { pos: at, start: at, end: at + 1, input };
}

const EQUALITIES: ReadonlySet<string> = new Set(['==', '!=']);
const RELATIONS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', 'in']);

/**
 * Refuses `a == b < c`: CEL compares from left to right, `(a == b) < c`, the library as most languages do,
 * `a == (b < c)`. @throws Unmeant
 */
export function refuseMixed(ast: ASTNode, expression: string): void {
  const depthAt = depths(expression);
  for (const node of walk(ast)) {
    if (!EQUALITIES.has(node.op)) continue;
    const [, right] = node.args as [ASTNode, ASTNode];
    if (!RELATIONS.has(right.op) || depthAt(node) !== depthAt(right)) continue;
    const both = `"${node.op}" and "${right.op}"`;
    throw new Unmeant(`${both} rank the same in CEL: put one comparison into parentheses`, right, '');
  }
}

/** Refuses what nobody means, by the syntax tree. @throws Unmeant */
export function refuseTree(ast: ASTNode, expression: string): void {
  const depthAt = depths(expression);
  for (const node of walk(ast)) {
    if (node.op === 'map') refuseDoubledKeys(node);
    if (node.op === 'value' && typeof node.args === 'string' && /^(?:…+|\.{3,})$/.test(node.args))
      throw new Unmeant(
        `the text ${nameOf(node)} is left over from an example`,
        node,
        'write what is meant instead',
      );
    refuseTexts(node);
    refuseUnused(node, variableOf(node));
    const rank = [EQUALITIES, RELATIONS].find((operators) => operators.has(node.op));
    if (!rank) continue;
    const [left, right] = node.args as [ASTNode, ASTNode];
    if (!rank.has(left.op) || depthAt(node) !== depthAt(left)) continue;
    const middle = nameOf((left.args as [ASTNode, ASTNode])[1]);
    throw new Unmeant(
      `"${left.op}" and "${node.op}" stand in a row: the second compares the first one's true or false`,
      left,
      rank === EQUALITIES
        ? 'join two comparisons by &&, or put one into parentheses'
        : `write ${nameOf(left)} && ${middle} ${node.op} ${nameOf(right)}`,
    );
  }
}

function refuseUnused(node: ASTNode, variable: string | null): void {
  if (node.op !== 'rcall' || variable === null) return;
  const [name, , [, ...bodies]] = node.args;
  // With other numbers of bodies it is no macro, which is said elsewhere.
  if ((bodies.length > 1 && name !== 'map') || reads(bodies, variable)) return;
  throw new Unmeant(
    `${name}() does not use its ${variable}: it says the same of every item`,
    node,
    `a field of an item is ${variable}.<its key>`,
  );
}

/** Each text that the node compares something with, and how: `==`, `in`, `contains()`. */
function* literalsAt(node: ASTNode): Generator<readonly [by: string, ASTNode, ASTNode, string]> {
  const isText = (one: ASTNode | undefined) => one?.op === 'value' && typeof one.args === 'string';
  if (node.op === 'rcall') {
    const [name, subject, [text]] = node.args;
    if (text && isText(text) && /^(?:contains|startsWith|endsWith)$/.test(name))
      yield [`${name}()`, subject, text, text.args as string];
  } else if (EQUALITIES.has(node.op) || node.op === 'in') {
    const [left, right] = node.args as [ASTNode, ASTNode];
    const texts = node.op === 'in' && right.op === 'list' ? right.args : [right];
    for (const text of texts.filter(isText)) yield [node.op, left, text, text.args as string];
    if (node.op !== 'in' && isText(left)) yield [node.op, right, left, left.args as string];
  }
}

/** Refuses a comparison with a text that is empty, or that what it is compared with can never be. */
function refuseTexts(node: ASTNode): void {
  const literals = [...literalsAt(node)];
  for (const [by, other, literal, text] of literals) {
    const [name, said] = [nameOf(other), nameOf(literal)];
    if (text === '' && (by !== 'in' || literals.length === 1))
      throw new Unmeant(
        `"${by}" meets an empty text: a \`\${{ … }}\` that is not set leaves one`,
        literal,
        EQUALITIES.has(by)
          ? `if empty is meant, write size(${name}) ${by} 0`
          : 'write the text that is meant',
      );
    const never = neverIs(other, text, by);
    if (never === null) continue;
    const [what, changed] = never;
    throw new Unmeant(
      `${name} ${what}, and ${said} is not`,
      literal,
      `write ${JSON.stringify(cut(changed, 40))}`,
    );
  }
}

/** What the value of `x.lowerAscii()`, `x.upperAscii()` or `x.trim()` is and the text is not, and the text changed to it. */
function neverIs(node: ASTNode, text: string, by: string): readonly [string, string] | null {
  if (node.op !== 'rcall') return null;
  const [name, subject] = node.args;
  if (name === 'lowerAscii' && /[A-Z]/.test(text)) return ['is in lower case', text.toLowerCase()];
  if (name === 'upperAscii' && /[a-z]/.test(text)) return ['is in upper case', text.toUpperCase()];
  if (name === 'trim' && !by.endsWith('()') && text.trim() !== text)
    return ['has no blanks around it', text.trim()];
  const isCase = name === 'lowerAscii' || name === 'upperAscii';
  return name === 'trim' || (isCase && subject.op === 'rcall' && subject.args[0] === 'trim')
    ? neverIs(subject, text, by)
    : null;
}

/** How deep in parentheses the operator of two operands stands: the tree does not show which were written. */
function depths(expression: string): (node: ASTNode) => number {
  const text = withoutStrings(expression);
  return ({ args }) => {
    const [left, right] = args as [ASTNode, ASTNode];
    const before = text.slice(0, left.end + text.slice(left.end, right.start).search(/[=!<>i]/));
    return before.split(/[([{]/).length - before.split(/[)\]}]/).length;
  };
}

function refuseDoubledKeys(map: Extract<ASTNode, { op: 'map' }>): void {
  const seen = new Set<unknown>();
  for (const [key] of map.args) {
    if (key.op !== 'value') continue;
    if (seen.has(key.args)) throw new Unmeant(`the key ${nameOf(key)} stands twice`, key, '');
    seen.add(key.args);
  }
}

/** Refuses what is the same for every run. @throws Unmeant */
export function refuseConstant(ast: ASTNode): void {
  if (reads(ast, 'outputs')) return;
  throw new Unmeant(
    'the condition reads no `outputs`: it says the same of every run',
    ast,
    'a value that the run wrote is outputs.<its key>',
  );
}

/** Does it read the variable? A macro may call its own by the same name. */
function reads(args: unknown, name: string): boolean {
  if (Array.isArray(args)) return args.some((one) => reads(one, name));
  if (typeof args !== 'object' || args === null || !('op' in args)) return false;
  const node = args as ASTNode;
  const variable = variableOf(node);
  if (variable === null) return node.op === 'id' ? node.args === name : reads(node.args, name);
  const [, subject, [, ...bodies]] = (node as CallOn).args;
  return reads(subject, name) || (variable !== name && reads(bodies, name));
}
