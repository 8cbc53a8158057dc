import { describe, expect, test } from '@jest/globals';
import { parseJson } from '../../src/json.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { compileCel } from '../../src/gate/compile.ts';
import { compileGate, GateError } from '../../src/gate/gate.ts';
import type { ConditionResult } from '../../src/gate/condition.ts';

const parse = (text: string) => parseJson(new TextEncoder().encode(text));

/** By the rules of evaluation alone: as a condition some of these are refused, since nobody means them. */
function evaluate(expression: string, outputs: JsonValue | undefined) {
  const compiled = compileCel(expression);
  if (typeof compiled !== 'function') throw new Error(compiled.message);
  return compiled(outputs, { steps: 20_000_000 });
}
async function refusal(failIf: string, warnIf = ''): Promise<string> {
  const error: unknown = await compileGate(failIf, warnIf).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(GateError);
  return (error as GateError).message;
}

const OUTPUTS = parse(`{
  "items": [
    {"id": "a", "status": "compliant", "pages": 3, "note": null},
    {"id": "b", "status": "rejected", "pages": 12.5, "note": "late"},
    {"id": "c", "status": "rejected", "pages": 1, "note": "", "extra": true}
  ],
  "empty": [], "object": {"x": 1, "y": {"z": "deep"}}, "nothing": null, "ok": true, "text": "2", "two": 2,
  "half": 0.5, "one": 1.0, "minus_zero": -0, "padded": 1.50, "big": 9007199254740993, "bigger": 9007199254740992,
  "beyond": 92233720368547758080, "huge": 1e999, "fine": 0.1000000000000000000001, "tiny": 1e-400,
  "mixed": [1, "a", null], "numbers": [1, 2.0, 30], "strings": ["a", "b"], "nulls": [null, null],
  "due": "2026-11-30"
}`);

function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const HOLDS = 'holds';
const NOT = 'does_not_hold';
const UNKNOWN = 'cannot_be_evaluated';

describe('a condition is true, false, or cannot be evaluated', () => {
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
    ['outputs', UNKNOWN],

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
    ['outputs.text + 1 == "21"', UNKNOWN],
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
    ['{"a": 1}.filter(k, true)', UNKNOWN],
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
    ['outputs.big == 9007199254740993', HOLDS],
    ['outputs.big > outputs.bigger', HOLDS],
    ['outputs.bigger == outputs.big', NOT],
    ['outputs.bigger + 1 == outputs.big', HOLDS],
    ['outputs.beyond > outputs.big', UNKNOWN],
    ['outputs.big * outputs.big > 0', UNKNOWN],
    ['outputs.big * outputs.half > 0', UNKNOWN],
    ['outputs.huge > 1', UNKNOWN],
    ['outputs.huge == outputs.huge', UNKNOWN],
    ['outputs.fine > 0.1', UNKNOWN],
    ['outputs.tiny == 0', UNKNOWN],
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

    // Two comparisons in one, where the text says which comes first
    ['(outputs.two > 1) == (outputs.half < 1)', HOLDS],
    ['outputs.ok == ((outputs.two) < (2))', NOT],
    ['outputs.ok != ("(" in [")"])', HOLDS],
    ['outputs.two < 3 == outputs.ok', HOLDS],
    ['outputs.ok == outputs.items.exists(i, i.pages > 12)', HOLDS],
    ['outputs.ok == (outputs.two > 1 ? true : false)', HOLDS],
    ['outputs.two == outputs.object["x"] + 1 || outputs.two < 1', HOLDS],
  ])('%s: %s', async (expression, result) => {
    const given = evaluate(expression, OUTPUTS);
    expect(given.result).toBe(result);
    expect(given.problem === null).toBe(result !== UNKNOWN);
    if (result !== HOLDS) expect(given.matched).toEqual([]);
  });

  test.each([undefined, null, [], [{ status: 'x' }], 'text', 3, true, parse('1.0')])(
    'outputs that are no object (%j) satisfy no condition, not even one that reads nothing of them',
    async (outputs) => {
      for (const expression of [
        'false && outputs.x',
        'outputs == null',
        'size(outputs) == 0',
        'has(outputs.x)',
      ])
        expect(evaluate(expression, outputs).result).toBe(UNKNOWN);
    },
  );

  test('an own key of any name is data', async () => {
    const outputs = parse('{"__proto__": {"x": 1}, "constructor": "c", "a-b": 2}');
    expect(evaluate('outputs.__proto__.x == 1', outputs).result).toBe(HOLDS);
    expect(evaluate('outputs["__proto__"].x == 1', outputs).result).toBe(HOLDS);
    expect(evaluate('has(outputs.__proto__.toString)', outputs).result).toBe(NOT);
    expect(evaluate('outputs.constructor == "c" && outputs["a-b"] == 2', outputs).result).toBe(HOLDS);
    expect(Object.hasOwn(Object.prototype, 'x')).toBe(false);
  });

  test('`in` and equality look to the end: an item of another type is found wherever it stands', async () => {
    for (const text of ['["a", 1]', '[1, "a"]', '["a", null]', '["a", ["a"]]'])
      expect(evaluate('"a" in outputs.list', parse(`{"list": ${text}}`)).result).toBe(UNKNOWN);
    const unequal = parse('{"a": [1, 2, {"k": "x"}], "b": [0, 2, {"k": 5}]}');
    expect(evaluate('outputs.a == outputs.b', unequal).result).toBe(UNKNOWN);
  });
});

