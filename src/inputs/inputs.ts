/** Every input, read once, typed and checked; all faults in one message. No value is ever quoted: it may be a secret. */
import { isId } from '../alloovium/wire.ts';
import type { JsonObject } from '../json.ts';
import { namingOf, TITLE_MAX } from './naming.ts';
import { apiKeyOf, credentialsOf } from './secrets.ts';
import type { RunEntry } from './runs.ts';
import { StepError } from '../step-error.ts';
import { nearest } from '../text/near.ts';
import { compileGate, GateError, type Gate } from '../gate/gate.ts';

export interface Inputs {
  /** null: none was given. */
  readonly apiKey: string | null;
  /** Without a trailing slash. */
  readonly apiUrl: string;
  /** Empty: not given, which only `run_id` allows. */
  readonly workflowId: string;
  readonly inputs: JsonObject;
  /** Empty: none. */
  readonly projectId: string;
  /** Empty: launch; else attach to this run. */
  readonly runId: string;
  /** Empty: the commit or the job run stands in the key. */
  readonly idempotencyKey: string;
  readonly onRerun: 'resume' | 'fresh';
  readonly wait: boolean;
  readonly timeoutMs: number;
  readonly gate: Gate;
  /** The entries of `runs`; null: it is not given, and the inputs above say what to run. */
  readonly runs: readonly RunEntry[] | null;
  readonly jobSummary: boolean;
  readonly comment: 'never' | 'always' | 'on_failure';
  /** What a comment belongs to beside the workflow file. */
  readonly commentKey: readonly string[];
  /** Empty: none. */
  readonly baselineFile: string;
  readonly failOn: 'any' | 'new';
  /** What headings call this review. Untrusted where it is the matrix leg's. */
  readonly title: string;
  readonly githubToken: string;
  readonly onMissingKey: 'fail' | 'skip';
  /** Inputs that were given and have no use beside `run_id`. */
  readonly ignored: readonly string[];
}

/** One or more inputs cannot be used; the detail lists the faults. */
export class InputError extends StepError {
  /** The inputs with their defaults in place of those at fault, to report by; null where that is of no use. */
  readonly usable: Inputs | null;

  constructor(faults: readonly string[], usable: Inputs | null = null) {
    super(
      'The inputs of the step cannot be used',
      faults.every((fault) => fault.startsWith('`api_key`'))
        ? 'Fix the secret, then re-run the job.'
        : `Fix ${faults.length === 1 ? 'this' : 'these'} in the workflow file.`,
      faults.join('\n'),
    );
    this.usable = usable;
  }
}

/** Inputs that log, summary, comment or outputs show. */
const SHOWN = [
  'api_url',
  'workflow_id',
  'project_id',
  'run_id',
  'idempotency_key',
  'fail_if',
  'warn_if',
  'title',
] as const;

export const DEFAULT_API_URL = 'https://api.alloovium.com';

export const INPUT_NAMES = [
  'api_key',
  'api_url',
  'workflow_id',
  'inputs',
  'project_id',
  'run_id',
  'idempotency_key',
  'on_rerun',
  'wait',
  'timeout_minutes',
  'fail_if',
  'warn_if',
  'runs',
  'job_summary',
  'comment',
  'comment_key',
  'baseline_file',
  'fail_on',
  'title',
  'github_token',
  'on_missing_key',
] as const;

type Name = (typeof INPUT_NAMES)[number];
type Environment = Readonly<Record<string, string | undefined>>;

