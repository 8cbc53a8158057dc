/** Listens to the events of the orders of a step: writes them to the log, and each run to the outputs as soon as it is known. */
import type { Clock } from './clock.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import type { Order } from './inputs/runs-input.ts';
import { DEFAULT_API_URL } from './inputs/input-table.ts';
import type { Inputs } from './inputs/inputs.ts';
import { detectKeyKind } from './inputs/secrets.ts';
import { formatHeartbeat } from './report/log.ts';
import {
  createLogState,
  logEvent,
  formatOrderTitle,
  type LogEntry,
  type LoggedEvent,
  type LogState,
} from './report/run-log.ts';
import { createEmptyRow, formatRunsJson, type RunRow } from './report/runs-json.ts';
import type { Emit, RunEvent } from './runs/events.ts';
import { logLine, type LogLine } from './text/escape.ts';
import { formatCount } from './text/format.ts';

export interface Listened {
  readonly inputs: Inputs;
  readonly context: Context;
  readonly orders: readonly Order[];
  readonly tokensSpent: () => number;
  /** Returns in how many ms the next launch can be sent; null: now, or not known. */
  readonly nextLaunchMs: () => number | null;
}

/** Without a line for so long, the log gets one about what is waited for. */
const HEARTBEAT_MS = 60_000;
/** The same for a step with several runs. */
const HEARTBEAT_OF_SEVERAL_MS = 30_000;

/**
 * Creates the listener to the events of all orders: it logs them, writes each run to the step outputs, and logs a line after some
 * silence.
 */
export function createListener(host: Host, clock: Clock, listened: Listened) {
  const { inputs, orders, tokensSpent, nextLaunchMs } = listened;
  const { runs, runUrl } = inputs;
  const heartbeatMs = runs === null ? HEARTBEAT_MS : HEARTBEAT_OF_SEVERAL_MS;
  const about = formatAbout(listened);
  const titles = runs === null ? null : orders.map(formatOrderTitle);
  const firstState = (order: Order) =>
    createLogState({ order, titles, about, urlTemplate: runUrl }, clock.now());
  const states = new Map(orders.map((order) => [order, firstState(order)]));
  const rows = new Map((runs ?? []).map(({ name }) => [name, createEmptyRow(name)]));
  const over = new AbortController();
  let loggedAt = clock.now();
  if (runs !== null) {
    const launches = formatCount(orders.length, 'launch', 'launches');
    host.line(logLine`${formatCount(runs.length, 'run')} in one step, ${launches} at most, ${about}`);
  }

  /** Writes an entry, and remembers when. */
  function write(entry: LogEntry): void {
    if (entry.kind === 'line') loggedAt = clock.now();
    writeEntry(host, entry);
  }

  /** Logs an event of an order. */
  function log(order: Order, event: LoggedEvent): LogState {
    const before = states.get(order) ?? firstState(order);
    const { state, entries } = logEvent(event, before, { now: clock.now(), tokens: tokensSpent() });
    states.set(order, state);
    for (const entry of entries) write(entry);
    return state;
  }

  /** Writes the run's ID and URL to the outputs; of several runs, all rows so far. */
  function writeRun(event: RunKnown, { order, key, runUrl: address }: LogState): void {
    if (runs === null) {
      host.output('run_id', event.runId);
      if (address !== '') host.output('run_url', address);
      return;
    }
    for (const { name } of order.entries) rows.set(name, rowOfLaunched(name, event, order, key));
    host.output('runs_json', formatRunsJson([...rows.values()]));
  }

  /** Logs a line whenever nothing was logged for some time. */
  async function heartbeat(): Promise<void> {
    for (;;) {
      await clock.sleep(Math.max(1_000, loggedAt + heartbeatMs - clock.now()), over.signal);
      if (clock.now() - loggedAt < heartbeatMs) continue;
      const phases = [...states.values()].map(({ phase }) => phase);
      if (runs !== null) write({ kind: 'line', line: formatHeartbeat(phases, nextLaunchMs()) });
      else for (const order of orders) log(order, { kind: 'silence' });
    }
  }
  // The sleep rejects at the end.
  heartbeat().catch(() => undefined);

  return {
    /** Returns the listener of an order. */
    listen: (order: Order): Emit => {
      return (event) => {
        const state = log(order, event);
        // After the log, since the output file may not be writable.
        if (event.kind === 'run') writeRun(event, state);
      };
    },
    /** Stops the heartbeat. */
    end: () => over.abort(),
  };
}

type RunKnown = Extract<RunEvent, { kind: 'run' }>;

/** Returns the row of an entry in the output `runs_json`, as soon as its run is known. */
function rowOfLaunched(name: string, { runId, origin }: RunKnown, order: Order, key: string): RunRow {
  return {
    ...createEmptyRow(name),
    run_id: runId,
    workflow_id: order.workflowId,
    project_id: order.projectId,
    idempotency_key: key,
    replayed: origin.kind === 'joined',
  };
}

/** Returns commit, kind of key and URL of the API. */
function formatAbout({ inputs: { apiKey, apiUrl }, context: { commit } }: Listened): LogLine {
  const kind = detectKeyKind(apiKey);
  const address = apiUrl === DEFAULT_API_URL ? '' : logLine`, at ${{ safe: apiUrl }}`;
  return logLine`commit ${commit.slice(0, 7)}${kind === null ? '' : `, ${kind} key`}${address}`;
}

/** Writes one entry (a line, a group, a warning or a debug line) to the runner's log. */
function writeEntry(host: Host, entry: LogEntry): void {
  switch (entry.kind) {
    case 'line':
      host.line(logLine`    ${entry.line}`);
      return;
    case 'group':
      host.startGroup(entry.title);
      return;
    case 'end_group':
      host.endGroup();
      return;
    case 'warning':
      host.warning(entry.text);
      return;
    case 'debug':
      host.debug(entry.text);
  }
}
