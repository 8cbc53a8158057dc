/** The language of a condition, and what is said about one that cannot be used or evaluated. */
import { describe, expect, test } from '@jest/globals';
import { compileGate } from '../../src/gate/condition.ts';
import { parseJson } from '../../src/json.ts';
import { describeGateFault, describeProblem, formatGateFault } from '../../src/report/problems.ts';

const OUTPUTS = parseJson(`{
  "items": [
    {"document_id": "d1", "status": "compliant", "score": 90, "due": "2026-03-01", "tags": ["fire", "door"], "reviewer": "Ada", "issues": []},
    {"document_id": "d2", "status": "non-compliant", "score": 70.5, "due": "2026-05-01", "tags": [], "reviewer": null, "issues": [{"n": 1}]},
    {"document_id": "d3", "status": "not applicable", "score": 1.0, "due": "2026-07-01", "tags": ["door"], "issues": [{"n": 3}]}
  ],
  "none": [], "words": ["a", "b"], "mixed": ["a", 1], "lists": [[1, [2]], [3]], "map": {"a": 1, "b": null, "Fire Rating": 60},
  "n": 7, "m": 2, "half": 0.5, "zero": 0, "minus": -7, "exact": 2.0, "huge": 9007199254740993, "digits": "85", "fraction": "1.5",
  "yes": true, "no": false, "yes as text": "true", "nothing": null, "text": "Fire door", "blank": "", "accents": "Größe", "spaced": " rejected ",
  "day": "2026-12-31", "time": "2026-12-31T10:00:00Z", "later": "2026-12-31T10:00:01Z", "zoned": "2026-12-31T10:00:00+01:00",
  "minutes": "2026-12-31 10:00", "clock": "09:30", "german": "31.12.2026", "american": "06/15/2026", "bad_day": "2026-02-30",
  "constructor": "c", "__proto__": {"x": 1}, "fire-rating": 60, "status": "Rejected", "long": "${'x'.repeat(101)}", "Blockers": [1],
  "beam": "Steel beam B12", "sign": "⚠ open", "other": "kept in other rooms", "compound": "of non-compliant doors"
}`);

/** Rows of a result, or the code of a problem, and conditions; two blanks or more are between them. */
const rowsOf = (table: string) =>
  table
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [expected = '', ...conditions] = row.trim().split(/ {2,}/);
      return conditions.map((condition) => [condition, expected] as const);
    });

async function evaluate(condition: string): Promise<string> {
  const { gate, faults } = await compileGate(condition, '');
  const [result] = gate.evaluate(OUTPUTS);
  return faults[0]?.problem.code ?? result?.problem?.code ?? result?.result ?? 'nothing';
}

const CEL = `
  met       1 in outputs.mixed  outputs.n == 7  outputs.n == 7.0  outputs.exact == 2  outputs.n != 8  outputs.n > 6 && outputs.n >= 7 && outputs.n < 8
  met       outputs.n + outputs.m * 2 - 1 == 10  outputs.n % 2 == 1  -outputs.n == outputs.minus  size(outputs.items) * 0.5 > 1.0
  met       outputs.text + "s" == "Fire doors"  outputs.words + ["c"] == ["a", "b", "c"]  r"a\\b" != outputs.text
  met       outputs.yes  outputs.no || outputs.yes  outputs.yes || outputs.absent  outputs.yes ? outputs.n == 7 : outputs.absent
  not_met  !outputs.yes  outputs.yes && outputs.no  outputs.no && outputs.absent  outputs.none  null == outputs.items
  met       outputs.nothing == null  outputs.n != null  outputs.words  outputs["fire-rating"] < 90  outputs.words[1] == "b"
  met       {"low": 1, "high": 3}["high"] > outputs.m  outputs.constructor == "c"  outputs["__proto__"].x == 1  dyn(outputs.n) == 7
  met       "a" in outputs.words  "a" in outputs.map  outputs.text in ["Fire door", "Window"]  has(outputs.n)  has(outputs.nothing)
  not_met  "z" in outputs.words  "toString" in outputs.map  has(outputs.absent)  outputs.words == ["a"]  (outputs.text == "a//b")`;

