/**
 * What changed since an earlier report: the matched items of each condition that are new, still there, or gone.
 * The earlier report is remembered in the sticky comment, hidden, or in a `gate_file`. Pure.
 */
import { digestsIn } from '../gate/condition.ts';
import type { Finding } from '../gate/finding.ts';
import { idsOf, printsOf, toldApart } from '../gate/items.ts';
import type { JsonValue } from '../json.ts';
import type { Outcome } from '../runs/outcome.ts';
import type { Known, Snapshot } from './comment-memory.ts';

/** What changed since an earlier report. */
export interface Changes {
  /** Of the commit compared with, 7 characters; or empty. */
  readonly since: string;
  /** When the `baseline_file` compared with was written, or empty; null: it is the last report. */
  readonly baselineOf: string | null;
  /** One for each of the run's findings, in their order; null: its items are not compared, or cannot be told apart. */
  readonly conditions: readonly (ItemChanges | null)[];
}

export interface ItemChanges {
  /** One for each matched item. */
  readonly marks: readonly ('new' | 'still' | 'known')[];
  /** By digest what matched then, and no longer: what was kept of it, or null. Untrusted. */
  readonly gone: ReadonlyMap<string, JsonValue | null>;
}

/** What changed between an earlier report and the findings of a run; null where there is nothing to compare. */
export function compare(findings: readonly Finding[], then: Snapshot | null): Changes | null {
  if (then === null) return null;
  const known = new Map(then.conditions.map((condition) => [condition.id, condition]));
  const ids = idsOf(findings.map(({ condition }) => condition));
  const conditions = findings.map((finding, at) => {
    const before = known.get(ids[at] ?? '');
    return before && finding.result !== 'cannot_be_evaluated' ? compareOne(finding, before) : null;
  });
  return toldOf(conditions, then.commit, null);
}

/** What changed between the baseline and findings that were held against it: an item is new as the gate counts it. */
export function sinceBaseline({ findings, since }: Pick<Outcome, 'findings' | 'since'>): Changes | null {
  if (since === null) return null;
  const conditions = findings.map((finding): ItemChanges | null => {
    const { result, known, goneIds, goneRows, knownBy, isExcused } = finding;
    const isTold = goneIds !== null || knownBy.length > 0;
    if (result === 'cannot_be_evaluated' || known === null || !isTold) return null;
    const marks = known.map((isKnown) => (!isKnown ? 'new' : isExcused === null ? 'still' : 'known'));
    return { marks, gone: new Map(digestsIn(goneIds ?? '').map((id, at) => [id, goneRows[at] ?? null])) };
  });
  return toldOf(conditions, since.commit, since.time);
}

function toldOf(conditions: Changes['conditions'], since: string, baselineOf: string | null): Changes | null {
  const isCompared = conditions.some((changes) => changes !== null);
  return isCompared ? { since: since.slice(0, 7), baselineOf, conditions } : null;
}

function compareOne(finding: Finding, then: Known): ItemChanges | null {
  const { matched, key, ids, waived: count, waivedRows } = finding;
  const isToldApart = (matched === 0 || key !== null) && (then.count === 0 || then.key !== null);
  // Where either has no items there is nothing that one key must tell apart.
  if (!isToldApart || (matched > 0 && then.count > 0 && key !== then.key)) return null;
  const left = new Map(then.items);
  const marks = digestsIn(ids).map((id) => (left.delete(id) ? 'still' : 'new'));
  // What is waived is there still; where not all of it was kept, nobody can say what is gone.
  if (count > waivedRows.length) left.clear();
  const waived = waivedRows.map(({ item }) => item);
  for (const id of toldApart(printsOf(waived, then.key?.split(', ') ?? []))) left.delete(id);
  return { marks, gone: left };
}

/**
 * What no longer matches of a run, null: nothing was kept of it. An item that stood under two conditions is one, and one that is
 * matched under another now is left out.
 */
export function goneOf(changes: Changes | null, findings: readonly Finding[]) {
  const all = (changes?.conditions ?? []).flatMap((one) => [...(one?.gone ?? [])]);
  const gone = new Map<string, JsonValue | null>();
  for (const [id, row] of all) gone.set(id, row ?? gone.get(id) ?? null);
  if (gone.size > 0) for (const { ids } of findings) for (const id of digestsIn(ids)) gone.delete(id);
  return [...gone.values()];
}
