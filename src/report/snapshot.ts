/** What a report knew of its conditions and their items: the one form in which comment and `gate_file` are remembered. Pure. */
import { digest, digestsIn, type Finding } from '../gate/finding.ts';
import { isRed, type Condition } from '../gate/condition.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

export const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
export const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/;
/** Of `digest`. */
export const DIGEST = /^[A-Za-z0-9+/]{12}$/;

export interface Snapshot {
  readonly runId: string;
  /** Full SHA, or empty. */
  readonly commit: string;
  /** Of a `baseline_file`; left out: of a comment. */
  readonly isBaseline?: true;
  readonly conditions: readonly Known[];
  /** Conditions are missing from it: they did not fit. */
  readonly isCut: boolean;
}

/** What is known of one condition. */
export interface Known {
  /** Of `conditionIds`. */
  readonly id: string;
  /** It turned the step red. */
  readonly isRed: boolean;
  /** How many items matched; null: it could not be evaluated, and what it had found before is not known. */
  readonly count: number | null;
  /** The key that told them apart; null: none did, or the items did not fit. */
  readonly key: string | null;
  /** By digest of the identifying value: what was kept of the item, to show it once it is gone. */
  readonly items: ReadonlyMap<string, JsonObject | null>;
}

/**
 * A condition is the same one while its name and its expression are; of two alike, in their order. With another expression its
 * items may be gone though nothing in the documents was mended.
 */
export function conditionIds(conditions: readonly Pick<Condition, 'name' | 'expression'>[]): string[] {
  const seen = new Map<string, number>();
  return conditions.map(({ name, expression }) => {
    const what = JSON.stringify({ name, expression });
    const nth = seen.get(what) ?? 0;
    seen.set(what, nth + 1);
    return digest(`${what}${nth}`);
  });
}

/** Of findings, or of results. */
export function idsOf(judged: readonly { readonly condition: Condition }[]): string[] {
  return conditionIds(judged.map(({ condition }) => condition));
}

/** @param then what was known before: of a condition that cannot be evaluated now, that is still all there is */
export function snapshotOf(
  findings: readonly Finding[],
  runId: string,
  commit: string,
  then: Snapshot | null,
): Snapshot {
  const ids = idsOf(findings);
  const conditions = findings.map((finding, at): Known => {
    const id = ids[at] ?? '';
    const known = { id, isRed: isRed(finding), count: finding.matched, key: null, items: NO_ITEMS };
    if (finding.result === 'cannot_be_evaluated') {
      const before = then?.conditions.find((one) => one.id === id);
      return { ...known, count: null, ...before, isRed: known.isRed };
    }
    if (finding.key === null || finding.matched === 0) return known;
    return { ...known, key: finding.key, items: itemsOf(finding) };
  });
  return { runId, commit, conditions, isCut: false };
}

const NO_ITEMS: Known['items'] = new Map();

function itemsOf({ ids, rows }: Finding): Known['items'] {
  return new Map(
    digestsIn(ids).map((id, at) => {
      const row = rows[at];
      return [id, isJsonObject(row) ? row : null];
    }),
  );
}
