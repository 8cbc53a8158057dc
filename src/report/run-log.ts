/** Decides what the log says of an order in progress: one rule for each kind of event, `(event, state) → { state, entries }`. Pure. */
import type { FailureKind } from '../alloovium/errors.ts';
import type { Failure, RetriesLeft } from '../alloovium/retry.ts';
import { isKnownStatus, isTerminal } from '../alloovium/statuses.ts';
import { WORD, type Run } from '../alloovium/wire.ts';
import type { Order } from '../inputs/runs-input.ts';
import type { RunEvent } from '../runs/events.ts';
import { logLine, type LogLine } from '../text/escape.ts';
import { formatDuration, formatCount } from '../text/format.ts';
import { fillUrl } from './links.ts';
import { prefixWithName, formatNote, formatProgressLine, type Phase } from './log.ts';

/** `silence`: nothing has been logged for some time. */
export type LoggedEvent = RunEvent | { readonly kind: 'silence' };

export type LogEntry =
  | { readonly kind: 'line'; readonly line: LogLine }
  | { readonly kind: 'group'; readonly title: string | LogLine }
  | { readonly kind: 'end_group' }
  | { readonly kind: 'warning' | 'debug'; readonly text: string };

/** What the order is waiting for, which is logged after some silence. Times are on `clock.now()`. */
type PendingStep =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'retry';
      readonly failure: Failure;
      readonly delayMs: number;
      readonly left: RetriesLeft;
      /** When the first failure in a row happened, and when this one did. */
      readonly since: number;
      readonly failedAt: number;
    }
  | { readonly kind: 'check'; readonly isSeen: boolean }
  | {
      readonly kind: 'progress';
      readonly run: Pick<Run, 'status' | 'progress' | 'stage'>;
      readonly elapsedMs: number;
      readonly seenAt: number;
    }
  | {
      readonly kind: 'failed_poll';
      readonly headline: string;
      readonly left: RetriesLeft | null;
      readonly since: number;
      readonly failedAt: number;
    };

/** The part that does not change during the order. */
export interface LogContext {
  readonly order: Order;
  /** Titles of all orders of the step, with which their lines begin; null: the step has one run. */
  readonly titles: readonly string[] | null;
  /** Commit, kind of key, and URL of the API. */
  readonly about: LogLine;
  /** The input `run_url`. */
  readonly urlTemplate: string;
}

export interface LogState extends LogContext {
  readonly phase: Phase;
  readonly key: string;
  readonly runId: string;
  /** The URL of the run's page; empty: not known. */
  readonly runUrl: string;
  readonly polls: number;
  /** When the last line about this order was logged. */
  readonly loggedAt: number;
  readonly isGrouped: boolean;
  /** A run was joined, and no line has reported that yet. */
  readonly isJoinToLog: boolean;
  /** What the last line was about, so that the same is not logged again. */
  readonly shown: string;
  /** When the first failure in a row happened; null: nothing is failing. */
  readonly failingSince: number | null;
  /** When the duration of failing polls was last logged. */
  readonly failureLoggedAt: number;
  readonly isUnknownStatusLogged: boolean;
  readonly pending: PendingStep;
}

/** Returns the state of an order's log before its first event. */
export function createLogState(context: LogContext, now: number): LogState {
  return {
    ...context,
    phase: 'queued',
    key: '',
    runId: '',
    runUrl: '',
    polls: 0,
    loggedAt: context.titles === null ? now : -Infinity,
    isGrouped: false,
    isJoinToLog: false,
    shown: '',
    failingSince: null,
    failureLoggedAt: -Infinity,
    isUnknownStatusLogged: false,
    pending: { kind: 'nothing' },
  };
}

export interface Logged {
  readonly state: LogState;
  readonly entries: readonly LogEntry[];
}

/** Facts that the event does not contain. */
export interface EventContext {
  readonly now: number;
  /** Tokens that the step has spent so far. */
  readonly tokens: number;
}

/** Returns the log entries for an event, and the new state. */
export function logEvent(event: LoggedEvent, state: LogState, facts: EventContext): Logged {
  return (RULES[event.kind] as Rule<LoggedEvent>)(event, state, facts);
}

type Rule<Event> = (event: Event, state: LogState, facts: EventContext) => Logged;
type Rules = { readonly [Kind in LoggedEvent['kind']]: Rule<Extract<LoggedEvent, { kind: Kind }>> };

