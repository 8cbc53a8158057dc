/** Whether two values are equal, letter by letter or as the condition is read. Pure. */
import { isDay } from '../text/format.ts';
import type { JsonObject, JsonValue } from '../json.ts';
import type { Evaluation } from './evaluation.ts';
import { INSIDE, mixed, WHOLE, type Where } from './operand-kinds.ts';
import { describeHint } from './near-text-hints.ts';
import { numberOf } from './numbers.ts';
import { isEqualityUnclear } from './times.ts';
import { ConditionError, sourceOf, valueKindOf, type Call } from './values.ts';

export function isEqual(a: JsonValue, b: JsonValue, call: Call, run: Evaluation): boolean {
  return equal(a, b, call) || equalAsRead(a, b, call, run);
}

/** Compares all parts of both sides, so that mixed kinds are found at any position. */
export function equal(a: JsonValue, b: JsonValue, call: Call, where = WHOLE): boolean {
  const kind = valueKindOf(a);
  if (kind !== valueKindOf(b) || kind === 'null') throw mixed(call, kind, valueKindOf(b), where, [a, b]);
  const { nodes } = call;
  if (kind === 'a number')
    return numberOf(a as number, nodes[0], where[0]) === numberOf(b as number, nodes[1], where[1]);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  let same = keys.length === Object.keys(b).length;
  for (const key of keys)
    if (!Object.hasOwn(b, key)) same = false;
    else same = equal((a as JsonObject)[key] ?? null, (b as JsonObject)[key] ?? null, call, INSIDE) && same;
  return same;
}

/**
 * The pairs of texts that alone keep two values of one kind from being equal; null: something else does.
 * @param pairs is filled
 */
function unequalTexts(
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
    return equal(a, b, call) ? pairs : null;
  const keys = Object.keys(a ?? {});
  if (keys.length !== Object.keys(b ?? {}).length) return null;
  for (const key of keys) {
    const [one, other] = [(a as JsonObject)[key] ?? null, (b as JsonObject)[key] ?? null];
    if (!Object.hasOwn(b ?? {}, key) || unequalTexts(one, other, call, pairs) === null) return null;
  }
  return pairs;
}

/**
 * Whether two values that differ letter by letter are equal in meaning. Texts similar to one in the condition are equal if they
 * are read so.
 * @throws ConditionError if it is undecidable: a date never equals a time, and one moment has different texts in different zones
 */
export function equalAsRead(a: JsonValue, b: JsonValue, call: Call, run: Evaluation, where = WHOLE): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    if (isEqualityUnclear(a, b)) throw unclearEquality([a, b], call, where);
    const literal = run.near?.literalOf(a, b) ?? null;
    return literal !== null && readNear([a, b], [[a, b, literal]], call, run, where);
  }
  const pairs = unequalTexts(a, b, call) ?? [];
  const unclear = pairs.find(([one, other]) => isEqualityUnclear(one, other));
  if (unclear) throw unclearEquality(unclear, call, INSIDE);
  const near = pairs.map(([one, other]) => [one, other, run.near?.literalOf(one, other) ?? null] as const);
  const known = near.flatMap(([one, other, literal]) =>
    literal === null ? [] : [[one, other, literal] as const],
  );
  return near.length > 0 && known.length === near.length && readNear([a, b], known, call, run, INSIDE);
}

/** Notes the near pairs that alone keep the values from being equal. Are they all read as equal? */
function readNear(
  values: readonly [JsonValue, JsonValue],
  pairs: readonly (readonly [string, string, string])[],
  call: Call,
  run: Evaluation,
  where: Where,
): boolean {
  const item = run.itemInSight();
  for (const [a, b, literal] of pairs) {
    const text = a === literal ? b : a;
    const literalAt = a === literal ? 0 : 1;
    const describe = () => ({
      name: `${where[1 - literalAt] ?? ''}${sourceOf(call.nodes[1 - literalAt])}`,
      item: item(),
      ...describeHint(call, { literal, text, literalAt, values }),
    });
    run.near?.meet({ literal, text, describe });
  }
  return pairs.every(([, , literal]) => run.near?.isReadAsEqual(literal));
}

function unclearEquality(texts: readonly string[], { op, nodes }: Call, where: Where): ConditionError {
  const kinds = texts.map((text) => (isDay(text) ? 'a day' : 'a time'));
  const names = nodes.map((one) => sourceOf(one));
  const [x = '', y = ''] = names.map((name, at) => `${where[at] ?? ''}${name}`);
  const days = names.map((name, at) => (kinds[at] === 'a day' ? name : `day(${name})`));
  const isPlain = where !== INSIDE && !(op === 'in' && kinds[1] === 'a time');
  return new ConditionError(
    kinds[0] === kinds[1]
      ? `${x} and ${y} are one moment, written in two ways: "${op}" compares letters`
      : `${x} is ${kinds[0] ?? ''} and ${y} is ${kinds[1] ?? ''}: "${op}" compares letters`,
    isPlain ? `write ${days.join(` ${op} `)}` : 'compare the days: day(…)',
  );
}
