import { describe, expect, test } from '@jest/globals';
import { COMMITTED_SEED, courses, HELD_OUT_SEED, KINDS, LENGTHS_MS } from '../../bench/courses.ts';
import { fixed, oneStep, ours } from '../../bench/fleet.ts';
import {
  BUCKETS,
  fleet,
  LENGTHS,
  omniscient,
  outcomeOf,
  play,
  rerun,
  type Fleet,
  type Outcome,
} from '../../bench/fleet-world.ts';
import { outputsOf } from '../../bench/outputs.ts';
import { picture } from '../../bench/picture.ts';
import { fixed as interval, measure, ourRatios } from '../../bench/policy.ts';
import { seeded } from '../../simulator/random.ts';
import { markdown, onPage, worse } from '../../bench/report.ts';
import { virtualClock } from '../../simulator/virtual-clock.ts';
import { LIMITS, parseJson } from '../../src/json.ts';

const never = new AbortController().signal;

describe('the courses', () => {
  const field = courses(COMMITTED_SEED, 4);

  test('there are as many of each kind at each length', () => {
    expect(field).toHaveLength(KINDS.length * LENGTHS_MS.length * 4);
    for (const kind of KINDS) expect(field.filter((course) => course.kind === kind)).toHaveLength(32);
    expect(LENGTHS_MS[0]).toBe(5_000);
    expect(LENGTHS_MS.at(-1)).toBeCloseTo(900_000);
  });

  test('each is pending, then running with progress that only grows, then completed', () => {
    for (const { endMs, sight } of field) {
      expect(sight(0).status).toBe('pending');
      expect(sight(endMs).status).toBe('completed');
      let last = 0;
      for (let share = 0; share < 1; share += 0.05) {
        const { status, progress } = sight(endMs * share);
        expect(status).not.toBe('completed');
        expect(progress ?? last).toBeGreaterThanOrEqual(last);
        expect(progress ?? last).toBeLessThanOrEqual(100);
        last = progress ?? last;
      }
    }
  });

  test('a seed gives the same courses again', () => {
    const again = courses(COMMITTED_SEED, 4);
    expect(again.map(({ endMs }) => endMs)).toEqual(field.map(({ endMs }) => endMs));
  });
});

describe('the policy', () => {
  test('a fixed interval polls as often as it must, and its lag is what is left', () => {
    const [course] = courses(1, 1);
    const { tokens, meanLagMs } = measure([course!], interval(1_000));
    expect(tokens).toBe(1 + Math.ceil((course!.endMs - 2_000) / 1_000));
    expect(meanLagMs).toBeCloseTo(2_000 + (tokens - 1) * 1_000 - course!.endMs);
  });

  test('on courses that it was not fitted to, it is cheaper than fixed 3 s by a third and no later', () => {
    const { tokens, meanLagMs } = ourRatios(courses(HELD_OUT_SEED, 12), HELD_OUT_SEED);
    expect(tokens).toBeLessThan(0.68);
    expect(meanLagMs).toBeLessThan(1);
  });
});

