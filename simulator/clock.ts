import type { IncomingMessage } from 'node:http';

/** The simulator's clock: ms since it started, and waits by it. */
export interface SimulatorClock {
  now(): number;
  /** A request is here, sent at `sentAt` by the client's clock (ms, `X-Fast-Time`), if it said so. */
  arrived(sentAt: number | null): void;
  /** Its exchange is over. */
  left(): void;
}

/** Runs `speed` times faster than real time, whatever clients do. */
export function runningClock(speed: number): SimulatorClock {
  const startedAt = performance.now();
  return {
    now: () => (performance.now() - startedAt) * speed,
    arrived: () => undefined,
    left: () => undefined,
  };
}

/**
 * Keeps step with one client that leaps over its waits (fast-time.mjs): stands while no exchange is open, and is set by each request to the
 * moment at which it was sent. Since an exchange is shorter seen from here, this clock is never ahead of the client's.
 */
export function ledClock(speed: number): SimulatorClock {
  let stood = 0;
  let since = 0;
  let open = 0;
  const now = (): number => (open === 0 ? stood : stood + (performance.now() - since) * speed);
  return {
    now,
    arrived: (sentAt) => {
      stood = Math.max(now(), sentAt ?? 0);
      since = performance.now();
      open++;
    },
    left: () => {
      stood = now();
      since = performance.now();
      open--;
    },
  };
}

const HEADER = 'x-fast-time';

/** When the client sent it, in ms of its clock; null where it does not say so. The header is the preload's: nobody else sees it. */
export function takeTime({ headers, rawHeaders }: IncomingMessage): number | null {
  const value = headers[HEADER];
  if (value === undefined) return null;
  Reflect.deleteProperty(headers, HEADER);
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === HEADER);
  rawHeaders.splice(at, 2);
  return Number(value);
}
