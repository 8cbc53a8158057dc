/** A report shortened until it fits into what GitHub accepts. */
import { finishMarkdown } from '../text/escape.ts';
import { joinPresent } from '../text/format.ts';
import type { Detail } from './detail-levels.ts';

/** The last levels of any report. */
const LAST_DETAILS: readonly Detail[] = [
  { rows: 5, warned: 2, folded: 0, conditions: 5, cell: 60, outputs: 0, text: 500 },
  { rows: 0, warned: 0, folded: 0, conditions: 3, cell: 40, outputs: 0, text: 300 },
  // Of each run its result alone.
  { rows: 0, warned: 0, folded: 0, conditions: 0, cell: 40, outputs: 0, text: 0 },
];

const SHORTENED = '*Shortened here, to fit: `gate_file` and `outputs_file` have all.*';

/**
 * The report with the most detail that has at most `max` UTF-16 units, which take at most three bytes each.
 * @param partsAt the report's parts, the facts last; null: the verdict and the next step alone, which fit whatever the texts are
 * @param isPosted see `finishMarkdown`
 */
export function fit(
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
