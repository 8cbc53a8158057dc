/** Which findings an earlier `gate_file` knows, by the fields that the author names. What is in doubt is new. Pure. */
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { copyStart } from '../text/excerpt.ts';
import { findNearest } from '../text/nearest-name.ts';
import { formatCount } from '../text/format.ts';
import { knownToWhom, findUsableItems, type Review, type UsableBaseline } from './baseline-rules.ts';
import { nameOf, NO_ITEM_HAS } from './condition.ts';
import type { ConditionResult, ComparedResult, FieldChange } from './condition.ts';
import { fieldsFor, type FieldLists } from './field-lists.ts';
import type { FileCondition, GateFile } from './gate-file.ts';
import {
  fieldText,
  idsOf,
  NO_FINGERPRINT,
  fingerprints,
  textOfFields,
  makeUnique,
  type Fingerprints,
} from './item-identity.ts';
import { applyWaivers, type Waiver, type WaiverResult } from './waivers.ts';

/** The review, and what its findings are compared with. */
export interface BaselineContext extends Review {
  readonly knownBy: FieldLists;
  readonly waivers: readonly Waiver[];
  /** `2026-12-31`, UTC. */
  readonly today: string;
  readonly failOn: 'any' | 'new';
  /** null: there is no baseline; a text: why it cannot be used. */
  readonly baseline: GateFile | string | null;
}

export type BaselineResult = Readonly<ReturnType<typeof applyBaseline>>;

export const NOT_EVALUATED: BaselineResult = {
  results: [],
  used: new Set(),
  since: null,
  notice: '',
  baselineUnusedReason: '',
  baselineNotes: [],
};

/** Applies waivers and baseline to the results. */
export function applyBaseline(results: readonly ConditionResult[], context: BaselineContext) {
  const { baseline, failOn } = context;
  const isAsked = failOn === 'new' && results.some(({ condition }) => condition.severity === 'fail');
  const found =
    baseline !== null && typeof baseline === 'object' ? findUsableItems(baseline, context) : baseline;
  const usable = typeof found === 'string' ? null : found;
  const whyUnusable = typeof found === 'string' ? found : '`baseline_file` is empty';
  const seen: Fingerprints = new Map();
  const ids = idsOf(results.map(({ condition }) => condition));
  const compared = results.map((result, at) => compareResult(result, ids[at] ?? '', usable, seen, context));
  const unusedReasons = [
    ...reasonsByCondition(compared),
    ...(usable === null && isAsked ? [`: ${whyUnusable}`] : []),
  ];
  return {
    results: compared.map(({ result }) => result),
    /** The places of the waivers that match an item, in force or not. */
    used: new Set(compared.flatMap(({ used }) => [...used])),
    /** The report compared with: its commit and its time, each maybe empty; null: there is no baseline for the run. */
    since: usable?.since ?? null,
    /** A note about the baseline, a sentence without its full stop; or empty. */
    notice: usable || isAsked || !baseline ? '' : `Nothing is compared with a baseline: ${whyUnusable}`,
    /** Why findings count as new, in the same form: with `fail_on: new`, where the baseline could not serve. Untrusted. */
    baselineUnusedReason:
      unusedReasons.length === 0 ? '' : `Every finding counts as new${unusedReasons.join(';')}`,
    /** Why the baseline does not make known all that it has, in the same form. */
    baselineNotes:
      usable === null
        ? []
        : baselineNotes(
            usable,
            compared.map(({ result }) => result),
            context,
          ),
  };
}

/**
 * Applies waivers and baseline to the result of one condition.
 * @param id of the condition in the baseline
 * @param seen fingerprints that were computed before; grows
 */
