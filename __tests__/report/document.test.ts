/** Comment, job summary and report file: what people should see, rule by rule, and that the counts add up. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FieldChange } from '../../src/gate/condition.ts';
import type { Finding } from '../../src/gate/finding.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { compareWithReport, changesSinceBaseline, type Changes } from '../../src/report/changes.ts';
import { MAX_COMMENT_LENGTH, renderComment } from '../../src/comment/text.ts';
import { renderReport } from '../../src/report/report-file.ts';
import { renderSummary } from '../../src/report/summary.ts';
import { formatGateLines } from '../../src/report/log.ts';
import { MAX_HIDDEN_LENGTH, createMarker } from '../../src/comment/memory.ts';
import { countGateMatches } from '../../src/report/step-outputs.ts';
import type { Report } from '../../src/report/report.ts';
import { createSnapshot } from '../../src/comment/snapshot.ts';
import { outcomesOf } from '../../src/runs/outcome.ts';
import { createEmptyRecord, applyRunEvent } from '../../src/runs/record.ts';
import { describeFinding } from '../../src/runs/describe-finding.ts';
import { verdictOfRun } from '../../src/runs/run-verdict.ts';
import { anEntry, anOrder } from '../fakes.ts';
import {
  alsoWarns,
  anItem,
  aReport,
  aReportOf,
  aResult,
  aRun,
  callsIn,
  EARLIER_COMMIT,
  green,
  hostileReport,
  idOf,
  ITEMS,
  KNOWN_BY,
  LINKS,
  manyRuns,
  someResults,
  type Overrides,
} from './a-report.ts';
import { aliveInDocument, elementsIn, hostile, parsed, textOf } from '../support/github-markdown.ts';

const FIRST_LINE = createMarker('acme/tower/.github/workflows/ci.yml', 'review');
const comment = (report: Report) => renderComment(report, FIRST_LINE);
/** As it reads, a line break for each of ours. */
const read = (markdown: string) =>
  textOf(parsed(markdown.replaceAll('<br>', '\n\n')))
    .replaceAll('\u200b', '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
const rowsIn = (markdown: string) => markdown.split('\n').filter((line) => line.startsWith('| '));
const hrefs = (tree: ReturnType<typeof parsed>) =>
  elementsIn(tree).flatMap(({ tagName, properties }) => (tagName === 'a' ? [String(properties.href)] : []));
/** So many digests. */
const idsOf = (count: number) => Array.from({ length: count }, (_, at) => String(at).padEnd(12)).join('');
/** So many items, every second not compliant. */
const items = (count: number) =>
  Array.from({ length: count }, (_, at) => anItem(`id-${at}`, at % 2 === 0 ? 'non-compliant' : 'compliant', `reason ${at}`));

const CHANGED: FieldChange = { kind: 'field_changed', field: 'status', then: 'revise', now: 'rejected' };

test.each<[string, Overrides, RegExp]>([
  ['the service’s name as the title if there is none', { title: '' }, /❌ Alloovium: 2 of 5/],
  [
    'the service’s name once if the headline begins with it',
    { title: '', verdict: { headline: 'Alloovium said no' } },
    /❌ Alloovium said no/,
  ],
  ['no commit if it is unknown', { commit: '' }, /\nRed\n?<br>/],
  ['the capital of a name in the headline after the title', { verdict: { headline: 'GitHub said no' } }, /review: GitHub said no/],
  ['code in the next step', { verdict: { nextStep: 'Set `wait: false`.' } }, /green:\*\* set `wait: false`/],
  [
    'the reason why a condition cannot be evaluated once in the heading, and in the gate',
    {
      verdict: { headline: '“x”: `outputs` has no key `b`' },
      results: [
        aResult({
          result: 'cannot_be_evaluated',
          problem: 'outputs has no key "b"; its keys: "c"',
          reason: { what: '`outputs` has no key `b`', hint: '' },
        }),
      ],
    },
    /: “x”:\S* `outputs` has no key `b`\n(?:(?!no key)[\s\S])*<summary>More: gate[\s\S]*no key/,
  ],
  [
    'the reason why a condition cannot be evaluated below the heading if it quotes the run',
    {
      verdict: { headline: '“x” cannot be evaluated' },
      results: [aResult({ result: 'cannot_be_evaluated', problem: 'outputs has no key "b"' })],
    },
    /\n❌ \S+ cannot be evaluated: outputs has no key/,
  ],
  [
    'a list of several next steps',
    { verdict: { nextStep: 'Do both.', steps: ['Correct `x`.', 'Or correct y.'] } },
    /<br>\*\*To turn this green:\*\*\n\n- Correct `x`\.\n- Or correct y\.\n\n/,
  ],
  [
    'the error message of a run that failed, quoted',
    {
      verdict: { conclusion: 'failure', headline: 'The run failed' },
      results: [],
      errorMessage: 'The run failed: door\nfailed',
    },
    /Alloovium reported:\n\n> The run failed: door<br>failed/,
  ],
])('rule 1: has in a comment %s', (_, overrides, expected) => {
  expect(comment(aReport(overrides))).toMatch(expected);
});

test('rule 8: names once why a condition cannot be evaluated, in the heading or, for several runs, in the run’s section', () => {
  const what = 'item 1 has no key `statsu`';
  const results = [aResult({ result: 'cannot_be_evaluated', problem: what, reason: { what, hint: '' } })];
  const verdict = { headline: `“broken”: ${what}` };
  const timesIn = (report: Report) => {
    const [shown = ''] = comment(report).split('<details>');
    return shown.split('statsu').length - 1;
  };
  expect(timesIn(aReport({ results, verdict }))).toBe(1);
  const runs = ['Tower', 'Bridge'].map((name) => aRun({ name, results, verdict }));
  expect(timesIn(aReportOf(runs, { verdict: { headline: '2 of 2 runs are red: x', brief: '2 of 2 runs are red' } }))).toBe(2);
});

test('does not repeat the error that ended the step in the sections of the red runs', () => {
  const headline = 'The step outputs cannot be written';
  const verdict = { conclusion: 'error', headline, brief: 'the step outputs cannot be written' } as const;
  const runs = ['Tower', 'Bridge'].map((name) => aRun({ name }));
  const report = aReportOf(runs, { verdict });
  expect(read(comment(report))[0]).toBe('❌ Submittals: the step outputs cannot be written');
});

describe('rule 2: counts add up', () => {
  const verdicts = fc.record({
    statuses: fc.array(fc.record({ now: fc.boolean(), then: fc.constantFrom(true, false, null) }), {
      maxLength: 45,
    }),
    waived: fc.nat(3),
    isCompared: fc.boolean(),
  });
  type Drawn = typeof verdicts extends fc.Arbitrary<infer T> ? T : never;

  function runOf({ statuses, waived, isCompared }: Drawn, name: string) {
    const of = (is: (at: number) => boolean | null) =>
      statuses.flatMap((_, at) => {
        const bad = is(at);
        return bad === null ? [] : [anItem(`id-${at}`, bad ? 'non-compliant' : 'compliant', `reason ${at}`)];
      });
    const [first, ...others] = someResults(of((at) => statuses[at]!.now));
    const results: Finding[] = [{ ...first!, waived, waivedIds: idsOf(waived) }, ...others];
    const then = createSnapshot(someResults(of((at) => statuses[at]!.then)), {
      madeAt: 0,
      commit: EARLIER_COMMIT,
    });
    const isRed = first!.matched > 0;
    const changes = isCompared ? compareWithReport(results, then) : null;
    const verdict = isRed ? { brief: 'x' } : green.verdict;
    return aRun({ name, results, changes, verdict });
  }
  /** The names that a line of the fold lists, and how many it speaks of. */
  const namesIn = (markdown: string, word: string) => {
    const [, list = ''] = new RegExp(`\\*\\*${word}:\\*\\* (.*?)(?:<br>|$)`, 'm').exec(markdown) ?? [];
    const parts = list === '' ? [] : list.split(' · ');
    const names = parts.filter((part) => !/^\d+(?: more)?$/.test(part));
    return {
      names,
      count: names.length + Number(/(\d+)(?: more)?$/.exec(parts[names.length] ?? '')?.[1] ?? 0),
    };
  };
  const number = (text: string, pattern: RegExp) => Number((pattern.exec(text)?.[1] ?? '0').replace(',', ''));

  const manyNames = Array.from({ length: 60 }, (_, at) => `d${at}`);
  test.each<[string, readonly string[], readonly string[], string]>([
    ['one item that two conditions waive', ['a'], ['a'], '4 passed, 1 waived'],
    ['another item of each condition', ['a'], ['b'], '3 passed, 2 waived'],
    ['two items with the same name', ['a', 'a'], ['a'], '3 passed, 2 waived'],
    ['more items of both conditions than are kept', manyNames, manyNames, '3 passed, 60 waived'],
  ])('counts waived items alike in headline, line and collapsed section for %s', (_, one, other, headline) => {
    const results = [one, other].map((names, at) =>
      aResult({
        condition: { severity: 'fail', name: at === 0 ? 'x' : 'y', expression: 'outputs.a', line: at + 1 },
        unmatched: items(names.length > 5 ? 3 : 5 - names.length),
        waived: names.map((id) => ({ item: anItem(id, 'rejected', ''), by: 0 })),
      }),
    );
    const ending = { kind: 'ended', status: 'completed', errorMessage: '' } as const;
    const [outcome] = outcomesOf({ ...createEmptyRecord(anOrder()), runId: 'run_1' }, ending);
    const terms = { isGated: true, onRerun: 'resume', timeoutMs: 0 } as const;
    const verdict = verdictOfRun({ ...outcome!, findings: results }, terms);
    expect(verdict.headline).toBe(headline);
    const markdown = comment(aReport({ verdict, results }));
    const [reported = ''] = /\d+ waived/.exec(headline) ?? [];
    expect(read(markdown)[1]).toContain(reported);
    expect(markdown).toContain(`<summary>More: ${reported}`);
    expect(namesIn(markdown, 'Waived').count).toBe(Number.parseInt(reported, 10));
  });

  test('lists an item that no longer matches as such, whether it passes now or not', () => {
    const then = createSnapshot(someResults(items(3)), { madeAt: 0, commit: EARLIER_COMMIT });
    const now = [anItem('id-0', 'non-compliant', ''), anItem('id-2', 'compliant', '')];
    const results = someResults(now);
    const markdown = comment(aReport({ results, changes: compareWithReport(results, then) }));
    expect(read(markdown)[1]).toContain('since 3f9c1ab: nothing new, 1 still open, 1 no longer matching');
    expect(markdown).toContain('<summary>More: 1 no longer matching, 1 passed, gate</summary>');
    expect(namesIn(markdown, 'No longer matching').count).toBe(1);
    expect(namesIn(markdown, 'Passed').count).toBe(1);
  });

  test('has the same counts for any verdict in line, table, collapsed section and gate of comment and summary, in headline, log and outputs', () => {
    fc.assert(
      fc.property(fc.array(verdicts, { minLength: 1, maxLength: 3 }), (drawn) => {
        const runs = drawn.map((one, at) => runOf(one, drawn.length === 1 ? '' : `Run ${at}`));
        const report = aReportOf(runs, { verdict: runs[0]!.verdict });
        const matched = runs.reduce((sum, { findings }) => sum + findings[0]!.matched, 0);
        const markdown = comment(report);
        const line = read(markdown)[1]!;
        if (line.includes('since') && /new|still|compared/.test(line.replace('nothing new', ''))) {
          const reported = [/(\d+) new/, /(\d+) still open/, /(\d+) not compared/].map((one) => number(line, one));
          expect(reported.reduce((sum, one) => sum + one)).toBe(matched);
        }
        const shown = rowsIn(markdown).filter((row) => row.includes('reason ')).length;
        const more = [...markdown.matchAll(/^\*\*(\d+)(?: more)?[^*\n]*:\*\*/gm)].reduce((sum, [, one]) => sum + Number(one), 0);
        expect(shown + more).toBe(matched);
        for (const { findings } of runs) {
          const { waived, unmatched } = findings[0]!;
          const all = findings[0]!.matched + waived + (unmatched ?? 0);
          for (const text of [markdown, renderSummary(report)]) expect(text).toContain(`${findings[0]!.matched} of ${all}`);
        }
        expect(countGateMatches(runs).gate_matched_count).toBe(matched);
        for (const run of runs) {
          const { matched: count, waived, unmatched } = run.findings[0]!;
          const reported = `${count} of ${count + waived + (unmatched ?? 0)}`;
          const more = waived === 0 ? '' : ` (${waived}${count > 0 ? ' more' : ''} waived)`;
          expect(formatGateLines(run)[0]?.safe.endsWith(`not compliant: ${reported}${more}`)).toBe(true);
          if (count > 0) expect(describeFinding(run.findings[0]!)).toMatch(new RegExp(`^${reported} items? “`));
        }
        const [only] = runs.length === 1 ? runs : [];
        const title = /More: (.*)<\/summary>/.exec(markdown)?.[1] ?? '';
        if (only !== undefined) {
          const { waived, unmatched } = only.findings[0]!;
          expect(number(title, /(\d+) waived/)).toBe(waived);
          expect(number(title, /(\d+) passed/)).toBe(unmatched ?? 0);
          const gone = namesIn(markdown, 'No longer matching').count;
          expect([line, title].map((text) => number(text, /(\d+) no longer matching/))).toEqual([gone, gone]);
          expect(namesIn(markdown, 'Passed').count).toBe(unmatched ?? 0);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('rules 3 to 6: the table of items', () => {
  const titled = (at: number) => ({
    document_id: `4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a${String(at).padStart(2, '0')}`,
    title: `Door ${at}`,
    status: 'rejected',
    reason: `Reason no. ${at}`,
    section: `08 11 ${at}`,
    note_for_site: 'x'.repeat(40 + at),
  });
  const results = (count: number) => [
    aResult({
      condition: { severity: 'fail', name: 'rejected', expression: 'outputs.items', line: 1 },
      result: 'holds',
      matched: Array.from({ length: count }, (_, at) => titled(at)),
      unmatched: [],
    }),
  ];

  test('has the fields as the run wrote them, the first one a link, and counts those that only the summary has', () => {
    const markdown = comment(aReport({ results: results(2), links: LINKS }));
    expect(rowsIn(markdown)[0]).toBe('| Title | Reason | Section | `note_for_site` |');
    expect(rowsIn(markdown)[1]).toMatch(
      /^\| \[Door 0\]\(https:\/\/app\.example\.com\/p\/[^/]*\/d\/4a1c[^)]*\) \| Reason no\. 0 \| 08 11 0 \| x+ \|$/,
    );
    expect(read(markdown)).toContain('In all rows: status rejected');
    expect(read(markdown).at(-1)).toContain('1 more field per item is in the job summary.');
    expect(rowsIn(renderSummary(aReport({ results: results(2) })))[0]).toBe(
      '| `document_id` | Title | Reason | Section | `note_for_site` |',
    );
  });

  test.each<[string, readonly JsonValue[]]>([
    ['objects', [{ title: 'Door' }]],
    ['texts', ['Door']],
  ])('has in the first column what differs from an earlier item, in %s', (_, matched) => {
    const one = aResult({ result: 'holds', matched });
    const remarks = new Map([[0, [CHANGED]]]);
    for (const render of [comment, renderSummary])
      expect(render(aReport({ results: [{ ...one, fieldChanges: remarks }] }))).toContain('| `status`: revise → rejected | Door |');
    expect(rowsIn(comment(aReport({ results: [one] })))[1]).toBe('| Door |');
  });

  test('shows the fields of `columns`, and names an item by the first one in the collapsed section', () => {
    const columns = new Map([[null, ['section', 'title', 'status', 'reason', 'note_for_site']]]);
    const [one] = results(2);
    const waivedRows = [{ item: titled(7), by: 0 }];
    const found = [{ ...one!, waived: 1, waivedRows, waivedIds: idsOf(1) }];
    const report = aReport({ results: found, columns, waivers: [{ because: 'ok', until: null }] });
    const body = comment(report);
    const summary = renderSummary(report);
    expect(rowsIn(body)[0]).toBe('| Section | Title | Status | Reason |');
    expect(rowsIn(summary)[0]).toBe('| Section | Title | Status | Reason | `note_for_site` |');
    expect(read(body)).toContain('Waived: 08 11 7 (ok)');
    expect(read(body).at(-1)).toContain('1 more field per item is in the job summary.');
  });

  test('shows the fields of the run if no item has a field of `columns`', () => {
    const columns = new Map([[null, ['room']]]);
    expect(rowsIn(comment(aReport({ results: results(2), columns })))[0]).toMatch(/^\| Title \| Reason \|/);
  });

  test('links to the summary for the other items, which has all in a collapsed section', () => {
    const all = someResults(items(60));
    const then = createSnapshot(someResults(items(60)), { madeAt: 0, commit: EARLIER_COMMIT });
    const report = aReport({ results: all, changes: compareWithReport(all, then) });
    expect(comment(report)).toMatch(/\n\n\*\*20 more:\*\* \[job summary\]\(https:\/\/github\.com/);
    expect(comment(report)).toMatch(/since `3f9c1ab`: nothing new, 30 still open/);
    const summary = renderSummary(report);
    expect(summary).toContain('<summary>Not compliant: all 30</summary>');
    expect(summary.match(/reason 58/g)).toHaveLength(1);
    expect(renderSummary(aReport({ results: someResults(items(1_000)) }))).toContain('**400 more:** `gate_file`');
  });

  test('names the spelling by which an item matched, in its row and, in a comment, below the table', () => {
    const [one, two, ...others] = items(5);
    const nearTexts = new Map([
      [one!, [{ literal: 'non-compliant', text: 'non\\u2011compliant' }]],
      [two!, [{ literal: 'late', text: 'LATE' }]],
    ]);
    const matched = [two!, ...others, one!];
    const report = aReport({ results: [aResult({ result: 'holds', matched, nearTexts })] });
    const spelled = '`non\\u2011compliant`, where the condition says `non-compliant`';
    const late = '`LATE`, where the condition says `late`';
    const [, first, ...rest] = rowsIn(renderSummary(report));
    expect([first?.startsWith(`| ${late} |`), rest[3]?.startsWith(`| ${spelled} |`)]).toEqual([true, true]);
    const body = comment(report);
    expect(rowsIn(body)[1]).toMatch(/^\| ≈ \|/);
    expect(rowsIn(body)[2]).toMatch(/^\| {2}\|/);
    expect(body).toContain(`\n\n≈ ${late}; ${spelled}\n`);
  });

  test('shows a new item after more known ones than are kept in the first row, with its sentence', () => {
    const all = items(451);
    const remarks: readonly FieldChange[] = [
      { kind: 'waiver_ended', until: '2026-01-02' },
      { kind: 'field_changed', field: 'reason', then: 'old', now: 'reason 450' },
    ];
    const [condition] = someResults();
    const results = [
      aResult({
        condition: condition!.condition,
        result: 'holds',
        matched: all,
        isExcused: false,
        known: all.map((_, at) => at !== 450),
        knownBy: ['document_id', 'status'],
        fieldChanges: new Map([[450, remarks]]),
      }),
    ];
    const then = { commit: EARLIER_COMMIT, time: '2026-04-07T02:00:00.000Z' };
    const report = aReport({ results, changes: changesSinceBaseline({ findings: results, since: then }) });
    // Its time too: on a night on which the branch did not move, the commit is today's own.
    expect(comment(report)).toContain('since the baseline of 2026-04-07 02:00 UTC at `3f9c1ab`: **1 new**');
    const message = '| **new** waived until 2026-01-02, `reason`: old → reason 450 |';
    expect(rowsIn(comment(report))[1]).toContain(message);
    const summary = renderSummary(report);
    expect(rowsIn(summary)[1]).toContain(message);
    expect(summary.match(/- match:/g)).toHaveLength(1);
    expect(summary).toContain(`document_id: '${idOf(all[450]!)}'`);
  });

  test('has new items in the table with `fail_on: new`, and known ones in the collapsed section', () => {
    const known = [true, false, true, false];
    const matched = items(7).filter(({ status }) => status === 'non-compliant');
    const one = aResult({ result: 'holds', matched, known, knownBy: KNOWN_BY, isExcused: false });
    const then = { commit: EARLIER_COMMIT, time: '' };
    const markdown = comment(aReport({ results: [one], changes: changesSinceBaseline({ findings: [one], since: then }) }));
    expect(rowsIn(markdown).slice(1)).toEqual([
      expect.stringMatching(/\*\*new\*\* .* reason 2 /),
      expect.stringMatching(/\*\*new\*\* .* reason 6 /),
    ]);
    expect(read(markdown)[1]).toContain('2 new, 2 known');
    expect(markdown).toContain('<summary>More: 2 known, gate</summary>');
    expect(read(markdown).join('\n')).toMatch(/^Known: id-0, reason 0 · id-4, reason 4$/m);
    expect(markdown).not.toContain(' more:**');
  });

  test('has waived items with their reasons in the collapsed section, and counts them', () => {
    const [first, ...others] = someResults();
    const waivedRows = [{ item: ITEMS[1]!, by: 0 }];
    const markdown = comment(
      aReport({
        results: [{ ...first!, waived: 2, waivedRows, waivedIds: idsOf(2) }, ...others],
        waivers: [{ because: 'Agreed with *the* architect', until: '2026-12-31' }],
      }),
    );
    expect(read(markdown)).toEqual(
      expect.arrayContaining([
        'Red at a81d0c4 · 2 waived',
        'More: 2 waived, 3 passed, gate',
        'Waived: c55d0e12, compliant (Agreed with *the* architect, until 2026-12-31) · 1 more',
        'Gate: ❌ not compliant: 2 of 7 (2 more waived) · ✅ nothing reviewed: no',
      ]),
    );
  });

  test('has a row for an item that is not an object, and shares ten rows between conditions', () => {
    expect(comment(aReport({ results: [aResult({ result: 'holds', matched: ['one', 2] })] }))).toContain('| one |\n| 2 |');
    const two = [...someResults(items(40)), ...someResults(items(40))];
    expect(rowsIn(comment(aReport({ results: two }))).filter((row) => row.includes('reason'))).toHaveLength(10);
  });
});

describe('several runs', () => {
  test('names for each run why every finding counts as new, by name if the reasons differ', () => {
    const of = (reasons: Readonly<Record<string, string>>) => {
      const runs = Object.entries(reasons).map(([name, baselineUnusedReason]) => aRun({ name, baselineUnusedReason }));
      return [comment(aReportOf(runs)), renderSummary(aReportOf(runs))].map((markdown) =>
        read(markdown).filter((line) => line.includes('counts as new')),
      );
    };
    const one = 'Every finding counts as new: a';
    const other = 'Every finding counts as new: b';
    expect(of({ A: one, B: one })).toEqual([[`${one}.`], [`${one}.`]]);
    const reported = [`A, C: ${one}.`, `B: ${other}.`];
    expect(of({ A: one, B: other, C: one, D: '' })).toEqual([reported, reported]);
  });

  test('has no column New if nothing is known, or without `known_by`', () => {
    const [one] = someResults();
    const changes = { since: '', baselineOf: '', conditions: [null, null] };
    const markdown = comment(aReportOf([aRun({ name: 'a', results: [one!], changes }), aRun({ name: 'b' })]));
    expect(rowsIn(markdown)[0]).toBe('|  | Run | Result |');
    expect(read(markdown)[1]).toBe('Red at a81d0c4');
  });
});

describe('the line under the headline', () => {
  const lineOf = (results: readonly Finding[], changes: Changes | null, about: Overrides = {}) =>
    read(comment(aReport({ results, changes, ...about })))[1];
  const unnamed = (all: JsonObject[]) => someResults(all).map((one) => ({ ...one, knownBy: [], key: null, ids: '' }));
  const last = (count: number) => createSnapshot(unnamed(items(count)), { madeAt: 0, commit: EARLIER_COMMIT });

  test.each([
    [8, 8, '4, as many as at 3f9c1ab'],
    [12, 8, '6, 2 more than at 3f9c1ab'],
    [4, 8, '2, 2 fewer than at 3f9c1ab'],
  ])('says without `known_by` how many more or fewer there are: %d after %d', (now, then, expected) => {
    const results = unnamed(items(now));
    expect(lineOf(results, compareWithReport(results, last(then)))).toBe(`Red at a81d0c4 · ${expected}`);
  });

  test('names the baseline, also in a green report', () => {
    const since = { commit: EARLIER_COMMIT, time: '2026-04-07T02:00:00.000Z' };
    const beside = unnamed(items(8)).map((one) => ({ ...one, known: [], baselineCount: 1 }));
    expect(lineOf(beside, changesSinceBaseline({ findings: beside, since }))).toBe(
      'Red at a81d0c4 · 4, 2 more than in the baseline of 2026-04-07 02:00 UTC at 3f9c1ab',
    );
    const none = unnamed([]);
    expect(lineOf(none, compareWithReport(none, last(8)), green)).toBe('Green at a81d0c4 · 0, 4 fewer than at 3f9c1ab');
  });

  test('does not claim that nothing is new if items were not compared', () => {
    const all = someResults(items(8));
    const other = aResult({ result: 'holds', matched: ['x'], knownBy: [] });
    const then = createSnapshot(all, { madeAt: 0, commit: EARLIER_COMMIT });
    expect(lineOf(all, compareWithReport(all, then))).toContain('since 3f9c1ab: nothing new, 4 still open');
    const both = [...all, other];
    expect(lineOf(both, compareWithReport(both, then))).toBe('Red at a81d0c4 · since 3f9c1ab: 4 still open, 1 not compared');
  });
});

test('explains once, on a separate line, why a baseline does not count in full', () => {
  const note =
    'The baseline was written on `develop`: only what it marks as known counts. Run this workflow by hand on `main` for one that counts in full';
  const runs = ['A', 'B'].map((name) => aRun({ name, baselineNotes: [note] }));
  for (const markdown of [comment(aReportOf(runs)), renderSummary(aReportOf(runs))])
    expect(read(markdown).filter((line) => line.includes('The baseline'))).toEqual([
      'The baseline was written on develop: only what it marks as known counts. Run this workflow by hand on main for one that counts in full.',
    ]);
});

describe('the job summary', () => {
  test('says how many outputs of several runs are only in the file', () => {
    const record = createEmptyRecord(anOrder({ entries: [anEntry({ name: 'A' }), anEntry({ name: 'B' })] }));
    const { run } = aRun();
    const outputs = { before: 1, list: ['x'.repeat(40_000)], behind: 'a short text' };
    const latest = applyRunEvent(record, { kind: 'run_seen', run: { ...run!, outputs }, elapsedMs: 1_000 });
    const { outputsLeftOut } = latest;
    const one = aRun({ name: 'A', run: { outputs: latest.run!.outputs }, outputsLeftOut });
    const text = renderSummary(aReportOf([one, aRun({ name: 'B' })]));
    expect(text).toContain('a short text');
    expect(text.match(/… and .* more outputs?: all are in `outputs_file`\./g)).toEqual(['… and 1 more output: all are in `outputs_file`.']);
  });

  test('shows the fields of each list and a first condition where the author has written none', () => {
    const summary = (results: readonly Finding[]) => renderSummary(aReport({ results }));
    expect(summary([])).toMatch(/`outputs\.items` has 5 items with .*`status` \(`non-compliant` 2, `compliant` 3\)/s);
    expect(summary([])).toContain('A first condition for `fail_if`: `outputs.items.filter(i, i.status == ___)`');
    const [, one] = someResults();
    for (const results of [someResults(), [alsoWarns(one!)]]) {
      expect(summary(results)).not.toContain('A first condition for');
      expect(summary(results)).not.toContain('has 5 items with');
    }
  });

  test.each([20, 21, 300])('shows twenty of %i notices, and counts the others', (given) => {
    const notices = Array.from({ length: given }, (_, at) => `Notice no. ${at + 1} of all`);
    const text = renderSummary(aReport({ notices }));
    expect(text.match(/Notice no\. \d+ of all/g)).toHaveLength(20);
    expect(/… and (\d+) more notices?/.exec(text)?.[1] ?? '0').toBe(String(given - 20));
  });

  test('shows the start of long outputs of many runs, rather than none', () => {
    const outputs = Object.fromEntries(Array.from({ length: 10 }, (_, at) => [`text_${at}`, 'word '.repeat(4_000)]));
    const runs = Array.from({ length: 20 }, (_, at) => aRun({ name: `Run ${at}`, run: { outputs } }));
    const text = renderSummary(aReportOf(runs));
    expect(text.match(/`text_\d`/g)?.length).toBeGreaterThanOrEqual(200);
    expect(text).toContain('word word word');
  });

  test('names a similar key in the gate table', () => {
    const results = [aResult({ notices: ['there is no "blokers", but "blockers"'] })];
    const [row] = rowsIn(renderSummary(aReport({ results }))).filter((one) => one.includes('broken'));
    expect(row).toMatch(/: there is no `"blokers"`, but `"blockers"` \|$/);
  });

  const named = () => someResults().map((one) => ({ ...one, knownBy: ['document_id', 'status'] }));

  test('equals the report file, except for waivers to copy, if it is short', () => {
    const summary = renderSummary(aReport({ results: named() }));
    const [block = ''] = /<details><summary>To accept items[^]*?<\/details>\n\n/.exec(summary) ?? [];
    expect(block).toMatch(
      /\n- match:\n {4}document_id: '4a1c2b3d-[^']*'\n {4}status: 'non-compliant'\n {2}condition: 'not compliant'\n {2}because: ''\n/,
    );
    expect(block).toContain('takes effect with the next push or *Update branch*, not with a re-run.');
    expect(renderReport(aReport({ results: named() }))).toBe(summary.replace(block, ''));
  });

  test('offers no waiver without `known_by`, and says so in one line', () => {
    const results = someResults().map((one) => ({ ...one, knownBy: [] }));
    const summary = renderSummary(aReport({ results }));
    expect(summary).not.toContain('- match:');
    expect(summary.match(/With `known_by`, /g)).toHaveLength(1);
    expect(renderSummary(aReport({ results: named() }))).not.toContain('With `known_by`, ');
  });

  const names = ['id', 'title', 'b', 'c', 'd', 'status'];
  const long = (_: unknown, id: number) => Object.fromEntries(names.map((name) => [name, `${id}`.padEnd(180, '.')]));
  test.each<[string, JsonObject[], number]>([
    ['has a waiver to copy for each of twenty items with long fields', Array.from({ length: 20 }, long), 20],
    [
      'has a waiver to copy for an item next to one with invisible characters, which has none',
      ['a\u3164', 'plain'].map((title, id) => ({ id, title })),
      1,
    ],
  ])('%s', (_, matched, count) => {
    const results = [aResult({ result: 'holds', matched, knownBy: count === 20 ? names : ['id', 'title'] })];
    expect(renderSummary(aReport({ results })).match(/- match:/g)).toHaveLength(count);
  });

  test.each([
    [null, 2],
    [false, 1],
  ])('has waivers to copy for all items, or with a baseline (isExcused %s) for new ones: %d', (isExcused, count) => {
    const known = [true, false];
    const results = named().map((one) => (one.matched === 0 ? one : { ...one, known, isExcused }));
    expect(renderSummary(aReport({ results })).match(/- match:/g)).toHaveLength(count);
  });
});

describe('G17: unchanged content', () => {
  test('has a comment without tokens, status checks, stages, notices and names of inputs', () => {
    const other = aReport({
      tokens: 999,
      polls: 888,
      stages: [],
      notices: ['x'],
      replayed: true,
      inputNames: ['secret'],
    });
    expect(comment(other)).toBe(comment(aReport()));
  });

  test('has the same summary twice for any texts', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 2, maxLength: 2 }), (texts) => {
        expect(renderSummary(hostileReport(texts))).toBe(renderSummary(hostileReport(texts)));
      }),
      { numRuns: 20 },
    );
  });
});

describe('G7, F11: a report', () => {
  /** The last block is the foot: it is in no fold or fence that was left open. */
  function expectClosed(markdown: string): void {
    const last = parsed(markdown)
      .children.filter(({ type }) => type === 'element')
      .at(-1);
    expect(last && textOf(last)).toMatch(/^Written by a model/);
  }

  test.each(['x', '<', '|', '`', '漢', '\ud800', '```\n', '</details>'])(
    'is within GitHub’s size limit, is valid UTF-8, and closes its sections and fences, with texts of %j',
    (text) => {
      const all = Array.from({ length: 300 }, (_, at) =>
        anItem(`${at}${text}`, at % 2 ? 'compliant' : 'non-compliant', text.repeat(1_000)),
      );
      const report = aReport({
        results: Array.from({ length: 4 }, () => someResults(all)).flat(),
        errorMessage: text.repeat(10_000),
        title: text.repeat(1_000),
        run: {
          outputs: Object.fromEntries<JsonValue>(
            // More than a table shows, which are 50.
            Array.from({ length: 60 }, (_, at) => [`${at}${text}`, at % 2 ? text.repeat(8_000) : all.slice(0, 60)]),
          ),
        },
        notices: Array.from({ length: 30 }, () => text.repeat(1_000)),
        inputNames: Array.from({ length: 100 }, (_, at) => `${at}${text.repeat(100)}`),
        stages: Array.from({ length: 50 }, (_, at) => ({
          name: text.repeat(1_000),
          fromMs: at,
          toMs: at + 1,
        })),
      });
      const body = comment(report);
      const summary = renderSummary(report);
      const file = renderReport(report);
      expect(body.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH - MAX_HIDDEN_LENGTH);
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
      expect(file.length).toBeLessThanOrEqual(60_000);
      for (const markdown of [body, summary, file]) expect(markdown.isWellFormed()).toBe(true);
      // Parsing a megabyte is slow: only where a fence could be left open.
      for (const markdown of text.endsWith('\n') ? [body, summary, file] : [body, file]) expectClosed(markdown);
    },
  );

  test('counts the conditions that do not fit', () => {
    const results = Array.from({ length: 3_000 }, (_, line) =>
      aResult({
        condition: { severity: 'fail', name: `c${line}`, expression: 'x'.repeat(500), line },
        result: 'holds',
      }),
    );
    expect(comment(aReport({ results }))).toMatch(/… and 2,9\d\d more conditions: see the gate\./);
  });

  test.each(['x', '<', '|', '@', '漢', '```\n'])('fits twenty red runs of 20,000 rows of %j, and names each', (text) => {
    const report = manyRuns(20, text);
    const body = comment(report);
    const summary = renderSummary(report);
    expect(body.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH - MAX_HIDDEN_LENGTH);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expect(renderReport(report).length).toBeLessThanOrEqual(60_000);
    for (const { name } of report.runs.map(({ entry }) => entry)) {
      expect(body).toContain(`#### ${name}:`);
      expect(summary).toContain(`### ${name}:`);
    }
  });

  test.each<[what: string, text: string, name: string]>([
    ['of long problems', '<|*&>'.repeat(200), 'Building'],
    ['of long messages', `|${'$'.repeat(3_000)}`, 'Building'],
    ['of long names and expressions', `|${'$'.repeat(3_000)}`, '$'.repeat(60)],
  ])('fits twenty red runs with texts %s, with the verdict and the next step', (_, text, name) => {
    const expression = name === 'Building' ? 'outputs.items' : text;
    const results = Array.from({ length: 3 }, (_one, at) =>
      aResult({
        condition: { severity: 'fail', name: null, expression, line: at + 1 },
        result: 'cannot_be_evaluated',
        problem: text,
      }),
    );
    const outputs = Object.fromEntries(Array.from({ length: 40 }, (_one, at) => [`${at}${text}`, at]));
    const stages = Array.from({ length: 30 }, (_one, at) => ({ name: text, fromMs: at, toMs: at + 1 }));
    const inputNames = Array.from({ length: 20 }, (_one, at) => `${at}${text}`);
    const runs = Array.from({ length: 20 }, (_one, at) => {
      const ofRun = { run: { outputs }, stages, inputNames, errorMessage: text };
      return aRun({ name: `${name}${at}`, results, ...ofRun });
    });
    const report = aReportOf(runs, { notices: Array.from({ length: 30 }, () => text) });
    const body = comment(report);
    const summary = renderSummary(report);
    const file = renderReport(report);
    expect(body.length).toBeLessThanOrEqual(MAX_COMMENT_LENGTH - MAX_HIDDEN_LENGTH);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expect(file.length).toBeLessThanOrEqual(60_000);
    for (const markdown of [body, summary, file]) {
      expect(markdown).toMatch(/^(?:<!-- .* -->\n)?###? ❌ .*\n+Red at .*<br>\*\*To turn this green:\*\* /);
      expect(markdown).toContain('*This report is shortened:');
    }
    if (name === 'Building') for (const markdown of [body, file]) expect(markdown).toContain('Building19');
    // Parsing a megabyte is slow.
    for (const markdown of [body, file]) expectClosed(markdown);
  });
});

describe('G9, G10, F12, F22: no text of the run works as markup, bold, a title or a link that the author did not ask for', () => {
  const allowed = new Set(
    'h2 h3 h4 p strong em code pre table thead tbody tr th td details summary sub a br blockquote span ul li'.split(' '),
  );
  const PAGE = 'https://github.com/acme/tower/actions/runs/9876543210';
  const isAsked = (href: string) =>
    new URL(href).href === href && (href === PAGE || /^https:\/\/app\.example\.com\/(?:runs|p)\/[\w.~%/-]+$/.test(href));
  const OURS =
    /^(?:new|[\d,]+ new|To turn this green:|Next:|Gate:|No longer matching:|Waived:|Known:|Passed:|What the workflow wrote|[\d,]+(?: more)?:?)$/;

  /** More for whoever changes a sanitiser: `DRAWS=500 npm test -- __tests__/report/document.test.ts`. */
  const DRAWS = Number(process.env.DRAWS ?? 15);

  test(`has only trusted elements, the author’s URLs with encoded fields, and only trusted bold text, for ${DRAWS} sets of texts`, () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 4, maxLength: 4 }), fc.boolean(), (texts, gated) => {
        const one = hostileReport(texts, gated);
        // Each text is in every place of a run.
        const runs = texts.map((name) => ({ ...hostileReport([name], gated).runs[0]!, name }));
        for (const report of [one, aReportOf(runs, { links: LINKS })]) {
          const body = comment(report);
          const summary = renderSummary(report);
          for (const markdown of [body, summary]) {
            const tree = parsed(markdown);
            const elements = elementsIn(tree);
            expect(elements.map(({ tagName }) => tagName).filter((name) => !allowed.has(name))).toEqual([]);
            expect(hrefs(tree).filter((href) => !isAsked(href))).toEqual([]);
            expect(aliveInDocument(tree)).toEqual([]);
            const bold = elements.filter(({ tagName }) => tagName === 'strong').map(textOf);
            expect(bold.filter((text) => !OURS.test(text))).toEqual([]);
          }
          expect(body.match(/<!--/g)).toHaveLength(1);
          expect(body.split('\n')[0]).toBe(FIRST_LINE);
          expect(callsIn(body)).toEqual([]);
          expect(callsIn(renderReport(report))).toEqual([]);
          expect(summary).not.toContain('<!--');
        }
      }),
      { numRuns: DRAWS },
    );
  });

  test('contains no call or command for a bot in what is posted, not even in code, and leaves code in the summary unchanged', () => {
    const texts = ['@claude review', '/deploy prod', '{"a":"@claude"}', 'docs/deploy\n/merge\n  @x'];
    for (const markdown of [comment(hostileReport(texts)), renderReport(hostileReport(texts))]) {
      expect(markdown.replaceAll('\u200b', '')).toMatch(/@claude[^]*\/deploy/);
      expect(callsIn(markdown)).toEqual([]);
    }
    expect(renderSummary(hostileReport(texts))).toMatch(/`[^`]*@claude review[^`]*`/);
  });

  test('keeps what looks like a secret unchanged in the summary, so that the runner masks it', () => {
    const secret = 'p@ss:w#1rd_x*a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b';
    const text = `It found ${secret} in a file.`;
    const results = [
      aResult({ result: 'holds', matched: [{ reason: text, [secret]: 1 }, { reason: secret }] }),
      aResult({ result: 'holds', matched: [text, 'x'] }),
      aResult({ result: 'cannot_be_evaluated', problem: text }),
    ];
    const outputs = {
      a: text,
      b: `x\n\n${text}\n${secret}`,
      c: [text],
      d: [{ note: secret }],
      e: { f: secret },
    };
    for (const errorMessage of [text, `\`x\` ${text} \`y\``, `a\n  ${text}`]) {
      const markdown = renderSummary(aReport({ results, errorMessage, notices: [text], run: { outputs } }));
      const shown = textOf(parsed(markdown)).replaceAll('\u200b', '').split(secret).length;
      expect(shown).toBeGreaterThan(10);
      expect(markdown.split(secret)).toHaveLength(shown);
    }
  });
});