describe('matched items', () => {
  const rows = (OUTPUTS as { items: JsonValue[] }).items;

  test('are the items that the filter keeps, as they came and in their order, and the others beside them', async () => {
    const { matched, unmatched } = evaluate('outputs.items.filter(i, i.status != "compliant")', OUTPUTS);
    expect(matched).toEqual([rows[1], rows[2]]);
    expect(matched[0]).toBe(rows[1]);
    expect(unmatched).toEqual([rows[0]]);
  });

  test('a filter that keeps nothing still hands out the others', async () => {
    const { matched, unmatched } = evaluate('outputs.items.filter(i, false)', OUTPUTS);
    expect([matched, unmatched]).toEqual([[], rows]);
  });

  test('of a filter on a filter the others are what the first keeps and the second does not', async () => {
    const expression = 'outputs.items.filter(i, i.status == "rejected").filter(i, i.pages > 2)';
    expect(evaluate(expression, OUTPUTS)).toMatchObject({ matched: [rows[1]], unmatched: [rows[2]] });
  });

  test('any other list has no others', async () => {
    const listed = evaluate('outputs.items.filter(i, i.pages > 2).map(i, i.id)', OUTPUTS);
    expect(listed).toMatchObject({ result: HOLDS, matched: ['a', 'b'], unmatched: null });
    expect(evaluate('outputs.items', OUTPUTS)).toMatchObject({ matched: rows, unmatched: null });
    expect(evaluate('true', OUTPUTS)).toMatchObject({ matched: [], unmatched: null });
  });

  test('numbers keep their source text, and what the expression makes is JSON', async () => {
    const outputs = parse('{"n": [1.0, 9007199254740993, 1e999]}');
    expect(JSON.stringify(evaluate('outputs.n.filter(i, true)', outputs))).toContain(
      '[1.0,9007199254740993,1e999]',
    );
    const made = evaluate('outputs.n.map(i, [size(outputs.n), {"n": i}])', outputs);
    expect(JSON.stringify(made.matched)).toBe('[[3,{"n":1.0}],[3,{"n":9007199254740993}],[3,{"n":1e999}]]');
    const [sum] = evaluate('[9007199254740992 + size(outputs)]', outputs).matched;
    expect(JSON.stringify(sum)).toBe('9007199254740993');
  });
});

