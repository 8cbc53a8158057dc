/** Short reports as a reader sees them. */
import { describe, expect, test } from '@jest/globals';
import type { BaselineState } from '../../src/baseline.ts';
import type { Finding } from '../../src/gate/findings.ts';
import type { Previous } from '../../src/github/comment.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { Problem } from '../../src/outcome.ts';
import { COMMENT, renderMarkdown, REPORT_FILE, SUMMARY } from '../../src/report/markdown.ts';
import { aCondition, anItem, aReport, aResult, asWarning, aTimeout, DOOR, notCompliant, OTHERS, SHEET } from '../support/a-report.ts';
import * as a from '../support/a-report.ts';

const render = (report: a.ReportOverrides = {}, look = COMMENT, previous: Previous | null = null) =>
  renderMarkdown(aReport(report), look, previous);
const renderResult = (result: a.ResultOverrides, look = COMMENT) => render({ results: [aResult(result)] }, look);
const renderFinding = (finding: a.ConditionOverrides, look = COMMENT) => renderResult({ conditions: [notCompliant(finding)] }, look);
const asNew = (value: JsonValue): Partial<Finding> => ({ value });
const asKnown = (value: JsonValue): Partial<Finding> => ({ value, isKnown: true });
const BASELINE: BaselineState = {
  code: 'usable',
  commit: a.EARLIER_COMMIT,
  savedAt: '2026-11-29T02:00:00Z',
  expiresAt: '',
  entries: [],
};
const many = (count: number) => Array.from({ length: count }, (_, at) => anItem(`D-${at}`, 'bad', `a reason ${at}`));

test('a comment has a headline, the next step, a table, a collapsed section and a footer', () => {
  expect(render()).toBe(`### ❌ Submittals: 2 of 5 items: not compliant

**Next:** fix the documents in Alloovium, then [re-run this job](${a.JOB_PAGE}) to start a new run.

| Status | Reason | \`document_id\` |
| :-- | :-- | :-- |
| non-compliant | Fire rating 60 min; section 08 11 13 asks for 90 min | \`4a1c2b3d\` |
| non-compliant | Product data sheet is for another model | \`9e07f1aa\` |

Wrong, or acceptable? [Waive it](https://github.com/alloovium/run-workflow/blob/main/docs/baselines.md#waivers).

<details><summary>3 items passed · conditions</summary>

**3 items passed**

| Status | Reason | \`document_id\` |
| :-- | :-- | :-- |
| compliant | Signed shop drawing present | \`c55d0e12\` |
| compliant | Finish schedule matches the specification | \`77b0aa31\` |
| compliant | Warranty letter covers ten years | \`e2d4c6b8\` |

|  | Condition | Result | Expression |
| :-- | :-- | :-- | :-- |
| ❌ | not compliant | 2 of 5 items | \`size(outputs.items) == 0\` |
| ✅ | nothing reviewed | not met | \`size(outputs.items) == 0\` |

</details>

<sub>AI-generated from your documents. Check before you act. · \`a81d0c4\` · reviewed 2026-11-30 04:37 UTC · \`${a.RUN_ID}\` · [job summary](${a.JOB_PAGE})</sub>
`);
});

const CALL = { results: [], outcome: { kind: 'missing_key', isWithheld: false } } as const;
const tally = { field: 'status', values: [['compliant', 3] as const, ['not applicable', 2] as const] };
const waiver = { match: new Map(), condition: null, because: 'A *new* sheet comes', until: '2030-12-31', count: 1 };
const waived = [{ digest: '', value: SHEET, waiver }];
const gone = [{ id: 'A-1' }, { id: 'A-1' }];
const problem: Problem = { code: 'missing_key', source: 'i.statsu', key: 'statsu', keys: ['status', 'a*b'] };
const failed = { conditions: null, outcome: { kind: 'failed' }, runState: { errorMessage: 'No access to @team\n<script>' } } as const;
const keyed = { conditions: [notCompliant({ knownBy: ['document_id', 'status'] })] };
const YAML = "```yaml\n- match:\n    document_id: '4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b'\n    status: 'non-compliant'\n";
const columns = (...fields: string[]) => ({ columns: new Map([[null, fields]]) });
const withOutputs = (outputs: JsonValue) => renderResult({ conditions: [], runState: { outputs } }, SUMMARY);
const twelve = { items: many(12) };

