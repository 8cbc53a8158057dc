/** What the log says of one order on its way: one rule for each kind of event, `(event, state) → { state, entries }`. Pure. */
import type { FailureKind } from '../alloovium/errors.ts';
import type { Failure, RetriesLeft } from '../alloovium/retry.ts';
import { isKnownStatus, isTerminal } from '../alloovium/statuses.ts';
import { WORD, type Run } from '../alloovium/wire.ts';
import type { Order } from '../inputs/runs-input.ts';
import type { RunEvent } from '../runs/events.ts';
import { logLine, type LogLine } from '../text/escape.ts';
import { formatDuration, formatCount } from '../text/format.ts';
import { addressOf } from './links.ts';
import { namedLine, noteLine, progressLine, type Phase } from './log.ts';

/** `silence`: nothing was logged for some time. */
export type LoggedEvent = RunEvent | { readonly kind: 'silence' };

export type LogEntry =
  | { readonly kind: 'line'; readonly line: LogLine }
  | { readonly kind: 'group'; readonly title: string | LogLine }
  | { readonly kind: 'end_group' }
  | { readonly kind: 'warning' | 'debug'; readonly text: string };

/** What is waited for: a silence ends with a line about it. Moments are on `clock.now()`. */
type PendingStep =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'retry';
      readonly failure: Failure;
      readonly delayMs: number;
      readonly left: RetriesLeft;
      /** When the first of the failures came, and when this one did. */
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

/** What does not change on the way. */
export interface LogContext {
  readonly order: Order;
  /** What the lines of all orders of the step begin with; null: the step has one run. */
  readonly titles: readonly string[] | null;
  /** Commit, kind of key, and address of the API. */
  readonly about: LogLine;
  /** The input `run_url`. */
  readonly urlTemplate: string;
}

export interface LogState extends LogContext {
  readonly phase: Phase;
  readonly key: string;
  readonly runId: string;
  /** The address of the run's page; empty: not known. */
  readonly runUrl: string;
  readonly polls: number;
  /** When the last line about this order was logged. */
  readonly loggedAt: number;
  readonly isGrouped: boolean;
  /** A run was joined, and no line says so yet. */
  readonly isJoinToLog: boolean;
  /** What the last line is about: the same is not logged again. */
  readonly shown: string;
  /** When the first of the failures came that go on; null: none does. */
  readonly failingSince: number | null;
  /** When a failed poll was last logged for its time. */
  readonly failureLoggedAt: number;
  readonly isUnknownStatusLogged: boolean;
  readonly pending: PendingStep;
}

