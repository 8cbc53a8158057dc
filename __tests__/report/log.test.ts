/** The end of the log, and the annotation. */
import { describe, expect, test } from '@jest/globals';
import { compileGate } from '../../src/gate/condition.ts';
import type { Problem } from '../../src/outcome.ts';
import { createAnnotation, formatEndLines, formatResultLines } from '../../src/report/log.ts';
import { aCondition, anItem, aReport, aResult, asWarning, notCompliant, type ReportOverrides } from '../support/a-report.ts';
import * as a from '../support/a-report.ts';

/** Without the zero-width spaces that keep the runner from acting on a text. */
function linesOf(report: ReportOverrides): string[] {
  return formatResultLines(aReport(report)).map(({ safe }) => safe.replaceAll('\u200b', ''));
}

const of = (...conditions: Parameters<typeof notCompliant>) => ({ results: [aResult({ conditions: [notCompliant(...conditions)] })] });
const all = (...conditions: ReturnType<typeof aCondition>[]) => ({ results: [aResult({ conditions })] });
const PROBLEM: Problem = { code: 'missing_key', source: 'i.statsu', key: 'statsu', keys: ['status'] };
const broken = aCondition({ result: 'cannot_be_evaluated', condition: { name: 'late' }, problem: PROBLEM });
const tally = { field: 'status', values: [['compliant', 3] as const, ['not applicable', 2] as const] };

describe('the lines of a condition', () => {
  test('have the count and the first items', () => {
    expect(linesOf({})).toEqual([
      '    ✗ not compliant: 2 of 5 items',
      expect.stringMatching(/^ {6}- non-compliant · Fire rating 60 min; section 08 11 13 asks for 90 min · 4a1c2b3d\S*$/),
      expect.stringMatching(/^ {6}- non-compliant · Product data sheet is for another model · 9e07f1aa\S*$/),
      '    ✓ nothing reviewed: not met',
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
    ['a warning', asWarning(notCompliant()), '! not compliant: 2 of 5 items'],
    [
      'known items',
      notCompliant({
        items: [
          { value: a.DOOR, isKnown: true },
          { value: a.SHEET, isKnown: true },
        ],
      }),
      '✓ not compliant: 2 of 5 items (2 known)',
    ],
    [
      'the values',
      aCondition({ tally, waived: [{ value: 1, digest: '', waiver: {} as never }] }),
      '✓ nothing reviewed: not met (1 waived); `status`: 3 compliant, 2 not applicable',
    ],
    ['an expression', aCondition({ condition: { name: null, expression: 'outputs.x' } }), '✓ `outputs.x`: not met'],
  ])('show %s', (_what, finding, line) => {
    expect(linesOf(all(finding))[0]).toBe(`    ${line}`);
  });

  test('say why it cannot be evaluated', () => {
    const lines = linesOf(all(broken));
    expect(lines[0]).toBe('    ✗ late: cannot be evaluated');
    expect(lines[1]).toMatch(/^ {6}`i\.statsu`: there is no key "statsu".*; did you mean "status"/);
  });

  test('say a cause once', () => {
    const other = aCondition({ ...broken, condition: { name: 'early' } });
    const lines = linesOf({ results: ['a', 'b'].map((name) => aResult({ name, conditions: [broken, other] })) });
    expect(lines.filter((line) => line.includes('there is no key'))).toHaveLength(1);
  });

  test('have the result of each run and once what was reported', () => {
    const runState = { errorMessage: 'No text layer' };
    const lines = linesOf({
      results: ['a', 'b'].map((name) => aResult({ name, conditions: null, outcome: { kind: 'failed' }, runState })),
    });
    expect(lines).toEqual([
      'a: Alloovium could not finish the review',
      '    | Alloovium reported: No text layer',
      'b: Alloovium could not finish the review',
    ]);
  });

  test('have ten items, and the page with the others', () => {
    const lines = linesOf(of({ items: Array.from({ length: 13 }, (_, at) => anItem(`d-${at}`, 'open', `r${at}`)) }));
    expect(lines.filter((line) => line.startsWith('      - '))).toHaveLength(10);
    expect(lines.at(-1)).toBe(`      3 more: ${a.JOB_PAGE}`);
  });

  test('have counts alone with `job_summary: false`', () => {
    const counts = ['✗ not compliant: 2 of 5 items', '✗ late: cannot be evaluated', '✓ nothing reviewed: not met'];
    const lines = linesOf({ inputs: { jobSummary: false }, ...all(notCompliant(), broken, aCondition({ tally })) });
    expect(lines).toEqual(counts.map((line) => `    ${line}`));
  });

  test('let no text of the run act', () => {
    const items = [anItem('::error::x', 'a', '##[error]y\r\n::warning::z')];
    const values = { field: '::x', values: [['::error::x', 5] as const] };
    const report = aReport(all(notCompliant({ items }), aCondition({ tally: values, condition: { name: '::error::n' } })));
    for (const { safe } of formatResultLines(report)) expect(safe).not.toMatch(/::(?:error|warning|x)|##\[|\r|\n/);
  });
});

describe('the annotation', () => {
  test('repeats no line of the log, and is none for a run that passes', () => {
    expect(createAnnotation(aReport(all(aCondition())))).toBeNull();
    expect(createAnnotation(aReport(all(broken)))?.text).not.toContain('statsu');
    const [end] = formatEndLines(aReport(all(asWarning(notCompliant()))), 0);
    expect(end?.safe).toMatch(/^Passed, with 1 warning after 0 s/);
  });

  test('names the place of an invalid condition, without the caret of the log', async () => {
    const place = { place: 'workflow_file', entry: '', file: '' } as const;
    const compiled = await compileGate("outputs.items.filter(i, i.status = 'x')", '');
    const gateFaults = compiled.faults.map((fault) => ({ ...fault, ...place }));
    const faults = [{ ...place, input: 'title', text: '`title` is wrong' }];
    const report = aReport({ results: [], outcome: { kind: 'invalid_inputs', faults, gateFaults } });
    const text = createAnnotation(report)?.text ?? '';
    expect(text).toMatch(/^Error in `title` and `fail_if`\. `title` .*fail_if, line 1, column \d+: /);
    expect(text).not.toMatch(/\^|\n/);
    const lines = formatEndLines(report, 0).map(({ safe }) => safe);
    expect(lines.filter((line) => /^ *\^$/.test(line))).toHaveLength(1);
    // They may be copied.
    expect(lines.join('')).not.toContain('\u200b');
  });
});

test('the annotation ends with the next step, whatever the server says', () => {
  const failed = (errorMessage: string) =>
    createAnnotation(aReport({ results: [aResult({ conditions: null, outcome: { kind: 'failed' }, runState: { errorMessage } })] }))?.text;
  for (const text of ['x'.repeat(900), '\u202e'.repeat(900), 'x'.repeat(5_000), 'a\nb']) {
    expect(failed(text)).toMatch(/re-run this job to start a new run\.$/);
    expect(failed(text)?.length).toBeLessThanOrEqual(4_096);
  }
  expect(failed('a\nb')).not.toContain('reported');
});

test('the last lines quote a reason on at most 40 lines, none of which acts', () => {
  const runState = { errorMessage: Array.from({ length: 60 }, () => '::error::x').join('\n') };
  const lines = formatEndLines(aReport({ results: [aResult({ conditions: null, outcome: { kind: 'failed' }, runState })] }), 0);
  expect(lines).toHaveLength(41);
  for (const { safe } of lines) expect(safe).not.toContain('::error::');
});
