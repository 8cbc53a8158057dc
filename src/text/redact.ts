/** Secrets are replaced by `***` in every text that is not ours, before anything else sees it. */
import { isExactNumber, isList, type JsonValue } from '../json.ts';

/** Shorter ones are no secrets, and would blank out ordinary words. */
const SHORTEST_SECRET = 8;

/**
 * Replaces by `***` every secret of at least 8 characters, also where it is written in base64 (within a longer text too), in hex
 * (its bytes apart too), percent-encoded, escaped for JSON, Markdown or HTML, once or several times over, any character by itself,
 * and where blanks, line breaks, controls or other characters that are not seen stand between them.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const finders = [...new Set(secrets)]
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    // A secret that is part of another must not leave the rest of it behind.
    .sort((one, other) => other.length - one.length)
    .map((secret) => finder(secret));
  return (text) => finders.reduce((rest, hide) => hide(rest), text);
}

/** The first characters of a secret, no run of backslashes cut. */
const BEGINNING = /^(?:\\+(?!\\)|[^\\]){1,4}/u;

function finder(secret: string): (text: string) => string {
  const pattern = (part: string, flags: string) => new RegExp(spellings(part).join('|'), flags);
  // Of a long secret the whole pattern costs 50 ms when it is first used: only where the secret may begin.
  const beginning = pattern(BEGINNING.exec(secret)?.[0] ?? '', '');
  let whole: RegExp | undefined;
  // No spelling is shorter than the secret, and most texts are short.
  return (text) =>
    text.length >= secret.length && beginning.test(text)
      ? text.replace((whole ??= pattern(secret, 'g')), '***')
      : text;
}

/** What is not seen: blanks, controls, bidirectional and zero-width characters, variation selectors, tags. */
const UNSEEN_BETWEEN =
  '\\s\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u115f\\u1160\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff0-\\ufffb';
/** The same as JSON's `\u` writes them, from the `u` on. */
const UNSEEN_CODE =
  'u(?:00(?:[01].|7[fF]|[89].|[aA][dD])|20(?:0[b-fB-F]|2[89a-eA-E]|6.)|11(?:5[fF]|60)|17[bB][45]|180[b-fB-F]|3164|[fF][fF](?:[aA]0|[fF][0-9abAB])|[fF][eE](?:0.|[fF]{2})|[dD][bB]4[0-3]|[dD]8(?:2[fF]|34)|[dD][c-fC-F]..)';
const GAPS = `[${UNSEEN_BETWEEN}]|\\u034f|\\u17b4|\\u17b5|[\\u180b-\\u180f]|[\\ufe00-\\ufe0f]|[\\udb40-\\udb43][\\udc00-\\udfff]|\\ud82f[\\udca0-\\udca3]|\\ud834[\\udd73-\\udd7a]|\\\\{1,4}(?:[rnt]|${UNSEEN_CODE})`;
/** What a text may be wrapped or broken by; of its own characters none may be one, or time would not be linear. */
const GAP = `(?:${GAPS})*`;
/** Between the bytes of hex, as dumps and literals have it. */
const HEX_GAP = `(?:${GAPS}|[:,-]|\\\\{1,4}x|0x)*`;
const GAPLESS = new RegExp(`${GAPS}|\\\\`);

function spellings(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const json = (text: string) => JSON.stringify(text).slice(1, -1);
  // In JSON, and in JSON within JSON.
  const texts = [(text: string) => text, json, (text: string) => json(json(text))].map((itself) => {
    const parts = secret.match(/\\+|[^\\]/gsu) ?? [];
    return parts
      .map((part, at) => {
        const gap = at === 0 || GAPLESS.test(`${parts[at - 1] ?? ''}${part}`) ? '' : GAP;
        return gap + (part.startsWith('\\') ? backslashes(part, itself) : spelling(part, itself(part)));
      })
      .join('');
  });
  const digits = bytes.toString('hex').match(/../g) ?? [];
  const hex = digits.map((pair) => Array.from(pair, eitherCase).join(GAP)).join(HEX_GAP);
  const base64 = [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    // Only characters made of the secret's bits alone are the same whatever stands around it.
    const own = text.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    return `${Array.from(own, base64Character).join(GAP)}[\\w+/-]?={0,2}`;
  });
  return [...new Set([...texts, ...base64, hex])];
}

/**
 * A character as itself (or as `itself` says), escaped for Markdown, percent-encoded, as JSON's `\u` or as an entity of HTML; each of
 * them escaped again, maybe.
 */
function spelling(character: string, itself = character): string {
  const bytes = Buffer.from(character, 'utf8').toString('hex');
  const percent = eitherCase(bytes.replace(/../g, '%(?:25){0,3}$&'));
  const unicode = eitherCase(literal(character)).replaceAll('\\', '\\\\{1,4}');
  const point = character.codePointAt(0) ?? 0;
  const isSign = /[!-/:-@[-`{-~]/.test(character);
  // HTML has many names for a sign: whichever stands in its place.
  const name = isSign ? '|[A-Za-z]{2,18}' : '';
  const entity = `&(?:amp;){0,2}(?:#0{0,5}${point}|#[xX]0{0,5}${eitherCase(point.toString(16))}${name});?`;
  const escaped = isSign && character !== '\\' ? `|\\\\{1,4}${literal(character)}` : '';
  return `(?:${literal(itself)}${escaped}|${percent}|${unicode}|${entity})`;
}

/** A run of them, escaped however often: as one, since a run that could be parted in many ways would take time without end. */
function backslashes({ length }: string, itself: (text: string) => string): string {
  const escaped = `(?<!\\\\)\\\\{${length},${8 * length}}`;
  // What stands before it may end in one, too.
  const last = `\\\\{${length}}(?!\\\\)`;
  // Before so many more there is no end of it: without this, each place in a long run would be tried in every spelling.
  return `(?:${escaped}|${last}|(?!\\\\{${9 * length}})${spelling('\\', itself('\\'))}{${length}})`;
}

function base64Character(character: string): string {
  if (character === '+') return `(?:${spelling('+')}|-)`;
  if (character === '/') return `(?:${spelling('/')}|_)`;
  return literal(character);
}

/** Its units as a pattern. */
function literal(text: string): string {
  return text.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function eitherCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
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
