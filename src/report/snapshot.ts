/** What a report knew of its conditions and their items: the form in which a comment remembers it. Pure. */
import { digestsIn } from '../gate/condition.ts';
import type { Finding } from '../gate/finding.ts';
import { idsOf, NO_PRINT } from '../gate/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { cut } from '../text/escape.ts';

/** Of `digest`. */
export const DIGEST = /^[A-Za-z0-9+/]{12}$/;

export interface Snapshot {
  /** When the run was made, in ms since 1970. */
  readonly madeAt: number;
  /** Full SHA, or empty. */
  readonly commit: string;
  /** Those that could be evaluated. */
  readonly conditions: readonly Known[];
}

/** What is known of one condition. */
export interface Known {
  /** Of `idsOf`. */
  readonly id: string;
  /** How many items matched. */
  readonly count: number;
  /** The key that told them apart; null: none did, or the items did not fit. */
  readonly key: string | null;
  /** By digest of the identifying value: what was kept of the item, to show it once it is gone. */
  readonly items: ReadonlyMap<string, JsonObject | null>;
}

export function snapshotOf(findings: readonly Finding[], run: Omit<Snapshot, 'conditions'>): Snapshot {
  const ids = idsOf(findings.map(({ condition }) => condition));
  const conditions = findings.flatMap((finding, at): Known[] => {
    const { result, matched: count, key } = finding;
    if (result === 'cannot_be_evaluated') return [];
    const fields = key?.split(', ') ?? [];
    const items = new Map<string, JsonObject | null>();
    for (const [nth, print] of digestsIn(finding.ids).entries()) {
      const row = finding.rows[nth];
      if (print !== NO_PRINT) items.set(print, isJsonObject(row) ? keep(row, fields) : null);
    }
    return [{ id: ids[at] ?? '', count, key: count === 0 ? null : key, items }];
  });
  return { ...run, conditions };
}

/** What a comment remembers of a value. */
export function kept(value: JsonValue): JsonValue {
  return typeof value === 'string' ? cut(value, 60) : value;
}

/** Enough of an item to say which one is gone: what tells it apart and its first three short fields. */
function keep(item: JsonObject, known: readonly string[]): JsonObject {
  const fields: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(item)) {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (name.length > 60 || (!known.includes(name) && (!plain || fields.length > 3))) continue;
    fields.push([name, kept(value)]);
  }
  return Object.fromEntries(fields);
}
