/** GitHub's answers to the calls for a pull request and its comments. */
import { NOT_ACCESSIBLE, problem, type Answer } from './github-answers.ts';
import type { Identity } from './github-permissions.ts';
import { commentUrl, renderComment, renderPullRequest } from './github-render.ts';
import { REPOSITORY_ID, type Comment, type Repository } from './github-repository.ts';

/** Characters, as GitHub counts them. */
const MAX_BODY_CHARACTERS = 65_536;

export function getPullRequest(repository: Repository, number: number): Answer {
  const pull = repository.pullRequests.get(number);
  return pull === undefined ? problem(404, 'Not Found') : { status: 200, body: renderPullRequest(pull) };
}

export function listComments(repository: Repository, pullRequest: number, query: URLSearchParams): Answer {
  if (!repository.pullRequests.has(pullRequest)) return problem(404, 'Not Found');
  const perPage = Math.min(Math.max(Number(query.get('per_page') ?? 30), 1), 100);
  const page = Math.max(Number(query.get('page') ?? 1), 1);
  const comments = repository.listComments().filter((comment) => comment.pullRequest === pullRequest);
  const last = Math.max(Math.ceil(comments.length / perPage), 1);
  // GitHub's links contain the repository's number, not its name.
  const url = `${repository.apiUrl}/repositories/${REPOSITORY_ID}/issues/${pullRequest}/comments`;
  const link = (to: number, rel: string) => `<${url}?per_page=${perPage}&page=${to}>; rel="${rel}"`;
  const links = [
    ...(page > 1 ? [link(page - 1, 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    status: 200,
    headers: links.length > 0 ? { link: links.join(', ') } : {},
    body: comments
      .slice((page - 1) * perPage, page * perPage)
      .map((comment) => renderComment(comment, repository)),
  };
}

export function createComment(
  repository: Repository,
  pullRequest: number,
  identity: Identity,
  body: string,
): Answer {
  const pull = repository.pullRequests.get(pullRequest);
  if (pull === undefined) return problem(404, 'Not Found');
  if (identity.permission === 'read') return NOT_ACCESSIBLE;
  const text = readCommentBody(body);
  if (typeof text !== 'string') return text;
  if (pull.locked) return problem(403, 'Unable to create comment because issue is locked.');
  const comment = repository.addComment(pullRequest, identity.user, text);
  return {
    status: 201,
    headers: { location: commentUrl(comment, repository) },
    body: renderComment(comment, repository),
  };
}

export function updateComment(repository: Repository, id: number, identity: Identity, body: string): Answer {
  const comment = findComment(repository, id);
  if (comment === undefined) return problem(404, 'Not Found');
  if (identity.permission === 'read') return NOT_ACCESSIBLE;
  const text = readCommentBody(body);
  if (typeof text !== 'string') return text;
  return { status: 200, body: renderComment(repository.editComment(comment, text), repository) };
}

export function deleteComment(repository: Repository, id: number, identity: Identity): Answer {
  if (findComment(repository, id) === undefined) return problem(404, 'Not Found');
  if (identity.permission === 'read') return NOT_ACCESSIBLE;
  repository.comments.delete(id);
  return { status: 204 };
}

/** A comment on one of the pull requests. */
function findComment({ comments, pullRequests }: Repository, id: number): Comment | undefined {
  const comment = comments.get(id);
  return comment !== undefined && pullRequests.has(comment.pullRequest) ? comment : undefined;
}

/** The text of a comment in a request, or the answer that refuses it. */
function readCommentBody(body: string): string | Answer {
  let sent: unknown;
  try {
    sent = JSON.parse(body);
  } catch {
    return problem(400, 'Problems parsing JSON');
  }
  const text = typeof sent === 'object' && sent !== null && 'body' in sent ? sent.body : undefined;
  if (typeof text !== 'string' || text.trim() === '') return invalidComment('Body cannot be blank');
  if (Array.from(text).length > MAX_BODY_CHARACTERS)
    return invalidComment(`Body is too long (maximum is ${MAX_BODY_CHARACTERS} characters)`);
  return text;
}

const invalidComment = (message: string): Answer => ({
  status: 422,
  body: {
    message: 'Validation Failed',
    errors: [{ resource: 'IssueComment', code: 'unprocessable', field: 'data', message }],
    documentation_url: 'https://docs.github.com/rest/issues/comments#create-an-issue-comment',
    status: '422',
  },
});
