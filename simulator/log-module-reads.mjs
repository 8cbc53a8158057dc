/** For `node --import`: appends the path of every module file that is read to the file READS_LOG names. */
import fs from 'node:fs';
import { registerHooks } from 'node:module';
import process from 'node:process';

const { READS_LOG } = process.env;

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith('file:')) fs.appendFileSync(READS_LOG, `${url}\n`);
    return nextLoad(url, context);
  },
});
