/** What a run's polls cost, and how late its end is seen, over courses of all kinds. No time passes. */
import { unknownBucket } from '../src/alloovium/bucket.ts';
import { firstPace, nextPollMs, observeRun, type Contention } from '../src/runs/poll-pace.ts';
import { COMMITTED_SEED, courses, HELD_OUT_SEED, KINDS, type Course } from './courses.ts';
import { seededRandom } from '../simulator/random.ts';
import { percent, round, type Report, type Table } from './report.ts';

/** Made anew for each run: given each poll in turn, ms to the next. */
export type Poller = () => (at: number, course: Course) => number;

export const fixed =
  (ms: number): Poller =>
  () =>
  (at) =>
    at === 0 ? FIRST_POLL_MS : ms;

/** Nobody else polls or waits. */
export const ALONE: Contention = {
  bucket: unknownBucket,
  isOnlyRun: true,
  launchesWaiting: 0,
  runsFollowed: 1,
};

export const ours =
  (random: () => number): Poller =>
  () => {
    let pace = firstPace(0);
    return (at, course) => {
      // The pause before the first poll.
      if (at === 0) return FIRST_POLL_MS;
      pace = observeRun(pace, { at, ...course.sight(at) });
      return nextPollMs(pace, ALONE, random());
    };
  };

/** After a launch; for all policies alike. */
const FIRST_POLL_MS = 2_000;

export interface Measured {
  readonly tokens: number;
  readonly meanLagMs: number;
  readonly p95LagMs: number;
}

export function measure(field: readonly Course[], poller: Poller): Measured {
  const lags: number[] = [];
  let tokens = 0;
  for (const course of field) {
    const next = poller();
    let at = next(0, course);
    for (tokens++; at < course.endMs; tokens++) at += next(at, course);
    lags.push(at - course.endMs);
  }
  lags.sort((a, b) => a - b);
  return {
    tokens,
    meanLagMs: lags.reduce((sum, lag) => sum + lag, 0) / lags.length,
    p95LagMs: lags[Math.floor(lags.length * 0.95)]!,
  };
}

/** As ratios to a fixed 3 s. */
export function ratios(field: readonly Course[], poller: Poller): Measured {
  const own = measure(field, poller);
  const base = measure(field, fixed(3_000));
  return {
    tokens: own.tokens / base.tokens,
    meanLagMs: own.meanLagMs / base.meanLagMs,
    p95LagMs: own.p95LagMs / base.p95LagMs,
  };
}

export function ourRatios(field: readonly Course[], seed: number): Measured {
  return ratios(field, ours(seededRandom(seed)));
}

const OTHER_SEED = `ours, seed ${HELD_OUT_SEED}, not tuned on`;

export function policy(small: boolean): Report {
  const perKindAndLength = small ? 10 : 60;
  const field = courses(COMMITTED_SEED, perKindAndLength);
  const row = (name: string, { tokens, meanLagMs, p95LagMs }: Measured) => [
    name,
    percent(tokens),
    percent(meanLagMs),
    percent(p95LagMs),
  ];
  const all = ourRatios(field, COMMITTED_SEED);
  const kinds = KINDS.map((kind) => ({
    kind,
    ratio: ourRatios(
      field.filter((course) => course.kind === kind),
      COMMITTED_SEED,
    ),
  }));
  const table: Table = {
    title: `Polls of ${field.length} courses (seed ${COMMITTED_SEED}), over those of a fixed 3 s`,
    head: ['policy', 'tokens', 'mean lag', '95th percentile'],
    page: ['fixed 3 s', 'fixed 5 s', 'ours', OTHER_SEED],
    rows: [
      row('fixed 3 s', ratios(field, fixed(3_000))),
      row('fixed 5 s', ratios(field, fixed(5_000))),
      row('fixed 30 s', ratios(field, fixed(30_000))),
      row('ours', all),
      ...kinds.map(({ kind, ratio }) => row(`— ${kind}`, ratio)),
      row(OTHER_SEED, ourRatios(courses(HELD_OUT_SEED, perKindAndLength), HELD_OUT_SEED)),
    ],
  };
  return {
    tables: [table],
    figures: Object.fromEntries(
      [{ kind: 'all', ratio: all }, ...kinds].flatMap(({ kind, ratio }) => [
        [`tokens, ${kind}`, round(ratio.tokens)],
        [`mean lag, ${kind}`, round(ratio.meanLagMs)],
        [`p95 lag, ${kind}`, round(ratio.p95LagMs)],
      ]),
    ),
  };
}
