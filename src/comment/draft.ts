/** Prepares a report for the comment: its writer, and what the rule compares with the existing comment. Pure. */
import { digestInputs } from '../gate/inputs-digest.ts';
import { isWarning } from '../gate/condition.ts';
import { digest } from '../gate/item-identity.ts';
import type { Context } from '../github/context.ts';
import { groupOrders, type Entry, type Order } from '../inputs/runs-input.ts';
import type { Inputs } from '../inputs/inputs.ts';
import { canonicalJson } from '../intent.ts';
import type { JsonValue } from '../json.ts';
import { compareWithReport } from '../report/changes.ts';
import type { Report } from '../report/report.ts';
import { createMarker, type Memory, type Snapshot, type Writer } from './memory.ts';
import { createSnapshot } from './snapshot.ts';
import { renderComment } from './text.ts';

export interface CommentDraft {
  readonly marker: string;
  /** Full SHA of the report's commit. */
  readonly commit: string;
  readonly writer: Writer;
  /** `comment_key` is set. With the default key other attempts and job runs belong to the same review. */
  readonly isShared: boolean;
  readonly shows: 'red' | 'warned' | 'green';
  /** Why no comment is created; empty: one is. */
  readonly whyNone: string;
  /**
   * The report is green with `on_failure`: no reason to create a comment, or to overwrite one that is green without a warning.
   */
  readonly isNoNews: boolean;
  /**
   * Digest of the attempt and of the report, independent of who launched the run and of what changed since the last comment. The
   * comment is rendered once for this digest alone.
   */
  readonly contentDigest: string;
  /** For each run of the report, in order, the key under which the comment remembers it. */
  readonly runKeys: readonly string[];
  /** What the comment will remember, by these keys. */
  readonly snapshots: ReadonlyMap<string, Snapshot>;
}

/** GITHUB_JOB and GITHUB_ACTION, which name the step within its workflow. */
export type StepName = readonly [job: string, action: string];

/** Prepares the comment on the report. */
export function draftComment(
  report: Report,
  inputs: Inputs,
  context: Context,
  stepName: StepName,
): CommentDraft {
  const marker = createMarker(context.workflowPath, ...inputs.commentKey);
  const shows = shownLevelOf(report);
  // Several jobs that share a comment may use one name for different runs.
  const runKeys = report.runs.map(({ order, entry }) =>
    digest(canonicalJson([entry.name, ...stepName, identifyReview(order, context)])),
  );
  return {
    marker,
    commit: context.commit,
    writer: identifyWriter(report, inputs, context, stepName),
    isShared: inputs.isCommentShared,
    shows,
    whyNone: isNotFound(report) ? 'there is no such workflow or project' : '',
    isNoNews: inputs.comment === 'on_failure' && shows === 'green',
    contentDigest: digest(`${context.attempt} ${renderComment(normaliseOrigins(report), marker)}`),
    runKeys,
    snapshots: createSnapshots(report, runKeys, context.commit),
  };
}

/** Returns the report with its runs that have no baseline compared with what the comment remembers of them. */
export function compareWithMemory(report: Report, { runKeys }: CommentDraft, memory: Memory | null): Report {
  const runs = report.runs.map((run, at) => {
    if (run.since !== null) return run;
    const last = memory?.runs.get(runKeys[at] ?? '');
    // A force-push may lead back to an older run: a run is never compared with itself or with a newer one.
    const isBefore = last !== undefined && last.madeAt < Date.parse(run.run?.createdAt ?? '');
    return { ...run, changes: compareWithReport(run.findings, isBefore ? last : null) };
  });
  return { ...report, runs };
}

/** Returns how the comment shows the report. */
function shownLevelOf({ verdict, runs }: Report): CommentDraft['shows'] {
  if (verdict.exitCode !== 0) return 'red';
  return runs.some(({ findings }) => findings.some(isWarning)) ? 'warned' : 'green';
}

/** Did all runs fail because the API knows no such workflow or project? */
function isNotFound({ runs }: Report): boolean {
  return runs.length > 0 && runs.every(({ ending }) => ending.kind === 'error' && ending.isNotFound);
}

/** Returns the report as if it had launched all its runs, because launching and joining must render the same text. */
function normaliseOrigins(report: Report): Report {
  const runs = report.runs.map((run) => ({ ...run, origin: run.origin && ({ kind: 'new' } as const) }));
  return { ...report, runs };
}

/** Returns the identity of the step's review and gate, by which the comment recognises its writer. */
function identifyWriter(report: Report, inputs: Inputs, context: Context, stepName: StepName): Writer {
  const { runs } = report;
  // A step that failed before its launch has the same writer as one that launched.
  const orders =
    report.orders.length > 0 ? report.orders : groupOrders(inputs.runs ?? [{ ...inputs, name: '' }]);
  // Excludes the baseline's path and commit, which change: with them a red writer would never be recognised again.
  const baseline = [inputs.baseline, report.hasBaseline];
  const reviews = orders.map((order) => identifyReview(order, context));
  const gates = orders.map((order, at) => [
    reviews[at] ?? null,
    ...order.entries.map((entry) => identifyGate(entry, inputs)),
  ]);
  const evaluated = runs.map(({ runId, entry }) => [runId, identifyGate(entry, inputs)]);
  const isEachKnown = runs.length > 0 && runs.every(({ runId }) => runId !== '');
  return {
    id: digest(canonicalJson([stepName, baseline, gates])),
    review: digest(canonicalJson([stepName, reviews])),
    judged: isEachKnown ? digest(canonicalJson([baseline, evaluated])) : '',
    jobRun: context.jobRunId,
    attempt: context.attempt,
    createdAt: new Map(
      runs.flatMap(({ entry, run }) => {
        const ms = Date.parse(run?.createdAt ?? '');
        return Number.isNaN(ms) ? [] : [[digest(entry.name), ms] as const];
      }),
    ),
  };
}

/** Returns, by run key, what the comment will remember of each run that has findings and a creation time. */
function createSnapshots({ runs }: Report, runKeys: readonly string[], commit: string) {
  return new Map(
    runs.flatMap(({ entry, findings, run }, at) => {
      const madeAt = Date.parse(run?.createdAt ?? '');
      if (findings.length === 0 || Number.isNaN(madeAt)) return [];
      return [[runKeys[at] ?? '', createSnapshot(findings, { madeAt, commit }, entry.columns)]];
    }),
  );
}

/**
 * Returns what identifies the review of a run: workflow, project and a digest of its inputs without values that differ between
 * jobs; or its `run_id`.
 */
function identifyReview({ runId, workflowId, projectId, inputs }: Order, { jobValues }: Context): JsonValue {
  return runId === '' ? [workflowId, projectId, digestInputs(inputs, jobValues)] : [runId];
}

/** Returns everything that decides whether an entry is red. A step with a more lenient gate is another writer of the comment. */
function identifyGate({ gate, knownBy, waivers }: Entry, { failOn }: Inputs): JsonValue {
  return [
    failOn,
    gate.conditions.map(({ severity, name, expression }) => [severity, name, expression]),
    [...knownBy].map(([name, fields]) => [name, fields]),
    waivers.map(({ match, condition, until, count }) => [
      [...match].map((pair) => [...pair]),
      condition,
      until,
      count,
    ]),
  ];
}
