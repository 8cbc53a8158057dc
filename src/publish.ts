/** Writes a report on the runner: log, step outputs, report file, job summary, annotation. */
import type { Clock } from './clock.ts';
import type { Host } from './github/host.ts';
import {
  formatBaselineLines,
  formatPassedLine,
  formatLastLine,
  describeWarning,
} from './report/end-of-log.ts';
import type { RunEntry } from './inputs/runs-input.ts';
import { formatConditionLines } from './report/log-items.ts';
import { fillUrl } from './report/links.ts';
import { formatAnnotation, formatNote, formatReasonLines } from './report/log.ts';
import { countGateMatches, buildStepOutputs } from './report/step-outputs.ts';
import { readDurationSeconds, outputsOf, addFailure, type Report, type RunReport } from './report/report.ts';
import { renderReport } from './report/report-file.ts';
import { renderSummary } from './report/summary.ts';
import { createEmptyRow, formatRunsJson, type RunRow } from './report/runs-json.ts';
import type { Files } from './runs/events.ts';
import { fitsInOutput, isBaselineReady, writeJoinedFiles, NOT_STORED } from './runs/run-files.ts';
import { countRedRunsBefore } from './runs/step-verdict.ts';
import { hasGate } from './runs/verdict.ts';
import { WORD } from './alloovium/wire.ts';

export interface OutputParts {
  readonly host: Host;
  readonly clock: Clock;
  readonly redact: (text: string) => string;
}

/** Logs the result: the conditions one by one, the comparison with the baseline, the warnings, and a green verdict. */
export function logResult(host: Host, report: Report): void {
  logConditions(host, report);
  for (const line of formatBaselineLines(report)) host.line(line);
  const { text, isLoss } = describeWarning(report);
  if (text !== '') host.warning(text, isLoss ? 'loss' : 'advice');
  const green = formatPassedLine(report);
  if (green !== null) host.line(green);
  for (const { name, text } of report.advice)
    host.line(formatNote(text.endsWith('?') ? text : `${text}.`, name));
}

/** Logs the conditions of each run with at most ten items each, and which runs have no gate if another has one. */
function logConditions(host: Host, { inputs, runs, jobRunUrl }: Report): void {
  // A run without a gate must not look like an evaluated one.
  const isAnyGated = runs.some(hasGate);
  for (const one of runs) {
    if (isAnyGated && !hasGate(one)) host.line(formatNote('no gate', one.entry.name));
  }
  const page = (inputs?.jobSummary ?? true) ? jobRunUrl : null;
  for (const line of formatConditionLines(runs, page)) host.line(line);
}

/**
 * Writes the step outputs and the files of several runs. If outputs cannot be written, the step becomes red.
 * @returns the report as it was written, with notices about the outputs
 */
export function writeStepOutputs(parts: OutputParts, report: Report): Report {
  const { files, error } = joinFiles(parts, report);
  if (error !== null) return writeAfterFailure(parts, report, files, { ...FILES_FAILED, error });
  try {
    return writeOutputs(parts.host, report, files);
  } catch (error) {
    return writeAfterFailure(parts, report, files, { ...OUTPUTS_FAILED, error });
  }
}

interface WriteFailure {
  readonly headline: string;
  readonly remedy: string;
  readonly error: unknown;
}

