/** The commit status, which a merge can require where the job's check does not belong to the commit. */
import { GithubFailure } from '../outcome.ts';
import { logLine, truncate } from '../text/escape.ts';
import { callGithub, type Github, type Octokit, type Repository } from './octokit.ts';

export interface Status {
  /** Full SHA. */
  readonly sha: string;
  readonly context: string;
  readonly state: 'pending' | 'success' | 'failure' | 'error';
  /** One line. */
  readonly description: string;
  /** The page that it links to. */
  readonly targetUrl: string;
}

/** `id`: of the status that was set. */
export type StatusResult =
  | { readonly code: 'set'; readonly id: number }
  /** Another step has set `pending` since, so its result counts. */
  | { readonly code: 'replaced' }
  | { readonly code: 'failed'; readonly failure: GithubFailure };

/** GitHub rejects a longer one. */
const MAX_DESCRIPTION_LENGTH = 140;

/**
 * Sets the status.
 * @param pendingId of the step's own `pending`: a later one of another step is left alone; null: the status is set in any case
 */
export async function setStatus(
  github: Github,
  { sha, context, state, description, targetUrl }: Status,
  pendingId: number | null = null,
): Promise<StatusResult> {
  try {
    return await callGithub(github, async (octokit, repository): Promise<StatusResult> => {
      if (pendingId !== null) {
        const latest = await findPending(octokit, { ...repository, ref: sha, per_page: 100 }, context);
        github.debug(
          logLine`Status ${context}: own pending ${pendingId}, latest pending ${latest ?? 'none'}`,
        );
        if (latest !== pendingId) return { code: 'replaced' };
      }
      const { data } = await octokit.rest.repos.createCommitStatus({
        ...repository,
        sha,
        state,
        context,
        description: truncate(description, MAX_DESCRIPTION_LENGTH),
        target_url: targetUrl,
      });
      return { code: 'set', id: data.id };
    });
  } catch (error) {
    if (!(error instanceof GithubFailure)) throw error;
    return { code: 'failed', failure: error };
  }
}

/** Returns the ID of the latest `pending` of the context, from a list that begins with the latest; null: there is none. */
async function findPending(
  octokit: Octokit,
  commit: Repository & { ref: string; per_page: number },
  context: string,
): Promise<number | null> {
  for (let page = 1; ; page++) {
    const { data, headers } = await octokit.rest.repos.listCommitStatusesForRef({ ...commit, page });
    const found = data.find((one) => one.context === context && one.state === 'pending');
    if (found !== undefined) return found.id;
    if (headers.link?.includes('rel="next"') !== true) return null;
  }
}
