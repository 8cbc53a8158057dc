/**
 * Writes the step's comment on a pull request: it is found by its first line and its author, created once, then edited in place.
 * The caller decides the text, and whether it may overwrite the existing one.
 */
import { connect, type Author, type Comment, type CommentApi, type CommentPlace } from './comment-api.ts';
import { CallFailed, isRefusal, messageOf, WRITE_PAUSE_MS, type GithubDeps } from './github-api.ts';

export interface StickyComment<D extends WriteDecision> extends CommentPlace {
  /** Of a comment of ours. */
  readonly firstLine: string;
  /** The commit that the report is of; null: not known. Where the pull request has another head, nothing is written. */
  readonly commit: string | null;
  /**
   * Decides what to do with the existing text; null: there is no comment. Pure: it is called again if the written text was
   * overwritten. `earlier`: the first decision. `isHeadKnown`: GitHub confirmed that `commit` is the pull request's head.
   */
  readonly decide: (existing: string | null, earlier: D | null, isHeadKnown: boolean) => D;
  /** Does what was decided, and written, last in this text? */
  readonly isKept: (existing: string) => boolean;
  /** Others write it too: what was written is looked at once more after a while. */
  readonly isShared: boolean;
}

export type WriteDecision =
  | { readonly action: 'leave'; readonly level: 'line' | 'warning'; readonly reason: string }
  | { readonly action: 'write'; readonly body: string };

/** Decisions at most: two beyond the first. */
const ROUNDS = 3;
/** When what was written is looked at again, where others write it too. */
const SECOND_LOOK_MS = 3_000;

/**
 * Finds our comment and writes or edits it; at most one is left. Everything is over within 20 s by the clock. Never throws.
 * GitHub has no edit that holds to a version. So the head is asked for before the comment is read, that no request but the
 * write comes between, and what was written is read once more.
 * @returns also what was decided last; null: nothing was
 */
export async function stick<D extends WriteDecision>(
  comment: StickyComment<D>,
  deps: GithubDeps,
  connected = connect,
): Promise<{ readonly placed: Placed; readonly decision: D | null }> {
  const { decide, isKept, firstLine, commit, isShared } = comment;
  const { signal } = deps;
  let decision: D | null = null;
  let placed: Placed | null = null;
  let api: CommentApi | null = null;
  /** A write was sent, and it is not known yet whether it had an effect. */
  let isUnconfirmed = false;
  try {
    signal.throwIfAborted();
    const calls = (api = await connected(comment, deps));
    const author = await calls.viewer();
    /** What we created in this call. A lost one has no ID yet. */
    const made: { readonly id: number | null; readonly body: string }[] = [];
    let wasGone = false;

    /** The oldest of our comments. A twin that we made is deleted. `fresh`: the list may not show it yet. */
    const standing = async (fresh: Comment | null): Promise<Comment | null> => {
      const own = await commentsOf(calls, author, firstLine, made.length === 0);
      if (fresh !== null && !own.some(({ id }) => id === fresh.id)) own.push(fresh);
      const [oldest = null, ...others] = own.sort((a, b) => a.id - b.id);
      for (const one of others) {
        if (made.some(({ id, body }) => id === one.id || body === one.body)) await calls.remove(one.id);
      }
      return oldest;
    };

    /** After a lost answer, reads whether the write had an effect, before anything is written again. */
    const found = async (body: string, round: number): Promise<Comment | null> => {
      await calls.pause(WRITE_PAUSE_MS * round);
      const there = await standing(null);
      if (there?.body === body) return there;
      if (round >= ROUNDS) throw new CallFailed('lost', 'no answer to what was written');
      return null;
    };

    /** True if that cannot be read. */
    const lasts = async (written: Comment, waits: readonly number[]): Promise<boolean> => {
      try {
        for (const waitMs of waits) {
          if (waitMs > 0) await calls.pause(waitMs);
          const there = await standing(waitMs === 0 ? written : null);
          if (there?.id !== written.id || !isKept(there.body)) return false;
        }
        return true;
      } catch (error) {
        if (error instanceof CallFailed) return true;
        throw error;
      }
    };

    for (let round = 1; ; round++) {
      const head = commit === null ? null : await calls.head();
      if (head !== null && head !== commit) {
        const moved = `this report is of ${commit?.slice(0, 7) ?? ''}, and the pull request is at ${head.slice(0, 7)} now`;
        return { placed: placed ?? plainly('notice', `No comment is written: ${moved}.`), decision };
      }
      const there = await standing(null);
      decision = decide(there?.body ?? null, decision, head !== null);
      if (decision.action === 'leave') {
        const { level, reason } = decision;
        const url = there?.url ?? '';
        const about = level === 'warning' && url !== '' ? ` (${url})` : '';
        const left = there === null ? 'No comment' : `Comment left as it is${about}`;
        return { placed: placed ?? plainly(level, `${left}: ${reason}.`, url), decision };
      }

      const { body } = decision;
      let written: Comment | null = null;
      try {
        isUnconfirmed = true;
        written = there === null ? await calls.create(body) : await calls.update(there.id, body);
      } catch (error) {
        // Deleted since it was listed. Once: a token that may read but not edit can be answered 404 too.
        if (isRefusal(error, 404) && there !== null && !wasGone) {
          wasGone = true;
          isUnconfirmed = false;
          continue;
        }
        if (!(error instanceof CallFailed && error.why === 'lost')) throw error;
      }
      if (there === null) made.push({ id: written?.id ?? null, body });
      const waits = [...(written === null ? [] : [0]), ...(isShared ? [SECOND_LOOK_MS] : [])];
      written ??= await found(body, round);
      isUnconfirmed = false;
      if (written === null) continue;
      const { url } = written;
      placed = plainly('line', `Comment ${there === null ? 'created' : 'updated'}${url && `: ${url}`}`, url);
      if ((await lasts(written, waits)) || round >= ROUNDS) return { placed, decision };
    }
  } catch (error) {
    if (signal.aborted)
      return { placed: placed ?? plainly('warning', isUnconfirmed ? NOT_KNOWN : CUT), decision };
    return { placed: failed(error), decision };
  } finally {
    await api?.close();
  }
}

