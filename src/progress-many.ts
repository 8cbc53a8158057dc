/** As `progress.ts`, where a step has several runs: a line when one changes, one heartbeat while all wait, and `runs_json`. */
import type { Clock } from './clock.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import { DEFAULT_API_URL } from './inputs/fields.ts';
import type { Inputs } from './inputs/inputs.ts';
import type { Order } from './inputs/entries.ts';
import { pauseLine } from './progress.ts';
import {
  heartbeatLine,
  isDue,
  namedLine,
  progressLine,
  unknownStatusLine,
  type Pulse,
} from './report/log.ts';
import { emptyRow, runsJson } from './report/runs-json.ts';
import type { Emit, RunEvent } from './runs/outcome.ts';
import type { Standing } from './runs/turns.ts';
import { isTerminal } from './alloovium/wire.ts';
import { duration, plural } from './text/words.ts';

const HEARTBEAT_MS = 30_000;

export interface Many {
  readonly listen: (order: Order, standing: () => Standing) => Emit;
  /** No heartbeat comes any more. */
  readonly end: () => void;
}

export function listenToMany(
  host: Host,
  clock: Clock,
  { inputs, context, orders }: { inputs: Inputs; context: Context; orders: readonly Order[] },
): Many {
  const names = (inputs.runs ?? []).map(({ name }) => name);
  const rows = new Map(names.map((name) => [name, emptyRow(name)]));
  const state = new Map<Order, 'queued' | 'running' | 'done'>(orders.map((order) => [order, 'queued']));
  const titles = orders.map(titleOf);
  const over = new AbortController();
  let standingNow: () => Standing = () => ({ waiting: 0, nextLaunchMs: null });
  let saidAt = clock.now();
  const say = (line: string) => {
    saidAt = clock.now();
    host.line(line);
  };

  host.line(
    `${plural(names.length, 'run')} in one step, ${plural(orders.length, 'launch', 'launches')} at most, commit ${context.commit.slice(0, 7)}`,
  );
  if (inputs.apiUrl !== DEFAULT_API_URL) host.line(`    at ${inputs.apiUrl}`);
  void beat();

  async function beat(): Promise<void> {
    try {
      for (;;) {
        await clock.sleep(Math.max(1_000, saidAt + HEARTBEAT_MS - clock.now()), over.signal);
        if (clock.now() - saidAt >= HEARTBEAT_MS) say(heartbeatLine({ ...counts(), nextLaunchMs: nextMs() }));
      }
    } catch {
      // It is over.
    }
  }

  function counts(): { done: number; running: number; queued: number } {
    const all = [...state.values()];
    const of = (word: string) => all.filter((one) => one === word).length;
    return { done: of('done'), running: of('running'), queued: of('queued') };
  }

  function nextMs(): number | null {
    return standingNow().nextLaunchMs;
  }

  return {
    end: () => over.abort(),
    listen: (order, standing) => {
      standingNow = standing;
      const own = order.entries.map(({ name }) => name);
      const told = (line: string) => say(namedLine(titleOf(order), titles, line));
      let key = '';
      let pulse: Pulse | null = null;
      /** A change is told, unless it comes in a flood. */
      const changed = (what: string, elapsedMs: number, line: string) => {
        if (what === pulse?.shown || !isDue(pulse, what, clock.now(), elapsedMs)) return;
        pulse = { shown: what, at: clock.now() };
        told(line);
      };
      const known = (runId: string, replayed: boolean) => {
        state.set(order, 'running');
        for (const name of own) {
          const row = { ...emptyRow(name), run_id: runId, workflow_id: order.workflowId };
          rows.set(name, { ...row, project_id: order.projectId, idempotency_key: key, replayed });
        }
        host.output('runs_json', runsJson([...rows.values()]));
      };
      return (event: RunEvent) => {
        switch (event.kind) {
          case 'key':
            key = event.key;
            return;
          case 'pause':
            told(pauseLine(event.failure, event.delayMs));
            return;
          case 'walk':
          case 'notice':
            told(event.kind === 'notice' ? `note: ${event.text}` : event.text);
            return;
          case 'run':
            told(`run ${event.runId}${event.replayed ? '' : ' is new'}, idempotency key ${key}`);
            known(event.runId, event.replayed);
            return;
          case 'attached':
            told(`attached to run ${event.runId}: nothing is launched`);
            known(event.runId, false);
            return;
          case 'polled': {
            const { run, elapsedMs, polls } = event;
            if (isTerminal(run.status)) {
              told(`${run.status} after ${duration(elapsedMs)} (${plural(polls, 'status check')})`);
              return;
            }
            changed(
              `${run.status} ${run.stage ?? ''}`,
              elapsedMs,
              progressLine(run.status, run.progress, run.stage, elapsedMs),
            );
            return;
          }
          case 'failed_poll':
            changed(event.headline, event.elapsedMs ?? 0, `status check failed: ${event.headline}`);
            return;
          case 'unknown_status':
            host.warning(unknownStatusLine(event.status));
            return;
          case 'over':
            state.set(order, 'done');
            if (event.ending.kind === 'error') told(event.ending.headline);
            return;
          case 'launching':
          case 'launch_over':
          case 'following':
          case 'following_over':
        }
      };
    },
  };
}

/** Entries of one intent share a run. */
function titleOf({ entries: [first, ...others] }: Order): string {
  return `${first?.name ?? ''}${others.length === 0 ? '' : ` +${others.length}`}`;
}
