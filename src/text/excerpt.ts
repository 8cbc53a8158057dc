/** The beginning of what is too long to be kept. */
import { isJsonObject, type JsonValue } from '../json.ts';
import { cut } from './escape.ts';

/** At most so long, with the sign of a cut. A slice of a text keeps the whole of it in memory, a copy does not. */
export function shortText(text: string, most: number): string {
  return text.length <= most ? text : (JSON.parse(JSON.stringify(cut(text, most))) as string);
}

const EXCERPT = { characters: 32 * 1024, text: 4_000, keys: 40 } as const;

/** What is small as it is; else of an object its first texts and short values, of a text the beginning, of a list nothing. */
export function excerptOf(value: JsonValue): JsonValue | undefined {
  if (typeof value === 'string') return shortText(value, EXCERPT.characters);
  if (JSON.stringify(value).length <= EXCERPT.characters) return value;
  if (!isJsonObject(value)) return undefined;
  let left: number = EXCERPT.characters;
  const fields: [string, JsonValue][] = [];
  for (const [name, field] of Object.entries(value).slice(0, EXCERPT.keys)) {
    const shown = typeof field === 'string' ? shortText(field, EXCERPT.text) : field;
    const length = name.length + JSON.stringify(shown).length;
    if (length > left) continue;
    left -= length;
    fields.push([name, shown]);
  }
  return Object.fromEntries(fields);
}
