/** The gate: its lines, its faults, and what a result holds. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { compileGate, type Evaluation } from '../../src/gate/condition.ts';
import { parseJson, type JsonValue } from '../../src/json.ts';

const ITEMS = ['compliant', 'rejected', 'compliant', 'rejected', 'not applicable'].map((status, at) => ({ id: at + 1, status }));

async function evaluate(condition: string, outputs: JsonValue | undefined): Promise<Evaluation | undefined> {
  const { gate, faults } = await compileGate(condition, '');
  expect(faults).toEqual([]);
  return gate.evaluate(outputs)[0];
}

describe('the lines of a gate', () => {
  test.each<[string, string | null, string, number]>([
    ['outputs.a', null, 'outputs.a', 1],
    ['  late  :   outputs.a  ', 'late', 'outputs.a', 1],
    ['Überfällig 2.1_b-c: outputs.a', 'Überfällig 2.1_b-c', 'outputs.a', 1],
    ['\n# a comment\n\nlate: outputs.a', 'late', 'outputs.a', 4],
    ['# a comment\r\nlate: outputs.a\r\n', 'late', 'outputs.a', 2],
    ['outputs.a == 1 ? outputs.b : outputs.c', null, 'outputs.a == 1 ? outputs.b : outputs.c', 1],
    ['{"a": 1}[outputs.a] == 1', null, '{"a": 1}[outputs.a] == 1', 1],
  ])('%j: name %s', async (input, name, expression, line) => {
    const { gate, faults } = await compileGate(input, '');
    expect(faults).toEqual([]);
    expect(gate.conditions).toEqual([{ severity: 'fail', name, expression, line }]);
  });

  test('come from both inputs, those of `fail_if` first', async () => {
    const { gate } = await compileGate('a: outputs.a\nb: outputs.b', 'c: outputs.c');
    expect(gate.conditions.map(({ severity, name }) => `${severity} ${name ?? ''}`)).toEqual(['fail a', 'fail b', 'warn c']);
    expect(gate.evaluate({ a: true, b: false, c: [] }).map(({ result }) => result)).toEqual(['met', 'not_met', 'not_met']);
  });

  test.each(['', '\n \n'])('are none in %j', async (input) => {
    const { gate, faults } = await compileGate(input, '');
    expect([gate.conditions, gate.evaluate({}), faults]).toEqual([[], [], []]);
  });

  test('have all their faults listed, those of both inputs', async () => {
    const { faults } = await compileGate('a: outputs.a =\n\nb: outputs.b', 'c: foo(outputs.c)\n  b: outputs.d\n# no outputs');
    expect(faults.map(({ input, line, column, problem }) => [input, line, column, problem.code])).toEqual([
      ['fail_if', 1, 14, 'syntax'],
      ['warn_if', 1, 4, 'unknown_function'],
      ['warn_if', 2, 1, 'duplicate_name'],
      ['warn_if', 3, 1, 'comment_with_outputs'],
    ]);
  });

  test.each([
    ['two conditions that `>` has joined', 'a: outputs.a b: outputs.b'],
    ['a bare condition and a named one that `>` has joined', 'outputs.failed late: outputs.b'],
    ['a name of 65 characters', `${'a'.repeat(65)}: outputs.a`],
    ['a name without a blank behind its colon', 'late:outputs.a'],
  ])('refuse %s', async (_, input) => expect((await compileGate(input, '')).faults).toHaveLength(1));
});

describe('a result', () => {
  test('has the items of the list that is true, and none for a plain true', async () => {
    const outputs = { items: [1, 'a'] };
    expect(await evaluate('outputs.items', outputs)).toMatchObject({ result: 'met', items: [1, 'a'], others: null, tally: null });
    expect(await evaluate('size(outputs.items) == 2', outputs)).toMatchObject({ result: 'met', items: [], others: null, problem: null });
  });

  test('has the items that a whole-condition filter does not keep', async () => {
    const result = await evaluate('outputs.items.filter(i, i.status == "rejected")', { items: ITEMS });
    expect(result).toMatchObject({ items: [ITEMS[1], ITEMS[3]], others: [ITEMS[0], ITEMS[2], ITEMS[4]] });
    expect((await evaluate('outputs.items.filter(i, i.id > 1).map(i, i.id)', { items: ITEMS }))?.others).toBeNull();
  });

  test('keeps the items of the run as they came', async () => {
    const outputs = parseJson('{"items": [{"id": 12345678901234567890, "score": 1.0, "__proto__": 2, "constructor": 3}]}');
    const result = await evaluate('outputs.items.filter(i, i.score < 2)', outputs);
    expect(JSON.stringify(result?.items)).toBe('[{"id":12345678901234567890,"score":1.0,"__proto__":2,"constructor":3}]');
  });

  const STATUSES = { field: 'status', values: [['compliant', 2], ['rejected', 2], ['not applicable', 1]] }; // prettier-ignore
  test.each<[string, JsonValue, unknown]>([
    ['i.status == "x"', ITEMS, STATUSES],
    ['!(i.status.lowerAscii() in ["x"])', ITEMS, STATUSES],
    ['has(i.ok) && i.ok == true', [{ ok: true }, {}, { ok: false }], { field: 'ok', values: [['true', 1], ['false', 1]] }], // prettier-ignore
    ['i.id > 2', ITEMS, null],
    ['i.id != 9', Array.from({ length: 7 }, (_, id) => ({ id })), null],
    ['i.a != "b"', [{ a: 'a'.repeat(41) }], null],
  ])('counts the values of the compared field: %s', async (body, items, tally) =>
    expect((await evaluate(`outputs.items.filter(i, ${body})`, { items }))?.tally ?? null).toEqual(tally),
  );

  test('has the part, the kinds and the item of the innermost macro of a problem, and nothing else', async () => {
    const outputs = { items: [{ tags: ['a'] }, { tags: ['b', 1] }] };
    expect(await evaluate('outputs.items.filter(i, i.tags.exists(t, t == "z"))', outputs)).toEqual({
      condition: { severity: 'fail', name: null, expression: 'outputs.items.filter(i, i.tags.exists(t, t == "z"))', line: 1 },
      result: 'cannot_be_evaluated',
      items: [],
      others: null,
      tally: null,
      problem: { code: 'no_operation', source: 't == "z"', kinds: ['number', 'text'], item: { at: 2, list: 'i.tags' } },
    });
  });

  test.each<JsonValue | undefined>([undefined, null, 'text', 3, true, [], {}])('cannot be evaluated over %j', async (outputs) =>
    expect((await evaluate('outputs.a == 1', outputs))?.result).toBe('cannot_be_evaluated'),
  );
});

describe('the time of an evaluation', () => {
  test.each([
    'outputs.items.filter(i, i.id > 0)',
    '!outputs.items.all(i, i.id > 0) || outputs.ok',
    'outputs.ids == outputs.ids',
    '9 in outputs.ids',
    '"z" in outputs.keys',
  ])('is checked in every loop, and ends it: %s', async (condition) => {
    const { gate } = await compileGate(condition, '');
    const outputs = { items: ITEMS, ids: [1, 2, 3, 4, 5], ok: true, keys: { a: 1, b: 2, c: 3, d: 4, e: 5 } };
    let checks = 0;
    const checkTime = () => {
      if (++checks === 5) throw new Error('4 s');
    };
    expect(() => gate.evaluate(outputs, checkTime)).toThrow('4 s');
  });

  test('is linear in the length of a text', async () => {
    const outputs = { a: `compliant${'\u0301'.repeat(1_000_000)}`, b: `${' '.repeat(1_000_000)}x` };
    const conditions = [
      'outputs.a == "compliant"',
      'outputs.b.trim() == "y"',
      'outputs.a.contains("rejected")',
      'day(outputs.b) == "2026-12-31"',
    ];
    const { gate } = await compileGate(conditions.join('\n'), '');
    const before = process.cpuUsage().user;
    expect(gate.evaluate(outputs)).toHaveLength(4);
    expect(process.cpuUsage().user - before).toBeLessThan(1_000_000);
  });
});

test('every recipe of docs/conditions.md compiles', async () => {
  const page = readFileSync(new URL('../../docs/conditions.md', import.meta.url), 'utf8');
  const recipes = [...page.matchAll(/^\| .* \| `(.*outputs.*)` +\|$/gm)].map(([, condition = '']) => condition.replaceAll('\\|', '|'));
  expect(recipes.length).toBeGreaterThan(15);
  expect((await compileGate(recipes.join('\n'), '')).faults).toEqual([]);
});
