/** Reports to start from: five submittals, two not compliant, a gate with two conditions. Made by the real `createReport`. */
import type { ErrorCode, RequestFailure } from '../../src/api/errors.ts';
import type { EntryResult } from '../../src/report/outcomes.ts';
import type { Review } from '../../src/gate/findings.ts';
import type { Finding, Item } from '../../src/gate/finding.ts';
import type { Condition } from '../../src/gate/condition.ts';
import type { Context } from '../../src/github/context.ts';
import type { Entry, Inputs } from '../../src/inputs/inputs.ts';
import { STEP_ROWS } from '../../src/inputs/table.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import { createReport, type Report, type ReportParts } from '../../src/report/report.ts';
import { createRunState, type RunState } from '../../src/run/run-state.ts';

export const COMMIT = 'a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b';
export const EARLIER_COMMIT = '3f9c1ab2d4e6f8091a2b3c4d5e6f708192a3b4c5';
export const RUN_ID = 'run_c1d2e3f4-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
export const WORKFLOW_ID = 'wf_1f02d9ef-3c4d-4e5f-8a9b-0c1d2e3f4a5b';
export const PROJECT_ID = '8f2e3c1a-9b8c-4d7e-8f6a-5b4c3d2e1f0a';
export const JOB_PAGE = 'https://github.com/octo-org/tower/actions/runs/9876543210/attempts/1';

/** One submittal of the weekly review, as the vendor documents it. */
export function anItem(id: string, status: string, reason: string): JsonObject {
  return { document_id: id, status, reason };
}

export const DOOR = anItem('4a1c2b3d-0d5e-4f60-8a7b-9c8d7e6f5a4b', 'non-compliant', 'Fire rating 60 min; section 08 11 13 asks for 90 min');
export const SHEET = anItem('9e07f1aa-2b4c-4d6e-8f90-1a2b3c4d5e6f', 'non-compliant', 'Product data sheet is for another model');
export const OTHERS: readonly JsonObject[] = [
  anItem('c55d0e12-7f3a-4b2c-9d1e-0f2a3b4c5d6e', 'compliant', 'Signed shop drawing present'),
  anItem('77b0aa31-5c6d-4e7f-9a8b-0c1d2e3f4a5b', 'compliant', 'Finish schedule matches the specification'),
  anItem('e2d4c6b8-1a3b-4c5d-8e7f-9a0b1c2d3e4f', 'compliant', 'Warranty letter covers ten years'),
];

const NOTHING: Condition = { severity: 'fail', name: 'nothing reviewed', expression: 'size(outputs.items) == 0', line: 1 };

export type FindingOverrides = Partial<Omit<Finding, 'counts' | 'items' | 'others' | 'condition'>> & {
  readonly others?: readonly JsonValue[];
  readonly items?: readonly (JsonValue | Item)[];
  readonly counts?: Partial<Finding['counts']>;
  readonly condition?: Partial<Condition>;
};

function isItem(item: JsonValue | Item): item is Item {
  return typeof item === 'object' && item !== null && 'isKnown' in item;
}

/** A condition that found these items (`{ value, isKnown, remark }`, or a value alone); without items it is not true. */
export function aFinding({ items = [], others, counts, condition, ...overrides }: FindingOverrides = {}): Finding {
  const whole = items.map((item) => (isItem(item) ? item : { value: item, isKnown: null, remark: null }));
  const isCompared = whole.some(({ isKnown }) => isKnown !== null);
  const known = whole.filter(({ isKnown }) => isKnown === true).length;
  const { waived = [], result = whole.length > 0 ? 'true' : 'not_true' } = overrides;
  const severity = condition?.severity ?? 'fail';
  return {
    condition: { ...NOTHING, ...condition },
    result,
    isFailing: severity === 'fail' && result !== 'not_true',
    isWarning: severity === 'warn' && result !== 'not_true',
    problem: null,
    tally: null,
    knownBy: [],
    items: whole,
    waived,
    others: (others ?? []).map((value) => ({ value })),
    gone: [],
    digests: [],
    ...overrides,
    counts: {
      matched: whole.length,
      new: isCompared ? whole.length - known : null,
      known: isCompared ? known : null,
      waived: waived.length,
      others: others?.length ?? null,
      gone: overrides.gone?.length ?? null,
      ...counts,
    },
  };
}

/** "not compliant" with the two submittals that are not, of five. */
export function notCompliant(overrides: FindingOverrides = {}): Finding {
  return aFinding({ items: [DOOR, SHEET], others: OTHERS, ...overrides, condition: { name: 'not compliant', ...overrides.condition } });
}

