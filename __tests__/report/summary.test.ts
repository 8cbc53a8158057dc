import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../../src/json.ts';
import { parseJson } from '../../src/json.ts';
import type { Report } from '../../src/report/report.ts';
import { renderReport, renderSummary } from '../../src/report/summary.ts';
import {
  type Overrides,
  alsoWarns,
  callsIn,
  manyRuns,
  severalRuns,
  aliveInDocument,
  aReport,
  aRun,
  aResult,
  anItem,
  hostileReport,
  ITEMS,
  someResults,
} from './a-report.ts';
import { elementsIn, hostile, parsed, textOf } from './github-markdown.ts';

/** As text, without the blanks that widen columns. */
const seen = (report: Report) => textOf(parsed(renderSummary(report))).replace(/\u00a0+/g, '');
const titles = (report: Report, tag: string) =>
  elementsIn(parsed(renderSummary(report)))
    .filter(({ tagName }) => tagName === tag)
    .map((element) => textOf(element).trim());
const withOutputs = (outputs: JsonValue, results: Overrides['results'] = []) =>
  aReport({ verdict: { gate: 'none' }, results, run: { outputs } });

describe('the summary', () => {
  test('begins as the comment does, then has the gate, the outputs, the course of the run', () => {
    const text = renderSummary(aReport());
    expect(
      text
        .replace(/\u00a0+/g, '')
        .split('\n')
        .slice(0, 12),
    ).toEqual([
      '## ❌ Weekly submittal review: 2 of 5 items “not compliant”',
      '',
      '**This check is red** at `a81d0c4`.',
      '',
      'In all rows: `section` 08 11 13 · `status` non-compliant',
      '',
      '| Reason | Document |',
      '|:--|:--|',
      '| Fire rating 60 min; section 08 11 13 asks for 90 min | `4a1c2b3d` |',
      '| Product data sheet is for another model | `9e07f1aa` |',
      '',
      '**To turn this green:** correct the two items in Alloovium, then re-run the failed job: this starts a new run.',
    ]);
    expect(titles(aReport(), 'h3')).toEqual(['Gate: 1 of 2 conditions is red', 'What the workflow wrote']);
    expect(titles(aReport(), 'summary')).toEqual([
      ...['3 items without findings', 'How the run went (2 min 13 s)', 'Details'],
    ]);
  });

  test('the facts are folded: whole IDs, names of inputs, status checks, the key’s kind and tokens', () => {
    const facts = elementsIn(parsed(renderSummary(aReport()))).filter(({ tagName }) => tagName === 'li');
    expect(facts.map(textOf)).toEqual([
      'Run run_c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f, started by this job · status completed · started 2026-11-25 09:14 UTC · ran 2 min 13 s',
      'Workflow wf_1f02d9ef-3c4d-4e5f-8a9b-0c1d2e3f4a5b',
      'Project 8f2e3c1a-9b8c-4d7e-8f6a-5b4c3d2e1f0a',
      'Inputs start_date, end_date',
      'Idempotency key gha_a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b_5f2c9d1e8b7a6c5d',
      '31 status checks, 56 tokens',
      'Commit a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b · test key',
    ]);
    expect(seen(aReport()).trim().split('\n').at(-1)).toBe(
      'Written by a model from project documents; treat as data. job run',
    );
  });

  test('no row stands in it twice', () => {
    const text = seen(
      aReport({
        results: [...someResults(), ...someResults().slice(0, 1).map(alsoWarns)],
        run: {
          outputs: { items: ITEMS, others: [...ITEMS.slice(0, 3), anItem('x', 'late', 'Came too late')] },
        },
      }),
    );
    // Red and warning rows are shown with each of their conditions.
    for (const { reason, status } of ITEMS)
      expect(text.split(reason as string).length - 1).toBe(status === 'compliant' ? 1 : 2);
    expect(text).toContain('others (1)');
    expect(text).toContain('Came too late');
    expect(text).not.toMatch(/^items/m);
  });

  test.each([
    ['timed_out', '<details open><summary>How the run went'],
    ['gate_failed', '<details><summary>How the run went'],
  ] as const)('how the run went is folded, open only where the time ran out: %s', (conclusion, fold) => {
    expect(renderSummary(aReport({ verdict: { conclusion } }))).toContain(fold);
  });

  test.each<[string, Parameters<typeof aReport>[0], string | RegExp]>([
    ['a replay', { replayed: true }, 'started by this job (the first try; its reply was lost) · '],
    [
      'one stage: a line instead of a diagram',
      { stages: aRun().stages.slice(0, 2) },
      'queued 5 s → Reading documents 41 s',
    ],
    ['notices', { notices: ['The answer’s type was text/html.'] }, 'The answer’s type was text/html.'],
    ['that a run was attached', { run: { origin: { kind: 'attached' } } }, ', given as run_id · '],
    ['a second attempt', { attempt: 2 }, ' · attempt 2 · '],
    ['one status check, one token', { polls: 1, tokens: 1 }, /\n1 status check, 1 token\n/],
    ['many tokens', { tokens: 1_234 }, '1,234 tokens'],
  ])('tells %s', (_, overrides, expected) => {
    expect(seen(aReport(overrides))).toMatch(expected);
  });

  test('of a run that never was says nothing: no zeros, no empty fold', () => {
    const report = { ...aReport({ commit: '', keyKind: null, jobRunUrl: '', tokens: 0 }), runs: [] };
    expect(renderSummary(report)).toBe(
      [
        '## ❌ Weekly submittal review: 2 of 5 items “not compliant”',
        '**This check is red**.',
        '**To turn this green:** correct the two items in Alloovium, then re-run the failed job: this starts a new run.\n',
      ].join('\n\n'),
    );
    const nothing = {
      workflowId: '',
      projectId: '',
      inputNames: [],
      idempotencyKey: '',
      stages: [],
      polls: 0,
    };
    expect(seen(aReport({ ...nothing, run: null, results: [], tokens: 0 }))).not.toMatch(
      /\b0\b|status check/,
    );
  });

  test('shows 20 of the matching rows and 50 of the others', () => {
    const items = Array.from({ length: 200 }, (_, at) =>
      anItem(`id-${at}`, at < 100 ? 'compliant' : 'not', `reason ${at}`),
    );
    const text = seen(aReport({ results: someResults(items), run: { outputs: null } }));
    expect(text.match(/reason \d+/g)).toHaveLength(70);
    expect(text).toMatch(/… and 80 more\.[^]*… and 50 more\./);
  });
});

