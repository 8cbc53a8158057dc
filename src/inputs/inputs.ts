/** Reads and checks every input once, and returns all faults together. */
import { compileGate, type Gate } from '../gate/condition.ts';
import { readTests, runTests, type FailedTest, type GateTest } from '../gate/tests.ts';
import type { ConfigFile } from '../github/config.ts';
import type { Context } from '../github/context.ts';
import type { Environment } from '../github/runner.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { Fault, type GateFault, type InputFault, type PlacedGateFault } from '../outcome.ts';
import { findNearest, formatList } from '../text/format.ts';
import { isEmpty, isNone, readYaml } from './parsers.ts';
import {
  areKnownKeys,
  describeUnknown,
  groupRunPlans,
  readEntries,
  toName,
  type Entry,
  type RunPlan,
} from './runs.ts';
import { readApiKey, readCredentials } from './secrets.ts';
import {
  ALL_ROWS,
  CONFIG_INPUTS,
  CONFIG_KEYS,
  DEFAULTS,
  ENTRY_DEFAULTS,
  ENTRY_ROWS,
  INPUT_NAMES,
  readRows,
  STEP_ROWS,
  type OnFault,
  type ValuesOf,
} from './table.ts';

/** Texts that are not given are empty; `matrix` has the values of the matrix job, null without one. */
export interface Inputs extends Omit<ValuesOf<typeof STEP_ROWS>, 'runs'> {
  /** The step has `runs`, so its reports name each run. */
  readonly hasRuns: boolean;
  /** The inputs whose values the `config` file gives. */
  readonly fromConfig: readonly string[];
  /** In the order in which they start. */
  readonly runPlans: readonly RunPlan[];
}

export interface ReadInputs {
  /** Defaults take the place of values that cannot be used. */
  readonly inputs: Inputs;
  readonly faults: readonly InputFault[];
  readonly gateFaults: readonly PlacedGateFault[];
  /** Runs the tests of the `config` file. @returns those that fail, each with its place: "`.github/alloovium.yml` on `main`, line 7" */
  readonly runTests: (now: () => number) => readonly (FailedTest & { readonly where: string })[];
}

/** If one of these is faulty, nothing is sent: API key or GitHub token could go to another server than the author means. */
export const NEEDED_TO_SEND = ['NODE_TLS_REJECT_UNAUTHORIZED', 'github_token', 'config', 'api_url'];
/** If one of these is faulty, there is neither comment nor status: nobody might find them again. */
const NEEDED_BY_SINKS = ['title', 'comment', 'commit_status', 'pull_request'];

/**
 * Reads the inputs from the runner's `INPUT_…` variables.
 * @param file the `config` file, whose keys are inputs too
 */
export async function readInputs(
  environment: Environment,
  about: Pick<Context, 'event' | 'namedPullRequest'>,
  file?: ConfigFile,
): Promise<ReadInputs> {
  const faults: InputFault[] = [];
  const config = await readConfig(file, faults);
  const whereOf = (input: string, item?: number) => `${file?.name}, line ${config.lineOf(input, item)}`;
  const isInFile = (input: string, entry: string) => entry === '' && input in config.values;
  const onFault: OnFault = (input, message, { entry = '', item } = {}) => {
    // Of one input the first fault explains the others.
    if (faults.some((one) => one.input === input && one.entry === entry)) return;
    const ofFile = file && isInFile(input, entry) ? file : null;
    const prefix = entry === '' ? '' : `Entry “${entry}”: `;
    const where = ofFile ? `${whereOf(input, item)}: ` : prefix;
    const text = `${where}\`${input}\` ${message}`;
    faults.push({ text, input, entry, place: ofFile?.place ?? 'workflow_file' });
  };
  findUnknownInputs(environment, onFault);
  areKnownKeys(config.values, CONFIG_KEYS, onFault, '');
  const stepText = (name: string) =>
    name === 'api_key' ? readApiKey(environment) : environment[toVariable(name)];
  const ofConfig = (name: string) =>
    CONFIG_INPUTS.includes(name) && name in config.values ? (config.values[name] ?? '') : undefined;
  findConfigConflicts(config.values, stepText, onFault);
  const given = (name: string) => ofConfig(name) ?? stepText(name);
  const leaking = listLeaking(given, readCredentials(environment));
  for (const name of leaking) onFault(name, 'contains the API key or the GitHub token: take it out');
  const usable = (name: string) => (leaking.includes(name) ? undefined : given(name));

  const { runs, ...stepValues } = { ...DEFAULTS, ...(await readRows(STEP_ROWS, usable, onFault)) };
  const entryValues = { ...ENTRY_DEFAULTS, ...(await readRows(ENTRY_ROWS, usable, onFault)) };
  const hasRuns = !isEmpty(usable('runs'));
  const { entries, gateFaults } = await readEntries(hasRuns ? runs : null, entryValues, onFault);
  const values = { ...stepValues, ...entryValues };
  const isFaulty = (input: string) => faults.some((one) => one.input === input);
  for (const [isWrong, input, message] of listConflicts(values, entries, hasRuns, environment, about))
    // Without a usable `known_by` its fault is enough.
    if (isWrong && !(input === 'baseline' && isFaulty('known_by'))) onFault(input, message);
  findUnknownConditions(entries, onFault);
  const { tests, gate } = await readGateTests(file, config.values, entryValues.failIf, onFault);
  const isUnfindable = faults.some(({ input, entry }) => entry === '' && NEEDED_BY_SINKS.includes(input));
  const inputs: Inputs = {
    ...stepValues,
    ...(isUnfindable && { comment: 'never', commitStatus: '' }),
    hasRuns,
    fromConfig: Object.keys(config.values),
    runPlans: groupRunPlans(entries),
  };
  const placed = gateFaults.map((fault): PlacedGateFault =>
    file && isInFile(fault.input, fault.entry)
      ? placeInFile(fault, file, config.lineOf(fault.input))
      : { ...fault, place: 'workflow_file', file: '' },
  );
  return {
    inputs,
    faults,
    gateFaults: placed,
    runTests: (now) =>
      runTests(tests, gate, now).map((failed) => ({ ...failed, where: whereOf('tests', failed.at) })),
  };
}