/** A failure that lasts is logged again after so long. */
const REPEAT_FAILURE_MS = 60_000;

const RULES: Rules = {
  launching: (_, state, facts) => {
    const { order, titles, about } = state;
    return titles === null
      ? chain(beginGroup(state, formatLaunchTitle(order)), (next) => addLine(next, facts, about))
      : logNothing(state);
  },
  key: ({ key }, state) => ({
    state: { ...state, key },
    entries: [{ kind: 'debug', text: `idempotency key ${key}` }],
  }),
  /** Logs a long pause always. Logs a short one if its reason is new, in the first minute of failures; after that once a minute. */
  pause: ({ failure, delayMs, left }, before, facts) => {
    const { now } = facts;
    const since = before.failingSince ?? now;
    const pending: PendingStep = { kind: 'retry', failure, delayMs, left, since, failedAt: now };
    const state = { ...before, failingSince: since, pending };
    const { headline } = failure.error;
    const isOld = headline === state.shown || now - since >= REPEAT_FAILURE_MS;
    if (isOld && delayMs <= REPEAT_FAILURE_MS / 2 && now - state.loggedAt < REPEAT_FAILURE_MS)
      return logNothing(state);
    const reason =
      headline === state.shown ? formatStillFailing(failure, now - since) : formatPauseReason(failure);
    return addLine(
      { ...state, shown: headline },
      facts,
      logLine`${reason}; ${formatRetrying(delayMs, left, 0)}`,
    );
  },
  earlier_run: (event, state, facts) => addLine({ ...state, failingSince: null }, facts, event.line),
  resumed: ({ redNotice }, state, facts) =>
    redNotice === '' ? logNothing(state) : addLine(state, facts, formatNote(redNotice)),
  run: ({ runId, origin }, before, facts) => {
    const { order, urlTemplate } = before;
    const state: LogState = {
      ...before,
      runId,
      runUrl: fillUrl(urlTemplate, { runId, workflowId: order.workflowId, order }, null),
      phase: 'running',
      failingSince: null,
      shown: '',
      isJoinToLog: origin.kind === 'joined',
    };
    switch (origin.kind) {
      case 'new':
        return addRunLine(state, facts, logLine`Started ${runId}`);
      case 'attached':
        return addRunLine(state, facts, logLine`Attached to ${runId}: nothing is launched`);
      case 'joined':
        return logNothing(state);
    }
  },
  joined: ({ isLaunchedHere, ageMs }, before, facts) => {
    const state = { ...before, isJoinToLog: false };
    const { runId } = state;
    const age = ageMs === null ? '' : ` (${formatDuration(ageMs)} old)`;
    return isLaunchedHere
      ? addRunLine(
          state,
          facts,
          logLine`Started ${runId} by an earlier attempt of this launch, whose answer was lost`,
        )
      : addRunLine(state, facts, logLine`Joined ${runId}${age}`);
  },
  launch_over: (_, state, facts) => {
    const { isJoinToLog, runId } = state;
    const joined = isJoinToLog ? addRunLine(state, facts, logLine`Joined ${runId}`) : logNothing(state);
    return chain(joined, endGroup);
  },
  following: ({ leftMs, isSeen }, state) => {
    const pending: PendingStep = { kind: 'check', isSeen };
    return beginGroup({ ...state, pending }, `Wait for ${state.runId}, for up to ${formatDuration(leftMs)}`);
  },
  poll_ended: (_, state) => logNothing({ ...state, polls: state.polls + 1 }),
  run_seen: (event, state, facts) =>
    isTerminal(event.run.status) ? logEnd(event, state, facts) : logProgress(event, state, facts),
  /** Logs the first failure at once, then once a minute; in between another reason is logged as any change. */
  failed_poll: ({ headline, elapsedMs, left }, before, facts) => {
    const { now } = facts;
    const since = before.failingSince ?? now;
    const pending: PendingStep = { kind: 'failed_poll', headline, left, since, failedAt: now };
    const state = { ...before, failingSince: since, pending };
    const text = formatFailedPoll(pending, now);
    if (now - state.failureLoggedAt < REPEAT_FAILURE_MS)
      return logChange(state, facts, headline, elapsedMs, text);
    return addLine({ ...state, failureLoggedAt: now, shown: headline }, facts, text);
  },
  evaluated: (_, state) => logNothing(state),
  notice: ({ text }, state, facts) => addLine(state, facts, formatNote(text)),
  log_note: ({ text }, state, facts) => addLine(state, facts, formatNote(text)),
  over: ({ ending }, before, facts) => {
    const over: LogState = { ...before, phase: 'done', pending: { kind: 'nothing' } };
    return chain(endGroup(over), (state) =>
      state.titles !== null && ending.kind === 'error'
        ? addLine(state, facts, logLine`${ending.headline}`)
        : logNothing(state),
    );
  },
  silence: (_, state, facts) => {
    const text = formatSilence(state.pending, facts.now);
    if (text === null) return logNothing(state);
    const isFailure = state.pending.kind === 'failed_poll';
    return addLine(isFailure ? { ...state, failureLoggedAt: facts.now } : state, facts, text);
  },
};

