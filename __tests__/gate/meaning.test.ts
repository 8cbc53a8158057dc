/** Conditions that say something else than their author meant, each beside an ordinary one that stays as it is. */
import { describe, expect, test } from '@jest/globals';
import { parseJson, type JsonValue } from '../../src/json.ts';
import { compileGate } from '../../src/gate/gate.ts';
import type { ConditionResult } from '../../src/gate/condition.ts';

async function evaluate(expression: string, outputs: JsonValue): Promise<ConditionResult> {
  const [result] = (await compileGate(expression, '')).evaluate(outputs);
  return result!;
}
const OUTPUTS: JsonValue = {
  items: [{ id: 'a', due: '2026-11-30' }],
  a: 1,
  b: 1,
  m: { k: 1, high: 2 },
  urls: ['https://a'],
  section: '081113',
  level: 'high',
  at: '2026-11-30T10:00:00Z',
  later: '2026-11-30T10:00:30Z',
  opens: '09:30',
  closes: '18:00:00',
  local: '2026-11-30 09:00',
  here: '2026-11-30T11:00:00+01:00',
  legal: false,
};
const ORDINARY: [string, ConditionResult['result']][] = [
  [`'https://a' in outputs.urls`, 'holds'],
  [`outputs.section == '81113'`, 'does_not_hold'],
  [`day(outputs.at) < '2026-12-01'`, 'holds'],
  [`day(outputs.at) == day(outputs.here)`, 'holds'],
  [`outputs.at < outputs.here`, 'does_not_hold'],
  [`outputs.at <= outputs.here`, 'holds'],
  [`outputs.at > '2026-11-30 09:59:59.99Z'`, 'holds'],
  [`'2026-11-30T10:00:00.50Z' < outputs.later && '2026-11-30T10:00:00.50Z' <= '2026-11-30T10:00:00.5+00:00' && outputs.a == 1`, 'holds'],
  [`outputs.at < '2026-11-30T10:00:00.123456789Z'`, 'holds'],
  [`outputs.opens < '10:00' && outputs.opens > '09:05'`, 'holds'],
  [`outputs.closes > '17:59:59'`, 'holds'],
  [`outputs.local >= '2026-11-30 09:00'`, 'holds'],
  [`outputs.at < outputs.later`, 'holds'],
  [`outputs.here < '2026-11-30T12:00:00+01:00'`, 'holds'],
  [`outputs.items.filter(i, i.due < '2026-12-31')`, 'holds'],
  [`outputs.items.filter(i, i.id == 'a')`, 'holds'],
  ['outputs missing: !has(outputs.items)', 'does_not_hold'],
  ['(outputs.a == outputs.b) == false', 'does_not_hold'],
  ['outputs.legal == (outputs.a != outputs.b)', 'holds'],
  ['outputs.a == 1 && outputs.b == 1 || outputs.a < 2 && outputs.b < 2', 'holds'],
  [`'k' in outputs.m`, 'holds'],
  [`outputs.level in keys(outputs.m)`, 'holds'],
  [`'k' in keys(outputs.m) && size(keys(outputs.m)) == 2`, 'holds'],
  [`outputs.level in {'high': true}`, 'holds'],
  [`{'high': 3}[outputs.level] > 2`, 'holds'],
  [`outputs.m[outputs.level] == 2`, 'holds'],
  ['0 - outputs.a < 0', 'holds'],
  ['(-outputs.a) < 0', 'holds'],
  ['{"a": 1, "b": 1} == {"a": outputs.a, "b": 1.0}', 'holds'],
  ['#1 blocker is one too many\noutputs.a == 1', 'holds'],
  [`outputs.level.lowerAscii() == 'high' && outputs.level.trim().upperAscii() != 'LOW'`, 'holds'],
  [`outputs.level in ['', 'high'] && size(outputs.level) != 0 && outputs.level.contains('.') == false`, 'holds'],
  [`outputs.items.exists(i, outputs.items.exists(j, j.id == i.id))`, 'holds'],
  [`outputs.level != '⚠️ high' && outputs.level != '👩‍🚒' && outputs.level != '\\u00a0'`, 'holds'],
];
test.each(ORDINARY)('accepts an ordinary condition, with the result that it seems to have: %s', async (expression, result) =>
  expect(await evaluate(expression, OUTPUTS)).toMatchObject({ result, notices: [] }),
);

