/** For `node --import`: timers do not keep the process alive, so that the event loop is empty as soon as the action sleeps. */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import promises from 'node:timers/promises';

const setTimeout = timers.setTimeout;
timers.setTimeout = (...args) => setTimeout(...args).unref();
globalThis.setTimeout = timers.setTimeout;
const sleep = promises.setTimeout;
promises.setTimeout = (ms, value, options) => sleep(ms, value, { ...options, ref: false });
syncBuiltinESMExports();
