/** Reads what the step is to do, or why it cannot. Nothing is launched here. */
import { Fault } from './fault.ts';
import type { StepFailure } from './endings.ts';
import { GithubFailure, startTimeLimit, type Github } from './github/api.ts';
import {
  askForPullRequest,
  ContextFailure,
  isAtHead,
  readContext,
  readEvent,
  type Context,
} from './github/context.ts';
import { fetchConfig } from './github/config.ts';
import type { Runner } from './github/runner.ts';
import { setStatus } from './github/status.ts';
import { readInputs, type InputFault, type Inputs } from './inputs/inputs.ts';
import { readApiKey } from './inputs/secrets.ts';
import type { Parts } from './main.ts';
import { Interrupted } from './runs/outcome.ts';
import { logLine } from './text/escape.ts';

/** Filled on the way, so that a step that fails here can be reported as far as it is known. */
export interface Step {
  context: Context | null;
  inputs: Inputs | null;
  github: Github | null;
  failure: StepFailure | null;
}

/** Never throws. */
export async function prepare(
  parts: Parts,
  redact: (text: string) => string,
  startedAt: number,
): Promise<Step> {
  const step: Step = { context: null, inputs: null, github: null, failure: null };
  const done = new AbortController();
  try {
    parts.runner.checkOutputs();
    parts.runner.writeFile('report.md', '');
  } catch (error) {
    return { ...step, failure: { kind: 'no_outputs', what: 'outputs', message: (error as Error).message } };
  }
  try {
    step.failure = await fill(step, parts, done.signal, startedAt);
  } catch (error) {
    step.failure = toStepFailure(error, redact);
  } finally {
    done.abort();
  }
  return step;
}

/** @returns why nothing can be launched; null: it can */
async function fill(
  step: Step,
  { runner, clock, signal, fetch, eventPath }: Parts,
  done: AbortSignal,
  startedAt: number,
): Promise<StepFailure | null> {
  const { environment } = runner;
  const context = readContext(environment, await readEvent(eventPath, clock, signal));
  step.context = context;
  const { apiUrl, repository } = context;
  const token = (environment.INPUT_GITHUB_TOKEN ?? '').trim();
  step.github = { apiUrl, repository, token, clock, signal, fetch };
  const config = await readGateFile(runner, step.github);
  if (config !== null && 'failure' in config) return config.failure;
  const { inputs, faults, gateFaults } = await readInputs(environment, config?.text);
  step.inputs = inputs;
  runner.titleAnnotations(inputs.title);

  const isWithheld = context.secretsWithheld && readApiKey(environment) === '';
  if (isWithheld && inputs.onMissingKey === 'skip') return { kind: 'skipped' };
  const limit = startTimeLimit(clock, startedAt + inputs.timeoutMs - clock.now(), done);
  const github = { ...step.github, signal: AbortSignal.any([signal, limit]) };
  const pullRequest = await findPullRequest(github, context, inputs);
  signal.throwIfAborted();
  if ('context' in pullRequest) step.context = pullRequest.context;
  // Another commit must not get the verdict.
  else step.inputs = { ...inputs, comment: 'never', commitStatus: '' };
  const allFaults = 'fault' in pullRequest ? [...faults, pullRequest.fault] : faults;
  if (allFaults.length + gateFaults.length > 0)
    return { kind: 'invalid_inputs', faults: allFaults, gateFaults };
  if (inputs.apiKey === '') return { kind: 'missing_key', isWithheld };
  if ('failure' in pullRequest) return pullRequest.failure;
  const statusFailure = await setPendingStatus(github, step.context, inputs);
  signal.throwIfAborted();
  return statusFailure;
}

/** Returns the text of the file that `config` names; null: the input is not given. The log says where it came from. */
async function readGateFile(
  runner: Runner,
  github: Github,
): Promise<{ text: string } | { failure: StepFailure } | null> {
  const name = (runner.environment.INPUT_CONFIG ?? '').trim();
  if (name === '') return null;
  try {
    const { text, commit } = await fetchConfig(github, name);
    runner.line(logLine`The gate is that of ${name} at ${commit.slice(0, 7)}`);
    return { text };
  } catch (error) {
    if (error instanceof GithubFailure) return { failure: { kind: 'config', failure: error } };
    if (!(error instanceof Fault)) throw error;
    const fault = { input: 'config', run: '', code: error.code, values: error.values };
    return { failure: { kind: 'invalid_inputs', faults: [fault], gateFaults: [] } };
  }
}

/** Returns the context with the pull request, where a comment, a status or the input asks for one. */
async function findPullRequest(
  github: Github,
  context: Context,
  { pullRequest: given, comment, commitStatus }: Inputs,
): Promise<{ context: Context } | { fault: InputFault } | { failure: StepFailure }> {
  if (given === null && comment === 'never' && commitStatus === '') return { context };
  try {
    return { context: await askForPullRequest(github, context, given) };
  } catch (error) {
    if (error instanceof Fault)
      return { fault: { input: 'pull_request', run: '', code: error.code, values: error.values } };
    if (!(error instanceof GithubFailure)) throw error;
    const number = given ?? context.namedPullRequest ?? 0;
    return { failure: { kind: 'pull_request', number, failure: error } };
  }
}

/** Sets the status before the launch: a merge may depend on it, so without it nothing is launched. */
async function setPendingStatus(
  github: Github,
  context: Context,
  inputs: Inputs,
): Promise<StepFailure | null> {
  if (inputs.commitStatus === '' || !isAtHead(context)) return null;
  const failure = await setStatus(github, {
    sha: context.commit,
    context: inputs.commitStatus,
    state: 'pending',
    description: 'Running',
    targetUrl: context.jobRunUrl,
  });
  return failure && { kind: 'commit_status', failure };
}

/** Returns the failure of the step for what was thrown. */
export function toStepFailure(error: unknown, redact: (text: string) => string): StepFailure {
  if (error instanceof ContextFailure) return error.failure;
  if (error instanceof Interrupted) return { kind: 'interrupted', signal: error.signalName };
  return { kind: 'crashed', message: redact(error instanceof Error ? error.message : String(error)) };
}
