/** A condition and its result, with waivers and baseline applied; and which results fail the gate. Pure. */
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
  /** The items of the list that holds, in data order and without waived ones; empty for a boolean. Untrusted. */
  readonly matched: readonly JsonValue[];
  /** For `<list>.filter(…)` the items that do not match, otherwise null. Untrusted. */
  readonly unmatched: readonly JsonValue[] | null;
  /** Near texts of those matched items that match only in some readings. Left out: every item matches in all readings. */
  readonly nearTexts?: ReadonlyMap<JsonValue, readonly NearText[]>;
  /** Why it cannot be evaluated; contains names of keys from the run's outputs: untrusted. */
  readonly problem: string | null;
  /** The same for headlines. Left out, or null: it was evaluated. */
  readonly reason?: Reason | null;
  /** Hints on what the author may not have meant, although it has a value; names of keys in them are untrusted. */
  readonly notices: readonly string[];
}

/** Why a condition cannot be evaluated. Its only text of the run is a key similar to the author's, as code. */
export interface Reason {
  readonly what: string;
  /** What to write, or empty. */
  readonly hint: string;
}

/** A text of the run that differs from one in the condition only in spelling; both with invisible characters escaped. */
export interface NearText {
  /** The text in the condition. */
  readonly literal: string;
  /** The text of the run. Untrusted. */
  readonly text: string;
}

/** Why an item is new or not waived, although the author may have expected otherwise. */
export type FieldChange =
  /** It is new only because this field of `known_by` differs from an item of the baseline. Both values as text, cut; empty: nothing is in it. Untrusted. */
  | { readonly kind: 'field_changed'; readonly field: string; readonly then: string; readonly now: string }
  /** It is new because nothing is in this field of `known_by`. */
  | { readonly kind: 'field_empty'; readonly field: string }
  /** The last day of the waiver that fits it. */
  | { readonly kind: 'waiver_ended'; readonly until: string }
  /** More items belong to its waiver than the waiver accepts. */
  | { readonly kind: 'waiver_exceeded'; readonly items: number; readonly count: number };

/** A result with waivers and baseline applied. */
export interface ComparedResult extends ConditionResult {
  /** Matched items that a waiver accepts, each with the index of the waiver in its list. */
  readonly waived: readonly { readonly item: JsonValue; readonly by: number }[];
  /** The fields of `known_by`, which identify an item; empty: none. */
  readonly knownBy: readonly string[];
  /** Fingerprint of each matched item, equal only for the same item; null: it has none. */
  readonly prints: readonly (string | null)[];
  /** The same for the waived items. */
  readonly waivedPrints: readonly (string | null)[];
  /** Whether the baseline knows each matched item; null: there is no baseline for the run. */
  readonly known: readonly boolean[] | null;
  /** Indexes of matched items that the baseline has from red scheduled runs only: known on a schedule, new on every other event. */
  readonly knownOnSchedule: ReadonlySet<number>;
  /** How many items the baseline has under this condition, without its waived ones; null: it has no data for it. */
  readonly baselineCount: number | null;
  /** Items of the baseline that no longer match, each with its fingerprint; null: it has no data for this condition. */
  readonly removed: readonly { readonly item: JsonValue; readonly id: string }[] | null;
  /** By the index of a matched item. */
  readonly fieldChanges: ReadonlyMap<number, readonly FieldChange[]>;
  /**
   * With `fail_on: new` and a `fail_if` that holds: whether the baseline knows every matched item, so that it is not red.
   * Otherwise null.
   */
  readonly isExcused: boolean | null;
}

/** Start of a reason for new items that no other baseline would change. */
export const NO_ITEM_HAS = 'no item has `';

type Decided = Pick<ConditionResult, 'condition' | 'result'> & Pick<ComparedResult, 'isExcused'>;

/** Does the condition fail the gate? */
export function isRed({ condition, result, isExcused }: Decided): boolean {
  return condition.severity === 'fail' && result !== 'does_not_hold' && isExcused !== true;
}

/** Does it hold, or could it not be evaluated, and is it one of `warn_if`? */
export function isWarning({ condition, result }: Pick<Decided, 'condition' | 'result'>): boolean {
  return condition.severity === 'warn' && result !== 'does_not_hold';
}

/** Returns how many matched items the baseline knows; 0 where `fail_on: new` does not apply. */
export function countKnown({ known, isExcused }: Pick<ComparedResult, 'known' | 'isExcused'>): number {
  return isExcused === null ? 0 : (known ?? []).filter((isKnown) => isKnown).length;
}

/** Returns the condition's name in quotes, or its line and input. */
export function nameOf({ name, severity, line }: Condition): string {
  return name === null ? `line ${line} of \`${severity}_if\`` : `“${name}”`;
}

/**
 * Returns the number of waived items over all these findings and their first rows. An item that two conditions waive counts once.
 */
export function collectWaived<Row>(
  findings: readonly { readonly waivedIds: string; readonly waivedRows: readonly Row[] }[],
) {
  const rows = new Map<string, Row | undefined>();
  for (const { waivedIds, waivedRows } of findings)
    for (const [at, id] of splitDigests(waivedIds).entries()) if (!rows.has(id)) rows.set(id, waivedRows[at]);
  return { rows: [...rows.values()].filter((row) => row !== undefined), count: rows.size };
}

/** Splits a text of joined digests, which takes a third of the memory of separate texts. */
export function splitDigests(ids: string): readonly string[] {
  return ids.match(/.{12}/g) ?? [];
}
