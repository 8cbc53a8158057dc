/** What the operators and functions of a condition return. */
import { expect, test } from '@jest/globals';
import { compileGate } from '../../src/gate/gate.ts';
import { parseJson } from '../../src/json.ts';

const OUTPUTS = parseJson(
  new TextEncoder().encode(
    '{"one": 1, "two": 2, "half": 0.5, "minus": -7, "a": "abc", "t": "true", "f": "false", "yes": true, "no": false,' +
      '"list": [1, 2, 3], "empty": [], "map": {"k": 1}, "day": "2026-12-31", "number": "12", "none": null, "emoji": "🏗a"}',
  ),
);

async function resultOf(expression: string) {
  const gate = await compileGate(expression, '');
  expect(gate.fault).toBe('');
  const [result] = gate.evaluate(OUTPUTS);
  return result!;
}

test.each([
  'outputs.one <= 1 && outputs.one >= 1 && outputs.one < 2 && outputs.two > 1',
  'outputs.no < outputs.yes && outputs.no <= outputs.no',
  "outputs.day <= '2026-12-31' && outputs.day >= '2026-12-31'",
  'outputs.one + 2 == 3 && outputs.two - 1 == 1 && outputs.two * 3 == 6',
  "outputs.a + 'd' == 'abcd'",
  'size(outputs.list + [4]) == 4 && (outputs.list + [4])[3] == 4',
  'outputs.two / 2 == 1 && outputs.one / outputs.half == 2',
  'outputs.two % 2 == 0 && 7 % outputs.two == 1',
  '(-outputs.minus) == 7 && outputs.minus < 0',
  'outputs.two in outputs.list && !(4 in outputs.list)',
  "'k' in outputs.map && !('x' in outputs.map)",
  "outputs.a in {'abc': true}",
  'outputs.list[0] == 1 && outputs.list[2] == 3',
  "outputs.map['k'] == 1",
  'size(outputs.a) == 3 && size(outputs.list) == 3 && size(outputs.map) == 1 && size(outputs.empty) == 0',
  'size(outputs.emoji) == 2',
  "outputs.a.contains('b') && outputs.a.startsWith('ab') && outputs.a.endsWith('bc')",
  "!outputs.a.contains('x') && !outputs.a.startsWith('b') && !outputs.a.endsWith('b')",
  "int(outputs.number) == 12 && double(outputs.number) == 12.0 && string(outputs.one) == '1'",
  'bool(outputs.t) && !bool(outputs.f) && bool(outputs.yes) && !bool(outputs.no)',
  'outputs.none == null && outputs.one != null',
  'has(outputs.one) && !has(outputs.x) && has(outputs.map.k) && !has(outputs.map.x)',
  'outputs.yes ? outputs.one == 1 : outputs.one == 2',
  'outputs.no ? outputs.one == 2 : outputs.one == 1',
  'outputs.list.all(i, i > 0) && !outputs.list.all(i, i > 1)',
  'outputs.list.exists(i, i == 3) && !outputs.list.exists(i, i == 4)',
  'outputs.list.exists_one(i, i > 2) && !outputs.list.exists_one(i, i > 1)',
  'size(outputs.list.map(i, i > 1, i * 2)) == 2',
  'size([outputs.list, outputs.empty].flatten()) == 3',
  'outputs.list == [1, 2, 3] && outputs.list != [1, 2] && outputs.list != [1, 2, 4]',
  "outputs.map == {'k': 1} && outputs.map != {'k': 2} && outputs.map != {'x': 1}",
  "outputs.map != {'k': 1, 'x': 2} && {'k': 1, 'x': 2} != outputs.map",
  'outputs.list.exists(i, i / 2 == 1)',
  'size(outputs.list) / 3 == 1 && int(outputs.number) / 6 == 2',
  'outputs.one / 2 == 0.5 && outputs.list[0] / 2 == 0.5 && size(outputs.list) / 2.0 == 1.5',
  'int(outputs.half) == 0 && int(outputs.minus) == -7 && double(outputs.half) == 0.5',
])('holds: %s', async (expression) => {
  expect(await resultOf(expression)).toMatchObject({ result: 'holds', problem: null });
});

test.each([
  ['outputs.one / 0 == 1', /^outputs\.one \/ 0 is a division by zero$/],
  ['outputs.one % 0 == 1', /^outputs\.one % 0 is a division by zero$/],
  ['outputs.half % 2 == 1', /^outputs\.half % 2 is a remainder of fractions$/],
  ['outputs.one % outputs.half == 1', /^outputs\.one % outputs\.half is a remainder of fractions$/],
  // CEL would truncate these, so that a share would never be above a limit.
  ['size(outputs.list) / 2 == 1', /^size\(outputs\.list\) \/ 2 is a division of integers; write double/],
  ['outputs.list.size() / 2 == 1', /is a division of integers/],
  ['int(outputs.number) / 5 == 2', /is a division of integers/],
  ['size(outputs.list) * 3 / 2 == 4', /^\(size\(outputs\.list\) \* 3\) \/ 2 is a division of integers/],
  ['(size(outputs.list) + 4) / 2 == 4', /^\(size\(outputs\.list\) \+ 4\) \/ 2 is a division of integers/],
  ['outputs.list[3] == 1', /outputs\.list/],
  ['outputs.list[outputs.minus] == 1', /outputs\.list/],
  ['outputs.list[outputs.half] == 1', /outputs\./],
  ["outputs.map['x'] == 1", /outputs\.map has no key "x"/],
  ['outputs.map.x == 1', /outputs\.map has no key "x"/],
  ['bool(outputs.a)', /outputs\.a is a text that bool\(\) cannot convert/],
  ['int(outputs.a) == 1', /outputs\.a is a text that int\(\) cannot convert/],
  ['int(string(outputs.half)) == 1', /is a text that int\(\) cannot convert/],
  ['size(outputs.list) / 0 == 1', /is a division by zero$/],
  ['double(outputs.a) == 1.0', /outputs\.a is a text that double\(\) cannot convert/],
  ['size(outputs.one) == 1', /outputs\.one is a number, and size\(\) takes/],
  ["outputs.one.contains('1')", /outputs\.one is a number, and contains\(\) takes a text/],
  ['outputs.one == outputs.a', /outputs\.one is a number and outputs\.a is a text/],
  ['outputs.none == outputs.one', /outputs\.none is null/],
  ['outputs.one && outputs.yes', /outputs\.one is a number, and "&&" takes true or false/],
  ['outputs.map == outputs.list', /outputs\.map is an object and outputs\.list is a list/],
  ['outputs.a in outputs.map', /write outputs\.a in keys\(outputs\.map\)/],
  ['outputs.list < outputs.empty', /outputs\.list is a list/],
  ['has(outputs.a.b)', /outputs\.a is a text/],
])('cannot be evaluated: %s', async (expression, problem) => {
  const { result, problem: found } = await resultOf(expression);
  expect(result).toBe('cannot_be_evaluated');
  expect(found).toMatch(problem);
});
