/** The hint of an error about two operands of different kinds. */
import { Environment } from '@marcbachmann/cel-js';
import { expect, test } from '@jest/globals';
import { INSIDE, ITEM, mixedKindsError, WHOLE, type Where } from '../../src/gate/operand-kinds.ts';
import { valueKindOf, type ASTNode } from '../../src/gate/values.ts';
import type { JsonValue } from '../../src/json.ts';

const errorOf = (expression: string, values: readonly [JsonValue, JsonValue], where: Where) => {
  const { op, args } = new Environment().parse(expression).ast;
  const nodes = args as ASTNode[];
  return mixedKindsError({ op, nodes }, valueKindOf(values[0]), valueKindOf(values[1]), where, values);
};

const MAP = 'it is not a number: order a severity by a map, {"low": 1, "high": 3}[outputs.a]';
const TEXTS = 'it is not a number: compare it with texts';

test.each<[string, readonly [JsonValue, JsonValue], hint: string, Where]>([
  ['outputs.a == null', ['x', null], 'where null is allowed, write x == null', WHOLE],
  ['outputs.a == 1', [null, 1], 'where null is allowed, write outputs.a == null', WHOLE],
  ['outputs.a > 1', [[], 1], 'write size(outputs.a)', WHOLE],
  ['outputs.a == "x"', [[], 'x'], '', WHOLE],
  ['outputs.a in outputs.b', [1, 'x'], 'write string(outputs.a)', ITEM],
  ['outputs.a == 1', ['5', 1], 'write int(outputs.a) or double(outputs.a)', WHOLE],
  ['outputs.a == 1', ['x', 1], "compare it with '1'", WHOLE],
  ['outputs.a == outputs.b', ['x', 1], TEXTS, WHOLE],
  ['outputs.a < 1', ['x', 1], MAP, WHOLE],
  ['outputs.a >= outputs.b', ['x', 1], MAP, WHOLE],
  ['outputs.a < 1', ['x', 1], TEXTS, INSIDE],
  ['outputs.a == 1', ['x', 1], TEXTS, INSIDE],
  ['outputs.b == outputs.a', [1, 'x'], '', INSIDE],
  ['outputs.a == true', ['x', true], '', WHOLE],
  ['outputs.n == "1"', [1, '1'], 'write "1" without its quotes', WHOLE],
  ['outputs.n == "-1.5"', [1, '-1.5'], 'write "-1.5" without its quotes', WHOLE],
  ['"-1" == outputs.n', ['-1', 1], 'write (-1)', WHOLE],
  ['"1" == outputs.n', ['1', 1], 'write "1" without its quotes', WHOLE],
  ['outputs.n == "123456789012345"', [1, '1'], 'write "123456789012345" without its quotes', WHOLE],
  ['outputs.n == "1234567890123456"', [1, '1'], '', WHOLE],
  ['outputs.n == "x1"', [1, 'x1'], '', WHOLE],
  ['outputs.n == "1x"', [1, '1x'], '', WHOLE],
  ['outputs.b == "true"', [true, 'true'], 'write "true" without its quotes', WHOLE],
  ['outputs.b == "untrue"', [true, 'untrue'], '', WHOLE],
  ['outputs.b == "trues"', [true, 'trues'], '', WHOLE],
  ['outputs.b == "false"', [true, 'false'], 'write "false" without its quotes', WHOLE],
  ['outputs.n == "-"', [1, '-'], '', WHOLE],
  ['1 == outputs.a', [1, 'x'], "compare it with '1'", WHOLE],
  ['1 == outputs.a', [1, '5'], 'write int(outputs.a) or double(outputs.a)', WHOLE],
  ['outputs.a in outputs.b', ['x', 1], TEXTS, ITEM],
  ['outputs.a in outputs.b', ['5', 1], 'write int(outputs.a) or double(outputs.a)', ITEM],
])('hints for %s with the operands %j: “%s”', (expression, values, hint, where) => {
  expect(errorOf(expression, values, where).hint).toBe(hint);
});

test.each<[string, string]>([
  ['outputs.a == 1', 'does not compare them'],
  ['outputs.a in outputs.b', 'does not compare them'],
  ['outputs.a + 1', 'does not take both'],
])('says of %s that the operator %s', (expression, does) => {
  expect(errorOf(expression, ['x', 1], WHOLE).message.endsWith(does)).toBe(true);
});

test('names the operand in a headline only if the whole operand is meant', () => {
  const subjectIn = (where: Where) => errorOf('outputs.a == 1', ['x', 1], where).brief?.subject ?? null;
  expect(subjectIn(WHOLE)).not.toBeNull();
  expect(subjectIn(INSIDE)).toBeNull();
});

test.each<[string, Where, string]>([
  ['outputs.a == outputs.b', WHOLE, 'outputs.a is a text and outputs.b is a number: '],
  ['outputs.a == outputs.b', INSIDE, 'a value in outputs.a is a text and a value in outputs.b is a number: '],
  ['outputs.a in outputs.b', ITEM, 'outputs.a is a text and an item of outputs.b is a number: '],
])('names both sides of %s, %j', (expression, where, sides) => {
  expect(errorOf(expression, ['x', 1], where).message.startsWith(sides)).toBe(true);
});

test.each<[string, readonly [JsonValue, JsonValue], Where, says: string]>([
  ['outputs.a == 1', ['x', 1], WHOLE, 'is a text'],
  ['1 == outputs.a', [1, 'x'], WHOLE, 'is a text'],
  ['1 < outputs.a', [1, []], WHOLE, 'is a list'],
  ['outputs.a in outputs.b', [1, 'x'], ITEM, 'is a number'],
  ['outputs.a == "1"', [1, '1'], WHOLE, 'outputs.a is a number and "1" is a text'],
])('says in a headline about %s with %j, %j: %s', (expression, values, where, says) => {
  expect(errorOf(expression, values, where).brief?.says).toBe(says);
});