/** Returns the state unchanged, with no entry for the log. */
function logNothing(state: LogState): Logged {
  return { state, entries: [] };
}

/** Logs a line; in a step with several runs it begins with the order's title. */
function addLine(state: LogState, { now }: EventContext, text: LogLine): Logged {
  const { titles, order } = state;
  const named = titles === null ? text : prefixWithName(formatOrderTitle(order), titles, text);
  return { state: { ...state, loggedAt: now }, entries: [{ kind: 'line', line: named }] };
}

/** Logs a line about a known run, followed by the URL of its page. */
function addRunLine(state: LogState, facts: EventContext, text: LogLine): Logged {
  const { runUrl } = state;
  // The characters of a URL cannot form a command, and anything that `logLine` adds would become part of the link.
  return chain(addLine(state, facts, text), (next) =>
    runUrl === '' ? logNothing(next) : addLine(next, facts, { safe: runUrl }),
  );
}

/** Begins a group; only in the log of one run, since lines of several would be mixed. */
function beginGroup(state: LogState, title: string | LogLine): Logged {
  if (state.titles !== null) return logNothing(state);
  return { state: { ...state, isGrouped: true }, entries: [{ kind: 'group', title }] };
}

/** Ends the group, if one is open. */
function endGroup(state: LogState): Logged {
  if (!state.isGrouped) return logNothing(state);
  return { state: { ...state, isGrouped: false }, entries: [{ kind: 'end_group' }] };
}

/** Applies the next step to the state, and joins the entries. */
function chain({ state, entries }: Logged, next: (state: LogState) => Logged): Logged {
  const logged = next(state);
  return { state: logged.state, entries: [...entries, ...logged.entries] };
}

/**
 * Logs a change, unless changes are too frequent: in an hour, stages that change often take about a hundred lines.
 * @param what is compared with `shown`
 */
function logChange(
  state: LogState,
  facts: EventContext,
  what: string,
  elapsedMs: number,
  text: LogLine,
): Logged {
  const gapMs = Math.max(1_500, elapsedMs / 30);
  const isTooSoon = state.shown !== '' && facts.now - state.loggedAt < gapMs;
  return what === state.shown || isTooSoon
    ? logNothing(state)
    : addLine({ ...state, shown: what }, facts, text);
}

type RunSeenEvent = Extract<RunEvent, { kind: 'run_seen' }>;

/** Logs the run's final status. */
function logEnd({ run, elapsedMs }: RunSeenEvent, before: LogState, facts: EventContext): Logged {
  const state = { ...before, failingSince: null };
  const tokens = state.titles === null ? `, ${formatCount(facts.tokens, 'token')}` : '';
  const after = logLine`after ${formatDuration(elapsedMs)} (${formatCount(state.polls, 'status check')}${tokens})`;
  return chain(addLine(state, facts, logLine`${run.status} ${after}`), endGroup);
}

/** Logs a change of status, stage or percentage, unless changes are too frequent. Warns once of an unknown status. */
function logProgress({ run, elapsedMs }: RunSeenEvent, before: LogState, facts: EventContext): Logged {
  const { status, stage, progress } = run;
  const pending: PendingStep = {
    kind: 'progress',
    run: { status, stage, progress },
    elapsedMs,
    seenAt: facts.now,
  };
  const state = { ...before, failingSince: null, pending };
  const percent = state.titles === null ? Math.floor(progress ?? 0) : '';
  const what = `${status} ${stage ?? ''} ${percent}`;
  return chain(warnOfUnknownStatus(status, state), (next) =>
    logChange(next, facts, what, elapsedMs, formatProgressLine(run, elapsedMs)),
  );
}

