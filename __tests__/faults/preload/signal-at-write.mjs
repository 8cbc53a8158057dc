/** For `node --import`: right after write number SIGNAL_AT_WRITE to the output file the process gets SIGNAL. */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import process from 'node:process';

const { GITHUB_OUTPUT, SIGNAL, SIGNAL_AT_WRITE } = process.env;
const append = fs.appendFileSync;
let writes = 0;
fs.appendFileSync = (path, data, ...rest) => {
  append(path, data, ...rest);
  if (path !== GITHUB_OUTPUT || data === '') return;
  writes++;
  if (writes === Number(SIGNAL_AT_WRITE)) process.kill(process.pid, SIGNAL);
};
syncBuiltinESMExports();
