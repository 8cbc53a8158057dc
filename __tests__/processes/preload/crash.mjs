/** For `node --import`: rejects a promise that nobody handles as soon as the log contains CRASH_AT. */
import process from 'node:process';

const { CRASH_AT, CRASH_TEXT } = process.env;
const write = process.stdout.write.bind(process.stdout);
let hasCrashed = false;
process.stdout.write = (chunk, ...rest) => {
  if (!hasCrashed && String(chunk).includes(CRASH_AT)) {
    hasCrashed = true;
    void Promise.reject(new Error(CRASH_TEXT));
  }
  return write(chunk, ...rest);
};
