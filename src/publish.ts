/** Publishes the report: one function per sink. After the result is known, an error in a report only warns. */
import { toSavedEntry } from './gate/save.ts';
import { saveBaseline } from './github/artifact.ts';
import { upsertComment, type CommentResult } from './github/comment.ts';
import { isAtHead } from './github/context.ts';
import type { Runner } from './github/runner.ts';
import { setStatus } from './github/status.ts';
import { formatGateFile, formatOutputsFile } from './report/gate-file.ts';
import {
  createAnnotation,
  formatEndLines,
  formatResultLines,
  formatStack,
  formatStacks,
} from './report/log.ts';
import { COMMENT, renderMarkdown, REPORT_FILE, SUMMARY } from './report/markdown.ts';
import { describeNotice } from './report/messages.ts';
import { listOutputs } from './report/outputs.ts';
import { createReport, listDigests, type Report } from './report/report.ts';
import type { Deps } from './step.ts';
import { escapeSentenceForLog, type LogLine } from './text/escape.ts';

/** Publishes the report in every sink. @param deps its signal ends what is sent to GitHub. @returns the exit code */
export async function publish(first: Report, deps: Deps): Promise<0 | 1> {
  const { runner, clock } = deps;
  for (const line of formatResultLines(first)) runner.line(line);
  for (const lines of formatStacks(first)) logStack(runner, lines);
  // A step without its outputs fails.
  const noOutputs = { kind: 'no_outputs', message: '' } as const;
  const judged = writeOutputs(deps, first)
    ? first
    : createReport({ ...first.step, outcome: noOutputs }, first.results);
  await attemptCall(judged, deps, 'commit status', () => writeFinalStatus(judged, deps));
  const report = await writeBaseline(judged, deps);
  writeSummary(runner, report);
  await attemptCall(report, deps, 'comment', () => writeComment(report, deps));
  const annotation = createAnnotation(report);
  if (annotation !== null) runner[annotation.level](annotation.text);
  for (const line of formatEndLines(report, clock.now() - report.step.startedAt)) runner.line(line);
  return report.verdict.exitCode;
}

/** Logs the stack of a crash in a closed group, to be copied into an issue. */
export function logStack(runner: Runner, lines: readonly LogLine[]): void {
  runner.startGroup({ safe: 'Stack of the internal error' });
  for (const line of lines) runner.line(line);
  runner.endGroup();
}

/** Does the work of one sink. @returns false: it failed, which the log says */
function attempt(runner: Runner, what: string, work: () => void): boolean {
  try {
    work();
    return true;
  } catch (error) {
    runner.warning(`The ${what} could not be written: ${(error as Error).message}`);
    return false;
  }
}

/** Does what GitHub is called for. After the result is known, an error of our own code only warns. */
async function attemptCall(
  { isQuiet }: Report,
  { runner, redact }: Deps,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    logStack(runner, formatStack(redact((error as Error).stack ?? ''), isQuiet));
    runner.warning(
      `The ${what} could not be written: an internal error. Open an issue with the stack in this log.`,
    );
  }
}

/**
 * Writes the files and all step outputs but `comment_url`, which follows the comment: the runner may kill the step during that call.
 * @returns false: the outputs could not be written
 */
function writeOutputs({ runner, clock }: Deps, report: Report): boolean {
  const files = { outputsFile: '', gateFile: '', reportFile: '' };
  const write = (file: keyof typeof files, what: string, name: string, text: string | null) =>
    text !== null && attempt(runner, what, () => (files[file] = runner.writeFile(name, text)));
  write('outputsFile', 'outputs file', 'outputs.json', formatOutputsFile(report));
  write('gateFile', 'gate file', 'gate.json', formatGateFile(report, clock.date()));
  write('reportFile', 'report file', 'report.md', renderMarkdown(report, REPORT_FILE));
  const { outputs, missing: names } = listOutputs(report, files);
  if (names.length > 0)
    runner.line(
      escapeSentenceForLog(describeNotice({ code: 'outputs_missing', names: report.isQuiet ? [] : names })),
    );
  return attempt(runner, 'step outputs', () => {
    for (const [name, value] of outputs) runner.output(name, value);
  });
}

