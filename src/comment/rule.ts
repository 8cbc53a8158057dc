/**
 * Decides whether a report replaces the text of a comment that several writers share: a red report stays visible until its writer is
 * green. Whether there may be a comment at all is decided in `write-comment.ts`. Pure.
 */
import { digest } from '../gate/item-identity.ts';
import type { WriteDecision } from '../github/sticky-comment.ts';
import type { CommentDraft } from './draft.ts';
import {
  formatComment,
  isTextWhole,
  parseComment,
  appendMemory,
  type Memory,
  type Writer,
} from './memory.ts';

/** What the decision is based on, apart from the report. */
export interface CommentSituation {
  /** Text of the comment on the pull request; null: there is none. */
  readonly existing: string | null;
  /** The last decision on this report; null: this is the first. */
  readonly lastDecision: Pick<CommentDecision, 'memoryBefore'> | null;
  /** GitHub confirmed that the report is for the pull request's head. */
  readonly isHeadKnown: boolean;
}

/** `report`: the comment becomes the report, with this memory. */
type Ruling = WriteDecision | { readonly action: 'report'; readonly memory: Omit<Memory, 'text'> };

/** A decision, and what it was based on. */
export type CommentDecision = Ruling & {
  /** What the comment remembered before the first decision on this report. */
  readonly memoryBefore: Memory | null;
  /** The report is not red, and the comment has a red one of its writer whose run is newer. */
  readonly isOutdated: boolean;
};

/** The text that replaces this writer's text if another writer is still red. */
export const STILL_RED = 'Another review that shares this comment is still red: see the checks.';

/** Maximum number of red writers that a comment remembers. */
const MAX_RED_WRITERS = 20;
/** Maximum number of runs whose findings a comment remembers. */
const MAX_REMEMBERED_RUNS = 20;

type CommentComparison = Readonly<ReturnType<typeof compareWithComment>>;

/** A case of the rule. */
interface Case {
  /** `when` and `then`: as in docs/comment.md. */
  readonly when: string;
  readonly then: string;
  readonly applies: (comparison: CommentComparison) => boolean;
  readonly decide: (comparison: CommentComparison) => Ruling;
}

/** The first case that applies decides. */
export const CASES: readonly Case[] = [
  {
    when: 'The hidden state was changed, and the report is not red',
    then: 'The comment stays, with a warning: delete it',
    applies: ({ isDamaged, isRed }) => isDamaged && !isRed,
    decide: () => ({ action: 'leave', level: 'warning', reason: 'its state was changed: delete it' }),
  },
  {
    when: 'The head of the pull request is not known, the comment is of another commit, and the report is not red',
    then: 'The comment stays',
    applies: ({ isHeadKnown, isOfOtherCommit, isRed }) => !isHeadKnown && isOfOtherCommit && !isRed,
    decide: () => leaveAsIs('it is for another commit, and GitHub did not say which commit is the head'),
  },
  {
    when: 'Another writer is red at this commit, or a newer run of this one is, and the report is not red',
    then: 'The comment stays. If its text was this writer’s, it says that another review is still red',
    applies: ({ others, isRed }) => others.length > 0 && !isRed,
    decide: keepOtherRed,
  },
  {
    when: '`on_failure`, the report is green, and there is no comment that is red or warns',
    then: 'The comment stays, or none is created',
    applies: ({ draft, hasNothingOpen }) => draft.isNoNews && hasNothingOpen,
    decide: () => leaveAsIs('there is nothing to report'),
  },
  {
    when: 'There is no comment, and no such workflow or project',
    then: 'No comment is created',
    applies: ({ isMissing, draft }) => isMissing && draft.whyNone !== '',
    decide: ({ draft }) => leaveAsIs(draft.whyNone),
  },
  {
    when: 'The comment says the same already',
    then: 'The comment stays',
    applies: ({ saysSame }) => saysSame,
    decide: () => leaveAsIs('it says so already'),
  },
  {
    when: 'Anything else',
    then: 'The comment is written. A red report adds its writer to the list of who is red',
    applies: () => true,
    decide: decideToWrite,
  },
];

/** Decides whether the comment is written over the existing one, and with which content. */
export function decideComment(situation: CommentSituation, draft: CommentDraft): CommentDecision {
  const comparison = compareWithComment(situation, draft);
  const { decide } = CASES.find(({ applies }) => applies(comparison)) ?? { decide: decideToWrite };
  return { ...decide(comparison), memoryBefore: comparison.memoryBefore, isOutdated: comparison.isOutdated };
}

