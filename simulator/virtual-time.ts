/** A clock that jumps to whatever is due next, so that hours pass in seconds and in the same order every time. */
import type { Clock } from '../src/clock.ts';

/** What the wall clock shows at 0: ms since 1970. */
export const EPOCH_MS = Date.UTC(2026, 3, 8, 10);

export interface VirtualTime {
  readonly clock: Clock;
  /** Calls `what` at a moment of the clock. */
  at(ms: number, what: () => void): void;
  /** Lets time pass, from one thing due to the next, until the promise settles; rejects where nothing is due any more. */
  run<T>(until: Promise<T>): Promise<T>;
}

export function virtualTime(startDate = EPOCH_MS): VirtualTime {
  let now = 0;
  let order = 0;
  const due: { at: number; order: number; wake: () => void }[] = [];
  const add = (at: number, wake: () => void) => {
    const entry = { at, order: order++, wake };
    // Few are due at once: a sorted list beats a heap.
    let place = due.length;
    while (place > 0 && due[place - 1]!.at > at) place--;
    due.splice(place, 0, entry);
    return entry;
  };
  return {
    clock: {
      now: () => now,
      date: () => startDate + now,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) {
            reject(signal.reason as Error);
            return;
          }
          const wake = () => {
            due.splice(due.indexOf(entry), 1);
            reject(signal.reason as Error);
          };
          const entry = add(now + Math.max(0, ms), () => {
            signal.removeEventListener('abort', wake);
            resolve();
          });
          signal.addEventListener('abort', wake, { once: true });
        }),
    },
    at: (ms, what) => {
      add(ms, what);
    },
    run: async (until) => {
      const ended = until.then(
        () => true,
        () => true,
      );
      // Everything that can go on now goes on before the clock does.
      const idle = () => new Promise<boolean>((resolve) => setImmediate(resolve, false));
      while (!(await Promise.race([ended, idle()]))) {
        const next = due.shift();
        if (!next) throw new Error('nothing is due any more, and the promise has not settled');
        now = Math.max(now, next.at);
        next.wake();
      }
      return until;
    },
  };
}
