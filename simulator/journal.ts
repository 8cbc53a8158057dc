/** What the simulator saw and answered, and the invariants that can be counted from it. */
import type { IncomingHttpHeaders } from 'node:http';

export type Call = 'launch' | 'poll' | 'list' | 'me' | 'other';

/** What a run was launched for. */
export type Order = Pick<Run, 'workflowId' | 'projectId' | 'idempotencyKey'>;

/** A request as the simulator has read it. Times are ms since 1970 by the simulator's clock, with fractions. */
export interface Seen {
  /** From 1, over all requests. */
  readonly n: number;
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
  /** What followed `Bearer `, or null. */
  readonly apiKey: string | null;
  readonly idempotencyKey: string | null;
  /** What a launch asks for, or a poll asks after; null for all else, and for a run that is not there. */
  readonly order: Order | null;
  /** From 1: how often this idempotency key has been sent under this API key; 0 without one. */
  readonly attempt: number;
  /** From 1, in order of acceptance. */
  readonly connection: number;
  /** Whether the connection carried a request before. */
  readonly reused: boolean;
}

export interface Entry extends Seen {
  /** When the status line went out; null if it never did. */
  answeredAt: number | null;
  /** When the exchange was over: answered in full, or its socket closed. */
  endedAt: number | null;
  status: number | null;
  answerHeaders: Record<string, string | string[]>;
  /** The body that was meant to go out, before any cut. */
  answerBody: Buffer;
  /** The run launched, joined or polled. */
  runId: string | null;
  replayed: boolean;
  /** Whether a fault was scripted for it. */
  faulty: boolean;
}

export interface Run {
  readonly id: string;
  readonly workflowId: string;
  readonly projectId: string | null;
  readonly inputs: unknown;
  readonly apiKey: string;
  readonly idempotencyKey: string | null;
  readonly createdAt: number;
  /** The answer that named it was not kept for replay, as behind a 5xx: such a run does not count against its key. */
  readonly unkept: boolean;
}

/** I1: the runs of each idempotency key (with its API key), those behind an answer not kept apart. */
export function runsPerKey(runs: readonly Run[]): Map<string, { kept: number; unkept: number }> {
  const counts = new Map<string, { kept: number; unkept: number }>();
  for (const run of runs) {
    if (run.idempotencyKey === null) continue;
    const name = `${run.apiKey} ${run.idempotencyKey}`;
    const count = counts.get(name) ?? { kept: 0, unkept: 0 };
    counts.set(name, count);
    count[run.unkept ? 'unkept' : 'kept']++;
  }
  return counts;
}

/** The wait that an answer asks for, in ms after it: the larger of `Retry-After` (whole seconds or a date) and `retry_after_seconds`. */
export function hintOf(entry: Entry): number {
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

/** What a client waits on: the launch under a key, the run polled, else the path. */
export function subjectOf(entry: Entry): string {
  if (entry.call === 'launch') return `launch ${entry.idempotencyKey ?? entry.path}`;
  return entry.path;
}

/**
 * I8: requests sent before the wait asked for by an earlier answer that binds them had passed, with how many ms too soon.
 * `toleranceMs` allows for timers, for the way of an answer, and for a clock that runs faster.
 */
export function sentBeforeHint(
  entries: readonly Entry[],
  toleranceMs: number,
  binds: (earlier: Entry, later: Entry) => boolean = isOfSubject,
): { entry: Entry; earlyMs: number }[] {
  const asking = entries.flatMap((entry) => {
    const hint = entry.answeredAt === null ? 0 : hintOf(entry);
    return hint > 0 ? [{ entry, knownAt: entry.answeredAt!, until: entry.answeredAt! + hint }] : [];
  });
  return entries.flatMap((entry) => {
    // A request that left before the answer arrived could not know of it. An answer about something else travels meanwhile.
    const arrivedAt = (one: (typeof asking)[number]) =>
      one.knownAt + (isOfSubject(one.entry, entry) ? 0 : toleranceMs);
    const known = asking.filter(
      (one) => one.entry.n < entry.n && arrivedAt(one) <= entry.at && binds(one.entry, entry),
    );
    const earlyMs = Math.max(0, ...known.map(({ until }) => until)) - entry.at;
    return earlyMs > toleranceMs ? [{ entry, earlyMs }] : [];
  });
}

function isOfSubject(earlier: Entry, later: Entry): boolean {
  return subjectOf(earlier) === subjectOf(later);
}

/** Of several runs in one process: a 429 binds all calls that cost as much or more, a 503 all, anything else what it was about. */
export function bindsSeveral(earlier: Entry, later: Entry): boolean {
  if (earlier.status === 503) return true;
  if (earlier.status === 429) return earlier.call !== 'launch' || later.call === 'launch';
  return isOfSubject(earlier, later);
}

/** I8: the most requests that were under way at once. One that the client gave up at `endedAt` is over at that moment. */
export function mostInFlight(entries: readonly Entry[]): number {
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
  /** How many launches the API may have taken. */
  readonly accepted: number;
  /** From the first launch to the last. */
  readonly spanMs: number;
  /** When launches were sent sooner than the pause behind a taken one allows. */
  readonly hurriedAt: readonly number[];
}

/** The shortest pauses behind the first to the fourth launch under a key that the API may have taken. */
const SHORTEST_PAUSES_MS = [2_000, 5_000, 15_000, 30_000].map((ms) => 0.75 * ms);

/** I8: for each idempotency key of one process, how its launches were sent. */
export function attemptsPerKey(entries: readonly Entry[]): Map<string, KeyAttempts> {
  const attempts = new Map<string, KeyAttempts & { firstAt: number; notBefore: number }>();
  for (const entry of entries) {
    const { idempotencyKey: key, at } = entry;
    if (entry.call !== 'launch' || key === null) continue;
    const { accepted = 0, firstAt = at, notBefore = at, hurriedAt = [] } = attempts.get(key) ?? {};
    const isCounted = isTaken(entry);
    attempts.set(key, {
      accepted: accepted + Number(isCounted),
      spanMs: at - firstAt,
      hurriedAt: at < notBefore ? [...hurriedAt, at] : hurriedAt,
      firstAt,
      notBefore: isCounted ? at + (SHORTEST_PAUSES_MS[accepted] ?? 0) : notBefore,
    });
  }
  return attempts;
}

/** All but a 429, a key that is locked, and a gateway's 502 or 503. */
function isTaken({ status, answerHeaders, answerBody }: Entry): boolean {
  if (status === 409) return !answerBody.includes('idempotency_in_progress');
  if (status !== 502 && status !== 503) return status !== 429;
  return String(answerHeaders['content-type'] ?? '').includes('problem+json');
}
