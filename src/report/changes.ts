/**
 * What changed since an earlier report: the matched items of each condition that are new, still there, or gone.
 * The earlier report is remembered in the sticky comment, hidden, or in a `gate_file`. Both come from outside:
 * read with suspicion, and whatever is damaged only drops the comparison.
 */
import { isJsonObject, parseJson } from '../json.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import { digest, identifyingKey, idOf, rowsById, type Finding } from '../gate/finding.ts';
import type { Condition, ConditionResult } from '../gate/condition.ts';
import type { Changes, ConditionChanges } from './report.ts';
import { cutUtf8 } from '../text/escape.ts';

/** What an earlier report knew of one condition. */
interface Remembered {
  /** Digest of the condition's name and expression. */
  readonly id: string;
  /** How many items matched. */
  readonly count: number;
  /** The key that told them apart; null: none did, or the items did not fit. */
  readonly key: string | null;
  /** By digest of the identifying value: what was kept of the item, to show it once it is gone. */
  readonly items: ReadonlyMap<string, JsonObject | null>;
}

interface Snapshot {
  readonly runId: string;
  /** Full SHA, or empty. */
  readonly commit: string;
  readonly conditions: readonly Remembered[];
}

/** An earlier report, and the one that it was itself compared with. */
export interface Earlier {
  readonly last: Snapshot;
  readonly before: Snapshot | null;
}

/** The hidden state of a comment is at most this long, in characters. */
export const STATE_MAX = 8_000;

/**
 * What changed between an earlier report and the results of run `runId`; null where there is nothing to compare.
 * A run is never compared with itself: where the earlier report is of the same run, what that one was compared
 * with is used again, so that reporting a run twice says the same twice.
 */
export function compare(results: readonly Finding[], runId: string, earlier: Earlier | null): Changes | null {
  if (results.length === 0) return null;
  const then = earlier?.last.runId === runId ? earlier.before : earlier?.last;
  if (!then || then.runId === runId) return null;
  const known = new Map(then.conditions.map((condition) => [condition.id, condition]));
  const ids = conditionIds(results.map(({ condition }) => condition));
  const conditions = results.map((result, at) => {
    const remembered = known.get(ids[at] ?? '');
    return remembered && result.result !== 'cannot_be_evaluated' ? compareOne(result, remembered) : null;
  });
  if (!conditions.some((changes) => changes !== null)) return null;
  const marks = conditions.flatMap((changes) => changes?.items?.marks ?? []);
  const fresh = marks.filter((mark) => mark === 'new').length;
  return {
    since: then.commit === '' ? 'the baseline' : then.commit.slice(0, 7),
    fresh,
    still: marks.length - fresh,
    fixed: conditions.reduce((sum, changes) => sum + (changes?.items?.fixed ?? 0), 0),
    gone: conditions.reduce((sum, changes) => sum + (changes?.items?.gone ?? 0), 0),
    conditions,
  };
}

function compareOne(finding: Finding, then: Remembered): ConditionChanges {
  const { matched, key, ids, unmatched, unmatchedIds, rows, unmatchedRows } = finding;
  const before = then.count;
  const isToldApart = (matched === 0 || key !== null) && (before === 0 || then.key !== null);
  // Where either has no items there is nothing that one key must tell apart.
  if (!isToldApart || (matched > 0 && before > 0 && key !== then.key)) return { before, items: null };
  const left = new Map(then.items);
  const marks = ids.map((id) => (left.delete(id) ? 'still' : 'new'));
  // An item that the outputs do not list any more was not mended; where only what matched is known, it was.
  const present = unmatched === null ? null : new Set(key === then.key ? unmatchedIds : []);
  const fixed = [...left].filter(([id]) => present === null || present.has(id));
  const shown = key === null ? new Map<string, JsonObject>() : rowsById([...rows, ...unmatchedRows], key);
  const fixedRows = fixed.flatMap(([id, kept]) => shown.get(id) ?? kept ?? []);
  return { before, items: { marks, fixed: fixed.length, gone: left.size - fixed.length, fixedRows } };
}

/** Did conditions find something then that are not asked any more, or in other words? */
export function hasDropped(results: readonly Finding[], { last }: Earlier): boolean {
  const ids = new Set(conditionIds(results.map(({ condition }) => condition)));
  return last.conditions.some(({ id, count }) => count > 0 && !ids.has(id));
}

/**
 * A condition is the same one while its name and its expression are; of two alike, in their order. With another expression its
 * items may be gone though nothing in the documents was mended.
 */
function conditionIds(conditions: readonly Condition[]): string[] {
  const seen = new Map<string, number>();
  return conditions.map(({ name, expression }) => {
    const what = JSON.stringify({ name, expression });
    const nth = seen.get(what) ?? 0;
    seen.set(what, nth + 1);
    return digest(`${what}${nth}`);
  });
}