const FUNCTIONS = `
  met           size(outputs.none) == 0  size(outputs.map) == 3  size(outputs.accents) == 5  outputs.items.size() == 3
  met           int(outputs.digits) > 80  int(outputs.half) == 0  int("-7") == outputs.minus  double(outputs.fraction) == 1.5
  no_value      int(outputs.fraction) == 1  int(outputs.text) == 1  double(outputs.blank) == 0.0  bool(outputs.text)
  met           string(outputs.n) == "7"  string(outputs.yes) == "true"  bool(outputs["yes as text"])
  met           keys(outputs.map) == ["a", "b", "Fire Rating"]  outputs.status in keys({"Rejected": 1})
  met           outputs.text.contains("door")  outputs.text.startsWith("Fire")  !outputs.text.endsWith("Fire")
  met           outputs.text.lowerAscii() == "fire door"  outputs.accents.upperAscii() == "GRößE"  outputs.spaced.trim() == "rejected"
  met           size(outputs.lists.flatten()) == 3  outputs.lists.flatten(2) == [1, 2, 3]
  met           day(outputs.time) == "2026-12-31"  day(outputs.german) <= "2026-12-31"  day(outputs.minutes) == outputs.day
  no_value      day(outputs.bad_day) == outputs.day  day(outputs.clock) == outputs.day
  met           outputs.items.exists(i, i.score > 80)  outputs.items.exists_one(i, i.score > 80)  !outputs.items.all(i, i.score > 80)
  met           outputs.items.map(i, i.score > 80, i.document_id) == ["d1"]  outputs.items.map(i, i.issues.filter(j, j.n > 1)).flatten()
  met           outputs.items.filter(i, i.issues.exists(j, j.n > 2 && i.score < 2))  outputs.items.map(i, i.issues.map(j, j.n)).exists(n, size(n) > 0)`;

const NOT_EVALUATED = `
  missing_key   outputs.absent || outputs.yes  outputs.items.filter(i, i.statsu == "x")  outputs.map["z"] == 1  outputs.toString == "x"
  missing_key   !outputs.items.all(i, i.reviewer == null || i.score > 0)  has(outputs.absent.x)
  not_object    has(outputs.text.x)  outputs.nothing.x == 1  outputs.items.length > 3
  no_operation  outputs.digits > 80  outputs.n == "7"  outputs.nothing == 0  outputs.nothing == outputs.nothing  outputs.yes == "true"
  no_operation  outputs.items > 3  outputs.map == outputs.map  2 in outputs.mixed  "a" in outputs.text  outputs.yes < outputs.no
  no_operation  outputs.n + outputs.text == "7"  size(outputs.nothing) == 0  outputs.words.contains("a")  !outputs.n
  no_value      outputs.n / outputs.zero > 3  outputs.n % outputs.zero > 3  outputs.words[2] == "c"
  met           outputs.n / outputs.m == 3.5  double(outputs.n) / outputs.m == 3.5  outputs.n / outputs.half == 14
  large_number  outputs.huge > 3  outputs.huge == 3  outputs.n * 9007199254740991 > 1  outputs.n > 9007199254740992
  not_list      outputs.map.filter(k, k == "a")  outputs.nothing.filter(i, i.x)  outputs.text.exists(i, i == "F")
  not_boolean   outputs.items.filter(i, i.score)  outputs.n && outputs.yes  outputs.yes && outputs.n  outputs.n ? outputs.yes : outputs.no
  not_boolean   outputs.n  outputs.text  outputs.map  outputs.nothing`;

const TIMES = `
  met        outputs.day < "2027-01-01"  outputs.time < outputs.later  outputs.clock < "10:00"  outputs.minutes < "2026-12-31 10:01"
  two_forms  outputs.day < outputs.time  outputs.time < outputs.zoned  outputs.time < outputs.minutes  outputs.german < "2026-12-31"
  two_forms  outputs.bad_day < "2026-12-31"  outputs.text < outputs.status  outputs.digits < outputs.fraction
  two_forms  outputs.day == "2026-12-31T10:00:00Z"  outputs.time != "2026-12-31"
  not_met   outputs.day == "2026-12-30"  outputs.text == "2026-12-30"`;