/** @throws InputError */
export async function readInputs(environment: Environment): Promise<Inputs> {
  const faults: string[] = [...nearMisses(environment)];
  const fault = (name: Name, what: string) => faults.push(`\`${name}\` ${what}.`);
  const ignored = given(environment, 'run_id') === '' ? [] : uselessBesideRunId(environment);
  const text = (name: Name) => (ignored.includes(name) ? '' : given(environment, name));
  // Blanks and line ends at their edges mean something: an indent, a line's number, the end of a block.
  const whole = (name: Name) => (text(name) === '' ? '' : (environment[variable(name)] ?? ''));

  function choice<T>(name: Name, choices: Readonly<Record<string, T>>, fallback: T): T {
    const value = text(name);
    if (value === '') return fallback;
    if (Object.hasOwn(choices, value)) return choices[value] as T;
    fault(
      name,
      `must be ${Object.keys(choices)
        .map((one) => `\`${one}\``)
        .join(' or ')}`,
    );
    return fallback;
  }
  function id(name: Name, what: string, isRight: (value: string) => boolean = isId): string {
    const value = text(name);
    if (value === '' || isRight(value)) return value;
    fault(name, `must be ${what}`);
    return '';
  }
  // The YAML 1.2 booleans, as GitHub's own toolkit reads them.
  const YES_NO = { true: true, false: false, True: true, False: false, TRUE: true, FALSE: false };
  const boolean = (name: Name, fallback: boolean) => {
    const value = text(name);
    if (value === '') return fallback;
    if (Object.hasOwn(YES_NO, value)) return YES_NO[value as keyof typeof YES_NO];
    fault(name, 'must be `true` or `false`');
    return fallback;
  };

  const rawKey = apiKeyOf(environment);
  const badKey = rawKey === '' ? null : keyFault(rawKey);
  if (badKey !== null) fault('api_key', badKey);

  const apiUrl = apiUrlOf(text('api_url') || DEFAULT_API_URL);
  if (apiUrl === null) {
    fault(
      'api_url',
      'must be an `https:` URL without user, query or fragment (`http:` only to a loopback host)',
    );
  } else if (/\/api(\/v\d+)?$/.test(apiUrl)) {
    fault('api_url', 'must be without `/api/v2`, which the action adds');
  }

  const workflowId = id('workflow_id', "the workflow's ID as the dashboard shows it, `wf_…`", isWorkflowId);
  const runId = id('run_id', "a run's ID, `run_…`");
  if (text('workflow_id') === '' && text('run_id') === '' && text('runs') === '') {
    fault(
      'workflow_id',
      "is required: the workflow's ID as the dashboard shows it, `wf_…` (or give `run_id` or `runs`)",
    );
  }

  const idempotencyKey = id(
    'idempotency_key',
    'made of 1-100 characters `A-Z a-z 0-9 _ -`',
    isIdempotencyKey,
  );

  const wait = boolean('wait', true);
  if (!wait) {
    for (const name of ['fail_if', 'warn_if', 'run_id'] as const) {
      if (text(name) !== '')
        fault('wait', `cannot be \`false\` together with \`${name}\`: there is no verdict without waiting`);
    }
  }

  const minutes = text('timeout_minutes') || '15';
  const timeoutMs = /^\d{1,8}(\.\d{1,8})?$/.test(minutes) ? Number(minutes) * 60_000 : 0;
  if (!(timeoutMs > 0 && timeoutMs <= 1440 * 60_000)) {
    fault('timeout_minutes', 'must be a number of minutes above 0 and at most 1440, such as `15` or `0.5`');
  }

  let inputs: JsonObject = {};
  let gate: Gate = { conditions: [], evaluate: () => [] };
  try {
    if (text('inputs') !== '') {
      const { parseInputVariables } = await import('./input-variables.ts');
      inputs = parseInputVariables(whole('inputs'));
    }
  } catch (error) {
    fault('inputs', (error as Error).message);
  }
  try {
    gate = await compileGate(whole('fail_if'), whole('warn_if'));
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    faults.push(error.message);
  }

  let runs: readonly RunEntry[] | null = null;
  if (text('runs') !== '') {
    if (text('run_id') !== '') fault('runs', 'cannot be given beside `run_id`: give it in an entry');
    const { readRuns } = await import('./runs.ts');
    const read = await readRuns(whole('runs'), {
      ...{ workflowId, inputs, idempotencyKey, wait },
      projectId: text('project_id'),
      failIf: whole('fail_if'),
      warnIf: whole('warn_if'),
      isWorkflowId,
      isId,
      isIdempotencyKey,
    });
    runs = read.entries;
    for (const what of read.faults) fault('runs', what);
  }

  const title = text('title');
  if (/[\r\n]/.test(title) || title.length > TITLE_MAX)
    fault('title', `must be one line of at most ${TITLE_MAX} characters`);

  const secrets = credentialsOf(environment);
  const holdsSecret = (shown: string) => secrets.some((secret) => shown.includes(secret));
  // GitHub masks the log, but neither summary nor comment. What is refused here must not be shown as refused either.
  for (const name of SHOWN) if (holdsSecret(text(name))) fault(name, 'holds a secret, and would show it');
  if (holdsSecret(text('runs')) && (runs ?? []).some((entry) => holdsSecret(shownOf(entry)))) {
    fault('runs', 'has a secret in what log and report show of it');
    runs = [];
  }
  if (Object.keys(inputs).some(holdsSecret)) {
    fault('inputs', 'has a secret for a name, and would show it');
    inputs = {};
  }

  const read: Inputs = {
    apiKey: rawKey === '' || badKey !== null ? null : rawKey,
    apiUrl: apiUrl ?? DEFAULT_API_URL,
    workflowId,
    inputs,
    projectId: holdsSecret(text('project_id')) ? '' : id('project_id', "the project's ID"),
    runId,
    idempotencyKey,
    onRerun: choice('on_rerun', { resume: 'resume', fresh: 'fresh' }, 'resume'),
    wait,
    timeoutMs,
    gate,
    runs,
    jobSummary: boolean('job_summary', true),
    comment: choice(
      'comment',
      { never: 'never', always: 'always', on_failure: 'on_failure', 'on-failure': 'on_failure' },
      'never',
    ),
    ...namingOf({
      commentKey: text('comment_key'),
      title: holdsSecret(title) ? '' : title,
      workflowId: given(environment, 'workflow_id'),
      projectId: given(environment, 'project_id'),
      job: environment.GITHUB_JOB ?? '',
      action: environment.GITHUB_ACTION ?? '',
      workflow: environment.GITHUB_WORKFLOW ?? '',
    }),
    baselineFile: text('baseline_file'),
    failOn: choice('fail_on', { any: 'any', new: 'new' }, 'any'),
    githubToken: text('github_token'),
    onMissingKey: choice('on_missing_key', { fail: 'fail', skip: 'skip' }, 'fail'),
    ignored,
  };
  // It makes every HTTPS connection of the process accept any certificate, GitHub's included.
  if (environment.NODE_TLS_REJECT_UNAUTHORIZED === '0') {
    faults.push(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set: the key would be sent to whoever answers. Unset it; for a private CA, set NODE_EXTRA_CA_CERTS to its file.',
    );
  }
  if (faults.length > 0) {
    const isOf = (fault: RegExp) => faults.some((one) => fault.test(one));
    // A comment is found again by its IDs: one of its own would be left behind, red, when they are mended. And the token is
    // sent to nobody whose certificate is not looked at.
    const isLost = read.comment !== 'never' && isOf(/^`(?:workflow_id|project_id|run_id|comment_key)`/);
    throw new InputError(
      isLost ? [...faults, 'No comment is written: it is found by these IDs.'] : faults,
      isLost || isOf(/^NODE_TLS/) ? { ...read, comment: 'never' } : read,
    );
  }
  return read;
}

