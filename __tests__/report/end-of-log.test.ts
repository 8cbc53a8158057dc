import { describe, expect, test } from '@jest/globals';
import type { Changes } from '../../src/report/changes.ts';
import { formatBaselineLines, formatPassedLine, formatLastLine, describeWarning } from '../../src/report/end-of-log.ts';
import type { Conclusion } from '../../src/runs/verdict.ts';
import { aReport, aReportOf, aResult, aRun, alsoWarns, green, someResults } from './a-report.ts';

const ofConclusion = (conclusion: Conclusion, exitCode: 0 | 1) => aReport({ verdict: { conclusion, exitCode }, results: [] });

test.each<[Conclusion, 0 | 1, string]>([
  ['success', 0, 'Green after 2 min 19 s'],
  ['pending', 0, 'Launched without waiting, after 2 min 19 s'],
  ['skipped', 0, 'Skipped after 2 min 19 s'],
  ['gate_failed', 1, 'Red because the gate failed, after 2 min 19 s'],
  ['failure', 1, 'Red because the run failed, after 2 min 19 s'],
  ['cancelled', 1, 'Red because the run was cancelled at Alloovium, after 2 min 19 s'],
  ['timed_out', 1, 'Red because the time ran out, after 2 min 19 s'],
  ['interrupted', 1, 'Stopped by the runner after 2 min 19 s'],
  ['error', 1, 'Red because of an error, after 2 min 19 s'],
])('writes the conclusion %s (exit code %d) in the last line as “%s”', (conclusion, exitCode, words) => {
  const report = ofConclusion(conclusion, exitCode);
  const { runId } = report.runs[0]!;
  expect(formatLastLine(report, 139_000).safe).toBe(`${words}: ${runId} (${conclusion})`);
});

describe('the last line', () => {
  test('has the address of the run’s page if the author set `run_url`', () => {
    const links = { runUrl: 'https://app.example.com:8443/runs/{run_id}?a=1:2', itemUrl: '' };
    const report = { ...ofConclusion('success', 0), links };
    expect(formatLastLine(report, 1_000).safe).toBe(
      `Green after 1 s: https://app.example.com:8443/runs/${report.runs[0]!.runId}?a=1:2 (success)`,
    );
  });

  test.each<[string, askedMs: number | null, runId: string, count: number, isHeldBack: boolean]>([
    ['names the wait that the API asked for if the only run was not launched', 60_000, '', 1, true],
    ['names no wait if the API asked for none', null, '', 1, false],
    ['names no wait if the run was launched', 60_000, 'run_1', 1, false],
    ['names no wait of one of two runs', 60_000, '', 2, false],
  ])('%s', (_, askedMs, runId, count, isHeldBack) => {
    const ending = {
      kind: 'timed_out',
      ...{ errorMessage: '', waitedFor: '', askedMs, lastFailure: '', left: null as never },
    } as const;
    const run = { ...aRun({ verdict: { conclusion: 'timed_out' } }), ending, runId };
    const report = {
      ...aReportOf(Array.from({ length: count }, () => run)),
      verdict: ofConclusion('timed_out', 1).verdict,
    };
    expect(formatLastLine(report, 1_000).safe.includes('asked to wait for longer')).toBe(isHeldBack);
  });

  test('names no run if there is none', () => {
    const run = { ...aRun({ results: [] }), runId: '' };
    expect(formatLastLine({ ...ofConclusion('error', 1), runs: [run] }, 0).safe).toBe('Red because of an error, after 0 s (error)');
    expect(formatLastLine({ ...ofConclusion('error', 1), runs: [] }, 0).safe).toBe('Red because of an error, after 0 s (error)');
  });

  test('counts the green ones of several runs', () => {
    const runs = [aRun({ name: 'a', ...green }), aRun({ name: 'b' }), aRun({ name: 'c', ...green })];
    const report = aReportOf(runs, { verdict: { conclusion: 'gate_failed', exitCode: 1 } });
    expect(formatLastLine(report, 1_000).safe).toBe('Red because the gate failed, after 1 s: 2 of 3 runs green (gate_failed)');
  });
});

