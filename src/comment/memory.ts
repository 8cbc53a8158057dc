/**
 * Writes and reads what is hidden in the comment: its first line says which step it belongs to, and its last line is the memory:
 * who is red at its commit, and what each run found. People can edit it, so a state that fails a check is no memory. Pure.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { SHA_OR_EMPTY } from '../gate/gate-file.ts';
import { digest } from '../gate/item-identity.ts';
import type { EarlierFinding, EarlierFindings } from '../report/changes.ts';
import {
  asCount,
  asList,
  asObject,
  asText,
  throwDamaged,
  parseJson,
  type JsonObject,
  type JsonValue,
} from '../json.ts';

export type Memory = Readonly<ReturnType<typeof readMemory>>;

/** A writer of the comment: a job and step with a review and its gate. */
export type Writer = Readonly<ReturnType<typeof readWriter>>;

/** What the last report of a run found. */
export interface Snapshot extends EarlierFindings {
  /** When the run was created, in ms since 1970. */
  readonly madeAt: number;
}

/** Returns the comment's first line, by which it is found. @param parts the workflow file's path and the comment's key */
export function createMarker(...parts: readonly string[]): string {
  return `<!-- alloovium:${shaOf(JSON.stringify(parts))} -->`;
}

/** Maximum characters of the hidden state. */
export const MAX_STATE_LENGTH = 12_000;
/** Maximum characters of the last line, with the blank line before it. */
export const MAX_HIDDEN_LENGTH = MAX_STATE_LENGTH + 80;
/** Maximum size of an inflated state. */
const INFLATED_BYTES = 1024 * 1024;

/** The state is base64, because an item may contain `--`, which ends an HTML comment. */
const STATE_START = '<!-- alloovium-state:';
const STATE_LINE = /^<!-- alloovium-state:([0-9a-f]{32})\.([A-Za-z0-9+/=]{1,12000}) -->$/;

/**
 * Appends the memory to the visible text. The state has two checksums: `text` within it is of the visible text, the other is of
 * the first line and the state. So an edited text does not hide who is red, and the state of another comment is rejected.
 * @param visible the comment's text from its first line on
 */
export function appendMemory(visible: string, memory: Memory): string {
  const state = encodeState(memory);
  return `${visible}\n\n${STATE_START}${checksumOf(visible, state)}.${state} -->`;
}

/** Returns the whole comment with this text; its memory includes the text's digest. */
export function formatComment(text: string, memory: Omit<Memory, 'text'>): string {
  return appendMemory(text, { ...memory, text: digest(text.trimEnd()) });
}

/**
 * Splits a comment into its visible text and its memory; null: the state was changed or damaged. The state may be on any line,
 * since people may write below it.
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

/** Is the visible text unchanged since this was remembered? */
export function isTextWhole(visible: string, { text }: Memory): boolean {
  return text === digest(visible);
}

/** Returns the checksum of the first line and the state. */
function checksumOf(visible: string, state: string): string {
  const [firstLine = ''] = visible.split('\n', 1);
  return shaOf(firstLine + state);
}

/** Returns the first 128 bits of the text's SHA-256, in hex. */
function shaOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

// Writing.

/**
 * Levels of detail for each condition: the items are kept if there are at most `items`, and a row for the first `rows` of them.
 */
const LEVELS = [
  { items: 1_000, rows: 200 },
  { items: 1_000, rows: 0 },
  { items: 300, rows: 0 },
  { items: 20, rows: 0 },
  { items: 0, rows: 0 },
] as const;

/** Encodes the memory with the first level of detail that fits; if none does, only who is red. */
function encodeState({ commit, text, contentDigest, isWarned, author, red, runs }: Memory): string {
  const head = {
    commit,
    text,
    // The short key of the stored state.
    says: contentDigest,
    isWarned,
    author: toStoredWriter(author),
    red: red.map(toStoredWriter),
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

/** Returns the writer in the form in which JSON stores it. */
function toStoredWriter({ createdAt, ...writer }: Writer): object {
  return { ...writer, createdAt: Object.fromEntries(createdAt) };
}

/** Returns the value as deflated JSON in base64. */
function compress(value: unknown): string {
  return deflateRawSync(JSON.stringify(value)).toString('base64');
}

/** Returns the finding with its items limited; without `items` if there are too many. */
function limitItems({ items, ...finding }: EarlierFinding, max: (typeof LEVELS)[number]): object {
  if (items.size > max.items) return finding;
  const kept = [...items].map(([id, row], at) => [id, at < max.rows ? row : null] as const);
  return { ...finding, items: Object.fromEntries(kept) };
}

// How it is read.

/** Of `digest`. */
const DIGEST = /^[A-Za-z0-9+/]{12}$/;

/** Decodes a state; null: it is damaged. */
function decodeState(state: string): Memory | null {
  try {
    const bytes = inflateRawSync(Buffer.from(state, 'base64'), { maxOutputLength: INFLATED_BYTES });
    return readMemory(asObject(parseJson(bytes)));
  } catch {
    return null;
  }
}

/** Reads a stored memory. @throws Error it is damaged */
function readMemory({ commit, author, text, says, isWarned, red, runs }: JsonObject) {
  return {
    /** Full SHA of the report that was written last. */
    commit: asText(commit, SHA_OR_EMPTY),
    /** The writer whose text the comment shows. */
    author: readWriter(author),
    /** Digest of the text when it was written. */
    text: asText(text, DIGEST),
    /** Digest of the author's report, by which an equal report is recognised. */
    contentDigest: asText(says, DIGEST),
    isWarned: isWarned === true,
    /** The writers that are red at `commit`. While there are any, the text is red or says that another review is. */
    red: asList(red).map(readWriter),
    /** What each run found; the runs reported last come first. */
    runs: new Map(
      asList(runs)
        .map(asObject)
        .map(({ of, ...run }) => [asText(of, DIGEST), readSnapshot(run)]),
    ),
  };
}

/** Reads a stored writer. @throws Error it is damaged */
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
    attempt: asCount(attempt),
    /** Creation times of its runs, in ms since 1970, by the digest of their names; unknown ones are missing. */
    createdAt: new Map(
      Object.entries(asObject(createdAt)).map(([name, ms]) => [asText(name, DIGEST), asCount(ms)]),
    ),
  };
}

/** Reads a stored snapshot. @throws Error it is damaged */
function readSnapshot({ madeAt, commit, conditions }: JsonObject): Snapshot {
  return {
    madeAt: asCount(madeAt),
    commit: asText(commit, SHA_OR_EMPTY),
    conditions: asList(conditions).map(readFinding),
  };
}

/** Reads a stored finding. @throws Error it is damaged */
function readFinding(value: JsonValue): EarlierFinding {
  const { id, count, key = null, items } = asObject(value);
  const hasItems = key !== null && items !== undefined;
  const rows = Object.entries(hasItems ? asObject(items) : {});
  const finding = {
    id: asText(id, DIGEST),
    count: asCount(count),
    key: hasItems ? asText(key) : null,
    items: new Map(
      rows.map(([fingerprint, row]) => [asText(fingerprint, DIGEST), row === null ? null : asObject(row)]),
    ),
  };
  return rows.length <= finding.count ? finding : throwDamaged();
}
