/**
 * For `node --import`: timers and the monotonic clock run FAST_TIME_SPEED times faster; sockets and everything else stay real.
 *
 * With FAST_TIME_SKIPS_WAITS the clock skips a wait in which nothing is in progress, to the moment of the next timer: time passes,
 * as fast as above, only while an HTTP exchange is open. So a busy machine makes no wait longer or shorter. Every request carries
 * the time in `X-Fast-Time` (process ID and ms of its clock), for a simulator that follows it.
 *
 * With FAST_TIME_FROZEN_MS too, time does not pass during exchanges either, so that it is the same at every run; an exchange that is
 * open for longer than so many real ms counts as hanging, and is skipped like any other wait.
 *
 * The wall clock stays real, unless FAST_TIME_DATE is `fast` (it follows the fast clock) or a date in ms since 1970 (it follows from
 * there on).
 */
import { subscribe } from 'node:diagnostics_channel';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';

const speed = Number(process.env.FAST_TIME_SPEED ?? '1');
if (!(speed >= 1)) throw new Error('FAST_TIME_SPEED must be a number of at least 1');
const skipsWaits = process.env.FAST_TIME_SKIPS_WAITS !== undefined;
const frozenMs = Number(process.env.FAST_TIME_FROZEN_MS ?? '0');

const realNow = performance.now.bind(performance);
const { clearTimeout, setTimeout: realTimeout } = timers;
const realInterval = timers.setInterval;

const { now, setTimeout, setInterval } = skipsWaits ? skippingWaits() : scaled();
performance.now = now;
const hrtimeBigint = () => BigInt(Math.round(now() * 1e6));
process.hrtime = Object.assign(
  (since) => {
    const nanoseconds = hrtimeBigint() - (since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
    return [Number(nanoseconds / 1_000_000_000n), Number(nanoseconds % 1_000_000_000n)];
  },
  { bigint: hrtimeBigint },
);

/** All clocks run faster by the same factor. */
function scaled() {
  return {
    now: () => realNow() * speed,
    setTimeout: (callback, ms, ...args) => realTimeout(callback, toRealMs(ms), ...args),
    setInterval: (callback, ms, ...args) => realInterval(callback, toRealMs(ms), ...args),
  };
}

/** A delay out of a timer's range fires at once, and must still do so after the division. */
function toRealMs(ms) {
  return ms > 2 ** 31 - 1 ? 1 : (Number(ms) || 0) / speed;
}

/** Time passes only while an exchange is open, and by skips to the next timer. */
function skippingWaits() {
  let frozenAt = 0;
  /** Real time at which the first of the open exchanges began; null: none is open. */
  let firstOpenedAt = null;
  let openExchanges = 0;
  const now = () => (firstOpenedAt === null || frozenMs > 0 ? frozenAt : frozenAt + (realNow() - firstOpenedAt) * speed);
  /** Real time at which the last exchange began. */
  let openedAt = 0;
  /** Real ms until the next timer may fire. */
  const realMsUntil = (next) => {
    if (openExchanges === 0) return isBusy() ? 1 : 0;
    return frozenMs > 0 ? openedAt + frozenMs - realNow() : (next.due - now()) / speed;
  };

  /** Each holds a real timer that never fires, so that Node handles ref, unref and clearTimeout. */
  const waiting = new Set();
  let nextTimer;
  const schedule = () => {
    clearTimeout(nextTimer);
    nextTimer = undefined;
    const next = earliestTimer();
    if (next === undefined) return;
    nextTimer = realTimeout(() => fire(), openExchanges > 0 ? Math.max(0, realMsUntil(next)) : 1).unref();
  };
  const earliestTimer = () => {
    let next;
    for (const one of waiting) {
      if (one.timer._destroyed && !one.isRefreshed) waiting.delete(one);
      else if (next === undefined || one.due < next.due) next = one;
    }
    return next;
  };
  const fire = (hasReadAnswers = false) => {
    const next = earliestTimer();
    if (next === undefined) return;
    if (realMsUntil(next) <= 0 && openExchanges > 0 && !hasReadAnswers) {
      // On a busy machine an answer may wait unread for seconds of this clock: read it before a timer fires.
      timers.setImmediate(fire, true);
    } else if (realMsUntil(next) <= 0) {
      if (openExchanges === 0 || frozenMs > 0) frozenAt = Math.max(frozenAt, next.due);
      if (next.every === undefined) {
        waiting.delete(next);
        clearTimeout(next.timer);
      } else {
        next.due += next.every;
      }
      schedule();
      next.callback();
    } else {
      schedule();
    }
  };
  /** Whether more than timers is in progress: files, DNS look-ups, connections, writes. */
  const isBusy = () =>
    process.getActiveResourcesInfo().some((name) => /^(FS|File|CloseReq|GetAddr|.*Connect|.*Write|Shutdown|Zlib|Immediate)/.test(name));

  const startExchange = () => {
    openedAt = realNow();
    if (openExchanges++ === 0) firstOpenedAt = openedAt;
    schedule();
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      if (openExchanges === 1) {
        frozenAt = now();
        firstOpenedAt = null;
      }
      openExchanges--;
      schedule();
    };
  };
  subscribe('http.client.request.created', ({ request }) => {
    request.setHeader('X-Fast-Time', `${process.pid} ${now()}`);
    request.once('close', startExchange());
  });
  /** The calls for the comment use undici. */
  const exchanges = new WeakMap();
  subscribe('undici:request:create', ({ request }) => {
    request.addHeader('X-Fast-Time', `${process.pid} ${now()}`);
    exchanges.set(request, startExchange());
  });
  for (const end of ['undici:request:trailers', 'undici:request:error']) {
    subscribe(end, ({ request }) => exchanges.get(request)?.());
  }

  const createTimer =
    (every) =>
    (callback, ms, ...args) => {
      const delay = ms > 2 ** 31 - 1 ? 1 : Math.max(1, Number(ms) || 0);
      const one = {
        timer: realTimeout(() => undefined, 2 ** 31 - 1),
        due: now() + delay,
        every: every ? delay : undefined,
        isRefreshed: false,
        callback: () => callback(...args),
      };
      const wait = () => {
        one.due = now() + delay;
        waiting.add(one);
        schedule();
        return one.timer;
      };
      one.timer.refresh = () => {
        // A timer that has fired is only a record: it does not keep the process alive.
        one.isRefreshed = one.timer._destroyed;
        return wait();
      };
      return wait();
    };
  return { now, setTimeout: createTimer(false), setInterval: createTimer(true) };
}

