/** The requests, answers and runs of the simulated API, and the time of a client that skips its waits. */
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

export type Call = 'launch' | 'poll' | 'list' | 'me' | 'other';

export interface Request {
  readonly method: string;
  /** As sent, with the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** On the clock of a client that skips its waits; null for other clients. */
  readonly sent: SentTime | null;
}

export interface JournalEntry extends Request {
  /** Counted from 1, over all requests. */
  readonly number: number;
  readonly call: Call;
  /** Counted from 1, over the requests of this call. */
  readonly nth: number;
  /** Ms since 1970 on the simulator's clock, with fractions. */
  readonly at: number;
  /** The token after `Bearer `, or null. */
  readonly apiKey: string | null;
  readonly idempotencyKey: string | null;
  /** The moment when the status line was sent; null if it was not. */
  answeredAt: number | null;
  status: number | null;
  answerHeaders: Readonly<Record<string, string>>;
  /** The whole body, before any cut. */
  answerBody: Buffer;
  /** The run that was started, picked up or checked. */
  runId: string | null;
}

export interface Run {
  readonly id: string;
  readonly workflowId: string;
  readonly projectId: string | null;
  readonly inputs: unknown;
  readonly apiKey: string;
  readonly idempotencyKey: string | null;
  readonly createdAt: number;
  /** Its answer was not stored for replay, as after a 5xx. Such a run does not count against its idempotency key. */
  readonly isUnstored: boolean;
}

/** The time that the API remembers an idempotency key. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** Lists the idempotency keys under which a second run started within a day. */
export function findSecondRuns(runs: readonly Run[]): string[] {
  const stored = runs.filter(({ isUnstored, idempotencyKey }) => !isUnstored && idempotencyKey !== null);
  return stored.flatMap(({ apiKey, idempotencyKey, createdAt }, at) => {
    const isSecond = (one: Run) => one.apiKey === apiKey && one.idempotencyKey === idempotencyKey && createdAt - one.createdAt < DAY_MS;
    return stored.slice(0, at).some(isSecond) ? [idempotencyKey!] : [];
  });
}

/** When a client that skips its waits (fast-time.mjs) sent a request: ms on its clock, and the number over all servers. */
export interface SentTime {
  readonly client: string;
  readonly at: number;
  readonly nth: number;
}

let requests = 0;

/**
 * A clock that follows such clients, one at a time. It stands still between requests, and each request sets it to the moment when
 * it was sent. The unit is ms since its start.
 */
export function clientDrivenClock() {
  /** This clock's time when each client's clock is 0. */
  const starts = new Map<string, number>();
  let now = 0;
  return {
    now: () => now,
    follow: (sent: SentTime | null): void => {
      if (sent === null) return;
      const start = starts.get(sent.client) ?? now - sent.at;
      starts.set(sent.client, start);
      now = Math.max(now, start + sent.at);
    },
  };
}

/** Reads and removes the header that fast-time.mjs adds to a request. @returns null without one */
export function takeSentTime({ headers }: IncomingMessage): SentTime | null {
  const value = headers['x-fast-time'];
  if (typeof value !== 'string') return null;
  delete headers['x-fast-time'];
  const [client = '', ms] = value.split(' ');
  return { client, at: Number(ms), nth: ++requests };
}