function writeSummary(runner: Runner, report: Report): void {
  if (!report.isQuiet) attempt(runner, 'job summary', () => runner.summary(renderMarkdown(report, SUMMARY)));
}

/** Sets the commit status to the result, also after the runner's signal. */
async function writeFinalStatus({ step, verdict, words }: Report, { runner, signal }: Deps): Promise<void> {
  const { context, inputs, github, outcome, pendingStatusId } = step;
  const { statusState: state } = verdict;
  if (!context || !github || !inputs || inputs.commitStatus === '' || state === null) return;
  // GitHub may have set `pending` without an answer. A refusal would only be repeated.
  const isRefused =
    outcome?.kind === 'commit_status' && !['no_answer', 'out_of_time'].includes(outcome.failure.code);
  if (isRefused || !isAtHead(context)) return;
  const { commit: sha, workflowRunUrl: targetUrl } = context;
  const status = { sha, context: inputs.commitStatus, state, description: words.headline, targetUrl };
  const result = await setStatus({ ...github, signal }, status, pendingStatusId);
  if (result.code === 'failed') runner.warning(describeNotice({ code: 'status', failure: result.failure }));
  if (result.code === 'replaced')
    runner.line({ safe: 'No commit status: a step that started later has set it to pending.' });
}

/** Writes the comment, and the output `comment_url`. */
async function writeComment(report: Report, deps: Deps): Promise<void> {
  const { runner } = deps;
  const result = await postComment(report, deps);
  if (result?.code === 'failed') runner.warning(describeNotice({ code: 'comment', result }));
  if (result?.code === 'outdated' || result?.code === 'newer_report')
    runner.line(escapeSentenceForLog(describeNotice({ code: 'comment', result })));
  const url = result !== null && 'url' in result ? result.url : '';
  attempt(runner, 'output `comment_url`', () => runner.output('comment_url', url));
}

/** Posts the report. A step without a run creates no comment, but updates one. @returns null: none was asked for */
async function postComment(report: Report, { clock, signal }: Deps): Promise<CommentResult | null> {
  const { step, verdict, results } = report;
  const { context, inputs, github } = step;
  const isMute = ['pending', 'skipped', 'interrupted'].includes(verdict.conclusion);
  if (!context?.pullRequest || !github || !inputs || inputs.comment === 'never' || isMute) return null;
  if (!isAtHead(context)) return null;
  const { workflowFile, job, stepId, commit } = context;
  const isNotable =
    verdict.exitCode !== 0 ||
    results.some(({ gateResult }) => gateResult?.conditions.some(({ isWarning }) => isWarning));
  return upsertComment(
    { ...github, signal },
    {
      identity: [workflowFile, `${job} ${stepId} ${JSON.stringify(inputs.matrix)}`, inputs.title],
      pullRequest: context.pullRequest.number,
      commit,
      startedAt: Math.round(clock.date() - (clock.now() - step.startedAt)),
      canCreate:
        results.some(({ runState }) => runState.runId !== '') && (inputs.comment === 'always' || isNotable),
      digests: results.some(({ entry }) => entry.knownBy.size > 0) ? listDigests(results) : null,
      render: (previous) => renderMarkdown(report, COMMENT, previous),
    },
  );
}

/** Saves the findings as the baseline, on its branch. @returns the report that says so */
async function writeBaseline(report: Report, { runner, clock, signal }: Deps): Promise<Report> {
  const { step, results, save } = report;
  const { context, inputs } = step;
  if (!context || !inputs || save !== 'save') return report;
  const now = { since: new Date(clock.date()).toISOString().slice(0, 10), by: context.actor };
  const saved = results.flatMap(({ entry, runState, gateResult }) => {
    const { workflowId, runPlan } = runState;
    const about = { entry: entry.name, workflowId, projectId: runPlan.projectId };
    return gateResult ? [toSavedEntry(about, gateResult, now)] : [];
  });
  const result = await saveBaseline(context, inputs, saved, { runner, clock, signal });
  const final = createReport({ ...step, saved: result }, results);
  const text = final.baselineRemark;
  if (result.code !== 'saved') runner.warning(text);
  else if (text !== '') runner.line(escapeSentenceForLog(text));
  return final;
}
