/** The cells that nobody tuned on: buckets, numbers, arrivals, lengths and kinds of progress. */
import type { BucketSize } from '../simulator/bucket.ts';
import { TIERS } from '../simulator/bucket.ts';
import { seededRandom } from '../simulator/random.ts';
import { course, type Kind } from './courses.ts';
import { play, type Fleet, type Job, type Outcome } from './fleet-world.ts';

export const CELL_BUCKETS = {
  standard: TIERS.standard,
  pro: TIERS.pro,
  '45@90': { perMinute: 90, burst: 45 },
  '90@200': { perMinute: 200, burst: 90 },
  '200@1000': { perMinute: 1_000, burst: 200 },
} as const satisfies Readonly<Record<string, BucketSize>>;
const SIZES = [3, 8, 16, 24];
const ARRIVALS = ['at once', '30 s apart', 'Poisson'] as const;
const LENGTHS = {
  short: (random) => 5_000 + 25_000 * random(),
  medium: (random) => 30_000 + 270_000 * random(),
  long: (random) => 300_000 + 600_000 * random(),
  bimodal: (random) => (random() < 0.5 ? 5_000 + 15_000 * random() : 240_000 + 240_000 * random()),
} as const satisfies Readonly<Record<string, (random: () => number) => number>>;
const PROGRESS: readonly Kind[] = ['silent', 'steady', 'bursty', 'stuck'];

export interface Cell {
  readonly bucket: keyof typeof CELL_BUCKETS;
  readonly size: number;
  readonly arrival: (typeof ARRIVALS)[number];
  readonly length: keyof typeof LENGTHS;
  readonly kind: Kind;
}

/** Every `share`-th cell. The numbers have no divisor in common, so that each value of each column comes up. */
export function cells(arrivals: readonly Cell['arrival'][] = ARRIVALS, share = 1): Cell[] {
  const buckets = Object.keys(CELL_BUCKETS) as Cell['bucket'][];
  const lengths = Object.keys(LENGTHS) as Cell['length'][];
  const all = buckets.flatMap((bucket) =>
    SIZES.flatMap((size) =>
      arrivals.flatMap((arrival) =>
        lengths.flatMap((length) => PROGRESS.map((kind): Cell => ({ bucket, size, arrival, length, kind }))),
      ),
    ),
  );
  return all.filter((_, nth) => nth % share === 0);
}

function jobs(cell: Cell, random: () => number): Job[] {
  let at = 0;
  return Array.from({ length: cell.size }, (_, nth): Job => {
    if (cell.arrival === '30 s apart') at = 30_000 * nth;
    if (cell.arrival === 'Poisson') at += -20_000 * Math.log(1 - random());
    const lengthMs = LENGTHS[cell.length](random);
    const own = course(cell.kind, Math.max(1_000, lengthMs - 3_500), random(), random);
    return { arrivesAt: at + 1_000 * random(), course: own };
  });
}

/** Ten jobs that start within a second, each of a run of 6 s. */
export function tenJobs(random: () => number): Job[] {
  const ten = Array.from({ length: 10 }, (): Job => {
    return { arrivesAt: 1_000 * random(), course: course('silent', 5_500, 0, random) };
  });
  return ten.sort((a, b) => a.arrivesAt - b.arrivesAt);
}

/** A mean of outcomes. */
export interface CellMeans {
  /** Seconds. */
  readonly late: number;
  readonly overBound: number;
  readonly shareOver: number;
  readonly refusals: number;
  readonly failed: number;
  /** The number of cells in which a job fails. */
  readonly cellsWithFailed: number;
}

export async function playCells(field: readonly Cell[], fleetOf: Fleet): Promise<CellMeans> {
  const outcomes: Outcome[] = [];
  for (const [nth, cell] of field.entries())
    outcomes.push(await play(jobs(cell, seededRandom(nth + 1)), CELL_BUCKETS[cell.bucket], nth + 1, fleetOf));
  const late = outcomes.map(({ late: all }) => mean(all.map(({ queue, lag }) => queue + lag)));
  return {
    late: mean(late.filter((one) => !Number.isNaN(one))),
    overBound: mean(outcomes.map(({ overBound }) => overBound)),
    shareOver: mean(outcomes.map(({ overBound }) => (overBound > 1.03 ? 1 : 0))),
    refusals: mean(outcomes.map(({ refusalsPerJobMinute }) => refusalsPerJobMinute)),
    failed: mean(outcomes.map(({ failed }) => failed)),
    cellsWithFailed: outcomes.filter(({ failed }) => failed > 0).length,
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
