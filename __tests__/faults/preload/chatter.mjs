/** For `node --import`: makes Node print a warning on stderr every second. */
import process from 'node:process';
import timers from 'node:timers';

timers.setInterval(() => process.emitWarning('one of Node’s own'), 1_000).unref();
