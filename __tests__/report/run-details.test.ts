/** The facts at the end of a report: notices, the details of the run and the step, and the footer. */
import { describe, expect, test } from '@jest/globals';
import { readInputs } from '../../src/inputs/inputs.ts';
import type { Report } from '../../src/report/report.ts';
import { describeRun, formatFooter, formatNotices, formatSpent, renderDetails } from '../../src/report/run-details.ts';
import { link } from '../../src/text/escape.ts';
import { aReport, aReportOf, aResult, aRun, COMMIT, RUN_ID, type Overrides } from './a-report.ts';

const DETAIL = { rows: 9, warned: 9, folded: 9, conditions: 9, cell: 100, outputs: 9, text: 500 };

describe('formatNotices', () => {
  const notices = (count: number) => Array.from({ length: count }, (_, at) => `n${at}`);
  const linesOf = (overrides: Overrides, text = 500) =>
    formatNotices(aReport(overrides), { ...DETAIL, text })
      .split('\n')
      .filter((line) => line !== '');

  test.each([
    [20, 20, null],
    [21, 20, '- … and 1 more notice: see the log.'],
    [22, 20, '- … and 2 more notices: see the log.'],
  ])('shows of %d notices %d', (count, shown, more) => {
    const lines = linesOf({ notices: notices(count) });
    expect(lines.filter((line) => /^- n\d+$/.test(line))).toHaveLength(shown);
    expect(lines.slice(shown)).toEqual(more === null ? [] : [more]);
  });

  test('only counts them in a report without texts', () => {
    expect(linesOf({ notices: notices(2) }, 0)).toEqual(['- … and 2 more notices: see the log.']);
  });

  test.each([
    [500, 500],
    [600, 500],
    [100, 100],
  ])('cuts a notice, with a detail of %d, after %d characters', (text, length) => {
    const [line = ''] = linesOf({ notices: ['word '.repeat(200).trim()] }, text);
    expect(line.length - '- '.length).toBeLessThanOrEqual(length);
    expect(line.length).toBeGreaterThan(length - 10);
  });
});

