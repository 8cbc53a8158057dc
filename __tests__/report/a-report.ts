/** A report to start from: five submittals, two not compliant, a gate with two conditions, a second push. */
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { createFinding, type Finding } from '../../src/gate/finding.ts';
import type { FieldLists } from '../../src/gate/field-lists.ts';
import type { ComparedResult } from '../../src/gate/condition.ts';
import { NOT_EVALUATED } from '../../src/gate/baseline.ts';
import type { Waiver } from '../../src/gate/waivers.ts';
import { createSnapshot } from '../../src/comment/snapshot.ts';
import type { Report, RunReport } from '../../src/report/report.ts';
import type { Origin } from '../../src/runs/events.ts';
import { createEmptyRecord } from '../../src/runs/record.ts';
import type { Run } from '../../src/alloovium/wire.ts';
import { anEntry, anOrder, evaluateWithoutBaseline } from '../fakes.ts';

export const COMMIT = 'a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b';
export const EARLIER_COMMIT = '3f9c1ab2d4e6f8091a2b3c4d5e6f708192a3b4c5';
export const RUN_ID = 'run_c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f';

/** One submittal of the weekly review, as the vendor documents it. */
export function anItem(id: string, status: string, reason: string): JsonObject {
  return { document_id: id, status, reason };
}

/** Pages of the runs and the items. */
export const LINKS = {
  runUrl: 'https://app.example.com/runs/{run_id}',
  itemUrl: 'https://app.example.com/p/{project_id}/d/{document_id}',
};

/** The identifying value of an item. */
export function idOf({ document_id: id }: JsonObject): string {
  return typeof id === 'string' ? id : '';
}

export const ITEMS: readonly JsonObject[] = [
  anItem('4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b', 'non-compliant', 'Fire rating 60 min; section 08 11 13 asks for 90 min'),
  anItem('c55d0e12-7f3a-4b2c-9d1e-0f2a3b4c5d6e', 'compliant', 'Signed shop drawing present'),
  anItem('9e07f1aa-2b4c-4d6e-8f90-1a2b3c4d5e6f', 'non-compliant', 'Product data sheet is for another model'),
  anItem('77b0aa31-5c6d-4e7f-9a8b-0c1d2e3f4a5b', 'compliant', 'Finish schedule matches the specification'),
  anItem('e2d4c6b8-1a3b-4c5d-8e7f-9a0b1c2d3e4f', 'compliant', 'Warranty letter covers ten years'),
];

/** What makes two of them the same. */
export const KNOWN_BY = ['document_id', 'status'];

const isCompliant = (item: JsonObject) => item.status === 'compliant';

/** What the gate made of the items: "not compliant" matches those that are not. */
export function someResults(items: readonly JsonObject[] = ITEMS): Finding[] {
  const matched = items.filter((item) => !isCompliant(item));
  return [
    aResult({
      condition: {
        severity: 'fail',
        name: 'not compliant',
        expression: "outputs.items.filter(i, i.status != 'compliant')",
        line: 1,
      },
      result: matched.length > 0 ? 'holds' : 'does_not_hold',
      matched,
      unmatched: items.filter(isCompliant),
      knownBy: KNOWN_BY,
    }),
    aResult({
      condition: {
        severity: 'fail',
        name: 'nothing reviewed',
        expression: 'size(outputs.items) == 0',
        line: 2,
      },
    }),
  ];
}

/** The same of `warn_if`. */
export const alsoWarns = (finding: Finding): Finding => ({
  ...finding,
  condition: { ...finding.condition, severity: 'warn' },
});

export function aResult(overrides: Partial<ComparedResult>): Finding {
  return createFinding(
    evaluateWithoutBaseline({
      condition: { severity: 'fail', name: 'broken', expression: 'outputs.broken', line: 1 },
      result: 'does_not_hold',
      matched: [],
      unmatched: null,
      problem: null,
      notices: [],
      ...overrides,
    }),
  );
}

/** A run as a report shows it. */
interface Shown extends Pick<Run, 'stage' | 'outputs' | 'startedAt' | 'completedAt'> {
  readonly id: string;
  readonly status: string;
  readonly origin: Origin;
}

/** Of the report and of its one run. */
export type Overrides = Partial<Pick<Report, OfStep | 'errorMessage'>> &
  Partial<Omit<RunReport, 'verdict' | 'run' | 'findings'>> & {
    readonly verdict?: Partial<Report['verdict']>;
    readonly run?: Partial<Shown> | null;
    readonly results?: readonly Finding[];
    readonly name?: string;
    readonly waivers?: readonly Pick<Waiver, 'because' | 'until'>[];
    readonly columns?: FieldLists;
    readonly projectId?: string;
    readonly inputNames?: readonly string[];
  };