/** The same of `warn_if`. */
export function asWarning(finding: Finding): Finding {
  const condition = { ...finding.condition, severity: 'warn' as const };
  return { ...finding, condition, isFailing: false, isWarning: finding.result !== 'not_true' };
}

/** `findings`: null: not evaluated. */
export interface ResultOverrides extends Partial<Pick<Entry, 'name' | 'columns' | 'waivers'> & Pick<RunState, 'outcome'>> {
  readonly findings?: readonly Finding[] | null;
  readonly runState?: Partial<RunState>;
  readonly review?: Partial<Review>;
}

/** A completed run with these findings: red, two of five items, unless overridden. */
export function aResult(overrides: ResultOverrides = {}): EntryResult {
  const { name = '', columns = new Map(), waivers = [], outcome = { kind: 'completed' } } = overrides;
  const { findings = [notCompliant(), aFinding()] } = overrides;
  const conditions = (findings ?? []).map(({ condition }) => condition);
  const entry: Entry = { name, gate: { conditions, evaluate: () => [] }, knownBy: new Map(), waivers, columns };
  const runPlan = { workflowId: WORKFLOW_ID, projectId: PROJECT_ID, inputs: {}, runId: '', idempotencyKey: '', entries: [entry] };
  const runState: RunState = {
    ...createRunState(runPlan),
    key: 'gha_a81d0c4f5e6b7a8990a1b2c3d4e5f60718293a4b_5f2c9d1e8b7a6c5d',
    runId: RUN_ID,
    origin: 'started',
    redRunsBefore: 0,
    status: 'completed',
    startedAt: '2026-11-30T04:35:05Z',
    completedAt: '2026-11-30T04:37:18Z',
    outputs: { summary: 'Five submittals were reviewed.', items: [DOOR, SHEET, ...OTHERS], reviewed: 5 },
    outputsJson: null,
    outputsFile: '/temp/outputs.json',
    outcome,
    ...overrides.runState,
  };
  const kept = { name, workflowId: '', projectId: '', conditions: [] };
  const review: Review | null = findings && {
    ...{ findings, baseline: { code: 'none' }, unusedWaivers: [], kept },
    ...overrides.review,
  };
  return { entry, runState, review };
}

/** A run that the last status check showed running. */
export function aTimeout(overrides: ResultOverrides = {}): EntryResult {
  return aResult({
    findings: null,
    outcome: { kind: 'timed_out', phase: 'run', waitedFor: null, askedMs: null, last: null },
    ...overrides,
    runState: { status: 'running', completedAt: '', outputs: undefined, outputsFile: '', openRun: 'run', ...overrides.runState },
  });
}

export function aFailure(code: ErrorCode, overrides: Partial<RequestFailure> = {}): RequestFailure {
  return { kind: 'rejected', code, status: null, detail: '', requestId: '', missingScopes: [], retryAfterMs: null, ...overrides };
}

export const CONTEXT: Context = {
  repository: 'octo-org/tower',
  commit: COMMIT,
  keyScope: COMMIT,
  event: 'pull_request',
  ref: 'refs/pull/7/merge',
  workflowRunId: '9876543210',
  attempt: 1,
  workflowFile: '.github/workflows/review.yml',
  job: 'review',
  stepId: '__run',
  workflowName: 'Review',
  workflowRunUrl: JOB_PAGE,
  serverUrl: 'https://github.com',
  githubApiUrl: 'https://api.github.com',
  isPrivate: true,
  secretsWithheld: false,
  namedPullRequest: 7,
  pullRequest: { number: 7, head: COMMIT },
};

const DEFAULTS = Object.fromEntries(Object.entries(STEP_ROWS).map(([name, { fallback }]) => [name, fallback]));

/** The inputs of a step with the title "Submittals" and the defaults of all others. */
export function someInputs(overrides: Partial<Inputs> = {}): Inputs {
  return { ...DEFAULTS, title: 'Submittals', hasRuns: false, runPlans: [], ...overrides } as unknown as Inputs;
}

export type ReportOverrides = Partial<Omit<ReportParts, 'inputs'>> & { readonly inputs?: Partial<Inputs> };

/** Red, two of five items. */
export function aReport({ inputs, results = [aResult()], ...overrides }: ReportOverrides = {}): Report {
  return createReport({
    context: CONTEXT,
    inputs: someInputs(inputs),
    results,
    stepOutcome: null,
    client: { tokensSpent: () => 52 },
    ...overrides,
  });
}
