/** What a report knew of its conditions and their items: the one form in which comment and `gate_file` are remembered. Pure. */
import { digest, digestsIn, type Finding } from '../gate/finding.ts';
import type { Condition } from '../gate/condition.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { cutUtf8 } from '../text/escape.ts';

export const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
export const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/;
/** Of `digest`. */
export const DIGEST = /^[A-Za-z0-9+/]{12}$/;

export interface Snapshot {
  readonly runId: string;
  /** When the run was made, in ms since 1970. */
  readonly madeAt: number;
  /** Full SHA, or empty. */
  readonly commit: string;
  /** Of a `baseline_file`; left out: of a comment. */
  readonly isBaseline?: true;
  /** Those that could be evaluated. */
  readonly conditions: readonly Known[];
}

/** What is known of one condition. */
export interface Known {
  /** Of `conditionIds`. */
  readonly id: string;
  /** How many items matched. */
  readonly count: number;
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

export function snapshotOf(
  findings: readonly Finding[],
  run: Pick<Snapshot, 'runId' | 'madeAt' | 'commit'>,
): Snapshot {
  const ids = idsOf(findings);
  const conditions = findings.flatMap((finding, at): Known[] => {
    const { result, matched: count, key } = finding;
    if (result === 'cannot_be_evaluated') return [];
    const items = key === null ? new Map<string, null>() : itemsOf(finding, key);
    return [{ id: ids[at] ?? '', count, key: count === 0 ? null : key, items }];
  });
  return { ...run, conditions };
}

function itemsOf({ ids, rows }: Finding, key: string): Known['items'] {
  return new Map(
    digestsIn(ids).map((id, at) => {
      const row = rows[at];
      return [id, isJsonObject(row) ? keep(row, key) : null];
    }),
  );
}

/** Enough of an item to say which one is gone: its identifying key and its first three short fields. */
function keep(item: JsonObject, key: string): JsonObject {
  const fields: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(item)) {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (name.length > 60 || (name !== key && (!plain || fields.length > 3))) continue;
    fields.push([name, typeof value === 'string' ? cutUtf8(value, 90) : value]);
  }
  return Object.fromEntries(fields);
}
