/** Reads and checks all inputs once, and reports all faults together. Messages never quote a value, which may be a secret. */
import { compileGate } from '../gate/gate.ts';
import { lacksKnownBy, readRuns, findUnknownConditions, type Entry, type RunEntry } from './runs-input.ts';
import {
  DEFAULTS,
  FIELDS,
  INPUT_NAMES,
  isEmpty,
  isNone,
  PROPERTIES,
  readFields,
  joinSentence,
  SWAPPED_IDS,
} from './input-table.ts';
import type { Values } from './input-table.ts';
import { deriveNaming, type Naming } from './naming.ts';
import { readApiKey, readCredentials } from './secrets.ts';
import { StepError } from '../step-error.ts';
import { findNearest } from '../text/nearest-name.ts';

export interface Inputs extends Omit<Values, 'runs' | keyof Naming>, Omit<Entry, 'name'>, Naming {
  /** The entries of `runs`; null: there is no `runs`, and the other inputs describe the only run. */
  readonly runs: readonly RunEntry[] | null;
  /** Names of inputs that are set but have no effect together with `run_id`. */
  readonly ignored: readonly string[];
}

/** One or more inputs are invalid. The headline is the first fault; the message has all. */
export class InputError extends StepError {
  /** The inputs with defaults for the invalid ones, for the report; null: the report cannot use them. */
  readonly usable: Inputs | null;

  constructor(faults: readonly string[], usable: Inputs | null = null) {
    const all = faults.join('\n');
    const [first = ''] = all.split('\n');
    const headline =
      first.length <= MAX_HEADLINE_LENGTH
        ? first
        : first.slice(0, MAX_HEADLINE_LENGTH).replace(/[^ ]*$/, '…');
    // The gate has one fault, which lists each error with its place.
    const places = all.match(/, line \d+, column \d+: /g) ?? [];
    const isOne = faults.length === 1 && places.length <= 1;
    const isWhole = isOne && headline === first;
    super(
      headline.replace(/\.$/, ''),
      faults.every((fault) => fault.startsWith('`api_key`'))
        ? 'Fix the secret, then {again}'
        : `Fix ${isOne ? 'this' : 'these'} in the workflow file${isWhole ? '' : ': the log has the rest'}.`,
      all,
    );
    this.message = all;
    this.usable = usable;
  }
}

const MAX_HEADLINE_LENGTH = 240;
export const NO_WORKFLOW =
  '`workflow_id` is missing.\nTo evaluate a run of an earlier job: `run_id` is empty. Did that job fail?';

/** Reads all inputs from the runner's `INPUT_…` variables. @throws InputError */
export async function readInputs(environment: NodeJS.ProcessEnv): Promise<Inputs> {
  const rawInput = (name: string) => environment[toVariableName(name)];
  // action.yml sets `on_rerun` to its default, so that value does not show that the author set it.
  const isSet = (name: string) =>
    !isEmpty(rawInput(name)) &&
    !(name === FIELDS.onRerun.name && rawInput(name)?.trim() === FIELDS.onRerun.fallback);
  const ignored = isSet('run_id') ? IGNORED_WITH_RUN_ID.filter(isSet) : [];
  const getInput = (name: string) =>
    ignored.includes(name) ? '' : name === FIELDS.apiKey.name ? readApiKey(environment) : rawInput(name);
  const hasInput = (name: string) => !isEmpty(getInput(name));

  let faults = findUnknownInputs(environment);
  const fault = (name: string, what: string) =>
    faults.push(joinSentence(`\`${name}\``, what).replace(/(?<!\?)$/, '.'));
  const secrets = readCredentials(environment);
  const holdsSecret = (shown: string) => secrets.some((secret) => shown.includes(secret));
  const validValues = await readFields(PROPERTIES, getInput, holdsSecret, fault);
  // The fault of swapped IDs covers both of them.
  if (faults.some((one) => one.endsWith(SWAPPED_IDS)))
    faults = faults.filter((one) => !one.startsWith(`\`${FIELDS.workflowId.name}\``));
  const values: Values = { ...DEFAULTS, ...validValues };

  if (!hasInput('workflow_id') && !hasInput('run_id') && !hasInput('runs')) faults.push(NO_WORKFLOW);
  if (!values.wait)
    for (const name of ['fail_if', 'warn_if', 'run_id'])
      if (hasInput(name) && !isNone(getInput(name)))
        fault('wait', `cannot be \`false\` together with \`${name}\`: there is no verdict without waiting`);

  const gate = await compileGate(values.failIf, values.warnIf);
  /** What a step without `runs` evaluates. */
  const single = { ...values, gate };
  if (gate.fault !== '') faults.push(gate.fault);
  let runs: readonly RunEntry[] | null = null;
  if (hasInput('runs')) {
    if (hasInput('run_id'))
      fault('run_id', 'cannot be used together with `runs`: give it in an entry of `runs`');
    const parsed = await readRuns(values.runs, values, holdsSecret);
    runs = parsed.entries;
    for (const what of parsed.faults) fault('runs', what);
  }

  const gates = [single, ...(runs ?? [])].map(({ gate }) => gate);
  for (const [name, what] of gate.fault !== '' ? [] : findUnknownConditions(validValues, gates))
    fault(name, what);
  if (values.failOn === 'new' && (runs ?? [single]).some(lacksKnownBy))
    fault(
      'fail_on',
      'is `new`, which needs `known_by`: the fields that make two findings the same, such as `known_by: document_id, clause, status`',
    );

  const inputs: Inputs = { ...single, runs, ...deriveNaming(values, environment), ignored };
  for (const [name, what] of findStatusFaults(inputs, environment)) fault(name, what);
  if (values.baseline !== '' && hasInput('baseline_file'))
    fault('baseline', 'cannot be used together with `baseline_file`');
  if (values.baseline !== '' && !values.wait) fault('baseline', 'has no effect with `wait: false`');
  // With it, every HTTPS connection of the process accepts any certificate, also that of a false GitHub.
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    faults.push(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: the key would be sent to any server that answers. Unset it; for a private CA, set NODE_EXTRA_CA_CERTS to its file.',
    );
  if (faults.length > 0) {
    const hasFault = (fault: RegExp) => faults.some((one) => fault.test(one));
    // `title` and `comment_key` identify the comment: one written without them would stay red after they are fixed. And the
    // token must not be sent to a server whose certificate is not checked.
    const isUnfindable = inputs.comment !== 'never' && hasFault(/^`(?:title|comment_key)`/);
    if (isUnfindable) faults.push('No comment is written: the action finds its comment by this input.');
    const isInsecure = hasFault(/^NODE_TLS/);
    throw new InputError(faults, {
      ...inputs,
      comment: isUnfindable || isInsecure ? 'never' : inputs.comment,
      // An invalid context must not get a status.
      commitStatus: isInsecure || hasFault(/^`commit_status`/) ? '' : inputs.commitStatus,
    });
  }
  return inputs;
}

