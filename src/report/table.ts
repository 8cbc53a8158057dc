/** Building blocks of our own Markdown, over text that is already safe for it. */
import { isExactNumber, isJsonObject, isList } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { number } from '../text/words.ts';
import { forCode, forFence, forProse, forText, visible } from '../text/escape.ts';

export type Align = 'left' | 'right';

/** Header and cells are safe inline Markdown of one line each; a row that is short is filled up. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string {
  const line = (cells: readonly string[]) => `| ${header.map((_, at) => cells[at] ?? '').join(' | ')} |`;
  const rule = `|${header.map((_, at) => (align[at] === 'right' ? '--:' : ':--')).join('|')}|`;
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
/** A column of such cells does not break its lines: it is read at a glance, and there is room for a few of them. */
const SHORT_CELL = 24;
const SHORT_CELLS = 64;
/** What all rows have is said above them where it is no longer than that. */
const MAX_AGREED = 80;

interface Column {
  readonly key: string;
  readonly kind: 'prose' | 'short' | 'nested' | 'id';
  readonly title: string;
  readonly cells: readonly string[];
}

export interface TableOptions {
  /** How many of the rows are shown; at least one is. */
  readonly most: number;
  /** Characters of a cell. */
  readonly cell?: number;
  /** How many rows there are beside these. */
  readonly beside?: number;
  /** A first column of the caller's, without a title: safe Markdown, one for each row. */
  readonly marks?: readonly string[] | null;
}

/**
 * A list of objects as a table: name, reason, then what differs most, IDs last and shortened where that keeps them apart.
 * What is the same in all shown rows is said once above. null where it is empty or not a list of objects.
 */
export function recordTable(rows: readonly JsonValue[], options: TableOptions): string | null {
  if (rows.length === 0 || !rows.every((row) => isJsonObject(row))) return null;
  const shown = rows.slice(0, Math.max(1, options.most));
  const all = columnsOf(shown, options.cell);
  const differing = all.filter((column) => shown.length === 1 || !isAgreed(column));
  const wanted = differing.length === 0 ? all : differing;
  if (wanted.length === 0) return null;
  const columns = mostUseful(wanted);
  const short = shortColumns(columns);
  const titles = columns.map((column) =>
    short.has(column) ? widened(column.title, column.cells) : column.title,
  );
  const lines = shown.map((_, at) => columns.map(({ cells }) => cells[at] ?? ''));
  const agreed = all
    .filter((column) => !wanted.includes(column) && column.cells[0] !== '')
    .map(({ key, cells }) => `${forCode(key, MAX_TITLE)} ${cells[0] ?? ''}`);
  return [
    agreed.length === 0 ? '' : `In all rows: ${agreed.slice(0, MAX_COLUMNS).join(' · ')}`,
    marked(titles, lines, options.marks),
    moreRows(rows.length - shown.length + (options.beside ?? 0)),
    columns.length < wanted.length ? 'Some columns are left out.' : '',
  ]
    .filter((text) => text !== '')
    .join('\n\n');
}

/** Any items as a table: as `recordTable`, or in one column where they are not all objects. */
export function itemTable(rows: readonly JsonValue[], options: TableOptions): string {
  const records = recordTable(rows, options);
  if (records !== null) return records;
  const shown = rows.slice(0, Math.max(1, options.most));
  const lines = shown.map((row) => [
    typeof row === 'string'
      ? forText(row, options.cell ?? MAX_CELL)
      : forCode(JSON.stringify(row), options.cell),
  ]);
  const more = moreRows(rows.length - shown.length + (options.beside ?? 0));
  return [marked(['Item'], lines, options.marks), more].filter((text) => text !== '').join('\n\n');
}

function marked(titles: readonly string[], lines: readonly string[][], marks: TableOptions['marks']): string {
  if (marks === undefined || marks === null) return table(titles, lines);
  return table(
    ['', ...titles],
    lines.map((line, at) => [marks[at] ?? '', ...line]),
  );
}

function moreRows(count: number): string {
  return count > 0 ? `… and ${number(count)} more.` : '';
}

function isAgreed({ cells: [first = '', ...others] }: Column): boolean {
  // What was cut may differ in the rest.
  return first.length <= MAX_AGREED && !first.includes('…') && others.every((cell) => cell === first);
}

function columnsOf(rows: readonly JsonObject[], max: number | undefined): Column[] {
  const keys = new Set<string>();
  for (const row of rows) {
    for (const key of Object.keys(row)) {
      if (keys.size >= MAX_KEYS) break;
      keys.add(key);
    }
  }
  const kinds = Array.from(keys, (key) => ({ key, kind: kindOf(key, rows) }));
  const titles = titlesOf(kinds);
  return kinds.map(({ key, kind }, at) => ({
    ...{ key, kind, title: titles[at] ?? '' },
    cells: cellsOf(key, kind, rows, max),
  }));
}

const ID_KEY = /(?:^|[_-])(?:id|uuid|guid|Id|ID)$|[a-z0-9](?:Id|ID)$/;

function kindOf(key: string, rows: readonly JsonObject[]): Column['kind'] {
  if (ID_KEY.test(key)) return 'id';
  const values = rows.flatMap((row) => (Object.hasOwn(row, key) ? [row[key] ?? null] : []));
  if (values.some((value) => isNested(value))) return 'nested';
  return values.some((value) => typeof value === 'string' && value.length > 40) ? 'prose' : 'short';
}

