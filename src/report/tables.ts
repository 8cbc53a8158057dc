/** Makes the blocks of a report in Markdown: tables of items, quotes, lists, sections. */
import type { ConditionResult } from '../gate/findings.ts';
import type { Previous } from '../github/comment.ts';
import type { JsonValue } from '../json.ts';
import { escapeForProse, formatCode, formatCodeBlock, link, truncate } from '../text/escape.ts';
import { capitalise, formatNumber, joinPresent } from '../text/format.ts';
import { fillUrl, PLACEHOLDER } from '../text/url-template.ts';
import { chooseColumns, isPlainWord } from './columns.ts';
import type { EntryReport, Report } from './report.ts';

/** Where a report is shown, and how much of it. */
export interface Look {
  readonly sink: 'comment' | 'summary' | 'file';
  /** Rows of all tables of findings together; also the most entries of each other list. */
  readonly rows: number;
  readonly columns: number;
  /** Bytes. */
  readonly max: number;
}

/** Rows whose fields decide which columns there are. */
const MAX_ROWS = 400;
/** Texts as long as one in a cell that a quote may have. */
const MAX_CELLS = 20;

export interface View extends Look {
  readonly report: Report;
  /** The failing ones first. */
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

/**
 * Counts what is not shown, and says where it is: "**50 more** in the job summary"; empty: all is shown.
 * @param file which has all, where there is no job summary or it is full
 */
export function formatMore(
  count: number,
  { report: { step, isQuiet }, sink }: View,
  noun = '',
  file = '`gate_file`',
): string {
  const summary = `the ${link('job summary', step.context?.workflowRunUrl ?? '')}`;
  const place = sink === 'comment' && !isQuiet ? summary : `${file}, which a later step can upload`;
  return count > 0 ? `**${joinPresent(' ', formatNumber(count), 'more', noun)}** in ${place}` : '';
}

/** Divides the rows among tables: small ones get all that they need, the others equal parts. */
export function divideRows(rows: number, needs: readonly number[]): readonly number[] {
  const order = [...needs.entries()].sort(([, one], [, other]) => one - other);
  const shares = [...needs];
  let left = rows;
  for (const [nth, [at, need]] of order.entries()) {
    shares[at] = Math.min(need, Math.floor(left / (needs.length - nth)));
    left -= shares[at];
  }
  return shares;
}

/** Formats a Markdown table of safe lines by columns, without those that have no text; empty without a row. */
export function formatTable(
  columns: readonly (readonly [title: string, cells: readonly string[]])[],
): string {
  const shown = columns.filter(([, cells]) => cells.some((cell) => cell !== ''));
  const rows = shown[0]?.[1].map((_, at) => shown.map(([, cells]) => cells[at])) ?? [];
  const lines = [shown.map(([title]) => title), shown.map(() => ':--'), ...rows];
  return rows.length === 0 ? '' : lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * Formats the first items by columns; the first cell of each is the link to the item's page.
 * @param said what the report says of all items
 */
export function formatItems(
  items: readonly JsonValue[],
  fields: readonly string[],
  most: number,
  { runState }: EntryReport,
  { report, sink, columns: max, maxText }: View,
  said = '',
) {
  const itemUrl = report.step.inputs?.itemUrl ?? '';
  const linked = Array.from(itemUrl.matchAll(PLACEHOLDER), ([, name = '']) => name);
  const choice = { fields, max, hasShortIds: sink === 'comment', linked, said };
  return chooseColumns(items.slice(0, Math.max(most, MAX_ROWS)), choice).map(
    ({ field, cells }, nth): readonly [string, readonly string[]] => [
      isPlainWord(field) ? escapeForProse(capitalise(field)) : formatCode(field, 40),
      cells.slice(0, most).map(({ text, isCode }, at) => {
        const cell = text && (isCode ? formatCode : escapeForProse)(text, maxText);
        return nth > 0 ? cell : link(cell, fillUrl(itemUrl, runState, items[at] ?? null));
      }),
    ],
  );
}

/** Formats a section below a heading, which in the comment opens on a click; empty without a body. Both are safe. */
export function formatSection(title: string, body: string, { sink }: View): string {
  if (sink !== 'comment') return body && `### ${title}\n\n${body}`;
  return body && `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
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