describe('the fleet', () => {
  const sail = (size: number, behave: Fleet) =>
    play(fleet(size, 'medium', seeded(1)), BUCKETS.standard, 1, behave);
  const five = fleet(5, 'short', seeded(1)).map((job) => ({
    arrivesAt: 0,
    course: { ...job.course, endMs: 30_000 },
  }));

  test.each(['short', 'medium', 'long'] as const)(
    'every other run is silent, and %s ones have their length',
    (length) => {
      const jobs = fleet(32, length, seeded(3));
      expect(jobs.filter(({ course }) => course.kind === 'silent')).toHaveLength(16);
      for (const { arrivesAt, course } of jobs) {
        expect(arrivesAt).toBeLessThan(1_000);
        expect(course.endMs).toBeGreaterThan(LENGTHS[length][0] - 3_000);
        expect(course.endMs).toBeLessThan(LENGTHS[length][1] + 3_000);
      }
    },
  );

  test('omniscient: what the bucket holds starts at once, then a launch every 25 s on standard; each end is seen at once', () => {
    const seen = omniscient(five, BUCKETS.standard);
    expect(seen.map(({ launchedAt }) => launchedAt)).toEqual([0, 0, 0, 0, 5_000]);
    // After the fifth launch a token a second: four ends at 30 s find 25.
    expect(seen.map(({ verdictAt }) => verdictAt)).toEqual([30_000, 30_000, 30_000, 30_000, 35_000]);
    expect(omniscient(five, BUCKETS.pro).map(({ verdictAt }) => verdictAt)).toEqual(Array(5).fill(30_000));
  });

  test('what is late is split into queue and lag; 429s and minutes are counted until the last job is over, also one that failed', () => {
    const lives = [
      { launchedAt: 1_000, verdictAt: 33_000, overAt: 33_000 },
      { launchedAt: 0, verdictAt: null, overAt: 120_000 },
      { launchedAt: 0, verdictAt: 30_000, overAt: 30_000 },
      { launchedAt: null, verdictAt: null, overAt: 9_000 },
      { launchedAt: 6_000, verdictAt: 70_000, overAt: 70_000 },
    ];
    expect(outcomeOf(five, BUCKETS.standard, lives, 20)).toEqual({
      late: [
        { queue: 1, lag: 2 },
        { queue: 0, lag: 0 },
        { queue: 1, lag: 34 },
      ],
      overBound: 2,
      refusalsPerJobMinute: 2,
      longestQueueMs: 9_000,
      failed: 2,
      minutes: { apart: 7, together: 2 },
    });
  });

  test("the seed's loop loses jobs; a patient one takes long, and has no more time than others", async () => {
    expect((await sail(16, fixed(3_000, false))).failed).toBeGreaterThan(8);
    const patient = await sail(16, fixed(3_000, true));
    expect(patient.failed).toBeGreaterThan(0);
    expect(patient.overBound).toBeGreaterThan(1.2);
  });

  test('as runs of one step they are never turned away, and seen sooner than as jobs', async () => {
    const late = ({ late }: Outcome) => late.reduce((sum, { queue, lag }) => sum + queue + lag, 0);
    const step = await sail(16, oneStep);
    expect(step).toMatchObject({ failed: 0, refusalsPerJobMinute: 0 });
    expect(late(step)).toBeLessThan(0.7 * late(await sail(16, ours)));
  });

  test('on a re-run three of four are replays, seen at once', async () => {
    const jobs = rerun(fleet(8, 'medium', seeded(1)), 0);
    const { late, failed } = await play(jobs, BUCKETS.standard, 1, oneStep);
    expect(failed).toBe(0);
    for (const [nth, { queue, lag }] of late.entries()) if (nth % 4 > 0) expect(queue + lag).toBeLessThan(15);
  });

  test('ours loses none, and alone on a key it is never turned away', async () => {
    expect((await sail(16, ours)).failed).toBe(0);
    const alone = await sail(1, ours);
    expect(alone).toMatchObject({ failed: 0, refusalsPerJobMinute: 0 });
    expect(alone.overBound).toBeLessThan(1.1);
  });

  test('a seed gives the same again', async () => {
    expect(await sail(6, ours)).toEqual(await sail(6, ours));
  });
});

test.each([100_000, 1_000_000, LIMITS.bytes])(
  'outputs of %d bytes are nearly so large, and within the caps',
  (bytes) => {
    const text = new TextEncoder().encode(JSON.stringify(outputsOf(bytes)));
    expect(text.length).toBeLessThanOrEqual(bytes);
    expect(text.length).toBeGreaterThan(0.99 * bytes);
    expect(() => parseJson(text)).not.toThrow();
  },
);

test('virtual time wakes sleepers in order, and those due at the same moment as they came', async () => {
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

describe('the check', () => {
  test.each([
    ['the same', { a: 1 }, { a: 1 }, []],
    ['better', { a: 0.9 }, { a: 1 }, []],
    ['worse', { a: 1.001 }, { a: 1 }, ['a: 1.001, was 1']],
    ['gone', {}, { a: 1 }, ['a: no longer measured']],
    ['new', { a: 1 }, {}, ['a: 1, not committed yet']],
  ])('a figure that is %s', (_, now, committed, lines) => {
    expect(worse(now, committed)).toEqual(lines);
  });
});

test('tables are Markdown', () => {
  expect(markdown({ title: 'T', head: ['a', 'b'], rows: [['x', '1.0']] })).toBe(
    '**T**\n\n| a   |   b |\n| --- | --: |\n| x   | 1.0 |',
  );
});

test('the page shows the rows that a table names, and no table that names none', () => {
  const table = { title: 'T', head: ['a'], rows: [['x'], ['y']] };
  expect(onPage([{ ...table, page: ['y'] }, table])).toEqual([{ ...table, rows: [['y']] }]);
});

test('the picture has a line and a name for each series, and no name upon another', () => {
  const svg = picture(
    'T',
    ['x', 'y'],
    [1, 10],
    [1, 100],
    [
      { name: 'one', colour: '#000000', ys: [1, 10] },
      { name: 'two', colour: '#ffffff', ys: [null, 10] },
    ],
  );
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  const heights = [...svg.matchAll(/ y="([\d.]+)" style="fill:#/g)].map(([, y]) => Number(y));
  expect(Math.abs(heights[0]! - heights[1]!)).toBeGreaterThanOrEqual(18);
});
