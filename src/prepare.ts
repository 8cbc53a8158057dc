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

/** Why nothing can be launched. */
class StepError extends Error {
  readonly failure: StepFailure;

  constructor(failure: StepFailure) {
    super(failure.kind);
    this.failure = failure;
  }
}

/** Returns the failure of the step for what was thrown. */
export function toStepFailure(error: unknown, redact: (text: string) => string): StepFailure {
  if (error instanceof StepError || error instanceof ContextFailure) return error.failure;
  if (error instanceof Interrupted) return { kind: 'interrupted', signal: error.signalName };
  return { kind: 'crashed', message: redact(error instanceof Error ? error.message : String(error)) };
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
    checkFiles(parts.runner);
    await fill(step, parts, done.signal, startedAt);
  } catch (error) {
    step.failure = toStepFailure(error, redact);
  } finally {
    done.abort();
  }
  return step;
}

/** @throws StepError outputs or files cannot be written, which the end of a paid run must not be the first to find */
function checkFiles(runner: Runner): void {
  try {
    runner.checkOutputs();
    runner.writeFile('report.md', '');
  } catch (error) {
    throw new StepError({ kind: 'no_outputs', message: (error as Error).message });
  }
}

/** @throws StepError and others: nothing can be launched */
async function fill(
  step: Step,
  { runner, clock, signal, fetch, eventPath }: Parts,
  done: AbortSignal,
  startedAt: number,
): Promise<void> {
  const { environment } = runner;
  const context = readContext(environment, await readEvent(eventPath, clock, signal));
  step.context = context;
  const first = await readInputs(environment);
  step.inputs = first.inputs;
  runner.titleAnnotations(first.inputs.title);
  const isWithheld = context.secretsWithheld && readApiKey(environment) === '';
  if (isWithheld && first.inputs.onMissingKey === 'skip') throw new StepError({ kind: 'skipped' });
  // Nothing is sent where these are wrong.
  if (first.faults.some(({ input }) => ['environment', 'github_token', 'config'].includes(input)))
    throw new StepError({ kind: 'invalid_inputs', ...first });

  const { apiUrl, repository } = context;
  const { config, githubToken: token } = first.inputs;
  step.github = { apiUrl, repository, token, clock, signal, fetch };
  const limit = startTimeLimit(clock, startedAt + first.inputs.timeoutMs - clock.now(), done);
  const github = { ...step.github, signal: AbortSignal.any([signal, limit]) };
  const file = config === '' ? undefined : await readGateFile(runner, github, config, signal);
  const { inputs, faults, gateFaults } = file === undefined ? first : await readInputs(environment, file);
  step.inputs = inputs;
  const pullRequest = await findPullRequest(github, context, inputs, faults.length > 0);
  signal.throwIfAborted();
  if ('context' in pullRequest) step.context = pullRequest.context;
  // Another commit must not get the verdict.
  else step.inputs = { ...inputs, comment: 'never', commitStatus: '' };
  if ('fault' in pullRequest) faults.push(pullRequest.fault);
  if (faults.length + gateFaults.length > 0)
    throw new StepError({ kind: 'invalid_inputs', faults, gateFaults });
  if (inputs.apiKey === '') throw new StepError({ kind: 'missing_key', isWithheld });
  if ('failure' in pullRequest) throw new StepError(pullRequest.failure);
  await setPendingStatus(github, step.context, inputs, signal);
}

/** Returns the text of the file that `config` names. The log says where it came from. */
async function readGateFile(
  runner: Runner,
  github: Github,
  name: string,
  stop: AbortSignal,
): Promise<string> {
  try {
    const { text, commit } = await fetchConfig(github, name);
    runner.line(logLine`The gate is that of ${name} at ${commit.slice(0, 7)}`);
    return text;
  } catch (error) {
    stop.throwIfAborted();
    if (error instanceof GithubFailure) throw new StepError({ kind: 'config', failure: error });
    if (!(error instanceof Fault)) throw error;
    const fault = toInputFault('config', error);
    throw new StepError({ kind: 'invalid_inputs', faults: [fault], gateFaults: [] });
  }
}

function toInputFault(input: string, { code, values }: Fault): InputFault {
  return { input, run: '', code, values };
}

/** Returns the context with the pull request, where a comment, a status or the input asks for one. */
async function findPullRequest(
  github: Github,
  context: Context,
  { pullRequest: given, comment, commitStatus }: Inputs,
  isFaulty: boolean,
): Promise<{ context: Context } | { fault: InputFault } | { failure: StepFailure }> {
  if ((given === null || isFaulty) && comment === 'never' && commitStatus === '') return { context };
  try {
    return { context: await askForPullRequest(github, context, given) };
  } catch (error) {
    if (error instanceof Fault) return { fault: toInputFault('pull_request', error) };
    if (!(error instanceof GithubFailure)) throw error;
    const number = given ?? context.namedPullRequest ?? 0;
    return { failure: { kind: 'pull_request', number, failure: error } };
  }
}

/** Sets the status before the launch. @throws StepError a merge may depend on it, so without it nothing is launched */
async function setPendingStatus(
  github: Github,
  context: Context,
  { commitStatus }: Inputs,
  stop: AbortSignal,
) {
  if (commitStatus === '' || !isAtHead(context)) return;
  const { commit: sha, jobRunUrl: targetUrl } = context;
  const pending = { state: 'pending', description: 'Running' } as const;
  const failure = await setStatus(github, { ...pending, sha, context: commitStatus, targetUrl });
  stop.throwIfAborted();
  if (failure !== null) throw new StepError({ kind: 'commit_status', failure });
}
