/** Reads what the step has to do, or says why it cannot. Nothing is started here. */
import { createClient } from './api/client.ts';
import { withTimeLimit } from './clock.ts';
import { fetchConfig, fetchOwnCopy, type ConfigFile } from './github/config.ts';
import { isAtHead, readContext, readEvent, resolvePullRequest, type Context } from './github/context.ts';
import type { Github } from './github/octokit.ts';
import type { Runner } from './github/runner.ts';
import { setStatus } from './github/status.ts';
import { NEEDED_TO_SEND, readInputs, type ReadInputs } from './inputs/inputs.ts';
import { readApiKey } from './inputs/secrets.ts';
import { Ended, GithubFailure, outOfTime, type InputFault } from './outcome.ts';
import { describeFailedTest } from './report/problems.ts';
import { logWorkflows } from './report/progress.ts';
import type { Deps, ReadyStep, Step } from './step.ts';
import { logLine } from './text/escape.ts';

/** Fills the step. @throws Ended and others: nothing can be started */
export async function plan(step: Step, deps: Deps): Promise<ReadyStep> {
  const { runner, transport, clock, signal, fetch, redact } = deps;
  const { environment } = runner;
  checkFiles(runner);
  const event = await readEvent(environment.GITHUB_EVENT_PATH ?? '', clock, signal);
  const context = readContext(environment, event);
  step.context = context;
  const read = await readInputs(environment, context);
  step.inputs = read.inputs;
  const { apiKey, apiUrl, githubToken: token, onMissingKey, timeoutMs, title } = read.inputs;
  runner.titleAnnotations(title);
  // An API key that cannot be used is not a missing one.
  if (context.secretsWithheld && readApiKey(environment) === '' && onMissingKey === 'skip')
    throw new Ended({ kind: 'skipped' });
  if (read.faults.some(({ input, entry }) => entry === '' && NEEDED_TO_SEND.includes(input)))
    throw new Ended({ kind: 'invalid_inputs', faults: read.faults, gateFaults: read.gateFaults });

  const { githubApiUrl, repository } = context;
  const debug: Github['debug'] = (line) => runner.debug(line);
  const github = { apiUrl: githubApiUrl, repository, token, clock, signal, fetch, redact, debug };
  step.github = github;
  step.client = createClient({
    transport,
    clock,
    apiUrl,
    apiKey,
    redact,
    debug,
  });
  await withTimeLimit(clock, signal, step.startedAt + timeoutMs - clock.now(), async (limited) => {
    try {
      await settle(step, { ...github, signal: limited }, context, read, deps);
    } catch (error) {
      const isFaulty = error instanceof Ended && error.outcome.kind === 'invalid_inputs';
      throw limited.aborted && !isFaulty ? outOfTime('launch') : error;
    }
  });
  // All of it is known now.
  return step as ReadyStep;
}

/** @throws Ended outputs or files cannot be written, which the end of a paid run must not be the first to find */
function checkFiles(runner: Runner): void {
  try {
    runner.checkOutputs();
    runner.writeFile('report.md', '\n');
  } catch (error) {
    throw new Ended({ kind: 'no_outputs', message: (error as Error).message });
  }
}

