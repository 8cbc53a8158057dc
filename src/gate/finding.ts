/**
 * The part of an evaluated condition that is kept after its items are written: counts, the first rows, and a digest of every item,
 * so that twenty runs of twenty thousand items fit into memory. Pure.
 */
import type { JsonValue } from '../json.ts';
import { excerptOf } from '../text/excerpt.ts';
import type { ComparedResult } from './condition.ts';
import { digest, makeUnique } from './item-identity.ts';

export type Finding = Readonly<ReturnType<typeof findingOf>>;

/** What log and headline say of a finding. */
export type Tally = Pick<
  Finding,
  'condition' | 'result' | 'problem' | 'reason' | 'matched' | 'waived' | 'unmatched' | 'known' | 'isExcused'
>;

/** More rows than any report shows, in so many characters of JSON. */
export const ROWS = { most: 400, characters: 256 * 1024, unmatched: 50 } as const;

export function findingOf(compared: ComparedResult) {
  const { matched, unmatched, waived, knownBy, prints, waivedPrints, removed, nearTexts, ...rest } =
    newFirst(compared);
  // Numbered together: of two equal items the waived one is the second.
  const ids = knownBy.length === 0 ? [] : makeUnique([...prints, ...waivedPrints]);
  const waivedItems = waived.map(({ item }) => item);
  return {
    ...rest,
    knownBy,
    /** How many items matched and are not waived; 0 for a boolean. */
    matched: matched.length,
    waived: waived.length,
    /** null: it is not known how many. */
    unmatched: unmatched?.length ?? null,
    /** The first matched items, new ones before those that the baseline knows. Untrusted. */
    rows: firstRows(matched, ROWS.most),
    /** Of these rows by their place: the texts for which not every reading of the condition matches one. Untrusted. */
    nearTexts: new Map(
      matched.slice(0, ROWS.most).flatMap((item, at) => {
        const texts = nearTexts?.get(item);
        return texts ? [[at, texts] as const] : [];
      }),
    ),
    /** The first of those that are waived. */
    waivedRows: firstRows(waivedItems, ROWS.unmatched).map((item, at) => ({ item, by: waived[at]?.by ?? 0 })),
    /** For `digestsIn`: one for each that is waived. */
    waivedIds: makeUnique(waivedItems.map(digestOf)).join(''),
    /** The first of those that did not match. Untrusted. */
    unmatchedRows: firstRows(unmatched ?? [], ROWS.unmatched),
    /** The fields that identify an item, as one text; null: there are none. Untrusted. */
    key: knownBy.length === 0 ? null : knownBy.join(', '),
    /** For `digestsIn`: one for each matched item, in their order; empty where there is no key. */
    ids: ids.slice(0, matched.length).join(''),
    /** The same of the waived items. */
    waivedKeyIds: ids.slice(matched.length).join(''),
    /** For `digestsIn`: fingerprints of removed items. null: the baseline has no data for this condition. */
    removedIds: removed?.map(({ id }) => id).join('') ?? null,
    /** The first of these. Untrusted. */
    removedRows: firstRows(
      (removed ?? []).map(({ item }) => item),
      ROWS.unmatched,
    ),
  };
}

/** Items that are waived under many conditions are read once. */
const digests = new WeakMap<object, string>();

/** Of the whole item. */
function digestOf(item: JsonValue): string {
  const key = typeof item === 'object' ? item : null;
  const digestOfItem = (key && digests.get(key)) ?? digest(JSON.stringify(item));
  if (key) digests.set(key, digestOfItem);
  return digestOfItem;
}

/** New items before known ones, else in data order: what turned it red is among the rows that are kept. */
function newFirst(compared: ComparedResult): ComparedResult {
  const { matched, prints, known, knownOnSchedule, fieldChanges } = compared;
  if (known === null) return compared;
  const order = [...known.keys()].sort((a, b) => Number(known[a]) - Number(known[b]));
  const sorted = <T>(list: readonly T[]) => order.map((at) => list[at] as T);
  const moved = <T>(map: ReadonlyMap<number, T>) =>
    new Map(order.flatMap((from, to) => (map.has(from) ? [[to, map.get(from) as T]] : [])));
  return {
    ...compared,
    ...{ matched: sorted(matched), prints: sorted(prints), known: sorted(known) },
    knownOnSchedule: new Set(order.flatMap((from, to) => (knownOnSchedule.has(from) ? [to] : []))),
    fieldChanges: moved(fieldChanges),
  };
}

/** Of the first, however long it is, there is a part at least. */
function firstRows(items: readonly JsonValue[], most: number): readonly JsonValue[] {
  let left: number = ROWS.characters;
  const rows: JsonValue[] = [];
  for (const item of items.slice(0, most)) {
    left -= JSON.stringify(item).length;
    if (left < 0 && rows.length > 0) break;
    rows.push(left < 0 ? (excerptOf(item) ?? null) : item);
  }
  return rows;
}
