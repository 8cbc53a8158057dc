/** Short reports as a reader sees them. */
import { describe, expect, test } from '@jest/globals';
import type { BaselineState } from '../../src/gate/baseline.ts';
import type { Item } from '../../src/gate/finding.ts';
import type { Problem } from '../../src/gate/gate.ts';
import type { Previous } from '../../src/github/comment.ts';
import type { JsonValue } from '../../src/json.ts';
import { COMMENT, renderMarkdown, REPORT_FILE, SUMMARY } from '../../src/report/markdown.ts';
import * as a from '../support/a-report.ts';
import { aFinding, anItem, aReport, aResult, asWarning, aTimeout, DOOR, notCompliant, OTHERS, SHEET } from '../support/a-report.ts';

const render = (report: a.ReportOverrides = {}, look = COMMENT, previous: Previous | null = null) =>
  renderMarkdown(aReport(report), look, previous);
const renderResult = (result: a.ResultOverrides, look = COMMENT) => render({ results: [aResult(result)] }, look);
const renderFinding = (finding: a.FindingOverrides, look = COMMENT) => renderResult({ findings: [notCompliant(finding)] }, look);
const asNew = (value: JsonValue): Item => ({ value, isKnown: false, remark: null });
const asKnown = (value: JsonValue): Item => ({ value, isKnown: true, remark: null });
const BASELINE: BaselineState = { code: 'usable', baseline: { commit: a.EARLIER_COMMIT, keptAt: '2026-11-29T02:00:00Z', entries: [] } };
const many = (count: number) => Array.from({ length: count }, (_, at) => anItem(`D-${at}`, 'bad', `a reason ${at}`));

test('a comment has a headline, the state, the next step, a table, a fold and a footer', () => {
  expect(render()).toBe(`### ❌ Submittals: 2 of 5 items “not compliant”

Red at \`a81d0c4\`, reviewed 2026-11-30 04:37 UTC<br>**To turn this green:** resolve the findings, then re-run the job: this starts a new run.

| \`document_id\` | Status | Reason |
| :-- | :-- | :-- |
| \`4a1c2b3d\` | non-compliant | Fire rating 60 min; section 08 11 13 asks for 90 min |
| \`9e07f1aa\` | non-compliant | Product data sheet is for another model |

<details><summary>More: 3 other, gate</summary>

**Other:** \`c55d0e12\`, Signed shop drawing present · \`77b0aa31\`, Finish schedule matches the specification · \`e2d4c6b8\`, Warranty letter covers ten years<br>**Gate:** ❌ not compliant: 2 of 5 · ✅ nothing reviewed: not true

</details>

<sub>Written by a model from project documents: check before you act. [Job summary](${a.JOB_PAGE})</sub>
`);
});

const LEG = { title: '', leg: '{"part":"B","level":3}' };
test.each<[what: string, report: a.ReportOverrides, start: string]>([
  ['the name of the workflow with the leg of a matrix', { inputs: LEG }, '### ❌ Review (B, level 3): 2 of 5 items “not compliant”'],
  [
    'no name where nothing is known',
    { context: null, inputs: { title: '' } },
    '### ❌ Alloovium: 2 of 5 items “not compliant”\n\nRed, reviewed',
  ],
  ['an author’s title as text', { inputs: { title: 'a <b> *c*' } }, '### ❌ a &lt;b&gt; &#x2a;c&#x2a;: 2 of 5 items'],
  [
    'a warning',
    { results: [aResult({ findings: [asWarning(notCompliant())] })] },
    '### ⚠️ Submittals: 2 of 5 items “not compliant” (only a warning)',
  ],
  [
    'no time where nothing was reviewed',
    { results: [aTimeout()] },
    '### ❌ Submittals: not finished within 15 min\n\nRed at `a81d0c4`<br>**Next:**\n\n- Run `run_',
  ],
  [
    'why a step failed, and what to do',
    { results: [], failure: { kind: 'missing_key', isWithheld: false } },
    '### ❌ Submittals: `api_key` is empty, and so is `ALLOOVIUM_API_KEY`\n\nRed at `a81d0c4`<br>**Next:** Check the name',
  ],
])('a report begins with %s', (_, report, start) => {
  expect(render(report).slice(0, start.length)).toBe(start);
});

