/** Reads the `runs` input, and groups its entries into orders. */
import { compileGate, type Gate } from '../gate/gate.ts';
import { fieldsFor } from '../gate/field-lists.ts';
import { canonicalJson } from '../intent.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { findNearest } from '../text/nearest-name.ts';
import {
  DEFAULTS,
  ENTRY_PROPERTIES,
  FIELDS,
  isEmpty,
  isNone,
  readFields,
  joinSentence,
} from './input-table.ts';
import type { EntryProperty, Values } from './input-table.ts';

/** One run to launch or attach to. `inputs` are merged; `workflowId` is empty only if there is a `runId`. */
export interface Order extends Pick<
  Values,
  'workflowId' | 'projectId' | 'inputs' | 'runId' | 'idempotencyKey'
> {
  /** The evaluations of the run; more than one if several entries of `runs` need the same run. */
  readonly entries: readonly Entry[];
}

/** One evaluation of a run. */
export interface Entry extends Pick<Values, 'knownBy' | 'waivers' | 'columns'> {
  /** The key in `runs`; empty: the only run of a step without `runs`. */
  readonly name: string;
  readonly gate: Gate;
}

/** An entry of `runs`, completed with the step's values. */
export interface RunEntry extends Pick<Values, EntryProperty>, Entry {
  /** The entry or the step has a `fail_if`, even if it is invalid. */
  readonly isGated: boolean;
}

/** Groups entries with the same intent or the same `run_id` into one order; the result is in launch order. */
export function groupOrders(runs: readonly Omit<RunEntry, 'isGated'>[]): Order[] {
  const orders = new Map<string, Order>();
  for (const { name, gate, knownBy, waivers, columns, ...entry } of runs) {
    const { workflowId, projectId, inputs, runId, idempotencyKey } = entry;
    const intent = canonicalJson([runId, workflowId, projectId, inputs, idempotencyKey]);
    const earlier = orders.get(intent);
    const entries = [...(earlier?.entries ?? []), { name, gate, knownBy, waivers, columns }];
    orders.set(intent, { entries, workflowId, projectId, inputs, runId, idempotencyKey });
  }
  return [...orders.values()];
}

/**
 * Finds conditions that `known_by`, `waivers` or `columns` name but no gate has. Returns pairs of an input's name and a
 * predicate.
 */
export function findUnknownConditions(
  { knownBy, waivers, columns }: Partial<Values>,
  gates: readonly Gate[],
) {
  const names = gates.flatMap(({ conditions }) => conditions.flatMap(({ name }) => name ?? []));
  const named = [
    [FIELDS.knownBy.name, [...(knownBy?.keys() ?? [])].filter((name) => name !== null)],
    [FIELDS.waivers.name, waivers?.flatMap(({ condition }) => condition ?? []) ?? []],
    [FIELDS.columns.name, [...(columns?.keys() ?? [])].filter((name) => name !== null)],
  ] as const;
  return named.flatMap(([field, conditions]) => {
    const wrong = conditions.find((name) => !names.includes(name));
    if (wrong === undefined) return [];
    const near = findNearest(names, wrong, () => 2);
    const meant = near === undefined ? '' : `: did you mean “${near}”?`;
    return [[field, `names a condition that does not exist${meant}`] as const];
  });
}

/** Has no condition of `fail_if` fields in `known_by`, which `fail_on: new` needs? */
export function lacksKnownBy({ gate, knownBy }: Pick<Entry, 'gate' | 'knownBy'>): boolean {
  const gated = gate.conditions.filter(({ severity }) => severity === 'fail');
  return gated.length > 0 && gated.every((condition) => fieldsFor(knownBy, condition).length === 0);
}

const MAX_RUNS = 20;
const MAX_NAME = 64;
const QUOTE_CONDITIONS = '; a condition inside `{…}` must be quoted';
const ENTRY_KEYS: readonly string[] = ENTRY_PROPERTIES.map((one) => FIELDS[one].name);

/**
 * Reads the entries of `runs` in their written order, and all faults, as predicates that follow "`runs`".
 * @param step the step's values, which are the defaults of an entry
 */
export async function readRuns(text: string, step: Values, holdsSecret: (text: string) => boolean) {
  let mapping: ReadonlyMap<string, JsonValue>;
  try {
    const { readYaml } = await import('./yaml.ts');
    mapping = readYaml(text, ['waivers']).mapping('names to runs');
  } catch (error) {
    const { message } = error as Error;
    const hint = error instanceof SyntaxError && text.includes('{') ? QUOTE_CONDITIONS : '';
    return { entries: [], faults: [`${message}${hint}`] };
  }
  // Rejected first, so that thousands of entries are not compiled and checked one by one.
  if (mapping.size > MAX_RUNS)
    return { entries: [], faults: [`has ${mapping.size} entries: ${MAX_RUNS} at most`] };
  const entries: RunEntry[] = [];
  const faults = mapping.size === 0 ? ['has no entry'] : [];
  const names = new Map<string, string>();
  for (const [rawName, value] of mapping) {
    const name = rawName.trim();
    const earlierName = names.get(name.toLowerCase());
    names.set(name.toLowerCase(), name);
    if (name === '' || name.length > MAX_NAME || /\p{C}|\p{Zl}|\p{Zp}/u.test(name))
      faults.push(`has a name that is empty, over ${MAX_NAME} characters or with control characters`);
    else if (holdsSecret(name)) faults.push('has a name that contains a secret, and reports would show it');
    else {
      if (earlierName !== undefined)
        faults.push(`has the names “${earlierName}” and “${name}”, which are equal for GitHub`);
      const read = await readEntry(value, step, holdsSecret);
      faults.push(...read.faults.map((fault) => joinSentence(`entry “${name}”`, fault)));
      entries.push({ ...read.entry, name });
    }
  }
  if (faults.length === 0) faults.push(...findSameReviews(entries));
  return { entries, faults: [...new Set(faults)] };
}

