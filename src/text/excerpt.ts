/** Makes excerpts of values that are too long to keep. */
import { isJsonObject, type JsonValue } from '../json.ts';
import { truncate } from './escape.ts';

const MAX_LENGTH = 32 * 1024;
const MAX_FIELD_LENGTH = 800;
const MAX_FIELDS = 40;

/** Returns a short value unchanged; of a larger object excerpts of the first fields, of anything else the start of its text. */
export function excerptOf(value: JsonValue, maxLength = MAX_LENGTH): JsonValue {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= maxLength) return value;
  // Copied, because a slice would keep the whole text in memory.
  if (!isJsonObject(value) || maxLength < MAX_LENGTH)
    return Buffer.from(truncate(text, maxLength)).toString();
  const fields = Object.entries(value).slice(0, MAX_FIELDS);
  return Object.fromEntries(fields.map(([name, field]) => [name, excerptOf(field, MAX_FIELD_LENGTH)]));
}
