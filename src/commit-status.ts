/** Writes the commit status of the step: `pending` before the launch, the verdict at its end. */
import type { Clock } from './clock.ts';
import type { Context } from './github/context.ts';
import { NO_ANSWER, setCommitStatus, type CommitStatus } from './github/commit-status-api.ts';
import type { Host } from './github/host.ts';
import type { Inputs } from './inputs/inputs.ts';
import { findProxy } from './inputs/proxy.ts';
import type { Report } from './report/report.ts';
import type { Conclusion } from './runs/verdict.ts';
import { StepError } from './step-error.ts';

interface StatusParts {
  readonly host: Host;
  readonly clock: Clock;
  /** Aborted when the runner stops the step. */
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

/** Time limit after the runner's signal, which leaves the step little time. */
const STOPPED_MS = 3_000;

/** The `pending` status could not be written, so the final one is not attempted. */
export class CommitStatusError extends StepError {}

/**
 * Writes the `pending` status. @throws CommitStatusError it cannot be written: merges depend on it, so nothing may be launched
 */
export async function startStatus(parts: StatusParts, inputs: Inputs, context: Context): Promise<void> {
  const pending = { state: 'pending', description: 'Running' } as const;
  const failure = await writeStatus(parts, { inputs, context }, pending, { signal: parts.signal });
  parts.signal.throwIfAborted();
  if (failure !== '')
    throw new CommitStatusError(
      `The commit status \`${inputs.commitStatus}\` could not be written: ${failure}`,
      `Nothing was started. ${failure === NO_ANSWER ? '{again}' : 'Correct that, or leave `commit_status` out.'}`,
    );
}

/**
 * Writes the verdict, if `commit_status` is set; a `pending` verdict leaves the status as it is. Never throws: if the status cannot be
 * written, it warns.
 */
export async function finishStatus(
  parts: StatusParts,
  { inputs, context, verdict: { conclusion, headline } }: Report,
): Promise<void> {
  const state = STATE[conclusion];
  if (inputs === null || context === null || inputs.commitStatus === '' || state === null) return;
  // The runner's signal must not abort this call, which has a separate time limit.
  const limits = {
    signal: new AbortController().signal,
    budgetMs: parts.signal.aborted ? STOPPED_MS : undefined,
  };
  const failure = await writeStatus(parts, { inputs, context }, { state, description: headline }, limits);
  if (failure === '') return;
  // After a red run, a re-run launches another.
  const again =
    state === 'failure' ? 're-run the job to set it, which starts a new run' : 're-run the job to set it';
  const left =
    conclusion === 'skipped'
      ? 'The status is not set: a merge that requires it stays blocked. On pull requests from forks the token is always read-only.'
      : `The status stays \`pending\`: ${again}.`;
  parts.host.warning(
    `The commit status \`${inputs.commitStatus}\` could not be written: ${failure}. ${left}`,
    'loss',
  );
}

/** Writes the status. @returns why it was not written, the end of a sentence; empty: it was written */
async function writeStatus(
  { host, clock }: StatusParts,
  { inputs, context }: { readonly inputs: Inputs; readonly context: Context },
  status: Pick<CommitStatus, 'state' | 'description'>,
  { signal, budgetMs }: { readonly signal: AbortSignal; readonly budgetMs?: number | undefined },
): Promise<string> {
  const { apiUrl, repository, commit, jobRunUrl } = context;
  try {
    const proxy = findProxy(apiUrl, host.environment)?.href ?? null;
    return await setCommitStatus(
      { apiUrl, token: inputs.githubToken, repository },
      { ...status, sha: commit, context: inputs.commitStatus, targetUrl: jobRunUrl },
      { clock, signal, proxy },
      budgetMs,
    );
  } catch (error) {
    return error instanceof Error ? error.message : 'it could not be sent';
  }
}
