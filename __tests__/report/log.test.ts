/** The end of the log, and the annotation. */
import { describe, expect, test } from '@jest/globals';
import type { Result } from '../../src/endings.ts';
import { createAnnotation, formatEndLines, formatResultLines } from '../../src/report/log.ts';
import { compileGate, type Problem } from '../../src/gate/gate.ts';
import {
  COMMIT,
  CONTEXT,
  DOOR,
  JOB_PAGE,
  RUN_ID,
  SHEET,
  aFinding,
  aReport,
  aResult,
  anItem,
  asWarning,
  notCompliant,
  type ReportOverrides,
  type ResultOverrides,
} from '../support/a-report.ts';
import { aFailure } from '../support/failures.ts';

/** Without the zero-width spaces that keep the runner from acting on a text. */
function linesOf(report: ReportOverrides): string[] {
  return formatResultLines(aReport(report)).map(({ safe }) => safe.replaceAll('\u200b', ''));
}

function withFindings(...findings: NonNullable<ResultOverrides['findings']>): Result[] {
  return [aResult({ findings })];
}

const PROBLEM: Problem = { code: 'missing_key', source: 'i.statsu', values: ['statsu', 'status'], item: { at: 1, list: 'outputs.items' } };
const broken = aFinding({ result: 'cannot_be_evaluated', condition: { name: 'late' }, problem: PROBLEM });

