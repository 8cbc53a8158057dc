/** Chooses the fields of items that a table shows, and the texts of its cells. Texts are untrusted. Pure. */
import { isExactNumber, isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { truncate, escapeInvisible } from '../text/escape.ts';
import { formatNumber } from '../text/format.ts';

/** Maximum number of columns: chosen among the run's fields, or named by the author. */
export interface MaxColumns {
  readonly ofRun: number;
  readonly ofAuthor: number;
}

export const MAX_COLUMNS: Readonly<Record<'comment' | 'summary', MaxColumns>> = {
  comment: { ofRun: 4, ofAuthor: 4 },
  summary: { ofRun: 6, ofAuthor: 8 },
};

/** Number of keys that are considered. */
const MAX_KEYS = 64;
const MAX_LEAVES = 4;
const MAX_NESTED = 80;

export interface Cell {
  /** Untrusted. Of a list or an object its first values. Empty: there is nothing to show. */
  readonly texts: readonly string[];
  readonly isCode: boolean;
}

/** Returns the cell as one plain text. */
export function joinCellTexts({ texts }: Cell): string {
  return texts.join(', ');
}

export interface Column {
  readonly field: string;
  /** One for each row. */
  readonly cells: readonly Cell[];
}

const EMPTY: Cell = { texts: [], isCode: false };

/** Returns the cell of a text; blank: an empty cell. */
function createTextCell(text: string): Cell {
  return text.trim() === '' ? EMPTY : { texts: [text.trim()], isCode: false };
}

/** Returns the cell of any value: a list or object shows its first texts and numbers, or else its JSON. */
export function cellOf(value: JsonValue | undefined): Cell {
  if (value === undefined || value === null) return EMPTY;
  if (!isNested(value)) return createTextCell(typeof value === 'string' ? value : JSON.stringify(value));
  const leaves: string[] = [];
  collectLeaves(value, leaves);
  if (leaves.length > MAX_LEAVES) leaves[MAX_LEAVES] = '…';
  if (leaves.length > 0) return { texts: leaves, isCode: false };
  const json = JSON.stringify(value);
  return /^(?:[[\]{},]|null)*$/.test(json) ? EMPTY : { texts: [truncate(json, MAX_NESTED)], isCode: true };
}

/** Is it a list or an object? */
export function isNested(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/** Adds the first texts and numbers in the value to `leaves`, one more than are shown. */
function collectLeaves(value: JsonValue, leaves: string[]): void {
  if (leaves.length > MAX_LEAVES) return;
  if (isNested(value)) {
    for (const one of isList(value) ? value : Object.values(value)) collectLeaves(one, leaves);
    return;
  }
  if (typeof value !== 'boolean') leaves.push(...cellOf(value).texts);
}

/**
 * Returns the value of a field: by the whole key, or else by a path through objects; a list on the path gives the list of its
 * elements' values.
 */
export function valueAt(item: JsonValue, field: string): JsonValue | undefined {
  if (!isJsonObject(item)) return undefined;
  if (Object.hasOwn(item, field)) return item[field];
  return field.includes('.') ? followPath(item, field.split('.')) : undefined;
}

/** Returns the value at a path, for a list those of its items; undefined: there is none. */
function followPath(value: JsonValue, [key, ...rest]: readonly string[]): JsonValue | undefined {
  if (key === undefined) return value;
  if (isList(value)) {
    const found = value.map((one) => followPath(one, [key, ...rest])).filter((one) => one !== undefined);
    return found.length === 0 ? undefined : found;
  }
  const next = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return next === undefined ? undefined : followPath(next, rest);
}

/**
 * A machine's ID: maybe a word and `_`, then a UUID or at least 16 hexadecimal digits. Groups: the word, and the first eight
 * characters.
 */
const MACHINE_ID =
  /^((?:[a-z]{1,12}_)?)(?=(.{8}))(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;

/** Cuts each ID to 8 characters after a prefix such as `run_`, if all remain distinct. Other texts stay whole. */
export function shortenIds(ids: readonly string[]): readonly string[] {
  const short = ids.map((id) => id.replace(MACHINE_ID, '$1$2'));
  return new Set(short).size === new Set(ids).size ? short : ids;
}

interface Field extends Column {
  /** All its values are IDs made by a machine. Recognised by the values, since `bid` and `paid` end in "id" too. */
  readonly areIds: boolean;
  readonly isSameInAll: boolean;
}

/** Reads a field of all items: its cells, with IDs shortened; whether all are IDs; whether all are the same. */
function readField(rows: readonly JsonValue[], field: string): Field {
  const values = rows.map((row) => valueAt(row, field));
  const cells = values.map(cellOf);
  const ids = values.map((value) =>
    typeof value === 'string' && MACHINE_ID.test(value.trim()) ? value.trim() : null,
  );
  const [first] = values;
  const same = first === undefined ? null : JSON.stringify(first);
  return {
    field,
    areIds: ids.every((id, at) => id !== null || cells[at] === EMPTY),
    cells: ids.some((id) => id !== null) ? shortenIdCells(cells, ids) : cells,
    isSameInAll: values.length > 1 && values.every((value) => JSON.stringify(value ?? null) === same),
  };
}

/** Shortens the cells that contain an ID. @param ids null for a cell without one */
function shortenIdCells(cells: readonly Cell[], ids: readonly (string | null)[]): readonly Cell[] {
  const short = shortenIds(cells.map(joinCellTexts));
  return cells.map((cell, at) => (ids[at] === null ? cell : { texts: [short[at] ?? ''], isCode: true }));
}

const hasText = ({ cells }: Column) => cells.some((cell) => cell.texts.length > 0);

export interface Columns {
  readonly columns: readonly Column[];
  /** Fields with the same value in all rows, which are shown once and not as a column. */
  readonly same: readonly Column[];
  /** Number of fields that are neither. */
  readonly leftOut: number;
}

/**
 * Chooses the columns of a table. These are the author's fields, if any row has one of them; otherwise the run's fields in their
 * order. Of three or more fields, those with the same value in all rows are no columns, and columns of IDs are dropped first.
 * @param rows all rows that are kept, so that a table of the first ten has the columns of a table of all
 * @param authorFields fields that the input `columns` names
 */
export function chooseColumns(
  rows: readonly JsonValue[],
  authorFields: readonly string[],
  most: MaxColumns,
): Columns {
  const authors = authorFields.map((field) => readField(rows, field)).filter(hasText);
  if (authors.length > 0) {
    const columns = authors.slice(0, most.ofAuthor);
    return { columns, same: [], leftOut: authors.length - columns.length };
  }
  const keys = [...new Set(rows.flatMap((row) => (isJsonObject(row) ? Object.keys(row) : [])))];
  const fields = keys
    .slice(0, MAX_KEYS)
    .map((key) => readField(rows, key))
    .filter(hasText);
  const differing = fields.filter(({ isSameInAll }) => !isSameInAll);
  const isSameInAll = fields.length >= 3 && differing.length > 0;
  const candidates = isSameInAll ? differing : fields;
  const kept = new Set(
    [...candidates].sort((a, b) => Number(a.areIds) - Number(b.areIds)).slice(0, most.ofRun),
  );
  const columns = candidates.filter((field) => kept.has(field));
  const same = isSameInAll ? fields.filter(({ isSameInAll }) => isSameInAll).slice(0, most.ofRun) : [];
  const unseen = keys.length - Math.min(keys.length, MAX_KEYS);
  return { columns, same, leftOut: fields.length + unseen - columns.length - same.length };
}

/** Is the field one plain word? Anything else is shown as code: a key `check_is_green` must not become a bold sentence. */
export function isPlainWord(field: string): boolean {
  return /^(?:\p{Script=Latin}[[\p{Ll}&&\p{Script=Latin}]0-9]{0,39}|[A-Z][A-Z0-9]{0,39})$/v.test(field);
}

/** Returns a cell for a whole item, never empty. Used for an item that is not an object, or whose fields are all empty. */
export function cellOfItem(item: JsonValue): Cell {
  const cell = cellOf(item);
  return cell === EMPTY ? { texts: [JSON.stringify(item)], isCode: true } : cell;
}

/** Number of rows that decide on the columns, as many as a report keeps. */
const MAX_KEPT = 400;

/** A table of items as plain text, for the log and the playground, with invisible characters made visible. */
export interface PlainTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The lines below it: "In all rows: status rejected", "50 more". */
  readonly below: readonly string[];
}

/** Builds a table of items as plain text, with its first `maxRows` rows and the notes below it. */
export function buildPlainTable(
  items: readonly JsonValue[],
  authorFields: readonly string[],
  maxRows: number,
): PlainTable {
  const kept = items.slice(0, MAX_KEPT);
  const areObjects = kept.every((item) => isJsonObject(item));
  const { columns, same } = chooseColumns(areObjects ? kept : [], authorFields, MAX_COLUMNS.comment);
  const rows = kept.slice(0, maxRows).map((item, at) => {
    const cells = columns.map(({ cells }) => joinCellTexts(cells[at] ?? EMPTY));
    return cells.some((text) => text !== '') ? cells : [joinCellTexts(cellOfItem(item))];
  });
  const once = same.map(({ field, cells }) => `${field} ${joinCellTexts(cells[0] ?? EMPTY)}`);
  const more = items.length - rows.length;
  const below = [
    once.length > 0 && `In all rows: ${once.join(' · ')}`,
    more > 0 && `${formatNumber(more)} more`,
  ];
  return {
    fields: columns.length > 0 ? columns.map(({ field }) => escapeInvisible(field)) : ['item'],
    rows: rows.map((row) => row.map(escapeInvisible)),
    below: below.filter((text) => text !== false).map(escapeInvisible),
  };
}