for (const [name, fast] of Object.entries({ setTimeout, setInterval })) {
  timers[name] = fast;
  globalThis[name] = fast;
}
promises.setTimeout = (ms, value, { signal, ref = true } = {}) =>
  new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const wake = () => {
      signal?.removeEventListener('abort', stop);
      resolve(value);
    };
    const timer = setTimeout(wake, ms);
    if (!ref) timer.unref();
    signal?.addEventListener('abort', stop, { once: true });
  });
promises.scheduler.wait = (ms, options) => promises.setTimeout(ms, undefined, options);
Object.defineProperty(setTimeout, promisify.custom, { value: promises.setTimeout });
globalThis.AbortSignal.timeout = (ms) => {
  const controller = new globalThis.AbortController();
  setTimeout(() => controller.abort(new globalThis.DOMException('The operation was aborted due to timeout', 'TimeoutError')), ms).unref();
  return controller.signal;
};
const socketTimeout = net.Socket.prototype.setTimeout;
net.Socket.prototype.setTimeout = function (ms, ...args) {
  return socketTimeout.call(this, toRealMs(ms), ...args);
};
syncBuiltinESMExports();

const date = process.env.FAST_TIME_DATE;
if (date !== undefined) {
  const RealDate = Date;
  const startDate = date === 'fast' ? RealDate.now() : Number(date);
  const start = now();
  const dateNow = () => Math.floor(startDate + now() - start);
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [dateNow()] : args, newTarget),
    apply: () => new RealDate(dateNow()).toString(),
    get: (target, name) => (name === 'now' ? dateNow : Reflect.get(target, name)),
  });
}
