/** Words for what is wrong with a condition. Texts of the run are in them only as JSON strings, the author's only as `code`. Pure. */
import type { FailedTest } from '../gate/tests.ts';
import type { GateFault, Problem, ValueKind } from '../outcome.ts';
import { findNearest, formatList } from '../text/format.ts';

/** What is wrong, and what to write or do; without full stops. */
type Words = readonly [what: string, fix: string];

const AS_LINES = 'write one condition per line below `fail_if: |`';
const OWN_LINE = 'write a comment on a line of its own that begins with `#`';
const NO_CLOCK = 'a condition has no clock, so let the Alloovium workflow return what is overdue';
const COMPARE = 'compare it with a value, with `==` or `<`';
const LONG_PART = 'it looks for more than 1,000 characters, so let the Alloovium workflow return less';
const IF_NULL = 'if it may be null, check `x != null && …` first';

const FUNCTIONS: Readonly<Record<string, string>> = {
  length: 'write `size(x)`',
  len: 'write `size(x)`',
  count: 'write `size(x)`, or `size(x.filter(i, …))`',
  includes: 'write `x.contains("a")` for a string, `"a" in x` for a list',
  matches: 'write `contains("x")` or `startsWith("x")`, since a regular expression can take hours',
  now: NO_CLOCK,
  today: NO_CLOCK,
  toLowerCase: 'write `lowerAscii()`',
};

const VARIABLES: Readonly<Record<string, string>> = {
  now: NO_CLOCK,
  i: 'name the item before the comma: `filter(i, i.status == "x")`',
  None: 'write `null`',
  undefined: 'write `null` for null, `!has(x.key)` for a missing key',
};

const RESULT_TYPES: Readonly<Record<string, string>> = {
  'list<bool>': 'write `filter` in place of `map`',
  string: 'remove the quotes around the condition, and any `? :`',
};

const NO_VALUE: Readonly<Record<string, string>> = {
  '/': 'it divides by 0, so check `y != 0 && …` first',
  '%': 'it divides by 0, so check `y != 0 && …` first',
  '[]': 'check `size(x) > 0 && …` first',
  contains: LONG_PART,
  startsWith: LONG_PART,
  endsWith: LONG_PART,
  int: '`double(x)` reads a fraction; otherwise let the Alloovium workflow return a number',
  day: 'let the Alloovium workflow return 2026-12-31, 31.12.2026 or 2026-12-31T10:00:00Z',
};

function suggest(name: string, known: readonly string[]): string | undefined {
  const nearest = findNearest(known, name, Math.min(2, Math.floor(name.length / 3)));
  return nearest && `did you mean ${quote(nearest)}?`;
}