/** Settles inputs, pull request and status, with what GitHub has of them. @param step is filled @throws Ended */
async function settle(
  step: Step,
  github: Github,
  context: Context,
  read: ReadInputs,
  deps: Deps,
): Promise<void> {
  const { runner, clock } = deps;
  const { config, pullRequest: given, commitStatus, apiKey } = read.inputs;
  try {
    step.context = await resolvePullRequest(github, context, given);
    const { commit, event, pullRequest } = step.context;
    const from =
      commit === runner.environment.GITHUB_SHA
        ? 'GITHUB_SHA'
        : commit === context.commit
          ? "the event's file"
          : 'GitHub';
    const of = pullRequest && `, pull request #${pullRequest.number} with head ${pullRequest.head}`;
    runner.debug(logLine`Commit ${commit} from ${from} on ${event}${of ?? ''}`);
    if (event === 'issue_comment' && pullRequest === null)
      runner.line({
        safe: 'This issue is not a pull request, so the step reviews the default branch and posts no report.',
      });
  } catch (error) {
    // Another commit must not get the verdict.
    step.inputs = { ...read.inputs, comment: 'never', commitStatus: '' };
    if (!(error instanceof GithubFailure)) throw error;
    const number = given ?? context.namedPullRequest ?? 0;
    throw new Ended({ kind: 'pull_request', number, failure: error });
  }
  const { inputs, faults, gateFaults, runTests } =
    config === '' ? read : await readWithConfig(step, github, step.context, config, deps);
  step.inputs = inputs;
  if (faults.length + gateFaults.length > 0) {
    if (
      context.isPrivate &&
      step.client &&
      apiKey !== '' &&
      gateFaults.length === 0 &&
      faults.every(({ input }) => input === 'workflow_id')
    )
      await logWorkflows(runner, step.client, github.signal);
    throw new Ended({ kind: 'invalid_inputs', faults, gateFaults });
  }
  for (const failed of runTests(() => clock.now())) runner.warning(describeFailedTest(failed, failed.where));
  if (!/^$|\{/.test(inputs.runUrl))
    runner.warning('`run_url` has no placeholder, so every run has the same link: add `{run_id}`.');
  if (apiKey === '') throw new Ended({ kind: 'missing_key', isWithheld: context.secretsWithheld });
  if (commitStatus !== '' && isAtHead(step.context)) {
    const { commit: sha, workflowRunUrl: targetUrl } = step.context;
    const status = { sha, context: commitStatus, description: 'Running', targetUrl };
    const result = await setStatus(github, { ...status, state: 'pending' });
    // A merge may depend on it, so nothing is started without it.
    if (result.code === 'failed') throw new Ended({ kind: 'commit_status', failure: result.failure });
    step.pendingStatusId = result.code === 'set' ? result.id : null;
  }
}

/**
 * Reads the inputs with those of the `config` file, and checks the pull request's own copy of the file.
 * @returns faults of both @throws Ended
 */
async function readWithConfig(
  step: Step,
  github: Github,
  context: Context,
  config: string,
  { runner, clock }: Deps,
): Promise<ReadInputs> {
  const read = (file?: ConfigFile) => readInputs(runner.environment, context, file);
  try {
    const found = await fetchConfig(github, config, context);
    const file = 'commit' in found ? found : undefined;
    const governing = await read(file);
    if (file) runner.line(logLine`The gate is that of ${config} at ${file.commit.slice(0, 7)}`);
    if (file) runner.debug(logLine`Config file: ${file.name}, commit ${file.commit}`);
    const faults = 'commit' in found ? [...governing.faults] : [found];
    const gateFaults = [...governing.gateFaults];
    const hasCopy = context.mergeCommit !== '' && !config.includes('@');
    const copy = hasCopy && (await fetchOwnCopy(github, config, context.mergeCommit, file?.text ?? null));
    if (copy && !('commit' in copy)) faults.push(copy);
    else if (copy) {
      const own = await read(copy);
      const isOwn = ({ place }: Pick<InputFault, 'place'>) => place === copy.place;
      const found = [
        ...own.faults.filter(isOwn),
        ...own
          .runTests(() => clock.now())
          .map((failed) => ({
            text: describeFailedTest(failed, failed.where),
            input: 'tests',
            entry: '',
            place: copy.place,
          })),
      ];
      const foundInGate = own.gateFaults.filter(isOwn);
      faults.push(...found);
      gateFaults.push(...foundInGate);
      step.changesGate = found.length + foundInGate.length === 0;
    }
    return { ...governing, faults, gateFaults };
  } catch (error) {
    if (error instanceof GithubFailure) throw new Ended({ kind: 'config', failure: error });
    throw error;
  }
}
