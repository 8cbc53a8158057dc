/** How much of a report a comment shows: as GitHub cuts nothing off, what does not fit is counted. */
import { describe, expect, test } from '@jest/globals';
import { MAX_COMMENT_LENGTH, renderComment } from '../../src/comment/text.ts';
import { MAX_HIDDEN_LENGTH } from '../../src/comment/memory.ts';
import { alsoWarns, anItem, aReport, aReportOf, aResult, aRun, someResults } from '../report/a-report.ts';

const MARKER = '<!-- alloovium:00000000000000000000000000000000 -->';
const GREEN = { exitCode: 0, conclusion: 'success', gate: 'passed', headline: 'Fine' } as const;
const SHORTENED = '*This report is shortened';

const count = (text: string, part: string | RegExp) => text.split(part).length - 1;
const times = <T>(n: number, make: (nth: number) => T): T[] => Array.from({ length: n }, (_, nth) => make(nth));
const red = (items: number, reason: string) =>
  someResults(times(items, (nth) => anItem(`doc-${nth}`, 'non-compliant', `${reason} ${nth}`)))[0]!;
const warned = (items: number, reason: string) => {
  const { condition, ...rest } = red(items, reason);
  return alsoWarns({ ...rest, condition: { ...condition, name: 'warned' } });
};
const conditions = (number: number, suffix = '') =>
  times(number, (nth) => aResult({ condition: { severity: 'fail', name: `c${nth}${suffix}`, expression: 'x', line: nth } }));
const outputs = (number: number, value: string) =>
  aReport({
    verdict: GREEN,
    results: [],
    run: { outputs: Object.fromEntries(times(number, (nth) => [`out${nth}`, `${nth}${value}`])) },
  });

describe('a comment', () => {
  test('begins with its marker, on a separate line', () => {
    expect(renderComment(aReport(), MARKER).split('\n').slice(0, 2)).toEqual([
      MARKER,
      expect.stringMatching(/^### ❌ Weekly submittal review: /),
    ]);
  });

  test('shows ten red items and five that warn, and counts the others', () => {
    const text = renderComment(aReport({ results: [red(12, 'wrong'), warned(12, 'odd')] }), MARKER);
    expect([count(text, /\| wrong \d+ \|/), count(text, /\| odd \d+ \|/)]).toEqual([10, 5]);
    expect(text).toContain('**2 more:**');
    expect(text).toContain('**7 more:**');
  });

  test('shows 120 characters of a cell', () => {
    const shown = (length: number) => {
      const results = [red(1, 'w'.repeat(length - 2))];
      return /\| (w[^|]*) \|/.exec(renderComment(aReport({ results }), MARKER))?.[1];
    };
    expect(shown(120)).toBe(`${'w'.repeat(118)} 0`);
    expect(shown(121)).toMatch(/^w+….*$/);
    expect(shown(121)?.length).toBeLessThanOrEqual(120);
    expect(shown(121)?.length).toBeGreaterThan(100);
  });

  test('shows the results of twenty conditions, and counts the others', () => {
    const shown = (number: number) => renderComment(aReport({ verdict: GREEN, results: conditions(number) }), MARKER);
    expect(count(shown(20), /✅ c\d+: no/)).toBe(20);
    expect(shown(20)).not.toContain(' more');
    expect(count(shown(22), /✅ c\d+: no/)).toBe(20);
    expect(shown(22)).toContain(' · 2 more');
  });

  test('shows five outputs of a run without a gate, with 2,000 characters of each, and counts the others', () => {
    const text = renderComment(outputs(7, 'x'.repeat(3_000)), MARKER);
    expect(count(text, /`out\d`/)).toBe(5);
    expect(text).toContain('2 more outputs');
    const [longest = ''] = /\dx+/.exec(text) ?? [];
    expect(longest.length).toBeGreaterThan(1_800);
    expect(longest.length).toBeLessThanOrEqual(2_000);
    expect(text).toContain('<details><summary>What the workflow wrote</summary>');
  });

  test('has no section for a run that wrote nothing', () => {
    expect(renderComment(outputs(0, ''), MARKER)).not.toContain('<details>');
  });

  test('names each of several runs in the section of the gates, and leaves out those without one', () => {
    const runs = [
      aRun({ name: 'Tower' }),
      aRun({ name: 'Bridge', verdict: GREEN, results: [] }),
      aRun({ name: 'Hall', results: [warned(2, 'odd')] }),
    ];
    const [, section = ''] = renderComment(aReportOf(runs), MARKER).split('<summary>More: ');
    expect(section).toContain('\nTower:<br>');
    expect(section).toContain('\n\nHall:<br>**Gate:** ⚠️ warned: 2 of 2');
    expect(section).not.toContain('Bridge');
    expect(renderComment(aReport({ name: 'Tower' }), MARKER)).not.toContain('Tower:<br>');
  });
});

describe('a comment that is too long', () => {
  const max = MAX_COMMENT_LENGTH - MAX_HIDDEN_LENGTH;

  test('is shortened if it does not fit next to the hidden memory, and only then', () => {
    // Lengths in steps of one run: each of the reports is shortened as soon as it does not fit.
    const text = (number: number) =>
      renderComment(
        aReportOf(times(number, (nth) => aRun({ name: `R${nth}`, verdict: GREEN, results: conditions(20, 'n'.repeat(60)) }))),
        MARKER,
      );
    const lengths = times(40, (nth) => text(nth + 2)).map((one) => [one.length, one.includes(SHORTENED)] as const);
    const whole = lengths.filter(([, isShortened]) => !isShortened).map(([length]) => length);
    expect(lengths.every(([length]) => length <= max)).toBe(true);
    expect(Math.max(...whole)).toBeGreaterThan(max - 2_500);
    expect(whole.length).toBeLessThan(lengths.length);
  });

  test('shows ten conditions of each run, 100 characters of a cell, and the same number of items', () => {
    const others = times(40, (nth) => aRun({ name: `R${nth}`, verdict: GREEN, results: conditions(22, 'n'.repeat(80)) }));
    const results = [red(12, 'w'.repeat(130)), warned(12, 'o'.repeat(130))];
    const runs = [aRun({ name: 'First', results }), ...others];
    const text = renderComment(aReportOf(runs), MARKER);
    expect(text).toContain(SHORTENED);
    expect(count(text, / · 12 more/)).toBe(40);
    expect([count(text, /\| w+…/), count(text, /\| o+…/)]).toEqual([10, 5]);
    const [cell = ''] = /\bw{50,}…/.exec(text) ?? [];
    expect(cell.length).toBeGreaterThan(90);
    expect(cell.length).toBeLessThanOrEqual(100);
  });
});
