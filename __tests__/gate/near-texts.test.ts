/** Texts that differ from one of the condition only as a model's spelling does: read as equal, and as not. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileExpression } from '../../src/gate/compile.ts';
import { normalizeText } from '../../src/gate/near-texts.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { measureCpuUs, slowness } from '../cpu-time.ts';

function evaluate(expression: string, outputs: JsonValue, isCondition = true) {
  const compiled = compileExpression(expression, isCondition);
  if (typeof compiled !== 'function') throw new Error(`${compiled.message}; ${compiled.hint}`);
  return compiled(outputs);
}

const HOLDS = 'holds';
const NOT = 'does_not_hold';
const UNKNOWN = 'cannot_be_evaluated';

describe('the comparison of texts', () => {
  test.each([
    ['rejected', 'Rejected'],
    ['rejected', 'REJECTED'],
    ['rejected', ' rejected\n'],
    ['rejected', '\u00a0rejected\u0085'],
    ['rejected', 're\u00adjected'],
    ['rejected', '\ufeffrejected\u200b'],
    ['rejected', 'ｒｅｊｅｃｔｅｄ'],
    ['non-compliant', 'non\u2011compliant'],
    ['non-compliant', 'non\u2013compliant'],
    ['non-compliant', 'non\u2212compliant'],
    ['non-compliant', 'non compliant'],
    ['non-compliant', 'Non_Compliant'],
    ['non-compliant', 'non \u2013 compliant'],
    ['non-compliant', 'non\u00a0compliant'],
    ['ungültig', 'ungu\u0308ltig'],
    ['ungültig', 'UNGU\u00ad\u0308LTIG'],
    ['ungültig', 'UNGÜLTIG'],
    ['groß', 'GROSS'],
    ['ﬁre', 'fire'],
  ])('treats %j and %j as near', (one, other) => expect(normalizeText(one)).toBe(normalizeText(other)));

  test.each([
    ['2.1', '21'],
    ['A1', 'A-1'],
    ['non-compliant', 'noncompliant'],
    ['n/a', 'na'],
    ['rejected', 'rejected.'],
    ['e', 'é'],
  ])('does not treat %j and %j as near', (one, other) => expect(normalizeText(one)).not.toBe(normalizeText(other)));
});

describe('a filter with near texts', () => {
  const rows = (...statuses: readonly string[]) => ({
    items: statuses.map((status, id) => ({ id, status, tags: [status], kind: { is: status } })),
  });
  test.each([
    "outputs.items.filter(i, i.status == 'rejected')",
    "outputs.items.filter(i, 'rejected' == i.status)",
    "outputs.items.filter(i, i.status in ['late', 'rejected'])",
    "outputs.items.filter(i, 'rejected' in i.tags)",
    "outputs.items.filter(i, i.status in {'rejected': 1})",
    "outputs.items.filter(i, i.tags == ['rejected'])",
    "outputs.items.filter(i, i.kind == {'is': 'rejected'})",
    "outputs.items.filter(i, i.tags in [['rejected']])",
    "outputs.items.filter(i, ['rejected'].exists(s, s == i.status))",
    "outputs.items.filter(i, i.status == 'reje' + 'cted')",
    "outputs.items.filter(i, i.status == string('rejected'))",
    "outputs.items.filter(i, i.status == (i.id >= 0 ? 'rejected' : 'late'))",
    "outputs.items.filter(i, i.status == {'x': 'rejected'}['x'])",
    "outputs.items.filter(i, i.status == 'REJECTED'.lowerAscii())",
    "outputs.items.filter(i, i.status == 'Rejected'.lowerAscii())",
    // A key of a map that is made, an index or a search for a key is no other form of the text.
    "outputs.items.filter(i, i.status == 'rejected' && {'Rejected': i.id}['Rejected'] >= 0)",
    "outputs.items.filter(i, i.status == 'rejected' && !('Rejected' in keys(i)))",
    "outputs.items.filter(i, i.id >= 0).filter(i, i.status == 'rejected')",
    "outputs.items.filter(i, !(i.status != 'rejected'))",
  ])('matches the items of any reading, in their order: %s', (expression) => {
    const outputs = rows('rejected', 'pending', 'Rejected', 'late ones', ' re\u00adjected');
    const { result, matched, unmatched, nearTexts } = evaluate(expression, outputs);
    const [first, second, third, fourth, fifth] = outputs.items;
    expect([result, matched, unmatched]).toEqual([HOLDS, [first, third, fifth], [second, fourth]]);
    expect([...(nearTexts ?? [])].map(([item, [pair]]) => [item, pair?.literal, pair?.text])).toEqual([
      [third, 'rejected', 'Rejected'],
      [fifth, 'rejected', ' re\\u00adjected'],
    ]);
  });

  test('gives no reason for an item that every reading matches', () => {
    const { matched, nearTexts } = evaluate("outputs.items.filter(i, i.status != 'ok' || i.id == 1)", rows('x', 'OK', 'Ok'));
    expect(matched).toHaveLength(3);
    expect([...(nearTexts?.keys() ?? [])]).toEqual([expect.objectContaining({ id: 2 })]);
  });

  test.each<[string, JsonObject, string]>([
    ["outputs.items.filter(i, i.category != 'N/A' && i.result == 'fail')", { category: 'n/a', result: 'pass' }, NOT],
    ["outputs.items.filter(i, i.category != 'N/A' && i.result == 'fail')", { category: 'n/a', result: 'Fail' }, HOLDS],
    ["outputs.items.filter(i, i.category == 'N/A' && i.category != 'N/A')", { category: 'n/a' }, NOT],
    ["outputs.items.filter(i, i.a == 'x' && i.b == 'y' && i.c != 'z')", { a: 'X', b: 'Y', c: 'Z' }, HOLDS],
    ["outputs.items.filter(i, i.a != 'x' && i.b != 'y')", { a: 'X', b: 'y' }, NOT],
    // Both forms, anywhere in the condition: they are as they are written. A third spelling is near still.
    ["outputs.items.filter(i, i.clause == '2.1(a)' && i.clause != '2.1(A)')", { clause: '2.1(A)' }, NOT],
    ["outputs.items.filter(i, i.status in ['Late', 'late'] && i.status == 'late')", { status: 'Late' }, NOT],
    ["outputs.items.filter(i, i.status in ['Late', 'late'])", { status: 'LATE' }, HOLDS],
    // An exact hit in a list decides.
    ["outputs.items.filter(i, !('x' in i.tags))", { tags: ['X', 'x'] }, NOT],
    ["outputs.items.filter(i, !('x' in i.tags))", { tags: ['X'] }, HOLDS],
    // Not held.
    ["outputs.items.filter(i, i.status.contains('rejected'))", { status: 'Rejected' }, NOT],
    ["outputs.items.filter(i, i.status.startsWith('rejected') || i.status.endsWith('rejected'))", { status: 'Rejected' }, NOT],
    ['outputs.items.filter(i, i.a == i.b && i.c != "x")', { a: 'v', b: 'V', c: 'y' }, NOT],
    ["outputs.items.filter(i, i.a == i.b + 'x')", { a: 'VX', b: 'v' }, NOT],
    ["outputs.items.filter(i, has(i.Status) && i.Status == 'x')", { status: 'X' }, NOT],
    ["outputs.items.filter(i, 'status' in keys(i))", { Status: 'x' }, NOT],
    // What is compared is not near.
    ["outputs.items.filter(i, i.clause == '2.1')", { clause: '21' }, NOT],
    ["outputs.items.filter(i, i.room == 'A-1')", { room: 'A1' }, NOT],
    [`outputs.items.filter(i, i.a == '${'x'.repeat(201)}')`, { a: 'X'.repeat(201) }, NOT],
    [`outputs.items.filter(i, i.a == '${'x'.repeat(200)}')`, { a: 'X'.repeat(200) }, HOLDS],
    [`outputs.items.filter(i, i.a == '${'x'.repeat(200)}')`, { a: `${'X'.repeat(200)} ` }, NOT],
  ])('has for %s over %j the result %s', (expression, item, result) =>
    expect(evaluate(expression, { items: [item] })).toMatchObject({ result, problem: null }),
  );

  test('matches what any reading matches, also over a list that contains near texts', () => {
    const outputs = {
      docs: [
        { kind: 'Plan', rows: [{ s: 'Bad' }, { s: 'bad' }] },
        { kind: 'plan', rows: [{ s: 'BAD' }, { s: 'ok' }] },
      ],
    };
    const expression = "outputs.docs.filter(d, d.kind == 'plan').map(d, d.rows).flatten().filter(r, r.s == 'bad')";
    const { matched, nearTexts } = evaluate(expression, outputs);
    expect(new Set(matched)).toEqual(new Set([{ s: 'Bad' }, { s: 'bad' }, { s: 'BAD' }]));
    expect(matched).toHaveLength(3);
    expect(nearTexts?.size).toBe(3);
  });

  test('reads an item the same way in a filter on a filter', () => {
    const expression = "outputs.items.filter(i, i.s != 'n/a').filter(i, i.s == 'n/a')";
    expect(evaluate(expression, { items: [{ s: 'N/A' }] }).result).toBe(NOT);
  });

  test('says what was read as equal where a reading cannot be evaluated', () => {
    const expression = "outputs.items.filter(i, i.status == 'rejected' && i.cause == 'fire')";
    const { result, problem } = evaluate(expression, { items: [{ status: 'ok' }, { status: 'Rejected' }] });
    expect(result).toBe(UNKNOWN);
    expect(problem).toMatch(/^i has no key "cause" \(item 2 of outputs\.items\), where "Rejected" is read as "rejected";/);
  });
});

describe('a text that the condition makes of constants', () => {
  test.each<[string, JsonValue, string]>([
    ['outputs.items.filter(i, i.ok == string(true))', { ok: 'True' }, HOLDS],
    ["outputs.items.filter(i, i.level == string(1) + ' a')", { level: '1 A' }, HOLDS],
    ["outputs.items.filter(i, i.is == string(['a', 'b'].exists(k, k == i.kind)))", { is: 'true', kind: 'b' }, HOLDS],
    ["outputs.items.filter(i, i.due == day('31.12.2026'))", { due: ' 2026-12-31' }, HOLDS],
    ["outputs.items.filter(i, i.due < day('31.12.2026'))", { due: '2026-12-30' }, HOLDS],
  ])('is compared like a text that the condition writes: %s', (expression, item, result) => {
    expect(evaluate(expression, { items: [item] }).result).toBe(result);
  });
});

describe('a list that is not made by one filter', () => {
  test('has the items of the longest reading, then those that only other readings have', () => {
    const rows = [{ s: 'a' }, { s: 'Bad' }, { s: 'bad' }];
    const { matched, nearTexts, unmatched } = evaluate("outputs.rows.map(r, r.s == 'bad', {'is': r.s})", {
      rows,
    });
    expect([matched, unmatched]).toEqual([[{ is: 'Bad' }, { is: 'bad' }], null]);
    expect([...(nearTexts ?? [])]).toEqual([[{ is: 'Bad' }, [expect.objectContaining({ literal: 'bad', text: 'Bad' })]]]);
    const projected = "outputs.rows.map(r, r.s == 'bad', {'Bad': r.s})";
    expect(evaluate(projected, { rows }).matched).toEqual([{ Bad: 'Bad' }, { Bad: 'bad' }]);
    // What one reading takes from a list it puts into the other: as many, whichever is read.
    const both = "outputs.rows.filter(r, r.s == 'bad') + outputs.rows.filter(r, r.s != 'bad')";
    expect(evaluate(both, { rows }).matched).toHaveLength(3);
  });
});

describe('a value that is not a list', () => {
  const items = (...statuses: readonly string[]) => ({ items: statuses.map((status) => ({ status })) });
  const sixty = items(...Array.from({ length: 59 }, () => 'compliant'), 'Rejected');
  test.each<[string, JsonValue, string]>([
    ["size(outputs.items.filter(i, i.status == 'rejected')) > 5", items('Rejected', 'rejected'), NOT],
    ["size(outputs.items.filter(i, i.status == 'rejected')) > 0", items('Rejected', 'rejected'), HOLDS],
    ["outputs.items.exists(i, i.status != 'ok')", items('OK', 'late'), HOLDS],
    ["outputs.status == 'approved' || outputs.override", { status: 'Approved', override: true }, HOLDS],
    ["outputs.status == 'approved' || outputs.override", { status: 'Approved', override: false }, UNKNOWN],
    ["outputs.override || outputs.status == 'approved'", { status: 'Approved', override: true }, HOLDS],
    // Four literals, of which none changes what the others say.
    ["size(outputs.items.filter(i, i.status in ['a', 'b', 'c', 'd'])) >= 1", items('A', 'B', 'C', 'D', 'a'), HOLDS],
    ["size(outputs.items.filter(i, i.status in ['a', 'b', 'c', 'd'])) >= 2", items('A', 'B', 'C', 'D', 'a'), UNKNOWN],
    ["'rejected' in outputs.list", { list: ['rejected', 'Rejected'] }, HOLDS],
    ["outputs.verdict == 'approved'", { verdict: 'refused' }, NOT],
  ])('has the value in which all readings agree, or none: %s over %j: %s', (expression, outputs, result) => {
    expect(evaluate(expression, outputs).result).toBe(result);
  });

  /** What the condition is with the hint in the place of what is compared. */
  const ways: [condition: string, compared: string, outputs: JsonValue, way: string, problem: string][] = [
    [
      "outputs.items.exists(i, i.status == 'rejected')",
      "i.status == 'rejected'",
      sixty,
      'i.status.lowerAscii() == "rejected"',
      'i.status is "Rejected", and the condition says "rejected" (item 60 of outputs.items)',
    ],
    [
      "!outputs.items.all(i, i.status != 'rejected')",
      "i.status != 'rejected'",
      sixty,
      'i.status.lowerAscii() != "rejected"',
      'i.status is "Rejected", and the condition says "rejected" (item 60 of outputs.items)',
    ],
    [
      "outputs.status == 'Rejected'",
      "outputs.status == 'Rejected'",
      { status: '\u00a0rejected ' },
      'outputs.status.trim().lowerAscii() == "rejected"',
      'outputs.status is "\\u00a0rejected ", and the condition says "Rejected"',
    ],
    [
      "'rejected' == outputs.status",
      "'rejected' == outputs.status",
      { status: 'rejected ' },
      '"rejected" == outputs.status.trim()',
      'outputs.status is "rejected ", and the condition says "rejected"',
    ],
    [
      "outputs.status == 'non-compliant'",
      "outputs.status == 'non-compliant'",
      { status: 'non\u2011compliant' },
      'outputs.status in ["non-compliant", "non\\u2011compliant"]',
      'outputs.status is "non\\u2011compliant", and the condition says "non-compliant"',
    ],
    [
      "outputs.status != 'noncompliant'",
      "outputs.status != 'noncompliant'",
      { status: 'non\u00adcompliant' },
      '!(outputs.status in ["noncompliant", "non\\u00adcompliant"])',
      'outputs.status is "non\\u00adcompliant", and the condition says "noncompliant"',
    ],
    [
      "outputs.status in ['Late', 'rejected']",
      "outputs.status in ['Late', 'rejected']",
      { status: 'LATE' },
      'outputs.status.lowerAscii() in ["late", "rejected"]',
      'outputs.status is "LATE", and the condition says "Late"',
    ],
    [
      "outputs.status in ['late', 'non-compliant']",
      "outputs.status in ['late', 'non-compliant']",
      { status: 'Non_Compliant' },
      'outputs.status in ["late", "non-compliant", "Non_Compliant"]',
      'outputs.status is "Non_Compliant", and the condition says "non-compliant"',
    ],
    [
      "outputs.status in {'late': 1}",
      "outputs.status in {'late': 1}",
      { status: 'Late' },
      'outputs.status.lowerAscii() in ["late"]',
      'outputs.status is "Late", and the condition says "late"',
    ],
    [
      "'fire' in outputs.tags",
      "'fire' in outputs.tags",
      { tags: ['x', 'Fire'] },
      'outputs.tags.exists(w, w.lowerAscii() == "fire")',
      'an item of outputs.tags is "Fire", and the condition says "fire"',
    ],
    [
      "'fire door' in outputs.tags",
      "'fire door' in outputs.tags",
      { tags: ['x', 'fire-door'] },
      'outputs.tags.exists(w, w in ["fire door", "fire-door"])',
      'an item of outputs.tags is "fire-door", and the condition says "fire door"',
    ],
    [
      "outputs.tags == ['fire']",
      "outputs.tags == ['fire']",
      { tags: ['Fire'] },
      'outputs.tags in [["fire"], ["Fire"]]',
      'a value in outputs.tags is "Fire", and the condition says "fire"',
    ],
    [
      "{'is': 'fire', 'n': 1} != outputs.kind",
      "{'is': 'fire', 'n': 1} != outputs.kind",
      { kind: { is: 'Fire', n: 1 } },
      '!(outputs.kind in [{"is": "fire", "n": 1}, {"is": "Fire", "n": 1}])',
      'a value in outputs.kind is "Fire", and the condition says "fire"',
    ],
    [
      "[outputs.a, outputs.b] in [['x', 'y']]",
      "[outputs.a, outputs.b] in [['x', 'y']]",
      { a: 'x', b: 'Y' },
      '[outputs.a, outputs.b] in [["x", "y"], ["x", "Y"]]',
      'a value in [outputs.a, outputs.b] is "Y", and the condition says "y"',
    ],
    [
      "['rejected', 'late'].exists(s, s == outputs.status)",
      's == outputs.status',
      { status: 'Late' },
      's == outputs.status.lowerAscii()',
      'outputs.status is "Late", and the condition says "late" (item 2 of ["rejected", "late"])',
    ],
    [
      "outputs.a + outputs.b == 'xy'",
      "outputs.a + outputs.b == 'xy'",
      { a: 'X', b: 'y' },
      '(outputs.a + outputs.b).lowerAscii() == "xy"',
      'outputs.a + outputs.b is "Xy", and the condition says "xy"',
    ],
  ];
  test.each(ways)('cannot be evaluated if the readings differ, and the hint can: %s', (condition, compared, outputs, way, output) => {
    const { result, problem } = evaluate(condition, outputs);
    expect([result, problem]).toEqual([UNKNOWN, `${output}; write ${way}`]);
    expect(condition).toContain(compared);
    const corrected = evaluate(condition.replace(compared, `(${way})`), outputs);
    expect([corrected.result, corrected.problem]).toEqual([compared.includes('!=') && !condition.startsWith('!') ? NOT : HOLDS, null]);
  });

  test('names both forms if no expression can contain them', () => {
    const outputs = { status: 'Bad one', list: ['x'] };
    const { problem } = evaluate("outputs.status in (outputs.list + ['bad-one'])", outputs);
    expect(problem).toMatch(/; write both forms: "bad-one", "Bad one"$/);
    // A function of its variable would make a text of constants.
    const walked = evaluate("['Rejected'].exists(s, s == outputs.status)", { status: 'rejected' });
    expect([walked.result, walked.problem]).toEqual([
      UNKNOWN,
      'outputs.status is "rejected", and the condition says "Rejected" (item 1 of ["Rejected"]); write both forms: "Rejected", "rejected"',
    ]);
    const searched = evaluate("['Late'].exists(s, s in outputs.tags)", { tags: ['late'] });
    expect([searched.problem, searched.reason?.hint]).toEqual([
      'an item of outputs.tags is "late", and the condition says "Late" (item 1 of ["Late"]); write both forms: "Late", "late"',
      '',
    ]);
  });
});