/**
 * Yields the faults of `commit_status`, which must describe only this commit and this step, as pairs of the input's name and a
 * predicate.
 */
function* findStatusFaults(
  inputs: Inputs,
  environment: NodeJS.ProcessEnv,
): Iterable<readonly [string, string]> {
  const { commitStatus, githubToken, matrixValues } = inputs;
  if (commitStatus === '') return;
  const name = FIELDS.commitStatus.name;
  if (githubToken === '') yield [name, 'needs `github_token`, which is empty'];
  if ([inputs, ...(inputs.runs ?? [])].some(({ runId }) => runId !== ''))
    yield [name, 'cannot be used together with `run_id`: the run may be of another commit'];
  if (commitStatus === environment.GITHUB_JOB)
    yield [name, 'is the ID of the job: GitHub finds required checks by their name alone, so choose another'];
  if (matrixValues.length > 0 && !matrixValues.some((value) => commitStatus.includes(value)))
    yield [
      name,
      'must hold a value of the matrix: else each job of the matrix overwrites the status of the others',
    ];
}

/** Has the step a `fail_if`, even an invalid one? */
export function asksForGate(environment: NodeJS.ProcessEnv): boolean {
  const failIf = environment[toVariableName(FIELDS.failIf.name)];
  return failIf !== undefined && !isNone(failIf);
}

/** Returns the variable in which the runner passes the input. */
function toVariableName(name: string): string {
  return `INPUT_${name.toUpperCase()}`;
}

/** Inputs without effect if no run is launched. */
const IGNORED_WITH_RUN_ID = ['project_id', 'inputs', 'idempotency_key', 'on_rerun'];

/** Returns a fault for each unknown input, since a misspelt `fail-if` or `fail_when` would switch the gate off. */
function findUnknownInputs(environment: NodeJS.ProcessEnv): string[] {
  // Linux desktops set INPUT_METHOD.
  const known = [...INPUT_NAMES.map(toVariableName), 'INPUT_METHOD'];
  const unknown = Object.keys(environment)
    .filter((name) => name.startsWith('INPUT_') && !known.includes(name) && !isEmpty(environment[name]))
    .map((name) => name.slice('INPUT_'.length, 128).replaceAll(/[^A-Za-z0-9_-]/g, '?'));
  const [first] = unknown;
  if (first === undefined) return [];
  const near = unknown.map((name) => findNearest(INPUT_NAMES, name, (one) => (one.length < 8 ? 1 : 2)));
  const list = INPUT_NAMES.map((name) => `\`${name}\``).join(', ');
  const faults = unknown.map(
    (name, at) =>
      `There is no input \`${name.toLowerCase()}\`${near[at] === undefined ? '.' : `: did you mean \`${near[at]}\`?`}`,
  );
  // The common hints are a part of the last fault, so that one misspelt input is one fault.
  const last = [
    ...faults.slice(-1),
    ...(near.includes(undefined) ? [`The inputs are ${list}.`] : []),
    `If \`INPUT_${first}\` is a variable of another tool, set it to \`''\` below \`env\` of this step.`,
  ].join('\n');
  return [...faults.slice(0, -1), last];
}
