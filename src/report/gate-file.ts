/**
 * Formats `gate_file`, the findings of the gate with all items, for people and other tools (docs/gate-file.schema.json), and
 * `outputs_file`. Pure.
 */
import { isFailing } from '../gate/findings.ts';
import type { JsonValue } from '../json.ts';
import type { EntryResult } from '../run/run-state.ts';
import type { Report } from './report.ts';

/** Returns the outputs of the run, or of several by name, as JSON; null: there are none. */
export function formatOutputsFile({ results, step }: Report): string | null {
  if (results.length === 0) return null;
  if (step.inputs?.hasRuns !== true) {
    const { outputs } = results[0]?.runState ?? {};
    return outputs == null ? null : JSON.stringify(outputs);
  }
  const entries = results.map(({ entry, runState }) => [entry.name, runState.outputs ?? null]);
  return JSON.stringify(Object.fromEntries(entries));
}

/** @param date in ms since 1970. @returns null: no gate was evaluated */
export function formatGateFile({ results, step }: Report, date: number): string | null {
  const evaluated = results.filter(({ gateResult }) => gateResult && gateResult.conditions.length > 0);
  if (evaluated.length === 0) return null;
  const { event, ref, workflowRunId, pullRequest, commit } = step.context ?? {};
  const runs = evaluated.map((result) => [result.entry.name, toGateRun(result)] as const);
  const file = {
    version: 1,
    time: new Date(date).toISOString(),
    event,
    ref,
    job_run: workflowRunId,
    pull_request: pullRequest?.number ?? null,
    commit,
    ...(step.inputs?.hasRuns ? { runs: Object.fromEntries(runs) } : runs[0]?.[1]),
  };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/** Each item is in `items` once; conditions refer to its position. */
function toGateRun({ gateResult, runState }: EntryResult) {
  const places = new Map<JsonValue, number>();
  const placeOf = ({ value }: { readonly value: JsonValue }): number => {
    const place = places.get(value) ?? places.size;
    places.set(value, place);
    return place;
  };
  const { conditions = [], baseline } = gateResult ?? {};
  const rows = conditions.map(
    ({ condition, result, problem, knownBy, findings, waived, passed, isCompared }) => ({
      ...condition,
      result,
      matched_count: findings.length,
      known_count: isCompared ? findings.filter(({ isKnown }) => isKnown).length : null,
      waived_count: waived.length,
      of: passed && findings.length + waived.length + passed.length,
      problem: problem?.code ?? null,
      known_by: knownBy,
      matched: findings.map(placeOf),
      known: isCompared ? findings.flatMap(({ isKnown }, nth) => (isKnown ? [nth] : [])) : null,
      waived: waived.map(placeOf),
    }),
  );
  const isGated = conditions.some(({ condition }) => condition.severity === 'fail');
  return {
    gate: gateResult && isFailing(gateResult) ? 'failed' : isGated ? 'passed' : 'none',
    run_id: runState.runId,
    workflow_id: runState.workflowId,
    // The project of a run that another step started is not known.
    project_id: runState.runPlan.runId === '' ? runState.runPlan.projectId : null,
    baseline_commit: baseline?.code === 'usable' ? baseline.commit : null,
    items: [...places.keys()],
    conditions: rows,
  };
}
