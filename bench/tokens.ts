/** What one run costs by its length, launch included: no time passes. */
import { COMMITTED_SEED, course, KINDS, type Kind } from './courses.ts';
import { fixed, measure, ours, type Poller } from './policy.ts';
import { seededRandom } from '../simulator/random.ts';
import { round, type Report } from './report.ts';

/** From the launch to the end, on average. */
const LENGTHS = [
  ['30 s', 30],
  ['1 min', 60],
  ['2 min', 120],
  ['5 min', 300],
  ['10 min', 600],
  ['15 min', 900],
  ['30 min', 1_800],
] as const;

const LAUNCH = 25;
/** What a course is pending for, on average. */
const PENDING_MS = 3_500;

/** Mean polls of runs of one kind and length. */
function polls(kind: Kind, seconds: number, count: number, poller: Poller): number {
  const random = seededRandom(COMMITTED_SEED);
  const field = Array.from({ length: count }, (_, nth) =>
    course(kind, seconds * 1_000 - PENDING_MS, (nth + random()) / count, random),
  );
  return measure(field, poller).tokens / count;
}

export function tokens(small: boolean): Report {
  const perKind = small ? 20 : 100;
  const costs = (kind: Kind, poller: Poller) =>
    LENGTHS.map(([, seconds]) => LAUNCH + polls(kind, seconds, perKind, poller));
  const mean = (rows: readonly (readonly number[])[]) =>
    LENGTHS.map((_, column) => rows.reduce((sum, row) => sum + row[column]!, 0) / rows.length);
  const row = (name: string, row: readonly number[]) => [name, ...row.map((cost) => cost.toFixed(0))];

  const byKind = KINDS.map((kind) => costs(kind, ours(seededRandom(COMMITTED_SEED))));
  const all = mean(byKind);
  return {
    tables: [
      {
        title: `Tokens by the length of the run, means of ${perKind} courses of each kind (seed ${COMMITTED_SEED})`,
        head: ['', ...LENGTHS.map(([name]) => name)],
        page: ['ours', 'fixed 3 s', 'fixed 5 s'],
        rows: [
          row('ours', all),
          ...KINDS.map((kind, i) => row(`— ${kind}`, byKind[i]!)),
          ...[3, 5, 30].map((every) =>
            row(`fixed ${every} s`, mean(KINDS.map((kind) => costs(kind, fixed(every * 1_000))))),
          ),
        ],
      },
    ],
    figures: Object.fromEntries(LENGTHS.map(([name], column) => [`tokens, ${name}`, round(all[column]!, 1)])),
  };
}
