/** Building blocks of our own Markdown, over text that is already safe for it. */
import { isExactNumber, isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { joined, number } from '../text/words.ts';
import { cut, forCode, forFence, forProse, forText, link, visible } from '../text/escape.ts';

/** Header and cells are safe inline Markdown of one line each; a row that is short is filled up. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  rules: readonly (':--' | ':-:' | '--:')[] = [],
): string {
  const line = (cells: readonly string[]) => `| ${header.map((_, at) => cells[at] ?? '').join(' | ')} |`;
  const rule = `|${header.map((_, at) => rules[at] ?? ':--').join('|')}|`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** A part that opens on a click. `summaryHtml` is safe HTML (`forProse` is), `body` safe Markdown. */
export function fold(summaryHtml: string, body: string): string {
  return `<details><summary>${summaryHtml}</summary>\n\n${body}\n\n</details>`;
}

/** A machine's ID: maybe a word and `_`, then a UUID or at least 16 hexadecimal digits. Kept: eight of these. */
const MACHINE_ID =
  /^((?:[a-z]{1,12}_)?)(?=(.{8}))(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,64})$/i;

/** Each ID cut to 8 characters after a prefix such as `run_`, where that keeps all distinct. What is no ID stays whole. */
export function shortIds(ids: readonly string[]): readonly string[] {
  const short = ids.map((id) => id.replace(MACHINE_ID, '$1$2'));
  return new Set(short).size === new Set(ids).size ? short : ids;
}

const MAX_TITLE = 40;
const MAX_CELL = 200;
const MAX_NESTED = 80;
/** Keys that are looked at: enough for any table that people made. */
const MAX_KEYS = 64;
const MAX_COLUMNS = { comment: 4, summary: 6 } as const;

interface Column {
  readonly key: string;
  readonly cells: readonly string[];
}

/** How a table of items is shown. */
export interface TableLook {
  /** How many of the rows, at least one. */
  readonly most: number;
  /** Characters of a cell. */
  readonly cell?: number;
  /** A comment has fewer columns than the summary. */
  readonly isComment?: boolean;
  /** A first column of the caller's, without a title: safe Markdown, one for each row; left out where all are empty. */
  readonly marks?: readonly string[];
  /** The address of an item's page, or empty. */
  readonly urlOf?: (item: JsonValue) => string;
}

/**
 * A list of objects as a table, its fields in the order in which the run wrote them; the first one carries the link. null where it
 * is empty or not a list of objects.
 * @returns `leftOut`: how many columns the summary's table has that this one has not
 */
export function recordTable(rows: readonly JsonValue[], look: TableLook) {
  if (rows.length === 0 || !rows.every((row) => isJsonObject(row))) return null;
  const shown = rows.slice(0, Math.max(1, look.most));
  const all = columnsOf(shown, look.cell).slice(0, MAX_COLUMNS.summary);
  const columns = all.slice(0, look.isComment === true ? MAX_COLUMNS.comment : MAX_COLUMNS.summary);
  const [first] = columns;
  if (first === undefined) return null;
  const lines = shown.map((row, at) =>
    columns.map((column) => {
      const text = column.cells[at] ?? '';
      return column === first ? link(text, look.urlOf?.(row) ?? '') : text;
    }),
  );
  return {
    markdown: marked(columns.map(columnTitle), lines, look.marks),
    leftOut: all.length - columns.length,
  };
}

/** Any items as a table: as `recordTable`, or in one column where they are not all objects. */
export function itemTable(rows: readonly JsonValue[], look: TableLook) {
  const records = recordTable(rows, look);
  if (records !== null) return records;
  const lines = rows.slice(0, Math.max(1, look.most)).map((row) => [wholeItem(row, look.cell)]);
  return { markdown: marked(['Item'], lines, look.marks), leftOut: 0 };
}

/** An item by its first two fields, in safe Markdown, the first one linked where the item has a page. */
export function itemName(item: JsonValue, url: string): string {
  const cells = isJsonObject(item) ? columnsOf([item], 60).map((column) => column.cells[0] ?? '') : [];
  const [first = wholeItem(item, 60), second = ''] = cells;
  return joined(', ', link(first, url), second);
}

