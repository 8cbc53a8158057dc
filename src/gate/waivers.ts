/** Findings that the author accepts: by fields that are equal as text. Pure. */
import { isJsonObject, isList, type JsonValue } from '../json.ts';
import { visible } from '../text/escape.ts';
import { nearest } from '../text/near.ts';
import { isDay } from '../text/words.ts';
import type { ConditionResult, JudgedResult } from './condition.ts';
import { fieldText } from './items.ts';

export interface Waiver {
  /** Field → text; at least two. */
  readonly match: ReadonlyMap<string, string>;
  /** The name of the one condition that it holds for; null: for all. */
  readonly condition: string | null;
  readonly because: string;
  /** `2026-12-31`: the last day, UTC; null: it has no end. */
  readonly until: string | null;
}

const MOST_WAIVERS = 500;
const WAIVER_KEYS: readonly string[] = ['match', 'condition', 'because', 'until'];

/**
 * @param list its values are texts as typed
 * @throws Error a predicate that follows the input's name, and names a waiver by its place, never by its values
 */
export function readWaivers(list: JsonValue): readonly Waiver[] {
  if (!isList(list))
    throw new Error('must be a list: `- match: { document_id: …, title: … }` with `because: …` below');
  if (list.length > MOST_WAIVERS) throw new Error(`has ${list.length} waivers: ${MOST_WAIVERS} at most`);
  return list.map(readWaiver);
}

function readWaiver(one: JsonValue, at: number): Waiver {
  const no = (what: string): never => {
    throw new Error(`has a waiver ${what} (the ${ordinal(at)})`);
  };
  if (!isJsonObject(one) || !isJsonObject(one.match))
    return no('without `match: { … }`, the fields of its finding');
  const unknown = Object.keys(one).find((key) => !WAIVER_KEYS.includes(key));
  if (unknown !== undefined) {
    const near = nearest(WAIVER_KEYS, unknown, () => 2);
    const all = `there are \`${WAIVER_KEYS.join('`, `')}\``;
    no(`with an unknown key: ${near === undefined ? all : `did you mean \`${near}\`?`}`);
  }
  const textAt = (key: 'because' | 'until' | 'condition'): string | null => {
    if (!Object.hasOwn(one, key)) return null;
    const text = one[key] ?? '';
    if (typeof text !== 'string') return no(`whose \`${key}\` is no text`);
    if (text.trim() !== '') return text.trim();
    if (key === 'because') return null;
    return no(`whose \`${key}\` is empty, as a \`\${{ … }}\` that is not set leaves it`);
  };
  const match = new Map<string, string>();
  for (const [field, text] of Object.entries(one.match))
    match.set(field, typeof text === 'string' ? text : no('with a field in `match` that is no text'));
  if (match.size < 2) no('with fewer than two fields in `match`, such as `document_id` and `title`');
  const because = textAt('because') ?? no('without `because`, its reason');
  const until = textAt('until');
  if (until !== null && !isDay(until)) no('whose `until` is no day, such as `2026-12-31`');
  return { match, because, until, condition: textAt('condition') };
}

/** "1st", "22nd" */
function ordinal(at: number): string {
  const nth = at + 1;
  const end = nth % 100 >= 11 && nth % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][nth % 10] ?? 'th');
  return `${nth}${end}`;
}

/**
 * The result without what is waived. A condition all of whose items are waived holds no more; neither a boolean nor one that
 * cannot be evaluated has items.
 * @param today `2026-12-31`, UTC
 * @param used gets the places of the waivers that match an item
 */