const SPELLINGS = ['rejected', 'Rejected', 'n/a', 'N/A', 'fail', ' fail', 'ok'];
const fields = fc.constantFrom(...SPELLINGS);
const literal = fc.constantFrom("'rejected'", "'n/a'", "'fail'");
const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('i.a', 'i.b', 'i.c'), fc.constantFrom('==', '!='), literal).map((parts) => parts.join(' ')),
  fc.tuple(fc.constantFrom('i.a', 'i.b'), literal, literal).map(([field, one, other]) => `${field} in [${one}, ${other}]`),
  fc.tuple(literal, fc.constantFrom('i.a', 'i.c')).map(([one, field]) => `${one} in [${field}, i.b]`),
);
const conditions = fc.letrec<{ any: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    comparison,
    fc.tuple(tie('any'), fc.constantFrom('&&', '||'), tie('any')).map(([a, op, b]) => `(${a} ${op} ${b})`),
    tie('any').map((one) => `!(${one})`),
    fc.tuple(tie('any'), tie('any'), tie('any')).map((parts) => `(${parts[0]} ? ${parts[1]} : ${parts[2]})`),
  ),
})).any;

const isSpelled = (text: JsonValue, literal: string) => typeof text === 'string' && normalizeText(text) === literal;

/** The item as each reading has it: a text that is near one of the literals is that literal, or stays. */
function variants(item: JsonObject, written: readonly string[]): JsonObject[] {
  const near = written.filter((one) => Object.values(item).some((text) => text !== one && isSpelled(text, one)));
  return Array.from({ length: 2 ** near.length }, (_, bits) => {
    const equal = near.filter((__, at) => (bits >> at) % 2 === 1);
    const spelled = (text: JsonValue) => equal.find((one) => isSpelled(text, one)) ?? text;
    return Object.fromEntries(Object.entries(item).map(([key, text]) => [key, spelled(text)]));
  });
}

