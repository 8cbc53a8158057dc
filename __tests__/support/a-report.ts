/** Reports to start from: five submittals, two not compliant, a gate with two conditions. Made by the real `createReport`. */
import type { Condition } from '../../src/gate/condition.ts';
import type { ConditionResult, Finding, GateResult } from '../../src/gate/findings.ts';
import type { Context } from '../../src/github/context.ts';
import type { Inputs } from '../../src/inputs/inputs.ts';
import type { Entry } from '../../src/inputs/runs.ts';
import { ENTRY_DEFAULTS } from '../../src/inputs/table.ts';
import { STEP_ROWS } from '../../src/inputs/table.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { ErrorCode, RequestFailure } from '../../src/outcome.ts';
import { createReport, type Report } from '../../src/report/report.ts';
import { createRunState, type EntryResult, type RunState } from '../../src/run/run-state.ts';
import type { Step } from '../../src/step.ts';

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

export type ConditionOverrides = Partial<Omit<ConditionResult, 'findings' | 'condition'>> & {
  readonly items?: readonly (JsonValue | Partial<Finding>)[];
  readonly condition?: Partial<Condition>;
};

function isFinding(item: JsonValue | Partial<Finding>): item is Partial<Finding> {
  return typeof item === 'object' && item !== null && 'value' in item;
}

/** A condition that returned these items (values, or findings); without items it is not met. */
export function aCondition({ items = [], condition, ...overrides }: ConditionOverrides = {}): ConditionResult {
  const findings = items.map((item): Finding => ({
    value: null,
    digest: '',
    isKnown: false,
    saved: null,
    remark: null,
    ...(isFinding(item) ? item : { value: item }),
  }));
  const { waived = [], result = findings.length > 0 ? 'met' : 'not_met' } = overrides;
  const severity = condition?.severity ?? 'fail';
  const isOnlyKnown = findings.length > 0 && findings.every(({ isKnown }) => isKnown);
  return {
    condition: { ...NOTHING, ...condition },
    result,
    problem: null,
    tally: null,
    knownBy: [],
    findings,
    waived,
    passed: null,
    isCompared: findings.some(({ isKnown }) => isKnown),
    mismatch: null,
    noLongerReported: [],
    isFailing: severity === 'fail' && result !== 'not_met' && !isOnlyKnown,
    isWarning: severity === 'warn' && result !== 'not_met',
    ...overrides,
  };
}

/** "not compliant" with the two submittals that are not, of five. */
export function notCompliant(overrides: ConditionOverrides = {}): ConditionResult {
  return aCondition({ items: [DOOR, SHEET], passed: OTHERS, ...overrides, condition: { name: 'not compliant', ...overrides.condition } });
}

/** The same of `warn_if`. */
export function asWarning(result: ConditionResult): ConditionResult {
  const condition = { ...result.condition, severity: 'warn' as const };
  return { ...result, condition, isFailing: false, isWarning: result.result !== 'not_met' };
}

/** `conditions`: null: not evaluated. */
export interface ResultOverrides extends Partial<Pick<Entry, 'name' | 'columns' | 'waivers'> & Pick<RunState, 'outcome'>> {
  readonly conditions?: readonly ConditionResult[] | null;
  readonly runState?: Partial<RunState>;
  readonly gateResult?: Partial<GateResult>;
  /** What `run_1` found, which a re-run skipped. */
  readonly earlier?: readonly ConditionResult[];
}

/** A completed run with these findings: red, two of five items, unless overridden. */
export function aResult(overrides: ResultOverrides = {}): EntryResult {
  const { name = '', columns = new Map(), waivers = [], outcome = { kind: 'completed' } } = overrides;
  const { conditions = [notCompliant(), aCondition()] } = overrides;
  const gate = { conditions: (conditions ?? []).map(({ condition }) => condition), evaluate: () => [] };
  const entry: Entry = { ...ENTRY_DEFAULTS, name, gate, waivers, columns };
  const runPlan = { ...ENTRY_DEFAULTS, workflowId: WORKFLOW_ID, projectId: PROJECT_ID, entries: [entry] };
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
    outcome,
    ...overrides.runState,
  };
  const gateResult: GateResult | null = conditions && {
    ...{ conditions, baseline: { code: 'none' }, unusedWaivers: [], endingWaivers: [], baselineEnds: '' },
    ...overrides.gateResult,
  };
  const earlier = overrides.earlier
    ? {
        runId: 'run_1',
        gateResult: { conditions: overrides.earlier, baseline: { code: 'none' }, unusedWaivers: [] } as never as GateResult,
      }
    : null;
  return { entry, runState, gateResult, earlier };
}

/** A run that the last status check showed running. */
export function aTimeout(overrides: ResultOverrides = {}): EntryResult {
  return aResult({
    conditions: null,
    outcome: { kind: 'timed_out', phase: 'run', isQueued: false, last: null, leftMs: 0 },
    ...overrides,
    runState: { status: 'running', completedAt: '', outputs: undefined, openRun: 'run', ...overrides.runState },
  });
}

export function aFailure(code: ErrorCode, overrides: Partial<RequestFailure> = {}): RequestFailure {
  return {
    kind: 'rejected',
    code,
    status: null,
    apiCode: '',
    detail: '',
    requestId: '',
    missingScopes: [],
    retryAfterMs: null,
    ...overrides,
  };
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
  defaultBranch: 'main',
  mergeCommit: '',
  isPrivate: true,
  secretsWithheld: false,
  isFork: false,
  isSaveRequested: false,
  actor: 'octocat',
  namedPullRequest: 7,
  pullRequest: { number: 7, head: COMMIT },
};

const DEFAULTS = Object.fromEntries(Object.entries(STEP_ROWS).map(([name, { fallback }]) => [name, fallback]));

/** The inputs of a step with the title "Submittals" and the defaults of all others. */
export function someInputs(overrides: Partial<Inputs> = {}): Inputs {
  return { ...DEFAULTS, title: 'Submittals', hasRuns: false, fromConfig: [], runPlans: [], ...overrides } as unknown as Inputs;
}

export type ReportOverrides = Partial<Omit<Step, 'inputs'>> & {
  readonly inputs?: Partial<Inputs>;
  readonly results?: readonly EntryResult[];
};

/** A failing report, with two of five items. */
export function aReport({ inputs, results = [aResult()], ...overrides }: ReportOverrides = {}): Report {
  const client = { tokensSpent: () => 52 } as Step['client'];
  const step = {
    startedAt: 0,
    startDate: Date.parse('2026-11-30T07:42:18Z'),
    context: CONTEXT,
    inputs: someInputs(inputs),
    github: null,
    client,
    pendingStatusId: null,
    saved: null,
    changesGate: false,
    outcome: null,
    ...overrides,
  };
  return createReport(step, results);
}
