/** Which findings an earlier `gate_file` knows, by the fields that the author names. What is in doubt is new. Pure. */
import { canonicalJson } from '../intent.ts';
import { isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { shortText } from '../text/excerpt.ts';
import { nearest } from '../text/near.ts';
import { nameOf, NO_ITEM_HAS } from './condition.ts';
import type { ConditionResult, JudgedResult, Remark } from './condition.ts';
import { fieldsFor, type FieldLists } from './field-lists.ts';
import type { FileCondition, GateFile } from './gate-file.ts';
import { digest, idsOf, printsOf, fieldText, toldApart, type Prints } from './items.ts';
import { applyWaivers, type Waiver, type WaiverResult } from './waivers.ts';

const DAY = String.raw`\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const TIME = String.raw`(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?`;
const DAY_OR_TIME = new RegExp(`^(?:${DAY}(?:[Tt ]${TIME})?|${TIME})(?:[Zz]|[+-]\\d\\d:?\\d\\d)?$`);

/**
 * Digest of the inputs without the values that differ from night to night by nature: those that are, whole, a day, a time or one of
 * `own`. A text that contains such a word is compared as it is: `level 2` and `level 3` are not the same.
 * @param own the job's commits, its ref written out, and the ID of its job run
 */
export function inputsDigest(inputs: JsonObject, own: readonly string[]): string {
  const compared = (value: JsonValue): JsonValue => {
    if (isList(value)) return value.map(compared);
    if (isJsonObject(value))
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, compared(one)]));
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return own.includes(text) || DAY_OR_TIME.test(text) ? '\0' : value;
  };
  return digest(canonicalJson(compared(inputs)));
}

/** The run that is judged, and beside what. */
export interface Judging {
  readonly knownBy: FieldLists;
  readonly waivers: readonly Waiver[];
  /** `2026-12-31`, UTC. */
  readonly today: string;
  readonly failOn: 'any' | 'new';
  /** null: none is given; a text: why it cannot be used. */
  readonly baseline: GateFile | string | null;
  /** As `runs` has it, or empty. */
  readonly name: string;
  readonly runId: string;
  readonly workflowId: string;
  /** null: not known, as with `run_id`. */
  readonly projectId: string | null;
  readonly inputsDigest: string | null;
  readonly job: {
    readonly commit: string;
    readonly jobRunId: string;
    readonly event: string;
    /** The ref whose files count in full; empty: not known. */
    readonly defaultBranchRef: string;
  };
  /** The commit is the *when* of its intent. */
  readonly isByCommit: boolean;
}

export type Judgement = Readonly<ReturnType<typeof weigh>>;

export const UNJUDGED: Judgement = { results: [], used: new Set(), since: null, notice: '', asAny: '' };

/** What the results are worth beside waivers and baseline. */
export function weigh(results: readonly ConditionResult[], judging: Judging) {
  const { baseline, failOn, knownBy, waivers, today } = judging;
  const isAsked = failOn === 'new' && results.some(({ condition }) => condition.severity === 'fail');
  const found = baseline !== null && typeof baseline === 'object' ? viewOf(baseline, judging) : baseline;
  const [view, unread] = typeof found === 'string' ? [null, found] : [found, '`baseline_file` is empty'];
  const used = new Set<number>();
  const seen: Prints = new Map();
  const reasons = new Map<string, string[]>();
  const ids = idsOf(results.map(({ condition }) => condition));
  const judged = results.map((given, at): JudgedResult => {
    const { used: fitting, isWaived, ...left } = applyWaivers(given, waivers, today);
    for (const place of fitting) used.add(place);
    const one = { ...given, ...left };
    const then = view?.conditions.get(ids[at] ?? '');
    const fields = fieldsFor(knownBy, one.condition);
    const printed = { ...one, knownBy: fields, prints: printsOf(one.matched, fields, seen) };
    const isConcerned = isAsked && one.condition.severity === 'fail' && one.result === 'holds';
    const beside = view ? besideBaseline(printed, then, view, seen, isWaived) : NO_BASELINE;
    const why = isConcerned && view ? unknowable(printed, then, beside) : '';
    if (why !== '') reasons.set(why, [...(reasons.get(why) ?? []), nameOf(one.condition)]);
    const isKnown = one.matched.length > 0 && beside.known?.every((each) => each) === true;
    const remarks = joinRemarks(one.remarks, beside.remarks);
    return { ...printed, ...beside, remarks, isExcused: isConcerned ? isKnown : null };
  });
  const said = [...reasons].map(
    ([why, names]) => ` for ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''} (${why})`,
  );
  if (view === null && isAsked) said.push(`: ${unread}`);
  return {
    results: withoutOpen(judged, seen),
    /** The places of the waivers that match an item, in force or not. */
    used,
    /** The report compared with: its commit and its time, each maybe empty; null: there is no baseline for the run. */
    since: view?.since ?? null,
    /** What is to be said of the baseline, a sentence without its full stop; or empty. */
    notice: view || isAsked || !baseline ? '' : `Nothing is compared with a baseline: ${unread}`,
    /** Why findings count as new, in the same form: with `fail_on: new`, where the baseline could not serve. Untrusted. */
    asAny: said.length === 0 ? '' : `Every finding counts as new${said.join(';')}`,
  };
}

/** What is gone of a condition is not, where it is matched, or waived, under another one now. */
function withoutOpen(results: readonly JudgedResult[], seen: Prints): readonly JudgedResult[] {
  const gone = results.map((one) => one.gone);
  for (const other of gone.some((items) => items?.length) ? results : []) {
    const { knownBy, prints, waived } = other;
    const accepted = waived.map(({ item }) => item);
    const open = new Set([...prints, ...printsOf(accepted, knownBy, seen)]);
    open.delete(null);
    for (const [at, items] of gone.entries())
      if (items?.length && results[at] !== other) {
        const those = printsOf(items, knownBy, seen);
        gone[at] = items.filter((_, nth) => !open.has(those[nth] ?? null));
      }
  }
  return results.map((one, at) => ({ ...one, gone: gone[at] ?? null }));
}

/** Of both, by the place of the item. */
function joinRemarks(some: JudgedResult['remarks'], more: JudgedResult['remarks']): JudgedResult['remarks'] {
  const joint = new Map(some);
  for (const [at, remarks] of more) joint.set(at, [...(joint.get(at) ?? []), ...remarks]);
  return joint;
}

type Beside = Pick<JudgedResult, 'known' | 'gone' | 'remarks'>;
const NO_BASELINE: Beside = { known: null, gone: null, remarks: new Map() };

/** On these a file is written that may count in full. */
export const BASELINE_EVENTS: ReadonlySet<string> = new Set([
  'push',
  'schedule',
  'workflow_dispatch',
  'repository_dispatch',
]);

/** What of the file counts for this run; a text: why nothing does. */
function viewOf(file: GateFile, judging: Judging) {
  const { commit, time } = file;
  const run = file.runs.get(judging.name);
  if (run === undefined)
    return `\`baseline_file\` ${judging.name === '' ? 'is of a step with `runs`' : 'has no run of that name'}`;
  if (run.workflow_id === '' || run.workflow_id !== judging.workflowId)
    return '`baseline_file` is of another workflow';
  const pairs = [
    [run.project_id, judging.projectId, 'another project'],
    [run.inputs_digest, judging.inputsDigest, 'other inputs'],
  ] as const;
  for (const [then, now, what] of pairs) {
    if (then === null || now === null)
      return `\`baseline_file\` may be of ${what}: with \`run_id\` nobody knows`;
    if (then !== now) return `\`baseline_file\` is of ${what}`;
  }
  const isOwn = isOfThisRun(file, run, judging);
  // A run's own file tells of its baseline's commit alone.
  const since = isOwn ? { commit: run.baseline_commit ?? '', time: '' } : { commit, time };
  return { conditions: run.conditions, isFull: isFullBaseline(file, run, judging), isOwn, since };
}