/** Of one run alone. */
type RunOverrides = Omit<Overrides, OfStep>;
type OfStep = 'title' | 'commit' | 'attempt' | 'links' | 'jobRunUrl' | 'keyKind' | 'tokens' | 'notices';

/** The report of the second push: red, two of five items match. */
export function aReport(overrides: Overrides = {}): Report {
  const { title, commit, attempt, links, jobRunUrl, keyKind, tokens, notices, ...ofRun } = overrides;
  const run = { ...aRun(ofRun), notices: notices ?? [] };
  return {
    isGated: true,
    context: null,
    inputs: null,
    hasBaseline: false,
    gateFileName: '',
    orders: [],
    failure: null,
    terms: {
      isGated: true,
      onRerun: 'resume',
      timeoutMs: 0,
      isMergeQueue: false,
      isOnBaseline: false,
      baselineBranch: '',
    },
    verdict: run.verdict,
    title: title ?? 'Weekly submittal review',
    errorMessage: run.ending.errorMessage,
    runs: [run],
    commit: commit ?? COMMIT,
    attempt: attempt ?? 1,
    links: links ?? { runUrl: '', itemUrl: '' },
    jobRunUrl: jobRunUrl ?? 'https://github.com/acme/tower/actions/runs/9876543210',
    keyKind: keyKind === undefined ? 'test' : keyKind,
    tokens: tokens ?? 56,
    advice: [],
    notices: notices ?? [],
  };
}

/** One run of it. */
export function aRun({
  verdict,
  run,
  results = someResults(),
  name = '',
  waivers = [],
  columns = new Map(),
  projectId = '8f2e3c1a-9b8c-4d7e-8f6a-5b4c3d2e1f0a',
  inputNames = ['start_date', 'end_date'],
  errorMessage = '',
  ...overrides
}: Omit<Overrides, OfStep> = {}): RunReport {
  const shown = run === null ? null : { ...theRun(), ...run };
  const match = new Map<string, string>();
  const inputs = Object.fromEntries(inputNames.map((input) => [input, '']));
  const gate = { conditions: results.map(({ condition }) => condition), evaluate: () => [] };
  return {
    ...createEmptyRecord(anOrder({ projectId, inputs })),
    ...NOT_EVALUATED,
    entry: anEntry({
      name,
      gate,
      columns,
      waivers: waivers.map((one) => ({ match, condition: null, count: 1, ...one })),
    }),
    ending: { kind: 'ended', status: 'completed', errorMessage },
    stored: null,
    verdict: {
      conclusion: 'gate_failed',
      exitCode: 1,
      gate: 'failed',
      headline: '2 of 5 items “not compliant”',
      brief: '“not compliant” matched 2 of 5 items',
      nextStep: 'Correct the items in Alloovium, then re-run the failed job: this starts a new run.',
      steps: [],
      earlier: '',
      ...verdict,
      lead: verdict?.lead ?? verdict?.headline ?? '2 of 5 items “not compliant”',
    },
    findings: results,
    changes: null,
    ...(shown && { runId: shown.id, status: shown.status, origin: shown.origin }),
    run: shown && {
      ...shown,
      runId: shown.id,
      workflowId: '',
      progress: null,
      errorMessage: null,
      createdAt: '',
      status: shown.outputs === undefined ? 'running' : 'completed',
    },
    workflowId: 'wf_1f02d9ef-3c4d-4e5f-8a9b-0c1d2e3f4a5b',
    idempotencyKey: 'gha_a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b_5f2c9d1e8b7a6c5d',
    polls: 31,
    stages: [
      { name: 'queued', fromMs: 0, toMs: 5_000 },
      { name: 'Reading documents', fromMs: 5_000, toMs: 46_000 },
      { name: 'Analysing submittals', fromMs: 46_000, toMs: 118_000 },
      { name: 'Writing the summary', fromMs: 118_000, toMs: 133_000 },
    ],
    ...overrides,
  };
}

/** The report of a step with these runs. */
export function aReportOf(runs: RunReport[], overrides: Overrides = {}): Report {
  return { ...aReport({ title: 'Submittals', ...overrides }), runs, errorMessage: '' };
}

const [door = '', shop = '', sheet = ''] = ITEMS.map(idOf);

/** The first push: another item was wrong then, and one of today's was not yet. */
const FIRST = [
  anItem(door, 'compliant', 'Fire rating 90 min'),
  anItem(shop, 'non-compliant', 'Shop drawing is not signed'),
  anItem(sheet, 'non-compliant', 'Product data sheet is for another model'),
];
export const firstState = createSnapshot(someResults(FIRST), {
  madeAt: 1,
  commit: EARLIER_COMMIT,
});

