/** Finds the pull request and commit that the step reviews, if the event alone does not name them. */
import type { Clock } from './clock.ts';
import { setPullRequest, type Context } from './github/context.ts';
import type { Host } from './github/host.ts';
import { readPullRequest } from './github/pull-request.ts';
import { InputError, type Inputs } from './inputs/inputs.ts';
import { findProxy } from './inputs/proxy.ts';
import { StepError } from './step-error.ts';

interface ReviewParts {
  readonly host: Host;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** GitHub did not answer, so another attempt may succeed. */
export class NoAnswerError extends StepError {}

/**
 * Returns the context for the head of the pull request that the input `pull_request` or the event of a comment names; otherwise the
 * context unchanged. Requests the head from GitHub before the launch, since it is part of the idempotency key: another head would be a
 * second run.
 * @throws InputError the inputs contradict each other or the event; StepError, or the signal's reason
 */
export async function resolveContext(
  { host, clock, signal }: ReviewParts,
  inputs: Inputs,
  context: Context,
): Promise<Context> {
  const number = findPullRequestToRead(inputs, context);
  if (number === null) return context;
  const { apiUrl, repository } = context;
  if (inputs.githubToken === '')
    throw new InputError(
      [
        inputs.pullRequest === null
          ? '`comment` needs `github_token` on this event, to read the head of the pull request. It is empty.'
          : '`pull_request` needs `github_token`, which is empty.',
      ],
      inputs,
    );
  const proxy = findProxy(apiUrl, host.environment)?.href ?? null;
  const place = { apiUrl, token: inputs.githubToken, repository };
  const found = await readPullRequest(place, number, { clock, signal, proxy });
  if ('why' in found) {
    const LookupError = found.isRefused ? StepError : NoAnswerError;
    throw new LookupError(`Pull request #${number} ${found.why}`, `Nothing was started. ${found.remedy}`);
  }
  const resolved = setPullRequest(context, number, found);
  const keys = [inputs.idempotencyKey, ...(inputs.runs ?? []).map((entry) => entry.idempotencyKey)];
  // A job that launched at one head and another that joins it after a push would set the status of the new one.
  if (inputs.commitStatus !== '' && keys.some((key) => key !== '' && key !== found.head))
    throw new InputError(
      [
        'With `commit_status`, `idempotency_key` must be the head commit of the pull request, or be left out.',
      ],
      inputs,
    );
  return resolved;
}

/**
 * Returns the number of the pull request whose head must be read from GitHub: the input `pull_request`, or that of a comment's event if
 * a comment or a commit status is wanted; null: the event contains the head, or nothing needs it.
 * @throws InputError `pull_request` contradicts the event, or the event is merge_group
 */
function findPullRequestToRead(inputs: Inputs, { event, pullRequest }: Context): number | null {
  const { pullRequest: given } = inputs;
  const isWanted = inputs.comment !== 'never' || inputs.commitStatus !== '';
  if (given === null) return isWanted && pullRequest.kind === 'commented' ? pullRequest.number : null;
  if (event === 'merge_group')
    throw new InputError(['`pull_request` cannot be used on merge_group: leave it out there.'], inputs);
  if (pullRequest.kind !== 'of_event') return given;
  if (pullRequest.number !== given)
    throw new InputError(
      [`\`pull_request\` is not the number of this event, ${pullRequest.number}.`],
      inputs,
    );
  return null;
}
