/** Waivers: findings that the author accepts, described by fields that are equal as text. Pure. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { escapeInvisible } from '../text/escape.ts';
import { findNearest } from '../text/nearest-name.ts';
import { isBlank, isDay } from '../text/format.ts';
import type { Condition, ConditionResult, ComparedResult, FieldChange } from './condition.ts';
import { readFieldText } from './item-identity.ts';

export interface Waiver {
  /** By field the text that it must have; at least two fields. */
  readonly match: ReadonlyMap<string, string>;
  /** The name of the only condition that it applies to; null: it applies to all. */
  readonly condition: string | null;
  readonly because: string;
  /** The last day, `2026-12-31`, UTC; null: unlimited. */
  readonly until: string | null;
  /** How many items of one condition it accepts. */
  readonly count: number;
}

const MAX_WAIVERS = 500;
const MAX_COUNT = 1_000;
const WAIVER_KEYS = ['match', 'condition', 'because', 'until', 'count'] as const;
/** Words that authors write in place of a key. */
const KEY_ALIASES: ReadonlyMap<string, (typeof WAIVER_KEYS)[number]> = new Map([['reason', 'because']]);

/**
 * Reads the input `waivers`.
 * @param list its values are texts as typed
 * @throws Error a predicate that follows the input's name, and names a waiver by its position, never by its values
 */
export function readWaivers(list: JsonValue): readonly Waiver[] {
  if (!isList(list))
    throw new Error('must be a list: `- match: { document_id: …, title: … }` with `because: …` below');
  if (list.length > MAX_WAIVERS) throw new Error(`has ${list.length} waivers: ${MAX_WAIVERS} at most`);
  return list.map(readWaiver);
}

/** Reads one waiver. @throws Error as `readWaivers` */
function readWaiver(one: JsonValue, at: number): Waiver {
  const reject = (what: string): never => {
    throw new Error(`has a waiver ${what} (the ${formatOrdinal(at)})`);
  };
  if (!isJsonObject(one) || !isJsonObject(one.match))
    return reject('without `match: { … }`, the fields of its finding');
  const unknown = Object.keys(one).find((key) => !WAIVER_KEYS.some((known) => known === key));
  if (unknown !== undefined) reject(describeUnknownWaiverKey(unknown));
  const textAt = (key: 'because' | 'until' | 'condition' | 'count'): string | null => {
    if (!Object.hasOwn(one, key)) return null;
    const text = one[key] ?? '';
    if (typeof text !== 'string') return reject(`whose \`${key}\` is not a text`);
    if (!isBlank(text)) return text.trim();
    if (key === 'because') return null;
    return reject(`whose \`${key}\` is empty, as a \`\${{ … }}\` that is not set leaves it`);
  };
  const match = new Map<string, string>();
  for (const [field, text] of Object.entries(one.match)) {
    if (typeof text !== 'string' || isBlank(text))
      return reject('with a field in `match` that is empty, a list or an object');
    match.set(field, text);
  }
  if (match.size < 2) reject('with fewer than two fields in `match`, such as `document_id` and `clause`');
  const because = textAt('because');
  // Values are as typed: a plain `null` is this text.
  if (because === null || /^(?:null|~)$/i.test(because)) return reject('without `because`, its reason');
  const until = textAt('until');
  if (until !== null && !isDay(until)) reject('whose `until` is not a day such as `2026-12-31`');
  const count = textAt('count') ?? '1';
  if (!/^[1-9]\d{0,3}$/.test(count) || Number(count) > MAX_COUNT)
    reject('whose `count` is not a whole number from 1 to 1,000');
  return { match, because, until, condition: textAt('condition'), count: Number(count) };
}

/** Returns the fault of an unknown key, with the key that was probably meant. */
function describeUnknownWaiverKey(key: string): string {
  const meant = KEY_ALIASES.get(key) ?? findNearest(WAIVER_KEYS, key, () => 2);
  return meant === undefined
    ? `with an unknown key: there are \`${WAIVER_KEYS.join('`, `')}\``
    : `with an unknown key \`${key}\`: did you mean \`${meant}\`?`;
}

/** Returns the position as a word: 0 → "1st", 21 → "22nd". */
function formatOrdinal(at: number): string {
  const nth = at + 1;
  const end = nth % 100 >= 11 && nth % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][nth % 10] ?? 'th');
  return `${nth}${end}`;
}

/** Waivers with the same `match` and the same `condition`, or both without one: their counts are added. */
interface WaiverGroup {
  readonly match: Waiver['match'];
  /** Indexes of the waivers that have not ended. */
  readonly active: readonly number[];
  /** Indexes of those that have ended. */
  readonly ended: readonly number[];
  /** The latest day on which one of them ended, or empty. */
  readonly endedOn: string;
  /** How many items the active ones accept together. */
  readonly count: number;
}

