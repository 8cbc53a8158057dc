/**
 * For `node --import`: timers and the monotonic clock run FAST_TIME_SPEED times faster; sockets and everything else stay real.
 *
 * With FAST_TIME_LEAPS a wait in which nothing is under way is leapt over at once, to the moment of the next timer: time passes,
 * as fast as above, only while an exchange over HTTP is open. So a machine that is busy makes no wait longer or shorter. Every
 * request carries the time in `X-Fast-Time` (process and ms of its clock), for a simulator that keeps step.
 *
 * With FAST_TIME_STANDS too, time stands still in exchanges as well, so that it is the same at every run; one that is open for
 * longer than so many real ms hangs, and is leapt over like any other wait.
 *
 * The wall clock is left alone, unless FAST_TIME_DATE is `fast` (it keeps step), or a date in ms since 1970 (it keeps step from
 * there on), or FAST_TIME_JUMPS names jumps,
 * `atMs:byMs,…`, at moments of the fast clock since the start.
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
const leaps = process.env.FAST_TIME_LEAPS !== undefined;
const standsForMs = Number(process.env.FAST_TIME_STANDS ?? '0');

const realNow = performance.now.bind(performance);
const { clearTimeout, setTimeout: realTimeout } = timers;
const realInterval = timers.setInterval;

const { now, setTimeout, setInterval } = leaps ? leaping() : running();
performance.now = now;
const hrtimeBigint = () => BigInt(Math.round(now() * 1e6));
process.hrtime = Object.assign(
  (since) => {
    const nanoseconds =
      hrtimeBigint() - (since === undefined ? 0n : BigInt(since[0]) * 1_000_000_000n + BigInt(since[1]));
    return [Number(nanoseconds / 1_000_000_000n), Number(nanoseconds % 1_000_000_000n)];
  },
  { bigint: hrtimeBigint },
);

/** All clocks faster by the same factor. */
function running() {
  return {
    now: () => realNow() * speed,
    setTimeout: (callback, ms, ...args) => realTimeout(callback, real(ms), ...args),
    setInterval: (callback, ms, ...args) => realInterval(callback, real(ms), ...args),
  };
}

/** A delay out of a timer's range fires at once, and must go on doing so when it is divided. */
function real(ms) {
  return ms > 2 ** 31 - 1 ? 1 : (Number(ms) || 0) / speed;
}

/** Time stands still but for open exchanges, and for leaps to the next timer. */
function leaping() {
  let stood = 0;
  /** When the first of the open exchanges began, by the real clock; null: none is open. */
  let since = null;
  let open = 0;
  const now = () => (since === null || standsForMs > 0 ? stood : stood + (realNow() - since) * speed);
  /** When the last exchange began, by the real clock. */
  let openedAt = 0;
  /** Real ms until what is due may come. */
  const left = (next) => {
    if (open === 0) return isBusy() ? 1 : 0;
    return standsForMs > 0 ? openedAt + standsForMs - realNow() : (next.due - now()) / speed;
  };

  /** Each is a real timer that never comes, so that ref, unref and clearTimeout are Node's own. */
  const waiting = new Set();
  let pump;
  const arm = () => {
    clearTimeout(pump);
    pump = undefined;
    const next = first();
    if (next === undefined) return;
    pump = realTimeout(() => fire(), open > 0 ? Math.max(0, left(next)) : 1).unref();
  };
  const first = () => {
    let next;
    for (const one of waiting) {
      if (one.timer._destroyed && !one.isRefreshed) waiting.delete(one);
      else if (next === undefined || one.due < next.due) next = one;
    }
    return next;
  };
  const fire = (hasRead = false) => {
    const next = first();
    if (next === undefined) return;
    if (left(next) <= 0 && open > 0 && !hasRead) {
      // On a busy machine an answer may lie unread for what is seconds here: it is read before a timer goes off.
      timers.setImmediate(fire, true);
    } else if (left(next) <= 0) {
      if (open === 0 || standsForMs > 0) stood = Math.max(stood, next.due);
      if (next.every === undefined) {
        waiting.delete(next);
        clearTimeout(next.timer);
      } else {
        next.due += next.every;
      }
      arm();
      next.callback();
    } else {
      arm();
    }
  };
  /** What is under way besides waiting: files, names looked up, connections, writes. */
  const isBusy = () =>
    process
      .getActiveResourcesInfo()
      .some((name) => /^(FS|File|CloseReq|GetAddr|.*Connect|.*Write|Shutdown|Zlib|Immediate)/.test(name));

  const opened = () => {
    openedAt = realNow();
    if (open++ === 0) since = openedAt;
    arm();
    let closed = false;
    return () => {
      if (closed) return;
      closed = true;
      if (open === 1) [stood, since] = [now(), null];
      open--;
      arm();
    };
  };
  subscribe('http.client.request.created', ({ request }) => {
    request.setHeader('X-Fast-Time', `${process.pid} ${now()}`);
    request.once('close', opened());
  });
  /** The comment's HTTP is another library's. */
  const exchanges = new WeakMap();
  subscribe('undici:request:create', ({ request }) => {
    request.addHeader('X-Fast-Time', `${process.pid} ${now()}`);
    exchanges.set(request, opened());
  });
  for (const end of ['undici:request:trailers', 'undici:request:error']) {
    subscribe(end, ({ request }) => exchanges.get(request)?.());
  }

  const timer =
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
        arm();
        return one.timer;
      };
      one.timer.refresh = () => {
        // After it has fired only its record is left, which holds no process.
        one.isRefreshed = one.timer._destroyed;
        return wait();
      };
      return wait();
    };
  return { now, setTimeout: timer(false), setInterval: timer(true) };
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
  setTimeout(
    () =>
      controller.abort(
        new globalThis.DOMException('The operation was aborted due to timeout', 'TimeoutError'),
      ),
    ms,
  ).unref();
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
const date = process.env.FAST_TIME_DATE;
const dateIsFast = date !== undefined;
if (dateIsFast || jumps.length > 0) {
  const RealDate = Date;
  const startDate = date === undefined || date === 'fast' ? RealDate.now() : Number(date);
  const [startReal, start] = [realNow(), now()];
  const dateNow = () => {
    const elapsed = now() - start;
    const shift = jumps.reduce((sum, [atMs, byMs]) => (elapsed >= atMs ? sum + byMs : sum), 0);
    return Math.floor(startDate + (dateIsFast ? elapsed : realNow() - startReal) + shift);
  };
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [dateNow()] : args, newTarget),
    apply: () => new RealDate(dateNow()).toString(),
    get: (target, name) => (name === 'now' ? dateNow : Reflect.get(target, name)),
  });
}