/**
 * The state to hide in the comment: these results, and what they were compared with. Base64 of JSON, so nothing in
 * it can end a comment, mention or link. What does not fit is kept as a count: first what was kept of the items
 * compared with, then of the items, then which they were. Where even the counts are too many, what they were compared
 * with is left out, then conditions, those without items first. Where nothing was judged, or could be, the earlier state is
 * passed on.
 */
export function encodeState(
  results: readonly Finding[],
  runId: string,
  commit: string,
  earlier: Earlier | null,
): string {
  const before = earlier?.last.runId === runId ? earlier.before : (earlier?.last ?? null);
  const isJudged = results.some(({ result }) => result !== 'cannot_be_evaluated');
  const state = isJudged ? { last: snapshot(results, runId, commit), before } : earlier;
  if (state === null) return '';
  for (const [last, then] of [
    ['rows', 'rows'],
    ['rows', 'items'],
    ['items', 'items'],
    ['items', 'counts'],
    ['counts', 'counts'],
  ] as const) {
    const text = encode({
      v: 1,
      last: packed(state.last, last),
      before: state.before && packed(state.before, then),
    });
    if (text !== null) return text;
  }
  return abridged(state.last);
}

/** As many conditions as fit, those with items first; where all of these fit so, with which items they are. */
function abridged({ runId, commit, conditions }: Snapshot): string {
  const withItems = conditions.filter(({ count }) => count > 0);
  const inLine = [...withItems, ...conditions.filter(({ count }) => count === 0)];
  const first = (most: number, depth: Depth) =>
    encode({ v: 1, last: packed({ runId, commit, conditions: inLine.slice(0, most) }, depth), before: null });
  const depth = first(withItems.length, 'items') === null ? 'counts' : 'items';
  let [fits, most] = ['', inLine.length];
  for (let least = 0; least < most;) {
    const middle = Math.ceil((least + most) / 2);
    const text = first(middle, depth);
    if (text === null) most = middle - 1;
    else [fits, least] = [text, middle];
  }
  return fits;
}

/** How many conditions the state tells of. */
export function conditionsIn(state: string): number {
  return decodeState(state)?.last.conditions.length ?? 0;
}

function snapshot(results: readonly Finding[], runId: string, commit: string): Snapshot {
  const ids = conditionIds(results.map(({ condition }) => condition));
  const conditions = results.flatMap((one, at): Remembered[] => {
    const { result, matched } = one;
    if (result === 'cannot_be_evaluated') return [];
    const id = ids[at] ?? '';
    if (matched === 0 || matched > ITEMS_MAX || one.key === null)
      return [{ id, count: matched, key: null, items: new Map() }];
    const items = one.ids.map((itemId, nth) => {
      const row = one.rows[nth];
      return [itemId, isJsonObject(row) ? row : null] as const;
    });
    return [{ id, count: matched, key: one.key, items: new Map(items) }];
  });
  return { runId, commit, conditions };
}

