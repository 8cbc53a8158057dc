/**
 * Writes the step's comment on a pull request: it is found by its first line and its author, created once, then edited in place.
 * The caller decides the text, and whether it may overwrite the existing one.
 */
import {
  connectToComments,
  type Author,
  type Comment,
  type CommentApi,
  type CommentPlace,
} from './comment-api.ts';
import { CallFailed, hasStatus, messageOf, WRITE_PAUSE_MS, type GithubDeps } from './github-api.ts';

export interface StickyComment<D extends WriteDecision> extends CommentPlace {
  /** The first line of this step's comment. */
  readonly marker: string;
  /** The commit of the report; null: not known. If the pull request has another head, nothing is written. */
  readonly commit: string | null;
  /**
   * Decides what to do with the existing text; null: there is no comment. Pure: it is called again if another writer replaced the
   * text. `last`: the decision before; null: this is the first. `isHeadKnown`: GitHub confirmed that `commit` is the pull request's head.
   */
  readonly decide: (existing: string | null, last: D | null, isHeadKnown: boolean) => D;
  /** Does this text still have what the last decision wrote? Another writer may have replaced the text since. */
  readonly isKept: (existing: string) => boolean;
  /** Other jobs write the comment too, so the text is checked once more after a while. */
  readonly isShared: boolean;
}

export type WriteDecision =
  | { readonly action: 'leave'; readonly level: 'line' | 'warning'; readonly reason: string }
  | { readonly action: 'write'; readonly body: string };

/** Maximum number of decisions: two after the first. One more if the comment was deleted after the last of them, before it could be edited. */
const MAX_ROUNDS = 3;
/** When a shared comment is checked again. */
const SECOND_LOOK_MS = 3_000;

/**
 * Finds our comment and creates or edits it; at most one is left. Ends within 20 s by the clock. Never throws.
 * GitHub has no conditional edit. So each round reads the head first, then the comment, so that no request comes between it and the
 * write, and then reads what was written.
 * @returns also the last decision; null: there was none
 */
export async function writeStickyComment<D extends WriteDecision>(
  comment: StickyComment<D>,
  deps: GithubDeps,
  connected = connectToComments,
): Promise<{ readonly result: StickyResult; readonly decision: D | null }> {
  const { decide, marker, commit, isShared } = comment;
  const { signal } = deps;
  let decision: D | null = null;
  let result: StickyResult | null = null;
  let api: CommentApi | null = null;
  /** A write was sent, and whether it had an effect is not known yet. */
  let isUnconfirmed = false;
  try {
    signal.throwIfAborted();
    api = await connected(comment, deps);
    const author = await api.viewer();
    let session: Session = { api, author, marker, created: [] };
    let wasDeleted = false;
    for (let round = 1; ; round++) {
      const head = commit === null ? null : await api.head();
      if (head !== null && head !== commit)
        return { result: result ?? describeOtherHead(commit ?? '', head), decision };
      const existing = await findOwn(session, null);
      decision = decide(existing?.body ?? null, decision, head !== null);
      if (decision.action === 'leave')
        return { result: result ?? describeLeft(decision, existing), decision };

      const isLastRound = round >= MAX_ROUNDS;
      const { body } = decision;
      isUnconfirmed = true;
      const sent = await createOrUpdate(api, existing, body);
      // Only once, since a token that may read but not edit can get a 404 too.
      if (sent instanceof CallFailed) {
        if (wasDeleted) throw sent;
        wasDeleted = true;
        isUnconfirmed = false;
        continue;
      }
      if (existing === null)
        session = { ...session, created: [...session.created, { id: sent?.id ?? null, body }] };
      const written = sent ?? (await findWritten(session, body, round));
      if (written === null && isLastRound) throw new CallFailed('lost', 'no answer to what was written');
      isUnconfirmed = false;
      if (written === null) continue;
      const { url } = written;
      result = createResult(
        'line',
        `Comment ${existing === null ? 'created' : 'updated'}${url && `: ${url}`}`,
        url,
      );
      // After a lost answer the comment has just been read.
      const looksMs = [...(sent === null ? [] : [0]), ...(isShared ? [SECOND_LOOK_MS] : [])];
      const wasKept = await verifyKept(session, written, comment.isKept, looksMs);
      if (wasKept || isLastRound) return { result, decision };
    }
  } catch (error) {
    if (signal.aborted)
      return { result: result ?? createResult('warning', isUnconfirmed ? NOT_KNOWN : CUT), decision };
    return { result: describeFailure(error), decision };
  } finally {
    await api?.close();
  }
}

