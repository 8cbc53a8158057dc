/** Decides headline and next step of a completed run by its findings. Pure. */
import { isRed, isWarning, countKnown, nameOf, NO_ITEM_HAS, collectWaived } from '../gate/condition.ts';
import type { Finding } from '../gate/finding.ts';
import { EVERY_NEW } from '../gate/baseline.ts';
import { NOT_FETCHED } from '../github/baseline-artifact.ts';
import { capitalise, formatList, formatNumber, joinPresent, lowerFirst } from '../text/format.ts';
import {
  formatWarning,
  listConditionNames,
  describeFinding,
  describeFindings,
  joinPhrases,
} from './describe-finding.ts';
import type { Outcome } from './outcome.ts';
import { fillIn, howToStartNewRun } from './rerun-advice.ts';
import type { VerdictDraft, Terms } from './verdict.ts';

/** Returns the verdict on a run whose gate failed. */
export function decideGateFailed(outcome: Outcome, terms: Terms): VerdictDraft {
  const red = outcome.findings.filter(isRed);
  const [first, ...others] = red;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    conclusion: 'gate_failed',
    headline: capitalise(describeFindings(red)),
    brief: first === undefined ? '' : `${describeFinding(first, 'in_brackets')}${more}`,
    ...adviseCorrections(red, howToStartNewRun(outcome, terms), outcome, terms),
  };
}

const CORRECT = 'the condition (`run_id: {run}` tries it on this run) or what the workflow writes';
const PUSH =
  'Correct the condition and push it. To try it on this run first, without a launch, give `run_id: {run}`.';
/** Returns the next steps for red conditions. @param again how to get another run, as the end of a sentence */
function adviseCorrections(red: readonly Finding[], again: string, outcome: Outcome, terms: Terms) {
  const fix = describeCorrection(red);
  if (!red.some(isUnevaluated)) {
    const correct = `${capitalise(fix)}, then ${again}`;
    const whyNew = whyNotKnown(red, outcome, terms);
    if (whyNew === '') return { nextStep: correct, steps: [] };
    const steps = whyNew.includes(`(${NO_ITEM_HAS}`)
      ? ['Correct `known_by` and push it.', `Or ${fix}, then ${again}`]
      : [correct, howToMakeKnown(whyNew, terms)];
    return { nextStep: joinPresent(' ', `${whyNew}.`, ...steps), steps };
  }
  return {
    nextStep: `${capitalise(joinPresent(', and ', fix, fillIn(`correct ${CORRECT}`, outcome)))}.`,
    steps: [
      ...(fix === '' ? [] : [`${capitalise(fix)}.`]),
      fillIn(PUSH, outcome),
      `Or correct what the workflow writes, then ${again}`,
    ],
  };
}

/** Could the condition not be evaluated? */
function isUnevaluated({ result }: Finding): boolean {
  return result === 'cannot_be_evaluated';
}

/** Returns "correct the items and the cause of “nothing reviewed” in Alloovium"; empty: there is nothing to correct there. */
function describeCorrection(red: readonly Finding[]): string {
  const evaluated = red.filter((one) => !isUnevaluated(one));
  const causes = evaluated.filter(({ matched }) => matched === 0);
  const isAnyKnown = evaluated.some((one) => countKnown(one) > 0);
  const items = evaluated.length > causes.length && (isAnyKnown ? 'the new items' : 'the items');
  const whose = items === false ? '' : ` of ${formatList(causes.map(({ condition }) => nameOf(condition)))}`;
  const what = joinPresent(' and ', items, causes.length > 0 && `the cause${whose}`);
  return what === '' ? '' : `correct ${what} in Alloovium`;
}

/**
 * Returns why the baseline does not know these items, if another baseline or other fields could make them known: a sentence
 * without its full stop. Empty: `fail_on: new` is not set, or nothing could.
 */
function whyNotKnown(
  red: readonly Finding[],
  { baselineUnusedReason, baselineNotes, origin }: Outcome,
  { isOnBaseline = false }: Terms,
): string {
  const isList = red.every(({ matched, knownBy }) => matched > 0 && knownBy.length > 0);
  if (!isList || isOnBaseline || origin?.kind === 'attached') return '';
  const isAsked = red.every(({ isExcused }) => isExcused !== null);
  return baselineUnusedReason || (isAsked ? baselineNotes.join('. ') : '');
}

