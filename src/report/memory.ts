/**
 * What a comment remembers of the reports that it showed, and what follows from that for the next one. It is read back from
 * outside: with suspicion, and whatever is damaged is no memory. Pure.
 */
import type { Finding } from '../gate/finding.ts';
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from '../json.ts';
import { cutUtf8 } from '../text/escape.ts';
import { COMMIT, DIGEST, idsOf, RUN_ID, snapshotOf, type Known, type Snapshot } from './snapshot.ts';

export interface Memory {
  /** What the comment shows. */
  readonly shows: 'red' | 'warned' | 'green';
  /** The commit at which a red subject was dropped last, for want of room; empty: none was. */
  readonly lostAt: string;
  /** The one reported last comes first. */
  readonly subjects: readonly Subject[];
}

/** What reports are compared by: the intent without *when*, or the run's ID. */
export interface Subject {
  readonly subject: string;
  /** The run of its last report, or empty. */
  readonly runId: string;
  /** Of its last report; full SHA. */
  readonly commit: string;
  readonly isRed: boolean;
  /** As its gate was judged last, and what that was compared with. */
  readonly last: Snapshot | null;
  readonly before: Snapshot | null;
}

/** One run as it is reported now. */
export interface Reported {
  /** Of `digest`. */
  readonly subject: string;
  /** Empty: none is known. */
  readonly runId: string;
  readonly isRed: boolean;
  /** Empty: nothing was judged. */
  readonly findings: readonly Finding[];
}

/** The subjects remembered at most; more where one report has more. */
const SUBJECTS = 5;

/** A job may judge by `run_id` what another one launched. */
function isOf({ subject, runId }: Subject, one: Reported): boolean {
  return subject === one.subject || (runId !== '' && runId === one.runId);
}

function find(memory: Memory | null, one: Reported): Subject | null {
  const own = memory?.subjects.find(({ subject }) => subject === one.subject);
  return own ?? memory?.subjects.find((subject) => isOf(subject, one)) ?? null;
}

/**
 * What a run is to be compared with. It is never compared with itself: where the last report is of the same run, what that
 * one was compared with is used again, so that reporting a run twice says the same twice.
 */
export function rememberedOf(memory: Memory | null, one: Reported): Snapshot | null {
  const subject = find(memory, one);
  const then = subject?.last?.runId === one.runId ? subject.before : subject?.last;
  return then?.runId === one.runId ? null : (then ?? null);
}

/** What is remembered once these runs are reported. */
export function nextMemory(
  memory: Memory | null,
  reported: readonly Reported[],
  commit: string,
  shows: Memory['shows'],
): Memory {
  const own = new Map<string, Subject>();
  for (const one of reported) {
    const known = find(memory, one);
    const subject = known?.subject ?? one.subject;
    const { runId, findings } = one;
    const then = rememberedOf(memory, one);
    const judged =
      findings.length === 0
        ? { last: known?.last ?? null, before: known?.before ?? null }
        : { last: snapshotOf(findings, runId, commit, then), before: then };
    const entry = { subject, runId, commit, isRed: one.isRed, ...judged };
    const twin = own.get(subject);
    own.set(subject, twin === undefined ? entry : united(twin, entry));
  }
  const others = memory?.subjects.filter(({ subject }) => !own.has(subject)) ?? [];
  const all = [...own.values(), ...others];
  const most = Math.max(SUBJECTS, own.size);
  const lost = all.slice(most).find(({ isRed }) => isRed);
  return { shows, lostAt: lost?.commit ?? memory?.lostAt ?? '', subjects: all.slice(0, most) };
}

/** Two entries over one run: what both gates judged; of one without a gate there is only an earlier report's. */
function united(one: Subject, other: Subject): Subject {
  const isRed = one.isRed || other.isRed;
  const [first = one, second] = [one, other].filter(({ last, runId }) => last?.runId === runId);
  const { last } = first;
  const more = second?.last?.conditions.filter(
    ({ id }) => !last?.conditions.some((known) => known.id === id),
  );
  return { ...first, isRed, last: last && { ...last, conditions: [...last.conditions, ...(more ?? [])] } };
}

/** Was every condition that was red then asked again now, of the same subject, and does it not hold? */
export function isResolved(memory: Memory | null, reported: readonly Reported[]): boolean {
  if (memory?.lostAt !== '' || reported.some(({ isRed }) => isRed)) return false;
  const isLeft = memory.subjects.some(
    (subject) => subject.isRed && !reported.some((one) => isOf(subject, one)),
  );
  if (isLeft) return false;
  const calm = new Set<string>();
  const red: { readonly isCut: boolean; readonly ids: readonly string[] }[] = [];
  for (const one of reported) {
    const then = rememberedOf(memory, one);
    const ids = idsOf(one.findings);
    one.findings.forEach(({ result }, at) => {
      if (result === 'does_not_hold') calm.add(`${one.subject} ${ids[at] ?? ''}`);
    });
    if (then === null) continue;
    const redThen = then.conditions.filter((known) => known.isRed).map(({ id }) => `${one.subject} ${id}`);
    red.push({ isCut: then.isCut, ids: redThen });
  }
  return (
    red.some(({ ids }) => ids.length > 0) &&
    red.every(({ isCut, ids }) => !isCut && ids.every((id) => calm.has(id)))
  );
}

