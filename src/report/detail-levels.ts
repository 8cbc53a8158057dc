/** How much of a report is shown, so that it fits into what GitHub takes, and where. */
import type { Links } from './links.ts';

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

/** What shows a run. */
export interface View extends Detail {
  readonly isComment: boolean;
  readonly links: Links;
  /** Where the rest is, in Markdown: the job summary, or a file. */
  readonly elsewhere: string;
}