describe('the lines of a condition', () => {
  const known = { value: SHEET, isKnown: true, remark: null };
  const fresh = { value: DOOR, isKnown: false, remark: { code: 'waiver_ended', until: '2026-01-31' } } as const;
  const values = [
    ['compliant', 3],
    ['not applicable', 2],
  ] as const;

  test('have the count and the first items', () => {
    expect(linesOf({})).toEqual([
      '    ✗ not compliant: 2 of 5',
      expect.stringMatching(/^ {6}- 4a1c2b3d\S* · Fire rating 60 min; section 08 11 13 asks for 90 min$/),
      expect.stringMatching(/^ {6}- 9e07f1aa\S* · Product data sheet is for another model$/),
      '    ✓ nothing reviewed: not true',
    ]);
  });

  test('mark what is new and known, and why a waiver does not count', () => {
    const [, first, second] = linesOf({ results: withFindings(notCompliant({ items: [fresh, known] })) });
    expect(first).toMatch(/^ {6}- new · waiver ended on 2026-01-31 · /);
    expect(second).toMatch(/^ {6}- known · /);
  });

  test.each([
    ['a warning', asWarning(notCompliant()), '! not compliant: 2 of 5'],
    ['known items', notCompliant({ isRed: false, counts: { known: 2, new: 0 } }), '✓ not compliant: 2 of 5 (2 known)'],
    ['waived items', notCompliant({ items: [], counts: { waived: 1 } }), '✓ not compliant: 0 of 4 (1 waived)'],
    [
      'the values',
      aFinding({ tally: { field: 'status', values } }),
      '✓ nothing reviewed: not true (`status`: 3 compliant, 2 not applicable)',
    ],
    ['an expression', aFinding({ condition: { name: null, expression: 'outputs.x' } }), '✓ `outputs.x`: not true'],
  ])('show %s', (_what, finding, line) => {
    expect(linesOf({ results: withFindings(finding) })[0]).toBe(`    ${line}`);
  });

  test('say why it cannot be evaluated', () => {
    const lines = linesOf({ results: withFindings(broken) });
    expect(lines[0]).toBe('    ✗ late: cannot be evaluated');
    expect(lines[1]).toMatch(/^ {6}“late”: .*there is no key "statsu".*; did you mean "status"/);
  });

  test('have ten items, and the page with the others', () => {
    const items = Array.from({ length: 13 }, (_, at) => anItem(`d-${at}`, 'open', `r${at}`));
    const lines = linesOf({ results: withFindings(notCompliant({ items })) });
    expect(lines.filter((line) => line.startsWith('      - '))).toHaveLength(10);
    expect(lines.at(-1)).toBe(`      3 more: ${JOB_PAGE}`);
  });

  test('have counts alone with `job_summary: false`', () => {
    const results = withFindings(notCompliant(), broken, aFinding({ tally: { field: 'status', values } }));
    const counts = ['✗ not compliant: 2 of 5', '✗ late: cannot be evaluated', '✓ nothing reviewed: not true'];
    expect(linesOf({ inputs: { jobSummary: false }, results })).toEqual(counts.map((line) => `    ${line}`));
  });

  test('let no text of the run act', () => {
    const hostile = anItem('::error::x', 'a', '##[error]y\r\n::warning::z');
    const tally = { field: 'status', values: [['::error::x', 5]] } as const;
    const results = withFindings(notCompliant({ items: [hostile] }), aFinding({ tally, condition: { name: '::error::n' } }));
    for (const { safe } of formatResultLines(aReport({ results }))) expect(safe).not.toMatch(/::(?:error|warning)::|##\[|\r|\n/);
  });

  test('follow the name of the run, where there are several', () => {
    const results = ['Tower', 'Car park'].map((name) => aResult({ name, findings: [aFinding()] }));
    const line = '    ✓ nothing reviewed: not true';
    expect(linesOf({ results })).toEqual(['Tower', line, 'Car park', line]);
  });
});

describe('after the conditions', () => {
  test('is what was compared with', () => {
    const baseline = { code: 'usable', baseline: { commit: COMMIT, keptAt: '2026-04-08T09:02:00Z', entries: [] } } as const;
    const results = [aResult({ findings: [notCompliant({ counts: { new: 1, known: 1 } })], evaluated: { baseline } })];
    expect(linesOf({ results }).at(-1)).toBe('    Compared with the baseline at a81d0c4: 1 new (1 known)');
  });

  test('is why every finding is new, once, in words that can be copied', () => {
    const baseline = { code: 'missing', branch: 'main' } as const;
    const results = ['A', 'B'].map((name) => aResult({ name, findings: [aFinding()], evaluated: { baseline } }));
    const lines = formatResultLines(aReport({ results })).map(({ safe }) => safe);
    expect(lines.filter((line) => line.startsWith('Every finding is new: `main` has no baseline yet'))).toHaveLength(1);
  });

  test('is whether it is the baseline', () => {
    const context = { ...CONTEXT, event: 'workflow_dispatch' };
    expect(linesOf({ context, keep: { code: 'keep' } }).at(-1)).toMatch(/^This run is the baseline from now on/);
  });

  test('are the notices, with the name of their run', () => {
    const results = ['A', 'B'].map((name) =>
      aResult({ name, findings: [aFinding()], record: { notices: [{ code: 'secret_in_answer' }] } }),
    );
    expect(linesOf({ results })).toContain('note: A: An answer of the API contained a secret of this job, which is shown as ***.');
  });

  test('is no note where there is nothing to say', () => {
    expect(linesOf({ notices: [{ code: 'kept', result: { code: 'kept' } }] }).join()).not.toContain('note');
  });
});

describe('the annotation', () => {
  const failure = aFailure('invalid_request', { status: 422, detail: 'start_date is required', requestId: 'req_1' });
  const rejected = aResult({ findings: null, ending: { kind: 'request_failed', failure }, record: { runId: '' } });
  const failed = aResult({ findings: null, ending: { kind: 'failed' }, record: { errorMessage: 'No project!' } });
  const AGAIN = 're-run the job: this starts a new run.';
  test.each<[what: string, report: ReportOverrides, level: string, parts: string[]]>([
    ['a red gate', {}, 'error', ['2 of 5 items “not compliant”.', `Resolve the findings, then ${AGAIN}`]],
    ['a warning', { results: withFindings(asWarning(notCompliant())) }, 'warning', ['(only a warning).', 'Resolve the findings.']],
    ['a failed run', { results: [failed] }, 'error', ['The run failed. Alloovium reported: No project! Fix what']],
    [
      'a rejected launch',
      { results: [rejected] },
      'error',
      ['invalid (422). The server reported: start_date is required; request req_1. Check'],
    ],
    [
      'no key',
      { results: [], failure: { kind: 'missing_key', isWithheld: false } },
      'error',
      ['`api_key` is empty', 'secrets.ALLOOVIUM_API_KEY'],
    ],
  ])('has cause and next step of %s', (_what, report, level, parts) => {
    const annotation = createAnnotation(aReport(report));
    expect(annotation?.level).toBe(level);
    for (const part of parts) expect(annotation?.text).toContain(part);
  });

  test('quotes what cannot be evaluated, but with `job_summary: false`', () => {
    const results = withFindings(broken);
    expect(createAnnotation(aReport({ results }))?.text).toMatch(/^“late” cannot be evaluated\. “late”: .*statsu/);
    expect(createAnnotation(aReport({ results, inputs: { jobSummary: false } }))?.text).not.toContain('statsu');
  });

  test('names the place of an invalid condition, without the caret of the log', async () => {
    const { faults: gateFaults } = await compileGate("outputs.items.filter(i, i.status = 'x')", '');
    const report = aReport({ results: [], failure: { kind: 'invalid_inputs', faults: [], gateFaults } });
    const text = createAnnotation(report)?.text ?? '';
    expect(text).toMatch(/^`fail_if` cannot be used\. `fail_if`, line 1, column \d+: /);
    expect(text).not.toMatch(/\^|\|/);
    expect(formatEndLines(report, 0).some(({ safe }) => /^ *\^$/.test(safe))).toBe(true);
  });

  test('is none for a green run', () => {
    expect(createAnnotation(aReport({ results: withFindings(aFinding()) }))).toBeNull();
  });
});

describe('the last lines', () => {
  const ended = (report: ReportOverrides) => formatEndLines(aReport(report), 139_000).map(({ safe }) => safe.replaceAll('\u200b', ''));
  const failed = aResult({ findings: null, ending: { kind: 'failed' }, record: { errorMessage: 'No project' } });
  test.each<[what: string, report: ReportOverrides, lines: string[]]>([
    ['a red gate', {}, [`Red after 2 min 19 s: ${RUN_ID} (gate_failed)`]],
    ['a green run', { results: withFindings(aFinding()) }, ['No findings.', `Green after 2 min 19 s: ${RUN_ID} (success)`]],
    ['a failed run', { results: [failed] }, ['    Alloovium reported: No project', `Red after 2 min 19 s: ${RUN_ID} (failure)`]],
    [
      'a run with a page',
      { inputs: { runUrl: 'https://x.test/{run_id}' } },
      [`Red after 2 min 19 s: https://x.test/${RUN_ID} (gate_failed)`],
    ],
    ['several runs', { results: [aResult({ name: 'A' }), aResult({ name: 'B' })] }, ['Red after 2 min 19 s (gate_failed)']],
    ['a stopped step', { results: [], failure: { kind: 'interrupted', signal: 'SIGINT' } }, ['No verdict after 2 min 19 s (interrupted)']],
    [
      'a skipped step',
      { results: [], failure: { kind: 'skipped' } },
      ['Skipped: GitHub gives this job no secrets.', 'Green, not evaluated after 2 min 19 s (skipped)'],
    ],
  ])('of %s', (_what, report, lines) => {
    expect(ended(report)).toEqual(lines);
  });

  test('quote a reason on at most 40 lines, none of which acts', () => {
    const record = { errorMessage: Array.from({ length: 60 }, () => '::error::x').join('\n') };
    const lines = formatEndLines(aReport({ results: [aResult({ findings: null, ending: { kind: 'failed' }, record })] }), 0);
    expect(lines).toHaveLength(41);
    for (const { safe } of lines) expect(safe).not.toContain('::error::');
  });

  test('keep what is wrong with inputs as it can be copied', () => {
    const failure = {
      kind: 'invalid_inputs',
      faults: [{ input: 'fail_on', run: '', code: 'needs_baseline', values: [] }],
      gateFaults: [],
    } as const;
    for (const { safe } of formatEndLines(aReport({ results: [], failure }), 0)) expect(safe).not.toContain('\u200b');
  });
});