/** Must a report that is not red leave the comment to a red one of the same commit, of which it judges not all? */
export function mustYield(memory: Memory | null, reported: readonly Reported[], commit: string): boolean {
  if (memory?.shows !== 'red') return false;
  if (memory.lostAt === commit) return true;
  return redAt(memory, commit).some((subject) => !reported.some((one) => isOf(subject, one)));
}

/** Does it judge something that was red at this commit? */
export function judgesRed(memory: Memory | null, reported: readonly Reported[], commit: string): boolean {
  return redAt(memory, commit).some((subject) => reported.some((one) => isOf(subject, one)));
}

function redAt(memory: Memory | null, commit: string): readonly Subject[] {
  return memory?.subjects.filter((subject) => subject.isRed && subject.commit === commit) ?? [];
}

// How it is written.

/** The hidden state of a comment is at most this long, in characters. */
export const STATE_MAX = 12_000;
/** A condition's rank, and what is added to it for what a report was compared with. */
const [RED, FOUND, QUIET, BEFORE] = [0, 1, 2, 3] as const;
/** Base64 makes four characters of three bytes. */
const BYTES = (STATE_MAX / 4) * 3;

/**
 * As text: base64 of JSON, so nothing in it can end a comment, mention or link. What does not fit is left out: first what was
 * kept of items, then what the reports were compared with, then conditions that found nothing, then which items there were, of
 * the many before the few.
 * @param text a digest of what is seen, by which an edited comment is told
 */
export function encodeMemory(memory: Memory, text: string): string {
  let { frame, slots } = framed(memory, text, true);
  // Twenty runs leave no room for what each was compared with.
  if (sizeOf(frame) > BYTES / 2) ({ frame, slots } = framed(memory, text, false));
  slots.sort((a, b) => a.rank - b.rank || a.known.items.size - b.known.items.size);
  let room = BYTES - sizeOf(frame);
  for (const [from, to, depth] of TURNS) {
    for (const slot of slots) {
      const packed = slot.rank < from || slot.rank > to ? null : packedAs(slot.known, depth);
      if (packed === null || (depth !== 'counts' && slot.packed === null)) continue;
      const cost = sizeOf(packed) + 1 - slot.cost;
      if (cost > room) continue;
      room -= cost;
      slot.cost += cost;
      slot.packed = packed;
    }
  }
  for (const { packed, into } of slots) {
    if (packed === null) into.cut = true;
  }
  for (const { packed, into } of slots.sort((a, b) => a.at - b.at)) {
    if (packed !== null) into.conditions.push(packed);
  }
  return Buffer.from(JSON.stringify(frame)).toString('base64');
}

/** What is given room in which turn: of conditions of these ranks, so much. */
const TURNS = [
  [RED, FOUND, 'counts'],
  [RED, FOUND, 'items'],
  [QUIET, QUIET, 'counts'],
  [BEFORE + RED, BEFORE + FOUND, 'counts'],
  [BEFORE + RED, BEFORE + FOUND, 'items'],
  [BEFORE + QUIET, BEFORE + QUIET, 'counts'],
  [RED, BEFORE + QUIET, 'rows'],
] as const;

/** A snapshot as it is written, its conditions yet to come. */
interface Framed {
  /** Left out: as the subject's. */
  readonly run?: string;
  readonly at: number;
  cut: boolean;
  readonly conditions: JsonValue[];
}

/** A condition that is to be written, if there is room. */
interface Slot {
  readonly known: Known;
  readonly rank: number;
  readonly into: Framed;
  /** Its place in the snapshot. */
  readonly at: number;
  packed: JsonValue | null;
  cost: number;
}

function framed({ shows, lostAt, subjects }: Memory, text: string, withBefore: boolean) {
  const commits: string[] = [];
  const slots: Slot[] = [];
  const indexOf = (commit: string): number => {
    if (!commits.includes(commit)) commits.push(commit);
    return commits.indexOf(commit);
  };
  const frameOf = (snapshot: Snapshot | null, run: string, rank: number): Framed | null => {
    if (snapshot === null) return null;
    const own = snapshot.runId === run ? {} : { run: snapshot.runId };
    const into: Framed = { ...own, at: indexOf(snapshot.commit), cut: snapshot.isCut, conditions: [] };
    snapshot.conditions.forEach((known, at) => {
      const urgency = known.isRed ? RED : known.count === 0 ? QUIET : FOUND;
      slots.push({ known, rank: rank + urgency, into, at, packed: null, cost: 0 });
    });
    return into;
  };
  const own = subjects.map(({ subject, runId: run, commit, isRed: red, last, before }) => ({
    ...{ subject, run, at: indexOf(commit), red },
    last: frameOf(last, run, RED),
    before: withBefore ? frameOf(before, run, BEFORE) : null,
  }));
  return { frame: { v: 2, text, shows, lost: lostAt, commits, subjects: own }, slots };
}

function sizeOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}

type Depth = 'counts' | 'items' | 'rows';

/** null: there is no more of it. A condition that found nothing is its ID alone. */
function packedAs({ id, isRed, count, key, items }: Known, depth: Depth): JsonValue | null {
  if (depth === 'counts') return count === 0 && !isRed ? id : { id, red: isRed, count };
  if (key === null || items.size === 0) return null;
  const found = { id, red: isRed, count, key, items: [...items.keys()].join('') };
  if (depth === 'items') return found;
  return { ...found, rows: [...items.values()].map((row) => row && keep(row, key)) };
}

/** Enough of an item to know it again in a row marked "fixed": its identifying key and its first three short fields. */
function keep(item: JsonObject, key: string): JsonObject {
  const fields: [string, JsonValue][] = [];
  for (const [name, value] of Object.entries(item)) {
    const plain = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    if (name.length > 60 || (name !== key && (!plain || fields.length > 3))) continue;
    fields.push([name, typeof value === 'string' ? cutUtf8(value, 90) : value]);
  }
  return Object.fromEntries(fields);
}

// How it is read.

/** Reads what `encodeMemory` wrote; null: damaged, or of another text. */
export function decodeMemory(state: string, text: string): Memory | null {
  if (state === '' || state.length > STATE_MAX || !/^[A-Za-z0-9+/]*={0,2}$/.test(state)) return null;
  try {
    return readMemory(parseJson(Buffer.from(state, 'base64')), text);
  } catch {
    return null;
  }
}

/** Damage is thrown, so that none is passed over. */
class Damaged extends Error {}

function damaged(): never {
  throw new Damaged();
}

function readMemory(state: JsonValue, text: string): Memory {
  if (!isJsonObject(state) || state.v !== 2 || state.text !== text) damaged();
  const { shows, lost } = state;
  if (shows !== 'red' && shows !== 'warned' && shows !== 'green') damaged();
  const commits = listOf(state.commits).map((commit) => matching(commit, COMMIT));
  const subjects = listOf(state.subjects).map((one) => readSubject(one, commits));
  return { shows, lostAt: matching(lost, COMMIT), subjects };
}

function readSubject(value: JsonValue, commits: readonly string[]): Subject {
  if (!isJsonObject(value) || typeof value.red !== 'boolean') damaged();
  const runId = value.run === '' ? '' : matching(value.run, RUN_ID);
  return {
    subject: matching(value.subject, DIGEST),
    ...{ runId, commit: commits[Number(value.at)] ?? damaged(), isRed: value.red },
    last: readSnapshot(value.last, runId, commits),
    before: readSnapshot(value.before, runId, commits),
  };
}

function readSnapshot(
  value: JsonValue | undefined,
  ownRun: string,
  commits: readonly string[],
): Snapshot | null {
  if (value === null) return null;
  if (!isJsonObject(value) || typeof value.cut !== 'boolean') damaged();
  return {
    runId: matching(value.run ?? ownRun, RUN_ID),
    commit: commits[Number(value.at)] ?? damaged(),
    conditions: listOf(value.conditions).map(readKnown),
    isCut: value.cut,
  };
}

function readKnown(value: JsonValue): Known {
  if (typeof value === 'string')
    return { id: matching(value, DIGEST), isRed: false, count: 0, key: null, items: new Map() };
  if (!isJsonObject(value) || typeof value.red !== 'boolean') damaged();
  const { count, key = null, items = '', rows = [] } = value;
  if (count !== null && !(typeof count === 'number' && Number.isSafeInteger(count) && count >= 0)) damaged();
  const known = { id: matching(value.id, DIGEST), isRed: value.red, count };
  if (key === null) return { ...known, key, items: new Map() };
  if (typeof key !== 'string' || typeof items !== 'string') damaged();
  const ids = items.match(/.{1,12}/gs) ?? [];
  const kept = listOf(rows);
  const read = new Map(
    ids.map((id, at) => {
      const row = kept[at] ?? null;
      return [matching(id, DIGEST), row === null || isJsonObject(row) ? row : damaged()];
    }),
  );
  return read.size === count && kept.length <= count ? { ...known, key, items: read } : damaged();
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? (value as readonly JsonValue[]) : damaged();
}

function matching(value: JsonValue | undefined, pattern: RegExp): string {
  return typeof value === 'string' && pattern.test(value) ? value : damaged();
}