export function firstLogState(context: LogContext, now: number): LogState {
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

/** Facts besides the order. */
export interface EventContext {
  readonly now: number;
  /** Spent so far, by the step. */
  readonly tokens: number;
}

/** What an event adds to the log. */
export function logEvent(event: LoggedEvent, state: LogState, facts: EventContext): Logged {
  return (RULES[event.kind] as Rule<LoggedEvent>)(event, state, facts);
}

type Rule<Event> = (event: Event, state: LogState, facts: EventContext) => Logged;
type Rules = { readonly [Kind in LoggedEvent['kind']]: Rule<Extract<LoggedEvent, { kind: Kind }>> };

const MINUTE_MS = 60_000;

const RULES: Rules = {
  launching: (_, state, facts) => {
    const { order, titles, about } = state;
    return titles === null
      ? then(group(state, launchTitle(order)), (next) => line(next, facts, about))
      : silent(state);
  },
  key: ({ key }, state) => ({
    state: { ...state, key },
    entries: [{ kind: 'debug', text: `idempotency key ${key}` }],
  }),
  /** A short pause is logged where its reason is new within the first minute of trouble; else once a minute. */
  pause: ({ failure, delayMs, left }, before, facts) => {
    const { now } = facts;
    const since = before.failingSince ?? now;
    const pending: PendingStep = { kind: 'retry', failure, delayMs, left, since, failedAt: now };
    const state = { ...before, failingSince: since, pending };
    const { headline } = failure.error;
    const isOld = headline === state.shown || now - since >= MINUTE_MS;
    if (isOld && delayMs <= MINUTE_MS / 2 && now - state.loggedAt < MINUTE_MS) return silent(state);
    const reason = headline === state.shown ? stillFailing(failure, now - since) : pauseReason(failure);
    return line({ ...state, shown: headline }, facts, logLine`${reason}; ${retrying(delayMs, left, 0)}`);
  },
  earlier_run: (event, state, facts) => line({ ...state, failingSince: null }, facts, event.line),
  resumed: (_, state) => silent(state),
  run: ({ runId, origin }, before, facts) => {
    const { order, urlTemplate } = before;
    const state: LogState = {
      ...before,
      runId,
      runUrl: addressOf(urlTemplate, { runId, workflowId: order.workflowId, order }, null),
      phase: 'running',
      failingSince: null,
      shown: '',
      isJoinToLog: origin.kind === 'joined',
    };
    switch (origin.kind) {
      case 'new':
        return known(state, facts, logLine`Started ${runId}`);
      case 'attached':
        return known(state, facts, logLine`Attached to ${runId}: nothing is launched`);
      case 'joined':
        return silent(state);
    }
  },
  joined: ({ isLaunchedHere, ageMs }, before, facts) => {
    const state = { ...before, isJoinToLog: false };
    const { runId } = state;
    const age = ageMs === null ? '' : ` (${formatDuration(ageMs)} old)`;
    return isLaunchedHere
      ? known(
          state,
          facts,
          logLine`Started ${runId} by an earlier attempt of this launch, whose answer was lost`,
        )
      : known(state, facts, logLine`Joined ${runId}${age}`);
  },
  launch_over: (_, state, facts) => {
    const { isJoinToLog, runId } = state;
    const joined = isJoinToLog ? known(state, facts, logLine`Joined ${runId}`) : silent(state);
    return then(joined, endGroup);
  },
  following: ({ leftMs, isSeen }, state) => {
    const pending: PendingStep = { kind: 'check', isSeen };
    return group({ ...state, pending }, `Wait for ${state.runId}, for up to ${formatDuration(leftMs)}`);
  },
  poll: (_, state) => silent({ ...state, polls: state.polls + 1 }),
  polled: (event, state, facts) =>
    isTerminal(event.run.status) ? ended(event, state, facts) : progressed(event, state, facts),
  /** Logged at once, then once a minute; another reason meanwhile as any change is. */
  failed_poll: ({ headline, elapsedMs, left }, before, facts) => {
    const { now } = facts;
    const since = before.failingSince ?? now;
    const pending: PendingStep = { kind: 'failed_poll', headline, left, since, failedAt: now };
    const state = { ...before, failingSince: since, pending };
    const text = failedPollLine(pending, now);
    if (now - state.failureLoggedAt < MINUTE_MS) return changed(state, facts, headline, elapsedMs, text);
    return line({ ...state, failureLoggedAt: now, shown: headline }, facts, text);
  },
  evaluated: (_, state) => silent(state),
  notice: ({ text }, state, facts) => line(state, facts, noteLine(text)),
  log_note: ({ text }, state, facts) => line(state, facts, noteLine(text)),
  over: ({ ending }, before, facts) => {
    const over: LogState = { ...before, phase: 'done', pending: { kind: 'nothing' } };
    return then(endGroup(over), (state) =>
      state.titles !== null && ending.kind === 'error'
        ? line(state, facts, logLine`${ending.headline}`)
        : silent(state),
    );
  },
  silence: (_, state, facts) => {
    const text = silenceLine(state.pending, facts.now);
    if (text === null) return silent(state);
    const isFailure = state.pending.kind === 'failed_poll';
    return line(isFailure ? { ...state, failureLoggedAt: facts.now } : state, facts, text);
  },
};

function silent(state: LogState): Logged {
  return { state, entries: [] };
}

function line(state: LogState, { now }: EventContext, text: LogLine): Logged {
  const { titles, order } = state;
  const named = titles === null ? text : namedLine(orderTitle(order), titles, text);
  return { state: { ...state, loggedAt: now }, entries: [{ kind: 'line', line: named }] };
}

/** The line about a known run, with the URL of its page. */
function known(state: LogState, facts: EventContext, text: LogLine): Logged {
  const { runUrl } = state;
  // The alphabet of an address makes no command, and what else `logLine` adds would be a part of the link.
  return then(line(state, facts, text), (next) =>
    runUrl === '' ? silent(next) : line(next, facts, { safe: runUrl }),
  );
}

/** Groups are for the log of one run: those of several would be mixed. */
function group(state: LogState, title: string | LogLine): Logged {
  if (state.titles !== null) return silent(state);
  return { state: { ...state, isGrouped: true }, entries: [{ kind: 'group', title }] };
}

function endGroup(state: LogState): Logged {
  if (!state.isGrouped) return silent(state);
  return { state: { ...state, isGrouped: false }, entries: [{ kind: 'end_group' }] };
}

function then({ state, entries }: Logged, next: (state: LogState) => Logged): Logged {
  const logged = next(state);
  return { state: logged.state, entries: [...entries, ...logged.entries] };
}

/** A change is logged, unless it comes in a flood: an hour of restless stages takes about a hundred lines. */
function changed(
  state: LogState,
  facts: EventContext,
  what: string,
  elapsedMs: number,
  text: LogLine,
): Logged {
  const gapMs = Math.max(1_500, elapsedMs / 30);
  const isTooSoon = state.shown !== '' && facts.now - state.loggedAt < gapMs;
  return what === state.shown || isTooSoon ? silent(state) : line({ ...state, shown: what }, facts, text);
}

type PolledEvent = Extract<RunEvent, { kind: 'polled' }>;

function ended({ run, elapsedMs }: PolledEvent, before: LogState, facts: EventContext): Logged {
  const state = { ...before, failingSince: null };
  const tokens = state.titles === null ? `, ${formatCount(facts.tokens, 'token')}` : '';
  const after = logLine`after ${formatDuration(elapsedMs)} (${formatCount(state.polls, 'status check')}${tokens})`;
  return then(line(state, facts, logLine`${run.status} ${after}`), endGroup);
}

function progressed({ run, elapsedMs }: PolledEvent, before: LogState, facts: EventContext): Logged {
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
  return then(unknownStatus(status, state), (next) =>
    changed(next, facts, what, elapsedMs, progressLine(run, elapsedMs)),
  );
}

/** Warns once of a status that is not ours to interpret. */
function unknownStatus(status: string, state: LogState): Logged {
  if (isKnownStatus(status) || state.isUnknownStatusLogged) return silent(state);
  const word = WORD.test(status) ? ` “${status}”` : '';
  const warning = `Unknown run status${word}; still waiting.`;
  const text = state.titles === null ? warning : `${orderTitle(state.order)}: ${warning}`;
  return { state: { ...state, isUnknownStatusLogged: true }, entries: [{ kind: 'warning', text }] };
}

/** What a silence ends with, in a step with one run; null: there is nothing to say. */
function silenceLine(pending: PendingStep, now: number): LogLine | null {
  switch (pending.kind) {
    case 'nothing':
      return null;
    case 'retry': {
      const { failure, delayMs, left, since, failedAt } = pending;
      return logLine`${stillFailing(failure, now - since)}; ${retrying(delayMs, left, now - failedAt)}`;
    }
    case 'check':
      return logLine`waiting for the ${pending.isSeen ? 'next status check' : 'first status check'}`;
    case 'progress':
      return progressLine(pending.run, pending.elapsedMs + now - pending.seenAt);
    case 'failed_poll':
      return failedPollLine(pending, now);
  }
}

function failedPollLine(pending: Extract<PendingStep, { kind: 'failed_poll' }>, now: number): LogLine {
  const { headline, left, since, failedAt } = pending;
  const forMs = now - since;
  const start = forMs < MINUTE_MS ? 'status check failed' : `no status for ${formatDuration(forMs)}`;
  const more = left === null ? '' : `; retrying ${limit(left, now - failedAt)}`;
  return logLine`${start} (${headline})${more}`;
}

/** Entries of one intent share a run. */
export function orderTitle({ entries: [first, ...others] }: Order): string {
  return `${first?.name ?? ''}${others.length === 0 ? '' : ` +${others.length}`}`;
}

function launchTitle({ workflowId, projectId, inputs }: Order): LogLine {
  const names = Object.keys(inputs);
  const project = projectId === '' ? '' : ` on project ${projectId}`;
  return logLine`Launch ${workflowId}${project}${names.length === 0 ? '' : logLine` (inputs: ${names.join(', ')})`}`;
}

function pauseReason({ error, bucketState: { last }, cost }: Failure): string {
  if (error.kind !== 'limited') return error.headline;
  const isShort = last !== null && last.remaining < cost;
  const left = isShort ? ` (${last.remaining} of ${last.limit} left)` : '';
  return `queueing for ${formatCount(cost, 'token')}${left}`;
}

/** What is waited for where nothing fails. */
const WAITING: Partial<Record<FailureKind, string>> = { limited: 'queueing', locked: 'waiting' };

function stillFailing({ error }: Failure, forMs: number): string {
  return `still ${WAITING[error.kind] ?? `failing (${error.word})`} after ${formatDuration(forMs)}`;
}

/** A pause that is over, or hardly begins, has no seconds worth a number. */
const SHORT_PAUSE_MS = 500;

/**
 * Of a launch that failed: when it is sent again, and how much longer that goes on.
 * @param passedMs since it failed
 */
function retrying(delayMs: number, left: RetriesLeft, passedMs: number): string {
  const untilNextMs = delayMs - passedMs;
  if (untilNextMs >= SHORT_PAUSE_MS)
    return `retrying in ${formatDuration(untilNextMs)}, ${limit(left, passedMs)}`;
  if (passedMs === 0) return `retrying now, ${limit(left, passedMs)}`;
  return `waiting for an answer${'ms' in left ? `, retrying ${limit(left, passedMs)}` : ''}`;
}

function limit(left: RetriesLeft, passedMs: number): string {
  const isOnce = 'ms' in left ? left.ms - passedMs < SHORT_PAUSE_MS : left.sends === 1;
  if (isOnce) return 'once';
  return 'ms' in left ? `for up to ${formatDuration(left.ms - passedMs)}` : `up to ${left.sends} times`;
}
