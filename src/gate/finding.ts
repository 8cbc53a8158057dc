/**
 * What stays of a judged condition once its items are written: counts, the first rows, and a digest of every item, so that
 * twenty runs of twenty thousand items fit into memory. Pure.
 */
import { createHash } from 'node:crypto';
import { isExactNumber, isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { excerptOf } from '../text/excerpt.ts';
import type { Condition, ConditionResult } from './condition.ts';

export interface Finding {
  readonly condition: Condition;
  readonly result: ConditionResult['result'];
  /** Why it cannot be evaluated, else null. Names of keys in it are untrusted. */
  readonly problem: string | null;
  /** How many items matched; 0 for a boolean. */
  readonly matched: number;
  /** How many items did not match; null where that is not known. */
  readonly unmatched: number | null;
  /** The first matched items. Untrusted. */
  readonly rows: readonly JsonValue[];
  /** The first of those that did not match. Untrusted. */
  readonly unmatchedRows: readonly JsonValue[];
  /** The key that tells the items apart; null: none does. Untrusted. */
  readonly key: string | null;
  /** For `digestsIn`: of the identifying value of each matched item, in data order; empty where there is no key. */
  readonly ids: string;
  /** The same of those that did not match. */
  readonly unmatchedIds: string;
  /** As of the result. */
  readonly known?: readonly boolean[];
  readonly isExcused?: boolean;
}

/** More rows than any report shows, in so many characters of JSON. */
const ROWS = { most: 400, characters: 256 * 1024, unmatched: 50 } as const;

export function findingOf(judged: ConditionResult): Finding {
  const { condition, result, problem, matched, unmatched, known, isExcused } = judged;
  const key = identifyingKey(judged);
  return {
    condition,
    result,
    problem,
    matched: matched.length,
    unmatched: unmatched === null ? null : unmatched.length,
    rows: firstRows(matched, ROWS.most),
    unmatchedRows: firstRows(unmatched ?? [], ROWS.unmatched),
    key,
    ids: key === null ? '' : idsOf(matched, key),
    unmatchedIds: key === null ? '' : idsOf(unmatched ?? [], key),
    ...(known === undefined ? {} : { known }),
    ...(isExcused === undefined ? {} : { isExcused }),
  };
}

/** Of the first, however long it is, there is a part at least. */
function firstRows(items: readonly JsonValue[], most: number): readonly JsonValue[] {
  let left = ROWS.characters;
  const rows: JsonValue[] = [];
  for (const item of items.slice(0, most)) {
    left -= JSON.stringify(item).length;
    if (left < 0 && rows.length > 0) break;
    rows.push(left < 0 ? (excerptOf(item) ?? null) : item);
  }
  return rows;
}

/**
 * The key that tells the items of a list apart: `id`, else the first `*_id` in data order, else `name`; each item
 * has it, as text or a number, and no two the same: a number and the text of it are, since a model writes
 * now this, now that.
 */
export function identifyingKey({ matched, unmatched }: ConditionResult): string | null {
  const first = matched[0] ?? unmatched?.[0];
  if (!isJsonObject(first)) return null;
  const candidates = ['id', ...Object.keys(first).filter((key) => key.endsWith('_id')), 'name'];
  // Also from those that do not match: a `project_id` that all share tells nothing, though only one matched.
  const items = [...matched, ...(unmatched ?? [])];
  return candidates.find((key) => areToldApart(items, key)) ?? null;
}

function areToldApart(items: readonly JsonValue[], key: string): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    const text = identity(item, key);
    if (text === null || seen.has(text)) return false;
    seen.add(text);
  }
  return true;
}

function identity(item: JsonValue, key: string): string | null {
  const value = isJsonObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' || isExactNumber(value) ? JSON.stringify(value) : null;
}

/** An item that many conditions find is digested once. */
const DIGESTS = new WeakMap<object, { readonly key: string; readonly id: string }>();

/** The digest of an item's identifying value; null: it has none. */
export function idOf(item: JsonValue, key: string): string | null {
  const before = isJsonObject(item) ? DIGESTS.get(item) : undefined;
  if (before?.key === key) return before.id;
  const text = identity(item, key);
  if (text === null) return null;
  const id = digest(JSON.stringify(text));
  if (isJsonObject(item)) DIGESTS.set(item, { key, id });
  return id;
}

/** One text takes a third of the memory of as many. */
function idsOf(items: readonly JsonValue[], key: string): string {
  return items.map((item) => idOf(item, key) ?? '').join('');
}

export function digestsIn(ids: string): readonly string[] {
  return ids.match(/.{12}/g) ?? [];
}

/** 72 bits: 12 characters, no padding. */
export function digest(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, 9).toString('base64');
}

/** A row by its digest, among those that were kept. */
export function rowsById(rows: readonly JsonValue[], key: string): ReadonlyMap<string, JsonObject> {
  return new Map(
    rows.flatMap((row) => {
      const id = idOf(row, key);
      return id !== null && isJsonObject(row) ? [[id, row] as const] : [];
    }),
  );
}
