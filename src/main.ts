/** Runs the action from its inputs to its exit code: inputs → orders → outcomes → verdict → report. */
import {
  setBaselineBranch,
  nameGateFileAndArtifact,
  downloadBaseline,
  readBaselineFile,
  type Baseline,
} from './baseline-source.ts';
import { createClient } from './alloovium/client.ts';
import type { Transport } from './alloovium/transport.ts';
import type { Clock } from './clock.ts';
import { BUDGET } from './gate/gate-file.ts';
import { NOT_CHECKED, readContext, type Context } from './github/context.ts';
import { remedyOfEvent, type EventFile } from './github/event.ts';
import type { Host } from './github/host.ts';
import type { writeStickyComment } from './github/sticky-comment.ts';
import { asksForGate, InputError, NO_WORKFLOW, readInputs, type Inputs } from './inputs/inputs.ts';
import { findProxy } from './inputs/proxy.ts';
import { groupOrders } from './inputs/runs-input.ts';
import { readSecrets } from './inputs/secrets.ts';
import { CommitStatusError, finishStatus, startStatus } from './commit-status.ts';
import { createListener } from './progress.ts';
import { writeComment } from './comment/write-comment.ts';
import {
  logEnding,
  logResult,
  writeLastOutputs,
  writeReportFile,
  writeStepOutputs,
  writeSummary,
} from './publish.ts';
import { formatNote } from './report/log.ts';
import { createReport, addFailure, type Report, type ReportInput } from './report/report.ts';
import { failureOf, Interrupted, stepEndingOf } from './runs/ending.ts';
import { NoAnswerError, resolveContext } from './reviewed-commit.ts';
import { runOrders } from './runs/run.ts';
import { listWorkflowLines } from './runs/unknown-workflow.ts';
import { StepError } from './step-error.ts';
import { logLine } from './text/escape.ts';
import { createRedactor } from './text/redact.ts';

/** What the action uses of the outside world; tests pass fakes. */
export interface Parts {
  readonly host: Host;
  readonly transport: Transport;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Aborted when the runner stops the step (reason: Interrupted) or something crashed (reason: the error). */
  readonly signal: AbortSignal;
  readonly readEvent: () => Promise<EventFile>;
  /** Returns the time since this attempt of the job began on its runner; 0: not known. */
  readonly jobAgeMs: () => number;
  readonly writeStickyComment: typeof writeStickyComment;
}

type MainParts = Parts & { readonly redact: (text: string) => string };

/** Runs the action and reports the result. Returns the exit code. */
export async function run(parts: Parts): Promise<0 | 1> {
  const { host, clock, signal } = parts;
  const startedAt = clock.now();
  const secrets = readSecrets(host.environment);
  for (const secret of secrets) host.mask(secret);
  const own: MainParts = { ...parts, redact: createRedactor(secrets) };

  const step = await readStep(own);
  const { baselineFile, ...known } = step;
  const { inputs, context } = known;
  const gateFileName = inputs === null || context === null ? '' : nameGateFileAndArtifact(inputs, context);
  const { outcomes, tokens } = await runStep(own, step, gateFileName, startedAt);
  if (signal.reason instanceof Interrupted)
    host.line(logLine`The runner stopped this step (${signal.reason.signalName}).`);
  const hasBaseline = baselineFile !== null && typeof baselineFile === 'object';
  return publish(own, { ...known, gateFileName, hasBaseline, outcomes, tokens }, startedAt);
}

/**
 * Writes the report everywhere, and returns the exit code. A failure to write is a warning; without the step outputs the step is
 * red.
 */
async function publish(parts: MainParts, input: ReportInput, startedAt: number): Promise<0 | 1> {
  const { host, clock, signal } = parts;
  const wasAborted = signal.aborted;
  const evaluated = createReport(input);
  logResult(host, evaluated);
  // Outputs before the comment: if the runner kills the step while the comment is written, they have the verdict.
  const written = writeStepOutputs(parts, evaluated);
  const { url, report: commented } = await writeComment(parts, written);
  const report = wasAborted ? commented : addCrash(parts, commented);
  const reportFile = writeReportFile(host, report);
  writeLastOutputs(host, report, { report_file: reportFile, comment_url: url });
  await writeSummary(host, report, reportFile);
  await finishStatus(parts, report);
  logEnding(host, report, clock.now() - startedAt);
  return report.verdict.exitCode;
}

/** Turns a green report red after a crash since it was published. The runner's signal does not, since the verdict is known. */
function addCrash(parts: MainParts, report: Report): Report {
  const { signal, redact } = parts;
  const isCrash = signal.aborted && !(signal.reason instanceof Interrupted);
  if (!isCrash || report.verdict.exitCode !== 0) return report;
  return writeStepOutputs(parts, addFailure(report, failureOf(signal.reason, redact)));
}

