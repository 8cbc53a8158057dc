import type { IncomingMessage } from 'node:http';

/** The simulator's clock: ms since it started. */
export interface SimulatorClock {
  now(): number;
  /** A request is here. */
  arrived(sent: Sent | null): void;
  /** Its exchange is over. */
  left(): void;
}

/** When a client says that it sent a request, in ms of its own clock. */
export interface Sent {
  readonly client: string;
  readonly at: number;
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
 * Keeps step with clients, one at a time, that leap over their waits (fast-time.mjs): stands while no exchange is open, and is set by
 * each request to the moment at which it was sent. Since an exchange is shorter seen from here, this clock is never ahead.
 */
export function ledClock(speed: number): SimulatorClock {
  /** What this clock showed when a client's showed nought. */
  const starts = new Map<string, number>();
  let stood = 0;
  let since = 0;
  let open = 0;
  const now = (): number => (open === 0 ? stood : stood + (performance.now() - since) * speed);
  const stand = (at: number): void => {
    stood = at;
    since = performance.now();
  };
  return {
    now,
    arrived: (sent) => {
      if (sent === null) {
        stand(now());
      } else {
        const start = starts.get(sent.client) ?? now() - sent.at;
        starts.set(sent.client, start);
        stand(Math.max(now(), start + sent.at));
      }
      open++;
    },
    left: () => {
      stand(now());
      open--;
    },
  };
}

const HEADER = 'x-fast-time';

/** What the preload adds to a request, which nobody else is to see; null where there is none. */
export function takeSent({ headers, rawHeaders }: IncomingMessage): Sent | null {
  const value = headers[HEADER];
  if (typeof value !== 'string') return null;
  Reflect.deleteProperty(headers, HEADER);
  const at = rawHeaders.findIndex((text, index) => index % 2 === 0 && text.toLowerCase() === HEADER);
  rawHeaders.splice(at, 2);
  const [client = '', ms] = value.split(' ');
  return { client, at: Number(ms) };
}
