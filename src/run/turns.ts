/** The order of a step's requests: runs start one at a time, and status checks follow, a second apart. */
import { waitAtMost, type Clock } from '../clock.ts';
import { outOfTime } from '../outcome.ts';

const CHECKS_APART_MS = 1_000;

export function createTurns(clock: Clock, deadline: number, signal: AbortSignal) {
  let lastLaunch: Promise<unknown> = Promise.resolve();
  /** Starts that wait for their turn or have it. */
  let launches = 0;
  let isPausing = false;
  let nextCheckAt = -Infinity;

  return {
    /** Does the work after that of all earlier calls. It keeps its turn while it waits for rate-limit tokens. @throws Ended */
    async takeLaunch<T>(work: () => Promise<T>): Promise<T> {
      // Each start waits for the promise of the one before it, and resolves its own.
      const before = lastLaunch;
      const own = Promise.withResolvers<unknown>();
      lastLaunch = before.then(() => own.promise);
      launches++;
      try {
        const isFree = await waitAtMost(
          clock,
          before.then(() => true),
          deadline - clock.now(),
          signal,
        );
        if (isFree === null) throw outOfTime('launch', { isQueued: true });
        return await work();
      } finally {
        launches--;
        own.resolve(null);
      }
    },

    /** Sleeps between two attempts to start a run. Status checks need not wait, since no start is waiting for tokens. */
    async pauseLaunch(ms: number): Promise<void> {
      isPausing = true;
      await clock.sleep(ms, signal).finally(() => (isPausing = false));
    },

    /** Resolves when a status check may be sent, at the deadline at the latest. */
    async waitForCheck(): Promise<void> {
      const leftMs = (): number => deadline - clock.now();
      while (launches > 0 && !isPausing && leftMs() > 0)
        await clock.sleep(Math.min(CHECKS_APART_MS, leftMs()), signal);
      const waitMs = Math.min(nextCheckAt - clock.now(), leftMs());
      nextCheckAt = Math.max(nextCheckAt, clock.now()) + CHECKS_APART_MS;
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    },
  };
}
