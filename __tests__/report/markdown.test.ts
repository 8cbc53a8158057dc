/** Short reports as a reader sees them. */
import { describe, expect, test } from '@jest/globals';
import type { BaselineState } from '../../src/gate/baseline.ts';
import type { Item } from '../../src/gate/finding.ts';
import type { Problem } from '../../src/gate/gate.ts';
import type { JsonValue } from '../../src/json.ts';
import { COMMENT, renderMarkdown, REPORT_FILE, SUMMARY, type Look, type Previous } from '../../src/report/markdown.ts';
import {
  aFinding,
  anItem,
  aReport,
  aResult,
  asWarning,
  aTimeout,
  COMMIT,
  CONTEXT,
  DOOR,
  EARLIER_COMMIT,
  JOB_PAGE,
  notCompliant,
  OTHERS,
  RUN_ID,
  SHEET,
  type FindingOverrides,
  type ReportOverrides,
  type ResultOverrides,
} from '../support/a-report.ts';

const render = (overrides: ReportOverrides = {}, look: Look = COMMENT, previous: Previous | null = null) =>
  renderMarkdown(aReport(overrides), look, previous);
const renderResult = (overrides: ResultOverrides, look: Look = COMMENT) => render({ results: [aResult(overrides)] }, look);
const renderFinding = (overrides: FindingOverrides, look: Look = COMMENT) => renderResult({ findings: [notCompliant(overrides)] }, look);
const asNew = (value: JsonValue): Item => ({ value, isKnown: false, remark: null });
const asKnown = (value: JsonValue): Item => ({ value, isKnown: true, remark: null });
const BASELINE: BaselineState = { code: 'usable', baseline: { commit: EARLIER_COMMIT, keptAt: '2026-11-29T02:00:00Z', entries: [] } };
const KNOWN_BY = ['document_id', 'status'];
const many = (count: number, reason = 'a reason') => Array.from({ length: count }, (_, at) => anItem(`D-${at}`, 'bad', `${reason} ${at}`));

test('a comment: headline, state, next step, table, fold, footer', () => {
  expect(render()).toBe(`### ❌ Submittals: 2 of 5 items “not compliant”

Red at \`a81d0c4\`, reviewed 2026-11-30 04:37 UTC<br>**To turn this green:** resolve the findings, then re-run the job: this starts a new run.

| \`document_id\` | Reason |
| :-- | :-- |
| \`4a1c2b3d\` | Fire rating 60 min; section 08 11 13 asks for 90 min |
| \`9e07f1aa\` | Product data sheet is for another model |

In all rows: \`status\` non-compliant

<details><summary>More: 3 other, gate</summary>

**Other:** \`c55d0e12\`, Signed shop drawing present · \`77b0aa31\`, Finish schedule matches the specification · \`e2d4c6b8\`, Warranty letter covers ten years<br>**Gate:** ❌ not compliant: 2 of 5 · ✅ nothing reviewed: not true

</details>

<sub>Written by a model from project documents: check before you act. [Job summary](${JOB_PAGE})</sub>
`);
});

