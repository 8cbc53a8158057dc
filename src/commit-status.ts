/** The commit status of the step: `pending` before the launch, the verdict at its end. */
import type { Clock } from './clock.ts';
import type { Context } from './github/context.ts';
import { NO_ANSWER, setCommitStatus, type CommitStatus } from './github/commit-status.ts';
import type { Host } from './github/host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { proxyFor } from './inputs/proxy.ts';
import type { Conclusion, Verdict } from './runs/verdict.ts';
import { StepError } from './step-error.ts';

interface StatusParts {
  readonly host: Host;
  readonly clock: Clock;
  /** Aborted where the runner stops the step. */
  readonly signal: AbortSignal;
}

/** null: the status stays `pending`. */
const STATE: Readonly<Record<Conclusion, CommitStatus['state'] | null>> = {
  success: 'success',
  skipped: 'success',
  pending: null,
  gate_failed: 'failure',
  failure: 'failure',
  cancelled: 'failure',
  error: 'error',
  timed_out: 'error',
  interrupted: 'error',
};

/** For the one call that is begun after the runner's signal. */
const STOPPED_MS = 3_000;

/** The first status could not be written, so that the last one is not tried either. */
export class CommitStatusError extends StepError {}

/** @throws CommitStatusError where it cannot be written: merges hang on it, so nothing may be launched */
export async function startStatus(parts: StatusParts, inputs: Inputs, context: Context): Promise<void> {
  const why = await write(parts, inputs, context, 'pending', 'Running', parts.signal);
  parts.signal.throwIfAborted();
  if (why !== '')
    throw new CommitStatusError(
      `The commit status \`${inputs.commitStatus}\` could not be written: ${why}`,
      `Nothing was started. ${why === NO_ANSWER ? '{again}' : 'Correct that, or leave `commit_status` out.'}`,
    );
}

/** Never throws: a status that cannot be written is a warning. */
export async function finishStatus(
  parts: StatusParts,
  inputs: Inputs,
  context: Context,
  { conclusion, headline }: Verdict,
): Promise<void> {
  const state = STATE[conclusion];
  if (state === null) return;
  // The runner's signal must not abort this call: it has a limit of its own.
  const isStopped = parts.signal.aborted;
  const signal = new AbortController().signal;
  const why = await write(
    parts,
    inputs,
    context,
    state,
    headline,
    signal,
    isStopped ? STOPPED_MS : undefined,
  );
  if (why === '') return;
  // What is red by its run is launched again.
  const again =
    state === 'failure' ? 're-run the job to set it, which starts a new run' : 're-run the job to set it';
  const left =
    conclusion === 'skipped'
      ? 'The status is not set, and where it is required, it stays missing. On pull requests from forks the token is always read-only.'
      : `The status stays \`pending\`: ${again}.`;
  parts.host.warning(
    `The commit status \`${inputs.commitStatus}\` could not be written: ${why}. ${left}`,
    'loss',
  );
}

/** @returns empty: it was written; else why not */
async function write(
  { host, clock }: StatusParts,
  { commitStatus, githubToken }: Inputs,
  { apiUrl, repository, commit, jobRunUrl }: Context,
  state: CommitStatus['state'],
  description: string,
  signal: AbortSignal,
  budgetMs?: number,
): Promise<string> {
  try {
    const proxy = proxyFor(apiUrl, host.environment)?.href ?? null;
    return await setCommitStatus(
      { apiUrl, token: githubToken, repository },
      { sha: commit, state, context: commitStatus, description, targetUrl: jobRunUrl },
      { clock, signal, proxy },
      budgetMs,
    );
  } catch (error) {
    return error instanceof Error ? error.message : 'it could not be sent';
  }
}
