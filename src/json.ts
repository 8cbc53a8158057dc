/**
 * JSON from strangers: capped before it is parsed, and numbers that JavaScript cannot print back as they
 * were written keep their source text (`2^53 + 1`, `1.0`, `1e999`, `-0`), so that outputs and files show
 * what the workflow wrote.
 */

/** A number whose source text differs from what JavaScript would print; `JSON.stringify` prints the source. */
export interface ExactNumber {
  readonly rawJSON: string;
}

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export type JsonValue = null | boolean | number | string | ExactNumber | readonly JsonValue[] | JsonObject;

/** TypeScript's library does not know these yet (ES2026, "JSON.parse source text access"; Node 21 has them). */
const json = JSON as unknown as {
  rawJSON(source: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
  parse(
    text: string,
    reviver: (key: string, value: JsonValue, context: { source?: string }) => JsonValue,
  ): JsonValue;
};

export interface Caps {
  readonly bytes: number;
  readonly depth: number;
  readonly values: number;
}

export const LIMITS = { bytes: 8 * 1024 * 1024, depth: 64, values: 200_000 } as const satisfies Caps;

/** The text is not JSON, not UTF-8, over a cap, or has a key twice. The message never quotes the text. */
export class JsonError extends Error {
  override readonly name = 'JsonError';
  readonly overCap: boolean;
  /** The key that an object has twice. */
  readonly repeated: RepeatedKey | null;
  constructor(message: string, overCap: boolean, repeated: RepeatedKey | null = null) {
    super(message);
    this.overCap = overCap;
    this.repeated = repeated;
  }
}

export interface RepeatedKey {
  /** Untrusted. */
  readonly key: string;
  /** 1: the outermost object has it. */
  readonly depth: number;
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return json.isRawJSON(value);
}

export function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isExactNumber(value);
}

/** Parses UTF-8 bytes (a BOM is passed over). @throws JsonError also where an object has a key twice: nobody can say which is meant */
export function parseJson(bytes: Uint8Array): JsonValue {
  const { areNumbersPlain, keys } = checkCaps(bytes, LIMITS);
  let text: string;
  let value: JsonValue;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    // The reviver sees every value, for which V8 keeps a copy of all of them: tens of MB.
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
  if (keysIn(value) < keys) throw new JsonError('the text has a key twice', false, repeatedKey(text));
  return value;
}

/** How many keys there are at any depth. */
function keysIn(value: JsonValue): number {
  if (isList(value)) return value.reduce<number>((sum, item) => sum + keysIn(item), 0);
  if (!isJsonObject(value)) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + 1 + keysIn(item), 0);
}

/** The first key that its object has already, in a text that is JSON. */
function repeatedKey(text: string): RepeatedKey | null {
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
 * One linear pass before `JSON.parse`, which would recurse and allocate without bound: 8 MiB of `{},{},…`
 * take over 400 MB. @throws JsonError Says whether JavaScript prints every number as it is written there, and counts the keys.
 */
export function checkCaps(
  bytes: Uint8Array,
  caps: Caps,
): { readonly areNumbersPlain: boolean; readonly keys: number } {
  if (bytes.length > caps.bytes) throw new JsonError(`the text is over ${caps.bytes / 2 ** 20} MiB`, true);
  const [QUOTE, BACKSLASH, COMMA, COLON] = [0x22, 0x5c, 0x2c, 0x3a];
  let depth = 0;
  let values = 1;
  let keys = 0;
  /** An array or object begins, in which there is no value yet. */
  let opened = false;
  let areNumbersPlain = true;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    const closes = byte === 0x7d || byte === 0x5d;
    // Outside of a string all up to a blank is one, or no JSON.
    if (opened && byte > 0x20) {
      opened = false;
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
      opened = true;
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

/** Also a point, an exponent or a plus. */
function isInNumber(byte = 0): boolean {
  return isDigitOrMinus(byte) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b;
}

// What is read back, of a file or a comment: each is of its kind, or an error says that it is damaged.

type MaybeValue = JsonValue | undefined;

/** IDs go into paths, outputs and logs: only what can stand there unharmed is one. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

export function damaged(): never {
  throw new Error('damaged');
}

export const asText = (given: MaybeValue, pattern = /^/): string =>
  typeof given === 'string' && pattern.test(given) ? given : damaged();
export const asList = (given: MaybeValue = null) => (isList(given) ? given : damaged());
export const asObject = (given: MaybeValue) => (isJsonObject(given) ? given : damaged());