test('has the items and values of readings made by hand, for 1,000 random conditions', () => {
  let met = 0;
  fc.assert(
    fc.property(conditions, fc.array(fc.record({ a: fields, b: fields, c: fields }), { maxLength: 4 }), (body, items) => {
      const written = ['rejected', 'n/a', 'fail'].filter((one) => body.includes(`'${one}'`));
      const ways = items.map((item) =>
        variants(item, written).map((one) => evaluate(`[outputs.i].exists(i, ${body})`, { i: one }, false).result),
      );
      const { matched, nearTexts = new Map<JsonValue, unknown>() } = evaluate(`outputs.items.filter(i, ${body})`, { items });
      expect(matched).toEqual(items.filter((_, at) => ways[at]?.includes(HOLDS)));
      for (const [at, item] of items.entries()) expect(nearTexts.has(item)).toBe(ways[at]!.includes(HOLDS) && ways[at]!.includes(NOT));
      met += nearTexts.size;
      // One item: the readings of the whole are the item's.
      const [first] = items;
      const whole = first && evaluate(`outputs.items.exists(i, ${body})`, { items: [first] });
      const [one, ...others] = new Set(ways[0]);
      if (whole) expect(whole.result).toBe(others.length > 0 ? UNKNOWN : one);
    }),
    { numRuns: 1_000 },
  );
  expect(met).toBeGreaterThan(300);
});

