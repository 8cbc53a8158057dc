/** Shortens a report until it fits into what GitHub accepts. */
import { finishMarkdown } from '../text/escape.ts';
import { joinPresent } from '../text/format.ts';
import type { Detail } from './detail-levels.ts';

/** The lowest levels of detail, for every report. */
const LAST_DETAILS: readonly Detail[] = [
  { rows: 5, warned: 2, folded: 0, conditions: 5, cell: 60, outputs: 0, text: 500 },
  { rows: 0, warned: 0, folded: 0, conditions: 3, cell: 40, outputs: 0, text: 300 },
  // Only the result of each run.
  { rows: 0, warned: 0, folded: 0, conditions: 0, cell: 40, outputs: 0, text: 0 },
];

const SHORTENED = '*This report is shortened: `gate_file` and `outputs_file` have everything.*';

/**
 * Renders with the highest level of detail whose result has at most `max` UTF-16 units, each of which takes at most three bytes.
 * @param partsAt returns the report's parts at a level, the facts last; null: only the verdict and the next step, which always
 * fit
 * @param details levels of detail, the highest first; `LAST_DETAILS` follow
 * @param isPosted see `finishMarkdown`
 */
export function renderToFit(
  partsAt: (detail: Detail | null) => readonly string[],
  details: readonly Detail[],
  max: number,
  isPosted: boolean,
): string {
  let shown = '';
  for (const [at, detail] of [...details, ...LAST_DETAILS, null].entries()) {
    const parts = partsAt(detail);
    const shortened = at === 0 ? parts : [...parts.slice(0, -1), SHORTENED, ...parts.slice(-1)];
    shown = finishMarkdown(joinPresent('\n\n', ...shortened), isPosted);
    if (shown.length <= max) break;
  }
  return shown;
}
