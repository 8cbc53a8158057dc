/** Which level of detail a report has so that it fits. */
import { expect, test } from '@jest/globals';
import type { Detail } from '../../src/report/detail-levels.ts';
import { renderToFit } from '../../src/report/fit-detail.ts';

const FULL: Detail = { rows: 50, warned: 9, folded: 9, conditions: 9, cell: 100, outputs: 9, text: 500 };
const SHORTENED = '*This report is shortened: `gate_file` and `outputs_file` have everything.*';

/** A report with a body of one letter, twenty times, for each row; its facts are last. */
const partsAt = (detail: Detail | null) =>
  detail === null ? ['verdict', 'end'] : ['verdict', 'x'.repeat(20 * detail.rows), 'end'];
const render = (max: number, details: readonly Detail[] = [FULL]) =>
  renderToFit(partsAt, details, max, false);

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
