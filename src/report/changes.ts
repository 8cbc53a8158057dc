/**
 * What changed since an earlier report: the matched items of each condition that are new, still there, or no longer matching.
 * The earlier report is remembered in the sticky comment, hidden, or in a `gate_file`. Pure.
 */
import { splitDigests } from '../gate/condition.ts';
import type { Finding } from '../gate/finding.ts';
import { identifyConditions } from '../gate/item-identity.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Outcome } from '../runs/outcome.ts';

/** What an earlier report of a run had found. */
export interface EarlierFindings {
  /** Full SHA. */
  readonly commit: string;
  /** The conditions that could be evaluated. */
  readonly conditions: readonly EarlierFinding[];
}

export interface EarlierFinding {
  /** Of `idsOf`. */
  readonly id: string;
  /** How many items matched. */
  readonly count: number;
  /** The fields that identify an item, joined; null: there are none, or the items were not kept. */
  readonly key: string | null;
  /** Matched items by fingerprint: the kept fields, or null where only the fingerprint was kept. Untrusted. */
  readonly items: ReadonlyMap<string, JsonObject | null>;
}

/** What changed since an earlier report. */
export interface Changes {
  /** Of the commit compared with, 7 characters; or empty. */
  readonly since: string;
  /** When the `baseline_file` compared with was written, or empty; null: it is the last report. */
  readonly baselineOf: string | null;
  /** One for each of the run's findings, in their order; null: the earlier report has no data for it. */
  readonly conditions: readonly (ItemChanges | null)[];
}

export interface ItemChanges {
  /** One for each matched item; null: nobody can say which are new, since the author names no fields or named others then. */
  readonly itemStates: readonly ('new' | 'still' | 'known')[] | null;
  /** How many items matched then; null: not known. */
  readonly before: number | null;
  /** By fingerprint what matched then, and no longer: what was kept of it, or null. Untrusted. */
  readonly removed: ReadonlyMap<string, JsonValue | null>;
}

/** What changed between an earlier report and the findings of a run; null where there is nothing to compare. */
export function compare(findings: readonly Finding[], then: EarlierFindings | null): Changes | null {
  if (then === null) return null;
  const remembered = new Map(then.conditions.map((condition) => [condition.id, condition]));
  const ids = identifyConditions(findings.map(({ condition }) => condition));
  const conditions = findings.map((finding, at) => {
    const before = remembered.get(ids[at] ?? '');
    return before && finding.result !== 'cannot_be_evaluated' ? compareOne(finding, before) : null;
  });
  return changesOf(conditions, then.commit, null);
}

/** What changed between the baseline and findings that were held against it: an item is new as the gate counts it. */
export function sinceBaseline({ findings, since }: Pick<Outcome, 'findings' | 'since'>): Changes | null {
  if (since === null) return null;
  const conditions = findings.map((finding): ItemChanges | null => {
    const { result, known, baselineCount, removedIds, removedRows, knownBy, isExcused } = finding;
    if (result === 'cannot_be_evaluated' || known === null) return null;
    if (knownBy.length === 0)
      return baselineCount === null ? null : { itemStates: null, before: baselineCount, removed: new Map() };
    return {
      itemStates: known.map((isKnown) => (!isKnown ? 'new' : isExcused === null ? 'still' : 'known')),
      before: baselineCount,
      removed: new Map(splitDigests(removedIds ?? '').map((id, at) => [id, removedRows[at] ?? null])),
    };
  });
  return changesOf(conditions, since.commit, since.time);
}

function changesOf(
  conditions: Changes['conditions'],
  since: string,
  baselineOf: string | null,
): Changes | null {
  const isCompared = conditions.some((changes) => changes !== null);
  return isCompared ? { since: since.slice(0, 7), baselineOf, conditions } : null;
}

function compareOne({ matched, key, ids, waivedKeyIds }: Finding, then: EarlierFinding): ItemChanges {
  const before = then.count;
  // If either has no items, no key has to distinguish them.
  const isComparable =
    key !== null && (then.count === 0 || then.key === key || (matched === 0 && then.key !== null));
  if (!isComparable) return { itemStates: null, before, removed: new Map() };
  const removed = new Map(then.items);
  const itemStates = splitDigests(ids).map((id) => (removed.delete(id) ? 'still' : 'new'));
  for (const id of splitDigests(waivedKeyIds)) removed.delete(id);
  return { itemStates, before, removed };
}

/**
 * What no longer matches of a run, null: nothing was kept of it. An item that two conditions had is one, and one that another
 * condition with the same `known_by` has now is left out.
 */
export function removedItems(changes: Changes | null, findings: readonly Finding[]) {
  const removed = new Map<string, JsonValue | null>();
  const present = new Map<string | null, ReadonlySet<string>>();
  for (const [at, one] of (changes?.conditions ?? []).entries()) {
    if (!one?.removed.size) continue;
    const key = findings[at]?.key ?? null;
    const here = present.get(key) ?? presentIds(findings.filter((finding) => finding.key === key));
    present.set(key, here);
    for (const [id, row] of one.removed) if (!here.has(id)) removed.set(id, row ?? removed.get(id) ?? null);
  }
  return [...removed.values()];
}

function presentIds(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.flatMap(({ ids, waivedKeyIds }) => splitDigests(ids + waivedKeyIds)));
}
