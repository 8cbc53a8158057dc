/** Finds fields of the input `columns` that no item has. Pure. */
import { fieldsFor, type FieldLists } from '../gate/field-lists.ts';
import type { Finding } from '../gate/finding.ts';
import { isJsonObject, type JsonObject } from '../json.ts';
import { findNearest } from '../text/nearest-name.ts';
import { joinPresent } from '../text/format.ts';
import { valueAt } from './columns.ts';

interface Evaluated {
  readonly entry: { readonly name: string; readonly columns: FieldLists };
  readonly findings: readonly Pick<Finding, 'condition' | 'rows' | 'waivedRows' | 'unmatchedRows'>[];
}

/** Keys that a notice may quote. */
const PLAIN_KEY = /^[\w .-]{1,64}$/;
const MAX_KEYS = 200;

/**
 * Returns a notice for each field of `columns` that no item has, over all runs that use these columns. `name`: the run, if it has
 * separate columns. Names of similar keys are untrusted.
 */
export function findColumnNotices(outcomes: readonly Evaluated[]) {
  return [...new Set(outcomes.map(({ entry }) => entry.columns))].flatMap((columns) => {
    const those = outcomes.filter(({ entry }) => entry.columns === columns);
    const name = those.length < outcomes.length ? (those[0]?.entry.name ?? '') : '';
    return [...columns].flatMap(([condition, fields]) => {
      const items = collectItems(those, columns, fields);
      const missing = fields.filter((field) => items.every((item) => valueAt(item, field) === undefined));
      const of = condition === null ? '`columns`' : `\`columns\` of “${condition}”`;
      return items.length === 0
        ? []
        : missing.map((field) => ({ name, text: `${of}: no item has ${formatWithNearKey(field, items)}` }));
    });
  });
}

/** Returns the items of the conditions to which these fields apply. */
function collectItems(
  outcomes: readonly Evaluated[],
  columns: FieldLists,
  fields: readonly string[],
): JsonObject[] {
  const findings = outcomes
    .flatMap((outcome) => outcome.findings)
    .filter(({ condition }) => fieldsFor(columns, condition) === fields);
  return findings
    .flatMap(({ rows, waivedRows, unmatchedRows }) => [
      ...rows,
      ...waivedRows.map(({ item }) => item),
      ...unmatchedRows,
    ])
    .filter((item) => isJsonObject(item));
}

/** Formats the field with a similar key: "`titel`; `title`?" */
function formatWithNearKey(field: string, items: readonly JsonObject[]): string {
  const keys = new Set(items.flatMap((item) => Object.keys(item)).filter((key) => PLAIN_KEY.test(key)));
  const near = findNearest([...keys].slice(0, MAX_KEYS), field, () => 2);
  return joinPresent('; ', `\`${field}\``, near !== undefined && `\`${near}\`?`);
}
