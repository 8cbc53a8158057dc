/** The requests and answers of the simulated API, and what follows from them. */
import type { IncomingHttpHeaders } from 'node:http';
import type { SentTime } from './simulator-clock.ts';

export type Call = 'launch' | 'poll' | 'list' | 'me' | 'other';

/** A request as received. */
export interface ReceivedRequest {
  /** From 1, over all requests. */
  readonly number: number;
  readonly call: Call;
  /** From 1, among requests of this call. */
  readonly nth: number;
  /** In ms since 1970 of the simulator's clock, with fractions. */
  readonly at: number;
  /** By the clock of a client that skips its waits; null: another client. */
  readonly sent: SentTime | null;
  readonly method: string;
  /** As sent, with the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The token after `Bearer `, or null. */
  readonly apiKey: string | null;
  readonly idempotencyKey: string | null;
}

export interface JournalEntry extends ReceivedRequest {
  /** When the status line was sent; null: it was not. */
  answeredAt: number | null;
  /** When the exchange was over: answered in full, or its socket closed. */
  endedAt: number | null;
  status: number | null;
  answerHeaders: Record<string, string | string[]>;
  /** The whole body, before any cut. */
  answerBody: Buffer;
  /** The run launched, joined or polled. */
  runId: string | null;
  isReplay: boolean;
}

export interface Run {
  readonly id: string;
  readonly workflowId: string;
  readonly projectId: string | null;
  readonly inputs: unknown;
  readonly apiKey: string;
  readonly idempotencyKey: string | null;
  readonly createdAt: number;
  /** The answer that named it was not stored for replay, as behind a 5xx: such a run does not count against its key. */
  readonly isUnstored: boolean;
}

/** For how long the API remembers an idempotency key. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** The runs of each idempotency key (with its API key) within a day; those behind an unstored answer are counted apart. */
export function runsPerKey(runs: readonly Run[]): Map<string, { stored: number; unstored: number }> {
  const counts = new Map<string, { stored: number; unstored: number }>();
  const lastAt = new Map<string, number>();
  for (const { apiKey, idempotencyKey, createdAt, isUnstored } of runs) {
    if (idempotencyKey === null) continue;
    const key = `${apiKey} ${idempotencyKey}`;
    const isForgotten = createdAt - (lastAt.get(key) ?? createdAt) >= DAY_MS;
    const count = (isForgotten ? undefined : counts.get(key)) ?? { stored: 0, unstored: 0 };
    count[isUnstored ? 'unstored' : 'stored']++;
    counts.set(key, count);
    lastAt.set(key, createdAt);
  }
  return counts;
}

/** The wait that an answer asks for, in ms after it: the larger of `Retry-After` (whole seconds or a date) and `retry_after_seconds`. */
export function retryHintMs({ answerHeaders, answerBody, answeredAt, at }: JournalEntry): number {
  const header = String(answerHeaders['retry-after'] ?? '');
  const fromHeader = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - (answeredAt ?? at);
  const fromBody = Number(/"retry_after_seconds":\s*(\d{1,9})\b/.exec(answerBody.toString())?.[1] ?? 0) * 1000;
  return Math.max(Number.isFinite(fromHeader) ? fromHeader : 0, fromBody);
}

/** What a hint to wait applies to: the launch with this key, the polled run, else the path. */
export function waitSubject({ call, path, idempotencyKey }: JournalEntry): string {
  return call === 'launch' ? `launch ${idempotencyKey ?? path}` : path;
}