/** `status` is "Rejected", `text` "Fire door", `beam` "Steel beam B12", `compound` "of non-compliant doors". */
const SPELLINGS = `
  near_text  outputs.status == "rejected"  "REJECTED" != outputs.status  outputs.status in ["approved", "rejected"]
  near_text  outputs.text == "fire-door"  outputs.text == "Fire_Door"  outputs.text == "Firedoor"  outputs.text == "Fire\\u200bdoor"
  near_text  outputs.items.filter(i, i.status == "noncompliant")  outputs.items.filter(i, "Fire" in i.tags)  outputs.words == ["A", "b"]
  near_text  has(outputs.blockers)  "fire rating" in outputs.map  has(outputs.map.fire_rating)  outputs.status in {"rejected": 1}
  met        outputs.status in ["rejected", "Rejected"]  outputs.status == "rejected" || outputs.status == "Rejected"
  met        outputs.status.lowerAscii() == "rejected"
  near_text  outputs.digits == "8 5"  outputs.long == "X${'x'.repeat(100)}"  outputs.long.contains("X")  "FIRE DOOR".contains(outputs.text)
  near_text  outputs.status == "rejected" || outputs.text == "Rejected"  outputs.items.exists(i, i.status == "Compliant" || i.due == "compliant")
  near_text  outputs.words.exists(w, w == "A") || outputs.tags.exists(w, w == "a")  ["rejected"].exists(s, s == outputs.status)
  near_text  outputs.status != {"a": "rejected"}["a"]  outputs.status == (outputs.yes ? "rejected" : "x")  outputs.sign == "⚠️open"
  met        outputs.sign == "⚠️ open"  outputs.sign.startsWith("⚠️ o")  outputs.sign in ["⚠️ open"]
  met        ["rejected", "Rejected"].exists(s, s == outputs.status)  "B" in outputs.words || "b" in outputs.words
  not_met   outputs.status == "refused"  outputs.status == "rejected" && outputs.status == "Rejected"
  near_text  outputs.beam.contains("Beam")  outputs.text.startsWith("fire")  outputs.text.endsWith("DOOR")
  near_text  outputs.compound.contains("noncompliant")  outputs.compound.contains("Non Compliant")
  met        outputs.beam.contains("Beam") || outputs.beam.contains("beam")  outputs.beam.lowerAscii().contains("beam")
  not_met   outputs.other.contains("not")  outputs.beam.contains("door")
  no_value  outputs.long.contains("${'y'.repeat(1001)}")`;

describe.each([
  ['is evaluated as CEL has it', CEL],
  ['has functions', FUNCTIONS],
  ['cannot be evaluated', NOT_EVALUATED],
  ['orders texts only if they are days or times of one form and zone', TIMES],
  ['does not decide between two spellings', SPELLINGS],
])('%s', (_, table) => {
  test.each(rowsOf(table))('%s: %s', async (condition, expected) => expect(await evaluate(condition)).toBe(expected));
});

/** `^` is at the column. */
const REFUSED = `
  syntax                outputs.a ^=  late: outputs.a ==^  ${'('.repeat(250)}^${'('.repeat(50)}outputs.a
  unknown_function      outputs.items.^filtr(i, i.a)  outputs.a.^matches("x")  ^timestamp(outputs.a) == outputs.b  cel.^bind(x, outputs.a, x)
  unknown_variable      outputs.items.filter(i, ^j.a == 1)  outputs.items.filter(i, i.a) && ^i.b
  types                 ^size(outputs.a) == null  ^outputs.items.filter(i, i.a) > 0
  result_type           ^size(outputs.a)  ^{"a": outputs.a}
  literal               outputs.a == ^b"x"  outputs.a == ^1u
  empty_text            outputs.a == ^""  outputs.items.filter(i, i.status != ^'___')
  never_ordered         ^"31.12.2026" > outputs.a  outputs.a < ^"2026-02-30"
  invisible             outputs.a > 1^\u200b  outputs.a^\u00a0> 1
  no_outputs            ^1 == 1
  comment_behind        (outputs.a > 1) ^// more
  comment_with_outputs  ^# as outputs.a
  no_condition          ^# nothing else
  dash                  ^- outputs.a
  unfilled              outputs.a == '^\${{ vars.BAD }}'
  all_alone             size(outputs.a) > 0 && ^outputs.a.all(i, i.b)  ^outputs.a.all(i, i.b) && outputs.c
  nested_list           ^outputs.a.map(i, i.b.map(j, j.c))  ^outputs.a.map(i, i.b.filter(j, j.c))`;

