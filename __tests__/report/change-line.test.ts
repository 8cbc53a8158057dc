/** The line that says what changed since the baseline or the last report. */
import { describe, expect, test } from '@jest/globals';
import type { Changes, ItemChanges } from '../../src/report/changes.ts';
import { countChanges, formatChangeLine } from '../../src/report/change-line.ts';
import type { RunReport } from '../../src/report/report.ts';
import { alsoWarns, aResult, aRun, COMMIT } from './a-report.ts';

type States = ItemChanges['itemStates'];

const listOf = (count: number) => aResult({ result: 'holds', matched: Array.from({ length: count }, (_, id) => ({ id })) });
const removedOf = (count: number) => new Map(Array.from({ length: count }, (_, at) => [`r${at}`.padEnd(12, '-'), { id: at }] as const));

/** A run with one condition whose items have these states. */
const runOf = (
  states: States,
  {
    since = '3f9c1ab',
    baselineOf = null,
    count = states?.length ?? 0,
    before = null,
    removed = 0,
  }: Partial<Pick<Changes, 'since' | 'baselineOf'>> & {
    count?: number;
    before?: number | null;
    removed?: number;
  } = {},
): RunReport => ({
  ...aRun({ results: [listOf(count)] }),
  changes: {
    since,
    baselineOf,
    conditions: [{ itemStates: states, before, removed: removedOf(removed) }],
  },
});
const lineOf = (...runs: readonly RunReport[]) => formatChangeLine(runs, COMMIT);

describe('the states of items', () => {
  test.each<[States, string]>([
    [['new'], '**1 new**'],
    [['new', 'still', 'known'], '**1 new**, 1 known, 1 still open'],
    [['still', 'still'], 'nothing new, 2 still open'],
    [['known'], 'nothing new, 1 known'],
  ])('are counted, for %j: %s', (states, text) => {
    expect(lineOf(runOf(states))).toBe(`since \`3f9c1ab\`: ${text}`);
  });

  test.each([
    [['still'] as const, 3, 0, '1 still open, 2 not compared'],
    [['new'] as const, 2, 0, '**1 new**, 1 not compared'],
    [['still'] as const, 1, 2, 'nothing new, 1 still open, 2 no longer matching'],
    [[] as const, 0, 1, '1 no longer matching'],
  ])('are counted, for %j of %d items with %d removed: %s', (states, count, removed, text) => {
    expect(lineOf(runOf(states, { count, removed }))).toBe(`since \`3f9c1ab\`: ${text}`);
  });

  test('are added for several runs', () => {
    expect(countChanges([runOf(['new', 'known']), runOf(['new', 'still'], { count: 3, removed: 1 })])).toEqual({
      fresh: 2,
      still: 1,
      known: 1,
      uncompared: 1,
      removed: 1,
    });
  });

  test('are not counted where nothing is left and nothing was', () => {
    expect(lineOf(runOf([]))).toBe('');
  });
});

describe('what is compared with', () => {
  test.each<[Partial<Changes>, string]>([
    [{ since: '3f9c1ab' }, '`3f9c1ab`'],
    [{ since: COMMIT.slice(0, 7) }, 'the last report on this commit'],
    [{ since: COMMIT.slice(1, 8) }, `\`${COMMIT.slice(1, 8)}\``],
    [{ since: '', baselineOf: '' }, 'the baseline'],
    [{ since: '3f9c1ab', baselineOf: '' }, 'the baseline at `3f9c1ab`'],
    [{ since: '', baselineOf: '2026-11-25T09:14:00Z' }, 'the baseline of 2026-11-25 09:14 UTC'],
    [{ since: '3f9c1ab', baselineOf: '2026-11-25T09:14:00Z' }, 'the baseline of 2026-11-25 09:14 UTC at `3f9c1ab`'],
  ])('is named for %j: %s', (changes, what) => {
    expect(lineOf(runOf(['new'], changes))).toBe(`since ${what}: **1 new**`);
  });

  test('is named once, or as several reports', () => {
    expect(lineOf(runOf(['new']), runOf(['new']))).toBe('since `3f9c1ab`: **2 new**');
    expect(lineOf(runOf(['new']), runOf(['new'], { since: '4444444' }))).toBe('since the last reports: **2 new**');
  });

  test('is not named without an earlier report', () => {
    expect(lineOf(aRun())).toBe('');
    expect(lineOf(aRun(), runOf(['new']))).toMatch(/^since `3f9c1ab`: \*\*1 new\*\*/);
  });
});

describe('a number of items, where their states are not known,', () => {
  test.each<[count: number, before: number | null, text: string]>([
    [60, 58, '60, 2 more than at `3f9c1ab`'],
    [58, 60, '58, 2 fewer than at `3f9c1ab`'],
    [60, 60, '60, as many as at `3f9c1ab`'],
    [0, 2, '0, 2 fewer than at `3f9c1ab`'],
    [2, 0, '2, 2 more than at `3f9c1ab`'],
    [1, 2_000, '1, 1,999 fewer than at `3f9c1ab`'],
    [0, 0, ''],
    [3, null, ''],
  ])('is compared, %d after %j: %s', (count, before, text) => {
    expect(lineOf(runOf(null, { count, before }))).toBe(text);
  });

  test('says “in the baseline” for a comparison with the baseline', () => {
    expect(lineOf(runOf(null, { count: 2, before: 1, baselineOf: '' }))).toBe('2, 1 more than in the baseline at `3f9c1ab`');
  });

  test('is not compared for warnings', () => {
    const warned = runOf(null, { count: 2, before: 1 });
    expect(lineOf({ ...warned, findings: warned.findings.map(alsoWarns) })).toBe('');
  });

  test('is not compared if the states of one condition are known', () => {
    const known = runOf(['new']);
    expect(lineOf(runOf(null, { count: 2, before: 1 }), known)).toMatch(/^since .*1 new/);
    const [condition] = known.changes!.conditions;
    const mixed = {
      ...known,
      findings: [listOf(1), listOf(1)],
      changes: { ...known.changes!, conditions: [condition!, null] },
    };
    expect(lineOf(mixed)).toMatch(/^since .*1 new/);
  });
});