type FileRun = GateFile['runs'] extends ReadonlyMap<string, infer Run> ? Run : never;

/** Neither a run nor a job run is compared with itself: its file says again what it said. */
function isOfThisRun(file: GateFile, run: FileRun, { runId, job }: Pick<Judging, 'runId' | 'job'>): boolean {
  return run.run_id === runId || file.job_run === job.jobRunId;
}

/** Does every item of the file count, and not only those that it marks as known? A pull request must not make its own findings known. */
function isFullBaseline(
  file: GateFile,
  run: FileRun,
  judging: Pick<Judging, 'runId' | 'job' | 'isByCommit'>,
): boolean {
  const { job, isByCommit } = judging;
  const isByHand = file.event === 'workflow_dispatch';
  const isNightly = file.event === 'schedule' && job.event === 'schedule';
  return (
    BASELINE_EVENTS.has(file.event) &&
    file.ref !== '' &&
    file.ref === job.defaultBranchRef &&
    !isOfThisRun(file, run, judging) &&
    (isByHand || !isByCommit || file.commit !== job.commit) &&
    // A red push of somebody else must not turn a pull request green.
    (run.gate !== 'failed' || isByHand || isNightly)
  );
}

/** Why no run of the file counts in full for a job whose own run is not known yet, a sentence; empty: one does. */
export function whyNotFull(file: GateFile | string, job: Judging['job'], isByCommit: boolean): string {
  if (typeof file === 'string') return file;
  const known = { runId: '', job, isByCommit };
  const isFull = [...file.runs.values()].some((run) => isFullBaseline(file, run, known));
  return isFull
    ? ''
    : 'no review of that branch counts in full: the last one is red, and nobody ran the workflow there by hand to accept it';
}

