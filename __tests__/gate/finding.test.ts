/** What is kept of a condition's result. */
import { expect, test } from '@jest/globals';
import { createFinding } from '../../src/gate/finding.ts';
import { evaluateWithoutBaseline } from '../fakes.ts';

test('keeps 400 of the matched items and 50 of the others, and counts all', () => {
  const items = Array.from({ length: 1_000 }, (_, id) => ({ id }));
  const finding = createFinding(
    evaluateWithoutBaseline({
      condition: { severity: 'fail', name: null, expression: 'outputs.items', line: 1 },
      ...{ result: 'holds', matched: items, unmatched: items, problem: null, notices: [] },
    }),
  );
  expect(finding).toMatchObject({ matched: 1_000, unmatched: 1_000 });
  expect(finding.rows).toEqual(items.slice(0, 400));
  expect(finding.unmatchedRows).toEqual(items.slice(0, 50));
});
