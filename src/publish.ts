/** Where the report goes: each sink is one function, and a failure of one is a warning. */
import type { Github } from './github/octokit.ts';
import { saveBaseline } from './github/artifact.ts';
import { upsertComment, type CommentResult } from './github/comment.ts';
import { isAtHead } from './github/context.ts';
import type { Runner } from './github/runner.ts';
import { setStatus } from './github/status.ts';
import { createAnnotation, formatEndLines, formatResultLines } from './report/log.ts';
import { COMMENT, renderMarkdown, REPORT_FILE, SUMMARY } from './report/markdown.ts';
import { listOutputs } from './report/outputs.ts';
import { listDigests, type Report } from './report/report.ts';
import { describeNotice, type StepNotice } from './report/messages.ts';
import type { StepFiles } from './run/results.ts';
import { escapeSentenceForLog } from './text/escape.ts';

interface Target {
  readonly runner: Runner;
  /** null: the step failed before it was known. */
  readonly github: Github | null;
}

function warn(runner: Runner, notice: StepNotice): void {
  runner.warning(describeNotice(notice));
}

/** Logs each condition with its result. */
export function logResult({ runner }: Target, report: Report): void {
  for (const line of formatResultLines(report)) runner.line(line);
}

/** Logs the verdict, and makes the one annotation that people decide by. */
export function logEnd({ runner }: Target, report: Report, elapsedMs: number): void {
  const annotation = createAnnotation(report);
  if (annotation !== null) runner[annotation.level](annotation.text);
  for (const line of formatEndLines(report, elapsedMs)) runner.line(line);
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

/**
 * Writes all step outputs but `comment_url`, which follows the comment: the runner may kill the step while that is sent.
 * @returns false: they could not be written, so that the step cannot be green
 */
export function writeOutputs({ runner }: Target, report: Report, files: StepFiles): boolean {
  let reportFile = '';
  attempt(runner, 'report file', () => {
    reportFile = runner.writeFile('report.md', renderMarkdown(report, REPORT_FILE));
  });
  const { outputs, missing: names } = listOutputs(report, { ...files, reportFile });
  if (names.length > 0) warn(runner, { code: 'outputs_missing', names: report.isQuiet ? [] : names });
  return attempt(runner, 'step outputs', () => {
    for (const [name, value] of outputs) runner.output(name, value);
  });
}

export function writeSummary({ runner }: Target, report: Report): void {
  if (!report.isQuiet) attempt(runner, 'job summary', () => runner.summary(renderMarkdown(report, SUMMARY)));
}

/** Sets the commit status to the verdict, also after the runner's signal. */
export async function writeFinalStatus({ runner, github }: Target, report: Report): Promise<void> {
  const { context, inputs, stepOutcome, verdict } = report;
  const { statusState: state, headline: description } = verdict;
  if (!context || !github || !inputs || inputs.commitStatus === '' || state === null) return;
  if (stepOutcome?.kind === 'commit_status' || !isAtHead(context)) return;
  const { commit: sha, workflowRunUrl: targetUrl } = context;
  const status = { sha, context: inputs.commitStatus, state, description, targetUrl };
  const statusFailure = await setStatus(github, status);
  if (statusFailure !== null) warn(runner, { code: 'status', failure: statusFailure });
}

/** Writes the comment, and the output `comment_url`. */
export async function writeComment(target: Target, report: Report): Promise<void> {
  const { runner } = target;
  const result = await postComment(target, report);
  if (result?.code === 'failed') warn(runner, { code: 'comment', result });
  if (result?.code === 'outdated')
    runner.line(escapeSentenceForLog(describeNotice({ code: 'comment', result })));
  const url = result !== null && 'url' in result ? result.url : '';
  attempt(runner, 'output `comment_url`', () => runner.output('comment_url', url));
}

/** Posts the report. A step that launched nothing creates no comment, but updates one. @returns null: none was asked for */
async function postComment({ github }: Target, report: Report): Promise<CommentResult | null> {
  const { context, inputs, verdict, results } = report;
  const isMute = ['pending', 'skipped', 'interrupted'].includes(verdict.conclusion);
  if (!context?.pullRequest || !github || !inputs || inputs.comment === 'never' || isMute) return null;
  if (!isAtHead(context)) return null;
  const { workflowFile, job, stepId, commit } = context;
  const isNotable =
    verdict.exitCode !== 0 || results.some(({ findings }) => findings.some(({ isWarning }) => isWarning));
  return upsertComment(github, {
    identity: [
      workflowFile,
      inputs.commentKey || `${job} ${stepId} ${JSON.stringify(inputs.matrix)}`,
      inputs.title,
    ],
    pullRequest: context.pullRequest.number,
    commit,
    canCreate:
      results.some(({ runState }) => runState.runId !== '') && (inputs.comment === 'always' || isNotable),
    digests: results.some(({ entry }) => entry.knownBy.size > 0) ? listDigests(results) : null,
    render: (previous) => renderMarkdown(report, COMMENT, previous),
  });
}

/** Keeps the findings as the baseline, on its branch. */
export async function writeBaseline({ runner, github }: Target, report: Report): Promise<void> {
  const { context, inputs, results, keep } = report;
  if (!context || !inputs || !github || keep !== 'keep') return;
  const reviews = results.flatMap(({ review }) => review ?? []);
  const result = await saveBaseline({ runner, github, context, inputs }, reviews);
  if (result.code !== 'kept') warn(runner, { code: 'kept', result });
}
