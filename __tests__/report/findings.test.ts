/** Which conditions a report shows, and how it describes a joined run. */
import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/gate/finding.ts';
import { countedFindings, describeJoinedRun, formatGateLine, formatGateTable, renderFindings } from '../../src/report/findings.ts';
import { aResult, aRun } from './a-report.ts';

const VIEW = {
  ...{ rows: 9, warned: 9, folded: 9, conditions: 9, cell: 100, outputs: 9, text: 500 },
  ...{ isComment: true, links: { runUrl: '', itemUrl: '' }, elsewhere: 'the summary' },
};
const of = (name: string | null, about: Partial<Finding> = {}, severity: 'fail' | 'warn' = 'fail'): Finding => {
  const expression = `outputs.${name ?? 'x'}`;
  return { ...aResult({ condition: { severity, name, expression, line: 1 }, result: 'holds' }), ...about };
};
const withItems = (name: string) =>
  aResult({
    condition: { severity: 'fail', name, expression: 'outputs.x', line: 1 },
    result: 'holds',
    matched: [{ id: 1 }],
  });
const BROKEN = {
  result: 'cannot_be_evaluated',
  problem: 'no key `x`',
  reason: { what: 'no key `x`', hint: '' },
} as const;

test.each<[string, readonly Finding[], readonly string[]]>([
  ['only the red conditions, if there are any', [of('red'), of('excused', { isExcused: true }), of('warns', {}, 'warn')], ['red']],
  ['the conditions that the baseline excuses, if none is red', [of('excused', { isExcused: true }), of('warns', {}, 'warn')], ['excused']],
  ['the warnings, if nothing else holds', [of('warns', {}, 'warn'), of('open', { isExcused: false, result: 'does_not_hold' })], ['warns']],
  ['no condition that does not hold', [of('no', { result: 'does_not_hold' })], []],
])('counts for the verdict %s', (_, findings, names) => {
  expect(countedFindings({ findings }).map(({ condition }) => condition.name)).toEqual(names);
});

describe('renderFindings', () => {
  const partsOf = (findings: readonly Finding[], view: Partial<typeof VIEW> = {}, name = '') =>
    renderFindings(aRun({ name, results: findings }), { ...VIEW, ...view }).parts.filter((part) => part !== '');

  test('puts conditions with items before others', () => {
    const sentences = partsOf([of('a'), withItems('b'), of('c')]).filter((part) => part.startsWith('❌'));
    expect(sentences.map((part) => /“(\w)”/.exec(part)?.[1])).toEqual(['b', 'a', 'c']);
  });

  test.each([
    [2, null],
    [1, '… and 1 more condition: see the gate.'],
    [0, null],
  ])('shows %d of two conditions, and counts the others: %j', (conditions, expected) => {
    const parts = partsOf([of('a'), of('b')], { conditions });
    expect(parts.find((part) => part.startsWith('… and')) ?? null).toBe(expected);
  });

  test('counts as more neither conditions that do not hold nor shown warnings', () => {
    const findings = [of('a'), of('b', {}, 'warn'), of('c', { result: 'does_not_hold' })];
    expect(partsOf(findings).join()).not.toContain('more condition');
  });

  test.each<[string, readonly Finding[], boolean]>([
    ['has no sentence for a single condition with a name', [of('a')], false],
    ['has no sentence for a single condition with items', [{ ...withItems('a') }], false],
    ['has a sentence for a single condition without name and items', [of(null)], true],
    ['has a sentence for each of several conditions', [of('a'), of('b')], true],
    ['has no sentence for a single condition whose reason is in the heading', [of('a', BROKEN)], false],
    [
      'has no sentence for one that is called “cannot be evaluated”, whose reason is in the heading',
      [of('cannot be evaluated', BROKEN)],
      false,
    ],
    [
      'has a sentence for a single condition whose reason is too long for the heading',
      [of('a', { ...BROKEN, reason: { what: `no key ${'x'.repeat(200)}`, hint: '' } })],
      true,
    ],
    [
      'has a sentence for a single condition whose reason is too long next to its name',
      [of('a'.repeat(60), { ...BROKEN, reason: { what: `no key ${'x'.repeat(150)}`, hint: '' } })],
      true,
    ],
  ])('%s', (_, findings, isShown) => {
    expect(partsOf(findings).some((part) => part.startsWith('❌'))).toBe(isShown);
  });

  test('has a sentence for a single condition whose reason the heading of a named run lacks', () => {
    expect(partsOf([of('a', BROKEN)], {}, 'Tower')[0]).toMatch(/^❌ “a” cannot be evaluated.*: no key/);
  });
});