describe('a condition with near texts', () => {
  const LIMIT_US = 1_000_000;
  const titles = Array.from({ length: 200_000 }, (_, at) => `Rejected door ${at}, leaf and frame`);
  const statuses = Array.from({ length: 200_000 }, (_, at) => ['compliant', 'Rejected', 'pending'][at % 3] ?? '');
  const marks = [`e${'\u0301'.repeat(500_000)}`];
  const spelled = Array.from({ length: 100_000 }, (_, at) =>
    Array.from('rejected by the fire authority', (letter, place) => ((at >> place) % 2 === 1 ? letter.toUpperCase() : letter)).join(''),
  );
  test.each([
    [
      'takes a fourth of the time limit at most for 200,000 titles',
      "outputs.list.filter(t, t == 'rejected' || t == 'rejected door' || t == 'n/a')",
      titles,
      0,
    ],
    [
      'takes a fourth of the time limit at most for 200,000 statuses',
      "outputs.list.filter(s, s in ['rejected', 'late', 'n/a', 'cancelled'])",
      statuses,
      66_667,
    ],
    [
      'takes a fourth of the time limit at most for 200,000 statuses that it counts',
      "size(outputs.list.filter(s, s == 'rejected')) >= 0 || outputs.list == []",
      statuses,
      0,
    ],
    [
      'takes a fourth of the time limit at most for 200,000 statuses that it maps',
      "outputs.list.map(s, s == 'rejected', {'is': s})",
      statuses,
      66_667,
    ],
    [
      'takes a fourth of the time limit at most for 100,000 spellings of one text',
      "outputs.list.filter(s, s == 'rejected by the fire authority')",
      spelled,
      100_000,
    ],
    ['takes a fourth of the time limit at most for 1 MB of combining marks', "outputs.list.filter(t, t != 'é')", marks, 1],
  ])('%s', (_what, expression, list, count) => {
    let result = evaluate('outputs.list == []', { list: [] });
    const took = measureCpuUs(() => (result = evaluate(expression, { list })), 1);
    expect(result.matched).toHaveLength(count);
    expect(result.result).not.toBe(UNKNOWN);
    expect(took).toBeLessThan(LIMIT_US * slowness());
  });
});
