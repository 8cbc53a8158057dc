/** Secrets are replaced by `***` in every text that is not ours, before anything else sees it. */
import { isExactNumber, isList, type JsonValue } from '../json.ts';

/** Shorter ones are no secrets, and would blank out ordinary words. */
const SHORTEST_SECRET = 8;

/** Any API key, ours or another's. */
const KEY_SHAPE = 'ak_(?:live|test)_\\w{16,}';

/** Between any two characters of a spelling. Bounded, so that time stays linear. */
const LINE_END = '[\\r\\n]{0,2}';

/**
 * Replaces by `***` every API key by its shape, and every secret of at least 8 characters: as it is, as `JSON.stringify` and
 * `encodeURIComponent` write it, in base64 and base64url (within a longer text too), each also where line ends break it.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const spellings = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => spellingsOf(secret))
    // A secret that is the beginning of another must not leave the rest of it behind.
    .sort((one, other) => other.length - one.length);
  const pattern = new RegExp([...new Set(spellings.map(patternOf)), KEY_SHAPE].join('|'), 'g');
  return (text) => (text.length < SHORTEST_SECRET ? text : text.replace(pattern, '***'));
}

function spellingsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const percent = encodeURIComponent(secret.toWellFormed());
  const lowerPercent = percent.replace(/%../g, (escape) => escape.toLowerCase());
  const base64 = [0, 1, 2].flatMap((offset) => base64At(offset, secret));
  return [secret, json, percent, lowerPercent, ...base64];
}

/** The characters that are the same whatever stands around the secret: those made of its bits alone. */
function base64At(offset: number, secret: string): string[] {
  const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(secret)]);
  const start = Math.ceil((offset * 8) / 6);
  const end = Math.floor((bytes.length * 8) / 6);
  return [bytes.toString('base64').slice(start, end), bytes.toString('base64url').slice(start, end)];
}

function patternOf(spelling: string): string {
  const characters = Array.from(spelling, literal);
  // Where the secret has line ends itself, more of them between could be read in many ways.
  return characters.join(/[\r\n]/.test(spelling) ? '' : LINE_END);
}

function literal(character: string): string {
  return character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * The value with every string, key and number redacted. Of keys that become the same the later get `_2`, `_3`, …
 * What holds no secret is returned as it is.
 */
export function redactJson(value: JsonValue, redact: (text: string) => string): JsonValue {
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || isExactNumber(value)) {
    const source = typeof value === 'string' ? value : JSON.stringify(value);
    const redacted = redact(source);
    return redacted === source ? value : redacted;
  }
  if (isList(value)) {
    const copy = value.map((item) => redactJson(item, redact));
    return copy.some((item, at) => item !== value[at]) ? copy : value;
  }
  const keys = Object.keys(value);
  // Mostly there is nothing to redact: no copy is made of what may be 200,000 values.
  let copy: [string, JsonValue][] | null = null;
  for (const [at, key] of keys.entries()) {
    const item = value[key] ?? null;
    const name = redact(key);
    const redacted = redactJson(item, redact);
    if (name !== key || redacted !== item) copy ??= keys.slice(0, at).map((one) => [one, value[one] ?? null]);
    copy?.push([name, redacted]);
  }
  if (copy === null) return value;
  const lastSuffix = new Map<string, number>();
  // fromEntries defines `__proto__` as a key like any other.
  return Object.fromEntries(copy.map(([name, item]) => [freeName(name, lastSuffix), item]));
}

/**
 * The name, or with `_2`, `_3`, … behind it where it is taken, at most so long. Each remembers its last suffix, so that many alike
 * take linear time.
 * @param key what is the same for names that are taken for one
 */
export function freeName(
  name: string,
  lastSuffix: Map<string, number>,
  most = Infinity,
  key = (text: string) => text,
): string {
  let suffix = lastSuffix.get(key(name));
  let free = name;
  if (suffix !== undefined) {
    do {
      const end = `_${++suffix}`;
      free = name.slice(0, most - end.length) + end;
    } while (lastSuffix.has(key(free)));
    lastSuffix.set(key(name), suffix);
  }
  lastSuffix.set(key(free), 1);
  return free;
}