const page = (itemUrl: string) => render({ inputs: { itemUrl } });
const titled = (title: string, matrix: JsonObject | null = null, context: typeof a.CONTEXT | null = a.CONTEXT) =>
  render({ context, inputs: { title, matrix } });
const gateResult = { baseline: { code: 'missing', branch: 'main' } } as const;
const unevaluable = { items: [], result: 'cannot_be_evaluated', problem } as const;
const ITEMS = { items: [DOOR, SHEET, ...OTHERS] };

test.each<[what: string, text: string, expected: string]>([
  ['the workflow with the leg of a matrix', titled('', { part: 'B', level: 3 }), '### ❌ Review (B, level 3): 2 of'],
  ['no name where nothing is known', titled('', null, null), '### ❌ Alloovium: 2 of 5 items: not compliant\n\n**Next:** '],
  ['an author’s title as text', titled('a <b> *c*'), '### ❌ a &lt;b&gt; &#x2a;c&#x2a;: 2 of 5 items'],
  ['a warning', renderResult({ conditions: [asWarning(notCompliant())] }), '### ⚠️ Submittals: 2 of 5 items: not compliant\n'],
  ['several steps as a list', render({ results: [aTimeout()] }), '15 min\n\n**Next:**\n\n- `run_'],
  ['what to do about a step that failed', render(CALL), 'no API key\n\n**Next:** For whoever maintains'],
  [
    'why every finding is new',
    renderResult({ gateResult }),
    '*Every finding is new: nothing is saved yet.*<br>**Next:** merge this GitHub workflow',
  ],
  ['why a condition cannot be evaluated', renderFinding(unevaluable), 'there is no key `"statsu"`; did you mean `"status"`'],
  ['a message of the run', renderResult(failed), '> Alloovium reported: No access to @<span></span>team<br>&lt;script&gt;\n'],
  ['whole IDs in the summary', renderFinding({}, SUMMARY), 'asks for 90 min | `4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b` |'],
  ['the columns of the author', renderResult(columns('reason', 'status')), '| Reason | Status |'],
  ['pages of items', page('https://x.test/{document_id}'), '| [`4a1c2b3d`](https://x.test/4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b) |'],
  ['a count of the other rows', renderFinding(twelve), `\n**2 more** in the [job summary](${a.JOB_PAGE})\n`],
  [
    'where they are beyond the summary',
    renderFinding({ items: many(1_000) }, REPORT_FILE),
    '**950 more** in `gate_file`, which a later step can upload',
  ],
  ['why items are waived', renderFinding({ waived }), 'is for another model | `9e07f1aa` | A &#x2a;new&#x2a; sheet comes | 2030-12-31 |\n'],
  ['how many are waived', renderFinding({ waived }), '<summary>3 items passed · 1 waived · conditions</summary>'],
  ['what no longer matches', renderFinding({ noLongerReported: gone }), '**2 no longer reported**\n\n| Id |\n| :-- |\n| A-1 |'],
  ['the values of the compared field', renderFinding({ tally }), '\n\nValues of `status`: 3 compliant, 2 not applicable\n\n<details>'],
  [
    'notices',
    renderResult(columns('statsu', 'reason')),
    '\n\n- `columns`: nothing found has a field `statsu`, but `"status"`.\n\n</details>',
  ],
  ['the ID of the run in the summary', render({}, SUMMARY), ` · \`${a.RUN_ID}\` · [job run]`],
  ['nothing collapsed in the summary', render({}, SUMMARY), '\n\n### 3 items passed · conditions\n\n**3 items passed**\n'],
  ['waivers to copy', renderResult(keyed, SUMMARY), `\n\n### Wrong, or acceptable? Waive it\n\n${YAML}`],
  [
    'how many findings the waivers to copy leave out',
    renderResult({ conditions: [notCompliant({ knownBy: ['document_id', 'status'], items: many(21) })] }, SUMMARY),
    '```\n\nOf 21 findings, these are the first. Copy into',
  ],
  ['where the waivers to copy are', renderResult(keyed), `\n\nWrong, or acceptable? [Waive it](${a.JOB_PAGE}).\n\n`],
  [
    'how to accept all findings',
    render({ inputs: { baseline: 'main' } }),
    'run this GitHub workflow on `main` with `save_baseline` checked.',
  ],
  [
    'the page of the job',
    render({ inputs: { checkRunId: '42' } }),
    'then [re-run this job](https://github.com/octo-org/tower/actions/runs/9876543210/job/42) to',
  ],
  [
    'the age of a review that it picked up',
    renderResult({ runState: { origin: 'picked_up' } }),
    ': 2 of 5 items: not compliant (reviewed 3 h ago)\n',
  ],
  [
    'what the skipped run found too',
    renderResult({ earlier: [notCompliant({ items: [DOOR] })] }),
    'Also found by `run_1`: 1 of 2<br>**Next:**',
  ],
  ['texts without a gate', withOutputs({ note: 'a\n\n<b>' }), '`note`\n\n> a<br>&lt;b&gt;'],
  ['other values without a gate', withOutputs({ on: true, 'a b': null, o: [] }), '`on`: `true`\n\n`a b`: `null`\n\n`o`: 0 items'],
  ['outputs that are no object', withOutputs(['a']), '`outputs`: 1 item'],
  ['the values of fields', withOutputs(ITEMS), '5 items (`status`: 2 non-compliant, 3 compliant)'],
  ['a condition that does not compile as it is', withOutputs(ITEMS), "```yaml\nfail_if: outputs.items.filter(i, i.status != '___')\n```"],
])('a report has %s', (_, text, expected) => {
  expect(text).toContain(expected);
});

