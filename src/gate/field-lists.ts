/** Parses the inputs `known_by` and `columns`: lists of fields, for all conditions or for one. Pure. */
import type { Condition } from './condition.ts';

/** Fields by the name of a condition; null: for all conditions without a line. */
export type FieldLists = ReadonlyMap<string | null, readonly string[]>;

/**
 * Parses one line for all conditions, or lines of the form "condition: field, field".
 * @param check returns what is wrong with the fields of a line, or empty
 * @throws Error a predicate that follows the input's name
 */
function parseFieldLists(text: string, check: (fields: readonly string[]) => string): FieldLists {
  const lists = new Map<string | null, readonly string[]>();
  for (const [at, line] of text.split(/\r?\n|\r/).entries()) {
    if (line.trim() === '') continue;
    const [, name, list = line] = /^([^,:]*):(.*)$/.exec(line) ?? [];
    const condition = name?.trim() ?? null;
    const fields = list.split(',').map((field) => field.trim());
    let wrong = check(fields);
    if (wrong === '' && new Set(fields).size < fields.length) wrong = 'has a field twice';
    if (wrong === '' && lists.has(condition)) wrong = 'has a second line for the same conditions';
    if (wrong !== '') throw new Error(`${wrong} (line ${at + 1})`);
    lists.set(condition, fields);
  }
  return lists;
}

/** Returns the fields of the condition's line, or else of the line for all conditions; empty: there is neither. */
export function fieldsFor(lists: FieldLists, { name }: Pick<Condition, 'name'>): readonly string[] {
  return lists.get(name) ?? lists.get(null) ?? [];
}

/** Parses `known_by`: at least two fields a line. @throws Error as `parseFieldLists` */
export function parseKnownBy(text: string): FieldLists {
  return parseFieldLists(text, (fields) =>
    fields.length < 2 || fields.includes('')
      ? 'needs at least two fields, separated by commas, such as `document_id, clause, status`'
      : '',
  );
}

const MAX_FIELDS = 8;

/** Parses `columns`: at most eight fields a line. @throws Error as `parseFieldLists` */
export function parseColumns(text: string): FieldLists {
  return parseFieldLists(text, (fields) => {
    if (fields.includes(''))
      return 'needs names of fields, separated by commas, such as `room, hazard, message.text`';
    return fields.length > MAX_FIELDS ? `has ${fields.length} fields: ${MAX_FIELDS} at most` : '';
  });
}