describe('the line of the gate', () => {
  test.each<[string, readonly Finding[], number, boolean]>([
    ['has the reason why a single condition cannot be evaluated', [of('a', BROKEN)], 9, true],
    ['leaves out the reasons of two conditions, which are above', [of('a', BROKEN), of('b', BROKEN)], 9, false],
    ['has the reasons of two conditions if not both are above', [of('a', BROKEN), of('b', BROKEN)], 1, true],
    ['leaves out the reasons of a condition and a warning, which are above', [of('a', BROKEN), of('b', BROKEN, 'warn')], 2, false],
    [
      'has the reason of a single condition next to one that does not hold',
      [of('a', BROKEN), of('b', { result: 'does_not_hold' })],
      9,
      true,
    ],
  ])('%s', (_, findings, conditions, isShown) => {
    const view = { ...VIEW, conditions };
    const run = aRun({ results: findings });
    expect(formatGateLine(run, view).includes('no key')).toBe(isShown);
    expect(formatGateTable(run, view).includes('no key')).toBe(isShown);
  });
});

test.each([
  [3, '**Gate:** ❌ a: yes · ⚠️ b: yes (a warning only) · ✅ c: no'],
  [2, '**Gate:** ❌ a: yes · ⚠️ b: yes (a warning only) · 1 more'],
  [0, '**Gate:** 3 conditions'],
])('shows of three conditions %d in the line of the gate: %s', (conditions, expected) => {
  const findings = [of('a'), of('b', {}, 'warn'), of('c', { result: 'does_not_hold' })];
  expect(formatGateLine(aRun({ results: findings }), { ...VIEW, conditions })).toBe(expected);
});

test.each<[string, readonly Finding[], number, header: string, more: boolean]>([
  ['with a column of names if a condition has one', [of('a'), of(null)], 2, '|  | Condition | Expression | Result |', false],
  ['without a column of names if no condition has one', [of(null)], 2, '|  | Expression | Result |', false],
  ['with a note about the conditions that do not fit', [of('a'), of('b')], 1, '|  | Condition | Expression | Result |', true],
])('formats a table of the gate %s', (_, findings, conditions, header, isCut) => {
  const text = formatGateTable(aRun({ results: findings }), { ...VIEW, conditions });
  expect(text.split('\n')[0]).toBe(header);
  expect(text.endsWith('… and 1 more.')).toBe(isCut);
});

test.each([
  [{ kind: 'new' }, '2026-11-27T09:00:00Z', '', ''],
  [{ kind: 'joined', ageMs: null }, '2026-11-27T09:00:00Z', '', 'a run of 2026-11-27 09:00 UTC'],
  [
    { kind: 'joined', ageMs: 60_000 },
    '2026-11-27T09:00:00Z',
    '2026-11-27T08:59:00Z',
    'a run of 2026-11-27 08:59 UTC, 1 min old when joined',
  ],
  [{ kind: 'joined', ageMs: 0 }, '', '', 'a run that existed before, 0 s old when joined'],
] as const)('describes a run with the origin %j, started %j, created %j: “%s”', (origin, startedAt, createdAt, text) => {
  const run = aRun({ run: { origin, startedAt } });
  expect(describeJoinedRun({ ...run, run: { ...run.run!, createdAt } })).toBe(text);
});
