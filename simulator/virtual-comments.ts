/**
 * Jobs that write one comment, in virtual time. Each of GitHub's calls takes some time and has its effect at a random moment of it.
 * The code under test is the action's: when it reads, writes and checks again, and the rule by which it decides.
 */
import { digest } from '../src/gate/item-identity.ts';
import type { Comment, CommentApi } from '../src/github/comment-api.ts';
import { CallFailed } from '../src/github/github-api.ts';
import { writeStickyComment, type WriteDecision } from '../src/github/sticky-comment.ts';
import type { CommentDraft } from '../src/comment/draft.ts';
import { decideComment, isReportKept, type CommentDecision } from '../src/comment/rule.ts';
import {
  formatComment,
  createMarker,
  parseComment,
  type Memory,
  type Writer,
} from '../src/comment/memory.ts';
import type { VirtualClock } from './virtual-clock.ts';

export const FIRST_LINE = createMarker('0'.repeat(32));
const BOT = { login: 'github-actions[bot]', id: null } as const;

type Decision = WriteDecision & Pick<CommentDecision, 'memoryBefore'>;

/** What one job reports in the comment. */
export interface JobReport {
  readonly writer: Writer;
  readonly shows: CommentDraft['shows'];
  readonly commit: string;
  /** `comment_key` is set. */
  readonly isShared: boolean;
  /** `comment: on_failure` */
  readonly isOnFailure: boolean;
}

export const textOf = ({ writer, shows, commit }: JobReport): string =>
  `${FIRST_LINE}\n${writer.id} ${writer.jobRun} ${writer.attempt} ${[...writer.createdAt.values()].join()}: ${shows} at ${commit.slice(0, 7)}`;

function draftOf(verdict: JobReport): CommentDraft {
  return {
    marker: FIRST_LINE,
    isNoNews: verdict.isOnFailure && verdict.shows === 'green',
    contentDigest: digest(textOf(verdict)),
    runKeys: [],
    snapshots: new Map(),
    commit: verdict.commit,
    writer: verdict.writer,
    shows: verdict.shows,
    isShared: verdict.isShared,
    whyNone: '',
  };
}

/** When a call of a job took effect. */
export interface CommentEvent {
  readonly by: JobReport;
  readonly what: 'read' | 'written';
  readonly at: number;
}

export interface CommentSimulation {
  head: string;
  /** GitHub does not return the head. */
  isHeadHidden: boolean;
  /** The oldest first. */
  readonly comments: Comment[];
  readonly events: readonly CommentEvent[];
  /** Runs a job from its first call to its last. Returns whether it wrote the comment or left it as it was. */
  readonly runJob: (verdict: JobReport) => Promise<'write' | 'leave'>;
  readonly shownComment: () => { readonly visible: string; readonly memory: Memory | null } | null;
}

/** @param callMs how long a call takes; its effect comes at a random moment of it */
export function simulateComments(
  clock: VirtualClock,
  random: () => number,
  callMs: () => number,
  head: string,
): CommentSimulation {
  const events: CommentEvent[] = [];
  const neverAborted = new AbortController().signal;
  let lastId = 0;

  const apiOf = (by: JobReport): CommentApi => {
    const end = clock.now() + 20_000;
    const call = async <T>(what: CommentEvent['what'] | null, effect: () => T): Promise<T> => {
      const ms = callMs();
      const first = ms * random();
      await clock.sleep(first, neverAborted);
      const value = effect();
      if (what !== null) events.push({ by, what, at: clock.now() });
      await clock.sleep(ms - first, neverAborted);
      return value;
    };
    const copyOf = (comment: Comment): Comment => ({ ...comment });
    return {
      viewer: () => call(null, () => BOT),
      head: () => call(null, () => (simulation.isHeadHidden ? null : simulation.head)),
      list: () => call('read', () => ({ comments: simulation.comments.map(copyOf), isLast: true })),
      create: (body) =>
        call('written', () => {
          const user = { ...BOT, isBot: true };
          const comment = { id: ++lastId, body, user, url: '' };
          simulation.comments.push(comment);
          return copyOf(comment);
        }),
      update: async (id, body) => {
        const updated = await call('written', () => {
          const at = simulation.comments.findIndex((one) => one.id === id);
          const there = simulation.comments[at];
          return there && copyOf((simulation.comments[at] = { ...there, body }));
        });
        if (updated === undefined) throw new CallFailed(404, 'Not Found');
        return updated;
      },
      remove: (id) =>
        call(null, () => {
          const at = simulation.comments.findIndex((one) => one.id === id);
          if (at >= 0) simulation.comments.splice(at, 1);
        }),
      pause: async (ms) => {
        if (clock.now() + ms < end) await clock.sleep(ms, neverAborted);
      },
      close: () => Promise.resolve(),
    };
  };

  const simulation: CommentSimulation = {
    head,
    isHeadHidden: false,
    comments: [],
    events,
    runJob: async (verdict) => {
      const text = textOf(verdict);
      const draft = draftOf(verdict);
      const { result, decision } = await writeStickyComment(
        {
          apiUrl: '',
          token: '',
          repository: '',
          pullRequest: 1,
          commit: verdict.commit,
          marker: FIRST_LINE,
          decide: (existing, lastDecision: Decision | null, isHeadKnown): Decision => {
            const decision = decideComment({ existing, lastDecision, isHeadKnown }, draft);
            const { memoryBefore } = decision;
            if (decision.action !== 'report') return decision;
            return { action: 'write', body: formatComment(text, decision.memory), memoryBefore };
          },
          isKept: (existing) => isReportKept(existing, draft),
          isShared: verdict.isShared,
        },
        { clock, signal: neverAborted, proxy: null },
        () => Promise.resolve(apiOf(verdict)),
      );
      if (result.level === 'warning' && decision?.action !== 'leave') throw new Error(result.text);
      return decision?.action ?? 'leave';
    },
    shownComment: () => {
      const [oldest] = simulation.comments;
      return oldest === undefined ? null : parseComment(oldest.body);
    },
  };
  return simulation;
}
