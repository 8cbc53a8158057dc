/** Applies waivers and the baseline to the results of a gate. In doubt, a finding is new. Pure. */
import { isTransient, type BaselineState, type SavedEntry, type SavedFinding } from '../baseline.ts';
import { isJsonObject, type JsonValue } from '../json.ts';
import type { Problem } from '../outcome.ts';
import type { Condition, Evaluation } from './condition.ts';
import type { Tally } from './evaluate.ts';
import { digestItem, digestScope, fieldsFor, readFieldText, type FieldLists } from './identity.ts';
import { applyWaivers, type Remark, type Waiver } from './waivers.ts';

/** An item that a condition returned. */
export interface Finding {
  /** The run's own value. Untrusted. */
  readonly value: JsonValue;
  /** 12 characters, equal for the same findings only; empty without `known_by`, or if one of its fields is empty. */
  readonly digest: string;
  readonly isKnown: boolean;
  /** As the baseline has it; null: it is new. */
  readonly saved: SavedFinding | null;
  readonly remark: Remark | null;
}

/** A condition's result over one run, with waivers and baseline applied. */
export interface ConditionResult {
  readonly condition: Condition;
  /** A condition whose findings are all waived is not met. */
  readonly result: Evaluation['result'];
  readonly problem: Problem | null;
  readonly tally: Tally | null;
  /** Its fields of `known_by`; empty: none. */
  readonly knownBy: readonly string[];
  /** Without the waived ones; new ones first, then in the data's order. Empty for a condition that is only true. */
  readonly findings: readonly Finding[];
  readonly waived: readonly (Pick<Finding, 'value' | 'digest'> & { readonly waiver: Waiver })[];
  /** The items that a whole-condition `filter` did not return; null: unknown. Untrusted. */
  readonly passed: readonly JsonValue[] | null;
  /** There is a usable baseline, and the condition is of `fail_if` and has `known_by`. */
  readonly isCompared: boolean;
  /** Why the baseline has nothing for the condition: it was added or renamed, or had other `known_by` fields; null: it has. */
  readonly mismatch: 'no_condition' | 'other_known_by' | null;
  /** The findings that only the baseline has, by the fields that it saved. Untrusted. */
  readonly noLongerReported: readonly Readonly<Record<string, string>>[];
  /** It fails the check: met with a finding that is not known, only true, or not evaluated. */
  readonly isFailing: boolean;
  readonly isWarning: boolean;
}

/** The results of an entry's gate over a completed run. */
export interface GateResult {
  /** One per condition, `fail_if` first. */
  readonly conditions: readonly ConditionResult[];
  /** What was compared with, or why every finding is new. */
  readonly baseline: BaselineState;
  /** Positions of waivers that match nothing, counted from 0. */
  readonly unusedWaivers: readonly number[];
  /** The last days, `2026-12-31`, of waivers that end within 14 days. */
  readonly endingWaivers: readonly string[];
  /** The day on which the baseline expires, if that is within 14 days; empty: it is not. */
  readonly baselineEnds: string;
}

/** What the gate of one entry is applied to. */
export interface GateContext {
  /** The entry's name in `runs`, or empty. */
  readonly entry: string;
  readonly knownBy: FieldLists;
  readonly waivers: readonly Waiver[];
  readonly baseline: BaselineState;
  readonly workflowId: string;
  /** Empty: none. */
  readonly projectId: string;
  /** `2026-12-31`, UTC */
  readonly today: string;
  /** Called for every item; what it throws ends the work. */
  readonly checkTime: () => void;
}

const SOON_MS = 14 * 86_400_000;

/** Applies waivers and baseline to the evaluations of all conditions of an entry. */
export function applyGate(evaluations: readonly Evaluation[], context: GateContext): GateResult {
  const { state, before } = findEntry(context);
  const { today, waivers } = context;
  const soon = new Date(Date.parse(today) + SOON_MS).toISOString().slice(0, 10);
  const isSoon = (day: string) => day >= today && day <= soon;
  const expires = state.code === 'usable' ? state.expiresAt.slice(0, 10) : '';
  const used = new Set<Waiver>();
  return {
    conditions: evaluations.map((evaluation) => applyCondition(evaluation, context, before, used)),
    baseline: state,
    unusedWaivers: waivers.flatMap((waiver, at) => (used.has(waiver) ? [] : [at])),
    endingWaivers: waivers.flatMap(({ until }) => (until !== null && isSoon(until) ? [until] : [])),
    baselineEnds: isSoon(expires) ? expires : '',
  };
}

/** Finds the entry in the baseline. @returns `before` null: it is not there, and `state` says why */
function findEntry({ entry, baseline, workflowId, projectId }: GateContext): {
  readonly state: BaselineState;
  readonly before: SavedEntry | null;
} {
  const without = (state: BaselineState) => ({ state, before: null });
  if (baseline.code !== 'usable') return without(baseline);
  const before = baseline.entries.find(({ name }) => name === entry);
  if (before === undefined) return without({ code: 'no_entry' });
  if (before.workflowId !== workflowId) return without({ code: 'other_workflow' });
  if (before.projectId !== projectId) return without({ code: 'other_project' });
  return { state: baseline, before };
}

