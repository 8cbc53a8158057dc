/** The top of a report: which icon and names it has, and which remarks and next step follow. */
import { describe, expect, test } from '@jest/globals';
import { chooseIcon, formatLastStage, renderBriefVerdict, renderVerdict } from '../../src/report/verdict-lines.ts';
import type { Report, RunReport } from '../../src/report/report.ts';
import type { Verdict } from '../../src/runs/verdict.ts';
import { link } from '../../src/text/escape.ts';
import { alsoWarns, aReport, aReportOf, aResult, aRun, LINKS, RUN_ID, someResults, type Overrides } from './a-report.ts';

const verdictOf = (about: Partial<Verdict>) => aReport({ verdict: about }).verdict;
const WARNS = aRun({ results: someResults().map(alsoWarns) });
const QUIET = aRun({ results: [] });

const ICONS: readonly [Verdict['conclusion'], RunReport, string][] = [
  ['success', QUIET, '✅'],
  ['success', WARNS, '⚠️'],
  ['gate_failed', WARNS, '❌'],
  ['pending', WARNS, '⚪'],
  ['interrupted', QUIET, '⏹️'],
];
test.each(ICONS.map(([conclusion, run, icon]) => [conclusion, icon, run] as const))(
  'chooses for the conclusion %s the icon %s',
  (conclusion, icon, run) => {
    expect(chooseIcon(verdictOf({ conclusion }), [run])).toBe(icon);
  },
);

