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

async function place({ decide, isOurs }: StickyComment<Decision>, api: CommentApi): Promise<Placed> {
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
      return { outcome: 'left', url: standing?.url ?? '', reason: decision.reason };
    }
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
function sameText(one: string, other: string): boolean {
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

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** It becomes an output: nothing that a shell would act on. */
const ADDRESS = /^https?:\/\/[\w.:/#-]{1,1000}$/;

/** @returns null where it is no comment */
function readComment(data: unknown): Comment | null {
  if (!isObject(data) || !Number.isSafeInteger(data.id)) return null;
  const { body, user, html_url: url } = data;
  return {
    id: data.id as number,
    body: typeof body === 'string' ? body : '',
    user: isObject(user) && typeof user.login === 'string' ? readUser(user, user.login) : null,
    url: typeof url === 'string' && ADDRESS.test(url) ? url : '',
  };
}

function readUser(user: Fields, login: string): Comment['user'] {
  const { id, type } = user;
  return { login, id: typeof id === 'number' ? id : null, isBot: type === 'Bot' };
}

/** A list that is cut, or holds anything but comments, must not look like one without ours. */
function readPage(data: unknown, headers: Headers): { comments: Comment[]; isLast: boolean } | null {
  if (!Array.isArray(data)) return null;
  const comments = data.map(readComment);
  if (!comments.every((one) => one !== null)) return null;
  const { link } = headers;
  // The link's page is asked for by its number, so that a token never follows a link to another host.
  const isLast = typeof link === 'string' ? !link.includes('rel="next"') : comments.length < PER_PAGE;
  return { comments, isLast };
}

/** A token of an app may not ask who it is; that is an answer, not a failure. */
function readViewer(data: unknown): Author | null {
  if (!isObject(data)) return null;
  if (Array.isArray(data.errors)) {
    const isRefusal = data.errors.some((one) => isObject(one) && one.type === 'FORBIDDEN');
    return isRefusal ? ACTIONS_BOT : null;
  }
  const viewer = isObject(data.data) ? data.data.viewer : undefined;
  if (!isObject(viewer) || typeof viewer.login !== 'string' || viewer.login === '') return null;
  const id = viewer.databaseId;
  return { login: viewer.login, id: typeof id === 'number' ? id : null };
}

// The calls.

type Headers = Readonly<Record<string, string | number | undefined>>;
type Api = Awaited<ReturnType<typeof connect>>;
interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly data: unknown;
}

/** Octokit warns of deprecated calls on the console, in the server's words. */
const silent = { debug: ignore, info: ignore, warn: ignore, error: ignore };
function ignore(): void {
  // Nothing of it is for the job's log.
}

/** Loads @actions/github, which nobody pays for who wants no comment. */
async function connect(comment: StickyComment, { clock, signal, proxy }: StickyCommentDeps) {
  const end = clock.now() + BUDGET_MS;
  const { getOctokit } = await import('@actions/github');
  // By its file: in the bundle the bare name is a stub that spares every other step a megabyte of undici.
  const { fetch, Agent, ProxyAgent } = await import('undici/index.js');
  // Destroying the dispatcher leaves a socket that is still being connected: for 10 s, where a handshake hangs.
  const sockets = new AbortController();
  const connecting = { signal: sockets.signal } as object;
  const dispatcher =
    proxy === null
      ? new Agent({ connect: connecting })
      : new ProxyAgent({ uri: proxy, proxyTls: connecting });

  /** Octokit takes a body that breaks off for an empty one: read it whole before Octokit sees it, or fail. */
  async function fetchWhole(url: string, init: Parameters<typeof fetch>[1]): Promise<Response> {
    const answer = await fetch(url, { ...init, redirect: 'manual', dispatcher });
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of answer.body ?? []) {
      const bytes = chunk as Uint8Array;
      size += bytes.length;
      if (size > ANSWER_BYTES) throw new Error('the answer is over 32 MiB');
      chunks.push(bytes);
    }
    const bodiless = [204, 205, 304].includes(answer.status);
    return new Response(bodiless ? null : Buffer.concat(chunks), {
      status: answer.status,
      headers: [...answer.headers],
    });
  }

  const apiUrl = trimSlashes(comment.apiUrl);
  const octokit = getOctokit(comment.token, {
    baseUrl: apiUrl,
    log: { ...silent },
    request: { fetch: fetchWhole, log: silent },
  });
  const graphqlUrl = `${apiUrl.endsWith('/api/v3') ? apiUrl.slice(0, -'/v3'.length) : apiUrl}/graphql`;
  const where = { ...comment.repository, issue_number: comment.pullRequest };

  async function pause(ms: number): Promise<void> {
    if (clock.now() + ms >= end) throw new Lost('no time is left to send again');
    await clock.sleep(ms, signal);
  }

  /** One send, cut off at its time or with the caller's signal. */
  async function send(request: (signal: AbortSignal) => Promise<Reply>): Promise<Reply> {
    signal.throwIfAborted();
    const left = end - clock.now();
    if (left <= 0) throw new Lost('no time is left');
    const cut = new AbortController();
    const answered = new AbortController();
    clock.sleep(Math.min(REQUEST_MS, left), answered.signal).then(() => {
      cut.abort();
    }, ignore);
    try {
      return await request(AbortSignal.any([signal, cut.signal]));
    } catch (error) {
      signal.throwIfAborted();
      const reply = refusal(error);
      if (reply === null) throw new Lost(cut.signal.aborted ? 'no answer in time' : messageOf(error));
      return reply;
    } finally {
      answered.abort();
    }
  }

  /**
   * Sends until there is an answer. After a rate limit always, since that did nothing; after a lost answer only where
   * the same once more does no harm.
   * @throws Refused, Lost, NotWritten (a rate limit that asks for more time than there is)
   */
  async function call<T>(
    request: (signal: AbortSignal) => Promise<Reply>,
    read: (data: unknown, headers: Headers) => T | null,
    again: 'may be sent again' | 'only once',
  ): Promise<T> {
    for (let lost = 0; ;) {
      let problem: Lost;
      let hint: number | null = null;
      try {
        const reply = await send(request);
        hint = hintOf(reply.headers, clock.date());
        if (isRateLimit(reply)) {
          if (hint === null || clock.now() + Math.max(hint, PAUSE_MS) >= end) {
            throw rateLimited(hint, messageIn(reply.data));
          }
          await clock.sleep(Math.max(hint, PAUSE_MS), signal);
          continue;
        }
        const outage = reply.status >= 500 || reply.status === 408;
        if (!outage && reply.status >= 300) throw new Refused(reply.status, messageIn(reply.data));
        const value = outage ? null : read(reply.data, reply.headers);
        if (value !== null) return value;
        problem = new Lost(outage ? `status ${reply.status}` : 'the answer is not what GitHub describes');
      } catch (error) {
        if (!(error instanceof Lost)) throw error;
        problem = error;
      }
      lost++;
      if (again === 'only once' || lost === ATTEMPTS) throw problem;
      await pause(Math.max(hint ?? 0, PAUSE_MS * lost));
    }
  }

  return {
    pause,

    /** Whose comments are ours. */
    viewer: async (): Promise<Author> => {
      try {
        return await call(
          (signal) =>
            octokit.request({
              method: 'POST',
              url: graphqlUrl,
              query: 'query { viewer { login databaseId } }',
              request: { signal },
            }),
          readViewer,
          'may be sent again',
        );
      } catch (error) {
        if (error instanceof Refused && (error.status === 403 || error.status === 404)) return ACTIONS_BOT;
        throw error;
      }
    },

    list: (page: number) =>
      call(
        (signal) =>
          octokit.request('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
            ...where,
            per_page: PER_PAGE,
            page,
            request: { signal },
          }),
        readPage,
        'may be sent again',
      ),

    /** @throws Lost where it may have been made all the same */
    create: (body: string) =>
      call(
        (signal) =>
          octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
            ...where,
            body,
            request: { signal },
          }),
        readComment,
        'only once',
      ),

    update: (id: number, body: string) =>
      call(
        (signal) =>
          octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
            ...comment.repository,
            comment_id: id,
            body,
            request: { signal },
          }),
        readComment,
        'may be sent again',
      ),

    /** Gone is gone, whoever did it. */
    remove: async (id: number): Promise<void> => {
      try {
        await call(
          (signal) =>
            octokit.request('DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}', {
              ...comment.repository,
              comment_id: id,
              request: { signal },
            }),
          () => true,
          'may be sent again',
        );
      } catch (error) {
        if (!(error instanceof Refused) || error.status !== 404) throw error;
      }
    },

    /** Cuts what is still open: a kept-alive socket must not keep the process. */
    close: async (): Promise<void> => {
      await dispatcher.destroy();
      sockets.abort();
    },
  };
}

