/** Time as an argument. Only `realClock` reads the time or waits; tests pass a virtual clock. */
import { setTimeout } from 'node:timers/promises';

export interface Clock {
  /** Monotonic time in ms with an arbitrary zero, for durations and deadlines. */
  now(): number;
  /** Wall clock in ms since 1970. It may be wrong or jump, so use it only for display and for a server's dates. */
  date(): number;
  /** Resolves after `ms`. @throws the signal's reason, as soon as it is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** Node's timers take a signed 32-bit number of milliseconds; a longer one fires at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export const realClock: Clock = {
  now: () => performance.now(),
  date: () => Date.now(),
  sleep: (ms, signal) =>
    setTimeout(Math.min(ms, MAX_TIMER_MS), undefined, { signal }).catch(() => {
      throw signal.reason;
    }),
};
