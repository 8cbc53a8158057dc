/**
 * The verdict of an outcome: one headline for each conclusion, and one next step for each conclusion and way back. All text is
 * trusted words and counts, without text of the API, so that the headline can be passed to a chat or to an issue's title. Pure.
 */
import { isKnownStatus, isTerminal, STATUSES } from '../alloovium/statuses.ts';
import { isRed, isWarning, countKnown, nameOf, NO_ITEM_HAS, collectWaived } from '../gate/condition.ts';
import type { Finding } from '../gate/finding.ts';
import { NOT_FETCHED } from '../github/baseline-artifact.ts';
import {
  lowerFirst,
  capitalise,
  formatDuration,
  joinPresent,
  formatList,
  formatNumber,
} from '../text/format.ts';
import {
  asWarning,
  conditionNames,
  describeFinding,
  describeFindings,
  joinPhrases,
} from './describe-finding.ts';
import type { Ending, StepEnding } from './events.ts';
import type { Outcome } from './outcome.ts';
import { describeStoppedBefore, describeStoppedRun } from './describe-stopped.ts';
import {
  fillIn,
  leftoverOf,
  howToStartNewRun,
  howToUseSameRun,
  howToTryAgain,
  howToRerunWithNewKey,
  type RerunTerms,
} from './rerun-advice.ts';

/** Of several runs the first that any of them has. */
export const WORST_FIRST = [
  'interrupted',
  'error',
  'timed_out',
  'failure',
  'cancelled',
  'gate_failed',
  'pending',
  'success',
  'skipped',
] as const;
export type Conclusion = (typeof WORST_FIRST)[number];

export type GateWord = 'passed' | 'failed' | 'none' | 'not_evaluated';

/** The decision. All its texts are trusted and contain nothing of the API. */
export interface Verdict {
  readonly conclusion: Conclusion;
  readonly exitCode: 0 | 1;
  readonly gate: GateWord;
  /** One line: "2 of 5 items “not compliant”". Holds our words, counts and names of conditions and runs only. */
  readonly headline: string;
  /** The headline as the next step follows it: it does not say the same twice. */
  readonly lead: string;
  /** The same in fewer words, for a list of runs: "“not compliant” matched 2 of 5 items", "8 passed", "not finished". */
  readonly brief: string;
  /** The one thing to do, one line; empty where there is nothing to do. */
  readonly nextStep: string;
  /** The same in full, where it is more than one thing; empty: it is one. */
  readonly steps: readonly string[];
  /** "an earlier run of this commit was red"; the headline ends with it. Empty: none was, or that is not known. */
  readonly earlier: string;
}

/** What the step asks of its runs. */
export interface Terms extends RerunTerms {
  /** There is a `fail_if`, even one that does not compile. */
  readonly isGated: boolean;
  readonly timeoutMs: number;
  /** It runs where baselines come from; left out: it does not. */
  readonly isOnBaseline?: boolean;
  /** The branch that the baseline is fetched from; left out or empty: it is a file, or there is none. */
  readonly baselineBranch?: string;
}

/** What is left out is the headline, or nothing. */
export type Decision = Pick<Verdict, 'conclusion' | 'headline' | 'nextStep'> &
  Partial<Pick<Verdict, 'lead' | 'brief' | 'steps'>>;

export function verdictFrom(decision: Decision, gate: GateWord): Verdict {
  const { conclusion, headline, lead = headline, brief = lowerFirst(headline), steps = [] } = decision;
  const isGreen = conclusion === 'success' || conclusion === 'pending' || conclusion === 'skipped';
  return { ...decision, lead, brief, steps, earlier: '', exitCode: isGreen ? 0 : 1, gate };
}

/** The verdict over one outcome alone. */
export function verdictOfRun(outcome: Outcome, terms: Terms): Verdict {
  const { ending, findings } = outcome;
  const isEvaluated = ending.kind === 'ended' && ending.status === 'completed';
  const gate = isEvaluated ? (findings.some(isRed) ? 'failed' : 'passed') : 'not_evaluated';
  return verdictFrom(decisionOf(outcome, terms), hasGate(outcome) ? gate : 'none');
}

export function hasGate({ entry }: Pick<Outcome, 'entry'>): boolean {
  return entry.gate.conditions.some(({ severity }) => severity === 'fail');
}

