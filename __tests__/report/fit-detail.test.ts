/** Which level of detail a report has so that it fits. */
import { describe, expect, test } from '@jest/globals';
import type { Detail } from '../../src/report/detail-levels.ts';
import { renderToFit } from '../../src/report/fit-detail.ts';

const FULL: Detail = { rows: 50, warned: 9, folded: 9, conditions: 9, cell: 100, outputs: 9, text: 500 };
const SHORTENED = '*This report is shortened: `gate_file` and `outputs_file` have everything.*';

/** A report with a body of one letter, twenty times, for each row; its facts are last. */
const partsAt = (detail: Detail | null) => (detail === null ? ['verdict', 'end'] : ['verdict', 'x'.repeat(20 * detail.rows), 'end']);
const render = (max: number, details: readonly Detail[] = [FULL]) => renderToFit(partsAt, details, max, false);

const full = ['verdict', 'x'.repeat(1_000), 'end'].join('\n\n');
const short = ['verdict', 'x'.repeat(100), SHORTENED, 'end'].join('\n\n');
const shortest = ['verdict', SHORTENED, 'end'].join('\n\n');

test.each([
  ['whole at the size limit', full.length, full],
  ['shortened above the size limit, and says so before its last part', full.length - 1, short],
  ['with five rows if these fit exactly', short.length, short],
  ['without rows if five do not fit', short.length - 1, shortest],
  ['with its verdict even if that does not fit', 1, shortest],
])('renders a report %s', (_, max, expected) => {
  expect(render(max)).toBe(expected);
});

test('takes the first of several levels that fits', () => {
  const levels = [FULL, { ...FULL, rows: 20 }, { ...FULL, rows: 10 }];
  expect(render(700, levels)).toContain(`\n${'x'.repeat(400)}\n`);
});

describe('the last levels of detail', () => {
  const levels: Detail[] = [];
  renderToFit((detail) => (detail === null ? [] : (levels.push(detail), ['x'])), [], 0, false);
  const KINDS = ['rows', 'warned', 'folded', 'conditions', 'cell', 'outputs', 'text'] as const;

  test.each(KINDS)('show at each level no more %s than at the one before', (kind) => {
    const counts = levels.map((level) => level[kind]);
    expect(counts).toEqual(counts.toSorted((one, other) => other - one));
  });

  test('show at each level less than at the one before', () => {
    const sums = levels.map((level) => KINDS.reduce((sum, kind) => sum + level[kind], 0));
    expect(sums).toHaveLength(3);
    expect(new Set(sums).size).toBe(3);
  });

  test.each([
    ['items that fail the gate', (one: Detail) => one.rows, [5, 0, 0]],
    ['items that warn', (one: Detail) => one.warned, [2, 0, 0]],
    ['collapsed items', (one: Detail) => one.folded, [0, 0, 0]],
    ['conditions of a run', (one: Detail) => one.conditions, [5, 3, 0]],
    ['outputs', (one: Detail) => one.outputs, [0, 0, 0]],
  ])('show fewer and fewer %s', (_, countOf, counts) => {
    expect(levels.map(countOf)).toEqual(counts);
  });

  test('keep cells of at least forty characters at every level, and texts at every level but the last', () => {
    expect(levels.map(({ cell }) => cell >= 40)).toEqual([true, true, true]);
    expect(levels.map(({ text }) => text >= 300)).toEqual([true, true, false]);
    expect(levels.at(-1)?.text).toBe(0);
  });
});