/** Of an earlier report's own words: where its key does not tell the items apart, there is only their count. */
function remembered(id: string, matched: readonly JsonValue[], key: string | null): Remembered {
  const items = new Map<string, JsonObject>();
  if (key !== null) {
    for (const item of matched) {
      const itemId = idOf(item, key);
      if (itemId !== null && isJsonObject(item)) items.set(itemId, item);
    }
  }
  return items.size === matched.length
    ? { id, count: matched.length, key, items }
    : { id, count: matched.length, key: null, items: new Map() };
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

type Depth = 'rows' | 'items' | 'counts';

/** Of more items not even the digests fit. */
const ITEMS_MAX = 400;

function packed({ runId, commit, conditions }: Snapshot, depth: Depth): JsonObject {
  return {
    run: runId,
    commit,
    conditions: conditions.map(({ id, count, key, items }) => {
      if (depth === 'counts' || key === null || count > ITEMS_MAX) return { id, count };
      if (depth === 'items') return { id, count, key, items: [...items.keys()] };
      return { id, count, key, rows: [...items].map(([digest, item]) => [digest, item && keep(item, key)]) };
    }),
  };
}

/** null: too long. */
function encode(state: JsonObject): string | null {
  const text = Buffer.from(JSON.stringify(state)).toString('base64');
  return text.length <= STATE_MAX ? text : null;
}

/** Reads what `remember` wrote. Any damage: null. */
export function decodeState(text: string): Earlier | null {
  if (text === '' || text.length > STATE_MAX || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    const state = parseJson(Buffer.from(text, 'base64'));
    if (!isJsonObject(state) || state.v !== 1) return null;
    const last = unpacked(state.last);
    const before = state.before === null ? null : unpacked(state.before);
    return last && before !== undefined ? { last, before } : null;
  } catch {
    return null;
  }
}

const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/;
const DIGEST = /^[A-Za-z0-9+/]{12}$/;

/** undefined: damaged. */
function unpacked(value: JsonValue | undefined): Snapshot | undefined {
  if (!isJsonObject(value)) return undefined;
  const { run, commit, conditions } = value;
  if (typeof run !== 'string' || !RUN_ID.test(run)) return undefined;
  if (typeof commit !== 'string' || !COMMIT.test(commit) || !Array.isArray(conditions)) return undefined;
  const remembered: Remembered[] = [];
  for (const entry of conditions as readonly JsonValue[]) {
    const one = unpackedCondition(entry);
    if (!one) return undefined;
    remembered.push(one);
  }
  return { runId: run, commit, conditions: remembered };
}

function unpackedCondition(value: JsonValue): Remembered | undefined {
  if (!isJsonObject(value)) return undefined;
  const { id, count, key = null, items = [], rows = items } = value;
  if (typeof id !== 'string' || !DIGEST.test(id)) return undefined;
  if (typeof count !== 'number' || !Number.isSafeInteger(count) || count < 0) return undefined;
  if (!Array.isArray(rows)) return undefined;
  if (key === null) return rows.length === 0 ? { id, count, key, items: new Map() } : undefined;
  if (typeof key !== 'string') return undefined;
  const kept = new Map<string, JsonObject | null>();
  for (const row of rows as readonly JsonValue[]) {
    const [item, fields = null] = Array.isArray(row) ? (row as readonly JsonValue[]) : [row];
    if (typeof item !== 'string' || !DIGEST.test(item)) return undefined;
    if (fields !== null && !isJsonObject(fields)) return undefined;
    kept.set(item, fields);
  }
  return kept.size === count ? { id, count, key, items: kept } : undefined;
}

/** What a `gate_file` is made of. */
export interface GateFile {
  readonly gate: 'passed' | 'failed' | 'none';
  readonly runId: string;
  readonly workflowId: string;
  /** Full SHA, or empty. */
  readonly commit: string;
  readonly results: readonly ConditionResult[];
}

/**
 * The `gate_file`: each condition with its result and all matched items, as JSON. Numbers keep their source text. In
 * pieces: items that match many conditions are in it as often, and could be more than one string may hold.
 */
export function* gateFile({ results, ...about }: GateFile): Generator<string> {
  const head = {
    version: 1,
    gate: about.gate,
    run_id: about.runId,
    workflow_id: about.workflowId,
    commit: about.commit,
  };
  yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "conditions": [`;
  for (const [at, one] of results.entries()) {
    const { severity, name, expression, line } = one.condition;
    const about = {
      severity,
      name,
      expression,
      line,
      result: one.result,
      matched_count: one.matched.length,
      of: one.unmatched && one.matched.length + one.unmatched.length,
      identified_by: one.matched.length === 0 ? null : identifyingKey(one),
      problem: one.problem,
    };
    yield `${at === 0 ? '' : ','}\n    ${JSON.stringify(about).slice(0, -1)},"matched":[`;
    for (const [nth, item] of one.matched.entries())
      yield `${nth === 0 ? '' : ','}\n      ${JSON.stringify(item)}`;
    yield ']}';
  }
  yield '\n  ]\n}\n';
}

/** Reads a `gate_file` of an earlier run, as a baseline. One that judged nothing, is of another workflow, or any damage: null. */
export function readGateFile(json: JsonValue, workflowId: string): Earlier | null {
  if (!isJsonObject(json) || json.version !== 1) return null;
  const { run_id: runId, workflow_id: workflow = '', commit, conditions } = json;
  if (workflow !== '' && workflowId !== '' && workflow !== workflowId) return null;
  if (typeof runId !== 'string' || !RUN_ID.test(runId)) return null;
  if (typeof commit !== 'string' || !COMMIT.test(commit)) return null;
  if (!Array.isArray(conditions) || conditions.length === 0) return null;
  const judged: { condition: Condition; matched: readonly JsonValue[]; key: string | null }[] = [];
  for (const entry of conditions as readonly JsonValue[]) {
    if (!isJsonObject(entry)) return null;
    const { name, expression, result, matched, identified_by: key = null } = entry;
    if (typeof expression !== 'string' || !(name === null || typeof name === 'string')) return null;
    if (result !== 'holds' && result !== 'does_not_hold' && result !== 'cannot_be_evaluated') return null;
    if (!Array.isArray(matched) || !(key === null || typeof key === 'string')) return null;
    if (result === 'cannot_be_evaluated') continue;
    const condition: Condition = { severity: 'fail', name, expression, line: judged.length + 1 };
    judged.push({ condition, matched: matched as readonly JsonValue[], key });
  }
  const ids = conditionIds(judged.map(({ condition }) => condition));
  const known = judged.map(({ matched, key }, at) => remembered(ids[at] ?? '', matched, key));
  return known.length === 0 ? null : { last: { runId, commit, conditions: known }, before: null };
}