/** Writes the outputs again after a failure, with the new verdict. Returns the failed report. */
function writeAfterFailure(
  { host, redact }: OutputParts,
  report: Report,
  files: Files,
  { headline, remedy, error }: WriteFailure,
): Report {
  const errorMessage = error instanceof Error ? redact(error.message) : '';
  const failed = addFailure(report, { kind: 'error', headline, remedy, errorMessage });
  try {
    // If only the files cannot be written, the outputs still can.
    return writeOutputs(host, failed, files);
  } catch {
    // The annotation still reports the failure.
    return failed;
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

/** Returns the files of the only run, or joins those of several runs; `error`: why they are not complete. */
function joinFiles(
  { host, clock }: OutputParts,
  { inputs, context, runs, gateFileName }: Report,
): { readonly files: Files; readonly error: Error | null } {
  const [why] = runs.flatMap(({ stored }) => stored?.error ?? []);
  const error = why === undefined ? null : new Error(why);
  if (!inputs?.runs) return { files: runs[0]?.stored ?? NOT_STORED, error };
  if (error !== null || context === null || runs.length === 0) return { files: NOT_STORED, error };
  try {
    return { files: writeJoinedFiles({ host, context, gateFileName }, runs, clock.date()), error: null };
  } catch (error) {
    return { files: NOT_STORED, error: error instanceof Error ? error : new Error() };
  }
}

/** The outputs that are known only after the comment is written. */
const LAST_OUTPUTS = ['report_file', 'comment_url'] as const;

/** Writes `report_file`. @returns its path; empty: there is none */
export function writeReportFile(host: Host, report: Report): string {
  if (report.verdict.conclusion === 'skipped') return '';
  try {
    return host.writeFile('report.md', renderReport(report));
  } catch {
    host.warning('The report file could not be written.', 'loss');
    return '';
  }
}

/** Writes the outputs that are known last. A failure is only a warning. */
export function writeLastOutputs(
  host: Host,
  { verdict }: Report,
  values: Readonly<Record<(typeof LAST_OUTPUTS)[number], string>>,
): void {
  try {
    for (const name of LAST_OUTPUTS) host.output(name, values[name]);
  } catch {
    // Where no output can be written the verdict is red already, and says so; these two alone do not change it.
    if (verdict.headline !== OUTPUTS_FAILED.headline)
      host.warning('The outputs `report_file` and `comment_url` could not be written.', 'loss');
  }
}

/** Writes the job summary, unless it is disabled. @param reportFile its path; empty: it was not written */
export async function writeSummary(host: Host, report: Report, reportFile: string): Promise<void> {
  if (!(report.inputs?.jobSummary ?? true)) return;
  try {
    await host.summary(renderSummary(report));
  } catch {
    const instead = reportFile === '' ? '' : ' `report_file` has the report.';
    host.warning(`The job summary could not be written.${instead}`, 'loss');
  }
}

/** Logs why the step is red, its annotation, and the last line. */
export function logEnding(host: Host, report: Report, elapsedMs: number): void {
  const { verdict } = report;
  for (const line of formatReasonLines(report)) host.line(line);
  if (verdict.exitCode !== 0) host.error(formatAnnotation(verdict));
  host.line(formatLastLine(report, elapsedMs));
}

/** Writes all other outputs. Returns the report with notices about them. */
function writeOutputs(host: Host, report: Report, stored: Files): Report {
  const { verdict, runs, notices: before } = report;
  const several = report.inputs?.runs ?? null;
  const [only] = several === null ? runs : [];
  // With several runs, `runs_json` has what belongs to one run.
  const row = only === undefined ? createEmptyRow('') : rowOfRun(only);
  const order = several === null ? report.orders[0] : undefined;
  // On a first attempt there are no earlier runs, even if it failed early.
  const isFirst = host.environment.GITHUB_RUN_ATTEMPT === '1' || report.inputs?.onRerun === 'fresh';
  const red = countRedRunsBefore(runs) ?? (isFirst ? 0 : null);
  // Left empty rather than cut, as the run's outputs are.
  const message = fitsInOutput(report.errorMessage) ? report.errorMessage.toWellFormed() : '';
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
    run_url: only === undefined ? '' : fillUrl(report.links.runUrl, only, null),
    error_message: message || (verdict.exitCode === 0 ? '' : verdict.headline),
    started_at: row.started_at,
    completed_at: row.completed_at,
    duration_seconds: row.duration_seconds,
    idempotency_key: row.idempotency_key,
    replayed: several === null ? row.replayed : '',
    tokens_spent: report.tokens,
    runs_json:
      several === null
        ? ''
        : formatRunsJson(
            runs.length > 0 ? runs.map(rowOfRun) : several.map((entry) => rowWithoutRun(entry, report, red)),
          ),
    ...countGateMatches(runs),
    red_runs_before: red,
    baseline_name: report.gateFileName,
    baseline_ready: isBaselineReady(runs, report.context),
  };
  const texts = () => Object.entries(values).map(([name, value]) => [name, String(value ?? '')] as const);
  const declared = [...texts(), ...LAST_OUTPUTS.map((name) => [name, ''] as const)];
  const { entries, outputsJson, truncated, notices, warnings } = buildStepOutputs(
    only && outputsOf(only),
    stored.outputsJson,
    declared,
  );
  values.outputs_json = outputsJson;
  values.outputs_truncated = truncated;
  for (const [name, value] of [...texts(), ...entries]) host.output(name, value);
  const isFresh = (text: string) => !before.includes(text);
  for (const text of warnings.filter(isFresh)) host.warning(text, 'loss');
  for (const text of notices.filter(isFresh)) host.line(formatNote(text));
  return { ...report, notices: [...before, ...[...warnings, ...notices].filter(isFresh)] };
}

/** Returns the row of an entry if the step failed before its runs: only its conclusion is known, and whether it has a gate. */
function rowWithoutRun(
  { name, isGated }: Pick<RunEntry, 'name' | 'isGated'>,
  { isGated: isStepGated, verdict }: Report,
  redRunsBefore: number | null,
): RunRow {
  return {
    ...createEmptyRow(name),
    red_runs_before: redRunsBefore,
    conclusion: verdict.conclusion,
    gate: isGated || isStepGated ? verdict.gate : 'none',
  };
}

/** Returns the run's row in `runs_json`. */
function rowOfRun(one: RunReport): RunRow {
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
    ...countGateMatches([one]),
    replayed: one.replayed,
    red_runs_before: one.redRunsBefore,
    idempotency_key: one.idempotencyKey,
    started_at: run?.startedAt ?? '',
    completed_at: run?.completedAt ?? '',
    duration_seconds: readDurationSeconds(one),
    error_message: one.ending.errorMessage,
  };
}
