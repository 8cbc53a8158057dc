/** A condition's result over the outputs of a run, read in every way where it meets near texts. Pure. */
import { isExactNumber, isJsonObject, isList, type JsonValue } from '../json.ts';
import type { ConditionResult, NearText } from './condition.ts';
import { Evaluation, type Filter, type Part } from './evaluation.ts';
import { inQuotes, NearTexts, withEscapes, type IsEqual, type NearPair } from './near-texts.ts';
import { asCode, ConditionError, valueKindOf } from './values.ts';

/** An error of the machine. */
const FAILED = 'the evaluation failed';

export const MUST_BE = 'it must be true, false or a list';

interface Found {
  readonly value: JsonValue;
  readonly unmatched: readonly JsonValue[] | null;
  readonly nearTexts: ReadonlyMap<JsonValue, readonly NearText[]>;
}

/**
 * Never throws: whatever went wrong, nothing was learnt, and that must not turn into a green gate.
 * @param written the condition's texts by `writtenTexts`; null: texts are compared letter by letter, and the value may be any list
 */
export function evaluateCondition(
  whole: Part,
  written: ReadonlyMap<string, string> | null,
  outputs: JsonValue | undefined,
): Omit<ConditionResult, 'condition'> {
  const run = new Evaluation(written && written.size > 0 ? new NearTexts(written) : null);
  try {
    if (outputs === undefined || outputs === null) throw new ConditionError('the run has no outputs');
    if (!isJsonObject(outputs)) throw new ConditionError('the outputs of the run are not an object');
    run.values[0] = outputs;
    const { value, unmatched, nearTexts } =
      (whole.filter && filtered(whole.filter, run)) ?? valueOf(whole, run);
    // Lists are no findings: neither do they count as what is in them, nor does any table show it.
    if (written && isList(value) && value.some(isList))
      throw new ConditionError('the items of the list are lists', 'write flatten() behind it');
    const holds = isList(value) ? value.length > 0 : value;
    if (typeof holds !== 'boolean')
      throw new ConditionError(`the value of the expression is ${valueKindOf(value)}`, MUST_BE);
    return {
      result: holds ? 'holds' : 'does_not_hold',
      matched: isList(value) ? value : [],
      unmatched,
      ...(nearTexts.size > 0 ? { nearTexts } : {}),
      problem: null,
      reason: null,
      notices: [...run.notices],
    };
  } catch (error) {
    return {
      result: 'cannot_be_evaluated',
      matched: [],
      unmatched: null,
      problem: error instanceof ConditionError ? error.sentence() : FAILED,
      reason: error instanceof ConditionError ? error.reason() : { what: FAILED, hint: '' },
      notices: [...run.notices],
    };
  }
}

const NONE: IsEqual = () => false;
const ALL: IsEqual = () => true;

/** Each item is read by itself. null: its list holds near texts itself. */
function filtered({ items, keeps, place, variable, subject }: Filter, run: Evaluation): Found | null {
  const { near } = run;
  const list = items(run);
  if (near && near.pairs.size > 0) return null;
  const matched: JsonValue[] = [];
  const unmatched: JsonValue[] = [];
  const nearTexts = new Map<JsonValue, readonly NearText[]>();
  const loop = run.beginLoop(place, subject);
  const keepsItem = () => keeps(run);
  try {
    for (const item of list) {
      loop.at++;
      run.values[place] = item;
      near?.begin();
      const none = near ? near.read(NONE, keepsItem) : keepsItem();
      const readings = near && readEveryWay(near, none, keepsItem);
      const values = readings ? valuesOf(readings) : [none];
      (values.includes(true) ? matched : unmatched).push(item);
      if (near && readings && values.includes(true) && values.includes(false))
        nearTexts.set(item, decisivePairs(near, readings).map(nearText));
    }
  } catch (error) {
    if (error instanceof ConditionError) error.happenedIn(variable, subject, loop.at);
    throw error;
  }
  return { value: matched, unmatched, nearTexts };
}

function valueOf(whole: Part, run: Evaluation): Found {
  const { near } = run;
  const evaluate = () => {
    run.endLoop(0);
    return whole.evaluate(run);
  };
  near?.begin();
  const none = near ? near.read(NONE, evaluate) : evaluate();
  const readings = near && readEveryWay(near, none, evaluate);
  if (!readings) return { value: none, unmatched: null, nearTexts: new Map() };
  const values = valuesOf(readings);
  const lists = values.filter(isList);
  const pairs = decisivePairs(near, readings);
  if (lists.length === values.length) return { ...mergedLists(lists, pairs, near), unmatched: null };
  if (values.every((value) => value === none)) return { value: none, unmatched: null, nearTexts: new Map() };
  const [pair] = pairs;
  const { name, item, wayOut, isOfAuthor } = pair.describe();
  const problem = new ConditionError(
    `${name} is ${inQuotes(pair.text)}, and the condition says ${inQuotes(pair.literal)}`,
    wayOut,
    null,
    {
      brief: {
        subject: null,
        says: `${item === '' ? '' : `${item.replace(/ of .*/s, '')}: `}${name} differs from ${asCode(withEscapes(pair.literal))} only in spelling`,
        hint: isOfAuthor ? wayOut : '',
      },
    },
  );
  problem.item = item;
  throw problem;
}

