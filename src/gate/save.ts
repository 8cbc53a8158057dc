/** Decides whether a step saves its findings as the baseline, and what it saves. Pure. */
import { truncate } from '../text/escape.ts';
import { BASELINE_EVENTS, hasArtifacts, type SavedEntry } from './baseline.ts';
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
  | 'failing';

/** What decides about saving, besides the results. */
export interface SaveFacts {
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
}

/** Decides whether this step's findings become the baseline. @param results of all entries; null: not evaluated */
export function decideToSave(facts: SaveFacts, results: readonly (GateResult | null)[]): SaveDecision {
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
  if (!facts.isRequested && failing.some(({ isFailing }) => isFailing)) return 'failing';
  return 'save';
}

const MAX_VALUES = 1_000;
const MAX_VALUE_LENGTH = 100;

/** Returns the part of the artifact for one entry. */
export function toSavedEntry(
  { entry, workflowId, projectId }: Pick<GateContext, 'entry' | 'workflowId' | 'projectId'>,
  { conditions }: GateResult,
): SavedEntry {
  const saved = conditions.filter(
    ({ condition, knownBy }) => condition.severity === 'fail' && knownBy.length > 0,
  );
  return {
    name: entry,
    workflowId,
    projectId,
    conditions: saved.map(({ condition, knownBy, findings, waived }) => ({
      id: digestScope(entry, condition, knownBy),
      digests: findings.map(({ digest }) => digest),
      values: findings
        .slice(0, MAX_VALUES)
        .map(({ value }) =>
          knownBy.slice(0, 2).map((field) => truncate(readFieldText(value, field) ?? '', MAX_VALUE_LENGTH)),
        ),
      waived: waived.map(({ digest }) => digest),
    })),
  };
}
