/** Which texts are days or times, which of them have an order, and whose equality is unclear. */
import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, test } from '@jest/globals';
import { dayOf, isEqualityUnclear, orderTexts, parseTime } from '../../src/gate/times.ts';
import { ConditionError } from '../../src/gate/values.ts';

const DAY = '2026-12-31';

describe('parseTime', () => {
  const digits = '1'.repeat(30);
  test.each([
    [DAY, { form: '0000-00-00', moment: 0, rest: DAY, day: DAY }],
    ['23:59', { form: '00:00', moment: 0, rest: '23:59', day: undefined }],
    ['23:59:59', { form: '00:00:00', moment: 0, rest: '23:59:59', day: undefined }],
    [`${DAY} 10:00`, { form: '0000-00-00 00:00', moment: 0, rest: `${DAY} 10:00`, day: DAY }],
    [`${DAY}T10:00Z`, { form: 'moment', moment: Date.UTC(2026, 11, 31, 10), rest: '', day: DAY }],
    [`${DAY}T10:00:07.120Z`, { form: 'moment', moment: Date.UTC(2026, 11, 31, 10, 0, 7), rest: '.12', day: DAY }],
    [`${DAY}T10:00:00.000+01:00`, { form: 'moment', moment: Date.UTC(2026, 11, 31, 9), rest: '', day: DAY }],
    [`${DAY}T10:00:00.${digits}Z`, { form: 'moment', moment: Date.UTC(2026, 11, 31, 10), rest: `.${digits}`, day: DAY }],
  ])('reads the time %s', (text, expected) => {
    expect(parseTime(text)).toEqual(expected);
  });

  test.each([
    '',
    '24:00',
    '10:60',
    '10:00Z',
    '10:00+01:00',
    '10:00:00.5',
    '2026-02-30',
    '2026-02-30T10:00Z',
    `${DAY}T`,
    `${DAY}T10:00:00.${digits}1Z`,
    `${DAY}T10:00+24:00`,
    `x${DAY}`,
    `${DAY}x`,
  ])('does not read %j as a time', (text) => {
    expect(parseTime(text)).toBeNull();
  });
});

test.each([
  [DAY, DAY],
  [`${DAY}T23:00-05:00`, DAY],
  ['31.12.2026', DAY],
  ['31.13.2026', null],
  ['on 31.12.2026', null],
  ['10:00', null],
])('finds in %j the day %j', (text, day) => {
  expect(dayOf(text)).toBe(day);
});

test.each([
  [DAY, `${DAY}T10:00Z`, true],
  [`${DAY}T10:00Z`, `${DAY}T11:00+01:00`, true],
  [`${DAY}T10:00:00.5Z`, `${DAY}T10:00:00.50Z`, true],
  [`${DAY}T10:00:00.5Z`, `${DAY}T10:00:00.6Z`, false],
  [`${DAY}T10:00Z`, `${DAY}T11:00Z`, false],
  [`${DAY}T10:00`, `${DAY}T10:00:00`, false],
  [DAY, '2027-01-01', false],
  [DAY, 'abcd-efgh', false],
  [DAY, 'rejected', false],
])('finds whether the equality of %s and %s is unclear, in both orders: %p', (a, b, expected) => {
  expect([isEqualityUnclear(a, b), isEqualityUnclear(b, a)]).toEqual([expected, expected]);
});

describe('orderTexts', () => {
  const nodeOf = (source: string) => new Environment().parse(source).ast;
  const order = (a: string, b: string, sources: readonly string[] = []) => orderTexts(a, b, { op: '<', nodes: sources.map(nodeOf) });

  test.each([
    ['2026-12-30', DAY],
    ['09:30', '10:00'],
    [`${DAY}T10:00+02:00`, `${DAY}T09:00Z`],
    [`${DAY}T10:00Z`, `${DAY}T10:00:00.1Z`],
    [`${DAY}T10:00:00.25Z`, `${DAY}T10:00:00.5Z`],
  ])('orders %s before %s', (a, b) => {
    expect([Math.sign(order(a, b)), Math.sign(order(b, a))]).toEqual([-1, 1]);
  });

  test.each([
    [DAY, DAY],
    [`${DAY}T10:00Z`, `${DAY}T11:00:00.0+01:00`],
  ])('finds no order of %s and %s', (a, b) => {
    expect(order(a, b)).toBe(0);
  });

  test.each([
    [DAY, `${DAY}T10:00Z`, ['outputs.a', 'outputs.b'], 'write outputs.a < day(outputs.b)'],
    ['31.12.2026', DAY, ['outputs.a', 'outputs.b'], 'write day(outputs.a) < outputs.b'],
    [DAY, 'x', ['outputs.a', 'outputs.b'], 'a day is written 2026-12-31, a time 2026-12-31T10:00:00Z'],
    ['x', '10:00', ['outputs.a', 'outputs.b'], 'a day is written 2026-12-31, a time 2026-12-31T10:00:00Z'],
    ['9', '10', ['"9"', 'outputs.b'], expect.stringMatching(/^order a number in a text by int\(outputs\.b\) or /)],
    ['9', '10', ['outputs.a', '"10"'], expect.stringMatching(/^order a number in a text by int\(outputs\.a\) or /)],
  ])('refuses to order %s and %s', (a, b, sources, hint) => {
    expect(() => order(a, b, sources)).toThrow(ConditionError);
    expect(() => order(a, b, sources)).toThrow(expect.objectContaining({ hint }));
  });
});
