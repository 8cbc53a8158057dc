/** Reads and compares texts that are days or times. Pure. */
import { isDay } from '../text/format.ts';
import { ConditionError, sourceOf, type Call } from './values.ts';

const WHEN =
  /^(?:(?<day>\d{4}-\d\d-\d\d)(?:(?<divider>[T ])(?=\d)|$))?(?:(?<clock>(?:[01]\d|2[0-3]):[0-5]\d)(?:(?<seconds>:[0-5]\d)(?<fraction>\.\d{1,30})?)?(?<zone>Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?)?$/;

/**
 * Reads a day, a time or both; null: the text is neither. Two of the same `form` are ordered by `moment` (ms), then by `rest` as
 * texts.
 */
export function parseTime(text: string) {
  const { day, clock, seconds = ':00', fraction = '', zone } = WHEN.exec(text)?.groups ?? {};
  if (day === undefined ? !clock || zone !== undefined || fraction !== '' : !isDay(day)) return null;
  if (zone === undefined) return { form: text.replaceAll(/\d/g, '0'), moment: 0, rest: text, day };
  const moment = Date.parse(`${day ?? ''}T${clock ?? ''}${seconds}${zone}`);
  return { form: 'moment', moment, rest: fraction.replace(/\.?0*$/, ''), day };
}

/** Day, month, year. With slashes the month could be either of the first two. */
const DOTTED_DAY = /^(\d\d)\.(\d\d)\.(\d{4})$/;

/** Returns the day `YYYY-MM-DD` of an ISO day or time, or of `DD.MM.YYYY`; null: there is none. */
export function dayOf(text: string): string | null {
  const iso = text.replace(DOTTED_DAY, '$3-$2-$1');
  return parseTime(iso)?.day ?? null;
}

/**
 * Do two different texts name days or times whose equality their letters do not decide? A day and a time always differ in
 * letters, and one moment is written differently in each time zone.
 */
export function isEqualityUnclear(a: string, b: string): boolean {
  // Most texts are not days; this check is much faster than the regular expression.
  if (a[4] !== '-' || b[4] !== '-') return false;
  const left = parseTime(a);
  const right = parseTime(b);
  if (!left?.day || !right?.day) return false;
  if ((left.day === a) !== (right.day === b)) return true;
  return left.form === 'moment' && left.moment === right.moment && left.rest === right.rest;
}

/**
 * Compares two texts whose order is meaningful: negative, 0 or positive. CEL compares letter by letter, so "10" is less than "9",
 * "critical" less than "high", and "31.12.2025" more than every date of 2026.
 * @throws ConditionError that does not quote the texts, which are untrusted
 */
export function orderTexts(a: string, b: string, call: Call): number {
  const left = parseTime(a);
  const right = parseTime(b);
  if (left?.form === undefined || left.form !== right?.form)
    throw new ConditionError(
      `${call.nodes.map((one) => sourceOf(one)).join(' and ')} are texts, and "${call.op}" orders two texts only if both are days or times in the same form`,
      hintForOrder([a, b], call),
    );
  if (left.moment !== right.moment) return left.moment - right.moment;
  return left.rest < right.rest ? -1 : left.rest > right.rest ? 1 : 0;
}

/** Returns what to write to compare two texts that have no order. */
function hintForOrder(texts: readonly string[], { op, nodes }: Call): string {
  const days = texts.map(dayOf);
  const names = nodes.map((one) => sourceOf(one));
  if (!days.includes(null))
    return `write ${names.map((name, at) => (days[at] === texts[at] ? name : `day(${name})`)).join(` ${op} `)}`;
  if (texts.some((text) => parseTime(text) !== null))
    return 'a day is written 2026-12-31, a time 2026-12-31T10:00:00Z';
  const named = names.find((_, at) => nodes[at]?.op !== 'value') ?? '';
  return `order a number in a text by int(${named}) or double(${named}), a severity by a map, {"low": 1, "high": 3}[${named}] >= 3`;
}
