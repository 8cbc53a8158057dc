/** Errors about conditions that do not compile, with the author's text at the position. Pure. */
import { ConditionError, abridge } from './values.ts';
import type { NodeOf } from './values.ts';

/** The functions that take a variable for the items of a list. */
export const MACROS: ReadonlySet<string> = new Set(['filter', 'map', 'all', 'exists', 'exists_one']);

/** Invisible characters and blanks other than a space. The characters that join the parts of an emoji are excepted. */
export const UNSEEN =
  /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])[[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]--[ ]]/gv;

const STRINGS =
  /"""(?:\\.|[^\\])*?(?:"""|\\?$)|'''(?:\\.|[^\\])*?(?:'''|\\?$)|"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\.|[^'\\])*(?:'|\\?$)/gs;

/** Returns the expression with quoted texts replaced by blanks of the same length, so that offsets stay the same. */
export function blankStrings(source: string): string {
  return source.replace(
    STRINGS,
    (text) => '"'.padEnd(text.length - 1) + '"'.repeat(Math.min(1, text.length - 1)),
  );
}

const LINES = 'write one condition per line below `|`: below `>` YAML joins the lines';
const TWO_CONDITIONS = `${LINES}; join two parts of one condition by && or ||`;
const COMMENT = `write a comment on a separate line that begins with "#"; ${LINES}`;
const QUOTES = `write a text in straight quotes, "x" or 'x'`;
const COMMA = 'write filter(i, i.status == "x"), with a comma';
const DASH = 'remove the `-` at the start; if a minus is meant, put it into parentheses';
const NAME_RULE =
  'a name has at most 64 letters, digits, blanks, "_", "." and "-", and begins with a letter or a digit';
const NO_CLOCK = 'a condition has no clock: let the Alloovium workflow write it, such as i.days_overdue > 0';
const EXAMPLE = 'a condition is like outputs.items.filter(i, i.status == "x")';
const VARIABLES = 'the one variable is "outputs"; a macro names its own: outputs.items.filter(i, i.x)';
/** Hints so general that quotes are offered first: the error may be a text without quotes. */
const MAYBE_TEXT: ReadonlySet<string> = new Set(['', TWO_CONDITIONS, EXAMPLE, VARIABLES]);

/**
 * A pattern for the text at the error, one for the text before it (null: any), the sentence and the hint; `$&` is the match. The
 * first entry that matches counts.
 */
type SyntaxHint = readonly [at: RegExp, after: RegExp | null, sentence: string, hint: string];