/** The `config` file cannot hold what the step has too, and no expression. */
function findConfigConflicts(
  values: JsonObject,
  stepText: (name: string) => string | undefined,
  onFault: OnFault,
): void {
  for (const name of CONFIG_INPUTS.filter((one) => one in values)) {
    const text = stepText(name);
    // action.yml hands over its default `none`, so it does not show that the author gave it.
    if (!isEmpty(text) && !isNone(text)) onFault(name, 'is an input of the step too: give it in one place');
    if (JSON.stringify(values[name]).includes('${{'))
      onFault(name, 'contains `${{`, which nothing fills in here');
  }
}

/** Reads the tests of the `config` file, and compiles the gate that they test. */
async function readGateTests(
  file: ConfigFile | undefined,
  { fail_if: ofFile, tests: texts }: JsonObject,
  failIf: string,
  onFault: OnFault,
): Promise<{ readonly tests: readonly GateTest[]; readonly gate: Gate }> {
  const { gate, faults } = await compileGate(failIf, '');
  const none = { tests: [], gate };
  // Without a usable gate its own fault is enough.
  if (!file || texts === undefined || faults.length > 0) return none;
  try {
    if (ofFile === undefined) throw new Fault('needs `fail_if` in the same file');
    const { typed } = await readYaml(file.text, 'outputs');
    return { tests: readTests(texts, (typed as JsonObject).tests ?? null, gate), gate };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault('tests', error.message, { item: error.item });
    return none;
  }
}

/** Lists the inputs that contain a secret, besides its own. */
function listLeaking(given: (name: string) => JsonValue | undefined, secrets: readonly string[]): string[] {
  const contains = (name: string, secret: string) => JSON.stringify(given(name) ?? '').includes(secret);
  return INPUT_NAMES.filter(
    (name) =>
      name !== 'api_key' && name !== 'github_token' && secrets.some((secret) => contains(name, secret)),
  );
}

/** Places a fault in the `config` file. @param firstLine of the input's value */
function placeInFile<F extends GateFault>(fault: F, { text, name, place }: ConfigFile, firstLine: number) {
  const line = firstLine + fault.line - 1;
  const whole = text.split(/\r\n|\r|\n/)[line - 1] ?? '';
  const indent = whole.indexOf(fault.expression);
  const shown = indent < 0 ? {} : { expression: whole, column: fault.column + indent };
  return { ...fault, ...shown, line, place, file: name };
}

const NEEDS_END = 'needs the end of the run, so it cannot be used with `wait: false`';
const NEEDS_KNOWN_BY =
  'needs `known_by`, the fields that make two findings the same, such as `known_by: document_id, clause, status`';
const NEEDS_TOKEN = 'needs `github_token`, which is empty';

