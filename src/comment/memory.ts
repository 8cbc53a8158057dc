/**
 * What is hidden in our comment: whose it is in its first line, and in its last what it remembers: who is red at its commit,
 * and what each run had found. It is read back from outside: with suspicion, and a state that cannot be read is no memory. Pure.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { FULL_SHA } from '../gate/gate-file.ts';
import { digest } from '../gate/item-identity.ts';
import type { EarlierFinding, EarlierFindings } from '../report/changes.ts';
import {
  asList,
  asObject,
  asText,
  throwDamaged,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../json.ts';

export type Memory = Readonly<ReturnType<typeof readMemory>>;

/** One who writes a comment: a job and step with a review and its gate. */
export type Writer = Readonly<ReturnType<typeof readWriter>>;

/** What the last report of a run had found. */
export interface Snapshot extends EarlierFindings {
  /** When the run was created, in ms since 1970. */
  readonly madeAt: number;
}

/** The comment's first line: the same for all of these parts, the workflow file's path and what `comment_key` makes. */
export function createMarker(...parts: readonly string[]): string {
  return `<!-- alloovium:${shaOf(JSON.stringify(parts))} -->`;
}

/** The hidden state is at most this long, in characters. */
export const MAX_STATE_LENGTH = 12_000;
/** How long the last line may be, with what parts it from the rest. */
export const MAX_HIDDEN_LENGTH = MAX_STATE_LENGTH + 80;
/** What a state may grow to when it is inflated. */
const INFLATED_BYTES = 1024 * 1024;

/** The state is base64, because an item may contain `--`, which ends an HTML comment. */
const STATE_START = '<!-- alloovium-state:';
const STATE_LINE = /^<!-- alloovium-state:([0-9a-f]{32})\.([A-Za-z0-9+/=]{1,12000}) -->$/;

/**
 * The state has two seals: `text`, in it, over the visible text, and one over its first line and all that is remembered. So an
 * edited text does not hide who is red, and the state of another comment is not this one's.
 * @param visible the comment's text from its first line on
 */
export function appendMemory(visible: string, memory: Memory): string {
  const state = encodeState(memory);
  return `${visible}\n\n${STATE_START}${checksumOf(visible, state)}.${state} -->`;
}

/** The comment with this text; its memory includes the text's digest. */
export function commentOf(text: string, memory: Omit<Memory, 'text'>): string {
  return appendMemory(text, { ...memory, text: digest(text.trimEnd()) });
}

/**
 * The visible part of a comment and its state; null: the state was changed. The state may be at any position, since people may
 * write below it.
 */
export function parseComment(body: string): { readonly visible: string; readonly memory: Memory | null } {
  const lines = body.split('\n');
  const places = [...lines.keys()].filter((at) => lines[at]?.startsWith(STATE_START));
  const [at = lines.length, ...others] = places;
  const visible = [...lines.slice(0, at), ...lines.slice(at + 1)].join('\n').trimEnd();
  const [, seal, state = ''] = STATE_LINE.exec(lines[at] ?? '') ?? [];
  const isWhole = others.length === 0 && seal === checksumOf(visible, state);
  return { visible, memory: isWhole ? decodeState(state) : null };
}

/** Is the text as it was when this was remembered? */
export function isTextWhole(visible: string, { text }: Memory): boolean {
  return text === digest(visible);
}

function checksumOf(visible: string, state: string): string {
  const [firstLine = ''] = visible.split('\n', 1);
  return shaOf(firstLine + state);
}

function shaOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

// How it is written.

/** What is kept of each condition: the items, where there are at most so many, and of the first so many a row. */
const LEVELS = [
  { items: 1_000, rows: 200 },
  { items: 1_000, rows: 0 },
  { items: 300, rows: 0 },
  { items: 20, rows: 0 },
  { items: 0, rows: 0 },
] as const;

