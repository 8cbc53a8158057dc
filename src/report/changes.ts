/**
 * What changed since an earlier report: the matched items of each condition that are new, still there, or gone.
 * The earlier report is remembered in the sticky comment, hidden, or in a `gate_file`. Pure.
 */
import type { Judgement } from '../gate/baseline.ts';
import { digestsIn } from '../gate/condition.ts';
import type { Finding } from '../gate/finding.ts';
import { idsOf, printsOf, toldApart } from '../gate/items.ts';
import type { Changes, ItemChanges } from './report.ts';
import type { Known, Snapshot } from './snapshot.ts';

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
export function sinceBaseline(
  findings: readonly Finding[],
  { commit, time }: NonNullable<Judgement['since']>,
): Changes | null {
  const conditions = findings.map(
    ({ result, known, gone, goneRows, knownBy, isExcused }): ItemChanges | null => {
      const isTold = gone !== null || knownBy.length > 0;
      if (result === 'cannot_be_evaluated' || known === null || !isTold) return null;
      const marks = known.map((isKnown) => (!isKnown ? 'new' : isExcused === null ? 'still' : 'known'));
      return { marks, gone: gone ?? 0, goneRows };
    },
  );
  return toldOf(conditions, commit, time);
}

function toldOf(conditions: Changes['conditions'], since: string, baselineOf: string | null): Changes | null {
  const isCompared = conditions.some((changes) => changes !== null);
  return isCompared ? { since: since.slice(0, 7), baselineOf, conditions } : null;
}

function compareOne(
  { matched, key, ids, waived: count, waivedRows }: Finding,
  then: Known,
): ItemChanges | null {
  const isToldApart = (matched === 0 || key !== null) && (then.count === 0 || then.key !== null);
  // Where either has no items there is nothing that one key must tell apart.
  if (!isToldApart || (matched > 0 && then.count > 0 && key !== then.key)) return null;
  const left = new Map(then.items);
  const marks = digestsIn(ids).map((id) => (left.delete(id) ? 'still' : 'new'));
  // What is waived is there still; where not all of it was kept, nobody can say what is gone.
  if (count > waivedRows.length) left.clear();
  const waived = waivedRows.map(({ item }) => item);
  for (const id of toldApart(printsOf(waived, then.key?.split(', ') ?? []))) left.delete(id);
  const goneRows = [...left.values()].filter((row) => row !== null);
  return { marks, gone: left.size, goneRows };
}