describe('what changed', () => {
  const since = (
    finding: a.FindingOverrides,
    baseline: BaselineState,
    previous: Previous | null = null,
    others: a.ResultOverrides[] = [],
  ) => {
    const results = [
      { findings: [notCompliant({ knownBy: ['document_id'], ...finding }), aFinding()], evaluated: { baseline } },
      ...others,
    ];
    return /since .*?(?=<br>| · )/.exec(render({ results: results.map(aResult) }, COMMENT, previous))?.[0];
  };
  const START = 'since the baseline of 2026-11-29 02:00 UTC at `3f9c1ab`: ';
  test.each<[what: string, finding: a.FindingOverrides, expected: string | undefined]>([
    ['new and known findings', { items: [asNew(DOOR), asKnown(SHEET)] }, `${START}**1 new**, 1 known`],
    ['that nothing is new', { items: [asKnown(DOOR)] }, `${START}nothing new, 1 known`],
    ['what no longer matches', { items: [asNew(DOOR)], gone: [[], []] }, `${START}**1 new**, 2 no longer matching`],
  ])('since the baseline: counts %s', (_, finding, expected) => {
    expect(since(finding, BASELINE)).toBe(expected);
  });

  test('since a baseline without a time', () => {
    const timeless: BaselineState = { code: 'usable', baseline: { commit: a.EARLIER_COMMIT, keptAt: '', entries: [] } };
    expect(since({ items: [asNew(DOOR)] }, timeless)).toBe('since the baseline at `3f9c1ab`: **1 new**');
  });

  const last = (...digests: string[]): Previous => ({ commit: a.EARLIER_COMMIT, digests: new Set(digests) });
  test.each<[digests: string[], previous: Previous, others: a.ResultOverrides[], expected: string | undefined]>([
    [['a', 'b'], last('b', 'c'), [], 'since `3f9c1ab`: **1 new**, 1 still open, 1 no longer matching'],
    [['a', 'b'], last('a', 'b'), [], 'since `3f9c1ab`: nothing new, 2 still open'],
    // What a run that was not evaluated would find is not known.
    [['a', 'b'], last('a', 'c'), [{ findings: null }], 'since `3f9c1ab`: **1 new**, 1 still open'],
    [[], last(), [], undefined],
  ])('since the last comment: of %j and %j', (digests, previous, others, expected) => {
    expect(since({ digests }, { code: 'none' }, previous, others)).toBe(expected);
  });

  test('is marked in the rows, beside a waiver without effect', () => {
    const ended: Item = { value: SHEET, isKnown: true, remark: { code: 'waiver_ended', until: '2026-01-31' } };
    const exceeded: Item = { value: SHEET, isKnown: false, remark: { code: 'waiver_exceeded', items: 3, count: 1 } };
    const text = renderFinding({ items: [asNew(DOOR), ended, exceeded] });
    expect(text.match(/^\| (?!:)[^`]*(?=`)/gm)).toEqual([
      '|  | ',
      '| **new** | ',
      '| waiver ended on 2026-01-31 | ',
      '| **new** the waiver accepts 1, and 3 fit it | ',
    ]);
  });

  test('has the reason why every finding is new below it', () => {
    const text = renderResult({ evaluated: { baseline: { code: 'missing', branch: 'main' } } });
    expect(text).toMatch(/UTC<br>\*Every finding is new: `main` [^*]*\*<br>/);
  });
});

