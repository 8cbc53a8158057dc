/** The cells that nobody tuned on: buckets, numbers, arrivals, lengths and kinds of progress, and what is to be had in them. */
import { readFileSync } from 'node:fs';
import type { BucketSize } from '../simulator/bucket.ts';
import { TIERS } from '../simulator/bucket.ts';
import { seeded } from '../simulator/random.ts';
import { course, type Kind } from './courses.ts';
import { fixed, oneStep, ours } from './fleet.ts';
import { BUCKETS as FLEET_BUCKETS, play, type Fleet, type Job, type Outcome } from './fleet-world.ts';
import { ours as oursAlone, ratios } from './policy.ts';
import { round, type Report, type Table } from './report.ts';

const BUCKETS: Readonly<Record<string, BucketSize>> = {
  standard: TIERS.standard,
  pro: TIERS.pro,
  '45@90': { perMinute: 90, burst: 45 },
  '90@200': { perMinute: 200, burst: 90 },
  '200@1000': { perMinute: 1_000, burst: 200 },
};
const SIZES = [3, 8, 16, 24];
const ARRIVALS = ['at once', '30 s apart', 'Poisson'] as const;
const LENGTHS: Readonly<Record<string, (random: () => number) => number>> = {
  short: (random) => 5_000 + 25_000 * random(),
  medium: (random) => 30_000 + 270_000 * random(),
  long: (random) => 300_000 + 600_000 * random(),
  bimodal: (random) => (random() < 0.5 ? 5_000 + 15_000 * random() : 240_000 + 240_000 * random()),
};
const PROGRESS: readonly Kind[] = ['silent', 'steady', 'bursty', 'stuck'];

interface Cell {
  readonly bucket: string;
  readonly size: number;
  readonly arrival: (typeof ARRIVALS)[number];
  readonly length: string;
  readonly kind: Kind;
}

function cells(arrivals: readonly Cell['arrival'][], share: number): Cell[] {
  const all = Object.keys(BUCKETS).flatMap((bucket) =>
    SIZES.flatMap((size) =>
      arrivals.flatMap((arrival) =>
        Object.keys(LENGTHS).flatMap((length) =>
          PROGRESS.map((kind): Cell => ({ bucket, size, arrival, length, kind })),
        ),
      ),
    ),
  );
  // Every so many: the numbers have no divisor in common, so that each value of each column comes up.
  return all.filter((_, nth) => nth % share === 0);
}

/** @param knows how a job's own length and what the author says of it go together; null: nothing is said */
function jobs(cell: Cell, random: () => number, knows: ((random: () => number) => number) | null): Job[] {
  let at = 0;
  return Array.from({ length: cell.size }, (_, nth): Job => {
    if (cell.arrival === '30 s apart') at = 30_000 * nth;
    if (cell.arrival === 'Poisson') at += -20_000 * Math.log(1 - random());
    const lengthMs = LENGTHS[cell.length]!(random);
    const own = course(cell.kind, Math.max(1_000, lengthMs - 3_500), random(), random);
    const expectedMs = knows === null ? null : own.endMs * knows(random);
    return { arrivesAt: at + 1_000 * random(), course: own, expectedMs };
  });
}

/** Ten jobs that start within a second, each of a run of 6 s. */
export function tenJobs(random: () => number): Job[] {
  const ten = Array.from({ length: 10 }, (): Job => {
    return { arrivesAt: 1_000 * random(), course: course('silent', 5_500, 0, random), expectedMs: null };
  });
  return ten.sort((a, b) => a.arrivesAt - b.arrivesAt);
}

function tenShort(seed: number): Promise<Outcome> {
  return play(tenJobs(seeded(seed)), FLEET_BUCKETS['120@300'], seed, ours);
}

/** A mean of outcomes. */
interface Mean {
  readonly late: number;
  readonly over: number;
  readonly shareOver: number;
  readonly polls: number;
  readonly failed: number;
}

