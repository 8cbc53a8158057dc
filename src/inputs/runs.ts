/** The `runs` input: several runs in one step. Loaded only when it is given. */
import { compileGate, GateError, type Gate } from '../gate/gate.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { nearest } from '../text/near.ts';
import { parseMapping } from './input-variables.ts';

/** One entry, with what it takes from the step. */
export interface RunEntry {
  readonly name: string;
  /** Empty: not known, which only `runId` allows. */
  readonly workflowId: string;
  readonly projectId: string;
  readonly inputs: JsonObject;
  /** Empty: launch; else attach to this run. */
  readonly runId: string;
  readonly idempotencyKey: string;
  readonly gate: Gate;
}

/** What an entry takes from the step where it gives nothing of its own. */
export interface StepDefaults {
  readonly workflowId: string;
  readonly projectId: string;
  readonly inputs: JsonObject;
  readonly idempotencyKey: string;
  readonly failIf: string;
  readonly warnIf: string;
  readonly wait: boolean;
  readonly isWorkflowId: (text: string) => boolean;
  readonly isId: (text: string) => boolean;
  readonly isIdempotencyKey: (text: string) => boolean;
}

const KEYS = [
  'workflow_id',
  'project_id',
  'inputs',
  'run_id',
  'idempotency_key',
  'fail_if',
  'warn_if',
] as const;
type Key = (typeof KEYS)[number];

const MOST_RUNS = 20;
const MOST_NAME = 64;

/** The entries in the order in which they are written, and every fault: a sentence that follows "`runs` ". */
export async function readRuns(
  text: string,
  step: StepDefaults,
): Promise<{ readonly entries: readonly RunEntry[]; readonly faults: readonly string[] }> {
  let mapping: ReadonlyMap<string, JsonValue>;
  try {
    mapping = parseMapping(text, 'names to what each run is to be', true);
  } catch (error) {
    const { message } = error as Error;
    const hint = error instanceof SyntaxError && text.includes('{') ? QUOTE_CONDITIONS : '';
    return { entries: [], faults: [`${message}${hint}`] };
  }
  const faults = faultsOfNames([...mapping.keys()]);
  // Thousands are neither compiled nor found fault with one by one.
  if (mapping.size > MOST_RUNS) return { entries: [], faults };
  const entries: RunEntry[] = [];
  for (const [given, value] of mapping) {
    const name = given.trim();
    if (!isName(name)) continue;
    const read = await readEntry(name, value, step);
    faults.push(...read.faults.map((fault) => `entry “${name}” ${fault}`));
    entries.push(read.entry);
  }
  return { entries, faults };
}

const QUOTE_CONDITIONS = '; a condition inside `{…}` must be quoted';

function faultsOfNames(names: readonly string[]): string[] {
  const faults: string[] = [];
  if (names.length === 0) faults.push('has no entry');
  if (names.length > MOST_RUNS) faults.push(`has ${names.length} entries: ${MOST_RUNS} at most`);
  const seen = new Map<string, string>();
  for (const name of names.map((one) => one.trim())) {
    if (!isName(name)) {
      faults.push(`has a name that is empty, over ${MOST_NAME} characters or with control characters`);
      continue;
    }
    const before = seen.get(name.toLowerCase());
    if (before === name) faults.push(`has the name “${name}” twice`);
    else if (before !== undefined)
      faults.push(`has the names “${before}” and “${name}”, which GitHub does not tell apart`);
    seen.set(name.toLowerCase(), name);
  }
  return faults;
}

function isName(name: string): boolean {
  return name !== '' && name.length <= MOST_NAME && !/\p{C}|\p{Zl}|\p{Zp}/u.test(name);
}

