/** Makes the blocks of a report in Markdown: tables of items, quotes, lists, folds. */
import type { ConditionResult } from '../gate/findings.ts';
import type { Previous } from '../github/comment.ts';
import type { JsonValue } from '../json.ts';
import { escapeForProse, formatCode, formatCodeBlock, link, truncate } from '../text/escape.ts';
import { capitalise, formatNumber } from '../text/format.ts';
import { chooseColumns, isPlainWord } from './columns.ts';
import { fillUrl } from '../text/url-template.ts';
import type { Report, EntryReport } from './report.ts';

/** Where a report is shown, and how much of it. */
export interface Look {
  readonly sink: 'comment' | 'summary' | 'file';
  /** Rows of all tables of findings together; also the most entries of each other list. */
  readonly rows: number;
  readonly columns: number;
  /** UTF-16 units, each of which takes at most three bytes. */
  readonly max: number;
}

/** Rows whose fields decide which columns there are. */
const MAX_ROWS = 400;
/** Texts as long as one in a cell that a quote may have. */
const MAX_CELLS = 20;

export interface View extends Look {
  readonly report: Report;
  /** The red ones first. */
  readonly results: readonly EntryReport[];
  /** null: there is no comment yet. */
  readonly previous: Previous | null;
  /** Characters of an untrusted text in a cell. */
  readonly maxText: number;
}

/** Counts the findings that are not known, which are the first. */
export function countOpen({ findings }: ConditionResult): number {
  return findings.filter(({ isKnown }) => !isKnown).length;
}

/** Counts what is not shown, and says where it is: "**50 more:** job summary"; empty: all is shown. */
export function formatMore(count: number, where: string): string {
  return count > 0 ? `**${formatNumber(count)} more:** ${where}` : '';
}

/** Safe, of one line each. */
type TableColumn = readonly [title: string, cells: readonly string[]];

/** Formats a Markdown table of columns, without those that have no text; empty without a row. */
export function formatTable(columns: readonly TableColumn[]): string {
  const shown = columns.filter(([, cells]) => cells.some((cell) => cell !== ''));
  const rows = shown[0]?.[1].map((_, at) => shown.map(([, cells]) => cells[at])) ?? [];
  const lines = [shown.map(([title]) => title), shown.map(() => ':--'), ...rows];
  return rows.length === 0 ? '' : lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Formats the first items by columns; the first cell of each is the link to the item's page. */
export function formatItems(
  items: readonly JsonValue[],
  authorFields: readonly string[],
  most: number,
  { runState }: EntryReport,
  { report, sink, columns, maxText }: View,
): readonly TableColumn[] {
  return chooseColumns(items.slice(0, MAX_ROWS), authorFields, columns, sink === 'comment').map(
    ({ field, cells }, nth) => [
      isPlainWord(field) ? escapeForProse(capitalise(field)) : formatCode(field, 40),
      cells.slice(0, most).map(({ text, isCode }, at) => {
        const cell = text && (isCode ? formatCode : escapeForProse)(text, maxText);
        return nth > 0
          ? cell
          : link(cell, fillUrl(report.step.inputs?.itemUrl ?? '', runState, items[at] ?? null));
      }),
    ],
  );
}

/** Formats a section that opens on a click; empty without a body. @param title safe HTML @param body safe Markdown */
export function formatFold(title: string, body: string, isOpen = false): string {
  return body && `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** Formats safe lines as a list. */
export function formatBullets(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join('\n');
}

/** Formats a text of several lines as a quote, or as a code block where lines are indented. */
export function quoteLines(text: string, { maxText }: View, escape = escapeForProse): string {
  const start = truncate(text.trim(), MAX_CELLS * maxText);
  if (start.includes('\n  ')) return formatCodeBlock(start);
  const lines = start.split(/[\r\n]+/).map((line) => escape(line, line.length));
  return start && `> ${lines.join('<br>')}`;
}
