/** Decides whether a step saves its findings as the baseline, and what it saves. Pure. */
import { BASELINE_EVENTS, hasArtifacts, type SavedEntry, type SavedFinding } from '../baseline.ts';
import { truncate } from '../text/escape.ts';
import type { GateContext, GateResult } from './findings.ts';
import { digestScope, readFieldText } from './identity.ts';

/** Whether the step saves its findings as the baseline, or why not. */
export type SaveDecision =
  | 'save'
  /** The step has no `baseline`. */
  | 'no_baseline'
  | 'enterprise_server'
  /** Neither `push`, `schedule` nor `workflow_dispatch`. */
  | 'other_event'
  | 'other_ref'
  | 'with_pull_request'
  | 'with_run_id'
  | 'not_completed'
  | 'not_evaluated'
  | 'only_true'
  /** There are findings, and none has all fields of `known_by`. */
  | 'no_identity'
  /** The memory of the baseline would be lost. A damaged one is replaced if `save_baseline` is checked. */
  | 'baseline_unavailable'
  | 'baseline_damaged'
  | 'failing';

/** Decides whether this step's findings become the baseline. @param results of all entries; null: not evaluated */
export function decideToSave(
  facts: {
    /** The branch that `baseline` names; empty: none. */
    readonly branch: string;
    readonly event: string;
    /** GITHUB_REF */
    readonly ref: string;
    readonly serverUrl: string;
    /** The inputs `pull_request` and `run_id` are given. */
    readonly hasPullRequest: boolean;
    readonly hasRunId: boolean;
    /** Somebody started the GitHub workflow with the input `save_baseline` checked. */
    readonly isRequested: boolean;
  },
  results: readonly (GateResult | null)[],
): SaveDecision {
  const failing = results
    .flatMap((result) => result?.conditions ?? [])
    .filter(({ condition }) => condition.severity === 'fail');
  if (facts.branch === '') return 'no_baseline';
  if (!BASELINE_EVENTS.includes(facts.event)) return 'other_event';
  if (facts.ref !== `refs/heads/${facts.branch}`) return 'other_ref';
  if (facts.hasPullRequest) return 'with_pull_request';
  if (facts.hasRunId) return 'with_run_id';
  if (!hasArtifacts(facts.serverUrl)) return 'enterprise_server';
  if (results.includes(null)) return 'not_completed';
  if (failing.some(({ result }) => result === 'cannot_be_evaluated')) return 'not_evaluated';
  if (failing.some(({ result, findings }) => result === 'met' && findings.length === 0)) return 'only_true';
  const findings = failing.flatMap((one) => [...one.findings, ...one.waived]);
  if (findings.length > 0 && findings.every(({ digest }) => digest === '')) return 'no_identity';
  const codes = results.map((result) => result?.baseline.code);
  if (codes.some((code) => code === 'not_fetched' || code === 'timed_out')) return 'baseline_unavailable';
  if (!facts.isRequested && codes.includes('damaged')) return 'baseline_damaged';
  if (!facts.isRequested && failing.some(({ isFailing }) => isFailing)) return 'failing';
  return 'save';
}

const MAX_VALUES = 1_000;
const MAX_VALUE_LENGTH = 100;

/** Saved reviews in a row that have to lack a finding before the baseline forgets it (`npm run bench -- flaps`). */
export const MAX_MISSED = 3;

/** Returns the part of the artifact for one entry: what the review found, and what of the baseline it lacks but does not yet forget. */
export function toSavedEntry(
  { entry, workflowId, projectId }: Pick<GateContext, 'entry' | 'workflowId' | 'projectId'>,
  { conditions, baseline }: GateResult,
  now: Pick<SavedFinding, 'since' | 'by'>,
  maxMissed = MAX_MISSED,
): SavedEntry {
  const before = baseline.code === 'usable' ? baseline.entries.find(({ name }) => name === entry) : undefined;
  const gated = conditions.filter(
    ({ condition, knownBy }) => condition.severity === 'fail' && knownBy.length > 0,
  );
  return {
    name: entry,
    workflowId,
    projectId,
    conditions: gated.map((one) => {
      const { condition, knownBy } = one;
      const id = digestScope(entry, condition, knownBy);
      const findings = one.findings
        .filter(({ digest }) => digest !== '')
        .map(({ digest, value, saved }, nth): SavedFinding => {
          const { since, by } = saved ?? now;
          const fields = nth < MAX_VALUES ? knownBy.slice(0, 2) : [];
          const values = fields.map((field) => truncate(readFieldText(value, field) ?? '', MAX_VALUE_LENGTH));
          return { digest, values, missed: 0, since, by };
        });
      const waived = one.waived.map(({ digest }) => digest).filter(Boolean);
      const earlier = before?.conditions.find((other) => other.id === id)?.findings ?? [];
      return {
        id,
        name: digestScope(entry, condition, []),
        findings: [...findings, ...carryOver(earlier, findings, waived, maxMissed)],
        waived,
      };
    }),
  };
}

/** Returns the earlier findings that the review lacks. A waived one leaves at once, or nobody would notice the end of its waiver. */
function carryOver(
  earlier: readonly SavedFinding[],
  findings: readonly SavedFinding[],
  waived: readonly string[],
  maxMissed: number,
): SavedFinding[] {
  const isWaived = new Set(waived);
  const reported = Map.groupBy(findings, ({ digest }) => digest);
  // Each reported finding stands for one of the earlier ones, first for those that were missed least.
  return earlier
    .filter(({ digest }) => !isWaived.has(digest) && reported.get(digest)?.pop() === undefined)
    .map((one) => ({ ...one, missed: one.missed + 1 }))
    .filter(({ missed }) => missed < maxMissed);
}
