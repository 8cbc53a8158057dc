/** The cost of one run in tokens by its length, including the launch. No time passes. */
import { COMMITTED_SEED, sampleRun, KINDS, type Kind } from './sample-runs.ts';
import { fixedIntervalPoller, measure, actionPoller, type Poller } from './policy.ts';
import { seededRandom } from '../simulator/random.ts';
import { round, type Report } from './report.ts';

/** Mean times from the launch to the end, in seconds. */
const LENGTHS = [
  ['30 s', 30],
  ['1 min', 60],
  ['2 min', 120],
  ['5 min', 300],
  ['10 min', 600],
  ['15 min', 900],
  ['30 min', 1_800],
] as const;

const LAUNCH_COST = 25;
/** How long a run is pending, on average. */
const PENDING_MS = 3_500;

/** Mean polls of runs of one kind and length. */
function meanPolls(kind: Kind, seconds: number, count: number, poller: Poller): number {
  const random = seededRandom(COMMITTED_SEED);
  const runs = Array.from({ length: count }, (_, nth) => sampleRun(kind, seconds * 1_000 - PENDING_MS, (nth + random()) / count, random));
  return measure(runs, poller).tokens / count;
}

export function tokens(small: boolean): Report {
  const perKind = small ? 20 : 100;
  const costs = (kind: Kind, poller: Poller) => LENGTHS.map(([, seconds]) => LAUNCH_COST + meanPolls(kind, seconds, perKind, poller));
  const mean = (rows: readonly (readonly number[])[]) =>
    LENGTHS.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length);
  const row = (name: string, row: readonly number[]) => [name, ...row.map((cost) => cost.toFixed(0))];

  const byKind = KINDS.map((kind) => costs(kind, actionPoller(seededRandom(COMMITTED_SEED))));
  const all = mean(byKind);
  return {
    tables: [
      {
        title: `Tokens by the length of the run, means of ${perKind} sample runs of each kind (seed ${COMMITTED_SEED})`,
        head: ['', ...LENGTHS.map(([name]) => name)],
        pageRows: ['ours', 'fixed 3 s', 'fixed 5 s'],
        rows: [
          row('ours', all),
          ...KINDS.map((kind, i) => row(`— ${kind}`, byKind[i]!)),
          ...[3, 5, 30].map((every) => row(`fixed ${every} s`, mean(KINDS.map((kind) => costs(kind, fixedIntervalPoller(every * 1_000)))))),
        ],
      },
    ],
    figures: Object.fromEntries(LENGTHS.map(([name], column) => [`tokens, ${name}`, round(all[column]!, 1)])),
  };
}
