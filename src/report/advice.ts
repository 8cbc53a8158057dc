/** Notices of a step: what its runs reported, and inputs that have no effect. Pure. */
import { describeUnusedWaivers } from '../gate/waivers.ts';
import type { Outcome } from '../runs/outcome.ts';
import { columnNotices } from './column-notices.ts';

export interface StepNotice {
  /** Of the run; empty: of the step, or of its only run. */
  readonly name: string;
  readonly text: string;
}

/** What the runs reported. */
export function noticesOf(outcomes: readonly Outcome[]): StepNotice[] {
  return outcomes.flatMap(({ entry, notices }) =>
    notices.map((text) => ({ name: outcomes.length > 1 ? entry.name : '', text })),
  );
}

/** Waivers that match nothing, and columns that no item has. */
export function adviceOn(outcomes: readonly Outcome[]): StepNotice[] {
  return [...waiverNotices(outcomes), ...columnNotices(outcomes)];
}

/** Of each list of waivers over all runs that use it; none unless every condition of the step was evaluated. */
function waiverNotices(outcomes: readonly Outcome[]): StepNotice[] {
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
