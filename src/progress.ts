/** The one listener of what happens to the orders of a step: writes it into the log, and what runs become known into the outputs. */
import type { Failure } from './alloovium/retry.ts';
import { isKnownStatus, isTerminal } from './alloovium/wire.ts';
import type { Clock } from './clock.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { Order } from './inputs/entries.ts';
import { DEFAULT_API_URL } from './inputs/fields.ts';
import type { Inputs } from './inputs/inputs.ts';
import { keyKind } from './inputs/secrets.ts';
import {
  gapMs,
  heartbeatLine,
  namedLine,
  noteLine,
  progressLine,
  unknownStatusLine,
  type Phase,
} from './report/log.ts';
import { emptyRow, runsJson } from './report/runs-json.ts';
import type { Emit, RunEvent } from './runs/outcome.ts';
import { logLine, type LogLine } from './text/escape.ts';
import { duration, plural } from './text/words.ts';

export interface Listener {
  /** @param nextLaunchMs when the next launch can be paid for; null: not known */
  readonly listen: (order: Order, nextLaunchMs: () => number | null) => Emit;
  /** No heartbeat comes any more. */
  readonly end: () => void;
}

export interface Listened {
  readonly inputs: Inputs;
  readonly context: Context;
  readonly orders: readonly Order[];
  readonly tokensSpent: () => number;
}

const MINUTE_MS = 60_000;

