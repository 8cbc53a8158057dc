/**
 * What is hidden in our comment: whose it is in its first line, and in its last what it remembers: who is red at its commit,
 * and what each run had found. It is read back from outside: with suspicion, and a state that cannot be read is no memory. Pure.
 */
import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { FULL_SHA } from '../gate/gate-file.ts';
import { asList, asObject, asText, damaged, parseJson, type JsonObject, type JsonValue } from '../json.ts';

export type Memory = Readonly<ReturnType<typeof readMemory>>;

/** One who writes a comment: a job and step with an intent and a gate. */
export type Writer = Readonly<ReturnType<typeof readWriter>>;

export type Snapshot = Readonly<ReturnType<typeof readSnapshot>>;

/** What is known of one condition. */
export type Known = Readonly<ReturnType<typeof readKnown>>;

/** The comment's first line: the same for all of these parts, the workflow file's path and what `comment_key` makes. */
export function markerLine(...parts: readonly string[]): string {
  return `<!-- alloovium:${shaOf(JSON.stringify(parts))} -->`;
}

/** The hidden state is at most this long, in characters. */
export const STATE_MAX = 12_000;
/** How long the last line may be, with what parts it from the rest. */
export const HIDDEN_MAX = STATE_MAX + 80;
/** What a state may grow to when it is inflated. */
const INFLATED_BYTES = 1024 * 1024;

/** An item may hold `--`, which could not be told from the end of an HTML comment, so the state is base64. */
const STATE = /\n\n<!-- alloovium-state:([0-9a-f]{32})\.([A-Za-z0-9+/=]{1,12000}) -->$/;

/** @param visible the comment's text from its first line on */
export function withMemory(visible: string, memory: Memory): string {
  const state = encodeState(memory);
  return `${visible}\n\n<!-- alloovium-state:${shaOf(visible + state)}.${state} -->`;
}

/** What is seen of a comment, and what it remembers; null: nothing that we wrote of this text. */
export function parseComment(body: string): { readonly visible: string; readonly memory: Memory | null } {
  const found = STATE.exec(body);
  if (found === null) return { visible: body, memory: null };
  const [, seal = '', state = ''] = found;
  const visible = body.slice(0, found.index);
  return { visible, memory: seal === shaOf(visible + state) ? decode(state) : null };
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
function encodeState({ runs, ...rest }: Memory): string {
  for (const level of LEVELS) {
    const kept = [...runs].map(([of, { conditions, ...run }]) => ({
      of,
      ...run,
      conditions: conditions.map((known) => lessOf(known, level)),
    }));
    const state = packed({ ...rest, runs: kept });
    if (state.length <= STATE_MAX) return state;
  }
  return packed({ ...rest, runs: [] });
}

function packed(value: unknown): string {
  return deflateRawSync(JSON.stringify(value)).toString('base64');
}

/** Without `items`: they did not fit. */
function lessOf({ items, ...known }: Known, most: (typeof LEVELS)[number]): object {
  if (items.size > most.items) return known;
  const kept = [...items].map(([id, row], at) => [id, at < most.rows ? row : null] as const);
  return { ...known, items: Object.fromEntries(kept) };
}

// How it is read.

/** Of `digest`. */
const DIGEST = /^[A-Za-z0-9+/]{12}$/;

function decode(state: string): Memory | null {
  try {
    const bytes = inflateRawSync(Buffer.from(state, 'base64'), { maxOutputLength: INFLATED_BYTES });
    return readMemory(asObject(parseJson(bytes)));
  } catch {
    return null;
  }
}

function readMemory({ commit, author, says, isWarned, hasSiblings, red, runs }: JsonObject) {
  return {
    /** Full SHA, of the report that was written last. */
    commit: asText(commit, FULL_SHA),
    /** Whose text the comment shows. */
    author: readWriter(author),
    /** Digest of that text, by which the same report is known again. */
    says: asText(says, DIGEST),
    isWarned: isWarned === true,
    /** Two reviews of one attempt have met in it, with the default key: a reusable workflow that is called twice. */
    hasSiblings: hasSiblings === true,
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
  const { id, judged, jobRun, attempt } = asObject(value);
  return {
    /** Digest of these. */
    id: asText(id, DIGEST),
    /** Digest of the runs and the gates that judged them; empty: a run is not known. */
    judged: judged === '' ? '' : asText(judged, DIGEST),
    /** GITHUB_RUN_ID and GITHUB_RUN_ATTEMPT */
    jobRun: asText(jobRun, /^\d{1,20}$/),
    attempt: storedCount(attempt),
  };
}

function readSnapshot({ madeAt, commit, conditions }: JsonObject) {
  return {
    /** When the run was made, in ms since 1970. */
    madeAt: storedCount(madeAt),
    /** Full SHA, or empty. */
    commit: asText(commit, FULL_SHA),
    /** Those that could be evaluated. */
    conditions: asList(conditions).map(readKnown),
  };
}

function readKnown(value: JsonValue) {
  const { id, count, key = null, items } = asObject(value);
  const hasItems = key !== null && items !== undefined;
  const rows = Object.entries(hasItems ? asObject(items) : {});
  const known = {
    /** Of `idsOf`. */
    id: asText(id, DIGEST),
    /** How many items matched. */
    count: storedCount(count),
    /** The key that told them apart; null: none did, or the items did not fit. */
    key: hasItems ? asText(key) : null,
    /** By digest of the identifying value: what was kept of the item, to show it once it is gone. */
    items: new Map(rows.map(([print, row]) => [asText(print, DIGEST), row === null ? null : asObject(row)])),
  };
  return rows.length <= known.count ? known : damaged();
}

function storedCount(value: JsonValue | undefined): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : damaged();
}
