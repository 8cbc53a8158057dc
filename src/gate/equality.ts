/** Compares two values: exactly, or with near texts read as equal. Pure. */
import { isDay } from '../text/format.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Evaluation } from './evaluation.ts';
import { INSIDE, mixedKindsError, WHOLE, type Where } from './operand-kinds.ts';
import { describeHint } from './near-text-hints.ts';
import { toExactNumber } from './numbers.ts';
import { isEqualityUnclear } from './times.ts';
import { ConditionError, sourceOf, valueKindOf, type Call } from './values.ts';

/**
 * Are the values equal, exactly or except for near texts that currently count as equal?
 * @throws ConditionError as the two functions below
 */
export function isEqual(a: JsonValue, b: JsonValue, call: Call, evaluation: Evaluation): boolean {
  return isExactlyEqual(a, b, call) || isEqualAsRead(a, b, call, evaluation);
}

/**
 * Are the values equal letter by letter? Compares all parts of both, so that mixed kinds are found at any position.
 * @throws ConditionError the kinds differ, or one value is null
 */
export function isExactlyEqual(a: JsonValue, b: JsonValue, call: Call, where = WHOLE): boolean {
  const kind = valueKindOf(a);
  if (kind !== valueKindOf(b) || kind === 'null')
    throw mixedKindsError(call, kind, valueKindOf(b), where, [a, b]);
  const { nodes } = call;
  if (kind === 'a number')
    return toExactNumber(a as number, nodes[0], where[0]) === toExactNumber(b as number, nodes[1], where[1]);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  let same = keys.length === Object.keys(b).length;
  for (const key of keys)
    if (!Object.hasOwn(b, key)) same = false;
    else
      same =
        isExactlyEqual((a as JsonObject)[key] ?? null, (b as JsonObject)[key] ?? null, call, INSIDE) && same;
  return same;
}

/**
 * Returns the pairs of differing texts, if the values are equal except for these; null: something else differs.
 * @param pairs is filled
 */
function findUnequalTexts(
  a: JsonValue,
  b: JsonValue,
  call: Call,
  pairs: [string, string][] = [],
): typeof pairs | null {
  if (typeof a === 'string' && typeof b === 'string') {
    if (a !== b) pairs.push([a, b]);
    return pairs;
  }
  if (typeof a !== 'object' || typeof b !== 'object' || valueKindOf(a) === 'a number')
    return isExactlyEqual(a, b, call) ? pairs : null;
  const keys = Object.keys(a ?? {});
  if (keys.length !== Object.keys(b ?? {}).length) return null;
  for (const key of keys) {
    const one = (a as JsonObject)[key] ?? null;
    const other = (b as JsonObject)[key] ?? null;
    if (!Object.hasOwn(b ?? {}, key) || findUnequalTexts(one, other, call, pairs) === null) return null;
  }
  return pairs;
}

/**
 * Are two values, which are not exactly equal, equal except for near texts that currently count as equal? Remembers the near
 * texts.
 * @throws ConditionError if undecidable: a date never equals a time, and one moment has different texts in different time zones
 */
export function isEqualAsRead(
  a: JsonValue,
  b: JsonValue,
  call: Call,
  evaluation: Evaluation,
  where = WHOLE,
): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    if (isEqualityUnclear(a, b)) throw unclearEqualityError([a, b], call, where);
    const literal = evaluation.near?.findNearLiteral(a, b) ?? null;
    return literal !== null && noteNearPairs([a, b], [[a, b, literal]], call, evaluation, where);
  }
  const pairs = findUnequalTexts(a, b, call) ?? [];
  const unclear = pairs.find(([one, other]) => isEqualityUnclear(one, other));
  if (unclear) throw unclearEqualityError(unclear, call, INSIDE);
  const near = pairs.map(
    ([one, other]) => [one, other, evaluation.near?.findNearLiteral(one, other) ?? null] as const,
  );
  const known = near.flatMap(([one, other, literal]) =>
    literal === null ? [] : [[one, other, literal] as const],
  );
  return (
    near.length > 0 && known.length === near.length && noteNearPairs([a, b], known, call, evaluation, INSIDE)
  );
}

/**
 * Remembers the pairs of texts in two values that differ only in spelling. Returns whether all of them currently count as equal.
 */
function noteNearPairs(
  values: readonly [JsonValue, JsonValue],
  pairs: readonly (readonly [string, string, string])[],
  call: Call,
  evaluation: Evaluation,
  where: Where,
): boolean {
  const item = evaluation.currentItemDescriber();
  for (const [a, b, literal] of pairs) {
    const text = a === literal ? b : a;
    const literalAt = a === literal ? 0 : 1;
    const describe = () => ({
      name: `${where[1 - literalAt] ?? ''}${sourceOf(call.nodes[1 - literalAt])}`,
      item: item(),
      ...describeHint(call, { literal, text, literalAt, values }),
    });
    evaluation.near?.notePair({ literal, text, describe });
  }
  return pairs.every(([, , literal]) => evaluation.near?.isReadAsEqual(literal));
}

/** Returns the error about a day compared with a time, or about two times of one moment. */
function unclearEqualityError(texts: readonly string[], { op, nodes }: Call, where: Where): ConditionError {
  const kinds = texts.map((text) => (isDay(text) ? 'a day' : 'a time'));
  const names = nodes.map((one) => sourceOf(one));
  const [x = '', y = ''] = names.map((name, at) => `${where[at] ?? ''}${name}`);
  const days = names.map((name, at) => (kinds[at] === 'a day' ? name : `day(${name})`));
  const isPlain = where !== INSIDE && !(op === 'in' && kinds[1] === 'a time');
  return new ConditionError(
    kinds[0] === kinds[1]
      ? `${x} and ${y} are the same moment, written in two ways: "${op}" compares letters`
      : `${x} is ${kinds[0] ?? ''} and ${y} is ${kinds[1] ?? ''}: "${op}" compares letters`,
    isPlain ? `write ${days.join(` ${op} `)}` : 'compare the days: day(…)',
  );
}
