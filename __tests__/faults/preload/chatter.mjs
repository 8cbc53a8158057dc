/** For `node --import`: Node itself has something to say on stderr now and then. */
import process from 'node:process';

setInterval(() => process.emitWarning('one of Node’s own'), 50).unref();
