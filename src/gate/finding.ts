/**
 * The part of an evaluated condition that is kept after its items are written: counts, the first rows, and a digest of every item,
 * so that twenty runs of twenty thousand items fit into memory. Pure.
 */
import type { JsonValue } from '../json.ts';
import { excerptOf } from '../text/excerpt.ts';
import type { ComparedResult } from './condition.ts';
import { digest, makeUnique } from './item-identity.ts';

export type Finding = Readonly<ReturnType<typeof createFinding>>;

/** The fields of a finding that the log and the headline use. */
export type Tally = Pick<
  Finding,
  'condition' | 'result' | 'problem' | 'reason' | 'matched' | 'waived' | 'unmatched' | 'known' | 'isExcused'
>;

/**
 * Limits for the rows that a finding keeps, above what any report shows: matched rows, characters of JSON in each list, and rows
 * of the waived, unmatched and removed items.
 */
export const ROWS = { most: 400, characters: 256 * 1024, unmatched: 50 } as const;

/**
 * Reduces the result of a condition, with waivers and baseline applied, to what the reports need: counts, the first rows of each
 * list, and a digest of every item.
 */
export function createFinding(compared: ComparedResult) {
  const { matched, unmatched, waived, knownBy, prints, waivedPrints, removed, nearTexts, ...rest } =
    sortNewFirst(compared);
  // Numbered together: of two equal items the waived one gets the second ID.
  const ids = knownBy.length === 0 ? [] : makeUnique([...prints, ...waivedPrints]);
  const waivedItems = waived.map(({ item }) => item);
  return {
    ...rest,
    knownBy,
    /** Number of matched items that are not waived; 0 for a boolean. */
    matched: matched.length,
    waived: waived.length,
    /** Number of items that the filter did not keep; null: not known. */
    unmatched: unmatched?.length ?? null,
    /** The first matched items; items that are new to the baseline come first. Untrusted. */
    rows: takeFirstRows(matched, ROWS.most),
    /** By the index of a row: the texts that match only in some readings of the condition. Untrusted. */
    nearTexts: new Map(
      matched.slice(0, ROWS.most).flatMap((item, at) => {
        const texts = nearTexts?.get(item);
        return texts ? [[at, texts] as const] : [];
      }),
    ),
    /** The first waived items, each with the index of its waiver. */
    waivedRows: takeFirstRows(waivedItems, ROWS.unmatched).map((item, at) => ({
      item,
      by: waived[at]?.by ?? 0,
    })),
    /** Digest of each waived item, joined; read by `splitDigests`. */
    waivedIds: makeUnique(waivedItems.map(digestItem)).join(''),
    /** The first items that did not match. Untrusted. */
    unmatchedRows: takeFirstRows(unmatched ?? [], ROWS.unmatched),
    /** The fields of `known_by`, joined by commas; null: no fields. Untrusted. */
    key: knownBy.length === 0 ? null : knownBy.join(', '),
    /** Fingerprint of each matched item in order, joined; read by `splitDigests`. Empty: no `known_by` for the condition. */
    ids: ids.slice(0, matched.length).join(''),
    /** The same for the waived items. */
    waivedKeyIds: ids.slice(matched.length).join(''),
    /** Fingerprints of the removed items, joined. null: the baseline has no data for this condition. */
    removedIds: removed?.map(({ id }) => id).join('') ?? null,
    /** The first removed items. Untrusted. */
    removedRows: takeFirstRows(
      (removed ?? []).map(({ item }) => item),
      ROWS.unmatched,
    ),
  };
}

/** Cache, since one item may be waived under many conditions. */
const digests = new WeakMap<object, string>();

/** Returns the digest of the whole item. */
function digestItem(item: JsonValue): string {
  const key = typeof item === 'object' ? item : null;
  const digestOfItem = (key && digests.get(key)) ?? digest(JSON.stringify(item));
  if (key) digests.set(key, digestOfItem);
  return digestOfItem;
}

/**
 * Moves new items before known ones and keeps the data order otherwise, so that the items that fail the gate are among the rows
 * that are kept.
 */
function sortNewFirst(compared: ComparedResult): ComparedResult {
  const { matched, prints, known, knownOnSchedule, fieldChanges } = compared;
  if (known === null) return compared;
  const order = [...known.keys()].sort((a, b) => Number(known[a]) - Number(known[b]));
  const sorted = <T>(list: readonly T[]) => order.map((at) => list[at] as T);
  const moved = <T>(map: ReadonlyMap<number, T>) =>
    new Map(order.flatMap((from, to) => (map.has(from) ? [[to, map.get(from) as T]] : [])));
  return {
    ...compared,
    matched: sorted(matched),
    prints: sorted(prints),
    known: sorted(known),
    knownOnSchedule: new Set(order.flatMap((from, to) => (knownOnSchedule.has(from) ? [to] : []))),
    fieldChanges: moved(fieldChanges),
  };
}

/**
 * Returns the first items, up to `most` and up to the limit of characters. A first item over the limit is cut, so that at least
 * one row remains.
 */
function takeFirstRows(items: readonly JsonValue[], most: number): readonly JsonValue[] {
  let left: number = ROWS.characters;
  const rows: JsonValue[] = [];
  for (const item of items.slice(0, most)) {
    left -= JSON.stringify(item).length;
    if (left < 0 && rows.length > 0) break;
    rows.push(left < 0 ? (excerptOf(item) ?? null) : item);
  }
  return rows;
}
