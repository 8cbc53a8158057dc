/** For `node --import`: Node itself has something to say on stderr now and then. */
import process from 'node:process';
import timers from 'node:timers';

timers.setInterval(() => process.emitWarning('one of Node’s own'), 1_000).unref();
