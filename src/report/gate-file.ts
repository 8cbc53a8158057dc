/** The `gate_file`: what the gate found, for whoever comes after, the action itself (`baseline_file`) among them. Pure. */
import { identifyingKey } from '../gate/finding.ts';
import type { ConditionResult } from '../gate/condition.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json.ts';
import { COMMIT, conditionIds, RUN_ID } from './snapshot.ts';

/** The job that wrote it. */
export interface Origin {
  /** GITHUB_EVENT_NAME, GITHUB_REF, GITHUB_RUN_ID */
  readonly event: string;
  readonly ref: string;
  readonly jobRunId: string;
  /** null: none, or not one. */
  readonly pullRequest: number | null;
  /** Full SHA, or empty. */
  readonly commit: string;
}

/** One run as its gate judged it. */
export interface JudgedRun {
  readonly gate: 'passed' | 'failed' | 'none';
  readonly runId: string;
  readonly workflowId: string;
  /** Empty: none; null: not known. */
  readonly projectId: string | null;
  /** The commit of the baseline by which items are known, or empty; null: there was none. */
  readonly baseline: string | null;
  readonly results: readonly ConditionResult[];
}

/**
 * The file of a step's one run. Numbers keep their source text. In pieces: items that match many conditions are in it as often,
 * and could be more than one string may hold.
 */
export function* gateFile(origin: Origin, run: JudgedRun): Generator<string> {
  yield* gateFileHead(origin);
  yield* gateFileRun(run);
  yield '\n}\n';
}

/** The file of a step with `runs`: each run by its name, in the order given. */
export function* gateFileOfRuns<Piece>(
  origin: Origin,
  runs: Iterable<readonly [name: string, run: JudgedRun | Iterable<Piece>]>,
): Generator<string | Piece> {
  yield* gateFileHead(origin);
  yield '\n  "runs": {';
  let isFirst = true;
  for (const [name, run] of runs) {
    yield `${isFirst ? '' : ','}\n  ${JSON.stringify(name)}: {`;
    yield* 'results' in run ? gateFileRun(run) : run;
    yield '\n  }';
    isFirst = false;
  }
  yield '\n  }\n}\n';
}

function* gateFileHead({ jobRunId, pullRequest, ...origin }: Origin): Generator<string> {
  const { event, ref, commit } = origin;
  const head = { version: 2, event, ref, job_run: jobRunId, pull_request: pullRequest, commit };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},`;
}

/** One run of several, to be put together with the others by `gateFileOfRuns`. */
export function* gateFileRun({ gate, runId, workflowId, projectId, ...run }: JudgedRun): Generator<string> {
  const about = {
    ...{ gate, run_id: runId, workflow_id: workflowId, project_id: projectId },
    baseline_commit: run.baseline,
  };
  yield `${JSON.stringify(about, null, 2).slice(1, -2)},\n  "conditions": [`;
  for (const [at, one] of run.results.entries()) {
    const { severity, name, expression, line } = one.condition;
    const { matched, unmatched, known } = one;
    const condition = {
      ...{ severity, name, expression, line },
      result: one.result,
      matched_count: matched.length,
      new_count: known === undefined ? null : known.filter((isKnown) => !isKnown).length,
      of: unmatched && matched.length + unmatched.length,
      identified_by: matched.length === 0 ? null : identifyingKey(one),
      problem: one.problem,
    };
    yield `${at === 0 ? '' : ','}\n    ${JSON.stringify(condition).slice(0, -1)},"matched":[`;
    for (const [nth, item] of matched.entries())
      yield `${nth === 0 ? '' : ','}\n      ${JSON.stringify(item)}`;
    const fresh = matched.flatMap((_, nth) => (known?.[nth] === true ? [] : [nth]));
    // Their places; of what no baseline knows, all are new.
    yield `],"new":${known === undefined ? 'null' : JSON.stringify(fresh)}}`;
  }
  yield '\n  ]';
}

/** What was read. */
export interface GateFile extends Origin {
  /** By name; a step's one run has the empty one. */
  readonly runs: ReadonlyMap<string, FileRun>;
}

export interface FileRun extends Pick<JudgedRun, 'runId' | 'workflowId' | 'projectId' | 'baseline'> {
  readonly conditions: readonly FileCondition[];
}

export interface FileCondition {
  /** Of `conditionIds`. */
  readonly id: string;
  readonly isEvaluated: boolean;
  /** The key that tells its items apart, or null. */
  readonly key: string | null;
  readonly matched: readonly JsonValue[];
  /** Which of them the file itself calls known: one for each. */
  readonly known: readonly boolean[];
}

/** null: no `gate_file` of version 2. */
export function readGateFile(json: JsonValue): GateFile | null {
  if (!isJsonObject(json) || json.version !== 2) return null;
  const { event, ref, job_run: jobRunId, pull_request: pullRequest, commit, runs } = json;
  if (typeof event !== 'string' || typeof ref !== 'string' || typeof jobRunId !== 'string') return null;
  if (pullRequest !== null && typeof pullRequest !== 'number') return null;
  if (typeof commit !== 'string' || !COMMIT.test(commit)) return null;
  const all = runs === undefined ? [['', json] as const] : isJsonObject(runs) ? Object.entries(runs) : [];
  const read = new Map<string, FileRun>();
  for (const [name, value] of all) {
    const run = isJsonObject(value) ? readRun(value) : null;
    if (run === null) return null;
    read.set(name, run);
  }
  return read.size === 0 ? null : { event, ref, jobRunId, pullRequest, commit, runs: read };
}

function readRun(json: JsonObject): FileRun | null {
  const { run_id: runId, workflow_id: workflowId, project_id: projectId, baseline_commit: baseline } = json;
  if (typeof runId !== 'string' || !RUN_ID.test(runId) || typeof workflowId !== 'string') return null;
  if (projectId !== null && typeof projectId !== 'string') return null;
  if (baseline !== null && !(typeof baseline === 'string' && COMMIT.test(baseline))) return null;
  if (!Array.isArray(json.conditions)) return null;
  const conditions = (json.conditions as readonly JsonValue[]).map(readCondition);
  if (!conditions.every((one) => one !== null)) return null;
  const ids = conditionIds(conditions);
  return {
    ...{ runId, workflowId, projectId, baseline },
    conditions: conditions.map((one, at) => ({ ...one, id: ids[at] ?? '' })),
  };
}

function readCondition(json: JsonValue) {
  if (!isJsonObject(json)) return null;
  const { name, expression, result, identified_by: key, matched, new: fresh } = json;
  if (typeof expression !== 'string' || !(name === null || typeof name === 'string')) return null;
  if (result !== 'holds' && result !== 'does_not_hold' && result !== 'cannot_be_evaluated') return null;
  if (!(key === null || typeof key === 'string') || !Array.isArray(matched)) return null;
  const isPlace = (place: unknown) => Number.isInteger(place) && Object.hasOwn(matched, place as number);
  // A new one that is not found would pass for known.
  if (!(fresh === null || (Array.isArray(fresh) && fresh.every(isPlace)))) return null;
  const places = new Set<unknown>(fresh ?? matched.keys());
  return {
    ...{ name, expression, key },
    isEvaluated: result !== 'cannot_be_evaluated',
    matched: matched as readonly JsonValue[],
    known: matched.map((_, nth) => !places.has(nth)),
  };
}
