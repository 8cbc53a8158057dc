/** The requests and answers of the simulated API, and the figures that the invariants check. */
import type { IncomingHttpHeaders } from 'node:http';

export type Call = 'launch' | 'poll' | 'list' | 'me' | 'other';

/** What a run was launched for. */
export type Order = Pick<Run, 'workflowId' | 'projectId' | 'idempotencyKey'>;

/** A request as received. Times are ms since 1970 of the simulator's clock, with fractions. */
export interface ReceivedRequest {
  /** From 1, over all requests. */
  readonly number: number;
  readonly call: Call;
  /** From 1, among requests of this call. */
  readonly nth: number;
  readonly at: number;
  readonly method: string;
  /** As sent, with the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** The token after `Bearer `, or null. */
  readonly apiKey: string | null;
  readonly idempotencyKey: string | null;
  /** The order of a launch, or of the polled run; null for other calls, and for a run that does not exist. */
  readonly order: Order | null;
  /** How often this idempotency key has been sent with this API key, from 1; 0 without one. */
  readonly attempt: number;
  /** From 1, in order of acceptance. */
  readonly connection: number;
  /** Whether the connection carried a request before. */
  readonly isReused: boolean;
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
  /** Whether a fault was scripted for it. */
  hasFault: boolean;
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

/** I1: the number of runs of each idempotency key (with its API key); those behind an unstored answer are counted apart. */
export function runsPerKey(runs: readonly Run[]): Map<string, { stored: number; unstored: number }> {
  const counts = new Map<string, { stored: number; unstored: number }>();
  for (const run of runs) {
    if (run.idempotencyKey === null) continue;
    const name = `${run.apiKey} ${run.idempotencyKey}`;
    const count = counts.get(name) ?? { stored: 0, unstored: 0 };
    counts.set(name, count);
    count[run.isUnstored ? 'unstored' : 'stored']++;
  }
  return counts;
}

/** The wait that an answer asks for, in ms after it: the larger of `Retry-After` (whole seconds or a date) and `retry_after_seconds`. */
export function retryHintMs(entry: JournalEntry): number {
  const hints = [0];
  const header = entry.answerHeaders['retry-after'];
  if (typeof header === 'string') {
    if (/^\d{1,9}$/.test(header)) hints.push(Number(header) * 1000);
    else if (/^[A-Z][a-z]{2}, /.test(header)) hints.push(Date.parse(header) - (entry.answeredAt ?? entry.at));
  }
  try {
    const body = JSON.parse(entry.answerBody.toString()) as { retry_after_seconds?: unknown } | null;
    const seconds = body?.retry_after_seconds;
    if (typeof seconds === 'number' && seconds < 1e9) hints.push(seconds * 1000);
  } catch {
    // No JSON, no hint.
  }
  return Math.max(...hints.filter((hint) => Number.isFinite(hint)));
}

/** What a hint to wait applies to: the launch with this key, the polled run, else the path. */
export function waitSubject(entry: JournalEntry): string {
  if (entry.call === 'launch') return `launch ${entry.idempotencyKey ?? entry.path}`;
  return entry.path;
}

/**
 * I8: requests sent before the end of a wait that an earlier answer asked for, with how many ms too early. `toleranceMs` allows
 * for timers, for the transfer of an answer, and for a clock that runs faster.
 */
export function sentBeforeHint(
  entries: readonly JournalEntry[],
  toleranceMs: number,
  bindsLater: (earlier: JournalEntry, later: JournalEntry) => boolean = hasSameSubject,
): { entry: JournalEntry; earlyMs: number }[] {
  const asking = entries.flatMap((entry) => {
    const hint = entry.answeredAt === null ? 0 : retryHintMs(entry);
    return hint > 0 ? [{ entry, knownAt: entry.answeredAt!, until: entry.answeredAt! + hint }] : [];
  });
  return entries.flatMap((entry) => {
    // A request sent before the answer arrived could not respect it. An answer about another subject may still be in transfer.
    const arrivedAt = (one: (typeof asking)[number]) =>
      one.knownAt + (hasSameSubject(one.entry, entry) ? 0 : toleranceMs);
    const known = asking.filter(
      (one) => one.entry.number < entry.number && arrivedAt(one) <= entry.at && bindsLater(one.entry, entry),
    );
    const earlyMs = Math.max(0, ...known.map(({ until }) => until)) - entry.at;
    return earlyMs > toleranceMs ? [{ entry, earlyMs }] : [];
  });
}

function hasSameSubject(earlier: JournalEntry, later: JournalEntry): boolean {
  return waitSubject(earlier) === waitSubject(later);
}

/** With several runs in one process a 429 binds all calls that cost as much or more, a 503 all calls, any other answer its subject. */
export function bindsAcrossRuns(earlier: JournalEntry, later: JournalEntry): boolean {
  if (earlier.status === 503) return true;
  if (earlier.status === 429) return earlier.call !== 'launch' || later.call === 'launch';
  return hasSameSubject(earlier, later);
}

/** I8: the highest number of requests in flight at once. A request that the client gave up ends at `endedAt`. */
export function maxInFlight(entries: readonly JournalEntry[]): number {
  const events = entries.flatMap((entry) => [
    { at: entry.at, change: 1 },
    { at: entry.endedAt ?? Infinity, change: -1 },
  ]);
  events.sort((a, b) => a.at - b.at || a.change - b.change);
  let now = 0;
  let most = 0;
  for (const { change } of events) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}

export interface KeyAttempts {
  /** How many launches the API may have accepted. */
  readonly accepted: number;
  /** From the first launch to the last. */
  readonly spanMs: number;
  /** When launches were sent before the pause after an accepted one had passed. */
  readonly tooEarlyAt: readonly number[];
}

/** Shortest pauses after the first to the fourth launch with a key that the API may have accepted. */
const MIN_PAUSES_MS = [2_000, 5_000, 15_000, 30_000].map((ms) => 0.75 * ms);

/** I8: for each idempotency key of one process, how its launches were sent. */
export function attemptsPerKey(entries: readonly JournalEntry[]): Map<string, KeyAttempts> {
  const attempts = new Map<string, KeyAttempts & { firstAt: number; notBefore: number }>();
  for (const entry of entries) {
    const { idempotencyKey: key, at } = entry;
    if (entry.call !== 'launch' || key === null) continue;
    const { accepted = 0, firstAt = at, notBefore = at, tooEarlyAt = [] } = attempts.get(key) ?? {};
    const isCounted = mayBeAccepted(entry);
    attempts.set(key, {
      accepted: accepted + Number(isCounted),
      spanMs: at - firstAt,
      tooEarlyAt: at < notBefore ? [...tooEarlyAt, at] : tooEarlyAt,
      firstAt,
      notBefore: isCounted ? at + (MIN_PAUSES_MS[accepted] ?? 0) : notBefore,
    });
  }
  return attempts;
}

/** Whether the API may have accepted the launch: not after a 429, a locked key, or a gateway's 502 or 503. */
function mayBeAccepted({ status, answerHeaders, answerBody }: JournalEntry): boolean {
  if (status === 409) return !answerBody.includes('idempotency_in_progress');
  if (status !== 502 && status !== 503) return status !== 429;
  return String(answerHeaders['content-type'] ?? '').includes('problem+json');
}
