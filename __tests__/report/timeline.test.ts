import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StageSpan } from '../../src/runs/record.ts';
import { renderTimeline } from '../../src/report/timeline.ts';
import { hostile } from '../support/github-markdown.ts';
import { formatDuration } from '../../src/text/format.ts';

function named(...names: readonly string[]): StageSpan[] {
  return names.map((name, at) => ({ name, fromMs: at * 1_000, toMs: (at + 1) * 1_000 }));
}

test.each([
  [0, '0 s'],
  [499, '0 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [72_000, '1 min 12 s'],
  [3_600_000, '1 h'],
  [7_500_000, '2 h 5 min'],
  [86_400_000, '1 d'],
  [100_800_000, '1 d 4 h'],
  [-5, '0 s'],
])('writes %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  ['draws no timeline without stages', [], false],
  ['draws no timeline of the queue alone', ['queued'], false],
  ['draws no timeline of the queue and one stage', ['queued', 'Reading'], false],
  ['draws a timeline of two stages', ['Reading', 'Writing'], true],
])('%s', (_, names, expected) => {
  expect(renderTimeline(named(...names), 'completed') !== '').toBe(expected);
});

/** The lines of the fence, for two stages at least. */
const gantt = (stages: readonly StageSpan[], status = 'completed') => renderTimeline(stages, status).split('\n').slice(2, -2);

test('begins at zero if the first stage does not', () => {
  expect(gantt(named('a', 'b', 'c').slice(1))[5]).toContain(':0, 1000');
});

test.each([
  ['pending', 'done, '],
  ['running', 'active, '],
  ['completed', ''],
  ['failed', 'crit, '],
  ['cancelled', 'crit, '],
  ['unheard of', ''],
])('colours the queue, and the last stage of a run that is %s as “%s”', (status, colour) => {
  expect(gantt(named('queued', 'a', 'b'), status).slice(5, -1)).toEqual([
    '    1 s · queued :done, 0, 1000',
    '    1 s · a :1000, 2000',
    `    1 s · b :${colour}2000, 3000`,
  ]);
});

test.each([
  ['a colon', 'a: b', 'a#colon; b'],
  ['what ends a statement', 'a;b', 'a#59;b'],
  ['a comment and a directive', '%%{init: {}}%%', '#37;#37;#123;init#colon; #123;#125;#125;#37;#37;'],
  ['a fence', '```', '#96;#96;#96;'],
  ['HTML', '<b>', '#60;b#62;'],
  ['a newline', 'a\nb', 'a#10;b'],
  ['what is not seen', '\u202e', '#92;u#123;202e#125;'],
  ['letters of any script', 'Größe 漢字', 'Größe 漢字'],
  ['an emoji, whole', '😀', '#128512;'],
])('writes %s in the name of a stage, %j, as %j', (_, name, expected) => {
  expect(gantt(named(name, 'next'))[5]).toBe(`    1 s · ${expected} :0, 1000`);
});

test('has one line of safe characters for each stage, in one fence, for any names', () => {
  fc.assert(
    fc.property(fc.array(hostile, { minLength: 2, maxLength: 5 }), (names) => {
      const lines = gantt(named(...names));
      expect(lines).toHaveLength(6 + names.length);
      for (const line of lines.slice(5, -1)) {
        expect(line).toMatch(/^ {4}1 s · (?:[\p{L}\p{N}\p{M} .,()/'+…_-]|#\d+;|#colon;)* :\d+, \d+$/u);
      }
    }),
  );
});

test('limits the length of names, and makes thirty of a hundred stages', () => {
  const lines = gantt(named(...Array.from({ length: 100 }, () => 'x'.repeat(10_000))));
  expect(lines).toHaveLength(6 + 30);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(100);
  expect(lines.at(-2)).toBe('    1 min 11 s · 71 more stages :29000, 100000');
});

test.each([
  [60, 'n'.repeat(60)],
  [61, `${'n'.repeat(59)}…`],
  [200, `${'n'.repeat(59)}…`],
])('shows of a name of %d characters %s', (length, shown) => {
  expect(gantt(named('n'.repeat(length), 'b')).find((line) => line.includes('n'.repeat(9)))).toContain(`· ${shown} :`);
});

test.each([
  [30, 30, 'more stages', false],
  [31, 30, '2 more stages', true],
  [40, 30, '11 more stages', true],
])('shows %d stages as %d', (count, shown, rest, isCut) => {
  const lines = gantt(named(...Array.from({ length: count }, (_, at) => `s${at}`))).filter((line) => line.includes(' · '));
  expect(lines).toHaveLength(shown);
  expect(lines.at(-1)?.includes(rest)).toBe(isCut);
});

test('says how long the run took, from its first stage on', () => {
  const stages = named('a', 'b').map((stage) => ({
    ...stage,
    fromMs: stage.fromMs + 9_000,
    toMs: stage.toMs + 9_000,
  }));
  expect(renderTimeline(stages, 'completed')).toContain('How the run went (2 s)');
});