describe('the headline and the state', () => {
  const HEADING = /^### .*$/m;
  const STATE = /\n\n(.*?)<?br?>?\*?\*?(?:To |Next|\n)/;
  test.each<[what: string, report: ReportOverrides, expected: string]>([
    ['without a title', { inputs: { title: '' } }, '### ❌ Review: 2 of 5 items “not compliant”'],
    [
      'without a title in a matrix',
      { inputs: { title: '', leg: '{"part":"B","level":3}' } },
      '### ❌ Review (B, level 3): 2 of 5 items “not compliant”',
    ],
    ['where nothing is known', { context: null, inputs: { title: '' } }, '### ❌ Alloovium: 2 of 5 items “not compliant”'],
    ['with an author’s markup', { inputs: { title: 'a <b> *c*' } }, '### ❌ a &lt;b&gt; &#x2a;c&#x2a;: 2 of 5 items “not compliant”'],
    ['of a warning', { results: [aResult({ findings: [asWarning(notCompliant())] })] }, '### ⚠️ Submittals: 2 of 5 items “not compliant”'],
    ['of a green run', { results: [aResult({ findings: [aFinding()] })] }, '### ✅ Submittals: no findings'],
    ['without a gate', { results: [aResult({ findings: [] })] }, '### ✅ Submittals: completed, no gate: green whatever was found'],
    ['of a run that did not finish', { results: [aTimeout()] }, '### ❌ Submittals: not finished within 15 min'],
  ])('%s', (_, report, expected) => {
    expect(HEADING.exec(render(report))?.[0].replace(/ \(.*\)$/, '')).toBe(expected);
  });

  test.each<[what: string, report: ReportOverrides, expected: string]>([
    ['names commit and time of the review', {}, 'Red at `a81d0c4`, reviewed 2026-11-30 04:37 UTC'],
    ['has no time where nothing was reviewed', { results: [aTimeout()] }, 'Red at `a81d0c4`'],
    ['has no commit where the event is not known', { context: null }, 'Red, reviewed 2026-11-30 04:37 UTC'],
    [
      'links the run',
      { inputs: { runUrl: 'https://x.test/{run_id}' } },
      `Red at \`a81d0c4\`, reviewed 2026-11-30 04:37 UTC · [run](https://x.test/${RUN_ID})`,
    ],
  ])('%s', (_, report, expected) => {
    expect(STATE.exec(render(report))?.[1]?.replace(/<br>.*/, '')).toBe(expected);
  });

  test('names the last stage of a run that goes on', () => {
    expect(render({ results: [aTimeout()] })).toContain('<br>Last stage seen: `Analysing submittals`.<br>');
  });

  test('lists several next steps', () => {
    expect(render({ results: [aTimeout()] })).toMatch(/\*\*Next:\*\*\n\n- Run `run_.*\n- If this happens often/);
  });
});

describe('what changed', () => {
  const compared = (overrides: FindingOverrides, evaluated: { baseline: BaselineState } = { baseline: BASELINE }) =>
    aResult({ findings: [notCompliant({ knownBy: KNOWN_BY, ...overrides }), aFinding()], evaluated });
  const since = (text: string) => /since .*?(?=<br>| · )/.exec(text)?.[0];
  const START = 'since the baseline of 2026-11-29 02:00 UTC at `3f9c1ab`: ';

  test.each<[what: string, overrides: FindingOverrides, expected: string]>([
    ['counts new and known findings', { items: [asNew(DOOR), asKnown(SHEET)] }, `${START}**1 new**, 1 known`],
    ['says that nothing is new', { items: [asKnown(DOOR)] }, `${START}nothing new, 1 known`],
    ['counts what no longer matches', { items: [asNew(DOOR)], gone: [[], []] }, `${START}**1 new**, 2 no longer matching`],
  ])('since the baseline: %s', (_, overrides, expected) => {
    expect(since(render({ results: [compared(overrides)] }))).toBe(expected);
  });

  const previous = (...digests: string[]): Previous => ({ commit: EARLIER_COMMIT, digests: new Set(digests) });
  test.each<[what: string, digests: string[], previous: Previous, expected: string | undefined]>([
    [
      'counts new, open and gone findings',
      ['a', 'b'],
      previous('b', 'c'),
      'since `3f9c1ab`: **1 new**, 1 still open, 1 no longer matching',
    ],
    ['says that nothing is new', ['a', 'b'], previous('a', 'b'), 'since `3f9c1ab`: nothing new, 2 still open'],
  ])('since the last comment: %s', (_, digests, last, expected) => {
    expect(since(render({ results: [compared({ digests }, { baseline: { code: 'none' } })] }, COMMENT, last))).toBe(expected);
  });

  test('says nothing without `known_by`', () => {
    expect(since(render({}, COMMENT, previous('a')))).toBeUndefined();
  });

  test('counts nothing as gone where a run was not evaluated', () => {
    const results = [compared({ digests: ['a', 'b'] }, { baseline: { code: 'none' } }), aTimeout({ name: 'b' })];
    expect(render({ results }, COMMENT, previous('a', 'c'))).toContain('since `3f9c1ab`: **1 new**, 1 still open<br>');
  });

  test('marks the rows that are new, and says why a waiver has no effect', () => {
    const ended: Item = { value: SHEET, isKnown: true, remark: { code: 'waiver_ended', until: '2026-01-31' } };
    const text = render({ results: [compared({ items: [asNew(DOOR), ended] })] });
    expect(text).toContain('| **new** | `4a1c2b3d` |');
    expect(text).toContain('| waiver ended on 2026-01-31 | `9e07f1aa` |');
  });

  test('says why the baseline was not used', () => {
    expect(render({ results: [compared({}, { baseline: { code: 'missing', branch: 'main' } })] })).toMatch(/<br>\*[^*]*`main`[^*]*\*<br>/);
  });

  test('says that a run by hand is the baseline from now on', () => {
    const context = { ...CONTEXT, event: 'workflow_dispatch' };
    expect(render({ context, keep: { code: 'keep' } })).toMatch(/<br>\*This run is the baseline from now on.*\*<br>/);
  });
});

describe('the table of findings', () => {
  test('has whole IDs in the summary', () => {
    expect(renderFinding({}, SUMMARY)).toContain('| `4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b` | Fire');
  });

  test('has the columns of the author', () => {
    expect(renderResult({ columns: new Map([[null, ['reason', 'status']]]) })).toContain('| Reason | Status |');
  });

  test('links the first cell to the page of the item', () => {
    const text = render({ inputs: { itemUrl: 'https://x.test/d/{document_id}' } });
    expect(text).toContain('| [`4a1c2b3d`](https://x.test/d/4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b) | Fire');
  });

  test('counts the fields that have no column', () => {
    const item = { a: 1, b: 2, c: 3, d: 4, e: 5 };
    expect(renderFinding({ items: [item] })).toContain('1 more field: `gate_file`');
    expect(renderFinding({ items: [item] }, SUMMARY)).not.toContain('more field');
  });

  test('counts the rows that do not fit, and links where they are', () => {
    expect(renderFinding({ items: many(12) })).toContain(`\n**2 more:** [job summary](${JOB_PAGE})\n`);
    expect(render({ inputs: { jobSummary: false }, results: [aResult({ findings: [notCompliant({ items: many(12) })] })] })).toContain(
      '**2 more:** `gate_file`',
    );
    expect(renderFinding({ items: many(12), counts: { matched: 1_000 } }, SUMMARY)).toContain('**988 more:** `gate_file`');
  });

  test('shows only new items with `fail_on: new`, and known ones in the fold', () => {
    const finding = notCompliant({ knownBy: KNOWN_BY, items: [asNew(DOOR), asKnown(SHEET)] });
    const text = render({ inputs: { failOn: 'new' }, results: [aResult({ findings: [finding], evaluated: { baseline: BASELINE } })] });
    expect(text.split('<details>')[0]).not.toContain('another model');
    expect(text).toContain('<summary>More: 1 known, 3 other, gate</summary>');
    expect(text).toContain('**Known:** non-compliant, Product data sheet is for another model<br>');
  });

  test('gives several conditions a sentence each, and shares the rows', () => {
    const conditions = ['a', 'b'].map((name) => notCompliant({ condition: { name }, items: many(20) }));
    const text = renderResult({ findings: [asWarning(notCompliant({ condition: { name: 'c' } })), ...conditions] });
    expect(text.match(/^(?:❌|⚠️) .*$/gm)).toEqual(['❌ 20 of 23 items “a”', '❌ 20 of 23 items “b”', '⚠️ 2 of 5 items “c”']);
    expect(text.match(/^\| D/gm)).toHaveLength(7);
    expect(text.match(/^\*\*\d+ more:/gm)).toEqual(['**16 more:', '**17 more:']);
  });

  test('counts the conditions for which no row is left', () => {
    const findings = Array.from({ length: 14 }, (_, at) => notCompliant({ condition: { name: `c${at}` } }));
    expect(renderResult({ findings })).toContain('**4 more:** see the conditions below');
  });

  test('says why a condition cannot be evaluated, with the keys of the run as code', () => {
    const problem: Problem = { code: 'missing_key', source: 'i.statsu', values: ['statsu', 'status', 'a*b'] };
    const text = renderFinding({ items: [], result: 'cannot_be_evaluated', problem });
    expect(text).toContain('### ❌ Submittals: “not compliant” cannot be evaluated');
    expect(text).toMatch(/^.*`"statsu"`.*`"status"`.*$/m);
  });
});

describe('the fold', () => {
  const waiver = { match: new Map(), condition: null, because: 'A *new* sheet comes', until: '2030-12-31', count: 1 };
  test('names what is waived, with its reason, and what no longer matches', () => {
    const text = renderFinding({
      waived: [{ value: SHEET, waiver }],
      gone: [
        [
          ['document_id', 'A-1'],
          ['status', 'bad'],
        ],
        [],
      ],
      others: [],
    });
    expect(text).toContain('<summary>More: 2 no longer matching, 1 waived, gate</summary>');
    expect(text).toContain('**No longer matching:** A<span>&#x2d;</span>1, bad · 1 more<br>');
    expect(text).toContain('Product data sheet is for another model (A &#x2a;new&#x2a; sheet comes, until 2030-12-31)');
    expect(text).toContain(' · 1 waived<br>');
  });

  test('shows the values of the compared field', () => {
    const tally = {
      field: 'status',
      values: [
        ['compliant', 3],
        ['not applicable', 2],
      ] as const,
    };
    expect(renderFinding({ items: [], tally })).toContain('✅ not compliant: 0 of 3 (`status`: 3 compliant, 2 not applicable)');
  });

  test('lists the notices of the runs', () => {
    const columns = new Map([[null, ['statsu', 'reason']]]);
    expect(renderResult({ columns })).toMatch(/^- .*`"?statsu"?`.*$/m);
  });

  test('is open in the summary, with the facts about the run', () => {
    const text = render({}, SUMMARY);
    expect(text).toContain('<details open><summary>More:');
    expect(text).toContain(`- Run \`${RUN_ID}\`\n- Status \`completed\`\n`);
    expect(text).toContain(`52 tokens · commit \`${COMMIT}\``);
  });
});

