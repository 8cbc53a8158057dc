/** Reviews a run for one entry: applies waivers and baseline to the results of its gate. In doubt a finding is new. Pure. */
import type { Entry, RunPlan } from '../inputs/inputs.ts';
import type { JsonValue } from '../json.ts';
import { truncate } from '../text/escape.ts';
import type { BaselineState, SavedCondition, SavedEntry } from './baseline.ts';
import { createFinding, type Compared, type Finding } from './finding.ts';
import { formatGateRun } from '../report/gate-file.ts';
import type { ConditionResult } from './condition.ts';
import { digestItem, digestScope, fieldsFor, readFieldText } from './identity.ts';
import { applyWaivers } from './waivers.ts';

/** What the gate of one entry found in a completed run. */
export interface Review {
  /** One for each condition, `fail_if` first. */
  readonly findings: readonly Finding[];
  /** What was compared with, or why every finding is new. */
  readonly baseline: BaselineState;
  /** Indexes of waivers that match nothing. */
  readonly unusedWaivers: readonly number[];
  /** What the artifact keeps of this entry, if the step keeps a baseline. */
  readonly kept: SavedEntry;
}

/** What a gate is evaluated for. */
export interface ReviewParts {
  readonly entry: Entry;
  readonly runPlan: RunPlan;
  readonly baseline: BaselineState;
  readonly failOn: 'any' | 'new';
  /** `2026-12-31`, UTC */
  readonly today: string;
  readonly runId: string;
  readonly workflowId: string;
  /** Is called for every item; what it throws ends the review. */
  readonly checkTime: () => void;
}

/** A review, with the entry's part of `gate_file`: JSON with all items, of up to some MiB. */
export interface ReviewedEntry {
  readonly review: Review;
  readonly gateFilePart: string;
}

/** Applies waivers and baseline to the results of all conditions. */
export function reviewEntry(results: readonly ConditionResult[], parts: ReviewParts): ReviewedEntry {
  const { entry, runPlan, failOn, workflowId } = parts;
  const { state, before } = findEntry(parts);
  const all = results.map((result) => compare(result, parts, before));
  const compared = all.map((one) => one.compared);
  const findings = compared.map((one) => createFinding(one, failOn));
  const used = new Set(all.flatMap((one) => [...one.used]));
  const review: Review = {
    findings,
    baseline: state,
    unusedWaivers: entry.waivers.flatMap((waiver, index) => (used.has(waiver) ? [] : [index])),
    kept: {
      name: entry.name,
      workflowId,
      projectId: runPlan.projectId,
      conditions: all.flatMap((one) => one.kept),
    },
  };
  return { review, gateFilePart: formatGateRun(compared, findings, { ...parts, baseline: state }) };
}

/** Finds what the baseline has of the entry; `before` is null: nothing, and `state` says why. */
function findEntry({ entry, runPlan, baseline, workflowId }: ReviewParts): {
  readonly state: BaselineState;
  readonly before: SavedEntry | null;
} {
  const without = (state: BaselineState) => ({ state, before: null });
  if (baseline.code !== 'usable') return without(baseline);
  const before = baseline.baseline.entries.find(({ name }) => name === entry.name);
  if (before === undefined) return without({ code: 'no_entry' });
  if (before.workflowId !== workflowId) return without({ code: 'other_workflow' });
  if (before.projectId !== runPlan.projectId) return without({ code: 'other_project' });
  return { state: baseline, before };
}

/** The artifact names this many findings of a condition by their values; the others by their digest alone. */
const MAX_VALUES = 1_000;
const MAX_VALUE_LENGTH = 100;

/** Applies waivers and baseline to a condition's items. @returns `used`: the waivers that fit an item */
function compare(conditionResult: ConditionResult, parts: ReviewParts, before: SavedEntry | null) {
  const { entry, today, checkTime } = parts;
  const { condition } = conditionResult;
  const { matched, waived, used } = applyWaivers(conditionResult, entry.waivers, today, checkTime);
  const knownBy = fieldsFor(entry.knownBy, condition);
  const id = digestScope(entry.name, condition, knownBy);
  const digest = (item: JsonValue) => {
    checkTime();
    return knownBy.length === 0 ? '' : digestItem(id, item, knownBy);
  };
  const digested = matched.map((item) => ({ ...item, digest: digest(item.value) }));
  const kept: SavedCondition = {
    id,
    digests: digested.map((item) => item.digest),
    values: digested
      .slice(0, MAX_VALUES)
      .map(({ value }) => knownBy.slice(0, 2).map((field) => excerpt(value, field))),
    waived: waived.map(({ value }) => digest(value)),
  };
  const isKept = condition.severity === 'fail' && knownBy.length > 0;
  const isCompared = isKept && before !== null;
  const then = isCompared ? before.conditions.find((one) => one.id === id) : undefined;
  const { isKnown, gone } = countKnown(then, kept);
  const compared: Compared = {
    conditionResult,
    isCompared,
    knownBy,
    matched: digested
      .map((item) => ({ ...item, isKnown: isCompared ? isKnown(item.digest) : null }))
      .sort((a, b) => Number(a.isKnown) - Number(b.isKnown)),
    waived,
    gone: then ? gone.map((texts) => texts.map((text, nth) => [knownBy[nth] ?? '', text])) : null,
  };
  return { compared, used, kept: isKept ? [kept] : [] };
}

/** Returns the start of a field's text, copied: a slice would keep the whole text in memory. */
function excerpt(item: JsonValue, field: string): string {
  return Buffer.from(truncate(readFieldText(item, field) ?? '', MAX_VALUE_LENGTH)).toString();
}

/**
 * Compares digests with what the baseline has of the condition. More findings of a digest than it has are all new. What is waived
 * today and was not then is taken out of it, or a waiver for one finding would make another one known.
 * @returns `gone`: the values of each finding that no longer matches
 */
function countKnown(then: SavedCondition | undefined, today: SavedCondition) {
  const before = countEach(then?.digests);
  const now = countEach(today.digests);
  const waivedBefore = countEach(then?.waived);
  const waivedNow = countEach(today.waived);
  const remaining = (digest: string) =>
    before(digest) - Math.max(0, waivedNow(digest) - waivedBefore(digest));
  const seen = new Map<string, number>();
  const gone = (then?.digests ?? []).flatMap((digest, at) => {
    const nth = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, nth);
    return digest !== '' && nth > now(digest) && nth <= remaining(digest) ? [then?.values[at] ?? []] : [];
  });
  return { isKnown: (digest: string) => digest !== '' && now(digest) <= remaining(digest), gone };
}

/** Returns a function that says how often a text is in the list. */
function countEach(texts: readonly string[] = []): (text: string) => number {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return (text) => counts.get(text) ?? 0;
}
