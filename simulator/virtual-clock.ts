/** A clock that jumps to the next due event, so that hours pass in seconds and in the same order every time. */

/** Wall-clock time at 0, in ms since 1970. */
export const EPOCH_MS = Date.UTC(2026, 3, 8, 10);

export interface VirtualClock {
  /** Monotonic, in ms. */
  now(): number;
  /** Wall clock in ms since 1970. */
  date(): number;
  /** @throws the signal's reason, as soon as it is aborted */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Calls `what` at a moment of `now()`. Time passes only while a caller sleeps, or during `run`. */
  at(ms: number, what: () => void): void;
  /** Suspends the machine: time passes, and nothing happens meanwhile. */
  suspend(ms: number): void;
  /** Makes the wall clock jump. */
  shiftDate(ms: number): void;
  /** Stops time until this work outside of the clock has ended, such as writing a file. */
  hold<T>(work: Promise<T>): Promise<T>;
  /** Lets time pass until the promise settles; rejects when no event is due any more. */
  run<T>(until: Promise<T>): Promise<T>;
}

interface DueEvent {
  readonly at: number;
  readonly wake: () => void;
  /** Whether a caller sleeps until it. */
  readonly isSleep: boolean;
}

export function virtualClock(startDate = EPOCH_MS): VirtualClock {
  /** Ordered by time; events of the same moment keep their order. */
  const due: DueEvent[] = [];
  let now = 0;
  let date = startDate;
  let sleepers = 0;
  let held = 0;
  let isAdvancing = false;
  /** Functions that reject the calls of `run` in progress. */
  const waitingRuns = new Set<(error: Error) => void>();

  const add = (at: number, isSleep: boolean, wake: () => void): DueEvent => {
    const entry = { at, wake, isSleep };
    // Few are due at once: a sorted list beats a heap.
    let place = due.length;
    while (place > 0 && due[place - 1]!.at > at) place--;
    due.splice(place, 0, entry);
    if (isSleep) sleepers++;
    return entry;
  };
  // setImmediate: all that can continue now continues before the clock moves.
  const advance = (): void => {
    if (isAdvancing) return;
    isAdvancing = true;
    setImmediate(() => {
      isAdvancing = false;
      if (held > 0 || (sleepers === 0 && waitingRuns.size === 0)) return;
      const next = due.shift();
      if (next === undefined) {
        for (const end of waitingRuns) end(new Error('nothing is due any more, and the promise has not settled'));
        return;
      }
      if (next.isSleep) sleepers--;
      now = Math.max(now, next.at);
      next.wake();
      advance();
    });
  };

  return {
    now: () => now,
    date: () => Math.floor(date + now),
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        const wake = (): void => {
          due.splice(due.indexOf(entry), 1);
          sleepers--;
          reject(signal.reason as Error);
        };
        const entry = add(now + Math.max(0, ms), true, () => {
          signal.removeEventListener('abort', wake);
          resolve();
        });
        signal.addEventListener('abort', wake, { once: true });
        advance();
      }),
    at: (ms, what) => {
      add(ms, false, what);
    },
    suspend: (ms) => {
      now += ms;
    },
    shiftDate: (ms) => {
      date += ms;
    },
    hold: async (work) => {
      held++;
      try {
        return await work;
      } finally {
        held--;
        advance();
      }
    },
    run: async (until) => {
      let end: (error: Error) => void = () => undefined;
      const nothingDue = new Promise<never>((_, reject) => (end = reject));
      waitingRuns.add(end);
      advance();
      try {
        return await Promise.race([until, nothingDue]);
      } finally {
        waitingRuns.delete(end);
      }
    },
  };
}
