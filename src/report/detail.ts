/** How much of a report is shown, so that it fits into what GitHub takes. */
import { joined } from '../text/words.ts';

export interface Detail {
  /** Rows of what is red, over all conditions of all runs. */
  readonly rows: number;
  /** The same of what warns. */
  readonly warned: number;
  /** Rows of each table that is folded. */
  readonly folded: number;
  /** Conditions of a run. */
  readonly conditions: number;
  /** Characters of a cell. */
  readonly cell: number;
  /** Outputs of a run. */
  readonly outputs: number;
  /** Characters of an output or a message. */
  readonly text: number;
}

/** The last levels of any report. */
const LEAST: readonly Detail[] = [
  { rows: 5, warned: 2, folded: 0, conditions: 5, cell: 60, outputs: 0, text: 500 },
  { rows: 0, warned: 0, folded: 0, conditions: 3, cell: 40, outputs: 0, text: 300 },
  // Of each run its result alone.
  { rows: 0, warned: 0, folded: 0, conditions: 0, cell: 40, outputs: 0, text: 0 },
];

const SHORTENED = '*Shortened here, to fit: `gate_file` and `outputs_file` have all.*';

/**
 * The report at the first of these details, or of the last ones, at which it has at most `max` UTF-16 units, of which none takes
 * more than three bytes.
 * @param finish what all that is shown goes through
 * @param render null: the verdict and the next step alone, which fit whatever the texts are
 */
export function firstThatFits(
  details: readonly Detail[],
  max: number,
  finish: (text: string) => string,
  render: (detail: Detail | null) => readonly string[],
): string {
  let shown = '';
  for (const [at, detail] of [...details, ...LEAST, null].entries()) {
    const parts = render(detail);
    // The facts stay last.
    shown = finish(
      joined('\n\n', ...(at === 0 ? parts : [...parts.slice(0, -1), SHORTENED, ...parts.slice(-1)])),
    );
    if (shown.length <= max) break;
  }
  return shown;
}
