/** Waivers: findings that the author accepts, named by fields that are equal as text. Pure. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { Fault } from '../outcome.ts';
import { findNearest, isBlank, isDay } from '../text/format.ts';
import type { Evaluation } from './condition.ts';
import { readFieldText } from './identity.ts';

/** Why a finding that a waiver matches is not waived. */
export type Remark =
  | { readonly code: 'waiver_ended'; readonly until: string }
  /** More findings match the waiver than it accepts. */
  | { readonly code: 'waiver_exceeded'; readonly items: number; readonly count: number };

/** A finding that the author accepts. */
export interface Waiver {
  /** By field the text that it must have; at least two fields. */
  readonly match: ReadonlyMap<string, string>;
  /** The name of the only condition that it applies to; null: all. */
  readonly condition: string | null;
  readonly because: string;
  /** The last day, `2026-12-31`, UTC; null: unlimited. */
  readonly until: string | null;
  /** How many items of one condition it accepts. */
  readonly count: number;
}

const MAX_WAIVERS = 500;
const MAX_COUNT = 1_000;
const KEYS = ['match', 'because', 'until', 'condition', 'count'];

/**
 * Reads the input `waivers` from its parsed YAML, whose scalars are texts as typed.
 * @throws Fault
 */
export function readWaivers(list: JsonValue): readonly Waiver[] {
  if (!isList(list))
    throw new Fault('must be a list: `- match: { document_id: …, clause: … }` with `because: …` below');
  if (list.length > MAX_WAIVERS) throw new Fault(`has ${list.length} waivers; ${MAX_WAIVERS} are allowed`);
  return list.map((waiver, at) => readWaiver(waiver, at + 1));
}

/** Reads one waiver. @throws Fault */
function readWaiver(waiver: JsonValue, position: number): Waiver {
  const fault = (what: string) => new Fault(`has waiver ${position} ${what}`, position - 1);
  if (!isJsonObject(waiver) || !isJsonObject(waiver.match))
    throw fault('without `match: { … }`, the fields of its finding');
  const unknown = Object.keys(waiver).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    const nearest = /^(?:reason|why|comment)$/i.test(unknown) ? 'because' : findNearest(KEYS, unknown);
    throw fault(
      `with an unknown key ${JSON.stringify(unknown)}${nearest ? `: did you mean \`${nearest}\`?` : ''}`,
    );
  }
  const asText = (value: JsonValue | undefined, key: string): string => {
    if (value === undefined) throw fault(`without \`${key}\``);
    if (typeof value !== 'string' || isBlank(value)) throw fault(`whose \`${key}\` is empty or not a string`);
    return value;
  };
  const readText = (key: string) => asText(waiver[key], key).trim();
  const match = new Map(Object.entries(waiver.match).map(([field, text]) => [field, asText(text, 'match')]));
  if (match.size < 2)
    throw fault('with fewer than two fields in `match`, such as `document_id` and `clause`');
  // A key that an unset variable leaves empty is a fault, or the waiver would accept more than meant.
  const until = Object.hasOwn(waiver, 'until') ? readText('until') : null;
  if (until !== null && !isDay(until)) throw fault('whose `until` is not a day such as `2026-12-31`');
  const count = Object.hasOwn(waiver, 'count') ? readText('count') : '1';
  if (!/^[1-9]\d{0,3}$/.test(count) || Number(count) > MAX_COUNT)
    throw fault(`whose \`count\` is not a whole number from 1 to ${MAX_COUNT}`);
  return {
    match,
    because: readText('because'),
    until,
    condition: Object.hasOwn(waiver, 'condition') ? readText('condition') : null,
    count: Number(count),
  };
}

/**
 * Divides a condition's items. Each belongs to the first waiver of the list that fits and has not ended; one to which more items
 * belong than it accepts waives none, since nobody knows which of them was meant.
 * @param today `2026-12-31`, UTC @param checkTime is called for every item
 * @returns `used`: the waivers that fit an item, ended or not
 */
export function applyWaivers(
  { condition, items }: Pick<Evaluation, 'condition' | 'items'>,
  waivers: readonly Waiver[],
  today: string,
  checkTime: () => void,
) {
  const applicable = waivers
    .filter((waiver) => waiver.condition === null || waiver.condition === condition.name)
    .map((waiver) => ({ waiver, hasEnded: waiver.until !== null && waiver.until < today, count: 0 }));
  const fields = [...new Set(applicable.flatMap(({ waiver }) => [...waiver.match.keys()]))];
  const wanted = applicable.map(({ waiver }) => fields.map((field) => waiver.match.get(field)));
  const used = new Set<Waiver>();
  const owners = items.map((item) => {
    checkTime();
    const texts = fields.map((field) => readFieldText(item, field));
    const fitting = applicable.filter((_, at) =>
      wanted[at]?.every((text, nth) => text === undefined || text === texts[nth]),
    );
    for (const { waiver } of fitting) used.add(waiver);
    const owner = fitting.find(({ hasEnded }) => !hasEnded) ?? fitting[0];
    if (owner) owner.count++;
    return owner;
  });
  const matched: { readonly value: JsonValue; readonly remark: Remark | null }[] = [];
  const waived: { readonly value: JsonValue; readonly waiver: Waiver }[] = [];
  for (const [at, value] of items.entries()) {
    const owner = owners[at];
    if (owner === undefined) matched.push({ value, remark: null });
    else if (owner.hasEnded)
      matched.push({ value, remark: { code: 'waiver_ended', until: owner.waiver.until ?? '' } });
    else if (owner.count <= owner.waiver.count) waived.push({ value, waiver: owner.waiver });
    else
      matched.push({
        value,
        remark: { code: 'waiver_exceeded', items: owner.count, count: owner.waiver.count },
      });
  }
  return { matched, waived, used };
}

export const MAX_OFFERED = 20;
const MAX_TEXT = 200;
/** What GitHub would evaluate in a workflow file, or a reader would not see. */
const UNSAFE = /\$\{\{|<!--|[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** Returns waivers to copy, as YAML with the fields of `known_by` and empty reasons; empty: none can be offered. */
export function formatWaiversToCopy(
  items: readonly {
    /** The entry's name in `runs`, or empty. */
    readonly entry: string;
    readonly item: JsonValue;
    readonly knownBy: readonly string[];
    readonly condition: string | null;
  }[],
): string {
  const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
  const waivers = items.slice(0, MAX_OFFERED).flatMap(({ entry, item, knownBy, condition }) => {
    const fields = knownBy.map((field) => [field, readFieldText(item, field) ?? ''] as const);
    const texts = [...fields.flat(), condition ?? 'all'];
    const isSafe = texts.every((text) => text !== '' && text.length <= MAX_TEXT && !UNSAFE.test(text));
    if (!isSafe || fields.length === 0) return [];
    return [
      `- match:${/^[\w .-]+$/.test(entry) ? ` # ${entry}` : ''}`,
      ...fields.map(
        ([field, text]) => `    ${/^[a-z_]{3,}$/.test(field) ? field : quote(field)}: ${quote(text)}`,
      ),
      ...(condition === null ? [] : [`  condition: ${quote(condition)}`]),
      "  because: ''",
    ];
  });
  return waivers.join('\n');
}