/** What the step is to do, as far as it could be read, or why it fails. */
interface Step extends Omit<ReportInput, 'outcomes' | 'gateFileName' | 'hasBaseline'> {
  readonly baselineFile: Baseline;
}

/** Reads inputs and event, and requests from GitHub what they do not contain. */
async function readStep(parts: MainParts): Promise<Step> {
  const step = await readInputsAndEvent(parts);
  const { inputs, context, failure } = step;
  if (inputs === null || context === null || failure !== null) return step;
  return askGithub(parts, step, inputs, context);
}

/** Reads inputs and event. Never throws: an error becomes the step's failure. */
async function readInputsAndEvent(parts: MainParts): Promise<Step> {
  const { host, readEvent, redact } = parts;
  let known: Step = {
    isGated: asksForGate(host.environment),
    context: null,
    inputs: null,
    orders: [],
    baselineFile: null,
    failure: null,
    tokens: 0,
  };
  try {
    host.checkOutputs();
    const event = await readEvent();
    const context = readContext(host.environment, event.payload, event.fault);
    if (event.fault !== '')
      host.line(formatNote(`The event's file ${event.fault}: there is no comment, and no full baseline.`));
    known = { ...known, context };
    const inputs = await readInputs(host.environment);
    host.titleAnnotations(inputs.authorTitle);
    known = {
      ...known,
      inputs,
      orders: groupOrders(inputs.runs ?? [{ ...inputs, name: '' }]),
      baselineFile: readBaselineFile(host, inputs),
    };
    if (isSkipped(inputs, context)) return { ...known, failure: SKIPPED };
    if (inputs.apiKey === '') {
      throw new StepError(
        '`api_key` is empty, and so is ALLOOVIUM_API_KEY',
        context.secretsWithheld
          ? 'GitHub gives this job no secrets, since it runs for a fork or for Dependabot; with `on_missing_key: skip` such jobs pass without a review.'
          : 'Check the step or the secret that it comes from.',
      );
    }
    findProxy(inputs.apiUrl, host.environment);
    if (event.fault !== '' && context.event === 'issue_comment') checkCommentEvent(inputs, event.fault);
    return known;
  } catch (error) {
    const inputs = error instanceof InputError ? error.usable : known.inputs;
    host.titleAnnotations(inputs?.authorTitle ?? '');
    const isUnset = error instanceof InputError && error.message === NO_WORKFLOW;
    // The job that should have launched the run was skipped too, so there is no `run_id`.
    if (isUnset && isSkipped(inputs, known.context)) return { ...known, inputs, failure: SKIPPED };
    const canLogWorkflows = isUnset && known.context?.isPrivate === true;
    const tokens = canLogWorkflows && inputs !== null ? await logWorkflows(parts, inputs) : 0;
    const reported = await resolveForReport(parts, inputs, known.context);
    return { ...known, ...reported, tokens, failure: stepEndingOf(error, redact) };
  }
}

/** Returns inputs and context for the report on a step that failed, as far as the inputs are usable. Never throws. */
async function resolveForReport(
  parts: MainParts,
  inputs: Inputs | null,
  context: Context | null,
): Promise<Pick<Step, 'inputs' | 'context'>> {
  if (inputs === null || context === null) return { inputs, context };
  // `pull_request` is invalid, so the commit is not known.
  const isGiven = (parts.host.environment.INPUT_PULL_REQUEST ?? '').trim() !== '';
  if (isGiven && inputs.pullRequest === null) return removePullRequest(inputs, context);
  try {
    return { inputs, context: await resolveContext(parts, inputs, context) };
  } catch {
    return removePullRequest(inputs, context);
  }
}

/**
 * Requests the head of the pull request, which is part of the key, and writes the `pending` status: both before anything is
 * launched.
 */
async function askGithub(parts: MainParts, step: Step, inputs: Inputs, context: Context): Promise<Step> {
  try {
    const resolved = await resolveContext(parts, inputs, context);
    return await writePendingStatus(parts, { ...step, context: resolved }, inputs, resolved);
  } catch (error) {
    const failure = stepEndingOf(error, parts.redact);
    // The comment on the failure needs the head, so it is requested from GitHub once more, now.
    if (error instanceof NoAnswerError)
      return { ...step, ...(await resolveForReport(parts, inputs, context)), failure };
    return { ...step, ...removePullRequest(inputs, context), failure };
  }
}

/**
 * Writes the `pending` status, if `commit_status` is set.
 * @returns the step; if the status was not written, with a failure and without `commit_status`
 */
