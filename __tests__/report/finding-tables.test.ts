/** Which items of a condition a report shows, how many, and what their rows and the lists below them say. */
import { describe, expect, test } from '@jest/globals';
import type { ComparedResult, FieldChange } from '../../src/gate/condition.ts';
import type { Finding } from '../../src/gate/finding.ts';
import type { JsonValue } from '../../src/json.ts';
import type { ItemChanges } from '../../src/report/changes.ts';
import type { View } from '../../src/report/detail-levels.ts';
import {
  countFieldsLeftOut,
  formatFinding,
  formatGateLine,
  formatGateTable,
  listNonBlocking,
  listOpenItems,
  renderFindings,
  runUrlOf,
} from '../../src/report/findings.ts';
import type { RunReport } from '../../src/report/report.ts';
import { LINKS, alsoWarns, aResult, aRun, RUN_ID } from './a-report.ts';

const VIEW: View = {
  ...{ rows: 9, warned: 9, folded: 9, conditions: 9, cell: 100, outputs: 9, text: 500 },
  ...{ isComment: true, links: { runUrl: '', itemUrl: '' }, elsewhere: 'the summary' },
};
const items = (count: number) => Array.from({ length: count }, (_, at) => ({ n: `i${at}` }));
const listOf = (matched: readonly JsonValue[], about: Partial<ComparedResult> = {}, name: string | null = 'bad') =>
  aResult({
    condition: { severity: 'fail', name, expression: 'outputs.x', line: 1 },
    result: 'holds',
    matched,
    ...about,
  });
const BROKEN = aResult({ result: 'cannot_be_evaluated', problem: 'p'.repeat(1_000) });

const markdownOf = (findings: readonly Finding[], view: Partial<View> = {}, about: Partial<RunReport> = {}) =>
  renderFindings({ ...aRun({ results: findings }), ...about }, { ...VIEW, ...view }).parts.join('\n\n');
const rowsIn = (markdown: string) => markdown.match(/^\| i\d+ \|$/gm)?.length ?? 0;

describe('the table of a condition', () => {
  test.each<[rows: number, count: number, shown: number, more: string | null]>([
    [9, 3, 3, null],
    [3, 3, 3, null],
    [2, 3, 2, '**1 more:** the summary'],
    [1, 3, 1, '**2 more:** the summary'],
    [0, 3, 0, '**3:** the summary'],
  ])('has in a comment with %d rows of %d items %d', (rows, count, shown, more) => {
    const markdown = markdownOf([listOf(items(count))], { rows });
    expect(rowsIn(markdown)).toBe(shown);
    expect(/\*\*\d+(?: more)?:\*\* the summary/.exec(markdown)?.[0] ?? null).toBe(more);
  });

  test('shares the rows among the conditions, and leaves to the others what one does not need', () => {
    const [many, few] = [listOf(items(9), {}, 'many'), listOf(items(1), {}, 'few')];
    const rowsOf = (findings: readonly Finding[], view: Partial<View> = {}) =>
      markdownOf(findings, { rows: 6, warned: 2, ...view })
        .split(/^(?:❌|⚠️)/m)
        .slice(1)
        .map(rowsIn);
    expect(rowsOf([many, many])).toEqual([3, 3]);
    expect(rowsOf([few, many])).toEqual([1, 5]);
    expect(rowsOf([many, many], { rows: 5 })).toEqual([3, 2]);
    expect(rowsOf([many, alsoWarns(many)])).toEqual([6, 2]);
  });

  test('leaves out known items, and does not count their rows', () => {
    const known = { ...listOf(items(3)), known: [false, true, true], isExcused: false };
    const markdown = markdownOf([known, listOf(items(9), {}, 'other')], { rows: 6 });
    expect(markdown).toContain('**4 more:** the summary');
    expect(markdown).not.toContain('**0');
    expect(rowsIn(markdown)).toBe(1 + 5);
    for (const isComment of [true, false]) {
      const only = markdownOf([known], { isComment });
      expect([rowsIn(only), only.includes('more')]).toEqual([1, false]);
    }
    // With `fail_on: any` the baseline excuses nothing.
    expect(rowsIn(markdownOf([{ ...known, isExcused: null }]))).toBe(3);
  });

  test.each<[folded: number, count: number, title: string | null, more: boolean]>([
    [9, 3, 'Bad: all 3', false],
    [2, 3, 'Bad: the first 2 of 3', true],
    [0, 3, null, false],
    [9, 1, null, false],
  ])('is followed in the summary, with %d folded rows of %d items, by the section %j', (folded, count, title, more) => {
    const markdown = markdownOf([listOf(items(count))], { isComment: false, rows: 1, folded });
    expect(/<summary>(.*)<\/summary>/.exec(markdown)?.[1] ?? null).toBe(title);
    expect(markdown.includes('**1 more:** `gate_file`')).toBe(more);
    expect(markdown).not.toContain('**0 more');
    expect(rowsIn(markdown)).toBe(1 + (title === null ? 0 : Math.min(folded, count)));
  });

  test.each<[Partial<View>, number]>([
    [{ rows: 2 }, 2],
    [{ rows: 2, isComment: false, folded: 3 }, 3],
    [{ rows: 4, isComment: false, folded: 3 }, 4],
    [{ rows: 2, isComment: false, folded: 0 }, 2],
  ])('counts the rows that are seen with %j: %d', (view, count) => {
    expect(renderFindings(aRun({ results: [listOf(items(5))] }), { ...VIEW, ...view }).seen.size).toBe(count);
  });

  test.each([
    [true, '| A | B | C | D |'],
    [false, '| A | B | C | D | E | F |'],
  ])('has in a comment (%j) the columns %s', (isComment, header) => {
    const item = Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => [key, key]));
    expect(markdownOf([listOf([item])], { isComment })).toContain(header);
  });

  test('marks a warning as one', () => {
    const findings = [listOf(items(1)), alsoWarns(listOf(items(1), {}, 'odd'))];
    expect(markdownOf(findings)).toMatch(/^❌ .*“bad”[^]*^⚠️ .*“odd”/m);
    expect(markdownOf([...findings, alsoWarns(listOf(items(1)))], { conditions: 1 })).toContain('… and 1 more condition: see the gate.');
  });

  test('has five hundred characters of the reason why its condition cannot be evaluated', () => {
    const cut = /p+…?/.exec(markdownOf([BROKEN, BROKEN]))?.[0];
    expect(cut).toBe(`${'p'.repeat(499)}…`);
  });
});