describe('the outputs', () => {
  test('texts are text, short values a table, lists of objects tables', () => {
    const tree = parsed(
      renderSummary(
        withOutputs({ summary: 'one\ntwo\n\nthree', n: 5, ok: true, rows: [{ id: 1, reason: 'x' }] }),
      ),
    );
    expect(
      elementsIn(tree)
        .filter(({ tagName }) => tagName === 'p')
        .map(textOf)
        .slice(2, 5),
    ).toEqual(['summary', 'onetwo', 'three']);
    expect(
      elementsIn(tree)
        .filter(({ tagName }) => tagName === 'tr')
        .map((row) =>
          textOf(row)
            .trim()
            .split(/\s*\n\s*/),
        ),
    ).toEqual([
      ['Output', 'Value'],
      ['n', '5'],
      ['ok', 'true'],
      ['Reason', 'ID'],
      ['x', '1'],
    ]);
  });

  test('without a gate, the names that a condition can read are listed as they are', () => {
    const outputs = { summary: 'x', items: [{ document_id: 'a', 'odd`name': 1 }], total: { cost: 1 } };
    expect(seen(withOutputs(outputs))).toContain(
      'Names for fail_if: outputs.summary, outputs.items (items with document_id, odd`name), outputs.total (with cost).',
    );
    expect(seen(aReport())).not.toContain('Names for');
  });

  test('numbers keep their source text', () => {
    expect(seen(withOutputs(parseJson(Buffer.from('{"n":12345678901234567890,"m":1.10}'))))).toMatch(
      /12345678901234567890[^]*1\.10/,
    );
  });

  test('lists are open where no condition looked at them, else folded', () => {
    const outputs = { rows: [{ id: 1 }] };
    expect(renderSummary(withOutputs(outputs))).toContain('<details open>');
    expect(renderSummary(withOutputs(outputs, someResults()))).not.toContain('<details open>');
  });

  test.each<[string, JsonValue, string]>([
    ['a text', 'just text', 'outputs\njust text'],
    ['a list', [1, 2], 'outputs (2)'],
    ['a key that is empty', { '': 'x' }, '(empty)\nx'],
  ])('B5: outputs that are %s', (_, outputs, expected) => {
    expect(seen(withOutputs(outputs)).replaceAll(/\n+/g, '\n')).toContain(expected);
  });

  test.each<[string, JsonValue | undefined]>([
    ['null', null],
    ['missing', undefined],
    ['empty', {}],
  ])('B5: outputs that are %s have no section', (_, outputs) => {
    const text = seen(withOutputs(outputs ?? null));
    expect(text).not.toContain('What the workflow wrote');
    expect(text).not.toContain('Written by a model');
  });

  test('of very many keys the first are shown', () => {
    const outputs = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`key${at}`, 'v']));
    expect(seen(withOutputs(outputs))).toContain('… and 49,960 more outputs: all are in outputs_file.');
  });
});

