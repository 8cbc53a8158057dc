/** The limits of one evaluation: how large a value may be, and for how many missing keys a similar one is searched. */
import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, test } from '@jest/globals';
import { Evaluation } from '../../src/gate/evaluation.ts';
import { parseJson, type JsonValue } from '../../src/json.ts';

test.each<[JsonValue, number]>([
  ['abc', 3],
  [7, 8],
  [null, 8],
  [true, 8],
  [parseJson(Buffer.from('1.0')), 8],
  [[], 32],
  [['ab', 'ab'], 36],
  [{ ab: 'c' }, 35],
  [[{ ab: 1 }], 32 + 32 + 2 + 8],
])('counts the size of %j as %d characters', (value, size) => {
  expect(new Evaluation().sizeOf(value)).toBe(size);
});

test('accepts values of 16 Mi characters and no larger ones', () => {
  const run = new Evaluation();
  expect(() => run.checkSize(16 * 1024 * 1024)).not.toThrow();
  expect(() => run.checkSize(16 * 1024 * 1024 + 1)).toThrow(/too large/);
});

describe('the notices of missing keys', () => {
  const node = new Environment().parse('has(outputs.statsu) && outputs.status2').ast;
  const noticesOf = (run: Evaluation, map: Readonly<Record<string, JsonValue>>) => {
    run.noteMissingKey(map, 'statsu', node);
    return [...run.notices];
  };

  test('name a similar key, unless the expression names it too', () => {
    expect(noticesOf(new Evaluation(), { status: 1 })).toEqual(['there is no "statsu", but "status"']);
    expect(noticesOf(new Evaluation(), { status2: 1 })).toEqual([]);
    expect(noticesOf(new Evaluation(), { other: 1 })).toEqual([]);
  });

  test.each([
    [99, 1],
    [100, 0],
  ])('look only at the first 100 missing keys: after %d others there are %d', (others, count) => {
    const run = new Evaluation();
    for (let nth = 0; nth < others; nth++) run.noteMissingKey({}, 'x', node);
    expect(noticesOf(run, { status: 1 })).toHaveLength(count);
  });
});
