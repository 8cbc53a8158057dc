/** Calls GitHub's API for comments on a pull request. */
import { readPath, readNumber, readSha, readText } from './read-field.ts';
import {
  connectToGithub,
  hasError,
  hasStatus,
  SHORT_REQUEST_MS,
  type GithubDeps,
  type GithubPlace,
  type Headers,
  type Read,
} from './github-api.ts';

/** The pull request whose comments are read and written. */
export interface CommentPlace extends GithubPlace {
  readonly pullRequest: number;
}

const PER_PAGE = 100;

/** The author of comments that are written with the job's token. */
const ACTIONS_BOT: Author = { login: 'github-actions[bot]', id: null };

// Parsers of GitHub's answers.

export interface Author {
  readonly login: string;
  /** null: unknown. */
  readonly id: number | null;
}

/** The URL becomes an output, so it must contain nothing that a shell would act on. */
const COMMENT_URL = /^https?:\/\/[\w.:/#-]{1,1000}$/;

/** Parses a comment; null: it is not a comment. */
function readComment(data: unknown) {
  const id = readNumber(data, 'id');
  const url = readText(data, 'html_url');
  const login = readText(data, 'user', 'login');
  const user = {
    login,
    id: readNumber(data, 'user', 'id'),
    isBot: readPath(data, 'user', 'type') === 'Bot',
  };
  if (id === null) return null;
  return {
    id,
    /** Has `\n` as line end, since GitHub may store others than were sent. */
    body: readText(data, 'body').replaceAll('\r\n', '\n').trimEnd(),
    /** null: the account was deleted. */
    user: login === '' ? null : user,
    url: COMMENT_URL.test(url) ? url : '',
  };
}
export type Comment = Readonly<NonNullable<ReturnType<typeof readComment>>>;

/** Parses a page; null if anything in it is not a comment, so that a damaged list does not look like one without the step's comment. */
function readPage(data: unknown, { link }: Headers): { comments: Comment[]; isLast: boolean } | null {
  if (!Array.isArray(data)) return null;
  const comments = data.map(readComment);
  if (!comments.every((one) => one !== null)) return null;
  // The next page is requested by its number, so that the token never follows a link to another host.
  const isLast = typeof link === 'string' ? !link.includes('rel="next"') : comments.length < PER_PAGE;
  return { comments, isLast };
}

/** Parses the author of the token. GitHub forbids the query to an app's token, which then writes as the Actions bot. */
function readViewer(data: unknown): Author | null {
  if (readPath(data, 'errors') !== undefined) return hasError(data, 'FORBIDDEN') ? ACTIONS_BOT : null;
  const login = readText(data, 'data', 'viewer', 'login');
  return login === '' ? null : { login, id: readNumber(data, 'data', 'viewer', 'databaseId') };
}

// The calls.

export type CommentApi = Awaited<ReturnType<typeof connectToComments>>;

/** Connects to the comments of the pull request. */
export async function connectToComments(place: CommentPlace, deps: GithubDeps) {
  const { pause, close, call, repository, graphqlUrl } = await connectToGithub(place, deps);
  const commentsPath = `${repository}/issues/${place.pullRequest}/comments`;
  const commentPath = (id: number) => `${repository}/issues/comments/${id}`;

  return {
    pause,
    close,

    /** Reads as which author the token writes. */
    viewer: (): Promise<Author> =>
      call(`POST ${graphqlUrl}`, { query: 'query { viewer { login databaseId } }' }, readViewer).catch(
        (error: unknown) => {
          if (hasStatus(error, 403) || hasStatus(error, 404)) return ACTIONS_BOT;
          throw error;
        },
      ),

    /** Reads the commit at the pull request's head; null after a short time without an answer, which leaves time for the comment. */
    head: (): Promise<string | null> => {
      const readHead: Read<string> = (data) => readSha(data, 'head', 'sha');
      const route = `GET ${repository}/pulls/${place.pullRequest}`;
      return call(route, {}, readHead, { requestMs: SHORT_REQUEST_MS }).catch(() => {
        deps.signal.throwIfAborted();
        return null;
      });
    },

    /** Reads a page of the comments, the oldest first. */
    list: (page: number) => call(`GET ${commentsPath}`, { per_page: PER_PAGE, page }, readPage),

    /** Creates a comment. Sent once: if the answer is lost, the comment may exist. */
    create: (body: string) => call(`POST ${commentsPath}`, { body }, readComment, { attempts: 1 }),

    /** Replaces the text of a comment. Sent once: if the answer is lost, the update may have happened. */
    update: (id: number, body: string) =>
      call(`PATCH ${commentPath(id)}`, { body }, readComment, { attempts: 1 }),

    /** Deletes a comment. A 404 counts as success, since the comment does not exist any more. */
    remove: (id: number) =>
      call(`DELETE ${commentPath(id)}`, {}, () => true).catch((error: unknown) => {
        if (!hasStatus(error, 404)) throw error;
      }),
  };
}
