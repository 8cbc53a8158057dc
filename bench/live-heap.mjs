/** For `node --expose-gc --import`: writes what is alive on the heap, in bytes, to the file LIVE_HEAP names, again and again. */
import { writeFileSync } from 'node:fs';
import process from 'node:process';

globalThis
  .setInterval(() => {
    globalThis.gc();
    writeFileSync(process.env.LIVE_HEAP, String(process.memoryUsage().heapUsed));
  }, 15_000)
  .unref();
