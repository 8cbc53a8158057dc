import type { IncomingMessage } from 'node:http';

/** The simulator's clock: ms since it started. */
export interface SimulatorClock {
  now(): number;
  /** Called when a request has arrived. */
  requestStarted(sent: SentTime | null): void;
  /** Called when its exchange is over. */
  requestEnded(): void;
}

/** When a client sent a request. */
export interface SentTime {
  readonly client: string;
  /** In ms of the client's clock, since its start. */
  readonly at: number;
  /** From 1, over the requests to all servers. */
  readonly nth: number;
}

let requests = 0;

/** Runs `speed` times faster than real time, whatever clients do. */
export function scaledClock(speed: number): SimulatorClock {
  const startedAt = performance.now();
  return {
    now: () => (performance.now() - startedAt) * speed,
    requestStarted: () => undefined,
    requestEnded: () => undefined,
  };
}

/**
 * Follows clients, one at a time, that skip their waits (fast-time.mjs): the clock stops while no exchange is open, and each request
 * sets it to the moment at which it was sent. An exchange is shorter on the server's side, so this clock is never ahead.
 */
export function clientDrivenClock(speed: number): SimulatorClock {
  /** This clock's time at 0 of each client's clock. */
  const starts = new Map<string, number>();
  let frozenAt = 0;
  let setAtReal = 0;
  let openRequests = 0;
  const now = (): number => (openRequests === 0 ? frozenAt : frozenAt + (performance.now() - setAtReal) * speed);
  const setTime = (at: number): void => {
    frozenAt = at;
    setAtReal = performance.now();
  };
  return {
    now,
    requestStarted: (sent) => {
      const start = sent === null ? 0 : (starts.get(sent.client) ?? now() - sent.at);
      if (sent !== null) starts.set(sent.client, start);
      setTime(Math.max(now(), sent === null ? 0 : start + sent.at));
      openRequests++;
    },
    requestEnded: () => {
      setTime(now());
      openRequests--;
    },
  };
}

/** Reads and removes the header that fast-time.mjs adds to a request; null: it has none. */
export function takeSentTime({ headers }: IncomingMessage): SentTime | null {
  const value = headers['x-fast-time'];
  if (typeof value !== 'string') return null;
  delete headers['x-fast-time'];
  const [client = '', ms] = value.split(' ');
  return { client, at: Number(ms), nth: ++requests };
}