async function readEntry(
  name: string,
  value: JsonValue,
  step: StepDefaults,
): Promise<{ readonly entry: RunEntry; readonly faults: readonly string[] }> {
  const faults: string[] = [];
  const fields = isJsonObject(value) ? value : {};
  if (value !== null && !isJsonObject(value))
    faults.push('must be a mapping such as `{ project_id: 8f2e… }`');
  for (const key of Object.keys(fields)) if (!isKey(key)) faults.push(unknownKey(key));

  const text = (key: Exclude<Key, 'inputs'>): string => {
    const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
    if (field === undefined || field === null) return '';
    if (typeof field === 'string') return key.endsWith('_if') ? field : field.trim();
    const isCondition = key === 'fail_if' || key === 'warn_if';
    faults.push(
      isCondition && Array.isArray(field)
        ? `has a list in \`${key}\`: write a text below \`|\`, one condition a line`
        : `has no text in \`${key}\`: quote it`,
    );
    return '';
  };
  const checked = (key: Exclude<Key, 'inputs'>, what: string, isRight: (text: string) => boolean): string => {
    const given = text(key);
    if (given === '' || isRight(given)) return given;
    faults.push(`has a \`${key}\` that is not ${what}`);
    return '';
  };

  const runId = checked('run_id', "a run's ID, `run_…`", step.isId);
  const isAttached = runId !== '';
  const workflowId = checked('workflow_id', "a workflow's ID, `wf_…`", step.isWorkflowId);
  const projectId = checked('project_id', "a project's ID", step.isId);
  const idempotencyKey = checked(
    'idempotency_key',
    'made of 1-100 characters `A-Z a-z 0-9 _ -`',
    step.isIdempotencyKey,
  );
  const own = Object.hasOwn(fields, 'inputs') ? fields.inputs : undefined;
  if (own !== undefined && own !== null && !isJsonObject(own))
    faults.push('has `inputs` that are not a mapping of variable names to values');
  if (isAttached) {
    for (const key of ['project_id', 'inputs', 'idempotency_key'] as const)
      if (Object.hasOwn(fields, key)) faults.push(`has a \`run_id\`, so \`${key}\` has no use: take it away`);
    if (!step.wait) faults.push('has a `run_id`, which cannot be together with `wait: false`');
  } else if (workflowId === '' && step.workflowId === '') {
    faults.push('needs a `workflow_id`: give it there, or once for all in `workflow_id`');
  }
  const [failIf, warnIf] = [text('fail_if'), text('warn_if')];
  if (!step.wait)
    for (const [key, given] of Object.entries({ fail_if: failIf, warn_if: warnIf }))
      if (given.trim() !== '') faults.push(`has a \`${key}\`, which cannot be together with \`wait: false\``);
  let gate: Gate = { conditions: [], evaluate: () => [] };
  try {
    gate = await compileGate(given(failIf, step.failIf), given(warnIf, step.warnIf));
  } catch (error) {
    if (!(error instanceof GateError)) throw error;
    // The step's own conditions are refused once, with the step.
    const own = await compileGate(failIf, warnIf).catch((fault: unknown) => fault);
    if (own instanceof GateError) faults.push(`has a condition that cannot be used: ${own.message}`);
  }
  return {
    entry: {
      name,
      workflowId: workflowId === '' && !isAttached ? step.workflowId : workflowId,
      projectId: projectId === '' && !isAttached ? step.projectId : projectId,
      inputs: isAttached ? {} : { ...step.inputs, ...(isJsonObject(own) ? own : {}) },
      runId,
      idempotencyKey: idempotencyKey === '' && !isAttached ? step.idempotencyKey : idempotencyKey,
      gate,
    },
    faults,
  };
}

function given(own: string, fallback: string): string {
  return own.trim() === '' ? fallback : own;
}

function isKey(key: string): key is Key {
  return (KEYS as readonly string[]).includes(key);
}

function unknownKey(key: string): string {
  const near = nearest(KEYS, key, () => 2);
  const shown = /^[\w-]{1,40}$/.test(key) ? `the key \`${key}\`` : 'a key';
  return near === undefined
    ? `has ${shown}, which there is not: ${KEYS.map((known) => `\`${known}\``).join(', ')}${QUOTE_CONDITIONS}`
    : `has ${shown}: did you mean \`${near}\`?`;
}
