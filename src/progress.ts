/** The one listener of what happens to the orders of a step: writes it into the log, and what runs become known into the outputs. */
import type { FailureKind } from './alloovium/errors.ts';
import type { Failure, RetriesLeft } from './alloovium/retry.ts';
import { isKnownStatus, isTerminal } from './alloovium/statuses.ts';
import { WORD } from './alloovium/wire.ts';
import type { Clock } from './clock.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { Order } from './inputs/entries.ts';
import { DEFAULT_API_URL } from './inputs/input-table.ts';
import type { Inputs } from './inputs/inputs.ts';
import { keyKind } from './inputs/secrets.ts';
import { heartbeatLine, namedLine, noteLine, progressLine, type Phase } from './report/log.ts';
import { emptyRow, runsJson } from './report/runs-json.ts';
import type { Emit, RunEvent } from './runs/events.ts';
import { logLine, type LogLine } from './text/escape.ts';
import { duration, plural } from './text/words.ts';

export interface Listened {
  readonly inputs: Inputs;
  readonly context: Context;
  readonly orders: readonly Order[];
  readonly tokensSpent: () => number;
}

type Listeners = { readonly [Kind in RunEvent['kind']]: (event: Extract<RunEvent, { kind: Kind }>) => void };

const MINUTE_MS = 60_000;

