/** Building blocks of our own Markdown, over text that is already safe for it. */
import { isExactNumber, isJsonObject, isList } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { number } from '../text/words.ts';
import { forCode, forFence, forProse, forText, visible } from '../text/escape.ts';

/** Header and cells are safe inline Markdown of one line each; a row that is short is filled up. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${header.map((_, at) => cells[at] ?? '').join(' | ')} |`;
  const rule = `|${header.map(() => ':--').join('|')}|`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** A part that opens on a click. `summaryHtml` is safe HTML (`forProse` is), `body` safe Markdown. */
export function fold(summaryHtml: string, body: string, open = false): string {
  return `<details${open ? ' open' : ''}><summary>${summaryHtml}</summary>\n\n${body}\n\n</details>`;
}

const SHORT_ID = 8;

/** A machine's ID: maybe a word and `_`, then a UUID or at least 16 letters and digits, a digit among them. */
const ID =
  /^([a-z]{1,12}_)?(?=[^0-9]*[0-9])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-z]{16,64})$/i;

/**
 * Each ID cut to the shortest length, at least 8 characters after a prefix such as `run_`, that keeps all
 * distinct. What is no ID (a name, a number, a short one) stays whole.
 */
export function shortIds(ids: readonly string[]): string[] {
  const sorted = [...new Set(ids)].sort();
  let shared = 0;
  for (let at = 1; at < sorted.length; at++) {
    shared = Math.max(shared, sharedStart(sorted[at - 1] ?? '', sorted[at] ?? ''));
  }
  return ids.map((id) => {
    const found = ID.exec(id);
    return found === null ? id : id.slice(0, Math.max((found[1]?.length ?? 0) + SHORT_ID, shared + 1));
  });
}