/**
 * What came of it.
 * @param level `notice`: also for the report; the workflow's author cannot fix it
 * @param text a trusted sentence
 * @param url of the existing comment; empty: there is none, or it is unknown
 * @param detail text of GitHub or the network; untrusted, may be empty
 */
function plainly(level: 'line' | 'notice' | 'warning', text: string, url = '', detail = '') {
  return { url, level, text, detail };
}
export type Placed = Readonly<ReturnType<typeof plainly>>;

/**
 * Our comments in the order of the list, which is that of their ids: the oldest first.
 * @param oldestOnly stops at the first page that has one
 */
async function commentsOf(api: CommentApi, author: Author, firstLine: string, oldestOnly: boolean) {
  const isOurs = ({ body }: Comment) => body.split(/[\r\n]/, 1)[0]?.trimEnd() === firstLine;
  const own: Comment[] = [];
  for (let page = 1; ; page++) {
    const { comments, isLast } = await api.list(page);
    own.push(...comments.filter((one) => isBy(one.user, author) && isOurs(one)));
    if (isLast || (oldestOnly && own.length > 0)) return own;
  }
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

const NOT_KNOWN = 'It is not known whether the comment was written: the runner stopped this step meanwhile.';
const CUT = 'The comment was not written: the runner stopped this step before.';

function failed(error: unknown): Placed {
  const detail = messageOf(error);
  const { why, hintMs } = error instanceof CallFailed ? error : { why: 'other', hintMs: null };
  const isRefused = typeof why === 'number';
  const isLocked = why === 403 && detail.toLowerCase().includes('locked');
  const kind = isLocked ? 'locked' : isRefused && why < 400 ? 'redirect' : why;
  const [level, text, remedy = ''] = NOT_WRITTEN[kind] ?? (['warning', 'GitHub refused it'] as const);
  const time = hintMs === null ? '' : ` for ${Math.ceil(hintMs / 1000)} s more`;
  const about = isRefused ? ` (${why})` : time;
  return plainly(level, `The comment was not written: ${text}${about}.${remedy && ` ${remedy}`}`, '', detail);
}

const PERMISSION = 'Give the job `permissions: { pull-requests: write }`';

/** Chosen by the status, or by why there is none. The workflow's author cannot fix the cause of a notice. */
const NOT_WRITTEN: Readonly<Partial<Record<string, readonly [Placed['level'], string, string?]>>> = {
  other: ['warning', 'the call to GitHub could not be made'],
  lost: ['warning', 'GitHub did not confirm it in time'],
  limited: ['notice', "GitHub's rate limit holds"],
  locked: ['notice', 'the conversation is locked'],
  410: ['notice', 'the pull request no longer takes any'],
  401: ['warning', 'GitHub does not accept `github_token`'],
  403: [
    'warning',
    '`github_token` is not allowed to write it',
    `${PERMISSION}; Dependabot's pull requests need it too. On those from forks the token is always read-only.`,
  ],
  404: ['warning', 'the pull request is not there for `github_token`', `${PERMISSION}.`],
  redirect: ['warning', 'GitHub answered with a redirect, which is not followed with a token'],
};