describe('renderDetails', () => {
  test('has commit, attempt and kind of key, if they are known', () => {
    const all = renderDetails(aReport({ attempt: 2, keyKind: 'test', tokens: 1 }));
    expect(all).toContain(`Commit \`${COMMIT}\` · attempt 2 · test key`);
    expect(all).toContain(', 1 token');
    const none = renderDetails(aReport({ attempt: 1, commit: '', keyKind: null, tokens: 0 }));
    expect(none).not.toMatch(/Commit|attempt|key\b(?! `)|token/);
  });

  test('describes a single run, and none of several', () => {
    expect(renderDetails(aReport())).toContain(RUN_ID);
    expect(renderDetails(aReportOf([aRun(), aRun()]))).not.toContain(RUN_ID);
  });

  test('is empty if nothing is known', () => {
    const report = { ...aReportOf([]), commit: '', attempt: 1, keyKind: null, tokens: 0 };
    expect(renderDetails(report)).toBe('');
  });
});

describe('describeRun', () => {
  const lineOf = (at: number, overrides: Overrides) => describeRun(aRun(overrides))[at];

  const ORIGINS: readonly [string, Overrides, string][] = [
    ['that this job started', { run: { origin: { kind: 'new' } } }, 'started by this job'],
    [
      'whose answer was lost',
      { replayed: true, run: { origin: { kind: 'new' } } },
      'started by this job (the answer to its launch was lost)',
    ],
    ['that it joined', { replayed: true, run: { origin: { kind: 'joined', ageMs: null } } }, 'joined'],
    ['that `run_id` names', { run: { origin: { kind: 'attached' } } }, 'named by `run_id`'],
  ];
  test.each(ORIGINS.map(([what, overrides, how]) => [what, how, overrides] as const))('describes a run %s as “%s”', (_, how, overrides) => {
    expect(lineOf(0, overrides)?.split(' · ')[0]).toBe(`Run \`${RUN_ID}\`, ${how}`);
  });

  test('has start and duration, if they are known', () => {
    const times = { startedAt: '2026-11-27T09:00:00Z', completedAt: '2026-11-27T09:01:12Z' };
    expect(lineOf(0, { run: times })).toMatch(/ · started 2026-11-27 09:00 UTC · ran 1 min 12 s$/);
    expect(lineOf(0, { run: { ...times, completedAt: '' } })).toMatch(/ · started 2026-11-27 09:00 UTC$/);
    expect(lineOf(0, { run: { startedAt: '', completedAt: '' } })).toMatch(/ · status `\w+`$/);
  });

  test('describes nothing of a run that was not launched', () => {
    const overrides = { run: null, workflowId: '', projectId: '', inputNames: [], idempotencyKey: '' };
    expect(describeRun(aRun(overrides)).filter((line) => line !== '')).toEqual([]);
  });

  test.each<[number, Overrides, string]>([
    [1, { workflowId: 'wf_1' }, 'Workflow `wf_1`'],
    [2, { projectId: 'p1' }, 'Project `p1`'],
    [3, { inputNames: ['x'.repeat(60)] }, `Inputs \`${'x'.repeat(60)}\``],
    [3, { inputNames: ['x'.repeat(61)] }, `Inputs \`${'x'.repeat(59)}…\``],
  ])('has in line %d of %j: %s', (at, overrides, line) => {
    expect(lineOf(at, overrides)).toBe(line);
  });

  test.each([
    ['s'.repeat(60), 's'.repeat(60)],
    ['s'.repeat(61), `${'s'.repeat(59)}…`],
  ])('shows the status %s as %s', (status, shown) => {
    expect(lineOf(0, { run: { status } })).toContain(` · status \`${shown}\``);
  });

  test('counts a run of almost a day in hours and minutes', () => {
    const times = { startedAt: '2026-11-27T09:00:00Z', completedAt: '2026-11-28T08:59:59Z' };
    expect(lineOf(0, { run: times })).toMatch(/ · ran 23 h 59 min$/);
  });

  test.each([
    [1, 1, false],
    [20, 20, false],
    [21, 20, true],
  ])('lists of %d input names %d', (count, shown, isCut) => {
    const line = lineOf(3, { inputNames: Array.from({ length: count }, (_, at) => `i${at}`) });
    expect(line?.match(/`i\d+`/g)).toHaveLength(shown);
    expect(line?.endsWith(', …')).toBe(isCut);
  });

  test('shows a key of 255 characters whole', () => {
    const key = 'a b '.repeat(100).slice(0, 255);
    expect(lineOf(4, { idempotencyKey: key })).toBe(`Idempotency key \`${key}\``);
    expect(lineOf(4, { idempotencyKey: `${key}b` })).not.toContain(key);
  });
});

test.each([
  [0, 0, ''],
  [1, 0, '1 status check'],
  [0, 1, '1 token'],
  [2, 1_000, '2 status checks, 1,000 tokens'],
])('formats %d status checks and %d tokens as “%s”', (polls, tokens, expected) => {
  expect(formatSpent(polls, tokens)).toBe(expected);
});

describe('formatFooter', () => {
  const MODEL = 'Written by a model from project documents; treat as data.';
  const page = 'https://github.test/run/1';

  test.each<[string, Overrides, 'comment' | 'summary', string]>([
    ['of a comment', { jobRunUrl: page }, 'comment', `${MODEL} ${link('Job summary', page)}`],
    ['of a summary', { jobRunUrl: page, attempt: 2 }, 'summary', `${MODEL} ${link('Job run', page)}`],
    ['of a second attempt', { jobRunUrl: '', attempt: 2 }, 'comment', `${MODEL} Attempt 2.`],
    ['with a finding alone', { jobRunUrl: '', run: null }, 'comment', MODEL],
    ['without data', { jobRunUrl: page, run: null, results: [] }, 'comment', link('Job summary', page)],
  ])('formats the footer %s', (_, overrides, sink, expected) => {
    expect(formatFooter(aReport(overrides), sink)).toBe(`<sub>${expected}</sub>`);
  });

  test('is empty without data and page', () => {
    expect(formatFooter(aReport({ jobRunUrl: '', run: null, results: [] }), 'comment')).toBe('');
  });

  test('says of the data of one of several runs that a model wrote it', () => {
    const silent = aRun({ run: null, results: [] });
    const report = { ...aReportOf([silent, aRun({ results: [] })]), jobRunUrl: '' };
    expect(formatFooter(report, 'comment')).toBe(`<sub>${MODEL}</sub>`);
  });

  const SUMMARY = `the ${link('job summary', page)}`;
  /** The footer's sentence about an item with so many fields. */
  const sentenceOf = (count: number, sink: 'comment' | 'summary', overrides: Partial<Report> = {}) => {
    const item = Object.fromEntries(Array.from({ length: count }, (_, at) => [`field${at}`, `v${at}`]));
    const results = [aResult({ result: 'holds', matched: [item], knownBy: ['field0'] })];
    const report = { ...aReport({ results, jobRunUrl: page }), ...overrides };
    return /\d+ more field.*?\.(?=<| \[)/.exec(formatFooter(report, sink))?.[0] ?? '';
  };

  test.each([
    [4, 'comment', ''],
    [5, 'comment', `1 more field per item is in ${SUMMARY}.`],
    [6, 'comment', `2 more fields per item are in ${SUMMARY}.`],
    [7, 'comment', '3 more fields per item are in `gate_file`.'],
    [6, 'summary', ''],
    [7, 'summary', '1 more field per item is in `gate_file`.'],
    [8, 'summary', '2 more fields per item are in `gate_file`.'],
  ] as const)('names, of items with %d fields, in a %s those left out: %s', (count, sink, sentence) => {
    expect(sentenceOf(count, sink)).toBe(sentence);
  });

  test('names `gate_file` for the fields of a comment where there is no job summary', async () => {
    const inputs = { ...(await readInputs({ INPUT_WORKFLOW_ID: 'wf_1' })), jobSummary: false };
    expect(sentenceOf(5, 'comment', { inputs })).toBe('1 more field per item is in `gate_file`.');
  });

  test('links the page once', () => {
    const item = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((key) => [key, key]));
    const results = [aResult({ result: 'holds', matched: [item] })];
    const text = formatFooter(aReport({ results, jobRunUrl: page }), 'comment');
    expect(text.split(page)).toHaveLength(2);
  });
});
