/** The verdict on the step: on a failure before its orders, on its one run, or on several. Pure. */
import { isWarning, countKnown, collectWaived } from '../gate/condition.ts';
import {
  lowerFirst,
  describeEarlierRed,
  joinPresent,
  formatList,
  formatNumber,
  replaceSpecialCharacters,
  sumOf,
} from '../text/format.ts';
import { formatWarning, describeFindings, joinPhrases } from './describe-finding.ts';
import type { StepEnding } from './events.ts';
import type { Outcome } from './outcome.ts';
import { NEXT_STEPS_OF_SEVERAL, describeStoppedRuns } from './describe-stopped.ts';
import { adviseOnWarnings } from './gate-decision.ts';
import { decisionOfStep, EVALUATE_LATER, verdictOfRun } from './run-verdict.ts';
import {
  hasGate,
  createVerdict,
  WORST_FIRST,
  type VerdictDraft,
  type Terms,
  type Verdict,
} from './verdict.ts';
import { fillIn, leftoverOf, rerunKindOf, type RerunKind } from './rerun-advice.ts';

/** Returns the verdict on the step. @param failure ended the step before its orders, or for all of them; null: none */
export function verdictOfStep(
  outcomes: readonly Outcome[],
  failure: StepEnding | null,
  terms: Terms,
): Verdict {
  const [outcome] = outcomes;
  if (failure !== null) {
    const decision = decisionOfStep(failure, terms, outcomes.length === 1 ? (outcome ?? null) : null);
    return createVerdict(decision, terms.isGated ? 'not_evaluated' : 'none');
  }
  if (outcome === undefined) throw new Error('there is neither an outcome nor a failure');
  const own = outcomes.length === 1 ? verdictOfRun(outcome, terms) : verdictOfRuns(outcomes, terms);
  const before = countRedRunsBefore(outcomes) ?? 0;
  if (before === 0) return own;
  const shared = new Set(outcomes.flatMap((one) => (one.redRunsBefore ? [one.sharedBy] : [])));
  const earlier = describeEarlierRed(before, shared.size === 1 ? [...shared].join() : '');
  return { ...own, earlier, headline: `${own.headline} (${earlier})`, lead: `${own.lead} (${earlier})` };
}

/** Returns the number of earlier runs whose gate failed, over all orders; null: not known. */
export function countRedRunsBefore(outcomes: readonly Outcome[]): number | null {
  const counts = [...new Map(outcomes.map((one) => [one.order, one.redRunsBefore])).values()];
  const sum = counts.reduce<number>((all, count) => all + (count ?? NaN), 0);
  return counts.length === 0 || Number.isNaN(sum) ? null : sum;
}

type Result = Verdict & { readonly outcome: Outcome };

const GATES = ['failed', 'not_evaluated', 'passed'] as const;

/** Returns the verdict on several runs, which is green only if all are. */
function verdictOfRuns(outcomes: readonly Outcome[], terms: Terms): Verdict {
  const results = outcomes.map((outcome) => ({ outcome, ...verdictOfRun(outcome, terms) }));
  const conclusion = WORST_FIRST.find((word) => results.some((one) => one.conclusion === word)) ?? 'error';
  const gates = new Set(results.map(({ gate }) => gate));
  const gate = GATES.find((word) => gates.has(word)) ?? 'none';
  return createVerdict({ conclusion, ...describeRuns(conclusion, results, terms) }, gate);
}

type Sentences = Omit<VerdictDraft, 'conclusion'>;

/** Returns the texts of the verdict on several runs. */
function describeRuns(
  conclusion: Verdict['conclusion'],
  results: readonly Result[],
  terms: Terms,
): Sentences {
  switch (conclusion) {
    case 'success':
    case 'skipped':
      return describeAllGreen(results);
    case 'pending':
      return { headline: `${results.length} runs launched without waiting`, nextStep: EVALUATE_LATER };
    case 'interrupted':
      return describeStopped(results, terms);
    case 'error':
    case 'timed_out':
    case 'failure':
    case 'cancelled':
    case 'gate_failed':
      return describeSomeRed(results, terms);
  }
}

/** Returns the texts for runs that are all green. */
function describeAllGreen(results: readonly Result[]): Sentences {
  const outcomes = results.map(({ outcome }) => outcome);
  const warnings = outcomes.flatMap(({ entry, findings }) => {
    const warned = findings.filter(isWarning);
    return warned.length === 0 ? [] : `${replaceSpecialCharacters(entry.name)}: ${describeFindings(warned)}`;
  });
  const open = outcomes.some(hasGate) ? outcomes.filter((one) => !hasGate(one)) : [];
  const names = open.map(({ entry }) => replaceSpecialCharacters(entry.name));
  const known = sumOf(outcomes, ({ findings }) =>
    sumOf(findings, (one) => (one.isExcused ? countKnown(one) : 0)),
  );
  const waived = sumOf(outcomes, ({ findings }) => collectWaived(findings).count);
  return {
    headline: joinPresent(
      '; ',
      joinPresent(
        ', ',
        `${results.length} runs are green`,
        known > 0 && `${formatNumber(known)} known`,
        waived > 0 && `${formatNumber(waived)} waived`,
      ),
      names.length > 0 && `not gated: ${joinPhrases(names, ', ')}`,
      warnings.length > 0 && formatWarning(joinPhrases(warnings), warnings.length),
    ),
    nextStep: adviseOnWarnings(outcomes.flatMap(({ findings }) => findings.filter(isWarning))),
  };
}

const isNotGreen = ({ exitCode }: Result) => exitCode !== 0;

