/** What is kept of a condition's result. */
import { describe, expect, test } from '@jest/globals';
import type { ComparedResult } from '../../src/gate/condition.ts';
import { createFinding, ROWS } from '../../src/gate/finding.ts';
import type { JsonValue } from '../../src/json.ts';
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

const findingOf = (about: Partial<ComparedResult>) =>
  createFinding(
    evaluateWithoutBaseline({
      condition: { severity: 'fail', name: null, expression: 'outputs.items', line: 1 },
      ...{ result: 'holds', matched: [], unmatched: null, problem: null, notices: [] },
      ...about,
    }),
  );

test('puts new items before known ones, each in the order of the data, with all that belongs to them', () => {
  const changes = [{ kind: 'waiver_ended', until: '2026-11-26' }] as const;
  const finding = findingOf({
    matched: ['a', 'b', 'c', 'd'],
    known: [true, false, true, false],
    knownOnSchedule: new Set([2]),
    fieldChanges: new Map([
      [0, changes],
      [3, changes],
    ]),
  });
  expect(finding.rows).toEqual(['b', 'd', 'a', 'c']);
  expect(finding.known).toEqual([false, false, true, true]);
  expect([...finding.knownOnSchedule]).toEqual([3]);
  expect([...finding.fieldChanges.keys()].sort()).toEqual([1, 2]);
});

test('has fingerprints of matched and of waived items only with `known_by`', () => {
  const items = { matched: [{ id: 1 }, { id: 2 }], waived: [{ item: { id: 1 }, by: 0 }] };
  const [without, compared] = [findingOf(items), findingOf({ ...items, knownBy: ['id'] })];
  expect(without).toMatchObject({ key: null, ids: '', waivedKeyIds: '' });
  expect(compared.key).toBe('id');
  const size = compared.waivedKeyIds.length;
  expect(compared.ids).toHaveLength(2 * size);
  // Of two equal items the waived one has the second ID.
  expect(compared.waivedKeyIds).not.toBe(compared.ids.slice(0, size));
});

test('has one digest for each waived item, which differ if their values do', () => {
  const idsOf = (...items: readonly JsonValue[]) => findingOf({ waived: items.map((item) => ({ item, by: 0 })) }).waivedIds;
  const item = { id: 1 };
  expect(idsOf(item)).toBe(idsOf({ id: 1 }));
  expect(idsOf(item)).not.toBe(idsOf({ id: 2 }));
  expect(idsOf('a')).not.toBe(idsOf('b'));
  expect(idsOf(null)).not.toBe(idsOf(false));
});

describe('a finding', () => {
  /** An item with so many characters of JSON. */
  const itemOf = (length: number) => 'x'.repeat(length - 2);

  test.each<[string, readonly number[], number]>([
    ['keeps rows up to the limit of characters', [ROWS.characters - 10, 10], 2],
    ['does not keep a row beyond the limit of characters', [ROWS.characters - 10, 11], 1],
    ['does not keep a short row after one that is too long', [ROWS.characters - 10, 11, 2], 1],
    ['keeps one row at the limit of characters', [ROWS.characters], 1],
  ])('%s', (_, lengths, count) => {
    const matched = lengths.map(itemOf);
    expect(findingOf({ matched }).rows).toEqual(matched.slice(0, count));
  });

  test('truncates the first row if it is too long', () => {
    const [row] = findingOf({ matched: [itemOf(ROWS.characters + 1), 'b'] }).rows;
    expect(row).toMatch(/^x+…$/);
    expect(row).not.toHaveLength(ROWS.characters);
  });
});