test.each<[what: string, text: string, unexpected: string]>([
  ['waivers in the comment', renderResult(keyed), 'because:'],
  ['waivers in the file', renderResult(keyed, REPORT_FILE), 'because:'],
  ['way to disagree with a warning', renderResult({ conditions: [asWarning(notCompliant())] }), 'acceptable?'],
  ['a condition where no field has several values', withOutputs({ items: [DOOR] }), '___'],
  ['a condition with a name that needs quotes', withOutputs({ 'a b': [DOOR, ...OTHERS] }), '___'],
  ['outputs next to a gate', render({}, SUMMARY), '`items`: '],
])('a report has no %s', (_, text, unexpected) => {
  expect(text).not.toContain(unexpected);
});

test('with a baseline the table has only new items, and known ones are in the collapsed section', () => {
  const finding = notCompliant({ items: [asNew(DOOR), asKnown(SHEET)] });
  const text = render({ results: [aResult({ conditions: [finding] })] });
  expect(text.split('<details>')[0]).not.toContain('another model');
  expect(text).toContain(
    '**1 known**\n\n| Status | Reason | `document_id` |\n| :-- | :-- | :-- |\n| non-compliant | Product data sheet is for another model |',
  );
});

test('several conditions have a sentence each, and share the rows', () => {
  const conditions = ['a', 'b'].map((name) => notCompliant({ condition: { name }, items: many(20) }));
  const text = renderResult({ conditions: [...conditions, asWarning(notCompliant({ condition: { name: 'c' } }))] });
  expect(text.match(/^(?:❌|⚠️) .*$/gm)).toEqual(['❌ 20 of 23 items: a', '❌ 20 of 23 items: b', '⚠️ 2 of 5 items: c']);
  expect(text.match(/^\*\*\d+ more\*\*/gm)).toEqual(['**16 more**', '**16 more**']);
  expect(renderResult({ conditions: Array.from({ length: 14 }, () => notCompliant()) })).toContain('**4 more conditions** in the');
});