/** A condition's result with waivers applied. */
export interface WaiverResult extends Pick<ComparedResult, 'matched' | 'result' | 'waived' | 'fieldChanges'> {
  /** Indexes of the waivers that fit an item, ended or not. */
  readonly used: ReadonlySet<number>;
  /** Would this item be waived? Items of the baseline that would be are not compared. */
  readonly isWaived: (item: JsonValue) => boolean;
}

/**
 * Returns the result without waived items. An item belongs to the first waiver in the list that fits and has not ended. A waiver
 * to which more items belong than it accepts waives none of them, and neither does a later one. If all items are waived, the
 * condition does not hold. Booleans and conditions that cannot be evaluated have no items.
 * @param today `2026-12-31`, UTC
 */
export function applyWaivers(
  { condition, result, matched }: Pick<ConditionResult, 'condition' | 'result' | 'matched'>,
  waivers: readonly Waiver[],
  today: string,
): WaiverResult {
  const findGroups = indexGroups(groupWaivers(condition, waivers, today));
  const found = matched.map(findGroups);
  const owners = found.map(findOwner);
  const sizes = new Map<WaiverGroup, number>();
  for (const owner of owners) if (owner !== null) sizes.set(owner, (sizes.get(owner) ?? 0) + 1);
  const isExceeded = (group: WaiverGroup) => (sizes.get(group) ?? 0) > group.count;

  const left: JsonValue[] = [];
  const waived: ComparedResult['waived'][number][] = [];
  const fieldChanges = new Map<number, readonly FieldChange[]>();
  const takers = new Map<WaiverGroup, Iterator<number>>();
  for (const [at, item] of matched.entries()) {
    const owner = owners[at] ?? null;
    if (owner !== null && !isExceeded(owner)) {
      const taker = takers.get(owner) ?? takePlaces(owner, waivers);
      takers.set(owner, taker);
      waived.push({ item, by: taker.next().value as number });
      continue;
    }
    const remark = explainNotWaived(owner, found[at] ?? [], sizes);
    if (remark !== null) fieldChanges.set(left.length, [remark]);
    left.push(item);
  }
  return {
    matched: left,
    result: waived.length > 0 && left.length === 0 ? 'does_not_hold' : result,
    waived,
    fieldChanges,
    used: new Set(found.flat().flatMap(({ active, ended }) => [...active, ...ended])),
    isWaived: (item) => {
      const owner = findOwner(findGroups(item));
      return owner !== null && !isExceeded(owner);
    },
  };
}

/** Groups the waivers that apply to the condition by what they match. */
function groupWaivers(
  { name }: Pick<Condition, 'name'>,
  waivers: readonly Waiver[],
  today: string,
): WaiverGroup[] {
  const applicable = [...waivers.entries()].filter(
    ([, { condition }]) => condition === null || condition === name,
  );
  const isActive = ({ until }: Waiver) => until === null || until >= today;
  const equal = Map.groupBy(applicable, ([, { match, condition }]) =>
    JSON.stringify([condition, [...match].sort(([a], [b]) => (a < b ? -1 : 1))]),
  );
  return [...equal.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const active = all.filter(([, waiver]) => isActive(waiver));
    const ended = all.filter(([, waiver]) => !isActive(waiver));
    return {
      match: first[1].match,
      active: active.map(([at]) => at),
      ended: ended.map(([at]) => at),
      endedOn: ended.map(([, { until }]) => until ?? '').reduce((a, b) => (a > b ? a : b), ''),
      count: active.reduce((sum, [, { count }]) => sum + count, 0),
    };
  });
}

/**
 * Returns a function that finds the groups that fit an item. Each group is indexed by that of its fields and texts which the
 * fewest groups share, so that an item is compared with few of 500 waivers about one document.
 */
function indexGroups(groups: readonly WaiverGroup[]): (item: JsonValue) => readonly WaiverGroup[] {
  const keyOf = (field: string, text: string) => JSON.stringify([field, text]);
  const shares = new Map<string, number>();
  for (const { match } of groups)
    for (const [field, text] of match) {
      const key = keyOf(field, text);
      shares.set(key, (shares.get(key) ?? 0) + 1);
    }
  const index = new Map<string, Map<string, WaiverGroup[]>>();
  for (const group of groups) {
    const shareOf = ([field, text]: readonly [string, string]) => shares.get(keyOf(field, text)) ?? 0;
    const [rarest] = [...group.match].sort((a, b) => shareOf(a) - shareOf(b));
    if (rarest === undefined) continue;
    const [field, text] = rarest;
    const texts = index.get(field) ?? new Map<string, WaiverGroup[]>();
    index.set(field, texts);
    texts.set(text, [...(texts.get(text) ?? []), group]);
  }
  const isFit = (item: JsonValue, { match }: WaiverGroup) =>
    [...match].every(([field, text]) => readFieldText(item, field) === text);
  return (item) => {
    if (index.size === 0 || !isJsonObject(item)) return [];
    return Object.keys(item).flatMap((field) => {
      const texts = index.get(field);
      const text = texts === undefined ? null : readFieldText(item, field);
      const near = text === null ? undefined : texts?.get(text);
      return near?.filter((group) => isFit(item, group)) ?? [];
    });
  };
}