export function createListener(host: Host, clock: Clock, { inputs, context, orders, tokensSpent }: Listened) {
  const { runs, apiUrl, apiKey } = inputs;
  const isMany = runs !== null;
  const beatMs = isMany ? MINUTE_MS / 2 : MINUTE_MS;
  const rows = new Map((runs ?? []).map(({ name }) => [name, emptyRow(name)]));
  const phases = new Map<Order, Phase>(orders.map((order) => [order, 'queued']));
  const titles = orders.map(orderTitle);
  const over = new AbortController();
  let loggedAt = clock.now();
  let nextLaunchMs: () => number | null = () => null;
  /** What a silence ends with, where there is one run. */
  let beat: () => LogLine | null = () => null;
  const say = (line: LogLine) => {
    loggedAt = clock.now();
    host.line(logLine`    ${line}`);
  };

  const commit = context.commit.slice(0, 7);
  const kind = keyKind(apiKey);
  const about = logLine`commit ${commit}${kind === null ? '' : `, ${kind} key`}${
    apiUrl === DEFAULT_API_URL ? '' : logLine`, at ${{ safe: apiUrl }}`
  }`;
  if (isMany)
    host.line(
      logLine`${plural(runs.length, 'run')} in one step, ${plural(orders.length, 'launch', 'launches')} at most, ${about}`,
    );
  // Its sleep throws when all is over.
  heartbeat().catch(() => undefined);

  async function heartbeat(): Promise<void> {
    for (;;) {
      await clock.sleep(Math.max(1_000, loggedAt + beatMs - clock.now()), over.signal);
      if (clock.now() - loggedAt < beatMs) continue;
      const line = isMany ? heartbeatLine([...phases.values()], nextLaunchMs()) : beat();
      if (line !== null) say(line);
    }
  }

  /** @param nextMs when the next launch can go; null: now, or not known */
  function listen(order: Order, nextMs: () => number | null): Emit {
    nextLaunchMs = nextMs;
    let changedAt = -Infinity;
    const lastAt = () => (isMany ? changedAt : loggedAt);
    const sayOf = (line: LogLine) => {
      changedAt = clock.now();
      say(isMany ? namedLine(orderTitle(order), titles, line) : line);
    };
    /** A change is told, unless it comes in a flood: an hour of restless stages takes about a hundred lines. */
    const changed = (what: string, elapsedMs: number, line: LogLine) => {
      const gapMs = Math.max(1_500, elapsedMs / 30);
      if (what === shown || (shown !== '' && clock.now() - lastAt() < gapMs)) return;
      shown = what;
      sayOf(line);
    };
    const group = (title: string | LogLine) => {
      if (!isMany) host.startGroup(title);
      isGrouped = !isMany;
    };
    const endGroup = () => {
      if (isGrouped) host.endGroup();
      isGrouped = false;
    };
    let key = '';
    let runId = '';
    let polls = 0;
    /** Nothing was said of the run that was joined. */
    let isJoinNotLogged = false;
    let shown = '';
    /** When the first of the failures came that go on; null: none does. */
    let failingSince: number | null = null;
    /** When a failed poll was last told for its time. */
    let failureLoggedAt = -Infinity;
    let isUnknownStatusLogged = false;
    let isGrouped = false;
    const on: Listeners = {
      launching: () => {
        group(launchTitle(order));
        if (!isMany) say(about);
      },
      key: (event) => {
        ({ key } = event);
        host.debug(`idempotency key ${key}`);
      },
      /** A short pause is told where its reason is new within the first minute of trouble; else once a minute. */
      pause: ({ failure, delayMs, left }) => {
        const pausedAt = clock.now();
        const since = (failingSince ??= pausedAt);
        const { headline } = failure.error;
        const line = (now: number) => {
          const start =
            now > pausedAt || headline === shown ? stillFailing(failure, now - since) : pauseReason(failure);
          return logLine`${start}; ${retrying(delayMs, left, now - pausedAt)}`;
        };
        beat = () => line(clock.now());
        const isOld = headline === shown || pausedAt - since >= MINUTE_MS;
        if (isOld && delayMs <= MINUTE_MS / 2 && pausedAt - lastAt() < MINUTE_MS) return;
        sayOf(line(pausedAt));
        shown = headline;
      },
      earlier_run: ({ line }) => {
        failingSince = null;
        sayOf(line);
      },
      resumed: () => undefined,
      run: ({ origin, ...event }) => {
        ({ runId } = event);
        // Into the log first: the output file may turn out not to be writable.
        if (origin.kind === 'new') sayOf(logLine`Started ${runId}`);
        if (origin.kind === 'attached') sayOf(logLine`Attached to ${runId}: nothing is launched`);
        failingSince = null;
        shown = '';
        isJoinNotLogged = origin.kind === 'joined';
        phases.set(order, 'running');
        if (!isMany) {
          host.output('run_id', runId);
          return;
        }
        const ids = { run_id: runId, workflow_id: order.workflowId, project_id: order.projectId };
        const row = { ...ids, idempotency_key: key, replayed: origin.kind === 'joined' };
        for (const { name } of order.entries) rows.set(name, { ...emptyRow(name), ...row });
        host.output('runs_json', runsJson([...rows.values()]));
      },
      joined: ({ isOwn, ageMs }) => {
        isJoinNotLogged = false;
        const age = ageMs === null ? '' : ` (${duration(ageMs)} old)`;
        if (isOwn)
          sayOf(logLine`Started ${runId} by an earlier attempt of this launch, whose answer was lost`);
        else sayOf(logLine`Joined ${runId}${age}`);
      },
      launch_over: () => {
        if (isJoinNotLogged) sayOf(logLine`Joined ${runId}`);
        endGroup();
      },
      following: ({ leftMs, isSeen }) => {
        group(`Wait for ${runId}, for up to ${duration(leftMs)}`);
        const check = isSeen ? 'next status check' : 'first status check';
        beat = () => logLine`waiting for the ${check}`;
      },
      poll: () => {
        polls++;
      },
      polled: ({ run, elapsedMs }) => {
        failingSince = null;
        if (isTerminal(run.status)) {
          const tokens = isMany ? '' : `, ${plural(tokensSpent(), 'token')}`;
          const after = logLine`after ${duration(elapsedMs)} (${plural(polls, 'status check')}${tokens})`;
          sayOf(logLine`${run.status} ${after}`);
          endGroup();
          return;
        }
        if (!isKnownStatus(run.status) && !isUnknownStatusLogged) {
          isUnknownStatusLogged = true;
          const status = WORD.test(run.status) ? ` “${run.status}”` : '';
          const warning = `Unknown run status${status}; still waiting.`;
          host.warning(isMany ? `${orderTitle(order)}: ${warning}` : warning);
        }
        const seenAt = clock.now();
        beat = () => progressLine(run, elapsedMs + clock.now() - seenAt);
        const percent = isMany ? '' : Math.floor(run.progress ?? 0);
        changed(`${run.status} ${run.stage ?? ''} ${percent}`, elapsedMs, progressLine(run, elapsedMs));
      },
      /** Told at once, then once a minute; another reason meanwhile as any change is. */
      failed_poll: ({ headline, elapsedMs, left }) => {
        const failedAt = clock.now();
        const since = (failingSince ??= failedAt);
        const line = (now: number) => {
          const forMs = now - since;
          const start = forMs < MINUTE_MS ? 'status check failed' : `no status for ${duration(forMs)}`;
          const more = left === null ? '' : `; retrying ${limit(left, now - failedAt)}`;
          return logLine`${start} (${headline})${more}`;
        };
        beat = () => {
          failureLoggedAt = clock.now();
          return line(failureLoggedAt);
        };
        if (failedAt - failureLoggedAt < MINUTE_MS) {
          changed(headline, elapsedMs, line(failedAt));
          return;
        }
        failureLoggedAt = failedAt;
        shown = headline;
        sayOf(line(failedAt));
      },
      evaluated: () => undefined,
      notice: ({ text }) => sayOf(noteLine(text)),
      log_note: ({ text }) => sayOf(noteLine(text)),
      over: ({ ending }) => {
        endGroup();
        phases.set(order, 'done');
        beat = () => null;
        if (isMany && ending.kind === 'error') sayOf(logLine`${ending.headline}`);
      },
    };
    return (event) => (on[event.kind] as (event: RunEvent) => void)(event);
  }
  /** `end`: no heartbeat comes any more. */
  return { listen, end: () => over.abort() };
}

