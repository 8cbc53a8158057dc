/** The end of the log, and the annotation. */
import { describe, expect, test } from '@jest/globals';
import { compileGate, type Problem } from '../../src/gate/condition.ts';
import { createAnnotation, formatEndLines, formatResultLines } from '../../src/report/log.ts';
import * as a from '../support/a-report.ts';
import { aFailure, aCondition, aReport, aResult, anItem, asWarning, notCompliant, type ReportOverrides } from '../support/a-report.ts';

/** Without the zero-width spaces that keep the runner from acting on a text. */
function linesOf(report: ReportOverrides): string[] {
  return formatResultLines(aReport(report)).map(({ safe }) => safe.replaceAll('\u200b', ''));
}

const of = (...conditions: Parameters<typeof notCompliant>) => ({ results: [aResult({ conditions: [notCompliant(...conditions)] })] });
const all = (...conditions: ReturnType<typeof aCondition>[]) => ({ results: [aResult({ conditions })] });
const PROBLEM: Problem = { code: 'missing_key', source: 'i.statsu', values: ['statsu', 'status'] };
const broken = aCondition({ result: 'cannot_be_evaluated', condition: { name: 'late' }, problem: PROBLEM });
const tally = { field: 'status', values: [['compliant', 3] as const, ['not applicable', 2] as const] };
const NAMES = ['A', 'B'];

