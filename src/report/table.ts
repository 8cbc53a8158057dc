/** Building blocks of the report's Markdown, from text that is already escaped. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { capitalise, joinPresent, formatNumber, formatCount } from '../text/format.ts';
import { cellOf, chooseColumns, isNested, isPlainWord, MAX_COLUMNS, valueAt, wholeItem } from './columns.ts';
import type { Cell, Column } from './columns.ts';
import { truncate, forCode, forFence, forProse, forText, link, escapeInvisible } from '../text/escape.ts';

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
export function collapsedSection(summaryHtml: string, body: string): string {
  return `<details><summary>${summaryHtml}</summary>\n\n${body}\n\n</details>`;
}

const MAX_HEADER = 40;
const MAX_PATH_END = 24;
const MAX_CELL = 200;
const MAX_NAME = 60;

/** How a table of items is shown. */
export interface TableLook {
  /** How many of the rows, at least one. */
  readonly most: number;
  /** Characters of a cell. */
  readonly cell?: number;
  /** The place that shows the table. */
  readonly sink?: keyof typeof MAX_COLUMNS;
  /** The fields that the author names; empty: none. */
  readonly given?: readonly string[];
  /** A first column of the caller's, without a title: safe Markdown, one for each row. null: there is none. */
  readonly marks?: readonly string[] | null;
  /** The address of an item's page, or empty. */
  readonly urlOf?: (item: JsonValue) => string;
}

/**
 * Items that are all objects as a table; the first cell of a row carries its link. null where there is nothing to show, or an item is
 * no object.
 * @param rows all that are kept: they decide what is a column
 */
export function recordTable(rows: readonly JsonValue[], look: TableLook) {
  if (rows.length === 0 || !rows.every((row) => isJsonObject(row))) return null;
  const { most, cell = MAX_CELL, sink = 'summary', given = [], urlOf } = look;
  const { columns, same, leftOut } = chooseColumns(rows, given, MAX_COLUMNS[sink]);
  if (columns.length === 0) return null;
  const lines = rows.slice(0, Math.max(1, most)).map((row, at) => {
    const cells = columns.map((column) => cellText(column.cells[at], cell));
    return linked(cells, urlOf?.(row) ?? '');
  });
  const once = same.map(
    (column) => `${forCode(column.field, MAX_HEADER)} ${cellText(column.cells[0], cell)}`,
  );
  return {
    markdown: joinPresent(
      '\n\n',
      marked(columns.map(header), lines, look.marks ?? null),
      once.length > 0 && `In all rows: ${once.join(' · ')}`,
    ),
    /** How many fields of the items it does not show. */
    leftOut,
  };
}

/** Any items as a table: as `recordTable`, or in one column where they are not all objects. */
export function itemTable(rows: readonly JsonValue[], look: TableLook): string {
  const records = recordTable(rows, look);
  if (records !== null) return records.markdown;
  const { most, cell = MAX_CELL, marks = null } = look;
  const lines = rows.slice(0, Math.max(1, most)).map((row) => [cellText(wholeItem(row), cell)]);
  return marked(['Item'], lines, marks);
}

/**
 * Items by the first of the author's fields, else by the first two of a table of them: safe Markdown, linked to their pages.
 * @param firsts of each condition that may have matched them, the first field that the author names
 */
export function itemNames(
  items: readonly JsonValue[],
  firsts: readonly string[],
  urlOf: (item: JsonValue) => string,
): string[] {
  const { columns } = chooseColumns(items, [], MAX_COLUMNS.comment);
  return items.map((item, at) => {
    const given = firsts.map((field) => cellText(cellOf(valueAt(item, field)), MAX_NAME));
    const own = given.find((text) => text !== '');
    const cells =
      own === undefined ? columns.slice(0, 2).map(({ cells }) => cellText(cells[at], MAX_NAME)) : [own];
    const name = joinPresent(', ', ...linked(cells, urlOf(item)));
    return name === '' ? link(cellText(wholeItem(item), MAX_NAME), urlOf(item)) : name;
  });
}

/** The first cell that says something is the link. */
function linked(cells: readonly string[], url: string): string[] {
  const first = cells.findIndex((cell) => cell !== '');
  return cells.map((cell, at) => (at === first ? link(cell, url) : cell));
}

function cellText(cell: Cell | undefined, max: number): string {
  if (cell === undefined) return '';
  let left = max;
  const shown: string[] = [];
  for (const text of cell.texts) {
    if (left <= 0) break;
    shown.push((cell.isCode ? forCode : forText)(text, left));
    left -= text.length + SEPARATOR.length;
  }
  return shown.length < cell.texts.length ? `${shown.join(SEPARATOR)}…` : shown.join(SEPARATOR);
}

const SEPARATOR = ', ';

function marked(
  titles: readonly string[],
  lines: readonly string[][],
  marks: readonly string[] | null,
): string {
  if (marks === null) return table(titles, lines);
  const all = lines.map((line, at) => [marks[at] ?? '', ...line]);
  return table(['', ...titles], all);
}

/** Of a long path its end: `….artifactLocation.uri`. */
function shortPath(field: string): string {
  if (field.length <= MAX_HEADER || !field.includes('.')) return field;
  const end = field.slice(-MAX_PATH_END);
  return `…${end.slice(Math.max(0, end.indexOf('.')))}`;
}

function header({ field }: Column): string {
  return isPlainWord(field) ? forProse(capitalise(field)) : forCode(shortPath(field), MAX_HEADER);
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
    const first = value.slice(0, MAX_TABLE_ROWS);
    const records = within(maxLength, first.length, (rows) => {
      const records = recordTable(first, { most: rows });
      const more = records === null ? 0 : value.length - rows;
      const fields = records?.leftOut ?? 0;
      return joinPresent(
        '\n\n',
        records?.markdown,
        more > 0 && `… and ${formatNumber(more)} more.`,
        fields > 0 && `… and ${formatCount(fields, 'more field')} per item: all are in \`outputs_file\`.`,
      );
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
  const blocks = escapeInvisible(truncate(text, most + 1))
    .split(/\n\s*\n/)
    .map((block) => {
      const lines = block.split('\n').filter((line) => line.trim() !== '');
      return lines.map((line) => forText(line, line.length)).join('<br>');
    });
  return joinPresent('\n\n', ...blocks) || '(empty)';
}
