/** Outcomes of runs, for what is decided and said of them. */
import type { TerminalStatus } from '../../src/alloovium/statuses.ts';
import type { Condition, ConditionResult, ComparedResult } from '../../src/gate/condition.ts';
import { createFinding } from '../../src/gate/finding.ts';
import type { Ending } from '../../src/runs/events.ts';
import { outcomesOf, type Outcome } from '../../src/runs/outcome.ts';
import { createEmptyRecord } from '../../src/runs/record.ts';
import { verdictOfStep } from '../../src/runs/step-verdict.ts';
import { anEntry, anOrder, evaluateWithoutBaseline } from '../fakes.ts';

export function condition(severity: 'fail' | 'warn', name: string | null = null, expression = 'outputs.a'): Condition {
  return { severity, name, expression, line: 1 };
}

export function result(
  result: ConditionResult['result'],
  {
    severity = 'fail',
    name = 'not compliant',
    matched = 0,
    unmatched = null,
    problem = null,
    reason = null,
    expression = 'outputs.a',
  }: {
    readonly severity?: 'fail' | 'warn';
    readonly name?: string | null;
    readonly matched?: number;
    readonly unmatched?: number | null;
    readonly problem?: string | null;
    readonly reason?: ConditionResult['reason'];
    readonly expression?: string;
  } = {},
): ConditionResult {
  return {
    condition: condition(severity, name, expression),
    result,
    matched: Array.from({ length: matched }, (_, at) => ({ id: at })),
    unmatched: unmatched === null ? null : Array<number>(unmatched).fill(0),
    problem,
    reason,
    notices: [],
  };
}

type Bare<T> = T extends unknown ? Omit<T, 'errorMessage' | 'left'> : never;
export type Given = ConditionResult & Partial<Pick<ComparedResult, 'knownBy' | 'known' | 'isExcused' | 'waived'>>;
/** An ending beside the results of its gate, if it has any, and what is left; not given: the run, if it is known. */
export type Ended = Bare<Ending> & {
  readonly results?: readonly Given[];
  readonly left?: 'unknown';
  readonly errorMessage?: string;
};
/** What is known beside the ending. */
export type Circumstances = Partial<Omit<Outcome, 'ending' | 'order' | 'findings'>> & {
  readonly conditions?: readonly Condition[];
  readonly isGated?: boolean;
  readonly onRerun?: 'resume' | 'fresh';
  readonly isMergeQueue?: boolean;
  readonly baselineBranch?: string;
  readonly isOnBaseline?: boolean;
};

export const completed = (...results: Given[]): Ended => ({ ...ended('completed'), results });
export const ended = (status: TerminalStatus): Ended => ({ kind: 'ended', status });
export const late = {
  kind: 'timed_out',
  waitedFor: '',
  askedMs: null,
  lastFailure: '',
} as const satisfies Ended;
export const interrupted: Ended = { kind: 'interrupted', signal: 'SIGINT' };
export const attached = { origin: { kind: 'attached' } } as const;

/** With the conditions that the results are of. */
export function judged(ending: Ended, change: Circumstances = {}) {
  const { isGated, onRerun = 'resume', isMergeQueue = false, baselineBranch = '', isOnBaseline = false } = change;
  const outcome = anOutcome(ending, change);
  const gated = outcome.entry.gate.conditions.some(({ severity }) => severity === 'fail');
  return verdictOfStep([outcome], null, {
    isGated: isGated ?? gated,
    onRerun,
    isMergeQueue,
    baselineBranch,
    isOnBaseline,
    timeoutMs: 15 * 60_000,
  });
}

export function anOutcome({ results = [], ...ending }: Ended, change: Circumstances = {}, name = ''): Outcome {
  const { conditions = results.map((one) => one.condition), ...known } = change;
  const entry = anEntry({ name, gate: { conditions, evaluate: () => [] } });
  const record = {
    ...createEmptyRecord(anOrder({ entries: [entry] })),
    runId: 'run_1',
    idempotencyKey: 'gha_k',
    ...known,
  };
  const unjudged = { since: null, used: new Set<number>(), stored: null };
  const left = record.runId === '' ? 'nothing' : 'run';
  const over = { left, errorMessage: '', ...ending } as Ending;
  const evaluated = {
    entry,
    findings: results.map((one) => createFinding(evaluateWithoutBaseline(one))),
    ...unjudged,
    baselineUnusedReason: change.baselineUnusedReason ?? '',
    baselineNotes: change.baselineNotes ?? [],
  };
  const [outcome] = outcomesOf({ ...record, stages: [], notices: [], evaluated: [evaluated] }, over);
  return outcome!;
}

export const gated = { conditions: [condition('fail')], isGated: true };
