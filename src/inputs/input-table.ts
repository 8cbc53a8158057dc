/**
 * The table of inputs in action.yml's order, with the name, the parser and the default of each. An empty value means the default.
 * Messages never quote a value, which may be a secret.
 */
import { parseColumns, parseKnownBy, type FieldLists } from '../gate/field-lists.ts';
import { readWaivers, type Waiver } from '../gate/waivers.ts';
import { ID, isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { isSafeUrl } from '../safe-url.ts';

const EMPTY_FAIL_IF = 'is empty: is a variable unset? For no gate leave it out, or write `none`';

/** A placeholder in `run_url` and `item_url`. */
export const PLACEHOLDER = /\{([\w-]{1,64})\}/g;
/** Placeholders that are not fields of an item. */
export const IDS_OF_A_RUN = ['run_id', 'workflow_id', 'project_id'] as const;

/** The part of a value that log, summary, comment or outputs show, and that must not contain a secret. */
type Shown = 'all' | 'names' | 'nothing';

/**
 * Parses a value that is not empty: text of the step, or YAML of an entry.
 * @throws Error whose message is a predicate that follows the name: "must be `true` or `false`"
 */
type Reader<T> = (raw: JsonValue) => T | Promise<T>;

/**
 * Defines an input.
 * @param fallback the default
 * @param shown the part that log, summary, comment or outputs show
 * @param emptyFault a predicate that rejects an empty value; empty: an empty value means the default
 */
function defineField<T>(
  name: string,
  read: Reader<T>,
  fallback: NoInfer<T>,
  shown: Shown = 'nothing',
  emptyFault = '',
) {
  return { name, read, fallback, shown, emptyFault };
}

export const DEFAULT_API_URL = 'https://api.alloovium.com';
const WORKFLOW_ID_FORMAT = "the workflow's ID as the dashboard shows it, `wf_…`";
const STATUS_FORMAT = 'one line of 1 to 100 printable characters';
const KEY_FORMAT = 'made of 1-100 characters `A-Z a-z 0-9 _ -`';

export const FIELDS = {
  apiKey: defineField('api_key', parseApiKey, ''),
  /** Has no trailing slash. */
  apiUrl: defineField('api_url', parseApiUrl, DEFAULT_API_URL, 'all'),
  /** Empty: missing, which only `run_id` allows. */
  workflowId: defineField(
    'workflow_id',
    parsePattern(/^wf_[A-Za-z0-9_.-]{1,125}$/, WORKFLOW_ID_FORMAT),
    '',
    'all',
  ),
  inputs: defineField('inputs', parseMapping, {}, 'names'),
  /** Empty: none. */
  projectId: defineField('project_id', parseProjectId, '', 'all'),
  /** Empty: launch a run; else attach to this one. */
  runId: defineField('run_id', parsePattern(ID, "a run's ID, `run_…`"), '', 'all'),
  /** Empty: the key contains the commit or the job run instead. */
  idempotencyKey: defineField(
    'idempotency_key',
    parsePattern(/^[A-Za-z0-9_-]{1,100}$/, KEY_FORMAT),
    '',
    'all',
  ),
  onRerun: defineField('on_rerun', parseChoice('resume', 'fresh'), 'resume'),
  wait: defineField('wait', parseBoolean, true),
  timeoutMs: defineField('timeout_minutes', parseMinutes, 15 * 60_000),
  /** Empty: no gate, written as `none`. */
  failIf: defineField('fail_if', parseConditions, '', 'all', EMPTY_FAIL_IF),
  warnIf: defineField('warn_if', parseConditions, '', 'all'),
  knownBy: defineField<FieldLists>('known_by', (raw) => parseKnownBy(parseText(raw)), new Map(), 'all'),
  waivers: defineField<readonly Waiver[]>('waivers', parseWaivers, [], 'all'),
  columns: defineField<FieldLists>('columns', (raw) => parseColumns(parseText(raw)), new Map(), 'all'),
  runs: defineField('runs', parseText, ''),
  jobSummary: defineField('job_summary', parseBoolean, true),
  comment: defineField('comment', parseChoice('never', 'always', 'on_failure'), 'never'),
  commentKey: defineField('comment_key', parseTrimmedText, ''),
  /** Empty: none. */
  baselineFile: defineField('baseline_file', parseTrimmedText, ''),
  failOn: defineField('fail_on', parseChoice('any', 'new'), 'any'),
  title: defineField(
    'title',
    parsePattern(/^[^\r\n]{1,100}$/, 'one line of at most 100 characters'),
    '',
    'all',
  ),
  /** A URL with placeholders; empty: no links. */
  runUrl: defineField('run_url', parseUrlTemplate('runs/{run_id}', IDS_OF_A_RUN), '', 'all'),
  itemUrl: defineField('item_url', parseUrlTemplate('documents/{document_id}'), '', 'all'),
  githubToken: defineField('github_token', parseTrimmedText, ''),
  /** null: the pull request of the event, if there is one. */
  pullRequest: defineField<number | null>('pull_request', parsePullRequestNumber, null),
  /** The context of a commit status; empty: none. */
  commitStatus: defineField(
    'commit_status',
    parsePattern(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u, STATUS_FORMAT),
    '',
    'all',
  ),
  /** The branch whose last review is the baseline; empty: no branch. */
  baseline: defineField('baseline', parseBranch, '', 'all'),
  onMissingKey: defineField('on_missing_key', parseChoice('fail', 'skip'), 'fail'),
};

export type Property = keyof typeof FIELDS;
export type Values = { readonly [P in Property]: (typeof FIELDS)[P]['fallback'] };

export const PROPERTIES = Object.keys(FIELDS) as readonly Property[];
/** The inputs that an entry of `runs` may have. */
export const ENTRY_PROPERTIES = [
  'workflowId',
  'inputs',
  'projectId',
  'runId',
  'idempotencyKey',
  'failIf',
  'warnIf',
  'knownBy',
  'waivers',
  'columns',
] as const;
export type EntryProperty = (typeof ENTRY_PROPERTIES)[number];
export const INPUT_NAMES: readonly string[] = PROPERTIES.map((one) => FIELDS[one].name);
export const DEFAULTS = Object.fromEntries(PROPERTIES.map((one) => [one, FIELDS[one].fallback])) as Values;

/**
 * Reads the inputs that are not empty; invalid ones are missing in the result.
 * @param fault called with the name and a predicate for each invalid input
 */
export async function readFields<P extends Property>(
  properties: readonly P[],
  getRaw: (name: string) => JsonValue | undefined,
  holdsSecret: (text: string) => boolean,
  fault: (name: string, what: string) => void,
): Promise<Partial<Pick<Values, P>>> {
  const values: [string, unknown][] = [];
  for (const property of properties) {
    const { name, read, shown, emptyFault }: ReturnType<typeof defineField<unknown>> = FIELDS[property];
    const raw = getRaw(name);
    if (isEmpty(raw)) {
      if (raw !== undefined && emptyFault !== '') fault(name, emptyFault);
      continue;
    }
    try {
      const value = await read(raw);
      // GitHub masks the log, but neither summary nor comment. An input that is rejected here is not shown there either.
      const texts = shown === 'names' ? Object.keys(value as object) : [raw, value].flatMap(collectTexts);
      if (shown !== 'nothing' && texts.some(holdsSecret))
        fault(
          name,
          `${shown === 'names' ? 'has a name that is a secret' : 'contains a secret'}, and reports would show it`,
        );
      else values.push([property, value]);
    } catch (error) {
      fault(name, (error as Error).message);
    }
  }
  return Object.fromEntries(values) as Partial<Pick<Values, P>>;
}

/** Is the input missing, null or blank? */
export function isEmpty(raw: JsonValue | undefined): raw is undefined | null | '' {
  return raw === undefined || raw === null || (typeof raw === 'string' && raw.trim() === '');
}

/** Joins a subject and a predicate, with a colon if the predicate begins with a quoted name. */
export function joinSentence(subject: string, what: string): string {
  return `${subject}${/^[`“]/.test(what) ? ':' : ''} ${what}`;
}

/** Returns all texts in the value at any depth, keys included. */
function collectTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Map) return [...value].flatMap(collectTexts);
  return [...Object.keys(value), ...Object.values(value).flatMap(collectTexts)];
}

// The parsers.

/** Returns the text unchanged: an indent, a line's number and the end of a block depend on blanks at both ends. */
function parseText(raw: JsonValue): string {
  if (typeof raw !== 'string') throw new Error('must be a text: quote it');
  return raw;
}

/** Returns the text without blanks at both ends. */
function parseTrimmedText(raw: JsonValue): string {
  return parseText(raw).trim();
}

/** Parses `fail_if` or `warn_if`; `none` becomes empty. */
function parseConditions(raw: JsonValue): string {
  if (isList(raw)) throw new Error('is a list: write a text below `|`, one condition a line');
  const text = parseText(raw);
  return isNone(text) ? '' : text;
}

/** Is the text `none`, except for comment lines? */
export function isNone(raw: JsonValue | undefined): boolean {
  if (typeof raw !== 'string') return false;
  const lines = raw.split(/\r\n|\r|\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).join('\n') === 'none';
}

/** Fault of a `project_id` that looks like a workflow's ID. */
export const SWAPPED_IDS = 'begins with `wf_`: are `project_id` and `workflow_id` swapped?';

/** Parses `project_id`; rejects a workflow's ID. */
function parseProjectId(raw: JsonValue): string {
  const id = parsePattern(ID, "the project's ID")(raw);
  if (id.startsWith('wf_')) throw new Error(SWAPPED_IDS);
  return id;
}

/** Creates the parser of a text that matches the pattern. */
function parsePattern(pattern: RegExp, what: string): (raw: JsonValue) => string {
  return (raw) => {
    const text = parseTrimmedText(raw);
    if (!pattern.test(text)) throw new Error(`must be ${what}`);
    return text;
  };
}

/**
 * Creates the parser of a URL with placeholders. They are allowed only after the first `/` of the path, since in the host the
 * run's values would choose where a link leads.
 * @param known the allowed placeholders; missing: any field of an item
 */
function parseUrlTemplate(example: string, known?: readonly string[]): Reader<string> {
  return (raw) => {
    const text = parseTrimmedText(raw);
    const plain = text.replace(PLACEHOLDER, 'x');
    const hasHost = /^https:\/\/[\w.-]+(?::\d{1,5})?\//.test(text) && URL.canParse(plain);
    if (!hasHost || text.length > 500 || /[^\w.~:/?#%&=+,;@!-]/.test(plain))
      throw new Error(
        `must be an \`https:\` address with its placeholders in the path, such as \`https://app.example.com/${example}\``,
      );
    // In `%2{id}`, a value could complete the escape `%2E`, a dot, and leave the path.
    if (/%[\dA-F]?\{/i.test(text))
      throw new Error('has a `%` just before a placeholder, whose value would become part of its escape');
    if (known && [...text.matchAll(PLACEHOLDER)].some(([, name = '']) => !known.includes(name)))
      throw new Error(`may have only the placeholders ${known.map((name) => `\`{${name}}\``).join(', ')}`);
    return text;
  };
}

/** Creates the parser of a choice; it accepts a dash for an underscore. */
function parseChoice<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (raw) => {
    const text = parseTrimmedText(raw).replaceAll('-', '_');
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const quoted = choices.map((choice) => `\`${choice}\``);
    throw new Error(`must be ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`);
  };
}