describe('an ambiguous condition', () => {
  const due = `outputs.items.filter(i, i.due < '2026-12-31')`;
  const items = (value: string) => ({ items: [{ due: value }] });
  test.each<[string, JsonValue, RegExp]>([
    [due, items('TBD'), /orders two texts only if both are days.*\(item 1 of outputs\.items\); a day is written 2026-12-31/],
    [due, items('2026-12-30T17:00Z'), /; write day\(i\.due\) < "2026-12-31"$/],
    ['outputs.a < outputs.b', { a: '2026-01-01T10:00:00', b: '2026-01-01T10:00:00Z' }, /write day\(outputs\.a\) < day\(outputs\.b\)$/],
    ['outputs.a < outputs.b', { a: '10:00', b: '9:00' }, /a time 2026-12-31T10:00:00Z$/],
    [`outputs.blockers > outputs.most`, { blockers: '10', most: '5' }, /order a number in a text by int\(outputs\.blockers\)/],
    [
      'outputs.found > outputs.allowed',
      { found: '100', allowed: '20' },
      /order a number in a text by int\(outputs\.found\) or double\(outputs\.found\)/,
    ],
    [`outputs.level >= outputs.most`, { level: 'critical', most: 'high' }, /by a map, \{"low": 1, "high": 3\}\[outputs\.level\] >= 3/],
    [`day(outputs.a) == '2026-12-31'`, { a: '31/12/2026' }, /outputs\.a is a text that day\(\) cannot convert/],
    [due, items('31.12.2026'), /; write day\(i\.due\) < "2026-12-31"$/],
    [
      `outputs.items.filter(i, i.due == '2026-12-31')`,
      items('2026-12-31T17:00:00Z'),
      /^i\.due is a time and "2026-12-31" is a day: "==" compares letters \(item 1 of outputs\.items\); write day\(i\.due\) == "2026-12-31"$/,
    ],
    [
      `outputs.items.filter(i, i.due in ['2026-12-31'])`,
      items('2026-12-31T17:00:00Z'),
      /^i\.due is a time and an item of \["2026-12-31"\] is a day.*write day\(i\.due\) in \["2026-12-31"\]$/,
    ],
    [
      'outputs.a == outputs.b',
      { a: '2026-12-31T17:00:00Z', b: '2026-12-31T18:00:00+01:00' },
      /^outputs\.a and outputs\.b are the same moment, written in two ways.*write day\(outputs\.a\) == day\(outputs\.b\)$/,
    ],
    [
      'outputs.documents.map(d, d.clauses)',
      { documents: [{ clauses: [] }, { clauses: [1] }] },
      /^the items of the list are lists; write \.flatten\(\) at its end$/,
    ],
    ['outputs.rows', { rows: [1, []] }, /^the items of the list are lists/],
    [
      'outputs.score < 80',
      parseJson(new TextEncoder().encode('{"score": 79.99999999999999999999}')),
      /^outputs\.score is a number that cannot be compared without losing digits; let the workflow round it$/,
    ],
    [`day(outputs.a) == '2026-12-31'`, { a: '2026-02-30T10:00Z' }, /day\(\) cannot convert/],
    [
      'outputs.status in outputs.blocked',
      { status: 'x', blocked: { y: true } },
      /an object.*write outputs\.status in keys\(outputs\.blocked\)/,
    ],
    ['outputs.status in keys(outputs.blocked)', { status: 'x', blocked: ['x'] }, /keys\(\) takes an object/],
    ['outputs.n in keys(outputs.blocked)', { n: 1, blocked: { y: true } }, /takes a text/],
    ['{outputs.a: 1, outputs.b: 2} == outputs.m', { a: 'k', b: 'k', m: {} }, /the map has a key twice/],
  ])('cannot be evaluated, with a hint: %s over %j', async (expression, outputs, problem) => {
    const given = await evaluate(expression, outputs);
    expect(given.result).toBe('cannot_be_evaluated');
    expect(given.problem).toMatch(problem);
  });

  test('has no text of the outputs in its sentence', async () => {
    const { problem } = await evaluate('outputs.a < outputs.b', { a: '2026-01-01', b: 'hostile' });
    expect(problem).not.toContain('hostile');
  });
});

