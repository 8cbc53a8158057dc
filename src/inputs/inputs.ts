/** Reads and checks every input once, and returns all faults together. */
import { Fault } from '../fault.ts';
import type { Gate, GateFault } from '../gate/condition.ts';
import type { FieldLists } from '../gate/identity.ts';
import type { Waiver } from '../gate/waivers.ts';
import type { Context } from '../github/context.ts';
import type { Environment } from '../github/runner.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { findNearest } from '../text/nearest-name.ts';
import { isEmpty, isNone, readYaml } from './parsers.ts';
import { areKnownKeys, groupRunPlans, readEntries, type RunEntry } from './runs.ts';
import { readApiKey, readCredentials } from './secrets.ts';
import {
  ALL_ROWS,
  CONFIG_KEYS,
  DEFAULTS,
  ENTRY_DEFAULTS,
  ENTRY_ROWS,
  INPUT_NAMES,
  readRows,
  STEP_ROWS,
  type ValuesOf,
} from './table.ts';

/** One evaluation of a run. */
export interface Entry {
  /** The key in `runs`; empty: the only run of a step without `runs`. */
  readonly name: string;
  readonly gate: Gate;
  readonly knownBy: FieldLists;
  readonly waivers: readonly Waiver[];
  readonly columns: FieldLists;
}

/** One run to launch, or with a `runId` to attach to. */
export interface RunPlan {
  /** Empty only with a `runId`. */
  readonly workflowId: string;
  /** Empty: none. */
  readonly projectId: string;
  readonly inputs: JsonObject;
  /** Empty: launch one. */
  readonly runId: string;
  /** Empty: the commit (and job run) takes its place in the key. */
  readonly idempotencyKey: string;
  /** One, or with `runs` as many as have the same intent. */
  readonly entries: readonly Entry[];
}

/** Texts that are not given are empty; `matrix` has the values of the matrix job, null without one. */
export interface Inputs extends Omit<ValuesOf<typeof STEP_ROWS>, 'runs'> {
  /** The step has `runs`, so its reports name each run. */
  readonly hasRuns: boolean;
  /** The inputs whose values the `config` file gives. */
  readonly fromConfig: readonly string[];
  /** In launch order. */
  readonly runPlans: readonly RunPlan[];
}

/** What is wrong with an input: data, worded by `faults.ts`. */
export interface InputFault {
  readonly input: string;
  /** The name of the entry of `runs` that has it; empty: the step. */
  readonly entry: string;
  readonly code: string;
  readonly values: readonly (string | number)[];
}

export interface ReadInputs {
  /** Defaults take the place of values that cannot be used. */
  readonly inputs: Inputs;
  readonly faults: InputFault[];
  readonly gateFaults: readonly GateFault[];
}

type EventFacts = Pick<Context, 'event' | 'namedPullRequest'>;

export type OnFault = (input: string, fault: Fault, entry?: string) => void;

/** Where one of these is faulty nothing is sent: key or token could go to another server than the author means. */
export const NEEDED_TO_SEND = ['NODE_TLS_REJECT_UNAUTHORIZED', 'github_token', 'config', 'api_url'];
/** Where one of these is faulty there is neither comment nor status: nobody might find them again. */
const NEEDED_BY_SINKS = ['title', 'comment', 'commit_status', 'pull_request'];

/**
 * Reads the inputs from the runner's `INPUT_…` variables.
 * @param config the text of the file that `config` names, whose keys are inputs too
 */
export async function readInputs(
  environment: Environment,
  about: EventFacts,
  config?: string,
): Promise<ReadInputs> {
  const faults: InputFault[] = [];
  // Of one input the first fault explains the others.
  const onFault: OnFault = (input, { code, values }, entry = '') => {
    if (!faults.some((one) => one.input === input && one.entry === entry))
      faults.push({ input, entry, code, values });
  };
  findUnknownInputs(environment, onFault);
  const stepText = (name: string) =>
    name === 'api_key' ? readApiKey(environment) : environment[toVariable(name)];
  const fileValues = config === undefined ? {} : await readConfig(config, onFault);
  for (const { name, fallback } of Object.values(ALL_ROWS)) {
    const text = stepText(name);
    // action.yml hands over its defaults, so these do not show that the author gave them.
    if (name in fileValues && !isEmpty(text) && !isNone(text) && text !== fallback)
      onFault(name, new Fault('also_in_config'));
  }
  const given = (name: string) => (name in fileValues ? (fileValues[name] ?? '') : stepText(name));
  const secrets = readCredentials(environment);
  const leaking = INPUT_NAMES.filter(
    (name) =>
      !['api_key', 'github_token'].includes(name) &&
      secrets.some((secret) => JSON.stringify(given(name) ?? '').includes(secret)),
  );
  for (const name of leaking) onFault(name, new Fault('secret'));
  const usable = (name: string) => (leaking.includes(name) ? undefined : given(name));

  const { runs, ...stepValues } = { ...DEFAULTS, ...(await readRows(STEP_ROWS, usable, onFault)) };
  const entryValues = { ...ENTRY_DEFAULTS, ...(await readRows(ENTRY_ROWS, usable, onFault)) };
  const hasRuns = !isEmpty(usable('runs'));
  const { entries, gateFaults } = await readEntries(hasRuns ? runs : null, entryValues, onFault);
  const values = { ...stepValues, ...entryValues };
  for (const [isWrong, input, ...fault] of listConflicts(values, entries, hasRuns, environment, about))
    if (isWrong) onFault(input, new Fault(...fault));
  findUnknownConditions(entries, onFault);

  const isUnfindable = faults.some(({ input, entry }) => entry === '' && NEEDED_BY_SINKS.includes(input));
  const inputs: Inputs = {
    ...stepValues,
    ...(isUnfindable && { comment: 'never', commitStatus: '' }),
    hasRuns,
    fromConfig: Object.keys(fileValues),
    runPlans: groupRunPlans(entries),
  };
  return { inputs, faults, gateFaults };
}