/** What each input by itself does not show. */
function listConflicts(
  values: Omit<ValuesOf<typeof ALL_ROWS>, 'runs'>,
  entries: readonly Entry[],
  hasRuns: boolean,
  environment: Environment,
  { event, namedPullRequest: named }: Pick<Context, 'event' | 'namedPullRequest'>,
): readonly (readonly [isWrong: boolean, input: string, message: string])[] {
  const { wait, onRerun, baseline, commitStatus, githubToken, pullRequest, matrix } = values;
  const has = (test: (entry: Entry) => boolean) => entries.some(test);
  return [
    [hasRuns && values.runId !== '', 'run_id', 'has no effect with `runs`: give it in an entry'],
    [!wait && has(({ failIf }) => failIf !== ''), 'fail_if', NEEDS_END],
    [!wait && has(({ warnIf }) => warnIf !== ''), 'warn_if', NEEDS_END],
    [!wait && has(({ runId }) => runId !== ''), 'run_id', NEEDS_END],
    [!wait && commitStatus !== '', 'commit_status', NEEDS_END],
    [
      onRerun === 'fresh' && has(({ idempotencyKey }) => idempotencyKey !== ''),
      'idempotency_key',
      'cannot be used with `on_rerun: fresh`, which makes an idempotency key for each attempt',
    ],
    [baseline !== '' && has(lacksKnownBy), 'baseline', NEEDS_KNOWN_BY],
    [
      commitStatus !== '' && has(({ runId, idempotencyKey }) => runId + idempotencyKey !== ''),
      'commit_status',
      'cannot be used with `run_id` or `idempotency_key`: the run may be of another commit',
    ],
    [
      commitStatus !== '' &&
        matrix !== null &&
        !listLeaves(matrix).some((text) => text !== '' && commitStatus.includes(text)),
      'commit_status',
      'must contain a value of the matrix, or each matrix job overwrites the status of the others',
    ],
    [
      /ak_(?:live|test)_/.test(githubToken) ||
        (githubToken !== '' && githubToken === readApiKey(environment)),
      'github_token',
      'is the Alloovium API key, not a GitHub token: check which secret the step reads',
    ],
    [commitStatus !== '' && githubToken === '', 'commit_status', NEEDS_TOKEN],
    [pullRequest !== null && githubToken === '', 'pull_request', NEEDS_TOKEN],
    [
      pullRequest !== null && event === 'merge_group',
      'pull_request',
      'cannot be used in a merge queue, whose commit belongs to several pull requests',
    ],
    [
      pullRequest !== null && named !== null && pullRequest !== named,
      'pull_request',
      `is not the pull request of this event, #${named}: leave it out`,
    ],
    [
      environment.NODE_TLS_REJECT_UNAUTHORIZED === '0',
      'NODE_TLS_REJECT_UNAUTHORIZED',
      'is 0, so the API key could go to any server. Take it out; for a private CA, set NODE_EXTRA_CA_CERTS to its file',
    ],
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
function findUnknownConditions(entries: readonly Entry[], onFault: OnFault): void {
  const names = entries.flatMap(({ gate }) => gate.conditions.map(({ name }) => name));
  const check = (input: string, wanted: Iterable<string | null>) => {
    const unknown = [...wanted].find((name) => name !== null && !names.includes(name)) ?? null;
    const known = names.filter((name) => name !== null);
    const nearest = unknown && findNearest(known, unknown);
    if (unknown !== null)
      onFault(input, `names a condition that does not exist${nearest ? `: did you mean “${nearest}”?` : ''}`);
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

/**
 * Reads the `config` file.
 * @returns its values by key, as they were typed, and the line of a key's value, or of an item of it
 */
async function readConfig(file: ConfigFile | undefined, faults: InputFault[]) {
  const none = { values: {} as JsonObject, lineOf: () => 1 };
  if (file === undefined) return none;
  try {
    const { texts, lineOf } = await readYaml(file.text, '');
    if (isJsonObject(texts)) return { values: texts, lineOf };
    throw new Fault(`must be a mapping with keys of ${formatList(CONFIG_KEYS.map((key) => `\`${key}\``))}`);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    faults.push({ text: `${file.name} ${error.message}`, input: 'config', entry: '', place: file.place });
    return none;
  }
}

/** A misspelt `fail-if` would switch the gate off. */
function findUnknownInputs(environment: Environment, onFault: OnFault): void {
  // Linux desktops set INPUT_METHOD.
  const known = [...INPUT_NAMES.map(toVariable), 'INPUT_METHOD'];
  for (const [variable, value] of Object.entries(environment)) {
    if (!variable.startsWith('INPUT_') || known.includes(variable) || isEmpty(value)) continue;
    const name = variable.slice('INPUT_'.length).toLowerCase();
    onFault(toName(name), describeUnknown('is not an input', INPUT_NAMES, name));
  }
}

/** Returns the variable in which the runner passes the input. */
function toVariable(name: string): string {
  return `INPUT_${name.toUpperCase()}`;
}
