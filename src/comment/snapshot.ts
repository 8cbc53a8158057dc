/** Creates what a comment remembers of a run: its conditions and their items. Pure. */
import { splitDigests } from '../gate/condition.ts';
import { fieldsFor, type FieldLists } from '../gate/field-lists.ts';
import type { Finding } from '../gate/finding.ts';
import { identifyConditions, NO_FINGERPRINT } from '../gate/item-identity.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { truncate } from '../text/escape.ts';
import { cellOf, joinCellTexts, valueAt } from '../report/columns.ts';
import type { EarlierFinding } from '../report/changes.ts';
import type { Snapshot } from './memory.ts';

/**
 * Returns what a comment will remember of a run's findings.
 * @param columns the first of them names an item in a later report that no longer has it
 */
export function createSnapshot(
  findings: readonly Finding[],
  run: Omit<Snapshot, 'conditions'>,
  columns: FieldLists = new Map(),
): Snapshot {
  const ids = identifyConditions(findings.map(({ condition }) => condition));
  const conditions = findings.flatMap((finding, at): EarlierFinding[] => {
    const { result, matched: count, key } = finding;
    if (result === 'cannot_be_evaluated') return [];
    const fields = key?.split(', ') ?? [];
    const [name = ''] = fieldsFor(columns, finding.condition);
    const items = new Map<string, JsonObject | null>();
    for (const [nth, print] of splitDigests(finding.ids).entries()) {
      const row = finding.rows[nth];
      if (print !== NO_FINGERPRINT)
        items.set(print, isJsonObject(row) ? shortenItem(row, fields, name) : null);
    }
    return [{ id: ids[at] ?? '', count, key: count === 0 ? null : key, items }];
  });
  return { ...run, conditions };
}

/** Cuts a text to 60 characters for a comment's memory; other values stay unchanged. */
function shortenValue(value: JsonValue): JsonValue {
  return typeof value === 'string' ? truncate(value, 60) : value;
}

/** Other fields of an item are kept only while it has fewer than this many. */
const MAX_FIELDS = 4;

/**
 * Returns enough of an item to name it after it is removed: its name, all its identifying fields, and its first texts, numbers and
 * booleans, until `MAX_FIELDS` fields are kept.
 */
function shortenItem(item: JsonObject, known: readonly string[], nameField: string): JsonObject {
  const named = cellOf(valueAt(item, nameField));
  const fields = new Map<string, JsonValue>();
  for (const [name, value] of Object.entries(item)) {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (name.length > 60 || (!known.includes(name) && (!plain || fields.size >= MAX_FIELDS))) continue;
    fields.set(name, shortenValue(value));
  }
  // A path is stored as a plain key, since `valueAt` looks for that first.
  if (nameField.length <= 60 && named.texts.length > 0 && !fields.has(nameField))
    fields.set(nameField, shortenValue(joinCellTexts(named)));
  return Object.fromEntries(fields);
}
