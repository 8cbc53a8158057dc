/** The composition root: the real parts, signals, and an exit code that is 1 until the result says 0. */
import { createTransport } from './api/transport.ts';
import { realClock } from './clock.ts';
import { Ended } from './outcome.ts';
import { createRedactor } from './text/redact.ts';
import { createRunner } from './github/runner.ts';
import { readCredentials } from './inputs/secrets.ts';
import { run } from './main.ts';

// An event loop that runs empty before the result must not pass the check.
process.exitCode = 1;
const stop = new AbortController();
const crashes: unknown[] = [];

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(name, () => stop.abort(new Ended({ kind: 'interrupted', signal: name })));
for (const name of ['uncaughtException', 'unhandledRejection'] as const)
  process.on(name, (error: unknown) => {
    process.exitCode = 1;
    crashes.push(error);
    stop.abort(error);
  });
process.on('beforeExit', () => stop.abort(new Error('the process ran out of work')));
// A log that nobody reads any more is no reason to stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

// @actions/github would read the file when it is imported, while another step may be writing it.
const environment = { ...process.env };
delete process.env.GITHUB_EVENT_PATH;

const exitCode = await run({
  runner: createRunner(environment),
  transport: createTransport('alloovium-run-workflow-action'),
  fetch,
  clock: realClock,
  random: Math.random,
  signal: stop.signal,
  // Not a proxy's password, which may be an ordinary word: the gate compares what is left.
  redact: createRedactor(readCredentials(environment)),
});
process.exitCode = crashes.length === 0 ? exitCode : 1;
// A pipe takes 64 KiB of the log at once, and an exit loses the rest. A library's socket or retry is not needed any more.
process.stdout.write('', () => process.exit());
setTimeout(() => process.exit(), 2_000).unref();
