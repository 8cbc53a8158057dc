/** Results of conditions, and reviews of them, for the tests of what is new, known and waived. */
import type { BaselineState, SavedEntry } from '../../src/baseline.ts';
import type { Evaluation } from '../../src/gate/condition.ts';
import { applyGate, countFindings, type ConditionResult, type GateContext } from '../../src/gate/findings.ts';
import type { FieldLists } from '../../src/gate/identity.ts';
import { toSavedEntry } from '../../src/gate/save.ts';
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
export function result(list: readonly JsonValue[], about: Partial<Evaluation & Evaluation['condition']> = {}): Evaluation {
  const { severity = 'fail', name = 'not compliant', expression = 'outputs.items', line = 1 } = about;
  const { result: word = list.length > 0 ? 'met' : 'not_met', others = null, tally = null, problem = null } = about;
  return { condition: { severity, name, expression, line }, result: word, items: list, others, tally, problem };
}

export const PLAIN_TRUE = result([], { result: 'met' });
export const NOT_EVALUATED = result([], { result: 'cannot_be_evaluated', problem: { code: 'no_such_key' } as never });

/** Who saves these reviews, and when. */
export const NOW = { since: '2026-11-20', by: 'octocat' };

export interface Setting {
  readonly baseline?: BaselineState;
  readonly knownBy?: FieldLists;
  readonly waivers?: readonly Waiver[];
  readonly entry?: string;
  readonly workflowId?: string;
  readonly projectId?: string;
  readonly today?: string;
}

/** A result with its counts. */
export const counted = (one: ConditionResult) => ({ ...one, counts: countFindings([one]) });

/** The results of a gate, and its part of the artifact. */
export function reviewGate(evaluations: readonly Evaluation[], setting: Setting = {}) {
  const { baseline = { code: 'none' }, knownBy = KNOWN_BY, waivers = [], today = '2026-11-26' } = setting;
  const { entry = '', workflowId = 'wf_1', projectId = 'p_1' } = setting;
  const context: GateContext = { entry, knownBy, waivers, baseline, workflowId, projectId, today, checkTime: () => undefined };
  const gateResult = applyGate(evaluations, context);
  return { ...gateResult, conditions: gateResult.conditions.map(counted), saved: toSavedEntry(context, gateResult, NOW) };
}

export const usable = (...saved: readonly SavedEntry[]) =>
  ({
    code: 'usable',
    commit: COMMIT,
    savedAt: '2026-11-20T03:17:00Z',
    expiresAt: '2027-02-18T03:17:00Z',
    entries: saved,
  }) as const;

/** What these results save, as a baseline. */
export const keep = (evaluations: readonly Evaluation[], setting: Setting = {}) => usable(reviewGate(evaluations, setting).saved);

export const waiver = (fields: Readonly<Record<string, string>>, more: Partial<Waiver> = {}): Waiver => ({
  match: new Map(Object.entries(fields)),
  condition: null,
  because: 'Agreed',
  until: null,
  count: 1,
  ...more,
});
