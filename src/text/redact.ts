/** Replaces secrets by `***` in every untrusted text, before other code sees it. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';

/** Any API key of Alloovium, also of another step. Bounded, because millions of letters overflow the engine's stack. */
const KEY_SHAPE = 'ak_(?:live|test)_\\w{16,200}';

/**
 * Returns a function that replaces by `***` everything in the shape of an API key, and every secret: plain, as `JSON.stringify` and
 * `encodeURIComponent` write it, and in base64, also within a longer encoded text.
 * @param secrets each long enough that replacing it garbles no ordinary words
 */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .flatMap(listSpellings)
    // The longest first, so that a secret which is the start of another does not leave the other's rest.
    .sort((one, other) => other.length - one.length)
    .map((spelling) => spelling.replace(/\W/g, '\\$&'));
  const pattern = new RegExp([...spellings, KEY_SHAPE].join('|'), 'g');
  return (text) => text.replace(pattern, '***');
}

/** Returns the forms in which a secret may appear. */
function listSpellings(secret: string): string[] {
  const plain = [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret.toWellFormed())];
  return [...plain, ...[0, 1, 2].map((offset) => encodeAtOffset(offset, secret))];
}

/**
 * Returns the base64 characters that consist only of the secret's bits, and so do not depend on the text around it.
 * @param offset of the secret, in bytes modulo 3
 */
function encodeAtOffset(offset: number, secret: string): string {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const start = Math.ceil((offset * 8) / 6);
  return bytes.toString('base64').slice(start, Math.floor((bytes.length * 8) / 6));
}

/** Redacts every string, key and number. Returns a value without secrets unchanged, so that large ones are not copied. */
export function redactJson(value: JsonValue, redact: (text: string) => string): JsonValue {
  if (isList(value)) {
    const copy = value.map((item) => redactJson(item, redact));
    return copy.some((item, at) => item !== value[at]) ? copy : value;
  }
  if (isJsonObject(value)) {
    const copy = Object.entries(value).map(([key, item]) => [redact(key), redactJson(item, redact)] as const);
    const isSame = copy.every(([key, item]) => Object.hasOwn(value, key) && item === value[key]);
    // fromEntries defines `__proto__` as a key like any other.
    return isSame ? value : Object.fromEntries(copy);
  }
  const source = typeof value === 'string' ? value : JSON.stringify(value);
  const redacted = redact(source);
  return redacted === source ? value : redacted;
}
