/** For `node --import`: appends the path of every module file that is read to the file READS_LOG names. */
import fs from 'node:fs';
import { registerHooks } from 'node:module';
import process from 'node:process';

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) fs.appendFileSync(process.env.READS_LOG, `${url}\n`);
    return nextLoad(url, context);
  },
});
