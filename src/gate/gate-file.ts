/** Writes and reads the `gate_file` with the gate's findings, for later steps and for the action itself (`baseline_file`). Pure. */
import { asCount, asList, asObject, asText, throwDamaged, ID, isExactNumber } from '../json.ts';
import { JsonError, JSON_LIMITS, parseJson, type JsonObject, type JsonValue } from '../json.ts';
import type { ComparedResult } from './condition.ts';
import { identifyConditions } from './item-identity.ts';

const VERSION = 1;
export const SHA_OR_EMPTY = /^(?:[0-9a-f]{40}|[0-9a-f]{64})?$/;

// Writing: within the limits of reading, and each item once. docs/gate-file.schema.json describes all fields.

/** The job that writes the file. */
export interface Head {
  /** When it was written, ISO 8601. */
  readonly time: string;
  /** GITHUB_EVENT_NAME, GITHUB_REF, GITHUB_RUN_ID */
  readonly event: string;
  readonly ref: string;
  readonly job_run: string;
  readonly pull_request: number | null;
  /** Full SHA, or empty. */
  readonly commit: string;
}

/** The fields of a run in the file, but its conditions. `storeFiles` fills them in. */
interface RunFields {
  readonly gate: 'passed' | 'failed' | 'none';
  readonly run_id: string;
  readonly workflow_id: string;
  /** Empty: no project; null: not known, as with `run_id`. */
  readonly project_id: string | null;
  /** By `digestInputs`; null: not known. */
  readonly inputs_digest: string | null;
  /** The commit of the baseline that was compared with, or empty; null: there was none. */
  readonly baseline_commit: string | null;
}

/** Limits for the content of a file. */
export type Budget = Readonly<Record<'bytes' | 'values', number>>;

/** The limits of reading, less some space for the head and the names. */
export const BUDGET: Budget = { bytes: JSON_LIMITS.bytes - 64 * 1024, values: JSON_LIMITS.values - 500 };

/**
 * Formats one run, for `formatGateFile` or `formatGateFileRuns`. Items that do not fit into the budget are left out.
 * @returns `leftOut`: number of matched and waived items that did not fit
 */
export function packRun(about: RunFields, results: readonly ComparedResult[], budget: Budget) {
  /** Each condition without the indexes of its items. */
  const heads = results.map(({ condition, result, matched, unmatched, waived, known, problem, knownBy }) => ({
    ...condition,
    result,
    matched_count: matched.length,
    known_count: known?.filter((isKnown) => isKnown).length ?? null,
    waived_count: waived.length,
    of: unmatched && matched.length + waived.length + unmatched.length,
    problem,
    known_by: knownBy,
    // Replaced below; here the largest possible value, to measure it.
    left_out: matched.length + waived.length,
  }));
  const took = {
    bytes: Buffer.byteLength(JSON.stringify([about, heads])),
    values: 30 + 40 * results.length,
  };
  const items: string[] = [];
  /** Index by item; null: it did not fit. Only objects, since a Map compares long texts slowly. */
  const placeOf = new Map<JsonValue, number | null>();
  /** Returns the item's index in `items`, where it is added at first; null: it does not fit. */
  const placeItem = (item: JsonValue): number | null => {
    let place = typeof item === 'object' ? placeOf.get(item) : undefined;
    const json = place === undefined ? JSON.stringify(item) : '';
    // For two indexes of each item: one in `matched`, one that marks it as known.
    const bytes = took.bytes + Buffer.byteLength(json) + 24;
    const values = took.values + 2 + (place === undefined ? countValues(item) : 0);
    if (place === null || bytes > budget.bytes || values > budget.values) place = null;
    else {
      Object.assign(took, { bytes, values });
      place ??= items.push(json) - 1;
    }
    if (typeof item === 'object') placeOf.set(item, place);
    return place;
  };
  let leftOut = 0;
  const conditions = results.map((one, nth) => {
    const matched: number[] = [];
    const known: number[] = [];
    const knownOnSchedule: number[] = [];
    for (const [at, item] of one.matched.entries()) {
      const place = placeItem(item);
      if (place === null) continue;
      // The mark is kept even where it does not count, as on a push: without it the next file would count the item as accepted.
      if (one.knownOnSchedule.has(at)) knownOnSchedule.push(matched.length);
      else if (one.known?.[at] === true) known.push(matched.length);
      matched.push(place);
    }
    const waived = one.waived.map(({ item }) => placeItem(item)).filter((place) => place !== null);
    const missing = one.matched.length + one.waived.length - matched.length - waived.length;
    leftOut += missing;
    return JSON.stringify({
      ...heads[nth],
      left_out: missing,
      matched,
      known: one.known && known,
      known_on_schedule: one.known && knownOnSchedule,
      waived,
    });
  });
  // Numbers keep their source text.
  const listed = (name: string, all: readonly string[]) =>
    `  "${name}": [${all.map((one) => `\n    ${one}`).join(',')}\n  ]`;
  const head = JSON.stringify(about, null, 2).slice(1, -2);
  return { text: [head, listed('items', items), listed('conditions', conditions)].join(',\n'), leftOut };
}

