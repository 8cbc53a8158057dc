/** A clock that jumps to the next due event, so that hours pass in seconds and in the same order every time. */

/** Wall-clock time at 0, in ms since 1970. */
export const EPOCH_MS = Date.UTC(2026, 3, 8, 10);

export type VirtualClock = ReturnType<typeof virtualClock>;

interface DueEvent {
  readonly at: number;
  readonly wake: () => void;
  /** Whether a caller sleeps until this event. */
  readonly isSleep: boolean;
}

export function virtualClock() {
  /** Events by time. Simultaneous events keep their order. */
  const due: DueEvent[] = [];
  let now = 0;
  let date = EPOCH_MS;
  let isAdvancing = false;
  /** Rejects the call of `run` in progress. */
  let endRun: ((error: Error) => void) | null = null;

  const add = (at: number, isSleep: boolean, wake: () => void): DueEvent => {
    const entry = { at, wake, isSleep };
    due.splice(due.findLastIndex((one) => one.at <= at) + 1, 0, entry);
    return entry;
  };
  // With setImmediate, everything that can continue does so before the clock moves.
  const advance = (): void => {
    if (isAdvancing) return;
    isAdvancing = true;
    setImmediate(() => {
      isAdvancing = false;
      if (endRun === null && !due.some(({ isSleep }) => isSleep)) return;
      const next = due.shift();
      if (next === undefined) return endRun?.(new Error('nothing is due any more, and the promise has not settled'));
      now = Math.max(now, next.at);
      next.wake();
      advance();
    });
  };

  return {
    /** Monotonic time in ms. */
    now: () => now,
    /** Wall clock in ms since 1970. */
    date: () => Math.floor(date + now),
    /** @throws the signal's reason, as soon as it is aborted */
    sleep: (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const wake = (): void => {
          due.splice(due.indexOf(entry), 1);
          reject(signal.reason as Error);
        };
        const entry = add(now + Math.max(0, ms), true, () => {
          signal.removeEventListener('abort', wake);
          resolve();
        });
        signal.addEventListener('abort', wake, { once: true });
        advance();
      }),
    /** Calls `what` at a moment of `now()`. Time passes only while a caller sleeps and during `run`. */
    at: (ms: number, what: () => void): void => void add(ms, false, what),
    /** Suspends the machine, so that time passes and nothing happens. */
    suspend: (ms: number): void => void (now += ms),
    /** Makes the wall clock jump. */
    shiftDate: (ms: number): void => void (date += ms),
    /** Lets time pass until the promise settles. Rejects when no event is due. */
    run: async <T>(until: Promise<T>): Promise<T> => {
      const nothingDue = new Promise<never>((_, reject) => (endRun = reject));
      advance();
      try {
        return await Promise.race([until, nothingDue]);
      } finally {
        endRun = null;
      }
    },
  };
}
