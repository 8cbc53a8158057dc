/** The verdict of the step: of what ended it before its orders, of its one run, or of several. Pure. */
import { isWarning, countKnown, collectWaived } from '../gate/condition.ts';
import {
  lowerFirst,
  earlierRed,
  joinPresent,
  formatList,
  formatNumber,
  replaceSpecialCharacters,
} from '../text/format.ts';
import { asWarning, describeFindings, joinPhrases } from './describe-finding.ts';
import type { StepEnding } from './events.ts';
import type { Outcome } from './outcome.ts';
import { NEXT_STEPS_OF_SEVERAL, describeStoppedRuns } from './describe-stopped.ts';
import { clearWarnings } from './gate-decision.ts';
import { decisionOfStep, EVALUATE_LATER, verdictOfRun } from './run-verdict.ts';
import { hasGate, verdictFrom, WORST_FIRST, type VerdictDraft, type Terms, type Verdict } from './verdict.ts';
import { fillIn, leftoverOf, rerunKindOf, type RerunKind } from './rerun-advice.ts';

/** @param failure ended the step before its orders or independently of them; null: nothing did */
export function verdictOfStep(
  outcomes: readonly Outcome[],
  failure: StepEnding | null,
  terms: Terms,
): Verdict {
  const [outcome] = outcomes;
  if (failure !== null) {
    const decision = decisionOfStep(failure, terms, outcomes.length === 1 ? (outcome ?? null) : null);
    return verdictFrom(decision, terms.isGated ? 'not_evaluated' : 'none');
  }
  if (outcome === undefined) throw new Error('there is neither an outcome nor a failure');
  const own = outcomes.length === 1 ? verdictOfRun(outcome, terms) : verdictOfRuns(outcomes, terms);
  const before = redRunsBefore(outcomes) ?? 0;
  if (before === 0) return own;
  const shared = new Set(outcomes.flatMap((one) => (one.redRunsBefore ? [one.sharedBy] : [])));
  const earlier = earlierRed(before, shared.size === 1 ? [...shared].join() : '');
  return { ...own, earlier, headline: `${own.headline} (${earlier})`, lead: `${own.lead} (${earlier})` };
}

/** Earlier runs that were red by their gate, of all orders; null: not known. */
export function redRunsBefore(outcomes: readonly Outcome[]): number | null {
  const counts = [...new Map(outcomes.map((one) => [one.order, one.redRunsBefore])).values()];
  const sum = counts.reduce<number>((all, count) => all + (count ?? NaN), 0);
  return counts.length === 0 || Number.isNaN(sum) ? null : sum;
}

type Result = Verdict & { readonly outcome: Outcome };

const GATES = ['failed', 'not_evaluated', 'passed'] as const;

/** Green only where all are. */
function verdictOfRuns(outcomes: readonly Outcome[], terms: Terms): Verdict {
  const results = outcomes.map((outcome) => ({ outcome, ...verdictOfRun(outcome, terms) }));
  const conclusion = WORST_FIRST.find((word) => results.some((one) => one.conclusion === word)) ?? 'error';
  const gates = new Set(results.map(({ gate }) => gate));
  const gate = GATES.find((word) => gates.has(word)) ?? 'none';
  return verdictFrom({ conclusion, ...sentencesOf(conclusion, results, terms) }, gate);
}

type Sentences = Omit<VerdictDraft, 'conclusion'>;

function sentencesOf(conclusion: Verdict['conclusion'], results: readonly Result[], terms: Terms): Sentences {
  switch (conclusion) {
    case 'success':
    case 'skipped':
      return allGreen(results);
    case 'pending':
      return { headline: `${results.length} runs launched without waiting`, nextStep: EVALUATE_LATER };
    case 'interrupted':
      return stopped(results, terms);
    case 'error':
    case 'timed_out':
    case 'failure':
    case 'cancelled':
    case 'gate_failed':
      return someRed(results, terms);
  }
}

function allGreen(results: readonly Result[]): Sentences {
  const outcomes = results.map(({ outcome }) => outcome);
  const warnings = outcomes.flatMap(({ entry, findings }) => {
    const warned = findings.filter(isWarning);
    return warned.length === 0 ? [] : `${replaceSpecialCharacters(entry.name)}: ${describeFindings(warned)}`;
  });
  const open = outcomes.some(hasGate) ? outcomes.filter((one) => !hasGate(one)) : [];
  const names = open.map(({ entry }) => replaceSpecialCharacters(entry.name));
  const known = sum(outcomes, ({ findings }) =>
    sum(findings, (one) => (one.isExcused ? countKnown(one) : 0)),
  );
  const waived = sum(outcomes, ({ findings }) => collectWaived(findings).count);
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
      warnings.length > 0 && asWarning(joinPhrases(warnings), warnings.length),
    ),
    nextStep: clearWarnings(outcomes.flatMap(({ findings }) => findings.filter(isWarning))),
  };
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((count, one) => count + of(one), 0);
}

