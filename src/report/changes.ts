/**
 * What changed since an earlier report: the matched items of each condition that are new, still there, or gone.
 * The earlier report is remembered in the sticky comment, hidden, or in a `gate_file`. Pure.
 */
import { digestsIn, type Finding } from '../gate/finding.ts';
import type { Changes, ConditionChanges } from './report.ts';
import { idsOf, type Known, type Snapshot } from './snapshot.ts';

/** What changed between an earlier report and the findings of a run; null where there is nothing to compare. */
export function compare(
  findings: readonly Finding[],
  then: Snapshot | null,
  failOn: 'any' | 'new' = 'any',
): Changes | null {
  if (then === null) return null;
  const known = new Map(then.conditions.map((condition) => [condition.id, condition]));
  const ids = idsOf(findings);
  const conditions = findings.map((finding, at) => {
    const before = known.get(ids[at] ?? '');
    return before && finding.result !== 'cannot_be_evaluated' ? compareOne(finding, before, failOn) : null;
  });
  if (!conditions.some((changes) => changes !== null)) return null;
  const marks = conditions.flatMap((changes) => changes?.items?.marks ?? []);
  const fresh = marks.filter((mark) => mark === 'new').length;
  return {
    since: then.commit.slice(0, 7),
    isBaseline: then.isBaseline ?? false,
    fresh,
    still: marks.length - fresh,
    gone: conditions.reduce((sum, changes) => sum + (changes?.items?.gone ?? 0), 0),
    conditions,
  };
}

function compareOne(finding: Finding, then: Known, failOn: 'any' | 'new'): ConditionChanges | null {
  const { matched, key, ids } = finding;
  const before = then.count;
  const isToldApart = (matched === 0 || key !== null) && (before === 0 || then.key !== null);
  // Where either has no items there is nothing that one key must tell apart.
  if (!isToldApart || (matched > 0 && before > 0 && key !== then.key)) return { before, items: null };
  const left = new Map(then.items);
  const isJudgedByIt = failOn === 'new' && finding.condition.severity === 'fail';
  const known = isJudgedByIt ? finding.known : undefined;
  const marks = digestsIn(ids).map((id, at) => {
    const wasThere = left.delete(id);
    // What turns the step red is called new, though it has the number of another item.
    if (known !== undefined) return known[at] === true ? 'known' : 'new';
    return wasThere ? 'still' : 'new';
  });
  return {
    before,
    items: { marks, gone: left.size, goneRows: [...left.values()].filter((row) => row !== null) },
  };
}
