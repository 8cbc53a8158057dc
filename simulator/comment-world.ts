/**
 * Jobs that write one comment, in virtual time: GitHub's calls as values, each of which takes a while and effect at a moment of
 * its own. What is played is the action's own: when it reads, writes and looks again, and the rule by which it decides.
 */
import { digest } from '../src/gate/items.ts';
import type { Comment, CommentApi } from '../src/github/comment-api.ts';
import { CallFailed } from '../src/github/github-api.ts';
import { stick } from '../src/github/sticky-comment.ts';
import type { CommentDraft } from '../src/comment/draft.ts';
import { decideComment, isKept, type CommentDecision } from '../src/comment/rule.ts';
import { markerLine, parseComment, type Memory, type Writer } from '../src/comment/memory.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const FIRST_LINE = markerLine('0'.repeat(32));
const BOT = { login: 'github-actions[bot]', id: null } as const;

/** What one job has to say. */
export interface Verdict {
  readonly writer: Writer;
  readonly shows: CommentDraft['shows'];
  readonly commit: string;
  /** `comment_key` is given. */
  readonly isShared: boolean;
  /** `comment: on_failure` */
  readonly isOnFailure: boolean;
}

export const textOf = ({ writer, shows, commit }: Verdict): string =>
  `${FIRST_LINE}\n${writer.id} ${writer.jobRun} ${writer.attempt} ${[...writer.createdAt.values()].join()}: ${shows} at ${commit.slice(0, 7)}`;

/** A moment at which a call of a writer took effect. */
export interface Moment {
  readonly by: Verdict;
  readonly what: 'read' | 'written';
  readonly at: number;
}

export interface CommentWorld {
  head: string;
  /** GitHub does not say what the head is. */
  isHeadHidden: boolean;
  /** The oldest first. */
  readonly comments: Comment[];
  readonly moments: readonly Moment[];
  /** Plays a job from its first call to its last. Whether it wrote in the end, or left what it found. */
  readonly describe: (verdict: Verdict) => Promise<'write' | 'leave'>;
  readonly shown: () => { readonly visible: string; readonly memory: Memory | null } | null;
}

/** @param takesMs of a call; what it does, it does at some moment of it */
export function commentWorld(
  clock: VirtualClock,
  random: () => number,
  takesMs: () => number,
  head: string,
): CommentWorld {
  const moments: Moment[] = [];
  const never = new AbortController().signal;
  let lastId = 0;

  const apiOf = (by: Verdict): CommentApi => {
    const end = clock.now() + 20_000;
    const call = async <T>(what: Moment['what'] | null, effect: () => T): Promise<T> => {
      const ms = takesMs();
      const first = ms * random();
      await clock.sleep(first, never);
      const value = effect();
      if (what !== null) moments.push({ by, what, at: clock.now() });
      await clock.sleep(ms - first, never);
      return value;
    };
    const written = (comment: Comment): Comment => ({ ...comment });
    return {
      viewer: () => call(null, () => BOT),
      head: () => call(null, () => (world.isHeadHidden ? null : world.head)),
      list: () => call('read', () => ({ comments: world.comments.map(written), isLast: true })),
      create: (body) =>
        call('written', () => {
          const user = { ...BOT, isBot: true };
          const comment = { id: ++lastId, body, user, url: '' };
          world.comments.push(comment);
          return written(comment);
        }),
      update: async (id, body) => {
        const updated = await call('written', () => {
          const at = world.comments.findIndex((one) => one.id === id);
          const there = world.comments[at];
          return there && written((world.comments[at] = { ...there, body }));
        });
        if (updated === undefined) throw new CallFailed(404, 'Not Found');
        return updated;
      },
      remove: (id) =>
        call(null, () => {
          const at = world.comments.findIndex((one) => one.id === id);
          if (at >= 0) world.comments.splice(at, 1);
        }),
      pause: async (ms) => {
        if (clock.now() + ms < end) await clock.sleep(ms, never);
      },
      close: () => Promise.resolve(),
    };
  };

  const world: CommentWorld = {
    head,
    isHeadHidden: false,
    comments: [],
    moments,
    describe: async (verdict) => {
      const isNoNews = verdict.isOnFailure && verdict.shows === 'green';
      const text = textOf(verdict);
      const draft: CommentDraft = {
        firstLine: FIRST_LINE,
        isNoNews,
        says: digest(text),
        runKeys: [],
        snapshots: new Map(),
        commit: verdict.commit,
        writer: verdict.writer,
        shows: verdict.shows,
        ownsReview: !verdict.isShared,
        whyNone: '',
      };
      const { placed, decision } = await stick(
        {
          apiUrl: '',
          token: '',
          repository: '',
          pullRequest: 1,
          commit: verdict.commit,
          firstLine: FIRST_LINE,
          decide: (existing, earlier: CommentDecision | null, isHeadKnown) =>
            decideComment({ existing, earlier, isHeadKnown }, draft, () => text),
          isKept: (existing) => isKept(existing, draft),
          isShared: verdict.isShared,
        },
        { clock, signal: never, proxy: null },
        () => Promise.resolve(apiOf(verdict)),
      );
      if (placed.level === 'warning' && decision?.action !== 'leave') throw new Error(placed.text);
      return decision?.action ?? 'leave';
    },
    shown: () => {
      const [oldest] = world.comments;
      return oldest === undefined ? null : parseComment(oldest.body);
    },
  };
  return world;
}
