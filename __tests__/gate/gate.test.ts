import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../src/json.ts';
import type { JsonValue } from '../../src/json.ts';
import { compileExpression } from '../../src/gate/compile.ts';
import { compileGate } from '../../src/gate/gate.ts';
import type { ConditionResult } from '../../src/gate/condition.ts';
import { runWithinTime } from '../../src/time-limit.ts';

const parse = (text: string) => parseJson(new TextEncoder().encode(text));

/** By the rules of evaluation alone: as a condition some of these are refused, since nobody means them. */
function evaluate(expression: string, outputs: JsonValue | undefined) {
  const compiled = compileExpression(expression, false);
  if (typeof compiled !== 'function') throw new Error(compiled.message);
  return compiled(outputs);
}
async function refusal(failIf: string, warnIf = ''): Promise<string> {
  return (await compileGate(failIf, warnIf)).fault;
}

test('compiles lists within lists in the time limit of a gate', () => {
  let nested = 'outputs.a';
  for (let depth = 0; depth < 40; depth++) nested = `(outputs.a in [${nested}])`;
  expect(typeof runWithinTime(() => compileExpression(nested))).toBe('function');
});

const OUTPUTS = parse(`{
  "items": [
    {"id": "a", "status": "compliant", "pages": 3, "note": null},
    {"id": "b", "status": "rejected", "pages": 12.5, "note": "late"},
    {"id": "c", "status": "rejected", "pages": 1, "note": "", "extra": true}
  ],
  "empty": [], "object": {"x": 1, "y": {"z": "deep"}}, "nothing": null, "ok": true, "text": "2", "two": 2,
  "half": 0.5, "one": 1.0, "minus_zero": -0, "padded": 1.50, "big": 9007199254740993, "exact": 9007199254740991, "bigger": 9007199254740992,
  "beyond": 92233720368547758080, "huge": 1e999, "fine": 0.1000000000000000000001, "tiny": 1e-400, "near_80": 79.99999999999999999999, "printed_17": 0.10000000000000001,
  "printed_55": 0.1000000000000000055511151231257827021181583404541015625, "zeros": 1.500000000000000000000, "exponent": 1.25E-04,
  "mixed": [1, "a", null], "numbers": [1, 2.0, 30], "strings": ["a", "b"], "nulls": [null, null],
  "due": "2026-11-30", "at": "2026-11-30T10:00:00Z", "times": ["2026-11-30T10:00:00Z"], "nested": [1, [2, [3]], ["a"], []]
}`);

const HOLDS = 'holds';
const NOT = 'does_not_hold';
const UNKNOWN = 'cannot_be_evaluated';