function trimSlashes(url: string): string {
  let end = url.length;
  while (url[end - 1] === '/') end--;
  return url.slice(0, end);
}

/** The answer that Octokit turned into an error; null where there was none. */
function refusal(error: unknown): Reply | null {
  const response = isObject(error) ? error.response : undefined;
  if (!isObject(response) || typeof response.status !== 'number' || !isObject(response.headers)) return null;
  return { status: response.status, headers: response.headers as Headers, data: response.data };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '');

function messageIn(data: unknown): string {
  return isObject(data) && typeof data.message === 'string' ? data.message : '';
}

/** GitHub has two limits and three ways to say so; GraphQL's has the status 200. */
function isRateLimit({ status, headers, data }: Reply): boolean {
  if (status === 429) return true;
  if (status === 403) {
    return (
      headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0' ||
      messageIn(data).toLowerCase().includes('rate limit')
    );
  }
  const errors = isObject(data) ? data.errors : undefined;
  return Array.isArray(errors) && errors.some((one) => isObject(one) && one.type === 'RATE_LIMITED');
}

/** @returns milliseconds until GitHub will hear us again, at least 0; null where it does not say */
function hintOf(headers: Headers, localDate: number): number | null {
  const serverDate = Date.parse(String(headers.date ?? ''));
  const now = Number.isNaN(serverDate) ? localDate : serverDate;
  const seconds = (name: string): number | null => {
    const text = String(headers[name] ?? '').trim();
    return /^\d{1,12}$/.test(text) ? Number(text) : null;
  };
  const after = seconds('retry-after');
  const reset = headers['x-ratelimit-remaining'] === '0' ? seconds('x-ratelimit-reset') : null;
  const hints = [
    ...(after === null ? [] : [after * 1000]),
    ...(reset === null ? [] : [Math.max(reset * 1000 - now, 0)]),
  ];
  return hints.length > 0 ? Math.max(...hints) : null;
}

// What is said where it did not work.

function rateLimited(hintMs: number | null, detail: string): NotWritten {
  const when = hintMs === null ? 'without saying for how long' : `for ${Math.ceil(hintMs / 1000)} s more`;
  return new NotWritten('notice', `The comment was not written: GitHub's rate limit holds ${when}.`, detail);
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
