/** For `node --import`: writes to RUNNER_TEMP/awake how many ms after the first signal the log goes on. */
import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import process from 'node:process';

let signalledAt;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(name, () => (signalledAt ??= performance.now()));

const write = process.stdout.write.bind(process.stdout);
let told = false;
process.stdout.write = (...args) => {
  if (signalledAt !== undefined && !told) {
    told = true;
    writeFileSync(`${process.env.RUNNER_TEMP}/awake`, String(performance.now() - signalledAt));
  }
  return write(...args);
};
