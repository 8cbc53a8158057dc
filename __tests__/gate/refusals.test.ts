/** What is said of an expression that cannot be used: the input, the message, the way out. */
import { describe, expect, test } from '@jest/globals';
import { compileGate, GateError } from '../../src/gate/gate.ts';

const NAME =
  'a name is made of letters, digits, blanks, "_", "." and "-", and begins with a letter or a digit';
const LINES =
  'one condition a line: below `>` YAML makes one line of several, write `|`; two parts of one condition are joined by && or ||';
const SIZE = 'the items of a list are counted by size(…): size(outputs.items.filter(…)) > 0';
const WHOLE =
  'a list holds by itself only as a whole condition: write size(…) > 0, or exists() in place of filter()';
const QUOTES = `texts stand in straight quotes, "x" or 'x'`;
const UNSEEN = 'delete it, or write an ordinary space';
const ROW = "stand in a row: the second compares the first one's true or false";
const NO_NAME = 'what stands before the colon is not taken for a name:';

const TABLE: readonly (readonly [string, string, string])[] = [
  // Operators of other languages
  [
    "outputs.status not in ['a']",
    'column 16: Unexpected: not',
    'write !(outputs.x in [...]): there is no "not in"',
  ],
  ['outputs.a is null', 'column 11: Unexpected: is', 'write == and !=: there is no "is"'],
  ['outputs.a ≥ 1', 'column 11: ≥ is no operator in CEL', 'write >='],
  ['outputs.a – 1 > 2', 'column 11: – is no minus in CEL', 'write -'],
  ["outputs.a contains 'b'", 'column 11: Unexpected: contains', 'write outputs.x.contains("y")'],
  ['outputs.a == 1 AND outputs.b', 'column 16: Unexpected: AND', 'and is "&&"'],
  ['not outputs.a', 'column 5: Unexpected: outputs', 'not is "!"'],
  [
    'outputs.items.filter(i => i.x)',
    'column 24: Unexpected character: =',
    'write filter(i, i.status == "x"), with a comma',
  ],
  [
    'outputs.items.filter(i: i.x)',
    'column 23: Expected RPAREN, got COLON',
    'write filter(i, i.status == "x"), with a comma',
  ],
  [
    "outputs.a in ('x', 'y')",
    'column 18: Expected RPAREN, got COMMA',
    'a list stands in brackets: outputs.x in ["a", "b"]',
  ],
  // Quotes
  ['outputs.status == “a”', 'column 19: “ is no quote in CEL', QUOTES],
  ['outputs.status == ‘a’', 'column 19: ‘ is no quote in CEL', QUOTES],
  // Comments and lines
  [
    'outputs.a > 1 # many',
    'column 15: a comment stands behind the condition',
    'a comment has a line of its own, which begins with "#"',
  ],
  ['outputs.a > 1 outputs.b > 2', 'column 15: Unexpected: outputs', LINES],
  ['outputs.a b', 'column 11: Unexpected: b', `an operator is missing before it; ${LINES}`],
  // Keys
  [
    'outputs.größe > 1',
    'column 11: Unexpected character: ö',
    'a key that is no plain name is written outputs["größe"]',
  ],
  [
    'outputs.größe.in > 1',
    'column 11: Unexpected character: ö',
    'a key that is no plain name is written outputs["größe"]',
  ],
  [
    'outputs.in > 1',
    'column 9: Expected IDENTIFIER, got IN',
    'a key that is no plain name is written outputs["in"]',
  ],
  [
    'outputs.items.filter(i, i.true)',
    'column 27: Expected IDENTIFIER, got BOOLEAN',
    'a key that is no plain name is written i["true"]',
  ],
  [
    'outputs.a.1st',
    'column 11: Expected IDENTIFIER, got NUMBER',
    'a key that is no plain name is written outputs.a["1st"]',
  ],
  ['outputs.a > 1.000.000', 'column 19: Expected IDENTIFIER, got NUMBER', ''],
  // Lists where a yes or no is wanted
  [
    'outputs.items.filter(i, i.x) && outputs.ok',
    "column 1: Logical operator requires bool operands, got 'list<dyn>'",
    WHOLE,
  ],
  [
    'outputs.ok || outputs.items.filter(i, i.x)',
    "column 1: Logical operator requires bool operands, got 'list<dyn>'",
    WHOLE,
  ],
  ['outputs.items.filter(i, i.x) > 0', 'column 1: no such overload: list<dyn> > int', SIZE],
  ['0 < outputs.items.filter(i, i.x)', 'column 1: no such overload: int < list<dyn>', SIZE],
  ['outputs.items.filter(i, i.x) == 0', 'column 1: no such overload: list<dyn> == int', SIZE],
  [
    '!outputs.items.filter(i, i.x)',
    'column 1: no such overload: !list<dyn>',
    'a list is empty where size(…) == 0; or write exists() in place of filter()',
  ],
  // Comparisons in a row
  ['1 < outputs.a < 5', `column 1: "<" and "<" ${ROW}`, 'write 1 < outputs.a && outputs.a < 5'],
  [
    'outputs.low <= outputs.a <= outputs.high',
    `column 1: "<=" and "<=" ${ROW}`,
    'write outputs.low <= outputs.a && outputs.a <= outputs.high',
  ],
  // Methods of other languages
  ['outputs.items.any(i, i.x)', 'column 15: there is no any()', 'write exists(i, …)'],
  ['outputs.items.every(i, i.x)', 'column 15: there is no every()', 'write all(i, …)'],
  [
    'outputs.items.count(i, i.x) > 1',
    'column 15: there is no count()',
    'write size(outputs.items.filter(i, …))',
  ],
  [
    'outputs.items.exists(i, v, v.x)',
    'column 15: exists() takes one name for an item, and what to make of it',
    'write exists(i, …): an index is not offered',
  ],
  [
    'outputs.items.filter(i.x)',
    'column 15: filter() takes one name for an item, and what to make of it',
    'write filter(i, …)',
  ],
  ["outputs.a.toLowerCase() == 'x'", 'column 11: there is no toLowerCase()', 'write lowerAscii()'],
  [
    "outputs.a.includes('x')",
    'column 11: there is no includes()',
    'write contains("x") of a text, "x" in … of a list',
  ],
  ['outputs.a.keys()', "column 1: found no matching overload for 'dyn.keys()'", 'write keys(…)'],
  // Names
  ['not compliant (fire): outputs.items', `column 15: ${NO_NAME} it has "("`, NAME],
  ['R&D: outputs.items', `column 2: ${NO_NAME} it has "&"`, NAME],
  ['_fire: outputs.items', `column 1: ${NO_NAME} it begins with "_"`, NAME],
  ['fire\u00a0doors: outputs.items', `column 5: ${NO_NAME} it has U+00A0`, NAME],
  ['“fire”: outputs.items', `column 1: ${NO_NAME} it begins with "“"`, NAME],
  ["“doors” (fire): 'a: b' in outputs.items", `column 1: ${NO_NAME} it begins with "“"`, NAME],
  [
    `${'a'.repeat(65)}: outputs.items`,
    `column 1: ${NO_NAME} it has 65 characters, and at most 64 are taken`,
    NAME,
  ],
  [
    'fire:outputs.items',
    "column 5: Unexpected character: ':'",
    'a name ends with a colon and a space: "name: expression"',
  ],
  // Invisible characters
  ['outputs.a\u00a0> 1', 'column 10: an invisible character stands here: U+00A0', UNSEEN],
  ['outputs.a\u200b > 1', 'column 10: an invisible character stands here: U+200B', UNSEEN],
  ['outputs.\ufeffa > 1', 'column 9: an invisible character stands here: U+FEFF', UNSEEN],
  ['out\u00adputs.a > 1', 'column 4: an invisible character stands here: U+00AD', UNSEEN],
  ['outputs.a >\u20281', 'column 12: an invisible character stands here: U+2028', UNSEEN],
  ['outputs.a\u0000', 'column 10: an invisible character stands here: U+0000', UNSEEN],
  // Numbers
  ['outputs.a == 9223372036854775808', 'column 14: An integer is beyond 64 bits', ''],
  ['outputs.a == -9223372036854775809', 'column 15: An integer is beyond 64 bits', ''],
];

