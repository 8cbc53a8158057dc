/** Evaluates a condition over the outputs of a run; where near texts occur, once for each reading of them. Pure. */
import { isExactNumber, isJsonObject, isList, type JsonValue } from '../json.ts';
import type { ConditionResult, NearText } from './condition.ts';
import { Evaluation, type Filter, type Part } from './evaluation.ts';
import { quoteText, NearTexts, escapeText, type IsEqual, type NearPair } from './near-texts.ts';
import { formatAsCode, ConditionError, valueKindOf } from './values.ts';

/** The problem that is reported for an unexpected error of this program. */
const FAILED = 'the evaluation failed';

export const MUST_BE = 'it must be true, false or a list';

/** The value of an expression, with the items that a filter did not keep and the near texts of each matched item. */
interface Value {
  readonly value: JsonValue;
  readonly unmatched: readonly JsonValue[] | null;
  readonly nearTexts: ReadonlyMap<JsonValue, readonly NearText[]>;
}

/**
 * Evaluates a compiled condition over the outputs of a run. Never throws: every error becomes the result `cannot_be_evaluated`,
 * which must not turn into a green gate.
 * @param written the texts in the condition, by `findWrittenTexts`; null: texts are compared exactly, and the value may be any
 * list
 */
export function evaluateCondition(
  whole: Part,
  written: ReadonlyMap<string, string> | null,
  outputs: JsonValue | undefined,
): Omit<ConditionResult, 'condition'> {
  const evaluation = new Evaluation(written && written.size > 0 ? new NearTexts(written) : null);
  try {
    if (outputs === undefined || outputs === null) throw new ConditionError('the run has no outputs');
    if (!isJsonObject(outputs)) throw new ConditionError('the outputs of the run are not an object');
    evaluation.values[0] = outputs;
    const { value, unmatched, nearTexts } =
      (whole.filter && evaluateFilter(whole.filter, evaluation)) ?? evaluateWhole(whole, evaluation);
    // A list of lists has no items that a table could show or a count could mean.
    if (written && isList(value) && value.some(isList))
      throw new ConditionError('the items of the list are lists', 'write .flatten() at its end');
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
      notices: [...evaluation.notices],
    };
  } catch (error) {
    return {
      result: 'cannot_be_evaluated',
      matched: [],
      unmatched: null,
      problem: error instanceof ConditionError ? error.toSentence() : FAILED,
      reason: error instanceof ConditionError ? error.toReason() : { what: FAILED, hint: '' },
      notices: [...evaluation.notices],
    };
  }
}

const NONE: IsEqual = () => false;
const ALL: IsEqual = () => true;

/**
 * Evaluates a condition of the form `<list>.filter(…)`, each item separately. If an item has a near text (one that differs from a
 * text in the condition only in spelling), it matches if it does so with any choice of which near texts count as equal.
 * @returns null: the list before the filter already depends on near texts, so the whole expression must be evaluated instead
 */
function evaluateFilter(
  { items, keeps, place, variable, subject }: Filter,
  evaluation: Evaluation,
): Value | null {
  const { near } = evaluation;
  const list = items(evaluation);
  if (near && near.pairs.size > 0) return null;
  const matched: JsonValue[] = [];
  const unmatched: JsonValue[] = [];
  const nearTexts = new Map<JsonValue, readonly NearText[]>();
  const loop = evaluation.beginLoop(place, subject);
  const keepsItem = () => keeps(evaluation);
  try {
    for (const item of list) {
      loop.at++;
      evaluation.values[place] = item;
      near?.forgetPairs();
      const none = near ? near.evaluateReading(NONE, keepsItem) : keepsItem();
      const readings = near && evaluateEveryReading(near, none, keepsItem);
      const values = readings ? valuesOf(readings) : [none];
      (values.includes(true) ? matched : unmatched).push(item);
      if (near && readings && values.includes(true) && values.includes(false))
        nearTexts.set(item, findDecisivePairs(near, readings).map(escapeNearText));
    }
  } catch (error) {
    if (error instanceof ConditionError) error.noteLoop(variable, subject, loop.at);
    throw error;
  }
  return { value: matched, unmatched, nearTexts };
}

/**
 * Evaluates any other expression. If it meets near texts, it is evaluated with each choice of which of them count as equal, and
 * the resulting lists are merged.
 * @throws ConditionError the choices give different values that are not lists
 */
