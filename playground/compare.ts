/** Compares two runs over the same documents, to find the fields that identify a finding. Texts are untrusted. Pure. */
import type { Evaluation } from '../src/gate/condition.ts';
import { readFieldText } from '../src/gate/identity.ts';
import { isJsonObject, isList, type JsonObject, type JsonValue } from '../src/json.ts';
import { escapeInvisible } from '../src/text/escape.ts';
import { formatCount, joinPresent } from '../src/text/format.ts';

/** A list of one run beside that of the other, described for the page. */
export interface Comparison {
  readonly title: string;
  /** "`reason`: varies in 2 of 5", one per field. */
  readonly fields: readonly string[];
  /** The proposal; empty: fewer than two fields stay the same. */
  readonly knownBy: string;
}

/** A run's outputs, and the results of the conditions over them. */
export interface Reviewed {
  readonly outputs: JsonValue;
  readonly evaluations: readonly Evaluation[];
}

const MAX_FIELDS = 64;
/** Longer texts are a model's sentences. */
const MAX_NAME_LENGTH = 64;
/** `known_by` needs two. The third is often a status, without which a finding that gets worse stays known. */
const MIN_KNOWN_BY = 2;
const USUAL_KNOWN_BY = 3;
const FIELD_NAME = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
const ID = /^(?:[a-z]+_)?[0-9a-f]{8}-?[0-9a-f-]{8,}$/i;

/** Compares each list of the outputs, and each list that a condition creates with `map`, if both runs have it. */
export function compareRuns(first: Reviewed, second: Reviewed): Comparison[] {
  const others = findLists(second);
  return [...findLists(first)].flatMap(([name, items]) => {
    const comparison = compareLists(name, items, others.get(name) ?? []);
    return comparison === null ? [] : [comparison];
  });
}

function findLists({ outputs, evaluations }: Reviewed): Map<string, JsonObject[]> {
  const lists = new Map<string, JsonObject[]>();
  for (const [key, value] of Object.entries(isJsonObject(outputs) ? outputs : {}))
    if (isList(value)) lists.set(`outputs.${key}`, value.filter(isJsonObject));
  const own = new Set([...lists.values()].flat());
  for (const { condition, items, others } of evaluations) {
    const all = [...items, ...(others ?? [])].filter(isJsonObject);
    if (all.some((item) => !own.has(item))) lists.set(condition.name ?? condition.expression, all);
  }
  return lists;
}

function compareLists(name: string, first: JsonObject[], second: JsonObject[]): Comparison | null {
  const all = [...first, ...second];
  const fields = [...new Set(all.flatMap((item) => Object.keys(item)))].slice(0, MAX_FIELDS);
  const key = findKey(fields, first, second);
  const byKey = new Map(key === null ? [] : second.map((item) => [readFieldText(item, key), item]));
  const pairs = first.flatMap((item, at) => {
    const other = key === null ? second[at] : byKey.get(readFieldText(item, key));
    return other === undefined ? [] : [[item, other] as const];
  });
  if (pairs.length === 0) return null;

  const compared = fields.map((field) => {
    const texts = pairs.map((pair) => pair.map((item) => readFieldText(item, field)));
    const missing = texts.filter((pair) => pair.includes(null)).length;
    const varying = texts.filter(([one, other]) => one !== other).length;
    const state = missing > 0 ? 'missing' : varying > 0 ? 'varies' : 'same';
    const count = state === 'same' ? '' : ` in ${missing || varying} of ${pairs.length}`;
    return { field, state, line: `\`${field}\`: ${state}${count}` };
  });
  const same = compared.filter(({ state }) => state === 'same').map(({ field }) => field);
  const alone = all.length - 2 * pairs.length;
  const title = `${formatCount(pairs.length, 'item')} in both runs, aligned by ${key === null ? 'position' : `\`${key}\``}`;
  return {
    title: escapeInvisible(
      `\`${name}\`: ${joinPresent('; ', title, alone > 0 && `${formatCount(alone, 'item')} in one run only`)}`,
    ),
    fields: compared.map(({ line }) => escapeInvisible(line)),
    knownBy: proposeKnownBy(key, same, first).join(', '),
  };
}

/** Returns the field that is unique in both lists, that with the most values in common; null: none has half of them. */
function findKey(fields: readonly string[], ...[first, second]: [JsonObject[], JsonObject[]]): string | null {
  const enough = Math.min(first.length, second.length) / 2;
  const [best] = fields
    .map((field) => {
      const [one, other] = [first, second].map((items) => items.map((item) => readFieldText(item, field)));
      const isUnique = [one, other].every(
        (texts) => !texts?.includes(null) && new Set(texts).size === texts?.length,
      );
      return { field, shared: isUnique ? new Set(one).intersection(new Set(other)).size : 0 };
    })
    .filter(({ shared }) => shared > 0 && shared >= enough)
    .toSorted((a, b) => b.shared - a.shared);
  return best?.field ?? null;
}

/** @param same the fields that are the same in both runs */
function proposeKnownBy(key: string | null, same: readonly string[], items: JsonObject[]): string[] {
  const valuesOf = (field: string) => items.map((item) => item[field]);
  const isName = (value: JsonValue | undefined) =>
    typeof value === 'string' && value.length <= MAX_NAME_LENGTH;
  const isId = (field: string) => items.every((item) => ID.test(readFieldText(item, field) ?? ''));
  const usable = same.filter((field) => FIELD_NAME.test(field) && valuesOf(field).every(isName));
  const ranked = [
    ...usable.filter((field) => field === key),
    ...usable.filter((field) => field !== key && !isId(field)),
    ...usable.filter((field) => field !== key && isId(field)),
  ];
  const isDistinct = (fields: readonly string[]) =>
    new Set(items.map((item) => JSON.stringify(fields.map((field) => item[field])))).size === items.length;
  let count = USUAL_KNOWN_BY;
  while (count < ranked.length && !isDistinct(ranked.slice(0, count))) count++;
  const chosen = ranked.slice(0, count);
  return chosen.length < MIN_KNOWN_BY ? [] : chosen;
}