describe('is refused before the launch', () => {
  test.each(rowsOf(REFUSED))('%s: %s', async (condition, code) => {
    const { faults } = await compileGate(condition.replace('^', ''), '');
    expect(faults.map(({ problem, column }) => [problem.code, column])).toEqual([[code, condition.indexOf('^') + 1]]);
  });
});

/** Pairs of a condition and the words for it, behind an arrow or on the next line. */
const pairsOf = (text: string) =>
  [...text.matchAll(/^(\S.*?)(?: → |\n {2})(.*)$/gm)].map(([, condition = '', words = '']) => [condition, words]);

const REFUSED_WORDS = `
outputs.a = 1 → one \`=\` compares nothing: write \`==\`
outputs.a === 1 → there is one \`=\` too many: write \`==\` or \`!=\`
outputs.a => 80 → there is no \`=>\`: write \`>=\`
outputs.a and outputs.b → this is not an operator: write \`&&\` for "and"
outputs.a or outputs.b → this is not an operator: write \`||\` for "or"
outputs.a not in ["x"] → there is no \`not\`: write \`!(x in ["a", "b"])\` or \`!x\`
outputs.items.filter(i => i.a) → a comma is needed here: write \`filter(i, i.status == "x")\`
outputs.a == “x” → this is not a quote in CEL: write straight quotes, "x" or 'x'
outputs.a == "x → a string is not closed: write its second quote
outputs.items.filter(i, i.a
  the line ends too early: is a bracket or an operand missing? Each line is a whole condition
outputs.a == 1 # x → a comment follows the condition: write a comment on a line of its own that begins with \`#\`
outputs.a b: outputs.c
  a second condition begins here: write one condition per line below \`fail_if: |\`, since \`>\` joins the lines
not compliant (doors): outputs.a
  a name has letters, digits, spaces, \`_\`, \`.\` and \`-\`, and a space follows its colon: write \`name: condition\`
outputs.a == x
  there is no variable \`x\`: write a string in quotes (\`"x"\`), a value of the run as \`outputs.x\` or \`outputs["a-b"]\`, and a field of an item as \`i.x\`
items.filter(i, i.a == 1)
  there is no variable \`items\`: write a string in quotes (\`"items"\`), a value of the run as \`outputs.items\` or \`outputs["a-b"]\`, and a field of an item as \`i.items\`
outputs.items.filter(item, i.a == 1)
  there is no variable \`i\`: name the item before the comma: \`filter(i, i.status == "x")\`
outputs.a == None → there is no variable \`None\`: write \`null\`
output.a → there is no variable \`output\`: did you mean "outputs"?
outputs.items.exist(i, i.a) → there is no \`exist()\`: did you mean "exists"?
outputs.items.length() > 1 → there is no \`length()\`: write \`size(x)\`
outputs.a < today()
  there is no \`today()\`: a condition has no clock, so let the Alloovium workflow return what is overdue
outputs.a == "x" || "y"
  the type checker says "Logical operator requires bool operands, got 'string'": an operator takes values of one kind: \`x == "a" || x == "b"\`, \`60 < x && x < 80\`, \`!(x == "a")\`, \`x in ["a"]\`, \`size(list) > 0\`
60 < outputs.a < 80
  the type checker says "no such overload: bool < int": an operator takes values of one kind: \`x == "a" || x == "b"\`, \`60 < x && x < 80\`, \`!(x == "a")\`, \`x in ["a"]\`, \`size(list) > 0\`
has(outputs["a-b"]) && outputs["a-b"] < 90
  the type checker says "has() invalid argument": write \`has(outputs.a)\`, or \`"a-b" in outputs\`
outputs.items.map(i, i.a == 1)
  \`outputs.items.map(i, i.a == 1)\` is neither true or false nor a list of findings: write \`filter\` in place of \`map\`
"outputs.a < 80"
  \`"outputs.a < 80"\` is neither true or false nor a list of findings: remove the quotes around the condition, and any \`? :\`
outputs.items.all(i, i.a == 1)
  \`all\` is true if every item is so, but a condition describes a problem: if each item should be so, write \`outputs.items.filter(i, !(i.a == 1))\`; if the problem is that all are, write \`!outputs.items.exists(i, !(i.a == 1))\`
size(outputs.items) > 0 && (outputs.items.all(i, i.a != 1) && outputs.b)
  \`all\` is true if every item is so, but a condition describes a problem: if each item should be so, write \`outputs.items.filter(i, !(i.a != 1))\`; if the problem is that all are, write \`!outputs.items.exists(i, !(i.a != 1))\`
(outputs.a + outputs.b).all(i, i.c)
  \`all\` is true if every item is so, but a condition describes a problem: if each item should be so, write \`(outputs.a + outputs.b).filter(i, !(i.c))\`; if the problem is that all are, write \`!(outputs.a + outputs.b).exists(i, !(i.c))\`
outputs.d.map(d, d.items.filter(i, i.a == 1))
  this returns a list of lists, which has items even if they are all empty: add \`.flatten()\`
outputs.d.map(d, d.items.map(i, i.parts.map(p, p.a)))
  this returns a list of lists, which has items even if they are all empty: add \`.flatten(2)\`
outputs.a == '\${{ vars.BAD }}' → GitHub replaces \`\${{ … }}\` only in a GitHub workflow file: write the value
outputs.a\u00a0> 1 → there is an invisible character, "\\u00a0": delete it, or write a plain space
`;

