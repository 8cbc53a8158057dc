/**
 * The documented statuses of a run, one row each, with their words in log, verdict and timeline. To support a new status, add a
 * row; the compiler finds other places that need it. Pure.
 */
interface StatusRow {
  /** No other status follows. */
  readonly isTerminal: boolean;
  /** The word for the status in log and headlines. */
  readonly word: string;
  /** The step's headline if the run ended with this status; empty: the run has not ended, or the gate decides. */
  readonly headline: string;
  /**
   * Mermaid's tag for the last stage in the timeline: `active` while the run works, `done` while it waits, `crit` where it failed;
   * empty: the default colour.
   */
  readonly colour: '' | 'active' | 'done' | 'crit';
}

export const STATUSES = {
  pending: { isTerminal: false, word: 'queued', headline: '', colour: 'done' },
  running: { isTerminal: false, word: 'running', headline: '', colour: 'active' },
  completed: { isTerminal: true, word: 'completed', headline: '', colour: '' },
  failed: { isTerminal: true, word: 'failed', headline: 'The run failed', colour: 'crit' },
  cancelled: {
    isTerminal: true,
    word: 'cancelled',
    headline: 'The run was cancelled at Alloovium, by a user or a time-out there',
    colour: 'crit',
  },
} as const satisfies Readonly<Record<string, StatusRow>>;

export type Status = keyof typeof STATUSES;
export type TerminalStatus = {
  [Name in Status]: (typeof STATUSES)[Name]['isTerminal'] extends true ? Name : never;
}[Status];

/** Is it a documented status? Compared exactly, since `Completed` or `completed ` may be new statuses of the vendor. */
export function isKnownStatus(text: string): text is Status {
  return Object.hasOwn(STATUSES, text);
}

/** Has a run with this status ended? An unknown status is not terminal, so polling goes on. */
export function isTerminal(text: string): text is TerminalStatus {
  return isKnownStatus(text) && STATUSES[text].isTerminal;
}
