/**
 * What stays of a judged condition once its items are written: counts, the first rows, and a digest of every item, so that
 * twenty runs of twenty thousand items fit into memory. Pure.
 */
import type { JsonValue } from '../json.ts';
import { excerptOf } from '../text/excerpt.ts';
import type { JudgedResult } from './condition.ts';
import { toldApart } from './items.ts';

type Kept = 'condition' | 'result' | 'problem' | 'known' | 'isExcused' | 'ended' | 'remarks';

export interface Finding extends Pick<JudgedResult, Kept> {
  /** How many items matched and are not waived; 0 for a boolean. */
  readonly matched: number;
  /** How many more are waived. */
  readonly waived: number;
  /** How many items did not match; null where that is not known. */
  readonly unmatched: number | null;
  /** The first matched items. Untrusted. */
  readonly rows: readonly JsonValue[];
  /** The first of those that are waived. */
  readonly waivedRows: JudgedResult['waived'];
  /** The first of those that did not match. Untrusted. */
  readonly unmatchedRows: readonly JsonValue[];
  /** Of `known_by`; empty: its author named none. */
  readonly knownBy: readonly string[];
  /** The fields that tell the items apart, as one text; null: none do. Untrusted. */
  readonly key: string | null;
  /** For `digestsIn`: one for each matched item, in data order; empty where there is no key. */
  readonly ids: string;
  /** As of the result; `goneRows`: the first of them. */
  readonly before: {
    readonly gone: number;
    readonly goneRows: readonly JsonValue[];
  } | null;
}

/** What log and headline say of a finding. */
export type Tally = Pick<
  Finding,
  'condition' | 'result' | 'problem' | 'matched' | 'waived' | 'unmatched' | 'known' | 'isExcused'
>;

/** More rows than any report shows, in so many characters of JSON. */
export const ROWS = { most: 400, characters: 256 * 1024, unmatched: 50 } as const;

export function findingOf(judged: JudgedResult): Finding {
  const { condition, result, problem, matched, unmatched, waived, fields, prints, before } = judged;
  const { known, isExcused, ended, remarks, isNamed } = judged;
  const waivedItems = waived.map(({ item }) => item);
  return {
    ...{ condition, result, problem, known, isExcused, ended, remarks },
    matched: matched.length,
    waived: waived.length,
    unmatched: unmatched === null ? null : unmatched.length,
    rows: firstRows(matched, ROWS.most),
    waivedRows: firstRows(waivedItems, ROWS.unmatched).map((item, at) => ({ item, by: waived[at]?.by ?? 0 })),
    unmatchedRows: firstRows(unmatched ?? [], ROWS.unmatched),
    knownBy: isNamed ? fields : [],
    key: fields.length === 0 ? null : fields.join(', '),
    // One text takes a third of the memory of as many.
    ids: fields.length === 0 ? '' : toldApart(prints).join(''),
    before: before && {
      gone: before.gone.length,
      goneRows: firstRows(before.gone, ROWS.unmatched),
    },
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

export function digestsIn(ids: string): readonly string[] {
  return ids.match(/.{12}/g) ?? [];
}
