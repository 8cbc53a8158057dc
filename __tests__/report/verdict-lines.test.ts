/** The top of a report: which icon and names it has, and which remarks and next step follow. */
import { describe, expect, test } from '@jest/globals';
import {
  chooseIcon,
  formatLastStage,
  renderBriefVerdict,
  renderVerdict,
} from '../../src/report/verdict-lines.ts';
import type { Report, RunReport } from '../../src/report/report.ts';
import type { Verdict } from '../../src/runs/verdict.ts';
import { alsoWarns, aReport, aReportOf, aRun, someResults, type Overrides } from './a-report.ts';

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
  ])(
    'names the red runs in place of their results, for the exit codes %j and %j: “%s”',
    (exits, about, expected) => {
      expect(headingOf(exits, about)).toBe(expected);
    },
  );

  test.each([
    ['', 'The run failed', '## ❌ Alloovium: the run failed'],
    ['', 'Alloovium is down', '## ❌ Alloovium is down'],
    ['Doors', 'Alloovium is down', '## ❌ Doors: Alloovium is down'],
  ])(
    'begins with the title %j, or else with the name of the service, before the headline “%s”: “%s”',
    (title, lead, expected) => {
      const report = aReport({ title, verdict: { headline: lead, lead } });
      expect(renderVerdict(report, '##')[0]).toBe(expected);
    },
  );
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
    expect(linesOf(aReportOf([withNotice, runOf('Park')]))).toContain(
      'Tower: an earlier run of this commit was red (`run_1`).',
    );
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
    expect(
      text.includes('A new commit, or a re-run of a job with `on_rerun: fresh`, starts a new run.'),
    ).toBe(isShown);
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
])(
  'formats the last stage of a run that ended as %s, while it is %s in %j, as “%s”',
  (conclusion, status, stage, expected) => {
    const run = aRun({ verdict: { conclusion } });
    expect(formatLastStage({ ...run, run: { ...run.run!, status, stage } })).toBe(expected);
    expect(formatLastStage({ ...run, run: null })).toBe('');
  },
);

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
  [
    'a sentence that is not an instruction',
    { nextStep: 'The run goes on.' },
    QUIET,
    '**Next:** The run goes on.',
  ],
  [
    'an instruction that only contains such words',
    { nextStep: 'Fix The run.' },
    QUIET,
    '**To turn this green:** fix The run.',
  ],
];
test.each(NEXT_STEPS.map(([what, verdict, run, step]) => [what, step, verdict, run] as const))(
  'formats the next step of %s as “%s”',
  (_, expected, about, run) => {
    const report = { ...aReportOf([run]), verdict: verdictOf(about) };
    expect(linesOf(report).at(-1)).toBe(expected);
  },
);
