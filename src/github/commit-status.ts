/** A commit status: what merges look at where no check of the job stands at the commit. */
import { CallFailed, connectToGithub, type GithubDeps, type GithubPlace } from './github-api.ts';

export interface CommitStatus {
  readonly sha: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly context: string;
  /** One line; cut to what GitHub takes. */
  readonly description: string;
  /** Where the status leads; empty: nowhere. */
  readonly targetUrl: string;
}

/** Trying again may help. */
export const NO_ANSWER = 'GitHub gave no usable answer';

/** GitHub refuses a longer description. */
const MAX_DESCRIPTION = 140;

/**
 * Writes the status, tried three times: a second status of the same state changes nothing.
 * @param budgetMs for everything
 * @returns empty: it was written; else why it was not, the end of a sentence. Never throws.
 */
export async function setCommitStatus(
  place: GithubPlace,
  { sha, state, context, description, targetUrl }: CommitStatus,
  deps: GithubDeps,
  budgetMs?: number,
): Promise<string> {
  const api = await connectToGithub(place, deps, budgetMs);
  try {
    const status = {
      state,
      context,
      description: cut(description),
      ...(targetUrl === '' ? {} : { target_url: targetUrl }),
    };
    await api.call(`POST ${api.repository}/statuses/${sha}`, status, () => true);
    return '';
  } catch (error) {
    if (deps.signal.aborted) return 'the runner stopped this step';
    if (!(error instanceof CallFailed)) return 'GitHub could not be asked';
    if (error.why === 401 || error.why === 403 || error.why === 404)
      return `GitHub answered ${error.why}; give the job \`permissions: { statuses: write }\``;
    if (typeof error.why === 'number') return `GitHub answered ${error.why}`;
    return NO_ANSWER;
  } finally {
    await api.close();
  }
}

/** By characters, as GitHub counts them. */
function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length > MAX_DESCRIPTION ? `${characters.slice(0, MAX_DESCRIPTION - 1).join('')}…` : text;
}
