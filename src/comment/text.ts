/** Renders the text of the sticky comment. Pure. */
import { formatGateLine, listNonBlocking } from '../report/findings.ts';
import type { Detail, View } from '../report/detail-levels.ts';
import { formatFooter, linkSummary } from '../report/run-details.ts';
import { renderToFit } from '../report/fit-detail.ts';
import type { Report, RunReport } from '../report/report.ts';
import { renderRuns } from '../report/run-sections.ts';
import { formatCollapsed } from '../report/table.ts';
import { renderBriefVerdict, renderVerdict } from '../report/verdict-lines.ts';
import { renderOutputs } from '../report/workflow-outputs.ts';
import { escapeForProse } from '../text/escape.ts';
import { joinPresent, formatNumber, sumOf } from '../text/format.ts';
import { MAX_HIDDEN_LENGTH } from './memory.ts';

export const MAX_COMMENT_LENGTH = 60_000;

const COMMENT_DETAIL_LEVELS: readonly Detail[] = [
  { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 120, outputs: 5, text: 2_000 },
  { rows: 10, warned: 5, folded: 5, conditions: 10, cell: 100, outputs: 3, text: 500 },
];

/** Renders the visible text, which begins with the marker: at most 60,000 characters together with the hidden memory. */
export function renderComment(report: Report, marker: string): string {
  const max = MAX_COMMENT_LENGTH - MAX_HIDDEN_LENGTH - marker.length - 1;
  return `${marker}\n${renderToFit((detail) => renderParts(report, detail), COMMENT_DETAIL_LEVELS, max, true)}`;
}

/** Renders the parts of the comment at a level of detail; null: only the verdict. */
function renderParts(report: Report, detail: Detail | null): string[] {
  if (detail === null) return [...renderBriefVerdict(report, '###'), formatFooter(report, 'comment')];
  const { links, runs } = report;
  const view = { ...detail, isComment: true, links, elsewhere: linkSummary(report) };
  return [
    ...renderVerdict(report, '###'),
    ...renderRuns(report, view),
    renderMore(runs, view),
    formatFooter(report, 'comment'),
  ];
}

/**
 * Renders the collapsed section of a comment: items that do not fail the gate, and the result of each condition. Without a gate:
 * the outputs.
 */
function renderMore(runs: readonly RunReport[], view: View): string {
  const evaluated = runs.filter((run) => run.findings.length > 0);
  const [only] = runs;
  if (only !== undefined && runs.length === 1 && evaluated.length === 0) {
    // There is nothing else to show.
    const texts = renderOutputs(only, new Set(), view);
    return texts.length === 0 ? '' : formatCollapsed('What the workflow wrote', texts.join('\n\n'));
  }
  const parts = evaluated.map((run) => {
    const others = listNonBlocking(run, view);
    const lines = joinPresent('<br>', ...others.map(({ line }) => line), formatGateLine(run, view));
    return { others, text: runs.length === 1 ? lines : `${escapeForProse(run.entry.name, 64)}:<br>${lines}` };
  });
  const words = [...new Set(parts.flatMap(({ others }) => others.map(({ word }) => word)))];
  const counts = words.map((word) => {
    const count = sumOf(parts, ({ others }) => sumOf(others, (one) => (one.word === word ? one.count : 0)));
    return `${formatNumber(count)} ${word}`;
  });
  const text = parts.map((part) => part.text).join('\n\n');
  return text === '' ? '' : formatCollapsed(`More: ${[...counts, 'gate'].join(', ')}`, text);
}
