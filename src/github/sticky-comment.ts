/**
 * The one comment of ours on a pull request: found by its first line and its author, written once, then edited in place.
 * What it says, and whether it may overwrite what stands there, is the caller's to decide.
 */
import {
  ATTEMPTS,
  connect,
  Lost,
  messageOf,
  NotWritten,
  PAUSE_MS,
  Refused,
  type Author,
  type Comment,
  type CommentApi,
  type CommentDeps,
  type CommentPlace,
} from './comment-api.ts';

export interface StickyComment<D extends Decision> extends CommentPlace {
  /** Is this the first line of a comment of ours? The text is untrusted. */
  readonly isOurs: (firstLine: string) => boolean;
  /** The commit that the report is of; null: not known. Over a newer head of the pull request nothing is written. */
  readonly commit: string | null;
  /**
   * What to do over the text that stands there, or null where there is none. Pure: it is asked again when the comment
   * turns out to be gone, or somebody else's twin of it stands instead.
   */
  readonly decide: (existing: string | null) => D;
}

export type Decision =
  { readonly action: 'leave'; readonly reason: string } | { readonly action: 'write'; readonly body: string };

/** `url` is empty where there is no comment or GitHub did not say. */
export type Placed =
  | { readonly outcome: 'created' | 'updated'; readonly url: string }
  | { readonly outcome: 'left'; readonly url: string; readonly reason: string }
  /** There is none, and none is wanted. */
  | { readonly outcome: 'none'; readonly reason: string }
  /** `head`: the commit that the pull request has come to. */
  | { readonly outcome: 'outdated'; readonly url: string; readonly head: string }
  | {
      readonly outcome: 'failed';
      /** `notice`: nothing that the workflow's author could mend. */
      readonly level: 'notice' | 'warning';
      /** A sentence in our own words. */
      readonly text: string;
      /** What GitHub or the network said, capped; untrusted, may be empty. */
      readonly detail: string;
    }
  /** The signal was aborted. */
  | { readonly outcome: 'interrupted' };

/**
 * Finds our comment and writes or edits it; at most one is left. Everything is over within 20 s by the clock. Never throws.
 * @returns what came of it, and what was decided last
 */
export async function stick<D extends Decision>(
  comment: StickyComment<D>,
  deps: CommentDeps,
): Promise<{ readonly placed: Placed; readonly decision: D | null }> {
  let decision: D | null = null;
  const decide = (existing: string | null): D => (decision = comment.decide(existing));
  try {
    deps.signal.throwIfAborted();
    const api = await connect(comment, deps);
    try {
      return { placed: await place({ ...comment, decide }, api), decision };
    } finally {
      await api.close();
    }
  } catch (error) {
    if (deps.signal.aborted) return { placed: { outcome: 'interrupted' }, decision };
    const { level, message, detail } =
      error instanceof NotWritten ? error : explain(error, comment.pullRequest);
    return { placed: { outcome: 'failed', level, text: message, detail }, decision };
  }
}

async function place({ decide, isOurs, commit }: StickyComment<Decision>, api: CommentApi): Promise<Placed> {
  const author = await api.viewer();
  /** What we wrote in this call; `comment` is null while the answer to it is lost. */
  let ours: { readonly body: string; readonly comment: Comment | null } | null = null;
  let creates = 0;
  let gone = false;

  for (;;) {
    const own = await ownComments(api, author, isOurs, ours === null).catch((error: unknown) => {
      if (ours?.comment && (error instanceof NotWritten || error instanceof Refused || error instanceof Lost))
        return [ours.comment];
      throw error;
    });
    if (ours !== null) {
      const written = ours;
      // The list may not show yet what was just written.
      if (written.comment !== null && !own.some(({ id }) => id === written.comment?.id))
        own.push(written.comment);
      own.sort((a, b) => a.id - b.id);
      const isWritten = ({ id, body }: Comment) => id === written.comment?.id || sameText(body, written.body);
      const twins = own.slice(1).filter(isWritten);
      for (const twin of twins) await api.remove(twin.id);
      if (own[0] !== undefined && isWritten(own[0])) return { outcome: 'created', url: own[0].url };
      // Another job was first, and its comment stays: from here as if we had written none.
      if (twins.length > 0) ours = null;
    }

    const standing = own[0] ?? null;
    const decision = decide(standing?.body ?? null);
    if (decision.action === 'leave') {
      const { reason } = decision;
      return standing === null ? { outcome: 'none', reason } : { outcome: 'left', url: standing.url, reason };
    }
    const head = commit === null ? null : await api.head();
    if (head !== null && head !== commit) return { outcome: 'outdated', url: standing?.url ?? '', head };
    if (standing !== null) {
      try {
        const updated = await api.update(standing.id, decision.body);
        return { outcome: 'updated', url: updated.url };
      } catch (error) {
        // Deleted since it was listed. Once: a token that may read but not edit can be answered 404 too.
        if (!(error instanceof Refused) || error.status !== 404 || gone) throw error;
        gone = true;
      }
    } else {
      if (creates === ATTEMPTS) throw new Lost('no answer to the new comment');
      creates++;
      try {
        ours = { body: decision.body, comment: await api.create(decision.body) };
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        // It may exist all the same: the list tells, before another is written.
        ours = { body: decision.body, comment: null };
        await api.pause(PAUSE_MS * creates);
      }
    }
  }
}