function compareResult(
  evaluated: ConditionResult,
  id: string,
  usable: UsableBaseline | null,
  seen: Fingerprints,
  { knownBy, waivers, today, failOn, job }: BaselineContext,
) {
  const { used, isWaived, ...left } = applyWaivers(evaluated, waivers, today);
  const unwaived = { ...evaluated, ...left };
  const fields = fieldsFor(knownBy, unwaived.condition);
  const now = {
    ...unwaived,
    knownBy: fields,
    prints: fingerprints(unwaived.matched, fields, seen),
    waivedPrints: fingerprints(
      unwaived.waived.map(({ item }) => item),
      fields,
      seen,
    ),
  };
  const then = usable?.conditions.get(id);
  const comparison = usable
    ? compareWithBaseline(now, then, usable, { seen, isWaived, event: job.event })
    : NO_BASELINE;
  const isConcerned = failOn === 'new' && now.condition.severity === 'fail' && now.result === 'holds';
  const isKnown = now.matched.length > 0 && comparison.known?.every((each) => each) === true;
  const result: ComparedResult = {
    ...now,
    ...comparison,
    fieldChanges: mergeFieldChanges(now.fieldChanges, comparison.fieldChanges),
    isExcused: isConcerned ? isKnown : null,
  };
  return { result, used, whyAllNew: isConcerned && usable ? whyAllNew(now, then) : '' };
}

/** " for “a”, “b” (why)", one text for each reason. */
function reasonsByCondition(
  compared: readonly { readonly result: ComparedResult; readonly whyAllNew: string }[],
): readonly string[] {
  const byReason = Map.groupBy(
    compared.filter((one) => one.whyAllNew !== ''),
    (one) => one.whyAllNew,
  );
  return [...byReason].map(([why, those]) => {
    const names = those.map(({ result }) => nameOf(result.condition));
    return ` for ${names.slice(0, 3).join(', ')}${names.length > 3 ? ', …' : ''} (${why})`;
  });
}