describe('the problem says', () => {
  test.each([
    [
      'which keys there are and which was meant',
      'outputs.itmes == 1',
      /outputs has no key "itmes"; did you mean "items"\?/,
    ],
    [
      'in which item',
      'outputs.items.filter(i, i.stauts == "x")',
      /i has no key "stauts" \(item 1 of outputs\.items\); did you mean "status"\? its keys: "id", "status", "pages", "note"$/,
    ],
    [
      'how to compare text with a number',
      'outputs.text > 1',
      /outputs\.text is a string and 1 is a number.*int\(outputs\.text\)/,
    ],
    ['to drop quotes', 'outputs.two == "2"', /write "2" without its quotes/],
    [
      'that null needs to be allowed',
      'outputs.nothing == "x"',
      /outputs\.nothing is null and "x" is a string.*outputs\.nothing == null/,
    ],
    [
      'that an object is no list, and its keys',
      'outputs.object.filter(i, true)',
      /outputs\.object is an object, and filter\(\) takes a list; its keys: "x", "y"/,
    ],
    [
      'that a list has no fields',
      'outputs.items.status == "x"',
      /outputs\.items is a list and has no key "status"; write outputs\.items\.filter/,
    ],
    ['how to count', 'outputs.items.length > 1', /write size\(outputs\.items\)/],
    [
      'which number',
      'outputs.huge > 1',
      /> of outputs\.huge and 1 cannot be computed: a number has more digits/,
    ],
    ['what the value is', 'outputs.text', /the value of the expression is a string/],
    [
      'what stands in the list',
      'outputs.two in ["a"]',
      /outputs\.two is a number and an item of \["a"\] is a string.*string\(outputs\.two\)/,
    ],
  ])('%s', async (_what, expression, problem) => {
    expect(evaluate(expression, OUTPUTS).problem).toMatch(problem);
  });

  test('at most ten keys, each cut, on one line whatever the keys are', async () => {
    const keys = Array.from({ length: 50_000 }, (_, at) => [`${at}\n::error::${'k'.repeat(100)}`, at]);
    const { problem } = evaluate('outputs.x == 1', Object.fromEntries(keys) as JsonValue);
    expect(problem).toMatch(/^[^\n]{20,900} and 49990 more$/);
  });

  test('no value of the outputs', async () => {
    const outputs = { a: 'hostile', b: { c: 'hostile' }, n: 1 };
    for (const expression of [
      'outputs.a == 1',
      'outputs.b.filter(i, true)',
      'int(outputs.a) == 1',
      'outputs.a.x',
    ])
      expect(evaluate(expression, outputs).problem).not.toContain('hostile');
  });
});