/** Warns once of a status that this version does not know. */
function warnOfUnknownStatus(status: string, state: LogState): Logged {
  if (isKnownStatus(status) || state.isUnknownStatusLogged) return logNothing(state);
  const word = WORD.test(status) ? ` “${status}”` : '';
  const warning = `Unknown run status${word}; still waiting.`;
  const text = state.titles === null ? warning : `${formatOrderTitle(state.order)}: ${warning}`;
  return { state: { ...state, isUnknownStatusLogged: true }, entries: [{ kind: 'warning', text }] };
}

/**
 * Formats the log line about what the order is waiting for, after nothing was logged for some time; null: there is nothing to
 * log.
 */
function formatSilence(pending: PendingStep, now: number): LogLine | null {
  switch (pending.kind) {
    case 'nothing':
      return null;
    case 'retry': {
      const { failure, delayMs, left, since, failedAt } = pending;
      return logLine`${formatStillFailing(failure, now - since)}; ${formatRetrying(delayMs, left, now - failedAt)}`;
    }
    case 'check':
      return logLine`waiting for the ${pending.isSeen ? 'next status check' : 'first status check'}`;
    case 'progress':
      return formatProgressLine(pending.run, pending.elapsedMs + now - pending.seenAt);
    case 'failed_poll':
      return formatFailedPoll(pending, now);
  }
}

/** Formats the log line about failing status checks: for how long they have failed, why, and how long they will be retried. */
function formatFailedPoll(pending: Extract<PendingStep, { kind: 'failed_poll' }>, now: number): LogLine {
  const { headline, left, since, failedAt } = pending;
  const forMs = now - since;
  const start = forMs < REPEAT_FAILURE_MS ? 'status check failed' : `no status for ${formatDuration(forMs)}`;
  const more = left === null ? '' : `; retrying ${formatLimit(left, now - failedAt)}`;
  return logLine`${start} (${headline})${more}`;
}

/** Returns the name of the order's first entry, "+2" for two others that share its run. */
export function formatOrderTitle({ entries: [first, ...others] }: Order): string {
  return `${first?.name ?? ''}${others.length === 0 ? '' : ` +${others.length}`}`;
}

/** Formats the title of the group of the launch. */
function formatLaunchTitle({ workflowId, projectId, inputs }: Order): LogLine {
  const names = Object.keys(inputs);
  const project = projectId === '' ? '' : ` on project ${projectId}`;
  return logLine`Launch ${workflowId}${project}${names.length === 0 ? '' : logLine` (inputs: ${names.join(', ')})`}`;
}

/** Formats why the launch waits: tokens that are missing, or the failure. */
function formatPauseReason({ error, bucketState: { last }, cost }: Failure): string {
  if (error.kind !== 'limited') return error.headline;
  const isShort = last !== null && last.remaining < cost;
  const left = isShort ? ` (${last.remaining} of ${last.limit} left)` : '';
  return `queueing for ${formatCount(cost, 'token')}${left}`;
}

/** Words for a wait that is not a failure. */
const WAITING: Partial<Record<FailureKind, string>> = { limited: 'queueing', locked: 'waiting' };

/** Formats how long the wait or the failure has lasted. */
function formatStillFailing({ error }: Failure, forMs: number): string {
  return `still ${WAITING[error.kind] ?? `failing (${error.word})`} after ${formatDuration(forMs)}`;
}

/** A shorter pause is logged without its length. */
const SHORT_PAUSE_MS = 500;

/** Formats when a failed launch is retried, and how much longer. @param passedMs since it failed */
function formatRetrying(delayMs: number, left: RetriesLeft, passedMs: number): string {
  const untilNextMs = delayMs - passedMs;
  if (untilNextMs >= SHORT_PAUSE_MS)
    return `retrying in ${formatDuration(untilNextMs)}, ${formatLimit(left, passedMs)}`;
  if (passedMs === 0) return `retrying now, ${formatLimit(left, passedMs)}`;
  return `waiting for an answer${'ms' in left ? `, retrying ${formatLimit(left, passedMs)}` : ''}`;
}

/** Formats the retries that are left: "once", "up to 3 times", "for up to 2 min". */
function formatLimit(left: RetriesLeft, passedMs: number): string {
  const isOnce = 'ms' in left ? left.ms - passedMs < SHORT_PAUSE_MS : left.sends === 1;
  if (isOnce) return 'once';
  return 'ms' in left ? `for up to ${formatDuration(left.ms - passedMs)}` : `up to ${left.sends} times`;
}