/**
 * Returns the number of JSON values in it; Infinity where it is nested too deep.
 * @param depth of an item in a file with several runs
 */
function countValues(value: JsonValue, depth = 5): number {
  if (typeof value !== 'object' || value === null || isExactNumber(value)) return 1;
  if (depth > JSON_LIMITS.depth) return Infinity;
  return Object.values(value).reduce<number>((sum, one: JsonValue) => sum + countValues(one, depth + 1), 1);
}

/** Returns the pieces of a file with one run, or with the pieces of `formatGateFileRuns`. */
export function formatGateFile<Piece>(head: Head, ...pieces: readonly Piece[]): (string | Piece)[] {
  return [`${JSON.stringify({ version: VERSION, ...head }, null, 2).slice(0, -2)},`, ...pieces, '\n}\n'];
}

/** Returns the pieces for a step with `runs`: each run under its name, in the order of the input. */
export function formatGateFileRuns<Piece>(runs: readonly (readonly [name: string, piece: Piece])[]) {
  const pieces = runs.flatMap(([name, piece], at) => [
    `${at === 0 ? '' : ','}\n  ${JSON.stringify(name)}: {`,
    piece,
    '\n  }',
  ]);
  return ['\n  "runs": {', ...pieces, '\n  }'];
}

// Reading: an incomplete file is not used at all, since missing findings could pass for known ones.

export type GateFile = Readonly<ReturnType<typeof readWholeFile>>;
export type FileCondition = Readonly<ReturnType<typeof readCondition>>;

/** Reads the file; returns a text on why it cannot be used. */
export function readGateFile(bytes: Uint8Array | 'missing' | 'too_large'): GateFile | string {
  if (bytes === 'missing') return 'there is no baseline yet (`baseline_file` does not exist)';
  if (bytes === 'too_large') return 'the baseline is over 8 MiB';
  try {
    return readWholeFile(asObject(parseJson(bytes)));
  } catch (error) {
    return error instanceof JsonError
      ? 'the baseline is damaged or too large to read'
      : `the baseline is not a complete \`gate_file\` of version ${VERSION}`;
  }
}

/** Reads all fields that count. @throws Error one is missing or malformed */
function readWholeFile(json: JsonObject) {
  if (json.version !== VERSION) throwDamaged();
  const all = Object.hasOwn(json, 'runs') ? Object.entries(asObject(json.runs)) : [['', json] as const];
  if (all.length === 0) throwDamaged();
  return {
    event: asText(json.event),
    ref: asText(json.ref),
    job_run: asText(json.job_run),
    time: asText(json.time),
    commit: asText(json.commit, SHA_OR_EMPTY),
    pull_request: json.pull_request === null ? null : asCount(json.pull_request),
    /** By name; a step without `runs` has one run with an empty name. */
    runs: new Map(all.map(([name, run]) => [name, readRun(asObject(run))] as const)),
  };
}

