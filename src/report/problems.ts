/** Words for what is wrong with a condition. Texts of the run are in them only as JSON strings, the author's only as `code`. Pure. */
import type { FailedTest } from '../gate/tests.ts';
import type { GateFault, Problem } from '../outcome.ts';
import { findNearest, formatList } from '../text/format.ts';

/** What is wrong, and what to write or do; without full stops. */
type Words = readonly [what: string, fix: string, fixWithNearest?: string];

const AS_LINES = 'write one condition a line below `fail_if: |`';
const OWN_LINE = 'write a comment on a line of its own, which begins with `#`';
const NULL = 'where it may be null, ask `x != null && …` first';
const LONG_PART = 'it looks for over 1,000 characters: let the Alloovium workflow write less';
const NO_CLOCK = 'a condition has no clock: let the Alloovium workflow write what is overdue';

/**
 * By code; the third is said where a name is near. `$source` is the part of the condition, `$0` the first value and `$q0` the same
 * in quotes, `$kinds` all values as kinds, `$others` those behind the first, `$nearest` the nearest of these to it,
 * `$where` the part as it is, and `$subject` the expression whose spelling it is.
 */
const WORDS: Readonly<Record<Problem['code'], Words>> = {
  no_condition: ['the input has only comments', 'write a condition, or leave the input out'],
  dash: ['the line begins with `-`', `${AS_LINES}, without dashes`],
  comment_with_outputs: [
    'this comment has the word `outputs`: below `>`, YAML makes one line of it and the condition that follows, which is lost',
    'write `|` in place of `>`, and the comment without that word',
  ],
  comment_behind: ['a comment follows the condition', OWN_LINE],
  invisible: ['there is an invisible character, $q0', 'delete it, or write a plain blank'],
  duplicate_name: ['line $1 of `$0_if` has the same name', 'give each condition a name of its own'],
  syntax: [
    'this is not expected here',
    'a condition is like `outputs.items.filter(i, i.status == "rejected")`; a key that is no plain name is `outputs["the key"]`',
  ],
  unknown_function: [
    'there is no `$0()`',
    'docs/conditions.md lists the functions',
    'did you mean $nearest?',
  ],
  unknown_variable: [
    'there is no variable `$0`',
    'write a text in quotes, `"$0"`, a value of the run as `outputs.$0` or `outputs["a-b"]`, a field of an item as `i.$0`',
    'did you mean $nearest?',
  ],
  types: [
    'the type checker says $q1',
    'an operator takes values of one kind: write `x == "a" || x == "b"`, `60 < x && x < 80`, `!(x == "a")`, `x in ["a"]`, `size(list) > 0`',
  ],
  result_type: [
    '`$source` is neither true or false nor a list of findings',
    'compare it with a value, by `==` or `<`',
  ],
  literal: ['`$source` is of a kind that JSON does not have', 'write a text in quotes, or a number'],
  empty_text: [
    '`$source` is empty, or the place for a value',
    'write the value; an unset `${{ }}` leaves an empty text; if "empty" is meant, write `size(x) == 0`, and `size(x) > 0` if not',
  ],
  never_ordered: [
    '`$source` is neither a day nor a time, and other texts have no order',
    'write a day as `"2026-12-31"`, a number without quotes, and order words by numbers: `{"low": 1, "high": 2}[i.severity] > 1`',
  ],
  no_outputs: ['the condition does not read `outputs`', 'write `outputs.<key>` for a value of the run'],
  all_alone: ['this is true where all is well, and a condition says what is wrong', 'write `$source`'],
  missing_key: [
    '`$source`: there is no key $q0',
    'there are $others; where it may be absent, ask `has(x.key)` or `"key" in x` first',
    'did you mean $nearest? there are $others',
  ],
  not_boolean: ['`$source` is $kinds, not true or false', 'compare it with a value, by `==` or `<`'],
  not_list: ['`$source` is $kinds, not a list', 'the keys of an object are `keys($source)`'],
  not_object: ['`$source` is $kinds, not an object', 'let the Alloovium workflow write an object'],
  no_operation: [
    '`$source` meets $kinds',
    '`int(x)` or `double(x)` reads a number that the run wrote as a text; write a text in quotes, as `"No"`, `"033000"` or `"2026-12-31"`, and a number without',
  ],
  no_value: ['`$source` has no value', 'let the Alloovium workflow write a number, or true or false'],
  near_text: [
    '`$source` compares two spellings, $q1 and $q2',
    'if they mean the same, write ($where || $subject.$0($q1)); if they differ, write ($where || $subject.$0($q1) && false)',
  ],
  two_forms: [
    '`$source` compares texts that are not days or times of one form and zone',
    'let the Alloovium workflow write both in one form and zone, as 2026-12-31 or 2026-12-31T10:00:00Z; a number in a text is `int(x)`',
  ],
  large_number: [
    '`$source` is a number beyond 2^53, where numbers are not exact',
    'let the Alloovium workflow write it as a text',
  ],
};

