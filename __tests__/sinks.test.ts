import { expect, test } from '@jest/globals';
import { virtualClock } from '../simulator/virtual-clock.ts';
import { limitSinks } from '../src/sinks.ts';

/** How long after its start the sinks are ended, in ms. @param stoppedAt when the runner's signal comes; null: never */
async function endOf(stoppedAt: number | null): Promise<number> {
  const clock = virtualClock();
  const stop = new AbortController();
  if (stoppedAt === 0) stop.abort();
  else if (stoppedAt !== null) clock.at(stoppedAt, () => stop.abort());
  const { signal } = limitSinks(clock, stop.signal);
  const ended = new Promise<number>((resolve) => signal.addEventListener('abort', () => resolve(clock.now())));
  return clock.run(ended);
}

test.each<[string, number | null, number]>([
  ['60 s after the verdict', null, 60_000],
  ['5 s after a signal that came before', 0, 5_000],
  ['5 s after a signal that comes meanwhile', 10_000, 15_000],
])('ends all sinks %s', async (_, stoppedAt, ms) => {
  expect(await endOf(stoppedAt)).toBe(ms);
});