/** Reads one run. @throws Error a field is malformed, or no condition refers to an item */
function readRun(run: JsonObject) {
  const items = asList(run.items);
  const all = asList(run.conditions).map(asObject);
  const ids = identifyConditions(
    all.map((one) => ({ name: asTextOrNull(one.name), expression: asText(one.expression) })),
  );
  const conditions = all.map((one) => readCondition(one, items));
  const places = new Set(conditions.flatMap((one) => one.places));
  // Each item is in it because a condition points to it.
  if (places.size < items.length) throwDamaged();
  return {
    gate: asText(run.gate, /^(?:passed|failed|none)$/),
    run_id: asText(run.run_id, ID),
    workflow_id: asText(run.workflow_id),
    project_id: asTextOrNull(run.project_id),
    inputs_digest: asTextOrNull(run.inputs_digest),
    baseline_commit: asTextOrNull(run.baseline_commit, SHA_OR_EMPTY),
    conditions: new Map(conditions.map((one, at) => [ids[at] ?? '', one] as const)),
  };
}

/**
 * Reads one condition of a run.
 * @param items of the run, to which the condition refers by index
 * @throws Error a field is malformed, or the counts contradict each other
 */
function readCondition(one: JsonObject, items: readonly JsonValue[]) {
  const matched = asList(one.matched).map((at) => asIndex(at, items));
  const waived = asList(one.waived).map((at) => asIndex(at, items));
  const marksIn = (list: JsonValue | undefined) =>
    new Set(list === null ? [] : asList(list).map((at) => asIndex(at, matched)));
  const known = marksIn(one.known);
  const knownOnSchedule = marksIn(one.known_on_schedule);
  const markCount = known.size + knownOnSchedule.size;
  const knownCount = one.known_count === null ? null : asCount(one.known_count);
  const leftOut = asCount(one.left_out);
  const result = asText(one.result, /^(?:holds|does_not_hold|cannot_be_evaluated)$/);
  const matchedCount = asCount(one.matched_count);
  const waivedCount = asCount(one.waived_count);
  const isWhole =
    matched.length <= matchedCount &&
    waived.length <= waivedCount &&
    matchedCount + waivedCount === matched.length + waived.length + leftOut &&
    (knownCount === null) === (one.known === null) &&
    (knownCount === null) === (one.known_on_schedule === null) &&
    known.isDisjointFrom(knownOnSchedule) &&
    (knownCount ?? 0) >= known.size &&
    (leftOut > 0 || (knownCount ?? 0) <= markCount);
  if (!isWhole) throwDamaged();
  return {
    isEvaluated: result !== 'cannot_be_evaluated',
    knownBy: asList(one.known_by).map((field) => asText(field)),
    /** Matched items without waived ones. `isKnown`: marked as known in the file. `isOnSchedule`: marked as known on schedules only. */
    matched: matched.map((at, nth) => ({
      item: items[at] ?? null,
      isKnown: known.has(nth) || knownOnSchedule.has(nth),
      isOnSchedule: knownOnSchedule.has(nth),
    })),
    /** Number of matches that did not fit. */
    leftOut,
    places: [...matched, ...waived],
  };
}

/** Returns the text or null. @throws Error it is neither, or does not match the pattern */
const asTextOrNull = (value: JsonValue | undefined, pattern?: RegExp) =>
  value === null ? null : asText(value, pattern);
/** Returns the index. @throws Error the list has no such index */
const asIndex = (value: JsonValue, within: readonly unknown[]): number =>
  typeof value === 'number' && Number.isInteger(value) && value in within ? value : throwDamaged();
