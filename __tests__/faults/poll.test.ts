/** B: faults while the run is waited for. */
import { describe, expect, jest, test } from '@jest/globals';
import type { Api } from '../../simulator/api.ts';
import type { Fault } from '../../simulator/faults.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY } from '../../simulator/vendor-example.ts';
import { clientOf, fakeTransport, poll, pollToEnd, virtualClock } from '../fakes.ts';
import { expectGreen, runRow, type RowSetup, type RowResult } from './run-row.ts';
import { expectBetween, pauses, loggedSeconds } from './timing.ts';

jest.setTimeout(60_000);

/** Every poll, or those that `nth` says. */
const looking = (fault: Omit<Fault, 'when'>, nth?: (nth: number) => boolean): Fault => ({
  when: { call: 'poll', ...(nth === undefined ? {} : { nth }) },
  ...fault,
});
const endless: Lifecycle = [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading' }];

/** Red, and the run that it leaves behind is named. */
function expectRed({ result, outputs, api, error }: RowResult, conclusion: string): void {
  expect(result.exitCode).toBe(1);
  expect(outputs).toMatchObject({ conclusion, run_id: api.runs[0]!.id });
  expect(result.stdout).toContain(outputs.run_id);
  expect(error).not.toBe('');
  expect(error).not.toContain(TEST_KEY);
}

/** `timed_out` between the deadline and 5 s later. */
function expectOnTime(played: RowResult, minutes: number, speed: number): void {
  expectRed(played, 'timed_out');
  const message = loggedSeconds(played.result.stdout, 'timed_out') * 1_000;
  expectBetween(message, minutes * 60_000 - 500, minutes * 60_000 + 5_000, speed);
}

describe('B. Poll', () => {
  test.concurrent.each<[string, Fault['wire'] & object]>([
    ['B14: never any headers', ['hang']],
    ['B15: always a byte every 5 s', ['head', { bytes: 1, everyMs: 5_000 }]],
  ])('%s: timed_out on time, and memory stays flat', async (_what, wire) => {
    const [quick, played] = await Promise.all([
      runRow(),
      runRow({ speed: 60, inputs: { timeout_minutes: '2' }, faults: [looking({ wire })] }),
    ]);
    expectOnTime(played, 2, 60);
    expect(played.polls.length).toBeGreaterThanOrEqual(3);
    expect(played.result.peakMiB!).toBeLessThan(quick.result.peakMiB! + 25);
  });

  /** Stopped for so long as soon as the wait is seen to go on. */
  async function suspended(ms: number, speed: number, about: Pick<RowSetup, 'inputs' | 'api'>) {
    const begun = Promise.withResolvers<undefined>();
    const over = begun.promise.then(() => new Promise((resolve) => setTimeout(resolve, ms / speed)));
    const stop = /^ {4}[█░]/m;
    let stoppedAt = 0;
    let api: Api;
    const played = await runRow({
      ...about,
      speed,
      before: (servers) => void (api = servers.api),
      onLine: (line) => {
        if (stoppedAt > 0 || !stop.test(line)) return;
        stoppedAt = api.now();
        begun.resolve(undefined);
      },
      signals: [
        { whenStdout: stop, signal: 'SIGSTOP' },
        { whenDone: over, signal: 'SIGCONT' },
      ],
    });
    const after = played.polls.filter(({ at }) => at > stoppedAt + ms * 0.9);
    expect(played.polls.filter(({ at }) => at > stoppedAt + ms * 0.2)).toEqual(after);
    return { played, after };
  }

  test.concurrent('B19: suspended for 10 minutes: one poll, then the usual pace', async () => {
    const speed = 300;
    const { played, after } = await suspended(600_000, speed, {
      api: { lifecycle: steadyLifecycle({ queuedMs: 1_000, runningMs: 660_000 }) },
    });
    expectGreen(played);
    for (const pause of pauses(after)) expectBetween(pause, 2_000, 5_000, speed);
    expect(after.length).toBeLessThanOrEqual(35);
  });

  test.concurrent('B19: suspended for 10 minutes, beyond the deadline: one poll, and timed_out', async () => {
    // At 300 times, the 3 s that the last poll has would be 10 ms.
    const { played, after } = await suspended(600_000, 60, {
      inputs: { timeout_minutes: '5' },
      api: { lifecycle: endless },
    });
    expectRed(played, 'timed_out');
    expect(after).toHaveLength(1);
  });

  // In virtual time: a process cannot be held to 400 ms of a fast clock.
  test.each([
    [400, 'completed'],
    [1, 'completed'],
  ])('B20: a run that completes %d ms before the deadline: %s', async (beforeMs, status) => {
    const clock = virtualClock();
    const deadline = 60_000;
    const { transport, sent } = fakeTransport(clock, ({ at }) =>
      poll('run_1', at >= deadline - beforeMs ? 'completed' : 'running', { outputs: {} }),
    );
    const run = await pollToEnd({
      client: clientOf(clock, transport),
      clock,
      random: () => 0.5,
      deadline,
    }).catch(() => null);
    expect(run?.status ?? null).toBe(status);
    // A run that ended before may be seen by the poll before the last.
    expect(sent.at(-1)!.at).toBeGreaterThanOrEqual(Math.min(deadline, deadline - beforeMs));
    expect(sent.at(-1)!.at).toBeLessThanOrEqual(deadline);
    expect(clock.now()).toBeLessThan(deadline + 3_000);
  });
});
