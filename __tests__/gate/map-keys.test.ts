/** The value under a key, and what an error about a missing key says. */
import { Environment } from '@marcbachmann/cel-js';
import { expect, test } from '@jest/globals';
import { missingKeyError, selectKey } from '../../src/gate/map-keys.ts';
import { ConditionError, valueKindOf } from '../../src/gate/values.ts';
import type { JsonValue } from '../../src/json.ts';

const nodeOf = (expression: string) => new Environment().parse(expression).ast;

/** The error of the key, without the node of its headline. */
function errorOf(expression: string, value: JsonValue, key: string, isWritten: boolean) {
  try {
    selectKey(value, key, nodeOf(expression), isWritten);
  } catch (error) {
    const { message, hint, brief } = error as ConditionError;
    return { message, hint, says: brief?.says, headlineHint: brief?.hint };
  }
  throw new Error('the key was found');
}

test.each<[JsonValue, string, JsonValue]>([
  [{ a: 1 }, 'a', 1],
  [{ a: null }, 'a', null],
  [{ a: false }, 'a', false],
  [{ a: '' }, 'a', ''],
])('selects of %j the key %j', (value, key, expected) => {
  expect(selectKey(value, key, nodeOf('outputs.x'))).toBe(expected);
});

test.each(['constructor', '__proto__', 'toString'])('finds no key %s that the run did not write', (key) => {
  expect(() => selectKey({ a: 1 }, key, nodeOf('outputs.x'))).toThrow(ConditionError);
});

const HAS = 'has(outputs.x.zzzz) tests whether it exists';

test.each<[what: string, key: string, expression: string, isWritten: boolean, string, string]>([
  ['a similar key', 'statsu', 'outputs.x', true, 'did you mean "status"? its keys: "status"', ''],
  ['no similar key', 'zzzz', 'outputs.x', true, `its keys: "status"; ${HAS}`, HAS],
  ['a path with an index', 'zzzz', 'outputs.x[0]', true, 'its keys: "status"', ''],
  ['a path below a quoted key', 'zzzz', 'outputs["x y"].b', true, 'its keys: "status"', ''],
  ['a path with a quoted key', 'zzzz', 'outputs["x y"]', true, 'its keys: "status"', ''],
  ['a literal map', 'zzzz', '{"status": 1}', true, 'its keys: "status"', ''],
  ['a key that is not a plain name', 'zz zz', 'outputs.x', true, 'its keys: "status"', ''],
  ['a key that begins with a digit', '1zzz', 'outputs.x', true, 'its keys: "status"', ''],
  ['a key that the run wrote', 'zzzz', 'outputs.x', false, 'its keys: "status"', ''],
])('hints, for %s, at %j of %s (written: %j): %s', (_, key, expression, isWritten, hint, headline) => {
  const error = errorOf(expression, { status: 1 }, key, isWritten);
  expect(error.hint).toBe(hint);
  if (!error.hint.startsWith('did')) expect(error.headlineHint).toBe(headline);
});

test.each<[near: string, key: string, isWritten: boolean, hint: string]>([
  ['status', 'statsu', true, 'did you mean `status`?'],
  ['status', 'statsu', false, ''],
  ['_st1', '_st2', true, 'did you mean `_st1`?'],
  ['1st', '2st', true, ''],
  ['st\natus', 'status', true, ''],
  ['status ', 'status', true, ''],
  [' status', 'status', true, ''],
  ['s'.repeat(41), `${'s'.repeat(40)}t`, true, `did you mean \`${'s'.repeat(41)}\`?`],
  ['s'.repeat(42), `${'s'.repeat(41)}t`, true, ''],
])('names in a headline the similar key %j of %j (written: %j): %s', (near, key, isWritten, hint) => {
  expect(errorOf('outputs.x', { [near]: 1 }, key, isWritten).headlineHint).toBe(hint);
});

test.each([
  ['k'.repeat(40), true, `has no key \`${'k'.repeat(40)}\``],
  ['k'.repeat(41), true, `has no key \`${'k'.repeat(40)}…\``],
  ['k', false, 'has no such key'],
])('says in a headline of the key %s (written: %j): %s', (key, isWritten, says) => {
  expect(errorOf('outputs.x', {}, key, isWritten).says).toBe(says);
});

test.each<[JsonValue, string, boolean, string, string, string]>([
  [[], 'length', true, 'is a list', 'write size(outputs.x)', 'write size(outputs.x)'],
  ['a', 'size', true, 'is a text', 'write size(outputs.x)', 'write size(outputs.x)'],
  [[], 'count', true, 'is a list', 'write size(outputs.x)', 'write size(outputs.x)'],
  [[], 'id', true, 'is a list', 'write outputs.x.filter(i, i.id …)', 'write outputs.x.filter(i, i.id …)'],
  [[], 'id', false, 'is a list', 'write outputs.x.filter(i, i.id …)', ''],
  ['a', 'id', true, 'is a text and has no key `id`', '', ''],
  [1, 'id', false, 'is a number', '', ''],
  [null, 'k'.repeat(41), true, `is null and has no key \`${'k'.repeat(40)}…\``, '', ''],
  [
    [],
    'k'.repeat(41),
    true,
    'is a list',
    `write outputs.x.filter(i, i.${'k'.repeat(40)}… …)`,
    `write outputs.x.filter(i, i.${'k'.repeat(40)}… …)`,
  ],
])('describes, of %j, the missing key %s (written: %j)', (value, key, isWritten, says, hint, headline) => {
  const error = missingKeyError(valueKindOf(value), key, nodeOf('outputs.x'), isWritten);
  expect(error.message).toMatch(/^outputs\.x is .* and has no key "/);
  expect([error.brief?.says, error.hint, error.brief?.hint]).toEqual([says, hint, headline]);
  expect(errorOf('outputs.x', value, key, isWritten).message).toBe(error.message);
});
