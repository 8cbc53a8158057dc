/** Decides which findings an earlier `gate_file` knows, by the fields of `known_by`. In doubt a finding is new. Pure. */
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { copyStart } from '../text/excerpt.ts';
import { findNearest } from '../text/nearest-name.ts';
import { formatCount } from '../text/format.ts';
import { decideKnownTo, findUsableItems, type Review, type UsableBaseline } from './baseline-rules.ts';
import { nameOf, NO_ITEM_HAS } from './condition.ts';
import type { ConditionResult, ComparedResult, FieldChange } from './condition.ts';
import { fieldsFor, type FieldLists } from './field-lists.ts';
import type { FileCondition, GateFile } from './gate-file.ts';
import {
  readFieldText,
  identifyConditions,
  NO_FINGERPRINT,
  fingerprintItems,
  joinFieldTexts,
  makeUnique,
  type Fingerprints,
} from './item-identity.ts';
import { applyWaivers, type Waiver, type WaiverResult } from './waivers.ts';

/** The review, and what to compare its findings with. */
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

/** With `fail_on: new` begins the sentence on why the baseline is not used. */
export const EVERY_NEW = 'Every finding counts as new';

/** Applies waivers and baseline to the results of all conditions. Returns also what was compared with, or why nothing was. */
export function applyBaseline(results: readonly ConditionResult[], context: BaselineContext) {
  const { baseline, failOn } = context;
  const isAsked = failOn === 'new' && results.some(({ condition }) => condition.severity === 'fail');
  const found =
    baseline !== null && typeof baseline === 'object' ? findUsableItems(baseline, context) : baseline;
  const usable = typeof found === 'string' ? null : found;
  const whyUnusable = typeof found === 'string' ? found : '`baseline_file` is empty';
  const seen: Fingerprints = new Map();
  const ids = identifyConditions(results.map(({ condition }) => condition));
  const compared = results.map((result, at) => compareResult(result, ids[at] ?? '', usable, seen, context));
  const unusedReasons = [
    ...groupReasons(compared),
    ...(usable === null && isAsked ? [`: ${whyUnusable}`] : []),
  ];
  return {
    results: compared.map(({ result }) => result),
    /** Indexes of the waivers that match an item, ended or not. */
    used: new Set(compared.flatMap(({ used }) => [...used])),
    /** Commit and time of the report that was compared with, each maybe empty; null: there is no baseline for the run. */
    since: usable?.since ?? null,
    /** A note that there is no comparison, a sentence without its full stop; or empty. */
    notice: usable || isAsked || !baseline ? '' : `No baseline was used: ${whyUnusable}`,
    /** With `fail_on: new`, where the baseline cannot be used: why every finding counts as new, in the same form. Untrusted. */
    baselineUnusedReason: unusedReasons.length === 0 ? '' : `${EVERY_NEW}${unusedReasons.join(';')}`,
    /** Why the baseline makes only a part of its items known, in the same form. */
    baselineNotes:
      usable === null
        ? []
        : listBaselineNotes(
            usable,
            compared.map(({ result }) => result),
            context,
          ),
  };
}