/** @param used the waivers that fit an item are added */
function applyCondition(
  evaluation: Evaluation,
  context: GateContext,
  before: SavedEntry | null,
  used: Set<Waiver>,
): ConditionResult {
  const { condition, problem, tally, others: passed } = evaluation;
  const { waivers, today, checkTime } = context;
  const divided = applyWaivers(evaluation, waivers, today, checkTime);
  for (const waiver of divided.used) used.add(waiver);
  const knownBy = fieldsFor(context.knownBy, condition);
  const scope = digestScope(context.entry, condition, knownBy);
  const digest = (item: JsonValue) => {
    checkTime();
    return knownBy.length === 0 ? '' : digestItem(scope, item, knownBy);
  };
  const matched = divided.matched.map((item) => ({ ...item, digest: digest(item.value) }));
  const waived = divided.waived.map((item) => ({ ...item, digest: digest(item.value) }));
  const isCompared = before !== null && condition.severity === 'fail' && knownBy.length > 0;
  const saved = isCompared ? before.conditions.find(({ id }) => id === scope) : undefined;
  const unscoped = digestScope(context.entry, condition, []);
  const isOther = before?.conditions.some(({ name }) => name === unscoped) === true;
  const { known, gone } = compare(saved, matched, waived);
  const findings = matched
    .map((item) => {
      const found = known.get(item.digest)?.shift() ?? null;
      return { ...item, isKnown: found !== null, saved: found };
    })
    .sort((one, other) => Number(one.isKnown) - Number(other.isKnown));
  const result = waived.length > 0 && findings.length === 0 ? 'not_met' : evaluation.result;
  const isOnlyKnown = findings.length > 0 && findings.every((one) => one.isKnown);
  return {
    condition,
    result,
    problem,
    tally,
    knownBy,
    findings,
    waived,
    passed,
    isCompared,
    mismatch: !isCompared || saved ? null : isOther ? 'other_known_by' : 'no_condition',
    noLongerReported: gone.map(({ values }) =>
      Object.fromEntries(values.map((text, nth): [string, string] => [knownBy[nth] ?? '', text])),
    ),
    isFailing: condition.severity === 'fail' && result !== 'not_met' && !isOnlyKnown,
    isWarning: condition.severity === 'warn' && result !== 'not_met',
  };
}

/**
 * Compares digests with the baseline. If a digest occurs more often than in the baseline, all of them are new. A finding that is waived
 * today and was not then leaves the baseline, or a waiver for one finding would make another one known.
 * @returns `known`: the saved findings of each known digest; `gone`: those that are no longer reported
 */
function compare(
  saved: SavedEntry['conditions'][number] | undefined,
  matched: readonly Pick<Finding, 'digest'>[],
  waived: readonly Pick<Finding, 'digest'>[],
) {
  const digestsOf = (all: readonly Pick<Finding, 'digest'>[]) => all.map(({ digest }) => digest);
  const now = countEach(digestsOf(matched));
  const waivedBefore = countEach(saved?.waived);
  const waivedNow = countEach(digestsOf(waived));
  const known = new Map<string, SavedFinding[]>();
  const gone: SavedFinding[] = [];
  for (const [digest, all] of Map.groupBy(saved?.findings ?? [], (one) => one.digest)) {
    const newlyWaived = Math.max(0, waivedNow(digest) - waivedBefore(digest));
    const remaining = all.slice(0, Math.max(0, all.length - newlyWaived));
    if (now(digest) <= remaining.length) known.set(digest, remaining.slice(0, now(digest)));
    gone.push(...remaining.slice(now(digest)));
  }
  return { known, gone };
}

/** Returns a function that counts a text in the list. */
function countEach(texts: readonly string[] = []): (text: string) => number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return (text) => counts.get(text) ?? 0;
}

/** Why findings are new although the step has a `baseline`. */
export type NewCause =
  | Exclude<BaselineState, { readonly code: 'usable' | 'none' }>
  | { readonly code: 'no_condition' | 'other_known_by'; readonly condition: Condition }
  /** `fields` of `known_by` are empty in all findings. `names`: the keys of the first finding, untrusted. */
  | { readonly code: 'no_identity'; readonly fields: readonly string[]; readonly names: readonly string[] };

/** Finds the one cause that makes all findings of a failing condition new; null: there is none, or GitHub did not give the baseline. */
export function findNewCause({ baseline, conditions }: GateResult): NewCause | null {
  const failing = conditions.filter(({ isFailing, findings }) => isFailing && findings.length > 0);
  const isBroken = conditions.some(({ isFailing, problem }) => isFailing && problem !== null);
  if (baseline.code === 'none' || isTransient(baseline) || isBroken || failing.length === 0) return null;
  const nameless = failing.find(
    ({ knownBy, findings }) => knownBy.length > 0 && findings.every(({ digest }) => digest === ''),
  );
  if (nameless !== undefined) {
    const values = nameless.findings.map(({ value }) => value);
    const fields = nameless.knownBy.filter((field) =>
      values.every((value) => readFieldText(value, field) === null),
    );
    const [first] = values;
    return { code: 'no_identity', fields, names: isJsonObject(first) ? Object.keys(first) : [] };
  }
  if (baseline.code !== 'usable') return baseline;
  const other = failing.find(({ mismatch }) => mismatch !== null);
  return other?.mismatch ? { code: other.mismatch, condition: other.condition } : null;
}

/** Counts the findings of conditions by their state. */
export function countFindings(conditions: readonly ConditionResult[]) {
  const findings = conditions.flatMap((one) => one.findings);
  const known = findings.filter(({ isKnown }) => isKnown).length;
  return {
    found: findings.length,
    new: findings.length - known,
    known,
    waived: conditions.flatMap((one) => one.waived).length,
    noLongerReported: conditions.flatMap((one) => one.noLongerReported).length,
  };
}

/** Counts the items of the list that a condition filtered; null: unknown. */
export function countItems({ findings, waived, passed }: ConditionResult): number | null {
  return passed && findings.length + waived.length + passed.length;
}

/** Was each condition evaluated? */
export function isComplete({ conditions }: GateResult): boolean {
  return conditions.every(({ problem }) => problem === null);
}

/** Does a condition fail the check? */
export function isFailing({ conditions }: GateResult): boolean {
  return conditions.some((condition) => condition.isFailing);
}