/**
 * Our comments in the order of the list, which is that of their ids: the oldest first.
 * @param oldestOnly stops at the first page that has one
 */
async function ownComments(
  api: CommentApi,
  author: Author,
  isOurs: (firstLine: string) => boolean,
  oldestOnly: boolean,
): Promise<Comment[]> {
  const own: Comment[] = [];
  for (let page = 1; ; page++) {
    const { comments, isLast } = await api.list(page);
    own.push(...comments.filter((one) => isBy(one.user, author) && isOurs(firstLine(one.body))));
    if (isLast || (oldestOnly && own.length > 0)) return own;
  }
}

function firstLine(body: string): string {
  const end = body.search(/[\r\n]/);
  return end < 0 ? body : body.slice(0, end);
}

/** GitHub may store other line ends than were sent. */
export function sameText(one: string, other: string): boolean {
  const plain = (text: string) => text.replaceAll('\r\n', '\n').trimEnd();
  return plain(one) === plain(other);
}

/**
 * A number is one account's for good, and no person's login can end in `[bot]`. GraphQL may leave that suffix out: then,
 * without a number, it can only be an app, since a person always has one.
 */
function isBy(user: Comment['user'], author: Author): boolean {
  if (user === null) return false;
  if (author.login.endsWith('[bot]') && user.login === author.login) return true;
  if (author.id !== null) return user.id === author.id;
  return user.isBot && user.login === `${author.login}[bot]`;
}

function explain(error: unknown, pullRequest: number): NotWritten {
  if (!(error instanceof Refused)) {
    return new NotWritten(
      'warning',
      error instanceof Lost
        ? 'The comment was not written, or GitHub did not confirm it: no usable answer within the time for it.'
        : 'The comment was not written: the call to GitHub could not be made.',
      messageOf(error),
    );
  }
  const { status, message } = error;
  const isLocked = status === 403 && message.toLowerCase().includes('locked');
  const [level, text] =
    REFUSALS[isLocked ? 'locked' : status] ?? REFUSALS[status < 400 ? 'redirect' : 'other'];
  const said = text.replace('{pr}', `pull request #${pullRequest}`).replace('{status}', String(status));
  return new NotWritten(level, said, message);
}

type Refusal = readonly [level: 'notice' | 'warning', text: string];

/** By GitHub's status. A notice is nothing that the workflow's author could mend. */
const REFUSALS: Readonly<Record<'redirect' | 'other', Refusal>> &
  Readonly<Record<string | number, Refusal | undefined>> = {
  401: ['warning', 'The comment was not written: GitHub does not accept `github_token` (401).'],
  locked: ['notice', 'No comment: the conversation of {pr} is locked.'],
  403: [
    'warning',
    'The comment was not written: `github_token` may not (403). Give the job `permissions: pull-requests: write`; ' +
      'on pull requests from forks the token is read-only whatever the job asks for, on those by Dependabot unless it asks.',
  ],
  404: [
    'warning',
    'The comment was not written: {pr} is not there for `github_token` (404). ' +
      'Give the job `permissions: pull-requests: write`.',
  ],
  410: ['notice', 'No comment: {pr} no longer takes any (410).'],
  redirect: [
    'warning',
    'The comment was not written: GitHub answered with a redirect ({status}), which is not followed with a token.',
  ],
  other: ['warning', 'The comment was not written: GitHub refused it ({status}).'],
};