const isNotGreen = ({ exitCode }: Result) => exitCode !== 0;

function stopped(results: readonly Result[], terms: Terms): Sentences {
  const { interrupted: halted = [], ...others } = Object.groupBy(results, (one) => one.conclusion);
  const judged = Object.values(others).flat();
  const red = judged.filter(isNotGreen);
  const sentences = describeStoppedRuns(
    halted.map(({ outcome }) => outcome),
    judged.length,
    red.map(({ outcome }) => outcome.entry.name),
    terms,
  );
  return { ...sentences, nextStep: joinPresent(' ', mayHaveStartedRun(red), sentences.nextStep) };
}

/** An error's headline may take more than its share. */
const MAX_BRIEF = 110;
/** A line of this many characters is read in a list of annotations; beyond it, so many runs are named. */
const MAX_LEAD = 900;
const RUNS_IN_LEAD = 2;

function someRed(all: readonly Result[], terms: Terms): Sentences {
  const red = all.filter(isNotGreen);
  const brief = `${red.length} of ${all.length} runs ${red.length === 1 ? 'is' : 'are'} red`;
  const nextStep = nextStepOf(red, terms);
  const causes = red.map((one) => `${replaceSpecialCharacters(one.outcome.entry.name)} (${causeOf(one)})`);
  const withRemedies = red.map((one) => {
    const remedy = remedyOf(one, nextStep, terms);
    return `${replaceSpecialCharacters(one.outcome.entry.name)} (${joinPresent(': ', causeOf(one), remedy)})`;
  });
  return {
    headline: `${brief}: ${joinPhrases(causes, ', ')}`,
    lead: `${brief}: ${leadPhrases(withRemedies)}`,
    brief,
    nextStep,
  };
}

function causeOf({ brief }: Result): string {
  return brief.length > MAX_BRIEF ? `${brief.slice(0, MAX_BRIEF - 1)}…` : brief;
}

/** What to do about an error, as the end of a sentence; empty where the next step of all says it, or the run has ended without one. */
function remedyOf({ outcome, nextStep: own }: Result, nextStep: string, terms: Terms): string {
  const { ending } = outcome;
  if (ending.kind !== 'error' || own === nextStep) return '';
  return lowerFirst(decisionOfStep(ending, terms, null).nextStep).replace(/\.$/, '');
}

/** All of them, or the first two and where the others are. */
function leadPhrases(phrases: readonly string[]): string {
  const all = phrases.join(', ');
  const more = phrases.length - RUNS_IN_LEAD;
  if (all.length <= MAX_LEAD || more <= 0) return all;
  return `${phrases.slice(0, RUNS_IN_LEAD).join(', ')}, and ${formatNumber(more)} more: see the job summary`;
}

const NEXT_STEPS: Record<RerunKind, string> = {
  resume: 'Fix {names}, then re-run the failed job: green runs are kept.',
  fresh: 'Fix {names}, then re-run the failed job: this starts new runs.',
  run_id: 'Fix {names}, then run the workflow again, with a new `run_id` for {given}.',
  merge_queue: 'Fix {names}, then queue the pull request again: this starts new runs.',
};

function nextStepOf(red: readonly Result[], terms: Terms): string {
  const steps = new Set(red.map(({ nextStep }) => nextStep));
  const [same = ''] = steps.size === 1 ? steps : [];
  // The advice for one run holds for all, except to start a new run, which green ones do not need.
  const isOfAll = red.every(({ conclusion }) => conclusion === 'error' || conclusion === 'timed_out');
  if (same !== '' && isOfAll) return same;
  if (red.every(({ conclusion }) => conclusion === 'timed_out'))
    return joinPresent(' ', mayHaveStartedRun(red), NEXT_STEPS_OF_SEVERAL[rerunKindOf(null, terms)]);
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
  const step = sentence.replace('{names}', () => namesOf(red)).replace('{given}', () => namesOf(given));
  return joinPresent(' ', mayHaveStartedRun(red), step);
}

/** "A run may have started: A and B (key `…`)."; empty: none of these may. */
function mayHaveStartedRun(red: readonly Result[]): string {
  const unknown = red.filter(({ outcome }) => leftoverOf(outcome) === 'maybe_run');
  const groups = Map.groupBy(unknown, ({ outcome }) => fillIn('(key `{key}`)', outcome));
  const runs = [...groups].map(
    ([key, those]) =>
      `${formatList(those.map(({ outcome }) => replaceSpecialCharacters(outcome.entry.name)))} ${key}`,
  );
  return runs.length === 0 ? '' : `A run may have started: ${runs.join(', ')}.`;
}