describe('the message and the way out', () => {
  test.each(TABLE)('%j', async (expression, message, hint) => {
    const error: unknown = await compileGate(expression, '').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GateError);
    const lines = (error as GateError).message.split('\n');
    const [first, last] = [lines[0], /^\((.*)\)$/.exec(lines.at(-1) ?? '')?.[1] ?? ''];
    expect([first, last]).toEqual([`fail_if, line 1, ${message}`, hint]);
    // The expression itself, without its name, with a caret below the place.
    const name = expression.startsWith('first: ') ? 'first: '.length : 0;
    expect(lines.slice(2, 4)).toEqual([
      expect.stringMatching(/^> {4}1 \| /),
      `${' '.repeat(8 + Number(/\d+/.exec(message)?.[0]) - name)}^`,
    ]);
  });
});

test.each([
  'outputs.a > 1 ? outputs.b: outputs.c',
  'fire doors 2.1_b-c: outputs.a',
  `${'a'.repeat(64)}: outputs.a`,
  'Prüfung: outputs.a',
  "a: 'b: c' in outputs.d",
  "outputs.a == '“a” // b # c ≥'",
  "outputs.a == 'it\\'s' || outputs.a == \"it's # 1\"",
  '([] + outputs.b).exists(e, e > 2)',
  'outputs.a == -9223372036854775808',
  '[1] == [1.0] && has(outputs.a)',
  '[1.0, 2] == outputs.a && 1 in [1.0]',
  'outputs["not in"] > 1',
  'outputs.notes.count > 1',
])('is taken: %j', async (expression) => {
  expect((await compileGate(expression, '')).conditions).toHaveLength(1);
});

test('what the checker knows of empty lists and of numbers says nothing of its own functions', async () => {
  for (const expression of [
    '([] + outputs.b).exists(e, e > "x" && e < 2 && e.x)',
    '[].exists(e, e + 1 == 2.0) || outputs.b > {}',
    '{}.exists(e, e > 2) || outputs.b',
  ]) {
    const said: unknown = await compileGate(expression, '').then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
    expect(said).not.toMatch(/overload '|overlap/);
  }
});
