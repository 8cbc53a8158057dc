/** Formats the conditions of the runs for the log, each with its first items, by the columns of the tables. Pure. */
import { isRed, isWarning } from '../gate/condition.ts';
import { fieldsFor } from '../gate/field-lists.ts';
import type { Finding } from '../gate/finding.ts';
import { truncate, logLine, type LogLine } from '../text/escape.ts';
import { formatNumber } from '../text/format.ts';
import { buildPlainTable } from './columns.ts';
import { countOpen, listOpenItems } from './findings.ts';
import { formatGateLines } from './log.ts';
import type { RunReport } from './report.ts';

const MAX_ITEMS = 10;
/** Limit for a step of many runs with many conditions. */
const MAX_ITEM_LINES = 500;
const MAX_CHARACTERS = 200;

/**
 * Formats each condition, "✗ not compliant: 2 of 5", and its first items below it, one a line.
 * @param page URL of the job summary, or empty; null: the author disabled the summary, so items are not listed here either
 */
export function formatConditionLines(runs: readonly RunReport[], page: string | null): LogLine[] {
  let left = page === null ? 0 : MAX_ITEM_LINES;
  return runs.flatMap((run) => {
    const name = runs.length > 1 && run.findings.length > 0 ? [logLine`${run.entry.name}`] : [];
    const conditions = run.findings.map((finding) => {
      const most = Math.min(left, MAX_ITEMS);
      const items = isRed(finding) || isWarning(finding) ? formatItemLines(run, finding, most) : [];
      left -= items.length;
      return [
        ...formatGateLines({ findings: [finding] }),
        ...items,
        ...formatMoreLine(finding, items.length, page),
      ];
    });
    return [...name, ...conditions.flat()];
  });
}

/** Formats the first `most` items, one a line. */
function formatItemLines(run: RunReport, finding: Finding, most: number): LogLine[] {
  const items = listOpenItems(run, finding);
  const rows = items.map(({ row }) => row);
  const { rows: cells } = buildPlainTable(rows, fieldsFor(run.entry.columns, finding.condition), most);
  return items.slice(0, most).map(({ isNew }, at) => {
    const texts = [isNew ? 'new' : '', ...(cells[at] ?? [])].filter((text) => text !== '');
    // The line begins with "-": a problem matcher could make an annotation of items that begin with `File` and `raise`.
    return logLine`      - ${truncate(texts.join(' · '), MAX_CHARACTERS)}`;
  });
}

/** Formats the number of items that are not listed, with the URL of the page that has them. */
function formatMoreLine(finding: Finding, shown: number, page: string | null): LogLine[] {
  const count = countOpen(finding) - shown;
  if (page === null || count <= 0 || !(isRed(finding) || isWarning(finding))) return [];
  const what = `${formatNumber(count)}${shown > 0 ? ' more' : ''}`;
  return [page === '' ? logLine`      ${what}` : logLine`      ${what}: ${{ safe: page }}`];
}
