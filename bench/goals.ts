/** What the policy was to reach, of the full size: some cells as ratios to what they were before a poll had a price. */
import type { Figures } from './fleet-world.ts';
import type { Table } from './report.ts';

/** By the cell's name. */
export type Measured = ReadonlyMap<string, Figures>;
export type Before = Readonly<Record<string, readonly [late: number, overBound: number]>>;

const cells = (bucket: string, sizes: readonly number[], lengths: readonly string[]): string[] =>
  sizes.flatMap((size) => lengths.map((length) => `${bucket}, ${size} ${length}`));

const TIERS = ['standard', 'pro'].flatMap((tier) => cells(tier, [16, 32, 64], ['short', 'medium', 'long']));
const STANDARD = TIERS.filter((name) => name.startsWith('standard'));
/** Where launches have to queue. */
const QUEUED = [
  ...cells('pro', [32, 64], ['short', 'medium']),
  ...cells('30@600', [4, 5, 8, 16, 32, 64], ['short', 'medium']),
  ...cells('120@300', [5, 8, 16, 32, 64], ['short', 'medium']),
];

export function goals(apart: Measured, together: Measured, before: Before): Table {
  const now = (name: string) => apart.get(name)!;
  const ratios = (names: readonly string[]) => {
    const all = names.map((name) => now(name).late / before[name]![0]);
    const mean = Math.exp(all.reduce((sum, ratio) => sum + Math.log(ratio), 0) / all.length);
    return `${mean.toFixed(2)} (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`;
  };
  const spread = (names: readonly string[], of: (figures: Figures) => number) => {
    const all = names.map((name) => of(now(name)));
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    return `${mean.toFixed(2)} (${Math.min(...all).toFixed(2)} to ${Math.max(...all).toFixed(2)})`;
  };
  const steps = ['standard, 8 medium', 'standard, 16 medium', '30@600, 8 short'].map((name) =>
    together.get(name)!,
  );
  const each = (of: (figures: Figures) => number, digits: number) =>
    steps.map((figures) => of(figures).toFixed(digits)).join(' / ');
  const rows = [
    ['late, standard, 5 and 8 medium', '0.6 of before', ratios(cells('standard', [5, 8], ['medium']))],
    ['late, other buckets with a queue, short and medium', '0.5 of before', ratios(QUEUED)],
    [
      'late, standard, 16 and 32 medium and long',
      '0.95 of before',
      ratios(cells('standard', [16, 32], ['medium', 'long'])),
    ],
    ['late, standard, 64', '1.1 of before', ratios(cells('standard', [64], ['short', 'medium', 'long']))],
    [
      'last end over the bound, standard, 16 and more',
      '1.12, each 1.16',
      spread(STANDARD, ({ overBound }) => overBound),
    ],
    ['429s a job and minute, tiers, 16 and more', '0.55', spread(TIERS, ({ refusals }) => refusals)],
    [
      'one step: seconds late, standard 8 and 16 medium, 30@600 8 short',
      '11 / 28 / 4',
      each(({ late }) => late, 1),
    ],
    ['… last end over the bound', '1.03', each(({ overBound }) => overBound, 3)],
    ['… 429s', '0', each(({ refusals }) => refusals, 2)],
  ];
  return {
    title: 'What was to be reached: means, and the range of the cells',
    head: ['figure', 'at most', 'is'],
    rows,
    page: rows.map(([name = '']) => name),
  };
}
