/** The retry policy for Alloovium's API, and the only place that decides whether, when and why a failed request is sent again. Pure. */
import type { RequestFailure } from '../outcome.ts';

/** Why a request is sent again, or is not: one row per branch of the policy. */
export const REASONS = {
  unauthorised: 'the API rejected the API key',
  other_run: 'the answer is about another run',
  rejected: 'the API would reject it again',
  second_run: 'it may have started a run, and the API would start a second one',
  sent_five_times: 'it was sent five times, and each time it may have started a run',
  unknown_host: 'the host name has been unknown for a minute',
  too_large: 'the outputs of a run that has ended stay too large',
  rejected_30_s: 'the API rejected status checks for 30 s',
  failed_5_min: 'status checks failed for 5 min',
  deadline: 'the deadline comes first',
  no_tokens: 'the rate limit refills',
  in_progress: 'the next answer names its run',
  not_reached: 'it did not reach the API',
  same_run: 'if it started a run, its idempotency key finds that run',
  check: 'the run is not affected',
  rejected_check: 'rejections count after 30 s',
} as const;

export type Decision =
  | { readonly retry: true; readonly afterMs: number; readonly reason: keyof typeof REASONS }
  | { readonly retry: false; readonly reason: keyof typeof REASONS };

/** An attempt that failed, and when, on `clock.now()`. */
export interface FailedAttempt {
  readonly failure: RequestFailure;
  readonly at: number;
}

/** Pauses between attempts to start a run. The last one outlasts the half minute in which a load balancer may close its connections. */
const START_PAUSES_MS = [2_000, 6_000, 18_000, 30_000];
const MAX_STARTS = START_PAUSES_MS.length + 1;
/** The last attempt to start a run is sent this long before the deadline. */
const LAST_START_MS = 1_000;
const CHECK_PAUSE_MS = 2_000;
const MAX_CHECK_PAUSE_MS = 15_000;
const MAX_FAILING_MS = 5 * 60_000;
const MAX_REJECTED_MS = 30_000;
/** A stray `Retry-After: 1800` of a gateway must not keep the step from seeing that the run has ended. */
const MAX_ASKED_MS = 5 * 60_000;

/** Returns how long a status check waits if an answer asks for this long. */
export function capRetryAfter(retryAfterMs: number | null): number {
  return Math.min(retryAfterMs ?? 0, MAX_ASKED_MS);
}

/**
 * Decides about a request that failed.
 * @param attempts all that failed in a row, `last` included
 * @param leftMs until the deadline
 */
export function decideRetry(
  call: 'start' | 'check',
  last: FailedAttempt,
  attempts: readonly FailedAttempt[],
  leftMs: number,
  random: () => number,
): Decision {
  const failures = attempts.map(({ failure }) => failure);
  const { kind, code, retryAfterMs } = last.failure;
  const jitter = 0.75 + 0.5 * random();
  const stop = (reason: keyof typeof REASONS): Decision => ({ retry: false, reason });

  if (kind === 'unauthorised') return stop('unauthorised');
  if (kind === 'unusable') return stop('other_run');

  if (call === 'check') {
    if (code === 'too_large') return stop('too_large');
    const firstRejected = attempts[failures.findLastIndex((one) => one.kind !== 'rejected') + 1];
    if (last.at - (firstRejected?.at ?? last.at) >= MAX_REJECTED_MS) return stop('rejected_30_s');
    // A rate limit is no outage.
    const firstFailed = attempts.find(({ failure }) => failure.code !== 'rate_limited');
    if (last.at - (firstFailed?.at ?? last.at) >= MAX_FAILING_MS) return stop('failed_5_min');
    if (leftMs <= 0) return stop('deadline');
    const askedMs = capRetryAfter(retryAfterMs);
    const ownMs = Math.min(MAX_CHECK_PAUSE_MS, attempts.length * CHECK_PAUSE_MS) * jitter;
    const reason = code === 'rate_limited' ? 'no_tokens' : kind === 'rejected' ? 'rejected_check' : 'check';
    // The last check is made at the deadline, however long the API asks to wait.
    return { retry: true, afterMs: Math.min(Math.max(askedMs, ownMs), leftMs), reason };
  }

  if (kind === 'rejected') return stop('rejected');
  if (kind === 'failed') return stop('second_run');
  if (failures.filter((one) => one.kind === 'maybe').length >= MAX_STARTS) return stop('sent_five_times');
  const lastFive = failures.slice(-MAX_STARTS);
  if (lastFive.length === MAX_STARTS && lastFive.every((one) => one.code === 'unknown_host'))
    return stop('unknown_host');
  const askedMs = retryAfterMs ?? 0;
  const lastStartMs = leftMs - LAST_START_MS;
  if (lastStartMs <= askedMs) return stop('deadline');
  const ownMs = (START_PAUSES_MS[Math.min(attempts.length, START_PAUSES_MS.length) - 1] ?? 0) * jitter;
  if (code === 'rate_limited') {
    // The API knows when there are tokens. Jobs that wait for the same moment spread out a little.
    const spreadMs = askedMs * (1 + 0.1 * random()) + 1_000 * random();
    const pauseMs = Math.min(askedMs > 0 ? spreadMs : ownMs, lastStartMs);
    return { retry: true, afterMs: Math.max(askedMs, pauseMs), reason: 'no_tokens' };
  }
  const reason = code === 'locked' ? 'in_progress' : kind === 'unreached' ? 'not_reached' : 'same_run';
  return { retry: true, afterMs: Math.max(askedMs, Math.min(ownMs, lastStartMs)), reason };
}