/**
 * Applies waivers and baseline to the result of one condition.
 * @param id of the condition in the baseline
 * @param seen cache of fingerprints; grows
 * @returns `whyAllNew`: why the baseline cannot make any of its items known, with `fail_on: new`; or empty
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
    prints: fingerprintItems(unwaived.matched, fields, seen),
    waivedPrints: fingerprintItems(
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

/** Returns " for “a”, “b” (why)" for each reason and its conditions. */
function groupReasons(
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

/** Returns notes about a baseline that makes only a part of its items known. */
function listBaselineNotes(
  usable: UsableBaseline,
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
  if (usable.limit !== '')
    notes.push(
      `The baseline ${usable.limit}: only what it marks as known counts. ${byHand} for one that counts in full`,
    );
  const unaccepted = results.reduce(
    (sum, { known, knownOnSchedule }) => sum + [...knownOnSchedule].filter((at) => !known?.[at]).length,
    0,
  );
  if (unaccepted > 0)
    notes.push(
      `The baseline has ${formatCount(unaccepted, 'item')} from red scheduled runs only: new on every other event. ${byHand} to accept what it has`,
    );
  if (usable.leftOut > 0)
    notes.push(`The baseline leaves out ${formatCount(usable.leftOut, 'item')} for size: they count as new`);
  return notes;
}

/** Merges both maps, by the index of the item. */
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

/** A result with waivers applied and a fingerprint for each item. */
type FingerprintedResult = ConditionResult & Pick<ComparedResult, 'knownBy' | 'prints' | 'waivedPrints'>;

/**
 * Decides which items of one condition the baseline knows, and which of its items no longer match.
 * @param then the condition's data in the baseline; undefined: none
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
  const [candidates, waived] = partition(
    findItemsThatMakeKnown(then, knownBy, usable),
    ({ item }) => !isWaived(item),
  );
  const before = fingerprintKnowingItems(candidates, knownBy, seen);
  const accepted = before.filter((_, at) => candidates[at]?.knownTo === 'everybody');
  const isInBaseline = areCovered(prints, before);
  const isAccepted = areCovered(prints, accepted);
  const missing = findMissing(now, before, candidates, fingerprintKnowingItems(waived, knownBy, seen));
  const { fieldChanges, paired } = findFieldChanges(now, isInBaseline, missing);
  return {
    known: event === 'schedule' ? isInBaseline : isAccepted,
    knownOnSchedule: new Set([...prints.keys()].filter((at) => isInBaseline[at] && !isAccepted[at])),
    baselineCount,
    removed: missing.filter((one) => !paired.has(one)),
    fieldChanges,
  };
}

/** An item of the baseline that makes equal items known. */
interface KnowingItem {
  readonly item: JsonValue;
  readonly knownTo: 'everybody' | 'schedules';
}

/**
 * Returns the items of the baseline that can make items known. The file's marks count only if they were made with the same
 * `known_by`.
 */
function findItemsThatMakeKnown(
  then: FileCondition,
  knownBy: readonly string[],
  usable: UsableBaseline,
): readonly KnowingItem[] {
  const areMarksUsable = then.knownBy.join() === knownBy.join();
  return then.matched.flatMap((one) => {
    const knownTo = decideKnownTo(one, usable, areMarksUsable);
    return knownTo === 'nobody' ? [] : [{ item: one.item, knownTo }];
  });
}

/**
 * Returns for each item whether the baseline has its fingerprint at least as often as the run. If there are three now and were
 * two, none is covered, because it is not known which one is new.
 */
function areCovered(
  prints: readonly (string | null)[],
  baseline: readonly (string | null)[],
): readonly boolean[] {
  const here = countOccurrences(prints);
  const there = countOccurrences(baseline);
  return prints.map((print) => print !== null && (here.get(print) ?? 0) <= (there.get(print) ?? 0));
}

/**
 * Returns the items of the baseline that no longer match.
 * @param before fingerprints of `items`
 * @param waivedBefore fingerprints of the baseline's items that would be waived now
 */
function findMissing(
  { prints, waivedPrints }: FingerprintedResult,
  before: readonly (string | null)[],
  items: readonly KnowingItem[],
  waivedBefore: readonly (string | null)[],
): NonNullable<ComparedResult['removed']> {
  const present = new Set(makeUnique([...prints, ...waivedPrints]));
  const ids = makeUnique([...waivedBefore, ...before]).slice(waivedBefore.length);
  return items.flatMap(({ item }, at) => {
    const id = ids[at] ?? NO_FINGERPRINT;
    return id === NO_FINGERPRINT || present.has(id) ? [] : [{ item, id }];
  });
}

/** Returns a fingerprint for each item of the baseline. */
function fingerprintKnowingItems(
  items: readonly KnowingItem[],
  knownBy: readonly string[],
  seen: Fingerprints,
): readonly (string | null)[] {
  return fingerprintItems(
    items.map(({ item }) => item),
    knownBy,
    seen,
  );
}

/** Returns how often each fingerprint occurs in the list. */
function countOccurrences(prints: readonly (string | null)[]): ReadonlyMap<string | null, number> {
  const counts = new Map<string | null, number>();
  for (const print of prints) counts.set(print, (counts.get(print) ?? 0) + 1);
  return counts;
}

/** Splits the list into the items that pass the test and those that do not. */
function partition<T>(list: readonly T[], test: (one: T) => boolean): [yes: T[], no: T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const one of list) (test(one) ? yes : no).push(one);
  return [yes, no];
}

const MAX_FIELD_CHANGES = 1_000;

/**
 * Explains new items by one field of `known_by`: it is empty, or differs from an item of the baseline that is otherwise equal.
 * @returns `fieldChanges` by the index of the new item; `paired`: those items of the baseline, which do not count as removed
 */
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
      Map.groupBy(list, ({ item }) => joinFieldTexts(item, others));
    const candidates = byOthers(missing.filter((one) => !paired.has(one)));
    for (const [key, those] of byOthers(fresh.filter(({ at }) => !fieldChanges.has(at)))) {
      const old = candidates.get(key) ?? [];
      const [one] = those;
      const [other] = old;
      // Of two candidates it is not known which one changed.
      if (key === null || !one || !other || those.length + old.length > 2) continue;
      const textIn = (item: JsonValue) => copyStart(readFieldText(item, field) ?? '', 80);
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
        ? knownBy.find((name) => !inAll.includes(name) && readFieldText(item, name) === null)
        : undefined;
    if (field !== undefined && !fieldChanges.has(at)) fieldChanges.set(at, [{ kind: 'field_empty', field }]);
  }
  return { fieldChanges, paired };
}

/** Returns why the baseline cannot make any item of the condition known; empty: it can. */
function whyAllNew({ matched, knownBy }: FingerprintedResult, then: FileCondition | undefined): string {
  // First the reasons that no other baseline would change.
  if (matched.length === 0) return 'it is true, not a list of items';
  if (knownBy.length === 0) return '`known_by` names no fields for it';
  const empty = describeEmptyField(matched, knownBy);
  if (empty !== '') return empty;
  if (then === undefined) return 'the baseline does not have it by this name and expression';
  return then.isEvaluated ? '' : 'it could not be evaluated when the baseline was written';
}

/** Names the first field that is empty in all items, with a similar key; empty: each field occurs. */
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

/** Returns the fields that are empty in all items. */
function findEmptyFields(objects: readonly JsonObject[], fields: readonly string[]): readonly string[] {
  if (objects.length === 0) return [];
  return fields.filter((field) => objects.every((item) => readFieldText(item, field) === null));
}