/** Returns the group whose waiver comes first in the list, among waivers that have not ended; null: none. */
function findOwner(groups: readonly WaiverGroup[]): WaiverGroup | null {
  let owner: WaiverGroup | null = null;
  let place = Infinity;
  for (const group of groups) {
    const [first = Infinity] = group.active;
    if (first < place) {
      owner = group;
      place = first;
    }
  }
  return owner;
}

/** Yields the index of the waiver that accepts the next item: each waiver of the group as often as its count. */
function* takePlaces({ active }: WaiverGroup, waivers: readonly Waiver[]): Generator<number> {
  for (const place of active) for (let nth = 0; nth < (waivers[place]?.count ?? 0); nth++) yield place;
}

/** Returns why an item is not waived although a waiver fits (too many items, or the waiver has ended); null: none fits. */
function explainNotWaived(
  owner: WaiverGroup | null,
  groups: readonly WaiverGroup[],
  sizes: ReadonlyMap<WaiverGroup, number>,
): FieldChange | null {
  if (owner !== null) return { kind: 'waiver_exceeded', items: sizes.get(owner) ?? 0, count: owner.count };
  const until = groups.map(({ endedOn }) => endedOn).reduce((a, b) => (a > b ? a : b), '');
  return until === '' ? null : { kind: 'waiver_ended', until };
}

/**
 * Returns a text such as "2 waivers match nothing (the 1st and the 3rd): delete them, or check their fields"; empty: each matches
 * something.
 */
export function describeUnusedWaivers(waivers: readonly Waiver[], used: ReadonlySet<number>): string {
  const unused = waivers.flatMap((_, at) => (used.has(at) ? [] : [`the ${formatOrdinal(at)}`]));
  const [first] = unused;
  if (first === undefined) return '';
  if (unused.length === 1) return `1 waiver matches nothing (${first}): delete it, or check its fields`;
  const shown = unused.slice(0, unused.length > 11 ? 10 : unused.length - 1);
  const last = unused.length > 11 ? `${unused.length - 10} more` : (unused.at(-1) ?? '');
  return `${unused.length} waivers match nothing (${shown.join(', ')} and ${last}): delete them, or check their fields`;
}

const MAX_COPIED = 20;
/** Characters of all copied waivers, so that a summary has space for the rest. */
const MAX_TEXT = 100_000;

/** An item for which a waiver can be offered. */
export interface Waivable {
  /** The run's name in `runs`, or empty. */
  readonly run: string;
  readonly item: JsonValue;
  readonly knownBy: readonly string[];
  readonly condition: string | null;
}

/**
 * Returns waivers as YAML, to copy into the workflow file: with the fields of `known_by`, and empty reasons; empty: none. They
 * become part of a file that GitHub evaluates, so an item gets none if a field contains `${{`, an invisible character or a long
 * text.
 */
export function formatWaiversToCopy(items: readonly Waivable[]): string {
  let left = MAX_TEXT;
  return items
    .slice(0, MAX_COPIED)
    .flatMap(({ run, item, knownBy, condition }) => {
      const lines = knownBy.map((name) => formatMatchField(name, readFieldText(item, name)));
      const text = [
        `- match:${/^[\w .-]+$/.test(run) ? ` # ${run}` : ''}`,
        ...lines,
        ...(condition === null ? [] : [`  condition: ${quoteSingle(condition)}`]),
        "  because: ''",
      ].join('\n');
      const isSafe = !lines.includes(null) && !UNSAFE.test(text) && escapeInvisible(text) === text;
      return lines.length >= 2 && isSafe ? [text] : [];
    })
    .filter((text) => (left -= text.length + 1) >= 0)
    .join('\n');
}

/** Returns a line of `match`; null: the field is missing or too long. */
function formatMatchField(name: string, value: string | null): string | null {
  if (value === null || !SHORT.test(name) || !SHORT.test(value)) return null;
  return `    ${/^[a-z_]{3,}$/.test(name) ? name : quoteSingle(name)}: ${quoteSingle(value)}`;
}

const SHORT = /^[^\n\t]{0,200}$/;
/** What GitHub would evaluate, or a summary would hide. */
const UNSAFE = /\$\{\{|<!--/;

const quoteSingle = (text: string) => `'${text.replaceAll("'", "''")}'`;
