/**
 * For `node --import`: throws an uncaught value as soon as the log contains CRASH_AT.
 * CRASH_HOW: `timer`, `event` or `rejection`; CRASH_WITH: what is thrown, see below.
 */
import { EventEmitter } from 'node:events';
import process from 'node:process';

const { CRASH_AT, CRASH_HOW, CRASH_WITH, CRASH_TEXT = 'crashed on purpose', CRASH_TIMES = '1' } = process.env;

const things = {
  message: () => new Error(CRASH_TEXT),
  cause: () => new Error('outer', { cause: new Error(CRASH_TEXT) }),
  aggregate: () => new AggregateError([new Error(CRASH_TEXT), new Error('another')], 'several'),
  stack: () => Object.assign(new Error('plain'), { stack: `Error: ${CRASH_TEXT}\n    at ${CRASH_TEXT}` }),
  text: () => CRASH_TEXT,
  nothing: () => undefined,
  bare: () => Object.create(null),
};

const ways = {
  timer: (thing) =>
    globalThis.setTimeout(() => {
      throw thing;
    }, 0),
  event: (thing) => globalThis.setImmediate(() => new EventEmitter().emit('error', thing)),
  rejection: (thing) => void Promise.reject(thing),
};

const write = process.stdout.write.bind(process.stdout);
let crashed = false;
process.stdout.write = (chunk, ...rest) => {
  if (!crashed && String(chunk).includes(CRASH_AT)) {
    crashed = true;
    for (let times = Number(CRASH_TIMES); times > 0; times--) ways[CRASH_HOW](things[CRASH_WITH]());
  }
  return write(chunk, ...rest);
};
