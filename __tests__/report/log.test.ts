import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDue, progressLine, type Pulse } from '../../src/report/log.ts';

describe('a line of progress', () => {
  test.each<[string, string, number | null, string | null, number, string]>([
    ['queued', 'pending', null, null, 4_000, '░░░░░░░░░░       queued                            4 s'],
    ['queued has no percent', 'pending', 0, 'x', 0, '░░░░░░░░░░       queued                            0 s'],
    [
      'at the start',
      'running',
      0,
      'Reading',
      9_000,
      '░░░░░░░░░░   0%  Reading                           9 s',
    ],
    [
      'under way',
      'running',
      42,
      'Writing',
      72_000,
      '████░░░░░░  42%  Writing                           1 m 12 s',
    ],
    [
      'fractions are cut',
      'running',
      99.9,
      'Writing',
      0,
      '█████████░  99%  Writing                           0 s',
    ],
    ['at the end', 'running', 100, 'Writing', 0, '██████████ 100%  Writing                           0 s'],
    ['no progress', 'running', null, 'Reading', 0, '░░░░░░░░░░       Reading                           0 s'],
    ['no stage', 'running', 5, null, 0, '░░░░░░░░░░   5%  running                           0 s'],
    [
      'an unknown status',
      'paused',
      5,
      'Reading',
      0,
      '░░░░░░░░░░   5%  paused: Reading                   0 s',
    ],
    ['an unknown status alone', 'paused', 5, '', 0, '░░░░░░░░░░   5%  paused                            0 s'],
  ])('%s', (_, status, progress, stage, elapsedMs, line) => {
    expect(progressLine(status, progress, stage, elapsedMs)).toBe(`    ${line}`);
  });

  test('the time stands in one column, whatever is done', () => {
    const column = (progress: number | null, stage: string) =>
      progressLine('running', progress, stage, 0).indexOf('0 s');
    expect(new Set([column(null, 'Reading'), column(1, ''), column(100, 'Writing the summary')]).size).toBe(
      1,
    );
  });

  test('a stage of a megabyte makes a short line', () => {
    expect(progressLine('running', 1, 'x'.repeat(1e6), 0).length).toBeLessThan(200);
  });

  test('the bar is ten wide for any progress', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (progress) => {
        expect(progressLine('running', progress, 'x', 0)).toMatch(/^ {4}[█░]{10} [ 1][ \d]\d% {2}x/);
      }),
    );
  });
});

describe('a line is due', () => {
  const shown = (what: string, at: number): Pulse => ({ shown: what, at });
  test.each<[string, Pulse | null, string, number, number, boolean]>([
    ['at first', null, 'a', 0, 0, true],
    ['on a change', shown('a', 0), 'b', 2_000, 2_000, true],
    ['not on a change at once', shown('a', 0), 'b', 1_999, 1_999, false],
    ['not without a change', shown('a', 0), 'a', 59_999, 59_999, false],
    ['as a heartbeat', shown('a', 0), 'a', 60_000, 60_000, true],
    ['not so soon on a change later in the wait', shown('a', 0), 'b', 19_999, 600_000, false],
    ['on a change later in the wait', shown('a', 0), 'b', 20_000, 600_000, true],
    ['as a heartbeat on the second day', shown('a', 0), 'a', 60_000, 86_400_000, true],
  ])('%s', (_, pulse, what, now, elapsedMs, expected) => {
    expect(isDue(pulse, what, now, elapsedMs)).toBe(expected);
  });

  /** The moments of the lines over a wait that is looked at every `everyMs`. */
  function lines(waitMs: number, everyMs: number, whatAt: (ms: number) => string): number[] {
    const told: number[] = [];
    let pulse: Pulse | null = null;
    for (let ms = 0; ms <= waitMs; ms += everyMs) {
      if (!isDue(pulse, whatAt(ms), ms, ms)) continue;
      pulse = { shown: whatAt(ms), at: ms };
      told.push(ms);
    }
    return told;
  }

  test('an hour in which every look shows another stage takes fewer than 200 lines', () => {
    expect(lines(3_600_000, 2_000, String).length).toBeLessThan(200);
  });

  test('an hour without a change is a heartbeat a minute', () => {
    expect(lines(3_600_000, 2_000, () => 'a').length).toBe(61);
  });

  test('a change that came too soon is told with the next look that may', () => {
    expect(lines(4_500, 1_500, (ms) => (ms < 1_500 ? 'a' : 'b'))).toEqual([0, 3_000]);
  });
});
