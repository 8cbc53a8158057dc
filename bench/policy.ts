/** How many polls a run costs, and how late its end is seen, over sample runs of all kinds. No time passes. */
import { unknownBucket } from '../src/alloovium/bucket.ts';
import { createPace, nextPollMs, observeRun, type Contention } from '../src/runs/poll-pace.ts';
import { COMMITTED_SEED, sampleRuns, HELD_OUT_SEED, KINDS, type SampleRun } from './sample-runs.ts';
import { seededRandom } from '../simulator/random.ts';
import { percent, round, type Report, type Table } from './report.ts';

/** Creates a poller for one run: after each poll it returns the ms until the next. */
export type Poller = () => (at: number, run: SampleRun) => number;

export const fixedIntervalPoller =
  (ms: number): Poller =>
  () =>
  (at) =>
    at === 0 ? FIRST_POLL_MS : ms;

/** No other job polls or waits. */
export const ALONE: Contention = {
  bucket: unknownBucket,
  isOnlyRun: true,
  launchesWaiting: 0,
  runsFollowed: 1,
};

export const actionPoller =
  (random: () => number): Poller =>
  () => {
    let pace = createPace(0);
    return (at, run) => {
      // The pause before the first poll.
      if (at === 0) return FIRST_POLL_MS;
      pace = observeRun(pace, { at, ...run.stateAt(at) });
      return nextPollMs(pace, ALONE, random());
    };
  };

/** From the launch to the first poll; the same for all policies. */
const FIRST_POLL_MS = 2_000;

export interface Measured {
  readonly tokens: number;
  readonly meanLagMs: number;
  readonly p95LagMs: number;
}

export function measure(runs: readonly SampleRun[], poller: Poller): Measured {
  const lags: number[] = [];
  let tokens = 0;
  for (const run of runs) {
    const next = poller();
    let at = next(0, run);
    for (tokens++; at < run.endMs; tokens++) at += next(at, run);
    lags.push(at - run.endMs);
  }
  lags.sort((a, b) => a - b);
  return {
    tokens,
    meanLagMs: lags.reduce((sum, lag) => sum + lag, 0) / lags.length,
    p95LagMs: lags[Math.floor(lags.length * 0.95)]!,
  };
}

/** Ratios to a fixed interval of 3 s. */
export function ratios(runs: readonly SampleRun[], poller: Poller): Measured {
  const own = measure(runs, poller);
  const base = measure(runs, fixedIntervalPoller(3_000));
  return {
    tokens: own.tokens / base.tokens,
    meanLagMs: own.meanLagMs / base.meanLagMs,
    p95LagMs: own.p95LagMs / base.p95LagMs,
  };
}

export function actionRatios(runs: readonly SampleRun[], seed: number): Measured {
  return ratios(runs, actionPoller(seededRandom(seed)));
}

const OTHER_SEED = `ours, seed ${HELD_OUT_SEED}, not tuned on`;

export function policy(small: boolean): Report {
  const perKindAndLength = small ? 10 : 60;
  const runs = sampleRuns(COMMITTED_SEED, perKindAndLength);
  const row = (name: string, { tokens, meanLagMs, p95LagMs }: Measured) => [name, percent(tokens), percent(meanLagMs), percent(p95LagMs)];
  const all = actionRatios(runs, COMMITTED_SEED);
  const kinds = KINDS.map((kind) => ({
    kind,
    ratio: actionRatios(
      runs.filter((run) => run.kind === kind),
      COMMITTED_SEED,
    ),
  }));
  const table: Table = {
    title: `Polls of ${runs.length} sample runs (seed ${COMMITTED_SEED}), over those of a fixed 3 s`,
    head: ['policy', 'tokens', 'mean lag', '95th percentile'],
    pageRows: ['fixed 3 s', 'fixed 5 s', 'ours', OTHER_SEED],
    rows: [
      row('fixed 3 s', ratios(runs, fixedIntervalPoller(3_000))),
      row('fixed 5 s', ratios(runs, fixedIntervalPoller(5_000))),
      row('fixed 30 s', ratios(runs, fixedIntervalPoller(30_000))),
      row('ours', all),
      ...kinds.map(({ kind, ratio }) => row(`— ${kind}`, ratio)),
      row(OTHER_SEED, actionRatios(sampleRuns(HELD_OUT_SEED, perKindAndLength), HELD_OUT_SEED)),
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
