/** For `node --import`: HTTP requests never settle: no answer, no error, no socket, and abort signals have no effect. */
import { EventEmitter } from 'node:events';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

const nothing = () => undefined;
http.request = () =>
  Object.assign(new EventEmitter(), {
    end: nothing,
    write: nothing,
    setTimeout: nothing,
    destroy: nothing,
    abort: nothing,
  });
syncBuiltinESMExports();
