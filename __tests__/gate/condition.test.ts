/** Which results fail the gate, which warn, and how many items are known or waived. */
import { describe, expect, test } from '@jest/globals';
import {
  collectWaived,
  countKnown,
  isRed,
  isWarning,
  nameOf,
  splitDigests,
  type Condition,
  type ConditionResult,
} from '../../src/gate/condition.ts';

const aCondition = (severity: Condition['severity'], name: string | null = null): Condition => ({
  severity,
  name,
  expression: 'outputs.a',
  line: 7,
});

test.each<[Condition['severity'], ConditionResult['result'], boolean | null, isRed: boolean, warns: boolean]>([
  ['fail', 'holds', null, true, false],
  ['fail', 'holds', false, true, false],
  ['fail', 'holds', true, false, false],
  ['fail', 'cannot_be_evaluated', null, true, false],
  ['fail', 'does_not_hold', null, false, false],
  ['warn', 'holds', null, false, true],
  ['warn', 'cannot_be_evaluated', null, false, true],
  ['warn', 'does_not_hold', null, false, false],
])('finds whether a `%s_if` condition that %s, excused %j, is red: %j, and warns: %j', (severity, result, excused, red, warns) => {
  const finding = { condition: aCondition(severity), result, isExcused: excused };
  expect([isRed(finding), isWarning(finding)]).toEqual([red, warns]);
});

test.each<[boolean | null, readonly boolean[] | null, number]>([
  [true, [true, true], 2],
  [false, [true, false, true], 2],
  [false, [false], 0],
  [false, null, 0],
  // With `fail_on: any` no item is called known.
  [null, [true, true], 0],
])('counts for a condition, excused %j, of the known items %j: %d', (isExcused, known, count) => {
  expect(countKnown({ isExcused, known })).toBe(count);
});

test.each([
  [aCondition('fail', 'late'), '“late”'],
  [aCondition('fail'), 'line 7 of `fail_if`'],
  [aCondition('warn'), 'line 7 of `warn_if`'],
])('names the condition %j as %s', (condition, name) => {
  expect(nameOf(condition)).toBe(name);
});

describe('collectWaived', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((id) => id.repeat(12)) as [string, string, string];
  const finding = (waivedIds: string, ...waivedRows: readonly string[]) => ({ waivedIds, waivedRows });

  test.each([
    ['counts the items of all findings', [finding(a + b, 'A', 'B'), finding(c, 'C')], ['A', 'B', 'C'], 3],
    ['counts an item of two findings once', [finding(a, 'A'), finding(b + a, 'B', 'A2')], ['A', 'B'], 2],
    ['counts items whose rows are not kept', [finding(a + b + c, 'A')], ['A'], 3],
    ['finds nothing without waived items', [finding('')], [], 0],
  ])('%s', (_, findings, rows, count) => {
    expect(collectWaived(findings)).toEqual({ rows, count });
  });

  test('splits joined digests', () => {
    expect(splitDigests(a + b)).toEqual([a, b]);
    expect(splitDigests('')).toEqual([]);
  });
});