export const GREEN = ITEMS.map((item) => anItem(idOf(item), 'compliant', 'Meets section 08 11 13'));
export const green = {
  verdict: {
    conclusion: 'success',
    exitCode: 0,
    gate: 'passed',
    headline: '5 items passed',
    brief: '5 passed',
    nextStep: '',
  },
  results: someResults(GREEN),
  run: {
    outputs: {
      summary: 'Five submittals were reviewed. All meet their sections.',
      items: GREEN,
      reviewed: 5,
    },
  },
} as const satisfies RunOverrides;

/** As many red runs, each with 20,000 rows of such texts. */
export function manyRuns(count: number, text: string): Report {
  const items = Array.from({ length: 20_000 }, (_, row) =>
    anItem(`id-${row}`, row % 2 === 0 ? 'non-compliant' : 'compliant', `row ${row} ${text.repeat(300)}`),
  );
  const results = someResults(items);
  // As the files have been written, of a list only so much is kept.
  const run = { outputs: { items: items.slice(0, 50) } };
  const runs = Array.from({ length: count }, (_, at) => aRun({ name: `Project ${at + 1}`, results, run }));
  const headline = `${count} of ${count} runs are red: Project 1 (“not compliant” matched 10000 of 20000 items)`;
  return aReportOf(runs, { verdict: { headline, brief: `${count} of ${count} runs are red` } });
}

/** The same report with these texts wherever a text can come from outside. */
export function hostileReport(texts: readonly string[], gated = true): Report {
  const text = texts.join(' ');
  const rows = texts.map((value, at): JsonObject => ({
    [value]: value,
    document_id: value,
    reason: value,
    list: [value],
    at,
  }));
  const results = [
    {
      ...aResult({ result: 'holds', matched: rows, unmatched: rows }),
      waived: texts.length,
      waivedIds: texts.map((_, by) => String(by).padEnd(12)).join(''),
      waivedRows: texts.map((_, by) => ({ item: rows[by] ?? null, by })),
      fieldChanges: new Map(texts.map((value, at) => [at, [{ kind: 'field_changed', field: value, then: value, now: value }] as const])),
    },
    aResult({ result: 'holds', matched: texts, unmatched: texts }),
    aResult({ result: 'cannot_be_evaluated', problem: text }),
    aResult({
      condition: { severity: 'warn', name: null, expression: text.replaceAll(/\s/g, ' '), line: 1 },
      result: 'holds',
    }),
  ];
  const removed = new Map<string, JsonValue>(rows.map((row, at) => [String(at), row]));
  const items = { itemStates: rows.map(() => 'new' as const), before: null, removed };
  return aReport({
    workflowId: text,
    links: LINKS,
    waivers: texts.map((because) => ({ because, until: '2026-12-31' })),
    title: texts[0] ?? '',
    errorMessage: texts.join('\n'),
    results: gated ? results : [],
    changes: gated
      ? {
          since: '',
          baselineOf: '2026-04-07T02:00:00.000Z',
          conditions: [items, null, null, null],
        }
      : null,
    run: {
      status: text,
      stage: text,
      outputs: Object.fromEntries<JsonValue>([
        ...texts.map((value) => [value, value] as const),
        ['rows', rows],
        ['list', [...texts]],
        ['on', true],
      ]),
      startedAt: text,
      completedAt: text,
    },
    stages: texts.map((name, at) => ({ name, fromMs: at * 1_000, toMs: (at + 1) * 1_000 })),
    notices: [...texts],
    inputNames: texts,
    projectId: text,
  });
}

/** What bots would take for a call or a command in a document of ours: its own address and closing tags are none. */
export function callsIn(markdown: string): string[] {
  const untrusted = markdown
    .replace(/^<!-- alloovium.*-->$/gm, '')
    .replaceAll('<span></span>', '\u200b')
    .replaceAll(aReport().jobRunUrl, '')
    .replace(/\]\(https:\/\/app\.example\.com\/runs\/[\w.~%-]*\)/g, '')
    .replace(/\]\(https:\/\/app\.example\.com\/p(\/[\w.~%-]*)\/d(\/[\w.~%-]*)\)/g, '$1$2')
    .replace(/<\/(?:code|details|span|sub|summary)>/g, ' ');
  return untrusted.match(/@(?!\u200b)|\/[a-z]\w*/gi) ?? [];
}

function theRun(): Shown {
  const outputs: JsonValue = {
    summary:
      'Five submittals were reviewed for the week of 16 November.\n\nTwo need attention: the door set 08 11 13 is rated for 60 minutes, and one data sheet belongs to another model.',
    items: ITEMS,
    reviewed: 5,
  };
  return {
    id: RUN_ID,
    status: 'completed',
    stage: '',
    origin: { kind: 'new' },
    outputs,
    startedAt: '2026-11-25T09:14:05Z',
    completedAt: '2026-11-25T09:16:18Z',
  };
}
