import { expect, test } from '@jest/globals';
import { realClock, waitAtMost, withGrace, withTimeLimit } from '../src/clock.ts';
import { virtualClock } from '../simulator/virtual-clock.ts';

const NEVER = new AbortController().signal;

test('the real clock rejects with the reason of the signal, and takes any length', async () => {
  const stop = new AbortController();
  const sleep = realClock.sleep(1e12, stop.signal);
  setTimeout(() => stop.abort(new Error('stopped')), 5);
  await expect(sleep).rejects.toThrow('stopped');
});

test('waits for a promise, and no longer than it may', async () => {
  const clock = virtualClock();
  expect(await clock.run(waitAtMost(clock, Promise.resolve(7), 100, NEVER))).toBe(7);
  expect(await clock.run(waitAtMost(clock, new Promise(() => undefined), 100, NEVER))).toBeNull();
  expect(clock.now()).toBe(100);
});

test('gives work some time beyond the signal', async () => {
  const clock = virtualClock();
  const stop = new AbortController();
  clock.at(50, () => stop.abort(new Error('stopped')));
  const work = (ms: number) => withGrace(clock, stop.signal, 100, (late) => clock.sleep(ms, late).then(() => clock.now()));
  expect(await clock.run(work(120))).toBe(120);
  const other = withGrace(clock, AbortSignal.any([NEVER]), 100, (late) => clock.sleep(10, late));
  await expect(clock.run(other)).resolves.toBeUndefined();
  await expect(clock.run(work(200))).rejects.toThrow('stopped');
  expect(clock.now()).toBe(230);
});

test('ends work with the signal, or after its time', async () => {
  const clock = virtualClock();
  const work = (signal: AbortSignal) => withTimeLimit(clock, signal, 100, (limited) => clock.sleep(1_000, limited));
  await expect(clock.run(work(NEVER))).rejects.toThrow('no answer in time');
  expect(clock.now()).toBe(100);
  await expect(clock.run(work(AbortSignal.abort(new Error('stopped'))))).rejects.toThrow('stopped');
});
