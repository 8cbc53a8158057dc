/** Decides headline and next step of a run that had no verdict in time. Pure. */
import { isKnownStatus, STATUSES } from '../alloovium/statuses.ts';
import { formatDuration, joinPresent } from '../text/format.ts';
import type { Ending } from './events.ts';
import type { Outcome } from './outcome.ts';
import { howToUseSameRun, leftoverOf } from './rerun-advice.ts';
import type { VerdictDraft, Terms } from './verdict.ts';

type TimedOut = Extract<Ending, { readonly kind: 'timed_out' }>;

/** Headline and brief, by how far the order came and whether the API was reached. */
const TIMED_OUT = {
  too_late: ['The run ended too late to be evaluated within {time}', 'not evaluated'],
  not_finished: ['Not finished{after}', 'not finished'],
  not_started: ['Not started{after}', 'not started'],
  not_known: ['No run ID{after}', 'no run ID'],
  unreached: ['Alloovium could not be reached for {time} ({failure})', 'Alloovium could not be reached'],
  unusable: ['Alloovium gave no usable answer for {time} (last: {failure})', 'no usable answer'],
} as const;

/**
 * Matches a failure of the connection: Node's code, the proxy's status, or "Alloovium could not be reached". The failure of an answer
 * is the API's status, or a description in lower case.
 */
const NO_CONNECTION = /^[A-Z]|of the proxy$/;
const CHECK_CONNECTION =
  'Nothing was started. Check that the runner can reach the API (DNS, firewall, proxy). {again}';
const ALLOW_MORE_TIME = 'If this happens often, raise `timeout_minutes`.';
const UNKNOWN_STATUS =
  'Look at the run in the Alloovium dashboard: this version of the action does not know its status.';
/** The maximum of `timeout_minutes`. */
const MAX_TIMEOUT_MS = 24 * 60 * 60_000;

/** Returns the decision on a run that timed out. */
export function decideTimedOut(ending: TimedOut, outcome: Outcome, terms: Terms): VerdictDraft {
  const { waitedFor, askedMs, lastFailure } = ending;
  const left = leftoverOf(outcome);
  const isReached = lastFailure === '';
  const isUnreached = left === 'nothing' && NO_CONNECTION.test(lastFailure);
  const kind = timeoutKindOf(left, isReached, isUnreached);
  const time = formatDuration(terms.timeoutMs);
  // A launch that is held back for longer than there is time ends at once.
  const isEarly = askedMs !== null && outcome.runId === '';
  const isHopeless = askedMs !== null && askedMs > MAX_TIMEOUT_MS;
  const beyond = isEarly ? `, longer than the rest of the ${time} allowed` : '';
  const asked =
    askedMs !== null &&
    `the API asked to wait ${isHopeless ? 'more than a day' : `${formatDuration(askedMs)} more${beyond}`}`;
  const last = isReached ? waitedFor : `last status check: ${lastFailure}`;
  const seen = kind === 'not_finished' && (outcome.run !== null || last === '') && describeProgress(outcome);
  const how = joinPresent('; ', seen, kind === 'not_finished' ? last : waitedFor, asked);
  const after = `${isEarly ? '' : ` after ${time}`}${how === '' ? '' : ` (${how})`}`;
  const [headline, brief] = TIMED_OUT[kind];
  const sameRun = howToUseSameRun(outcome, terms);
  const isUnknown = outcome.runId !== '' && outcome.status !== '' && !isKnownStatus(outcome.status);
  return {
    conclusion: 'timed_out',
    headline: headline
      .replace('{time}', time)
      .replace('{after}', () => after)
      .replace('{failure}', () => lastFailure),
    brief,
    // More time helps where the API was reached.
    nextStep: joinPresent(
      ' ',
      isUnknown && UNKNOWN_STATUS,
      isUnreached ? CHECK_CONNECTION.replace('{again}', sameRun) : sameRun,
      isReached && !isUnknown && !isHopeless && ALLOW_MORE_TIME,
    ),
  };
}

/**
 * Returns the kind of timeout.
 * @param isReached the API gave usable answers until the end
 * @param isUnreached no connection could be made
 */
function timeoutKindOf(
  left: ReturnType<typeof leftoverOf>,
  isReached: boolean,
  isUnreached: boolean,
): keyof typeof TIMED_OUT {
  if (left === 'ended_run') return 'too_late';
  if (left === 'run') return 'not_finished';
  if (isReached) return left === 'nothing' ? 'not_started' : 'not_known';
  return isUnreached ? 'unreached' : 'unusable';
}

/** Returns "40 %", "queued" or "running"; empty: not known. Contains only numbers and known statuses, no text of the API. */
function describeProgress({ run, status }: Outcome): string {
  if (!isKnownStatus(status)) return '';
  const hasProgress = status === 'running' && typeof run?.progress === 'number';
  return hasProgress ? `${Math.floor(run.progress)} %` : STATUSES[status].word;
}
