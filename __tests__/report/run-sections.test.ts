/** How the results of several runs are ordered, and which next steps they have. */
import { describe, expect, test } from '@jest/globals';
import { renderRuns } from '../../src/report/run-sections.ts';
import type { RunReport } from '../../src/report/report.ts';
import type { Verdict } from '../../src/runs/verdict.ts';
import { alsoWarns, aReport, aReportOf, aResult, aRun, someResults } from './a-report.ts';

const VIEW = {
  ...{ rows: 9, warned: 9, folded: 9, conditions: 9, cell: 100, outputs: 9, text: 500 },
  ...{ isComment: true, links: { runUrl: '', itemUrl: '' }, elsewhere: 'the summary' },
};
const runOf = (name: string, about: Partial<Verdict> = {}, more: Partial<RunReport> = {}): RunReport => {
  const run = aRun({
    name,
    results: [],
    verdict: { brief: 'the brief', headline: 'The headline', ...about },
  });
  return { ...run, ...more };
};
const red = (name: string, about: Partial<Verdict> = {}) => runOf(name, { nextStep: 'Fix it.', ...about });
const warned = (name: string) => runOf(name, { exitCode: 0, conclusion: 'success' }, { findings: someResults().map(alsoWarns) });
const green = (name: string) => runOf(name, { exitCode: 0, conclusion: 'success' });
const render = (runs: RunReport[], view: Partial<typeof VIEW> = {}, step = '') => {
  const report = aReportOf(runs);
  return renderRuns({ ...report, verdict: { ...report.verdict, nextStep: step } }, { ...VIEW, ...view });
};
/** The names of the runs in the titles of their sections. */
const titlesIn = (parts: readonly string[]) =>
  parts.flatMap((part) => /^#{3,4} (\w+): /.exec(part)?.[1] ?? /<summary>(\w+): the brief/.exec(part)?.[1] ?? []);

describe('the sections of several runs', () => {
  test('have red runs first, then those that warn, and green ones in the summary alone', () => {
    const runs = [green('a'), warned('b'), red('c'), red('d')];
    expect(titlesIn(render(runs))).toEqual(['c', 'd', 'b']);
    expect(titlesIn(render(runs, { isComment: false }))).toEqual(['c', 'd', 'b', 'a']);
  });

  test('have a table before them, unlike the section of a single run', () => {
    expect(render([red('a'), green('b')])[0]).toMatch(/^\| +\| Run \|/);
    expect(render([red('a')])[0]).toBe('');
  });

  test('have three times as many rows each as an equal part', () => {
    const findings = [
      aResult({
        condition: { severity: 'fail', name: 'bad', expression: 'outputs.x', line: 1 },
        result: 'holds',
        matched: Array.from({ length: 9 }, (_, id) => ({ id: `i${id}` })),
      }),
    ];
    const rowsOf = (count: number) => {
      const runs = Array.from({ length: count }, (_, at) => runOf(`r${at}`, {}, { findings }));
      return render([...runs, green('a')], { rows: 6 })
        .join('\n')
        .match(/^\| `?i\d/gm)?.length;
    };
    expect([rowsOf(2), rowsOf(3), rowsOf(6), rowsOf(9)]).toEqual([12, 18, 18, 18]);
  });
});

describe('the result of a run in its title', () => {
  const titleOf = (run: RunReport) => render([run, green('z')]).find((part) => part.startsWith('####'));

  test.each<[string, RunReport, string]>([
    ['without findings, its headline', red('a'), '#### a: the headline'],
    ['that was interrupted, its brief', red('a', { conclusion: 'interrupted' }), '#### a: the brief'],
  ])('is, of one %s', (_, run, title) => {
    expect(titleOf(run)).toBe(title);
  });

  test.each([
    [3, false],
    [4, true],
  ])('has at most three of %d conditions, and counts the others: %p', (count, isCut) => {
    const findings = Array.from({ length: count }, (_, at) =>
      aResult({
        condition: { severity: 'fail', name: `c${at}`, expression: 'outputs.x', line: 1 },
        result: 'holds',
      }),
    );
    const title = titleOf(runOf('a', {}, { findings })) ?? '';
    expect(title.match(/“c\d”/g)).toHaveLength(3);
    expect(title.endsWith('; 1 more')).toBe(isCut);
  });
});

test.each<[string, RunReport, step: string, isShown: boolean]>([
  ['shows the next step of a run if it is not the step’s', red('a'), 'x', true],
  ['does not show the next step of a run if it is the step’s', red('a'), 'Fix it.', false],
  [
    'does not show the next step of a run with a table of items',
    runOf('a', { nextStep: 'Fix it.' }, { findings: someResults() }),
    'x',
    false,
  ],
  [
    'shows the next step of a run whose condition has no items',
    runOf('a', { nextStep: 'Fix it.' }, { findings: [aResult({ result: 'holds' })] }),
    'x',
    true,
  ],
  ['does not show the next step of a run that was interrupted', red('a', { conclusion: 'interrupted' }), 'x', false],
  [
    'does not show the next step to re-run after a timeout',
    red('a', { conclusion: 'timed_out', nextStep: 'Re-run this job.' }),
    'x',
    false,
  ],
  ['shows the next step to re-run after a failure', red('a', { nextStep: 'Re-run this job.' }), 'x', true],
  ['shows another next step after a timeout', red('a', { conclusion: 'timed_out' }), 'x', true],
  ['shows no next step if there is none', red('a', { nextStep: '' }), 'x', false],
])('%s', (_, run, step, isShown) => {
  expect(render([run, green('z')], {}, step).some((part) => part.startsWith('**Next:**'))).toBe(isShown);
});

describe('the section of a run in the summary', () => {
  const render1 = (run: RunReport, view: Partial<typeof VIEW> = {}) =>
    renderRuns(aReportOf([run]), { ...VIEW, isComment: false, ...view }).join('\n\n');

  test.each<[string, RunReport, Partial<typeof VIEW>, gate: boolean, timeline: boolean, details: boolean]>([
    ['has gate, timeline and details of a run with a name', { ...aRun({ name: 'a' }) }, {}, true, true, true],
    ['has gate and timeline, but no details, of a run without a name', aRun(), {}, true, true, false],
    ['has timeline and details, but no gate, without conditions', runOf('a'), {}, false, true, true],
    ['has neither gate, timeline nor details in a short summary', { ...aRun({ name: 'a' }) }, { conditions: 0 }, false, false, false],
    ['has neither gate, timeline nor details in a comment', { ...aRun({ name: 'a' }) }, { isComment: true }, false, false, false],
  ])('%s', (_, run, view, ...expected) => {
    const text = render1(run, view);
    expect([text.includes('| Expression |'), text.includes('gantt'), text.includes('Idempotency key')]).toEqual(expected);
  });
});

test.each([
  ['of a run', 'failure', 'Alloovium reported:\n\n> why'],
  ['of the action', 'error', '> why'],
] as const)('quotes the reason %s that failed before its runs', (_, conclusion, expected) => {
  const report = aReport({ verdict: { conclusion, headline: 'It failed' } });
  expect(renderRuns({ ...report, runs: [], errorMessage: 'why' }, VIEW)[1]).toBe(expected);
});

describe('a section of several runs', () => {
  const partsOf = (run: RunReport, view: Partial<typeof VIEW> = {}) => render([run, green('z')], view);
  const long = 'x'.repeat(1_000);
  const cutIn = (parts: readonly string[], start: string) => /x+…/.exec(parts.find((part) => part.startsWith(start)) ?? '')?.[0].length;

  test('has in its title 64 characters of the name, and 200 of the result', () => {
    expect(cutIn(partsOf(red(long)), '#### ')).toBe(64);
    expect(cutIn(partsOf(red('a', { headline: long })), '#### a: ')).toBe(200);
  });

  test('has 600 characters of the next step', () => {
    expect(cutIn(partsOf(red('a', { nextStep: long })), '**Next:**')).toBe(600);
  });

  test('has in the summary a smaller title, and of a green run 100 characters', () => {
    expect(partsOf(red('a'), { isComment: false }).some((part) => part.startsWith('### a: '))).toBe(true);
    const parts = render([red('a'), runOf('z', { exitCode: 0, conclusion: 'success', brief: long })], {
      isComment: false,
    });
    expect(cutIn(parts, '<details><summary>z: ')).toBe(100);
  });

  test.each([
    ['Re-run this job.', false],
    ['A run may have started.', false],
    ['Then: Re-run this job.', true],
  ])('has, after a timeout, the next step %j: %j', (nextStep, isShown) => {
    const parts = partsOf(red('a', { conclusion: 'timed_out', nextStep }));
    expect(parts.some((part) => part.startsWith('**Next:**'))).toBe(isShown);
  });

  test('has the rows of the view for an only red run', () => {
    const findings = [aResult({ result: 'holds', matched: Array.from({ length: 9 }, (_, n) => ({ n: `i${n}` })) })];
    const rows = render([runOf('a', {}, { findings }), green('b'), green('c')], { rows: 6 });
    expect(rows.join('\n').match(/^\| i\d/gm)).toHaveLength(6);
  });
});

describe('the reason of a step without runs', () => {
  const reasonOf = (errorMessage: string, text = 500) =>
    renderRuns(
      {
        ...aReportOf([]),
        errorMessage,
        verdict: aReport({ verdict: { conclusion: 'error', headline: 'H' } }).verdict,
      },
      { ...VIEW, text },
    ).find((part) => part !== '');

  test('is quoted', () => {
    expect(reasonOf('no key')).toBe('> no key');
    expect(reasonOf('')).toBeUndefined();
  });

  test.each([
    [5_000, 250],
    [1_200, 100],
  ])('is cut, with a detail of %d, to lines of %d characters', (text, length) => {
    expect(reasonOf('x'.repeat(400), text)).toBe(`> ${'x'.repeat(length - 1)}…`);
  });

  test('is not repeated above the section of an only run', () => {
    const run = aRun({
      results: [],
      errorMessage: 'no key',
      verdict: { conclusion: 'error', headline: 'H' },
    });
    const report = { ...aReportOf([run]), errorMessage: 'no key', verdict: run.verdict };
    expect(renderRuns(report, VIEW).filter((part) => part.includes('no key'))).toEqual(['> no key']);
  });

  test('has the words of the run after their source', () => {
    const run = aRun({
      results: [],
      errorMessage: 'no room',
      verdict: { conclusion: 'failure', headline: 'H' },
    });
    expect(renderRuns(aReportOf([run]), VIEW)).toContain('Alloovium reported:\n\n> no room');
    const silent = aRun({ results: [], verdict: { conclusion: 'failure', headline: 'H' } });
    expect(renderRuns(aReportOf([silent]), VIEW).join()).not.toContain('reported');
  });
});

describe('the table of runs', () => {
  const tableOf = (runs: RunReport[], view: Partial<typeof VIEW> = {}) => (render(runs, view)[0] ?? '').split('\n');
  type States = readonly ('new' | 'still')[] | null;
  const changed = (name: string, itemStates: States, count = itemStates?.length ?? 0): RunReport => {
    const matched = Array.from({ length: count }, (_, n) => ({ n }));
    const findings = [aResult({ result: 'holds', matched })];
    const conditions = [{ itemStates, before: null, removed: new Map() }];
    return runOf(name, {}, { findings, changes: { since: 'a1', baselineOf: null, conditions } });
  };

  test('has for each run its icon, name and result', () => {
    expect(tableOf([red('a'), green('b')])).toEqual([
      '|  | Run | Result |',
      '|:-:|:--|:--|',
      '| ❌ | a | the headline |',
      '| ✅ | b | the brief |',
    ]);
  });

  test('has the number of new items, where it is known', () => {
    const runs = [changed('a', ['new', 'still']), changed('b', ['still']), changed('c', ['new'], 2), red('d')];
    const lines = tableOf(runs);
    expect(lines[0]).toBe('|  | Run | Result | New |');
    expect(lines[1]).toBe('|:-:|:--|:--|--:|');
    expect(lines.slice(2).map((line) => / \| (\d*) \|$/.exec(line)?.[1])).toEqual(['1', '0', '', '']);
  });

  test.each([
    [60, 24],
    [90, 30],
  ])('has, with cells of %d characters, %d of a name', (cell, length) => {
    expect(tableOf([red('x'.repeat(50)), green('b')], { cell })[2]).toContain(` ${'x'.repeat(length - 1)}… |`);
  });
});

describe('what the summary says below the findings of a run', () => {
  const partsOf = (run: RunReport) => renderRuns(aReportOf([run]), { ...VIEW, isComment: false }).join('\n\n');

  test('has the items that do not fail the gate, but not the passed ones', () => {
    const known = { ...aResult({ result: 'holds', matched: [{ n: 'i0' }], unmatched: [{ n: 'i1' }] }) };
    const text = partsOf(runOf('a', {}, { findings: [{ ...known, known: [true], isExcused: true }] }));
    expect(text).toContain('**Known:** i0');
    expect(text).not.toContain('**Passed:**');
  });

  test('has a title for the outputs, if there are any', () => {
    expect(partsOf(aRun())).toContain('**What the workflow wrote**');
    expect(partsOf(aRun({ run: { outputs: { a: 'x' } } }))).toContain('**What the workflow wrote**');
    expect(partsOf(aRun({ run: null }))).not.toContain('What the workflow wrote');
  });
});