/** Parses a boolean of YAML 1.2's core schema, as GitHub's toolkit does. */
function parseBoolean(raw: JsonValue): boolean {
  const text = parseTrimmedText(raw);
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  throw new Error('must be `true` or `false`');
}

/** Parses `pull_request`, a positive whole number. */
function parsePullRequestNumber(raw: JsonValue): number {
  const text = parseTrimmedText(raw);
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error('must be the number of a pull request, such as `123`');
  return Number(text);
}

/** Parses the name of a branch by most rules of git-check-ref-format. GitHub has no branch whose name violates another. */
function parseBranch(raw: JsonValue): string {
  const text = parseTrimmedText(raw);
  if (text.startsWith('refs/')) throw new Error('must be the name of a branch alone, such as `main`');
  if (/[\p{C}\s~^:?*[\\]|\.\.|@\{|^[-/]|[/.]$|\/\//u.test(text) || text.length > 200)
    throw new Error('must be the name of a branch, such as `main`');
  return text;
}

const MAX_MINUTES = 1440;

/** Parses minutes. @returns milliseconds */
function parseMinutes(raw: JsonValue): number {
  const text = parseTrimmedText(raw);
  const ms = /^\d{1,8}(\.\d{1,8})?$/.test(text) ? Number(text) * 60_000 : 0;
  if (!(ms > 0 && ms <= MAX_MINUTES * 60_000))
    throw new Error(
      `must be a number of minutes above 0 and at most ${MAX_MINUTES}, such as \`15\` or \`0.5\``,
    );
  return ms;
}

/** Parses `waivers`, as YAML or from an entry of `runs`. */
async function parseWaivers(raw: JsonValue): Promise<readonly Waiver[]> {
  if (typeof raw !== 'string') return readWaivers(raw);
  const { readYaml } = await import('./yaml.ts');
  return readWaivers(readYaml(raw).verbatimList('waivers'));
}

/** Parses a mapping, as YAML or from an entry of `runs`. */
async function parseMapping(raw: JsonValue): Promise<JsonObject> {
  if (isJsonObject(raw)) return raw;
  const what = 'variable names to values, such as `start_date: 2026-04-01` (a blank after the colon)';
  if (typeof raw !== 'string') throw new Error(`must be a mapping of ${what}`);
  const { readYaml } = await import('./yaml.ts');
  return Object.fromEntries(readYaml(raw).mapping(what));
}

/** Parses the API key; rejects what was pasted with it. */
function parseApiKey(raw: JsonValue): string {
  const key = parseTrimmedText(raw);
  if (/^bearer\s/i.test(key)) throw new Error('must be the key alone, without `Bearer `');
  if (/^["'`]|["'`]$/.test(key)) throw new Error('must be the key alone, without quotes');
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new Error(
      'must be printable ASCII without spaces or line breaks inside: check how the secret was pasted',
    );
  // A shorter mask would hide ordinary words of the log.
  if (key.length < 8)
    throw new Error('is too short to be an Alloovium key (`ak_live_…` or `ak_test_…`, 60 characters)');
  return key;
}

/** Parses `api_url`; removes trailing slashes. */
function parseApiUrl(raw: JsonValue): string {
  const text = parseTrimmedText(raw);
  const url = URL.parse(text);
  if (url === null || !isSafeUrl(url) || url.username + url.password !== '' || /[?#]/.test(text))
    throw new Error(
      'must be an `https:` URL without user, query or fragment (`http:` only to a loopback host)',
    );
  const normal = url.origin + url.pathname.replace(/\/+$/, '');
  if (/\/api(\/v\d+)?$/.test(normal)) throw new Error('must be without `/api/v2`, which the action adds');
  return normal;
}
