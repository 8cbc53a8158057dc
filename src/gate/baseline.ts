/**
 * What a branch keeps of a review, and which findings of a later review it makes known. In doubt a finding is new. Pure.
 */
import type { Context } from '../github/context.ts';
import type { GithubFailure } from '../github/api.ts';
import type { Entry, Inputs, Order } from '../inputs/inputs.ts';
import type { JsonValue } from '../json.ts';
import { truncate } from '../text/escape.ts';
import { createFinding, type Compared, type Finding } from './finding.ts';
import { formatGateRun } from './gate-file.ts';
import type { ConditionResult } from './gate.ts';
import { digestItem, digestScope, fieldsFor, readFieldText } from './identity.ts';
import { applyWaivers } from './waivers.ts';

/** What the artifact keeps of a condition of `fail_if` that has `known_by`. */
export interface KeptCondition {
  /** By `digestScope`. */
  readonly id: string;
  /** Of each finding that no waiver accepted, by `digestItem`; '': it is not the same as any. */
  readonly digests: readonly string[];
  /** Of the first digests the values of the first two fields; empty on a public repository. Untrusted. */
  readonly values: readonly (readonly string[])[];
  /** Digests of waived findings. */
  readonly waived: readonly string[];
}

export interface KeptEntry {
  readonly name: string;
  readonly workflowId: string;
  /** Empty: none. */
  readonly projectId: string;
  readonly conditions: readonly KeptCondition[];
}

/** What an earlier review found, as its artifact keeps it. */
export interface Baseline {
  readonly commit: string;
  /** ISO 8601 */
  readonly keptAt: string;
  readonly entries: readonly KeptEntry[];
}

/** The baseline of the step or of an entry: usable, or why every finding is new. */
export type BaselineState =
  | { readonly code: 'usable'; readonly baseline: Baseline }
  /**
   * - `none`: the step has no `baseline`
   * - `enterprise_server`: it has no such artifacts
   * - `too_large`: over 8 MiB
   * - `changed`: the content differs from the digest that GitHub states, or GitHub states none
   * - `unreadable`: damaged, a zip, or written by another version
   * - `timed_out`: not fetched within 20 s
   * - `no_entry`, `other_workflow`, `other_project`: kept without this entry of `runs`, or for another workflow or project
   */
  | {
      readonly code:
        | 'none'
        | 'enterprise_server'
        | 'too_large'
        | 'changed'
        | 'unreadable'
        | 'timed_out'
        | 'no_entry'
        | 'other_workflow'
        | 'other_project';
    }
  /** There is no such branch, or it has no artifact of that name. */
  | { readonly code: 'no_branch' | 'missing'; readonly branch: string }
  | { readonly code: 'expired'; readonly keptAt: string }
  /** There are only artifacts that do not count; why the newest does not. */
  | { readonly code: 'untrusted'; readonly branch: string; readonly why: Distrust }
  /** Forbidden: the job needs `actions: read` and `contents: read`. */
  | { readonly code: 'not_fetched'; readonly failure: GithubFailure };

/** Why an artifact does not count: who wrote it. */
export type Distrust =
  'fork' | 'other_branch' | 'this_job_run' | 'other_event' | 'other_file' | 'commit_not_on_branch';

/** The gate of one entry over a completed run. */
export interface Evaluated {
  /** One for each condition, `fail_if` first. */
  readonly findings: readonly Finding[];
  /** What was compared with, or why every finding is new. */
  readonly baseline: BaselineState;
  /** Indexes of waivers that match nothing. */
  readonly unusedWaivers: readonly number[];
  /** What the artifact keeps of this entry, if the step keeps a baseline. */
  readonly kept: KeptEntry;
}

/** What a gate was evaluated for. */
export interface Review {
  readonly entry: Entry;
  readonly order: Order;
  readonly baseline: BaselineState;
  readonly failOn: 'any' | 'new';
  /** `2026-12-31`, UTC */
  readonly today: string;
  readonly runId: string;
  readonly workflowId: string;
}

/**
 * Applies waivers and baseline to the results of all conditions.
 * @returns `gateRun`: the entry's part of `gate_file`, with all items; it may be long
 */
export function applyBaseline(results: readonly ConditionResult[], review: Review) {
  const { entry, order, failOn, workflowId } = review;
  const { state, kept } = findEntry(review);
  const parts = results.map((result) => compare(result, review, kept));
  const compared = parts.map((part) => part.compared);
  const findings = compared.map((one) => createFinding(one, failOn));
  const used = new Set(parts.flatMap((part) => [...part.used]));
  const evaluated: Evaluated = {
    findings,
    baseline: state,
    unusedWaivers: entry.waivers.flatMap((waiver, index) => (used.has(waiver) ? [] : [index])),
    kept: {
      name: entry.name,
      workflowId,
      projectId: order.projectId,
      conditions: parts.flatMap((part) => part.kept),
    },
  };
  return { evaluated, gateRun: formatGateRun(compared, findings, { ...review, baseline: state }) };
}

