/** Renders `report_file`: the summary without waivers, for another step to use. */
import { renderToFit } from './fit-detail.ts';
import type { Report } from './report.ts';
import { OF_SUMMARY, renderSummaryParts } from './summary.ts';

/** An issue or a comment has at most 65,536 characters. */
const REPORT_FILE_MAX = 60_000;

/** Renders the report in at most 60,000 characters, for example for the body of an issue. */
export function renderReport(report: Report): string {
  return `${renderToFit((detail) => renderSummaryParts(report, detail, ''), OF_SUMMARY, REPORT_FILE_MAX - 1, true)}\n`;
}
