/** For `node --expose-gc --import`: every 15 s writes the size of the live heap in bytes to the file LIVE_HEAP. */
import { writeFileSync } from 'node:fs';
import process from 'node:process';

/** Read before the bundle starts, which removes unknown variables from its environment. */
const file = process.env.LIVE_HEAP;

globalThis
  .setInterval(() => {
    globalThis.gc();
    writeFileSync(file, String(process.memoryUsage().heapUsed));
  }, 15_000)
  .unref();
