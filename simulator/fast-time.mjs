/**
 * For `node --import`. The clock skips waits, or runs faster. Sockets and everything else stay real.
 *
 * With FAST_TIME_FROZEN_MS, time does not pass. While nothing is in progress, the clock jumps to the moment of the next timer.
 * An HTTP exchange that is open for longer than this many real ms counts as hanging, and is skipped like any other wait. So time is the
 * same every time, however busy the machine. Every request carries it in `X-Fast-Time` (process ID and ms of the clock), for a
 * simulator that follows. FAST_TIME_DATE is the wall clock's start, in ms since 1970.
 *
 * Without it, timers and the monotonic clock run FAST_TIME_SPEED times faster, and the wall clock stays real.
 */
import { subscribe } from 'node:diagnostics_channel';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { performance } from 'node:perf_hooks';
import process from 'node:process';
import timers from 'node:timers';
import promises from 'node:timers/promises';
import { promisify } from 'node:util';

const { FAST_TIME_SPEED, FAST_TIME_FROZEN_MS, FAST_TIME_DATE } = process.env;
const speed = Number(FAST_TIME_SPEED ?? '1');
const frozenMs = Number(FAST_TIME_FROZEN_MS);

const realNow = performance.now.bind(performance);
const { clearTimeout, setTimeout: realTimeout } = timers;

const { now, setTimeout } = FAST_TIME_FROZEN_MS === undefined ? scaled() : skippingWaits();
performance.now = now;

/** All clocks run faster by the same factor. */
function scaled() {
  return {
    now: () => realNow() * speed,
    setTimeout: (callback, ms, ...args) => realTimeout(callback, toRealMs(ms), ...args),
  };
}

/** A delay out of a timer's range fires at once, and must still do so after the division. */
function toRealMs(ms) {
  return ms > 2 ** 31 - 1 ? 1 : (Number(ms) || 0) / speed;
}

/** The clock skips to the next timer. */
function skippingWaits() {
  let fastNow = 0;
  let openExchanges = 0;
  /** The real time when the last exchange began. */
  let openedAt = 0;
  /** Real ms until the next timer may fire. */
  const realMsLeft = () => (openExchanges > 0 ? openedAt + frozenMs - realNow() : isBusy() ? 1 : 0);

  /** Each holds a real timer that never fires, so that Node handles ref, unref and clearTimeout. */
  const waiting = new Set();
  let nextTimer;
  const schedule = () => {
    clearTimeout(nextTimer);
    if (earliestTimer() === undefined) return;
    nextTimer = realTimeout(() => fire(), openExchanges > 0 ? Math.max(0, realMsLeft()) : 1).unref();
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
    if (realMsLeft() > 0) return schedule();
    // On a busy machine an answer may stay unread for long, so read it before a timer fires.
    if (openExchanges > 0 && !hasReadAnswers) return timers.setImmediate(fire, true);
    fastNow = Math.max(fastNow, next.due);
    waiting.delete(next);
    clearTimeout(next.timer);
    schedule();
    next.callback();
  };
  /** Is more than timers in progress, such as files, DNS look-ups, connections or writes? */
  const isBusy = () =>
    process.getActiveResourcesInfo().some((name) => /^(FS|File|CloseReq|GetAddr|.*Connect|.*Write|Shutdown|Zlib|Immediate)/.test(name));

  const startExchange = () => {
    openedAt = realNow();
    openExchanges++;
    schedule();
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      openExchanges--;
      schedule();
    };
  };
  subscribe('http.client.request.created', ({ request }) => {
    request.setHeader('X-Fast-Time', `${process.pid} ${fastNow}`);
    request.once('close', startExchange());
  });
  /** The calls for the comment use undici. */
  const exchanges = new WeakMap();
  subscribe('undici:request:create', ({ request }) => {
    request.addHeader('X-Fast-Time', `${process.pid} ${fastNow}`);
    exchanges.set(request, startExchange());
  });
  for (const end of ['trailers', 'error']) subscribe(`undici:request:${end}`, ({ request }) => exchanges.get(request)?.());

  const setTimeout = (callback, ms, ...args) => {
    const delay = ms > 2 ** 31 - 1 ? 1 : Math.max(1, Number(ms) || 0);
    const timer = realTimeout(() => undefined, 2 ** 31 - 1);
    const one = { timer, due: 0, isRefreshed: false, callback: () => callback(...args) };
    const wait = () => {
      one.due = fastNow + delay;
      waiting.add(one);
      schedule();
      return timer;
    };
    timer.refresh = () => {
      // A timer that has fired is only a record and does not keep the process alive.
      one.isRefreshed = timer._destroyed;
      return wait();
    };
    return wait();
  };
  return { now: () => fastNow, setTimeout };
}

timers.setTimeout = setTimeout;
globalThis.setTimeout = setTimeout;
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
Object.defineProperty(setTimeout, promisify.custom, { value: promises.setTimeout });
const socketTimeout = net.Socket.prototype.setTimeout;
net.Socket.prototype.setTimeout = function (ms, ...args) {
  return socketTimeout.call(this, toRealMs(ms), ...args);
};
syncBuiltinESMExports();

if (FAST_TIME_FROZEN_MS !== undefined) {
  const RealDate = Date;
  const start = Number(FAST_TIME_DATE ?? RealDate.now());
  const dateNow = () => Math.floor(start + now());
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [dateNow()] : args, newTarget),
    apply: () => new RealDate(dateNow()).toString(),
    get: (target, name) => (name === 'now' ? dateNow : Reflect.get(target, name)),
  });
}