async function meanOf(
  field: readonly Cell[],
  fleetOf: Fleet,
  knows: ((random: () => number) => number) | null = null,
): Promise<Mean> {
  const outcomes: Outcome[] = [];
  for (const [nth, cell] of field.entries())
    outcomes.push(await play(jobs(cell, seeded(nth + 1), knows), BUCKETS[cell.bucket]!, nth + 1, fleetOf));
  const late = outcomes.map(({ late: all }) => mean(all.map(({ queue, lag }) => queue + lag)));
  return {
    late: mean(late.filter((one) => !Number.isNaN(one))),
    over: mean(outcomes.map(({ overBound }) => overBound)),
    shareOver: mean(outcomes.map(({ overBound }) => (overBound > 1.03 ? 1 : 0))),
    polls: mean(outcomes.map(({ polls }) => polls)),
    failed: mean(outcomes.map(({ failed }) => failed)),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
const within20 = (random: () => number) => 0.8 + 0.4 * random();
const upToTwice = (random: () => number) => 2 ** (2 * random() - 1);

/** Before the queue decided anew and a length could be given, on the same cells. */
const BEFORE = (
  JSON.parse(readFileSync(new URL('before.json', import.meta.url), 'utf8')) as {
    cells: Record<string, readonly [late: number, polls: number]>;
  }
).cells;

/** What is to be had, beside what is. A figure above its goal is told so; `--check` holds what was reached. */
export async function goalsBench(small: boolean): Promise<Report> {
  const share = small ? 7 : 1;
  const rows: string[][] = [];
  const figures: Record<string, number> = {};
  const goal = (what: string, most: number, is: number, digits = 3) => {
    rows.push([what, String(most), round(is, digits).toFixed(digits), is <= most ? 'yes' : 'no']);
    figures[what] = round(is, digits);
  };
  const plain = (what: string, is: number) => rows.push([what, '', is.toFixed(2), '']);

  const atOnce = cells(['at once'], share);
  const step = await meanOf(atOnce, oneStep);
  goal('`runs`: last end over the bound', 1.015, step.over);
  goal('… share of the cells over 1.03', 0.15, step.shareOver);
  plain('… mean delay, s', step.late);
  const known = await meanOf(atOnce, oneStep, within20);
  plain('… mean delay with lengths known within 20 %, s', known.late);

  const all = cells(ARRIVALS, share);
  const of = (length: string) => all.filter((cell) => cell.arrival === 'at once' && cell.length === length);
  const size = small ? 'small' : 'full';
  const before = (what: string) => BEFORE[`${what}, ${size}`] ?? ([NaN, NaN] as const);
  const given = await meanOf(all, ours, within20);
  goal('blind jobs, length given within 20 %: delay, of before', 0.6, given.late / before('all')[0]);
  goal('… polls, of before', 0.8, given.polls / before('all')[1]);
  const wrong = await meanOf(all, ours, upToTwice);
  plain('… wrong by up to twice: delay, of before', wrong.late / before('all')[0]);
  for (const [length, most] of [
    ['short', 0.75],
    ['medium', 1.16],
    ['long', 1.16],
  ] as const) {
    const own = await meanOf(of(length), ours);
    goal(
      `blind jobs, nothing known, at once, ${length}: delay, of before`,
      most,
      own.late / before(length)[0],
    );
    const loop = await meanOf(of(length), fixed(5_000, true));
    plain('… mean delay, s', own.late);
    plain('… of a plain loop of 5 s that honours Retry-After, s', loop.late);
    plain('… jobs that it loses', loop.failed);
  }

  const ten = await Promise.all(Array.from({ length: small ? 3 : 20 }, (_, nth) => tenShort(nth + 1)));
  goal(
    'ten blind jobs of 6 s on 120@300: last end over the bound',
    1.4,
    mean(ten.map((one) => one.overBound)),
  );
  goal('… jobs that end red', 0, mean(ten.map((one) => one.failed)));

  const random = seeded(3);
  const field = Array.from({ length: small ? 200 : 2_000 }, () => {
    const kind = PROGRESS[Math.floor(random() * PROGRESS.length)]!;
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return course(kind, 120_000 * Math.exp(0.3 * normal), random(), random);
  });
  const alone = ratios(field, oursAlone(seeded(5), 123_500));
  goal('one run, length given (median 2 min, σ 0.3): polls, of a fixed 3 s', 0.75, alone.tokens);
  goal('… lag, of a fixed 3 s', 1.15, alone.meanLagMs);
  const nothing = ratios(field, oursAlone(seeded(5)));
  plain('… nothing given: polls, of a fixed 3 s', nothing.tokens);
  plain('… nothing given: lag, of a fixed 3 s', nothing.meanLagMs);

  const table: Table = {
    title: `What was to be reached: ${all.length} cells of blind jobs, ${atOnce.length} of one step`,
    head: ['figure', 'at most', 'is', 'reached'],
    rows,
    page: rows.map(([what = '']) => what),
  };
  return { tables: [table], figures };
}
