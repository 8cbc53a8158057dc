/** `report_file`: the summary without waivers, for another step to use. */
import { fit } from './fit-detail.ts';
import type { Report } from './report.ts';
import { OF_SUMMARY, summaryParts } from './summary.ts';

/** An issue or a comment has at most 65,536 characters. */
const REPORT_FILE_MAX = 60_000;

/** At most 60,000 characters, for example for the body of an issue. */
export function renderReport(report: Report): string {
  return `${fit((detail) => summaryParts(report, detail, ''), OF_SUMMARY, REPORT_FILE_MAX - 1, true)}\n`;
}
