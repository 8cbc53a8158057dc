/** Every input: its name in action.yml, its parser, its default. An empty value means the default. */
import { Fault } from '../fault.ts';
import type { FieldLists } from '../gate/identity.ts';
import type { Waiver } from '../gate/waivers.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { RUN_PLACEHOLDERS } from '../text/url-template.ts';
import * as parse from './parsers.ts';
import { isEmpty, type Parser } from './parsers.ts';

function row<T>(name: string, parser: Parser<T>, fallback: NoInfer<T>) {
  return { name, parser, fallback };
}

const NO_FIELDS: FieldLists = new Map();

/** What an entry of `runs` may have too. */
export const ENTRY_ROWS = {
  workflowId: row('workflow_id', parse.parsePattern(/^wf_[\w.-]{1,125}$/, 'workflow_id'), ''),
  projectId: row('project_id', parse.parsePattern(/^(?!wf_)[A-Za-z0-9][\w.-]{0,127}$/, 'project_id'), ''),
  inputs: row<JsonObject>('inputs', parse.parseMapping, {}),
  runId: row('run_id', parse.parsePattern(/^run_[\w.-]{1,124}$/, 'run_id'), ''),
  idempotencyKey: row('idempotency_key', parse.parsePattern(/^[\w-]{1,100}$/, 'idempotency_key'), ''),
  failIf: row('fail_if', parse.parseConditions, ''),
  warnIf: row('warn_if', parse.parseConditions, ''),
  knownBy: row('known_by', parse.parseFieldLists(2, 20), NO_FIELDS),
  waivers: row<readonly Waiver[]>('waivers', parse.parseWaivers, []),
  columns: row('columns', parse.parseFieldLists(1, 8), NO_FIELDS),
};

export const STEP_ROWS = {
  apiKey: row('api_key', parse.parseApiKey, ''),
  config: row(
    'config',
    parse.parsePattern(/^(?:[\w./-]{1,200}|[\w.-]+\/[\w.-]+\/[\w./-]{1,200}@[\w./-]{1,200})$/, 'config'),
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
  title: row('title', parse.parsePattern(/^[^\r\n]{1,100}$/, 'title'), ''),
  runUrl: row('run_url', parse.parseUrlTemplate('runs/{run_id}', RUN_PLACEHOLDERS), ''),
  itemUrl: row('item_url', parse.parseUrlTemplate('documents/{document_id}'), ''),
  githubToken: row('github_token', parse.parsePattern(/^[\x21-\x7e]+$/, 'github_token'), ''),
  pullRequest: row<number | null>('pull_request', parse.parsePullRequest, null),
  commitStatus: row(
    'commit_status',
    parse.parsePattern(/^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u, 'commit_status'),
    '',
  ),
  baseline: row('baseline', parse.parsePattern(/^(?!refs\/|[-/])[\w./+@-]{1,200}$/, 'branch'), ''),
  onMissingKey: row('on_missing_key', parse.parseChoice('fail', 'skip'), 'fail'),
};

export const ALL_ROWS = { ...STEP_ROWS, ...ENTRY_ROWS };
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

/** What the file of `config` may have. */
export const CONFIG_KEYS = ['fail_if', 'warn_if', 'known_by', 'columns', 'waivers', 'baseline'];

/** Returns the values that are given and can be used; calls `onFault` for the others. */
export async function readRows<R extends Rows>(
  rows: R,
  rawOf: (name: string) => JsonValue | undefined,
  onFault: (input: string, fault: Fault) => void,
): Promise<Partial<ValuesOf<R>>> {
  const values: [string, unknown][] = [];
  for (const [property, { name, parser }] of Object.entries<Rows[string]>(rows)) {
    const raw = rawOf(name);
    // A gate whose variable is not set must not be no gate; action.yml's default is `none`.
    if (name === 'fail_if' && raw !== undefined && isEmpty(raw)) onFault(name, new Fault('fail_if_empty'));
    if (isEmpty(raw)) continue;
    try {
      values.push([property, await parser(raw)]);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      onFault(name, error);
    }
  }
  return Object.fromEntries(values) as Partial<ValuesOf<R>>;
}