describe('a warning of the gate', () => {
  const warned = someResults().map(alsoWarns);
  const step = 'Correct the items in Alloovium, or change `warn_if`.';
  const greenVerdict = { ...green.verdict, nextStep: step };

  test('is one annotation with its remedy if the step is green', () => {
    const report = aReport({ verdict: greenVerdict, results: warned });
    expect(describeWarning(report)).toEqual({
      text: `A warning only: 2 of 5 items “not compliant”. ${step}`,
      isLoss: false,
    });
    expect(formatPassedLine(report)).toBeNull();
  });

  test('is one annotation without a remedy if the step is red', () => {
    expect(describeWarning(aReport({ results: [...someResults(), ...warned] })).text).toBe('A warning only: 2 of 5 items “not compliant”.');
  });

  test('is reported run by run', () => {
    const runs = [aRun({ name: 'a', ...green }), ...['b', 'c'].map((name) => aRun({ name, results: warned }))];
    expect(describeWarning(aReportOf(runs, { verdict: greenVerdict })).text).toBe(
      `A warning only: b: 2 of 5 items “not compliant”; c: 2 of 5 items “not compliant”. ${step}`,
    );
  });

  test('is an annotation about a loss if a condition of `warn_if` cannot be evaluated', () => {
    const lost = alsoWarns(aResult({ result: 'cannot_be_evaluated' }));
    expect(describeWarning(aReport({ verdict: greenVerdict, results: [lost] })).isLoss).toBe(true);
  });

  test('is absent if nothing warns, and the verdict is a line of the log', () => {
    expect(describeWarning(aReport(green)).text).toBe('');
    expect(formatPassedLine(aReport(green))?.safe).toBe('5 items passed.');
    expect(formatPassedLine(aReport())).toBeNull();
  });
});

describe('the baseline', () => {
  const since = (itemStates: ('new' | 'still' | 'known')[], change: Partial<Changes> = {}): Changes => ({
    since: 'a81d0c4',
    baselineOf: '2026-04-08T09:02:00Z',
    conditions: [{ itemStates, before: null, removed: new Map() }, null],
    ...change,
  });
  const lines = (changes: Changes | null, name = '') => {
    const runs = [{ ...aRun({ name }), changes }, ...(name === '' ? [] : [aRun({ name: 'other' })])];
    return formatBaselineLines({ runs }).map(({ safe }) => safe);
  };

  test('is named with its time, its commit and the number of new items', () => {
    expect(lines(since(['new', 'known', 'known']))).toEqual([
      'Compared with the baseline of 2026-04-08 09:02 UTC at a81d0c4: 1 new, 2 known',
    ]);
    expect(lines(since(['still'], { since: '' }), 'Tower')).toEqual([
      'Tower: Compared with the baseline of 2026-04-08 09:02 UTC: nothing new, 1 known',
    ]);
  });

  test('counts the items of all conditions, which the log lists', () => {
    const deciding = aResult({ result: 'holds', matched: [{ id: 1 }] });
    const warning = aResult({
      condition: { severity: 'warn', name: 'w', expression: 'outputs.w', line: 1 },
      result: 'holds',
      matched: [{ id: 2 }, { id: 3 }],
    });
    const none = { before: null, removed: new Map() };
    const changes = since(['new'], {
      conditions: [
        { itemStates: ['new'], ...none },
        { itemStates: ['new', 'new'], ...none },
      ],
    });
    const run = { ...aRun({ results: [deciding, warning] }), changes };
    expect(formatBaselineLines({ runs: [run] }).map(({ safe }) => safe)).toEqual([
      'Compared with the baseline of 2026-04-08 09:02 UTC at a81d0c4: 3 new',
    ]);
  });

  test('is not named if there is none, or if the last report replaces it', () => {
    expect(lines(null)).toEqual([]);
    expect(lines(since(['new'], { baselineOf: null }))).toEqual([]);
  });
});
