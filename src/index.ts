/** The composition root: creates the real clock, transport and host, and runs the action with them. */
import './environment.ts';
import { inspect } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createTransport } from './alloovium/transport.ts';
import { realClock } from './clock.ts';
import { measureJobAgeMs, readEventFile } from './github/event.ts';
import { createHost } from './github/host.ts';
import { writeStickyComment } from './github/sticky-comment.ts';
import { Interrupted } from './runs/ending.ts';
import { run } from './main.ts';
import { readSecrets } from './inputs/secrets.ts';
import { createRedactor } from './text/redact.ts';

// An event loop that runs empty before the verdict must not end green (`beforeExit` below makes it end with outputs).
process.exitCode = 1;

// Most memory is soon garbage. Without this, V8 keeps a heap far larger than the live data: 200 MB more with `runs`.
setFlagsFromString('--optimize-for-size');
// With several runs, `runOrders` collects garbage after each.
if ((process.env.INPUT_RUNS ?? '').trim() !== '') {
  setFlagsFromString('--expose-gc');
  globalThis.gc = runInNewContext('gc') as typeof globalThis.gc;
}

const host = createHost(process.env);
const stop = new AbortController();
let isOver = false;
const crashes: unknown[] = [];

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
for (const name of SIGNALS) {
  process.on(name, () => {
    if (!stop.signal.aborted) {
      stop.abort(new Interrupted(name));
      return;
    }
    // The second signal ends the process at once, as if there were no handler.
    for (const each of SIGNALS) process.removeAllListeners(each);
    process.kill(process.pid, name);
  });
}

for (const name of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(name, (error: unknown) => {
    crashes.push(error);
    process.exitCode = 1;
    const crash = error instanceof Error ? error : new Error(inspect(error));
    if (isOver || stop.signal.aborted)
      host.line(`error: ${createRedactor(readSecrets(process.env))(crash.message)}`);
    else stop.abort(crash);
  });
}
process.on('beforeExit', () => {
  if (!isOver) stop.abort(new Error('the process ran out of work before the step ended'));
});
// Ignores EPIPE, if the log is no longer read.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// @actions/github would parse the file when it is imported, while another step may be writing it.
const eventPath = process.env.GITHUB_EVENT_PATH ?? '';
delete process.env.GITHUB_EVENT_PATH;

const exitCode = await run({
  host,
  transport: createTransport('alloovium-run-workflow-action'),
  clock: realClock,
  random: Math.random,
  signal: stop.signal,
  readEvent: () => readEventFile(eventPath, realClock, stop.signal),
  jobAgeMs: () => measureJobAgeMs(eventPath, Date.now()),
  writeStickyComment: writeStickyComment,
});
isOver = true;
if (crashes.length === 0) process.exitCode = exitCode;
