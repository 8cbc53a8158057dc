/** The one listener of what happens to an order under way: writes it into the log, and `run_id` into the outputs. */
import type { Order } from './inputs/entries.ts';
import { isRateLimited, type Failure } from './alloovium/retry.ts';
import { isTerminal } from './alloovium/wire.ts';
import type { Clock } from './clock.ts';
import type { Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import { DEFAULT_API_URL } from './inputs/fields.ts';
import type { Inputs } from './inputs/inputs.ts';
import { keyKind } from './inputs/secrets.ts';
import { isDue, progressLine, reminders, unknownStatusLine, type Pulse } from './report/log.ts';
import type { Emit, RunEvent } from './runs/outcome.ts';
import { duration, plural } from './text/words.ts';

export function listen(host: Host, clock: Clock, { inputs, context, order, tokensSpent }: Listened): Emit {
  let pulse: Pulse | null = null;
  /** A line that says what the last one said is not due yet. */
  const lineIfDue = (what: string, elapsedMs: number, line: string) => {
    if (!isDue(pulse, what, clock.now(), elapsedMs)) return;
    pulse = { shown: what, at: clock.now() };
    host.line(line);
  };
  /** Of the pause that is on; whatever happens next ends it. */
  let pause = new AbortController();
  return (event) => {
    pause.abort();
    switch (event.kind) {
      case 'launching':
        host.startGroup(launchTitle(order));
        if (inputs.apiUrl !== DEFAULT_API_URL) host.line(`    at ${inputs.apiUrl}`);
        return;
      case 'key': {
        const kind = keyKind(inputs.apiKey);
        host.line(
          `    idempotency key ${event.key} · commit ${context.commit.slice(0, 7)}${kind === null ? '' : ` · ${kind} key`}`,
        );
        return;
      }
      case 'pause':
        host.line(`    ${pauseLine(event.failure, event.delayMs)}`);
        pause = new AbortController();
        void remind(event, pause.signal);
        return;
      case 'walk':
        host.line(`    ${event.text}`);
        return;
      case 'run':
        // Into the log first: the output file may turn out not to be writable.
        host.line(`    run ${event.runId}${event.replayed ? '' : ' is new'}`);
        host.output('run_id', event.runId);
        return;
      case 'attached':
        host.line(`Attached to run ${event.runId}: nothing is launched`);
        host.output('run_id', event.runId);
        return;
      case 'following':
        host.startGroup(
          `Wait for ${event.runId} (${duration(inputs.timeoutMs)} at most, ${duration(event.leftMs)} left)`,
        );
        return;
      case 'polled':
        polled(event);
        return;
      case 'failed_poll': {
        const line = `    status check failed: ${event.headline}`;
        if (event.elapsedMs === null) host.line(line);
        else lineIfDue(event.headline, event.elapsedMs, line);
        return;
      }
      case 'unknown_status':
        host.warning(unknownStatusLine(event.status));
        return;
      case 'launch_over':
      case 'following_over':
        host.endGroup();
        return;
      case 'notice':
        host.line(`    note: ${event.text}`);
        return;
      case 'over':
    }
  };

  /** A pause that lasts says so now and then. */
  async function remind({ failure, delayMs }: Extract<RunEvent, { kind: 'pause' }>, signal: AbortSignal) {
    const doing = isRateLimited(failure.error) ? 'queueing' : 'waiting';
    let passedMs = 0;
    try {
      for (const atMs of reminders(delayMs)) {
        await clock.sleep(atMs - passedMs, signal);
        passedMs = atMs;
        host.line(`    still ${doing}, next try in ${duration(delayMs - atMs)}`);
      }
    } catch {
      // It is over.
    }
  }

  function polled({ run, elapsedMs, polls }: Extract<RunEvent, { kind: 'polled' }>): void {
    const { status, stage, progress } = run;
    if (isTerminal(status)) {
      host.line(
        `    ${status} after ${duration(elapsedMs)} (${plural(polls, 'status check')}, ${plural(tokensSpent(), 'token')})`,
      );
      return;
    }
    lineIfDue(
      `${status} ${stage ?? ''} ${Math.floor(progress ?? 0)}`,
      elapsedMs,
      progressLine(status, progress, stage, elapsedMs),
    );
  }
}

export interface Listened {
  readonly inputs: Inputs;
  readonly context: Context;
  readonly order: Order;
  readonly tokensSpent: () => number;
}

function launchTitle({ workflowId, projectId, inputs }: Order): string {
  const names = Object.keys(inputs);
  const project = projectId === '' ? '' : ` on project ${projectId}`;
  return `Launch ${workflowId}${project}${names.length === 0 ? '' : ` (inputs: ${names.join(', ')})`}`;
}

export function pauseLine({ error, bucket, cost }: Failure, delayMs: number): string {
  const again = `next try in ${duration(delayMs)}`;
  if (!isRateLimited(error)) return `${error.headline}: ${again}`;
  const left = bucket === null ? '' : ` (${bucket.remaining} of ${bucket.limit} left)`;
  return `queueing for ${plural(cost, 'token')}${left}, ${again}`;
}