/** The state of one call of `writeStickyComment`. */
interface Session {
  readonly api: CommentApi;
  readonly author: Author;
  readonly marker: string;
  /** The comments that this call created. `id` is null if the answer was lost. */
  readonly created: readonly { readonly id: number | null; readonly body: string }[];
}

/**
 * Returns the oldest comment of this step, and deletes newer ones that this call created.
 * @param written a comment that the list may not show yet
 */
async function findOwn(
  { api, author, marker, created }: Session,
  written: Comment | null,
): Promise<Comment | null> {
  const own = await listMarked(api, author, marker, created.length === 0);
  if (written !== null && !own.some(({ id }) => id === written.id)) own.push(written);
  const [oldest = null, ...others] = own.sort((a, b) => a.id - b.id);
  for (const one of others) {
    if (created.some(({ id, body }) => id === one.id || body === one.body)) await api.remove(one.id);
  }
  return oldest;
}

/** Creates or updates the comment. @returns null: the answer was lost; CallFailed: the comment was deleted since it was listed */
async function createOrUpdate(
  api: CommentApi,
  existing: Comment | null,
  body: string,
): Promise<Comment | CallFailed | null> {
  try {
    return existing === null ? await api.create(body) : await api.update(existing.id, body);
  } catch (error) {
    if (!(error instanceof CallFailed)) throw error;
    if (error.why === 'lost') return null;
    if (existing !== null && hasStatus(error, 404)) return error;
    throw error;
  }
}

/** After a lost answer, returns the comment if the write had an effect; null: it had none. */
async function findWritten(session: Session, body: string, round: number): Promise<Comment | null> {
  await session.api.pause(WRITE_PAUSE_MS * round);
  const found = await findOwn(session, null);
  return found?.body === body ? found : null;
}

/**
 * Reads the comment after each pause, and returns whether the written text is still there; true if it cannot be read.
 * @param pausesMs 0: the list may not show the comment yet
 */
async function verifyKept(
  session: Session,
  written: Comment,
  isKept: (existing: string) => boolean,
  pausesMs: readonly number[],
): Promise<boolean> {
  try {
    for (const pauseMs of pausesMs) {
      if (pauseMs > 0) await session.api.pause(pauseMs);
      const found = await findOwn(session, pauseMs === 0 ? written : null);
      if (found?.id !== written.id || !isKept(found.body)) return false;
    }
    return true;
  } catch (error) {
    if (error instanceof CallFailed) return true;
    throw error;
  }
}

/**
 * Creates the result for the log and the report.
 * @param level `notice`: also for the report; the workflow's author cannot fix it
 * @param text a trusted sentence
 * @param url of the existing comment; empty: there is none, or it is unknown
 * @param detail text of GitHub or the network; untrusted, may be empty
 */
function createResult(level: 'line' | 'notice' | 'warning', text: string, url = '', detail = '') {
  return { url, level, text, detail };
}

/** What happened to the comment. */
export type StickyResult = Readonly<ReturnType<typeof createResult>>;

/** Returns the result for a report of a commit that is not the pull request's head any more. */
function describeOtherHead(commit: string, head: string): StickyResult {
  const text = `this report is for commit ${commit.slice(0, 7)}, and the head of the pull request is now ${head.slice(0, 7)}`;
  return createResult('notice', `No comment is written: ${text}.`);
}