type Printed = ConditionResult & Pick<JudgedResult, 'knownBy' | 'prints'>;

function besideBaseline(
  now: Printed,
  then: FileCondition | undefined,
  view: Exclude<ReturnType<typeof viewOf>, string>,
  seen: Prints,
  isWaived: WaiverResult['isWaived'],
): Beside {
  const { matched, knownBy, prints } = now;
  const unknown = { ...NO_BASELINE, known: matched.map(() => false) };
  if (then === undefined || !then.isEvaluated || now.result === 'cannot_be_evaluated') return unknown;
  if (knownBy.length === 0) return unknown;
  // Marks go by the fields of then.
  const areMarks = then.knownBy.join() === knownBy.join();
  const items = then.matched
    .filter(({ isKnown }) => view.isFull || (isKnown && areMarks))
    .map(({ item }) => item)
    // One that would be waived now stands for none that is not, and is not gone.
    .filter((item) => !isWaived(item));
  const before = printsOf(items, knownBy, seen);
  const [there, here] = [Map.groupBy(before, (print) => print), Map.groupBy(prints, (print) => print)];
  const countIn = (those: typeof here, print: string | null) => those.get(print)?.length ?? 0;
  // Of three where there were two nobody can say which is the new one.
  const known = prints.map((print) => print !== null && countIn(here, print) <= countIn(there, print));
  const still = new Set(toldApart(prints));
  const gone = toldApart(before).flatMap((id, at) => (still.has(id) ? [] : [items[at] ?? null]));
  return { known, gone, remarks: remarksOf(now, known, items) };
}

const MOST_REMARKS = 1_000;
const MOST_ALIKE = 20;

/** Where an item is new only because one field differs from an item with the same ID or title. */
function remarksOf(
  { matched, knownBy, prints }: Printed,
  known: readonly boolean[],
  items: readonly JsonValue[],
): Beside['remarks'] {
  const remarks = new Map<number, readonly Remark[]>();
  const fresh = matched
    .flatMap((item, at) => (known[at] === true || prints[at] === null ? [] : [{ item, at }]))
    .slice(0, MOST_REMARKS);
  if (fresh.length === 0) return remarks;
  const alike = Map.groupBy(
    items.flatMap((item) => displayNames(item).map((name) => ({ name, item }))),
    ({ name }) => name,
  );
  for (const { item, at } of fresh) {
    const others = displayNames(item).flatMap((name) => alike.get(name)?.slice(0, MOST_ALIKE) ?? []);
    for (const { item: other } of others) {
      const [field, ...more] = knownBy.filter((name) => fieldText(item, name) !== fieldText(other, name));
      if (field === undefined || more.length > 0) continue;
      const [then, now] = [other, item].map((one) => shortText(fieldText(one, field) ?? 'null', 80));
      remarks.set(at, [{ kind: 'field_changed', field, then: then ?? '', now: now ?? '' }]);
      break;
    }
  }
  return remarks;
}

/** ID and title, each with its key. */
function displayNames(item: JsonValue): string[] {
  if (!isJsonObject(item)) return [];
  const keys = Object.keys(item).filter((key) => /^(?:id|name|title)$|_id$/.test(key));
  return keys.filter((key) => item[key] !== null).map((key) => `${key} ${fieldText(item, key) ?? ''}`);
}

/** Why no item of the condition is known, in brackets after its name; empty: some are, or they are only new. */
function unknowable(now: Printed, then: FileCondition | undefined, { known, remarks }: Beside): string {
  const { matched, knownBy } = now;
  // First what no other baseline could mend.
  if (matched.length === 0) return 'it is true, not a list of items';
  if (knownBy.length === 0) return '`known_by` names no fields for it';
  const objects = matched.filter((item) => isJsonObject(item));
  const keys = [...new Set(objects.flatMap((item) => Object.keys(item)))];
  const missing = knownBy.find((field) => objects.length > 0 && !keys.includes(field));
  if (missing !== undefined) {
    const plain = keys.filter((key) => /^[\w .-]{1,64}$/.test(key)).slice(0, 200);
    const near = nearest(plain, missing, () => 2);
    return `${NO_ITEM_HAS}${missing}\`${near === undefined ? '' : `; \`${near}\`?`}`;
  }
  if (then === undefined) return 'not in the baseline in these words';
  if (!then.isEvaluated) return 'the baseline could not evaluate it';
  const changed = [...remarks.values()].flat().filter((remark) => remark.kind === 'field_changed');
  const [first, ...others] = changed;
  const isSame = first !== undefined && others.every(({ field }) => field === first.field);
  if (isSame && remarks.size === Math.min(matched.length, MOST_REMARKS) && known?.includes(true) !== true)
    return `\`${first.field}\` differs in every item: does it belong in \`known_by\`?`;
  return '';
}