describe('lines', () => {
  test('blank lines and comments are passed over, names are split off, fail_if comes first', async () => {
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

  test('nothing given is an empty gate', async () => {
    const gate = await compileGate(' \r\n\t', '');
    expect([gate.conditions, gate.evaluate(null)]).toEqual([[], []]);
  });

  test.each([
    ['fail_if', '# not compliant: items', ''],
    ['fail_if', '\n  # a\n\n#b\n', 'outputs.warned'],
    ['warn_if', 'outputs.ok', '#'],
  ])(
    'a %s that holds only comments is refused: whoever gave it meant a gate',
    async (name, failIf, warnIf) => {
      expect(await refusal(failIf, warnIf)).toMatch(new RegExp(`^${name} has no condition, only comments`));
    },
  );

  test('… beside the faults of the other', async () => {
    expect(await refusal('# a', 'outputs.a = 1')).toMatch(/^fail_if has no condition.*\n\nwarn_if, line 1/);
  });

  test('the colon of `?:` and of a map begins no name', async () => {
    expect(
      (await compileGate('outputs.a ? true : false\n{"a": 1} == outputs.b', '')).conditions,
    ).toMatchObject([{ name: null }, { name: null }]);
  });

  test('one condition that cannot be evaluated leaves the others alone', async () => {
    const gate = await compileGate('outputs.x\noutputs.ok', 'outputs.y');
    expect(gate.evaluate(OUTPUTS).map(({ result }) => result)).toEqual([UNKNOWN, HOLDS, UNKNOWN]);
  });
});

describe('refused before anything is launched', () => {
  test('all faults of both inputs, with line, column and caret', async () => {
    expect(await refusal('outputs.ok\nname: outputs.a = 1', '\n\n  outputs.b.fitler(i, true)')).toBe(
      [
        'fail_if, line 2, column 17: Unexpected character: =',
        '',
        '>    2 | outputs.a = 1',
        '                   ^',
        '(equality is "==")',
        '',
        'warn_if, line 3, column 20: Unknown variable: i',
        '',
        '>    3 | outputs.b.fitler(i, true)',
        '                          ^',
        '(the one variable is "outputs"; a macro names its own: outputs.items.filter(i, i.x))',
      ].join('\n'),
    );
  });

  test.each([
    ['flagged: - outputs.flagged > 0', /line 1, column 10: [^]*\n\(take the `-` at its start away\)/],
    ['outputs.a == outputs.b >= outputs.c', /"==" and ">=" rank the same in CEL[^]*parentheses/],
    ['outputs.l.exists(x, x == 1 > outputs.b[0])', /"==" and ">" rank the same/],
    ['outputs.a = 1', /equality is "=="/],
    ['outputs.a or outputs.b', /or is "\|\|"/],
    ['outputs.a <> 1', /"!="/],
    ["outputs.items[?status == 'x']", /JMESPath/],
    ['outputs.items[*].status', /\.map\(i/],
    ['outputs.items.length() > 1', /write size/],
    ['outputs.a ?? 1', /has\(outputs\.x\)/],
    ['outputs.a-b', /outputs\["a-b"\]/],
    ['name:outputs.a', /colon and a space/],
    ['outputs.a == True', /true, false or null/],
    ['output.a', /the one variable is "outputs"/],
    ['outputs.a.foo()', /there are size\(\)/],
    ['outputs.a.matches("(a+)+$")', /busy for hours.*startsWith/],
    ['timestamp(outputs.a) < timestamp("x")', /compare as strings/],
    ['type(outputs.a) == string', /is not supported/],
    ['int == int', /Unknown variable: int/],
    ['"a" == 1', /one type: int/],
    ['1 in ["a"]', /one type: int/],
    ['outputs.a in [1, "a"]', /must be of one type/],
    ['outputs.a < null', /no such overload/],
    ['size(outputs.a)', /of type int; it must be bool or a list/],
    ['null', /of type null/],
    ['1u == 1u', /not offered/],
    ['has(outputs["a"])', /"key" in outputs\.a/],
    ['outputs.a == "x', /Unterminated string/],
    [`outputs.a${' || outputs.a'.repeat(5000)}`, /Exceeded maxAstNodes/],
    [`${'('.repeat(5000)}true`, /Exceeded maxDepth/],
  ])('%.60s', async (expression, message) => {
    expect(await refusal(expression)).toMatch(message);
  });
});

test('a variable outside its macro is no other value, also where the checker knows a type of that name', async () => {
  const expression = '[1].exists(int, true) && int == int || has(outputs.x)';
  expect(evaluate(expression, {}).result).toBe(UNKNOWN);
});

describe('hostile sizes', () => {
  const rows = (count: number) =>
    Array.from({ length: count }, (_, at) => ({ id: `d${at}`, n: at, s: at % 2 ? 'x' : 'y' }));

  /**
   * A budget counts steps, so that the verdict is the same on every machine; that they stand for time is in
   * conformance/budget.test.ts.
   */
  const spending = (steps: number, expression: string, outputs: JsonValue) => {
    const compiled = compileCel(expression);
    if (typeof compiled !== 'function') throw new Error(compiled.message);
    return compiled(outputs, { steps });
  };

  test('20,000 rows are filtered with a hundredth of what all conditions have', () => {
    const items = { items: rows(20_000) };
    const result = spending(400_000, 'outputs.items.filter(i, i.s != "x" && i.n >= 10)', items);
    expect([result.matched.length, result.unmatched?.length]).toEqual([9995, 10_005]);
  });

  test('200,000 values are compared with a hundredth', () => {
    const list = Array.from({ length: 200_000 }, (_, at) => at);
    const result = spending(400_000, 'outputs.a == outputs.b', { a: list, b: [...list] });
    expect(result.result).toBe(HOLDS);
  });

  test('nesting as deep as the cap is no trouble', async () => {
    const deep = (leaf: string) => `${'['.repeat(60)}${leaf}${']'.repeat(60)}`;
    const outputs = parse(`{"a": ${deep('1')}, "b": ${deep('1')}, "c": ${deep('"1"')}}`);
    expect(evaluate('outputs.a == outputs.b', outputs).result).toBe(HOLDS);
    expect(evaluate('outputs.a == outputs.c', outputs).result).toBe(UNKNOWN);
  });

  /** What takes JavaScript far longer than it looks, so that a step must stand for about as long everywhere. */
  const costly = once((): JsonObject => {
    const size = 300_000;
    const text = 'a'.repeat(size);
    return {
      items: rows(20_000),
      text,
      same: `${text.slice(1)}a`,
      needle: `b${'a'.repeat(size / 3)}`,
      blank: ' '.repeat(size),
      faces: '\u{1F600}'.repeat(size / 4),
      mixed: 'aA'.repeat(size / 2),
      keys: Object.fromEntries(Array.from({ length: 10_000 }, (_, at) => [`k${at}`, at])),
      exact: parse(`[${Array.from({ length: 5_000 }, (_, at) => `1.${at}0`).join(',')}]`),
      typed: Array.from({ length: 5_000 }, (_, at) => 12345678901230000000 + at * 10_000),
    };
  });
  test.each([
    ['a loop in a loop', 'outputs.items.filter(i, outputs.items.exists(j, j.n < 0))'],
    ['a list made of lists', 'outputs.items.map(i, outputs.items.map(j, [i, j]))'],
    ['`in` in a loop', 'outputs.items.filter(i, -1 in outputs.items.map(j, j.n))'],
    ['lists that grow', 'outputs.items.map(i, outputs.items + outputs.items)'],
    ['texts that grow', 'outputs.items.map(i, outputs.text + outputs.text + i.id)'],
    ['equal texts in a loop', 'outputs.items.filter(i, outputs.text != outputs.same)'],
    ['a search for a hostile needle', 'outputs.text.contains(outputs.needle)'],
    ['blanks that are cut off', 'outputs.items.filter(i, outputs.blank.trim() == "a")'],
    ['characters that are pairs', 'outputs.items.filter(i, size(outputs.faces) == 1)'],
    ['letters one by one', 'outputs.items.filter(i, outputs.mixed.lowerAscii() == "a")'],
    ['a search for two letters', 'outputs.items.filter(i, outputs.text.contains("ab"))'],
    ['keys to count', 'outputs.items.filter(i, size(outputs.keys) == 1)'],
    ['objects to compare', 'outputs.items.filter(i, outputs.keys != outputs.keys)'],
    ['numbers read from their source', 'outputs.items.filter(i, outputs.exact != outputs.exact)'],
    ['numbers read one by one', 'outputs.items.filter(i, outputs.exact.exists(n, n < 0))'],
    ['integers beyond 2^53 that print as typed', 'outputs.items.filter(i, outputs.typed != outputs.typed)'],
    ['outputs in outputs', 'outputs.items.map(i, outputs.items)'],
    ['a text in every item', 'outputs.items.map(i, {"why": outputs.text})'],
    ['integers made one by one', 'outputs.items.map(i, outputs.items.map(j, 9007199254740993))'],
    ['lists that double as JSON', `[[size(outputs.items)]]${'.map(a, [a, a])'.repeat(24)}`],
  ])('%s: ends with the budget, and is not green', (_what, expression) => {
    const { result, problem } = spending(2_000_000, expression, costly());
    expect(result).toBe(UNKNOWN);
    expect(problem).toContain('too many steps');
  });

  test('one condition has half of what all have; those that were not reached are not green', async () => {
    const endless = 'outputs.items.map(i, outputs.items)';
    const lines = [...Array.from({ length: 4 }, () => endless), 'has(outputs.x)'];
    const gate = await compileGate(lines.join('\n'), 'has(outputs.x)');
    const outputs = { items: rows(20_000) };
    const results = gate.evaluate(outputs);
    expect(new Set(results.map(({ result }) => result))).toEqual(new Set([UNKNOWN]));
    expect(results[0]?.problem).toMatch(/^the evaluation takes too many steps/);
    expect(results.at(-1)?.problem).toMatch(/^the conditions together take too many steps/);
    // Each run that is judged has a budget of its own.
    expect(gate.evaluate(outputs)[0]?.problem).toMatch(/^the evaluation takes too many steps/);
  });

  test('to look for the key that was meant costs too', () => {
    const keys = Array.from({ length: 20_000 }, (_, at) => [`${'k'.repeat(60)}${at}`, at]);
    const outputs = Object.fromEntries(keys) as JsonValue;
    const problemWith = (steps: number) => spending(steps, `outputs.${'absent'.repeat(10)}`, outputs).problem;
    expect(problemWith(400_000)).toMatch(/has no key/);
    // The keys alone, and then the letters of the first.
    for (const steps of [200_000, 300_000]) expect(problemWith(steps)).toContain('too many steps');
  });

  test('an error of the machine is not a green gate', async () => {
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
