/** A clock that jumps to whatever is due next, so that hours pass in seconds and in the same order every time. */
import type { Clock } from '../src/clock.ts';

/** What the wall clock shows at 0: ms since 1970. */
export const EPOCH_MS = Date.UTC(2026, 3, 8, 10);

export interface VirtualClock extends Clock {
  /** Does something at a moment of `now()`. Time passes only while somebody sleeps, or for `run`. */
  at(ms: number, what: () => void): void;
  /** The machine is suspended: time goes on, and nothing happens meanwhile. */
  suspend(ms: number): void;
  /** The wall clock jumps. */
  shiftDate(ms: number): void;
  /** Lets time pass until the promise settles; rejects where nothing is due any more. */
  run<T>(until: Promise<T>): Promise<T>;
}

interface Due {
  readonly at: number;
  readonly wake: () => void;
  /** Somebody waits for it. */
  readonly isSleep: boolean;
}

export function virtualClock(startDate = EPOCH_MS): VirtualClock {
  /** In order; those of the same moment as they came. */
  const due: Due[] = [];
  let now = 0;
  let date = startDate;
  let sleepers = 0;
  let going = false;
  /** Ends what `run` waits for. */
  const stuck = new Set<(error: Error) => void>();

  const add = (at: number, isSleep: boolean, wake: () => void): Due => {
    const entry = { at, wake, isSleep };
    // Few are due at once: a sorted list beats a heap.
    let place = due.length;
    while (place > 0 && due[place - 1]!.at > at) place--;
    due.splice(place, 0, entry);
    if (isSleep) sleepers++;
    return entry;
  };
  // Everything that can go on now goes on before the clock does.
  const go = (): void => {
    if (going) return;
    going = true;
    setImmediate(() => {
      going = false;
      if (sleepers === 0 && stuck.size === 0) return;
      const next = due.shift();
      if (next === undefined) {
        for (const end of stuck) end(new Error('nothing is due any more, and the promise has not settled'));
        return;
      }
      if (next.isSleep) sleepers--;
      now = Math.max(now, next.at);
      next.wake();
      go();
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
        go();
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
    run: async (until) => {
      let end: (error: Error) => void = () => undefined;
      const nothingDue = new Promise<never>((_, reject) => (end = reject));
      stuck.add(end);
      go();
      try {
        return await Promise.race([until, nothingDue]);
      } finally {
        stuck.delete(end);
      }
    },
  };
}