/** Returns how to get a baseline with the items of the default branch. */
function howToMakeKnown(whyNew: string, { baselineBranch = '' }: Terms): string {
  if (baselineBranch === '')
    return 'Or, if the default branch has them too: run this review there by hand, and give its `gate_file` as `baseline_file`.';
  const ifThere = `Or, if \`${baselineBranch}\` has them too`;
  return whyNew.startsWith(`${EVERY_NEW}: ${NOT_FETCHED}`)
    ? `${ifThere}: re-run this job once the baseline can be fetched.`
    : `${ifThere}: run this workflow by hand on \`${baselineBranch}\`, then re-run this job.`;
}

const NOT_GATED = 'The run completed; there is no gate (`fail_if`)';

/**
 * Returns the verdict on a run whose gate passed, maybe with warnings. The headline contains the warnings, or else what passed;
 * known and waived items are always counted.
 */
export function decidePassed(findings: readonly Finding[]): VerdictDraft {
  const gated = findings.filter(({ condition }) => condition.severity === 'fail');
  const warned = findings.filter(isWarning);
  const excused = countExcused(findings);
  const green = gated.length === 0 ? NOT_GATED : excused || describePassed(gated);
  const warning = warned.length > 0 && formatWarning(capitalise(describeFindings(warned)), warned.length);
  const headline = joinPresent('; ', (warned.length === 0 || excused !== '') && green, warning);
  return {
    conclusion: 'success',
    headline,
    brief: gated.length === 0 ? 'completed, no gate' : lowerFirst(excused) || abbreviatePassed(gated),
    nextStep: adviseOnWarnings(warned),
  };
}

/** Returns "Nothing new, 2 known “not compliant”, 1 waived", or "3 passed, 2 waived"; empty: nothing is known or waived. */
function countExcused(findings: readonly Finding[]): string {
  const gated = findings.filter(({ condition }) => condition.severity === 'fail');
  const known = gated.filter(({ isExcused }) => isExcused).map((one) => describeFinding(one));
  const { count } = collectWaived(findings);
  const waived = count > 0 && `${formatNumber(count)} waived`;
  if (known.length > 0) return joinPresent(', ', 'Nothing new', joinPhrases(known, ', '), waived);
  if (waived === false) return '';
  const items = countItemsOfOneList(findings);
  return joinPresent(', ', items === null ? 'Passed' : `${formatNumber(items - count)} passed`, waived);
}

/**
 * Returns the number of items in the list that all conditions with waived items, and all gated ones of that form, filter. null: they
 * filter several lists, or have another form, so what is waived and what passed need not add up.
 */
function countItemsOfOneList(findings: readonly Finding[]): number | null {
  const those = findings.filter(
    ({ condition, waived, unmatched }) => waived > 0 || (condition.severity === 'fail' && unmatched !== null),
  );
  const lists = new Set(
    those.map(({ condition: { expression }, matched, waived, unmatched }) =>
      unmatched === null
        ? null
        : `${matched + waived + unmatched} ${expression.slice(0, expression.lastIndexOf('.filter('))}`,
    ),
  );
  const [only] = those;
  if (lists.size !== 1 || only === undefined || only.unmatched === null) return null;
  return only.matched + only.waived + only.unmatched;
}

/** Returns "5 items passed “a” and “b”". */
function describePassed(gated: readonly Finding[]): string {
  const items = countItems(gated);
  const names = listConditionNames(gated);
  if (items > 0)
    return joinPresent(' ', formatNumber(items), items === 1 ? 'item' : 'items', 'passed', names);
  return `Passed ${names || `${formatNumber(gated.length)} ${gated.length === 1 ? 'condition' : 'conditions'}`}`;
}

/** Returns "5 passed". */
function abbreviatePassed(gated: readonly Finding[]): string {
  const items = countItems(gated);
  return items > 0 ? `${formatNumber(items)} passed` : 'passed';
}

/** Returns the number of items in the lists that the conditions filter, each list once; 0 if no condition has that form. */
function countItems(gated: readonly Finding[]): number {
  const lists = new Map<string, number>();
  for (const finding of gated) {
    const { condition, matched, waived, unmatched } = finding;
    if (unmatched === null) continue;
    const [list = ''] = condition.expression.split('.filter(', 1);
    lists.set(list, Math.max(lists.get(list) ?? 0, matched + waived + unmatched));
  }
  return [...lists.values()].reduce((sum, items) => sum + items, 0);
}

/** Returns the next step for conditions that warn, or empty. */
export function adviseOnWarnings(warned: readonly Finding[]): string {
  const fix = describeCorrection(warned);
  if (!warned.some(isUnevaluated)) return fix === '' ? '' : `${capitalise(fix)}, or change \`warn_if\`.`;
  return `${capitalise(joinPresent(', and ', fix, 'correct the condition in `warn_if`'))}.`;
}
