/**
 * What changed since an earlier report: the matched items of each condition that are new, still there, or no longer matching.
 * The earlier report is remembered in the sticky comment, hidden, or in a `gate_file`. Pure.
 */
import { splitDigests } from '../gate/condition.ts';
import type { Finding } from '../gate/finding.ts';
import { identifyConditions } from '../gate/item-identity.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Outcome } from '../runs/outcome.ts';

/** The result of a run in an earlier report. */
export interface EarlierFindings {
  /** Full SHA. */
  readonly commit: string;
  /** Only conditions that could be evaluated. */
  readonly conditions: readonly EarlierFinding[];
}

export interface EarlierFinding {
  /** By `identifyConditions`. */
  readonly id: string;
  /** Number of matched items. */
  readonly count: number;
  /** The fields of `known_by`, joined; null: there are none, or the items were not kept. */
  readonly key: string | null;
  /** Matched items by fingerprint: the fields that were kept, or null if only the fingerprint was. Untrusted. */
  readonly items: ReadonlyMap<string, JsonObject | null>;
}

/** What changed since an earlier report. */
export interface Changes {
  /** The commit compared with, 7 characters; or empty. */
  readonly since: string;
  /** When the baseline compared with was written, or empty; null: the comparison is with the last report. */
  readonly baselineOf: string | null;
  /** One for each of the run's findings, in order; null: the earlier report has no data for it. */
  readonly conditions: readonly (ItemChanges | null)[];
}

export interface ItemChanges {
  /** State of each matched item; null: not comparable, because there is no `known_by`, or it was another then. */
  readonly itemStates: readonly ('new' | 'still' | 'known')[] | null;
  /** Number of items that matched then; null: not known. */
  readonly before: number | null;
  /** Items that matched then and no longer do, by fingerprint: what was kept of each, or null. Untrusted. */
  readonly removed: ReadonlyMap<string, JsonValue | null>;
}

/** Compares the findings of a run with an earlier report; null: there is nothing to compare. */
export function compareWithReport(
  findings: readonly Finding[],
  then: EarlierFindings | null,
): Changes | null {
  if (then === null) return null;
  const remembered = new Map(then.conditions.map((condition) => [condition.id, condition]));
  const ids = identifyConditions(findings.map(({ condition }) => condition));
  const conditions = findings.map((finding, at) => {
    const before = remembered.get(ids[at] ?? '');
    return before && finding.result !== 'cannot_be_evaluated' ? compareFinding(finding, before) : null;
  });
  return createChanges(conditions, then.commit, null);
}

/**
 * Returns the changes since the baseline, with which the gate has already compared the findings; null: there is none, or no data.
 */
export function changesSinceBaseline({
  findings,
  since,
}: Pick<Outcome, 'findings' | 'since'>): Changes | null {
  if (since === null) return null;
  const conditions = findings.map((finding): ItemChanges | null => {
    const { result, known, baselineCount, removedIds, removedRows, knownBy, isExcused } = finding;
    if (result === 'cannot_be_evaluated' || known === null) return null;
    if (knownBy.length === 0)
      return baselineCount === null ? null : { itemStates: null, before: baselineCount, removed: new Map() };
    // Only `fail_on: new` makes a difference between an item that is still there and one that is known.
    const stateOfKnown = isExcused === null ? 'still' : 'known';
    return {
      itemStates: known.map((isKnown) => (isKnown ? stateOfKnown : 'new')),
      before: baselineCount,
      removed: new Map(splitDigests(removedIds ?? '').map((id, at) => [id, removedRows[at] ?? null])),
    };
  });
  return createChanges(conditions, since.commit, since.time);
}

/** Creates the changes; null: no condition is compared. @param since full SHA @param baselineOf as in `Changes` */
function createChanges(
  conditions: Changes['conditions'],
  since: string,
  baselineOf: string | null,
): Changes | null {
  const isCompared = conditions.some((changes) => changes !== null);
  return isCompared ? { since: since.slice(0, 7), baselineOf, conditions } : null;
}

/** Compares one finding with the earlier one. */
function compareFinding({ matched, key, ids, waivedKeyIds }: Finding, then: EarlierFinding): ItemChanges {
  const before = then.count;
  // If one of them has no items, its key does not matter.
  const isComparable =
    key !== null && (then.count === 0 || then.key === key || (matched === 0 && then.key !== null));
  if (!isComparable) return { itemStates: null, before, removed: new Map() };
  const removed = new Map(then.items);
  const itemStates = splitDigests(ids).map((id) => (removed.delete(id) ? 'still' : 'new'));
  for (const id of splitDigests(waivedKeyIds)) removed.delete(id);
  return { itemStates, before, removed };
}

/**
 * Lists the items of a run that no longer match; null for an item without kept fields. An item of two conditions counts once;
 * one that another condition with the same `known_by` still matches is left out.
 */
export function listRemovedItems(changes: Changes | null, findings: readonly Finding[]) {
  const removed = new Map<string, JsonValue | null>();
  const present = new Map<string | null, ReadonlySet<string>>();
  for (const [at, one] of (changes?.conditions ?? []).entries()) {
    if (!one?.removed.size) continue;
    const key = findings[at]?.key ?? null;
    const here = present.get(key) ?? collectIds(findings.filter((finding) => finding.key === key));
    present.set(key, here);
    for (const [id, row] of one.removed) if (!here.has(id)) removed.set(id, row ?? removed.get(id) ?? null);
  }
  return [...removed.values()];
}

/** Returns the fingerprints of all matched and waived items. */
function collectIds(findings: readonly Finding[]): ReadonlySet<string> {
  return new Set(findings.flatMap(({ ids, waivedKeyIds }) => splitDigests(ids + waivedKeyIds)));
}