/** What to write for mistakes that many make, by a code and one of its values, or how the part of the condition begins. */
const FIXES: Readonly<Record<string, string>> = {
  'unknown_function length': 'write `size(x)`',
  'unknown_function len': 'write `size(x)`',
  'unknown_function count': 'write `size(x)`, or `size(x.filter(i, …))`',
  'unknown_function includes': 'write `x.contains("a")` of a text, `"a" in x` of a list',
  'unknown_function matches':
    'write `contains("x")` or `startsWith("x")`: a regular expression can take hours',
  'unknown_function now': NO_CLOCK,
  'unknown_function today': NO_CLOCK,
  'unknown_function toLowerCase': 'write `lowerAscii()`',
  'unknown_variable now': NO_CLOCK,
  'unknown_variable i': 'name the item before the comma: `filter(i, i.status == "x")`',
  'unknown_variable None': 'write `null`',
  'unknown_variable undefined': 'write `null` for null, `!has(x.key)` for absent',
  'types invalid_macro_argument': 'write `has(outputs.a)`, or `"a-b" in outputs`',
  'result_type list<bool>': 'write `filter` in place of `map`',
  'result_type string': 'take the quotes off the condition; write only the question, without `? :`',
  'missing_key {': 'add it to the `{…}`: $q0',
  'not_boolean list': 'write `size($source) > 0`',
  'not_boolean null': NULL,
  'not_list null': NULL,
  'not_object list': 'its length is `size($source)`; ask its items by `$source.exists(i, i.status == "x")`',
  'not_object null': NULL,
  'no_operation null': NULL,
  'no_operation list': 'of a list `size(x)` is the length, and `"a" in x` asks for an item',
  'no_value /': 'it divides by 0: ask `y != 0 && …` first',
  'no_value %': 'it divides by 0: ask `y != 0 && …` first',
  'no_value []': 'ask `size(x) > 0 && …` first',
  'no_value contains': LONG_PART,
  'no_value startsWith': LONG_PART,
  'no_value endsWith': LONG_PART,
  'no_value int': '`double(x)` reads a fraction; for other texts let the Alloovium workflow write a number',
  'no_value day': 'let the Alloovium workflow write 2026-12-31, 31.12.2026 or 2026-12-31T10:00:00Z',
  'near_text ==':
    'if they mean the same, write $subject in [$q2, $q1]; if they differ, write ($subject == $q2 && $subject != $q1)',
  'near_text !=':
    'if they mean the same, write !($subject in [$q2, $q1]); if they differ, write ($subject != $q2 || $subject == $q1)',
  'near_text in':
    'if they mean the same, write ($where || $subject == $q1); if they differ, write ($where && $subject != $q1)',
  'near_text has':
    'if they mean the same, write $q1 in $subject; if they differ, write ($where || $q1 in $subject && false)',
  'two_forms day': 'write `day(x)` for the day of a time, or of 31.12.2026',
};