/** Entries of one intent share a run. */
function orderTitle({ entries: [first, ...others] }: Order): string {
  return `${first?.name ?? ''}${others.length === 0 ? '' : ` +${others.length}`}`;
}

function launchTitle({ workflowId, projectId, inputs }: Order): LogLine {
  const names = Object.keys(inputs);
  const project = projectId === '' ? '' : ` on project ${projectId}`;
  return logLine`Launch ${workflowId}${project}${names.length === 0 ? '' : logLine` (inputs: ${names.join(', ')})`}`;
}

function pauseReason({ error, bucketState: { last }, cost }: Failure): string {
  if (error.kind !== 'limited') return error.headline;
  const left = last === null ? '' : ` (${last.remaining} of ${last.limit} left)`;
  return `queueing for ${plural(cost, 'token')}${left}`;
}

/** What is waited for where nothing fails. */
const WAITING: Partial<Record<FailureKind, string>> = { limited: 'queueing', locked: 'waiting' };

function stillFailing({ error }: Failure, forMs: number): string {
  return `still ${WAITING[error.kind] ?? `failing (${error.word})`} after ${duration(forMs)}`;
}

/** A pause that is over, or hardly begins, is not told in seconds. */
const SHORT_PAUSE_MS = 500;

/**
 * Of a launch that failed: when it is sent again, and how much longer that goes on.
 * @param passedMs since it failed
 */
function retrying(delayMs: number, left: RetriesLeft, passedMs: number): string {
  const untilNextMs = delayMs - passedMs;
  if (untilNextMs >= SHORT_PAUSE_MS) return `retrying in ${duration(untilNextMs)}, ${limit(left, passedMs)}`;
  if (passedMs === 0) return `retrying now, ${limit(left, passedMs)}`;
  return `waiting for an answer${'ms' in left ? `, retrying ${limit(left, passedMs)}` : ''}`;
}

function limit(left: RetriesLeft, passedMs: number): string {
  const isOnce = 'ms' in left ? left.ms - passedMs < SHORT_PAUSE_MS : left.sends === 1;
  if (isOnce) return 'once';
  return 'ms' in left ? `for up to ${duration(left.ms - passedMs)}` : `up to ${left.sends} times`;
}