test('several runs have a table, and a section each if they are red', () => {
  const green = aResult({ name: 'Car park', conditions: [aCondition({ condition: { name: 'bad' } })] });
  const text = render({
    results: [green, aResult({ name: 'Tower' }), aTimeout({ name: 'Bridge', runState: { progress: 35 } })],
    inputs: { runUrl: 'https://x.test/{run_id}' },
  });
  const page = `https://x.test/${a.RUN_ID}`;
  expect(text).toContain(`### ❌ Submittals: 1 of 3 runs failed (Tower), 1 has no result (Bridge)

|  | Run | Result | Next step |
| :-- | :-- | :-- | :-- |
| ❌ | [Tower](${page}) | 2 of 5 items: not compliant | Fix the documents in Alloovium, then [re-run this job](${a.JOB_PAGE}) to start a new run. |
| ❌ | [Bridge](${page}) | run not finished after 15 min (35 % done) | The run is still running in Alloovium.`);
  expect(text).toContain(`| ✅ | [Car park](${page}) | no findings |  |\n`);
  expect(text.match(/^#### .*$/gm)).toEqual(['#### Tower: 2 of 5 items: not compliant']);
  expect(text.match(/^\*\*(?:Tower|Bridge|Car park)\*\*$/gm)).toEqual(['**Tower**', '**Car park**']);
});

test('several runs with one cause have one next step and one quotation', () => {
  const results = ['Tower', 'Bridge'].map((name) => aResult({ name, ...failed }));
  const text = render({ results });
  expect(text).toContain('2 of 2 runs failed (Tower and Bridge): Alloovium could not finish the review\n\n**Next:** Fix the cause');
  expect(text.match(/Alloovium reported/g)).toHaveLength(1);
  expect(text).not.toContain('Next step');
});

test('a pass has what only the skipped run found', () => {
  const passing = { conditions: [aCondition()], runState: { redRunsBefore: 1 }, earlier: [notCompliant()] };
  const text = renderResult(passing);
  expect(text).toContain('no findings (1 earlier run failed the gate)\n\n`run_1` found 2 items that this run did not\n');
  expect(text).toContain('<summary>2 found by the earlier run alone · conditions</summary>');
  expect(renderResult({ ...passing, earlier: [aCondition()] })).not.toContain('run_1');
});

describe('what changed', () => {
  const since = (finding: a.ConditionOverrides, baseline: BaselineState, previous: Previous | null = null) => {
    const conditions = [notCompliant({ knownBy: ['document_id'], ...finding }), aCondition()];
    return /(?:Since|Compared|\d+ no longer) .*?(?=<br>| · |\n)/.exec(
      render({ results: [aResult({ conditions, gateResult: { baseline } })] }, COMMENT, previous),
    )?.[0];
  };
  const NAME = 'the baseline of 2026-11-29 02:00 UTC at `3f9c1ab`';
  test.each<[what: string, finding: a.ConditionOverrides, expected: string | undefined]>([
    ['names the baseline', { items: [asNew(DOOR), asKnown(SHEET)] }, `Compared with ${NAME}`],
    ['counts what the run no longer reports', { isCompared: true, noLongerReported: [{}, {}] }, `2 no longer reported since ${NAME}`],
    ['is empty if nothing was compared', {}, undefined],
  ])('since the baseline: %s', (_, finding, expected) => {
    expect(since(finding, BASELINE)).toBe(expected);
  });

  test('since a baseline without a time', () => {
    const timeless: BaselineState = { code: 'usable', commit: a.EARLIER_COMMIT, savedAt: '', expiresAt: '', entries: [] };
    expect(since({ items: [asNew(DOOR)], isCompared: true }, timeless)).toBe('Compared with the baseline at `3f9c1ab`');
  });

  test('names who saved a known finding, and the reviews that lack it', () => {
    const saved = { digest: 'x', values: [], missed: 2, since: '2026-11-01', by: 'octocat' };
    const text = renderFinding({ items: [asNew(DOOR), { ...asKnown(SHEET), saved }] });
    expect(text).toContain('| 2026-11-01 by octocat, not in the last saved 2 reviews |');
  });

  const last = (...digests: string[]): Previous => ({ commit: a.EARLIER_COMMIT, digests: new Set(digests) });
  test.each<[digests: string[], previous: Previous, expected: string | undefined]>([
    [['a', 'b'], last('b', 'c'), 'Since `3f9c1ab`: 1 new, 1 still open, 1 no longer reported'],
    [['a', 'b'], last('a', 'b'), 'Since `3f9c1ab`: nothing new, 2 still open'],
    [[], last(), undefined],
  ])('since the last comment: of %j and %j', (digests, previous, expected) => {
    expect(since({ items: digests.map((digest) => ({ value: 1, digest })) }, { code: 'none' }, previous)).toBe(expected);
  });

  test('says of no finding that it is gone, where a run was not evaluated', () => {
    expect(render({ results: [aResult(), aTimeout()] }, COMMENT, last('a'))).not.toContain('no longer');
  });

  test('is marked in the rows, beside a waiver without effect', () => {
    const ended: Partial<Finding> = { value: SHEET, remark: { code: 'waiver_ended', until: '2026-01-31' } };
    const exceeded: Partial<Finding> = { value: SHEET, isKnown: false, remark: { code: 'waiver_exceeded', items: 3, count: 1 } };
    const text = renderFinding({ items: [exceeded, ended, asKnown(DOOR)], isCompared: true });
    expect(text).toContain(
      '| **new** | non-compliant | Product data sheet is for another model | `9e07f1aa` | waiver ended on 2026-01-31 |',
    );
    expect(text).toContain(
      '| **new** | non-compliant | Product data sheet is for another model | `9e07f1aa` | the waiver accepts 1, and 3 fit it |',
    );
    expect(renderFinding({ items: [asNew(DOOR)], isCompared: true })).not.toContain('**new**');
  });
});

describe('what does not fit', () => {
  const wide = (count: number) =>
    many(count).map((item) => ({ ...(item as object), b: 'y<'.repeat(300), c: '*'.repeat(300), d: '|'.repeat(300) }));
  test('first loses rows, then characters, then all but the verdict, and is counted', () => {
    const report = aReport({ results: [aResult({ conditions: [notCompliant({ items: wide(40) })] })] });
    const texts = [COMMENT.max, 12_000, 5_000, 600].map((max) => renderMarkdown(report, { ...COMMENT, max }));
    for (const [at, max] of [COMMENT.max, 12_000, 5_000, 600].entries()) expect(texts[at]!.length).toBeLessThanOrEqual(max);
    const rows = texts.map((text) => (text.match(/^\| D/gm) ?? []).length);
    expect(rows).toEqual([10, ...rows.slice(1).sort((one, other) => other - one)]);
    expect(texts.map((text) => /\*\*\d+ more\*\*/.exec(text)?.[0])).toEqual(rows.map((shown) => `**${40 - shown} more**`));
    for (const text of texts) expect(text).toContain('### ❌ Submittals: 40 of 43 items: not compliant');
  });

  test('names five of 3,000 conditions that are met, and keeps the table', () => {
    const conditions = Array.from({ length: 3_000 }, (_, at) => notCompliant({ condition: { name: `c${at}` } }));
    const text = renderResult({ conditions });
    expect(text.split('\n', 1)[0]).toMatch(/: c4; 2,995 more conditions$/);
    expect(text).toContain('| non-compliant |');
  });

  test.each([COMMENT, SUMMARY, REPORT_FILE])('stays within the limits of %j, also with 20 runs', (look) => {
    const conditions = Array.from({ length: 40 }, (_, at) => notCompliant({ condition: { name: `c${at}` }, items: wide(40) }));
    const results = Array.from({ length: 20 }, (_, at) => aResult({ name: `Project ${at}`, conditions }));
    const text = renderMarkdown(aReport({ results }), look);
    expect(text.length).toBeLessThanOrEqual(look.max);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(1_000_000);
  });
});
