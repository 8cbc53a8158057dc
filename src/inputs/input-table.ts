/**
 * The one table of inputs, in action.yml's order: what each is called, who may give it, how it is read. An empty value
 * means the default. No value is ever quoted: it may be a secret.
 */
import { parseColumns, parseKnownBy, type FieldLists } from '../gate/field-lists.ts';
import { NO_CONDITION } from '../gate/gate.ts';
import { readWaivers, type Waiver } from '../gate/waivers.ts';
import { ID, isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';

/** In an address. */
export const PLACEHOLDER = /\{([\w-]{1,64})\}/g;
/** What a placeholder may be besides a field of an item. */
export const IDS_OF_A_RUN = ['run_id', 'workflow_id', 'project_id'] as const;

/** What log, summary, comment or outputs show of it, in which no secret may stand. */
type Shown = 'all' | 'names' | 'nothing';

/**
 * Reads what is not empty: the step's text, or what stands in an entry.
 * @throws Error whose message is a predicate that follows the name: "must be `true` or `false`"
 */
type Reader<T> = (given: JsonValue) => T | Promise<T>;

/**
 * @param fallback where nothing is given
 * @param emptyFault why an empty value is refused, a predicate; empty: it means the default
 */
function field<T>(
  name: string,
  read: Reader<T>,
  fallback: NoInfer<T>,
  shown: Shown = 'nothing',
  emptyFault = '',
) {
  return { name, read, fallback, shown, emptyFault };
}

export const DEFAULT_API_URL = 'https://api.alloovium.com';
const A_WORKFLOW = "the workflow's ID as the dashboard shows it, `wf_…`";
const STATUS = 'one line of 1 to 100 printable characters';
const A_KEY = 'made of 1-100 characters `A-Z a-z 0-9 _ -`';

export const FIELDS = {
  apiKey: field('api_key', apiKey, ''),
  /** Without a trailing slash. */
  apiUrl: field('api_url', apiUrl, DEFAULT_API_URL, 'all'),
  /** Empty: not given, which only `run_id` allows. */
  workflowId: field('workflow_id', matching(/^wf_[A-Za-z0-9_.-]{1,125}$/, A_WORKFLOW), '', 'all'),
  inputs: field('inputs', mapping, {}, 'names'),
  /** Empty: none. */
  projectId: field('project_id', project, '', 'all'),
  /** Empty: launch; else attach to this run. */
  runId: field('run_id', matching(ID, "a run's ID, `run_…`"), '', 'all'),
  /** Empty: the commit or the job run stands in the key. */
  idempotencyKey: field('idempotency_key', matching(/^[A-Za-z0-9_-]{1,100}$/, A_KEY), '', 'all'),
  onRerun: field('on_rerun', oneOf('resume', 'fresh'), 'resume'),
  wait: field('wait', yesOrNo, true),
  timeoutMs: field('timeout_minutes', minutes, 15 * 60_000),
  /** Empty: no gate, which its author writes as a word. */
  failIf: field('fail_if', conditions, '', 'all', NO_CONDITION),
  warnIf: field('warn_if', conditions, '', 'all'),
  knownBy: field<FieldLists>('known_by', (given) => parseKnownBy(wholeText(given)), new Map(), 'all'),
  waivers: field<readonly Waiver[]>('waivers', waivers, [], 'all'),
  columns: field<FieldLists>('columns', (given) => parseColumns(wholeText(given)), new Map(), 'all'),
  runs: field('runs', wholeText, ''),
  jobSummary: field('job_summary', yesOrNo, true),
  comment: field('comment', oneOf('never', 'always', 'on_failure'), 'never'),
  commentKey: field('comment_key', trimmed, ''),
  /** Empty: none. */
  baselineFile: field('baseline_file', trimmed, ''),
  failOn: field('fail_on', oneOf('any', 'new'), 'any'),
  title: field('title', matching(/^[^\r\n]{1,100}$/, 'one line of at most 100 characters'), '', 'all'),
  /** With placeholders; empty: no links. */
  runUrl: field('run_url', address('runs/{run_id}', IDS_OF_A_RUN), '', 'all'),
  itemUrl: field('item_url', address('documents/{document_id}'), '', 'all'),
  githubToken: field('github_token', trimmed, ''),
  /** null: the event says which, or none is wanted. */
  pullRequest: field<number | null>('pull_request', pullRequestNumber, null),
  /** The context of a commit status; empty: none. */
  commitStatus: field('commit_status', matching(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u, STATUS), '', 'all'),
  /** The branch whose last review is the baseline; empty: none. */
  baseline: field('baseline', branch, '', 'all'),
  onMissingKey: field('on_missing_key', oneOf('fail', 'skip'), 'fail'),
};

export type Property = keyof typeof FIELDS;
export type Values = { readonly [P in Property]: (typeof FIELDS)[P]['fallback'] };

export const PROPERTIES = Object.keys(FIELDS) as readonly Property[];
/** What an entry of `runs` may give too. */
export const ENTRY_PROPERTIES = [
  ...(['workflowId', 'inputs', 'projectId', 'runId', 'idempotencyKey'] as const),
  ...(['failIf', 'warnIf', 'knownBy', 'waivers', 'columns'] as const),
];
export type EntryProperty = (typeof ENTRY_PROPERTIES)[number];
export const INPUT_NAMES: readonly string[] = PROPERTIES.map((one) => FIELDS[one].name);
export const DEFAULTS = Object.fromEntries(PROPERTIES.map((one) => [one, FIELDS[one].fallback])) as Values;

/** What is given, without what is at fault. */
export async function readFields<P extends Property>(
  properties: readonly P[],
  given: (name: string) => JsonValue | undefined,
  holdsSecret: (text: string) => boolean,
  fault: (name: string, what: string) => void,
): Promise<Partial<Pick<Values, P>>> {
  const values: [string, unknown][] = [];
  for (const property of properties) {
    const { name, read, shown, emptyFault }: ReturnType<typeof field<unknown>> = FIELDS[property];
    const raw = given(name);
    if (isEmpty(raw)) {
      if (raw !== undefined && emptyFault !== '') fault(name, emptyFault);
      continue;
    }
    try {
      const value = await read(raw);
      // GitHub masks the log, but neither summary nor comment. What is refused here must not be shown as refused either.
      const texts = shown === 'names' ? Object.keys(value as object) : [raw, value].flatMap(textsIn);
      if (shown !== 'nothing' && texts.some(holdsSecret))
        fault(name, `${shown === 'names' ? 'has a secret for a name' : 'holds a secret'}, and would show it`);
      else values.push([property, value]);
    } catch (error) {
      fault(name, (error as Error).message);
    }
  }
  return Object.fromEntries(values) as Partial<Pick<Values, P>>;
}

export function isEmpty(given: JsonValue | undefined): given is undefined | null | '' {
  return given === undefined || given === null || (typeof given === 'string' && given.trim() === '');
}

/** A subject and what is wrong with it, which may begin with a name of its own. */
export function sentence(subject: string, what: string): string {
  return `${subject}${/^[`“]/.test(what) ? ':' : ''} ${what}`;
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  if (value instanceof Map) return [...value].flatMap(textsIn);
  return [...Object.keys(value), ...Object.values(value).flatMap(textsIn)];
}

// The readers.

/** Blanks and line ends at its edges mean something: an indent, a line's number, the end of a block. */
function wholeText(given: JsonValue): string {
  if (typeof given !== 'string') throw new Error('must be a text: quote it');
  return given;
}

function trimmed(given: JsonValue): string {
  return wholeText(given).trim();
}

function conditions(given: JsonValue): string {
  if (isList(given)) throw new Error('is a list: write a text below `|`, one condition a line');
  const text = wholeText(given);
  return isNone(text) ? '' : text;
}

/** Is it the word for no conditions, alone but for comment lines? */
export function isNone(given: JsonValue | undefined): boolean {
  if (typeof given !== 'string') return false;
  const lines = given.split(/\r\n|\r|\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '' && !line.startsWith('#')).join('\n') === 'none';
}

/** Of a `project_id`, where `workflow_id` may be the project's. */
export const SWAPPED = 'begins with `wf_`: are `project_id` and `workflow_id` swapped?';

function project(given: JsonValue): string {
  const id = matching(ID, "the project's ID")(given);
  if (id.startsWith('wf_')) throw new Error(SWAPPED);
  return id;
}

function matching(pattern: RegExp, what: string): (given: JsonValue) => string {
  return (given) => {
    const text = trimmed(given);
    if (!pattern.test(text)) throw new Error(`must be ${what}`);
    return text;
  };
}

/**
 * An address with placeholders behind the first `/` of its path: in the host, the run would choose where a link leads.
 * @param known what they may be; left out: any field of an item
 */
function address(example: string, known?: readonly string[]): Reader<string> {
  return (given) => {
    const text = trimmed(given);
    const plain = text.replace(PLACEHOLDER, 'x');
    const hasHost = /^https:\/\/[\w.-]+(?::\d{1,5})?\//.test(text) && URL.canParse(plain);
    if (!hasHost || text.length > 500 || /[^\w.~:/?#%&=+,;@!-]/.test(plain))
      throw new Error(
        `must be an \`https:\` address with its placeholders in the path, such as \`https://app.example.com/${example}\``,
      );
    // Of `%2{id}` a value could make the `.` of a way out of the path.
    if (/%[\dA-F]?\{/i.test(text))
      throw new Error('has a `%` just before a placeholder, whose value would become part of its escape');
    if (known && [...text.matchAll(PLACEHOLDER)].some(([, name = '']) => !known.includes(name)))
      throw new Error(`may have the placeholders ${known.map((name) => `\`{${name}}\``).join(', ')} alone`);
    return text;
  };
}

/** Also with a dash in place of an underscore. */
function oneOf<const T extends string>(...choices: readonly T[]): Reader<T> {
  return (given) => {
    const text = trimmed(given).replaceAll('-', '_');
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const quoted = choices.map((choice) => `\`${choice}\``);
    throw new Error(`must be ${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`);
  };
}

