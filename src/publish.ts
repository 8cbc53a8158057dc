/** The report is told here: log, files, step outputs, comment, job summary, annotation. */
import { gateFileName } from './baseline-source.ts';
import { placeComment, type CommentParts as PublishParts } from './comment/place-comment.ts';
import { finishStatus } from './commit-status.ts';
import { unusedWaivers } from './gate/waivers.ts';
import type { Host } from './github/host.ts';
import { asksForGate } from './inputs/inputs.ts';
import { columnNotices } from './report/column-notices.ts';
import { baselineLines, greenLine, lastLine, warning } from './report/end-of-log.ts';
import { conditionLines } from './report/log-items.ts';
import { addressOf } from './report/links.ts';
import { annotation, noteLine, reasonLines } from './report/log.ts';
import { gateCounts, stepOutputs } from './report/step-outputs.ts';
import {
  durationSeconds,
  outputsOf,
  reportOf,
  withFailure,
  type Report,
  type RunReport,
  type ReportInput,
} from './report/report.ts';
import { renderReport } from './report/report-file.ts';
import { renderSummary } from './report/summary.ts';
import { emptyRow, runsJson, type RunRow } from './report/runs-json.ts';
import type { Files, StepEnding } from './runs/events.ts';
import { fits, isBaselineReady, joinRuns, NOT_STORED } from './runs/files.ts';
import type { Outcome } from './runs/outcome.ts';
import { redRunsBefore } from './runs/step-verdict.ts';
import { hasGate } from './runs/verdict.ts';
import { WORD } from './alloovium/wire.ts';

/**
 * Decides, tells, and gives the exit code. What is best effort and fails is a warning; outputs that cannot be written are red.
 * @param crash what went wrong inside since this began, if anything did
 */
export async function publish(
  parts: PublishParts,
  step: Omit<ReportInput, 'isGated'>,
  startedAt: number,
  crash: () => StepEnding | null,
): Promise<0 | 1> {
  const { host, clock } = parts;
  const isGated = asksForGate(host.environment);
  const useless = [...uselessWaivers(step.outcomes), ...columnNotices(step.outcomes)];
  const isMany = step.outcomes.length > 1;
  const ofRuns = step.outcomes.flatMap(({ entry, notices }) =>
    notices.map((text) => ({ name: isMany ? entry.name : '', text })),
  );
  const notices = [...ofRuns, ...useless].map(({ name, text }) => (name === '' ? text : `${name}: ${text}`));
  const evaluated = reportOf({ ...step, isGated }, notices);
  logResult(host, evaluated);
  for (const { name, text } of useless) host.line(noteLine(text.endsWith('?') ? text : `${text}.`, name));
  // The outputs first: if the runner kills us while a comment is on its way, the verdict is out.
  const written = writeOutcome(parts, evaluated);
  const { url, report: reported } = await placeComment(parts, written);
  const crashed = reported.verdict.exitCode === 0 ? crash() : null;
  const report = crashed === null ? reported : writeOutcome(parts, withFailure(reported, crashed));
  const { verdict, inputs } = report;
  const files = { report_file: '', comment_url: url };
  try {
    if (verdict.conclusion !== 'skipped')
      files.report_file = host.writeFile('report.md', renderReport(report));
  } catch {
    host.warning('The report file could not be written.', 'loss');
  }
  try {
    for (const name of AFTER_COMMENT) host.output(name, files[name]);
  } catch {
    // Without the outputs above the verdict is red already, and says so; these two alone do not change it.
    if (verdict.headline !== OUTPUTS_FAILED.headline)
      host.warning('The outputs `report_file` and `comment_url` could not be written.', 'loss');
  }
  if (inputs?.jobSummary ?? true) {
    await host
      .summary(renderSummary(report))
      .catch(() =>
        host.warning(
          `The job summary could not be written.${files.report_file && ' `report_file` has the report.'}`,
          'loss',
        ),
      );
  }
  const { context } = report;
  if (inputs !== null && context !== null && inputs.commitStatus !== '')
    await finishStatus(parts, inputs, context, verdict);
  for (const line of reasonLines(report)) host.line(line);
  if (verdict.exitCode !== 0) host.error(annotation(verdict));
  host.line(lastLine(report, clock.now() - startedAt));
  return verdict.exitCode;
}

