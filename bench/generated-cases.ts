/** Cases that the policy was not tuned on: all combinations of bucket, number of jobs, arrival, length and kind of progress. */
import type { BucketSize } from '../simulator/bucket.ts';
import { TIERS } from '../simulator/bucket.ts';
import { seededRandom } from '../simulator/random.ts';
import { sampleRun, type Kind } from './sample-runs.ts';
import { simulateFleet, type Fleet, type Job, type Outcome } from './fleet-simulation.ts';

export const CASE_BUCKETS = {
  standard: TIERS.standard,
  pro: TIERS.pro,
  '45@90': { perMinute: 90, burst: 45 },
  '90@200': { perMinute: 200, burst: 90 },
  '200@1000': { perMinute: 1_000, burst: 200 },
} as const satisfies Readonly<Record<string, BucketSize>>;
const FLEET_SIZES = [3, 8, 16, 24];
const ARRIVALS = ['at once', '30 s apart', 'Poisson'] as const;
const LENGTHS = {
  short: (random) => 5_000 + 25_000 * random(),
  medium: (random) => 30_000 + 270_000 * random(),
  long: (random) => 300_000 + 600_000 * random(),
  bimodal: (random) => (random() < 0.5 ? 5_000 + 15_000 * random() : 240_000 + 240_000 * random()),
} as const satisfies Readonly<Record<string, (random: () => number) => number>>;
const PROGRESS: readonly Kind[] = ['silent', 'steady', 'bursty', 'stuck'];

export interface GeneratedCase {
  readonly bucket: keyof typeof CASE_BUCKETS;
  readonly size: number;
  readonly arrival: (typeof ARRIVALS)[number];
  readonly length: keyof typeof LENGTHS;
  readonly kind: Kind;
}

/** Each `share`-th case. `share` has no divisor in common with the sizes of the lists, so that each value occurs. */
export function generatedCases(arrivals: readonly GeneratedCase['arrival'][] = ARRIVALS, share = 1): GeneratedCase[] {
  const buckets = Object.keys(CASE_BUCKETS) as GeneratedCase['bucket'][];
  const lengths = Object.keys(LENGTHS) as GeneratedCase['length'][];
  const all = buckets.flatMap((bucket) =>
    FLEET_SIZES.flatMap((size) =>
      arrivals.flatMap((arrival) =>
        lengths.flatMap((length) => PROGRESS.map((kind): GeneratedCase => ({ bucket, size, arrival, length, kind }))),
      ),
    ),
  );
  return all.filter((_, nth) => nth % share === 0);
}

function jobsOf(one: GeneratedCase, random: () => number): Job[] {
  let at = 0;
  return Array.from({ length: one.size }, (_, nth): Job => {
    if (one.arrival === '30 s apart') at = 30_000 * nth;
    if (one.arrival === 'Poisson') at += -20_000 * Math.log(1 - random());
    const lengthMs = LENGTHS[one.length](random);
    const own = sampleRun(one.kind, Math.max(1_000, lengthMs - 3_500), random(), random);
    return { arrivesAt: at + 1_000 * random(), run: own };
  });
}

/** Ten jobs that start within a second, each with a run of 6 s. */
export function tenJobs(random: () => number): Job[] {
  const ten = Array.from({ length: 10 }, (): Job => {
    return { arrivesAt: 1_000 * random(), run: sampleRun('silent', 5_500, 0, random) };
  });
  return ten.sort((a, b) => a.arrivesAt - b.arrivesAt);
}

/** Means over the outcomes of all cases. */
export interface CaseMeans {
  /** Seconds. */
  readonly late: number;
  readonly overBound: number;
  readonly shareOver: number;
  readonly refusals: number;
  readonly failed: number;
  /** The number of cases in which a job fails. */
  readonly casesWithFailed: number;
}

export async function simulateCases(field: readonly GeneratedCase[], fleetOf: Fleet): Promise<CaseMeans> {
  const outcomes: Outcome[] = [];
  for (const [nth, one] of field.entries())
    outcomes.push(await simulateFleet(jobsOf(one, seededRandom(nth + 1)), CASE_BUCKETS[one.bucket], nth + 1, fleetOf));
  const late = outcomes.map(({ lateSeconds: all }) => mean(all.map(({ queue, lag }) => queue + lag)));
  return {
    late: mean(late.filter((one) => !Number.isNaN(one))),
    overBound: mean(outcomes.map(({ overBound }) => overBound)),
    shareOver: mean(outcomes.map(({ overBound }) => (overBound > 1.03 ? 1 : 0))),
    refusals: mean(outcomes.map(({ refusalsPerJobMinute }) => refusalsPerJobMinute)),
    failed: mean(outcomes.map(({ failed }) => failed)),
    casesWithFailed: outcomes.filter(({ failed }) => failed > 0).length,
  };
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / values.length;
}