function sharedStart(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

const MAX_COLUMNS = 6;
const MAX_TITLE = 40;
const MAX_CELL = 200;
const MAX_NESTED = 80;
/** Keys looked at to choose columns from: enough for any table that people made. */
const MAX_KEYS = 64;

interface Column {
  readonly key: string;
  readonly kind: 'prose' | 'status' | 'nested' | 'id';
}

/** A column of the caller's before the others: safe Markdown, a cell for each row. */
export interface LeadingColumn {
  readonly title: string;
  readonly cells: readonly string[];
}

/**
 * A list of objects as a table of its first `maxRows` rows: prose first, then what is short, IDs last, shortened
 * where that keeps them apart. `beside`: how many rows there are beside these. null where it is empty or not a list of objects.
 */
export function recordTable(
  rows: readonly JsonValue[],
  maxRows: number,
  leading?: LeadingColumn,
  ids: 'short' | 'full' = 'short',
  beside = 0,
): string | null {
  if (rows.length === 0 || !rows.every((row) => isJsonObject(row))) return null;
  const shown = rows.slice(0, Math.max(1, maxRows));
  const all = columnsOf(shown);
  if (all.length === 0) return null;
  const columns = mostUseful(all);
  const titles = titlesOf(columns);
  const cells = columns.map((column) => cellsOf(column, shown, ids));
  const lines = shown.map((_, at) => cells.map((column) => column[at] ?? ''));
  const parts = [
    leading === undefined
      ? table(titles, lines)
      : table(
          [leading.title, ...titles],
          lines.map((line, at) => [leading.cells[at] ?? '', ...line]),
        ),
  ];
  const more = rows.length - shown.length + beside;
  if (more > 0) parts.push(`… and ${number(more)} more.`);
  if (columns.length < all.length) parts.push('Some columns are left out.');
  return parts.join('\n\n');
}

function columnsOf(rows: readonly JsonObject[]): Column[] {
  const keys = new Set<string>();
  for (const row of rows) {
    for (const key of Object.keys(row)) {
      if (keys.size >= MAX_KEYS) break;
      keys.add(key);
    }
  }
  return Array.from(keys, (key) => ({ key, kind: kindOf(key, rows) }));
}

const ID_KEY = /(?:^|[_-])(?:id|uuid|guid|Id|ID)$|[a-z0-9](?:Id|ID)$/;
const PROSE_KEY = /reason|summary|description|comment|message|finding|note|title|name|detail|explanation/i;

function kindOf(key: string, rows: readonly JsonObject[]): Column['kind'] {
  if (ID_KEY.test(key)) return 'id';
  const values = rows.flatMap((row) => (Object.hasOwn(row, key) ? [row[key] ?? null] : []));
  if (values.some((value) => isNested(value))) return 'nested';
  const texts = values.filter((value) => typeof value === 'string');
  if (texts.some((text) => text.length > 40 || (PROSE_KEY.test(key) && text !== ''))) return 'prose';
  return 'status';
}

function isNested(value: JsonValue): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/** In the order of reading; where there are too many, the last place is kept for the first ID. */
function mostUseful(columns: readonly Column[]): Column[] {
  const order = ['prose', 'status', 'nested', 'id'] as const;
  const sorted = order.flatMap((kind) => columns.filter((column) => column.kind === kind));
  if (sorted.length <= MAX_COLUMNS) return sorted;
  const id = sorted.find((column) => column.kind === 'id');
  const rest = sorted.filter((column) => column !== id).slice(0, MAX_COLUMNS - (id ? 1 : 0));
  return id ? [...rest, id] : rest;
}

/** `document_id` reads "Document", unless another column does. */
function titlesOf(columns: readonly Column[]): string[] {
  const short = columns.map(({ key, kind }) =>
    humanised(kind === 'id' ? key.replace(/(?<=[^_-])(?:[_-]id|[_-]?Id|[_-]?ID)$/, '') : key),
  );
  return columns.map(({ key }, at) => {
    const shared = short.filter((title) => title === short[at]).length > 1;
    return forProse(shared ? humanised(key) : (short[at] ?? ''), MAX_TITLE);
  });
}

/** A title shows less than this of a key. */
const MAX_HEAD = 4 * MAX_TITLE;

function humanised(key: string): string {
  const words = key
    .slice(0, MAX_HEAD)
    .replaceAll('_', ' ')
    .replace(/(?<=[a-z0-9])[A-Z](?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim()
    .replace(/(?<![^ -])(?:id|uuid|guid)$/i, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function cellsOf({ key, kind }: Column, rows: readonly JsonObject[], ids: 'short' | 'full'): string[] {
  const values = rows.map((row) => (Object.hasOwn(row, key) ? row[key] : undefined));
  if (kind !== 'id') return values.map((value) => cell(value));
  const texts = values.filter((value) => typeof value === 'string');
  const short = ids === 'short' ? shortIds(texts) : [...texts];
  return values.map((value) => (typeof value === 'string' ? forCode(short.shift() ?? value) : cell(value)));
}

function cell(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return forText(value, MAX_CELL);
  const json = JSON.stringify(value);
  return isNested(value) ? forCode(json, MAX_NESTED) : forProse(json);
}

const MAX_TABLE_ROWS = 50;

/**
 * A value for the job summary, in at most `maxLength` characters of Markdown (which should be 100 or more):
 * texts as text, lists of objects as tables, other lists and objects as JSON.
 */
export function renderValue(value: JsonValue, maxLength: number): string {
  if (typeof value === 'string') return within(maxLength, maxLength, (budget) => paragraphs(value, budget));
  if (!isNested(value)) return forCode(JSON.stringify(value), Math.min(maxLength, MAX_CELL));
  if (isList(value)) {
    const records = within(maxLength, MAX_TABLE_ROWS, (rows) => recordTable(value, rows) ?? '');
    if (records !== '' && records.length <= maxLength) return records;
  }
  const json = JSON.stringify(value, null, 2);
  return within(maxLength, maxLength, (budget) => forFence(json, budget, 'json'));
}

/** What `render` makes of the largest budget, about, that keeps it within `maxLength`; escaping makes texts longer. */
function within(maxLength: number, budget: number, render: (budget: number) => string): string {
  const text = render(budget);
  if (text.length <= maxLength || budget <= 1) return text;
  // A little less than in proportion, or it would come ever closer and take ever longer.
  return within(maxLength, Math.floor(((budget * maxLength) / text.length) * 0.95), render);
}

/** Blank lines part paragraphs, other newlines break the line: by a tag, because summaries show a newline as a blank. */
function paragraphs(text: string, maxLength: number): string {
  let left = maxLength;
  const blocks: string[] = [];
  // Escapes make a text up to eight times as long: not of what is cut off anyway.
  const start = text.slice(0, 2 * maxLength + 2);
  for (const block of visible(start).split(/\n\s*\n/)) {
    const lines: string[] = [];
    for (const line of block.split('\n')) {
      if (line.trim() === '') continue;
      if (left <= 0) {
        lines.push('…');
        left = -1;
        break;
      }
      lines.push(forText(line, left));
      left -= line.length;
    }
    if (lines.length > 0) blocks.push(lines.join('<br>'));
    if (left < 0) break;
  }
  if (start.length < text.length && left > 0) blocks.push('…');
  return blocks.length > 0 ? blocks.join('\n\n') : '(empty)';
}