/** Of each list of waivers, over all runs that it holds for; nothing unless every condition of the step was evaluated. */
function uselessWaivers(outcomes: readonly Outcome[]) {
  const isWhole = outcomes.every(
    ({ entry, findings }) =>
      findings.length === entry.gate.conditions.length &&
      findings.every(({ result }) => result !== 'cannot_be_evaluated'),
  );
  const isEvaluated = outcomes.some(({ findings }) => findings.length > 0);
  const lists = new Set(isWhole && isEvaluated ? outcomes.map(({ entry }) => entry.waivers) : []);
  return [...lists].flatMap((waivers) => {
    const those = outcomes.filter(({ entry }) => entry.waivers === waivers);
    const text = unusedWaivers(waivers, new Set(those.flatMap(({ used }) => [...used])));
    const name = those.length < outcomes.length ? (those[0]?.entry.name ?? '') : '';
    return text === '' ? [] : [{ name, text }];
  });
}

/** Outputs that cannot be written turn the step red. Gives the report of what was written, with their notices. */
function writeOutcome({ host, clock, redact }: PublishParts, judged: Report): Report {
  const { inputs, context, outcomes } = judged;
  const isMany = inputs !== null && inputs.runs !== null;
  let stored: Files = isMany ? NOT_STORED : (outcomes[0]?.stored ?? NOT_STORED);
  try {
    for (const one of outcomes)
      if (one.stored !== null && one.stored.error !== null) throw new Error(one.stored.error);
    if (isMany && context !== null && outcomes.length > 0)
      stored = joinRuns(
        { host, context, gateFileName: gateFileName(inputs, context) },
        outcomes,
        clock.date(),
      );
  } catch (error) {
    return writeFailed(error, FILES_FAILED);
  }
  try {
    return writeOutputs(host, judged, stored);
  } catch (error) {
    return writeFailed(error, OUTPUTS_FAILED);
  }

  function writeFailed(
    error: unknown,
    about: { readonly headline: string; readonly remedy: string },
  ): Report {
    const errorMessage = error instanceof Error ? redact(error.message) : '';
    const failed = withFailure(judged, { kind: 'error', ...about, errorMessage });
    try {
      // Where only the files cannot be written, the outputs can: without them, and with the new verdict.
      return writeOutputs(host, failed, stored);
    } catch {
      // Then the annotation has to do.
      return failed;
    }
  }
}

const FILES_FAILED = {
  headline: 'The files of the step outputs cannot be written',
  remedy: 'Check the disk and the temporary folder of the runner (RUNNER_TEMP).',
};
const OUTPUTS_FAILED = {
  headline: 'The step outputs cannot be written',
  remedy: 'Check that GITHUB_OUTPUT names a file that can be written, and the disk of the runner.',
};

/** The result in the log: the conditions one by one, what they were compared with, what warns, what passed. */
function logResult(host: Host, report: Report): void {
  logConditions(host, report);
  for (const line of baselineLines(report)) host.line(line);
  const { text, isLoss } = warning(report);
  if (text !== '') host.warning(text, isLoss ? 'loss' : 'advice');
  const green = greenLine(report);
  if (green !== null) host.line(green);
}

function logConditions(host: Host, { inputs, outcomes, runs, jobRunUrl }: Report): void {
  // Beside others that are judged, one that is not must not look like them.
  const isAnyGated = outcomes.some(hasGate);
  for (const one of outcomes) {
    if (isAnyGated && !hasGate(one)) host.line(noteLine('no gate', one.entry.name));
  }
  const page = (inputs?.jobSummary ?? true) ? jobRunUrl : null;
  for (const line of conditionLines(runs, page)) host.line(line);
}

/** The outputs that are known only once the comment is placed. */
const AFTER_COMMENT = ['report_file', 'comment_url'] as const;