function isNested(value: JsonValue): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/** What a row is called, then why it is there: the first of each that some column answers to. */
const NAMES = [/^(?:title|name)$/i, /(?:title|name|subject)$/i];
const REASONS = [/^reason/i, /reason|finding|message|explanation|comment|note|detail|description|summary/i];

/** In the order of reading; where there are too many, the last place is kept for the first ID. */
function mostUseful(all: readonly Column[]): Column[] {
  const plain = all.filter(({ kind }) => kind === 'prose' || kind === 'short');
  const find = (patterns: readonly RegExp[], but?: Column) =>
    patterns
      .flatMap((pattern) => plain.filter((column) => column !== but && pattern.test(column.key)))
      .slice(0, 1);
  const [name] = find(NAMES);
  const [reason = plain.find((column) => column !== name && column.kind === 'prose')] = find(REASONS, name);
  const first = [name, reason].filter((column) => column !== undefined);
  const differences = new Map(all.map((column) => [column, new Set(column.cells).size]));
  const rest = all
    .filter((column) => !first.includes(column))
    .sort((a, b) => PLACES[a.kind] - PLACES[b.kind] || (differences.get(b) ?? 0) - (differences.get(a) ?? 0));
  const sorted = [...first, ...rest];
  if (sorted.length <= MAX_COLUMNS) return sorted;
  const id = sorted.find(({ kind }) => kind === 'id');
  const others = sorted.filter((column) => column !== id).slice(0, MAX_COLUMNS - (id ? 1 : 0));
  return id ? [...others, id] : others;
}

const PLACES: Record<Column['kind'], number> = { prose: 0, short: 0, nested: 1, id: 2 };

/** The columns that are kept on one line: the narrowest, as long as together they leave room for the others. */
function shortColumns(columns: readonly Column[]): ReadonlySet<Column> {
  const length = ({ title, cells }: Column) =>
    Math.max(...[title, ...cells].map((cell) => seen(cell).length));
  let left = SHORT_CELLS;
  return new Set(
    columns
      .filter((column) => length(column) <= SHORT_CELL)
      .sort((a, b) => length(a) - length(b))
      .filter((column) => (left -= length(column)) >= 0),
  );
}

/** Of safe Markdown what its reader sees, about. */
function seen(markdown: string): string {
  return markdown.replace(/<\/?(?:span|code)>|[`\u200b]/g, '').replace(/&#?\w+;/g, '&');
}

/**
 * A title that is as wide as these cells, by no-break blanks beside it: a column is never narrower than its widest word, so no
 * cell of it breaks its line. In the cells themselves such characters would be in the way of whoever copies them.
 */
export function widened(title: string, cells: readonly string[], align: Align = 'left'): string {
  // What has no blank and no hyphen does not break anyway.
  const widths = cells
    .map(seen)
    .filter((cell) => /[ -]/.test(cell))
    .map(emsOf);
  const blanks = Math.ceil((Math.max(0, ...widths) * 1.05 - emsOf(seen(title))) / BLANK_EMS);
  const filling = NO_BREAK.repeat(Math.max(0, blanks));
  return align === 'left' ? unbroken(title) + filling : filling + unbroken(title);
}

/** Words of ours, on one line. */
export function unbroken(text: string): string {
  return text.replaceAll(' ', NO_BREAK);
}

const NO_BREAK = '\u00a0';
const BLANK_EMS = 0.28;

/** How wide a text is in the fonts that GitHub uses, about. */
function emsOf(text: string): number {
  let ems = 0;
  for (const char of text)
    ems += /[ijl.,:;'|!()[\] -]/.test(char)
      ? BLANK_EMS
      : /[a-z0-9]/.test(char)
        ? 0.56
        : /[\u0020-\u024f]/.test(char)
          ? 0.7
          : 1;
  return ems;
}

/** `document_id` reads "Document", unless another column does. */
function titlesOf(columns: readonly Pick<Column, 'key' | 'kind'>[]): string[] {
  const short = columns.map(({ key, kind }) =>
    humanised(kind === 'id' ? key.replace(/(?<=[^_-])(?:[_-]id|[_-]?Id|[_-]?ID)$/, '') : key),
  );
  return columns.map(({ key }, at) => {
    const shared = short.filter((title) => title === short[at]).length > 1;
    // More than a word may read as a sentence of ours.
    const title = shared ? humanised(key) : (short[at] ?? '');
    return /^[\p{L}\p{N}]*$/u.test(title) ? forProse(title, MAX_TITLE) : forCode(key, MAX_TITLE);
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

function cellsOf(key: string, kind: Column['kind'], rows: readonly JsonObject[], max = MAX_CELL): string[] {
  const values = rows.map((row) => (Object.hasOwn(row, key) ? row[key] : undefined));
  if (kind !== 'id') return values.map((value) => cell(value, max));
  const short = shortIds(values.filter((value) => typeof value === 'string'));
  return values.map((value) =>
    typeof value === 'string' ? forCode(short.shift() ?? value, max) : cell(value, max),
  );
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
  if (typeof value === 'string') return within(maxLength, maxLength, (budget) => paragraphs(value, budget));
  if (!isNested(value)) return forCode(JSON.stringify(value), Math.min(maxLength, MAX_CELL));
  if (isList(value)) {
    const records = within(maxLength, MAX_TABLE_ROWS, (rows) => recordTable(value, { most: rows }) ?? '');
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