/** Returns the result if the decision was to leave the comment as it is. */
function describeLeft(
  { level, reason }: Extract<WriteDecision, { action: 'leave' }>,
  existing: Comment | null,
): StickyResult {
  const url = existing?.url ?? '';
  const about = level === 'warning' && url !== '' ? ` (${url})` : '';
  const left = existing === null ? 'No comment' : `Comment left as it is${about}`;
  return createResult(level, `${left}: ${reason}.`, url);
}

/**
 * Lists the comments of this step in the order of their IDs, the oldest first.
 * @param oldestOnly stops at the first page that has one
 */
async function listMarked(api: CommentApi, author: Author, marker: string, oldestOnly: boolean) {
  const own: Comment[] = [];
  for (let page = 1; ; page++) {
    const { comments, isLast } = await api.list(page);
    own.push(...comments.filter((one) => isWrittenBy(one.user, author) && hasMarker(one, marker)));
    if (isLast || (oldestOnly && own.length > 0)) return own;
  }
}

/** Is the marker the first line of the comment? */
function hasMarker({ body }: Comment, marker: string): boolean {
  return body.split(/[\r\n]/, 1)[0]?.trimEnd() === marker;
}

/**
 * Is the comment by this author? Compares the account's number, which never changes, or a login that ends in `[bot]`, which no
 * person can have. GraphQL may omit that suffix: an author without a number can only be an app, since a person always has one.
 */
function isWrittenBy(user: Comment['user'], author: Author): boolean {
  if (user === null) return false;
  if (author.login.endsWith('[bot]') && user.login === author.login) return true;
  if (author.id !== null) return user.id === author.id;
  return user.isBot && user.login === `${author.login}[bot]`;
}

const NOT_KNOWN = 'It is not known whether the comment was written: the runner stopped this step meanwhile.';
const CUT = 'The comment was not written: the runner stopped this step before that.';

/** Returns the result for an error. */
function describeFailure(error: unknown): StickyResult {
  const detail = messageOf(error);
  const { why, hintMs } = error instanceof CallFailed ? error : { why: 'other', hintMs: null };
  const isRefused = typeof why === 'number';
  const isLocked = why === 403 && detail.toLowerCase().includes('locked');
  const kind = isLocked ? 'locked' : isRefused && why < 400 ? 'redirect' : why;
  const [level, text, remedy = ''] = NOT_WRITTEN[kind] ?? (['warning', 'GitHub rejected it'] as const);
  const time = hintMs === null ? '' : ` for ${Math.ceil(hintMs / 1000)} s more`;
  const about = isRefused ? ` (${why})` : time;
  return createResult(
    level,
    `The comment was not written: ${text}${about}.${remedy && ` ${remedy}`}`,
    '',
    detail,
  );
}

const PERMISSION = 'Give the job `permissions: { pull-requests: write }`';

/** By the status, or by why there is none. Causes that the workflow's author cannot fix are notices. */
const NOT_WRITTEN: Readonly<Partial<Record<string, readonly [StickyResult['level'], string, string?]>>> = {
  other: ['warning', 'the call to GitHub could not be made'],
  lost: ['warning', 'GitHub did not confirm it in time'],
  limited: ['notice', "GitHub's rate limit lasts"],
  locked: ['notice', 'the conversation is locked'],
  410: ['notice', 'the pull request accepts no more comments'],
  401: ['warning', 'GitHub does not accept `github_token`'],
  403: [
    'warning',
    '`github_token` is not allowed to write it',
    `${PERMISSION}; Dependabot's pull requests need it too. On pull requests from forks the token is always read-only.`,
  ],
  404: ['warning', '`github_token` cannot see the pull request', `${PERMISSION}.`],
  redirect: ['warning', 'GitHub answered with a redirect, which is not followed with a token'],
};