describe('the name of a condition', () => {
  const named = (length: number) => listOf([{ n: 'i1' }], {}, 'N'.repeat(length));
  const unnamed = (length: number) => {
    const finding = listOf(items(9), {}, null);
    return { ...finding, condition: { ...finding.condition, expression: 'e'.repeat(length) } };
  };
  const longest = (text: string, letter: string) =>
    Math.max(0, ...(text.match(new RegExp(`${letter}+…?`, 'g')) ?? []).map((run) => run.length));

  test.each<[string, (finding: Finding) => string]>([
    ['a sentence', (finding) => formatFinding(finding)],
    ['the line of the gate', (finding) => formatGateLine(aRun({ results: [finding] }), VIEW)],
  ])('has in %s 64 characters, and its expression a hundred', (_, format) => {
    expect(format(named(64))).toContain('N'.repeat(64));
    expect(format(named(65))).toContain(`${'N'.repeat(63)}…`);
    expect(longest(format(unnamed(100)), 'e')).toBe(100);
    expect(format(unnamed(101))).toContain(`${'e'.repeat(99)}…`);
  });

  test('has the same in the title of a section', () => {
    const title = (finding: Finding) => /<summary>(.*):/.exec(markdownOf([finding], { isComment: false, rows: 1 }))?.[1] ?? '';
    const many = (finding: Finding) => ({ ...listOf(items(9)), condition: finding.condition });
    expect(title(many(named(64)))).toBe('N'.repeat(64));
    expect(title(many(named(65)))).toBe(`${'N'.repeat(63)}…`);
    expect(title(unnamed(100))).toContain('e'.repeat(100));
    expect(title(unnamed(101))).toContain(`${'e'.repeat(99)}…`);
  });

  test('has the same in the table of the gate, where cells may be wider', () => {
    const table = (finding: Finding, cell = 60) => formatGateTable(aRun({ results: [finding] }), { ...VIEW, cell });
    expect(table(named(64))).toContain('N'.repeat(64));
    expect(table(named(65))).toContain(`${'N'.repeat(63)}…`);
    expect(table(unnamed(100))).toContain('e'.repeat(100));
    expect(table(unnamed(101))).toContain(`${'e'.repeat(99)}…`);
    expect(table(unnamed(150), 150)).toContain('e'.repeat(150));
  });

  test('leaves its cell empty in a table with other names', () => {
    const lines = formatGateTable(aRun({ results: [named(1), listOf([], {}, null)] }), VIEW).split('\n');
    expect(lines[2]).toMatch(/^\| ❌ \| N \| /);
    expect(lines[3]).toMatch(/^\| ❌ \| {2}\| `outputs\.x` \| /);
    expect(formatGateTable(aRun({ results: [named(1)] }), VIEW)).not.toContain('more.');
  });
});

test('has two hundred characters of a reason in the line of the gate', () => {
  // The reason of the second is not above the line.
  const line = formatGateLine(aRun({ results: [BROKEN, BROKEN] }), { ...VIEW, conditions: 1 });
  expect(/p+…?/.exec(line)?.[0]).toBe(`${'p'.repeat(199)}…`);
});

