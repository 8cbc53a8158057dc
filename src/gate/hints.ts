/** What to say of an expression that the parser or the checker refuses: the way out, where the slip is a known one. */
import { MACROS } from './ast.ts';
import { OPERATIONS } from './evaluate.ts';

const OFFERED = `there are ${Object.keys(OPERATIONS)
  .filter((key) => /^\w+\//.test(key))
  .map((key) => key.replace(/\/.*/, '()'))
  .join(', ')}, has() and the macros ${[...MACROS].join(', ')}`;

const WHOLE = 'each line is one whole expression';
const BESIDE =
  'one condition a line: below `>` YAML makes one line of several, write `|`; two parts of one condition are joined by && or ||';

/** The message; what stands at the place and what stands before it, where that matters; the hint. The first that fits. */
const SLIPS: readonly (readonly [RegExp, RegExp | null, RegExp | null, string])[] = [
  [/^Unexpected character/, /^=/, /=$/, 'equality is "==", inequality "!="'],
  [/^Unexpected character/, /^=>/, null, 'write filter(i, i.status == "x"), with a comma'],
  [/^Unexpected character/, /^=/, null, 'equality is "=="'],
  [/^Unexpected character/, /^&/, null, 'and is "&&"'],
  [/^Unexpected character/, /^\|/, null, 'or is "||"; there are no pipes'],
  [/^Unexpected character/, /^and\b/i, null, 'and is "&&"'],
  [/^Unexpected character/, /^or\b/i, null, 'or is "||"'],
  [/^Unexpected character/, /^not\s+in\b/i, null, 'write !(outputs.x in [...]): there is no "not in"'],
  [/^Unexpected character/, /^is\b/i, null, 'write == and !=: there is no "is"'],
  [/^Unexpected character/, /^(?:contains|startsWith|endsWith)\b/, null, 'write outputs.x.contains("y")'],
  [/^/, null, /(?:^|[^.\w])not $/i, 'not is "!"'],
  [
    /^Unexpected character/,
    /^`/,
    null,
    'a key that is no plain name is written outputs["a-b"], a text "x" or \'x\'',
  ],
  [/^Unexpected character/, /^:/, null, 'a name ends with a colon and a space: "name: expression"'],
  [
    /^Unexpected character/,
    /^\$/,
    null,
    'a step gets values of GitHub through ${{ … }} in the workflow file',
  ],
  [/^Unexpected character/, /^outputs\b|^[\p{L}\p{N}][\p{L}\p{N} _.-]{0,63}: /u, null, BESIDE],
  [/^Unexpected token/, /^>/, /<$/, 'inequality is "!="'],
  [/^Unexpected token/, /^\?/, /\[$/, 'for [?…] of JMESPath write .filter(i, i.status == "x")'],
  [/^Unexpected token/, /^\*/, /\[$/, 'for [*] write .map(i, i.status) or .filter(i, …)'],
  [/^Unexpected token/, /^[?.]/, /\?$/, 'write has(outputs.x) && outputs.x == …'],
  [/^Unexpected token/, /^\]/, /\[$/, 'for [] of JMESPath write .map(i, …) or .filter(i, …)'],
  [/^Unexpected token/, /^@/, null, 'an item has a name: .filter(i, i.status == "x")'],
  [/^Unexpected token: EOF/, /^$/, null, WHOLE],
  [/^Expected RPAREN, got COLON/, null, null, 'write filter(i, i.status == "x"), with a comma'],
  [
    /^Expected RPAREN, got COMMA/,
    null,
    /\bin \([^()]*$/,
    'a list stands in brackets: outputs.x in ["a", "b"]',
  ],
  [/^Expected/, /^$/, null, WHOLE],
  [/^Unknown variable/, null, /-$/, 'a key that is no plain name is written outputs["a-b"]'],
  [/^Unknown variable/, /^(True|False|None|nil|undefined)\b/, null, 'write true, false or null'],
  [
    /^Unknown variable/,
    null,
    null,
    'the one variable is "outputs"; a macro names its own: outputs.items.filter(i, i.x)',
  ],
  [/^found no matching overload/, /\b(length|len|count)\(/, null, 'write size(…)'],
  [/^found no matching overload/, /\.keys\(/, null, 'write keys(…)'],
  [
    /^matches\(\) is not supported/,
    null,
    null,
    'a hostile text can keep a regular expression busy for hours; use ==, in, startsWith(), endsWith() or contains()',
  ],
  [/^\w+\(\) is not supported/, /(timestamp|duration)\(/, null, 'dates as 2026-12-31 compare as strings'],
  [/\(\) is not supported|^found no matching overload/, null, null, OFFERED],
  [
    /^Logical operator .* got 'list/,
    null,
    null,
    'a list holds by itself only as a whole condition: write size(…) > 0, or exists() in place of filter()',
  ],
  [
    /^no such overload: !list/,
    null,
    null,
    'a list is empty where size(…) == 0; or write exists() in place of filter()',
  ],
  [
    /^no such overload: (?:list\S* (?!in)\S+ (?:int|double)$|(?:int|double) (?!in)\S+ list)/m,
    null,
    null,
    'the items of a list are counted by size(…): size(outputs.items.filter(…)) > 0',
  ],
  [
    /^no such overload/,
    null,
    null,
    'both sides must be of one type: int(…), double(…) and string(…) convert',
  ],
  [/^has\(\) invalid/, null, null, 'has() takes a path of names, outputs.a.b; else write "key" in outputs.a'],
  [/^the value is of type/, null, null, 'compare it with something'],
  // Of two words beside each other the second is pointed at.
  [/^Unexpected character/, /^[\w"'([{!]/, /[\w"')\]} ]$/, `an operator is missing before it; ${BESIDE}`],
];

/** The way out of what is `said` of the place between the two texts; empty: none is known. */
export function hintOf(said: string, before: string, rest: string): string {
  const slip = SLIPS.find(
    ([text, place, lead]) => text.test(said) && (!place || place.test(rest)) && (!lead || lead.test(before)),
  );
  return keyHint(said, before, rest) ?? slip?.[3] ?? '';
}

/** `outputs.größe` and `outputs.in` are keys that CEL does not take behind a dot. */
function keyHint(said: string, before: string, rest: string): string | null {
  const [, path = '', begun = ''] = /([A-Za-z_][\w.]*)\.(\w*)$/.exec(before) ?? [];
  if (path === '') return null;
  const isOther = said.startsWith('Unexpected character') && /^[\p{L}\p{M}\p{N}]/u.test(rest);
  const isWord = /^Expected IDENTIFIER, got (?:IN|BOOLEAN|NULL|NUMBER)/.test(said);
  const key = begun + (/^[\p{L}\p{M}\p{N}_]+/u.exec(rest)?.[0] ?? '');
  return isOther || isWord ? `a key that is no plain name is written ${path}["${key}"]` : null;
}

/** What other languages call the macros and functions. */
const ELSEWHERE: Readonly<Partial<Record<string, string>>> = {
  any: 'exists(i, …)',
  some: 'exists(i, …)',
  every: 'all(i, …)',
  find: 'filter(i, …)',
  where: 'filter(i, …)',
  select: 'filter(i, …) or map(i, …)',
  count: 'size(outputs.items.filter(i, …))',
  one: 'exists_one(i, …)',
  none: '!outputs.items.exists(i, …)',
  includes: 'contains("x") of a text, "x" in … of a list',
  toLowerCase: 'lowerAscii()',
  lower: 'lowerAscii()',
  toUpperCase: 'upperAscii()',
  upper: 'upperAscii()',
  strip: 'trim()',
};

/** What to write for a method that is not offered; undefined: unknown, or offered. */
export function insteadOf(method: string): string | undefined {
  return Object.hasOwn(ELSEWHERE, method) ? ELSEWHERE[method] : undefined;
}