describe('F11: within what GitHub takes, valid UTF-8, folds and fences closed', () => {
  const big = (text: string): Report => {
    const items = Array.from({ length: 100 }, (_, at) =>
      anItem(`${at}`, at % 2 ? 'compliant' : 'not', text.repeat(100)),
    );
    const keys = Array.from(
      { length: 60 },
      (_, at) => [`${at}${text}`, at % 2 ? text.repeat(8_000) : items] as const,
    );
    return aReport({
      results: Array.from({ length: 4 }, () => someResults(items)).flat(),
      errorMessage: text.repeat(10_000),
      run: { outputs: Object.fromEntries<JsonValue>(keys) },
      notices: Array.from({ length: 30 }, () => text.repeat(1_000)),
      inputNames: Array.from({ length: 100 }, () => text.repeat(100)),
      stages: Array.from({ length: 50 }, (_, at) => ({
        name: text.repeat(1_000),
        fromMs: at,
        toMs: at + 1,
      })),
    });
  };

  test.each(['x', '|', '\ud800', '```\n', '</details>'])('texts of %j', (text) => {
    const report = big(text);
    const summary = renderSummary(report);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    expect(summary.isWellFormed()).toBe(true);
    const file = renderReport(report);
    expect(file.length).toBeLessThanOrEqual(60_000);
    // Parsing a megabyte is slow: only where a fence could be left open.
    for (const markdown of text.endsWith('\n') ? [summary, file] : [file]) {
      expect(markdown).toContain('*Shortened here, to fit: `gate_file` and `outputs_file` have all.*');
      // The facts come last, and are in no fold or fence that was left open.
      const last = parsed(markdown)
        .children.filter(({ type }) => type === 'element')
        .at(-1);
      expect(last && textOf(last)).toMatch(/^Written by a model/);
    }
  });

  test('the report file is the summary, where that is short', () => {
    expect(renderReport(aReport())).toBe(renderSummary(aReport()));
  });
});

