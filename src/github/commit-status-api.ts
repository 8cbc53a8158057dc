/** Sets a commit status, which a merge can require if the job's check does not belong to the commit. */
import { CallFailed, connectToGithub, type GithubDeps, type GithubPlace } from './github-api.ts';

export interface CommitStatus {
  readonly sha: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  readonly context: string;
  /** One line; it is truncated to GitHub's limit. */
  readonly description: string;
  /** The status's link; empty: no link. */
  readonly targetUrl: string;
}

/** The reason if a retry may help. */
export const NO_ANSWER = 'GitHub gave no usable answer';

/** GitHub rejects a longer description. */
const MAX_DESCRIPTION = 140;

/**
 * Writes the status in up to three attempts, since a second status of the same state changes nothing. Never throws.
 * @param budgetMs time for all attempts
 * @returns empty: the status was written; else the reason, the end of a sentence
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
      description: truncateDescription(description),
      ...(targetUrl === '' ? {} : { target_url: targetUrl }),
    };
    await api.call(`POST ${api.repository}/statuses/${sha}`, status, () => true);
    return '';
  } catch (error) {
    if (deps.signal.aborted) return 'the runner stopped this step';
    if (!(error instanceof CallFailed)) return 'the call to GitHub could not be made';
    if (error.why === 401 || error.why === 403 || error.why === 404)
      return `GitHub answered ${error.why}; give the job \`permissions: { statuses: write }\``;
    if (typeof error.why === 'number') return `GitHub answered ${error.why}`;
    return NO_ANSWER;
  } finally {
    await api.close();
  }
}

/** Truncates the text by characters, as GitHub counts them. */
function truncateDescription(text: string): string {
  const characters = Array.from(text);
  return characters.length > MAX_DESCRIPTION ? `${characters.slice(0, MAX_DESCRIPTION - 1).join('')}…` : text;
}
