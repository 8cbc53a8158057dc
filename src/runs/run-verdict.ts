/**
 * The verdict over one run: one headline for each conclusion, and one next step for each conclusion and kind of re-run. All text is
 * trusted words and counts, without text of the API, so that the headline can be passed to a chat or to an issue's title. Pure.
 */
import { isTerminal, STATUSES } from '../alloovium/statuses.ts';
import { isRed } from '../gate/condition.ts';
import { capitalise, joinPresent, lowerFirst } from '../text/format.ts';
import { describeStoppedBefore, describeStoppedRun } from './describe-stopped.ts';
import type { Ending, StepEnding } from './events.ts';
import { decideGateFailed, decidePassed } from './gate-decision.ts';
import type { Outcome } from './outcome.ts';
import {
  howToRerunWithNewKey,
  howToStartNewRun,
  howToTryAgain,
  howToUseSameRun,
  leftoverOf,
} from './rerun-advice.ts';
import { decideTimedOut } from './timeout-decision.ts';
import { hasGate, createVerdict, type VerdictDraft, type Terms, type Verdict } from './verdict.ts';

/** Returns the verdict on one run. */
export function verdictOfRun(outcome: Outcome, terms: Terms): Verdict {
  const { ending, findings } = outcome;
  const isEvaluated = ending.kind === 'ended' && ending.status === 'completed';
  const gate = isEvaluated ? (findings.some(isRed) ? 'failed' : 'passed') : 'not_evaluated';
  return createVerdict(decisionOf(outcome, terms), hasGate(outcome) ? gate : 'none');
}

/**
 * Returns the decision on a failure that ended the step before its orders, or for all of them.
 * @param outcome of its only order, if it has one
 */
export function decisionOfStep(failure: StepEnding, terms: Terms, outcome: Outcome | null): VerdictDraft {
  switch (failure.kind) {
    case 'error':
      return {
        conclusion: 'error',
        headline: failure.headline,
        nextStep: completeRemedy(failure.remedy, outcome, terms),
      };
    case 'interrupted':
      return { conclusion: 'interrupted', ...describeStoppedBefore(terms) };
    case 'skipped':
      return { conclusion: 'skipped', headline: SKIPPED, nextStep: '' };
  }
}

const SKIPPED = 'Skipped: GitHub gives this job no secrets, so there is no API key';

export const EVALUATE_LATER =
  'To evaluate what was launched, use the action in a later job with the same inputs and without `wait: false`.';

/** Returns the decision on one run by its ending. */
function decisionOf(outcome: Outcome, terms: Terms): VerdictDraft {
  const { ending } = outcome;
  switch (ending.kind) {
    case 'launched':
      return {
        conclusion: 'pending',
        headline: `Launched without waiting${describeEndedAlready(outcome)}`,
        nextStep: EVALUATE_LATER,
      };
    case 'timed_out':
      return decideTimedOut(ending, outcome, terms);
    case 'interrupted':
      return { conclusion: 'interrupted', ...describeStoppedRun(outcome, terms) };
    case 'error': {
      const nextStep = completeRemedy(ending.remedy, outcome, terms);
      return { conclusion: 'error', headline: ending.headline, nextStep };
    }
    case 'ended':
      return decideEnded(ending, outcome, terms);
  }
}

const NO_RUN_YET = { origin: null, joinedOlder: false } as const;
const RUN_CONTINUES = 'The run goes on at Alloovium.';

/**
 * Fills the placeholders of a remedy: `{again}` (how to continue with what is left at Alloovium), `{new_run}` (how to get another
 * run), `{new_key}` (how to continue with another API key). To a remedy without a placeholder it appends how to continue, if
 * something is left.
 */
function completeRemedy(remedy: string, outcome: Outcome | null, terms: Terms): string {
  const isWithin = /[,a-z] \{/.test(remedy);
  const goesOn = outcome !== null && !isWithin && leftoverOf(outcome) === 'run' && RUN_CONTINUES;
  const again =
    outcome === null ? howToTryAgain(terms) : joinPresent(' ', goesOn, howToUseSameRun(outcome, terms));
  const ways = {
    '{again}': again,
    '{new_run}': howToStartNewRun(outcome ?? NO_RUN_YET, terms),
    '{new_key}': outcome === null ? '' : howToRerunWithNewKey(outcome, terms),
  };
  for (const [name, way] of Object.entries(ways)) {
    if (!remedy.includes(name)) continue;
    return remedy.replace(name, () => (isWithin ? lowerFirst(way) : capitalise(way))).trim();
  }
  const isLeft = outcome !== null && leftoverOf(outcome) !== 'nothing';
  return joinPresent(' ', remedy, isLeft && again);
}

type Of<Kind extends Ending['kind']> = Extract<Ending, { readonly kind: Kind }>;

/** Returns the decision on a run that ended. */
function decideEnded({ status, errorMessage }: Of<'ended'>, outcome: Outcome, terms: Terms): VerdictDraft {
  const again = howToStartNewRun(outcome, terms);
  const { headline } = STATUSES[status];
  switch (status) {
    case 'completed':
      return decideCompleted(outcome, terms);
    case 'failed': {
      const hasMessage = errorMessage.trim() !== '';
      const first = hasMessage ? 'Fix what Alloovium reported' : 'Find the reason in the Alloovium dashboard';
      return { conclusion: 'failure', headline, nextStep: `${first}, then ${again}` };
    }
    case 'cancelled':
      return {
        conclusion: 'cancelled',
        headline,
        brief: 'the run was cancelled',
        nextStep: capitalise(again),
      };
  }
}

/** Returns the decision on a completed run. @throws Error a condition was not evaluated, so that this can never be green */
function decideCompleted(outcome: Outcome, terms: Terms): VerdictDraft {
  const { findings, entry } = outcome;
  if (findings.length < entry.gate.conditions.length) throw new Error('a condition was not evaluated');
  return findings.some(isRed) ? decideGateFailed(outcome, terms) : decidePassed(findings);
}

/** Returns " (the run has failed already)", for a run that is not waited for; empty: it has not ended, as far as is known. */
function describeEndedAlready({ status }: Outcome): string {
  if (!isTerminal(status)) return '';
  return ` (the run ${status === 'cancelled' ? 'was' : 'has'} ${STATUSES[status].word} already)`;
}
