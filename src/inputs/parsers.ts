/** Parsers of one value each: text of the step, or YAML of an entry of `runs`. They throw a Fault that never quotes the value. */
import { Fault } from '../fault.ts';
import type { FieldLists } from '../gate/identity.ts';
import { readWaivers, type Waiver } from '../gate/waivers.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { PLACEHOLDER } from '../text/url-template.ts';

export type Parser<T> = (raw: JsonValue) => T | Promise<T>;

/** Is the value missing, null or blank? */
export function isEmpty(raw: JsonValue | undefined): raw is undefined | null | '' {
  return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

/** Returns the text unchanged: an indent and a line's number depend on blanks at both ends. */
export function parseText(raw: JsonValue): string {
  if (typeof raw !== 'string') throw new Fault('text');
  return raw;
}

export function parseTrimmed(raw: JsonValue): string {
  return parseText(raw).trim();
}

/** @param code of the fault of a text that does not match */
export function parsePattern(pattern: RegExp, code: string): Parser<string> {
  return (raw) => {
    const text = parseTrimmed(raw);
    if (!pattern.test(text)) throw new Fault(code);
    return text;
  };
}

export function parseChoice<const T extends string>(...choices: readonly T[]): Parser<T> {
  return (raw) => {
    const text = parseTrimmed(raw);
    const found = choices.find((choice) => choice === text);
    if (found === undefined) throw new Fault('choice', ...choices);
    return found;
  };
}

/** A boolean as YAML 1.2 and GitHub's toolkit have it. */
export function parseBoolean(raw: JsonValue): boolean {
  const text = parseTrimmed(raw);
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  throw new Fault('choice', 'true', 'false');
}

const MAX_MINUTES = 1_200;

/** @returns milliseconds */
export function parseMinutes(raw: JsonValue): number {
  const text = parseTrimmed(raw);
  const minutes = /^\d{1,8}(?:\.\d{1,8})?$/.test(text) ? Number(text) : 0;
  if (minutes <= 0 || minutes > MAX_MINUTES) throw new Fault('minutes', MAX_MINUTES);
  return minutes * 60_000;
}

export function parsePullRequest(raw: JsonValue): number {
  const text = parseTrimmed(raw);
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Fault('pull_request');
  return Number(text);
}

/** Rejects what was pasted with the key, and GitHub's tokens. */
export function parseApiKey(raw: JsonValue): string {
  const key = parseTrimmed(raw);
  if (/^bearer\s|^["'`]|["'`]$/i.test(key)) throw new Fault('api_key_alone');
  if (/^(?:gh[a-z]_|github_pat_)/.test(key)) throw new Fault('api_key_of_github');
  if (!/^[\x21-\x7e]{8,}$/.test(key)) throw new Fault('api_key_characters');
  return key;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** `https:`, or `http:` to this machine, since the key is sent there. @returns it without a slash at its end */
export function parseApiUrl(raw: JsonValue): string {
  const text = parseTrimmed(raw);
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url === null || !isSafe || url.username + url.password !== '' || /[?#]/.test(text))
    throw new Fault('api_url');
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * A URL whose placeholders are behind the first `/` of its path, so that no value chooses the host, and not behind a `%`, whose
 * escape a value could complete.
 * @param known the allowed placeholders; left out: any field of an item
 */
export function parseUrlTemplate(example: string, known?: readonly string[]): Parser<string> {
  return (raw) => {
    const text = parseTrimmed(raw);
    const plain = text.replace(PLACEHOLDER, 'x');
    const isUrl = /^https:\/\/[\w.-]+(?::\d{1,5})?\//.test(text) && URL.canParse(plain) && text.length <= 500;
    if (!isUrl || /[^\w.~:/?#%&=+,;@!-]/.test(plain) || /%[\dA-F]?\{/i.test(text))
      throw new Fault('url_template', example);
    const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
    if (known && !names.every((name) => known.includes(name))) throw new Fault('placeholders', ...known);
    return text;
  };
}

/** Is the text `none`? */
export function isNone(raw: JsonValue | undefined): boolean {
  return typeof raw === 'string' && raw.trim() === 'none';
}

/** `fail_if` or `warn_if`; `none` becomes empty. */
export function parseConditions(raw: JsonValue): string {
  if (Array.isArray(raw) || (typeof raw === 'string' && /^\s*- /.test(raw)))
    throw new Fault('conditions_list');
  return isNone(raw) ? '' : parseText(raw);
}

/** Lists of fields, one line for all conditions or for one: `condition: field, field`. */
export function parseFieldLists(least: number, most: number): Parser<FieldLists> {
  return (raw) => {
    const lists = new Map<string | null, readonly string[]>();
    for (const line of parseText(raw).split(/[\r\n]+/)) {
      if (line.trim() === '') continue;
      const [, name, list = line] = /^([^,:]*):(.*)$/.exec(line) ?? [];
      const condition = name?.trim() ?? null;
      const fields = list.split(',').map((field) => field.trim());
      const isUsable = fields.length >= least && fields.length <= most && !fields.includes('');
      if (!isUsable) throw new Fault('fields', least, most);
      if (lists.has(condition) || new Set(fields).size < fields.length) throw new Fault('fields_twice');
      lists.set(condition, fields);
    }
    return lists;
  };
}

/** The values of a matrix job as JSON; `null`: it is none. */
export function parseMatrix(raw: JsonValue): JsonObject | null {
  try {
    const values = JSON.parse(parseText(raw)) as JsonValue;
    if (values === null || isJsonObject(values)) return values;
  } catch {
    // As below.
  }
  throw new Fault('mapping');
}

export async function parseMapping(raw: JsonValue): Promise<JsonObject> {
  const value = typeof raw === 'string' ? (await readYaml(raw)).typed : raw;
  if (!isJsonObject(value)) throw new Fault('mapping');
  return value;
}

export async function parseWaivers(raw: JsonValue): Promise<readonly Waiver[]> {
  return readWaivers(typeof raw === 'string' ? (await readYaml(raw)).texts : raw);
}

/** The library is loaded only where YAML is read. */
export async function readYaml(text: string, typedKey: string | null = null) {
  const yaml = await import('./yaml.ts');
  return yaml.readYaml(text, typedKey);
}