/** Adds the reason of each item that is not in every list: its similar texts, or the one by which it was chosen. */
function mergedLists(
  lists: readonly (readonly JsonValue[])[],
  pairs: readonly NearPair[],
  near: NearTexts,
): Omit<Found, 'unmatched'> {
  const { merged, isInAll } = mergeLists(lists);
  const nearTexts = new Map<JsonValue, readonly NearText[]>();
  for (const item of merged) {
    if (isInAll(item)) continue;
    const nearItemTexts = textsIn(item).flatMap((text) => {
      const literal = near.nearestOf(text);
      return literal === null ? [] : [nearText({ literal, text })];
    });
    nearTexts.set(item, nearItemTexts.length > 0 ? nearItemTexts : pairs.slice(0, 1).map(nearText));
  }
  return { value: merged, nearTexts };
}

function nearText({ literal, text }: Pick<NearPair, 'literal' | 'text'>): NearText {
  return { literal: withEscapes(literal), text: withEscapes(text) };
}

function textsIn(item: JsonValue): readonly string[] {
  if (typeof item === 'string') return [item];
  if (typeof item !== 'object' || item === null || isExactNumber(item)) return [];
  return Object.values(item).flatMap((one: JsonValue) => textsIn(one));
}

/** What an evaluation gives, read with none of its near texts equal, with all, with each literal's alone, with all but it. */
interface Readings<T> {
  readonly none: T;
  readonly all: T;
  readonly alone: ReadonlyMap<string, T>;
  readonly allBut: ReadonlyMap<string, T>;
}

/** Every reading of an evaluation; null: it has met no near text, and `none` is its value. */
function readEveryWay<T>(near: NearTexts, none: T, evaluate: () => T): Readings<T> | null {
  const { pairs } = near;
  if (pairs.size === 0) return null;
  const all = near.read(ALL, evaluate);
  // What is read as equal may lead to texts that no reading before has met: then the others are read again.
  for (;;) {
    const literals = [...pairs.keys()];
    const [alone, allBut] = [new Map<string, T>(), new Map<string, T>()];
    for (const literal of literals) {
      if (literals.length === 1) alone.set(literal, all);
      else
        alone.set(
          literal,
          near.read((one) => one === literal, evaluate),
        );
    }
    for (const literal of literals) {
      const other = literals.length === 2 ? literals.find((one) => one !== literal) : undefined;
      if (literals.length === 1) allBut.set(literal, none);
      else if (other !== undefined) allBut.set(literal, alone.get(other) ?? none);
      else
        allBut.set(
          literal,
          near.read((one) => one !== literal, evaluate),
        );
    }
    if (pairs.size === literals.length) return { none, all, alone, allBut };
  }
}

function valuesOf<T>({ none, all, alone, allBut }: Readings<T>): readonly T[] {
  return [none, all, ...alone.values(), ...allBut.values()];
}

/** The pairs on which the result hangs: those of the literals that alone change it, or else all. */
function decisivePairs<T>(
  near: NearTexts,
  { none, all, alone, allBut }: Readings<T>,
): readonly [NearPair, ...NearPair[]] {
  const every = [...near.pairs.values()];
  const [first, ...others] = every.filter(
    ({ literal }) => alone.get(literal) !== none || allBut.get(literal) !== all,
  );
  if (first) return [first, ...others];
  return every as [NearPair, ...NearPair[]];
}

/**
 * The list of the longest reading, then what others have more, compared by value.
 * @returns `isInAll`: whether an item of it is in the list of every reading
 */
export function mergeLists(lists: readonly (readonly JsonValue[])[]) {
  const keys = new Map<JsonValue, string>();
  const keyOf = (item: JsonValue) => {
    const known = keys.get(item);
    if (known !== undefined) return known;
    const key = JSON.stringify(item);
    keys.set(item, key);
    return key;
  };
  const counted = lists.map((list) => {
    const counts = new Map<string, number>();
    for (const item of list) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
    return { list, counts };
  });
  const [longest, ...others] = counted.sort((a, b) => b.list.length - a.list.length);
  const merged = [...(longest?.list ?? [])];
  const counts = new Map(longest?.counts);
  for (const other of others) {
    const seen = new Map<string, number>();
    for (const item of other.list) {
      const key = keyOf(item);
      const nth = (seen.get(key) ?? 0) + 1;
      seen.set(key, nth);
      if (nth <= (counts.get(key) ?? 0)) continue;
      counts.set(key, nth);
      merged.push(item);
    }
  }
  const isInAll = (item: JsonValue) =>
    counted.every((one) => (one.counts.get(keyOf(item)) ?? 0) === counts.get(keyOf(item)));
  return { merged, isInAll };
}