/** By code. */
const SENTENCES: {
  readonly [Code in Problem['code']]: (
    problem: Problem & { readonly code: Code },
    part: string,
    line: string,
  ) => Words;
} = {
  no_condition: () => ['the input has only comments', 'write a condition, or remove the input'],
  dash: () => ['the line begins with `-`', `${AS_LINES}, without dashes`],
  comment_with_outputs: () => [
    'this comment contains the word `outputs`, and below `>`, YAML would join it with the next condition',
    'write `|` in place of `>`, and the comment without that word',
  ],
  comment_behind: () => ['a comment follows the condition', OWN_LINE],
  unfilled: () => ['GitHub replaces `${{ … }}` only in a GitHub workflow file', 'write the value'],
  invisible: ({ character }) => [
    `there is an invisible character, ${quote(character)}`,
    'delete it, or write a plain space',
  ],
  duplicate_name: ({ severity, line }) => [
    `line ${line} of \`${severity}_if\` has the same name`,
    'give each condition its own name',
  ],
  syntax: (_, __, line) =>
    (SYNTAX.find(([place]) => place.test(line))?.slice(1) as Words | undefined) ?? [
      'this is not expected here',
      'a condition is like `outputs.items.filter(i, i.status == "rejected")`; write a key that is not a plain name as `outputs["the key"]`',
    ],
  unknown_function: ({ name, known }) => [
    `there is no \`${name}()\``,
    FUNCTIONS[name] ?? suggest(name, known) ?? 'docs/conditions.md lists the functions',
  ],
  unknown_variable: ({ name, known }) => [
    `there is no variable \`${name}\``,
    VARIABLES[name] ??
      suggest(name, known) ??
      `write a string in quotes (\`"${name}"\`), a value of the run as \`outputs.${name}\` or \`outputs["a-b"]\`, and a field of an item as \`i.${name}\``,
  ],
  types: ({ error, sentence }) => [
    `the type checker says ${quote(sentence)}`,
    error === 'invalid_macro_argument'
      ? 'write `has(outputs.a)`, or `"a-b" in outputs`'
      : 'an operator takes values of one kind: `x == "a" || x == "b"`, `60 < x && x < 80`, `!(x == "a")`, `x in ["a"]`, `size(list) > 0`',
  ],
  result_type: ({ type }, part) => [
    `${part} is neither true or false nor a list of findings`,
    RESULT_TYPES[type] ?? COMPARE,
  ],
  literal: (_, part) => [
    `${part} is of a kind that JSON does not have`,
    'write a string in quotes, or a number',
  ],
  empty_text: (_, part) => [
    `${part} is empty, or stands for a value`,
    'write the value (an unset `${{ }}` leaves an empty string); for an empty value, write `size(x) == 0`',
  ],
  never_ordered: (_, part) => [
    `${part} is neither a day nor a time, and other strings have no order`,
    'write a day as `"2026-12-31"`, a number without quotes, and order words by numbers: `{"low": 1, "high": 2}[i.severity] > 1`',
  ],
  no_outputs: () => ['the condition does not read `outputs`', 'write `outputs.<key>` for a value of the run'],
  all_alone: ({ filter, exists }) => [
    '`all` is true if every item is so, but a condition describes a problem',
    `if each item should be so, write ${formatCode(filter, Infinity)}; if the problem is that all are, write ${formatCode(exists, Infinity)}`,
  ],
  nested_list: ({ levels }) => [
    'this returns a list of lists, which has items even if they are all empty',
    `add \`.flatten(${levels === 1 ? '' : levels})\``,
  ],
  missing_key: ({ source, key, keys }, part) => {
    const what = `${part}: there is no key ${quote(key)}`;
    if (source.startsWith('{')) return [what, `add it to the \`{…}\`: ${quote(key)}`];
    const known = `it has ${formatList(keys.map(quote), 10) || 'no keys'}`;
    const nearest = suggest(key, keys);
    return [
      what,
      nearest
        ? `${nearest} ${known}`
        : `${known}; if it may be missing, check \`has(x.key)\` or \`"key" in x\` first`,
    ];
  },
  not_boolean: ({ source, kind }, part) => [
    `${part} is ${KINDS[kind]}, not true or false`,
    kind === 'null' ? IF_NULL : kind === 'list' ? `write ${formatCode(`size(${source}) > 0`)}` : COMPARE,
  ],
  not_list: ({ source, kind }, part) => [
    `${part} is ${KINDS[kind]}, not a list`,
    kind === 'null' ? IF_NULL : `the keys of an object are ${formatCode(`keys(${source})`)}`,
  ],
  not_object: ({ source, kind }, part) => [
    `${part} is ${KINDS[kind]}, not an object`,
    kind === 'null'
      ? IF_NULL
      : kind === 'list'
        ? `its length is ${formatCode(`size(${source})`)}; check its items with ${formatCode(`${source}.exists(i, i.status == "x")`)}`
        : 'let the Alloovium workflow return an object',
  ],
  no_operation: ({ kinds }, part) => [
    `${part} has no result for ${formatList(kinds.map((kind) => KINDS[kind]))}`,
    kinds.includes('null')
      ? IF_NULL
      : kinds.includes('list')
        ? 'the length of a list is `size(x)`, and `"a" in x` looks for an item'
        : '`int(x)` or `double(x)` reads a number from a string; write a string in quotes (`"No"`, `"033000"`, `"2026-12-31"`), and a number without',
  ],
  no_value: ({ operation }, part) => [
    `${part} has no value`,
    NO_VALUE[operation] ?? 'let the Alloovium workflow return a number, or true or false',
  ],
  near_text: ({ source, operation, theirs, ours, subject }, part) => {
    const what = `${part} compares two spellings, ${quote(theirs)} and ${quote(ours)}`;
    const [same, other] = describeWaysOut(operation, source, subject, quote(theirs), quote(ours));
    return [what, `if they mean the same, write ${same}; if they differ, write ${other}`];
  },
  two_forms: ({ haveDays }, part) => [
    `${part} compares strings that are not days or times of one form and zone`,
    haveDays
      ? 'write `day(x)` for the day of a time, or of 31.12.2026'
      : 'let the Alloovium workflow return both in one form and zone, as 2026-12-31 or 2026-12-31T10:00:00Z; a number in a string is `int(x)`',
  ],
  large_number: (_, part) => [
    `${part} is a number over 2^53, where numbers are not exact`,
    'let the Alloovium workflow return it as a string',
  ],
};

