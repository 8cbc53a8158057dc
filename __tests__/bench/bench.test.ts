import { describe, expect, test } from '@jest/globals';
import { COMMITTED_SEED, sampleRuns } from '../../bench/sample-runs.ts';
import { BUCKETS, fleet, scheduleOmnisciently, outcomeOf } from '../../bench/fleet-simulation.ts';
import { fixedIntervalPoller as interval, measure } from '../../bench/policy.ts';
import { seededRandom } from '../../simulator/random.ts';
import { missedGoals, regressions } from '../../bench/report.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';

const never = new AbortController().signal;

test('generates runs that are pending, then running with growing progress, then completed', () => {
  for (const { endMs, stateAt } of sampleRuns(COMMITTED_SEED, 4)) {
    expect(stateAt(0).status).toBe('pending');
    expect(stateAt(endMs).status).toBe('completed');
    let last = 0;
    for (let share = 0; share < 1; share += 0.05) {
      const { status, progress } = stateAt(endMs * share);
      expect(status).not.toBe('completed');
      expect(progress ?? last).toBeGreaterThanOrEqual(last);
      expect(progress ?? last).toBeLessThanOrEqual(100);
      last = progress ?? last;
    }
  }
});

test('polls at a fixed interval until the end, and counts the rest as lag', () => {
  const [run] = sampleRuns(1, 1);
  const { tokens, meanLagMs } = measure([run!], interval(1_000));
  expect(tokens).toBe(1 + Math.ceil((run!.endMs - 2_000) / 1_000));
  expect(meanLagMs).toBeCloseTo(2_000 + (tokens - 1) * 1_000 - run!.endMs);
});

describe('the simulated fleet of jobs', () => {
  const five = fleet(5, 'short', seededRandom(1)).map((job) => ({
    arrivesAt: 0,
    run: { ...job.run, endMs: 30_000 },
  }));

  test('schedules omnisciently: launches as soon as the bucket can pay, and sees each end at once', () => {
    const seen = scheduleOmnisciently(five, BUCKETS.standard);
    expect(seen.map(({ launchedAt }) => launchedAt)).toEqual([0, 0, 0, 0, 5_000]);
    // After the fifth launch a token a second: four ends at 30 s find 25.
    expect(seen.map(({ verdictAt }) => verdictAt)).toEqual([30_000, 30_000, 30_000, 30_000, 35_000]);
    expect(scheduleOmnisciently(five, BUCKETS.pro).map(({ verdictAt }) => verdictAt)).toEqual(Array(5).fill(30_000));
  });

  test('splits lateness into queue and lag, and counts 429s and minutes until the last job is over, failed or not', () => {
    const lives = [
      { launchedAt: 1_000, verdictAt: 33_000, overAt: 33_000 },
      { launchedAt: 0, verdictAt: null, overAt: 120_000 },
      { launchedAt: 0, verdictAt: 30_000, overAt: 30_000 },
      { launchedAt: null, verdictAt: null, overAt: 9_000 },
      { launchedAt: 6_000, verdictAt: 70_000, overAt: 70_000 },
    ];
    expect(outcomeOf(five, BUCKETS.standard, lives, 20)).toEqual({
      lateSeconds: [
        { queue: 1, lag: 2 },
        { queue: 0, lag: 0 },
        { queue: 1, lag: 34 },
      ],
      overBound: 2,
      refusalsPerJobMinute: 2,
      longestQueueMs: 9_000,
      failed: 2,
      billedMinutes: { asJobs: 7, asOneStep: 2 },
    });
  });
});

test('wakes sleepers of virtual time in order, and those of the same moment in the order of their calls', async () => {
  const clock = virtualClock();
  const seen: string[] = [];
  const sleeper = async (name: string, ms: number) => {
    await clock.sleep(ms, never);
    seen.push(`${name} ${clock.now()}`);
  };
  const all = [sleeper('a', 30), sleeper('b', 10), sleeper('c', 20), sleeper('d', 10)];
  await clock.run(Promise.all(all));
  expect(seen).toEqual(['b 10', 'd 10', 'c 20', 'a 30']);
});

test.each([
  ['the same', { a: 1 }, { a: 1 }, []],
  ['better', { a: 0.9 }, { a: 1 }, []],
  ['worse', { a: 1.001 }, { a: 1 }, ['a: 1.001, was 1']],
  ['gone', {}, { a: 1 }, ['a: no longer measured']],
  ['new', { a: 1 }, {}, ['a: 1, not committed yet']],
])('compares a figure that is %s with the committed one, and reports it if it is worse, gone or new', (_, now, committed, lines) => {
  expect(regressions(now, committed)).toEqual(lines);
});

test.each([
  ['is below its goal', 1.2, 1.19, [], []],
  ['meets its goal within what is printed', 1.2, 1.2004, [], []],
  ['is above its goal', 1.2, 1.201, [], ['a']],
  ['is above a goal that may be missed', 1.2, 1.3, ['a'], []],
  ['has no goal', null, 9, [], []],
])('finds whether a figure %s', (_, goal, actual, accepted, missed) => {
  expect(missedGoals([{ what: 'a', goal, actual }], accepted)).toEqual(missed);
});
