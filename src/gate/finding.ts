/**
 * A condition's result with waivers and baseline applied: with all items while it is made, and reduced to counts and the first
 * items for reports, so that 16 runs of 8 MiB fit into memory. Pure.
 */
import type { JsonValue } from '../json.ts';
import { excerptOf } from '../text/excerpt.ts';
import type { Condition, ConditionResult, Problem, Tally } from './condition.ts';
import type { Waiver } from './waivers.ts';

/** Why an item turns the check red although the author may have expected otherwise. */
export type Remark =
  | { readonly code: 'waiver_ended'; readonly until: string }
  /** More items fit the waiver than it accepts. */
  | { readonly code: 'waiver_exceeded'; readonly items: number; readonly count: number };

export interface Item {
  /** The run's own value. Untrusted. */
  readonly value: JsonValue;
  /** Whether the baseline has it; null: not compared (no `known_by`, no usable baseline, or `warn_if`). */
  readonly isKnown: boolean | null;
  readonly remark: Remark | null;
}

/** What the baseline kept of an item: the first two fields of `known_by`, or none. Untrusted. */
type Cells = readonly (readonly [field: string, text: string])[];

export interface Finding {
  readonly condition: Condition;
  /** With waivers applied: a list whose items are all waived is not true. */
  readonly result: ConditionResult['result'];
  /** It turns the check red: of `fail_if`, true or not evaluated, and not only known items with `fail_on: new`. */
  readonly isFailing: boolean;
  /** It warns: of `warn_if`, true or not evaluated. */
  readonly isWarning: boolean;
  readonly problem: Problem | null;
  readonly tally: Tally | null;
  /** The fields of `known_by` for this condition; empty: none. */
  readonly knownBy: readonly string[];
  readonly counts: {
    /** Items that are true and not waived; 0 for a plain `true`. */
    readonly matched: number;
    /** Of these; null: not compared. */
    readonly new: number | null;
    readonly known: number | null;
    readonly waived: number;
    /** Items that a whole-condition filter did not keep; null: unknown. */
    readonly others: number | null;
    /** Items of the baseline that no longer match; null: not compared, or the baseline does not have the condition. */
    readonly gone: number | null;
  };
  // The first of each, for reports: new items first.
  readonly items: readonly Item[];
  readonly waived: readonly { readonly value: JsonValue; readonly waiver: Waiver }[];
  readonly others: readonly { readonly value: JsonValue }[];
  /** Each with what the baseline kept of it. */
  readonly gone: readonly Cells[];
  /**
   * Of each matched item, 12 characters, in the order of `items`; '': a field is empty, so it is not the same as any. Empty without
   * `known_by`.
   */
  readonly digests: readonly string[];
}

/** A condition's result with all items. */
export interface Compared extends Pick<Finding, 'knownBy' | 'waived'> {
  readonly conditionResult: ConditionResult;
  /** There is a usable baseline, `known_by` for the condition, and it is of `fail_if`. */
  readonly isCompared: boolean;
  /** Not waived; new ones first, then in the data's order. */
  readonly matched: readonly (Item & { readonly digest: string })[];
  /** null: not compared, or the baseline does not have the condition. */
  readonly gone: readonly Cells[] | null;
}

const MAX_ITEMS = 400;
const MAX_OTHERS = 50;
const MAX_JSON_LENGTH = 256 * 1024;

/** Reduces a result to what the reports need. */
export function createFinding(compared: Compared, failOn: 'any' | 'new'): Finding {
  const { conditionResult, isCompared, knownBy, matched, waived, gone } = compared;
  const { condition, problem, tally, others } = conditionResult;
  // A plain `true` has no items and is never waived.
  const result = waived.length > 0 && matched.length === 0 ? 'not_true' : conditionResult.result;
  const newCount = matched.filter(({ isKnown }) => isKnown === false).length;
  const isOnlyKnown = isCompared && result === 'true' && matched.length > 0 && newCount === 0;
  return {
    condition,
    result,
    isFailing: condition.severity === 'fail' && result !== 'not_true' && !(failOn === 'new' && isOnlyKnown),
    isWarning: condition.severity === 'warn' && result !== 'not_true',
    problem,
    tally,
    knownBy,
    counts: {
      matched: matched.length,
      new: isCompared ? newCount : null,
      known: isCompared ? matched.length - newCount : null,
      waived: waived.length,
      others: others?.length ?? null,
      gone: gone?.length ?? null,
    },
    items: takeFirst(matched, MAX_ITEMS),
    waived: takeFirst(waived, MAX_OTHERS),
    others: takeFirst(
      (others ?? []).map((value) => ({ value })),
      MAX_OTHERS,
    ),
    gone: (gone ?? []).slice(0, MAX_OTHERS),
    digests: knownBy.length === 0 ? [] : matched.map(({ digest }) => digest),
  };
}

/** Returns the first rows, as long as their JSON is short. The first one is always there, shortened where it is long. */
function takeFirst<Row extends { readonly value: JsonValue }>(
  rows: readonly Row[],
  max: number,
): readonly Row[] {
  let left = MAX_JSON_LENGTH;
  const taken: Row[] = [];
  for (const row of rows.slice(0, max)) {
    const value = excerptOf(row.value);
    left -= JSON.stringify(value).length;
    if (left < 0) break;
    taken.push(value === row.value ? row : { ...row, value });
  }
  return taken;
}
