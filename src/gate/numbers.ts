/** Numbers of conditions, which lose no digit. Pure. */
import type { ExactNumber } from '../json.ts';
import { ConditionError, sourceOf, type ASTNode } from './values.ts';

/** The number that JavaScript has for it. @throws ConditionError beyond 2^53, and where a digit of its source text would be lost */
export function numberOf(value: number | ExactNumber, node: ASTNode | undefined, where = ''): number {
  const source = typeof value === 'number' ? '' : value.rawJSON;
  const number = typeof value === 'number' ? value : Number(source);
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER)
    throw new ConditionError(
      `${where}${sourceOf(node)} is a number beyond 2^53, and those are not told apart`,
      'let the workflow write an ID as a text',
    );
  if (losesDigits(source, number))
    throw new ConditionError(
      `${where}${sourceOf(node)} is a number that cannot be compared without losing digits`,
      'let the workflow round it',
    );
  return number;
}

/** So many digits each number keeps. */
const EXACT_DIGITS = 15;
/** More than `toPrecision` prints. */
const MAX_PRINTED_DIGITS = 100;

/** The digits of a decimal number without zeros before and after them, and the power of ten behind the first. */
function decimal(source: string): readonly [digits: string, power: number] {
  const [, whole = '', fraction = '', exponent = '0'] = /^-?(\d*)\.?(\d*)(?:[eE](.*))?$/.exec(source) ?? [];
  const all = whole + fraction;
  const zeros = /^0*/.exec(all)?.[0].length ?? 0;
  return [all.slice(zeros).replace(/0+$/, ''), Number(exponent) + whole.length - zeros];
}

/** Does the number, printed with as many digits as its source text has, have other digits? */
export function losesDigits(source: string, number: number): boolean {
  if (source.length <= EXACT_DIGITS && !/[eE]/.test(source)) return false;
  const [digits, power] = decimal(source);
  if (digits === '') return false;
  if (digits.length > MAX_PRINTED_DIGITS) return true;
  const [kept, keptPower] = decimal(number.toPrecision(digits.length));
  return kept !== digits || keptPower !== power;
}

export function readNumber(text: string): number | null {
  const isNumber = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text);
  const number = isNumber ? Number(text) : NaN;
  const isExact =
    Math.abs(number) <= Number.MAX_SAFE_INTEGER && !losesDigits(text.replace(/^\+/, ''), number);
  return isExact ? number : null;
}