/** The heading without its icon and title, of runs that are red or not. */
const headingOf = (exits: readonly number[], about: Partial<Verdict> = {}) => {
  const runs = exits.map((exitCode, at) => ({
    ...aRun({ name: `r${at}`, results: [] }),
    verdict: verdictOf({ exitCode: exitCode === 0 ? 0 : 1 }),
  }));
  const verdict = verdictOf({ headline: 'Two runs: a list', brief: 'Two runs', lead: 'The lead', ...about });
  const report = { ...aReportOf(runs, { title: 'T' }), verdict };
  return renderVerdict(report, '##')[0]?.replace(/^## \S+ T: /, '');
};

describe('the heading of a report', () => {
  test.each([
    [[1, 1], {}, 'two runs: r0, r1'],
    [[1, 0, 1, 1], {}, 'two runs: r0, r2, r3'],
    [[1, 1, 1, 1], {}, 'two runs: r0, r1, r2, and 1 more'],
    [[1, 0], { earlier: 'was red' }, 'two runs: r0 (was red)'],
    [[0, 0], {}, 'the lead'],
    [[1, 1], { headline: 'Something else' }, 'the lead'],
  ])('names the red runs in place of their results, for the exit codes %j and %j: “%s”', (exits, about, expected) => {
    expect(headingOf(exits, about)).toBe(expected);
  });

  test.each([
    ['', 'The run failed', '## ❌ Alloovium: the run failed'],
    ['', 'Alloovium is down', '## ❌ Alloovium is down'],
    ['Doors', 'Alloovium is down', '## ❌ Doors: Alloovium is down'],
  ])('begins with the title %j, or else with the name of the service, before the headline “%s”: “%s”', (title, lead, expected) => {
    const report = aReport({ title, verdict: { headline: lead, lead } });
    expect(renderVerdict(report, '##')[0]).toBe(expected);
  });
});

/** The lines below the heading. */
const linesOf = (report: Report, render = renderVerdict) => (render(report, '##')[1] ?? '').split('<br>');

describe('the lines below the heading', () => {
  const red = 'an earlier run of this commit was red (run_1)';
  const runOf = (name: string, about: Partial<RunReport> = {}) => ({ ...aRun({ name }), ...about });

  test('contain an earlier red run, and with several runs its name', () => {
    const withNotice = runOf('Tower', {
      redNotice: red,
      notices: ['an earlier run of this commit was late'],
    });
    expect(linesOf(aReportOf([withNotice]))).toContain('An earlier run of this commit was red (`run_1`).');
    expect(linesOf(aReportOf([withNotice, runOf('Park')]))).toContain('Tower: an earlier run of this commit was red (`run_1`).');
  });

  test('contain no other notice of a run', () => {
    const lines = linesOf(aReportOf([runOf('', { notices: [red] })]));
    expect(lines.some((line) => line.toLowerCase().includes('earlier run'))).toBe(false);
  });

  test('contain once why no run used the baseline, or by name why one did not', () => {
    const unused = (name: string, baselineUnusedReason: string) => runOf(name, { baselineUnusedReason });
    expect(linesOf(aReportOf([unused('a', 'no file'), unused('b', 'no file')]))).toContain('*no file.*');
    const lines = linesOf(aReportOf([unused('a', 'no file'), unused('b', '')]));
    expect(lines.filter((line) => line.includes('no file'))).toEqual(['a: *no file.*']);
    const ungated = { ...unused('c', 'no file'), findings: [] };
    expect(linesOf(aReportOf([ungated])).join()).not.toContain('no file');
  });

  test.each<[string, Overrides, boolean]>([
    [
      'contain how a new run starts if the run is green and joined',
      { verdict: { exitCode: 0 }, run: { origin: { kind: 'joined', ageMs: 1 } } },
      true,
    ],
    [
      'do not contain how a new run starts if the run is green and new',
      { verdict: { exitCode: 0 }, run: { origin: { kind: 'new' } } },
      false,
    ],
    [
      'do not contain how a new run starts if the run is red and joined',
      { verdict: { exitCode: 1 }, run: { origin: { kind: 'joined', ageMs: 1 } } },
      false,
    ],
  ])('%s', (_, overrides, isShown) => {
    const text = linesOf(aReport({ sharedBy: 'commit', ...overrides })).join();
    expect(text.includes('A new commit, or a re-run of a job with `on_rerun: fresh`, starts a new run.')).toBe(isShown);
  });

  test('are cut to the first in a brief verdict', () => {
    const run = runOf('', { notices: [red], baselineUnusedReason: 'no file' });
    const brief = linesOf(aReportOf([run]), renderBriefVerdict);
    expect(brief).toContain('*no file.*');
    expect(brief.join()).not.toContain('earlier run');
  });
});

test.each<[Verdict['conclusion'], status: string, stage: string, expected: string]>([
  ['timed_out', 'running', 'Reading', 'Last stage seen: `Reading`.'],
  ['interrupted', 'running', 'Reading', 'Last stage seen: `Reading`.'],
  ['timed_out', 'running', '', ''],
  ['timed_out', 'completed', 'Reading', ''],
  ['gate_failed', 'running', 'Reading', ''],
])('formats the last stage of a run that ended as %s, while it is %s in %j, as “%s”', (conclusion, status, stage, expected) => {
  const run = aRun({ verdict: { conclusion } });
  expect(formatLastStage({ ...run, run: { ...run.run!, status, stage } })).toBe(expected);
  expect(formatLastStage({ ...run, run: null })).toBe('');
});

const NEXT_STEPS: readonly [string, Partial<Verdict>, RunReport, expected: string][] = [
  ['a red verdict', { nextStep: 'Re-run it.' }, QUIET, '**To turn this green:** re-run it.'],
  ['one warning', { exitCode: 0, nextStep: 'Re-run it.' }, WARNS, '**To clear the warning:** re-run it.'],
  [
    'two warnings',
    { exitCode: 0, nextStep: 'Re-run it.' },
    aRun({ results: [...someResults(), ...someResults()].map(alsoWarns) }),
    '**To clear the warnings:** re-run it.',
  ],
  ['a list of steps', { nextStep: 'x', steps: ['a', 'b'] }, QUIET, '**To turn this green:**'],
  ['a run that is pending', { conclusion: 'pending', nextStep: 'Re-run it.' }, QUIET, '**Next:** Re-run it.'],
  ['a sentence that is not an instruction', { nextStep: 'The run goes on.' }, QUIET, '**Next:** The run goes on.'],
  ['an instruction that only contains such words', { nextStep: 'Fix The run.' }, QUIET, '**To turn this green:** fix The run.'],
];
test.each(NEXT_STEPS.map(([what, verdict, run, step]) => [what, step, verdict, run] as const))(
  'formats the next step of %s as “%s”',
  (_, expected, about, run) => {
    const report = { ...aReportOf([run]), verdict: verdictOf(about) };
    expect(linesOf(report).at(-1)).toBe(expected);
  },
);

describe('the line of the state', () => {
  const stateOf = (report: Report) => linesOf(report)[0]?.split(' · ') ?? [];

  test.each<[Verdict['conclusion'], icon: string, word: string]>([
    ['success', '✅', 'Green'],
    ['pending', '⚪', 'Green, not evaluated yet'],
    ['skipped', '⚪', 'Green, skipped: nothing was evaluated'],
    ['gate_failed', '❌', 'Red'],
    ['failure', '❌', 'Red'],
    ['cancelled', '❌', 'Red'],
    ['timed_out', '❌', 'Red'],
    ['interrupted', '⏹️', 'No verdict'],
    ['error', '❌', 'Red'],
  ])('has for %s, whose icon is %s, the words %s', (conclusion, icon, word) => {
    const report = { ...aReportOf([QUIET]), verdict: verdictOf({ conclusion }) };
    expect(chooseIcon(report.verdict, [QUIET])).toBe(icon);
    expect(stateOf({ ...report, commit: '' })[0]).toBe(word);
    expect(stateOf(report)[0]).toBe(`${word} at \`a81d0c4\``);
  });

  test.each<[Verdict['conclusion'], RunReport[], string]>([
    ['success', [WARNS], 'Green, with 1 warning'],
    ['success', [WARNS, WARNS], 'Green, with 2 warnings'],
    ['success', [QUIET], 'Green'],
    ['gate_failed', [WARNS], 'Red'],
  ])('counts the warnings of a green verdict alone: %s', (conclusion, runs, word) => {
    const report = { ...aReportOf(runs), verdict: verdictOf({ conclusion }), commit: '' };
    expect(stateOf(report)[0]).toBe(word);
  });

  test('counts the waived items of all runs', () => {
    const waived = [{ item: 'b', by: 0 }];
    const withWaived = (...items: typeof waived) =>
      aRun({ results: [aResult({ result: 'does_not_hold', matched: [], unmatched: [], waived: items })] });
    expect(stateOf(aReportOf([withWaived(...waived), QUIET]))).toContain('1 waived');
    expect(stateOf(aReportOf([withWaived()])).join()).not.toContain('waived');
  });

  test('says of an only run that it was joined, and links it', () => {
    const overrides = { links: LINKS, run: { origin: { kind: 'joined', ageMs: null } } } as const;
    const page = link('run', `https://app.example.com/runs/${RUN_ID}`);
    const only = stateOf(aReport(overrides));
    expect(only).toContain('a run of 2026-11-25 09:14 UTC');
    expect(only.at(-1)).toBe(page);
    const several = stateOf({ ...aReport(overrides), runs: [aRun(), aRun()] });
    expect(several.join()).not.toMatch(/a run of|\[run\]/);
    expect(stateOf(aReport()).at(-1)).not.toMatch(/run/);
  });
});

describe('the top of a report', () => {
  const long = 'x'.repeat(3_000);
  const longest = (report: Report) => Math.max(0, ...(renderVerdict(report, '##').join('\n').match(/x+/g) ?? []).map((run) => run.length));
  const named = (name: string, exitCode: 0 | 1 = 1) => ({
    ...aRun({ name, results: [] }),
    verdict: verdictOf({ exitCode }),
  });
  const listed = verdictOf({ headline: `${long}: y`, brief: long, lead: '' });

  test.each<[string, number, Report]>([
    ['the lead', 300, aReport({ verdict: { headline: 'y', lead: long } })],
    ['the words before the names of red runs', 300, { ...aReportOf([named('a')]), verdict: listed }],
    ['the title', 100, aReport({ title: long, verdict: { headline: 'y' } })],
    [
      'the name of a red run',
      64,
      {
        ...aReportOf([named(long), named('b')]),
        verdict: verdictOf({ headline: 'Two: y', brief: 'Two' }),
      },
    ],
    ['why the baseline was not used', 600, aReportOf([{ ...aRun(), baselineUnusedReason: long }])],
    ['a note on the baseline', 600, aReportOf([{ ...aRun(), baselineNotes: [long] }])],
    [
      'a notice of earlier runs',
      300 - 'An earlier run of this '.length,
      aReportOf([{ ...aRun(), redNotice: `an earlier run of this ${long}` }]),
    ],
    [
      'the name of a run with such a notice',
      64,
      aReportOf([{ ...aRun({ name: long }), redNotice: 'an earlier run of this commit was red' }, aRun()]),
    ],
    ['the next step', 2_000, aReport({ verdict: { nextStep: long } })],
    ['a step of a list', 2_000, aReport({ verdict: { nextStep: 'y', steps: [long] } })],
    ['the last stage', 60, aReport({ verdict: { conclusion: 'timed_out' }, run: { stage: long, outputs: undefined } })],
  ])('cuts %s after %d characters', (_, max, report) => {
    // The last is an ellipsis.
    expect(longest(report)).toBe(max - 1);
  });
});

test('shows the last stage of an only run', () => {
  const overrides = {
    verdict: { conclusion: 'timed_out' },
    run: { stage: 'Reading', outputs: undefined },
  } as const;
  expect(linesOf(aReport(overrides))).toContain('Last stage seen: `Reading`.');
  const report = aReport(overrides);
  expect(linesOf({ ...report, runs: [...report.runs, aRun()] }).join()).not.toContain('Last stage');
});

test('has no empty remark for a run that used the baseline', () => {
  const lines = linesOf(aReportOf([aRun({ name: 'a' }), { ...aRun({ name: 'b' }), baselineUnusedReason: 'x' }]));
  expect(lines.filter((line) => line.includes('*.*'))).toEqual([]);
});

test('explains why a run with one condition did not use the baseline', () => {
  const run = aRun({ results: someResults().slice(0, 1) });
  expect(linesOf(aReportOf([{ ...run, baselineUnusedReason: 'no file' }]))).toContain('*no file.*');
});

test('marks as code only what ends a notice in parentheses', () => {
  const redNotice = 'an earlier run of this commit (a) was red (run_1)';
  expect(linesOf(aReportOf([{ ...aRun(), redNotice }]))).toContain('An earlier run of this commit (a) was red (`run_1`).');
});

test.each([
  'A waiver ended.',
  'Another step runs.',
  'Does it end?',
  'Is it there?',
  'Nothing is to be done.',
  'GitHub is down.',
  'The run goes on.',
  'To start it, push.',
])('keeps the next step %j as a sentence', (nextStep) => {
  expect(linesOf(aReport({ verdict: { nextStep } })).at(-1)).toBe(`**Next:** ${nextStep}`);
});

test.each<[Verdict['conclusion'], string]>([
  ['pending', '**Next:** Re-run it.'],
  ['interrupted', '**Next:** Re-run it.'],
  ['timed_out', '**To turn this green:** re-run it.'],
])('formats the next step of a run that is %s: %s', (conclusion, line) => {
  expect(linesOf(aReport({ verdict: { conclusion, nextStep: 'Re-run it.' } })).at(-1)).toBe(line);
});

test('has no next step where there is nothing to do', () => {
  const lines = linesOf({ ...aReportOf([QUIET]), verdict: verdictOf({ nextStep: '' }) });
  expect(lines.join()).not.toContain('**');
});

test('lists an only step below its aim', () => {
  const parts = renderVerdict(aReport({ verdict: { nextStep: 'x', steps: ['Push.'] } }), '##');
  expect(parts[1]?.split('<br>').at(-1)).toBe('**To turn this green:**');
  expect(parts[2]).toBe('- Push.');
});
