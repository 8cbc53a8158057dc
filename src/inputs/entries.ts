/** What the step is to run: one run, or those of the `runs` input. */
import { compileGate, type Gate } from '../gate/gate.ts';
import { fieldsFor } from '../gate/field-lists.ts';
import { canonicalJson } from '../intent.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { nearest } from '../text/near.ts';
import { DEFAULTS, ENTRY_PROPERTIES, FIELDS, isEmpty, isNone, readFields, sentence } from './input-table.ts';
import type { EntryProperty, Values } from './input-table.ts';

/** What one run is to be: `inputs` are merged, `workflowId` is empty only beside a `runId`. */
export interface Order extends Pick<
  Values,
  'workflowId' | 'projectId' | 'inputs' | 'runId' | 'idempotencyKey'
> {
  /** What the run is judged for: one or more where several ask for the same run. */
  readonly entries: readonly Entry[];
}

/** One judgement of a run. */
export interface Entry extends Pick<Values, 'knownBy' | 'waivers' | 'columns'> {
  /** As `runs` has it; empty: the one run of a step without `runs`. */
  readonly name: string;
  readonly gate: Gate;
}

/** An entry of `runs`, with what it takes from the step. */
export interface RunEntry extends Pick<Values, EntryProperty>, Entry {
  /** It has a `fail_if`, if only one that is refused. */
  readonly isGated: boolean;
}

/** In the order in which they are to be launched: entries of one intent, or of one run, are one order. */
export function ordersOf(runs: readonly Omit<RunEntry, 'isGated'>[]): Order[] {
  const orders = new Map<string, Order>();
  for (const { name, gate, knownBy, waivers, columns, ...entry } of runs) {
    const { workflowId, projectId, inputs, runId, idempotencyKey } = entry;
    const intent = canonicalJson([runId, workflowId, projectId, inputs, idempotencyKey]);
    const before = orders.get(intent);
    const entries = [...(before?.entries ?? []), { name, gate, knownBy, waivers, columns }];
    orders.set(intent, { entries, workflowId, projectId, inputs, runId, idempotencyKey });
  }
  return [...orders.values()];
}

/** What is wrong with `known_by`, `waivers` and `columns` that name conditions which none of the gates has. */
export function unknownConditions({ knownBy, waivers, columns }: Partial<Values>, gates: readonly Gate[]) {
  const names = gates.flatMap(({ conditions }) => conditions.flatMap(({ name }) => name ?? []));
  const given = [
    [FIELDS.knownBy.name, [...(knownBy?.keys() ?? [])].filter((name) => name !== null)],
    [FIELDS.waivers.name, waivers?.flatMap(({ condition }) => condition ?? []) ?? []],
    [FIELDS.columns.name, [...(columns?.keys() ?? [])].filter((name) => name !== null)],
  ] as const;
  return given.flatMap(([field, conditions]) => {
    const wrong = conditions.find((name) => !names.includes(name));
    if (wrong === undefined) return [];
    const near = nearest(names, wrong, () => 2);
    const meant = near === undefined ? '' : `: did you mean “${near}”?`;
    return [[field, `names a condition that does not exist${meant}`] as const];
  });
}

/** Does `fail_on: new` have no field to go by for any condition of it? */
export function lacksKnownBy({ gate, knownBy }: Pick<Entry, 'gate' | 'knownBy'>): boolean {
  const gated = gate.conditions.filter(({ severity }) => severity === 'fail');
  return gated.length > 0 && gated.every((condition) => fieldsFor(knownBy, condition).length === 0);
}

const MAX_RUNS = 20;
const MAX_NAME = 64;
const QUOTE_CONDITIONS = '; a condition inside `{…}` must be quoted';
const ENTRY_KEYS: readonly string[] = ENTRY_PROPERTIES.map((one) => FIELDS[one].name);

/**
 * The entries in the order in which they are written, and every fault: what follows "`runs`".
 * @param step what an entry takes where it gives nothing of its own
 */
export async function readRuns(text: string, step: Values, holdsSecret: (text: string) => boolean) {
  let mapping: ReadonlyMap<string, JsonValue>;
  try {
    const { readYaml } = await import('./yaml.ts');
    mapping = readYaml(text, ['waivers']).mapping('names to what each run is to be');
  } catch (error) {
    const { message } = error as Error;
    const hint = error instanceof SyntaxError && text.includes('{') ? QUOTE_CONDITIONS : '';
    return { entries: [], faults: [`${message}${hint}`] };
  }
  // Thousands are neither compiled nor found fault with one by one.
  if (mapping.size > MAX_RUNS)
    return { entries: [], faults: [`has ${mapping.size} entries: ${MAX_RUNS} at most`] };
  const [entries, faults]: [RunEntry[], string[]] = [[], mapping.size === 0 ? ['has no entry'] : []];
  const names = new Map<string, string>();
  for (const [given, value] of mapping) {
    const name = given.trim();
    const before = names.get(name.toLowerCase());
    names.set(name.toLowerCase(), name);
    if (name === '' || name.length > MAX_NAME || /\p{C}|\p{Zl}|\p{Zp}/u.test(name))
      faults.push(`has a name that is empty, over ${MAX_NAME} characters or with control characters`);
    else if (holdsSecret(name)) faults.push('has a name that holds a secret, and would show it');
    else {
      if (before !== undefined)
        faults.push(`has the names “${before}” and “${name}”, which GitHub does not tell apart`);
      const read = await readEntry(value, step, holdsSecret);
      faults.push(...read.faults.map((fault) => sentence(`entry “${name}”`, fault)));
      entries.push({ ...read.entry, name });
    }
  }
  if (faults.length === 0) faults.push(...sameReviews(entries));
  return { entries, faults: [...new Set(faults)] };
}