/** Finds entries with the same intent and gate: if one project was pasted twice, another was not reviewed and seems green. */
function findSameReviews(entries: readonly RunEntry[]): string[] {
  const groups = Map.groupBy(entries, (entry) => {
    const { workflowId, projectId, inputs, runId, idempotencyKey, gate, knownBy, waivers } = entry;
    return canonicalJson([
      [workflowId, projectId, inputs, runId, idempotencyKey],
      gate.conditions.map(({ severity, name, expression }) => [severity, name, expression]),
      [...knownBy].map(([name, fields]) => [name, fields]),
      waivers.map(({ match, condition, because, until, count }) => [
        [...match].map(([field, text]) => [field, text]),
        condition,
        because,
        until,
        count,
      ]),
    ]);
  });
  return [...groups.values()].flatMap((same) => {
    if (same.length < 2) return [];
    const names = same.map(({ name }) => `“${name}”`);
    const pasted = same[0]?.runId === '' ? 'project_id' : 'run_id';
    return [
      `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} are the same review: is one \`${pasted}\` pasted twice?`,
    ];
  });
}

/** Reads one entry, with its faults as predicates. */
async function readEntry(value: JsonValue, step: Values, holdsSecret: (text: string) => boolean) {
  const faults: string[] = [];
  const fields = isJsonObject(value) ? value : {};
  if (value !== null && !isJsonObject(value))
    faults.push('must be a mapping such as `{ project_id: 8f2e… }`');
  for (const key of Object.keys(fields))
    if (!ENTRY_KEYS.includes(key)) faults.push(describeUnknownEntryKey(key));
  const rawField = (name: string) => fields[name];
  const hasField = (name: string) => !isEmpty(rawField(name));
  const fault = (name: string, what: string) => faults.push(joinSentence(`\`${name}\``, what));
  const entryValues = await readFields(ENTRY_PROPERTIES, rawField, holdsSecret, fault);
  const isAttached = hasField('run_id');
  if (isAttached) {
    for (const name of ['project_id', 'inputs', 'idempotency_key'])
      if (hasField(name)) faults.push(`has a \`run_id\`, so \`${name}\` has no effect: remove it`);
  } else if (!hasField('workflow_id') && step.workflowId === '') {
    faults.push('needs a `workflow_id`: give it in the entry, or for all entries in `workflow_id`');
  }
  if (!step.wait)
    for (const name of ['fail_if', 'warn_if', 'run_id'])
      if (hasField(name) && !isNone(rawField(name)))
        faults.push(`has a \`${name}\`, which cannot be together with \`wait: false\``);

  // Another workflow declares other variables, so the step's `inputs` are neither merged nor dropped silently.
  const isOther = entryValues.workflowId !== undefined && entryValues.workflowId !== step.workflowId;
  if (isOther && !isAttached && !hasField('inputs') && Object.keys(step.inputs).length > 0)
    faults.push(
      "has another `workflow_id` than the step, so it cannot use the step's `inputs`: give it all that it needs, `inputs: {}` for none",
    );
  // An entry with a `run_id` takes only the gates from the step.
  const { failIf, warnIf, knownBy, waivers, columns } = step;
  const base = isAttached ? { ...DEFAULTS, failIf, warnIf, knownBy, waivers, columns } : step;
  const values = {
    ...base,
    ...entryValues,
    inputs: { ...(isOther ? {} : base.inputs), ...entryValues.inputs },
  };

  const gate = await compileGate(values.failIf, values.warnIf);
  const faultOf = async (failIf = '', warnIf = '') => (await compileGate(failIf, warnIf)).fault;
  const gateFault = gate.fault === '' ? '' : await faultOf(entryValues.failIf, entryValues.warnIf);
  // A fault in the step's conditions is reported once, with the step. A name used in both is a fault of the entry.
  const isOfStep = gate.fault !== '' && (await faultOf(step.failIf, step.warnIf)) !== '';
  const conditionFault = gateFault !== '' || isOfStep ? gateFault : gate.fault;
  for (const [name, what] of gate.fault !== '' ? [] : findUnknownConditions(entryValues, [gate]))
    fault(name, what);
  if (conditionFault !== '') faults.push(`has a condition that cannot be used: ${conditionFault}`);
  const entryGate = rawField(FIELDS.failIf.name);
  const isGated = entryGate === undefined ? base.failIf !== '' : !isNone(entryGate);
  return { entry: { ...values, gate, isGated }, faults };
}

/** Returns the fault of an unknown key, with the key that was probably meant. */
function describeUnknownEntryKey(key: string): string {
  const near = findNearest(ENTRY_KEYS, key, () => 2);
  const shown = /^[\w-]{1,40}$/.test(key) ? `an unknown key \`${key}\`` : 'an unknown key';
  return near === undefined
    ? `has ${shown}. There are ${ENTRY_KEYS.map((known) => `\`${known}\``).join(', ')}${QUOTE_CONDITIONS}`
    : `has ${shown}: did you mean \`${near}\`?`;
}
