/** Collects the notices of a step: those of its runs, and those about inputs without effect. Pure. */
import { describeUnusedWaivers } from '../gate/waivers.ts';
import type { Outcome } from '../runs/outcome.ts';
import { findColumnNotices } from './column-notices.ts';

export interface StepNotice {
  /** The run's name; empty: it is about the step, or its only run. */
  readonly name: string;
  readonly text: string;
}

/** Lists the notices of the runs. */
export function listRunNotices(outcomes: readonly Outcome[]): StepNotice[] {
  return outcomes.flatMap(({ entry, notices }) =>
    notices.map((text) => ({ name: outcomes.length > 1 ? entry.name : '', text })),
  );
}

/** Finds waivers that match nothing, and columns that no item has. */
export function findUnusedInputs(outcomes: readonly Outcome[]): StepNotice[] {
  return [...findUnusedWaivers(outcomes), ...findColumnNotices(outcomes)];
}

/**
 * Finds the waivers that match nothing, over all runs that share the list. Empty unless every condition of the step was
 * evaluated.
 */
function findUnusedWaivers(outcomes: readonly Outcome[]): StepNotice[] {
  const isWhole = outcomes.every(
    ({ entry, findings }) =>
      findings.length === entry.gate.conditions.length &&
      findings.every(({ result }) => result !== 'cannot_be_evaluated'),
  );
  const isEvaluated = outcomes.some(({ findings }) => findings.length > 0);
  const lists = new Set(isWhole && isEvaluated ? outcomes.map(({ entry }) => entry.waivers) : []);
  return [...lists].flatMap((waivers) => {
    const users = outcomes.filter(({ entry }) => entry.waivers === waivers);
    const text = describeUnusedWaivers(waivers, new Set(users.flatMap(({ used }) => [...used])));
    const name = users.length < outcomes.length ? (users[0]?.entry.name ?? '') : '';
    return text === '' ? [] : [{ name, text }];
  });
}
