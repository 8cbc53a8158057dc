/** B: faults while the action waits for the run. */
import { describe, expect, jest, test } from '@jest/globals';
import type { Api } from '../../simulator/api.ts';
import type { Fault } from '../../simulator/faults.ts';
import { steadyLifecycle, type Lifecycle } from '../../simulator/run-lifecycle.ts';
import { TEST_KEY } from '../../simulator/vendor-example.ts';
import { clientOf, fakeTransport, pollAnswer, pollToEnd, virtualClock } from '../fakes.ts';
import { expectGreen, runRow, type RowSetup, type RowResult } from './run-row.ts';
import { expectBetween, pausesBetween, loggedSeconds } from './timing.ts';

jest.setTimeout(60_000);

/** A fault of all polls, or of those that `nth` selects. */
const pollFault = (fault: Omit<Fault, 'when'>, nth?: (nth: number) => boolean): Fault => ({
  when: { call: 'poll', ...(nth === undefined ? {} : { nth }) },
  ...fault,
});
const endless: Lifecycle = [{ atMs: 0, status: 'running', progress: 10, stage: 'Reading' }];

/** Expects red, and an error that names the run. */
function expectRed({ result, outputs, api, error }: RowResult, conclusion: string): void {
  expect(result.exitCode).toBe(1);
  expect(outputs).toMatchObject({ conclusion, run_id: api.runs[0]!.id });
  expect(result.stdout).toContain(outputs.run_id);
  expect(error).not.toBe('');
  expect(error).not.toContain(TEST_KEY);
}

/** Expects `timed_out` between the deadline and 5 s later. */
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
      runRow({ speed: 60, inputs: { timeout_minutes: '2' }, faults: [pollFault({ wire })] }),
    ]);
    expectOnTime(played, 2, 60);
    expect(played.polls.length).toBeGreaterThanOrEqual(3);
    expect(played.result.peakMiB!).toBeLessThan(quick.result.peakMiB! + 25);
  });

  /** Suspends the process for so long once the log shows that it waits. */
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
    for (const pause of pausesBetween(after)) expectBetween(pause, 2_000, 5_000, speed);
    expect(after.length).toBeLessThanOrEqual(35);
  });

  test.concurrent('B19: suspended for 10 minutes, beyond the deadline: one poll, and timed_out', async () => {
    // At speed 300 the 3 s of the last poll would be 10 ms.
    const { played, after } = await suspended(600_000, 60, {
      inputs: { timeout_minutes: '5' },
      api: { lifecycle: endless },
    });
    expectRed(played, 'timed_out');
    expect(after).toHaveLength(1);
  });

  // In virtual time, since 400 ms of a fast clock are too short for a process.
  test.each([
    [400, 'completed'],
    [1, 'completed'],
  ])('B20: a run that completes %d ms before the deadline: %s', async (beforeMs, status) => {
    const clock = virtualClock();
    const deadline = 60_000;
    const { transport, sent } = fakeTransport(clock, ({ at }) =>
      pollAnswer('run_1', at >= deadline - beforeMs ? 'completed' : 'running', { outputs: {} }),
    );
    const run = await pollToEnd({
      client: clientOf(clock, transport),
      clock,
      random: () => 0.5,
      deadline,
    }).catch(() => null);
    expect(run?.status ?? null).toBe(status);
    // The poll before the last may see a run that ended earlier.
    expect(sent.at(-1)!.at).toBeGreaterThanOrEqual(Math.min(deadline, deadline - beforeMs));
    expect(sent.at(-1)!.at).toBeLessThanOrEqual(deadline);
    expect(clock.now()).toBeLessThan(deadline + 3_000);
  });
});
