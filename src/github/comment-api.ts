/** GitHub's calls for comments on a pull request. */
import { at, numberAt, shaAt, textAt } from './fields.ts';
import {
  connectToGithub,
  hasError,
  isRefusal,
  SHORT_REQUEST_MS,
  type GithubDeps,
  type GithubPlace,
  type Headers,
  type Read,
} from './github-api.ts';

/** Where the comments are, and as whom. */
export interface CommentPlace extends GithubPlace {
  readonly pullRequest: number;
}

const PER_PAGE = 100;

/** Who a job's own token writes as. */
const ACTIONS_BOT: Author = { login: 'github-actions[bot]', id: null };

// What GitHub's answers hold for us.

export interface Author {
  readonly login: string;
  /** null: not known. */
  readonly id: number | null;
}

/** It becomes an output: nothing that a shell would act on. */
const COMMENT_URL = /^https?:\/\/[\w.:/#-]{1,1000}$/;

/** @returns null where it is no comment */
function readComment(data: unknown) {
  const id = numberAt(data, 'id');
  const [url, login] = [textAt(data, 'html_url'), textAt(data, 'user', 'login')];
  const user = { login, id: numberAt(data, 'user', 'id'), isBot: at(data, 'user', 'type') === 'Bot' };
  if (id === null) return null;
  return {
    id,
    /** GitHub may store other line ends than were sent. */
    body: textAt(data, 'body').replaceAll('\r\n', '\n').trimEnd(),
    /** null: the account is gone. */
    user: login === '' ? null : user,
    url: COMMENT_URL.test(url) ? url : '',
  };
}
export type Comment = Readonly<NonNullable<ReturnType<typeof readComment>>>;

/** A list that is cut, or holds anything but comments, must not look like one without ours. */
function readPage(data: unknown, { link }: Headers): { comments: Comment[]; isLast: boolean } | null {
  if (!Array.isArray(data)) return null;
  const comments = data.map(readComment);
  if (!comments.every((one) => one !== null)) return null;
  // The link's page is asked for by its number, so that a token never follows a link to another host.
  const isLast = typeof link === 'string' ? !link.includes('rel="next"') : comments.length < PER_PAGE;
  return { comments, isLast };
}

/** A token of an app may not ask who it is; that is an answer, not a failure. */
function readViewer(data: unknown): Author | null {
  if (at(data, 'errors') !== undefined) return hasError(data, 'FORBIDDEN') ? ACTIONS_BOT : null;
  const login = textAt(data, 'data', 'viewer', 'login');
  return login === '' ? null : { login, id: numberAt(data, 'data', 'viewer', 'databaseId') };
}

// The calls.

export type CommentApi = Awaited<ReturnType<typeof connect>>;

export async function connect(place: CommentPlace, deps: GithubDeps) {
  const { pause, close, call, repository, graphqlUrl } = await connectToGithub(place, deps);
  const all = `${repository}/issues/${place.pullRequest}/comments`;
  const one = (id: number) => `${repository}/issues/comments/${id}`;

  return {
    pause,
    close,

    /** Whose comments are ours. */
    viewer: (): Promise<Author> =>
      call(`POST ${graphqlUrl}`, { query: 'query { viewer { login databaseId } }' }, readViewer).catch(
        (error: unknown) => {
          if (isRefusal(error, 403) || isRefusal(error, 404)) return ACTIONS_BOT;
          throw error;
        },
      ),

    /** The commit at the pull request's head; null where GitHub does not say, which leaves time for the comment itself. */
    head: (): Promise<string | null> => {
      const readHead: Read<string> = (data) => shaAt(data, 'head', 'sha');
      const route = `GET ${repository}/pulls/${place.pullRequest}`;
      return call(route, {}, readHead, { requestMs: SHORT_REQUEST_MS }).catch(() => {
        deps.signal.throwIfAborted();
        return null;
      });
    },

    list: (page: number) => call(`GET ${all}`, { per_page: PER_PAGE, page }, readPage),

    /** Lost, it may have been made all the same. */
    create: (body: string) => call(`POST ${all}`, { body }, readComment, { attempts: 1 }),

    /** Lost, it may have taken effect all the same. */
    update: (id: number, body: string) => call(`PATCH ${one(id)}`, { body }, readComment, { attempts: 1 }),

    /** Gone is gone, whoever did it. */
    remove: (id: number) =>
      call(`DELETE ${one(id)}`, {}, () => true).catch((error: unknown) => {
        if (!isRefusal(error, 404)) throw error;
      }),
  };
}