async function writePendingStatus(
  parts: MainParts,
  step: Step,
  inputs: Inputs,
  context: Context,
): Promise<Step> {
  if (inputs.commitStatus === '') return step;
  try {
    await startStatus(parts, inputs, context);
    return step;
  } catch (error) {
    // Otherwise the runner stopped the step, and its end is written as the status.
    const isNotWritten = error instanceof CommitStatusError;
    const failure = stepEndingOf(error, parts.redact);
    return { ...step, inputs: isNotWritten ? removeStatus(inputs) : inputs, failure };
  }
}

/** Returns inputs and context without pull request and status, because the commit may be another than the step's. */
function removePullRequest(inputs: Inputs, context: Context): Pick<Step, 'inputs' | 'context'> {
  const pullRequest = { kind: 'none', reason: NOT_CHECKED } as const;
  return { inputs: removeStatus(inputs), context: { ...context, pullRequest } };
}

/** Returns the inputs without `commit_status`: the commit may be another, or the first status could not be written. */
function removeStatus(inputs: Inputs): Inputs {
  return { ...inputs, commitStatus: '' };
}

/** Checks that the step does not need the event's file. @throws StepError only the event's file names the pull request */
function checkCommentEvent({ pullRequest, comment, commitStatus }: Inputs, fault: string): void {
  if (pullRequest !== null || (comment === 'never' && commitStatus === '')) return;
  throw new StepError(
    `The event's file ${fault}: the action needs it for the pull request of issue_comment`,
    remedyOfEvent(fault),
  );
}

const SKIPPED = { kind: 'skipped', errorMessage: '' } as const;

/** Is the step to be skipped? Only with `on_missing_key: skip`, if the key is missing because GitHub gives the job no secrets. */
function isSkipped(inputs: Inputs | null, context: Step['context']): boolean {
  return inputs?.apiKey === '' && inputs.onMissingKey === 'skip' && context?.secretsWithheld === true;
}

/** Logs the workflows that the key may run, for an author who does not know the ID yet. @returns the tokens spent */
async function logWorkflows(parts: MainParts, { apiUrl, apiKey }: Inputs): Promise<number> {
  const { host, signal } = parts;
  if (apiKey === '') return 0;
  const client = createClient({ ...parts, apiUrl, apiKey });
  try {
    // Throws if the key would bypass the proxy.
    findProxy(apiUrl, host.environment);
    for (const line of await listWorkflowLines(client, signal)) host.line(line);
  } catch {
    // The failure that ended the step is reported in any case.
  }
  return client.tokensSpent();
}

/** Launches the orders and waits for their outcomes, unless the step has already failed. */
async function runStep(parts: MainParts, step: Step, gateFileName: string, startedAt: number) {
  const { context, inputs, orders, baselineFile, failure, tokens } = step;
  if (failure !== null || context === null || inputs === null) return { outcomes: [], tokens };
  const { host, clock } = parts;
  const { apiUrl, apiKey, onRerun, wait, ignored, failOn } = inputs;
  const client = createClient({ ...parts, apiUrl, apiKey });
  const baseline =
    inputs.baseline === ''
      ? Promise.resolve(baselineFile)
      : downloadBaseline(parts, inputs, context, gateFileName);
  // If the step ends before an evaluation, a rejection is not handled elsewhere.
  baseline.catch(() => undefined);
  const entries = orders.flatMap((order) => order.entries).length;
  const job = {
    ...parts,
    client,
    context: setBaselineBranch(context, inputs.baseline),
    onRerun,
    wait,
    ignored,
    failOn,
    baseline,
    gateFileName,
    // One `gate_file` has all runs of the step.
    budget: { bytes: BUDGET.bytes / entries, values: BUDGET.values / entries },
    deadline: startedAt + inputs.timeoutMs,
    attemptBeganAt: startedAt - parts.jobAgeMs(),
  };
  const listenedTo = { inputs, context, orders, tokensSpent: client.tokensSpent };
  const createOrdersListener = (nextLaunchMs: () => number | null) =>
    createListener(host, clock, { ...listenedTo, nextLaunchMs });
  const outcomes = await runOrders(orders, job, createOrdersListener, (missingMs) => {
    const minutes = Math.ceil((inputs.timeoutMs + missingMs) / 60_000) + 1;
    host.warning(
      `The API key has too few tokens to launch all runs in time: set \`timeout_minutes\` to ${minutes} or more.`,
    );
  });
  // Entries of one intent were one order; this restores the order of the input.
  const names = (inputs.runs ?? []).map(({ name }) => name);
  const inOrder = [...outcomes].sort((a, b) => names.indexOf(a.entry.name) - names.indexOf(b.entry.name));
  return { outcomes: inOrder, tokens: client.tokensSpent() };
}
