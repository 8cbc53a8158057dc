/** Every input, read once, typed and checked; all faults in one message. No value is ever quoted: it may be a secret. */
import { compileGate } from '../gate/gate.ts';
import { lacksKnownBy, readRuns, unknownConditions, type Entry, type RunEntry } from './entries.ts';
import {
  DEFAULTS,
  FIELDS,
  INPUT_NAMES,
  isEmpty,
  isNone,
  PROPERTIES,
  readFields,
  sentence,
  SWAPPED,
} from './input-table.ts';
import type { Values } from './input-table.ts';
import { namingOf, type Naming } from './naming.ts';
import { apiKeyOf, credentialsOf } from './secrets.ts';
import { StepError } from '../step-error.ts';
import { nearest } from '../text/near.ts';

export interface Inputs extends Omit<Values, 'runs' | keyof Naming>, Omit<Entry, 'name'>, Naming {
  /** The entries of `runs`; null: it is not given, and the inputs above say what to run. */
  readonly runs: readonly RunEntry[] | null;
  /** Inputs that were given and have no use beside `run_id`. */
  readonly ignored: readonly string[];
}

/** One or more inputs cannot be used: the headline is the first fault, the message has all. */
export class InputError extends StepError {
  /** The inputs with their defaults in place of those at fault, to report by; null where that is of no use. */
  readonly usable: Inputs | null;