describe('the table of findings', () => {
  test.each<[what: string, text: string, expected: string]>([
    ['whole IDs in the summary', renderFinding({}, SUMMARY), '| `4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b` | non-compliant | Fire'],
    ['the columns of the author', renderResult({ columns: new Map([[null, ['reason', 'status']]]) }), '| Reason | Status |'],
    [
      'links to the pages of the items',
      render({ inputs: { itemUrl: 'https://x.test/d/{document_id}' } }),
      '| [`4a1c2b3d`](https://x.test/d/4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b) | non',
    ],
    ['a count of the other rows', renderFinding({ items: many(12) }), `\n**2 more:** [job summary](${a.JOB_PAGE})\n`],
    [
      'where they are without a summary',
      render({ inputs: { jobSummary: false }, results: [aResult({ findings: [notCompliant({ items: many(12) })] })] }),
      '**2 more:** `gate_file`',
    ],
    [
      'where they are beyond the summary',
      renderFinding({ items: many(12), counts: { matched: 1_000 } }, SUMMARY),
      '**988 more:** `gate_file`',
    ],
  ])('has %s', (_, text, expected) => {
    expect(text).toContain(expected);
  });

  test('has only new items with `fail_on: new`, and known ones are in the fold', () => {
    const finding = notCompliant({ items: [asNew(DOOR), asKnown(SHEET)] });
    const text = render({ inputs: { failOn: 'new' }, results: [aResult({ findings: [finding] })] });
    expect(text.split('<details>')[0]).not.toContain('another model');
    expect(text).toContain(
      '<summary>More: 1 known, 3 other, gate</summary>\n\n**Known:** non-compliant, Product data sheet is for another model<br>',
    );
  });

  test('has a sentence for each of several conditions, which share the rows', () => {
    const conditions = ['a', 'b'].map((name) => notCompliant({ condition: { name }, items: many(20) }));
    const text = renderResult({ findings: [...conditions, asWarning(notCompliant({ condition: { name: 'c' } }))] });
    expect(text.match(/^(?:❌|⚠️) .*$/gm)).toEqual(['❌ 20 of 23 items “a”', '❌ 20 of 23 items “b”', '⚠️ 2 of 5 items “c”']);
    expect(text.match(/^\*\*\d+ more:/gm)).toEqual(['**17 more:', '**17 more:']);
    const findings = Array.from({ length: 14 }, (_, at) => notCompliant({ condition: { name: `c${at}` } }));
    expect(renderResult({ findings })).toContain('**4 more:** see the conditions below');
  });

  test('is preceded by why a condition cannot be evaluated, with the keys of the run as code', () => {
    const problem: Problem = { code: 'missing_key', source: 'i.statsu', values: ['statsu', 'status', 'a*b'] };
    const text = renderFinding({ items: [], result: 'cannot_be_evaluated', problem });
    expect(text).toMatch(/^`i\.statsu`.*`"statsu"`.*`"a\*b"`.*$/m);
  });
});

