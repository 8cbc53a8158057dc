/** The `gate_file`: what the gate found, for whoever comes after, the action itself (`baseline_file`) among them. Pure. */
import { isExactNumber, isJsonObject, LIMITS, parseJson, type JsonObject, type JsonValue } from '../json.ts';
import type { JudgedResult } from './condition.ts';
import { conditionIds } from './items.ts';

const VERSION = 3;
export const RUN_ID = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;
export const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/;

// The schema that it is written and read by; docs/gate-file.schema.json says the same.

type Check<T> = (value: JsonValue | undefined) => value is T & JsonValue;
type Shaped<S> = { readonly [Key in keyof S]: S[Key] extends Check<infer T> ? T : never };

const text: Check<string> = (value) => typeof value === 'string';
const count: Check<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const list: Check<readonly JsonValue[]> = (value) => Array.isArray(value);
const matching =
  (pattern: RegExp): Check<string> =>
  (value): value is string =>
    text(value) && pattern.test(value);
const oneOf =
  <T extends string>(...words: readonly T[]): Check<T> =>
  (value): value is T =>
    words.some((word) => word === value);
const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value): value is (T & JsonValue) | null =>
    value === null || check(value);
const listOf =
  <T>(check: Check<T>): Check<readonly T[]> =>
  (value): value is readonly (T & JsonValue)[] =>
    list(value) && value.every(check);

const HEAD = {
  version: ((value) => value === VERSION) as Check<typeof VERSION>,
  /** When it was written, ISO 8601. */
  time: text,
  /** GITHUB_EVENT_NAME, GITHUB_REF, GITHUB_RUN_ID */
  event: text,
  ref: text,
  job_run: text,
  pull_request: orNull(count),
  /** Full SHA, or empty. */
  commit: matching(COMMIT),
};
const RUN = {
  gate: oneOf('passed', 'failed', 'none'),
  run_id: matching(RUN_ID),
  workflow_id: text,
  /** Empty: none; null: not known, as with `run_id`. */
  project_id: orNull(text),
  /** Of `inputsDigest`; null: not known. */
  inputs_digest: orNull(text),
  /** The commit of the baseline by which items are known, or empty; null: there was none. */
  baseline_commit: orNull(matching(COMMIT)),
};
const CONDITION = {
  severity: oneOf('fail', 'warn'),
  name: orNull(text),
  expression: text,
  line: count,
  result: oneOf('holds', 'does_not_hold', 'cannot_be_evaluated'),
  matched_count: count,
  /** null: no baseline. */
  new_count: orNull(count),
  waived_count: count,
  /** How many items there were to match; null: not known. */
  of: orNull(count),
  problem: orNull(text),
  /** Empty: the author named no fields. */
  known_by: listOf(text),
  /** Places in the run's `items`. */
  matched: listOf(count),
  waived: listOf(count),
  /** Places in `matched` of those that the baseline does not know; null: there was none, and none is known. */
  new: orNull(listOf(count)),
};

export type Head = Shaped<typeof HEAD>;

function fits<S extends Record<string, Check<unknown>>>(
  shape: S,
  json: JsonValue | undefined,
): json is Shaped<S> & JsonObject {
  return isJsonObject(json) && Object.entries(shape).every(([name, check]) => check(json[name]));
}

// How it is written: within what is read, each item once.

/** How much of a file may be taken. */
export interface Room {
  readonly bytes: number;
  readonly values: number;
}

/** Head and names need a little. */
export const ROOM: Room = { bytes: LIMITS.bytes - 64 * 1024, values: LIMITS.values - 500 };

/** A run as it is written: its items as JSON, and where conditions point. */
export interface Packed {
  readonly about: Shaped<typeof RUN>;
  readonly items: readonly string[];
  readonly conditions: readonly Shaped<typeof CONDITION>[];
  /** How many matches are not in it, for want of room. */
  readonly leftOut: number;
  readonly took: Room;
}

export function pack(about: Packed['about'], results: readonly JudgedResult[], room: Room): Packed {
  const took = {
    bytes: Buffer.byteLength(JSON.stringify([about, results.map(headOf)])),
    values: 30 + 40 * results.length,
  };
  const items: string[] = [];
  /** By the item; null: there was no room for it. A long text would be looked up by its length alone. */
  const placeOf = new Map<JsonValue, number | null>();
  let leftOut = 0;
  const placed = (item: JsonValue): number | null => {
    let place = typeof item === 'object' ? placeOf.get(item) : undefined;
    const json = place === undefined ? JSON.stringify(item) : '';
    // Of each two pointers, one of them to mark it.
    const bytes = took.bytes + Buffer.byteLength(json) + 24;
    const values = took.values + 2 + (place === undefined ? valuesIn(item, DEPTH) : 0);
    if (place === null || bytes > room.bytes || values > room.values) {
      place = null;
      leftOut++;
    } else {
      Object.assign(took, { bytes, values });
      place ??= items.push(json) - 1;
    }
    if (typeof item === 'object') placeOf.set(item, place);
    return place;
  };
  const conditions = results.map((one): Shaped<typeof CONDITION> => {
    const [matched, fresh]: [number[], number[]] = [[], []];
    for (const [at, item] of one.matched.entries()) {
      const place = placed(item);
      if (place === null) continue;
      if (one.known?.[at] === false) fresh.push(matched.length);
      matched.push(place);
    }
    const waived = one.waived.map(({ item }) => placed(item)).filter((place) => place !== null);
    return { ...headOf(one), matched, waived, new: one.known && fresh };
  });
  return { about, items, conditions, leftOut, took };
}

