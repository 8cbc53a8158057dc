/** What is said of an expression that cannot be used: refusals.txt has each with the column, the sentence and the way out. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from '../../src/gate/compile.ts';
import { compileGate } from '../../src/gate/gate.ts';

/** An expression that is not all seen is written as JSON. */
const TABLE = readFileSync(new URL('refusals.txt', import.meta.url), 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => line.split(' ⇒ '))
  .map(([written = '', message = '', hint = '']) => {
    const isJson = written.includes('\\u');
    return [isJson ? (JSON.parse(written) as string) : written, message, hint] as const;
  });

async function refusal(failIf: string, warnIf = ''): Promise<string> {
  return (await compileGate(failIf, warnIf)).fault;
}

describe('a condition that cannot be used', () => {
  test.each(TABLE)('is refused, with message, place and hint: %j', async (expression, message, hint) => {
    const lines = (await refusal(expression)).split('\n');
    const way = lines.length > 4 ? lines.at(-1)?.slice(1, -1) : '';
    expect([lines[0], way]).toEqual([`fail_if, line 1, column ${message}`, hint]);
    // The expression itself, without its name, with a caret below the place.
    expect(lines[2]).toMatch(/^> {4}1 \| /);
    const from = expression.indexOf(lines[2]!.slice(9));
    expect(lines[3]).toBe(`${' '.repeat(8 + Number(/\d+/.exec(message)?.[0]) - from)}^`);
  });

  test('is refused without words of a parser', () => {
    for (const [, message] of TABLE) expect(message).not.toMatch(/unexpected|: nothing|[RL]PAREN|DOT|EOF|IDENTIFIER|overload|dyn\b/);
  });
});

/** The expression with what a refusal of it offers in the place of its own text; null: it offers nothing, or is none. */
function asOffered(expression: string): string | null {
  const { at = 0, hint = '' } = compileExpression(expression) as { at?: number; hint?: string };
  const text = /^write a text in quotes: "(.*)"$/.exec(hint)?.[1];
  const [, path, key] = /^write (.*)\["([^"]*)"\]$/.exec(hint) ?? [];
  const own = text ?? (path === undefined ? undefined : `${path}.${key}`);
  if (own === undefined) return null;
  const from = expression.lastIndexOf(own, at);
  const written = text === undefined ? `${path}["${key}"]` : `"${text}"`;
  return `${expression.slice(0, from)}${written}${expression.slice(from + own.length)}`;
}

test('offers a valid expression for a text without quotes', () => {
  const usual = fc.constantFrom(...'A|b|9|x1|Größe|2026-12-31|T10:00:00Z|10|in|-|.|/|+|:| '.split('|'));
  const odd = fc.constantFrom(
    ...'not true null now outputs i ___ contains if and .5 _ % & @ = < > ( ) [ ] { } , ? | * # ; ! ~ $ \\ “'.split(' '),
  );
  const part = fc.oneof({ weight: 9, arbitrary: usual }, { weight: 1, arbitrary: odd });
  const text = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  const places: ((text: string, other: string) => string)[] = [
    (one) => `outputs.a == ${one}`,
    (one) => `${one} != outputs.a`,
    (one) => `size(outputs.a) > ${one}`,
    (one, other) => `outputs.a in [${one}, ${other}]`,
    (one, other) => `outputs.a < ${one} && outputs["b"] == ${other}`,
    (one) => `outputs.items.filter(i, i.a.lowerAscii() == ${one} || i.${one} >= "b")`,
    (one, other) => `outputs.a == ${one} ? outputs.${other} : outputs.b[${one}]`,
  ];
  let offered = 0;
  fc.assert(
    fc.property(fc.constantFrom(...places), text, text, (place, one, other) => {
      let expression = place(one, other);
      const first = asOffered(expression);
      for (let next = first; next !== null; next = asOffered(next)) expression = next;
      if (first === null) return;
      offered++;
      expect(compileExpression(expression)).toBeInstanceOf(Function);
    }),
    { numRuns: 3_000 },
  );
  expect(offered).toBeGreaterThan(300);
});

