/**
 * The statuses of a run that the API documents, one row each: what log, verdict and timeline make of it. A new status is a row here;
 * where it needs more, types say so. Pure.
 */
interface StatusRow {
  /** Nothing follows it. */
  readonly isTerminal: boolean;
  /** What we call a run in it. */
  readonly word: string;
  /** What a step says whose run ended so; empty: the run has not ended, or the gate has the word. */
  readonly headline: string;
  /** Of the last stage in the timeline: Mermaid's word for a colour; empty: the plain one. */
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

/** Exactly as documented: the vendor may add statuses, and `Completed` or `completed ` is none of these. */
export function isKnownStatus(text: string): text is Status {
  return Object.hasOwn(STATUSES, text);
}

/** A status that is not known is no end. */
export function isTerminal(text: string): text is TerminalStatus {
  return isKnownStatus(text) && STATUSES[text].isTerminal;
}
