import type { Clock } from '../src/clock.ts';

/** A clock that jumps to whatever is due next, so that hours pass in seconds and in the same order every time. */
export interface VirtualTime {
  readonly clock: Clock;
  /** Lets time pass until nothing is due. */
  run(): Promise<void>;
}

interface Due {
  readonly at: number;
  readonly nth: number;
  readonly wake: () => void;
}

/** What the wall clock shows at 0: ms since 1970. */
export const EPOCH_MS = Date.UTC(2026, 10, 24, 8);

export function virtualTime(): VirtualTime {
  let now = 0;
  let count = 0;
  const heap: Due[] = [];
  return {
    clock: {
      now: () => now,
      date: () => EPOCH_MS + now,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          if (signal.aborted) reject(signal.reason as Error);
          else push(heap, { at: now + Math.max(0, ms), nth: count++, wake: resolve });
        }),
    },
    run: async () => {
      for (;;) {
        // All that the last wake-up set off runs first: promises settle before the next turn of the loop.
        await new Promise(setImmediate);
        const due = pop(heap);
        if (due === undefined) return;
        now = due.at;
        due.wake();
      }
    },
  };
}

const isBefore = (a: Due, b: Due) => a.at < b.at || (a.at === b.at && a.nth < b.nth);

function push(heap: Due[], due: Due): void {
  let at = heap.length;
  heap.push(due);
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!isBefore(due, heap[parent]!)) break;
    heap[at] = heap[parent]!;
    at = parent;
  }
  heap[at] = due;
}

function pop(heap: Due[]): Due | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (first === undefined || last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
    if (!isBefore(heap[child]!, last)) break;
    heap[at] = heap[child]!;
    at = child;
  }
  heap[at] = last;
  return first;
}
