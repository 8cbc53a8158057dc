/** How much of a report is shown, so that it fits into what GitHub accepts. */
import type { Links } from './links.ts';

export interface Detail {
  /** Rows of items that fail the gate, over all conditions of all runs. */
  readonly rows: number;
  /** The same for warnings. */
  readonly warned: number;
  /** Rows of each collapsed table. */
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

/** The detail, and where the report is shown. */
export interface View extends Detail {
  readonly isComment: boolean;
  readonly links: Links;
  /** Where the omitted rest is, in Markdown: the job summary, or a file. */
  readonly elsewhere: string;
}
