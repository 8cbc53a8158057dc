/** Chooses the fields of items that a table shows, and the texts of its cells. Texts are untrusted. Pure. */
import { isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';

/** Number of keys that are considered, and of the texts that a cell shows of a list or an object. */
const MAX_KEYS = 64;
const MAX_LEAVES = 4;

/** `text` is empty: there is nothing to show. */
export interface Cell {
  readonly text: string;
  readonly isCode: boolean;
}

export interface Column {
  readonly field: string;
  /** One for each row. */
  readonly cells: readonly Cell[];
}

/** Lists the texts in a value; its numbers and booleans have their names in an object, if they have one. */
function listTexts(value: JsonValue | undefined, name = ''): string[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.slice(0, MAX_KEYS).flatMap((one) => listTexts(one, name));
  if (isJsonObject(value)) return Object.entries(value).flatMap(([key, one]) => listTexts(one, key));
  const text = typeof value === 'string' ? value.trim() : JSON.stringify(value);
  return text === '' ? [] : [typeof value === 'string' || name === '' ? text : `${name} ${text}`];
}

/** Returns the first texts of a value; empty: it has none. */
export function formatTexts(value: JsonValue | undefined): string {
  const texts = listTexts(value);
  return [...texts.slice(0, MAX_LEAVES), ...(texts.length > MAX_LEAVES ? ['…'] : [])].join(', ');
}

/** Returns the value of a field: by the whole key, or else by a path through objects. */
export function valueAt(item: JsonValue | undefined, field: string): JsonValue | undefined {
  if (!isJsonObject(item)) return undefined;
  if (Object.hasOwn(item, field)) return item[field];
  const [key = '', ...rest] = field.split('.');
  return rest.length > 0 && Object.hasOwn(item, key) ? valueAt(item[key], rest.join('.')) : undefined;
}

/**
 * A machine's ID: maybe a word and `_`, then a UUID or at least 16 hexadecimal digits. Groups: the word, and the first eight
 * characters.
 */
const MACHINE_ID =
  /^((?:[a-z]{1,12}_)?)(?=(.{8}))(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;

/** Reads a field of all items. IDs are recognised by their values, since `bid` and `paid` end in "id" too. */
function readField(rows: readonly JsonValue[], field: string): Column {
  const texts = rows.map((row) => formatTexts(valueAt(row, field)));
  return { field, cells: texts.map((text) => ({ text, isCode: MACHINE_ID.test(text) })) };
}

/** Cuts each ID to 8 characters after a prefix such as `run_`, if all of the column remain distinct. */
export function cutIds(column: Column): Column {
  const cells = column.cells.map((cell) => ({ ...cell, text: cell.text.replace(MACHINE_ID, '$1$2') }));
  const count = (all: readonly Cell[]) => new Set(all.map(({ text }) => text)).size;
  return count(cells) === count(column.cells) ? { ...column, cells } : column;
}

/**
 * Chooses the columns of a table. These are the author's fields, if any row has one of them; otherwise the run's fields in their
 * order. Of three or more fields, those with the same text in all rows (`same`) are no columns, and columns of IDs are left out
 * first. Items without fields have one column.
 * @param rows all rows that are kept, so that a table of the first ten has the columns of a table of all
 * @param authorFields fields that the input `columns` names
 */
export function chooseColumns(rows: readonly JsonValue[], authorFields: readonly string[], max: number) {
  const readAll = (fields: readonly string[]) =>
    fields
      .map((field) => readField(rows, field))
      .filter(({ cells }) => cells.some(({ text }) => text !== ''));
  const authors = readAll(authorFields);
  if (authors.length > 0)
    return { columns: authors.slice(0, max), same: [], leftOut: Math.max(0, authors.length - max) };
  const keys = rows.every((row) => isJsonObject(row)) ? new Set(rows.flatMap((row) => Object.keys(row))) : [];
  const fields = readAll([...keys].slice(0, MAX_KEYS));
  if (fields.length === 0) {
    const cells = rows.map((row) => ({ text: formatTexts(row) || JSON.stringify(row), isCode: false }));
    return { columns: [{ field: 'item', cells }], same: [], leftOut: 0 };
  }
  const isSame = ({ cells }: Column) => rows.length > 1 && cells.every(({ text }) => text === cells[0]?.text);
  const same = fields.length < 3 || fields.every(isSame) ? [] : fields.filter(isSame);
  const differing = fields.filter((field) => !same.includes(field));
  const areIds = ({ cells }: Column) => cells.every(({ text, isCode }) => isCode || text === '');
  const kept = [...differing.filter((one) => !areIds(one)), ...differing.filter(areIds)].slice(0, max);
  const columns = differing.filter((field) => kept.includes(field));
  return { columns, same, leftOut: differing.length - kept.length };
}

/** Is the field one plain word? Anything else is shown as code: a key `check_is_green` must not become a bold sentence. */
export function isPlainWord(field: string): boolean {
  return /^(?:\p{Script=Latin}[[\p{Ll}&&\p{Script=Latin}]0-9]{0,39}|[A-Z][A-Z0-9]{0,39})$/v.test(field);
}

/** Returns the texts of the first `maxRows` items by their columns, without empty ones, for the log. Untrusted. */
export function listCells(
  items: readonly JsonValue[],
  authorFields: readonly string[],
  maxRows: number,
): string[][] {
  const { columns } = chooseColumns(items, authorFields, 4);
  return items.slice(0, maxRows).map((item, at) => {
    const texts = columns.map(({ cells }) => cells[at]?.text ?? '').filter((text) => text !== '');
    return texts.length > 0 ? texts : [JSON.stringify(item)];
  });
}

const MAX_FIELDS = 12;
const MAX_VALUES = 6;
const MAX_VALUE_LENGTH = 32;

/**
 * Counts the values of each field of a list of objects, in the run's order. Fields whose values are long, many, or all different,
 * as names and IDs are, have none. Untrusted.
 */
export function countFieldValues(rows: readonly JsonObject[]) {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, MAX_FIELDS);
  return keys.map((key) => {
    const counts = new Map<string, number>();
    for (const row of rows) {
      const value = valueAt(row, key);
      const text = typeof value === 'string' ? value : '';
      counts.set(text, (counts.get(text) ?? 0) + 1);
    }
    const isShort = [...counts.keys()].every((text) => text !== '' && text.length <= MAX_VALUE_LENGTH);
    const isTelling = isShort && counts.size <= MAX_VALUES && counts.size < rows.length;
    return [key, isTelling ? [...counts] : []] as const;
  });
}
