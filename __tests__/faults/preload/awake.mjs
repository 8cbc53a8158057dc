/** For `node --import`: writes the ms from the first signal to the next log line to RUNNER_TEMP/awake. */
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

let signalledAt;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(name, () => (signalledAt ??= performance.now()));

const write = process.stdout.write.bind(process.stdout);
let isWritten = false;
process.stdout.write = (...args) => {
  if (signalledAt !== undefined && !isWritten) {
    isWritten = true;
    writeFileSync(`${process.env.RUNNER_TEMP}/awake`, String(performance.now() - signalledAt));
  }
  return write(...args);
};