/** A colon before which a name may be meant: in CEL a colon follows a `?` or is in braces. */
const LIKE_A_NAME = /^(?![!\w]*[(.])[^:?{[]+:(?=\s)/;

const MAX_NAME = 64;

/** Returns the error about a text before a colon that is not a valid name. */
function invalidNameError(name: string): ConditionError {
  const at = name.search(/[^\p{L}\p{N} _.-]/u);
  const character = at < 0 ? '' : String.fromCodePoint(name.codePointAt(at) ?? 0);
  let message = 'a name begins with a letter or a digit';
  if (at >= 0) message = `a name cannot contain ${character === '`' ? 'a backquote' : `\`${character}\``}`;
  else if (name.length > MAX_NAME) message = `a name has at most ${MAX_NAME} characters`;
  return new ConditionError(message, NAME_RULE, Math.max(0, at));
}

/** Checked in the whole expression outside of quotes, because the parser may accept these. */
const ANYWHERE: readonly SyntaxHint[] = [
  [/^-/, null, 'a condition that begins with "-" reads as an item of a YAML list', DASH],
  [/\/\/|#/, null, 'a comment follows the condition on the same line', COMMENT],
  [/(?<![\w.])\d{4}-\d{2}-\d{2}(?!\d)/, null, 'a day without quotes is a subtraction', ''],
];

/** Checked where the parser stops. */
const AT_ERROR: readonly SyntaxHint[] = [
  [/^(["'])(?:\\.|(?!\1).)*$/s, null, 'a text is not closed: its second quote is missing', QUOTES],
  [/^\\/, null, 'a backslash in a text begins no escape that CEL knows', 'write \\\\ for a backslash'],
  [/^[“”„‟‘’‚‛«»‹›`]/, null, '$& is not a quote in CEL', QUOTES],
  [/^[≥⩾≧≤⩽≦≠−–—]/, null, '$& is not an operator in CEL', 'write >=, <=, != or -'],
  [/^(?:=>|:|>)/, /\.\w+\(\s*\(?\w+\)?\s*-?$/, 'a macro needs a comma after the name of its item', COMMA],
  [/^=>/, null, '"$&" is not an operator', 'write >=, or !a || b for "if a, then b"'],
  [/^=</, null, '"$&" is not an operator', 'write <='],
  [/^(?:=?~|like\b)/i, null, 'there is no "$&"', 'write outputs.x.contains("y")'],
  [/^>/, /<$/, '"<>" is not an operator', 'write != for inequality'],
  [/^=/, /[!=]=$/, 'an operator has one "=" too many', 'write == or !='],
  [/^=/, null, 'one "=" compares nothing', 'write == for equality'],
  [/^(?:!|not\s+)in\b/i, null, 'there is no "$&"', 'write !(outputs.x in ["a"])'],
  [
    /^(?:$|[&|)])/,
    /\d\s*%\s*$/,
    '"%" cannot follow a number',
    'write 0.1 for the fraction, "10%" for the text',
  ],
  [/^(?:&|and\b)/i, null, '"$&" is not an operator', 'write && for "and"'],
  [/^(?:\||or\b)/i, null, '"$&" is not an operator', 'write || for "or"'],
  [/^is\b/i, null, 'there is no "is"', 'write == or !='],
  [/^(?:contains|startsWith|endsWith)\b/, null, '$& is not an operator', 'write outputs.x.$&("y")'],
  [/^(?:if|then|else)\b/, null, 'there is no "$&"', 'write a ? b : c, or join two conditions by &&'],
  [/^/, /(?:^|[^.\w])not $/i, 'there is no "not"', 'write !outputs.x'],
  [/^;/, null, '";" is not allowed', TWO_CONDITIONS],
  [/^[?.]/, /\?$/, 'there is no "?$&"', 'write has(outputs.x) ? outputs.x : …'],
  [/^\.\d/, /(?:^|[^\w)\]])$/, 'a number begins with a digit', 'write 0.5'],
  [/^:/, /\[[^\]]*$/, 'CEL has no slices', 'write outputs.items[0], or outputs.items.filter(i, …)'],
  [/^:\S/, null, 'a colon is not expected here', 'a name ends with a colon and a space: "name: expression"'],
  [/^,/, /\bin \([^()]*$/, 'a list needs brackets', 'write outputs.x in ["a", "b"]'],
  [/^,/, /\d$/, 'a number has no comma', 'write 1000, or 1.5'],
  [
    /^/,
    /\.(?:filter|map|all|exists|exists_one)\([\w.]*$/,
    'the first argument of a macro is a name for an item',
    COMMA,
  ],
  [/^\d+/, /\d\.\d+\.$/, 'a number has one point at most', 'write a text: "2026-12-31", "1.10.0"'],
  [/^$/, null, 'the condition ends too early', 'each line is one whole condition, below `|`'],
  [
    /^(?:outputs\b|[\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}: )/u,
    null,
    'a second condition begins here',
    TWO_CONDITIONS,
  ],
  [/^(?:\w+|["'([{!])/, /[\w"')\]} ]$/, 'an operator is missing before $&', TWO_CONDITIONS],
  [/^/, null, '"$&" is not expected here', EXAMPLE],
];

/** Checked at an unknown variable. */
const UNKNOWN_NAMES: readonly SyntaxHint[] = [
  [/^_+\b/, null, '', 'write the value that is meant, a text in quotes'],
  [/^(?:true|false|null|none|nil|undefined)\b/i, null, '', 'write true, false or null'],
  [/^now\b/i, null, '', NO_CLOCK],
  [/^/, /(?:[A-Za-z_]\w*|[\])])-$/, '', 'for a key that is not a plain name, write outputs["a-b"]'],
  [/^/, null, '', VARIABLES],
];

/** What to write instead of functions of other languages, and of CEL functions that are not offered. */
export const FUNCTION_ALIASES: ReadonlyMap<string, string> = new Map(
  `any some: write exists(i, …)
every: write all(i, …)
find where select: write filter(i, …), or map(i, …)
count: write size(outputs.items.filter(i, …))
one existsOne: write exists_one(i, …)
includes: write contains("x") of a text, "x" in … of a list
toLowerCase lower: write lowerAscii()
toUpperCase upper: write upperAscii()
length len: write size(…)
isEmpty empty: write size(…) == 0
sum: count with size(outputs.items.filter(i, …)), or let the Alloovium workflow write the total
max min: write outputs.items.exists(i, i.score > 80): whether any is above
sort sortBy: a condition does not depend on the order: write outputs.items.filter(i, …)
now: ${NO_CLOCK}
split: write contains("x"), startsWith("x") or endsWith("x")
replace strip: write trim() or lowerAscii(), or contains("x")
if: write a ? b : c
has: write has(outputs.a.b); or "key" in outputs.a
matches: a regular expression can take hours on a hostile text; use ==, in, startsWith(), endsWith() or contains()
timestamp duration date: days and times are ordered as texts: outputs.due < "2026-12-31", day(outputs.at)
type: a value of another type than expected cannot be evaluated, which is red: no check of the type is needed`
    .split('\n')
    .map((line) => line.split(/: (.*)/))
    .flatMap(([names = '', way = '']) => names.split(' ').map((name) => [name, way] as const)),
);

/**
 * Returns the last 200 characters before the position: a regular expression that looks back from the end takes quadratic time.
 */
const textBefore = (source: string, at: number) => source.slice(Math.max(0, at - 200), at);

/**
 * Returns the error by the first hint that fits the position. Where only a general hint fits, it offers quotes around the text.
 * @param parserMessage replaces the hint's sentence
 */
function errorFromHints(
  hints: readonly SyntaxHint[],
  source: string,
  at: number,
  parserMessage?: string,
): ConditionError {
  const before = textBefore(source, at);
  const rest = source.slice(at);
  const [place, , sentence = '', hint = ''] =
    hints.find(([pattern, after]) => pattern.test(rest) && after?.test(before) !== false) ?? [];
  const founds = [place, /^(?:\w+|.)/u].map((one) => one?.exec(rest)?.[0] ?? '');
  const found = founds.find((text) => text !== '') ?? '';
  const offer = MAYBE_TEXT.has(hint) ? offerQuotes(source, at) : null;
  return new ConditionError(parserMessage ?? sentence.replace('$&', found), hint.replace('$&', found), at, {
    offer,
  });
}

const BARE = String.raw`(?:[^"'\`\\()[\]{},?:;=!<>&|*%]|:(?=\S))*`;
const BARE_BEFORE = new RegExp(`${BARE}$`);
const BARE_AFTER = new RegExp(`^${BARE}`);

/** Returns `outputs` and the names that macros declare. */
function variablesOf(source: string): ReadonlySet<string> {
  const items = [...source.matchAll(/\(\s*([A-Za-z_]\w*)\s*,/g)].map(([, name = '']) => name);
  return new Set(['outputs', ...items]);
}

const MAX_QUOTED = 100;

/**
 * Offers the expression with quotes around the words at the position. null: no text is possible there (only after a comparison,
 * or in a list), or a variable may be meant, which in quotes would give a condition that is never true.
 */
function offerQuotes(source: string, at: number): ConditionError['offer'] {
  const begun = (BARE_BEFORE.exec(textBefore(source, at))?.[0] ?? '').trimStart();
  const text = `${begun}${BARE_AFTER.exec(source.slice(at))?.[0] ?? ''}`.trimEnd();
  const start = at - begun.length;
  const ahead = textBefore(source, start);
  const isOperand = /(?:[=!<>]=|[<>]|\[[^\]()]*)\s*$/.test(ahead);
  // What is less or more than a number is a number, if not a day.
  const isNumber = /[<>]=?\s*$/.test(ahead) && !/^(?:\d{4}-|\p{L})/u.test(text);
  const variables = variablesOf(source);
  const isMeant = (text.match(/\w+/g) ?? []).some((word) => variables.has(word));
  if (!isOperand || text === '' || text.length > MAX_QUOTED || isNumber || isMeant) return null;
  const corrected = `${source.slice(0, start)}"${text}"${source.slice(start + text.length)}`;
  return { corrected, hint: `write a text in quotes: "${text}"` };
}

/**
 * Returns the error for the position where the parser stopped, about the author's text.
 * @param code of the parser's error
 */
export function explainParseError(source: string, at: number, code: string): ConditionError {
  if (code === 'limit_exceeded')
    return new ConditionError('the condition is too long, or nested too deep', 'write several', at);
  const [, path, begun = ''] = /([A-Za-z_](?:[\w.]|\["[^"]*"\])*)\.(\w*)$/.exec(textBefore(source, at)) ?? [];
  const rest = /^[\p{L}\p{M}\p{N}_]*/u.exec(source.slice(at))?.[0] ?? '';
  const key = begun + rest;
  const start = at - begun.length;
  if (path === undefined || rest === '' || /^(?!(?:in|true|false|null)$)[A-Za-z_]\w*$/.test(key))
    return errorFromHints(AT_ERROR, source, at);
  const written = `${path}["${key}"]`;
  const corrected = `${source.slice(0, start - path.length - 1)}${written}${source.slice(at + rest.length)}`;
  const [root = ''] = path.split(/\W/, 1);
  const offer = variablesOf(source).has(root)
    ? { corrected, hint: `write ${written}` }
    : offerQuotes(source, at);
  return new ConditionError(`${key} is not a plain name`, '', start, { offer });
}

/** Returns the error about a variable that neither is `outputs` nor belongs to a macro. */
export function unknownVariableError({ args: name, input, start }: NodeOf<'id'>): ConditionError {
  return errorFromHints(UNKNOWN_NAMES, input, start, `there is no variable ${abridge(name, 40)}`);
}

/** Returns the character's code in hex, at least four digits. */
const codeOf = (character: string) => (character.codePointAt(0) ?? 0).toString(16).padStart(4, '0');

/** Returns the character as an escape of CEL. */
export function escapeCharacter(character: string): string {
  const code = codeOf(character);
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code}`;
}

/**
 * Returns the error about an invisible character.
 * @param where the end of the sentence, such as "in a comment"
 * @param isInText it is within quotes, where an escape may replace it
 */
function unseenCharacterError(found: string, at: number, where: string, isInText = false): ConditionError {
  return new ConditionError(
    `there is an invisible character ${where}: U+${codeOf(found).toUpperCase()}`,
    `delete it, or write ${isInText ? `${escapeCharacter(found)} where it is meant` : 'an ordinary space'}`,
    at,
  );
}

/**
 * A name made only of these reads as an operator. Its author would expect red where the expression is false, and the gate does
 * the opposite.
 */
const OPERATOR_WORDS: ReadonlySet<string> = new Set(['not', 'unless', 'require', 'assert']);

/** Returns the words of a name in lower case, whatever separates them. */
function wordsOf(name: string): readonly string[] {
  const plain = name.normalize('NFKC').toLowerCase();
  return plain.split(/[ _.-]+/).filter((word) => word !== '');
}

/**
 * Returns why a line cannot be a condition or a comment; null: it can.
 * @param name the text before `: `, or empty
 */
export function findLineError(line: string, name: string): ConditionError | null {
  if (line.startsWith('#')) {
    if (/\boutputs\b/.test(line))
      return new ConditionError(
        'this comment has the word `outputs`: with `>`, or in quotes over several lines, YAML joins a comment and the condition below it, and that condition is lost',
        'delete it, move it to `warn_if`, or write it without that word; and use `|`, not `>`',
      );
    const [unseen] = [...line.replaceAll('\t', ' ').matchAll(UNSEEN)];
    return unseen ? unseenCharacterError(unseen[0], unseen.index, 'in a comment') : null;
  }
  if (/^(?:fail|warn)_if: *(?:[|>][-+]?)?$/.test(line))
    return new ConditionError(
      'this line is the name of the input, not a condition',
      'paste only the lines below `fail_if: |`',
    );
  const value = line.slice(line.indexOf(':') + 1).trim();
  const [second] = name === '' ? [] : (/^[\p{L}\p{N}][\p{L}\p{N} _.-]*: /u.exec(value) ?? []);
  if (second !== undefined)
    return new ConditionError(
      `a name ends at the first colon, here \`${name}\``,
      'remove the second',
      line.length - value.length + second.length - 2,
    );
  if (name.startsWith('outputs.'))
    return new ConditionError(
      'the text before the colon is a name, and this one reads as a condition',
      `write ${name} == ${value}`,
    );
  const words = wordsOf(name);
  if (words.length > 0 && words.every((word) => OPERATOR_WORDS.has(word))) {
    const offer = { corrected: `!(${value})`, hint: `write !(${value})` };
    return new ConditionError(
      `the text before the colon is a name, and \`${name}\` reads as an operator: the condition is red where its expression is true`,
      'choose another name',
      0,
      // Two such words in a row are ambiguous.
      { offer: words.length === 1 ? offer : null },
    );
  }
  return null;
}

/**
 * Rejects an expression by its text, even if the parser would accept it: invisible characters, a bad name, a comment, an unquoted
 * day.
 * @throws ConditionError
 */
export function rejectText(source: string): void {
  const text = blankStrings(source);
  for (const { 0: found, index } of source.matchAll(UNSEEN)) {
    const isInText = text[index] !== source[index];
    if (!isInText && /[\t\r\n]/.test(found)) continue;
    throw unseenCharacterError(found, index, isInText ? 'in a text' : 'here', isInText);
  }
  const [name] = LIKE_A_NAME.exec(text) ?? [];
  if (name !== undefined) throw invalidNameError(source.slice(0, name.length - 1));
  const match = ANYWHERE.find(([pattern]) => pattern.test(text));
  if (match) throw errorFromHints([match], source, text.search(match[0]));
}
