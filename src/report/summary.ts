/** Renders the job summary: all results, and waivers to copy. */
import { isRed } from '../gate/condition.ts';
import { formatWaiversToCopy } from '../gate/waivers.ts';
import { formatCodeBlock } from '../text/escape.ts';
import { joinPresent } from '../text/format.ts';
import type { Detail } from './detail-levels.ts';
import { renderDetails, formatFooter, GATE_FILE, formatNotices } from './run-details.ts';
import { renderToFit } from './fit-detail.ts';
import type { Report, RunReport } from './report.ts';
import { renderRuns } from './run-sections.ts';
import { formatCollapsed } from './table.ts';
import { renderBriefVerdict, renderVerdict } from './verdict-lines.ts';

/**
 * In UTF-16 units, each of which takes at most three bytes. GitHub drops a summary over 1 MiB, and other steps write into it too.
 */
const SUMMARY_MAX = 330_000;

/** Levels of detail, the highest first. */
export const OF_SUMMARY: readonly Detail[] = [
  { rows: 20, warned: 20, folded: 100, conditions: 200, cell: 200, outputs: 40, text: 50_000 },
  { rows: 20, warned: 10, folded: 20, conditions: 50, cell: 200, outputs: 20, text: 5_000 },
  { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 100, outputs: 10, text: 1_000 },
];

/** Renders the summary in at most 1,000,000 bytes. */
export function renderSummary(report: Report): string {
  const waivers = renderWaivers(report.runs);
  return `${renderToFit((detail) => renderSummaryParts(report, detail, waivers), OF_SUMMARY, SUMMARY_MAX - 1, false)}\n`;
}

/** Renders the parts of the summary at a level of detail; null: only the verdict. @param waivers to copy; empty: none */
export function renderSummaryParts(report: Report, detail: Detail | null, waivers: string): string[] {
  if (detail === null) return [...renderBriefVerdict(report, '##'), formatFooter(report, 'summary')];
  return [
    ...renderVerdict(report, '##'),
    ...renderRuns(report, { ...detail, isComment: false, links: report.links, elsewhere: GATE_FILE }),
    waivers,
    formatNotices(report, detail),
    renderDetails(report),
    formatFooter(report, 'summary'),
  ];
}

/** Renders waivers for the red items, which the author may copy and give a reason; or empty. */
function renderWaivers(runs: readonly RunReport[]): string {
  const lists = runs.flatMap(({ entry, findings: all }) =>
    all.filter((finding) => isRed(finding) && finding.matched > 0).map((finding) => ({ entry, finding })),
  );
  const items = lists.flatMap(({ entry, finding: { condition, rows, knownBy, known, isExcused } }) =>
    rows
      // With `fail_on: new` known items do not fail the gate and need no waiver.
      .filter((_, at) => isExcused === null || known?.[at] !== true)
      .map((item) => ({ run: entry.name, item, knownBy, condition: condition.name })),
  );
  const yaml = formatWaiversToCopy(items);
  const offered =
    yaml === ''
      ? ''
      : formatCollapsed(
          'To accept items: <code>waivers</code>, each with a reason',
          `${formatCodeBlock(yaml, Infinity)}\n\n${WAIVERS_TAKE_EFFECT}`,
        );
  const isUnnamed = lists.some(({ finding }) => finding.knownBy.length === 0);
  return joinPresent('\n\n', offered, isUnnamed && KNOWN_BY_OFFERS);
}

const WAIVERS_TAKE_EFFECT = 'A waiver takes effect with the next push or *Update branch*, not with a re-run.';

const KNOWN_BY_OFFERS =
  'With `known_by`, reports say which items are new, and this summary offers waivers to copy.';
