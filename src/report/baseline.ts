/** Which findings an earlier `gate_file` knows, for the gate and for what is told of changes. It fails closed. Pure. */
import { digest, identifyingKey, idOf } from '../gate/finding.ts';
import type { ConditionResult, Weighed } from '../gate/condition.ts';
import { canonicalJson } from '../intent.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import type { Context } from '../github/context.ts';
import { nameOf } from '../runs/verdict.ts';
import type { FileCondition, FileRun, GateFile } from './gate-file.ts';
import { idsOf, type Known, type Snapshot } from './snapshot.ts';

/** The run that is judged. */
export interface Judging {
  readonly context: Pick<Context, 'commit' | 'jobRunId' | 'baselineRefs'>;
  /** As `runs` has it, or empty. */
  readonly name: string;
  readonly runId: string;
  readonly workflowId: string;
  /** Empty: none; null: not known. */
  readonly projectId: string | null;
  /** The commit is the *when* of its intent. */
  readonly isByCommit: boolean;
}

/** What of a baseline counts for one run. */
export interface View {
  /** What is told of changes goes by this. */
  readonly snapshot: Snapshot;
  /** By `conditionIds`. */
  readonly conditions: ReadonlyMap<string, KnownItems>;
  /** Why the gate cannot go by it; empty: it can. */
  readonly problem: string;
}

interface KnownItems {
  readonly isEvaluated: boolean;
  /** The key that told the items apart; null: none did. */
  readonly key: string | null;
  /** The file has no items that another could be mistaken for. */
  readonly isEmpty: boolean;
  /** Of `printOf`. */
  readonly prints: ReadonlySet<string>;
}

/** What of the file counts for this run; a text: nothing, and why, after its name. */
export function viewOf(file: GateFile, judging: Judging): View | string {
  const run = file.runs.get(judging.name);
  if (run === undefined) return judging.name === '' ? 'is of a step with `runs`' : 'has no run of that name';
  if (run.workflowId === '' || run.workflowId !== judging.workflowId) return 'is of another workflow';
  const isUnknown = judging.projectId === null || run.projectId === null;
  if (!isUnknown && run.projectId !== judging.projectId) return 'is of another project';
  const isFull = countsInFull(file, run, judging);
  const isOwn = run.runId === judging.runId || file.jobRunId === judging.context.jobRunId;
  return {
    // Neither a run nor a job run is compared with itself: it says again what it said.
    snapshot: {
      ...{ runId: run.runId, madeAt: 0 },
      commit: isOwn ? (run.baseline ?? '') : file.commit,
      isBaseline: true,
      conditions: run.conditions.flatMap((one) => (one.isEvaluated ? [knownOf(one, !isOwn)] : [])),
    },
    conditions: new Map(run.conditions.map((one) => [one.id, itemsOf(one, isFull)])),
    problem: isUnknown ? 'with `run_id` the project is not known' : '',
  };
}

const EVENTS: ReadonlySet<string> = new Set(['push', 'schedule', 'workflow_dispatch', 'repository_dispatch']);

/** Any other file counts only for what it calls known itself: its own pull request must not teach it new findings. */
function countsInFull({ event, ref, jobRunId, commit }: GateFile, run: FileRun, judging: Judging): boolean {
  const { context, runId, isByCommit } = judging;
  return (
    EVENTS.has(event) &&
    context.baselineRefs.includes(ref) &&
    jobRunId !== context.jobRunId &&
    run.runId !== runId &&
    !(isByCommit && commit === context.commit)
  );
}

function itemsOf({ isEvaluated, key, matched, known }: FileCondition, isFull: boolean): KnownItems {
  const counting = matched.filter((_, at) => isFull || known[at] === true);
  const prints = counting.flatMap((item) => (isJsonObject(item) ? [printOf(item)] : []));
  return { isEvaluated, key, isEmpty: matched.length === 0, prints: new Set(prints) };
}

function knownOf({ id, key, matched, known }: FileCondition, isWhole: boolean): Known {
  const counting = matched.filter((_, at) => isWhole || known[at] === true);
  const items = new Map<string, JsonObject>();
  for (const item of counting) {
    const itemId = key === null ? null : idOf(item, key);
    if (itemId !== null && isJsonObject(item)) items.set(itemId, item);
  }
  // Where its key does not tell the items apart, there is only their count.
  const isToldApart = key !== null && items.size === counting.length;
  return { id, count: counting.length, ...(isToldApart ? { key, items } : { key: null, items: new Map() }) };
}

/** By what the gate knows an item again: models number their rows, so that an `id` alone may come to mean another thing. */
function printOf(item: JsonObject): string {
  const told = Object.entries(item)
    .filter(([name]) => name === 'id' || name === 'name' || name === 'title' || name.endsWith('_id'))
    .map(([name, value]): [string, JsonValue] => [
      name,
      // A number and the text of it are one: a model writes now this, now that.
      typeof value === 'string' ? value : canonicalJson(value),
    ])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return digest(JSON.stringify(told));
}

/** @param view what counts, or why nothing does; null: no baseline was given */
export function weigh(
  results: readonly ConditionResult[],
  view: View | string | null,
  failOn: 'any' | 'new',
): Weighed {
  const isAsked = failOn === 'new' && results.some(({ condition }) => condition.severity === 'fail');
  const asAny = (why: string) => (isAsked && why !== '' ? `\`fail_on: new\` judged as \`any\`${why}` : '');
  if (view === null) return { results, notice: '', asAny: asAny(': the input `baseline_file` is not set') };
  if (typeof view === 'string') {
    const notice = isAsked ? '' : `Nothing is compared with \`baseline_file\`: it ${view}`;
    return { results, notice, asAny: asAny(`: \`baseline_file\` ${view}`) };
  }
  if (view.problem !== '') return { results, notice: '', asAny: asAny(`: ${view.problem}`) };
  const ids = idsOf(results);
  const reasons = new Map<string, string[]>();
  const weighed = results.map((result, at): ConditionResult => {
    const { condition, matched } = result;
    const items = view.conditions.get(ids[at] ?? '');
    const why = unknowable(result, items);
    const known = matched.map((item) => {
      return why === '' && items !== undefined && isJsonObject(item) && items.prints.has(printOf(item));
    });
    const isConcerned = isAsked && condition.severity === 'fail' && result.result === 'holds';
    if (isConcerned && why !== '') reasons.set(why, [...(reasons.get(why) ?? []), nameOf(condition)]);
    const isExcused = matched.length > 0 && known.every((isKnown) => isKnown);
    return { ...result, known, ...(isConcerned ? { isExcused } : {}) };
  });
  const said = [...reasons].map(
    ([why, names]) => ` for ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''} (${why})`,
  );
  return { results: weighed, notice: '', asAny: asAny(said.join(';')) };
}

/** Why the baseline cannot say which of the items it knows, in brackets after the condition's name; empty: it can. */
function unknowable(result: ConditionResult, items: KnownItems | undefined): string {
  // First what no other baseline could mend.
  if (result.matched.length === 0) return 'it has no list of items';
  if (items === undefined) return 'not in the baseline in these words';
  if (!items.isEvaluated) return 'the baseline could not evaluate it';
  const key = identifyingKey(result);
  if (key === null || !(items.isEmpty || items.key === key)) return 'its items cannot be told apart';
  return '';
}