/** What readers must know of a baseline that serves in part. */
function baselineNotes(
  view: UsableBaseline,
  results: readonly ComparedResult[],
  { job }: BaselineContext,
): readonly string[] {
  if (results.every(({ knownBy }) => knownBy.length === 0)) return [];
  const notes = results.flatMap(({ condition, matched, knownBy, isExcused }) => {
    // With `fail_on: new` it is why every finding counts as new.
    const empty = isExcused === null ? describeEmptyField(matched, knownBy) : '';
    return empty === '' ? [] : [`Every item of ${nameOf(condition)} is new: ${empty}`];
  });
  const name = /^refs\/heads\/([\w./-]{1,100})$/.exec(job.defaultBranchRef)?.[1];
  const byHand = `Run this workflow by hand on ${name === undefined ? 'the default branch' : `\`${name}\``}`;
  if (view.limit !== '')
    notes.push(
      `The baseline ${view.limit}: only what it marks as known counts. ${byHand} for one that counts in full`,
    );
  const unaccepted = results.reduce(
    (sum, { known, knownOnSchedule }) => sum + [...knownOnSchedule].filter((at) => !known?.[at]).length,
    0,
  );
  if (unaccepted > 0)
    notes.push(
      `The baseline knows ${formatCount(unaccepted, 'item')} from red schedules alone: new on every other event. ${byHand} to accept what it has`,
    );
  if (view.leftOut > 0)
    notes.push(`The baseline had no room for ${formatCount(view.leftOut, 'item')}: they count as new`);
  return notes;
}

/** Of both, by the place of the item. */
function mergeFieldChanges(
  some: ComparedResult['fieldChanges'],
  more: ComparedResult['fieldChanges'],
): ComparedResult['fieldChanges'] {
  const joint = new Map(some);
  for (const [at, fieldChanges] of more) joint.set(at, [...(joint.get(at) ?? []), ...fieldChanges]);
  return joint;
}

type Comparison = Pick<
  ComparedResult,
  'known' | 'knownOnSchedule' | 'baselineCount' | 'removed' | 'fieldChanges'
>;
const NO_BASELINE: Comparison = {
  known: null,
  knownOnSchedule: new Set(),
  baselineCount: null,
  removed: null,
  fieldChanges: new Map(),
};

type FingerprintedResult = ConditionResult & Pick<ComparedResult, 'knownBy' | 'prints' | 'waivedPrints'>;

/**
 * Which items of one condition the baseline knows, and which it had that do not match any more.
 * @param then what the baseline has of the condition; undefined: nothing
 */
function compareWithBaseline(
  now: FingerprintedResult,
  then: FileCondition | undefined,
  usable: UsableBaseline,
  {
    seen,
    isWaived,
    event,
  }: { readonly seen: Fingerprints; readonly isWaived: WaiverResult['isWaived']; readonly event: string },
): Comparison {
  const { matched, knownBy, prints } = now;
  const unknown = { ...NO_BASELINE, known: matched.map(() => false) };
  if (then === undefined || !then.isEvaluated || now.result === 'cannot_be_evaluated') return unknown;
  const baselineCount = usable.isFromThisRun ? null : then.matched.length;
  if (knownBy.length === 0) return { ...unknown, baselineCount };
  // An item that would be waived now makes no other known, and is not removed.
  const [unwaived, waived] = partition(countingItems(then, knownBy, usable), ({ item }) => !isWaived(item));
  const before = fingerprintsOf(unwaived, knownBy, seen);
  const accepted = before.filter((_, at) => unwaived[at]?.knownTo === 'everybody');
  const isInBaseline = areCovered(prints, before);
  const isAccepted = areCovered(prints, accepted);
  const missing = findMissing(now, before, unwaived, fingerprintsOf(waived, knownBy, seen));
  const { fieldChanges, paired } = findFieldChanges(now, isInBaseline, missing);
  return {
    known: event === 'schedule' ? isInBaseline : isAccepted,
    knownOnSchedule: new Set([...prints.keys()].filter((at) => isInBaseline[at] && !isAccepted[at])),
    baselineCount,
    removed: missing.filter((one) => !paired.has(one)),
    fieldChanges,
  };
}

interface CountingItem {
  readonly item: JsonValue;
  readonly knownTo: 'everybody' | 'schedules';
}

/** The items of the baseline that make items known. What it marks as known is marked by the fields that it was written with. */
function countingItems(
  then: FileCondition,
  knownBy: readonly string[],
  usable: UsableBaseline,
): readonly CountingItem[] {
  const areMarksUsable = then.knownBy.join() === knownBy.join();
  return then.matched.flatMap((one) => {
    const knownTo = knownToWhom(one, usable, areMarksUsable);
    return knownTo === 'nobody' ? [] : [{ item: one.item, knownTo }];
  });
}

/** Has the baseline each item as often as the run? Of three where there were two nobody can say which is the new one. */
function areCovered(
  prints: readonly (string | null)[],
  baseline: readonly (string | null)[],
): readonly boolean[] {
  const here = countEach(prints);
  const there = countEach(baseline);
  return prints.map((print) => print !== null && (here.get(print) ?? 0) <= (there.get(print) ?? 0));
}

/** The items of the baseline that match no more. @param waivedBefore fingerprints of those that would be waived now */
function findMissing(
  { prints, waivedPrints }: FingerprintedResult,
  before: readonly (string | null)[],
  items: readonly CountingItem[],
  waivedBefore: readonly (string | null)[],
): NonNullable<ComparedResult['removed']> {
  const present = new Set(makeUnique([...prints, ...waivedPrints]));
  const ids = makeUnique([...waivedBefore, ...before]).slice(waivedBefore.length);
  return items.flatMap(({ item }, at) => {
    const id = ids[at] ?? NO_FINGERPRINT;
    return id === NO_FINGERPRINT || present.has(id) ? [] : [{ item, id }];
  });
}

function fingerprintsOf(
  items: readonly CountingItem[],
  knownBy: readonly string[],
  seen: Fingerprints,
): readonly (string | null)[] {
  return fingerprints(
    items.map(({ item }) => item),
    knownBy,
    seen,
  );
}

function countEach(prints: readonly (string | null)[]): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const print of prints) counts.set(print, (counts.get(print) ?? 0) + 1);
  return counts;
}

function partition<T>(list: readonly T[], test: (one: T) => boolean): [yes: T[], no: T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const one of list) (test(one) ? yes : no).push(one);
  return [yes, no];
}

const MAX_FIELD_CHANGES = 1_000;

/** Why items are new, where one field of `known_by` is the reason, and the items of the baseline that they were then. */
function findFieldChanges(
  { matched, knownBy, prints }: FingerprintedResult,
  isInBaseline: readonly boolean[],
  missing: NonNullable<ComparedResult['removed']>,
) {
  const fieldChanges = new Map<number, readonly FieldChange[]>();
  const paired = new Set<(typeof missing)[number]>();
  const fresh = matched
    .flatMap((item, at) => (isInBaseline[at] === true || !isJsonObject(item) ? [] : [{ item, at }]))
    .slice(0, MAX_FIELD_CHANGES);
  // The last field in `known_by` is the one that must not get worse.
  for (const field of missing.length === 0 ? [] : knownBy.toReversed()) {
    const others = knownBy.filter((other) => other !== field);
    const byOthers = <T extends { readonly item: JsonValue }>(list: readonly T[]) =>
      Map.groupBy(list, ({ item }) => textOfFields(item, others));
    const candidates = byOthers(missing.filter((one) => !paired.has(one)));
    for (const [key, those] of byOthers(fresh.filter(({ at }) => !fieldChanges.has(at)))) {
      const old = candidates.get(key) ?? [];
      const [one] = those;
      const [other] = old;
      // Of two nobody can say which it was.
      if (key === null || !one || !other || those.length + old.length > 2) continue;
      const textIn = (item: JsonValue) => copyStart(fieldText(item, field) ?? '', 80);
      fieldChanges.set(one.at, [
        { kind: 'field_changed', field, then: textIn(other.item), now: textIn(one.item) },
      ]);
      paired.add(other);
    }
  }
  // A field that is empty in all items is named once, above the table.
  const inAll = findEmptyFields(
    matched.filter((item) => isJsonObject(item)),
    knownBy,
  );
  for (const { item, at } of fresh) {
    const field =
      prints[at] === null
        ? knownBy.find((name) => !inAll.includes(name) && fieldText(item, name) === null)
        : undefined;
    if (field !== undefined && !fieldChanges.has(at)) fieldChanges.set(at, [{ kind: 'field_empty', field }]);
  }
  return { fieldChanges, paired };
}

/** Why no item of the condition is known, in brackets after its name; empty: some are, or they are only new. */
function whyAllNew({ matched, knownBy }: FingerprintedResult, then: FileCondition | undefined): string {
  // First the reasons that no other baseline would change.
  if (matched.length === 0) return 'it is true, not a list of items';
  if (knownBy.length === 0) return '`known_by` names no fields for it';
  const empty = describeEmptyField(matched, knownBy);
  if (empty !== '') return empty;
  if (then === undefined) return 'not in the baseline in these words';
  return then.isEvaluated ? '' : 'the baseline could not evaluate it';
}

/** Of the fields the first that is empty in all items, in words; empty: each is in some. */
function describeEmptyField(matched: readonly JsonValue[], fields: readonly string[]): string {
  const objects = matched.filter((item) => isJsonObject(item));
  const empty = findEmptyFields(objects, fields)[0];
  if (empty === undefined) return '';
  const keys = [...new Set(objects.flatMap((item) => Object.keys(item)))];
  if (keys.includes(empty)) return `${NO_ITEM_HAS}${empty}\`: it is empty in all`;
  const plain = keys.filter((key) => /^[\w .-]{1,64}$/.test(key)).slice(0, 200);
  const near = findNearest(plain, empty, () => 2);
  return `${NO_ITEM_HAS}${empty}\`${near === undefined ? '' : `; \`${near}\`?`}`;
}

function findEmptyFields(objects: readonly JsonObject[], fields: readonly string[]): readonly string[] {
  if (objects.length === 0) return [];
  return fields.filter((field) => objects.every((item) => fieldText(item, field) === null));
}
