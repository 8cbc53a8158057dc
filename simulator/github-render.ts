/** The objects of the fake's repository in the format of GitHub's REST API. */
import { createHash } from 'node:crypto';
import { minimalValue } from './github-minimal-values.ts';
import {
  HEAD,
  REPOSITORY_ID,
  type Artifact,
  type Comment,
  type CommitStatus,
  type PullRequest,
  type Repository,
  type User,
  type WorkflowRun,
} from './github-repository.ts';

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

export function renderUser(user: User, apiUrl: string): unknown {
  const url = `${apiUrl}/users/${encodeURIComponent(user.login)}`;
  return {
    login: user.login,
    id: user.id,
    node_id: `U_${user.id}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    gravatar_id: '',
    url,
    html_url: `https://github.com/${encodeURIComponent(user.login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user.type,
    site_admin: false,
  };
}

export function renderComment(comment: Comment, repository: Repository): unknown {
  const { apiUrl, fullName } = repository;
  const url = commentUrl(comment, repository);
  return {
    id: comment.id,
    node_id: `IC_${comment.id}`,
    url,
    html_url: `https://github.com/${fullName}/pull/${comment.pullRequest}#issuecomment-${comment.id}`,
    issue_url: `${repository.url}/issues/${comment.pullRequest}`,
    body: comment.body,
    user: comment.user === null ? null : renderUser(comment.user, apiUrl),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    author_association: comment.user?.type === 'Bot' ? 'CONTRIBUTOR' : 'NONE',
    performed_via_github_app: null,
    reactions: {
      url: `${url}/reactions`,
      total_count: 0,
      ...Object.fromEntries(REACTIONS.map((name) => [name, 0])),
    },
  };
}

export const commentUrl = ({ id }: Comment, repository: Repository): string =>
  `${repository.url}/issues/comments/${id}`;

export function renderPullRequest({ number, state, locked, head = HEAD }: PullRequest): unknown {
  const pull = minimalValue('pull-request');
  return { ...pull, number, state, locked, head: { ...(pull.head as object), sha: head } };
}

export function renderArtifact(artifact: Artifact, repository: Repository): unknown {
  const { id, name, expired = false, run } = artifact;
  const bytes = Buffer.from(artifact.content);
  const url = `${repository.url}/actions/artifacts/${id}`;
  return {
    ...minimalValue('artifact'),
    id,
    name,
    size_in_bytes: artifact.sizeInBytes ?? bytes.length,
    url,
    archive_download_url: `${url}/zip`,
    expired,
    digest:
      artifact.digest === undefined
        ? `sha256:${createHash('sha256').update(bytes).digest('hex')}`
        : artifact.digest,
    workflow_run: run && {
      id: run.id,
      repository_id: REPOSITORY_ID,
      head_repository_id: run.headRepositoryId ?? REPOSITORY_ID,
      head_branch: run.headBranch,
      head_sha: run.headSha,
    },
  };
}

export function renderWorkflowRun(run: WorkflowRun): unknown {
  const { id, event = 'push', path, headBranch, headSha } = run;
  return { ...minimalValue('workflow-run'), id, event, path, head_branch: headBranch, head_sha: headSha };
}

export function renderRef(name: string, sha: string, repository: Repository): unknown {
  return {
    ref: `refs/heads/${name}`,
    node_id: 'R_1',
    url: `${repository.url}/git/refs/heads/${name}`,
    object: { type: 'commit', sha, url: `${repository.url}/git/commits/${sha}` },
  };
}

export function renderCommitStatus(status: CommitStatus, repository: Repository): unknown {
  const { sha, state, context, description, targetUrl } = status;
  const url = `${repository.url}/statuses/${sha}`;
  return { ...minimalValue('status'), state, context, description, target_url: targetUrl, url };
}
