/** Formats tables, collapsed sections and values of the report as safe Markdown. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { capitalise, joinPresent, formatNumber, formatCount } from '../text/format.ts';
import { cellOf, chooseColumns, isNested, isPlainWord, MAX_COLUMNS, valueAt, cellOfItem } from './columns.ts';
import type { Cell, Column } from './columns.ts';
import {
  truncate,
  formatCode,
  formatCodeBlock,
  escapeForProse,
  escapeForText,
  link,
  escapeInvisible,
} from '../text/escape.ts';

/**
 * Formats a Markdown table. Header and cells must be safe inline Markdown of one line each; short rows are filled up.
 * @param rules alignment of each column; left by default
 */
export function formatTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  rules: readonly (':--' | ':-:' | '--:')[] = [],
): string {
  const line = (cells: readonly string[]) => `| ${header.map((_, at) => cells[at] ?? '').join(' | ')} |`;
  const rule = `|${header.map((_, at) => rules[at] ?? ':--').join('|')}|`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

/** Formats a section that opens on a click. @param summaryHtml safe HTML (`escapeForProse` returns it) @param body safe Markdown */
export function formatCollapsed(summaryHtml: string, body: string): string {
  return `<details><summary>${summaryHtml}</summary>\n\n${body}\n\n</details>`;
}

const MAX_HEADER = 40;
const MAX_PATH_END = 24;
const MAX_CELL = 200;
const MAX_NAME = 60;

/** How to show a table of items. */
export interface TableLook {
  /** Maximum number of rows; at least one is shown. */
  readonly most: number;
  /** Maximum characters of a cell. */
  readonly cell?: number;
  /** Where the table is shown, which limits its columns. */
  readonly sink?: keyof typeof MAX_COLUMNS;
  /** The fields that the input `columns` names; empty: none. */
  readonly authorFields?: readonly string[];
  /** Cells of a first column without a title: safe Markdown for each row. null: there is no such column. */
  readonly marks?: readonly string[] | null;
  /** Returns the URL of an item's page, or empty. */
  readonly urlOf?: (item: JsonValue) => string;
}

/**
 * Formats objects as a table; the first cell of a row is the link to the item's page. null: there is nothing to show, or a row is
 * not an object.
 * @param rows all kept rows: all of them decide on the columns, and the first ones are shown
 */
export function formatRecordTable(rows: readonly JsonValue[], look: TableLook) {
  if (rows.length === 0 || !rows.every((row) => isJsonObject(row))) return null;
  const { most, cell = MAX_CELL, sink = 'summary', authorFields = [], urlOf } = look;
  const { columns, same, leftOut } = chooseColumns(rows, authorFields, MAX_COLUMNS[sink]);
  if (columns.length === 0) return null;
  const lines = rows.slice(0, Math.max(1, most)).map((row, at) => {
    const cells = columns.map((column) => formatCell(column.cells[at], cell));
    return linkFirstCell(cells, urlOf?.(row) ?? '');
  });
  const once = same.map(
    (column) => `${formatCode(column.field, MAX_HEADER)} ${formatCell(column.cells[0], cell)}`,
  );
  return {
    markdown: joinPresent(
      '\n\n',
      formatMarkedTable(columns.map(formatHeader), lines, look.marks ?? null),
      once.length > 0 && `In all rows: ${once.join(' · ')}`,
    ),
    /** Number of fields that the table does not show. */
    leftOut,
  };
}

/** Formats any items as a table: as `formatRecordTable`, or in one column if they are not all objects. */
export function formatItemTable(rows: readonly JsonValue[], look: TableLook): string {
  const records = formatRecordTable(rows, look);
  if (records !== null) return records.markdown;
  const { most, cell = MAX_CELL, marks = null } = look;
  const lines = rows.slice(0, Math.max(1, most)).map((row) => [formatCell(cellOfItem(row), cell)]);
  return formatMarkedTable(['Item'], lines, marks);
}

/**
 * Returns a short name for each item, linked to its page: the first field that the author names, or else the first two columns.
 * Safe Markdown.
 * @param firsts for each condition the first field of its `columns`
 */
export function formatItemNames(
  items: readonly JsonValue[],
  firsts: readonly string[],
  urlOf: (item: JsonValue) => string,
): string[] {
  const { columns } = chooseColumns(items, [], MAX_COLUMNS.comment);
  return items.map((item, at) => {
    const given = firsts.map((field) => formatCell(cellOf(valueAt(item, field)), MAX_NAME));
    const own = given.find((text) => text !== '');
    const cells =
      own === undefined ? columns.slice(0, 2).map(({ cells }) => formatCell(cells[at], MAX_NAME)) : [own];
    const name = joinPresent(', ', ...linkFirstCell(cells, urlOf(item)));
    return name === '' ? link(formatCell(cellOfItem(item), MAX_NAME), urlOf(item)) : name;
  });
}

/** Makes the first cell that is not empty the link. */
function linkFirstCell(cells: readonly string[], url: string): string[] {
  const first = cells.findIndex((cell) => cell !== '');
  return cells.map((cell, at) => (at === first ? link(cell, url) : cell));
}

/** Formats a cell in at most about `max` characters. */
function formatCell(cell: Cell | undefined, max: number): string {
  if (cell === undefined) return '';
  let left = max;
  const shown: string[] = [];
  for (const text of cell.texts) {
    if (left <= 0) break;
    shown.push((cell.isCode ? formatCode : escapeForText)(text, left));
    left -= text.length + SEPARATOR.length;
  }
  return shown.length < cell.texts.length ? `${shown.join(SEPARATOR)}…` : shown.join(SEPARATOR);
}

const SEPARATOR = ', ';

/** Formats a table with a first column of marks, if there are any. */
function formatMarkedTable(
  titles: readonly string[],
  lines: readonly string[][],
  marks: readonly string[] | null,
): string {
  if (marks === null) return formatTable(titles, lines);
  const all = lines.map((line, at) => [marks[at] ?? '', ...line]);
  return formatTable(['', ...titles], all);
}

/** Cuts a long path to its end: `….artifactLocation.uri`. */
function shortenPath(field: string): string {
  if (field.length <= MAX_HEADER || !field.includes('.')) return field;
  const end = field.slice(-MAX_PATH_END);
  return `…${end.slice(Math.max(0, end.indexOf('.')))}`;
}

/** Formats a column's title: a plain word as text, any other field as code. */
function formatHeader({ field }: Column): string {
  return isPlainWord(field) ? escapeForProse(capitalise(field)) : formatCode(shortenPath(field), MAX_HEADER);
}

const MAX_TABLE_ROWS = 50;

/**
 * Renders a value for the job summary, in at most `maxLength` characters (100 or more): texts as text, lists of objects as
 * tables, other lists and objects as JSON.
 */
export function renderValue(value: JsonValue, maxLength: number): string {
  if (typeof value === 'string')
    return renderWithin(maxLength, value.length, (budget) => formatParagraphs(value, budget));
  if (!isNested(value)) return formatCode(JSON.stringify(value), Math.min(maxLength, MAX_CELL));
  if (isList(value)) {
    const first = value.slice(0, MAX_TABLE_ROWS);
    const records = renderWithin(maxLength, first.length, (rows) => {
      const records = formatRecordTable(first, { most: rows });
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
  return renderWithin(maxLength, json.length, (budget) => formatCodeBlock(json, budget, 'json'));
}

/**
 * Renders with the largest budget, by estimate, whose result is not longer than `maxLength`. Escaping makes texts longer, so the
 * budget is found by trial.
 * @param all the budget that shows the whole value
 */
function renderWithin(maxLength: number, all: number, render: (budget: number) => string): string {
  const budget = Math.min(all, maxLength);
  const text = render(budget);
  if (text.length <= maxLength || budget <= 1) return text;
  // Reduced by a little more than in proportion, so that few trials are needed.
  return renderWithin(maxLength, Math.floor(((budget * maxLength) / text.length) * 0.95), render);
}

/**
 * Formats a text of several lines. Blank lines separate paragraphs; other newlines become `<br>`, because summaries show a
 * newline as a blank.
 */
function formatParagraphs(text: string, most: number): string {
  const blocks = escapeInvisible(truncate(text, most + 1))
    .split(/\n\s*\n/)
    .map((block) => {
      const lines = block.split('\n').filter((line) => line.trim() !== '');
      return lines.map((line) => escapeForText(line, line.length)).join('<br>');
    });
  return joinPresent('\n\n', ...blocks) || '(empty)';
}
