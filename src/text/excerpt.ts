/** Makes excerpts of values that are too long to keep. */
import { isJsonObject, type JsonValue } from '../json.ts';
import { truncate } from './escape.ts';

const MAX_LENGTH = 32 * 1024;
const MAX_FIELD_LENGTH = 800;
const MAX_FIELDS = 40;

/**
 * Returns a small value unchanged; of a long text its start; of a large object its first fields, with truncated texts and without
 * long lists and objects; of a large list undefined.
 */
export function excerptOf(value: JsonValue, maxLength = MAX_LENGTH): JsonValue | undefined {
  // Copied, because a slice would keep the whole text in memory.
  if (typeof value === 'string')
    return value.length > maxLength ? Buffer.from(truncate(value, maxLength)).toString() : value;
  if (JSON.stringify(value).length <= maxLength) return value;
  if (!isJsonObject(value) || maxLength < MAX_LENGTH) return undefined;
  const fields = Object.entries(value).map(
    ([name, field]) => [name, excerptOf(field, MAX_FIELD_LENGTH)] as const,
  );
  return Object.fromEntries(
    fields.filter(([, field]) => field !== undefined).slice(0, MAX_FIELDS),
  ) as JsonValue;
}