test('counts no rest of a gate that is shown whole', () => {
  expect(formatGateLine(aRun({ results: [listOf(items(1))] }), VIEW)).not.toMatch(/more|condition/);
});

describe('the fields that are left out', () => {
  const wide = (count: number) => [Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}`, `v${at}`]))];
  test.each<[string, readonly Finding[], number]>([
    ['are the most of a condition', [listOf(wide(5)), listOf(wide(7)), listOf(wide(6))], 3],
    ['are counted for a warning', [alsoWarns(listOf(wide(6)))], 2],
    ['are not counted for a condition that does not hold', [listOf(wide(6), { result: 'does_not_hold' })], 0],
    ['are none of items that are not all objects', [listOf([...wide(6), 'x'])], 0],
    ['are none without conditions', [], 0],
  ])('%s', (_, results, count) => {
    expect(countFieldsLeftOut(aRun({ results }), 'comment')).toBe(count);
  });
});

describe('the row of an item', () => {
  const changes = (itemStates: ItemChanges['itemStates']): Partial<RunReport> => ({
    changes: { since: '', baselineOf: null, conditions: [{ itemStates, before: null, removed: new Map() }] },
  });
  const marksOf = (finding: Finding, states: ItemChanges['itemStates'] = null) =>
    listOpenItems({ ...aRun({ results: [finding] }), ...changes(states) }, finding).map(
      ({ row, mark }) => [(row as { n: string }).n, mark] as const,
    );

  test('is marked as new, and comes before the others', () => {
    expect(marksOf(listOf(items(3)), ['still', 'new', 'still'])).toEqual([
      ['i1', '**new**'],
      ['i0', ''],
      ['i2', ''],
    ]);
  });

  const long = 'x'.repeat(41);
  const cut = `${'x'.repeat(39)}…`;
  test.each<[FieldChange, string]>([
    [{ kind: 'field_changed', field: 'a', then: 'b', now: 'c' }, '`a`: b → c'],
    [{ kind: 'field_changed', field: 'a', then: '', now: 'c' }, '`a`: *empty* → c'],
    [{ kind: 'field_changed', field: 'a', then: 'b', now: '' }, '`a`: b → *empty*'],
    [{ kind: 'field_changed', field: long, then: long, now: long }, `\`${cut}\`: ${cut} → ${cut}`],
    [
      { kind: 'field_changed', field: 'x'.repeat(40), then: 'x'.repeat(40), now: 'x'.repeat(40) },
      `\`${'x'.repeat(40)}\`: ${'x'.repeat(40)} → ${'x'.repeat(40)}`,
    ],
    [{ kind: 'field_empty', field: 'a' }, '`a` is empty'],
    [{ kind: 'field_empty', field: long }, `\`${cut}\` is empty`],
    [{ kind: 'field_empty', field: 'x'.repeat(40) }, `\`${'x'.repeat(40)}\` is empty`],
    [{ kind: 'waiver_ended', until: '2026-01-01' }, 'waived until 2026-01-01'],
    [{ kind: 'waiver_exceeded', items: 1_000, count: 2 }, 'a waiver fits 1,000 items, `count: 2`: name another field'],
  ])('explains %j as “%s”', (change, text) => {
    const finding = { ...listOf(items(1)), fieldChanges: new Map([[0, [change]]]) };
    expect(marksOf(finding)).toEqual([['i0', text]]);
    expect(marksOf(finding, ['new'])).toEqual([['i0', `**new** ${text}`]]);
  });

  const near = (count: number, length = 1) =>
    Array.from({ length: count }, (_, at) => ({
      literal: `l${at}`.padEnd(length, 'l'),
      text: `t${at}`.padEnd(length, 't'),
    }));
  const spelled = (counts: readonly number[]): Finding => ({
    ...listOf(items(counts.length)),
    nearTexts: new Map(counts.flatMap((count, at) => (count === 0 ? [] : [[at, near(count + at).slice(at)]]))),
  });
  const SENTENCE = '`t0`, where the condition says `l0`';

  test('has in the summary the texts that almost match', () => {
    const markdown = markdownOf([spelled([1, 0])], { isComment: false });
    expect(markdown).toContain(`| ${SENTENCE} | i0 |\n|  | i1 |`);
    expect(markdown).not.toContain('≈');
  });

  test('has in a comment a sign for them, and a legend', () => {
    const markdown = markdownOf([spelled([1, 0])]);
    expect(markdown).toContain(`| ≈ | i0 |\n|  | i1 |`);
    expect(markdown).toContain(`\n\n≈ ${SENTENCE}`);
    expect(markdownOf([listOf(items(1))])).not.toContain('≈');
  });

  test('has a column of marks wherever items are compared', () => {
    const header = (states: ItemChanges['itemStates']) =>
      markdownOf([listOf(items(1))], {}, changes(states))
        .split('\n')
        .find((line) => line.includes('N |'));
    expect(header(['still'])).toBe('|  | N |');
    expect(header(null)).toBe('| N |');
  });

  test('has two of these texts at most, of sixty characters', () => {
    expect(listOpenItems(aRun(), spelled([3]))[0]?.spelling).toBe(`${SENTENCE}, \`t1\`, where the condition says \`l1\``);
    const finding = (length: number) => ({ ...listOf(items(1)), nearTexts: new Map([[0, near(1, length)]]) });
    const spellingOf = (length: number) => listOpenItems(aRun(), finding(length))[0]?.spelling;
    expect(spellingOf(60)).not.toContain('…');
    expect(spellingOf(61)?.match(/…/g)).toHaveLength(2);
  });

  test.each([
    [5, 5, false],
    [6, 5, true],
  ])('has in the legend of %d texts %d', (count, shown, isCut) => {
    const legend = /≈ `.*/.exec(markdownOf([spelled(Array<number>(count).fill(1))]))?.[0] ?? '';
    expect(legend.match(/where the condition says/g)).toHaveLength(shown);
    expect(legend.endsWith('; …')).toBe(isCut);
  });

  test('has in the legend only the texts of shown rows, each once', () => {
    expect(markdownOf([spelled([0, 1])], { rows: 1 })).not.toContain('where the condition');
    const twice = { ...listOf(items(2)), nearTexts: new Map([0, 1].map((at) => [at, near(1)])) };
    expect(markdownOf([twice]).match(/where the condition/g)).toHaveLength(1);
  });
});

test.each([
  [RUN_ID, `https://app.example.com/runs/${RUN_ID}`],
  ['', ''],
])('links the run %j as %j', (id, url) => {
  expect(runUrlOf(aRun({ run: { id } }), LINKS)).toBe(url);
});