/** Entries with one intent and one gate: of a project that is pasted twice one was never reviewed, and all are green. */
function sameReviews(entries: readonly RunEntry[]): string[] {
  const alike = Map.groupBy(entries, (entry) => {
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
  return [...alike.values()].flatMap((same) => {
    if (same.length < 2) return [];
    const names = same.map(({ name }) => `“${name}”`);
    const pasted = same[0]?.runId === '' ? 'project_id' : 'run_id';
    return [
      `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} are the same review: is one \`${pasted}\` pasted twice?`,
    ];
  });
}

async function readEntry(value: JsonValue, step: Values, holdsSecret: (text: string) => boolean) {
  const faults: string[] = [];
  const fields = isJsonObject(value) ? value : {};
  if (value !== null && !isJsonObject(value))
    faults.push('must be a mapping such as `{ project_id: 8f2e… }`');
  for (const key of Object.keys(fields)) if (!ENTRY_KEYS.includes(key)) faults.push(unknownKey(key));
  const given = (name: string) => fields[name];
  const gives = (name: string) => !isEmpty(given(name));
  const fault = (name: string, what: string) => faults.push(sentence(`\`${name}\``, what));
  const own = await readFields(ENTRY_PROPERTIES, given, holdsSecret, fault);
  const isAttached = gives('run_id');
  if (isAttached) {
    for (const name of ['project_id', 'inputs', 'idempotency_key'])
      if (gives(name)) faults.push(`has a \`run_id\`, so \`${name}\` has no use: take it away`);
  } else if (!gives('workflow_id') && step.workflowId === '') {
    faults.push('needs a `workflow_id`: give it there, or once for all in `workflow_id`');
  }
  if (!step.wait)
    for (const name of ['fail_if', 'warn_if', 'run_id'])
      if (gives(name) && !isNone(given(name)))
        faults.push(`has a \`${name}\`, which cannot be together with \`wait: false\``);

  // Another workflow declares other variables: neither to merge nor to drop the step's in silence is what was meant.
  const isOther = own.workflowId !== undefined && own.workflowId !== step.workflowId;
  if (isOther && !isAttached && !gives('inputs') && Object.keys(step.inputs).length > 0)
    faults.push(
      "has another `workflow_id` than the step, so the step's `inputs` are not for it: give all of its own, `inputs: {}` for none",
    );
  // Beside a `run_id` only the gates are the step's.
  const { failIf, warnIf, knownBy, waivers, columns } = step;
  const base = isAttached ? { ...DEFAULTS, failIf, warnIf, knownBy, waivers, columns } : step;
  const values = { ...base, ...own, inputs: { ...(isOther ? {} : base.inputs), ...own.inputs } };

  const gate = await compileGate(values.failIf, values.warnIf);
  const faultOf = async (failIf = '', warnIf = '') => (await compileGate(failIf, warnIf)).fault;
  const gateFault = gate.fault === '' ? '' : await faultOf(own.failIf, own.warnIf);
  // The step's own conditions are refused once, with the step; only together may the two have one name.
  const isOfStep = gate.fault !== '' && (await faultOf(step.failIf, step.warnIf)) !== '';
  const conditionFault = gateFault !== '' || isOfStep ? gateFault : gate.fault;
  for (const [name, what] of gate.fault !== '' ? [] : unknownConditions(own, [gate])) fault(name, what);
  if (conditionFault !== '') faults.push(`has a condition that cannot be used: ${conditionFault}`);
  const entryGate = given(FIELDS.failIf.name);
  const isGated = entryGate === undefined ? base.failIf !== '' : !isNone(entryGate);
  return { entry: { ...values, gate, isGated }, faults };
}

function unknownKey(key: string): string {
  const near = nearest(ENTRY_KEYS, key, () => 2);
  const shown = /^[\w-]{1,40}$/.test(key) ? `an unknown key \`${key}\`` : 'an unknown key';
  return near === undefined
    ? `has ${shown}. There are ${ENTRY_KEYS.map((known) => `\`${known}\``).join(', ')}${QUOTE_CONDITIONS}`
    : `has ${shown}: did you mean \`${near}\`?`;
}