describe('the notices of a missing key', () => {
  const recipe = 'has(outputs.blokers) && size(outputs.blokers) > 0';
  const rows = (count: number, row: JsonValue) => Array.from({ length: count }, () => row);
  test.each<[string, string[], JsonValue]>([
    [recipe, ['there is no "blokers", but "blockers"'], { blockers: [1] }],
    [recipe, ['there is no "blokers", but "BLOKERS"'], { BLOKERS: [1], other: 1 }],
    [recipe, [], { blokers: [] }],
    [recipe, [], { summary: 'x' }],
    ['has(outputs.item) || has(outputs.items)', [], { items: [] }],
    ['has(outputs.item) ? outputs.item : outputs["items"]', [], { items: [] }],
    [
      'outputs.rows.filter(i, has(i.notes) && size(i.notes) > 0)',
      ['there is no "notes", but "note"'],
      { rows: [{ id: 1 }, ...rows(1000, { note: 'x' })] },
    ],
    ['has(outputs.blokers) || outputs.x', ['there is no "blokers", but "blockers"'], { blockers: 1 }],
    ['has(outputs.ab)', ['there is no "ab", but "a_b"'], { 'a\n::b': 1, a_b: 2 }],
    ['has(outputs.abcdef)', ['there is no "abcdef", but "abcdef\\n"'], { 'abcdef\n': 1 }],
  ])('are, for %s: %j', async (expression, notices, outputs) => expect((await evaluate(expression, outputs)).notices).toEqual(notices));

  test('turn nothing red', async () =>
    expect(await evaluate(recipe, { blockers: [1] })).toMatchObject({
      result: 'does_not_hold',
      problem: null,
    }));

  test('look only at the first items, so that 20,000 rows stay within the time limit', async () => {
    const lines = Array.from({ length: 40 }, () => 'outputs.rows.filter(i, has(i.absent) && i.absent)');
    const row = () => Object.fromEntries(Array.from({ length: 8 }, (_, at) => [`absence${at}`, at]));
    const results = (await compileGate(lines.join('\n'), '')).evaluate({
      rows: Array.from({ length: 20_000 }, row),
    });
    expect(results.map(({ problem }) => problem).filter((problem) => problem !== null)).toEqual([]);
  });
});

describe('trim()', () => {
  test.each([
    ['rejected\u0085', 'holds'],
    ['\u2003rejected\u3000\n', 'holds'],
    ['\u00a0rejected', 'holds'],
    ['rejected\ufeff', 'does_not_hold'],
    ['rejected\u200b', 'does_not_hold'],
  ])('makes %j end with “rejected”, or not: %s', async (text, result) =>
    expect((await evaluate(`outputs.s.trim().endsWith('rejected')`, { s: text })).result).toBe(result),
  );

  test('removes all that Unicode calls White_Space, and nothing else', async () => {
    for (let code = 0; code <= 0xffff; code++) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const text = String.fromCharCode(code);
      if (!/\s/.test(text) && !/\p{White_Space}/u.test(text) && code > 0x100) continue;
      const { result } = await evaluate(`size(outputs.s.trim()) == 0`, { s: text });
      expect([code, result]).toEqual([code, /\p{White_Space}/u.test(text) ? 'holds' : 'does_not_hold']);
    }
  });
});
