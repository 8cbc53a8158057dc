/** Finds the lists of objects in a run's outputs, with their fields and how often short values occur. Untrusted. Pure. */
import { isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';

const MAX_FIELDS = 12;
const MAX_VALUES = 6;
const MAX_VALUE_LENGTH = 32;

export interface Field {
  readonly key: string;
  /** In the run's order. Empty: the values are long or many, or all different, as names and IDs are. */
  readonly values: readonly (readonly [value: string, count: number])[];
}

export interface ListOfObjects {
  readonly name: string;
  readonly count: number;
  readonly fields: readonly Field[];
}

/** Returns each output that is a list of objects. */
export function findListsOfObjects(
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

/** Counts the values of a field; empty as in `Field`. */
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