/** Finds what the baseline has of the entry; null: nothing, and `state` says why. */
function findEntry({ entry, order, baseline, workflowId }: Review): {
  readonly state: BaselineState;
  readonly kept: KeptEntry | null;
} {
  if (baseline.code !== 'usable') return { state: baseline, kept: null };
  const kept = baseline.baseline.entries.find(({ name }) => name === entry.name);
  if (kept === undefined) return { state: { code: 'no_entry' }, kept: null };
  if (kept.workflowId !== workflowId) return { state: { code: 'other_workflow' }, kept: null };
  if (kept.projectId !== order.projectId) return { state: { code: 'other_project' }, kept: null };
  return { state: baseline, kept };
}

/** The artifact names this many findings of a condition by their values; the others by their digest alone. */
const MAX_VALUES = 1_000;
const MAX_VALUE_LENGTH = 100;

/** Applies waivers and baseline to a condition's items. @returns `used`: the waivers that fit an item */
function compare(evaluated: ConditionResult, { entry, today }: Review, baseline: KeptEntry | null) {
  const { condition } = evaluated;
  const { matched, waived, used } = applyWaivers(evaluated, entry.waivers, today);
  const knownBy = fieldsFor(entry.knownBy, condition);
  const id = digestScope(entry.name, condition, knownBy);
  const digest = (item: JsonValue) => (knownBy.length === 0 ? '' : digestItem(id, item, knownBy));
  const isKept = condition.severity === 'fail' && knownBy.length > 0;
  const isCompared = isKept && baseline !== null;
  const then = isCompared ? baseline.conditions.find((one) => one.id === id) : undefined;
  const digested = matched.map((item) => ({ ...item, digest: digest(item.value) }));
  const kept: KeptCondition = {
    id,
    digests: digested.map(({ digest }) => digest),
    values: digested
      .slice(0, MAX_VALUES)
      .map(({ value }) => knownBy.slice(0, 2).map((field) => excerpt(value, field))),
    waived: waived.map(({ value }) => digest(value)),
  };
  const { isKnown, gone } = countKnown(then, kept);
  const compared: Compared = {
    evaluated,
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
function countKnown(then: KeptCondition | undefined, today: KeptCondition) {
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

/** Whether the step's review is kept as the baseline, or why not. */
export type KeepDecision =
  | 'keep'
  /** The step has no `baseline`. */
  | 'no_baseline'
  | 'enterprise_server'
  /** Neither `push`, `schedule` nor `workflow_dispatch`. */
  | 'other_event'
  | 'other_ref'
  | 'with_pull_request'
  | 'with_run_id'
  | 'not_completed'
  | 'not_evaluated'
  | 'plain_true'
  | 'red';

export const BASELINE_EVENTS: readonly string[] = ['push', 'schedule', 'workflow_dispatch'];

/** Can the server keep artifacts as files? GitHub Enterprise Server cannot. */
export function hasArtifacts(serverUrl: string): boolean {
  return /^(?:github\.com|.*\.ghe\.com|(?:.*\.)?localhost)$/i.test(new URL(serverUrl).hostname);
}

/** Decides whether this step's review becomes the baseline. @param reviews of all entries; null: not evaluated */
export function shouldKeepBaseline(
  { event, ref, serverUrl }: Context,
  inputs: Inputs,
  reviews: readonly (Evaluated | null)[],
): KeepDecision {
  const failing = reviews
    .flatMap((review) => review?.findings ?? [])
    .filter(({ condition }) => condition.severity === 'fail');
  if (inputs.baseline === '') return 'no_baseline';
  if (!BASELINE_EVENTS.includes(event)) return 'other_event';
  if (ref !== `refs/heads/${inputs.baseline}`) return 'other_ref';
  if (inputs.pullRequest !== null) return 'with_pull_request';
  if (inputs.orders.some(({ runId }) => runId !== '')) return 'with_run_id';
  if (!hasArtifacts(serverUrl)) return 'enterprise_server';
  if (reviews.includes(null)) return 'not_completed';
  if (failing.some(({ result }) => result === 'cannot_be_evaluated')) return 'not_evaluated';
  if (failing.some(({ result, counts }) => result === 'true' && counts.matched === 0)) return 'plain_true';
  if (event !== 'workflow_dispatch' && failing.some(({ isRed }) => isRed)) return 'red';
  return 'keep';
}

const VERSION = 1;

/** Formats the artifact's file. @param hasValues false: digests alone, on a public repository or with `job_summary: false` */
export function formatBaseline(entries: readonly KeptEntry[], hasValues: boolean): string {
  const shown = entries.map((entry) => ({
    ...entry,
    conditions: entry.conditions.map((one) => ({ ...one, values: hasValues ? one.values : [] })),
  }));
  return `${JSON.stringify({ version: VERSION, entries: shown })}\n`;
}

/** Reads the artifact's file, whose origin and digest were checked. @throws Error it is damaged, or of another version */
export function readBaseline(text: string): readonly KeptEntry[] {
  const { version, entries } = JSON.parse(text) as { version?: number; entries?: readonly KeptEntry[] };
  if (version !== VERSION || entries === undefined) throw new Error('another version');
  return entries;
}
