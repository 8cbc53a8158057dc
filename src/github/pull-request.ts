/** Reads the pull request that the step names by its number. */
import { readPath, readSha } from './read-field.ts';
import {
  CallFailed,
  connectToGithub,
  describeCause,
  type GithubDeps,
  type GithubPlace,
} from './github-api.ts';

export interface PullRequest {
  /** The commit at the pull request's head. */
  readonly head: string;
  readonly isOpen: boolean;
}

/** Why the pull request could not be read. */
export interface NotRead {
  /** The end of a sentence. */
  readonly why: string;
  /** `{again}` is a placeholder for how to try again. */
  readonly remedy: string;
  /** GitHub rejected the request, so a retry is useless. */
  readonly isRefused: boolean;
}

const CHECK = 'Check `pull_request`, and give the job `permissions: { pull-requests: read }`.';

/** Reads head and state of the pull request, or why that was not possible. @throws only the signal's reason */
export async function readPullRequest(
  place: GithubPlace,
  number: number,
  deps: GithubDeps,
): Promise<PullRequest | NotRead> {
  const api = await connectToGithub(place, deps);
  try {
    return await api.call(`GET ${api.repository}/pulls/${number}`, {}, (data) => {
      const head = readSha(data, 'head', 'sha');
      return head === null ? null : { head, isOpen: readPath(data, 'state') === 'open' };
    });
  } catch (error) {
    deps.signal.throwIfAborted();
    if (!(error instanceof CallFailed)) throw error;
    if (error.why === 404)
      return { why: 'was not found, or this token cannot read it', remedy: CHECK, isRefused: true };
    if (error.why === 401 || error.why === 403)
      return { why: `cannot be read with this token (${error.why})`, remedy: CHECK, isRefused: true };
    return { why: `could not be read (${describeCause(error)})`, remedy: '{again}', isRefused: false };
  } finally {
    await api.close();
  }
}