/** Gives the report, with notices of the outputs. */
function writeOutputs(host: Host, report: Report, stored: Files): Report {
  const { verdict, runs, notices: before } = report;
  const several = report.inputs?.runs ?? null;
  const [only] = several === null ? runs : [];
  // Of several runs, `runs_json` tells what is one run's.
  const row = only === undefined ? emptyRow('') : rowOf(only);
  const order = several === null ? report.orders[0] : undefined;
  // On a first attempt there are none before it, however early it ends.
  const isFirst = host.environment.GITHUB_RUN_ATTEMPT === '1' || report.inputs?.onRerun === 'fresh';
  const red = redRunsBefore(runs) ?? (isFirst ? 0 : null);
  /** Where the step failed before, all that is known of an entry is its conclusion, and whether it has a gate. */
  const unrun = ({ name, isGated }: { readonly name: string; readonly isGated: boolean }): RunRow => ({
    ...emptyRow(name),
    red_runs_before: red,
    conclusion: verdict.conclusion,
    gate: isGated || report.isGated ? verdict.gate : 'none',
  });
  // As the run's outputs: left empty rather than cut.
  const message = fits(report.errorMessage) ? report.errorMessage.toWellFormed() : '';
  const values = {
    run_id: row.run_id,
    workflow_id: row.workflow_id || (order?.workflowId ?? ''),
    status: row.status,
    conclusion: verdict.conclusion,
    gate: verdict.gate,
    headline: verdict.headline,
    outputs_json: '',
    outputs_file: stored.outputsFile,
    gate_file: stored.gateFile,
    outputs_truncated: false,
    commit: report.commit,
    run_url: only === undefined ? '' : addressOf(report.links.runUrl, only, null),
    error_message: message || (verdict.exitCode === 0 ? '' : verdict.headline),
    started_at: row.started_at,
    completed_at: row.completed_at,
    duration_seconds: row.duration_seconds,
    idempotency_key: row.idempotency_key,
    replayed: several === null ? row.replayed : '',
    tokens_spent: report.tokens,
    runs_json: several === null ? '' : runsJson(runs.length > 0 ? runs.map(rowOf) : several.map(unrun)),
    ...gateCounts(runs),
    red_runs_before: red,
    baseline_name:
      report.inputs === null || report.context === null ? '' : gateFileName(report.inputs, report.context),
    baseline_ready: isBaselineReady(runs, report.context),
  };
  const texts = () => Object.entries(values).map(([name, value]) => [name, String(value ?? '')] as const);
  const declared = [...texts(), ...AFTER_COMMENT.map((name) => [name, ''] as const)];
  const { entries, outputsJson, truncated, notices, warnings } = stepOutputs(
    only && outputsOf(only),
    stored.outputsJson,
    declared,
  );
  values.outputs_json = outputsJson;
  values.outputs_truncated = truncated;
  for (const [name, value] of [...texts(), ...entries]) host.output(name, value);
  const isFresh = (text: string) => !before.includes(text);
  for (const text of warnings.filter(isFresh)) host.warning(text, 'loss');
  for (const text of notices.filter(isFresh)) host.line(noteLine(text));
  return { ...report, notices: [...before, ...[...warnings, ...notices].filter(isFresh)] };
}

function rowOf(one: RunReport): RunRow {
  const { run, status, verdict } = one;
  return {
    name: one.entry.name,
    run_id: one.runId,
    workflow_id: one.workflowId,
    project_id: one.order.projectId,
    status: WORD.test(status) ? status : '',
    conclusion: verdict.conclusion,
    gate: verdict.gate,
    headline: verdict.headline,
    ...gateCounts([one]),
    replayed: one.replayed,
    red_runs_before: one.redRunsBefore,
    idempotency_key: one.idempotencyKey,
    started_at: run?.startedAt ?? '',
    completed_at: run?.completedAt ?? '',
    duration_seconds: durationSeconds(one),
    error_message: one.ending.errorMessage,
  };
}