export function waive(
  { condition, result, matched }: Pick<ConditionResult, 'condition' | 'result' | 'matched'>,
  waivers: readonly Waiver[],
  today: string,
  used: Set<number>,
): Pick<JudgedResult, 'matched' | 'result' | 'waived' | 'ended'> {
  const left: JsonValue[] = [];
  const waived: { readonly item: JsonValue; readonly by: number }[] = [];
  const ended = new Map<number, string>();
  const own = [...waivers.entries()].filter(([, one]) => [null, condition.name].includes(one.condition));
  // By the first field of each: of five hundred waivers few are looked at for an item.
  const byFirst = Map.groupBy(own, ([, { match }]) => [...match][0]?.join('\n'));
  const firsts = new Set(own.flatMap(([, { match }]) => [...match.keys()].slice(0, 1)));
  for (const item of matched) {
    let over = '';
    let by: number | null = null;
    for (const field of firsts) {
      for (const [at, { match, until }] of byFirst.get(`${field}\n${fieldText(item, field) ?? ''}`) ?? []) {
        if (![...match].every(([name, text]) => fieldText(item, name) === text)) continue;
        used.add(at);
        if (until === null || until >= today) by ??= at;
        else if (until > over) over = until;
      }
    }
    if (by !== null) waived.push({ item, by });
    else if (left.push(item) > 0 && over !== '') ended.set(left.length - 1, over);
  }
  const isOver = waived.length > 0 && left.length === 0;
  return { matched: left, result: isOver ? 'does_not_hold' : result, waived, ended };
}

/** "2 waivers have no use here: the 1st, the 3rd"; empty: each has one. */
export function unusedWaivers(waivers: readonly Waiver[], used: ReadonlySet<number>): string {
  const unused = waivers.flatMap((_, at) => (used.has(at) ? [] : [`the ${ordinal(at)}`]));
  if (unused.length === 0) return '';
  const more = unused.length > 10 ? ` and ${unused.length - 10} more` : '';
  const what = unused.length === 1 ? '1 waiver has' : `${unused.length} waivers have`;
  return `${what} no use here: ${unused.slice(0, 10).join(', ')}${more}`;
}

const MOST_COPIED = 20;
/** In all: a summary has room for it beside the rest. */
const MOST_TEXT = 100_000;

/**
 * Waivers to copy into the workflow file, as YAML, their reasons left empty; empty: there are none. They become part of a file
 * that GitHub evaluates, so an item with `${{`, a character that is not seen or a long text in one of the fields has none.
 */
export function waiversToCopy(
  items: readonly { readonly run: string; readonly item: JsonValue; readonly knownBy: readonly string[] }[],
): string {
  let left = MOST_TEXT;
  return items
    .slice(0, MOST_COPIED)
    .flatMap(({ run, item, knownBy }) => {
      const fields = knownBy.length > 0 ? knownBy : usualFields(item);
      const lines = fields.map((name) => copied(name, fieldText(item, name)));
      const text = `- match:${/^[\w .-]+$/.test(run) ? ` # ${run}` : ''}\n${lines.join('\n')}\n  because: ''`;
      const isSafe = !lines.includes(null) && !UNSAFE.test(text) && visible(text) === text;
      return lines.length >= 2 && isSafe ? [text] : [];
    })
    .filter((text) => (left -= text.length + 1) >= 0)
    .join('\n');
}

/** ID, title, status and severity, of those that it has. */
function usualFields(item: JsonValue): readonly string[] {
  const keys = isJsonObject(item) ? Object.keys(item).filter((key) => fieldText(item, key) !== null) : [];
  const id = keys.find((key) => key === 'id') ?? keys.find((key) => key.endsWith('_id'));
  return [id ?? '', 'title', 'status', 'severity'].filter((key) => keys.includes(key));
}

function copied(name: string, value: string | null): string | null {
  if (value === null || !SHORT.test(name) || !SHORT.test(value)) return null;
  return `    ${/^[a-z_]{3,}$/.test(name) ? name : singleQuoted(name)}: ${singleQuoted(value)}`;
}

const SHORT = /^[^\n\t]{0,200}$/;
/** What GitHub would evaluate, or a summary shows as another. */
const UNSAFE = /\$\{\{|<!--/;

const singleQuoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