describe('the lists of what does not fail the gate', () => {
  const linesOf = (run: RunReport, view: Partial<View> = {}) =>
    listNonBlocking(run, { ...VIEW, ...view }).map(({ word, count, line }) => [word, count, line]);
  const passed = listOf([], { result: 'does_not_hold', unmatched: items(3) });

  test.each([
    [3, '**Passed:** i0 · i1 · i2'],
    [2, '**Passed:** i0 · i1 · 1 more'],
    [0, '**Passed:** 3'],
  ])('show with %d folded rows %s', (folded, line) => {
    expect(linesOf(aRun({ results: [passed] }), { folded })).toEqual([['passed', 3, line]]);
  });

  test('have the passed items of an only list', () => {
    expect(linesOf(aRun({ results: [passed, listOf([])] }))).toHaveLength(1);
    expect(linesOf(aRun({ results: [passed, passed] }))).toEqual([]);
    expect(linesOf(aRun({ results: [listOf([])] }))).toEqual([]);
  });

  test('have the known items', () => {
    const known = { ...listOf(items(3)), known: [false, true, false], isExcused: false };
    expect(linesOf(aRun({ results: [known] }))).toEqual([['known', 1, '**Known:** i1']]);
  });

  test('have the waived items with the reason and the last day', () => {
    const results = [
      listOf([], {
        waived: [
          { item: { n: 'i0' }, by: 0 },
          { item: { n: 'i1' }, by: 1 },
        ],
      }),
    ];
    const waivers = [
      { because: 'agreed', until: null },
      { because: 'x'.repeat(101), until: '2026-01-01' },
    ];
    expect(linesOf(aRun({ results, waivers }))).toEqual([
      ['waived', 2, `**Waived:** i0 (agreed) · i1 (${'x'.repeat(99)}…, until 2026-01-01)`],
    ]);
    const whole = [{ because: 'x'.repeat(100), until: null }];
    expect(linesOf(aRun({ results, waivers: whole })).join()).toContain('x'.repeat(100));
  });

  test('have the items that no longer match, also those that were not kept', () => {
    const removed = new Map<string, JsonValue | null>([
      ['a', { n: 'i7' }],
      ['b', null],
    ]);
    const conditions = [{ itemStates: [], before: null, removed }];
    const run = { ...aRun({ results: [listOf([])] }), changes: { since: '', baselineOf: null, conditions } };
    expect(linesOf(run)).toEqual([['no longer matching', 2, '**No longer matching:** i7 · 1 more']]);
  });

  test('name an item by the first field of `columns`', () => {
    const results = [listOf([], { result: 'does_not_hold', unmatched: [{ n: 'i0', room: 'R1', b: 'B1' }] })];
    const columns = new Map([[null, ['room', 'b']]]);
    expect(linesOf(aRun({ results, columns }))).toEqual([['passed', 1, '**Passed:** R1']]);
  });
});
