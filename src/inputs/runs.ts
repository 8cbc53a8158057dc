/** Reads the entries of `runs`, and groups those of one run. */
import { compileGate, type Gate } from '../gate/condition.ts';
import { canonicalJson, isJsonObject, type JsonObject } from '../json.ts';
import { Fault, type GateFault } from '../outcome.ts';
import { findNearest, formatList } from '../text/format.ts';
import { readYaml } from './parsers.ts';
import { ENTRY_ROWS, readRows, type EntryValues, type OnFault } from './table.ts';

/** One evaluation of a run, with the values of its own or of the step. */
export interface Entry extends EntryValues {
  /** The key in `runs`; empty: the only run of a step without `runs`. */
  readonly name: string;
  readonly gate: Gate;
}

/** One run to start, or with a `runId` to evaluate; only such a run has no `workflowId`. */
export interface RunPlan extends Pick<
  EntryValues,
  'runId' | 'workflowId' | 'projectId' | 'inputs' | 'idempotencyKey'
> {
  /** One, or with `runs` as many as have the same intent. */
  readonly entries: readonly Entry[];
}

const MAX_RUNS = 20;
const NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,64}$/u;
const KEYS = Object.values(ENTRY_ROWS).map(({ name }) => name);

/**
 * Returns the entries of `runs`, or without it the step's only one, which has no name.
 * @param defaults the step's values, for what an entry leaves out
 */
export async function readEntries(runs: string | null, defaults: EntryValues, onFault: OnFault) {
  const entries: Entry[] = [];
  const gateFaults = new Map<string, GateFault & { readonly entry: string }>();
  const seen = new Map<string, string>();
  const written = runs === null ? [['', {}] as const] : await readRuns(runs, onFault);
  for (const [name, fields] of written) {
    const values = await readEntry(name, fields, defaults, onFault);
    const { gate, faults } = await compileGate(values.failIf, values.warnIf);
    for (const one of faults) {
      const fault = { ...one, entry: one.input in fields ? name : '' };
      gateFaults.set(JSON.stringify(fault), fault);
    }
    entries.push({ ...values, name, gate });
    // If an ID was pasted twice, another project is not reviewed, and seems to pass.
    const fingerprint = canonicalJson([planFieldsOf(values), values.failIf, values.warnIf]);
    const twin = seen.get(fingerprint);
    if (twin !== undefined)
      onFault('runs', `has the same review twice, “${twin}” and “${name}”: is one ID pasted twice?`);
    seen.set(fingerprint, name);
  }
  return { entries, gateFaults: [...gateFaults.values()] };
}

/** Returns name and fields of each entry. Of an entry only `inputs` have types; an ID or a waiver is the text that was typed. */
async function readRuns(text: string, onFault: OnFault): Promise<(readonly [string, JsonObject])[]> {
  try {
    const { typed, texts } = await readYaml(text, 'inputs');
    const names = isJsonObject(typed) ? Object.keys(typed) : [];
    if (!isJsonObject(typed) || !isJsonObject(texts) || names.length < 1 || names.length > MAX_RUNS)
      throw new Fault(
        `must be a mapping of 1 to ${MAX_RUNS} names to runs, such as \`Tower: { project_id: 8f2e… }\``,
      );
    return names.map((name) => {
      if (!NAME.test(name)) throw new Fault('has a name that is not one line of 1 to 64 characters');
      if (typed[name] !== null && !isJsonObject(typed[name]))
        throw new Fault(`has an entry “${name}” that is not a mapping such as \`{ project_id: 8f2e… }\``);
      const { inputs } = typed[name] ?? {};
      return [name, { ...(texts[name] as JsonObject), ...(inputs !== undefined && { inputs }) }];
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    onFault('runs', error.message);
    return [];
  }
}

/** Calls `onFault` for the others. @param entry of `runs`; empty: the `config` file */
export function areKnownKeys(
  fields: JsonObject,
  known: readonly string[],
  onFault: OnFault,
  entry: string,
): boolean {
  const unknown = Object.keys(fields).filter((key) => !known.includes(key));
  for (const key of unknown) {
    const [start = ''] = key.split(':');
    const isGlued = key !== start && known.includes(start);
    const message = isGlued
      ? 'needs a space after its colon'
      : describeUnknown('is not a known key', known, key);
    onFault(toName(isGlued ? start : key), message, { entry });
  }
  return unknown.length === 0;
}

/** Returns the author's name of a key or input as it can stand in a sentence. */
export function toName(name: string): string {
  return name.slice(0, 40).replaceAll(/[^\w-]/g, '?');
}

export function describeUnknown(what: string, known: readonly string[], name: string): string {
  const nearest = findNearest(known, name);
  return nearest
    ? `${what}: did you mean \`${nearest}\`?`
    : `${what}. There are ${formatList(known.map((one) => `\`${one}\``))}`;
}

const NO_WORKFLOW =
  'is empty: is the variable or matrix key set? The Alloovium dashboard shows the ID, `wf_…`';

/** Returns the values of one entry; what it leaves out it takes from the step. */
async function readEntry(
  name: string,
  fields: JsonObject,
  defaults: EntryValues,
  onFault: OnFault,
): Promise<EntryValues> {
  areKnownKeys(fields, KEYS, onFault, name);
  const own = await readRows(
    ENTRY_ROWS,
    (key) => fields[key],
    (input, message) => onFault(input, message, { entry: name }),
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
    onFault('workflow_id', NO_WORKFLOW, { entry: name });
  // Another workflow declares other variables, so the step's are neither merged nor dropped silently.
  if (isOther && own.inputs === undefined && Object.keys(defaults.inputs).length > 0)
    onFault(
      'inputs',
      'must be given, since this entry has another `workflow_id` than the step (`inputs: {}` for none)',
      { entry: name },
    );
  return { ...defaults, ...own, inputs: { ...(isOther ? {} : defaults.inputs), ...own.inputs } };
}

/** What makes two entries one run. */
function planFieldsOf({ runId, workflowId, projectId, inputs, idempotencyKey }: EntryValues) {
  return { runId, workflowId, projectId, inputs, idempotencyKey };
}

/** Groups entries of one intent into one plan, in the input's order. */
export function groupRunPlans(entries: readonly Entry[]): RunPlan[] {
  const groups = Map.groupBy(entries, (entry) => canonicalJson(planFieldsOf(entry)));
  return [...groups.values()].map((group) => ({
    ...planFieldsOf((group as [Entry])[0]),
    entries: group,
  }));
}
