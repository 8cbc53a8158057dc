/** The conditions of a run in the log, each with its first items by the columns of the tables. Pure. */
import { isRed, isWarning } from '../gate/condition.ts';
import { fieldsFor } from '../gate/field-lists.ts';
import type { Finding } from '../gate/finding.ts';
import { truncate, logLine, type LogLine } from '../text/escape.ts';
import { formatNumber } from '../text/format.ts';
import { plainTable } from './columns.ts';
import { openCount, openItems } from './findings.ts';
import { gateLines } from './log.ts';
import type { RunReport } from './report.ts';

const MAX_ITEMS = 10;
/** In a step of many runs with many conditions. */
const MAX_ITEM_LINES = 500;
const MAX_CHARACTERS = 200;

/**
 * "✗ not compliant: 2 of 5", and below it its items, a line each.
 * @param page where the job summary is, or empty; null: there is none, since its author does not want the items on a page
 */
export function conditionLines(runs: readonly RunReport[], page: string | null): LogLine[] {
  let left = page === null ? 0 : MAX_ITEM_LINES;
  return runs.flatMap((run) => {
    const name = runs.length > 1 && run.findings.length > 0 ? [logLine`${run.entry.name}`] : [];
    const conditions = run.findings.map((finding) => {
      const most = Math.min(left, MAX_ITEMS);
      const items = isRed(finding) || isWarning(finding) ? itemLines(run, finding, most) : [];
      left -= items.length;
      return [...gateLines({ findings: [finding] }), ...items, ...moreLine(finding, items.length, page)];
    });
    return [...name, ...conditions.flat()];
  });
}

function itemLines(run: RunReport, finding: Finding, most: number): LogLine[] {
  const items = openItems(run, finding);
  const rows = items.map(({ row }) => row);
  const { rows: cells } = plainTable(rows, fieldsFor(run.entry.columns, finding.condition), most);
  return items.slice(0, most).map(({ isNew }, at) => {
    const texts = [isNew ? 'new' : '', ...(cells[at] ?? [])].filter((text) => text !== '');
    // A mark of ours begins the line: of two items one beginning `File`, one `raise`, a matcher would make an annotation.
    return logLine`      - ${truncate(texts.join(' · '), MAX_CHARACTERS)}`;
  });
}

function moreLine(finding: Finding, shown: number, page: string | null): LogLine[] {
  const count = openCount(finding) - shown;
  if (page === null || count <= 0 || !(isRed(finding) || isWarning(finding))) return [];
  const what = `${formatNumber(count)}${shown > 0 ? ' more' : ''}`;
  return [page === '' ? logLine`      ${what}` : logLine`      ${what}: ${{ safe: page }}`];
}
