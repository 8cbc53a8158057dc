/** Building blocks of our own Markdown, over text that is already safe for it. */
import { isExactNumber, isJsonObject, isList, type JsonObject, type JsonValue } from '../json.ts';
import { joined, number } from '../text/words.ts';
import { kept } from './snapshot.ts';
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

/** A machine's ID: maybe a word and `_`, then a UUID or at least 16 letters and digits, a digit among them. Kept: eight of these. */
const MACHINE_ID =
  /^((?:[a-z]{1,12}_)?)(?=[^0-9]*[0-9])(?=(.{8}))(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-z]{16,64})$/i;

/** Each ID cut to 8 characters after a prefix such as `run_`, where that keeps all distinct. What is no ID stays whole. */
export function shortIds(ids: readonly string[]): readonly string[] {
  const short = ids.map((id) => id.replace(MACHINE_ID, '$1$2'));
  return new Set(short).size === new Set(ids).size ? short : ids;
}

const MAX_TITLE = 40;
const MAX_CELL = 200;
const MAX_NESTED = 80;
/** Keys looked at to choose columns from: enough for any table that people made. */
const MAX_KEYS = 64;
/** A third column of a comment is no wider than this. */
const NARROW = 14;

interface Column {
  readonly key: string;
  readonly kind: 'prose' | 'short' | 'nested' | 'id';
  readonly cells: readonly string[];
  /** How many characters of them are seen, at most. */
  readonly width: number;
}

/** How a table of items is shown. */
export interface TableLook {
  /** How many of the rows, at least one. */
  readonly most: number;
  /** Characters of a cell. */
  readonly cell?: number;
  /** In a comment: what names the item, the reason, one more that is narrow. Else six columns. */
  readonly isNarrow?: boolean;
  /** A column whose one value this condition says is left out. */
  readonly expression?: string;
  /** A first column of the caller's, without a title: safe Markdown, one for each row. */
  readonly marks?: readonly string[] | null;
  /** Before the reason: safe Markdown, one for each row. */
  readonly remarks?: readonly string[];
  /** The address of an item's page, or empty. */
  readonly urlOf?: (item: JsonValue) => string;
}

/**
 * A list of objects as a table: name, reason, then what differs most; what tells items apart only where no name does, last and
 * shortened. null where it is empty or not a list of objects.
 * @returns `leftOut`: how many columns the summary's table has that this one has not
 */
export function recordTable(rows: readonly JsonValue[], look: TableLook) {
  if (rows.length === 0 || !rows.every((row) => isJsonObject(row))) return null;
  const shown = rows.slice(0, Math.max(1, look.most));
  const all = columnsOf(shown, look.cell);
  const found = chosen(all, look);
  if (columnsIn(found).length === 0) return null;
  const { name, reason = isRemarked(look, shown.length) ? REMARKS : undefined, others } = found;
  const columns = columnsIn({ name, reason, others });
  const wide = columnsIn(chosen(all, { ...look, isNarrow: false }));
  const leftOut = wide.filter((column) => !columns.includes(column)).length;
  const linked = name ?? others.at(-1) ?? reason;
  const lines = shown.map((row, at) =>
    columns.map((column) => {
      const text = column.cells[at] ?? '';
      if (column === linked) return link(text, look.urlOf?.(row) ?? '');
      return column === reason ? joined(' ', look.remarks?.[at] ?? '', text) : text;
    }),
  );
  const titles = columns.map((column) =>
    column === name ? 'Item' : column === reason ? 'Reason' : columnTitle(column),
  );
  return { markdown: marked(titles, lines, look.marks), leftOut };
}

/** Where no field is the reason. */
const REMARKS: Column = { key: '', kind: 'prose', cells: [], width: 0 };

function isRemarked({ remarks = [] }: TableLook, rows: number): boolean {
  return remarks.slice(0, rows).some((remark) => remark !== '');
}

/** Any items as a table: as `recordTable`, or in one column where they are not all objects. */
export function itemTable(rows: readonly JsonValue[], look: TableLook) {
  const records = recordTable(rows, look);
  if (records !== null) return records;
  const shown = rows.slice(0, Math.max(1, look.most));
  const titles = isRemarked(look, shown.length) ? ['Item', 'Reason'] : ['Item'];
  const lines = shown.map((row, at) => [wholeItem(row, look.cell), look.remarks?.[at] ?? '']);
  return { markdown: marked(titles, lines, look.marks), leftOut: 0 };
}

/** What an item is called, in safe Markdown, linked where it has a page. */
export function itemName(item: JsonValue, url: string): string {
  if (!isJsonObject(item)) return wholeItem(item, 60);
  const { name, others } = chosen(columnsOf([item], 60), {});
  const text = (name ?? others.findLast(({ kind }) => kind === 'id') ?? others[0])?.cells[0] ?? '';
  return link(text || wholeItem(item, 60), url);
}

const NAMING = /(?:^|_)(?:id|uuid|name|title)$|Id$/i;

/**
 * Has the second the IDs and names of the first, as whole as they were kept? null: it may, but all of them were cut. For display
 * alone.
 */