/** In the first level of detail that fits; else who is red alone. */
function encodeState({ commit, text, says, isWarned, author, red, runs }: Memory): string {
  const head = {
    commit,
    text,
    says,
    isWarned,
    author: storedWriter(author),
    red: red.map(storedWriter),
  };
  for (const level of LEVELS) {
    const kept = [...runs].map(([of, { conditions, ...run }]) => ({
      of,
      ...run,
      conditions: conditions.map((finding) => limitItems(finding, level)),
    }));
    const state = compress({ ...head, runs: kept });
    if (state.length <= MAX_STATE_LENGTH) return state;
  }
  return compress({ ...head, runs: [] });
}

function storedWriter({ createdAt, ...writer }: Writer): object {
  return { ...writer, createdAt: Object.fromEntries(createdAt) };
}

function compress(value: unknown): string {
  return deflateRawSync(JSON.stringify(value)).toString('base64');
}

/** Without `items`: they did not fit. */
function limitItems({ items, ...finding }: EarlierFinding, max: (typeof LEVELS)[number]): object {
  if (items.size > max.items) return finding;
  const kept = [...items].map(([id, row], at) => [id, at < max.rows ? row : null] as const);
  return { ...finding, items: Object.fromEntries(kept) };
}

// How it is read.

/** Of `digest`. */
const DIGEST = /^[A-Za-z0-9+/]{12}$/;

function decodeState(state: string): Memory | null {
  try {
    const bytes = inflateRawSync(Buffer.from(state, 'base64'), { maxOutputLength: INFLATED_BYTES });
    return readMemory(asObject(parseJson(bytes)));
  } catch {
    return null;
  }
}

function readMemory({ commit, author, text, says, isWarned, red, runs }: JsonObject) {
  return {
    /** Full SHA, of the report that was written last. */
    commit: asText(commit, FULL_SHA),
    /** Whose text the comment shows. */
    author: readWriter(author),
    /** Digest of the text as it was written. */
    text: asText(text, DIGEST),
    /** Digest of the author's report, by which the same report is known again. */
    says: asText(says, DIGEST),
    isWarned: isWarned === true,
    /** Who is red at `commit`; the text is red, or says that somebody is, while anybody is. */
    red: asList(red).map(readWriter),
    /** What each run had found; the ones reported last come first. */
    runs: new Map(
      asList(runs)
        .map(asObject)
        .map(({ of, ...run }) => [asText(of, DIGEST), readSnapshot(run)]),
    ),
  };
}

function readWriter(value: JsonValue | undefined) {
  const { id, review, judged, jobRun, attempt, createdAt } = asObject(value);
  return {
    /** Digest of job, step, review and gate. */
    id: asText(id, DIGEST),
    /** Digest of job, step, and of each run its workflow, project and inputs. */
    review: asText(review, DIGEST),
    /** Digest of the runs and their gates; empty: a run is unknown. */
    judged: judged === '' ? '' : asText(judged, DIGEST),
    /** GITHUB_RUN_ID and GITHUB_RUN_ATTEMPT */
    jobRun: asText(jobRun, /^\d{1,20}$/),
    attempt: storedCount(attempt),
    /** Creation times of its runs, in ms since 1970, by the digest of their names; unknown ones are missing. */
    createdAt: new Map(
      Object.entries(asObject(createdAt)).map(([name, ms]) => [asText(name, DIGEST), storedCount(ms)]),
    ),
  };
}

function readSnapshot({ madeAt, commit, conditions }: JsonObject): Snapshot {
  return {
    madeAt: storedCount(madeAt),
    commit: asText(commit, FULL_SHA),
    conditions: asList(conditions).map(readFinding),
  };
}

function readFinding(value: JsonValue): EarlierFinding {
  const { id, count, key = null, items } = asObject(value);
  const hasItems = key !== null && items !== undefined;
  const rows = Object.entries(hasItems ? asObject(items) : {});
  const finding = {
    id: asText(id, DIGEST),
    count: storedCount(count),
    key: hasItems ? asText(key) : null,
    items: new Map(
      rows.map(([fingerprint, row]) => [asText(fingerprint, DIGEST), row === null ? null : asObject(row)]),
    ),
  };
  return rows.length <= finding.count ? finding : throwDamaged();
}

function storedCount(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : throwDamaged();
}