describe('the gate', () => {
  test.each<[string, ConditionResult['result']]>([
    // Values
    ['true', HOLDS],
    ['false', NOT],
    ['outputs.ok', HOLDS],
    ['!outputs.ok', NOT],
    ['outputs.empty', NOT],
    ['outputs.items', HOLDS],
    ['outputs.nulls', HOLDS],
    ['[]', NOT],
    ['outputs.text', UNKNOWN],
    ['outputs.two', UNKNOWN],
    ['outputs.nothing', UNKNOWN],
    ['outputs.object', UNKNOWN],

    // A missing key is never passed over …
    ['outputs.missing', UNKNOWN],
    ['outputs.missing == 1', UNKNOWN],
    ['outputs.missing == null', UNKNOWN],
    ['outputs.missing != null', UNKNOWN],
    ['outputs.missing == 1 || true', UNKNOWN],
    ['outputs.missing == 1 && false', UNKNOWN],
    ['false || outputs.missing == 1', UNKNOWN],
    ['true && outputs.missing == 1', UNKNOWN],
    ['outputs.missing ? true : true', UNKNOWN],
    ['!(outputs.missing || true)', UNKNOWN],
    ['outputs.items.all(i, i.extra)', UNKNOWN],
    ['outputs.items.exists(i, i.extra)', UNKNOWN],
    ['outputs.items.exists_one(i, i.extra)', UNKNOWN],
    ['outputs.items.filter(i, i.extra)', UNKNOWN],
    ['outputs.items.map(i, i.extra)', UNKNOWN],
    ['outputs.items.map(i, i.extra, i.id)', UNKNOWN],
    ['has(outputs.missing.x)', UNKNOWN],
    ['has(outputs.nothing.x)', UNKNOWN],
    ['has(outputs.items.x)', UNKNOWN],
    ['has(outputs.text.x)', UNKNOWN],
    ['outputs["missing"] == 1', UNKNOWN],
    ['outputs.items[3].id == "a"', UNKNOWN],
    ['outputs.items[-1].id == "a"', UNKNOWN],
    ['outputs.items[0.5].id == "a"', UNKNOWN],
    // … and what `has` or a short circuit spared was not needed.
    ['has(outputs.missing)', NOT],
    ['has(outputs.nothing)', HOLDS],
    ['has(outputs.object.y.z)', HOLDS],
    ['has(outputs.missing) && outputs.missing.y == 1', NOT],
    ['!has(outputs.missing) || outputs.missing.y == 1', HOLDS],
    ['has(outputs.missing) ? outputs.missing : false', NOT],
    ['true || outputs.missing == 1', HOLDS],
    ['"missing" in outputs', NOT],
    ['"items" in outputs', HOLDS],
    ['outputs.items.filter(i, has(i.extra) && i.extra)', HOLDS],
    ['outputs.empty.filter(i, i.missing)', NOT],

    // What JavaScript's objects inherit are no keys.
    ['outputs.constructor', UNKNOWN],
    ['outputs.toString', UNKNOWN],
    ['outputs.__proto__', UNKNOWN],
    ['outputs["__proto__"]', UNKNOWN],
    ['outputs["__proto__"] == null', UNKNOWN],
    ['outputs.items.length == 3', UNKNOWN],
    ['outputs.text.length == 1', UNKNOWN],
    ['has(outputs.constructor)', NOT],
    ['"hasOwnProperty" in outputs', NOT],

    // Operands of mixed types
    ['outputs.text > 1', UNKNOWN],
    ['outputs.text == 2', UNKNOWN],
    ['outputs.text != 2', UNKNOWN],
    ['2 == outputs.text', UNKNOWN],
    ['outputs.text == outputs.two', UNKNOWN],
    ['outputs.text < outputs.two', UNKNOWN],
    ['outputs.ok == "true"', UNKNOWN],
    ['outputs.ok == 1', UNKNOWN],
    ['outputs.ok < 2', UNKNOWN],
    ['outputs.items == outputs.object', UNKNOWN],
    ['outputs.empty == outputs.text', UNKNOWN],
    ['outputs.two in ["a"]', UNKNOWN],
    ['outputs.text in [1, 2]', UNKNOWN],
    ['outputs.nothing in ["a"]', UNKNOWN],
    ['1 in outputs.mixed', UNKNOWN],
    ['"a" in outputs.text', UNKNOWN],
    ['"a" in outputs.two', UNKNOWN],
    ['outputs.two in outputs.object', UNKNOWN],
    ['outputs.mixed == [1, 2, 3]', UNKNOWN],
    ['outputs.mixed == ["a"]', UNKNOWN],
    ['outputs.object == {"x": "1", "y": {"z": "deep"}}', UNKNOWN],
    ['outputs.object == {"x": 2, "y": {"z": 1}}', UNKNOWN],
    ['outputs.text + 1 == outputs.text', UNKNOWN],
    ['outputs.two + "1" == "21"', UNKNOWN],
    ['outputs.strings + 1 == outputs.strings', UNKNOWN],
    ['outputs.two && true', UNKNOWN],
    ['true && outputs.text', UNKNOWN],
    ['outputs.nothing || true', UNKNOWN],
    ['outputs.two ? true : false', UNKNOWN],
    ['!outputs.nothing', UNKNOWN],
    ['(-outputs.text) == -2', UNKNOWN],
    ['outputs.items.filter(i, i.status)', UNKNOWN],
    ['outputs.two.contains("a")', UNKNOWN],
    ['outputs.text.contains(outputs.two)', UNKNOWN],
    ['size(outputs.nothing) == 0', UNKNOWN],
    ['size(outputs.two) == 1', UNKNOWN],

    // null is compared with null written out, and with nothing else.
    ['outputs.nothing == null', HOLDS],
    ['null != outputs.nothing', NOT],
    ['outputs.text == null', NOT],
    ['outputs.text != null', HOLDS],
    ['null == outputs.items', NOT],
    ['outputs.nothing == "x"', UNKNOWN],
    ['"x" != outputs.nothing', UNKNOWN],
    ['outputs.nothing == outputs.nothing', UNKNOWN],
    ['outputs.nothing != outputs.text', UNKNOWN],
    ['outputs.nothing < 1', UNKNOWN],
    ['outputs.nulls == outputs.nulls', UNKNOWN],
    ['outputs.items.filter(i, i.note == "late")', UNKNOWN],
    ['outputs.items.filter(i, i.note != null && i.note == "late")', HOLDS],

    // List macros take lists.
    ['outputs.object.filter(k, true)', UNKNOWN],
    ['outputs.object.map(k, k)', UNKNOWN],
    ['outputs.object.all(k, false)', UNKNOWN],
    ['outputs.object.exists(k, false)', UNKNOWN],
    ['outputs.object.exists_one(k, false)', UNKNOWN],
    ['outputs.text.filter(c, true)', UNKNOWN],
    ['outputs.nothing.filter(c, true)', UNKNOWN],
    ['outputs.items.filter(i, i.status == "rejected")', HOLDS],
    ['outputs.items.filter(i, i.status == "Rejected")', NOT],
    ['outputs.items.all(i, i.pages > 0)', HOLDS],
    ['outputs.items.all(i, i.pages > 1)', NOT],
    ['outputs.items.exists(i, i.pages > 12)', HOLDS],
    ['outputs.items.exists(i, i.pages > 13)', NOT],
    ['outputs.items.exists_one(i, i.pages > 12)', HOLDS],
    ['outputs.items.exists_one(i, i.pages > 0)', NOT],
    ['outputs.items.map(i, i.status == "rejected", i.pages) == [12.5, 1.0]', HOLDS],
    ['size(outputs.empty) == 0', HOLDS],
    ['outputs.items.filter(i, outputs.items.exists(j, j.pages > i.pages)).size() == 2', HOLDS],
    ['outputs.strings.filter(outputs, outputs == "a").size() == 1', HOLDS],

    // Numbers are one kind.
    ['outputs.two == 2', HOLDS],
    ['outputs.two == 2.0', HOLDS],
    ['outputs.one == 1', HOLDS],
    ['1 == 1.0', HOLDS],
    ['size(outputs.items) == 3.0', HOLDS],
    ['size(outputs.items) > outputs.two', HOLDS],
    ['size(outputs.items) - 1 == outputs.two', HOLDS],
    ['outputs.two * 1.5 == size(outputs.items)', HOLDS],
    ['outputs.padded == 1.5', HOLDS],
    ['outputs.minus_zero == 0', HOLDS],
    ['outputs.minus_zero < 0', NOT],
    ['2 in outputs.numbers', HOLDS],
    ['3 in outputs.numbers', NOT],
    ['outputs.numbers == [1, 2, 30]', HOLDS],
    ['outputs.two % 2 == 0', HOLDS],
    ['outputs.half % 2 == 0', UNKNOWN],
    ['(-outputs.two) < 0', HOLDS],
    ['outputs.exact + 1 > outputs.exact', UNKNOWN],
    ['outputs.exact == 9007199254740991', HOLDS],
    ['outputs.big == outputs.big', UNKNOWN],
    ['outputs.big > 1', UNKNOWN],
    ['outputs.bigger in [1, 2]', UNKNOWN],
    ['[outputs.big] == [1]', UNKNOWN],
    ['string(outputs.big) == "9007199254740993"', UNKNOWN],
    ['outputs.big != null', HOLDS],
    ['outputs.beyond > outputs.big', UNKNOWN],
    ['outputs.big * outputs.big > 0', UNKNOWN],
    ['outputs.big * outputs.half > 0', UNKNOWN],
    ['outputs.huge > 1', UNKNOWN],
    ['outputs.huge == outputs.huge', UNKNOWN],
    // A digit would be lost.
    ['outputs.fine > 0.1', UNKNOWN],
    ['outputs.tiny == 0', UNKNOWN],
    ['outputs.tiny > 0', UNKNOWN],
    ['outputs.near_80 < 80', UNKNOWN],
    ['outputs.near_80 != null', HOLDS],
    ['string(outputs.near_80) == "80"', UNKNOWN],
    ['double("79.99999999999999999999") < 80', UNKNOWN],
    ['outputs.printed_17 == 0.1', HOLDS],
    ['outputs.printed_55 == 0.1', HOLDS],
    ['outputs.zeros == 1.5', HOLDS],
    ['outputs.exponent == 0.000125', HOLDS],
    ['outputs.huge == null', NOT],
    ['outputs.two / 4 == 0.5', HOLDS],
    ['size(outputs.empty) / size(outputs.items) == 0', HOLDS],
    ['outputs.two / 0 > 1', UNKNOWN],
    ['outputs.two % 0 == 1', UNKNOWN],
    // CEL cuts 1 / 3 to 0, with which a gate on a share would never fire.
    ['size(outputs.strings) / size(outputs.items) > 0.5', UNKNOWN],
    ['double(size(outputs.strings)) / size(outputs.items) > 0.5', HOLDS],

    // Functions
    ['outputs.numbers + outputs.empty + [4] == [1, 2, 30, 4]', HOLDS],
    ['int(outputs.text) == 2', HOLDS],
    ['int("") == 0', UNKNOWN],
    ['int("0x10") == 16', UNKNOWN],
    ['int("1.5") == 1', UNKNOWN],
    ['int(outputs.nothing) == 0', UNKNOWN],
    ['int("99999999999999999999") > 0', UNKNOWN],
    ['int(12.9) == 12', HOLDS],
    ['double("") == 0.0', UNKNOWN],
    ['double("Infinity") > 0.0', UNKNOWN],
    ['double("1e308") * 10.0 > 1.0', UNKNOWN],
    ['0.0 - double("1e308") * 10.0 > 1.0', UNKNOWN],
    ['double("1.50") == 1.5', HOLDS],
    ['double("1.5x") == 1.5', UNKNOWN],
    ['bool("yes")', UNKNOWN],
    ['bool("true")', HOLDS],
    ['string(outputs.two) == outputs.text', HOLDS],
    ['string(outputs.nothing) == "null"', UNKNOWN],
    ['size("a\u{1F600}") == 2', HOLDS],
    ['outputs.due < "2026-12-01"', HOLDS],
    ['outputs.due.startsWith("2026") && outputs.due.endsWith("30") && outputs.due.contains("-11-")', HOLDS],
    ['" ÄA ".trim().lowerAscii() == "Äa"', HOLDS],

    // Lists in lists
    ['outputs.nested.flatten() == [1, 2, [3], "a"]', HOLDS],
    ['outputs.nested.flatten(2) == [1, 2, 3, "a"]', HOLDS],
    ['outputs.nested.flatten(8) == [1, 2, 3, "a"]', HOLDS],
    ['outputs.nested.flatten(0) == outputs.nested', HOLDS],
    ['outputs.empty.flatten()', NOT],
    ['outputs.text.flatten() == []', UNKNOWN],
    ['outputs.object.flatten() == []', UNKNOWN],

    // Days and times are not equal by their letters.
    ['outputs.due == "2026-11-30T00:00:00Z"', UNKNOWN],
    ['outputs.at != "2026-11-30"', UNKNOWN],
    ['outputs.at in ["2026-11-30", "x"]', UNKNOWN],
    ['outputs.at in ["2026-11-30", "2026-11-30T10:00:00Z"]', HOLDS],
    ['"2026-11-30" in outputs.times', UNKNOWN],
    ['outputs.at == "2026-11-30T11:00:00+01:00"', UNKNOWN],
    ['outputs.at == "2026-11-30T10:00:00.0Z"', UNKNOWN],
    ['[outputs.at] == ["2026-11-30"]', UNKNOWN],
    ['{"at": outputs.at, "n": 1} == {"at": "2026-11-30", "n": 2}', NOT],
    ['outputs.at == "2026-11-30T11:00:00Z"', NOT],
    ['outputs.at == "soon"', NOT],
    ['day(outputs.at) == "2026-11-30"', HOLDS],
    ['day("31.12.2026") == "2026-12-31"', HOLDS],
    ['day("31.02.2026") == "2026-12-31"', UNKNOWN],
    ['day("1.12.2026") == "2026-12-31"', UNKNOWN],
    ['day("31/12/2026") == "2026-12-31"', UNKNOWN],
    ['day("31.12.2026 10:00") == "2026-12-31"', UNKNOWN],

    // Two comparisons in one, where the text says which comes first
    ['(outputs.two > 1) == (outputs.half < 1)', HOLDS],
    ['outputs.ok == ((outputs.two) < (2))', NOT],
    ['outputs.ok != ("(" in [")"])', HOLDS],
    ['outputs.two < 3 == outputs.ok', HOLDS],
    ['outputs.ok == outputs.items.exists(i, i.pages > 12)', HOLDS],
    ['outputs.ok == (outputs.two > 1 ? true : false)', HOLDS],
    ['outputs.two == outputs.object["x"] + 1 || outputs.two < 1', HOLDS],
  ])('evaluates %s to %s', async (expression, result) => {
    const given = evaluate(expression, OUTPUTS);
    expect(given.result).toBe(result);
    expect(given.problem === null).toBe(result !== UNKNOWN);
    if (result !== HOLDS) expect(given.matched).toEqual([]);
  });

  test.each([undefined, null, [], [{ status: 'x' }], 'text', 3, true, parse('1.0')])(
    'evaluates no condition if the outputs are not an object (%j), even if nothing of them is read',
    async (outputs) => {
      for (const expression of ['false && outputs.x', 'outputs == null', 'size(outputs) == 0', 'has(outputs.x)'])
        expect(evaluate(expression, outputs).result).toBe(UNKNOWN);
    },
  );

  test('treats a key of any name as data', async () => {
    const outputs = parse('{"__proto__": {"x": 1}, "constructor": "c", "a-b": 2}');
    expect(evaluate('outputs.__proto__.x == 1', outputs).result).toBe(HOLDS);
    expect(evaluate('outputs["__proto__"].x == 1', outputs).result).toBe(HOLDS);
    expect(evaluate('has(outputs.__proto__.toString)', outputs).result).toBe(NOT);
    expect(evaluate('outputs.constructor == "c" && outputs["a-b"] == 2', outputs).result).toBe(HOLDS);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  test('finds an item of another type at any position in `in` and in equality', async () => {
    for (const text of ['["a", 1]', '[1, "a"]', '["a", null]', '["a", ["a"]]'])
      expect(evaluate('"a" in outputs.list', parse(`{"list": ${text}}`)).result).toBe(UNKNOWN);
    const unequal = parse('{"a": [1, 2, {"k": "x"}], "b": [0, 2, {"k": 5}]}');
    expect(evaluate('outputs.a == outputs.b', unequal).result).toBe(UNKNOWN);
  });
});

describe('the matched items of a condition', () => {
  const rows = (OUTPUTS as { items: JsonValue[] }).items;

  test('are the items that the filter keeps, unchanged and in their order, and the others separately', async () => {
    const { matched, unmatched } = evaluate('outputs.items.filter(i, i.status != "compliant")', OUTPUTS);
    expect(matched).toEqual([rows[1], rows[2]]);
    expect(matched[0]).toBe(rows[1]);
    expect(unmatched).toEqual([rows[0]]);
  });

  test('are none if a filter keeps nothing, and the others are still returned', async () => {
    const { matched, unmatched } = evaluate('outputs.items.filter(i, false)', OUTPUTS);
    expect([matched, unmatched]).toEqual([[], rows]);
  });

  test('are followed, for a filter on a filter, by the others that only the first keeps', async () => {
    const expression = 'outputs.items.filter(i, i.status == "rejected").filter(i, i.pages > 2)';
    expect(evaluate(expression, OUTPUTS)).toMatchObject({ matched: [rows[1]], unmatched: [rows[2]] });
  });

  test('are not followed by others if the list is not made by a filter', async () => {
    const listed = evaluate('outputs.items.filter(i, i.pages > 2).map(i, i.id)', OUTPUTS);
    expect(listed).toMatchObject({ result: HOLDS, matched: ['a', 'b'], unmatched: null });
    expect(evaluate('outputs.items', OUTPUTS)).toMatchObject({ matched: rows, unmatched: null });
    expect(evaluate('true', OUTPUTS)).toMatchObject({ matched: [], unmatched: null });
  });

  test('are written as JSON with the source text of numbers', async () => {
    const outputs = parse('{"n": [1.0, 9007199254740993, 1e999]}');
    expect(JSON.stringify(evaluate('outputs.n.filter(i, true)', outputs))).toContain('[1.0,9007199254740993,1e999]');
    const made = evaluate('outputs.n.map(i, [size(outputs.n), {"n": i}])', outputs);
    expect(JSON.stringify(made.matched)).toBe('[[3,{"n":1.0}],[3,{"n":9007199254740993}],[3,{"n":1e999}]]');
  });
});

describe('the sentence for what cannot be evaluated', () => {
  test.each([
    ['says which key is missing and which was meant', 'outputs.itmes == 1', /outputs has no key "itmes"; did you mean "items"\?/],
    [
      'says in which item a key is missing, and the item’s keys',
      'outputs.items.filter(i, i.stauts == "x")',
      /i has no key "stauts" \(item 1 of outputs\.items\); did you mean "status"\? its keys: "id", "status", "pages", "note"$/,
    ],
    ['says how to compare a text with a number', 'outputs.text > 1', /outputs\.text is a text and 1 is a number.*int\(outputs\.text\)/],
    [
      'says how to compare a text with a number in quotes',
      'outputs.items.exists(i, i.status == 1)',
      /i\.status is a text and 1 is a number: "==" does not compare them \(item 1 of outputs\.items\); compare it with '1'$/,
    ],
    ['says to drop quotes', 'outputs.two == "2"', /write "2" without its quotes/],
    ['says how to allow null', 'outputs.nothing == "x"', /outputs\.nothing is null and "x" is a text.*outputs\.nothing == null/],
    [
      'says that an object is no list, and its keys',
      'outputs.object.filter(i, true)',
      /outputs\.object is an object, and filter\(\) takes a list; its keys: "x", "y"/,
    ],
    [
      'says that a list has no fields',
      'outputs.items.status == "x"',
      /outputs\.items is a list and has no key "status"; write outputs\.items\.filter/,
    ],
    ['says how to count items', 'outputs.items.length > 1', /write size\(outputs\.items\)/],
    ['says which number is too large', 'outputs.huge > 1', /outputs\.huge is a number beyond 2\^53.*an ID as a text/],
    ['says which type the value has', 'outputs.text', /the value of the expression is a text/],
    [
      'says which types a list and the searched value have',
      'outputs.two in ["a"]',
      /outputs\.two is a number and an item of \["a"\] is a text.*string\(outputs\.two\)/,
    ],
  ])('%s', async (_what, expression, problem) => {
    expect(evaluate(expression, OUTPUTS).problem).toMatch(problem);
  });

  test('suggests the key that was meant among two hundred', () => {
    const keys = (count: number) => Array.from({ length: count }, (_, at) => [`key number ${at}`, at]);
    const problemOf = (count: number) =>
      evaluate('outputs.statsu == 1', Object.fromEntries([...keys(count), ['status', 1]]) as JsonValue).problem;
    expect(problemOf(199)).toMatch(/^outputs has no key "statsu"; did you mean "status"\?/);
    expect(problemOf(200)).not.toMatch(/did you mean/);
  });

  test('lists at most ten keys, each truncated, on one line, for any keys', async () => {
    const keys = Array.from({ length: 50_000 }, (_, at) => [`${at}\n::error::${'k'.repeat(100)}`, at]);
    const { problem } = evaluate('outputs.x == 1', Object.fromEntries(keys) as JsonValue);
    expect(problem).toMatch(/^[^\n]{20,900} and 49990 more; has\(outputs\.x\) tests whether it exists$/);
  });

  const BRIEF_REASONS: readonly [string, JsonValue, string][] = [
    ['outputs.itmes == 1', OUTPUTS, '`outputs` has no key `itmes`; did you mean `items`?'],
    ['outputs.items.filter(i, i.stauts == "x")', OUTPUTS, 'item 1 has no key `stauts`; did you mean `status`?'],
    ['outputs.items.filter(i, i.extra)', OUTPUTS, 'item 1 has no key `extra`; has(i.extra) tests whether it exists'],
    [
      'outputs.items.filter(i, outputs.limts.a > i.pages)',
      { items: [1], limits: {} },
      'item 1: `outputs` has no key `limts`; did you mean `limits`?',
    ],
    [
      'outputs.items.filter(i, i.doors.exists(d, i.rooom == d))',
      {
        items: [
          { doors: [], room: 1 },
          { doors: ['a', 'b'], room: 1 },
        ],
      },
      'item 2 has no key `rooom`; did you mean `room`?',
    ],
    [
      'outputs.items.filter(i, i.doors.exists(i, i.levl > 1))',
      { items: [{ doors: [{ level: 1 }] }] },
      'item 1 has no key `levl`; did you mean `level`?',
    ],
    // What the run wrote is in none of them, but for a key that is near the author's own.
    ['outputs.abcdef', { 'abcdef\n::error::': 1, 'abcdeg x': 2 }, '`outputs` has no key `abcdef`'],
    ['outputs[outputs.key] == 1', { key: 'hostile', hostilf: 1 }, '`outputs` has no such key'],
    ['outputs.b.filter(i, i.a)', { b: { hostile: 1 } }, '`outputs.b` is an object, and filter() takes a list'],
    ['outputs.text.filter(i, i.a)', { text: 'hostile' }, '`outputs.text` is a text, and filter() takes a list'],
    ['outputs.items > 3', OUTPUTS, '`outputs.items` is a list; write size(outputs.items)'],
    ['outputs.items.length > 1', OUTPUTS, '`outputs.items` is a list; write size(outputs.items)'],
    ['outputs.items.status == "x"', OUTPUTS, '`outputs.items` is a list; write outputs.items.filter(i, i.status …)'],
    ['outputs.text.x', OUTPUTS, '`outputs.text` is a text and has no key `x`'],
    ['has(outputs.nothing.x)', OUTPUTS, '`outputs.nothing` is null and has no key `x`'],
    ['outputs.text > 1', OUTPUTS, '`outputs.text` is a text; write int(outputs.text) or double(outputs.text)'],
    ['outputs.items.filter(i, i.status == 1)', OUTPUTS, "item 1: `i.status` is a text; compare it with '1'"],
    [
      'outputs.items.filter(i, i.status > 1)',
      OUTPUTS,
      'item 1: `i.status` is a text; it is not a number: order a severity by a map, {"low": 1, "high": 3}[i.status]',
    ],
    ['outputs.nothing == "x"', OUTPUTS, '`outputs.nothing` is null; where null is allowed, write outputs.nothing == null'],
    ['outputs.two in ["a"]', OUTPUTS, '`outputs.two` is a number; write string(outputs.two)'],
    ['outputs.ok == 1', OUTPUTS, 'outputs.ok is true or false and 1 is a number'],
    ['outputs.text', OUTPUTS, 'the value of the expression is a text; it must be true, false or a list'],
    ['outputs.x', null, 'the run has no outputs'],
    [
      "outputs.items.exists(i, i.status == 'Rejected')",
      OUTPUTS,
      'item 2: i.status differs from `Rejected` only in spelling; write i.status.lowerAscii() == "rejected"',
    ],
    [
      "outputs.verdict == 'non compliant'",
      { verdict: 'hostile'.replace('hostile', 'non-compliant') },
      'outputs.verdict differs from `non compliant` only in spelling',
    ],
    [
      "outputs.items.filter(i, i.status == 'Rejected' && i.causs == 1)",
      { items: [{ status: 'rejected', cause: 1 }] },
      'item 1 has no key `causs`; did you mean `cause`?',
    ],
  ];
  test.each(BRIEF_REASONS.map(([expression, outputs, reason]) => [expression, reason, outputs] as const))(
    'is in a headline, for %s: “%s”',
    (expression, reason, outputs) => {
      const compiled = compileExpression(expression);
      if (typeof compiled !== 'function') throw new Error(compiled.message);
      const { result, reason: output } = compiled(outputs);
      expect([result, [output?.what, output?.hint].filter((part) => part !== '').join('; ')]).toEqual([UNKNOWN, reason]);
    },
  );

  test('contains no value of the outputs', async () => {
    const outputs = { a: 'hostile', b: { c: 'hostile' }, n: 1 };
    for (const expression of ['outputs.a == 1', 'outputs.b.filter(i, true)', 'int(outputs.a) == 1', 'outputs.a.x'])
      expect(evaluate(expression, outputs).problem).not.toContain('hostile');
  });
});

describe('the lines of `fail_if` and `warn_if`', () => {
  test('skips blank lines and comments, splits names off, and puts fail_if first', async () => {
    const gate = await compileGate(
      '\n  # a comment: true\nnot compliant: outputs.items.filter(i, i.id != null)\r\n\r\n  size(outputs.items) == 0\n',
      'Prüfung 2.1: has(outputs.x) ? true : false',
    );
    expect(gate.conditions).toEqual([
      {
        severity: 'fail',
        name: 'not compliant',
        expression: 'outputs.items.filter(i, i.id != null)',
        line: 3,
      },
      { severity: 'fail', name: null, expression: 'size(outputs.items) == 0', line: 5 },
      { severity: 'warn', name: 'Prüfung 2.1', expression: 'has(outputs.x) ? true : false', line: 1 },
    ]);
    expect(gate.evaluate(OUTPUTS).map(({ result }) => result)).toEqual([HOLDS, NOT, NOT]);
  });

  test.each(['late: outputs.late', '  late:  outputs.late  ', 'late: \t outputs.late', 'late: \u00a0outputs.late'])(
    'ignores blanks around name and expression: a baseline knows %j as the same condition',
    async (line) => {
      const { conditions } = await compileGate(line, '');
      expect(conditions).toMatchObject([{ name: 'late', expression: 'outputs.late' }]);
    },
  );

  test('has no condition without inputs', async () => {
    const gate = await compileGate(' \r\n\t', '');
    expect([gate.conditions, gate.evaluate(null)]).toEqual([[], []]);
  });

  test.each([
    ['fail_if', '# not compliant: items', ''],
    ['fail_if', '\n  # a\n\n#b\n', 'outputs.warned'],
    ['warn_if', 'outputs.ok', '#'],
  ])('refuses a %s with only comments, since its author meant a gate', async (name, failIf, warnIf) => {
    expect(await refusal(failIf, warnIf)).toMatch(
      name === 'fail_if'
        ? /^`fail_if` has only comments: write a condition\. For no gate leave it out, or write `none`$/
        : /^`warn_if` has only comments: write a condition, or leave it out$/,
    );
  });

  test('reports an input with only comments together with the faults of the other input', async () => {
    expect(await refusal('# a', 'outputs.a = 1')).toMatch(/^`fail_if` has only comments.*\n\nwarn_if, line 1/);
  });

  test('does not read the colon of `?:` or of a map as the end of a name', async () => {
    expect((await compileGate('outputs.a ? true : false\n{"a": 1} == outputs.b', '')).conditions).toMatchObject([
      { name: null },
      { name: null },
    ]);
  });

  test('evaluates the other conditions if one cannot be evaluated', async () => {
    const gate = await compileGate('outputs.x\noutputs.ok', 'outputs.y');
    expect(gate.evaluate(OUTPUTS).map(({ result }) => result)).toEqual([UNKNOWN, HOLDS, UNKNOWN]);
  });
});

describe('a condition on huge outputs', () => {
  test('evaluates nesting as deep as the limit', async () => {
    const deep = (leaf: string) => `${'['.repeat(60)}${leaf}${']'.repeat(60)}`;
    const outputs = parse(`{"a": ${deep('1')}, "b": ${deep('1')}, "c": ${deep('"1"')}}`);
    expect(evaluate('outputs.a == outputs.b', outputs).result).toBe(HOLDS);
    expect(evaluate('outputs.a == outputs.c', outputs).result).toBe(UNKNOWN);
  });

  const rows = Array.from({ length: 20_000 }, (_, at) => ({ id: `d${at}`, n: at }));
  test.each([
    ['a list made of lists', 'outputs.items.map(i, outputs.items.map(j, [i, j]))'],
    ['lists that grow', 'outputs.items.map(i, outputs.items + outputs.items)'],
    ['texts that grow', 'outputs.items.map(i, outputs.text + outputs.text + i.id)'],
    ['outputs in outputs', 'outputs.items.map(i, outputs.items)'],
    ['a text in every item', 'outputs.items.map(i, {"why": outputs.text})'],
    ['lists that double', `[[size(outputs.items)]]${'.map(a, [a, a])'.repeat(24)}`],
    ['texts that double', `${'['.repeat(1)}outputs.text]${'.map(t, t + t)'.repeat(24)}`],
    ['lists that double by +', `[outputs.items]${'.map(t, t + t)'.repeat(24)}`],
    ['lists kept in a list', 'outputs.items.map(i, outputs.items.filter(j, j.n >= 0))'],
  ])('is not green if it makes %s', (_what, expression) => {
    const { result, problem } = evaluate(expression, { items: rows, text: 'a'.repeat(300_000) });
    expect([result, problem]).toEqual([UNKNOWN, expect.stringContaining('makes a list or a text that is too large')]);
  });

  test('is not green after an error of the JavaScript engine', async () => {
    const trap = new Proxy(
      {},
      {
        getOwnPropertyDescriptor: () => {
          throw new RangeError('stack');
        },
      },
    );
    expect(evaluate('outputs.x == 1', trap)).toMatchObject({
      result: UNKNOWN,
      problem: 'the evaluation failed',
    });
  });
});

test.each([
  "outputs.items.filter(i, (has(i.status) ? i.status : 'missing').lowerAscii() == 'rejected')",
  "outputs.items.filter(i, day(has(i.due) ? i.due : '2099-12-31') < '2026-06-01')",
  "outputs.items.filter(i, string(has(i.n) ? i.n : 0) == '1')",
  "outputs.items.map(i, {'what': (has(i.room) ? i.room : 'unknown') + ': ' + i.hazard})",
  "outputs.items.map(i, {'label': 'is ' + (i.status == 'x' ? 'bad' : 'good')})",
  "outputs.items.map(i, {'k': {'a': 'Alpha', 'b': 'Beta'}[i.x] + ': ' + i.status})",
  "(outputs.rooms + ['lobby']).filter(r, r.lowerAscii() == 'hall')",
])('compiles a default that the run may replace: %s', (expression) => {
  expect(compileExpression(expression)).toBeInstanceOf(Function);
});