test('shows of a long expression only the part around the place', async () => {
  const long = `outputs.a${' || outputs.a'.repeat(100)} = 1${' || outputs.a'.repeat(100)}`;
  const [, , shown, caret] = (await refusal(long)).split('\n');
  expect(shown).toHaveLength(109);
  expect(shown?.[caret!.length - 1]).toBe('=');
  expect(await refusal(`outputs.a${' || outputs.a'.repeat(5000)}`)).toMatch(/too long, or nested too deep/);
  expect(await refusal(`${'('.repeat(5000)}true`)).toMatch(/too long, or nested too deep/);
});

test('reports all faults of both inputs, each with its line', async () => {
  expect(await refusal('outputs.ok\nname: outputs.a = 1\n# outputs.b', '\n\n  outputs.b.fitler(i, true)')).toMatch(
    /^fail_if, line 2, column 17: one .*\n\n> {4}2 \| outputs\.a = 1\n {19}\^\n\(write == for equality\)\n\nfail_if, line 3, column 1: this comment [^]*\n\nwarn_if, line 3, column 13: there is no fitler\(\)\n\n> {4}3 \| outputs\.b\.fitler\(i, true\)\n {19}\^\n\(did you mean filter\(\)\?\)/,
  );
});

test.each([
  ['hazards: outputs.a\nhazards: outputs.b', '', 'fail_if, line 2, column 10', 'fail_if, line 1'],
  ['\n hazards : outputs.a', 'fire: outputs.c\nhazards: outputs.b', 'warn_if, line 2, column 10', 'fail_if, line 2'],
])('refuses two conditions with one name in `fail_if` %j and `warn_if` %j', async (failIf, warnIf, place, other) => {
  const [message, , shown, , hint] = (await refusal(failIf, warnIf)).split('\n');
  expect(message).toBe(`${place}: two conditions are called “hazards”, the other in ${other}`);
  expect([shown, hint]).toEqual(['>    2 | outputs.b', '(give each a name of its own)']);
});

test('accepts conditions without a name, and names that differ', async () => {
  const gate = await compileGate('outputs.a\noutputs.b\nhazards: outputs.c', 'Hazards: outputs.d');
  expect(gate.conditions).toHaveLength(4);
});

test.each([
  'outputs.a > 1 ? outputs.b: outputs.c',
  'fire doors 2.1_b-c: outputs.a',
  `${'a'.repeat(64)}: outputs.a`,
  'Prüfung: outputs.a',
  "a: 'b: c' in outputs.d",
  "outputs.a == '“a” // b # c ≥ 2026-12-31'",
  "outputs.a == 'it\\'s' || outputs.a == \"it's # 1\"",
  '([] + outputs.b).exists(e, e > 2)',
  'outputs.a == -9007199254740991',
  '[1] == [1.0] && has(outputs.a)',
  '[1.0, 2] == outputs.a && 1 in [1.0]',
  'outputs["not in"] > 1',
  'outputs.a.trim() == "\\ufeffx"',
  'outputs.notes.count > 1',
  'has(outputs.items[0].a)',
  'outputs.a == null || outputs.items.filter(i, i.b == null) != outputs.b',
  'outputs.hazards.map(h, {"room": h.room})',
  'outputs.hazards.map(h, h.level == "high", h.room)',
  'size(outputs.hazards.map(h, h.level == "high", h.room)) > 1',
  'size(outputs.documents.map(d, d.items).flatten()) > 1',
  'outputs.items.map(i, i.open == true).exists(o, o)',
  'outputs.due < "2026-12-31" && "09:30" <= outputs.at || outputs.at > "2026-12-31T10:00:00+01:00"',
  'day(outputs.due) == "2026-12-31" && day(outputs.due) in ["2026-12-31"] && day(outputs.due) < "2026-12-31"',
  'outputs.a == "rejected\\u0020" || outputs.a.contains("x ")',
  'not approved: outputs.a',
  'Not_all.checked: outputs.a',
  'requires: outputs.a',
  'outputs.score < 79.9999999999999',
  'outputs.a.flatten().exists(e, e.flatten(8).exists(f, f > 0.1))',
  // What the run wrote can be null, wherever the condition puts it.
  'dyn(outputs.a) == null || outputs.items[0] == null || outputs.a[outputs.n] != null',
  'outputs.items.map(i, i.name).exists(n, n == null) || [outputs.a, size(outputs.b)].exists(n, n == null)',
  'outputs.items.map(i, {"n": i.name}).exists(r, r.n == null || r["n"] == null)',
  'outputs.items.map(i, i.a == 1, i.b).exists(b, b == null) || ([1] + outputs.list).exists(i, i == null)',
  'outputs.docs.map(d, d.items).flatten().exists(i, i == null) || (outputs.a ? outputs.b : "x") == null',
  'outputs.docs.filter(d, d.a == 1).exists(d, d == null) || {"a": null, "b": outputs.c}.a == null',
  // What reads the outputs is no text of constants.
  'outputs.items.map(i, i.document + ", " + i.clause).exists(t, t == "a, 1")',
  'outputs.items.exists(i, i.due < day("31.12.2026") && i.level == "L" + string(i.n))',
  'outputs.items.exists(i, ["fire", "smoke"].exists(w, i.text.lowerAscii().contains(w)))',
  'outputs.items.exists(i, i.status in keys(i.blocked) && "a" in keys(outputs))',
  'outputs.a in ["", "n/a"] || outputs.arr == ["a\\u0020"]',
  'outputs.items.map(i, {"note": "", "id": i.id})',
])('accepts the condition %j', async (expression) => {
  expect((await compileGate(expression, '')).conditions).toHaveLength(1);
});

