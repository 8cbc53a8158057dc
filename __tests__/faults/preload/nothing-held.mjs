/** For `node --import`: no timer keeps the process alive, so that the event loop is empty as soon as the action sleeps. */
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';

const setTimeout = timers.setTimeout;
timers.setTimeout = (...args) => setTimeout(...args).unref();
globalThis.setTimeout = timers.setTimeout;
syncBuiltinESMExports();
