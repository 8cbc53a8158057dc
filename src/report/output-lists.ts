/** The lists of a run's outputs with their fields, and the values of short fields with their counts. Untrusted. Pure. */
import { isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';

const MAX_FIELDS = 12;
const MAX_VALUES = 6;
const MAX_VALUE_LENGTH = 32;

export interface Field {
  readonly key: string;
  /** In the order of the run; empty where they are long or many, or each is there once, as a name or an ID is. */
  readonly values: readonly (readonly [value: string, count: number])[];
}

export interface ListOfObjects {
  readonly name: string;
  readonly count: number;
  readonly fields: readonly Field[];
}

export function listsOfObjects(
  outputs: Iterable<readonly [string, JsonValue, ...unknown[]]>,
): ListOfObjects[] {
  return [...outputs].flatMap(([name, rows]) => {
    if (!isList(rows) || rows.length === 0 || !rows.every((row) => isJsonObject(row))) return [];
    const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, MAX_FIELDS);
    return [
      { name, count: rows.length, fields: keys.map((key) => ({ key, values: countValues(rows, key) })) },
    ];
  });
}

function countValues(rows: readonly JsonObject[], field: string): Field['values'] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = Object.hasOwn(row, field) ? row[field] : undefined;
    const text = typeof value === 'boolean' ? String(value) : value;
    if (typeof text !== 'string' || text.length > MAX_VALUE_LENGTH) return [];
    counts.set(text, (counts.get(text) ?? 0) + 1);
    if (counts.size > MAX_VALUES) return [];
  }
  return counts.size === rows.length && rows.length > 1 ? [] : [...counts];
}