/** What the parser met, by the line with a line break at the place where it stopped. */
const SYNTAX: readonly (readonly [RegExp, ...Words])[] = [
  [
    /^(?:(?!outputs)[^'"?{])*\n(?:(?!outputs)[^'"?{])*:/,
    'a name has letters, digits, blanks, `_`, `.` and `-`, and a blank behind its colon',
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
  [/\n(["'])(?:\\.|(?!\1).)*$/, 'a text is not closed', 'write its second quote'],
  [/\n#/, 'a comment follows the condition', OWN_LINE],
  [
    /\n(?:outputs\b|[\w .-]+: )/,
    'a second condition begins here',
    `${AS_LINES}; below \`>\` YAML joins the lines`,
  ],
  [
    /\n$/,
    'the line ends too early',
    'is a bracket missing, or what an operator needs? Each line is a whole condition',
  ],
];

const KINDS: Readonly<Record<string, string>> = {
  null: 'null',
  text: 'a text',
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

/**
 * Returns what is wrong with a condition, and what to write or do; both without a full stop.
 * @param line the line of a fault, with a line break at its place
 */
export function describeProblem({ code, source, values, item }: Problem, line = '') {
  const [first = ''] = values;
  const syntax = code === 'syntax' ? SYNTAX.find(([place]) => place.test(line)) : undefined;
  const [, what, usual, fixWithNearest] = syntax ?? ['', ...WORDS[code]];
  const key = code === 'missing_key' ? source.charAt(0) : first;
  const keys = code === 'no_operation' ? values : [key];
  const special = keys.map((one) => FIXES[`${code} ${one}`]).find(Boolean);
  const nearest =
    fixWithNearest && findNearest(values.slice(1), first, Math.min(2, Math.floor(first.length / 3)));
  const formatCode = (text: string) => cut(text.replaceAll('`', "'"), 80);
  const parts: Readonly<Record<string, () => string>> = {
    source: () => formatCode(source),
    kinds: () => formatList(values.map((kind) => KINDS[kind] ?? kind)),
    others: () => formatList(values.slice(1).map(quote), 10) || 'none',
    nearest: () => quote(nearest ?? ''),
    where: () => source,
    subject: () => values[3] ?? '',
  };
  const fill = (text = '') =>
    text.replaceAll(/\$(q?)(\d|[a-z]+)/g, (_, quoted: string, name: string) => {
      const value = values[Number(name)] ?? '';
      return parts[name]?.() ?? (quoted ? quote(value) : value);
    });
  const at = item ? ` (item ${item.at} of \`${formatCode(item.list)}\`)` : '';
  return { what: fill(what) + at, fix: fill(special ?? (nearest ? fixWithNearest : usual)) };
}

/** @param file where it is not the GitHub workflow file */
type LocatedFault = GateFault & { readonly file?: string };

/** Describes a fault in one line: "fail_if, line 1, column 39: one `=` compares nothing: write `==`". */
export function describeGateFault({
  input,
  line,
  column,
  expression,
  problem,
  file = '',
}: LocatedFault): string {
  const at = column - 1;
  const { what, fix } = describeProblem(problem, `${expression.slice(0, at)}\n${expression.slice(at)}`);
  return `${file || input}, line ${line}, column ${column}: ${what}: ${fix}`;
}

/** Describes a fault, and shows its line with a caret below the place. */
export function formatGateFault(fault: LocatedFault): string {
  const at = fault.column - 1;
  const before = `> ${String(fault.line).padStart(4)} | ${fault.expression.slice(0, at).slice(-60)}`;
  return [
    describeGateFault(fault),
    before + fault.expression.slice(at, at + 60),
    '^'.padStart(before.length + 1),
  ].join('\n');
}

/** @param where "`.github/alloovium.yml` on `main`, line 7" */
type PlacedTest = FailedTest & { readonly where: string };

/** Describes a test of the gate that fails. */
export function describeFailedTest({ where, name, fails, met, broken, isTooSlow }: PlacedTest): string {
  const list = (labels: readonly string[]) => formatList(labels.map(quote)) || 'no condition';
  const { condition, problem } = broken ?? {};
  const { what, fix } = problem ? describeProblem(problem) : { what: '', fix: '' };
  const label = quote(condition?.name ?? condition?.expression ?? '');
  const why = problem
    ? `${label} cannot be evaluated: ${what}: ${fix}`
    : `it expects ${list(fails)} to be met, but the outputs meet ${list(met)}`;
  return `${where}: test ${quote(name)} fails: ${isTooSlow ? 'the tests take longer than 4 s' : why}`;
}