function isWorkflowId(text: string): boolean {
  return isId(text) && text.startsWith('wf_') && text.length > 3;
}

function isIdempotencyKey(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,100}$/.test(text);
}

/** All of an entry that is shown, but for the values of its inputs. */
function shownOf({ name, workflowId, projectId, runId, idempotencyKey, inputs, gate }: RunEntry): string {
  const conditions = gate.conditions.map((one) => `${one.name ?? ''}\n${one.expression}`);
  return [name, workflowId, projectId, runId, idempotencyKey, ...Object.keys(inputs), ...conditions].join(
    '\n',
  );
}

/** The variable in which the runner hands the input over. */
function variable(name: Name): string {
  return `INPUT_${name.toUpperCase()}`;
}

function given(environment: Environment, name: Name): string {
  return (environment[variable(name)] ?? '').trim();
}

/** What is given and not looked at, since nothing is launched. */
function uselessBesideRunId(environment: Environment): Name[] {
  return (['project_id', 'inputs', 'idempotency_key', 'on_rerun'] as const).filter((name) => {
    const value = given(environment, name);
    return value !== '' && !(name === 'on_rerun' && value === 'resume');
  });
}

function keyFault(key: string): string | null {
  if (/^bearer\s/i.test(key)) return 'must be the key alone, without `Bearer `';
  if (/^["'`]|["'`]$/.test(key)) return 'must be the key alone, without quotes';
  if (!/^[\x21-\x7e]+$/.test(key))
    return 'must be printable ASCII without spaces or line breaks inside: check how the secret was pasted';
  // A mask that short would blank out half the log.
  if (key.length < 8)
    return 'is too short to be an Alloovium key (`ak_live_…` or `ak_test_…`, 60 characters)';
  return null;
}

function apiUrlOf(text: string): string | null {
  const url = URL.parse(text);
  if (url === null || url.username + url.password !== '' || /[?#]/.test(text)) return null;
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) return null;
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/** A gate must not be off by a typo: `fail-if`, `fail_fi`. */
function nearMisses(environment: Environment): string[] {
  return Object.keys(environment)
    .filter((name) => name.startsWith('INPUT_'))
    .map((name) => name.slice('INPUT_'.length).toLowerCase())
    .filter((name) => !(INPUT_NAMES as readonly string[]).includes(name))
    .flatMap((name) => {
      const meant = nearest(INPUT_NAMES, name, (known) => (known.length < 8 ? 1 : 2));
      return meant === undefined
        ? []
        : [`There is no input \`${name.replace(/[^a-z0-9_-]/g, '?')}\`: did you mean \`${meant}\`?`];
    });
}