describe('says what to write', () => {
  test.each(pairsOf(REFUSED_WORDS))('%s: %s', async (line, words) => {
    const { faults } = await compileGate(line, '');
    expect(faults.map((fault) => describeGateFault(fault).replace(/^fail_if, line 1, column \d+: /, ''))).toEqual([words]);
  });

  test('names input, line and column', async () => {
    const { faults } = await compileGate('a: outputs.a', 'b: outputs.b\na: outputs.c');
    expect(faults.map(describeGateFault)).toEqual([
      'warn_if, line 2, column 1: line 1 of `fail_if` has the same name: give each condition its own name',
    ]);
  });

  test('shows the part of the line that is around the place, with a caret below it', async () => {
    const { faults } = await compileGate(`outputs.a == "${'x'.repeat(200)}" & outputs.b`, '');
    const [, line, caret] = faults.map(formatGateFault).join().split('\n');
    expect(line).toBe(`>    1 | ${'x'.repeat(58)}" & outputs.b`);
    expect(caret?.indexOf('^')).toBe(line?.indexOf('&'));
  });
});

const NOT_EVALUATED_WORDS = `
outputs.items.filter(i, i.statsu == "x")
  \`i.statsu\`: there is no key "statsu" (item 1 of \`outputs.items\`); did you mean "status"? it has "document_id", "status", "score", "due", "tags", "reviewer" and "issues"
outputs.map.zzz == 1
  \`outputs.map.zzz\`: there is no key "zzz"; it has "a", "b" and "Fire Rating"; if it may be missing, check \`has(x.key)\` or \`"key" in x\` first
{"low": 1}[outputs.status] > 2
  \`{"low": 1}[outputs.status]\`: there is no key "Rejected"; add it to the \`{…}\`: "Rejected"
outputs.status == "rejected"
  \`outputs.status == "rejected"\` compares two spellings, "Rejected" and "rejected"; if they mean the same, write outputs.status in ["rejected", "Rejected"]; if they differ, write (outputs.status == "rejected" && outputs.status != "Rejected")
outputs.beam.contains("Beam")
  \`outputs.beam.contains("Beam")\` compares two spellings, "beam" and "Beam"; if they mean the same, write (outputs.beam.contains("Beam") || outputs.beam.contains("beam")); if they differ, write (outputs.beam.contains("Beam") || outputs.beam.contains("beam") && false)
outputs.digits < 80
  \`outputs.digits < 80\` has no result for a string and a number; \`int(x)\` or \`double(x)\` reads a number from a string; write a string in quotes (\`"No"\`, \`"033000"\`, \`"2026-12-31"\`), and a number without
outputs.text == false
  \`outputs.text == false\` has no result for a string and true or false; \`int(x)\` or \`double(x)\` reads a number from a string; write a string in quotes (\`"No"\`, \`"033000"\`, \`"2026-12-31"\`), and a number without
outputs.nothing == "x"
  \`outputs.nothing == "x"\` has no result for null and a string; if it may be null, check \`x != null && …\` first
outputs.none && outputs.yes → \`outputs.none\` is a list, not true or false; write \`size(outputs.none) > 0\`
outputs.items.length > 3
  \`outputs.items\` is a list, not an object; its length is \`size(outputs.items)\`; check its items with \`outputs.items.exists(i, i.status == "x")\`
outputs.n / outputs.zero > 1 → \`outputs.n / outputs.zero\` has no value; it divides by 0, so check \`y != 0 && …\` first
day(outputs.american) < "2026-12-31"
  \`day(outputs.american)\` has no value; let the Alloovium workflow return 2026-12-31, 31.12.2026 or 2026-12-31T10:00:00Z
outputs.day < outputs.time
  \`outputs.day < outputs.time\` compares strings that are not days or times of one form and zone; write \`day(x)\` for the day of a time, or of 31.12.2026
outputs.time < outputs.zoned
  \`outputs.time < outputs.zoned\` compares strings that are not days or times of one form and zone; let the Alloovium workflow return both in one form and zone, as 2026-12-31 or 2026-12-31T10:00:00Z; a number in a string is \`int(x)\`
outputs.n → \`outputs.n\` is a number, not true or false; compare it with a value, with \`==\` or \`<\`
`;

