/**
 * For `node --import`: timers and the monotonic clock run FAST_TIME_SPEED times faster; sockets and everything else stay real.
 * The wall clock is left alone, unless FAST_TIME_DATE is `fast` (it keeps step) or FAST_TIME_JUMPS names jumps,
 * `atMs:byMs,…`, at moments of the fast clock since the start.
 */
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import timers from 'node:timers';
import promises from 'node:timers/promises';

const speed = Number(process.env.FAST_TIME_SPEED ?? '1');
if (!(speed >= 1)) throw new Error('FAST_TIME_SPEED must be a number of at least 1');

const realNow = performance.now.bind(performance);
const realHrtime = process.hrtime.bigint.bind(process.hrtime);
const now = () => realNow() * speed;
performance.now = now;

const hrtimeBigint = () => BigInt(Math.round(Number(realHrtime() - hrtimeZero) * speed));
const hrtimeZero = realHrtime();
process.hrtime = Object.assign(
  (since) => {
    const nanoseconds =
      hrtimeBigint() - (since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
    return [Number(nanoseconds / 1_000_000_000n), Number(nanoseconds % 1_000_000_000n)];
  },
  { bigint: hrtimeBigint },
);

/** A delay out of a timer's range fires at once, and must go on doing so when it is divided. */
const real = (ms) => (ms > 2 ** 31 - 1 ? 1 : (Number(ms) || 0) / speed);

for (const name of ['setTimeout', 'setInterval']) {
  const original = timers[name];
  // With `promisify.custom` and the like.
  const fast = Object.defineProperties(
    (callback, ms, ...args) => original(callback, real(ms), ...args),
    Object.getOwnPropertyDescriptors(original),
  );
  timers[name] = fast;
  globalThis[name] = fast;
}
for (const name of ['setTimeout', 'setInterval']) {
  const original = promises[name];
  promises[name] = (ms, ...args) => original(real(ms), ...args);
}
const wait = promises.scheduler.wait.bind(promises.scheduler);
promises.scheduler.wait = (ms, ...args) => wait(real(ms), ...args);
globalThis.AbortSignal.timeout = (ms) => {
  const controller = new globalThis.AbortController();
  globalThis
    .setTimeout(
      () =>
        controller.abort(
          new globalThis.DOMException('The operation was aborted due to timeout', 'TimeoutError'),
        ),
      ms,
    )
    .unref();
  return controller.signal;
};
const socketTimeout = net.Socket.prototype.setTimeout;
net.Socket.prototype.setTimeout = function (ms, ...args) {
  return socketTimeout.call(this, real(ms), ...args);
};
syncBuiltinESMExports();

const jumps = (process.env.FAST_TIME_JUMPS ?? '')
  .split(',')
  .filter((jump) => jump !== '')
  .map((jump) => jump.split(':').map(Number));
const dateIsFast = process.env.FAST_TIME_DATE === 'fast';
if (dateIsFast || jumps.length > 0) {
  const RealDate = Date;
  const startDate = RealDate.now();
  const startNow = realNow();
  const dateNow = () => {
    const elapsed = realNow() - startNow;
    const shift = jumps.reduce((sum, [atMs, byMs]) => (elapsed * speed >= atMs ? sum + byMs : sum), 0);
    return Math.floor(startDate + elapsed * (dateIsFast ? speed : 1) + shift);
  };
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [dateNow()] : args, newTarget),
    apply: () => new RealDate(dateNow()).toString(),
    get: (target, name) => (name === 'now' ? dateNow : Reflect.get(target, name)),
  });
}
