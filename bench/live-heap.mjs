/** For `node --expose-gc --import`: writes what is alive on the heap, in bytes, to the file LIVE_HEAP names, again and again. */
import { writeFileSync } from 'node:fs';
import process from 'node:process';

/** Read before the bundle is, which keeps of its environment only what it knows. */
const file = process.env.LIVE_HEAP;

globalThis
  .setInterval(() => {
    globalThis.gc();
    writeFileSync(file, String(process.memoryUsage().heapUsed));
  }, 15_000)
  .unref();
