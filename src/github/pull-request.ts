/** The pull request that a step names by its number, as GitHub has it when the step starts. */
import { at, shaAt } from './fields.ts';
import { CallFailed, connectToGithub, type GithubDeps, type GithubPlace } from './github-api.ts';

export interface PullRequest {
  /** The commit at its head. */
  readonly head: string;
  readonly isOpen: boolean;
}

/** @returns a text: why it could not be had, the end of a sentence. @throws the signal's reason */
export async function readPullRequest(
  place: GithubPlace,
  number: number,
  deps: GithubDeps,
): Promise<PullRequest | string> {
  const api = await connectToGithub(place, deps);
  try {
    return await api.call(`GET ${api.repository}/pulls/${number}`, {}, (data) => {
      const head = shaAt(data, 'head', 'sha');
      return head === null ? null : { head, isOpen: at(data, 'state') === 'open' };
    });
  } catch (error) {
    deps.signal.throwIfAborted();
    if (!(error instanceof CallFailed)) throw error;
    if (error.why === 404) return 'was not found, or this token may not read it';
    if (error.why === 401 || error.why === 403) return `may not be read with this token (${error.why})`;
    return `could not be read (${typeof error.why === 'number' ? error.why : 'GitHub gave no usable answer'})`;
  } finally {
    await api.close();
  }
}
