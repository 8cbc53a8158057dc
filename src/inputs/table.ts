/** Every input: its name in action.yml, its parser, its default. An empty value means the default. */
import type { FieldLists } from '../gate/identity.ts';
import type { Waiver } from '../gate/waivers.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { Fault } from '../outcome.ts';
import { RUN_PLACEHOLDERS } from '../text/url-template.ts';
import { isEmpty, type Parser } from './parsers.ts';
import * as parse from './parsers.ts';

function row<T>(name: string, parser: Parser<T>, fallback: NoInfer<T>) {
  return { name, parser, fallback };
}

const NO_FIELDS: FieldLists = new Map();

/** What an entry of `runs` may have too. */
export const ENTRY_ROWS = {
  workflowId: row(
    'workflow_id',
    parse.parseId(
      'workflow_id',
      /^wf_[\w.-]{1,125}$/,
      "must be the Alloovium workflow's ID from the dashboard, `wf_…`",
    ),
    '',
  ),
  projectId: row('project_id', parse.parseProjectId, ''),
  inputs: row<JsonObject>('inputs', parse.parseMapping, {}),
  runId: row('run_id', parse.parseId('run_id', /^run_[\w.-]{1,124}$/, "must be a run's ID, `run_…`"), ''),
  idempotencyKey: row(
    'idempotency_key',
    parse.parsePattern(/^[\w-]{1,100}$/, 'must be 1 to 100 characters `A-Z a-z 0-9 _ -`'),
    '',
  ),
  failIf: row('fail_if', parse.parseConditions, ''),
  warnIf: row('warn_if', parse.parseConditions, ''),
  knownBy: row('known_by', parse.parseFieldLists(2, 20), NO_FIELDS),
  waivers: row<readonly Waiver[]>('waivers', parse.parseWaivers, []),
  columns: row('columns', parse.parseFieldLists(1, 8), NO_FIELDS),
};

export const CONFIG_FORM = 'must be a path such as `.github/alloovium.yml`, or `owner/repository/path@ref`';

export const STEP_ROWS = {
  apiKey: row('api_key', parse.parseApiKey, ''),
  config: row(
    'config',
    parse.parsePattern(/^(?:[\w./-]{1,200}|[\w.-]+\/[\w.-]+\/[\w./-]{1,200}@[\w./-]{1,200})$/, CONFIG_FORM),
    '',
  ),
  apiUrl: row('api_url', parse.parseApiUrl, 'https://api.alloovium.com'),
  onRerun: row('on_rerun', parse.parseChoice('resume', 'fresh'), 'resume'),
  wait: row('wait', parse.parseBoolean, true),
  timeoutMs: row('timeout_minutes', parse.parseMinutes, 15 * 60_000),
  runs: row('runs', parse.parseText, ''),
  jobSummary: row('job_summary', parse.parseBoolean, true),
  comment: row('comment', parse.parseChoice('never', 'always', 'on_failure'), 'never'),
  matrix: row<JsonObject | null>('matrix', parse.parseMatrix, null),
  checkRunId: row('check_run_id', parse.parseCheckRunId, ''),
  workflowRef: row('workflow_ref', parse.parseTrimmed, ''),
  title: row(
    'title',
    parse.parsePattern(/^[^\r\n]{1,100}$/, 'must be one line of at most 100 characters'),
    '',
  ),
  runUrl: row('run_url', parse.parseUrlTemplate('runs/{run_id}', RUN_PLACEHOLDERS), ''),
  itemUrl: row('item_url', parse.parseUrlTemplate('documents/{document_id}'), ''),
  githubToken: row(
    'github_token',
    parse.parsePattern(
      /^[\x21-\x7e]+$/,
      'must be a token without spaces or line breaks: check how the secret was pasted',
    ),
    '',
  ),
  pullRequest: row<number | null>('pull_request', parse.parsePullRequest, null),
  commitStatus: row(
    'commit_status',
    parse.parsePattern(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u, 'must be one line of 1 to 100 printable characters'),
    '',
  ),
  baseline: row(
    'baseline',
    parse.parsePattern(/^(?!refs\/|[-/])[\w./+@-]{1,200}$/, 'must be the name of a branch, such as `main`'),
    '',
  ),
  onMissingKey: row('on_missing_key', parse.parseChoice('fail', 'skip'), 'fail'),
};

export const ALL_ROWS = { ...STEP_ROWS, ...ENTRY_ROWS };
/** @param about the entry of `runs`, and the item of a list, if one has the fault */
export type OnFault = (
  input: string,
  message: string,
  about?: { readonly entry?: string; readonly item?: number | undefined },
) => void;

type Rows = Readonly<Record<string, ReturnType<typeof row>>>;
export type ValuesOf<R extends Rows> = { readonly [K in keyof R]: R[K]['fallback'] };
export type EntryValues = ValuesOf<typeof ENTRY_ROWS>;

function defaultsOf<R extends Rows>(rows: R): ValuesOf<R> {
  const values = Object.entries(rows).map(([property, { fallback }]) => [property, fallback]);
  return Object.fromEntries(values) as ValuesOf<R>;
}

export const DEFAULTS = defaultsOf(STEP_ROWS);
export const ENTRY_DEFAULTS = defaultsOf(ENTRY_ROWS);

export const INPUT_NAMES: readonly string[] = Object.values(ALL_ROWS).map(({ name }) => name);

/** The inputs that the `config` file can hold; `tests` stands only there. */
export const CONFIG_INPUTS = ['fail_if', 'warn_if', 'known_by', 'columns', 'waivers', 'baseline'];
export const CONFIG_KEYS = [...CONFIG_INPUTS, 'tests'];

/** Returns the values that are given and can be used; calls `onFault` for the others. */
export async function readRows<R extends Rows>(
  rows: R,
  rawOf: (name: string) => JsonValue | undefined,
  onFault: OnFault,
): Promise<Partial<ValuesOf<R>>> {
  const values: [string, unknown][] = [];
  for (const [property, { name, parser }] of Object.entries<Rows[string]>(rows)) {
    const raw = rawOf(name);
    // With an unset variable there would be no gate, or no project; action.yml's default is `none`.
    if (raw !== undefined && isEmpty(raw) && (name === 'fail_if' || name === 'project_id'))
      onFault(name, `is empty: is the variable or matrix key set? For none, leave it out or write \`none\``);
    if (isEmpty(raw)) continue;
    try {
      values.push([property, await parser(raw)]);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      onFault(name, error.message, { item: error.item });
    }
  }
  return Object.fromEntries(values) as Partial<ValuesOf<R>>;
}