/** Returns what to write in place of the comparison if both strings mean the same, and if they differ. */
function describeWaysOut(operation: string, source: string, operand: string, theirs: string, ours: string) {
  const subject = /^[\w.()[\]"']+$/.test(operand) ? operand : `(${operand})`;
  const is = `${subject} == ${theirs}`;
  const isNot = `${subject} != ${theirs}`;
  const both = `${subject} in [${ours}, ${theirs}]`;
  // A string can have both as parts, so that `&& !` would pass over the condition's.
  const either = (one: string, other: string) => [`(${one} || ${other})`, `(${one} || ${other} && false)`];
  switch (operation) {
    case '==':
      return [both, `(${subject} == ${ours} && ${isNot})`];
    case '!=':
      return [`!(${both})`, `(${subject} != ${ours} || ${is})`];
    case 'in':
      return [`(${source} || ${is})`, `(${source} && ${isNot})`];
    case 'has':
      return either(source, `${theirs} in ${subject}`);
    default:
      return either(`${subject}.${operation}(${ours})`, `${subject}.${operation}(${theirs})`);
  }
}

/** What the parser found, by the line with a line break at the place where it stopped. */
const SYNTAX: readonly (readonly [RegExp, ...Words])[] = [
  [
    /^(?:(?!outputs)[^'"?{])*\n(?:(?!outputs)[^'"?{])*:/,
    'a name has letters, digits, spaces, `_`, `.` and `-`, and a space follows its colon',
    'write `name: condition`',
  ],
  [/\(\w+ *-?\n/, 'a comma is needed here', 'write `filter(i, i.status == "x")`'],
  [/[!=]=\n=/, 'there is one `=` too many', 'write `==` or `!=`'],
  [/\n=>/, 'there is no `=>`', 'write `>=`'],
  [/\n=/, 'one `=` compares nothing', 'write `==`'],
  [/\n(?:and\b|&)/i, 'this is not an operator', 'write `&&` for "and"'],
  [/\n(?:or\b|\|)/i, 'this is not an operator', 'write `||` for "or"'],
  [/\bnot *\n|\n(?:not\b|!in\b)/i, 'there is no `not`', 'write `!(x in ["a", "b"])` or `!x`'],
  [/\n[“”„‘’‚«»`]/, 'this is not a quote in CEL', `write straight quotes, "x" or 'x'`],
  [/\n(["'])(?:\\.|(?!\1).)*$/, 'a string is not closed', 'write its second quote'],
  [/\n#/, 'a comment follows the condition', OWN_LINE],
  [
    /\n(?:outputs\b|[\w .-]+: )/,
    'a second condition begins here',
    `${AS_LINES}, since \`>\` joins the lines`,
  ],
  [/\n$/, 'the line ends too early', 'is a bracket or an operand missing? Each line is a whole condition'],
];

const KINDS: Readonly<Record<ValueKind, string>> = {
  null: 'null',
  text: 'a string',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  object: 'an object',
};

/** Characters that nobody sees, or that look like others. */
const UNLIKE = /[[\p{C}\p{Z}\p{Pd}\p{M}\u2212\p{Default_Ignorable_Code_Point}]--[ \-]]/gv;

/** Quotes a text as JSON on one line, cut. */
function quote(text: string): string {
  return JSON.stringify(cut(text, 100)).replace(
    UNLIKE,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function cut(text: string, max: number): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

function formatCode(text: string, max = 80): string {
  return `\`${cut(text.replaceAll('`', "'"), max)}\``;
}

/**
 * Returns what is wrong with a condition, and what to write or do; both without a full stop.
 * @param line the line of a fault, with a line break at its place
 */
export function describeProblem(problem: Problem, line = '') {
  const describe = SENTENCES[problem.code] as (problem: Problem, part: string, line: string) => Words;
  const { source, item } = problem;
  const [what, fix] = describe(problem, formatCode(source), line);
  return { what: item ? `${what} (item ${item.at} of ${formatCode(item.list)})` : what, fix };
}

/**
 * Describes a fault in one line: "fail_if, line 1, column 39: one `=` compares nothing: write `==`".
 * @param file where it is not the GitHub workflow file
 */
export function describeGateFault({
  input,
  line,
  column,
  expression,
  problem,
  file = '',
}: GateFault & { readonly file?: string }): string {
  const at = column - 1;
  const { what, fix } = describeProblem(problem, `${expression.slice(0, at)}\n${expression.slice(at)}`);
  return `${file || input}, line ${line}, column ${column}: ${what}: ${fix}`;
}

/** Describes a fault, and shows its line with a caret below the place. */
export function formatGateFault(fault: Parameters<typeof describeGateFault>[0]): string {
  const at = fault.column - 1;
  const before = `> ${String(fault.line).padStart(4)} | ${fault.expression.slice(0, at).slice(-60)}`;
  return [
    describeGateFault(fault),
    before + fault.expression.slice(at, at + 60),
    '^'.padStart(before.length + 1),
  ].join('\n');
}

/** Describes a test of the gate that fails. @param where "`.github/alloovium.yml` on `main`, line 7" */
export function describeFailedTest(
  { name, fails, met, broken, isTooSlow }: FailedTest,
  where: string,
): string {
  const list = (labels: readonly string[]) => formatList(labels.map(quote)) || 'no condition';
  const { condition, problem } = broken ?? {};
  const { what, fix } = problem ? describeProblem(problem) : { what: '', fix: '' };
  const label = quote(condition?.name ?? condition?.expression ?? '');
  const why = problem
    ? `${label} cannot be evaluated: ${what}: ${fix}`
    : `it expects ${list(fails)} to be met, but the outputs meet ${list(met)}`;
  return `${where}: test ${quote(name)} fails: ${isTooSlow ? 'the tests take longer than 4 s' : why}`;
}
