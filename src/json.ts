/**
 * Parses untrusted JSON. Limits are checked before parsing. Numbers that JavaScript would print differently (`2^53 + 1`, `1.0`,
 * `1e999`, `-0`) keep their source text, so that outputs and files show what the workflow wrote.
 */

/** A number that JavaScript would print differently; `JSON.stringify` prints its source text. */
export interface ExactNumber {
  readonly rawJSON: string;
}

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export type JsonValue = null | boolean | number | string | ExactNumber | readonly JsonValue[] | JsonObject;

/** Missing in TypeScript's library: ES2026, "JSON.parse source text access", in Node since 21. */
const json = JSON as unknown as {
  rawJSON(source: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
  parse(
    text: string,
    reviver: (key: string, value: JsonValue, context: { source?: string }) => JsonValue,
  ): JsonValue;
};

export interface Limits {
  readonly bytes: number;
  readonly depth: number;
  readonly values: number;
}

export const JSON_LIMITS = { bytes: 8 * 1024 * 1024, depth: 64, values: 200_000 } as const satisfies Limits;

/** The text is not JSON, not UTF-8, over a limit, or an object has a key twice. The message never quotes the text. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly isOverLimit: boolean;
  /** The first key that an object has twice; null: another error. */
  readonly repeated: RepeatedKey | null;
  constructor(message: string, isOverLimit: boolean, repeated: RepeatedKey | null = null) {
    super(message);
    this.isOverLimit = isOverLimit;
    this.repeated = repeated;
  }
}

export interface RepeatedKey {
  /** Untrusted. */
  readonly key: string;
  /** Nesting depth of the object; 1: the outermost. */
  readonly depth: number;
}

/** Is it a number that kept its source text? */
export function isExactNumber(value: unknown): value is ExactNumber {
  return json.isRawJSON(value);
}

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/** Parses UTF-8 bytes; skips a BOM. @throws JsonError, also if an object has a key twice, since it is unclear which is meant */
export function parseJson(bytes: Uint8Array): JsonValue {
  const { areNumbersPlain, keys } = checkLimits(bytes, JSON_LIMITS);
  let text: string;
  let value: JsonValue;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // V8 copies every value for the reviver, which costs tens of MB, so it is used only where a number needs it.
    value = areNumbersPlain
      ? (JSON.parse(text) as JsonValue)
      : json.parse(text, (_key, value, { source }) =>
          typeof value === 'number' && source !== undefined && String(value) !== source
            ? json.rawJSON(source)
            : value,
        );
  } catch (error) {
    // V8's message quotes the text, which may hold anything.
    throw new JsonError(`the text is not valid ${error instanceof SyntaxError ? 'JSON' : 'UTF-8'}`, false);
  }
  if (countKeys(value) < keys) throw new JsonError('the text has a key twice', false, findRepeatedKey(text));
  return value;
}

/** Counts the keys at all depths. */
function countKeys(value: JsonValue): number {
  if (isList(value)) return value.reduce<number>((sum, item) => sum + countKeys(item), 0);
  if (!isJsonObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + countKeys(item), 0);
}

/** Finds the first key that its object has twice; the text must be valid JSON. */
function findRepeatedKey(text: string): RepeatedKey | null {
  const objects: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '{') objects.push(new Set());
    if (text[at] === '}') objects.pop();
    if (text[at] !== '"') continue;
    const start = at++;
    while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
    const keys = objects.at(-1);
    BEFORE_VALUE.lastIndex = at + 1;
    if (keys === undefined || !BEFORE_VALUE.test(text)) continue;
    const key = JSON.parse(text.slice(start, at + 1)) as string;
    if (keys.has(key)) return { key, depth: objects.length };
    keys.add(key);
  }
  return null;
}

const BEFORE_VALUE = /\s*:/y;

/**
 * Checks the limits in one linear pass before `JSON.parse`, which recurses and allocates without bound: 8 MiB of `{},{},…` take
 * over 400 MB.
 * @returns whether JavaScript prints every number as written, and the number of keys at all depths
 * @throws JsonError if a limit is exceeded
 */
export function checkLimits(
  bytes: Uint8Array,
  caps: Limits,
): { readonly areNumbersPlain: boolean; readonly keys: number } {
  if (bytes.length > caps.bytes) throw new JsonError(`the text is over ${caps.bytes / 2 ** 20} MiB`, true);
  const QUOTE = 0x22;
  const BACKSLASH = 0x5c;
  const COMMA = 0x2c;
  const COLON = 0x3a;
  let depth = 0;
  let values = 1;
  let keys = 0;
  /** An array or object has begun and has no value yet. */
  let isEmptySoFar = false;
  let areNumbersPlain = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const closes = byte === 0x7d || byte === 0x5d;
    // The first byte above a blank starts the first value, or closes an empty array or object.
    if (isEmptySoFar && byte > 0x20) {
      isEmptySoFar = false;
      if (!closes) values++;
    }
    if (byte === QUOTE) {
      at++;
      while (at < bytes.length && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1;
    } else if (closes) depth--;
    else if (byte === COMMA) values++;
    else if (byte === COLON) keys++;
    else if (byte === 0x7b || byte === 0x5b) {
      depth++;
      isEmptySoFar = true;
      if (depth > caps.depth) throw new JsonError(`the text is nested more than ${caps.depth} deep`, true);
    } else if (areNumbersPlain && isDigitOrMinus(byte)) {
      let source = String.fromCharCode(byte);
      // JavaScript prints no number in more than 25 characters.
      while (isInNumber(bytes[at + 1]) && source.length < 26) source += String.fromCharCode(bytes[++at] ?? 0);
      areNumbersPlain = String(Number(source)) === source;
    }
    if (values > caps.values)
      throw new JsonError(`the text has more than ${caps.values / 1_000},000 values`, true);
  }
  return { areNumbersPlain, keys };
}

function isDigitOrMinus(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2d;
}

/** Is it a digit, minus, point, exponent or plus? */
function isInNumber(byte = 0): boolean {
  return isDigitOrMinus(byte) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b;
}

// Checks for stored data that is read back from a file or a comment: the value has the expected type, or an error is thrown.

type MaybeValue = JsonValue | undefined;

/** An ID that is safe in paths, outputs and logs. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

/** @throws Error stored data is damaged */
export function throwDamaged(): never {
  throw new Error('damaged');
}

export const asText = (value: MaybeValue, pattern = /^/): string =>
  typeof value === 'string' && pattern.test(value) ? value : throwDamaged();
export const asList = (value: MaybeValue = null) => (isList(value) ? value : throwDamaged());
export const asObject = (value: MaybeValue) => (isJsonObject(value) ? value : throwDamaged());
/** Returns the whole number from 0. @throws Error it is none */
export const asCount = (value: MaybeValue): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : throwDamaged();