type Conflict = readonly [isWrong: boolean, input: string, code: string, ...values: (string | number)[]];

/** What each input by itself does not show. */
function listConflicts(
  values: Omit<ValuesOf<typeof ALL_ROWS>, 'runs'>,
  entries: readonly RunEntry[],
  hasRuns: boolean,
  environment: Environment,
  { event, namedPullRequest: named }: EventFacts,
): readonly Conflict[] {
  const { wait, onRerun, baseline, commitStatus, githubToken, pullRequest, matrix } = values;
  const has = (test: (entry: RunEntry) => boolean) => entries.some(test);
  const isReviewOfCommit =
    commitStatus === '' || !has(({ runId, idempotencyKey }) => runId + idempotencyKey !== '');
  return [
    [hasRuns && values.runId !== '', 'run_id', 'beside_runs'],
    [!wait && has(({ failIf }) => failIf !== ''), 'fail_if', 'without_wait'],
    [!wait && has(({ warnIf }) => warnIf !== ''), 'warn_if', 'without_wait'],
    [!wait && has(({ runId }) => runId !== ''), 'run_id', 'without_wait'],
    [
      onRerun === 'fresh' && has(({ idempotencyKey }) => idempotencyKey !== ''),
      'idempotency_key',
      'beside_fresh',
    ],
    [baseline !== '' && has(lacksKnownBy), 'baseline', 'needs_known_by'],
    [!isReviewOfCommit, 'commit_status', 'not_of_commit'],
    [
      commitStatus !== '' &&
        matrix !== null &&
        !listLeaves(matrix).some((text) => text !== '' && commitStatus.includes(text)),
      'commit_status',
      'needs_leg',
    ],
    [commitStatus !== '' && githubToken === '', 'commit_status', 'needs_token'],
    [pullRequest !== null && githubToken === '', 'pull_request', 'needs_token'],
    [pullRequest !== null && event === 'merge_group', 'pull_request', 'pull_request_in_queue'],
    [
      pullRequest !== null && named !== null && pullRequest !== named,
      'pull_request',
      'other_pull_request',
      named ?? '',
    ],
    [environment.NODE_TLS_REJECT_UNAUTHORIZED === '0', 'NODE_TLS_REJECT_UNAUTHORIZED', 'no_certificates'],
  ];
}

function listLeaves(value: JsonValue): string[] {
  return typeof value === 'object' && value !== null
    ? Object.values(value).flatMap(listLeaves)
    : [String(value)];
}

/** Has no condition of `fail_if` fields in `known_by`? */
function lacksKnownBy({ gate, knownBy }: Entry): boolean {
  const gated = gate.conditions.filter(({ severity }) => severity === 'fail');
  return gated.length > 0 && gated.every(({ name }) => !knownBy.has(name) && !knownBy.has(null));
}

/** A condition that `known_by`, `columns` or a waiver names must exist. */
function findUnknownConditions(entries: readonly RunEntry[], onFault: OnFault): void {
  const names = entries.flatMap(({ gate }) => gate.conditions.map(({ name }) => name));
  const check = (input: string, wanted: Iterable<string | null>) => {
    const unknown = [...wanted].find((name) => name !== null && !names.includes(name)) ?? null;
    const nearest =
      unknown &&
      findNearest(
        names.filter((name) => name !== null),
        unknown,
        () => 2,
      );
    if (unknown !== null) onFault(input, new Fault('unknown_condition', nearest ?? ''));
  };
  for (const { knownBy, columns, waivers } of entries) {
    check('known_by', knownBy.keys());
    check('columns', columns.keys());
    check(
      'waivers',
      waivers.map(({ condition }) => condition),
    );
  }
}

/** Reads the file of `config`. @returns the values by the names of the inputs, as they were typed */
async function readConfig(text: string, onFault: OnFault): Promise<JsonObject> {
  try {
    const { texts } = await readYaml(text, '');
    if (!isJsonObject(texts)) throw new Fault('config_mapping', ...CONFIG_KEYS);
    return areKnownKeys(texts, CONFIG_KEYS, onFault) ? texts : {};
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault('config', error);
    return {};
  }
}

/** A misspelt `fail-if` would switch the gate off. */
function findUnknownInputs(environment: Environment, onFault: OnFault): void {
  // Linux desktops set INPUT_METHOD.
  const known = [...INPUT_NAMES.map(toVariable), 'INPUT_METHOD'];
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('INPUT_') || known.includes(variable) || isEmpty(value)) continue;
    const name = variable
      .slice('INPUT_'.length, 128)
      .replaceAll(/[^\w-]/g, '?')
      .toLowerCase();
    onFault(name, new Fault('unknown_input', findNearest(INPUT_NAMES, name, () => 2) ?? ''));
  }
}

/** Returns the variable in which the runner passes the input. */
function toVariable(name: string): string {
  return `INPUT_${name.toUpperCase()}`;
}
