/** The step's comment on a pull request: found by its identity and its author, created once, then replaced. */
import { hash } from 'node:crypto';
import { GithubFailure } from '../outcome.ts';
import { logLine } from '../text/escape.ts';
import { callGithub, type Github, type Octokit, type Repository } from './octokit.ts';

/** What the last report found. */
export interface Previous {
  /** Full SHA. */
  readonly commit: string;
  readonly digests: ReadonlySet<string>;
}

export interface Comment {
  /** Workflow file; job, step and matrix job; title. */
  readonly identity: readonly string[];
  readonly pullRequest: number;
  /** Full SHA of the reviewed commit. */
  readonly commit: string;
  /** When the step started, in ms since 1970. */
  readonly startedAt: number;
  /** false: a comment that is there is updated, but none is created. */
  readonly canCreate: boolean;
  /** Of all findings, 12 characters each; null: there is no `known_by`. */
  readonly digests: readonly string[] | null;
  /** Returns at most 53,000 characters: GitHub accepts 65,536. @param previous null: nothing is known */
  readonly render: (previous: Previous | null) => string;
}

export type CommentResult =
  | { readonly code: 'created' | 'updated'; readonly url: string }
  /** The pull request has another head, which has or gets a report of its own. */
  | { readonly code: 'outdated'; readonly head: string }
  /** A step that started later has reported already; or there is no comment to update. */
  | { readonly code: 'newer_report' | 'none' }
  | { readonly code: 'failed'; readonly failure: GithubFailure };

const MAX_HIDDEN_LENGTH = 12_000;

/** Writes the comment. Of two that jobs create at once, the older stays. */
export async function upsertComment(github: Github, comment: Comment): Promise<CommentResult> {
  const { identity, pullRequest, commit, startedAt, canCreate, render } = comment;
  const marker = createMarker(identity);
  let createdId: number | null = null;
  try {
    return await callGithub(github, async (octokit, repository): Promise<CommentResult> => {
      // REST does not tell a job's token whose it is.
      const { viewer } = await octokit.graphql<{ viewer: { login: string } }>('{ viewer { login } }');
      const issue = { ...repository, issue_number: pullRequest };
      const find = () => findComment(octokit, issue, viewer.login, marker);
      let existing = await find();
      const { data: pull } = await octokit.rest.pulls.get({ ...repository, pull_number: pullRequest });
      const { sha: head } = pull.head;
      github.debug(
        existing === null
          ? logLine`Comment of ${viewer.login} that begins with ${marker}: none`
          : logLine`Comment of ${viewer.login} that begins with ${marker}: ${existing.id}`,
      );
      if (head !== commit) return { code: 'outdated', head };
      if (existing === null && !canCreate) return { code: 'none' };
      const previous = readHiddenLine(existing?.body ?? '')?.previous ?? null;
      const body = `${marker}\n${render(previous)}\n${formatHiddenLine(comment)}`;
      const { issues } = octokit.rest;
      if (existing === null) {
        const { data: created } = await issues.createComment({ ...issue, body });
        createdId = created.id;
        existing = await find();
        if (existing === null || existing.id === createdId) return { code: 'created', url: created.html_url };
      }
      const isNewer = (readHiddenLine(existing.body ?? '')?.startedAt ?? 0) > startedAt;
      if (!isNewer) await issues.updateComment({ ...repository, comment_id: existing.id, body });
      if (createdId !== null) await issues.deleteComment({ ...repository, comment_id: createdId });
      return isNewer ? { code: 'newer_report' } : { code: 'updated', url: existing.html_url };
    });
  } catch (error) {
    if (!(error instanceof GithubFailure)) throw error;
    return { code: 'failed', failure: error };
  }
}

/** Returns the first line of the step's comment. */
function createMarker(identity: readonly string[]): string {
  const digest = hash('sha256', JSON.stringify(identity));
  return `<!-- alloovium-run-workflow ${digest.slice(0, 32)} -->`;
}

/** Returns the oldest comment of this author whose first line is the marker; null: there is none on any page. */
async function findComment(
  octokit: Octokit,
  issue: Repository & { issue_number: number },
  author: string,
  marker: string,
) {
  for (let page = 1; ; page++) {
    // 30 of the longest stay below 8 MiB, whatever a stranger writes. Not `octokit.paginate`, which reads an error 409 as an empty list.
    const { data, headers } = await octokit.rest.issues.listComments({ ...issue, per_page: 30, page });
    const found = data.find(
      ({ user, body }) => user?.login === author && body?.split(/\r?\n/, 1)[0] === marker,
    );
    if (found !== undefined) return found;
    if (headers.link?.includes('rel="next"') !== true) return null;
  }
}

/** Returns the line for the next report. It has no findings if there is no `known_by`, or too many. */
function formatHiddenLine({ startedAt, commit, digests }: Comment): string {
  const found = digests && ` found ${[commit, ...digests].join(' ')}`;
  const isShort = found !== null && found.length <= MAX_HIDDEN_LENGTH;
  return `<!-- started ${startedAt}${isShort ? found : ''} -->`;
}

/** Reads the line of the last report. @returns null: it is missing, or not as it was written */
function readHiddenLine(body: string): { startedAt: number; previous: Previous | null } | null {
  const [line, startedAt, commit = '', digests = ''] =
    /<!-- started (\d+)(?: found ([0-9a-f]{40,64})((?: [\w-]+)*))? -->\s*$/.exec(body) ?? [];
  if (line === undefined) return null;
  const previous = commit === '' ? null : { commit, digests: new Set(digests.match(/[\w-]+/g)) };
  return { startedAt: Number(startedAt), previous };
}
