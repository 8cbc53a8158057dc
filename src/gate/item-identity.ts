/** Which item of a list is the same as another: by the fields that are named, as text. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../intent.ts';
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { isBlank } from '../text/format.ts';
import type { Condition } from './condition.ts';

/** 72 bits: 12 characters, no padding. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 9).toString('base64');
}

/** Placeholder for an item without identity; no `digest` has this form. */
export const NO_FINGERPRINT = '-'.repeat(12);

/**
 * The identity of each condition: its name and expression, and for equal ones their order. With another expression, items may
 * disappear although nothing in the documents was fixed.
 */
export function idsOf(conditions: readonly Pick<Condition, 'name' | 'expression'>[]): string[] {
  return makeUnique(conditions.map(({ name, expression }) => digest(JSON.stringify({ name, expression }))));
}

/** The same prints, but the second of a kind has another than the first, and null is `NO_PRINT`. */
export function makeUnique(prints: readonly (string | null)[]): string[] {
  const seen = new Map<string, number>();
  return prints.map((print) => {
    if (print === null) return NO_FINGERPRINT;
    const nth = seen.get(print) ?? 0;
    seen.set(print, nth + 1);
    return nth === 0 ? print : digest(`${print}${nth}`);
  });
}

/**
 * A field as text; null: there is none, or nothing is in it, since a model writes `""` as often as null. A list or an object counts
 * whole.
 */
export function fieldText(item: JsonValue, field: string): string | null {
  const value = isJsonObject(item) && Object.hasOwn(item, field) ? item[field] : undefined;
  if (value === undefined || isNothing(value)) return null;
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** null, a text without a character that is seen, an empty list or object. */
function isNothing(value: JsonValue): boolean {
  if (typeof value === 'string') return isBlank(value);
  if (isList(value)) return value.length === 0;
  return value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

/** The same for two items whose fields are equal as text; null: nothing is in one of them. */
export function textOfFields(item: JsonValue, fields: readonly string[]): string | null {
  const texts = fields.map((field) => fieldText(item, field));
  return texts.includes(null) ? null : JSON.stringify(texts);
}

/** Items that match many conditions are read once. */
export type Fingerprints = Map<string, Map<JsonValue, string | null>>;

/** Of each item what is the same for the same items alone; null: nothing is in it or in one of the fields. What is no object is the same where it is equal. */
export function fingerprints(
  items: readonly JsonValue[],
  fields: readonly string[],
  seen: Fingerprints = new Map(),
) {
  if (fields.length === 0) return items.map(() => null);
  const which = JSON.stringify(fields);
  const known = seen.get(which) ?? new Map<JsonValue, string | null>();
  seen.set(which, known);
  return items.map((item) => {
    if (!isJsonObject(item)) return isNothing(item) ? null : digest(`=${canonicalJson(item)}`);
    let print = known.get(item);
    if (print === undefined) {
      const text = textOfFields(item, fields);
      print = text === null ? null : digest(text);
      known.set(item, print);
    }
    return print;
  });
}
