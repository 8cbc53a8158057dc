/** The job summary: all that is known, and waivers to copy. */
import { isRed } from '../gate/condition.ts';
import { formatWaiversToCopy } from '../gate/waivers.ts';
import { forFence } from '../text/escape.ts';
import { joinPresent } from '../text/format.ts';
import type { Detail } from './detail-levels.ts';
import { detailsSection, footer, GATE_FILE, notices } from './run-details.ts';
import { fit } from './fit-detail.ts';
import type { Report, RunReport } from './report.ts';
import { runParts } from './run-sections.ts';
import { collapsedSection } from './table.ts';
import { briefVerdict, verdictParts } from './verdict-lines.ts';

/** Of UTF-16 units, which take three bytes at most: GitHub drops a summary over 1 MiB whole, and other steps write into it too. */
const SUMMARY_MAX = 330_000;

export const OF_SUMMARY: readonly Detail[] = [
  { rows: 20, warned: 20, folded: 100, conditions: 200, cell: 200, outputs: 40, text: 50_000 },
  { rows: 20, warned: 10, folded: 20, conditions: 50, cell: 200, outputs: 20, text: 5_000 },
  { rows: 10, warned: 5, folded: 10, conditions: 20, cell: 100, outputs: 10, text: 1_000 },
];

/** At most 1,000,000 bytes. */
export function renderSummary(report: Report): string {
  const waivers = waiverBlock(report.runs);
  return `${fit((detail) => summaryParts(report, detail, waivers), OF_SUMMARY, SUMMARY_MAX - 1, false)}\n`;
}

/** @param waivers to copy; empty: none */
export function summaryParts(report: Report, detail: Detail | null, waivers: string): string[] {
  if (detail === null) return [...briefVerdict(report, '##'), footer(report, 'summary')];
  return [
    ...verdictParts(report, '##'),
    ...runParts(report, { ...detail, isComment: false, links: report.links, elsewhere: GATE_FILE }),
    waivers,
    notices(report, detail),
    detailsSection(report),
    footer(report, 'summary'),
  ];
}

/** What the author may copy below a red list, and give a reason. */
function waiverBlock(runs: readonly RunReport[]): string {
  const lists = runs.flatMap(({ entry, findings: all }) =>
    all.filter((finding) => isRed(finding) && finding.matched > 0).map((finding) => ({ entry, finding })),
  );
  const items = lists.flatMap(({ entry, finding: { condition, rows, knownBy, known, isExcused } }) =>
    rows
      // Known ones count but with `fail_on: new`.
      .filter((_, at) => isExcused === null || known?.[at] !== true)
      .map((item) => ({ run: entry.name, item, knownBy, condition: condition.name })),
  );
  const yaml = formatWaiversToCopy(items);
  const offered =
    yaml === ''
      ? ''
      : collapsedSection(
          'To accept items: <code>waivers</code>, each with a reason',
          `${forFence(yaml, Infinity)}\n\n${WAIVERS_TAKE_EFFECT}`,
        );
  const isUnnamed = lists.some(({ finding }) => finding.knownBy.length === 0);
  return joinPresent('\n\n', offered, isUnnamed && KNOWN_BY_OFFERS);
}

const WAIVERS_TAKE_EFFECT = 'A waiver takes effect with the next push or *Update branch*, not with a re-run.';

const KNOWN_BY_OFFERS =
  'With `known_by`, reports say which items are new, and this summary offers waivers to copy.';