describe('says why it cannot be evaluated, and what to write', () => {
  const describeIn = async (condition: string, outputs = OUTPUTS) => {
    const { gate } = await compileGate(condition, '');
    return gate.evaluate(outputs).map(({ problem }) => problem && Object.values(describeProblem(problem)).join('; '));
  };

  test.each(pairsOf(NOT_EVALUATED_WORDS))('%s: %s', async (condition, words) => expect(await describeIn(condition)).toEqual([words]));
  test('quotes a text of the run so that nothing in it acts and all of it is seen', async () =>
    expect((await describeIn('outputs.a == "rejected"', { a: 're\u200bject\n\u2011ed' })).join()).toContain(
      'two spellings, "re\\u200bject\\n\\u2011ed" and ',
    ));

  /** Each is true of the run's string if both mean the same. */
  const WAYS_OUT = [
    'outputs.status == "rejected"',
    '"rejected" == outputs.status',
    '!(outputs.status != "rejected")',
    'outputs.status in ["approved", "rejected"]',
    'outputs.status in {"rejected": 1}',
    '"A" in outputs.words',
    '"fire rating" in outputs.map',
    'has(outputs.blockers)',
    'outputs.words == ["A", "b"]',
    'outputs.text.startsWith("fire")',
    'outputs.text.endsWith("DOOR")',
    'outputs.compound.contains("noncompliant")',
    '"red, rejected".contains(outputs.status)',
    'outputs.text.lowerAscii() == "firedoor"',
    '[outputs.yes ? outputs.status : outputs.text].exists(s, s == "rejected")',
  ];
  test.each(WAYS_OUT)('shows two conditions that can be evaluated: %s', async (condition) => {
    const words = await describeIn(condition);
    const ways = /the same, write (.*); if they differ, write (.*)$/.exec(words.join()) ?? [];
    const source = /^`(.*)` compares/.exec(words.join())?.[1] ?? '';
    const results = ways.slice(1).map(async (way) => evaluate(condition.replace(source, way)));
    expect(await Promise.all(results)).toEqual(['met', 'not_met']);
  });
});