describe('the lines of a condition', () => {
  test('have the count and the first items', () => {
    expect(linesOf({})).toEqual([
      '    ✗ not compliant: 2 of 5',
      expect.stringMatching(/^ {6}- 4a1c2b3d\S* · non-compliant · Fire rating 60 min; section 08 11 13 asks for 90 min$/),
      expect.stringMatching(/^ {6}- 9e07f1aa\S* · non-compliant · Product data sheet is for another model$/),
      '    ✓ nothing reviewed: not true',
    ]);
  });

  test('mark what is new and known, and why a waiver does not count', () => {
    const ended = { code: 'waiver_ended', until: '2026-01-31' } as const;
    const items = [
      { value: a.DOOR, isKnown: false, remark: ended },
      { value: a.SHEET, isKnown: true, remark: null },
    ];
    const [, first, second] = linesOf(of({ items }));
    expect(first).toMatch(/^ {6}- new · waiver ended on 2026-01-31 · /);
    expect(second).toMatch(/^ {6}- known · /);
  });

  test.each([
    ['a warning', asWarning(notCompliant()), '! not compliant: 2 of 5'],
    [
      'known items',
      notCompliant({
        items: [
          { value: a.DOOR, isKnown: true },
          { value: a.SHEET, isKnown: true },
        ],
      }),
      '✓ not compliant: 2 of 5 (2 known)',
    ],
    [
      'the values',
      aCondition({ tally, waived: [{ value: 1, digest: '', waiver: {} as never }] }),
      '✓ nothing reviewed: not true (`status`: 3 compliant, 2 not applicable; 1 waived)',
    ],
    ['an expression', aCondition({ condition: { name: null, expression: 'outputs.x' } }), '✓ `outputs.x`: not true'],
  ])('show %s', (_what, finding, line) => {
    expect(linesOf(all(finding))[0]).toBe(`    ${line}`);
  });

  test('say why it cannot be evaluated', () => {
    const lines = linesOf(all(broken));
    expect(lines[0]).toBe('    ✗ late: cannot be evaluated');
    expect(lines[1]).toMatch(/^ {6}`i\.statsu`: there is no key "statsu".*; did you mean "status"/);
  });

  test('have ten items, and the page with the others', () => {
    const lines = linesOf(of({ items: Array.from({ length: 13 }, (_, at) => anItem(`d-${at}`, 'open', `r${at}`)) }));
    expect(lines.filter((line) => line.startsWith('      - '))).toHaveLength(10);
    expect(lines.at(-1)).toBe(`      3 more: ${a.JOB_PAGE}`);
  });

  test('have counts alone with `job_summary: false`', () => {
    const counts = ['✗ not compliant: 2 of 5', '✗ late: cannot be evaluated', '✓ nothing reviewed: not true'];
    const lines = linesOf({ inputs: { jobSummary: false }, ...all(notCompliant(), broken, aCondition({ tally })) });
    expect(lines).toEqual(counts.map((line) => `    ${line}`));
  });

  test('let no text of the run act', () => {
    const items = [anItem('::error::x', 'a', '##[error]y\r\n::warning::z')];
    const values = { field: '::x', values: [['::error::x', 5] as const] };
    const report = aReport(all(notCompliant({ items }), aCondition({ tally: values, condition: { name: '::error::n' } })));
    for (const { safe } of formatResultLines(report)) expect(safe).not.toMatch(/::(?:error|warning|x)|##\[|\r|\n/);
  });

  test('are followed by what was compared with, remarks and notices, in words that can be copied', () => {
    const baseline = { code: 'usable', baseline: { commit: a.COMMIT, savedAt: '', entries: [] } } as const;
    const missing = { code: 'missing', branch: 'main' } as const;
    const conditions = [notCompliant({ isFailing: false, items: [a.DOOR, { value: a.SHEET, isKnown: true }] })];
    const runState = { notices: [{ code: 'secret_in_answer' } as const] };
    const results = [baseline, missing].map((one, at) =>
      aResult({ name: NAMES[at]!, conditions, gateResult: { baseline: one }, runState }),
    );
    const lines = formatResultLines(aReport({ results })).map(({ safe }) => safe);
    expect(lines).toEqual([
      'A',
      '    ✓ not compliant: 2 of 5 (1 known)',
      'B',
      '    ✓ not compliant: 2 of 5 (1 known)',
      '    Changes since the baseline at `a81d0c4`: 2 new, 2 known',
      'Every finding is new: `main` has no baseline yet: run this GitHub workflow there by hand.',
      'A: An answer of the API contained a secret of this job, which is shown as ***.',
      'B: An answer of the API contained a secret of this job, which is shown as ***.',
    ]);
  });
});

const failed = { results: [aResult({ conditions: null, outcome: { kind: 'failed' }, runState: { errorMessage: 'No project!\nNone' } })] };
const skipped = { results: [], outcome: { kind: 'skipped' } } as const;

describe('the annotation', () => {
  const failure = aFailure('invalid_request', { status: 422, detail: 'start_date is required', requestId: 'req_1' });
  const rejected = { results: [aResult({ conditions: null, outcome: { kind: 'request_failed', failure }, runState: { runId: '' } })] };
  const noKey: ReportOverrides = { results: [], outcome: { kind: 'missing_key', isWithheld: false } };
  const AGAIN = 're-run the job: this starts a new run.';
  test.each<[what: string, report: ReportOverrides, level: string, parts: string[]]>([
    ['a red gate', {}, 'error', ['2 of 5 items “not compliant”.', `Resolve the findings, then ${AGAIN}`]],
    ['a warning', all(asWarning(notCompliant())), 'warning', ['(only a warning).', 'Resolve the findings.']],
    ['a failed run', failed, 'error', ['The run failed. Alloovium reported: No project!\nNone. Fix what']],
    ['a rejected launch', rejected, 'error', ['invalid (422). The server reported: start_date is required · request req_1. Check']],
    ['no key', noKey, 'error', ['`api_key` is empty', 'secrets.ALLOOVIUM_API_KEY']],
    ['what cannot be evaluated', all(broken), 'error', ['“late” cannot be evaluated. `i.statsu`: there is no key "statsu"', AGAIN]],
  ])('has cause and next step of %s', (_what, report, level, parts) => {
    const annotation = createAnnotation(aReport(report));
    expect(annotation?.level).toBe(level);
    for (const part of parts) expect(annotation?.text).toContain(part);
  });

  test('quotes nothing of the run with `job_summary: false`, and is none for a green run', () => {
    expect(createAnnotation(aReport(all(aCondition())))).toBeNull();
    expect(createAnnotation(aReport({ ...all(broken), inputs: { jobSummary: false } }))?.text).not.toContain('statsu');
  });

  test('names the place of an invalid condition, without the caret of the log', async () => {
    const place = { place: 'workflow_file', entry: '', file: '' } as const;
    const compiled = await compileGate("outputs.items.filter(i, i.status = 'x')", '');
    const gateFaults = compiled.faults.map((fault) => ({ ...fault, ...place }));
    const faults = [{ ...place, input: 'title', text: '`title` is wrong' }];
    const report = aReport({ results: [], outcome: { kind: 'invalid_inputs', faults, gateFaults } });
    const text = createAnnotation(report)?.text ?? '';
    expect(text).toMatch(/^`title` and `fail_if` cannot be used\. `title` .*fail_if, line 1, column \d+: /);
    expect(text).not.toMatch(/\^|\n/);
    const lines = formatEndLines(report, 0).map(({ safe }) => safe);
    expect(lines.filter((line) => /^ *\^$/.test(line))).toHaveLength(1);
    // They may be copied.
    expect(lines.join('')).not.toContain('\u200b');
  });
});

test.each<[what: string, report: ReportOverrides, lines: string[]]>([
  ['a red gate', {}, [`Red after 2 min 19 s: ${a.RUN_ID} (gate_failed)`]],
  ['a green run', all(aCondition()), ['No findings.', `Green after 2 min 19 s: ${a.RUN_ID} (success)`]],
  ['a failed run', failed, ['    | Alloovium reported: No project!', '    | None', `Red after 2 min 19 s: ${a.RUN_ID} (failure)`]],
  ['a run with a page', { inputs: { runUrl: 'https://x.test/1' } }, ['Red after 2 min 19 s: https://x.test/1 (gate_failed)']],
  ['several runs', { results: NAMES.map((name) => aResult({ name })) }, ['Red after 2 min 19 s (gate_failed)']],
  ['a skipped step', skipped, ['Skipped: GitHub gives this job no secrets.', 'Green, not evaluated after 2 min 19 s (skipped)']],
])('the last lines of %s', (_what, report, lines) => {
  expect(formatEndLines(aReport(report), 139_000).map(({ safe }) => safe.replaceAll('\u200b', ''))).toEqual(lines);
});

test('the last lines quote a reason on at most 40 lines, none of which acts', () => {
  const runState = { errorMessage: Array.from({ length: 60 }, () => '::error::x').join('\n') };
  const lines = formatEndLines(aReport({ results: [aResult({ conditions: null, outcome: { kind: 'failed' }, runState })] }), 0);
  expect(lines).toHaveLength(41);
  for (const { safe } of lines) expect(safe).not.toContain('::error::');
});
