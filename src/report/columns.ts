/** Which fields of items a table shows, and what its cells say. Texts are untrusted. Pure. */
import { isExactNumber, isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { truncate, escapeInvisible } from '../text/escape.ts';
import { formatNumber } from '../text/format.ts';

/** Limits for the columns of a table: of the run's fields, and of those that the author names. */
export interface MaxColumns {
  readonly ofRun: number;
  readonly ofAuthor: number;
}

export const MAX_COLUMNS: Readonly<Record<'comment' | 'summary', MaxColumns>> = {
  comment: { ofRun: 4, ofAuthor: 4 },
  summary: { ofRun: 6, ofAuthor: 8 },
};

/** Keys that are looked at: enough for any table that people made. */
const MAX_KEYS = 64;
const MAX_LEAVES = 4;
const MAX_NESTED = 80;

export interface Cell {
  /** Untrusted; of a list or an object the first ones in it. Empty: there is nothing. */
  readonly texts: readonly string[];
  readonly isCode: boolean;
}

/** As it reads. */
export function plainText({ texts }: Cell): string {
  return texts.join(', ');
}

export interface Column {
  readonly field: string;
  /** One for each row. */
  readonly cells: readonly Cell[];
}

const EMPTY: Cell = { texts: [], isCode: false };

function textCell(text: string): Cell {
  return text.trim() === '' ? EMPTY : { texts: [text.trim()], isCode: false };
}

/** The text of a cell for any value. */
export function cellOf(value: JsonValue | undefined): Cell {
  if (value === undefined || value === null) return EMPTY;
  if (!isNested(value)) return textCell(typeof value === 'string' ? value : JSON.stringify(value));
  const leaves: string[] = [];
  collectLeaves(value, leaves);
  if (leaves.length > MAX_LEAVES) leaves[MAX_LEAVES] = '…';
  if (leaves.length > 0) return { texts: leaves, isCode: false };
  const json = JSON.stringify(value);
  return /^(?:[[\]{},]|null)*$/.test(json) ? EMPTY : { texts: [truncate(json, MAX_NESTED)], isCode: true };
}

export function isNested(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/** The first texts and numbers, one more than are shown. */
function collectLeaves(value: JsonValue, leaves: string[]): void {
  if (leaves.length > MAX_LEAVES) return;
  if (isNested(value)) {
    for (const one of isList(value) ? value : Object.values(value)) collectLeaves(one, leaves);
    return;
  }
  if (typeof value !== 'boolean') leaves.push(...cellOf(value).texts);
}

/** The whole key, else a path through objects; of a list that it meets, what it leads to in each of its elements. */
export function valueAt(item: JsonValue, field: string): JsonValue | undefined {
  if (!isJsonObject(item)) return undefined;
  if (Object.hasOwn(item, field)) return item[field];
  return field.includes('.') ? follow(item, field.split('.')) : undefined;
}

function follow(value: JsonValue, [key, ...rest]: readonly string[]): JsonValue | undefined {
  if (key === undefined) return value;
  if (isList(value)) {
    const found = value.map((one) => follow(one, [key, ...rest])).filter((one) => one !== undefined);
    return found.length === 0 ? undefined : found;
  }
  const next = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return next === undefined ? undefined : follow(next, rest);
}

/** A machine's ID: maybe a word and `_`, then a UUID or at least 16 hexadecimal digits. Kept: eight of these. */
const MACHINE_ID =
  /^((?:[a-z]{1,12}_)?)(?=(.{8}))(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;

/** Each ID cut to 8 characters after a prefix such as `run_`, where that keeps all distinct. What is no ID stays whole. */
export function shortIds(ids: readonly string[]): readonly string[] {
  const short = ids.map((id) => id.replace(MACHINE_ID, '$1$2'));
  return new Set(short).size === new Set(ids).size ? short : ids;
}

interface Field extends Column {
  /** All of its values are IDs that a machine made. They are known by the values: `bid` and `paid` end in "id" too. */
  readonly areIds: boolean;
  readonly isSameInAll: boolean;
}

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
    cells: ids.some((id) => id !== null) ? withShortIds(cells, ids) : cells,
    isSameInAll: values.length > 1 && values.every((value) => JSON.stringify(value ?? null) === same),
  };
}

function withShortIds(cells: readonly Cell[], ids: readonly (string | null)[]): readonly Cell[] {
  const short = shortIds(cells.map(plainText));
  return cells.map((cell, at) => (ids[at] === null ? cell : { texts: [short[at] ?? ''], isCode: true }));
}

const hasText = ({ cells }: Column) => cells.some((cell) => cell.texts.length > 0);

export interface Columns {
  readonly columns: readonly Column[];
  /** Fields that say the same in all rows, and are no column for that. */
  readonly same: readonly Column[];
  /** How many fields are neither. */
  readonly leftOut: number;
}

/**
 * The columns of a table of these rows. The author's, where any row has one of them; else the fields in the order in which the run
 * wrote them. Of three or more, one that is the same in all of two or more rows is none; IDs are left out first.
 * @param rows all that are kept, so that a table of the first ten has the columns of a table of all
 * @param most how many columns it may have
 */
export function chooseColumns(
  rows: readonly JsonValue[],
  given: readonly string[],
  most: MaxColumns,
): Columns {
  const authors = given.map((field) => readField(rows, field)).filter(hasText);
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

/** One plain word is a word. Anything else is code: a key `check_is_green` must not become a bold sentence. */
export function isPlainWord(field: string): boolean {
  return /^(?:\p{Script=Latin}[[\p{Ll}&&\p{Script=Latin}]0-9]{0,39}|[A-Z][A-Z0-9]{0,39})$/v.test(field);
}

/** An item that is no object, or whose fields say nothing. */
export function wholeItem(item: JsonValue): Cell {
  const cell = cellOf(item);
  return cell === EMPTY ? { texts: [JSON.stringify(item)], isCode: true } : cell;
}

/** As many rows as a report keeps: they decide what is a column. */
const MAX_KEPT = 400;

/** A comment's table of items without its Markdown, in visible characters. */
export interface PlainTable {
  readonly fields: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The lines below it: "In all rows: status rejected", "50 more". */
  readonly below: readonly string[];
}

export function plainTable(
  items: readonly JsonValue[],
  given: readonly string[],
  maxRows: number,
): PlainTable {
  const kept = items.slice(0, MAX_KEPT);
  const areObjects = kept.every((item) => isJsonObject(item));
  const { columns, same } = chooseColumns(areObjects ? kept : [], given, MAX_COLUMNS.comment);
  const rows = kept.slice(0, maxRows).map((item, at) => {
    const cells = columns.map(({ cells }) => plainText(cells[at] ?? EMPTY));
    return cells.some((text) => text !== '') ? cells : [plainText(wholeItem(item))];
  });
  const once = same.map(({ field, cells }) => `${field} ${plainText(cells[0] ?? EMPTY)}`);
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
