import { expect, test } from '@jest/globals';
import { realClock } from '../src/clock.ts';

const never = new AbortController().signal;

test('has a time that goes forward, and the date of the wall clock', () => {
  const before = realClock.now();
  const date = realClock.date();
  expect(realClock.now()).toBeGreaterThanOrEqual(before);
  expect(Math.abs(date - Date.now())).toBeLessThan(1_000);
});

test.each([86_400_000, -86_400_000])('keeps its time when the wall clock jumps by %d ms', (byMs) => {
  const wall = Date.now;
  const before = realClock.now();
  try {
    Date.now = () => wall() + byMs;
    expect(Math.abs(realClock.now() - before)).toBeLessThan(3_600_000);
  } finally {
    Date.now = wall;
  }
});

test('sleeps at least the requested time', async () => {
  const before = realClock.now();
  await realClock.sleep(5, never);
  // Timers count whole milliseconds.
  expect(realClock.now() - before).toBeGreaterThan(3);
});

test('rejects a sleep with the reason of a signal that is already aborted', async () => {
  const reason = new Error('cancelled');
  await expect(realClock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason);
});

test('rejects a sleep with the reason as soon as the signal aborts', async () => {
  const stop = new AbortController();
  const reason = new Error('cancelled');
  const sleep = realClock.sleep(60_000, stop.signal);
  const late = new Promise((resolve) => setImmediate(resolve, 'late'));
  stop.abort(reason);
  await expect(Promise.race([sleep, late])).rejects.toBe(reason);
});

test('does not end a sleep at once that is longer than a timer’s range', async () => {
  const stop = new AbortController();
  const sleep = realClock.sleep(2 ** 31, stop.signal).then(
    () => 'slept',
    () => 'woken',
  );
  await realClock.sleep(20, never);
  stop.abort(new Error('enough'));
  expect(await sleep).toBe('woken');
});

test('leaves no listener on the signal after a thousand sleeps', async () => {
  const stop = new AbortController();
  let listeners = 0;
  const { signal } = stop;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    listeners--;
    remove(...args);
  };
  await Promise.all(Array.from({ length: 1_000 }, () => realClock.sleep(0, signal)));
  expect(listeners).toBe(0);
});
