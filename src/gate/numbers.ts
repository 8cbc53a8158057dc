/** Converts numbers without losing a digit. Pure. */
import type { ExactNumber } from '../json.ts';
import { ConditionError, sourceOf, type ASTNode } from './values.ts';

/**
 * Returns the JavaScript number.
 * @param where words before the node's name in the error
 * @throws ConditionError beyond 2^53, and where a digit of the source text would be lost
 */
export function toExactNumber(value: number | ExactNumber, node: ASTNode | undefined, where = ''): number {
  const source = typeof value === 'number' ? '' : value.rawJSON;
  const number = typeof value === 'number' ? value : Number(source);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER)
    throw new ConditionError(
      `${where}${sourceOf(node)} is a number beyond 2^53, where numbers are not exact`,
      'let the workflow write an ID as a text',
    );
  if (losesDigits(source, number))
    throw new ConditionError(
      `${where}${sourceOf(node)} is a number that cannot be compared without losing digits`,
      'let the workflow round it',
    );
  return number;
}

/** A number with up to this many digits is exact. */
const EXACT_DIGITS = 15;
/** The largest argument of `toPrecision`. */
const MAX_PRINTED_DIGITS = 100;

/** Splits a decimal number into its digits, without zeros at both ends, and the power of ten of the first digit. */
function splitDecimal(source: string): readonly [digits: string, power: number] {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d*)\.?(\d*)(?:[eE](.*))?$/.exec(source) ?? [];
  const all = whole + fraction;
  const zeros = /^0*/.exec(all)?.[0].length ?? 0;
  return [all.slice(zeros).replace(/0+$/, ''), Number(exponent) + whole.length - zeros];
}

/** Does the number, printed with as many digits as its source text, have other digits than that? */
export function losesDigits(source: string, number: number): boolean {
  if (source.length <= EXACT_DIGITS && !/[eE]/.test(source)) return false;
  const [digits, power] = splitDecimal(source);
  if (digits === '') return false;
  if (digits.length > MAX_PRINTED_DIGITS) return true;
  const [kept, keptPower] = splitDecimal(number.toPrecision(digits.length));
  return kept !== digits || keptPower !== power;
}

/** Returns the number that a text contains; null: it is not a number, or not exact. */
export function parseNumber(text: string): number | null {
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
  const number = isNumber ? Number(text) : NaN;
  const isExact =
    Math.abs(number) <= Number.MAX_SAFE_INTEGER && !losesDigits(text.replace(/^\+/, ''), number);
  return isExact ? number : null;
}
