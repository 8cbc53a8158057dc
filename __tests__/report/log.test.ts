import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  annotation,
  endLine,
  gateLines,
  heartbeatLine,
  namedLine,
  progressLine,
  warningLine,
  type Phase,
} from '../../src/report/log.ts';
import { logLine } from '../../src/text/escape.ts';
import { aReport, aReportOf, aResult, aRun, alsoWarns, someResults, unfinished } from './a-report.ts';

describe('a line of progress', () => {
  test.each<[string, string, number | null, string | null, number, string]>([
    ['queued', 'pending', null, null, 4_000, '░░░░░░░░░░        queued                            4 s'],
    [
      'queued has no percent',
      'pending',
      0,
      'x',
      0,
      '░░░░░░░░░░        queued                            0 s',
    ],
    [
      'at the start',
      'running',
      0,
      'Reading',
      9_000,
      '░░░░░░░░░░   0 %  Reading                           9 s',
    ],
    [
      'under way',
      'running',
      42,
      'Writing',
      72_000,
      '████░░░░░░  42 %  Writing                           1 min 12 s',
    ],
    [
      'fractions are cut',
      'running',
      99.9,
      'Writing',
      0,
      '█████████░  99 %  Writing                           0 s',
    ],
    ['no progress', 'running', null, 'Reading', 0, '░░░░░░░░░░        Reading                           0 s'],
    ['no stage', 'running', 5, null, 0, '░░░░░░░░░░   5 %  running                           0 s'],
    [
      'an unknown status',
      'paused',
      5,
      'Reading',
      0,
      '░░░░░░░░░░   5 %  paused∶ Reading                   0 s',
    ],
  ])('%s', (_, status, progress, stage, elapsedMs, line) => {
    expect(progressLine({ status, progress, stage }, elapsedMs).safe).toBe(line);
  });

  test('the time stands in one column, whatever is done', () => {
    const column = (progress: number | null, stage: string) =>
      progressLine({ status: 'running', progress, stage }, 0).safe.indexOf('0 s');
    expect(new Set([column(null, 'Reading'), column(1, ''), column(100, 'Writing the summary')]).size).toBe(
      1,
    );
  });

  test('a stage of a megabyte makes a short line', () => {
    expect(
      progressLine({ status: 'running', progress: 1, stage: 'x'.repeat(1e6) }, 0).safe.length,
    ).toBeLessThan(200);
  });

  test('the bar is ten wide for any progress', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 100, noNaN: true }), (progress) => {
        expect(progressLine({ status: 'running', progress, stage: 'x' }, 0).safe).toMatch(
          /^[█░]{10} [ 1][ \d]\d % {2}x/,
        );
      }),
    );
  });
});

describe('the conditions, one a line', () => {
  const condition = { severity: 'fail', name: 'c', expression: 'x', line: 7 } as const;
  test.each([
    ['items that pass', aResult({ condition, matched: [], unmatched: [1, 2, 3, 4, 5] }), '✓ c: 0 of 5'],
    [
      'items that match',
      aResult({ condition, result: 'holds', matched: [1, 2], unmatched: [3] }),
      '✗ c: 2 of 3',
    ],
    ['of an unknown number', aResult({ condition, result: 'holds', matched: [1] }), '✗ c: 1'],
    ['a boolean that holds', aResult({ condition, result: 'holds' }), '✗ c: yes'],
    ['one that does not', aResult({ condition }), '✓ c: no'],
    [
      'a warning',
      alsoWarns(aResult({ condition, result: 'holds', matched: [1], unmatched: [2] })),
      '! c: 1 of 2 (a warning only)',
    ],
    ['a warning that passes', alsoWarns(aResult({ condition, unmatched: [2] })), '✓ c: 0 of 1'],
  ])('%s', (_, finding, line) => {
    expect(gateLines({ findings: [finding] })).toEqual([`    ${line}`]);
  });

  test('why one cannot be evaluated stands below it', () => {
    const broken = aResult({ condition, result: 'cannot_be_evaluated', problem: 'no such key' });
    expect(gateLines({ findings: [broken] })).toEqual(['    ✗ c: cannot be evaluated', '      no such key']);
  });
});

