/** Reads the entries of `runs`, and groups them into orders. */
import { Fault } from '../fault.ts';
import { compileGate, type GateFault } from '../gate/condition.ts';
import { canonicalJson } from '../run/keys.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import { findNearest } from '../text/nearest-name.ts';
import type { Entry, OnFault, RunPlan } from './inputs.ts';
import { readYaml } from './parsers.ts';
import { ENTRY_ROWS, readRows, type EntryValues } from './table.ts';

/** An entry with what its run needs, completed with the step's values. */
export type RunEntry = Entry & EntryValues;

const MAX_RUNS = 20;
const NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u;
const KEYS = Object.values(ENTRY_ROWS).map(({ name }) => name);

/**
 * Returns the entries of `runs`, or without it the step's only one, which has no name.
 * @param defaults the step's values, for what an entry leaves out
 */
export async function readEntries(runs: string | null, defaults: EntryValues, onFault: OnFault) {
  const entries: RunEntry[] = [];
  const gateFaults = new Map<string, GateFault>();
  const seen = new Map<string, string>();
  const written = runs === null ? [['', {}] as const] : await readRuns(runs, onFault);
  for (const [name, fields] of written) {
    const values = await readEntry(name, fields, defaults, onFault);
    const { gate, faults } = await compileGate(values.failIf, values.warnIf);
    for (const fault of faults) gateFaults.set(JSON.stringify(fault), fault);
    entries.push({ ...values, name, gate });
    // If an ID was pasted twice, another review was left out and seems green.
    const fingerprint = canonicalJson([planFieldsOf(values), values.failIf, values.warnIf]);
    const twin = seen.get(fingerprint);
    if (twin !== undefined) onFault('runs', new Fault('twins', twin, name));
    seen.set(fingerprint, name);
  }
  return { entries, gateFaults: [...gateFaults.values()] };
}

type Fields = Readonly<Record<string, JsonValue>>;

/** Returns name and fields of each entry. Of an entry only `inputs` have types; an ID or a waiver is the text that was typed. */
async function readRuns(text: string, onFault: OnFault): Promise<(readonly [string, Fields])[]> {
  try {
    const { typed, texts } = await readYaml(text, 'inputs');
    const names = isJsonObject(typed) ? Object.keys(typed) : [];
    if (!isJsonObject(typed) || !isJsonObject(texts) || names.length < 1 || names.length > MAX_RUNS)
      throw new Fault('runs_mapping', MAX_RUNS);
    return names.map((name) => {
      if (!NAME.test(name)) throw new Fault('runs_name');
      if (typed[name] !== null && !isJsonObject(typed[name])) throw new Fault('entry_mapping', name);
      const { inputs } = typed[name] ?? {};
      return [name, { ...(texts[name] as Fields), ...(inputs !== undefined && { inputs }) }];
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault('runs', error);
    return [];
  }
}

/** Calls `onFault` for the others. @param entry of `runs`; left out: the file of `config` */
export function areKnownKeys(
  fields: Fields,
  known: readonly string[],
  onFault: OnFault,
  entry?: string,
): boolean {
  const unknown = Object.keys(fields).filter((key) => !known.includes(key));
  for (const key of unknown) {
    const name = key.slice(0, 40).replaceAll(/[^\w-]/g, '?');
    onFault(name, new Fault('unknown_key', findNearest(known, key, () => 2) ?? ''), entry);
  }
  return unknown.length === 0;
}

/** Returns the values of one entry; what it leaves out it takes from the step. */
async function readEntry(
  name: string,
  fields: Fields,
  defaults: EntryValues,
  onFault: OnFault,
): Promise<EntryValues> {
  areKnownKeys(fields, KEYS, onFault, name);
  const own = await readRows(
    ENTRY_ROWS,
    (key) => fields[key],
    (input, fault) => onFault(input, fault, name),
  );
  if (own.runId)
    return {
      ...defaults,
      ...own,
      projectId: '',
      inputs: {},
      idempotencyKey: '',
      workflowId: own.workflowId ?? '',
    };
  const isOther = own.workflowId !== undefined && own.workflowId !== defaults.workflowId;
  if ((own.workflowId ?? defaults.workflowId) === '' && defaults.runId === '')
    onFault('workflow_id', new Fault('missing'), name);
  // Another workflow declares other variables, so the step's are neither merged nor dropped silently.
  if (isOther && own.inputs === undefined && Object.keys(defaults.inputs).length > 0)
    onFault('inputs', new Fault('needs_own_inputs'), name);
  return { ...defaults, ...own, inputs: { ...(isOther ? {} : defaults.inputs), ...own.inputs } };
}

/** What makes two entries one run. */
function planFieldsOf({ runId, workflowId, projectId, inputs, idempotencyKey }: EntryValues) {
  return { runId, workflowId, projectId, inputs, idempotencyKey };
}

/** Groups entries of one intent into one order, in the input's order. */
export function groupRunPlans(entries: readonly RunEntry[]): RunPlan[] {
  const groups = Map.groupBy(entries, (entry) => canonicalJson(planFieldsOf(entry)));
  return [...groups.values()].map((group) => ({
    ...planFieldsOf((group as [RunEntry])[0]),
    entries: group,
  }));
}
