/** The commit status, which a merge can require where the job's check does not belong to the commit. */
import type { GithubFailure } from '../outcome.ts';
import { truncate } from '../text/escape.ts';
import { callGithub, type Github } from './octokit.ts';

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

/** GitHub rejects a longer one. */
const MAX_DESCRIPTION_LENGTH = 140;

/** Sets the status; a second one of the same state changes nothing. @returns null: it is set */
export async function setStatus(
  github: Github,
  { sha, context, state, description, targetUrl }: Status,
): Promise<GithubFailure | null> {
  try {
    await callGithub(github, (octokit, repository) =>
      octokit.rest.repos.createCommitStatus({
        ...repository,
        sha,
        state,
        context,
        description: truncate(description, MAX_DESCRIPTION_LENGTH),
        target_url: targetUrl,
      }),
    );
    return null;
  } catch (error) {
    return error as GithubFailure;
  }
}