test('what warns is told in one annotation, run by run', () => {
  const findings = someResults().map(alsoWarns);
  expect(warningLine([{ name: '', findings }])).toBe('`warn_if`: 2 of 5 items “not compliant”.');
  expect(warningLine([aRun(), { name: 'b', findings }, { name: 'c', findings }])).toBe(
    '`warn_if`: b: 2 of 5 items “not compliant”; c: 2 of 5 items “not compliant”.',
  );
  expect(warningLine([aRun()])).toBe('');
});

describe('of several runs', () => {
  test('each line begins with its name, and they stand under each other', () => {
    const names = ['Tower', 'Car park'];
    expect(names.map((name) => namedLine(name, names, logLine`✓ c: 0 of 5`).safe)).toEqual([
      'Tower     ✓ c: 0 of 5',
      'Car park  ✓ c: 0 of 5',
    ]);
  });

  test('a long name is cut', () => {
    expect(namedLine('n'.repeat(64), ['n'.repeat(64), 'a'], logLine`x`).safe).toBe(`${'n'.repeat(23)}…  x`);
  });

  test.each<[Phase[], number | null, string]>([
    [['done', 'queued', 'running', 'queued'], 20_000, '2 queued, 1 running, 1 done, next launch in 20 s'],
    [['running'], 20_000, '1 running'],
    [['queued', 'queued'], null, '2 queued'],
  ])('a heartbeat says how they stand: %j, next launch in %d ms', (phases, nextLaunchMs, line) => {
    expect(heartbeatLine(phases, nextLaunchMs).safe).toBe(line);
  });
});

describe('the annotation', () => {
  test.each<[string, Parameters<typeof aReport>[0], string]>([
    [
      'the verdict and the one next step',
      {},
      '2 of 5 items “not compliant”. Correct the two items in Alloovium, then re-run the failed job: this starts a new run.',
    ],
    [
      'how far the run was, without its stage',
      unfinished,
      'Not finished after 15 min (40 %). Re-run this job: it picks up the same run, which goes on at Alloovium. If this happens often, raise `timeout_minutes`.',
    ],
    [
      'why, once',
      {
        verdict: { conclusion: 'error', headline: 'Bad', nextStep: 'Fix this.' },
        errorMessage: 'Bad: x is wrong',
        results: [],
      },
      'Bad. x is wrong. Fix this.',
    ],
    [
      'why a condition cannot be evaluated',
      {
        verdict: { headline: '“broken” cannot be evaluated', nextStep: '' },
        results: [aResult({ result: 'cannot_be_evaluated', problem: 'no such key' })],
      },
      '“broken” cannot be evaluated. no such key.',
    ],
    [
      'all conditions, where the headline has no room for them',
      {
        verdict: { headline: '“a” is true; and 1 more', nextStep: '' },
        results: ['a', 'b'].map((name) =>
          aResult({ condition: { severity: 'fail', name, expression: 'x', line: 1 }, result: 'holds' }),
        ),
      },
      '“a” is true; and 1 more. All of them: “a”, “b”.',
    ],
  ])('%s', (_, overrides, text) => {
    expect(annotation(aReport(overrides))).toBe(text);
  });

  test('of several runs is the headline over all', () => {
    const report = aReportOf([aRun(), aRun()], {
      verdict: { headline: '2 of 2 runs are red: a (x), b (y)', nextStep: 'Do it.' },
    });
    expect(annotation(report)).toBe('2 of 2 runs are red: a (x), b (y). Do it.');
  });
});

test('the last line says how it ended, after how long, and of one run its whole ID', () => {
  expect(endLine(aReport(), 72_000)).toBe(
    'gate_failed after 1 min 12 s, run run_c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
  );
  expect(endLine(aReportOf([aRun(), aRun()]), 0)).toBe('gate_failed after 0 s');
  expect(endLine({ ...aReport(), runs: [] }, 0)).toBe('gate_failed after 0 s');
});
