/** Recognises whether two reviews have the same inputs. Pure. */
import { canonicalJson } from '../intent.ts';
import { isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { isDay } from '../text/format.ts';
import { digest } from './item-identity.ts';

const DAY = String.raw`(?<day>\d{4}-\d\d-\d\d)`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?`;
const DAY_OR_TIME = new RegExp(`^(?:${DAY}(?:[Tt ]${TIME})?|${TIME})(?:[Zz]|[+-]\\d\\d:?\\d\\d)?$`);

/**
 * Returns a digest of the inputs without values that change with every job: whole texts that are a date, a time or one of `jobValues`.
 * A longer text that contains one is compared unchanged, so `level 2` and `level 3` differ.
 * @param jobValues values of the job: its commits, its full ref, and the ID of its job run
 */
export function digestInputs(inputs: JsonObject, jobValues: readonly string[]): string {
  const compared = (value: JsonValue): JsonValue => {
    if (isList(value)) return value.map(compared);
    if (isJsonObject(value))
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, compared(one)]));
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return jobValues.includes(text) || isDayOrTime(text) ? '\0' : value;
  };
  return digest(canonicalJson(compared(inputs)));
}

/** Is the text a time, or a day that the calendar has? */
function isDayOrTime(text: string): boolean {
  const found = DAY_OR_TIME.exec(text);
  const day = found?.groups?.day;
  return found !== null && (day === undefined || isDay(day));
}
