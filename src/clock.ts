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

/** Waits for the promise, for `ms` at most. @returns null: it took longer. @throws what it rejects with, or the signal's reason */
export async function waitAtMost<T>(
  clock: Clock,
  promise: Promise<T>,
  ms: number,
  signal: AbortSignal,
): Promise<T | null> {
  const over = new AbortController();
  try {
    return await Promise.race([
      promise,
      clock.sleep(ms, AbortSignal.any([signal, over.signal])).then(() => null),
    ]);
  } finally {
    over.abort();
  }
}

/** Calls `work` with a signal that is aborted with the given one, or after `ms`. */
export async function withTimeLimit<T>(
  clock: Clock,
  signal: AbortSignal,
  ms: number,
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController();
  const over = new AbortController();
  abortAfter(clock, ms, limit, over.signal, new Error('no answer in time'));
  try {
    return await work(AbortSignal.any([signal, limit.signal]));
  } finally {
    over.abort();
  }
}

/** Calls `work` with a signal that is aborted `ms` later than the given one, or than now if that was before. */
export async function withGrace<T>(
  clock: Clock,
  signal: AbortSignal,
  ms: number,
  work: (late: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const over = new AbortController();
  const onAbort = () => abortAfter(clock, ms, late, over.signal, signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true, signal: over.signal });
  try {
    return await work(late.signal);
  } finally {
    over.abort();
  }
}

/** Aborts the controller after `ms`, unless it is over before. */
function abortAfter(
  clock: Clock,
  ms: number,
  controller: AbortController,
  over: AbortSignal,
  reason: unknown,
): void {
  clock.sleep(ms, over).then(
    () => controller.abort(reason),
    () => undefined,
  );
}