export function isSameItem(item: JsonValue, other: JsonValue): boolean | null {
  if (!isJsonObject(item) || !isJsonObject(other)) return false;
  const pairs = Object.entries(item).flatMap(([key, was]) => {
    const is = Object.hasOwn(other, key) ? other[key] : undefined;
    return NAMING.test(key) ? [[was, is] as const] : [];
  });
  const isLike = pairs.every(([was, is]) => is !== undefined && (is === was || kept(is) === was));
  return pairs.length > 0 && isLike && (pairs.some(([was, is]) => is === was) || null);
}

function wholeItem(item: JsonValue, max = MAX_CELL): string {
  return typeof item === 'string' ? forText(item, max) : forCode(JSON.stringify(item), max);
}

function marked(titles: readonly string[], lines: readonly string[][], marks: TableLook['marks']): string {
  if (!marks) return table(titles, lines);
  const all = lines.map((line, at) => [marks[at] ?? '', ...line]);
  return table(['', ...titles], all);
}

function columnsOf(rows: readonly JsonObject[], max: number | undefined): Column[] {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].slice(0, MAX_KEYS);
  return keys
    .map((key) => {
      const values = rows.map((row) => (Object.hasOwn(row, key) ? row[key] : undefined));
      const kind = columnKindOf(key, values);
      const cells = cellsOf(kind, values, max);
      return { key, kind, cells, width: Math.max(...cells.map((cell) => seen(cell).length)) };
    })
    .filter(({ width }) => width > 0);
}

const ID_KEY = /(?:^|[_-])(?:id|uuid|guid|Id|ID)$|[a-z0-9](?:Id|ID)$/;

type Cells = readonly (JsonValue | undefined)[];

function columnKindOf(key: string, values: Cells): Column['kind'] {
  if (ID_KEY.test(key)) return 'id';
  if (values.some((value) => isNested(value))) return 'nested';
  return values.some((value) => typeof value === 'string' && value.length > 40) ? 'prose' : 'short';
}

export function isNested(value: JsonValue | undefined): value is JsonObject | readonly JsonValue[] {
  return typeof value === 'object' && value !== null && !isExactNumber(value);
}

/** What a row is called, then why it is there: the first of each that some column answers to. */
const NAMES = [/^(?:title|name)$/i, /(?:title|name|subject)$/i];
const REASON_FIELDS = [
  /^reason/i,
  /reason|finding|message|explanation|comment|note|detail|description|summary/i,
];

function columnsIn({ name, reason, others }: Pick<ReturnType<typeof chosen>, 'name' | 'reason' | 'others'>) {
  return [name, reason, ...others].filter((column) => column !== undefined);
}

function chosen(all: readonly Column[], { isNarrow = false, expression = '' }: Partial<TableLook>) {
  const plain = all.filter(({ kind }) => kind === 'prose' || kind === 'short');
  const find = (patterns: readonly RegExp[], but?: Column) =>
    patterns.flatMap((pattern) => plain.filter((column) => column !== but && pattern.test(column.key))).at(0);
  const name = find(NAMES);
  const reason =
    find(REASON_FIELDS, name) ?? plain.find((column) => column !== name && column.kind === 'prose');
  const differences = new Map(all.map((column) => [column, new Set(column.cells).size]));
  const isNamed = name !== undefined && differences.get(name) === name.cells.length;
  const rest = all
    .filter((column) => column !== name && column !== reason && !isSaid(column, expression))
    .filter(({ kind }) => kind !== 'id' || !isNamed)
    .sort((a, b) => PLACES[a.kind] - PLACES[b.kind] || (differences.get(b) ?? 0) - (differences.get(a) ?? 0));
  const id = rest.find(({ kind }) => kind === 'id');
  const more = rest
    .filter((column) => column !== id && (isNarrow ? column.kind !== 'id' && column.width <= NARROW : true))
    .slice(0, (isNarrow ? 1 : 4) - (id !== undefined && name !== undefined ? 1 : 0));
  return { name, reason, others: id === undefined ? more : [...more, id] };
}

/** Does the condition say the one value that all its items have here? `i.status == 'rejected'` */
function isSaid({ key, cells: [first = '', ...others] }: Column, expression: string): boolean {
  const value = seen(first);
  return (
    others.every((cell) => cell === first) &&
    expression.includes(`.${key} `) &&
    (expression.includes(`'${value}'`) || expression.includes(`"${value}"`))
  );
}

const PLACES: Record<Column['kind'], number> = { prose: 0, short: 0, nested: 1, id: 2 };

/** Of safe Markdown what its reader sees, about. */
function seen(markdown: string): string {
  return markdown.replace(/<\/?(?:span|code)>|[`\u200b]/g, '').replace(/&#?\w+;/g, '&');
}

/** More than a word may read as a sentence of ours: it is code, as the key is. */
function columnTitle({ key }: Column): string {
  return /^[a-z][a-z0-9]{0,39}$/i.test(key)
    ? forProse(key.charAt(0).toUpperCase() + key.slice(1))
    : forCode(key, MAX_TITLE);
}

function cellsOf(kind: Column['kind'], values: Cells, max = MAX_CELL): string[] {
  if (kind !== 'id') return values.map((value) => cell(value, max));
  const ids = values.filter((value) => typeof value === 'string');
  const short = new Map(shortIds(ids).map((text, at) => [ids[at], text]));
  return values.map((value) =>
    typeof value === 'string' ? forCode(short.get(value) ?? value, max) : cell(value, max),
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