/** The YAML 1.2 booleans, as GitHub's own toolkit reads them. */
function yesOrNo(given: JsonValue): boolean {
  const text = trimmed(given);
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  throw new Error('must be `true` or `false`');
}

function pullRequestNumber(given: JsonValue): number {
  const text = trimmed(given);
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Error('must be the number of a pull request, such as `123`');
  return Number(text);
}

function branch(given: JsonValue): string {
  const text = trimmed(given);
  if (text.startsWith('refs/')) throw new Error('must be the name of a branch alone, such as `main`');
  // What git allows in the name of a branch.
  if (/[\p{C}\s~^:?*[\\]|\.\.|@\{|^[-/]|[/.]$|\/\//u.test(text) || text.length > 200)
    throw new Error('must be the name of a branch, such as `main`');
  return text;
}

/** In milliseconds. */
const MAX_MINUTES = 1440;

function minutes(given: JsonValue): number {
  const text = trimmed(given);
  const ms = /^\d{1,8}(\.\d{1,8})?$/.test(text) ? Number(text) * 60_000 : 0;
  if (!(ms > 0 && ms <= MAX_MINUTES * 60_000))
    throw new Error(
      `must be a number of minutes above 0 and at most ${MAX_MINUTES}, such as \`15\` or \`0.5\``,
    );
  return ms;
}

async function waivers(given: JsonValue): Promise<readonly Waiver[]> {
  if (typeof given !== 'string') return readWaivers(given);
  const { readYaml } = await import('./yaml.ts');
  return readWaivers(readYaml(given).typedList('waivers'));
}

async function mapping(given: JsonValue): Promise<JsonObject> {
  if (isJsonObject(given)) return given;
  const what = 'variable names to values, such as `start_date: 2026-04-01` (a blank after the colon)';
  if (typeof given !== 'string') throw new Error(`must be a mapping of ${what}`);
  const { readYaml } = await import('./yaml.ts');
  return Object.fromEntries(readYaml(given).mapping(what));
}

function apiKey(given: JsonValue): string {
  const key = trimmed(given);
  if (/^bearer\s/i.test(key)) throw new Error('must be the key alone, without `Bearer `');
  if (/^["'`]|["'`]$/.test(key)) throw new Error('must be the key alone, without quotes');
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new Error(
      'must be printable ASCII without spaces or line breaks inside: check how the secret was pasted',
    );
  // A mask that short would blank out half the log.
  if (key.length < 8)
    throw new Error('is too short to be an Alloovium key (`ak_live_…` or `ak_test_…`, 60 characters)');
  return key;
}

function apiUrl(given: JsonValue): string {
  const text = trimmed(given);
  const url = URL.parse(text);
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url?.hostname ?? '');
  const isAllowed = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback);
  if (url === null || !isAllowed || url.username + url.password !== '' || /[?#]/.test(text))
    throw new Error(
      'must be an `https:` URL without user, query or fragment (`http:` only to a loopback host)',
    );
  const normal = url.origin + url.pathname.replace(/\/+$/, '');
  if (/\/api(\/v\d+)?$/.test(normal)) throw new Error('must be without `/api/v2`, which the action adds');
  return normal;
}