/** Returns the texts for a step that was stopped before all runs had a verdict. */
function describeStopped(results: readonly Result[], terms: Terms): Sentences {
  const { interrupted: halted = [], ...others } = Object.groupBy(results, (one) => one.conclusion);
  const judged = Object.values(others).flat();
  const red = judged.filter(isNotGreen);
  const sentences = describeStoppedRuns(
    halted.map(({ outcome }) => outcome),
    judged.length,
    red.map(({ outcome }) => outcome.entry.name),
    terms,
  );
  return { ...sentences, nextStep: joinPresent(' ', describePossibleRuns(red), sentences.nextStep) };
}

/** Maximum characters of one run's cause. */
const MAX_BRIEF = 110;
/** Up to this length a line is readable in a list of annotations; if it is longer, only `RUNS_IN_LEAD` runs are named. */
const MAX_LEAD = 900;
const RUNS_IN_LEAD = 2;

/** Returns the texts for runs with red ones among them. */
function describeSomeRed(all: readonly Result[], terms: Terms): Sentences {
  const red = all.filter(isNotGreen);
  const brief = `${red.length} of ${all.length} runs ${red.length === 1 ? 'is' : 'are'} red`;
  const redOrders = new Set(red.map(({ outcome }) => outcome.order));
  const isAnyKept = all.some(({ outcome }) => !redOrders.has(outcome.order));
  const nextStep = nextStepOf(red, isAnyKept, terms);
  const causes = red.map((one) => `${replaceSpecialCharacters(one.outcome.entry.name)} (${causeOf(one)})`);
  const withRemedies = red.map((one) => {
    const remedy = remedyOf(one, nextStep, terms);
    return `${replaceSpecialCharacters(one.outcome.entry.name)} (${joinPresent(': ', causeOf(one), remedy)})`;
  });
  return {
    headline: `${brief}: ${joinPhrases(causes, ', ')}`,
    lead: `${brief}: ${joinLeadPhrases(withRemedies)}`,
    brief,
    nextStep,
  };
}

/** Returns why a run is red, in a few words, cut. */
function causeOf({ brief }: Result): string {
  return brief.length > MAX_BRIEF ? `${brief.slice(0, MAX_BRIEF - 1)}…` : brief;
}

/**
 * Returns what to do about an error of one run, as the end of a sentence; empty: the common next step already says it, or it is
 * not an error.
 */
function remedyOf({ outcome, nextStep: own }: Result, nextStep: string, terms: Terms): string {
  const { ending } = outcome;
  if (ending.kind !== 'error' || own === nextStep) return '';
  return lowerFirst(decisionOfStep(ending, terms, null).nextStep).replace(/\.$/, '');
}

/** Joins all phrases, or if that is too long the first two, and points to the job summary. */
function joinLeadPhrases(phrases: readonly string[]): string {
  const all = phrases.join(', ');
  const more = phrases.length - RUNS_IN_LEAD;
  if (all.length <= MAX_LEAD || more <= 0) return all;
  return `${phrases.slice(0, RUNS_IN_LEAD).join(', ')}, and ${formatNumber(more)} more: see the job summary`;
}

const NEXT_STEPS: Record<RerunKind, string> = {
  resume: 'Fix {names}, then re-run the failed job{kept}.',
  fresh: 'Fix {names}, then re-run the failed job: this starts new runs.',
  run_id: 'Fix {names}, then run the workflow again, with a new `run_id` for {given}.',
  merge_queue: 'Fix {names}, then queue the pull request again: this starts new runs.',
};

/** Returns one next step for all red runs. */
function nextStepOf(red: readonly Result[], isAnyKept: boolean, terms: Terms): string {
  const steps = new Set(red.map(({ nextStep }) => nextStep));
  const [same = ''] = steps.size === 1 ? steps : [];
  // The advice for one run holds for all, except to start a new run, which green ones do not need.
  const isOfAll = red.every(({ conclusion }) => conclusion === 'error' || conclusion === 'timed_out');
  if (same !== '' && isOfAll) return same;
  if (red.every(({ conclusion }) => conclusion === 'timed_out'))
    return joinPresent(' ', describePossibleRuns(red), NEXT_STEPS_OF_SEVERAL[rerunKindOf(null, terms)]);
  // A re-run would evaluate the same run again.
  const given = red.filter(
    ({ outcome: { origin, ending } }) => rerunKindOf(origin, terms) === 'run_id' && ending.kind === 'ended',
  );
  const sentence = NEXT_STEPS[given.length > 0 ? 'run_id' : rerunKindOf(null, terms)];
  const namesOf = (those: readonly Result[]) =>
    formatList(
      those.map(({ outcome }) => replaceSpecialCharacters(outcome.entry.name)),
      3,
    );
  const step = sentence
    .replace('{names}', () => namesOf(red))
    .replace('{given}', () => namesOf(given))
    .replace('{kept}', isAnyKept ? ': green runs are kept' : '');
  return joinPresent(' ', describePossibleRuns(red), step);
}

/** Returns "A run may have started: A and B (key `…`)."; empty: none may have. */
function describePossibleRuns(red: readonly Result[]): string {
  const unknown = red.filter(({ outcome }) => leftoverOf(outcome) === 'unknown');
  const groups = Map.groupBy(unknown, ({ outcome }) => fillIn('(key `{key}`)', outcome));
  const runs = [...groups].map(
    ([key, those]) =>
      `${formatList(those.map(({ outcome }) => replaceSpecialCharacters(outcome.entry.name)))} ${key}`,
  );
  return runs.length === 0 ? '' : `A run may have started: ${runs.join(', ')}.`;
}
