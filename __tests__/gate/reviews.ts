/** Results of conditions, and reviews of them, for the tests of what is new, known and waived. */
import type { Baseline, BaselineState } from '../../src/gate/baseline.ts';
import { reviewEntry, type Review, type ReviewParts } from '../../src/gate/findings.ts';
import { type ConditionResult } from '../../src/gate/condition.ts';
import type { FieldLists } from '../../src/gate/identity.ts';
import type { Waiver } from '../../src/gate/waivers.ts';
import type { JsonObject, JsonValue } from '../../src/json.ts';

export const KNOWN_BY: FieldLists = new Map([[null, ['doc', 'clause', 'status']]]);
export const COMMIT = '4c1f0a9b2d3e4f5061728394a5b6c7d8e9f00112';

/** `doc clause status` → an item; `_` is an empty text, `-` a missing field. */
export function item(text: string): JsonObject {
  const [doc = '-', clause = '-', status = 'rejected'] = text.split(' ');
  const fields = Object.entries({ doc, clause, status, reason: `because of ${text}` });
  return Object.fromEntries(fields.filter(([, value]) => value !== '-').map(([field, value]) => [field, value === '_' ? '' : value]));
}

export const items = (...texts: readonly string[]): JsonObject[] => texts.map(item);

/** Of a list; without items it is not true. */
export function result(list: readonly JsonValue[], about: Partial<ConditionResult & ConditionResult['condition']> = {}): ConditionResult {
  const { severity = 'fail', name = 'not compliant', expression = 'outputs.items', line = 1 } = about;
  const { result: word = list.length > 0 ? 'true' : 'not_true', others = null, tally = null, problem = null } = about;
  return { condition: { severity, name, expression, line }, result: word, items: list, others, tally, problem };
}

export const PLAIN_TRUE = result([], { result: 'true' });
export const NOT_EVALUATED = result([], { result: 'cannot_be_evaluated', problem: { code: 'no_such_key' } as never });

export interface Setting {
  readonly baseline?: BaselineState;
  readonly knownBy?: FieldLists;
  readonly waivers?: readonly Waiver[];
  readonly failOn?: 'any' | 'new';
  readonly entry?: string;
  readonly workflowId?: string;
  readonly projectId?: string;
  readonly runId?: string;
  readonly today?: string;
}

export function reviewGate(results: readonly ConditionResult[], setting: Setting = {}) {
  const { baseline = { code: 'none' }, knownBy = KNOWN_BY, waivers = [], failOn = 'new', today = '2026-11-26' } = setting;
  const { entry: name = '', workflowId = 'wf_1', projectId = 'p_1', runId = '' } = setting;
  const entry = { name, gate: { conditions: [], evaluate: () => [] }, knownBy, waivers, columns: new Map() };
  const runPlan = { workflowId, projectId, inputs: {}, runId, idempotencyKey: '', entries: [entry] };
  const about: ReviewParts = { entry, runPlan, baseline, failOn, today, runId: 'run_1', workflowId, checkTime: () => undefined };
  return reviewEntry(results, about);
}

export const usable = (...reviews: readonly Review[]): { readonly code: 'usable'; readonly baseline: Baseline } => ({
  code: 'usable',
  baseline: { commit: COMMIT, savedAt: '2026-11-20T03:17:00Z', entries: reviews.map(({ kept }) => kept) },
});

/** What a review of these results keeps, as a baseline. */
export const keep = (results: readonly ConditionResult[], setting: Setting = {}) => usable(reviewGate(results, setting).review);

export const waiver = (fields: Readonly<Record<string, string>>, more: Partial<Waiver> = {}): Waiver => ({
  match: new Map(Object.entries(fields)),
  condition: null,
  because: 'Agreed',
  until: null,
  count: 1,
  ...more,
});