/** The failure that ended the step before its orders or independently of them. @param outcome of its only order, if it has one */
export function decisionOfStep(failure: StepEnding, terms: Terms, outcome: Outcome | null): Decision {
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

function decisionOf(outcome: Outcome, terms: Terms): Decision {
  const { ending } = outcome;
  switch (ending.kind) {
    case 'launched':
      return {
        conclusion: 'pending',
        headline: `Launched without waiting${endedAlready(outcome)}`,
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

const NO_RUN = { origin: null, joinedOlder: false } as const;
const GOES_ON = 'The run goes on at Alloovium.';

/**
 * A remedy with the ways back that it names: `{again}` to what is left at Alloovium, `{new_run}` to another run, `{new_key}` with
 * another key. One that names none ends with the way back to what is left, if anything is.
 */
function completeRemedy(remedy: string, outcome: Outcome | null, terms: Terms): string {
  const isWithin = /[,a-z] \{/.test(remedy);
  const goesOn = outcome !== null && !isWithin && leftoverOf(outcome) === 'run' && GOES_ON;
  const again =
    outcome === null ? howToTryAgain(terms) : joinPresent(' ', goesOn, howToUseSameRun(outcome, terms));
  const ways = {
    '{again}': again,
    '{new_run}': howToStartNewRun(outcome ?? NO_RUN, terms),
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

function decideEnded({ status, errorMessage }: Of<'ended'>, outcome: Outcome, terms: Terms): Decision {
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

function decideCompleted(outcome: Outcome, terms: Terms): Decision {
  const { findings, entry } = outcome;
  if (findings.length < entry.gate.conditions.length) throw new Error('a condition was not evaluated');
  return findings.some(isRed) ? decideGateFailed(outcome, terms) : decidePassed(findings);
}

function decideGateFailed(outcome: Outcome, terms: Terms): Decision {
  const red = outcome.findings.filter(isRed);
  const [first, ...others] = red;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    conclusion: 'gate_failed',
    headline: capitalise(describeFindings(red)),
    brief: first === undefined ? '' : `${describeFinding(first, 'in_brackets')}${more}`,
    ...corrections(red, howToStartNewRun(outcome, terms), outcome, terms),
  };
}

const CORRECT = 'the condition (`run_id: {run}` tries it on this run) or what the workflow writes';
const PUSH =
  'Correct the condition and push it. To try it on this run first, without a launch, give `run_id: {run}`.';
/** What to do about conditions that are red. @param again how to get another run, as the end of a sentence */
function corrections(red: readonly Finding[], again: string, outcome: Outcome, terms: Terms) {
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

function isUnevaluated({ result }: Finding): boolean {
  return result === 'cannot_be_evaluated';
}

/** "correct the items and the cause of “nothing reviewed” in Alloovium"; empty: there is nothing to correct there. */
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
 * With `fail_on: new`, why the baseline does not know these items, which another one, or other fields, could make known: a sentence
 * without its full stop. Empty: nothing could.
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

/** How to get a baseline that has what the default branch has. */
function howToMakeKnown(whyNew: string, { baselineBranch = '' }: Terms): string {
  if (baselineBranch === '')
    return 'Or, if the default branch has them too: run this review there by hand, and give its `gate_file` as `baseline_file`.';
  const ifThere = `Or, if \`${baselineBranch}\` has them too`;
  return whyNew.includes(NOT_FETCHED)
    ? `${ifThere}: let this job fetch its baseline, then run it again.`
    : `${ifThere}: run this workflow by hand on \`${baselineBranch}\`, then re-run this job.`;
}

const NOT_GATED = 'The run completed; there is no gate (`fail_if`)';

/** A headline says one thing: what warns, else what passed; what is known or waived is always counted. */
function decidePassed(findings: readonly Finding[]): Decision {
  const gated = findings.filter(({ condition }) => condition.severity === 'fail');
  const warned = findings.filter(isWarning);
  const excused = countExcused(findings);
  const green = gated.length === 0 ? NOT_GATED : excused || passedItems(gated);
  const warning = warned.length > 0 && asWarning(capitalise(describeFindings(warned)), warned.length);
  const headline = joinPresent('; ', (warned.length === 0 || excused !== '') && green, warning);
  return {
    conclusion: 'success',
    headline,
    brief: gated.length === 0 ? 'completed, no gate' : lowerFirst(excused) || abbreviatePassed(gated),
    nextStep: clearWarnings(warned),
  };
}

/** "Nothing new, 2 known “not compliant”, 1 waived", "3 passed, 2 waived"; empty: nothing is known or waived. */
function countExcused(findings: readonly Finding[]): string {
  const gated = findings.filter(({ condition }) => condition.severity === 'fail');
  const known = gated.filter(({ isExcused }) => isExcused).map((one) => describeFinding(one));
  const { count } = collectWaived(findings);
  const waived = count > 0 && `${formatNumber(count)} waived`;
  if (known.length > 0) return joinPresent(', ', 'Nothing new', joinPhrases(known, ', '), waived);
  const items = itemsOf(gated);
  return waived === false
    ? ''
    : joinPresent(', ', items === 0 ? 'Passed' : `${formatNumber(items - count)} passed`, waived);
}

/** "5 items passed “a” and “b”" */
function passedItems(gated: readonly Finding[]): string {
  const items = itemsOf(gated);
  const names = conditionNames(gated);
  if (items > 0)
    return joinPresent(' ', formatNumber(items), items === 1 ? 'item' : 'items', 'passed', names);
  return `Passed ${names || `${formatNumber(gated.length)} ${gated.length === 1 ? 'condition' : 'conditions'}`}`;
}

function abbreviatePassed(gated: readonly Finding[]): string {
  const items = itemsOf(gated);
  return items > 0 ? `${formatNumber(items)} passed` : 'passed';
}

/** How many items the lists have that conditions filter, each list once; 0 also where no condition is of that form. */
function itemsOf(gated: readonly Finding[]): number {
  const lists = new Map<string, number>();
  for (const { condition, matched, waived, unmatched } of gated) {
    if (unmatched === null) continue;
    const [list = ''] = condition.expression.split('.filter(', 1);
    lists.set(list, Math.max(lists.get(list) ?? 0, matched + waived + unmatched));
  }
  return [...lists.values()].reduce((sum, items) => sum + items, 0);
}

export function clearWarnings(warned: readonly Finding[]): string {
  const fix = describeCorrection(warned);
  if (!warned.some(isUnevaluated)) return fix === '' ? '' : `${capitalise(fix)}, or change \`warn_if\`.`;
  return `${capitalise(joinPresent(', and ', fix, 'correct the condition in `warn_if`'))}.`;
}

/** Of a run that is not waited for: " (the run has failed already)"; empty: it goes on, for all that is known. */
function endedAlready({ status }: Outcome): string {
  if (!isTerminal(status)) return '';
  return ` (the run ${status === 'cancelled' ? 'was' : 'has'} ${STATUSES[status].word} already)`;
}

/** By how far the order came, and whether the API was reached. */
const TIMED_OUT = {
  too_late: ['The run ended too late to be evaluated within {time}', 'not evaluated'],
  not_finished: ['Not finished{after}', 'not finished'],
  not_started: ['Not started{after}', 'not started'],
  not_known: ['No run ID{after}', 'no run ID'],
  unreached: ['Alloovium could not be reached for {time} ({failure})', 'Alloovium could not be reached'],
  unusable: ['Alloovium gave no usable answer for {time} (last: {failure})', 'no usable answer'],
} as const;

/** For a connection: Node's code or the proxy's status; for an answer: the API's status and code. */
const NO_CONNECTION = /^[A-Z]|of the proxy$/;
const UNREACHED =
  'Nothing was started. Check that the runner can reach the API (DNS, firewall, proxy). {again}';
const MORE_TIME = 'If this happens often, raise `timeout_minutes`.';
const UNKNOWN_STATUS =
  'Look at the run in the Alloovium dashboard: this version of the action does not know its status.';
/** `timeout_minutes` allows no more. */
const MAX_TIMEOUT_MS = 24 * 60 * 60_000;

function decideTimedOut(ending: Of<'timed_out'>, outcome: Outcome, terms: Terms): Decision {
  const { waitedFor, askedMs, lastFailure } = ending;
  const left = leftoverOf(outcome);
  const isReached = lastFailure === '';
  const isUnreached = left === 'nothing' && NO_CONNECTION.test(lastFailure);
  const kind = timeoutKindOf(left, isReached, isUnreached);
  const time = formatDuration(terms.timeoutMs);
  // A launch that is held back for longer than there is time ends at once.
  const isEarly = askedMs !== null && outcome.runId === '';
  const isHopeless = askedMs !== null && askedMs > MAX_TIMEOUT_MS;
  const beyond = isEarly ? `, longer than the rest of the ${time} allowed` : '';
  const asked =
    askedMs !== null &&
    `the API asked to wait ${isHopeless ? 'more than a day' : `${formatDuration(askedMs)} more${beyond}`}`;
  const last = isReached ? waitedFor : `last status check: ${lastFailure}`;
  const seen = kind === 'not_finished' && (outcome.run !== null || last === '') && describeProgress(outcome);
  const how = joinPresent('; ', seen, kind === 'not_finished' ? last : waitedFor, asked);
  const after = `${isEarly ? '' : ` after ${time}`}${how === '' ? '' : ` (${how})`}`;
  const [headline, brief] = TIMED_OUT[kind];
  const sameRun = howToUseSameRun(outcome, terms);
  const isUnknown = outcome.runId !== '' && outcome.status !== '' && !isKnownStatus(outcome.status);
  return {
    conclusion: 'timed_out',
    headline: headline
      .replace('{time}', time)
      .replace('{after}', () => after)
      .replace('{failure}', () => lastFailure),
    brief,
    // More time helps where the API was reached.
    nextStep: joinPresent(
      ' ',
      isUnknown && UNKNOWN_STATUS,
      isUnreached ? UNREACHED.replace('{again}', sameRun) : sameRun,
      isReached && !isUnknown && !isHopeless && MORE_TIME,
    ),
  };
}

function timeoutKindOf(
  left: ReturnType<typeof leftoverOf>,
  isReached: boolean,
  isUnreached: boolean,
): keyof typeof TIMED_OUT {
  if (left === 'ended_run') return 'too_late';
  if (left === 'run') return 'not_finished';
  if (isReached) return left === 'nothing' ? 'not_started' : 'not_known';
  return isUnreached ? 'unreached' : 'unusable';
}

/** "40 %", "queued", "running"; nothing of the API's but a number or a status that we know. */
function describeProgress({ run, status }: Outcome): string {
  if (!isKnownStatus(status)) return '';
  const hasProgress = status === 'running' && typeof run?.progress === 'number';
  return hasProgress ? `${Math.floor(run.progress)} %` : STATUSES[status].word;
}