function wholeItem(item: JsonValue, max = MAX_CELL): string {
  return typeof item === 'string' ? forText(item, max) : forCode(JSON.stringify(item), max);
}

function marked(
  titles: readonly string[],
  lines: readonly string[][],
  marks: TableLook['marks'] = [],
): string {
  if (marks.slice(0, lines.length).every((mark) => mark === '')) return table(titles, lines);
  const all = lines.map((line, at) => [marks[at] ?? '', ...line]);
  return table(['', ...titles], all);
}

function columnsOf(rows: readonly JsonObject[], max: number | undefined): Column[] {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, MAX_KEYS);
  return keys
    .map((key) => {
      const values = rows.map((row) => (Object.hasOwn(row, key) ? row[key] : undefined));
      return { key, cells: cellsOf(values, max) };
    })
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

export function isNested(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/** More than a word may read as a sentence of ours: it is code, as the key is. */
function columnTitle({ key }: Column): string {
  return /^[a-z][a-z0-9]{0,39}$/i.test(key)
    ? forProse(key.charAt(0).toUpperCase() + key.slice(1))
    : forCode(key, MAX_TITLE);
}

/** IDs are known by their values, never by the field's name: `bid` and `paid` end in "id" too. */
function cellsOf(values: readonly (JsonValue | undefined)[], max = MAX_CELL): string[] {
  const texts = values.filter((value) => typeof value === 'string');
  const others = values.filter((value) => value !== undefined && value !== null);
  const areIds = texts.length === others.length && texts.every((text) => MACHINE_ID.test(text));
  if (!areIds) return values.map((value) => cell(value, max));
  const short = new Map<JsonValue | undefined, string>(shortIds(texts).map((text, at) => [texts[at], text]));
  return values.map((value) => {
    const text = short.get(value);
    return text === undefined ? '' : forCode(text, max);
  });
}

function cell(value: JsonValue | undefined, max: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return forText(value, max);
  const json = JSON.stringify(value);
  return isNested(value) ? forCode(json, Math.min(max, MAX_NESTED)) : forProse(json, max);
}

const MAX_TABLE_ROWS = 50;

/**
 * A value for the job summary, in at most `maxLength` characters of Markdown (which should be 100 or more):
 * texts as text, lists of objects as tables, other lists and objects as JSON.
 */
export function renderValue(value: JsonValue, maxLength: number): string {
  if (typeof value === 'string')
    return within(maxLength, value.length, (budget) => paragraphs(value, budget));
  if (!isNested(value)) return forCode(JSON.stringify(value), Math.min(maxLength, MAX_CELL));
  if (isList(value)) {
    const records = within(maxLength, Math.min(MAX_TABLE_ROWS, value.length), (rows) => {
      const records = recordTable(value, { most: rows });
      const more = records === null ? 0 : value.length - rows;
      return joined('\n\n', records?.markdown, more > 0 && `… and ${number(more)} more.`);
    });
    if (records !== '' && records.length <= maxLength) return records;
  }
  const json = JSON.stringify(value, null, 2);
  return within(maxLength, json.length, (budget) => forFence(json, budget, 'json'));
}

/**
 * What `render` makes of the largest budget, about, that keeps it within `maxLength`; escaping makes texts longer.
 * @param all the budget that would do for the whole: a larger one would be cut in vain
 */
function within(maxLength: number, all: number, render: (budget: number) => string): string {
  const budget = Math.min(all, maxLength);
  const text = render(budget);
  if (text.length <= maxLength || budget <= 1) return text;
  // A little less than in proportion, or it would come ever closer and take ever longer.
  return within(maxLength, Math.floor(((budget * maxLength) / text.length) * 0.95), render);
}

/** Blank lines part paragraphs, other newlines break the line: by a tag, because summaries show a newline as a blank. */
function paragraphs(text: string, most: number): string {
  const blocks = visible(cut(text, most + 1))
    .split(/\n\s*\n/)
    .map((block) => {
      const lines = block.split('\n').filter((line) => line.trim() !== '');
      return lines.map((line) => forText(line, line.length)).join('<br>');
    });
  return joined('\n\n', ...blocks) || '(empty)';
}