describe('several runs', () => {
  const green = aResult({ name: 'Car park', findings: [aFinding({ condition: { name: 'bad' } })] });
  const report = { results: [green, aResult({ name: 'Tower' }), aTimeout({ name: 'Bridge' })] };

  test('have a table, and a section each if they are red', () => {
    const text = render(report);
    expect(text).toContain(`|  | Run | Result |
| :-- | :-- | :-- |
| ❌ | Tower | 2 of 5 items “not compliant” |
| ❌ | Bridge | not finished within 15 min |
| ✅ | Car park | no findings |`);
    expect(text.match(/^#### .*$/gm)).toEqual(['#### Tower: 2 of 5 items “not compliant”', '#### Bridge: not finished within 15 min']);
    expect(text.match(/^\*\*(?:Tower|Bridge|Car park)\*\*$/gm)).toEqual(['**Tower**', '**Car park**']);
  });

  test('say how many findings of each are new', () => {
    const finding = notCompliant({ knownBy: KNOWN_BY, items: [asNew(DOOR), asKnown(SHEET)] });
    const one = aResult({ name: 'Tower', findings: [finding], evaluated: { baseline: BASELINE } });
    expect(render({ results: [one, green] })).toContain('| ❌ | Tower | 1 new and 1 known “not compliant” | 1 |');
  });

  test('have the pages of the runs', () => {
    expect(render({ ...report, inputs: { runUrl: 'https://x.test/{run_id}' } })).toContain(`| [Tower](https://x.test/${RUN_ID}) |`);
  });
});

describe('what the workflow wrote', () => {
  const withOutputs = (outputs: JsonValue, findings: ResultOverrides['findings'] = []) =>
    renderResult({ findings, record: { outputs } }, SUMMARY);
  test('is not in a comment with a gate, and folded in one without', () => {
    expect(render()).not.toContain('What the workflow wrote');
    expect(renderResult({ findings: [] }).split('<summary>More: outputs</summary>')[1]).toContain('**What the workflow wrote**');
  });

  test.each<[what: string, outputs: JsonValue, expected: string]>([
    ['quotes texts line by line', { note: 'a\n\n<b>' }, '`note`\n\n> a<br>&lt;b&gt;'],
    ['shows other values', { on: true, 'a b': null, o: { x: 1 } }, '`on`: `true`\n\n`a b`: `null`\n\n`o`: `{"x":1}`'],
    ['counts the items of a list of texts', { list: ['a', 'b'] }, '`list`: 2 items'],
    ['takes outputs that are no object', ['a'], '`outputs`: 1 item'],
  ])('%s', (_, outputs, expected) => {
    expect(withOutputs(outputs)).toContain(expected);
  });

  test('describes lists of objects, and suggests one condition that does not compile as it is', () => {
    const text = withOutputs({ summary: 's', items: [DOOR, SHEET, ...OTHERS] });
    expect(text).toContain(
      '`items`: 5 items with `document_id`, `status` (`non-compliant` 2, `compliant` 3), `reason`\n\n| `document_id` | Status | Reason |',
    );
    expect(text).toContain(
      "A first condition for `fail_if`: `outputs.items.filter(i, i.status != '___')`. Replace `___` with the value that is right.",
    );
  });

  test('suggests nothing beside a gate, or where no field has several values', () => {
    expect(withOutputs({ items: [DOOR, SHEET] }, [aFinding()])).not.toContain('___');
    expect(withOutputs({ items: [DOOR] })).not.toContain('___');
    expect(withOutputs({ 'a b': [DOOR, ...OTHERS] })).not.toContain('___');
  });
});

test('the summary offers waivers for red items, and neither comment nor file do', () => {
  const findings = [notCompliant({ knownBy: KNOWN_BY })];
  expect(renderResult({ findings }, SUMMARY)).toContain(`\`\`\`yaml
- match:
    document_id: '4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b'
    status: 'non-compliant'
  condition: 'not compliant'
  because: ''`);
  for (const look of [COMMENT, REPORT_FILE]) expect(renderResult({ findings }, look)).not.toContain('because:');
});

test('a step that failed before its runs says why and what to do', () => {
  const text = render({ results: [], failure: { kind: 'missing_key', isWithheld: false }, tokensSpent: 0 });
  expect(text).toMatch(/^### ❌ Submittals: `api_key` is empty.*\n\nRed at `a81d0c4`<br>\*\*\w+.*secrets\.ALLOOVIUM_API_KEY/);
  expect(text).not.toContain('Written by a model');
});

test('a message of the run is quoted, its lines kept apart', () => {
  const failed = aResult({ findings: null, ending: { kind: 'failed' }, record: { errorMessage: 'No access to @team\n<script>' } });
  expect(render({ results: [failed] })).toMatch(/^> Alloovium reported:? ?(?:<br>)?No access to @<span><\/span>team<br>&lt;script&gt;$/m);
});

describe('what does not fit', () => {
  const wide = (count: number) =>
    many(count, 'x '.repeat(90)).map((item) => ({ ...(item as object), b: 'y<'.repeat(300), c: '*'.repeat(300), d: '|'.repeat(300) }));
  test('first loses rows, then characters, then all but the verdict, and is counted', () => {
    const report = aReport({ results: [aResult({ findings: [notCompliant({ items: wide(40) })] })] });
    const sizes = [COMMENT.max, 12_000, 5_000, 700].map((max) => renderMarkdown(report, { ...COMMENT, max }));
    for (const [at, max] of [COMMENT.max, 12_000, 5_000, 700].entries()) expect(sizes[at]!.length).toBeLessThanOrEqual(max);
    const rows = sizes.map((text) => (text.match(/^\| D/gm) ?? []).length);
    expect(rows[0]).toBe(10);
    expect(rows).toEqual([...rows].sort((a, b) => b - a));
    for (const text of sizes.slice(0, 3)) expect(text).toMatch(/\*\*3\d more:\*\*/);
    expect(sizes[3]).toContain('**Not shown:** 1 condition with 40 items: `gate_file`');
    for (const text of sizes) expect(text).toContain('### ❌ Submittals: 40 of 43 items “not compliant”');
  });

  test.each([COMMENT, SUMMARY, REPORT_FILE])('stays within the limits of %j, also with 100 runs', (look) => {
    const findings = Array.from({ length: 40 }, (_, at) => notCompliant({ condition: { name: `c${at}` }, items: wide(40) }));
    const results = Array.from({ length: 100 }, (_, at) => aResult({ name: `Project ${at}`, findings }));
    const text = renderMarkdown(aReport({ results }), look);
    expect(text.length).toBeLessThanOrEqual(look.max);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
  });
});
