/** Reads what the step is to do, or says why it cannot. Nothing is launched here. */
import { createClient, type Client } from './alloovium/client.ts';
import { withTimeLimit } from './clock.ts';
import { Ended, type Ending } from './ending.ts';
import type { Result } from './endings.ts';
import { Fault } from './fault.ts';
import { GithubFailure, type Github } from './github/api.ts';
import { fetchConfig } from './github/config.ts';
import { askForPullRequest, isAtHead, readContext, readEvent, type Context } from './github/context.ts';
import type { Runner } from './github/runner.ts';
import { setStatus } from './github/status.ts';
import { readInputs, type InputFault, type Inputs, type ReadInputs } from './inputs/inputs.ts';
import { readApiKey } from './inputs/secrets.ts';
import type { Parts } from './main.ts';
import { logWorkflows } from './progress.ts';
import type { StepFiles } from './runs/results.ts';
import { logLine } from './text/escape.ts';

/** What is known of the step: filled on the way, so that it can be reported at any moment. */
export interface Step {
  /** On `clock.now()`. */
  readonly startedAt: number;
  readonly redact: (text: string) => string;
  context: Context | null;
  inputs: Inputs | null;
  github: Github | null;
  client: Client | null;
  /** In the order of the input; empty: the step ended before its runs. */
  results: readonly Result[];
  files: StepFiles;
  /** How the step ended before its runs, or for all of them; null: as its runs did. */
  stepEnding: Ending | null;
}

/** A step that can launch its runs. */
export interface ReadyStep extends Step {
  context: Context;
  inputs: Inputs;
  github: Github;
  client: Client;
}

/** @returns the step, filled. @throws Ended and others: nothing can be launched */
export async function prepare(step: Step, parts: Parts): Promise<ReadyStep> {
  const { runner, clock, signal, fetch, eventPath } = parts;
  const { environment } = runner;
  checkFiles(runner);
  const context = readContext(environment, await readEvent(eventPath, clock, signal));
  step.context = context;
  const read = await readInputs(environment);
  step.inputs = read.inputs;
  const { apiKey, apiUrl, githubToken: token, onMissingKey, timeoutMs, title } = read.inputs;
  runner.titleAnnotations(title);
  // A key that cannot be used is not a missing one.
  if (context.secretsWithheld && readApiKey(environment) === '' && onMissingKey === 'skip')
    throw new Ended({ kind: 'skipped' });
  // With these, a request could go to a wrong server, or say too much.
  if (read.faults.some(({ input }) => ['environment', 'github_token', 'config'].includes(input)))
    throw new Ended({ kind: 'invalid_inputs', faults: read.faults, gateFaults: read.gateFaults });

  const github = { apiUrl: context.apiUrl, repository: context.repository, token, clock, signal, fetch };
  const client = createClient({ ...parts, apiUrl, apiKey, redact: step.redact });
  Object.assign(step, { github, client });
  const asked = await withTimeLimit(clock, signal, step.startedAt + timeoutMs - clock.now(), (limited) =>
    askGithub(step, { ...github, signal: limited }, client, context, read, runner),
  );
  return Object.assign(step, { ...asked, github, client });
}

/** @throws Ended outputs or files cannot be written, which the end of a paid run must not be the first to find */
function checkFiles(runner: Runner): void {
  try {
    runner.checkOutputs();
    runner.writeFile('report.md', '');
  } catch (error) {
    throw new Ended({ kind: 'no_outputs', message: (error as Error).message });
  }
}

/** Reads the gate's file and the pull request, checks all inputs, and sets the status. @param step is filled */
async function askGithub(
  step: Step,
  github: Github,
  client: Client,
  context: Context,
  read: ReadInputs,
  runner: Runner,
): Promise<{ readonly context: Context; readonly inputs: Inputs }> {
  const { config } = read.inputs;
  const file = config === '' ? undefined : await readGateFile(runner, github, config);
  const { inputs, faults, gateFaults } =
    file === undefined ? read : await readInputs(runner.environment, file);
  const { pullRequest: given, comment, commitStatus, apiKey } = inputs;
  let about = context;
  let unread: Ending | null = null;
  step.inputs = inputs;
  try {
    if (comment !== 'never' || commitStatus !== '' || (given !== null && faults.length === 0))
      about = await askForPullRequest(github, context, given);
    step.context = about;
  } catch (error) {
    // Another commit must not get the verdict.
    step.inputs = { ...inputs, comment: 'never', commitStatus: '' };
    const number = given ?? context.namedPullRequest ?? 0;
    if (error instanceof GithubFailure) unread = { kind: 'pull_request', number, failure: error };
    else faults.push(toInputFault('pull_request', error));
  }
  if (faults.length + gateFaults.length > 0) {
    if (context.isPrivate && apiKey !== '' && faults.some(({ code }) => code === 'missing'))
      await logWorkflows(runner, client, github.signal);
    throw new Ended({ kind: 'invalid_inputs', faults, gateFaults });
  }
  if (apiKey === '') throw new Ended({ kind: 'missing_key', isWithheld: context.secretsWithheld });
  if (unread !== null) throw new Ended(unread);
  if (commitStatus !== '' && isAtHead(about)) {
    const { commit: sha, jobRunUrl: targetUrl } = about;
    const pending = { state: 'pending', description: 'Running' } as const;
    const failure = await setStatus(github, { ...pending, sha, context: commitStatus, targetUrl });
    // A merge may depend on it, so without it nothing is launched.
    if (failure !== null) throw new Ended({ kind: 'commit_status', failure });
  }
  return { context: about, inputs };
}

/** Returns the text of the file that `config` names. The log says where it came from. */
async function readGateFile(runner: Runner, github: Github, name: string): Promise<string> {
  try {
    const { text, commit } = await fetchConfig(github, name);
    runner.line(logLine`The gate is that of ${name} at ${commit.slice(0, 7)}`);
    return text;
  } catch (error) {
    if (error instanceof GithubFailure) throw new Ended({ kind: 'config', failure: error });
    throw new Ended({ kind: 'invalid_inputs', faults: [toInputFault('config', error)], gateFaults: [] });
  }
}

/** @throws the error, if it is no fault */
function toInputFault(input: string, error: unknown): InputFault {
  if (!(error instanceof Fault)) throw error;
  return { input, run: '', code: error.code, values: error.values };
}
