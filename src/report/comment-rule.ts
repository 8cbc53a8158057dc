/** Who may write the one comment that several share, and what: a red report stays in sight until its own writer is green. Pure. */
import { digest } from '../gate/items.ts';
import type { WriteDecision } from '../github/sticky-comment.ts';
import { parseComment, withMemory, type Memory, type Snapshot, type Writer } from './comment-memory.ts';

/** What is to be told in the comment, and by whom. */
export interface Telling {
  readonly firstLine: string;
  readonly commit: string;
  readonly writer: Writer;
  /** The key is the default, which holds the leg: what an earlier attempt wrote is the writer's own, unless siblings share it. */
  readonly ownsEarlier: boolean;
  readonly shows: 'red' | 'warned' | 'green';
  /** Why no comment is created; empty: one is. */
  readonly whyNone: string;
  /** Where there is no comment, or one that is green without a warning, it is no news. */
  readonly isNoNews: boolean;
  /** Digest of what it says, whoever launched the run and whatever changed. */
  readonly says: string;
  readonly snapshots: ReadonlyMap<string, Snapshot>;
  /** The comment's text, compared with what was remembered. */
  readonly textOf: (previous: Memory | null) => string;
}

export type CommentDecision = WriteDecision & {
  /** What was remembered before any decision on this report. */
  readonly previous: Memory | null;
  /** The comment at this commit is another writer's of this very attempt, though the key is the default. */
  readonly isOfSibling: boolean;
};

/** What our text becomes where another red one is left. */
export const STILL_RED = 'Another review that shares this comment is still red: see the checks.';

/** Writers, and runs, that are remembered at most. */
const [MOST_RED, MOST_RUNS] = [20, 20];

/** What to do over the comment's text that stands there; null: there is none. Pure. */
export function decideComment(existing: string | null, earlier: CommentDecision | null, telling: Telling) {
  const { commit, writer, shows, firstLine, says } = telling;
  const { visible = '', memory = null } = existing === null ? {} : parseComment(existing);
  const atHead = memory?.commit === commit ? memory : null;
  const red = atHead?.red ?? [];
  const isListed = red.some((one) => isSame(one, writer));
  const isOfSibling =
    telling.ownsEarlier &&
    atHead?.author.jobRun === writer.jobRun &&
    atHead.author.attempt === writer.attempt &&
    !isSame(atHead.author, writer);
  const hasSiblings = isOfSibling || memory?.hasSiblings === true;
  const ownsEarlier = telling.ownsEarlier && !hasSiblings;
  const others = red.filter((one) => !isOwn(one, writer, ownsEarlier));
  const isStruck = others.length < red.length;
  const isOwnText = atHead !== null && isOwn(atHead.author, writer, ownsEarlier);
  const previous = earlier === null ? (isOfSibling ? null : memory) : earlier.previous;
  const about = { previous, isOfSibling: isOfSibling || earlier?.isOfSibling === true };
  const leave = (reason: string) => ({ ...about, action: 'leave', reason }) as const;
  const write = (text: string, next: Memory) =>
    ({ ...about, action: 'write', body: withMemory(text, next) }) as const;

  if (shows !== 'red' && atHead !== null && others.length > 0) {
    const text = isOwnText ? `${firstLine}\n${STILL_RED}` : visible;
    if (text === visible && !isStruck && atHead.hasSiblings === hasSiblings)
      return leave('it shows what else is red at this commit');
    return write(text, { ...atHead, red: others, hasSiblings });
  }
  const isCalm = memory === null ? existing === null : memory.red.length === 0 && !memory.isWarned;
  if (telling.isNoNews && isCalm) return leave('there is nothing to report');
  if (existing === null && telling.whyNone !== '') return leave(telling.whyNone);
  const isInForce = shows === 'red' ? isListed : !isStruck;
  if (isOwnText && atHead.says === says && isInForce) return leave('it says so already');
  // What is reported now comes first, the longest unreported is forgotten.
  const runs = new Map([...telling.snapshots, ...(memory?.runs ?? []), ...telling.snapshots]);
  return write(telling.textOf(previous), {
    ...{ commit, author: writer, says, isWarned: shows === 'warned', hasSiblings },
    red: shows === 'red' ? withWriter(others, writer) : [],
    runs: new Map([...runs].slice(0, MOST_RUNS)),
  });
}

/** Is what was written in force in this text? Of a red report its place in the list, whosever text it is. Pure. */
export function isKept(existing: string, telling: Telling): boolean {
  const { memory } = parseComment(existing);
  if (memory?.commit !== telling.commit) return false;
  const ownsEarlier = telling.ownsEarlier && !memory.hasSiblings;
  const isListed = memory.red.some((one) => isOwn(one, telling.writer, ownsEarlier));
  return telling.shows === 'red' ? isListed || memory.red.length === MOST_RED : !isListed;
}

/** The same gate that judges the same run is the same writer: a later job may follow a run that took too long. */
function isSame(one: Writer, writer: Writer): boolean {
  return one.id === writer.id || (one.judged !== '' && one.judged === writer.judged);
}

function isOwn(one: Writer, writer: Writer, ownsEarlier: boolean): boolean {
  const isEarlier = one.jobRun === writer.jobRun && one.attempt < writer.attempt;
  return isSame(one, writer) || (ownsEarlier && isEarlier);
}

/** Where there are too many, the last place is nobody's: the comment is red then until the head moves. */
function withWriter(others: readonly Writer[], writer: Writer): Writer[] {
  return others.length < MOST_RED ? [...others, writer] : [...others.slice(0, MOST_RED - 1), NOBODY];
}

const NOBODY: Writer = { id: digest(''), judged: '', jobRun: '0', attempt: 0 };
