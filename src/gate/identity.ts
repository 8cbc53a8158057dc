/** What makes two findings the same: the texts of the fields of `known_by`, under one condition of one entry. Pure. */
import { hash } from 'node:crypto';
import { canonicalJson, isJsonObject, isList, type JsonValue } from '../json.ts';
import { isBlank } from '../text/format.ts';
import type { Condition } from './condition.ts';

/** Fields by the name of a condition; under null those of all conditions without a line of their own. Parsed by the inputs. */
export type FieldLists = ReadonlyMap<string | null, readonly string[]>;

/** Returns the fields for the condition; empty: it has none. */
export function fieldsFor(lists: FieldLists, { name }: Pick<Condition, 'name'>): readonly string[] {
  return lists.get(name) ?? lists.get(null) ?? [];
}

/** Returns the first 72 bits of a SHA-256: 12 characters of base64. */
function digestOf(value: JsonValue): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 12);
}

/**
 * Returns what the findings of a condition have in common. Without a name the expression counts: where it changes, findings may
 * disappear although nothing in the documents was repaired.
 */
export function digestScope(
  entry: string,
  { name, expression }: Pick<Condition, 'name' | 'expression'>,
  fields: readonly string[],
): string {
  return digestOf([entry, name, name === null ? expression : '', fields]);
}

/** Returns a digest that is equal for the same findings only; empty: a field is empty, so the item is not the same as any. */
export function digestItem(scope: string, item: JsonValue, fields: readonly string[]): string {
  const texts = fields.map((field) => readFieldText(item, field));
  return texts.includes(null) ? '' : digestOf([scope, texts]);
}

/** Returns a field as text; null: it is missing or has nothing in it, since a model writes `""` as often as null. */
export function readFieldText(item: JsonValue, field: string): string | null {
  return isJsonObject(item) && Object.hasOwn(item, field) ? formatText(item[field] ?? null) : null;
}

/** Returns a list or an object as its whole JSON; null: the value has nothing in it. */
function formatText(value: JsonValue): string | null {
  if (typeof value === 'string') return isBlank(value) ? null : value;
  const isEmpty = isList(value) || isJsonObject(value) ? Object.keys(value).length === 0 : value === null;
  return isEmpty ? null : canonicalJson(value);
}
