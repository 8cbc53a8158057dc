/** Replaces secrets by `***` in every untrusted text, before other code sees it. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';

/** A shorter text is not treated as a secret, because replacing it would garble ordinary words. */
const MIN_SECRET_LENGTH = 8;

/** Any API key of Alloovium, also of another step. */
const KEY_SHAPE = 'ak_(?:live|test)_\\w{16,}';

/** Allowed between any two characters of a secret. Bounded, so that matching stays linear. */
const LINE_END = '[\\r\\n]{0,2}';

/**
 * Returns a function that replaces by `***` everything in the shape of an API key, and every secret of at least 8 characters: plain,
 * as `JSON.stringify` and `encodeURIComponent` write it, in base64 and base64url (also within a longer encoded text), each also
 * with line ends in it.
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .filter((secret) => secret.length >= MIN_SECRET_LENGTH)
    .flatMap(listSpellings)
    // The longest first, so that a secret which is the start of another does not leave the other's rest.
    .sort((one, other) => other.length - one.length);
  const pattern = new RegExp([...new Set(spellings.map(toPattern)), KEY_SHAPE].join('|'), 'g');
  return (text) => (text.length < MIN_SECRET_LENGTH ? text : text.replace(pattern, '***'));
}

/** Returns the forms in which a secret may appear. */
function listSpellings(secret: string): string[] {
  const percent = encodeURIComponent(secret.toWellFormed());
  const lowerPercent = percent.replace(/%../g, (escape) => escape.toLowerCase());
  const base64 = [0, 1, 2].flatMap((offset) => encodeAtOffset(offset, secret));
  return [secret, JSON.stringify(secret).slice(1, -1), percent, lowerPercent, ...base64];
}

/**
 * Returns the base64 characters that consist only of the secret's bits, and so do not depend on the text around it.
 * @param offset of the secret, in bytes modulo 3
 */
function encodeAtOffset(offset: number, secret: string): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const start = Math.ceil((offset * 8) / 6);
  const end = Math.floor((bytes.length * 8) / 6);
  return [bytes.toString('base64').slice(start, end), bytes.toString('base64url').slice(start, end)];
}

/** Returns a pattern for the spelling, with line ends allowed between its characters. */
function toPattern(spelling: string): string {
  const characters = Array.from(spelling, (character) =>
    character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`),
  );
  // If the secret itself has line ends, optional ones between them would make matching ambiguous.
  return characters.join(/[\r\n]/.test(spelling) ? '' : LINE_END);
}

/** Redacts every string, key and number. Keys that become equal get `_2`, `_3`, … Returns a value without secrets unchanged. */
export function redactJson(value: JsonValue, redact: (text: string) => string): JsonValue {
  if (isList(value)) {
    const copy = value.map((item) => redactJson(item, redact));
    return copy.some((item, at) => item !== value[at]) ? copy : value;
  }
  if (isJsonObject(value)) {
    const copy = Object.entries(value).map(([key, item]) => [redact(key), redactJson(item, redact)] as const);
    if (copy.every(([name, item]) => Object.hasOwn(value, name) && item === value[name])) return value;
    const lastSuffix = new Map<string, number>();
    // fromEntries defines `__proto__` as a key like any other.
    return Object.fromEntries(copy.map(([name, item]) => [makeNameUnique(name, lastSuffix), item]));
  }
  const source = typeof value === 'string' ? value : JSON.stringify(value);
  const redacted = redact(source);
  return redacted === source ? value : redacted;
}

/**
 * Returns the name, with `_2`, `_3`, … appended if it is in use, shortened to `maxLength`.
 * @param lastSuffix the last suffix of each name in use, so that many equal names take linear time; it is updated
 * @param normalise names with the same result count as equal
 */
export function makeNameUnique(
  name: string,
  lastSuffix: Map<string, number>,
  maxLength = Infinity,
  normalise = (text: string) => text,
): string {
  let suffix = lastSuffix.get(normalise(name));
  let free = name;
  if (suffix !== undefined) {
    do {
      const end = `_${++suffix}`;
      free = name.slice(0, maxLength - end.length) + end;
    } while (lastSuffix.has(normalise(free)));
    lastSuffix.set(normalise(name), suffix);
  }
  lastSuffix.set(normalise(free), 1);
  return free;
}
