/** Chooses the fields of items that a table shows, and the texts of its cells. Texts are untrusted. Pure. */
import { isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { joinPresent } from '../text/format.ts';

/** Number of keys that are considered, and of the texts that a cell shows of a list or an object. */
const MAX_KEYS = 64;
const MAX_LEAVES = 4;

interface Column {
  readonly field: string;
  /** One for each row; an empty text: there is nothing to show. */
  readonly cells: readonly { readonly text: string; readonly isCode: boolean }[];
}

/** Lists the texts in a value; its numbers and booleans have their names in an object, if they have one. */
function listTexts(value: JsonValue | undefined, name = ''): string[] {
  if (value === undefined || value === null) return [];
  if (isList(value)) return value.slice(0, MAX_KEYS).flatMap((one) => listTexts(one, name));
  if (isJsonObject(value)) return Object.entries(value).flatMap(([key, one]) => listTexts(one, key));
  const text = typeof value === 'string' ? value.trim() : joinPresent(' ', name, JSON.stringify(value));
  return text === '' ? [] : [text];
}

/** Returns the first texts of a value; empty: it has none. */
export function formatTexts(value: JsonValue | undefined): string {
  const texts = listTexts(value);
  return joinPresent(', ', ...texts.slice(0, MAX_LEAVES), texts.length > MAX_LEAVES && '…');
}

function ownValue(item: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(item) && Object.hasOwn(item, key) ? item[key] : undefined;
}

/** Returns the value of an author's field: by the whole key, or else by a path through objects. */
export function valueAt(item: JsonValue | undefined, field: string): JsonValue | undefined {
  if (!isJsonObject(item) || Object.hasOwn(item, field)) return ownValue(item, field);
  const [key = '', ...rest] = field.split('.');
  return rest.length > 0 ? valueAt(ownValue(item, key), rest.join('.')) : undefined;
}

/**
 * A machine's ID: maybe a word and `_`, then a UUID or at least 16 hexadecimal digits. Groups: the word, and the first eight
 * characters.
 */
const MACHINE_ID =
  /^((?:[a-z]{1,12}_)?)(?=(.{8}))(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;

/**
 * Reads a field of all items. IDs are recognised by their values, since `bid` and `paid` end in "id" too.
 * @param read the value of the field
 * @param isCut cut each ID to 8 characters after a prefix such as `run_`, if all of the column remain distinct
 */
function readField(rows: readonly JsonValue[], field: string, isCut: boolean, read: typeof valueAt): Column {
  const texts = rows.map((row) => formatTexts(read(row, field)));
  // Word and first eight characters.
  const short = texts.map((text) => text.replace(MACHINE_ID, '$1$2'));
  const shown = isCut && new Set(short).size === new Set(texts).size ? short : texts;
  return { field, cells: shown.map((text, at) => ({ text, isCode: short[at] !== texts[at] })) };
}

function isUniform({ cells }: Column): boolean {
  return cells.every(({ text }) => text === cells[0]?.text);
}

function isOfIds({ cells }: Column): boolean {
  return cells.every(({ text, isCode }) => isCode || text === '');
}

/** Ranks a column: those whose texts differ come first, then those of IDs, then those with one text in all rows. */
function rankColumn(column: Column): number {
  return column.cells.length > 1 && isUniform(column) ? 2 : Number(isOfIds(column));
}

/** Compares letters and digits only: "Non-compliant" is "non compliant". */
function isSame(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ''));
  return first === second;
}

interface Choice {
  /** Fields that the input `columns` names. */
  readonly fields: readonly string[];
  readonly max: number;
  /** Cut IDs. */
  readonly hasShortIds?: boolean;
  /** Fields that `item_url` links. */
  readonly linked?: readonly string[];
  /** What the report says of all rows. */
  readonly said?: string;
}

/**
 * Chooses the columns of a table. These are the author's fields, if any row has one of them; otherwise the run's fields in their
 * order, those of IDs last: if they are too many, those that tell least are left out. Items without fields have one column.
 * @param rows all rows that are kept, so that a table of the first ten has the columns of a table of all
 */
export function chooseColumns(
  rows: readonly JsonValue[],
  { fields, max, hasShortIds = false, linked = [], said = '' }: Choice,
): readonly Column[] {
  const readAll = (names: readonly string[], read: typeof valueAt) =>
    names
      .map((field) => readField(rows, field, hasShortIds, read))
      .filter(({ cells }) => cells.some(({ text }) => text !== ''));
  const authors = readAll(fields, valueAt);
  if (authors.length > 0) return authors.slice(0, max);
  const keys = rows.every((row) => isJsonObject(row)) ? new Set(rows.flatMap((row) => Object.keys(row))) : [];
  // Not by paths: each row would split a key of the run, which may be long.
  const all = readAll([...keys].slice(0, MAX_KEYS), ownValue);
  const telling = all.filter((column) => !isUniform(column) || !isSame(column.cells[0]?.text ?? '', said));
  const shown = telling.length > 0 ? telling : all;
  const best = shown.toSorted((one, other) => rankColumn(one) - rankColumn(other)).slice(0, max);
  const isLast = (column: Column) => isOfIds(column) && !linked.includes(column.field);
  if (best.length > 0)
    return shown
      .filter((column) => best.includes(column))
      .sort((one, other) => Number(isLast(one)) - Number(isLast(other)));
  const cells = rows.map((row) => ({ text: formatTexts(row) || JSON.stringify(row), isCode: false }));
  return [{ field: 'item', cells }];
}

/** Is the field one plain word? Anything else is shown as code: a key `check_is_green` must not become a bold sentence. */
export function isPlainWord(field: string): boolean {
  return /^(?:\p{Script=Latin}[[\p{Ll}&&\p{Script=Latin}]0-9]{0,39}|[A-Z][A-Z0-9]{0,39})$/v.test(field);
}

const MAX_FIELDS = 12;
const MAX_VALUES = 6;
const SHORT = /^.{1,32}$/s;

/**
 * Counts the values of each field of a list of objects, in the run's order. Fields whose values are long, many, or all different,
 * as names and IDs are, have none. Untrusted.
 */
export function countFieldValues(rows: readonly JsonObject[]) {
  const keys = new Set(rows.flatMap((row) => Object.keys(row)));
  return [...keys].slice(0, MAX_FIELDS).map((key) => {
    const texts = rows.map((row) => ownValue(row, key)).filter((text) => typeof text === 'string');
    const values = [...Map.groupBy(texts, String)].map(([text, { length }]) => [text, length] as const);
    const isShort = texts.length === rows.length && texts.every((text) => SHORT.test(text));
    const isTelling = isShort && values.length <= MAX_VALUES && values.length < rows.length;
    return [key, isTelling ? values : []] as const;
  });
}