describe('a condition that seems to be one of those', () => {
  test.each([
    'outputs.a == string(5)',
    'outputs.a == string(true)',
    'outputs.a == string(1.5)',
    'outputs.a < double(5)',
    'outputs.a < int("5")',
    'outputs.a == double(5)',
    'outputs.a in ["", "b"].flatten()',
    'outputs.a in [].flatten()',
    '(outputs.x ? ["", "a"] : ["b"]).exists(i, i == outputs.a)',
    'outputs.a in ["", "b"]',
    'outputs.a.lowerAscii() == ["X", "y"][outputs.n]',
    'day(outputs.a) == ["x", "y"][outputs.n]',
    'outputs.a == dyn(1 + 1)',
    'outputs.a.trim().contains(" x ")',
    'outputs.a.trim().startsWith("x ")',
    'outputs.a.trim().endsWith(" x")',
    '(outputs.a == outputs.b) == (outputs.c < 1)',
    'outputs.a == (outputs.b < 1)',
    'outputs.items.filter(i, (i.a == i.b) != i.c)',
    '(outputs.a in outputs.b) == true',
    '(!outputs.a) in outputs.b',
    '!(outputs.a in outputs.b)',
    '["re", outputs.x].exists(p, outputs.s == p + "jected")',
    '[outputs, outputs.m].exists(m, "a" in keys(m))',
    'outputs.items.exists(i, i.s == ("a" + i.x) + "b")',
    'outputs.s == (outputs.a ? "x" : "y") + "z"',
    'outputs.a.exists(i, ["re"].exists(p, p == i.k && outputs.s == i.x + "x"))',
    'outputs.s == ["re", outputs.x][1] + "jected"',
    '(outputs.a ? "x" : outputs.b) == null',
    '(outputs.list + [1]).exists(i, i == null)',
    '[[outputs.x]].flatten().exists(i, i == null)',
    '[[[outputs.x]]].flatten(2).exists(i, i == null)',
    '[size(outputs.x), outputs.y][1] == null',
    '{"a": size(outputs.x), "b": outputs.y}[outputs.k] == null',
    'outputs.s == string(["re"].exists(p, p == outputs.x))',
    'outputs.s == string(outputs.l.exists(p, p == "re"))',
    '(outputs.a == outputs.b) == true',
    '((outputs.a) == outputs.b) == true',
    '(outputs.a in (outputs.b)) == true',
    'outputs.a == ((outputs.b) in outputs.c)',
    '(outputs.a < 1) == (outputs.b < 1)',
    'outputs.items.map(i, i.x == 1, i.y).size() > 5',
    'outputs.items.exists(i, (i.a == 1) == i.b)',
  ])('is accepted: %j', async (expression) => {
    expect((await compileGate(expression, '')).fault).toBe('');
  });
});

test.each([
  [285, 'the whole expression'],
  [286, 'the start of the expression'],
])('hints for a name of %d characters with %s', async (length, what) => {
  const expression = `outputs.${'a'.repeat(length)}.trim()`;
  const shown = what.includes('whole') ? expression : `${expression.slice(0, 300)}…`;
  expect(await refusal(`${expression} == null`)).toContain(`for empty, write size(${shown}) == 0`);
});