describe('the fold', () => {
  test('names what is waived, with its reason, and what no longer matches', () => {
    const waiver = { match: new Map(), condition: null, because: 'A *new* sheet comes', until: '2030-12-31', count: 1 };
    const text = renderFinding({
      waived: [{ value: SHEET, waiver }],
      gone: [
        [
          ['id', 'A-1'],
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

  test('shows the values of the compared field, and notices', () => {
    const tally = { field: 'status', values: [['compliant', 3] as const, ['not applicable', 2] as const] };
    const text = renderResult({ findings: [notCompliant({ items: [SHEET], tally })], columns: new Map([[null, ['statsu', 'reason']]]) });
    expect(text).toContain('❌ not compliant: 1 of 4 (`status`: 3 compliant, 2 not applicable)\n\n- `columns`: nothing found');
  });

  test('is open in the summary, with the ID of the run', () => {
    expect(render({}, SUMMARY)).toMatch(new RegExp(`<details open><summary>More: .*\n\nRun \`${a.RUN_ID}\`\n\n</details>`, 's'));
  });

  const withOutputs = (outputs: JsonValue) => renderResult({ findings: [], record: { outputs } }, SUMMARY);
  test.each<[what: string, outputs: JsonValue, expected: string]>([
    ['texts, line by line', { note: 'a\n\n<b>' }, '`note`\n\n> a<br>&lt;b&gt;'],
    ['other values', { on: true, 'a b': null, o: { x: 1 } }, '`on`: `true`\n\n`a b`: `null`\n\n`o`: `{"x":1}`'],
    ['the size of a list', { list: ['a', 'b'] }, '`list`: 2 items'],
    ['outputs that are no object', ['a'], '`outputs`: 1 item'],
    [
      'the fields of a list with their values',
      { items: [DOOR, SHEET, ...OTHERS] },
      '5 items (`document_id`; `status`: 2 non-compliant, 3 compliant; `reason`)',
    ],
    [
      'one condition that does not compile as it is',
      { s: 's', items: [DOOR, ...OTHERS] },
      "`outputs.items.filter(i, i.status != '___')`. Replace `___`",
    ],
  ])('shows without a gate %s', (_, outputs, expected) => {
    expect(withOutputs(outputs)).toContain(expected);
  });

  test('suggests no condition where no field has several values, or a name needs quotes', () => {
    for (const outputs of [{ items: [DOOR] }, { 'a b': [DOOR, ...OTHERS] }]) expect(withOutputs(outputs)).not.toContain('___');
    expect(render({}, SUMMARY)).not.toContain('What the workflow wrote');
  });
});

test('several runs have a table, and a section each if they are red', () => {
  const green = aResult({ name: 'Car park', findings: [aFinding({ condition: { name: 'bad' } })] });
  const text = render({
    results: [green, aResult({ name: 'Tower' }), aTimeout({ name: 'Bridge' })],
    inputs: { runUrl: 'https://x.test/{run_id}' },
  });
  const page = `https://x.test/${a.RUN_ID}`;
  expect(text).toContain(`|  | Run | Result |
| :-- | :-- | :-- |
| ❌ | [Tower](${page}) | 2 of 5 items “not compliant” |
| ❌ | [Bridge](${page}) | not finished within 15 min |
| ✅ | [Car park](${page}) | no findings |`);
  expect(text.match(/^#### .*$/gm)).toEqual(['#### Tower: 2 of 5 items “not compliant”', '#### Bridge: not finished within 15 min']);
  expect(text.match(/^\*\*(?:Tower|Bridge|Car park)\*\*$/gm)).toEqual(['**Tower**', '**Car park**']);
});

test('the summary offers waivers for red items, and neither comment nor file do', () => {
  const findings = [notCompliant({ knownBy: ['document_id', 'status'] })];
  const waiver =
    "```yaml\n- match:\n    document_id: '4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b'\n    status: 'non-compliant'\n  condition: 'not compliant'\n  because: ''";
  expect(renderResult({ findings }, SUMMARY)).toContain(waiver);
  for (const look of [COMMENT, REPORT_FILE]) expect(renderResult({ findings }, look)).not.toContain('because:');
});

test('a message of the run is quoted, its lines kept apart', () => {
  const text = renderResult({ findings: null, ending: { kind: 'failed' }, record: { errorMessage: 'No access to @team\n<script>' } });
  expect(text).toMatch(/^> Alloovium reported: No access to @<span><\/span>team<br>&lt;script&gt;$/m);
});

describe('what does not fit', () => {
  const wide = (count: number) =>
    many(count).map((item) => ({ ...(item as object), b: 'y<'.repeat(300), c: '*'.repeat(300), d: '|'.repeat(300) }));
  test('first loses rows, then characters, then all but the verdict, and is counted', () => {
    const report = aReport({ results: [aResult({ findings: [notCompliant({ items: wide(40) })] })] });
    const texts = [COMMENT.max, 12_000, 5_000, 500].map((max) => renderMarkdown(report, { ...COMMENT, max }));
    for (const [at, max] of [COMMENT.max, 12_000, 5_000, 500].entries()) expect(texts[at]!.length).toBeLessThanOrEqual(max);
    const rows = texts.map((text) => (text.match(/^\| D/gm) ?? []).length);
    expect(rows).toEqual([10, ...rows.slice(1).sort((one, other) => other - one)]);
    expect(texts.map((text) => /\*\*\d+ more:\*\*/.exec(text)?.[0])).toEqual(rows.map((shown) => `**${40 - shown} more:**`));
    for (const text of texts) expect(text).toContain('### ❌ Submittals: 40 of 43 items “not compliant”');
  });

  test.each([COMMENT, SUMMARY, REPORT_FILE])('stays within the limits of %j, also with 20 runs', (look) => {
    const findings = Array.from({ length: 40 }, (_, at) => notCompliant({ condition: { name: `c${at}` }, items: wide(40) }));
    const results = Array.from({ length: 20 }, (_, at) => aResult({ name: `Project ${at}`, findings }));
    const text = renderMarkdown(aReport({ results }), look);
    expect(text.length).toBeLessThanOrEqual(look.max);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
  });
});
