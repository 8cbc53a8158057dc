/** `npm run bench -- goals`: each goal for the pace of polls and launches, its figure, and whether it is reached. */
import { readFileSync } from 'node:fs';
import { TIERS } from '../simulator/bucket.ts';
import { seededRandom } from '../simulator/random.ts';
import { CASE_BUCKETS, generatedCases, mean, simulateCases, tenJobs } from './generated-cases.ts';
import { COMMITTED_SEED, sampleRun, sampleRuns, type Kind } from './sample-runs.ts';
import { fixedIntervalJobs, measureFleet, jobsOfOneStep, separateJobs } from './fleet.ts';
import { BUCKETS, fleet, type Length } from './fleet-simulation.ts';
import { measure, actionPoller as oursAlone, actionRatios } from './policy.ts';
import { missedGoals, round, type Goal, type Report, type Table } from './report.ts';

/** Mean delays in seconds of an earlier policy, in which polls have no price: the figures to compare with. */
const FREE_POLL_DELAYS = JSON.parse(readFileSync(new URL('free-poll-delays.json', import.meta.url), 'utf8')) as Record<string, number>;

type Size = 'full' | 'small';

const INDEPENDENT_MEDIUM = 'independent jobs at once, medium: delay, of free polls';
const LARGE_DELAY = '16 and 32 jobs on standard, medium and long: delay, of free polls';
const LARGE_REFUSALS = '16 and more jobs on a tier: 429s a job and minute';
const LARGE_LAST_END = '16 and more jobs on standard: last end over the bound, worst';
const pollsOf70 = (progress: string) => `a run of 70 minutes, ${progress}: polls`;

const USE_RUNS = 'a fleet for `runs`';
const NO_PREDICTION = 'progress that stops predicts no end';

/** Missed goals that are accepted, with the reason. `--check` fails for any other missed goal. */
const ACCEPTED: Readonly<Record<Size, Readonly<Record<string, string>>>> = {
  full: {
    [LARGE_DELAY]: USE_RUNS,
    [LARGE_REFUSALS]: USE_RUNS,
    [LARGE_LAST_END]: USE_RUNS,
    [pollsOf70('bursty progress')]: NO_PREDICTION,
    [pollsOf70('stuck progress')]: NO_PREDICTION,
  },
  small: {
    [INDEPENDENT_MEDIUM]: 'few cases, full size: yes',
    [LARGE_DELAY]: USE_RUNS,
    [LARGE_REFUSALS]: USE_RUNS,
    [pollsOf70('bursty progress')]: NO_PREDICTION,
    [pollsOf70('stuck progress')]: NO_PREDICTION,
  },
};

/** A simple loop: 5 s between polls, and after a 429 it waits for `Retry-After`. */
const patientLoop = fixedIntervalJobs(5_000, true);

export async function goalsBench(small: boolean): Promise<Report> {
  const size: Size = small ? 'small' : 'full';
  const rows: Goal[] = [
    ...(await smallMatrices(small)),
    ...(await independentJobs(small)),
    ...(await tenShortJobs(small)),
    ...(await largeFleets(small)),
    ...(await oneStepFleets(small)),
    ...oneRun(),
    ...longRun(small),
  ];
  const accepted = ACCEPTED[size];
  const missed = missedGoals(rows, []);
  const reached = ({ what, goal }: Goal) => {
    if (goal === null) return '';
    if (!missed.includes(what)) return 'yes';
    return what in accepted ? `no: ${accepted[what]}` : 'no';
  };
  const table: Table = {
    title: `What is to be reached, ${size} size`,
    head: ['figure', 'at most', 'is', 'reached'],
    rows: [...rows.map((row) => [row.what, String(row.goal ?? ''), round(row.actual).toFixed(3), reached(row)])],
  };
  return {
    tables: [{ ...table, pageRows: table.rows.map(([what = '']) => what) }],
    figures: Object.fromEntries(rows.map(({ what, actual }) => [what, round(actual)])),
    missed: missedGoals(rows, Object.keys(accepted)),
  };
}

/** The most common use: one short matrix, on a bucket that cannot pay all its launches at once. */
async function smallMatrices(small: boolean): Promise<Goal[]> {
  const rows: Goal[] = [];
  let failed = 0;
  for (const bucket of ['standard', '45@90'] as const) {
    for (const size of [3, 4, 5, 6]) {
      const seeds = Array.from({ length: small ? 10 : 60 }, (_, nth) => 1_000 + nth);
      const matrix = (seed: number) => fleet(size, 'short', seededRandom(seed));
      const own = await measureFleet(seeds, matrix, CASE_BUCKETS[bucket], separateJobs);
      const looped = await measureFleet(seeds, matrix, CASE_BUCKETS[bucket], patientLoop);
      rows.push({
        what: `${size} short jobs on ${bucket}: delay, of a patient 5 s loop`,
        goal: 2.2,
        actual: own.late / looped.late,
      });
      failed += own.failed;
    }
  }
  return [
    ...rows,
    { what: 'mean of these eight cases', goal: 1.5, actual: mean(rows.map(({ actual }) => actual)) },
    { what: 'jobs that end red in them', goal: 0, actual: failed },
  ];
}

