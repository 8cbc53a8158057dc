/** Time as an argument: the only thing in the house that knows what time it is, or can wait. */
import { setTimeout } from 'node:timers/promises';

export interface Clock {
  /** Milliseconds on a clock that only goes forward; its zero means nothing. Durations and deadlines use it. */
  now(): number;
  /** Milliseconds since 1970 by the wall clock, which may be wrong or jump: only to show, or where a server names a date. */
  date(): number;
  /** Resolves after `ms`. @throws the signal's reason, at once when it is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Timers take a signed 32-bit number of milliseconds; above it they fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: (ms, signal) =>
    setTimeout(Math.min(ms, LONGEST_TIMER_MS), undefined, { signal }).catch(() => {
      throw signal.reason;
    }),
};
