/** JSON from strangers. Numbers that JavaScript would print differently (`1.0`, `2^53 + 1`) keep their source text. */

/** A number that keeps its source text, which `JSON.stringify` prints. */
interface ExactNumber {
  readonly rawJSON: string;
}

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export type JsonValue = null | boolean | number | string | ExactNumber | readonly JsonValue[] | JsonObject;

/** ES2026, "JSON.parse source text access": in Node 24, not yet in TypeScript's library. */
const json = JSON as unknown as {
  rawJSON(source: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
  parse(
    text: string,
    reviver: (key: string, value: JsonValue, context: { source?: string }) => JsonValue,
  ): JsonValue;
};

export function isExactNumber(value: unknown): value is ExactNumber {
  return json.isRawJSON(value);
}

export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/** Parses JSON. @throws SyntaxError the text is not JSON; the message quotes the text, which may hold anything */
export function parseJson(text: string): JsonValue {
  return json.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source
      ? json.rawJSON(source)
      : value,
  );
}

/** Returns JSON with sorted object keys: integers by value, then the others by UTF-16 code units. */
export function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_key, part: JsonValue) =>
    isJsonObject(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}