/** Independent jobs, in the cases that the policy was not tuned on. */
async function independentJobs(small: boolean): Promise<Goal[]> {
  const share = small ? 7 : 1;
  const all = generatedCases(undefined, share);
  const rows: Goal[] = [];
  for (const [length, goal] of [
    ['short', 0.45],
    ['medium', 0.85],
    ['long', 1.09],
  ] as const) {
    const field = all.filter((one) => one.arrival === 'at once' && one.length === length);
    const own = await simulateCases(field, separateJobs);
    const plain = await simulateCases(field, patientLoop);
    const before = FREE_POLL_DELAYS[`${length}, ${small ? 'small' : 'full'}`]!;
    rows.push(
      { what: `independent jobs at once, ${length}: delay, of free polls`, goal, actual: own.late / before },
      {
        what: `independent jobs at once, ${length}: delay, of a patient 5 s loop`,
        goal: null,
        actual: own.late / plain.late,
      },
      {
        what: `independent jobs at once, ${length}: jobs that the loop loses, a case`,
        goal: null,
        actual: plain.failed,
      },
    );
  }
  const whole = await simulateCases(all, separateJobs);
  return [
    ...rows,
    { what: `independent jobs, ${all.length} cases: delay, s`, goal: null, actual: whole.late },
    {
      what: `independent jobs, ${all.length} cases: cases that lose a job`,
      goal: null,
      actual: whole.casesWithFailed,
    },
    {
      what: `independent jobs, ${all.length} cases: 429s a job and minute`,
      goal: null,
      actual: whole.refusals,
    },
  ];
}

async function tenShortJobs(small: boolean): Promise<Goal[]> {
  const seeds = Array.from({ length: small ? 3 : 20 }, (_, nth) => nth + 1);
  const ten = await measureFleet(seeds, (seed) => tenJobs(seededRandom(seed)), BUCKETS['120@300'], separateJobs);
  return [
    {
      what: 'ten independent jobs of 6 s on 120@300: last end over the bound',
      goal: 1.2,
      actual: ten.overBound,
    },
    { what: 'ten independent jobs of 6 s on 120@300: jobs that end red', goal: 0, actual: ten.failed },
  ];
}

/** Goals of low priority: for sixteen jobs and more, `runs` is the recommended way. */
async function largeFleets(small: boolean): Promise<Goal[]> {
  const seeds = Array.from({ length: small ? 2 : 6 }, (_, nth) => nth + 1);
  const ratios: number[] = [];
  const refusals: number[] = [];
  const lastEnds: number[] = [];
  for (const tier of ['standard', 'pro'] as const) {
    for (const count of small ? [16, 32] : [16, 32, 64]) {
      for (const length of ['short', 'medium', 'long'] as const satisfies readonly Length[]) {
        const one = await measureFleet(seeds, (seed) => fleet(count, length, seededRandom(seed)), TIERS[tier], separateJobs);
        refusals.push(one.refusals);
        if (tier === 'standard') lastEnds.push(one.overBound);
        const before = FREE_POLL_DELAYS[`${tier}, ${count} ${length}`];
        if (before !== undefined) ratios.push(one.late / before);
      }
    }
  }
  const ratio = Math.exp(mean(ratios.map(Math.log)));
  return [
    { what: LARGE_DELAY, goal: 1.04, actual: ratio },
    { what: LARGE_REFUSALS, goal: 0.55, actual: mean(refusals) },
    {
      what: LARGE_LAST_END,
      goal: 1.18,
      actual: Math.max(...lastEnds),
    },
  ];
}

async function oneStepFleets(small: boolean): Promise<Goal[]> {
  const step = await simulateCases(generatedCases(['at once'], small ? 3 : 1), jobsOfOneStep);
  return [
    { what: '`runs`: last end over the bound', goal: 1.015, actual: step.overBound },
    { what: '`runs`: share of the cases over 1.03', goal: 0.15, actual: step.shareOver },
    { what: '`runs`: delay, s', goal: null, actual: step.late },
  ];
}

function oneRun(): Goal[] {
  const { tokens, meanLagMs } = actionRatios(sampleRuns(COMMITTED_SEED, 60), COMMITTED_SEED);
  return [
    { what: 'one run, nothing known: polls, of a fixed 3 s', goal: 0.55, actual: tokens },
    { what: 'one run, nothing known: lag, of a fixed 3 s', goal: 0.99, actual: meanLagMs },
  ];
}

function longRun(small: boolean): Goal[] {
  const lengthMs = 70 * 60_000;
  const runs = small ? 20 : 100;
  const measured = (kind: Kind) => {
    const random = seededRandom(11);
    const field = Array.from({ length: runs }, (_, nth) => sampleRun(kind, lengthMs, (nth + random()) / runs, random));
    const { tokens, meanLagMs } = measure(field, oursAlone(seededRandom(3)));
    return { polls: tokens / runs, lag: (100 * meanLagMs) / lengthMs };
  };
  const silent = measured('silent');
  const kinds = (['steady', 'curved', 'bursty', 'stuck'] as const).map((kind) => [kind, measured(kind)] as const);
  return [
    { what: pollsOf70('silent'), goal: 480, actual: silent.polls },
    { what: 'a run of 70 minutes, silent: lag, % of the run', goal: 0.3, actual: silent.lag },
    ...kinds.flatMap(([kind, { polls, lag }]) => [
      { what: pollsOf70(`${kind} progress`), goal: 270, actual: polls },
      { what: `a run of 70 minutes, ${kind} progress: lag, % of the run`, goal: 0.3, actual: lag },
    ]),
  ];
}