export function createListener(
  host: Host,
  clock: Clock,
  { inputs, context, orders, tokensSpent }: Listened,
): Listener {
  const { runs, apiUrl, apiKey } = inputs;
  const isMany = runs !== null;
  const beatMs = isMany ? MINUTE_MS / 2 : MINUTE_MS;
  const rows = new Map((runs ?? []).map(({ name }) => [name, emptyRow(name)]));
  const phases = new Map<Order, Phase>(orders.map((order) => [order, 'queued']));
  const titles = orders.map(orderTitle);
  const over = new AbortController();
  let saidAt = clock.now();
  /** What a silence ends with. */
  let beat: () => LogLine | null = () => null;
  const say = (line: LogLine) => {
    saidAt = clock.now();
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
  void keepSaying();

  async function keepSaying(): Promise<void> {
    try {
      for (;;) {
        await clock.sleep(Math.max(1_000, saidAt + beatMs - clock.now()), over.signal);
        const line = clock.now() - saidAt < beatMs ? null : beat();
        if (line !== null) say(line);
      }
    } catch {
      // It is over.
    }
  }

  function listen(order: Order, nextLaunchMs: () => number | null): Emit {
    let ownAt = -Infinity;
    const lastAt = () => (isMany ? ownAt : saidAt);
    const sayOf = (line: LogLine) => {
      ownAt = clock.now();
      say(isMany ? namedLine(orderTitle(order), titles, line) : line);
    };
    if (isMany) beat = () => heartbeatLine([...phases.values()], nextLaunchMs());
    const beatOfOne = (line: () => LogLine | null) => {
      if (!isMany) beat = line;
    };
    let key = '';
    let runId = '';
    let isRunSaid = false;
    let shown = '';
    let troubledAt: number | null = null;
    /** A change is told, unless it comes in a flood: an hour of restless stages takes about a hundred lines. */
    const changed = (what: string, elapsedMs: number, line: LogLine) => {
      if (what === shown || (shown !== '' && clock.now() - lastAt() < gapMs(elapsedMs))) return;
      shown = what;
      sayOf(line);
    };
    let isOddSaid = false;
    let isGrouped = false;
    const sayRun = (line: LogLine) => {
      isRunSaid = true;
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
    const known = (replayed: boolean) => {
      troubledAt = null;
      phases.set(order, 'running');
      if (!isMany) host.output('run_id', runId);
      else {
        const row = { run_id: runId, workflow_id: order.workflowId, project_id: order.projectId };
        for (const { name } of order.entries)
          rows.set(name, { ...emptyRow(name), ...row, idempotency_key: key, replayed });
        host.output('runs_json', runsJson([...rows.values()]));
      }
    };
    /** Each pause in the first minute of trouble; of short ones then one a minute. */
    const pause = (failure: Failure, delayMs: number) => {
      const until = clock.now() + delayMs;
      troubledAt ??= clock.now();
      const word = failure.error.fate === 'limited' ? 'queueing' : 'waiting';
      beatOfOne(() => logLine`still ${word}, next try in ${duration(until - clock.now())}`);
      const isShort = delayMs <= MINUTE_MS / 2 && clock.now() - troubledAt >= MINUTE_MS;
      if (isShort && clock.now() - lastAt() < MINUTE_MS) return;
      sayOf(logLine`${pauseReason(failure)}, next try in ${duration(delayMs)}`);
    };
    return (event: RunEvent) => {
      switch (event.kind) {
        case 'launching':
          group(launchTitle(order));
          if (!isMany) say(about);
          return;
        case 'key':
          key = event.key;
          host.debug(`idempotency key ${key}`);
          return;
        case 'pause':
          pause(event.failure, event.delayMs);
          return;
        case 'walk':
          sayOf(event.line);
          return;
        case 'run':
          runId = event.runId;
          // Into the log first: the output file may turn out not to be writable.
          if (event.origin.kind === 'new') sayRun(logLine`Started ${runId}`);
          if (event.origin.kind === 'attached') sayRun(logLine`Attached to ${runId}: nothing is launched`);
          known(event.origin.kind === 'joined');
          return;
        case 'joined':
          if (event.isOwn) sayRun(logLine`Started ${runId} by the first try, whose answer was lost`);
          else
            sayRun(logLine`Joined ${runId}${event.ageMs === null ? '' : ` (${duration(event.ageMs)} old)`}`);
          return;
        case 'launch_over':
          if (runId !== '' && !isRunSaid) sayRun(logLine`Joined ${runId}`);
          endGroup();
          return;
        case 'following':
          group(
            `Wait for ${event.runId} (${duration(inputs.timeoutMs)} at most, ${duration(event.leftMs)} left)`,
          );
          beatOfOne(() => logLine`waiting for the first status check`);
          if (order.expectedMs !== null && event.firstPollMs > 0)
            sayOf(
              logLine`usually ${duration(order.expectedMs)}: first status check after ${duration(event.firstPollMs)}`,
            );
          return;
        case 'polled': {
          const { run, elapsedMs, polls } = event;
          if (isTerminal(run.status)) {
            const tokens = isMany ? '' : `, ${plural(tokensSpent(), 'token')}`;
            sayOf(
              logLine`${run.status} after ${duration(elapsedMs)} (${plural(polls, 'status check')}${tokens})`,
            );
            endGroup();
            return;
          }
          if (!isKnownStatus(run.status) && !isOddSaid) {
            isOddSaid = true;
            host.warning(`${isMany ? `${orderTitle(order)}: ` : ''}${unknownStatusLine(run.status)}`);
          }
          const seenAt = clock.now();
          beatOfOne(() => progressLine(run, elapsedMs + clock.now() - seenAt));
          const percent = isMany ? '' : Math.floor(run.progress ?? 0);
          changed(`${run.status} ${run.stage ?? ''} ${percent}`, elapsedMs, progressLine(run, elapsedMs));
          return;
        }
        case 'failed_poll': {
          const line = logLine`status check failed (${event.headline})`;
          beatOfOne(() => line);
          changed(event.headline, event.elapsedMs, line);
          return;
        }
        case 'notice':
          sayOf(noteLine(event.text));
          return;
        case 'over':
          endGroup();
          phases.set(order, 'done');
          beatOfOne(() => null);
          if (isMany && event.ending.kind === 'error') sayOf(logLine`${event.ending.headline}`);
      }
    };
  }
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
  if (error.fate !== 'limited') return error.headline;
  const left = last === null ? '' : ` (${last.remaining} of ${last.limit} left)`;
  return `queueing for ${plural(cost, 'token')}${left}`;
}