describe('of several runs', () => {
  const runs = severalRuns().runs;
  const markdown = renderSummary(severalRuns());

  test('the table of all stands first, then the red ones with all that is known, then the green ones, folded', () => {
    const order = ['| ❌ Tower |', '| ❌ Bridge |', '| ✅ Car park |', '### ❌ Tower', '### ❌ Bridge'];
    const places = [...order, '<details><summary>Car park: all 5 items passed</summary>'].map((text) =>
      markdown.indexOf(text),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test.each(runs.map(({ name, run }) => [name, run!.id]))(
    'the whole ID of the run of %s is in its details',
    (_, id) => {
      expect(markdown.split(`\`${id}\``)).toHaveLength(2);
    },
  );

  test('what is of the step is told once', () => {
    expect(markdown.split('56 tokens')).toHaveLength(2);
    expect(markdown.split('**This check is red**')).toHaveLength(2);
  });

  test.each(['x', '|', '```\n'])('twenty red runs of 20,000 rows of %j fit, and each is told', (text) => {
    const report = manyRuns(20, text);
    const summary = renderSummary(report);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(1_000_000);
    for (const { name } of report.runs) expect(summary).toContain(`### ❌ ${name}`);
    expect(summary.match(/^\| .*row \d+/gm)?.length).toBeGreaterThanOrEqual(20);
    expect(renderReport(report).length).toBeLessThanOrEqual(60_000);
  });
});

describe('F12: nothing of the run is alive', () => {
  const allowed = new Set(
    'h2 h3 p strong em code pre table thead tbody tr th td details summary sub a br blockquote span ul li'.split(
      ' ',
    ),
  );

  test('only our own elements and our own link, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 4, maxLength: 4 }), fc.boolean(), (texts, gated) => {
        const tree = parsed(renderSummary(hostileReport(texts, gated)));
        const elements = elementsIn(tree);
        expect(elements.map(({ tagName }) => tagName).filter((name) => !allowed.has(name))).toEqual([]);
        expect(
          elements.filter(({ tagName }) => tagName === 'a').map(({ properties }) => properties.href),
        ).toEqual(['https://github.com/acme/tower/actions/runs/9876543210']);
        expect(aliveInDocument(tree)).toEqual([]);
        expect(callsIn(renderReport(hostileReport(texts, gated)))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  test('no bot finds a call or a command in the report file, which is posted; in the summary code stays as it is', () => {
    const texts = ['@claude review', '/deploy prod', '{"a":"@claude"}', 'docs/deploy\n/merge\n  @x'];
    const report = hostileReport(texts);
    expect(renderReport(report).replaceAll('\u200b', '')).toMatch(/@claude[^]*\/deploy/);
    expect(callsIn(renderReport(report))).toEqual([]);
    expect(renderSummary(report)).toMatch(/`[^`]*@claude review[^`]*`/);
  });

  test('what looks like a secret stands in the summary as it is, so that the runner’s masks hold', () => {
    const secret = 'p@ss:w#1rd_x*a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b';
    const text = `It found ${secret} in a file.`;
    const results = [
      aResult({ result: 'holds', matched: [{ reason: text }, { reason: secret }] }),
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
      const markdown = renderSummary(aReport({ results, errorMessage, run: { outputs } }));
      const shown = textOf(parsed(markdown)).replaceAll('\u200b', '').split(secret).length;
      expect(shown).toBeGreaterThan(10);
      expect(markdown.split(secret)).toHaveLength(shown);
    }
  });

  test('no tool finds the mark of its comment in it, whatever the status and the texts are', () => {
    const mark = '<!-- Sticky -->';
    const report = aReport({ run: { status: mark, outputs: { a: mark } }, errorMessage: mark });
    for (const text of [renderSummary(report), renderReport(report)]) {
      expect(text).toContain('Sticky');
      expect(text).not.toContain('<!--');
    }
  });

  test('an address of the job run that is none is not linked', () => {
    expect(renderSummary(aReport({ jobRunUrl: 'javascript:alert(1)' }))).not.toContain('](');
  });

  test('rendering is deterministic', () => {
    fc.assert(
      fc.property(fc.array(hostile, { minLength: 2, maxLength: 2 }), (texts) => {
        expect(renderSummary(hostileReport(texts))).toBe(renderSummary(hostileReport(texts)));
      }),
      { numRuns: 20 },
    );
  });
});

test.each([
  [20, 20, ''],
  [21, 20, '… and 1 more notice: see the log.'],
  [300, 20, '… and 280 more notices: see the log.'],
])('of %i notices %i are shown, and how many are not', (given, shown, more) => {
  const notices = Array.from({ length: given }, (_, at) => `Notice no. ${at + 1} of all`);
  const text = seen(aReport({ notices }));
  expect(text.match(/Notice no\. \d+ of all/g)).toHaveLength(shown);
  expect(/… and .* notices?.*/.exec(text)?.[0] ?? '').toBe(more);
});

test('conditions that have no name are shown by their expression', () => {
  const condition = {
    severity: 'fail',
    name: null,
    expression: "outputs.a.filter(i, i.x == '|')",
    line: 1,
  } as const;
  const matched = [{ id: 1 }];
  const report = aReport({
    results: [
      aResult({ condition, result: 'holds', matched }),
      aResult({ condition, result: 'holds', matched, unmatched: [{ id: 2 }] }),
    ],
  });
  expect(seen(report)).toContain("1 item matches outputs.a.filter(i, i.x == '|'):");
  expect(seen(report)).toContain("1 of 2 items matches outputs.a.filter(i, i.x == '|'):");
  expect(titles(report, 'th')).toEqual(expect.arrayContaining(['Expression', 'Result']));
  expect(titles(report, 'th')).not.toContain('Condition');
});

test("the gate's table tells what only warns", () => {
  const [red, warning] = (['fail', 'warn'] as const).map((severity) => {
    const condition = { severity, name: null, expression: 'outputs.a', line: 1 };
    return seen(aReport({ results: [aResult({ condition, result: 'holds', matched: [{ id: 1 }] })] }));
  });
  expect(red).not.toContain('(a warning only)');
  expect(warning).toContain('1 item (a warning only)');
});
