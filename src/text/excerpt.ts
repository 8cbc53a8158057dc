/** Makes excerpts of values that are too long to keep. */
import { isJsonObject, type JsonValue } from '../json.ts';
import { truncate } from './escape.ts';

/** Truncates to `maxLength`, and copies the result, because a slice would keep the whole text in memory. */
export function copyStart(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : (JSON.parse(JSON.stringify(truncate(text, maxLength))) as string);
}

const MAX_EXCERPT = { characters: 32 * 1024, text: 4_000, keys: 40 } as const;

/**
 * Returns a small value unchanged; of a long text its start; of a large object its first short fields and truncated texts; of a
 * large list undefined.
 */
export function excerptOf(value: JsonValue): JsonValue | undefined {
  if (typeof value === 'string') return copyStart(value, MAX_EXCERPT.characters);
  if (JSON.stringify(value).length <= MAX_EXCERPT.characters) return value;
  if (!isJsonObject(value)) return undefined;
  let remaining: number = MAX_EXCERPT.characters;
  const fields: [string, JsonValue][] = [];
  for (const [name, field] of Object.entries(value).slice(0, MAX_EXCERPT.keys)) {
    const shown = typeof field === 'string' ? copyStart(field, MAX_EXCERPT.text) : field;
    const length = name.length + JSON.stringify(shown).length;
    if (length > remaining) continue;
    remaining -= length;
    fields.push([name, shown]);
  }
  return Object.fromEntries(fields);
}
