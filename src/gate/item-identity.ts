/** Identity of items: two items are the same if the fields in `known_by` are equal as text. Pure. */
import { createHash } from 'node:crypto';
import { canonicalJson } from '../intent.ts';
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { isBlank } from '../text/format.ts';
import type { Condition } from './condition.ts';

/** Returns the first 72 bits of the text's SHA-256: 12 characters of base64, no padding. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 9).toString('base64');
}

/** Placeholder for an item without a fingerprint; no `digest` has this form. */
export const NO_FINGERPRINT = '-'.repeat(12);

/**
 * Returns an ID for each condition, made of its name and expression; equal conditions are numbered. A changed expression gets a
 * new ID, because items may then disappear although nothing in the documents was fixed.
 */
export function identifyConditions(conditions: readonly Pick<Condition, 'name' | 'expression'>[]): string[] {
  return makeUnique(conditions.map(({ name, expression }) => digest(JSON.stringify({ name, expression }))));
}

/** Makes equal fingerprints different: the second of a kind becomes another digest. null becomes `NO_FINGERPRINT`. */
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
 * Returns a field as text; a list or an object as its whole JSON. null: the field is missing or has nothing in it, since a model
 * writes `""` as often as null.
 */
export function readFieldText(item: JsonValue, field: string): string | null {
  const value = isJsonObject(item) && Object.hasOwn(item, field) ? item[field] : undefined;
  if (value === undefined || isEmptyValue(value)) return null;
  return typeof value === 'string' ? value : canonicalJson(value);
}

/** True of null, a text without a visible character, and an empty list or object. */
function isEmptyValue(value: JsonValue): boolean {
  if (typeof value === 'string') return isBlank(value);
  if (isList(value)) return value.length === 0;
  return value === null || (isJsonObject(value) && Object.keys(value).length === 0);
}

/** Returns a text that is the same for two items if all these fields are equal as text; null: a field is empty. */
export function joinFieldTexts(item: JsonValue, fields: readonly string[]): string | null {
  const texts = fields.map((field) => readFieldText(item, field));
  return texts.includes(null) ? null : JSON.stringify(texts);
}

/** Fingerprints by the list of fields and the item: a cache, since one item may match many conditions. */
export type Fingerprints = Map<string, Map<JsonValue, string | null>>;

/**
 * Returns a fingerprint for each item, equal only for items that count as the same: by these fields, or by the whole value where
 * an item is not an object.
 * @param seen cache; grows
 * @returns null for an item that is empty, or that has one of the fields empty; null for all without fields
 */
export function fingerprintItems(
  items: readonly JsonValue[],
  fields: readonly string[],
  seen: Fingerprints = new Map(),
) {
  if (fields.length === 0) return items.map(() => null);
  const which = JSON.stringify(fields);
  const known = seen.get(which) ?? new Map<JsonValue, string | null>();
  seen.set(which, known);
  return items.map((item) => {
    if (!isJsonObject(item)) return isEmptyValue(item) ? null : digest(`=${canonicalJson(item)}`);
    let print = known.get(item);
    if (print === undefined) {
      const text = joinFieldTexts(item, fields);
      print = text === null ? null : digest(text);
      known.set(item, print);
    }
    return print;
  });
}
