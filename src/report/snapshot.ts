/** What a report knew of its conditions and their items: the form in which a comment remembers it. Pure. */
import { digestsIn } from '../gate/condition.ts';
import type { Finding } from '../gate/finding.ts';
import { idsOf, NO_PRINT } from '../gate/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { cut } from '../text/escape.ts';
import type { Known, Snapshot } from './comment-memory.ts';

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
