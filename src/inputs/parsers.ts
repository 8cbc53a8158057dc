/** Parsers of one value each: text of the step, or YAML of an entry of `runs`. They throw a Fault that never quotes the value. */
import type { FieldLists } from '../gate/identity.ts';
import { readWaivers, type Waiver } from '../gate/waivers.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { Fault } from '../outcome.ts';
import { formatList } from '../text/format.ts';
import { PLACEHOLDER } from '../text/url-template.ts';

const formatCode = (text: string) => `\`${text}\``;

export type Parser<T> = (raw: JsonValue) => T | Promise<T>;

/** Is the value missing, null or empty? */
export function isEmpty(raw: JsonValue | undefined): raw is undefined | null | '' {
  return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

/** Returns the text unchanged: an indent and a line's number depend on spaces at both ends. */
export function parseText(raw: JsonValue): string {
  if (typeof raw !== 'string') throw new Fault('must be a string: quote it');
  return raw;
}

export function parseTrimmed(raw: JsonValue): string {
  return parseText(raw).trim();
}

/** Anything but a number is what a server without `job.check_run_id` gives. */
export function parseCheckRunId(raw: JsonValue): string {
  return /^\d{1,20}$/.exec(parseTrimmed(raw))?.[0] ?? '';
}

/** @param message of the fault of a text that does not match */
export function parsePattern(pattern: RegExp, message: string): Parser<string> {
  return (raw) => {
    const text = parseTrimmed(raw);
    if (!pattern.test(text)) throw new Fault(message);
    return text;
  };
}

/** IDs whose prefix tells what they are of, with the input that takes them. */
const IDS = { workflow_id: ['wf_', 'an Alloovium workflow'], run_id: ['run_', 'a run'] } as const;

/** An ID as `parsePattern` reads it. IDs in each other's inputs are named as such. */
export function parseId(input: string, pattern: RegExp, message: string): Parser<string> {
  const parseWhole = parsePattern(pattern, message);
  return (raw) => {
    const text = parseTrimmed(raw);
    for (const [other, [prefix, what]] of Object.entries(IDS))
      if (other !== input && text.startsWith(prefix))
        throw new Fault(`is the ID of ${what}, which belongs in \`${other}\``);
    return parseWhole(raw);
  };
}

/** `none` becomes empty. */
export function parseProjectId(raw: JsonValue): string {
  const message = "must be the project's ID from the Alloovium dashboard, not its name, or `none`";
  return isNone(raw) ? '' : (parseId('project_id', /^[A-Za-z0-9][\w.-]{0,127}$/, message)(raw) as string);
}

export function parseChoice<const T extends string>(...choices: readonly T[]): Parser<T> {
  return (raw) => {
    const text = parseTrimmed(raw);
    const found = choices.find((choice) => choice === text);
    if (found === undefined)
      throw new Fault(
        `must be ${choices.slice(0, -1).map(formatCode).join(', ')} or ${formatCode(choices.at(-1) ?? '')}`,
      );
    return found;
  };
}

/** A boolean as YAML 1.2 and GitHub's toolkit have it. */
export function parseBoolean(raw: JsonValue): boolean {
  const text = parseTrimmed(raw);
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  throw new Fault('must be `true` or `false`');
}

const MAX_MINUTES = 1_200;

/** @returns milliseconds */
export function parseMinutes(raw: JsonValue): number {
  const text = parseTrimmed(raw);
  const minutes = /^\d{1,8}(?:\.\d{1,8})?$/.test(text) ? Number(text) : 0;
  if (minutes <= 0 || minutes > MAX_MINUTES)
    throw new Fault(
      `must be a number of minutes above 0 and at most ${MAX_MINUTES}, such as \`15\` or \`0.5\``,
    );
  return minutes * 60_000;
}

export function parsePullRequest(raw: JsonValue): number {
  const text = parseTrimmed(raw);
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Fault('must be the number of a pull request, such as `123`');
  return Number(text);
}

/** Rejects what was pasted with the key, and GitHub's tokens. */
export function parseApiKey(raw: JsonValue): string {
  const key = parseTrimmed(raw);
  // The name is masked as if it were the key, so the message cannot show what to write.
  if (/^\W*(?:secrets|vars|env)[.[]/.test(key))
    throw new Fault("is a secret's name, not its value: put `${{` before the name and `}}` after it");
  if (/^bearer\s|^["'`]|["'`]$/i.test(key))
    throw new Fault('must be the API key alone, without quotes or `Bearer `');
  if (/^(?:gh[a-z]_|github_pat_)/.test(key))
    throw new Fault(
      'is a GitHub token, not an Alloovium API key (`ak_live_…` or `ak_test_…`): check which secret the step reads',
    );
  if (!/^[\x21-\x7e]{8,}$/.test(key))
    throw new Fault(
      'must be 60 characters without spaces or line breaks (`ak_live_…` or `ak_test_…`): check how the secret was pasted',
    );
  return key;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** `https:`, or `http:` to this machine, since the key is sent there. @returns it without a slash at its end */
export function parseApiUrl(raw: JsonValue): string {
  const text = parseTrimmed(raw);
  const url = URL.parse(text);
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.test(url.hostname));
  if (url === null || !isSafe || url.username + url.password !== '' || /[?#]/.test(text))
    throw new Fault('must be an `https:` URL without user, query or fragment (`http:` only to this machine)');
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
      throw new Fault(
        `must be an \`https:\` URL with its placeholders in the path, such as \`https://app.example.com/${example}\``,
      );
    const names = [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);
    if (known && !names.every((name) => known.includes(name)))
      throw new Fault(
        `can have only the placeholders ${formatList(known.map((name) => formatCode(`{${name}}`)))}`,
      );
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
    throw new Fault('is a list: write one condition per line below `fail_if: |`, without dashes');
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
      if (!isUsable || list.includes(';'))
        throw new Fault(
          `needs ${least} to ${most} fields per line, separated by commas, such as \`document_id, clause, status\``,
        );
      if (lists.has(condition) || new Set(fields).size < fields.length)
        throw new Fault('has the same field twice, or two lines for the same condition');
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
  throw new Fault(NO_MAPPING);
}

const NO_MAPPING =
  'must be a mapping of names to values, such as `start_date: 2026-04-01` (with a space after the colon)';

export async function parseMapping(raw: JsonValue): Promise<JsonObject> {
  const value = typeof raw === 'string' ? (await readYaml(raw)).typed : raw;
  if (!isJsonObject(value)) throw new Fault(NO_MAPPING);
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
