/** Which conditions a report shows, and how it describes a joined run. */
import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../../src/gate/finding.ts';
import {
  countedFindings,
  describeJoinedRun,
  formatGateLine,
  formatGateTable,
  renderFindings,
} from '../../src/report/findings.ts';
import { aResult, aRun } from './a-report.ts';

const VIEW = {
  ...{ rows: 9, warned: 9, folded: 9, conditions: 9, cell: 100, outputs: 9, text: 500 },
  ...{ isComment: true, links: { runUrl: '', itemUrl: '' }, elsewhere: 'the summary' },
};
const of = (
  name: string | null,
  about: Partial<Finding> = {},
  severity: 'fail' | 'warn' = 'fail',
): Finding => {
  const expression = `outputs.${name ?? 'x'}`;
  return { ...aResult({ condition: { severity, name, expression, line: 1 }, result: 'holds' }), ...about };
};
const withItems = (name: string) =>
  aResult({
    condition: { severity: 'fail', name, expression: 'outputs.x', line: 1 },
    result: 'holds',
    matched: [{ id: 1 }],
  });
const BROKEN = { result: 'cannot_be_evaluated', problem: 'no key `x`' } as const;

test.each<[string, readonly Finding[], readonly string[]]>([
  ['red ones alone', [of('red'), of('excused', { isExcused: true }), of('warns', {}, 'warn')], ['red']],
  [
    'those that the baseline excuses',
    [of('excused', { isExcused: true }), of('warns', {}, 'warn')],
    ['excused'],
  ],
  [
    'warnings',
    [of('warns', {}, 'warn'), of('open', { isExcused: false, result: 'does_not_hold' })],
    ['warns'],
  ],
  ['none of those that do not hold', [of('no', { result: 'does_not_hold' })], []],
])('counts %s', (_, findings, names) => {
  expect(countedFindings({ findings }).map(({ condition }) => condition.name)).toEqual(names);
});

describe('renderFindings', () => {
  const partsOf = (findings: readonly Finding[], view: Partial<typeof VIEW> = {}, name = '') =>
    renderFindings(aRun({ name, results: findings }), { ...VIEW, ...view }).parts.filter(
      (part) => part !== '',
    );

  test('puts conditions with items before others', () => {
    const sentences = partsOf([of('a'), withItems('b'), of('c')]).filter((part) => part.startsWith('❌'));
    expect(sentences.map((part) => /“(\w)”/.exec(part)?.[1])).toEqual(['b', 'a', 'c']);
  });

  test.each([
    [2, null],
    [1, '… and 1 more condition: see the gate.'],
    [0, null],
  ])('shows %d of two conditions', (conditions, expected) => {
    const parts = partsOf([of('a'), of('b')], { conditions });
    expect(parts.find((part) => part.startsWith('… and')) ?? null).toBe(expected);
  });

  test('counts as more neither conditions that do not hold nor shown warnings', () => {
    const findings = [of('a'), of('b', {}, 'warn'), of('c', { result: 'does_not_hold' })];
    expect(partsOf(findings).join()).not.toContain('more condition');
  });

  test.each<[string, readonly Finding[], boolean]>([
    ['an only condition with a name', [of('a')], false],
    ['an only condition with items', [{ ...withItems('a') }], false],
    ['an only condition without both', [of(null)], true],
    ['several conditions', [of('a'), of('b')], true],
    ['an only condition whose reason the heading has', [of('a', BROKEN)], false],
  ])('has a sentence for %s: %p', (_, findings, isShown) => {
    expect(partsOf(findings).some((part) => part.startsWith('❌'))).toBe(isShown);
  });

  test('has a sentence for an only condition whose reason the heading of a named run lacks', () => {
    expect(partsOf([of('a', BROKEN)], {}, 'Tower')[0]).toMatch(/^❌ “a” cannot be evaluated.*: no key/);
  });
});

describe('the reasons of conditions that cannot be evaluated', () => {
  test.each<[string, readonly Finding[], number, boolean]>([
    ['has that of an only one, which the heading has too', [of('a', BROKEN)], 9, true],
    ['leaves out those of several, which are above', [of('a', BROKEN), of('b', BROKEN)], 9, false],
    ['has those of several that are not all above', [of('a', BROKEN), of('b', BROKEN)], 1, true],
    ['counts warnings too', [of('a', BROKEN), of('b', BROKEN, 'warn')], 2, false],
    [
      'does not count those that do not hold',
      [of('a', BROKEN), of('b', { result: 'does_not_hold' })],
      9,
      true,
    ],
  ])('the line of the gate %s', (_, findings, conditions, isShown) => {
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
])('formats of three conditions %d in the line of the gate', (conditions, expected) => {
  const findings = [of('a'), of('b', {}, 'warn'), of('c', { result: 'does_not_hold' })];
  expect(formatGateLine(aRun({ results: findings }), { ...VIEW, conditions })).toBe(expected);
});

test.each<[string, readonly Finding[], number, header: string, more: boolean]>([
  ['with names', [of('a'), of(null)], 2, '|  | Condition | Expression | Result |', false],
  ['without names', [of(null)], 2, '|  | Expression | Result |', false],
  ['that is cut', [of('a'), of('b')], 1, '|  | Condition | Expression | Result |', true],
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
] as const)(
  'describes a run with the origin %j, started %j, created %j',
  (origin, startedAt, createdAt, text) => {
    const run = aRun({ run: { origin, startedAt } });
    expect(describeJoinedRun({ ...run, run: { ...run.run!, createdAt } })).toBe(text);
  },
);