/** Compares the report with the comment that exists. */
function compareWithComment({ existing, lastDecision, isHeadKnown }: CommentSituation, draft: CommentDraft) {
  const { visible, memory } = existing === null ? { visible: '', memory: null } : parseComment(existing);
  const isRed = draft.shows === 'red';
  const atHead = memory?.commit === draft.commit ? memory : null;
  const red = atHead?.red ?? [];
  const others = red.filter((one) => !mayReplace(one, draft));
  const isReduced = others.length < red.length;
  const isTextReplaceable = atHead !== null && mayReplace(atHead.author, draft);
  const isSame =
    isTextReplaceable && atHead.contentDigest === draft.contentDigest && isTextWhole(visible, atHead);
  const isListed = red.some((one) => isSameWriter(one, draft.writer));
  return {
    draft,
    isRed,
    isHeadKnown,
    isMissing: existing === null,
    isDamaged: existing !== null && memory === null,
    isOfOtherCommit: memory !== null && atHead === null,
    /** There is no comment, or it is neither red nor warns. */
    hasNothingOpen: memory === null ? existing === null : memory.red.length === 0 && !memory.isWarned,
    memory,
    memoryBefore: lastDecision === null ? memory : lastDecision.memoryBefore,
    atHead,
    visible,
    /** The red writers of this commit that this report does not replace: other writers, and this one with a newer run. */
    others,
    /** This report removes its writer from the list. */
    isReduced,
    isTextReplaceable,
    isOutdated: !isRed && others.some((one) => isOfSameReview(one, draft)),
    saysSame: isSame && (isRed ? isListed : !isReduced),
  };
}

/** Returns the decision to leave the comment unchanged. @param reason follows a colon */
function leaveAsIs(reason: string): WriteDecision {
  return { action: 'leave', level: 'line', reason };
}

/** Keeps the text of another red writer. A text of this writer becomes one line. */
function keepOtherRed({
  draft,
  atHead,
  visible,
  others,
  isReduced,
  isTextReplaceable,
}: CommentComparison): WriteDecision {
  if (atHead === null || (!isReduced && !isTextReplaceable)) return leaveAsIs(OTHERS_RED);
  const left = { ...atHead, red: others };
  if (!isTextReplaceable) return { action: 'write', body: appendMemory(visible, left) };
  const text = `${draft.marker}\n${STILL_RED}`;
  if (text === visible && !isReduced) return leaveAsIs(OTHERS_RED);
  return { action: 'write', body: formatComment(text, { ...left, contentDigest: digest(text) }) };
}

/** The notice for log and report. */
export const NEWER_RED = 'a newer run of this commit is red: the comment stays red';
const OTHERS_RED = 'it shows what else is red at this commit';

/**
 * Decides that the report is written, and what the comment remembers then. A report that is not red leaves nobody red: an earlier case
 * keeps the comment if another writer is.
 */
function decideToWrite({ draft, memory, others, isRed }: CommentComparison): Ruling {
  const { commit, writer, contentDigest, shows, snapshots } = draft;
  // The first spread puts this report's runs in front, the last sets their values; those not reported for longest are forgotten.
  const runs = new Map([...snapshots, ...(memory?.runs ?? []), ...snapshots]);
  return {
    action: 'report',
    memory: {
      commit,
      author: writer,
      contentDigest,
      isWarned: shows === 'warned',
      red: isRed ? addRedWriter(others, writer) : [],
      runs: new Map([...runs].slice(0, MAX_REMEMBERED_RUNS)),
    },
  };
}

/**
 * Does this text keep what the written report changed? A red report is kept if its writer is in the list, or the list is full
 * (`NOBODY`); another one is kept if none of its red writers is in the list. Neither looks at the visible text, which may be another writer's by now.
 */
export function isReportKept(existing: string, draft: CommentDraft): boolean {
  const { memory } = parseComment(existing);
  if (memory?.commit !== draft.commit) return false;
  if (draft.shows !== 'red') return !memory.red.some((one) => mayReplace(one, draft));
  const isListed = memory.red.some((one) => isSameWriter(one, draft.writer));
  return isListed || memory.red.length === MAX_RED_WRITERS;
}

/**
 * Are these the same writer? Also true for the same gate of the same run, since a later job may follow a run that took too long.
 */
function isSameWriter(one: Writer, writer: Writer): boolean {
  return one.id === writer.id || (one.judged !== '' && one.judged === writer.judged);
}

/**
 * Are these writers of the same review? With the default key, other attempts and job runs count as the same writer, with any
 * gate. Two calls of one reusable workflow belong to the same attempt.
 */
function isOfSameReview(one: Writer, { writer, isShared }: CommentDraft): boolean {
  const isOther = one.jobRun !== writer.jobRun || one.attempt < writer.attempt;
  return isSameWriter(one, writer) || (!isShared && one.review === writer.review && isOther);
}

/**
 * May this report replace what the writer wrote? Only if both are of the same review, and none of the report's runs is older, or may
 * be.
 */
function mayReplace(one: Writer, draft: CommentDraft): boolean {
  const { createdAt } = draft.writer;
  const isOlder = [...one.createdAt].some(([name, ms]) => !((createdAt.get(name) ?? -Infinity) >= ms));
  return isOfSameReview(one, draft) && !isOlder;
}

/**
 * Adds a writer to those that are red. If there are too many, the last entry is `NOBODY`, so that the comment stays red until the
 * pull request has another head.
 */
function addRedWriter(others: readonly Writer[], writer: Writer): Writer[] {
  return others.length < MAX_RED_WRITERS
    ? [...others, writer]
    : [...others.slice(0, MAX_RED_WRITERS - 1), NOBODY];
}

const NOBODY: Writer = {
  id: digest(''),
  review: digest(''),
  judged: '',
  jobRun: '0',
  attempt: 0,
  createdAt: new Map(),
};
