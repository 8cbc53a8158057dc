/** Which numbers are exact, and which texts are numbers. */
import { expect, test } from '@jest/globals';
import { parseJson, type ExactNumber } from '../../src/json.ts';
import { losesDigits, parseNumber, toExactNumber } from '../../src/gate/numbers.ts';

const readNumber = (text: string) => parseJson(Buffer.from(text)) as number | ExactNumber;

test.each([
  ['9007199254740991', 9_007_199_254_740_991],
  ['-9007199254740991', -9_007_199_254_740_991],
  ['1.0', 1],
  ['0.30', 0.3],
])('returns %s as a number of JavaScript', (text, number) => {
  expect(toExactNumber(readNumber(text), undefined)).toBe(number);
});

test.each([
  ['9007199254740992', /beyond 2\^53/],
  ['-9007199254740992', /beyond 2\^53/],
  ['1e999', /beyond 2\^53/],
  ['0.12345678901234567', /without losing digits/],
  ['1e-999', /without losing digits/],
])('refuses the number %s', (text, message) => {
  expect(() => toExactNumber(readNumber(text), undefined)).toThrow(message);
});

/** 2^-n, which is exact, in all its decimal digits. */
const powerOfHalf = (n: number) => `${5n ** BigInt(n)}e-${n}`;

test.each([
  ['123456789012345', false],
  ['9007199254740993', true],
  ['0.30000000000000004', false],
  ['0.30000000000000005', true],
  ['0.00000000000000000', false],
  ['1e-400', true],
  ['of 100 digits', false, powerOfHalf(143)],
  ['of 101 digits', true, powerOfHalf(144)],
])('finds whether the number %s loses digits: %p', (what, expected, source = what) => {
  expect(losesDigits(source, Number(source))).toBe(expected);
});

test.each([
  ['7', 7],
  ['+1.5', 1.5],
  ['-.5', -0.5],
  ['1.', 1],
  ['1e3', 1_000],
  ['9007199254740991', 9_007_199_254_740_991],
  ['-9007199254740991', -9_007_199_254_740_991],
  ['9007199254740992', null],
  ['+0.12345678901234567', null],
  ['', null],
  ['.', null],
  ['x7', null],
  ['7x', null],
  ['1,000', null],
  ['Infinity', null],
  ['0x10', null],
])('reads the text %j as %p', (text, expected) => {
  expect(parseNumber(text)).toBe(expected);
});