function evaluateWhole(whole: Part, evaluation: Evaluation): Value {
  const { near } = evaluation;
  const evaluate = () => whole.evaluate(evaluation);
  near?.forgetPairs();
  const none = near ? near.evaluateReading(NONE, evaluate) : evaluate();
  const readings = near && evaluateEveryReading(near, none, evaluate);
  if (!readings) return { value: none, unmatched: null, nearTexts: new Map() };
  const values = valuesOf(readings);
  const lists = values.filter(isList);
  const pairs = findDecisivePairs(near, readings);
  if (lists.length === values.length) return { ...mergeReadings(lists, pairs, near), unmatched: null };
  if (values.every((value) => value === none)) return { value: none, unmatched: null, nearTexts: new Map() };
  const [pair] = pairs;
  const { name, item, correction, isOfAuthor } = pair.describe();
  const problem = new ConditionError(
    `${name} is ${quoteText(pair.text)}, and the condition says ${quoteText(pair.literal)}`,
    correction,
    null,
    {
      brief: {
        subject: null,
        says: `${item === '' ? '' : `${item.replace(/ of .*/s, '')}: `}${name} differs from ${formatAsCode(escapeText(pair.literal))} only in spelling`,
        hint: isOfAuthor ? correction : '',
      },
    },
  );
  problem.item = item;
  throw problem;
}

/** Merges the lists of all evaluations. For each item that is not in all of them it notes the near texts that explain why. */
function mergeReadings(
  lists: readonly (readonly JsonValue[])[],
  pairs: readonly NearPair[],
  near: NearTexts,
): Omit<Value, 'unmatched'> {
  const { merged, isInAll } = mergeLists(lists);
  const nearTexts = new Map<JsonValue, readonly NearText[]>();
  for (const item of merged) {
    if (isInAll(item)) continue;
    const nearItemTexts = collectTexts(item).flatMap((text) => {
      const literal = near.findLiteralLike(text);
      return literal === null ? [] : [escapeNearText({ literal, text })];
    });
    nearTexts.set(item, nearItemTexts.length > 0 ? nearItemTexts : pairs.slice(0, 1).map(escapeNearText));
  }
  return { value: merged, nearTexts };
}

/** Returns the text in the condition and the run's text with invisible characters escaped. */
function escapeNearText({ literal, text }: Pick<NearPair, 'literal' | 'text'>): NearText {
  return { literal: escapeText(literal), text: escapeText(text) };
}

/** Returns every text in the item, at any depth. */
function collectTexts(item: JsonValue): readonly string[] {
  if (typeof item === 'string') return [item];
  if (typeof item !== 'object' || item === null || isExactNumber(item)) return [];
  return Object.values(item).flatMap((one: JsonValue) => collectTexts(one));
}

/**
 * The values of one evaluation: with no near text read as equal, with all of them, with those of one literal only, and with all
 * but those of one literal.
 */
interface Readings<T> {
  readonly none: T;
  readonly all: T;
  readonly alone: ReadonlyMap<string, T>;
  readonly allBut: ReadonlyMap<string, T>;
}

/**
 * Evaluates once for each choice of which near texts count as equal: none, all, those of one literal, all but those of one
 * literal.
 * @param none the value with none of them equal
 * @returns null: no near text was met, so `none` is the value
 */
function evaluateEveryReading<T>(near: NearTexts, none: T, evaluate: () => T): Readings<T> | null {
  const { pairs } = near;
  if (pairs.size === 0) return null;
  const all = near.evaluateReading(ALL, evaluate);
  // A text that is read as equal may lead to new near texts: then all readings are repeated.
  for (;;) {
    const literals = [...pairs.keys()];
    const alone = new Map<string, T>();
    const allBut = new Map<string, T>();
    for (const literal of literals) {
      if (literals.length === 1) alone.set(literal, all);
      else
        alone.set(
          literal,
          near.evaluateReading((one) => one === literal, evaluate),
        );
    }
    for (const literal of literals) {
      const other = literals.length === 2 ? literals.find((one) => one !== literal) : undefined;
      if (literals.length === 1) allBut.set(literal, none);
      else if (other !== undefined) allBut.set(literal, alone.get(other) ?? none);
      else
        allBut.set(
          literal,
          near.evaluateReading((one) => one !== literal, evaluate),
        );
    }
    if (pairs.size === literals.length) return { none, all, alone, allBut };
  }
}

/** Returns the values of all these evaluations. */
function valuesOf<T>({ none, all, alone, allBut }: Readings<T>): readonly T[] {
  return [none, all, ...alone.values(), ...allBut.values()];
}

/** Returns the near texts that change the result by themselves; if none does, all of them. */
function findDecisivePairs<T>(
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
 * Merges lists of items: the longest list, followed by the items that only others have. Items are equal if their JSON is.
 * @returns `isInAll`: whether every list has the item equally often
 */
function mergeLists(lists: readonly (readonly JsonValue[])[]) {
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