  constructor(faults: readonly string[], usable: Inputs | null = null) {
    const all = faults.join('\n');
    const [first = ''] = all.split('\n');
    const headline =
      first.length <= HEADLINE_MAX ? first : first.slice(0, HEADLINE_MAX).replace(/[^ ]*$/, '…');
    // The gate has one fault, which lists what is wrong in it place by place.
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

const HEADLINE_MAX = 240;
export const NO_WORKFLOW =
  '`workflow_id` is missing.\nTo judge a run of an earlier job: `run_id` is empty. Did that job fail?';

/** @throws InputError */
export async function readInputs(environment: NodeJS.ProcessEnv): Promise<Inputs> {
  const typed = (name: string) => environment[variableOf(name)];
  // action.yml's own default of `on_rerun` is nobody's wish.
  const isSet = (name: string) =>
    !isEmpty(typed(name)) &&
    !(name === FIELDS.onRerun.name && typed(name)?.trim() === FIELDS.onRerun.fallback);
  const ignored = isSet('run_id') ? IGNORED_WITH_RUN_ID.filter(isSet) : [];
  const given = (name: string) =>
    ignored.includes(name) ? '' : name === FIELDS.apiKey.name ? apiKeyOf(environment) : typed(name);
  const gives = (name: string) => !isEmpty(given(name));

  let faults = unknownInputs(environment);
  const fault = (name: string, what: string) =>
    faults.push(sentence(`\`${name}\``, what).replace(/(?<!\?)$/, '.'));
  const secrets = credentialsOf(environment);
  const holdsSecret = (shown: string) => secrets.some((secret) => shown.includes(secret));
  const own = await readFields(PROPERTIES, given, holdsSecret, fault);
  // That says what is wrong with the other ID too.
  if (faults.some((one) => one.endsWith(SWAPPED)))
    faults = faults.filter((one) => !one.startsWith(`\`${FIELDS.workflowId.name}\``));
  const values: Values = { ...DEFAULTS, ...own };

  if (!gives('workflow_id') && !gives('run_id') && !gives('runs')) faults.push(NO_WORKFLOW);
  if (!values.wait)
    for (const name of ['fail_if', 'warn_if', 'run_id'])
      if (gives(name) && !isNone(given(name)))
        fault('wait', `cannot be \`false\` together with \`${name}\`: there is no verdict without waiting`);

  const gate = await compileGate(values.failIf, values.warnIf);
  const judgement = { ...values, gate };
  if (gate.fault !== '') faults.push(gate.fault);
  let runs: readonly RunEntry[] | null = null;
  if (gives('runs')) {
    if (gives('run_id')) fault('runs', 'cannot be given beside `run_id`: give it in an entry');
    const read = await readRuns(values.runs, values, holdsSecret);
    runs = read.entries;
    for (const what of read.faults) fault('runs', what);
  }

  const gates = [judgement, ...(runs ?? [])].map(({ gate }) => gate);
  for (const [name, what] of gate.fault !== '' ? [] : unknownConditions(own, gates)) fault(name, what);
  if (values.failOn === 'new' && (runs ?? [judgement]).some(lacksKnownBy))
    fault(
      'fail_on',
      'is `new`, which needs `known_by`: the fields that make two findings the same, such as `known_by: document_id, clause, status`',
    );

  const read: Inputs = { ...judgement, runs, ...namingOf(values, environment), ignored };
  for (const [name, what] of statusFaults(read, environment)) fault(name, what);
  if (values.baseline !== '' && gives('baseline_file'))
    fault('baseline', 'cannot be given together with `baseline_file`');
  if (values.baseline !== '' && !values.wait) fault('baseline', 'has no use with `wait: false`');
  // It makes every HTTPS connection of the process accept any certificate, GitHub's included.
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0')
    faults.push(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: the key would be sent to whoever answers. Unset it; for a private CA, set NODE_EXTRA_CA_CERTS to its file.',
    );
  if (faults.length > 0) {
    const isOf = (fault: RegExp) => faults.some((one) => fault.test(one));
    // A comment is found again by these: one of its own would be left behind, red, when they are mended. And the token is
    // sent to nobody whose certificate is not looked at.
    const isLost = read.comment !== 'never' && isOf(/^`(?:title|comment_key)`/);
    if (isLost) faults.push('No comment is written: it is found by this input.');
    const isInsecure = isOf(/^NODE_TLS/);
    throw new InputError(faults, {
      ...read,
      comment: isLost || isInsecure ? 'never' : read.comment,
      // A status of a context that is refused must not be set.
      commitStatus: isInsecure || isOf(/^`commit_status`/) ? '' : read.commitStatus,
    });
  }
  return read;
}

/** What is wrong with `commit_status`: it may tell only of the commit and the step that it is of. */
function* statusFaults(inputs: Inputs, environment: NodeJS.ProcessEnv): Iterable<readonly [string, string]> {
  const { commitStatus, githubToken, matrixValues } = inputs;
  if (commitStatus === '') return;
  const name = FIELDS.commitStatus.name;
  if (githubToken === '') yield [name, 'needs `github_token`, which is empty'];
  if ([inputs, ...(inputs.runs ?? [])].some(({ runId }) => runId !== ''))
    yield [name, 'cannot be given beside `run_id`: the run may be of another commit'];
  if (commitStatus === environment.GITHUB_JOB)
    yield [name, "is the job's own ID: GitHub knows required checks only by their name, so choose another"];
  if (matrixValues.length > 0 && !matrixValues.some((value) => commitStatus.includes(value)))
    yield [
      name,
      'must hold a value of the matrix: else each job of the matrix overwrites the status of the others',
    ];
}

/** Is a gate asked for, if only one that is refused? */
export function asksForGate(environment: NodeJS.ProcessEnv): boolean {
  const given = environment[variableOf(FIELDS.failIf.name)];
  return given !== undefined && !isNone(given);
}

/** The variable in which the runner hands the input over. */
function variableOf(name: string): string {
  return `INPUT_${name.toUpperCase()}`;
}

/** What is not looked at where nothing is launched. */
const IGNORED_WITH_RUN_ID = ['project_id', 'inputs', 'idempotency_key', 'on_rerun'];

/** A gate must not be off by a wrong name: `fail-if`, `fail_when`. */
function unknownInputs(environment: NodeJS.ProcessEnv): string[] {
  // A Linux desktop sets INPUT_METHOD.
  const known = [...INPUT_NAMES.map(variableOf), 'INPUT_METHOD'];
  const unknown = Object.keys(environment)
    .filter((name) => name.startsWith('INPUT_') && !known.includes(name) && !isEmpty(environment[name]))
    .map((name) => name.slice('INPUT_'.length, 128).replaceAll(/[^A-Za-z0-9_-]/g, '?'));
  const [first] = unknown;
  if (first === undefined) return [];
  const near = unknown.map((name) => nearest(INPUT_NAMES, name, (one) => (one.length < 8 ? 1 : 2)));
  const list = INPUT_NAMES.map((name) => `\`${name}\``).join(', ');
  const faults = unknown.map(
    (name, at) =>
      `There is no input \`${name.toLowerCase()}\`${near[at] === undefined ? '.' : `: did you mean \`${near[at]}\`?`}`,
  );
  // What holds for all of them is a part of the last, so that one misspelt input is one fault.
  const last = [
    ...faults.slice(-1),
    ...(near.includes(undefined) ? [`The inputs are ${list}.`] : []),
    `If \`INPUT_${first}\` is a variable of another tool, set it to nothing in this step's \`env\`.`,
  ].join('\n');
  return [...faults.slice(0, -1), last];
}