function headOf(one: JudgedResult): Omit<Shaped<typeof CONDITION>, 'matched' | 'waived' | 'new'> {
  const { severity, name, expression, line } = one.condition;
  const { result, matched, unmatched, waived, known, problem, isNamed, fields } = one;
  return {
    ...{ severity, name, expression, line, result },
    matched_count: matched.length,
    new_count: known?.filter((isKnown) => !isKnown).length ?? null,
    waived_count: waived.length,
    of: unmatched && matched.length + waived.length + unmatched.length,
    problem,
    known_by: isNamed ? fields : [],
  };
}

/** Of several runs an item stands so deep. */
const DEPTH = 5;

/** How many values it has; infinitely many where it is nested too deep. */
function valuesIn(value: JsonValue, depth: number): number {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return 1;
  if (depth > LIMITS.depth) return Infinity;
  return Object.values(value).reduce<number>((sum, one: JsonValue) => sum + valuesIn(one, depth + 1), 1);
}

/** The file of a step's one run, in pieces: it could be more than one string should hold. Numbers keep their source text. */
export function* gateFile(head: Omit<Head, 'version'>, run: Packed): Generator<string> {
  yield* gateFileHead(head);
  yield* gateFileRun(run);
  yield '\n}\n';
}

/** The file of a step with `runs`: each run by its name, in the order given. */
export function* gateFileOfRuns<Piece>(
  head: Omit<Head, 'version'>,
  runs: Iterable<readonly [name: string, pieces: Iterable<Piece>]>,
): Generator<string | Piece> {
  yield* gateFileHead(head);
  yield '\n  "runs": {';
  let isFirst = true;
  for (const [name, pieces] of runs) {
    yield `${isFirst ? '' : ','}\n  ${JSON.stringify(name)}: {`;
    yield* pieces;
    yield '\n  }';
    isFirst = false;
  }
  yield '\n  }\n}\n';
}

function* gateFileHead(head: Omit<Head, 'version'>): Generator<string> {
  yield `${JSON.stringify({ version: VERSION, ...head }, null, 2).slice(0, -2)},`;
}

/** One run of several, to be put together with the others by `gateFileOfRuns`. */
export function* gateFileRun({ about, items, conditions }: Packed): Generator<string> {
  yield `${JSON.stringify(about, null, 2).slice(1, -2)},\n  "items": [`;
  for (const [at, item] of items.entries()) yield `${at === 0 ? '' : ','}\n    ${item}`;
  yield '\n  ],\n  "conditions": [';
  for (const [at, one] of conditions.entries()) yield `${at === 0 ? '' : ','}\n    ${JSON.stringify(one)}`;
  yield '\n  ]';
}

// How it is read.

export interface GateFile extends Head {
  /** By name; a step's one run has the empty one. */
  readonly runs: ReadonlyMap<string, FileRun>;
}

export interface FileRun extends Shaped<typeof RUN> {
  /** By `conditionIds`. */
  readonly conditions: ReadonlyMap<string, FileCondition>;
}

export interface FileCondition {
  readonly isEvaluated: boolean;
  readonly knownBy: readonly string[];
  /** What matched and was not waived; `isKnown`: the file itself calls it so. */
  readonly matched: readonly { readonly item: JsonValue; readonly isKnown: boolean }[];
}

/** A text: why it cannot be used. */
export function readGateFile(bytes: Uint8Array | null): GateFile | string {
  if (bytes === null) return 'there is no baseline yet (no `baseline_file` of at most 8 MiB)';
  let json: JsonValue;
  try {
    json = parseJson(bytes);
  } catch {
    return '`baseline_file` is damaged, or holds more than is read';
  }
  if (isJsonObject(json) && (json.version === 1 || json.version === 2))
    return '`baseline_file` was written by an older version';
  const NONE = `\`baseline_file\` is no \`gate_file\` of version ${VERSION}`;
  if (!fits(HEAD, json)) return NONE;
  const { runs = {} } = json as JsonObject;
  const all = Object.hasOwn(json, 'runs')
    ? isJsonObject(runs)
      ? Object.entries(runs)
      : []
    : [['', json] as const];
  const read = all.map(([name, run]) => [name, readRun(run)] as const);
  const whole = read.flatMap(([name, run]) => (run === null ? [] : [[name, run] as const]));
  return whole.length === 0 || whole.length < read.length ? NONE : { ...json, runs: new Map(whole) };
}

function readRun(json: JsonValue): FileRun | null {
  if (!fits(RUN, json)) return null;
  const { items, conditions: all } = json as JsonObject;
  if (
    !list(items) ||
    !listOf((one): one is Shaped<typeof CONDITION> & JsonObject => fits(CONDITION, one))(all)
  )
    return null;
  const isPlaced = all.every(
    (one) =>
      one.matched.every((place) => place < items.length) &&
      (one.new ?? []).every((at) => at < one.matched.length),
  );
  // A new one that is not found would pass for known.
  if (!isPlaced) return null;
  const ids = conditionIds(all);
  const conditions = all.map((one, at): [string, FileCondition] => {
    const fresh = new Set(one.new ?? one.matched.keys());
    const matched = one.matched.map((place, nth) => ({
      item: items[place] ?? null,
      isKnown: !fresh.has(nth),
    }));
    return [
      ids[at] ?? '',
      { isEvaluated: one.result !== 'cannot_be_evaluated', knownBy: one.known_by, matched },
    ];
  });
  return { ...json, conditions: new Map(conditions) };
}
