/** The invariants of a step in virtual time, besides those of all steps: pauses and durations. */
import { AFTER_DEADLINE_MS, findViolations } from './invariants.ts';
import type { JournalEntry } from './journal.ts';
import { TEST_KEY } from './vendor-example.ts';
import type { Attempt, VirtualApi } from './virtual-api.ts';
import { EPOCH_MS } from './virtual-clock.ts';
import type { VirtualResult } from './virtual-step.ts';

/** The shortest pauses after starts that the API may have accepted under one idempotency key, without the jitter. */
const PAUSES_MS = [2_000, 6_000, 18_000, 30_000].map((ms) => 0.6 * ms);
const MAX_ACCEPTED = 5;
const AFTER_SIGNAL_MS = 5_000;
const MAX_ASKED_MS = 300_000;

interface Expected {
  readonly timeoutMs: number;
  readonly stopAfterMs?: number | undefined;
  /** How long the clock was suspended, which `timeoutMs` includes. */
  readonly suspendedMs?: number;
}

/** Describes the broken invariants of a step. `attempts` are its own. */
export function findVirtualViolations(
  api: VirtualApi,
  attempts: readonly Attempt[],
  result: VirtualResult,
  { timeoutMs, stopAfterMs = Infinity, suspendedMs = 0 }: Expected,
): string[] {
  const tookMs = result.endedAt - result.startedAt;
  const lastAt = result.startedAt + Math.min(timeoutMs, stopAfterMs) - 2_000;
  return [
    ...findViolations({ result, api, apiKey: TEST_KEY }),
    ...findLaunchViolations(attempts, lastAt),
    ...findEarlyRequests(attempts, result.startedAt + timeoutMs - suspendedMs),
    ...(tookMs <= timeoutMs + AFTER_DEADLINE_MS ? [] : ['ended too late after the deadline']),
    ...(tookMs <= stopAfterMs + AFTER_SIGNAL_MS ? [] : ['ended too late after the signal']),
  ];
}

/** @param lastAt the moment from which the deadline may shorten a pause */
function findLaunchViolations(attempts: readonly Attempt[], lastAt: number): string[] {
  const launches = attempts.filter(({ call }) => call === 'launch');
  return [...Map.groupBy(launches, ({ key }) => key)].flatMap(([key, sent]) => {
    const accepted = sent.filter(mayBeAccepted);
    const tooEarly = accepted.slice(0, -1).some((one, at) => {
      const next = sent[sent.indexOf(one) + 1];
      return next !== undefined && next.at < lastAt && next.at - one.at < PAUSES_MS[at]!;
    });
    return [
      ...(accepted.length > MAX_ACCEPTED ? [`${accepted.length} launches under ${key} that may have been accepted`] : []),
      ...(tooEarly ? [`a launch under ${key} was sent again too soon`] : []),
    ];
  });
}

/** May the API have accepted the start? Not after a 429, a locked idempotency key, or a gateway's 502 or 503. */
function mayBeAccepted({ entry }: Attempt): boolean {
  if (entry === null) return false;
  const { status, answerHeaders, answerBody } = entry;
  if (status === 409) return !answerBody.includes('idempotency_in_progress');
  if (status !== 502 && status !== 503) return status !== 429;
  return answerHeaders['content-type']?.includes('problem+json') === true;
}

/** The end of the pause that the answer asks for (a date, or the longer of `Retry-After` and `retry_after_seconds`), or 0. */
function askedUntil({ answeredAt, answerHeaders, answerBody }: JournalEntry): number {
  if (answeredAt === null) return 0;
  const header = answerHeaders['retry-after'] ?? '';
  if (header.endsWith('GMT')) return Date.parse(header) - EPOCH_MS;
  const inBody = /"retry_after_seconds":\s*(\d{1,9})\b/.exec(answerBody.toString())?.[1];
  return answeredAt + 1000 * Math.max(Number(header), Number(inBody ?? 0));
}

/**
 * Lists requests that were sent before the moment that an earlier answer to the same request had asked for. A status check
 * waits for five minutes at most, and is sent at the deadline in any case.
 */
function findEarlyRequests(attempts: readonly Attempt[], deadline: number): string[] {
  const entries = attempts.map(({ entry }) => entry).filter((entry) => entry !== null);
  return entries.flatMap((entry) => {
    const isPoll = entry.call === 'poll';
    const until = Math.min(askedUntil(entry), isPoll ? Math.min(entry.answeredAt! + MAX_ASKED_MS, deadline) : Infinity);
    const isEarly = ({ number, at, path, idempotencyKey }: JournalEntry) =>
      path === entry.path && idempotencyKey === entry.idempotencyKey && number > entry.number && at >= entry.answeredAt! && at < until - 1;
    return entries.some(isEarly) ? [`a ${entry.call} was sent before Retry-After`] : [];
  });
}
