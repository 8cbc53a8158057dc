/** A condition, what became of it, and who decides red. Pure. */
import type { JsonValue } from '../json.ts';

export interface Condition {
  readonly severity: 'fail' | 'warn';
  /** The text before `: ` on its line, or null. */
  readonly name: string | null;
  readonly expression: string;
  /** Its line in the input, from 1. */
  readonly line: number;
}

export interface ConditionResult {
  readonly condition: Condition;
  readonly result: 'holds' | 'does_not_hold' | 'cannot_be_evaluated';
  /** The elements of the list that holds, in data order; empty for a boolean. Without those that are waived. Untrusted. */
  readonly matched: readonly JsonValue[];
  /** Where the expression is `<list>.filter(…)`: the elements that do not match, else null. Untrusted. */
  readonly unmatched: readonly JsonValue[] | null;
  /** Of matched items, by themselves: the texts for which not every reading matches one. Left out: every reading matches each. */
  readonly nearTexts?: ReadonlyMap<JsonValue, readonly NearText[]>;
  /** Why it cannot be evaluated, in our words; names of keys in it come from the run's outputs: untrusted. */
  readonly problem: string | null;
  /** The same for headlines. Left out, or null: it was evaluated. */
  readonly reason?: Reason | null;
  /** What its author may not have meant, though it has a value; names of keys in it are untrusted. */
  readonly notices: readonly string[];
}

/** Why a condition cannot be evaluated. Its only text of the run is a key similar to the author's, as code. */
export interface Reason {
  readonly what: string;
  /** What to write, or empty. */
  readonly hint: string;
}

/** A text of the run that differs from one of the condition only as a model's spelling does; in both what is not seen is escaped. */
export interface NearText {
  /** The author's. */
  readonly literal: string;
  /** Untrusted. */
  readonly text: string;
}

/** Why an item counts, though the author may have expected it not to. */
export type FieldChange =
  /** It is new only because this field of `known_by` differs from an item of the baseline. Both values as text, cut; empty: nothing is in it. Untrusted. */
  | { readonly kind: 'field_changed'; readonly field: string; readonly then: string; readonly now: string }
  /** It is new because nothing is in this field of `known_by`. */
  | { readonly kind: 'field_empty'; readonly field: string }
  /** The last day of the waiver that fits it. */
  | { readonly kind: 'waiver_ended'; readonly until: string }
  /** More items belong to its waiver than the waiver accepts. */
  | { readonly kind: 'waiver_exceeded'; readonly items: number; readonly count: number };

/** A result, and what waivers and baseline say of its items. */
export interface ComparedResult extends ConditionResult {
  /** What matched and is accepted, with the waiver's place in its list. */
  readonly waived: readonly { readonly item: JsonValue; readonly by: number }[];
  /** The fields that its author says make two items the same; empty: none. */
  readonly knownBy: readonly string[];
  /** Identity of each matched item, equal only for the same item; null: it has none. */
  readonly prints: readonly (string | null)[];
  /** The same of the waived items. */
  readonly waivedPrints: readonly (string | null)[];
  /** Which of the matched items the baseline knows; null: there is no baseline for the run. */
  readonly known: readonly boolean[] | null;
  /** The places of matched items that the baseline has from red schedules alone: known on a schedule, new on every other event. */
  readonly knownOnSchedule: ReadonlySet<number>;
  /** How many items the baseline has under this condition, without its waived ones; null: it has no data for it. */
  readonly baselineCount: number | null;
  /** Items of the baseline that no longer match, each with its fingerprint; null: it has no data for this condition. */
  readonly removed: readonly { readonly item: JsonValue; readonly id: string }[] | null;
  /** By the place of a matched item. */
  readonly fieldChanges: ReadonlyMap<number, readonly FieldChange[]>;
  /** With `fail_on: new`, of a `fail_if` that holds: the baseline knows every matched item, and it is not red. Else null. */
  readonly isExcused: boolean | null;
}

/** Start of a reason for unknown items that no other baseline would change. */
export const NO_ITEM_HAS = 'no item has `';

type Decided = Pick<ConditionResult, 'condition' | 'result'> & Pick<ComparedResult, 'isExcused'>;

/** Does it turn the step red? */
export function isRed({ condition, result, isExcused }: Decided): boolean {
  return condition.severity === 'fail' && result !== 'does_not_hold' && isExcused !== true;
}

export function isWarning({ condition, result }: Pick<Decided, 'condition' | 'result'>): boolean {
  return condition.severity === 'warn' && result !== 'does_not_hold';
}

/** Number of its items that the baseline knows, where `fail_on: new` depends on that. */
export function knownCount({ known, isExcused }: Pick<ComparedResult, 'known' | 'isExcused'>): number {
  return isExcused === null ? 0 : (known ?? []).filter((isKnown) => isKnown).length;
}

/** The condition's name, or its position. */
export function nameOf({ name, severity, line }: Condition): string {
  return name === null ? `line ${line} of \`${severity}_if\`` : `“${name}”`;
}

/** What is waived over all these findings: an item that two conditions name counts once. */
export function waivedOf<Row>(
  findings: readonly { readonly waivedIds: string; readonly waivedRows: readonly Row[] }[],
) {
  const rows = new Map<string, Row | undefined>();
  for (const { waivedIds, waivedRows } of findings)
    for (const [at, id] of digestsIn(waivedIds).entries()) if (!rows.has(id)) rows.set(id, waivedRows[at]);
  return { rows: [...rows.values()].filter((row) => row !== undefined), count: rows.size };
}

/** Of a text that takes a third of the memory of as many texts. */
export function digestsIn(ids: string): readonly string[] {
  return ids.match(/.{12}/g) ?? [];
}
